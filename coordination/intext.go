package coordination

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// inText finds the links, hashtags and mentions of a text, for exports that
// do not list them. Hashtags and mentions come without their sign.
func inText(s string) (links, tags, names []string) {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == 'h' && (strings.HasPrefix(s[i:], "http://") || strings.HasPrefix(s[i:], "https://")):
			n := strings.IndexFunc(s[i:], func(r rune) bool {
				return unicode.IsSpace(r) || r < ' ' || strings.ContainsRune(`"<>«»“”`, r)
			})
			if n < 0 {
				n = len(s) - i
			}
			link := s[i : i+n]
			i += n
			if strings.HasSuffix(link, "…") { // cut short: not an address
				continue
			}
			links = append(links, trimAddress(link))
		case (c == '#' || c == '@') && !insideWord(s, i):
			n := 0
			for _, r := range s[i+1:] {
				if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && (c == '#' || r != '.') {
					break
				}
				n += utf8.RuneLen(r)
			}
			word := s[i+1 : i+1+n]
			i += 1 + n
			if c == '@' {
				word = strings.TrimRight(word, ".")
			}
			switch {
			case word == "":
			case c == '#':
				tags = append(tags, word)
			default:
				names = append(names, word)
			}
		default:
			i++
		}
	}
	return links, tags, names
}

// insideWord reports whether the sign at i follows a letter or digit, as in an
// e-mail address.
func insideWord(s string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return i > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// trimAddress leaves out punctuation that ends the sentence, not the address.
// A closing bracket stays when the address opens one.
func trimAddress(s string) string {
	for {
		t := strings.TrimRight(s, ".,;:!?'*_")
		for _, p := range []string{"()", "[]"} {
			if strings.HasSuffix(t, p[1:]) && strings.Count(t, p[1:]) > strings.Count(t, p[:1]) {
				t = t[:len(t)-1]
			}
		}
		if t == s {
			return s
		}
		s = t
	}
}
