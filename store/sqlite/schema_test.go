package sqlite

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/store"
)

// Each field of a noun has its column, in the same order. When this fails,
// add the column to the newest migration, or write the next one once the
// form has been released.
func TestColumns(t *testing.T) {
	home := t.TempDir()
	s, err := Open(t.Context(), home, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Read(context.Background(), func(tx *store.Tx) error {
		for _, table := range store.Tables {
			rows, err := tx.Query(`SELECT name FROM pragma_table_info(?)`, table.Name)
			if err != nil {
				return err
			}
			var got []string
			for rows.Next() {
				var c string
				if err := rows.Scan(&c); err != nil {
					return err
				}
				got = append(got, c)
			}
			rows.Close()
			if d := cmp.Diff(table.Columns(), got); d != "" {
				t.Errorf("table %s (-noun +table):\n%s", table.Name, d)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
