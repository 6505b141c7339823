package evidence

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A KeyChange says that a log is signed by another key from now on, and why.
// It stands in the log as the record of a leaf, and beside it as a signed
// note: signed by the new key, and by the old one too where that still can.
type KeyChange struct {
	V      int       `json:"v"`
	Kind   Kind      `json:"kind"`
	Origin string    `json:"origin"`
	Why    string    `json:"why"` // rotated, lost, compromised
	Old    string    `json:"old"` // name+hash+base64
	New    string    `json:"new"`
	Size   int64     `json:"size"` // what the log held when the old key was last used rightly
	Root   tlog.Hash `json:"root"`
	At     Time      `json:"at"`
	Note   string    `json:"note,omitempty"`
}

// The reasons of a KeyChange.
const (
	KeyRotated     = "rotated"     // planned; the old key signs the change
	KeyLost        = "lost"        // nobody can use the old key any more, nor sign with it
	KeyCompromised = "compromised" // somebody else may use the old key: what it signed beyond Size counts for nothing
)

func (k *KeyChange) check() error {
	if k.Kind != KindKey || k.Size < 0 || !validOrigin(k.Origin) || strings.ContainsAny(k.Note, "\n\r") ||
		k.Why != KeyRotated && k.Why != KeyLost && k.Why != KeyCompromised {
		return errors.New("a field is missing or out of range")
	}
	for _, key := range []string{k.Old, k.New} {
		v, err := note.NewVerifier(key)
		if err != nil {
			return fmt.Errorf("%q is not a public key of a log", clip(key))
		}
		if v.Name() != k.Origin {
			return fmt.Errorf("the key %q is not of the log %s", clip(key), k.Origin)
		}
	}
	if k.Old == k.New {
		return errors.New("the old key and the new one are the same")
	}
	return k.At.check()
}

const keyChangeWord = "arasha-key-change/1"

// Sign returns k as a note signed by the signers: the new key, and the old one
// where it still can sign. Its text is two lines: the words
// "arasha-key-change/1" and the record.
func (k KeyChange) Sign(signers ...note.Signer) ([]byte, error) {
	b, err := Encode(k)
	if err != nil {
		return nil, err
	}
	msg, err := note.Sign(&note.Note{Text: keyChangeWord + "\n" + string(b) + "\n"}, signers...)
	if err != nil {
		return nil, fmt.Errorf("evidence: key change: %w", err)
	}
	return msg, nil
}

// A SignedKeyChange is a key change whose signatures were checked.
type SignedKeyChange struct {
	KeyChange
	ByOld bool // the old key signed it
	ByNew bool // the new key signed it
}

// OpenKeyChange reads and checks a signed key change. One signed by neither
// the old nor the new key is an error.
func OpenKeyChange(msg []byte) (SignedKeyChange, error) {
	var s SignedKeyChange
	text := string(msg)
	line, rest, _ := strings.Cut(text, "\n")
	record, _, ok := strings.Cut(rest, "\n")
	if line != keyChangeWord || !ok {
		return s, errors.New("evidence: this is not a key change")
	}
	v, err := DecodeRecord([]byte(record))
	if err != nil {
		return s, err
	}
	k, ok := v.(*KeyChange)
	if !ok {
		return s, errors.New("evidence: this is not a key change")
	}
	s.KeyChange = *k
	oldKey, _ := note.NewVerifier(k.Old) // checked by DecodeRecord
	newKey, _ := note.NewVerifier(k.New)
	n, err := OpenNote(msg, oldKey, newKey)
	if err != nil {
		return s, err
	}
	if n.Text != keyChangeWord+"\n"+record+"\n" {
		return s, errors.New("evidence: the key change holds more than it should")
	}
	for _, sig := range n.Sigs {
		s.ByOld = s.ByOld || sig.Hash == oldKey.KeyHash()
		s.ByNew = s.ByNew || sig.Hash == newKey.KeyHash()
	}
	return s, nil
}

// Trust says what a required key has to do with the key that signed.
type Trust int

// The answers of Follow.
const (
	NotTrusted Trust = iota // nothing ties the two together
	Trusted                 // the same key, or the old key handed over to it
	Unsure                  // tied together only by the new key's own word: the old one was lost or stolen
)

// Follow goes from the key a reader trusts along the signed changes to the
// key that signed, in order of time. A change that the old key did not sign
// or that says it was stolen leads to Unsure, because a thief could have
// written it: such a step must be confirmed by people.
func Follow(trusted, signed string, changes []SignedKeyChange) (Trust, *SignedKeyChange) {
	t, key := Trusted, trusted
	var weak *SignedKeyChange
	for range len(changes) + 1 {
		if key == signed {
			return t, weak
		}
		next := ""
		for i, c := range changes {
			if c.Old == key && c.ByNew {
				next = c.New
				if !c.ByOld || c.Why != KeyRotated {
					t, weak = Unsure, &changes[i]
				}
				break
			}
		}
		if next == "" {
			break
		}
		key = next
	}
	return NotTrusted, nil
}
