package evidence

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Kind says what a leaf of the log stands for. It is the only thing a leaf
// says in clear.
type Kind string

// The kinds of leaves.
const (
	KindItem        Kind = "item"        // bytes kept: Item
	KindCustody     Kind = "custody"     // something happened to an item: Event
	KindDeletion    Kind = "deletion"    // what an earlier leaf stands for was lawfully destroyed: Event
	KindFinding     Kind = "finding"     // what an analysis says: Statement
	KindRoster      Kind = "roster"      // who may approve, by commitment: Roster
	KindApproval    Kind = "approval"    // an entitled person said yes or no: Approval
	KindPublication Kind = "publication" // a document went out: Statement
	KindKey         Kind = "key"         // a key of the log was changed: KeyChange
	KindUserKey     Kind = "user-key"    // the key of somebody at the desk was changed: UserKey
)

var kinds = map[Kind]bool{KindItem: true, KindCustody: true, KindDeletion: true, KindFinding: true,
	KindRoster: true, KindApproval: true, KindPublication: true, KindKey: true, KindUserKey: true}

// A Salt is 32 random bytes that make a commitment unguessable. Destroying the
// salt, with the record it belongs to, is the lawful deletion: the leaf stays,
// and nobody can tell any more what it stood for.
type Salt [32]byte

// NewSalt returns a fresh random Salt.
func NewSalt() Salt {
	var s Salt
	rand.Read(s[:]) // never fails: crypto/rand
	return s
}

// String returns the 64 lower-case hexadecimal digits.
func (s Salt) String() string { return hex.EncodeToString(s[:]) }

// MarshalText writes s as String does.
func (s Salt) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Salt) UnmarshalText(b []byte) error { return unmarshalHex(s[:], b, "salt") }

// A Commitment fixes bytes without showing them: SHA-256 over the words
// "arasha-commitment/1" and a line feed, the 32 bytes of a salt, and the bytes.
type Commitment [32]byte

// Commit returns the commitment to b under salt.
func Commit(salt Salt, b []byte) Commitment {
	h := sha256.New()
	h.Write([]byte("arasha-commitment/1\n"))
	h.Write(salt[:])
	h.Write(b)
	return Commitment(h.Sum(nil))
}

// String returns the 64 lower-case hexadecimal digits.
func (c Commitment) String() string { return hex.EncodeToString(c[:]) }

// MarshalText writes c as String does.
func (c Commitment) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (c *Commitment) UnmarshalText(b []byte) error { return unmarshalHex(c[:], b, "commitment") }

func unmarshalHex(dst, b []byte, what string) error {
	if len(b) != 2*len(dst) || strings.ToLower(string(b)) != string(b) {
		return fmt.Errorf("evidence: %q is not a %s: 64 lower-case hexadecimal digits are expected", clip(string(b)), what)
	}
	if _, err := hex.Decode(dst, b); err != nil {
		return fmt.Errorf("evidence: %q is not a %s: 64 lower-case hexadecimal digits are expected", clip(string(b)), what)
	}
	return nil
}

// clip shortens foreign text for a message.
func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}

// A Leaf is one entry of the log. Its bytes are one line of ASCII:
//
//	arasha-leaf/1 item 9f86d081…
//	arasha-leaf/1 deletion 60303ae2… 17
//
// the words, the kind, the commitment to the record, and for a deletion the
// number of the leaf it takes the meaning from. There is no line feed.
type Leaf struct {
	Kind       Kind
	Commitment Commitment
	Of         int64 // for a deletion, the leaf it is about
}

const leafWord = "arasha-leaf/1"

// Bytes returns the leaf as it stands in the log.
func (l Leaf) Bytes() []byte {
	s := leafWord + " " + string(l.Kind) + " " + l.Commitment.String()
	if l.Kind == KindDeletion {
		s += " " + strconv.FormatInt(l.Of, 10)
	}
	return []byte(s)
}

// ParseLeaf reads what Bytes writes, and nothing else.
func ParseLeaf(b []byte) (Leaf, error) {
	var l Leaf
	f := strings.Split(string(b), " ")
	if len(f) < 3 || f[0] != leafWord {
		return l, fmt.Errorf("evidence: %q is not a leaf of this kind of log", clip(string(b)))
	}
	l.Kind = Kind(f[1])
	if !kinds[l.Kind] {
		return l, fmt.Errorf("evidence: leaf of unknown kind %q", clip(f[1]))
	}
	if err := l.Commitment.UnmarshalText([]byte(f[2])); err != nil {
		return l, err
	}
	if l.Kind == KindDeletion && len(f) == 4 {
		l.Of, _ = strconv.ParseInt(f[3], 10, 64)
	}
	if l.Of < 0 || string(l.Bytes()) != string(b) {
		return l, fmt.Errorf("evidence: %q is not written as a leaf is", clip(string(b)))
	}
	return l, nil
}

// A Record is what a leaf stands for, as exact bytes, with the salt that ties
// it to the leaf.
type Record struct {
	Salt  Salt
	Bytes []byte // canonical JSON: see Encode
}

// NewRecord encodes v, an Item, Event, Statement, Roster, Approval,
// KeyChange or UserKey, under a fresh salt.
func NewRecord(v any) (Record, error) {
	b, err := Encode(v)
	return Record{NewSalt(), b}, err
}

// Leaf returns the leaf that stands for r.
func (r Record) Leaf() (Leaf, error) {
	h, err := decodeHead(r.Bytes)
	if err != nil {
		return Leaf{}, err
	}
	return Leaf{Kind: h.Kind, Commitment: Commit(r.Salt, r.Bytes), Of: h.deletionOf()}, nil
}

// head is what every record begins with.
type head struct {
	V    int    `json:"v"`
	Kind Kind   `json:"kind"`
	Leaf *int64 `json:"leaf"`
}

func (h head) deletionOf() int64 {
	if h.Kind != KindDeletion || h.Leaf == nil {
		return 0
	}
	return *h.Leaf
}

func decodeHead(b []byte) (head, error) {
	var h head
	if err := json.Unmarshal(b, &h); err != nil {
		return h, fmt.Errorf("evidence: record: %w", err)
	}
	if h.V != 1 {
		return h, fmt.Errorf("evidence: record of version %d; this program knows version 1", h.V)
	}
	if !kinds[h.Kind] {
		return h, fmt.Errorf("evidence: record of unknown kind %q", clip(string(h.Kind)))
	}
	return h, nil
}

// Encode writes a record as the JSON that commitments are made over: UTF-8,
// fields in the order of the format page, nothing between the tokens, only the
// characters escaped that Go's encoding/json escapes without EscapeHTML. It is
// kept verbatim, so nobody ever has to write it again to check a hash.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// MaxRecord bounds the size of one record.
const MaxRecord = 1 << 20

// Decode reads what Encode wrote into v. Bytes that Encode would not have
// written are refused, so that no two readers can see different things in the
// same record (a field given twice, in capitals, or unknown to one of them).
func Decode(b []byte, v any) error {
	if len(b) > MaxRecord {
		return fmt.Errorf("evidence: a record of %d bytes; at most %d are read", len(b), MaxRecord)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("evidence: record: %w", err)
	}
	again, err := Encode(v)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, b) {
		return errors.New("evidence: the record is not written in the one way this format allows")
	}
	return nil
}

// DecodeRecord reads a record of any kind: an *Item, *Event, *Statement,
// *Roster, *Approval, *KeyChange or *UserKey.
func DecodeRecord(b []byte) (any, error) {
	h, err := decodeHead(b)
	if err != nil {
		return nil, err
	}
	var v interface{ check() error }
	switch h.Kind {
	case KindItem:
		v = new(Item)
	case KindCustody, KindDeletion:
		v = new(Event)
	case KindFinding, KindPublication:
		v = new(Statement)
	case KindRoster:
		v = new(Roster)
	case KindApproval:
		v = new(Approval)
	case KindKey:
		v = new(KeyChange)
	case KindUserKey:
		v = new(UserKey)
	}
	if err := Decode(b, v); err != nil {
		return nil, err
	}
	if err := v.check(); err != nil {
		return nil, fmt.Errorf("evidence: %s: %w", h.Kind, err)
	}
	return v, nil
}

// A Time is a moment as some clock told it.
type Time struct {
	At    time.Time `json:"at"`              // UTC, whole seconds
	Clock string    `json:"clock,omitempty"` // which clock, and how far it was checked
}

// Moment returns t as records hold it.
func Moment(t time.Time, clock string) Time { return Time{t.UTC().Truncate(time.Second), clock} }

func (t Time) check() error {
	if t.At.IsZero() || t.At.Location() != time.UTC || t.At.Nanosecond() != 0 || t.At.Year() < 1970 || t.At.Year() > 9999 {
		return errors.New("the time is not whole seconds in UTC")
	}
	return nil
}
