package collect

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// textMarks finds hashtags, mentions and addresses in text, for formats that
// do not list them. A mark in the middle of a word is none, so that
// name@example.org is no mention.
func textMarks(text string) (links, hashtags, mentions []string) {
	before := ' '
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case isWord(before) || before == '/' || before == '&':
		case r == '#' || r == '@':
			w := wordAt(text[i+1:], r == '@')
			if strings.Trim(w, "0123456789_.") == "" {
				break
			}
			if r == '#' {
				hashtags = append(hashtags, w)
			} else {
				mentions = append(mentions, w)
			}
			i += 1 + len(w)
			before = 'a'
			continue
		case r == 'h' || r == 'H':
			if u := addressAt(text[i:]); u != "" {
				links = addOnce(links, u)
				i += len(u)
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

// addressAt returns the http address s begins with, without the punctuation
// of the sentence around it.
func addressAt(s string) string {
	if l := min(len(s), 8); !strings.HasPrefix(strings.ToLower(s[:l]), "http://") && !strings.HasPrefix(strings.ToLower(s[:l]), "https://") {
		return ""
	}
	end := strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<>\"«»“”|", r)
	})
	if end < 0 {
		end = len(s)
	}
	u := strings.TrimRight(s[:end], ".,;:!?'…")
	for strings.HasSuffix(u, ")") && strings.Count(u, ")") > strings.Count(u, "(") {
		u = strings.TrimRight(u[:len(u)-1], ".,;:!?'…")
	}
	u = strings.TrimRight(u, "]}")
	if strings.HasSuffix(u, "://") {
		return ""
	}
	return u
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
