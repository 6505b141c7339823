package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"

	"github.com/arasha-org/arasha/internal/csvrows"
	"github.com/arasha-org/arasha/internal/disk"
)

// maxTable is the most text one table may hold, unpacked: rows are kept in
// memory, so a file that unpacks without end must stop somewhere.
const maxTable = 4 << 30

// A table is another tool's CSV, read whole.
type table struct {
	file  string
	r     *csvrows.Reader
	at    []int // the column of each field, -1 when absent
	line  int   // of the row given last
	lines int   // line ends in the text: about as many as rows
	row   []string
}

// openTable reads file and finds the fields in its header. columns says where
// a field has another name; it may use our names or the tool's.
func openTable(file string, fields []likeField, columns map[string]string) (*table, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, cannotTell("", "%v", err)
	}
	defer f.Close()
	return newTable(file, f, fields, columns)
}

func newTable(file string, r io.Reader, fields []likeField, columns map[string]string) (*table, error) {
	text, err := unpack(file, r)
	if err != nil {
		return nil, err
	}
	t := &table{file: file, r: csvrows.NewReader(text), row: make([]string, len(fields)), lines: strings.Count(text, "\n")}
	header, _, err := t.r.Next()
	if err != nil {
		return nil, cannotTell("", "%s: %v", file, err)
	}
	if header == nil {
		return nil, cannotTell("the first line must name the columns", "%s is empty", file)
	}
	t.at, err = findColumns(header, fields, columns)
	if err != nil {
		return nil, cannotTell("name the columns with --columns; the file has: "+strings.Join(header, ", "), "%s: %v", file, err)
	}
	return t, nil
}

func findColumns(header []string, fields []likeField, columns map[string]string) ([]int, error) {
	at := make([]int, len(fields))
	for i, f := range fields {
		at[i] = -1
		if f.unread {
			continue
		}
		name, named := columns[f.name]
		if !named {
			name, named = columns[f.column]
		}
		if !named {
			name = f.column
		}
		at[i] = slices.Index(header, name)
		if at[i] < 0 && (named || !f.optional) {
			return nil, fmt.Errorf("no column %q (%s)", name, f.name)
		}
		if at[i] >= 0 && slices.Contains(header[at[i]+1:], name) {
			return nil, fmt.Errorf("two columns are named %q", name)
		}
	}
	return at, nil
}

// checkColumns refuses names in --columns that no field has.
func checkColumns(fields []likeField, columns map[string]string) error {
	for name := range columns {
		if !slices.ContainsFunc(fields, func(f likeField) bool { return f.name == name || f.column == name }) {
			var known []string
			for _, f := range fields {
				known = append(known, f.name)
			}
			return wrongUse("the fields are: "+strings.Join(known, ", "), "--columns: no field %q", name)
		}
	}
	return nil
}

// rows yields the fields of every row in the order asked for, "" for an absent
// column. The slice is used again.
func (t *table) rows(yield func([]string, error) bool) {
	for {
		row, line, err := t.r.Next()
		t.line = line
		switch {
		case err != nil:
			yield(nil, cannotTell("", "%s: %v", t.file, err))
			return
		case row == nil:
			return
		}
		for i, k := range t.at {
			if k >= 0 {
				t.row[i] = row[k]
			}
		}
		if !yield(t.row, nil) {
			return
		}
	}
}

// seconds reads the time of the present row.
func (t *table) seconds(s string) (float64, error) {
	if n, err := strconv.ParseInt(s, 10, 52); err == nil {
		return float64(n), nil
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, cannotTell("times must be seconds, such as 1623881091 or 1623881091.5",
			"%s: line %d: %q is no time", t.file, t.line, s)
	}
	return x, nil
}

// unpack returns the text of a plain or gzip file.
func unpack(file string, r io.Reader) (string, error) {
	const most = "%s holds more than %d GiB of text"
	var b strings.Builder
	// Room for the whole text is made at once where its size is known.
	size := int64(0)
	if s, ok := r.(io.Seeker); ok {
		if n, err := s.Seek(0, io.SeekEnd); err == nil { // not of a pipe
			size = n
			s.Seek(0, io.SeekStart)
		}
	}
	if size > maxTable {
		return "", cannotTell("", most, file, maxTable>>30)
	}
	from := bufio.NewReaderSize(r, 64<<10)
	if head, err := from.Peek(2); err == nil && string(head) == "\x1f\x8b" {
		z, err := gzip.NewReader(from)
		if err != nil {
			return "", cannotTell("", "%s: %v", file, err)
		}
		if at, ok := r.(io.ReaderAt); ok && size > 4 {
			// The last four bytes are the unpacked size: a hint, not to be trusted.
			var n [4]byte
			at.ReadAt(n[:], size-4)
			b.Grow(int(min(int64(binary.LittleEndian.Uint32(n[:])), 16*size)))
		}
		more, err := io.Copy(&b, io.LimitReader(z, maxTable+1))
		if err != nil {
			return "", cannotTell("the file may be cut short; fetch it again", "%s: %v", file, err)
		}
		if more > maxTable {
			return "", cannotTell("", most, file, maxTable>>30)
		}
	} else {
		b.Grow(int(size))
		more, err := io.Copy(&b, io.LimitReader(from, maxTable+1))
		if err != nil {
			return "", cannotTell("", "%v", err)
		}
		if more > maxTable {
			return "", cannotTell("", most, file, maxTable>>30)
		}
	}
	text := strings.TrimPrefix(b.String(), "\xef\xbb\xbf")
	if !utf8.ValidString(text) {
		return "", cannotTell("save the file as UTF-8", "%s: line %d is not UTF-8", file, badLine(text))
	}
	return text, nil
}

// badLine returns the line of the first byte that is not UTF-8.
func badLine(s string) int {
	line := 1
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		s = s[n:]
	}
	return line
}

// outputs are files that appear together, whole, or not at all.
type outputs struct {
	files []*tableWriter
}

// add opens an output; path may be "" for a table nobody asked for.
func (o *outputs) add(path string) *tableWriter {
	t := &tableWriter{path: path}
	if path != "" {
		t.buf = make([]byte, 0, 1<<20) // what is not touched is not given
		o.files = append(o.files, t)
	}
	return t
}

// check refuses to write nothing, to write two tables into one file, and to
// overwrite what is read.
func (o *outputs) check(inputs []string) error {
	if len(o.files) == 0 {
		return wrongUse("say where the edges go: --edges FILE.csv", "nothing to write")
	}
	for i, t := range o.files {
		info, err := os.Stat(t.path)
		for _, other := range o.files[:i] {
			otherInfo, otherErr := os.Stat(other.path)
			if t.path == other.path || err == nil && otherErr == nil && os.SameFile(info, otherInfo) {
				return wrongUse("", "two tables would go to %s", t.path)
			}
		}
		for _, in := range inputs {
			if inInfo, inErr := os.Stat(in); err == nil && inErr == nil && os.SameFile(info, inInfo) {
				return wrongUse("", "%s is read; it cannot be written too", t.path)
			}
		}
	}
	return nil
}

// commit writes every table to a file beside its place, waits for the disk, and
// only then puts them all in place.
func (o *outputs) commit() error {
	temps, errs := make([]*disk.Pending, len(o.files)), make([]error, len(o.files))
	defer func() {
		for _, p := range temps {
			if p != nil {
				p.Discard()
			}
		}
	}()
	// All at once: the disk takes as long for four files as for one.
	var wg sync.WaitGroup
	for i, t := range o.files {
		wg.Go(func() { temps[i], errs[i] = t.writeBeside() })
	}
	wg.Wait()
	for i, t := range o.files {
		if errs[i] != nil {
			return cannotTell("", "%s: %v", t.path, errs[i])
		}
	}
	for i, t := range o.files {
		if err := temps[i].Commit(t.path, 0o644); err != nil {
			return cannotTell("", "%v", err)
		}
	}
	return nil
}

// A tableWriter holds a CSV table in memory. Text is quoted only where it must
// be; numbers are written as data.table's fwrite does, which made the files
// that ours are compared with.
type tableWriter struct {
	path   string
	buf    []byte
	powers map[int]power // of two, as round needs them
}

// A power is significand × 10^exponent.
type power struct {
	significand float64
	exponent    int
}

func (t *tableWriter) header(line string) { t.buf = append(append(t.buf, line...), '\n') }

func (t *tableWriter) text(s string) {
	if needsQuotes(s) {
		t.buf = append(t.buf, '"')
		t.buf = append(t.buf, strings.ReplaceAll(s, `"`, `""`)...)
		t.buf = append(t.buf, '"')
	} else {
		t.buf = append(t.buf, s...)
	}
	t.buf = append(t.buf, ',')
}

func needsQuotes(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ',' && (c == ',' || c == '"' || c == '\n' || c == '\r') {
			return true
		}
	}
	return false
}

func (t *tableWriter) int(n int) { t.buf = append(strconv.AppendInt(t.buf, int64(n), 10), ',') }

// number writes x with up to 15 significant digits; NaN, which stands for no
// value, is empty.
func (t *tableWriter) number(x float64) {
	switch {
	case math.IsNaN(x):
	case x == math.Trunc(x) && math.Abs(x) < 1e15:
		t.buf = strconv.AppendInt(t.buf, int64(x), 10)
	default:
		t.buf = strconv.AppendFloat(t.buf, math.Copysign(t.round(math.Abs(x)), x), 'g', 15, 64)
	}
	t.buf = append(t.buf, ',')
}

// round rounds x > 0 to 15 digits with the arithmetic of fwrite, whose own
// rounding errors show in the last digit: significand times a rounded power of
// two, cut to 16 digits, the last of which then rounds the others.
func (t *tableWriter) round(x float64) float64 {
	m, e := math.Frexp(x)
	p, ok := t.powers[e]
	if !ok {
		digits, exp, _ := strings.Cut(strconv.FormatFloat(math.Ldexp(.5, e), 'e', 30, 64), "e")
		p.significand, _ = strconv.ParseFloat(digits, 64)
		p.exponent, _ = strconv.Atoi(exp)
		if t.powers == nil {
			t.powers = make(map[int]power)
		}
		t.powers[e] = p
	}
	y, exp := 2*m*p.significand, p.exponent
	if y >= 9.99999999999999 {
		y /= 10
		exp++
	}
	n := uint64(y * 1e15)
	if n%10 >= 5 {
		n += 10
	}
	var mem [32]byte
	s := strconv.AppendUint(mem[:0], n/10, 10)
	s = strconv.AppendInt(append(s, 'e'), int64(exp-14), 10)
	x, _ = strconv.ParseFloat(string(s), 64)
	return x
}

func (t *tableWriter) flag(b bool) {
	if b {
		t.int(1)
	} else {
		t.int(0)
	}
}

// end ends a row.
func (t *tableWriter) end() { t.buf[len(t.buf)-1] = '\n' }

// writeBeside writes the table to a new file next to path, which is not seen
// under its name yet.
func (t *tableWriter) writeBeside() (p *disk.Pending, err error) {
	if p, err = disk.NewPending(filepath.Dir(t.path)); err != nil {
		return nil, err
	}
	if strings.HasSuffix(t.path, ".gz") {
		z := gzip.NewWriter(p)
		if _, err := z.Write(t.buf); err != nil {
			return p, err
		}
		if err := z.Close(); err != nil {
			return p, err
		}
	} else if _, err := p.Write(t.buf); err != nil {
		return p, err
	}
	return p, p.Sync()
}
