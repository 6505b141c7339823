package names

import "sync"

// key is the sounds of a word, coarse: what two spellings of one form share.
func key(word string) string { return string(coarse(appendSounds(nil, word))) }

// nominative is the endings that a name's first form loses when it bends,
// longest first, in sounds.
var nominative = []string{"aia", "oi", "ei", "ia", "a", "e", "i", "o", "u"}

// slavic is the endings of Russian and Ukrainian names, and of Russian names
// in Latin letters; possessive s of English and Polish endings with them.
var slavic = []string{"", "a", "u", "e", "i", "o", "oi", "ei", "ai", "oiu", "eiu", "iu", "ia", "om", "em", "im", "am", "iam", "imi", "ami", "iami", "ah", "iah", "ih", "ov", "ev",
	"ogo", "ego", "omu", "emu", "uiu", "iuiu", "aia", "oe", "oie", "ovi", "evi", "s", "es", "as", "on", "oniu", "iei"}

// turkic is the case endings of Kazakh, Kyrgyz, Uzbek and Turkish names, with
// the plural that stands for a family.
var turkic = []string{"nin", "din", "tin", "nun", "dun", "tun", "in", "un", "ga", "ge", "ka", "ke", "go", "ko", "na", "ne", "ni", "di", "ti", "nu", "du", "tu", "n",
	"da", "de", "ta", "te", "do", "to", "nda", "nde", "dan", "den", "tan", "ten", "nan", "nen", "don", "ton", "men", "ben", "pen", "la", "le", "dai", "dei", "tai", "tei",
	"lar", "ler", "dar", "der", "tar", "ter", "larga", "lerge", "larin", "lerin", "lardin", "lerdin", "lardi", "lerdi", "larda", "lerde", "lardan", "lerden",
	"dardin", "derdin", "tardin", "terdin", "niki", "diki", "tiki"}

// endings is what may follow a root that has lost its nominative ending;
// bareEndings what may follow one that had none to lose.
var (
	endings = sync.OnceValue(func() map[string]bool {
		m := map[string]bool{}
		for _, e := range slavic {
			m[e] = true
		}
		for _, t := range turkic {
			m[t] = true
			for _, v := range nominative {
				m[v+t] = true
			}
		}
		return m
	})
	bareEndings = sync.OnceValue(func() map[string]bool {
		m := map[string]bool{}
		for _, e := range slavic {
			m[e] = true
		}
		for _, t := range turkic {
			m[t] = true
		}
		return m
	})
	// shortIa is the forms of a name such as Мария that its root, too short to
	// stand for it, must have in full.
	shortIa = map[string]bool{"ia": true, "i": true, "iu": true, "ei": true, "eiu": true, "ianin": true, "iaga": true, "iani": true}
)

// Key is the word under which a search index keeps word, and under which it
// looks for it: the same for the forms and spellings of one name in most
// cases. "Сарсеновой", "Sarsenova", "Сәрсенованың" are all "sarsenov". It is
// "" for what holds no letter or digit. Words that are no names are folded
// too, more coarsely than a language's own stemmer does.
func Key(word string) string {
	k := key(word)
	for {
		n := len(k)
		for _, e := range cut() {
			if t, ok := cutSuffix(k, e); ok && len(t) >= 3 {
				k = t
				break
			}
		}
		if len(k) == n {
			return k
		}
	}
}

// cut is the endings that Key takes off, longest first. Those that names
// often end in without being bent (ov, an, na) are not among them.
var cut = sync.OnceValue(func() []string {
	return []string{"dardin", "derdin", "tardin", "terdin", "lardin", "lerdin", "lardan", "lerden", "lardi", "lerdi", "larga", "lerge", "larin", "lerin", "larda", "lerde",
		"uiu", "oiu", "eiu", "aia", "ogo", "ego", "omu", "emu", "imi", "ami", "nin", "din", "tin", "lar", "ler", "dan", "den", "tan", "ten", "men", "ben", "pen",
		"oi", "ei", "ai", "iu", "ia", "om", "em", "im", "am", "ah", "ih", "ga", "ge", "ka", "ke", "ni", "di", "ti", "da", "de", "ta", "te", "a", "e", "i", "o", "u"}
})
