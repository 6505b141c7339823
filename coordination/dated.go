package coordination

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/post"
)

// DatedEvents are things that happened, fixed by the user before the posts are
// looked at: a CSV file with the columns date, text and ref.
type DatedEvents struct {
	Name   string       // of the file
	SHA256 string       // of its bytes, in hexadecimal: what was fixed
	Events []DatedEvent // by date, those of one date in the order of the file
}

// A DatedEvent is one of them.
type DatedEvent struct {
	Time post.Time
	Text string
	Ref  string // the kept item that shows it; may be empty
}

// ReadDatedEvents reads the file. A date is a year, a month, a day, or a day
// with a time of day and its zone ("2031-04-23 10:00 +05:00"). Where zone is
// given, a date without one is read in it; otherwise a time of day without a
// zone is refused, for an hour decides what came first. Errors name the file
// and the line.
func ReadDatedEvents(in io.Reader, name string, zone *time.Location) (*DatedEvents, error) {
	data, err := handKept(in, name)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	d := &DatedEvents{Name: name, SHA256: hex.EncodeToString(sum[:])}
	err = readUserFile(bytes.NewReader(data), name, []string{"date", "text", "ref"}, 2, func(_ int, c []string) error {
		t, err := parseDate(c[0], zone)
		if err != nil {
			return err
		}
		if t.Basis == post.Local && zone == nil && t.Precision < post.Day {
			return fmt.Errorf("%q has no zone; write it with one, such as %q", c[0], c[0]+" +05:00")
		}
		if err := checkRef(c[2]); err != nil {
			return err
		}
		d.Events = append(d.Events, DatedEvent{t, c[1], c[2]})
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(d.Events, func(a, b DatedEvent) int {
		return int(min(max(a.Time.Millis-b.Time.Millis, -1), 1))
	})
	return d, nil
}

// The ways a date is written, with how exactly it is known then.
var dateForms = []struct {
	layout    string
	precision post.Precision
	zoned     bool
}{
	{"2006-01-02 15:04:05 Z07:00", post.Second, true}, {"2006-01-02 15:04:05Z07:00", post.Second, true},
	{"2006-01-02 15:04 Z07:00", post.Minute, true}, {"2006-01-02 15:04Z07:00", post.Minute, true},
	{"2006-01-02 15:04:05", post.Second, false}, {"2006-01-02 15:04", post.Minute, false},
	{"2006-01-02", post.Day, false}, {"2006-01", post.Month, false}, {"2006", post.Year, false},
}

// parseDate reads a date as people write it into a list. Without a zone it is
// taken in zone, or in UTC with the basis Local and no zone named.
func parseDate(s string, zone *time.Location) (post.Time, error) {
	in := s
	if len(s) > 10 && s[10] == 'T' {
		s = s[:10] + " " + s[11:]
	}
	for _, f := range dateForms {
		if f.zoned {
			if t, err := time.Parse(f.layout, s); err == nil {
				return post.At(t, f.precision, post.Zoned), nil
			}
			continue
		}
		loc := time.UTC
		if zone != nil {
			loc = zone
		}
		if t, err := time.ParseInLocation(f.layout, s, loc); err == nil {
			p := post.At(t, f.precision, post.Local)
			if zone != nil {
				p.Zone = zone.String()
			}
			return p, nil
		}
	}
	return post.Time{}, fmt.Errorf("%q is no date; write 2031, 2031-04, 2031-04-23 or 2031-04-23 10:00 +05:00", strings.TrimSpace(in))
}

// extent returns the earliest and the latest instant that t can mean. A day
// whose zone is not known may have begun anywhere from UTC+14 to UTC−12.
func extent(t post.Time) (from, to time.Time) {
	from, to = t.Extent()
	if t.Basis == post.Local && t.Zone == "" && t.Precision >= post.Day {
		from, to = from.Add(-14*time.Hour), to.Add(12*time.Hour)
	}
	return from, to
}

// An Order is how an event stands to a stretch of time. An order is stated,
// never tested, and is no cause.
type Order string

// The orders.
const (
	Before   Order = "before"
	During   Order = "during"
	After    Order = "after"
	NotKnown Order = "not known" // the dates are not exact enough to say
)

// A Position is where an event stands to a wave.
type Position struct {
	Event int // in DatedEvents.Events
	Order Order
	Gap   time.Duration // at least so long between the two; 0 for During and NotKnown
}

// Around returns where each event stands to the stretch from the earliest to
// the latest post of a wave, in the order of the events. It is nil when a time
// is not known. d may be nil.
func (d *DatedEvents) Around(first, last post.Time) []Position {
	if d == nil || !first.Known() || !last.Known() {
		return nil
	}
	start, startTo := extent(first)
	endFrom, end := extent(last)
	var out []Position
	for i, e := range d.Events {
		from, to := extent(e.Time)
		p := Position{Event: i, Order: NotKnown}
		switch {
		case !to.After(start):
			p.Order, p.Gap = Before, start.Sub(to)
		case !from.Before(end):
			p.Order, p.Gap = After, from.Sub(end)
		case !from.Before(startTo) && !to.After(endFrom):
			p.Order = During
		}
		out = append(out, p)
	}
	return out
}
