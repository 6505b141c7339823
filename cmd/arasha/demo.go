package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/report"
)

type demoCmd struct {
	Out  string `short:"o" default:"arasha-demo" help:"Folder for what the demonstration makes; it is replaced."`
	Seed uint64 `default:"1" help:"Another seed makes another two weeks."`
}

func (c *demoCmd) Run(ctx context.Context, w *world) error {
	began := time.Now()
	w.say("Two weeks of posts in an invented country: everyday talk, news that people pass on,")
	w.say("two sister outlets, a petition, and a smear campaign against an invented organisation.")
	d := synth.NewDemo(c.Seed)
	exports := filepath.Join(c.Out, "exports")
	files, err := writeDemoExports(exports, d.Posts)
	if err != nil {
		return cannotTell("", "%v", err)
	}
	posts := filepath.Join(c.Out, "posts.jsonl")
	w.say("\n1. Bring the exports in")
	w.say("   arasha collect %s --out %s", strings.Join(files, " "), posts)
	quiet := *w
	quiet.out = new(bytes.Buffer)
	collect := &collectCmd{File: files, Out: posts}
	if err := collect.Run(ctx, &quiet); err != nil {
		return err
	}
	finding, events, page := filepath.Join(c.Out, "finding"), filepath.Join(c.Out, "events.csv"), filepath.Join(c.Out, "report.html")
	if err := writeDemoEvents(events, d.Events); err != nil {
		return cannotTell("", "%v", err)
	}
	w.say("\n2. Compare them")
	w.say("   arasha detect %s --events %s --out %s --report %s", posts, events, finding, page)
	detect := &detectCmd{Files: []string{posts}, Out: finding, reportOptions: reportOptions{Report: page, Events: events, Seed: 1}}
	x, err := detect.readContext(&quiet)
	if err != nil {
		return err
	}
	o, err := detect.options()
	if err != nil {
		return err
	}
	r, inputs, err := detect.analyse(ctx, &quiet, o, nil)
	if err != nil {
		return err
	}
	f := report.New(r, version, inputs)
	f.Mark = "desk"
	if err := report.Write(ctx, finding, r, f); err != nil {
		return cannotTell("", "the finding was not written: %v", err)
	}
	if _, err := detect.writeReport(ctx, &quiet, r, inputs, x, nil); err != nil {
		return err
	}
	fmt.Fprintln(w.out)
	report.Text(w.out, r)
	fmt.Fprintln(w.out, "\nWhat was planted, and where it came out")
	for _, line := range planted(d, r) {
		fmt.Fprintf(w.out, "  %s\n", line)
	}
	fmt.Fprintf(w.out, "\nLook at\n  %s   the report for everybody\n  %s   for the desk only\n  %s\n", page, filepath.Join(finding, "pairs.desk.csv"), filepath.Join(finding, "network.desk.gexf"))
	w.say("\nDone in %.1f s.", time.Since(began).Seconds())
	return nil
}

// writeDemoEvents writes what happened before, as an analyst fixes it.
func writeDemoEvents(name string, events []synth.Event) error {
	var b bytes.Buffer
	t := csv.NewWriter(&b)
	t.Write([]string{"date", "text", "ref"})
	for _, e := range events {
		t.Write([]string{e.At.UTC().Format("2006-01-02 15:04Z07:00"), e.Text, ""})
	}
	t.Flush()
	return disk.Write(name, 0o644, b.Bytes())
}

// planted compares the groups of the shortest window with the truth.
func planted(d *synth.Demo, r *coordination.Result) []string {
	var groups []coordination.Group
	window := ""
	for _, c := range r.Combined {
		if len(c.Groups) > 0 {
			groups, window = c.Groups, coordination.WindowName(c.Window)
			break
		}
	}
	where := func(ids []string) string {
		for _, g := range groups {
			in := 0
			for _, a := range g.Accounts {
				if i := r.Account(a); slices.Contains(ids, i.ID) || slices.Contains(ids, i.Name) {
					in++
				}
			}
			if in > 0 {
				s := fmt.Sprintf("%d of them are group %d (within %s)", in, g.Number, window)
				if others := len(g.Accounts) - in; others > 0 {
					s += fmt.Sprintf(", with %s besides", count(int64(others), "other account"))
				}
				return s
			}
		}
		return fmt.Sprintf("in no group within %s", window)
	}
	return []string{
		fmt.Sprintf("the smear campaign, %d accounts, eight texts in two waves: %s", len(d.Campaign), where(d.Campaign)),
		fmt.Sprintf("two sister outlets that mirror each other: %s", where(d.Sisters)),
		fmt.Sprintf("a petition, one text by %d people: %s", len(d.Petition), where(d.Petition)),
		"the program cannot tell these apart by itself: who an account belongs to is a sourced fact, not a matter of timing",
	}
}
