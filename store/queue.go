package store

import (
	"context"
	"fmt"
	"time"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
)

// Log queues a record for the evidence log: an *evidence.Roster, Approval or
// Statement. It is logged once the transaction is on the disk, now or at a
// later open, and never twice: the record and its salt, and so its leaf, are
// fixed here. The number returned leads to the leaf, see [Leaf].
func Log(tx *Tx, v any) (casefile.ID, error) {
	r, err := evidence.NewRecord(v)
	if err != nil {
		return 0, err
	}
	if _, err := evidence.DecodeRecord(r.Bytes); err != nil {
		return 0, err // never queue what nobody could log
	}
	leaf, err := r.Leaf()
	if err != nil {
		return 0, err
	}
	var id int64
	_, err = tx.one([]any{&id}, `INSERT INTO log_queue ("kind", "leaf", "record", "salt", "at") VALUES (?, ?, ?, ?, ?) RETURNING "id"`,
		string(leaf.Kind), string(leaf.Bytes()), string(r.Bytes), r.Salt.String(), timeText(tx.Now()))
	if err != nil {
		return 0, err
	}
	tx.queued = true
	tx.did(Change{Table: "log_queue", ID: casefile.ID(id), Did: Added})
	return casefile.ID(id), nil
}

// Leaf returns the number, in the evidence log, of a record that [Log] queued;
// ok is false while it waits.
func Leaf(tx *Tx, queued casefile.ID) (leaf int64, ok bool, err error) {
	var n *int64
	found, err := tx.one([]any{&n}, `SELECT "number" FROM log_queue WHERE "id" = ?`, int64(queued))
	if err == nil && !found {
		err = fmt.Errorf("store: there is no queued record %d: %w", queued, ErrNotFound)
	}
	if err != nil || n == nil {
		return 0, false, err
	}
	return *n, true, nil
}

// Waiting returns how many records wait for the evidence log, and since when.
func Waiting(tx *Tx) (n int, since time.Time, err error) {
	var first string
	_, err = tx.one([]any{&n, &first}, `SELECT count(*), coalesce(min("at"), '') FROM log_queue WHERE "number" IS NULL`)
	if err == nil && first != "" {
		since, err = time.Parse(time.RFC3339Nano, first)
	}
	return n, since, err
}

func anyWaiting(tx *Tx) (bool, error) {
	var id int64
	return tx.one([]any{&id}, `SELECT "id" FROM log_queue WHERE "number" IS NULL LIMIT 1`)
}

// LogWaiting enters all records that wait into the evidence log. Called twice,
// or after a crash between the log and the database, it enters nothing twice.
func (s *Store) LogWaiting(ctx context.Context) error {
	done, err := s.engine.Turn(ctx)
	if err != nil {
		return s.engine.Explain(err)
	}
	defer done()
	return s.logWaiting(ctx)
}

// waiting is a queued record.
type waiting struct {
	id     int64
	record evidence.Record
}

// logWaiting is LogWaiting for the writer whose turn it is. Any error is
// ErrLogWaits: the case files themselves are stored.
func (s *Store) logWaiting(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w: %w", ErrLogWaits, s.engine.Explain(err))
		}
	}()
	var all []waiting
	err = s.Read(ctx, func(tx *Tx) (err error) {
		all, err = tx.waiting()
		return err
	})
	if err != nil || len(all) == 0 {
		return err
	}
	if s.o.Log == nil {
		return fmt.Errorf("store: the evidence log is not open")
	}
	records := make([]evidence.Record, len(all))
	for i, w := range all {
		records[i] = w.record
	}
	leaves, err := s.o.Log(records...)
	if err != nil {
		return err
	}
	t, err := s.engine.Begin(ctx, true)
	if err != nil {
		return err
	}
	defer t.Rollback()
	tx := &Tx{ctx: ctx, tx: t, store: s, writes: true}
	for i, w := range all {
		// The record lives on, encrypted, in the home; here its content and
		// salt are no longer needed, and a lawful deletion shall not have to
		// look for them.
		if _, err := tx.exec(`UPDATE log_queue SET "number" = ?, "record" = '', "salt" = '' WHERE "id" = ?`, leaves[i], w.id); err != nil {
			return err
		}
	}
	return t.Commit()
}

func (tx *Tx) waiting() ([]waiting, error) {
	rows, err := tx.Query(`SELECT "id", "record", "salt" FROM log_queue WHERE "number" IS NULL ORDER BY "id"`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []waiting
	for rows.Next() {
		var w waiting
		var record, salt string
		if err := rows.Scan(&w.id, &record, &salt); err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		w.record.Bytes = []byte(record)
		if err := w.record.Salt.UnmarshalText([]byte(salt)); err != nil {
			return nil, fmt.Errorf("store: queued record %d: %w: %w", w.id, ErrDamaged, err)
		}
		out = append(out, w)
	}
	return out, rows.Err()
}
