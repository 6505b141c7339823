// Package vault keeps exact bytes on a disk, once and for good.
//
// A [Vault] never rewrites: what is kept lies under its Ref, the SHA-256 of
// the original bytes, read-only, and is written under a temporary name first,
// so that a crash leaves it whole or absent. A [Home] is the folder of one
// organisation: its vault, its log, its records and its keys.
package vault

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"filippo.io/age"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/disk"
)

// ErrAbsent says that the vault does not hold the bytes of a Ref.
var ErrAbsent = errors.New("not in the vault")

// ErrChanged says that kept bytes are no longer those their name promises.
var ErrChanged = errors.New("the kept bytes have changed")

// ErrSealed says that the bytes are kept encrypted and no key at hand opens
// them.
var ErrSealed = errors.New("kept encrypted, and no key at hand opens it")

// ErrUnlisted says that kept bytes are whole but do not stand in the list of
// stored hashes. For bytes that no item names it is what a writer that was
// stopped leaves behind, and harmless.
var ErrUnlisted = errors.New("not in " + storedList)

// bufferSize is how much of a file sits in memory at a time.
const bufferSize = 1 << 20

// A Vault is a folder of kept bytes. Its methods may be called from several
// goroutines and several processes at once.
//
//	objects/ab/abcd…       the original bytes; sha256sum prints the name
//	objects/ab/abcd….age   the same, encrypted; age -d | sha256sum prints it
//	stored.sha256          the hash of each file as it lies on the disk
//	tmp/                   files being written; after a crash, left-overs
type Vault struct {
	dir        string
	recipients []age.Recipient
	identities func() ([]age.Identity, error)

	mu     sync.Mutex // guards list and listed
	listed map[string]bool
	list   os.FileInfo // the list as it was when listed was read

	placing sync.Mutex // held while a file gets its name
}

// Options say how a Vault keeps bytes. The zero value keeps them plain.
type Options struct {
	// Recipients, when there are any, are whom new bytes are encrypted to.
	Recipients []age.Recipient
	// Identities is asked for the keys when encrypted bytes are first read.
	Identities func() ([]age.Identity, error)
}

// Open opens the vault in dir, which is made when missing.
func Open(dir string, o Options) (*Vault, error) {
	for _, d := range []string{"objects", "tmp"} {
		if _, err := os.Stat(filepath.Join(dir, d)); err == nil {
			continue
		}
		if err := disk.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			return nil, fmt.Errorf("vault: %w", err)
		}
	}
	return &Vault{dir: dir, recipients: o.Recipients, identities: o.Identities}, nil
}

func (v *Vault) path(ref evidence.Ref, encrypted bool) string {
	s := ref.String()
	if encrypted {
		s += ".age"
	}
	return filepath.Join(v.dir, "objects", s[:2], s)
}

// find returns where ref lies.
func (v *Vault) find(ref evidence.Ref) (path string, encrypted bool, err error) {
	if ref.IsZero() {
		return "", false, fmt.Errorf("vault: the empty Ref: %w", ErrAbsent)
	}
	for _, encrypted := range []bool{false, true} {
		path := v.path(ref, encrypted)
		info, err := os.Lstat(path)
		if err == nil && info.Mode().IsRegular() {
			return path, encrypted, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", false, fmt.Errorf("vault: %w", err)
		}
	}
	return "", false, fmt.Errorf("vault: %s: %w", ref.Short(), ErrAbsent)
}

// Has reports whether the bytes of ref are kept. It does not read them.
func (v *Vault) Has(ref evidence.Ref) bool {
	_, _, err := v.find(ref)
	return err == nil
}

// Open reads the bytes of ref. They are checked on the way: when they are not
// those of ref, the last Read returns ErrChanged in place of io.EOF, so a
// caller that reads to the end never takes changed bytes for kept ones.
func (v *Vault) Open(ref evidence.Ref) (io.ReadCloser, error) {
	path, encrypted, err := v.find(ref)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	var r io.Reader = f
	if encrypted {
		if r, err = v.unseal(f); err != nil {
			f.Close()
			return nil, fmt.Errorf("vault: %s: %w", ref.Short(), err)
		}
	}
	return &checkedReader{r: r, f: f, want: ref, h: sha256.New()}, nil
}

func (v *Vault) unseal(r io.Reader) (io.Reader, error) {
	if v.identities == nil {
		return nil, ErrSealed
	}
	ids, err := v.identities()
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, ErrSealed
	}
	plain, err := age.Decrypt(bufio.NewReader(r), ids...)
	var noMatch *age.NoIdentityMatchError
	if errors.As(err, &noMatch) {
		return nil, ErrSealed
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrChanged, err)
	}
	return plain, nil
}

type checkedReader struct {
	r    io.Reader
	f    *os.File
	h    hash.Hash
	want evidence.Ref
}

func (c *checkedReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.h.Write(b[:n])
	if err == io.EOF {
		if got := evidence.Ref(c.h.Sum(nil)); got != c.want {
			return n, fmt.Errorf("vault: %s: %w: they now hash to %s", c.want.Short(), ErrChanged, got.Short())
		}
	} else if err != nil && c.r != io.Reader(c.f) {
		// Authenticated decryption failed part way.
		return n, fmt.Errorf("vault: %s: %w: %v", c.want.Short(), ErrChanged, err)
	}
	return n, err
}

func (c *checkedReader) Close() error { return c.f.Close() }

// WorkingCopy writes the bytes of ref to path, a new ordinary file that may be
// changed freely: work on kept bytes never happens inside the vault.
func (v *Vault) WorkingCopy(ref evidence.Ref, path string) error {
	r, err := v.Open(ref)
	if err != nil {
		return err
	}
	defer r.Close()
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("vault: %s exists already and is not overwritten", path)
	}
	p, err := disk.NewPending(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("vault: working copy: %w", err)
	}
	defer p.Discard()
	if _, err := io.CopyBuffer(p, r, make([]byte, bufferSize)); err != nil {
		return err
	}
	if err := p.Commit(path, 0o600); err != nil {
		return fmt.Errorf("vault: working copy: %w", err)
	}
	return nil
}

// Delete removes the bytes of ref for good. It is not for tidying up: the
// caller records first, in the log, why the law or a withdrawn consent asks
// for it. Copies on backup disks are beyond its reach.
func (v *Vault) Delete(ref evidence.Ref) error {
	path, _, err := v.find(ref)
	if errors.Is(err, ErrAbsent) && !ref.IsZero() {
		// A deletion that was stopped may have left the line in the list.
		for _, encrypted := range []bool{false, true} {
			if path := v.path(ref, encrypted); v.isListed(path) {
				if err := v.dropFromList(path); err != nil {
					return err
				}
			}
		}
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return fmt.Errorf("vault: delete: %w", err)
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("vault: delete: %w", err)
	}
	if err := disk.SyncDir(filepath.Dir(path)); err != nil {
		return fmt.Errorf("vault: delete: %w", err)
	}
	return v.dropFromList(path)
}

// Refs yields every kept Ref, in order, with an error for each name in the
// vault that is none.
func (v *Vault) Refs() iter.Seq2[evidence.Ref, error] {
	return func(yield func(evidence.Ref, error) bool) {
		root := filepath.Join(v.dir, "objects")
		stopped := false
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() {
				return nil
			}
			name := d.Name()
			ref, err := evidence.ParseRef(strings.TrimSuffix(name, ".age"))
			if err == nil && (!d.Type().IsRegular() || ref.IsZero() || filepath.Base(filepath.Dir(path)) != name[:2]) {
				err = errors.New("not a file of this vault")
			}
			if err != nil {
				err = fmt.Errorf("vault: %s: %w", path, err)
			}
			if !yield(ref, err) {
				stopped = true
				return fs.SkipAll
			}
			return nil
		})
		if err != nil && !stopped {
			yield(evidence.Ref{}, fmt.Errorf("vault: %w", err))
		}
	}
}

// Check reads every kept byte and yields each Ref with what is wrong with it,
// nil when it is whole. Encrypted bytes that no key at hand opens are checked
// by the list of stored hashes alone, and yield ErrSealed when that holds.
func (v *Vault) Check() iter.Seq2[evidence.Ref, error] {
	return func(yield func(evidence.Ref, error) bool) {
		sums, err := v.readList()
		if err != nil {
			yield(evidence.Ref{}, err)
			return
		}
		for ref, err := range v.Refs() {
			if err == nil {
				err = v.checkOne(ref, sums)
			}
			if !yield(ref, err) {
				return
			}
		}
	}
}

func (v *Vault) checkOne(ref evidence.Ref, sums map[string]string) error {
	path, encrypted, err := v.find(ref)
	if err != nil {
		return err
	}
	want := sums[v.listName(path)]
	if encrypted && want != "" {
		sum, err := hashFile(path)
		if err != nil {
			return fmt.Errorf("vault: %w", err)
		}
		if want != sum {
			return fmt.Errorf("vault: %s: %w: the stored file is not the one listed in %s", ref.Short(), ErrChanged, storedList)
		}
	}
	r, err := v.Open(ref)
	if errors.Is(err, ErrSealed) && want == "" {
		return fmt.Errorf("%w; nor does it stand in %s, so it cannot be checked at all", err, storedList)
	}
	if err != nil {
		return err
	}
	defer r.Close()
	if _, err := io.CopyBuffer(io.Discard, r, make([]byte, bufferSize)); err != nil {
		return err
	}
	switch {
	case want == "":
		return fmt.Errorf("vault: %s: %w, so nobody without the key can check it; add the same file again", ref.Short(), ErrUnlisted)
	case !encrypted && want != ref.String():
		return fmt.Errorf("vault: %s: %w: %s has a wrong line for it, the bytes themselves are whole", ref.Short(), ErrChanged, storedList)
	}
	return nil
}

// Sweep removes what interrupted writers left behind. Only the one writer of a
// home may call it.
func (v *Vault) Sweep() error {
	left, err := filepath.Glob(filepath.Join(v.dir, "tmp", "tmp-*"))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("vault: %w", err)
		}
	}
	return nil
}
