package collect

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/arasha-org/arasha/post"
)

// when reads the time of a row. A time that cannot be read, or that could
// mean two days, leaves the zero Time with the printed text, and a note.
func (r *rowReader) when(row *Row) post.Time {
	if r.time >= 0 {
		s := r.cells[r.time]
		if ms, ok := parseUnix(s); ok {
			return post.Time{Millis: ms, Precision: post.Second, Basis: post.Unix}
		}
		if s != "" || r.date < 0 {
			return r.parse(row, s, r.time)
		}
	}
	if r.date < 0 {
		return post.Time{}
	}
	date, clock := strings.TrimSpace(r.cells[r.date]), strings.TrimSpace(r.cell(r.clock))
	if clock == "" {
		return r.parse(row, date, r.date)
	}
	if date == "" {
		return r.parse(row, clock, r.clock)
	}
	d, derr := parseMoment(date, r.table.serials, r.table.base)
	c, cerr := parseClock(clock, r.table.base)
	both := strings.TrimSpace(date + " " + clock)
	switch {
	case derr != nil:
		return r.unread(row, r.date, both, derr)
	case cerr != nil || !c.clockOnly:
		if cerr == nil && (c.year != 0 || c.basis == post.Unix) {
			return r.settled(row, r.clock, clock, c) // a whole time stands there
		}
		r.notes.add(fmt.Sprintf("the column %q holds no time of day: the day alone was taken", r.table.Header[r.clock]), fmt.Sprintf("line %d: %s", row.Line, clock))
		return r.settled(row, r.date, both, d)
	case d.clockOnly || d.basis == post.Unix:
		return r.settled(row, r.date, both, d)
	}
	d.hour, d.minute, d.sec, d.nanos, d.precision = c.hour, c.minute, c.sec, c.nanos, c.precision
	if c.zone != nil {
		d.zone = c.zone
	}
	return r.settled(row, r.date, both, d)
}

// parseClock reads a cell that holds a time of day alone, which people also
// write 10.15 and 10-15.
func parseClock(s string, base1904 bool) (moment, error) {
	if h, m, ok := strings.Cut(strings.Replace(s, "-", ".", 1), "."); ok && len(h) <= 2 && len(m) == 2 {
		c := moment{clockOnly: true}
		if c.clock(h + ":" + m) {
			return c, nil
		}
	}
	return parseMoment(s, true, base1904)
}

func (r *rowReader) parse(row *Row, s string, col int) post.Time {
	if s = strings.TrimSpace(s); s == "" || isMissing(s) {
		return post.Time{}
	}
	m, err := parseMoment(s, r.table.serials, r.table.base)
	if err != nil {
		return r.unread(row, col, s, err)
	}
	return r.settled(row, col, s, m)
}

// isMissing knows the words that stand for an empty cell.
func isMissing(s string) bool {
	switch strings.ToLower(s) {
	case "n/a", "na", "nan", "nat", "null", "none", "-", "–", "—", "?", "#n/a", "0", "нет", "жоқ", "not known", "unknown", "неизвестно", "белгісіз", "inconnu", "inconnue":
		return true
	}
	return false
}

// unread keeps the text of a time that cannot be read.
func (r *rowReader) unread(row *Row, col int, s string, err error) post.Time {
	kind := notADate
	var de *dateError
	if errors.As(err, &de) {
		kind = de.kind
	}
	r.notes.add(fmt.Sprintf("no time was taken from the column %q: %s", r.table.Header[col], kind), fmt.Sprintf("line %d: %s", row.Line, s))
	return post.Time{Text: clip(s, 200)}
}

// settled turns a moment into a Time, or says what is open about it.
func (r *rowReader) settled(row *Row, col int, s string, m moment) post.Time {
	at := fmt.Sprintf("line %d: %s", row.Line, s)
	heading := r.table.Header[col]
	if m.basis == post.Unix {
		if m.unit != "seconds" {
			r.notes.add(fmt.Sprintf("times in the column %q are %s since 1970, told by their number of digits", heading, m.unit), "")
		}
		return post.Time{Millis: m.at, Precision: m.precision, Basis: post.Unix}
	}
	open := post.Time{Text: s}
	if m.clockOnly {
		r.notes.add(fmt.Sprintf("the column %q gives a time of day without a day: no time was taken", heading), at)
		return open
	}
	if m.splitDay() {
		switch order := r.order(col, m.sep); {
		case order == 0:
			r.notes.add(fmt.Sprintf("ambiguous dates in the column %q, day-month or month-day: no time was taken; settle them with --day-first or --month-first", heading), at)
			return open
		case !m.settle(order > 0):
			return r.unread(row, col, s, &dateError{notADate, s})
		}
	}
	if m.year == 0 {
		if m.year = r.o.Year; m.year == 0 {
			r.notes.add(fmt.Sprintf("dates in the column %q print no year: no time was taken; give it with --year", heading), at)
			return open
		}
		if !m.validDay() {
			return r.unread(row, col, s, &dateError{notADate, s})
		}
		r.notes.add(fmt.Sprintf("dates in the column %q print no year: %d was taken %s", heading, m.year, cmp.Or(r.yearBy, "as you said")), "")
	}
	if m.shortYr {
		r.notes.add(fmt.Sprintf("years in the column %q have two digits: 70 to 99 were read as 19.., 00 to 69 as 20..", heading), at)
	}
	if m.serial {
		r.notes.add(fmt.Sprintf("dates in the column %q are a spreadsheet's day numbers", heading), "")
	}
	t := post.Time{Precision: m.precision, Basis: post.Zoned}
	zone := m.zone
	if zone == nil && r.zone >= 0 {
		if z := strings.TrimSpace(r.cells[r.zone]); z != "" {
			var err error
			if zone, err = r.zoneOf(z); err != nil {
				return r.unread(row, r.zone, s+" "+z, err)
			}
		}
	}
	if zone == nil {
		zone = r.stated
	}
	if zone == nil {
		zone = r.local
		t.Basis, t.Zone, t.Text = post.Local, zone.String(), s
		if r.o.Zone == nil {
			r.notes.add("times state no zone: UTC was assumed; name the true one with --zone", "")
		} else {
			r.notes.add(fmt.Sprintf("times state no zone: %s was assumed, as you said", zone), "")
		}
	} else if m.sep != 0 || m.serial {
		t.Text = s
	}
	local := time.Date(m.year, time.Month(max(m.month, 1)), max(m.day, 1), m.hour, m.minute, m.sec, m.nanos, zone)
	if local.Hour() != m.hour && m.precision < post.Day {
		r.notes.add(fmt.Sprintf("times that %s skipped when its clocks went forward: is the zone right?", zone), at)
	}
	t.Millis = local.UnixMilli()
	return t
}

// zoneOf is parseZone with a memory.
func (r *rowReader) zoneOf(s string) (*time.Location, error) {
	if z, ok := r.zones[s]; ok {
		return z, nil
	}
	z, err := parseZone(s)
	if err == nil && len(r.zones) < 1000 {
		r.zones[s] = z
	}
	return z, err
}

// order says whether dates of one column with one separator print the day
// first (+1) or the month first (-1). It is settled by the option, or by the
// dates of the whole column in which one number is above 12; 0 when there are
// none, or they contradict each other. Separators are told apart because they
// come from different hands: 28.04 says nothing about 5/2.
func (r *rowReader) order(col int, sep byte) int {
	if r.o.DayFirst != 0 {
		return r.o.DayFirst
	}
	if r.orders == nil {
		r.orders = r.scanOrders(col)
	}
	return r.orders[sep]
}

func (r *rowReader) scanOrders(col int) map[byte]int {
	orders := map[byte]int{}
	day, month := map[byte]string{}, map[byte]string{}
	r.table.again(func(row *Row) bool {
		if row.Bad != "" || col >= len(row.Cells) {
			return true
		}
		m, err := parseMoment(row.Cells[col], false, false)
		if err != nil || m.sep == 0 || m.splitDay() || m.day == m.month {
			return true
		}
		w := firstNumber(row.Cells[col])
		example := fmt.Sprintf("line %d: %s", row.Line, strings.TrimSpace(row.Cells[col]))
		switch {
		case m.day > 12 && w == m.day && day[m.sep] == "":
			day[m.sep] = example
		case m.day > 12 && w == m.month && month[m.sep] == "":
			month[m.sep] = example
		}
		return true
	})
	for _, sep := range []byte("./-") {
		d, mo := day[sep], month[sep]
		switch {
		case d != "" && mo != "":
			r.notes.add(fmt.Sprintf("the column %q mixes day first (%s) and month first (%s)", r.table.Header[col], d, mo), "")
		case d != "":
			orders[sep] = 1
			r.notes.add(fmt.Sprintf("dates such as 03%c04 in the column %q were read day first, as %s shows", sep, r.table.Header[col], d), "")
		case mo != "":
			orders[sep] = -1
			r.notes.add(fmt.Sprintf("dates such as 03%c04 in the column %q were read month first, as %s shows", sep, r.table.Header[col], mo), "")
		}
	}
	return orders
}

// firstNumber returns the first group of digits of s.
func firstNumber(s string) int {
	i := strings.IndexAny(s, "0123456789")
	if i < 0 {
		return 0
	}
	j := i
	for j < len(s) && s[j] >= '0' && s[j] <= '9' {
		j++
	}
	n, _ := smallInt(s[i:j])
	return n
}

// summary says what only the whole column shows.
func (r *rowReader) summary() {
	if r.round == r.long && (r.long >= 3 || r.long > 0 && r.table.serials) {
		r.notes.add("all long ids end in zeros after their 15th digit, as spreadsheets leave them: they are probably not the true ids; take the original file", "")
	}
}
