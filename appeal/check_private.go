package appeal

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/arasha-org/arasha/internal/lazyre"
)

var (
	// ageForm finds an age: "aged 12", "12-year-old", "âgée de 12 ans", "de
	// 12 años", "12-летний", "12 лет", "12 yaşındaki".
	ageForm = lazyRegexp(`(?i)(?:^|[^\p{L}\p{N}])(?:aged?\s+(\d{1,2})|(\d{1,2})[-\s]years?[-\s]olds?|âgée?s?\s+de\s+(\d{1,2})\s+ans|(?:de|tiene|tenía)\s+(\d{1,2})\s+años|(\d{1,2})-?\s?летн\p{L}+|(\d{1,2})\s+лет(?:$|[^\p{L}])|(\d{1,2})\s+yaşında\p{L}*|de\s+(\d{1,2})\s+ans)`)
	// minorWords say that somebody is a child without an age.
	minorWords = wordsRegexp(`minor (?:son|daughter|child|sister|brother|children)|underage (?:son|daughter|child|girl|boy|children)|(?:his|her|their) (?:infant|toddler|schoolgirl|schoolboy) (?:son|daughter)?
		(?:fils|fille|enfant|sœur|frère)s? mineure?s?|(?:hij|niñ|herman)[oa]s? menor(?:es)?(?: de edad)?|несовершеннолетн~ (?:сын|дочь|дочер|реб[её]нок|брат|сестр|дет)~|(?:reşit olmayan|küçük) (?:oğlu|kızı|çocuğu)`)
	// school tells where a child can be found.
	childWords = wordsRegexp(`son|daughter|child|children|sister|brother|girl|boy|pupil|schoolgirl|schoolboy|student|minor|fils|fille|enfant~|sœur|frère|élève|mineur~|hij[oa]s?|niñ[oa]s?|herman[oa]s?|menor(?:es)?|alumn[oa]s?|сын~|доч~|реб[её]н~|дет~|брат~|сестр~|девоч~|мальчик~|школьни~|несовершеннолетн~|oğlu|kızı|çocu~`)
	longAge    = wordsRegexp(`years ago|years later|years in prison|sentenced|prison|imprisonment|emprisonnement|prisión|лишени~ свободы|hapis|in force|for \d+ years|career|experience`)

	// homeForm finds where somebody lives, and papers that name one person.
	homeForm = lazyRegexp(`(?i)(?:^|[^\p{L}])((?:home address|lives? (?:at|in apartment|in flat)|residing at|resides at|resident at|domiciled at|his home at|her home at|their home at|house at|apartment at|flat at|home,? located at|` +
		`adresse (?:personnelle|du domicile|privée)|(?:domiciliée?|demeurant|résidant|habite|réside) (?:au|à) (?:\d|l['’]adresse)|son domicile,? (?:situé|sis)|` +
		`domicilio (?:particular|ubicado|en la calle|en calle)|(?:domiciliad[oa]|reside|vive|residente) en (?:la )?(?:calle|avenida|carrera|av\.)|` +
		`домашн\p{L}+ адрес|прожива\p{L}+ по адресу|зарегистрирован\p{L}* по адресу|жив[её]т по адресу|` +
		`ev adresi|adresinde (?:ikamet|oturan))[^.;]{0,60})`)
	streetForm = lazyRegexp(`(?i)\d+[\p{L}]?,?\s+\p{L}+[\p{L} .'’-]{0,30}\s(?:street|st\.|avenue|ave\.|road|lane|boulevard)|(?:street|avenue|rue|boulevard|calle|avenida|carrera|ул\.|улиц\p{L}+|пр\.|проспект\p{L}*|мкр\.?|sokak|caddesi|sokağı)[^.;]{0,40}\d+|(?:kv\.|кв\.|apt\.?|apartment|flat|appartement|apartamento|квартир\p{L}*|daire)\s*(?:no\.?\s*)?\d+`)
	homeWords  = wordsRegexp(`home|house|apartment|flat|residence|domicile|maison|appartement|casa|vivienda|domicilio|apartamento|дом|дома|доме|домой|жиль~|квартир~|evi~|konut~`)
	paperForm  = lazyRegexp(`(?i)(?:^|[^\p{L}])((?:passport|identity card|ID card|ID|national ID|personal identification|social security|tax(?:payer)? identification)\s*(?:number|no\.?|№|#)\s*:?\s*[A-Z0-9-]{5,}|(?:numéro de passeport|carte d['’]identité n°?|pasaporte (?:n[°º.]*|número)|cédula(?: de ciudadanía| de identidad)?(?: n[°º.]*| número| No\.?)?|DNI(?: n[°º.]*)?|паспорт\p{L}*(?: №| номер| серии)?|ИИН|ИНН|СНИЛС|TC kimlik(?: no)?|pasaport no)\s*:?\s*[A-Z0-9А-Я. -]{0,4}\d[\d. -]{4,})`)
	mobileForm = lazyRegexp(`(?i)(?:^|[^\p{L}])((?:(?:his|her|their|personal|private|mobile) (?:phone|telephone|mobile|cell)(?: phone)?(?: number)?|(?:son|leur) (?:numéro de )?(?:téléphone|portable)|(?:su|número de) (?:teléfono|celular|móvil)(?: personal)?|(?:личн\p{L}+|его|её|мобильн\p{L}+) (?:номер|телефон)\p{L}*)[^.;\d+]{0,25}\+?\d[\d ()-]{6,}\d)`)
)

// checkPrivate applies minor-or-address-detail.
func (c *checker) checkPrivate() {
	for _, p := range c.texts {
		if p.kind == "about" || p.kind == SectionAddresses {
			continue
		}
		for _, s := range p.sents {
			t := WithoutMarks(s.text)
			if age, ok := minorAge(t); ok || minorWords().MatchString(t) {
				severity, what := SeverityWarning, "a child"
				if ok {
					what = fmt.Sprintf("a child of %d", age)
				}
				if childNamed(t) {
					severity = SeverityError
					what += ", with a name"
				}
				c.report("minor-or-address-detail", severity, p.where, fmt.Sprintf("tells of %s: %s", what, quote(t)),
					"leave out the name, the age and the school of a child, unless the family and the child agreed to each; “a member of the family” is enough")
			}
			if !strings.ContainsAny(t, "0123456789") {
				continue
			}
			what := ""
			var m []int
			if x := homeForm().FindStringSubmatchIndex(t); x != nil && (streetForm().MatchString(t[x[2]:]) || number.MatchString(t[x[2]:x[3]])) {
				what, m = "where somebody lives", x
			} else if x := paperForm().FindStringSubmatchIndex(t); x != nil {
				what, m = "the number of somebody's papers", x
			} else if x := mobileForm().FindStringSubmatchIndex(t); x != nil {
				what, m = "somebody's telephone number", x
			} else if !p.narrative() || !homeWords().MatchString(t) {
				continue
			} else if x := streetForm().FindStringIndex(t); x != nil {
				what, m = "where somebody lives", []int{0, 0, x[0], x[1]}
			}
			if what != "" {
				c.report("minor-or-address-detail", SeverityError, p.where, fmt.Sprintf("prints %s: %s", what, quote(t[m[2]:m[3]])), "take it out: it can lead an attacker to the person")
			}
		}
	}
}

// minorAge returns the age of a person under 18 that a sentence tells.
func minorAge(t string) (int, bool) {
	if !strings.ContainsAny(t, "0123456789") {
		return 0, false
	}
	for _, m := range ageForm().FindAllStringSubmatchIndex(t, -1) {
		for i := 2; i+1 < len(m); i += 2 {
			if m[i] < 0 {
				continue
			}
			n, _ := strconv.Atoi(t[m[i]:m[i+1]])
			bare := i >= 8 && (i == 8 || i == 12 || i == 16) // "de 12 años", "12 лет", "de 12 ans" may be a sentence or a span
			if n > 0 && n < 18 && (!bare || childWords().MatchString(t) && !longAge().MatchString(t)) && !longAgeNear(t, m[0], m[1]) {
				return n, true
			}
		}
	}
	return 0, false
}

// longAgeNear reports that what follows an "age" is a thing: "a 12-year-old
// law", "the law is 12 years old", "10-летний срок".
func longAgeNear(t string, from, to int) bool {
	near := strings.Fields(t[to:])
	near = near[:min(len(near), 3)]
	head := strings.Fields(t[:from])
	near = append(near, head[max(0, len(head)-3):]...)
	for _, w := range near {
		if thingWords()[strings.ToLower(strings.Trim(w, ".,;"))] {
			return true
		}
	}
	return false
}

var thingWords = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq("law building bill statute constitution website case organisation organization conflict ban sentence investigation dispute campaign war history practice term agreement newspaper association ngo group movement срок срока сроком приговор приговора конфликт стаж опыт организация war prison d'emprisonnement") {
		m[w] = true
	}
	return m
})

// childNamed reports whether a name stands beside the words about a child.
func childNamed(t string) bool {
	loc := childWords().FindStringSubmatchIndex(t)
	if loc == nil {
		m := ageForm().FindStringIndex(t)
		if m == nil {
			return false
		}
		loc = []int{0, 0, m[0], m[1]}
	}
	rest := strings.Fields(t[loc[3]:])
	for i, w := range rest {
		if i > 4 {
			break
		}
		if startsUpper(strings.TrimLeft(w, "(“\"«,")) && !monthWord(w) {
			return true
		}
	}
	// "Aigul Example, 12, was taken …"
	return lazyre.New(`\p{Lu}\p{L}+,?\s*\(?$`).MatchString(strings.TrimRight(t[:loc[2]], " ,(")) && ageForm().MatchString(t)
}

func monthWord(w string) bool {
	return monthNumber()[strings.ToLower(strings.Trim(w, ".,()"))] > 0
}

// checkFile applies file-metadata: what the file tells beside its text.
func (c *checker) checkFile() {
	f := c.a.File
	if f == nil || f.Embedded && len(f.Properties) == 0 {
		return
	}
	var keys []string
	for k, v := range f.Properties {
		if strings.TrimSpace(v) != "" && tellsPerson(k) && !harmlessAuthor(v) && !(f.Format == "pdf" && strings.EqualFold(k, "creator")) { // the Creator of a PDF is a program (ISO 32000-1, 14.3.3)
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	for _, k := range keys {
		what := "names a person or a computer"
		if strings.Contains(strings.ToLower(k), "gps") || strings.Contains(strings.ToLower(k), "location") {
			what = "tells a place"
		}
		c.report("file-metadata", SeverityWarning, "file", fmt.Sprintf("the %s file %s: %s is %s", strings.ToUpper(f.Format), what, k, quote(f.Properties[k])),
			"remove the properties before the file leaves the house; arasha appeal render writes none")
	}
	if f.TrackedChanges > 0 {
		c.report("file-metadata", SeverityWarning, "file", fmt.Sprintf("the file keeps %s: who deletes what stays readable", countOf(f.TrackedChanges, "tracked change")), "accept or reject them all, and save anew")
	}
	if f.Comments > 0 {
		c.report("file-metadata", SeverityWarning, "file", fmt.Sprintf("the file carries %s", countOf(f.Comments, "comment")), "delete the comments, and save anew")
	}
}

func countOf(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// tellsPerson reports whether a property names who made the file, where or on
// which machine.
func tellsPerson(key string) bool {
	k := strings.ToLower(key)
	for _, w := range []string{"author", "creator", "modified by", "lastmodifiedby", "manager", "company", "gps", "location", "owner", "editor", "user", "template", "host", "path"} {
		if strings.Contains(k, w) && k != "creator tool" {
			return true
		}
	}
	return false
}

// harmlessAuthor reports a name that is a program or an organisation's own.
func harmlessAuthor(v string) bool {
	l := strings.ToLower(v)
	for _, w := range []string{"writer", "microsoft", "libreoffice", "openoffice", "acrobat", "chrom", "arasha", "un-named", "unknown", "normal.dot", "observator", "fidh", "omct", "python-docx", "pdfcreator", "quartz", "skia", "adobe", "indesign", "latex", "google", "wkhtml", "ghostscript", "canva", "scribus"} {
		if strings.Contains(l, w) {
			return true
		}
	}
	return false
}
