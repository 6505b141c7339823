package coordination

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawn makes densities of a few accounts.
func drawn(t *rapid.T) *moments {
	lo := rapid.Int64Range(-3, 3).Draw(t, "day")*dayMillis + rapid.Int64Range(0, dayMillis).Draw(t, "lo")
	hi := lo + rapid.Int64Range(1, 2*horizon).Draw(t, "length")
	var own [][]int64
	for range rapid.IntRange(1, 5).Draw(t, "accounts") {
		list := rapid.SliceOfN(rapid.Int64Range(lo, hi), 0, 8).Draw(t, "own")
		slices.Sort(list)
		own = append(own, list)
	}
	p := &pool{}
	for h := range p.hour {
		p.hour[h] = 1 + float64(rapid.IntRange(0, 9).Draw(t, "hour"))
	}
	if rapid.Bool().Draw(t, "calendar") {
		p.day = map[int64]float64{floorDiv(lo, dayMillis): 5}
	}
	return newMoments(p, lo, hi, own)
}

// The merged sum is the sum of the accounts, one by one; and what an account
// publishes between the ends is all it publishes.
func TestMoments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawn(t)
		at := rapid.Float64Range(-2*smear, m.hi+2*smear).Draw(t, "t")
		w := rapid.Float64Range(0, m.hi).Draw(t, "w")
		sum := 0.0
		for a := range m.own {
			p := m.within(a, at, w)
			if !(p >= 0 && p <= 1+1e-9) {
				t.Fatalf("within = %v", p)
			}
			sum += p
			if all := m.within(a, -2*smear, m.hi+4*smear); math.Abs(all-1) > 1e-9 {
				t.Fatalf("an account publishes %v times in all", all)
			}
		}
		if got := m.all(at, w); math.Abs(got-sum) > 1e-9*float64(len(m.own)) {
			t.Fatalf("all = %v, one by one %v", got, sum)
		}
	})
}

// Moments are drawn from the densities by which they are judged.
func TestDrawFollowsDensity(t *testing.T) {
	m := newMoments(&pool{hour: [hours]float64{0: 1, 9: 20, 10: 20, 20: 5}, day: map[int64]float64{1: 9}}, 5*hour, 4*dayMillis+7*hour,
		[][]int64{{dayMillis, dayMillis + 9*hour, 3 * dayMillis}, nil})
	rng := rand.New(rand.NewPCG(1, 1))
	const n = 40000
	for a := range m.own {
		count := map[int]int{}
		for range n {
			count[int(math.Floor(m.draw(a, rng.Float64(), rng)/(6*hour)))]++
		}
		for k := -1; k < 18; k++ {
			want := m.within(a, float64(k)*6*hour, 6*hour)
			if got := float64(count[k]) / n; math.Abs(got-want) > 5*math.Sqrt(want*(1-want)/n)+1e-3 {
				t.Errorf("account %d, %d to %d h: drawn %.4f, density %.4f", a, 6*k, 6*k+6, got, want)
			}
		}
	}
}

func TestHypergeometricTail(t *testing.T) {
	for _, c := range []struct {
		all, marked, n, k int
		want              float64
	}{{10, 5, 2, 0, 1}, {10, 5, 2, 2, 2. / 9}, {10, 5, 2, 1, 7. / 9}, {10, 10, 3, 3, 1}, {10, 0, 3, 1, 0}, {1, 1, 1, 1, 1}, {52, 4, 5, 4, 48. / 2598960}} {
		if got := hypergeometricTail(c.all, c.marked, c.n, c.k); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestBenjaminiHochberg(t *testing.T) {
	got := benjaminiHochberg([]float64{.04, .01, .5, .02, 1})
	for i, want := range []float64{.2 / 3, .05, .625, .05, 1} {
		if math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("q = %v", got)
		}
	}
	if len(benjaminiHochberg(nil)) != 0 {
		t.Error("no p, no q")
	}
}
