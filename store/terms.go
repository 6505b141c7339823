package store

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/internal/names"
)

// nameTerm begins a term that stands for a name in whatever script, spelling
// and case: see package names.
const nameTerm = "n_"

// wordTerms returns what the search knows a word of a text by: the word folded
// (NFKD, marks dropped, case folded), its stem, and, for what may be a name,
// the one term of its forms. Names are words with a capital, or of a script
// without capitals. There are duplicates.
func wordTerms(lang, w string) []string {
	f := foldWord(w)
	if f == "" {
		return nil
	}
	out := []string{f}
	for _, s := range stems(lang, f) {
		if s != f {
			out = append(out, s)
		}
	}
	if r, _ := utf8.DecodeRuneInString(w); len(w) <= 4*mostWord && !unicode.IsLower(r) && !unicode.IsDigit(r) {
		if k := names.Key(w); k != "" {
			out = append(out, nameTerm+k)
		}
	}
	return out
}

// mostQueryWords bounds what one search asks for.
const mostQueryWords = 16

// queryTerms returns, for each word of a search, the terms of which one must
// be there; the word itself first.
func queryTerms(text string) [][]string {
	var out [][]string
	for _, w := range splitWords(clipText(text, 1000)) {
		f := foldWord(w)
		if f == "" {
			continue
		}
		alt := []string{f}
		for _, s := range stems("", f) {
			if !slices.Contains(alt, s) {
				alt = append(alt, s)
			}
		}
		if k := names.Key(w); len(k) >= leastName {
			alt = append(alt, nameTerm+k)
		}
		if out = append(out, alt); len(out) == mostQueryWords {
			break
		}
	}
	return out
}

// A beginning has at least so many letters, and only so many of it count: the
// engines keep an index of each length between.
const (
	leastBeginning = 3
	mostBeginning  = 6
)

// asBeginning returns the query with its last word as a beginning, as somebody
// types it; ok is false when it is too short.
func asBeginning(words [][]string) (out [][]string, ok bool) {
	last := words[len(words)-1]
	begin := []rune(last[0])
	if len(begin) < leastBeginning {
		return nil, false
	}
	out = slices.Clone(words)
	out[len(out)-1] = append([]string{string(begin[:min(len(begin), mostBeginning)]) + "*"}, last[1:]...)
	return out, true
}

// leastName is how many letters the term of a name has at least: a shorter one
// stands for too many names.
const leastName = 3

// mostWord is the most letters of a word that are told apart.
const mostWord = 64

// splitWords splits a text into words of letters and digits with their marks,
// as they are written.
func splitWords(text string) []string {
	return strings.FieldsFunc(norm.NFC.String(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !unicode.Is(unicode.Cf, r)
	})
}

// foldWord returns a word without what people leave out: case, marks, the
// forms of letters, characters that cannot be seen.
func foldWord(w string) string {
	if len(w) > 4*mostWord {
		w = string([]rune(w)[:min(mostWord, utf8.RuneCountInString(w))])
	}
	var b strings.Builder
	n := 0
	for _, r := range norm.NFKD.String(cases.Fold().String(norm.NFKD.String(w))) {
		if n < mostWord && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mc, r)) {
			b.WriteRune(r)
			n++
		}
	}
	return b.String()
}

// stemmers are the languages that words are stemmed in.
var stemmers = map[string]string{"en": "english", "fr": "french", "es": "spanish", "ru": "russian"}

// stems returns the stems of a folded word in a language; in all that share
// its script when the language is not told.
func stems(lang, word string) []string {
	if len([]rune(word)) < 4 {
		return nil
	}
	lang, _, _ = strings.Cut(lang, "-")
	names := []string{"english", "french", "spanish"}
	if strings.IndexFunc(word, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) >= 0 {
		names = []string{"russian"}
	} else if n, ok := stemmers[lang]; ok && n != "russian" {
		names = []string{n}
	}
	var out []string
	for _, n := range names {
		if s, err := snowball.Stem(word, n, true); err == nil && s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// jsonWords returns the texts of a JSON document, in order of the document.
func jsonWords(raw []byte) []string {
	var out []string
	casefile.EachText(raw, func(_, text string) { out = append(out, text) })
	return out
}
