package casefile

import (
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"

	"github.com/arasha-org/arasha/evidence"
)

// rotate gives u the next keys at a time.
func rotate(t testing.TB, u User, k *UserKeys, at time.Time) (User, *UserKeys) {
	t.Helper()
	file, next, err := NewUserKeys(u, k, "four words are enough")
	if err != nil {
		t.Fatal(err)
	}
	nk, err := OpenUserKeys(file, "four words are enough")
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := u.ChangeKey(KeyChange{Why: KeyRotated, Reason: "every two years", By: u.Name, At: at}, next, k, nk)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(out.Check(), out.After(u)); err != nil {
		t.Fatal(err)
	}
	return out, nk
}

func TestPassphraseChanges(t *testing.T) {
	u, k := keysOf(t, User{ID: 1, Name: "Dana", Organisation: "Qanat"})
	if _, err := k.File("short"); err == nil {
		t.Error("a passphrase of five letters was taken")
	}
	file, err := k.File("four other words here")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenUserKeys(file, "four words are enough"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("the old passphrase: %v", err)
	}
	again, err := OpenUserKeys(file, "four other words here")
	if err != nil || !again.Of(u) {
		t.Fatalf("the new passphrase opens something else: %v", err)
	}
}

// However often the key changes, what was sealed and signed before can be read
// and checked by the user, and the old key signs nothing new.
func TestKeyLife(t *testing.T) {
	d := Document{ID: 12, Kind: "urgent_appeal", Language: "en"}
	rapid.Check(t, func(r *rapid.T) {
		u, k := keysOf(t, User{ID: 1, Name: "Dana", Organisation: "Qanat"})
		type signed struct {
			at  time.Time
			sig string
		}
		var all []signed
		var sealed [][]byte
		var old []*UserKeys
		at := now
		for range rapid.IntRange(1, 4).Draw(r, "changes") {
			at = at.Add(time.Duration(rapid.IntRange(0, 100).Draw(r, "minutes")) * time.Minute)
			sig, err := k.Sign(d, "aa", at)
			if err != nil {
				r.Fatal(err)
			}
			s, err := SealSecret(Secret{Name: "Marzhan"}, u)
			if err != nil {
				r.Fatal(err)
			}
			all, sealed, old = append(all, signed{at, sig}), append(sealed, s), append(old, k)
			u, k = rotate(t, u, k, at)
			file, err := k.File("other words are enough")
			if err != nil {
				r.Fatal(err)
			}
			if k, err = OpenUserKeys(file, "other words are enough"); err != nil || !k.Of(u) {
				r.Fatalf("the file with %d former keys: %v", len(old), err)
			}
			for i, s := range sealed {
				if _, err := OpenSecret(s, k.Identities()...); err != nil {
					r.Errorf("what was sealed before change %d: %v", i, err)
				}
				if err := VerifySignature(u, d, "aa", all[i].at, all[i].sig); err != nil {
					r.Errorf("what was signed before change %d: %v", i, err)
				}
				late := at.Add(time.Second)
				sig, _ := old[i].Sign(d, "aa", late)
				if err := VerifySignature(u, d, "aa", late, sig); !errors.Is(err, ErrSignature) {
					r.Errorf("a key signs on after it was handed over: %v", err)
				}
			}
		}
	})
}

func TestChangeKey(t *testing.T) {
	u, k := keysOf(t, User{ID: 1, Name: "Dana", Organisation: "Qanat"})
	next, nk := rotate(t, u, k, now)
	// Both keys stand under the statement, and the log holds a commitment to it.
	said := next.Former[0].Statements[0]
	for _, key := range []string{u.SignKey, next.SignKey} {
		v, err := note.NewVerifier(key)
		if err != nil {
			t.Fatal(err)
		}
		n, err := note.Open([]byte(said.Text), note.VerifierList(v))
		if err != nil || !strings.HasPrefix(n.Text, "arasha-user-key/1\nuser 1\nwhy rotated\nsince -\nold "+u.SignKey+"\nnext "+next.SignKey+"\nrecipient "+next.Recipient+"\nby Dana\nreason every two years\nat 2031-04-20T09:00:00Z\n") {
			t.Errorf("the statement is not signed by %s: %v\n%s", key, err, said.Text)
		}
	}
	lost, record, err := next.ChangeKey(KeyChange{Why: KeyLost, Reason: "the disk broke", By: "Léa", At: now.Add(time.Hour)}, User{})
	if err != nil || lost.SignKey != "" || len(lost.Former) != 2 || len(next.Former) != 1 {
		t.Fatalf("%+v, %v", lost, err)
	}
	s := lost.Former[1].Statements[0]
	if record.Statement != evidence.Commit(s.Salt, []byte(s.Text)) || record.Why != KeyLost {
		t.Errorf("the log holds %+v", record)
	}
	if r, err := evidence.NewRecord(record); err != nil {
		t.Error(err)
	} else if _, err := evidence.DecodeRecord(r.Bytes); err != nil {
		t.Error(err)
	}
	d := Document{ID: 12, Kind: "urgent_appeal", Language: "en"}
	sig, _ := nk.Sign(d, "aa", now.Add(time.Minute))
	if err := VerifySignature(lost, d, "aa", now.Add(time.Minute), sig); err != nil {
		t.Errorf("a lost key is no false one: %v", err)
	}
	// It turns out that it was stolen, and when.
	stolen, _, err := lost.ChangeKey(KeyChange{Why: KeyStolen, Since: now.Add(time.Minute), Reason: "it was seized", By: "Léa", At: now.Add(2 * time.Hour)}, User{})
	if err != nil || stolen.Former[0].Why != KeyRotated || stolen.Former[1].Why != KeyStolen || len(stolen.Former[1].Statements) != 2 {
		t.Fatalf("%+v, %v", stolen, err)
	}
	if err := errors.Join(stolen.After(lost), stolen.Check()); err != nil {
		t.Error(err)
	}
	if err := VerifySignature(stolen, d, "aa", now.Add(time.Minute), sig); !errors.Is(err, ErrStolen) {
		t.Errorf("a stolen key: %v", err)
	}
	// A later instant does not make the key more trusted; an earlier one reaches the key before.
	for _, c := range []struct{ since, want0, want1 time.Duration }{{time.Hour, 0, time.Minute}, {-time.Hour, -time.Hour, -time.Hour}} {
		again, _, err := stolen.ChangeKey(KeyChange{Why: KeyStolen, Since: now.Add(c.since), Reason: "x", By: "Léa", At: now.Add(3 * time.Hour)}, User{})
		if err != nil || !again.Former[1].Since.Equal(now.Add(c.want1)) || c.want0 != 0 && !again.Former[0].Since.Equal(now.Add(c.want0)) {
			t.Errorf("since %v: %+v, %v", c.since, again.Former, err)
		}
	}
	for what, c := range map[string]KeyChange{
		"no reason":        {Why: KeyLost, At: now.Add(time.Hour)},
		"in the future":    {Why: KeyStolen, Since: now.Add(time.Hour), Reason: "x", At: now},
		"since when":       {Why: KeyStolen, Reason: "x", At: now.Add(time.Hour)},
		"clock went back":  {Why: KeyLost, Reason: "x", At: now.Add(-time.Hour)},
		"nothing to loose": {Why: KeyLost, Reason: "x", At: now.Add(9 * time.Hour)},
	} {
		from := next
		if what == "nothing to loose" {
			from = lost
		}
		if _, _, err := from.ChangeKey(c, User{}); err == nil {
			t.Errorf("%s: the change is taken", what)
		}
	}
	// A row of the table does not lose or exchange a key.
	for what, now := range map[string]User{
		"another key": {Name: "Dana", SignKey: u.SignKey, Recipient: u.Recipient, Former: next.Former},
		"no key":      {Name: "Dana", Former: next.Former},
		"forgotten":   {Name: "Dana", SignKey: next.SignKey, Recipient: next.Recipient},
		"invented":    {Name: "Dana", SignKey: next.SignKey, Recipient: next.Recipient, Former: append(next.Former[:1:1], next.Former[0])},
	} {
		if now.After(next) == nil {
			t.Errorf("%s: the change is taken", what)
		}
	}
	renamed := next
	renamed.Name = "Dana Invented"
	if err := renamed.After(next); err != nil {
		t.Error(err)
	}
}

// Approvals that wait for others when the key of one approver changes.
func TestApprovalsOfAFormerKey(t *testing.T) {
	for _, c := range []struct {
		name   string
		change KeyChange
		state  string
		counts bool
	}{
		{"rotated", KeyChange{Why: KeyRotated}, StateReview, true},
		{"lost", KeyChange{Why: KeyLost}, StateReview, true},
		{"stolen before", KeyChange{Why: KeyStolen, Since: now.Add(-time.Minute)}, StateReview, false},
		{"stolen after, not published yet", KeyChange{Why: KeyStolen, Since: now.Add(time.Minute)}, StateReview, false},
		{"stolen after, published", KeyChange{Why: KeyStolen, Since: now.Add(time.Minute)}, StatePublished, true},
		{"stolen before, published", KeyChange{Why: KeyStolen, Since: now}, StatePublished, false},
	} {
		k := newDesk(t)
		k.d.State = c.state
		k.Approvals = append(k.Approvals, k.sign(t, 1, now), k.sign(t, 2, now))
		c.change.Reason, c.change.By, c.change.At = "x", "Léa", now.Add(time.Hour)
		var next User
		if c.change.Why == KeyRotated {
			next, _ = keysOf(t, k.Users[0])
		}
		var err error
		if k.Users[0], _, err = k.Users[0].ChangeKey(c.change, next); err != nil {
			t.Fatal(err)
		}
		got := k.Approved(k.d, ApprovalRule{}, now.Add(2*time.Hour))
		if n := len(got.Given); (n == 2) != c.counts {
			t.Errorf("%s: %d approvals count; fallen: %+v", c.name, n, got.Fallen)
		}
		if !c.counts && (len(got.Fallen) != 1 || !strings.Contains(got.Fallen[0].Why, "declared stolen")) {
			t.Errorf("%s: fallen %+v", c.name, got.Fallen)
		}
	}
}
