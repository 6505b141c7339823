package vault

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/arasha-org/arasha/evidence"
)

// ErrInterrupted says that a writer was stopped before its leaves were in the
// log. Nothing it had confirmed is missing; the next writer writes over it. When
// nobody was interrupted, the end of the log was cut off.
var ErrInterrupted = errors.New("a writer was stopped before it was done; if nobody was, the end of the log was cut off: compare with what witnesses signed")

// Check reads everything and yields what is wrong: with the log, with a record
// or its absence, with kept bytes. A lawful deletion is not wrong, unless it
// was not carried out.
func (h *Home) Check(yield func(error) bool) {
	for err := range h.Log.Check() {
		if !yield(err) {
			return
		}
	}
	gone, err := h.deletions()
	if err != nil {
		yield(err)
		return
	}
	have := make(map[int64]bool)
	items := make(map[evidence.Ref]bool)
	for s, err := range h.Records() {
		if err != nil {
			if !yield(err) || errors.Is(err, ErrPassphrase) {
				return
			}
			have[s.Leaf] = true // said once
			continue
		}
		have[s.Leaf] = true
		if gone[s.Leaf] > 0 && !yield(fmt.Errorf("vault: leaf %d says that leaf %d was deleted, but its record is still here: delete it again to finish", gone[s.Leaf], s.Leaf)) {
			return
		}
		i, ok := s.Value.(*evidence.Item)
		if !ok || i.Ref.IsZero() {
			continue
		}
		items[i.Ref] = true
		if !h.Vault.Has(i.Ref) && !yield(fmt.Errorf("vault: the bytes of item %d, %s, are missing: %w", s.Leaf, i.Ref.Short(), ErrAbsent)) {
			return
		}
	}
	for n := range h.Log.Head().Size {
		if !have[n] && gone[n] == 0 && !yield(fmt.Errorf("vault: the record of leaf %d is missing and no deletion was logged: %w", n, ErrAbsent)) {
			return
		}
	}
	for ref, err := range h.Vault.Check() {
		if errors.Is(err, ErrUnlisted) && !items[ref] {
			continue // left behind by a writer that was stopped, never confirmed
		}
		if err != nil && !yield(err) {
			return
		}
	}
	// A key that cannot sign any more is found here, and not on the day it is
	// needed. A copy of a home without the key is a home too.
	if _, err := h.unlockSign(); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrPassphrase) && !yield(err) {
		return
	}
	left, err := filepath.Glob(h.path("records", "*.age"))
	if err != nil {
		yield(err)
		return
	}
	beyond := 0
	firsts, _ := h.packs()
	for _, first := range firsts {
		switch size := h.Log.Head().Size; {
		case first > size:
			beyond++
		case first == size && !yield(fmt.Errorf("vault: after leaf %d: %w", size-1, ErrInterrupted)):
			return
		}
	}
	if beyond > 0 {
		yield(fmt.Errorf("vault: %d of %d files in records/ belong to leaves beyond the end of the log: %w", beyond, len(left), evidence.ErrTruncated))
	}
}
