package coordination

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Default windows and repetitions of a grid.
var (
	GridWindows = []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute}
	GridRepeats = []int{2, 3}
)

// A Cell is the group test with one window and one least number of
// repetitions.
type Cell struct {
	Window     time.Duration
	MinRepeats int
	Status     Status
	Groups     []CellGroup // those that pass, strong ones first
}

// A CellGroup is what a cell says of a group.
type CellGroup struct {
	Verdict  Verdict
	Accounts []uint32 // ascending
	K        int
	Lambda   float64
	P        float64 // family-wise within the cell
	Ratio    float64
	Effect   float64
}

// Grid repeats a group test for every window and every least number of
// repetitions of an edge, so that a finding does not hang on one number. Cells
// come by window, then by repetitions; nil stands for the defaults. All cells
// look at the same events, which should be those of the smallest window.
// Progress is told windows.
func Grid(ctx context.Context, e *Events, o TestOptions, windows []time.Duration, repeats []int) ([]Cell, error) {
	if windows == nil {
		windows = GridWindows
	}
	if repeats == nil {
		repeats = GridRepeats
	}
	if len(windows) == 0 || len(repeats) == 0 {
		return nil, fmt.Errorf("a grid of %d windows and %d numbers of repetitions has no cell", len(windows), len(repeats))
	}
	var cells []Cell
	for i, w := range windows {
		for _, n := range repeats { // each must be possible
			o.Window, o.MinRepeats = w, n
			if _, err := o.resolved(); err != nil {
				return nil, err
			}
		}
		o.MinRepeats = slices.Min(repeats)
		r, err := o.resolved()
		if err != nil {
			return nil, err
		}
		r.Progress = nil
		g := newStage(e, r.Window.Milliseconds(), r.MinRepeats)
		row := make([]Cell, len(repeats))
		for k, n := range repeats {
			row[k] = Cell{Window: r.Window, MinRepeats: n, Status: g.status()}
		}
		if g.status() == Tested {
			d, err := g.redraw(ctx, e.acct, &r, repeats)
			if err != nil {
				return nil, err
			}
			for k := range repeats {
				from := k * len(Alphas)
				for _, c := range g.verdicts(d, e.acct, from, from+len(Alphas), true) {
					row[k].Groups = append(row[k].Groups, g.cellGroup(&c))
				}
			}
		}
		cells = append(cells, row...)
		if o.Progress != nil {
			o.Progress(i+1, len(windows))
		}
	}
	return cells, nil
}

func (g *stage) cellGroup(c *judged) CellGroup {
	out := CellGroup{Verdict: c.verdict, K: c.k, Lambda: c.lambda, P: c.p, Ratio: c.ratio(), Effect: c.effect()}
	for _, a := range c.accounts {
		out.Accounts = append(out.Accounts, g.e.accts[a])
	}
	return out
}

// Holding returns in how many cells a group of this verdict, or a stronger
// one, has at least half of its members in common with the accounts given, in
// ascending order (both together; Jaccard), and how many cells could be tested.
func Holding(cells []Cell, accounts []uint32, v Verdict) (held, tested int) {
	for _, c := range cells {
		if c.Status != Tested {
			continue
		}
		tested++
		if slices.ContainsFunc(c.Groups, func(g CellGroup) bool {
			return (g.Verdict == v || g.Verdict == Strong) && jaccard(accounts, g.Accounts) >= .5
		}) {
			held++
		}
	}
	return held, tested
}
