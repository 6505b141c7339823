package coordination

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"
)

// A looker works out one view.
type looker struct {
	o      *Options
	x      *timeline
	d      *documents
	k      int
	w      int64    // window in milliseconds
	all    bool     // every post may be compared in this window
	parent []uint32 // union-find over places of the unit at hand; none for posts without a partner
	msg    []uint32 // union-find over documents: those that meet in this window are one message
	spare  [][]uint32
	seen   counter
}

// look returns what the documents show in window k.
func look(ctx context.Context, o *Options, x *timeline, d *documents, k int) View {
	v := View{Trace: d.trace, Window: o.Windows[k], k: k, docs: d}
	l := &looker{o: o, x: x, d: d, k: k, w: reach(v.Window), seen: newCounter(d.c.accounts.Len())}
	for _, f := range x.from {
		if int(f) > k {
			v.LeftOut++
		}
	}
	l.all = v.LeftOut == 0
	l.waves(ctx, &v)
	if ctx.Err() != nil {
		return v
	}
	l.list(&v)
	t := l.tally(ctx, &v)
	if ctx.Err() != nil {
		return v
	}
	v.Edges, v.LightEdges = t.edges(&v, o, x)
	v.Groups = groups(v.Edges, o.GroupWeight)
	return v
}

// may returns the places of a document that take part in the window, in a
// spare buffer when some are left out.
func (l *looker) may(doc uint32, n int) []uint32 {
	list := l.d.of(doc)
	if l.all {
		return list
	}
	for len(l.spare) <= n {
		l.spare = append(l.spare, nil)
	}
	buf := l.spare[n][:0]
	for _, p := range list {
		if int(l.x.from[p]) <= l.k {
			buf = append(buf, p)
		}
	}
	l.spare[n] = buf
	return buf
}

// waves finds the waves unit by unit: a unit is a document, or documents
// connected by similar texts. Every post is joined with its nearest partner
// by another account before and after it, in its own document and in each
// similar one; that connects what all pairs together would connect, in one
// pass over each list.
func (l *looker) waves(ctx context.Context, v *View) {
	l.parent = make([]uint32, len(l.x.order))
	for i := range l.parent {
		l.parent[i] = none
	}
	if l.d.nstart != nil {
		l.msg = make([]uint32, l.d.len())
		for i := range l.msg {
			l.msg[i] = uint32(i)
		}
	}
	var found []rooted
	var one [1]uint32
	for u := range l.d.units() {
		if u&0xFFFF == 0 && ctx.Err() != nil {
			return
		}
		docs := l.d.unit(u, &one)
		if len(docs) == 1 && len(l.d.of(docs[0])) < 2 {
			continue
		}
		for _, doc := range docs {
			list := l.may(doc, 0)
			l.nearest(list, list)
			for _, n := range l.d.neighbours(doc) {
				if n.doc > doc {
					other := l.may(n.doc, 1)
					there, back := l.nearest(list, other), l.nearest(other, list)
					if there || back {
						a, b := find(l.msg, doc), find(l.msg, n.doc)
						l.msg[max(a, b)] = min(a, b)
					}
				}
			}
		}
		found = found[:0]
		for _, doc := range docs {
			for _, p := range l.may(doc, 0) {
				if l.parent[p] != none {
					found = append(found, rooted{find(l.parent, p), doc, p})
				}
			}
		}
		for _, f := range found {
			l.parent[f.place] = none
		}
		if len(docs) > 1 {
			slices.SortFunc(found, func(a, b rooted) int {
				if a.root != b.root {
					return cmp.Compare(a.root, b.root)
				}
				return cmp.Compare(a.place, b.place)
			})
		}
		for i := 0; i < len(found); {
			j := i + 1
			for j < len(found) && found[j].root == found[i].root {
				j++
			}
			l.wave(v, found[i:j])
			i = j
		}
	}
	l.parent = nil
	slices.SortFunc(v.Waves, func(a, b Wave) int {
		if a.Accounts != b.Accounts {
			return int(b.Accounts - a.Accounts)
		}
		if a.Posts != b.Posts {
			return int(b.Posts - a.Posts)
		}
		return cmp.Compare(a.lo, b.lo)
	})
	for i := range v.Waves {
		v.Waves[i].Number = int32(i + 1)
		v.Pairs += v.Waves[i].Pairs
	}
}

// rooted is a post of a wave: the first place of the wave, its document, its
// place.
type rooted struct{ root, doc, place uint32 }

// nearest joins each place of a with the nearest later place of b by another
// account, and with the nearest earlier one. It reports whether it joined any.
func (l *looker) nearest(a, b []uint32) bool {
	acct := l.x.acct
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	joined := false
	join := func(p, partner, other uint32) {
		if partner != none && acct[partner] == acct[p] {
			partner = other
		}
		if partner != none && l.x.near(min(p, partner), max(p, partner), l.w) {
			l.union(p, partner)
			joined = true
		}
	}
	// partner is the nearest place of b on that side, other the nearest by
	// another account than partner's.
	partner, other := none, none
	for i, j := len(a)-1, len(b); i >= 0; i-- {
		for j > 0 && b[j-1] > a[i] {
			j--
			if partner != none && acct[b[j]] != acct[partner] {
				other = partner
			}
			partner = b[j]
		}
		join(a[i], partner, other)
	}
	partner, other = none, none
	for i, j := 0, 0; i < len(a); i++ {
		for j < len(b) && b[j] < a[i] {
			if partner != none && acct[b[j]] != acct[partner] {
				other = partner
			}
			partner = b[j]
			j++
		}
		join(a[i], partner, other)
	}
	return joined
}

func find(parent []uint32, p uint32) uint32 {
	for parent[p] != p {
		parent[p] = parent[parent[p]]
		p = parent[p]
	}
	return p
}

// union makes the earlier place the root, so that a wave is named by its
// first post.
func (l *looker) union(p, q uint32) {
	if l.parent[p] == none {
		l.parent[p] = p
	}
	if l.parent[q] == none {
		l.parent[q] = q
	}
	p, q = find(l.parent, p), find(l.parent, q)
	l.parent[max(p, q)] = min(p, q)
}

// wave records one wave.
func (l *looker) wave(v *View, found []rooted) {
	w := Wave{Message: found[0].doc, Posts: int32(len(found)), lo: uint32(len(v.posts))}
	if l.msg != nil {
		w.Message = find(l.msg, found[0].doc)
	}
	for _, f := range found {
		v.posts = append(v.posts, f.place)
		if l.d.c.repost(l.x.order[f.place]) {
			w.Reposts++
		}
	}
	w.hi = uint32(len(v.posts))
	places := v.posts[w.lo:w.hi]
	w.First, w.Last = l.x.order[places[0]], l.x.order[places[len(places)-1]]
	l.shape(&w, places)
	runs := l.runs(&w, places)
	w.Texts = int32(len(runs))
	l.eachMeeting(runs, func(a, b run) {
		if a.doc == b.doc {
			w.Pairs += l.countSelf(a.places)
		} else {
			w.Pairs += l.countCross(a.places, b.places)
		}
	})
	v.Waves = append(v.Waves, w)
}

// shape fills in the accounts of a wave, how short a span holds half of them,
// and where most of them stand within one window.
func (l *looker) shape(w *Wave, places []uint32) {
	l.seen.reset()
	var firsts []int64 // first post of each account, where its time is known
	for _, p := range places {
		if l.seen.add(l.x.acct[p], 1) == 1 {
			w.Accounts++
			if int(p) < l.x.timed {
				firsts = append(firsts, l.x.at[p])
			}
		}
	}
	w.Half = -1
	if half := max(2, int(w.Accounts+1)/2); len(firsts) >= half {
		best := int64(math.MaxInt64)
		for i := half - 1; i < len(firsts); i++ {
			best = min(best, firsts[i]-firsts[i-half+1])
		}
		w.Half = time.Duration(best) * time.Millisecond
	}
	l.seen.reset()
	w.Peak = w.Accounts
	w.PeakAt = w.First
	if v := l.o.Windows[l.k]; v == Unbounded {
		return
	}
	w.Peak = 0
	now := int32(0)
	for i, j := 0, 0; j < len(places); j++ {
		if l.seen.add(l.x.acct[places[j]], 1) == 1 {
			now++
		}
		for !l.x.near(places[i], places[j], l.w) {
			if l.seen.add(l.x.acct[places[i]], -1) == 0 {
				now--
			}
			i++
		}
		if now > w.Peak {
			w.Peak, w.PeakAt = now, l.x.order[places[i]]
		}
	}
}

// list decides which waves are listed: none over the bound, and all together
// at most sixteen times the bound, smallest first.
func (l *looker) list(v *View) {
	order := make([]int, len(v.Waves))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(v.Waves[a].Pairs, v.Waves[b].Pairs) })
	room := 16 * l.o.MaxPairs
	for _, i := range order {
		w := &v.Waves[i]
		w.Listed = w.Pairs <= l.o.MaxPairs && w.Pairs <= room
		if w.Listed {
			room -= w.Pairs
		} else {
			room = 0
			v.Unlisted += w.Pairs
			v.UnlistedWaves++
		}
	}
}
