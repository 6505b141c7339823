package appeal

import (
	"fmt"
	"strconv"

	"github.com/arasha-org/arasha/internal/pdf"
)

func (t *pageSetter) hasLetterhead() bool {
	h := t.o.Letterhead
	return h.Name != "" || h.Line != "" || len(h.Address) > 0 || t.logo != nil
}

// furniture draws the head and the foot of a page (looks, section 5).
func (t *pageSetter) furniture(c *pdf.Canvas, page, pages int) {
	const x, w = 20 * pdf.MM, 170 * pdf.MM
	switch {
	case page > 1:
		t.runningHead(c, x, w)
	case t.hasLetterhead():
		t.letterhead(c, x, w)
	}
	y := 281.0 * pdf.MM
	c.Line(x, y, w, black, .5)
	y += 1.5 * pdf.MM
	small := func(f pdf.Font, s string) pdf.Para {
		p := t.plain(f, 7, 9, grey2, s)
		p.Lead = 9
		return p
	}
	c.TextLine(small(pdf.SansBold, fmt.Sprintf(t.l.Page, t.l.Number(strconv.Itoa(page)), t.l.Number(strconv.Itoa(pages)))), x, y, 34*pdf.MM)
	used := 55 * pdf.MM
	if t.a.Code != nil {
		p := small(pdf.SansBold, "")
		p.Spans = []pdf.Span{{Text: t.a.Code.Printed, Font: pdf.SansBold, Size: 7, Color: grey2, LTR: true, Keep: true}}
		c.TextLine(p, used, y, 80*pdf.MM)
		used += min(c.Width(p), 80*pdf.MM) + 8
	}
	if s := t.state(); s != "" {
		p := small(pdf.SansBold, s)
		c.TextLine(p, used, y, 60*pdf.MM)
		used += c.Width(p) + 8
	}
	if t.o.CheckCopy != "" {
		p := small(pdf.Sans, t.l.CheckCopy+" ")
		p.Spans = append(p.Spans, pdf.Span{Text: t.o.CheckCopy, Font: pdf.Sans, Size: 7, Color: grey2, LTR: true})
		p.End = true
		c.TextLine(p, used, y, 190*pdf.MM-used)
	}
}

// state is the word for a translation that nobody has read yet.
func (t *pageSetter) state() string {
	if t.a.Translation == nil {
		return ""
	}
	switch t.a.Translation.State {
	case Placeholder:
		return t.l.Placeholder
	case Translated:
		return t.l.Draft
	case Stale:
		return t.l.Stale
	}
	return ""
}

func (t *pageSetter) letterhead(c *pdf.Canvas, x, w float64) {
	h := t.o.Letterhead
	const top, bottom = 15 * pdf.MM, 26 * pdf.MM // the rule stands at the bottom
	at := x
	if t.logo != nil {
		lw := 12 * pdf.MM * float64(t.logo.Width) / float64(t.logo.Height)
		lw = min(lw, 60*pdf.MM)
		lh := lw * float64(t.logo.Height) / float64(t.logo.Width)
		c.Image(t.logo, at, bottom-2*pdf.MM-lh, lw, lh)
		at += lw + 4*pdf.MM
	}
	// Both columns stand on the rule.
	var left []pdf.Para
	if h.Name != "" {
		left = append(left, t.plain(pdf.SerifBold, 13, 15, black, h.Name))
	}
	if h.Line != "" {
		left = append(left, t.plain(pdf.Sans, 7.5, 10, black, h.Line))
	}
	var right []pdf.Para
	for _, s := range h.Address {
		p := t.plain(pdf.Sans, 7.5, 10, grey2, s)
		p.End = true
		right = append(right, p)
	}
	column := func(ps []pdf.Para, x, w float64) {
		y := bottom - 2*pdf.MM
		for _, p := range ps {
			y -= p.Lead * linesOf(c, p, w)
		}
		for _, p := range ps {
			y += c.Text(p, x, max(y, 8*pdf.MM), w)
		}
	}
	addressWidth := 0.0
	for _, p := range right {
		addressWidth = max(addressWidth, c.Width(p))
	}
	addressWidth = min(addressWidth+1, w/2)
	column(left, at, x+w-at-addressWidth-5*pdf.MM)
	column(right, x+w-addressWidth, addressWidth)
	c.Line(x, bottom, w, black, 1)
}

// linesOf returns how many lines a paragraph takes.
func linesOf(c *pdf.Canvas, p pdf.Para, width float64) float64 {
	return float64(c.Lines(p, width))
}

func (t *pageSetter) runningHead(c *pdf.Canvas, x, w float64) {
	y := 12.0 * pdf.MM
	p := t.plain(pdf.SansBold, 7.5, 10, black, t.kind())
	for _, s := range []string{t.a.Place, t.date()} {
		if s != "" {
			p.Spans = append(p.Spans, pdf.Span{Text: " · ", Font: pdf.Sans, Size: 7.5, Color: grey2})
			p.Spans = append(p.Spans, t.spans(pdf.Span{Text: s, Font: pdf.Sans, Size: 7.5, Color: grey2})...)
		}
	}
	p.Lead = 10
	name := t.plain(pdf.Sans, 7.5, 10, grey2, t.o.Letterhead.Name)
	name.End, name.Lead = true, 10
	room := 0.0
	if t.o.Letterhead.Name != "" {
		room = min(c.Width(name)+1, w/2)
		c.TextLine(name, x+w-room, y, room)
		room += 5 * pdf.MM
	}
	c.TextLine(p, x, y, w-room)
	c.Line(x, y+10+1*pdf.MM, w, black, .5)
}
