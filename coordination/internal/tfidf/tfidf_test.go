package tfidf

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

type corpus struct {
	texts [][]uint64
	nodes []Node
}

func corpora(t *rapid.T) corpus {
	var c corpus
	for range rapid.IntRange(0, 30).Draw(t, "texts") {
		c.texts = append(c.texts, rapid.SliceOfN(rapid.Uint64Range(1, 25), 0, 12).Draw(t, "words"))
	}
	if len(c.texts) > 0 {
		for range rapid.IntRange(0, 60).Draw(t, "nodes") {
			c.nodes = append(c.nodes, Node{uint32(rapid.IntRange(0, len(c.texts)-1).Draw(t, "text")), int64(rapid.IntRange(0, 40).Draw(t, "at"))})
		}
	}
	slices.SortStableFunc(c.nodes, func(a, b Node) int { return cmp.Compare(a.At, b.At) })
	return c
}

// plain is the definition, over all words of all texts.
func plain(texts [][]uint64, minDF, maxDF int) [][]float64 {
	df := map[uint64]int{}
	for _, text := range texts {
		for _, w := range slices.Compact(slices.Sorted(slices.Values(text))) {
			df[w]++
		}
	}
	out := make([][]float64, len(texts))
	for d, text := range texts {
		out[d] = make([]float64, 30)
		sum := 0.0
		for w := range df {
			tf := 0
			for _, x := range text {
				if x == w {
					tf++
				}
			}
			if tf > 0 && df[w] >= minDF && df[w] <= maxDF {
				out[d][w] = (1 + math.Log(float64(tf))) * (1 + math.Log(float64(1+len(texts))/float64(1+df[w])))
				sum += out[d][w] * out[d][w]
			}
		}
		for w := range out[d] {
			if sum > 0 {
				out[d][w] /= math.Sqrt(sum)
			}
		}
	}
	return out
}

func TestNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := corpora(t)
		minDF, maxDF := rapid.IntRange(1, 2).Draw(t, "min"), rapid.IntRange(3, 40).Draw(t, "max")
		window, k := int64(rapid.IntRange(0, 40).Draw(t, "window")), rapid.IntRange(1, 5).Draw(t, "k")
		least := rapid.SampledFrom([]float64{.05, .2, .45, .9}).Draw(t, "least")
		var b Builder
		for _, text := range c.texts {
			b.Add(text)
		}
		v := b.Build(minDF, maxDF)
		want := plain(c.texts, minDF, maxDF)
		cosine := func(a, b uint32) float64 {
			sum := 0.0
			for w := range want[a] {
				sum += want[a][w] * want[b][w]
			}
			return sum
		}
		x := NewIndex(v, c.nodes, window)
		start, nbs, err := x.Nearest(context.Background(), k, least, rapid.IntRange(1, 3).Draw(t, "procs"))
		if err != nil {
			t.Fatal(err)
		}
		for i, n := range c.nodes {
			got := nbs[start[i]:start[i+1]]
			all := x.Around(uint32(i), 0, least)
			later := slices.DeleteFunc(slices.Clone(all), func(nb Neighbour) bool { return int(nb.Node) < i })
			if got := x.Around(uint32(i), uint32(i), least); !slices.Equal(got, later) {
				t.Fatalf("node %d: from it on %v, want %v", i, got, later)
			}
			if len(got) != min(k, len(all)) {
				t.Fatalf("node %d: %d near it, of them the %d nearest are %d", i, len(all), k, len(got))
			}
			near := 0
			for j, m := range c.nodes {
				gap := m.At - n.At
				if i == j || n.Text == m.Text || gap > window || -gap > window {
					continue
				}
				real := cosine(n.Text, m.Text)
				at := slices.IndexFunc(all, func(nb Neighbour) bool { return int(nb.Node) == j })
				switch {
				case at < 0 && real > least+1e-6:
					t.Fatalf("node %d misses %d of cosine %v", i, j, real)
				case at >= 0 && math.Abs(float64(all[at].Cosine)-real) > 1e-6:
					t.Fatalf("cosine of %d and %d is %v, want %v", i, j, all[at].Cosine, real)
				case at >= 0:
					near++
				}
			}
			if near != len(all) {
				t.Fatalf("node %d has %d neighbours, %d of them near: %v", i, len(all), near, all)
			}
			slices.SortFunc(all, func(a, b Neighbour) int {
				return cmp.Or(cmp.Compare(b.Cosine, a.Cosine), cmp.Compare(a.Node, b.Node))
			})
			if !slices.Equal(got, all[:len(got)]) {
				t.Fatalf("node %d: nearest %v, want %v", i, got, all[:len(got)])
			}
		}
	})
}

func TestSets(t *testing.T) {
	var b Builder
	b.Add([]uint64{1, 2, 3, 3})
	b.Add([]uint64{3, 4, 2})
	b.Add([]uint64{2})
	v := b.Sets()
	for _, c := range []struct {
		a, b uint32
		want float64
	}{{0, 1, 2. / 3}, {0, 2, 1 / math.Sqrt(3)}, {0, 0, 1}} {
		if got := v.Cosine(c.a, c.b); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("Cosine(%d, %d) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var b Builder
	b.Add([]uint64{1})
	x := NewIndex(b.Build(1, 9), []Node{{0, 0}}, 1)
	if _, _, err := x.Nearest(ctx, 1, .2, 1); err == nil {
		t.Error("Nearest went on")
	}
}

// zipf is n texts of about fifteen words, a hundred topics a day.
func zipf(n int) (*Vectors, []Node) {
	rng := rand.New(rand.NewPCG(1, 2))
	words := rand.NewZipf(rng, 1.1, 30, 1<<20)
	var b Builder
	var nodes []Node
	for i := range n {
		topic := uint64(i/2000*100+rng.IntN(100))*1000 + 1<<32
		var text []uint64
		for range 8 + rng.IntN(14) {
			if rng.IntN(4) == 0 {
				text = append(text, topic+uint64(rng.IntN(30)))
			} else {
				text = append(text, words.Uint64()+50)
			}
		}
		b.Add(text)
		nodes = append(nodes, Node{uint32(i), int64(i)})
	}
	return b.Build(2, n/20), nodes
}

func BenchmarkNearest(b *testing.B) {
	for _, n := range []int{1000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("texts=%d", n), func(b *testing.B) {
			v, nodes := zipf(n)
			for b.Loop() {
				x := NewIndex(v, nodes, 4000)
				if _, _, err := x.Nearest(context.Background(), 10, .2, 1); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "texts/s")
		})
	}
}
