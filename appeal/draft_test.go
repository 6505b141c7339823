package appeal

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/names"
)

var issued = time.Date(2031, 5, 11, 8, 0, 0, 0, time.UTC)

// sarytau is an invented case as rich as a real one.
func sarytau(t testing.TB) *casefile.File {
	t.Helper()
	b, err := os.ReadFile("testdata/case/sarytau.json")
	if err != nil {
		t.Fatal(err)
	}
	var f casefile.File
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	return &f
}

var sarytauWords = map[string]CountryWords{
	"en": {"Sarytau", "in Sarytau", "of Sarytau"}, "fr": {"Sarytau", "au Sarytau", "du Sarytau"},
	"es": {"Sarytau", "en Sarytau", "de Sarytau"}, "ru": {"Сарытау", "в Сарытау", "Сарытау"},
}

// shelf is what the evidence room knows of the items of the case.
func shelf(c casefile.Cite) (Cited, bool) {
	for name, item := range map[string]Cited{
		"gazette": {Link: "https://gazette.example/2031/04/08"}, "statement of qanat": {Title: "Qanat", Link: "https://qanat.example/do-not-pass"},
		"decree": {Link: "https://gazette.example/2031/03/15"}, "court": {Link: "https://court.example/274"}, "summons": {Link: "https://qanat.example/summons"},
		"charge": {Link: "https://news.example/charge"}, "arrest": {Link: "https://news.example/arrest"}, "register": {Link: "https://register.example/tan"},
		"network": {Link: "https://steppe.example/members"}, "senate": {Link: "https://senate.example/bills"}, "rapporteur": {Link: "https://un.example/rapporteur"},
		"report": {Title: "Report on 34 accounts"}, "call note": {Sealed: true},
	} {
		if evidence.Of([]byte(name)) == c.Ref {
			return item, true
		}
	}
	return Cited{}, false
}

func draftOf(t testing.TB, f *casefile.File, lang string, change ...func(*DraftOptions)) *Drafted {
	t.Helper()
	o := DraftOptions{Language: lang, Audience: casefile.ForPublic, Now: issued, Country: sarytauWords[lang], Cited: shelf}
	for _, c := range change {
		c(&o)
	}
	d, err := Draft(f, o)
	if err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	return d
}

// The whole text of the appeal comes out of the case, in four languages.
func TestDraftGolden(t *testing.T) {
	f := sarytau(t)
	for _, lang := range DraftLanguages {
		d := draftOf(t, f, lang)
		b, err := d.Appeal.plainText(Form{})
		if err != nil {
			t.Fatal(err)
		}
		file := "testdata/case/sarytau." + lang + ".txt"
		if *update {
			if err := os.WriteFile(file, b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("%v (write it with -update and read it)", err)
		}
		if d := cmp.Diff(string(want), string(b)); d != "" {
			t.Errorf("%s (-want +got):\n%s", file, d)
		}
		if len(d.Notes)+len(d.Untold)+len(d.Withheld) > 0 {
			t.Errorf("%s: %q, untold %v, withheld %v", lang, d.Notes, d.Untold, d.Withheld)
		}
		again := draftOf(t, f, lang)
		if again.Appeal.Hash() != d.Appeal.Hash() {
			t.Errorf("%s: the same case gave two texts", lang)
		}
		if tr := d.Appeal.Translation; (tr == nil) != (lang == "en") || tr != nil && (tr.Of != "en" || tr.State != Translated) {
			t.Errorf("%s: translation %+v", lang, tr)
		}
	}
}

// Promise 1: a draft with a sentence without its ground is refused, with the
// sentence named; for every kind and wherever it stands.
func TestDraftRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(f *casefile.File)
		says   string
	}{
		{"a fact that cites nothing", func(f *casefile.File) { statement(f, 8).Cites = nil }, "statement 8: the sentence “Since the announcement"},
		{"an allegation that cites nothing", func(f *casefile.File) { statement(f, 12).Cites = nil }, "statement 12: the sentence"},
		{"an allegation of nobody", func(f *casefile.File) { statement(f, 12).Sources = nil }, "of nobody"},
		{"an assessment that rests on nothing", func(f *casefile.File) { statement(f, 16).Rests = nil }, "statement 16: the sentence “The Observatory strongly"},
		{"a law that cites nothing", func(f *casefile.File) { statement(f, 14).Clause = "" }, "statement 14"},
		{"a note that cites nothing", func(f *casefile.File) { statement(f, 40).Cites = nil }, "statement 40: the sentence “{2} is a member"},
		{"a clause that is not in the library", func(f *casefile.File) { statement(f, 22).Clause = "apologise" }, "statement 22"},
		{"a slot that leads nowhere", func(f *casefile.File) { statement(f, 8).Text[0].Text = "{99} was there." }, "statement 8, en: the slot {99}"},
		{"a note with a slot that leads nowhere", func(f *casefile.File) { statement(f, 40).Text[0].Text = "{99} is a member." }, "statement 40, en: the slot {99}"},
		{"who says it, in a note", func(f *casefile.File) {
			f.Attributes = append(f.Attributes, casefile.Attribute{ID: 77})
			statement(f, 40).Text[0].Text = "The outlet is owned by the State, {attribute 77}."
		}, "which has no notes of its own for {attribute 77}"},
		{"a brace", func(f *casefile.File) { statement(f, 8).Text[0].Text = "{nobody} was there." }, "a brace that is no slot"},
		{"a private user", func(f *casefile.File) { f.Accounts[0].Kind = casefile.PrivateUser }, "private user"},
		{"a natural person by one source", func(f *casefile.File) { f.Accounts[0].Kind = casefile.PublicAccount }, "second, independent source"},
		{"a sensitive fact without its consent", func(f *casefile.File) { statement(f, 10).Sensitive = []string{"health"} }, "statement 10: the sentence"},
		{"a name in the words themselves", func(f *casefile.File) {
			f.Consents = nil
			statement(f, 8).Text[0].Text = "The flat of A. Sarsenova was searched."
		}, "statement 8: the sentence names person 1 in its own words"},
		{"a name in a label", func(f *casefile.File) {
			f.Consents = nil
			statement(f, 8).Text[0].Text = "{1|She|a colleague of Aigul Sarsenova} was searched."
		}, "names person 1"},
	} {
		f := sarytau(t)
		c.change(f)
		_, err := Draft(f, DraftOptions{Language: "en", Audience: casefile.ForPublic, Now: issued, Country: sarytauWords["en"], Cited: shelf})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
	for name, change := range map[string]func(f *casefile.File){
		"nobody decided": func(f *casefile.File) { f.Decisions = nil },
		"closed letter":  func(f *casefile.File) { f.Decisions[0].Choice = casefile.ClosedLetter },
		"stop":           func(f *casefile.File) { f.Holds = []casefile.Hold{{ID: 1, By: "lawyer", Kind: "stop", Since: issued}} },
	} {
		f := sarytau(t)
		change(f)
		if _, err := Draft(f, DraftOptions{Language: "en", Audience: casefile.ForPublic, Now: issued}); !errors.Is(err, casefile.ErrNotDecided) && !errors.Is(err, casefile.ErrHeld) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// statement returns a statement of the case to be changed.
func statement(f *casefile.File, id casefile.ID) *casefile.Statement {
	for i := range f.Statements {
		if f.Statements[i].ID == id {
			return &f.Statements[i]
		}
	}
	panic("no such statement")
}

// Names follow the audience: who did not agree to a use is a label there, in
// every language and grammatical case.
func TestNamesFollowTheAudience(t *testing.T) {
	f := sarytau(t)
	f.Consents = slices.DeleteFunc(f.Consents, func(c casefile.Consent) bool { return c.Person == 1 && c.Use == casefile.UsePublic })
	for _, c := range []struct {
		lang  string
		to    casefile.Audience
		named bool
		label string
	}{
		{"en", casefile.ForPublic, false, "against a member of the organisation and other"},
		{"fr", casefile.ForPublic, false, "contre un membre de l'organisation et"},
		{"es", casefile.ForPublic, false, "contra un miembro de la organización y"},
		{"ru", casefile.ForPublic, false, "кампании против одной из сотрудниц и"},
		{"en", casefile.ForGovernment, true, ""}, {"ru", casefile.ForGovernment, true, ""},
		{"en", casefile.ForDesk, true, ""},
	} {
		d := draftOf(t, f, c.lang, func(o *DraftOptions) { o.Audience = c.to })
		b, _ := d.Appeal.Encode()
		named := len(names.Find(string(b), f.Persons[0].Names())) > 0
		if named != c.named || !strings.Contains(string(b), c.label) || (len(d.Withheld) == 0) != c.named {
			t.Errorf("%s for %s: named %v, withheld %v; want %q", c.lang, c.to, named, d.Withheld, c.label)
		}
	}
	f.Consents = nil
	d := draftOf(t, f, "en", func(o *DraftOptions) { o.Audience = casefile.ForUN })
	b, _ := d.Appeal.Encode()
	for _, p := range f.Persons {
		// The address of Qanat's own page is for consent-missing to find.
		whole := func(s names.Span) bool { return s.Whole && p.Kind == casefile.Natural }
		if slices.ContainsFunc(names.Find(string(b), p.Names()), whole) {
			t.Errorf("person %d is named to the UN without having agreed", p.ID)
		}
	}
}

// Nothing of a sealed item is printed but a commitment.
func TestSealedItemsStaySealed(t *testing.T) {
	f := sarytau(t)
	sealed := evidence.Of([]byte("call note"))
	c := evidence.Commit(evidence.NewSalt(), []byte("record"))
	for i := range f.Statements {
		for j := range f.Statements[i].Cites {
			if f.Statements[i].Cites[j].Ref == sealed {
				f.Statements[i].Cites[j].Note = "file 774-B, 14:32"
			}
		}
	}
	for _, to := range []casefile.Audience{casefile.ForPublic, casefile.ForGovernment, casefile.ForDesk} {
		d := draftOf(t, f, "en", func(o *DraftOptions) {
			o.Audience = to
			o.Cited = func(x casefile.Cite) (Cited, bool) {
				if x.Ref == sealed {
					return Cited{Title: "Zarina's call", Link: "https://box.example/774-B", Sealed: true, Commitment: &c}, true
				}
				return shelf(x)
			}
		})
		b, _ := d.Appeal.Encode()
		for _, secret := range []string{sealed.String(), sealed.String()[:12], "774-B", "14:32", "Zarina", "box.example"} {
			if strings.Contains(string(b), secret) {
				t.Errorf("for %s: %q of a sealed item is printed", to, secret)
			}
		}
		if !strings.Contains(string(b), "commitment to it: "+c.String()) {
			t.Errorf("for %s: the commitment is not printed", to)
		}
	}
}

func TestSourceFormula(t *testing.T) {
	protected := func(id casefile.ID, reliability string) casefile.Source {
		return casefile.Source{ID: id, Formula: "reliable-sources", Reliability: reliability, Connection: "witness"}
	}
	named := casefile.Source{ID: 9, Formula: "named", Printed: "the Steppe Network"}
	self, office := protected(3, "high"), protected(4, "high")
	self.Connection, office.Connection = "victim", "same-organisation"
	for _, c := range []struct {
		sources []casefile.Source
		en, ru  string
	}{
		{[]casefile.Source{protected(1, "high"), protected(2, "likely")}, "reliable sources", "достоверными источниками"},
		{[]casefile.Source{protected(1, "high")}, "a reliable source", "достоверным источником"},
		{[]casefile.Source{self, office}, "a reliable source", "достоверным источником"},
		{[]casefile.Source{self, office, protected(1, "high")}, "reliable sources", "достоверными источниками"},
		{[]casefile.Source{protected(1, "unsure")}, "a source", "источником"},
		{[]casefile.Source{protected(1, "high"), protected(2, "unlikely")}, "sources", "источниками"},
		{[]casefile.Source{protected(1, "high"), protected(2, "high"), named}, "reliable sources, including the Steppe Network", "достоверными источниками, в том числе the Steppe Network"},
		{[]casefile.Source{named}, "the Steppe Network", "the Steppe Network"},
		{[]casefile.Source{{ID: 1, Formula: "own-observation"}}, "its own observation", "собственным наблюдением"},
	} {
		f := &casefile.File{Sources: c.sources}
		var s casefile.Statement
		for _, x := range c.sources {
			s.Sources = append(s.Sources, x.ID)
		}
		if en, ru := SourceFormula(f, s, "en"), SourceFormula(f, s, "ru"); en != c.en || ru != c.ru {
			t.Errorf("%q %q, want %q %q", en, ru, c.en, c.ru)
		}
	}
}

func TestDraftUpdate(t *testing.T) {
	f := sarytau(t)
	first := draftOf(t, f, "en")
	code, err := ParseCode("XSR 001 / 0531 / OBS 012")
	if err != nil {
		t.Fatal(err)
	}
	first.Appeal.Code = &code
	b, _ := first.Appeal.Encode()
	f.Documents = []casefile.Document{{ID: 1, Case: 1, Kind: UrgentAppeal, Code: code.Printed, Language: "en", Appeal: b, State: casefile.StatePublished, Audience: "public"}}
	f.Statements = append(f.Statements,
		casefile.Statement{ID: 60, Case: 1, Kind: casefile.Fact, Section: "new_information", Text: []casefile.Text{{Lang: "en", Text: "On 20 May 2031, the Senate postponed the bill."}}, Cites: []casefile.Cite{{Ref: evidence.Of([]byte("senate"))}}},
		casefile.Statement{ID: 61, Case: 1, Kind: casefile.Fact, Section: "new_information.2", Text: []casefile.Text{{Lang: "en", Text: "On 2 June 2031, the bill was withdrawn."}}, Cites: []casefile.Cite{{Ref: evidence.Of([]byte("senate"))}}})
	next := draftOf(t, f, "en", func(o *DraftOptions) { o.Update, o.Now = 1, issued.AddDate(0, 0, 12) })
	u := next.Appeal
	if u.Kind != NewInformation || !strings.Contains(u.Section(SectionOpening).Text, "has received new information") {
		t.Errorf("%s: %q", u.Kind, u.Section(SectionOpening).Text)
	}
	if got := u.Section(SectionNews); got == nil || !strings.HasPrefix(got.Text, "On 20 May 2031, the Senate") {
		t.Errorf("what is new: %+v", got)
	}
	if got := u.Section(SectionBackground); got == nil || !strings.Contains(got.Text, "XSR 001 / 0531 / OBS 012 of 11 May 2031") || len(u.References) != 1 {
		t.Errorf("the recall: %+v", got)
	}
	second := draftOf(t, f, "en", func(o *DraftOptions) { o.Update = 2 })
	if got := second.Appeal.Section(SectionNews); !strings.HasPrefix(got.Text, "On 2 June 2031") {
		t.Errorf("the second update: %q", got.Text)
	}
}

func TestCountryWords(t *testing.T) {
	for _, c := range []struct{ iso, lang, in, of string }{
		{"KAZ", "en", "in Kazakhstan", "of Kazakhstan"}, {"PHL", "en", "in the Philippines", "of the Philippines"},
		{"KAZ", "fr", "au Kazakhstan", "du Kazakhstan"}, {"COL", "fr", "en Colombie", "de Colombie"}, {"IRN", "fr", "en Iran", "d'Iran"},
		{"YEM", "fr", "au Yémen", "du Yémen"}, {"HUN", "fr", "en Hongrie", "de Hongrie"}, {"HTI", "fr", "en Haïti", "d'Haïti"}, {"HND", "fr", "au Honduras", "du Honduras"},
		{"PRK", "fr", "en Corée du Nord", "de Corée du Nord"}, {"GNB", "fr", "en Guinée-Bissau", "de Guinée-Bissau"}, {"COG", "fr", "au Congo-Brazzaville", "du Congo-Brazzaville"},
		{"PSE", "fr", "dans les Territoires palestiniens", "des Territoires palestiniens"}, {"TWN", "fr", "à Taïwan", "de Taïwan"}, {"OMN", "fr", "en Oman", "d'Oman"}, {"BRB", "fr", "à la Barbade", "de la Barbade"},
		{"MEX", "fr", "au Mexique", "du Mexique"}, {"PHL", "fr", "aux Philippines", "des Philippines"}, {"CUB", "fr", "à Cuba", "de Cuba"},
		{"KAZ", "es", "en Kazajistán", "de Kazajistán"},
		{"KAZ", "ru", "в Казахстане", "Казахстана"}, {"RUS", "ru", "в России", "России"}, {"UKR", "ru", "в Украине", "Украины"}, {"BLR", "ru", "в Беларуси", "Беларуси"},
		{"CHN", "ru", "в Китае", "Китая"}, {"PER", "ru", "в Перу", "Перу"}, {"TUR", "ru", "в Турции", "Турции"},
	} {
		if w, ok := CountryWordsFor(c.iso, c.lang); !ok || w.In != c.in || w.Of != c.of {
			t.Errorf("%s %s: %q %q, want %q %q", c.iso, c.lang, w.In, w.Of, c.in, c.of)
		}
	}
	if _, ok := CountryWordsFor("XSR", "en"); ok {
		t.Error("an invented country has a name")
	}
}

func TestDraftWithoutWordsInTheLanguage(t *testing.T) {
	f := sarytau(t)
	statement(f, 8).Text = statement(f, 8).Text[:1]
	d := draftOf(t, f, "ru")
	if len(d.Untold) != 1 || d.Untold[0] != 8 || d.Appeal.Translation.State != Placeholder {
		t.Errorf("untold %v, %+v", d.Untold, d.Appeal.Translation)
	}
	if !errors.Is(d.Appeal.MayLeave(), ErrPlaceholder) {
		t.Error("a text that is not wholly translated may leave the house")
	}
}

// A note without words in the language of the case is told like a sentence.
func TestDraftNoteWithoutWords(t *testing.T) {
	f := sarytau(t)
	note := statement(f, 8)
	note.Section = ""
	note.Text = slices.DeleteFunc(slices.Clone(note.Text), func(x casefile.Text) bool { return x.Lang == "en" })
	tell(5, "en", "The same text was published by 34 accounts.{note 8}")(f)
	d := draftOf(t, f, "en")
	if len(d.Untold) != 1 || d.Untold[0] != 8 || !slices.Contains(d.Notes, "statement 8 has no words in en") {
		t.Errorf("untold %v, notes %q", d.Untold, d.Notes)
	}
}
