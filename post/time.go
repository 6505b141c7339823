package post

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// Time is an instant with how exactly and by which means it is known. The
// zero Time is "not known". It is comparable and holds no pointer but its
// two strings.
type Time struct {
	Millis    int64     // milliseconds since 1970-01-01T00:00:00Z; the start of the minute or day when that is all that is known
	Precision Precision // None when the time is not known
	Basis     Basis     // how the instant is known
	Zone      string    // for Local: the zone assumed, an IANA name or "+05:00"
	Text      string    // the time as the source printed it, kept where it had to be interpreted
}

// Precision is the unit to which a time is known.
type Precision uint8

// The precisions, finest first. Quarter is the fifteen-minute slot of crawlers
// such as GDELT.
const (
	None        Precision = iota // the time is not known
	Millisecond                  // 1 ms
	Second                       // 1 s
	Minute                       // 60 s
	Quarter                      // 15 minutes
	Hour                         // 60 minutes
	Day                          // 24 hours
	Week                         // 7 days
	Month                        // up to 31 days
	Year                         // up to 366 days
)

var precisionNames = [...]string{"none", "millisecond", "second", "minute", "quarter", "hour", "day", "week", "month", "year"}

var precisionSpans = [...]time.Duration{0, time.Millisecond, time.Second, time.Minute, 15 * time.Minute,
	time.Hour, 24 * time.Hour, 7 * 24 * time.Hour, 31 * 24 * time.Hour, 366 * 24 * time.Hour}

// String returns the name used in files: "second", "minute", "day", …
func (p Precision) String() string { return name(precisionNames[:], uint8(p)) }

// Span returns the length of the unit: within it two times cannot be told
// apart. Month and Year return their longest length.
func (p Precision) Span() time.Duration {
	if int(p) < len(precisionSpans) {
		return precisionSpans[p]
	}
	return 0
}

// ParsePrecision reads what String prints.
func ParsePrecision(s string) (Precision, error) {
	i, err := index(precisionNames[:], s, "precision")
	return Precision(i), err
}

// Basis says how an instant is known.
type Basis uint8

// The bases. Unix, Zoned, ID and Claimed state their zone; Local assumes one.
const (
	Unstated  Basis = iota
	Unix            // the platform's epoch seconds or milliseconds
	Zoned           // the text carries its offset or "Z"
	Local           // no zone in the source: Time.Zone was assumed
	Claimed         // the author's own client states it; back-dating is possible
	Derived         // computed from words such as "2 weeks ago"
	Batch           // the slot of a crawler, not the publication
	Collected       // only the moment of collection is known
	ID              // computed from the platform's post id
)

var basisNames = [...]string{"unstated", "unix", "zoned", "local", "claimed", "derived", "batch", "collected", "id"}

// String returns the name used in files.
func (b Basis) String() string { return name(basisNames[:], uint8(b)) }

// ParseBasis reads what String prints.
func ParseBasis(s string) (Basis, error) {
	i, err := index(basisNames[:], s, "time basis")
	return Basis(i), err
}

// ZoneStated reports whether the source itself fixes the zone, so that no
// assumption of ours stands between its clock and UTC.
func (b Basis) ZoneStated() bool { return b == Unix || b == Zoned || b == ID || b == Claimed }

// At returns the Time of t known to precision p on basis b.
func At(t time.Time, p Precision, b Basis) Time {
	return Time{Millis: t.UnixMilli(), Precision: p, Basis: b}
}

// Known reports whether there is a time at all.
func (t Time) Known() bool { return t.Precision != None }

// UTC returns the instant. It is the zero time.Time when t is not known.
func (t Time) UTC() time.Time {
	if !t.Known() {
		return time.Time{}
	}
	return time.UnixMilli(t.Millis).UTC()
}

// Extent returns the first instant that t can mean and the first one after it.
// A day, week, month or year has its true length in the zone of t: a March in
// +05:00 ends at 19:00 UTC of the 31st.
func (t Time) Extent() (from, to time.Time) {
	from = t.UTC()
	var years, months, days int
	switch t.Precision {
	case Year:
		years = 1
	case Month:
		months = 1
	case Week:
		days = 7
	case Day:
		days = 1
	default:
		return from, from.Add(t.Precision.Span())
	}
	return from, from.In(t.location()).AddDate(years, months, days).UTC()
}

// locations keeps the zones once read.
var locations sync.Map

// location returns the zone in which t was written. Where Zone is no IANA name
// the offset follows from a month or year itself, which begins at midnight.
func (t Time) location() *time.Location {
	if t.Basis != Local || t.Zone == "" {
		return time.UTC
	}
	if strings.Contains(t.Zone, "/") {
		if l, ok := locations.Load(t.Zone); ok {
			return l.(*time.Location)
		}
		if l, err := time.LoadLocation(t.Zone); err == nil {
			locations.Store(t.Zone, l)
			return l
		}
	}
	const widest = 14 * time.Hour
	in := t.UTC().Add(widest) // within the month in every zone
	offset := time.Date(in.Year(), in.Month(), 1, 0, 0, 0, 0, time.UTC).Sub(t.UTC())
	if offset.Abs() > widest {
		return time.UTC
	}
	return time.FixedZone(t.Zone, int(offset/time.Second))
}

// Timed reports whether t may be compared in a window of length w. A time
// that is unknown, merely collected or of a crawler's batch may not, nor one
// known less exactly than the window is long: a day says nothing about a
// minute. Whole minutes are accepted in windows from a minute up.
func (t Time) Timed(w time.Duration) bool {
	switch t.Basis {
	case Collected, Batch:
		return false
	}
	return t.Known() && t.Precision.Span() <= max(w, time.Second)
}

// String prints the instant no more exactly than it is known.
func (t Time) String() string {
	u := t.UTC()
	switch t.Precision {
	case None:
		return "not known"
	case Millisecond:
		return u.Format("2006-01-02 15:04:05.000")
	case Second:
		return u.Format("2006-01-02 15:04:05")
	case Minute, Quarter:
		return u.Format("2006-01-02 15:04")
	case Hour:
		return u.Format("2006-01-02 15h")
	case Day:
		return u.Format("2006-01-02")
	case Week:
		return "week of " + u.Format("2006-01-02")
	case Month:
		return u.Format("2006-01")
	}
	return u.Format("2006")
}

func name(names []string, i uint8) string {
	if int(i) < len(names) {
		return names[i]
	}
	return fmt.Sprintf("unknown(%d)", i)
}

func index(names []string, s, what string) (int, error) {
	for i, n := range names {
		if n == s {
			return i, nil
		}
	}
	return 0, fmt.Errorf("post: %q is not a %s; known: %v", s, what, names)
}
