package coordination_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
)

// TestGridSimilar: a cell of the grid of similarities is the test over posts
// compared with that similarity, and that of the analysis is one of them.
func TestGridSimilar(t *testing.T) {
	posts := synth.NewDemo(1).Posts
	find := func(num, den uint64) *coordination.Result {
		r, err := coordination.Find(posts, coordination.Options{Traces: []coordination.Trace{coordination.SimilarText}, Num: num, Den: den})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	o := coordination.TestOptions{Seed: 3, Expect: 30, Reference: 29}
	r := find(3, 4)
	windows := []time.Duration{time.Minute, 5 * time.Minute}
	cells, err := r.GridSimilar(t.Context(), time.Minute, o, windows, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]uint64{{7, 10}, {3, 4}, {8, 10}, {9, 10}}
	if len(cells) != 8 {
		t.Fatalf("%d cells", len(cells))
	}
	for k, s := range want {
		e, err := find(s[0], s[1]).Events(coordination.SimilarText, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := coordination.Grid(t.Context(), e, o, windows, []int{2})
		if err != nil {
			t.Fatal(err)
		}
		for i := range windows {
			c := cells[i*4+k]
			if c.Num != s[0] || c.Den != s[1] {
				t.Errorf("cell %d of window %v is of %d/%d", k, c.Window, c.Num, c.Den)
			}
			c.Num, c.Den = 0, 0
			if d := cmp.Diff(plain[i], c); d != "" {
				t.Errorf("at %d/%d within %v (-test +grid):\n%s", s[0], s[1], c.Window, d)
			}
		}
	}
	if len(cells[0].Groups) == 0 {
		t.Error("no group at .7: the test shows nothing")
	}
	for _, bad := range [][2]uint64{{0, 1}, {3, 2}} {
		if _, err := r.GridSimilar(t.Context(), time.Minute, o, windows, [][2]uint64{bad}); err == nil {
			t.Errorf("a similarity of %v was taken", bad)
		}
	}
}
