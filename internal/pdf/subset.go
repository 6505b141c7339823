package pdf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"sort"
	"unicode/utf16"

	"github.com/go-text/typesetting/font/opentype"

	"github.com/arasha-org/arasha/internal/fonts"
)

// A fontUse is the part of a face that one document uses. Codes number its
// glyphs in the order of their first use; code 0 is .notdef.
type fontUse struct {
	face  *face
	code  map[glyphKey]uint16
	gids  []uint16 // by code: glyph of the face
	texts []string // by code: what the glyph stands for
	adv   []uint16 // by code
	shift []int16  // by code: the outline is moved by so much
}

// A glyphKey is a glyph of the face. A letter that its font wants moved
// within its own width, as Amiri does for letters that reach below their
// neighbour, becomes a glyph of its own: a gap before it would be read as a
// space.
type glyphKey struct {
	gid   uint16
	shift int16
	adv   uint16
}

func newFontUse(f *face) *fontUse {
	u := &fontUse{face: f.load(), code: map[glyphKey]uint16{}}
	u.use(&glyph{}, "")
	return u
}

// use returns the code of a glyph; the first text it is used for becomes its
// meaning. ok is false when it already stands for another text.
func (u *fontUse) use(g *glyph, text string) (code uint16, ok bool) {
	k := glyphKey{gid: g.id}
	if g.dx != 0 && g.dy == 0 && g.adv > 0 && g.adv < 1<<15 && math.Abs(g.dx) < 1<<14 {
		k.shift, k.adv = int16(g.dx), uint16(g.adv)
	}
	code, known := u.code[k]
	if !known {
		code = uint16(len(u.gids))
		u.code[k] = code
		u.gids = append(u.gids, g.id)
		u.texts = append(u.texts, text)
		u.shift = append(u.shift, k.shift)
		if k.shift == 0 {
			shapes.Lock()
			k.adv = uint16(max(u.face.face.HorizontalAdvance(opentype.GID(g.id)), 0))
			shapes.Unlock()
		}
		u.adv = append(u.adv, k.adv)
	}
	if u.texts[code] == "" {
		u.texts[code] = text
	}
	return code, u.texts[code] == text
}

// meaning returns what a glyph stands for by itself, or 0.
func (f *face) meaning(gid uint16) rune { return f.names[gid] }

// file returns a TrueType file that holds the glyphs of u only, numbered by
// their codes.
func (u *fontUse) file() ([]byte, error) {
	t, err := u.face.tables()
	if err != nil {
		return nil, err
	}
	gids := append([]uint16(nil), u.gids...) // grows by the parts of composed glyphs
	number := map[uint16]uint16{}
	for i, g := range gids {
		if u.shift[i] == 0 {
			number[g] = uint16(i)
		}
	}
	var glyf []byte
	loca := make([]byte, 0, 4*len(gids)+4)
	for i := 0; i < len(gids); i++ {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		g := t.glyph(gids[i])
		if i < len(u.shift) && u.shift[i] != 0 {
			g = moved(g, gids[i], u.shift[i])
		}
		at := len(glyf)
		glyf = append(glyf, g...)
		err := fonts.Components(glyf[at:], func(part uint16) uint16 {
			n, ok := number[part]
			if !ok {
				n = uint16(len(gids))
				number[part] = n
				gids = append(gids, part)
			}
			return n
		})
		if err != nil {
			return nil, fmt.Errorf("font %s: %w", u.face.name, err)
		}
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	hmtx := make([]byte, 0, 4*len(gids))
	for i, g := range gids {
		m := t.metric(g)
		if i < len(u.shift) && u.shift[i] != 0 {
			lsb := int16(binary.BigEndian.Uint16(m[2:])) + u.shift[i]
			m = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, u.adv[i]), uint16(lsb))
		}
		hmtx = append(hmtx, m...)
	}
	head, hhea, maxp := bytes.Clone(t.head), bytes.Clone(t.hhea), bytes.Clone(t.maxp)
	binary.BigEndian.PutUint16(head[50:], 1) // long loca
	binary.BigEndian.PutUint32(head[8:], 0)
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(gids)))
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(gids)))
	out := []opentype.Table{
		{Tag: opentype.MustNewTag("glyf"), Content: glyf},
		{Tag: opentype.MustNewTag("head"), Content: head},
		{Tag: opentype.MustNewTag("hhea"), Content: hhea},
		{Tag: opentype.MustNewTag("hmtx"), Content: hmtx},
		{Tag: opentype.MustNewTag("loca"), Content: loca},
		{Tag: opentype.MustNewTag("maxp"), Content: maxp},
	}
	for i := range out { // every table begins at a multiple of four
		for len(out[i].Content)%4 != 0 {
			out[i].Content = append(out[i].Content, 0)
		}
	}
	return opentype.WriteTTF(out), nil
}

// moved returns a composed glyph: the glyph gid, moved to the right.
func moved(g []byte, gid uint16, by int16) []byte {
	if len(g) < 10 {
		return nil
	}
	b := binary.BigEndian.AppendUint16(nil, 0xFFFF)
	for i := 2; i < 10; i += 2 {
		v := int16(binary.BigEndian.Uint16(g[i:]))
		if i == 2 || i == 6 { // xMin, xMax
			v += by
		}
		b = binary.BigEndian.AppendUint16(b, uint16(v))
	}
	for _, v := range []uint16{0x0003, gid, uint16(by), 0} { // arguments are words, and distances
		b = binary.BigEndian.AppendUint16(b, v)
	}
	return b
}

// tables are those of a face that a subset is made from.
type tables struct {
	head, hhea, maxp, hmtx, loca, glyf []byte
	long                               bool
	metrics                            int
}

func (f *face) tables() (*tables, error) {
	f.cut.Do(func() { f.parts, f.partsErr = f.readTables() })
	return f.parts, f.partsErr
}

func (f *face) readTables() (*tables, error) {
	ld, err := opentype.NewLoader(bytes.NewReader(f.data))
	if err != nil {
		return nil, err
	}
	var t tables
	for tag, to := range map[string]*[]byte{"head": &t.head, "hhea": &t.hhea, "maxp": &t.maxp, "hmtx": &t.hmtx, "loca": &t.loca, "glyf": &t.glyf} {
		if *to, err = ld.RawTable(opentype.MustNewTag(tag)); err != nil {
			return nil, fmt.Errorf("font %s: %w", f.name, err)
		}
	}
	t.long = binary.BigEndian.Uint16(t.head[50:]) == 1
	t.metrics = int(binary.BigEndian.Uint16(t.hhea[34:]))
	return &t, nil
}

func (t *tables) glyph(g uint16) []byte {
	var from, to int
	if t.long {
		from, to = int(binary.BigEndian.Uint32(t.loca[4*int(g):])), int(binary.BigEndian.Uint32(t.loca[4*int(g)+4:]))
	} else {
		from, to = 2*int(binary.BigEndian.Uint16(t.loca[2*int(g):])), 2*int(binary.BigEndian.Uint16(t.loca[2*int(g)+2:]))
	}
	return t.glyf[from:to]
}

// metric returns advance and left side bearing of a glyph, four bytes.
func (t *tables) metric(g uint16) []byte {
	if int(g) < t.metrics {
		return t.hmtx[4*int(g) : 4*int(g)+4]
	}
	at := 4*t.metrics + 2*(int(g)-t.metrics)
	return append(bytes.Clone(t.hmtx[4*t.metrics-4:4*t.metrics-2]), t.hmtx[at:at+2]...)
}

// toUnicode returns the map from codes to text (ISO 32000-1, 9.10.3).
func (u *fontUse) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	var codes []int
	for c, t := range u.texts {
		if t != "" {
			codes = append(codes, c)
		}
	}
	sort.Ints(codes)
	for len(codes) > 0 {
		n := min(len(codes), 100)
		fmt.Fprintf(&b, "%d beginbfchar\n", n)
		for _, c := range codes[:n] {
			fmt.Fprintf(&b, "<%04X> <", c)
			for _, v := range utf16.Encode([]rune(u.texts[c])) {
				fmt.Fprintf(&b, "%04X", v)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
		codes = codes[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
