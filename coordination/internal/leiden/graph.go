// Package leiden divides a weighted graph into communities.
//
// It is the Leiden algorithm of Traag, Waltman and van Eck (2019,
// doi:10.1038/s41598-019-41695-z): vertices move where the quality gains
// most, each community is refined from single vertices into well-connected
// parts, and the parts become the vertices of a smaller graph, until nothing
// moves. Every community it returns is connected.
//
// The same graph, options and seed give the same communities. Chance decides
// only the order of the visits and the merges of the refinement.
package leiden

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// An Edge joins two vertices. Its weight is a positive number.
type Edge struct {
	A, B   uint32
	Weight float64
}

// A Graph is an undirected weighted graph in flat arrays. It is not changed
// after it was made, and may be read by several goroutines.
type Graph struct {
	start []int     // the neighbours of v are to[start[v]:start[v+1]], ascending
	to    []uint32  // both directions of every edge between different vertices
	w     []float64 // of to
	loop  []float64 // weight of the edges from a vertex to itself
	size  []float64 // how many vertices of the first graph a vertex stands for
	total float64   // weight of all edges, loops too
}

// New returns the graph of n vertices, numbered from 0, with these edges.
// Edges between the same two vertices are added up. It fails on a vertex out
// of range and on a weight that is not a positive finite number.
func New(n int, edges []Edge) (*Graph, error) {
	both := make([]Edge, 0, 2*len(edges))
	g := &Graph{start: make([]int, n+1), loop: make([]float64, n), size: make([]float64, n)}
	for i := range g.size {
		g.size[i] = 1
	}
	for _, e := range edges {
		switch {
		case int64(e.A) >= int64(n) || int64(e.B) >= int64(n):
			return nil, fmt.Errorf("the edge %d–%d leaves the graph of %d vertices", e.A, e.B, n)
		case !(e.Weight > 0) || math.IsInf(e.Weight, 0):
			return nil, fmt.Errorf("the edge %d–%d cannot weigh %v", e.A, e.B, e.Weight)
		case e.A == e.B:
			g.loop[e.A] += e.Weight
			g.total += e.Weight
			continue
		}
		both = append(both, e, Edge{e.B, e.A, e.Weight})
	}
	g.fill(both)
	return g, nil
}

// fill takes over edges given in both directions.
func (g *Graph) fill(both []Edge) {
	slices.SortStableFunc(both, func(a, b Edge) int {
		if a.A != b.A {
			return cmp.Compare(a.A, b.A)
		}
		return cmp.Compare(a.B, b.B)
	})
	g.to, g.w = make([]uint32, 0, len(both)), make([]float64, 0, len(both))
	for i, e := range both {
		if last := len(g.to) - 1; i > 0 && both[i-1].A == e.A && g.to[last] == e.B {
			g.w[last] += e.Weight
		} else {
			g.to, g.w = append(g.to, e.B), append(g.w, e.Weight)
		}
		g.start[e.A+1] = len(g.to)
		if e.A < e.B {
			g.total += e.Weight
		}
	}
	for v := 1; v < len(g.start); v++ {
		g.start[v] = max(g.start[v], g.start[v-1])
	}
}

// Len returns the number of vertices.
func (g *Graph) Len() int { return len(g.loop) }

// strength is the weight of all edge ends at v; a loop has two.
func (g *Graph) strength(v int) float64 {
	s := 2 * g.loop[v]
	for _, w := range g.w[g.start[v]:g.start[v+1]] {
		s += w
	}
	return s
}

// merge returns the graph whose vertices are the numbers 0 … n-1 in part.
func (g *Graph) merge(part []uint32, n int) *Graph {
	m := &Graph{start: make([]int, n+1), loop: make([]float64, n), size: make([]float64, n)}
	// Collected part by part, so that every part's edges are added up once
	// and in a fixed order.
	at := make([]int, n+1)
	for _, p := range part {
		at[p+1]++
	}
	for i := 1; i <= n; i++ {
		at[i] += at[i-1]
	}
	members := make([]uint32, len(part))
	next := slices.Clone(at)
	for v, p := range part {
		members[next[p]] = uint32(v)
		next[p]++
	}
	sum := make([]float64, n)
	var seen []uint32
	for p := range n {
		for _, v := range members[at[p]:at[p+1]] {
			m.loop[p] += g.loop[v]
			m.size[p] += g.size[v]
			for i := g.start[v]; i < g.start[v+1]; i++ {
				q := part[g.to[i]]
				if int(q) == p {
					m.loop[p] += g.w[i] / 2
					continue
				}
				if sum[q] == 0 {
					seen = append(seen, q)
				}
				sum[q] += g.w[i]
			}
		}
		slices.Sort(seen)
		for _, q := range seen {
			m.to, m.w = append(m.to, q), append(m.w, sum[q])
			sum[q] = 0
		}
		seen = seen[:0]
		m.start[p+1] = len(m.to)
	}
	m.total = g.total
	return m
}
