package coordination

import (
	"slices"
	"sync"
	"time"

	"github.com/arasha-org/arasha/post"
)

// A Result is what an analysis found. Posts are named by their place in the
// input, accounts by the order of their first post; Post and Account resolve
// them.
type Result struct {
	Options  Options // as used, defaults filled in
	Posts    int
	Accounts int
	Untimed  int // posts that take part in no bounded window
	Texts    int // distinct normalised texts compared
	TooLong  int // distinct texts of more than 65,535 different words: not compared as similar
	First    time.Time
	Last     time.Time  // of the posts with a time
	Views    []View     // by trace, then window
	Combined []Combined // by window, when several traces were asked for

	c *Corpus
	x *timeline

	once    sync.Once
	postsOf []int // per account, made by PostsOf
}

// A View is what one trace shows in one window.
type View struct {
	Trace   Trace
	Window  time.Duration
	LeftOut int // posts left out: their time is not known exactly enough for the window
	Waves   []Wave
	Edges   []Edge
	Groups  []Group

	Pairs         int64 // in all waves, exact
	Unlisted      int64 // of these, pairs of waves over the bound: not in Edges unless their accounts meet elsewhere too
	UnlistedWaves int
	LightEdges    int // edges left out for their weight or for participation

	k     int        // index of the window
	posts []uint32   // places, wave by wave
	docs  *documents // the shared texts or objects
}

// A Wave is one message published by several accounts. Every post of it has
// a partner by another account within the window, and any two are connected
// by such steps; every pair lies in exactly one wave.
type Wave struct {
	Number   int32         // within the view, from 1, by number of accounts
	Message  uint32        // waves of one view with the same Message are one text or object at different times
	Accounts int32         // different accounts
	Posts    int32         // posts
	Reposts  int32         // of these, posts marked as reposts
	Texts    int32         // different texts among them; 1 for a shared object
	First    uint32        // the earliest post
	Last     uint32        // the latest post
	Half     time.Duration // shortest span with the first posts of half of the accounts, at least two; -1 when times are not known
	Peak     int32         // most accounts in any span of the window's length
	PeakAt   uint32        // the post with which the first such span begins
	Pairs    int64         // exact number of pairs within the window
	Listed   bool          // whether its pairs are listed and make edges

	lo, hi uint32 // range in View.posts
}

// An Edge is two accounts and the pairs between them. In a directed view A
// published first; otherwise A is the account whose first post stands earlier
// in the input.
type Edge struct {
	A, B     uint32
	Messages int32         // distinct messages: the weight
	Pairs    int32         // post pairs
	Timed    int32         // of these, pairs whose two times are known
	GapSum   time.Duration // over timed pairs
	GapMin   time.Duration // over timed pairs; -1 when there is none
	AFirst   int32         // pairs in which A published first
	BFirst   int32         // pairs in which B did; the rest are ties or not known
}

// GapMean returns the mean gap of the timed pairs, -1 when there is none.
func (e *Edge) GapMean() time.Duration {
	if e.Timed == 0 {
		return -1
	}
	return e.GapSum / time.Duration(e.Timed)
}

// Combined is the network of all traces in one window.
type Combined struct {
	Window time.Duration
	Edges  []CombinedEdge
	Groups []Group
}

// A CombinedEdge is two accounts over all traces.
type CombinedEdge struct {
	A, B     uint32
	Messages int32         // the weight under the heaviest trace
	Pairs    int32         // the largest number of post pairs under one trace
	GapMin   time.Duration // over all traces; -1 when not known

	traces uint64 // bit i: under Options.Traces[i]
}

// A Group is accounts connected by edges of at least GroupWeight messages.
type Group struct {
	Number   int      // from 1, largest first
	Accounts []uint32 // by number
	Edges    int
	Messages int // sum of the edges' weights
	Pairs    int
}

// A Pair is two posts of one wave by different accounts within the window; A
// is the earlier one.
type Pair struct {
	Trace      Trace
	Window     time.Duration
	Wave       int // number of the wave in its view
	A, B       uint32
	Gap        time.Duration // -1 when a time is not known
	Similarity float64       // 1 for the same text or object
}

// PostInfo is what the corpus keeps of a post.
type PostInfo struct {
	ID, URL, Text string
	Account       uint32
	Time          post.Time // without Zone and Text
	Repost        bool
}

// AccountInfo is what the corpus keeps of an account.
type AccountInfo struct {
	ID, Name, Platform string
}

// Post returns what is kept of post i, counted from 0 in input order.
func (r *Result) Post(i uint32) PostInfo {
	c := r.c
	s := c.kept(i)
	return PostInfo{ID: s[0], URL: s[1], Text: s[2], Account: c.acct[i], Repost: c.repost(i),
		Time: post.Time{Millis: c.times[i], Precision: c.precision(i), Basis: c.basis(i)}}
}

// Account returns what is kept of account n.
func (r *Result) Account(n uint32) AccountInfo {
	s := r.c.strings.get(r.c.acctAt[n], 3)
	return AccountInfo{s[0], s[1], s[2]}
}

// Members returns the posts of a wave, earliest first.
func (r *Result) Members(v *View, w *Wave) []uint32 {
	out := make([]uint32, 0, w.Posts)
	for _, p := range v.posts[w.lo:w.hi] {
		out = append(out, r.x.order[p])
	}
	return out
}

// Object returns what the posts of a wave share: the link, hashtag, … or, for
// texts, the text of its first post as published.
func (r *Result) Object(v *View, w *Wave) string {
	if v.docs.names == nil {
		return r.Post(w.First).Text
	}
	return r.c.strings.get(v.docs.names[w.Message], 1)[0]
}

// Platforms returns the platforms of a wave's posts, in order of appearance.
func (r *Result) Platforms(v *View, w *Wave) []string {
	var out []string
	for _, p := range v.posts[w.lo:w.hi] {
		if name := r.c.plats[r.c.plat[r.x.order[p]]]; name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// Rules returns the normalisation rules that changed the text of either post,
// in the order applied.
func (r *Result) Rules(a, b uint32) []string {
	fired := r.c.fired(a) | r.c.fired(b)
	return fired.Names()
}

// PostsOf returns how many posts of the corpus an account published.
func (r *Result) PostsOf(account uint32) int {
	r.once.Do(func() {
		r.postsOf = make([]int, r.Accounts)
		for _, a := range r.c.acct {
			r.postsOf[a]++
		}
	})
	return r.postsOf[account]
}

// SameText reports whether the normalised texts of two posts are the same. It
// needs a text trace.
func (r *Result) SameText(a, b uint32) bool {
	return r.c.texts && r.c.text[a] != none && r.c.text[a] == r.c.text[b]
}

// Empty reports whether no window shows a wave under t.
func (r *Result) Empty(t Trace) bool {
	for i := range r.Views {
		if r.Views[i].Trace == t && len(r.Views[i].Waves) > 0 {
			return false
		}
	}
	return true
}
