//go:build unix

package disk

import (
	"path/filepath"
	"syscall"
	"testing"
)

// A child that was being started while a lock was held has the file too, until
// it is another program: the lock ends all the same.
func TestUnlockBesideAChild(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	f, err := lockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	child, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(child)
	if err := unlockFile(f); err != nil {
		t.Fatal(err)
	}
	again, err := Lock(path)
	if err != nil {
		t.Fatalf("Lock after unlock: %v", err)
	}
	again()
}
