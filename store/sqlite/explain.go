package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"modernc.org/sqlite"

	"github.com/arasha-org/arasha/store"
)

// The result codes of SQLite that mean something to a person
// (https://www.sqlite.org/rescode.html). The low byte is the primary code.
const (
	codeBusy       = 5
	codeReadOnly   = 8
	codeIO         = 10
	codeCorrupt    = 11
	codeFull       = 13
	codeCannotOpen = 14
	codeTooBig     = 18
	codeConstraint = 19
	codeNotADB     = 26

	codeForeignKey = 787
	codePrimaryKey = 1555
	codeUnique     = 2067
)

// Explain gives an error of SQLite its meaning and a sentence.
func (e *engine) Explain(err error) error {
	var se *sqlite.Error
	if err == nil {
		return nil
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return fmt.Errorf("%w: %w", store.ErrFull, err)
	}
	if !errors.As(err, &se) {
		if errors.Is(err, store.ErrDamaged) && !strings.Contains(err.Error(), backups) {
			return e.damaged(err)
		}
		return err
	}
	for _, told := range []error{store.ErrTaken, store.ErrDangling, store.ErrLocked, store.ErrReadOnly, store.ErrFull, store.ErrDamaged} {
		if errors.Is(err, told) {
			return err // explained on the way here
		}
	}
	switch se.Code() {
	case codeForeignKey, codePrimaryKey, codeUnique:
		return constraint(err, se)
	}
	switch se.Code() & 0xff {
	case codeBusy:
		return fmt.Errorf("%w: %w", store.ErrLocked, err)
	case codeReadOnly:
		return fmt.Errorf("%w: %w", store.ErrReadOnly, err)
	case codeFull:
		return fmt.Errorf("%w: nothing of this was stored; free some space and try again: %w", store.ErrFull, err)
	case codeCorrupt, codeNotADB:
		return e.damaged(err)
	case codeIO:
		return fmt.Errorf("store: the disk does not read or write as it should; nothing of this was stored: %w", err)
	case codeCannotOpen:
		return fmt.Errorf("%w: %s cannot be opened: %w", store.ErrReadOnly, e.path(File), err)
	}
	return err
}

// explained is an error of SQLite that says in our words what it means; the
// operator finds the original behind it.
type explained struct {
	says  string
	means error
	err   error
}

func (e *explained) Error() string   { return e.says }
func (e *explained) Unwrap() []error { return []error{e.means, e.err} }

// constraint explains that a row clashes with another. What stands before the
// message of SQLite says which row.
func constraint(err error, se *sqlite.Error) error {
	row, _, _ := strings.Cut(err.Error(), "store: constraint failed")
	if se.Code() == codeForeignKey {
		return &explained{row + store.ErrDangling.Error(), store.ErrDangling, err}
	}
	// "… UNIQUE constraint failed: register.year, register.prefix, register.seq (2067)"
	_, columns, _ := strings.Cut(se.Error(), "UNIQUE constraint failed: ")
	columns, _, _ = strings.Cut(columns, " (")
	table, _, _ := strings.Cut(columns, ".")
	columns = strings.ReplaceAll(columns, table+".", "")
	return &explained{fmt.Sprintf("%sanother row of %s has the same %s: %s", row, table, columns, store.ErrTaken), store.ErrTaken, err}
}

// damaged says that the database is damaged, and where the newest backup is.
func (e *engine) damaged(err error) error {
	hint := "there is no backup in " + e.path(backups)
	if b := NewestBackup(e.home); b != "" {
		hint = "the newest backup is " + b
	}
	return fmt.Errorf("%s: %w; nothing was changed, and %s: %w", e.path(File), store.ErrDamaged, hint, err)
}

// readOnly reports whether an error says that the disk takes no writes.
func readOnly(err error) bool {
	return errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission)
}
