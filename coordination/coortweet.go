package coordination

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// A CooRTweetRow is one row of CooRTweet's input: an account took up an object
// (a reposted message, a link, a hashtag, …) by publishing a content.
type CooRTweetRow struct {
	Object  string  // object_id
	Account string  // account_id
	Content string  // content_id: the account's own post
	Time    float64 // timestamp_share: seconds, from any origin
}

// CooRTweetOptions are the parameters of CooRTweet's functions. The zero value
// finds pairs at the very same second; CooRTweet's own defaults are a window
// of 10 s, a participation of 2 and a percentile of .5.
type CooRTweetOptions struct {
	// Window is the largest gap between two rows of a pair, inclusive
	// (time_window).
	Window time.Duration
	// MinParticipation is the least number of rows of an account, and later
	// of its rows whose content stands in a pair (min_participation).
	MinParticipation int
	// KeepLoops keeps the pairs of an account with itself, of a content with
	// itself, and of a content with the object it takes up (remove_loops =
	// FALSE).
	KeepLoops bool
	// Percentile, from 0 to 1, is where the weight threshold lies
	// (edge_weight).
	Percentile float64
	// FastWindow, when positive, flags the pairs that also count within this
	// shorter window (flag_speed_share).
	FastWindow time.Duration
}

// A CooRTweetResult is what CooRTweet's detect_groups, flag_speed_share,
// generate_coordinated_network, account_stats and group_stats return together.
type CooRTweetResult struct {
	// Pairs is every pair of rows, ordered by object, older content, newer
	// content, older account, newer account (bytes), and the rows' places.
	Pairs []CooRTweetPair
	// Edges is ordered by From, then To.
	Edges []CooRTweetEdge
	// Accounts is ordered by account.
	Accounts []CooRTweetAccount
	// Objects is ordered by the number of accounts, most first, then object.
	Objects []CooRTweetObject
	// Threshold is the quantile a weight must exceed to be Over, and
	// FastThreshold the same for the weights of the fast pairs alone. NaN
	// when there is no edge.
	Threshold, FastThreshold float64
}

// A CooRTweetPair is two rows with one object within the window. Rows are given
// by their place in the input.
type CooRTweetPair struct {
	Older, Newer int32
	Fast         bool // flagged by FastWindow
}

// A CooRTweetEdge is two accounts, From ≤ To in byte order, and what ties them.
// Full is drawn from all their pairs, Fast from the flagged ones; Fast is zero
// when there are none.
type CooRTweetEdge struct {
	From, To   string
	Full, Fast CooRTweetTie
}

// A CooRTweetTie sums up pairs of rows of two accounts.
type CooRTweetTie struct {
	Weight  int     // pairs of rows, not objects
	MeanGap float64 // seconds
	// FromContents and ToContents count each account's own distinct contents.
	// CooRTweet 2.1.0 counts the older and the newer contents instead, because
	// it puts the accounts in order without their contents.
	FromContents, ToContents int
	Objects                  []string // distinct, in byte order
	Over                     bool     // Weight exceeds the threshold
}

// Symmetry is the lesser count of contents over the greater, 0 without pairs.
func (t *CooRTweetTie) Symmetry() float64 {
	if t.Weight == 0 {
		return 0
	}
	return float64(min(t.FromContents, t.ToContents)) / float64(max(t.FromContents, t.ToContents))
}

// A CooRTweetAccount sums up the edges of one account. Its means run over the
// edges; CooRTweet 2.1.0 averages the distinct values instead. The fast means
// run over the edges with fast pairs and are NaN when there are none.
type CooRTweetAccount struct {
	Account                   string
	MeanGap, MeanSymmetry     float64
	FastMeanGap, FastSymmetry float64
	Contents                  int // distinct own contents among the pairs
}

// A CooRTweetObject says how many accounts took part in the pairs of an object.
// CooRTweet 2.1.0 counts one end of each edge only.
type CooRTweetObject struct {
	Object   string
	Accounts int
}

// CooRTweet finds coordinated accounts by the rules of CooRTweet 2.1.0
// (github.com/nicolarighetti/CooRTweet), number for number:
//
//  1. Rows of accounts with fewer than MinParticipation rows are left out; the
//     others are taken account by account, in order of first appearance.
//  2. Two rows of one object make a pair when they lie at most Window apart.
//  3. Unless KeepLoops, pairs are dropped whose object is one of the contents,
//     whose contents are equal, or whose accounts are equal.
//  4. Contents in pairs count again for their accounts: a pair stays when one
//     of its contents is published by an account with at least
//     MinParticipation such rows.
//  5. Pairs of two accounts, in either order, make an edge; its weight is the
//     number of pairs. Weights above the quantile (type 7) are Over.
//
// Where CooRTweet's own columns are defective (see the comments of the types)
// the right value is given. Equal rows are not merged, as CooRTweet does not;
// rows are never read again after it returns.
//
// The work is a sort and the pairs themselves: an object shared n times costs
// n log n, not n².
func CooRTweet(rows []CooRTweetRow, o CooRTweetOptions) *CooRTweetResult {
	c := newCoortweet(rows)
	window := o.Window.Seconds()

	kept := c.participants(c.byAccount(), o.MinParticipation)
	pairs := c.pairs(kept, window, o.KeepLoops)
	if o.MinParticipation >= 1 {
		pairs = c.refine(kept, pairs, o.MinParticipation)
	}
	if o.FastWindow > 0 {
		c.flag(pairs, o.FastWindow.Seconds(), o.MinParticipation)
	}
	c.rankPairs(pairs)
	c.sortPairs(pairs)

	r := &CooRTweetResult{Pairs: pairs, Threshold: math.NaN(), FastThreshold: math.NaN()}
	together(
		func() { c.accounts(r, c.edges(r, o.Percentile)) },
		func() { c.objects(r) })
	return r
}

// coortweet is the input with its names replaced by small numbers, given in
// order of first appearance.
type coortweet struct {
	rows                                 []CooRTweetRow
	object, account, content             names
	objectRank, accountRank, contentRank []int32 // of those in pairs, by rankPairs
}

func newCoortweet(rows []CooRTweetRow) *coortweet {
	c := &coortweet{rows: rows}
	together(
		func() { c.object = number(len(rows), len(rows)/4, func(i int) string { return rows[i].Object }) },
		func() { c.account = number(len(rows), len(rows)/4, func(i int) string { return rows[i].Account }) },
		func() { c.content = number(len(rows), len(rows), func(i int) string { return rows[i].Content }) })
	return c
}

// byAccount returns all rows in CooRTweet's working order: account by account
// in order of first appearance, each in input order. It decides which of two
// rows of the same second is the older.
func (c *coortweet) byAccount() []int32 {
	all := make([]int32, len(c.rows))
	for i := range all {
		all[i] = int32(i)
	}
	order, _ := group(all, c.account.of, len(c.account.names))
	return order
}

// participants keeps the rows of accounts that have at least m of them.
func (c *coortweet) participants(rows []int32, m int) []int32 {
	n := make([]int32, len(c.account.names))
	for _, r := range rows {
		n[c.account.of[r]]++
	}
	kept := make([]int32, 0, len(rows))
	for _, r := range rows {
		if int(n[c.account.of[r]]) >= m {
			kept = append(kept, r)
		}
	}
	return kept
}

// pairs returns the pairs within the window, object by object.
func (c *coortweet) pairs(rows []int32, window float64, loops bool) []CooRTweetPair {
	var out []CooRTweetPair
	order, start := group(rows, c.object.of, len(c.object.names))
	type share struct {
		time       float64
		row, place int32 // place: in working order, which group keeps
	}
	shares := make([]share, len(order))
	for i, r := range order {
		shares[i] = share{c.rows[r].Time, r, int32(i)}
	}
	for o := range c.object.names {
		g := shares[start[o]:start[o+1]]
		// Rows of the same second stay in working order.
		slices.SortFunc(g, func(a, b share) int {
			return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.place, b.place))
		})
		for i, a := range g {
			for _, b := range g[i+1:] {
				if !(b.time-a.time <= window) {
					break
				}
				if loops || !c.loop(a.row, b.row) {
					out = append(out, CooRTweetPair{Older: a.row, Newer: b.row})
				}
			}
		}
	}
	return out
}

func (c *coortweet) loop(a, b int32) bool {
	x, y := &c.rows[a], &c.rows[b]
	return c.account.of[a] == c.account.of[b] || c.content.of[a] == c.content.of[b] ||
		x.Object == x.Content || x.Object == y.Content
}

// refine applies the participation filter once more, to the rows whose content
// stands in a pair. It is by content: a pair may keep an account that failed.
func (c *coortweet) refine(rows []int32, pairs []CooRTweetPair, m int) []CooRTweetPair {
	pass := c.passing(rows, pairs, m)
	return slices.DeleteFunc(pairs, func(p CooRTweetPair) bool {
		return !pass[c.content.of[p.Older]] && !pass[c.content.of[p.Newer]]
	})
}

// passing marks the contents of accounts with at least m rows of rows whose
// content stands in pairs.
func (c *coortweet) passing(rows []int32, pairs []CooRTweetPair, m int) []bool {
	paired := make([]bool, len(c.content.names))
	for _, p := range pairs {
		paired[c.content.of[p.Older]] = true
		paired[c.content.of[p.Newer]] = true
	}
	var shares []int32
	for _, r := range rows {
		if paired[c.content.of[r]] {
			shares = append(shares, r)
		}
	}
	pass := make([]bool, len(c.content.names))
	for _, r := range c.participants(shares, m) {
		pass[c.content.of[r]] = true
	}
	return pass
}

// flag marks the fast pairs: those within the window that pass the second
// participation filter, counted over all rows, and every other pair with the
// same two contents, whatever its object or gap.
func (c *coortweet) flag(pairs []CooRTweetPair, window float64, m int) {
	var fast []CooRTweetPair
	for _, p := range pairs {
		if c.gap(p) <= window {
			fast = append(fast, p)
		}
	}
	flagged := make(map[[2]int32]bool)
	all := make([]int32, len(c.rows))
	for i := range all {
		all[i] = int32(i)
	}
	for _, p := range c.refine(all, fast, m) {
		flagged[[2]int32{c.content.of[p.Older], c.content.of[p.Newer]}] = true
	}
	for i := range pairs {
		p := &pairs[i]
		p.Fast = flagged[[2]int32{c.content.of[p.Older], c.content.of[p.Newer]}]
	}
}

func (c *coortweet) gap(p CooRTweetPair) float64 { return c.rows[p.Newer].Time - c.rows[p.Older].Time }

// rankPairs finds the byte order of all names in pairs.
func (c *coortweet) rankPairs(pairs []CooRTweetPair) {
	object, account, content := make([]bool, len(c.object.names)), make([]bool, len(c.account.names)), make([]bool, len(c.content.names))
	for _, p := range pairs {
		object[c.object.of[p.Older]] = true
		for _, r := range [2]int32{p.Older, p.Newer} {
			account[c.account.of[r]] = true
			content[c.content.of[r]] = true
		}
	}
	together(
		func() { c.objectRank = c.object.ranks(object) },
		func() { c.accountRank = c.account.ranks(account) },
		func() { c.contentRank = c.content.ranks(content) })
}

func (c *coortweet) sortPairs(pairs []CooRTweetPair) {
	object, content, account := c.objectRank, c.contentRank, c.accountRank
	slices.SortFunc(pairs, func(p, q CooRTweetPair) int {
		if d := cmp.Compare(object[c.object.of[p.Older]], object[c.object.of[q.Older]]); d != 0 {
			return d // most are told apart here
		}
		return cmp.Or(
			cmp.Compare(content[c.content.of[p.Older]], content[c.content.of[q.Older]]),
			cmp.Compare(content[c.content.of[p.Newer]], content[c.content.of[q.Newer]]),
			cmp.Compare(account[c.account.of[p.Older]], account[c.account.of[q.Older]]),
			cmp.Compare(account[c.account.of[p.Newer]], account[c.account.of[q.Newer]]),
			cmp.Compare(p.Older, q.Older), cmp.Compare(p.Newer, q.Newer))
	})
}

// quantile7 is R's default quantile (type 7) of sorted values: linear
// interpolation between the order statistics around (n−1)p. The arithmetic is
// that of R's quantile.default, so that a weight which equals the quantile by
// rounding there does so here. NaN for no values.
func quantile7(sorted []int, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	index := 1 + float64(len(sorted)-1)*p
	lo := int(math.Floor(index))
	hi := int(math.Ceil(index))
	x, y := float64(sorted[lo-1]), float64(sorted[hi-1])
	if h := index - float64(lo); h > 0 && x != y {
		return (1-h)*x + h*y
	}
	return x
}
