package pdf

import (
	"slices"
	"strconv"
	"strings"
)

// A slab is a strip of the flow that is never broken: a line of text, a row
// of a table.
type slab struct {
	h, space float64 // space above, dropped at the head of a page
	base     float64 // its first baseline, from the top
	glue     bool    // no page break before it
	notes    []int   // whose first mark is in it
	repeat   *slab   // drawn again above it when it begins a page
	draw     func(c *Canvas, y float64)
}

// A noteBox is a note, laid out.
type noteBox struct {
	label []line
	lines []noteLine
	el    *elem
	lbl   *elem
}

type noteLine struct {
	line *line
	para *Para
	el   *elem
}

type layouter struct {
	doc      *Doc
	set      setter
	root     *elem
	slabs    []slab
	keepNext bool
	notes    map[int]*noteBox
	inline   map[*Span]*elem
	x, w     float64 // column of the text
}

// A Laid is a document on pages.
type Laid struct {
	doc   *Doc
	pages []*page
	root  *elem
	// Missing are the characters for which there is no shape: the
	// replacement sign stands on the page, the character in the text of the
	// file.
	Missing []rune
}

// Pages returns how many pages there are.
func (l *Laid) Pages() int { return len(l.pages) }

// Layout breaks the document into lines and pages.
func (d *Doc) Layout() *Laid {
	l := &layouter{doc: d, set: setter{lang: d.Lang, rtl: d.RTL}, root: &elem{role: "Document", lang: d.Lang},
		notes: map[int]*noteBox{}, inline: map[*Span]*elem{}, x: d.TextX, w: d.TextWidth}
	l.root.inlines = l.inline
	for _, b := range d.Blocks {
		b.lay(l, l.root)
	}
	out := &Laid{doc: d, root: l.root}
	b := breaker{l: l, slabs: l.slabs}
	plans := b.pages()
	for i, p := range plans {
		pg := &page{marks: map[int][2]float64{}, notes: map[int][2]float64{}}
		c := &Canvas{doc: d, set: &l.set, page: pg}
		l.draw(c, p, i == 0)
		if d.Furniture != nil {
			c.el = nil
			d.Furniture(c, i+1, len(plans))
		}
		out.pages = append(out.pages, pg)
	}
	for r := range l.set.missing {
		out.Missing = append(out.Missing, r)
	}
	slices.Sort(out.Missing)
	return out
}

// draw draws what a plan says stands on one page.
func (l *layouter) draw(c *Canvas, p plan, first bool) {
	y := l.doc.Top
	if first {
		y = l.doc.FirstTop
	}
	for i := p.from; i < p.to; i++ {
		s := &l.slabs[i]
		if i == p.from {
			if s.repeat != nil {
				c.el = nil
				s.repeat.draw(c, y)
				y += s.repeat.h
			}
		} else {
			y += s.space
		}
		s.draw(c, y)
		y += s.h
	}
	if len(p.notes) == 0 {
		return
	}
	y = l.doc.Bottom - l.notesHeight(p.notes)
	c.el = nil
	c.Line(l.doc.TextX, y+.25, l.doc.NoteRule, 0, .5)
	y += noteRuleHeight
	for k, n := range p.notes {
		if k > 0 {
			y += noteGap
		}
		b := l.note(n.note)
		for i := n.from; i < n.to; i++ {
			nl := b.lines[i]
			if i == 0 {
				c.page.notes[n.note] = [2]float64{c.left(l.doc.TextX, 0), y}
				label := &l.doc.Notes[n.note-1].Label
				for k := range b.label {
					c.el = b.lbl
					at := len(c.page.ops)
					c.lineAt(&b.label[k], endAligned(label), 0, y+baseline(nl.para.Lead, sizeOf(nl.para)), l.doc.LabelX)
					if len(c.page.ops) > at {
						w := b.label[k].width
						c.page.links = append(c.page.links, link{el: b.lbl.linkChild(), back: n.note,
							x: c.left(l.doc.LabelX-w, w), y: y, w: w, h: label.Lead})
						for j := at; j < len(c.page.ops); j++ {
							c.page.ops[j].el = b.lbl.linkChild()
						}
					}
				}
			}
			c.el = nl.el
			c.line(nl.line, nl.para, l.doc.TextX, y, l.doc.TextWidth)
			y += nl.para.Lead
		}
	}
}

func endAligned(p *Para) *Para {
	q := *p
	q.End = true
	return &q
}

func sizeOf(p *Para) float64 {
	if len(p.Spans) == 0 {
		return 0
	}
	return p.Spans[0].Size
}

// note lays out a note once.
func (l *layouter) note(n int) *noteBox {
	if b := l.notes[n]; b != nil {
		return b
	}
	note := &l.doc.Notes[n-1]
	b := &noteBox{el: &elem{role: "Note", id: "note-" + strconv.Itoa(n), inlines: l.inline}}
	l.notes[n] = b
	b.label = l.set.set(&note.Label, l.doc.LabelX)
	b.lbl = b.el.child("Lbl")
	for i := range note.Paras {
		p := &note.Paras[i]
		el := b.el.child("P")
		for _, ln := range l.set.set(p, l.doc.TextWidth) {
			b.lines = append(b.lines, noteLine{&ln, p, el})
		}
	}
	return b
}

const (
	noteGap        = 2
	noteRuleHeight = 4.5
	noteAbove      = 10 // between text and notes
)

// add appends a slab to the flow.
func (l *layouter) add(s slab) {
	if l.keepNext {
		s.glue = true
		l.keepNext = false
	}
	l.slabs = append(l.slabs, s)
}

// firstMarks returns the notes whose first mark is in a line, and hangs them
// into the structure tree behind the block of that line.
func (l *layouter) firstMarks(ln *line, parent *elem) []int {
	var out []int
	for _, n := range ln.notes(nil) {
		if n > len(l.doc.Notes) || l.notes[n] != nil {
			continue
		}
		b := l.note(n)
		if len(b.lines) == 0 {
			continue
		}
		b.el.parent = parent
		parent.kids = append(parent.kids, kid{el: b.el})
		out = append(out, n)
	}
	return out
}

// paragraph adds the lines of a paragraph; it returns how many there are.
func (l *layouter) paragraph(p *Para, el func() *elem, parent *elem, x, w, space float64, label func(c *Canvas, base float64)) int {
	lines := l.set.set(p, w)
	if len(lines) == 0 {
		return 0
	}
	e := el()
	for i := range lines {
		ln := &lines[i]
		s := slab{h: p.Lead, base: baseline(p.Lead, sizeOf(p)), glue: i > 0 && (i == 1 || i == len(lines)-1)}
		if i == 0 {
			s.space = space
		}
		s.notes = l.firstMarks(ln, parent)
		first := i == 0
		s.draw = func(c *Canvas, y float64) {
			c.el = e
			if first && label != nil {
				label(c, y+s.base)
				c.el = e
			}
			c.line(ln, p, x, y, w)
		}
		l.add(s)
	}
	return len(lines)
}

// hang returns a function that draws a label before the first line.
func (l *layouter) hang(p *Para, el *elem) func(c *Canvas, base float64) {
	if p == nil {
		return nil
	}
	p = spaced(p)
	lines := l.set.set(p, l.doc.LabelX)
	q := endAligned(p)
	return func(c *Canvas, base float64) {
		if el != nil {
			c.el = el
		}
		for i := range lines {
			c.lineAt(&lines[i], q, 0, base, l.doc.LabelX)
		}
	}
}

// spaced returns a label with a space at its end, which shows nowhere but
// parts it from the text when the document is read.
func spaced(p *Para) *Para {
	q := *p
	if n := len(p.Spans); n > 0 {
		q.Spans = slices.Clone(p.Spans)
		q.Spans[n-1].Text = strings.TrimRight(q.Spans[n-1].Text, " ") + " "
	}
	return &q
}

func (t *Text) lay(l *layouter, parent *elem) {
	start := len(l.slabs)
	l.paragraph(&t.Para, func() *elem { return parent.child(role(t.Role)) }, parent, l.x, l.w, t.Space, l.hang(t.Label, nil))
	if t.Role == "H1" && len(l.slabs) > start {
		l.bookmark(start, 1, &t.Para)
	}
	if t.Whole {
		l.glueFrom(start)
	}
	if t.KeepNext {
		l.keepNext = true
	}
}

func role(r string) string {
	if r == "" {
		return "P"
	}
	return r
}

func (l *layouter) glueFrom(start int) {
	for i := start + 1; i < len(l.slabs); i++ {
		l.slabs[i].glue = true
	}
}

// before draws something else in front of a slab.
func (l *layouter) before(i int, f func(c *Canvas, y float64)) {
	draw := l.slabs[i].draw
	l.slabs[i].draw = func(c *Canvas, y float64) {
		f(c, y)
		draw(c, y)
	}
}

func (l *layouter) bookmark(i, level int, p *Para) {
	title := plainText(p)
	l.before(i, func(c *Canvas, y float64) {
		c.page.heads = append(c.page.heads, head{level, title, y})
	})
}

func plainText(p *Para) string {
	s := ""
	for i := range p.Spans {
		if p.Spans[i].Note == 0 {
			s += p.Spans[i].Text
		}
	}
	return s
}

func (s *Section) lay(l *layouter, parent *elem) {
	el, hrole := parent, "P"
	if !s.Bare {
		el, hrole = parent.child("Sect"), "H2"
	}
	lines := l.set.set(&s.Heading, l.doc.MarginWidth)
	var under []line
	if s.Under != nil {
		under = l.set.set(s.Under, l.doc.MarginWidth)
	}
	var hel, uel *elem
	if len(lines) > 0 {
		hel = el.child(hrole)
	}
	if len(under) > 0 {
		uel = el.child("P")
	}
	start := len(l.slabs)
	for _, b := range s.Blocks {
		b.lay(l, el)
	}
	if len(l.slabs) == start { // a heading with nothing beside it
		l.add(slab{h: s.Heading.Lead, base: baseline(s.Heading.Lead, sizeOf(&s.Heading)), draw: func(*Canvas, float64) {}})
	}
	first := &l.slabs[start]
	first.space = max(first.space, s.Space)
	if len(lines) == 0 {
		return
	}
	top := first.base - baseline(s.Heading.Lead, sizeOf(&s.Heading))
	need := top + float64(len(lines))*s.Heading.Lead
	if len(under) > 0 {
		need += 1 + float64(len(under))*s.Under.Lead
	}
	// The heading is as high as its lines: what stands beside it may not end
	// or leave the page before.
	have := 0.0
	for i := start; i < len(l.slabs) && have < need; i++ {
		if i > start {
			have += l.slabs[i].space
			l.slabs[i].glue = true
		}
		have += l.slabs[i].h
	}
	if have < need {
		l.slabs[len(l.slabs)-1].h += need - have
	}
	x, w := l.doc.MarginX, l.doc.MarginWidth
	l.before(start, func(c *Canvas, y float64) {
		y += top
		c.el = hel
		for i := range lines {
			c.line(&lines[i], &s.Heading, x, y, w)
			y += s.Heading.Lead
		}
		y++
		c.el = uel
		for i := range under {
			c.line(&under[i], s.Under, x, y, w)
			y += s.Under.Lead
		}
	})
	if !s.Bare {
		l.bookmark(start, 2, &s.Heading)
	}
}

func (t *List) lay(l *layouter, parent *elem) {
	if len(t.Items) == 0 {
		return
	}
	el := parent.child("L")
	numbering := t.Numbering
	if numbering == "" {
		numbering = "None"
	}
	el.attr = "<</O/List/ListNumbering/" + numbering + ">>"
	for i := range t.Items {
		it := &t.Items[i]
		li := el.child("LI")
		var label func(*Canvas, float64)
		if len(it.Label.Spans) > 0 {
			label = l.hang(&it.Label, li.child("Lbl"))
		}
		body := li.child("LBody")
		start, lines, space := len(l.slabs), 0, t.Gap
		if i == 0 {
			space = t.Space
		}
		for k := range it.Paras {
			p := &it.Paras[k]
			n := l.paragraph(p, func() *elem { return body.child("P") }, body, l.x, l.w, space, label)
			if n > 0 {
				space, label = it.Gap, nil
				lines += n
			}
		}
		if lines == 0 && label != nil { // a number with nothing behind it stays
			lead := it.Label.Lead
			l.add(slab{h: lead, space: space, base: baseline(lead, sizeOf(&it.Label)), draw: func(c *Canvas, y float64) {
				label(c, y+baseline(lead, sizeOf(&it.Label)))
			}})
		}
		if lines <= t.WholeUpTo {
			l.glueFrom(start)
		}
	}
}
