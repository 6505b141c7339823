package coordination

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"github.com/arasha-org/arasha/coordination/internal/redraw"
)

// The model of when an account publishes, in milliseconds.
const (
	horizon   = 14 * dayMillis    // own posts so far before and after count
	smear     = 30 * 60 * 1000    // each own post stands for half an hour on both sides
	poolCount = 5                 // the pool weighs as much as so many own posts
	hours     = 24                // of a day
	hour      = dayMillis / hours // in milliseconds
)

// moments are the densities f_a from which the accounts of one message draw
// their moments, between lo and hi:
//
//	f_a = (1−ε)·(own other posts, smeared) + ε·pool,  ε = poolCount/(n_a + poolCount)
//
// The sum over all accounts is kept merged, so that a message of ten thousand
// accounts costs ten thousand evaluations, not their square.
type moments struct {
	lo, hi float64
	own    [][]float64 // per account: own times, ascending, from lo on
	eps    []float64   // per account

	merged []float64 // all own times, ascending
	weight []float64 // prefix sums of (1−ε_a)/n_a over merged
	moment []float64 // prefix sums of weight · time
	epsSum float64

	cells []float64 // prefix sums of the pool's mass by hour from cell0 on; the last is 1 or, for an empty pool, 0
	cell0 int64
}

// A pool is when a corpus publishes: by hour of the day and by day.
type pool struct {
	hour [hours]float64
	day  map[int64]float64 // nil: every day alike
}

// newMoments returns the densities of accounts with these own times, in
// milliseconds since 1970 and ascending. lo < hi.
func newMoments(p *pool, lo, hi int64, own [][]int64) *moments {
	m := &moments{lo: float64(lo), hi: float64(hi), own: make([][]float64, len(own)), eps: make([]float64, len(own))}
	type weighed struct{ at, w float64 }
	var all []weighed
	for a, list := range own {
		m.eps[a] = poolCount / float64(len(list)+poolCount)
		m.epsSum += m.eps[a]
		m.own[a] = make([]float64, len(list))
		for i, t := range list {
			at := float64(t - lo)
			m.own[a][i] = at
			all = append(all, weighed{at, (1 - m.eps[a]) / float64(len(list))})
		}
	}
	slices.SortFunc(all, func(a, b weighed) int {
		if a.at != b.at {
			return int(math.Copysign(1, a.at-b.at))
		}
		return int(math.Copysign(1, a.w-b.w))
	})
	m.merged = make([]float64, len(all))
	m.weight, m.moment = make([]float64, len(all)+1), make([]float64, len(all)+1)
	for i, x := range all {
		m.merged[i] = x.at
		m.weight[i+1] = m.weight[i] + x.w
		m.moment[i+1] = m.moment[i] + x.w*x.at
	}
	m.hi -= m.lo
	m.lo = 0

	// The pool between lo and hi, hour by hour; the first and last hour count
	// in part.
	m.cell0 = floorDiv(lo, hour)
	n := int(floorDiv(hi, hour)-m.cell0) + 1
	m.cells = make([]float64, n+1)
	for i := range n {
		c := m.cell0 + int64(i)
		from, to := max(c*hour, lo), min((c+1)*hour, hi)
		w := p.hour[c-floorDiv(c, hours)*hours] * float64(to-from) / hour
		if p.day != nil {
			w *= p.day[floorDiv(c, hours)] + 1
		}
		m.cells[i+1] = m.cells[i] + w
	}
	if total := m.cells[n]; total > 0 {
		for i := range m.cells {
			m.cells[i] /= total
		}
	}
	m.cell0 = m.cell0*hour - lo // now: where the first cell begins, from lo on
	return m
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// poolUpTo returns the mass of the pool before t.
func (m *moments) poolUpTo(t float64) float64 {
	t = min(max(t, 0), m.hi)
	x := (t - float64(m.cell0)) / hour
	i := min(max(int(x), 0), len(m.cells)-2)
	// Inside the first and last cell the mass is spread over the part of the
	// cell that lies between lo and hi.
	from := max(float64(m.cell0)+float64(i)*hour, 0)
	to := min(float64(m.cell0)+float64(i+1)*hour, m.hi)
	if to <= from {
		return m.cells[i+1]
	}
	return m.cells[i] + (m.cells[i+1]-m.cells[i])*min(max((t-from)/(to-from), 0), 1)
}

// upTo returns Σ w·min(1, max(0, (t − (x − smear)) / 2·smear)) over times x with
// prefix sums of their weights and weighted times: the smeared mass before t.
func upTo(x, weight, moment []float64, t float64) float64 {
	l := sort.Search(len(x), func(i int) bool { return x[i] > t-smear })
	r := sort.Search(len(x), func(i int) bool { return x[i] > t+smear })
	return weight[l] + ((weight[r]-weight[l])*(t+smear)-(moment[r]-moment[l]))/(2*smear)
}

// upToOwn is upTo for one account, whose times all weigh the same.
func upToOwn(x []float64, t float64) float64 {
	if len(x) == 0 {
		return 0
	}
	l := sort.Search(len(x), func(i int) bool { return x[i] > t-smear })
	sum := float64(l)
	for _, at := range x[l:] {
		if at > t+smear {
			break
		}
		sum += (t + smear - at) / (2 * smear)
	}
	return sum / float64(len(x))
}

// within returns Pr[account a publishes in (t, t+w]].
func (m *moments) within(a int, t, w float64) float64 {
	return (1-m.eps[a])*max(upToOwn(m.own[a], t+w)-upToOwn(m.own[a], t), 0) + m.eps[a]*(m.poolUpTo(t+w)-m.poolUpTo(t))
}

// all returns the sum of within over all accounts.
func (m *moments) all(t, w float64) float64 {
	own := upTo(m.merged, m.weight, m.moment, t+w) - upTo(m.merged, m.weight, m.moment, t)
	return max(own, 0) + m.epsSum*(m.poolUpTo(t+w)-m.poolUpTo(t))
}

// draw returns a moment of account a for u in [0, 1): equal steps of u give
// equal shares of f_a.
func (m *moments) draw(a int, u float64, rng *rand.Rand) float64 {
	if n := len(m.own[a]); n > 0 {
		if own := 1 - m.eps[a]; u < own {
			i := min(int(u/own*float64(n)), n-1)
			return m.own[a][i] + (2*rng.Float64()-1)*smear
		} else {
			u = (u - own) / m.eps[a]
		}
	}
	i := sort.Search(len(m.cells)-1, func(i int) bool { return m.cells[i+1] > u })
	i = min(i, len(m.cells)-2)
	from := max(float64(m.cell0)+float64(i)*hour, 0)
	to := min(float64(m.cell0)+float64(i+1)*hour, m.hi)
	return from + rng.Float64()*(to-from)
}

// screen bounds the probability that the accounts, each drawing its moment by
// itself, fall k or more into some window of w milliseconds:
//
//	p ≤ Σ_a E_{t~f_a} Pr[Poisson(Σ_{b≠a} F_b(t, t+w]) ≥ k−1]
//
// for each window of ks. The expectation is taken over draws of t from f_a,
// stratified; at the observed times the sum would be no bound.
func (m *moments) screen(ws []float64, ks []int, draws int, rng *rand.Rand) []float64 {
	p := make([]float64, len(ws))
	for a := range m.own {
		for d := range draws {
			t := m.draw(a, (float64(d)+rng.Float64())/float64(draws), rng)
			for i, w := range ws {
				if p[i] < 1 {
					p[i] += math.Exp(redraw.LogTail(max(m.all(t, w)-m.within(a, t, w), 0), ks[i]-1)) / float64(draws)
				}
			}
		}
	}
	for i := range p {
		p[i] = min(p[i], 1)
	}
	return p
}

// redrawn is the same by redrawing: (1 + redraws as dense) / (1 + redraws).
func (m *moments) redrawn(ws []float64, ks []int, redraws int, rng *rand.Rand) []float64 {
	reach := make([]int, len(ws))
	at := make([]float64, len(m.own))
	for range redraws {
		for a := range at {
			at[a] = m.draw(a, rng.Float64(), rng)
		}
		slices.Sort(at)
		for i, w := range ws {
			if k, _ := densest(at, w); k >= ks[i] {
				reach[i]++
			}
		}
	}
	p := make([]float64, len(ws))
	for i := range p {
		p[i] = float64(1+reach[i]) / float64(1+redraws)
	}
	return p
}

// densest returns the largest number of times in any window of length w, the
// end included, and where the first such window begins. at is ascending.
func densest[T int64 | float64](at []T, w T) (k, from int) {
	for i, j := 0, 0; j < len(at); j++ {
		for at[j]-at[i] > w {
			i++
		}
		if j-i+1 > k {
			k, from = j-i+1, i
		}
	}
	return k, from
}
