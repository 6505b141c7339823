package coordination_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
)

// russian returns the reposts of the Russian data.
func russian(t testing.TB) *coordination.Events {
	t.Helper()
	var acct, obj []uint32
	var at []int64
	accts, objs := map[string]uint32{}, map[string]uint32{}
	number := func(m map[string]uint32, s string) uint32 {
		n, ok := m[s]
		if !ok {
			n = uint32(len(m))
			m[s] = n
		}
		return n
	}
	for _, r := range readCSV(t, dataDir(t), "russian_coord_tweets.input.csv.gz") {
		if r[0] == r[2] { // the object itself
			continue
		}
		sec, err := strconv.ParseFloat(r[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		obj, acct, at = append(obj, number(objs, r[0])), append(acct, number(accts, r[1])), append(at, int64(sec*1000))
	}
	e, err := coordination.NewEvents(acct, obj, at)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestRussianReposts: the activity null finds one pair, as the prototype did,
// and what the plain test finds is a few accounts, none of them strong.
func TestRussianReposts(t *testing.T) {
	g := test(t, russian(t), coordination.TestOptions{Seed: 1, Plain: true})
	if len(g.Activity) != 1 || g.Coincidences != 6228 {
		t.Errorf("%d pairs under the activity null, want 1; %d coincidences, want 6228", len(g.Activity), g.Coincidences)
	}
	if s, w := members(g, coordination.Strong), members(g, coordination.Weak); len(s) > 0 || len(w) > 12 {
		t.Errorf("strong %v, weak %v; the prototype had 9 accounts at ρ ≥ 2", s, w)
	}
}

// BenchmarkGroupTest is one test of the Russian reposts: 398 redraws.
func BenchmarkGroupTest(b *testing.B) {
	e := russian(b)
	for _, c := range []struct {
		name string
		o    coordination.TestOptions
	}{
		{"profiles", coordination.TestOptions{Seed: 1}},
		{"plain", coordination.TestOptions{Seed: 1, Plain: true}},
		{"profiles, 1h", coordination.TestOptions{Seed: 1, Window: time.Hour}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := coordination.TestGroups(ctx, e, c.o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
