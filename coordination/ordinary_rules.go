package coordination

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/arasha-org/arasha/coordination/internal/fold"
	"github.com/arasha-org/arasha/internal/address"
	"github.com/arasha-org/arasha/internal/wording"
)

// builtinRules are the ordinary explanations that come with the program, in
// Russian, Kazakh, English, French and Spanish. Each can be switched off.
func builtinRules() []Rule {
	return []Rule{
		{Name: "agency-mark", Kind: WireCopy, Why: "more than " + ruleHalf + " bear the mark of a news agency", test: agencyMark},
		{Name: "carried-by-outlets", Kind: WireCopy, test: carriedByOutlets},
		{Name: "share-mark", Kind: ShareButton, Why: "more than " + ruleHalf + " bear the words that a page's share button adds", Phrases: []string{
			"sent via", "shared via", "shared from", "отправлено через", "отправлено с помощью", "поделился ссылкой", "поделилась ссылкой",
			"partagé via", "partagé depuis", "envoyé depuis", "compartido desde", "enviado desde", "compartido vía", "арқылы бөлісті"}},
		{Name: "title-and-link", Kind: ShareButton, test: titleAndLink},
		{Name: "petition-link", Kind: OpenlyOrganised, Why: "more than " + ruleHalf + " link to a petition", Links: []string{
			"change.org", "avaaz.org", "openpetition.org", "openpetition.eu", "ipetitions.com", "gopetition.com", "petitions.net", "thepetitionsite.com",
			"mesopinions.com", "petitionenligne.com", "peticiones.org", "peticion.es", "osoigo.com", "epetition.kz", "roi.ru", "democrator.ru",
			"petition.parliament.uk", "petition.president.gov.ua", "petitions.assemblee-nationale.fr"}},
		{Name: "petition-text", Kind: OpenlyOrganised, Why: "more than " + ruleHalf + " ask for a signature or say that they gave one", Phrases: []string{
			"sign the petition", "sign this petition", "signed the petition", "signed this petition", "add your name", "sign and share", "join me in signing",
			"подпишите петицию", "подпишите обращение", "подписал петицию", "подписала петицию", "подписал обращение", "подписала обращение",
			"подпишите и вы", "поставьте подпись", "сбор подписей", "подписывайте петицию",
			"петицияға қол қой~", "үндеуге қол қой~", "өтінішке қол қой~", "қол қойыңыз~", "қол жинау~",
			"signez la pétition", "signez cette pétition", "j'ai signé", "signez et partagez", "ajoutez votre nom",
			"firma la petición", "firme la petición", "firmen la petición", "firma esta petición", "he firmado", "firma y comparte", "suma tu firma"}},
		{Name: "union-or-strike", Kind: OpenlyOrganised, Why: "more than " + ruleHalf + " call to a strike or an assembly of a union", Phrases: []string{
			"join the strike", "we are on strike", "on strike today", "our union", "general strike", "trade union calls",
			"мы бастуем", "объявляем забастовку", "присоединяйтесь к забастовке", "наш профсоюз", "профсоюз объявляет", "всеобщая забастовка",
			"ереуілге шық~", "ереуіл жариялай~", "кәсіподақ~ шақыр~", "біздің кәсіподақ~",
			"en grève", "rejoignez la grève", "grève générale", "notre syndicat", "appel à la grève",
			"huelga general", "estamos en huelga", "nuestro sindicato", "únete a la huelga", "convocatoria de huelga"},
			Tags: []string{"generalstrike", "забастовка", "ереуіл", "grevegenerale", "grèvegénérale", "huelgageneral"}},
		{Name: "solidarity-day", Kind: OpenlyOrganised, Why: "more than " + ruleHalf + " bear the words of a day or an action of solidarity", Phrases: []string{
			"day of solidarity", "in solidarity with", "день солидарности", "в знак солидарности", "акция солидарности",
			"ынтымақ күні~", "қолдау акция~", "journée de solidarité", "en solidarité avec", "día de solidaridad", "en solidaridad con"},
			Tags: []string{"solidarity", "солидарность", "ынтымақ", "solidarité", "solidaridad"}},
	}
}

// agencies are news agencies whose name as a credit makes a text wire copy: at
// its beginning with a dash or bracket, or at its end alone.
var agencies = wording.Pattern("Reuters|AFP|AP|Associated Press|EFE|Europa Press|dpa|ANSA|Xinhua|Anadolu|ТАСС|TASS|Интерфакс|Interfax|РИА Новости|RIA Novosti|" +
	"Казинформ|Kazinform|ҚазАқпарат|KazTAG|КазТАГ|Sputnik|УНИАН|Укринформ|БЕЛТА|АКИpress|AKIpress|24.kg|Trend|Тренд")

// agencyCredit is compiled at its first use.
var agencyCredit = wording.New(`(?:^[^\p{L}\p{N}]*(?:`+agencies+`)[^\p{L}\p{N}\n]*(?:[—–:/)]|-\s))|`+
	`(?:^[^\n.!?]{0,60}[(/]\s*(?:`+agencies+`)\s*[)/.])|(?:[(/—–-]\s*(?:`+agencies+`)[^\p{L}\p{N}]*$)`, `.*`)

func agencyMark(w *waver, m *message) (int, string) {
	n := 0
	for _, p := range m.Posts {
		text := w.r.Post(p).Text
		for _, l := range linksIn(text) {
			text = strings.ReplaceAll(text, l, "")
		}
		if agencyCredit.MatchString(strings.TrimSpace(text)) {
			n++
		}
	}
	return n, "more than " + ruleHalf + " bear the mark of a news agency"
}

func linksIn(text string) []string {
	links, _, _ := inText(text)
	return links
}

// carriedByOutlets explains a text that outlets carry, by the user's sourced
// facts.
func carriedByOutlets(w *waver, m *message) (int, string) {
	if m.Trace != SameText && m.Trace != SimilarText && m.Trace != Link && m.Trace != LinkRaw {
		return 0, ""
	}
	n := 0
	for _, p := range m.Posts {
		if w.o.Described.Is(w.r.Post(p).Account, Outlet) {
			n++
		}
	}
	return n, fmt.Sprintf("%d of its %d publishers are outlets, by the facts given", n, len(m.Posts))
}

// Fixed numbers of the rule title-and-link.
const (
	titleWords = 4   // of a title, at least
	titleShare = .6  // of them spelt in the address
	titleMost  = 120 // characters beside the link, at most twice as many
)

// titleAndLink explains posts that are a page's title and its address, nothing
// else: what a share button fills in. The title is known by the address that
// spells it.
func titleAndLink(w *waver, m *message) (int, string) {
	n := 0
	for _, p := range m.Posts {
		text := w.r.Post(p).Text
		links, _ := w.objectsOf(m, p, text)
		for _, l := range links {
			if spells(l, text) {
				n++
				break
			}
		}
	}
	return n, "more than " + ruleHalf + " are the title of a page and its address, as a share button fills them in"
}

// spells reports whether the path of an address spells most words of a text,
// which holds little else.
func spells(link, text string) bool {
	a, ok := address.Parse(link)
	if !ok {
		return false
	}
	_, rest, _ := strings.Cut(a.Canonical, "://")
	_, path, _ := strings.Cut(rest, "/")
	have := map[string]bool{}
	for _, t := range strings.FieldsFunc(strings.ToLower(path), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if k := latinKey(t); len(k) > 1 {
			have[k] = true
		}
	}
	if len(have) < 3 {
		return false
	}
	words, _ := fold.Normal(text, fold.All)
	if len([]rune(words)) > 2*titleMost {
		return false
	}
	all, spelt := 0, 0
	for _, word := range strings.Fields(words) {
		k := latinKey(word)
		if len(k) < 2 { // prepositions are left out of addresses
			continue
		}
		all++
		if have[k] {
			spelt++
		}
	}
	return all >= titleWords && float64(spelt) >= titleShare*float64(all)
}

// latinKey is a word in Latin letters without what systems of transliteration
// differ in: "объявила", "obyavila" and "ob'iavila" are one.
func latinKey(word string) string {
	var b strings.Builder
	for _, r := range word {
		if s, ok := latinOf[r]; ok {
			b.WriteString(s)
		} else if r < 128 {
			b.WriteRune(r)
		}
	}
	s := b.String()
	for _, p := range [...][2]string{{"shch", "w"}, {"sch", "w"}, {"sh", "w"}, {"zh", "z"}, {"kh", "h"}, {"ts", "c"}, {"ch", "c"}, {"yo", "e"}, {"yu", "u"}, {"ya", "a"},
		{"ye", "e"}, {"iu", "u"}, {"ia", "a"}, {"ju", "u"}, {"ja", "a"}, {"gh", "g"}, {"q", "k"}, {"x", "h"}, {"j", ""}, {"y", ""}, {"i", ""}} {
		s = strings.ReplaceAll(s, p[0], p[1])
	}
	return s
}

var latinOf = map[rune]string{'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i", 'й': "i", 'к': "k", 'л': "l", 'м': "m",
	'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "", 'э': "e",
	'ю': "yu", 'я': "ya", 'ә': "a", 'ғ': "g", 'қ': "k", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h", 'і': "i"}
