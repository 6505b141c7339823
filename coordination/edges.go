package coordination

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"
)

// An edgeTable adds up pairs by their two accounts.
type edgeTable struct {
	slots []uint32 // index into edges + 1; 0 for empty
	keys  []uint64
	rows  []edgeSum
}

type edgeSum struct {
	last           uint32 // message counted last, plus one
	messages       int32
	pairs, timed   int32
	aFirst, bFirst int32
	gapSum         int64 // milliseconds
	gapMin         int64
}

func newEdgeTable() *edgeTable { return &edgeTable{slots: make([]uint32, 1024)} }

func edgeKey(a, b uint32) uint64 { return uint64(a)<<32 | uint64(b) }

func slotOf(key uint64) uint64 {
	key ^= key >> 29
	key *= 0xBF58476D1CE4E5B9
	return key ^ key>>32
}

// at returns the tally of key, making it when create is set, nil when there is
// none.
func (t *edgeTable) at(key uint64, create bool) *edgeSum {
	mask := uint64(len(t.slots) - 1)
	i := slotOf(key) & mask
	for ; t.slots[i] != 0; i = (i + 1) & mask {
		if n := t.slots[i] - 1; t.keys[n] == key {
			return &t.rows[n]
		}
	}
	if !create {
		return nil
	}
	if 2*(len(t.rows)+1) > len(t.slots) {
		t.slots = make([]uint32, 2*len(t.slots))
		mask = uint64(len(t.slots) - 1)
		for n, k := range t.keys {
			j := slotOf(k) & mask
			for t.slots[j] != 0 {
				j = (j + 1) & mask
			}
			t.slots[j] = uint32(n + 1)
		}
		for i = slotOf(key) & mask; t.slots[i] != 0; {
			i = (i + 1) & mask
		}
	}
	t.keys = append(t.keys, key)
	t.rows = append(t.rows, edgeSum{gapMin: -1})
	t.slots[i] = uint32(len(t.rows))
	return &t.rows[len(t.rows)-1]
}

// add counts the pair p < q of a message in the edge of its accounts, or in
// the edges of a directed network.
func (l *looker) add(t *edgeTable, message, p, q uint32, what counting) {
	a, b := l.x.acct[p], l.x.acct[q]
	gap := l.x.gap(p, q)
	if l.o.Directed {
		// A tie or an unknown time has no direction: it counts both ways.
		t.count(edgeKey(a, b), message, gap, gap > 0, false, what)
		if gap <= 0 {
			t.count(edgeKey(b, a), message, gap, false, false, what)
		}
		return
	}
	t.count(edgeKey(min(a, b), max(a, b)), message, gap, gap > 0 && a < b, gap > 0 && b < a, what)
}

// counting says what a pair adds to its edge.
type counting uint8

const (
	makeEdge   counting = 1 << iota // the edge itself, if it is new
	countPairs                      // the pair and its gap
	countMessage
)

func (t *edgeTable) count(key uint64, message uint32, gap int64, aFirst, bFirst bool, what counting) {
	e := t.at(key, what&makeEdge != 0)
	if e == nil {
		return
	}
	if what&countMessage != 0 && e.last != message+1 {
		e.last = message + 1
		e.messages++
	}
	if what&countPairs == 0 {
		return
	}
	e.pairs++
	if gap >= 0 {
		e.timed++
		e.gapSum += gap
		if e.gapMin < 0 || gap < e.gapMin {
			e.gapMin = gap
		}
	}
	if aFirst {
		e.aFirst++
	}
	if bFirst {
		e.bFirst++
	}
}

// eachPair calls f for every pair of a wave, the earlier post first.
func (l *looker) eachPair(v *View, w *Wave, f func(p, q uint32)) {
	l.eachMeeting(l.runs(w, v.posts[w.lo:w.hi]), func(a, b run) {
		if a.doc == b.doc {
			l.eachSelf(a.places, f)
		} else {
			l.eachCross(a.places, b.places, f)
		}
	})
}

// tally adds the pairs of all listed waves up, and then those of the waves over
// the bound for the edges that exist, so that every edge that is listed is
// exact. Distinct messages are counted message by message; a message of which
// some wave is over the bound is counted in the second round.
func (l *looker) tally(ctx context.Context, v *View) *edgeTable {
	t := newEdgeTable()
	order := make([]*Wave, len(v.Waves))
	over := map[uint32]bool{}
	for i := range v.Waves {
		order[i] = &v.Waves[i]
		if !v.Waves[i].Listed {
			over[v.Waves[i].Message] = true
		}
	}
	slices.SortFunc(order, func(a, b *Wave) int { return cmp.Or(cmp.Compare(a.Message, b.Message), cmp.Compare(a.lo, b.lo)) })
	for i, w := range order {
		if i&0xFFF == 0 && ctx.Err() != nil {
			return t
		}
		if w.Listed {
			what := makeEdge | countPairs
			if !over[w.Message] {
				what |= countMessage
			}
			l.eachPair(v, w, func(p, q uint32) { l.add(t, w.Message, p, q, what) })
		}
	}
	for _, w := range order {
		switch {
		case ctx.Err() != nil:
			return t
		case !over[w.Message]:
		case w.Listed:
			l.eachPair(v, w, func(p, q uint32) { l.add(t, w.Message, p, q, countMessage) })
		default:
			l.complete(v, w, t)
		}
	}
	return t
}

// complete adds the pairs of a wave over the bound to the edges that exist
// already, so that every edge that is listed is exact.
func (l *looker) complete(v *View, w *Wave, t *edgeTable) {
	if len(t.rows) == 0 {
		return
	}
	of := map[uint32][]uint32{}
	for _, p := range v.posts[w.lo:w.hi] {
		of[l.x.acct[p]] = append(of[l.x.acct[p]], p)
	}
	runs := l.runs(w, v.posts[w.lo:w.hi])
	for _, key := range t.keys {
		a, b := uint32(key>>32), uint32(key)
		if len(of[a]) == 0 || len(of[b]) == 0 || l.o.Directed && a > b && t.at(edgeKey(b, a), false) != nil {
			continue
		}
		l.between(runs, of[a], of[b], func(p, q uint32) { l.add(t, w.Message, p, q, countPairs|countMessage) })
	}
}

// between calls f for every pair of a wave between two accounts, given the
// places of each.
func (l *looker) between(runs []run, ofA, ofB []uint32, f func(p, q uint32)) {
	for _, p := range ofA {
		for _, q := range ofB {
			lo, hi := min(p, q), max(p, q)
			if l.x.near(lo, hi, l.w) && (len(runs) == 1 || l.d.similarity(l.d.doc(p), l.d.doc(q), l.o) > 0) {
				f(lo, hi)
			}
		}
	}
}

// edges returns the edges that the options let through, heaviest first, and
// how many were left out.
func (t *edgeTable) edges(v *View, o *Options, x *timeline) ([]Edge, int) {
	var active map[uint32]int
	if o.MinParticipation > 1 {
		active = map[uint32]int{}
		for _, p := range v.posts {
			active[x.acct[p]]++
		}
	}
	floor := 0.0
	if o.Percentile > 0 {
		weights := make([]int, len(t.rows))
		for i, e := range t.rows {
			weights[i] = int(e.messages)
		}
		slices.Sort(weights)
		floor = quantile7(weights, o.Percentile)
	}
	var out []Edge
	for i, e := range t.rows {
		a, b := uint32(t.keys[i]>>32), uint32(t.keys[i])
		if int(e.messages) < o.MinWeight || o.Percentile > 0 && float64(e.messages) <= floor ||
			active != nil && (active[a] < o.MinParticipation || active[b] < o.MinParticipation) {
			continue
		}
		g := time.Duration(-1)
		if e.gapMin >= 0 {
			g = time.Duration(e.gapMin) * time.Millisecond
		}
		out = append(out, Edge{A: a, B: b, Messages: e.messages, Pairs: e.pairs, Timed: e.timed,
			GapSum: time.Duration(e.gapSum) * time.Millisecond, GapMin: g, AFirst: e.aFirst, BFirst: e.bFirst})
	}
	slices.SortFunc(out, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(b.Messages, a.Messages), cmp.Compare(b.Pairs, a.Pairs), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return out, len(t.rows) - len(out)
}

// groups returns the connected components of the edges that weigh at least
// least, largest first.
func groups(edges []Edge, least int) []Group {
	parent := map[uint32]uint32{}
	root := func(a uint32) uint32 {
		p, ok := parent[a]
		if !ok {
			parent[a] = a
			return a
		}
		for p != a {
			q := parent[p]
			parent[a] = q
			a, p = p, q
		}
		return a
	}
	for _, e := range edges {
		if int(e.Messages) >= least {
			a, b := root(e.A), root(e.B)
			parent[max(a, b)] = min(a, b)
		}
	}
	at := map[uint32]int{}
	var out []Group
	for _, a := range slices.Sorted(maps.Keys(parent)) {
		r := root(a)
		if r == a {
			at[a] = len(out)
			out = append(out, Group{})
		}
		g := &out[at[r]]
		g.Accounts = append(g.Accounts, a)
	}
	for _, e := range edges {
		if int(e.Messages) >= least {
			g := &out[at[root(e.A)]]
			g.Edges++
			g.Messages += int(e.Messages)
			g.Pairs += int(e.Pairs)
		}
	}
	slices.SortStableFunc(out, func(a, b Group) int {
		return cmp.Or(len(b.Accounts)-len(a.Accounts), b.Messages-a.Messages, cmp.Compare(a.Accounts[0], b.Accounts[0]))
	})
	for i := range out {
		out[i].Number = i + 1
	}
	return out
}
