package pdf

func (g *Grid) lay(l *layouter, parent *elem) {
	if len(g.Entries) == 0 {
		return
	}
	el := parent.child("L")
	el.attr = "<</O/List/ListNumbering/None>>"
	cols := max(g.Columns, 1)
	w := (l.w - float64(cols-1)*g.Gap) / float64(cols)
	page := l.doc.Bottom - l.doc.Top
	for i := 0; i < len(g.Entries); i += cols {
		var strips [][]strip // one list per column
		rows := 0
		height := 0.0
		var notes []int
		for k, rs := range g.Entries[i:min(i+cols, len(g.Entries))] {
			body := el.child("LI").child("LBody")
			ss := l.strips(rs, body, l.x+float64(k)*(w+g.Gap), w)
			h := 0.0
			for _, s := range ss {
				h += s.h
				notes = append(notes, s.notes...)
			}
			height, rows = max(height, h), max(rows, len(ss))
			strips = append(strips, ss)
		}
		space := 0.0
		if i > 0 {
			space = g.RowGap
		}
		base := 0.0
		if len(strips[0]) > 0 {
			base = strips[0][0].base
		}
		if height < page*.8 {
			l.add(slab{h: height, space: space, base: base, notes: notes, draw: func(c *Canvas, y float64) {
				for _, col := range strips {
					at := y
					for _, s := range col {
						s.draw(c, at)
						at += s.h
					}
				}
			}})
			continue
		}
		for k := range rows { // longer than a page: line by line
			s := slab{space: space, base: base}
			var draws []strip
			for _, col := range strips {
				if k < len(col) {
					s.h = max(s.h, col[k].h)
					s.notes = append(s.notes, col[k].notes...)
					draws = append(draws, col[k])
				}
			}
			s.draw = func(c *Canvas, y float64) {
				for _, d := range draws {
					d.draw(c, y)
				}
			}
			l.add(s)
			space = 0
		}
	}
}

// A strip is a line in a column.
type strip struct {
	h, base float64
	notes   []int
	draw    func(c *Canvas, y float64)
}

// strips lays out the rows of an entry in a column.
func (l *layouter) strips(rows []Row, body *elem, x, w float64) []strip {
	var out []strip
	for i := range rows {
		r := &rows[i]
		vx, vw := x, w
		var label []line
		var lp *Para
		if r.Label != nil {
			lp = spaced(r.Label)
			label = l.set.set(lp, r.LabelWidth)
			vx, vw = x+r.LabelWidth, w-r.LabelWidth
		}
		lines := l.set.set(&r.Para, vw)
		if len(lines) == 0 && len(label) == 0 {
			continue
		}
		el := body.child("P")
		base := baseline(r.Lead, sizeOf(&r.Para))
		for k := range max(len(lines), len(label)) {
			s := strip{h: r.Lead, base: base}
			if k < len(lines) {
				s.notes = l.firstMarks(&lines[k], body)
			}
			s.draw = func(c *Canvas, y float64) {
				c.el = el
				if k < len(label) {
					c.lineAt(&label[k], lp, x, y+base, r.LabelWidth)
				}
				if k < len(lines) {
					c.line(&lines[k], &r.Para, vx, y, vw)
				}
			}
			out = append(out, s)
		}
	}
	return out
}

const (
	cellGap = 6.0 // between columns
	cellPad = 3.0 // above and below the text of a row
)

func (t *Table) lay(l *layouter, parent *elem) {
	if len(t.Rows) == 0 && len(t.Head) == 0 {
		return
	}
	el := parent.child("Table")
	x := l.x
	width := 0.0
	for _, c := range t.Columns {
		width += c.Width
	}
	row := func(cells []Para, in *elem, head bool) []strip {
		tr := in.child("TR")
		var cols [][]strip
		n, cx := 0, x
		for i := range cells {
			if i >= len(t.Columns) {
				break
			}
			cell := tr.child("TD")
			if head {
				cell.role, cell.attr = "TH", "<</O/Table/Scope/Column>>"
			}
			ss := l.strips([]Row{{Para: cells[i]}}, cell, cx, t.Columns[i].Width-cellGap)
			cx += t.Columns[i].Width
			n = max(n, len(ss))
			cols = append(cols, ss)
		}
		var lines []strip
		for k := range n {
			var s strip
			var parts []strip
			for _, c := range cols {
				if k < len(c) {
					s.h, s.base = max(s.h, c[k].h), max(s.base, c[k].base)
					s.notes = append(s.notes, c[k].notes...)
					parts = append(parts, c[k])
				}
			}
			s.draw = func(c *Canvas, y float64) {
				for _, p := range parts {
					p.draw(c, y)
				}
			}
			lines = append(lines, s)
		}
		return lines
	}
	// add puts a row into the flow, in one slab or, when it is longer than a
	// page, line by line; a line is ruled below it.
	page := l.doc.Bottom - l.doc.Top
	add := func(lines []strip, space, weight float64, color Color, repeat *slab) {
		var group []strip
		height := 0.0
		flush := func(last bool) {
			g, h := group, height+cellPad
			s := slab{space: space, repeat: repeat}
			for _, p := range g {
				s.notes = append(s.notes, p.notes...)
			}
			if len(g) > 0 {
				s.base = cellPad + g[0].base
			}
			if last {
				h += cellPad
			}
			s.h = h
			s.draw = func(c *Canvas, y float64) {
				at := y + cellPad
				for _, p := range g {
					p.draw(c, at)
					at += p.h
				}
				if last {
					c.el = nil
					c.Line(x, y+h-weight/2, width, color, weight)
				}
			}
			l.add(s)
			group, height, space = nil, 0, 0
		}
		for i, s := range lines {
			group = append(group, s)
			height += s.h
			if height > page*.4 && i < len(lines)-1 {
				flush(false)
			}
		}
		flush(true)
	}
	var repeat *slab
	space := t.Space
	if len(t.Head) > 0 {
		at := len(l.slabs)
		add(row(t.Head, el.child("THead"), true), t.Space, 1, 0, nil)
		if len(l.slabs) == at+1 {
			h := l.slabs[at]
			repeat = &slab{h: h.h, draw: func(c *Canvas, y float64) { l.furniture(c, func() { h.draw(c, y) }) }}
		}
		l.keepNext, space = true, 0
	}
	body := el.child("TBody")
	for i := range t.Rows {
		add(row(t.Rows[i], body, false), space, .5, 0xb5b5b5, repeat)
		space = 0
	}
}

// furniture draws with f what is not part of the reading order.
func (l *layouter) furniture(c *Canvas, f func()) {
	from, links := len(c.page.ops), len(c.page.links)
	f()
	for i := from; i < len(c.page.ops); i++ {
		c.page.ops[i].el = nil
	}
	c.page.links = c.page.links[:links]
}

func (f *Figure) lay(l *layouter, parent *elem) {
	x := l.x
	el := parent.child("Figure")
	el.alt = f.Alt
	l.add(slab{h: f.Height, space: f.Space, draw: func(c *Canvas, y float64) {
		inner := *c
		inner.ox, inner.oy, inner.fixed, inner.el = c.left(x, f.Width), y, true, el
		el.box = [4]float64{inner.ox, y, f.Width, f.Height}
		f.Draw(&inner)
	}})
}

func (r *Rule) lay(l *layouter, _ *elem) {
	l.add(slab{h: r.Weight + r.After, space: r.Space, draw: func(c *Canvas, y float64) {
		c.el = nil
		c.Line(r.X, y+r.Weight/2, r.Width, 0, r.Weight)
	}})
	l.keepNext = l.keepNext || r.KeepNext
}
