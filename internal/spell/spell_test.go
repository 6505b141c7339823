package spell

import (
	"slices"
	"testing"
)

func TestKnown(t *testing.T) {
	for _, c := range []struct {
		lang, word string
		known      bool
	}{
		{"en", "harassment", true}, {"en", "harassing", true}, {"en", "harrassing", false}, {"en", "criticized", true}, {"en", "criticised", true}, {"en", "critisized", false},
		{"en", "organisation", true}, {"en", "organization", true}, {"en", "organisations", true}, {"en", "colour", true}, {"en", "color", true},
		{"en", "judges", true}, {"en", "families", true}, {"en", "recieved", false}, {"en", "unlawful", true}, {"en", "undue", true}, {"en", "disappearances", true},
		{"en", "goverment", false}, {"en", "", false}, {"en", "a", true}, {"en", "zebras", true}, {"en", "zzzz", false}, {"en", "aardvark", true},
		{"ru", "задержан", true}, {"ru", "правозащитников", true}, {"ru", "преследования", true}, {"ru", "преследованея", false}, {"ru", "обращение", true}, {"ru", "обращенние", false},
		{"ru", "властями", true}, {"ru", "арестованного", true}, {"ru", "свободы", true},
	} {
		if got := For(c.lang).Known(c.word); got != c.known {
			t.Errorf("For(%q).Known(%q) = %t, want %t", c.lang, c.word, got, c.known)
		}
	}
	if For("xx") != nil {
		t.Errorf("For(xx) gives a list, want none")
	}
}

func TestSuggest(t *testing.T) {
	for _, c := range []struct{ lang, word, want string }{
		{"en", "critisized", "criticized"}, {"en", "harrassing", "harassing"}, {"en", "goverment", "government"}, {"en", "recieved", "received"},
		{"en", "detentoin", "detention"}, {"en", "comission", "commission"}, {"en", "peacefull", "peaceful"}, {"ru", "преследованея", "преследования"},
	} {
		if got := For(c.lang).Suggest(c.word, 3); !slices.Contains(got, c.want) {
			t.Errorf("For(%q).Suggest(%q) = %v, want it to hold %q", c.lang, c.word, got, c.want)
		}
	}
	if got := For("en").Suggest("qqqqqqqq", 3); got != nil {
		t.Errorf("Suggest(qqqqqqqq) = %v, want none", got)
	}
}

// TestEveryStem finds each stem of both lists by the search that Known uses.
func TestEveryStem(t *testing.T) {
	for _, lang := range []string{"en", "ru"} {
		l := For(lang)
		n := 0
		for from := 0; from < len(l.stems); {
			end := from + slices.Index(l.stems[from:], '\n')
			tab := from + slices.Index(l.stems[from:end], '\t')
			if _, ok := l.flags(string(l.stems[from:tab])); !ok {
				t.Fatalf("%s: stem %q is not found", lang, l.stems[from:tab])
			}
			n++
			from = end + 1
		}
		if n < 30000 {
			t.Errorf("%s: %d stems, want a whole dictionary", lang, n)
		}
	}
}

func FuzzKnown(f *testing.F) {
	f.Add("harrassing")
	f.Add("арестован")
	f.Add("\xff\xfe'-")
	f.Fuzz(func(t *testing.T, s string) {
		for _, lang := range []string{"en", "ru"} {
			l := For(lang)
			if l.Known(s) && s == "" {
				t.Error("Known(\"\") = true")
			}
			l.IsWord(s)
			if len(s) < 40 {
				for _, w := range l.Suggest(s, 2) {
					if !l.Known(w) {
						t.Errorf("Suggest(%q) gives %q, which Known does not know", s, w)
					}
				}
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for _, lang := range []string{"en", "ru"} {
		b.Run(lang, func(b *testing.B) {
			letters := string(For(lang).letters)
			for range b.N {
				load(lang, letters)
			}
		})
	}
}

func BenchmarkKnown(b *testing.B) {
	l := For("en")
	for range b.N {
		l.Known("harassment")
		l.Known("unquestioningly")
	}
}

func BenchmarkSuggest(b *testing.B) {
	l := For("en")
	for range b.N {
		l.Suggest("critisized", 3)
	}
}
