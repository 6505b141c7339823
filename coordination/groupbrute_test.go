package coordination

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/arasha-org/arasha/coordination/internal/redraw"
)

// small is random events: few accounts, few objects, many coincidences.
func small(seed uint64) *Events {
	rng := rand.New(rand.NewPCG(seed, 17))
	var acct, obj []uint32
	var at []int64
	for o := range uint32(12) {
		for range 2 + rng.IntN(12) {
			acct, obj, at = append(acct, rng.Uint32N(15)), append(obj, o), append(at, int64(rng.IntN(400))*1000)
		}
	}
	e, _ := NewEvents(acct, obj, at)
	return e
}

// naive counts coincidences and shared objects of every two accounts, said as
// plainly as the definition.
func naive(e *Events, w int64) (k, shared map[uint64]int, perObject []int64) {
	k, shared, perObject = map[uint64]int{}, map[uint64]int{}, make([]int64, e.Objects())
	for o := range e.objects {
		for i := e.start[o]; i < e.start[o+1]; i++ {
			for j := e.start[o]; j < i; j++ {
				key := redraw.Key(e.acct[i], e.acct[j])
				shared[key]++
				if max(e.at[i]-e.at[j], e.at[j]-e.at[i]) <= w {
					k[key]++
					perObject[o]++
				}
			}
		}
	}
	return k, shared, perObject
}

// TestStageByBruteForce: coincidences, densities, components with K and M, the
// activity null and Benjamini–Hochberg are those of comparing every two
// events.
func TestStageByBruteForce(t *testing.T) {
	for seed := range uint64(30) {
		e := small(seed)
		const w = 30_000
		g := newStage(e, w, 2)
		k, shared, per := naive(e, w)
		if !slices.Equal(per, g.pairs) {
			t.Fatalf("seed %d: pairs by object %v, want %v", seed, g.pairs, per)
		}
		x := &expectation{draws: 1}
		x.index(e.Accounts())
		j := newJudge(g, x, []layer{{2, 1}})
		list, again := j.components(e.acct)
		repeated := 0
		for _, n := range k {
			if n >= 2 {
				repeated++
			}
		}
		if repeated != len(again) {
			t.Fatalf("seed %d: %d repeated pairs, want %d", seed, len(again), repeated)
		}
		for _, r := range again {
			if r.k != k[r.key] {
				t.Fatalf("seed %d: k = %d, want %d", seed, r.k, k[r.key])
			}
		}
		inside := make([]bool, e.Accounts())
		for _, c := range list {
			wantK, wantM := 0, 0
			for key, n := range shared {
				a, b := redraw.Accounts(key)
				if slices.Contains(c.accounts, a) && slices.Contains(c.accounts, b) {
					wantK += k[key]
					wantM += n
				}
			}
			v := judged{component: c}
			g.measure(&v, e.acct, inside)
			if c.k != wantK || v.possible != wantM {
				t.Errorf("seed %d: K %d, M %d; want %d, %d", seed, c.k, v.possible, wantK, wantM)
			}
		}
		activityByBruteForce(t, g, k)
	}
}

func activityByBruteForce(t *testing.T, g *stage, k map[uint64]int) {
	t.Helper()
	e := g.e
	degree, total, pairs := map[uint32]float64{}, 0.0, 0.0
	for _, a := range e.acct {
		degree[a]++
		total++
	}
	for _, n := range k {
		pairs += float64(n)
	}
	m := float64(e.Accounts()*(e.Accounts()-1)) / 2
	var ps []float64
	for key, n := range k {
		a, b := redraw.Accounts(key)
		ps = append(ps, math.Exp(redraw.LogTail(pairs*degree[a]*degree[b]/(total*(total-1)/2), n)))
	}
	slices.Sort(ps)
	passed := -1.0
	for i, p := range ps {
		if p <= .05*float64(i+1)/m {
			passed = p
		}
	}
	n1 := g.activity(e.acct)
	for key, n := range k {
		a, b := redraw.Accounts(key)
		p := n1.pair(a, b, n)
		if (p.Q <= .05) != (p.P <= passed*(1+1e-12)) {
			t.Errorf("activity: Q = %v where P = %v and %v passes", p.Q, p.P, passed)
		}
	}
}

// TestPlainExpectation: the mean over free redraws is λ⁰, the sum of π_o.
func TestPlainExpectation(t *testing.T) {
	e := small(3)
	g := newStage(e, 30_000, 2)
	c := redraw.NewChain(g.s, nil, g.moving, e.acct, stream(1, 1))
	var sum redraw.Counts
	var keys []uint64
	var spare []uint32
	const n = 20_000
	for range n {
		c.Sweep(1)
		keys = g.coincide(c.State, keys[:0], &spare)
		for _, k := range keys {
			sum.Add(k, 1)
		}
	}
	tested := 0
	sum.Each(func(key uint64, k uint32) {
		a, b := redraw.Accounts(key)
		want := g.plain(a, b)
		if got := float64(k) / n; math.Abs(got-want) > .02+.03*want {
			t.Errorf("accounts %d and %d: %v on the mean, want %v", a, b, got, want)
		}
		tested++
	})
	if tested < 50 {
		t.Errorf("only %d pairs", tested)
	}
}

// TestLeftOutByHand: two of a group on one object with six outsiders, of whom
// two coincide, and on one with two outsiders, which is dropped.
func TestLeftOutByHand(t *testing.T) {
	acct := []uint32{0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3}
	obj := []uint32{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1}
	at := []int64{0, 10_000, 100_000, 110_000, 300_000, 500_000, 700_000, 900_000, 0, 1000, 500_000, 900_000}
	e, err := NewEvents(acct, obj, at)
	if err != nil {
		t.Fatal(err)
	}
	g := newStage(e, 30_000, 2)
	n3 := g.leftOut([]repeated{{key: redraw.Key(0, 1), k: 2}})
	got := n3.pair(0, 1)
	// Class of 5–9 accounts: 2 coincidences of 28 pairs.
	want := (1 + 10*2.0/28) / (15 + 10)
	if got.K != 1 || got.Dropped != 1 || math.Abs(got.Lambda-want) > 1e-12 || math.Abs(got.P-(1-math.Exp(-want))) > 1e-12 {
		t.Errorf("%+v, want K 1, Dropped 1, Lambda %v", got, want)
	}
}

// TestReferenceTree: over many data sets drawn from the null, the place of
// the data set among its redraws is uniform: its smallest p is at most .1 in no
// more than a tenth of them.
func TestReferenceTree(t *testing.T) {
	e := small(5)
	g := newStage(e, 30_000, 2)
	o, _ := TestOptions{Reference: 19, Expect: 20, Plain: true}.resolved()
	below, n := 0, 400
	for i := range n {
		c := redraw.NewChain(g.s, nil, g.moving, e.acct, stream(uint64(i), 7))
		c.Shuffle()
		o.Seed = uint64(i)
		d, err := g.redraw(t.Context(), c.State, &o, []int{2})
		if err != nil {
			t.Fatal(err)
		}
		p := d.pvalues(0, 3)
		best := 1.0
		for _, x := range d.data {
			if len(x.accounts) >= MinMembers {
				best = min(best, p(x.layer, x.t))
			}
		}
		if best <= .1 {
			below++
		}
	}
	if share := float64(below) / float64(n); share > .1+3*.015 {
		t.Errorf("p ≤ .1 in %.3f of data sets from the null", share)
	}
}
