package simjoin

import (
	"slices"
	"sync"
	"sync/atomic"
)

// byLength joins all sets regardless of time. In order of length the shorter
// index prefix n − ⌈2τ/(1+τ)·n⌉ + 1 is enough, and every list is sorted by
// length, so a probe reads one stretch of it. The index is built once; probes
// only read it and run on all processors.
func byLength(s *Sets, o Options) ([]Pair, Stats) {
	order := make([]uint32, s.Len())
	for i := range order {
		order[i] = uint32(i)
	}
	size := func(d uint32) int { return int(s.start[d+1] - s.start[d]) }
	slices.SortStableFunc(order, func(a, b uint32) int { return size(a) - size(b) })

	indexed := func(n int) int { return n - ceilDiv(2*o.Num*uint64(n), o.Num+o.Den) + 1 }
	base := make([]uint64, s.vocab+1)
	for d := range s.sigs {
		set := s.Set(uint32(d))
		for _, r := range set[:indexed(len(set))] {
			base[r+1]++
		}
	}
	for i := 1; i < len(base); i++ {
		base[i] += base[i-1]
	}
	// A list holds places in the order, ascending; sets of one length follow
	// each other.
	type place struct {
		at  uint32 // place in order
		n   uint16
		pos uint16
	}
	places := make([]place, base[len(base)-1])
	fill := slices.Clone(base[:s.vocab])
	for at, d := range order {
		set := s.Set(d)
		for i, r := range set[:indexed(len(set))] {
			places[fill[r]] = place{uint32(at), uint16(len(set)), uint16(i)}
			fill[r]++
		}
	}

	return probeAll(len(order), o.Procs, s.Len(), func(at int, seen []uint32, turn uint32, out *[]Pair, stats *Stats) {
		d := order[at]
		x := s.Set(d)
		nx := len(x)
		minL := ceilDiv(o.Num*uint64(nx), o.Den)
		sig := s.sigs[d]
		for i, r := range x[:nx-minL+1] {
			list := places[base[r]:base[r+1]]
			lo, _ := slices.BinarySearchFunc(list, minL, func(p place, n int) int {
				if int(p.n) < n {
					return -1
				}
				return 1
			})
			for _, y := range list[lo:] {
				if int(y.at) >= at {
					break
				}
				stats.Entries++
				e := order[y.at]
				if seen[e] == turn {
					continue
				}
				seen[e] = turn
				stats.Candidates++
				ny, pos := int(y.n), int(y.pos)
				need := o.need(nx, ny)
				if min(nx-i, ny-pos) < need || o.bitmapRefuses(sig, s.sigs[e], nx, ny, need) {
					continue
				}
				stats.Verified++
				if overlap, ok := reaches(x, s.Set(e), i+1, pos+1, 1, need); ok {
					*out = append(*out, Pair{min(d, e), max(d, e), uint32(overlap)})
				}
			}
		}
	})
}

// containment joins on |x∩y| ≥ τ·min(|x|,|y|). The smaller set's prefix must
// meet the larger set anywhere, so all tokens are indexed and each set looks
// for larger ones (ties by number) through its own prefix.
func containment(s *Sets, o Options) ([]Pair, Stats) {
	base := make([]uint64, s.vocab+1)
	for _, r := range s.ranks {
		base[r+1]++
	}
	for i := 1; i < len(base); i++ {
		base[i] += base[i-1]
	}
	docs := make([]uint32, len(s.ranks))
	fill := slices.Clone(base[:s.vocab])
	for d := range s.sigs {
		for _, r := range s.Set(uint32(d)) {
			docs[fill[r]] = uint32(d)
			fill[r]++
		}
	}
	return probeAll(s.Len(), o.Procs, s.Len(), func(at int, seen []uint32, turn uint32, out *[]Pair, stats *Stats) {
		d := uint32(at)
		x := s.Set(d)
		need := ceilDiv(o.Num*uint64(len(x)), o.Den)
		for _, r := range x[:len(x)-need+1] {
			for _, e := range docs[base[r]:base[r+1]] {
				stats.Entries++
				z := s.Set(e)
				if seen[e] == turn || len(z) < len(x) || len(z) == len(x) && e <= d {
					continue
				}
				seen[e] = turn
				stats.Candidates++
				if o.bitmapRefuses(s.sigs[d], s.sigs[e], len(x), len(z), need) {
					continue
				}
				stats.Verified++
				if overlap, ok := reaches(x, z, 0, 0, 0, need); ok {
					*out = append(*out, Pair{min(d, e), max(d, e), uint32(overlap)})
				}
			}
		}
	})
}

// probeAll calls probe for 0..n on all processors, each with its own marks.
func probeAll(n, procs, docs int, probe func(at int, seen []uint32, turn uint32, out *[]Pair, stats *Stats)) ([]Pair, Stats) {
	const chunk = 1024
	procs = max(1, min(procs, n/chunk))
	var next atomic.Int64
	outs := make([][]Pair, procs)
	counts := make([]Stats, procs)
	var wg sync.WaitGroup
	for p := range procs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			seen := make([]uint32, docs)
			turn := uint32(0)
			for {
				lo := int(next.Add(chunk)) - chunk
				if lo >= n {
					return
				}
				for at := lo; at < min(lo+chunk, n); at++ {
					turn++
					counts[p].Probes++
					probe(at, seen, turn, &outs[p], &counts[p])
				}
			}
		}()
	}
	wg.Wait()
	var stats Stats
	for _, c := range counts {
		stats.add(c)
	}
	return slices.Concat(outs...), stats
}

// within keeps the pairs that have an event of each set within the window.
func within(s *Sets, pairs []Pair, events []Event, window int64) []Pair {
	if window < 0 {
		return pairs
	}
	start := make([]uint32, s.Len()+1)
	for _, ev := range events {
		start[ev.Doc+1]++
	}
	for i := 1; i < len(start); i++ {
		start[i] += start[i-1]
	}
	times := make([]int64, len(events))
	fill := slices.Clone(start[:s.Len()])
	for _, ev := range events {
		times[fill[ev.Doc]] = ev.Time
		fill[ev.Doc]++
	}
	return slices.DeleteFunc(pairs, func(p Pair) bool {
		a, b := times[start[p.A]:start[p.A+1]], times[start[p.B]:start[p.B+1]]
		for i, j := 0, 0; i < len(a) && j < len(b); {
			switch {
			case a[i] > b[j]+window:
				j++
			case b[j] > a[i]+window:
				i++
			default:
				return false
			}
		}
		return true
	})
}
