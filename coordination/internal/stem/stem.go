// Package stem brings the forms of a word together under one key, in either
// alphabet: "қаланың", "qalanyñ" and "калага" have one, and so have "деньгами"
// and "dengi".
//
// Russian, English, French and Spanish words lose their endings by the rules
// of Snowball (snowballstem.org), Kazakh words by rules of our own. Then
// Cyrillic and Latin letters are folded to one small alphabet, by sound as
// people write it, so that a key is a name for a word and not a spelling to be
// shown. Keys are coarse on purpose: a text shares many words with another
// before the two are called near.
package stem

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
	"github.com/kljensen/snowball/russian"
	"github.com/kljensen/snowball/spanish"
)

// A Language of a text, with its alphabet.
type Language uint8

// The languages whose words are stemmed. In any other, Cyrillic words are
// treated as Russian and Latin words as English.
const (
	Unknown Language = iota
	Russian
	Kazakh
	English
	French
	Spanish
	RussianLatin // Russian in Latin letters
	KazakhLatin  // Kazakh in Latin letters, official or not
	languages
)

// Tag returns the BCP 47 tag, "und" for Unknown.
func (l Language) Tag() string {
	return [...]string{"und", "ru", "kk", "en", "fr", "es", "ru-Latn", "kk-Latn"}[l]
}

// A Stemmer remembers the words it has seen. It is not safe for concurrent
// use: give each goroutine its own.
type Stemmer struct {
	seen [languages]map[string]string
}

// Key returns the key of a lower-case word of a text in language l, "" for a
// word that says nothing by itself: a stop word, a number, a lone letter.
func (s *Stemmer) Key(word string, l Language) string {
	if k, ok := s.seen[l][word]; ok {
		return k
	}
	if s.seen[l] == nil {
		s.seen[l] = map[string]string{}
	}
	k := key(word, l)
	s.seen[l][strings.Clone(word)] = k
	return k
}

func key(word string, l Language) string {
	sc := scriptOf(word)
	if sc == digits || utf8.RuneCountInString(word) < 2 {
		return ""
	}
	switch {
	case sc == otherScript:
		return word
	case sc == kazakhCyrillic, sc == cyrillic && (l == Kazakh || l == KazakhLatin):
		k := folded(word, true)
		if kazakhStop()[k] {
			return ""
		}
		return tidy(kazakhStem(k))
	case sc == latin && l == KazakhLatin:
		k := folded(word, true)
		if kazakhStop()[k] {
			return ""
		}
		return tidy(kazakhStem(k))
	case sc == cyrillic:
		return russianKey(strings.ReplaceAll(word, "ё", "е"))
	case l == RussianLatin:
		return russianKey(toCyrillic(word))
	case l == French:
		if french.IsStopWord(word) {
			return ""
		}
		return tidy(folded(french.Stem(word, true), false))
	case l == Spanish:
		if spanish.IsStopWord(word) {
			return ""
		}
		return tidy(folded(spanish.Stem(word, true), false))
	}
	if english.IsStopWord(word) {
		return ""
	}
	return tidy(folded(english.Stem(word, true), false))
}

func russianKey(word string) string {
	if russian.IsStopWord(word) || russianMore()[word] {
		return ""
	}
	return tidy(folded(russian.Stem(word, true), false))
}

// tidy writes doubled letters as one and takes final vowels off a key of more
// than four letters: languages do not agree on how a name is spelt and ends
// ("Одесса", "Odesa"; "Сарытау", "Sarytau").
func tidy(k string) string {
	k = string(slices.Compact([]byte(k)))
	for len(k) > 4 && strings.IndexByte("aeiou", k[len(k)-1]) >= 0 {
		k = k[:len(k)-1]
	}
	return k
}
