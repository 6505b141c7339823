package backup

import (
	"archive/tar"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"filippo.io/age"

	"github.com/arasha-org/arasha/internal/disk"
)

// ErrDamaged says that a file is no backup, or is cut short or altered.
var ErrDamaged = errors.New("this is no backup, or it was cut short or altered")

// ErrKey says that no key or passphrase at hand opens the backup.
var ErrKey = errors.New("the key or passphrase does not open this backup")

// maxManifest is the largest manifest that is read.
const maxManifest = 1 << 30

// Check reads a whole backup and returns its manifest. The error is ErrKey or
// ErrDamaged when it cannot be used.
func Check(r io.Reader, ids ...age.Identity) (*Manifest, error) {
	return read(r, ids, func(string, fs.FileMode, io.Reader) error { return nil })
}

// Restore brings a backup back as the folder to, which must be absent or
// empty. Everything is written beside it and checked first: either the whole
// home appears under that name, or nothing does.
func Restore(r io.Reader, to string, ids ...age.Identity) (*Manifest, error) {
	if names, err := os.ReadDir(to); err == nil && len(names) > 0 {
		return nil, fmt.Errorf("backup: %s is not empty", to)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("backup: %w", err)
	}
	parent := filepath.Dir(filepath.Clean(to))
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	temp, err := os.MkdirTemp(parent, "tmp-restore-")
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	defer os.RemoveAll(temp)
	temp = filepath.Clean(temp) // "./tmp-…" below the present folder: compared with Join's names
	dirs := map[string]bool{temp: true}
	mkdir := func(name string) error {
		mode := fs.FileMode(0o700)
		if name == "log" || strings.HasPrefix(name, "log/") {
			mode = 0o755 // as a home has it: log/ may be copied to a web server
		}
		dir := filepath.Join(temp, filepath.FromSlash(name))
		for d := dir; d != temp; d = filepath.Dir(d) {
			dirs[d] = true
		}
		return os.MkdirAll(dir, mode)
	}
	// A home has these even when nothing is in them.
	for _, name := range []string{"keys", "records", "witness", "vault/objects", "vault/tmp"} {
		if err := mkdir(name); err != nil {
			return nil, fmt.Errorf("backup: %w", err)
		}
	}
	m, err := read(r, ids, func(name string, mode fs.FileMode, r io.Reader) error {
		if i := strings.LastIndexByte(name, '/'); i >= 0 {
			if err := mkdir(name[:i]); err != nil {
				return err
			}
		}
		f, err := os.OpenFile(filepath.Join(temp, filepath.FromSlash(name)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		defer f.Close()
		if _, err := io.Copy(f, r); err != nil {
			return err
		}
		if err := f.Sync(); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
		return os.Chmod(f.Name(), mode)
	})
	if err != nil {
		return nil, err
	}
	for dir := range dirs {
		if err := disk.SyncDir(dir); err != nil {
			return nil, fmt.Errorf("backup: %w", err)
		}
	}
	// An empty folder of that name gives way; one that is not empty does not.
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("backup: %w", err)
	}
	if err := os.Rename(temp, to); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return m, disk.SyncDir(parent)
}

// read decrypts a backup, calls take with every member, and holds what it read
// against the manifest. Until it returns without an error nothing that take was
// given may be relied on.
func read(r io.Reader, ids []age.Identity, take func(name string, mode fs.FileMode, r io.Reader) error) (*Manifest, error) {
	plain, err := age.Decrypt(bufio.NewReader(r), ids...)
	var noMatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &noMatch):
		return nil, fmt.Errorf("backup: %w", ErrKey)
	case err != nil:
		return nil, damaged(err)
	}
	t := tar.NewReader(plain)
	found := map[string]Member{}
	var m *Manifest
	for {
		head, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, damaged(err)
		}
		if m != nil {
			return nil, damaged(errors.New("something follows the manifest"))
		}
		if head.Name == manifestName {
			data, err := io.ReadAll(io.LimitReader(t, maxManifest))
			if err != nil {
				return nil, damaged(err)
			}
			m = new(Manifest)
			if err := json.Unmarshal(data, m); err != nil {
				return nil, damaged(err)
			}
			continue
		}
		// A stranger's archive must not write where it likes.
		if _, twice := found[head.Name]; twice || head.Typeflag != tar.TypeReg || !fs.ValidPath(head.Name) || !filepath.IsLocal(filepath.FromSlash(head.Name)) {
			return nil, damaged(fmt.Errorf("%q is no member of a home", head.Name))
		}
		h := sha256.New()
		c := &counted{r: io.TeeReader(t, h)}
		if err := take(head.Name, fs.FileMode(head.Mode)&0o755, c); err != nil {
			if c.err != nil { // reading failed, not what take does with it
				return nil, damaged(err)
			}
			return nil, fmt.Errorf("backup: %s: %w", head.Name, err)
		}
		if _, err := io.Copy(io.Discard, c); err != nil {
			return nil, damaged(err)
		}
		found[head.Name] = Member{head.Name, c.n, hex.EncodeToString(h.Sum(nil))}
	}
	// The archive ends before the encrypted file does: only at the very end is
	// it known that nothing was cut off.
	if _, err := io.Copy(io.Discard, plain); err != nil {
		return nil, damaged(err)
	}
	if m == nil {
		return nil, damaged(errors.New("the manifest is missing"))
	}
	if m.V != 1 {
		return nil, fmt.Errorf("backup: made by a newer program (form %d)", m.V)
	}
	for _, x := range m.Members {
		if found[x.Name] != x {
			return nil, damaged(fmt.Errorf("%s is not what the manifest says", x.Name))
		}
		delete(found, x.Name)
	}
	if len(found) > 0 {
		return nil, damaged(fmt.Errorf("%s is not in the manifest", slices.Sorted(maps.Keys(found))[0]))
	}
	return m, nil
}

func damaged(err error) error { return fmt.Errorf("backup: %w (%v)", ErrDamaged, err) }

// counted counts what is read and remembers how reading ended.
type counted struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}
