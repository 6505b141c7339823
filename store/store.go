package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/arasha-org/arasha/evidence"
)

// What may go wrong, beside what Check of a noun says.
var (
	ErrNotFound = errors.New("not found")
	ErrTaken    = errors.New("taken already") // a number or key that exists once
	ErrDangling = errors.New("it refers to something that is not there, or something refers to it")
	ErrFinal    = errors.New("it is final")                                // frozen, or a number that is spent
	ErrLocked   = errors.New("somebody else is writing to the case files") // after waiting
	ErrNewer    = errors.New("the database was made by a newer program")   // this one refuses to touch it
	ErrDamaged  = errors.New("the database is damaged")
	ErrFull     = errors.New("the disk is full")
	ErrReadOnly = errors.New("the database cannot be written")
	ErrLogWaits = errors.New("stored, but its entry in the evidence log waits") // the next open logs it
)

// An Actor says who writes, and by which command.
type Actor struct {
	Name    string
	Command string
}

// An Engine is what SQLite and PostgreSQL do differently.
type Engine interface {
	// Turn makes this goroutine the one writer; after waiting in vain the error
	// is ErrLocked, with who is writing. done gives the turn back.
	Turn(ctx context.Context) (done func(), err error)
	// Begin starts a transaction; a writing one needs the turn.
	Begin(ctx context.Context, write bool) (*sql.Tx, error)
	// Rebind turns the question marks of a statement into the engine's own.
	Rebind(query string) string
	// Index replaces what the search knows of rows, which come in rising order
	// of table and ID, each once; no terms forget one.
	Index(ctx context.Context, tx *sql.Tx, all []Entry) error
	// Search returns the entries a query asks for, without their terms.
	Search(ctx context.Context, tx *sql.Tx, q Query) ([]Entry, error)
	// Explain turns an error of the engine into one of this package, with a
	// sentence for a person.
	Explain(err error) error
	Close() error
}

// Options are what a Store needs from the world.
type Options struct {
	// Log enters records into the evidence log and returns their leaves. A
	// record that stands there already keeps its leaf: vault.Home.LogRecords.
	// Without it records wait for somebody who can.
	Log func(records ...evidence.Record) ([]int64, error)
	// Now tells the time; time.Now when nil.
	Now func() time.Time
}

// A Store is the database of one home. Its methods may be called from several
// goroutines.
type Store struct {
	engine Engine
	o      Options
}

// New returns the Store over an engine that is open and up to date, and logs
// what an earlier writer left waiting. It is called by the engines; the error
// is never one of logging, which waits on.
func New(ctx context.Context, e Engine, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{e, o}
	waiting := false
	err := s.Read(ctx, func(tx *Tx) error {
		var err error
		waiting, err = anyWaiting(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	if waiting && o.Log != nil {
		if err := s.LogWaiting(ctx); err != nil && !errors.Is(err, ErrLogWaits) && !errors.Is(err, ErrLocked) && !errors.Is(err, ErrReadOnly) {
			return nil, err
		}
	}
	return s, nil
}

// Close ends the use of the database.
func (s *Store) Close() error { return s.engine.Close() }

// Read runs f on one whole state of the database. What f does is not kept.
func (s *Store) Read(ctx context.Context, f func(*Tx) error) error {
	t, err := s.engine.Begin(ctx, false)
	if err != nil {
		return s.engine.Explain(err)
	}
	defer t.Rollback()
	return s.engine.Explain(f(&Tx{ctx: ctx, tx: t, store: s}))
}

// Write runs f and keeps what it does, all or nothing, with a row of the
// audit. Then the records f queued go into the evidence log; when that does
// not work the error is ErrLogWaits, and everything else is stored.
func (s *Store) Write(ctx context.Context, who Actor, f func(*Tx) error) error {
	if who.Name == "" || who.Command == "" {
		return errors.New("store: nothing is written without saying who writes and by which command")
	}
	done, err := s.engine.Turn(ctx)
	if err != nil {
		return s.engine.Explain(err)
	}
	defer done()
	queued, err := s.write(ctx, who, f)
	if err != nil || !queued {
		return s.engine.Explain(err)
	}
	return s.logWaiting(ctx)
}

// write is one transaction of the writer whose turn it is.
func (s *Store) write(ctx context.Context, who Actor, f func(*Tx) error) (queued bool, err error) {
	t, err := s.engine.Begin(ctx, true)
	if err != nil {
		return false, err
	}
	defer t.Rollback()
	tx := &Tx{ctx: ctx, tx: t, store: s, writes: true}
	if err := f(tx); err != nil {
		return false, err
	}
	if err := tx.indexRest(); err != nil {
		return false, err
	}
	if err := tx.audit(who, s.o.Now()); err != nil {
		return false, err
	}
	if err := t.Commit(); err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	return tx.queued, nil
}
