package stem

import (
	"strings"
	"sync"
)

// Words that nearly every text of a language has and the others have not.
// They decide the language; beside Snowball's lists they say nothing of what
// a text is about.
var common = sync.OnceValue(func() map[string]Language {
	m := map[string]Language{}
	for l, words := range map[Language]string{
		Russian: "и в не на что как это по за для от из все его они уже так же но с у к я ты мы вы он она или ни кто где когда если только чтобы был было были будет ещё еще нет да под при после про без со нас вас их ему",
		Kazakh: "және мен бұл үшін емес деп бар жоқ керек ол олар біз сіз біздің сіздің қалай неге кім осы сол ғана да де екен еді болып болса бір барлық бәрі тағы енді ең өте қазір сондай мұндай " +
			"туралы кейін дейін бойынша арқылы сияқты немесе бірақ өйткені сондықтан ал егер болады болды отыр жатыр тұр",
		English:      "the of and to in is that for it with was are be this have from not by at they you we but his her has their will an were who what there been our if about would when all can more no just how why your i my me so out up do don't",
		French:       "le la les des et est une dans que qui pour pas sur au avec ce il elle sont plus du par ne nous vous ils mais ou cette aux ses leur être fait comme tout sans ont je c'est d'un qu'il",
		Spanish:      "el los las y es una que del por con para su no se lo como más pero sus le ya este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos uno ni contra otros ese eso ante ellos",
		RussianLatin: "chto eto kak ne na po za dlya ot iz vse ego ih oni uzhe tak zhe ili kto gde kogda esli tolko chtoby chtob byl bylo byli budet eshche esche eshe nam vam nas vas pod pri posle bez nasha nashi svoih pochemu nado mozhet vot ona oni nichego tozhe etot eti etogo",
		KazakhLatin:  "jane zhane jäne және bul ushin üşin úshin üshin emes dep joq jok zhok zhoq kerek olar biz siz bizdin bizdiñ qalai kalai qalay nege kim osy osı gana ğana eken edi bolyp bolsa barlyq barlyk bari bäri tagy endi qazir kazir turaly keiin deiin arqyly boiynsha birak biraq sondyqtan otyr jatyr zhatyr",
	} {
		for _, w := range strings.Fields(words) {
			if old, ok := m[w]; ok && old != l {
				m[w] = several
			} else {
				m[w] = l
			}
		}
	}
	return m
})

// several marks a word of several languages: it decides nothing.
const several = languages

// Detect guesses the language of a text from its lower-case words: by the
// alphabet, by letters that only one language has, and by common words. A
// text of few words may well be guessed wrong.
func Detect(words []string) Language {
	var hits [languages + 1]int
	cyr, lat, kaz := 0, 0, 0
	for _, w := range words {
		hits[common()[w]]++
		switch scriptOf(w) {
		case kazakhCyrillic:
			kaz++
			cyr++
		case cyrillic:
			cyr++
		case latin:
			lat++
			switch {
			case kazakhSpelling(w):
				hits[KazakhLatin]++
			case russianSpelling(w):
				hits[RussianLatin]++
			}
		}
	}
	if cyr == 0 && lat == 0 {
		return Unknown
	}
	if cyr >= lat {
		if 3*kaz >= cyr && hits[Kazakh] >= hits[Russian] || hits[Kazakh] > hits[Russian] && 6*kaz >= cyr {
			return Kazakh
		}
		return Russian
	}
	best := English
	for _, l := range []Language{French, Spanish, RussianLatin, KazakhLatin} {
		if hits[l] > hits[best] {
			best = l
		}
	}
	if hits[best] == 0 {
		return Unknown
	}
	return best
}

// kazakhSpelling reports letters of one of the Latin alphabets for Kazakh that
// English, French and Spanish words have not: q without u, ğ, ş, ū, ı, …
func kazakhSpelling(w string) bool {
	if strings.ContainsAny(w, "ğşūıǵńŋ") {
		return true
	}
	i := strings.IndexByte(w, 'q')
	return i >= 0 && !strings.HasPrefix(w[i+1:], "u")
}

// russianSpelling reports pairs of letters that stand for Russian sounds and
// are rare elsewhere.
func russianSpelling(w string) bool {
	return strings.Contains(w, "shch") || strings.Contains(w, "zh") || strings.Contains(w, "kh") ||
		strings.HasSuffix(w, "iya") || strings.HasSuffix(w, "yj") || strings.HasSuffix(w, "yy") || strings.HasSuffix(w, "ogo") || strings.HasSuffix(w, "tsya") || strings.HasSuffix(w, "tsa")
}

// kazakhStop are the keys of Kazakh words that say nothing by themselves.
var kazakhStop = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for w, l := range common() {
		if l == Kazakh || l == KazakhLatin {
			m[folded(w, true)] = true
		}
	}
	for _, w := range strings.Fields("мен сен ол маған саған оған оның менің сенің не қай қандай барып келіп деген деді дейді болған болатын керек шығар ғой шейін үстінде ішінде кезінде жылы күні") {
		m[folded(w, true)] = true
	}
	return m
})

// russianMore are stop words that Snowball's list has not.
var russianMore = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("это этих этим эта очень также который которая которое которые которого которых свой свои своих своей мои наш наша наши наших ваш ваша ваши вас нам вами нами который что-то просто вот пусть тем чем") {
		m[w] = true
	}
	return m
})
