package collect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// MaxRecord is the longest row of a table that is read. A longer one is
// rejected with its line number, and reading goes on after it.
const MaxRecord = 16 << 20

// maxRaw is how much of a rejected row is kept for people to look at.
const maxRaw = 64 << 10

// maxUnclosed is how many quotes may be opened and never closed before the
// file is taken to use quotes without meaning; until then each one costs a
// look through MaxRecord bytes.
const maxUnclosed = 8

// A dialect is how a delimited table is written.
type dialect struct {
	comma     byte
	eol       byte // '\n', or '\r' in files of old Macs
	backslash bool // \" is a quote inside quotes, beside ""
	quotes    bool // a cell may be put in quotes
}

// A csvReader cuts a stream into rows and cells, after RFC 4180 with the
// leniency of encoding/csv's LazyQuotes. Unlike encoding/csv it bounds a row,
// keeps its bytes, survives a quote that is never closed, and decodes
// one-byte character sets.
type csvReader struct {
	r       io.Reader
	dialect dialect
	charset charset
	decided bool // charset is known; until then rows are pure ASCII

	buf        []byte
	start, end int
	err        error // of r, sticky; io.EOF at the end

	line     int64 // of the next row, counted from 1
	unclosed int

	// Of the last row.
	cells   []string
	raw     []byte // without the line end
	rowLine int64
	spans   []span
	scratch []byte

	// What happened so far, for notes.
	replaced, nuls   int64 // rows with bytes that are not text
	replacedAt, nuAt int64 // line of the first one
	others           int64 // rows in a one-byte set inside a UTF-8 file
	otherAt          int64
	other            string
	charsetLine      int64 // where charset was decided
}

type span struct {
	from, to int
	escapes  bool
}

func newCSVReader(r io.Reader, d dialect, c charset, decided bool) *csvReader {
	return &csvReader{r: r, dialect: d, charset: c, decided: decided, line: 1}
}

// rowError is a row that cannot be cut into cells.
type rowError struct{ reason string }

func (e *rowError) Error() string { return e.reason }

var errMore = errors.New("more bytes are needed")

// next reads the next row into c.cells. A *rowError leaves the row in c.raw
// and reading goes on; any other error is the end. Empty lines are passed
// over.
func (c *csvReader) next() error {
	for {
		n, err := c.bound()
		if err != nil {
			return err
		}
		raw := c.buf[c.start : c.start+n]
		c.start += n
		c.rowLine = c.line
		c.line += int64(bytes.Count(raw, []byte{c.dialect.eol}))
		if len(raw) > 0 && raw[len(raw)-1] == c.dialect.eol {
			raw = raw[:len(raw)-1]
		}
		if len(raw) > 0 && raw[len(raw)-1] == '\r' {
			raw = raw[:len(raw)-1]
		}
		if c.raw = raw; len(raw) == 0 {
			continue
		}
		return c.build()
	}
}

// bound finds the next row: n bytes from c.start, with c.spans of its cells.
func (c *csvReader) bound() (n int, err error) {
	for {
		b := c.buf[c.start:c.end]
		if i := bytes.IndexByte(b, c.dialect.eol); i >= 0 {
			if n, err = c.split(b, i); err == nil {
				return n, nil
			}
		} else if c.err != nil {
			return c.last(b)
		}
		// The row goes on beyond the buffer.
		if len(b) >= MaxRecord {
			return 0, c.tooLong(b)
		}
		if c.err != nil { // only an open quote comes here
			return 0, c.openQuote(b)
		}
		c.fill()
	}
}

// split cuts the row at the start of b, whose first line ends at eol.
func (c *csvReader) split(b []byte, eol int) (int, error) {
	if !c.dialect.quotes || bytes.IndexByte(b[:eol], '"') < 0 {
		c.plain(b[:eol])
		return eol + 1, nil
	}
	if c.unclosed >= maxUnclosed {
		n, err := c.quoted(b[:eol+1], true)
		if err != nil { // quotes without meaning
			c.plain(b[:eol])
			n = eol + 1
		}
		return n, nil
	}
	return c.quoted(b, c.err != nil)
}

// last handles the bytes after the last line end.
func (c *csvReader) last(b []byte) (int, error) {
	if c.err != io.EOF { // the file breaks off inside this row
		if len(b) > 0 {
			c.reject(b, len(b))
			return 0, &rowError{"the file breaks off inside this row"}
		}
		return 0, c.err
	}
	if len(b) == 0 {
		return 0, io.EOF
	}
	if c.dialect.quotes && bytes.IndexByte(b, '"') >= 0 {
		n, err := c.quoted(b, true)
		if err != nil {
			return 0, c.openQuote(b)
		}
		return n, nil
	}
	c.plain(b)
	return len(b), nil
}

// reject takes n bytes off as a row that cannot be read.
func (c *csvReader) reject(b []byte, n int) {
	c.raw, c.rowLine = bytes.TrimRight(b[:n], "\r\n"), c.line
	c.line += int64(bytes.Count(b[:n], []byte{c.dialect.eol}))
	c.start += n
}

// openQuote rejects the first line of b alone, so that one stray quote does
// not swallow the rest of the file.
func (c *csvReader) openQuote(b []byte) error {
	c.unclosed++
	n := len(b)
	if i := bytes.IndexByte(b, c.dialect.eol); i >= 0 {
		n = i + 1
	}
	c.reject(b, n)
	if c.err != nil && c.err != io.EOF {
		return &rowError{"the file breaks off inside this row"}
	}
	return &rowError{"a quote is opened in this line and never closed"}
}

// tooLong rejects a row of more than MaxRecord bytes.
func (c *csvReader) tooLong(b []byte) error {
	if i := bytes.IndexByte(b, c.dialect.eol); i >= 0 {
		return c.openQuote(b)
	}
	keep := bytes.Clone(b[:maxRaw])
	size := int64(len(b))
	for c.start, c.end = 0, 0; ; c.start, c.end = 0, 0 {
		c.fill()
		if i := bytes.IndexByte(c.buf[:c.end], c.dialect.eol); i >= 0 {
			size += int64(i)
			c.start = i + 1
			break
		}
		if size += int64(c.end); c.err != nil {
			c.start = c.end
			break
		}
	}
	c.raw, c.rowLine = keep, c.line
	c.line++
	return &rowError{fmt.Sprintf("the line is %d bytes long; rows of more than %d are not read", size, MaxRecord)}
}

// fill reads more bytes behind c.end, growing the buffer up to MaxRecord.
func (c *csvReader) fill() {
	if c.start > 0 {
		copy(c.buf, c.buf[c.start:c.end])
		c.start, c.end = 0, c.end-c.start
	}
	if c.end == len(c.buf) {
		c.buf = append(c.buf, make([]byte, max(256<<10, min(len(c.buf), MaxRecord)))...)
	}
	for tries := 0; c.err == nil; tries++ {
		n, err := c.r.Read(c.buf[c.end:])
		c.end += n
		c.err = err
		if n > 0 {
			return
		}
		if err == nil && tries == 100 {
			c.err = io.ErrNoProgress
		}
	}
}

// plain notes the cells of a line without quotes.
func (c *csvReader) plain(b []byte) {
	c.spans = c.spans[:0]
	from := 0
	for {
		i := bytes.IndexByte(b[from:], c.dialect.comma)
		if i < 0 {
			break
		}
		c.spans = append(c.spans, span{from: from, to: from + i})
		from += i + 1
	}
	to := len(b)
	if to > from && b[to-1] == '\r' {
		to--
	}
	c.spans = append(c.spans, span{from: from, to: to})
}

// quoted notes the cells of the row at the start of b and returns its length
// with its line end. It fails with errMore when b ends inside the row; at the
// end of the file that is only so inside quotes.
func (c *csvReader) quoted(b []byte, atEnd bool) (int, error) {
	c.spans = c.spans[:0]
	comma, eol := c.dialect.comma, c.dialect.eol
	pos := 0
	for {
		if pos < len(b) && b[pos] == '"' {
			n, s, err := c.quotedCell(b, pos, atEnd)
			if err != nil {
				return 0, err
			}
			c.spans = append(c.spans, s)
			if pos = n; pos >= len(b) || b[pos] == eol {
				return min(pos+1, len(b)), nil
			}
			pos++ // the comma
			continue
		}
		i := pos
		for i < len(b) && b[i] != comma && b[i] != eol {
			i++
		}
		if i == len(b) && !atEnd {
			return 0, errMore
		}
		to := i
		if (i == len(b) || b[i] == eol) && to > pos && b[to-1] == '\r' {
			to--
		}
		c.spans = append(c.spans, span{from: pos, to: to})
		if i == len(b) || b[i] == eol {
			return min(i+1, len(b)), nil
		}
		pos = i + 1
	}
}

// quotedCell reads the cell whose opening quote stands at b[pos]. end is the
// place of the comma or line end behind it.
func (c *csvReader) quotedCell(b []byte, pos int, atEnd bool) (end int, s span, err error) {
	s.from = pos + 1
	i := pos + 1
	for {
		q := bytes.IndexByte(b[i:], '"')
		if q < 0 {
			return 0, s, errMore
		}
		i += q
		if c.dialect.backslash && escaped(b[s.from:i]) {
			s.escapes = true
			i++
			continue
		}
		j := i + 1
		switch {
		case j < len(b) && b[j] == '"':
			s.escapes = true
			i += 2
			continue
		case j < len(b) && (b[j] == c.dialect.comma || b[j] == c.dialect.eol):
		case j < len(b) && b[j] == '\r' && (j+1 < len(b) && b[j+1] == c.dialect.eol || j+1 == len(b) && atEnd):
			j++
		case j == len(b) && atEnd:
		case j == len(b) || b[j] == '\r' && j+1 == len(b):
			return 0, s, errMore
		default: // a quote among the text: it stays
			i++
			continue
		}
		s.to = i
		return j, s, nil
	}
}

// escaped reports whether b ends in an odd number of backslashes.
func escaped(b []byte) bool {
	n := 0
	for n < len(b) && b[len(b)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// build makes c.cells from c.raw and c.spans: one allocation for the row.
func (c *csvReader) build() error {
	raw := c.raw
	dirty, charset := false, c.charset
	if bytes.IndexByte(raw, 0) >= 0 {
		if n := zeroRun(raw); n >= maxZeroRun {
			return &rowError{fmt.Sprintf("a hole of %d zero bytes: the file was damaged here", n)}
		}
		if c.nuls++; c.nuls == 1 {
			c.nuAt = c.rowLine
		}
		dirty = true
	}
	if c.charset.bytes == nil && !validText(raw) {
		if !c.decided {
			c.charset, _ = byteCharset(raw)
			c.decided, c.charsetLine = true, c.rowLine
			charset = c.charset
		}
		if c.charset.bytes == nil {
			charset = otherCharset(raw)
		}
		switch {
		case c.charset.bytes != nil:
		case charset.bytes != nil:
			if c.others++; c.others == 1 {
				c.otherAt, c.other = c.rowLine, charset.name
			}
		default:
			if c.replaced++; c.replaced == 1 {
				c.replacedAt = c.rowLine
			}
		}
		dirty = true
	}
	dirty = dirty || charset.bytes != nil
	c.cells = c.cells[:0]
	if !dirty {
		simple := true
		for i := range c.spans {
			if c.spans[i].escapes {
				simple = false
				break
			}
		}
		if simple {
			s := string(raw)
			for _, sp := range c.spans {
				c.cells = append(c.cells, s[sp.from:sp.to])
			}
			return nil
		}
	}
	c.scratch = c.scratch[:0]
	for i := range c.spans {
		sp := &c.spans[i]
		from := len(c.scratch)
		c.scratch = c.cell(c.scratch, raw[sp.from:sp.to], charset, sp.escapes, dirty)
		sp.from, sp.to = from, len(c.scratch)
	}
	s := string(c.scratch)
	for _, sp := range c.spans {
		c.cells = append(c.cells, s[sp.from:sp.to])
	}
	return nil
}

// cell appends one cell without its escapes, as UTF-8.
func (c *csvReader) cell(dst, b []byte, charset charset, escapes, dirty bool) []byte {
	if escapes {
		from := len(dst)
		for i := 0; i < len(b); i++ {
			if i+1 < len(b) && (b[i] == '"' && b[i+1] == '"' || c.dialect.backslash && b[i] == '\\' && (b[i+1] == '"' || b[i+1] == '\\')) {
				i++
			}
			dst = append(dst, b[i])
		}
		if !dirty {
			return dst
		}
		b = bytes.Clone(dst[from:])
		dst = dst[:from]
	}
	if !dirty {
		return append(dst, b...)
	}
	if bytes.IndexByte(b, 0) >= 0 {
		b = bytes.ReplaceAll(b, []byte{0}, nil)
	}
	if charset.bytes != nil {
		return charset.text(dst, b)
	}
	return append(dst, bytes.ToValidUTF8(b, []byte("\uFFFD"))...)
}

// otherCharset says which one-byte set a row of a UTF-8 file is in, as when
// two files were put together. A few stray bytes are no evidence.
func otherCharset(raw []byte) charset {
	high := 0
	for _, x := range raw {
		if x >= utf8.RuneSelf {
			high++
		}
	}
	if c, ok := byteCharset(raw); ok && c.bytes != nil && high >= 4 {
		return c
	}
	return charset{}
}

// maxZeroRun zero bytes in a row are not a slip of a program but a block that
// a disk lost: text is missing there.
const maxZeroRun = 16

// zeroRun returns the length of the longest run of zero bytes.
func zeroRun(b []byte) int {
	best, n := 0, 0
	for _, x := range b {
		if x != 0 {
			n = 0
			continue
		}
		n++
		best = max(best, n)
	}
	return best
}
