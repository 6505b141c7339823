package casefile

import (
	"fmt"
	"strings"
	"time"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// The precisions of a [Date] (HURIDOCS list 48).
const (
	Exact        = "exact"
	Estimate     = "estimate"      // somebody's best guess; 01
	DayUnknown   = "day-unknown"   // 02
	MonthUnknown = "month-unknown" // month and day unknown; 03
	Unknown      = "unknown"       // asked, and nobody knows
)

// A Date is a day as it was told, with how surely. The zero Date says nothing
// at all, which is not the same as Unknown.
//
// It is written as one text, the same in JSON and in tables, in the manner of
// ISO 8601-2 (EDTF):
//
//	2031-04-12                      exact
//	2031-04-12 14:30                with the time on the clock of the place
//	2031-04-12 14:30 +05:00         and its zone: an offset or a name such as Asia/Almaty
//	2031-04                         the day is not known
//	2031                            nor the month
//	2031-04-12~   2031-04~   2031~  an estimate
//	unknown
type Date struct {
	Day       string // ISO 8601: 2031-04-12, 2031-04 or 2031; "" when unknown
	Precision string
	Time      string // HH:MM, only with a whole day; "" when not told
	Zone      string // of Time: ±HH:MM or an IANA name; "" for the clock of the place
}

var dateForm = lazyre.New(`^(\d{4}(?:-\d\d(?:-\d\d)?)?)(~?)(?:[ T](\d\d:\d\d)(?: ?([+-]\d\d:\d\d|Z|[A-Z][A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*))?)?$`)

// ParseDate reads a date in any of the forms that [Date.String] writes; a
// letter T may stand before the time. The empty text is the zero Date.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	switch s {
	case "":
		return Date{}, nil
	case Unknown:
		return Date{Precision: Unknown}, nil
	}
	m := dateForm.FindStringSubmatch(s)
	if m == nil {
		return Date{}, fmt.Errorf("casefile: %q is not a date; write 2031-04-12, 2031-04, 2031, 2031-04-12 14:30, 2031-04~ for an estimate, or unknown", clip(s))
	}
	d := Date{Day: m[1], Precision: Exact, Time: m[3], Zone: m[4]}
	switch {
	case m[2] != "":
		d.Precision = Estimate
	case len(d.Day) == 7:
		d.Precision = DayUnknown
	case len(d.Day) == 4:
		d.Precision = MonthUnknown
	}
	return d, d.Check()
}

// Check reports a day that is in no calendar, or a precision that does not fit
// what is written.
func (d Date) Check() error {
	if d == (Date{}) || d == (Date{Precision: Unknown}) {
		return nil
	}
	layout := map[int]string{10: time.DateOnly, 7: "2006-01", 4: "2006"}[len(d.Day)]
	if _, err := time.Parse(layout, d.Day); layout == "" || err != nil {
		return fmt.Errorf("casefile: there is no day %q in the calendar", clip(d.Day))
	}
	fits := map[string]bool{Estimate: true, Exact: len(d.Day) == 10, DayUnknown: len(d.Day) == 7, MonthUnknown: len(d.Day) == 4}
	if !fits[d.Precision] {
		return fmt.Errorf("casefile: the date %q does not have the precision %q", d.Day, clip(d.Precision))
	}
	if d.Time != "" {
		if _, err := time.Parse("15:04", d.Time); err != nil || len(d.Day) != 10 {
			return fmt.Errorf("casefile: the time %q needs a whole day and lies between 00:00 and 23:59", clip(d.Time))
		}
	}
	if d.Zone != "" && d.Time == "" {
		return fmt.Errorf("casefile: the zone %q has no time", clip(d.Zone))
	}
	return nil
}

// IsZero reports whether nothing is said.
func (d Date) IsZero() bool { return d == Date{} }

// String returns the one text of d.
func (d Date) String() string {
	if d.Day == "" {
		return d.Precision
	}
	s := d.Day
	if d.Precision == Estimate {
		s += "~"
	}
	if d.Time != "" {
		s += " " + d.Time
		if d.Zone != "" {
			s += " " + d.Zone
		}
	}
	return s
}

// MarshalText writes d as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(b []byte) error {
	v, err := ParseDate(string(b))
	if err == nil {
		*d = v
	}
	return err
}

// Span returns the first moment d may mean and the first after it. An exact
// time is its minute; an estimated day may be off by a month, an estimated
// month or year by a year. Without a zone the moments are on the clock of the
// place, given as UTC. ok is false when nothing is known.
func (d Date) Span() (from, to time.Time, ok bool) {
	if d.Day == "" || d.Check() != nil {
		return from, to, false
	}
	switch len(d.Day) {
	case 4:
		from, _ = time.Parse("2006", d.Day)
		to = from.AddDate(1, 0, 0)
	case 7:
		from, _ = time.Parse("2006-01", d.Day)
		to = from.AddDate(0, 1, 0)
	default:
		from, _ = time.Parse(time.DateOnly, d.Day)
		to = from.AddDate(0, 0, 1)
	}
	if d.Precision == Estimate {
		if len(d.Day) == 10 {
			return from.AddDate(0, -1, 0), to.AddDate(0, 1, 0), true
		}
		return from.AddDate(-1, 0, 0), to.AddDate(1, 0, 0), true
	}
	if d.Time != "" {
		from, _ = time.ParseInLocation(time.DateOnly+" 15:04", d.Day+" "+d.Time, d.location())
		from = from.UTC()
		to = from.Add(time.Minute)
	}
	return from, to, true
}

// location is the zone of d, or UTC where none is given or this computer does
// not know its name.
func (d Date) location() *time.Location {
	if t, err := time.Parse("-07:00", d.Zone); err == nil {
		return t.Location()
	}
	if loc, err := time.LoadLocation(d.Zone); err == nil {
		return loc
	}
	return time.UTC
}

// An Order says how two dates lie to each other.
type Order int

// Unordered is the honest answer when the two may overlap, or one is unknown.
const (
	Unordered Order = iota
	Before
	After
)

// Compare says whether d lies wholly before or after e. Two exact days that
// are the same, a day and its month, or an unknown date are Unordered.
func (d Date) Compare(e Date) Order {
	from, to, ok := d.Span()
	from2, to2, ok2 := e.Span()
	switch {
	case !ok || !ok2:
		return Unordered
	case !to.After(from2):
		return Before
	case !to2.After(from):
		return After
	}
	return Unordered
}
