//go:build unix

package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/internal/faulttest"
	"github.com/arasha-org/arasha/store"
	"github.com/arasha-org/arasha/store/sqlite"
	"github.com/arasha-org/arasha/store/storetest"
)

// A test that plants faults runs this program again as a writer, in an
// environment that tells it what to do.
const (
	writerHome  = "ARASHA_TEST_DESK"       // write cases into this home until stopped
	writerLimit = "ARASHA_TEST_DESK_LIMIT" // no file may grow beyond this many bytes
	writerHolds = "ARASHA_TEST_DESK_HOLDS" // hold the turn, and do nothing
)

func TestMain(m *testing.M) {
	if home := os.Getenv(writerHome); home != "" {
		os.Exit(desk(home))
	}
	os.Exit(m.Run())
}

// facts is how many facts one write of the desk stores: all or none are there.
const facts = 7

// desk writes a case with its facts, a number of the register and a record for
// the log, again and again, and says which is confirmed.
func desk(home string) int {
	if err := faulttest.LimitFiles(os.Getenv(writerLimit)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	s, _, err := openDesk(home)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	if os.Getenv(writerHolds) != "" {
		s.Write(context.Background(), storetest.Who, func(*store.Tx) error {
			fmt.Println("holds")
			time.Sleep(time.Minute)
			return nil
		})
		return 0
	}
	for {
		var c casefile.Case
		err := s.Write(context.Background(), storetest.Who, func(tx *store.Tx) (err error) {
			c = casefile.Case{Title: "a case", Country: "XSR", Opened: tx.Now(), Status: casefile.Open}
			if c.Number, err = store.NextNumber(tx, 2031); err != nil {
				return err
			}
			if err := store.Put(tx, &c); err != nil {
				return err
			}
			for i := range facts {
				f := casefile.Statement{Case: c.ID, Kind: casefile.Fact, Order: i, Text: []casefile.Text{{Lang: "en", Text: strings.Repeat("Several publications. ", 40)}}}
				if err := store.Put(tx, &f); err != nil {
					return err
				}
			}
			if _, err := store.Allocate(tx, casefile.Register{Year: 2031, Country: "XSR", Prefix: "OBS", MMYY: "0431", Case: c.ID, By: "Aida"}); err != nil {
				return err
			}
			_, err = store.Log(tx, &evidence.Statement{V: 1, Kind: evidence.KindPublication, Ref: evidence.Of([]byte(c.Number)), At: evidence.Moment(tx.Now(), ""), Tool: "test"})
			return err
		})
		if errors.Is(err, store.ErrLogWaits) {
			fmt.Println("stored", c.ID, c.Number)
			fmt.Fprintln(os.Stderr, err)
			return 4
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println("stored", c.ID, c.Number)
	}
}

// openDesk opens a home of evidence with its case files, as the commands do.
func openDesk(home string) (*store.Store, *vault.Home, error) {
	h, err := vault.OpenHome(home, vault.HomeOptions{Tool: "test", Clock: "test"})
	if err != nil {
		return nil, nil, err
	}
	s, err := sqlite.Open(context.Background(), home, store.Options{Log: h.LogRecords})
	return s, h, err
}

func newHome(t testing.TB) string {
	t.Helper()
	home := filepath.Join(t.TempDir(), "home")
	if _, err := vault.Init(home, vault.InitOptions{Name: "observatory.example/test"}, vault.HomeOptions{Tool: "test"}); err != nil {
		t.Fatal(err)
	}
	return home
}

// run starts a desk and returns what it confirmed.
func run(t *testing.T, home string, killAfter time.Duration, env ...string) (confirmed map[casefile.ID]string, talk string, code int) {
	t.Helper()
	confirmed = make(map[casefile.ID]string)
	talk, code = faulttest.Run(t, killAfter, func(line string) {
		f := strings.Fields(line)
		if len(f) == 3 && f[0] == "stored" {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			confirmed[casefile.ID(n)] = f[2]
		}
	}, append(env, writerHome+"="+home)...)
	return confirmed, talk, code
}

// intact reports whether the desk is whole: everything confirmed is there, no
// case is half there, no number is skipped or given twice, the audit is
// unbroken, and each record is in the log exactly once.
func intact(t *testing.T, home string, confirmed map[casefile.ID]string) {
	t.Helper()
	s, h, err := openDesk(home)
	if err != nil {
		t.Fatalf("after the fault: %v", err)
	}
	defer s.Close()
	if health, err := sqlite.Check(t.Context(), home); len(health.Wrong) > 0 || health.Waiting > 0 || err != nil {
		t.Errorf("after the fault the database says %+v, %v", health, err)
	}
	err = s.Read(t.Context(), func(tx *store.Tx) error {
		have := make(map[casefile.ID]string)
		all, err := store.List[casefile.Case](tx, store.Filter{})
		if err != nil {
			return err
		}
		for _, c := range all {
			have[c.ID] = c.Number
			if n, err := store.Count[casefile.Statement](tx, store.Filter{Case: c.ID}); n != facts || err != nil {
				t.Errorf("case %s has %d facts, %v; want %d", c.Number, n, err, facts)
			}
		}
		for id, number := range confirmed {
			if have[id] != number {
				t.Errorf("the confirmed case %d is lost or not what it was: %q, want %s", id, have[id], number)
			}
		}
		register, err := store.List[casefile.Register](tx, store.Filter{Order: "serial"})
		if err != nil {
			return err
		}
		for i, r := range register {
			if r.Serial != i+1 || r.Seq != i+1 {
				t.Fatalf("entry %d of the register is %d, %d", i+1, r.Seq, r.Serial)
			}
		}
		rows := 0
		for _, err := range store.AuditRows(tx) {
			rows++
			if err != nil {
				t.Error(err)
			}
		}
		if len(register) != len(all) || rows != len(all) {
			t.Errorf("%d cases, %d numbers, %d rows of the audit", len(all), len(register), rows)
		}
		if n, _, err := store.Waiting(tx); n != 0 || err != nil {
			t.Errorf("%d records still wait, %v", n, err)
		}
		hits, err := store.Search(tx, "publications", "", 0, 1<<20)
		if err != nil || len(hits) != facts*len(all) {
			t.Errorf("the search finds %d facts, %v; want %d", len(hits), err, facts*len(all))
		}
		logged := map[string]int{}
		for r, err := range h.Records() {
			if err != nil {
				return err
			}
			if p, ok := r.Value.(*evidence.Statement); ok {
				logged[p.Ref.String()]++
			}
		}
		for _, c := range all {
			if n := logged[evidence.Of([]byte(c.Number)).String()]; n != 1 {
				t.Errorf("the record of case %s is in the log %d times", c.Number, n)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	h.Check(func(err error) bool {
		if !errors.Is(err, vault.ErrInterrupted) {
			t.Errorf("after the fault the home says: %v", err)
		}
		return true
	})
}

// TestKill kills a desk at random moments: what was confirmed is there,
// nothing is half there, and records that waited are logged once.
func TestKill(t *testing.T) {
	kills := faulttest.Kills(6)
	home := newHome(t)
	confirmed := make(map[casefile.ID]string)
	for range kills {
		some, talk, _ := run(t, home, time.Duration(rand.Int64N(int64(80*time.Millisecond))))
		if talk != "" {
			t.Fatalf("the desk says %s", talk)
		}
		for id, number := range some {
			confirmed[id] = number
		}
		intact(t, home, confirmed)
	}
	if len(confirmed) < kills {
		t.Errorf("only %d cases were confirmed in %d runs", len(confirmed), kills)
	}
}

// TestFileLimit lets the desk write until no file may grow: whichever file
// that is, what was confirmed is there.
func TestFileLimit(t *testing.T) {
	for _, limit := range []int{200_000, 400_000, 700_000} {
		home := newHome(t)
		s, _, err := openDesk(home)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		confirmed, talk, code := run(t, home, 0, writerLimit+"="+strconv.Itoa(limit))
		if code == 0 || !strings.Contains(talk, "the disk does not read or write as it should") && !strings.Contains(talk, "file too large") {
			t.Errorf("at %d bytes the desk ends with %d and says %q", limit, code, talk)
		}
		intact(t, home, confirmed)
	}
}

// TestFullDisk fills a disk: the desk says so, keeps what it confirmed, and
// goes on when there is room.
func TestFullDisk(t *testing.T) {
	dir, remount := faulttest.Disk(t, "2m")
	home := filepath.Join(dir, "home")
	if _, err := vault.Init(home, vault.InitOptions{Name: "observatory.example/test"}, vault.HomeOptions{Tool: "test"}); err != nil {
		t.Fatal(err)
	}
	confirmed, talk, code := run(t, home, 0)
	if code == 0 || !strings.Contains(talk, store.ErrFull.Error()) && !strings.Contains(talk, "no space left") || len(confirmed) == 0 {
		t.Errorf("on a full disk the desk ends with %d and says %q", code, talk)
	}
	remount("size=64m")
	intact(t, home, confirmed)
	more, talk, _ := run(t, home, 50*time.Millisecond)
	if talk != "" || len(more) == 0 {
		t.Errorf("with room again the desk stores %d cases and says %q", len(more), talk)
	}
	for id, number := range more {
		confirmed[id] = number
	}
	intact(t, home, confirmed)
}

// TestSecondWriter waits, is refused with a sentence that names the first, and
// readers and snapshots are not refused.
func TestSecondWriter(t *testing.T) {
	home := newHome(t)
	s, _, err := openDesk(home)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerHome+"="+home, writerHolds+"=yes")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "holds\n" {
		t.Fatal(line, err)
	}
	waits := make(chan error)
	start := time.Now()
	go func() {
		waits <- s.Write(t.Context(), storetest.Who, func(*store.Tx) error { return nil })
	}()
	if err := s.Read(t.Context(), func(tx *store.Tx) error { _, err := store.Count[casefile.Case](tx, store.Filter{}); return err }); err != nil {
		t.Errorf("a reader is refused: %v", err)
	}
	snapshot := filepath.Join(t.TempDir(), "s.db")
	if err := sqlite.Snapshot(t.Context(), home, snapshot); err != nil {
		t.Errorf("a snapshot is refused: %v", err)
	}
	err = <-waits
	if want := fmt.Sprintf("process %d", cmd.Process.Pid); !errors.Is(err, store.ErrLocked) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "since") {
		t.Errorf("the second writer is told %v, want it to name %s", err, want)
	}
	if waited := time.Since(start); waited < 4*time.Second {
		t.Errorf("the second writer waited %s", waited)
	}
	cmd.Process.Kill() // the turn ends with the process
	cmd.Wait()
	if err := s.Write(t.Context(), storetest.Who, func(*store.Tx) error { return nil }); err != nil {
		t.Errorf("after the first is dead the second is told %v", err)
	}
}

// TestReadOnly reads a disk that cannot be written, and says why it does not
// write.
func TestReadOnly(t *testing.T) {
	home, remount := faulttest.Disk(t, "8m")
	s, err := sqlite.Open(t.Context(), home, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := storetest.Fill(t, s)
	s.Close()
	remount("ro")
	s, err = sqlite.Open(t.Context(), home, store.Options{})
	if err != nil {
		t.Fatalf("opening to read: %v", err)
	}
	if err := s.Read(t.Context(), func(tx *store.Tx) error {
		if _, err := store.Search(tx, "Sarsenova", "", 0, 0); err != nil {
			return err
		}
		_, err := store.Get[casefile.Person](tx, d.Person.ID)
		return err
	}); err != nil {
		t.Errorf("reading: %v", err)
	}
	if err := s.Write(t.Context(), storetest.Who, func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrReadOnly) || !strings.Contains(err.Error(), "read-only file system") {
		t.Errorf("writing: %v, want ErrReadOnly and why", err)
	}
	if err := sqlite.Snapshot(t.Context(), home, filepath.Join(t.TempDir(), "s.db")); err != nil {
		t.Errorf("a snapshot of a disk that cannot be written: %v", err)
	}
	if health, err := sqlite.Check(t.Context(), home); len(health.Wrong) > 0 || err != nil {
		t.Errorf("a check of a disk that cannot be written: %+v, %v", health, err)
	}
	s.Close()
	remount("rw")
	s, err = sqlite.Open(t.Context(), home, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	write(t, s)
}

// TestOpenNowhere says that a home is not there, and makes none.
func TestOpenNowhere(t *testing.T) {
	home := filepath.Join(t.TempDir(), "home")
	if _, err := sqlite.Open(t.Context(), home, store.Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a home that is not there: %v", err)
	}
	if err := sqlite.Snapshot(t.Context(), home, home+".db"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a snapshot of a home that is not there: %v", err)
	}
	if left, _ := filepath.Glob(home + "*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// write stores one case.
func write(t *testing.T, s *store.Store) {
	t.Helper()
	err := s.Write(t.Context(), storetest.Who, func(tx *store.Tx) (err error) {
		c := casefile.Case{Title: "another", Country: "XSR", Opened: tx.Now(), Status: casefile.Open}
		if c.Number, err = store.NextNumber(tx, 2032); err != nil {
			return err
		}
		return store.Put(tx, &c)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestDamaged changes the database in many ways: it is opened and whole, or
// the error says that it is damaged and names the newest backup.
func TestDamaged(t *testing.T) {
	home := newHome(t)
	s, _, err := openDesk(home)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Fill(t, s)
	s.Close()
	path := filepath.Join(home, sqlite.File)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(home, "backups"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"20310401T000000Z-form-1.db", "20310402T000000Z-form-1.db"} {
		if err := os.WriteFile(filepath.Join(home, "backups", name), good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func() error {
		s, err := sqlite.Open(t.Context(), home, store.Options{})
		if err != nil {
			return err
		}
		defer s.Close()
		return s.Read(t.Context(), func(tx *store.Tx) error {
			for _, table := range store.Tables {
				if err := store.CSV(tx, &strings.Builder{}, table.Name, store.Filter{}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	noticed := 0
	for name, bad := range map[string][]byte{
		"not a database":   []byte(strings.Repeat("This is a letter, not a database. ", 1000)),
		"zeros":            make([]byte, len(good)),
		"cut off":          good[:len(good)/2],
		"a header alone":   good[:100],
		"pages of zeros":   append(append([]byte{}, good[:8192]...), make([]byte, len(good)-8192)...),
		"pages of garbage": garbage(good),
	} {
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		err := read()
		if !errors.Is(err, store.ErrDamaged) || !strings.Contains(err.Error(), "20310402T000000Z-form-1.db") {
			t.Errorf("%s: %v, want ErrDamaged and the newest backup", name, err)
		}
		if after, _ := os.ReadFile(path); string(after) != string(bad) {
			t.Errorf("%s: the damaged file was changed", name)
		}
	}
	// One byte: SQLite has no checksums of pages, so a changed letter of a text
	// is read as it is; what must not happen is a crash or an error without a
	// name.
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		bad := append([]byte{}, good...)
		at := r.IntN(len(bad))
		bad[at] ^= byte(1 + r.IntN(255))
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := read(); err != nil {
			noticed++
			if !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrNewer) && !strings.Contains(err.Error(), "no such") {
				t.Errorf("byte %d changed: %v, which names no damage", at, err)
			}
		}
	}
	t.Logf("%d of 60 single changed bytes were noticed", noticed)
}

func garbage(good []byte) []byte {
	bad := append([]byte{}, good...)
	r := rand.New(rand.NewPCG(3, 4))
	for i := 4096; i < len(bad); i++ {
		bad[i] = byte(r.Uint32())
	}
	return bad
}
