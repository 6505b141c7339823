package casefile

import (
	"fmt"
	"time"
)

// Printable reports whether an attribute of an account may be printed. It is
// reported speech always. What belongs to no medium may be a natural person:
// then two independent sources, a chance to answer and a legal read are needed
// first. A private user is never named at all.
func (f *File) Printable(a Attribute) (Fault, bool) {
	acc, ok := f.Account(a.Account)
	fault := func(message, remedy string) (Fault, bool) {
		return Fault{RuleAttributed, where("attribute", a.ID), message, remedy}, false
	}
	switch {
	case !ok:
		return fault(fmt.Sprintf("account %d is not in the case", a.Account), "")
	case a.Check() != nil:
		return fault(sentence(a.Check()), "")
	case acc.Kind == Outlet:
		return Fault{}, true
	case acc.Kind == PrivateUser:
		return fault(fmt.Sprintf("account %d is of a private user, who exists only inside the case", acc.ID), "leave the account out, or count it with others")
	case a.Second == "" || len(a.SecondRefs) == 0:
		return fault("a statement about who a natural person is needs a second, independent source with what shows it", "find one, or leave it out")
	case a.Second == a.According || sameRefs(a.Refs, a.SecondRefs):
		return fault("the second source is the first one again", "find an independent one, or leave it out")
	case a.ChanceAt.Day == "":
		return fault("the person was given no chance to answer", "write to them and note the day, and what came back")
	case a.LegalReader == "" || a.LegalAt.Day == "":
		return fault("nobody read it as a lawyer", "have it read; note who and when")
	}
	return Fault{}, true
}

// sameRefs reports whether every item of b stands in a.
func sameRefs[T comparable](a, b []T) bool {
	for _, y := range b {
		same := false
		for _, x := range a {
			same = same || x == y
		}
		if !same {
			return false
		}
	}
	return true
}

// Forgotten returns the private users of the case whose time is over: they and
// their attributes are to be deleted.
func (f *File) Forgotten(now time.Time) []Account {
	var out []Account
	for _, a := range f.Accounts {
		if a.Kind == PrivateUser && due(a.Until, now) {
			out = append(out, a)
		}
	}
	return out
}
