// Package pdf sets text on pages and writes them as tagged PDF, or draws the
// same pages as SVG. It knows type, paper and reading order; what a document
// means is the business of its callers.
//
// A [Doc] takes blocks: [Text], [Section] (a heading in the margin column),
// [List], [Grid], [Table], [Figure], [Rule]. [Doc.Layout] breaks paragraphs into
// lines and lines into pages: two lines of a paragraph at least stand at the
// foot and at the head of a page, a heading keeps with what follows it, a
// note begins on the page of its mark. [Laid.PDF] and [Laid.SVG] are two
// ways to look at the result.
//
// What the PDF holds is described in docs/formats/appeal-pdf.md. The bytes
// depend on the content alone: no clock, no random number.
package pdf

import "time"

// MM is a millimetre in points.
const MM = 72 / 25.4

// A Format is the paper and its columns, in points from the top left corner,
// or from the top right corner in right-to-left documents, which are
// mirrored.
type Format struct {
	Width, Height float64
	FirstTop, Top float64 // where the text begins on the first and on later pages
	Bottom        float64 // lowest line of text and notes
	MarginX       float64 // of the margin column, where headings stand
	MarginWidth   float64
	TextX         float64
	TextWidth     float64
	LabelX        float64 // far edge of numbers that hang before the text
	NoteRule      float64 // length of the line above the notes
}

// A4 is the page of the appeal: looks, section 5.
var A4 = Format{
	Width: 210 * MM, Height: 297 * MM, FirstTop: 36 * MM, Top: 24 * MM, Bottom: 273 * MM,
	MarginX: 20 * MM, MarginWidth: 30 * MM, TextX: 55 * MM, TextWidth: 135 * MM, LabelX: 52.5 * MM, NoteRule: 36 * MM,
}

// A Doc is a document to be laid out.
type Doc struct {
	Format
	Title, Author, Subject string
	Keywords               []string
	Lang                   string    // BCP 47
	RTL                    bool      // mirrored page, right-to-left paragraphs
	Date                   time.Time // of creation, as the file says; the zero time for none
	Producer               string
	Files                  []File
	Blocks                 []Block
	Notes                  []Note // referred to by Span.Note
	// Furniture draws the head and the foot of a page, outside the reading
	// order. Pages are counted from 1.
	Furniture func(c *Canvas, page, pages int)
}

// A File is attached to the document.
type File struct {
	Name, MIME, Description string
	Data                    []byte
}

// A Note stands at the foot of the page of its mark.
type Note struct {
	Label Para // its number, which hangs before the text
	Paras []Para
}

// Measure returns the width of a paragraph set in one line, in points.
func (d *Doc) Measure(p Para) float64 {
	t := setter{lang: d.Lang, rtl: d.RTL}
	return t.width(&p)
}

// A Block is a part of the flow of a document.
type Block interface {
	lay(l *layouter, parent *elem)
}

// Text is a paragraph in the text column.
type Text struct {
	Para
	Label    *Para   // a number that hangs before the first line
	Space    float64 // above it, unless it begins a page
	KeepNext bool    // no page break after it
	Whole    bool    // no page break in it
}

// Section is a heading in the margin column and the blocks beside it. The
// heading stands on the first baseline of the first block.
type Section struct {
	Heading Para
	Under   *Para // a smaller note under the heading
	Space   float64
	Blocks  []Block
	Bare    bool // no heading of the structure tree: a label such as "Code"
}

// List is a list. Labels hang before the text.
type List struct {
	Items     []Item
	Numbering string  // "LowerRoman", "Decimal", "Disc", "None": ISO 32000-1, table 347
	Space     float64 // above the list
	Gap       float64 // between items
	WholeUpTo int     // items of that many lines or fewer are not broken over pages
}

// An Item is one entry of a list.
type Item struct {
	Label Para
	Paras []Para
	Gap   float64 // between paragraphs
}

// Grid is a list in columns; an entry is never broken over pages, unless it
// is longer than one.
type Grid struct {
	Columns     int
	Gap, RowGap float64
	Entries     [][]Row
}

// A Row of a grid entry is a paragraph, or a label and its value.
type Row struct {
	Label      *Para
	LabelWidth float64
	Para
}

// Table is a table with a head that is repeated on every page.
type Table struct {
	Space   float64
	Columns []Column
	Head    []Para
	Rows    [][]Para
}

// A Column of a table.
type Column struct {
	Width float64
}

// Figure is a drawing. Alt says what it shows. Coordinates of Draw are points
// from the top left corner of the figure, in every language.
type Figure struct {
	Alt           string
	Width, Height float64
	Space         float64
	Draw          func(c *Canvas)
}

// Rule is a line across the page. It means nothing to a reader who cannot
// see it.
type Rule struct {
	X, Width float64
	Weight   float64 // points
	Space    float64 // above
	After    float64
	KeepNext bool
}
