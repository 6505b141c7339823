package casefile

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/evidence"
)

// desk is a document in review and three people who may approve it, one of
// them of another organisation, and one who may not.
type desk struct {
	File
	d    Document
	keys map[ID]*UserKeys
}

func newDesk(t testing.TB) *desk {
	k := &desk{keys: make(map[ID]*UserKeys)}
	for i, u := range []User{{Name: "Dana", Organisation: "Qanat", Roles: []string{RoleApprove}}, {Name: "Timur", Organisation: "Qanat", Roles: []string{RoleApprove}},
		{Name: "Léa", Organisation: "Aile", Roles: []string{RoleApprove}}, {Name: "Guest", Organisation: "Qanat"}} {
		u.ID = ID(i + 1)
		with, keys := keysOf(t, u)
		k.Users, k.keys[u.ID] = append(k.Users, with), keys
	}
	hash := evidence.Of([]byte("text")).String()
	k.d = Document{ID: 12, Case: 1, Kind: "urgent_appeal", Language: "en", Audience: "public", State: StateReview, Hash: hash}
	k.Documents = []Document{k.d}
	k.Approvals = []Approval{{ID: 90, Document: 12, Hash: hash, At: now, Person: "the local partner"}}
	return k
}

func (k *desk) sign(t testing.TB, user ID, at time.Time) Approval {
	t.Helper()
	sig, err := k.keys[user].Sign(k.d, k.d.Hash, at)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := k.User(user)
	return Approval{Document: k.d.ID, Hash: k.d.Hash, User: user, Organisation: u.Organisation, Signature: sig, At: at}
}

func (k *desk) phone(user, by ID, at time.Time) Approval {
	return Approval{Document: k.d.ID, Hash: k.d.Hash, User: user, At: at, Phone: &PhoneGiven{GaveIt: "the user", EnteredBy: by, How: "known voice, number of the register"}}
}

// Promise 3: nothing goes out without the signatures that the rule asks for.
func TestApproved(t *testing.T) {
	joint := ApprovalRule{Organisations: []string{"Qanat", "Aile"}}
	for _, c := range []struct {
		name  string
		rule  ApprovalRule
		given func(k *desk) []Approval
		later time.Duration
		says  string // of what is missing; "" for enough
		fell  string
	}{
		{"nobody", ApprovalRule{}, func(k *desk) []Approval { return nil }, 0, "0 of 2", ""},
		{"one", ApprovalRule{}, func(k *desk) []Approval { return []Approval{k.sign(t, 1, now)} }, 0, "1 of 2", ""},
		{"two", ApprovalRule{}, func(k *desk) []Approval { return []Approval{k.sign(t, 1, now), k.sign(t, 2, now)} }, 0, "", ""},
		{"one twice", ApprovalRule{}, func(k *desk) []Approval { return []Approval{k.sign(t, 1, now), k.sign(t, 1, now)} }, 0, "1 of 2", ""},
		{"a guest", ApprovalRule{}, func(k *desk) []Approval { return []Approval{k.sign(t, 1, now), k.sign(t, 4, now)} }, 0, "1 of 2", "may not approve"},
		{"joint, one house", joint, func(k *desk) []Approval { return []Approval{k.sign(t, 1, now), k.sign(t, 2, now)} }, 0, "nobody of Aile", ""},
		{"joint", joint, func(k *desk) []Approval { return []Approval{k.sign(t, 1, now), k.sign(t, 3, now)} }, 0, "", ""},
		{"three asked", ApprovalRule{People: 3}, func(k *desk) []Approval { return []Approval{k.sign(t, 1, now), k.sign(t, 3, now)} }, 0, "2 of 3", ""},
		{"the text changed", ApprovalRule{}, func(k *desk) []Approval {
			a := k.sign(t, 1, now)
			a.Hash = evidence.Of([]byte("older")).String()
			return []Approval{a, k.sign(t, 2, now)}
		}, 0, "1 of 2", "has changed"},
		{"another's signature", ApprovalRule{}, func(k *desk) []Approval {
			a := k.sign(t, 1, now)
			a.User = 2
			return []Approval{a, k.sign(t, 1, now)}
		}, 0, "1 of 2", "not Timur’s"},
		{"no signature", ApprovalRule{}, func(k *desk) []Approval {
			a := k.sign(t, 1, now)
			a.Signature = ""
			return []Approval{a, k.sign(t, 2, now)}
		}, 0, "1 of 2", "no signature"},
		{"a false organisation", joint, func(k *desk) []Approval {
			a := k.sign(t, 2, now)
			a.Organisation = "Aile"
			return []Approval{a, k.sign(t, 1, now)}
		}, 0, "nobody of Aile", "does not belong"},
		{"by telephone", ApprovalRule{}, func(k *desk) []Approval { return []Approval{k.sign(t, 1, now), k.phone(2, 1, now)} }, 23 * time.Hour, "", ""},
		{"by telephone, too long ago", ApprovalRule{}, func(k *desk) []Approval { return []Approval{k.sign(t, 1, now), k.phone(2, 1, now)} }, 25 * time.Hour, "1 of 2", "24 hours"},
		{"entered by the giver", ApprovalRule{}, func(k *desk) []Approval { return []Approval{k.sign(t, 1, now), k.phone(2, 2, now)} }, 0, "1 of 2", "cannot enter"},
		{"two by telephone", ApprovalRule{}, func(k *desk) []Approval { return []Approval{k.phone(1, 2, now), k.phone(2, 1, now)} }, 0, "1 of 2", "not two"},
		{"one of one by telephone", ApprovalRule{People: 1}, func(k *desk) []Approval { return []Approval{k.phone(1, 2, now)} }, 0, "telephone is for a second", ""},
		{"confirmed", ApprovalRule{}, func(k *desk) []Approval {
			a := k.phone(2, 1, now)
			a.Phone.ConfirmedAt = now.Add(time.Hour)
			a.Signature = k.sign(t, 2, a.Phone.ConfirmedAt).Signature
			return []Approval{k.sign(t, 1, now), a}
		}, 48 * time.Hour, "", ""},
		{"confirmed too late", ApprovalRule{}, func(k *desk) []Approval {
			a := k.phone(2, 1, now)
			a.Phone.ConfirmedAt = now.Add(25 * time.Hour)
			a.Signature = k.sign(t, 2, a.Phone.ConfirmedAt).Signature
			return []Approval{k.sign(t, 1, now), a}
		}, 48 * time.Hour, "1 of 2", "24 hours"},
	} {
		k := newDesk(t)
		k.Approvals = append(k.Approvals, c.given(k)...)
		a := k.Approved(k.d, c.rule, now.Add(c.later))
		err := a.Err()
		if (err == nil) != (c.says == "") || err != nil && (!errors.Is(err, ErrNotApproved) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
		if (len(a.Fallen) > 0) != (c.fell != "") || c.fell != "" && !strings.Contains(a.Fallen[0].Why, c.fell) {
			t.Errorf("%s: fallen %+v, want %q", c.name, a.Fallen, c.fell)
		}
	}
	k := newDesk(t)
	k.Approvals = append(k.Approvals, k.sign(t, 1, now), k.phone(2, 1, now))
	if a := k.Approved(k.d, ApprovalRule{}, now.Add(time.Hour)); len(a.Open) != 1 || a.Open[0].User != 2 {
		t.Errorf("the approval by telephone is not shown open: %+v", a.Open)
	}
}

func TestThePersonConfirms(t *testing.T) {
	k := newDesk(t)
	person := k.Approvals[0]
	k.Approvals = []Approval{k.sign(t, 1, now), k.sign(t, 2, now)}
	if err := k.Approved(k.d, ApprovalRule{}, now).Err(); err == nil || !strings.Contains(err.Error(), "has not confirmed") {
		t.Errorf("nobody concerned confirmed: %v", err)
	}
	old := person
	old.Hash = evidence.Of([]byte("older")).String()
	k.Approvals = append(k.Approvals, old)
	if k.Approved(k.d, ApprovalRule{}, now).Err() == nil {
		t.Error("the confirmation of an older text counts")
	}
	k.Approvals[2] = Approval{Document: k.d.ID, Hash: k.d.Hash, At: now, Impossible: "held without contact"}
	if a := k.Approved(k.d, ApprovalRule{}, now); a.Err() != nil || a.Person != "impossible: held without contact" {
		t.Errorf("%v %q", a.Err(), a.Person)
	}
	// One language that the person reads is enough.
	ru := Document{ID: 13, Case: 1, Kind: k.d.Kind, Language: "ru", Audience: "public", State: StateReview, Hash: evidence.Of([]byte("ru")).String()}
	k.Documents = append(k.Documents, ru)
	k.Approvals[2] = Approval{Document: 13, Hash: ru.Hash, At: now, Person: "she herself"}
	if a := k.Approved(k.d, ApprovalRule{}, now); a.Person != "she herself" {
		t.Errorf("the Russian version was confirmed: %v", a.Missing)
	}
}

// Where one person works alone, one approval is all there can be.
func TestOnePersonDesk(t *testing.T) {
	k := newDesk(t)
	k.Users = k.Users[:1]
	k.Approvals = append(k.Approvals, k.sign(t, 1, now))
	if err := k.Approved(k.d, ApprovalRule{}, now).Err(); err != nil {
		t.Error(err)
	}
	if err := k.Approved(k.d, ApprovalRule{Organisations: []string{"Qanat", "Aile"}}, now).Err(); err == nil {
		t.Error("a joint programme was approved by one organisation")
	}
}

func TestParseApprovalRule(t *testing.T) {
	if r, err := ParseApprovalRule(`{"people": 3, "organisations": ["A", "B"]}`); err != nil || r.People != 3 || len(r.Organisations) != 2 {
		t.Errorf("%v %v", r, err)
	}
	for _, bad := range []string{`{"people": -1}`, `{"persons": 2}`, `2`, `{"people": 99}`} {
		if _, err := ParseApprovalRule(bad); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

// A dossier proves that two entitled people approved, and names nobody.
func TestApprovalRecordsNameNobody(t *testing.T) {
	k := newDesk(t)
	roster, seats := k.Roster(now)
	var logged []evidence.Logged[evidence.Approval]
	var records []byte
	for i, user := range []ID{1, 3} {
		r, err := ApprovalRecord(k.sign(t, user, now), 40, seats)
		if err != nil {
			t.Fatal(err)
		}
		b, err := evidence.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := evidence.DecodeRecord(b); err != nil {
			t.Fatal(err)
		}
		records = append(records, b...)
		logged = append(logged, evidence.Logged[evidence.Approval]{Leaf: int64(50 + i), V: *r})
	}
	ref, err := RefOfHash(k.d.Hash)
	if err != nil {
		t.Fatal(err)
	}
	if err := evidence.CheckApprovals(ref, evidence.Logged[evidence.Roster]{Leaf: 40, V: *roster}, logged); err != nil {
		t.Error(err)
	}
	b, _ := evidence.Encode(roster)
	if s := string(append(records, b...)); strings.Contains(s, "Dana") || strings.Contains(s, "Léa") {
		t.Error("the records name people")
	}
	if _, err := ApprovalRecord(k.sign(t, 4, now), 40, seats); !errors.Is(err, ErrNotApproved) {
		t.Errorf("a guest has a seat: %v", err)
	}
	if _, err := RefOfHash(""); err == nil {
		t.Error("nothing has a Ref")
	}
}

// A language that follows after the others went out belongs to them, with what
// was confirmed; the next correction of one that went out begins anew.
func TestVersions(t *testing.T) {
	first := Document{ID: 1, Case: 1, Kind: "urgent_appeal", Language: "en", Audience: "public", State: StatePublished, Hash: "h1"}
	late := Document{ID: 2, Case: 1, Kind: "urgent_appeal", Language: "ru", Audience: "public", State: StateReview, Hash: "h2"}
	revised := Document{ID: 3, Case: 1, Kind: "urgent_appeal", Language: "en", Audience: "public", State: StatePublished, Hash: "h3", RevisionOf: 1}
	again := Document{ID: 4, Case: 1, Kind: "urgent_appeal", Language: "en", Audience: "public", State: StateReview, Hash: "h4", RevisionOf: 3}
	update := Document{ID: 5, Case: 1, Kind: "new_information", Update: 1, Language: "en", Audience: "public", State: StateReview, Hash: "h5"}
	f := &File{Documents: []Document{first, late, revised, again, update}}
	for _, c := range []struct {
		of   Document
		want []ID
	}{{late, []ID{1, 2}}, {first, []ID{1, 2}}, {again, []ID{4}}, {revised, []ID{3}}, {update, []ID{5}}} {
		var got []ID
		for _, v := range f.Versions(c.of) {
			got = append(got, v.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("the versions of document %d are %v, want %v", c.of.ID, got, c.want)
		}
	}
	f.Approvals = []Approval{{Document: 1, Hash: "h1", Person: "the local partner"}}
	if who := f.Approved(late, ApprovalRule{}, now).Person; who != "the local partner" {
		t.Errorf("a language that follows was confirmed by %q", who)
	}
	if who := f.Approved(again, ApprovalRule{}, now).Person; who != "" {
		t.Errorf("the next correction was confirmed by %q", who)
	}
}
