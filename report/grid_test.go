package report

import (
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
)

// TestGrids: similar texts are tested over similarities, links over messages in
// common; the setting used is marked; what was not varied is said.
func TestGrids(t *testing.T) {
	s := studyOf(t, synth.NewDemo(1).Posts)
	tested(t, s)
	a := Analyse(s)
	if len(a.Grids) != 2 || a.Grids[0].Threshold != bySimilarity || a.Grids[1].Threshold != byMessages {
		t.Fatalf("grids: %+v", a.Grids)
	}
	for _, g := range a.Grids {
		used := 0
		for _, r := range g.Rows {
			if len(r.Cells) != len(g.Columns) {
				t.Errorf("%s: %d cells under %d columns", g.Trace, len(r.Cells), len(g.Columns))
			}
			for _, c := range r.Cells {
				if c.Used {
					used++
				}
			}
		}
		if used != 1 || len(g.Rows) != 2 || g.Rows[0].Window != "1 minute" {
			t.Errorf("%s: %d settings used, rows %+v", g.Trace, used, g.Rows)
		}
	}
	if g := a.Grids[0]; strings.Join(g.Columns, "; ") != "similarity .70 or more; similarity .80 or more; similarity .90 or more" || !g.Rows[0].Cells[1].Used || g.Rows[0].Cells[1].Accounts < 16 {
		t.Errorf("by similar texts: %+v", g)
	}
	if a.GridNote != nil {
		t.Errorf("notes: %q", a.GridNote)
	}
	s.Tests = s.Tests[1:]
	if a = Analyse(s); len(a.GridNote) != 1 || !strings.Contains(a.GridNote[0], "By similar texts nothing could be tested") {
		t.Errorf("without a test by similar texts: %q", a.GridNote)
	}
	r, err := coordination.Find(synth.NewDemo(1).Posts, coordination.Options{Traces: []coordination.Trace{coordination.Link}, Windows: []time.Duration{time.Minute}})
	if err != nil {
		t.Fatal(err)
	}
	s = &Study{Result: r, Tests: s.Tests}
	if a = Analyse(s); len(a.GridNote) != 1 || !strings.Contains(a.GridNote[0], "not compared as similar in this run") {
		t.Errorf("without similar texts: %q", a.GridNote)
	}
}
