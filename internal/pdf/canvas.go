package pdf

import (
	"strconv"
)

// A Canvas is a page that is being drawn. Coordinates are points from the
// top left corner; in right-to-left documents from the top right corner,
// unless in a [Figure].
type Canvas struct {
	doc    *Doc
	set    *setter
	page   *page
	el     *elem // nil: an artifact
	ox, oy float64
	fixed  bool // never mirrored
}

type opKind uint8

const (
	opText opKind = iota
	opLine
	opImage
)

// An op is one mark on the page. y grows downwards.
type op struct {
	kind   opKind
	el     *elem // of the structure tree; nil for an artifact
	x, y   float64
	piece  piece   // opText: x, y is the pen on the baseline
	to     float64 // opLine: from x to it, at y
	color  Color
	weight float64
	image  *Image // opImage
	w, h   float64
}

// A link is a place of a page that leads somewhere.
type link struct {
	el         *elem
	x, y, w, h float64
	url        string
	note       int // leads to a note
	back       int // leads back to the mark of a note
}

type page struct {
	ops   []op
	links []link
	marks map[int][2]float64 // place of the first mark of a note
	notes map[int][2]float64 // place of a note
	heads []head
}

type head struct {
	level int
	title string
	y     float64
}

func (c *Canvas) mirrored() bool { return c.doc.RTL && !c.fixed }

// left returns the left edge of a box whose near edge is at x.
func (c *Canvas) left(x, w float64) float64 {
	if c.mirrored() {
		return c.doc.Width - x - w
	}
	return c.ox + x
}

// Line draws a horizontal line, y is its middle.
func (c *Canvas) Line(x, y, width float64, color Color, weight float64) {
	c.add(op{kind: opLine, x: c.left(x, 0), to: c.left(x+width, 0), y: c.oy + y, color: color, weight: weight})
}

// Image draws a picture into a box.
func (c *Canvas) Image(m *Image, x, y, w, h float64) {
	c.add(op{kind: opImage, image: m, x: c.left(x, w), y: c.oy + y, w: w, h: h})
}

// Text sets a paragraph into a column whose first line begins at y, and
// returns the height it took.
func (c *Canvas) Text(p Para, x, y, width float64) float64 {
	lines := c.set.set(&p, width)
	for i := range lines {
		c.line(&lines[i], &p, x, y+float64(i)*p.Lead, width)
	}
	return float64(len(lines)) * p.Lead
}

// Width returns the width of a paragraph set in one line.
func (c *Canvas) Width(p Para) float64 { return c.set.width(&p) }

// baseline returns how far below the top of its line type of a size stands.
// Ours have an ascent of 1.069 and a descent of .293, and the leading is
// shared above and below, as on a web page.
func baseline(lead, size float64) float64 { return lead/2 + (1.069-.293)/2*size }

// line draws a laid line in the box whose near edge is x.
func (c *Canvas) line(l *line, p *Para, x, y, width float64) {
	size := l.size
	if len(p.Spans) > 0 {
		size = p.Spans[0].Size
	}
	c.lineAt(l, p, x, y+baseline(p.Lead, size), width)
}

// lineAt draws a line on a baseline.
func (c *Canvas) lineAt(l *line, p *Para, x, base, width float64) {
	left := c.left(x, l.width)
	if p.End {
		left = c.left(x+width-l.width, l.width)
	}
	y := c.oy + base
	block := c.el
	for i := 0; i < len(l.pieces); {
		s := l.pieces[i].span
		j := i
		x0, x1 := l.pieces[i].x, l.pieces[i].x
		for j < len(l.pieces) && l.pieces[j].span == s {
			if pc := l.pieces[j]; !pc.space {
				x0, x1 = min(x0, pc.x), max(x1, pc.x+pc.width)
			}
			j++
		}
		el := block
		if block != nil {
			el = block.inline(s, c.doc)
		}
		for _, pc := range l.pieces[i:j] {
			if len(pc.sh.glyphs) > 0 {
				c.page.ops = append(c.page.ops, op{kind: opText, el: el, x: left + pc.x, y: y - s.Rise, piece: pc})
			}
		}
		if block != nil && (s.Link != "" || s.Note > 0) && x1 > x0 {
			k := link{el: el, x: left + x0, y: y - s.Rise - s.Size*.95, w: x1 - x0, h: s.Size * 1.25, url: s.Link, note: s.Note}
			if s.Note > 0 {
				if _, ok := c.page.marks[s.Note]; !ok {
					c.page.marks[s.Note] = [2]float64{k.x, k.y}
				}
			}
			c.page.links = append(c.page.links, k)
		}
		i = j
	}
}

func (c *Canvas) add(o op) {
	o.el = c.el
	c.page.ops = append(c.page.ops, o)
}

// appendNumber writes v with two decimals at most, the same on every machine.
func appendNumber(b []byte, v float64) []byte {
	if v < 0 && v > -.005 {
		v = 0
	}
	n := len(b)
	b = strconv.AppendFloat(b, v, 'f', 2, 64)
	for len(b) > n && b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	return b
}

// Lines returns how many lines a paragraph takes in a column.
func (c *Canvas) Lines(p Para, width float64) int { return len(c.set.set(&p, width)) }

// TextLine sets a paragraph in one line; what does not fit is left out, with
// dots in its place.
func (c *Canvas) TextLine(p Para, x, y, width float64) {
	lines := c.set.set(&p, width)
	if len(lines) == 0 {
		return
	}
	if len(lines) > 1 && len(p.Spans) > 0 {
		last := p.Spans[len(p.Spans)-1]
		last.Text = "\u00A0…"
		dots := Para{Spans: []Span{last}, Lead: p.Lead}
		w := c.Width(dots)
		if lines = c.set.set(&p, width-w); len(lines) > 1 {
			at := x + lines[0].width
			if p.End {
				at = x + width - w
			}
			c.line(&lines[0], &p, x, y, width-w)
			c.Text(dots, at, y, w+1)
			return
		}
	}
	c.line(&lines[0], &p, x, y, width)
}
