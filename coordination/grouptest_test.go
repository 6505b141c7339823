package coordination_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/coordination"
)

// A sample is events in the making.
type sample struct {
	acct, obj []uint32
	at        []int64
	rng       *rand.Rand
}

func (s *sample) add(acct, obj uint32, at float64) {
	s.acct, s.obj, s.at = append(s.acct, acct), append(s.obj, obj), append(s.at, int64(at)*1000)
}

func (s *sample) events(t testing.TB) *coordination.Events {
	t.Helper()
	e, err := coordination.NewEvents(s.acct, s.obj, s.at)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// ordinary is messages that accounts 0–499 pass on, each after a log-normal
// delay with a median of 20 minutes.
func ordinary(seed uint64) *sample {
	s := &sample{rng: rand.New(rand.NewPCG(seed, 99))}
	for o := range uint32(200) {
		from := s.rng.Float64() * 30 * 86400
		for range 6 + s.rng.IntN(30) {
			s.add(s.rng.Uint32N(500), o, from+math.Exp(7.1+1.8*s.rng.NormFloat64()))
		}
	}
	return s
}

// plant makes accounts 1000… share twice times messages with the others, each
// with probability ½, within a minute at a random moment of the message.
func (s *sample) plant(accounts uint32, times int) *sample {
	for _, o := range s.rng.Perm(200)[:2*times] {
		lo, hi := math.Inf(1), 0.0
		for i, x := range s.obj {
			if x == uint32(o) {
				lo, hi = min(lo, float64(s.at[i])/1000), max(hi, float64(s.at[i])/1000)
			}
		}
		from := lo + s.rng.Float64()*(hi-lo)
		for a := range accounts {
			if s.rng.IntN(2) == 0 {
				s.add(1000+a, uint32(o), from+60*s.rng.Float64())
			}
		}
	}
	return s
}

var ctx = context.Background()

func test(t testing.TB, e *coordination.Events, o coordination.TestOptions) *coordination.GroupTest {
	t.Helper()
	g, err := coordination.TestGroups(ctx, e, o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// members of groups of a verdict.
func members(g *coordination.GroupTest, v coordination.Verdict) []uint32 {
	var out []uint32
	for _, c := range g.Groups {
		if c.Verdict == v {
			out = append(out, c.Accounts...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestPlantsAreFound: accounts that burst together on five messages are one
// strong group, with nobody else; and every number that explains it is there.
func TestPlantsAreFound(t *testing.T) {
	for _, plain := range []bool{false, true} {
		found := 0
		for seed := range uint64(3) {
			g := test(t, ordinary(seed).plant(12, 5).events(t), coordination.TestOptions{Seed: seed, Plain: plain})
			got := members(g, coordination.Strong)
			for _, a := range got {
				if a < 1000 {
					t.Errorf("plain %v, seed %d: account %d is called strong", plain, seed, a)
				}
			}
			found += len(got)
			if len(g.Groups) == 0 || g.Groups[0].Verdict != coordination.Strong {
				continue
			}
			c := g.Groups[0]
			if c.P > .05 || c.Effect < .5 || c.K > c.Possible || c.WithBack < c.Objects || c.Fast {
				t.Errorf("the group's numbers: %+v", c)
			}
			for _, e := range c.Edges {
				if e.K != len(e.Meetings) || e.K > e.Shared || e.Lambda <= 0 || e.P <= 0 || e.P > .05 && c.Alpha < 1 {
					t.Errorf("an edge does not explain itself: %+v", e)
				}
				if e.LeftOut.K > e.K || e.LeftOut.P <= 0 || e.Activity.K != e.K || e.Activity.Q < e.Activity.P {
					t.Errorf("the descriptions of an edge: %+v %+v", e.LeftOut, e.Activity)
				}
				for _, m := range e.Meetings {
					if m.Gap > time.Minute || m.Gap < 0 || m.Outside < 5 || m.Accounts < m.Outside+2 {
						t.Errorf("a meeting: %+v", m)
					}
				}
			}
		}
		if found < 33 {
			t.Errorf("plain %v: %d of 36 planted accounts found, want 33", plain, found)
		}
	}
}

// TestNothingIsFoundInOrdinaryLife over ten data sets: one false group in
// twenty would be within the level, two in ten are not.
func TestNothingIsFoundInOrdinaryLife(t *testing.T) {
	n := 0
	for seed := range uint64(10) {
		g := test(t, ordinary(100+seed).events(t), coordination.TestOptions{Seed: seed})
		if g.Status != coordination.Tested || len(g.MaxT) != 3 || len(g.MaxT[0]) != 199 {
			t.Fatalf("status %q, %d alphas", g.Status, len(g.MaxT))
		}
		if len(members(g, coordination.Strong))+len(members(g, coordination.Weak)) > 0 {
			n++
		}
	}
	if n > 1 {
		t.Errorf("a group in %d of 10 data sets without any", n)
	}
}

// TestSameBytesOnAnyNumberOfProcessors, and other bytes for another seed.
func TestSameBytesOnAnyNumberOfProcessors(t *testing.T) {
	e := ordinary(7).plant(8, 4).events(t)
	run := func(procs int, seed uint64) []byte {
		b, err := json.Marshal(test(t, e, coordination.TestOptions{Seed: seed, Procs: procs, Expect: 60, Reference: 59}))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	want := run(1, 5)
	for _, procs := range []int{2, 3, 8} {
		if !bytes.Equal(run(procs, 5), want) {
			t.Errorf("%d processors: other bytes than one", procs)
		}
	}
	if bytes.Equal(run(2, 6), want) {
		t.Error("another seed changes nothing")
	}
}

// TestDegenerate: what cannot be tested gives a sentence, and no number that
// is not one.
func TestDegenerate(t *testing.T) {
	make := func(f func(s *sample)) *sample {
		s := &sample{rng: rand.New(rand.NewPCG(1, 1))}
		f(s)
		return s
	}
	for _, c := range []struct {
		name     string
		s        *sample
		status   coordination.Status
		sentence string
	}{
		{"nothing", make(func(*sample) {}), coordination.NoShares, "No message was shared"},
		{"one post", make(func(s *sample) { s.add(1, 1, 0) }), coordination.NoShares, "No message was shared"},
		{"one account", make(func(s *sample) {
			for o := range uint32(50) {
				s.add(1, o, float64(o))
			}
		}), coordination.NoShares, "No message was shared"},
		{"ten thousand copies", make(func(s *sample) {
			for a := range uint32(10_000) {
				s.add(a, 1, s.rng.Float64()*3600)
			}
		}), coordination.NoRepeaters, "One message was shared by several accounts"},
		{"ten thousand copies, three times", make(func(s *sample) {
			for i := range uint32(30_000) {
				s.add(i%10_000, i/10_000, s.rng.Float64()*7200)
			}
		}), coordination.Crowd, "so many accounts within 1m"},
		{"all times equal", make(func(s *sample) {
			for i := range uint32(300) {
				s.add(i%20, i/20, 0)
			}
		}), coordination.AllTogether, "timing cannot tell"},
		{"small objects", make(func(s *sample) {
			for i := range uint32(90) {
				s.add(i%3, i/3, float64(i/3)*1e4+s.rng.Float64()*50)
			}
		}), coordination.NoneBackdrop, "No background"},
		{"far apart", make(func(s *sample) {
			for i := range uint32(300) {
				s.add(i%10, i/10, float64(i)*1e4)
			}
		}), coordination.NoCoincidence, "No two accounts published 2"},
		{"before 1970", make(func(s *sample) {
			for i := range uint32(300) {
				s.add(i%10, i/10, -1e9-1e7*s.rng.Float64())
			}
		}), coordination.NoCoincidence, "No two accounts"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := test(t, c.s.events(t), coordination.TestOptions{})
			if g.Status != c.status || !strings.HasPrefix(g.Sentence(), c.sentence) && !strings.Contains(g.Sentence(), c.sentence) {
				t.Errorf("%q: %s; want %q", g.Status, g.Sentence(), c.status)
			}
			if _, err := json.Marshal(g); err != nil { // refuses NaN and Inf
				t.Error(err)
			}
		})
	}
}

// TestFastFollowers: accounts that share every message within a minute of its
// first share are described as such, and nothing more is said of them.
func TestFastFollowers(t *testing.T) {
	s := ordinary(3)
	first := map[uint32]float64{}
	for i, o := range s.obj {
		if at, ok := first[o]; !ok || float64(s.at[i])/1000 < at {
			first[o] = float64(s.at[i]) / 1000
		}
	}
	for o := range uint32(200) {
		for a := range uint32(8) {
			if s.rng.IntN(4) == 0 {
				s.add(2000+a, o, first[o]+5+55*s.rng.Float64())
			}
		}
	}
	g := test(t, s.events(t), coordination.TestOptions{})
	if len(g.Followers) != 1 {
		t.Fatalf("%d groups of followers, want 1", len(g.Followers))
	}
	f := g.Followers[0]
	if want := []uint32{2000, 2001, 2002, 2003, 2004, 2005, 2006, 2007}; !cmp.Equal(f.Accounts, want) {
		t.Errorf("followers %v, want %v", f.Accounts, want)
	}
	if f.Within > time.Minute || f.Within <= 0 || f.Objects < 50 || f.Shares < 200 {
		t.Errorf("%+v", f)
	}
	if got := members(g, coordination.Strong); got != nil {
		t.Errorf("followers are called strong: %v", got)
	}
}

// TestCancelled: a cancelled test returns the error of its context.
func TestCancelled(t *testing.T) {
	c, cancel := context.WithCancel(ctx)
	e := ordinary(1).events(t)
	_, err := coordination.TestGroups(c, e, coordination.TestOptions{Progress: func(done, total int) {
		if total != 398 {
			t.Errorf("%d redraws in all, want 398", total)
		}
		if done == 20 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestOptionsThatCannotBe(t *testing.T) {
	e := ordinary(1).events(t)
	for _, o := range []coordination.TestOptions{{Window: -1}, {Window: time.Microsecond}, {Expect: 5}, {Reference: -3}, {MinRepeats: 1}} {
		if _, err := coordination.TestGroups(ctx, e, o); err == nil {
			t.Errorf("%+v was taken", o)
		}
		if _, err := coordination.Calibrate(ctx, e, o, 1, nil); err == nil {
			t.Errorf("Calibrate took %+v", o)
		}
	}
}

// TestCalibrate: made in pieces it is the same; one of other posts or options
// is refused; and on ordinary life it finds hardly anything.
func TestCalibrate(t *testing.T) {
	e := ordinary(1).events(t)
	o := coordination.TestOptions{Seed: 3, Expect: 40, Reference: 39}
	whole, err := coordination.Calibrate(ctx, e, o, 30, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, cancel := context.WithCancel(ctx)
	o.Progress = func(done, _ int) {
		if done == 7 {
			cancel()
		}
	}
	part, err := coordination.Calibrate(c, e, o, 30, nil)
	if !errors.Is(err, context.Canceled) || len(part.Runs) < 7 || len(part.Runs) == 30 {
		t.Fatalf("%d runs, error %v", len(part.Runs), err)
	}
	o.Progress = nil
	b, err := json.Marshal(part)
	if err != nil {
		t.Fatal(err)
	}
	var stored coordination.Calibration
	if err := json.Unmarshal(b, &stored); err != nil {
		t.Fatal(err)
	}
	rest, err := coordination.Calibrate(ctx, e, o, 30, &stored)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(whole, rest); d != "" {
		t.Errorf("made in pieces it differs:\n%s", d)
	}
	if !whole.Of(e, o) || whole.Of(ordinary(2).events(t), o) || whole.Of(e, coordination.TestOptions{}) {
		t.Error("Of does not tell whose calibration it is")
	}
	if _, err := coordination.Calibrate(ctx, ordinary(2).events(t), o, 1, whole); err == nil || !strings.Contains(err.Error(), "other posts") {
		t.Errorf("a calibration of other posts: %v", err)
	}
	if _, err := coordination.Calibrate(ctx, e, coordination.TestOptions{}, 1, whole); err == nil || !strings.Contains(err.Error(), "other options") {
		t.Errorf("a calibration with other options: %v", err)
	}
	stored.Version = "N4/0"
	if _, err := coordination.Calibrate(ctx, e, o, 1, &stored); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Errorf("a calibration of another version: %v", err)
	}
	if k := whole.P(math.Inf(1)); k != 1./31 {
		t.Errorf("p of a T that no redrawn data set reaches: %v", k)
	}
	if k := whole.P(0); k != 1 {
		t.Errorf("p of a T that all reach: %v", k)
	}
	for _, r := range whole.Runs {
		if (r.P <= coordination.TestLevel || r.Strong+r.Weak > 0) && r.MaxT == 0 {
			t.Errorf("run %d found something without a T", r.Number)
		}
	}
	null, err := coordination.Redrawn(e, o, 4)
	if err != nil {
		t.Fatal(err)
	}
	if null.Len() != e.Len() || null.Objects() != e.Objects() || null.Accounts() != e.Accounts() {
		t.Error("a redrawn data set has other accounts, objects or shares")
	}
	if any, se, strong := whole.Share(); any > .05+2*max(se, .035) || strong > any {
		t.Errorf("a group in %.3f of redrawn data sets, strong in %.3f", any, strong)
	}
}

// TestGrid: a cell is the test with its window and repetitions, and a planted
// group holds over the grid.
func TestGrid(t *testing.T) {
	e := ordinary(2).plant(12, 6).events(t)
	o := coordination.TestOptions{Seed: 4, Expect: 60, Reference: 59}
	windows, repeats := []time.Duration{30 * time.Second, time.Minute, 5 * time.Minute}, []int{2, 3}
	cells, err := coordination.Grid(ctx, e, o, windows, repeats)
	if err != nil {
		t.Fatal(err)
	}
	if len(cells) != 6 || cells[1].Window != 30*time.Second || cells[1].MinRepeats != 3 {
		t.Fatalf("%d cells: %+v", len(cells), cells)
	}
	one := o
	one.Window = 30 * time.Second
	g := test(t, e, one)
	var want []coordination.CellGroup
	for _, c := range g.Groups {
		if c.Verdict != coordination.NotPassing {
			want = append(want, coordination.CellGroup{Verdict: c.Verdict, Accounts: c.Accounts, K: c.K, Lambda: c.Lambda, P: c.P, Ratio: c.Ratio, Effect: c.Effect})
		}
	}
	if d := cmp.Diff(want, cells[0].Groups); d != "" {
		t.Errorf("the first cell is not the test:\n%s", d)
	}
	planted := []uint32{1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011}
	if held, tested := coordination.Holding(cells, planted, coordination.Strong); tested != 6 || held < 4 {
		t.Errorf("held in %d of %d cells", held, tested)
	}
	if held, _ := coordination.Holding(cells, []uint32{1, 2, 3}, coordination.Weak); held != 0 {
		t.Errorf("three ordinary accounts held in %d cells", held)
	}
	if _, err := coordination.Grid(ctx, e, o, []time.Duration{-1}, nil); err == nil {
		t.Error("a window below 0 was taken")
	}
	if _, err := coordination.Grid(ctx, e, o, []time.Duration{}, nil); err == nil {
		t.Error("a grid without a cell was taken")
	}
}
