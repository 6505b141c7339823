package main

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/arasha-org/arasha/coordination"
)

// A simulation is events in the making: an account shares an object at a
// second. Accounts and objects are numbered from 0.
type simulation struct {
	rng  *rand.Rand
	rows []shared
}

type shared struct {
	object, account uint32
	at              float64
}

// relabelled starts a simulation from real events: within each week the
// accounts are dealt to the shares at random, so that times, popularity and
// activity stay and who does what with whom does not.
func relabelled(e *coordination.Events, rng *rand.Rand) *simulation {
	s := &simulation{rng: rng}
	e.Each(func(account, object, _ uint32, at int64) {
		s.rows = append(s.rows, shared{object, account, float64(at) / 1000})
	})
	const week = 7 * 86400
	byWeek := map[int64][]int{}
	var weeks []int64
	for i, r := range s.rows {
		w := int64(math.Floor(r.at / week))
		if byWeek[w] == nil {
			weeks = append(weeks, w)
		}
		byWeek[w] = append(byWeek[w], i)
	}
	slices.Sort(weeks)
	for _, w := range weeks {
		list := byWeek[w]
		rng.Shuffle(len(list), func(i, j int) {
			s.rows[list[i]].account, s.rows[list[j]].account = s.rows[list[j]].account, s.rows[list[i]].account
		})
	}
	s.tidy()
	return s
}

// tidy keeps the first share of each account and object, leaves objects of
// one account out and numbers objects anew.
func (s *simulation) tidy() {
	slices.SortFunc(s.rows, func(a, b shared) int {
		return cmp.Or(cmp.Compare(a.object, b.object), cmp.Compare(a.account, b.account), cmp.Compare(a.at, b.at))
	})
	s.rows = slices.CompactFunc(s.rows, func(a, b shared) bool { return a.object == b.object && a.account == b.account })
	out := s.rows[:0]
	n := uint32(0)
	for i := 0; i < len(s.rows); {
		j := i + 1
		for j < len(s.rows) && s.rows[j].object == s.rows[i].object {
			j++
		}
		if j > i+1 {
			for _, r := range s.rows[i:j] {
				r.object = n
				out = append(out, r)
			}
			n++
		}
		i = j
	}
	s.rows = out
}

// accounts returns one more than the largest account.
func (s *simulation) accounts() uint32 {
	n := uint32(0)
	for _, r := range s.rows {
		n = max(n, r.account+1)
	}
	return n
}

// span returns the first and the last share of every object.
func (s *simulation) span() (lo, hi []float64, n []int) {
	for _, r := range s.rows {
		for int(r.object) >= len(n) {
			lo, hi, n = append(lo, math.Inf(1)), append(hi, math.Inf(-1)), append(n, 0)
		}
		lo[r.object], hi[r.object] = min(lo[r.object], r.at), max(hi[r.object], r.at)
		n[r.object]++
	}
	return lo, hi, n
}

// A plant is accounts that act together.
type plant struct {
	first, accounts uint32
	objects         int     // among those of at least five accounts, below limit
	limit           uint32  // objects from this number on are not chosen; 0 for none
	spread          float64 // seconds within which all of them share
	atStart         bool    // at once after the first share, not at a random moment of the object
}

// plant makes each account share each chosen object with probability ½.
func (s *simulation) plant(p plant) {
	lo, hi, n := s.span()
	var can []uint32
	for o := range n {
		if n[o] >= 5 && (p.limit == 0 || uint32(o) < p.limit) {
			can = append(can, uint32(o))
		}
	}
	s.rng.Shuffle(len(can), func(i, j int) { can[i], can[j] = can[j], can[i] })
	for _, o := range can[:min(p.objects, len(can))] {
		from := lo[o] + s.rng.Float64()*(hi[o]-lo[o])
		if p.atStart {
			from = lo[o] + 1 + 29*s.rng.Float64()
		}
		for a := range p.accounts {
			if s.rng.IntN(2) == 0 {
				s.rows = append(s.rows, shared{o, p.first + a, math.Floor(from + p.spread*s.rng.Float64())})
			}
		}
	}
}

func (s *simulation) events() (*coordination.Events, error) {
	acct, obj, at := make([]uint32, len(s.rows)), make([]uint32, len(s.rows)), make([]int64, len(s.rows))
	for i, r := range s.rows {
		acct[i], obj[i], at[i] = r.account, r.object, int64(r.at)*1000
	}
	return coordination.NewEvents(acct, obj, at)
}

// A community is sixty accounts with something in common that is not a
// campaign (reference: the organic communities of the evaluation protocol).
type community struct {
	median float64 // seconds from the source to a reaction
	zones  bool    // members in one time zone, outsiders in three; all sleep
	hours  bool    // half of the members' reactions move to shared reading hours
	fast   bool    // twelve of them react with a median of 90 seconds
}

const (
	communitySize    = 60
	communityObjects = 60
)

// join adds objects that the members, from account first on, share with
// probability ¼ each, beside outsiders from the accounts below outsiders.
func (s *simulation) join(c community, first, outsiders uint32) {
	rng := s.rng
	lo, hi := math.Inf(1), math.Inf(-1)
	object := uint32(0)
	for _, r := range s.rows {
		lo, hi, object = min(lo, r.at), max(hi, r.at), max(object, r.object+1)
	}
	const day = 86400
	reading := make([]float64, 5)
	for i := range reading {
		reading[i] = 7 + 17*rng.Float64()
	}
	for range communityObjects {
		source := lo + day + rng.Float64()*(hi-lo-4*day)
		var ids []uint32
		for m := range uint32(communitySize) {
			if rng.IntN(4) == 0 {
				ids = append(ids, first+m)
			}
		}
		members := len(ids)
		for range 3 + geometric(rng, 25) {
			if x := rng.Uint32N(outsiders); !slices.Contains(ids[members:], x) {
				ids = append(ids, x)
			}
		}
		for i, x := range ids {
			member := i < members
			delay := c.median * math.Exp(1.8*rng.NormFloat64())
			if member && c.fast && x-first < 12 {
				delay = 90 * math.Exp(.7*rng.NormFloat64())
			}
			at := source + max(delay, 3)
			if c.zones {
				zone := 3.0
				if !member {
					zone = []float64{3, 3, -5, -5, 10}[x%5]
				}
				at = s.awake(at, zone)
			}
			if c.hours && member && rng.IntN(2) == 0 {
				h := hourOf(at, 3)
				next := 24.0
				for _, r := range reading {
					next = min(next, math.Mod(r-h+24, 24))
				}
				at += next*3600 + s.gamma(2)*300
			}
			s.rows = append(s.rows, shared{object, x, math.Floor(at)})
		}
		object++
	}
}

func hourOf(at, zone float64) float64 { return math.Mod(at/3600+zone+48, 24) }

// awake moves what falls between midnight and seven to a morning minute.
func (s *simulation) awake(at, zone float64) float64 {
	if h := hourOf(at, zone); h < 7 {
		return at + (7-h)*3600 + s.gamma(1.5)*1800
	}
	return at
}

// gamma draws from a gamma distribution of scale 1 (Marsaglia and Tsang 2000,
// doi:10.1145/358407.358414; shape at least 1).
func (s *simulation) gamma(shape float64) float64 {
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := s.rng.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v *= v * v
		if u := s.rng.Float64(); math.Log(u) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

// geometric draws the number of trials up to the first success, of a mean.
func geometric(rng *rand.Rand, mean float64) int {
	return 1 + int(math.Floor(math.Log(1-rng.Float64())/math.Log(1-1/mean)))
}
