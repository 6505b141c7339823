package appeal

import (
	"fmt"
	"strings"
	"sync"

	"github.com/arasha-org/arasha/internal/address"
	"github.com/arasha-org/arasha/internal/wording"
)

// claimWords are the words by which a language says who owns, pays, orders or
// runs something. In a phrase "…" is up to four words, "STATE", "FARM" and
// "MEDIA" stand for the lists above them, "~" ends a stem.
type claimWords struct {
	state, farm, media string
	pays, orders       string
	runs, owns         string
	campaign           string // what is published or done against defenders
	court              string // who may give orders in the open
	accused            string // what comes next is somebody else's accusation
	named, namedAfter  string // "according to", "as documented by": a named source may follow; "has documented": one came before
	anonymous, formula string // what does not name a source; the formula that protects one
	informant          string // words of a note that give a person away
}

var claimsOf = sync.OnceValue(func() map[string]claimWords {
	return map[string]claimWords{
		"en": {
			state:      `State|government|authorities|ministry|ministries|minister|president|presidency|presidential~|ruling party|security service~|intelligence~|secret service~|army|military|police|municipality|governor~|governorate|Kremlin|official~|oligarch~|businessm[ae]n|businesswoman|politician~|member of parliament|taxpayer~|public funds|State budget`,
			farm:       `troll factor~|troll farm~|bot farm~|bot factor~|troll arm~|content farm~|network of accounts|accounts|trolls|bots`,
			media:      `newspaper~|channel~|outlet~|media|portal~|news site~|news agenc~|television|TV|broadcaster~|magazine~`,
			pays:       `funded … by … STATE|financed … by … STATE|paid … by … STATE|sponsored by … STATE|bankrolled by … STATE|subsidi[sz]ed by … STATE|hired by … STATE|on the payroll of … STATE|receiv~ … (?:fund~|money|financing|subsid~|payments?|salar~|grants?) from … STATE|paid from … STATE|funds from … STATE|STATE (?:funded|financed|paid|sponsored|subsidi[sz]ed)|paid … to (?:post|publish|comment|write|spread)|use of STATE … resources|(?:financed|funded|paid) from … STATE|STATE … (?:pays|paid|finances|financed|funds|funded|sponsors|sponsored|bankrolls|bankrolled) … (?:FARM|MEDIA|bloggers|commentators|website~|site|page~|campaign)`,
			orders:     `ordered by … STATE|commissioned by|orchestrated by|masterminded by|instigated by … STATE|directed by … STATE|at the behest of|(?:on|under) (?:the )?(?:orders?|instructions?) of|on (?:the )?orders? from|STATE orchestrated|STATE (?:has )?(?:ordered|commissioned) … (?:campaign|attack|smear|posts|publications|articles)`,
			runs:       `run by … STATE|operated by … STATE|managed by … STATE|controlled by … STATE|administered by … STATE|FARM (?:run|operated|managed|controlled|administered) by|STATE (?:run|operated|controlled|linked|affiliated|backed|aligned)|(?:linked|tied|connected|affiliated) (?:to|with) … STATE|(?:who|that|which) (?:run|runs|operate|operates|manage|manages|control|controls) … FARM|STATE … (?:runs|operates|controls|manages|operated) … (?:FARM|MEDIA|website~|site|page~)`,
			owns:       `owner~ of … FARM|owned by … STATE|STATE owned|belong~ to … STATE|owner~ of … MEDIA|FARM (?:that )?belong~ to|MEDIA (?:that )?(?:belong~ to|owned by)|FARM owned by|(?:who|that|which) owns? … (?:FARM|MEDIA)|property of … STATE|STATE … owns … (?:FARM|MEDIA|website~|site|page~)`,
			campaign:   `campaign~|smear~|attack~|posts|publication~|articles|accus~|defam~|insult~|messages|threat~`,
			court:      `court~|judge~|prosecutor~|magistrate~|tribunal~|investigator~`,
			accused:    `accus~|alleging that|claim~ that|alleged that|whether|called … an?|labell?ed|brand~|portray~|falsely|insult~`,
			named:      `according to|as (?:documented|reported|revealed|established|found|shown) by|(?:documented|identified|described|removed|suspended|labelled|established|revealed) … by|in the words of`,
			namedAfter: `(?:has |have |had )?(?:documented|reported|revealed|established|found|concluded|admitted|acknowledged|confirmed|announced|stated|identified) (?:that|as|how)?`,
			anonymous:  `information|source~|reports|some|rumou?r~|many|several|it|observers|media reports`,
			formula:    `(?:reliable|credible|confidential|trusted|trustworthy|well-informed) (?:\p{L}+ )?sources?`,
			informant:  `interview with|interviewed|told (?:us|the)|information (?:provided|received) (?:by|from)|provided by|testimony of|conversation with|e-?mail from|letter from|call with|source:|our source|witness`,
		},
		"fr": {
			state:      `l'État|État|gouvernement|autorités|ministère~|ministre|président|présidence|parti au pouvoir|pouvoir|services? de sécurité|services? secrets?|services? de renseignements?|armée|police|mairie|préfecture|gouverneur|fonctionnaire~|hommes? d'affaires|député~|fonds publics|budget de l'État|budget public`,
			farm:       `usines? à trolls|fermes? à trolls|usines? de trolls|fermes? de trolls|fermes? à bots|réseau de comptes|comptes|trolls|bots`,
			media:      `journal|journaux|chaînes?|médias?|portails?|sites? d'information|agences? de presse|télévisions?|magazines?`,
			pays:       `(?:financé|payé|rémunéré|subventionné|sponsorisé|soudoyé)(?:e|s|es)? … par … STATE|re[cç]oi~ … (?:fonds|financement~|argent|subvention~) … STATE|reçu … (?:fonds|financement~|argent|subvention~) … STATE|recevant … (?:fonds|financement~|argent|subvention~) … STATE|payé~ pour (?:publier|poster|écrire|commenter|diffuser)|utilisation … (?:ressources|fonds) … STATE|STATE … (?:finance|financent|paie|paient|paye|payent|rémunère|rémunèrent|subventionne|subventionnent) … (?:FARM|MEDIA|blogueurs|site~|page~|campagne)|(?:financé|payé)(?:e|s|es)? sur … STATE`,
			orders:     `(?:commandité|orchestré|commandé|piloté|ordonné|dirigé)(?:e|s|es)? … par … STATE|commandité~ par|orchestrée? par|sur ordre (?:de|du|des)|sur (?:les )?instructions? (?:de|du|des)|à la demande … STATE|STATE … (?:a|ont) (?:commandité|ordonné|commandé|orchestré) … (?:campagne|attaque|publications?|articles?)`,
			runs:       `(?:géré|contrôlé|administré|exploité|dirigé)(?:e|s|es)? par … STATE|FARM (?:géré|contrôlé|administré|exploité)(?:e|s|es)? par|lié(?:e|s|es)? (?:à|au|aux) … STATE|proches? (?:du|de|des) … STATE|STATE … (?:gère|gèrent|contrôle|contrôlent|exploite|exploitent) … (?:FARM|MEDIA|site~|page~)`,
			owns:       `propriétaires? … FARM|propriétaires? … MEDIA|(?:appartenant|appartien~) (?:à|au|aux) … STATE|FARM (?:appartenant|appartien~) (?:à|au|aux)|détenu(?:e|s|es)? par … STATE`,
			campaign:   `campagne~|attaque~|publications?|articles?|accus~|diffam~|insult~|messages?|menac~`,
			court:      `tribunal|tribunaux|cour|juge~|procureur~|parquet|magistrat~`,
			accused:    `accus~|prétend~ que|affirm~ que|savoir si|traité~ de|qualifié~ de|faussement`,
			named:      `selon|d'après|(?:documenté|établi|révélé|identifié|supprimé|décrit)(?:e|s|es)? … par`,
			namedAfter: `(?:a|ont) (?:documenté|établi|révélé|conclu|reconnu|annoncé|confirmé)`,
			anonymous:  `informations?|les informations|des informations|des sources|sources?|certain~|plusieurs|rumeurs?`,
			formula:    `sources? (?:\p{L}+ )?(?:fiables?|dignes de foi|crédibles?|confidentielles?|sûres?)`,
			informant:  `entretien avec|interrogée?|informations? (?:fournies?|transmises?|reçues?) (?:par|de)|témoignage d~|conversation avec|courriel d~|lettre d~|notre source|source :|témoin`,
		},
		"es": {
			state:      `Estado|gobierno|autoridades|ministerio~|ministr[oa]s?|president[ea]|presidencia|partido (?:oficialista|gobernante|de gobierno)|oficialismo|servicios? de seguridad|servicios? de inteligencia|servicios? secretos?|ejército|policía|alcaldía|gobernador~|empresari~|diputad~|funcionari~|fondos públicos|presupuesto público`,
			farm:       `granjas? de trolls|granjas? de troles|granjas? de bots|fábricas? de trolls|fábricas? de troles|red de cuentas|cuentas|trolls|troles|bots`,
			media:      `diarios?|periódicos?|canal|canales|medios?|portal|portales|agencias? de noticias|televisión|revistas?`,
			pays:       `(?:financiad|pagad|subvencionad|patrocinad|sufragad)~ … por … STATE|(?:recib|percib)~ … (?:fondos|dinero|financiación|financiamiento|subvencion~|pagos) … STATE|pagad~ para (?:publicar|escribir|comentar|difundir)|uso de … (?:recursos|fondos) … STATE|STATE … (?:financia|financian|paga|pagan|sufraga|subvenciona|patrocina) … (?:FARM|MEDIA|blogueros|sitio~|página~|campaña)|(?:financiad|pagad)~ con … STATE`,
			orders:     `(?:ordenad|encargad|orquestad|dirigid|comandad)~ … por … STATE|orquestad~ por|encargad~ por … STATE|por (?:orden|órdenes|instrucciones) de~|STATE … (?:ordenó|encargó|orquestó|ha ordenado) … (?:campaña|ataque~|publicacion~|artículos)`,
			runs:       `(?:gestionad|controlad|administrad|operad|manejad|dirigid)~ por … STATE|FARM (?:gestionad|controlad|administrad|operad|manejad)~ por|(?:vinculad|ligad)~ (?:al|a la|a las|con el|con la|con) … STATE|(?:cercan|afin|afín)~ (?:al|a la|a) … STATE|STATE … (?:gestiona|controla|administra|opera|maneja) … (?:FARM|MEDIA|sitio~|página~)`,
			owns:       `(?:dueñ|propietari)~ … FARM|(?:dueñ|propietari)~ … MEDIA|pertenec~ (?:al|a la|a las|a los|a) … STATE|propiedad de~ … STATE|FARM … pertenec~`,
			campaign:   `campaña~|ataque~|publicacion~|artículos|acus~|difam~|insult~|mensajes|amenaz~`,
			court:      `tribunal~|corte|juez~|jueces|juzgado~|fiscal~|magistrad~`,
			accused:    `acus~|tachad~|afirm~ que|aleg~ que|calificad~ de|alegando que|falsamente`,
			named:      `según|de acuerdo con|(?:documentad|establecid|revelad|identificad|eliminad|descrit)~ … por`,
			namedAfter: `(?:ha|han|había) (?:documentado|establecido|revelado|concluido|reconocido|confirmado|anunciado)`,
			anonymous:  `informaci~|las informaci~|la informaci~|fuentes?|algun~|vari~|rumor~`,
			formula:    `fuentes? (?:\p{L}+ )?(?:fidedignas?|fiables?|confiables?|creíbles?|confidenciales?)`,
			informant:  `entrevista con|entrevista a|entrevistad~|información (?:proporcionada|facilitada|recibida) (?:por|de)|testimonio de|conversación con|correo de|carta de|nuestra fuente|fuente:|testigo`,
		},
		"ru": {
			state:      `государств~|правительств~|власт~|министерств~|министр~|администраци~|президент~|спецслужб~|полици~|правящ~ парти~|бюджет~|чиновник~|акимат~|бизнесмен~|депутат~|ведомств~|ФСБ|КНБ|силовик~|госбюджет~|государственн~`,
			farm:       `фабрик~ троллей|ферм~ троллей|ферм~ ботов|фабрик~ ботов|сет~ аккаунтов|аккаунт~|тролл~|бот~`,
			media:      `газет~|телеканал~|канал~|СМИ|издани~|портал~|агентств~|медиа|журнал~`,
			pays:       `(?:финансиру|оплачива|оплачен|проплачен|профинансирован|спонсиру)~ … STATE|получа~ … (?:финансирован|средств|деньг|денег|субсиди)~ … STATE|получ~ … (?:финансирован|средств|деньг|денег|субсиди)~ … STATE|за счет … STATE|за счёт … STATE|на деньги … STATE|на средства … STATE|использован~ … (?:ресурс|средств)~ … STATE|STATE … (?:финансиру|оплачива|оплатил|спонсиру)~ … (?:FARM|MEDIA|блогер~|сайт~|страниц~|кампани~)`,
			orders:     `(?:заказан|организован|спланирован)~ … STATE|по заказу|по приказу|по указанию|по поручению|по распоряжению|заказчик~ … (?:кампани|публикаци|нападени|атак|травл)~|STATE … (?:заказал|организовал|спланировал)~ … (?:кампани|публикаци|атак|травл|стать)~`,
			runs:       `(?:управля|контролиру|подконтрольн|руковод)~ … STATE|(?:связан|аффилирован)~ с … STATE|близк~ к … STATE|STATE … (?:управля|контролиру)~ … (?:FARM|MEDIA|сайт~)`,
			owns:       `(?:владел|собственник|хозя|владе)~ … FARM|(?:владел|собственник|владе)~ … MEDIA|принадлеж~ … STATE|FARM … принадлеж~`,
			campaign:   `кампани~|травл~|нападк~|атак~|публикаци~|стать~|обвин~|клевет~|оскорбл~|сообщени~|угроз~|пост~`,
			court:      `суд|суда|судом|суде|судь~|прокур~|следоват~|трибунал~`,
			accused:    `обвин~|якобы|утвержда~|называ~ … (?:агент|тролл|бот)~|клевет~`,
			named:      `согласно|по данным|по сведениям|как (?:установил|сообщил|показал|выяснил)~`,
			namedAfter: `(?:установил|сообщил|выяснил|признал|подтвердил|задокументировал|заявил)~ … что`,
			anonymous:  `информаци~|источник~|достоверн~|полученн~|некотор~|сообщени~|слух~`,
			formula:    `(?:достоверн|надежн|надёжн|заслуживающ~ доверия|конфиденциальн|проверенн)~ источник~`,
			informant:  `интервью с|беседа с|разговор с|информаци~ (?:предоставлен|получен)~|свидетельство|показания|письмо от|наш источник|источник:|свидетел~`,
		},
		"tr": {
			state:      `devlet~|hükümet~|bakanlı~|bakan~|cumhurbaşkan~|iktidar~|istihbarat~|polis~|belediye~|valili~|emniyet~|iş adam~`,
			farm:       `trol fabrika~|trol çiftli~|bot çiftli~|trol ordu~|hesap~|trol~|bot~`,
			media:      `gazete~|kanal~|medya~|televizyon~|haber sitesi~|haber ajans~|dergi~`,
			pays:       `STATE … tarafından (?:finanse|fonlan|öden|desteklen|ödeme)~|STATE … (?:fon|para|ödenek|maddi destek|kaynak) al~|STATE … finanse ed~`,
			orders:     `STATE (?:\p{L}+ )?(?:talimat|emr|sipariş)~|STATE … tarafından (?:organize|planlan|yönlendiril|sipariş)~`,
			runs:       `STATE … tarafından (?:yönetil|kontrol|işletil|idare)~|STATE yakın(?:lığ~)?`,
			owns:       `(?:trol fabrika|trol çiftli|bot çiftli)~ (?:\p{L}+ )?sahip~|MEDIA sahip~|STATE ait`,
			campaign:   `kampanya~|saldırı~|karalama~|paylaşım~|yayın~|makale~|suçla~|hakaret~|tehdit~`,
			court:      `mahkeme~|hâkim~|hakim~|savcı~|yargıç~`,
			accused:    `suçla~|iddia edilen|sözde`,
			named:      `tarafından (?:belgelen|ortaya|tespit)~`,
			namedAfter: `göre|belgeledi|ortaya koydu|tespit etti|doğruladı`,
			anonymous:  `bilgi~|kaynak~|bazı|söylenti~`,
			formula:    `(?:güvenilir|gizli|sağlam) kaynak~`,
			informant:  `ile görüşme|mülakat|verilen bilgi|tanık~|kaynağımız|kaynak:`,
		},
	}
})

// claims are the compiled words of one language.
type claims struct {
	kinds                              []claimKind
	campaign, court, accused           func() *wording.Phrases
	named, namedAfter, anonymous       func() *wording.Phrases
	formula, informant, ladder, always func() *wording.Phrases
}

type claimKind struct {
	says    string                    // what such a sentence says
	phrases []func() *wording.Phrases // one each: most are never compiled
}

var compiledClaims = sync.OnceValue(func() map[string]*claims {
	m := map[string]*claims{}
	for lang, w := range claimsOf() {
		phrase := func(p string) func() *wording.Phrases {
			return sync.OnceValue(func() *wording.Phrases {
				e := wording.Pattern(p)
				e = strings.ReplaceAll(e, `[\s-]+…[\s-]+`, `[\s-]+(?:[^\s.;:]+[\s-]+){0,4}?`)
				needle := e
				for name, list := range map[string]string{"STATE": w.state, "FARM": w.farm, "MEDIA": w.media} {
					if name != strings.Trim(p, "~") {
						needle = strings.ReplaceAll(needle, name, ".*")
					}
					e = strings.ReplaceAll(e, name, `["“”«»'‘’]*(?:`+wording.Pattern(list)+`)["“”«»'‘’]*`)
				}
				return wording.New(`(?i)(?:^|[^\p{L}\p{N}])(`+e+`)(?:$|[^\p{L}\p{N}])`, `(?i)`+needle)
			})
		}
		each := func(list string) []func() *wording.Phrases {
			var out []func() *wording.Phrases
			for _, p := range wording.Split(list) {
				out = append(out, phrase(p))
			}
			return out
		}
		m[lang] = &claims{
			kinds: []claimKind{
				{"who owns something", each(w.owns)},
				{"who orders something", each(w.orders)},
				{"who pays for something", each(w.pays)},
				{"who runs something", each(w.runs)},
			},
			campaign: phrase(w.campaign), court: phrase(w.court), accused: phrase(w.accused),
			named: phrase(w.named), namedAfter: phrase(w.namedAfter), anonymous: lazyRegexp(`(?i)^[\s,:]*(?:the |des? |du |l['’])?(?-i:\p{Ll}+ )?(?:` + wording.Pattern(w.anonymous) + `)(?:$|[^\p{L}])`),
			formula: phrase(w.formula), informant: phrase(w.informant), ladder: func() *wording.Phrases { return wording.Accusing(lang) }, always: wordsRegexp(w.state + "|" + w.farm),
		}
	}
	return m
})

// claims returns the words of the language of the appeal, English when it is
// not known.
func (c *checker) claims() *claims {
	if k := compiledClaims()[c.a.Language]; k != nil {
		return k
	}
	return compiledClaims()["en"]
}

// namesSource reports whether a sentence says itself who says so.
func (k *claims) namesSource(s string) bool {
	for _, m := range k.named().FindAllStringSubmatchIndex(s, -1) {
		rest := s[m[3]:]
		if k.anonymous().MatchString(rest) {
			continue
		}
		// A name within a few words: a capital letter, or a public record.
		words := strings.Fields(rest)
		for i, w := range words {
			if i > 6 {
				break
			}
			if startsUpper(strings.TrimLeft(w, `"“«(`)) || sourceWords().MatchString(" "+w+" ") {
				return true
			}
		}
	}
	for _, m := range k.namedAfter().FindAllStringSubmatchIndex(s, -1) {
		words := strings.Fields(s[:m[2]])
		for i := len(words) - 1; i >= 0 && i >= len(words)-5; i-- {
			if w := strings.Trim(words[i], `"“”«»(),`); startsUpper(w) && !k.always().MatchString(" "+w+" ") && (i > 0 || len(words) == 1 || startsUpper(words[min(i+1, len(words)-1)])) {
				return true
			}
		}
	}
	return false
}

// checkAttribution applies attribution-unsupported, wording-ladder and
// source-formula-contradicted, sentence by sentence.
func (c *checker) checkAttribution() {
	k := c.claims()
	said := map[string]int{} // kind of claim -> index in c.out
	for _, p := range c.texts {
		if !p.narrative() {
			continue
		}
		for i, s := range p.sents {
			c.sourceFormula(k, p, s)
			kind, from, to := k.claim(s.text, withPrevious(p.sents, i))
			ok, defined := c.sourced(s)
			if kind != "" && !ok && !k.namesSource(WithoutMarks(s.text)) {
				if at, again := said[kind]; again {
					f := &c.out[at]
					if !strings.HasSuffix(f.Message, ")") {
						f.Message += fmt.Sprintf("; said again in %s (%s)", p.where, quote(s.text[from:to]))
					}
				} else {
					why := "with no note"
					if defined > 0 {
						why = fmt.Sprintf("and its note %d only defines a word or describes somebody", defined)
					}
					said[kind] = len(c.out)
					c.report("attribution-unsupported", SeverityError, p.where, fmt.Sprintf("says %s, %s: %s", kind, why, quote(widen(s.text, from, to))),
						"cite in a footnote what shows it, name who says so, or take the words out: this is a fact to be sourced")
				}
			}
			if ok || k.namesSource(WithoutMarks(s.text)) {
				continue
			}
			var words []string
			for _, m := range k.ladder().FindAllStringSubmatchIndex(s.text, -1) {
				if w := oneLine(s.text[m[2]:m[3]]); !k.accused().MatchString(s.text[:m[2]]) && !(kind != "" && m[2] < to && from < m[3]) {
					if !containsString(words, "“"+w+"”") {
						words = append(words, "“"+w+"”")
					}
				}
			}
			if len(words) > 0 {
				c.report("wording-ladder", SeverityWarning, p.where, fmt.Sprintf("says %s about accounts, and nothing cited shows it", listed(words)),
					"say what can be shown (“the same text was published by n accounts within t of each other”), or cite who found it")
			}
		}
	}
}

// withPrevious is a sentence with the one before it, where they stand in one
// paragraph.
func withPrevious(ss []sentence, i int) string {
	if i > 0 && ss[i-1].para == ss[i].para {
		return ss[i-1].text + " " + ss[i].text
	}
	return ss[i].text
}

// claim returns what kind of claim a sentence makes and where its words
// stand, "" for none.
func (k *claims) claim(s, context string) (says string, from, to int) {
	if !k.always().MatchString(s) && !k.campaign().MatchString(context) {
		return "", 0, 0
	}
	for i, kind := range k.kinds {
		for _, p := range kind.phrases {
			for _, m := range p().FindAllStringSubmatchIndex(s, -1) {
				tail := s[m[2]:min(len(s), m[3]+60)]
				if k.court().MatchString(tail) || k.accused().MatchString(s[:m[2]]) {
					continue
				}
				// "owner of the newspaper" may be the victim: only beside an
				// attack does it say who stands behind it. So do orders.
				if i <= 1 && !k.campaign().MatchString(context) && !(i == 0 && k.always().MatchString(s[m[2]:m[3]])) {
					continue
				}
				return kind.says, m[2], m[3]
			}
		}
	}
	return "", 0, 0
}

// widen takes a few words more on both sides of a piece of a sentence.
func widen(s string, from, to int) string {
	for n := 0; from > 0 && n < 2; from-- {
		if s[from-1] == ' ' {
			n++
		}
	}
	for n := 0; to < len(s) && n < 5; to++ {
		if s[to] == ' ' {
			n++
		}
	}
	return strings.TrimSpace(s[from:to])
}

// sourceFormula applies source-formula-contradicted: the formula protects a
// source, the note behind it names one.
func (c *checker) sourceFormula(k *claims, p passage, s sentence) {
	m := k.formula().FindStringSubmatchIndex(s.text)
	if m == nil {
		return
	}
	for _, mark := range markForm.FindAllStringSubmatchIndex(s.text, -1) {
		if mark[0] < m[3] {
			continue
		}
		f, ok := c.footnote(Marks(s.text[mark[0]:mark[1]])[0])
		if !ok {
			continue
		}
		behind := strings.Trim(s.text[m[3]:mark[0]], " ,") == ""
		switch {
		case k.informant().MatchString(f.Text):
			c.report("source-formula-contradicted", SeverityError, p.where, fmt.Sprintf("%s protects a source, but note %d says who it is", quote(s.text[m[2]:m[3]]), f.Number),
				"take the note out and keep the source sealed; if the person agreed to be named, name them in the text instead of the formula")
		case behind && isSource(f):
			who := "a publication"
			if len(f.Links) > 0 {
				if ad, ok := address.Parse(f.Links[0]); ok {
					who = strings.TrimPrefix(ad.Host, "www.")
				}
			}
			c.report("source-formula-contradicted", SeverityNote, p.where, fmt.Sprintf("%s protects a source, but note %d names it: %s", quote(s.text[m[2]:m[3]]), f.Number, who),
				"if the publication is the source, name it in the text; if there is another one, move the note to what the publication shows")
		}
	}
}
