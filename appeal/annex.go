package appeal

import (
	"fmt"
	"strings"

	"github.com/arasha-org/arasha/internal/pdf"
)

// An Annex is what stands behind an appeal: how a finding was made, its figures
// and pictures. It arrives as values, so that this package need not know how
// anything was found.
type Annex struct {
	Title  string      `json:"title"`
	Report string      `json:"report"` // Ref of the kept report it is taken from, or ""
	Parts  []AnnexPart `json:"parts"`
}

// An AnnexPart is a heading with what stands below it. What is empty is left
// out.
type AnnexPart struct {
	Heading string     `json:"heading"`
	Text    string     `json:"text"`  // paragraphs parted by an empty line
	Table   [][]string `json:"table"` // rows; the first names the columns
	Caption string     `json:"caption"`
	PNG     []byte     `json:"png"` // a figure, in base64 in JSON
	Alt     string     `json:"alt"` // the figure in words, for those who do not see it
}

// checkAnnexes reports the first annex that cannot be printed.
func (a *Appeal) checkAnnexes() error {
	for i, x := range a.Annexes {
		for j, p := range x.Parts {
			if len(p.PNG) == 0 {
				continue
			}
			if _, err := pdf.ReadPNG(p.PNG); err != nil {
				return fmt.Errorf("annexes[%d].parts[%d].png: %w", i, j, err)
			}
			if strings.TrimSpace(p.Alt) == "" {
				return fmt.Errorf("annexes[%d].parts[%d].alt: say in words what the figure shows", i, j)
			}
		}
	}
	return nil
}

// annexes adds the annexes to a flowing format. Tables are lines, and a figure
// is told in words: the picture itself is in the PDF.
func (f *form) annexes() {
	para := func(s string) {
		f.add(block{kind: bPara, section: SectionOther, runs: plainRuns(s)})
	}
	for _, x := range f.a.Annexes {
		f.add(block{kind: bHeading, section: SectionOther, runs: plainRuns(x.Title)})
		if x.Report != "" {
			para(draftIn[f.wordsLang()].kept + x.Report)
		}
		for _, p := range x.Parts {
			f.add(block{kind: bHeading, section: SectionOther, runs: plainRuns(p.Heading)})
			for _, s := range Paragraphs(p.Text) {
				para(s)
			}
			for _, row := range p.Table {
				para(strings.Join(row, " · "))
			}
			para(p.Alt)
			para(p.Caption)
		}
	}
}

// wordsLang is a language that has the words of a draft.
func (f *form) wordsLang() string {
	if _, ok := draftIn[f.lang]; ok {
		return f.lang
	}
	return "en"
}

// annexes sets the annexes behind the appeal.
func (t *pageSetter) annexes() []pdf.Block {
	var bs []pdf.Block
	add := func(p pdf.Para, space float64, keep bool) {
		if len(p.Spans) > 0 {
			bs = append(bs, &pdf.Text{Para: p, Space: space, KeepNext: keep, Whole: keep})
		}
	}
	heading := func(s, role string, size, lead, space float64) {
		p := t.plain(pdf.SerifBold, size, lead, black, s)
		p.Role, p.Balance = role, true
		add(p, space, true)
	}
	for _, x := range t.a.Annexes {
		bs = append(bs, &pdf.Rule{X: pdf.A4.MarginX, Width: pdf.A4.Width - 2*pdf.A4.MarginX, Weight: 1, Space: 2 * lineUp, After: 8, KeepNext: true})
		heading(x.Title, "H2", 14, 18, 0)
		if x.Report != "" {
			add(t.plain(pdf.Sans, 7, 10, black, x.Report), paraUp, false)
		}
		for _, p := range x.Parts {
			heading(p.Heading, "H3", 11, 14, lineUp)
			for _, s := range Paragraphs(p.Text) {
				add(t.plain(pdf.Serif, 10, 13.5, black, s), paraUp, false)
			}
			if tb := t.annexTable(p.Table); tb != nil {
				bs = append(bs, tb)
			}
			if m, err := pdf.ReadPNG(p.PNG); err == nil {
				bs = append(bs, annexFigure(m, p.Alt))
			}
			add(t.plain(pdf.Sans, 8.5, 11.5, black, p.Caption), paraUp, false)
		}
	}
	return bs
}

// annexTable sets rows of cells in columns of one width.
func (t *pageSetter) annexTable(rows [][]string) pdf.Block {
	columns := 0
	for _, r := range rows {
		columns = max(columns, len(r))
	}
	if columns == 0 {
		return nil
	}
	tb := &pdf.Table{Space: paraUp}
	for range columns {
		tb.Columns = append(tb.Columns, pdf.Column{Width: pdf.A4.TextWidth / float64(columns)})
	}
	for i, r := range rows {
		font := pdf.Sans
		if i == 0 {
			font = pdf.SansBold
		}
		cells := make([]pdf.Para, columns)
		for j := range cells {
			s := ""
			if j < len(r) {
				s = r[j]
			}
			cells[j] = t.plain(font, 8.5, 11.5, black, s)
		}
		if i == 0 {
			tb.Head = cells
		} else {
			tb.Rows = append(tb.Rows, cells)
		}
	}
	return tb
}

// annexFigure places a picture in the text column, at most a third of a page
// high.
func annexFigure(m *pdf.Image, alt string) pdf.Block {
	w := pdf.A4.TextWidth
	h := w * float64(m.Height) / float64(m.Width)
	if most := pdf.A4.Height / 3; h > most {
		w, h = w*most/h, most
	}
	return &pdf.Figure{Alt: alt, Width: w, Height: h, Space: lineUp, Draw: func(c *pdf.Canvas) { c.Image(m, 0, 0, w, h) }}
}
