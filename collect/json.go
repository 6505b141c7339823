package collect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxRecord is the longest single record of a nested format that is held in
// memory. A longer one is rejected and reading goes on after it. It is a
// variable so that tests need no large files.
var maxRecord = 64 << 20

// A syntaxError is JSON that cannot be followed any further.
type syntaxError struct {
	line int64
	msg  string
}

func (e *syntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.msg) }

// errTooLong marks a value that was passed over since it is over maxRecord.
var errTooLong = errors.New("longer than a record may be")

// A walker moves over JSON (RFC 8259) in a stream and holds no more of it
// than the value asked for. It follows brackets and strings only: whether a
// value is well formed is for the decoder of that value to say, so that one
// bad record costs one record.
type walker struct {
	r    io.Reader
	win  []byte // read but not yet passed
	err  error  // of r, told when win is used up
	line int64  // of the next byte, counted from 1
	bol  bool   // the next byte is the first of its line

	keep    bool   // passed bytes are kept
	kept    []byte // passed since keep was set, at most maxRecord
	tooLong bool   // kept was cut

	buf []byte
}

func newWalker(r io.Reader) *walker {
	return &walker{r: r, line: 1, bol: true, buf: make([]byte, 64<<10)}
}

// walkBytes walks over b, which begins at a line of the file.
func walkBytes(b []byte, line int64) *walker {
	return &walker{win: b, err: io.EOF, line: line, bol: true}
}

// fill makes win non-empty or returns the error of the stream.
func (w *walker) fill() error {
	for tries := 0; len(w.win) == 0; tries++ {
		if w.err != nil {
			return w.err
		}
		if tries > 100 {
			return io.ErrNoProgress
		}
		var n int
		n, w.err = w.r.Read(w.buf)
		w.win = w.buf[:n]
	}
	return nil
}

// pass moves over the first n bytes of win.
func (w *walker) pass(n int) {
	if n == 0 {
		return
	}
	b := w.win[:n]
	w.line += int64(bytes.Count(b, []byte{'\n'}))
	w.bol = b[n-1] == '\n'
	if w.keep {
		if room := maxRecord - len(w.kept); n > room {
			b, w.tooLong = b[:room], true
		}
		w.kept = append(w.kept, b...)
	}
	w.win = w.win[n:]
}

// peek returns the next byte that is no white space, without passing it.
func (w *walker) peek() (byte, error) {
	if !w.keep {
		w.kept = w.kept[:0]
	}
	for {
		if err := w.fill(); err != nil {
			return 0, err
		}
		n := 0
		for n < len(w.win) && isSpace(w.win[n]) {
			n++
		}
		w.pass(n)
		if len(w.win) > 0 {
			return w.win[0], nil
		}
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// inside is peek where the document cannot end.
func (w *walker) inside() (byte, error) {
	c, err := w.peek()
	return c, w.unexpected(err)
}

func (w *walker) unexpected(err error) error {
	if err == io.EOF {
		return &syntaxError{w.line, "the document breaks off here"}
	}
	return err
}

func (w *walker) bad(format string, a ...any) error {
	return &syntaxError{w.line, fmt.Sprintf(format, a...)}
}

// expect passes the byte c.
func (w *walker) expect(c byte) error {
	got, err := w.inside()
	if err != nil {
		return err
	}
	if got != c {
		return w.bad("%q stands where %q is expected", got, c)
	}
	w.pass(1)
	return nil
}

// skip passes one value.
func (w *walker) skip() error {
	c, err := w.inside()
	if err != nil {
		return err
	}
	switch c {
	case '"':
		w.pass(1)
		return w.skipString()
	case '{', '[':
		w.pass(1)
		return w.skipNest()
	case '}', ']', ',', ':':
		return w.bad("%q stands where a value is expected", c)
	}
	for {
		n := bytes.IndexAny(w.win, ",]}: \n\r\t\"{[")
		if n >= 0 {
			w.pass(n)
			return nil
		}
		w.pass(len(w.win))
		if err := w.fill(); err != nil {
			if err == io.EOF {
				return nil // a bare number at the end
			}
			return err
		}
	}
}

// skipString passes the rest of a string, with its closing quote.
func (w *walker) skipString() error {
	escaped := false
	for {
		if err := w.fill(); err != nil {
			return w.unexpected(err)
		}
		i := 0
		if escaped {
			i, escaped = 1, false
		}
		for i < len(w.win) {
			n := bytes.IndexByte(w.win[i:], '"')
			esc := bytes.IndexByte(w.win[i:to(n, i, len(w.win))], '\\')
			if esc >= 0 {
				i += esc + 2
				continue
			}
			if n >= 0 {
				w.pass(i + n + 1)
				return nil
			}
			i = len(w.win)
		}
		escaped = i > len(w.win)
		w.pass(len(w.win))
	}
}

// to is the end of the part before a byte found n after i, or all.
func to(n, i, all int) int {
	if n < 0 {
		return all
	}
	return i + n
}

// skipNest passes the rest of an object or array whose opening bracket is
// passed already.
func (w *walker) skipNest() error {
	depth := 1
	for {
		if err := w.fill(); err != nil {
			return w.unexpected(err)
		}
		i := 0
	scan:
		for ; i < len(w.win); i++ {
			switch w.win[i] {
			case '"':
				break scan
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					w.pass(i + 1)
					return nil
				}
			}
		}
		if i == len(w.win) {
			w.pass(i)
			continue
		}
		w.pass(i + 1)
		if err := w.skipString(); err != nil {
			return err
		}
	}
}

// value passes one value and returns its bytes, which are valid until the
// next call. A value over maxRecord is passed as well; its first bytes come
// back with errTooLong. On any other error the bytes are those passed so far.
func (w *walker) value() ([]byte, error) {
	if w.keep { // within a value that is kept already
		from := len(w.kept)
		err := w.skip()
		if err == nil && w.tooLong {
			err = errTooLong
		}
		return bytes.TrimLeft(w.kept[min(from, len(w.kept)):], " \n\r\t"), err
	}
	if _, err := w.inside(); err != nil {
		return nil, err
	}
	w.keep, w.kept, w.tooLong = true, w.kept[:0], false
	err := w.skip()
	w.keep = false
	if err == nil && w.tooLong {
		err = errTooLong
	}
	raw := w.kept
	if cap(w.kept) > 1<<20 && len(w.kept) < 1<<16 {
		w.kept = nil // one long record is no reason to hold its memory
	}
	return raw, err
}

// object passes an object and calls f for each key; f must pass the value.
func (w *walker) object(f func(key string) error) error {
	if err := w.expect('{'); err != nil {
		return err
	}
	for first := true; ; first = false {
		c, err := w.inside()
		if err != nil {
			return err
		}
		switch {
		case c == '}':
			w.pass(1)
			return nil
		case c == ',' && !first:
			w.pass(1)
			continue
		case c != '"':
			return w.bad("%q stands where a key is expected", c)
		}
		raw, err := w.value()
		if err != nil {
			return err
		}
		key := keyOf(raw)
		if err := w.expect(':'); err != nil {
			return err
		}
		if err := f(key); err != nil {
			return err
		}
	}
}

func keyOf(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 && len(raw) >= 2 {
		return string(raw[1 : len(raw)-1])
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return string(raw)
	}
	return s
}

// array passes an array and calls f before each element; f must pass it.
func (w *walker) array(f func() error) error {
	if err := w.expect('['); err != nil {
		return err
	}
	for {
		c, err := w.inside()
		if err != nil {
			return err
		}
		switch c {
		case ']':
			w.pass(1)
			return nil
		case ',':
			w.pass(1)
			continue
		}
		if err := f(); err != nil {
			return err
		}
	}
}

// restOfLine passes everything up to and with the next newline and returns
// it without the newline, at most maxRecord of it; it is io.EOF at the end.
func (w *walker) restOfLine() (line []byte, long bool, err error) {
	w.keep, w.kept, w.tooLong = true, w.kept[:0], false
	defer func() { w.keep = false }()
	for {
		if err := w.fill(); err != nil {
			return w.kept, w.tooLong, err
		}
		if i := bytes.IndexByte(w.win, '\n'); i >= 0 {
			w.pass(i + 1)
			return bytes.TrimSuffix(w.kept, []byte("\n")), w.tooLong, nil
		}
		w.pass(len(w.win))
	}
}
