package post

import (
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// This file is the kernel of jsonl.go: it writes a line without reflection,
// and reads a line that stands exactly as Append writes it. Whatever differs
// in the least (another order of keys, white space, a rare escape) goes the
// general way, which alone says what an error is. Tests hold both ways to the
// same bytes and the same posts.

// Append appends p as one line of JSON, with its newline, to dst. The bytes
// depend on p alone: keys stand in a fixed order and extra columns are sorted.
func Append(dst []byte, p *Post) []byte {
	dst = append(dst, '{')
	dst = appendKey(dst, "id", p.ID)
	dst = appendKey(dst, "platform", p.Platform)
	if p.Account != (Account{}) {
		dst = append(appendName(dst, "account"), '{')
		dst = appendKey(dst, "id", p.Account.ID)
		dst = append(appendKey(dst, "name", p.Account.Name), '}')
	}
	if t := &p.Time; *t != (Time{}) {
		dst = append(appendName(dst, "time"), `{"at":"`...)
		if t.Known() {
			dst = t.UTC().AppendFormat(dst, lineLayout)
		}
		dst = append(append(dst, `","precision":"`...), t.Precision.String()...)
		dst = append(append(dst, `","basis":"`...), t.Basis.String()...)
		dst = append(dst, '"')
		dst = appendKey(dst, "zone", t.Zone)
		dst = append(appendKey(dst, "text", t.Text), '}')
	}
	dst = appendKey(dst, "text", p.Text)
	dst = appendKey(dst, "lang", p.Lang)
	dst = appendKey(dst, "url", p.URL)
	dst = appendList(dst, "links", p.Links)
	dst = appendList(dst, "hashtags", p.Hashtags)
	dst = appendList(dst, "mentions", p.Mentions)
	dst = appendKey(dst, "repost_of", p.RepostOf)
	if p.Repost {
		dst = append(appendName(dst, "repost"), "true"...)
	}
	dst = appendKey(dst, "reply_to", p.ReplyTo)
	if len(p.Media) > 0 {
		dst = append(appendName(dst, "media"), '[')
		for i := range p.Media {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendKey(append(dst, '{'), "hash", p.Media[i].Hash)
			dst = append(appendKey(dst, "url", p.Media[i].URL), '}')
		}
		dst = append(dst, ']')
	}
	if len(p.Extra) > 0 {
		dst = append(appendName(dst, "extra"), '{')
		for i, k := range slices.Sorted(maps.Keys(p.Extra)) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, k), ':')
			dst = appendString(dst, p.Extra[k])
		}
		dst = append(dst, '}')
	}
	if p.Source != (Source{}) {
		dst = append(appendName(dst, "source"), '{')
		if !p.Source.Ref.IsZero() {
			dst = append(appendName(dst, "ref"), '"')
			dst = append(hex.AppendEncode(dst, p.Source.Ref[:]), '"')
		}
		if p.Source.Record != 0 {
			dst = strconv.AppendInt(appendName(dst, "record"), p.Source.Record, 10)
		}
		dst = append(dst, '}')
	}
	return append(dst, "}\n"...)
}

// appendName appends the key and its colon, with a comma unless it is the
// first of its object.
func appendName(dst []byte, key string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(append(dst, '"'), key...)
	return append(dst, `":`...)
}

func appendKey(dst []byte, key, value string) []byte {
	if value == "" {
		return dst
	}
	return appendString(appendName(dst, key), value)
}

func appendList(dst []byte, key string, list []string) []byte {
	if len(list) == 0 {
		return dst
	}
	dst = append(appendName(dst, key), '[')
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, s)
	}
	return append(dst, ']')
}

const hexDigits = "0123456789abcdef"

// appendString writes s as encoding/json does without HTML escapes: U+2028
// and U+2029 escaped for the sake of JavaScript, bytes that are not UTF-8 as
// U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' {
				i++
				continue
			}
			dst = append(dst, s[from:i]...)
			switch c {
			case '"', '\\':
				dst = append(dst, '\\', c)
			case '\b':
				dst = append(dst, '\\', 'b')
			case '\f':
				dst = append(dst, '\\', 'f')
			case '\n':
				dst = append(dst, '\\', 'n')
			case '\r':
				dst = append(dst, '\\', 'r')
			case '\t':
				dst = append(dst, '\\', 't')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			}
			i++
			from = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			dst = append(append(dst, s[from:i]...), `\ufffd`...)
			from = i + 1
		case r == '\u2028' || r == '\u2029':
			dst = append(append(dst, s[from:i]...), `\u202`...)
			dst = append(dst, hexDigits[r&15])
			from = i + n
		}
		i += n
	}
	return append(append(dst, s[from:]...), '"')
}

// parseLine reads a line that stands as Append writes it. ok is false for
// every other line, good or bad.
func parseLine(b []byte) (p Post, ok bool) {
	for _, c := range b {
		if c < ' ' {
			return p, false
		}
	}
	if !utf8.Valid(b) {
		return p, false
	}
	s := scan{s: string(b)}
	ok = s.lit("{") &&
		s.field(`"id":`, &p.ID) && s.field(`"platform":`, &p.Platform) &&
		s.account(&p.Account) && s.time(&p.Time) &&
		s.field(`"text":`, &p.Text) && s.field(`"lang":`, &p.Lang) && s.field(`"url":`, &p.URL) &&
		s.list(`"links":`, &p.Links) && s.list(`"hashtags":`, &p.Hashtags) && s.list(`"mentions":`, &p.Mentions) &&
		s.field(`"repost_of":`, &p.RepostOf) && s.flag(`"repost":`, &p.Repost) && s.field(`"reply_to":`, &p.ReplyTo) &&
		s.media(&p.Media) && s.extra(&p.Extra) && s.source(b, &p.Source) &&
		s.lit("}") && s.i == len(s.s)
	return p, ok
}

// scan is a place in a line. Its methods return false when the line is not as
// they expect; a key that is missing is fine.
type scan struct {
	s     string
	i     int
	comma bool // a key stands before this place in its object
}

func (s *scan) lit(x string) bool {
	if !strings.HasPrefix(s.s[s.i:], x) {
		return false
	}
	s.i += len(x)
	return true
}

// key passes over name, with its comma, when it comes next.
func (s *scan) key(name string) bool {
	i := s.i
	if s.comma {
		if i >= len(s.s) || s.s[i] != ',' {
			return false
		}
		i++
	}
	if !strings.HasPrefix(s.s[i:], name) {
		return false
	}
	s.i, s.comma = i+len(name), true
	return true
}

// open and end stand around an object.
func (s *scan) open() bool {
	s.comma = false
	return s.lit("{")
}

func (s *scan) end() bool {
	s.comma = true
	return s.lit("}")
}

func (s *scan) field(name string, v *string) bool {
	return !s.key(name) || s.str(v)
}

func (s *scan) flag(name string, v *bool) bool {
	if !s.key(name) {
		return true
	}
	*v = true
	return s.lit("true")
}

// str reads a string.
func (s *scan) str(v *string) bool {
	if !s.lit(`"`) {
		return false
	}
	rest := s.s[s.i:]
	q := strings.IndexByte(rest, '"')
	if q < 0 {
		return false
	}
	if strings.IndexByte(rest[:q], '\\') < 0 {
		*v, s.i = rest[:q], s.i+q+1
		return true
	}
	var b strings.Builder
	b.Grow(q + 16)
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		switch {
		case c == '"':
			*v, s.i = b.String(), s.i+i+1
			return true
		case c != '\\':
			b.WriteByte(c)
			continue
		}
		if i++; i == len(rest) {
			return false
		}
		switch rest[i] {
		case '"', '\\', '/':
			b.WriteByte(rest[i])
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		default: // rare: \b, \f, \u…
			return false
		}
	}
	return false
}

func (s *scan) list(name string, v *[]string) bool {
	if !s.key(name) {
		return true
	}
	for sep := "["; s.lit(sep); sep = "," {
		var x string
		if !s.str(&x) {
			return false
		}
		*v = append(*v, x)
	}
	return len(*v) > 0 && s.lit("]")
}

func (s *scan) account(v *Account) bool {
	return !s.key(`"account":`) || s.open() && s.field(`"id":`, &v.ID) && s.field(`"name":`, &v.Name) && s.end()
}

func (s *scan) time(t *Time) bool {
	if !s.key(`"time":`) {
		return true
	}
	var at, precision, basis string
	var err error
	if !s.lit(`{"at":`) || !s.str(&at) || !s.lit(`,"precision":`) || !s.str(&precision) || !s.lit(`,"basis":`) || !s.str(&basis) {
		return false
	}
	s.comma = true
	if !s.field(`"zone":`, &t.Zone) || !s.field(`"text":`, &t.Text) || !s.end() {
		return false
	}
	if t.Precision, err = ParsePrecision(precision); err != nil {
		return false
	}
	if t.Basis, err = ParseBasis(basis); err != nil {
		return false
	}
	if !t.Known() {
		return at == ""
	}
	var ok bool
	t.Millis, ok = parseInstant(at)
	return ok
}

// parseInstant reads 2006-01-02T15:04:05.000Z.
func parseInstant(s string) (millis int64, ok bool) {
	if len(s) != len("2006-01-02T15:04:05.000Z") || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[19] != '.' || s[23] != 'Z' {
		return 0, false
	}
	var n [7]int
	for i, at := range [7][2]int{{0, 4}, {5, 7}, {8, 10}, {11, 13}, {14, 16}, {17, 19}, {20, 23}} {
		for _, c := range []byte(s[at[0]:at[1]]) {
			if c < '0' || c > '9' {
				return 0, false
			}
			n[i] = n[i]*10 + int(c-'0')
		}
	}
	if n[1] < 1 || n[1] > 12 || n[2] < 1 || n[3] > 23 || n[4] > 59 || n[5] > 59 {
		return 0, false
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], n[6]*1e6, time.UTC)
	return t.UnixMilli(), t.Day() == n[2]
}

func (s *scan) media(v *[]Media) bool {
	if !s.key(`"media":`) {
		return true
	}
	for sep := "["; s.lit(sep); sep = "," {
		var m Media
		if !s.open() || !s.field(`"hash":`, &m.Hash) || !s.field(`"url":`, &m.URL) || !s.end() {
			return false
		}
		*v = append(*v, m)
	}
	return len(*v) > 0 && s.lit("]")
}

func (s *scan) extra(v *map[string]string) bool {
	if !s.key(`"extra":`) {
		return true
	}
	*v = map[string]string{}
	for sep := "{"; s.lit(sep); sep = "," {
		var k, x string
		if !s.str(&k) || !s.lit(":") || !s.str(&x) {
			return false
		}
		(*v)[k] = x
	}
	return len(*v) > 0 && s.end()
}

func (s *scan) source(b []byte, v *Source) bool {
	if !s.key(`"source":`) {
		return true
	}
	if !s.open() {
		return false
	}
	if s.key(`"ref":"`) {
		if len(b) < s.i+64 {
			return false
		}
		if _, err := hex.Decode(v.Ref[:], b[s.i:s.i+64]); err != nil {
			return false
		}
		if s.i += 64; !s.lit(`"`) {
			return false
		}
	}
	if s.key(`"record":`) {
		from := s.i
		for s.i < len(s.s) && s.s[s.i] >= '0' && s.s[s.i] <= '9' && s.i-from < 18 {
			v.Record = v.Record*10 + int64(s.s[s.i]-'0')
			s.i++
		}
		if s.i == from || s.s[from] == '0' {
			return false
		}
	}
	return s.end()
}
