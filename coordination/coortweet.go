package coordination

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/arasha-org/arasha/internal/intern"
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

// edges fills r.Edges and the thresholds from r.Pairs, and returns the ranks of
// the accounts of each edge.
func (c *coortweet) edges(r *CooRTweetResult, percentile float64) (ends [][2]int32) {
	if len(r.Pairs) == 0 {
		return nil
	}
	// Pairs by their accounts in order: by the higher one, then, keeping that
	// order, by the lower one.
	lower, higher := make([]int32, len(r.Pairs)), make([]int32, len(r.Pairs))
	order := make([]int32, len(r.Pairs))
	for i, p := range r.Pairs {
		a, b := c.accountRank[c.account.of[p.Older]], c.accountRank[c.account.of[p.Newer]]
		lower[i], higher[i], order[i] = min(a, b), max(a, b), int32(i)
	}
	order, _ = group(order, higher, len(c.account.names))
	order, _ = group(order, lower, len(c.account.names))

	s := newTally(c, len(r.Pairs))
	ends = make([][2]int32, 0, len(r.Pairs))
	r.Edges = make([]CooRTweetEdge, 0, len(r.Pairs))
	var fast []int32
	for len(order) > 0 {
		first := order[0]
		n := 0
		fast = fast[:0]
		for n < len(order) && lower[order[n]] == lower[first] && higher[order[n]] == higher[first] {
			if r.Pairs[order[n]].Fast {
				fast = append(fast, order[n])
			}
			n++
		}
		a, b := c.rows[r.Pairs[first].Older].Account, c.rows[r.Pairs[first].Newer].Account
		e := CooRTweetEdge{From: min(a, b), To: max(a, b)}
		s.tie(&e.Full, r.Pairs, order[:n], e.From)
		s.tie(&e.Fast, r.Pairs, fast, e.From)
		r.Edges = append(r.Edges, e)
		ends = append(ends, [2]int32{lower[first], higher[first]})
		order = order[n:]
	}

	r.Threshold = markOver(r.Edges, percentile, func(e *CooRTweetEdge) *CooRTweetTie { return &e.Full })
	r.FastThreshold = markOver(r.Edges, percentile, func(e *CooRTweetEdge) *CooRTweetTie { return &e.Fast })
	return ends
}

// A tally counts distinct numbers without clearing its memory between uses.
type tally struct {
	*coortweet
	object   []int32 // the last use that saw the object
	from, to []int32 // the same for the contents of either end
	use      int32
	objects  []string // of all ties
}

func newTally(c *coortweet, pairs int) *tally {
	n := len(c.content.names)
	return &tally{coortweet: c, object: make([]int32, len(c.object.names)),
		from: make([]int32, n), to: make([]int32, n), objects: make([]string, 0, pairs)}
}

// tie sums up the pairs given by their places.
func (s *tally) tie(t *CooRTweetTie, pairs []CooRTweetPair, places []int32, from string) {
	if len(places) == 0 {
		return
	}
	s.use++
	own := len(s.objects)
	sum := 0.0
	see := func(row int32) {
		x := s.content.of[row]
		if s.rows[row].Account == from {
			if s.from[x] != s.use {
				s.from[x] = s.use
				t.FromContents++
			}
		} else if s.to[x] != s.use {
			s.to[x] = s.use
			t.ToContents++
		}
	}
	for _, i := range places {
		p := pairs[i]
		sum += s.gap(p)
		if o := s.coortweet.object.of[p.Older]; s.object[o] != s.use {
			s.object[o] = s.use
			s.objects = append(s.objects, s.coortweet.object.names[o])
		}
		see(p.Older)
		see(p.Newer)
	}
	if t.ToContents == 0 { // an account with itself: both ends are the same
		t.ToContents = t.FromContents
	}
	t.Weight = len(places)
	t.MeanGap = sum / float64(len(places))
	// The pairs are sorted by object, so these are too.
	t.Objects = slices.Clip(s.objects[own:])
}

// markOver sets Over on the ties above the quantile and returns it.
func markOver(edges []CooRTweetEdge, percentile float64, tie func(*CooRTweetEdge) *CooRTweetTie) float64 {
	var weights []int
	for i := range edges {
		if w := tie(&edges[i]).Weight; w > 0 {
			weights = append(weights, w)
		}
	}
	slices.Sort(weights)
	q := quantile7(weights, percentile)
	for i := range edges {
		t := tie(&edges[i])
		t.Over = t.Weight > 0 && float64(t.Weight) > q
	}
	return q
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

// accounts fills r.Accounts from the edges, whose accounts have the ranks given,
// and the pairs.
func (c *coortweet) accounts(r *CooRTweetResult, ends [][2]int32) {
	type sums struct{ gap, sym, fastGap, fastSym, n, fastN float64 }
	var of []sums // by rank
	for i := range r.Edges {
		e := &r.Edges[i]
		for k, rank := range ends[i] {
			if k == 1 && rank == ends[i][0] {
				break // an account with itself
			}
			if more := int(rank) + 1 - len(of); more > 0 {
				of = append(of, make([]sums, more)...)
			}
			s := &of[rank]
			s.gap += e.Full.MeanGap
			s.sym += e.Full.Symmetry()
			s.n++
			if e.Fast.Weight > 0 {
				s.fastGap += e.Fast.MeanGap
				s.fastSym += e.Fast.Symmetry()
				s.fastN++
			}
		}
	}
	// Rows in pairs, once each, by account, then content.
	row := make([]bool, len(c.rows))
	rows := make([]int32, 0, 2*len(r.Pairs))
	for _, p := range r.Pairs {
		for _, i := range [2]int32{p.Older, p.Newer} {
			if !row[i] {
				row[i] = true
				rows = append(rows, i)
			}
		}
	}
	rows, _ = group(rows, c.content.of, len(c.content.names))
	rows, _ = group(rows, c.account.of, len(c.account.names))
	contents := make([]int, len(of)) // distinct, by rank
	for k, i := range rows {
		if k == 0 || c.content.of[i] != c.content.of[rows[k-1]] || c.account.of[i] != c.account.of[rows[k-1]] {
			contents[c.accountRank[c.account.of[i]]]++
		}
	}
	names := make([]string, len(of))
	for _, i := range rows {
		names[c.accountRank[c.account.of[i]]] = c.rows[i].Account
	}
	r.Accounts = make([]CooRTweetAccount, 0, len(of))
	for rank, s := range of {
		r.Accounts = append(r.Accounts, CooRTweetAccount{names[rank], s.gap / s.n, s.sym / s.n,
			s.fastGap / s.fastN, s.fastSym / s.fastN, contents[rank]})
	}
}

// objects fills r.Objects from the pairs, which are sorted by object.
func (c *coortweet) objects(r *CooRTweetResult) {
	last := make([]int32, len(c.account.names)) // 1 + the object that saw the account last
	for i, p := range r.Pairs {
		o := c.object.of[p.Older]
		if i == 0 || c.object.of[r.Pairs[i-1].Older] != o {
			r.Objects = append(r.Objects, CooRTweetObject{Object: c.object.names[o]})
		}
		for _, row := range [2]int32{p.Older, p.Newer} {
			if a := c.account.of[row]; last[a] != o+1 {
				last[a] = o + 1
				r.Objects[len(r.Objects)-1].Accounts++
			}
		}
	}
	slices.SortStableFunc(r.Objects, func(a, b CooRTweetObject) int { return cmp.Compare(b.Accounts, a.Accounts) })
}

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
