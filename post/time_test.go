package post_test

import (
	"testing"
	"time"

	"github.com/arasha-org/arasha/post"
)

func TestExtent(t *testing.T) {
	utc := func(s string) time.Time {
		at, err := time.Parse("2006-01-02 15:04:05", s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		from      string
		precision post.Precision
		basis     post.Basis
		zone      string
		to        string
	}{
		{"2031-04-28 09:04:07", post.Second, post.Unix, "", "2031-04-28 09:04:08"},
		{"2031-04-28 09:15:00", post.Quarter, post.Batch, "", "2031-04-28 09:30:00"},
		{"2031-04-27 19:00:00", post.Day, post.Local, "+05:00", "2031-04-28 19:00:00"},
		{"2031-02-01 00:00:00", post.Month, post.Zoned, "", "2031-03-01 00:00:00"},
		{"2031-02-01 00:00:00", post.Month, post.Local, "", "2031-03-01 00:00:00"},
		{"2031-02-28 19:00:00", post.Month, post.Local, "+05:00", "2031-03-31 19:00:00"},
		{"2031-02-28 10:00:00", post.Month, post.Local, "+14:00", "2031-03-31 10:00:00"},
		{"2031-02-01 12:00:00", post.Month, post.Local, "-12:00", "2031-03-01 12:00:00"},
		{"2031-02-01 04:00:00", post.Month, post.Local, "EDT", "2031-03-01 04:00:00"},
		{"2027-12-31 19:00:00", post.Year, post.Local, "+05:00", "2028-12-31 19:00:00"},
		{"2031-02-28 19:00:00", post.Month, post.Local, "Asia/Almaty", "2031-03-31 19:00:00"},
		{"2024-10-26 22:00:00", post.Day, post.Local, "Europe/Berlin", "2024-10-27 23:00:00"}, // the clocks go back
		{"2024-10-20 22:00:00", post.Week, post.Local, "Europe/Berlin", "2024-10-27 23:00:00"},
		{"2031-02-28 19:00:00", post.Month, post.Local, "No/Such", "2031-03-31 19:00:00"},
		{"2031-02-10 19:00:00", post.Month, post.Derived, "", "2031-03-10 19:00:00"}, // "three months ago"
		{"2031-02-10 19:00:00", post.Month, post.Local, "odd", "2031-03-10 19:00:00"},
	} {
		at := post.At(utc(c.from), c.precision, c.basis)
		at.Zone = c.zone
		from, to := at.Extent()
		if !from.Equal(utc(c.from)) || !to.Equal(utc(c.to)) {
			t.Errorf("%s %v in %q extends from %v to %v, want to %s", c.from, c.precision, c.zone, from, to, c.to)
		}
	}
	if from, to := (post.Time{}).Extent(); !from.IsZero() || !to.IsZero() {
		t.Errorf("a time not known extends from %v to %v", from, to)
	}
}
