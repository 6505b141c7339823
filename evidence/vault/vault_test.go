package vault

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"github.com/arasha-org/arasha/evidence"
)

func newKey(t testing.TB) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func sealedWith(id *age.X25519Identity) Options {
	return Options{
		Recipients: []age.Recipient{id.Recipient()},
		Identities: func() ([]age.Identity, error) { return []age.Identity{id}, nil },
	}
}

func open(t testing.TB, dir string, o Options) *Vault {
	t.Helper()
	v, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPutAndOpen(t *testing.T) {
	id := newKey(t)
	for _, size := range []int{0, 1, 64 << 10, bufferSize - 1, bufferSize, bufferSize + 1, 5<<20 + 7} {
		for name, o := range map[string]Options{"plain": {}, "encrypted": sealedWith(id)} {
			t.Run(fmt.Sprint(name, " ", size), func(t *testing.T) {
				v := open(t, t.TempDir(), o)
				want := make([]byte, size)
				rand.Read(want)
				ref, n, err := v.Put(bytes.NewReader(want))
				if err != nil {
					t.Fatal(err)
				}
				if ref != evidence.Of(want) || n != int64(size) {
					t.Fatalf("Put = %s, %d; want %s, %d", ref, n, evidence.Of(want), size)
				}
				r, err := v.Open(ref)
				if err != nil {
					t.Fatal(err)
				}
				defer r.Close()
				got, err := io.ReadAll(r)
				if err != nil || !bytes.Equal(got, want) {
					t.Fatalf("Open gave %d bytes, %v; want the %d bytes put", len(got), err, size)
				}
				path, encrypted, _ := v.find(ref)
				if encrypted != (name == "encrypted") {
					t.Errorf("encrypted = %v in a vault that is %s", encrypted, name)
				}
				info, err := os.Stat(path)
				if err != nil || info.Mode().Perm() != 0o444 {
					t.Errorf("mode = %v, %v; want 0444", info.Mode(), err)
				}
			})
		}
	}
}

// TestPutOnce keeps the same bytes twice, also at the same moment: one file,
// written once.
func TestPutOnce(t *testing.T) {
	v := open(t, t.TempDir(), Options{})
	b := []byte("a page that will vanish")
	ref, _, err := v.Put(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	path, _, _ := v.find(ref)
	before, _ := os.Stat(path)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			again, _, err := v.Put(bytes.NewReader(b))
			if err != nil || again != ref {
				t.Errorf("Put again = %s, %v; want %s", again, err, ref)
			}
		})
	}
	wg.Wait()
	after, _ := os.Stat(path)
	if !os.SameFile(before, after) {
		t.Error("the kept file was written again")
	}
	if left, _ := filepath.Glob(filepath.Join(v.dir, "tmp", "*")); len(left) != 0 {
		t.Errorf("left in tmp: %v", left)
	}
	list, _ := os.ReadFile(filepath.Join(v.dir, storedList))
	if got := bytes.Count(list, []byte("\n")); got != 1 {
		t.Errorf("%d lines in the list of stored hashes; want 1:\n%s", got, list)
	}
}

// TestSecondOpinions lets sha256sum and age check the vault without us.
func TestSecondOpinions(t *testing.T) {
	needs(t, "sha256sum")
	id := newKey(t)
	plain, sealed := open(t, t.TempDir(), Options{}), open(t, t.TempDir(), sealedWith(id))
	var refs []evidence.Ref
	for i := range 5 {
		b := bytes.Repeat([]byte{byte(i)}, 1000*i)
		ref, _, err := plain.Put(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := sealed.Put(bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
		refs = append(refs, ref)
	}
	for _, ref := range refs {
		out, err := exec.Command("sha256sum", plain.path(ref, false)).Output()
		if err != nil || !strings.HasPrefix(string(out), ref.String()+" ") {
			t.Errorf("sha256sum says %q, %v; want %s", out, err, ref)
		}
	}
	for _, v := range []*Vault{plain, sealed} {
		check := exec.Command("sha256sum", "-c", "--strict", storedList)
		check.Dir = v.dir
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("sha256sum -c %s: %v\n%s", storedList, err, out)
		}
	}

	needs(t, "age")
	key := filepath.Join(t.TempDir(), "key.txt")
	os.WriteFile(key, []byte(id.String()+"\n"), 0o600)
	for _, ref := range refs {
		out, err := exec.Command("age", "-d", "-i", key, sealed.path(ref, true)).Output()
		if got := evidence.Of(out); err != nil || got != ref {
			t.Errorf("age -d hashes to %s, %v; want %s", got, err, ref)
		}
	}
}

// needs skips when a program is absent, and fails where all must be there.
func needs(t testing.TB, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", program)
		}
		t.Skipf("%s is not installed", program)
	}
}

// TestEveryBitOfAKeptFile flips each bit of kept files, plain and encrypted.
func TestEveryBitOfAKeptFile(t *testing.T) {
	id := newKey(t)
	for name, o := range map[string]Options{"plain": {}, "encrypted": sealedWith(id)} {
		t.Run(name, func(t *testing.T) {
			v := open(t, t.TempDir(), o)
			ref, _, err := v.Put(strings.NewReader("we are informed by reliable sources"))
			if err != nil {
				t.Fatal(err)
			}
			path, _, _ := v.find(ref)
			whole, _ := os.ReadFile(path)
			os.Chmod(path, 0o644)
			for i := range len(whole) * 8 {
				b := bytes.Clone(whole)
				b[i/8] ^= 1 << (i % 8)
				os.WriteFile(path, b, 0o644)
				for _, err := range v.Check() {
					if !errors.Is(err, ErrChanged) {
						t.Fatalf("bit %d flipped: Check says %v, want ErrChanged", i, err)
					}
				}
				r, err := v.Open(ref)
				if err == nil {
					_, err = io.ReadAll(r)
					r.Close()
				}
				// A flip in the header of the encryption may look like a file
				// for somebody else.
				if !errors.Is(err, ErrChanged) && !errors.Is(err, ErrSealed) {
					t.Fatalf("bit %d flipped: reading says %v, want ErrChanged", i, err)
				}
			}
			os.WriteFile(path, whole[:len(whole)-1], 0o644)
			for _, err := range v.Check() {
				if !errors.Is(err, ErrChanged) {
					t.Errorf("cut short: Check says %v, want ErrChanged", err)
				}
			}
		})
	}
}

func TestOpenFaults(t *testing.T) {
	id := newKey(t)
	dir := t.TempDir()
	v := open(t, dir, sealedWith(id))
	ref, _, err := v.Put(strings.NewReader("sealed"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		v    *Vault
		ref  evidence.Ref
		want error
	}{
		"nothing under this Ref": {v, evidence.Of([]byte("other")), ErrAbsent},
		"the empty Ref":          {v, evidence.Ref{}, ErrAbsent},
		"no key":                 {open(t, dir, Options{}), ref, ErrSealed},
		"another key":            {open(t, dir, sealedWith(newKey(t))), ref, ErrSealed},
	} {
		if _, err := c.v.Open(c.ref); !errors.Is(err, c.want) {
			t.Errorf("%s: Open says %v, want %v", name, err, c.want)
		}
	}
	// Without the key the disk can still be checked by the stored hashes.
	for got, err := range open(t, dir, Options{}).Check() {
		if got != ref || !errors.Is(err, ErrSealed) {
			t.Errorf("Check without key = %s, %v; want %s, ErrSealed", got, err, ref)
		}
	}
}

func TestDelete(t *testing.T) {
	v := open(t, t.TempDir(), Options{})
	keep, _, _ := v.Put(strings.NewReader("keep"))
	drop, _, _ := v.Put(strings.NewReader("drop"))
	if err := v.Delete(drop); err != nil {
		t.Fatal(err)
	}
	if v.Has(drop) || !v.Has(keep) {
		t.Errorf("after Delete: Has(drop) = %v, Has(keep) = %v", v.Has(drop), v.Has(keep))
	}
	if err := v.Delete(drop); !errors.Is(err, ErrAbsent) {
		t.Errorf("Delete again says %v, want ErrAbsent", err)
	}
	sums, err := v.readList()
	if err != nil || len(sums) != 1 {
		t.Errorf("the list holds %v, %v; want the kept file only", sums, err)
	}
}

func TestWorkingCopy(t *testing.T) {
	v := open(t, t.TempDir(), Options{})
	ref, _, _ := v.Put(strings.NewReader("original"))
	path := filepath.Join(t.TempDir(), "copy.txt")
	if err := v.WorkingCopy(ref, path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("worked on"), 0o600); err != nil {
		t.Fatal(err)
	}
	for ref, err := range v.Check() {
		if err != nil {
			t.Errorf("work on the copy reached the vault: %s: %v", ref, err)
		}
	}
	if err := v.WorkingCopy(ref, path); err == nil {
		t.Error("WorkingCopy wrote over a file that exists")
	}
}

// TestListAfterCrash cuts the list of stored hashes at every byte, as a crash
// may, and keeps on.
func TestListAfterCrash(t *testing.T) {
	v := open(t, t.TempDir(), Options{})
	for _, s := range []string{"one", "two"} {
		if _, _, err := v.Put(strings.NewReader(s)); err != nil {
			t.Fatal(err)
		}
	}
	list := filepath.Join(v.dir, storedList)
	whole, _ := os.ReadFile(list)
	for cut := range len(whole) {
		os.WriteFile(list, whole[:cut], 0o600)
		v := open(t, v.dir, Options{})
		for _, s := range []string{"one", "two"} {
			if _, _, err := v.Put(strings.NewReader(s)); err != nil {
				t.Fatal(err)
			}
		}
		sums, err := v.readList()
		if err != nil || len(sums) != 2 {
			t.Fatalf("cut at %d, then put again: the list holds %d files, %v; want 2", cut, len(sums), err)
		}
	}
}

// TestStrangersInTheVault reports files that do not belong there.
func TestStrangersInTheVault(t *testing.T) {
	v := open(t, t.TempDir(), Options{})
	ref, _, _ := v.Put(strings.NewReader("kept"))
	stranger := filepath.Join(v.dir, "objects", ref.String()[:2], "notes.txt")
	os.WriteFile(stranger, nil, 0o600)
	var bad int
	for _, err := range v.Check() {
		if err != nil {
			bad++
		}
	}
	if bad != 1 {
		t.Errorf("Check named %d faults, want 1 for %s", bad, stranger)
	}
}

// failing gives some bytes, then an error, as a pulled-out stick does.
type failing struct{ n int }

func (f *failing) Read(b []byte) (int, error) {
	if f.n == 0 {
		return 0, fs.ErrClosed
	}
	n := min(f.n, len(b))
	f.n -= n
	return n, nil
}

func TestPutOfBrokenReader(t *testing.T) {
	v := open(t, t.TempDir(), Options{})
	for _, n := range []int{0, 1, bufferSize, 3 * bufferSize} {
		if _, _, err := v.Put(&failing{n}); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("Put of a reader that fails after %d bytes says %v", n, err)
		}
	}
	for ref := range v.Refs() {
		t.Errorf("kept %s of a reader that failed", ref)
	}
	if left, _ := filepath.Glob(filepath.Join(v.dir, "tmp", "*")); len(left) != 0 {
		t.Errorf("left in tmp: %v", left)
	}
}

func BenchmarkPut(b *testing.B) {
	for _, size := range []int{4 << 10, 1 << 20, 256 << 20} {
		b.Run(fmt.Sprintf("%dKB", size>>10), func(b *testing.B) {
			v := open(b, b.TempDir(), Options{})
			data := make([]byte, size)
			rand.Read(data)
			b.SetBytes(int64(size))
			for i := 0; b.Loop(); i++ {
				data[0], data[1], data[2] = byte(i), byte(i>>8), byte(i>>16)
				if _, _, err := v.Put(bytes.NewReader(data)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// FuzzStoredList lets the list of stored hashes hold anything: keeping goes on,
// and what is kept then stands in it.
func FuzzStoredList(f *testing.F) {
	f.Add([]byte("x"))
	f.Add([]byte("0000000000000000000000000000000000000000000000000000000000000000  objects/00/00\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, list []byte) {
		v := open(t, dir, Options{})
		if err := os.WriteFile(filepath.Join(dir, storedList), list, 0o600); err != nil {
			t.Fatal(err)
		}
		ref, _, err := v.Put(bytes.NewReader(list))
		if err != nil {
			t.Fatal(err)
		}
		sums, err := v.readList()
		if err != nil || sums[v.listName(v.path(ref, false))] != ref.String() {
			t.Errorf("after %q the list holds %v, %v", list, sums, err)
		}
	})
}

// TestPutAllOfOneContent keeps the same bytes many times at once in an
// encrypted vault: every writer encrypts them differently, and the list must
// name the file that won.
func TestPutAllOfOneContent(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for round := range 20 {
		v := open(t, t.TempDir(), Options{Recipients: []age.Recipient{id.Recipient()}, Identities: func() ([]age.Identity, error) { return []age.Identity{id}, nil }})
		_, err := v.PutAll(16, func(int) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(fmt.Sprint("one text ", round))), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range v.Check() {
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
		}
	}
}
