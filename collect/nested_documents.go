package collect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// documents reads r as JSON: one document, several in a row, or JSON Lines.
// Of JSON Lines a line that cannot be followed is rejected and reading goes
// on; a document that breaks off is an error after what it held before.
func (n *nest) documents(r io.Reader, at visits) error {
	lines := n.member == "" && looksLikeLines(headText(n.in))
	return n.document(r, func(w *walker) error {
		for first := true; ; first = false {
			c, err := w.peek()
			if err != nil {
				return passEOF(err)
			}
			lines = lines || !first && w.bol && c == '{'
			switch {
			case lines:
				err = n.oneLine(w, at)
			case (c == ',' || c == ';') && !first:
				w.pass(1)
			case c == '[':
				err = w.array(func() error { return w.entity(at) })
			default:
				err = w.entity(at)
			}
			if err != nil {
				return err
			}
		}
	})
}

// walker returns a walker over r, as UTF-8 and without a byte order mark.
func (n *nest) walker(r io.Reader) *walker {
	return newWalker(skipBOM(n.utf8(r)))
}

// utf8 undoes UTF-16, which some shells write when output is sent to a file,
// and the one-byte encodings of old files.
func (n *nest) utf8(r io.Reader) io.Reader {
	c, ok := charset{}, false
	switch {
	case n.o.Encoding != "":
		var err error
		if c, err = charsetNamed(n.o.Encoding); err != nil {
			return errReader{err}
		}
	case n.member != "":
		return r
	default:
		if c, ok = wideCharset(n.in.Head); !ok {
			c, _ = byteCharset(n.in.Head)
		}
	}
	switch {
	case c.wide != nil:
		n.note("the file is in " + c.name)
		return c.decodeWide(r)
	case c.bytes != nil:
		n.note("the file is not UTF-8; it was read as " + c.name)
		return c.bytes.NewDecoder().Reader(r)
	}
	return r
}

// headText returns the head of in as UTF-8, for Sniff.
func headText(in *Input) []byte {
	head := in.Head
	if c, ok := wideCharset(head); ok {
		head, _ = io.ReadAll(c.decodeWide(bytes.NewReader(head)))
	}
	return bytes.TrimPrefix(head, bom)
}

// document lets f walk over r. Where the document or the file breaks, the
// record that was cut is rejected and the error says where.
func (n *nest) document(r io.Reader, f func(w *walker) error) error {
	w := n.walker(r)
	err := f(w)
	var broken *syntaxError
	switch {
	case errors.As(err, &broken):
		return n.brokenOff(w, broken)
	case err != nil && err == w.err:
		before := n.record
		if err := n.rejectPart(w, "the file breaks off inside it"); err != nil {
			return err
		}
		return fmt.Errorf("%w; the %d records before the break were read", err, before)
	}
	return err
}

// brokenOff rejects the part of a record before the place where the document
// breaks, and returns the error that says so.
func (n *nest) brokenOff(w *walker, broken *syntaxError) error {
	before := n.record
	if err := n.rejectPart(w, broken.msg); err != nil {
		return err
	}
	return fmt.Errorf("%w: %v; the %d records before it were read", ErrBroken, broken, before)
}

func (n *nest) rejectPart(w *walker, reason string) error {
	if len(bytes.TrimSpace(w.kept)) == 0 {
		return nil
	}
	n.begin(w.kept, w.line-int64(bytes.Count(w.kept, []byte{'\n'})))
	return n.reject(reason)
}

// oneLine reads the rest of the line as one or more top-level objects.
func (n *nest) oneLine(w *walker, at visits) error {
	line := w.line
	b, long, end := w.restOfLine()
	if end != nil && end != io.EOF && len(b) == 0 {
		return end
	}
	if long {
		n.begin(b, line)
		if err := n.reject(fmt.Sprintf("the line is longer than %d bytes", maxRecord)); err != nil {
			return err
		}
		return passEOF(end)
	}
	if whole := at[""]; whole != nil && !at.mayStandIn(b) {
		at = visits{"": whole}
	}
	l := walkBytes(b, line)
	defer func() { w.kept = w.kept[:0] }() // the line is told
	for {
		c, err := l.peek()
		if err == io.EOF {
			break
		}
		if c == ',' {
			l.pass(1)
			continue
		}
		err = l.entity(at)
		var broken *syntaxError
		if errors.As(err, &broken) {
			n.begin(b, line)
			if err := n.reject("the line is not valid JSON: " + broken.msg); err != nil {
				return err
			}
			break
		}
		if err != nil {
			return err
		}
	}
	return passEOF(end)
}

// passEOF leaves the end of the file to the next look for a record.
func passEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// looksLikeLines reports whether head is JSON Lines: the line after the first
// begins with a brace, as it never does inside a document.
func looksLikeLines(head []byte) bool {
	head = bytes.TrimLeft(head, " \r\n\t")
	if len(head) == 0 || head[0] == '[' {
		return false
	}
	_, rest, _ := bytes.Cut(head, []byte("\n"))
	rest = bytes.TrimLeft(rest, "\r\n")
	return len(rest) > 0 && rest[0] == '{'
}

// entity passes one top-level value and visits what at names in it.
func (w *walker) entity(at visits) error {
	c, err := w.inside()
	if err != nil {
		return err
	}
	line, whole := w.line, at[""]
	if c != '{' || len(at) == 1 && whole != nil {
		raw, err := w.value()
		if whole == nil {
			return err
		}
		return whole(raw, line, err)
	}
	found := false
	w.keep, w.kept, w.tooLong = true, w.kept[:0], false
	err = w.under("", at, &found)
	w.keep = false
	if err != nil || found || whole == nil {
		return err
	}
	if w.tooLong {
		err = errTooLong
	}
	return whole(w.kept, line, err)
}

// under passes an object that stands at path.
func (w *walker) under(path string, at visits, found *bool) error {
	return w.object(func(key string) error {
		p := key
		if path != "" {
			p = path + "." + key
		}
		c, err := w.inside()
		if err != nil {
			return err
		}
		if f := at[p]; f != nil && c == '[' {
			*found = true
			w.keep, w.kept = false, w.kept[:0]
			return w.array(func() error {
				line := w.line
				raw, err := w.value()
				return f(raw, line, err)
			})
		}
		if c == '{' {
			for k := range at {
				if strings.HasPrefix(k, p+".") {
					return w.under(p, at, found)
				}
			}
		}
		return w.skip()
	})
}

// topKeys returns the keys of the first object in head, which may stand in an
// array and may be cut off. Keys inside an object are written with a point,
// one level deep.
func topKeys(head []byte) []string {
	w := walkBytes(head, 1)
	if c, err := w.peek(); err != nil {
		return nil
	} else if c == '[' {
		w.pass(1)
	}
	var keys []string
	_ = w.object(func(key string) error { // an error is the end of head
		keys = append(keys, key)
		if c, err := w.inside(); err != nil || c != '{' || len(keys) > 200 {
			return skipAfter(w, err)
		}
		return w.object(func(k string) error {
			keys = append(keys, key+"."+k)
			return w.skip()
		})
	})
	return keys
}

// hasKeys reports whether keys has every one of want.
func hasKeys(keys []string, want ...string) bool {
	for _, k := range want {
		if !slices.Contains(keys, k) {
			return false
		}
	}
	return true
}

// sniffKeys makes a Sniff that looks at the keys of the first object, or of
// one of the next lines, should the first be broken.
func sniffKeys(f func(keys []string, head []byte) string) func(*Input) (string, bool) {
	return func(in *Input) (string, bool) {
		if in.Zip != nil {
			return "", false
		}
		head := headText(in)
		for line, rest := 0, head; line < 3 && len(rest) > 0; line++ {
			if line == 0 || rest[0] == '{' {
				if keys := topKeys(rest); len(keys) > 0 {
					if sign := f(keys, head); sign != "" {
						return sign, true
					}
				}
			}
			_, rest, _ = bytes.Cut(rest, []byte("\n"))
		}
		return "", false
	}
}

// isBroken reports whether err is of the file and not of the one who reads.
func isBroken(err error) bool { return errors.Is(err, ErrBroken) && !errors.Is(err, ErrBomb) }
