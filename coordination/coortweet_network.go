package coordination

import (
	"cmp"
	"slices"
)

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
