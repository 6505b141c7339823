package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/internal/disk"
)

// storedList holds the SHA-256 of every file as it lies on the disk, in the
// format of sha256sum, so that somebody without the key can check the disk:
//
//	cd vault && sha256sum -c stored.sha256
const storedList = "stored.sha256"

func (v *Vault) listName(path string) string {
	rel, _ := filepath.Rel(v.dir, path)
	return filepath.ToSlash(rel)
}

// readList reads the list: name to hash. A line cut short by a crash is left
// out.
func (v *Vault) readList() (map[string]string, error) {
	b, err := os.ReadFile(filepath.Join(v.dir, storedList))
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	sums := make(map[string]string)
	for line := range bytes.Lines(b) {
		sum, name, ok := strings.Cut(string(line), "  ")
		if !ok || len(sum) != 64 || !strings.HasSuffix(name, "\n") {
			continue
		}
		sums[strings.TrimSuffix(name, "\n")] = sum
	}
	return sums, nil
}

func (v *Vault) isListed(path string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	info, err := os.Stat(filepath.Join(v.dir, storedList))
	if err != nil {
		return false
	}
	if v.list == nil || v.list.Size() != info.Size() || !v.list.ModTime().Equal(info.ModTime()) {
		sums, err := v.readList()
		if err != nil {
			return false
		}
		v.listed = make(map[string]bool, len(sums))
		for name := range sums {
			v.listed[name] = true
		}
		v.list = info
	}
	return v.listed[v.listName(path)]
}

// addToList adds a line for each file and brings them to the disk. A line that
// a crash cut short is removed first.
func (v *Vault) addToList(sums map[string]string) error {
	if len(sums) == 0 {
		return nil
	}
	var lines []byte
	for _, path := range slices.Sorted(maps.Keys(sums)) {
		lines = append(lines, sums[path]+"  "+v.listName(path)+"\n"...)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	unlock, err := v.lockList()
	if err != nil {
		return err
	}
	defer unlock()
	f, err := os.OpenFile(filepath.Join(v.dir, storedList), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	defer f.Close()
	end, err := endOfLines(f)
	if err != nil {
		return fmt.Errorf("vault: %s: %w", storedList, err)
	}
	if _, err := f.WriteAt(lines, end); err != nil {
		f.Truncate(end)
		return fmt.Errorf("vault: %s: %w", storedList, err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("vault: %s: %w", storedList, err)
	}
	return nil
}

// endOfLines returns the offset behind the last whole line of f, cutting off
// what follows it.
func endOfLines(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	size := info.Size()
	const longest = 256
	tail := make([]byte, min(size, longest))
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return 0, err
	}
	end := size - int64(len(tail)) + int64(bytes.LastIndexByte(tail, '\n')) + 1
	if end < size {
		err = f.Truncate(end)
	}
	return end, err
}

func (v *Vault) dropFromList(path string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	unlock, err := v.lockList()
	if err != nil {
		return err
	}
	defer unlock()
	list := filepath.Join(v.dir, storedList)
	b, err := os.ReadFile(list)
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	var kept []byte
	for line := range bytes.Lines(b) {
		if !bytes.HasSuffix(line, []byte("  "+v.listName(path)+"\n")) {
			kept = append(kept, line...)
		}
	}
	if err := disk.Write(list, 0o600, kept); err != nil {
		return fmt.Errorf("vault: %s: %w", storedList, err)
	}
	return nil
}

// lockList waits for other processes that add a line: each holds the lock for
// one small write.
func (v *Vault) lockList() (unlock func() error, err error) {
	for range 2000 {
		unlock, err = disk.Lock(filepath.Join(v.dir, storedList+".lock"))
		if !errors.Is(err, disk.ErrLocked) {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	return unlock, nil
}
