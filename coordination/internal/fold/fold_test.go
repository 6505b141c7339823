package fold

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNormal(t *testing.T) {
	for _, c := range []struct {
		in, want string
		fired    string
	}{
		{"Привет, мир!", "привет мир", "case punctuation"},
		{"Ёлка и ёж", "елка и еж", "case yo"},
		{"Смотри http://t.co/abc?x=1 сейчас", "смотри сейчас", "links case"},
		{"www.example.org/a b", "b", "links"},
		{"HTTPS://EXAMPLE.ORG/A конец", "конец", "links"},
		{"слово https://t.co/abc… хвост", "слово хвост", "links punctuation"},
		{"@anna @bolat_1: смотри", "смотри", "prefix"},
		{"RT @anna: смотри сюда", "смотри сюда", "prefix"},
		{"RT anna: look here", "look here", "prefix"},
		{"rtfm: read it", "rtfm read it", "punctuation"},
		{"see @anna there", "see anna there", "punctuation"},
		{"за\u200bкон", "закон", "zero-width"},
		{"про\u00adтест", "протест", "zero-width"},
		{"Пpивет", "привет", "case look-alikes"},            // Latin p
		{"bitcоin", "bitcoin", "look-alikes"},               // Cyrillic о
		{"ВАNК", "bank", "case look-alikes"},                // В, К Cyrillic; N decides
		{"КIБҮР", "кібүр", "case look-alikes"},              // Latin I inside a Kazakh word
		{"привет hello", "привет hello", ""},                // two words of one script each stay
		{"и\u0306 за\u0301мок", "й замок", "compatibility"}, // composed й; stress left out
		{"ｆｕｌｌ ﬁne", "full fine", "compatibility"},
		{"𝐛𝐨𝐥𝐝 text", "bold text", "compatibility"},
		{"огонь 🔥🔥 дальше", "огонь дальше", "emoji"},
		{"Қазақстан — әділет", "қазақстан әділет", "case punctuation"},
		{"a_b c-d", "a_b c d", "punctuation"},
		{"", "", ""},
		{"   \n\t", "", ""},
		{"!!!", "", "punctuation"},
		{"中文测试 abc", "中文测试 abc", ""},
		{"العربية ٣", "العربية ٣", ""},
		{"\xff\xfe bad", "bad", "punctuation"},
	} {
		got, fired := Normal(c.in, All)
		if got != c.want || strings.Join(fired.Names(), " ") != c.fired {
			t.Errorf("Normal(%q) = %q, %q, want %q, %q", c.in, got, strings.Join(fired.Names(), " "), c.want, c.fired)
		}
	}
}

// Each rule can be switched off alone, and then its change does not happen.
func TestRulesOff(t *testing.T) {
	for _, c := range []struct {
		rule     Rules
		in, want string
	}{
		{Prefix, "@anna смотри", "anna смотри"},
		{Links, "см http://t.co/x", "см http t co x"},
		{Case, "Привет", "Привет"},
		{Yo, "Ёж ёж", "ёж ёж"},
		{ZeroWidth, "за\u200bкон", "за\u200bкон"},
		{LookAlikes, "Пpивет", "пpивет"},
		{Emoji, "да 🔥", "да 🔥"},
		{Punctuation, "да!", "да !"},
	} {
		if got, _ := Normal(c.in, All&^c.rule); got != c.want {
			t.Errorf("without %v: Normal(%q) = %q, want %q", c.rule.Names(), c.in, got, c.want)
		}
	}
}

func TestHashes(t *testing.T) {
	f := Folder{Rules: All}
	count := func(s string) int { f.Fold(s); return len(f.Hashes) }
	for _, c := range []struct {
		in   string
		want int
	}{
		{"один два три", 3}, {"один один", 2}, {"中文测试", 3}, {"中", 1}, {"中文 abc", 2}, {"", 0},
		{"สวัสดี", 5}, {"abc中文", 2},
	} {
		if got := count(c.in); got != c.want {
			t.Errorf("%q has %d words, want %d", c.in, got, c.want)
		}
	}
	key := func(s string) [2]uint64 { f.Fold(s); return f.Key }
	if key("Один, два!") != key("один ДВА http://t.co/x") {
		t.Error("the same normalised text has two keys")
	}
	if key("один два") == key("два один") || key("ab c") == key("a bc") {
		t.Error("different texts share a key")
	}
	g := Folder{Rules: All, Gram: 3}
	g.Fold("abc de")
	if len(g.Hashes) != 4 { // "abc" "bc " "c d" " de"
		t.Errorf("three-grams of %q: %d, want 4", "abc de", len(g.Hashes))
	}
	g.Fold("ab")
	if len(g.Hashes) != 1 {
		t.Errorf("a text shorter than the gram has %d, want 1", len(g.Hashes))
	}
}

// Folding a folded text changes nothing, and hashing agrees with the text.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"Привет RT @a: http://x.y", "中文", "Пpивет ﬁ 𝐛 🔥", "\xff", "a\u0301\u200b", "ࠀ", "Ǆ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, _ := Normal(s, All&^Prefix&^Links)
		if !utf8.ValidString(n) && utf8.ValidString(s) {
			t.Fatalf("Normal(%q) = %q is not UTF-8", s, n)
		}
		again, _ := Normal(n, All&^Prefix&^Links)
		third, _ := Normal(again, All&^Prefix&^Links)
		if third != again {
			t.Fatalf("Normal does not settle: %q -> %q -> %q -> %q", s, n, again, third)
		}
		a, b := Folder{Rules: All}, Folder{Rules: All, keep: true}
		a.Fold(s)
		b.Fold(s)
		if a.Key != b.Key || len(a.Hashes) != len(b.Hashes) {
			t.Fatalf("%q: keeping the text changes the key", s)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"English", "The hearing was moved again, and nobody from the ministry would say why it happened https://t.co/abcdef"},
		{"Russian", "Заседание снова перенесли, и никто из министерства не сказал, почему это произошло http://t.co/abcdef"},
		{"Kazakh", "Отырыс қайта кейінге қалдырылды, министрліктен ешкім себебін айтпады, бұл үшінші рет #әділет"},
		{"Arabic", "تم تأجيل الجلسة مرة أخرى ولم يقل أحد من الوزارة لماذا حدث ذلك للمرة الثالثة"},
		{"Emoji", "Смотрите 🔥🔥🔥 что творят 😡 опять то же самое 🇰🇿 и никто не отвечает"},
	} {
		b.Run(c.name, func(b *testing.B) {
			f := Folder{Rules: All}
			b.SetBytes(int64(len(c.text)))
			for b.Loop() {
				f.Fold(c.text)
			}
		})
	}
}
