package sqlite

import (
	"context"
	"errors"
	"testing"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// TestSegments: however many writes come one by one, the search stays of few
// segments, and they are counted as they are.
func TestSegments(t *testing.T) {
	home := t.TempDir()
	s, err := Open(t.Context(), home, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	most := 0
	for n := range 120 {
		err := s.Write(t.Context(), store.Actor{Name: "Aida", Command: "test"}, func(tx *store.Tx) error {
			p := casefile.Person{Kind: casefile.Natural, Name: "Aru Tilen " + string(rune('a'+n%26))}
			return store.Put(tx, &p)
		})
		if err != nil {
			t.Fatal(err)
		}
		got, want := countSegments(t, home)
		if got != want {
			t.Fatalf("after %d writes %d segments are counted, %d are there", n+1, got, want)
		}
		most = max(most, got)
	}
	if most <= fewSegments || most > fewSegments+8 {
		t.Errorf("there were up to %d segments, want a few more than %d", most, fewSegments)
	}
}

// countSegments counts them by the structure record and by the pages.
func countSegments(t *testing.T, home string) (said, there int) {
	t.Helper()
	e := &engine{home: home, forms: forms()}
	defer func() { e.Close() }()
	if err := e.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	tx, err := e.Begin(context.Background(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	var err2 error
	said, err2 = segments(t.Context(), tx)
	err = tx.QueryRow(`SELECT count(DISTINCT id >> 37) FROM search_data WHERE id > 10`).Scan(&there)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return said, there
}
