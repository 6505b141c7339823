package store

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"github.com/kljensen/snowball"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Terms returns what the search knows a text by: each word folded (NFKD,
// marks dropped, case folded) and its stem, with duplicates.
func Terms(lang, text string) []string {
	var out []string
	for _, w := range foldWords(text) {
		out = append(out, w)
		for _, s := range stems(lang, w) {
			if s != w {
				out = append(out, s)
			}
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
	for _, w := range foldWords(clipText(text, 1000)) {
		alt := []string{w}
		for _, s := range stems("", w) {
			if !slices.Contains(alt, s) {
				alt = append(alt, s)
			}
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

// mostWord is the most letters of a word that are told apart.
const mostWord = 64

// foldWords splits a text into words of letters and digits, folded.
func foldWords(text string) []string {
	text = cases.Fold().String(norm.NFKD.String(text))
	var out []string
	var b strings.Builder
	n := 0
	end := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
		n = 0
	}
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mc, r):
			if n++; n <= mostWord {
				b.WriteRune(r)
			}
		default:
			end()
		}
	}
	end()
	return out
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
	d := json.NewDecoder(strings.NewReader(string(raw)))
	key := false
	var depth []bool // whether each open value is an object
	for {
		t, err := d.Token()
		if err != nil {
			return out
		}
		switch t := t.(type) {
		case json.Delim:
			switch t {
			case '{', '[':
				depth = append(depth, t == '{')
				key = t == '{'
				continue
			}
			depth = depth[:len(depth)-1]
		case string:
			if key {
				key = false
				continue
			}
			out = append(out, t)
		}
		key = len(depth) > 0 && depth[len(depth)-1]
	}
}
