package collect

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// A Table is one table of an input: a CSV file, or a sheet of a workbook. It
// is read once, row by row, through Rows.
type Table struct {
	Sheet      string   // of a workbook, else ""
	Header     []string // as printed; "column 1", … when the table has no heading
	HeaderLine int64    // line or sheet row of the heading, 0 when it has none
	Fields     []Field  // what each column means, "" when not known
	Sign       string   // how the table was recognised, for people

	layout  *layout
	serials bool // numbers may be days of a spreadsheet
	base    bool // … counted from 1904
	rows    func(yield func(*Row) bool) error
	again   func(yield func(*Row) bool) error // the same rows once more
}

// A Row is one row of a table below its heading. It and its Cells are only
// valid until the next row; the strings stay.
type Row struct {
	Number int64    // counted from 1, across the sheets of a workbook
	Line   int64    // line of the file, or row of the sheet, where it begins
	Cells  []string // as many as there are columns, missing ones ""; nil when Bad and not even that is known
	Bad    string   // why the row cannot be trusted, or ""
	Raw    []byte   // the row as it stands in the file; of a workbook nil
	short  bool     // cells were missing
	joined bool     // the last cell holds what stood in several
	long   bool     // cells beyond the heading were left out
	empty  bool     // no cell has anything in it
	passed int64    // empty lines of the file before it
}

// Column returns the place of the first column that means f, or -1.
func (t *Table) Column(f Field) int {
	for i, x := range t.Fields {
		if x == f {
			return i
		}
	}
	return -1
}

// Rows calls yield for each row until it returns false, and returns what
// ended the table before its end. Rows without content are passed on too
// (Cells all ""), so that a caller may write the same rows back.
func (t *Table) Rows(yield func(*Row) bool) error { return t.rows(yield) }

// tables yields the tables of in: one of a delimited file, and each sheet of
// a workbook that has a heading or addresses in it. note takes what the
// person should know (the encoding, a sheet left out). A table must be read
// before the next is asked for.
func tables(in *Input, o *Options, f *layout, note func(string), yield func(*Table) error) error {
	if in.Zip != nil {
		return sheets(in, o, f, note, yield)
	}
	p, err := in.peek(o, f)
	if err != nil {
		return err
	}
	t := &Table{Sign: p.sign, layout: p.layout}
	p.feed(t, in, note)
	if t.Header, t.Fields, err = p.columns(o); err != nil {
		return err
	}
	if p.hasHeader {
		t.HeaderLine = p.headerLine
	}
	if p.wide.name != "" {
		note("the file is in " + p.wide.name)
	}
	if p.decided && p.charset.bytes != nil {
		note("the file is not UTF-8; it was read as " + p.charset.name)
	}
	if !p.hasHeader {
		note("the table has no heading: " + guessed(t.Fields))
	}
	if p.foundTime != "" && p.hasHeader {
		note(fmt.Sprintf("the column %q was taken for the time, by what stands in it (settle it with --columns time=…)", p.foundTime))
	}
	return yield(t)
}

// feed makes t yield the rows of in, as often as asked, with notes the first
// time only.
func (p *peeked) feed(t *Table, in *Input, note func(string)) {
	start := func(r io.Reader, say func(string)) func(func(*Row) bool) error {
		return func(yield func(*Row) bool) error { return p.rows(r, t, say, yield) }
	}
	t.rows = start(in.R, note)
	t.again = func(yield func(*Row) bool) error {
		r, err := in.Again()
		if err != nil {
			return err
		}
		defer r.Close()
		return start(r, func(string) {})(yield)
	}
}

// rows reads the file from its start through r.
func (p *peeked) rows(r io.Reader, t *Table, note func(string), yield func(*Row) bool) error {
	r = skipBOM(p.wide.decodeWide(r))
	c := newCSVReader(r, p.dialect, p.charset, p.decided)
	defer c.notes(note)
	row := &Row{}
	pass := p.skip
	heading := p.hasHeader
	for next := int64(1); ; next = c.line {
		err := c.next()
		*row = Row{Number: row.Number, Line: c.rowLine, Raw: c.raw, passed: c.rowLine - next}
		if err != nil {
			bad, ok := err.(*rowError)
			if !ok {
				if err == io.EOF {
					return nil
				}
				return err
			}
			row.Bad = bad.reason
			if len(row.Raw) > maxRaw {
				row.Raw = row.Raw[:maxRaw]
			}
		} else if pass > 0 {
			pass--
			continue
		} else if heading {
			heading = c.rowLine < p.headerLine // blank rows above it
			continue
		} else {
			row.Cells = c.cells
			row.fit(t, p.dialect.comma)
			c.cells = row.Cells[:0:cap(row.Cells)]
		}
		row.Number++
		if !yield(row) {
			return nil
		}
	}
}

// fit gives a row of a delimited file as many cells as there are columns. In a
// row that is too long the columns have lost their meaning: it is bad. A sheet
// of links loses no row, though: one with its address in place is kept, and
// the rest is the last column's text, written without quotes, or left out.
func (r *Row) fit(t *Table, comma byte) {
	n, width := len(r.Cells), len(t.Header)
	switch {
	case n == width:
	case n > width && blank(r.Cells[width:]):
		r.Cells = r.Cells[:width]
	case n > width && t.sheetOfLinks() && isAddress(r.Cells[t.Column(FieldURL)]):
		if last := t.Fields[width-1]; last == FieldText || last == FieldNote {
			r.Cells[width-1], r.joined = strings.Join(r.Cells[width-1:], string(comma)), true
		} else {
			r.long = true
		}
		r.Cells = r.Cells[:width]
	case n > width:
		r.Bad = fmt.Sprintf("the row has %d cells where the heading has %d", n, width)
		r.Cells = r.Cells[:width]
	default:
		for len(r.Cells) < width {
			r.Cells = append(r.Cells, "")
		}
		r.short = !blank(r.Cells)
	}
}

// sheetOfLinks reports whether t is a list of addresses kept by people, not an
// export with ids of its own.
func (t *Table) sheetOfLinks() bool { return t.Column(FieldURL) >= 0 && t.Column(FieldID) < 0 }

// skipBOM takes the mark of UTF-8 off the start of r.
func skipBOM(r io.Reader) io.Reader {
	var b [3]byte
	n, err := io.ReadFull(r, b[:])
	head := bytes.TrimPrefix(b[:n], bom)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return io.MultiReader(bytes.NewReader(head), errReader{err})
	}
	return io.MultiReader(bytes.NewReader(head), r)
}

// errReader gives the error a short read hid, io.EOF when there was none.
type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) {
	if e.err == io.ErrUnexpectedEOF {
		return 0, io.EOF
	}
	return 0, e.err
}

// notes says what was done to the bytes of the file.
func (c *csvReader) notes(note func(string)) {
	if c.charsetLine > 0 && c.charset.bytes != nil {
		note(fmt.Sprintf("from line %d on the file is not UTF-8; it was read as %s", c.charsetLine, c.charset.name))
	}
	if c.replaced > 0 {
		note(fmt.Sprintf("%d rows hold bytes that are not UTF-8 (first in line %d): each stands as U+FFFD in the post; the bytes themselves are in the file", c.replaced, c.replacedAt))
	}
	if c.others > 0 {
		note(fmt.Sprintf("%d rows of this UTF-8 file are in another encoding (first in line %d): they were read as %s", c.others, c.otherAt, c.other))
	}
	if c.nuls > 0 {
		note(fmt.Sprintf("%d rows hold zero bytes (first in line %d): they were left out, for they stand for no letter", c.nuls, c.nuAt))
	}
	if c.unclosed >= maxUnclosed {
		note(fmt.Sprintf("%d lines open a quote that is never closed: from the last of them on, quotes do not span lines", c.unclosed))
	}
}

// clip shortens s to n runes for a message.
func clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
