package report

import (
	"cmp"
	"crypto/sha256"
	"hash"
	"os"
	"path/filepath"
	"slices"
)

// hashed is a file being written and the hash of what was written.
type hashed struct {
	f    *os.File
	h    hash.Hash
	size int64
}

func newHashed(path string) (*hashed, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	return &hashed{f: f, h: sha256.New()}, err
}

func (h *hashed) Write(b []byte) (int, error) {
	n, err := h.f.Write(b)
	h.h.Write(b[:n])
	h.size += int64(n)
	return n, err
}

func (h *hashed) file() File {
	f := File{Name: filepath.Base(h.f.Name()), Size: h.size}
	h.h.Sum(f.Ref[:0])
	return f
}

func sortFiles(files []File) {
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
}
