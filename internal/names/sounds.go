package names

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Sounds returns what the spellings of one word have in common: small Latin
// letters for its sounds, without marks, signs and doubled letters. It joins
// the usual transliterations (BGN/PCGN, ISO 9, GOST, French and Turkish
// habits) of Russian and Kazakh, and of Arabic as far as letters are written.
// "Сәрсенова", "Sarsenova", "Särsenova" and "Sarsenowa" are all "sarsenova".
func Sounds(word string) string { return string(appendSounds(nil, word)) }

// coarse joins what ASCII spellings do not keep apart: ş and s, ç and c, ң
// and n. It works in place.
func coarse(b []byte) []byte {
	out := b[:0]
	for i := 0; i < len(b); i++ {
		c := b[i]
		if i+1 < len(b) && (c == 's' || c == 'c') && b[i+1] == 'h' {
			i++
		} else if i+1 < len(b) && c == 'n' && b[i+1] == 'g' {
			i++
		}
		if n := len(out); n > 0 && out[n-1] == c && c < utf8.RuneSelf { // not within a letter of another script
			continue
		}
		out = append(out, c)
	}
	return out
}

// appendSounds appends the sounds of a word to dst.
func appendSounds(dst []byte, word string) []byte {
	start := len(dst)
	for _, r := range word {
		dst = appendLetter(dst, r)
	}
	if len(dst) > start && dst[start] == 'x' { // Xasenov; within a word it is ks
		dst[start] = 'h'
	}
	// Twice, because one joined pair may be half of another.
	b := join(join(dst[start:]))
	out := b[:0]
	for _, c := range b { // doubled letters
		if n := len(out); n > 0 && out[n-1] == c && c < utf8.RuneSelf { // not within a letter of another script
			continue
		}
		out = append(out, c)
	}
	return append(dst[:start], out...) // x may have moved it
}

// appendLetter appends one letter as small Latin letters; what is no letter
// or digit appends nothing.
func appendLetter(dst []byte, r rune) []byte {
	switch {
	case r < utf8.RuneSelf:
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return append(dst, byte(r))
		case r >= 'A' && r <= 'Z':
			return append(dst, byte(r)+'a'-'A')
		}
		return dst
	case r >= 0x400 && r < 0x530:
		return append(dst, letters()[unicode.ToLower(r)]...)
	case unicode.Is(unicode.Mn, r):
		return dst
	}
	l := unicode.ToLower(r)
	if s, ok := letters()[l]; ok {
		return append(dst, s...)
	}
	if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.So, r) {
		return dst
	}
	var one [utf8.UTFMax]byte
	plain := norm.NFKD.Append(nil, one[:utf8.EncodeRune(one[:], l)]...)
	for len(plain) > 0 {
		c, n := utf8.DecodeRune(plain)
		plain = plain[n:]
		if c = unicode.ToLower(c); c < utf8.RuneSelf {
			if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
				dst = append(dst, byte(c))
			}
			continue
		}
		if s, ok := letters()[c]; ok {
			dst = append(dst, s...)
		} else if unicode.IsLetter(c) { // a script without a table stands for itself
			dst = utf8.AppendRune(dst, c)
		}
	}
	return dst
}

// letters is every letter that has no plain Latin letter of its own: Russian,
// Kazakh, Kyrgyz, Tajik, Uzbek, Ukrainian and Belarusian; Latin letters that
// are not made of a letter and a mark; Arabic, with those of Persian, Kurdish
// and Kazakh.
var letters = sync.OnceValue(func() map[rune]string {
	m := map[rune]string{
		'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "i", 'к': "k", 'л': "l", 'м': "m",
		'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "sh", 'ъ': "", 'ы': "i", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia",
		'ә': "a", 'ғ': "g", 'қ': "k", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h", 'і': "i", 'ї': "i", 'є': "e", 'ґ': "g", 'ў': "u", 'ӣ': "i", 'ӯ': "u", 'ҳ': "h", 'ҷ': "j", 'ӷ': "g", 'ҡ': "k", 'ҙ': "z", 'ҫ': "s", 'ҥ': "n", 'ӳ': "u", 'ӱ': "u", 'ӑ': "a", 'ӗ': "e", 'ѐ': "e", 'ѝ': "i", 'ј': "i", 'љ': "l", 'њ': "n", 'ћ': "ch", 'ђ': "j", 'џ': "j", 'ѓ': "g", 'ќ': "k", 'ѕ': "z",
		'ı': "i", 'ł': "l", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "t", 'ß': "s", 'æ': "e", 'œ': "e", 'ə': "a", 'ŋ': "n", 'ħ': "h", 'ſ': "s",
		'ا': "a", 'أ': "a", 'إ': "i", 'آ': "a", 'ٱ': "a", 'ء': "", 'ئ': "", 'ؤ': "u", 'ب': "b", 'پ': "p", 'ت': "t", 'ث': "s", 'ج': "j", 'چ': "ch", 'ح': "h", 'خ': "kh", 'د': "d", 'ذ': "z", 'ر': "r", 'ز': "z", 'ژ': "zh",
		'س': "s", 'ش': "sh", 'ص': "s", 'ض': "d", 'ط': "t", 'ظ': "z", 'ع': "", 'غ': "g", 'ف': "f", 'ڤ': "v", 'ق': "k", 'ك': "k", 'ک': "k", 'گ': "g", 'ڭ': "n", 'ل': "l", 'م': "m", 'ن': "n", 'ه': "h", 'ھ': "h", 'ة': "a",
		'و': "u", 'ۋ': "v", 'ۇ': "u", 'ۆ': "o", 'ې': "e", 'ى': "i", 'ي': "i", 'ی': "i", 'ە': "a",
	}
	return m
})

// join makes the pairs of letters that stand for one sound one letter. It
// works in place: nothing grows except x, which is rare and in the middle.
func join(b []byte) []byte {
	for i := range b {
		if b[i] == 'x' {
			b = append(b[:i+1:i+1], append([]byte{'s'}, b[i+1:]...)...)
			b[i] = 'k'
		}
	}
	out := b[:0]
	for i := 0; i < len(b); {
		s, n := pair(b[i:])
		out = append(out, s...)
		i += n
	}
	return out
}

// pair returns the sound that b begins with, and how many letters it takes.
func pair(b []byte) (string, int) {
	at := func(i int) byte {
		if i < len(b) {
			return b[i]
		}
		return 0
	}
	c, d, e := b[0], at(1), at(2)
	switch c {
	case 't':
		switch {
		case d == 'c' && e == 'h':
			return "ch", 3
		case d == 's' || d == 'z':
			return "c", 2
		}
	case 'd':
		switch {
		case d == 'z' && e == 'h':
			return "j", 3
		case d == 'j':
			return "j", 2
		}
	case 's':
		switch {
		case d == 'c' && e == 'h':
			return "sh", 3
		case d == 'h' && e == 'c' && at(3) == 'h':
			return "sh", 4
		case d == 'h':
			return "sh", 2
		}
	case 'k':
		if d == 'h' {
			return "h", 2
		}
	case 'c':
		switch d {
		case 'k':
			return "k", 2
		case 'h':
			return "ch", 2
		}
	case 'q':
		return "k", 1
	case 'w':
		return "v", 1
	case 'p':
		if d == 'h' {
			return "f", 2
		}
	case 'o':
		if d == 'u' || d == 'o' {
			return "u", 2
		}
	case 'y', 'j':
		switch d {
		case 'o', 'e':
			return "e", 2
		case 'a':
			return "ia", 2
		case 'u':
			return "iu", 2
		}
		if c == 'y' {
			return "i", 1
		}
	case 'i':
		if d == 'e' {
			return "e", 2
		}
	case 'z':
		if d == 'h' {
			return "j", 2
		}
	case 'g':
		if d == 'h' {
			return "g", 2
		}
	}
	_, n := utf8.DecodeRune(b)
	return string(b[:n]), n
}
