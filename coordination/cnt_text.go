package coordination

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"

	"github.com/arasha-org/arasha/internal/intern"
)

// appendMessage appends text as coordination-network-toolkit compares it in
// co_tweet: lower case, mentions taken out, white space made single spaces.
func appendMessage(b []byte, text string) []byte {
	begin := len(b)
	mention := false
	text = beforeLower(text)
	for i := 0; i < len(text); {
		// Most of most texts: ASCII, and the Cyrillic letters of two bytes
		// from А to џ, of which А to Я are not lower case yet.
		c := text[i]
		if k := byteKinds[c]; k&(kindLetter|kindSign) != 0 && c != ' ' {
			i++
			if !mention {
				b = append(b, c|byte(k&kindUpper))
			}
			continue
		}
		if i+1 < len(text) && (c == 0xD0 && text[i+1]-0x90 < 0x30 || c == 0xD1 && text[i+1]-0x80 < 0x20) {
			d := text[i+1]
			i += 2
			if mention {
				continue
			}
			switch {
			case c == 0xD0 && d < 0xA0: // А to П
				d += 0x20
			case c == 0xD0 && d < 0xB0: // Р to Я
				c, d = 0xD1, d-0x20
			}
			b = append(b, c, d)
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		mention = r == '@' || mention && !isSpace(r)
		switch {
		case mention:
		case isPythonSpace(r):
			if len(b) > begin && b[len(b)-1] != ' ' {
				b = append(b, ' ')
			}
		default:
			b = utf8.AppendRune(b, lower(r))
		}
	}
	if len(b) > begin && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// beforeLower returns text for lower to be used on every character. Python's
// str.lower is the full mapping of Unicode, which differs from that of single
// characters in İ, which becomes two, and in Σ, which becomes ς at the end of a
// word: these are replaced.
func beforeLower(text string) string {
	if !strings.Contains(text, "İ") && !strings.Contains(text, "Σ") {
		return text
	}
	runs := []rune(text)
	var b strings.Builder
	for i, r := range runs {
		switch {
		case r == 'İ':
			b.WriteString("i\u0307")
		case r == 'Σ' && endsWord(runs, i):
			b.WriteRune('ς')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// lower is unicode.ToLower, faster for Latin and Cyrillic.
func lower(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	case r >= 'А' && r <= 'Я':
		return r + 'а' - 'А'
	case r >= 'а' && r <= 'џ', r >= '‐' && r <= '⁞': // and punctuation
		return r
	}
	return unicode.ToLower(r)
}

// endsWord is the condition Final_Sigma of SpecialCasing.txt: a cased letter
// before runs[i] and none after, not counting what case ignores.
func endsWord(runs []rune, i int) bool {
	cased := func(r rune) bool {
		return unicode.In(r, unicode.Lu, unicode.Ll, unicode.Lt, unicode.Other_Lowercase, unicode.Other_Uppercase)
	}
	ignored := func(r rune) bool {
		return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk) ||
			strings.ContainsRune("'.:··՟״‘’․‧︓﹒﹕＇．：", r)
	}
	j, k := i-1, i+1
	for j >= 0 && ignored(runs[j]) {
		j--
	}
	for k < len(runs) && ignored(runs[k]) {
		k++
	}
	return j >= 0 && cased(runs[j]) && (k == len(runs) || !cased(runs[k]))
}

// isSpace is unicode.IsSpace, without its look-up for the letters of most
// scripts: below U+1680 only ASCII's, U+0085 and U+00A0 are spaces.
func isSpace(r rune) bool {
	if r < 0x1680 {
		return r == ' ' || r >= '\t' && r <= '\r' || r == 0x85 || r == 0xA0
	}
	return unicode.IsSpace(r)
}

// isPythonSpace is Python's str.isspace, which str.split divides by: Unicode
// white space and the four separators of ASCII.
func isPythonSpace(r rune) bool { return isSpace(r) || r >= 0x1C && r <= 0x1F }

// A cntTokeniser divides text as coordination-network-toolkit does, with the
// regular expression \b\p{Word_Break=WSegSpace}*'? and the word boundaries of
// Python's regex module. Those are the default ones of UAX #29 with four
// differences, all kept here:
//
//   - there is no boundary between an apostrophe (' or ’) and a, e, i, o, u or
//     these with a grave, acute or circumflex;
//   - there is none after marks at the very beginning of the text;
//   - marks are not skipped when looking two characters ahead or behind;
//   - whatever follows an odd number of regional indicators belongs to them;
//
// A tokeniser may be used again and again, by one goroutine.
type cntTokeniser struct {
	low  [0x3000]wordBreak // found when first asked for
	high map[rune]wordBreak
	text []byte // of the present text, as are the following
	runs []rune
	kind []wordBreak
	at   []int32 // where each rune begins
}

// anyText is tokens for any text, without a short way.
func (t *cntTokeniser) anyText(dst []uint64, text string) []uint64 {
	s := t.prepare(text)
	n := len(t.runs)
	from := 0
	for i := 0; i <= n; {
		if i > 0 && i < n && (t.kind[i-1] == wbLetter && t.kind[i] == wbLetter || t.joined(i)) {
			i++
			continue
		}
		if from < i {
			if t.hasSpace(from, i) {
				dst = appendFields(dst, s[t.at[from]:t.at[i]])
			} else {
				dst = append(dst, intern.Hash(s[t.at[from]:t.at[i]]))
			}
		}
		j := i
		for j < n && t.kind[j] == wbSpace {
			j++
		}
		if j < n && t.runs[j] == '\'' {
			j++
		}
		from = j
		if j == i {
			j++
		}
		i = j
	}
	return dst
}

// hasSpace reports whether there is white space among the runes.
func (t *cntTokeniser) hasSpace(from, to int) bool {
	for i := from; i < to; i++ {
		if t.kind[i] != wbLetter && isPythonSpace(t.runs[i]) {
			return true
		}
	}
	return false
}

// appendFields divides a token by the white space in it: line breaks are
// segments of their own, and a narrow no-break space stands inside numbers.
func appendFields(dst []uint64, s []byte) []uint64 {
	for len(s) > 0 {
		end := bytes.IndexFunc(s, isPythonSpace)
		if end < 0 {
			return append(dst, intern.Hash(s))
		}
		if end > 0 {
			dst = append(dst, intern.Hash(s[:end]))
		}
		_, n := utf8.DecodeRune(s[end:])
		s = s[end+n:]
	}
	return dst
}

// prepare fills runs, kind and at with the text in lower case, without
// mentions, and returns its bytes.
func (t *cntTokeniser) prepare(text string) []byte {
	t.runs = slices.Grow(t.runs[:0], len(text)+1)
	t.kind = slices.Grow(t.kind[:0], len(text)+1)
	t.at = slices.Grow(t.at[:0], len(text)+1)
	s := slices.Grow(t.text[:0], len(text))
	mention := false
	for _, r := range beforeLower(text) {
		mention = r == '@' || mention && !isSpace(r)
		if mention {
			continue
		}
		t.at = append(t.at, int32(len(s)))
		r = lower(r)
		s = utf8.AppendRune(s, r)
		t.runs = append(t.runs, r)
		if r < utf8.RuneSelf {
			t.kind = append(t.kind, asciiBreaks[r])
		} else if r < 0x3000 && t.low[r] != wbUnknown {
			t.kind = append(t.kind, t.low[r])
		} else {
			t.kind = append(t.kind, t.class(r))
		}
	}
	t.at = append(t.at, int32(len(s)))
	t.text = s
	return s
}

// joined reports whether there is no word boundary before rune i, 0 < i < n.
// The names of the rules are those of UAX #29.
func (t *cntTokeniser) joined(i int) bool {
	l, left, right := i-1, t.kind[i-1], t.kind[i]
	if t.runs[l] == '\r' && t.runs[i] == '\n' { // WB3
		return true
	}
	if left == wbNewline || right == wbNewline { // WB3a, WB3b
		return false
	}
	if t.runs[l] == zwj && right.pictographic() { // WB3c
		return true
	}
	if left == wbSpace && right == wbSpace { // WB3d
		return true
	}
	if right == wbExtend { // WB4
		return true
	}
	for left == wbExtend {
		if l == 0 {
			return true
		}
		l--
		left = t.kind[l]
	}
	left, right = left.base(), right.base()
	before, after := wbOther, wbOther
	if l > 0 {
		before = t.kind[l-1]
	}
	if i+1 < len(t.kind) {
		after = t.kind[i+1]
	}
	switch {
	case left.letter() && right.letter(), // WB5
		(t.runs[l] == '\'' || t.runs[l] == '’') && isVowel(t.runs[i]),
		left.letter() && right.midLetter() && after.letter(),  // WB6
		before.letter() && left.midLetter() && right.letter(), // WB7
		left == wbHebrew && right == wbSingle,                 // WB7a
		left == wbHebrew && right == wbDouble && after == wbHebrew,
		before == wbHebrew && left == wbDouble && right == wbHebrew,
		left == wbNumeric && right == wbNumeric,                       // WB8
		left.letter() && right == wbNumeric,                           // WB9
		left == wbNumeric && right.letter(),                           // WB10
		before == wbNumeric && left.midNumber() && right == wbNumeric, // WB11
		left == wbNumeric && right.midNumber() && after == wbNumeric,  // WB12
		left == wbKatakana && right == wbKatakana,                     // WB13
		left.wordlike() && right == wbExtendNumLet,                    // WB13a
		left == wbExtendNumLet && (right.letter() || right == wbNumeric || right == wbKatakana):
		return true
	}
	odd := false // WB15, WB16
	for ; l >= 0 && t.kind[l] == wbRegional; l-- {
		odd = !odd
	}
	return odd
}

const zwj = '\u200d'

func isVowel(r rune) bool { return strings.ContainsRune("aàáâeèéêiìíîoòóôuùúû", r) }

// A wordBreak is a value of the property Word_Break. Format, Extend and ZWJ
// are one here, Newline, CR and LF another. The properties that an emoji has
// besides are in the highest bit.
type wordBreak uint8

const (
	wbUnknown wordBreak = iota
	wbOther
	wbNewline
	wbExtend
	wbSpace // WSegSpace
	wbLetter
	wbHebrew
	wbNumeric
	wbKatakana
	wbExtendNumLet
	wbRegional
	wbMidLetter
	wbMidNum
	wbMidNumLet
	wbSingle
	wbDouble
	wbPictographic = 1 << 7 // Extended_Pictographic
)

func (b wordBreak) base() wordBreak    { return b &^ wbPictographic }
func (b wordBreak) pictographic() bool { return b&wbPictographic != 0 }
func (b wordBreak) letter() bool       { return b.base() == wbLetter || b == wbHebrew }
func (b wordBreak) midLetter() bool    { return b == wbMidLetter || b == wbMidNumLet || b == wbSingle }
func (b wordBreak) midNumber() bool    { return b == wbMidNum || b == wbMidNumLet || b == wbSingle }
func (b wordBreak) wordlike() bool {
	return b.letter() || b == wbNumeric || b == wbKatakana || b == wbExtendNumLet
}

// class returns the property of r, asking the library the first time.
func (t *cntTokeniser) class(r rune) wordBreak {
	if int(r) < len(t.low) {
		if t.low[r] == wbUnknown {
			t.low[r] = wordBreakOf(r)
		}
		return t.low[r]
	}
	k, ok := t.high[r]
	if !ok {
		if t.high == nil {
			t.high = make(map[rune]wordBreak)
		}
		k = wordBreakOf(r)
		t.high[r] = k
	}
	return k
}

// wordBreakOf finds the property of r from how the library divides short texts
// with r in them: it has the table of Unicode, and does not export it.
func wordBreakOf(r rune) wordBreak {
	one := func(s string) bool {
		w := words.FromString(s)
		return w.Next() && w.End() == len(s)
	}
	c := string(r)
	if r >= 'a' && r <= 'z' || r >= 'а' && r <= 'я' { // most of most texts
		return wbLetter
	}
	var k wordBreak
	switch {
	case r == '\'':
		k = wbSingle
	case r == '"':
		k = wbDouble
	case one("!" + c):
		return wbExtend
	case !one(c + "\u0301"):
		return wbNewline
	case one(" " + c):
		k = wbSpace
	case one("_"+c) && one("カ"+c) && one("a"+c):
		k = wbExtendNumLet
	case one("_"+c) && one("カ"+c):
		k = wbKatakana
	case one("א\""+c) && one(c+"'"):
		k = wbHebrew
	case one("_"+c) && one("1.1"+c) && one("1."+c):
		k = wbNumeric
	case one("_"+c) && one("a"+c):
		k = wbLetter
	case one("🇰" + c):
		k = wbRegional
	case one("a"+c+"a") && one("1"+c+"1"):
		k = wbMidNumLet
	case one("a" + c + "a"):
		k = wbMidLetter
	case one("1" + c + "1"):
		k = wbMidNum
	default:
		k = wbOther
	}
	if one("!\u200d" + c) {
		k |= wbPictographic
	}
	return k
}
