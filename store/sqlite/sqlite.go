package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/store"
)

// The names in a home.
const (
	File    = "arasha.db"
	lock    = "db.lock"
	backups = "backups"
)

// engine is the database of one home.
type engine struct {
	home   string
	forms  fs.FS   // the migrations, one file each
	write  *sql.DB // one connection; nil on a disk that cannot be written
	read   *sql.DB
	turn   chan struct{} // holds one token while nobody of this process writes
	since  string        // what db.lock says of this process, without the time
	wait   time.Duration
	cannot error // why nothing can be written, or nil
}

// wait is how long a second writer waits for the first.
const wait = 5 * time.Second

// readers is how many read at a time in one process.
const readers = 4

// Open opens the case files of a home, which is a folder that exists; the
// database is made when missing. A database of an older form is brought up to
// date, after a backup of it; one of a newer form is refused with
// store.ErrNewer. On a disk that cannot be written it can still be read, and
// Write says why not.
func Open(ctx context.Context, home string, o store.Options) (*store.Store, error) {
	e := &engine{home: home, forms: forms(), turn: make(chan struct{}, 1), since: holder(), wait: wait}
	e.turn <- struct{}{}
	if err := e.open(ctx); err != nil {
		e.Close()
		return nil, e.Explain(err)
	}
	s, err := store.New(ctx, e, o)
	if err != nil {
		e.Close()
		return nil, err
	}
	return s, nil
}

func (e *engine) path(names ...string) string {
	return filepath.Join(append([]string{e.home}, names...)...)
}

func (e *engine) open(ctx context.Context) error {
	path := e.path(File)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(e.home); err != nil {
			return fmt.Errorf("store: %w", err)
		}
		// Made here, so that nobody else can ever read it.
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return fmt.Errorf("store: %w", err)
		}
		if err := errors.Join(f.Close(), disk.SyncDir(e.home)); err != nil {
			return fmt.Errorf("store: %w", err)
		}
	case err != nil:
		return fmt.Errorf("store: %w", err)
	case info.Mode().Perm()&0o077 != 0:
		if err := os.Chmod(path, 0o600); err != nil && !errors.Is(err, fs.ErrPermission) && !readOnly(err) {
			return fmt.Errorf("store: %w", err)
		}
	}
	if e.cannot = writable(e.home, path); e.cannot != nil {
		e.read, err = sql.Open("sqlite", e.dsn(true))
	} else {
		e.write, err = sql.Open("sqlite", e.dsn(false, "_txlock=immediate"))
		if err == nil {
			e.write.SetMaxOpenConns(1)
			e.read, err = sql.Open("sqlite", e.dsn(false, "_pragma=query_only(1)"))
		}
	}
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	e.read.SetMaxOpenConns(readers)
	e.read.SetMaxIdleConns(readers)
	return e.upToDate(ctx)
}

// dsn names the file and how to open it. A disk that cannot be written is
// opened as one that nobody writes: SQLite could not make its shared memory
// there.
func (e *engine) dsn(frozen bool, more ...string) string {
	q := append([]string{
		"_pragma=busy_timeout(5000)",
		"_pragma=foreign_keys(1)",
		"_pragma=trusted_schema(0)",
		"_pragma=secure_delete(1)",
		"_pragma=cache_size(-16000)", // KiB
		"_pragma=temp_store(memory)", // nothing of a case file in a folder of the system's
	}, more...)
	if frozen {
		q = append(q, "mode=ro")
		if wal, err := os.Stat(e.path(File + "-wal")); err != nil || wal.Size() == 0 {
			q = append(q, "immutable=1")
		}
	} else {
		q = append(q, "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)")
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(e.path(File))}).EscapedPath(), RawQuery: strings.Join(q, "&")}
	return u.String()
}

// writable returns why a database cannot be written, nil when it can.
func writable(home, path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	f.Close()
	p, err := disk.NewPending(home)
	if err != nil {
		return err
	}
	p.Discard()
	return nil
}

func (e *engine) Close() error {
	var errs []error
	for _, db := range []*sql.DB{e.read, e.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// holder says who this process is, for db.lock.
func holder() string {
	name := filepath.Base(os.Args[0])
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-") {
		name += " " + os.Args[1]
		// The second word is a part of the command only when it is a plain one;
		// what follows may name people.
		if len(os.Args) > 2 && strings.Trim(os.Args[2], "abcdefghijklmnopqrstuvwxyz-") == "" && os.Args[2] != "" && os.Args[2][0] != '-' {
			name += " " + os.Args[2]
		}
	}
	return fmt.Sprintf("process %d (%s)", os.Getpid(), name)
}

// Turn waits for the other writers of this process, then for those of others.
func (e *engine) Turn(ctx context.Context) (func(), error) {
	if e.cannot != nil {
		return nil, fmt.Errorf("store: %w: %w", store.ErrReadOnly, e.cannot)
	}
	start := time.Now()
	select {
	case <-e.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(e.wait):
		return nil, fmt.Errorf("store: %w: another task of this process; try again when it is done", store.ErrLocked)
	}
	unlock, err := disk.LockFor(ctx, e.path(lock), e.since+", since "+time.Now().Format("15:04:05"), e.wait-time.Since(start))
	if err != nil {
		e.turn <- struct{}{}
		if errors.Is(err, disk.ErrLocked) {
			who := strings.TrimPrefix(err.Error(), disk.ErrLocked.Error())
			return nil, fmt.Errorf("store: %w%s; try again when it is done", store.ErrLocked, who)
		}
		return nil, fmt.Errorf("store: %w", err)
	}
	return func() {
		unlock()
		e.turn <- struct{}{}
	}, nil
}

func (e *engine) Begin(ctx context.Context, write bool) (*sql.Tx, error) {
	db := e.read
	if write {
		db = e.write
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return tx, nil
}

// Rebind: SQLite takes question marks as they are.
func (e *engine) Rebind(query string) string { return query }
