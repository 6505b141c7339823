package evidence

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// A Dossier is a dossier opened for checking: a zip file or an unpacked folder.
type Dossier struct {
	order   []string
	members map[string]member
	close   []io.Closer
}

type member struct {
	size int64
	open func() (io.ReadCloser, error)
}

// OpenDossier opens the dossier at path, a zip or a folder, and checks the
// container: how a zip is written, what kinds of files a folder has. Errors
// that are ErrContainer name the member that is refused and why.
func OpenDossier(path string) (*Dossier, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	if info.IsDir() {
		return openFolder(path)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("evidence: %s is neither a file nor a folder", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	d, err := ReadDossier(f, info.Size())
	if err != nil {
		f.Close()
		return nil, err
	}
	d.close = append(d.close, f)
	return d, nil
}

// ReadDossier opens a zip of size bytes.
func ReadDossier(r io.ReaderAt, size int64) (*Dossier, error) {
	entries, err := readZip(r, size)
	if err != nil {
		if harm := hostile(r, size); harm != nil {
			return nil, harm
		}
		return nil, err
	}
	d := &Dossier{members: make(map[string]member)}
	for _, e := range entries {
		start := e.offset + int64(len(e.appendLocal(nil)))
		d.order = append(d.order, e.name)
		d.members[e.name] = member{e.size, func() (io.ReadCloser, error) {
			return &crcReader{r: io.NewSectionReader(r, start, e.size), want: e.crc, name: e.name}, nil
		}}
	}
	return d, checkOrder(d.order)
}

// crcReader checks the checksum of the zip when it comes to the end.
type crcReader struct {
	r    io.Reader
	sum  uint32
	want uint32
	name string
}

func (c *crcReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.sum = crc32.Update(c.sum, crc32.IEEETable, b[:n])
	if err == io.EOF && c.sum != c.want {
		return n, fmt.Errorf("evidence: member %q: the checksum of the zip is wrong: %w", c.name, ErrContainer)
	}
	return n, err
}

func (c *crcReader) Close() error { return nil }

// openFolder opens an unpacked dossier. Links are not followed, and nothing
// outside the folder is ever read.
func openFolder(dir string) (*Dossier, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	d := &Dossier{members: make(map[string]member), close: []io.Closer{root}}
	err = fs.WalkDir(root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		switch {
		case info.Mode()&fs.ModeSymlink != 0:
			return fmt.Errorf("member %q is refused: it is a link: %w", clip(name), ErrContainer)
		case !info.Mode().IsRegular():
			return fmt.Errorf("member %q is refused: it is a device or the like: %w", clip(name), ErrContainer)
		case len(d.order) >= maxMembers:
			return fmt.Errorf("more than %d files: %w", maxMembers, ErrContainer)
		}
		if err := checkName(name); err != nil {
			return fmt.Errorf("%v: %w", err, ErrContainer)
		}
		d.order = append(d.order, name)
		d.members[name] = member{info.Size(), func() (io.ReadCloser, error) { return root.Open(name) }}
		return nil
	})
	if err != nil {
		root.Close()
		return nil, fmt.Errorf("evidence: %w", err)
	}
	for _, name := range []string{signatureName, manifestName} {
		if _, ok := d.members[name]; !ok {
			root.Close()
			return nil, fmt.Errorf("evidence: %s is missing: %w", name, ErrContainer)
		}
	}
	for _, name := range d.order {
		if !knownName(name) {
			root.Close()
			return nil, fmt.Errorf("evidence: member %q has no place in a dossier: %w", clip(name), ErrContainer)
		}
	}
	return d, nil
}

// Close closes what OpenDossier opened.
func (d *Dossier) Close() error {
	var err error
	for _, c := range d.close {
		err = errors.Join(err, c.Close())
	}
	return err
}

// The names of members.
const (
	signatureName   = "dossier.txt"
	manifestName    = "MANIFEST.sha256"
	readmeName      = "README.txt"
	certificateName = "certificate.html"
	keyName         = "key.txt"
	leavesName      = "leaves.jsonl"
	consistencyName = "consistency.jsonl"
	crateName       = "ro-crate-metadata.json"
	packageName     = "datapackage.json"
	rootsName       = "timestamps/roots.pem"
	cosignersName   = "cosignatures/keys.txt"
)

// required are the members every dossier has.
var required = []string{signatureName, manifestName, readmeName, certificateName, keyName, leavesName, consistencyName, crateName, packageName}

// knownName reports whether a member of this name has a place in a dossier.
func knownName(name string) bool {
	for _, r := range required {
		if name == r {
			return true
		}
	}
	dir, base := path.Split(name)
	digits := func(s string, n int) bool { return len(s) == n && strings.Trim(s, "0123456789") == "" }
	stem, ext := strings.TrimSuffix(base, path.Ext(base)), path.Ext(base)
	switch dir {
	case "checkpoints/":
		return digits(stem, 12) && ext == ".txt"
	case "cosignatures/":
		return digits(stem, 12) && ext == ".txt" || name == cosignersName
	case "key-changes/":
		return digits(stem, 4) && ext == ".txt"
	case "items/":
		r, err := ParseRef(base)
		return err == nil && r.String() == base
	case "sealed/":
		leaf, part, _ := strings.Cut(stem, "-")
		return ext == ".age" && leaf != "" && digits(leaf, len(leaf)) && (part == "collector" || part == "address")
	case "timestamps/":
		return name == rootsName || len(stem) > 13 && digits(stem[:12], 12) && stem[12] == '.' && (ext == ".tst" || ext == ".ots") ||
			len(stem) == 12 && digits(stem, 12) && ext == ".ots"
	}
	return false
}

// checkOrder reports members that stand in the wrong order, are unknown or
// missing.
func checkOrder(names []string) error {
	for i, name := range names {
		if !knownName(name) {
			return fmt.Errorf("evidence: member %q has no place in a dossier: %w", clip(name), ErrContainer)
		}
		if i < 2 && name != required[i] || i > 2 && names[i-1] >= name {
			return fmt.Errorf("evidence: member %q stands in the wrong place: %w", clip(name), ErrContainer)
		}
	}
	have := make(map[string]bool)
	for _, name := range names {
		have[name] = true
	}
	for _, r := range required {
		if !have[r] {
			return fmt.Errorf("evidence: %s is missing: %w", r, ErrContainer)
		}
	}
	return nil
}

// read reads a member that must not be larger than most bytes.
func (d *Dossier) read(name string, most int64) ([]byte, error) {
	m, ok := d.members[name]
	if !ok {
		return nil, fmt.Errorf("evidence: %s is missing: %w", name, ErrContainer)
	}
	if m.size > most {
		return nil, fmt.Errorf("evidence: %s is of %d bytes; at most %d are read: %w", name, m.size, most, ErrContainer)
	}
	r, err := m.open()
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fmt.Errorf("evidence: %s: %w", name, err)
	}
	if int64(len(b)) > most {
		return nil, fmt.Errorf("evidence: %s grew while it was read: %w", name, ErrContainer)
	}
	return b, nil
}
