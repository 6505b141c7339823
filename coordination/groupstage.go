package coordination

import (
	"cmp"
	"slices"

	"github.com/arasha-org/arasha/coordination/internal/redraw"
)

// Bounds of time and memory: coincidences of one redraw, and pairs of accounts
// that may meet in any. Objects shared by so many accounts within the window
// that the sums would be larger are left out, the most crowded first, and
// counted: a crowd says nothing about two of it.
const (
	maxMeetings = 500_000
	maxPairs    = 15_000_000
)

// A stage is all that redrawing does not change: the slots, which of them lie
// within the window of each other, and which account shares which object.
type stage struct {
	e *Events
	s *redraw.Slots
	w int64 // window in milliseconds

	crowded int       // objects left out
	pairs   []int64   // per object: pairs of slots within the window (k_o); 0 when left out
	density []float64 // per object: the same as a share of all pairs (π_o)
	total   int64     // of pairs

	ostart []uint32 // CSR account → its objects, ascending, without those left out
	objs   []uint32

	repeaters int      // accounts with at least two objects
	repeats   []bool   // accounts that may coincide with another often enough for an edge
	active    []uint32 // objects on which two such accounts may coincide
	moving    []uint32 // of these, objects on which it depends on the redraw who does
	mstart    []uint32 // CSR place in active → its slots that have another within the window
	meets     []uint32
	last      []uint32 // beside meets: the last slot within the window
}

// newStage prepares events for a window and edges of at least least
// coincidences.
func newStage(e *Events, w int64, least int) *stage {
	g := &stage{e: e, w: w, s: redraw.NewSlots(e.start, e.at, e.Accounts())}
	n := e.Objects()
	degree := make([]uint32, e.Accounts())
	for _, a := range e.acct {
		degree[a]++
	}
	for _, d := range degree {
		if d >= 2 {
			g.repeaters++
		}
	}
	g.pairs, g.density = make([]int64, n), make([]float64, n)
	cost, room := make([]float64, n), make([]float64, n)
	for o := range n {
		lo, hi := e.start[o], e.start[o+1]
		again := 0
		for i, j := lo, lo; j < hi; j++ {
			for e.at[j]-e.at[i] > w {
				i++
			}
			g.pairs[o] += int64(j - i)
			if degree[e.acct[j]] >= 2 {
				again++
			}
		}
		size := float64(hi - lo)
		all := size * (size - 1) / 2
		g.density[o] = float64(g.pairs[o]) / all
		room[o] = float64(again) * float64(again-1) / 2
		cost[o] = g.density[o] * room[o]
	}
	out := g.crowd(cost, room)
	for o := range n {
		if out[o] {
			g.pairs[o], g.density[o] = 0, 0
		}
		g.total += g.pairs[o]
	}
	g.memberships(out)
	g.activate(least)
	return g
}

// crowd says which objects to leave out, given the coincidences of repeating
// accounts to be expected of each and how many pairs of them it has.
func (g *stage) crowd(cost, room []float64) []bool {
	out := make([]bool, len(cost))
	costs, rooms := 0.0, 0.0
	order := make([]int, len(cost))
	for o := range order {
		order[o] = o
		costs += cost[o]
		rooms += room[o]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(cost[b], cost[a]) })
	for _, o := range order {
		if costs <= maxMeetings && min(200*costs, rooms) <= maxPairs {
			break
		}
		out[o] = true
		g.crowded++
		costs -= cost[o]
		rooms -= room[o]
	}
	return out
}

// memberships lists the objects of each account.
func (g *stage) memberships(out []bool) {
	e := g.e
	g.ostart = make([]uint32, e.Accounts()+1)
	for o := range e.Objects() {
		if !out[o] {
			for _, a := range e.acct[e.start[o]:e.start[o+1]] {
				g.ostart[a+1]++
			}
		}
	}
	sum(g.ostart)
	g.objs = make([]uint32, g.ostart[e.Accounts()])
	fill := slices.Clone(g.ostart)
	for o := range e.Objects() {
		if !out[o] {
			for _, a := range e.acct[e.start[o]:e.start[o+1]] {
				g.objs[fill[a]] = uint32(o)
				fill[a]++
			}
		}
	}
}

// objectsOf returns the objects of an account, ascending.
func (g *stage) objectsOf(a uint32) []uint32 { return g.objs[g.ostart[a]:g.ostart[a+1]] }

// activate finds the accounts and objects that an edge may come from.
func (g *stage) activate(least int) {
	e := g.e
	g.repeats = make([]bool, e.Accounts())
	for a := range g.repeats {
		n := 0
		for _, o := range g.objectsOf(uint32(a)) {
			if g.pairs[o] > 0 {
				n++
			}
		}
		g.repeats[a] = n >= least
	}
	g.mstart = []uint32{0}
	for o := range e.Objects() {
		lo, hi := e.start[o], e.start[o+1]
		if g.pairs[o] == 0 {
			continue
		}
		again := 0
		for _, a := range e.acct[lo:hi] {
			if g.repeats[a] {
				again++
			}
		}
		if again < 2 {
			continue
		}
		g.active = append(g.active, uint32(o))
		if n := int64(hi - lo); g.pairs[o] < n*(n-1)/2 {
			g.moving = append(g.moving, uint32(o))
		}
		end := lo
		for i := lo; i < hi; i++ {
			for end+1 < hi && e.at[end+1]-e.at[i] <= g.w {
				end++
			}
			if end > i || i > lo && e.at[i]-e.at[i-1] <= g.w {
				g.meets = append(g.meets, i)
				g.last = append(g.last, end)
			}
		}
		g.mstart = append(g.mstart, uint32(len(g.meets)))
	}
}

// coincide appends the key of every coincidence of two repeating accounts
// when account state[i] stands at slot i. spare holds slots in between.
func (g *stage) coincide(state []uint32, dst []uint64, spare *[]uint32) []uint64 {
	for k := range g.active {
		list := (*spare)[:0]
		for m := g.mstart[k]; m < g.mstart[k+1]; m++ {
			if g.repeats[state[g.meets[m]]] {
				list = append(list, m)
			}
		}
		*spare = list
		for x, m := range list {
			a, last := state[g.meets[m]], g.last[m]
			for _, q := range list[x+1:] {
				i := g.meets[q]
				if i > last {
					break
				}
				dst = append(dst, redraw.Key(a, state[i]))
			}
		}
	}
	return dst
}

// eachShared calls f for every object that both accounts share, ascending.
func (g *stage) eachShared(a, b uint32, f func(o uint32)) {
	x, y := g.objectsOf(a), g.objectsOf(b)
	for len(x) > 0 && len(y) > 0 {
		switch {
		case x[0] < y[0]:
			x = x[1:]
		case x[0] > y[0]:
			y = y[1:]
		default:
			f(x[0])
			x, y = x[1:], y[1:]
		}
	}
}

// plain returns how often two accounts are expected to coincide when every
// way to deal the times is as likely (λ⁰): the sum of π_o over the objects
// they share.
func (g *stage) plain(a, b uint32) float64 {
	sum := 0.0
	g.eachShared(a, b, func(o uint32) { sum += g.density[o] })
	return sum
}

// status says whether there is something to test.
func (g *stage) status() Status {
	e := g.e
	if e.Objects() == 0 {
		return NoShares
	}
	if g.repeaters < 2 {
		return NoRepeaters
	}
	if g.backgrounds() == 0 {
		return NoneBackdrop
	}
	if len(g.active) == 0 && g.crowded > 0 {
		return Crowd
	}
	if len(g.active) > 0 && len(g.moving) == 0 {
		return AllTogether
	}
	return Tested
}

// backgrounds returns how many objects have two accounts and MinBackground
// others.
func (g *stage) backgrounds() int {
	n := 0
	for o := range g.e.Objects() {
		if g.e.start[o+1]-g.e.start[o] >= 2+MinBackground {
			n++
		}
	}
	return n
}
