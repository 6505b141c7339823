package store

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// finds reports whether a search for query would find text, each word whole.
func finds(query, text string) bool {
	terms := termsOf("", text)
	for _, word := range queryTerms(query) {
		if !slices.ContainsFunc(word, func(t string) bool { return slices.Contains(terms, t) }) {
			return false
		}
	}
	return true
}

func termsOf(lang, text string) []string {
	var out []string
	for _, w := range splitWords(text) {
		out = append(out, wordTerms(lang, w)...)
	}
	return out
}

// Invented names in the forms of several languages find each other.
func TestNamesFindEachOther(t *testing.T) {
	for _, forms := range [][]string{
		{"Сарсенова", "Сарсеновой", "Сарсенову", "Sarsenova", "Sarsenowa", "Сәрсенова", "Сәрсенованың", "SARSENOVA"},
		{"Айдана", "Айдане", "Aidana", "Aydana"},
		{"Нурсултан", "Нурсултана", "Nursultan", "Нұрсұлтанға"},
	} {
		for _, text := range forms {
			for _, query := range forms {
				if !finds(query, "Вчера "+text+" сказала") {
					t.Errorf("%q does not find %q", query, text)
				}
				if !finds(strings.ToLower(query), text) {
					t.Errorf("%q does not find %q", strings.ToLower(query), text)
				}
			}
		}
	}
}

func TestWordsFindEachOther(t *testing.T) {
	for _, c := range []struct {
		query, text string
		want        bool
	}{
		{"правозащитник", "нападения на правозащитников", true},
		{"publication", "several publications", true}, {"publicación", "las publicaciones", true}, {"echec", "après un échec", true},
		{"strasse", "Straße", true}, {"ﬁle", "file", true}, {"ЁЛКА", "елка", true}, {"e\u0301chec", "\u00e9chec", true}, {"na\u200bme", "name", true},
		{"١٢٣", "١٢٣", true}, {"محمد", "قال محمد", true}, {"दिल्ली", "नई दिल्ली", true},
		{"gate", "the gazette", false}, {"case 12", "case 13", false},
	} {
		if got := finds(c.query, c.text); got != c.want {
			t.Errorf("%q finds %q: %v, want %v", c.query, c.text, got, c.want)
		}
	}
}

// Whatever the text, terms are short words without anything an engine could
// take for an operator, and every word of a text finds it.
func FuzzTerms(f *testing.F) {
	for _, s := range []string{"Сарсеновой (Sarsenova) \u202e O'Brien", `" OR * NEAR(a b)`, "e\u0301\u0301\u0301", "\xff\u0345ß", strings.Repeat("а́", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		terms := termsOf("en", s)
		for _, term := range terms {
			word := strings.TrimPrefix(term, nameTerm)
			if word == "" || strings.ContainsAny(word, "\"*()^:+- \t\n_") || utf8.RuneCountInString(word) > 4*mostWord || !utf8.ValidString(term) {
				t.Errorf("the term %q of %q", term, s)
			}
		}
		for i, w := range queryTerms(s) {
			if len(w) == 0 || !slices.Contains(terms, w[0]) && i < mostQueryWords {
				t.Errorf("%q does not find itself by %q", s, w)
			}
		}
	})
}
