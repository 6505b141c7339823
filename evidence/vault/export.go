package vault

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"filippo.io/age"

	"github.com/arasha-org/arasha/evidence"
)

// An Export says what a dossier is to hold.
type Export struct {
	Items  []Stored // the chosen items
	Leaves []int64  // other leaves to show: findings, rosters, approvals, publications
	// Without are items whose bytes stay here; their records are shown.
	Without []int64
	// NoViews leaves out who looked when: views and copies.
	NoViews bool
	// Show names the sealed parts to show in clear: Collector, Address.
	Show []string
	// SealTo are age recipients to enclose the other sealed parts for.
	SealTo []string
	Roots  []byte // PEM certificates of the timestamp authorities
	Act    Act    // for the chain of custody
}

// Export logs that the items are given out, and writes the dossier to f.
func (h *Home) Export(f interface {
	io.Writer
	io.WriterAt
}, e Export) error {
	var recipients []age.Recipient
	for _, s := range e.SealTo {
		r, err := parseRecipient(s)
		if err != nil {
			return err
		}
		recipients = append(recipients, r)
	}
	e.Act.What = evidence.ActExport
	if err := h.Did(e.Act, e.Items...); err != nil {
		return err
	}
	signer, err := h.unlockSign()
	if err != nil {
		return err
	}
	vkey, err := h.Key()
	if err != nil {
		return err
	}
	changes, err := h.KeyChangeFiles()
	if err != nil {
		return err
	}
	b := evidence.Bundle{Log: h.Log, Key: vkey, KeyChanges: changes, Created: h.o.now().UTC().Truncate(time.Second),
		Open: h.Vault.Open, Without: make(map[evidence.Ref]bool), Sealed: make(map[string][]byte), Roots: e.Roots, Maker: h.o.Tool}

	chosen, extra := make(map[int64]bool), make(map[int64]bool)
	for _, s := range e.Items {
		chosen[s.Leaf] = true
	}
	for _, n := range e.Leaves {
		extra[n] = true
	}
	for s, err := range h.Records() {
		if err != nil {
			return err
		}
		show := chosen[s.Leaf] || extra[s.Leaf]
		if v, ok := s.Value.(*evidence.Event); ok {
			looked := v.Act == evidence.ActView || v.Act == evidence.ActCopy
			show = show || chosen[v.Leaf] && !(looked && e.NoViews)
		}
		if !show {
			continue
		}
		delete(extra, s.Leaf)
		if i, ok := s.Value.(*evidence.Item); ok && slices.Contains(e.Without, s.Leaf) {
			b.Without[i.Ref] = true
		}
		d := evidence.Disclosed{Leaf: s.Leaf, Record: &evidence.Record{Salt: s.Salt, Bytes: s.Bytes}}
		for _, part := range []string{Collector, Address} {
			if err := h.openPart(&b, &d, s, part, slices.Contains(e.Show, part), recipients); err != nil {
				return err
			}
		}
		b.Leaves = append(b.Leaves, d)
	}
	for n := range extra {
		return fmt.Errorf("vault: there is no record of leaf %d: %w", n, ErrAbsent)
	}
	if b.Stamps, err = h.usefulStamps(b.Leaves); err != nil {
		return err
	}
	return b.Write(f, signer)
}

// openPart shows a sealed part in d, or encloses it for the recipients, or
// leaves it sealed.
func (h *Home) openPart(b *evidence.Bundle, d *evidence.Disclosed, s Stored, part string, show bool, recipients []age.Recipient) error {
	if !show && len(recipients) == 0 {
		return nil
	}
	salt, value, err := h.SealedPart(s, part)
	if errors.Is(err, ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	o := evidence.Opening{Salt: salt, Value: value}
	if show {
		if d.Open == nil {
			d.Open = make(map[string]evidence.Opening)
		}
		d.Open[part] = o
		return nil
	}
	plain, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	b.Sealed[fmt.Sprintf("%d-%s", s.Leaf, part)], err = seal(plain, recipients...)
	return err
}

// usefulStamps returns the timestamps and cosigned states that say most about
// the leaves: of each kind, for each leaf the first one after it, and the
// newest.
func (h *Home) usefulStamps(leaves []evidence.Disclosed) (map[int64]map[string][]byte, error) {
	dated, err := h.StampedSizes(Token)
	if err != nil {
		return nil, err
	}
	proven, err := h.StampedSizes(ChainProof)
	if err != nil {
		return nil, err
	}
	cosigned, err := h.Log.CosignedSizes()
	if err != nil {
		return nil, err
	}
	use := make(map[int64]bool)
	for _, sizes := range [][]int64{dated, proven, cosigned} {
		for _, d := range leaves {
			if i, _ := slices.BinarySearch(sizes, d.Leaf+1); i < len(sizes) {
				use[sizes[i]], use[sizes[len(sizes)-1]] = true, true
			}
		}
	}
	// What a stolen key signed counts only as the beginning of the state at
	// which the theft was declared: that state goes along.
	changes, err := h.KeyChanges()
	if err != nil {
		return nil, err
	}
	for _, k := range changes {
		if k.Why == evidence.KeyCompromised && len(use) > 0 {
			use[k.Size] = true
		}
	}
	out := make(map[int64]map[string][]byte)
	for size := range use {
		if out[size], err = h.Stamps(size); err != nil {
			return nil, err
		}
	}
	return out, nil
}
