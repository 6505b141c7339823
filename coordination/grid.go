package coordination

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Default windows and repetitions of a grid.
var (
	GridWindows = []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute}
	GridRepeats = []int{2, 3}
	// GridThresholds are similarities, as fractions, that stand beside the one
	// of the analysis.
	GridThresholds = [][2]uint64{{7, 10}, {8, 10}, {9, 10}}
)

// Redraws of a cell, for the expectation and to compare with. A grid says
// whether a finding hangs on one setting; the finding itself has its 199. Of
// 39 at most one may match a group that passes.
const (
	GridExpect    = 49
	GridReference = 39
)

// A Cell is the group test with one window and one threshold: a least number
// of repetitions or, in a grid of similarities, a least similarity.
type Cell struct {
	Window     time.Duration
	MinRepeats int
	Num, Den   uint64 // the least similarity; both 0 where texts are not compared as similar
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
		row, err := gridRow(ctx, e, o, w, repeats)
		if err != nil {
			return nil, err
		}
		cells = append(cells, row...)
		if o.Progress != nil {
			o.Progress(i+1, len(windows))
		}
	}
	return cells, nil
}

// gridRow is the cells of one window.
func gridRow(ctx context.Context, e *Events, o TestOptions, w time.Duration, repeats []int) ([]Cell, error) {
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
	if g.status() != Tested {
		return row, nil
	}
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
	return row, nil
}

// GridSimilar repeats the group test by similar texts for every window and
// every least similarity, the texts compared anew with each; nil thresholds
// stand for the default ones and that of the analysis. Cells come by window,
// then by similarity. window says how exactly the times of posts must be
// known, as in [Result.Events]. Progress is told cells.
func (r *Result) GridSimilar(ctx context.Context, window time.Duration, o TestOptions, windows []time.Duration, thresholds [][2]uint64) ([]Cell, error) {
	if windows == nil {
		windows = GridWindows
	}
	if thresholds == nil {
		thresholds = r.withOwn(GridThresholds)
	}
	if len(windows) == 0 || len(thresholds) == 0 {
		return nil, fmt.Errorf("a grid of %d windows and %d similarities has no cell", len(windows), len(thresholds))
	}
	o, err := o.resolved()
	if err != nil {
		return nil, err
	}
	cells := make([]Cell, len(windows)*len(thresholds))
	for k, s := range thresholds {
		e, err := r.eventsSimilar(s, window)
		if err != nil {
			return nil, err
		}
		for i, w := range windows {
			row, err := gridRow(ctx, e, o, w, []int{o.MinRepeats})
			if err != nil {
				return nil, err
			}
			row[0].Num, row[0].Den = s[0], s[1]
			cells[i*len(thresholds)+k] = row[0]
			if o.Progress != nil {
				o.Progress(k*len(windows)+i+1, len(cells))
			}
		}
	}
	return cells, nil
}

// withOwn returns fractions, ascending, with that of the analysis among them.
func (r *Result) withOwn(list [][2]uint64) [][2]uint64 {
	compare := func(a, b [2]uint64) int { return cmp.Compare(a[0]*b[1], b[0]*a[1]) }
	own := [2]uint64{r.Options.Num, r.Options.Den}
	i, found := slices.BinarySearchFunc(list, own, compare)
	if found {
		return list
	}
	return slices.Insert(slices.Clone(list), i, own)
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
