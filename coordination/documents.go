package coordination

import (
	"slices"

	"github.com/arasha-org/arasha/coordination/internal/simjoin"
)

// documents are the things posts share under one trace, each with the places
// of its posts in time order. Only those of two accounts or with a similar
// neighbour are kept.
type documents struct {
	c     *Corpus
	trace Trace
	start []uint32 // CSR: posts[start[d]:start[d+1]]
	posts []uint32
	names []uint64                  // arena, for objects; nil for texts
	doc   func(place uint32) uint32 // for texts: the document of a place

	// For SimilarText only: the similar neighbours of each document,
	// ascending, and the documents connected by them.
	nstart []uint32
	nbs    []neighbour
	ustart []uint32
	udocs  []uint32
	sets   *simjoin.Sets
}

type neighbour struct{ doc, overlap uint32 }

func (d *documents) of(doc uint32) []uint32 { return d.posts[d.start[doc]:d.start[doc+1]] }

func (d *documents) len() int { return len(d.start) - 1 }

func (d *documents) neighbours(doc uint32) []neighbour {
	if d.nstart == nil {
		return nil
	}
	return d.nbs[d.nstart[doc]:d.nstart[doc+1]]
}

// objectDocuments groups the memberships of an object trace.
func objectDocuments(c *Corpus, o *objects, x *timeline) *documents {
	place := make([]uint32, len(x.order))
	for p, i := range x.order {
		place[i] = uint32(p)
	}
	d := &documents{c: c, trace: o.trace, names: o.names}
	d.start = make([]uint32, o.table.Len()+1)
	for _, n := range o.obj {
		d.start[n+1]++
	}
	sum(d.start)
	d.posts = make([]uint32, len(o.obj))
	fill := slices.Clone(d.start)
	for i, n := range o.obj {
		d.posts[fill[n]] = place[o.post[i]]
		fill[n]++
	}
	// A post may name the same object twice: once is enough.
	out := uint32(0)
	for n := range o.table.Len() {
		list := d.posts[d.start[n]:fill[n]]
		slices.Sort(list)
		list = slices.Compact(list)
		d.start[n] = out
		out += uint32(copy(d.posts[out:], list))
	}
	d.start[o.table.Len()] = out
	d.posts = d.posts[:out]
	return d
}

// textDocuments groups posts by number, where number gives none for posts
// that are not compared.
func textDocuments(c *Corpus, trace Trace, n int, x *timeline, number func(post uint32) uint32) *documents {
	d := &documents{c: c, trace: trace, start: make([]uint32, n+1)}
	for _, i := range x.order {
		if t := number(i); t != none {
			d.start[t+1]++
		}
	}
	sum(d.start)
	d.posts = make([]uint32, d.start[n])
	fill := slices.Clone(d.start)
	for p, i := range x.order {
		if t := number(i); t != none {
			d.posts[fill[t]] = uint32(p)
			fill[t]++
		}
	}
	d.doc = func(place uint32) uint32 { return number(x.order[place]) }
	return d
}

// link adds the similar pairs as neighbours in both directions.
func (d *documents) link(pairs []simjoin.Pair) {
	d.nstart = make([]uint32, len(d.start))
	for _, p := range pairs {
		d.nstart[p.A+1]++
		d.nstart[p.B+1]++
	}
	sum(d.nstart)
	d.nbs = make([]neighbour, 2*len(pairs))
	fill := slices.Clone(d.nstart)
	for _, p := range pairs { // sorted, so every list ends up sorted
		d.nbs[fill[p.B]] = neighbour{p.A, p.Overlap}
		fill[p.B]++
	}
	for _, p := range pairs {
		d.nbs[fill[p.A]] = neighbour{p.B, p.Overlap}
		fill[p.A]++
	}
	// Units: roots are the smallest documents, so they come in order.
	root := make([]uint32, d.len())
	for i := range root {
		root[i] = uint32(i)
	}
	for _, p := range pairs {
		a, b := find(root, p.A), find(root, p.B)
		root[max(a, b)] = min(a, b)
	}
	number := make([]uint32, d.len())
	units := uint32(0)
	for doc := range root {
		if root[doc] == uint32(doc) {
			number[doc] = units
			units++
		}
	}
	d.ustart = make([]uint32, units+1)
	for doc := range root {
		number[doc] = number[find(root, uint32(doc))]
		d.ustart[number[doc]+1]++
	}
	sum(d.ustart)
	d.udocs = make([]uint32, d.len())
	fill = slices.Clone(d.ustart)
	for doc, u := range number {
		d.udocs[fill[u]] = uint32(doc)
		fill[u]++
	}
}

// units returns how many units there are: documents connected by similar
// texts are one, every other document is one by itself.
func (d *documents) units() int {
	if d.ustart == nil {
		return d.len()
	}
	return len(d.ustart) - 1
}

// unit returns the documents of unit u, ascending.
// The result is valid until the next call with the same one.
func (d *documents) unit(u int, one *[1]uint32) []uint32 {
	if d.ustart == nil {
		one[0] = uint32(u)
		return one[:]
	}
	return d.udocs[d.ustart[u]:d.ustart[u+1]]
}

// similarity of two documents: 1 for the same, 0 when they are not neighbours.
func (d *documents) similarity(a, b uint32, o *Options) float64 {
	if a == b {
		return 1
	}
	list := d.neighbours(a)
	i, ok := slices.BinarySearchFunc(list, b, func(n neighbour, b uint32) int { return int(int64(n.doc) - int64(b)) })
	if !ok {
		return 0
	}
	na, nb, common := len(d.sets.Set(a)), len(d.sets.Set(b)), int(list[i].overlap)
	if o.Containment {
		return float64(common) / float64(min(na, nb))
	}
	return float64(common) / float64(na+nb-common)
}

func sum(a []uint32) {
	for i := 1; i < len(a); i++ {
		a[i] += a[i-1]
	}
}
