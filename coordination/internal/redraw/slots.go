// Package redraw deals the times of shared objects to accounts anew.
//
// An object was shared by some accounts at some times. Its times stay where
// they are and are called slots; a redraw says which account stands at which
// slot. So everything that depends on times alone (which two slots lie within
// the window, the hour of a slot, how long after the first it comes) is worked
// out once, and a redraw costs no more than moving account numbers about.
package redraw

import (
	"math/bits"
	"math/rand/v2"
)

// Bins of a profile: hours of the day (UTC), and powers of two of the seconds
// since the first share of the object.
const (
	hours = 24
	lags  = 20
	bins  = hours + lags
)

// Slots are the times of all objects: those of object o are
// Start[o]:Start[o+1], ascending.
type Slots struct {
	Start    []uint32
	At       []int64 // milliseconds since 1970
	Accounts int

	hour, lag []uint8 // bins of a profile row
}

// NewSlots works out the bins of the times. The slices are kept.
func NewSlots(start []uint32, at []int64, accounts int) *Slots {
	s := &Slots{Start: start, At: at, Accounts: accounts, hour: make([]uint8, len(at)), lag: make([]uint8, len(at))}
	for o := range s.Objects() {
		lo, hi := start[o], start[o+1]
		for i := lo; i < hi; i++ {
			day := at[i] % 86_400_000
			if day < 0 {
				day += 86_400_000
			}
			s.hour[i] = uint8(day / 3_600_000)
			since := uint64(at[i]-at[lo]) / 1000
			s.lag[i] = hours + uint8(min(bits.Len64(max(since, 1))-1, lags-1))
		}
	}
	return s
}

// Objects returns the number of objects.
func (s *Slots) Objects() int { return len(s.Start) - 1 }

// shrink is how many shares of the pool stand beside an account's own (c).
const shrink = 5

// A Profile says how much more often than others each account shares in each
// hour of the day and so long after the first share.
type Profile struct {
	ratio []float32 // account*bins + bin: ĥ_a/ĥ or ĝ_a/ĝ
}

// Profile estimates the profiles of the accounts when account acct[i] stands
// at slot i. Counts are smoothed with half of both neighbouring bins (hours
// are a circle, lags are not) and drawn towards the pool of all accounts:
//
//	ratio = (count + 5·pool) / (n_a + 5) / pool
func (s *Slots) Profile(acct []uint32) *Profile {
	count := make([]float32, s.Accounts*bins)
	total := make([]float32, s.Accounts)
	for i, a := range acct {
		count[int(a)*bins+int(s.hour[i])]++
		count[int(a)*bins+int(s.lag[i])]++
		total[a]++
	}
	var pool [bins]float64
	var row [bins]float32
	for a := range total {
		c := count[a*bins : (a+1)*bins]
		copy(row[:], c)
		for b := range hours {
			c[b] = (row[b] + .5*row[(b+1)%hours] + .5*row[(b+hours-1)%hours]) / 2
		}
		for b := hours; b < bins; b++ {
			c[b] = (row[b] + .5*row[min(b+1, bins-1)] + .5*row[max(b-1, hours)]) / 2
		}
		for b := range c {
			pool[b] += float64(c[b])
		}
	}
	n := float64(len(acct))
	for b := range pool {
		pool[b] = pool[b]/max(n, 1) + 1e-9
	}
	for a := range total {
		c := count[a*bins : (a+1)*bins]
		for b := range c {
			c[b] = float32((float64(c[b]) + shrink*pool[b]) / (float64(total[a]) + shrink) / pool[b])
		}
	}
	return &Profile{count}
}

// A Chain walks through the ways to deal the accounts of some objects to
// their slots. The walk is reversible: run from a state that was drawn from
// the null it stays there, and looks the same forwards and backwards.
type Chain struct {
	State []uint32 // account at each slot

	s       *Slots
	p       *Profile // nil: every way is as likely
	objects []uint32 // those that are dealt anew
	order   []uint32
	rng     *rand.PCG
}

// NewChain starts a chain at a state, which is copied. Only the given objects
// are dealt anew.
func NewChain(s *Slots, p *Profile, objects, state []uint32, rng *rand.PCG) *Chain {
	c := &Chain{State: append([]uint32(nil), state...), s: s, p: p, objects: objects, rng: rng}
	if p != nil {
		c.order = make([]uint32, len(state))
		for i := range c.order {
			c.order[i] = uint32(i)
		}
	}
	return c
}

// Shuffle deals every object anew, every way as likely.
func (c *Chain) Shuffle() {
	for _, o := range c.objects {
		c.shuffle(c.State[c.s.Start[o]:c.s.Start[o+1]])
	}
}

// shuffle is that of Fisher and Yates, two steps for one random number.
func (c *Chain) shuffle(a []uint32) {
	i := uint64(len(a) - 1)
	for ; i >= 2; i -= 2 {
		r := c.rng.Uint64()
		j := (r >> 32) * (i + 1) >> 32
		a[i], a[j] = a[j], a[i]
		j = (r & (1<<32 - 1)) * i >> 32
		a[i-1], a[j] = a[j], a[i-1]
	}
	if i == 1 {
		j := c.rng.Uint64() >> 63
		a[1], a[j] = a[j], a[1]
	}
}

// Sweep pairs the slots of every object at random n times and lets the two
// accounts x and y of a pair of slots s and t change places with probability
//
//	min(1, q_x(t)·q_y(s) / (q_x(s)·q_y(t)))
//
// where q is the product of the profile's ratios. Without a profile it is
// Shuffle.
func (c *Chain) Sweep(n int) {
	if c.p == nil {
		c.Shuffle()
		return
	}
	s, state, ratio := c.s, c.State, c.p.ratio
	for range n {
		for _, o := range c.objects {
			order := c.order[s.Start[o]:s.Start[o+1]]
			c.shuffle(order)
			for i := 1; i < len(order); i += 2 {
				e, f := order[i-1], order[i]
				x, y := state[e], state[f]
				px := ratio[int(x)*bins : int(x)*bins+bins]
				py := ratio[int(y)*bins : int(y)*bins+bins]
				he, le, hf, lf := s.hour[e], s.lag[e], s.hour[f], s.lag[f]
				now := px[he] * px[le] * py[hf] * py[lf]
				then := px[hf] * px[lf] * py[he] * py[le]
				if then >= now || float32(c.rng.Uint64()>>40)*(1.0/(1<<24))*now < then {
					state[e], state[f] = y, x
				}
			}
		}
	}
}
