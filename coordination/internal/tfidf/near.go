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
	list   []posting
	top    []float32 // by rank: the largest weight
	pool   sync.Pool // of *searcher
}

// A posting is one word of one node.
type posting struct {
	node   uint32
	weight float32
	after  float32 // the length of what the text has after this word, the commoner words
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
	x.list = make([]posting, x.start[v.vocab])
	fill := slices.Clone(x.start)
	for i, n := range nodes {
		ranks, weights := v.Of(n.Text)
		square := 0.0
		for k := len(ranks) - 1; k >= 0; k-- {
			r, w := ranks[k], weights[k]
			x.list[fill[r]] = posting{uint32(i), w, float32(math.Sqrt(square))}
			fill[r]++
			x.top[r] = max(x.top[r], w)
			square += float64(w) * float64(w)
		}
	}
	x.pool.New = func() any { return &searcher{x: x, seen: make([]seen, len(nodes))} }
	return x
}

// A searcher is what one goroutine needs.
type searcher struct {
	x     *Index
	seen  []seen // by node
	found []uint32
	rest  []float64 // of the words from one on, the most they can add to a cosine …
	tail  []float64 // … and their length
}

// seen is what is known of a node: the sum of products so far, and the length
// of its words after the last one that was shared.
type seen struct{ score, after float32 }

// slack is more than what rounding may take from a sum of products of which
// the exact value reaches the threshold.
const slack = 1e-5

// near calls f for every other node within the window, from node from on,
// whose cosine with node i is at least least, in no order.
//
// Words are tried from the rarest; as soon as the words left cannot lift a new
// node to the threshold (Cauchy and Schwarz, or the largest weights) no new
// one is taken up. Of those found, most fall by the same bound once the words
// that both have left are looked at, few are followed through their common
// words, and those that can still reach it are computed exactly (Anastasiu and
// Karypis 2014, doi:10.1109/ICDE.2014.6816700).
func (s *searcher) near(i, from uint32, least float64, f func(j uint32, cosine float64)) {
	x := s.x
	at := x.nodes[i].At
	lo := max(from, uint32(sort.Search(len(x.nodes), func(k int) bool { return x.nodes[k].At >= at-x.window })))
	hi := uint32(sort.Search(len(x.nodes), func(k int) bool { return x.nodes[k].At > at+x.window }))
	if lo >= hi {
		return
	}
	ranks, weights := x.v.Of(x.nodes[i].Text)
	s.rest = append(s.rest[:0], make([]float64, len(ranks)+1)...)
	s.tail = append(s.tail[:0], make([]float64, len(ranks)+1)...)
	square, tops := 0.0, 0.0
	for k := len(ranks) - 1; k >= 0; k-- {
		w := float64(weights[k])
		square += w * w
		tops += w * float64(x.top[ranks[k]])
		s.tail[k] = math.Sqrt(square)
		s.rest[k] = min(s.tail[k], tops)
	}
	stop := len(ranks)
	for k, r := range ranks {
		if s.rest[k] < least-slack {
			stop = k
			break
		}
		list := x.list[x.start[r]:x.start[r+1]]
		first := 0
		if len(list) > 0 && list[0].node < lo {
			first, _ = slices.BinarySearchFunc(list, lo, func(p posting, n uint32) int { return cmp.Compare(p.node, n) })
		}
		w := weights[k]
		for m := first; m < len(list) && list[m].node < hi; m++ {
			p := &list[m]
			n := &s.seen[p.node]
			if n.score == 0 {
				s.found = append(s.found, p.node)
			}
			n.score += w * p.weight
			n.after = p.after
		}
	}
	tail, rest := s.tail[stop], s.rest[stop]
	for _, j := range s.found {
		n := s.seen[j]
		s.seen[j] = seen{}
		if score := float64(n.score); j != i && score+min(rest, tail*float64(n.after)) >= least-slack && x.nodes[j].Text != x.nodes[i].Text &&
			s.reaches(ranks, weights, stop, x.nodes[j].Text, score, float64(n.after), least-slack) {
			if c := x.v.Cosine(x.nodes[i].Text, x.nodes[j].Text); c >= least {
				f(j, c)
			}
		}
	}
	s.found = s.found[:0]
}

// reaches reports whether a text of which the words before the stop have been
// summed up to score may still come to least. after is the length of what it
// has left.
func (s *searcher) reaches(ranks []uint32, weights []float32, stop int, text uint32, score, after, least float64) bool {
	if stop == len(ranks) {
		return score >= least
	}
	theirs, weigh := s.x.v.Of(text)
	m, _ := slices.BinarySearch(theirs, ranks[stop])
	left := after*after + 1e-6 // so that rounding never takes it below the truth
	for k := stop; k < len(ranks) && m < len(theirs); {
		switch {
		case ranks[k] < theirs[m]:
			k++
			if score+min(s.rest[k], s.tail[k]*math.Sqrt(max(left, 0))) < least {
				return false
			}
		case ranks[k] > theirs[m]:
			left -= float64(weigh[m]) * float64(weigh[m])
			m++
		default:
			score += float64(weights[k]) * float64(weigh[m])
			left -= float64(weigh[m]) * float64(weigh[m])
			k++
			m++
		}
	}
	return score >= least
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
			s.near(uint32(i), 0, least, func(j uint32, c float64) { all = append(all, Neighbour{j, float32(c)}) })
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

// Around returns the neighbours of node i of cosine at least least among the
// nodes from one on, in order of time.
func (x *Index) Around(i, from uint32, least float64) []Neighbour {
	s := x.pool.Get().(*searcher)
	defer x.pool.Put(s)
	var all []Neighbour
	s.near(i, from, least, func(j uint32, c float64) { all = append(all, Neighbour{j, float32(c)}) })
	slices.SortFunc(all, func(a, b Neighbour) int { return cmp.Compare(a.Node, b.Node) })
	return all
}
