// Package spell knows the words of a language, from word lists that lie in
// the program: nothing is ever asked of a server.
//
// A list is a Hunspell dictionary: stems with flags (NAME.zst, sorted lines
// "stem TAB flags", compressed) and the rules that make forms of stems
// (NAME.aff, see the manual page hunspell(5)). Stems are unpacked when a
// language is first asked for and never expanded: a form is taken apart until
// a stem with the right flag is left. make.go builds the files.
//
// Sources: en is SCOWL (American and British, npm dictionary-en 4.0.0 and
// dictionary-en-gb 3.0.0, MIT and BSD, en.LICENSE); ru is by Alexander I.
// Lebedev (npm dictionary-ru 3.0.0, BSD 3-clause, ru.LICENSE).
package spell

import (
	"bytes"
	"embed"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
)

//go:embed en.zst en.aff ru.zst ru.aff
var files embed.FS

// A List knows the words of one language.
type List struct {
	stems    []byte // sorted lines
	suffixes map[string][]affix
	prefixes map[string][]affix
	longest  int // suffix, in bytes
	letters  []rune
	replace  [][2]string
}

// An affix is one rule: a stem with the flag and the condition loses strip
// and gains the key of the table it is in.
type affix struct {
	flag  rune
	strip string
	when  []letterClass
	cross bool // goes together with an affix at the other end
}

// A letterClass is one place of a condition: ".", "y", "[aeiou]", "[^aeiou]".
type letterClass struct {
	any, not bool
	set      string
}

var lists = map[string]func() *List{
	"en": sync.OnceValue(func() *List { return load("en", "abcdefghijklmnopqrstuvwxyz") }),
	"ru": sync.OnceValue(func() *List { return load("ru", "абвгдежзийклмнопрстуфхцчшщъыьэюяё") }),
}

// For returns the list of a language ("en", "ru"), or nil when there is none.
func For(lang string) *List {
	if l := lists[lang]; l != nil {
		return l()
	}
	return nil
}

// load reads the embedded files; they are ours, so a fault is a panic that
// every test sees.
func load(name, letters string) *List {
	packed, err := files.ReadFile(name + ".zst")
	if err != nil {
		panic(err)
	}
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic(err)
	}
	defer d.Close()
	l := &List{suffixes: map[string][]affix{}, prefixes: map[string][]affix{}, letters: []rune(letters)}
	if l.stems, err = d.DecodeAll(packed, nil); err != nil {
		panic(fmt.Sprintf("spell: %s.zst: %v", name, err))
	}
	rules, err := files.ReadFile(name + ".aff")
	if err != nil {
		panic(err)
	}
	cross := map[string]bool{}
	for line := range strings.Lines(string(rules)) {
		f := strings.Fields(line)
		switch {
		case len(f) == 3 && f[0] == "REP":
			l.replace = append(l.replace, [2]string{f[1], strings.ReplaceAll(f[2], "_", " ")})
		case len(f) == 4 && (f[0] == "SFX" || f[0] == "PFX"): // the head of a group
			cross[f[0]+f[1]] = f[2] == "Y"
		case len(f) >= 5 && (f[0] == "SFX" || f[0] == "PFX"):
			flag, _ := utf8.DecodeRuneInString(f[1])
			a := affix{flag: flag, strip: zero(f[2]), when: condition(f[4]), cross: cross[f[0]+f[1]]}
			add, _, _ := strings.Cut(zero(f[3]), "/")
			if f[0] == "SFX" {
				l.suffixes[add] = append(l.suffixes[add], a)
				l.longest = max(l.longest, len(add))
			} else {
				l.prefixes[add] = append(l.prefixes[add], a)
			}
		}
	}
	return l
}

func zero(s string) string {
	if s == "0" {
		return ""
	}
	return s
}

func condition(s string) []letterClass {
	var cs []letterClass
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == '.':
			cs = append(cs, letterClass{any: true})
		case r == '[' && strings.Contains(s, "]"):
			end := strings.IndexByte(s, ']')
			set, not := strings.CutPrefix(s[1:end], "^")
			cs = append(cs, letterClass{not: not, set: set})
			n = end + 1
		default:
			cs = append(cs, letterClass{set: string(r)})
		}
		s = s[n:]
	}
	if len(cs) == 1 && cs[0].any {
		return nil
	}
	return cs
}

func (c letterClass) has(r rune) bool { return c.any || strings.ContainsRune(c.set, r) != c.not }

// endsAs reports whether the last letters of a stem meet a condition.
func endsAs(stem string, cs []letterClass) bool {
	for i := len(cs) - 1; i >= 0; i-- {
		r, n := utf8.DecodeLastRuneInString(stem)
		if n == 0 || !cs[i].has(r) {
			return false
		}
		stem = stem[:len(stem)-n]
	}
	return true
}

func beginsAs(stem string, cs []letterClass) bool {
	for _, c := range cs {
		r, n := utf8.DecodeRuneInString(stem)
		if n == 0 || !c.has(r) {
			return false
		}
		stem = stem[n:]
	}
	return true
}

// flags returns the flags of a stem; ok is false when the list has no such
// stem.
func (l *List) flags(stem string) (flags []byte, ok bool) {
	lo, hi := 0, len(l.stems)
	for lo < hi {
		// Begin of the line that holds the middle.
		mid := bytes.LastIndexByte(l.stems[lo:lo+(hi-lo)/2], '\n') + 1 + lo
		end := mid + bytes.IndexByte(l.stems[mid:], '\n')
		line := l.stems[mid:end]
		tab := bytes.IndexByte(line, '\t')
		switch c := compare(line[:tab], stem); {
		case c == 0:
			return line[tab+1:], true
		case c < 0:
			lo = end + 1
		default:
			hi = mid
		}
	}
	return nil, false
}

func compare(a []byte, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return int(a[i]) - int(b[i])
		}
	}
	return len(a) - len(b)
}

// Known reports whether word, in lower case, is a word of the language.
func (l *List) Known(word string) bool {
	if word == "" || len(word) > 100 {
		return false
	}
	if _, ok := l.flags(word); ok {
		return true
	}
	if l.suffixed(word, 0) {
		return true
	}
	for add, rules := range l.prefixes {
		rest, ok := strings.CutPrefix(word, add)
		if !ok {
			continue
		}
		for _, p := range rules {
			stem := p.strip + rest
			if !beginsAs(stem, p.when) {
				continue
			}
			if fs, ok := l.flags(stem); ok && bytes.ContainsRune(fs, p.flag) {
				return true
			}
			if p.cross && l.suffixed(stem, p.flag) {
				return true
			}
		}
	}
	return false
}

// suffixed reports whether word is a stem with a suffix; with a prefix flag
// the stem must carry that too.
func (l *List) suffixed(word string, prefix rune) bool {
	for n := 0; n <= l.longest && n < len(word); n++ {
		rules := l.suffixes[word[len(word)-n:]]
		for _, s := range rules {
			if prefix != 0 && !s.cross {
				continue
			}
			stem := word[:len(word)-n] + s.strip
			if !endsAs(stem, s.when) {
				continue
			}
			if fs, ok := l.flags(stem); ok && bytes.ContainsRune(fs, s.flag) && (prefix == 0 || bytes.ContainsRune(fs, prefix)) {
				return true
			}
		}
	}
	return false
}

// Suggest returns up to n known words one slip away from word: a letter
// changed, added, dropped or two neighbours turned round (Damerau), likely
// ones first, then the habitual confusions of the language.
func (l *List) Suggest(word string, n int) []string {
	r := []rune(word)
	if len(r) < 3 || len(r) > 30 {
		return nil
	}
	var out []string
	seen := map[string]bool{word: true}
	try := func(s string) bool {
		if !seen[s] {
			seen[s] = true
			if l.Known(s) {
				out = append(out, s)
			}
		}
		return len(out) >= n
	}
	put := func(i, j int, mid ...rune) string { return string(r[:i]) + string(mid) + string(r[j:]) }
	for i := 1; i < len(r); i++ { // a doubled letter too much
		if r[i] == r[i-1] && try(put(i, i+1)) {
			return out
		}
	}
	for i := 0; i < len(r); i++ { // one too few
		if try(put(i, i, r[i])) {
			return out
		}
	}
	for i := 0; i+1 < len(r); i++ {
		if try(put(i, i+2, r[i+1], r[i])) {
			return out
		}
	}
	for i := range r {
		for _, c := range l.letters {
			if c != r[i] && try(put(i, i+1, c)) {
				return out
			}
		}
	}
	for i := 0; i <= len(r); i++ {
		for _, c := range l.letters {
			if try(put(i, i, c)) {
				return out
			}
		}
	}
	for i := range r {
		if try(put(i, i+1)) {
			return out
		}
	}
	for _, p := range l.replace {
		for at := 0; ; {
			i := strings.Index(word[at:], p[0])
			if i < 0 {
				break
			}
			at += i
			if try(word[:at] + p[1] + word[at+len(p[0]):]) {
				return out
			}
			at += len(p[0])
		}
	}
	return out
}

// IsWord reports whether s consists of letters of the language, with hyphens
// and apostrophes inside.
func (l *List) IsWord(s string) bool {
	for _, r := range s {
		if r == '-' || r == '\'' || r == '’' {
			continue
		}
		if !unicode.IsLetter(r) || !strings.ContainsRune(string(l.letters), unicode.ToLower(r)) {
			return false
		}
	}
	return s != ""
}
