package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/internal/disk"
)

// ToFile writes a backup of the home in dir to a new file, which appears under
// its name when it is whole and on the disk; until then it is called path with
// ".part" behind. It notes in the home that this was done.
func ToFile(ctx context.Context, path, dir string, o Options) (*Manifest, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, fmt.Errorf("backup: %s exists already", path)
	}
	// Before the file: a second backup to the same name must not cut the part
	// file of the first.
	release, err := vault.HoldStill(dir)
	if err != nil {
		return nil, err
	}
	defer release()
	part := path + ".part" // one that was left by a killed backup is written over
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	defer os.Remove(part)
	defer f.Close()
	m, err := writeHeld(ctx, f, dir, o)
	if err != nil {
		return nil, err
	}
	if err := f.Sync(); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	if err := disk.SyncDir(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	// A home on a disk that cannot be written has a backup all the same.
	if err := note(dir, m); err != nil && !errors.Is(err, syscall.EROFS) && !errors.Is(err, fs.ErrPermission) {
		return m, fmt.Errorf("backup: %w", err)
	}
	return m, nil
}

// LastName is the file in a home that says when it was last backed up.
const LastName = "last-backup.json"

// Last is when a home was last backed up, and what of it. Where to is not
// written down: who takes the disk need not learn it.
type Last struct {
	Made   time.Time `json:"made"`
	Leaves int64     `json:"leaves"`
	Keys   bool      `json:"keys"`
}

// note remembers in the home that a backup was made.
func note(dir string, m *Manifest) error {
	at, err := time.Parse(time.RFC3339, m.Made)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	b, err := json.Marshal(Last{at, m.Leaves, m.Keys})
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return disk.Write(filepath.Join(dir, LastName), 0o600, append(b, '\n'))
}

// LastOf returns when the home in dir was last backed up; ok is false when it
// never was.
func LastOf(dir string) (last Last, ok bool, err error) {
	b, err := os.ReadFile(filepath.Join(dir, LastName))
	if errors.Is(err, fs.ErrNotExist) {
		return last, false, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &last)
	}
	if err != nil {
		return last, false, fmt.Errorf("backup: %s: %w", LastName, err)
	}
	return last, true, nil
}
