// Package disk writes files so that a crash leaves the old bytes or the new
// bytes, never half of either, and lets one writer at a time in.
package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// A Pending is a file being written under a temporary name. Nobody sees it
// before Commit; after a crash it is left over and means nothing.
type Pending struct {
	*os.File
	done bool
}

// NewPending makes a temporary file in dir, which must be on the disk of the
// place it will be committed to. Its name begins with "tmp-".
func NewPending(dir string) (*Pending, error) {
	f, err := os.CreateTemp(dir, "tmp-*")
	if err != nil {
		return nil, err
	}
	return &Pending{File: f}, nil
}

// Commit brings the bytes to the disk, gives the file its mode and its name,
// and brings the folder that holds the name to the disk. A file of that name
// is replaced in one step.
func (p *Pending) Commit(path string, mode fs.FileMode) error {
	if err := p.Place(path, mode); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// Place is Commit without the folder: until SyncDir the name may be lost in a
// crash. It is for many files at once.
func (p *Pending) Place(path string, mode fs.FileMode) error {
	if err := p.Sync(); err != nil {
		return err
	}
	if err := p.Chmod(mode); err != nil && runtime.GOOS != "windows" {
		return err
	}
	if err := p.Close(); err != nil {
		return err
	}
	p.done = true
	if err := os.Rename(p.Name(), path); err != nil {
		os.Remove(p.Name())
		return err
	}
	return nil
}

// Discard drops the file unless it was committed. It is meant for defer.
func (p *Pending) Discard() {
	if !p.done {
		p.done = true
		p.Close()
		os.Remove(p.Name())
	}
}

// Write puts b under path in one step: a reader sees the old file or the new
// one, also after a crash.
func Write(path string, mode fs.FileMode, b []byte) error {
	p, err := NewPending(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer p.Discard()
	if _, err := p.File.Write(b); err != nil {
		return err
	}
	return p.Commit(path, mode)
}

// WriteOnce is Write for a file that may never change: when path already
// holds b nothing happens, when it holds other bytes the error says so.
func WriteOnce(path string, mode fs.FileMode, b []byte) error {
	old, err := os.ReadFile(path)
	switch {
	case err == nil && bytes.Equal(old, b):
		return nil
	case err == nil:
		return fmt.Errorf("%s exists with other content and may not be replaced", path)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return Write(path, mode, b)
}

// Mkdir makes path and its missing parents, and brings each new name to disk.
func Mkdir(path string, mode fs.FileMode) error {
	if info, err := os.Stat(path); err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%s is not a folder", path)
		}
		return nil
	}
	parent := filepath.Dir(path)
	if parent != path {
		if err := Mkdir(parent, mode); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, mode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return SyncDir(parent)
}

// SyncDir brings the names in a folder to the disk. Windows has no such call
// and keeps names by its own journal.
func SyncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// ErrLocked says that another process holds the lock.
var ErrLocked = errors.New("another process is writing here")

// Lock takes the lock file path, which is made when missing, without waiting.
// The lock ends with unlock or with the process, however that ends, so a
// crashed writer never leaves one behind. When another holds it the error is
// ErrLocked.
func Lock(path string) (unlock func() error, err error) {
	f, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	return func() error { return unlockFile(f) }, nil
}
