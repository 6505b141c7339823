package evidence

import (
	"errors"
	"fmt"
)

// A Roster lists who may approve, without a name: each person is a commitment
// to "role, line feed, name" under a salt of their own, kept sealed. A new
// roster is a new leaf with new salts, so that people cannot be followed from
// one roster to the next.
type Roster struct {
	V        int        `json:"v"`
	Kind     Kind       `json:"kind"`
	At       Time       `json:"at"`
	Entitled []Entitled `json:"entitled"`
}

// Entitled is one person of a Roster.
type Entitled struct {
	Role   string     `json:"role"`
	Member Commitment `json:"member"`
}

// MemberOf commits to one person for one roster.
func MemberOf(salt Salt, role, name string) Commitment {
	return Commit(salt, []byte(role+"\n"+name))
}

func (r *Roster) check() error {
	seen := make(map[Commitment]bool)
	for _, e := range r.Entitled {
		if e.Role == "" || seen[e.Member] {
			return errors.New("a person stands twice or without a role")
		}
		seen[e.Member] = true
	}
	if r.Kind != KindRoster || len(r.Entitled) == 0 {
		return errors.New("nobody is entitled")
	}
	return r.At.check()
}

// An Approval is one person's yes or no to the exact bytes of a document.
type Approval struct {
	V        int        `json:"v"`
	Kind     Kind       `json:"kind"`
	Of       Ref        `json:"of"`     // the document
	Roster   int64      `json:"roster"` // the leaf of the roster it is given under
	Member   Commitment `json:"member"` // the person, as in the roster
	Decision string     `json:"decision"`
	At       Time       `json:"at"`
}

// The decisions of an Approval.
const (
	Approved = "approve"
	Refused  = "refuse"
)

func (a *Approval) check() error {
	if a.Kind != KindApproval || a.Of.IsZero() || a.Roster < 0 || a.Decision != Approved && a.Decision != Refused {
		return errors.New("a field is missing or out of range")
	}
	return a.At.check()
}

// A UserKey says that the key by which somebody approves was changed, without
// a name: a commitment to the statement that the house keeps, see
// docs/formats/approval.md. Whoever is shown the statement and its salt knows
// since when the log has it.
type UserKey struct {
	V         int        `json:"v"`
	Kind      Kind       `json:"kind"`
	At        Time       `json:"at"`
	Why       string     `json:"why"` // rotated, lost or stolen
	Statement Commitment `json:"statement"`
}

func (k *UserKey) check() error {
	if k.Kind != KindUserKey || k.Why != "rotated" && k.Why != "lost" && k.Why != "stolen" {
		return errors.New("a field is missing or out of range")
	}
	return k.At.check()
}

// ErrNotApproved says that the approvals shown are not those asked for.
var ErrNotApproved = errors.New("not approved as it must be")

// Logged is a decoded record and the number of its leaf.
type Logged[T any] struct {
	Leaf int64
	V    T
}

// CheckApprovals reports whether two different people of the roster approved
// doc, or the one whom a roster of one lists, each after the roster was logged,
// and none of those shown refused it. It needs no name: the leaves it is given
// must have been proven to be in the log before.
func CheckApprovals(doc Ref, roster Logged[Roster], approvals []Logged[Approval]) error {
	entitled := make(map[Commitment]bool)
	for _, e := range roster.V.Entitled {
		entitled[e.Member] = true
	}
	said := make(map[Commitment]Logged[Approval]) // the last word of each
	for _, a := range approvals {
		switch {
		case a.V.Of != doc:
			return fmt.Errorf("evidence: leaf %d approves %s, not %s: %w", a.Leaf, a.V.Of.Short(), doc.Short(), ErrNotApproved)
		case a.V.Roster != roster.Leaf || a.Leaf <= roster.Leaf:
			return fmt.Errorf("evidence: leaf %d was not given under the roster in leaf %d: %w", a.Leaf, roster.Leaf, ErrNotApproved)
		case !entitled[a.V.Member]:
			return fmt.Errorf("evidence: leaf %d is by somebody who is not on the roster in leaf %d: %w", a.Leaf, roster.Leaf, ErrNotApproved)
		}
		if last, ok := said[a.V.Member]; !ok || a.Leaf > last.Leaf {
			said[a.V.Member] = a
		}
	}
	yes := 0
	for _, a := range said {
		if a.V.Decision == Refused {
			return fmt.Errorf("evidence: leaf %d refuses %s: %w", a.Leaf, doc.Short(), ErrNotApproved)
		}
		yes++
	}
	if want := min(2, len(roster.V.Entitled)); yes < want {
		return fmt.Errorf("evidence: %d of %d people approved %s: %w", yes, want, doc.Short(), ErrNotApproved)
	}
	return nil
}
