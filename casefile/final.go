package casefile

import (
	"errors"
	"reflect"
)

// Some nouns are final: the store asks After before a change of a row, and
// Stays before it is deleted.

// After reports a change of a document that the world has seen: it may be
// withdrawn, and is corrected only by a new one.
func (d Document) After(old Document) error {
	if old.State != StatePublished && old.State != StateWithdrawn {
		return nil
	}
	if old.State == StatePublished && d.State == StateWithdrawn {
		old.State = StateWithdrawn
	}
	if !reflect.DeepEqual(d, old) {
		return check("document", d.ID, is(false, "it is %s; correct it by a revision that can be seen", old.State))
	}
	return nil
}

// Stays reports that a published document cannot be deleted.
func (d Document) Stays() error {
	return check("document", d.ID, is(d.State != StatePublished && d.State != StateWithdrawn, "it is %s and stays", d.State))
}

// After reports a change of what a printed code leads to; only the words of
// Why may change.
func (p PrintedCode) After(old PrintedCode) error {
	old.Why = p.Why
	return check("printed code", p.ID, is(p == old, "what was printed does not change; add another code"))
}

// Stays reports that a printed code leads to its case for ever.
func (p PrintedCode) Stays() error {
	return check("printed code", p.ID, is(false, "it leads to its case for ever"))
}

// After reports a change of a number, or of one that is used or void.
func (r Register) After(old Register) error {
	n := old
	n.State, n.Reason, n.By, n.At, n.Case, n.MMYY = r.State, r.Reason, r.By, r.At, r.Case, r.MMYY
	switch {
	case r != n:
		return errors.New("casefile: a number of the register does not change; make it void and take another")
	case old.State != Reserved && (r.State != old.State || r.Case != old.Case || r.MMYY != old.MMYY):
		return check("register entry", r.ID, is(false, "it is %s for good", old.State))
	case old.Case != 0 && r.Case != old.Case:
		return check("register entry", r.ID, is(false, "it was given to case %d", old.Case))
	}
	return nil
}

// Stays reports that every number is accounted for, for ever.
func (r Register) Stays() error {
	return check("register entry", r.ID, is(false, "every number stays accounted for; make it void with a reason"))
}
