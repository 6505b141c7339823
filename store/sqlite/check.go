package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/arasha-org/arasha/store"
)

// A Health is what Check found.
type Health struct {
	Wrong   []string  // what is wrong, a line each; none when all is sound
	Waiting int       // records that wait for the evidence log: the next writer enters them
	Since   time.Time // since when they wait
}

// Check reads the whole database and says what is wrong with it: with its
// pages and references, and with the chain of the audit, from which no row can
// be taken unseen. It is for a doctor, not for every day, and writes nothing.
func Check(ctx context.Context, home string) (Health, error) {
	var h Health
	e := &engine{home: home, forms: forms()}
	db, err := sql.Open("sqlite", e.dsn(writable(home, e.path(File)) != nil, "_pragma=query_only(1)"))
	if err != nil {
		return h, fmt.Errorf("store: %w", err)
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, "PRAGMA integrity_check")
	if err != nil {
		return h, e.Explain(fmt.Errorf("store: %w", err))
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return h, e.Explain(fmt.Errorf("store: %w", err))
		}
		if line != "ok" {
			h.Wrong = append(h.Wrong, line)
		}
	}
	if err := rows.Err(); err != nil {
		return h, e.Explain(fmt.Errorf("store: %w", err))
	}
	if rows, err = db.QueryContext(ctx, `SELECT "table", rowid, parent FROM pragma_foreign_key_check`); err != nil {
		return h, e.Explain(fmt.Errorf("store: %w", err))
	}
	defer rows.Close()
	for rows.Next() {
		var table, parent string
		var row sql.NullInt64
		if err := rows.Scan(&table, &row, &parent); err != nil {
			return h, fmt.Errorf("store: %w", err)
		}
		h.Wrong = append(h.Wrong, fmt.Sprintf("row %d of %s refers to a row of %s that is not there", row.Int64, table, parent))
	}
	if err := rows.Err(); err != nil {
		return h, e.Explain(fmt.Errorf("store: %w", err))
	}
	if len(h.Wrong) > 0 {
		return h, nil // nothing else can be read with certainty
	}
	if have, err := form(ctx, db); err != nil || have != e.newest() {
		return h, e.Explain(err) // of an older form: what follows is read when it is up to date
	}
	e.read = db
	return h, e.chained(ctx, &h)
}

// mostBreaks is how many breaks of the audit are told one by one.
const mostBreaks = 20

// chained follows the chain of the audit, and counts what waits for the log.
func (e *engine) chained(ctx context.Context, h *Health) error {
	s, err := store.New(ctx, e, store.Options{})
	if err != nil {
		return err
	}
	return s.Read(ctx, func(tx *store.Tx) (err error) {
		for _, err := range store.AuditRows(tx) {
			if err == nil {
				continue
			}
			h.Wrong = append(h.Wrong, strings.TrimPrefix(err.Error(), "store: "))
			if len(h.Wrong) >= mostBreaks {
				break
			}
		}
		h.Waiting, h.Since, err = store.Waiting(tx)
		return err
	})
}
