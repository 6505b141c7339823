package coordination

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/arasha-org/arasha/coordination/internal/redraw"
)

// resolved returns o with every zero replaced by its default, or an error
// that says which option cannot be.
func (o TestOptions) resolved() (TestOptions, error) {
	if o.Window == 0 {
		o.Window = time.Minute
	}
	if o.Window < time.Millisecond || o.Window%time.Millisecond != 0 {
		return o, fmt.Errorf("the window %v of a group test cannot be; whole milliseconds, at least one", o.Window)
	}
	if err := fillCounts([]countOption{{&o.Expect, 199, math.MaxInt, "redraws for the expectation"}, {&o.Reference, 199, math.MaxInt, "redraws to compare with"},
		{&o.MinRepeats, 2, math.MaxInt, "repetitions of an edge"}, {&o.Procs, runtime.GOMAXPROCS(0), math.MaxInt, "goroutines"}}); err != nil {
		return o, err
	}
	if o.Expect < 20 || o.Reference < 19 {
		return o, fmt.Errorf("%d redraws for the expectation and %d to compare with are too few; at least 20 and 19", o.Expect, o.Reference)
	}
	if o.MinRepeats < 2 {
		return o, fmt.Errorf("an edge of a group test repeats at least twice, not %d times", o.MinRepeats)
	}
	return o, nil
}

// TestGroups tests which groups of accounts coincide more often than their
// habits and the objects' popularity explain: see [GroupTest]. The same
// events, options and seed give the same result whatever the number of
// processors. Events on which nothing can be tested are not an error: Status
// and Sentence say so. The only errors are an option that cannot be and that
// of ctx.
func TestGroups(ctx context.Context, e *Events, o TestOptions) (*GroupTest, error) {
	o, err := o.resolved()
	if err != nil {
		return nil, err
	}
	g := newStage(e, o.Window.Milliseconds(), o.MinRepeats)
	t := &GroupTest{Trace: e.Trace, Options: o, Version: TestVersion, Status: g.status(),
		Events: e.Len(), Accounts: e.Accounts(), Objects: e.Objects(), Coincidences: int(g.total), Repeaters: g.repeaters,
		NoBackground: e.Objects() - g.backgrounds(), Crowded: g.crowded, Untimed: e.Untimed}
	t.Options.Progress, t.Options.Procs = nil, 0 // no part of what was asked
	if t.Status != Tested && t.Status != NoneBackdrop {
		return t, nil
	}
	n1 := g.activity(e.acct)
	again := newJudge(g, &expectation{draws: 1}, []layer{{least: o.MinRepeats}}).again(e.acct, o.MinRepeats)
	t.Compared = int64(n1.pairs)
	for _, r := range again {
		a, b := redraw.Accounts(r.key)
		if p := n1.pair(a, b, r.k); p.Q <= TestLevel {
			p.A, p.B = e.accts[a], e.accts[b]
			t.Activity = append(t.Activity, p)
		}
	}
	slices.SortStableFunc(t.Activity, func(a, b ActivityPair) int {
		return cmp.Or(cmp.Compare(a.P, b.P), cmp.Compare(b.K, a.K), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	t.Followers = g.followers(again)
	if t.Status == Tested && len(again) == 0 {
		t.Status = NoCoincidence
	}
	if t.Status != Tested {
		return t, nil
	}
	d, err := g.redraw(ctx, e.acct, &o, []int{o.MinRepeats})
	if err != nil {
		return nil, err
	}
	n3 := g.leftOut(again)
	for _, c := range g.verdicts(d, e.acct, 0, len(d.layers), false) {
		out := g.group(&c, d, n1, n3)
		out.Number = len(t.Groups) + 1
		if f, ok := g.follow(c.accounts); ok {
			out.Fast, out.Within = true, f.Within
		}
		t.Groups = append(t.Groups, out)
	}
	for i := range t.Groups {
		in := &t.Groups[i]
		for _, w := range t.Groups {
			if in.Verdict == Strong && w.Verdict == Weak && slices.Contains(w.Accounts, in.Accounts[0]) {
				in.Inside = w.Number
			}
		}
	}
	t.MaxT = make([][]float64, len(d.layers))
	for l := range d.layers {
		for _, row := range d.max {
			t.MaxT[l] = append(t.MaxT[l], row[l])
		}
		slices.Sort(t.MaxT[l])
	}
	return t, nil
}
