// Package fold turns the text of a post into the words that are compared: one
// pass, one table, every rule named and recorded when it fires.
//
// NFKC normalisation of every text would cost several times the whole pass,
// so compatibility forms are found by the same table that folds case, and only
// texts that hold one go through golang.org/x/text.
package fold

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Rules is a set of normalisation rules.
type Rules uint16

// The rules, in the order in which they are applied.
const (
	Prefix      Rules = 1 << iota // leading mentions and "RT name:" are left out
	Links                         // web addresses are left out (t.co makes every copy unique)
	Compat                        // compatibility forms and composed letters: NFKC; stress marks are left out
	Case                          // capital letters are lowered
	Yo                            // ё is read as е
	ZeroWidth                     // zero-width and direction marks are left out
	LookAlikes                    // Latin, Cyrillic and Greek look-alikes inside one mixed word are read as one script
	Emoji                         // emoji and symbols are left out; without the rule each is a word
	Punctuation                   // punctuation separates words and is left out

	All Rules = 1<<iota - 1
)

var names = [...]string{"prefix", "links", "compatibility", "case", "yo", "zero-width", "look-alikes", "emoji", "punctuation"}

// Names returns the names of the rules in the set, in the order applied.
func (r Rules) Names() []string {
	var out []string
	for i, n := range names {
		if r&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}

// ByName returns the rule of that name.
func ByName(name string) (Rules, bool) {
	for i, n := range names {
		if n == name {
			return 1 << i, true
		}
	}
	return 0, false
}

// A Folder folds texts one after the other. Its results are valid until the
// next call. It is not safe for concurrent use: give each goroutine its own.
type Folder struct {
	Rules Rules // rules to apply
	Gram  int   // 0: words; n > 0: runs of n characters of the normalised text

	// Results of the last call to Fold.
	Hashes []uint64  // one per word or n-gram, in order, with repeats
	Key    [2]uint64 // identity of the normalised text
	Words  int       // words in the normalised text
	Runes  int       // characters in its words
	Fired  Rules     // rules that changed something

	table *[1 << 16]uint16
	word  []rune
	text  []rune // the normalised text, kept when keep is set
	keep  bool
}

// Normal returns the normalised text, words separated by one space, and the
// rules that changed something.
func Normal(s string, r Rules) (string, Rules) {
	f := Folder{Rules: r}
	return f.Normal(s), f.Fired
}

// Normal folds s and returns the normalised text, words separated by one
// space.
func (f *Folder) Normal(s string) string {
	f.keep = true
	f.Fold(s)
	return string(f.text)
}

// Codes of the table below every folded rune.
const (
	separator = iota
	ignorable // dropped without ending the word
	compat    // needs normalisation first
	symbol    // emoji and symbols
	firstRune // all else is the folded rune
)

// Scripts that have look-alikes of one another.
const (
	latin = 1 << iota
	cyrillic
	greek
)

// Fold reads s and fills the results.
func (f *Folder) Fold(s string) {
	if f.table == nil {
		f.table = foldTable()
	}
	f.Hashes, f.text, f.word = f.Hashes[:0], f.text[:0], f.word[:0]
	f.Key, f.Words, f.Runes, f.Fired = [2]uint64{k0, k1}, 0, 0, 0
	if f.Rules&Prefix != 0 {
		if t := cutPrefix(s); len(t) < len(s) {
			s, f.Fired = t, Prefix
		}
	}
	if !f.scan(s, false) { // a compatibility form: normalise and start again
		f.Hashes, f.text, f.word = f.Hashes[:0], f.text[:0], f.word[:0]
		f.Key, f.Words, f.Runes = [2]uint64{k0, k1}, 0, 0
		f.Fired = f.Fired&Prefix | Compat
		f.scan(norm.NFKC.String(s), true)
	}
	if f.Gram > 0 {
		f.grams()
	}
}

// scan reads s rune by rune. It returns false, with the results in disorder,
// at the first rune that needs normalisation unless normal says it is done.
func (f *Folder) scan(s string, normal bool) bool {
	start, mask := 0, uint8(0) // where the current word begins, its scripts
	wild := false              // the current run has no spaces between words (Han, Thai, …)
	rules := f.Rules
	for i := 0; i < len(s); {
		if len(f.word) == 0 {
			start = i
			if c := s[i]; rules&Links != 0 && (c == 'h' || c == 'w' || c == 't' || c == 'p' || c == 'H' || c == 'W') {
				if n := linkLength(s, i); n > 0 {
					f.Fired |= Links
					i += n
					continue
				}
			}
		}
		var code uint16
		r, size := rune(s[i]), 1
		if r < utf8.RuneSelf {
			code = f.table[r]
		} else {
			r, size = utf8.DecodeRuneInString(s[i:])
			if r < 1<<16 {
				code = f.table[r]
			} else {
				code = astral(r)
			}
		}
		i += size
		switch code {
		case separator:
			if len(f.word) > 0 {
				f.flush(s[start:i-size], mask, wild)
				mask = 0
			}
			if r > ' ' {
				if rules&Punctuation == 0 {
					f.single(r)
				} else {
					f.Fired |= Punctuation
				}
			}
			continue
		case ignorable:
			if rules&ZeroWidth != 0 {
				f.Fired |= ZeroWidth
				continue
			}
			code = uint16(r)
		case symbol:
			if len(f.word) > 0 {
				f.flush(s[start:i-size], mask, wild)
				mask = 0
			}
			if rules&Emoji == 0 {
				f.single(r)
			} else {
				f.Fired |= Emoji
			}
			continue
		case compat:
			if rules&Compat != 0 {
				if !normal {
					return false
				}
				if isStress(r) {
					continue
				}
			}
			code = uint16(r)
			if r >= 1<<16 {
				code = 0xFFFD
			}
		}
		folded := rune(code)
		if code == 0xFFFD && r != 0xFFFD {
			folded = r // a letter above U+FFFF stands for itself
		}
		if folded != r {
			folded = f.lower(r, folded)
		}
		w := wildScript(folded)
		if w != wild && len(f.word) > 0 {
			f.flush(s[start:i-size], mask, wild)
			start, mask = i-size, 0
		}
		wild = w
		switch {
		case folded < 0x80:
			if folded >= 'a' || folded >= 'A' && folded <= 'Z' {
				mask |= latin
			}
		case folded < 0x370:
			mask |= latin
		case folded < 0x400:
			mask |= greek
		case folded < 0x530:
			mask |= cyrillic
		}
		f.word = append(f.word, folded)
	}
	if len(f.word) > 0 {
		f.flush(s[start:], mask, wild)
	}
	return true
}

// lower settles which of the two rules that the table joins apply to r.
func (f *Folder) lower(r, folded rune) rune {
	if r == 'ё' || r == 'Ё' {
		if f.Rules&Yo == 0 {
			folded = 'ё'
		} else {
			f.Fired |= Yo
		}
		if r == 'ё' {
			return folded
		}
	}
	if f.Rules&Case == 0 {
		return r
	}
	f.Fired |= Case
	return folded
}

// single adds a symbol that is a word of its own.
func (f *Folder) single(r rune) {
	f.word = append(f.word[:0], r)
	f.flush("", 0, false)
}

// flush ends the current word. raw is the word as it stands in the text.
func (f *Folder) flush(raw string, mask uint8, wild bool) {
	if bits.OnesCount8(mask) > 1 && f.Rules&LookAlikes != 0 {
		if unmix(f.word, raw, f.Rules&Case != 0) {
			f.Fired |= LookAlikes
		}
	}
	f.Runes += len(f.word)
	f.Words++
	if f.keep || f.Gram > 0 {
		if len(f.text) > 0 {
			f.text = append(f.text, ' ')
		}
		f.text = append(f.text, f.word...)
	}
	h := hash(f.word)
	f.Key[0] = mix((f.Key[0] ^ h) * m0)
	f.Key[1] = mix((f.Key[1] + h) * m1)
	switch {
	case f.Gram > 0:
	case wild && len(f.word) > 1: // no spaces between words: pairs of characters
		f.Words += len(f.word) - 2
		for i := 1; i < len(f.word); i++ {
			f.Hashes = append(f.Hashes, hash(f.word[i-1:i+1]))
		}
	default:
		f.Hashes = append(f.Hashes, h)
	}
	f.word = f.word[:0]
}

// grams hashes every run of f.Gram characters of the normalised text; a
// shorter text is one run.
func (f *Folder) grams() {
	n := f.Gram
	if len(f.text) == 0 {
		return
	}
	if len(f.text) < n {
		n = len(f.text)
	}
	for i := 0; i+n <= len(f.text); i++ {
		f.Hashes = append(f.Hashes, hash(f.text[i:i+n]))
	}
}

const (
	k0, k1 = 0x9E3779B97F4A7C15, 0xD1B54A32D192ED03
	m0, m1 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
)

// hash of a word: 64 bits, so that a vocabulary of ten million words expects
// fewer than one collision in three hundred thousand corpora.
func hash(w []rune) uint64 {
	h := uint64(k0) + uint64(len(w))
	for _, r := range w {
		h = (h ^ uint64(r)) * m0
		h ^= h >> 29
	}
	return mix(h)
}

func mix(h uint64) uint64 {
	h ^= h >> 30
	h *= m1
	return h ^ h>>31
}

// cutPrefix leaves out leading mentions and "RT name:".
func cutPrefix(s string) string {
	for {
		t := strings.TrimLeft(s, " \t\n\r\"'«“.")
		switch {
		case strings.HasPrefix(t, "@"):
			n := handleLength(t[1:])
			if n == 0 {
				return s
			}
			t = strings.TrimLeft(t[1+n:], ":, ")
		case len(t) > 3 && (t[0] == 'R' || t[0] == 'r') && (t[1] == 'T' || t[1] == 't') && t[2] == ' ':
			rest := strings.TrimPrefix(strings.TrimLeft(t[3:], " "), "@")
			n := handleLength(rest)
			if n == 0 || n >= len(rest) || rest[n] != ':' {
				return s
			}
			t = rest[n+1:]
		default:
			return s
		}
		s = t
	}
}

func handleLength(s string) int {
	n := 0
	for n < len(s) && n < 64 {
		c := s[n]
		if c == '_' || c == '.' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			n++
			continue
		}
		break
	}
	return n
}

var schemes = [...]string{"https://", "http://", "www.", "t.co/", "t.me/", "pic.twitter.com/"}

// linkLength returns the length of the web address at s[i:], or 0.
func linkLength(s string, i int) int {
	t := s[i:]
	for _, p := range schemes {
		if len(t) > len(p) && strings.EqualFold(t[:len(p)], p) {
			n := len(p)
			for n < len(t) && t[n] > ' ' && t[n] != '"' && t[n] != '<' && t[n] != '>' {
				if t[n] == 0xE2 && n+2 < len(t) && t[n+1] == 0x80 && t[n+2] == 0xA6 { // a cut address ends in …
					break
				}
				if t[n] == 0xC2 && n+1 < len(t) && (t[n+1] == 0xA0 || t[n+1] == 0xBB) { // NBSP, »
					break
				}
				n++
			}
			return n
		}
	}
	return 0
}
