package pdf

import (
	"fmt"
	"strings"
)

// Plain returns what page number page (from 1) says and where: one row per
// piece of a line, with the place of its baseline in millimetres from the
// top left corner. Furniture is marked with a "~". Golden tests read it.
func (l *Laid) Plain(page int) string {
	var b strings.Builder
	p := l.pages[page-1]
	for i := 0; i < len(p.ops); {
		o := &p.ops[i]
		if o.kind != opText {
			if o.kind == opImage {
				fmt.Fprintf(&b, "%6.1f %6.1f   [image]\n", o.x/MM, o.y/MM)
			}
			i++
			continue
		}
		left := o.x
		var said strings.Builder
		j := i
		for ; j < len(p.ops) && p.ops[j].kind == opText && p.ops[j].y == o.y && p.ops[j].el == o.el; j++ {
			left = min(left, p.ops[j].x)
			said.WriteString(p.ops[j].piece.text())
		}
		mark := " "
		if o.el == nil {
			mark = "~"
		}
		if s := strings.TrimSpace(said.String()); s != "" {
			fmt.Fprintf(&b, "%6.1f %6.1f %s %s\n", left/MM, o.y/MM, mark, s)
		}
		i = j
	}
	return b.String()
}

// text returns the text of a piece in the order it was written.
func (p *piece) text() string {
	var b strings.Builder
	n := len(p.sh.clusters)
	for i := range p.sh.clusters {
		if p.level&1 == 1 {
			i = n - 1 - i
		}
		b.WriteString(p.sh.clusters[i].text)
	}
	return b.String()
}

// Tags returns the structure tree as the PDF holds it: one row per element,
// indented, with its language, and the text that is its own.
func (l *Laid) Tags() string {
	w := &writer{laid: l, doc: l.doc, fonts: map[*face]*fontUse{}, kids: map[*elem][]kid{}, images: map[*Image]int{}}
	w.grow(l.root)
	said := map[[2]int]string{}
	for i, p := range l.pages {
		w.content(i, p)
		// Content is numbered in the order it is drawn.
		var last *elem
		for k := range p.ops {
			o := &p.ops[k]
			if o.kind == opText && o.el != nil {
				for m, e := range w.parents[i] {
					if e == o.el && (o.el == last || said[[2]int{i, m}] == "") {
						said[[2]int{i, m}] += o.piece.text()
						break
					}
				}
			}
			last = o.el
		}
	}
	var b strings.Builder
	var walk func(e *elem, depth int)
	walk = func(e *elem, depth int) {
		if len(w.kids[e]) == 0 && e.role != "TD" && e.parent != nil {
			return
		}
		fmt.Fprintf(&b, "%s%s", strings.Repeat("  ", depth), e.role)
		for _, s := range []struct{ k, v string }{{"lang", e.lang}, {"id", e.id}, {"alt", e.alt}, {"", e.attr}} {
			if s.v != "" {
				fmt.Fprintf(&b, " %s", strings.TrimPrefix(s.k+"="+s.v, "="))
			}
		}
		own := ""
		for _, k := range w.kids[e] {
			if k.el == nil && k.objr == 0 {
				own += said[[2]int{k.page, k.mcid}]
			}
		}
		if own = strings.TrimSpace(own); own != "" {
			fmt.Fprintf(&b, " %q", own)
		}
		b.WriteByte('\n')
		for _, k := range w.kids[e] {
			switch {
			case k.el != nil:
				walk(k.el, depth+1)
			case k.objr > 0:
				fmt.Fprintf(&b, "%slink on page %d\n", strings.Repeat("  ", depth+1), k.page+1)
			}
		}
	}
	walk(l.root, 0)
	return b.String()
}
