package main

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/arasha-org/arasha/internal/disk"
)

// mostInput bounds what is read whole: a record of a megabyte is odd enough,
// and no list of revoked certificates has more.
const mostInput = 64 << 20

// readInput reads a file, or standard input for "-".
func readInput(w *world, file string) ([]byte, error) {
	if file == "-" {
		return readWhole(w.in, file)
	}
	return readFile(file)
}

// readFile reads a file of at most mostInput bytes.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, cannotTell("", "%s cannot be read: %v", path, plainError(err))
	}
	defer f.Close()
	return readWhole(f, path)
}

func readWhole(r io.Reader, name string) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, mostInput+1))
	if err != nil {
		return nil, cannotTell("", "%s cannot be read: %v", name, plainError(err))
	}
	if len(b) > mostInput {
		return nil, cannotTell("", "%s is larger than %d MB", name, mostInput>>20)
	}
	return b, nil
}

// firstBytes reads the first n bytes of a file, or all when there are fewer.
func firstBytes(path string, n int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, n))
}

// plainError is the cause without the path and the name of the system call.
func plainError(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// mustBeNew refuses a file that is there: what a person made is never written
// over.
func mustBeNew(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return cannotTell("choose another name", "%s is there already and is not written over", path)
	}
	return nil
}

// newFile writes a file that must not exist, whole or not at all.
func newFile(path string, mode fs.FileMode, write func(io.Writer) error) error {
	if err := mustBeNew(path); err != nil {
		return err
	}
	p, err := disk.NewPending(filepath.Dir(path))
	if err != nil {
		return cannotTell("", "%s cannot be written: %v", path, plainError(err))
	}
	defer p.Discard()
	b := bufio.NewWriter(p)
	if err := write(b); err != nil {
		return err
	}
	if err = b.Flush(); err == nil {
		err = p.Commit(path, mode)
	}
	return homeTrouble(err)
}

// newFileOf is newFile for bytes at hand.
func newFileOf(path string, mode fs.FileMode, data []byte) error {
	return newFile(path, mode, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// replaceFile writes a file whole or not at all; one that is there is replaced.
func replaceFile(path string, data []byte) error {
	if err := disk.Write(path, 0o644, data); err != nil {
		return cannotTell("", "%s cannot be written: %v", path, plainError(err))
	}
	return nil
}
