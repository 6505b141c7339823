package appeal

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cleanText reads the invented appeal that no rule may complain about.
func cleanText(t testing.TB, lang string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "check", "clean."+lang+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func importText(t testing.TB, text string) *Appeal {
	t.Helper()
	a, err := Import("appeal.txt", []byte(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// edit replaces each old text by the new one that follows it; old texts must
// be there.
func edit(t testing.TB, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the clean appeal does not hold %q", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

func lines(fs []Finding) string {
	var b strings.Builder
	for _, f := range fs {
		fmt.Fprintf(&b, "%s %s %s: %s → %s\n", f.Severity, f.Rule, f.Where, f.Message, f.Remedy)
	}
	return b.String()
}

func TestCheckClean(t *testing.T) {
	for _, lang := range []string{"en", "fr", "es", "ru"} {
		a := importText(t, cleanText(t, lang))
		if a.Language != lang || len(a.Actions) != 5 || len(a.Addressees) != 3 || len(a.Footnotes) < 2 {
			t.Fatalf("%s: the clean appeal is not read in full: %s, %d actions, %d addressees, %d notes", lang, a.Language, len(a.Actions), len(a.Addressees), len(a.Footnotes))
		}
		if fs := Check(a, CheckOptions{}); len(fs) > 0 {
			t.Errorf("%s: Check of a clean appeal complains:\n%s", lang, lines(fs))
		}
		for _, other := range []string{"en", "fr", "es", "ru"} {
			b := importText(t, cleanText(t, other))
			if fs := Check(a, CheckOptions{With: b}); len(fs) > 0 {
				t.Errorf("%s with %s: Check of two clean languages complains:\n%s", lang, other, lines(fs))
			}
		}
	}
}

// A fault is one edit of a clean appeal. want is the one rule that must
// speak, "" for an edit that is no fault; word must be in the message or
// remedy.
type fault struct {
	name, lang string
	edits      []string
	want, word string
}

const (
	enFacts = "Mr. Belgibek was detained on March 4, 2021 and released on March 6, 2021 after signing a pledge not to leave the city."
	enPoint = "Ms. Sarmanova was charged under Article 274"
	enLast  = "The Observatory strongly condemns"
	frLast  = "L'Observatoire condamne fermement"
	esLast  = "El Observatorio condena enérgicamente"
	ruLast  = "Обсерватория решительно осуждает"
)

func before(anchor, sentence string) []string { return []string{anchor, sentence + " " + anchor} }

var faults = []fault{
	{"a wrong month", "en", []string{"0321", "0121"}, "code-date", "0321"},
	{"no month", "en", []string{"0321", "1321"}, "code-date", "no month"},
	{"an old alias", "en", []string{"KAZ 002", "KZA 002"}, "code-form", "not an ISO"},
	{"another country", "en", []string{"KAZ 002", "KGZ 002"}, "code-form", "about Kazakhstan"},
	{"two digits", "en", []string{"KAZ 002", "KAZ 02"}, "code-form", "three digits"},
	{"tracking", "en", []string{"reports/accounts", "reports/accounts?utm_source=mail&id=7"}, "tracking-link", "id=7"},
	{"fbclid in French", "fr", []string{"reports/accounts", "reports/accounts?fbclid=IwAR0abc"}, "tracking-link", "fbclid"},
	{"a real parameter", "en", []string{"reports/accounts", "reports/accounts?id=7"}, "", ""},
	{"a search", "en", []string{"https://steppe-media.example/reports/accounts", "https://www.google.com/search?q=steppe+media&sxsrf=ALeKk0&client=ubuntu"}, "search-link", "session"},
	{"a search by Yandex", "ru", []string{"https://steppe-media.example/reports/accounts", "https://yandex.ru/search/?text=steppe"}, "search-link", "search results"},
	{"a digit too many", "en", []string{"+41 22 788 66 00", "+41 22 788 66 000"}, "phone-format", "digit"},
	{"no country code", "en", []string{"+7 71 72 72 20 11", "8 (7172) 72-20-11"}, "phone-format", "+7 7172722011"},
	{"brackets and spaces", "en", []string{"+7 71 72 72 20 11", "(+7) 7172 722011"}, "", ""},
	{"two dots", "en", []string{"office@prokuror.example", "off..ice@prokuror.example"}, "email-format", "two full stops"},
	{"an e-mail without a domain", "en", []string{"office@prokuror.example", "office@prokuror"}, "email-format", "office@prokuror"},
	{"two at signs", "en", []string{"office@prokuror.example", "office@@prokuror.example"}, "email-format", "exactly one @"},
	{"a space", "en", []string{"office@prokuror.example", "office@ prokuror.example"}, "email-format", "space"},
	{"no channel", "en", []string{", Email: reception@mvd.example, Phone: +7 71 72 72 20 11", ""}, "channel-missing", "Omarbek"},
	{"a fax only", "en", []string{"Email: office@prokuror.example, ", ""}, "channel-missing", "Erkin"},
	{"a note that is not there", "en", []string{"2 See the report of Steppe Media, March 1, 2021: https://steppe-media.example/reports/accounts\n", ""}, "footnote-unresolved", "2"},
	{"a note nobody cites", "fr", []string{"régionale.2", "régionale."}, "footnote-unused", "2"},
	{"31 June", "en", before(enLast, "On June 31, 2020, the office was closed."), "date-impossible", "June 31"},
	{"31 June without a year", "en", before(enLast, "Her office was closed on 31 June by the police."), "date-impossible", "31 June"},
	{"31 juin", "fr", before(frLast, "Le 31 juin 2020, son bureau a été fermé."), "date-impossible", "31 juin"},
	{"31 de junio", "es", before(esLast, "El 31 de junio de 2020 su oficina fue cerrada."), "date-impossible", "31 de junio"},
	{"31 июня", "ru", before(ruLast, "31 июня 2020 г. ее офис был закрыт."), "date-impossible", "31 июня"},
	{"29 February of a common year", "en", before(enLast, "On February 29, 2019, her office was searched."), "date-impossible", "February 29"},
	{"29 February of a leap year", "en", before(enLast, "On February 29, 2020, her office was searched."), "", ""},
	{"after the document", "en", []string{"on March 3, 2021, Ms.", "on May 3, 2021, Ms."}, "date-impossible", "3 May 2021"},
	{"after the document, Russian", "ru", []string{"3 марта 2021 г. г-жа", "3 мая 2021 г. г-жа"}, "date-impossible", "3 May 2021"},
	{"still to come", "en", before(enLast, "The trial will open on June 3, 2021."), "", ""},
	{"a term", "fr", before(frLast, "Elle est détenue jusqu'au 3 juin 2021."), "", ""},
	{"a wrong weekday", "en", before(enLast, "On Monday, March 2, 2021, her office was searched."), "date-impossible", "Tuesday"},
	{"a right weekday", "en", before(enLast, "On Tuesday, March 2, 2021, her office was searched."), "", ""},
	{"released before arrested", "en", []string{"released on March 6, 2021", "released on March 2, 2021"}, "date-order", "before the arrest"},
	{"libéré avant", "fr", []string{"libéré le 6 mars 2021", "libéré le 2 mars 2021"}, "date-order", ""},
	{"liberado antes", "es", []string{"liberado el 6 de marzo", "liberado el 2 de marzo"}, "date-order", ""},
	{"освобожден раньше", "ru", []string{"освобожден 6 марта", "освобожден 2 марта"}, "date-order", ""},
	{"an earlier arrest", "en", before(enPoint, "He had previously been released on January 6, 2021."), "", ""},
	{"arrested again", "en", []string{enFacts, "Mr. Belgibek was released on March 4, 2021 and arrested again on March 6, 2021."}, "", ""},
	{"two spellings", "en", before(enLast, "Ms. Sarmonova is a widely respected lawyer."), "", ""}, // one vowel and no given name: perhaps another person
	{"two spellings of one sound", "en", before(enLast, "Ms. Aizere Sarmanowa is a widely respected lawyer."), "person-name-variants", "Sarmanowa"},
	{"y and i", "en", before(enLast, "Mr. Tymur Belgibek is a widely respected journalist."), "person-name-variants", "Tymur"},
	{"one letter, same given name", "en", before(enLast, "Ms. Aizere Sarmonova is a widely respected lawyer."), "person-name-variants", "Sarmonova"},
	{"in two scripts, alike", "en", before(enLast, "Ms. Aizere Sarmanova (Айзере Сарманова) is a lawyer."), "", ""},
	{"in two scripts, different", "en", before(enLast, "Ms. Aizere Sarmanova (Айзере Сармонова) is a lawyer."), "person-name-variants", "Сармонова"},
	{"accents", "es", before(esLast, "El Sr. Tímur Belgibek es periodista."), "person-name-variants", "Tímur"},
	{"bent names", "ru", before(ruLast, "Г-же Айзере Сармановой и г-ну Тимуру Бельгибеку угрожали."), "", ""},
	{"brother and sister", "en", before(enLast, "Her brother, Mr. Askar Sarmanov, was threatened."), "", ""},
	{"not ratified", "en", []string{"KAZ 002", "CHN 002", "\nKazakhstan\n", "\nChina\n", "situation in Kazakhstan", "situation in China", ", ratified by Kazakhstan in 2006,", ""}, "instrument-not-ratified", "CHN has not ratified"},
	{"asked to ratify", "en", []string{"ratified by Kazakhstan in 2006, protect", "ratified by Kazakhstan in 2006, protect"}, "", ""},
	{"a wrong year", "en", []string{"ratified by Kazakhstan in 2006", "ratified by Kazakhstan in 1999"}, "instrument-not-ratified", "2006"},
	{"no such article", "en", []string{"Articles 9, 19 and 22 of the International", "Articles 9, 19 and 72 of the International"}, "article-unknown", "72"},
	{"no such article of its", "en", []string{"its Articles 1 and 12", "its Articles 1 and 21"}, "article-unknown", "21"},
	{"article inconnu", "fr", []string{"articles 9, 19 et 22", "articles 9, 19 et 60"}, "article-unknown", "60"},
	{"artículo desconocido", "es", []string{"artículos 9, 19 y 22", "artículos 9, 19 y 60"}, "article-unknown", "60"},
	{"нет такой статьи", "ru", []string{"статьи 9, 19 и 22", "статьи 9, 19 и 60"}, "article-unknown", "60"},
	{"a paragraph", "en", []string{"Articles 9, 19 and 22 of the International", "Articles 9(4), 14.3 and 22 of the International"}, "", ""},
	{"an emergency", "en", before(enLast, "A state of emergency was declared on March 1, 2021."), "derogation", "article 4"},
	{"état d'urgence", "fr", before(frLast, "L'état d'urgence est en vigueur depuis le 1er mars 2021."), "derogation", "19"},
	{"чрезвычайное положение", "ru", before(ruLast, "В стране введено чрезвычайное положение."), "derogation", "article 4"},
	{"an emergency and article 4", "en", before(enLast, "A state of emergency was declared on March 1, 2021, and no derogation under Article 4 of the ICCPR was notified."), "", ""},
	{"no requests", "en", []string{"iii. Guarantee in all circumstances the physical", "iv. Guarantee in all circumstances the physical", "iv. Comply", "v. Comply", "v. Ensure", "vi. Ensure"}, "action-missing", "3"},
	{"a child", "en", before(enLast, "Her 12-year-old son was questioned for three hours."), "minor-or-address-detail", "12"},
	{"a child by name", "en", before(enLast, "Her daughter Ainura, aged 9, was followed to school."), "minor-or-address-detail", "name"},
	{"un enfant", "fr", before(frLast, "Sa fille, âgée de 9 ans, a été suivie."), "minor-or-address-detail", "9"},
	{"un niño", "es", before(esLast, "Su hijo de 9 años fue seguido por desconocidos."), "minor-or-address-detail", "9"},
	{"ребенок", "ru", before(ruLast, "Ее 9-летний сын был допрошен."), "minor-or-address-detail", "9"},
	{"a home", "en", before(enLast, "She lives at 14 Abai Street, apartment 7, and fears for her safety."), "minor-or-address-detail", "lives"},
	{"a passport", "en", before(enLast, "Her passport number N01234567 was published."), "minor-or-address-detail", "papers"},
	{"years of work", "fr", before(frLast, "Elle a été condamnée à une peine de 12 ans de prison en 2001."), "", ""},
	{"a twelve-year sentence", "ru", before(ruLast, "Его приговорили к лишению свободы на 12 лет."), "", ""},
	{"who pays", "en", before(enLast, "The website is funded by the Ministry of Information."), "attribution-unsupported", "pays"},
	{"who orders", "en", before(enLast, "The smear campaign was ordered by the presidential administration."), "attribution-unsupported", "orders"},
	{"who runs", "en", before(enLast, "These accounts are operated by the security services."), "attribution-unsupported", "runs"},
	{"who owns", "en", before(enLast, "The newspaper that published the attacks is owned by a government minister."), "attribution-unsupported", "owns"},
	{"who pays, fr", "fr", before(frLast, "Le site est financé par le ministère de l'Information."), "attribution-unsupported", "pays"},
	{"who pays, es", "es", before(esLast, "El portal es financiado por el Ministerio de Información."), "attribution-unsupported", "pays"},
	{"who pays, ru", "ru", before(ruLast, "Сайт финансируется государством."), "attribution-unsupported", "pays"},
	{"who orders, ru", "ru", before(ruLast, "Кампания была заказана правительством."), "attribution-unsupported", "orders"},
	{"only a definition", "en", []string{"the accounts are operated by a company that received funds from the regional administration.", "and the posts came from the owners of a troll factory.", "According to an investigation by Steppe Media, ", "According to the information received, ",
		"See the report of Steppe Media, March 1, 2021: https://steppe-media.example/reports/accounts", "An organisation set up to publish many messages. See https://dictionary.cambridge.org/dictionary/english/troll-factory"}, "attribution-unsupported", "note 2"},
	{"a court orders", "en", before(enLast, "The search of the office was ordered by the court."), "", ""},
	{"foreign donors", "en", before(enLast, "The posts focused on the fact that the organisation receives funding from foreign donors."), "", ""},
	{"a named source", "en", []string{"administration.2", "administration.2 According to an audit published by the Ministry of Finance, the website is funded by the State."}, "", ""},
	{"fake accounts", "en", before(enLast, "Many fake accounts repeated the text."), "wording-ladder", "fake accounts"},
	{"bots", "es", before(esLast, "Decenas de cuentas falsas repitieron el texto."), "wording-ladder", "cuentas falsas"},
	{"faux comptes", "fr", before(frLast, "De nombreux faux comptes ont répété le texte."), "wording-ladder", "faux comptes"},
	{"тролли", "ru", before(ruLast, "Текст повторили тролли и боты."), "wording-ladder", "тролли"},
	{"fake news", "en", before(enLast, "She was charged with spreading fake news."), "", ""},
	{"the insult", "en", before(enLast, "The posts accused her of being a foreign bot."), "", ""},
	{"a source given away", "en", []string{"by reliable sources about", "by reliable sources1 about", "(OSLC)1", "(OSLC)", "1 OSLC is a member", "1 Interview with the brother of the lawyer. OSLC is a member"}, "source-formula-contradicted", "protects"},
	{"sources fiables et leur nom", "fr", []string{"sources fiables de la", "sources fiables1 de la", "(OSLC)1", "(OSLC)", "1 L'OSLC est une organisation membre du Réseau d'Asie centrale des avocats.", "1 Voir : https://steppe-media.example/reports/accounts"}, "source-formula-contradicted", "steppe-media"},
	{"a slip", "en", []string{"reports on labour rights", "reports on labuor rights"}, "spelling", "labour"},
	{"American", "en", before(enLast, "The organization criticized the labor program and honored its defense lawyers."), "", ""},
	{"British", "en", before(enLast, "The organisation criticised the labour programme and honoured its defence lawyers."), "", ""},
	{"a slip in Russian", "ru", []string{"неправительственной", "неправительственой"}, "spelling", "неправительственной"},
	{"foreign words", "en", before(enLast, "She wrote “les droits humains sont universels et doivent être protégés”."), "", ""},
	{"two dates", "en", []string{"Paris-Geneva, March 18, 2021", "Paris-Geneva, March 17, 2021"}, "date-order", "sign-off"},
}

func TestCheckFaults(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			a := importText(t, edit(t, cleanText(t, f.lang), f.edits...))
			fs := Check(a, CheckOptions{})
			if f.want == "" {
				if len(fs) > 0 {
					t.Errorf("Check complains about what is right:\n%s", lines(fs))
				}
				return
			}
			seen[f.want] = true
			i := slices.IndexFunc(fs, func(x Finding) bool {
				return x.Rule == f.want && (strings.Contains(x.Message, f.word) || strings.Contains(x.Remedy, f.word))
			})
			if i < 0 {
				t.Errorf("Check does not report %s with %q:\n%s", f.want, f.word, lines(fs))
			}
			for _, x := range fs {
				if x.Rule != f.want {
					t.Errorf("Check also reports %s: %s", x.Rule, x.Message)
				}
				if x.Where == "" || x.Message == "" || x.Remedy == "" {
					t.Errorf("a finding lacks place, message or remedy: %+v", x)
				}
			}
		})
	}
	for _, r := range checkRules {
		if !seen[r.Name] && r.Name != "language-drift" && r.Name != "file-metadata" && !slices.Contains(rulesOfTheCase, r.Name) {
			t.Errorf("no fault shows the rule %s", r.Name)
		}
	}
}

func TestCheckDrift(t *testing.T) {
	for _, c := range []struct {
		name, lang string
		edits      []string
		rule, word string
	}{
		{"an action lost", "fr", []string{"iii. Garantir en toutes circonstances l'intégrité physique et psychologique de Mme Aizere Sarmanova, y compris les soins médicaux ;\n\n", "", "iv. Se", "iii. Se", "v. Garantir", "iv. Garantir"}, "language-drift", "iii. “Guarantee"},
		{"an action lost in Russian", "ru", []string{"iv. Соблюдать положения Декларации ООН о правозащитниках, принятой Генеральной Ассамблеей 9 декабря 1998 г., в частности ее статьи 1 и 12;\n\n", "", "v. Обеспечить", "iv. Обеспечить"}, "language-drift", "iv. “Comply"},
		{"the last action lost", "es", []string{"v. Garantizar en toda circunstancia el respeto de los derechos humanos y las libertades fundamentales de conformidad con los instrumentos internacionales ratificados por Kazajistán.\n\n", ""}, "language-drift", "v. “Ensure"},
		{"a number", "fr", []string{"41 comptes", "14 comptes"}, "language-drift", "41"},
		{"a date", "es", []string{"el 5 de marzo de 2021", "el 7 de marzo de 2021"}, "language-drift", "5 March 2021"},
		{"a name", "ru", []string{"г-на Тимура Бельгибека, журналиста", "одного журналиста", "Г-н Бельгибек", "Этот журналист", "г-на Тимура Бельгибека и", ""}, "language-drift", "Belgibek"},
		{"another spelling", "ru", []string{"г-на Тимура Бельгибека, журналиста", "г-на Тимура Бельгибака, журналиста", "Г-н Бельгибек", "Г-н Бельгибак", "г-на Тимура Бельгибека и", "г-на Тимура Бельгибака и"}, "person-name-variants", "Belgibek"},
		{"a code", "fr", []string{"OBS 031", "OBS 013"}, "language-drift", "OBS 013"},
		{"an addressee", "es", []string{"• Sra. Saltanat Erkin, Fiscal General, Correo electrónico: office@prokuror.example, Fax: +7 71 72 71 26 20\n", ""}, "language-drift", "Erkin"},
		{"a channel", "fr", []string{"office@prokuror.example", "bureau@prokuror.example"}, "language-drift", "office@prokuror.example"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := importText(t, cleanText(t, "en"))
			b := importText(t, edit(t, cleanText(t, c.lang), c.edits...))
			for _, pair := range [][2]*Appeal{{a, b}, {b, a}} {
				fs := Check(pair[0], CheckOptions{With: pair[1]})
				if !slices.ContainsFunc(fs, func(f Finding) bool { return f.Rule == c.rule && strings.Contains(f.Message, c.word) }) {
					t.Errorf("Check does not report %s with %q:\n%s", c.rule, c.word, lines(fs))
				}
				if len(fs) > 4 {
					t.Errorf("one change gives %d findings:\n%s", len(fs), lines(fs))
				}
			}
		})
	}
}

func TestCheckFile(t *testing.T) {
	a := importText(t, cleanText(t, "en"))
	a.File = &FileInfo{Format: "docx", Properties: map[string]string{"creator": "Marta Example", "application": "Microsoft Office Word", "title": "Appeal"}, TrackedChanges: 3, Comments: 1}
	var got []string
	for _, f := range Check(a, CheckOptions{}) {
		got = append(got, f.Rule+": "+f.Message)
	}
	want := []string{
		"file-metadata: the DOCX file names a person or a computer: creator is “Marta Example”",
		"file-metadata: the file keeps 3 tracked changes: who deletes what stays readable",
		"file-metadata: the file carries 1 comment",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Check of a file with properties (-want +got):\n%s", d)
	}
}

// TestCheckFileOfDOCX: what a word processor leaves in a file is found.
func TestCheckFileOfDOCX(t *testing.T) {
	a, err := Import("appeal.docx", inventedDOCX(t, 1), Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := lines(Check(a, CheckOptions{}))
	for _, want := range []string{"Somebody Real", "tracked change", "1 comment"} {
		if !strings.Contains(got, want) {
			t.Errorf("Check of a DOCX does not tell of %q:\n%s", want, got)
		}
	}
}

// TestCheckEveryLostRequest: whichever request one language loses, the check
// names it, for each pair of the four languages.
func TestCheckEveryLostRequest(t *testing.T) {
	for _, from := range []string{"en", "fr", "es", "ru"} {
		a := importText(t, cleanText(t, from))
		for _, to := range []string{"en", "fr", "es", "ru"} {
			for n := range a.Actions {
				b := importText(t, cleanText(t, to))
				b.Actions = slices.Delete(b.Actions, n, n+1)
				var got []string
				for _, f := range Check(a, CheckOptions{With: b}) {
					if f.Rule == "language-drift" && strings.HasPrefix(f.Where, "actions") && strings.Contains(f.Message, "requests") {
						got = append(got, f.Where)
					}
				}
				if want := []string{placeOf("actions", n)}; !slices.Equal(got, want) {
					t.Errorf("%s against %s without request %d: Check names %v, want %v", from, to, n+1, got, want)
				}
			}
		}
	}
}

// TestCheckSeed: the real appeal of 2020 gives the complaints it deserves,
// and no noise.
func TestCheckSeed(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(realData(t), "seed-kaz-001-0120-obs-050.en.txt"))
	if err != nil {
		t.Fatal(err)
	}
	fs := Check(importText(t, string(data)), CheckOptions{})
	var got []string
	for _, f := range fs {
		got = append(got, f.Severity+" "+f.Rule+" "+f.Where)
	}
	want := []string{
		"error attribution-unsupported sections[1]",
		"error attribution-unsupported sections[1]",
		"warning code-date code",
		"warning search-link links[1]",
		"warning tracking-link footnotes[2]",
		"warning phone-format addressees[4].phone[0]",
		"warning wording-ladder sections[1]",
		"warning person-name-variants sections[1]",
		"warning spelling sections[1]",
		"note source-formula-contradicted sections[1]",
		"note channel-missing addressees[0]",
		"note derogation sections[1]",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("Check of the real appeal (-want +got):\n%s\n%s", d, lines(fs))
	}
	if !strings.Contains(fs[2].Message+fs[2].Remedy, "0520") {
		t.Errorf("code-date says %q, want 0520 proposed", fs[2])
	}
}

func FuzzCheck(f *testing.F) {
	for _, lang := range []string{"en", "fr", "es", "ru"} {
		f.Add(cleanText(f, lang), "")
	}
	f.Add("KAZ 1/1320/OBS 0\n31 June 2020[^9] reliable sources[^0] aged 3 +999\nArticle 99999999999999999999 of the ICCPR", "Actions requested:\nxlviii. x;\n• +7 @ ..@")
	f.Fuzz(func(t *testing.T, s, other string) {
		if len(s)+len(other) > 20000 {
			return
		}
		a, err := Import("a.txt", []byte(s), Options{})
		if err != nil {
			return
		}
		o := CheckOptions{}
		if b, err := Import("b.txt", []byte(other), Options{}); err == nil {
			o.With = b
		}
		one, two := Check(a, o), Check(a, o)
		if d := cmp.Diff(one, two); d != "" {
			t.Errorf("two checks differ:\n%s", d)
		}
		for _, x := range one {
			if !slices.ContainsFunc(checkRules, func(r checkRule) bool { return r.Name == x.Rule }) {
				t.Errorf("rule %q is not in the table", x.Rule)
			}
		}
	})
}
