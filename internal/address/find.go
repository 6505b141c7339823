package address

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Find returns the addresses that stand in a text, as they are written there,
// in order: those with a scheme, those that begin with "www.", and bare ones
// that have a path or are of a platform this package knows ("t.me/name/5").
// Points, commas and closing brackets behind an address are not part of it.
func Find(text string) []string {
	var found []string
	for i := 0; i < len(text); {
		if begins(text, i) {
			raw := trimEnd(text[i:addressEnd(text, i)])
			if a, ok := Parse(raw); ok && (strings.Contains(raw, ":") || hasPrefixFold(raw, "www.") || a.Platform != "web" || strings.Contains(raw, "/")) {
				found = append(found, raw)
				i += len(raw)
				continue
			}
		}
		_, n := utf8.DecodeRuneInString(text[i:])
		i += n
	}
	return found
}

// begins reports whether an address may begin at i: with "http" anywhere, as
// in "link:https://…", with any other letter at the beginning of a word only.
func begins(s string, i int) bool {
	if c := s[i] | 0x20; c == 'h' && (hasPrefixFold(s[i:], "http:/") || hasPrefixFold(s[i:], "https:/")) {
		return true
	}
	if s[i] < 0x80 && !isAlnum(s[i]) {
		return false
	}
	if i > 0 {
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		if unicode.IsLetter(before) || unicode.IsDigit(before) || strings.ContainsRune("@_./-:%", before) {
			return false
		}
	}
	word := s[i:min(len(s), i+80)]
	if j := strings.IndexFunc(word, unicode.IsSpace); j >= 0 {
		word = word[:j]
	}
	if j := strings.Index(word, ":/"); j > 0 && j < 8 {
		return true
	}
	if j := strings.IndexAny(word, "/?#,;"); j >= 0 {
		word = word[:j]
	}
	return strings.IndexByte(word, '.') > 0 && strings.IndexByte(word, '@') < 0 || hasPrefixFold(word, "http")
}

// addressEnd returns where an address that begins at i must end: at a space, a
// quotation mark, or where the next one begins without a space between.
func addressEnd(s string, i int) int {
	for j, r := range s[i:] {
		if unicode.IsSpace(r) || r < ' ' || strings.ContainsRune("<>\"«»“”„`{}|", r) {
			return i + j
		}
		if j > 7 && (r == 'h' || r == 'H') && (hasPrefixFold(s[i+j:], "https://") || hasPrefixFold(s[i+j:], "http://")) {
			switch s[i+j-1] {
			case '/', '=', ':': // inside an archive's address or a redirect; or "https://https://"
			default:
				return i + j
			}
		}
		// "a.example/1,b.example/2", "…;https://…"
		if r == ';' || r == ',' {
			rest := strings.TrimLeft(s[i+j+1:], " ")
			if hasPrefixFold(rest, "http") || hasPrefixFold(rest, "www.") || rest == "" || len(rest) != len(s[i+j+1:]) {
				return i + j
			}
		}
	}
	return len(s)
}

// trimEnd takes off what closes a sentence. A bracket stays when it was opened
// inside the address.
func trimEnd(s string) string {
	for s != "" {
		r, n := utf8.DecodeLastRuneInString(s)
		switch {
		case strings.ContainsRune(".,;:!?…'’", r):
		case r == ')' && strings.Count(s, "(") < strings.Count(s, ")"):
		case r == ']' && strings.Count(s, "[") < strings.Count(s, "]"):
		default:
			return s
		}
		s = s[:len(s)-n]
	}
	return s
}
