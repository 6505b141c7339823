package coordination

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/internal/intern"
)

// A CNTRow is one row of coordination-network-toolkit's input CSV.
type CNTRow struct {
	Message string  // message_id; of rows with the same id the first counts
	User    string  // user_id
	Repost  string  // repost_id, "" when the message is no repost
	Reply   string  // reply_id, "" when it is no reply
	Text    string  // message
	URLs    string  // urls, separated by single spaces
	Time    float64 // timestamp: seconds, from any origin
}

// A CNTNetwork is what two messages must have in common, by the name that
// coordination-network-toolkit gives the network.
type CNTNetwork string

const (
	CoTweet        CNTNetwork = "co_tweet"         // the same text, mentions, case and white space aside
	CoSimilarTweet CNTNetwork = "co_similar_tweet" // texts with Jaccard similarity ≥ Threshold
	CoLink         CNTNetwork = "co_link"          // a link, or the lack of any
	CoRetweet      CNTNetwork = "co_retweet"       // the message they repost
	CoReply        CNTNetwork = "co_reply"         // the message they reply to
	CoPost         CNTNetwork = "co_post"          // nothing but the time
)

// CNTOptions are the parameters of a network. CNT's own defaults are a window
// of 1 s, a weight of 2, a threshold of .8, and no loops.
type CNTOptions struct {
	Network   CNTNetwork
	Window    time.Duration // the largest gap, inclusive
	MinWeight int           // the least weight of an edge
	Threshold float64       // for CoSimilarTweet: above 0, at most 1
	NoLoops   bool          // leave out edges of a user with itself
}

// A CNTEdge says that Weight distinct messages of User1 have at least one
// partner among the messages of User2. The way back is another edge.
type CNTEdge struct {
	User1, User2 string
	Weight       int
}

// CNT computes a network by the rules of coordination-network-toolkit 1.5.2
// (github.com/QUT-Digital-Observatory/coordination-network-toolkit, at commit
// daa0e11), number for number, and returns its edges in byte order of User1,
// then User2.
//
// Two different messages are partners when they agree in what the network
// asks for and neither lies more than Window after the other. Reposts count in
// CoRetweet and CoPost only. CoLink has a peculiarity that is kept: a message
// without links carries the link "", and so do two spaces in a row; and a row
// whose message id was seen before still brings the links that were not.
//
// Unlike CNT, which compares every two texts in the window, similar texts are
// found by an exact similarity join when there are many in it. It takes texts of at most 65,535 different
// tokens; longer ones, which CNT cannot read from a file, are similar to none.
func CNT(rows []CNTRow, o CNTOptions) []CNTEdge {
	window := o.Window.Seconds()
	if o.Network == CoSimilarTweet {
		if met, ok := nearTexts(rows, window, o.Threshold, fewNeighbours); ok {
			return meetingEdges(rows, met, o)
		}
	}
	c := newCNT(rows)
	switch o.Network {
	case CoRetweet:
		return c.network(c.byKey(func(r *CNTRow) ([2]uint64, bool) { return intern.Key(r.Repost), r.Repost != "" }), nil, window, o)
	case CoReply:
		return c.network(c.byKey(func(r *CNTRow) ([2]uint64, bool) {
			return intern.Key(r.Reply), r.Repost == "" && r.Reply != ""
		}), nil, window, o)
	case CoTweet:
		var b []byte
		return c.network(c.byKey(func(r *CNTRow) ([2]uint64, bool) {
			if r.Repost != "" {
				return [2]uint64{}, false
			}
			b = appendMessage(b[:0], r.Text)
			return intern.Key(b), true
		}), nil, window, o)
	case CoPost:
		return c.network(c.byKey(func(*CNTRow) ([2]uint64, bool) { return [2]uint64{}, true }), nil, window, o)
	case CoLink:
		return c.network(c.byLink(), nil, window, o)
	case CoSimilarTweet:
		events, near := c.bySimilarText(window, o.Threshold)
		return c.network(events, near, window, o)
	}
	panic("coordination: no network " + o.Network)
}

// cnt is the input with users and messages numbered in order of appearance.
type cnt struct {
	rows          []CNTRow
	message, user names
	first         []bool // whether the row is the first of its message
}

func newCNT(rows []CNTRow) *cnt {
	c := &cnt{rows: rows, first: make([]bool, len(rows))}
	together(
		func() { c.message = number(len(rows), len(rows), func(i int) string { return rows[i].Message }) },
		func() { c.user = number(len(rows), len(rows)/4, func(i int) string { return rows[i].User }) })
	next := int32(0)
	for i, m := range c.message.of {
		if m == next {
			c.first[i] = true
			next++
		}
	}
	return c
}

// A cntEvent is a message that carries a key: a text, a link, a reposted
// message.
type cntEvent struct {
	message, user, key int32
	time               float64
}

// byKey returns an event for every message that has a key.
func (c *cnt) byKey(key func(*CNTRow) ([2]uint64, bool)) []cntEvent {
	events := make([]cntEvent, 0, len(c.rows))
	var keys intern.Table
	for i := range c.rows {
		if !c.first[i] {
			continue
		}
		r := &c.rows[i]
		if k, ok := key(r); ok {
			n, _ := keys.Add(k)
			events = append(events, cntEvent{c.message.of[i], c.user.of[i], int32(n), r.Time})
		}
	}
	return events
}

// byLink returns an event for every message and link, the first of each.
func (c *cnt) byLink() []cntEvent {
	events := make([]cntEvent, 0, len(c.rows))
	var keys intern.Table
	var before map[[2]int32]bool // the links of messages, made for the first that comes again
	for i := range c.rows {
		r := &c.rows[i]
		if r.Repost != "" {
			continue
		}
		if !c.first[i] && before == nil {
			before = make(map[[2]int32]bool, len(events))
			for _, e := range events {
				before[[2]int32{e.message, e.key}] = true
			}
		}
		own := len(events)
		for url := range strings.SplitSeq(r.URLs, " ") {
			n, _ := keys.Add(intern.Key(url))
			e := cntEvent{c.message.of[i], c.user.of[i], int32(n), r.Time}
			k := [2]int32{e.message, e.key}
			if before[k] || slices.ContainsFunc(events[own:], func(x cntEvent) bool { return x.key == e.key }) {
				continue
			}
			events = append(events, e)
			if before != nil {
				before[k] = true
			}
		}
	}
	return events
}

// network counts partners. Two events agree when their keys are equal, or, if
// near is given, when the key of one is in near of the other's.
func (c *cnt) network(events []cntEvent, near [][]int32, window float64, o CNTOptions) []CNTEdge {
	if len(events) == 0 {
		return nil
	}
	keys, users := int32(0), len(c.user.names)
	all := make([]int32, len(events))
	keyOf := make([]int32, len(events))
	userOf := make([]int32, len(events))
	for i := range events {
		all[i], keyOf[i], userOf[i] = int32(i), events[i].key, events[i].user
		keys = max(keys, events[i].key+1)
	}
	// The events of a key in time order, side by side, and those of a user by
	// message.
	order, start := group(all, keyOf, int(keys))
	carry := make([]cntEvent, len(events))
	for i, e := range order {
		carry[i] = events[e]
	}
	for k := range keys {
		slices.SortFunc(carry[start[k]:start[k+1]], func(a, b cntEvent) int { return cmp.Compare(a.time, b.time) })
	}
	byMessage := func(a, b int32) int { return cmp.Compare(events[a].message, events[b].message) }
	if !slices.IsSortedFunc(all, byMessage) { // a message seen before brought a new link
		slices.SortStableFunc(all, byMessage)
	}
	own, from := group(all, userOf, users)

	used := make([]bool, users)
	for i := range used {
		used[i] = true
	}
	rank := c.user.ranks(used)
	byRank := make([]int32, users)
	for u, r := range rank {
		byRank[r] = int32(u)
	}
	var edges []CNTEdge
	weight := make([]int32, users) // by partner, of one user
	seen := make([]int32, users)   // the last message that met the partner
	turn := int32(0)
	var met []int32
	for _, u := range byRank {
		met = met[:0]
		last := int32(-1)
		for _, i := range own[from[u]:from[u+1]] {
			e := &events[i]
			if e.message != last { // the links of one message count once
				last = e.message
				turn++
			}
			meet := func(key int32) {
				k := carry[start[key]:start[key+1]]
				at, _ := slices.BinarySearchFunc(k, e.time-window, func(x cntEvent, t float64) int { return cmp.Compare(x.time, t) })
				for j := range k[at:] {
					p := &k[at+j]
					if p.time > e.time+window {
						break
					}
					if p.message == e.message || seen[p.user] == turn {
						continue
					}
					seen[p.user] = turn
					if weight[p.user] == 0 {
						met = append(met, p.user)
					}
					weight[p.user]++
				}
			}
			meet(e.key)
			if near != nil {
				for _, k := range near[e.key] {
					meet(k)
				}
			}
		}
		slices.SortFunc(met, func(a, b int32) int { return cmp.Compare(rank[a], rank[b]) })
		for _, v := range met {
			if int(weight[v]) >= o.MinWeight && !(o.NoLoops && u == v) {
				edges = append(edges, CNTEdge{c.user.names[u], c.user.names[v], int(weight[v])})
			}
			weight[v] = 0
		}
	}
	return edges
}
