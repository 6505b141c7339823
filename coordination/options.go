package coordination

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination/internal/fold"
)

// A Trace is what two posts can have in common. Beside the constants below,
// "column:NAME" compares the extra column NAME of the input.
type Trace string

// The traces.
const (
	SameText    Trace = "same-text"        // the same normalised text
	SimilarText Trace = "similar-text"     // normalised texts at least as alike as the threshold
	Link        Trace = "link"             // the same address, tracking and mobile forms removed
	LinkRaw     Trace = "link-raw"         // the same address as given
	Domain      Trace = "domain"           // a link to the same registrable domain
	Hashtag     Trace = "hashtag"          // a hashtag, case and ё/е folded
	HashtagSeq  Trace = "hashtag-sequence" // the same hashtags in the same order, at least MinSequence
	Repost      Trace = "repost"           // reposts of the same post
	Reply       Trace = "reply"            // replies to the same post
	Mention     Trace = "mention"          // a mention of the same account
	MediaHash   Trace = "media"            // a picture, video or sound with the same hash
)

// column is the prefix of a trace on a column of the user's.
const column = "column:"

// Traces lists the traces in the order of reports.
var Traces = []Trace{SameText, SimilarText, Link, LinkRaw, Domain, Hashtag, HashtagSeq, Repost, Reply, Mention, MediaHash}

// DefaultTraces are those that say something by themselves. A domain, a
// single hashtag, a mention or the target of a reply is shared by many who
// have nothing else in common.
var DefaultTraces = []Trace{SameText, SimilarText, Link, HashtagSeq, Repost, MediaHash}

// Unbounded is the window without limit. Posts without a time take part in
// it, and in it only.
const Unbounded = time.Duration(-1)

// DefaultWindows are a minute, an hour, a day and two days.
var DefaultWindows = []time.Duration{time.Minute, time.Hour, 24 * time.Hour, 48 * time.Hour}

// Options of an analysis. The zero value is a good default.
type Options struct {
	Traces  []Trace         // nil: DefaultTraces
	Windows []time.Duration // nil: DefaultWindows; whole milliseconds or Unbounded

	// Similar text: the similarity must be at least Num/Den. Zero: 80/100.
	Num, Den    uint64
	Containment bool // divide by the shorter text instead of the union
	Gram        int  // compare runs of so many characters; zero: words

	Without   []string // normalisation rules to leave out, by name; see RuleNames
	MinWords  int      // a text needs so many words …; zero: 4
	MinRunes  int      // … or so many characters in words; zero: 20
	Originals bool     // leave all reposts out of the comparison of texts

	MinSequence int // hashtags in a sequence at least; zero: 5

	MinWeight        int     // list edges of at least so many messages; zero: 1
	GroupWeight      int     // groups are made by edges of at least so many; zero: 2
	MinParticipation int     // accounts with fewer posts in waves have no edges; zero: 1
	Percentile       float64 // list edges heavier than this quantile of all weights (type 7); zero: all
	Directed         bool    // an edge runs from the account that published first

	// MaxPairs bounds the pairs made of one wave; zero: 1,000,000. A larger
	// wave is one record with its posts and its exact number of pairs. All
	// listed waves of a trace and window together are bounded by 16 times
	// as many; the largest are left unlisted first.
	MaxPairs int64

	Procs    int                                 // goroutines; zero: one for each processor
	Progress func(stage string, done, total int) // told now and then, from one goroutine at a time; may be nil
}

// RuleNames are the normalisation rules in the order applied.
func RuleNames() []string { return fold.All.Names() }

// Normalise returns the text as it is compared, words separated by one space.
func Normalise(text string, o Options) string {
	s, _ := fold.Normal(text, o.applied())
	return s
}

func (o *Options) applied() fold.Rules {
	r := fold.All
	for _, n := range o.Without {
		if one, ok := fold.ByName(n); ok {
			r &^= one
		}
	}
	return r
}

// Resolved returns o with every zero replaced by its default, or an error
// that says which option cannot be.
func (o Options) Resolved() (Options, error) {
	if o.Traces == nil {
		o.Traces = DefaultTraces
	}
	var traces []Trace
	for _, t := range o.Traces {
		if !slices.Contains(Traces, t) && (!strings.HasPrefix(string(t), column) || len(t) == len(column)) {
			return o, fmt.Errorf("there is no trace %q; known: %v and column:NAME", t, Traces)
		}
		if !slices.Contains(traces, t) {
			traces = append(traces, t)
		}
	}
	if len(traces) > 64 {
		return o, fmt.Errorf("%d traces are too many; 64 at most", len(traces))
	}
	o.Traces = traces
	if o.Windows == nil {
		o.Windows = DefaultWindows
	}
	o.Windows = slices.Clone(o.Windows)
	for _, w := range o.Windows {
		if err := checkWindow(w); err != nil {
			return o, err
		}
	}
	slices.SortFunc(o.Windows, func(a, b time.Duration) int { return cmpWindow(a, b) })
	o.Windows = slices.Compact(o.Windows)
	if o.Num == 0 && o.Den == 0 {
		o.Num, o.Den = 80, 100
	}
	if o.Den == 0 || o.Num == 0 || o.Num > o.Den || o.Den > 1<<20 {
		return o, fmt.Errorf("the threshold %d/%d cannot be; above 0, at most 1", o.Num, o.Den)
	}
	for _, n := range o.Without {
		if _, ok := fold.ByName(n); !ok {
			return o, fmt.Errorf("there is no normalisation rule %q; known: %v", n, RuleNames())
		}
	}
	if o.Percentile < 0 || o.Percentile >= 1 || math.IsNaN(o.Percentile) {
		return o, fmt.Errorf("the percentile %v cannot be; from 0 to below 1", o.Percentile)
	}
	for _, d := range []struct {
		v   *int
		def int
	}{{&o.MinWords, 4}, {&o.MinRunes, 20}, {&o.MinSequence, 5}, {&o.MinWeight, 1}, {&o.GroupWeight, 2},
		{&o.MinParticipation, 1}, {&o.Procs, runtime.GOMAXPROCS(0)}} {
		if *d.v < 0 {
			return o, fmt.Errorf("the number %d cannot be negative", *d.v)
		}
		if *d.v == 0 {
			*d.v = d.def
		}
	}
	if o.Gram < 0 || o.MaxPairs < 0 {
		return o, fmt.Errorf("the number cannot be negative")
	}
	if o.MaxPairs == 0 {
		o.MaxPairs = 1_000_000
	}
	return o, nil
}

func cmpWindow(a, b time.Duration) int {
	switch {
	case a == b:
		return 0
	case a == Unbounded || b != Unbounded && b < a:
		return 1
	}
	return -1
}

func checkWindow(w time.Duration) error {
	if w != Unbounded && (w < 0 || w%time.Millisecond != 0) {
		return fmt.Errorf("the window %v cannot be; whole milliseconds or unbounded", w)
	}
	return nil
}

func checkShare(name string, v float64) error {
	if !(v > 0 && v <= 1) {
		return fmt.Errorf("the %s %v cannot be; above 0, at most 1", name, v)
	}
	return nil
}

// A countOption is a number among the options, with its default, its bound and
// what it counts.
type countOption struct {
	v         *int
	def, most int
	name      string
}

// fillCounts puts the default for every zero.
func fillCounts(options []countOption) error {
	for _, c := range options {
		switch {
		case *c.v < 0:
			return fmt.Errorf("the number of %s cannot be negative: %d", c.name, *c.v)
		case *c.v > c.most:
			return fmt.Errorf("%d %s are too many; %d at most", *c.v, c.name, c.most)
		case *c.v == 0:
			*c.v = c.def
		}
	}
	return nil
}

// WindowName prints a window as people write it: "1m", "48h", "unbounded".
func WindowName(w time.Duration) string {
	if w == Unbounded {
		return "unbounded"
	}
	s := w.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// ParseRatio reads a threshold such as "0.8", ".85" or "1" as a fraction of
// whole numbers.
func ParseRatio(s string) (num, den uint64, err error) {
	whole, frac, _ := strings.Cut(s, ".")
	bad := fmt.Errorf("%q is not a threshold; a number above 0, at most 1, with up to 5 decimals", s)
	if len(frac) > 5 || whole+frac == "" {
		return 0, 0, bad
	}
	den = 1
	for _, c := range whole + frac {
		if c < '0' || c > '9' || num > 1<<20 {
			return 0, 0, bad
		}
		num = num*10 + uint64(c-'0')
	}
	for range frac {
		den *= 10
	}
	if num == 0 || num > den {
		return 0, 0, bad
	}
	return num, den, nil
}

// Rules returns the names of the normalisation rules that o applies, in order.
func (o Options) Rules() []string { return o.applied().Names() }
