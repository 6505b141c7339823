package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// The search is one FTS5 table that holds the terms of each row and nothing
// else: no text, only an index. The number of an entry is that of its table
// and its row, so that the order asked for is the order of the index itself
// and costs nothing, however many rows hold a word.
const (
	tableShift = 40 // bits left for the number of a row
	caseTerm   = "case_"
)

func entryNumber(table int, id casefile.ID) int64 { return int64(table)<<tableShift | int64(id) }

func (e *engine) Index(ctx context.Context, tx *sql.Tx, all []store.Entry) error {
	put, err := tx.PrepareContext(ctx, `INSERT OR REPLACE INTO search (rowid, terms) VALUES (?, ?)`)
	if err != nil {
		return fmt.Errorf("store: search: %w", err)
	}
	defer put.Close()
	for _, en := range all {
		n := entryNumber(en.Table, en.ID)
		if len(en.Terms) == 0 {
			_, err = tx.ExecContext(ctx, `DELETE FROM search WHERE rowid = ?`, n)
		} else {
			terms := strings.Join(en.Terms, " ")
			if en.Case != 0 {
				terms += fmt.Sprintf(" %s%d", caseTerm, en.Case)
			}
			_, err = put.ExecContext(ctx, n, terms)
		}
		if err != nil {
			return fmt.Errorf("store: search: %w", err)
		}
	}
	// A little merging with every write, in proportion to what it wrote: left
	// to itself FTS5 merges rarely and much, and one write waits for it.
	if _, err := tx.ExecContext(ctx, `INSERT INTO search (search, rank) VALUES ('merge', ?)`, leastMerge+len(all)/4); err != nil {
		return fmt.Errorf("store: search: %w", err)
	}
	return nil
}

// leastMerge is how many pages of the index a write merges at least. A write
// adds about one page, and each page is merged once for every level, of which a
// million rows have seven.
const leastMerge = 8

func (e *engine) Search(ctx context.Context, tx *sql.Tx, q store.Query) ([]store.Entry, error) {
	var b strings.Builder
	for i, word := range q.Words {
		if i > 0 {
			b.WriteString(" AND ")
		}
		b.WriteByte('(')
		for k, term := range word {
			if k > 0 {
				b.WriteString(" OR ")
			}
			// In quotation marks nothing is an operator; terms hold only
			// letters, digits and "_".
			t, begins := strings.CutSuffix(term, "*")
			b.WriteString(`"` + strings.ReplaceAll(t, `"`, "") + `"`)
			if begins {
				b.WriteByte('*')
			}
		}
		b.WriteByte(')')
	}
	if q.Case != 0 {
		fmt.Fprintf(&b, ` AND "%s%d"`, caseTerm, q.Case)
	}
	from, to := int64(0), int64(1)<<62
	if q.Table != 0 {
		from = entryNumber(q.Table, 0)
		to = from + 1<<tableShift
	}
	rows, err := tx.QueryContext(ctx, `SELECT rowid FROM search WHERE search MATCH ? AND rowid > ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`, b.String(), from, to, q.Limit)
	if err != nil {
		return nil, fmt.Errorf("store: search: %w", err)
	}
	defer rows.Close()
	var out []store.Entry
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, fmt.Errorf("store: search: %w", err)
		}
		out = append(out, store.Entry{Table: int(n >> tableShift), ID: casefile.ID(n & (1<<tableShift - 1))})
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: search: %w", err)
	}
	return out, nil
}
