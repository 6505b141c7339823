package casefile

import (
	"encoding/json"
	"time"

	"github.com/arasha-org/arasha/evidence"
)

// The states of a [Document], in their order.
const (
	StateDraft     = "draft"
	StateReview    = "review"
	StateApproved  = "approved"
	StatePublished = "published" // frozen: nothing of it changes any more
	StateWithdrawn = "withdrawn"
)

var (
	documentStates = []string{StateDraft, StateReview, StateApproved, StatePublished, StateWithdrawn}
	audiences      = []string{"public", "government", "un", "desk"}
)

// A Document is one language version of an appeal, letter or press release.
type Document struct {
	ID         ID              `json:"id"`
	Case       ID              `json:"case" of:"cases"`
	Kind       string          `json:"kind"`   // urgent_appeal, new_information, press_release, letter, other
	Code       string          `json:"code"`   // as printed
	Update     int             `json:"update"` // 0 for the first appeal, 1 for ".1"
	Language   string          `json:"language"`
	Appeal     json.RawMessage `json:"appeal"` // the form of docs/formats/appeal.md
	Hash       string          `json:"hash"`   // of this language version: appeal.Appeal.Hash
	State      string          `json:"state"`
	Frozen     evidence.Ref    `json:"frozen"`                     // the bytes that were published
	Embargo    Date            `json:"embargo"`                    // instant and zone, all languages together
	RevisionOf ID              `json:"revision_of" of:"documents"` // the published document it corrects
	UpdateOf   ID              `json:"update_of" of:"documents"`   // the published document it updates
	Audience   string          `json:"audience"`                   // public, government, un, desk
}

// Check returns what is wrong with d.
func (d Document) Check() error {
	return check("document", d.ID,
		is(d.Case != 0, "it belongs to no case"),
		is(d.Kind != "" && d.Language != "", "kind and language are both needed"),
		is(len(d.Appeal) == 0 || json.Valid(d.Appeal), "the appeal is not JSON"),
		oneOf("the state", d.State, documentStates),
		oneOf("the audience", d.Audience, audiences),
		is(d.State != StatePublished || !d.Frozen.IsZero() && d.Hash != "", "a published document has a hash and frozen bytes"),
		sound("embargo", d.Embargo.Check()),
		is(d.Embargo.IsZero() || d.Embargo.Time != "" && d.Embargo.Zone != "", "an embargo needs a time and a zone"))
}

// An Approval is a person's signature over the hash of one language version.
// It falls when the text changes.
type Approval struct {
	ID           ID          `json:"id"`
	Document     ID          `json:"document" of:"documents"`
	Hash         string      `json:"hash"` // the version that was approved
	User         ID          `json:"user" of:"users"`
	Organisation string      `json:"organisation"`
	Signature    string      `json:"signature"` // of the user's key; "" while a telephone approval waits
	At           time.Time   `json:"at,omitzero"`
	Phone        *PhoneGiven `json:"phone"`      // nil when signed at once
	Person       string      `json:"person"`     // the person or local partner who confirmed the text, or "" for staff
	Impossible   string      `json:"impossible"` // why the person could not confirm it
}

// PhoneGiven says how an approval was given at night.
type PhoneGiven struct {
	GaveIt      string    `json:"gave_it"`
	EnteredBy   ID        `json:"entered_by" of:"users"`
	How         string    `json:"how"`
	ConfirmedAt time.Time `json:"confirmed_at,omitzero"` // within 24 hours, else it stays open
}

// Check returns what is wrong with a.
func (a Approval) Check() error {
	rules := []rule{
		is(a.Document != 0 && a.Hash != "", "the document and the hash of the version are both needed"),
		is(!a.At.IsZero(), "when it was given is missing"),
	}
	switch {
	case a.Phone != nil:
		rules = append(rules, is(a.User != 0, "whose approval it is is missing"),
			is(a.Phone.GaveIt != "" && a.Phone.EnteredBy != 0 && a.Phone.How != "", "who gave it, who entered it and how are all needed"))
	case a.Person == "" && a.Impossible == "":
		rules = append(rules, is(a.User != 0, "whose approval it is is missing"), is(a.Signature != "", "the signature is missing"))
	}
	return check("approval", a.ID, rules...)
}

// An Acceptance lets a rule of the check pass, with a reason and a name.
type Acceptance struct {
	ID       ID        `json:"id"`
	Document ID        `json:"document" of:"documents"`
	Rule     string    `json:"rule"`
	Where    string    `json:"where"`
	Reason   string    `json:"reason"`
	By       string    `json:"by"`
	At       time.Time `json:"at,omitzero"`
}

// Check returns what is wrong with a.
func (a Acceptance) Check() error {
	return check("acceptance", a.ID,
		is(a.Document != 0 && a.Rule != "", "the document and the rule are both needed"),
		is(a.Reason != "" && a.By != "" && !a.At.IsZero(), "the reason, who accepts and when are all needed"))
}
