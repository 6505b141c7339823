package coordination

import (
	"cmp"
	"math"
	"slices"

	"github.com/arasha-org/arasha/coordination/internal/redraw"
)

// probability returns e^logp, at least the smallest number above 0 that every
// reader of JSON takes.
func probability(logp float64) float64 { return max(math.Exp(logp), 1e-300) }

// activity is the activity null (N1): two accounts meet in proportion to the
// product of their numbers of objects.
type activity struct {
	degree []float64 // objects of each account (d_a)
	rate   float64   // P / (N(N−1)/2)
	pairs  float64   // of accounts: A(A−1)/2
	sorted []pcount
}

// A pcount is n pairs with one p.
type pcount struct {
	p    float64
	n    float64
	upTo float64 // pairs with at most this p
	q    float64 // after Benjamini and Hochberg: the least of all from here on
}

func (g *stage) activity(state []uint32) *activity {
	accounts := g.e.Accounts()
	n1 := &activity{degree: make([]float64, accounts)}
	total := 0.0
	for a := range n1.degree {
		n1.degree[a] = float64(len(g.objectsOf(uint32(a))))
		total += n1.degree[a]
	}
	if total < 2 {
		return n1
	}
	n1.rate = float64(g.total) / (total * (total - 1) / 2)
	n1.pairs = float64(accounts) * float64(accounts-1) / 2

	// Pairs that coincide once differ by the product of their degrees only:
	// count every coincidence by it, then take the repeated ones out.
	once := map[float64]float64{}
	near := map[float64]float64{} // degree → accounts in the window
	for o := range g.e.Objects() {
		if g.pairs[o] == 0 {
			continue
		}
		clear(near)
		lo, hi := g.e.start[o], g.e.start[o+1]
		for i, j := lo, lo; j < hi; j++ {
			for g.e.at[j]-g.e.at[i] > g.w {
				near[n1.degree[state[i]]]--
				i++
			}
			d := n1.degree[state[j]]
			for other, n := range near {
				if n > 0 {
					once[d*other] += n
				}
			}
			near[d]++
		}
	}
	var spare []uint32
	keys := g.coincide(state, nil, &spare)
	var count redraw.Counts
	for _, k := range keys {
		count.Add(k, 1)
	}
	count.Each(func(key uint64, k uint32) {
		if k < 2 {
			return
		}
		a, b := redraw.Accounts(key)
		once[n1.degree[a]*n1.degree[b]] -= float64(k)
		n1.sorted = append(n1.sorted, pcount{p: math.Exp(redraw.LogTail(n1.lambda(a, b), int(k))), n: 1})
	})
	for product, n := range once {
		if n > 0 {
			n1.sorted = append(n1.sorted, pcount{p: math.Exp(redraw.LogTail(n1.rate*product, 1)), n: n})
		}
	}
	slices.SortFunc(n1.sorted, func(a, b pcount) int { return cmp.Or(cmp.Compare(a.p, b.p), cmp.Compare(a.n, b.n)) })
	rank := 0.0
	for i := range n1.sorted {
		c := &n1.sorted[i]
		rank += c.n
		c.upTo = rank
	}
	least := 1.0
	for i := range n1.sorted {
		c := &n1.sorted[len(n1.sorted)-1-i]
		least = min(least, max(c.p*n1.pairs/max(c.upTo, 1), 1e-300))
		c.q = least
	}
	return n1
}

func (n1 *activity) lambda(a, b uint32) float64 { return n1.rate * n1.degree[a] * n1.degree[b] }

// pair describes a pair of accounts by their compact numbers.
func (n1 *activity) pair(a, b uint32, k int) ActivityPair {
	out := ActivityPair{A: a, B: b, K: k, Lambda: n1.lambda(a, b), Q: 1}
	logp := redraw.LogTail(out.Lambda, k)
	out.P = probability(logp)
	p := math.Exp(logp)
	i, _ := slices.BinarySearchFunc(n1.sorted, p, func(c pcount, p float64) int { return cmp.Compare(c.p, p) })
	if i < len(n1.sorted) {
		out.Q = n1.sorted[i].q
	}
	return out
}

// leftOut is the timing null with the tested group left out (N3).
type leftOut struct {
	g     *stage
	class [6]float64 // coincidences as a share of pairs, by size class of the object
	group []uint32   // per account: its component of pairs that coincide twice; none for none
}

// classOf is the size class of an object of n accounts.
func classOf(n int) int {
	for i, limit := range []int{3, 5, 10, 30, 100} {
		if n < limit {
			return i
		}
	}
	return 5
}

func (g *stage) leftOut(again []repeated) *leftOut {
	n3 := &leftOut{g: g, group: make([]uint32, g.e.Accounts())}
	var k, pairs [6]float64
	for o := range g.e.Objects() {
		n := int(g.e.start[o+1] - g.e.start[o])
		k[classOf(n)] += float64(g.pairs[o])
		pairs[classOf(n)] += float64(n) * float64(n-1) / 2
	}
	for i := range k {
		n3.class[i] = k[i] / max(pairs[i], 1)
	}
	for a := range n3.group {
		n3.group[a] = uint32(a)
	}
	for i := range again {
		a, b := redraw.Accounts(again[i].key)
		a, b = find(n3.group, a), find(n3.group, b)
		n3.group[max(a, b)] = min(a, b)
	}
	return n3
}

// pair judges two accounts of one group by the outsiders on the objects they
// share: π_o = (k_out + c·π_class) / (pairs of outsiders + c), c = 10.
func (n3 *leftOut) pair(a, b uint32) LeftOut {
	const c = 10
	g := n3.g
	mine := find(n3.group, a)
	out := LeftOut{P: 1}
	g.eachShared(a, b, func(o uint32) {
		lo, hi := g.e.start[o], g.e.start[o+1]
		n, k := 0, 0
		var ta, tb int64
		var outs []int64
		for i := lo; i < hi; i++ {
			switch x := g.e.acct[i]; {
			case x == a:
				ta = g.e.at[i]
			case x == b:
				tb = g.e.at[i]
			case find(n3.group, x) != mine && find(n3.group, x) != find(n3.group, b):
				outs = append(outs, g.e.at[i])
				n++
			}
		}
		if n < MinBackground {
			out.Dropped++
			return
		}
		for i, j := 0, 0; j < n; j++ {
			for outs[j]-outs[i] > g.w {
				i++
			}
			k += j - i
		}
		if max(ta-tb, tb-ta) <= g.w {
			out.K++
		}
		out.Lambda += (float64(k) + c*n3.class[classOf(int(hi-lo))]) / (float64(n)*float64(n-1)/2 + c)
	})
	if out.K > 0 {
		out.P = probability(redraw.LogTail(out.Lambda, out.K))
	}
	return out
}
