package coordination

import (
	"cmp"
	"slices"
)

// A run is the posts of one document inside a wave, in time order.
type run struct {
	doc    uint32
	places []uint32
}

// runs splits the posts of a wave by document.
func (l *looker) runs(w *Wave, places []uint32) []run {
	if l.d.nstart == nil {
		return []run{{w.Message, places}}
	}
	type at struct{ doc, place uint32 }
	list := make([]at, len(places))
	for i, p := range places {
		list[i] = at{l.d.doc(p), p}
	}
	slices.SortFunc(list, func(a, b at) int {
		if a.doc != b.doc {
			return cmp.Compare(a.doc, b.doc)
		}
		return cmp.Compare(a.place, b.place)
	})
	sorted := make([]uint32, len(list))
	var out []run
	for i, a := range list {
		sorted[i] = a.place
		if i == 0 || a.doc != list[i-1].doc {
			out = append(out, run{doc: a.doc, places: sorted[i:i]})
		}
		r := &out[len(out)-1]
		r.places = r.places[:len(r.places)+1]
	}
	return out
}

// eachMeeting calls f for every run with itself and for every two runs of
// similar documents.
func (l *looker) eachMeeting(runs []run, f func(a, b run)) {
	for i, a := range runs {
		f(a, a)
		if len(runs) == 1 {
			return
		}
		for _, n := range l.d.neighbours(a.doc) {
			if n.doc <= a.doc {
				continue
			}
			j, ok := slices.BinarySearchFunc(runs[i+1:], n.doc, func(r run, doc uint32) int { return cmp.Compare(r.doc, doc) })
			if ok {
				f(a, runs[i+1+j])
			}
		}
	}
}

// Below these sizes comparing every two is cheaper than sorting.
const fewSelf, fewCross = 48, 2048

// eachSelf calls f for every pair p < q of the list by different accounts
// within the window.
func (l *looker) eachSelf(list []uint32, f func(p, q uint32)) {
	for i, p := range list {
		for _, q := range list[i+1:] {
			if !l.x.near(p, q, l.w) {
				break
			}
			if l.x.acct[p] != l.x.acct[q] {
				f(p, q)
			}
		}
	}
}

// eachCross calls f for every pair of a place of a and one of b by different
// accounts within the window, the earlier first.
func (l *looker) eachCross(a, b []uint32, f func(p, q uint32)) {
	lo := 0
	for _, p := range a {
		for lo < len(b) && b[lo] < p && !l.x.near(b[lo], p, l.w) {
			lo++
		}
		for _, q := range b[lo:] {
			if q > p && !l.x.near(p, q, l.w) {
				break
			}
			if l.x.acct[p] != l.x.acct[q] {
				f(min(p, q), max(p, q))
			}
		}
	}
}

// countSelf returns how many pairs eachSelf would name.
func (l *looker) countSelf(list []uint32) int64 {
	if len(list) <= fewSelf {
		n := int64(0)
		l.eachSelf(list, func(_, _ uint32) { n++ })
		return n
	}
	n := l.within(list)
	l.byAccount(list, func(same []uint32) { n -= l.within(same) })
	return n
}

// countCross returns how many pairs eachCross would name.
func (l *looker) countCross(a, b []uint32) int64 {
	if len(a)*len(b) <= fewCross {
		n := int64(0)
		l.eachCross(a, b, func(_, _ uint32) { n++ })
		return n
	}
	// Pairs between two lists are the pairs of their union less those inside
	// each; by account likewise.
	both := slices.Concat(a, b)
	slices.Sort(both)
	n := l.within(both) - l.within(a) - l.within(b)
	l.byAccount(both, func(same []uint32) { n -= l.within(same) })
	for _, list := range [][]uint32{a, b} {
		l.byAccount(list, func(same []uint32) { n += l.within(same) })
	}
	return n
}

// within counts all pairs of a sorted list within the window, whoever
// published them.
func (l *looker) within(list []uint32) int64 {
	n := int64(0)
	for i, j := 0, 0; j < len(list); j++ {
		for !l.x.near(list[i], list[j], l.w) {
			i++
		}
		n += int64(j - i)
	}
	return n
}

// byAccount calls f with the places of each account that has several.
func (l *looker) byAccount(list []uint32, f func(same []uint32)) {
	acct := l.x.acct
	s := slices.Clone(list)
	slices.SortFunc(s, func(p, q uint32) int {
		if acct[p] != acct[q] {
			return cmp.Compare(acct[p], acct[q])
		}
		return cmp.Compare(p, q)
	})
	for i := 0; i < len(s); {
		j := i + 1
		for j < len(s) && acct[s[j]] == acct[s[i]] {
			j++
		}
		if j > i+1 {
			f(s[i:j])
		}
		i = j
	}
}

// A counter counts by number and is reset in the time it was used.
type counter struct {
	n    []int32
	used []uint32
}

func newCounter(size int) counter { return counter{n: make([]int32, size)} }

func (c *counter) add(i uint32, by int32) int32 {
	if c.n[i] == 0 {
		c.used = append(c.used, i)
	}
	c.n[i] += by
	return c.n[i]
}

func (c *counter) reset() {
	for _, i := range c.used {
		c.n[i] = 0
	}
	c.used = c.used[:0]
}
