package pdf

import (
	"fmt"
	"io"
	"strings"
)

// SVG draws one page, counted from 1, as a standalone SVG image: glyphs are
// outlines, so it looks the same wherever it is opened. Each line of text is
// named by its words.
func (l *Laid) SVG(out io.Writer, number int) error {
	if number < 1 || number > len(l.pages) {
		return fmt.Errorf("there is no page %d: the document has %d", number, len(l.pages))
	}
	p := l.pages[number-1]
	s := &svgWriter{ids: map[svgGlyph]int{}}
	for i := 0; i < len(p.ops); {
		o := &p.ops[i]
		if o.kind != opText {
			s.mark(o)
			i++
			continue
		}
		j := i
		for j < len(p.ops) && p.ops[j].kind == opText && p.ops[j].y == o.y && p.ops[j].el == o.el {
			j++
		}
		s.text(p.ops[i:j])
		i = j
	}
	var b []byte
	d := l.doc
	b = append(b, `<svg xmlns="http://www.w3.org/2000/svg" width="`...)
	b = append(appendNumber(b, d.Width), `pt" height="`...)
	b = append(appendNumber(b, d.Height), `pt" viewBox="0 0 `...)
	b = append(appendNumber(append(appendNumber(b, d.Width), ' '), d.Height), `" role="img" aria-label="`...)
	b = append(append(b, svgText(d.Title)...), "\">\n<defs>\n"...)
	b = append(append(b, s.defs...), "</defs>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"...)
	b = append(append(b, s.body...), "</svg>\n"...)
	_, err := out.Write(b)
	return err
}

type svgGlyph struct {
	face *face
	gid  uint16
}

type svgWriter struct {
	ids        map[svgGlyph]int
	defs, body []byte
}

func (s *svgWriter) num(attr string, v float64) {
	s.body = append(append(s.body, ' '), attr...)
	s.body = append(appendNumber(append(s.body, `="`...), v), '"')
}

// text draws the pieces of a line that belong together.
func (s *svgWriter) text(ops []op) {
	var said strings.Builder
	for i := range ops {
		said.WriteString(ops[i].piece.text())
	}
	if strings.TrimSpace(said.String()) == "" {
		return
	}
	s.body = append(append(append(s.body, `<g aria-label="`...), svgText(strings.TrimSpace(said.String()))...), "\">\n"...)
	for i := range ops {
		o := &ops[i]
		p := &o.piece
		if p.space {
			continue
		}
		s.body = append(s.body, `<g transform="translate(`...)
		s.body = append(appendNumber(s.body, o.x), ' ')
		s.body = append(appendNumber(s.body, o.y), ") scale("...)
		s.body = fmt.Appendf(s.body, "%.5g)\"", p.size/em)
		if p.span.Color != 0 {
			s.body = fmt.Appendf(s.body, ` fill="#%06x"`, p.span.Color)
		}
		s.body = append(s.body, '>')
		x := 0.0
		for _, g := range p.sh.glyphs {
			if id, ok := s.glyph(p.face, g.id); ok {
				s.body = fmt.Appendf(s.body, `<use href="#g%d"`, id)
				if v := x + g.dx; v != 0 {
					s.num("x", v)
				}
				if g.dy != 0 {
					s.num("y", -g.dy)
				}
				s.body = append(s.body, "/>"...)
			}
			x += g.adv + p.span.Track*em/p.size
		}
		s.body = append(s.body, "</g>\n"...)
	}
	s.body = append(s.body, "</g>\n"...)
}

func (s *svgWriter) glyph(f *face, gid uint16) (int, bool) {
	k := svgGlyph{f, gid}
	if id, ok := s.ids[k]; ok {
		return id, id >= 0
	}
	path := f.outline(gid)
	if path == "" {
		s.ids[k] = -1
		return 0, false
	}
	id := len(s.ids)
	s.ids[k] = id
	s.defs = fmt.Appendf(s.defs, "<path id=\"g%d\" d=\"%s\"/>\n", id, path)
	return id, true
}

func (s *svgWriter) mark(o *op) {
	if o.kind == opImage {
		s.body = append(s.body, "<image"...)
		for i, a := range []string{"x", "y", "width", "height"} {
			s.num(a, []float64{o.x, o.y, o.w, o.h}[i])
		}
		s.body = fmt.Appendf(s.body, " href=\"%s\"/>\n", o.image.dataURL())
		return
	}
	s.body = append(appendNumber(append(s.body, `<path d="M`...), o.x), ' ')
	s.body = append(appendNumber(s.body, o.y), 'L')
	s.body = append(appendNumber(s.body, o.to), ' ')
	s.body = appendNumber(s.body, o.y)
	s.body = fmt.Appendf(s.body, `" fill="none" stroke="#%06x"`, o.color)
	s.num("stroke-width", o.weight)
	s.body = append(s.body, "/>\n"...)
}

func svgText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(xmlClean(s))
}
