package wording

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// Steps are the steps of the ladder of words (docs/terms.md), the lowest first.
// The last one, [NoStep], is no step: what stands there no calculation shows.
var Steps = []string{"0", "1", "1b", "2", "3", "4", NoStep}

// NoStep stands for words that the ladder has on no step.
const NoStep = "none"

// A claiming is the words by which a language says what a step of the ladder
// says, or more, from step 1 on; see [Pattern] for their form. People write
// "at the same time" for "within 41 min of each other" and "coordinated" for
// "unlikely by chance", so these are the words of people beside those of
// the ladder itself.
type claiming struct {
	steps [6]string // 1, 1b, 2, 3, 4, none
	not   string    // what turns them into their opposite when it stands before them in the clause
	after string    // the same, behind them
	nouns string    // what accounts and their posts are called
}

var claimingIn = map[string]claiming{
	"en": {
		steps: [6]string{
			`within \S+ (?:\S+ )?of (?:each other|one another)|within (?:\S+ ){0,4}(?:seconds?|minutes?|min|hours?|days?|s|h)|simultaneous~|at (?:\p{L}+ )?the (?:very )?same (?:time|moment|minute|hour)|in quick succession|(?:in|over) a (?:very )?short (?:time|period|while|space)|(?:seconds?|minutes?|hours?|days?) apart|one after (?:another|the other)|(?:almost|nearly|all) at once`,
			`not independent~|(?:copied|copying) (?:one another|each other|from one)|fast followers?`,
			`closer together than|more often than (?:\S+ ){0,5}(?:chance|habits?|usual|expected|explains?|ordinary)|unusual~|abnormal~|out of the ordinary`,
			`(?:un)?coordinat(?:ed|edly|ing|ion)|concerted~|in concert|synchroni[sz](?:ed|ation)|in sync|(?:unlikely|improbable|not|hardly|never|cannot be|more than|no) (?:\S+ ){0,3}(?:by chance|chance|coincidences?|accidents?)|statistical~ significan~|(?:acted|acting|act|worked|working) (?:together|as one)|jointly|(?:smear|online|defamation|hate|harassment|disinformation|media|organi[sz]ed|same|this) campaigns?|campaigns? against`,
			`stable (?:over|across|at|for)|robust~|(?:whatever|regardless of|for all|for every|at every|at all) (?:the )?(?:settings?|windows?|thresholds?)`,
			`orchestrat~|mastermind~|centrally|a single (?:hand|operator|centre|center|command|source)|one (?:hand|operator|centre|center|command)|(?:deliberate|intentional|planned|organi[sz]ed|artificial|automated|automatic)(?:ly)? (?:attacks?|campaigns?|actions?|operations?|efforts?|waves?|manner|way|group|network|published|posted|spread|shared|repeated|timed|behaviou?r)|conspir~|(?:influence|information|online|disinformation|special) operations?`,
		},
		not:   `no|not|nor|never|neither|without|nothing|nobody|none|cannot|can't|doesn't|don't|isn't|aren't|wasn't|weren't`,
		nouns: `accounts?|profiles?|posts?|publications?|messages?|texts?|users?|commentators?|comments?|authors?`,
	},
	"fr": {
		steps: [6]string{
			`simultané~|en même temps|(?:au|à la) même (?:moment|heure|minute|seconde)|à moins de (?:\S+ ){1,4}d'intervalle|à quelques (?:secondes|minutes|heures) d'intervalle|en (?:moins de |l'espace de |quelques |un |une )(?:\S+ ){0,2}(?:secondes?|minutes?|heures?|jours?)|coup sur coup|en (?:très )?peu de temps|les un(?:e)?s après les autres`,
			`pas (?:\p{L}+ )?indépendamment|pas (?:\p{L}+ )?indépendant~|(?:se sont copié~|copié~) les un~|abonnés rapides`,
			`plus rapproché~ que|plus souvent que (?:\S+ ){0,6}(?:hasard|habitudes?|prévu|l'expliquent|d'ordinaire)|inhabituel~|anormal~|insolite~|hors du commun`,
			`coordonn(?:é|és|er|ent|ant|ait|aient)|(?:actions?|publications?|attaques?|campagnes?|manière|façon|opérations?|comptes?) (?:\p{L}+ ){0,2}coordonnées?|coordination|concerté~|de concert|synchronis~|(?:peu probable~|improbable~|pas|nullement|aucun~|plus qu'un~) (?:\S+ ){0,4}(?:hasard|coïncidences?)|statistiquement significati~|(?:agi|agissent|agissant|agissaient) (?:ensemble|comme un seul)|campagnes? (?:de (?:diffamation|dénigrement|harcèlement|désinformation|haine)|en ligne|contre)|cette campagne`,
			`stables? (?:sur|dans|pour)|robuste~|(?:quels que soient|quelle que soit|pour tous|pour toutes) (?:les |la |le )?(?:réglages?|fenêtres?|seuils?)`,
			`orchestr~|prémédit~|(?:délibéré|intentionnel|automatique|artificiel)~ (?:publié~|diffusé~|répété~|relayé~)|(?:publié~|diffusé~|répété~|relayé~) (?:délibérément|intentionnellement|automatiquement|artificiellement)|(?:attaques?|campagnes?|actions?|opérations?|vagues?|groupes?|réseaux?|réseau|manière|façon) (?:délibérée?s?|intentionnelle?s?|planifiée?s?|organisée?s?|automatisée?s?|artificielle?s?)|complot~|conspir~|centralisé~|une (?:seule|même) main|un (?:seul|même) (?:opérateur|centre)|opérations? (?:d'influence|en ligne|de désinformation|spéciales?)`,
		},
		not:   `ne|n|ni|pas|non|sans|aucun|aucune|rien|jamais`,
		nouns: `comptes?|profils?|publications?|messages?|textes?|utilisateurs?|utilisatrices?|commentaires?|auteurs?`,
	},
	"es": {
		steps: [6]string{
			`simultáne~|al mismo tiempo|a la misma (?:hora|vez)|en el mismo (?:momento|minuto|instante)|con menos de (?:\S+ ){1,3}de diferencia|en (?:menos de|cuestión de|el plazo de|el espacio de|pocos|pocas|unos|unas|un|una) (?:\S+ ){0,2}(?:segundos?|minutos?|horas?|días?)|casi a la vez|en (?:muy )?poco tiempo|un[oa]s? tras otr[oa]s?`,
			`no (?:\p{L}+ )?(?:con independencia|independient~)|(?:se )?copi(?:aron|ándose|aban) un[oa]s? a otr[oa]s?|seguidor~ rápid[oa]s?`,
			`más próxim[oa]s que|más a menudo (?:de lo )?que|inusual~|inusitad~|anormal~|insólit~|fuera de lo (?:común|normal)`,
			`coordinad[oa]s?|coordinadamente|coordinación|coordinando~|concertad[oa]s?|sincroniza~|(?:improbable~|no|ni|ningun[ao]|más que una) (?:\S+ ){0,4}(?:azar|casualidad~|coincidencias?)|estadísticamente significativ~|(?:actuaron|actúan|actuando|actuaban) (?:junt[oa]s|como un[oa]? sol[oa])|campañas? (?:de (?:desprestigio|difamación|acoso|odio|desinformación|descrédito)|en línea|contra)|esta campaña`,
			`estable~ en|robust[oa]s?|(?:sea cual sea|sean cuales sean|para todos|para todas|en todos|en todas) (?:los |las |el |la )?(?:ajustes?|ventanas?|umbrales?|umbral)`,
			`orquest~|premeditad~|(?:deliberada|intencionada|automática|artificial)mente (?:publicad~|difundid~|repetid~|compartid~)|(?:publicad~|difundid~|repetid~|compartid~) (?:deliberada|intencionada|automática|artificial)mente|(?:ataques?|campañas?|acciones|acción|operaciones|operación|oleadas?|grupos?|redes|red|manera|forma) (?:deliberad[oa]s?|planificad[oa]s?|organizad[oa]s?|automatizad[oa]s?|artificial~|intencionad[oa]s?)|complot~|conspir~|centralizad~|una (?:sola|misma) mano|un (?:solo|mismo) (?:operador|centro)|operaciones? de (?:influencia|desinformación|información)|operación (?:en línea|especial|de (?:influencia|desinformación))`,
		},
		not:   `no|ni|sin|nunca|jamás|nada|nadie|ningún|ninguna|tampoco`,
		nouns: `cuentas?|perfil~|publicacion~|publicación|mensajes?|textos?|usuari[oa]s?|comentarios?|autor~`,
	},
	"ru": {
		steps: [6]string{
			`одновременн~|с разницей не более|в (?:одно|то) же время|в одно и то же время|почти сразу|с (?:разницей|интервалом|промежутком) (?:\S+ ){0,3}(?:с|мин|ч|сут|секунд~|минут~|час~|дня|дней|день|суток)|в (?:течение|пределах) (?:\S+ ){1,3}(?:секунд~|минут~|час~|дня|дней|суток)|за (?:\S+ ){0,2}(?:секунд~|минут~|час|часа|часов)|за короткое время|(?:один|одна|одно) за (?:другим|другой)|друг за другом`,
			`не (?:\p{L}+ )?независим~|(?:списан~|копировали|скопирован~) друг (?:у друга|с друга|друга)|быстры~ подписчик~`,
			`ближе друг к другу|чаще, чем (?:\S+ ){0,5}(?:случай~|обычно|привычк~|ожида~|объясня~)|необычн~|нетипичн~|аномальн~|ненормальн~`,
			`(?:с|не)?координирован~|координаци[яиюей]~|координиру(?:я|ем|ют|ет)~|согласованн~|слаженн~|синхронн~|синхронизир~|сговор~|сговорив~|сговорил~|случайн~ совпадени~ (?:\S+ )?(?:маловероятн~|исключен~|исключён~)|неслучайн~|(?:не|вряд ли|маловероятно|нельзя) (?:\S+ ){0,3}(?:случайн~|совпадени~)|статистически значим~|(?:действовал|действуют|действующ|выступил|выступают)~ (?:сообща|вместе|заодно|как один)|сообща|(?:клеветническ|травл|информационн|эт|организованн)~ кампани~|кампани~ (?:против|травли|клеветы|дискредитации|очернения|ненависти|по (?:дискредитации|травле|очернению))`,
			`устойчив~ (?:по|при|на)|(?:при любых|при всех|независимо от) (?:настройк|порог|окн)~`,
			`срежиссирован~|оркестр~|дирижир~|преднамерен~|(?:умышленно|намеренно|нарочно|целенаправленно|автоматически|искусственно|централизованно|организованно) (?:\S+ )?(?:опубликова|размещ|распростран|повтор|раст?иражир|публик)~|(?:опубликова|размещ|распростран|повтор|публик)~ (?:умышленно|намеренно|нарочно|целенаправленно|автоматически|искусственно|централизованно|организованно)|(?:спланированн|организованн|автоматизированн|искусственн|умышленн|намеренн)~ (?:атак|кампани|акци|операци|вброс|травл|волн|групп|сет)~|заговор~|заговорщ~|централизованн~|(?:из )?единого центра|из одного центра|одной рукой|спецопераци~|(?:информационн|специальн)~ (?:операци|атак)~|вброс~`,
		},
		not:   `не|ни|нет|нельзя|без|никто|ничто|ничего|никакой|никакая|никакое|никаких`,
		nouns: `аккаунт~|профил~|публикаци~|сообщени~|текст~|пост|поста|постов|посты|постах|запис~|пользовател~|комментари~|комментатор~|автор~|учётн~|учетн~`,
	},
	"kk": {
		steps: [6]string{
			`бір (?:мезгілде|уақытта|мезетте|сәтте)~|бір мезгілдегі~|арасы (?:\S+ ){1,3}аспай~|(?:минут|секунд|сағат|тәулік|күн)(?:тың|тің|ның|нің|тан|тен|нан|нен)? (?:ішінде|аралығында|аз уақытта)|қысқа уақыт~|бірінен соң бірі|бірден жариял~`,
			`тәуелсіз емес~|бірінен-бірі көшір~|бірін-бірі көшір~|жылдам оқырман~`,
			`жақынырақ~|жиірек~|әдеттен тыс~|ерекше жиі|аномал~`,
			`үйлестірілген~|үйлестіріліп~|үйлестіріп~|үйлесімді~|келісілген~|келісіп~|келісе отырып|сөз байлас~|ауыз жаласқан|ауыз жаласып|бірлескен~|бірлесіп~|бірлесе~|синхронд~|кездейсоқ (?:емес~|болуы екіталай|болмай~|болуы мүмкін емес)|кездейсоқтық емес~|кездейсоқ \p{L}+ емес|статистикалық (?:мәнді|маңызды)~|(?:қаралау|жала жабу|айыптау|ақпараттық|осы) науқан~|қарсы (?:\p{L}+ )?науқан~`,
			`бойынша тұрақты|тұрақты түрде|(?:кез келген|барлық) (?:баптау|терезе|шек)~`,
			`ұйымдастырылған (?:\p{L}+ )?(?:шабуыл|науқан|әрекет|операция|топ|желі|түрде)~|ұйымдасқан (?:түрде|шабуыл~|науқан~|топ~|желі~)|жоспарланған (?:шабуыл|науқан|әрекет|операция)~|жоспарлы түрде|әдейі~|қасақана~|орталықтан (?:басқар|жариял)~|бір орталықтан|орталықтандырылған~|автоматты (?:түрде|аккаунт~)|жасанды (?:түрде|толқын~|аккаунт~)|ақпараттық (?:операция|шабуыл)~|арнайы операция~|қастандық~|астыртын`,
		},
		not:   `ешбір|ешқандай|ештеңе|ешкім`,
		after: `емес|жоқ|\p{L}+(?:майды|мейді|байды|бейді|пайды|пейді|маған|меген|баған|беген|паған|пеген|майтын|мейтін)`,
		nouns: `аккаунт~|парақша~|профил~|жазба~|хабарлама~|мәтін~|пост|посттар~|пайдаланушы~|пікір~|автор~`,
	},
}

type claimPatterns struct {
	steps              [6]*Phrases
	not, after, beside *Phrases // after is nil where nothing stands behind
}

var claimPatternsIn = sync.OnceValue(func() map[string]func() claimPatterns {
	m := map[string]func() claimPatterns{}
	for lang, c := range claimingIn {
		m[lang] = sync.OnceValue(func() claimPatterns {
			var p claimPatterns
			for i, s := range c.steps {
				p.steps[i] = Words(s)
			}
			p.not, p.beside = Words(c.not), Words(c.nouns)
			if c.after != "" {
				p.after = Words(c.after)
			}
			return p
		})
	}
	return m
})

func claimPatternsOf(lang string) claimPatterns {
	if f, ok := claimPatternsIn()[lang]; ok {
		return f()
	}
	return claimPatternsIn()["en"]()
}

// A Strong is words of a text that say more than may be said.
type Strong struct {
	Words string
	Step  string // of [Steps]: the lowest that allows them; "" when they accuse an account
}

// TooStrong finds the words of s that a finding may not be told in, when it
// reached a step of [Steps]: those of the higher steps, and those that accuse
// accounts (Step is then ""), which no step has. English where there is no
// list. What a text quotes is not its own words: a title or several words in
// quotation marks, and a name written with a capital letter, are left out. So
// is what a negation in the same clause takes back. Each is told once, in the
// order of the steps, then of the text.
func TooStrong(lang, s, reached string) []Strong {
	s = own(s)
	p := claimPatternsOf(lang)
	var out []Strong
	seen := map[string]bool{}
	add := func(step string, m []int) {
		w := strings.Join(strings.Fields(s[m[2]:m[3]]), " ")
		if !seen[strings.ToLower(w)] && !isName(s, m[2]) {
			seen[strings.ToLower(w)] = true
			out = append(out, Strong{w, step})
		}
	}
	accuses := Accusing(lang)
	each(accuses, s, func(m []int) { add("", m) })
	// A word with an ordinary meaning too, "paid", counts beside an account.
	each(Unsaid(lang), s, func(m []int) {
		if p.beside.MatchString(around(s, m[2], m[3], 5)) && !strings.ContainsAny(s[m[2]:m[3]], " \u00a0") {
			add("", m)
		}
	})
	at := indexOf(reached)
	for i, x := range p.steps {
		step := i + 1
		if step <= at {
			continue
		}
		each(x, s, func(m []int) {
			before, behind := clause(s, m[2], m[3])
			if !p.not.MatchString(before) && (p.after == nil || !p.after.MatchString(behind)) {
				add(Steps[step], m)
			}
		})
	}
	return out
}

// indexOf is the place of a step; a step that is not known allows nothing.
func indexOf(step string) int {
	for i, s := range Steps[:len(Steps)-1] {
		if s == step {
			return i
		}
	}
	return 0
}

// each calls f for every match; two may share the sign between them.
func each(p *Phrases, s string, f func(m []int)) {
	if !p.May(s) {
		return
	}
	for at := 0; at < len(s); {
		m := p.Regexp().FindStringSubmatchIndex(s[at:])
		if m == nil {
			return
		}
		for i := range m {
			m[i] += at
		}
		f(m)
		at = m[3]
	}
}

var quoted = lazyre.New(`“[^“”]{1,400}”|«[^«»]{1,400}»|„[^„“”]{1,400}[“”]|"[^"]{1,400}"|‹[^‹›]{1,400}›`)

// own blanks what s quotes: four words and more, or two that begin with a
// capital letter. One or two words in quotation marks are an author's own, at
// arm's length.
func own(s string) string {
	return quoted.ReplaceAllStringFunc(s, func(q string) string {
		words := strings.Fields(strings.Trim(q, "“”«»„\"‹› \u00a0\u202f"))
		if len(words) < 2 {
			return q
		}
		if r, _ := utf8.DecodeRuneInString(words[0]); len(words) < 4 && !unicode.IsUpper(r) {
			return q
		}
		return strings.Repeat(" ", len(q))
	})
}

// isName reports whether the word at a place begins with a capital letter
// though no sentence begins there.
func isName(s string, at int) bool {
	if r, _ := utf8.DecodeRuneInString(s[at:]); !unicode.IsUpper(r) {
		return false
	}
	before := strings.TrimRight(s[:at], " \t\u00a0\u202f“«„\"(—–-")
	return before != "" && !strings.ContainsAny(before[len(before)-1:], ".!?:;\n")
}

// clause returns what stands before and behind a place, up to the signs that
// part clauses.
func clause(s string, from, to int) (before, behind string) {
	const signs = ".,;:!?—–(\n"
	before, behind = near(s, from, to)
	before = subordinate().ReplaceAllString(before, " $1 ")
	if i := strings.LastIndexAny(before, signs); i >= 0 {
		before = before[i+1:]
	}
	// What comes after "but" stands again, and "not only" takes nothing back.
	before = turn().ReplaceAllString(" "+before+" ", "")
	if i := strings.IndexAny(behind, signs); i >= 0 {
		behind = behind[:i]
	}
	return before, behind
}

// What a comma joins to the clause before it.
var subordinate = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`, (что|чтобы|насколько|будто|как|that|whether|que|si) `)
})

var turn = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i).*[ ,](?:but|mais|sino|pero|но|а|бірақ|not only|non seulement|pas seulement|no sólo|no solo|не только)[ ,]`)
})

// around is so many words on both sides of a place, and what stands there.
func around(s string, from, to, words int) string {
	b, h := near(s, from, to)
	before, behind := strings.Fields(b), strings.Fields(h)
	before, behind = before[max(0, len(before)-words):], behind[:min(len(behind), words)]
	return strings.Join(before, " ") + " … " + strings.Join(behind, " ")
}

// near is what stands on both sides of a place, no more than a long sentence:
// a text without an end must not be read again for every word.
func near(s string, from, to int) (before, behind string) {
	const most = 600 // bytes
	return s[max(0, from-most):from], s[to:min(len(s), to+most)]
}
