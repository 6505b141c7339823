package appeal

import (
	"slices"
	"strings"

	"github.com/arasha-org/arasha/casefile"
)

// draftWords are the words that a draft puts around the statements of a case,
// as printed where they were seen (docs/formats/appeal.md), else our own.
type draftWords struct {
	masthead, sender, short    string
	opening, openingUpdate     string // with {sender} and {in}
	lead, mission              string // with {of} and {country}
	recall, recalled           string // with {kind}, {code} and {date}; several codes are joined
	see, kept, seen, committed string // of a note
	after, and, including      string
	oneSource, manySources     string
	unsureOne, unsureMany      string // where one of them is not
	own                        string
	victims                    string // stands for the names in a clause; "" for the names
	titles                     map[string]string
}

var draftIn = map[string]draftWords{
	"en": {masthead: "URGENT APPEAL - THE OBSERVATORY", sender: "The Observatory for the Protection of Human Rights Defenders", short: "the Observatory",
		opening:       "{sender} requests your urgent intervention in the following situation {in}.",
		openingUpdate: "{sender} has received new information and requests your urgent intervention in the following situation {in}.",
		lead:          "Please write to the authorities {of} asking them to:",
		mission:       "Please also write to the diplomatic mission or embassy {of} located in your country.",
		recall:        "The Observatory wrote about this situation before: {before}.", recalled: "{code} of {date}",
		see: "See: ", kept: "copy kept: ", seen: "Seen by the Observatory.", committed: "Seen by the Observatory; commitment to it: ", after: "according to {who}, {date}", and: " and ", including: "{many}, including {named}",
		oneSource: "a reliable source", manySources: "reliable sources", unsureOne: "a source", unsureMany: "sources", own: "its own observation"},
	"fr": {masthead: "APPEL URGENT - L'OBSERVATOIRE", sender: "L'Observatoire pour la protection des défenseurs des droits de l'Homme", short: "l'Observatoire",
		opening:       "{sender} vous prie d'intervenir de toute urgence à propos de la situation suivante {in}.",
		openingUpdate: "{sender} a reçu de nouvelles informations et vous prie d'intervenir de toute urgence à propos de la situation suivante {in}.",
		lead:          "Merci d'écrire aux autorités {of} et de leur demander de :",
		mission:       "Prière d'écrire également aux représentations diplomatiques {of} dans votre pays.",
		recall:        "L'Observatoire est déjà intervenu sur cette situation : {before}.", recalled: "{code} du {date}",
		see: "Voir : ", kept: "copie conservée : ", seen: "Vu par l'Observatoire.", committed: "Vu par l'Observatoire ; engagement : ", after: "selon {who}, {date}", and: " et ", including: "{many}, dont {named}",
		oneSource: "une source fiable", manySources: "des sources fiables", unsureOne: "une source", unsureMany: "des sources", own: "sa propre observation",
		titles: map[string]string{"H.E.": "S.E.", "Mr.": "M.", "Ms.": "Mme", "Mrs.": "Mme", "Dr.": "Dr"}},
	"es": {masthead: "LLAMADO URGENTE - EL OBSERVATORIO", sender: "El Observatorio para la Protección de los Defensores de Derechos Humanos", short: "el Observatorio",
		opening:       "{sender} solicita su intervención urgente ante la siguiente situación {in}.",
		openingUpdate: "{sender} ha recibido nuevas informaciones y solicita su intervención urgente ante la siguiente situación {in}.",
		lead:          "Por favor, escriban a las autoridades {of} pidiéndoles:",
		mission:       "Por favor, escriban también a la misión diplomática o embajada {of} en su país.",
		recall:        "El Observatorio ya intervino sobre esta situación: {before}.", recalled: "{code} del {date}",
		see: "Véase: ", kept: "copia conservada: ", seen: "Visto por el Observatorio.", committed: "Visto por el Observatorio; compromiso criptográfico: ", after: "según {who}, {date}", and: " y ", including: "{many}, entre ellas {named}",
		oneSource: "una fuente fidedigna", manySources: "fuentes fidedignas", unsureOne: "una fuente", unsureMany: "fuentes", own: "su propia observación",
		titles: map[string]string{"H.E.": "S.E.", "Mr.": "Sr.", "Ms.": "Sra.", "Mrs.": "Sra.", "Dr.": "Dr."}},
	"ru": {masthead: "СРОЧНОЕ ОБРАЩЕНИЕ - ОБСЕРВАТОРИЯ", sender: "Обсерватория по защите прав правозащитников", short: "Обсерватория",
		opening:       "{sender} просит вашего срочного вмешательства в следующую ситуацию {in}.",
		openingUpdate: "{sender} получила новую информацию и просит вашего срочного вмешательства в следующую ситуацию {in}.",
		lead:          "Просим написать властям {of} с просьбой:",
		mission:       "Просим также написать в дипломатическое представительство или посольство {of} в вашей стране.",
		recall:        "Обсерватория уже обращалась по поводу этой ситуации: {before}.", recalled: "{code} от {date}",
		see: "См.: ", kept: "сохранённая копия: ", seen: "Есть в распоряжении Обсерватории.", committed: "Есть в распоряжении Обсерватории; криптографическое обязательство: ", after: "по сведениям: {who}, {date}", and: " и ", including: "{many}, в том числе {named}",
		oneSource: "достоверным источником", manySources: "достоверными источниками", unsureOne: "источником", unsureMany: "источниками", own: "собственным наблюдением", victims: "названных выше лиц",
		titles: map[string]string{"H.E.": "Е.П.", "Mr.": "г-н", "Ms.": "г-жа", "Mrs.": "г-жа", "Dr.": "д-р"}},
}

// DraftLanguages are the languages that [Draft] can write.
var DraftLanguages = []string{"en", "fr", "es", "ru"}

// CountryWords are the name of a country in the forms that a language needs.
type CountryWords struct {
	Name string // "Sarytau"
	In   string // "in Sarytau", "au Kazakhstan", "в Сарытау"
	Of   string // "of Sarytau", "du Kazakhstan", "Сарытау"
}

// CountryWordsFor returns the words for an ISO 3166-1 alpha-3 code. ok is
// false where the language has no name for it: the caller asks a person.
func CountryWordsFor(iso, lang string) (w CountryWords, ok bool) {
	name := countries()[iso][lang]
	if name == "" {
		return w, false
	}
	w.Name = name
	switch lang {
	case "fr":
		w.In, w.Of = frenchCountry(name)
	case "es":
		w.In, w.Of = "en "+name, "de "+name
	case "ru":
		w.In, w.Of = russianCountry(name)
	default:
		article := ""
		if slices.ContainsFunc([]string{"United", "Philippines", "Netherlands", "Bahamas", "Gambia", "Maldives", "Central African", "Comoros", "Dominican", "Solomon", "Marshall"}, func(p string) bool { return strings.HasPrefix(name, p) }) {
			article = "the "
		}
		w.In, w.Of = "in "+article+name, "of "+article+name
	}
	return w, true
}

// frenchCountry follows the rule of French grammars: feminine names and those
// that begin with a vowel take en and de, masculine ones au and du, plurals
// aux and des. Islands and cities among the States take à and de; the names that
// break the rule are listed.
func frenchCountry(name string) (in, of string) {
	first := []rune(name)[0]
	vowel := strings.ContainsRune("AEÉÈÎIOÔU", first) || name == "Haïti" // le Yémen, la Hongrie and le Honduras are not elided
	plural := func(p string) bool { return strings.HasPrefix(name, p) }
	switch {
	case slices.ContainsFunc([]string{"États", "Pays-Bas", "Philippines", "Maldives", "Émirats", "Seychelles", "Comores", "Bahamas", "Îles", "Fidji", "Palaos", "Samoa", "Tonga", "Nations"}, plural):
		return "aux " + name, "des " + name
	case slices.Contains([]string{"Cuba", "Chypre", "Malte", "Madagascar", "Maurice", "Bahreïn", "Singapour", "Djibouti", "Monaco", "Nauru", "Porto Rico", "Saint-Marin", "Saint-Christophe-et-Niévès", "Saint-Vincent-et-les-Grenadines", "Sainte-Lucie", "Sao Tomé-et-Principe", "Taïwan", "Trinité-et-Tobago"}, name):
		return "à " + name, "de " + name
	case strings.HasPrefix(name, "Territoires"):
		return "dans les " + name, "des " + name
	case slices.Contains([]string{"Barbade", "Dominique", "Grenade"}, name):
		return "à la " + name, "de la " + name
	case vowel:
		return "en " + name, "d'" + name
	case slices.Contains([]string{"Corée du Nord", "Corée du Sud", "Guinée-Bissau"}, name):
		return "en " + name, "de " + name
	case strings.HasSuffix(name, "e") && !slices.Contains([]string{"Mexique", "Cambodge", "Mozambique", "Zimbabwe", "Belize", "Suriname", "Congo-Brazzaville"}, name):
		return "en " + name, "de " + name
	}
	return "au " + name, "du " + name
}

// russianCountry puts a name of one word into the cases that follow в and the
// word for authorities; a longer name stays as it is, after a word that takes
// the case in its place.
func russianCountry(name string) (in, of string) {
	if strings.ContainsAny(name, " -(") {
		return "в стране: " + name, "государства " + name
	}
	r := []rune(name)
	cut := string(r[:len(r)-1])
	switch {
	case strings.HasSuffix(name, "ия"):
		return "в " + cut + "и", cut + "и"
	case strings.HasSuffix(name, "я"):
		return "в " + cut + "е", cut + "и"
	case strings.HasSuffix(name, "а"):
		return "в " + cut + "е", strings.TrimSuffix(name, "а") + genitiveA(name)
	case strings.HasSuffix(name, "ь"):
		return "в " + cut + "и", cut + "и"
	case strings.HasSuffix(name, "й"):
		return "в " + cut + "е", cut + "я"
	case strings.ContainsRune("оеёиуыэю", r[len(r)-1]):
		return "в " + name, name
	}
	return "в " + name + "е", name + "а"
}

// genitiveA is the ending of the genitive of a name in -а.
func genitiveA(name string) string {
	if r := []rune(name); len(r) > 1 && strings.ContainsRune("гкхжшщч", r[len(r)-2]) {
		return "и"
	}
	return "ы"
}

// labelWords are the labels that stand for a person who may not be named, by
// language: {o} is the organisation where one is known.
var labelWords = map[string]map[string]string{
	"en": {"member": "a member of the organisation", "defender": "a human rights defender", "organisation": "a human rights organisation", "lawyer": "a lawyer", "relative": "a relative", "witness": "a witness", "person": "a person", "child": "a child"},
	"fr": {"member": "un membre de l'organisation", "defender": "une personne défendant les droits humains", "organisation": "une organisation de défense des droits humains", "lawyer": "une personne exerçant la profession d'avocat", "relative": "un membre de la famille", "witness": "un témoin", "person": "une personne", "child": "un enfant"},
	"es": {"member": "un miembro de la organización", "defender": "una persona defensora de los derechos humanos", "organisation": "una organización de derechos humanos", "lawyer": "una persona que ejerce la abogacía", "relative": "un familiar", "witness": "un testigo", "person": "una persona", "child": "un menor de edad"},
	"ru": {"member": "один из сотрудников организации", "defender": "один из правозащитников", "organisation": "одна из правозащитных организаций", "lawyer": "один из адвокатов", "relative": "один из родственников", "witness": "один из свидетелей", "person": "один человек", "child": "один ребёнок"},
}

// LabelFor returns what stands for a person who may not be named: by rule,
// from the role in the case, so that nobody can be told from the choice of
// words.
func LabelFor(f *casefile.File, person casefile.ID, lang string) string {
	words, ok := labelWords[lang]
	if !ok {
		words = labelWords["en"]
	}
	p, _ := f.Person(person)
	role := ""
	for _, r := range f.Roles {
		if r.Person == person && (role == "" || r.Role == "victim") {
			role = r.Role
		}
	}
	switch {
	case p.Kind == casefile.Organisation:
		return words["organisation"]
	case p.Minor:
		return words["child"]
	case role == "lawyer" || role == "relative" || role == "witness":
		return words[role]
	case len(p.Affiliations) > 0:
		return words["member"]
	case p.Defender == "yes":
		return words["defender"]
	}
	return words["person"]
}

// SourceFormula returns how sources are printed, by rule and never by name
// save where the source agreed to be named. Protected sources are “reliable”
// only when each independent one is high or likely, and plural only when two
// are independent; with less, they are sources and no more.
func SourceFormula(f *casefile.File, s casefile.Statement, lang string) string {
	w := draftIn[lang]
	var named, groups []string
	protected, own, reliable := 0, false, true
	for _, id := range s.Sources {
		src, ok := f.Source(id)
		if !ok {
			continue
		}
		switch src.Formula {
		case "named", "organisation":
			if !slices.Contains(named, src.Printed) {
				named = append(named, src.Printed)
			}
		case "own-observation":
			own = true
		default:
			protected++
			reliable = reliable && (src.Reliability == "high" || src.Reliability == "likely")
			one := casefile.Statement{Sources: []casefile.ID{id}}
			for _, g := range f.Support(one).Groups {
				if !slices.Contains(groups, g) {
					groups = append(groups, g)
				}
			}
		}
	}
	many := ""
	switch several := len(groups) > 1; {
	case protected == 0:
	case reliable && several:
		many = w.manySources
	case reliable:
		many = w.oneSource
	case several:
		many = w.unsureMany
	default:
		many = w.unsureOne
	}
	who := joinAnd(named, w.and)
	if many != "" && who != "" {
		return strings.NewReplacer("{many}", many, "{named}", who).Replace(w.including)
	}
	if many == "" && who == "" && own {
		return w.own
	}
	return many + who
}

func joinAnd(list []string, and string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + and + list[len(list)-1]
}
