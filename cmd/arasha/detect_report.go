package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
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
