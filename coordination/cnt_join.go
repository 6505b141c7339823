package coordination

import (
	"cmp"
	"math"
	"slices"
)

// bySimilarText returns an event for every text that has a token, its key the
// number of its token set, and for every set those similar to it that come
// within the window.
func (c *cnt) bySimilarText(window, threshold float64) (events []cntEvent, near [][]int32) {
	var t cntTokeniser
	ids := make(map[string]int32)
	bySet := make(map[string]int32)
	var sets [][]int32
	var last []int
	var set []int32
	var key []byte
	for i := range c.rows {
		r := &c.rows[i]
		if r.Repost != "" || !c.first[i] {
			continue
		}
		set = set[:0]
		t.tokens(r.Text, func(s string) {
			n, ok := ids[s]
			if !ok {
				n = int32(len(ids))
				ids[s] = n
				last = append(last, -1)
			}
			if last[n] != i {
				last[n] = i
				set = append(set, n)
			}
		})
		if len(set) == 0 {
			continue
		}
		slices.Sort(set)
		key = key[:0]
		for _, n := range set {
			key = append(key, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
		}
		k, ok := bySet[string(key)]
		if !ok {
			k = int32(len(sets))
			bySet[string(key)] = k
			sets = append(sets, slices.Clone(set))
		}
		events = append(events, cntEvent{c.message.of[i], c.user.of[i], k, r.Time})
	}
	return events, similarSets(sets, len(ids), events, window, threshold)
}

// similarSets joins in time order with the prefix filter: two sets of n and m
// tokens that share at least a must share one among the n−a+1 rarest tokens
// of the first.
func similarSets(sets [][]int32, vocabulary int, events []cntEvent, window, threshold float64) [][]int32 {
	df := make([]int32, vocabulary)
	for _, s := range sets {
		for _, n := range s {
			df[n]++
		}
	}
	rare := make([]int32, vocabulary)
	for i := range rare {
		rare[i] = int32(i)
	}
	slices.SortStableFunc(rare, func(a, b int32) int { return cmp.Compare(df[a], df[b]) })
	rank := make([]int32, vocabulary)
	for i, n := range rare {
		rank[n] = int32(i)
	}
	for _, s := range sets {
		for i, n := range s {
			s[i] = rank[n]
		}
		slices.Sort(s)
	}

	order := make([]int32, len(events))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(events[a].time, events[b].time) })
	near := make([][]int32, len(sets))
	lists := make([][]int32, vocabulary)
	lastTime := make([]float64, len(sets)) // of the set's last event
	seen := make([]int32, len(sets))
	for i := range lastTime {
		lastTime[i] = math.Inf(-1)
	}
	for turn, i := range order {
		e := &events[i]
		// Rounding may let one side of the window in and not the other, so
		// what either side reaches stays.
		expired := func(k int32) bool { return lastTime[k] < e.time-window && lastTime[k]+window < e.time }
		if !expired(e.key) {
			lastTime[e.key] = e.time
			continue
		}
		again := !math.IsInf(lastTime[e.key], -1)
		x := sets[e.key]
		stamp := int32(turn + 1)
		seen[e.key] = stamp
		if again {
			for _, k := range near[e.key] {
				seen[k] = stamp
			}
		}
		least := int(math.Ceil(threshold*float64(len(x)) - 1e-6))
		for _, n := range x[:len(x)-max(1, least)+1] {
			list := lists[n]
			kept := list[:0]
			for _, k := range list {
				if expired(k) || k == e.key {
					continue
				}
				kept = append(kept, k)
				if seen[k] != stamp {
					seen[k] = stamp
					if similar(x, sets[k], threshold) {
						near[e.key] = append(near[e.key], k)
						near[k] = append(near[k], e.key)
					}
				}
			}
			lists[n] = append(kept, e.key)
		}
		lastTime[e.key] = e.time
	}
	return near
}

// similar reports whether the Jaccard similarity of two sorted sets reaches
// the threshold, by the same division as CNT's.
func similar(x, y []int32, threshold float64) bool {
	if float64(min(len(x), len(y)))/float64(max(len(x), len(y))) < threshold {
		return false
	}
	n := 0
	for i, j := 0, 0; i < len(x) && j < len(y); {
		a, b := x[i], y[j]
		if a == b {
			n++
		}
		if a <= b {
			i++
		}
		if b <= a {
			j++
		}
	}
	return float64(n)/float64(len(x)+len(y)-n) >= threshold
}
