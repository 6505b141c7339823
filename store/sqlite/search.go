package sqlite

import (
	"bytes"
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
	// A little merging with a write, in proportion to what it wrote: left to
	// itself FTS5 merges rarely and much, and one write waits for it.
	if n, err := segments(ctx, tx); err != nil || n <= fewSegments && len(all) < manyEntries {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO search (search, rank) VALUES ('merge', ?)`, leastMerge+len(all)/4); err != nil {
		return fmt.Errorf("store: search: %w", err)
	}
	return nil
}

const (
	// leastMerge is how many pages of the index a merge writes at least. A
	// write adds about one page, and each page is merged once for every level,
	// of which a million rows have five where eight segments are merged at a
	// time.
	leastMerge = 6
	// fewSegments are looked through so quickly that a write leaves them be: else
	// it would go on, a little at a time, with the largest merge that a load has
	// begun.
	fewSegments = 32
	// manyEntries, such as those of a load, pay for their merging at once.
	manyEntries = 64
)

// segments returns of how many segments the search is made. They stand in its
// structure record, whose form is that of the file and so does not change: 4
// bytes, 4 more that mark the second form, and two varints, the levels and the
// segments (fts5_index.c, "Structure record").
func segments(ctx context.Context, tx *sql.Tx) (int, error) {
	var b []byte
	if err := tx.QueryRowContext(ctx, `SELECT block FROM search_data WHERE id = 10`).Scan(&b); err != nil {
		return 0, fmt.Errorf("store: search: %w", err)
	}
	b = bytes.TrimPrefix(b[min(4, len(b)):], []byte{0xff, 0, 0, 1})
	_, b = varint(b)
	n, _ := varint(b)
	return n, nil
}

// varint reads a number as SQLite writes small ones: seven bits a byte, the
// highest first.
func varint(b []byte) (n int, rest []byte) {
	for i, c := range b {
		n = n<<7 | int(c&0x7f)
		if c < 0x80 {
			return n, b[i+1:]
		}
	}
	return n, nil
}

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
