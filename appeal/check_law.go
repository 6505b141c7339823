package appeal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/internal/lazyre"
	"github.com/arasha-org/arasha/internal/wording"
)

// instrumentForms are the names and letters an instrument is cited by,
// beside those of the table.
var instrumentForms = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"UDHR":    `UDHR|DUDH|ВДПЧ|İHEB|Universal Declaration of Human Rights|Déclaration universelle des droits de l['’]homme|Déclaration universelle des droits humains|Declaración Universal de (?:los )?Derechos Humanos|Всеобщ\p{L}+ деклараци\p{L}+ прав человека|İnsan Hakları Evrensel Beyannamesi`,
		"HRDDECL": `(?:United Nations |UN )?Declaration on (?:Human Rights Defenders|HRDs)|A/RES/53/144|Déclaration (?:des Nations unies |de l['’]ONU )?sur les défenseur\p{L}*(?:\(e\)s)?(?: et défenseuses)?(?: des droits)?|Declaración (?:de las Naciones Unidas |de la ONU )?sobre (?:los )?[Dd]efensor\p{L}+(?: y [Dd]efensoras)?(?: de (?:los )?[Dd]erechos [Hh]umanos)?|Деклараци\p{L}+ (?:ООН )?о (?:правозащитник\p{L}+|защитник\p{L}+ прав человека)`,
		"ICCPR":   `ICCPR|PIDCP|МПГПП|MSHUS|International Covenant on Civil and Political Rights|Covenant on Civil and Political Rights|Pacte international relatif aux droits civils et politiques|Pacto Internacional de Derechos Civiles y Políticos|Международн\p{L}+ пакт\p{L}* о гражданских и политических правах|Medeni ve Siyasi Haklar(?:a İlişkin)? Uluslararası Sözleşmesi`,
		"ICESCR":  `ICESCR|PIDESC|МПЭСКП|International Covenant on Economic,? Social and Cultural Rights|Pacte international relatif aux droits économiques,? sociaux et culturels|Pacto Internacional de Derechos Económicos,? Sociales y Culturales|Международн\p{L}+ пакт\p{L}* об экономических,? социальных и культурных правах`,
		"CAT":     `UNCAT|(?:UN )?Convention against Torture|Convention contre la torture|Convención contra la Tortura|Конвенци\p{L}+ против пыток`,
		"CEDAW":   `CEDAW|Convention on the Elimination of (?:All Forms of )?Discrimination against Women|Convention sur l['’]élimination de toutes les formes de discrimination à l['’]égard des femmes|Convención sobre la Eliminación de Todas las Formas de Discriminación contra la Mujer|Конвенци\p{L}+ о ликвидации всех форм дискриминации в отношении женщин`,
		"ICERD":   `ICERD|CERD|Convention on the Elimination of (?:All Forms of )?Racial Discrimination|Convention (?:internationale )?sur l['’]élimination de toutes les formes de discrimination raciale|Convención (?:Internacional )?sobre la Eliminación de Todas las Formas de Discriminación Racial|Конвенци\p{L}+ о ликвидации всех форм расовой дискриминации`,
		"CRC":     `Convention on the Rights of the Child|Convention relative aux droits de l['’]enfant|Convención sobre los Derechos del Niño|Конвенци\p{L}+ о правах реб[её]нка`,
		"ECHR":    `ECHR|CEDH|ЕКПЧ|AİHS|European Convention (?:on|for the Protection of) Human Rights|Convention européenne des droits de l['’]homme|Convenio Europeo de Derechos Humanos|Европейск\p{L}+ конвенци\p{L}+ о защите прав человека|Avrupa İnsan Hakları Sözleşmesi`,
		"ACHR":    `ACHR|American Convention on Human Rights|Convention américaine relative aux droits de l['’]homme|Convención Americana (?:sobre|de) Derechos Humanos|Американск\p{L}+ конвенци\p{L}+ о правах человека`,
		"ACHPR":   `African Charter(?: on Human and Peoples['’] Rights)?|Charte africaine(?: des droits de l['’]homme et des peuples)?|Carta Africana(?: de Derechos Humanos y de los Pueblos)?|Африканск\p{L}+ харти\p{L}+ прав человека и народов`,
	}
})

// instrumentForm finds any instrument; the name of the group is its key.
var instrumentForm = sync.OnceValue(func() *wording.Phrases {
	var alts []string
	for _, in := range casefile.Instruments() {
		if f := instrumentForms()[in.Key]; f != "" {
			alts = append(alts, `(?P<`+in.Key+`>`+strings.ReplaceAll(f, " ", `\s+`)+`)`)
		}
	}
	e := `(?:^|[^\p{L}])(?:` + strings.Join(alts, "|") + `)(?:$|[^\p{L}])`
	return wording.New(e, e)
})

var (
	articleForm = lazyRegexp(`(?i)(?:^|[^\p{L}])(?:articles?|arts?\.|artículos?|стат(?:ья|ьи|ье|ью|ей|ьям|ьями|ьях)|ст\.|madde(?:si|leri|ler)?)\s*((?:\d{1,3}(?:\s?\(\d{1,2}\)|\.\d{1,2}|\s?§\s?\d+)*(?:\s*(?:,|;|and|et|y|e|и|ve|&|–|-|to|à|a|по)\s*(?:articles?\s*)?)?)+)`)
	articleNext = lazyRegexp(`^(?:\s*\([^()]{0,60}\))?\s*(?:of|de|du|del|in|under|из|,)?\s*(?:the\s+|la\s+|le\s+|el\s+|l['’])?[“"«]?$`)
	number      = lazyre.New(`\d+`)
	// subNumbers are paragraphs of an article, not articles: "14(3)", "9.2".
	subNumbers = lazyre.New(`\s?\(\d{1,2}\)|\.\d{1,2}|\s?§\s?\d+`)
	itsForm    = lazyRegexp(`(?i)(?:its|ses|leurs|sus|его|её|ее)\s*$`)

	ratifyWords = wordsRegexp(`ratify|to accede|accede to|acced~ to|become a party|becoming a party|not ratified|not a (?:state )?party|yet to ratify|failed to ratify|ratification of|without having ratified|signed but
		ratifier|adhérer|n'a pas ratifié|pas partie|ratification d~|ratificar|adherirse|no ha ratificado|no es parte|ratificación d~
		ратифицировать|присоединиться|не ратифицировал~|не является участник~|ратификаци~|onaylamamış~|taraf olmayan|onaylaması`)
	ratifiedIn = lazyRegexp(`(?i)^[\s,)(\]»”"]{0,4}(?:\([A-ZА-Я]{3,8}\)[\s,]*)?(?:which\s+|that\s+|que\s+|qu['’])?(?:was\s+|has been\s+|est\s+|a été\s+|fue\s+)?(?:ratified|acceded to|ratifiée?|ratificad[oa]|ратифицированн\p{L}+)\s+(?:by|par|por)?\s*(?:the\s+|la\s+|le\s+|l['’])?[\p{L} '’-]{0,40}?\s*(?:in|on|en|le|el|в)?\s*(?:\p{L}+ )?(\d{4})`)
	emergency  = wordsRegexp(`states? of emergency|state of siege|martial law|emergency rule|état d'urgence|état de siège|état d'exception|loi martiale|estado de emergencia|estado de excepción|estado de alarma|estado de sitio|чрезвычайн~ положени~|режим~ ЧП|военн~ положени~|olağanüstü hal~|sıkıyönetim~`)
	lifted     = wordsRegexp(`lifted|ended|expired|repealed|until … state|levé|fin de l'état d'urgence|levantad~|отмен[её]н~|kaldırıl~`)
	derogates  = wordsRegexp(`derogat~|dérog~|derogaci~|derogar|suspensión de (?:las )?(?:obligaciones|garantías)|отступлени~ от|отступать от|дерогаци~|askıya al~|non-derogable|indérogeable~`)
)

// derogationArticle is the article on emergencies of each treaty that has one.
var derogationArticle = map[string]int{"ICCPR": 4, "ECHR": 15, "ACHR": 27}

// A citation is an instrument named in a text, with the articles cited.
type citation struct {
	key      string
	articles []int
	printed  string
	from, to int
}

// citations returns the instruments that a sentence names, in order, with
// the articles that stand before the name ("Article 19 of the ICCPR"),
// directly behind it ("ICCPR, article 19") or after "its".
func citations(s string) []citation {
	var out []citation
	if !instrumentForm().May(s) {
		return nil
	}
	re := instrumentForm().Regexp()
	names := re.SubexpNames()
	for at := 0; at < len(s); {
		m := re.FindStringSubmatchIndex(s[at:])
		if m == nil {
			break
		}
		for i := 1; i < len(names); i++ {
			if m[2*i] >= 0 {
				from, to := at+m[2*i], at+m[2*i+1]
				out = append(out, citation{key: names[i], printed: s[from:to], from: from, to: to})
				at = to
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	for _, m := range articleForm().FindAllStringSubmatchIndex(s, -1) {
		var ns []int
		for _, w := range number.FindAllString(subNumbers.ReplaceAllString(s[m[2]:m[3]], ""), -1) {
			n, _ := strconv.Atoi(w)
			ns = append(ns, n)
		}
		for i := range out {
			c := &out[i]
			before := m[1] <= c.from && len(s[m[1]:c.from]) < 90 && articleNext().MatchString(s[m[3]:c.from])
			gap := ""
			if m[0] >= c.to {
				gap = s[c.to:m[2]]
			}
			word := ""
			if m[0] >= c.to {
				word = strings.TrimRight(s[c.to:m[0]+1], " ")
			}
			last := i+1 == len(out) || out[i+1].from > m[3]
			behind := m[0] >= c.to && len(gap) < 40 && strings.Trim(word, " ,:()-–") == ""
			its := m[0]+1 >= c.to && last && itsForm().MatchString(word)
			if before || behind && last || its {
				c.articles = append(c.articles, ns...)
				break
			}
		}
	}
	return out
}

// checkLaw applies article-unknown, instrument-not-ratified and derogation.
func (c *checker) checkLaw() {
	a := c.a
	state := ""
	for _, part := range strings.Split(a.Place, "/") {
		if state = CountryNamed(part); state != "" {
			break
		}
	}
	if state == "" && a.Code != nil && isCountry(a.Code.ISO()) {
		state = a.Code.ISO()
	}
	date := a.Date
	if date == "" {
		date = a.SignOff.Date
	}
	told := map[string]bool{}
	derogable := map[string][]int{}
	where := map[string]string{}
	onDerogation := map[string]bool{}
	declared, silent := "", true
	for _, p := range c.texts {
		if p.kind == "about" {
			continue
		}
		for _, s := range p.sents {
			if declared == "" && emergency().MatchString(s.text) && !lifted().MatchString(s.text) {
				declared = p.where
			}
			silent = silent && !derogates().MatchString(s.text)
			for _, ct := range citations(s.text) {
				in, _ := casefile.InstrumentOf(ct.key)
				for _, n := range ct.articles {
					if exists, known := casefile.Article(ct.key, n); known && !exists && !told[ct.key+strconv.Itoa(n)] {
						told[ct.key+strconv.Itoa(n)] = true
						c.report("article-unknown", SeverityError, p.where, fmt.Sprintf("the %s has %d articles, but article %d is cited", in.Names["en"], in.Articles, n),
							"look the article up in the text of the instrument")
					}
					if d := derogationArticle[ct.key]; d == n {
						onDerogation[ct.key] = true
					} else if d > 0 && n > 1 && n <= in.Articles && !slices.Contains(in.NonDerogable, n) && !slices.Contains(derogable[ct.key], n) && (ct.key != "ICCPR" || n >= 9 && n <= 27) {
						derogable[ct.key] = append(derogable[ct.key], n)
						if where[ct.key] == "" {
							where[ct.key] = p.where
						}
					}
				}
				c.ratified(in, ct, state, date, p.where, s.text, told)
			}
		}
	}
	if declared == "" || !silent {
		return
	}
	for _, key := range []string{"ICCPR", "ECHR", "ACHR"} {
		ns := derogable[key]
		if len(ns) == 0 || onDerogation[key] {
			continue
		}
		slices.Sort(ns)
		var words []string
		for _, n := range ns {
			words = append(words, strconv.Itoa(n))
		}
		noun := "article "
		if len(ns) > 1 {
			noun = "articles "
		}
		c.report("derogation", SeverityNote, where[key], fmt.Sprintf("a state of emergency is declared (%s), and the appeal cites %s%s of the %s, which an emergency may restrict, without a word on article %d", declared, noun, listed(words), key, derogationArticle[key]),
			fmt.Sprintf("say whether the State notified a derogation under article %d of the %s, and why the measures go beyond what the emergency requires", derogationArticle[key], key))
	}
}

// ratified applies instrument-not-ratified to one citation. A State that the
// table does not hold is never accused.
func (c *checker) ratified(in casefile.Instrument, ct citation, state, date, where, sentence string, told map[string]bool) {
	if !in.Binding || state == "" || told["party "+in.Key] || ratifyWords().MatchString(sentence) {
		return
	}
	r := casefile.Ratified(state, in.Key)
	if r.On(date) == casefile.NotBound {
		told["party "+in.Key] = true
		why := "has not ratified"
		switch {
		case r.Party == casefile.Bound && r.Until != "" && (date == "" || date >= r.Until):
			why = "has left"
		case r.Party == casefile.Bound:
			why = "had not yet ratified"
		}
		c.report("instrument-not-ratified", SeverityError, where, fmt.Sprintf("%s %s the %s (%s), which the appeal relies on", state, why, in.Names["en"], r.Source),
			"rest the request on an instrument that binds the State, or on the Universal Declaration and the Declaration on Human Rights Defenders")
		return
	}
	if r.Party == casefile.Bound && len(r.Since) >= 4 {
		if m := ratifiedIn().FindStringSubmatch(sentence[ct.to:]); m != nil && m[1] != r.Since[:4] {
			told["party "+in.Key] = true
			c.report("instrument-not-ratified", SeverityWarning, where, fmt.Sprintf("the appeal says that %s ratified the %s in %s; the table says %s (%s)", state, in.Names["en"], m[1], r.Since, r.Source),
				"check the year with the depositary")
		}
	}
}
