package casefile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"filippo.io/age"
)

// ErrUnsigned says that a note of a call bears no signature: it was written
// before notes were signed.
var ErrUnsigned = errors.New("casefile: the note is not signed")

// A CallNote is what somebody told us, written down and signed. Its bytes are
// an item of evidence, sealed with the source.
type CallNote struct {
	Source   ID        `json:"source" of:"sources"`
	Who      string    `json:"who"` // spoke
	When     time.Time `json:"when,omitzero"`
	Channel  string    `json:"channel"`
	Text     string    `json:"text"`
	By       string    `json:"by"`        // wrote it
	ReadBack bool      `json:"read_back"` // and was confirmed

	Writer    ID        `json:"writer,omitzero" of:"users"` // who wrote it, as a user
	At        time.Time `json:"at,omitzero"`                // when they signed it
	Signature string    `json:"signature,omitempty"`        // over [CallNoteText]; "" before notes were signed
}

// Check returns what is wrong with n. Its message never repeats the note.
func (n CallNote) Check() error {
	return check("call note", 0,
		is(n.Source != 0, "the source is missing"),
		is(n.Who != "" && n.By != "", "who spoke and who wrote are both needed"),
		is(!n.When.IsZero(), "when it was is missing"),
		is(n.Channel != "" && n.Text != "", "by which channel, and what was said, are both needed"))
}

// Format draws [Redacted], see [Secret.Format].
func (n CallNote) Format(f fmt.State, _ rune) { io.WriteString(f, Redacted) }

// LogValue draws [Redacted] in a log.
func (n CallNote) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalJSON writes [Redacted]: a note leaves only through [SealCallNote].
func (n CallNote) MarshalJSON() ([]byte, error) { return json.Marshal(Redacted) }

type callNoteForm CallNote

// callNoteText is what the signature of a note is over: docs/formats/approval.md.
// The words at the head keep it from meaning anything else; JSON keeps each
// word in its field.
func callNoteText(n CallNote) (string, error) {
	n.Signature = ""
	b, err := json.Marshal(callNoteForm(n))
	if err != nil {
		return "", errors.New("casefile: the note cannot be written down") // the error would hold it
	}
	return "arasha-call-note/1\n" + string(b) + "\n", nil
}

// SignCallNote returns n as written by the user and signed with their keys at
// a time. The signature stands in the note, and so is sealed with it.
func (k *UserKeys) SignCallNote(n CallNote, by User, at time.Time) (CallNote, error) {
	if !k.Of(by) {
		return n, errors.New("casefile: these are not the keys of who wrote the note")
	}
	n.By, n.Writer, n.At = by.Name, by.ID, at.UTC().Truncate(time.Second)
	text, err := callNoteText(n)
	if err == nil {
		n.Signature, err = k.sign(text)
	}
	return n, err
}

// Verify says whether n is as the writer signed it: nil, [ErrUnsigned],
// [ErrSignature], or [ErrStolen] when a thief could have signed it. kept is
// when the note came into the evidence log, which is another clock than that
// of whoever signs. key is that of the signature when it is a former one.
func (n CallNote) Verify(writer User, kept time.Time) (key FormerKey, err error) {
	if n.Signature == "" {
		return key, ErrUnsigned
	}
	text, err := callNoteText(n)
	if err != nil || n.Writer == 0 || n.Writer != writer.ID {
		return key, ErrSignature
	}
	key, err = writer.signed(text, n.At, n.Signature)
	if err == nil && key.Why == KeyStolen && (!n.At.Before(key.Since) || !kept.Before(key.Since)) {
		err = ErrStolen
	}
	return key, err
}

// SealCallNote encrypts a signed note to users: the bytes that are kept as an
// item of evidence.
func SealCallNote(n CallNote, to ...User) ([]byte, error) {
	if err := n.Check(); err != nil {
		return nil, err
	}
	if n.Signature == "" {
		return nil, ErrUnsigned
	}
	return sealTo(callNoteForm(n), to)
}

// OpenCallNote opens what SealCallNote sealed, also a note of before notes
// were signed.
func OpenCallNote(sealed []byte, ids ...age.Identity) (CallNote, error) {
	var f callNoteForm
	err := openTo(sealed, &f, ids)
	return CallNote(f), err
}
