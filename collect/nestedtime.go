package collect

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/arasha-org/arasha/post"
)

// Times before earliest and after latest are mistakes, not times of posts.
var (
	earliest = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
)

// unix reads seconds, milliseconds or microseconds since 1970, as a number or
// as digits in a string; which of them is told by the size. Nothing and 0 are
// no time.
func (n *nest) unix(v node) post.Time {
	s := strings.TrimSpace(v.str())
	if s == "" || s == "0" {
		return post.Time{}
	}
	t, ok := unixTime(s)
	if !ok {
		return n.unreadable(s)
	}
	return t
}

func unixTime(s string) (post.Time, bool) {
	whole, frac, _ := strings.Cut(s, ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || strings.Trim(frac, "0123456789") != "" {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || f != f || f > 1e18 {
			return post.Time{}, false
		}
		sec, frac = int64(f), ""
	}
	ms, precision := sec*1000, post.Second
	switch {
	case sec >= 1e17:
		ms, precision = sec/1e6, post.Millisecond
	case sec >= 1e14:
		ms, precision = sec/1e3, post.Millisecond
	case sec >= 1e11:
		ms, precision = sec, post.Millisecond
	case strings.Trim(frac, "0") != "":
		f, _ := strconv.ParseFloat("0."+frac, 64)
		ms, precision = ms+int64(f*1000), post.Millisecond
	}
	if ms < earliest || ms > latest {
		return post.Time{}, false
	}
	return post.Time{Millis: ms, Precision: precision, Basis: post.Unix}, true
}

// unreadable keeps a time that cannot be read as its text.
func (n *nest) unreadable(s string) post.Time {
	n.sample("some times cannot be read; these posts are kept without a time", s)
	return post.Time{Text: s}
}

const twitterLayout = "Mon Jan 02 15:04:05 -0700 2006"

// when reads a time in any of the forms a nested format writes: unix time,
// ISO 8601 with or without zone, Twitter's own, dates in words.
func (n *nest) when(v node) post.Time {
	s := strings.TrimSpace(v.str())
	if s == "" || s == "0" {
		return post.Time{}
	}
	if t, ok := unixTime(s); ok {
		return t
	}
	for _, l := range []string{time.RFC3339Nano, twitterLayout} {
		if at, err := time.Parse(l, s); err == nil {
			return n.sane(post.At(at, precisionOf(s), post.Zoned), s)
		}
	}
	return n.local(s)
}

// precisionOf tells milliseconds, seconds and minutes apart by what is
// printed. Many platforms print ".000" and have whole seconds.
func precisionOf(s string) post.Precision {
	i := strings.IndexByte(s, ':')
	if i < 0 {
		return post.Day
	}
	clock := s[i:]
	clock = clock[:len(clock)-len(strings.TrimLeft(clock, "0123456789:."))]
	_, frac, _ := strings.Cut(clock, ".")
	switch {
	case strings.Trim(frac, "0") != "":
		return post.Millisecond
	case strings.Count(clock, ":") == 1:
		return post.Minute
	}
	return post.Second
}

// local reads a printed time that may state no zone, and then assumes the
// zone of the options.
func (n *nest) local(s string) post.Time {
	m, err := parseMoment(s, false, false)
	if err != nil || m.basis == post.Unix || m.clockOnly || m.year == 0 {
		return n.unreadable(s)
	}
	if m.splitDay() {
		if n.o.DayFirst == 0 || !m.settle(n.o.DayFirst > 0) {
			return n.unreadable(s)
		}
	}
	t := post.Time{Precision: m.precision, Basis: post.Zoned}
	zone := m.zone
	if zone == nil {
		if zone = n.o.Zone; zone == nil {
			zone = time.UTC
			n.note("times state no zone: UTC was assumed; name the true one with --zone")
		} else {
			n.note(fmt.Sprintf("times state no zone: %s was assumed, as you said", zone))
		}
		t.Basis, t.Zone, t.Text = post.Local, zone.String(), s
	}
	t.Millis = time.Date(m.year, time.Month(max(m.month, 1)), max(m.day, 1), m.hour, m.minute, m.sec, m.nanos, zone).UnixMilli()
	return n.sane(t, s)
}

// sane refuses times outside the age of the network.
func (n *nest) sane(t post.Time, s string) post.Time {
	if t.Millis < earliest || t.Millis > latest {
		return n.unreadable(s)
	}
	return t
}

// rebase states how t is known when it is known at all.
func rebase(t post.Time, b post.Basis) post.Time {
	if t.Known() {
		t.Basis = b
	}
	return t
}
