package leiden

import (
	"math"
	"math/rand/v2"
	"slices"
)

// An Objective says what a good division is.
type Objective uint8

const (
	// Modularity compares the weight inside a community with what vertices
	// of the same strengths would have by chance (Newman and Girvan 2004,
	// doi:10.1103/PhysRevE.69.026113; Reichardt and Bornholdt 2006,
	// doi:10.1103/PhysRevE.74.016110 for the resolution).
	Modularity Objective = iota
	// CPM, the constant Potts model, asks that a community be denser inside
	// than the resolution, and sparser to the others (Traag, van Dooren and
	// Nesterov 2011, doi:10.1103/PhysRevE.84.016114). Its communities do not
	// grow with the graph.
	CPM
)

// Options of a division. Resolution is 1 for plain modularity; for CPM it is
// a weight per pair of vertices.
type Options struct {
	Objective  Objective
	Resolution float64
	Seed       uint64
	Rounds     int // the whole algorithm at most so many times, each from the result before; zero: 5
}

// theta of the paper: how much chance the refinement is given.
const theta = .01

// Find returns the community of every vertex. Communities are numbered in the
// order of their first vertex.
func Find(g *Graph, o Options) []uint32 {
	if o.Rounds == 0 {
		o.Rounds = 5
	}
	n := g.Len()
	part := make([]uint32, n)
	for v := range part {
		part[v] = uint32(v)
	}
	if n == 0 {
		return part
	}
	l := &finder{rng: rand.New(rand.NewPCG(o.Seed, 0x1E1DE7)), gamma: o.Resolution}
	weight := g.vertexWeights(o)
	if o.Objective == Modularity && g.total > 0 {
		l.gamma /= 2 * g.total
	}
	for range o.Rounds {
		moved := l.round(g, weight, part)
		if !g.split(part) && !moved {
			break
		}
	}
	renumber(part)
	return part
}

// split makes the connected pieces of every community communities of their
// own and reports whether there was one of several pieces. A round leaves such
// a community where chance merged nothing in its refinement. Quality never
// falls: between the pieces there is no edge.
func (g *Graph) split(part []uint32) bool {
	const none = ^uint32(0)
	piece := make([]uint32, len(part))
	for v := range piece {
		piece[v] = none
	}
	n, before := uint32(0), renumber(part)
	var stack []uint32
	for v := range part {
		if piece[v] != none {
			continue
		}
		piece[v] = n
		stack = append(stack, uint32(v))
		for len(stack) > 0 {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, x := range g.to[g.start[u]:g.start[u+1]] {
				if piece[x] == none && part[x] == part[u] {
					piece[x] = n
					stack = append(stack, x)
				}
			}
		}
		n++
	}
	copy(part, piece)
	return int(n) > before
}

// Quality returns what the objective says of a division: modularity, from
// −½ to 1, or for CPM the weight inside communities less Resolution for each
// of their pairs of vertices.
func Quality(g *Graph, part []uint32, o Options) float64 {
	weight := g.vertexWeights(o)
	inside, in := 0.0, make([]float64, slices.Max(append([]uint32{0}, part...))+1)
	self := 0.0
	for v := range part {
		inside += g.loop[v]
		in[part[v]] += weight[v]
		self += weight[v] * weight[v]
		for i := g.start[v]; i < g.start[v+1]; i++ {
			if part[g.to[i]] == part[v] {
				inside += g.w[i] / 2
			}
		}
	}
	sum := 0.0
	for _, w := range in {
		sum += w * w
	}
	if o.Objective == CPM {
		return inside - o.Resolution*(sum-self)/2
	}
	if g.total == 0 {
		return 0
	}
	return inside/g.total - o.Resolution*sum/(4*g.total*g.total)
}

// vertexWeights are the weights whose product is expected of a pair: sizes
// for CPM, strengths for modularity.
func (g *Graph) vertexWeights(o Options) []float64 {
	if o.Objective == CPM {
		return g.size
	}
	w := make([]float64, g.Len())
	for v := range w {
		w[v] = g.strength(v)
	}
	return w
}

// A finder holds what the levels of one run share.
type finder struct {
	rng   *rand.Rand
	gamma float64

	// Weight from the vertex at hand to each community, and which are set.
	to   []float64
	seen []uint32
}

// round runs the algorithm once from part and leaves its result there. It
// reports whether a vertex moved.
func (l *finder) round(g *Graph, weight []float64, part []uint32) bool {
	moved := false
	level := make([]uint32, g.Len()) // vertex of the first graph → vertex of the level
	for v := range level {
		level[v] = uint32(v)
	}
	at := slices.Clone(part) // community of each vertex of the level
	for {
		renumber(at)
		if l.move(g, weight, at) {
			moved = true
		}
		communities := renumber(at)
		for v := range part {
			part[v] = at[level[v]]
		}
		if communities == g.Len() {
			return moved
		}
		fine := l.refine(g, weight, at, communities)
		parts := renumber(fine)
		if parts == g.Len() {
			return moved // nothing left to merge
		}
		for v := range level {
			level[v] = fine[level[v]]
		}
		next, heavy := make([]uint32, parts), make([]float64, parts)
		for v, p := range fine {
			next[p] = at[v]
			heavy[p] += weight[v]
		}
		g, weight, at = g.merge(fine, parts), heavy, next
	}
}

// near adds up the weights from v to each community among its neighbours.
// The result stands in l.to for those in l.seen, until forget.
func (l *finder) near(g *Graph, v int, at []uint32) {
	if len(l.to) < g.Len() {
		l.to = make([]float64, g.Len())
	}
	for i := g.start[v]; i < g.start[v+1]; i++ {
		c := at[g.to[i]]
		if l.to[c] == 0 {
			l.seen = append(l.seen, c)
		}
		l.to[c] += g.w[i]
	}
}

func (l *finder) forget() {
	for _, c := range l.seen {
		l.to[c] = 0
	}
	l.seen = l.seen[:0]
}

// move is the fast local moving phase: every vertex goes to the community
// where the quality gains most, and those whose neighbour went elsewhere are
// looked at again.
func (l *finder) move(g *Graph, weight []float64, at []uint32) bool {
	n := g.Len()
	heavy, count := make([]float64, n), make([]int, n)
	for v, c := range at {
		heavy[c] += weight[v]
		count[c]++
	}
	var empty []uint32
	for c := n - 1; c >= 0; c-- {
		if count[c] == 0 {
			empty = append(empty, uint32(c))
		}
	}
	queue, waits := make([]uint32, n), make([]bool, n)
	for i, v := range l.rng.Perm(n) {
		queue[i], waits[i] = uint32(v), true
	}
	moved := false
	for head, left := 0, n; left > 0; left-- {
		v := queue[head]
		if head++; head == n {
			head = 0
		}
		waits[v] = false
		old := at[v]
		heavy[old] -= weight[v]
		if count[old]--; count[old] == 0 {
			heavy[old] = 0 // no dust of rounding left behind
			empty = append(empty, old)
		}
		l.near(g, int(v), at)
		// The conversion keeps the product from being fused with the
		// difference on some processors: results must not depend on them.
		best, gain := old, l.to[old]-float64(l.gamma*weight[v]*heavy[old])
		for _, c := range l.seen {
			if d := l.to[c] - float64(l.gamma*weight[v]*heavy[c]); d > gain+slack {
				best, gain = c, d
			}
		}
		if gain < -slack { // better alone
			best = empty[len(empty)-1]
		}
		l.forget()
		heavy[best] += weight[v]
		if count[best]++; count[best] == 1 {
			i := len(empty) - 1
			for empty[i] != best {
				i--
			}
			empty = slices.Delete(empty, i, i+1)
		}
		at[v] = best
		if best == old {
			continue
		}
		moved = true
		for _, u := range g.to[g.start[v]:g.start[v+1]] {
			if at[u] != best && !waits[u] {
				waits[u] = true
				queue[(head+left-1)%n] = u
				left++
			}
		}
	}
	return moved
}

// slack keeps rounding errors from moving a vertex back and forth for ever.
const slack = 1e-10

// refine divides every community of at into well-connected parts, starting
// from single vertices, and returns the part of each vertex.
func (l *finder) refine(g *Graph, weight []float64, at []uint32, communities int) []uint32 {
	n := g.Len()
	fine := make([]uint32, n)
	heavy, outer, whole := slices.Clone(weight), make([]float64, n), make([]float64, communities)
	single := make([]bool, n)
	for v := range fine {
		fine[v], single[v] = uint32(v), true
		whole[at[v]] += weight[v]
		for i := g.start[v]; i < g.start[v+1]; i++ {
			if at[g.to[i]] == at[v] {
				outer[v] += g.w[i] // from part v to the rest of its community
			}
		}
	}
	well := func(part uint32, c uint32) bool {
		return outer[part] >= float64(l.gamma*heavy[part]*(whole[c]-heavy[part]))-slack
	}
	var gains []float64
	for _, i := range l.rng.Perm(n) {
		v, c := uint32(i), at[i]
		if !single[v] || !well(v, c) {
			continue
		}
		gains = gains[:0]
		for i := g.start[v]; i < g.start[v+1]; i++ {
			if u := g.to[i]; at[u] == c {
				p := fine[u]
				if l.to[p] == 0 {
					l.seen = append(l.seen, p)
				}
				l.to[p] += g.w[i]
			}
		}
		top := 0.0
		for _, p := range l.seen {
			gain := l.to[p] - float64(l.gamma*weight[v]*heavy[p])
			if gain < 0 || !well(p, c) {
				gain = -1
			}
			gains = append(gains, gain)
			top = max(top, gain)
		}
		best := v
		if p, ok := l.draw(gains, top); ok {
			best = l.seen[p]
		}
		if best != v {
			single[v], single[best] = false, false
			fine[v] = best
			heavy[best] += weight[v]
			outer[best] += outer[v] - 2*l.to[best]
		}
		l.forget()
	}
	return fine
}

// draw picks one of the gains that are not negative with probability growing
// as exp(gain/theta). Staying alone is a choice too, of gain zero.
func (l *finder) draw(gains []float64, top float64) (int, bool) {
	chance := func(gain float64) float64 {
		if gain < 0 {
			return 0
		}
		return math.Exp((gain - top) / theta)
	}
	sum := chance(0)
	for _, gain := range gains {
		sum += chance(gain)
	}
	x := l.rng.Float64() * sum
	for i, gain := range gains {
		if x -= chance(gain); x < 0 {
			return i, true
		}
	}
	return 0, false
}

// renumber numbers communities in the order of their first vertex and returns
// how many there are.
func renumber(part []uint32) int {
	const none = ^uint32(0)
	number := make([]uint32, slices.Max(append([]uint32{0}, part...))+1)
	for i := range number {
		number[i] = none
	}
	n := uint32(0)
	for v, c := range part {
		if number[c] == none {
			number[c] = n
			n++
		}
		part[v] = number[c]
	}
	return int(n)
}
