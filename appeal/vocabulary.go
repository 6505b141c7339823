package appeal

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/internal/lazyre"
)

// violationForms are printed forms beside the labels of the vocabulary:
// plurals, glued pairs and the wordings of partners.
var violationForms = sync.OnceValue(func() map[string][]string {
	return map[string][]string{
		"smear_campaign":         {"smear campaigns", "campagnes de diffamation", "campagne de dénigrement", "campañas de desprestigio", "campaña de difamación", "campaña de desprestigio y criminalización en redes sociales y medios", "кампания по дискредитации", "karalama kampanyası"},
		"attacks":                {"attack", "attaque", "ataque", "атаки", "атака", "нападение", "saldırı", "saldırılar"},
		"harassment":             {"acts of harassment", "actes de harcèlement", "actos de hostigamiento", "acoso", "домогательство", "домогательства", "притеснения", "taciz", "continuing harassment", "serious acts of harassment"},
		"judicial_harassment":    {"ongoing judicial harassment", "continued judicial harassment", "acoso judicial", "судебные преследования", "yargısal taciz", "yargı tacizi"},
		"arbitrary_arrest":       {"arbitrary arrests", "arrestations arbitraires", "arresto arbitrario", "arrestos arbitrarios", "произвольные аресты", "keyfi gözaltı", "arrest"},
		"arbitrary_detention":    {"arbitrary detentions", "ongoing arbitrary detention", "continued arbitrary detention", "détentions arbitraires", "detenciones arbitrarias", "произвольные задержания", "произвольное лишение свободы", "keyfi tutukluluk", "keyfi tutuklamalar"},
		"enforced_disappearance": {"forced disappearance", "enforced disappearances", "disparitions forcées", "desapariciones forzadas", "zorla kaybetme"},
		"abduction":              {"kidnapping", "abductions", "enlèvements", "secuestros"},
		"death_threats":          {"death threat", "menace de mort", "amenaza de muerte", "ölüm tehditleri", "ölüm tehdidi", "угроза убийством"},
		"threats":                {"threat", "menace", "menaces graves", "amenaza", "tehdit", "tehditler"},
		"intimidation":           {"intimidation", "intimidations", "intimidación", "yıldırma", "acts of intimidations"},
		"surveillance":           {"seguimiento", "seguimientos", "filatures", "слежка", "takip"},
		"killing":                {"assassination", "murder", "asesinatos", "cinayet"},
		"torture":                {"işkence"},
		"ill_treatment":          {"ill treatment", "mauvais traitement", "maltrato", "kötü muamele"},
		"search_and_seizure":     {"search", "searches", "searches and seizure", "search and seizures", "raid", "raids", "office raid", "police raid", "perquisitions", "allanamientos", "allanamiento ilegal", "обыск", "обыски", "arama"},
		"confiscation":           {"confiscation", "confiscation of materials", "изъятие"},
		"privacy":                {"violation of privacy", "invasion de la vie privée"},
		"association":            {"obstacles to freedom of association", "restrictions to freedom of association", "restrictions on freedom of association"},
		"assembly":               {"restrictions to freedom of assembly", "restrictions on freedom of assembly", "obstacle to freedom of peaceful assembly", "obstacles to freedom of assembly", "restrictions to freedom of peaceful assembly", "entraves à la liberté de réunion"},
		"expression":             {"obstacles to freedom of expression", "restrictions to freedom of expression", "restrictions on freedom of expression", "entraves à la liberté d'expression"},
		"movement":               {"travel ban", "travel bans", "restriction of movement", "interdiction de voyager", "prohibición de salida del país", "seyahat yasağı", "запрет на поездки"},
		"sentencing":             {"sentence to prison", "sentence", "conviction", "condamnations", "mahkumiyet"},
		"release":                {"releases", "libérations", "liberaciones", "serbest bırakma", "tahliye", "conditional release", "release on bail", "provisional release", "libération provisoire", "libération conditionnelle", "libération sous caution", "libertad provisional", "libertad condicional"},
		"acquittal":              {"acquittals", "beraat"},
	}
})

var violationKeys = sync.OnceValue(func() map[string]string {
	// In Spanish one label stands for arrest and detention.
	m := map[string]string{labelKey("detención arbitraria"): "arbitrary_detention"}
	for _, t := range casefile.Vocabulary() {
		for _, l := range languages {
			k := labelKey(t.Labels[l])
			if _, taken := m[k]; k != "" && !taken {
				m[k] = t.Key
			}
		}
	}
	for key, forms := range violationForms() {
		for _, f := range forms {
			if _, taken := m[labelKey(f)]; !taken {
				m[labelKey(f)] = key
			}
		}
	}
	return m
})

// labelKey makes printed labels comparable: lower case, letters only, so that
// glued words, hyphens and quotes do not count.
func labelKey(s string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		if unicode.IsLetter(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// ViolationKey returns the key of the vocabulary for a printed label in any
// language; ok is false when the label is not mapped. Case, spaces and glued
// words do not count. A label that two types share goes to the first of the
// table, save for the Spanish "Detención arbitraria", which is detention.
func ViolationKey(label string) (key string, ok bool) {
	if key, ok = violationKeys()[labelKey(label)]; ok {
		return key, true
	}
	if m := ongoing.FindString(label); m != "" {
		key, ok = violationKeys()[labelKey(label[len(m):])]
	}
	return key, ok
}

// ongoing are words before a label that do not change what was done.
var ongoing = lazyre.New(`(?i)^(?:(?:on-?going|continued|continuing|repeated|serious|new|acts? of|actes? de|actes d['’]|actos? de|акты|poursuite d[eu]|poursuite de la|nouvelle|nouveaux?|nuevas?|nuevos?|reiterad[oa]s?|продолжающ\p{L}+|devam eden)\s*)+`)
