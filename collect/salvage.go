package collect

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/flate"
)

// salvage reads a zip archive that has lost its directory, as a download that
// was cut off has: it walks the local headers from the start (APPNOTE.TXT
// 4.3.7) and copies each member, the last one as far as it goes, into a new
// archive in a temporary file, which the caller removes. cut is the name of
// the member that is not whole, if there is one.
func salvage(r *io.SectionReader) (t *os.File, cut string, err error) {
	t, err = os.CreateTemp("", "arasha-*")
	if err != nil {
		return nil, "", err
	}
	fail := func(err error) (*os.File, string, error) {
		tempFile{t}.Close()
		return nil, "", err
	}
	w := zip.NewWriter(t)
	br := bufio.NewReaderSize(io.NewSectionReader(r, 0, r.Size()), 1<<16)
	found := 0
	for ; found < maxEntries; found++ {
		name, body, err := localMember(br)
		if err != nil {
			break
		}
		dst, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return fail(err)
		}
		n, err := io.Copy(dst, io.LimitReader(body, maxNested+1))
		if err != nil && isWriteError(err) {
			return fail(err)
		}
		if n > maxNested {
			return fail(fmt.Errorf("%s: %w", name, ErrBomb))
		}
		if err != nil { // here the archive breaks off
			found++
			cut = name
			break
		}
		if !nextHeader(br) {
			found++
			break
		}
	}
	if found == 0 {
		return fail(fmt.Errorf("%w: a zip archive of which no member can be read", ErrBroken))
	}
	if err := w.Close(); err != nil {
		return fail(err)
	}
	return t, cut, nil
}

// isWriteError tells a full disk from a broken archive.
func isWriteError(err error) bool {
	var p *os.PathError
	return errors.As(err, &p)
}

// localMember reads a local header at the start of br and returns the
// member's name and content.
func localMember(br *bufio.Reader) (string, io.Reader, error) {
	var h [30]byte
	if _, err := io.ReadFull(br, h[:]); err != nil {
		return "", nil, err
	}
	le := binary.LittleEndian
	if le.Uint32(h[:]) != 0x04034b50 {
		return "", nil, ErrBroken
	}
	flags, method := le.Uint16(h[6:]), le.Uint16(h[8:])
	packed := int64(le.Uint32(h[18:]))
	rest := make([]byte, int(le.Uint16(h[26:]))+int(le.Uint16(h[28:])))
	if _, err := io.ReadFull(br, rest); err != nil {
		return "", nil, err
	}
	name := string(rest[:le.Uint16(h[26:])])
	if flags&1 != 0 {
		return "", nil, fmt.Errorf("%w: %s is encrypted", ErrBroken, name)
	}
	switch {
	case method == zip.Deflate:
		// flate reads no byte beyond its end from a ByteReader.
		return name, flate.NewReader(br), nil
	case method == zip.Store && flags&8 == 0 && packed != 0xffffffff:
		return name, &exactly{br, packed}, nil
	}
	return "", nil, fmt.Errorf("%w: %s is packed in a way that cannot be salvaged", ErrBroken, name)
}

// exactly reads n bytes; fewer are an error.
type exactly struct {
	r io.Reader
	n int64
}

func (e *exactly) Read(p []byte) (int, error) {
	if e.n == 0 {
		return 0, io.EOF
	}
	n, err := e.r.Read(p[:min(int64(len(p)), e.n)])
	e.n -= int64(n)
	if err == io.EOF && e.n > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// nextHeader passes over a data descriptor (12, 16, 20 or 24 bytes) to the
// next local header.
func nextHeader(br *bufio.Reader) bool {
	b, _ := br.Peek(28)
	i := bytes.Index(b, []byte("PK\x03\x04"))
	if i < 0 {
		return false
	}
	br.Discard(i)
	return true
}
