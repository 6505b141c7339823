package pdf

import (
	"bytes"
	"strings"
	"sync"

	"github.com/arasha-org/arasha/internal/fonts"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// A Font is one of the faces of the house. Arabic letters are drawn in Amiri
// whatever the Font: regular, or bold for the bold ones.
type Font uint8

// The fonts: what somebody says is set in serif, what the desk says in sans.
const (
	Serif Font = iota
	SerifBold
	SerifItalic
	Sans
	SansBold
	fontCount
)

// A face is one font file, parsed when it is first used.
type face struct {
	name  string
	data  []byte
	scale float64 // drawn size per nominal size: Amiri is small on its body

	once  sync.Once
	font  *font.Font
	face  *font.Face // under shapes.Mutex
	names map[uint16]rune

	cut      sync.Once
	parts    *tables
	partsErr error

	outlines struct {
		sync.Mutex
		paths map[uint16]string
	}
}

var (
	latin = [fontCount]*face{
		Serif:       {name: "NotoSerif-Regular", data: fonts.SerifRegular, scale: 1},
		SerifBold:   {name: "NotoSerif-Bold", data: fonts.SerifBold, scale: 1},
		SerifItalic: {name: "NotoSerif-Italic", data: fonts.SerifItalic, scale: 1},
		Sans:        {name: "NotoSans-Regular", data: fonts.SansRegular, scale: 1},
		SansBold:    {name: "NotoSans-Bold", data: fonts.SansBold, scale: 1},
	}
	arabicRegular = &face{name: "Amiri-Regular", data: fonts.ArabicRegular, scale: 1.18}
	arabicBold    = &face{name: "Amiri-Bold", data: fonts.ArabicBold, scale: 1.18}
)

// em is the size of the em square in font units, the same for all our faces
// (a test says so).
const em = 1000

func (f *face) load() *face {
	f.once.Do(func() {
		fc, err := font.ParseTTF(bytes.NewReader(f.data))
		if err != nil {
			panic("pdf: the built-in font " + f.name + " is broken: " + err.Error())
		}
		f.font, f.face = fc.Font, fc
		f.names = map[uint16]rune{}
		for it := fc.Font.Cmap.Iter(); it.Next(); {
			r, g := it.Char()
			if old, ok := f.names[uint16(g)]; !ok || r < old {
				f.names[uint16(g)] = r
			}
		}
		f.outlines.paths = map[uint16]string{}
	})
	return f
}

func (f *face) has(r rune) bool {
	_, ok := f.load().font.NominalGlyph(r)
	return ok
}

// isArabic reports whether r is drawn in the Arabic face.
func isArabic(r rune) bool {
	return r >= 0x600 && r <= 0x6FF || r >= 0x750 && r <= 0x77F || r >= 0x8A0 && r <= 0x8FF ||
		r >= 0xFB50 && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFC
}

// faceFor chooses the face of a rune: Arabic letters and figures, and the
// signs that stand among them, come from the Arabic face.
func faceFor(f Font, r rune, rtl bool) *face {
	if isArabic(r) || rtl && !isLetter(r) {
		a := arabicRegular
		if f == SerifBold || f == SansBold {
			a = arabicBold
		}
		if a.has(r) {
			return a
		}
	}
	return latin[f]
}

// replacement stands on the page for a character that no face of ours has.
// The character itself stays in the text of the file.
const replacement = '\uFFFD'

// A glyph is one shape, with its place relative to the pen, in font units.
type glyph struct {
	id          uint16
	adv, dx, dy float64
}

// A cluster is the smallest piece of text that has its own glyphs. Clusters
// of right-to-left text stand in the order they are drawn, from the left.
type cluster struct {
	from, to int // glyphs
	text     string
}

// A shaped is a piece of text of one face, shaped. It is shared by every
// document and never changed.
type shaped struct {
	glyphs   []glyph
	clusters []cluster
	adv      float64 // font units
	runes    int
	missing  []rune // that the face does not have
}

type shapeKey struct {
	face *face
	text string
	rtl  bool
	lang string
}

// shapes keeps words that were shaped before: most words of a document were
// in another one, and shaping is the slowest step of a page. It is emptied
// when it is full, so that hostile input cannot fill the memory.
var shapes struct {
	sync.Mutex
	shaper shaping.HarfbuzzShaper
	known  map[shapeKey]*shaped
	runes  int
}

const shapesKept = 1 << 19 // runes

// shape returns the glyphs of text, which is of one face and one direction.
func (f *face) shape(text []rune, rtl bool, lang string) *shaped {
	key := shapeKey{f, string(text), rtl, lang}
	shapes.Lock()
	defer shapes.Unlock()
	if s := shapes.known[key]; s != nil {
		return s
	}
	s := f.load().shapeNew(text, rtl, lang)
	if shapes.known == nil || shapes.runes > shapesKept {
		shapes.known, shapes.runes = map[shapeKey]*shaped{}, 0
	}
	shapes.known[key] = s
	shapes.runes += len(text) + 8
	return s
}

func (f *face) shapeNew(text []rune, rtl bool, lang string) *shaped {
	s := &shaped{runes: len(text)}
	in := make([]rune, len(text))
	for i, r := range text {
		if _, ok := f.font.NominalGlyph(r); !ok && !invisible(r) {
			s.missing = append(s.missing, r)
			r = replacement
			if _, ok := f.font.NominalGlyph(r); !ok {
				r = '?'
			}
		}
		in[i] = r
	}
	out, ok := f.harfbuzz(in, rtl, lang)
	if !ok {
		s.plain(f, text, in, rtl)
		return s
	}
	for i := 0; i < len(out.Glyphs); {
		g := out.Glyphs[i]
		n := max(g.GlyphsCount(), 1)
		c := cluster{from: len(s.glyphs)}
		for _, g := range out.Glyphs[i:min(i+n, len(out.Glyphs))] {
			if g.GlyphID > 0xFFFF {
				continue // the sign for "draw nothing"
			}
			a := glyph{uint16(g.GlyphID), units(g.Advance), units(g.XOffset), units(g.YOffset)}
			s.glyphs = append(s.glyphs, a)
			s.adv += a.adv
		}
		c.to = len(s.glyphs)
		at := g.TextIndex()
		c.text = string(text[at:min(at+max(g.RunesCount(), 1), len(text))])
		s.clusters = append(s.clusters, c)
		i += n
	}
	return s
}

// harfbuzz shapes; a shaper that fails on text nobody foresaw costs the
// joins and marks of that word, not the document.
func (f *face) harfbuzz(text []rune, rtl bool, lang string) (out shaping.Output, ok bool) {
	defer func() {
		if recover() != nil {
			shapes.shaper = shaping.HarfbuzzShaper{}
			ok = false
		}
	}()
	in := shaping.Input{Text: text, RunEnd: len(text), Direction: di.DirectionLTR, Face: f.face,
		Size: fixed.I(em), Script: scriptOf(text), Language: language.Language(strings.ToLower(lang))}
	if rtl {
		in.Direction = di.DirectionRTL
	}
	return shapes.shaper.ShapeNoExtents(in), true
}

// plain places one glyph per rune, without shaping.
func (s *shaped) plain(f *face, text, in []rune, rtl bool) {
	for i := range in {
		k := i
		if rtl {
			k = len(in) - 1 - i
		}
		c := cluster{from: len(s.glyphs), text: string(text[k])}
		if g, ok := f.font.NominalGlyph(in[k]); ok {
			a := glyph{id: uint16(g), adv: float64(f.face.HorizontalAdvance(g))}
			s.glyphs = append(s.glyphs, a)
			s.adv += a.adv
		}
		c.to = len(s.glyphs)
		s.clusters = append(s.clusters, c)
	}
}

func units(v fixed.Int26_6) float64 { return float64(v) / 64 }

func scriptOf(text []rune) language.Script {
	for _, r := range text {
		if isArabic(r) {
			return language.Arabic
		}
		if s := language.LookupScript(r); s.Strong() {
			return s
		}
	}
	return language.Latin
}

// outline returns the glyph as an SVG path in font units, y downwards.
func (f *face) outline(gid uint16) string {
	o := &f.load().outlines
	o.Lock()
	defer o.Unlock()
	if p, ok := o.paths[gid]; ok {
		return p
	}
	shapes.Lock() // a Face is not for two goroutines
	data, _ := f.face.GlyphDataOutline(font.GID(gid))
	shapes.Unlock()
	var b []byte
	num := func(sep byte, p opentype.SegmentPoint) {
		b = appendNumber(append(b, sep), float64(p.X))
		b = appendNumber(append(b, ' '), -float64(p.Y))
	}
	open := false
	for _, s := range data.Segments {
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if open {
				b = append(b, 'z')
			}
			open = true
			num('M', s.Args[0])
		case opentype.SegmentOpLineTo:
			num('L', s.Args[0])
		case opentype.SegmentOpQuadTo:
			num('Q', s.Args[0])
			num(' ', s.Args[1])
		case opentype.SegmentOpCubeTo:
			num('C', s.Args[0])
			num(' ', s.Args[1])
			num(' ', s.Args[2])
		}
	}
	if open {
		b = append(b, 'z')
	}
	p := string(b)
	o.paths[gid] = p
	return p
}
