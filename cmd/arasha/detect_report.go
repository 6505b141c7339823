package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/post"
	"github.com/arasha-org/arasha/report"
)

// reportOptions are the options of "arasha detect" that shape the report.
type reportOptions struct {
	Report  string `placeholder:"FILE.html" help:"Write the report as a page, and the same as FILE.json."`
	Edition string `enum:",public,desk" default:"" placeholder:"public|desk" help:"public (default): labels for accounts, nothing to look anybody up by. desk: everything; sealed to the readers of --home, else readable by you alone."`
	Seed    uint64 `default:"1" help:"Seed of everything drawn by chance in the report."`

	Calibrate  int    `placeholder:"N" help:"Check the method on N redrawn data sets of these posts; 200 for a report that is to be cited. What is done is kept beside the report, so that a stopped run goes on."`
	Narratives string `placeholder:"FILE" help:"The analyst's corrections of narratives: CSV or JSON with narrative, what (example, is, not), post, text."`
}

// refuseReport names an option that needs --report.
func (c *detectCmd) refuseReport() error {
	if c.Report == "" {
		for _, o := range []struct {
			name string
			used bool
		}{{"--edition", c.Edition != ""}, {"--seed", c.Seed != 1}, {"--calibrate", c.Calibrate != 0}, {"--narratives", c.Narratives != ""}} {
			if o.used {
				return wrongUse("--report report.html", "%s belongs to --report", o.name)
			}
		}
		return nil
	}
	switch {
	case c.Calibrate < 0:
		return wrongUse("", "--calibrate is at least 1, not %d", c.Calibrate)
	case c.Pairs != "":
		return wrongUse("", "--pairs prints; it does not go with --report")
	case strings.ToLower(filepath.Ext(c.Report)) != ".html":
		return wrongUse("--report report.html", "the report is a web page: %s does not end in .html", c.Report)
	}
	return nil
}

// reportPaths returns where the page and its JSON go.
func (c *detectCmd) reportPaths(sealed bool) (page, json string) {
	base := strings.TrimSuffix(c.Report, filepath.Ext(c.Report))
	if c.Edition != "desk" {
		return c.Report, base + ".json"
	}
	if !strings.Contains(filepath.Base(base), "desk") {
		base += ".desk"
	}
	page, json = base+".html", base+".json"
	if sealed {
		page, json = page+".age", json+".age"
	}
	return page, json
}

// writeReport makes the report of r and writes it. It returns the paths.
func (c *detectCmd) writeReport(ctx context.Context, w *world, r *coordination.Result, inputs []report.Input, h *vault.Home, bar *bar) ([]string, error) {
	s := &report.Study{Result: r, Version: version, Unread: c.unread, Command: c.command(), Seed: c.Seed, Lang: c.langs.of}
	for i, in := range inputs {
		s.Inputs = append(s.Inputs, report.AnalysisInput{Number: i + 1, Name: in.Name, Ref: in.Ref, Format: in.Format, Posts: in.Posts, Use: "posts"})
	}
	if err := c.study(ctx, w, r, s, bar); err != nil {
		return nil, err
	}
	a := report.Analyse(s)
	if c.Edition != "desk" {
		a = a.Public(r)
	}
	page, err := a.HTML()
	if err != nil {
		return nil, err
	}
	lines, err := a.JSON()
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	mode := fs.FileMode(0o644)
	if c.Edition == "desk" {
		mode = 0o600
	}
	pagePath, jsonPath := c.reportPaths(h != nil)
	for _, f := range []struct {
		path string
		b    []byte
	}{{jsonPath, lines}, {pagePath, page}} {
		if c.Edition == "desk" && h != nil {
			if f.b, err = h.Seal(f.b); err != nil {
				return nil, homeTrouble(err)
			}
		}
		if err := disk.Write(f.path, mode, f.b); err != nil {
			return nil, cannotTell("", "the report was not written: %v", err)
		}
	}
	return []string{pagePath, jsonPath}, nil
}

// testable are the traces on which repetition is tested, one after the other.
var testable = []coordination.Trace{coordination.SimilarText, coordination.SameText, coordination.Link, coordination.LinkRaw, coordination.HashtagSeq, coordination.Repost, coordination.Reply, coordination.MediaHash}

// study runs the tests and looks for narratives.
func (c *detectCmd) study(ctx context.Context, w *world, r *coordination.Result, s *report.Study, bar *bar) error {
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
		x := report.Tested{Events: e}
		if x.Test, err = coordination.TestGroups(ctx, e, o); err != nil {
			return err
		}
		if x.Test.Status == coordination.Tested {
			if bar != nil {
				o.Progress = func(done, total int) { bar.show("grid of "+string(t), int64(done), int64(total)) }
			}
			if x.Grid, err = coordination.Grid(ctx, e, o, nil, nil); err != nil {
				return err
			}
			if c.Calibrate > 0 {
				if x.Calibration, err = c.calibrate(ctx, w, e, o, t, bar); err != nil {
					return err
				}
			}
		}
		s.Tests = append(s.Tests, x)
	}
	if slices.Contains(r.Options.Traces, coordination.SimilarText) || slices.Contains(r.Options.Traces, coordination.SameText) {
		n := coordination.NarrativeOptions{Seed: c.Seed}
		if c.Narratives != "" {
			f, err := os.Open(c.Narratives)
			if err != nil {
				return cannotTell("", "%v", err)
			}
			n.Corrections, err = coordination.ReadCorrections(f, c.Narratives)
			f.Close()
			if err != nil {
				return cannotTell("", "%v", err)
			}
		}
		if bar != nil {
			n.Progress = func(stage string, done, total int) { bar.show(stage, int64(done), int64(total)) }
		}
		var err error
		if s.Narratives, err = r.Narratives(ctx, n); err != nil {
			return err
		}
	}
	bar.clear()
	return nil
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

// langs keeps the stated language of each post in two bytes.
type langs struct {
	names []string
	of16  []uint16
}

func (l *langs) add(p *post.Post) {
	for i, n := range l.names {
		if n == p.Lang {
			l.of16 = append(l.of16, uint16(i))
			return
		}
	}
	if len(l.names) == 1<<16-1 { // no corpus has so many languages: the column holds something else
		l.of16 = append(l.of16, 0)
		return
	}
	l.names = append(l.names, p.Lang)
	l.of16 = append(l.of16, uint16(len(l.names)-1))
}

func (l *langs) of(i uint32) string { return l.names[l.of16[i]] }

// command returns the command as it can be typed again: what shapes the
// result, and nothing about this machine.
func (c *detectCmd) command() string {
	words := []string{"arasha", "detect"}
	for _, f := range c.Files {
		words = append(words, quoted(filepath.Base(f)))
	}
	add := func(name, value string) {
		if value != "" {
			words = append(words, name, quoted(value))
		}
	}
	add("--format", c.Format)
	add("--columns", c.Columns)
	add("--keep", strings.Join(c.Keep, ","))
	add("--zone", c.Zone)
	add("--encoding", c.Encoding)
	flag := func(name string, on bool) {
		if on {
			words = append(words, name)
		}
	}
	flag("--day-first", c.DayFirst)
	flag("--month-first", c.MonthFirst)
	if c.Year != 0 {
		add("--year", fmt.Sprint(c.Year))
	}
	flag("--private", c.Private)
	add("--trace", strings.Join(c.Trace, ","))
	add("--window", strings.Join(c.Window, ","))
	add("--threshold", c.Threshold)
	flag("--containment", c.Containment)
	number := func(name string, n *int) {
		if n != nil {
			add(name, fmt.Sprint(*n))
		}
	}
	number("--gram", c.Gram)
	add("--without", strings.Join(c.Without, ","))
	number("--min-words", c.MinWords)
	number("--min-characters", c.MinRunes)
	number("--min-sequence", c.MinSequence)
	flag("--originals", c.Originals)
	number("--group-weight", c.GroupWeight)
	flag("--directed", c.Directed)
	if c.MaxPairs != nil {
		add("--max-pairs", fmt.Sprint(*c.MaxPairs))
	}
	number("--min-participation", c.MinParticipation)
	number("--min-weight", c.MinWeight)
	if c.Percentile != nil {
		add("--percentile", fmt.Sprint(*c.Percentile))
	}
	if c.Calibrate > 0 {
		add("--calibrate", fmt.Sprint(c.Calibrate))
	}
	if c.Narratives != "" {
		add("--narratives", filepath.Base(c.Narratives))
	}
	words = append(words, "--seed", fmt.Sprint(c.Seed), "--report", "report.html")
	add("--edition", c.Edition)
	return strings.Join(words, " ")
}

// quoted puts a word of a command in quotation marks where a shell needs
// them.
func quoted(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./,:=@%+-") == "" && s != "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
