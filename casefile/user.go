package casefile

import (
	"slices"
	"time"

	"github.com/arasha-org/arasha/evidence"
)

// A User is somebody who works at the desk. The private halves of both keys
// are in a file under the user's own passphrase, never in the store.
type User struct {
	ID           ID       `json:"id"`
	Name         string   `json:"name"`
	Organisation string   `json:"organisation"`
	Roles        []string `json:"roles"`     // RoleApprove is asked for; others, such as write or review, are for people to know
	SignKey      string   `json:"sign_key"`  // public Ed25519 key in the form of golang.org/x/mod/sumdb/note
	Recipient    string   `json:"recipient"` // age recipient: what is sealed to them
	Left         bool     `json:"left"`      // works here no more; what they signed stands

	Former []FormerKey `json:"former"` // the keys before these, the oldest first
}

// The ways in which a key became a [FormerKey].
const (
	KeyRotated = "rotated" // the old key handed over to the next one
	KeyLost    = "lost"    // nobody can use it any more
	KeyStolen  = "stolen"  // somebody else may use it
)

// A FormerKey is a pair of public keys that a user had before. It stays for
// ever, so that what was signed with it can be checked for ever.
type FormerKey struct {
	SignKey    string         `json:"sign_key"`
	Recipient  string         `json:"recipient"`
	Until      time.Time      `json:"until"`          // it was the user's until then; since the one before it ended
	Why        string         `json:"why"`            // rotated, lost or stolen
	Since      time.Time      `json:"since,omitzero"` // stolen: what it signed from then on counts for nothing
	Statements []KeyStatement `json:"statements"`     // what was said of it
}

// A KeyStatement is what was said of a key when it changed, and the salt that
// ties it to its record in the evidence log.
type KeyStatement struct {
	Text string        `json:"text"` // of docs/formats/approval.md; signed, where a key could sign it
	Salt evidence.Salt `json:"salt"`
}

// Check returns what is wrong with u.
func (u User) Check() error {
	rules := []rule{is(u.Name != "", "a name is missing"), is(u.Organisation != "", "the organisation is missing"),
		is((u.SignKey == "") == (u.Recipient == ""), "a key to sign with and one to seal to come together")}
	for _, k := range u.Former {
		rules = append(rules, is(k.SignKey != "" && k.Recipient != "" && !k.Until.IsZero(), "a former key is not whole"),
			oneOf("why a key is a former one", k.Why, []string{KeyRotated, KeyLost, KeyStolen}))
	}
	return check("user", u.ID, rules...)
}

// After reports a change that would let what was signed with a former key be
// forgotten: a key becomes a former one, and former ones stay.
func (u User) After(old User) error {
	kept := len(u.Former) >= len(old.Former)
	for i := 0; kept && i < len(old.Former); i++ {
		kept = u.Former[i].SignKey == old.Former[i].SignKey && u.Former[i].Recipient == old.Former[i].Recipient && u.Former[i].Until.Equal(old.Former[i].Until)
	}
	if old.SignKey != "" && (u.SignKey != old.SignKey || u.Recipient != old.Recipient) {
		kept = kept && len(u.Former) == len(old.Former)+1 && u.Former[len(old.Former)].SignKey == old.SignKey && u.Former[len(old.Former)].Recipient == old.Recipient
	} else {
		kept = kept && len(u.Former) == len(old.Former)
	}
	return check("user", u.ID, is(kept, "a key is not replaced in silence; “arasha user key” changes it and keeps the old one for checking"))
}

// Had reports whether a pair of public keys is the user's or was.
func (u User) Had(signKey, recipient string) bool {
	return u.SignKey == signKey && u.Recipient == recipient ||
		slices.ContainsFunc(u.Former, func(k FormerKey) bool { return k.SignKey == signKey && k.Recipient == recipient })
}

// A Setting is one choice of the desk, such as who must approve
// ([SettingApproval]), or what the program remembers for it.
type Setting struct {
	ID    ID     `json:"id"`
	Key   string `json:"key"`
	Value string `json:"value"` // JSON
}

// Check returns what is wrong with s.
func (s Setting) Check() error {
	return check("setting", s.ID, is(s.Key != "", "the name of the setting is missing"))
}
