package simjoin

import (
	"math/bits"
	"slices"
	"sync"
)

// Options of a join.
type Options struct {
	// Num/Den is the threshold: a pair is kept when its similarity is at
	// least Num/Den. 0 < Num ≤ Den.
	Num, Den uint64
	// Containment compares |x∩y| with the smaller set instead of the union.
	Containment bool
	// Window is the largest distance in time, in the unit of Event.Time, at
	// which two sets may occur and still form a pair. Negative: unbounded.
	Window int64
	// Procs is how many goroutines may work; the result does not depend on it.
	Procs int
	// NoBitmap leaves the bitmap filter out (for tests: it changes nothing).
	NoBitmap bool
}

// An Event is one occurrence of a set.
type Event struct {
	Time int64
	Doc  uint32
}

// A Pair is two different sets, A < B, at least as similar as the threshold
// and with at least one event of each within the window. Overlap is |A∩B|.
type Pair struct {
	A, B, Overlap uint32
}

// Stats count what a join did, so that a faster run that finds less is seen.
type Stats struct {
	Probes     int64 // sets looked up
	Entries    int64 // index entries read
	Candidates int64 // of these, other live sets of fitting length seen first
	Verified   int64 // of these, left by the position and bitmap filters
	Pairs      int64
}

func (s *Stats) add(o Stats) {
	s.Probes += o.Probes
	s.Entries += o.Entries
	s.Candidates += o.Candidates
	s.Verified += o.Verified
}

// Join returns all pairs, sorted by A, then B. events must be in time order.
func Join(s *Sets, events []Event, o Options) ([]Pair, Stats) {
	var pairs []Pair
	var stats Stats
	switch {
	case o.Containment:
		pairs, stats = containment(s, o)
		pairs = within(s, pairs, events, o.Window)
	case o.Window < 0:
		pairs, stats = byLength(s, o)
	case len(events) > 0 && (events[len(events)-1].Time-events[0].Time)/4 <= o.Window:
		// The window spans much of the data: the order by length prunes
		// better, and what lies too far apart is left out afterwards.
		pairs, stats = byLength(s, o)
		pairs = within(s, pairs, events, o.Window)
	default:
		pairs, stats = byTime(s, events, o)
	}
	slices.SortFunc(pairs, func(a, b Pair) int {
		if a.A != b.A {
			return int(int64(a.A) - int64(b.A))
		}
		return int(int64(a.B) - int64(b.B))
	})
	pairs = slices.CompactFunc(pairs, func(a, b Pair) bool { return a.A == b.A && a.B == b.B })
	stats.Pairs = int64(len(pairs))
	return pairs, stats
}

// ceilDiv returns ⌈a/b⌉.
func ceilDiv(a, b uint64) int { return int((a + b - 1) / b) }

// need returns the least overlap of sets of n and m tokens that reaches the
// threshold: |∩| ≥ τ|∪| ⇔ |∩| ≥ τ(n+m)/(1+τ).
func (o *Options) need(n, m int) int { return ceilDiv(o.Num*uint64(n+m), o.Num+o.Den) }

// reaches counts the common tokens of x[i:] and z[j:], beginning from overlap,
// and reports whether they reach need, with the full count if so.
func reaches(x, z []uint32, i, j, overlap, need int) (int, bool) {
	for i < len(x) && j < len(z) {
		if overlap+min(len(x)-i, len(z)-j) < need {
			return 0, false
		}
		a, b := x[i], z[j]
		if a == b {
			overlap++
		}
		if a <= b {
			i++
		}
		if b <= a {
			j++
		}
	}
	return overlap, overlap >= need
}

func (o *Options) bitmapRefuses(a, b [2]uint64, n, m, need int) bool {
	return !o.NoBitmap && bits.OnesCount64(a[0]^b[0])+bits.OnesCount64(a[1]^b[1]) > n+m-2*need
}

// An entry is a set in the list of one of its tokens.
type entry struct {
	doc uint32
	n   uint16 // tokens of the set
	pos uint16 // where the token stands in it
}

// byTime runs the streaming join over one shard of the events per processor.
// Every shard begins one window early, so a pair is found where its later
// event lies; pairs found twice are removed by Join.
func byTime(s *Sets, events []Event, o Options) ([]Pair, Stats) {
	procs := max(1, o.Procs)
	if len(events) < 20000 {
		procs = 1
	}
	type result struct {
		pairs []Pair
		stats Stats
	}
	results := make([]result, procs)
	var wg sync.WaitGroup
	for p := range procs {
		lo, hi := len(events)*p/procs, len(events)*(p+1)/procs
		if lo < hi {
			first := events[lo].Time - o.Window
			lo, _ = slices.BinarySearchFunc(events, first, func(e Event, t int64) int {
				if e.Time < t {
					return -1
				}
				return 1
			})
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			results[p].pairs, results[p].stats = stream(s, events[lo:hi], o)
		}()
	}
	wg.Wait()
	var stats Stats
	var pairs []Pair
	for _, r := range results {
		pairs = append(pairs, r.pairs...)
		stats.add(r.stats)
	}
	return pairs, stats
}

const never = -1 << 63

// stream is the join in time order. A set is live while its last event lies
// within the window; only a set that is not live probes the index, for the
// neighbours of a live one are known. A set that comes to life again may find
// a neighbour again: Join removes what stands twice.
func stream(s *Sets, events []Event, o Options) ([]Pair, Stats) {
	var stats Stats
	var pairs []Pair
	last := make([]int64, s.Len())
	for i := range last {
		last[i] = never
	}
	seen := make([]uint32, s.Len()) // by probe, and by compaction below
	var turn uint32
	idx := newIndex(s, events, o)

	for _, ev := range events {
		d, cut := ev.Doc, ev.Time-o.Window
		if last[d] != never && last[d] >= cut {
			last[d] = ev.Time
			continue
		}
		stats.Probes++
		turn++
		seen[d] = turn
		x := s.Set(d)
		nx := len(x)
		minL, maxL := ceilDiv(o.Num*uint64(nx), o.Den), int(min(o.Den*uint64(nx)/o.Num, MaxTokens))
		prefix := nx - minL + 1
		sig := s.sigs[d]
		for i := 0; i < prefix; i++ {
			list := idx.live(x[i], last, cut)
			stats.Entries += int64(len(list))
			for _, y := range list {
				if int(y.n) < minL || int(y.n) > maxL || seen[y.doc] == turn || last[y.doc] < cut {
					continue
				}
				// The first hit is the first common token of both prefixes, so
				// the position filter may settle this set once and for all.
				seen[y.doc] = turn
				stats.Candidates++
				ny, pos := int(y.n), int(y.pos)
				need := o.need(nx, ny)
				if min(nx-i, ny-pos) < need || o.bitmapRefuses(sig, s.sigs[y.doc], nx, ny, need) {
					continue
				}
				stats.Verified++
				if overlap, ok := reaches(x, s.Set(y.doc), i+1, pos+1, 1, need); ok {
					a, b := min(d, y.doc), max(d, y.doc)
					pairs = append(pairs, Pair{a, b, uint32(overlap)})
				}
			}
			idx.add(x[i], entry{d, uint16(nx), uint16(i)}, last, cut)
		}
		last[d] = ev.Time
	}
	return pairs, stats
}

// An index holds for each token the live sets that have it in their prefix,
// oldest first, in one arena: a list never holds a set twice, so its room is
// the number of sets that have the token in their prefix.
type index struct {
	base    []uint64
	head    []uint32
	tail    []uint32
	entries []entry
	mark    []uint32
	turn    uint32
}

func newIndex(s *Sets, events []Event, o Options) *index {
	x := &index{base: make([]uint64, s.vocab+1), head: make([]uint32, s.vocab), tail: make([]uint32, s.vocab), mark: make([]uint32, s.Len())}
	counted := make([]bool, s.Len())
	for _, ev := range events {
		if counted[ev.Doc] {
			continue
		}
		counted[ev.Doc] = true
		set := s.Set(ev.Doc)
		for _, r := range set[:len(set)-ceilDiv(o.Num*uint64(len(set)), o.Den)+1] {
			x.base[r+1]++
		}
	}
	for i := 1; i < len(x.base); i++ {
		x.base[i] += x.base[i-1]
	}
	x.entries = make([]entry, x.base[len(x.base)-1])
	return x
}

// live drops expired sets from the head of a list and returns the rest.
func (x *index) live(r uint32, last []int64, cut int64) []entry {
	list := x.entries[x.base[r]:x.base[r+1]]
	h, t := x.head[r], x.tail[r]
	for h < t && last[list[h].doc] < cut {
		h++
	}
	x.head[r] = h
	return list[h:t]
}

// add appends e to a list. When there is no room, what is expired or stands
// twice is taken out first; what stays then fits, for e itself was not live.
func (x *index) add(r uint32, e entry, last []int64, cut int64) {
	list := x.entries[x.base[r]:x.base[r+1]]
	if int(x.tail[r]) == len(list) {
		x.turn++
		n := uint32(0)
		for _, y := range list[x.head[r]:] {
			if last[y.doc] >= cut && x.mark[y.doc] != x.turn {
				x.mark[y.doc] = x.turn
				list[n] = y
				n++
			}
		}
		x.head[r], x.tail[r] = 0, n
	}
	list[x.tail[r]] = e
	x.tail[r]++
}
