// Package backup puts a home into one encrypted file, and takes it out again.
//
// A backup is a tar archive encrypted with age (age-encryption.org/v1), to
// recipients or a passphrase, so that "age -d FILE | tar x" opens it without
// this program. Its last member, manifest.json, lists every other with its
// size and SHA-256. It holds one whole state of the home while others write:
//
//  1. Nothing goes away while it runs: deletions and changes of keys wait
//     ([vault.HoldStill]). Additions go on.
//  2. The database is copied first, then the log's checkpoint is read. All
//     that the database cites was logged before, and all that is logged was
//     kept before.
//  3. Of the log and the records goes in what that checkpoint covers, of the
//     vault at least that.
//
// A file that is wrong, cut short or altered is refused before anything is
// put in place.
package backup

import (
	"archive/tar"
	"bytes"
	"context"
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
	"strconv"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
)

// Options of a backup.
type Options struct {
	// Recipients may open the backup: age recipients, or one of a passphrase.
	Recipients []age.Recipient
	// Keys puts the secret keys of the home in, too.
	Keys bool
	// Database writes one whole state of the home's database to a new file.
	// It returns fs.ErrNotExist when there is none. Nil: none is looked for.
	Database func(ctx context.Context, dest string) error
	// DatabaseName is the database's file in the home.
	DatabaseName string
	Tool         string    // the program and its version
	Now          time.Time // when this is
}

// A Manifest says what a backup holds. It is its last member.
type Manifest struct {
	V       int      `json:"v"`
	Made    string   `json:"made"` // RFC 3339, UTC
	Tool    string   `json:"tool"`
	Log     string   `json:"log"`    // the name of the home's log
	Leaves  int64    `json:"leaves"` // of the log, in this state
	Keys    bool     `json:"keys"`   // whether secret keys are in it
	Members []Member `json:"members"`
	// Problems are what was not whole in the home when it was copied.
	Problems []string `json:"problems,omitempty"`
}

// A Member is one file of the home.
type Member struct {
	Name   string `json:"name"` // with slashes
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Bytes returns the size of all members.
func (m *Manifest) Bytes() int64 {
	n := int64(0)
	for _, x := range m.Members {
		n += x.Size
	}
	return n
}

// manifestName is the last member.
const manifestName = "manifest.json"

// tempPrefix begins the name of the folder, in the home, of the copy of the
// database while a backup runs.
const tempPrefix = "tmp-backup-"

// maxMemory is the largest file that is read whole before it is written, so
// that it is one state of it.
const maxMemory = 1 << 20

// Write writes a backup of the home in dir to w. It streams: memory does not
// grow with the size of what is kept. What is not whole in the home goes in as
// it is and is told in the manifest.
func Write(ctx context.Context, w io.Writer, dir string, o Options) (*Manifest, error) {
	release, err := vault.HoldStill(dir)
	if err != nil {
		return nil, err
	}
	defer release()
	return writeHeld(ctx, w, dir, o)
}

// writeHeld is Write for who holds the home still.
func writeHeld(ctx context.Context, w io.Writer, dir string, o Options) (*Manifest, error) {
	b := &builder{ctx: ctx, dir: dir, o: o, m: Manifest{V: 1, Made: o.Now.UTC().Format(time.RFC3339), Tool: o.Tool, Keys: o.Keys}}
	database, drop, err := b.database()
	if err != nil {
		return nil, fmt.Errorf("backup: the database: %w", err)
	}
	defer drop()
	if err := b.state(); err != nil {
		return nil, err
	}

	sealed, err := age.Encrypt(w, o.Recipients...)
	if err != nil {
		return nil, fmt.Errorf("backup: encrypt: %w", err)
	}
	b.tar = tar.NewWriter(sealed)
	if database != "" {
		if err := b.file(o.DatabaseName, database); err != nil {
			return nil, err
		}
	}
	if err := b.all(); err != nil {
		return nil, err
	}
	manifest, err := json.MarshalIndent(&b.m, "", " ")
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	if err := b.put(manifestName, 0o600, int64(len(manifest)), bytes.NewReader(manifest)); err != nil {
		return nil, err
	}
	b.m.Members = b.m.Members[:len(b.m.Members)-1] // the manifest is not among them
	if err := b.tar.Close(); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	if err := sealed.Close(); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return &b.m, nil
}

type builder struct {
	ctx context.Context
	dir string
	o   Options
	m   Manifest
	tar *tar.Writer

	// What may be replaced or removed while we run is read at the beginning.
	held   map[string][]byte
	stored map[string]string // the list of stored hashes: file of the vault to SHA-256
}

// database puts a copy of the database aside; drop removes it. A copy that a
// killed backup left is removed first: only the holder of HoldStill makes one.
func (b *builder) database() (path string, drop func(), err error) {
	old, _ := filepath.Glob(filepath.Join(b.dir, tempPrefix+"*"))
	for _, dir := range old {
		os.RemoveAll(dir)
	}
	drop = func() {}
	if b.o.Database == nil {
		return "", drop, nil
	}
	if _, err := os.Stat(filepath.Join(b.dir, b.o.DatabaseName)); errors.Is(err, fs.ErrNotExist) {
		return "", drop, nil
	}
	temp, err := os.MkdirTemp(b.dir, tempPrefix)
	if err != nil {
		return "", drop, err
	}
	drop = func() { os.RemoveAll(temp) }
	path = filepath.Join(temp, b.o.DatabaseName)
	if err := b.o.Database(b.ctx, path); err != nil {
		drop()
		return "", func() {}, err
	}
	return path, drop, nil
}

// state reads the checkpoint, the right edge of its tree, and the keys. A
// writer may move the edge on meanwhile; then we begin again from the newer
// checkpoint.
func (b *builder) state() error {
	var err error
	for range 100 {
		if err = b.tryState(); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if _, gone := os.Stat(filepath.Join(b.dir, "home.json")); gone != nil {
			return fmt.Errorf("backup: %s: %w", b.dir, vault.ErrNoHome)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return fmt.Errorf("backup: the log is not whole: %w", err)
}

func (b *builder) tryState() error {
	b.held = map[string][]byte{}
	signed, err := os.ReadFile(filepath.Join(b.dir, "log", "checkpoint"))
	if err != nil {
		return err
	}
	text, _, _ := strings.Cut(string(signed), "\n\n")
	head, err := evidence.ParseCheckpoint(text + "\n")
	if err != nil {
		return fmt.Errorf("backup: log/checkpoint: %w", err)
	}
	b.m.Log, b.m.Leaves = head.Origin, head.Size
	b.held["log/checkpoint"] = signed
	b.held["log/checkpoints/"+evidence.CheckpointName(head.Size)] = signed
	hold := func(name string) error {
		data, err := os.ReadFile(filepath.Join(b.dir, filepath.FromSlash(name)))
		b.held[name] = data
		return err
	}
	for _, name := range evidence.StateFiles(head.Size) {
		if !strings.Contains(name, ".p/") {
			break // full tiles stay
		}
		if err := hold("log/" + name); err != nil {
			return err
		}
	}
	err = filepath.WalkDir(filepath.Join(b.dir, "keys"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(b.dir, path)
		name := filepath.ToSlash(rel)
		if err != nil || skipped(name) || !b.o.Keys && SecretKey(name) {
			return err
		}
		return hold(name)
	})
	if err != nil {
		return err
	}
	const list = "vault/stored.sha256"
	err = hold(list)
	b.held[list] = b.held[list][:bytes.LastIndexByte(b.held[list], '\n')+1] // a line being written is not in it
	if errors.Is(err, fs.ErrNotExist) {                                     // nothing is kept yet
		delete(b.held, list)
	} else if err != nil {
		return err
	}
	b.stored = map[string]string{}
	for line := range strings.Lines(string(b.held[list])) {
		if sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  "); ok {
			b.stored["vault/"+name] = sum
		}
	}
	return nil
}

// SecretKey reports whether a file of a home, named from there, is a secret
// key: whatever lies in keys/ and is not known to be public.
func SecretKey(name string) bool {
	return strings.HasPrefix(name, "keys/") && name != "keys/log.pub" && name != "keys/recipients.txt" && name != "keys/seal-to.txt"
}

// skipped are files that mean nothing in another place: locks, files being
// written, and the marks of earlier backups.
func skipped(name string) bool {
	base := name[strings.LastIndexByte(name, '/')+1:]
	return base == "lock" || strings.HasSuffix(base, ".lock") || strings.HasPrefix(base, "tmp-") ||
		strings.HasPrefix(name, "vault/tmp/") || strings.HasPrefix(name, tempPrefix) || strings.HasPrefix(name, "backups/") || name == LastName
}

// covered reports whether a file belongs to the state of the checkpoint. The
// folders of the log and of the records hold files by number of leaves.
func (b *builder) covered(name string) bool {
	number := func() int64 {
		base := name[strings.LastIndexByte(name, '/')+1:]
		digits, _, _ := strings.Cut(base, ".")
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return -1
		}
		return n
	}
	switch {
	case strings.HasPrefix(name, "log/tile/"):
		return false // taken by name
	case strings.HasPrefix(name, "log/checkpoints/"), strings.HasPrefix(name, "log/cosignatures/"):
		return number() <= b.m.Leaves
	case strings.HasPrefix(name, "records/"):
		return number() < b.m.Leaves
	case strings.HasPrefix(name, "keys/"):
		return false // held
	}
	base, ok := strings.CutPrefix(name, b.o.DatabaseName)
	return b.o.DatabaseName == "" || !ok || base != "" && base != "-wal" && base != "-shm" && base != "-journal"
}

// all writes every member but the database.
func (b *builder) all() error {
	for _, name := range slices.Sorted(maps.Keys(b.held)) {
		mode := fs.FileMode(0o600)
		if info, err := os.Stat(filepath.Join(b.dir, filepath.FromSlash(name))); err == nil {
			mode = info.Mode().Perm()
		} else if strings.HasPrefix(name, "log/") {
			mode = 0o644
		}
		if err := b.put(name, mode, int64(len(b.held[name])), bytes.NewReader(b.held[name])); err != nil {
			return err
		}
	}
	for _, name := range evidence.StateFiles(b.m.Leaves) {
		if name = "log/" + name; b.held[name] == nil {
			if err := b.file(name, filepath.Join(b.dir, filepath.FromSlash(name))); err != nil {
				return err
			}
		}
	}
	err := filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(b.dir, path)
		if relErr != nil {
			return relErr
		}
		name := filepath.ToSlash(rel)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return fmt.Errorf("backup: %w", err)
		case d.IsDir():
			if skipped(name + "/") {
				return fs.SkipDir
			}
			return nil
		case skipped(name) || b.held[name] != nil || !b.covered(name):
			return nil
		case !d.Type().IsRegular():
			b.problem("%s is no ordinary file and is not in the backup", name)
			return nil
		}
		return b.file(name, path)
	})
	if err != nil {
		return err
	}
	for _, x := range b.m.Members {
		if want, ok := b.stored[x.Name]; ok {
			if want != x.SHA256 {
				b.problem("%s is not what was stored: its bytes have changed", x.Name)
			}
			delete(b.stored, x.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.stored)) {
		b.problem("%s is missing", name)
	}
	return nil
}

func (b *builder) problem(format string, args ...any) {
	b.m.Problems = append(b.m.Problems, fmt.Sprintf(format, args...))
}

// file adds a file of the disk.
func (b *builder) file(name, path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		b.problem("%s is missing", name)
		return nil
	}
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if info.Size() > maxMemory {
		return b.put(name, info.Mode().Perm(), info.Size(), f)
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return b.put(name, info.Mode().Perm(), int64(len(data)), bytes.NewReader(data))
}

// put adds a member.
func (b *builder) put(name string, mode fs.FileMode, size int64, r io.Reader) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	if err := b.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: int64(mode), Size: size, ModTime: b.o.Now.UTC().Truncate(time.Second)}); err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	h := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(b.tar, h), stoppable{b.ctx, r}, size); err != nil {
		return fmt.Errorf("backup: %s: %w", name, err)
	}
	b.m.Members = append(b.m.Members, Member{name, size, hex.EncodeToString(h.Sum(nil))})
	return nil
}

// stoppable ends a long copy when the person stops the program.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}
