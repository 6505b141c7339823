package coordination

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"github.com/arasha-org/arasha/coordination/internal/leiden"
)

// A Tie is two accounts of a network and the number of messages that tie them.
// Where the weight is no count it still should be on that scale, for the
// stability under resampling takes it as one.
type Tie struct {
	A, B   uint32
	Weight float64
}

// CommunityOptions say how a network is divided. The zero value is a good
// default: modularity at resolution 1.
type CommunityOptions struct {
	Potts       bool    // the constant Potts model instead of modularity
	Resolution  float64 // zero: 1. For Potts: messages for each pair of a group, at least
	Seed        uint64
	Reruns      int // divisions with other seeds, for stability; zero: 20
	Resamples   int // divisions of resampled networks, for stability; zero: 20
	MinAccounts int // smaller groups are not listed; zero: 3

	Procs int // goroutines; zero: one for each processor
}

// Communities are a network divided into groups of accounts that are tied more
// among themselves than to the rest.
type Communities struct {
	Options  CommunityOptions // as used, defaults filled in
	Accounts int              // in the network
	Quality  float64          // of the division: modularity, or Potts quality
	List     []Community      // largest first
	Small    int              // groups of fewer than MinAccounts, not listed
}

// A Community is one group. Stability says how far to trust its borders: the
// share of all runs in which two of its accounts, taken at random, are in one
// group; 1 when they never part.
type Community struct {
	Number    int      // from 1, largest first
	Accounts  []uint32 // by number
	Ties      int      // inside
	Weight    float64  // of the ties inside
	Outside   float64  // of the ties that leave the group
	Reruns    float64  // stability when the division is made with other seeds
	Resampled float64  // stability when every weight is drawn anew from a Poisson distribution around it
	Places    []Place  // BetweenGroups; PlacesIn adds the others
}

// FindCommunities divides the network of ties by the Leiden algorithm. The
// same ties and options give the same groups, whatever the order of the ties.
// Which network was tested is the caller's to say: a division finds groups in
// anything.
//
// Resampling follows Rosvall and Bergstrom 2010 (doi:10.1371/journal.pone.0008694).
// It fails on a weight that is not a positive finite number, on an option that
// cannot be, and when ctx ends.
func FindCommunities(ctx context.Context, ties []Tie, o CommunityOptions) (*Communities, error) {
	if o.Resolution == 0 {
		o.Resolution = 1
	}
	if !(o.Resolution > 0) || math.IsInf(o.Resolution, 0) {
		return nil, fmt.Errorf("the resolution %v cannot be; above 0", o.Resolution)
	}
	if err := fillCounts([]countOption{{&o.Reruns, 20, 10_000, "divisions with other seeds"}, {&o.Resamples, 20, 10_000, "divisions of resampled networks"},
		{&o.MinAccounts, 3, math.MaxInt, "accounts"}, {&o.Procs, runtime.GOMAXPROCS(0), math.MaxInt, "goroutines"}}); err != nil {
		return nil, err
	}
	n := newNetwork(ties)
	g, err := leiden.New(len(n.accounts), n.edges)
	if err != nil {
		return nil, fmt.Errorf("coordination: %v", err)
	}
	how := leiden.Options{Resolution: o.Resolution, Seed: o.Seed}
	if o.Potts {
		how.Objective = leiden.CPM
	}
	c := &Communities{Options: o, Accounts: len(n.accounts)}
	part := leiden.Find(g, how)
	c.Quality = leiden.Quality(g, part, how)
	members := byCommunity(part)
	together, err := n.together(ctx, g, members, how, &o)
	if err != nil {
		return nil, err
	}
	number := make([]int, len(members)) // community → its number in the list
	for k, list := range members {
		if len(list) < o.MinAccounts {
			c.Small++
			continue
		}
		m := Community{}
		for _, v := range list {
			m.Accounts = append(m.Accounts, n.accounts[v])
		}
		pairs := float64(len(list)) * float64(len(list)-1) / 2
		m.Reruns = float64(together[0][k]) / (pairs * float64(o.Reruns))
		m.Resampled = float64(together[1][k]) / (pairs * float64(o.Resamples))
		for _, e := range n.edges {
			switch a, b := part[e.A] == uint32(k), part[e.B] == uint32(k); {
			case a && b:
				m.Ties++
				m.Weight += e.Weight
			case a || b:
				m.Outside += e.Weight
			}
		}
		m.Number = k
		c.List = append(c.List, m)
	}
	slices.SortStableFunc(c.List, func(a, b Community) int {
		return cmp.Or(len(b.Accounts)-len(a.Accounts), cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Accounts[0], b.Accounts[0]))
	})
	for i := range c.List {
		number[c.List[i].Number] = i + 1
		c.List[i].Number = i + 1
	}
	n.between(c, part, number)
	return c, nil
}

// A network is ties between accounts numbered without gaps.
type network struct {
	accounts []uint32 // ascending
	edges    []leiden.Edge
}

// newNetwork adds ties of the same two accounts up, in an order of its own.
func newNetwork(ties []Tie) *network {
	n := &network{}
	for _, t := range ties {
		n.accounts = append(n.accounts, t.A, t.B)
	}
	slices.Sort(n.accounts)
	n.accounts = slices.Compact(n.accounts)
	at := make(map[uint32]uint32, len(n.accounts))
	for i, a := range n.accounts {
		at[a] = uint32(i)
	}
	for _, t := range ties {
		a, b := at[t.A], at[t.B]
		n.edges = append(n.edges, leiden.Edge{A: min(a, b), B: max(a, b), Weight: t.Weight})
	}
	slices.SortFunc(n.edges, func(a, b leiden.Edge) int {
		return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B), cmp.Compare(a.Weight, b.Weight))
	})
	out := n.edges[:0]
	for i, e := range n.edges {
		if last := len(out) - 1; i > 0 && out[last].A == e.A && out[last].B == e.B && e.Weight > 0 && out[last].Weight > 0 {
			out[last].Weight += e.Weight
		} else {
			out = append(out, e)
		}
	}
	n.edges = out
	return n
}

func byCommunity(part []uint32) [][]uint32 {
	out := make([][]uint32, slices.Max(append([]uint32{0}, part...))+1)
	for v, k := range part {
		out[k] = append(out[k], uint32(v))
	}
	return slices.DeleteFunc(out, func(list []uint32) bool { return len(list) == 0 })
}

// together counts, for every community and summed over the runs, the pairs of
// members that a run has in one community: first runs with other seeds, then
// runs on resampled networks.
func (n *network) together(ctx context.Context, g *leiden.Graph, members [][]uint32, how leiden.Options, o *CommunityOptions) (sum [2][]int64, err error) {
	sum = [2][]int64{make([]int64, len(members)), make([]int64, len(members))}
	var mu sync.Mutex
	var wg sync.WaitGroup
	runs := make(chan int)
	for range o.Procs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for run := range runs {
				kind, g, how := 0, g, how
				how.Seed += 1 + uint64(run)
				if run >= o.Reruns {
					kind, g = 1, n.resample(how.Seed)
				}
				part := leiden.Find(g, how)
				mu.Lock()
				for k, list := range members {
					count := map[uint32]int64{}
					for _, v := range list {
						sum[kind][k] += count[part[v]] // pairs with those before
						count[part[v]]++
					}
				}
				mu.Unlock()
			}
		}()
	}
	for run := range o.Reruns + o.Resamples {
		if ctx.Err() != nil {
			break
		}
		runs <- run
	}
	close(runs)
	wg.Wait()
	return sum, ctx.Err()
}

// resample returns the network with every weight drawn from a Poisson
// distribution around it.
func (n *network) resample(seed uint64) *leiden.Graph {
	rng := rand.New(rand.NewPCG(seed, 0x5A3F1E))
	var edges []leiden.Edge
	for _, e := range n.edges {
		if w := poisson(rng, e.Weight); w > 0 {
			edges = append(edges, leiden.Edge{A: e.A, B: e.B, Weight: float64(w)})
		}
	}
	g, err := leiden.New(len(n.accounts), edges)
	if err != nil {
		panic(err) // weights are whole and positive
	}
	return g
}

// poisson draws by counting uniform factors (Knuth); a large mean is a sum of
// small ones, and a very large one is drawn from the normal distribution.
func poisson(rng *rand.Rand, mean float64) int {
	if mean > 10_000 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*rng.NormFloat64())))
	}
	n := 0
	for ; mean > 0; mean -= 16 {
		for p, limit := rng.Float64(), math.Exp(-min(mean, 16)); p > limit; p *= rng.Float64() {
			n++
		}
	}
	return n
}

// OfThePosts follows every place wherever it is shown: what was not collected
// may have been earlier, or repeated more.
const OfThePosts = "of the posts collected"

// A PlaceKind is a place that an account has in a group, in what is held.
type PlaceKind uint8

// The places.
const (
	EarliestHeld  PlaceKind = iota // its posts are the earliest held of most messages of the group
	MostRepeated                   // what it published first was repeated by most accounts
	BetweenGroups                  // its ties are spread over two groups or more
)

// String returns the words for a place, which always end in [OfThePosts].
func (k PlaceKind) String() string {
	return [...]string{"earliest held", "most repeated", "between two groups"}[k] + " " + OfThePosts
}

// A Place is what is said of one account of a group.
type Place struct {
	Kind    PlaceKind
	Account uint32
	Count   int     // EarliestHeld: messages of which it holds the earliest post. MostRepeated: later posts of other accounts
	Of      int     // EarliestHeld: messages that the group shares. MostRepeated: messages that it published first
	Spread  float64 // BetweenGroups: participation, from 0 for all ties in one group (Guimerà and Amaral 2005, doi:10.1038/nature03288)
	Other   int     // BetweenGroups: the number of the other group, 0 for one that is not listed
}

// leastSpread lists an account as between groups: a quarter of its weight goes
// to another group, 1 − (¾)² − (¼)².
const leastSpread = .375

// between lists the accounts whose ties are spread over groups, the most
// spread first.
func (n *network) between(c *Communities, part []uint32, number []int) {
	weight := make([]map[uint32]float64, len(part))
	for v := range weight {
		weight[v] = map[uint32]float64{}
	}
	for _, e := range n.edges {
		if e.A != e.B {
			weight[e.A][part[e.B]] += e.Weight
			weight[e.B][part[e.A]] += e.Weight
		}
	}
	for v, w := range weight {
		own := number[part[v]]
		if own == 0 {
			continue
		}
		total, squares, other := 0.0, 0.0, uint32(0)
		best := 0.0
		for _, k := range slices.Sorted(maps.Keys(w)) {
			total += w[k]
			squares += float64(w[k] * w[k])
			if k != part[v] && w[k] > best {
				best, other = w[k], k
			}
		}
		if total == 0 || best == 0 {
			continue
		}
		if spread := 1 - squares/(total*total); spread >= leastSpread-1e-12 {
			m := &c.List[own-1]
			m.Places = append(m.Places, Place{Kind: BetweenGroups, Account: n.accounts[v], Spread: spread, Other: number[other]})
		}
	}
	for i := range c.List {
		slices.SortStableFunc(c.List[i].Places, func(a, b Place) int { return cmp.Compare(b.Spread, a.Spread) })
	}
}

// PlacesIn says of every group which account's posts are the earliest held and
// whose messages were most repeated, by the waves of a view, and puts it before
// what Places holds already. Messages count that at least two accounts of the
// group published. Accounts that are level are all listed; where no two posts
// can be put in order nothing is.
func (c *Communities) PlacesIn(r *Result, v *View) {
	for i := range c.List {
		m := &c.List[i]
		m.Places = append(r.places(v, m.Accounts), slices.DeleteFunc(m.Places, func(p Place) bool { return p.Kind != BetweenGroups })...)
	}
}

func (r *Result) places(v *View, accounts []uint32) []Place {
	inside := make(map[uint32]bool, len(accounts))
	for _, a := range accounts {
		inside[a] = true
	}
	first, repeated := map[uint32]int{}, map[uint32]int{}
	messages := 0
	for i := range v.Waves {
		w := &v.Waves[i]
		order, later := []uint32(nil), map[uint32]int{} // accounts of the group by first post
		for _, p := range v.posts[w.lo:w.hi] {
			if a := r.x.acct[p]; inside[a] && int(p) < r.x.timed {
				if later[a] == 0 {
					order = append(order, p)
				}
				later[a]++
			}
		}
		if len(order) < 2 {
			continue
		}
		if r.x.at[order[0]] == r.x.at[order[1]] {
			continue // nobody was first
		}
		messages++
		a := r.x.acct[order[0]]
		first[a]++
		for b, n := range later {
			if b != a {
				repeated[a] += n
			}
		}
	}
	var out []Place
	top := func(kind PlaceKind, count map[uint32]int, of func(uint32) int) {
		best := 0
		for _, n := range count {
			best = max(best, n)
		}
		for _, a := range slices.Sorted(maps.Keys(count)) {
			if best > 0 && count[a] == best {
				out = append(out, Place{Kind: kind, Account: a, Count: best, Of: of(a)})
			}
		}
	}
	top(EarliestHeld, first, func(uint32) int { return messages })
	top(MostRepeated, repeated, func(a uint32) int { return first[a] })
	return out
}
