package collect

import (
	"fmt"
	"math"
	"time"

	"github.com/arasha-org/arasha/post"
)

// meant returns the first instant a time can mean and the first one after it.
func meant(t post.Time) (from, to time.Time) {
	from, to = t.Extent()
	if t.Precision <= post.Second {
		return from, from // as good as an instant, where days are counted
	}
	return from, to
}

// zoneSlack is how far an assumed zone may be off: from UTC−12 to UTC+14.
const zoneSlack = 14 * time.Hour

// timesApart says how far two times lie apart at least and at most, from no more
// than what is known of each: two posts of one day are 0 to 24 hours apart, of
// a day and the next 0 to 48 hours. Where one zone is stated and the other was
// merely assumed (assumed is true, basis [post.Local]), up to 14 hours are
// added. It reports false when a time is not known, or only the moment of
// collection is.
func timesApart(a, b post.Time, assumed bool) (least, most time.Duration, ok bool) {
	for _, t := range []post.Time{a, b} {
		if !t.Known() || t.Basis == post.Collected || t.Basis == post.Batch {
			return 0, 0, false
		}
	}
	a0, a1 := meant(a)
	b0, b1 := meant(b)
	if assumed && (a.Basis == post.Local) != (b.Basis == post.Local) {
		a0, a1 = a0.Add(-zoneSlack), a1.Add(zoneSlack)
	}
	least = max(0, b0.Sub(a1), a0.Sub(b1))
	most = max(b1.Sub(a0), a1.Sub(b0))
	return least, most, true
}

// apartWords prints what timesApart found: "0–1 days", "26 hours", "40 minutes".
func apartWords(least, most time.Duration) string {
	if most-least <= 2*time.Minute {
		switch d := most.Round(time.Minute); {
		case most < 2*time.Minute:
			return unit(int64(most.Round(time.Second)/time.Second), "second")
		case d < 2*time.Hour:
			return unit(int64(d/time.Minute), "minute")
		case d < 72*time.Hour:
			return unit(int64(d.Round(time.Hour)/time.Hour), "hour")
		}
		return fmt.Sprintf("%.1f days", most.Hours()/24)
	}
	lo, hi := int64(math.Floor(least.Hours()/24)), int64(math.Ceil(most.Hours()/24))
	if lo == hi {
		return unit(lo, "day")
	}
	return fmt.Sprintf("%d–%d days", lo, hi)
}

func unit(n int64, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
