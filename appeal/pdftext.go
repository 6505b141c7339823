package appeal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/ledongthuc/pdf"
)

// A glyph is one sign of a page: where it stands, how wide and how large.
type glyph struct {
	x, y, w, size float64
	s             string
}

type matrix [6]float64 // a b c d e f, as PDF writes them

func (m matrix) mul(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// pdfFont is what is needed of a font: letters and widths by code.
type pdfFont struct {
	enc    pdf.TextEncoding
	wide   bool // codes of two bytes
	widths map[int]float64
	dw     float64
	text   map[string]string
	font   pdf.Font
}

// textState is the part of the graphics state that places text.
type textState struct {
	ctm              matrix
	font             *pdfFont
	size, tc, tw, th float64
	leading, rise    float64
	tm, tlm          matrix
}

// A pageReader runs the operators of a page. The library's own reader of
// content is not used: it loses the widths of composite fonts and adds a
// sign of its own after every string.
type pageReader struct {
	ctx   context.Context
	out   []glyph
	fonts map[string]*pdfFont
	depth int
	ops   int // operators run so far, in forms too
}

// maxStream bounds what one content stream or table of a font unpacks to.
const maxStream = 64 << 20

// onlyHex reports whether b may lie within a hexadecimal string, the last
// sign of which may be wrong.
func onlyHex(b []byte) bool {
	return len(bytes.Trim(b, "0123456789abcdefABCDEF \t\r\n\f\x00")) <= 1
}

// wholeStream reports what keeps a stream from being interpreted: it unpacks
// to too much, or it ends within a hexadecimal string, which the library
// would go on reading for ever.
func wholeStream(v pdf.Value) error {
	var rs []io.Reader
	if v.Kind() == pdf.Array {
		for i := 0; i < v.Len(); i++ {
			rs = append(rs, v.Index(i).Reader())
		}
	} else {
		rs = append(rs, v.Reader())
	}
	r := io.MultiReader(rs...)
	buf, open, total := make([]byte, 64<<10), false, 0
	for {
		n, err := r.Read(buf)
		total += n
		if i := bytes.LastIndexByte(buf[:n], '<'); i >= 0 {
			open = onlyHex(buf[i+1 : n])
		} else {
			open = open && onlyHex(buf[:n])
		}
		switch {
		case total > maxStream:
			return fmt.Errorf("a stream unpacks to more than %d MB", maxStream>>20)
		case err != nil:
			if open {
				return errors.New("a stream ends within a string")
			}
			return nil // what is broken besides, the interpreter says
		}
	}
}

var errTooLong = errors.New("reading took too long")

// run interprets one content stream with its resources.
func (p *pageReader) run(stream, resources pdf.Value, ctm matrix) {
	if p.depth++; p.depth > 8 {
		p.depth--
		return
	}
	defer func() { p.depth-- }()
	if err := wholeStream(stream); err != nil {
		panic(err)
	}
	g := textState{ctm: ctm, th: 1}
	var stack []textState
	var marked []bool
	artifact := 0 // depth of marked content that is page furniture
	pdf.Interpret(stream, func(stk *pdf.Stack, op string) {
		if p.ops++; p.ops%1000 == 0 && p.ctx.Err() != nil {
			panic(errTooLong)
		}
		args := make([]pdf.Value, stk.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stk.Pop()
		}
		num := func(i int) float64 {
			if i < len(args) {
				return args[i].Float64()
			}
			return 0
		}
		mat := func() matrix { return matrix{num(0), num(1), num(2), num(3), num(4), num(5)} }
		nextLine := func(x, y float64) {
			g.tlm = matrix{1, 0, 0, 1, x, y}.mul(g.tlm)
			g.tm = g.tlm
		}
		show := func(i int) {
			if i < len(args) && artifact == 0 {
				p.show(&g, args[i].RawString())
			}
		}
		switch op {
		case "q":
			if len(stack) < 200 {
				stack = append(stack, g)
			}
		case "Q":
			if k := len(stack); k > 0 {
				g, stack = stack[k-1], stack[:k-1]
			}
		case "cm":
			g.ctm = mat().mul(g.ctm)
		case "BT":
			g.tm, g.tlm = matrix{1, 0, 0, 1, 0, 0}, matrix{1, 0, 0, 1, 0, 0}
		case "Tf":
			if len(args) == 2 {
				g.font, g.size = p.font(resources, args[0].Name()), args[1].Float64()
			}
		case "Tc":
			g.tc = num(0)
		case "Tw":
			g.tw = num(0)
		case "Tz":
			g.th = num(0) / 100
		case "TL":
			g.leading = num(0)
		case "Ts":
			g.rise = num(0)
		case "Tm":
			g.tm = mat()
			g.tlm = g.tm
		case "Td":
			nextLine(num(0), num(1))
		case "TD":
			g.leading = -num(1)
			nextLine(num(0), num(1))
		case "T*":
			nextLine(0, -g.leading)
		case "Tj":
			show(0)
		case "'":
			nextLine(0, -g.leading)
			show(0)
		case "\"":
			g.tw, g.tc = num(0), num(1)
			nextLine(0, -g.leading)
			show(2)
		case "TJ":
			if len(args) == 0 || artifact > 0 {
				break
			}
			for i, k := 0, args[0].Len(); i < k; i++ {
				if x := args[0].Index(i); x.Kind() == pdf.String {
					p.show(&g, x.RawString())
				} else {
					g.tm = matrix{1, 0, 0, 1, -x.Float64() / 1000 * g.size * g.th, 0}.mul(g.tm)
				}
			}
		case "BMC", "BDC":
			furniture := len(args) > 0 && args[0].Name() == "Artifact"
			marked = append(marked, furniture)
			if furniture {
				artifact++
			}
		case "EMC":
			if k := len(marked); k > 0 {
				if marked[k-1] {
					artifact--
				}
				marked = marked[:k-1]
			}
		case "Do":
			if len(args) == 0 || artifact > 0 {
				break
			}
			x := resources.Key("XObject").Key(args[0].Name())
			if x.Key("Subtype").Name() != "Form" || x.Kind() != pdf.Stream {
				break
			}
			m := matrix{1, 0, 0, 1, 0, 0}
			if v := x.Key("Matrix"); v.Len() == 6 {
				for i := range m {
					m[i] = v.Index(i).Float64()
				}
			}
			res := x.Key("Resources")
			if res.IsNull() {
				res = resources
			}
			p.run(x, res, m.mul(g.ctm))
		}
	})
}

// show places the signs of a string.
func (p *pageReader) show(g *textState, raw string) {
	f := g.font
	if f == nil {
		return
	}
	step := 1
	if f.wide {
		step = 2
	}
	for i := 0; i+step <= len(raw); i += step {
		code := raw[i : i+step]
		c := int(code[0])
		if f.wide {
			c = c<<8 | int(code[1])
		}
		w, ok := f.widths[c]
		if !ok {
			w = f.dw
		}
		t := matrix{g.size * g.th, 0, 0, g.size, 0, g.rise}.mul(g.tm).mul(g.ctm)
		size := math.Hypot(t[2], t[3])
		if math.Abs(t[1]) <= math.Abs(t[0]) && size > 0 && size < 2000 && len(p.out) < 400_000 {
			p.out = append(p.out, glyph{t[4], t[5], w / 1000 * math.Abs(t[0]), size, f.letters(code)})
		}
		adv := w/1000*g.size + g.tc
		if step == 1 && c == ' ' {
			adv += g.tw
		}
		g.tm = matrix{1, 0, 0, 1, adv * g.th, 0}.mul(g.tm)
	}
}

// letters returns what a code stands for.
func (f *pdfFont) letters(code string) string {
	if s, ok := f.text[code]; ok {
		return s
	}
	s := f.enc.Decode(code)
	if f.text == nil {
		f.text = map[string]string{}
	}
	f.text[code] = s
	return s
}

// font reads a font of the resources once.
func (p *pageReader) font(resources pdf.Value, name string) *pdfFont {
	v := resources.Key("Font").Key(name)
	key := name + fmt.Sprint(p.depth)
	if f, ok := p.fonts[key]; ok && f.font.V.Key("BaseFont").Name() == v.Key("BaseFont").Name() && p.depth == 1 {
		return f
	}
	if u := v.Key("ToUnicode"); u.Kind() == pdf.Stream {
		if err := wholeStream(u); err != nil {
			panic(err)
		}
	}
	f := &pdfFont{font: pdf.Font{V: v}, widths: map[int]float64{}, dw: 500}
	f.enc = f.font.Encoder()
	if f.enc == nil {
		return nil
	}
	if v.Key("Subtype").Name() == "Type0" {
		f.wide, f.dw = true, 1000
		d := v.Key("DescendantFonts").Index(0)
		if dw := d.Key("DW"); !dw.IsNull() {
			f.dw = dw.Float64()
		}
		w := d.Key("W")
		for i, n := 0, min(w.Len(), 100_000); i+1 < n; {
			first := int(w.Index(i).Int64())
			if list := w.Index(i + 1); list.Kind() == pdf.Array {
				for k := 0; k < list.Len() && k < 65536; k++ {
					f.widths[first+k] = list.Index(k).Float64()
				}
				i += 2
				continue
			}
			if i+2 < n {
				last, width := int(w.Index(i+1).Int64()), w.Index(i+2).Float64()
				for c := first; c <= last && c < first+65536; c++ {
					f.widths[c] = width
				}
			}
			i += 3
		}
	} else {
		first := int(v.Key("FirstChar").Int64())
		for i, ws := 0, v.Key("Widths"); i < ws.Len() && i < 256; i++ {
			f.widths[first+i] = ws.Index(i).Float64()
		}
		if dw := v.Key("FontDescriptor").Key("MissingWidth"); !dw.IsNull() {
			f.dw = dw.Float64()
		}
		if v.Key("Subtype").Name() == "Type3" { // its own units
			scale := v.Key("FontMatrix").Index(0).Float64() * 1000
			for c := range f.widths {
				f.widths[c] *= scale
			}
		}
	}
	if p.fonts == nil {
		p.fonts = map[string]*pdfFont{}
	}
	p.fonts[key] = f
	return f
}

// pageGlyphs returns the signs of a page in the order they were drawn, also
// those read before the page turned out to be broken.
func pageGlyphs(ctx context.Context, page pdf.Page) (out []glyph, err error) {
	p := &pageReader{ctx: ctx}
	defer func() {
		out = p.out
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	if c := page.V.Key("Contents"); !c.IsNull() {
		p.run(c, page.Resources(), matrix{1, 0, 0, 1, 0, 0})
	}
	return p.out, nil
}
