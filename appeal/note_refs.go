package appeal

import (
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/arasha-org/arasha/internal/lazyre"
)

var refForms sync.Map // n -> *lazyre.Regexp

// refForm finds what may be the reference to note n: "[n]", "[^n]", or the
// bare number behind a letter, a bracket, a quote or a full stop.
func refForm(n string) *lazyre.Regexp {
	if re, ok := refForms.Load(n); ok {
		return re.(*lazyre.Regexp)
	}
	re := lazyre.New(`\[\^?` + n + `\]|(?:\p{L}|[)\]»”"’'%]|[^\d\s][.,;:!?])(` + n + `)(?:$|[\s.,;:!?)\]»”"–—-])`)
	if len(n) < 3 {
		refForms.Store(n, re)
	}
	return re
}

// roundRef finds the reference "(n)" right behind a word: "Okan(1)". With a
// space before it the number may as well count something.
func roundRef(n int) *lazyre.Regexp {
	return lazyre.New(`([\p{L}»”"’'.,;)])\(` + strconv.Itoa(n) + `\)`)
}

func refersRound(lines []line, n int) bool {
	re := roundRef(n)
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.Contains(lines[i].text, "(") && re.MatchString(lines[i].text) {
			return true
		}
	}
	return false
}

// refersTo reports whether the lines refer to note n, by brackets only when
// strict.
func refersTo(lines []line, n int, strict bool) bool {
	re := refForm(strconv.Itoa(n))
	for i := len(lines) - 1; i >= 0; i-- {
		t := lines[i].text
		if !strings.Contains(t, strconv.Itoa(n)) {
			continue
		}
		for _, m := range re.FindAllStringSubmatchIndex(t, -1) {
			if m[2] < 0 || !strict && !notARef(t, m[2]) {
				return true
			}
		}
	}
	return false
}

// notARef reports whether the number at byte i of t belongs to the word it
// stands behind: COVID-19, G20, p.7, art.5, H1N1, "January10".
func notARef(t string, i int) bool {
	w := t[strings.LastIndexAny(t[:i], " \t(/")+1 : i]
	bare := strings.Trim(w, "()[]“”\"’'.,;:!?»«")
	if bare == "" {
		return false
	}
	if monthNumber()[strings.ToLower(bare)] > 0 {
		return true
	}
	switch strings.ToLower(bare) {
	case "art", "p", "pp", "no", "n", "nº", "n°", "vol", "para", "par", "ch", "sec", "v", "g", "h", "b", "u", "ст", "п", "ч", "стр", "md", "т", "covid", "tel", "fax", "page", "article", "articles":
		return true
	}
	letters, upper := 0, 0
	for _, r := range bare {
		if unicode.IsLetter(r) {
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	// "G20", "T4": short capitals carry numbers of their own.
	return letters <= 2 && upper == letters && bare == w
}

// markRefs turns printed references into marks "[^n]". The notes that exist
// are looked for in order, each after the one before; a bracketed number is
// a reference even when its note is missing.
func (a *Appeal) markRefs(texts []*string, exact bool) {
	have := map[int]bool{}
	top := 0
	for _, f := range a.Footnotes {
		have[f.Number] = true
		top = max(top, f.Number)
	}
	bracket := lazyre.New(`[ \t]?\[(\d{1,3})\]`)
	marked := map[int]bool{}
	for _, t := range texts {
		*t = bracket.ReplaceAllStringFunc(*t, func(m string) string {
			n, _ := strconv.Atoi(bracket.FindStringSubmatch(m)[1])
			if n == 0 || n > 400 {
				return m
			}
			return Mark(n)
		})
		for _, n := range Marks(*t) {
			marked[n] = true
		}
	}
	if exact {
		a.missingNotes(marked, have)
		return
	}
	at, from := 0, 0
	for n := 1; n <= top || n <= 99 && top == 0; n++ {
		if marked[n] {
			// Go on behind the mark.
			for k := at; k < len(texts); k++ {
				if i := strings.Index(*texts[k], Mark(n)); i >= 0 && (k > at || i >= from) {
					at, from = k, i+len(Mark(n))
					break
				}
			}
			continue
		}
		if top > 0 && !have[n] {
			continue
		}
		num := strconv.Itoa(n)
		re := refForm(num)
		k, i := findRef(texts, re, num, at, from, top == 0)
		if k < 0 {
			if top == 0 {
				break
			}
			continue
		}
		t := texts[k]
		*t = (*t)[:i] + Mark(n) + (*t)[i+len(num):]
		at, from = k, i+len(Mark(n))
		marked[n] = true
	}
	a.missingNotes(marked, have)
}

// missingNotes says which notes the text refers to and nobody printed.
func (a *Appeal) missingNotes(marked, have map[int]bool) {
	var missing []string
	for n := 1; n <= 400; n++ {
		if marked[n] && !have[n] {
			missing = append(missing, strconv.Itoa(n))
		}
	}
	if len(missing) > 0 {
		a.warn("footnote-missing", "", "the text refers to notes that the document does not print: %s", strings.Join(missing, ", "))
	}
}

// findRef returns the first bare reference after a position. lone asks for
// more certainty, because there is no note to go with it: a word of four
// small letters at least, with no space before the number.
func findRef(texts []*string, re *lazyre.Regexp, num string, at, from int, lone bool) (int, int) {
	for k := at; k < len(texts); k++ {
		t := *texts[k]
		if !strings.Contains(t, num) {
			continue
		}
		for _, m := range re.FindAllStringSubmatchIndex(t, -1) {
			if m[2] < 0 || k == at && m[2] < from || notARef(t, m[2]) || inLink(t, m[2]) {
				continue
			}
			if lone && !loneRef.MatchString(t[:m[2]]) {
				continue
			}
			return k, m[2]
		}
	}
	return -1, 0
}

var loneRef = lazyre.New(`\p{Ll}{4,}[)”"»]?[.,]?$`)
