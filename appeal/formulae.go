package appeal

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"github.com/arasha-org/arasha/internal/csvrows"
	"github.com/arasha-org/arasha/internal/lazyre"
)

// formulaeCSV is the table of stock phrases: lang, role, phrase, basis ("seen"
// in print, or "ours": our own wording, to be read by a native speaker).
//
// In a phrase "a|b" is a choice of words, "(…)" may be missing, "…" stands
// for a few words, "~" for the name of the country. Case and white space do
// not count, so that glued words match as well.
//
//go:embed data/formulae.csv
var formulaeCSV string

// A formula is one stock phrase.
type formula struct {
	lang, role, phrase string
	in                 pattern // anywhere in a text
	whole              pattern // the whole line, with or without a colon
	lead               pattern // at the start of a line, a colon after it
}

// A pattern is a regexp that is compiled when it is first needed, and tried
// only on texts that hold one of the words it cannot do without.
type pattern struct {
	re    func() *lazyre.Regexp
	words []string
}

func newPattern(expr string, words []string) pattern {
	return pattern{sync.OnceValue(func() *lazyre.Regexp { return lazyre.New(expr) }), words}
}

// may reports whether t can match at all.
func (p pattern) may(t string) bool {
	return p.words == nil || p.mayLower(strings.ToLower(t))
}

// mayLower is may for a text that is in lower case already.
func (p pattern) mayLower(t string) bool {
	for _, w := range p.words {
		if strings.Contains(t, w) {
			return true
		}
	}
	return p.words == nil
}

// MatchString reports whether t matches.
func (p pattern) MatchString(t string) bool { return p.may(t) && p.re().MatchString(t) }

// FindStringIndex returns where t matches first, or nil.
func (p pattern) FindStringIndex(t string) []int {
	if !p.may(t) {
		return nil
	}
	return p.re().FindStringIndex(t)
}

// FindStringSubmatch returns the first match and its groups, or nil.
func (p pattern) FindStringSubmatch(t string) []string {
	if !p.may(t) {
		return nil
	}
	return p.re().FindStringSubmatch(t)
}

// neededWords returns the pieces of which a text must hold one to match the
// phrase, lower case: the choices of its longest word that may not be
// missing. Pieces stop at letters that fold oddly.
func neededWords(phrase string) []string {
	var best []string
	size := 0
	depth := 0
	for _, w := range strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(phrase)) {
		switch w {
		case "(":
			depth++
			continue
		case ")":
			depth--
			continue
		}
		if depth > 0 {
			continue
		}
		var pieces []string
		least := 99
		for _, alt := range strings.Split(w, "|") {
			piece := ""
			for _, p := range strings.FieldsFunc(alt, func(r rune) bool { return strings.ContainsRune("iıİ'’-…~,.:!", r) }) {
				if len(p) > len(piece) {
					piece = p
				}
			}
			pieces = append(pieces, piece)
			least = min(least, len(piece))
		}
		if least > size {
			best, size = pieces, least
		}
	}
	if size < 2 {
		return nil
	}
	return best
}

// formulae holds the table by role.
var formulae = sync.OnceValue(func() map[string][]formula {
	m := map[string][]formula{}
	for _, r := range csvrows.Table(formulaeCSV) {
		f := formula{lang: r[0], role: r[1], phrase: r[2]}
		if f.role != "stop" {
			p := phrasePattern(f.phrase)
			w := neededWords(f.phrase)
			f.in = newPattern(`(?is)(?:^|[^\p{L}])`+p+`(?:$|[^\p{L}])`, w)
			f.whole = newPattern(`(?is)^[^\p{L}\p{N}(]*`+p+`[\s:.*_]*$`, w)
			f.lead = newPattern(`(?is)^[*_]*`+p+`[*_]*\s*:\s*[*_]*`, w)
		}
		m[f.role] = append(m[f.role], f)
	}
	return m
})

// phrasePattern compiles the little language of the table to a regexp.
func phrasePattern(phrase string) string {
	var b strings.Builder
	for rest := phrase; rest != ""; {
		switch {
		case rest[0] == ' ':
			rest = rest[1:]
		case rest[0] == '(':
			b.WriteString(`(?:`)
			rest = rest[1:]
		case rest[0] == ')':
			b.WriteString(`)?`)
			rest = rest[1:]
		case rest[0] == '~':
			b.WriteString(`([^.;:,(\[\n]{2,80})`)
			rest = rest[1:]
		case strings.HasPrefix(rest, "…"):
			b.WriteString(`.{0,160}?`)
			rest = rest[len("…"):]
		default:
			n := strings.IndexAny(rest, " ()~")
			if n < 0 {
				n = len(rest)
			}
			b.WriteString(`(?:`)
			for _, r := range rest[:n] {
				switch r {
				case 'i', 'ı', 'İ':
					b.WriteString(`[iıİI]`) // Turkish capitals fold differently
				case '|':
					b.WriteByte('|')
				case '\'', '’':
					b.WriteString(`['’]\s*`)
				case '-':
					b.WriteString(`\s*[-–—]\s*`)
				default:
					b.WriteString(regexp.QuoteMeta(string(r)))
				}
			}
			b.WriteString(`)\s*`)
			rest = rest[n:]
		}
	}
	return b.String()
}

// says reports whether text holds a phrase of a role, and its language.
func says(role, text string) (lang string, ok bool) {
	low := strings.ToLower(text)
	for _, f := range formulae()[role] {
		if f.in.mayLower(low) && f.in.re().MatchString(text) {
			return f.lang, true
		}
	}
	return "", false
}

// is reports whether the whole line is a phrase of a role.
func is(role, line string) bool {
	if len(line) > 160 {
		return false
	}
	low := strings.ToLower(line)
	for _, f := range formulae()[role] {
		if f.whole.mayLower(low) && f.whole.re().MatchString(line) {
			return true
		}
	}
	return false
}

// leads reports whether a text begins with a phrase of a role.
func leads(role, text string) (lang string, ok bool) {
	for _, f := range formulae()[role] {
		if m := f.in.FindStringIndex(text); m != nil && m[0] < 2 {
			return f.lang, true
		}
	}
	return "", false
}

// headingKinds are the sections a heading may open, in the order tried.
var headingKinds = []string{SectionNews, SectionDescription, SectionBackground, SectionActions, SectionAddresses, "notes"}

// headingOf reads a line that is a known heading, or begins with one and a
// colon. rest is what follows the colon.
func headingOf(line string) (kind, heading, rest string, ok bool) {
	if len(line) < 120 && strings.Contains(line, "]") {
		if m := headingMark.FindStringSubmatch(line); m != nil {
			if kind, heading, rest, ok = headingOf(m[1] + m[3]); ok && rest == "" {
				return kind, heading + "[^" + m[2] + "]", "", true // a note on the heading
			}
		}
	}
	if line == "" || !headStarts()[headStart(line)] {
		return "", "", "", false
	}
	if len(line) > 90 && !strings.ContainsAny(line[:90], ":：") {
		return "", "", "", false // too long for a heading
	}
	if len(line) > 300 {
		// Only a heading at the very start can matter; cut at a letter.
		head := strings.ToValidUTF8(line[:300], "")
		kind, heading, rest, ok = headingOf(head)
		if !ok || rest == "" {
			return "", "", "", false
		}
		return kind, heading, rest + line[len(head):], true
	}
	low := strings.ToLower(line)
	for _, k := range headingKinds {
		for _, f := range formulae()["heading:"+k] {
			if !f.whole.mayLower(low) {
				continue
			}
			if len(line) < 200 && f.whole.re().MatchString(line) {
				return k, trimHeading(line), "", true
			}
			if m := f.lead.re().FindStringIndex(line); m != nil && m[1] < len(line) {
				return k, trimHeading(line[:m[1]]), line[m[1]:], true
			}
		}
	}
	return "", "", "", false
}

var headingMark = lazyre.New(`^(.*\p{L})\s?\[\^?([1-9]\d{0,2})\](\s*:?\s*)$`)

// opensFormula reports whether a line begins with a stock phrase that
// begins a paragraph of its own.
func opensFormula(line string) bool {
	if !formulaStarts()[headStart(line)] {
		return false
	}
	for _, role := range paragraphRoles {
		for _, f := range formulae()[role] {
			if m := f.in.FindStringIndex(line); m != nil && m[0] < 2 {
				return true
			}
		}
	}
	return false
}

var paragraphRoles = []string{"mission", "reply", "contact", "actions_lead"}

var formulaStarts = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, role := range paragraphRoles {
		for _, f := range formulae()[role] {
			for _, p := range alternatives(f.phrase) {
				m[headStart(p)] = true
			}
		}
	}
	return m
})

// headStarts holds the first three letters of every heading, so that most
// lines of a long document are told apart without a regexp.
var headStarts = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, k := range headingKinds {
		for _, f := range formulae()["heading:"+k] {
			for _, p := range alternatives(f.phrase) {
				m[headStart(p)] = true
			}
		}
	}
	return m
})

// headStart returns the first three letters of a line, lower case.
func headStart(line string) string {
	var b []rune
	for _, r := range line {
		if unicode.IsLetter(r) {
			if r = unicode.ToLower(r); r == 'ı' {
				r = 'i'
			}
			if b = append(b, r); len(b) == 3 {
				break
			}
		} else if len(b) == 0 && unicode.IsDigit(r) {
			break
		}
	}
	return string(b)
}

func trimHeading(s string) string { return strings.Trim(oneLine(s), " :*_#") }

// languageOf guesses the language of a text by its commonest words; "" when
// no language is clearly ahead.
func languageOf(text string) string {
	votes := map[string]int{}
	words := map[string][]string{}
	for _, f := range formulae()["stop"] {
		for _, w := range strings.Fields(f.phrase) {
			words[w] = append(words[w], f.lang)
		}
	}
	for _, role := range []string{"organisation", "opening", "country", "about"} {
		for _, f := range formulae()[role] {
			if votes[f.lang] < 9 && f.in.MatchString(text[:min(len(text), 4000)]) {
				votes[f.lang] += 3
			}
		}
	}
	n := 0
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 0xc0 && r != '’' && r != '–' && r != '—' && r != '«' && r != '»' && r != '“' && r != '”')
	}) {
		if n++; n > 5000 {
			break
		}
		for _, l := range words[w] {
			votes[l]++
		}
	}
	best, second := "", ""
	for _, l := range languages {
		switch {
		case best == "" || votes[l] > votes[best]:
			best, second = l, best
		case second == "" || votes[l] > votes[second]:
			second = l
		}
	}
	if votes[best] < 3 || votes[best] == votes[second] {
		return ""
	}
	return best
}
