package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/report"
)

// testable are the traces on which repetition is tested, one after the other.
var testable = []coordination.Trace{coordination.SimilarText, coordination.SameText, coordination.Link, coordination.LinkRaw, coordination.HashtagSeq, coordination.Repost, coordination.Reply, coordination.MediaHash}

// study runs the tests and looks for narratives.
func (c *detectCmd) study(ctx context.Context, w *world, r *coordination.Result, s *report.Study, x *reportContext, bar *bar) error {
	var clear []coordination.Suggestion
	for _, g := range r.SuggestFamilies() {
		if g.Clear() {
			clear = append(clear, g)
		} else {
			s.Suggested = append(s.Suggested, g)
		}
	}
	s.Publishers = r.Publishers(x.families, clear)
	s.Suggested = slices.DeleteFunc(s.Suggested, func(g coordination.Suggestion) bool { return s.Publishers.Count(g.Accounts) == 1 })
	if x.facts != nil {
		s.Described = r.Describe(x.facts)
	}
	s.Events, s.EventsKept, s.Gaps, s.Before = x.events, x.eventsKept, x.gaps, x.before
	ref, err := c.background(ctx, w, s, r.Options, bar)
	if err != nil {
		return err
	}
	for _, t := range r.Options.Traces {
		if t == coordination.SameText && slices.Contains(r.Options.Traces, coordination.SimilarText) {
			continue
		}
		o := coordination.WaveOptions{Seed: c.Seed, Publishers: s.Publishers, Described: s.Described, Rules: x.rules, Reference: ref}
		if bar != nil {
			o.Progress = func(done, total int) { bar.show("waves of "+string(t), int64(done), int64(total)) }
		}
		tests, err := r.TestWaves(ctx, t, o)
		if err != nil {
			return err
		}
		s.Waves = append(s.Waves, tests)
	}
	window := testWindow(r.Options.Windows)
	for _, t := range testable {
		if !slices.Contains(r.Options.Traces, t) || window == 0 || t == coordination.SameText && slices.Contains(r.Options.Traces, coordination.SimilarText) {
			continue
		}
		e, err := r.Events(t, window)
		if err != nil {
			return err
		}
		o := coordination.TestOptions{Window: window, Seed: c.Seed}
		if bar != nil {
			o.Progress = func(done, total int) { bar.show("test of "+string(t), int64(done), int64(total)) }
		}
		k := report.Tested{Events: e}
		if k.Test, err = coordination.TestGroups(ctx, e, o); err != nil {
			return err
		}
		if k.Test.Status == coordination.Tested {
			if bar != nil {
				o.Progress = func(done, total int) { bar.show("grid of "+string(t), int64(done), int64(total)) }
			}
			cells := o
			cells.Expect, cells.Reference = coordination.GridExpect, coordination.GridReference
			k.GridOf = cells
			if t == coordination.SimilarText {
				k.Grid, err = r.GridSimilar(ctx, window, cells, nil, nil)
			} else {
				k.Grid, err = coordination.Grid(ctx, e, cells, nil, nil)
			}
			if err != nil {
				return err
			}
			if k.Communities, err = c.communities(ctx, r, k.Test); err != nil {
				return err
			}
			if c.Calibrate > 0 {
				if k.Calibration, err = c.calibrate(ctx, w, e, o, t, bar); err != nil {
					return err
				}
			}
		}
		s.Tests = append(s.Tests, k)
	}
	if slices.Contains(r.Options.Traces, coordination.SimilarText) || slices.Contains(r.Options.Traces, coordination.SameText) {
		n := coordination.NarrativeOptions{Seed: c.Seed, Corrections: x.narratives}
		if bar != nil {
			n.Progress = func(stage string, done, total int) { bar.show(stage, int64(done), int64(total)) }
		}
		e := coordination.EditedOptions{}
		if bar != nil {
			e.Progress = func(stage string, done, total int) { bar.show(stage, int64(done), int64(total)) }
		}
		var err error
		if s.Edited, err = r.EditedCopies(ctx, e); err != nil {
			return err
		}
		if s.Narratives, err = r.Narratives(ctx, n); err != nil {
			return err
		}
	}
	var groups *coordination.GroupTest
	if len(s.Tests) > 0 {
		groups = s.Tests[0].Test
	}
	s.Advice = r.Advise(s.Waves, groups)
	bar.clear()
	return nil
}

// communities divides the tested ties, so that the borders of a group can be
// said to be firm or not.
func (c *detectCmd) communities(ctx context.Context, r *coordination.Result, g *coordination.GroupTest) (*coordination.Communities, error) {
	var ties []coordination.Tie
	for i := range g.Groups {
		for _, e := range g.Groups[i].Edges {
			ties = append(ties, coordination.Tie{A: e.A, B: e.B, Weight: float64(e.K)})
		}
	}
	if len(ties) == 0 {
		return nil, nil
	}
	m, err := coordination.FindCommunities(ctx, ties, coordination.CommunityOptions{Seed: c.Seed})
	if err != nil {
		return nil, err
	}
	for i := range r.Views {
		if v := &r.Views[i]; v.Trace == g.Trace && v.Window == g.Options.Window {
			m.PlacesIn(r, v)
		}
	}
	return m, nil
}

// testWindow is the window of the group test: a minute when that was asked
// for, else the shortest bounded one; 0 when there is none.
func testWindow(windows []time.Duration) time.Duration {
	if slices.Contains(windows, time.Minute) {
		return time.Minute
	}
	for _, w := range windows {
		if w > 0 {
			return w
		}
	}
	return 0
}

// calibrate continues the calibration that is kept beside the report, or
// begins one. What is done is kept also when the run is stopped.
func (c *detectCmd) calibrate(ctx context.Context, w *world, e *coordination.Events, o coordination.TestOptions, t coordination.Trace, bar *bar) (*coordination.Calibration, error) {
	path := strings.TrimSuffix(c.Report, filepath.Ext(c.Report)) + ".calibration." + strings.ReplaceAll(string(t), ":", "-") + ".json"
	var before *coordination.Calibration
	if b, err := os.ReadFile(path); err == nil {
		before = new(coordination.Calibration)
		if json.Unmarshal(b, before) != nil || !before.Of(e, o) {
			w.say("%s is of other posts, options or another version; it is made anew", path)
			before = nil
		}
	}
	var k *coordination.Calibration
	done := 0
	if before != nil {
		done = len(before.Runs)
	}
	for {
		// A few at a time, so that little is lost when the power goes.
		done = min(c.Calibrate, done+20)
		if bar != nil {
			o.Progress = func(n, _ int) { bar.show("calibration by "+string(t), int64(n), int64(c.Calibrate)) }
		}
		var err error
		k, err = coordination.Calibrate(ctx, e, o, done, before)
		if k != nil && len(k.Runs) > 0 {
			b, e := json.Marshal(k)
			if e == nil {
				e = disk.Write(path, 0o644, append(b, '\n'))
			}
			if e != nil && err == nil {
				err = cannotTell("", "the calibration was not kept: %v", e)
			}
		}
		if err != nil {
			return nil, err
		}
		before = k
		if done >= c.Calibrate {
			// A state of more runs gives the same report as one of N.
			k.Runs = slices.DeleteFunc(k.Runs, func(r coordination.CalibrationRun) bool { return r.Number >= c.Calibrate })
			return k, nil
		}
	}
}
