package appeal

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Code is the number of an appeal, "KAZ 001 / 0120 / OBS 050.1". The
// printed form is the identity: parts are kept as printed, and [Code.Key]
// is the form to compare.
type Code struct {
	Printed string  `json:"printed"`
	Country string  `json:"country"` // "KAZ"; also old letters such as "RDC"
	Seq     string  `json:"seq"`     // number of the case in that country and year
	Date    string  `json:"date"`    // month and year of the first appeal, MMYY; YYMM until 2001
	Prefix  string  `json:"prefix"`  // of the organisation, "OBS"
	Serial  string  `json:"serial"`  // number of the case in that year, worldwide
	Update  *string `json:"update"`  // "1", "09"; nil for a first appeal
}

// DefaultPrefix is the organisation prefix looked for when none is given.
const DefaultPrefix = "OBS"

// aliases are letters printed for a country that ISO 3166-1 spells
// differently: RDC 2001-02, TDC 2008 (reference: printed codes), and former
// ISO codes that a case may still carry.
var aliases = map[string]string{
	"RDC": "COD", "TDC": "TCD", "ZAR": "COD", "ROM": "ROU", "YUG": "SRB", "SCG": "SRB", "BUR": "MMR", "TMP": "TLS",
}

// ISO returns the ISO 3166-1 alpha-3 letters of the country of c, with
// aliases resolved: COD for RDC. Unknown letters come back as they are.
func (c Code) ISO() string {
	l := strings.ToUpper(fold(c.Country).text)
	if iso, ok := aliases[l]; ok {
		return iso
	}
	return l
}

// Key returns the form in which two codes of one case are equal:
// COUNTRY-SEQ-DATE-PREFIX-SERIAL, without the update.
func (c Code) Key() string {
	return c.ISO() + "-" + pad(c.Seq, 3) + "-" + pad(c.Date, 4) + "-" + c.prefix() + "-" + pad(c.Serial, 3)
}

// prefix returns the prefix with look-alike signs undone: "0BS" is OBS.
func (c Code) prefix() string {
	p := fold(c.Prefix).text
	if len(p) == 3 && (p[0] == 'O' || p[0] == '0') && (p[1] == 'B' || p[1] == '8') && (p[2] == 'S' || p[2] == 'C') {
		return "OBS"
	}
	return p
}

// UpdateNumber returns the number of the update, 0 for a first appeal: 9 for
// "09".
func (c Code) UpdateNumber() int {
	if c.Update == nil {
		return 0
	}
	n, _ := strconv.Atoi(digits(*c.Update))
	return n
}

// Same reports whether c and d name the same document: same key, same update.
func (c Code) Same(d Code) bool { return c.Key() == d.Key() && c.UpdateNumber() == d.UpdateNumber() }

// String returns the usual way to print c: "COD 004 / 0106 / OBS 049.02" for
// whatever spacing was printed. Country letters and numbers stay as printed.
func (c Code) String() string {
	s := c.Country + " " + c.Seq + " / " + c.Date + " / " + c.Prefix + " " + c.Serial
	if c.Update != nil {
		s += "." + *c.Update
	}
	return s
}

// pad reads look-alike letters as digits and fills up with zeros to n digits.
func pad(s string, n int) string {
	s = strings.TrimLeft(digits(s), "0")
	for len(s) < n {
		s = "0" + s
	}
	return s
}

var lookDigits = strings.NewReplacer("O", "0", "I", "1", "L", "1")

func digits(s string) string { return lookDigits.Replace(fold(s).text) }

// A FoundCode is a code and where in the text it stands, in bytes.
type FoundCode struct {
	Code
	From, To int
}

// ErrNoCode is returned by [ParseCode] for a text that is not one code.
var ErrNoCode = errors.New("not an appeal code such as KAZ 001 / 0120 / OBS 050")

// ParseCode reads a text that is one code and nothing else.
func ParseCode(s string, prefixes ...string) (Code, error) {
	t := strings.TrimSpace(s)
	found := FindCodes(t, prefixes...)
	if len(found) != 1 || found[0].From != 0 {
		return Code{}, fmt.Errorf("%w: %q", ErrNoCode, s)
	}
	c := found[0].Code
	rest := strings.TrimSpace(t[found[0].To:])
	if rest != "" {
		// "OBS 050 / 1": in running text a slash with spaces may begin
		// something else, alone it can only be the update.
		u := strings.TrimSpace(strings.TrimLeft(rest, "/.-"))
		if c.Update != nil || u == rest || len(u) > 3 || strings.Trim(u, "0123456789") != "" || u == "" {
			return Code{}, fmt.Errorf("%w: %q", ErrNoCode, s)
		}
		c.Update, c.Printed = &u, t
	}
	return c, nil
}

// FindCodes returns every code in text, in order, also as people mangle them
// in replies: dashes for slashes, look-alike Cyrillic letters, O for 0,
// quoted over two lines, in a file name. prefixes are the organisation
// prefixes to look for, [DefaultPrefix] when none is given.
func FindCodes(text string, prefixes ...string) []FoundCode {
	if strings.IndexFunc(text, unicode.IsDigit) < 0 {
		return nil // most lines; a code in look-alike letters only is none
	}
	f := fold(text)
	var found []FoundCode
	re := codePattern(prefixes)
	for at := 0; at < len(f.text); {
		m := re.FindStringSubmatchIndex(f.text[at:])
		if m == nil {
			break
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += at
			}
		}
		if before := m[0] > 0 && isLetter(f.text[m[0]-1]); before {
			at = m[0] + 1
			continue
		}
		end := m[1]
		if end < len(f.text) && isDigit(f.text[end]) {
			// Too many digits: perhaps after a dot that ends the sentence.
			if m[10] < 0 {
				at = m[0] + 1
				continue
			}
			m[10], m[11], end = -1, -1, m[9]
			if isDigit(f.text[end]) {
				at = m[0] + 1
				continue
			}
		}
		part := func(i int) string { return text[f.at(m[i]):f.end(m[i+1])] }
		c := Code{Country: part(2), Seq: part(4), Date: part(6), Prefix: part(12), Serial: part(8)}
		if m[10] >= 0 {
			u := part(10)
			c.Update = &u
		}
		from, to := f.at(m[0]), f.end(end)
		c.Printed = oneLine(text[from:to])
		found = append(found, FoundCode{c, from, to})
		at = end
	}
	return found
}

var patterns sync.Map // prefixes joined -> *regexp.Regexp

// codePattern finds codes in folded text; see FindStringSubmatchIndex for its groups.
func codePattern(prefixes []string) *codeRegexp {
	if len(prefixes) == 0 {
		prefixes = []string{DefaultPrefix}
	}
	key := strings.Join(prefixes, "\x00")
	if re, ok := patterns.Load(key); ok {
		return re.(*codeRegexp)
	}
	var alt []string
	for _, p := range prefixes {
		var b strings.Builder
		for _, r := range fold(p).text {
			switch r {
			case 'O', '0':
				b.WriteString("[O0]")
			case 'B', '8':
				b.WriteString("[B8]")
			case 'S':
				b.WriteString("[SC]") // Russian writes ОБС
			case 'I', '1', 'L':
				b.WriteString("[I1L]")
			default:
				b.WriteString(regexp.QuoteMeta(string(r)))
			}
		}
		alt = append(alt, b.String())
	}
	re := &codeRegexp{regexp.MustCompile(
		`([A-Z]{3})[\s/._-]{0,4}([0-9OIL]{1,4})[\s/._-]{1,4}([0-9OIL]{4})[\s/._-]{0,4}(` + strings.Join(alt, "|") +
			`)[\s/._-]{0,3}([0-9OIL]{1,4})(?: ?\.([0-9]{1,3})|/([0-9]{1,2}))?`)}
	patterns.Store(key, re)
	return re
}

type codeRegexp struct{ *regexp.Regexp }

// FindStringSubmatchIndex returns the match as country, seq, date, serial,
// update, prefix, whichever sign stands before the update.
func (re *codeRegexp) FindStringSubmatchIndex(s string) []int {
	m := re.Regexp.FindStringSubmatchIndex(s)
	if m == nil {
		return nil
	}
	u := m[12:14]
	if u[0] < 0 {
		u = m[14:16]
	}
	return []int{m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[10], m[11], u[0], u[1], m[8], m[9]}
}

func isLetter(b byte) bool { return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= utf8.RuneSelf }
func isDigit(b byte) bool  { return b >= '0' && b <= '9' }

// A folded text is upper case, with look-alike signs made one. Byte i of it
// came from the original bytes from[i] to to[i].
type folded struct {
	text     string
	from, to []int
}

func (f folded) at(i int) int  { return f.from[i] }
func (f folded) end(i int) int { return f.to[i-1] }

// looks are signs that people and converters put for those of a code.
var looks = sync.OnceValue(func() map[rune]rune {
	m := map[rune]rune{}
	put := func(from, to string) {
		t := []rune(to)
		for i, r := range []rune(from) {
			m[r] = t[i]
		}
	}
	put("АВСЕНКМОРТХЗЅІБ", "ABCEHKMOPTXZSIB")
	put("авсенкмортхзѕіб", "ABCEHKMOPTXZSIB")
	put("–—‑−‐", "-----")
	put("／⁄∕\\|", "/////")
	put("\u00a0\u202f\u2009\u2007\u3000\t\v\f", "        ")
	return m
})

// fold upper-cases s, makes look-alike signs one, drops invisible signs and
// undoes line breaks, also those of quoted mail.
func fold(s string) folded {
	var f folded
	b := make([]byte, 0, len(s))
	f.from, f.to = make([]int, 0, len(s)), make([]int, 0, len(s))
	put := func(r rune, from, to int) {
		n := len(b)
		b = utf8.AppendRune(b, r)
		for ; n < len(b); n++ {
			f.from, f.to = append(f.from, from), append(f.to, to)
		}
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			put('?', i, i+1)
		case r == '\u200b' || r == '\ufeff' || r == '\u00ad' || r == '\u200e' || r == '\u200f' || r >= 0x2066 && r <= 0x2069:
		case r == '\r' || r == '\n':
			from := i
			for i+n < len(s) && strings.IndexByte("\r\n> \t", s[i+n]) >= 0 {
				n++
			}
			put(' ', from, i+n)
		case r >= 'a' && r <= 'z':
			put(r-'a'+'A', i, i+n)
		case r >= '！' && r <= '～': // full-width ASCII
			c := r - '！' + '!'
			if c >= 'a' && c <= 'z' {
				c -= 'a' - 'A'
			}
			if l, ok := looks()[c]; ok {
				c = l
			}
			put(c, i, i+n)
		default:
			if l, ok := looks()[r]; ok {
				r = l
			}
			put(r, i, i+n)
		}
		i += n
	}
	f.text = string(b)
	return f
}

// oneLine joins the lines of s and makes each run of white space one space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Month returns the month that the date part of c names, and whether the
// early order (YYMM) had to be used. near is the date of the document or the
// zero time: when both orders name a month, the early order is taken only
// for 2000 and 2001 and only when it alone fits near. ok is false when the
// part names no month in either order.
func (c Code) Month(near time.Time) (month time.Time, early, ok bool) {
	d := pad(c.Date, 4)
	if len(d) != 4 {
		return time.Time{}, false, false
	}
	late, okLate := monthOf(d[:2], d[2:])
	first, okEarly := monthOf(d[2:], d[:2])
	okEarly = okEarly && first.Year() >= 2000 && first.Year() <= 2001
	switch {
	case okLate && okEarly && !near.IsZero():
		if c.fits(first, near) && !c.fits(late, near) {
			return first, true, true
		}
		return late, false, true
	case okLate:
		return late, false, true
	case okEarly:
		return first, true, true
	}
	return time.Time{}, false, false
}

// monthOf reads a month and a year of two digits; appeals began in 1997.
func monthOf(mm, yy string) (time.Time, bool) {
	m, err1 := strconv.Atoi(mm)
	y, err2 := strconv.Atoi(yy)
	if err1 != nil || err2 != nil || m < 1 || m > 12 {
		return time.Time{}, false
	}
	y += 2000
	if y >= 2097 {
		y -= 100
	}
	return time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC), true
}

// fits reports whether a document of this code and date may carry the month:
// a first appeal its own month, an update its own or an earlier one.
func (c Code) fits(month, date time.Time) bool {
	d := time.Date(date.Year(), date.Month(), 1, 0, 0, 0, 0, time.UTC)
	if c.Update != nil {
		return !month.After(d)
	}
	return month.Equal(d)
}

// Check returns what is odd about c, as warnings with the rules "code-form"
// and "code-date". date is that of the document, or the zero time; update
// says that the document calls itself an update. Nothing is corrected: the
// printed code is the identity.
func (c Code) Check(date time.Time, update bool) []Warning {
	var ws []Warning
	warn := func(rule, format string, args ...any) {
		ws = append(ws, Warning{rule, fmt.Sprintf(format, args...), "code"})
	}
	plain := func(s string) bool { return strings.Trim(s, "0123456789") == "" }
	letters := strings.ToUpper(fold(c.Country).text)
	switch {
	case aliases[letters] != "":
		warn("code-form", "%s is not the ISO 3166 code of the country; it stands for %s", c.Country, c.ISO())
	case !isCountry(letters):
		warn("code-form", "%s is not an ISO 3166 country code", c.Country)
	}
	if c.Country != letters || c.Prefix != c.prefix() {
		warn("code-form", "the letters of %q are not printed as plain capitals", c.Printed)
	}
	if !plain(c.Seq) || !plain(c.Date) || !plain(c.Serial) {
		warn("code-form", "a number of %q holds letters that look like digits", c.Printed)
	}
	if len(c.Seq) != 3 || len(c.Serial) != 3 {
		warn("code-form", "the numbers of %q are not of three digits", c.Printed)
	}
	if pad(c.Seq, 3) == "000" || pad(c.Serial, 3) == "000" || c.Update != nil && c.UpdateNumber() == 0 {
		warn("code-form", "a number of %q is zero", c.Printed)
	}
	if update && c.Update == nil {
		warn("code-form", "the text brings new information, but the code has no update number")
	}
	month, _, ok := c.Month(date)
	switch {
	case !ok:
		warn("code-date", "%s names no month, neither as month and year nor as year and month", c.Date)
	case date.IsZero():
	case !c.fits(month, date) && c.Update != nil:
		warn("code-date", "%s says %s, later than the document of %s", c.Date, month.Format("January 2006"), date.Format("2 January 2006"))
	case !c.fits(month, date) && !update:
		warn("code-date", "%s says %s, but the document is of %s: %s would be expected",
			c.Date, month.Format("January 2006"), date.Format("2 January 2006"), date.Format("0106"))
	}
	return ws
}
