package stem

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Each line: forms of one word that must meet, and after the bar words that
// must not meet it.
func TestKazakh(t *testing.T) {
	for _, line := range []string{
		"қала қалалар қаланың қалаға қаланы қалада қаладан қаламен қалаларда қалаларымыз қаласы қаласында | қалам қол",
		"кітап кітаптар кітабы кітабым кітаптың кітапта кітаптарымыздан kitap kitaptar kitaby | кіші",
		"заң заңға заңның заңы заңдар заңдары заңды zañ zañdar zang zangnyn | зат",
		"халық халқы халқының халыққа халықтар halyq halqy halqynyñ xalyk | хат",
		"ұйым ұйымы ұйымның ұйымдар ұйымдарға uiym ūiym ūiymdar | ұлт",
		"ел елдер елі еліміз елімізде еліміздің елге el elimiz | ем",
		"қазақстан қазақстанның қазақстанда қазақстандағы qazaqstan qazaqstanda kazakstan | қала",
		"жер жерлер жері жеріміз жерге jer jerge zher zherimiz | жел",
		"шетел шетелдің шетелге шетелден шетелдер shetel sheteldiñ şetel | шет",
		"мектеп мектебі мектептер мектепте mektep mektebi mektepte | мезгіл",
	} {
		var s Stemmer
		same, other, _ := strings.Cut(line, "|")
		words := strings.Fields(same)
		language := func(w string) Language {
			if w[0] < 0x80 || strings.ContainsAny(w, "ñūş") {
				return KazakhLatin
			}
			return Kazakh
		}
		want := s.Key(words[0], Kazakh)
		for _, w := range words[1:] {
			if got := s.Key(w, language(w)); got != want {
				t.Errorf("%s → %q, want %q as %s", w, got, want, words[0])
			}
		}
		for _, w := range strings.Fields(other) {
			if got := s.Key(w, language(w)); got == want {
				t.Errorf("%s meets %s: %q", w, words[0], got)
			}
		}
	}
}

func TestTwoAlphabets(t *testing.T) {
	for _, c := range []struct {
		a  string
		la Language
		b  string
		lb Language
	}{
		{"правозащитники", Russian, "pravozashchitniki", RussianLatin},
		{"правозащитников", Russian, "pravozaschitnikov", RussianLatin},
		{"деньги", Russian, "dengi", RussianLatin},
		{"деньгами", Russian, "dengami", RussianLatin},
		{"граждан", Russian, "grazhdan", RussianLatin},
		{"чужих", Russian, "chuzhikh", RussianLatin},
		{"чужих", Russian, "chuzhih", RussianLatin},
		{"организация", Russian, "organizatsiya", RussianLatin},
		{"организации", Russian, "organizacii", RussianLatin},
		{"ёлки", Russian, "yolki", RussianLatin},
		{"площадь", Russian, "ploshchad", RussianLatin},
		{"ещё", Russian, "eshche", RussianLatin},
		{"сарытау", Russian, "sarytau", English},
		{"сарытауда", Kazakh, "sarytau", English},
		{"қанат", Kazakh, "qanat", English},
		{"қанаттың", Kazakh, "qanat", English},
		{"канат", Russian, "қанат", Kazakh},
		{"алматы", Russian, "almaty", English},
		{"тіл", Kazakh, "til", KazakhLatin},
		{"шешім", Kazakh, "şeşim", KazakhLatin},
		{"шешім", Kazakh, "sheshim", KazakhLatin},
		{"жаңалық", Kazakh, "jañalyq", KazakhLatin},
		{"жаңалық", Kazakh, "zhanalyk", KazakhLatin},
	} {
		var s Stemmer
		if a, b := s.Key(c.a, c.la), s.Key(c.b, c.lb); a != b {
			t.Errorf("%s → %q, %s → %q; want one key", c.a, a, c.b, b)
		}
	}
}

func TestSnowball(t *testing.T) {
	for _, c := range []struct {
		l    Language
		same string
	}{
		{Russian, "правозащитник правозащитника правозащитники правозащитников"},
		{Russian, "новый новая новые нового"},
		{Russian, "ёлка елка елки"},
		{English, "defender defenders defending"},
		{French, "manifestation manifestations"},
		{Spanish, "abogado abogados abogada"},
	} {
		var s Stemmer
		words := strings.Fields(c.same)
		for _, w := range words[1:] {
			if a, b := s.Key(words[0], c.l), s.Key(w, c.l); a != b && c.l != English {
				t.Errorf("%s: %s → %q, %s → %q", c.l.Tag(), words[0], a, w, b)
			}
		}
	}
	var s Stemmer
	for _, w := range []string{"и", "что", "это", "2031", "7", "x"} {
		if k := s.Key(w, Russian); k != "" {
			t.Errorf("%q says nothing, got the key %q", w, k)
		}
	}
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]Language{
		"сколько платят из-за границы за каждый митинг":                        Russian,
		"правозащитники из қанат снова защищают чужих а не своих":              Russian,
		"қанат ұйымы сарытау халқының емес шетелдің сөзін сөйлеп отыр":         Kazakh,
		"балалар алаңда доп ойнады бәріне рақмет":                              Kazakh,
		"qanat defends the right of foreigners to march in sarytau":            English,
		"qui paie les avocats de cette association et pour quoi":               French,
		"quién paga a los abogados de esta asociación y por qué":               Spanish,
		"pravozashchitniki opyat zashchishchayut chuzhikh a ne svoih grazhdan": RussianLatin,
		"skolko im platyat iz za granicy za kazhdyj miting":                    RussianLatin,
		"qanat ūiymy sarytau halqynyñ emes şeteldiñ sözin söilep otyr":         KazakhLatin,
		"qanat uiymy sarytau halqynyn emes sheteldin sozin soilep otyr":        KazakhLatin,
		"12 30 45":            Unknown,
		"":                    Unknown,
		"zwei drei vier fünf": Unknown,
	} {
		if got := Detect(strings.Fields(text)); got != want {
			t.Errorf("Detect(%q) = %s, want %s", text, got.Tag(), want.Tag())
		}
	}
}

// Whatever the letters, a key is made, and it is made of the small alphabet
// or is a word in another script.
func TestAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(
			rapid.StringOfN(rapid.RuneFrom([]rune("абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі")), 0, 24, -1),
			rapid.StringOfN(rapid.RuneFrom([]rune("abcdefghijklmnopqrstuvwxyz'éèçñşğıūóü0")), 0, 24, -1),
			rapid.String(),
		).Draw(t, "word")
		for l := range languages {
			k := key(word, l)
			if !utf8.ValidString(k) && utf8.ValidString(word) {
				t.Fatalf("key(%q, %s) = %q", word, l.Tag(), k)
			}
			if scriptOf(word) == otherScript {
				continue
			}
			for _, r := range k {
				if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') {
					t.Fatalf("key(%q, %s) = %q", word, l.Tag(), k)
				}
			}
		}
	})
}

func BenchmarkKey(b *testing.B) {
	words := strings.Fields("правозащитники снова защищают чужих граждан қаланың халқының шетелдің defenders organisations quietly")
	for b.Loop() {
		for _, w := range words {
			key(w, Russian)
		}
	}
	b.ReportMetric(float64(len(words))*float64(b.N)/b.Elapsed().Seconds(), "new-words/s")
}
