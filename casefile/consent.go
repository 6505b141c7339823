package casefile

import (
	"strings"
	"time"

	"github.com/arasha-org/arasha/evidence"
)

// The uses a [Consent] is given for; a sensitive statement is "fact:ID".
const (
	UsePublic     = "public"
	UseGovernment = "government"
	UseUN         = "un-record"
	UsePhotograph = "photograph"
)

// The bases of a [Consent].
const (
	BySelf          = "self"
	CouldNotBeAsked = "could-not-be-asked"
	AlreadyPublic   = "already-public"
)

var bases = []string{BySelf, "parent", "guardian", "family", "lawyer", "organisation", CouldNotBeAsked, AlreadyPublic}

// A Consent is one answer of one person about one use. Where no answer stands,
// the answer is no.
type Consent struct {
	ID          ID           `json:"id"`
	Case        ID           `json:"case" of:"cases"`
	Person      ID           `json:"person" of:"persons"`
	Use         string       `json:"use"`       // public, government, un-record, photograph, fact:ID
	Answer      string       `json:"answer"`    // yes, no
	TextHash    string       `json:"text_hash"` // of the version that was read to them; "" for any
	Basis       string       `json:"basis"`     // self, parent, guardian, family, lawyer, organisation, could-not-be-asked, already-public
	GivenBy     string       `json:"given_by"`
	When        Date         `json:"when"`
	How         string       `json:"how"` // by telephone, in writing, …
	Ref         evidence.Ref `json:"ref"` // what shows it
	Risk        string       `json:"risk"`
	Review      Date         `json:"review"`                // when it is looked at again
	SignedBy    string       `json:"signed_by"`             // who decided, where nobody could be asked
	WithdrawnAt time.Time    `json:"withdrawn_at,omitzero"` // zero: it stands
}

// Check returns what is wrong with c. Where the person could not be asked, or
// it is public already, the consent is a decision: signed, with its risk and a
// date of review.
func (c Consent) Check() error {
	decided := c.Basis == CouldNotBeAsked || c.Basis == AlreadyPublic
	use := c.Use
	if strings.HasPrefix(use, "fact:") && len(use) > len("fact:") && strings.Trim(use[len("fact:"):], "0123456789") == "" {
		use = UsePublic
	}
	return check("consent", c.ID,
		is(c.Case != 0 && c.Person != 0, "it needs a case and a person"),
		oneOf("the use", use, []string{UsePublic, UseGovernment, UseUN, UsePhotograph}),
		oneOf("the answer", c.Answer, []string{"yes", "no"}),
		oneOf("the basis", c.Basis, bases),
		is(!c.When.IsZero(), "when it was given is missing"),
		is(decided || c.GivenBy != "" && c.How != "", "who gave it and how are both needed"),
		is(!decided || c.SignedBy != "" && c.Risk != "" && c.Review.Day != "", "the basis %q is a decision: who signed it, the risk and the date of review are needed", c.Basis),
		sound("when", c.When.Check()), sound("review", c.Review.Check()))
}

// The choices of a [Decision].
const (
	OpenAppeal   = "open-appeal"
	ClosedLetter = "closed-letter" // never on a public page, feed or index
	UNOnly       = "un-only"
	PressRelease = "press-release"
	QuietContact = "quiet-contact"
	Nothing      = "nothing"
)

var choices = []string{OpenAppeal, ClosedLetter, UNOnly, PressRelease, QuietContact, Nothing}

// A Decision to act, or not, stands before every draft. The newest one holds.
type Decision struct {
	ID     ID        `json:"id"`
	Case   ID        `json:"case" of:"cases"`
	Choice string    `json:"choice"`
	Reason string    `json:"reason"`
	Risks  []Risk    `json:"risks"`
	Asked  string    `json:"asked"` // who was asked
	By     string    `json:"by"`
	At     time.Time `json:"at,omitzero"`
	Review Date      `json:"review"` // when it is looked at again
}

// A Risk says who could be harmed, how, and what lowers it.
type Risk struct {
	Who       string `json:"who"`
	How       string `json:"how"`
	LoweredBy string `json:"lowered_by"`
}

// Check returns what is wrong with d.
func (d Decision) Check() error {
	rules := []rule{
		is(d.Case != 0, "it belongs to no case"),
		oneOf("the choice", d.Choice, choices),
		is(d.Reason != "" && d.By != "" && !d.At.IsZero(), "the reason, who decided and when are all needed"),
		is(d.Choice == Nothing || d.Asked != "", "who was asked is missing"),
		sound("review", d.Review.Check()),
	}
	for _, r := range d.Risks {
		rules = append(rules, is(r.Who != "" && r.How != "", "a risk says who could be harmed and how"))
	}
	return check("decision", d.ID, rules...)
}

// A Hold is a "do not publish" or "stop" of those concerned. It holds
// everything of the case at once, whoever is on duty.
type Hold struct {
	ID     ID        `json:"id"`
	Case   ID        `json:"case" of:"cases"`
	By     string    `json:"by"` // person, family, lawyer
	Name   string    `json:"name"`
	Kind   string    `json:"kind"` // do-not-publish, stop
	Why    string    `json:"why"`
	Since  time.Time `json:"since,omitzero"`
	Lifted time.Time `json:"lifted,omitzero"` // zero: it stands
}

// Check returns what is wrong with h.
func (h Hold) Check() error {
	return check("hold", h.ID,
		is(h.Case != 0, "it belongs to no case"),
		oneOf("by whom", h.By, []string{"person", "family", "lawyer"}),
		oneOf("the kind", h.Kind, []string{"do-not-publish", "stop"}),
		is(!h.Since.IsZero(), "since when is missing"))
}
