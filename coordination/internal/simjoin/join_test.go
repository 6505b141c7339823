package simjoin

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// brute is the join said plainly: every pair of sets, every pair of events.
func brute(sets [][]uint64, events []Event, o Options) map[[2]uint32]bool {
	as := make([]map[uint64]bool, len(sets))
	for i, s := range sets {
		as[i] = map[uint64]bool{}
		for _, h := range s {
			as[i][h] = true
		}
	}
	out := map[[2]uint32]bool{}
	for a := range sets {
		for b := a + 1; b < len(sets); b++ {
			common := 0
			for h := range as[a] {
				if as[b][h] {
					common++
				}
			}
			of := len(as[a]) + len(as[b]) - common
			if o.Containment {
				of = min(len(as[a]), len(as[b]))
			}
			if uint64(common)*o.Den < o.Num*uint64(of) {
				continue
			}
			near := o.Window < 0
			for _, x := range events {
				for _, y := range events {
					if int(x.Doc) == a && int(y.Doc) == b && max(x.Time-y.Time, y.Time-x.Time) <= o.Window {
						near = true
					}
				}
			}
			if near {
				out[[2]uint32{uint32(a), uint32(b)}] = true
			}
		}
	}
	return out
}

// draw makes distinct sets with many near-copies, and events with repeats.
func draw(t *rapid.T) ([][]uint64, []Event) {
	vocab := rapid.IntRange(2, 40).Draw(t, "vocab")
	var b Builder
	var sets [][]uint64
	for range rapid.IntRange(1, 40).Draw(t, "sets") {
		var s []uint64
		if len(sets) > 0 && rapid.Bool().Draw(t, "copy") {
			s = slices.Clone(sets[rapid.IntRange(0, len(sets)-1).Draw(t, "of")])
			if len(s) > 1 && rapid.Bool().Draw(t, "drop") {
				s = s[1:]
			}
		}
		for range rapid.IntRange(0, 8).Draw(t, "more") {
			s = append(s, uint64(rapid.IntRange(1, vocab).Draw(t, "w"))*0x9E3779B97F4A7C15)
		}
		if d, ok := b.Add(s); ok && int(d) == len(sets) {
			sets = append(sets, s)
		}
	}
	var events []Event
	at := int64(0)
	for range rapid.IntRange(0, 80).Draw(t, "events") {
		if len(sets) == 0 {
			break
		}
		at += int64(rapid.IntRange(0, 6).Draw(t, "gap"))
		events = append(events, Event{at, uint32(rapid.IntRange(0, len(sets)-1).Draw(t, "doc"))})
	}
	return sets, events
}

func build(sets [][]uint64) *Sets {
	var b Builder
	for _, s := range sets {
		b.Add(s)
	}
	return b.Build(2)
}

func TestJoinEqualsBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sets, events := draw(t)
		o := Options{Procs: rapid.IntRange(1, 3).Draw(t, "procs"), Window: int64(rapid.IntRange(-1, 40).Draw(t, "window")),
			Containment: rapid.Bool().Draw(t, "containment"), NoBitmap: rapid.Bool().Draw(t, "nobitmap")}
		o.Den = uint64(rapid.SampledFrom([]int{100, 1000, 7}).Draw(t, "den"))
		o.Num = (o.Den+1)/2 + uint64(rapid.IntRange(0, int(o.Den/2)).Draw(t, "num"))
		o.Num = min(o.Num, o.Den)
		want := brute(sets, events, o)
		compare(t, sets, events, o, want)
		// Both orders and the bare stream give the same.
		if !o.Containment && o.Window >= 0 {
			pairs, _ := stream(build(sets), events, o)
			got := map[[2]uint32]bool{}
			for _, p := range pairs {
				got[[2]uint32{p.A, p.B}] = true
			}
			if len(got) != len(want) {
				t.Fatalf("stream finds %d pairs, brute force %d", len(got), len(want))
			}
			for p := range got {
				if !want[p] {
					t.Fatalf("stream invents %v", p)
				}
			}
		}
	})
}

type failer interface{ Fatalf(string, ...any) }

func compare(t failer, sets [][]uint64, events []Event, o Options, want map[[2]uint32]bool) {
	pairs, stats := Join(build(sets), events, o)
	if int(stats.Pairs) != len(pairs) {
		t.Fatalf("Stats.Pairs = %d of %d", stats.Pairs, len(pairs))
	}
	for _, p := range pairs {
		if !want[[2]uint32{p.A, p.B}] {
			t.Fatalf("Join(%+v) invents %v", o, p)
		}
	}
	if len(pairs) != len(want) {
		t.Fatalf("Join(%+v) finds %d pairs, brute force %d", o, len(pairs), len(want))
	}
}

// Raising the threshold or shrinking the window gives a subset; shifting all
// times changes nothing.
func TestJoinMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sets, events := draw(t)
		s := build(sets)
		lo := Options{Num: uint64(rapid.IntRange(50, 100).Draw(t, "p")), Den: 100, Window: int64(rapid.IntRange(0, 40).Draw(t, "w")), Procs: 2}
		hi := lo
		hi.Num += uint64(rapid.IntRange(0, int(100-lo.Num)).Draw(t, "dp"))
		hi.Window -= int64(rapid.IntRange(0, int(lo.Window)).Draw(t, "dw"))
		a, _ := Join(s, events, lo)
		b, _ := Join(s, events, hi)
		for _, p := range b {
			if !slices.Contains(a, p) {
				t.Fatalf("%v at %+v is missing at %+v", p, hi, lo)
			}
		}
		moved := slices.Clone(events)
		for i := range moved {
			moved[i].Time += 1 << 40
		}
		if c, _ := Join(s, moved, lo); !slices.Equal(a, c) {
			t.Fatalf("moving all times changes the pairs")
		}
	})
}

// The borders are inside: similarity = threshold, distance = window.
func TestJoinBorders(t *testing.T) {
	sets := [][]uint64{{1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 5, 6, 7, 8, 10}} // 8 of 10
	for _, c := range []struct {
		num    uint64
		gap, w int64
		want   int
	}{{80, 60, 60, 1}, {81, 60, 60, 0}, {80, 61, 60, 0}, {80, 1 << 40, -1, 1}, {80, 0, 0, 1}, {80, 1, 0, 0}} {
		events := []Event{{0, 0}, {c.gap, 1}}
		for _, far := range []int64{0, 1000} { // near the end of a long span the stream is used
			ev := slices.Clone(events)
			if far > 0 {
				ev = append(ev, Event{c.gap + far, 0})
			}
			if c.w >= 0 && far > 0 && far <= c.w {
				continue
			}
			pairs, _ := Join(build(sets), ev, Options{Num: c.num, Den: 100, Window: c.w, Procs: 1})
			if len(pairs) != c.want {
				t.Errorf("τ=.%d gap %d window %d: %d pairs, want %d", c.num, c.gap, c.w, len(pairs), c.want)
			}
		}
	}
}

func TestBuilderLimits(t *testing.T) {
	var b Builder
	if _, ok := b.Add(nil); ok {
		t.Error("the empty set was added")
	}
	big := make([]uint64, MaxTokens+1)
	for i := range big {
		big[i] = uint64(i+1) * 0x9E3779B97F4A7C15
	}
	if _, ok := b.Add(big); ok {
		t.Error("a set over MaxTokens was added")
	}
	if d, ok := b.Add(big[:MaxTokens]); !ok || d != 0 {
		t.Errorf("a set of MaxTokens: %d, %v", d, ok)
	}
	if d, ok := b.Add(big[1:MaxTokens]); !ok || d != 1 {
		t.Errorf("a second long set: %d, %v", d, ok)
	}
	s := b.Build(1)
	for _, w := range []int64{-1, 5} {
		for _, c := range []bool{false, true} {
			pairs, _ := Join(s, []Event{{0, 0}, {1, 1}, {100, 1}}, Options{Num: 99, Den: 100, Window: w, Containment: c})
			if len(pairs) != 1 || pairs[0].Overlap != MaxTokens-1 {
				t.Errorf("long sets, window %d: %v", w, pairs)
			}
		}
	}
}

// TestJoinOfMany compares shards on two processors with one stream on a
// corpus large enough to be split.
func TestJoinOfMany(t *testing.T) {
	s, events := corpus(40000, 1)
	for _, w := range []int64{60, 3600, 400000} {
		for _, p := range []uint64{50, 80} {
			o := Options{Num: p, Den: 100, Window: w, Procs: 2}
			two, _ := Join(s, events, o)
			o.Procs = 1
			one, _ := Join(s, events, o)
			long, _ := byLength(s, o)
			long = within(s, long, events, w)
			if !slices.Equal(one, two) || len(long) != len(one) {
				t.Errorf("window %d, τ .%d: %d pairs on one, %d on two, %d by length", w, p, len(one), len(two), len(long))
			}
			if len(one) < 100 {
				t.Errorf("window %d, τ .%d: only %d pairs, the corpus is too thin to test", w, p, len(one))
			}
		}
	}
}

// corpus makes n events of posts-like sets: Zipf words, one in ten a near-copy
// of a recent one.
func corpus(n int, seed uint64) (*Sets, []Event) {
	rng := rand.New(rand.NewPCG(seed, 7))
	zipf := rand.NewZipf(rng, 1.1, 8, 200000)
	var b Builder
	var recent [][]uint64
	var events []Event
	for i := range n {
		var set []uint64
		if len(recent) > 20 && rng.IntN(10) == 0 {
			set = slices.Clone(recent[len(recent)-1-rng.IntN(20)])
			set[rng.IntN(len(set))] = zipf.Uint64() * 0x9E3779B97F4A7C15
		} else {
			for range 6 + rng.IntN(14) {
				set = append(set, (zipf.Uint64()+1)*0x9E3779B97F4A7C15)
			}
		}
		recent = append(recent, set)
		d, _ := b.Add(set)
		events = append(events, Event{int64(i) * 20, d})
	}
	return b.Build(2), events
}

func BenchmarkJoin(b *testing.B) {
	for _, n := range []int{1000, 100000} {
		s, events := corpus(n, 1)
		for _, w := range []int64{60, 172800, -1} {
			for _, p := range []uint64{50, 80} {
				b.Run(fmt.Sprintf("posts=%d/window=%d/t=%d", n, w, p), func(b *testing.B) {
					var stats Stats
					for b.Loop() {
						_, stats = Join(s, events, Options{Num: p, Den: 100, Window: w, Procs: 2})
					}
					b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
					b.ReportMetric(float64(stats.Pairs), "pairs")
					b.ReportMetric(float64(stats.Verified), "verified")
				})
			}
		}
	}
}
