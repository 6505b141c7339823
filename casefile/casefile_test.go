package casefile

import (
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/evidence"
)

var (
	now = time.Date(2031, 4, 20, 9, 0, 0, 0, time.UTC)
	ref = evidence.Of([]byte("a page"))
	day = Date{Day: "2031-04-12", Precision: Exact}
)

type checker interface{ Check() error }

// sound are values that Check lets pass.
var soundValues = map[string]checker{
	"case":       Case{Number: "2031-0007", Title: "Qanat", Country: "XSR", Opened: now, Status: Open},
	"code":       PrintedCode{Case: 1, Printed: "XSR 001 / 0431 / OBS 012", Key: "XSR-001-0431-OBS-012"},
	"register":   Register{Year: 2031, Country: "XSR", Seq: 1, Serial: 12, Prefix: "OBS", MMYY: "0431", State: Reserved},
	"link":       CaseLink{From: 1, To: 2, Kind: "follows"},
	"finding":    FindingNote{Case: 1, Report: ref, Verdict: "kept", Why: "w", By: "b", At: now},
	"person":     Person{Kind: Natural, Name: "Aigul Sarsenova", Aliases: []Alias{{Text: "Айгуль Сарсенова"}}},
	"role":       Role{Case: 1, Person: 1, Role: "victim"},
	"act":        Act{Case: 1, Type: "smear_campaign", When: day, Perpetrators: []Perpetrator{{Text: "unknown", Degree: "ordered"}}},
	"event":      ContextEvent{Case: 1, Text: "a law"},
	"inaction":   Inaction{Case: 1, Who: "the police", Asked: day},
	"step":       Step{Case: 1, What: "called", By: "duty"},
	"bill":       Bill{Title: "on assemblies", Country: "XSR", Stages: []Stage{{Name: "first reading", Date: day}}},
	"outcome":    Outcome{Case: 1, What: "charges dropped", Impact: "strong-positive"},
	"account":    Account{Platform: "telegram", Native: "1", Kind: PrivateUser, Case: 1, Until: day},
	"attribute":  Attribute{Account: 1, What: "owned by", According: "the register", Date: day, Refs: []evidence.Ref{ref}},
	"authority":  Authority{Country: "XSR", Office: "Minister"},
	"holder":     Holder{Authority: 1, Name: "N", From: Date{Day: "2030", Precision: MonthUnknown}},
	"channel":    Channel{Authority: 1, Kind: "fax", Value: "+0"},
	"source":     Source{Case: 1, Label: "A", Sealed: []byte("x"), Readers: []ID{1}, Formula: "reliable-sources"},
	"secret":     Secret{Name: "N"},
	"note":       CallNote{Source: 1, Who: "N", When: now, Channel: "phone", Text: "t", By: "b"},
	"statement":  Statement{Case: 1, Kind: Fact, Text: []Text{{"en", "It was so."}}},
	"consent":    Consent{Case: 1, Person: 1, Use: "fact:3", Answer: "yes", Basis: BySelf, GivenBy: "A", How: "phone", When: day},
	"decided":    Consent{Case: 1, Person: 1, Use: UsePublic, Answer: "yes", Basis: AlreadyPublic, SignedBy: "B", Risk: "r", Review: day, When: day},
	"decision":   Decision{Case: 1, Choice: OpenAppeal, Reason: "r", Asked: "the family", By: "b", At: now},
	"hold":       Hold{Case: 1, By: "lawyer", Kind: "stop", Since: now},
	"document":   Document{Case: 1, Kind: "urgent_appeal", Language: "en", State: StatePublished, Frozen: ref, Hash: "h", Audience: "public"},
	"approval":   Approval{Document: 1, Hash: "h", User: 1, Signature: "s", At: now},
	"telephone":  Approval{Document: 1, Hash: "h", User: 1, At: now, Phone: &PhoneGiven{GaveIt: "A", EnteredBy: 2, How: "phone"}},
	"acceptance": Acceptance{Document: 1, Rule: "code-odd", Reason: "r", By: "b", At: now},
	"user":       User{Name: "B", Organisation: "Qanat"},
	"setting":    Setting{Key: "approval"},
}

func TestSoundValues(t *testing.T) {
	for name, v := range soundValues {
		if err := v.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Each value breaks one rule, and the sentence says which.
func TestCheckSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		v    checker
		says string
	}{
		{Case{ID: 12, Number: "7", Title: "t", Country: "XSR", Opened: now, Status: Open}, `case 12: the number "7" is not of the form`},
		{Case{Number: "2031-0007", Title: "t", Country: "Sarytau", Opened: now, Status: Open}, "three capital letters"},
		{Case{Number: "2031-0007", Title: "t", Country: "XSR", Opened: now, Status: "asleep"}, "must be one of open, closed"},
		{Register{Year: 2031, Country: "XSR", Seq: 1, Serial: 12, Prefix: "OBS", MMYY: "0431", State: Void}, "needs a reason"},
		{Person{Kind: Organisation, Name: "Qanat", Minor: true}, "no age"},
		{Act{Case: 1, Type: "threats", When: day, Until: Date{Day: "2030", Precision: MonthUnknown}}, "ends (2030) before it begins"},
		{Act{Case: 1, Type: "threats", Perpetrators: []Perpetrator{{}}}, "neither a person nor a text"},
		{Act{Case: 1, Type: "mischief"}, "not in the vocabulary"},
		{Act{Case: 1, Type: "threats", Status: "bored"}, "the status of the victim"},
		{Inaction{Case: 1, Who: "the police"}, "why no complaint was made"},
		{Account{Platform: "x", Name: "n", Kind: PrivateUser, Until: day}, "only inside a case"},
		{Attribute{Account: 1, What: "w", According: "a", Date: day}, "cites nothing"},
		{Source{Case: 1, Label: "A", Sealed: []byte("x"), Formula: "named", Printed: "p"}, "nobody can read it"},
		{Statement{Case: 1, Kind: Fact, Text: []Text{{"en", "a"}, {"en", "b"}}}, `two texts in "en"`},
		{Statement{ID: 3, Case: 1, Kind: Assessment, Text: []Text{{"en", "a"}}, Rests: []ID{3}}, "rests on itself"},
		{Consent{Case: 1, Person: 1, Use: "fact:x", Answer: "yes", Basis: BySelf, GivenBy: "A", How: "p", When: day}, "the use is"},
		{Consent{Case: 1, Person: 1, Use: UsePublic, Answer: "", Basis: BySelf, GivenBy: "A", How: "p", When: day}, "the answer is"},
		{Consent{Case: 1, Person: 1, Use: UsePublic, Answer: "yes", Basis: CouldNotBeAsked, When: day}, "is a decision"},
		{Decision{Case: 1, Choice: OpenAppeal, Reason: "r", By: "b", At: now}, "who was asked"},
		{Document{Case: 1, Kind: "letter", Language: "en", State: StatePublished, Audience: "public"}, "hash and frozen bytes"},
		{Document{Case: 1, Kind: "letter", Language: "en", State: StateDraft, Audience: "public", Embargo: day}, "a time and a zone"},
		{Approval{Document: 1, Hash: "h", User: 1, At: now}, "the signature is missing"},
	} {
		if err := c.v.Check(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%T: Check says %v; want %q", c.v, err, c.says)
		}
	}
}

// What a person typed is shortened, never thrown back whole.
func TestMessagesAreShort(t *testing.T) {
	err := Case{Number: strings.Repeat("9", 1<<20)}.Check()
	if err == nil || len(err.Error()) > 300 {
		t.Errorf("a number of 1 MB makes a message of %d bytes", len(err.Error()))
	}
}
