package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// withForms opens a home with other migrations added to ours.
func withForms(t *testing.T, home string, more map[string]string) (*engine, error) {
	t.Helper()
	all := fstest.MapFS{}
	names, err := fs.Glob(forms(), "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, n := range names {
		b, err := fs.ReadFile(forms(), n)
		if err != nil {
			t.Fatal(err)
		}
		all[n] = &fstest.MapFile{Data: b}
	}
	for n, text := range more {
		all[n] = &fstest.MapFile{Data: []byte(text)}
	}
	e := &engine{home: home, forms: all, turn: make(chan struct{}, 1), since: holder(), wait: wait}
	e.turn <- struct{}{}
	if err := e.open(t.Context()); err != nil {
		e.Close()
		return nil, e.Explain(err)
	}
	t.Cleanup(func() { e.Close() })
	return e, nil
}

func oneCase(t *testing.T, home string) {
	t.Helper()
	s, err := Open(t.Context(), home, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Write(context.Background(), store.Actor{Name: "Aida", Command: "test"}, func(tx *store.Tx) error {
		c := casefile.Case{Number: "2031-0001", Title: "t", Country: "XSR", Opened: tx.Now(), Status: casefile.Open}
		return store.Put(tx, &c)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestForms(t *testing.T) {
	home := t.TempDir()
	oneCase(t, home)
	path := filepath.Join(home, File)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the database has the mode %v, %v", info.Mode(), err)
	}
	if b := NewestBackup(home); b != "" {
		t.Errorf("a new database has the backup %s", b)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := withForms(t, home, nil); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("opening a database that is up to date changes it")
	}

	// A form that breaks half-way leaves the old one, and a backup.
	const next = "90001_next.sql"
	_, err = withForms(t, home, map[string]string{next: "-- +goose Up\nALTER TABLE cases ADD COLUMN \"colour\" TEXT NOT NULL DEFAULT 'grey';\nDROP TABLE roles;\nSELECT nothing FROM nowhere;\n"})
	if err == nil {
		t.Fatal("a broken migration is no error")
	}
	oneBackup := NewestBackup(home)
	if oneBackup == "" {
		t.Error("there is no backup before a migration")
	}
	s, err := Open(t.Context(), home, store.Options{})
	if err != nil {
		t.Fatalf("after a migration that broke: %v", err)
	}
	if err := s.Read(t.Context(), func(tx *store.Tx) error {
		if _, err := store.List[casefile.Role](tx, store.Filter{}); err != nil {
			return err
		}
		_, err := store.Get[casefile.Case](tx, 1)
		return err
	}); err != nil {
		t.Errorf("after a migration that broke: %v", err)
	}
	s.Close()

	// The next form keeps what is there.
	good := map[string]string{next: "-- +goose Up\nALTER TABLE cases ADD COLUMN \"colour\" TEXT NOT NULL DEFAULT 'grey';\n"}
	e, err := withForms(t, home, good)
	if err != nil {
		t.Fatal(err)
	}
	var number, colour string
	if err := e.read.QueryRow(`SELECT "number", "colour" FROM cases`).Scan(&number, &colour); err != nil || number != "2031-0001" || colour != "grey" {
		t.Errorf("after the migration: %q, %q, %v", number, colour, err)
	}
	e.Close()
	if info, err := os.Stat(NewestBackup(home)); err != nil || info.Mode().Perm() != 0o600 || NewestBackup(home) < oneBackup {
		t.Errorf("the backup before a migration: %v", err)
	}

	// Our own program now meets a newer form, and leaves it alone.
	before, _ = os.ReadFile(path)
	_, err = Open(t.Context(), home, store.Options{})
	if !errors.Is(err, store.ErrNewer) || !strings.Contains(err.Error(), "update arasha") {
		t.Errorf("a newer form: %v, want ErrNewer and what to do", err)
	}
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("a refused database was changed")
	}

	// The backup opens as a database of its own.
	other := t.TempDir()
	b, err := os.ReadFile(oneBackup)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, File), b, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err = Open(t.Context(), other, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Read(t.Context(), func(tx *store.Tx) error { _, err := store.Get[casefile.Case](tx, 1); return err }); err != nil {
		t.Errorf("the backup: %v", err)
	}
}

// TestSnapshot copies one whole state, while a writer goes on.
func TestSnapshot(t *testing.T) {
	home, dest := t.TempDir(), filepath.Join(t.TempDir(), "copy.db")
	oneCase(t, home)
	s, err := Open(t.Context(), home, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Write(t.Context(), store.Actor{Name: "Aida", Command: "test"}, func(tx *store.Tx) error {
		c := casefile.Case{Number: "2031-0002", Title: "t", Country: "XSR", Opened: tx.Now(), Status: casefile.Open}
		if err := store.Put(tx, &c); err != nil {
			return err
		}
		return Snapshot(t.Context(), home, dest)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := Snapshot(t.Context(), home, dest); err == nil {
		t.Error("a snapshot overwrites a file")
	}
	other := t.TempDir()
	if err := os.Rename(dest, filepath.Join(other, File)); err != nil {
		t.Fatal(err)
	}
	if health, err := Check(t.Context(), other); len(health.Wrong) > 0 || err != nil {
		t.Errorf("the snapshot says %v, %v", health.Wrong, err)
	}
	s2, err := Open(t.Context(), other, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s2.Close()
	if err := s2.Read(t.Context(), func(tx *store.Tx) error {
		n, err := store.Count[casefile.Case](tx, store.Filter{})
		if n != 1 {
			t.Errorf("the snapshot has %d cases; the second was not yet written", n)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(other, "*")); len(left) > 3 {
		t.Errorf("left behind: %v", left)
	}
}

// A home of the first form keeps its users, who then have no former keys.
func TestFormerKeys(t *testing.T) {
	home := t.TempDir()
	first := fstest.MapFS{}
	b, err := fs.ReadFile(forms(), "00001_case_file.sql")
	if err != nil {
		t.Fatal(err)
	}
	first["00001_case_file.sql"] = &fstest.MapFile{Data: b}
	e := &engine{home: home, forms: first, turn: make(chan struct{}, 1), since: holder(), wait: wait}
	e.turn <- struct{}{}
	if err := e.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = e.write.Exec(`INSERT INTO users ("name", "organisation", "roles", "sign_key", "recipient", "left") VALUES ('Aida', 'Qanat', '["write"]', 'k', 'r', 0)`)
	if err := errors.Join(err, e.Close()); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), home, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Read(t.Context(), func(tx *store.Tx) error {
		u, err := store.Get[casefile.User](tx, 1)
		if err == nil && (u.Name != "Aida" || u.SignKey != "k" || u.Former == nil || len(u.Former) != 0) {
			t.Errorf("the user is %+v", u)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if NewestBackup(home) == "" {
		t.Error("the database was changed without a backup")
	}
}
