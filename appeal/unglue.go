package appeal

import (
	"sort"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/internal/lazyre"
)

// Web pages of appeals often lost the spaces between words: "URGENTAPPEAL",
// "ofthe", "urgentintervention". A pair of words is parted again only where
// the two stand side by side in a stock phrase or a violation label; any
// other long word stays as printed.

// more are pairs that stand side by side in the text of every appeal.
const more = `
The Observatory for the Protection of Human Rights Defenders, a partnership of FIDH and the World Organisation Against Torture (OMCT),
the International Federation for Human Rights (FIDH) and, an FIDH and OMCT venture, a joint programme of the World, a joint program of the,
has received new information and requests your urgent intervention in the following situation in the, has been informed by reliable sources about the,
According to the information received, on the, in the, to the, by the, for the, from the, with the, and the, that the, at the, was the, is the,
the authorities, the following, the right, the Criminal, Criminal Code, human rights defender, Human Rights Defenders, the Ministry of, Minister of,
United Nations, Please write to the authorities of asking them to, at the time of publication of this Urgent Appeal,
The Observatory has been, The Observatory recalls that, The Observatory strongly condemns, The Observatory fears, The Observatory urges,
L'Observatoire pour la protection des défenseurs des droits de l'Homme, la Fédération internationale, l'Organisation mondiale contre la torture,
a été informé par des sources fiables, Selon les informations reçues, de la, dans le cadre, de toute urgence sur la situation suivante en,
El Observatorio para la Protección de los Defensores de Derechos Humanos, un programa conjunto de la Organización Mundial Contra la Tortura,
ha recibido con seria preocupación informaciones de fuentes fidedignas, De acuerdo con las informaciones, Según las informaciones recibidas, de los, de las`

// phraseWords holds the pairs and the single words of the stock phrases.
var phraseWords = sync.OnceValue(func() (w struct{ pair, word map[string]bool }) {
	w.pair, w.word = map[string]bool{}, map[string]bool{}
	put := func(s string) {
		words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
		for i, x := range words {
			w.word[x] = true
			if i > 0 {
				w.pair[words[i-1]+" "+x] = true
			}
		}
	}
	for role, fs := range formulae() {
		if role == "stop" {
			continue
		}
		for _, f := range fs {
			for _, p := range alternatives(f.phrase) {
				put(p)
			}
		}
	}
	for _, t := range casefile.Vocabulary() {
		for _, l := range t.Labels {
			put(l)
		}
	}
	for _, forms := range violationForms() {
		for _, f := range forms {
			put(f)
		}
	}
	for _, p := range strings.Split(more, ",") {
		put(p)
	}
	for m := range monthNumber() {
		w.word[m] = true
		for _, p := range []string{"on", "in", "since", "until", "le", "el", "en"} {
			w.pair[p+" "+m] = true
		}
	}
	return w
})

// alternatives spells out the choices of a phrase roughly: with and without
// its optional words, each choice in turn.
func alternatives(phrase string) []string {
	group := lazyre.New(`\([^()]*\)`)
	base := []string{group.ReplaceAllString(phrase, ""), strings.NewReplacer("(", "", ")", "").Replace(phrase)}
	var out []string
	for _, b := range base {
		n := 1
		for _, f := range strings.Fields(b) {
			n = max(n, strings.Count(f, "|")+1)
		}
		for i := 0; i < n; i++ {
			var words []string
			for _, f := range strings.Fields(b) {
				c := strings.Split(f, "|")
				words = append(words, c[min(i, len(c)-1)])
			}
			out = append(out, strings.Join(words, " "))
		}
	}
	return out
}

var gluedHonorific = lazyre.New(`\b(Mr|Ms|Mrs|Messrs|Mses|Dr|MM|Sr|Sra|Sres)\.(\p{Lu}\p{Ll}+)`)
var gluedMonth = sync.OnceValue(func() *lazyre.Regexp {
	var names []string
	for n := range monthNumber() {
		if utf8.RuneCountInString(n) > 3 {
			names = append(names, n)
		}
	}
	sort.Slice(names, func(i, j int) bool {
		return len(names[i]) > len(names[j]) || len(names[i]) == len(names[j]) && names[i] < names[j]
	})
	return lazyre.New(`(?i)(^|[^\p{L}])(` + strings.Join(names, "|") + `)(\d{1,2},? ?\d{4})`)
})

// unglue parts glued words in every line and says which.
func (s *source) unglue() {
	var parted []string
	for i := range s.lines {
		l := &s.lines[i]
		if l.text == "" || bareURLLine.MatchString(l.text) {
			continue
		}
		l.text = eachOutsideLinks(l.text, func(t string) string {
			t = eachWord(t, func(w string) string {
				if p, ok := part(w); ok {
					parted = append(parted, w)
					return p
				}
				return w
			})
			if !gluedSign(t) {
				return t
			}
			t = gluedHonorific.ReplaceAllStringFunc(t, func(w string) string {
				parted = append(parted, w)
				return strings.Replace(w, ".", ". ", 1)
			})
			return gluedMonth().ReplaceAllStringFunc(t, func(w string) string {
				m := gluedMonth().FindStringSubmatch(w)
				parted = append(parted, m[2]+m[3])
				return m[1] + m[2] + " " + m[3]
			})
		})
	}
	if len(parted) > 0 {
		seen := map[string]bool{}
		var list []string
		for _, w := range parted {
			if !seen[w] && len(list) < 12 {
				list = append(list, w)
			}
			seen[w] = true
		}
		s.warn("glued-words", "", "words were printed without the space between them and were parted: "+strings.Join(list, ", "))
	}
}

// eachWord applies f to the runs of 4 to 60 letters in t.
func eachWord(t string, f func(string) string) string {
	var b strings.Builder
	at, from, n := 0, -1, 0
	word := func(to int) {
		if from >= 0 && n >= 4 && n <= 60 {
			if x := f(t[from:to]); x != t[from:to] {
				b.WriteString(t[at:from])
				b.WriteString(x)
				at = to
			}
		}
		from, n = -1, 0
	}
	for i, r := range t {
		if !unicode.IsLetter(r) {
			word(i)
			continue
		}
		if n++; from < 0 {
			from = i
		}
	}
	word(len(t))
	if at == 0 {
		return t
	}
	return b.String() + t[at:]
}

// gluedSign reports whether a letter stands right behind a full stop or
// right before a digit.
func gluedSign(t string) bool {
	for i := 1; i < len(t); i++ {
		if isLetter(t[i-1]) && isDigit(t[i]) || t[i-1] == '.' && isLetter(t[i]) {
			return true
		}
	}
	return false
}

// eachOutsideLinks applies f to the pieces of t that are no web or e-mail
// address.
func eachOutsideLinks(t string, f func(string) string) string {
	var b strings.Builder
	at := 0
	if !strings.ContainsAny(t, "@:") && !strings.Contains(t, "www.") {
		return f(t)
	}
	for _, m := range bareLink.FindAllStringIndex(t, -1) {
		b.WriteString(f(t[at:m[0]]))
		b.WriteString(t[m[0]:m[1]])
		at = m[1]
	}
	b.WriteString(f(t[at:]))
	return b.String()
}

// part cuts one glued word into the words of a stock phrase. A word that is
// itself a word of the phrases is left alone.
func part(w string) (string, bool) {
	low := strings.ToLower(w)
	p := phraseWords()
	if p.word[low] || len(low) != len(w) {
		return "", false
	}
	var cut func(prev string, at int) []int
	cut = func(prev string, at int) []int {
		for n := len(low); n > at; n-- {
			x := low[at:n]
			if !p.word[x] || prev != "" && !p.pair[prev+" "+x] {
				continue
			}
			if n == len(low) {
				if prev == "" {
					continue
				}
				return []int{n}
			}
			if rest := cut(x, n); rest != nil {
				return append([]int{n}, rest...)
			}
		}
		return nil
	}
	ends := cut("", 0)
	if ends == nil || len(ends) > 6 {
		return "", false
	}
	var words []string
	at := 0
	for _, n := range ends {
		words = append(words, w[at:n])
		at = n
	}
	return strings.Join(words, " "), true
}
