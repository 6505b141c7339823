package coordination

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/arasha-org/arasha/coordination/internal/fold"
)

// leastP is printed for everything smaller: below it a number says nothing.
const leastP = 1e-300

// test fills in the tests of one message.
func (w *waver) test(m *message) {
	w.novelty(m)
	m.Explained = w.explain(m)
	if len(m.Explained) > 0 || m.Half < 0 {
		return
	}
	m.Popularity = w.o.Reference.compare(m)
	if w.once {
		return
	}
	at := w.times(m.first)
	mid := at[len(at)/2]
	lo, hi := max(mid-horizon, w.lo), min(mid+horizon, w.hi)
	if hi <= lo {
		return
	}
	own := make([][]int64, len(m.first))
	for i, p := range m.first {
		own[i] = w.ownPosts(m, w.o.Publishers.Of(w.r.x.acct[p]), lo, hi)
	}
	rng := rand.New(stream(w.o.Seed, uint64(m.Object)))
	m.Own = w.screen(m, at, own, lo, hi, rng, true)
	var at2 []int64
	var own2 [][]int64
	for i, list := range own {
		if len(list) >= FewPosts {
			at2, own2 = append(at2, at[i]), append(own2, list)
		}
	}
	switch {
	case len(own2) == len(own):
		m.History = m.Own
	case len(own2) >= 3:
		m.History = w.screen(m, at2, own2, lo, hi, rng, false)
	default:
		m.History = Chance{Accounts: len(own2), P: 1}
	}
}

// screen tests times against the densities of their accounts. With record the
// window by window results go into the message.
func (w *waver) screen(m *message, at []int64, own [][]int64, lo, hi int64, rng *rand.Rand, record bool) Chance {
	f := newMoments(&w.pool, lo, hi, own)
	var ws []float64
	var ks []int
	for _, win := range m.Windows {
		k, _ := densest(at, win.Window.Milliseconds())
		if k < 2 {
			k = 0
		}
		ws, ks = append(ws, float64((win.Window+m.Slack).Milliseconds())), append(ks, k)
	}
	p := f.screen(ws, ks, w.o.Draws, rng)
	c := Chance{Tested: true, Accounts: len(at), P: 1}
	for i := range p {
		p[i] = max(p[i], leastP)
		c.P = min(c.P, p[i]*float64(len(WaveWindows)))
	}
	if !record {
		return c
	}
	for i := range p {
		m.Windows[i].P = p[i]
	}
	if w.o.Redraws > 0 {
		for i, q := range f.redrawn(ws, ks, w.o.Redraws, rng) {
			m.Windows[i].Redrawn = q
		}
	}
	return c
}

// ownPosts returns when a publisher published anything else between lo and hi.
func (w *waver) ownPosts(m *message, publisher uint32, lo, hi int64) []int64 {
	x := w.r.x
	accounts := w.kin[publisher]
	if accounts == nil {
		accounts = []uint32{publisher}
	}
	var out []int64
	for _, a := range accounts {
		list := w.own[w.start[a]:w.start[a+1]]
		from, _ := slices.BinarySearchFunc(list, lo, func(p uint32, t int64) int { return cmp.Compare(x.at[p], t) })
		for _, p := range list[from:] {
			if x.at[p] > hi {
				break
			}
			if _, is := slices.BinarySearch(m.posts, p); !is {
				out = append(out, x.at[p])
			}
		}
	}
	if len(accounts) > 1 {
		slices.Sort(out)
	}
	return out
}

// novelty counts the nearly new accounts: those with fewer than FewPosts posts
// beside the message, or beside one post for accounts that are not in it.
func (w *waver) novelty(m *message) {
	mine := map[uint32]int{}
	for _, p := range m.posts {
		mine[w.r.x.acct[p]]++
	}
	for _, a := range m.Members {
		if w.r.PostsOf(a)-max(mine[a], 1) < FewPosts {
			m.New++
		}
	}
	// An account that published the message twice may be new here and not by
	// the count of the corpus; the corpus then has it as new too.
	m.NewTail = hypergeometricTail(w.out.Accounts, max(w.out.NewAccounts, m.New), m.Accounts, m.New)
}

// hypergeometricTail returns the probability of k or more marked ones among n
// drawn from all, of which marked are.
func hypergeometricTail(all, marked, n, k int) float64 {
	choose := func(n, k int) float64 {
		a, _ := math.Lgamma(float64(n) + 1)
		b, _ := math.Lgamma(float64(k) + 1)
		c, _ := math.Lgamma(float64(n-k) + 1)
		return a - b - c
	}
	sum := 0.0
	for i := max(k, n-(all-marked), 0); i <= min(n, marked); i++ {
		sum += math.Exp(choose(marked, i) + choose(all-marked, n-i) - choose(all, n))
	}
	return min(sum, 1)
}

// A Reference is a named background of the user's: how close together ordinary
// messages of the same kind were published. There is none built in.
type Reference struct {
	Name     string
	Posts    int
	Accounts int

	spans map[Trace][]span
}

// A span is a message of the reference.
type span struct {
	half  int64 // milliseconds, less what the times are inexact by
	class int
	key   string
}

// Popularity compares a message with those of a reference of the same trace
// and size class:
//
//	p_pop = (1 + #{messages with a half-span as short or shorter}) / (1 + N)
type Popularity struct {
	Reference string  // its name, "" when there was none
	Class     string  // the size class, in publishers
	N         int     // comparable messages; fewer than MinReference are "no reference"
	Closer    int     // of these, as close together or closer
	P         float64 // 1 without a reference
}

// SizeClasses are the classes of messages by publishers.
var SizeClasses = []string{"5–14", "15–49", "50 and more"}

func sizeClass(n int) int {
	switch {
	case n < 5:
		return -1
	case n < 15:
		return 0
	case n < 50:
		return 1
	}
	return 2
}

// NewReference makes a reference of another result, analysed with the same
// options: of every message of at least five publishers under each of its
// traces. Families leave first here too.
func NewReference(name string, r *Result, p *Publishers) *Reference {
	ref := &Reference{Name: name, Posts: r.Posts, Accounts: r.Accounts, spans: map[Trace][]span{}}
	for i := range r.Views {
		t := r.Views[i].Trace
		if _, done := ref.spans[t]; done {
			continue
		}
		w := &waver{r: r, o: &WaveOptions{MinAccounts: 5, Publishers: p}, d: r.Views[i].docs, out: &WaveTests{Trace: t}}
		w.messages()
		spans := []span{}
		for k := range w.found {
			if m := &w.found[k]; m.Half >= 0 && m.Publishers >= 5 {
				spans = append(spans, span{max(0, (m.Half - m.Slack).Milliseconds()), sizeClass(m.Publishers), m.chars})
			}
		}
		ref.spans[t] = spans
	}
	return ref
}

// Messages returns how many messages of a trace and size class the reference
// has.
func (ref *Reference) Messages(t Trace, class int) int {
	n := 0
	for _, s := range ref.spans[t] {
		if s.class == class {
			n++
		}
	}
	return n
}

// compare ranks a message. Where times are inexact the message counts as wide
// as they allow and those of the reference as narrow. The same message in both
// is not compared with itself.
func (ref *Reference) compare(m *message) Popularity {
	class := sizeClass(m.Publishers)
	p := Popularity{P: 1, Class: m.Popularity.Class}
	if ref == nil || class < 0 {
		return p
	}
	p.Reference = ref.Name
	half := (m.Half + m.Slack).Milliseconds()
	for _, s := range ref.spans[m.Trace] {
		if s.class != class || s.key == m.chars {
			continue
		}
		p.N++
		if s.half <= half {
			p.Closer++
		}
	}
	if p.N >= MinReference {
		p.P = float64(1+p.Closer) / float64(1+p.N)
	}
	return p
}

// textKey is a text as texts are compared, so that one message is known again
// in another corpus.
func textKey(s string) string {
	n, _ := fold.Normal(s, fold.All)
	return n
}
