package coordination

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/arasha-org/arasha/coordination/internal/leiden"
	"github.com/arasha-org/arasha/coordination/internal/stem"
	"github.com/arasha-org/arasha/coordination/internal/tfidf"
)

// NarrativesVersion names the rules by which narratives are made; a result is
// replayed by the same version.
const NarrativesVersion = "spirit-1"

// TextsNear is what a list of posts of a narrative is called wherever it is
// shown. Measured on three corpora more than half of the texts of one story
// stay outside its list: it is never "all texts of this narrative".
const TextsNear = "texts near this one"

// NarrativeOptions say how narratives are made. The zero value is a good
// default.
type NarrativeOptions struct {
	Window     time.Duration // texts farther apart are not compared; zero: 48 hours; Unbounded is allowed
	Neighbours int           // nearest texts to which each is tied; zero: 10
	MinCosine  float64       // least cosine of a tie, above 0 to 1; zero: 0.2
	Resolution float64       // of the constant Potts model; zero: 0.05
	Seed       uint64        // of the division
	MinWords   int           // texts of fewer words are not compared; zero: 6
	MinTexts   int           // a narrative has so many different texts; zero: 3
	Terms      int           // defining words shown; zero: 8
	Examples   int           // examples shown; zero: 5
	StopWords  []string      // words that say nothing here, in any form, beside those of each language

	Corrections *Corrections // of the analyst; may be nil

	Procs    int                                 // goroutines; zero: one for each processor
	Progress func(stage string, done, total int) // told now and then, from one goroutine at a time; may be nil
}

// Narratives are texts alike in spirit: the same claim in other words. They
// rest on words that texts share and carry no p-value; of the ladder of words
// they never go above step 0.
type Narratives struct {
	Options NarrativeOptions // as used, defaults filled in
	List    []Narrative      // those with the analyst's names first, then by wordings, or accounts where they are fewer, times Focus

	Texts   int // different texts compared
	Short   int // different texts of too few words to compare
	Untimed int // posts left out because their time is not known well enough
	Alone   int // different texts near no other
	OneText int // groups left out because they are one text and its edited copies: alike in letter, not in spirit

	Largest int // different texts of the largest group, listed or not

	Unmatched []Correction // corrections that fit no post

	b    *bags
	part []uint32 // node → group
}

// Cosine returns how alike two posts are in what they say, from 0 to 1,
// whether or not they lie within the window; 0 where one has too few words.
func (n *Narratives) Cosine(a, b uint32) float64 {
	if n.b.of[a] == none || n.b.of[b] == none {
		return 0
	}
	return n.b.vectors.Cosine(n.b.of[a], n.b.of[b])
}

// Together reports whether two posts came into one group, listed or not,
// before any correction.
func (n *Narratives) Together(a, b uint32) bool {
	return n.b.node[a] != none && n.b.node[b] != none && n.part[n.b.node[a]] == n.part[n.b.node[b]]
}

// Stems returns the words of a text as Narratives compares them: brought to
// one form and one alphabet, without those that say nothing by themselves, in
// order and with repeats.
func Stems(text string) []string {
	var d reader
	d.read(text, bagRules)
	l := stem.Detect(d.words)
	var out []string
	for _, w := range d.words {
		if k := d.stems.Key(w, l); k != "" {
			out = append(out, k)
		}
	}
	return out
}

// A Narrative is texts near one another within the window, step by step.
type Narrative struct {
	Number    int       // from 1, in the order of the list; it changes from run to run: the Name does not
	Name      string    // the analyst's, "" when it has none
	Terms     []string  // defining words in their most frequent form, the heaviest first
	Examples  []Example // nearest the centre first, each in other words than those before
	Posts     []uint32  // in order of time, those without a known time last
	Texts     int       // different texts
	Wordings  int       // different texts when those that share half of their words count as one
	Focus     float64   // of all texts with its defining words, the share that is here, by weight: near 1 for a story, near 0 for a turn of phrase of every day
	Accounts  int       // different accounts
	First     uint32    // the earliest post held
	Last      uint32    // the latest
	Languages []LanguageCount
	Days      []DayCount // spread over time: days with posts, in UTC
	Corrected int        // posts put here by the analyst
}

// An Example is a post near the centre of a narrative.
type Example struct {
	Post   uint32
	Cosine float64 // to the centre, from 0 to 1
	Given  bool    // named as an example by the analyst
}

// A LanguageCount counts posts by BCP 47 tag. The language is guessed from the
// letters and common words of each text; "und" is not known.
type LanguageCount struct {
	Tag   string
	Posts int
}

// A DayCount is a day in UTC with its posts and different accounts.
type DayCount struct {
	Day      time.Time
	Posts    int
	Accounts int
}

// Resolved returns o with every zero replaced by its default, or an error that
// says which option cannot be.
func (o NarrativeOptions) Resolved() (NarrativeOptions, error) {
	if o.Window == 0 {
		o.Window = 48 * time.Hour
	}
	if o.MinCosine == 0 {
		o.MinCosine = .2
	}
	if o.Resolution == 0 {
		o.Resolution = .05
	}
	err := cmp.Or(checkWindow(o.Window), checkShare("least cosine", o.MinCosine), checkShare("resolution", o.Resolution),
		fillCounts([]countOption{{&o.Neighbours, 10, 1000, "neighbours"}, {&o.MinWords, 6, math.MaxInt, "words"}, {&o.MinTexts, 3, math.MaxInt, "texts"},
			{&o.Terms, 8, 100, "terms"}, {&o.Examples, 5, 1000, "examples"}, {&o.Procs, runtime.GOMAXPROCS(0), math.MaxInt, "goroutines"}}))
	return o, err
}

// maxShare leaves out words of more than a fifth of the texts. The prototype
// left out those of a twentieth: measured, a fifth tells pairs of one story
// from others better on Telegram (AUC .971 against .968) and no worse
// elsewhere, since the common words are stop words already.
const maxShare = .2

// Narratives groups the texts of the posts by what they say. Words are
// stemmed, also across the Cyrillic and the Latin alphabet; each text is tied
// to its nearest within the window; the ties are divided by the Leiden
// algorithm with a constant Potts objective. The same posts and options give
// the same narratives. It fails on an option that cannot be and when ctx ends.
func (r *Result) Narratives(ctx context.Context, o NarrativeOptions) (*Narratives, error) {
	o, err := o.Resolved()
	if err != nil {
		return nil, err
	}
	tell := func(stage string) func(int, int) {
		return func(done, total int) {
			if o.Progress != nil {
				o.Progress(stage, done, total)
			}
		}
	}
	b, err := r.bags(ctx, bagPlan{stems: ofStems, window: o.Window, minWords: o.MinWords, minDF: 2, maxShare: maxShare, stop: o.StopWords, procs: o.Procs, tell: tell("stems")})
	if err != nil {
		return nil, err
	}
	tell("nearest texts")(0, 1)
	edges, err := b.ties(ctx, o)
	if err != nil {
		return nil, err
	}
	tell("narratives")(0, 1)
	g, err := leiden.New(len(b.nodes), edges)
	if err != nil {
		return nil, err
	}
	part := leiden.Find(g, leiden.Options{Objective: leiden.CPM, Resolution: o.Resolution, Seed: o.Seed})
	n := &Narratives{Options: o, Texts: b.texts - b.short, Short: b.short, Untimed: b.untimed, b: b, part: part}
	s := &narrator{r: r, b: b, o: &o, n: n}
	s.describe(s.correct(part, o.Corrections))
	return n, ctx.Err()
}

// ties joins each node to its nearest, and the nodes of one text one after the
// other.
func (b *bags) ties(ctx context.Context, o NarrativeOptions) ([]leiden.Edge, error) {
	x := tfidf.NewIndex(b.vectors, b.nodes, reach(o.Window))
	start, nbs, err := x.Nearest(ctx, o.Neighbours, o.MinCosine, o.Procs)
	if err != nil {
		return nil, err
	}
	var edges []leiden.Edge
	has := func(i, j uint32) bool {
		return slices.ContainsFunc(nbs[start[i]:start[i+1]], func(n tfidf.Neighbour) bool { return n.Node == j })
	}
	last := map[uint32]uint32{} // text → its node before
	for i := range uint32(len(b.nodes)) {
		for _, n := range nbs[start[i]:start[i+1]] {
			if i < n.Node || !has(n.Node, i) { // each tie once
				edges = append(edges, leiden.Edge{A: i, B: n.Node, Weight: float64(n.Cosine)})
			}
		}
		if before, ok := last[b.nodes[i].Text]; ok {
			edges = append(edges, leiden.Edge{A: before, B: i, Weight: 1})
		}
		last[b.nodes[i].Text] = i
	}
	return edges, nil
}
