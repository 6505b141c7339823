package collect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/arasha-org/arasha/post"
)

// nested lists the formats that are trees and not tables, in the order in
// which they are tried. docs/formats/exports.md is their page.
var nested = []Format{
	xArchive,
	facebookArchive,
	instagramArchive,
	telegramDesktop,
	zeeschuimer,
	telethon,
	twitterV2,
	vk,
	tiktokResearch,
	ytdlp,
	mastodonOutbox,
	bluesky,
	feed,
	sitemap,
	gdelt,
	twitterV1,
	mastodonAPI,
	reddit,
}

// A nest carries one reading of one nested format.
type nest struct {
	in  *Input
	o   *Options
	out Sink

	member string // zip member being read, or ""
	record int64  // number of the record at hand
	line   int64  // where it begins
	raw    []byte // its bytes
	cur    node   // its value, for Options.Keep
	said   map[string]bool
	found  map[string]bool // Options.Keep that some record had
}

// reading makes a Format's Read of f.
func reading(f func(n *nest) error) func(*Input, *Options, Sink) error {
	return func(in *Input, o *Options, out Sink) error {
		if o == nil {
			o = &Options{}
		}
		n := &nest{in: in, o: o, out: out, said: map[string]bool{}, found: map[string]bool{}}
		if len(o.Columns) > 0 {
			n.note("columns can be named for tables only; this format states its own fields")
		}
		err := f(n)
		for _, k := range o.Keep {
			if n.record > 0 && !n.found[k] {
				n.note(fmt.Sprintf("no record has a field %q; fields inside others are written with points, as in a.b", k))
			}
		}
		return err
	}
}

// begin makes raw, which begins at line, the record at hand.
func (n *nest) begin(raw []byte, line int64) {
	n.record++
	n.raw, n.line, n.cur = raw, line, node{}
}

// post sends p as what the record at hand holds. What is no post in any sense
// is rejected.
func (n *nest) post(p *post.Post) error {
	if saysNothing(p) {
		if n.raw == nil && n.cur.is() {
			n.raw, _ = json.Marshal(n.cur.v) // a value of maps and strings
		}
		return n.reject("it has no id, text, address or picture where this format puts them")
	}
	n.extra(p)
	p.Source.Record = n.record
	return n.out.Post(p)
}

func saysNothing(p *post.Post) bool {
	return p.ID == "" && p.Text == "" && p.URL == "" && len(p.Links) == 0 && len(p.Media) == 0
}

// extra fills the fields the user asked to keep.
func (n *nest) extra(p *post.Post) {
	for _, k := range n.o.Keep {
		v := n.cur.at(k)
		if !v.is() {
			v = n.cur.at(strings.Split(k, ".")...)
		}
		if !v.is() {
			continue
		}
		n.found[k] = true
		s := v.str()
		if s == "" {
			if _, isString := v.v.(string); !isString {
				b, err := json.Marshal(v.v)
				if err != nil {
					continue
				}
				s = string(b)
			}
		}
		if p.Extra == nil {
			p.Extra = map[string]string{}
		}
		p.Extra[k] = s
	}
}

// reject sends the record at hand as one that cannot be read.
func (n *nest) reject(reason string) error {
	return n.out.Reject(Reject{Member: n.member, Record: n.record, Line: n.line, Reason: reason, Raw: n.raw})
}

func (n *nest) skip(reason string) error { return n.out.Skip(reason) }

// note tells a person something once.
func (n *nest) note(text string) {
	if !n.said[text] {
		n.said[text] = true
		n.out.Note(text)
	}
}

// sample is note with an example, told for the first example only.
func (n *nest) sample(text, example string) {
	if !n.said[text] {
		n.said[text] = true
		n.out.Note(fmt.Sprintf("%s (the first: %q in record %d)", text, example[:cutAt(example, 80)], n.record))
	}
}

// cutAt returns the length of the longest part of s up to n bytes that ends
// between two characters.
func cutAt(s string, n int) int {
	if len(s) <= n {
		return len(s)
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// item makes raw the record at hand, decodes it and hands it to f. It is the
// visit for most formats.
func (n *nest) item(f func(v node) error) visit {
	return func(raw []byte, line int64, err error) error {
		if err != nil && err != errTooLong {
			return err
		}
		n.begin(raw, line)
		if err != nil {
			return n.reject(fmt.Sprintf("it is longer than %d bytes", maxRecord))
		}
		v, ok, err := n.value(raw)
		if err != nil || !ok {
			return err
		}
		if !v.isObject() {
			return n.reject("it is not an object")
		}
		n.cur = v
		return f(v)
	}
}

// value decodes the record at hand; ok is false when it had to be rejected.
func (n *nest) value(raw []byte) (v node, ok bool, err error) {
	v, repaired, err := decode(raw)
	if err != nil {
		return v, false, n.reject("it is not valid JSON: " + err.Error())
	}
	if repaired {
		n.note("slips in the JSON were read as they were meant: \\x1F as \\u001F, raw control characters, NaN as nothing")
	}
	if !utf8.Valid(raw) {
		n.note("some text is not valid UTF-8; the broken bytes are shown as \uFFFD")
	}
	return v, true, nil
}

// A visit takes one value found by documents: its bytes, valid during the
// call, the line it begins at, and errTooLong or the error that ended it.
type visit func(raw []byte, line int64, err error) error

// visits says what is a record: a path of keys parted by points names an
// array whose elements are records. The empty path stands for a top-level
// object, or element of a top-level array, that has none of these arrays.
type visits map[string]visit

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
	l := walkBytes(b, line)
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
// array and may be cut off, and whether head begins like JSON at all. Keys
// inside an object are written with a point, one level deep.
func topKeys(head []byte) []string {
	for range 3 { // the first lines may be broken
		w := walkBytes(head, 1)
		c, err := w.peek()
		if err != nil {
			return nil
		}
		if c == '[' {
			w.pass(1)
		}
		var keys []string
		_ = w.object(func(key string) error { // an error is the end of head
			keys = append(keys, key)
			if c, err := w.inside(); err != nil || c != '{' || len(keys) > 200 {
				return w.skip()
			}
			return w.object(func(k string) error {
				keys = append(keys, key+"."+k)
				return w.skip()
			})
		})
		if len(keys) > 0 {
			return keys
		}
		_, head, _ = bytes.Cut(head, []byte("\n"))
	}
	return nil
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

// sniffKeys makes a Sniff that looks at the keys of the first object.
func sniffKeys(f func(keys []string, head []byte) string) func(*Input) (string, bool) {
	return func(in *Input) (string, bool) {
		if in.Zip != nil {
			return "", false
		}
		head := headText(in)
		keys := topKeys(head)
		if len(keys) == 0 {
			return "", false
		}
		sign := f(keys, head)
		return sign, sign != ""
	}
}

// isBroken reports whether err is of the file and not of the one who reads.
func isBroken(err error) bool { return errors.Is(err, ErrBroken) && !errors.Is(err, ErrBomb) }
