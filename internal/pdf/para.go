package pdf

import (
	"math"
	"reflect"
	"slices"
	"unicode"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/segmenter"
)

// A Color is 0xRRGGBB.
type Color uint32

// A Span is a piece of a paragraph in one style.
type Span struct {
	Text  string
	Font  Font
	Size  float64 // points
	Color Color
	Rise  float64 // points above the baseline
	Track float64 // points between letters
	Lang  string  // BCP 47, "" for the language of the document
	Link  string  // URL behind the words
	Note  int     // the words are the mark of this note of [Doc.Notes], counted from 1
	LTR   bool    // left to right whatever stands around: codes, addresses, telephone numbers
	Keep  bool    // never broken over two lines
}

// A Para is one paragraph. A newline in its text is a line break.
type Para struct {
	Spans   []Span
	Lead    float64 // points from baseline to baseline
	End     bool    // aligned to the far edge instead of the near one
	Balance bool    // lines of about one length: headings
	Role    string  // of the structure tree: "P" when "", else "H1", "H2", …
}

// A piece is a word, a space or a part of a word: one style, one face, one
// direction. Lines are made of whole pieces.
type piece struct {
	sh    *shaped
	face  *face
	span  *Span
	size  float64 // of the face
	width float64
	level uint8
	space bool // white space: not counted at the end of a line
	brk   bool // the line may end after it
	link  bool // brk is inside an address
	must  bool // the line must end after it
	x     float64
}

// A line is laid out: pieces in the order of the text, each with its place
// from the left edge of the line.
type line struct {
	pieces []piece
	width  float64 // without the space at its end
	size   float64 // of the largest type
}

func (l *line) notes(in []int) []int {
	for i := range l.pieces {
		if n := l.pieces[i].span.Note; n > 0 && !slices.Contains(in, n) {
			in = append(in, n)
		}
	}
	return in
}

// A setter makes lines of paragraphs in one language and direction.
type setter struct {
	lang    string
	rtl     bool
	bidi    bidi.Paragraph
	seg     segmenter.Segmenter
	missing map[rune]bool

	text   []rune
	spanAt []int
	levels []uint8
	brk    []uint8 // before rune i
	pieces []piece
}

const (
	noBreak uint8 = iota
	mayBreak
	linkBreak // inside an address: only when it must be
)

// set breaks a paragraph into lines no wider than width.
func (t *setter) set(p *Para, width float64) []line {
	t.gather(p)
	if len(t.text) == 0 {
		return nil
	}
	t.findLevels()
	t.findBreaks(p)
	t.cut(p, width)
	return t.lines(width, p.Balance)
}

// width returns the width of a paragraph set in one line.
func (t *setter) width(p *Para) float64 {
	w := 0.0
	for _, l := range t.set(p, 1e6) {
		w = max(w, l.width)
	}
	return w
}

// gather joins the spans; it replaces what may not stand in a file or on a
// page and marks the direction of spans that have one of their own.
func (t *setter) gather(p *Para) {
	t.text, t.spanAt = t.text[:0], t.spanAt[:0]
	add := func(r rune, i int) {
		t.text = append(t.text, r)
		t.spanAt = append(t.spanAt, i)
	}
	for i := range p.Spans {
		s := &p.Spans[i]
		if s.LTR && t.rtl {
			add(lri, i)
		}
		for _, r := range s.Text {
			if r == 0xAD || r == 0xFEFF { // soft hyphen, byte order mark: nothing on paper
				continue
			}
			add(cleanRune(r), i)
		}
		if s.LTR && t.rtl {
			add(pdi, i)
		}
	}
	for len(t.text) > 0 && t.text[len(t.text)-1] == '\n' {
		t.text = t.text[:len(t.text)-1]
	}
}

const (
	lri = '\u2066'
	pdi = '\u2069'
)

// cleanRune maps every line break to \n, a tab to a space and what cannot be
// drawn nor written into a file to the replacement sign.
func cleanRune(r rune) rune {
	switch {
	case r == '\n', r == '\u2028', r == '\u2029', r == '\v', r == '\f', r == '\u0085':
		return '\n'
	case r == '\t', r == '\r':
		return ' '
	case r == 0x202D, r == 0x202E: // turns words round: "evil" would read "live"
		return replacement
	case r < ' ', r >= 0x7F && r < 0xA0, r >= 0xD800 && r < 0xE000, r > unicode.MaxRune, r&0xFFFE == 0xFFFE:
		return replacement
	}
	return r
}

// steers reports whether r only steers the order and the breaks of the text.
func steers(r rune) bool {
	return r == 0x200B || r == 0x2060 || r >= 0x200E && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x61C
}

// invisible reports whether r steers the text and has no shape: marks of
// direction, joiners, the soft hyphen, selectors of variants.
func invisible(r rune) bool {
	return r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2060 && r <= 0x206F ||
		r == 0xAD || r == 0xFEFF || r == 0x61C || r >= 0xFE00 && r <= 0xFE0F || r == 0x34F || r >= 0xE0000 && r <= 0xE0FFF
}

func isLetter(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// findLevels runs the bidirectional algorithm (UAX #9).
func (t *setter) findLevels() {
	base := uint8(0)
	if t.rtl {
		base = 1
	}
	t.levels = t.levels[:0]
	plain := !t.rtl
	for _, r := range t.text {
		t.levels = append(t.levels, base)
		if r >= 0x590 && (r < 0x900 || r >= 0x200E && r <= 0x202E || r >= 0x2066 && r <= 0x2069 ||
			r >= 0xFB1D && r <= 0xFEFC || r >= 0x10800) {
			plain = false
		}
	}
	if plain {
		return
	}
	dir := bidi.LeftToRight
	if t.rtl {
		dir = bidi.RightToLeft
	}
	for from := 0; from < len(t.text); { // the lines of one paragraph are independent
		to := from
		for to < len(t.text) && t.text[to] != '\n' {
			to++
		}
		if to > from {
			runs := t.bidi.Segment(t.text[from:to], dir)
			// Runs joins neighbours of one direction even where their levels
			// differ, and the order within a line depends on the level: so
			// the levels themselves are read.
			levels := reflect.ValueOf(runs).FieldByName("levels")
			for i := from; i < to && i-from < levels.Len(); i++ {
				if l := levels.Index(i - from).Int(); l >= 0 && l < 128 {
					t.levels[i] = uint8(l)
				}
			}
		}
		from = to + 1
	}
}

// cut makes pieces: at every break, style, direction and face.
func (t *setter) cut(p *Para, width float64) {
	t.pieces = t.pieces[:0]
	n := len(t.text)
	for i := 0; i < n; {
		s := &p.Spans[t.spanAt[i]]
		if t.text[i] == '\n' {
			if len(t.pieces) == 0 || t.pieces[len(t.pieces)-1].must {
				t.push(piece{sh: &shaped{}, face: latin[s.Font], span: s, size: s.Size, level: t.levels[i], space: true})
			}
			t.pieces[len(t.pieces)-1].must = true
			i++
			continue
		}
		if steers(t.text[i]) { // its work is done
			if k := len(t.pieces); k > 0 && t.brk[i+1] == mayBreak {
				t.pieces[k-1].brk = true
			}
			i++
			continue
		}
		space := isSpace(t.text[i])
		f := faceFor(s.Font, t.text[i], t.levels[i]&1 == 1)
		j := i + 1
		for j < n && t.brk[j] == noBreak && t.spanAt[j] == t.spanAt[i] && t.levels[j] == t.levels[i] &&
			isSpace(t.text[j]) == space && t.text[j] != '\n' && !steers(t.text[j]) &&
			(isMark(t.text[j]) || faceFor(s.Font, t.text[j], t.levels[j]&1 == 1) == f) && j-i < 512 {
			j++
		}
		pc := t.make(i, j, s, f)
		pc.space = space
		if pc.width > width && !space && j-i > 1 {
			t.chop(i, j, s, f, width)
		} else {
			t.push(pc)
		}
		if j < n {
			switch t.brk[j] {
			case mayBreak:
				t.pieces[len(t.pieces)-1].brk = true
			case linkBreak:
				t.pieces[len(t.pieces)-1].brk, t.pieces[len(t.pieces)-1].link = true, true
			}
		}
		i = j
	}
}

func (t *setter) push(p piece) { t.pieces = append(t.pieces, p) }

func (t *setter) make(i, j int, s *Span, f *face) piece {
	lang := s.Lang
	if lang == "" {
		lang = t.lang
	}
	sh := f.shape(t.text[i:j], t.levels[i]&1 == 1, lang)
	for _, r := range sh.missing {
		if t.missing == nil {
			t.missing = map[rune]bool{}
		}
		t.missing[r] = true
	}
	size := s.Size * f.scale
	return piece{sh: sh, face: f, span: s, size: size, level: t.levels[i],
		width: sh.adv*size/em + s.Track*float64(len(sh.glyphs))}
}

// chop breaks a word that is wider than the line into as many pieces as it
// takes, between letters, without a hyphen.
func (t *setter) chop(i, j int, s *Span, f *face, width float64) {
	for i < j {
		k, w := i, 0.0
		for k < j {
			next := k + 1
			for next < j && isMark(t.text[next]) && next-k < 32 {
				next++
			}
			cw := t.make(k, next, s, f).width
			if k > i && w+cw > width {
				break
			}
			w += cw
			k = next
		}
		pc := t.make(i, k, s, f)
		pc.brk = k < j
		t.push(pc)
		i = k
	}
}

func isMark(r rune) bool {
	return r >= 0x300 && (unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || r == 0x200D || r == 0x200C || r >= 0xFE00 && r <= 0xFE0F)
}

// isSpace reports whether r is white space at which a line may end.
func isSpace(r rune) bool {
	return r == ' ' || r >= 0x2000 && r <= 0x200A && r != 0x2007 || r == 0x205F || r == 0x3000 || r == 0x1680
}

// What a line costs against the empty share of it, squared, and what a break
// inside an address costs: more than one line, less than two.
const (
	lineCost = 3
	linkCost = 4.5
)

// lines chooses the breaks. It takes few lines, nearly full, avoids a single
// short word as last line and breaks addresses only when they are longer
// than a line or waste two.
func (t *setter) lines(width float64, balance bool) []line {
	var out []line
	for from := 0; from < len(t.pieces); {
		to := from
		for to < len(t.pieces) && !t.pieces[to].must {
			to++
		}
		if to < len(t.pieces) {
			to++
		}
		out = t.fit(out, t.pieces[from:to], width, balance)
		from = to
	}
	return out
}

func (t *setter) fit(out []line, ps []piece, width float64, balance bool) []line {
	loosen(ps, width)
	// ends[k] is a place where a line may end: after piece ends[k]-1.
	ends := []int{0}
	for i := range ps {
		if ps[i].brk || i == len(ps)-1 {
			ends = append(ends, i+1)
		}
	}
	type way struct {
		cost float64
		prev int
	}
	best := make([]way, len(ends))
	best[0] = way{prev: -1}
	for k := 1; k < len(ends); k++ {
		best[k] = way{math.Inf(1), k - 1}
		var w, tail float64 // width of the pieces, and of the space at their end
		at, trailing := ends[k], true
		for from := k - 1; from >= 0; from-- {
			for at > ends[from] {
				at--
				if trailing = trailing && ps[at].space; trailing {
					tail += ps[at].width
				}
				w += ps[at].width
			}
			slack := width - (w - tail)
			if slack < -.01 && from < k-1 {
				break
			}
			cost := lineCost + slack*slack/(width*width)
			switch last := k == len(ends)-1; {
			case last && !balance && from > 0 && w-tail < width*.2:
				cost = lineCost + .25*(1-(w-tail)/(width*.2)) + .05
			case last && !balance:
				cost = lineCost
			case !last && ps[ends[k]-1].link:
				cost += linkCost
			}
			if c := best[from].cost + cost; c < best[k].cost {
				best[k] = way{c, from}
			}
			if slack < -.01 {
				break
			}
		}
	}
	var cuts []int
	for k := len(ends) - 1; k > 0; k = best[k].prev {
		cuts = append(cuts, k)
	}
	for i := len(cuts) - 1; i >= 0; i-- {
		k := cuts[i]
		out = append(out, t.place(ps[ends[best[k].prev]:ends[k]]))
	}
	return out
}

// loosen allows breaks in what should stay on one line when no line can hold
// it.
func loosen(ps []piece, width float64) {
	for i := 0; i < len(ps); {
		j, w := i, 0.0
		for j < len(ps) && (j == i || !ps[j-1].brk) {
			w += ps[j].width
			j++
		}
		if w > width {
			for k := i; k < j; k++ {
				ps[k].brk = true
			}
		}
		i = j
	}
}

// place orders the pieces of a line from left to right (UAX #9, L1 and L2).
func (t *setter) place(ps []piece) line {
	l := line{pieces: slices.Clone(ps)}
	base := uint8(0)
	if t.rtl {
		base = 1
	}
	ps = l.pieces
	order := make([]int, len(ps))
	lo, hi := uint8(255), uint8(0)
	hang := 0.0
	trailing := true
	for i := len(ps) - 1; i >= 0; i-- {
		order[i] = i
		if trailing = trailing && ps[i].space; trailing {
			ps[i].level = base
			hang += ps[i].width
		} else {
			l.width += ps[i].width
		}
		lo, hi = min(lo, ps[i].level), max(hi, ps[i].level)
		l.size = max(l.size, ps[i].span.Size)
	}
	for level := hi; level > 0 && level >= lo|1; level-- {
		for i := 0; i < len(order); {
			if ps[order[i]].level < level {
				i++
				continue
			}
			j := i
			for j < len(order) && ps[order[j]].level >= level {
				j++
			}
			slices.Reverse(order[i:j])
			i = j
		}
	}
	x := 0.0
	if t.rtl {
		x = -hang // the space at the end of the line hangs out on the left
	}
	for _, i := range order {
		ps[i].x = x
		x += ps[i].width
	}
	return l
}
