package vault

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/disk"
)

func init() { scryptWork = 10 } // a thousandth of a second instead of one

// clock is a clock that tests set.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { c.t = c.t.Add(time.Second); return c.t }

func newClock() *clock { return &clock{time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)} }

func newHome(t testing.TB, in InitOptions) *Home {
	t.Helper()
	if in.Name == "" {
		in.Name = "observatory.example/test"
	}
	h, err := Init(filepath.Join(t.TempDir(), "home"), in, HomeOptions{Now: newClock().now, Tool: "test", Clock: "test clock"})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func found(content, name string) Found {
	return Found{Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
		Item: evidence.Item{Name: name}, Collector: "A. Invented", From: "192.0.2.7"}
}

func keepOne(t testing.TB, h *Home, content string) Kept {
	t.Helper()
	k, err := h.Keep(found(content, content+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return k[0]
}

func faults(h *Home) []error {
	var out []error
	h.Check(func(err error) bool { out = append(out, err); return true })
	return out
}

func whole(t testing.TB, h *Home) {
	t.Helper()
	if f := faults(h); len(f) > 0 {
		t.Errorf("Check: %v", f)
	}
}

func TestKeep(t *testing.T) {
	for name, in := range map[string]InitOptions{"plain": {}, "encrypted": {Encrypt: true}, "protected": {Passphrase: "correct horse"}} {
		t.Run(name, func(t *testing.T) {
			h := newHome(t, in)
			kept, err := h.Keep(found("one", `C:\Users\x\one.txt`), found("two", "a/b/two.txt"), found("one", "again.txt"))
			if err != nil {
				t.Fatal(err)
			}
			if kept[0].Leaf != 0 || kept[1].Leaf != 2 || kept[2].Leaf != 4 || kept[0].Item.Name != "one.txt" || kept[1].Item.Name != "two.txt" {
				t.Errorf("kept %+v", kept)
			}
			whole(t, h)
			s, err := h.Find(evidence.Of([]byte("two")).String()[:10])
			if err != nil || s.Leaf != 2 {
				t.Errorf("Find = %d, %v", s.Leaf, err)
			}
			if _, who, err := h.SealedPart(s, Collector); err != nil || who != "A. Invented" {
				t.Errorf("collector = %q, %v", who, err)
			}
			if _, from, err := h.SealedPart(s, Address); err != nil || from != "192.0.2.7" {
				t.Errorf("address = %q, %v", from, err)
			}
			custody, err := h.Custody(2)
			if err != nil || len(custody) != 1 || custody[0].Value.(*evidence.Event).Act != evidence.ActImport {
				t.Errorf("custody = %v, %v", custody, err)
			}
		})
	}
}

// TestNothingNamesAnybody looks for the names, addresses and Refs of a home in
// all that is public, and for the names in all there is on the disk.
func TestNothingNamesAnybody(t *testing.T) {
	h := newHome(t, InitOptions{Encrypt: true})
	keepOne(t, h, "secret")
	ref := evidence.Of([]byte("secret")).String()
	err := filepath.WalkDir(h.Dir(), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(h.Dir(), path)
		for _, s := range []string{"Invented", "192.0.2.7", "secret.txt"} {
			if bytes.Contains(b, []byte(s)) {
				t.Errorf("%s holds %q", rel, s)
			}
		}
		if bytes.Contains(b, []byte(ref)) && strings.HasPrefix(rel, "log") {
			t.Errorf("%s holds the Ref of a kept file", rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSealTo seals the collector to counsel and not to the home itself.
func TestSealTo(t *testing.T) {
	counsel := newKey(t)
	h := newHome(t, InitOptions{SealTo: []string{counsel.Recipient().String()}})
	k := keepOne(t, h, "x")
	s, err := h.Record(k.Leaf)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.SealedPart(s, Collector); !errors.Is(err, ErrSealed) {
		t.Errorf("the home opens what is sealed to counsel: %v", err)
	}
	b, err := unseal(s.parts[Collector], counsel)
	if err != nil || !bytes.Contains(b, []byte("A. Invented")) {
		t.Errorf("counsel reads %q, %v", b, err)
	}
	other := newKey(t)
	if _, err := unseal(s.parts[Collector], other); !errors.Is(err, ErrSealed) {
		t.Errorf("a stranger: %v", err)
	}
}

func TestKeepOnce(t *testing.T) {
	h := newHome(t, InitOptions{})
	a, err := h.KeepOnce(found("export", "result.json"))
	if err != nil || a.Known {
		t.Fatalf("first: %+v, %v", a, err)
	}
	b, err := h.KeepOnce(found("export", "result (1).json"))
	if err != nil || !b.Known || b.Leaf != a.Leaf || b.Item.Ref != a.Item.Ref {
		t.Errorf("again: %+v, %v; want item %d", b, err, a.Leaf)
	}
	custody, err := h.Custody(a.Leaf)
	if err != nil || len(custody) != 2 {
		t.Errorf("%d acts of custody, %v; want 2", len(custody), err)
	}
	whole(t, h)
}

// TestDelete destroys an item and shows that the log says so, that nothing of
// the record is left, and that the rest can still be proven.
func TestDeleteItem(t *testing.T) {
	h := newHome(t, InitOptions{})
	keep, drop := keepOne(t, h, "keep"), keepOne(t, h, "drop")
	s, err := h.Record(drop.Leaf)
	if err != nil {
		t.Fatal(err)
	}
	before := h.Log.Head()
	if _, err := h.Delete(drop.Leaf, Act{Reason: "x"}); err == nil {
		t.Error("deleted without an authority")
	}
	d, err := h.Delete(drop.Leaf, Act{Reason: "consent withdrawn", Authority: "letter of 3 May", Actor: "A. Invented"})
	if err != nil {
		t.Fatal(err)
	}
	if !d.Bytes || len(d.Leaves) != 2 || d.Leaves[0] != drop.Leaf {
		t.Errorf("Delete = %+v", d)
	}
	whole(t, h)
	if h.Vault.Has(drop.Item.Ref) {
		t.Error("the bytes are still in the vault")
	}
	for r, err := range h.Records() {
		if err != nil {
			t.Fatal(err)
		}
		if r.Leaf == drop.Leaf || r.Salt == s.Salt || bytes.Contains(r.Bytes, []byte(drop.Item.Ref.String())) {
			t.Errorf("leaf %d still tells: %s", r.Leaf, r.Bytes)
		}
	}
	if _, err := h.Find(fmt.Sprint(drop.Leaf)); !errors.Is(err, ErrAbsent) {
		t.Errorf("Find of a deleted item: %v", err)
	}
	// The log grew; its leaves are all there; one says what was deleted.
	proof, err := h.Log.ProveGrowth(before.Size, h.Log.Head().Size)
	if err != nil {
		t.Fatal(err)
	}
	if err := evidence.CheckGrowth(proof, before, h.Log.Head()); err != nil {
		t.Error(err)
	}
	gone, err := h.deletions()
	if err != nil || len(gone) != 2 || gone[drop.Leaf] == 0 || gone[keep.Leaf] != 0 {
		t.Errorf("deletions = %v, %v", gone, err)
	}
	if _, err := h.Delete(drop.Leaf, Act{Reason: "x", Authority: "y"}); !errors.Is(err, ErrAbsent) {
		t.Errorf("Delete again: %v", err)
	}
	s, err = h.Record(gone[drop.Leaf])
	if e, ok := s.Value.(*evidence.Event); err != nil || !ok || e.Authority != "letter of 3 May" {
		t.Errorf("the record of the deletion: %v, %v", s.Value, err)
	}
}

func TestDeleteSharedBytes(t *testing.T) {
	h := newHome(t, InitOptions{})
	a, b := keepOne(t, h, "same"), keepOne(t, h, "same")
	child := found("part", "p.txt")
	child.Item.Parent = a.Item.Ref
	c, err := h.Keep(child)
	if err != nil {
		t.Fatal(err)
	}
	d, err := h.Delete(a.Leaf, Act{Reason: "r", Authority: "a"})
	if err != nil || d.Bytes || !slices.Equal(d.Others, []int64{b.Leaf}) || !slices.Equal(d.Naming, []int64{c[0].Leaf}) || !h.Vault.Has(a.Item.Ref) {
		t.Errorf("first: %+v, %v", d, err)
	}
	if d, err := h.Delete(b.Leaf, Act{Reason: "r", Authority: "a"}); err != nil || !d.Bytes || h.Vault.Has(b.Item.Ref) {
		t.Errorf("last: %+v, %v", d, err)
	}
	whole(t, h)
}

// TestDeleteInterrupted stops a deletion after each of its steps and runs it
// again.
func TestDeleteInterrupted(t *testing.T) {
	h := newHome(t, InitOptions{})
	k := keepOne(t, h, "drop")
	e := h.event(k.Leaf, evidence.Ref{}, evidence.ActDispose)
	e.Kind, e.Reason, e.Authority = evidence.KindDeletion, "r", "a"
	if _, err := h.append(func(int64) []pending { return []pending{{value: e}} }); err != nil {
		t.Fatal(err)
	}
	if f := faults(h); len(f) != 1 || !strings.Contains(f[0].Error(), "delete it again") {
		t.Errorf("logged but not carried out: %v", f)
	}
	if err := h.Vault.Delete(k.Item.Ref); err != nil {
		t.Fatal(err)
	}
	if d, err := h.Delete(k.Leaf, Act{Reason: "r", Authority: "a"}); err != nil || len(d.Leaves) != 2 {
		t.Errorf("run again: %+v, %v", d, err)
	}
	whole(t, h)
}

// TestHomeFaults plants one fault at a time.
func TestHomeFaults(t *testing.T) {
	h := newHome(t, InitOptions{})
	k := keepOne(t, h, "one")
	older := filepath.Join(t.TempDir(), "older")
	if err := os.CopyFS(older, os.DirFS(h.path("log"))); err != nil {
		t.Fatal(err)
	}
	keepOne(t, h, "two")
	for name, c := range map[string]struct {
		plant func(dir string)
		want  error
	}{
		"nothing": {func(string) {}, nil},
		"a kept file changed": {func(dir string) {
			p := filepath.Join(dir, "vault", "objects", k.Item.Ref.String()[:2], k.Item.Ref.String())
			os.Chmod(p, 0o600)
			os.WriteFile(p, []byte("One"), 0o600)
		}, ErrChanged},
		"a kept file missing": {func(dir string) { os.RemoveAll(filepath.Join(dir, "vault", "objects", k.Item.Ref.String()[:2])) }, ErrAbsent},
		"records missing":     {func(dir string) { os.Remove(filepath.Join(dir, "records", "000000000000.age")) }, ErrAbsent},
		"records changed":     {func(dir string) { flip(t, filepath.Join(dir, "records", "000000000000.age"), 300) }, ErrChanged},
		"records swapped": {func(dir string) {
			b, _ := os.ReadFile(filepath.Join(dir, "records", "000000000002.age"))
			os.WriteFile(filepath.Join(dir, "records", "000000000000.age"), b, 0o600)
		}, ErrAbsent},
		"the whole log put back": {func(dir string) {
			os.RemoveAll(filepath.Join(dir, "log"))
			os.CopyFS(filepath.Join(dir, "log"), os.DirFS(older))
			// One more, so that it does not look like an interrupted writer.
			os.Rename(filepath.Join(dir, "records", "000000000002.age"), filepath.Join(dir, "records", "000000000004.age"))
		}, evidence.ErrTruncated},
		"the whole log put back, as after an interruption": {func(dir string) {
			os.RemoveAll(filepath.Join(dir, "log"))
			os.CopyFS(filepath.Join(dir, "log"), os.DirFS(older))
		}, ErrInterrupted},
		"the checkpoint put back": {func(dir string) {
			b, _ := os.ReadFile(filepath.Join(older, "checkpoint"))
			os.WriteFile(filepath.Join(dir, "log", "checkpoint"), b, 0o600)
		}, evidence.ErrReplayed},
	} {
		dir := filepath.Join(t.TempDir(), "home")
		if err := os.CopyFS(dir, os.DirFS(h.Dir())); err != nil {
			t.Fatal(err)
		}
		os.Chmod(filepath.Join(dir, "keys", logKey), 0o600)
		os.Chmod(filepath.Join(dir, "keys", sealKey), 0o600)
		c.plant(dir)
		copied, err := OpenHome(dir, h.o)
		all := []error{err}
		if err == nil {
			all = faults(copied)
		}
		if !slices.ContainsFunc(all, func(err error) bool { return errors.Is(err, c.want) }) && !(c.want == nil && len(all) == 0) {
			t.Errorf("%s: %v, want %v", name, all, c.want)
		}
	}
}

func flip(t testing.TB, path string, at int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[at] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestInitRefusals(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o600)
	for name, c := range map[string]struct {
		dir string
		in  InitOptions
	}{
		"a folder with something in it": {dir, InitOptions{Name: "x"}},
		"no name":                       {t.TempDir(), InitOptions{}},
		"a name with a space":           {t.TempDir(), InitOptions{Name: "a b"}},
		"no age recipient":              {t.TempDir(), InitOptions{Name: "x", Recipients: []string{"age1nonsense"}}},
	} {
		if _, err := Init(c.dir, c.in, HomeOptions{}); err == nil {
			t.Errorf("%s: made a home", name)
		}
	}
	h := newHome(t, InitOptions{})
	if _, err := Init(h.Dir(), InitOptions{Name: "x"}, HomeOptions{}); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("a home over a home: %v", err)
	}
	// A home that lost its home.json is not overwritten.
	os.Remove(h.path("home.json"))
	if _, err := Init(h.Dir(), InitOptions{Name: "x"}, HomeOptions{}); err == nil {
		t.Error("a home over a damaged home")
	}
	// An interrupted Init, which never came to the vault, can be run again.
	os.RemoveAll(h.path("vault"))
	if _, err := Init(h.Dir(), InitOptions{Name: "x"}, HomeOptions{}); err != nil {
		t.Errorf("after an interrupted Init: %v", err)
	}
}

func TestPassphraseAndModes(t *testing.T) {
	h := newHome(t, InitOptions{Passphrase: "correct horse"})
	for _, name := range []string{logKey, sealKey} {
		if _, err := os.Stat(h.path("keys", name)); err == nil {
			t.Errorf("keys/%s lies there in clear", name)
		}
	}
	asked := 0
	with := func(p string) *Home {
		o := h.o
		o.Passphrase = func() (string, error) { asked++; return p, nil }
		again, err := OpenHome(h.Dir(), o)
		if err != nil {
			t.Fatal(err)
		}
		return again
	}
	if _, err := with("wrong").Keep(found("x", "x")); !errors.Is(err, ErrPassphrase) {
		t.Errorf("a wrong passphrase: %v", err)
	}
	if _, err := with("").Keep(found("x", "x")); !errors.Is(err, ErrPassphrase) {
		t.Errorf("no passphrase: %v", err)
	}
	asked = 0
	good := with("correct horse")
	keepOne(t, good, "x")
	whole(t, good)
	if asked != 1 {
		t.Errorf("asked %d times, want once", asked)
	}

	loose := newHome(t, InitOptions{})
	for _, d := range []string{"", "keys", "records"} {
		info, err := os.Stat(loose.path(d))
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("mode of %q = %v, %v; want 0700", d, info.Mode(), err)
		}
	}
	os.Chmod(loose.path("keys", logKey), 0o644)
	again, err := OpenHome(loose.Dir(), loose.o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Keep(found("x", "x")); !errors.Is(err, ErrLoose) {
		t.Errorf("a key that others may read: %v, want ErrLoose", err)
	}
}

func TestKeyLife(t *testing.T) {
	h := newHome(t, InitOptions{})
	first, _ := h.Key()
	keepOne(t, h, "one")
	c, err := h.ChangeKey(evidence.KeyRotated, "every year", "")
	if err != nil || !c.ByOld || !c.ByNew || c.Old != first {
		t.Fatalf("rotated: %+v, %v", c, err)
	}
	keepOne(t, h, "two")
	whole(t, h)

	// The key is lost: nobody needs it to make the next one.
	os.Remove(h.path("keys", logKey))
	lost, err := OpenHome(h.Dir(), h.o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lost.Keep(found("x", "x")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Keep without a key: %v", err)
	}
	if _, err := lost.ChangeKey(evidence.KeyRotated, "", ""); err == nil {
		t.Error("rotated a key that is lost")
	}
	c, err = lost.ChangeKey(evidence.KeyLost, "the disk\nbroke", "now protected")
	if err != nil || c.ByOld || !c.ByNew || c.Note != "the disk broke" {
		t.Fatalf("lost: %+v, %v", c, err)
	}
	keepOne(t, lost, "three")
	whole(t, lost)
	if _, err := os.Stat(lost.path("keys", logKey+".age")); err != nil {
		t.Errorf("the new key is not protected: %v", err)
	}
	last, err := lost.Key()
	if err != nil || last == first {
		t.Errorf("Key = %s, %v", last, err)
	}
	changes, err := lost.KeyChanges()
	if err != nil || len(changes) != 2 {
		t.Fatalf("KeyChanges = %v, %v", changes, err)
	}
	if trust, _ := evidence.Follow(first, last, changes); trust != evidence.Unsure {
		t.Errorf("from the first key to the last, over a lost one: %v, want Unsure", trust)
	}
	o := h.o
	o.Passphrase = func() (string, error) { return "now protected", nil }
	again, err := OpenHome(h.Dir(), o)
	if err != nil {
		t.Fatal(err)
	}
	keepOne(t, again, "four")
	if _, err := again.ChangeKey(evidence.KeyCompromised, "a laptop was taken", ""); err != nil {
		t.Fatal(err)
	}
	whole(t, again)
}

// TestOnePassphrase: the keys of a home are never under different passphrases,
// also when a change of key is stopped half way.
func TestOnePassphrase(t *testing.T) {
	h := newHome(t, InitOptions{Passphrase: "the first"})
	with := func(passphrase string) *Home {
		t.Helper()
		o := h.o
		o.Passphrase = func() (string, error) { return passphrase, nil }
		again, err := OpenHome(h.Dir(), o)
		if err != nil {
			t.Fatal(err)
		}
		return again
	}
	item := keepOne(t, h, "one")
	only := func(good, bad string) {
		t.Helper()
		keepOne(t, with(good), "kept under "+good) // signs
		if _, err := with(good).Custody(item.Leaf); err != nil {
			t.Errorf("reading records with %q: %v", good, err)
		}
		if _, err := with(bad).Keep(found("x", "x")); !errors.Is(err, ErrPassphrase) {
			t.Errorf("signing with %q: %v, want ErrPassphrase", bad, err)
		}
		if _, err := with(bad).Custody(item.Leaf); !errors.Is(err, ErrPassphrase) {
			t.Errorf("reading records with %q: %v, want ErrPassphrase", bad, err)
		}
	}
	if _, err := with("the first").ChangeKey(evidence.KeyRotated, "", ""); err != nil {
		t.Fatal(err)
	}
	only("the first", "the second")
	if _, err := with("a guess").ChangeKey(evidence.KeyLost, "", "the second"); !errors.Is(err, ErrPassphrase) {
		t.Errorf("a new key under a passphrase that opens nothing: %v", err)
	}
	if _, err := with("the first").ChangeKey(evidence.KeyRotated, "", "the second"); err != nil {
		t.Fatal(err)
	}
	only("the second", "the first")
	// Stopped after the change was published: both keys still wait.
	changes, err := h.KeyChangeFiles()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{logKey, sealKey} {
		if err := os.Rename(h.path("keys", key+".age"), h.path("keys", waiting(key, len(changes))+".age")); err != nil {
			t.Fatal(err)
		}
	}
	only("the second", "the first")
	whole(t, with("the second"))
}

// TestKeyChangeInterrupted stops a change of key at each step.
func TestKeyChangeInterrupted(t *testing.T) {
	h := newHome(t, InitOptions{})
	old, _ := h.Key()
	// Stopped before it was published: the old key stays.
	if err := writeSecret(h.path("keys", waiting(logKey, 1)), "anything\n", ""); err != nil {
		t.Fatal(err)
	}
	keepOne(t, h, "one")
	if now, _ := h.Key(); now != old {
		t.Error("an unpublished key was taken in")
	}
	// Stopped after it was published: put the key back to where it waited.
	secret, err := os.ReadFile(h.path("keys", logKey))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.ChangeKey(evidence.KeyRotated, "", ""); err != nil {
		t.Fatal(err)
	}
	os.Rename(h.path("keys", logKey), h.path("keys", waiting(logKey, 1)))
	writeSecret(h.path("keys", logKey), string(secret), "")
	again, err := OpenHome(h.Dir(), h.o)
	if err != nil {
		t.Fatal(err)
	}
	whole(t, again) // a reader, who takes nothing in, finds no fault
	if again, err = OpenHome(h.Dir(), h.o); err != nil {
		t.Fatal(err)
	}
	keepOne(t, again, "two")
	whole(t, again)
}

func TestWitness(t *testing.T) {
	a, b := newHome(t, InitOptions{Name: "a.example"}), newHome(t, InitOptions{Name: "b.example"})
	key, _ := a.Key()
	witness, err := b.WitnessKey()
	if err != nil {
		t.Fatal(err)
	}
	ask := func(old int64) []byte {
		t.Helper()
		r, err := a.AskWitness(old)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	keepOne(t, a, "one")
	if _, _, err := b.Cosign(ask(0), ""); !errors.Is(err, ErrNotSeen) {
		t.Errorf("a first time without a key: %v", err)
	}
	cosigned, c, err := b.Cosign(ask(0), key)
	if err != nil || c.Size != 2 {
		t.Fatalf("Cosign = %+v, %v", c, err)
	}
	if bytes.Contains(cosigned, []byte("one")) || bytes.Contains(ask(0), []byte("one")) {
		t.Error("the exchange names a file")
	}
	if _, sigs, err := a.Log.AddCosignatures(cosigned, witness); err != nil || len(sigs) != 1 {
		t.Errorf("AddCosignatures: %v", err)
	}
	keepOne(t, a, "two")
	if _, _, err := b.Cosign(ask(0), ""); err == nil {
		t.Error("cosigned from the beginning again")
	}
	r := ask(2)
	for i := range len(r) * 8 {
		bad := bytes.Clone(r)
		bad[i/8] ^= 1 << (i % 8)
		if _, _, err := b.Cosign(bad, key); err == nil {
			t.Fatalf("bit %d of byte %d of a request flipped: cosigned", i%8, i/8)
		}
	}
	if _, _, err := b.Cosign(r, ""); err != nil {
		t.Errorf("the second time: %v", err)
	}
	// A history written anew, under the same key.
	fork := filepath.Join(t.TempDir(), "fork")
	if err := os.CopyFS(fork, os.DirFS(a.Dir())); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"log", "records"} {
		os.RemoveAll(filepath.Join(fork, d))
	}
	os.Mkdir(filepath.Join(fork, "records"), 0o700)
	os.Chmod(filepath.Join(fork, "keys", logKey), 0o600)
	os.Chmod(filepath.Join(fork, "keys", sealKey), 0o600)
	signer, err := a.unlockSign()
	if err != nil {
		t.Fatal(err)
	}
	if err := evidence.CreateLog(filepath.Join(fork, "log"), signer, time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	f, err := OpenHome(fork, a.o)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"1", "2", "3"} {
		keepOne(t, f, s)
	}
	forged, err := f.AskWitness(4)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Cosign(forged, ""); !errors.Is(err, evidence.ErrRewritten) {
		t.Errorf("a rewritten log: %v, want ErrRewritten", err)
	}
}

func TestClockBack(t *testing.T) {
	h := newHome(t, InitOptions{})
	keepOne(t, h, "one")
	o := h.o
	o.Now = func() time.Time { return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) }
	back, err := OpenHome(h.Dir(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := back.Keep(found("two", "two")); !errors.Is(err, evidence.ErrClockBack) {
		t.Errorf("Keep with the clock set back: %v", err)
	}
	whole(t, back)
	o.ClockBack = "the battery was empty in April"
	back, err = OpenHome(h.Dir(), o)
	if err != nil {
		t.Fatal(err)
	}
	k := keepOne(t, back, "two")
	if !strings.Contains(k.Item.Collected.Clock, "battery") {
		t.Errorf("the record says %q", k.Item.Collected.Clock)
	}
	whole(t, back)
}

func TestTwoWritersOfAHome(t *testing.T) {
	h := newHome(t, InitOptions{})
	unlock, err := h.lock()
	if err != nil {
		t.Fatal(err)
	}
	second, err := OpenHome(h.Dir(), h.o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Keep(found("x", "x")); !errors.Is(err, disk.ErrLocked) {
		t.Errorf("the second writer: %v, want ErrLocked", err)
	}
	unlock()
	keepOne(t, second, "x")
	keepOne(t, h, "y")
	whole(t, h)
}

func TestRecipientsReadRecords(t *testing.T) {
	deputy := newKey(t)
	h := newHome(t, InitOptions{Recipients: []string{deputy.Recipient().String()}, Encrypt: true})
	keepOne(t, h, "x")
	b, err := os.ReadFile(h.packPath(0))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := unseal(b, deputy); err != nil || !bytes.Contains(plain, []byte("x.txt")) {
		t.Errorf("the deputy reads %q, %v", plain, err)
	}
	v := open(t, h.path("vault"), Options{Identities: func() ([]age.Identity, error) { return []age.Identity{deputy}, nil }})
	for _, err := range v.Check() {
		if err != nil {
			t.Errorf("the deputy checks the vault: %v", err)
		}
	}
}

func logRecord(h *Home, v any) (int64, error) {
	r, err := evidence.NewRecord(v)
	if err != nil {
		return 0, err
	}
	n, err := h.LogRecords(r)
	if err != nil {
		return 0, err
	}
	return n[0], nil
}

// TestApprovedPublication logs a finding, a roster, two approvals and a
// publication beside an item, and gives them out in one dossier.
func TestApprovedPublication(t *testing.T) {
	h := newHome(t, InitOptions{})
	k := keepOne(t, h, "the appeal")
	at := h.moment()
	log := func(v any) int64 {
		t.Helper()
		n, err := logRecord(h, v)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	doc := k.Item.Ref
	a, b := evidence.MemberOf(evidence.NewSalt(), "coordinator", "A. Invented"), evidence.MemberOf(evidence.NewSalt(), "lawyer", "B. Invented")
	finding := log(&evidence.Statement{V: 1, Kind: evidence.KindFinding, Ref: evidence.Of([]byte("finding")), At: at, Tool: "test", About: []evidence.Ref{doc}})
	roster := log(&evidence.Roster{V: 1, Kind: evidence.KindRoster, At: at, Entitled: []evidence.Entitled{{Role: "coordinator", Member: a}, {Role: "lawyer", Member: b}}})
	yes := log(&evidence.Approval{V: 1, Kind: evidence.KindApproval, Of: doc, Roster: roster, Member: a, Decision: evidence.Approved, At: at})
	also := log(&evidence.Approval{V: 1, Kind: evidence.KindApproval, Of: doc, Roster: roster, Member: b, Decision: evidence.Approved, At: at})
	published := log(&evidence.Statement{V: 1, Kind: evidence.KindPublication, Ref: doc, At: at, Tool: "test", Approvals: []int64{yes, also}})
	if _, err := logRecord(h, &k.Item); err == nil {
		t.Error("an item was logged without its bytes")
	}
	whole(t, h)

	s, err := h.Record(k.Leaf)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "d.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := h.Export(f, Export{Items: []Stored{s}, Leaves: []int64{finding, roster, yes, also, published}}); err != nil {
		t.Fatal(err)
	}
	d, err := evidence.OpenDossier(path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	v := evidence.Verify(d, evidence.VerifyOptions{})
	told := fmt.Sprint(v.Checks)
	if v.State() != evidence.Pass || !strings.Contains(told, "two entitled people approved") {
		t.Errorf("the dossier: %s", told)
	}
	if zipped, _ := os.ReadFile(path); bytes.Contains(zipped, []byte("Invented")) {
		t.Error("the dossier names somebody")
	}
	if err := h.Export(f, Export{Items: []Stored{s}, Leaves: []int64{999}}); !errors.Is(err, ErrAbsent) {
		t.Errorf("a leaf that is not there: %v", err)
	}
}

// TestWitnessKeyChanges: a witness follows a planned change by itself, and a
// lost key when a person brings the new one.
func TestWitnessKeyChanges(t *testing.T) {
	a, b := newHome(t, InitOptions{Name: "a.example"}), newHome(t, InitOptions{Name: "b.example"})
	old := int64(0)
	cosign := func(vkey string, changes ...evidence.SignedKeyChange) error {
		t.Helper()
		r, err := a.AskWitness(old)
		if err != nil {
			t.Fatal(err)
		}
		_, c, err := b.Cosign(r, vkey, changes...)
		if err == nil {
			old = c.Size
		}
		return err
	}
	key, _ := a.Key()
	keepOne(t, a, "one")
	if err := cosign(key); err != nil {
		t.Fatal(err)
	}
	rotated, err := a.ChangeKey(evidence.KeyRotated, "planned", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := cosign(""); !errors.Is(err, ErrOtherKey) {
		t.Errorf("a new key, not told: %v, want ErrOtherKey", err)
	}
	if err := cosign("", rotated); err != nil {
		t.Errorf("after a rotation: %v", err)
	}
	lost, err := a.ChangeKey(evidence.KeyLost, "fire", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := cosign("", lost); !errors.Is(err, ErrOtherKey) {
		t.Errorf("a lost key, by its own word: %v, want ErrOtherKey", err)
	}
	if err := cosign(lost.New); err == nil {
		t.Error("a new key without any change was followed")
	}
	if err := cosign(lost.New, lost); err != nil {
		t.Errorf("a lost key, confirmed by a person: %v", err)
	}
	if _, _, err := a.Log.AddCosignatures(nil, "x"); err == nil {
		t.Error("a malformed cosigner's key was taken")
	}
}

// TestUnlisted: what a writer left behind between giving a file its name and
// listing it is no fault; the same about bytes of an item is one.
func TestUnlisted(t *testing.T) {
	for name, in := range map[string]InitOptions{"plain": {}, "encrypted": {Encrypt: true}} {
		t.Run(name, func(t *testing.T) {
			h := newHome(t, in)
			keepOne(t, h, "one")
			list := filepath.Join(h.Dir(), "vault", storedList)
			before, err := os.ReadFile(list)
			if err != nil {
				t.Fatal(err)
			}
			ref, _, err := h.Vault.Put(strings.NewReader("never logged"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(list, before, 0o600); err != nil {
				t.Fatal(err)
			}
			whole(t, h)
			if err := os.WriteFile(list, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			var got []error
			h.Check(func(err error) bool { got = append(got, err); return true })
			if len(got) != 1 || !errors.Is(got[0], ErrUnlisted) {
				t.Errorf("Check of an item that is not listed = %v, want ErrUnlisted", got)
			}
			// A deletion that was stopped behind the bytes leaves a line; the
			// next one takes it away.
			if err := h.Vault.addToList(map[string]string{h.Vault.path(ref, in.Encrypt): ref.String()}); err != nil {
				t.Fatal(err)
			}
			os.Remove(h.Vault.path(ref, in.Encrypt))
			if err := h.Vault.Delete(ref); !errors.Is(err, ErrAbsent) {
				t.Errorf("Delete of absent bytes = %v, want ErrAbsent", err)
			}
			if b, _ := os.ReadFile(list); bytes.Contains(b, []byte(ref.String())) {
				t.Errorf("the list still names deleted bytes: %s", b)
			}
		})
	}
}

// TestHomeFilesChanged flips bits in files of a home that neither a record nor
// a leaf covers.
func TestHomeFilesChanged(t *testing.T) {
	h, w := newHome(t, InitOptions{Name: "a.example"}), newHome(t, InitOptions{Name: "b.example"})
	keepOne(t, h, "one")
	key, _ := h.Key()
	ask, err := h.AskWitness(0)
	if err != nil {
		t.Fatal(err)
	}
	cosigned, _, err := w.Cosign(ask, key)
	if err != nil {
		t.Fatal(err)
	}
	witness, _ := w.WitnessKey()
	if _, _, err := h.Log.AddCosignatures(cosigned, witness); err != nil {
		t.Fatal(err)
	}
	if _, err := h.ChangeKey(evidence.KeyRotated, "", ""); err != nil {
		t.Fatal(err)
	}
	if _, err := h.ChangeKey(evidence.KeyRotated, "", ""); err != nil {
		t.Fatal(err)
	}
	faults := func() (out []error) {
		o, err := OpenHome(h.Dir(), h.o)
		if err != nil {
			return []error{err}
		}
		o.Check(func(err error) bool { out = append(out, err); return true })
		return out
	}
	if f := faults(); len(f) != 0 {
		t.Fatalf("a good home: %v", f)
	}
	for _, name := range []string{"keys/log.key", "keys/log.pub", "home.json", "vault/stored.sha256", "log/cosignatures/000000000002.txt",
		"log/cosignatures/keys.txt", "log/key-changes/0001.txt", "log/key-changes/0002.txt", "log/checkpoint"} {
		path := filepath.Join(h.Dir(), filepath.FromSlash(name))
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := 3; i < len(b)-1; i += 1 + len(b)/12 {
			bad := bytes.Clone(b)
			bad[i] ^= 1
			os.WriteFile(path, bad, 0o600)
			if len(faults()) == 0 {
				t.Errorf("%s: bit 0 of byte %d flipped: nothing noticed", name, i)
			}
		}
		os.WriteFile(path, b, 0o600)
	}
	os.WriteFile(filepath.Join(h.Dir(), "log", "checkpoints", "000000000003.txt.x.tst"), []byte("x"), 0o600)
	os.Remove(filepath.Join(h.Dir(), "log", "checkpoints", "000000000003.txt"))
	if f := faults(); len(f) != 1 || !errors.Is(f[0], evidence.ErrTruncated) {
		t.Errorf("a dated checkpoint is gone: %v, want ErrTruncated", f)
	}
}

// TestExportAfterTheft: the state at which a theft was declared goes into a
// dossier beside older ones, which count only as its beginning.
func TestExportAfterTheft(t *testing.T) {
	h := newHome(t, InitOptions{})
	keepOne(t, h, "one")
	if err := os.WriteFile(filepath.Join(h.Dir(), "log", "checkpoints", "000000000002.txt.x.tst"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	keepOne(t, h, "two")
	k, err := h.ChangeKey(evidence.KeyCompromised, "taken", "")
	if err != nil {
		t.Fatal(err)
	}
	use, err := h.usefulStamps([]evidence.Disclosed{{Leaf: 0}})
	if _, there := use[k.Size]; err != nil || !there || len(use) != 2 {
		t.Errorf("states to enclose = %v, %v, want those of 2 and %d leaves", use, err, k.Size)
	}
}

// What waited through a crash may be sent again: it is logged once.
func TestLogRecords(t *testing.T) {
	h := newHome(t, InitOptions{})
	record := func(text string) evidence.Record {
		r, err := evidence.NewRecord(&evidence.Statement{V: 1, Kind: evidence.KindPublication, Ref: evidence.Of([]byte(text)), At: evidence.Moment(newClock().now(), ""), Tool: "test"})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	a, b, c := record("a"), record("b"), record("c")
	first, err := h.LogRecords(a, b, a)
	if err != nil || first[0] != first[2] || first[1] != first[0]+1 {
		t.Fatalf("LogRecords(a, b, a) = %v, %v", first, err)
	}
	again, err := h.LogRecords(c, b, a)
	if err != nil || again[1] != first[1] || again[2] != first[0] || again[0] != first[1]+1 {
		t.Errorf("LogRecords(c, b, a) = %v, %v after %v", again, err, first)
	}
	if size := h.Log.Head().Size; size != again[0]+1 {
		t.Errorf("the log has %d leaves, want %d", size, again[0]+1)
	}
	for i, want := range []evidence.Record{a, b, c} {
		s, err := h.Record(first[0] + int64(i))
		if err != nil || !bytes.Equal(s.Bytes, want.Bytes) || s.Salt != want.Salt {
			t.Errorf("record %d comes back as %s, %v", i, s.Bytes, err)
		}
	}
	for _, err := range faults(h) {
		t.Error(err)
	}
	k := keepOne(t, h, "x")
	item, err := evidence.NewRecord(&k.Item)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.LogRecords(item); err == nil {
		t.Error("an item is logged without its bytes")
	}
}

// TestStampsEnclosed: a promise of a calendar dates nothing, and hides no
// authority's token from a dossier.
func TestStampsEnclosed(t *testing.T) {
	h := newHome(t, InitOptions{})
	k := keepOne(t, h, "the post")
	sizes := []int64{h.Log.Head().Size}
	for range 3 {
		keepOne(t, h, fmt.Sprint("later ", len(sizes)))
		sizes = append(sizes, h.Log.Head().Size)
	}
	stamp := func(size int64, name string) {
		t.Helper()
		path := filepath.Join(h.Dir(), "log", "checkpoints", evidence.CheckpointName(size)+"."+name)
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := h.Record(k.Leaf)
	if err != nil {
		t.Fatal(err)
	}
	certificate := func() (string, map[string]bool) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "d.zip")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := h.Export(f, Export{Items: []Stored{s}}); err != nil {
			t.Fatal(err)
		}
		z, err := zip.OpenReader(path)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		members, text := map[string]bool{}, ""
		for _, m := range z.File {
			members[m.Name] = true
			if m.Name == "certificate.html" {
				r, err := m.Open()
				if err != nil {
					t.Fatal(err)
				}
				b, err := io.ReadAll(r)
				if err != nil {
					t.Fatal(err)
				}
				text = string(b)
			}
		}
		return text, members
	}
	stamp(sizes[0], "ots")
	stamp(sizes[3], "ots")
	if text, members := certificate(); strings.Contains(text, "Outside authorities have dated") || !members[fmt.Sprintf("timestamps/%012d.ots", sizes[0])] {
		t.Errorf("with promises alone the certificate says that authorities dated the log, or the promise is not enclosed: %v", members)
	}
	stamp(sizes[1], "time.example-20260504T090000Z.tst")
	want := fmt.Sprintf("timestamps/%012d.time.example-20260504T090000Z.tst", sizes[1])
	if text, members := certificate(); !members[want] || !strings.Contains(text, fmt.Sprintf("the first %d entries", sizes[1])) {
		t.Errorf("the token behind a promise is not enclosed: %v", members)
	}
	if got, err := h.StampedSizes(Token); err != nil || !slices.Equal(got, sizes[1:2]) {
		t.Errorf("dated by an authority: %v, %v; want %v", got, err, sizes[1:2])
	}
}
