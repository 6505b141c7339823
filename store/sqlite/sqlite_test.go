package sqlite_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"

	"github.com/arasha-org/arasha/store"
	"github.com/arasha-org/arasha/store/sqlite"
	"github.com/arasha-org/arasha/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Test(t, func(t *testing.T) storetest.Open {
		home := t.TempDir()
		return func(o store.Options) (*store.Store, error) { return sqlite.Open(t.Context(), home, o) }
	})
}

// FuzzLoad: whatever comes as a dump, nothing breaks and nothing is half there.
func FuzzLoad(f *testing.F) {
	s, err := sqlite.Open(f.Context(), f.TempDir(), store.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	d := storetest.Fill(f, s)
	for _, cases := range [][]casefile.ID{nil, {d.Case.ID}} {
		var b bytes.Buffer
		if err := s.Read(f.Context(), func(tx *store.Tx) error { _, err := store.Dump(tx, &b, store.DumpOptions{Cases: cases}); return err }); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte(`{"arasha":"casefile/1","scope":"cases","tables":[{"table":"persons","rows":[{"id":1,"kind":"person","name":"x"}]}]}`))
	stop := errors.New("stop")
	f.Fuzz(func(t *testing.T, b []byte) {
		err := s.Write(t.Context(), storetest.Who, func(tx *store.Tx) error {
			r, err := store.Load(tx, bytes.NewReader(b), int64(len(b)), store.LoadOptions{Renumber: true})
			if err != nil {
				return err
			}
			// What was loaded can be dumped, and the dump loaded.
			if len(r.Cases) > 0 {
				var again bytes.Buffer
				if _, err := store.Dump(tx, &again, store.DumpOptions{Cases: r.Cases}); err != nil {
					t.Errorf("what was loaded cannot be dumped: %v", err)
				}
			}
			return stop
		})
		if err == nil {
			t.Error("the write did not stop")
		}
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			n, err := store.Count[casefile.Person](tx, store.Filter{})
			if n != 2 {
				t.Errorf("%d persons after a load that was stopped", n)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}

// The page of the format names every table and column.
func TestDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/formats/casefile.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range store.Tables {
		columns := "`" + strings.Join(table.Columns()[1:], "`, `") + "` |"
		found := false
		for _, line := range strings.Split(string(page), "\n") {
			found = found || strings.HasPrefix(line, "| `"+table.Name+"` |") && strings.HasSuffix(line, columns)
		}
		if !found {
			t.Errorf("docs/formats/casefile.md does not describe %s with %s", table.Name, columns)
		}
	}
}

// TestCheckReadsTheAudit: a row of the audit that was changed or taken out
// shows, and so do records that wait for the evidence log.
func TestCheckReadsTheAudit(t *testing.T) {
	for name, c := range map[string]struct{ tamper, says string }{
		"untouched":             {"", ""},
		"another name":          {`UPDATE audit SET "name" = 'nobody' WHERE "id" = 2`, "row 2 of the audit"},
		"one taken out":         {`DELETE FROM audit WHERE "id" = 2`, "row 3 of the audit is not the one that followed row 1"},
		"the first taken out":   {`DELETE FROM audit WHERE "id" = 1`, "row 2 of the audit"},
		"a reference to nobody": {`PRAGMA foreign_keys(0); UPDATE roles SET "person" = 99`, "refers to a row of persons that is not there"},
	} {
		home := t.TempDir()
		s, err := sqlite.Open(t.Context(), home, store.Options{Now: func() time.Time { return storetest.Now }})
		if err != nil {
			t.Fatal(err)
		}
		storetest.Fill(t, s)
		for range 2 {
			err := s.Write(t.Context(), storetest.Who, func(tx *store.Tx) error {
				_, err := store.Log(tx, &evidence.Statement{V: 1, Kind: evidence.KindPublication, Ref: evidence.Of([]byte(name)), At: evidence.Moment(tx.Now(), ""), Tool: "test"})
				return err
			})
			if !errors.Is(err, store.ErrLogWaits) {
				t.Fatal(err)
			}
		}
		s.Close()
		db, err := sql.Open("sqlite", filepath.Join(home, sqlite.File))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(`DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_deleted; ` + c.tamper); err != nil {
			t.Fatal(err)
		}
		db.Close()
		health, err := sqlite.Check(t.Context(), home)
		if err != nil || c.says == "" != (len(health.Wrong) == 0) || !strings.Contains(strings.Join(health.Wrong, "\n"), c.says) {
			t.Errorf("%s: %+v, %v; want %q", name, health, err, c.says)
		}
		if c.says == "" && (health.Waiting != 2 || !health.Since.Equal(storetest.Now)) {
			t.Errorf("%s: %d records wait since %s; want 2 since %s", name, health.Waiting, health.Since, storetest.Now)
		}
	}
}
