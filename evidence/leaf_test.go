package evidence_test

import (
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"

	. "github.com/arasha-org/arasha/evidence"
)

func newPrivateKey(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func someItem() Item {
	return Item{V: 1, Kind: KindItem, Ref: Of([]byte("bytes")), Size: 5, What: "file", Name: "поста.html",
		Collected: Moment(epoch, "system clock"), Tool: "arasha test"}
}

func TestLeaf(t *testing.T) {
	c := Commit(Salt{1}, []byte("record"))
	for _, l := range []Leaf{{KindItem, c, 0}, {KindDeletion, c, 17}, {KindDeletion, c, 0}, {KindApproval, c, 0}} {
		got, err := ParseLeaf(l.Bytes())
		if err != nil || got != l {
			t.Errorf("ParseLeaf(%q) = %v, %v", l.Bytes(), got, err)
		}
	}
	h := c.String()
	for _, s := range []string{"", "arasha-leaf/1", "arasha-leaf/2 item " + h, "arasha-leaf/1 gossip " + h, "arasha-leaf/1 item " + h + "\n",
		"arasha-leaf/1 item " + strings.ToUpper(h), "arasha-leaf/1 item " + h[1:], "arasha-leaf/1 item  " + h, "arasha-leaf/1 item " + h + " 3",
		"arasha-leaf/1 deletion " + h, "arasha-leaf/1 deletion " + h + " -1", "arasha-leaf/1 deletion " + h + " 017", "arasha-leaf/1 deletion " + h + " 9223372036854775808"} {
		if l, err := ParseLeaf([]byte(s)); err == nil {
			t.Errorf("ParseLeaf(%q) = %v, want an error", s, l)
		}
	}
}

// TestCommitment pins the scheme to a value that a stranger can compute:
//
//	(printf 'arasha-commitment/1\n'; head -c 32 /dev/zero; printf 'record') | sha256sum
func TestCommitment(t *testing.T) {
	const want = "a997bcfe789629de5b38dc0b8a3ce1406a9f51fb9b5a4946fd334265164a5ac7"
	if got := Commit(Salt{}, []byte("record")).String(); got != want {
		t.Errorf("Commit = %s, want %s", got, want)
	}
}

func TestRecord(t *testing.T) {
	i := someItem()
	r, err := NewRecord(i)
	if err != nil {
		t.Fatal(err)
	}
	l, err := r.Leaf()
	if err != nil || l.Kind != KindItem || l.Commitment != Commit(r.Salt, r.Bytes) {
		t.Errorf("Leaf = %v, %v", l, err)
	}
	again, _ := NewRecord(i)
	if l2, _ := again.Leaf(); l2 == l {
		t.Error("two leaves of the same item are alike: the salt is missing")
	}
	v, err := DecodeRecord(r.Bytes)
	if got, ok := v.(*Item); err != nil || !ok || got.Ref != i.Ref || got.Name != i.Name {
		t.Errorf("DecodeRecord = %v, %v", v, err)
	}
	s := string(r.Bytes)
	for _, bad := range []string{"", "{}", "null", "[]", s + " ", s + "{}", strings.Replace(s, `"v":1`, `"v":2`, 1), strings.Replace(s, `"size":5`, `"size":5,"size":6`, 1),
		strings.Replace(s, `"size"`, `"Size"`, 1), strings.Replace(s, `"v":1,`, `"v":1,"x":1,`, 1), strings.Replace(s, `"size":5`, `"size":-5`, 1),
		strings.Replace(s, "поста", "../поста", 1), strings.Replace(s, "09:00:00Z", "09:00:00+05:00", 1), strings.Replace(s, `"kind":"item"`, `"kind":"custody"`, 1)} {
		if v, err := DecodeRecord([]byte(bad)); err == nil {
			t.Errorf("DecodeRecord(%q) = %v, want an error", bad, v)
		}
	}
}

// TestTwoApprovals proves from leaves alone that two entitled people approved
// a document: no name is in anything a reader is shown.
func TestTwoApprovals(t *testing.T) {
	doc := Of([]byte("an appeal"))
	at := Moment(epoch, "")
	people := []Commitment{MemberOf(NewSalt(), "coordinator", "A. Invented"), MemberOf(NewSalt(), "lawyer", "B. Invented"), MemberOf(NewSalt(), "lawyer", "C. Invented")}
	roster := Roster{1, KindRoster, at, []Entitled{{"coordinator", people[0]}, {"lawyer", people[1]}}}
	says := func(who Commitment, what string) Approval { return Approval{1, KindApproval, doc, 0, who, what, at} }

	// Through the log: what a reader gets is records, salts and proofs.
	l := newLog(t)
	var records []Record
	for _, v := range []any{roster, says(people[0], Approved), says(people[1], Approved),
		Statement{V: 1, Kind: KindPublication, Ref: doc, At: at, Tool: "test", Approvals: []int64{1, 2}}} {
		r, err := NewRecord(v)
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
		lf, _ := r.Leaf()
		l.add(t, lf.Bytes())
	}
	var got []Logged[Approval]
	for i, r := range records {
		if strings.Contains(string(r.Bytes), "Invented") {
			t.Errorf("record %d holds a name: %s", i, r.Bytes)
		}
		v, err := DecodeRecord(r.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if a, ok := v.(*Approval); ok {
			got = append(got, Logged[Approval]{int64(i), *a})
		}
	}
	if err := CheckApprovals(doc, Logged[Roster]{0, roster}, got); err != nil {
		t.Errorf("two entitled people: %v", err)
	}

	log := func(a ...Approval) (out []Logged[Approval]) {
		for i, a := range a {
			out = append(out, Logged[Approval]{int64(i + 1), a})
		}
		return out
	}
	other := says(people[1], Approved)
	other.Of = Of([]byte("another appeal"))
	elsewhere := says(people[1], Approved)
	elsewhere.Roster = 5
	for name, given := range map[string][]Logged[Approval]{
		"one":                   log(says(people[0], Approved)),
		"the same person twice": log(says(people[0], Approved), says(people[0], Approved)),
		"somebody not entitled": log(says(people[0], Approved), says(people[2], Approved)),
		"one refuses":           log(says(people[0], Approved), says(people[1], Refused)),
		"changed their mind":    log(says(people[0], Approved), says(people[1], Approved), says(people[1], Refused)),
		"another document":      log(says(people[0], Approved), other),
		"another roster":        log(says(people[0], Approved), elsewhere),
		"none":                  nil,
	} {
		if err := CheckApprovals(doc, Logged[Roster]{0, roster}, given); !errors.Is(err, ErrNotApproved) {
			t.Errorf("%s: %v, want ErrNotApproved", name, err)
		}
	}
	if err := CheckApprovals(doc, Logged[Roster]{0, roster}, log(says(people[0], Approved), says(people[1], Refused), says(people[1], Approved))); err != nil {
		t.Errorf("refused first, then approved: %v", err)
	}
	// A desk of one person: the roster says so, and their own word is enough.
	alone := Logged[Roster]{0, roster}
	alone.V.Entitled = roster.Entitled[:1]
	if err := CheckApprovals(doc, alone, log(says(people[0], Approved))); err != nil {
		t.Errorf("the only entitled person: %v", err)
	}
	if err := CheckApprovals(doc, alone, nil); !errors.Is(err, ErrNotApproved) {
		t.Errorf("nobody, of one: %v, want ErrNotApproved", err)
	}
}
