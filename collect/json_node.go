package collect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
)

// A node is a place in decoded JSON. Asking a node for what it is not gives
// the zero value, so that a reader survives the platforms' changes; numbers
// keep their digits.
type node struct{ v any }

// decode reads one JSON value. Slips that real exporters make and that have
// one meaning only are repaired, and repaired says so: \x1F for \u001F
// (Telegram Desktop), raw control characters in strings, and NaN (Python).
func decode(raw []byte) (v node, repaired bool, err error) {
	v, err = decodeStrict(raw)
	if err != nil {
		if fixed, changed := repairJSON(raw); changed {
			if v2, err2 := decodeStrict(fixed); err2 == nil {
				return v2, true, nil
			}
		}
	}
	return v, false, err
}

func decodeStrict(raw []byte) (node, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			err = errors.New("it breaks off")
		}
		return node{}, err
	}
	if rest := bytes.TrimLeft(raw[d.InputOffset():], " \r\n\t"); len(rest) > 0 {
		return node{}, fmt.Errorf("%q follows the value", rest[:min(len(rest), 20)])
	}
	return node{v}, nil
}

// repairJSON rewrites \xHH to \u00HH, escapes raw control characters inside
// strings and replaces NaN and Infinity by null. `\\x` stays.
func repairJSON(raw []byte) (fixed []byte, changed bool) {
	out := make([]byte, 0, len(raw)+64)
	inString := false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case !inString:
			if w := notNumber(raw[i:]); w > 0 {
				out, i, changed = append(out, "null"...), i+w-1, true
				continue
			}
			inString = c == '"'
		case c == '"':
			inString = false
		case c == '\\' && i+3 < len(raw) && raw[i+1] == 'x' && isHex(raw[i+2]) && isHex(raw[i+3]):
			out, changed = append(out, '\\', 'u', '0', '0'), true
			i++
			continue
		case c == '\\' && i+1 < len(raw):
			out = append(out, c, raw[i+1])
			i++
			continue
		case c < 0x20:
			out, changed = fmt.Appendf(out, `\u%04x`, c), true
			continue
		}
		out = append(out, c)
	}
	return out, changed
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func notNumber(b []byte) int {
	for _, w := range []string{"NaN", "Infinity", "-Infinity"} {
		if bytes.HasPrefix(b, []byte(w)) {
			return len(w)
		}
	}
	return 0
}

// at follows keys of objects; "0" and so on follow elements of arrays.
func (v node) at(path ...string) node {
	for _, k := range path {
		switch m := v.v.(type) {
		case map[string]any:
			v = node{m[k]}
		case []any:
			i, err := strconv.Atoi(k)
			if err != nil || i < 0 || i >= len(m) {
				return node{}
			}
			v = node{m[i]}
		default:
			return node{}
		}
	}
	return v
}

// has reports whether v is an object with the key, be it null.
func (v node) has(key string) bool {
	m, ok := v.v.(map[string]any)
	if ok {
		_, ok = m[key]
	}
	return ok
}

// is reports whether there is anything but null.
func (v node) is() bool { return v.v != nil }

func (v node) isObject() bool { _, ok := v.v.(map[string]any); return ok }

// str returns a string or the digits of a number, else "".
func (v node) str() string {
	switch s := v.v.(type) {
	case string:
		return s
	case json.Number:
		return s.String()
	}
	return ""
}

// first returns the first non-empty string at the dotted paths.
func (v node) first(paths ...string) string {
	for _, p := range paths {
		if s := v.at(strings.Split(p, ".")...).str(); s != "" {
			return s
		}
	}
	return ""
}

// yes reports a JSON true.
func (v node) yes() bool { b, _ := v.v.(bool); return b }

// each yields the elements of an array; a lone object counts as one.
func (v node) each() iter.Seq[node] {
	return func(yield func(node) bool) {
		switch l := v.v.(type) {
		case []any:
			for _, e := range l {
				if !yield(node{e}) {
					return
				}
			}
		case map[string]any:
			yield(v)
		}
	}
}

// entries yields the keys and values of an object, in no order.
func (v node) entries() iter.Seq2[string, node] {
	return func(yield func(string, node) bool) {
		m, _ := v.v.(map[string]any)
		for k, e := range m {
			if !yield(k, node{e}) {
				return
			}
		}
	}
}
