package appeal

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
)

// underCheck is the invented case with its appeal in review.
type underCheck struct {
	f *casefile.File
	a *Appeal
	c CaseContext
}

func newUnderCheck(t testing.TB) *underCheck {
	t.Helper()
	f := sarytau(t)
	code, err := ParseCode("XSR 001 / 0531 / OBS 012")
	if err != nil {
		t.Fatal(err)
	}
	a := draftOf(t, f, "en", func(o *DraftOptions) { o.Code = &code }).Appeal
	f.Register = []casefile.Register{
		{ID: 1, Year: 2031, Country: "XSR", Seq: 1, Serial: 12, Prefix: "OBS", MMYY: "0531", Case: 1, State: casefile.Reserved},
		{ID: 2, Year: 2031, Country: "XYZ", Seq: 4, Serial: 11, Prefix: "OBS", MMYY: "0431", Case: 2, State: casefile.Used},
	}
	d := casefile.Document{ID: 7, Case: 1, Kind: UrgentAppeal, Code: code.Printed, Language: "en", Audience: "public", State: casefile.StateReview, Hash: a.Hash()}
	f.Documents = []casefile.Document{d}
	return &underCheck{f, a, CaseContext{File: f, Document: d, Now: issued, Kept: func(string) bool { return true }}}
}

// rulesOfTheCase are the rules that need the case.
var rulesOfTheCase = []string{"source-leak", "consent-missing", "statement-uncited", "finding-wording", "status-stale", "dead-evidence-link", "code-sequence", "code-update", "addressee-out-of-date", "request-overtaken"}

// caseRules are the findings of the rules that need the case.
func (u *underCheck) caseRules() []Finding {
	return slices.DeleteFunc(Check(u.a, CheckOptions{Case: &u.c}), func(f Finding) bool {
		return !slices.Contains(rulesOfTheCase, f.Rule)
	})
}

func (u *underCheck) section(kind string) *Section { return u.a.Section(kind) }

func TestCheckCaseClean(t *testing.T) {
	for _, lang := range DraftLanguages {
		u := newUnderCheck(t)
		code := u.a.Code
		u.a = draftOf(t, u.f, lang, func(o *DraftOptions) { o.Code = code }).Appeal
		if fs := u.caseRules(); len(fs) > 0 {
			t.Errorf("%s: %v", lang, lines(fs))
		}
	}
}

// Each fault is found by its rule and no other.
func TestCheckCaseFaults(t *testing.T) {
	for _, c := range []struct {
		rule, where, says string
		change            func(u *underCheck)
	}{
		{"statement-uncited", "statement 8", "cites nothing", func(u *underCheck) { statement(u.f, 8).Cites = nil }},
		{"statement-uncited", "sections[1]", "no statement of the case says “The Minister ordered it", func(u *underCheck) {
			u.section(SectionDescription).Text += " The Minister ordered it himself."
		}},
		{"statement-uncited", "sections[1]", "no statement of the case says", func(u *underCheck) {
			u.section(SectionDescription).Text = strings.Replace(u.section(SectionDescription).Text, "34 accounts", "340 accounts", 1)
		}},
		{"consent-missing", "sections[1]", "person 4 did not answer", func(u *underCheck) {
			u.f.Consents = slices.DeleteFunc(u.f.Consents, func(c casefile.Consent) bool { return c.Person == 4 })
		}},
		{"consent-missing", "sections[1]", "another version", func(u *underCheck) {
			for i := range u.f.Consents {
				if u.f.Consents[i].Person == 4 {
					u.f.Consents[i].TextHash = strings.Repeat("ab", 32)
				}
			}
		}},
		{"consent-missing", "sections[1]", "statement 10: it tells of health", func(u *underCheck) { statement(u.f, 10).Sensitive = []string{"health"} }},
		{"status-stale", "act 9", "last confirmed on 2031-05-10 07:59", func(u *underCheck) {
			u.f.Acts = append(u.f.Acts, casefile.Act{ID: 9, Status: "held-on-trial", ConfirmedAt: issued.Add(-24*time.Hour - time.Minute)})
		}},
		{"status-stale", "act 9", "never confirmed", func(u *underCheck) { u.f.Acts = append(u.f.Acts, casefile.Act{ID: 9, Status: "missing"}) }},
		{"dead-evidence-link", "footnotes[3]", "no copy is kept", func(u *underCheck) {
			u.c.Kept = func(l string) bool { return l != "https://gazette.example/2031/04/08" }
		}},
		{"code-sequence", "code", "no entry of the register", func(u *underCheck) { u.f.Register[0].Serial = 13 }},
		{"code-sequence", "code", "another case", func(u *underCheck) { u.f.Register[0].Case = 2 }},
		{"code-sequence", "code", "is void: misprint", func(u *underCheck) { u.f.Register[0].State, u.f.Register[0].Reason = casefile.Void, "misprint" }},
		{"code-sequence", "code", "runs against OBS 011 of 0631", func(u *underCheck) { u.f.Register[1].MMYY = "0631" }},
		{"code-update", "code", "without its number", func(u *underCheck) { u.a.Kind = NewInformation }},
		{"code-update", "code", "published appeal already", func(u *underCheck) {
			u.f.Documents = append(u.f.Documents, casefile.Document{ID: 3, State: casefile.StatePublished, Code: "XSR 001 / 0531 / OBS 012", Language: "en"})
		}},
		{"code-update", "code", "never published", func(u *underCheck) { u.setUpdate("1") }},
		{"code-update", "code", "update 3 follows update 0", func(u *underCheck) {
			u.setUpdate("3")
			u.f.Documents = append(u.f.Documents, casefile.Document{ID: 3, State: casefile.StatePublished, Code: "XSR 001 / 0531 / OBS 012", Language: "en"})
		}},
		{"code-update", "code", "is frozen", func(u *underCheck) {
			u.setUpdate("1")
			u.f.Documents = append(u.f.Documents, casefile.Document{ID: 3, State: casefile.StatePublished, Code: "XSR 002 / 0531 / OBS 013", Language: "en"})
		}},
		{"addressee-out-of-date", "addressees[1]", "somebody else", func(u *underCheck) {
			u.f.Holders = append(u.f.Holders, casefile.Holder{ID: 30, Authority: 2, Name: "Nurlan New", From: casefile.Date{Day: "2031-05-09", Precision: casefile.Exact}})
		}},
		{"addressee-out-of-date", "addressees[1]", "names nobody", func(u *underCheck) {
			u.f.Holders = slices.DeleteFunc(u.f.Holders, func(h casefile.Holder) bool { return h.Authority == 2 })
		}},
		{"addressee-out-of-date", "addressees[2]", "came back on 2031-05-10", func(u *underCheck) {
			u.f.Channels[5].Bounced = casefile.Date{Day: "2031-05-10", Precision: casefile.Exact}
		}},
		{"addressee-out-of-date", "addressees[2]", "last checked on 2030-01-01", func(u *underCheck) {
			u.f.Channels[5].Checked = casefile.Date{Day: "2030-01-01", Precision: casefile.Exact}
		}},
		{"addressee-out-of-date", "addressees[2]", "no entry of the register", func(u *underCheck) { u.a.Addressees[2].Office = "Ombudsman" }},
		{"request-overtaken", "actions[0]", "was due on 2031-05-09", func(u *underCheck) {
			u.f.Bills[0].Next = casefile.Date{Day: "2031-05-09", Precision: casefile.Exact}
		}},
	} {
		u := newUnderCheck(t)
		c.change(u)
		fs := u.caseRules()
		if len(fs) == 0 || slices.ContainsFunc(fs, func(f Finding) bool { return f.Rule != c.rule }) ||
			!slices.ContainsFunc(fs, func(f Finding) bool { return f.Where == c.where && strings.Contains(f.Message, c.says) }) {
			t.Errorf("%s %s %q:\n%s", c.rule, c.where, c.says, lines(fs))
		}
	}
}

func (u *underCheck) setUpdate(n string) {
	u.a.Code.Update = &n
	u.a.Kind = NewInformation
	u.c.Document.Update = int(n[0] - '0')
}

// Promise 2: a sealed name is found in any script and place, and the finding
// repeats nothing of it.
func TestSourceLeak(t *testing.T) {
	secret := casefile.Secret{Name: "Zarina Qyzylqum", Aliases: []casefile.Alias{{Text: "Зарина Кызылкум"}}, Note: "none"}
	sealed := func(u *underCheck) {
		u.f.Sources[2].Sealed = []byte("ciphertext")
		u.c.Secrets = map[casefile.ID]casefile.Secret{3: secret}
	}
	for name, c := range map[string]struct {
		where string
		plant func(u *underCheck)
	}{
		"in the text": {"sections[1]", func(u *underCheck) { u.section(SectionDescription).Text += " says Zarina Qyzylqum" }},
		"in Cyrillic, in the case": {"sections[1]", func(u *underCheck) {
			u.section(SectionDescription).Text += " со слов Зарины Кызылкум"
		}},
		"in a link":                 {"footnotes[3].links[0]", func(u *underCheck) { u.a.Footnotes[3].Links[0] = "https://x.example/u/zarina.qyzylqum" }},
		"in a note":                 {"footnotes[1]", func(u *underCheck) { u.a.Footnotes[1].Text = "Call with Z. Qyzylqum" }},
		"in the title":              {"title", func(u *underCheck) { u.a.Title = "ZARINA QYZYLQUM" }},
		"in a contact":              {"contacts[0].value", func(u *underCheck) { u.a.Contacts = []Contact{{Kind: "email", Value: "qyzylqum@mail.example"}} }},
		"in what the file says":     {"file", func(u *underCheck) { u.a.File = &FileInfo{Properties: map[string]string{"author": "Zarina Qyzylqum"}} }},
		"in an annex":               {"annexes[0].parts[0].alt", func(u *underCheck) { u.a.Annexes = []Annex{{Parts: []AnnexPart{{Alt: "as Zarina Qyzylqum saw it"}}}} }},
		"the Ref of a sealed item":  {"footnotes[1]", func(u *underCheck) { u.a.Footnotes[1].Text = evidence.Of([]byte("call note")).Short() }},
		"words of a sealed note":    {"sections[1]", func(u *underCheck) { u.section(SectionDescription).Text += " They took the white car away at noon." }},
		"the hour of a sealed call": {"sections[1]", func(u *underCheck) { u.section(SectionDescription).Text += " At 19:32 she rang." }},
	} {
		u := newUnderCheck(t)
		sealed(u)
		u.c.Notes = []casefile.CallNote{{Source: 3, When: time.Date(2031, 4, 29, 14, 32, 0, 0, time.UTC), Text: "They took the white car away, she said. They took the white car"}}
		if fs := u.caseRules(); len(fs) != 0 {
			t.Fatalf("before: %v", lines(fs))
		}
		c.plant(u)
		fs := slices.DeleteFunc(u.caseRules(), func(f Finding) bool { return f.Rule != "source-leak" })
		if len(fs) == 0 || fs[0].Where != c.where {
			t.Errorf("%s: %v, want %s", name, lines(fs), c.where)
		}
		b, _ := json.Marshal(fs)
		for _, mark := range []string{"arina", "yzylqum", "ызылкум", "white car", "19:32"} {
			if strings.Contains(strings.ToLower(string(b)), mark) {
				t.Errorf("%s: the finding repeats it: %s", name, b)
			}
		}
	}

	u := newUnderCheck(t)
	sealed(u)
	u.c.Secrets = nil
	fs := u.caseRules()
	if len(fs) != 1 || !strings.Contains(fs[0].Message, "not checked: ask a reader") || len(Blocking(u.f, u.c.Document, fs)) != 1 {
		t.Errorf("without a key: %v", lines(fs))
	}
	// The person concerned is often a source too; her consent to be named as
	// herself stands.
	u = newUnderCheck(t)
	u.f.Sources[0].Sealed = []byte("ciphertext")
	u.c.Secrets = map[casefile.ID]casefile.Secret{1: {Name: "Aigul Sarsenova"}}
	if fs := u.caseRules(); len(fs) != 0 {
		t.Errorf("the person concerned: %v", lines(fs))
	}
}

func TestBlocking(t *testing.T) {
	u := newUnderCheck(t)
	fs := []Finding{{Rule: "status-stale", Severity: SeverityError, Where: "act 9"}, {Rule: "spelling", Severity: SeverityWarning}, {Rule: "source-leak", Severity: SeverityError, Where: "title"}}
	if got := Blocking(u.f, u.c.Document, fs); len(got) != 2 {
		t.Errorf("%v", lines(got))
	}
	accept := func(rule, where, reason string) {
		u.f.Acceptances = append(u.f.Acceptances, casefile.Acceptance{Document: 7, Rule: rule, Where: where, Reason: reason, By: "Dana", At: issued})
	}
	accept("status-stale", "act 8", "no visit before Monday")
	accept("status-stale", "act 9", "")
	accept("source-leak", "", "I know better")
	if got := Blocking(u.f, u.c.Document, fs); len(got) != 2 {
		t.Errorf("another place, no reason, or a promise: %v", lines(got))
	}
	accept("status-stale", "act 9", "no visit before Monday")
	if got := Blocking(u.f, u.c.Document, fs); len(got) != 1 || got[0].Rule != "source-leak" {
		t.Errorf("%v", lines(got))
	}
}
