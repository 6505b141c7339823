package casefile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"filippo.io/age"

	"github.com/arasha-org/arasha/internal/sealing"
)

// Redacted is drawn wherever a sealed value would be printed. Its length is
// always the same, so that it tells nothing of what it stands for.
const Redacted = "████████"

// The errors of opening what is sealed. Neither repeats a byte of it.
var (
	ErrNotReader     = errors.New("casefile: it is sealed to others; ask one of its readers")
	ErrSealedDamaged = errors.New("casefile: the sealed bytes are damaged")
)

// Format draws [Redacted] for every verb, so that a secret in an error, a log
// line or a test's message is not printed. fmt asks it also for a secret inside
// another value, as long as the field is exported.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, Redacted) }

// LogValue draws [Redacted] in a log.
func (s Secret) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalJSON writes [Redacted]: a secret leaves only through [SealSecret].
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(Redacted) }

// Format draws [Redacted], see [Secret.Format].
func (c ContactRules) Format(f fmt.State, _ rune) { io.WriteString(f, Redacted) }

// LogValue draws [Redacted] in a log.
func (c ContactRules) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalJSON writes [Redacted].
func (c ContactRules) MarshalJSON() ([]byte, error) { return json.Marshal(Redacted) }

// What is sealed has a form of its own, beside the types that never show
// themselves.
type (
	secretForm struct {
		V       int         `json:"v"`
		Name    string      `json:"name"`
		Aliases []Alias     `json:"aliases"`
		Contact contactForm `json:"contact"`
		Note    string      `json:"note"`
	}
	contactForm ContactRules
)

// SealSecret encrypts s to users, each of whom can open it alone. Its length
// tells only how many kilobytes it has.
func SealSecret(s Secret, to ...User) ([]byte, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	return sealTo(secretForm{1, s.Name, s.Aliases, contactForm(s.Contact), s.Note}, to)
}

// OpenSecret opens what SealSecret sealed. The error is [ErrNotReader] or
// [ErrSealedDamaged].
func OpenSecret(sealed []byte, ids ...age.Identity) (Secret, error) {
	var f secretForm
	if err := openTo(sealed, &f, ids); err != nil {
		return Secret{}, err
	}
	return Secret{f.Name, f.Aliases, ContactRules(f.Contact), f.Note}, nil
}

// roomOf is the step in which sealed values grow.
const roomOf = 1024

func sealTo(v any, to []User) ([]byte, error) {
	if len(to) == 0 {
		return nil, errors.New("casefile: name at least one reader to seal it to")
	}
	var keys []string
	for _, u := range to {
		if u.Recipient == "" {
			return nil, fmt.Errorf("casefile: user %d has no key to seal to", u.ID)
		}
		keys = append(keys, u.Recipient)
	}
	rs, err := sealing.Recipients(keys...)
	if err != nil {
		return nil, fmt.Errorf("casefile: a reader: %w", err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, errors.New("casefile: what is to be sealed cannot be written down") // the error would hold it
	}
	return sealing.Seal(append(b, bytes.Repeat([]byte(" "), roomOf-len(b)%roomOf)...), rs...)
}

func openTo(sealed []byte, v any, ids []age.Identity) error {
	b, err := sealing.Open(sealed, ids...)
	switch {
	case errors.Is(err, sealing.ErrNotForYou):
		return ErrNotReader
	case err != nil:
		return ErrSealedDamaged
	}
	if err := json.Unmarshal(b, v); err != nil {
		return ErrSealedDamaged // the error of json would hold some of it
	}
	return nil
}
