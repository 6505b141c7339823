package stem

import (
	"strings"
	"sync"
	"unicode"
)

type script uint8

const (
	digits script = iota
	latin
	cyrillic
	kazakhCyrillic // with a letter that Russian has not
	otherScript
)

func scriptOf(word string) script {
	s := digits
	for _, r := range word {
		switch {
		case r == 'ә' || r == 'ғ' || r == 'қ' || r == 'ң' || r == 'ө' || r == 'ұ' || r == 'ү' || r == 'һ':
			return kazakhCyrillic
		case r >= 0x400 && r < 0x530:
			s = cyrillic
		case r >= 'a' && r <= 'z' || r >= 0xC0 && r < 0x250 || r >= 0x1E00 && r < 0x1F00:
			if s == digits {
				s = latin
			}
		case r < 0x80 || unicode.IsDigit(r) || unicode.IsMark(r):
		default:
			if s == digits {
				s = otherScript
			}
		}
	}
	return s
}

// What a letter sounds like, in the alphabet of keys: the Latin letters, of
// which c stands for ц, j for ж, q for ч and w for ш and щ. Letters that
// people interchange when they write in the other alphabet are one: е and э,
// и, й, і and ы, х and һ, қ and к.
var sounds = sync.OnceValue(func() map[rune]string {
	m := map[rune]string{}
	put := func(letters, sound string) {
		for _, r := range letters {
			m[r] = sound
		}
	}
	for _, pair := range [][2]string{
		{"аәáàâãäåā", "a"}, {"бb", "b"}, {"вvw", "v"}, {"гғgğǵġ", "g"}, {"дd", "d"}, {"еёэєéèêëēe", "e"}, {"жj", "j"}, {"зzž", "z"},
		{"ийіїыiyíìîïıýÿī", "i"}, {"кқkq", "k"}, {"лl", "l"}, {"мm", "m"}, {"нңnñńň", "n"}, {"оөoóòôõöōø", "o"}, {"пp", "p"}, {"рr", "r"},
		{"сs", "s"}, {"тt", "t"}, {"уұүўuúùûüūŭ", "u"}, {"фf", "f"}, {"хһhḥ", "h"}, {"ц", "c"}, {"чçč", "q"}, {"шщşšș", "w"},
		{"ю", "iu"}, {"я", "ia"}, {"ьъ", ""}, {"ґ", "g"}, {"x", "ks"}, {"œ", "e"}, {"æ", "e"}, {"ß", "s"},
	} {
		put(pair[0], pair[1])
	}
	m['a'] = "a"
	return m
})

// Pairs of Latin letters for one sound, longest first.
var pairs = []struct{ from, to string }{
	{"shch", "w"}, {"sch", "w"}, {"sh", "w"}, {"ch", "q"}, {"zh", "j"}, {"kh", "h"}, {"gh", "g"}, {"ts", "c"}, {"tz", "c"}, {"ph", "f"}, {"th", "t"}, {"ck", "k"},
}

// folded writes a word in the alphabet of keys. In Kazakh x is х, and "ng" is
// one sound, ң, unless a vowel follows: then the g is an ending's.
func folded(word string, kazakh bool) string {
	b := make([]byte, 0, len(word)+2)
	put := func(s string) { b = append(b, s...) }
next:
	for i := 0; i < len(word); {
		rest := word[i:]
		if rest[0] < 0x80 {
			for _, p := range pairs {
				if strings.HasPrefix(rest, p.from) {
					put(p.to)
					i += len(p.from)
					continue next
				}
			}
			switch c := rest[0]; {
			case c == 'c':
				put(hardOrSoft(rest[1:]))
			case kazakh && c == 'x':
				put("h")
			case kazakh && c == 'n' && len(rest) > 1 && rest[1] == 'g' && (len(rest) == 2 || !isVowel(rest[2]) && rest[2] != 'y'):
				put("n")
				i++
			case c >= '0' && c <= '9':
				b = append(b, c)
			default:
				put(sounds()[rune(c)])
			}
			i++
			continue
		}
		for _, r := range rest { // one rune
			put(sounds()[r])
			i += len(string(r))
			break
		}
	}
	return string(b)
}

// hardOrSoft says how a Latin c sounds before rest.
func hardOrSoft(rest string) string {
	if rest != "" && strings.IndexByte("eiy", rest[0]) >= 0 {
		return "s"
	}
	return "k"
}

// Russian as people write it in Latin letters, back to Cyrillic, longest
// first; GOST 7.79, passports and keyboards mixed, as they are in posts.
var back = []struct{ from, to string }{
	{"shch", "щ"}, {"sch", "щ"}, {"zh", "ж"}, {"kh", "х"}, {"ts", "ц"}, {"tz", "ц"}, {"ch", "ч"}, {"sh", "ш"},
	{"yo", "е"}, {"jo", "е"}, {"yu", "ю"}, {"ju", "ю"}, {"iu", "ю"}, {"ya", "я"}, {"ja", "я"}, {"ia", "ия"}, {"ye", "е"}, {"je", "е"}, {"iy", "ий"}, {"ij", "ий"}, {"yy", "ый"}, {"yj", "ый"},
	{"a", "а"}, {"b", "б"}, {"c", "ц"}, {"d", "д"}, {"e", "е"}, {"f", "ф"}, {"g", "г"}, {"h", "х"}, {"i", "и"}, {"j", "й"}, {"k", "к"}, {"l", "л"}, {"m", "м"},
	{"n", "н"}, {"o", "о"}, {"p", "п"}, {"q", "к"}, {"r", "р"}, {"s", "с"}, {"t", "т"}, {"u", "у"}, {"v", "в"}, {"w", "в"}, {"x", "кс"}, {"z", "з"}, {"'", "ь"},
}

// toCyrillic writes a Russian word given in Latin letters in Cyrillic.
func toCyrillic(word string) string {
	var b strings.Builder
	vowel := false // before the place
next:
	for i := 0; i < len(word); {
		for _, p := range back {
			if strings.HasPrefix(word[i:], p.from) {
				b.WriteString(p.to)
				i += len(p.from)
				vowel = strings.ContainsAny(p.to, "аеиоуыюя")
				continue next
			}
		}
		switch {
		case word[i] == 'y' && vowel:
			b.WriteString("й")
			vowel = false
		case word[i] == 'y':
			b.WriteString("ы")
			vowel = true
		default: // digits, accents
			b.WriteByte(word[i])
		}
		i++
	}
	return b.String()
}
