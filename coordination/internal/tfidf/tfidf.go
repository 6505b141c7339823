// Package tfidf compares texts by the words they share, rare words counting
// more: TF-IDF vectors (Salton and Buckley 1988,
// doi:10.1016/0306-4573(88)90021-0) and the exact nearest neighbours of each
// among those near in time.
//
// A word that stands tf times in a text and in df of n texts weighs
//
//	(1 + ln tf) · (1 + ln((1 + n) / (1 + df)))
//
// and the weights of a text are scaled to length 1, so that the cosine of two
// texts is the sum of products over the words they share, from 0 to 1.
package tfidf

import (
	"math"
	"slices"
	"sync"

	"github.com/arasha-org/arasha/internal/intern"
)

// A Builder collects texts as bags of hashed words.
type Builder struct {
	words intern.Words
	df    []uint32
	start []uint64 // the words of text d are ids[start[d]:start[d+1]], each once
	ids   []uint32
	tf    []uint16
	raw   []uint32
}

// Add adds a text, its words in any order and with repeats.
func (b *Builder) Add(hashes []uint64) {
	if len(b.start) == 0 {
		b.start = append(b.start, 0)
	}
	b.raw = b.words.AddAll(b.raw[:0], hashes)
	for len(b.df) < b.words.Len() {
		b.df = append(b.df, 0)
	}
	slices.Sort(b.raw)
	for i := 0; i < len(b.raw); {
		j := i + 1
		for j < len(b.raw) && b.raw[j] == b.raw[i] {
			j++
		}
		b.ids, b.tf = append(b.ids, b.raw[i]), append(b.tf, uint16(min(j-i, math.MaxUint16)))
		b.df[b.raw[i]]++
		i = j
	}
	b.start = append(b.start, uint64(len(b.ids)))
}

// Vectors are texts as sparse vectors of length 1, or 0 for a text of which no
// word was kept.
type Vectors struct {
	start  []uint64
	ranks  []uint32  // words by rank: the rarest first, so that sums run in one order
	weight []float32 // of ranks
	vocab  int
	df     []uint32 // by rank
	rank   []uint32 // number of a word → rank; dropped words have none
	words  intern.Words
}

const none = ^uint32(0)

// Build weighs the words that stand in at least minDF and at most maxDF texts.
// Nothing may be added afterwards.
func (b *Builder) Build(minDF, maxDF int) *Vectors {
	n := float64(max(len(b.start)-1, 0))
	return b.build(minDF, maxDF, func(df uint32) float64 { return 1 + math.Log((1+n)/float64(1+df)) }, func(tf uint16) float64 { return 1 + math.Log(float64(tf)) })
}

// Sets weighs every word of a text alike, however often it stands there and
// anywhere: the cosine of sets of a and b words that share c is c/√(ab).
// Nothing may be added afterwards.
func (b *Builder) Sets() *Vectors {
	return b.build(1, math.MaxInt, func(uint32) float64 { return 1 }, func(uint16) float64 { return 1 })
}

func (b *Builder) build(minDF, maxDF int, idf func(df uint32) float64, tf func(uint16) float64) *Vectors {
	v := &Vectors{start: []uint64{0}, rank: make([]uint32, len(b.df)), words: b.words}
	order := make([]uint32, 0, len(b.df))
	for id, df := range b.df {
		v.rank[id] = none
		if int(df) >= minDF && int(df) <= maxDF {
			order = append(order, uint32(id))
		}
	}
	slices.SortFunc(order, func(x, y uint32) int {
		if b.df[x] != b.df[y] {
			return int(b.df[x]) - int(b.df[y])
		}
		return int(x) - int(y)
	})
	rarity := make([]float64, len(order))
	for r, id := range order {
		v.rank[id] = uint32(r)
		rarity[r] = idf(b.df[id])
		v.df = append(v.df, b.df[id])
	}
	v.vocab = len(order)
	type word struct {
		rank   uint32
		weight float64
	}
	out := uint64(0)
	var list []word
	for d := 1; d < len(b.start); d++ {
		list = list[:0]
		sum := 0.0
		for i := b.start[d-1]; i < b.start[d]; i++ {
			if r := v.rank[b.ids[i]]; r != none {
				list = append(list, word{r, tf(b.tf[i]) * rarity[r]})
			}
		}
		slices.SortFunc(list, func(x, y word) int { return int(x.rank) - int(y.rank) })
		for _, w := range list {
			sum += float64(w.weight * w.weight)
		}
		length := math.Sqrt(sum)
		for _, w := range list {
			v.ranks, v.weight = append(v.ranks, w.rank), append(v.weight, float32(w.weight/length))
		}
		out += uint64(len(list))
		v.start = append(v.start, out)
	}
	return v
}

// Len returns the number of texts.
func (v *Vectors) Len() int { return len(v.start) - 1 }

// Rank returns the place of a hashed word in the vectors, and whether it was
// kept.
func (v *Vectors) Rank(hash uint64) (uint32, bool) {
	n, ok := v.words.Find(hash)
	if !ok {
		return 0, false
	}
	return v.rank[n], v.rank[n] != none
}

// DF returns in how many texts the word of a rank stands.
func (v *Vectors) DF(rank uint32) int { return int(v.df[rank]) }

// Of returns the words of text d by rank, rarest first, and their weights. They
// must not be changed.
func (v *Vectors) Of(d uint32) ([]uint32, []float32) {
	lo, hi := v.start[d], v.start[d+1]
	return v.ranks[lo:hi], v.weight[lo:hi]
}

// Cosine returns how alike two texts are, from 0 to 1.
func (v *Vectors) Cosine(a, b uint32) float64 {
	ra, wa := v.Of(a)
	rb, wb := v.Of(b)
	sum := 0.0
	for i, j := 0, 0; i < len(ra) && j < len(rb); {
		switch {
		case ra[i] < rb[j]:
			i++
		case ra[i] > rb[j]:
			j++
		default:
			sum += float64(wa[i]) * float64(wb[j]) // exact: 24 bits by 24 bits
			i++
			j++
		}
	}
	return min(sum, 1)
}

// each calls f for every i below n on procs goroutines, a stretch at a time.
func each(n, procs int, f func(lo, hi int)) {
	const stretch = 256
	var wg sync.WaitGroup
	var mu sync.Mutex
	next := 0
	for range max(1, min(procs, (n+stretch-1)/stretch)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				mu.Lock()
				lo := next
				next += stretch
				mu.Unlock()
				if lo >= n {
					return
				}
				f(lo, min(n, lo+stretch))
			}
		}()
	}
	wg.Wait()
}
