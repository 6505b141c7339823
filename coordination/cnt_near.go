package coordination

import (
	"cmp"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/arasha-org/arasha/coordination/internal/simjoin"
	"github.com/arasha-org/arasha/internal/intern"
)

// fewNeighbours is up to how many earlier messages within the window, on
// average, each message is compared with all of them. Beyond it the index of
// simjoin, which must be built first, is the faster: from about 200 at a
// similarity of .3, from 500 at .8.
const fewNeighbours = 128

// mostComparisons is how many comparisons that may be in all. Each may leave two
// meetings of eight bytes, where the index keeps copies of a text as one.
const mostComparisons = 1 << 24

// A meeting is two rows that are partners: row's message counts for the edge
// from its user to the other's.
type meeting struct{ row, other int32 }

// nearTexts finds every two messages with similar texts within the window by
// comparing each with its neighbours in time. ok is false, and nothing has been
// compared, when they have more than most neighbours on average, or
// more than mostComparisons in all.
func nearTexts(rows []CNTRow, window, threshold float64, most int) (met []meeting, ok bool) {
	var ids intern.Table // of messages: the first row of each counts
	ids.Reserve(len(rows))
	posts := make([]int32, 0, len(rows))
	for i := range rows {
		if _, fresh := ids.Add(intern.Key(rows[i].Message)); fresh && rows[i].Repost == "" {
			posts = append(posts, int32(i))
		}
	}
	byTime := func(a, b int32) int { return cmp.Compare(rows[a].Time, rows[b].Time) }
	if !slices.IsSortedFunc(posts, byTime) {
		slices.SortFunc(posts, byTime)
	}
	n, first := 0, 0
	for i, p := range posts {
		for rows[posts[first]].Time < rows[p].Time-window {
			first++
		}
		n += i - first
	}
	if n > min(most*len(posts), mostComparisons) {
		return nil, false
	}

	// Shards of the later messages of pairs: each reads the window before its
	// first message as well.
	procs := runtime.GOMAXPROCS(0)
	size := min(max(512, len(posts)/(4*procs)+1), 8192)
	shards := make([][]meeting, (len(posts)+size-1)/size)
	var next atomic.Int32
	var wg sync.WaitGroup
	for range min(procs, len(shards)) {
		wg.Go(func() {
			t := nearby{rows: rows, window: window, threshold: threshold, hashes: make([]uint64, 0, 32*size)}
			t.differ = uint64((1-threshold)/(1+threshold)*(1<<20)) + 2 // rounded up
			for k := int(next.Add(1)) - 1; k < len(shards); k = int(next.Add(1)) - 1 {
				shards[k] = t.shard(posts[:min((k+1)*size, len(posts))], k*size)
			}
		})
	}
	wg.Wait()
	return slices.Concat(shards...), true
}

// nearby holds the token sets of the messages of one window, and is used by one
// goroutine.
type nearby struct {
	rows              []CNTRow
	window, threshold float64
	differ            uint64 // how far apart similar sets may be: see apart
	tokens            cntTokeniser
	hashes            []uint64
	sets              []tokenSet // in time order
	last              hashSet    // the tokens of the set read last
}

// A tokenSet is the distinct token hashes of one message.
type tokenSet struct {
	bits   [2]uint64 // one of 128 for every hash
	hashes []uint64  // part of nearby.hashes
	time   float64   // of the row
	row    int32
}

// shard returns the meetings of posts[from:] with all of posts before them.
func (t *nearby) shard(posts []int32, from int) (met []meeting) {
	begin := from
	for begin > 0 && !t.missed(t.rows[posts[begin-1]].Time, t.rows[posts[from]].Time) {
		begin--
	}
	t.hashes, t.sets = t.hashes[:0], slices.Grow(t.sets[:0], len(posts)-begin)
	first := 0 // of the sets within the window
	for i, row := range posts[begin:] {
		x := t.read(row)
		if n := len(x.hashes); n == 0 || n > simjoin.MaxTokens {
			continue
		}
		for first < len(t.sets) && t.missed(t.sets[first].time, x.time) {
			first++
		}
		for k := first; k < len(t.sets) && begin+i >= from; k++ {
			y := &t.sets[k]
			if t.apart(&x, y) || !t.similar(&x, y) {
				continue
			}
			// The rounding of each sum may differ: each asks for itself.
			if y.time >= x.time-t.window {
				met = append(met, meeting{x.row, y.row})
			}
			if x.time <= y.time+t.window {
				met = append(met, meeting{y.row, x.row})
			}
		}
		t.sets = append(t.sets, x)
	}
	return met
}

// missed reports whether neither of two messages, the earlier first, comes
// within the window of the other.
func (t *nearby) missed(earlier, later float64) bool {
	return earlier < later-t.window && later > earlier+t.window
}

// read divides the text of a row and leaves its tokens in t.last.
func (t *nearby) read(row int32) tokenSet {
	x := tokenSet{row: row, time: t.rows[row].Time}
	from := len(t.hashes)
	t.hashes = t.tokens.tokens(t.hashes, t.rows[row].Text)
	all := t.hashes[from:]
	t.last.clear(len(all))
	n := 0
	for _, h := range all {
		if t.last.add(h) {
			x.bits[h>>6&1] |= 1 << (h & 63)
			all[n] = h
			n++
		}
	}
	t.hashes = t.hashes[:from+n]
	x.hashes = all[:n]
	return x
}

// apart reports, from the bits alone, that two sets cannot be similar. Each bit
// that differs stands for a token that only one has, and |A∩B| ≥ τ|A∪B| is the
// same as |A△B| ≤ (1−τ)/(1+τ)·(|A|+|B|): differ is that factor times 2²⁰.
func (t *nearby) apart(x, y *tokenSet) bool {
	only := bits.OnesCount64(x.bits[0]^y.bits[0]) + bits.OnesCount64(x.bits[1]^y.bits[1])
	return uint64(only)<<20 > t.differ*uint64(len(x.hashes)+len(y.hashes))
}

// similar reports whether the similarity of the set read last and another,
// divided as CNT divides, reaches the threshold.
func (t *nearby) similar(last, y *tokenSet) bool {
	both := 0
	for _, h := range y.hashes {
		if t.last.has(h) {
			both++
		}
	}
	return float64(both)/float64(len(last.hashes)+len(y.hashes)-both) >= t.threshold
}

// A hashSet is a small set that is cleared for nothing.
type hashSet struct {
	slots []hashSlot // len is a power of two
	turn  uint32
}

type hashSlot struct {
	hash uint64
	turn uint32 // of the set it belongs to; another is an empty slot
}

// clear empties the set and makes room for n hashes.
func (s *hashSet) clear(n int) {
	s.turn++
	if 2*n >= len(s.slots) || s.turn == 0 {
		s.slots, s.turn = make([]hashSlot, max(256, 1<<bits.Len(uint(2*n)))), 1
	}
}

// slot returns where h stands, or the empty slot where it would.
func (s *hashSet) slot(h uint64) *hashSlot {
	mask := uint64(len(s.slots) - 1)
	i := h & mask
	for s.slots[i].turn == s.turn && s.slots[i].hash != h {
		i = (i + 1) & mask
	}
	return &s.slots[i]
}

func (s *hashSet) has(h uint64) bool { return s.slot(h).turn == s.turn }

// add adds h and reports whether it was not there.
func (s *hashSet) add(h uint64) bool {
	x := s.slot(h)
	fresh := x.turn != s.turn
	*x = hashSlot{h, s.turn}
	return fresh
}

// meetingEdges counts, for every two users, the messages of the first that meet
// one of the second's.
func meetingEdges(rows []CNTRow, met []meeting, o CNTOptions) []CNTEdge {
	n := len(met)
	users := number(2*n, n/4, func(i int) string {
		if i < n {
			return rows[met[i].row].User
		}
		return rows[met[i-n].other].User
	})
	used := make([]bool, len(users.names))
	for i := range used {
		used[i] = true
	}
	rank := users.ranks(used)
	user, other, row, order := make([]int32, n), make([]int32, n), make([]int32, n), make([]int32, n)
	for i, m := range met {
		user[i], other[i], row[i], order[i] = rank[users.of[i]], rank[users.of[n+i]], m.row, int32(i)
	}
	// By user, then the other, then row: the last key first.
	order, _ = group(order, row, len(rows))
	order, _ = group(order, other, len(used))
	order, _ = group(order, user, len(used))
	var edges []CNTEdge
	for len(order) > 0 {
		u, v := user[order[0]], other[order[0]]
		e := CNTEdge{User1: rows[met[order[0]].row].User, User2: rows[met[order[0]].other].User}
		last := int32(-1)
		for len(order) > 0 && user[order[0]] == u && other[order[0]] == v {
			if row[order[0]] != last {
				last = row[order[0]]
				e.Weight++
			}
			order = order[1:]
		}
		if e.Weight >= o.MinWeight && !(o.NoLoops && u == v) {
			edges = append(edges, e)
		}
	}
	return edges
}
