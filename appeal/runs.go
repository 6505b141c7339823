package appeal

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sort"
	"strconv"
	"strings"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// A Run is a piece of running text: plain words, words with a link behind
// them, or the reference to a footnote.
type Run struct {
	Text string // "" for a footnote mark
	URL  string // the link behind Text, or ""
	Note int    // the footnote referred to, or 0
}

// A footnote mark in running text: "[^3]". Four digits bound the number.
var markForm = lazyre.New(`\[\^([1-9][0-9]{0,3})\]`)

// Mark returns the footnote mark that stands in running text: "[^3]".
func Mark(n int) string { return "[^" + strconv.Itoa(n) + "]" }

// Marks returns the footnotes a text refers to, in order, with repeats.
func Marks(text string) []int {
	var ns []int
	for _, m := range markForm.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		ns = append(ns, n)
	}
	return ns
}

// WithoutMarks returns text without its footnote marks.
func WithoutMarks(text string) string { return markForm.ReplaceAllString(text, "") }

var bareLink = lazyre.New(`(?:https?://|www\.)[^\s<>"«»“”]+|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)

// Runs cuts one paragraph or text into runs. where is the place of the text
// as in [Link.Where] ("sections[1]"); before is the text of the same place
// that comes before this piece, so that a link behind repeated words lands on
// the right one (pass "" for the whole text). Printed web and e-mail
// addresses become links as well. The runs, joined, are the text again.
func (a *Appeal) Runs(where, before, text string) []Run {
	type span struct {
		from, to int
		run      Run
	}
	var spans []span
	free := func(from, to int) bool {
		for _, s := range spans {
			if from < s.to && s.from < to {
				return false
			}
		}
		return true
	}
	for _, m := range markForm.FindAllStringSubmatchIndex(text, -1) {
		n, _ := strconv.Atoi(text[m[2]:m[3]])
		spans = append(spans, span{m[0], m[1], Run{Note: n}})
	}
	nth := map[string]int{}
	for _, l := range a.Links {
		if l.Where != where || l.Text == "" || !safeURL(l.URL) {
			continue
		}
		k := nth[l.Text]
		nth[l.Text]++
		k -= strings.Count(before, l.Text)
		if from := occurrence(text, l.Text, k); from >= 0 && free(from, from+len(l.Text)) {
			spans = append(spans, span{from, from + len(l.Text), Run{Text: l.Text, URL: l.URL}})
		}
	}
	for _, m := range bareLink.FindAllStringIndex(text, -1) {
		s := text[m[0]:m[1]]
		s = s[:linkEnd(s)]
		u := s
		switch {
		case strings.HasPrefix(u, "www."):
			u = "https://" + u
		case !strings.Contains(u, "://"):
			u = "mailto:" + u
		}
		if s != "" && free(m[0], m[0]+len(s)) {
			spans = append(spans, span{m[0], m[0] + len(s), Run{Text: s, URL: u}})
		}
	}
	sort.Slice(spans, func(i, j int) bool { return spans[i].from < spans[j].from })
	var runs []Run
	at := 0
	for _, s := range spans {
		if s.from > at {
			runs = append(runs, Run{Text: text[at:s.from]})
		}
		runs = append(runs, s.run)
		at = s.to
	}
	if at < len(text) {
		runs = append(runs, Run{Text: text[at:]})
	}
	return runs
}

// occurrence returns where the k-th (from 0) occurrence of s in text begins,
// or -1.
func occurrence(text, s string, k int) int {
	at := 0
	for ; k >= 0; k-- {
		i := strings.Index(text[at:], s)
		if i < 0 {
			return -1
		}
		if k == 0 {
			return at + i
		}
		at += i + len(s)
	}
	return -1
}

// linkEnd returns how much of s is the link: closing punctuation that ends
// the sentence, and a bracket that was opened outside, do not belong to it.
func linkEnd(s string) int {
	n := len(s)
	for n > 0 {
		switch c := s[n-1]; {
		case strings.IndexByte(".,;:!?'*", c) >= 0:
			n--
		case c == ')' && strings.Count(s[:n], "(") < strings.Count(s[:n], ")"),
			c == ']' && strings.Count(s[:n], "[") < strings.Count(s[:n], "]"):
			n--
		default:
			for _, tail := range []string{"’", "…"} {
				if strings.HasSuffix(s[:n], tail) {
					n -= len(tail)
				}
			}
			return n
		}
	}
	return n
}

// safeURL reports whether a link may be offered to a reader: active schemes
// such as javascript: never leave the importer.
func safeURL(u string) bool {
	scheme, _, ok := strings.Cut(u, ":")
	if !ok {
		return false
	}
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto", "tel", "ftp":
		return true
	}
	return false
}

// Canonical returns the bytes that [Appeal.Hash] is over: the JSON of what a
// translation must follow, an approval is given to and a publication freezes:
// kind, code, texts, requests, addressees, notes, annexes. Warnings, unread
// lines and translation state do not count.
func (a *Appeal) Canonical() []byte {
	b := a.filled()
	b.Warnings, b.Unread, b.Translation = []Warning{}, []string{}, nil
	j, err := json.Marshal(b)
	if err != nil {
		panic(err) // a value of strings and numbers always marshals
	}
	return j
}

// Hash returns the SHA-256 of [Appeal.Canonical], in hexadecimal: the identity
// of one language version, and the Ref of its bytes once they are kept.
func (a *Appeal) Hash() string {
	h := sha256.Sum256(a.Canonical())
	return hex.EncodeToString(h[:])
}
