package coordination

import (
	"strings"
	"unicode/utf8"
)

// tokens calls yield with every token of text, repeats included. Punctuation
// and symbols are tokens; white space and single apostrophes are not.
//
// A space divides tokens whatever stands on its sides, but for a few signs
// that are no letters. So text is taken apart there, and parts of ASCII, which
// most are in most languages' posts, go the short way.
func (t *cntTokeniser) tokens(text string, yield func(token []byte)) {
	for text != "" {
		s := t.text[:0]
		var is byteKind // of the bytes so far
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
				s = append(s, c|byte(k&kindUpper))
			}
		}
		t.text = s
		switch {
		case is&kindHigh != 0:
			t.anyText(text[:n], yield)
		case is&^(kindLetter|kindUpper) == 0:
			if n > 0 {
				yield(s)
			}
		default:
			plainText(s, yield)
		}
		for n < len(text) && text[n] == ' ' {
			n++
		}
		text = text[n:]
	}
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

// plainText is anyText for ASCII in lower case without white space or mentions.
func plainText(s []byte, yield func(token []byte)) {
	n := len(s)
	from := 0
	for i := 0; i <= n; {
		if i > 0 && i < n {
			left, right := asciiBreaks[s[i-1]], asciiBreaks[s[i]]
			if left == wbLetter && right == wbLetter || joinedPlain(s, i, left, right) {
				i++
				continue
			}
		}
		if from < i {
			yield(s[from:i])
		}
		from = i
		if i < n && s[i] == '\'' {
			from++
		}
		i++
	}
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
