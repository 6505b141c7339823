package vault

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"filippo.io/age"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/disk"
)

// Put keeps everything r holds and returns its Ref and size. When Put returns
// without error the bytes are on the disk. Bytes that are kept already are not
// written again. r is streamed: memory does not grow with its size.
func (v *Vault) Put(r io.Reader) (evidence.Ref, int64, error) {
	p, err := v.place(r)
	if err != nil {
		return evidence.Ref{}, p.size, err
	}
	return p.ref, p.size, v.settle([]placed{p})
}

// writers is how many files PutAll writes at once: the disk gathers what
// several ask it to bring to safety.
const writers = 16

// A Put is what PutAll kept.
type Put struct {
	Ref  evidence.Ref
	Size int64
}

// PutAll is Put for n files, which open opens by number. It is much faster for
// many small ones. When it returns an error, some may have been kept.
func (v *Vault) PutAll(n int, open func(i int) (io.ReadCloser, error)) ([]Put, error) {
	all, errs := make([]placed, n), make([]error, n)
	var next atomic.Int64
	var failed atomic.Bool
	var wait sync.WaitGroup
	for range min(n, writers) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && !failed.Load(); i = int(next.Add(1)) - 1 {
				r, err := open(i)
				if err == nil {
					all[i], err = v.place(r)
					r.Close()
				}
				if err != nil {
					errs[i] = err
					failed.Store(true)
				}
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	if err := v.settle(all); err != nil {
		return nil, err
	}
	out := make([]Put, n)
	for i, p := range all {
		out[i] = Put{p.ref, p.size}
	}
	return out, nil
}

// placed is a file whose bytes are on the disk under their name; the name
// itself may not be yet.
type placed struct {
	ref  evidence.Ref
	size int64
	path string
	sum  string // of the stored file; empty when it was kept before
}

// place writes one file and gives it its name.
func (v *Vault) place(r io.Reader) (placed, error) {
	var done placed
	p, err := disk.NewPending(filepath.Join(v.dir, "tmp"))
	if err != nil {
		return done, fmt.Errorf("vault: %w", err)
	}
	defer p.Discard()

	original, stored := sha256.New(), hash.Hash(nil)
	var out io.Writer = p
	var sealing io.WriteCloser
	if len(v.recipients) > 0 {
		stored = sha256.New()
		if sealing, err = age.Encrypt(io.MultiWriter(p, stored), v.recipients...); err != nil {
			return done, fmt.Errorf("vault: encrypt: %w", err)
		}
		out = sealing
	}
	if done.size, err = copyHashed(out, r, original); err != nil {
		return done, fmt.Errorf("vault: keep: %w", err)
	}
	if sealing != nil {
		if err := sealing.Close(); err != nil {
			return done, fmt.Errorf("vault: encrypt: %w", err)
		}
	}
	done.ref = evidence.Ref(original.Sum(nil))
	if err := p.Sync(); err != nil { // before the lock: this is what takes long
		return done, fmt.Errorf("vault: keep: %w", err)
	}
	// Two writers of the same bytes encrypt them differently: only one of
	// them may give its file the name.
	v.placing.Lock()
	defer v.placing.Unlock()
	if path, _, err := v.find(done.ref); err == nil {
		done.path = path
		return done, nil
	}
	done.path, done.sum = v.path(done.ref, stored != nil), done.ref.String()
	if stored != nil {
		done.sum = hex.EncodeToString(stored.Sum(nil))
	}
	if err := disk.Mkdir(filepath.Dir(done.path), 0o700); err != nil {
		return done, fmt.Errorf("vault: %w", err)
	}
	if err := p.Place(done.path, 0o444); err != nil {
		return done, fmt.Errorf("vault: keep: %w", err)
	}
	return done, nil
}

// settle brings the names of placed files to the disk and lists them.
func (v *Vault) settle(all []placed) error {
	dirs := make(map[string]bool)
	lines := make(map[string]string)
	for _, p := range all {
		dirs[filepath.Dir(p.path)] = true
		switch {
		case p.sum != "":
			lines[p.path] = p.sum
		case lines[p.path] == "" && !v.isListed(p.path):
			// Kept before, by a writer that was stopped before it could list it.
			sum, err := hashFile(p.path)
			if err != nil {
				return fmt.Errorf("vault: %w", err)
			}
			lines[p.path] = sum
		}
	}
	for dir := range dirs {
		if err := disk.SyncDir(dir); err != nil {
			return fmt.Errorf("vault: keep: %w", err)
		}
	}
	return v.addToList(lines)
}

// buffers are pieces of files on their way through memory.
var buffers = sync.Pool{New: func() any { b := make([]byte, bufferSize); return &b }}

// copyHashed copies r to w and hashes it on the way. Of a file of more than
// one piece, the hash of one is computed while the next is read and written.
func copyHashed(w io.Writer, r io.Reader, h hash.Hash) (int64, error) {
	first := buffers.Get().(*[]byte)
	n, err := io.ReadFull(r, *first)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		defer buffers.Put(first)
		h.Write((*first)[:n])
		_, err := w.Write((*first)[:n])
		return int64(n), err
	}
	if err != nil {
		buffers.Put(first)
		return 0, err
	}

	type piece struct {
		b *[]byte
		n int
	}
	full, free := make(chan piece, 2), make(chan *[]byte, 3)
	free <- buffers.Get().(*[]byte)
	free <- buffers.Get().(*[]byte)
	done := make(chan struct{})
	go func() {
		for p := range full {
			h.Write((*p.b)[:p.n])
			free <- p.b
		}
		close(done)
	}()
	total := int64(0)
	for b := first; err == nil; {
		full <- piece{b, n}
		if _, err = w.Write((*b)[:n]); err != nil {
			break
		}
		total += int64(n)
		b = <-free
		if n, err = io.ReadFull(r, *b); n == 0 {
			free <- b
		} else if err == io.ErrUnexpectedEOF {
			full <- piece{b, n}
			if _, werr := w.Write((*b)[:n]); werr != nil {
				err = werr
			} else {
				total += int64(n)
			}
		} else if err != nil {
			free <- b
		}
	}
	close(full)
	<-done
	for range 3 {
		buffers.Put(<-free)
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return total, err
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	ref, _, err := evidence.OfReader(f)
	return hex.EncodeToString(ref[:]), err
}
