package stem

import "strings"

// Kazakh nouns take plural, possessive and case endings in this order, each in
// several forms by vowel harmony and the sound before it. In the alphabet of
// keys the forms of harmony that differ by quality alone (ды/ді, ның/нің) are
// one already, and Cyrillic and Latin spelling are the same. The endings are
// taken off from the end as long as something that can be a root stays, also
// where a root happens to end like that: what counts is that all forms of a
// word meet.
var kazakhEndings = [...][]string{
	{"ndagi", "ndegi", "dagi", "degi", "tagi", "tegi", "diki", "tiki", "niki"}, // дағы, дікі: what is there, whose
	{"nin", "din", "tin", "nan", "nen", "dan", "den", "tan", "ten", "men", "ben", "pen", "nda", "nde", "dai", "dei", "tai", "tei",
		"ga", "ge", "ka", "ke", "da", "de", "ta", "te", "ni", "di", "ti"}, // genitive, ablative, instrumental, locative, like, dative, accusative
	{"imizga", "imizge", "imiz", "miz", "iniz", "niz", "sina", "sine", "sin", "si", "ima", "ime", "ina", "ine", "im", "in", "i"}, // possessive, with the cases that follow it alone
	{"lar", "ler", "dar", "der", "tar", "ter"}, // plural
}

// kazakhStem takes the endings off a word in the alphabet of keys.
func kazakhStem(w string) string {
	for range 3 {
		was := w
		for _, group := range kazakhEndings {
			w = cut(w, group)
		}
		if w == was {
			break
		}
	}
	// A narrow vowel before the last consonant comes and goes: халық, халқы.
	if n := len(w); n >= 4 && w[n-2] == 'i' && !isVowel(w[n-1]) && !isVowel(w[n-3]) {
		w = w[:n-2] + w[n-1:]
	}
	// Between vowels a last п or к, қ turns б or г, ғ: кітап, кітабы.
	switch {
	case strings.HasSuffix(w, "b"):
		w = w[:len(w)-1] + "p"
	case strings.HasSuffix(w, "g"):
		w = w[:len(w)-1] + "k"
	}
	return w
}

// cut takes the first ending of the group that leaves a root.
func cut(w string, group []string) string {
	for _, e := range group {
		if root, ok := strings.CutSuffix(w, e); ok && isRoot(root) && !(isVowel(e[0]) && isVowel(root[len(root)-1])) {
			return root
		}
	}
	return w
}

// isRoot reports three letters with a vowel, or two of which the first alone is
// one: ел, ат, үй.
func isRoot(w string) bool {
	return len(w) >= 3 && strings.ContainsAny(w, "aeiou") || len(w) == 2 && isVowel(w[0]) && !isVowel(w[1])
}

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }
