// Package simjoin finds all pairs of token sets that are similar, exactly.
//
// It is the prefix-filter join of Xiao et al. (PPJoin, doi:10.1145/1367497.1367516)
// in two orders: by time, when only sets that occur within a window of each
// other matter, and by length, when the window is unbounded. Length, position
// and 128-bit bitmap filters (arXiv:1711.07295) leave few pairs to verify, and
// those are verified by counting. Nothing is approximated: the answer equals
// that of comparing every pair.
//
// Thresholds are fractions of whole numbers, never floating point.
package simjoin

import (
	"slices"
	"sync"

	"github.com/arasha-org/arasha/internal/intern"
)

// MaxTokens is the largest set the join takes: positions are 16 bits wide.
const MaxTokens = 1<<16 - 1

// A Builder collects distinct token sets.
type Builder struct {
	tokens intern.Words
	sets   intern.Table
	stamp  []uint32 // per token: the last Add that saw it, plus one
	df     []uint32 // per token: how many distinct sets hold it
	adds   uint32
	start  []uint64
	ids    []uint32
	raw    []uint32 // scratch: numbers of the tokens of one Add
}

// Reserve makes room for sets of so many tokens together, so that adding them
// moves nothing. Too much costs nothing: memory that is not touched is not
// given.
func (b *Builder) Reserve(sets, tokens int) {
	b.sets.Reserve(sets)
	b.start = slices.Grow(b.start, sets+1)
	b.ids = slices.Grow(b.ids, tokens)
}

// Add adds the set of the given token hashes, repeats allowed, and returns the
// number of that set: equal sets get the same number. ok is false when the
// set is empty or larger than MaxTokens; then nothing is added.
func (b *Builder) Add(hashes []uint64) (doc uint32, ok bool) {
	if len(b.start) == 0 {
		b.start = append(b.start, 0)
	}
	b.adds++
	from := len(b.ids)
	var key [2]uint64
	b.raw = b.tokens.AddAll(b.raw[:0], hashes)
	for len(b.df) < b.tokens.Len() {
		b.stamp = append(b.stamp, 0)
		b.df = append(b.df, 0)
	}
	for i, h := range hashes {
		id := b.raw[i]
		if b.stamp[id] == b.adds {
			continue
		}
		b.stamp[id] = b.adds
		b.ids = append(b.ids, id)
		// Order must not matter: sums of two well-mixed functions.
		key[0] += h * 0x9E3779B97F4A7C15
		key[1] += (h ^ h>>31) * 0xD1B54A32D192ED03
	}
	n := len(b.ids) - from
	if n == 0 || n > MaxTokens {
		b.ids = b.ids[:from]
		return 0, false
	}
	key[0] ^= uint64(n) << 1
	doc, fresh := b.sets.Add(key)
	if !fresh {
		b.ids = b.ids[:from]
		return doc, true
	}
	for _, id := range b.ids[from:] {
		b.df[id]++
	}
	b.start = append(b.start, uint64(len(b.ids)))
	return doc, true
}

// Len returns the number of distinct sets.
func (b *Builder) Len() int { return b.sets.Len() }

// Sets are distinct token sets, each sorted by rank: rare tokens first.
type Sets struct {
	start []uint64
	ranks []uint32
	sigs  [][2]uint64
	vocab int
}

// Len returns the number of sets.
func (s *Sets) Len() int { return len(s.sigs) }

// Set returns the ranks of set d, ascending. It must not be changed.
func (s *Sets) Set(d uint32) []uint32 { return s.ranks[s.start[d]:s.start[d+1]] }

// Build ranks the tokens by how rare they are and returns the sets. The
// Builder must not be used afterwards. It works on procs goroutines; the
// result does not depend on how many.
func (b *Builder) Build(procs int) *Sets {
	s := &Sets{start: b.start, ranks: b.ids, vocab: len(b.df)}
	if len(s.start) == 0 {
		s.start = []uint64{0}
	}
	rank := rankByRarity(b.df)
	s.sigs = make([][2]uint64, len(s.start)-1)
	each(len(s.sigs), procs, func(lo, hi int) {
		for d := lo; d < hi; d++ {
			set := s.ranks[s.start[d]:s.start[d+1]]
			for i, id := range set {
				set[i] = rank[id]
			}
			if len(set) <= 24 {
				insertionSort(set)
			} else {
				slices.Sort(set)
			}
			var sig [2]uint64
			for _, r := range set {
				bit := fmix(r+77) & 127
				sig[bit>>6] ^= 1 << (bit & 63)
			}
			s.sigs[d] = sig
		}
	})
	*b = Builder{}
	return s
}

// rankByRarity is a counting sort by document frequency, ties by number. Any
// fixed total order is right; rare first is fast.
func rankByRarity(df []uint32) []uint32 {
	var top uint32
	for _, n := range df {
		top = max(top, n)
	}
	at := make([]uint32, top+2)
	for _, n := range df {
		at[n+1]++
	}
	for i := 1; i < len(at); i++ {
		at[i] += at[i-1]
	}
	rank := make([]uint32, len(df))
	for id, n := range df {
		rank[id] = at[n]
		at[n]++
	}
	return rank
}

func insertionSort(a []uint32) {
	for i := 1; i < len(a); i++ {
		v := a[i]
		j := i
		for j > 0 && a[j-1] > v {
			a[j] = a[j-1]
			j--
		}
		a[j] = v
	}
}

// fmix is the finaliser of MurmurHash3.
func fmix(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85EBCA6B
	h ^= h >> 13
	h *= 0xC2B2AE35
	return h ^ h>>16
}

// each splits 0..n into procs ranges and works on them at the same time.
func each(n, procs int, f func(lo, hi int)) {
	if procs < 2 || n < 4096 {
		f(0, n)
		return
	}
	var wg sync.WaitGroup
	for p := range procs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f(n*p/procs, n*(p+1)/procs)
		}()
	}
	wg.Wait()
}
