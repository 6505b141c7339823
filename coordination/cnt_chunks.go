package coordination

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/intern"
)

// tokens appends the hash of every token of text to dst, repeats included.
// Punctuation and symbols are tokens; white space and single apostrophes are not.
//
// A space divides tokens whatever stands on its sides, but for a few signs
// that are no letters. So text is taken apart there, and parts of ASCII, which
// most are in most languages' posts, go the short way.
func (t *cntTokeniser) tokens(dst []uint64, text string) []uint64 {
	for text != "" {
		if n := letterRun(text); n > 0 && n < 8 && len(text) > n+1 && text[n] == ' ' && text[n+1] > ' ' && text[n+1] < utf8.RuneSelf {
			dst = append(dst, intern.ShortHash(lowered(text, n), n))
			text = text[n+1:]
			continue
		}
		s := slices.Grow(t.text[:0], len(text)+8)[:len(text)+8] // for word
		end := 0                                                // of the part in lower case, without its mention
		var is byteKind                                         // of the bytes so far
		mention := false
		n := 0
		for ; n < len(text); n++ {
			c := text[n]
			if c == ' ' {
				if t.divides(text, n, is) {
					break
				}
				is |= kindHigh // a space inside: the long way
				continue
			}
			k := byteKinds[c]
			is |= k
			mention = mention || k == kindMention
			if !mention {
				s[end] = c | byte(k&kindUpper)
				end++
			}
		}
		t.text = s
		switch {
		case is&kindHigh != 0:
			dst = t.anyText(dst, text[:n])
		case is&^(kindLetter|kindUpper) == 0:
			if n > 0 {
				dst = append(dst, intern.Hash(s[:n]))
			}
		default:
			dst = plainText(dst, s, end)
		}
		for n < len(text) && text[n] == ' ' {
			n++
		}
		text = text[n:]
	}
	return dst
}

// letterRun returns how many of the next eight bytes are ASCII letters before
// the first that is none. Near the end of the text it may return 0.
func letterRun[T string | []byte](text T) int {
	if len(text) < 8 {
		return 0
	}
	w := word(text)
	// Per byte: its highest bit is set in above when it is 'a' or more, and in
	// beyond when it is more than 'z'; seven bits cannot carry into the next.
	const ones, high = 0x0101010101010101, 0x8080808080808080
	low := (w | 0x20*ones) &^ high
	above, beyond := low+(0x80-'a')*ones, low+(0x80-'z'-1)*ones
	return bits.TrailingZeros64(^(above&^beyond&^w)&high) / 8
}

// word returns the first eight bytes of text, the first in the lowest bits.
func word[T string | []byte](s T) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// lowered returns the first n < 8 bytes of text, which are letters, as a word
// in lower case.
func lowered(text string, n int) uint64 {
	return (word(text) | 0x2020202020202020) & (1<<(8*n) - 1)
}

// divides reports whether text, of which is tells what came before, may be
// taken apart at the space text[n]: not behind a mark or a regional indicator,
// which may belong with what follows, and not before a mark. A part with a
// mention ends where the mention begins, so it is looked at in ASCII only.
func (t *cntTokeniser) divides(text string, n int, is byteKind) bool {
	if is&kindHigh != 0 {
		if is&kindMention != 0 {
			return false
		}
		r, _ := utf8.DecodeLastRuneInString(text[:n])
		if k := t.class(lower(r)); k == wbExtend || k == wbRegional {
			return false
		}
	}
	for n < len(text) && text[n] == ' ' {
		n++
	}
	if n == len(text) || text[n] < utf8.RuneSelf {
		return true
	}
	r, _ := utf8.DecodeRuneInString(text[n:])
	return t.class(lower(r)) != wbExtend
}

// A byteKind tells what way a text goes.
type byteKind uint8

const (
	kindLetter  byteKind = 1 << iota
	kindSign             // digits, punctuation, symbols
	kindMention          // @
	kindHigh             // beyond ASCII, or a control character
	_
	kindUpper byteKind = 'a' - 'A' // with kindLetter; the bit that makes it lower case
)

var byteKinds = func() (kinds [256]byteKind) {
	for c := range kinds {
		switch b := byte(c); {
		case b >= 'a' && b <= 'z':
			kinds[c] = kindLetter
		case b >= 'A' && b <= 'Z':
			kinds[c] = kindLetter | kindUpper
		case b == '@':
			kinds[c] = kindMention
		case b < ' ' || b >= 0x7F:
			kinds[c] = kindHigh
		default:
			kinds[c] = kindSign
		}
	}
	return kinds
}()

// plainText is anyText for the first n bytes of s, which are ASCII in lower case
// without white space or mentions. Eight more bytes may be looked at.
func plainText(dst []uint64, s []byte, n int) []uint64 {
	from := 0
	for i := 0; i <= n; {
		if i > 0 && i < n {
			left, right := asciiBreaks[s[i-1]], asciiBreaks[s[i]]
			if left == wbLetter && right == wbLetter {
				i = min(n, i+letterRun(s[i:]))
				continue
			}
			if joinedPlain(s[:n], i, left, right) {
				i++
				continue
			}
		}
		switch k := i - from; {
		case k > 7:
			dst = append(dst, intern.Hash(s[from:i]))
		case k > 0:
			dst = append(dst, intern.ShortHash(word(s[from:])&(1<<(8*k)-1), k))
		}
		from = i
		if i < n && s[i] == '\'' {
			from++
		}
		i++
	}
	return dst
}

// joinedPlain is joined for ASCII: these are the rules that are left.
func joinedPlain(s []byte, i int, left, right wordBreak) bool {
	before, after := wbOther, wbOther
	if i > 1 {
		before = asciiBreaks[s[i-2]]
	}
	if i+1 < len(s) {
		after = asciiBreaks[s[i+1]]
	}
	switch left {
	case wbLetter:
		return right == wbNumeric || right == wbExtendNumLet || right.midLetter() && after == wbLetter
	case wbNumeric:
		return right == wbNumeric || right == wbLetter || right == wbExtendNumLet || right.midNumber() && after == wbNumeric
	case wbExtendNumLet:
		return right == wbLetter || right == wbNumeric || right == wbExtendNumLet
	}
	return left == wbSingle && strings.IndexByte("aeiou", s[i]) >= 0 ||
		before == wbLetter && left.midLetter() && right == wbLetter ||
		before == wbNumeric && left.midNumber() && right == wbNumeric
}

// asciiBreaks is wordBreakOf for ASCII in lower case.
var asciiBreaks = func() (kinds [128]wordBreak) {
	for c := range kinds {
		switch b := byte(c); {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z':
			kinds[c] = wbLetter
		case b >= '0' && b <= '9':
			kinds[c] = wbNumeric
		case b == '_':
			kinds[c] = wbExtendNumLet
		case b == ' ':
			kinds[c] = wbSpace
		case b == '\n', b == '\r', b == '\v', b == '\f':
			kinds[c] = wbNewline
		case b == '\'':
			kinds[c] = wbSingle
		case b == '"':
			kinds[c] = wbDouble
		case b == ':':
			kinds[c] = wbMidLetter
		case b == ',', b == ';':
			kinds[c] = wbMidNum
		case b == '.':
			kinds[c] = wbMidNumLet
		default:
			kinds[c] = wbOther
		}
	}
	return kinds
}()
