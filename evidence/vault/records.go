package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"filippo.io/age"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/internal/sealing"
)

// A Stored is what one leaf of the log stands for.
type Stored struct {
	Leaf int64
	evidence.Record
	Value any // *evidence.Item, *evidence.Event, …

	// parts are the sealed parts by name, each encrypted to those it is
	// sealed to.
	parts map[string][]byte
}

// entry is a Stored as one line of JSON in a pack.
type entry struct {
	Leaf   int64             `json:"leaf"`
	Salt   evidence.Salt     `json:"salt"`
	Record string            `json:"record"`
	Parts  map[string][]byte `json:"parts,omitempty"`
}

// part is a sealed part before it is encrypted.
type part struct {
	Salt  evidence.Salt `json:"salt"`
	Value string        `json:"value"`
}

// The names of the sealed parts.
const (
	Collector = "collector"
	Address   = "address"
)

// A pack is a file of records/: what the leaves of one Append stand for, named
// by the number of the first.
func (h *Home) packPath(first int64) string {
	return h.path("records", fmt.Sprintf("%012d.age", first))
}

// packs returns the first leaf of each pack, in order.
func (h *Home) packs() ([]int64, error) {
	names, err := os.ReadDir(h.path("records"))
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	var out []int64
	for _, d := range names {
		n, err := strconv.ParseInt(strings.TrimSuffix(d.Name(), ".age"), 10, 64)
		if err == nil && filepath.Base(h.packPath(n)) == d.Name() {
			out = append(out, n)
		}
	}
	return out, nil
}

func (h *Home) writePack(path string, entries []entry) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	for _, one := range entries {
		if err := e.Encode(one); err != nil {
			return fmt.Errorf("vault: records: %w", err)
		}
	}
	sealed, err := seal(b.Bytes(), h.recipients...)
	if err != nil {
		return err
	}
	if err := disk.Write(path, 0o600, sealed); err != nil {
		return fmt.Errorf("vault: records: %w", err)
	}
	return nil
}

func (h *Home) readPack(first int64) ([]entry, error) {
	sealed, err := os.ReadFile(h.packPath(first))
	if err != nil {
		return nil, fmt.Errorf("vault: records: %w", err)
	}
	ids, err := h.unlockSeal()
	if err != nil {
		return nil, err
	}
	b, err := unseal(sealed, ids...)
	if err != nil {
		return nil, fmt.Errorf("vault: %s: %w", h.packPath(first), err)
	}
	var out []entry
	for d := json.NewDecoder(bytes.NewReader(b)); ; {
		var e entry
		if err := d.Decode(&e); err == io.EOF {
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("vault: %s: %w: %v", h.packPath(first), ErrChanged, err)
		}
		out = append(out, e)
	}
}

// Records yields what the leaves stand for, in order of leaf, each checked
// against its leaf. What was lawfully destroyed is not among them.
func (h *Home) Records() iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		firsts, err := h.packs()
		if err != nil {
			yield(Stored{}, err)
			return
		}
		for _, first := range firsts {
			if first >= h.Log.Head().Size {
				continue // of a writer that was stopped before its leaves were logged
			}
			entries, err := h.readPack(first)
			if err != nil {
				if !yield(Stored{Leaf: first}, err) {
					return
				}
				continue
			}
			for _, e := range entries {
				if s, err := h.open(e); !yield(s, err) {
					return
				}
			}
		}
	}
}

// open checks one entry against its leaf.
func (h *Home) open(e entry) (Stored, error) {
	s := Stored{Leaf: e.Leaf, Record: evidence.Record{Salt: e.Salt, Bytes: []byte(e.Record)}, parts: e.Parts}
	want, err := h.Log.Leaf(e.Leaf)
	if err != nil {
		return s, err
	}
	leaf, err := s.Record.Leaf()
	if err != nil {
		return s, fmt.Errorf("leaf %d: %w", e.Leaf, err)
	}
	if !bytes.Equal(leaf.Bytes(), want) {
		return s, fmt.Errorf("vault: the record of leaf %d is not the one that was logged: %w", e.Leaf, ErrChanged)
	}
	s.Value, err = evidence.DecodeRecord(s.Bytes)
	return s, err
}

// Record returns what leaf n stands for.
func (h *Home) Record(n int64) (Stored, error) {
	firsts, err := h.packs()
	if err != nil {
		return Stored{}, err
	}
	pack := int64(-1)
	for _, first := range firsts {
		if first <= n {
			pack = first
		}
	}
	if pack >= 0 && n < h.Log.Head().Size {
		entries, err := h.readPack(pack)
		if err != nil {
			return Stored{}, err
		}
		for _, e := range entries {
			if e.Leaf == n {
				return h.open(e)
			}
		}
	}
	return Stored{}, fmt.Errorf("vault: there is no record of leaf %d: %w", n, ErrAbsent)
}

// A pending record is about to be logged.
type pending struct {
	value  any
	sealed map[string]string // the sealed parts in clear, by name
	record *evidence.Record  // made before, in place of the two above
}

// append logs records and returns the number of each. The records are on the
// disk before their leaves are in the log, so a leaf never stands for nothing.
// build is told the number of the first. The caller holds the lock.
func (h *Home) append(build func(first int64) []pending) ([]int64, error) {
	signer, err := h.unlockSign()
	if err != nil {
		return nil, err
	}
	if err := h.refresh(); err != nil {
		return nil, err
	}
	first := h.Log.Head().Size
	var leaves [][]byte
	var entries []entry
	for i, p := range build(first) {
		e := entry{Leaf: first + int64(i)}
		if e.Parts, err = h.sealParts(p); err != nil {
			return nil, err
		}
		var r evidence.Record
		if p.record != nil {
			r = *p.record
		} else if r, err = evidence.NewRecord(p.value); err != nil {
			return nil, err
		}
		if _, err := evidence.DecodeRecord(r.Bytes); err != nil {
			return nil, err // never log what nobody could read back
		}
		leaf, err := r.Leaf()
		if err != nil {
			return nil, err
		}
		e.Salt, e.Record = r.Salt, string(r.Bytes)
		entries = append(entries, e)
		leaves = append(leaves, leaf.Bytes())
	}
	if err := h.writePack(h.packPath(first), entries); err != nil {
		return nil, err
	}
	numbers, err := h.Log.Append(leaves, evidence.Appender{Signer: signer, Now: h.o.now(), ClockBack: h.o.ClockBack != ""})
	if errors.Is(err, evidence.ErrClockBack) || errors.Is(err, disk.ErrLocked) {
		os.Remove(h.packPath(first)) // refused before anything was logged
	}
	return numbers, err
}

// refresh opens the log again: another process may have written since.
func (h *Home) refresh() error {
	keys, err := h.Verifiers()
	if err != nil {
		return err
	}
	h.Log, err = evidence.OpenLog(h.path("log"), keys...)
	return err
}

// sealParts encrypts the sealed parts of p and puts the commitments to them
// into its value.
func (h *Home) sealParts(p pending) (map[string][]byte, error) {
	if len(p.sealed) == 0 {
		return nil, nil
	}
	var sealed *evidence.Sealed
	switch v := p.value.(type) {
	case *evidence.Item:
		sealed = &v.Sealed
	case *evidence.Event:
		sealed = &v.Sealed
	default:
		return nil, fmt.Errorf("vault: a %T has no sealed parts", p.value)
	}
	parts := make(map[string][]byte)
	for name, value := range p.sealed {
		if value == "" {
			continue
		}
		salt := evidence.NewSalt()
		c := evidence.Commit(salt, []byte(value))
		b, err := json.Marshal(part{salt, value})
		if err != nil {
			return nil, fmt.Errorf("vault: %w", err)
		}
		if parts[name], err = seal(b, h.sealTo...); err != nil {
			return nil, err
		}
		if name == Collector {
			sealed.Collector = &c
		} else {
			sealed.Address = &c
		}
	}
	return parts, nil
}

// SealedPart opens a sealed part of s and checks it against the commitment in
// the record. The error is ErrSealed when it is sealed to others, ErrAbsent
// when there is none.
func (h *Home) SealedPart(s Stored, name string) (evidence.Salt, string, error) {
	var p part
	var sealed evidence.Sealed
	switch v := s.Value.(type) {
	case *evidence.Item:
		sealed = v.Sealed
	case *evidence.Event:
		sealed = v.Sealed
	}
	want := sealed.Collector
	if name == Address {
		want = sealed.Address
	}
	if want == nil || s.parts[name] == nil {
		return p.Salt, "", fmt.Errorf("vault: leaf %d has no sealed %s: %w", s.Leaf, name, ErrAbsent)
	}
	ids, err := h.unlockSeal()
	if err != nil {
		return p.Salt, "", err
	}
	b, err := unseal(s.parts[name], ids...)
	if err != nil {
		return p.Salt, "", fmt.Errorf("vault: the %s of leaf %d: %w", name, s.Leaf, err)
	}
	if err := json.Unmarshal(b, &p); err != nil || evidence.Commit(p.Salt, []byte(p.Value)) != *want {
		return p.Salt, "", fmt.Errorf("vault: the %s of leaf %d: %w", name, s.Leaf, ErrChanged)
	}
	return p.Salt, p.Value, nil
}

// destroy removes the records of some leaves, salts included, and writes over
// what held them. It is the second half of a deletion: the log says so first.
func (h *Home) destroy(leaves map[int64]bool) error {
	firsts, err := h.packs()
	if err != nil {
		return err
	}
	for _, first := range firsts {
		entries, err := h.readPack(first)
		if err != nil {
			return err
		}
		var kept []entry
		for _, e := range entries {
			if !leaves[e.Leaf] {
				kept = append(kept, e)
			}
		}
		if len(kept) == len(entries) {
			continue
		}
		old, err := os.OpenFile(h.packPath(first), os.O_RDWR, 0)
		if err != nil {
			return fmt.Errorf("vault: records: %w", err)
		}
		err = h.writePack(h.packPath(first), kept)
		if err == nil {
			err = blank(old)
		}
		old.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// blank writes zeros over a file that has lost its name. On a disk that
// spreads its writes this is no more than a good try; the commitment can no
// longer be opened in any case, once the salt is not to be found.
func blank(f *os.File) error {
	info, err := f.Stat()
	if err == nil {
		_, err = f.WriteAt(make([]byte, info.Size()), 0)
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return fmt.Errorf("vault: records: %w", err)
	}
	return nil
}

func seal(b []byte, to ...age.Recipient) ([]byte, error) {
	b, err := sealing.Seal(b, to...)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	return b, nil
}

func unseal(b []byte, ids ...age.Identity) ([]byte, error) {
	b, err := sealing.Open(b, ids...)
	switch {
	case errors.Is(err, sealing.ErrNotForYou):
		return nil, ErrSealed
	case err != nil:
		return nil, fmt.Errorf("%w: %v", ErrChanged, err)
	}
	return b, nil
}
