package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"
)

// The zip of a dossier is written in exactly one way (docs/formats/dossier.md
// section 1). The reader takes the few values it needs from each header, writes
// the header anew, and compares: so there is no byte without a check, and
// nothing for two programs to read differently.

// ErrContainer says that a file is not written as a dossier is.
var ErrContainer = errors.New("not written as a dossier is")

const (
	max16      = 1<<16 - 1
	max32      = 1<<32 - 1
	maxMembers = 4 << 20
)

type zipEntry struct {
	name   string
	size   int64
	crc    uint32
	offset int64 // of the local header
}

var le = binary.LittleEndian

// appendHeader appends what the local and the central header have in common:
// flags to extra length.
func (e zipEntry) appendHeader(b []byte, extra int) []byte {
	b = append(b, 0, 0, 0, 0, 0, 0, 0x21, 0) // flags, method, time, date
	b = le.AppendUint32(b, e.crc)
	size := uint32(min(e.size, max32))
	b = le.AppendUint32(b, size)
	b = le.AppendUint32(b, size)
	b = le.AppendUint16(b, uint16(len(e.name)))
	return le.AppendUint16(b, uint16(extra))
}

func (e zipEntry) appendLocal(b []byte) []byte {
	var extra []byte
	need := byte(20)
	if e.size >= max32 {
		need = 45
		extra = append(extra, 1, 0, 16, 0)
		extra = le.AppendUint64(extra, uint64(e.size))
		extra = le.AppendUint64(extra, uint64(e.size))
	}
	b = append(b, 'P', 'K', 3, 4, need, 0)
	b = e.appendHeader(b, len(extra))
	b = append(b, e.name...)
	return append(b, extra...)
}

func (e zipEntry) appendCentral(b []byte) []byte {
	var extra []byte
	if e.size >= max32 {
		extra = le.AppendUint64(extra, uint64(e.size))
		extra = le.AppendUint64(extra, uint64(e.size))
	}
	if e.offset >= max32 {
		extra = le.AppendUint64(extra, uint64(e.offset))
	}
	need := byte(20)
	if len(extra) > 0 {
		need = 45
		extra = append([]byte{1, 0, byte(len(extra)), 0}, extra...)
	}
	b = append(b, 'P', 'K', 1, 2, 20, 0, need, 0)
	b = e.appendHeader(b, len(extra))
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) // comment, disk, attributes
	b = le.AppendUint32(b, uint32(min(e.offset, max32)))
	b = append(b, e.name...)
	return append(b, extra...)
}

func appendEnd(b []byte, members, size, offset int64) []byte {
	if members >= max16 || size >= max32 || offset >= max32 {
		b = append(b, 'P', 'K', 6, 6)
		b = le.AppendUint64(b, 44)
		b = append(b, 45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0)
		for _, v := range []int64{members, members, size, offset} {
			b = le.AppendUint64(b, uint64(v))
		}
		b = append(b, 'P', 'K', 6, 7, 0, 0, 0, 0)
		b = le.AppendUint64(b, uint64(offset+size))
		b = append(b, 1, 0, 0, 0)
		members, size, offset = max16, max32, max32
	}
	b = append(b, 'P', 'K', 5, 6, 0, 0, 0, 0)
	b = le.AppendUint16(b, uint16(members))
	b = le.AppendUint16(b, uint16(members))
	b = le.AppendUint32(b, uint32(size))
	b = le.AppendUint32(b, uint32(offset))
	return append(b, 0, 0)
}

// A zipWriter writes the zip of a dossier.
type zipWriter struct {
	f interface {
		io.Writer
		io.WriterAt
	}
	offset  int64
	entries []zipEntry
}

// add writes one member of exactly size bytes. The checksum is put into the
// header when the bytes have gone by.
func (z *zipWriter) add(name string, size int64, r io.Reader) error {
	e := zipEntry{name: name, size: size, offset: z.offset}
	if _, err := z.f.Write(e.appendLocal(nil)); err != nil {
		return err
	}
	sum := crc32.NewIEEE()
	n, err := io.CopyBuffer(io.MultiWriter(z.f, sum), io.LimitReader(r, size+1), make([]byte, 1<<18))
	if err != nil {
		return err
	}
	if n != size {
		return fmt.Errorf("evidence: %s has another size than the %d bytes recorded", name, size)
	}
	e.crc = sum.Sum32()
	head := e.appendLocal(nil)
	if _, err := z.f.WriteAt(head, e.offset); err != nil {
		return err
	}
	z.offset += int64(len(head)) + size
	z.entries = append(z.entries, e)
	return nil
}

func (z *zipWriter) close() error {
	var b []byte
	size := int64(0)
	for _, e := range z.entries {
		b = e.appendCentral(b)
		if len(b) > 1<<18 {
			if _, err := z.f.Write(b); err != nil {
				return err
			}
			size += int64(len(b))
			b = b[:0]
		}
	}
	size += int64(len(b))
	_, err := z.f.Write(appendEnd(b, int64(len(z.entries)), size, z.offset))
	return err
}

// readZip reads the headers of a dossier's zip. The members' bytes, and with
// them the checksums, are for the caller to check.
func readZip(r io.ReaderAt, size int64) ([]zipEntry, error) {
	bad := func(at int64, format string, args ...any) error {
		return fmt.Errorf("evidence: byte %d: %s: %w", at, fmt.Sprintf(format, args...), ErrContainer)
	}
	var entries []zipEntry
	seen := make(map[string]bool)
	at := int64(0)
	var head [30 + maxName + 20]byte
	for {
		n, err := r.ReadAt(head[:min(int64(len(head)), size-at)], at)
		b := head[:n]
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("evidence: %w", err)
		}
		if len(b) < 22 {
			return nil, bad(at, "the file ends too early")
		}
		if !bytes.HasPrefix(b, []byte{'P', 'K', 3, 4}) {
			break
		}
		if len(b) < 30 {
			return nil, bad(at, "the file ends too early")
		}
		e := zipEntry{crc: le.Uint32(b[14:]), size: int64(le.Uint32(b[22:])), offset: at}
		nameLen := int(le.Uint16(b[26:]))
		if nameLen > maxName || len(b) < 30+nameLen {
			return nil, bad(at, "a member's name is %d bytes long", nameLen)
		}
		e.name = string(b[30 : 30+nameLen])
		if e.size == max32 {
			if len(b) < 30+nameLen+20 {
				return nil, bad(at, "the file ends too early")
			}
			big := le.Uint64(b[30+nameLen+4:])
			if big > 1<<62 {
				return nil, bad(at, "member %q claims %d bytes", e.name, big)
			}
			e.size = int64(big)
		}
		if err := checkName(e.name); err != nil {
			return nil, bad(at, "%v", err)
		}
		if lower := strings.ToLower(e.name); seen[lower] {
			return nil, bad(at, "member %q is there twice", e.name)
		} else {
			seen[lower] = true
		}
		local := e.appendLocal(nil)
		if !bytes.HasPrefix(b, local) {
			return nil, bad(at, "the header of member %q is not the one this format writes", e.name)
		}
		if e.size > size-at-int64(len(local)) {
			return nil, bad(at, "member %q claims %d bytes, more than the file has", e.name, e.size)
		}
		if len(entries) >= maxMembers {
			return nil, bad(at, "more than %d members", maxMembers)
		}
		at += int64(len(local)) + e.size
		entries = append(entries, e)
	}

	start := at
	compare := func(want []byte, what string) error {
		got := make([]byte, len(want))
		if n, err := r.ReadAt(got, at); n < len(got) {
			if err != nil && err != io.EOF {
				return fmt.Errorf("evidence: %w", err)
			}
			return bad(at, "the file ends too early")
		}
		if !bytes.Equal(got, want) {
			return bad(at, "%s is not the one this format writes", what)
		}
		at += int64(len(want))
		return nil
	}
	for _, e := range entries {
		if err := compare(e.appendCentral(nil), fmt.Sprintf("the directory entry of member %q", e.name)); err != nil {
			return nil, err
		}
	}
	if err := compare(appendEnd(nil, int64(len(entries)), at-start, start), "the end record"); err != nil {
		return nil, err
	}
	if at != size {
		return nil, bad(at, "%d bytes follow the end", size-at)
	}
	return entries, nil
}

const maxName = 200

// checkName says what is wrong with the name of a member.
func checkName(name string) error {
	if name == "" || len(name) > maxName {
		return fmt.Errorf("a member's name is %d bytes long", len(name))
	}
	for _, part := range strings.Split(name, "/") {
		for i, r := range part {
			letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
			if !letter && (i == 0 || r != '.' && r != '_' && r != '-') {
				return fmt.Errorf("the name %q is not allowed in a dossier", name)
			}
		}
		if part == "" {
			return fmt.Errorf("the name %q is not allowed in a dossier", name)
		}
	}
	return nil
}

// hostile looks at a zip that is no dossier through the eyes of a common
// reader, and names the first thing in it that could do harm, if any.
func hostile(r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil
	}
	names := make(map[string]bool)
	for _, f := range z.File {
		what := ""
		switch mode := f.Mode(); {
		case checkName(f.Name) != nil && (strings.Contains(f.Name, "..") || strings.HasPrefix(f.Name, "/") || strings.ContainsAny(f.Name, "\\:")):
			what = "its name leads out of the folder"
		case mode&fs.ModeSymlink != 0:
			what = "it is a link"
		case mode&(fs.ModeDevice|fs.ModeNamedPipe|fs.ModeSocket|fs.ModeCharDevice) != 0:
			what = "it is a device"
		case mode.IsDir():
			what = "it is a folder"
		case names[strings.ToLower(f.Name)]:
			what = "its name is there twice"
		case f.UncompressedSize64 > 1<<20 && f.CompressedSize64 > 0 && f.UncompressedSize64/f.CompressedSize64 > 100:
			what = fmt.Sprintf("it would unpack from %d to %d bytes", f.CompressedSize64, f.UncompressedSize64)
		case f.Flags&1 != 0:
			what = "it is encrypted"
		case f.Method != zip.Store:
			what = "it is compressed"
		}
		if what != "" {
			return fmt.Errorf("evidence: member %q is refused: %s: %w", clip(f.Name), what, ErrContainer)
		}
		names[strings.ToLower(f.Name)] = true
	}
	return nil
}
