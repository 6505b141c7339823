package leiden

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// graphs draws a small graph with clumps in it.
func graphs(t *rapid.T) (*Graph, []Edge) {
	n := rapid.IntRange(1, 40).Draw(t, "vertices")
	m := rapid.IntRange(0, 3*n).Draw(t, "edges")
	var edges []Edge
	for range m {
		a := rapid.IntRange(0, n-1).Draw(t, "a")
		b := (a + rapid.IntRange(0, min(n-1, 6)).Draw(t, "step")) % n
		edges = append(edges, Edge{uint32(a), uint32(b), float64(rapid.IntRange(1, 8).Draw(t, "weight")) / 4})
	}
	g, err := New(n, edges)
	if err != nil {
		t.Fatal(err)
	}
	return g, edges
}

func options(t *rapid.T) Options {
	o := Options{Seed: rapid.Uint64().Draw(t, "seed"), Resolution: rapid.SampledFrom([]float64{.02, .05, .3, 1, 2}).Draw(t, "resolution")}
	if rapid.Bool().Draw(t, "cpm") {
		o.Objective = CPM
	}
	return o
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := graphs(t)
		o := options(t)
		part := Find(g, o)
		if again := Find(g, o); !slices.Equal(part, again) {
			t.Fatalf("one seed, two divisions: %v and %v", part, again)
		}
		next := uint32(0)
		alone := make([]uint32, len(part))
		for v, c := range part {
			if c > next {
				t.Fatalf("communities are not numbered in order: %v", part)
			}
			if c == next {
				next++
			}
			alone[v] = uint32(v)
		}
		if q, s := Quality(g, part, o), Quality(g, alone, o); q < s-1e-9 {
			t.Fatalf("quality %v is below that of single vertices, %v", q, s)
		}
		if !connected(g, part) {
			t.Fatalf("a community is not connected: %v", part)
		}
		// No vertex gains by moving: the first guarantee of the paper, for
		// the last round it was given.
		o.Rounds = 50
		part = Find(g, o)
		q := Quality(g, part, o)
		for v := range part {
			old := part[v]
			for i := g.start[v]; i < g.start[v+1]; i++ {
				part[v] = part[g.to[i]]
				if moved := Quality(g, part, o); moved > q+1e-8 {
					t.Fatalf("vertex %d gains %v by moving", v, moved-q)
				}
				part[v] = old
			}
		}
	})
}

func connected(g *Graph, part []uint32) bool {
	seen := make([]bool, len(part))
	entered := map[uint32]bool{}
	for v := range part {
		if seen[v] {
			continue
		}
		if entered[part[v]] {
			return false
		}
		entered[part[v]] = true
		stack := []int{v}
		seen[v] = true
		for len(stack) > 0 {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, x := range g.to[g.start[u]:g.start[u+1]] {
				if !seen[x] && part[x] == part[v] {
					seen[x] = true
					stack = append(stack, int(x))
				}
			}
		}
	}
	return true
}

// Quality by the definition, over all pairs.
func TestQuality(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, edges := graphs(t)
		o := options(t)
		n := g.Len()
		part := make([]uint32, n)
		for v := range part {
			part[v] = uint32(rapid.IntRange(0, n-1).Draw(t, "community"))
		}
		a := make([][]float64, n)
		for i := range a {
			a[i] = make([]float64, n)
		}
		m, k := 0.0, make([]float64, n)
		for _, e := range edges {
			a[e.A][e.B] += e.Weight
			a[e.B][e.A] += e.Weight // twice for a loop, as is usual
			k[e.A] += e.Weight
			k[e.B] += e.Weight
			m += e.Weight
		}
		want := 0.0
		for i := range n {
			for j := range n {
				switch {
				case part[i] != part[j]:
				case o.Objective == Modularity && m > 0:
					want += (a[i][j] - o.Resolution*k[i]*k[j]/(2*m)) / (2 * m)
				case o.Objective == CPM && i == j:
					want += a[i][j] / 2
				case o.Objective == CPM:
					want += (a[i][j] - o.Resolution) / 2
				}
			}
		}
		if got := Quality(g, part, o); math.Abs(got-want) > 1e-9 {
			t.Fatalf("Quality = %v, want %v", got, want)
		}
	})
}

// TestCliques: a ring of cliques has one best division by CPM at any
// resolution between the densities.
func TestCliques(t *testing.T) {
	const cliques, size = 12, 6
	var edges []Edge
	for c := range uint32(cliques) {
		for i := range uint32(size) {
			for j := range i {
				edges = append(edges, Edge{c*size + i, c*size + j, 1})
			}
		}
		edges = append(edges, Edge{c * size, (c + 1) % cliques * size, 1})
	}
	g, err := New(cliques*size, edges)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(20) {
		for v, c := range Find(g, Options{Objective: CPM, Resolution: .3, Seed: seed}) {
			if int(c) != v/size {
				t.Fatalf("seed %d: vertex %d is in community %d, want %d", seed, v, c, v/size)
			}
		}
	}
}

// planted is a graph of communities of 25 with 8 edges inside and 2 outside
// to each vertex, on average.
func planted(n int, seed uint64) ([]Edge, []uint32) {
	const size = 25
	rng := rand.New(rand.NewPCG(seed, 5))
	truth := make([]uint32, n)
	var edges []Edge
	for v := range n {
		truth[v] = uint32(v / size)
		for range 4 {
			u := v/size*size + rng.IntN(size)
			if u < n && u != v {
				edges = append(edges, Edge{uint32(v), uint32(u), 1})
			}
		}
		if u := rng.IntN(n); u != v {
			edges = append(edges, Edge{uint32(v), uint32(u), 1})
		}
	}
	return edges, truth
}

func TestPlanted(t *testing.T) {
	edges, truth := planted(1000, 3)
	g, err := New(len(truth), edges)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{Objective: Modularity, Resolution: 1}, {Objective: CPM, Resolution: .08}} {
		part := Find(g, o)
		same, both := 0, 0
		for v := range truth {
			for u := range v {
				if truth[u] == truth[v] {
					both++
					if part[u] == part[v] {
						same++
					}
				}
			}
		}
		if share := float64(same) / float64(both); share < .97 {
			t.Errorf("%v: %.3f of the planted pairs are together, want .97", o, share)
		}
		if q, best := Quality(g, part, o), Quality(g, truth, o); q < best-1e-9 && q < .99*best {
			t.Errorf("%v: quality %v, that of the planted division is %v", o, q, best)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for _, e := range []Edge{{0, 3, 1}, {0, 1, 0}, {0, 1, -1}, {0, 1, math.NaN()}, {0, 1, math.Inf(1)}} {
		if _, err := New(3, []Edge{e}); err == nil {
			t.Errorf("New took the edge %v", e)
		}
	}
	if g, err := New(0, nil); err != nil || len(Find(g, Options{})) != 0 {
		t.Errorf("an empty graph: %v", err)
	}
}

func BenchmarkFind(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000, 100_000} {
		for _, o := range []Options{{Objective: Modularity, Resolution: 1}, {Objective: CPM, Resolution: .08}} {
			b.Run(fmt.Sprintf("vertices=%d/%s", n, [...]string{"modularity", "cpm"}[o.Objective]), func(b *testing.B) {
				edges, _ := planted(n, 1)
				g, err := New(n, edges)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					Find(g, o)
				}
				b.ReportMetric(float64(len(edges))*float64(b.N)/b.Elapsed().Seconds(), "edges/s")
			})
		}
	}
}
