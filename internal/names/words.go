package names

import (
	"html"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/alike"
)

// A word is one run of letters and digits in a text.
type word struct {
	from, to int
	single   bool // one letter
	arabic   bool
	glued    bool // part of an address, a handle or a tag: a name may stand inside
	broken   bool // only the end of a line or a hyphen separates it from the word before
	mixed    bool // letters of several scripts, or digits between letters
}

// split returns the words of a text in their order.
func split(text string) []word {
	words := make([]word, 0, len(text)/8)
	run, signs := 0, false // where the present run without spaces begins in words; whether it is like an address
	gap := 0               // where the last word ended
	endRun := func() {
		if signs {
			for i := run; i < len(words); i++ {
				words[i].glued = true
			}
		}
		run, signs = len(words), false
	}
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		if !isWordRune(r) || hidden(r) {
			switch r {
			case '@', '_', '/', '#', '=', '&', '%', '\\', '~', '+':
				signs = true
			case ' ', '\n', '\r', '\t', 0xA0, '"', '<', '>', '|':
				endRun()
			}
			i += n
			continue
		}
		w := word{from: i, broken: len(words) > 0 && breaks(text[gap:i])}
		w, humps := w.read(text)
		signs = signs || humps
		words = append(words, w)
		i, gap = w.to, w.to
	}
	endRun()
	return words
}

// read finds the end of the word that begins at w.from and what it is made
// of. humps reports a capital or a digit after a small letter.
func (w word) read(text string) (_ word, humps bool) {
	count, scripts, digits, letterAfter := 0, 0, false, false
	lower := false
	i := w.from
	for i < len(text) {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		if !isWordRune(r) {
			break
		}
		i += n
		if hidden(r) {
			continue
		}
		count++
		switch {
		case r >= '0' && r <= '9':
			humps = humps || count > 1
			digits = digits || count > 1
			continue
		case r < 0x250:
			scripts |= 1
		case r >= 0x370 && r < 0x400:
			scripts |= 2
		case r >= 0x400 && r < 0x530:
			scripts |= 4
		case r >= 0x600 && r < 0x700:
			w.arabic = true
		}
		letterAfter = letterAfter || digits
		if unicode.IsUpper(r) {
			humps = humps || lower
		} else {
			lower = true
		}
	}
	w.to, w.single = i, count == 1
	w.mixed = scripts&(scripts-1) != 0 || letterAfter
	return w, humps
}

// breaks reports a gap that may cut a word in two: a hyphen, the end of a
// line, or both.
func breaks(gap string) bool {
	seen := false
	for _, r := range gap {
		switch r {
		case '\n', '\r', '-', 0x2010, 0x2011, 0xAD:
			seen = true
		case ' ', '\t', '>': // the next line may be quoted or moved in
		default:
			return false
		}
	}
	return seen && strings.Count(gap, "\n") <= 1
}

// keys returns the readings of a word: as it stands, and where its letters
// may stand for others, as these.
func (w word) keys(text string) []string {
	s := text[w.from:w.to]
	out := []string{key(s)}
	if w.arabic {
		return out
	}
	add := func(k string) {
		for _, o := range out {
			if o == k {
				return
			}
		}
		out = append(out, k)
	}
	if w.mixed {
		s = letterDigits(s)
		add(key(s))
	}
	toCyrillic, toLatin := alike.Tables()
	if w.mixed || allIn(s, toCyrillic) {
		add(key(replace(s, toCyrillic)))
	}
	if w.mixed || allIn(s, toLatin) {
		add(key(replace(s, toLatin)))
	}
	return out
}

// letterDigits reads the digits between letters as the letters they are drawn
// for.
func letterDigits(s string) string {
	return strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s").Replace(s)
}

func replace(s string, table map[rune]rune) string {
	return strings.Map(func(r rune) rune {
		if d, ok := table[r]; ok {
			return d
		}
		return r
	}, s)
}

func allIn(s string, table map[rune]rune) bool {
	for _, r := range s {
		if _, ok := table[r]; !ok {
			return false
		}
	}
	return s != ""
}

// A coded run is a run without spaces that holds %D0%A1 or &#1057;, and what
// it stands for.
type coded struct {
	from, to int
	plain    string
}

// escaped returns the runs of a text that a browser would show otherwise than
// they are written.
func escaped(text string) []coded {
	var out []coded
	for at := 0; ; {
		i := strings.IndexAny(text[at:], "%&")
		if i < 0 {
			return out
		}
		i += at
		from := strings.LastIndexAny(text[at:i], " \n\r\t\"<>") + at + 1
		to := len(text)
		if j := strings.IndexAny(text[i:], " \n\r\t\"<>"); j >= 0 {
			to = i + j
		}
		if run := text[from:to]; len(run) < 1<<16 {
			plain := html.UnescapeString(run)
			if p, err := url.QueryUnescape(plain); err == nil {
				plain = p
			}
			if plain != run {
				out = append(out, coded{from, to, plain})
			}
		}
		at = to
	}
}
