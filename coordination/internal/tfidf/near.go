package tfidf

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sort"
	"sync"
)

// A Node is a text at a time. One text may have several.
type Node struct {
	Text uint32
	At   int64 // milliseconds, or any other measure of the window
}

// An Index finds the nodes near another: alike and within the window. It may be
// used by several goroutines.
type Index struct {
	v      *Vectors
	nodes  []Node
	window int64
	start  []uint32 // by rank: the nodes with that word, in order of time
	node   []uint32
	weight []float32
	top    []float32 // by rank: the largest weight
	pool   sync.Pool // of *searcher
}

// A Neighbour is a node and its cosine.
type Neighbour struct {
	Node   uint32
	Cosine float32
}

// NewIndex indexes nodes, which must be in order of time.
func NewIndex(v *Vectors, nodes []Node, window int64) *Index {
	x := &Index{v: v, nodes: nodes, window: window, start: make([]uint32, v.vocab+1), top: make([]float32, v.vocab)}
	for _, n := range nodes {
		ranks, _ := v.Of(n.Text)
		for _, r := range ranks {
			x.start[r+1]++
		}
	}
	for r := 1; r <= v.vocab; r++ {
		x.start[r] += x.start[r-1]
	}
	x.node, x.weight = make([]uint32, x.start[v.vocab]), make([]float32, x.start[v.vocab])
	fill := slices.Clone(x.start)
	for i, n := range nodes {
		ranks, weights := v.Of(n.Text)
		for k, r := range ranks {
			x.node[fill[r]], x.weight[fill[r]] = uint32(i), weights[k]
			fill[r]++
			x.top[r] = max(x.top[r], weights[k])
		}
	}
	x.pool.New = func() any { return &searcher{x: x, score: make([]float32, len(nodes))} }
	return x
}

// A searcher is what one goroutine needs.
type searcher struct {
	x     *Index
	score []float32
	found []uint32
	rest  []float64
}

// slack is more than what rounding may take from a sum of products of which
// the exact value reaches the threshold.
const slack = 1e-5

// near calls f for every other node within the window whose cosine with node i
// is at least least, in no order.
//
// Words are tried from the rarest; as soon as the words left cannot lift a new
// node to the threshold (Cauchy and Schwarz, or the largest weights) no new
// one is taken up, and those found are computed exactly.
func (s *searcher) near(i uint32, least float64, f func(j uint32, cosine float64)) {
	x := s.x
	at := x.nodes[i].At
	lo := uint32(sort.Search(len(x.nodes), func(k int) bool { return x.nodes[k].At >= at-x.window }))
	hi := uint32(sort.Search(len(x.nodes), func(k int) bool { return x.nodes[k].At > at+x.window }))
	ranks, weights := x.v.Of(x.nodes[i].Text)
	s.rest = append(s.rest[:0], make([]float64, len(ranks)+1)...)
	square, tops := 0.0, 0.0
	for k := len(ranks) - 1; k >= 0; k-- {
		w := float64(weights[k])
		square += w * w
		tops += w * float64(x.top[ranks[k]])
		s.rest[k] = min(math.Sqrt(square), tops)
	}
	stop := len(ranks)
	for k, r := range ranks {
		if s.rest[k] < least-slack {
			stop = k
			break
		}
		list := x.node[x.start[r]:x.start[r+1]]
		from := 0
		if len(list) > 0 && list[0] < lo {
			from, _ = slices.BinarySearch(list, lo)
		}
		w, base := weights[k], int(x.start[r])
		for m := from; m < len(list) && list[m] < hi; m++ {
			j := list[m]
			if s.score[j] == 0 {
				s.found = append(s.found, j)
			}
			s.score[j] += w * x.weight[base+m]
		}
	}
	for _, j := range s.found {
		if j != i && float64(s.score[j])+s.rest[stop] >= least-slack && x.nodes[j].Text != x.nodes[i].Text {
			if c := x.v.Cosine(x.nodes[i].Text, x.nodes[j].Text); c >= least {
				f(j, c)
			}
		}
		s.score[j] = 0
	}
	s.found = s.found[:0]
}

// Nearest returns for every node its k nearest neighbours of cosine at least
// least, the nearest first and, where cosines are equal, the earlier node
// first: those of node i are nbs[start[i]:start[i+1]]. Another node of the same
// text is no neighbour. The result does not depend on procs. The only error is
// that of ctx.
func (x *Index) Nearest(ctx context.Context, k int, least float64, procs int) (start []uint32, nbs []Neighbour, err error) {
	n := len(x.nodes)
	slots, count := make([]Neighbour, n*k), make([]uint32, n)
	each(n, procs, func(lo, hi int) {
		if ctx.Err() != nil {
			return
		}
		s := x.pool.Get().(*searcher)
		defer x.pool.Put(s)
		var all []Neighbour
		for i := lo; i < hi; i++ {
			all = all[:0]
			s.near(uint32(i), least, func(j uint32, c float64) { all = append(all, Neighbour{j, float32(c)}) })
			slices.SortFunc(all, func(a, b Neighbour) int {
				return cmp.Or(cmp.Compare(b.Cosine, a.Cosine), cmp.Compare(a.Node, b.Node))
			})
			count[i] = uint32(copy(slots[i*k:(i+1)*k], all))
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	start = make([]uint32, n+1)
	out := 0
	for i := range n {
		out += copy(slots[out:], slots[i*k:i*k+int(count[i])])
		start[i+1] = uint32(out)
	}
	return start, slots[:out], nil
}

// Around returns the neighbours of node i of cosine at least least, in order
// of time.
func (x *Index) Around(i uint32, least float64) []Neighbour {
	s := x.pool.Get().(*searcher)
	defer x.pool.Put(s)
	var all []Neighbour
	s.near(i, least, func(j uint32, c float64) { all = append(all, Neighbour{j, float32(c)}) })
	slices.SortFunc(all, func(a, b Neighbour) int { return cmp.Compare(a.Node, b.Node) })
	return all
}
