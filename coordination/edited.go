package coordination

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/arasha-org/arasha/coordination/internal/tfidf"
)

// EditedVersion names the rules by which edited copies are grouped.
const EditedVersion = "edited-1"

// EditedOptions say which texts are edited copies of one another. The zero
// value is a good default.
type EditedOptions struct {
	Window      time.Duration // copies farther from the leader are not compared; zero: 48 hours; Unbounded is allowed
	MinCosine   float64       // least cosine with the leader, above 0 to 1; zero: 0.45. Texts of which half the words are common are copies too
	MinWords    int           // texts of fewer words are not compared; zero: 6
	MinAccounts int           // groups of fewer accounts are not listed; zero: 2

	Procs    int                                 // goroutines; zero: one for each processor
	Progress func(stage string, done, total int) // told now and then, from one goroutine at a time; may be nil
}

// EditedCopies are texts alike in letter beyond what a threshold on shared
// words finds: words replaced, dropped and put in.
type EditedCopies struct {
	Options EditedOptions // as used, defaults filled in
	List    []EditedGroup // by accounts, then different texts

	Texts   int // different texts compared
	Short   int // different texts of too few words to compare
	Untimed int // posts left out because their time is not known well enough
}

// Copies are alike by either of two rules. In a large corpus rare words decide,
// and the cosine of TF-IDF vectors keeps copies with up to two fifths of their
// words changed. Where most posts are copies, as in sixty posts of one
// campaign, its words are not rare, and the share of common words decides.
const sharedWords = .5

// An EditedGroup is a leader and the texts like it: each is compared with the
// leader alone, so that no chain of small differences ties what is not alike.
type EditedGroup struct {
	Number   int // from 1, in the order of the list
	Leader   EditedText
	Copies   []EditedText // other texts, most words in common with the leader first
	Posts    []uint32     // all posts, in order of time
	Accounts int          // different accounts
	First    uint32       // the earliest post held, and
	Last     uint32       // the latest
}

// An EditedText is one text of a group, with how often it was published. Texts
// that differ only in links, capitals, emoji and marks are one.
type EditedText struct {
	Post     uint32  // its earliest post in the group
	Cosine   float64 // with the leader, rare words counting more; from 0 to 1, 1 for the leader
	Shared   float64 // of the different words of both texts, the share that both have (Jaccard)
	Posts    int
	Accounts int
	Members  []uint32 // its posts in the group, in order of time
}

// Resolved returns o with every zero replaced by its default, or an error that
// says which option cannot be.
func (o EditedOptions) Resolved() (EditedOptions, error) {
	if o.Window == 0 {
		o.Window = 48 * time.Hour
	}
	if o.MinCosine == 0 {
		o.MinCosine = .45
	}
	err := cmp.Or(checkWindow(o.Window), checkShare("least cosine", o.MinCosine),
		fillCounts([]countOption{{&o.MinWords, 6, math.MaxInt, "words"}, {&o.MinAccounts, 2, math.MaxInt, "accounts"}, {&o.Procs, runtime.GOMAXPROCS(0), math.MaxInt, "goroutines"}}))
	return o, err
}

// EditedCopies groups the texts of the posts around leaders: the text with the
// most texts like it takes them, then the text with the most of those left out,
// and so on. Alike are two texts within the window whose TF-IDF vectors of words
// have at least the cosine of the options, or that share half of their words.
// The same posts and options give the same groups.
// It fails on an option that cannot be and when ctx ends.
func (r *Result) EditedCopies(ctx context.Context, o EditedOptions) (*EditedCopies, error) {
	o, err := o.Resolved()
	if err != nil {
		return nil, err
	}
	tell := func(done, total int) {
		if o.Progress != nil {
			o.Progress("edited copies", done, total)
		}
	}
	b, err := r.bags(ctx, bagPlan{stems: ofWords, window: o.Window, minWords: o.MinWords, minDF: 1, procs: o.Procs, tell: tell})
	if err != nil {
		return nil, err
	}
	l := &letters{b: b, least: o.MinCosine, x: tfidf.NewIndex(b.vectors, b.nodes, reach(o.Window)), y: tfidf.NewIndex(b.sets, b.nodes, reach(o.Window))}
	// Each pair is looked at once, from its earlier text.
	count := make([]atomic.Int32, len(b.nodes))
	inStretches(len(count), o.Procs, func(lo, hi int) {
		for i := lo; i < hi && ctx.Err() == nil; i++ {
			later := l.alike(uint32(i), uint32(i)+1)
			for _, j := range later {
				count[j].Add(1)
			}
			count[i].Add(int32(len(later)))
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	order := make([]uint32, 0, len(count))
	for i := range count {
		if count[i].Load() > 0 {
			order = append(order, uint32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b uint32) int { return cmp.Compare(count[b].Load(), count[a].Load()) })
	e := &EditedCopies{Options: o, Texts: b.texts - b.short, Short: b.short, Untimed: b.untimed}
	taken := make([]bool, len(count))
	for k, i := range order {
		if k&0xFFF == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if taken[i] {
			continue
		}
		taken[i] = true
		g := []uint32{i}
		for _, n := range l.alike(i, 0) {
			if !taken[n] {
				taken[n] = true
				g = append(g, n)
			}
		}
		if len(g) > 1 {
			e.add(r, l, g)
		}
	}
	slices.SortStableFunc(e.List, func(a, b EditedGroup) int {
		return cmp.Or(b.Accounts-a.Accounts, len(b.Copies)-len(a.Copies), cmp.Compare(r.Post(a.First).Time.Millis, r.Post(b.First).Time.Millis))
	})
	for i := range e.List {
		e.List[i].Number = i + 1
	}
	return e, nil
}

// letters finds the nodes alike in letter.
type letters struct {
	b     *bags
	least float64
	x, y  *tfidf.Index // by rare words, and by sets of words
}

// alike returns the nodes like node i from node from on, in order of time.
func (l *letters) alike(i, from uint32) []uint32 {
	var out []uint32
	for _, n := range l.x.Around(i, from, l.least) {
		out = append(out, n.Node)
	}
	// Jaccard j needs a cosine of sets of 2j/(1+j): the geometric mean of two
	// sizes is at most their mean.
	for _, n := range l.y.Around(i, from, 2*sharedWords/(1+sharedWords)-1e-6) {
		if l.shared(i, n.Node) >= sharedWords {
			out = append(out, n.Node)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (l *letters) shared(i, j uint32) float64 {
	a, _ := l.b.sets.Of(l.b.nodes[i].Text)
	b, _ := l.b.sets.Of(l.b.nodes[j].Text)
	return jaccard(a, b)
}

// add describes a group, its leader first, and lists it.
func (e *EditedCopies) add(r *Result, l *letters, nodes []uint32) {
	var g EditedGroup
	seen := map[uint32]bool{}
	b := l.b
	for k, n := range nodes {
		posts := b.posts[n]
		t := EditedText{Post: posts[0], Cosine: b.vectors.Cosine(b.nodes[nodes[0]].Text, b.nodes[n].Text), Shared: l.shared(nodes[0], n), Posts: len(posts), Members: posts}
		own := map[uint32]bool{}
		for _, i := range posts {
			own[r.c.acct[i]], seen[r.c.acct[i]] = true, true
		}
		t.Accounts = len(own)
		if k == 0 {
			g.Leader = t
		} else {
			g.Copies = append(g.Copies, t)
		}
		g.Posts = append(g.Posts, posts...)
	}
	if g.Accounts = len(seen); g.Accounts < e.Options.MinAccounts {
		return
	}
	slices.SortStableFunc(g.Copies, func(a, b EditedText) int { return cmp.Compare(b.Shared, a.Shared) })
	r.sortByTime(g.Posts)
	g.First, g.Last = g.Posts[0], g.Posts[len(g.Posts)-1]
	e.List = append(e.List, g)
}

// sortByTime sorts posts as the timeline does, ties by number.
func (r *Result) sortByTime(posts []uint32) {
	slices.SortFunc(posts, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(r.c.times[a], r.c.times[b]), cmp.Compare(a, b))
	})
}
