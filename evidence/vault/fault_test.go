//go:build unix

package vault

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/faulttest"
)

// A test that plants faults runs this program again as a writer, in an
// environment that tells it what to do.
const (
	writerHome  = "ARASHA_TEST_WRITER"       // keep items in this home until stopped
	writerLimit = "ARASHA_TEST_WRITER_LIMIT" // no file may grow beyond this many bytes
	writerItems = "ARASHA_TEST_WRITER_ITEMS" // keep so many and end
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerHome); dir != "" {
		os.Exit(writer(dir))
	}
	os.Exit(m.Run())
}

// writer keeps items and says, once each is confirmed, which; now and then it
// deletes one or changes the key, as a desk does.
func writer(dir string) int {
	fmt.Println("begins")
	if err := faulttest.LimitFiles(os.Getenv(writerLimit)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	h, err := OpenHome(dir, HomeOptions{Tool: "test", Clock: "test"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	most, _ := strconv.Atoi(os.Getenv(writerItems))
	for n := 0; most == 0 || n < most; n++ {
		content := fmt.Sprintf("item %d of %d %s", n, os.Getpid(), strings.Repeat("x", n*37%5000))
		kept, err := h.Keep(found(content, "f.txt"), found(content+"'", "g.txt"))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println("kept", kept[0].Leaf, kept[0].Item.Ref)
		switch n % 8 {
		case 5:
			fmt.Println("deleting", kept[1].Leaf)
			if _, err := h.Delete(kept[1].Leaf, Act{Reason: "r", Authority: "a"}); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
		case 7:
			if _, err := h.ChangeKey(evidence.KeyRotated, "", ""); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
		}
	}
	return 0
}

// run starts a writer and returns what it confirmed, Ref by leaf.
func run(t *testing.T, dir string, killAfter time.Duration, env ...string) (confirmed map[int64]string, talk string, code int) {
	t.Helper()
	confirmed = make(map[int64]string)
	talk, code = faulttest.Run(t, killAfter, func(line string) {
		f := strings.Fields(line)
		if len(f) == 3 && f[0] == "kept" {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			confirmed[n] = f[2]
		}
	}, append(env, writerHome+"="+dir)...)
	return confirmed, talk, code
}

// intact reports whether the home is whole and holds all that was confirmed.
// Interrupted deletions are finished first.
func intact(t *testing.T, dir string, confirmed map[int64]string) *Home {
	t.Helper()
	h, err := OpenHome(dir, HomeOptions{Tool: "test", Clock: "test"})
	if err != nil {
		t.Fatalf("after the fault: %v", err)
	}
	h.Check(func(err error) bool {
		var of, leaf int64
		if _, scan := fmt.Sscanf(err.Error(), "vault: leaf %d says that leaf %d was deleted", &leaf, &of); scan == nil {
			if s, err := h.Record(of); err == nil {
				if e, ok := s.Value.(*evidence.Event); ok {
					of = e.Leaf // its custody: the item is deleted again
				}
			}
			if _, err := h.Delete(of, Act{Reason: "r", Authority: "a"}); err != nil && !errors.Is(err, ErrAbsent) {
				t.Errorf("finishing the deletion of %d: %v", of, err)
			}
		}
		return true
	})
	for _, err := range faults(h) {
		if errors.Is(err, ErrInterrupted) {
			continue
		}
		t.Errorf("after the fault: %v", err)
	}
	have := make(map[int64]string)
	for s, err := range h.Records() {
		if i, ok := s.Value.(*evidence.Item); err == nil && ok && h.Vault.Has(i.Ref) {
			have[s.Leaf] = i.Ref.String()
		}
	}
	for leaf, ref := range confirmed {
		if have[leaf] != ref {
			t.Errorf("confirmed item %d is lost or not what it was: %q, want %s", leaf, have[leaf], ref)
		}
	}
	return h
}

// TestKill stops a writer with kill -9 at random points and lets the next one
// go on in the same home. ARASHA_KILLS sets how often (make faults: hundreds).
func TestKill(t *testing.T) {
	kills := faulttest.Kills(8)
	dir, all, items := "", make(map[int64]string), 0
	for n := range kills {
		if n%4 == 0 { // checking everything takes longer as a home grows; each second one is encrypted
			dir, all = realHome(t, t.TempDir(), n%8 == 4), make(map[int64]string)
		}
		ms, _ := rand.Int(rand.Reader, big.NewInt(400))
		confirmed, talk, code := run(t, dir, 20*time.Millisecond+time.Duration(ms.Int64())*time.Millisecond)
		if code != -1 && strings.TrimSpace(talk) != "" {
			t.Fatalf("the writer ended by itself with %d: %s", code, talk)
		}
		for n, ref := range confirmed {
			if old, ok := all[n]; ok && old != ref {
				t.Errorf("leaf %d was confirmed twice, for %s and %s", n, old, ref)
			}
			all[n] = ref
		}
		items += len(confirmed)
		intact(t, dir, all)
	}
	t.Logf("%d kills, %d items confirmed and all there", kills, items)
}

func realHome(t *testing.T, parent string, encrypt bool) string {
	t.Helper()
	dir := filepath.Join(parent, "home")
	if _, err := Init(dir, InitOptions{Name: "observatory.example/faults", Encrypt: encrypt}, HomeOptions{Tool: "test"}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestWritesFail lets writes fail beyond a size, for many sizes: a disk that
// is full at that point of that file.
func TestWritesFail(t *testing.T) {
	dir := realHome(t, t.TempDir(), false)
	all := make(map[int64]string)
	failed := 0
	for limit := 0; limit < 9000; limit += 450 {
		confirmed, talk, code := run(t, dir, 0, writerLimit+"="+fmt.Sprint(limit), writerItems+"=2")
		for n, ref := range confirmed {
			all[n] = ref
		}
		if code != 0 {
			failed++
			if !strings.Contains(talk, "file too large") {
				t.Errorf("with files of at most %d bytes the writer said %q", limit, talk)
			}
		}
		intact(t, dir, all)
	}
	if failed == 0 || len(all) == 0 {
		t.Errorf("%d writers failed, %d items were confirmed: the test tested nothing", failed, len(all))
	}
	if _, talk, code := run(t, dir, 0, writerItems+"=2"); code != 0 {
		t.Errorf("with room again: %s", talk)
	}
}

// TestFullAndReadOnlyDisk uses a real small disk in memory, where the system
// lets us have one.
func TestFullAndReadOnlyDisk(t *testing.T) {
	mount, remount := faulttest.Disk(t, "600k")
	dir := realHome(t, mount, false)
	all, talk, code := run(t, dir, 0)
	if code != 1 || !strings.Contains(talk, "no space left") || len(all) == 0 {
		t.Fatalf("on a full disk the writer ended with %d, %d confirmed: %s", code, len(all), talk)
	}
	intact(t, dir, all)

	remount("ro")
	if _, talk, code := run(t, dir, 0); code != 1 || !strings.Contains(talk, "read-only") {
		t.Errorf("on a read-only disk the writer ended with %d: %s", code, talk)
	}
	intact(t, dir, all)

	remount("rw,size=10m")
	more, talk, code := run(t, dir, 0, writerItems+"=3")
	if code != 0 {
		t.Errorf("with room again: %s", talk)
	}
	for n, ref := range more {
		all[n] = ref
	}
	intact(t, dir, all)
}
