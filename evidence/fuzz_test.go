package evidence_test

import (
	"bytes"
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/note"

	. "github.com/arasha-org/arasha/evidence"
)

// Each reader of foreign bytes either refuses them or reads what can be
// written again as the very same bytes.

func FuzzParseLeaf(f *testing.F) {
	c := Commit(Salt{1}, []byte("x"))
	f.Add(Leaf{KindItem, c, 0}.Bytes())
	f.Add(Leaf{KindDeletion, c, 17}.Bytes())
	f.Add([]byte("arasha-leaf/1 deletion "))
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, err := ParseLeaf(b); err == nil && !bytes.Equal(l.Bytes(), b) {
			t.Errorf("ParseLeaf(%q) is written as %q", b, l.Bytes())
		}
	})
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add(Checkpoint{Origin: "a.example", Size: 3, Time: epoch}.Text())
	f.Add("a\n0\n" + "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\ntime 2026-05-04T09:12:00Z\n")
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParseCheckpoint(s); err == nil && c.Text() != s {
			t.Errorf("ParseCheckpoint(%q) is written as %q", s, c.Text())
		}
	})
}

func FuzzOpenCheckpoint(f *testing.F) {
	l := newLog(f)
	l.add(f, leaf(0))
	c := NewCosigner("w.example", newPrivateKey(f), epoch)
	cosigned, err := note.Sign(&note.Note{Text: l.Head().Text()}, c)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(l.Signed())
	f.Add(cosigned)
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, n, err := OpenCheckpoint(b, l.key); err == nil && (p.Text() != n.Text || p.Size > 1) {
			t.Errorf("a checkpoint nobody signed: %q", b)
		}
		if _, n, err := OpenCosigned(b, c.Key()); err == nil && n.Text != l.Head().Text() {
			t.Errorf("a cosignature nobody made: %q", b)
		}
	})
}

func FuzzDecodeRecord(f *testing.F) {
	at := Moment(epoch, "clock")
	c := Commit(Salt{1}, []byte("x"))
	_, _, a := newSigner(f, "a.example")
	_, _, b := newSigner(f, "a.example")
	for _, v := range []any{someItem(),
		Event{V: 1, Kind: KindCustody, Act: ActView, At: at, Tool: "t", Sealed: Sealed{Collector: &c}},
		Event{V: 1, Kind: KindDeletion, Leaf: 3, Act: ActDispose, At: at, Tool: "t"},
		Statement{V: 1, Kind: KindFinding, Ref: Of(nil), At: at, Tool: "t", About: []Ref{Of(nil)}},
		Roster{1, KindRoster, at, []Entitled{{"lawyer", c}}},
		Approval{1, KindApproval, Of(nil), 0, c, Approved, at},
		UserKey{1, KindUserKey, at, "stolen", c},
		KeyChange{V: 1, Kind: KindKey, Origin: "a.example", Why: KeyLost, Old: a, New: b, At: at},
	} {
		r, err := Encode(v)
		if err != nil {
			f.Fatal(err)
		}
		if _, err := DecodeRecord(r); err != nil {
			f.Fatalf("DecodeRecord(%s): %v", r, err)
		}
		f.Add(r)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := DecodeRecord(b)
		if err != nil {
			return
		}
		again, err := Encode(v)
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("DecodeRecord(%q) is written as %q, %v", b, again, err)
		}
		if i, ok := v.(*Item); ok {
			if g := GradeOf(i, true); g.Letter == "" || g.Meaning == "" {
				t.Errorf("no grade for %q", b)
			}
		}
	})
}

func FuzzParseWitnessRequest(f *testing.F) {
	l := newLog(f)
	l.add(f, leaves(0, 9)...)
	p, _ := l.ProveGrowth(5, 9)
	f.Add(WitnessRequest{Old: 5, Proof: p, Checkpoint: l.Signed()}.Bytes())
	f.Add(WitnessRequest{Checkpoint: l.Signed()}.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := ParseWitnessRequest(b); err == nil && !bytes.Equal(r.Bytes(), b) {
			t.Errorf("ParseWitnessRequest(%q) is written as %q", b, r.Bytes())
		}
	})
}

func FuzzOpenKeyChange(f *testing.F) {
	s, _, a := newSigner(f, "a.example")
	_, _, b := newSigner(f, "a.example")
	signed, err := KeyChange{V: 1, Kind: KindKey, Origin: "a.example", Why: KeyRotated, Old: a, New: b, At: Moment(epoch, "")}.Sign(s)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed)
	f.Fuzz(func(t *testing.T, x []byte) {
		if c, err := OpenKeyChange(x); err == nil && !c.ByOld && !c.ByNew {
			t.Errorf("a key change nobody signed: %q", x)
		}
	})
}

// FuzzDossier changes the file; nothing but the file itself may pass.
func FuzzDossier(f *testing.F) {
	m, whole := small(f)
	f.Add(whole)
	f.Add([]byte("PK\x05\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := verify(b, VerifyOptions{})
		if err == nil && v.State() == Pass && v.Key == m.vkey && !bytes.Equal(b, whole) {
			t.Error("other bytes pass under the same key")
		}
		if err != nil && !errors.Is(err, ErrContainer) {
			t.Errorf("refused with %v", err)
		}
	})
}

// FuzzSealedMembers changes what lies under the signature and signs it anew:
// the readers of those members meet any bytes.
func FuzzSealedMembers(f *testing.F) {
	m, whole := small(f)
	var leavesOf, manifest []byte
	rewrite(f, whole, nil, func(x map[string][]byte) { leavesOf, manifest = x[leavesJSONL], x["MANIFEST.sha256"] })
	f.Add(leavesOf, []byte(""), []byte("x"), manifest)
	f.Add(leavesOf, []byte(`{"from":0,"to":6,"proof":[]}`+"\n"), m.Signed(), []byte(nil))
	f.Fuzz(func(t *testing.T, leaves, growth, cosigned, manifest []byte) {
		if len(leaves)+len(growth)+len(cosigned)+len(manifest) > 1<<16 {
			return
		}
		b := rewrite(t, whole, m.signer, func(x map[string][]byte) {
			x[leavesJSONL], x["consistency.jsonl"] = leaves, growth
			x["cosignatures/000000000006.txt"] = cosigned
			x["README.txt"] = manifest
		})
		v, err := verify(b, VerifyOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if v.State() == Pass && len(v.Items) > 0 && !bytes.Equal(leaves, leavesOf) {
			// Only a shorter disclosure of the same leaves may pass.
			for line := range bytes.Lines(leaves) {
				if !bytes.Contains(leavesOf, line) {
					t.Errorf("a leaf nobody logged passes: %q", line)
				}
			}
		}
	})
}
