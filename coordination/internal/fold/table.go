package fold

import (
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/arasha-org/arasha/internal/alike"
)

// foldTable maps every rune below U+10000 to its code or folded rune.
var foldTable = sync.OnceValue(func() *[1 << 16]uint16 {
	t := new([1 << 16]uint16)
	for r := rune(0); r < 1<<16; r++ {
		t[r] = code(r)
	}
	return t
})

func code(r rune) uint16 {
	switch {
	case r < 0x80:
		switch {
		case r >= 'A' && r <= 'Z':
			return uint16(r + 32)
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			return uint16(r)
		}
		return separator
	case r >= 0x3400 && r < 0x4DC0, r >= 0x4E00 && r < 0x9FFD, r >= 0xAC00 && r < 0xD7A4:
		return uint16(r) // Han and Hangul: two thirds of the table need no look-up
	case r >= 0xD800 && r < 0xF900, r == 0xFFFC, r == 0xFFFD: // halves and replacement marks say nothing
		return separator
	case r == 0xAD, r == 0x34F, r == 0x61C, r == 0x180E, r == 0x640, // soft hyphen, grapheme joiner, Arabic letter mark, tatweel
		r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F,
		r >= 0xFE00 && r <= 0xFE0F, r == 0xFEFF:
		return ignorable
	case isStress(r):
		return compat
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || unicode.Is(unicode.Nl, r) || unicode.Is(unicode.No, r):
		if !norm.NFKC.IsNormalString(string(r)) {
			return compat
		}
		l := unicode.ToLower(r)
		switch {
		case l == 'ё':
			l = 'е'
		case l == 'ς':
			l = 'σ'
		case l >= 1<<16:
			l = r
		}
		return uint16(l)
	case unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r) && r > 0x2000:
		if !norm.NFKC.IsNormalString(string(r)) && len([]rune(norm.NFKC.String(string(r)))) > 0 &&
			unicode.IsLetter([]rune(norm.NFKC.String(string(r)))[0]) {
			return compat // circled and squared letters are read as letters
		}
		return symbol
	}
	return separator
}

// astral is code for runes above U+FFFF. Letters return 0xFFFD: the caller
// keeps the rune as it is.
func astral(r rune) uint16 {
	switch {
	case r >= 0xE0000 && r <= 0xE0FFF, r >= 0x1F3FB && r <= 0x1F3FF: // tags, variation selectors, skin tones
		return ignorable
	case r >= 0x1D400 && r <= 0x1D7FF, r >= 0x1F100 && r <= 0x1F1AD, r >= 0x1FBF0 && r <= 0x1FBF9: // mathematical and squared letters
		if !norm.NFKC.IsNormalString(string(r)) {
			return compat
		}
		return symbol
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		return 0xFFFD
	case unicode.Is(unicode.So, r) || r >= 0x1F000 && r <= 0x1FAFF:
		return symbol
	}
	return separator
}

// isStress reports a combining mark of the general block: after NFKC what is
// left of them are stress marks and decorations.
func isStress(r rune) bool { return r >= 0x300 && r <= 0x36F && r != 0x34F }

// wildScript reports scripts written without spaces between words.
func wildScript(r rune) bool {
	if r < 0xE00 {
		return false
	}
	return r < 0xF00 || r >= 0x1000 && r < 0x10A0 || r >= 0x1780 && r < 0x1800 || // Thai, Lao; Myanmar; Khmer
		r >= 0x2E80 && r < 0xA000 || r >= 0xF900 && r < 0xFB00 || r >= 0x20000 && r < 0x32000 // Han, Kana
}

// unmix rewrites a word of several scripts into the script of its letters
// that have no double; where none decides, into the one with more letters. It
// reports whether a letter changed. raw is the word before folding: capitals
// have doubles that small letters have not.
func unmix(word []rune, raw string, lower bool) bool {
	toCyr, toLat := alike.Tables()
	src := make([]rune, 0, len(word))
	for _, r := range raw {
		if c := runeCode(r); c >= firstRune {
			src = append(src, r)
		}
	}
	if len(src) != len(word) {
		src = word // rules were off, or the text was normalised: use what there is
	}
	var lone, all [2]int // Cyrillic, Latin
	for _, r := range src {
		switch l := unicode.ToLower(r); {
		case l >= 0x400 && l < 0x530:
			all[0]++
			if _, ok := toLat[r]; !ok {
				lone[0]++
			}
		case l < 0x370 && unicode.IsLetter(l):
			all[1]++
			if _, ok := toCyr[r]; !ok {
				lone[1]++
			}
		}
	}
	table := toCyr
	if lone[1] > lone[0] || lone[1] == lone[0] && all[1] > all[0] {
		table = toLat
	}
	changed := false
	for i, r := range src {
		if d, ok := table[r]; ok {
			if lower {
				d = unicode.ToLower(d)
			}
			if d == 'ё' {
				d = 'е'
			}
			word[i] = d
			changed = true
		}
	}
	return changed
}

func runeCode(r rune) uint16 {
	if r < 1<<16 {
		return foldTable()[r]
	}
	return astral(r)
}
