package store

import (
	"bufio"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"io"
	"reflect"

	"github.com/arasha-org/arasha/internal/csvrows"
)

// CSV writes the rows of one table that a filter chooses, after RFC 4180 with
// a head of column names. Lists are JSON, bytes base64, what belongs to no row
// is empty. A text that a spreadsheet would run as a formula gets an
// apostrophe in front.
func CSV(tx *Tx, w io.Writer, table string, f Filter) error {
	t := TableNamed(table)
	if t == nil {
		return fmt.Errorf("store: there is no table %q", table)
	}
	b := bufio.NewWriter(w)
	c := csv.NewWriter(b)
	if err := c.Write(t.Columns()); err != nil {
		return fmt.Errorf("store: csv: %w", err)
	}
	cells := make([]string, len(t.columns))
	for v, err := range tx.each(t, f) {
		if err != nil {
			return err
		}
		if err := t.cellTexts(v, cells); err != nil {
			return err
		}
		if err := c.Write(cells); err != nil {
			return fmt.Errorf("store: csv: %w", err)
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("store: csv: %w", err)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("store: csv: %w", err)
	}
	return nil
}

// cellTexts writes the fields of v as CSV has them.
func (t *Table) cellTexts(v reflect.Value, cells []string) error {
	vals, err := t.values(v)
	if err != nil {
		return err
	}
	for i, x := range vals {
		switch x := x.(type) {
		case nil:
			cells[i] = ""
		case string:
			if cells[i] = x; csvrows.Formula(x) {
				cells[i] = "'" + x
			}
		case []byte:
			cells[i] = base64.StdEncoding.EncodeToString(x)
		default:
			cells[i] = fmt.Sprint(x)
		}
	}
	return nil
}
