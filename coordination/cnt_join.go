package coordination

import (
	"cmp"
	"math"
	"runtime"
	"slices"

	"github.com/arasha-org/arasha/coordination/internal/simjoin"
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
	size := 0
	for _, row := range posts {
		size += len(c.rows[row].Text)
	}
	var b simjoin.Builder
	b.Reserve(len(posts), size/3) // a token of three bytes is a short one
	events = make([]cntEvent, 0, len(posts))
	c.tokenise(posts, procs, func(part *tokenPart) {
		from := 0
		for i, to := range part.ends {
			row := part.rows[i]
			if set, ok := b.Add(part.hashes[from:to]); ok {
				events = append(events, cntEvent{c.message.of[row], c.user.of[row], int32(set), c.rows[row].Time})
			}
			from = to
		}
	})
	sets := b.Build(procs)
	return events, similarSets(sets, events, window, threshold, procs)
}

// A tokenPart holds the token hashes of some successive rows, repeats included:
// those of rows[i] end at ends[i].
type tokenPart struct {
	rows   []int32
	hashes []uint64
	ends   []int
	done   chan struct{} // holds one when hashes and ends are there
}

// tokenise calls take with the tokens of rows, in order, while procs goroutines
// divide the texts of the next ones. A part is used again when take returns.
func (c *cnt) tokenise(rows []int32, procs int, take func(*tokenPart)) {
	work, order := make(chan *tokenPart, 2*procs), make(chan *tokenPart, 2*procs)
	free := make(chan *tokenPart, 2*procs)
	for range cap(free) {
		free <- &tokenPart{hashes: make([]uint64, 0, 256*32), ends: make([]int, 0, 256), done: make(chan struct{}, 1)}
	}
	go func() {
		for some := range slices.Chunk(rows, 256) {
			part := <-free
			part.rows = some
			order <- part
			work <- part
		}
		close(order)
		close(work)
	}()
	for range procs {
		go func() {
			var t cntTokeniser
			for part := range work {
				part.hashes, part.ends = part.hashes[:0], part.ends[:0]
				for _, row := range part.rows {
					part.hashes = t.tokens(part.hashes, c.rows[row].Text)
					part.ends = append(part.ends, len(part.hashes))
				}
				part.done <- struct{}{}
			}
		}()
	}
	for part := range order {
		<-part.done
		take(part)
		free <- part
	}
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
	slices.SortFunc(timed, func(a, b simjoin.Event) int { return cmp.Compare(a.Time, b.Time) })
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
