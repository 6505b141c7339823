package redraw

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestProfileByHand: the formula, said once more for one account and bin.
func TestProfileByHand(t *testing.T) {
	hour := int64(3_600_000)
	s := NewSlots([]uint32{0, 2, 4}, []int64{0, hour, 24 * hour, 24*hour + 2000}, 3)
	p := s.Profile([]uint32{0, 1, 0, 2})
	// Account 0: two shares at hour 0, both first of their object (lag bin 0).
	// Hours: shares at 0, 1, 0, 0.
	pool := (3 + .5*1 + .5*0) / 2 / 4.0
	want := (2.0/2 + 5*pool) / (2 + 5) / pool
	if got := float64(p.ratio[0]); math.Abs(got-want) > 1e-6 {
		t.Errorf("hour 0 of account 0: %v, want %v", got, want)
	}
	// Lags: seconds 0, 3600 (bin 11), 0, 2 (bin 1).
	pool = (2 + .5*2 + .5*1) / 2 / 4.0
	want = ((2+.5*2)/2.0 + 5*pool) / (2 + 5) / pool
	if got := float64(p.ratio[hours]); math.Abs(got-want) > 1e-6 {
		t.Errorf("lag 0 of account 0: %v, want %v", got, want)
	}
	if l := s.lag[1]; l != hours+11 {
		t.Errorf("an hour is lag bin %d, want 11", l-hours)
	}
}

// TestSweepIsTheNull: the share of time the chain spends in each of the 24
// states of an object of four accounts is proportional to the product of the
// profiles' ratios.
func TestSweepIsTheNull(t *testing.T) {
	at := []int64{0, 40_000, 3_600_000 * 5, 3_600_000 * 30}
	s := NewSlots([]uint32{0, 4}, at, 4)
	// A profile of some contrast.
	p := &Profile{make([]float32, 4*bins)}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range p.ratio {
		p.ratio[i] = float32(.3 + 1.5*rng.Float64())
	}
	weight := map[[4]uint32]float64{}
	total := 0.0
	var all func(at int, state [4]uint32)
	all = func(at int, state [4]uint32) {
		if at == 4 {
			w := 1.0
			for i, a := range state {
				w *= float64(p.ratio[int(a)*bins+int(s.hour[i])]) * float64(p.ratio[int(a)*bins+int(s.lag[i])])
			}
			weight[state] = w
			total += w
			return
		}
		for i := at; i < 4; i++ {
			state[at], state[i] = state[i], state[at]
			all(at+1, state)
			state[at], state[i] = state[i], state[at]
		}
	}
	all(0, [4]uint32{0, 1, 2, 3})
	c := NewChain(s, p, []uint32{0}, []uint32{0, 1, 2, 3}, rand.NewPCG(3, 4))
	seen := map[[4]uint32]float64{}
	const n = 300_000
	for range n {
		c.Sweep(2)
		seen[[4]uint32(c.State)]++
	}
	for state, w := range weight {
		want := w / total
		if got := seen[state] / n; math.Abs(got-want) > .003+.05*want {
			t.Errorf("%v: %.4f of the time, want %.4f", state, got, want)
		}
	}
}

// TestShuffleIsUniform: without a profile every way is as likely, for objects
// of an even and an odd number of accounts; other objects stay.
func TestShuffleIsUniform(t *testing.T) {
	s := NewSlots([]uint32{0, 3, 7, 9}, make([]int64, 9), 9)
	c := NewChain(s, nil, []uint32{0, 1}, []uint32{0, 1, 2, 3, 4, 5, 6, 7, 8}, rand.NewPCG(1, 1))
	const n = 120_000
	three, four := map[[3]uint32]int{}, map[[4]uint32]int{}
	for range n {
		c.Sweep(1)
		three[[3]uint32(c.State)]++
		four[[4]uint32(c.State[3:])]++
		if c.State[7] != 7 || c.State[8] != 8 {
			t.Fatal("an object that was not named moved")
		}
	}
	for k, v := range three {
		if math.Abs(float64(v)/n-1./6) > .006 {
			t.Errorf("%v: %d of %d", k, v, n)
		}
	}
	for k, v := range four {
		if math.Abs(float64(v)/n-1./24) > .004 {
			t.Errorf("%v: %d of %d", k, v, n)
		}
	}
	if len(three) != 6 || len(four) != 24 {
		t.Errorf("%d and %d ways, want 6 and 24", len(three), len(four))
	}
}

// TestLogTail compares with the sum in big numbers.
func TestLogTail(t *testing.T) {
	for _, mean := range []float64{1e-6, .01, .5, 1, 3.7, 20, 150} {
		for _, k := range []int{-1, 0, 1, 2, 3, 5, 10, 40, 200, 600} {
			got := LogTail(mean, k)
			want := 0.0
			if k > 0 {
				// e^-m Σ m^i/i! from k on.
				m := new(big.Float).SetPrec(400).SetFloat64(mean)
				term, sum := big.NewFloat(1).SetPrec(400), new(big.Float).SetPrec(400)
				for i := 1; i < k+2000; i++ {
					term.Mul(term, m)
					term.Quo(term, new(big.Float).SetPrec(400).SetInt64(int64(i)))
					if i >= k {
						sum.Add(sum, term)
					}
				}
				mant, exp := new(big.Float), sum.MantExp(nil)
				mant.SetMantExp(sum, -exp)
				f, _ := mant.Float64()
				want = math.Log(f) + float64(exp)*math.Ln2 - mean
			}
			if math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
				t.Errorf("LogTail(%v, %d) = %v, want %v", mean, k, got, want)
			}
		}
	}
	if got := LogTail(1000, 900); got > 0 || got < -.01 {
		t.Errorf("LogTail(1000, 900) = %v", got)
	}
	if got := LogTail(2, 100_000); got > -900_000 || math.IsInf(got, 0) {
		t.Errorf("LogTail(2, 100000) = %v", got)
	}
}

func TestCounts(t *testing.T) {
	var c Counts
	want := map[uint64]uint32{}
	rng := rand.New(rand.NewPCG(5, 5))
	for range 20_000 {
		a, b := rng.Uint32N(150), rng.Uint32N(150)
		if a == b {
			continue
		}
		c.Add(Key(a, b), 2)
		want[Key(b, a)] += 2
	}
	n := 0
	c.Each(func(k uint64, v uint32) {
		n++
		if want[k] != v {
			t.Errorf("%x: %d, want %d", k, v, want[k])
		}
	})
	if n != len(want) || c.Len() != n || c.Of(Key(149, 151)) != 0 {
		t.Errorf("%d pairs, want %d", n, len(want))
	}
	c.Reset()
	if c.Len() != 0 || c.Of(Key(0, 1)) != 0 {
		t.Error("something left after Reset")
	}
}

func BenchmarkSweep(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	const objects, each, accounts = 600, 50, 9000
	var start []uint32
	var at []int64
	var acct, all []uint32
	for o := range objects {
		start = append(start, uint32(len(at)))
		all = append(all, uint32(o))
		for i := range each {
			at = append(at, int64(o)*86_400_000+int64(i*i)*60_000)
			acct = append(acct, rng.Uint32N(accounts))
		}
	}
	s := NewSlots(append(start, uint32(len(at))), at, accounts)
	c := NewChain(s, s.Profile(acct), all, acct, rand.NewPCG(1, 1))
	for b.Loop() {
		c.Sweep(1)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/objects/each, "ns/event")
}
