package coordination

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/arasha-org/arasha/coordination/internal/simjoin"
	"github.com/arasha-org/arasha/internal/intern"
)

// bySimilarText returns an event for every text that has a token, its key the
// number of its token set, and for every set those similar to it that come
// within the window.
func (c *cnt) bySimilarText(window, threshold float64) (events []cntEvent, near [][]int32) {
	var posts []int32
	for i := range c.rows {
		if c.first[i] && c.rows[i].Repost == "" {
			posts = append(posts, int32(i))
		}
	}
	procs := runtime.GOMAXPROCS(0)
	hashes, start := c.tokenise(posts, procs)
	var b simjoin.Builder
	for i, row := range posts {
		if set, ok := b.Add(hashes[start[i]:start[i+1]]); ok {
			events = append(events, cntEvent{c.message.of[row], c.user.of[row], int32(set), c.rows[row].Time})
		}
	}
	sets := b.Build(procs)
	return events, similarSets(sets, events, window, threshold, procs)
}

// tokenise returns the hashes of the tokens of each row, repeats included:
// those of rows[i] are hashes[start[i]:start[i+1]]. Each processor takes a
// part of the rows; the result does not depend on how many there are.
func (c *cnt) tokenise(rows []int32, procs int) (hashes []uint64, start []int) {
	procs = max(1, min(procs, len(rows)/1000))
	parts := make([][]uint64, procs)
	start = make([]int, len(rows)+1) // lengths first
	var wg sync.WaitGroup
	for p := range procs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var t cntTokeniser
			lo, hi := len(rows)*p/procs, len(rows)*(p+1)/procs
			h := make([]uint64, 0, 24*(hi-lo))
			for i := lo; i < hi; i++ {
				before := len(h)
				t.tokens(c.rows[rows[i]].Text, func(s []byte) { h = append(h, intern.Key(string(s))[0]) })
				start[i+1] = len(h) - before
			}
			parts[p] = h
		}()
	}
	wg.Wait()
	for i := range rows {
		start[i+1] += start[i]
	}
	return slices.Concat(parts...), start
}

// similarSets returns for each set those whose Jaccard similarity, divided as
// CNT divides, reaches the threshold, and that have an event within the window
// or a little more. The join counts in whole numbers, so it is asked for
// slightly too much: the division is made again here, and the times are
// compared again where the sets are used.
func similarSets(sets *simjoin.Sets, events []cntEvent, window, threshold float64, procs int) [][]int32 {
	near := make([][]int32, sets.Len())
	if len(events) == 0 {
		return near
	}
	first, last := events[0].time, events[0].time
	for _, e := range events {
		first, last = min(first, e.time), max(last, e.time)
	}
	// Whole ticks of a millisecond, or more when the times spread too far.
	tick := max(1e-3, (last-first)*0x1p-52)
	ticks := func(seconds float64) int64 { return int64(math.Floor(seconds / tick)) }
	o := simjoin.Options{Num: uint64(max(1, math.Floor(threshold*1e6)-1)), Den: 1e6, Window: -1, Procs: procs}
	if window < last-first {
		o.Window = ticks(window) + 2
	}
	timed := make([]simjoin.Event, len(events))
	for i, e := range events {
		timed[i] = simjoin.Event{Time: ticks(e.time - first), Doc: uint32(e.key)}
	}
	slices.SortStableFunc(timed, func(a, b simjoin.Event) int { return cmp.Compare(a.Time, b.Time) })
	pairs, _ := simjoin.Join(sets, timed, o)
	for _, p := range pairs {
		union := len(sets.Set(p.A)) + len(sets.Set(p.B)) - int(p.Overlap)
		if float64(p.Overlap)/float64(union) >= threshold {
			near[p.A] = append(near[p.A], int32(p.B))
			near[p.B] = append(near[p.B], int32(p.A))
		}
	}
	return near
}
