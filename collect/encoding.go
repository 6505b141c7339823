package collect

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// A charset is how the bytes of a table stand for letters. UTF-16 is undone
// before a table is cut into rows; the one-byte sets after it, cell by cell,
// because they share their separators with ASCII and a rejected row is then
// kept as it stands in the file.
type charset struct {
	name  string // "utf-8", "windows-1251", …
	bytes *charmap.Charmap
	wide  encoding.Encoding
}

var charsets = []charset{
	{name: "utf-8"},
	{name: "windows-1251", bytes: charmap.Windows1251},
	{name: "koi8-r", bytes: charmap.KOI8R},
	{name: "ibm866", bytes: charmap.CodePage866},
	{name: "windows-1252", bytes: charmap.Windows1252},
	{name: "utf-16le", wide: unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
	{name: "utf-16be", wide: unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
}

// charsetNamed finds what --encoding names.
func charsetNamed(name string) (charset, error) {
	var known []string
	for _, c := range charsets {
		if c.name == name {
			return c, nil
		}
		known = append(known, c.name)
	}
	return charset{}, fmt.Errorf("encoding %q is not known; known: %v", name, known)
}

func mustCharset(name string) charset {
	c, err := charsetNamed(name)
	if err != nil {
		panic(err) // a name written in this file
	}
	return c
}

// wideCharset recognises UTF-16 by its mark, or without one by where the zero
// bytes of spaces, digits and line ends stand.
func wideCharset(head []byte) (c charset, ok bool) {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return mustCharset("utf-16le"), true
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return mustCharset("utf-16be"), true
	}
	even, odd := 0, 0
	for i, b := range head {
		if b == 0 {
			if i%2 == 0 {
				even++
			} else {
				odd++
			}
		}
	}
	pairs := len(head) / 2
	switch {
	case pairs < 4:
	case odd*10 >= pairs && even*50 <= odd:
		return mustCharset("utf-16le"), true
	case even*10 >= pairs && odd*50 <= even:
		return mustCharset("utf-16be"), true
	}
	return charset{}, false
}

// decodeWide returns r with UTF-16 turned into UTF-8 and the mark taken off.
func (c charset) decodeWide(r io.Reader) io.Reader {
	if c.wide == nil {
		return r
	}
	return transform.NewReader(r, c.wide.NewDecoder())
}

// byteCharset says what b is written in, given that it is ASCII-compatible:
// UTF-8 when most of its high bytes form UTF-8, else the one-byte set whose
// reading looks most like writing. ok is false when b is pure ASCII and says
// nothing.
func byteCharset(b []byte) (c charset, ok bool) {
	good, bad, high := 0, 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		if !utf8.FullRune(b[i:]) && len(b)-i < utf8.UTFMax {
			break // cut by the end of the sample
		}
		high++
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	if high == 0 {
		return charset{}, false
	}
	if good >= bad {
		return mustCharset("utf-8"), true
	}
	best, bestScore := charset{}, -1<<62
	for _, c := range charsets {
		if c.bytes == nil {
			continue
		}
		if s := readable(b, c.bytes); s > bestScore {
			best, bestScore = c, s
		}
	}
	return best, true
}

// readable scores how much b read in m looks like writing: runs of lower-case
// Cyrillic in the Russian sets, single accented letters among Latin ones in
// windows-1252.
func readable(b []byte, m *charmap.Charmap) int {
	score := 0
	var before rune // the letter before, 0 at the start of a word
	for _, x := range b {
		r := m.DecodeByte(x)
		switch {
		case x < utf8.RuneSelf && (r|0x20) >= 'a' && (r|0x20) <= 'z':
			if before >= 'А' && before <= 'ӿ' {
				score -= 4 // one word in two scripts
			}
		case r >= 'а' && r <= 'я' || r == 'ё':
			score += 2
			switch {
			case before == 0, before >= 'А' && before <= 'ӿ':
			default:
				score -= 6
			}
		case r >= 'А' && r <= 'Я' || r == 'Ё':
			if before >= 'а' && before <= 'я' {
				score -= 4 // a capital inside a word
			} else {
				score++
			}
		case r >= 0xC0 && r <= 0xFF && r != 0xD7 && r != 0xF7:
			if before != 0 && before < utf8.RuneSelf {
				score += 2 // é after a Latin letter
			} else if before >= 0xC0 && before <= 0xFF {
				score -= 3
			}
		case x >= utf8.RuneSelf && (r == utf8.RuneError || r >= 0x2500 && r <= 0x25FF):
			score -= 5
			r = 0
		default:
			r = 0
		}
		before = r
	}
	return score
}

// text appends b to dst as UTF-8.
func (c charset) text(dst, b []byte) []byte {
	if c.bytes == nil {
		return append(dst, b...)
	}
	for _, x := range b {
		if x < utf8.RuneSelf {
			dst = append(dst, x)
		} else {
			dst = utf8.AppendRune(dst, c.bytes.DecodeByte(x))
		}
	}
	return dst
}

// KnownEncoding returns an error naming the encodings when name is none.
func KnownEncoding(name string) error {
	_, err := charsetNamed(name)
	return err
}
