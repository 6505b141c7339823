package casefile

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/evidence"
)

// SettingApproval is the key of the setting that holds an [ApprovalRule].
const SettingApproval = "approval"

// RoleApprove is the role of a [User] who may approve.
const RoleApprove = "approve"

// PhoneTime is how long an approval by telephone counts before the approver
// confirms it.
const PhoneTime = 24 * time.Hour

// ErrNotApproved is wrapped when a document lacks approvals.
var ErrNotApproved = errors.New("not approved")

// An ApprovalRule says who must approve each language version. The zero rule
// asks for two people of any organisation.
type ApprovalRule struct {
	People        int      `json:"people"`        // different people; 0 is 2
	Organisations []string `json:"organisations"` // of a joint programme: one from each
}

// ParseApprovalRule reads the value of the setting.
func ParseApprovalRule(value string) (ApprovalRule, error) {
	var r ApprovalRule
	if value == "" {
		return r, nil
	}
	d := json.NewDecoder(strings.NewReader(value))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return r, fmt.Errorf("casefile: the rule of approval: %w", err)
	}
	if r.People < 0 || r.People > 20 {
		return r, fmt.Errorf("casefile: the rule of approval asks for %d people; between 1 and 20 make sense", r.People)
	}
	return r, nil
}

// need returns how many people must approve: the number of the rule, one for
// each organisation at least, and, where the desk has one entitled person
// only, one.
func (r ApprovalRule) need(entitled int) int {
	n := r.People
	if n == 0 {
		n = 2
	}
	if n = max(n, len(r.Organisations)); entitled < 2 && len(r.Organisations) < 2 {
		n = 1
	}
	return n
}

// Entitled returns the users who may approve: they have the role, a key, and
// still work here.
func (f *File) Entitled() []User {
	var out []User
	for _, u := range f.Users {
		if !u.Left && u.SignKey != "" && slices.Contains(u.Roles, RoleApprove) {
			out = append(out, u)
		}
	}
	return out
}

// Approved says how the approvals of one language version stand.
type Approved struct {
	Given   []Approval `json:"given"`   // that count, the first of each person
	Open    []Approval `json:"open"`    // of them, those by telephone that wait for the approver
	Fallen  []Fallen   `json:"fallen"`  // that count no more, and why
	Missing []string   `json:"missing"` // what is still needed, a sentence each
	Person  string     `json:"person"`  // who confirmed the final text, or why that was impossible
}

// Fallen is an approval that does not count.
type Fallen struct {
	Approval Approval `json:"approval"`
	Why      string   `json:"why"`
}

// Err returns nil when nothing is missing.
func (a Approved) Err() error {
	if len(a.Missing) == 0 {
		return nil
	}
	return fmt.Errorf("casefile: %s: %w", strings.Join(a.Missing, "; "), ErrNotApproved)
}

// Approved weighs the approvals of d under a rule. An approval counts when it
// is the signature of an entitled person over the hash that d has now: it falls
// when a letter of the text changes. One of several may be given by telephone
// and counts for [PhoneTime] before it is confirmed by a signature. The person
// concerned or a local partner confirms the final text of one language version,
// or it is said why that was impossible.
//
// A signature by a key that was handed over or lost since counts on: it was
// the approver's when they signed. One by a stolen key falls, unless the
// document was published before and the signature is dated before the theft.
func (f *File) Approved(d Document, rule ApprovalRule, now time.Time) Approved {
	var out Approved
	given := make(map[ID]bool)
	for _, a := range f.Approvals {
		if a.Document != d.ID || a.Person != "" || a.Impossible != "" {
			continue
		}
		open, why := f.counts(a, d, now)
		switch {
		case why == "" && given[a.User]:
			continue
		case why == "" && open && len(out.Open) > 0:
			why = "one approval by telephone counts, not two"
		}
		if why != "" {
			out.Fallen = append(out.Fallen, Fallen{a, why})
			continue
		}
		given[a.User] = true
		out.Given = append(out.Given, a)
		if open {
			out.Open = append(out.Open, a)
		}
	}
	out.Missing = f.missing(d, rule, out)
	out.Person = f.confirmed(d)
	if out.Person == "" {
		out.Missing = append(out.Missing, "the person concerned or a local partner has not confirmed the final text, and it is not said why that was impossible")
	}
	return out
}

// counts says why an approval does not count, and whether it waits for its
// signature.
func (f *File) counts(a Approval, d Document, now time.Time) (open bool, why string) {
	u, ok := f.User(a.User)
	switch {
	case !ok:
		return false, fmt.Sprintf("user %d is not known", a.User)
	case a.Hash != d.Hash || d.Hash == "":
		return false, "the text has changed since"
	case !slices.Contains(u.Roles, RoleApprove):
		return false, u.Name + " may not approve"
	case a.At.After(now):
		return false, "it is dated in the future"
	case a.Organisation != "" && a.Organisation != u.Organisation:
		return false, u.Name + " does not belong to " + a.Organisation
	}
	if a.Signature != "" {
		if a.Phone != nil && (a.Phone.ConfirmedAt.IsZero() || a.Phone.ConfirmedAt.Sub(a.At) > PhoneTime) {
			return false, "it was given by telephone and not confirmed within 24 hours"
		}
		k, err := u.signed(ApprovalText(d, a.Hash, a.SignedAt()), a.SignedAt(), a.Signature)
		switch {
		case err != nil:
			return false, "the signature is not " + u.Name + "’s over this text"
		case k.Why == KeyStolen && (!a.SignedAt().Before(k.Since) || d.State != StatePublished):
			// Whoever holds the key writes what date they like, so before it went
			// out an earlier date proves nothing.
			return false, "the key of " + u.Name + " that signed it was declared stolen"
		}
		return false, ""
	}
	switch {
	case a.Phone == nil:
		return false, "it bears no signature"
	case a.Phone.EnteredBy == a.User:
		return false, "who gives an approval by telephone cannot enter it as well"
	case now.Sub(a.At) > PhoneTime:
		return false, "it was given by telephone and not confirmed within 24 hours"
	}
	if _, ok := f.User(a.Phone.EnteredBy); !ok {
		return false, fmt.Sprintf("user %d, who entered it, is not known", a.Phone.EnteredBy)
	}
	return true, ""
}

// SignedAt is the moment that the signature of a is over.
func (a Approval) SignedAt() time.Time {
	if a.Phone != nil && !a.Phone.ConfirmedAt.IsZero() {
		return a.Phone.ConfirmedAt
	}
	return a.At
}

// missing lists what the rule still asks for.
func (f *File) missing(d Document, rule ApprovalRule, a Approved) []string {
	var out []string
	need := rule.need(len(f.Entitled()))
	if n := len(a.Given); n < need {
		out = append(out, fmt.Sprintf("%d of %d people approved the version in %q", n, need, d.Language))
	} else if n == len(a.Open) {
		out = append(out, fmt.Sprintf("nobody signed the version in %q; the telephone is for a second approval", d.Language))
	}
	for _, org := range rule.Organisations {
		if !slices.ContainsFunc(a.Given, func(a Approval) bool {
			u, _ := f.User(a.User)
			return u.Organisation == org
		}) {
			out = append(out, fmt.Sprintf("nobody of %s approved the version in %q", org, d.Language))
		}
	}
	return out
}

// Versions returns the language versions of the document that d belongs to: the
// same kind, update and revision, not withdrawn. A language that follows after
// the others went out belongs to them; a correction that went out does not
// belong to the next one.
func (f *File) Versions(d Document) []Document {
	var out []Document
	for _, e := range f.Documents {
		if e.State == StateWithdrawn || e.Kind != d.Kind || e.Update != d.Update || e.Audience != d.Audience {
			continue
		}
		if (e.RevisionOf == 0) == (d.RevisionOf == 0) && (d.RevisionOf == 0 || (e.State == StatePublished) == (d.State == StatePublished)) {
			out = append(out, e)
		}
	}
	return out
}

// Hashes returns the hashes of the language versions of d: what a consent to a
// text is compared with.
func (f *File) Hashes(d Document) []string {
	out := []string{}
	for _, e := range f.Versions(d) {
		if e.Hash != "" {
			out = append(out, e.Hash)
		}
	}
	return out
}

// confirmed returns who confirmed the final text in one of its languages, or
// why that was impossible.
func (f *File) confirmed(d Document) string {
	var impossible string
	for _, e := range f.Versions(d) {
		for _, a := range f.Approvals {
			switch {
			case a.Document != e.ID || a.Hash != e.Hash || e.Hash == "":
			case a.Person != "":
				return a.Person
			case a.Impossible != "":
				impossible = "impossible: " + a.Impossible
			}
		}
	}
	return impossible
}

// A Seat is the place of one entitled person on a logged roster: what ties a
// user to the commitment, kept in the house.
type Seat struct {
	User ID            `json:"user"`
	Role string        `json:"role"` // the organisation and the right to approve, as the roster says it in clear
	Name string        `json:"name"`
	Salt evidence.Salt `json:"salt"`
}

// Roster returns the record that lists the entitled users without their names,
// for the evidence log, and the seats that tie them to it. A change of the
// entitled users needs a new one.
func (f *File) Roster(now time.Time) (*evidence.Roster, []Seat) {
	r := &evidence.Roster{V: 1, Kind: evidence.KindRoster, At: evidence.Moment(now, "")}
	var seats []Seat
	for _, u := range f.Entitled() {
		s := Seat{u.ID, RoleApprove, u.Name, evidence.NewSalt()}
		seats = append(seats, s)
		r.Entitled = append(r.Entitled, evidence.Entitled{Role: s.Role, Member: evidence.MemberOf(s.Salt, s.Role, s.Name)})
	}
	return r, seats
}

// ApprovalRecord returns the record of an approval for the evidence log, under
// the roster logged in leaf. It names nobody. ref is what was approved: the
// bytes of the language version, whose hash a holds.
func ApprovalRecord(a Approval, leaf int64, seats []Seat) (*evidence.Approval, error) {
	s, ok := find(seats, func(s Seat) bool { return s.User == a.User })
	if !ok {
		return nil, fmt.Errorf("casefile: user %d has no seat on the roster in leaf %d: %w", a.User, leaf, ErrNotApproved)
	}
	ref, err := RefOfHash(a.Hash)
	if err != nil {
		return nil, err
	}
	return &evidence.Approval{V: 1, Kind: evidence.KindApproval, Of: ref, Roster: leaf, Member: evidence.MemberOf(s.Salt, s.Role, s.Name),
		Decision: evidence.Approved, At: evidence.Moment(a.SignedAt(), "")}, nil
}

// RefOfHash returns the Ref of the bytes of a language version: its hash is
// their SHA-256.
func RefOfHash(hash string) (evidence.Ref, error) {
	r, err := evidence.ParseRef(hash)
	if err != nil || r.IsZero() {
		return r, fmt.Errorf("casefile: %q is not the hash of a language version", clip(hash))
	}
	return r, nil
}
