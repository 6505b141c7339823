package appeal

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// checkNotes applies footnote-unresolved and footnote-unused.
func (c *checker) checkNotes() {
	have := map[int]bool{}
	used := map[int]bool{}
	for i, f := range c.a.Footnotes {
		have[f.Number] = true
		if strings.TrimSpace(f.Text) == "" && len(f.Links) == 0 {
			c.report("footnote-unresolved", SeverityError, placeOf("footnotes", i), fmt.Sprintf("footnote %d is empty", f.Number), "write the note, or take its mark out")
		}
	}
	texts := map[string]string{}
	var order []string
	put := func(where, text string) { texts[where] = text; order = append(order, where) }
	for _, p := range c.texts {
		put(p.where, p.text)
	}
	for i, d := range c.a.Addressees {
		put(placeOf("addressees", i), strings.Join([]string{d.Name, d.Office, d.Address, d.Note}, " "))
	}
	for i, s := range c.a.Sections {
		put(placeOf("sections", i)+".heading", s.Heading)
	}
	for _, where := range order {
		for _, n := range Marks(texts[where]) {
			if !have[n] && !used[n] {
				c.report("footnote-unresolved", SeverityError, where, fmt.Sprintf("the text refers to footnote %d, which is not there", n), "write the note, or take its mark out")
			}
			used[n] = true
		}
		// A bare number behind a word that could only be a note's.
		for _, m := range bareMark.FindAllStringSubmatch(texts[where], -1) {
			n, _ := strconv.Atoi(m[1])
			if strings.HasPrefix(where, "sections") && !have[n] && !used[n] && len(have) > 0 && (have[n-1] || have[n+1] || strings.ContainsAny(m[0], ".;:”»") || n <= 12) {
				used[n] = true
				c.report("footnote-unresolved", SeverityError, where, fmt.Sprintf("the %d in %s seems to refer to a footnote, which is not there", n, quote(m[0])), "write the note, or take its mark out")
			}
		}
	}
	for i, f := range c.a.Footnotes {
		// A note without a mark is read as the end of the note before it.
		for _, m := range innerNote.FindAllStringSubmatch(f.Text, -1) {
			if n, _ := strconv.Atoi(m[1]); n == f.Number+1 && !have[n] && !used[n] {
				c.report("footnote-unused", SeverityWarning, placeOf("footnotes", i), fmt.Sprintf("footnote %d seems to stand inside footnote %d, and nothing in the text refers to it", n, f.Number), "put its mark behind the statement it supports, or take it out")
			}
		}
		if !used[f.Number] {
			c.report("footnote-unused", SeverityWarning, placeOf("footnotes", i), fmt.Sprintf("nothing in the text refers to footnote %d (%s)", f.Number, quote(f.Text)), "put its mark behind the statement it supports, or take it out")
		}
	}
}

// bareMark finds a number glued to the end of a word or sentence, as marks
// come out of a text file: "headquarters1", "government.4".
var bareMark = lazyre.New(`\p{Ll}{3,}[.,;:]?["”»)]?[.,;:]?([1-9][0-9]?)(?:[\s,;.]|$)`)

var innerNote = lazyre.New(`[.!?/\p{L}]\s+([1-9][0-9]?)\.?\s+\p{Lu}`)

// footnote returns the note of a number.
func (c *checker) footnote(n int) (Footnote, bool) {
	for _, f := range c.a.Footnotes {
		if f.Number == n {
			return f, true
		}
	}
	return Footnote{}, false
}

// definitionHosts explain words and show nothing about a case.
var definitionHosts = []string{"dictionary", "wiktionary", "merriam-webster", "thesaurus", "urbandictionary", "larousse", "lerobert", "cnrtl", "rae.es",
	"wordreference", "collinsdictionary", "britannica", "encyclopedia", "slovar", "gramota", "academic.ru", "sozluk", "glosbe", "wikipedia", "techopedia", "investopedia"}

// definesOnly reports whether an address explains a word.
func definesOnly(link string) bool {
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	host, path := strings.ToLower(u.Host), strings.ToLower(u.Path)
	for _, h := range definitionHosts {
		if strings.Contains(host, h) {
			return true
		}
	}
	return strings.Contains(path, "/dictionary/") || strings.Contains(path, "/definition/") || strings.Contains(path, "/glossary/")
}

var (
	// sourceWords name something that can be looked up.
	sourceWords = wordsRegexp(`see|cf|ibid|supra|op. cit|report~|interview~|statement~|register|registry|registr~|decision~|ruling~|judgment~|contract~|tender~|procurement|investigat~|article~|publish~|testimon~|letter~|gazette|budget|audit~|archive~|document~|according to|source~|press release|news|broadcast|
		voir|rapport~|entretien~|déclaration~|registre~|décision~|jugement~|contrat~|marché~|enquête~|publié~|témoignage~|lettre~|journal officiel|selon|communiqué~|
		véase|ver|informe~|entrevista~|declaraci~|decisi~|sentencia~|contrato~|investigaci~|artículo~|publicad~|testimonio~|carta~|diario oficial|presupuesto~|según|comunicado~|fuente~|
		см|доклад~|отчет~|отчёт~|интервью|заявлени~|реестр~|решени~|договор~|закупк~|расследовани~|стать~|опубликован~|показани~|письм~|согласно|источник~|
		bkz|rapor~|röportaj~|açıklama~|sicil~|karar~|sözleşme~|ihale~|soruşturma~|makale~|haber~|göre`)
	// definitionWords show that a note explains a word.
	definitionWords = wordsRegexp(`means|refers to|term for|is an?|set up in order to|an? organisation|an? organization|an? group|a person|désigne~|signifie~|terme|se refiere|significa|término|означает|термин|это|anlamına gel~|terimi`)
)

// isSource reports whether a note cites something, and does not only define
// a word or describe a body.
func isSource(f Footnote) bool {
	if len(f.Links) > 0 {
		for _, l := range f.Links {
			if !definesOnly(l) {
				return true
			}
		}
		return false
	}
	t := WithoutMarks(f.Text)
	return sourceWords().MatchString(t) && !(definitionWords().MatchString(t) && len(findDates(t)) == 0)
}

// sourced reports whether a sentence carries a note that cites something;
// defined is the first note that does not, or 0.
func (c *checker) sourced(s sentence) (ok bool, defined int) {
	for _, n := range Marks(s.text) {
		f, have := c.footnote(n)
		if have && isSource(f) {
			return true, 0
		}
		if have && defined == 0 {
			defined = n
		}
	}
	return false, defined
}

// checkActions applies action-missing.
func (c *checker) checkActions() {
	a := c.a
	if a.Kind != UrgentAppeal && a.Kind != NewInformation {
		return
	}
	if len(a.Actions) == 0 {
		c.report("action-missing", SeverityError, "actions", "the appeal asks the authorities for nothing", "write the actions requested; arasha appeal new gives the usual ones")
		return
	}
	was := 0
	for i, x := range a.Actions {
		n := markerNumber(x.Marker, i+1)
		if strings.TrimSpace(x.Text) == "" {
			c.report("action-missing", SeverityError, placeOf("actions", i), fmt.Sprintf("action %s is empty", x.Marker), "write the request, or take its number out")
		}
		switch {
		case n == 0:
			continue
		case n > was+1 && was > 0 || was == 0 && n > 1 && i == 0:
			c.report("action-missing", SeverityError, placeOf("actions", i), fmt.Sprintf("the requests go on with %s where number %d is expected", x.Marker, was+1), "put the missing request back, or number the requests again")
		case n <= was:
			c.report("action-missing", SeverityWarning, placeOf("actions", i), fmt.Sprintf("the number %s stands where number %d is expected", x.Marker, was+1), "number the requests again")
		}
		was = n
	}
}

// markerNumber reads "i.", "2)", "c." or "(iv)"; 0 for a bullet. expected
// settles what one letter means: "i" is one, or the ninth letter.
func markerNumber(marker string, expected int) int {
	m := strings.ToLower(strings.Trim(marker, " .)(–-•*:"))
	if m == "" || len(m) > 6 {
		return 0
	}
	if n := 0; strings.Trim(m, "0123456789") == "" {
		fmt.Sscan(m, &n)
		return n
	}
	letter := 0
	if len(m) == 1 && m[0] >= 'a' && m[0] <= 'z' {
		letter = int(m[0]-'a') + 1
	}
	n := 0
	if strings.Trim(m, "ivxl") == "" {
		value := map[byte]int{'i': 1, 'v': 5, 'x': 10, 'l': 50}
		for i := range len(m) {
			v := value[m[i]]
			if i+1 < len(m) && value[m[i+1]] > v {
				v = -v
			}
			n += v
		}
	}
	if letter != 0 && (n == 0 || letter == expected) {
		return letter
	}
	return n
}
