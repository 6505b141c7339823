package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// ladderWords are the words of one language. Forms with %s take counted
// things, lengths of time and names, in the order of the English ones.
type ladderWords struct {
	thousands string
	decimal   string
	units     [4]string // seconds, minutes, hours, days

	plural  func(n int) int // which of the forms below
	account []string        // as "shared" needs it
	member  []string        // as "group" begins
	message []string        // as "group" ends
	bare    []string        // an account, counted in a list
	object  []string        // an object, counted in a list
	shared  map[coordination.Trace]string
	group   string
	within  string
	rungs   [5 + 1]string
	rung2Group,
	dependent, closer, closest, weak, followers, unlikely, stable string
	near   string
	stops  [15]string
	cannot [3]string
}

func (w *ladderWords) number(n int) string { return grouped(int64(n), w.thousands) }

// counted prints a number with its noun.
func (w *ladderWords) counted(n int, forms []string) string {
	return w.number(n) + " " + forms[min(w.plural(n), len(forms)-1)]
}

func (w *ladderWords) accounts(n int) string { return w.counted(n, w.account) }
func (w *ladderWords) members(n int) string  { return w.counted(n, w.member) }
func (w *ladderWords) messages(n int) string { return w.counted(n, w.message) }

// span prints a length of time. Where times are known to the minute or less,
// two of them may lie one unit farther apart than they say: the unit is added.
func (w *ladderWords) span(d time.Duration, p post.Precision) string {
	if unit := p.Span(); unit > time.Second {
		d += unit
	}
	ceil := func(unit time.Duration) int64 { return int64((d + unit - 1) / unit) }
	tenths := func(unit time.Duration) string {
		n := int64((d*10 + unit - 1) / unit)
		return grouped(n/10, w.thousands) + w.decimal + fmt.Sprint(n%10)
	}
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d %s", ceil(time.Second), w.units[0])
	case d < 2*time.Hour:
		return fmt.Sprintf("%d %s", ceil(time.Minute), w.units[1])
	case d < 48*time.Hour:
		return tenths(time.Hour) + " " + w.units[2]
	}
	return tenths(24*time.Hour) + " " + w.units[3]
}

// grouped prints a number in groups of three figures.
func grouped(n int64, separator string) string {
	return strings.ReplaceAll(Thousands(n), ",", separator)
}

// Rules of number: which form of a noun follows it.
func pluralEnglish(n int) int { return b2i(n != 1) }
func pluralFrench(n int) int  { return b2i(n > 1) }
func pluralRussian(n int) int { // 1 аккаунт, 2 аккаунта, 5 аккаунтов
	switch {
	case n%10 == 1 && n%100 != 11:
		return 0
	case n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return 1
	}
	return 2
}
func pluralNone(int) int { return 0 }

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// ladders are the words of coordination as the house uses them. The English
// ones are the model. A native reader's correction is welcome, above all of
// the Kazakh; whoever mends a form mends it here, and every page follows.
var ladders = map[string]*ladderWords{
	"en": {
		thousands: ",", decimal: ".", units: [4]string{"s", "min", "h", "days"}, plural: pluralEnglish,
		account: []string{"account", "accounts"}, member: []string{"account", "accounts"}, message: []string{"message", "messages"},
		bare: []string{"account", "accounts"}, object: []string{"object", "objects"},
		shared: map[coordination.Trace]string{
			coordination.SameText:    "The same text was published by %s",
			coordination.SimilarText: "The same text, or nearly the same, was published by %s",
			coordination.Link:        "The same link was published by %s",
			coordination.LinkRaw:     "The same link was published by %s",
			coordination.Domain:      "Links to the same site were published by %s",
			coordination.Hashtag:     "The same hashtag was published by %s",
			coordination.HashtagSeq:  "The same hashtags in the same order were published by %s",
			coordination.Repost:      "The same post was republished by %s",
			coordination.Reply:       "Replies to the same post were published by %s",
			coordination.Mention:     "Mentions of the same account were published by %s",
			coordination.MediaHash:   "The same picture, video or sound was published by %s",
			"":                       "The same thing was published by %s",
		},
		group:  "%s published %s in common",
		within: " within %s of each other",
		rungs: [6]string{
			"the same text was published by n accounts",
			"within t of each other",
			"not independent of each other, as any popular message is",
			"closer together than all but m of the N comparable messages in a named reference",
			"unlikely by chance given the object's popularity and each account's hours and reaction times (family-wise p < .05, n accounts, m objects)",
			"step 3, and stable over the grid",
		},
		rung2Group: "coincide more often than this group's habits explain (weak)",
		dependent:  "; not independent of each other, as any popular message is",
		closer:     "; closer together than all but %s of the %s comparable messages in “%s”",
		closest:    "; closer together than all of the %s comparable messages in “%s”",
		weak:       "; they coincide more often than this group's habits explain (weak)",
		followers:  "; fast followers of the same source",
		unlikely:   "; unlikely by chance given the objects' popularity and each account's hours and reaction times (family-wise p < .05, %s, %s)",
		stable:     ", and stable over the grid of %s settings",
		near:       "texts near this one",
		stops: [15]string{
			"One message, once: no calculation tells a campaign from a popular message, so a wave stops at step 2.",
			"No background: fewer than five other accounts in every message, so nothing is said beyond steps 0 and 1.",
			"No reference: fewer than 100 comparable messages to compare with, so nothing is said about how unusual this is.",
			"Spread over more than twelve hours: ordinary messages spread like this, so nothing is claimed from timing.",
			"These accounts always react at once to the same source; timing cannot tell a plan from notifications that are switched on.",
			"Not calibrated on these posts, so nothing is said above step 2.",
			"The times are not known, so nothing is said about them.",
			"Texts near one another carry no probability and never go above step 0.",
			"Words above this step are switched off in this version.",
			"Most of these accounts have hardly any other posts, so there is nothing of their own to compare with.",
			"All posts bear one time, so nothing is said about how close together they are.",
			"These accounts’ own hours of publishing explain as much.",
			"Comparable messages in the reference come as close together.",
			"The times are known to the day only, so nothing is said of hours and minutes.",
			"On these posts the method finds too much where there is nothing to find, so nothing is said above step 1b.",
		},
		cannot: [3]string{
			"Not who runs the accounts.",
			"Not who ordered the texts, and not what anybody received for them.",
			"Not whether the persons behind the accounts are who they say they are. Timing shows none of these; whoever says so needs a source, and the source is cited separately.",
		},
	},
	"fr": {
		thousands: "\u202f", decimal: ",", units: [4]string{"s", "min", "h", "jours"}, plural: pluralFrench,
		account: []string{"compte", "comptes"}, member: []string{"compte", "comptes"}, message: []string{"message", "messages"},
		bare: []string{"compte", "comptes"}, object: []string{"objet", "objets"},
		shared: map[coordination.Trace]string{
			coordination.SameText:    "Le même texte a été publié par %s",
			coordination.SimilarText: "Le même texte, ou presque le même, a été publié par %s",
			coordination.Link:        "Le même lien a été publié par %s",
			coordination.LinkRaw:     "Le même lien a été publié par %s",
			coordination.Domain:      "Des liens vers le même site ont été publiés par %s",
			coordination.Hashtag:     "Le même mot-dièse a été publié par %s",
			coordination.HashtagSeq:  "Les mêmes mots-dièse dans le même ordre ont été publiés par %s",
			coordination.Repost:      "La même publication a été repartagée par %s",
			coordination.Reply:       "Des réponses à la même publication ont été publiées par %s",
			coordination.Mention:     "Des mentions du même compte ont été publiées par %s",
			coordination.MediaHash:   "La même image, la même vidéo ou le même son a été publié par %s",
			"":                       "Le même contenu a été publié par %s",
		},
		group:  "%s ont publié %s en commun",
		within: " à moins de %s d’intervalle",
		rungs: [6]string{
			"le même texte a été publié par n comptes",
			"à moins de t d’intervalle",
			"pas indépendamment les uns des autres, comme pour tout message populaire",
			"plus rapprochés que tous les N messages comparables d’une référence nommée, sauf m",
			"peu probable par hasard compte tenu de la popularité de l’objet, des heures et des temps de réaction de chaque compte (p global < 0,05, n comptes, m objets)",
			"étape 3, et stable sur toute la grille",
		},
		rung2Group: "coïncident plus souvent que les habitudes de ce groupe ne l’expliquent (faible)",
		dependent:  " ; pas indépendamment les uns des autres, comme pour tout message populaire",
		closer:     " ; plus rapprochés que tous, sauf %s, des %s messages comparables de « %s »",
		closest:    " ; plus rapprochés que chacun des %s messages comparables de « %s »",
		weak:       " ; ils coïncident plus souvent que les habitudes de ce groupe ne l’expliquent (faible)",
		followers:  " ; abonnés rapides de la même source",
		unlikely:   " ; peu probable par hasard compte tenu de la popularité des objets, des heures et des temps de réaction de chaque compte (p global < 0,05, %s, %s)",
		stable:     ", et stable sur la grille de %s réglages",
		near:       "textes proches de celui-ci",
		stops: [15]string{
			"Un seul message, une seule fois : aucun calcul ne distingue une campagne d’un message populaire ; une vague s’arrête donc à l’étape 2.",
			"Pas de toile de fond : moins de cinq autres comptes pour chaque message ; rien n’est dit au-delà des étapes 0 et 1.",
			"Pas de référence : moins de 100 messages comparables ; rien n’est dit sur le caractère inhabituel.",
			"Étalé sur plus de douze heures : les messages ordinaires s’étalent ainsi ; rien n’est tiré du moment des publications.",
			"Ces comptes réagissent toujours aussitôt à la même source ; le moment ne distingue pas un plan de notifications activées.",
			"Pas d’étalonnage sur ces publications ; rien n’est dit au-dessus de l’étape 2.",
			"Les heures ne sont pas connues ; rien n’en est dit.",
			"Des textes proches l’un de l’autre n’ont pas de probabilité et ne dépassent jamais l’étape 0.",
			"Les mots au-dessus de cette étape sont désactivés dans cette version.",
			"La plupart de ces comptes n’ont presque pas d’autres publications ; il n’y a rien d’eux à quoi comparer.",
			"Toutes les publications portent la même heure ; rien n’est dit de leur rapprochement.",
			"Les heures habituelles de ces comptes en expliquent autant.",
			"Les messages comparables de la référence sont aussi rapprochés.",
			"Seul le jour des publications est connu ; rien n’est dit des heures et des minutes.",
			"Sur ces publications, la méthode trouve trop là où il n’y a rien à trouver ; rien n’est donc dit au-dessus de l’étape 1b.",
		},
		cannot: [3]string{
			"Ni qui tient les comptes.",
			"Ni qui a commandé les textes, ni ce que quiconque a reçu en échange.",
			"Ni si les personnes derrière les comptes sont celles qu’elles disent être. Le moment des publications ne montre rien de cela ; qui l’affirme doit citer une source, et la source est citée à part.",
		},
	},
	"es": {
		thousands: "\u202f", decimal: ",", units: [4]string{"s", "min", "h", "días"}, plural: pluralEnglish,
		account: []string{"cuenta", "cuentas"}, member: []string{"cuenta", "cuentas"}, message: []string{"mensaje", "mensajes"},
		bare: []string{"cuenta", "cuentas"}, object: []string{"objeto", "objetos"},
		shared: map[coordination.Trace]string{
			coordination.SameText:    "El mismo texto fue publicado por %s",
			coordination.SimilarText: "El mismo texto, o casi el mismo, fue publicado por %s",
			coordination.Link:        "El mismo enlace fue publicado por %s",
			coordination.LinkRaw:     "El mismo enlace fue publicado por %s",
			coordination.Domain:      "Enlaces al mismo sitio fueron publicados por %s",
			coordination.Hashtag:     "La misma etiqueta fue publicada por %s",
			coordination.HashtagSeq:  "Las mismas etiquetas en el mismo orden fueron publicadas por %s",
			coordination.Repost:      "La misma publicación fue compartida de nuevo por %s",
			coordination.Reply:       "Respuestas a la misma publicación fueron publicadas por %s",
			coordination.Mention:     "Menciones de la misma cuenta fueron publicadas por %s",
			coordination.MediaHash:   "La misma imagen, vídeo o sonido fue publicado por %s",
			"":                       "El mismo contenido fue publicado por %s",
		},
		group:  "%s publicaron %s en común",
		within: " con menos de %s de diferencia",
		rungs: [6]string{
			"el mismo texto fue publicado por n cuentas",
			"con menos de t de diferencia",
			"no con independencia unas de otras, como ocurre con todo mensaje popular",
			"más próximos que todos los N mensajes comparables de una referencia nombrada, salvo m",
			"improbable por azar dada la popularidad del objeto y los horarios y tiempos de reacción de cada cuenta (p conjunta < 0,05, n cuentas, m objetos)",
			"paso 3, y estable en toda la cuadrícula",
		},
		rung2Group: "coinciden más a menudo de lo que explican las costumbres de este grupo (débil)",
		dependent:  "; no con independencia unas de otras, como ocurre con todo mensaje popular",
		closer:     "; más próximos que todos, salvo %s, de los %s mensajes comparables de «%s»",
		closest:    "; más próximos que cada uno de los %s mensajes comparables de «%s»",
		weak:       "; coinciden más a menudo de lo que explican las costumbres de este grupo (débil)",
		followers:  "; seguidores rápidos de la misma fuente",
		unlikely:   "; improbable por azar dada la popularidad de los objetos y los horarios y tiempos de reacción de cada cuenta (p conjunta < 0,05, %s, %s)",
		stable:     ", y estable en la cuadrícula de %s ajustes",
		near:       "textos próximos a este",
		stops: [15]string{
			"Un solo mensaje, una sola vez: ningún cálculo distingue una campaña de un mensaje popular; una oleada se detiene en el paso 2.",
			"Sin trasfondo: menos de cinco otras cuentas en cada mensaje; no se dice nada más allá de los pasos 0 y 1.",
			"Sin referencia: menos de 100 mensajes comparables; no se dice nada sobre lo inusual que es.",
			"Repartido en más de doce horas: los mensajes ordinarios se reparten así; nada se afirma a partir del momento.",
			"Estas cuentas reaccionan siempre de inmediato a la misma fuente; el momento no distingue un plan de unas notificaciones activadas.",
			"Sin calibración con estas publicaciones; no se dice nada por encima del paso 2.",
			"No se conocen las horas; nada se dice de ellas.",
			"Los textos próximos entre sí no llevan probabilidad y nunca pasan del paso 0.",
			"Las palabras por encima de este paso están desactivadas en esta versión.",
			"La mayoría de estas cuentas casi no tiene otras publicaciones; no hay nada suyo con que comparar.",
			"Todas las publicaciones llevan la misma hora; nada se dice de su proximidad.",
			"Los horarios habituales de estas cuentas explican otro tanto.",
			"Los mensajes comparables de la referencia son igual de próximos.",
			"Solo se conoce el día de las publicaciones; nada se dice de horas y minutos.",
			"Con estas publicaciones el método encuentra demasiado donde no hay nada que encontrar; no se dice nada por encima del paso 1b.",
		},
		cannot: [3]string{
			"Ni quién maneja las cuentas.",
			"Ni quién encargó los textos, ni qué recibió nadie por ellos.",
			"Ni si las personas detrás de las cuentas son quienes dicen ser. El momento de las publicaciones no muestra nada de eso; quien lo afirme necesita una fuente, y la fuente se cita por separado.",
		},
	},
	"ru": {
		thousands: "\u00a0", decimal: ",", units: [4]string{"с", "мин", "ч", "сут."}, plural: pluralRussian,
		account: []string{"аккаунте", "аккаунтах", "аккаунтах"}, member: []string{"аккаунте", "аккаунтах", "аккаунтах"},
		message: []string{"общее сообщение", "общих сообщения", "общих сообщений"},
		bare:    []string{"аккаунт", "аккаунта", "аккаунтов"}, object: []string{"объект", "объекта", "объектов"},
		shared: map[coordination.Trace]string{
			coordination.SameText:    "Один и тот же текст опубликован в %s",
			coordination.SimilarText: "Один и тот же или почти тот же текст опубликован в %s",
			coordination.Link:        "Одна и та же ссылка опубликована в %s",
			coordination.LinkRaw:     "Одна и та же ссылка опубликована в %s",
			coordination.Domain:      "Ссылки на один и тот же сайт опубликованы в %s",
			coordination.Hashtag:     "Один и тот же хештег опубликован в %s",
			coordination.HashtagSeq:  "Одни и те же хештеги в том же порядке опубликованы в %s",
			coordination.Repost:      "Репост одной и той же записи сделан в %s",
			coordination.Reply:       "Ответы на одну и ту же запись опубликованы в %s",
			coordination.Mention:     "Упоминания одного и того же аккаунта опубликованы в %s",
			coordination.MediaHash:   "Одно и то же изображение, видео или аудио опубликовано в %s",
			"":                       "Одно и то же опубликовано в %s",
		},
		group:  "В %s опубликовано %s",
		within: " с разницей не более %s",
		rungs: [6]string{
			"один и тот же текст опубликован в n аккаунтах",
			"с разницей не более t",
			"не независимо друг от друга, как и любое популярное сообщение",
			"ближе друг к другу, чем все N сопоставимых сообщений названной выборки, кроме m",
			"случайное совпадение маловероятно с учётом популярности объекта, часов активности и времени реакции каждого аккаунта (совокупное p < 0,05, n аккаунтов, m объектов)",
			"ступень 3, и устойчиво по всей сетке",
		},
		rung2Group: "совпадают чаще, чем объясняют привычки этой группы (слабо)",
		dependent:  "; не независимо друг от друга, как и любое популярное сообщение",
		closer:     "; ближе друг к другу, чем все, кроме %s, из %s сопоставимых сообщений выборки «%s»",
		closest:    "; ближе друг к другу, чем каждое из %s сопоставимых сообщений выборки «%s»",
		weak:       "; они совпадают чаще, чем объясняют привычки этой группы (слабо)",
		followers:  "; быстрые подписчики одного и того же источника",
		unlikely:   "; случайное совпадение маловероятно с учётом популярности объектов, часов активности и времени реакции каждого аккаунта (совокупное p < 0,05, %s, %s)",
		stable:     ", и это устойчиво по сетке настроек (%s)",
		near:       "тексты, близкие к этому",
		stops: [15]string{
			"Одно сообщение, один раз: никакой расчёт не отличает кампанию от популярного сообщения, поэтому волна останавливается на ступени 2.",
			"Нет фона: в каждом сообщении менее пяти других аккаунтов, поэтому ничего не говорится сверх ступеней 0 и 1.",
			"Нет выборки для сравнения: менее 100 сопоставимых сообщений, поэтому ничего не говорится о том, насколько это необычно.",
			"Растянуто более чем на двенадцать часов: так расходятся и обычные сообщения, поэтому из времени ничего не выводится.",
			"Эти аккаунты всегда сразу откликаются на один и тот же источник; по времени нельзя отличить замысел от включённых уведомлений.",
			"Не откалибровано на этих записях, поэтому ничего не говорится выше ступени 2.",
			"Время не известно, поэтому о нём ничего не говорится.",
			"Тексты, близкие друг к другу, не имеют вероятности и никогда не поднимаются выше ступени 0.",
			"Слова выше этой ступени в этой версии отключены.",
			"У большинства этих аккаунтов почти нет других записей, поэтому сравнивать с их собственной жизнью нечего.",
			"У всех записей одно и то же время, поэтому об их близости ничего не говорится.",
			"Это объясняется обычными часами активности этих аккаунтов.",
			"Сопоставимые сообщения выборки столь же близки друг к другу.",
			"Известен только день публикаций, поэтому о часах и минутах ничего не говорится.",
			"На этих записях метод находит слишком много там, где находить нечего, поэтому ничего не говорится выше ступени 1b.",
		},
		cannot: [3]string{
			"Ни того, кто ведёт эти аккаунты.",
			"Ни того, по чьей просьбе написаны тексты, ни того, что кто-либо за них получил.",
			"Ни того, те ли люди стоят за аккаунтами, за кого себя выдают. Время публикаций ничего этого не показывает; кто это утверждает, должен назвать источник, и источник приводится отдельно.",
		},
	},
	"kk": {
		thousands: "\u00a0", decimal: ",", units: [4]string{"с", "мин", "сағ", "тәулік"}, plural: pluralNone,
		account: []string{"аккаунт"}, member: []string{"аккаунт"}, message: []string{"ортақ хабарлама"},
		bare: []string{"аккаунт"}, object: []string{"нысан"},
		shared: map[coordination.Trace]string{
			coordination.SameText:    "Бір мәтінді %s жариялады",
			coordination.SimilarText: "Бір немесе бірдей дерлік мәтінді %s жариялады",
			coordination.Link:        "Бір сілтемені %s жариялады",
			coordination.LinkRaw:     "Бір сілтемені %s жариялады",
			coordination.Domain:      "Бір сайтқа сілтемелерді %s жариялады",
			coordination.Hashtag:     "Бір хештегті %s жариялады",
			coordination.HashtagSeq:  "Бірдей ретпен берілген бірдей хештегтерді %s жариялады",
			coordination.Repost:      "Бір жазбаны %s қайта жариялады",
			coordination.Reply:       "Бір жазбаға жауаптарды %s жариялады",
			coordination.Mention:     "Бір аккаунт туралы ескертпелерді %s жариялады",
			coordination.MediaHash:   "Бір суретті, бейнені немесе дыбысты %s жариялады",
			"":                       "Бір нәрсені %s жариялады",
		},
		group:  "%s %s жариялады",
		within: ", арасы %s аспайды",
		rungs: [6]string{
			"бір мәтінді n аккаунт жариялады",
			"арасы t аспайды",
			"бір-бірінен тәуелсіз емес, кез келген танымал хабарлама сияқты",
			"аталған іріктемедегі салыстыруға келетін N хабарламаның m хабарламадан басқасының бәрінен жақынырақ",
			"нысанның танымалдығы мен әр аккаунттың белсенді сағаттары және жауап беру уақыты ескерілгенде кездейсоқ болуы екіталай (жиынтық p < 0,05, n аккаунт, m нысан)",
			"3-саты және бүкіл тор бойынша тұрақты",
		},
		rung2Group: "осы топтың әдеттері түсіндіретіннен жиірек тұспа-тұс келеді (әлсіз)",
		dependent:  "; бір-бірінен тәуелсіз емес, кез келген танымал хабарлама сияқты",
		closer:     "; %s хабарламадан басқа, салыстыруға келетін %s хабарламаның бәрінен жақынырақ («%s» іріктемесі)",
		closest:    "; салыстыруға келетін %s хабарламаның бәрінен жақынырақ («%s» іріктемесі)",
		weak:       "; олар осы топтың әдеттері түсіндіретіннен жиірек тұспа-тұс келеді (әлсіз)",
		followers:  "; бір дереккөздің жылдам оқырмандары",
		unlikely:   "; нысандардың танымалдығы мен әр аккаунттың белсенді сағаттары және жауап беру уақыты ескерілгенде мұның кездейсоқ болуы екіталай (жиынтық p < 0,05, %s, %s)",
		stable:     ", әрі тордың %s баптауы бойынша тұрақты",
		near:       "осыған жақын мәтіндер",
		stops: [15]string{
			"Бір хабарлама, бір рет: ешбір есеп науқанды танымал хабарламадан ажыратпайды, сондықтан толқын 2-сатыда тоқтайды.",
			"Фон жоқ: әр хабарламада басқа аккаунттар бестен аз, сондықтан 0 және 1-сатылардан артық ештеңе айтылмайды.",
			"Салыстыратын іріктеме жоқ: салыстыруға келетін хабарламалар 100-ден аз, сондықтан мұның қаншалықты әдеттен тыс екені айтылмайды.",
			"Он екі сағаттан астам уақытқа созылған: кәдімгі хабарламалар да осылай таралады, сондықтан уақыттан ештеңе шығарылмайды.",
			"Бұл аккаунттар бір дереккөзге әрдайым бірден жауап береді; уақыт жоспарды қосулы хабарландырулардан ажырата алмайды.",
			"Осы жазбаларда калибрленбеген, сондықтан 2-сатыдан жоғары ештеңе айтылмайды.",
			"Уақыты белгісіз, сондықтан ол туралы ештеңе айтылмайды.",
			"Бір-біріне жақын мәтіндердің ықтималдығы жоқ және 0-сатыдан ешқашан көтерілмейді.",
			"Осы сатыдан жоғары сөздер бұл нұсқада өшірілген.",
			"Бұл аккаунттардың көбінде басқа жазба жоққа тән, сондықтан салыстыратын өз тарихы жоқ.",
			"Барлық жазбаның уақыты бірдей, сондықтан олардың жақындығы туралы ештеңе айтылмайды.",
			"Мұны осы аккаунттардың әдеттегі белсенді сағаттары да түсіндіреді.",
			"Іріктемедегі салыстыруға келетін хабарламалар да осындай жақын.",
			"Жариялаудың күні ғана белгілі, сондықтан сағаттар мен минуттар туралы ештеңе айтылмайды.",
			"Бұл жазбаларда әдіс табатын ештеңе жоқ жерден де тым көп табады, сондықтан 1b-сатыдан жоғары ештеңе айтылмайды.",
		},
		cannot: [3]string{
			"Аккаунттарды кім жүргізетіні де емес.",
			"Мәтіндерді кім жаздырғаны да, біреудің сол үшін не алғаны да емес.",
			"Аккаунттардың артындағы адамдар өздері айтқандай адамдар ма, ол да емес. Жариялау уақыты мұның бірін де көрсетпейді; бұлай дейтін адам дереккөзін атауы керек, дереккөз бөлек көрсетіледі.",
		},
	},
}
