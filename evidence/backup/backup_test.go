package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/internal/faulttest"
)

var at = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)

func key(t testing.TB) *age.X25519Identity {
	t.Helper()
	k, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newHome(t testing.TB) *vault.Home {
	t.Helper()
	h, err := vault.Init(filepath.Join(t.TempDir(), "home"), vault.InitOptions{Name: "qanat.example/evidence"}, vault.HomeOptions{Tool: "test", Clock: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func found(content string) vault.Found {
	return vault.Found{Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
		Item: evidence.Item{Name: "page.html", Media: "text/html"}}
}

func keep(t testing.TB, h *vault.Home, contents ...string) {
	t.Helper()
	var all []vault.Found
	for _, c := range contents {
		all = append(all, found(c))
	}
	if _, err := h.Keep(all...); err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, h *vault.Home, o Options, to age.Recipient) []byte {
	t.Helper()
	var b bytes.Buffer
	o.Recipients, o.Now, o.Tool = []age.Recipient{to}, at, "test"
	if _, err := Write(t.Context(), &b, h.Dir(), o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tree returns the files of a folder: name to mode and content.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		b, err := os.ReadFile(path)
		info, _ := d.Info()
		out[filepath.ToSlash(rel)] = fmt.Sprintf("%v %q", info.Mode(), b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// whole opens a home and holds it to all its promises.
func whole(t testing.TB, dir string) *vault.Home {
	t.Helper()
	h, err := vault.OpenHome(dir, vault.HomeOptions{Tool: "test", Clock: "test"})
	if err != nil {
		t.Fatal(err)
	}
	h.Check(func(err error) bool { t.Errorf("%s: %v", dir, err); return true })
	return h
}

func TestEverythingComesBack(t *testing.T) {
	h := newHome(t)
	for i := range 2 { // more than one tile of the log
		var pages []string
		for n := range 75 {
			pages = append(pages, fmt.Sprint("page ", i, n))
		}
		keep(t, h, pages...)
	}
	keep(t, h, strings.Repeat("a long film ", 200_000))
	if _, err := h.Delete(2, vault.Act{Reason: "consent withdrawn", Authority: "the person"}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.ChangeKey(evidence.KeyRotated, "every year", ""); err != nil {
		t.Fatal(err)
	}
	keep(t, h, "after the change")
	for name, text := range map[string]string{"authorities.txt": "https://tsa.example\n", "keys/users/1.age": "a user's key", "arasha.db": "old", "arasha.db-wal": "x"} {
		path := filepath.Join(h.Dir(), name)
		os.MkdirAll(filepath.Dir(path), 0o700)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	k := key(t)
	o := Options{Keys: true, DatabaseName: "arasha.db", Database: func(_ context.Context, dest string) error {
		return os.WriteFile(dest, []byte("one whole state"), 0o600)
	}}
	file := write(t, h, o, k.Recipient())
	to := filepath.Join(t.TempDir(), "deep", "restored")
	m, err := Restore(bytes.NewReader(file), to, k)
	if err != nil {
		t.Fatal(err)
	}
	want := tree(t, h.Dir())
	for name := range want {
		if skipped(name) || name == "arasha.db-wal" {
			delete(want, name)
		}
	}
	want["arasha.db"] = `-rw------- "one whole state"`
	if d := cmp.Diff(want, tree(t, to)); d != "" {
		t.Errorf("restored (-home +restored):\n%s", d)
	}
	if m.Leaves != h.Log.Head().Size || !m.Keys || len(m.Problems) > 0 {
		t.Errorf("manifest: %d leaves, keys %v, problems %v", m.Leaves, m.Keys, m.Problems)
	}
	keep(t, whole(t, to), "the work goes on") // it can sign
	whole(t, to)
	if _, err := Restore(bytes.NewReader(file), to, k); err == nil {
		t.Error("restored over a home")
	}

	// Without keys: everything else is there, and nobody can sign.
	o.Keys = false
	file = write(t, h, o, k.Recipient())
	bare := filepath.Join(t.TempDir(), "bare")
	if _, err := Restore(bytes.NewReader(file), bare, k); err != nil {
		t.Fatal(err)
	}
	for name := range tree(t, bare) {
		if SecretKey(name) {
			t.Errorf("%s is in a backup without keys", name)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(h.Dir(), "tmp-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	var wrong bytes.Buffer
	wrong.Write(file)
	if _, err := Check(&wrong, key(t)); !errors.Is(err, ErrKey) {
		t.Errorf("another key: %v", err)
	}
}

func TestWhileOthersWrite(t *testing.T) {
	h := newHome(t)
	dir := h.Dir()
	keep(t, h, "first")
	k := key(t)
	stop := make(chan struct{})
	done := make(chan error, 1)
	go func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			if _, err := h.Keep(found(fmt.Sprint("new ", n, strings.Repeat("x", n*97%9000)))); err != nil {
				done <- err
				return
			}
		}
	}()
	for i := range 6 {
		before, err := vault.OpenHome(dir, vault.HomeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := Write(t.Context(), &b, dir, Options{Recipients: []age.Recipient{k.Recipient()}, Keys: true, Now: at}); err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(t.TempDir(), strconv.Itoa(i))
		m, err := Restore(&b, to, k)
		if err != nil {
			t.Fatal(err)
		}
		if m.Leaves < before.Log.Head().Size || len(m.Problems) > 0 {
			t.Errorf("backup of %d leaves after %d were confirmed; problems %v", m.Leaves, before.Log.Head().Size, m.Problems)
		}
		whole(t, to)
	}
	close(stop)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	// Who deletes waits for a backup, and a backup for who deletes.
	release, err := vault.HoldStill(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Delete(0, vault.Act{Reason: "r", Authority: "a"}); !errors.Is(err, disk.ErrLocked) {
		t.Errorf("deleted during a backup: %v", err)
	}
	// A second backup to the file that the first is writing leaves that alone.
	file := filepath.Join(t.TempDir(), "home.age")
	if err := os.WriteFile(file+".part", []byte("the first, half written"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ToFile(t.Context(), file, dir, Options{Recipients: []age.Recipient{k.Recipient()}, Now: at}); !errors.Is(err, disk.ErrLocked) {
		t.Errorf("a second backup: %v, want ErrLocked", err)
	}
	if b, err := os.ReadFile(file + ".part"); err != nil || string(b) != "the first, half written" {
		t.Errorf("a second backup touched what the first writes: %q, %v", b, err)
	}
	if _, err := Write(t.Context(), &bytes.Buffer{}, dir, Options{Recipients: []age.Recipient{k.Recipient()}}); !errors.Is(err, disk.ErrLocked) {
		t.Errorf("a backup during a deletion: %v", err)
	}
	release()
}

// TestEveryBit: no bit of a backup can change, and nothing can be cut off or
// added, without the backup being refused and nothing put in place.
func TestEveryBit(t *testing.T) {
	h := newHome(t)
	keep(t, h, "a page")
	k := key(t)
	file := write(t, h, Options{Keys: true}, k.Recipient())
	dir, tries := t.TempDir(), 0
	try := func(b []byte, what string) {
		t.Helper()
		tries++
		_, err := Check(bytes.NewReader(b), k)
		if err != nil && tries%10 == 0 {
			_, err = Restore(bytes.NewReader(b), filepath.Join(dir, "home"), k)
		}
		if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v, want it refused", what, err)
		}
	}
	r := rand.New(rand.NewPCG(7, 11))
	bits := []int{}
	for i := range 400 * 8 { // the header, and the beginning of the bytes
		bits = append(bits, i)
	}
	for range 300 {
		bits = append(bits, r.IntN(len(file)*8))
	}
	if os.Getenv("ARASHA_KILLS") == "" { // go test: a part
		r.Shuffle(len(bits), func(i, j int) { bits[i], bits[j] = bits[j], bits[i] })
		bits = bits[:400]
	}
	for _, bit := range bits {
		b := slices.Clone(file)
		b[bit/8] ^= 1 << (bit % 8)
		try(b, fmt.Sprintf("bit %d", bit))
	}
	for _, n := range []int{0, 1, 100, 300, len(file) / 2, len(file) - 17, len(file) - 1} {
		try(file[:n], fmt.Sprintf("cut to %d of %d bytes", n, len(file)))
	}
	try(append(slices.Clone(file), 0), "a byte added")
	if names, _ := os.ReadDir(dir); len(names) > 0 {
		t.Errorf("something was put in place: %v", names)
	}
}

// TestDamageIsTold: what is not whole goes in as it is, and the manifest says
// so.
func TestDamageIsTold(t *testing.T) {
	h := newHome(t)
	keep(t, h, "one", "two", "three")
	objects, err := filepath.Glob(filepath.Join(h.Dir(), "vault", "objects", "*", "*"))
	if err != nil || len(objects) != 3 {
		t.Fatal(objects, err)
	}
	os.Remove(objects[0])
	os.Chmod(objects[1], 0o600)
	os.WriteFile(objects[1], []byte("other"), 0o600)
	k := key(t)
	m, err := Check(bytes.NewReader(write(t, h, Options{}, k.Recipient())), k)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Problems) != 2 || !strings.Contains(m.Problems[0], "changed") || !strings.Contains(m.Problems[1], "missing") {
		t.Errorf("problems %q", m.Problems)
	}
	if _, err := Write(t.Context(), &bytes.Buffer{}, t.TempDir(), Options{Recipients: []age.Recipient{k.Recipient()}}); !errors.Is(err, vault.ErrNoHome) {
		t.Errorf("an empty folder: %v", err)
	}
}

// TestHostileArchive: an archive that only the manifest or a name betrays.
func TestHostileArchive(t *testing.T) {
	k := key(t)
	for name, members := range map[string][][2]string{
		"a way out":       {{"../x", "1"}, {manifestName, `{"v":1,"members":[{"name":"../x","size":1,"sha256":"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"}]}`}},
		"a root":          {{"/x", "1"}, {manifestName, `{"v":1}`}},
		"twice":           {{"x", "1"}, {"x", "1"}, {manifestName, `{"v":1}`}},
		"unlisted":        {{"x", "1"}, {manifestName, `{"v":1}`}},
		"missing":         {{manifestName, `{"v":1,"members":[{"name":"x","size":0,"sha256":""}]}`}},
		"after the end":   {{manifestName, `{"v":1}`}, {"x", "1"}},
		"no manifest":     {{"x", "1"}},
		"another content": {{"x", "2"}, {manifestName, `{"v":1,"members":[{"name":"x","size":1,"sha256":"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"}]}`}},
	} {
		dir := t.TempDir()
		if _, err := Restore(bytes.NewReader(archive(t, k.Recipient(), members)), filepath.Join(dir, "in", "home"), k); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		if names, _ := os.ReadDir(filepath.Join(dir, "in")); len(names) > 0 {
			t.Errorf("%s: left %v", name, names)
		}
	}
}

func archive(t testing.TB, to age.Recipient, members [][2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	sealed, err := age.Encrypt(&b, to)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(sealed)
	for _, m := range members {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: m[0], Mode: 0o600, Size: int64(len(m[1]))}); err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(m[1]))
	}
	w.Close()
	sealed.Close()
	return b.Bytes()
}

const childHome = "ARASHA_TEST_BACKUP_HOME"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childHome); dir != "" {
		k, _ := age.ParseX25519Recipient(os.Getenv("ARASHA_TEST_BACKUP_TO"))
		fmt.Println("begun")
		if _, err := ToFile(context.Background(), os.Getenv("ARASHA_TEST_BACKUP_FILE"), dir, Options{Recipients: []age.Recipient{k}, Keys: true, Now: at}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		fmt.Println("done")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestKillBackup: a killed backup leaves a whole file under its name or none,
// and the next one is not in its way.
func TestKillBackup(t *testing.T) {
	h := newHome(t)
	for i := range 40 {
		keep(t, h, fmt.Sprint(i, strings.Repeat("0123456789", 20_000)))
	}
	kills := faulttest.Kills(5)
	k := key(t)
	r := rand.New(rand.NewPCG(3, 5))
	whole := 0
	for i := range kills {
		file := filepath.Join(t.TempDir(), "home.age")
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), childHome+"="+h.Dir(), "ARASHA_TEST_BACKUP_TO="+k.Recipient().String(), "ARASHA_TEST_BACKUP_FILE="+file)
		out, _ := c.StdoutPipe()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		out.Read(make([]byte, 6))
		time.Sleep(time.Duration(r.IntN(120)) * time.Millisecond)
		c.Process.Kill()
		c.Wait()
		f, err := os.Open(file)
		if errors.Is(err, fs.ErrNotExist) {
			if _, err := ToFile(t.Context(), file, h.Dir(), Options{Recipients: []age.Recipient{k.Recipient()}, Now: at}); err != nil {
				t.Fatalf("kill %d: the next backup: %v", i, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Check(f, k); err != nil {
			t.Errorf("kill %d: half a backup under its name: %v", i, err)
		}
		f.Close()
		whole++
	}
	t.Logf("%d kills, %d of them too late", kills, whole)
}
