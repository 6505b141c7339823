package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/evidence"
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

	Families     string   `placeholder:"FILE.csv" help:"Your list of publishers: family, account. Accounts of one family count as one."`
	Ordinary     string   `placeholder:"FILE.csv" help:"Your rules of what is ordinary, added to the built-in ones: rule, kind, what, value; kind off switches a rule off."`
	Background   []string `placeholder:"NAME=FILE" sep:"none" help:"Ordinary posts of the same kind, under a name, to compare waves with. May be repeated with one name."`
	Events       string   `placeholder:"FILE.csv" help:"Dated events, fixed before the posts are looked at: date, text, ref. With --home the file is kept as an item before the posts are read."`
	Gaps         string   `placeholder:"FILE.csv" help:"Stretches of time that were not collected: from, to, why. They are hatched in the report; silence alone is no gap."`
	Checklist    string   `placeholder:"FILE.csv" help:"What an earlier report asked for (report.collect.desk.csv), to say what is filled and what is still missing."`
	AccountFacts string   `placeholder:"FILE.csv" help:"What sources say of accounts: account, attribute, according_to, date, ref."`

	homeFlags
	actorFlags

	Calibrate  int    `placeholder:"N" help:"Check the method on N redrawn data sets of these posts; 200 for a report that is to be cited. What is done is kept beside the report, so that a stopped run goes on."`
	Narratives string `placeholder:"FILE" help:"The analyst's corrections of narratives: CSV or JSON with narrative, what (example, is, not), post, text."`
}

// refuseReport names an option that needs --report.
func (c *detectCmd) refuseReport() error {
	if c.Report == "" {
		for _, o := range []struct {
			name string
			used bool
		}{{"--edition", c.Edition != ""}, {"--seed", c.Seed != 1}, {"--calibrate", c.Calibrate != 0}, {"--narratives", c.Narratives != ""}, {"--families", c.Families != ""},
			{"--events", c.Events != ""}, {"--gaps", c.Gaps != ""}, {"--checklist", c.Checklist != ""}, {"--ordinary", c.Ordinary != ""}, {"--background", len(c.Background) > 0}, {"--account-facts", c.AccountFacts != ""}, {"--home", c.Home != "" && c.Home != os.Getenv("ARASHA_HOME")}} {
			if o.used {
				return wrongUse("--report report.html", "%s belongs to --report", o.name)
			}
		}
		return nil
	}
	switch {
	case c.badBackground() != "":
		return wrongUse("--background 'spring 2031=posts.jsonl'", "%s", c.badBackground())
	case c.Calibrate < 0:
		return wrongUse("", "--calibrate is at least 1, not %d", c.Calibrate)
	case c.Pairs != "":
		return wrongUse("", "--pairs prints; it does not go with --report")
	case strings.ToLower(filepath.Ext(c.Report)) != ".html":
		return wrongUse("--report report.html", "the report is a web page: %s does not end in .html", c.Report)
	}
	if _, err := os.Stat(filepath.Dir(c.Report)); err != nil {
		return cannotTell("make the folder first", "the report cannot be written: %v", err)
	}
	return nil
}

// A reportContext is what the user says beside the posts, read before them.
type reportContext struct {
	home       *vault.Home // nil: none was needed
	families   *coordination.Families
	events     *coordination.DatedEvents
	eventsKept string
	gaps       []coordination.Gap
	before     []coordination.Wanted
	facts      *coordination.Descriptions
	narratives *coordination.Corrections
	rules      *coordination.Rules
	inputs     []report.AnalysisInput
}

// readContext reads the files that a person keeps, so that what is wrong in
// them is said before an hour of work, and so that the events are fixed, and
// logged, before anybody has seen a post.
func (c *detectCmd) readContext(w *world) (*reportContext, error) {
	x := &reportContext{}
	if c.Home != "" && (c.Events != "" || c.Edition == "desk") {
		h, err := c.homeFlags.open(w)
		if err != nil {
			return nil, err
		}
		x.home = h
	}
	if c.Events != "" && x.home != nil {
		kept, err := keepOriginal(x.home, c.Events, c.actorFlags)
		if err != nil {
			return nil, err
		}
		x.eventsKept = fmt.Sprintf("kept as item %d of the log", kept.Leaf)
	}
	zone, err := c.zone()
	if err != nil {
		return nil, err
	}
	for _, f := range []struct {
		path, use string
		read      func(io.Reader, string) error
	}{
		{c.Events, "dated events", func(r io.Reader, name string) (err error) {
			x.events, err = coordination.ReadDatedEvents(r, name, zone)
			return err
		}},
		{c.Gaps, "gaps of the collection", func(r io.Reader, name string) (err error) {
			x.gaps, err = coordination.ReadGaps(r, name, zone)
			return err
		}},
		{c.Checklist, "checklist of an earlier run", func(r io.Reader, name string) error {
			l, err := report.ReadChecklist(r, name)
			if err == nil {
				x.before = l.Lines
			}
			return err
		}},
		{c.Families, "publishers", func(r io.Reader, name string) (err error) {
			x.families, err = coordination.ReadFamilies(r, name)
			return err
		}},
		{c.Ordinary, "ordinary rules", func(r io.Reader, name string) (err error) { x.rules, err = coordination.ReadRules(r, name); return err }},
		{c.AccountFacts, "account facts", func(r io.Reader, name string) (err error) {
			x.facts, err = coordination.ReadDescriptions(r, name)
			return err
		}},
		{c.Narratives, "narratives", func(r io.Reader, name string) (err error) {
			x.narratives, err = coordination.ReadCorrections(r, name)
			return err
		}},
	} {
		if f.path == "" {
			continue
		}
		b, err := os.ReadFile(f.path)
		if err != nil {
			return nil, cannotTell("", "%v", err)
		}
		if err := f.read(bytes.NewReader(b), f.path); err != nil {
			return nil, cannotTell("", "%v", err)
		}
		x.inputs = append(x.inputs, report.AnalysisInput{Name: filepath.Base(f.path), Ref: evidence.Of(b), Format: "csv", Use: f.use})
	}
	return x, nil
}

// zone is that of --zone, nil when it was not given.
func (c *detectCmd) zone() (*time.Location, error) {
	if c.Zone == "" {
		return nil, nil
	}
	z, err := collect.ParseZone(c.Zone)
	if err != nil {
		return nil, wrongUse("", "--zone: %v", err)
	}
	return z, nil
}

// badBackground says what is wrong with the backgrounds given, "" when nothing
// is.
func (c *detectCmd) badBackground() string {
	first := ""
	for _, b := range c.Background {
		name, file, ok := strings.Cut(b, "=")
		switch {
		case !ok || strings.TrimSpace(name) == "" || file == "":
			return fmt.Sprintf("a background has a name and a file: %q", b)
		case first != "" && name != first:
			return fmt.Sprintf("waves are compared with one background; %q and %q are two", first, name)
		}
		first = name
	}
	return ""
}

// background reads the posts of the background and measures its messages.
func (c *detectCmd) background(ctx context.Context, w *world, s *report.Study, o coordination.Options, bar *bar) (*coordination.Reference, error) {
	if len(c.Background) == 0 {
		return nil, nil
	}
	name, _, _ := strings.Cut(c.Background[0], "=")
	d := &detectCmd{readingOptions: c.readingOptions}
	for _, b := range c.Background {
		_, file, _ := strings.Cut(b, "=")
		d.Files = append(d.Files, file)
	}
	r, inputs, err := d.analyse(ctx, w, o, bar)
	if err != nil {
		return nil, err
	}
	for _, in := range inputs {
		s.Inputs = append(s.Inputs, report.AnalysisInput{Number: len(s.Inputs) + 1, Name: in.Name, Ref: in.Ref, Format: in.Format, Posts: in.Posts, Use: "background “" + name + "”"})
	}
	var clear []coordination.Suggestion
	for _, g := range r.SuggestFamilies() {
		if g.Clear() {
			clear = append(clear, g)
		}
	}
	return coordination.NewReference(name, r, r.Publishers(nil, clear)), nil
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
func (c *detectCmd) writeReport(ctx context.Context, w *world, r *coordination.Result, inputs []report.Input, x *reportContext, bar *bar) ([]string, error) {
	s := &report.Study{Result: r, Version: version, Unread: c.unread, Command: c.command(false), Public: c.command(true), Seed: c.Seed, Lang: c.langs.of}
	for i, in := range inputs {
		s.Inputs = append(s.Inputs, report.AnalysisInput{Number: i + 1, Name: in.Name, Ref: in.Ref, Format: in.Format, Posts: in.Posts, Use: "posts"})
	}
	for _, in := range x.inputs {
		in.Number = len(s.Inputs) + 1
		s.Inputs = append(s.Inputs, in)
	}
	if err := c.study(ctx, w, r, s, x, bar); err != nil {
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
	pagePath, jsonPath := c.reportPaths(x.home != nil)
	for _, f := range []struct {
		path string
		b    []byte
	}{{jsonPath, lines}, {pagePath, page}} {
		if c.Edition == "desk" && x.home != nil {
			if f.b, err = x.home.Seal(f.b); err != nil {
				return nil, homeTrouble(err)
			}
		}
		if err := disk.Write(f.path, mode, f.b); err != nil {
			return nil, cannotTell("", "the report was not written: %v", err)
		}
	}
	paths := []string{pagePath, jsonPath}
	if len(s.Advice.Needs) > 0 {
		var b bytes.Buffer
		if err := report.Needs(&b, r, s.Advice.Needs); err != nil {
			return nil, err
		}
		path := strings.TrimSuffix(c.Report, filepath.Ext(c.Report)) + ".collect.desk.csv"
		if err := disk.Write(path, 0o600, b.Bytes()); err != nil {
			return nil, cannotTell("", "the checklist was not written: %v", err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

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
// result, and nothing about this machine. Hidden are the names of files, which
// may be names of people.
func (c *detectCmd) command(hide bool) string {
	words := []string{"arasha", "detect"}
	file := func(path, instead string) string {
		if hide {
			return instead
		}
		return filepath.Base(path)
	}
	for i, f := range c.Files {
		words = append(words, quoted(file(f, fmt.Sprintf("FILE-%d", i+1))))
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
	for _, b := range c.Background {
		name, path, _ := strings.Cut(b, "=")
		if hide {
			name = "NAME"
		}
		add("--background", name+"="+file(path, "FILE"))
	}
	if c.Calibrate > 0 {
		add("--calibrate", fmt.Sprint(c.Calibrate))
	}
	for _, f := range [][2]string{{"--families", c.Families}, {"--ordinary", c.Ordinary}, {"--events", c.Events}, {"--gaps", c.Gaps}, {"--checklist", c.Checklist}, {"--account-facts", c.AccountFacts}, {"--narratives", c.Narratives}} {
		if f[1] != "" {
			add(f[0], file(f[1], "FILE"))
		}
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
