package coordination

import (
	"slices"
	"strings"
	"sync"

	"github.com/arasha-org/arasha/internal/intern"
)

// names gives each distinct string a number, in order of first appearance.
type names struct {
	of    []int32  // the number of each item
	names []string // the string of each number
}

// together runs all of do at the same time and waits for them.
func together(do ...func()) {
	var wg sync.WaitGroup
	for _, f := range do {
		wg.Go(f)
	}
	wg.Wait()
}

// number numbers n strings. distinct is a guess of how many are different: what
// is too much costs memory, what is too little a move.
func number(n, distinct int, at func(int) string) names {
	x := names{of: make([]int32, n), names: make([]string, 0, distinct)}
	var t intern.Table
	t.Reserve(distinct)
	for i := range x.of {
		s := at(i)
		k, fresh := t.Add(intern.Key(s))
		if fresh {
			x.names = append(x.names, s)
		}
		x.of[i] = int32(k)
	}
	return x
}

// ranks returns the place of each number in the byte order of the strings; only
// the numbers marked in used are looked at, the others have none.
func (x *names) ranks(used []bool) []int32 {
	order := make([]int32, 0, len(x.names))
	for i, u := range used {
		if u {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return strings.Compare(x.names[a], x.names[b]) })
	rank := make([]int32, len(x.names))
	for i, k := range order {
		rank[k] = int32(i)
	}
	return rank
}

// group orders items by key, keeping the order of items with the same key:
// those of key k are order[start[k]:start[k+1]]. key is indexed by item.
func group(items, key []int32, keys int) (order, start []int32) {
	start = make([]int32, keys+2)
	for _, i := range items {
		start[key[i]+2]++
	}
	for k := 2; k < len(start); k++ {
		start[k] += start[k-1]
	}
	order = make([]int32, len(items))
	for _, i := range items {
		k := key[i] + 1
		order[start[k]] = i
		start[k]++
	}
	return order, start[:keys+1]
}
