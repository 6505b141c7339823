package names

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSounds(t *testing.T) {
	for _, group := range [][]string{
		{"Сарсенова", "Sarsenova", "Sarsenowa", "Särsenova", "Сәрсенова", "САРСЕНОВА", "Сарсе\u00adнова", "Сар\u200bсенова"},
		{"Жангозина", "Zhangozina", "Jangozina"},
		{"Евгений", "Yevgeniy", "Evgenii"},
		{"Нурлан", "Нұрлан", "Nurlan", "Nourlan"},
		{"Әлия", "Алия", "Aliya", "Alija"},
		{"Щербаков", "Shcherbakov", "Scherbakov"},
		{"Гулиев", "Guliev", "Guliyev"},
		{"Қасымжан", "Касымжан", "Qasymzhan", "Kasymjan"},
	} {
		for _, w := range group[1:] {
			if got, want := Sounds(w), Sounds(group[0]); got != want {
				t.Errorf("Sounds(%q) = %q, want %q as of %q", w, got, want, group[0])
			}
		}
	}
}

// forms is what one name looks like in texts.
var forms = map[string][]string{
	"Гульнара Сарсенова": {
		"Гульнара Сарсенова", "Гульнаре Сарсеновой", "Сарсенову Гульнару", "Gulnara Sarsenova", "GULNARA SARSENOWA", "Gülnara Särsenova", "Гүлнара Сәрсенованың",
		"Сарсенова Г.", "Ms. Sarsenova’s", "Сәрсеноваға", "Сәрсеновамен", "Сарсеновых", "Сарсе-\nновой", "Сарсе\nновой", "Сарсе\u00adновой", "Сар\u200bсе\u2060новой",
		"Сарcеновa", "Сapcенова", "САРСЕНОВА", "С а р с е н о в а", "С.а.р.с.е.н.о.в.а", "gsarsenova85@mail.example", "https://example.org/u/gulnarasarsenova?x=1",
		"https://example.org/%D0%A1%D0%B0%D1%80%D1%81%D0%B5%D0%BD%D0%BE%D0%B2%D0%B0", "&#1057;&#1072;&#1088;&#1089;&#1077;&#1085;&#1086;&#1074;&#1072;",
		"@sarsenova_g", "#СвободуСарсеновой", "sarsen0va", "𝐒𝐚𝐫𝐬𝐞𝐧𝐨𝐯𝐚", "Ｓａｒｓｅｎｏｖａ", "Sa\u0301rsenova", "\u202eSarsenova\u202c", "Сарсенова-Ахметова", "غۇلنارا سارسەنوۆا", "file-sarsenova.pdf",
		"https://example.org/?q=%D0%A1%D0%B0%D1%80%D1%81%D0%B5%D0%BD%D0%BE%D0%B2%D0%B0&n=100%25",
	},
	"Ян Ким":   {"Ян Ким", "Яна Кима", "Yan Kim", "Kim Ian"},
	"Марьям":   {"Марьяму", "Mariam", "Марьямға"},
	"Мария":    {"Марией", "Марии", "Марию", "Mariya", "Maria"},
	"Қасымжан": {"Касымжану", "Qasymjannyn", "Қасымжанның", "Kasymzhan"},
	"Шәріпов":  {"Шарипова", "Şäripov", "Sharipov", "Saripov", "Шариповтың"},
}

func TestFind(t *testing.T) {
	for name, texts := range forms {
		m := Compile([]string{"Никто Другой", name})
		for _, x := range texts {
			text := "Об этом сказала " + x + " вчера."
			got := m.Find(text)
			if len(got) == 0 || got[0].Name != 1 {
				t.Errorf("Find(%q, %q) = %v, want a place", text, name, got)
				continue
			}
			for _, s := range got {
				if s.From < len("Об этом сказала ") || s.To > len(text)-len(" вчера.") {
					t.Errorf("Find(%q, %q) = %q, which is not the name", text, name, text[s.From:s.To])
				}
			}
		}
	}
}

func TestFindNot(t *testing.T) {
	for name, texts := range map[string][]string{
		"Гульнара Сарсенова": {"Сарсен пришёл", "сарай", "Саркисова", "а с в о", "Sarsenbayev", "12345", "Гуляй", ""},
		"Ян Ким":             {"Kim said", "какой", "Яна", "yan"},
		"Мария":              {"28 марта", "марка", "Марат", "Mark", "марш"},
		"Оман Велк":          {"роман", "романов"},
		"":                   {"что угодно"},
		"...":                {"..."},
	} {
		for _, x := range texts {
			if got := Find(x, []string{name}); len(got) > 0 {
				t.Errorf("Find(%q, %q) = %v, want none", x, name, got)
			}
		}
	}
}

func TestWhole(t *testing.T) {
	text := "Гульнара ушла. Сарсенова Гульнара Ермековна осталась, и Гульнаре Сарсеновой сказали."
	var got []string
	for _, s := range Find(text, []string{"Gulnara Sarsenova"}) {
		got = append(got, fmt.Sprint(text[s.From:s.To], " ", s.Whole))
	}
	want := []string{"Гульнара false", "Сарсенова Гульнара true", "Гульнаре Сарсеновой true"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestOutside(t *testing.T) {
	text := "Ермек Сарсенов был задержан. Сарсенова это подтвердила."
	source, victim := Find(text, []string{"Гульнара Сарсенова"}), Find(text, []string{"Ермек Сарсенов"})
	got := Outside(source, victim)
	if len(got) != 1 || text[got[0].From:got[0].To] != "Сарсенова" {
		t.Errorf("Outside = %v of %v, want the second Сарсенова alone", got, source)
	}
}

func TestKey(t *testing.T) {
	for _, group := range [][]string{
		{"Сарсенова", "Сарсеновой", "Сарсенову", "Сарсеновым", "Sarsenova", "Sarsenowa", "Сәрсенова", "Сәрсенованың", "Сәрсеноваға", "Särsenova"},
		{"Айдана", "Айдане", "Айдану", "Айданой", "Айдананың", "Aidana", "Aydana"},
		{"Сания", "Сании", "Санию", "Saniya", "Санияны"},
		{"Артём", "Артёма", "Артёму", "Artyom", "Артем"},
		{"Нурсултан", "Нурсултана", "Nursultan", "Нұрсұлтанға"},
	} {
		for _, w := range group[1:] {
			if got, want := Key(w), Key(group[0]); got != want {
				t.Errorf("Key(%q) = %q, want %q as of %q", w, got, want, group[0])
			}
		}
	}
}

var syllables = []string{"са", "бе", "ти", "ро", "мур", "жан", "гу", "лим", "ша", "нов", "кар", "ды", "зер", "ол", "ну", "бек", "ай", "ке"}

func invented(t *rapid.T, label string) string {
	n := rapid.IntRange(2, 4).Draw(t, label+" syllables")
	var b strings.Builder
	for range n {
		b.WriteString(rapid.SampledFrom(syllables).Draw(t, label))
	}
	return b.String()
}

// TestFindAnyForm: an invented name put into any text is found in each case
// and disguise.
func TestFindAnyForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		root := invented(t, "root") + rapid.SampledFrom([]string{"ов", "ин", "ев"}).Draw(t, "kind")
		nominative := root + rapid.SampledFrom([]string{"", "а"}).Draw(t, "gender")
		form := root + rapid.SampledFrom([]string{"", "а", "у", "ой", "ым", "ых", "ға", "ның"}).Draw(t, "ending")
		switch rapid.IntRange(0, 4).Draw(t, "disguise") {
		case 1:
			form = strings.ToUpper(form)
		case 2:
			form = strings.Join(strings.Split(form, ""), "\u200b")
		case 3:
			form = strings.NewReplacer("с", "c", "е", "e", "о", "o", "р", "p", "а", "a").Replace(form)
		case 4:
			at := len(form) / 2
			for !utf8.RuneStart(form[at]) {
				at--
			}
			form = form[:at] + "-\n" + form[at:]
		}
		before := rapid.String().Draw(t, "before")
		text := before + " . " + form + " . " + rapid.String().Draw(t, "after")
		for _, s := range Find(text, []string{nominative}) {
			if s.From >= len(before) && s.From < len(before)+3+len(form) {
				return
			}
		}
		t.Fatalf("Find(%q, %q) misses %q", text, nominative, form)
	})
}

// A word without end, of letters or of an address, costs no more than its
// length.
func TestFindLongWord(t *testing.T) {
	for _, unit := range []string{"сарсен", "sarsenov_", "а ", "%D0", "&#1;", "s.", "Aa1"} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		Find(text+" Сарсенова", []string{"Гульнара Сарсенова", "Ли"})
	}
}

func FuzzFind(f *testing.F) {
	for name, texts := range forms {
		for _, x := range texts {
			f.Add(x, name)
		}
	}
	f.Add("\xff\xfe%%%zz&#;&#99999999;x", "\x00")
	f.Fuzz(func(t *testing.T, text, name string) {
		for _, s := range Find(text, []string{name, "Гульнара Сарсенова"}) {
			if s.From < 0 || s.To > len(text) || s.From >= s.To || s.Name < 0 || s.Name > 1 {
				t.Fatalf("Find(%q, %q): span %v outside the text", text, name, s)
			}
		}
		Key(text)
	})
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("Обсерватория обеспокоена преследованием активистов в Сарытау: по данным источников, 4 мая их вызвали на допрос. ", 5000)
	var list []string
	for i := range 200 {
		list = append(list, fmt.Sprintf("%s%sбек %sов", syllables[i%18], syllables[(i/3)%18], syllables[(i*7)%18]+syllables[(i*5)%18]))
	}
	m := Compile(list)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		m.Find(text)
	}
}
