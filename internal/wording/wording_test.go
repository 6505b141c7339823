package wording

import (
	"slices"
	"testing"
)

// Every list compiles, and each language's own words are found in it; what
// only looks like them is not.
func TestAccusing(t *testing.T) {
	for _, c := range []struct {
		lang, text       string
		accuses, printed bool
	}{
		{"en", "a network of fake accounts", true, true},
		{"en", "she paid a fine", false, true},
		{"en", "the bottom of the page", false, false},
		{"fr", "de faux comptes", true, true},
		{"fr", "un faux pas", false, true},
		{"es", "cuentas falsas", true, true},
		{"ru", "фабрика троллей", true, true},
		{"ru", "заказная статья", false, true},
		{"ru", "работа", false, false},
		{"kk", "жалған аккаунт", true, true},
		{"kk", "хабарлама", false, false},
		{"tr", "sahte hesaplar", true, true},
		{"tr", "botanik bahçesi", false, false},
		{"de", "a bot", true, true}, // English where there is no list
	} {
		if got := Accusing(c.lang).MatchString(c.text); got != c.accuses {
			t.Errorf("Accusing(%s) of %q = %v", c.lang, c.text, got)
		}
		if got := Unsaid(c.lang).MatchString(c.text); got != c.printed {
			t.Errorf("Unsaid(%s) of %q = %v", c.lang, c.text, got)
		}
	}
	for _, lang := range Languages() {
		if known(lang) != lang {
			t.Errorf("no list in %s", lang)
		}
	}
	if len(Languages()) != len(accusingIn) {
		t.Errorf("%d languages, %d lists", len(Languages()), len(accusingIn))
	}
}

func TestWords(t *testing.T) {
	p := Words("owner~ of|l'État\nдва слова")
	for text, want := range map[string]string{
		"the owners of it": "owners of", "à l’État": "l’État", "ДВА-СЛОВА": "ДВА-СЛОВА", "disowner of": "", "двадцать слова": "",
	} {
		got := ""
		if m := p.FindStringSubmatchIndex(text); m != nil {
			got = text[m[2]:m[3]]
		}
		if got != want {
			t.Errorf("%q: found %q, want %q", text, got, want)
		}
	}
	if got := Split("a|(b|c)\nd"); !slices.Equal(got, []string{"a", "(b|c)", "d"}) {
		t.Errorf("Split = %q", got)
	}
}
