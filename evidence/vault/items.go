package vault

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/arasha-org/arasha/evidence"
)

// A Found is something to keep: its bytes and what is known about them.
type Found struct {
	Open func() (io.ReadCloser, error) // its bytes

	// Item holds what is known; Ref, Size, Collected, Tool and Sealed are
	// filled in.
	Item evidence.Item
	// Collector and From say who collected it and from which network address.
	// They are sealed.
	Collector, From string
	// Act is the act of custody that brought it in: evidence.ActImport when
	// empty.
	Act string
}

// A Kept is an item that was logged.
type Kept struct {
	Leaf int64
	Item evidence.Item
	// Known says that the same bytes were kept before, as this leaf; no new
	// item was made.
	Known bool
}

// Keep keeps the bytes of each Found, and logs one item and one act of custody
// for each. All become part of the log together: when Keep returns an error,
// none is in the log.
func (h *Home) Keep(found ...Found) ([]Kept, error) {
	unlock, err := h.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	return h.keep(found)
}

// KeepOnce is Keep for one file that may come again, as the same export does:
// when its bytes are an item already, that item is returned, with a new act of
// custody, and no second one is made.
func (h *Home) KeepOnce(f Found) (Kept, error) {
	unlock, err := h.lock()
	if err != nil {
		return Kept{}, err
	}
	defer unlock()
	if err := h.Vault.Sweep(); err != nil {
		return Kept{}, err
	}
	ref, _, err := h.put(f)
	if err != nil {
		return Kept{}, err
	}
	for s, err := range h.Records() {
		if err != nil {
			return Kept{}, err
		}
		if i, ok := s.Value.(*evidence.Item); ok && i.Ref == ref {
			e := h.event(s.Leaf, ref, evidence.ActImport)
			e.Note = "the same bytes came in again"
			if f.Item.Name != "" {
				e.Note += " as " + cleanName(f.Item.Name)
			}
			_, err := h.append(func(int64) []pending { return []pending{{value: e, sealed: f.sealed()}} })
			return Kept{s.Leaf, *i, true}, err
		}
	}
	kept, err := h.keep([]Found{f})
	if err != nil {
		return Kept{}, err
	}
	return kept[0], nil
}

func (f *Found) sealed() map[string]string {
	return map[string]string{Collector: f.Collector, Address: f.From}
}

func (h *Home) put(f Found) (evidence.Ref, int64, error) {
	r, err := f.Open()
	if err != nil {
		return evidence.Ref{}, 0, err
	}
	defer r.Close()
	return h.Vault.Put(r)
}

func (h *Home) keep(found []Found) ([]Kept, error) {
	if err := h.Vault.Sweep(); err != nil {
		return nil, err
	}
	if _, err := h.unlockSign(); err != nil {
		return nil, err // before the bytes of a large file are read
	}
	kept := make([]Kept, len(found))
	var open []int // of found, those with bytes
	for i, f := range found {
		item := f.Item
		item.V, item.Kind = 1, evidence.KindItem
		item.Name, item.Note, item.Context = cleanName(item.Name), clean(item.Note), clean(item.Context)
		item.Collected, item.Tool = h.moment(), h.o.Tool
		if item.What == "" {
			item.What = "file"
		}
		kept[i].Item = item
		if f.Open != nil {
			open = append(open, i)
		}
	}
	puts, err := h.Vault.PutAll(len(open), func(i int) (io.ReadCloser, error) { return found[open[i]].Open() })
	if err != nil {
		return nil, err
	}
	for i, p := range puts {
		kept[open[i]].Item.Ref, kept[open[i]].Item.Size = p.Ref, p.Size
	}
	numbers, err := h.append(func(first int64) []pending {
		var out []pending
		for i, f := range found {
			act := f.Act
			if act == "" {
				act = evidence.ActImport
			}
			e := h.event(first+int64(2*i), kept[i].Item.Ref, act)
			out = append(out, pending{value: &kept[i].Item, sealed: f.sealed()}, pending{value: e, sealed: f.sealed()})
		}
		return out
	})
	if err != nil {
		return nil, err
	}
	for i := range kept {
		kept[i].Leaf = numbers[2*i]
	}
	return kept, nil
}

// cleanName keeps the last element of a path, whatever system it came from.
func cleanName(s string) string {
	s = clean(s)
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	return strings.ReplaceAll(s, "\x00", "")
}

func clean(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func (h *Home) event(leaf int64, ref evidence.Ref, act string) *evidence.Event {
	return &evidence.Event{V: 1, Kind: evidence.KindCustody, Leaf: leaf, Item: ref, Act: act, At: h.moment(), Tool: h.o.Tool}
}

// An Act is something done to items, for the chain of custody.
type Act struct {
	What                    string // evidence.ActView, …
	Role, Reason, Authority string
	Note                    string
	Output                  evidence.Ref
	Actor, From             string // sealed
}

// Did logs one act for each of the items.
func (h *Home) Did(a Act, items ...Stored) error {
	unlock, err := h.lock()
	if err != nil {
		return err
	}
	defer unlock()
	_, err = h.append(func(int64) []pending {
		var out []pending
		for _, s := range items {
			ref := evidence.Ref{}
			if i, ok := s.Value.(*evidence.Item); ok {
				ref = i.Ref
			}
			e := h.event(s.Leaf, ref, a.What)
			e.Role, e.Reason, e.Authority, e.Note, e.Output = clean(a.Role), clean(a.Reason), clean(a.Authority), clean(a.Note), a.Output
			out = append(out, pending{value: e, sealed: map[string]string{Collector: a.Actor, Address: a.From}})
		}
		return out
	})
	return err
}

// LogRecords logs records of Statements, Rosters, Approvals and UserKeys that
// were made before, each under its own salt, and returns their numbers. A record whose
// leaf the log holds already keeps its number and is not entered again: what
// waited for the log through a crash may be sent once more.
func (h *Home) LogRecords(records ...evidence.Record) ([]int64, error) {
	for _, r := range records {
		v, err := evidence.DecodeRecord(r.Bytes)
		if err != nil {
			return nil, err
		}
		switch v.(type) {
		case *evidence.Statement, *evidence.Roster, *evidence.Approval, *evidence.UserKey:
		default:
			return nil, fmt.Errorf("vault: a %T is not logged this way", v)
		}
	}
	unlock, err := h.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := h.refresh(); err != nil {
		return nil, err
	}
	at := make(map[string]int64) // by leaf
	var fresh []pending
	var leaves []string
	for i := range records {
		leaf, err := records[i].Leaf()
		if err != nil {
			return nil, err
		}
		b := string(leaf.Bytes())
		leaves = append(leaves, b)
		if _, ok := at[b]; ok {
			continue
		}
		n, ok, err := h.Log.Find([]byte(b))
		if err != nil {
			return nil, err
		}
		if at[b] = n; !ok {
			at[b] = -1
			fresh = append(fresh, pending{record: &records[i]})
		}
	}
	if len(fresh) > 0 {
		numbers, err := h.append(func(int64) []pending { return fresh })
		if err != nil {
			return nil, err
		}
		for i, p := range fresh {
			leaf, err := p.record.Leaf()
			if err != nil {
				return nil, err
			}
			at[string(leaf.Bytes())] = numbers[i]
		}
	}
	out := make([]int64, len(leaves))
	for i, b := range leaves {
		out[i] = at[b]
	}
	return out, nil
}

// Find returns the item that a person means: the number of its leaf, or at
// least eight digits of its Ref. When several items hold the same bytes, the
// newest is meant.
func (h *Home) Find(what string) (Stored, error) {
	var found Stored
	var refs []evidence.Ref
	number := int64(-1)
	if len(what) < 8 {
		if _, err := fmt.Sscanf(what, "%d", &number); err != nil || fmt.Sprint(number) != what {
			return found, fmt.Errorf("vault: %q is neither the number of an item nor eight digits of its Ref", what)
		}
		s, err := h.Record(number)
		if err == nil {
			if _, ok := s.Value.(*evidence.Item); !ok {
				err = fmt.Errorf("vault: leaf %d is not an item: %w", number, ErrAbsent)
			}
		}
		return s, err
	}
	for s, err := range h.Records() {
		if err != nil {
			return found, err
		}
		i, ok := s.Value.(*evidence.Item)
		if ok && strings.HasPrefix(i.Ref.String(), strings.ToLower(what)) {
			found = s
			if !slices.Contains(refs, i.Ref) {
				refs = append(refs, i.Ref)
			}
		}
	}
	switch len(refs) {
	case 0:
		return found, fmt.Errorf("vault: no item %s: %w", what, ErrAbsent)
	case 1:
		return found, nil
	}
	return found, fmt.Errorf("vault: %s begins the Ref of %d items: give more digits", what, len(refs))
}

// Custody returns the acts of custody of the item in a leaf, in order.
func (h *Home) Custody(leaf int64) ([]Stored, error) {
	var out []Stored
	for s, err := range h.Records() {
		if err != nil {
			return nil, err
		}
		if e, ok := s.Value.(*evidence.Event); ok && e.Leaf == leaf {
			out = append(out, s)
		}
	}
	return out, nil
}
