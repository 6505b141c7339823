package wording

import "sync"

// A language's words about accounts that timing never shows.
type accusing struct {
	phrases string // said of accounts, in a text that somebody wrote
	words   string // words that the program itself never prints of its own
}

var accusingIn = map[string]accusing{
	"en": {
		phrases: `bot (?:account~|farm~|network~)|fake (?:account~|profile~|user~|page~|follower~)|troll (?:factor~|farm~|arm~)|paid (?:account~|commentator~|troll~|user~|blogger~|posts)|inauthentic (?:account~|behaviou?r)|sock ?puppet~|bots?|trolls?|astroturf~`,
		words:   `bots?|trolls?|fakes?|faked|paid|hired|bought|inauthentic~|astroturf~|sock ?puppet~|puppet accounts?|suspicious~|malicious~|mercenar~|shills?`,
	},
	"fr": {
		phrases: `faux (?:comptes?|profils?)|comptes (?:factices?|fictifs?)|(?:usines?|fermes?) (?:à|de) trolls|commentateurs (?:payés|rémunérés)|comptes inauthentiques|bots?|robots|trolls?`,
		words:   `bots?|trolls?|faux|fausses?|factices?|payée?s?|rémunérée?s?|achetée?s?|inauthentiques?|suspecte?s?|mercenaires?|astroturf~`,
	},
	"es": {
		phrases: `cuentas (?:falsas|automatizadas|pagadas|inauténticas)|perfiles falsos|(?:granjas?|fábricas?) de (?:trolls|troles|bots)|comentaristas pagados|bots?|trol|troles|trolls?`,
		words:   `bots?|trolls?|troles?|fals[oa]s?|pagad[oa]s?|comprad[oa]s?|inauténtic[oa]s?|sospechos[oa]s?|mercenari[oa]s?|astroturf~`,
	},
	"ru": {
		phrases: `(?:фейков|поддельн|фальшив)~ (?:аккаунт|профил|страниц|учетн|учётн)~|фабрик~ троллей|платн~ (?:комментатор|тролл|блогер)~|бот|бота|боту|ботом|боте|боты|ботов|ботам|ботами|ботах|тролл[ьияеё]~|троллей|проплаченн~`,
		words:   `бот|бота|боту|ботом|боте|боты|ботов|ботам|ботами|ботах|тролл~|фейк~|заказн~|проплачен~|оплачен~|куплен~|продажн~|подставн~|поддельн~|фальшив~|неподлинн~|подозрительн~|наёмн~|наемн~`,
	},
	"kk": {
		phrases: `(?:жалған|фейк) (?:аккаунт|парақша|профиль|бет)~|(?:тролль|бот)~ фабрика~|жалдамалы (?:тролль|комментатор|блогер|аккаунт)~|ақылы (?:тролль|комментатор|блогер|пост)~|боттар~|ботт(?:ы|ың|ан)|ботпен|тролль~`,
		words:   `бот|боттар~|ботты|боттың|тролль~|фейк~|жалған~|жалдамалы~|сатылған~|сатып алынған|ақысы төленген|күдікті~`,
	},
	"tr": {
		phrases: `bot hesap~|sahte (?:hesap|profil)~|trol (?:fabrika|çiftli|ordu)~|paralı (?:hesap|trol|yorumcu)~|botlar~|trol|troller~`,
		words:   `bot|botlar~|trol~|sahte~|paralı|ücretli|satılmış|şüpheli~`,
	},
}

// Languages are those with a list of accusing words.
func Languages() []string { return []string{"en", "fr", "es", "ru", "kk", "tr"} }

// Accusing finds what accuses an account in a text that a person wrote in
// lang; English where there is no list. A word that also has an ordinary
// meaning counts with its noun only: "paid trolls", not "paid a fine".
func Accusing(lang string) *Phrases { return accusingPatterns()[known(lang)].phrases() }

// Unsaid finds the words that no sentence of the program's own says: those of
// [Accusing], and each of them alone.
func Unsaid(lang string) *Phrases { return accusingPatterns()[known(lang)].words() }

func known(lang string) string {
	if _, ok := accusingIn[lang]; ok {
		return lang
	}
	return "en"
}

type patterns struct{ phrases, words func() *Phrases }

var accusingPatterns = sync.OnceValue(func() map[string]patterns {
	m := map[string]patterns{}
	for lang, a := range accusingIn {
		m[lang] = patterns{
			sync.OnceValue(func() *Phrases { return Words(a.phrases) }),
			sync.OnceValue(func() *Phrases { return Words(a.phrases + "|" + a.words) }),
		}
	}
	return m
})
