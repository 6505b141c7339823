package casefile

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

// aNote is what a source said, not signed yet.
func aNote() CallNote {
	return CallNote{Source: 3, Who: "the source", When: time.Date(2031, 4, 20, 13, 30, 0, 0, time.FixedZone("", 5*3600)), Channel: "Signal",
		Text: "They knocked at five.\nA white car, <no> plates.", ReadBack: true}
}

func TestCallNoteIsSigned(t *testing.T) {
	u, k := keysOf(t, User{ID: 1, Name: "Dana", Organisation: "Qanat"})
	reader, rk := keysOf(t, User{ID: 2, Name: "Léa", Organisation: "Qanat"})
	n, err := k.SignCallNote(aNote(), u, now)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := SealCallNote(n, reader)
	if err != nil {
		t.Fatal(err)
	}
	if n, err = OpenCallNote(sealed, rk.Identities()...); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Verify(u, now); err != nil {
		t.Fatalf("a note as it was signed: %v", err)
	}
	// Every field is under the signature.
	alter := map[string]func(n *CallNote){
		"source":    func(n *CallNote) { n.Source = 4 },
		"who":       func(n *CallNote) { n.Who = "another" },
		"when":      func(n *CallNote) { n.When = n.When.Add(time.Minute) },
		"channel":   func(n *CallNote) { n.Channel = "telephone" },
		"text":      func(n *CallNote) { n.Text = strings.Replace(n.Text, "five", "six", 1) },
		"white":     func(n *CallNote) { n.Text = strings.Replace(n.Text, "\n", " ", 1) },
		"by":        func(n *CallNote) { n.By = "Léa" },
		"read back": func(n *CallNote) { n.ReadBack = false },
		"writer":    func(n *CallNote) { n.Writer = 2 },
		"signed at": func(n *CallNote) { n.At = n.At.Add(time.Second) },
		"signature": func(n *CallNote) {
			n.Signature = n.Signature[:len(n.Signature)-8] + "AAAA" + n.Signature[len(n.Signature)-4:]
		},
		"smuggled":   func(n *CallNote) { n.Signature = "x\n\n" + n.Signature },
		"moved over": func(n *CallNote) { n.Who, n.Channel = "", n.Who+n.Channel },
	}
	for what, f := range alter {
		m := n
		f(&m)
		if _, err := m.Verify(u, now); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: an altered note holds: %v", what, err)
		}
	}
	// The key of another person, also under the writer's name and number.
	if _, err := n.Verify(reader, now); !errors.Is(err, ErrSignature) {
		t.Errorf("the signature is another's: %v", err)
	}
	if _, err := rk.SignCallNote(aNote(), u, now); err == nil {
		t.Error("one person signed in the name of another")
	}
	forged, _ := rk.SignCallNote(aNote(), reader, now)
	forged.Writer, forged.By = u.ID, u.Name
	if _, err := forged.Verify(u, now); !errors.Is(err, ErrSignature) {
		t.Errorf("a note signed with another key: %v", err)
	}
	// A signature of an approval is none of a note, and the other way round.
	if sig, _ := k.Sign(Document{ID: 1, Kind: "urgent_appeal", Language: "en"}, "aa", now); sig != "" {
		m := n
		m.Signature = sig
		if _, err := m.Verify(u, now); !errors.Is(err, ErrSignature) {
			t.Errorf("an approval passes for a note: %v", err)
		}
	}
}

// A note of before notes were signed is as it was: JSON without the new fields.
func TestOldCallNote(t *testing.T) {
	u, k := keysOf(t, User{ID: 1, Name: "Dana", Organisation: "Qanat"})
	old := json.RawMessage(`{"source":3,"who":"the source","when":"2031-04-20T08:30:00Z","channel":"Signal","text":"They knocked.","by":"Dana","read_back":true}`)
	sealed, err := sealTo(old, []User{u})
	if err != nil {
		t.Fatal(err)
	}
	n, err := OpenCallNote(sealed, k.Identities()...)
	if err != nil || n.Text != "They knocked." || n.By != "Dana" {
		t.Fatalf("an old note does not open: %v", err)
	}
	if _, err := n.Verify(u, now); !errors.Is(err, ErrUnsigned) {
		t.Errorf("an old note is %v, want unsigned", err)
	}
}

// What the writer signed stays good through every later change of their key,
// except where a thief could have signed it.
func TestCallNoteOfAFormerKey(t *testing.T) {
	u, k := keysOf(t, User{ID: 1, Name: "Dana", Organisation: "Qanat"})
	n, err := k.SignCallNote(aNote(), u, now)
	if err != nil {
		t.Fatal(err)
	}
	day := 24 * time.Hour
	rotated, _ := rotate(t, u, k, now.Add(day))
	if key, err := n.Verify(rotated, now); err != nil || key.Why != KeyRotated || !key.Until.Equal(now.Add(day)) {
		t.Errorf("after a rotation: %+v, %v", key, err)
	}
	// The old key signs nothing that is dated after it was handed over.
	if late, _ := k.SignCallNote(aNote(), u, now.Add(2*day)); true {
		if _, err := late.Verify(rotated, now.Add(2*day)); !errors.Is(err, ErrSignature) {
			t.Errorf("the old key signs on: %v", err)
		}
	}
	stolen, _, err := rotated.ChangeKey(KeyChange{Why: KeyStolen, Since: now.Add(time.Hour), Reason: "a bag was taken", By: "Léa", At: now.Add(3 * day)}, User{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		signed, kept time.Duration
		want         error
	}{
		{0, 0, nil},
		{0, 2 * time.Hour, ErrStolen}, // who dated it? It came into the log after the theft
		{time.Hour, time.Hour, ErrStolen},
		{2 * time.Hour, 2 * time.Hour, ErrStolen},
	} {
		n, err := k.SignCallNote(aNote(), u, now.Add(c.signed))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.Verify(stolen, now.Add(c.kept)); !errors.Is(err, c.want) {
			t.Errorf("signed %v after, kept %v after: %v, want %v", c.signed, c.kept, err, c.want)
		}
	}
}
