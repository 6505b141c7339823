package appeal

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/wording"
)

// A sentence is a piece of a running text, with the footnote marks behind
// its full stop. from is where it begins, in bytes.
type sentence struct {
	text string
	from int
	para int // number of its paragraph

	dates []foundDate
}

// shortened words end in a full stop and do not end a sentence.
var shortened = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`mr mrs ms dr prof st no nos art arts para vol pp p cf e.g i.e etc inc ltd co gen col lt sgt capt hon rev h.e jr sr vs
		m mm mme mmes mlle s.e c.-à-d n° al sra sras srs sres dra lic ing excmo núm pág ee.uu d dña
		г гг г-н г-жа ст ч п пп см т д т.е т.д т.п ул им тов гр р руб кв стр млн млрд тыс
		av sn md vb vs bkz s`) {
		m[w] = true
	}
	return m
})

// sentences cuts a running text. A full stop ends a sentence when a space
// follows and the next word does not begin in lower case, unless a shortened
// word or a single capital letter stands before it.
func sentences(text string) []sentence {
	var out []sentence
	from, para := 0, 0
	emit := func(to int) {
		if s := strings.TrimSpace(text[from:to]); s != "" {
			lead := len(text[from:to]) - len(strings.TrimLeft(text[from:to], " \n\t"))
			out = append(out, sentence{s, from + lead, para, datesIn(s)})
		}
		from = to
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n' && strings.HasPrefix(text[i:], "\n\n"):
			emit(i)
			para++
			n = 2
		case r == '.' || r == '!' || r == '?' || r == '…':
			end := i + n
			for { // closing quotation marks, brackets and footnote marks
				if m := markForm.FindStringIndex(text[end:min(len(text), end+8)]); m != nil && m[0] == 0 {
					end += m[1]
					continue
				}
				q, w := utf8.DecodeRuneInString(text[end:])
				if w > 0 && strings.ContainsRune(`"”’»)]'.!?…`, q) {
					end += w
					continue
				}
				break
			}
			next := strings.TrimLeft(text[end:], " \n\t")
			first, _ := utf8.DecodeRuneInString(strings.TrimLeft(next, `"“«(‘'[–— `))
			spaced := end < len(text) && (text[end] == ' ' || text[end] == '\n')
			if next == "" || spaced && !unicode.IsLower(first) && !(r == '.' && endsShort(text[from:i])) {
				emit(end)
			}
			n = end - i
		}
		i += n
	}
	emit(len(text))
	return out
}

// endsShort reports whether s ends in a shortened word or an initial.
func endsShort(s string) bool {
	at := strings.LastIndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("(“«\"'‘’", r) })
	w := s
	if at >= 0 {
		_, n := utf8.DecodeRuneInString(s[at:])
		w = s[at+n:]
	}
	if utf8.RuneCountInString(w) == 1 {
		r, _ := utf8.DecodeRuneInString(w)
		if r == 'г' && endsInDigit(s[:len(s)-len(w)]) { // "11 мая 2020 г." may end a sentence
			return false
		}
		return unicode.IsUpper(r) || shortened()[strings.ToLower(w)]
	}
	if l := strings.ToLower(w); l == "гг" { // "2020-2021 гг." may end a sentence
		return !endsInDigit(s[:len(s)-len(w)])
	}
	return shortened()[strings.ToLower(w)]
}

func endsInDigit(s string) bool {
	s = strings.TrimRight(s, " \u00a0")
	return s != "" && isDigit(s[len(s)-1])
}

// lazyRegexp returns a pattern that is made when it is first asked for.
func lazyRegexp(expr string) func() *wording.Phrases {
	return sync.OnceValue(func() *wording.Phrases { return wording.New(expr, expr) })
}

// wordsRegexp is wording.Words at its first use.
func wordsRegexp(alternatives string) func() *wording.Phrases {
	return sync.OnceValue(func() *wording.Phrases { return wording.Words(alternatives) })
}

// datesIn is findDates for texts that mostly hold none.
func datesIn(s string) []foundDate {
	run := 0
	for i := range len(s) {
		switch b := s[i]; {
		case isDigit(b):
			if run++; run == 4 {
				return findDates(s)
			}
		case run > 0 && run < 3 && (b == '.' || b == '/' || b == '-') && i+1 < len(s) && isDigit(s[i+1]):
			return findDates(s)
		default:
			run = 0
		}
	}
	return nil
}
