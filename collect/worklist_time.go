package collect

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/arasha-org/arasha/internal/lazyre"
	"github.com/arasha-org/arasha/post"
)

// statedTime is what a row says about when.
type statedTime struct {
	time post.Time // zero when it stays open
	text string    // as printed
	why  string    // why it stays open, in words
	m    moment    // taken apart; zero when it cannot be
}

// statedTime says what the row prints for its time, and why t, what was read
// of it, may stay open.
func (r *rowReader) statedTime(t post.Time) statedTime {
	s := statedTime{time: t, text: strings.TrimSpace(r.cell(r.date) + " " + r.cell(r.clock))}
	col := r.date
	if c := r.cell(r.time); strings.TrimSpace(c) != "" || r.date < 0 {
		s.text, col = strings.TrimSpace(c), r.time
	}
	if s.text == "" || isMissing(s.text) {
		return statedTime{}
	}
	s.explain(r, col)
	return s
}

// explain says why a stated time stays open.
func (s *statedTime) explain(r *rowReader, col int) {
	if s.time.Known() {
		return
	}
	m, err := parseMoment(s.text, r.table.serials, r.table.base)
	switch {
	case err != nil:
		s.why = fmt.Sprintf("time: %q cannot be read as a date", clip(s.text, 60))
		return
	case m.clockOnly:
		s.why = fmt.Sprintf("time: %q is a time of day without a day", s.text)
		return
	}
	s.m = m
	if m.splitDay() && col >= 0 && r.order(col, m.sep) != 0 {
		s.m.settle(r.order(col, m.sep) > 0)
	}
	var open []string
	if s.m.splitDay() {
		open = append(open, fmt.Sprintf("is ambiguous (%s or %s)", dayMonth(m.first, m.second), dayMonth(m.second, m.first)))
	}
	if m.year == 0 {
		open = append(open, "has no year")
	}
	if len(open) == 0 {
		open = append(open, "cannot be read as a date")
	}
	s.why = fmt.Sprintf("time: %q %s", clip(s.text, 60), strings.Join(open, " and "))
}

// dayMonth prints "5 February", or the numbers where they name no day.
func dayMonth(day, month int) string {
	if month < 1 || month > 12 {
		return fmt.Sprintf("%d.%d", day, month)
	}
	return fmt.Sprintf("%d %s", day, time.Month(month))
}

// fits reports whether the instant t, known from an id, can be what s prints.
// A day may be that of any zone when none is stated.
func (s *statedTime) fits(t time.Time, assumed bool) bool {
	if s.time.Known() {
		from, to := meant(s.time)
		if s.time.Precision < post.Day { // clocks of people and programs differ
			to = to.Add(2 * time.Minute)
			from = from.Add(-2 * time.Minute)
		}
		if assumed && s.time.Basis == post.Local {
			from, to = from.Add(-zoneSlack), to.Add(zoneSlack)
		}
		return !t.Before(from) && t.Before(to.Add(time.Second))
	}
	for _, near := range []time.Time{t, t.Add(-12 * time.Hour), t.Add(zoneSlack)} {
		day, month := near.Day(), int(near.Month())
		if s.m.year != 0 && s.m.year != near.Year() {
			continue
		}
		if s.m.splitDay() && (s.m.first == day && s.m.second == month || s.m.first == month && s.m.second == day) ||
			!s.m.splitDay() && s.m.day == day && s.m.month == month {
			return true
		}
	}
	return false
}

// readable reports whether a day was understood, though perhaps not settled.
func (s *statedTime) readable() bool { return s.time.Known() || s.m.splitDay() || s.m.day != 0 }

// settle decides the time of an entry from its id and the rows that name it.
func (w *Worklist) settle(e *Entry) {
	e.Time = e.idTime
	var open []string
	var day *statedTime // the first day that was understood, though not settled
	for _, i := range e.Rows {
		s := &w.Rows[i].stated
		switch {
		case s.text == "":
		case e.idTime.Known():
			if s.readable() && !s.fits(e.idTime.UTC(), w.ZoneAssumed) {
				e.Remarks = append(e.Remarks, fmt.Sprintf("row %s states %q, but the id says %s", w.RowName(i), clip(s.text, 60), printed(e.idTime)))
			} else if !s.readable() {
				e.Remarks = append(e.Remarks, fmt.Sprintf("row %s states %q, which is no date", w.RowName(i), clip(s.text, 60)))
			}
		case !s.time.Known():
			open = append(open, s.why)
			if !e.Time.Known() && e.Time.Text == "" {
				e.Time.Text = s.text // what was printed goes with the post, undated
			}
			if day == nil && s.readable() {
				day = s
			} else if s.readable() && day.m.day != 0 && s.m.day != 0 && (day.m.day != s.m.day || day.m.month != s.m.month) {
				e.Remarks = append(e.Remarks, fmt.Sprintf("row %s states %q, another row %q", w.RowName(i), clip(s.text, 60), clip(day.text, 60)))
			}
		case !e.Time.Known():
			e.Time = s.time
		default:
			least, _, _ := timesApart(e.Time, s.time, w.ZoneAssumed)
			if least > 0 || least == 0 && disjoint(e.Time, s.time) {
				e.Remarks = append(e.Remarks, fmt.Sprintf("row %s states %q, another row %s", w.RowName(i), clip(s.text, 60), printed(e.Time)))
			} else if s.time.Precision < e.Time.Precision {
				e.Time = s.time // the same, more exactly
			}
		}
	}
	switch {
	case e.idTime.Known():
		e.TimeText = printed(e.Time) + ", from the id"
	case e.Time.Known():
		e.TimeText = w.timeWords(e.Time)
	case len(open) > 0:
		for _, i := range e.Rows {
			e.Time.Text = cmp.Or(e.Time.Text, clip(w.Rows[i].stated.text, 200)) // as printed, for a person to settle
		}
		e.TimeText = "not known"
		e.Missing = append(e.Missing, open[0])
		for _, o := range open[1:] {
			if o != open[0] {
				e.Missing = append(e.Missing, o)
			}
		}
	default:
		e.TimeText = "not known"
		e.Missing = append(e.Missing, "time: none is stated, and the id tells none")
	}
}

// disjoint reports whether two stated times have no instant in common.
func disjoint(a, b post.Time) bool {
	a0, a1 := meant(a)
	b0, b1 := meant(b)
	return !b0.Before(a1) && b0 != a0 || !a0.Before(b1) && a0 != b0
}

// timeWords says how a stated time is known.
func (w *Worklist) timeWords(t post.Time) string {
	s := printed(t)
	if t.Precision >= post.Day {
		s += ", " + t.Precision.String() + " stated"
		if _, number := smallInt(t.Text); t.Text != "" && t.Text != printed(t) && !number {
			s += fmt.Sprintf(" as %q", clip(t.Text, 60))
		}
		return s
	}
	switch {
	case t.Basis == post.Local && w.ZoneAssumed:
		return s + ", stated without a zone (UTC was assumed)"
	case t.Basis == post.Local:
		return s + ", stated in the zone " + t.Zone
	}
	return s + ", stated"
}

func offset(t time.Time) int { _, o := t.Zone(); return o }

var yearIn = lazyre.New(`\b(19|20)\d\d\b`)

// yearColumn finds a column that holds years.
func yearColumn(header []string) int {
	for i, h := range header {
		switch fold(h) {
		case "year", "год", "жыл", "жылы", "annee", "année":
			return i
		}
	}
	return -1
}

// yearOf returns the year that another column, or the heading of the date,
// gives to a row's date, 0 when none does, and where it was taken from.
func (r *rowReader) yearOf(yearCol int) (year int, by string) {
	if yearCol >= 0 {
		if y, ok := smallInt(strings.TrimSuffix(strings.TrimSpace(r.cells[yearCol]), ".0")); ok && y >= 1990 && y < 2100 {
			return y, fmt.Sprintf("from the column %q", r.table.Header[yearCol])
		}
	}
	for _, c := range []int{r.date, r.time} {
		if c < 0 {
			continue
		}
		if all := yearIn.FindAllString(r.table.Header[c], -1); len(all) == 1 {
			y, _ := smallInt(all[0])
			return y, "from the heading"
		}
	}
	return 0, ""
}
