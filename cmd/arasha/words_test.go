package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/internal/disk"
)

// TestForeignTextSteersNothing: what an appeal or a finding of its check says
// cannot colour a terminal nor turn the direction of a line.
func TestForeignTextSteersNothing(t *testing.T) {
	evil := "Smear\x1b[31m \u202egnol\u2066 \u0085end"
	var out strings.Builder
	printAppeal(&out, &appeal.Appeal{Kind: appeal.UrgentAppeal, Title: evil})
	printFinding(&world{out: &out}, appeal.Finding{Severity: "error", Rule: "r", Where: evil, Message: evil, Remedy: evil})
	out.WriteString(printable(evil) + visible(evil))
	if i := strings.IndexFunc(strings.ReplaceAll(out.String(), "\n", ""), steers); i >= 0 {
		t.Errorf("a character that steers a terminal is printed: %q", out.String())
	}
	for _, kept := range []string{"Smear", "gnol", "end"} {
		if strings.Count(out.String(), kept) != 6 {
			t.Errorf("%q is printed %d times of 6: %q", kept, strings.Count(out.String(), kept), out.String())
		}
	}
}

// TestBackupTrouble: what a backup meets is told with what to do, as elsewhere.
func TestBackupTrouble(t *testing.T) {
	for _, c := range []struct {
		err        error
		says, hint string
	}{
		{fmt.Errorf("backup: %w", &fs.PathError{Op: "open", Path: "/media/x", Err: fs.ErrPermission}), "open /media/x", "cannot be written to"},
		{fmt.Errorf("backup: home: %w", vault.ErrNoHome), "home: no home", "arasha init"},
		{fmt.Errorf("vault: keys: %w", vault.ErrPassphrase), "keys: the passphrase", "Nothing was written"},
	} {
		var e *exitError
		if err := backupTrouble(c.err); !errors.As(err, &e) || !strings.HasPrefix(e.msg, c.says) || !strings.Contains(e.hint, c.hint) {
			t.Errorf("%v is told as %+v; want %q and %q", c.err, e, c.says, c.hint)
		}
	}
}

// TestNoCopyWithoutARecord: where looking cannot be logged, no working copy
// stays behind.
func TestNoCopyWithoutARecord(t *testing.T) {
	dir := t.TempDir()
	home, file, out := filepath.Join(dir, "home"), filepath.Join(dir, "page.html"), filepath.Join(dir, "copy.html")
	if err := os.WriteFile(file, []byte("a page"), 0o600); err != nil {
		t.Fatal(err)
	}
	do := func(args ...string) (int, string) {
		var talk strings.Builder
		return run(t.Context(), append(args, "--home", home), &world{in: strings.NewReader(""), out: &talk, err: &talk}), talk.String()
	}
	for _, args := range [][]string{{"init", "--name", "observatory.example/evidence"}, {"evidence", "add", file}} {
		if code, talk := do(args...); code != exitDone {
			t.Fatal(talk)
		}
	}
	unlock, err := disk.Lock(filepath.Join(home, "lock"))
	if err != nil {
		t.Fatal(err)
	}
	if code, talk := do("evidence", "show", "0", "--out", out); code != exitUnknown || !strings.Contains(talk, "another process is writing") {
		t.Errorf("while another writes: exit %d, %s", code, talk)
	}
	if _, err := os.Lstat(out); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a copy stays that the log knows nothing of: %v", err)
	}
	unlock()
	if code, talk := do("evidence", "show", "0", "--out", out); code != exitDone {
		t.Errorf("afterwards: exit %d, %s", code, talk)
	}
}
