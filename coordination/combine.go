package coordination

import (
	"cmp"
	"slices"
	"time"
)

// combine adds the networks of one window up over the families of traces.
func (r *Result) combine() {
	families := map[string]bool{}
	for _, t := range r.Options.Traces {
		families[t.family()] = true
	}
	if len(families) < 2 {
		return
	}
	type row struct {
		a, b   uint32
		family string
		view   int
		edge   *Edge
	}
	for _, w := range r.Options.Windows {
		var rows []row
		for i := range r.Views {
			v := &r.Views[i]
			if v.Window != w {
				continue
			}
			for j := range v.Edges {
				e := &v.Edges[j]
				rows = append(rows, row{e.A, e.B, v.Trace.family(), i, e})
			}
		}
		slices.SortFunc(rows, func(a, b row) int {
			return cmp.Or(cmp.Compare(a.a, b.a), cmp.Compare(a.b, b.b), cmp.Compare(a.family, b.family), cmp.Compare(a.view, b.view))
		})
		c := Combined{Window: w}
		for i := 0; i < len(rows); {
			e := CombinedEdge{A: rows[i].a, B: rows[i].b, GapMin: -1}
			for i < len(rows) && rows[i].a == e.A && rows[i].b == e.B {
				heaviest := 0
				for f := rows[i].family; i < len(rows) && rows[i].a == e.A && rows[i].b == e.B && rows[i].family == f; i++ {
					one := rows[i].edge
					heaviest = max(heaviest, int(one.Messages))
					e.Pairs = max(e.Pairs, int(one.Pairs))
					if one.GapMin >= 0 && (e.GapMin < 0 || one.GapMin < e.GapMin) {
						e.GapMin = one.GapMin
					}
					e.Traces = append(e.Traces, r.Views[rows[i].view].Trace)
				}
				e.Messages += heaviest
			}
			slices.SortFunc(e.Traces, func(a, b Trace) int { return slices.Index(r.Options.Traces, a) - slices.Index(r.Options.Traces, b) })
			c.Edges = append(c.Edges, e)
		}
		slices.SortFunc(c.Edges, func(a, b CombinedEdge) int {
			return cmp.Or(b.Messages-a.Messages, b.Pairs-a.Pairs, cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
		})
		plain := make([]Edge, len(c.Edges))
		for i, e := range c.Edges {
			plain[i] = Edge{A: e.A, B: e.B, Messages: int32(e.Messages), Pairs: int32(e.Pairs)}
		}
		c.Groups = groups(plain, r.Options.GroupWeight)
		r.Combined = append(r.Combined, c)
	}
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
