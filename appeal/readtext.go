package appeal

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// readText reads plain text: UTF-8 or UTF-16, else an 8-bit code page.
func readText(data []byte) *source {
	s := &source{file: FileInfo{Format: "txt"}}
	text := s.decode(data)
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	paged := strings.Contains(text, "\f")
	page, notes, heading := 0, 0, true
	if paged {
		page = 1
	}
	for _, t := range strings.Split(text, "\n") {
		for n, part := range strings.Split(t, "\f") {
			if n > 0 {
				page++
			}
			trimmed := strings.TrimSpace(part)
			if heading && strings.HasPrefix(trimmed, "# ") {
				notes++ // lines of whoever kept the text
				continue
			}
			heading = heading && trimmed == ""
			s.lines = append(s.lines, line{text: part, page: page})
		}
	}
	if notes > 0 {
		s.warn("note-lines", "line 1", strconv.Itoa(notes)+" lines at the top begin with # and were taken as notes on the text, not as the text")
	}
	return s
}

// decode returns data as UTF-8 and says when it had to choose a code page.
func (s *source) decode(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		big := data[0] == 0xfe
		u := make([]uint16, 0, len(data)/2)
		for i := 2; i+1 < len(data); i += 2 {
			if big {
				u = append(u, uint16(data[i])<<8|uint16(data[i+1]))
			} else {
				u = append(u, uint16(data[i+1])<<8|uint16(data[i]))
			}
		}
		return string(utf16.Decode(u))
	}
	if utf8.Valid(data) {
		return string(data)
	}
	// Cyrillic code pages put letters where Western text has few.
	high, cyr := 0, 0
	for _, b := range data {
		if b >= 0x80 {
			high++
		}
		if b >= 0xc0 {
			cyr++
		}
	}
	cm, name := charmap.Windows1252, "Windows-1252 (Western)"
	if high*4 > len(data) && cyr*10 > high*8 {
		cm, name = charmap.Windows1251, "Windows-1251 (Cyrillic)"
	}
	out, err := cm.NewDecoder().Bytes(data)
	if err != nil {
		out = bytes.ToValidUTF8(data, []byte("\ufffd"))
		name = "UTF-8 with broken bytes"
	}
	s.warn("encoding", "", "the text is not UTF-8; it was read as "+name)
	return string(out)
}

// mendEncoding repairs lines that were decoded with the wrong code page, and
// says which: "Ã©" for "é", "Çàÿâëåíèå" for "Заявление".
func (s *source) mendEncoding() {
	n := 0
	first := ""
	sure := 0 // lines that are certainly Cyrillic: the others may hold more Latin
	for _, l := range s.lines {
		if _, ok := undoCyrillicAs1252(l.text, 4); ok {
			sure++
		}
	}
	share := 4
	if sure >= 5 {
		share = 1
	}
	for i := range s.lines {
		l := &s.lines[i]
		fixed, ok := undoUTF8As1252(l.text)
		unsure := ok // a line of the text itself
		if !ok {
			fixed, ok = undoCyrillicAs1252(l.text, share)
			if !ok && share == 1 {
				fixed, ok = undoCyrillicAs1252Words(l.text)
			}
		}
		if ok {
			if n++; first == "" {
				first = cutText(l.text, 60) + " → " + cutText(fixed, 60)
			}
			s.unread = append(s.unread, l.text)
			l.text, l.mended = fixed, !unsure
		}
	}
	if n > 0 {
		s.warn("mojibake", "", strconv.Itoa(n)+" lines were decoded with the wrong code page and were repaired; as they stood they are in unread: "+first)
	}
}

// undoUTF8As1252 repairs UTF-8 that was read as Windows-1252.
func undoUTF8As1252(t string) (string, bool) {
	if !strings.ContainsAny(t, "ÃÂâÐÑ") {
		return "", false
	}
	var b []byte
	for _, r := range t {
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			if r > 0xff { // not a letter of the wrong code page
				return "", false
			}
			c = byte(r) // 81, 8D, 8F, 90, 9D have no letter
		}
		b = append(b, c)
	}
	if !utf8.Valid(b) || string(b) == t {
		return "", false
	}
	return string(b), true
}

// undoCyrillicAs1252 repairs Windows-1251 that was read as Windows-1252: a
// line with at most one plain letter to so many accented ones.
func undoCyrillicAs1252(t string, share int) (string, bool) {
	accented, plain := 0, 0
	for _, r := range t {
		switch {
		case r >= 0xc0 && r <= 0xff:
			accented++
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			plain++
		case r > 0x2fff || r >= 0x400 && r < 0x500:
			return "", false
		}
	}
	if accented < 6 || plain*share > accented {
		return "", false
	}
	var b []byte
	for _, r := range t {
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			if r > 0xff {
				return "", false
			}
			c = byte(r) // read as Latin-1: the signs between 80 and 9F
		}
		b = append(b, c)
	}
	out, err := charmap.Windows1251.NewDecoder().Bytes(b)
	return string(out), err == nil
}

// undoCyrillicAs1252Words repairs the words of a line, among addresses and
// Latin names, that hold nothing but accented letters.
func undoCyrillicAs1252Words(t string) (string, bool) {
	words := strings.Split(t, " ")
	found := false
	for i, w := range words {
		accented, plain := 0, 0
		for _, r := range w {
			if r >= 0xc0 && r <= 0xff {
				accented++
			} else if r < 0x80 && isLetter(byte(r)) || r > 0xff {
				plain++
			}
		}
		if accented == 0 || plain > 0 {
			continue
		}
		var b []byte
		for _, r := range w {
			b = append(b, byte(r))
		}
		if out, err := charmap.Windows1251.NewDecoder().Bytes(b); err == nil {
			words[i], found = string(out), true
		}
	}
	return strings.Join(words, " "), found
}
