package coordination

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/arasha-org/arasha/post"
)

// WaveTestVersion names the algorithm of the wave tests; see [TestVersion].
const WaveTestVersion = "W1/1"

// Fixed numbers of the wave tests.
const (
	// MinReference is the least number of comparable messages a wave is
	// compared with; with fewer there is "no reference".
	MinReference = 100
	// PopularityLevel is the largest p_pop of step 2: with a hundred comparable
	// messages none of them may be as close.
	PopularityLevel = .01
	// FewPosts is the number of other posts below which an account is nearly new.
	FewPosts = 5
	// SpreadOut is the half-span above which nothing is claimed from timing:
	// ordinary messages spread like this too.
	SpreadOut = 12 * time.Hour
)

// WaveWindows are the windows in which a message is tested.
var WaveWindows = []time.Duration{time.Minute, time.Hour, 24 * time.Hour, 48 * time.Hour}

// WaveOptions of the tests of messages. The zero value is the documented
// default.
type WaveOptions struct {
	MinAccounts int  // messages of fewer publishers are not tested; zero: 5. Fix it before looking at times.
	Draws       int  // of each account's moment, for the expectation; zero: 16
	Redraws     int  // of whole messages, for the Monte Carlo form; zero: not done
	FlatPool    bool // every day of the pool alike, as the first prototype had it
	Seed        uint64

	Publishers *Publishers // families count as one publisher; may be nil
	Described  *Described  // sourced facts about accounts; may be nil
	Rules      *Rules      // ordinary explanations; nil: the built-in ones
	Reference  *Reference  // a named background; may be nil

	Procs    int                   `json:"-"` // goroutines; zero: one for each processor; no influence on the result
	Progress func(done, total int) `json:"-"` // may be nil
}

// WaveTests say how unusual the messages under one trace are, one by one: one
// message, several accounts, once. No null model tells a campaign from a
// popular message, so none climbs above step 2.
type WaveTests struct {
	Trace   Trace
	Options WaveOptions // as used, defaults filled in
	Version string      // WaveTestVersion
	Status  WaveStatus  // whether there was anything to test

	Tests    []WaveTest // highest step first, then the closest by popularity, by own activity, then most publishers
	Below    int        // messages of at least two accounts and fewer than MinAccounts, not tested
	Tested   int        // messages among which OwnQ was corrected: those not set apart by a rule
	SetApart int        // messages that a rule explains
	Untimed  int        // posts left out because their time is not known

	Accounts    int // of the corpus
	NewAccounts int // of these, accounts with fewer than FewPosts posts beside one

	at map[uint32]int // document → place in Tests
}

// A WaveTest is one message and what its times say. Posts are named by their
// place in the input; First to End are posts of the message.
type WaveTest struct {
	Trace      Trace
	Object     uint32 // number of the message, see WaveTests.Of
	Name       string // the link, hashtag, … or the text of the earliest post
	Accounts   int
	Publishers int      // accounts after families count as one
	Members    []uint32 // accounts, by their first post
	Posts      []uint32 // the first post of each publisher, by time; the tests see only these
	All        int      // posts of the message
	Platforms  []string // of the posts, in order of appearance

	First   uint32        // the earliest post: who was first, of the posts collected
	Peak    uint32        // the post with which the densest hour begins
	End     uint32        // the latest of Posts
	Half    time.Duration // shortest span with half of the publishers, at least two; −1 when times are not known
	Span    time.Duration // from First to End; −1 when times are not known
	Slack   time.Duration // two times may lie so much farther apart than they say: a minute for whole minutes
	Windows []WindowTest  // by WaveWindows; without those shorter than the times are exact

	// The test against the accounts' own activity: a filter, never a finding.
	// Anything that spreads at all passes it. Own is 4 · the least P of Windows,
	// at most 1. Where nearly new accounts took part it rests on the pool, and
	// History, without them, is the p that counts.
	Own     Chance
	History Chance
	OwnQ    float64 // of History where nearly new accounts took part, else of Own, after Benjamini and Hochberg; 1 when not tested
	PoolQ   float64 // of Own, after Benjamini and Hochberg: the filter of step 2

	New     int     // accounts with fewer than FewPosts other posts in the corpus
	NewTail float64 // probability of so many or more among as many accounts drawn from the corpus (hypergeometric)

	Popularity Popularity
	Explained  []Explanation // rules that explain it; the first sets it apart

	Step Step
	Stop WaveStop // why it goes no higher
}

// A Chance is a probability, or the fact that there is none.
type Chance struct {
	Tested   bool
	Accounts int     // it rests on
	P        float64 // 1 when not tested
}

// A WindowTest is the densest window of one length.
type WindowTest struct {
	Window  time.Duration
	K       int     // most publishers in any such window
	From    uint32  // the post with which the first such window begins
	P       float64 // bound of the probability of so many, under own activity
	Redrawn float64 // the same by Monte Carlo; −1 when it was not asked for
}

// A WaveStatus says whether there was anything to test.
type WaveStatus string

// The statuses.
const (
	WavesTested   WaveStatus = "tested"
	WavesNone     WaveStatus = "nothing shared"     // no message of two accounts
	WavesFew      WaveStatus = "few accounts"       // none of at least MinAccounts publishers
	WavesUntimed  WaveStatus = "no times"           // no message whose times are known
	WavesAtOnce   WaveStatus = "all at one time"    // the corpus has one time only
	WavesSetApart WaveStatus = "explained by rules" // every message is
)

// A WaveStop says why a message goes no higher on the ladder.
type WaveStop string

// The stops.
const (
	StopUntimed   WaveStop = "times not known"                  // step 0
	StopInexact   WaveStop = "times known to the day or less"   // step 1
	StopExplained WaveStop = "explained by a rule"              // step 1
	StopSpreadOut WaveStop = "spread over many hours"           // step 1
	StopOneMoment WaveStop = "the corpus has one time only"     // step 1
	StopNoHistory WaveStop = "accounts without a history"       // step 1
	StopOwnHabits WaveStop = "as the accounts' own hours allow" // step 1
	StopNoRef     WaveStop = "no reference"                     // step 1b
	StopPopular   WaveStop = "as comparable messages do"        // step 1b
	StopOnce      WaveStop = "one message, once"                // step 2
)

// Sentence says the status in one sentence.
func (t *WaveTests) Sentence() string {
	switch t.Status {
	case WavesNone:
		return "No message was published by two accounts, so there is no wave to test."
	case WavesFew:
		return fmt.Sprintf("No message was published by at least %d publishers, so none was tested.", t.Options.MinAccounts)
	case WavesUntimed:
		return "The times of no message are known, so none was tested."
	case WavesAtOnce:
		return "All posts bear one time, so no wave can be told from another."
	case WavesSetApart:
		return "Every message of enough publishers is explained by a named rule; none was tested."
	}
	s := fmt.Sprintf("Of the messages of at least %d accounts, %d were tested", t.Options.MinAccounts, t.Tested)
	if t.SetApart > 0 {
		s += fmt.Sprintf(" and %d %s explained by named rules", t.SetApart, map[bool]string{true: "is", false: "are"}[t.SetApart == 1])
	}
	return s + "."
}

// Of returns the test of the message of a wave, or nil when it was not tested.
func (t *WaveTests) Of(v *View, w *Wave) *WaveTest {
	if v.Trace != t.Trace {
		return nil
	}
	if i, ok := t.at[w.Message]; ok {
		return &t.Tests[i]
	}
	return nil
}

// TestWaves tests the messages under a trace. The error is that of ctx, or says
// that the trace was not analysed.
func (r *Result) TestWaves(ctx context.Context, t Trace, o WaveOptions) (*WaveTests, error) {
	i := slices.IndexFunc(r.Views, func(v View) bool { return v.Trace == t })
	if i < 0 {
		return nil, fmt.Errorf("coordination: the trace %q was not analysed; analysed: %v", t, r.Options.Traces)
	}
	if o.MinAccounts == 0 {
		o.MinAccounts = 5
	}
	o.MinAccounts = max(o.MinAccounts, 2)
	if o.Draws == 0 {
		o.Draws = 16
	}
	if o.Procs == 0 {
		o.Procs = r.Options.Procs
	}
	if o.Rules == nil {
		o.Rules = OrdinaryRules()
	}
	w := &waver{r: r, o: &o, d: r.Views[i].docs, out: &WaveTests{Trace: t, Version: WaveTestVersion, at: map[uint32]int{}}}
	w.activity()
	w.messages()
	var mu sync.Mutex
	done := 0
	err := each(ctx, o.Procs, len(w.found), func(i int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.test(&w.found[i])
		if o.Progress != nil {
			mu.Lock()
			done++
			o.Progress(done, len(w.found))
			mu.Unlock()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	w.judge()
	w.out.Options = o
	return w.out, nil
}

// judge corrects the p of all messages, puts each on its step and orders them.
func (w *waver) judge() {
	out := w.out
	var tested []*message
	for i := range w.found {
		m := &w.found[i]
		if len(m.Explained) > 0 {
			out.SetApart++
		} else {
			tested = append(tested, m)
		}
	}
	out.Tested = len(tested)
	p, pool := make([]float64, len(tested)), make([]float64, len(tested))
	for i, m := range tested {
		p[i], pool[i] = m.counts().P, m.Own.P
	}
	p, pool = benjaminiHochberg(p), benjaminiHochberg(pool)
	for i, m := range tested {
		m.OwnQ, m.PoolQ = p[i], pool[i]
	}
	if out.Status == "" {
		out.Status = WavesTested
		if len(tested) == 0 {
			out.Status = WavesSetApart
		}
	}
	for i := range w.found {
		m := &w.found[i]
		m.Step, m.Stop = m.step(w.once)
	}
	slices.SortStableFunc(w.found, func(a, b message) int {
		return cmp.Or(int(b.Step)-int(a.Step), cmp.Compare(a.Popularity.P, b.Popularity.P), cmp.Compare(a.OwnQ, b.OwnQ),
			b.Publishers-a.Publishers, cmp.Compare(a.Object, b.Object))
	})
	for i := range w.found {
		out.Tests = append(out.Tests, w.found[i].WaveTest)
		for _, d := range w.found[i].docs {
			out.at[d] = i
		}
	}
}

// counts returns the p that counts: without nearly new accounts where there
// are any.
func (t *WaveTest) counts() Chance {
	if t.Own.Accounts != t.History.Accounts {
		return t.History
	}
	return t.Own
}

// step puts a message on the ladder. Step 2 rests on the reference; of the
// accounts' own activity it asks only what every message that spreads passes,
// so that accounts made for the occasion do not escape it.
func (t *WaveTest) step(once bool) (Step, WaveStop) {
	c := t.counts()
	switch {
	case t.Half < 0:
		return Step0, StopUntimed
	case len(t.Explained) > 0:
		return Step1, StopExplained
	case t.Slack > SpreadOut:
		return Step1, StopInexact
	case once:
		return Step1, StopOneMoment
	case t.Half+t.Slack > SpreadOut:
		return Step1, StopSpreadOut
	case t.Popularity.N >= MinReference && t.Popularity.P <= PopularityLevel && t.PoolQ <= TestLevel:
		return Step2, StopOnce
	case !c.Tested:
		return Step1, StopNoHistory
	case t.OwnQ > TestLevel:
		return Step1, StopOwnHabits
	case t.Popularity.N < MinReference:
		return Step1b, StopNoRef
	}
	return Step1b, StopPopular
}

// benjaminiHochberg returns the q of each p (Benjamini and Hochberg 1995,
// doi:10.1111/j.2517-6161.1995.tb02031.x).
func benjaminiHochberg(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	q := make([]float64, len(p))
	least := 1.0
	for i := len(order) - 1; i >= 0; i-- {
		least = min(least, p[order[i]]*float64(len(p))/float64(i+1))
		q[order[i]] = least
	}
	return q
}

// Precision returns how exactly the times of a message are known.
func (t *WaveTest) Precision() post.Precision {
	for p := post.Minute; p <= post.Year; p++ {
		if t.Slack == p.Span() {
			return p
		}
	}
	return post.Second
}
