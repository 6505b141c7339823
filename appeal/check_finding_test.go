package appeal

import (
	"slices"
	"strings"
	"testing"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
)

// ladderSays is what the finding of the invented case reached.
var ladderSays = map[string]string{
	"en": "The same text was published by 34 accounts within 1.9 days of each other.",
	"fr": "Le même texte a été publié par 34 comptes à moins de 1,9 jours d’intervalle.",
	"es": "El mismo texto fue publicado por 34 cuentas con menos de 1,9 días de diferencia.",
	"ru": "Один и тот же текст опубликован в 34 аккаунтах с разницей не более 1,9 сут..",
}

// withFinding is the case under check whose statement 5 cites a finding, at a
// step of the ladder, with other words in one language.
func withFinding(t testing.TB, lang, step string, change func(f *casefile.File)) *underCheck {
	t.Helper()
	u := newUnderCheck(t)
	report := evidence.Of([]byte("report"))
	u.f.Findings = []casefile.FindingNote{{ID: 1, Case: 1, Report: report, Verdict: "kept", Why: "two of us read it", By: "Dana", At: issued}}
	change(u.f)
	code := u.a.Code
	u.a = draftOf(t, u.f, lang, func(o *DraftOptions) { o.Code = code }).Appeal
	u.c.Reached = func(ref evidence.Ref) (Reached, bool) {
		return Reached{step, []string{"The same text was published by 5 accounts.", ladderSays[lang]}}, ref == report && step != ""
	}
	return u
}

// tell sets the words of a statement in one language.
func tell(id casefile.ID, lang, text string) func(f *casefile.File) {
	return func(f *casefile.File) {
		s := statement(f, id)
		for i := range s.Text {
			if s.Text[i].Lang == lang {
				s.Text[i].Text = text
			}
		}
	}
}

func TestFindingWording(t *testing.T) {
	both := func(a, b func(f *casefile.File)) func(f *casefile.File) {
		return func(f *casefile.File) { a(f); b(f) }
	}
	rests := func(id casefile.ID, on ...casefile.ID) func(f *casefile.File) {
		return func(f *casefile.File) { statement(f, id).Rests = on }
	}
	register := func(f *casefile.File) {
		statement(f, 5).Cites = append(statement(f, 5).Cites, casefile.Cite{Ref: evidence.Of([]byte("register"))})
	}
	nothing := func(*casefile.File) {}
	for name, c := range map[string]struct {
		lang, step string
		change     func(f *casefile.File)
		says       []string // one message each
	}{
		"as drafted, en": {"en", "1", nothing, nil},
		"as drafted, fr": {"fr", "1", nothing, nil},
		"as drafted, es": {"es", "1", nothing, nil},
		"as drafted, ru": {"ru", "1", nothing, nil},
		"at step 0":      {"en", "0", nothing, []string{"“within two days of each other” in statement 5 stands on step 1 of the ladder, and nothing else that is cited says it; finding 1, which it stands on, reached step 0"}},
		"accounts accused, en": {"en", "4", tell(5, "en", "The same text was published by 34 fake accounts."),
			[]string{"“fake accounts” in statement 5 accuses accounts, which no step of the ladder does"}},
		"accounts accused, fr":   {"fr", "1", tell(5, "fr", "Le même texte a été publié par 34 faux comptes."), []string{"“faux comptes” in statement 5 accuses"}},
		"accounts accused, es":   {"es", "1", tell(5, "es", "El mismo texto fue publicado por 34 cuentas falsas."), []string{"“cuentas falsas” in statement 5 accuses"}},
		"accounts accused, ru":   {"ru", "1", tell(5, "ru", "Текст размещён в 34 фейковых аккаунтах."), []string{"“фейковых аккаунтах” in statement 5 accuses"}},
		"a higher step, en":      {"en", "1", tell(5, "en", "The same text was published by 34 accounts in a coordinated way."), []string{"“coordinated” in statement 5 stands on step 3"}},
		"a higher step, reached": {"en", "3", tell(5, "en", "The same text was published by 34 accounts in a coordinated way."), nil},
		"a higher step, fr":      {"fr", "1b", tell(5, "fr", "34 comptes ont agi de concert."), []string{"“de concert” in statement 5 stands on step 3"}},
		"a higher step, es":      {"es", "1", tell(5, "es", "34 cuentas actuaron juntas."), []string{"“actuaron juntas” in statement 5 stands on step 3"}},
		"a higher step, ru":      {"ru", "1", tell(5, "ru", "Текст скоординированно разместили 34 аккаунта."), []string{"“скоординированно” in statement 5 stands on step 3"}},
		"on no step":             {"ru", "4", tell(5, "ru", "Это информационная операция 34 аккаунтов."), []string{"“информационная операция” in statement 5 stands on no step"}},
		"only where it is told":  {"en", "1", tell(5, "ru", "Текст разместили 34 бота."), nil},

		// Somebody else may say it, and then it is theirs.
		"another item, and nobody says it": {"en", "1", both(register, tell(5, "en", "The same text was published by 34 paid accounts.")), []string{"“paid accounts” in statement 5 accuses"}},
		"another fact of that item says it": {"en", "1", both(both(register, tell(6, "en", "The Register counts 34 paid accounts, {attribute 1}.")), tell(5, "en", "The same text was published by the 34 paid accounts.")),
			nil},
		"an allegation of its own": {"en", "1", func(f *casefile.File) {
			register(f)
			s := statement(f, 5)
			s.Kind, s.According = casefile.Allegation, "the National Press Register"
			tell(5, "en", "According to the National Press Register, 34 paid accounts published the same text.")(f)
		}, nil},

		// An assessment is held to what it rests on.
		"an assessment of a finding alone": {"en", "1", both(rests(7, 5), tell(7, "en", "The Observatory considers that this was orchestrated.")),
			[]string{"“orchestrated” in statement 7 stands on no step"}},
		"an assessment of several facts": {"en", "1", tell(7, "en", "The Observatory considers that this was orchestrated."), nil},
		"an assessment that accuses":     {"en", "1", tell(7, "en", "The Observatory considers that troll accounts did this."), []string{"“troll” in statement 7 accuses"}},

		"the report is not there": {"en", "", nothing, []string{"the report of finding 1 is not kept here or cannot be read, so the words of statement 5"}},
	} {
		u := withFinding(t, c.lang, c.step, c.change)
		fs := u.caseRules()
		ok := len(fs) == len(c.says)
		for _, want := range c.says {
			ok = ok && slices.ContainsFunc(fs, func(f Finding) bool { return f.Rule == "finding-wording" && strings.Contains(f.Message, want) })
		}
		if c.step == "" { // the statements that rest on it are told too
			ok = len(fs) > 0 && strings.Contains(fs[0].Message, c.says[0])
		}
		if !ok {
			t.Errorf("%s: want %q, got\n%s", name, c.says, lines(fs))
		}
		for _, f := range fs {
			if len(Blocking(u.f, u.c.Document, []Finding{f})) != 1 {
				t.Errorf("%s: it does not block", name)
			}
		}
	}
	// The remedy is the sentence about as many accounts.
	u := withFinding(t, "ru", "1", tell(5, "ru", "Текст скоординированно разместили 34 аккаунта."))
	if fs := u.caseRules(); len(fs) != 1 || !strings.Contains(fs[0].Remedy, ladderSays["ru"]) {
		t.Errorf("the remedy: %+v", fs)
	}
}

// A finding that was rejected, or rejected after it was kept, is no ground.
func TestRejectedFindingIsNoGround(t *testing.T) {
	u := withFinding(t, "en", "1", func(*casefile.File) {})
	u.f.Findings = append(u.f.Findings, casefile.FindingNote{ID: 2, Case: 1, Report: u.f.Findings[0].Report, Verdict: "rejected", Why: "the posts are a petition", By: "Timur", At: issued})
	fs := u.caseRules()
	if len(fs) == 0 || fs[0].Rule != casefile.RuleUncited || !strings.Contains(fs[0].Message, "cites finding 2, which Timur rejected: the posts are a petition") {
		t.Errorf("a rejected finding: %v", lines(fs))
	}
	if _, err := Draft(u.f, DraftOptions{Language: "en", Audience: casefile.ForPublic, Now: issued, Country: sarytauWords["en"], Cited: shelf}); err == nil || !strings.Contains(err.Error(), "finding 2") {
		t.Errorf("a draft on a rejected finding: %v", err)
	}
	u.f.Findings = append(u.f.Findings, casefile.FindingNote{ID: 3, Case: 1, Report: u.f.Findings[0].Report, Verdict: "kept", Why: "it was another petition", By: "Dana", At: issued})
	if fs := u.caseRules(); len(fs) != 0 {
		t.Errorf("kept again: %v", lines(fs))
	}
}

// A report that nobody kept as a finding is no ground, though its bytes are in
// the vault: its words would be held to no step.
func TestUnjudgedReportIsNoGround(t *testing.T) {
	u := withFinding(t, "en", "1", func(*casefile.File) {})
	u.f.Unjudged = []evidence.Ref{u.f.Findings[0].Report}
	u.f.Findings = nil
	fs := u.caseRules()
	if len(fs) == 0 || fs[0].Rule != casefile.RuleUncited || !strings.Contains(fs[0].Message, "that nobody kept as a finding") || !strings.Contains(fs[0].Remedy, "arasha finding keep") {
		t.Errorf("a report that nobody judged: %v", lines(fs))
	}
	if _, err := Draft(u.f, DraftOptions{Language: "en", Audience: casefile.ForPublic, Now: issued, Country: sarytauWords["en"], Cited: shelf}); err == nil || !strings.Contains(err.Error(), "that nobody kept as a finding") {
		t.Errorf("a draft on a report that nobody judged: %v", err)
	}
}
