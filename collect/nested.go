package collect

import (
	"bytes"
	"encoding/json"
	"fmt"
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
	json   quick  // keeps the keys of the format
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
	repaired := false
	if n.json.keys == nil {
		n.json.keys = map[string]string{}
	}
	if x, ok := n.json.parse(raw); ok {
		v.v = x
	} else if v, repaired, err = decode(raw); err != nil {
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

// mayStandIn reports whether any of the arrays may stand in b: most lines of
// JSON Lines have none, and need no look at their keys.
func (at visits) mayStandIn(b []byte) bool {
	for path := range at {
		key, _, _ := strings.Cut(path, ".")
		if key != "" && bytes.Contains(b, []byte(`"`+key+`"`)) {
			return true
		}
	}
	return false
}
