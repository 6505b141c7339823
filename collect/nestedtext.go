package collect

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/address"
)

// textMarks finds hashtags, mentions and addresses in text, for formats that
// do not list them. A mark in the middle of a word is none, so that
// name@example.org is no mention.
func textMarks(text string) (links, hashtags, mentions []string) {
	found := address.Find(text)
	before := ' '
	for i := 0; i < len(text); {
		if len(found) > 0 && strings.HasPrefix(text[i:], found[0]) {
			links = addOnce(links, found[0])
			i += len(found[0])
			found, before = found[1:], 'a'
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if (r == '#' || r == '@') && !isWord(before) && before != '/' && before != '&' {
			w := wordAt(text[i+1:], r == '@')
			if strings.Trim(w, "0123456789_.") != "" {
				if r == '#' {
					hashtags = append(hashtags, w)
				} else {
					mentions = append(mentions, w)
				}
				i += 1 + len(w)
				before = 'a'
				continue
			}
		}
		before = r
		i += size
	}
	return links, hashtags, mentions
}

func isWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// wordAt returns the word s begins with; names may hold points and hyphens
// inside.
func wordAt(s string, name bool) string {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !isWord(r) && !(name && (r == '.' || r == '-'))
	})
	if end < 0 {
		end = len(s)
	}
	return strings.TrimRight(s[:end], ".-")
}

// addOnce appends s unless it is empty or there.
func addOnce(l []string, s string) []string {
	if s == "" {
		return l
	}
	for _, e := range l {
		if e == s {
			return l
		}
	}
	return append(l, s)
}

// langOf returns the BCP 47 code of what a platform states, "" where it says
// that it does not know (Twitter's und, zxx, art, qme, …).
func langOf(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	base, rest, _ := strings.Cut(s, "-")
	base = strings.ToLower(base)
	switch base {
	case "in":
		base = "id"
	case "iw":
		base = "he"
	case "und", "zxx", "art", "mul", "mis":
		return ""
	}
	if len(base) < 2 || len(base) > 3 || base[0] == 'q' && len(base) == 3 || strings.Trim(base, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	if rest != "" {
		return base + "-" + rest
	}
	return base
}
