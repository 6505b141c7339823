package main

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/internal/sealing"
	"github.com/arasha-org/arasha/store"
	"github.com/arasha-org/arasha/store/sqlite"
)

// TestRosterWaits: a writer was stopped after the roster was stored and before
// it was logged. The next approval enters it and goes on.
func TestRosterWaits(t *testing.T) {
	defer func(work int) { sealing.Work = work }(sealing.Work)
	sealing.Work = 10
	s, err := parseStory(storyText)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	teller := &teller{home: filepath.Join(t.TempDir(), "home"), files: t.TempDir()}
	if err := s.writeFiles(teller.files); err != nil {
		t.Fatal(err)
	}
	for _, step := range s.steps {
		if step.args[0] != "appeal" || step.args[1] != "approve" {
			if _, err := teller.tell(ctx, step); err != nil {
				t.Fatal(err)
			}
			continue
		}
		db, err := sqlite.Open(ctx, teller.home, store.Options{}) // without the log
		if err != nil {
			t.Fatal(err)
		}
		err = db.Write(ctx, store.Actor{Name: "Dana", Command: "appeal approve"}, func(tx *store.Tx) error {
			users, err := entitled(tx)
			if err != nil {
				return err
			}
			record, seats := (&casefile.File{Users: users}).Roster(step.At)
			r := roster{Seats: seats}
			if r.Queued, err = store.Log(tx, record); err != nil {
				return err
			}
			return r.save(tx)
		})
		if !errors.Is(err, store.ErrLogWaits) {
			t.Fatalf("nothing waits: %v", err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := teller.tell(ctx, step); err != nil {
			t.Error(err)
		}
		return
	}
	t.Fatal("the story approves nothing")
}
