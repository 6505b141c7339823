package coordination

import (
	"cmp"
	"slices"
	"time"

	"github.com/arasha-org/arasha/post"
)

// A timeline is the posts in time order. Within an analysis a post is its
// place in this order, so that lists of places are sorted by time.
type timeline struct {
	order []uint32 // place → post
	at    []int64  // place → time in milliseconds; 0 where it says nothing
	acct  []uint32 // place → account
	from  []uint8  // place → first window of the options in which the post may be compared
	timed int      // places before this have a time that says when they were published
}

func newTimeline(c *Corpus, windows []time.Duration) *timeline {
	n := len(c.times)
	x := &timeline{order: make([]uint32, n), at: make([]int64, n), acct: make([]uint32, n), from: make([]uint8, n)}
	// The first window by precision; the unbounded one takes all.
	unbounded := len(windows)
	if unbounded > 0 && windows[unbounded-1] == Unbounded {
		unbounded--
	}
	var first [256]uint8
	for m := range first {
		t := post.Time{Precision: post.Precision(m & 15), Basis: post.Basis(m >> 4)}
		k := 0
		for k < unbounded && !t.Timed(windows[k]) {
			k++
		}
		first[m] = uint8(k)
	}
	dated := func(i uint32) bool {
		b := c.basis(i)
		return c.precision(i) != post.None && b != post.Collected && b != post.Batch
	}
	sorted := true
	for i := range x.order {
		x.order[i] = uint32(i)
		sorted = sorted && dated(uint32(i)) && (i == 0 || c.times[i-1] <= c.times[i])
	}
	if !sorted {
		slices.SortStableFunc(x.order, func(a, b uint32) int {
			if da, db := dated(a), dated(b); da != db {
				if da {
					return -1
				}
				return 1
			} else if !da {
				return 0
			}
			return cmp.Compare(c.times[a], c.times[b])
		})
	}
	for p, i := range x.order {
		x.acct[p] = c.acct[i]
		x.from[p] = first[c.marks[i]&255]
		if dated(i) {
			x.at[p] = c.times[i]
			x.timed = p + 1
		}
	}
	return x
}

// gap returns the distance in milliseconds of places p < q, or -1 when one
// has no time.
func (x *timeline) gap(p, q uint32) int64 {
	if int(q) >= x.timed {
		return -1
	}
	return x.at[q] - x.at[p]
}

// reach returns the length of the window in milliseconds, or a length that
// holds all time when it is unbounded.
func reach(w time.Duration) int64 {
	if w == Unbounded {
		return 1 << 62
	}
	return w.Milliseconds()
}

// near reports whether places p < q lie within w milliseconds. Where a time is
// missing the window is unbounded, or the post would not be here.
func (x *timeline) near(p, q uint32, w int64) bool {
	return int(q) >= x.timed || x.at[q]-x.at[p] <= w
}
