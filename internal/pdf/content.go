package pdf

import (
	"fmt"
)

// content writes the drawing of a page and numbers its pieces for the
// structure tree.
func (w *writer) content(page int, p *page) []byte {
	c := &contentWriter{w: w, page: page, height: w.doc.Height}
	w.parents = append(w.parents, nil)
	for i := range p.ops {
		o := &p.ops[i]
		if !c.open || o.el != c.el {
			c.closeMark()
			c.openMark(o.el, "")
		}
		switch o.kind {
		case opText:
			c.text(o)
		case opLine:
			c.endText()
			c.line(o)
		case opImage:
			c.endText()
			n, ok := w.images[o.image]
			if !ok {
				n = len(w.imageOf)
				w.images[o.image] = n
				w.imageOf = append(w.imageOf, o.image)
			}
			c.b = append(c.b, "q "...)
			for _, v := range []float64{o.w, 0, 0, o.h, o.x, c.height - o.y - o.h} {
				c.num(v)
			}
			c.b = fmt.Appendf(c.b, "cm/I%d Do Q\n", n)
		}
	}
	c.closeMark()
	for _, k := range p.links {
		a := annot{link: k, page: page, no: w.reserve()}
		w.annots = append(w.annots, a)
		w.hang(k.el)
		w.kids[k.el] = append(w.kids[k.el], kid{page: page, objr: len(w.annots)})
	}
	return c.b
}

// hang puts a loose element behind what its parent holds so far.
func (w *writer) hang(e *elem) {
	if !e.loose || w.kids[e] != nil {
		return
	}
	w.kids[e] = []kid{}
	w.hang(e.parent)
	w.kids[e.parent] = append(w.kids[e.parent], kid{el: e})
}

// openMark begins content of an element, or an artifact. With actual the
// content is read as that text.
func (c *contentWriter) openMark(el *elem, actual string) {
	c.open, c.el = true, el
	if el == nil {
		c.b = append(c.b, "/Artifact<</Type/Pagination>>BDC\n"...)
		return
	}
	tag := el.role
	if actual != "" { // some readers look for the text beside a Span only
		tag, actual = "Span", "/ActualText<"+utf16Hex(actual)+">"
	}
	w := c.w
	mcid := len(w.parents[c.page])
	w.parents[c.page] = append(w.parents[c.page], el)
	w.hang(el)
	w.kids[el] = append(w.kids[el], kid{page: c.page, mcid: mcid})
	c.b = fmt.Appendf(c.b, "/%s<</MCID %d%s>>BDC\n", tag, mcid, actual)
}

func (c *contentWriter) closeMark() {
	c.endText()
	if c.open {
		c.b = append(c.b, "EMC\n"...)
		c.open = false
	}
}

type contentWriter struct {
	w      *writer
	b      []byte
	page   int
	height float64

	open bool // content is marked as part of el
	el   *elem

	inText      bool
	face        *face
	size, track float64
	fill        Color
	filled      bool
	x, y        float64 // pen
	array       bool    // inside [ … ] TJ
	hex         bool    // inside < … >
	rise        float64
	needTm      bool
}

func (c *contentWriter) num(v float64) { c.b = append(appendNumber(c.b, v), ' ') }

func (c *contentWriter) endHex() {
	if c.hex {
		c.b = append(c.b, '>')
		c.hex = false
	}
}

func (c *contentWriter) endArray() {
	c.endHex()
	if c.array {
		c.b = append(c.b, "]TJ\n"...)
		c.array = false
	}
}

func (c *contentWriter) endText() {
	c.endArray()
	if c.inText {
		c.b = append(c.b, "ET\n"...)
		c.inText = false
	}
}

func (c *contentWriter) beginText() {
	if !c.inText {
		c.b = append(c.b, "BT\n"...)
		c.inText, c.needTm = true, true
	}
}

func (c *contentWriter) color(v Color) {
	for _, s := range []uint{16, 8, 0} {
		c.num(float64(v>>s&0xFF) / 255)
	}
}

func (c *contentWriter) setFill(v Color) {
	if c.filled && c.fill == v {
		return
	}
	c.color(v)
	c.b = append(c.b, "rg\n"...)
	c.fill, c.filled = v, true
}

func (c *contentWriter) text(o *op) {
	p := &o.piece
	u := c.w.use(p.face)
	c.beginText()
	if c.face != p.face || c.size != p.size || c.track != p.span.Track || !c.filled || c.fill != p.span.Color {
		c.endArray()
		if c.face != p.face || c.size != p.size {
			c.b = fmt.Appendf(c.b, "/F%d ", c.w.index(p.face))
			c.num(p.size)
			c.b = append(c.b, "Tf\n"...)
			c.face, c.size = p.face, p.size
		}
		if c.track != p.span.Track {
			c.num(p.span.Track)
			c.b = append(c.b, "Tc\n"...)
			c.track = p.span.Track
		}
		c.setFill(p.span.Color)
	}
	if d := o.x - c.x; p.level&1 == 0 && (c.needTm || o.y != c.y || d > .02 || d < -.02) {
		c.needTm = true
		c.move(o.x, o.y)
	}
	if p.level&1 == 0 {
		c.x, c.y = o.x+p.width, o.y
	}
	if p.level&1 == 0 {
		x := o.x
		for _, cl := range p.sh.clusters {
			x += c.cluster(u, p, cl, x, o.y)
		}
		return
	}
	// Right to left: letter by letter in the order of reading, so that the
	// text of the file reads as it was written.
	right := o.x + p.width
	for i := len(p.sh.clusters) - 1; i >= 0; i-- {
		cl := p.sh.clusters[i]
		w := 0.0
		for _, g := range p.sh.glyphs[cl.from:cl.to] {
			w += g.adv*p.size/em + p.span.Track
		}
		right -= w
		c.move(right, o.y)
		c.cluster(u, p, cl, right, o.y)
		c.x = right + w
	}
	c.needTm = true
}

// move sets the pen: within a line by the array that is being shown.
func (c *contentWriter) move(x, y float64) {
	if d := (c.x - x) / c.size * em; c.array && !c.needTm && y == c.y {
		if d > .5 || d < -.5 {
			c.adjust(d)
		}
		c.x = x
		return
	}
	c.beginText()
	c.endArray()
	c.b = append(c.b, "1 0 0 1 "...)
	c.num(x)
	c.num(c.height - y)
	c.b = append(c.b, "Tm\n"...)
	c.needTm, c.x, c.y = false, x, y
}

// cluster shows the glyphs of a cluster, whose left edge is at x, and returns
// their width. Where the map of the font does not lead back to its text, the
// text is given beside it.
func (c *contentWriter) cluster(u *fontUse, p *piece, cl cluster, x, y float64) (width float64) {
	gs := p.sh.glyphs[cl.from:cl.to]
	if len(gs) == 0 {
		return 0
	}
	rs := []rune(cl.text)
	if p.level&1 == 1 && len(gs) == len(rs) && len(gs) > 1 && p.face.spells(gs, rs) {
		return c.marked(u, p, gs, rs, x, y)
	}
	codes := make([]uint16, len(gs))
	direct := len(gs) == 1 || len(rs) == len(gs) && p.level&1 == 0
	for i := range gs {
		meaning := cl.text
		m := p.face.meaning(gs[i].id)
		first := 0 // in the order of reading
		if p.level&1 == 1 {
			first = len(gs) - 1
		}
		switch {
		case len(gs) > 1 && m == 0 && i != first:
			meaning = "\u200D" // a stroke that belongs to the letter before
		case len(gs) > 1 && m != 0:
			meaning = string(m)
		case len(gs) == 1 && m != 0 && !p.face.has(rs[0]):
			meaning = string(m) // the replacement sign
		}
		var ok bool
		codes[i], ok = u.use(&gs[i], meaning)
		if len(gs) == 1 {
			direct = ok && meaning == cl.text
		} else {
			direct = direct && ok && meaning == string(rs[i])
		}
		width += gs[i].adv*p.size/em + p.span.Track
	}
	if !direct {
		el := c.el
		c.closeMark()
		c.openMark(el, cl.text)
		c.show(u, p, gs, codes, x, y)
		c.closeMark()
		c.openMark(el, "")
		return width
	}
	c.show(u, p, gs, codes, x, y)
	return width
}

// spells reports whether right-to-left glyphs, which stand from left to
// right, are those of the letters and marks of rs one by one.
func (f *face) spells(gs []glyph, rs []rune) bool {
	for i, g := range gs {
		m, r := f.meaning(g.id), rs[len(rs)-1-i]
		// A joined letter has no meaning of its own.
		if m != r && (m != 0 || isMark(r)) {
			return false
		}
	}
	return true
}

// marked shows a right-to-left letter first and then its marks.
func (c *contentWriter) marked(u *fontUse, p *piece, gs []glyph, rs []rune, x, y float64) (width float64) {
	scale := p.size / em
	at := make([]float64, len(gs))
	for i, g := range gs {
		at[i] = x + width
		width += g.adv*scale + p.span.Track
	}
	for i := len(gs) - 1; i >= 0; i-- {
		code, _ := u.use(&gs[i], string(rs[len(rs)-1-i]))
		c.move(at[i], y)
		c.show(u, p, gs[i:i+1], []uint16{code}, at[i], y)
		c.x = at[i] + gs[i].adv*scale + p.span.Track
	}
	c.move(x+width, y)
	return width
}

// show draws glyphs from x on.
func (c *contentWriter) show(u *fontUse, p *piece, gs []glyph, codes []uint16, x, y float64) {
	c.beginText()
	if c.needTm {
		c.move(x, y)
	}
	for i, g := range gs {
		if g.dy != c.rise {
			c.endArray()
			c.num(g.dy * p.size / em)
			c.b = append(c.b, "Ts\n"...)
			c.rise = g.dy
		}
		k := codes[i]
		dx := g.dx - float64(u.shift[k])
		if dx != 0 {
			c.adjust(-dx)
		}
		if !c.array {
			c.b = append(c.b, '[')
			c.array = true
		}
		if !c.hex {
			c.b = append(c.b, '<')
			c.hex = true
		}
		const digits = "0123456789ABCDEF"
		c.b = append(c.b, digits[k>>12], digits[k>>8&15], digits[k>>4&15], digits[k&15])
		if d := float64(u.adv[k]) - g.adv + dx; d != 0 {
			c.adjust(d)
		}
	}
	if c.rise != 0 {
		c.endArray()
		c.b = append(c.b, "0 Ts\n"...)
		c.rise = 0
	}
}

// adjust moves the pen back by v thousandths of the em.
func (c *contentWriter) adjust(v float64) {
	c.endHex()
	if !c.array {
		c.b = append(c.b, '[')
		c.array = true
	}
	if n := len(c.b); c.b[n-1] != '[' && c.b[n-1] != '>' {
		c.b = append(c.b, ' ')
	}
	c.b = appendNumber(c.b, v)
}

func (c *contentWriter) line(o *op) {
	c.num(o.weight)
	c.b = append(c.b, "w "...)
	c.color(o.color)
	c.b = append(c.b, "RG "...)
	c.num(o.x)
	c.num(c.height - o.y)
	c.b = append(c.b, "m "...)
	c.num(o.to)
	c.num(c.height - o.y)
	c.b = append(c.b, "l S\n"...)
}

func (w *writer) use(f *face) *fontUse {
	u := w.fonts[f]
	if u == nil {
		u = newFontUse(f)
		w.fonts[f] = u
		w.order = append(w.order, f)
	}
	return u
}

func (w *writer) index(f *face) int {
	for i, o := range w.order {
		if o == f {
			return i
		}
	}
	return -1
}
