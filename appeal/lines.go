package appeal

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// joinText puts the next printed line behind a text: a hyphen at the end of
// the line keeps its place without a space ("above-" "mentioned"), a cut
// address is left to mendLinks.
func joinText(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	case strings.HasSuffix(a, "\x00"):
		return strings.TrimSuffix(a, "\x00") + b
	case len(a) > 1 && strings.HasSuffix(a, "@") && isLetter(a[len(a)-2]) && startsWithLetter(b):
		return a + b // an e-mail address cut by the line
	case strings.HasSuffix(a, "-") && len(a) > 1 && !strings.HasSuffix(a, " -") && startsWithLetter(b) && !openEnd(a):
		return a + b
	}
	return a + " " + b
}

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// endsSentence reports whether a line ends as a sentence or a list item does.
func endsSentence(s string) bool {
	if strings.HasSuffix(s, ".") && abbreviation.MatchString(s[max(0, len(s)-12):]) {
		return false
	}
	s = strings.TrimRight(WithoutMarks(s), " \x00")
	s = strings.TrimRight(s, `"'”’»)]0123456789`)
	return s == "" || strings.HasSuffix(s, "…") || strings.ContainsRune(".!?:;", rune(s[len(s)-1]))
}

// abbreviation is a title or short word whose point ends no sentence.
var abbreviation = lazyre.New(`(?:^|[\s(])(?:Mr|Mrs|Ms|Messrs|Mss|Mses|Dr|Prof|Hon|Gen|Col|Lt|St|No|Nos|Art|Arts|para|paras|cf|Cf|vs|H\.E|S\.E|M|MM|Me|Sr|Sra|Sres|Sras|Dra|Lic|Ud|art|págs?|pp?|núm|ст|п|пп|г-н|т|ул|д|им|Sn|Av|md)\.$`)

// A wrap is how the lines of a text were broken.
type wrap struct {
	width  int  // usual length of a full line in letters; 0: lines are paragraphs
	spaced bool // paragraphs are parted by empty lines
}

// wrapOf looks at the lengths of the lines.
func wrapOf(lines []line) wrap {
	var n []int
	long := 0
	for _, l := range lines {
		if l.para || bareURLLine.MatchString(l.text) {
			continue
		}
		k := utf8.RuneCountInString(l.text)
		if k > 40 {
			n = append(n, k)
		}
		if k > 160 {
			long++
		}
	}
	if len(n) < 4 || long*5 > len(n) {
		return wrap{}
	}
	sort.Ints(n)
	w := wrap{width: n[len(n)*9/10]}
	if n[len(n)/2] < w.width*7/10 || n[len(n)-1] > w.width*3/2 {
		return wrap{} // lines of every length: paragraphs
	}
	parted, close := 0, 0
	for i := 0; i+1 < len(lines); i++ {
		a, b := lines[i], lines[i+1]
		switch {
		case a.blank() || !endsSentence(a.text):
		case b.blank():
			parted++
		case startsUpper(b.text) && utf8.RuneCountInString(a.text) < w.width*2/3:
			close++
		}
	}
	w.spaced = parted >= 3 && parted >= close
	return w
}

// partWrapped undoes a common accident: every printed line of a wrapped text
// pasted into a word processor or page as a paragraph of its own.
func (s *source) partWrapped() {
	var flat []line
	long, open, paras := 0, 0, 0
	for i, l := range s.lines {
		if l.para {
			paras++
		}
		if l.blank() && i > 0 && s.lines[i-1].para {
			continue // the end of the paragraph, not an empty line
		}
		if n := utf8.RuneCountInString(l.text); n > 60 && !bareURLLine.MatchString(l.text) {
			long++
			if !endsSentence(l.text) {
				open++
			}
		}
		l.para = false
		flat = append(flat, l)
	}
	w := wrapOf(flat)
	if paras < 10 || w.width == 0 || w.width > 120 || open*2 < long {
		return
	}
	s.lines = flat
	s.warn("wrapped-lines", "", "every line stood as a paragraph of its own; lines that go on were joined")
}

// joins reports whether line b goes on the paragraph of line a, with so many
// empty lines between them.
func (w wrap) joins(a, b line, empty int) bool {
	switch {
	case a.para || b.para || a.level > 0 || b.level > 0 || b.item != "":
		return false
	case a.text == "" || b.text == "":
		return false
	}
	if _, _, rest, ok := headingOf(b.text); ok && len(b.text) < 120 || ok && rest != "" {
		return false
	}
	if _, _, rest, ok := headingOf(a.text); ok && rest == "" {
		return false
	}
	if m, _, ok := marker(b.text); ok && (endsSentence(a.text) || empty > 0 && m != "-" || !mayBeText(m)) {
		return false
	}
	if stars.MatchString(a.text) || stars.MatchString(b.text) {
		return false
	}
	if contactStart.MatchString(b.text) && !strings.HasSuffix(a.text, ",") || startsUpper(b.text) && opensFormula(b.text) {
		return false
	}
	full := w.width > 0 && utf8.RuneCountInString(a.text) >= w.width*2/3
	lower := startsLower(b.text)
	end := endsSentence(a.text)
	switch {
	case empty == 0 && w.width > 0:
		return !end || full || w.spaced
	case empty == 0:
		return !end && (lower || utf8.RuneCountInString(a.text) > 60)
	case end:
		return false
	}
	return lower || full
}

func startsLower(s string) bool {
	s = strings.TrimLeft(s, `("'“«`)
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

var (
	stars = lazyre.New(`^(?:\*\s*){2,}\*?$|^\*{3,}$|^[-–—_]{3,}$`)
	// "i.", "(ii)", "iv)", "1.", "2)", "a)", "а)" and bullets.
	itemMarker = lazyre.New(`^((?:\(?(?:[ivxIVX]{1,6}|\d{1,2}|[a-zа-я])[.)/]-?)|[•●▪◦‣∙·⁃*\x{f0b7}\x{f0a7}–—-]|o)\s+(\S.*)$`)
)

// marker cuts the marker of a list item off a line.
func marker(s string) (mark, rest string, ok bool) {
	m := itemMarker.FindStringSubmatch(s)
	if m == nil || stars.MatchString(s) {
		return "", s, false
	}
	if m[1] == "o" && startsLower(m[2]) {
		return "", s, false
	}
	return m[1], m[2], true
}

// sameList reports whether a line begins the next item of the list that p is
// an item of.
func (p paragraph) sameList(l line) bool {
	if p.item == "" {
		return false
	}
	m, _, ok := marker(l.text)
	return ok && bullet(m) == bullet(p.item) && (!bullet(m) || m == p.item)
}

// contactStart is a line that names a channel: "Tel FIDH:", "cc. …".
var contactStart = lazyre.New(`(?i)^(?:e-?mail|courriel|correo|tel|tél|teléfono|phone|fax|télécopie|тел|факс|эл\.|faks|telefon|e-?posta)[\p{L}. ]{0,25}(?::|\+)|^cc\s?[.:]`)

// mayBeText reports whether a marker at the start of a line may as well be
// part of a sentence: a dash, an initial ("V. Name").
func mayBeText(m string) bool {
	r, n := utf8.DecodeRuneInString(m)
	return strings.ContainsRune("–—-", r) || unicode.IsUpper(r) && len(m) == n+1
}

// bullet reports whether a marker counts nothing.
func bullet(mark string) bool {
	r, _ := utf8.DecodeRuneInString(mark)
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '(' || mark == "o"
}

// A paragraph is what a reader sees as one.
type paragraph struct {
	text  string
	level int
	item  string // marker of a list item
	para  bool
	links []Link

	from, to int // its lines
}

// paragraphs joins the lines of a stretch of text.
func paragraphs(lines []line, w wrap) []paragraph {
	var ps []paragraph
	var last line
	empty := 0
	for i, l := range lines {
		if l.blank() {
			empty++
			continue
		}
		if len(ps) > 0 && !ps[len(ps)-1].sameList(l) && w.joins(last, l, empty) {
			p := &ps[len(ps)-1]
			p.text = joinText(p.text, l.text)
			p.links = append(p.links, l.links...)
			p.to = i + 1
			last, empty = l, 0
			continue
		}
		last, empty = l, 0
		p := paragraph{text: l.text, level: l.level, item: l.item, para: l.para, links: l.links, from: i, to: i + 1}
		if p.item == "" && p.level == 0 {
			if m, rest, ok := marker(l.text); ok {
				p.item, p.text = m, rest
			}
		}
		ps = append(ps, p)
	}
	listed := map[string]bool{}
	for i := range ps {
		ps[i].text = strings.TrimSuffix(mend(ps[i].text, listed), "\x00")
	}
	return ps
}
