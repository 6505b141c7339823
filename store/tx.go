package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A Tx is one transaction. It belongs to one goroutine and ends with the
// function it was given to.
type Tx struct {
	ctx    context.Context
	tx     *sql.Tx
	store  *Store
	writes bool
	queued bool // a record waits for the log

	stmts   map[string]*sql.Stmt
	entries []Entry             // of the search, still to be written
	known   map[string][]string // the terms of words seen, by language and word
	changes []Change
	counts  map[counted]int // of changes beyond the most that are listed
}

// Context returns the context of the transaction.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Now returns the time of the store's clock.
func (tx *Tx) Now() time.Time { return tx.store.o.Now().UTC().Truncate(time.Second) }

// stmt prepares a statement once for the transaction: a load runs the same one
// a million times.
func (tx *Tx) stmt(query string) (*sql.Stmt, error) {
	if s, ok := tx.stmts[query]; ok {
		return s, nil
	}
	s, err := tx.tx.PrepareContext(tx.ctx, tx.store.engine.Rebind(query))
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if tx.stmts == nil {
		tx.stmts = make(map[string]*sql.Stmt)
	}
	tx.stmts[query] = s
	return s, nil
}

// Query runs a statement that reads. Values stand as question marks in it,
// never as text. The rows must be closed before the next call.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	s, err := tx.stmt(query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(tx.ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return rows, nil
}

// one scans the only row of a statement; ok is false when there is none.
func (tx *Tx) one(dest []any, query string, args ...any) (ok bool, err error) {
	s, err := tx.stmt(query)
	if err != nil {
		return false, err
	}
	err = s.QueryRowContext(tx.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	return true, nil
}

func (tx *Tx) exec(query string, args ...any) (rows int64, err error) {
	if !tx.writes {
		return 0, errors.New("store: a transaction that reads cannot write")
	}
	s, err := tx.stmt(query)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(tx.ctx, args...)
	if err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	return r.RowsAffected()
}
