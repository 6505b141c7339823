package coordination

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// TestNeighboursOrIndex: comparing each text with its neighbours in time gives
// what the index gives, also across the shards.
func TestNeighboursOrIndex(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var rows []CNTRow
	for i := range 6000 {
		var words []string
		if i > 20 && rng.IntN(3) == 0 {
			words = strings.Fields(rows[i-1-rng.IntN(20)].Text)
			if rng.IntN(2) == 0 {
				words[rng.IntN(len(words))] = fmt.Sprint("w", rng.IntN(500))
			}
		} else {
			for range 1 + rng.IntN(12) {
				words = append(words, fmt.Sprint("w", rng.IntN(50)))
			}
		}
		r := CNTRow{Message: fmt.Sprint(i), User: fmt.Sprint("u", rng.IntN(40)), Text: strings.Join(words, " "), Time: float64(i/3) + .1*float64(rng.IntN(3))}
		if rng.IntN(20) == 0 {
			r.Message = fmt.Sprint(i - 1) // seen before
		}
		rows = append(rows, r)
	}
	for _, threshold := range []float64{.3, .5, .8, 1} {
		for _, window := range []time.Duration{0, 700 * time.Millisecond, 9 * time.Second, time.Minute} {
			o := CNTOptions{MinWeight: 1, Window: window, Threshold: threshold}
			met, ok := nearTexts(rows, window.Seconds(), threshold, len(rows))
			if !ok {
				t.Fatal("nearTexts refuses")
			}
			if _, ok := nearTexts(rows, window.Seconds(), threshold, 0); ok {
				t.Errorf("window %v: nearTexts finds no neighbours", window)
			}
			c := newCNT(rows)
			events, near := c.bySimilarText(window.Seconds(), threshold)
			want := c.network(events, near, window.Seconds(), o)
			if len(want) == 0 {
				t.Errorf("window %v, threshold %v: no edges, the rows are too thin to test", window, threshold)
			}
			if d := gocmp.Diff(want, meetingEdges(rows, met, o)); d != "" {
				t.Errorf("window %v, threshold %v (-index +neighbours):\n%s", window, threshold, d)
			}
		}
	}
}

// TestHashSet: what an earlier set held is not in the next, also when the count
// of sets begins anew.
func TestHashSet(t *testing.T) {
	s := hashSet{turn: 1<<32 - 3}
	for range 5 {
		s.clear(300)
		for h := range uint64(300) {
			if s.has(h * 64) {
				t.Fatalf("turn %d: %d is in an empty set", s.turn, h)
			}
			if !s.add(h*64) || s.add(h*64) || !s.has(h*64) {
				t.Fatalf("turn %d: %d is not added once", s.turn, h)
			}
		}
	}
}
