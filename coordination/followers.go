package coordination

import (
	"slices"
	"time"
)

// At once: nine of ten shares of an account, and at least three, come within
// this of the earliest share of the object.
const (
	atOnce     = 5 * time.Minute
	leastShare = 3
)

// followers finds the accounts that always react at once to the same sources.
// It describes; it is not a test.
func (g *stage) followers(again []repeated) []Followers {
	e := g.e
	delays := make([][]int64, e.Accounts())
	for o := range e.Objects() {
		lo, hi := e.start[o], e.start[o+1]
		for i := lo + 1; i < hi; i++ {
			delays[e.acct[i]] = append(delays[e.acct[i]], e.at[i]-e.at[lo])
		}
	}
	fast := func(a uint32) bool { return len(delays[a]) >= leastShare && ninth(delays[a]) <= atOnce.Milliseconds() }
	// Fast accounts that coincide repeatedly stand together.
	var edges []Edge
	for i := range again {
		a, b := uint32(again[i].key>>32), uint32(again[i].key)
		if fast(a) && fast(b) {
			edges = append(edges, Edge{A: a, B: b, Messages: int32(again[i].k)})
		}
	}
	var out []Followers
	for _, c := range groups(edges, 1) {
		f, ok := g.follow(c.Accounts)
		if ok && len(f.Accounts) >= MinMembers {
			out = append(out, f)
		}
	}
	return out
}

// follow describes how accounts, by their compact numbers, follow the
// earliest share of the objects on which that share is another's. ok is false
// when they do not follow at once.
func (g *stage) follow(accounts []uint32) (f Followers, ok bool) {
	e := g.e
	member := map[uint32]bool{}
	for _, a := range accounts {
		member[a] = true
		f.Accounts = append(f.Accounts, e.accts[a])
	}
	seen := map[uint32]bool{}
	var delays []int64
	own := 0
	for _, a := range accounts {
		for _, o := range g.objectsOf(a) {
			if seen[o] {
				continue
			}
			seen[o] = true
			lo, hi := e.start[o], e.start[o+1]
			n := 0
			for i := lo; i < hi; i++ {
				if member[e.acct[i]] {
					n++
				}
			}
			if n < 2 {
				continue
			}
			if member[e.acct[lo]] {
				own++
				continue
			}
			f.Objects++
			for i := lo + 1; i < hi; i++ {
				if member[e.acct[i]] {
					delays = append(delays, e.at[i]-e.at[lo])
				}
			}
		}
	}
	f.Shares = len(delays)
	if f.Objects < leastShare || own > f.Objects/10 {
		return f, false
	}
	w := ninth(delays)
	f.Within = millis((w + 999) / 1000 * 1000)
	return f, w <= atOnce.Milliseconds()
}

// ninth returns the smallest value that nine of ten values do not exceed.
func ninth(values []int64) int64 {
	s := slices.Clone(values)
	slices.Sort(s)
	return s[(9*len(s)+9)/10-1]
}
