package coordination

import (
	"context"
	"math/rand/v2"
	"sync"

	"github.com/arasha-org/arasha/coordination/internal/redraw"
)

// How a chain is walked, in sweeps.
const (
	burnIn = 60 // until a state no longer remembers where it came from
	gap    = 8  // between two redraws of one arm
	arms   = 4  // into which each half of the redraws is split; each has a random stream of its own
)

// stream returns the random stream of one purpose.
func stream(seed, purpose uint64) *rand.PCG {
	mix := func(x uint64) uint64 { // splitmix64, Steele and others 2014, doi:10.1145/2660193.2660195
		x += 0x9E3779B97F4A7C15
		x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
		x = (x ^ x>>27) * 0x94D049BB133111EB
		return x ^ x>>31
	}
	return rand.NewPCG(mix(seed), mix(mix(seed)+purpose))
}

// Purposes of streams; arms count on from theirs.
const (
	forPlace = 1 + iota
	forForward
	forBackward
	forNull
	forExpect    = 100
	forReference = 200
)

// A redrawing is the redraws of one data set, judged.
type redrawing struct {
	x      *expectation
	layers []layer
	data   []component
	again  []repeated
	max    [][]float64 // per reference redraw: the largest T of each layer
}

// redraw judges a data set, in which account state[i] stands at slot i, among
// redraws of itself.
//
// The redraws form a tree around a hub. The data set stands at a random place
// of one of the arms that are compared with; from it the walk goes forward to
// the end of that arm, and backward to its beginning and on to the hub; all
// other arms start from the hub. As the walk is reversible this is the same
// as drawing the hub from the null and every arm from the hub, so that under
// the null the data set is no more special than any other place.
func (g *stage) redraw(ctx context.Context, state []uint32, o *TestOptions, leasts []int) (*redrawing, error) {
	var p *redraw.Profile
	burn, step := 1, 1
	if !o.Plain {
		p = g.s.Profile(state)
		burn, step = burnIn, gap
	}
	var mu sync.Mutex
	done := 0
	tell := func() {
		if o.Progress != nil {
			mu.Lock()
			done++
			o.Progress(done, o.Expect+o.Reference)
			mu.Unlock()
		}
	}
	chain := func(from []uint32, purpose uint64) *redraw.Chain {
		c := redraw.NewChain(g.s, p, g.moving, from, stream(o.Seed, purpose))
		if o.Scratch {
			c.Shuffle()
		}
		return c
	}

	// The arm of the data set, without the data set itself.
	size := func(arm int) int { return (o.Reference + 1 + arm) / arms }
	mine, hub := -1, state
	var near [][]uint32
	var err error
	if o.Scratch {
		size = func(arm int) int { return (o.Reference + arm) / arms }
	} else {
		at := int(rand.New(stream(o.Seed, forPlace)).Uint64N(uint64(o.Reference + 1)))
		for mine = 0; at >= size(mine); mine++ {
			at -= size(mine)
		}
		near = make([][]uint32, size(mine)-1)
		err = each(ctx, o.Procs, 2, func(i int) error {
			keep := func(c *redraw.Chain, k int) {
				c.Sweep(step)
				near[k] = append([]uint32(nil), c.State...)
				tell()
			}
			if i == 0 {
				c := chain(state, forForward)
				for k := at; k < len(near); k++ {
					keep(c, k)
				}
				return nil
			}
			c := chain(state, forBackward)
			for k := at - 1; k >= 0; k-- {
				keep(c, k)
			}
			c.Sweep(burn)
			hub = c.State
			return nil
		})
	}
	if err != nil {
		return nil, err
	}

	// The expectation.
	parts := make([]redraw.Counts, arms)
	err = each(ctx, o.Procs, arms, func(i int) error {
		c := chain(hub, forExpect+uint64(i))
		var keys []uint64
		var slots []uint32
		for k := range (o.Expect + i) / arms {
			if err := ctx.Err(); err != nil {
				return err
			}
			if k == 0 {
				c.Sweep(burn)
			} else {
				c.Sweep(step)
			}
			keys = g.coincide(c.State, keys[:0], &slots)
			for _, key := range keys {
				parts[i].Add(key, 1)
			}
			tell()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	x := &expectation{draws: float64(o.Expect), sum: parts[0]}
	for i := range parts[1:] {
		parts[1+i].Each(x.sum.Add)
	}
	x.index(g.e.Accounts())

	// The reference.
	d := &redrawing{x: x, max: make([][]float64, o.Reference)}
	for _, least := range leasts {
		for _, a := range Alphas {
			d.layers = append(d.layers, layer{least, a})
		}
	}
	from := make([]int, arms+1) // where the rows of each arm begin
	for i := range arms {
		from[i+1] = from[i] + size(i)
		if i == mine {
			from[i+1]--
		}
	}
	err = each(ctx, o.Procs, arms, func(i int) error {
		j := newJudge(g, x, d.layers)
		c := chain(hub, forReference+uint64(i))
		for k := range from[i+1] - from[i] {
			if err := ctx.Err(); err != nil {
				return err
			}
			s := c.State
			switch {
			case i == mine:
				s = near[k]
			case k == 0:
				c.Sweep(burn)
				tell()
			default:
				c.Sweep(step)
				tell()
			}
			list, _ := j.components(s)
			d.max[from[i]+k] = maxima(list, len(d.layers))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	d.data, d.again = newJudge(g, x, d.layers).components(state)
	return d, nil
}

// each calls f(0) … f(n−1) on up to procs goroutines and returns the first
// error by number.
func each(ctx context.Context, procs, n int, f func(i int) error) error {
	errs := make([]error, n)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(procs, n) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range next {
				errs[i] = f(i)
			}
		}()
	}
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// pvalues returns the function from a layer and a T in the data set to the
// family-wise p over the layers from to to: the share of data sets in which
// the most striking component of any of these layers is as far out among all
// of its layer. Taking the layer where each data set stands out most, on both
// sides, is what makes one p of several alphas (Westfall and Young, 1993,
// step minP).
func (d *redrawing) pvalues(from, to int) func(layer int, t float64) float64 {
	n := len(d.max)
	own := maxima(d.data, len(d.layers))
	// How many of the pool, redraws and data together, reach t.
	reach := func(l int, t float64) int {
		k := 0
		for _, row := range d.max {
			if row[l] >= t {
				k++
			}
		}
		return k
	}
	best := make([]int, n)
	for i, row := range d.max {
		best[i] = n + 1
		for l := from; l < to; l++ {
			k := reach(l, row[l])
			if own[l] >= row[l] {
				k++
			}
			best[i] = min(best[i], k)
		}
	}
	return func(l int, t float64) float64 {
		r := reach(l, t) + 1
		k := 1
		for _, b := range best {
			if b <= r {
				k++
			}
		}
		return float64(k) / float64(n+1)
	}
}
