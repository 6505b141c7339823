package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// grids show each test under other settings.
func (b *builder) grids() {
	similar := false
	for i := range b.Tests {
		if t := &b.Tests[i]; len(t.Grid) > 0 {
			g := b.grid(t)
			similar = similar || g.Threshold == bySimilarity
			b.a.Grids = append(b.a.Grids, g)
		}
	}
	note := func(s string) { b.a.GridNote = append(b.a.GridNote, s) }
	switch {
	case b.Tests != nil && b.a.Grids == nil:
		note("No grid: nothing could be tested, so there is no finding that could hang on one setting.")
	case b.a.Grids == nil || similar:
	case slices.Contains(b.r.Options.Traces, coordination.SimilarText):
		note("By similar texts nothing could be tested, so no similarity was varied: the thresholds are the messages that two accounts must have in common.")
	default:
		note("Texts were not compared as similar in this run, so no similarity was varied: the thresholds are the messages that two accounts must have in common.")
	}
}

func (b *builder) grid(t *Tested) Grid {
	trace := traceInWords(t.Test.Trace)
	g := Grid{Trace: trace, Threshold: byMessages, Redraws: t.GridOf.Reference, Counts: "Accounts in groups that pass, by " + trace}
	o, used := &b.r.Options, t.Test.Options
	column := func(c *coordination.Cell) string { return fmt.Sprintf("%d or more messages in common", c.MinRepeats) }
	if t.Grid[0].Den > 0 {
		g.Threshold = bySimilarity
		g.Counts += fmt.Sprintf(", with at least %d messages in common", used.MinRepeats)
		column = func(c *coordination.Cell) string { return "similarity " + decimal(c.Num, c.Den) + " or more" }
	}
	most := 0
	for i := range t.Grid {
		c := &t.Grid[i]
		if i == 0 || c.Window != t.Grid[i-1].Window {
			g.Rows = append(g.Rows, GridRow{Window: windowWords(c.Window)})
		}
		if len(g.Rows) == 1 {
			g.Columns = append(g.Columns, column(c))
		}
		row := &g.Rows[len(g.Rows)-1]
		cell := GridCell{Used: c.Window == used.Window && c.MinRepeats == used.MinRepeats && c.Num*o.Den == o.Num*c.Den} // without similarity 0 = 0
		if c.Status != coordination.Tested {
			cell.Why = (&coordination.GroupTest{Status: c.Status, Options: coordination.TestOptions{Window: c.Window, MinRepeats: c.MinRepeats}}).Sentence()
		}
		in := map[uint32]bool{}
		for _, x := range c.Groups {
			for _, a := range x.Accounts {
				in[a] = true
			}
		}
		cell.Accounts = len(in)
		most = max(most, cell.Accounts)
		row.Cells = append(row.Cells, cell)
	}
	for r := range g.Rows {
		for k := range g.Rows[r].Cells {
			if c := &g.Rows[r].Cells[k]; c.Accounts > 0 {
				c.Tone = 1 + 2*c.Accounts/max(most, 1)
			}
		}
	}
	for i := range b.a.Groups {
		if x := &b.a.Groups[i]; x.Trace == trace && x.Grid != "" {
			g.Stable = x.Name + ": " + lowerFirst(x.Grid)
			break
		}
	}
	return g
}

// lowerFirst lets a sentence go on after a colon.
func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// calibration describes the check of the method on the user's own posts.
func (b *builder) calibration() {
	b.a.NoCalibrated = "Not calibrated on these posts: --calibrate 200 redraws them so that nothing is left to find, and counts how often the method still finds something."
	for i := range b.Tests {
		t := &b.Tests[i]
		if t.Calibration == nil || len(t.Calibration.Runs) == 0 || len(b.a.Groups) > 0 && b.a.Groups[0].Trace != traceInWords(t.Test.Trace) && b.a.Calibration != nil {
			continue
		}
		if b.a.Calibration != nil && (len(b.a.Groups) == 0 || b.a.Groups[0].Trace != traceInWords(t.Test.Trace)) {
			continue
		}
		c := calibrationOf(t.Calibration)
		c.Trace, c.Seed = traceInWords(t.Test.Trace), t.Calibration.Options.Seed
		b.a.Calibration, b.a.NoCalibrated = c, ""
	}
}

func calibrationOf(k *coordination.Calibration) *Calibration {
	n := len(k.Runs)
	c := &Calibration{Runs: n, Level: coordination.TestLevel}
	strong, weak := 0, 0
	for _, r := range k.Runs {
		if r.P <= c.Level {
			c.Found++
		}
		if r.Strong > 0 {
			strong++
		} else if r.Weak > 0 {
			weak++
		}
	}
	for i := 1; i <= 20; i++ {
		p := LevelPoint{Level: float64(i) / 100}
		for _, r := range k.Runs {
			if r.P <= p.Level+1e-12 {
				p.Found++
			}
		}
		c.Points = append(c.Points, p)
	}
	c.Allowed = int(float64(n)*c.Level + 2*math.Sqrt(float64(n)*c.Level*(1-c.Level)))
	c.Kept = n > 0 && c.Found <= c.Allowed
	c.Says = append(c.Says, fmt.Sprintf("At the level used, %d of %s showed something; at most %d were allowed.", c.Found, Count(int64(n), "redrawn data set"), c.Allowed),
		fmt.Sprintf("In %d of them a group would have been named at step 3, in %d a weak one at step 2.", strong, weak))
	if !c.Kept {
		c.Says = append(c.Says, "The method finds too much on these posts: what accounts did together is partly taken for their habit. So no group is named by its own p here, only one so striking that at most one in a hundred redrawn data sets shows its like.")
	} else if n < leastRuns {
		c.Says = append(c.Says, fmt.Sprintf("Fewer than %d redrawn data sets carry no word of the ladder.", leastRuns))
	}
	return c
}

// precisionOf returns how exactly most times are known.
func precisionOf(name string) post.Precision {
	p, err := post.ParsePrecision(name)
	if err != nil {
		return post.None
	}
	return p
}
