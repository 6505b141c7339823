package coordination

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/arasha-org/arasha/coordination/internal/fold"
	"github.com/arasha-org/arasha/coordination/internal/stem"
	"github.com/arasha-org/arasha/coordination/internal/tfidf"
	"github.com/arasha-org/arasha/internal/intern"
)

// bags are the different texts of the posts as bags of words, and when each
// was published. Equal texts are one, whatever their links, capitals and
// emoji, so that ten thousand copies cost no more than one.
//
// A text that is published again more than a window after the first post of
// its node is a new node: a node is a text about a moment.
type bags struct {
	texts   int
	of      []uint32        // post → text; none where there is no text
	first   []uint32        // text → its first post in the order of the timeline
	lang    []stem.Language // text → language, for stems
	node    []uint32        // post → node; none where the text is too short or the time not known well enough
	nodes   []tfidf.Node    // in order of time
	posts   [][]uint32      // node → posts, in order of time
	vectors *tfidf.Vectors  // by text; empty for those that are too short
	sets    *tfidf.Vectors  // the same as sets of words, for edited copies
	keys    intern.Table    // of the texts
	short   int             // different texts of too few words
	untimed int             // posts whose time is not known well enough for the window
	stop    map[string]bool // the user's stop words, as keys and as written
}

// A reader folds and stems on one goroutine.
type reader struct {
	f     fold.Folder
	stems stem.Stemmer
	words []string
	hash  []uint64
	lang  stem.Language
}

// bagRules keep ё: the stemmer knows what to do with it.
const bagRules = fold.All &^ fold.Yo

// read splits a text into its folded words, mentions left out.
func (d *reader) read(text string, rules fold.Rules) {
	d.f.Rules = rules
	d.words = d.words[:0]
	for w := range strings.SplitSeq(d.f.Normal(withoutMentions(text)), " ") {
		if w != "" {
			d.words = append(d.words, w)
		}
	}
}

// withoutMentions leaves out @names: whom a post addresses is not what it says.
func withoutMentions(s string) string {
	if strings.IndexByte(s, '@') < 0 {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '@')
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		b.WriteByte(' ')
		s = strings.TrimLeft(s[i+1:], "@")
		n := 0
		for n < len(s) && (s[n] == '_' || s[n] >= '0' && s[n] <= '9' || s[n] >= 'a' && s[n] <= 'z' || s[n] >= 'A' && s[n] <= 'Z') {
			n++
		}
		s = s[n:]
	}
	b.WriteString(s)
	return b.String()
}

// What a bag is made of: stems, for texts alike in spirit, or words, for
// edited copies.
const (
	ofStems = true
	ofWords = false
)

// A bagPlan says how bags are made.
type bagPlan struct {
	stems    bool
	window   time.Duration
	minWords int
	minDF    int
	maxShare float64 // words of a larger share of the texts are left out; 0: none is
	stop     []string
	procs    int
	tell     func(done, total int)
}

// maxFloor keeps the rule of the largest share from emptying small corpora: in
// sixty texts a word of four is not a common word.
const maxFloor = 25

func (r *Result) bags(ctx context.Context, plan bagPlan) (*bags, error) {
	b := &bags{of: make([]uint32, r.Posts), node: make([]uint32, r.Posts), stop: map[string]bool{}}
	readers := sync.Pool{New: func() any { return new(reader) }}
	for _, w := range plan.stop {
		d := new(reader)
		d.read(w, bagRules)
		for _, w := range d.words {
			b.stop[w] = true
			for _, l := range []stem.Language{stem.Russian, stem.Kazakh, stem.English, stem.French, stem.Spanish, stem.RussianLatin, stem.KazakhLatin} {
				b.stop[d.stems.Key(w, l)] = true
			}
		}
	}
	if err := b.number(ctx, r, plan, &readers); err != nil {
		return nil, err
	}
	var build tfidf.Builder
	b.lang = make([]stem.Language, b.texts)
	long := make([]bool, b.texts)
	const chunk = 1 << 13
	hashes := make([][]uint64, min(chunk, b.texts))
	for from := 0; from < b.texts; from += chunk {
		to := min(from+chunk, b.texts)
		inStretches(to-from, plan.procs, func(lo, hi int) {
			d := readers.Get().(*reader)
			defer readers.Put(d)
			for i := lo; i < hi; i++ {
				t := from + i
				long[t] = b.bag(d, r.c.kept(b.first[t])[2], plan)
				b.lang[t] = d.lang
				hashes[i] = append(hashes[i][:0], d.hash...)
			}
		})
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i := range hashes[:to-from] {
			build.Add(hashes[i])
		}
		plan.say(to, b.texts)
	}
	most := b.texts
	if plan.maxShare > 0 {
		most = max(maxFloor, int(plan.maxShare*float64(b.texts)))
	}
	b.vectors = build.Build(plan.minDF, most)
	if !plan.stems {
		b.sets = build.Sets()
	}
	b.place(r, plan, long)
	return b, nil
}

func (p *bagPlan) say(done, total int) {
	if p.tell != nil {
		p.tell(done, total)
	}
}

// number numbers the different texts in the order of the timeline.
func (b *bags) number(ctx context.Context, r *Result, plan bagPlan, readers *sync.Pool) error {
	keys := make([][2]uint64, r.Posts)
	words := make([]bool, r.Posts)
	inStretches(r.Posts, plan.procs, func(lo, hi int) {
		d := readers.Get().(*reader)
		defer readers.Put(d)
		d.f.Rules = fold.All
		for i := lo; i < hi && ctx.Err() == nil; i++ {
			if text := r.c.kept(uint32(i))[2]; text != "" {
				d.f.Fold(text)
				keys[i], words[i] = d.f.Key, d.f.Words > 0
			}
		}
	})
	for _, i := range r.x.order {
		b.of[i] = none
		if words[i] {
			n, fresh := b.keys.Add(keys[i])
			if fresh {
				b.first = append(b.first, i)
			}
			b.of[i] = n
		}
	}
	b.texts = len(b.first)
	return ctx.Err()
}

// bag reads a text into d.hash and d.lang and reports whether it has enough
// words; where it has not d.hash is empty.
func (b *bags) bag(d *reader, text string, plan bagPlan) bool {
	d.hash, d.lang = d.hash[:0], stem.Unknown
	rules := bagRules
	if !plan.stems {
		rules = fold.All
	}
	d.read(text, rules)
	if plan.stems {
		d.lang = stem.Detect(d.words)
	}
	if len(d.words) < plan.minWords {
		return false
	}
	for _, w := range d.words {
		if b.stop[w] {
			continue
		}
		if plan.stems {
			if w = d.stems.Key(w, d.lang); w == "" || b.stop[w] {
				continue
			}
		}
		d.hash = append(d.hash, intern.Key(w)[0])
	}
	return true
}

// place makes the nodes.
func (b *bags) place(r *Result, plan bagPlan, long []bool) {
	for _, l := range long {
		if !l {
			b.short++
		}
	}
	window := reach(plan.window)
	last := make([]uint32, b.texts) // text → its latest node
	for t := range last {
		last[t] = none
	}
	for p, i := range r.x.order {
		b.node[i] = none
		t := b.of[i]
		if t == none || !long[t] {
			continue
		}
		at := r.x.at[p]
		if p >= r.x.timed || !r.Post(i).Time.Timed(plan.window) {
			if plan.window != Unbounded {
				b.untimed++
				continue
			}
			at = 0
		}
		if n := last[t]; n == none || at-b.nodes[n].At > window {
			last[t] = uint32(len(b.nodes))
			b.nodes = append(b.nodes, tfidf.Node{Text: t, At: at})
			b.posts = append(b.posts, nil)
		}
		b.node[i] = last[t]
		b.posts[last[t]] = append(b.posts[last[t]], i)
	}
}

// inStretches splits 0 … n into stretches and works on them on procs goroutines.
func inStretches(n, procs int, f func(lo, hi int)) {
	const stretch = 512
	var wg sync.WaitGroup
	next := make(chan int)
	for range max(1, min(procs, (n+stretch-1)/stretch)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for lo := range next {
				f(lo, min(n, lo+stretch))
			}
		}()
	}
	for lo := 0; lo < n; lo += stretch {
		next <- lo
	}
	close(next)
	wg.Wait()
}

// languagesOf counts posts by the language of their texts, the most first.
func (b *bags) languagesOf(posts []uint32) []LanguageCount {
	var n [8]int
	for _, i := range posts {
		n[b.lang[b.of[i]]]++
	}
	var out []LanguageCount
	for l, k := range n {
		if k > 0 {
			out = append(out, LanguageCount{stem.Language(l).Tag(), k})
		}
	}
	slices.SortStableFunc(out, func(a, b LanguageCount) int { return b.Posts - a.Posts })
	return out
}
