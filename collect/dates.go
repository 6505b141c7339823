package collect

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/arasha-org/arasha/post"
)

// A moment is a printed time taken apart. Nothing in it is guessed: a year or
// zone that is not printed is missing here.
type moment struct {
	year, month, day   int // 0 where not printed
	hour, minute, sec  int
	nanos              int
	precision          post.Precision
	zone               *time.Location // nil when none is printed
	basis              post.Basis     // Unix for epoch numbers, else Unstated
	at                 int64          // milliseconds, when basis is Unix
	unit               string         // of epoch numbers: "seconds", "milliseconds", …
	first, second      int            // the two numbers of 5/2 whose order is not clear
	sep                byte           // between them: '.', '/' or '-'
	clockOnly, shortYr bool
	serial             bool // a spreadsheet's day number
}

// splitDay reports whether the order of day and month is open.
func (m *moment) splitDay() bool { return m.first != 0 }

// A dateError says why a printed time cannot be read. Errors of one kind are
// counted together.
type dateError struct {
	kind string // stable: "unknown zone", "exponent", "unreadable"
	text string
}

func (e *dateError) Error() string { return e.kind + ": " + strconv.Quote(e.text) }

const (
	notADate    = "not a date or time"
	unknownZone = "the zone is not known, or means several"
	exponent    = "the number lost its digits (as 1.58E+09)"
)

// smallInt reads up to nine digits and nothing else.
func smallInt(s string) (int, bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// parseUnix reads a plain number of seconds, the form of nearly every large
// table, without further ado.
func parseUnix(s string) (ms int64, ok bool) {
	if len(s) != 10 {
		return 0, false
	}
	for i := 0; i < 10; i++ {
		d := s[i] - '0'
		if d > 9 {
			return 0, false
		}
		ms = ms*10 + int64(d)
	}
	return ms * 1000, true
}

// parseMoment takes a printed time apart. serials says that a number such as
// 43949.5 is a spreadsheet's count of days.
func parseMoment(text string, serials, base1904 bool) (moment, error) {
	s := strings.TrimSpace(text)
	if s == "" {
		return moment{}, &dateError{notADate, text}
	}
	if m, ok := isoMoment(s); ok {
		return m, nil
	}
	if m, ok, err := numberMoment(ungroup(s), serials, base1904); ok || err != nil {
		return m, err
	}
	return wordMoment(s)
}

// isoMoment reads the one form machines agree on, 2020-04-28 10:15:30 with T
// or space, fraction and offset or Z (RFC 3339, ISO 8601).
func isoMoment(s string) (m moment, ok bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return m, false
	}
	var okY, okM, okD bool
	m.year, okY = smallInt(s[:4])
	m.month, okM = smallInt(s[5:7])
	m.day, okD = smallInt(s[8:10])
	if !okY || !okM || !okD || !m.validDay() {
		return m, false
	}
	if len(s) == 10 {
		m.precision = post.Day
		return m, true
	}
	if s[10] != 'T' && s[10] != ' ' {
		return m, false
	}
	rest := s[11:]
	n := strings.IndexAny(rest, "Z+- ")
	clock, zone := rest, ""
	if n >= 0 {
		clock, zone = rest[:n], strings.TrimSpace(rest[n:])
	}
	if !m.clock(clock) {
		return m, false
	}
	if zone != "" {
		l, err := parseZone(zone)
		if err != nil {
			return m, false
		}
		m.zone = l
	}
	return m, true
}

// clock reads 10:15, 10:15:30, 10:15:30.25.
func (m *moment) clock(s string) bool {
	h, rest, ok := strings.Cut(s, ":")
	if !ok {
		return false
	}
	mm, rest, hasSec := strings.Cut(rest, ":")
	var ok1, ok2 bool
	m.hour, ok1 = smallInt(h)
	m.minute, ok2 = smallInt(mm)
	if !ok1 || !ok2 || len(h) > 2 || len(mm) != 2 || m.hour > 23 || m.minute > 59 {
		return false
	}
	m.precision = post.Minute
	if !hasSec {
		return true
	}
	ss, frac, hasFrac := strings.Cut(strings.Replace(rest, ",", ".", 1), ".")
	m.sec, ok1 = smallInt(ss)
	if !ok1 || len(ss) != 2 || m.sec > 60 {
		return false
	}
	m.sec = min(m.sec, 59) // a leap second has no millisecond of its own
	m.precision = post.Second
	if hasFrac {
		if len(frac) > 9 {
			frac = frac[:9]
		}
		f, ok := smallInt(frac)
		if !ok {
			return false
		}
		for range 9 - len(frac) {
			f *= 10
		}
		m.nanos, m.precision = f, post.Millisecond
	}
	return true
}

// validDay reports whether year, month and day name a day; a missing year is
// taken for a leap year.
func (m *moment) validDay() bool {
	y := m.year
	if y == 0 {
		y = 2000
	}
	return m.month >= 1 && m.month <= 12 && m.day >= 1 && m.day <= 31 && y >= 1900 && y < 2200 &&
		time.Date(y, time.Month(m.month), m.day, 0, 0, 0, 0, time.UTC).Day() == m.day
}

// Of a number the unit is told by its size: seconds since 1970 have 9 or 10
// digits from 1973 to 2286, and each finer unit three more. Day counts of
// spreadsheets lie between 20000 (1954) and 80000 (2119).
func numberMoment(s string, serials, base1904 bool) (m moment, ok bool, err error) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9' || c == '.' && i > 0:
		case (c == 'e' || c == 'E') && i > 0:
			if f, err := strconv.ParseFloat(s, 64); err == nil && f > 1e8 && !exact(s) {
				return m, false, &dateError{exponent, s}
			}
		case (c == '+' || c == '-') && i > 0 && (s[i-1]|0x20) == 'e':
		default:
			return m, false, nil
		}
	}
	whole, frac, _ := strings.Cut(s, ".")
	f, ferr := strconv.ParseFloat(s, 64)
	if ferr != nil || strings.Count(s, ".") > 1 {
		return m, false, nil
	}
	if strings.ContainsAny(s, "eE") {
		whole, frac = strconv.FormatFloat(math.Trunc(f), 'f', 0, 64), ""
	}
	zeros := strings.Trim(frac, "0") == ""
	if zeros {
		if m, ok := compactMoment(whole); ok {
			return m, true, nil
		}
	}
	m.basis, m.precision = post.Unix, post.Second
	switch n := len(whole); {
	case n == 9 || n == 10:
		m.unit, m.at = "seconds", int64(math.Round(f*1000))
		if !zeros {
			m.precision = post.Millisecond
		}
	case n == 12 || n == 13:
		m.unit, m.at, m.precision = "milliseconds", int64(f), post.Millisecond
	case n == 15 || n == 16:
		m.unit, m.at, m.precision = "microseconds", int64(f/1e3), post.Millisecond
	case n == 18 || n == 19:
		m.unit, m.at, m.precision = "nanoseconds", int64(f/1e6), post.Millisecond
	case n == 4 && zeros && f >= 1900 && f < 2200:
		return moment{year: int(f), month: 1, day: 1, precision: post.Year}, true, nil
	case serials && f >= 0 && f < 1:
		m = serialMoment(f, false)
		m.clockOnly, m.year, m.month, m.day = true, 0, 0, 0
	case f >= 20000 && f < 80000:
		m = serialMoment(f, base1904)
	default:
		return moment{}, false, nil
	}
	return m, true, nil
}

// ungroup takes the separators out of 1,588,068,000 and 1 588 068 000, as
// spreadsheets print large numbers.
func ungroup(s string) string {
	if len(s) < 11 || !strings.ContainsAny(s, ", \u00a0\u202f") {
		return s
	}
	groups := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\u00a0' || r == '\u202f' })
	if len(groups) < 4 || len(groups[0]) > 3 || !isDigits(groups[0]) {
		return s
	}
	for _, g := range groups[1:] {
		if len(g) != 3 || !isDigits(g) {
			return s
		}
	}
	return strings.Join(groups, "")
}

// exact reports whether a number with an exponent has all its digits.
func exact(s string) bool {
	mant, exp, _ := strings.Cut(strings.ToLower(s), "e")
	e, err := strconv.Atoi(exp)
	_, frac, _ := strings.Cut(mant, ".")
	return err == nil && e <= len(frac)
}

// compactMoment reads 20200428, 202004281015 and 20200428101500.
func compactMoment(s string) (moment, bool) {
	n := len(s)
	if n != 8 && n != 12 && n != 14 || s[:2] != "19" && s[:2] != "20" {
		return moment{}, false
	}
	t := s[:4] + "-" + s[4:6] + "-" + s[6:8]
	if n >= 12 {
		t += " " + s[8:10] + ":" + s[10:12]
	}
	if n == 14 {
		t += ":" + s[12:14]
	}
	return isoMoment(t)
}

// serialMoment reads a spreadsheet's day number (ECMA-376 part 1, 18.17.4):
// days since 1899-12-30, which is right from March 1900, or since 1904-01-01.
func serialMoment(f float64, base1904 bool) moment {
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if base1904 {
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	days := math.Floor(f)
	secs := int64(math.Round((f - days) * 86400))
	t := base.AddDate(0, 0, int(days)).Add(time.Duration(secs) * time.Second)
	m := moment{serial: true, year: t.Year(), month: int(t.Month()), day: t.Day(), hour: t.Hour(), minute: t.Minute(), sec: t.Second()}
	switch {
	case f == days:
		m.precision = post.Day
	case m.sec == 0:
		m.precision = post.Minute
	default:
		m.precision = post.Second
	}
	return m
}

func isDigits(s string) bool { _, ok := smallInt(s); return ok }

// assign gives the loose numbers around a month word their places.
func (m *moment) assign(nums []string, dated bool) bool {
	for _, s := range nums {
		n, _ := smallInt(s)
		switch {
		case len(s) == 4 && m.year == 0:
			m.year = n
		case len(s) <= 2 && m.month != 0 && m.day == 0 && !dated:
			m.day = n
		default:
			return false
		}
	}
	return true
}

// isNumericDate reports whether w is digits in two or three groups.
func isNumericDate(w string) bool {
	groups, digits := 1, 0
	var sep byte
	for i := 0; i < len(w); i++ {
		switch c := w[i]; {
		case c >= '0' && c <= '9':
			digits++
		case (c == '.' || c == '/' || c == '-') && digits > 0 && (sep == 0 || sep == c):
			sep, digits = c, 0
			groups++
		default:
			return false
		}
	}
	return digits > 0 && (groups == 2 || groups == 3)
}

// numericDate reads 2020.04.28, 28.04.2020, 28/4/20, 28.04, 5/2 and 04.2020.
func (m *moment) numericDate(w string) bool {
	m.sep = w[strings.IndexAny(w, "./-")]
	g := strings.Split(w, string(m.sep))
	var n [3]int
	for i, s := range g {
		v, ok := smallInt(s)
		if !ok {
			return false
		}
		n[i] = v
	}
	switch {
	case len(g) == 3 && len(g[0]) == 4:
		m.year, m.month, m.day = n[0], n[1], n[2]
		return m.validDay()
	case len(g) == 2 && len(g[1]) == 4 && len(g[0]) <= 2: // 04.2020
		m.month, m.year = n[0], n[1]
		return m.month >= 1 && m.month <= 12
	case len(g) == 2 && len(g[0]) == 4 && len(g[1]) == 2: // 2020-04
		m.year, m.month = n[0], n[1]
		return m.month >= 1 && m.month <= 12
	case len(g[0]) > 2 || len(g[1]) > 2:
		return false
	case len(g) == 3 && len(g[2]) == 4:
		m.year = n[2]
	case len(g) == 3 && len(g[2]) == 2:
		m.year, m.shortYr = 2000+n[2], true
		if n[2] >= 70 {
			m.year -= 100
		}
	case len(g) == 3:
		return false
	}
	switch a, b := n[0], n[1]; {
	case a == b:
		m.day, m.month = a, b
	case a > 12:
		m.day, m.month = a, b
		m.first, m.second = 0, 0
	case b > 12:
		m.month, m.day = a, b
	default:
		m.first, m.second = a, b
		return a >= 1 && b >= 1
	}
	return m.validDay()
}

// settle gives an open 5/2 its meaning.
func (m *moment) settle(dayFirst bool) bool {
	if dayFirst {
		m.day, m.month = m.first, m.second
	} else {
		m.month, m.day = m.first, m.second
	}
	m.first, m.second = 0, 0
	return m.validDay()
}
