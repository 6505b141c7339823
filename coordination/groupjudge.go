package coordination

import (
	"cmp"
	"math"
	"slices"

	"github.com/arasha-org/arasha/coordination/internal/redraw"
)

// prior is how many draws the plain expectation λ⁰ counts for beside the
// redraws, so that a pair that never met in them has an expectation too.
const prior = 5

// aside is added to the expectation of every component when its T is worked
// out. There are so many small components of whom next to nothing is expected
// that without it the most striking of a redraw is nearly always one of them,
// and a large group must outdo a triple that met twice by chance.
const aside = .25

// An expectation is what the first half of the redraws says.
type expectation struct {
	draws float64
	sum   redraw.Counts // coincidences of each pair over all draws

	start []uint32 // CSR account → the accounts above it that it met, and how often
	other []uint32
	times []uint32
}

// index makes the lists by account.
func (x *expectation) index(accounts int) {
	x.start = make([]uint32, accounts+1)
	x.sum.Each(func(key uint64, _ uint32) {
		a, _ := redraw.Accounts(key)
		x.start[a+1]++
	})
	sum(x.start)
	x.other, x.times = make([]uint32, x.sum.Len()), make([]uint32, x.sum.Len())
	fill := slices.Clone(x.start)
	x.sum.Each(func(key uint64, n uint32) {
		a, b := redraw.Accounts(key)
		x.other[fill[a]], x.times[fill[a]] = b, n
		fill[a]++
	})
}

// A repeated is a pair of accounts that coincides repeatedly in one data set.
type repeated struct {
	key    uint64
	k      int
	lambda float64
	logp   float64
}

// A layer is one way to choose edges.
type layer struct {
	least int
	alpha float64
}

// A component is accounts connected by the edges of a layer, in one data set.
type component struct {
	layer    int
	accounts []uint32 // compact numbers, ascending
	k        int
	lambda   float64
	t        float64
}

// A judge finds the components of data sets. It holds what one goroutine
// needs again and again.
type judge struct {
	g      *stage
	x      *expectation
	layers []layer

	keys   []uint64
	slots  []uint32
	count  redraw.Counts
	plain  map[uint64]float64 // λ⁰ of pairs met before: it does not change with the draw
	parent []uint32           // per account; none outside every component
	place  []uint32           // per root: its component
}

func newJudge(g *stage, x *expectation, layers []layer) *judge {
	j := &judge{g: g, x: x, layers: layers, plain: map[uint64]float64{}, parent: make([]uint32, g.e.Accounts()), place: make([]uint32, g.e.Accounts())}
	for a := range j.parent {
		j.parent[a] = none
	}
	return j
}

// again returns the pairs that coincide at least least times in a data set,
// by key, with what was expected of them.
func (j *judge) again(state []uint32, least int) []repeated {
	j.keys = j.g.coincide(state, j.keys[:0], &j.slots)
	j.count.Reset()
	for _, k := range j.keys {
		j.count.Add(k, 1)
	}
	var out []repeated
	j.count.Each(func(key uint64, n uint32) {
		if int(n) >= least {
			out = append(out, repeated{key: key, k: int(n)})
		}
	})
	slices.SortFunc(out, func(a, b repeated) int { return cmp.Compare(a.key, b.key) })
	for i := range out {
		p := &out[i]
		a, b := redraw.Accounts(p.key)
		plain, ok := j.plain[p.key]
		if !ok {
			plain = j.g.plain(a, b)
			j.plain[p.key] = plain
		}
		p.lambda = (float64(j.x.sum.Of(p.key)) + prior*plain) / (j.x.draws + prior)
		p.logp = redraw.LogTail(p.lambda, p.k)
	}
	return out
}

// components returns the components of every layer in a data set, and the
// pairs they are made of.
func (j *judge) components(state []uint32) ([]component, []repeated) {
	least := math.MaxInt
	for _, l := range j.layers {
		least = min(least, l.least)
	}
	again := j.again(state, least)
	var out []component
	same := 0 // components of the layer before, when it has the same edges
	edges := -1
	for i, l := range j.layers {
		n := 0
		for p := range again {
			if l.has(&again[p]) {
				n++
			}
		}
		if i > 0 && n == edges && l.least == j.layers[i-1].least {
			// Fewer edges at a smaller alpha, so as many are the same.
			from := out[len(out)-same:]
			for _, c := range from {
				c.layer = i
				out = append(out, c)
			}
			continue
		}
		edges = n
		before := len(out)
		out = j.layer(out, again, i)
		same = len(out) - before
	}
	return out, again
}

func (l layer) has(p *repeated) bool {
	return p.k >= l.least && (l.alpha >= 1 || p.logp <= math.Log(l.alpha))
}

// layer appends the components of one layer.
func (j *judge) layer(out []component, again []repeated, i int) []component {
	l := j.layers[i]
	first := len(out)
	var touched []uint32
	for p := range again {
		if !l.has(&again[p]) {
			continue
		}
		a, b := redraw.Accounts(again[p].key)
		for _, v := range []uint32{a, b} {
			if j.parent[v] == none {
				j.parent[v] = v
				touched = append(touched, v)
			}
		}
		a, b = find(j.parent, a), find(j.parent, b)
		j.parent[max(a, b)] = min(a, b)
	}
	if len(touched) == 0 {
		return out
	}
	slices.Sort(touched)
	for _, a := range touched {
		r := find(j.parent, a)
		if r == a {
			j.place[a] = uint32(len(out))
			out = append(out, component{layer: i})
		}
		c := &out[j.place[r]]
		c.accounts = append(c.accounts, a)
	}
	for _, a := range touched {
		j.parent[a] = find(j.parent, a) // flat, so that parents can be compared
	}
	for _, key := range j.keys {
		a, b := redraw.Accounts(key)
		if r := j.parent[a]; r != none && r == j.parent[b] {
			out[j.place[r]].k++
		}
	}
	floor := make([]float64, len(out)-first)
	for p := range again {
		if l.has(&again[p]) {
			a, _ := redraw.Accounts(again[p].key)
			floor[int(j.place[j.parent[a]])-first] += again[p].lambda
		}
	}
	x := j.x
	for n := range out[first:] {
		c := &out[first+n]
		met := uint64(0)
		for _, a := range c.accounts {
			r := j.parent[a]
			for k := x.start[a]; k < x.start[a+1]; k++ {
				if j.parent[x.other[k]] == r {
					met += uint64(x.times[k])
				}
			}
		}
		c.lambda = max(float64(met)/x.draws, floor[n])
		c.t = -redraw.LogTail(c.lambda+aside, c.k)
	}
	for _, a := range touched {
		j.parent[a] = none
	}
	return out
}

// maxima returns the largest T of each layer among components of accounts
// enough to pass.
func maxima(list []component, layers int) []float64 {
	out := make([]float64, layers)
	for i := range list {
		if len(list[i].accounts) < MinMembers {
			continue
		}
		out[list[i].layer] = max(out[list[i].layer], list[i].t)
	}
	return out
}
