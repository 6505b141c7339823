package vault

import (
	"errors"
	"fmt"
	"slices"

	"github.com/arasha-org/arasha/evidence"
)

// A Deletion is what Delete did.
type Deletion struct {
	Leaves []int64 // whose records and salts are destroyed: the item first
	Bytes  bool    // the kept bytes are gone too
	Others []int64 // items of the same bytes, because of which the bytes stay
	Naming []int64 // items whose records still name the deleted bytes as their parent
}

// Delete lawfully deletes the item of a leaf: the log says so, then the
// records of the item and of its custody, with their salts, are destroyed, and
// the bytes unless another item holds the same. It may be called again after
// an interruption, and finishes.
func (h *Home) Delete(leaf int64, a Act) (Deletion, error) {
	var d Deletion
	if a.Reason == "" || a.Authority == "" {
		return d, errors.New("vault: a deletion needs a reason and an authority (a withdrawn consent, an order, a rule)")
	}
	unlock, err := h.lock()
	if err != nil {
		return d, err
	}
	defer unlock()
	release, err := HoldStill(h.dir)
	if err != nil {
		return d, err
	}
	defer release()
	if err := h.refresh(); err != nil {
		return d, err
	}
	gone, err := h.deletions()
	if err != nil {
		return d, err
	}
	var item *evidence.Item
	items := make(map[int64]*evidence.Item)
	for s, err := range h.Records() {
		if err != nil {
			return d, err
		}
		switch v := s.Value.(type) {
		case *evidence.Item:
			items[s.Leaf] = v
			if s.Leaf == leaf {
				item = v
				d.Leaves = append(d.Leaves, s.Leaf)
			}
		case *evidence.Event:
			if v.Leaf == leaf && v.Kind == evidence.KindCustody {
				d.Leaves = append(d.Leaves, s.Leaf)
			}
		}
	}
	if item == nil {
		return d, fmt.Errorf("vault: leaf %d is no item that is still kept: %w", leaf, ErrAbsent)
	}
	for n, i := range items {
		if n != leaf && gone[n] == 0 && i.Ref == item.Ref {
			d.Others = append(d.Others, n)
		}
		if n != leaf && gone[n] == 0 && !item.Ref.IsZero() && (i.Parent == item.Ref) {
			d.Naming = append(d.Naming, n)
		}
	}
	slices.Sort(d.Others)
	slices.Sort(d.Naming)
	var unsaid []int64
	for _, n := range d.Leaves {
		if gone[n] == 0 {
			unsaid = append(unsaid, n)
		}
	}
	if len(unsaid) > 0 {
		_, err := h.append(func(int64) []pending {
			var out []pending
			for _, n := range unsaid {
				e := h.event(n, evidence.Ref{}, evidence.ActDispose)
				e.Kind = evidence.KindDeletion
				e.Role, e.Reason, e.Authority, e.Note = clean(a.Role), clean(a.Reason), clean(a.Authority), clean(a.Note)
				if n != leaf {
					e.Note = fmt.Sprintf("custody of the deleted item in leaf %d", leaf)
				}
				out = append(out, pending{value: e, sealed: map[string]string{Collector: a.Actor, Address: a.From}})
			}
			return out
		})
		if err != nil {
			return d, err
		}
	}
	if len(d.Others) == 0 && !item.Ref.IsZero() {
		err := h.Vault.Delete(item.Ref)
		if err != nil && !errors.Is(err, ErrAbsent) {
			return d, err
		}
		d.Bytes = true
	}
	// The item's own record goes last: while it is there, an interrupted
	// Delete can be run again.
	rest := make(map[int64]bool)
	for _, n := range d.Leaves {
		rest[n] = n != leaf
	}
	if err := h.destroy(rest); err != nil {
		return d, err
	}
	return d, h.destroy(map[int64]bool{leaf: true})
}

// deletions returns, for each leaf that was deleted, the leaf that says so. It
// reads the log alone: deletions are public.
func (h *Home) deletions() (map[int64]int64, error) {
	gone := make(map[int64]int64)
	n := int64(0)
	for b, err := range h.Log.LeavesFrom(0) {
		if err != nil {
			return nil, err
		}
		l, err := evidence.ParseLeaf(b)
		if err != nil {
			return nil, err
		}
		if l.Kind == evidence.KindDeletion {
			gone[l.Of] = n
		}
		n++
	}
	return gone, nil
}
