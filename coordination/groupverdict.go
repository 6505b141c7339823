package coordination

import (
	"cmp"
	"slices"
	"time"

	"github.com/arasha-org/arasha/coordination/internal/redraw"
)

// A judged component, with what decides its verdict.
type judged struct {
	component
	p        float64
	possible int
	objects  int // on which two of its accounts coincide
	withBack int
	verdict  Verdict
	reason   Reason
}

func (c *judged) ratio() float64 { return float64(c.k) / c.lambda }

// effect is the share of the coincidences still possible that happened; 0
// when none was still possible.
func (c *judged) effect() float64 {
	room := float64(c.possible) - c.lambda
	if room <= 1e-9 {
		return 0
	}
	return (float64(c.k) - c.lambda) / room
}

// verdicts judges the components of the layers from to of a redrawing that
// are to be reported: the largest strong ones; the largest weak ones that are
// not inside a strong one; and of every component of the first layer that
// holds neither, the most striking part. Components of smaller alphas lie
// inside those of larger ones, so these do not overlap except as said.
//
// With passing set only strong and weak ones are returned.
func (g *stage) verdicts(d *redrawing, state []uint32, from, to int, passing bool) []judged {
	pvalue := d.pvalues(from, to)
	inside := make([]bool, g.e.Accounts())
	var all []judged
	for _, c := range d.data {
		if c.layer < from || c.layer >= to {
			continue
		}
		v := judged{component: c, p: 1}
		if len(c.accounts) >= MinMembers { // two are never compared
			v.p = pvalue(c.layer, c.t)
		}
		if v.p <= TestLevel || !passing {
			g.measure(&v, state, inside)
		}
		v.judge()
		all = append(all, v)
	}
	holds := func(a, b *judged) bool { // a component holds all of another or nothing
		_, ok := slices.BinarySearch(a.accounts, b.accounts[0])
		return ok && len(a.accounts) >= len(b.accounts)
	}
	// Most accounts first; of equal ones the more striking, then the larger alpha.
	slices.SortStableFunc(all, func(a, b judged) int {
		return cmp.Or(cmp.Compare(len(b.accounts), len(a.accounts)), cmp.Compare(a.p, b.p), cmp.Compare(a.layer, b.layer))
	})
	var out []judged
	for _, want := range []Verdict{Strong, Weak} {
		for i := range all {
			if all[i].verdict == want && !slices.ContainsFunc(out, func(o judged) bool { return holds(&o, &all[i]) }) {
				out = append(out, all[i])
			}
		}
	}
	if !passing {
		passed := len(out)
		for i := range all {
			whole := &all[i]
			if whole.layer != from || slices.ContainsFunc(out[:passed], func(o judged) bool { return holds(whole, &o) || holds(&o, whole) }) {
				continue
			}
			best := whole
			for k := range all {
				if holds(whole, &all[k]) && all[k].p < best.p {
					best = &all[k]
				}
			}
			out = append(out, *best)
		}
	}
	rank := map[Verdict]int{Strong: 0, Weak: 1, NotPassing: 2}
	slices.SortStableFunc(out, func(a, b judged) int {
		return cmp.Or(cmp.Compare(rank[a.verdict], rank[b.verdict]), cmp.Compare(a.p, b.p), cmp.Compare(b.t, a.t), cmp.Compare(a.accounts[0], b.accounts[0]))
	})
	return out
}

// judge applies the floors.
func (c *judged) judge() {
	c.verdict = NotPassing
	switch {
	case len(c.accounts) < MinMembers:
		c.reason = TooFewMembers
	case c.p > TestLevel:
		c.reason = ByChance
	case c.withBack == 0:
		c.reason = NoOutsiders
	case c.effect() >= StrongEffect:
		c.verdict = Strong
	case c.ratio() >= WeakRatio:
		c.verdict = Weak
	default:
		c.reason = SmallEffect
	}
}

// measure counts, for a component, what was possible, on how many objects
// accounts of it coincide, and how many of these have outsiders enough.
// inside is all false before and after.
func (g *stage) measure(c *judged, state []uint32, inside []bool) {
	var shared []uint32
	for _, a := range c.accounts {
		inside[a] = true
		shared = append(shared, g.objectsOf(a)...)
	}
	slices.Sort(shared)
	for i := 0; i < len(shared); {
		j := i + 1
		for j < len(shared) && shared[j] == shared[i] {
			j++
		}
		o, n := shared[i], j-i
		i = j
		c.possible += n * (n - 1) / 2
		if n < 2 || g.pairs[o] == 0 || !g.together(o, state, inside) {
			continue
		}
		c.objects++
		if int(g.e.start[o+1]-g.e.start[o])-n >= MinBackground {
			c.withBack++
		}
	}
	for _, a := range c.accounts {
		inside[a] = false
	}
}

// together reports whether two accounts that are inside coincide on object o.
func (g *stage) together(o uint32, state []uint32, inside []bool) bool {
	last := int64(-1 << 62)
	for i := g.e.start[o]; i < g.e.start[o+1]; i++ {
		if inside[state[i]] {
			if g.e.at[i]-last <= g.w {
				return true
			}
			last = g.e.at[i]
		}
	}
	return false
}

// group writes a judged component out, with everything that explains it.
func (g *stage) group(c *judged, d *redrawing, n1 *activity, n3 *leftOut) TestedGroup {
	e := g.e
	out := TestedGroup{Verdict: c.verdict, Reason: c.reason, Alpha: d.layers[c.layer].alpha, K: c.k, Lambda: c.lambda, T: c.t, P: c.p,
		Ratio: c.ratio(), Possible: c.possible, Effect: c.effect(), Objects: c.objects, WithBack: c.withBack, Within: -1}
	member := make(map[uint32]bool, len(c.accounts))
	for _, a := range c.accounts {
		out.Accounts = append(out.Accounts, e.accts[a])
		member[a] = true
	}
	outside := map[uint32]int{}
	for i := range d.again {
		r := &d.again[i]
		a, b := redraw.Accounts(r.key)
		if !member[a] || !d.layers[c.layer].has(r) {
			continue
		}
		edge := TestedEdge{A: e.accts[a], B: e.accts[b], K: r.k, Lambda: r.lambda, P: probability(r.logp),
			Activity: n1.pair(a, b, r.k), LeftOut: n3.pair(a, b)}
		edge.Activity.A, edge.Activity.B = edge.A, edge.B
		g.eachShared(a, b, func(o uint32) {
			edge.Shared++
			lo, hi := e.start[o], e.start[o+1]
			i, j := g.slotOf(o, a), g.slotOf(o, b)
			gap := max(e.at[i]-e.at[j], e.at[j]-e.at[i])
			if gap > g.w {
				return
			}
			if _, ok := outside[o]; !ok {
				for _, x := range e.acct[lo:hi] {
					if !member[x] {
						outside[o]++
					}
				}
			}
			edge.Meetings = append(edge.Meetings, Meeting{Object: e.objects[o], PostA: e.post[i], PostB: e.post[j],
				Gap: millis(gap), Accounts: int(hi - lo), Outside: outside[o], Since: millis(min(e.at[i], e.at[j]) - e.at[lo])})
		})
		slices.SortStableFunc(edge.Meetings, func(x, y Meeting) int { return cmp.Compare(g.when(x), g.when(y)) })
		out.Edges = append(out.Edges, edge)
	}
	slices.SortStableFunc(out.Edges, func(a, b TestedEdge) int {
		return cmp.Or(cmp.Compare(b.K, a.K), cmp.Compare(a.P, b.P), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return out
}

func millis(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

// slotOf returns the slot of an account that shares object o, in the data.
func (g *stage) slotOf(o, a uint32) uint32 {
	lo, hi := g.e.start[o], g.e.start[o+1]
	return lo + uint32(slices.Index(g.e.acct[lo:hi], a))
}

// when returns the time of the earlier post of a meeting.
func (g *stage) when(m Meeting) int64 {
	o, _ := slices.BinarySearch(g.e.objects, m.Object)
	return g.e.at[g.e.start[o]] + m.Since.Milliseconds()
}
