package appeal

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/arasha-org/arasha/internal/wording"
)

// futureWords show that a clause speaks of what is still to come; verbs of
// the future are among them. termWords do so directly before a date.
var futureWords = sync.OnceValue(func() map[string]*wording.Phrases {
	m := map[string]*wording.Phrases{}
	for lang, words := range map[string]string{
		"en": `will|would|shall|scheduled|due|plan~|next|upcoming|forthcoming|expected|intend~|expir~|deadline|postpon~|adjourn~|set for|to be|no later than|valid|extend~|remains?|could|should|takes? place|ahead of|elections?`,
		"fr": `\p{L}+(?:era|ira|ura|dra|tra|eront|iront|uront|dront|ront)|prévu~|prochain~|expir~|échéance|report~|prolong~|à venir|fixée? au|doit|doivent|devrai~|élections?`,
		"es": `\p{L}+(?:rá|rán)|previst~|próxim~|venc~|plazo|aplaz~|prorrog~|programad~|fijad~|debe~|deberí~|elecciones`,
		"ru": `буд[еу]т|назначен~|состоится|состоятся|запланирован~|намечен~|предстоит|предстоящ~|планиру~|истека~|ожида~|перенес~|отложен~|продл~|должн~|выбор~`,
		"tr": `\p{L}+(?:acak|ecek|acağı|eceği|acaktır|ecektir)\p{L}*|kadar|planlan~|önce|ertelen~|itibaren|seçim~|gelecek`,
	} {
		m[lang] = wordsRegexp(words)()
	}
	return m
})

var termWords = lazyRegexp(`(?i)(?:^|[\s(])(?:by|until|till|before|from|for|to|jusqu['’]au|avant le|d['’]ici (?:le|au)|à partir du|au|pour le|du|hasta el|antes del|a partir del|para el|al|до|с|к|на|не позднее)\s*$`)

// pastWords tell what has happened: a verb of a deed.
var pastWords = wordsRegexp(`was|were|had|has|took|came|said|told|held|made|gave|went|began|broke|beat|left|saw|wrote|sent|shot|stole|\p{L}{2,}ed|arrested|detained|released|charged|sentenced|attacked|summoned|raided|searched|published|died|killed|appeared
	a été|ont été|avait|avaient|s'est|se sont|a|ont|fut|furent|arrêtée?s?|publiée?s?
	\p{L}+(?:ó|aron|ieron)|fue|fueron|ha|han|había|habían|se|arrestad~|detenid~|publicad~
	был|была|были|было|\p{L}{2,}(?:ла|ло|л|ли|лся|лась|лись)|задержан~|арестован~|освобожден~|опубликован~|вызван~
	\p{L}+(?:dı|di|du|dü|tı|ti|tu|tü|mış|miş|muş|müş|ndı|ldı|ldi|ıldı|ildi)`)

var (
	weekdays = sync.OnceValue(func() map[string]time.Weekday {
		m := map[string]time.Weekday{}
		for i, row := range []string{
			"sunday dimanche domingo воскресенье pazar", "monday lundi lunes понедельник pazartesi", "tuesday mardi martes вторник salı",
			"wednesday mercredi miércoles среда среду çarşamba", "thursday jeudi jueves четверг perşembe",
			"friday vendredi viernes пятница пятницу cuma", "saturday samedi sábado суббота субботу cumartesi"} {
			for w := range strings.FieldsSeq(row) {
				m[w] = time.Weekday(i)
			}
		}
		return m
	})
	// dayMonth finds a day and a month without a year behind them.
	dayMonth = sync.OnceValue(func() *wording.Phrases {
		var names []string
		for n := range monthNumber() {
			if len([]rune(n)) > 3 || n == "may" || n == "mai" || n == "мая" {
				names = append(names, regexp.QuoteMeta(n))
			}
		}
		months := strings.Join(names, "|")
		e := `(?i)(?:^|[^\p{L}\p{N}])(?:(\d{1,2})(?:st|nd|rd|th|er|º|-?го)?\s+(?:of\s+|de\s+)?(` + months + `)|(` + months + `)\s+(\d{1,2})(?:st|nd|rd|th)?)(?:$|[^\p{L}\p{N}])`
		return wording.New(e, e)
	})
	turnedRange = wordsRegexp(`from|between|du|entre|del|с|со|между`)
)

// checkDates applies date-impossible and date-order.
func (c *checker) checkDates() {
	a := c.a
	doc := a.Date
	if doc == "" {
		doc = a.SignOff.Date
	}
	if a.Date != "" && a.SignOff.Date != "" && a.Date != a.SignOff.Date {
		c.report("date-order", SeverityWarning, "date", fmt.Sprintf("the head says %s, the sign-off says %s", a.Date, a.SignOff.Date), "print one date")
	}
	for where, t := range map[string]string{"date": a.DatePrinted, "sign_off": a.SignOff.Text} {
		for _, d := range findDates(t) {
			c.impossible(where, t, d)
		}
	}
	for _, p := range c.texts {
		for _, s := range p.sents {
			ds := s.dates
			for _, d := range ds {
				if c.impossible(p.where, s.text, d) || d.iso == "" || d.twoDigit {
					continue
				}
				c.weekday(p.where, s.text, d)
				if doc != "" && d.iso > doc && p.kind != "action" && p.kind != "about" && c.past(s.text, d) {
					c.report("date-impossible", SeverityError, p.where, fmt.Sprintf("%s is told as past, but the document is of %s: %s", dayInWords(d.iso), dayInWords(doc), quote(s.text)),
						"check the date against the source, or say that it is still to come")
				}
			}
			c.halfDates(p.where, s.text, ds)
			c.turned(p.where, s.text, ds)
		}
	}
	c.lives()
}

func dayInWords(iso string) string { return dayOf(iso).Format("2 January 2006") }

// impossible reports a day that no calendar has.
func (c *checker) impossible(where, text string, d foundDate) bool {
	printed := text[d.from:d.to]
	if d.iso != "" || d.numeric && d.twoDigit {
		return false
	}
	if d.numeric && strings.Count(printed, ".") == 2 && d.to < len(text) && text[d.to] == '.' {
		return false // a number of a section or of an address
	}
	c.report("date-impossible", SeverityError, where, quote(printed)+" is no day of the calendar", "check the date against the source")
	return true
}

// halfDates looks at days without a year: "31 June".
func (c *checker) halfDates(where, text string, whole []foundDate) {
	for _, m := range dayMonth().FindAllStringSubmatchIndex(text, -1) {
		get := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return text[m[2*i]:m[2*i+1]]
		}
		inside := false
		for _, d := range whole {
			inside = inside || m[0] < d.to && d.from < m[1]
		}
		if inside {
			continue
		}
		n := 0
		fmt.Sscan(get(1)+get(4), &n)
		month := monthNumber()[strings.ToLower(get(2)+get(3))]
		if most := time.Date(2020, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day(); n > most || n == 0 {
			c.report("date-impossible", SeverityError, where, quote(strings.TrimSpace(text[m[0]:m[1]]))+" is no day of the calendar", "check the date against the source")
		}
	}
}

// weekday reports a weekday that does not go with its date: "Monday, 12 May
// 2020" was a Tuesday.
func (c *checker) weekday(where, text string, d foundDate) {
	words := strings.Fields(strings.ToLower(text[:d.from]))
	for n := 1; n <= 2 && n <= len(words); n++ {
		w := strings.Trim(words[len(words)-n], ".,()«»“”\"")
		if says, ok := weekdays()[w]; ok {
			if is := dayOf(d.iso).Weekday(); is != says {
				c.report("date-impossible", SeverityError, where, fmt.Sprintf("%s was a %s, not %s", dayInWords(d.iso), is, quote(w)), "check day and date against the source")
			}
			return
		}
		if n == 1 && len([]rune(w)) > 3 { // "Monday the 12th": one short word may stand between
			return
		}
	}
}

// past reports whether the words around a date tell what has happened.
func (c *checker) past(text string, d foundDate) bool {
	future := futureWords()[c.a.Language]
	if future == nil {
		future = futureWords()["en"]
	}
	if termWords().MatchString(text[:d.from]) {
		return false
	}
	// The clause of the date: from the last semicolon before it on.
	from := strings.LastIndexAny(text[:d.from], ";") + 1
	to := len(text)
	if i := strings.IndexByte(text[d.to:], ';'); i >= 0 {
		to = d.to + i
	}
	clause := text[from:d.from] + " " + text[d.to:to]
	return pastWords().MatchString(clause) && !future.MatchString(clause)
}

// turned reports a span whose end comes before its beginning.
func (c *checker) turned(where, text string, ds []foundDate) {
	for i := 1; i < len(ds); i++ {
		a, b := ds[i-1], ds[i]
		if a.iso == "" || b.iso == "" || b.iso >= a.iso {
			continue
		}
		between := strings.ToLower(strings.TrimSpace(text[a.to:b.from]))
		switch strings.Trim(between, ", ") {
		case "to", "until", "till", "and", "-", "–", "—", "au", "jusqu'au", "jusqu’au", "et", "al", "hasta el", "y el", "a", "по", "до", "и", "through":
		default:
			continue
		}
		words := strings.Fields(text[:a.from])
		if len(words) == 0 || !turnedRange().MatchString(" "+words[len(words)-1]+" ") {
			continue
		}
		c.report("date-order", SeverityWarning, where, fmt.Sprintf("the span from %s to %s runs backwards", dayInWords(a.iso), dayInWords(b.iso)), "check both dates against the source")
	}
}

// The deeds whose order is told apart, each with its words.
var deeds = []struct {
	name string
	re   func() *wording.Phrases
}{
	{"arrested", wordsRegexp(`arrested|detained|arrest|taken into custody|apprehended|arrêtée?s?|interpellée?s?|arrestation|placée?s? en garde à vue|arrestad[oa]s?|detenid[oa]s?|detención|capturad[oa]s?|задержан[аы]?|арестован[аы]?|задержали|арестовали|gözaltına alındı|tutuklandı`)},
	{"released", wordsRegexp(`released|freed|set free|libérée?s?|relâchée?s?|remise?s? en liberté|liberad[oa]s?|puest[oa]s? en libertad|excarcelad[oa]s?|освобожд[её]н[аы]?|отпущен[аы]?|освободили|отпустили|serbest bırakıldı|tahliye edildi`)},
	{"charged", wordsRegexp(`charged|indicted|inculpée?s?|mise?s? en examen|imputad[oa]s?|acusad[oa]s? formalmente|предъявлен[оы]? обвинени~|предъявили обвинение`)},
	{"sentenced", wordsRegexp(`sentenced|convicted|condamnée?s?|condenad[oa]s?|sentenciad[oa]s?|приговор[её]н[аы]?|осужд[её]н[аы]?|приговорил~|mahkum edildi|hapis cezasına çarptırıldı`)},
}

// againWords show that a deed was not the first of its kind, or that the text
// goes back in time.
var againWords = wordsRegexp(`again|re-?arrest~|once more|second time|previous~|earlier|formerly|former|new arrest|anew|initially|first|prior|already|after serving|another|subsequently
	de nouveau|à nouveau|nouvelle arrestation|précédemment|auparavant|déjà|antérieur~|une seconde fois|encore
	de nuevo|nuevamente|otra vez|anteriormente|previamente|ya había|segunda vez
	снова|вновь|повторно|ранее|опять|до этого|прежде|уже
	yeniden|tekrar|daha önce|önceden`)

// afterArrest finds "after being arrested", "after her arrest".
var afterArrest = wordsRegexp(`(?:after|following) (?:being |having been |his |her |their |the )?(?:arrest|arrested|detained|detention)|après (?:avoir été |son )?(?:arrêtée?|arrestation)|(?:tras|después de) (?:ser |haber sido |su )?(?:arrestad[oa]|detenid[oa]|detención)|после (?:его |е[её] |их )?(?:ареста|задержания)`)

// lives applies date-order to what is said of one person: arrested and then
// released earlier. Only simple statements are judged: one deed, one day.
func (c *checker) lives() {
	type event struct {
		deed, iso, where string
		number           int // order in the text
		again            bool
		after            bool // "… after being arrested"
	}
	people := map[string][]event{}
	var names []string
	n := 0
	for _, p := range c.texts {
		if !p.narrative() {
			continue
		}
		who := ""
		para := -1
		for _, s := range p.sents {
			if s.para != para {
				who, para = "", s.para
			}
			persons := findPersons(s.text)
			switch {
			case len(persons) == 1:
				who = persons[0].key()
			case len(persons) > 1:
				who = ""
			}
			for _, e := range datedDeeds(s) {
				if who == "" {
					continue
				}
				if people[who] == nil {
					names = append(names, who)
				}
				n++
				people[who] = append(people[who], event{e.deed, e.iso, p.where, n, againWords().MatchString(s.text), afterArrest().MatchString(s.text)})
			}
			// One sentence that contradicts itself, whoever it is about.
			es := datedDeeds(s)
			if len(es) == 2 && who == "" && !againWords().MatchString(s.text) {
				if x, y := es[0], es[1]; x.deed == "arrested" && y.deed != "arrested" && y.iso < x.iso {
					c.report("date-order", SeverityWarning, p.where, fmt.Sprintf("%s on %s, before being arrested on %s", y.deed, dayInWords(y.iso), dayInWords(x.iso)), "check both dates against the source")
				}
			}
		}
	}
	for _, who := range names {
		es := people[who]
		var arrested, later []event
		doubt := false
		for _, e := range es {
			doubt = doubt || e.again
			if e.deed == "arrested" {
				arrested = append(arrested, e)
			} else if e.deed == "released" || e.deed == "sentenced" && len(es) <= 4 {
				later = append(later, e)
			}
		}
		if doubt || len(arrested) != 1 || len(later) == 0 {
			continue
		}
		for _, l := range later {
			if l.iso < arrested[0].iso && (l.deed == "released" || l.number > arrested[0].number || l.after && arrested[0].after) {
				c.report("date-order", SeverityWarning, l.where, fmt.Sprintf("%s is %s on %s, before the arrest of %s", who, l.deed, dayInWords(l.iso), dayInWords(arrested[0].iso)),
					"check both dates against the source; if there were two arrests, say so")
				break
			}
		}
	}
}

type datedDeed struct{ deed, iso string }

// datedDeeds returns the deeds of a sentence that have one day each: the
// nearest date, with no other deed between.
func datedDeeds(s sentence) []datedDeed {
	ds := s.dates
	if len(ds) == 0 || len(ds) > 3 {
		return nil
	}
	type hit struct {
		deed     string
		from, to int
	}
	var hits []hit
	for _, d := range deeds {
		for _, m := range d.re().FindAllStringSubmatchIndex(s.text, -1) {
			hits = append(hits, hit{d.name, m[2], m[3]})
		}
	}
	if len(hits) == 0 || len(hits) > 3 {
		return nil
	}
	for i := range hits {
		for j := i + 1; j < len(hits); j++ {
			if hits[j].from < hits[i].from {
				hits[i], hits[j] = hits[j], hits[i]
			}
		}
	}
	if len(hits) != len(ds) {
		return nil
	}
	// Deeds and days stand in the same order in every simple sentence.
	var out []datedDeed
	for i, h := range hits {
		if ds[i].iso == "" {
			return nil
		}
		out = append(out, datedDeed{h.deed, ds[i].iso})
	}
	return out
}
