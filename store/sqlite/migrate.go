package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// forms are the migrations of this program, in the root of a file system.
func forms() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the name is a constant
	}
	return sub
}

// newest is the number of the newest migration: the form this program knows.
func (e *engine) newest() int64 {
	names, _ := fs.Glob(e.forms, "*.sql")
	n := int64(0)
	for _, name := range names {
		digits, _, _ := strings.Cut(name, "_")
		if v, err := strconv.ParseInt(digits, 10, 64); err == nil && v > n {
			n = v
		}
	}
	return n
}

// form returns the number of the form a database has; 0 for an empty one. A
// look at the table is enough: goose is started only when there is work.
func form(ctx context.Context, db *sql.DB) (int64, error) {
	var n int64
	var there bool
	err := db.QueryRowContext(ctx, `SELECT count(*) > 0 FROM sqlite_schema WHERE name = 'goose_db_version'`).Scan(&there)
	if err == nil && there {
		err = db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&n)
	}
	if err != nil {
		return 0, fmt.Errorf("store: %w", err)
	}
	return n, nil
}

// upToDate brings the database to the form this program knows.
func (e *engine) upToDate(ctx context.Context) error {
	have, err := form(ctx, e.read)
	if err != nil {
		return err
	}
	if err := e.notNewer(have); err != nil || have == e.newest() {
		return err
	}
	if e.cannot != nil {
		return fmt.Errorf("store: the database is of form %d and must be brought to %d, but %w: %w", have, e.newest(), store.ErrReadOnly, e.cannot)
	}
	done, err := e.Turn(ctx)
	if err != nil {
		return err
	}
	defer done()
	// Another process may have done it while this one waited.
	if have, err = form(ctx, e.read); err != nil {
		return err
	}
	if err := e.notNewer(have); err != nil || have == e.newest() {
		return err
	}
	if have > 0 {
		name := fmt.Sprintf("%s-form-%d.db", time.Now().UTC().Format("20060102T150405.000Z"), have)
		if err := e.backup(ctx, name); err != nil {
			return fmt.Errorf("store: no backup, so no change of the database: %w", err)
		}
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, e.write, e.forms, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("store: bringing the database from form %d to %d: %w", have, e.newest(), err)
	}
	return nil
}

func (e *engine) notNewer(have int64) error {
	if have > e.newest() {
		return fmt.Errorf("store: %s: %w (form %d; this program knows %d): update arasha", e.path(File), store.ErrNewer, have, e.newest())
	}
	return nil
}

// backup puts a copy aside in backups/.
func (e *engine) backup(ctx context.Context, name string) error {
	if err := disk.Mkdir(e.path(backups), 0o700); err != nil {
		return err
	}
	return vacuumInto(ctx, e.read, e.path(backups, name))
}

// NewestBackup returns the path of the newest backup that a home holds, ""
// when there is none.
func NewestBackup(home string) string {
	// Names begin with the time in UTC, so the last in order is the newest.
	all, _ := filepath.Glob(filepath.Join(home, backups, "*.db"))
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// Snapshot writes one whole state of the case files of a home to dest, which
// must not exist: a SQLite file of mode 0600, without what was deleted. It
// reads only, so it neither waits for a writer nor stops one, and what the
// writer does meanwhile is not in it. A crash leaves dest whole or absent.
// When the home has no case files yet the error is fs.ErrNotExist.
func Snapshot(ctx context.Context, home, dest string) error {
	e := &engine{home: home}
	path := e.path(File)
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	db, err := sql.Open("sqlite", e.dsn(writable(home, path) != nil))
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer db.Close()
	if err := vacuumInto(ctx, db, dest); err != nil {
		return e.Explain(fmt.Errorf("store: snapshot: %w", err))
	}
	return nil
}

// vacuumInto copies a database by VACUUM INTO, which sees one whole state, to
// a temporary file and gives it its name when it is on the disk.
func vacuumInto(ctx context.Context, db *sql.DB, dest string) error {
	if _, err := os.Lstat(dest); err == nil {
		return fmt.Errorf("%s exists already", dest)
	}
	p, err := disk.NewPending(filepath.Dir(dest)) // empty and of mode 0600, which VACUUM INTO takes
	if err != nil {
		return err
	}
	defer p.Discard()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// query_only would refuse to write the copy too.
	if _, err := conn.ExecContext(ctx, "PRAGMA query_only(0)"); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA query_only(1)")
	if _, err := conn.ExecContext(ctx, "VACUUM INTO ?", p.Name()); err != nil {
		return err
	}
	return p.Commit(dest, 0o600)
}
