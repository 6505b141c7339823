package collect

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"unicode"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/arasha-org/arasha/evidence"
)

// Bounds on what a compressed file may ask of us. A file beyond them is
// refused by name; nothing of it is unpacked to disk or held in memory.
// They are variables so that tests need no gigabytes.
var (
	// maxEntries is the number of members a zip may list.
	maxEntries = 200_000
	// freeExpanded bytes may come out of any stream; beyond that it must not
	// hold more than maxRatio times the bytes that went in. Deflate reaches
	// 1032 on a stream made for the purpose and about 20 on posts.
	freeExpanded int64 = 256 << 20
	maxRatio     int64 = 300
	// maxNested is the size of a zip or workbook inside a zip.
	maxNested int64 = 512 << 20
)

// ErrBomb marks a compressed file that grows beyond all measure.
var ErrBomb = errors.New("it grows out of all proportion when unpacked and was refused, as decompression bombs are")

// ErrBroken marks a file that breaks off or whose compressed data is damaged.
// What stood before the break has been read.
var ErrBroken = errors.New("the file breaks off or is damaged")

// A source can be opened as often as needed and yields the same bytes.
type source func() (io.ReadCloser, error)

// open opens the file called name, or stdin for "-", for reading by one of
// Formats: it hashes the bytes as they lie on disk, takes gzip or zstd off,
// opens zip archives and reads the head. What is not a regular file (standard
// input, a pipe) is first spooled to a temporary file, since evidence is
// hashed before it is parsed. The caller closes the Input. ctx stops this, and
// the reading of the Input later.
func open(ctx context.Context, name string, stdin io.Reader) (*Input, error) {
	if name == "-" {
		return spool(ctx, "standard input", stdin)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	switch {
	case err != nil:
		f.Close()
		return nil, err
	case st.IsDir():
		f.Close()
		return nil, fmt.Errorf("%s is a folder: name the export file in it", name)
	case !st.Mode().IsRegular():
		defer f.Close()
		return spool(ctx, name, f)
	}
	in := &Input{Name: name, stop: ctx.Err, closers: []io.Closer{f}}
	return in, in.openFile(f)
}

// spool is open for bytes that are not in a file: they go to a temporary file,
// which Close removes.
func spool(ctx context.Context, name string, r io.Reader) (*Input, error) {
	f, err := os.CreateTemp("", "arasha-*")
	if err != nil {
		return nil, err
	}
	in := &Input{Name: name, stop: ctx.Err, closers: []io.Closer{tempFile{f}}}
	copied := make(chan error, 1)
	go func() {
		_, err := io.Copy(f, r)
		copied <- err
	}()
	select {
	case err = <-copied:
	case <-ctx.Done(): // a terminal or pipe may stay silent for ever
		err = ctx.Err()
	}
	if err != nil {
		in.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return in, in.openFile(f)
}

// tempFile is a file that goes away when it is closed.
type tempFile struct{ *os.File }

func (t tempFile) Close() error { return errors.Join(t.File.Close(), os.Remove(t.Name())) }

// openFile hashes f and opens its layers. On error it closes in.
func (in *Input) openFile(f *os.File) error {
	st, err := f.Stat()
	if err == nil {
		in.Size = st.Size()
		in.Ref, _, err = evidence.OfReader(&meter{r: io.NewSectionReader(f, 0, in.Size), in: in})
		in.pos.Store(0)
	}
	if err == nil {
		err = in.layers(f, in.Size)
	}
	if err != nil {
		in.Close()
		return fmt.Errorf("%s: %w", in.Name, err)
	}
	return nil
}

// layers looks at the first bytes of ra and sets Zip, or R and Head.
func (in *Input) layers(ra io.ReaderAt, size int64) error {
	var magic [4]byte
	n, err := ra.ReadAt(magic[:], 0)
	if err != nil && err != io.EOF {
		return err
	}
	if isZip(magic[:n]) {
		in.raw = io.NewSectionReader(ra, 0, size)
		return in.openZip()
	}
	return in.stream(magic[:n], func() (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(ra, 0, size)), nil
	})
}

func isZip(magic []byte) bool {
	return bytes.HasPrefix(magic, []byte("PK\x03\x04")) || bytes.HasPrefix(magic, []byte("PK\x05\x06"))
}

// stream sets again, R and Head from raw bytes that start with magic.
func (in *Input) stream(magic []byte, raw source) error {
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		in.again = in.unpack(raw, func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) })
	case bytes.HasPrefix(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		in.again = in.unpack(raw, func(r io.Reader) (io.ReadCloser, error) {
			d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
			if err != nil {
				return nil, err
			}
			return d.IOReadCloser(), nil
		})
	default:
		in.again = func() (io.ReadCloser, error) {
			r, err := raw()
			if err != nil {
				return nil, err
			}
			return struct {
				io.Reader
				io.Closer
			}{&meter{r: r, in: in}, r}, nil
		}
	}
	r, err := in.again()
	if err != nil {
		return err
	}
	in.closers = append(in.closers, r)
	head := make([]byte, HeadSize)
	n, err := io.ReadFull(r, head)
	if errors.Is(err, ErrBomb) {
		return err
	}
	// Any other error comes again when R is read to that place.
	in.Head = head[:n]
	in.R = io.MultiReader(bytes.NewReader(in.Head), r)
	return nil
}

// unpack returns the source of what the decompressor open makes of raw.
func (in *Input) unpack(raw source, open func(io.Reader) (io.ReadCloser, error)) source {
	return func() (io.ReadCloser, error) {
		r, err := raw()
		if err != nil {
			return nil, err
		}
		m := &meter{r: r, in: in}
		d, err := open(bufio.NewReaderSize(m, 1<<16))
		if err != nil {
			r.Close()
			return nil, fmt.Errorf("%w: %v", ErrBroken, err)
		}
		return ahead(&guard{r: d, read: m, stopped: in.stopped, closers: []io.Closer{d, r}}), nil
	}
}

// A meter counts the bytes that pass, for itself and for the progress of a
// file, and lets a stop through.
type meter struct {
	r   io.Reader
	own int64
	in  *Input
}

func (m *meter) Read(p []byte) (int, error) {
	if err := m.in.stopped(); err != nil {
		return 0, err
	}
	n, err := m.r.Read(p)
	m.own += int64(n)
	if m.own > m.in.pos.Load() {
		m.in.pos.Store(m.own)
	}
	return n, err
}

// stopped returns the error of a context that has ended.
func (in *Input) stopped() error {
	if in.stop == nil {
		return nil
	}
	return in.stop()
}

// A guard stands behind a decompressor: it stops bombs and turns the
// decompressor's errors into ErrBroken.
type guard struct {
	r       io.Reader
	read    *meter // compressed bytes that went in
	stopped func() error
	out     int64
	closers []io.Closer
}

func (g *guard) Read(p []byte) (int, error) {
	if err := g.stopped(); err != nil {
		return 0, err
	}
	n, err := g.r.Read(p)
	g.out += int64(n)
	if g.out > freeExpanded && g.out > maxRatio*max(g.read.own, 1) {
		return 0, ErrBomb
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%w after %d unpacked bytes (%v)", ErrBroken, g.out, err)
	}
	return n, err
}

func (g *guard) Close() error {
	var errs []error
	for _, c := range g.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// openZip sets in.Zip. Of an archive without its directory (cut off, or still
// being written) the members that are there are salvaged.
func (in *Input) openZip() error {
	z, err := zip.NewReader(in.raw, in.raw.Size())
	if err != nil {
		f, cut, serr := salvage(in.raw)
		if serr != nil {
			return serr
		}
		in.cut = cut
		in.closers = append(in.closers, tempFile{f})
		st, serr := f.Stat()
		if serr != nil {
			return serr
		}
		in.raw = io.NewSectionReader(f, 0, st.Size())
		if z, serr = zip.NewReader(in.raw, in.raw.Size()); serr != nil {
			return serr
		}
		in.broken = fmt.Errorf("%w (%v): %d members before the break were read", ErrBroken, err, len(z.File))
	}
	if len(z.File) > maxEntries {
		return fmt.Errorf("it lists %d members, more than %d, and was refused", len(z.File), maxEntries)
	}
	in.Zip = z
	return nil
}

// OpenMember opens a member of in.Zip. A member that states or shows to be a
// decompression bomb gives ErrBomb, a damaged one ErrBroken, both with its
// name.
func (in *Input) OpenMember(f *zip.File) (io.ReadCloser, error) {
	if s := int64(f.UncompressedSize64); s < 0 || s > freeExpanded && s/maxRatio > int64(f.CompressedSize64) {
		return nil, fmt.Errorf("%s: %w", MemberName(f), ErrBomb)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w (%v)", MemberName(f), ErrBroken, err)
	}
	in.pos.Add(int64(f.CompressedSize64))
	g := &guard{r: r, read: &meter{own: int64(f.CompressedSize64)}, stopped: in.stopped, closers: []io.Closer{r}}
	if in.cut != "" && f.Name == in.cut {
		g.r = cutReader{r}
	}
	return g, nil
}

// cutReader ends in an error, since what it reads is not whole.
type cutReader struct{ r io.Reader }

func (c cutReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// MemberName returns the name of a zip member as it may be shown and
// compared: slashes, no "..", no leading slash, no control characters.
func MemberName(f *zip.File) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r == '\\':
			return '/'
		case unicode.IsControl(r) || r == unicode.ReplacementChar:
			return '_'
		}
		return r
	}, f.Name)
	return strings.TrimPrefix(path.Clean("/"+name), "/")
}

// member opens f as an input of its own. Its Ref is that of the whole file.
func (in *Input) member(f *zip.File) (*Input, error) {
	m := &Input{Name: in.Name + ": " + MemberName(f), Ref: in.Ref, Size: int64(f.UncompressedSize64), inner: true, stop: in.stop}
	r, err := in.OpenMember(f)
	if err != nil {
		return nil, err
	}
	var magic [4]byte
	n, _ := io.ReadFull(r, magic[:])
	if !isZip(magic[:n]) {
		r.Close()
		err := m.stream(magic[:n], func() (io.ReadCloser, error) { return in.OpenMember(f) })
		if err != nil {
			m.Close()
			return nil, fmt.Errorf("%s: %w", MemberName(f), err)
		}
		return m, nil
	}
	defer r.Close()
	if in.inner {
		return nil, fmt.Errorf("%s: an archive inside an archive inside an archive is not read", MemberName(f))
	}
	t, err := os.CreateTemp("", "arasha-*")
	if err != nil {
		return nil, err
	}
	m.closers = append(m.closers, tempFile{t})
	size, err := io.Copy(t, io.LimitReader(io.MultiReader(bytes.NewReader(magic[:n]), r), maxNested+1))
	if err == nil && size > maxNested {
		err = fmt.Errorf("more than %d bytes in an inner archive: refused", maxNested)
	}
	if err == nil {
		m.raw = io.NewSectionReader(t, 0, size)
		err = m.openZip()
	}
	if err != nil {
		m.Close()
		return nil, fmt.Errorf("%s: %w", MemberName(f), err)
	}
	return m, nil
}

// Again opens the content of in once more from its start, decompressed. It is
// for readers that must look at the whole before they can say what a part
// means; in.Zip must be nil.
func (in *Input) Again() (io.ReadCloser, error) {
	if in.again == nil {
		return nil, fmt.Errorf("%s cannot be read twice", in.Name)
	}
	return in.again()
}

// Close releases the file and what was unpacked from it.
func (in *Input) Close() error {
	var errs []error
	for i := len(in.closers) - 1; i >= 0; i-- {
		errs = append(errs, in.closers[i].Close())
	}
	in.closers = nil
	return errors.Join(errs...)
}
