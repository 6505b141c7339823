package evidence_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	. "github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/disk"
)

var epoch = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)

type testLog struct {
	*Log
	dir    string
	signer note.Signer
	key    note.Verifier
	vkey   string
	now    time.Time
}

func newSigner(t testing.TB, name string) (note.Signer, note.Verifier, string) {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	return s, v, vkey
}

func newLog(t testing.TB) *testLog {
	t.Helper()
	l := &testLog{dir: filepath.Join(t.TempDir(), "log"), now: epoch}
	l.signer, l.key, l.vkey = newSigner(t, "observatory.example/test")
	if err := CreateLog(l.dir, l.signer, l.now); err != nil {
		t.Fatal(err)
	}
	l.reopen(t)
	return l
}

func (l *testLog) reopen(t testing.TB) {
	t.Helper()
	log, err := OpenLog(l.dir, l.key)
	if err != nil {
		t.Fatal(err)
	}
	l.Log = log
}

func (l *testLog) add(t testing.TB, leaves ...[]byte) []int64 {
	t.Helper()
	l.now = l.now.Add(time.Second)
	n, err := l.Append(leaves, Appender{Signer: l.signer, Now: l.now})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// leaf returns a valid leaf that differs for each i.
func leaf(i int) []byte {
	return Leaf{Kind: KindItem, Commitment: Commitment(Of([]byte(fmt.Sprint(i))))}.Bytes()
}

func leaves(from, to int) [][]byte {
	var out [][]byte
	for i := from; i < to; i++ {
		out = append(out, leaf(i))
	}
	return out
}

func (l *testLog) faults() []error {
	var out []error
	for err := range l.Check() {
		out = append(out, err)
	}
	return out
}

// TestLogSmallSizes proves everything there is to prove in each log of up to
// 40 leaves, grown one at a time, and refuses each proof for any other leaf.
func TestLogSmallSizes(t *testing.T) {
	l := newLog(t)
	heads := []Checkpoint{l.Head()}
	const most = 40
	for i := range most {
		if got := l.add(t, leaf(i)); got[0] != int64(i) {
			t.Fatalf("leaf %d got number %d", i, got[0])
		}
		heads = append(heads, l.Head())
	}
	for size := int64(1); size <= most; size++ {
		for i := range size {
			p, err := l.Prove(i, size)
			if err != nil {
				t.Fatal(err)
			}
			for j := range int64(most) {
				err := tlog.CheckRecord(p, size, heads[size].Root, i, tlog.RecordHash(leaf(int(j))))
				if (err == nil) != (i == j) {
					t.Fatalf("size %d: the proof of leaf %d, for leaf %d: %v", size, i, j, err)
				}
			}
		}
		for small := range size + 1 {
			p, err := l.ProveGrowth(small, size)
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckGrowth(p, heads[small], heads[size]); err != nil {
				t.Fatalf("growth from %d to %d: %v", small, size, err)
			}
			forged := heads[small]
			forged.Root[3] ^= 1
			if err := CheckGrowth(p, forged, heads[size]); err == nil && small > 0 {
				t.Fatalf("growth from %d to %d holds for another root", small, size)
			}
		}
	}
	if f := l.faults(); len(f) != 0 {
		t.Errorf("Check of a whole log: %v", f)
	}
}

// TestLogAcrossTiles grows logs by steps of many widths over the borders of
// tiles and compares each with a tree grown at once.
func TestLogAcrossTiles(t *testing.T) {
	for _, steps := range [][]int{{255, 1, 1}, {256, 256}, {1, 255, 300}, {700}, {513, 2, 253, 257}} {
		l := newLog(t)
		n := 0
		for _, s := range steps {
			l.add(t, leaves(n, n+s)...)
			n += s
		}
		l.reopen(t)
		if f := l.faults(); len(f) != 0 {
			t.Errorf("steps %v: Check says %v", steps, f)
		}
		once := newLog(t)
		once.add(t, leaves(0, n)...)
		if once.Head().Root != l.Head().Root {
			t.Errorf("steps %v: another root than %d leaves at once", steps, n)
		}
		for i := 0; i < n; i += 97 {
			b, err := l.Leaf(int64(i))
			if err != nil || !bytes.Equal(b, leaf(i)) {
				t.Errorf("steps %v: Leaf(%d) = %q, %v", steps, i, b, err)
			}
			p, err := l.Prove(int64(i), int64(n))
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckRecord(p, int64(n), l.Head().Root, int64(i), tlog.RecordHash(b)); err != nil {
				t.Errorf("steps %v: leaf %d: %v", steps, i, err)
			}
		}
		// Only the newest partial tiles are kept.
		partial, _ := filepath.Glob(filepath.Join(l.dir, "tile", "0", "*.p", "*"))
		if len(partial) > 1 {
			t.Errorf("steps %v: old partial tiles are left: %v", steps, partial)
		}
	}
}

func TestAppendTwice(t *testing.T) {
	l := newLog(t)
	l.add(t, leaves(0, 10)...)
	before := l.Head()
	if got := l.add(t, leaf(3), leaf(7)); got[0] != 3 || got[1] != 7 || l.Head() != before {
		t.Errorf("appending leaves 3 and 7 again gave numbers %v and a log of %d", got, l.Head().Size)
	}
	l.reopen(t)
	if got := l.add(t, leaf(9), leaf(10), leaf(10)); got[0] != 9 || got[1] != 10 || got[2] != 10 || l.Head().Size != 11 {
		t.Errorf("a leaf known, one new, twice: numbers %v in a log of %d; want 9 10 10 in 11", got, l.Head().Size)
	}
}

func TestAppendRefusals(t *testing.T) {
	l := newLog(t)
	l.add(t, leaf(0))
	other, _, _ := newSigner(t, "somebody.example/else")
	for name, c := range map[string]struct {
		leaves [][]byte
		a      Appender
		want   error
	}{
		"no leaf":    {[][]byte{[]byte("hello")}, Appender{Signer: l.signer, Now: l.now}, nil},
		"other log":  {[][]byte{leaf(1)}, Appender{Signer: other, Now: l.now}, nil},
		"clock back": {[][]byte{leaf(1)}, Appender{Signer: l.signer, Now: l.now.Add(-time.Hour)}, ErrClockBack},
		"clock at 0": {[][]byte{leaf(1)}, Appender{Signer: l.signer}, ErrClockBack},
	} {
		if _, err := l.Append(c.leaves, c.a); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: Append says %v", name, err)
		}
	}
	if l.reopen(t); l.Head().Size != 1 {
		t.Errorf("refused leaves made the log %d long", l.Head().Size)
	}
	// A time server's small step back is no alarm, and never shows.
	if _, err := l.Append([][]byte{leaf(1)}, Appender{Signer: l.signer, Now: l.now.Add(-2 * time.Second)}); err != nil || l.Head().Time.Before(l.now) {
		t.Errorf("a step back of two seconds: %v, log at %s", err, l.Head().Time)
	}
	if _, err := l.Append([][]byte{leaf(2)}, Appender{Signer: l.signer, Now: epoch.Add(-time.Hour), ClockBack: true}); err != nil {
		t.Errorf("a clock set back on purpose: %v", err)
	}
}

func TestTwoWriters(t *testing.T) {
	l := newLog(t)
	unlock, err := disk.Lock(filepath.Join(l.dir, "lock"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append([][]byte{leaf(0)}, Appender{Signer: l.signer, Now: l.now}); !errors.Is(err, disk.ErrLocked) {
		t.Errorf("the second writer got %v, want ErrLocked", err)
	}
	unlock()
	// Two values of one log take turns; each sees what the other did.
	second, err := OpenLog(l.dir, l.key)
	if err != nil {
		t.Fatal(err)
	}
	l.add(t, leaf(0))
	n, err := second.Append([][]byte{leaf(1)}, Appender{Signer: l.signer, Now: l.now})
	if err != nil || n[0] != 1 {
		t.Errorf("the other writer's leaf got number %v, %v; want 1", n, err)
	}
	l.add(t, leaf(2))
	if f := l.faults(); len(f) != 0 || l.Head().Size != 3 {
		t.Errorf("after taking turns: %d leaves, %v", l.Head().Size, f)
	}
}

// copyDir copies a log so that a fault can be planted in the copy.
func copyDir(t testing.TB, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestLogFaults plants one fault at a time in a whole log.
func TestLogFaults(t *testing.T) {
	l := newLog(t)
	l.add(t, leaves(0, 300)...)
	older := copyDir(t, l.dir)
	l.add(t, leaves(300, 310)...)

	fork := newLog(t)
	fork.signer, fork.key = l.signer, l.key
	os.RemoveAll(fork.dir)
	if err := CreateLog(fork.dir, l.signer, epoch); err != nil {
		t.Fatal(err)
	}
	fork.reopen(t)
	fork.add(t, append(leaves(0, 100), leaves(101, 300)...)...) // leaf 100 silently left out

	for name, c := range map[string]struct {
		plant func(dir string)
		want  error
	}{
		"nothing": {func(string) {}, nil},
		"an older checkpoint is put back": {func(dir string) {
			b, _ := os.ReadFile(filepath.Join(older, "checkpoint"))
			os.WriteFile(filepath.Join(dir, "checkpoint"), b, 0o644)
		}, ErrReplayed},
		"the newest tile of hashes is removed": {func(dir string) { os.RemoveAll(filepath.Join(dir, "tile", "0", "001.p")) }, ErrTruncated},
		"the first tile of hashes is removed":  {func(dir string) { os.Remove(filepath.Join(dir, "tile", "0", "000")) }, ErrTruncated},
		"the newest leaves are removed":        {func(dir string) { os.RemoveAll(filepath.Join(dir, "tile", "entries", "001.p")) }, ErrTruncated},
		"the first leaves are removed":         {func(dir string) { os.Remove(filepath.Join(dir, "tile", "entries", "000")) }, ErrTruncated},
		"a tile of leaves is cut": {func(dir string) {
			os.Truncate(filepath.Join(dir, "tile", "entries", "000"), 1000)
		}, ErrTruncated},
		"one leaf is replaced": {func(dir string) {
			p := filepath.Join(dir, "tile", "entries", "000")
			b, _ := os.ReadFile(p)
			b = bytes.Replace(b, leaf(17), leaf(999), 1)
			os.WriteFile(p, b, 0o644)
		}, ErrRewritten},
		"two leaves are swapped": {func(dir string) {
			p := filepath.Join(dir, "tile", "entries", "000")
			b, _ := os.ReadFile(p)
			b = bytes.Replace(b, leaf(17), leaf(999), 1)
			b = bytes.Replace(b, leaf(18), leaf(17), 1)
			b = bytes.Replace(b, leaf(999), leaf(18), 1)
			os.WriteFile(p, b, 0o644)
		}, ErrRewritten},
		"another history is grown longer": {func(dir string) {
			kept, _ := os.ReadFile(filepath.Join(dir, "checkpoints", CheckpointName(300)))
			os.RemoveAll(dir)
			os.CopyFS(dir, os.DirFS(fork.dir))
			log, err := OpenLog(dir, l.key)
			if err == nil {
				_, err = log.Append(leaves(300, 320), Appender{Signer: l.signer, Now: l.now.Add(time.Hour)})
			}
			if err != nil {
				t.Fatal(err)
			}
			os.WriteFile(filepath.Join(dir, "checkpoints", CheckpointName(300)), kept, 0o644)
		}, ErrRewritten},
	} {
		dir := copyDir(t, l.dir)
		c.plant(dir)
		log, err := OpenLog(dir, l.key)
		if err == nil {
			for err = range log.Check() {
				break
			}
		}
		if !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestSilentRemoval shows what a witness sees when a leaf is dropped and the
// log is signed anew: its old checkpoint is no beginning of the new log.
func TestSilentRemoval(t *testing.T) {
	honest, dropped := newLog(t), newLog(t)
	honest.add(t, leaves(0, 200)...)
	seen := honest.Head()
	dropped.add(t, append(leaves(0, 100), leaves(101, 302)...)...)
	p, err := dropped.ProveGrowth(200, 301)
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckGrowth(p, seen, dropped.Head()); !errors.Is(err, ErrRewritten) {
		t.Errorf("a witness of 200 leaves, shown a log without leaf 100: %v, want ErrRewritten", err)
	}
}

// TestEveryBitOfACheckpoint flips each bit of a signed checkpoint.
func TestEveryBitOfACheckpoint(t *testing.T) {
	l := newLog(t)
	l.add(t, leaves(0, 5)...)
	msg := l.Signed()
	for i := range len(msg) * 8 {
		b := bytes.Clone(msg)
		b[i/8] ^= 1 << (i % 8)
		if _, _, err := OpenCheckpoint(b, l.key); err == nil {
			t.Errorf("bit %d of byte %d flipped: still a good checkpoint\n%q", i%8, i/8, b)
		}
	}
}

// TestBrokenFolders lets an Append fail half way: the log stays the old one
// and the next Append works.
func TestBrokenFolders(t *testing.T) {
	l := newLog(t)
	l.add(t, leaves(0, 5)...)
	// A file stands where a folder must be: the tile cannot be written.
	block := filepath.Join(l.dir, "tile", "0", "000.p", "6")
	if err := os.MkdirAll(block, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append([][]byte{leaf(5)}, Appender{Signer: l.signer, Now: l.now}); err == nil {
		t.Fatal("Append onto a blocked tile succeeded")
	}
	if err := os.Remove(block); err != nil {
		t.Fatal(err)
	}
	l.reopen(t)
	if f := l.faults(); len(f) != 0 || l.Head().Size != 5 {
		t.Errorf("after a failed Append: %d leaves, %v", l.Head().Size, f)
	}
	if n := l.add(t, leaf(5)); n[0] != 5 {
		t.Errorf("the next leaf got number %d", n[0])
	}
}

func TestCosign(t *testing.T) {
	l := newLog(t)
	l.add(t, leaves(0, 5)...)
	c := NewCosigner("witness.example", newPrivateKey(t), epoch.Add(time.Hour))
	key := c.Key()
	cosigned, err := note.Sign(&note.Note{Text: l.Head().Text()}, c)
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(cosigned) * 8 {
		b := bytes.Clone(cosigned)
		b[i/8] ^= 1 << (i % 8)
		if _, _, err := l.AddCosignatures(b, key); err == nil {
			t.Errorf("bit %d of byte %d of a cosignature flipped: taken", i%8, i/8)
		}
	}
	for range 2 { // the second time changes nothing
		if _, sigs, err := l.AddCosignatures(cosigned, key); err != nil || len(sigs) != 1 {
			t.Fatalf("AddCosignatures = %d signatures, %v", len(sigs), err)
		}
	}
	kept, err := l.CosignaturesAt(5)
	if err != nil || !bytes.Equal(kept, cosigned) {
		t.Fatalf("CosignaturesAt = %q, %v", kept, err)
	}
	_, n, err := OpenCosigned(kept, key)
	if err != nil || len(n.Sigs) != 1 {
		t.Fatalf("the cosigned checkpoint has %d good signatures, %v; want 1", len(n.Sigs), err)
	}
	if at, ok := CosignedAt(n.Sigs[0]); !ok || !at.Equal(epoch.Add(time.Hour)) {
		t.Errorf("CosignedAt = %s, %v", at, ok)
	}
	if keys, err := l.CosignerKeys(); err != nil || len(keys) != 1 || keys[0] != key {
		t.Errorf("CosignerKeys = %v, %v", keys, err)
	}
	fork := newLog(t)
	fork.signer, fork.key = l.signer, l.key
	os.RemoveAll(fork.dir)
	CreateLog(fork.dir, l.signer, epoch)
	fork.reopen(t)
	fork.add(t, leaves(1, 6)...)
	if _, _, err := fork.AddCosignatures(cosigned, key); !errors.Is(err, ErrRewritten) {
		t.Errorf("a cosignature under another log of 5 leaves: %v, want ErrRewritten", err)
	}
	// The log's own key cannot pass for the cosigner's, nor the other way.
	if _, _, err := OpenCosigned(l.Signed(), key); err == nil {
		t.Error("the log's own signature passed for a cosignature")
	}
	l.add(t, leaf(5))
	l.reopen(t)
	if f := l.faults(); len(f) != 0 {
		t.Errorf("a cosigned log: %v", f)
	}
}

func TestLogMissing(t *testing.T) {
	if _, err := OpenLog(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("OpenLog of an empty folder: %v", err)
	}
	l := newLog(t)
	if err := CreateLog(l.dir, l.signer, epoch); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("CreateLog over a log: %v", err)
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, batch := range []int{1, 1000} {
		b.Run(fmt.Sprint(batch), func(b *testing.B) {
			l := newLog(b)
			n := 0
			for b.Loop() {
				l.add(b, leaves(n, n+batch)...)
				n += batch
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "leaves/s")
		})
	}
}
