package coordination

import (
	"cmp"
	"slices"
	"time"
)

// combine joins the networks of one window over the traces. One post often
// carries a text and a link, so weights of different traces are not added: an
// edge weighs what it weighs under its heaviest trace.
func (r *Result) combine() {
	if len(r.Options.Traces) < 2 {
		return
	}
	for _, w := range r.Options.Windows {
		at := map[uint64]int{}
		c := Combined{Window: w}
		for i := range r.Views {
			v := &r.Views[i]
			if v.Window != w {
				continue
			}
			for j := range v.Edges {
				one := &v.Edges[j]
				key := edgeKey(one.A, one.B)
				n, ok := at[key]
				if !ok {
					n = len(c.Edges)
					at[key] = n
					c.Edges = append(c.Edges, CombinedEdge{A: one.A, B: one.B, GapMin: -1})
				}
				e := &c.Edges[n]
				e.Messages, e.Pairs = max(e.Messages, one.Messages), max(e.Pairs, one.Pairs)
				if one.GapMin >= 0 && (e.GapMin < 0 || one.GapMin < e.GapMin) {
					e.GapMin = one.GapMin
				}
				e.traces |= 1 << slices.Index(r.Options.Traces, v.Trace)
			}
		}
		slices.SortFunc(c.Edges, func(a, b CombinedEdge) int {
			return cmp.Or(cmp.Compare(b.Messages, a.Messages), cmp.Compare(b.Pairs, a.Pairs), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
		})
		plain := make([]Edge, len(c.Edges))
		for i, e := range c.Edges {
			plain[i] = Edge{A: e.A, B: e.B, Messages: e.Messages, Pairs: e.Pairs}
		}
		c.Groups = groups(plain, r.Options.GroupWeight)
		r.Combined = append(r.Combined, c)
	}
}

// Traces returns the traces under which the two accounts of e met.
func (r *Result) Traces(e *CombinedEdge) []Trace {
	var out []Trace
	for i, t := range r.Options.Traces {
		if e.traces&(1<<i) != 0 {
			out = append(out, t)
		}
	}
	return out
}

// An AccountStat is what one account did in one view.
type AccountStat struct {
	Account  uint32
	Posts    int           // of the whole corpus
	InWaves  int           // posts in waves
	Waves    int           // waves it took part in
	FirstIn  int           // waves whose first post is its own
	Partners int           // accounts it shares a listed edge with
	Messages int           // sum of the weights of its edges
	Pairs    int           // sum of their post pairs
	GapMean  time.Duration // over its timed pairs; -1 when there is none
	GapMin   time.Duration // -1 when there is none
}

// AccountStats returns one row for each account with a post in a wave of v,
// those with most partners first.
func (r *Result) AccountStats(v *View) []AccountStat {
	rows := map[uint32]*AccountStat{}
	at := func(a uint32) *AccountStat {
		s := rows[a]
		if s == nil {
			s = &AccountStat{Account: a, Posts: r.PostsOf(a), GapMin: -1, GapMean: -1}
			rows[a] = s
		}
		return s
	}
	for i := range v.Waves {
		w := &v.Waves[i]
		seen := map[uint32]bool{}
		for j, p := range v.posts[w.lo:w.hi] {
			s := at(r.x.acct[p])
			s.InWaves++
			if !seen[s.Account] {
				seen[s.Account] = true
				s.Waves++
			}
			if j == 0 {
				s.FirstIn++
			}
		}
	}
	sum, timed := map[uint32]time.Duration{}, map[uint32]int{}
	partners := map[[2]uint32]bool{}
	for i := range v.Edges {
		e := &v.Edges[i]
		for _, a := range []uint32{e.A, e.B} {
			s := at(a)
			other := e.A ^ e.B ^ a
			if !partners[[2]uint32{a, other}] { // a directed network has an edge each way
				partners[[2]uint32{a, other}] = true
				s.Partners++
			}
			s.Messages += int(e.Messages)
			s.Pairs += int(e.Pairs)
			sum[a] += e.GapSum
			timed[a] += int(e.Timed)
			if e.GapMin >= 0 && (s.GapMin < 0 || e.GapMin < s.GapMin) {
				s.GapMin = e.GapMin
			}
		}
	}
	out := make([]AccountStat, 0, len(rows))
	for a, s := range rows {
		if timed[a] > 0 {
			s.GapMean = sum[a] / time.Duration(timed[a])
		}
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b AccountStat) int {
		return cmp.Or(b.Partners-a.Partners, b.Messages-a.Messages, b.InWaves-a.InWaves, cmp.Compare(a.Account, b.Account))
	})
	return out
}
