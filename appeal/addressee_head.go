package appeal

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// abbreviated reports whether the last word of s is a short one with its
// point: "St.", "Jr.".
func abbreviated(s string) bool {
	w := s[strings.LastIndexByte(s, ' ')+1:]
	return utf8.RuneCountInString(w) <= 4 && startsWithLetter(w)
}

// readHead parts honorific, name and office.
func (d *Addressee) readHead(head string) {
	if head == "" {
		return
	}
	segs := splitCommas(head)
	named := -1
	// "President Orman Velk", "S.E.M. l'Ambassadeur Jean Velk", "H.E. Ambassador Dr. Ada Velk"
	title := honorificForm().FindString(segs0(segs))
	for _, form := range []*lazyre.Regexp{titledName, officeName} {
		m := form.FindStringSubmatch(segs0(segs)[len(title):])
		if m == nil {
			continue
		}
		second := honorificForm().FindString(m[2])
		name := m[2][len(second):]
		if looksLikeName(name) && !officeWords.MatchString(name) && !stateWords.MatchString(name) && CountryNamed(name) == "" {
			d.Honorific = oneLine(title + " " + second)
			d.Name, d.Office = name, strings.Join(append([]string{m[1]}, segs[1:]...), ", ")
			return
		}
	}
	if h := honorificForm().FindString(segs0(segs)); h != "" && article.MatchString(segs[0][len(h):]) {
		// "H.E. the President of Saryn": an honorific without a name.
		d.Honorific = strings.TrimSpace(h)
		segs[0] = strings.TrimSpace(segs[0][len(h):])
		d.Office = strings.Join(segs, ", ")
		return
	}
	for i, s := range segs {
		if honorificForm().MatchString(s) && startsUpper(strings.TrimSpace(s[len(honorificForm().FindString(s)):])) {
			named = i
			break
		}
	}
	if named < 0 {
		if m := officeThenName.FindStringSubmatch(segs0(segs)); m != nil {
			// "Minister of Justice Mr. Tolan Arv"
			d.Honorific, d.Name = m[2], m[3]
			d.Office = strings.Join(append([]string{m[1]}, segs[1:]...), ", ")
			return
		}
		if len(segs) > 0 && !officeWords.MatchString(segs[0]) && looksLikeName(segs[0]) {
			named = 0
		} else {
			d.Office = strings.Join(segs, ", ")
			return
		}
	}
	s := segs[named]
	h := honorificForm().FindString(s)
	d.Honorific = strings.TrimSpace(h)
	name := strings.TrimSpace(s[len(h):])
	office := append([]string{}, segs[:named]...)
	// "Mr. Name – Minister of Justice", "Mr. Name (Minister of Justice)".
	if i := strings.IndexAny(name, "–—("); i > 0 {
		office = append(office, trimSeparators(strings.Trim(name[i:], "–—() ")))
		name = strings.TrimSpace(name[:i])
	} else if i := strings.Index(name, " - "); i > 0 {
		office = append(office, trimSeparators(name[i+3:]))
		name = name[:i]
	}
	if officeWords.MatchString(name) && named == 0 && !looksLikeName(name) || officeWords.MatchString(firstWord(name)) {
		d.Office = strings.Join(append([]string{name}, append(office, segs[named+1:]...)...), ", ")
		return
	}
	d.Name = name
	d.Office = strings.Join(append(office, segs[named+1:]...), ", ")
}

var titledName = lazyre.New(`^(?:the\s+|l['’]|le\s+|la\s+|el\s+)?((?:Vice-)?President|Prime Minister|Premier|Minister|Ambassador|Governor|Mayor|Présidente?|Premi(?:er|ère) ministre|Ministre|Ambassad(?:eur|rice)|Gouverneur|Presidente|Presidenta|Ministr[oa]|Embajador(?:a)?|Gobernador(?:a)?|Fiscal General|Президент|Премьер-министр|Министр|Посол|Büyükelçi|Cumhurbaşkanı|Bakan)\s+(.+)$`)

// officeName is an office with a name behind it in Russian and Turkish,
// where the words of an office are told from a name by their endings.
var officeName = lazyre.New(`^(\p{L}.*?(?:[Мм]инистр|[Пп]резидент|[Пп]рокурор|[Пп]осл|[Дд]иректор|[Пп]редседател|[Гг]лав|[Нн]ачальник|[Аа]ким|[Гг]убернатор)\p{Ll}*(?:\s(?:РФ|РК|КР|РБ|РТ|РУз))?|` +
	`(?:[Мм]инистр|[Пп]резидент|[Пп]рокурор|[Пп]ослу?|[Дд]иректор|[Пп]редседател|[Гг]лав|[Нн]ачальник|[Аа]ким|[Гг]убернатор)\p{Ll}*(?:\s(?:РФ|РК|КР|РБ|РТ|РУз))?|` +
	`\p{L}.*(?:Bakanı|Başkanı|Savcısı|Başsavcısı|Büyükelçisi|Valisi|Müdürü|Sekreteri|Temsilcisi|Kaymakamı))\s+(\p{Lu}\p{L}*\.?(?:\s?\p{Lu}\.)?\s+\p{Lu}\p{L}+(?:[\s-]\p{Lu}\p{L}+)?)$`)

// stateWords show that what follows an office is the name of a State.
var stateWords = lazyre.New(`(?i)(?:^|\s)(?:republic|république|república|республик\p{L}*|федераци\p{L}*|королевств\p{L}*|эмират\p{L}*|state|states|kingdom|royaume|reino|cumhuriyeti|суда|\p{L}+(?:ого|ской|нной))(?:\s|$)`)

var officeThenName = lazyre.New(`^(\p{L}.*?\p{L})\s*[–—-]?\s+((?:H\.E\.\s+|S\.E\.\s+)?(?:Mr\.?|Mrs\.?|Ms\.?|Dr\.?|M\.|Mme|Sr\.|Sra\.|[Гг]-н|[Гг]-жа|Sayın))\s+(\p{Lu}[\p{L}.'’-]+(?:\s+[\p{L}.'’-]+){0,4})$`)

var article = lazyre.New(`^(?:the|le|la|les|l['’]|el|los|las)\b`)

func segs0(segs []string) string {
	if len(segs) == 0 {
		return ""
	}
	return segs[0]
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// splitCommas splits at commas outside brackets; a colon after the office
// ("Minister of Justice: Mr. Name") parts as well.
func splitCommas(s string) []string {
	var out []string
	depth, at := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ',', ';', ':', '\n':
			if depth <= 0 {
				if p := strings.TrimSpace(s[at:i]); p != "" {
					out = append(out, p)
				}
				at = i + 1
			}
		}
	}
	if p := strings.TrimSpace(s[at:]); p != "" {
		out = append(out, p)
	}
	return out
}

// looksLikeName reports whether s is two to five capitalised words.
func looksLikeName(s string) bool {
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 6 {
		return false
	}
	small := map[string]bool{"de": true, "la": true, "del": true, "bin": true, "ibn": true, "al": true, "el": true, "van": true, "von": true, "da": true, "y": true, "e": true, "ben": true, "ould": true, "den": true, "der": true, "dos": true, "uulu": true, "kyzy": true}
	if !startsUpper(words[0]) || !startsUpper(words[len(words)-1]) {
		return false
	}
	for _, w := range words {
		if !startsUpper(w) && !small[strings.ToLower(w)] {
			return false
		}
	}
	return true
}
