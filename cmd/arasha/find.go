package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
	"github.com/arasha-org/arasha/report"
)

// find is "arasha detect" without --like.
func (c *detectCmd) find(ctx context.Context, w *world) error {
	if err := c.refuseLike(); err != nil {
		return err
	}
	if err := c.refuseReport(); err != nil {
		return err
	}
	o, err := c.options()
	if err != nil {
		return err
	}
	a, b, err := c.pairOf()
	if err != nil {
		return err
	}
	var x *reportContext
	if c.Report != "" {
		if x, err = c.readContext(w); err != nil {
			return err
		}
	}
	bar := newBar(w.err)
	r, inputs, err := c.analyse(ctx, w, o, bar)
	if err != nil {
		return err
	}
	if c.Pairs != "" {
		return c.pairs(w, r, a, b)
	}
	f := report.New(r, version, inputs)
	if c.Report != "" {
		f.Mark = "desk"
	}
	if c.Out != "" {
		err := report.Write(ctx, c.Out, r, f)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return cannotTell("", "the finding was not written: %v", err)
		}
	}
	var pages []string
	if c.Report != "" {
		if pages, err = c.writeReport(ctx, w, r, inputs, x, bar); err != nil {
			return err
		}
	}
	if c.JSON {
		e := json.NewEncoder(w.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(f)
	}
	var text bytes.Buffer
	report.Text(&text, r)
	if len(pages) > 0 {
		fmt.Fprintf(&text, "\nReport: %s (the same as JSON: %s)\n", pages[0], pages[1])
		if len(pages) > 2 {
			fmt.Fprintf(&text, "What to collect next, for the desk only: %s\n", pages[2])
		}
	}
	if c.Out != "" {
		fmt.Fprintf(&text, "\nFiles%s: %s (edges, waves, accounts, groups and pairs as .csv and .jsonl; network.graphml and .gexf; report.json)\n",
			map[bool]string{true: " for the desk only"}[c.Report != ""], c.Out)
	} else if len(pages) == 0 {
		fmt.Fprintf(&text, "\nNothing was written. --out DIR keeps the finding.\n")
	}
	_, err = w.out.Write(text.Bytes())
	return err
}

// options turns the command line into options of the analysis.
func (c *detectCmd) options() (coordination.Options, error) {
	o := coordination.Options{Containment: c.Containment, Without: c.Without, Originals: c.Originals, Directed: c.Directed}
	for _, n := range []struct {
		name     string
		from, to *int
	}{{"--gram", c.Gram, &o.Gram}, {"--min-words", c.MinWords, &o.MinWords}, {"--min-characters", c.MinRunes, &o.MinRunes},
		{"--min-sequence", c.MinSequence, &o.MinSequence}, {"--group-weight", c.GroupWeight, &o.GroupWeight},
		{"--min-weight", c.MinWeight, &o.MinWeight}, {"--min-participation", c.MinParticipation, &o.MinParticipation}} {
		if n.from == nil {
			continue
		}
		if *n.from < 1 {
			return o, wrongUse("", "%s is at least 1, not %d", n.name, *n.from)
		}
		*n.to = *n.from
	}
	if c.MaxPairs != nil {
		if *c.MaxPairs < 1 {
			return o, wrongUse("", "--max-pairs is at least 1, not %d", *c.MaxPairs)
		}
		o.MaxPairs = *c.MaxPairs
	}
	for _, t := range c.Trace {
		o.Traces = append(o.Traces, coordination.Trace(t))
	}
	for _, s := range c.Window {
		if s == "unbounded" {
			o.Windows = append(o.Windows, coordination.Unbounded)
			continue
		}
		d, err := parseWindow(s)
		if err != nil {
			return o, err
		}
		o.Windows = append(o.Windows, d)
	}
	if c.Threshold != "" {
		var err error
		if o.Num, o.Den, err = coordination.ParseRatio(c.Threshold); err != nil {
			return o, wrongUse("", "--threshold: %v", err)
		}
	}
	if c.Percentile != nil {
		o.Percentile = *c.Percentile
	}
	o, err := o.Resolved()
	if err != nil {
		return o, wrongUse("", "%v", err)
	}
	return o, nil
}

// refuseLike names an option that belongs to --like.
func (c *detectCmd) refuseLike() error {
	for name, used := range map[string]bool{"--edges": c.Edges != "", "--groups": c.Groups != "", "--accounts": c.Accounts != "",
		"--object-stats": c.ObjectStats != "", "--fast-window": c.FastWindow != "", "--keep-loops": c.KeepLoops, "--no-loops": c.NoLoops} {
		if used {
			return wrongUse("--out DIR keeps the whole finding", "%s belongs to --like", name)
		}
	}
	return nil
}

func (c *detectCmd) pairOf() (a, b string, err error) {
	if c.Pairs == "" {
		return "", "", nil
	}
	a, b, ok := strings.Cut(c.Pairs, ",")
	if a, b = strings.TrimSpace(a), strings.TrimSpace(b); !ok || a == "" || b == "" || a == b {
		return "", "", wrongUse("--pairs anna,bolat", "--pairs takes two accounts")
	}
	if c.Out != "" {
		return "", "", wrongUse("", "--pairs prints; it does not go with --out")
	}
	return a, b, nil
}

// analyse reads the files and finds what they hold.
func (c *detectCmd) analyse(ctx context.Context, w *world, o coordination.Options, bar *bar) (*coordination.Result, []report.Input, error) {
	col, err := c.collection(w)
	if err != nil {
		return nil, nil, err
	}
	missing := map[string]bool{} // columns asked for that no post has
	for _, t := range o.Traces {
		if name, ok := strings.CutPrefix(string(t), "column:"); ok {
			missing[name] = true
			if !slices.Contains(col.Keep, name) {
				col.Keep = append(col.Keep, name)
			}
		}
	}
	if bar != nil {
		col.Progress = bar.show
		o.Progress = func(stage string, done, total int) { bar.show(stage, int64(done), int64(total)) }
	}
	corpus, err := coordination.NewCorpus(o)
	if err != nil {
		return nil, nil, wrongUse("", "%v", err)
	}
	posts := 0
	col.Post = func(p *post.Post) error {
		corpus.Add(p)
		if c.Report != "" {
			c.langs.add(p)
		}
		if len(missing) > 0 {
			for name := range p.Extra {
				delete(missing, name)
			}
		}
		// A large corpus is flat arrays that the collector need not look into:
		// running it more often costs little and keeps the peak near what is
		// in use.
		if posts++; posts == 1<<20 {
			debug.SetGCPercent(10)
		}
		return nil
	}
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	col.Reject = func(string, collect.Reject) error {
		c.unread++
		return nil
	}
	var inputs []report.Input
	for _, file := range c.Files {
		found, err := col.Read(ctx, file)
		bar.clear()
		if err != nil {
			if ctx.Err() != nil {
				return nil, nil, ctx.Err()
			}
			var bad *exitError
			if errors.As(err, &bad) {
				return nil, nil, err
			}
			hint := ""
			if errors.Is(err, collect.ErrBroken) {
				hint = `"arasha collect" keeps what can be read of it`
			}
			return nil, nil, cannotTell(hint, "%v", err)
		}
		for _, n := range found.Notes {
			w.say("%s: %s", file, n)
		}
		inputs = append(inputs, report.Input{Name: filepath.Base(file), Ref: found.Ref, Format: found.Format, Posts: found.Posts})
	}
	if c.unread > 0 {
		w.say("%s could not be read and took no part; \"arasha collect\" lists them with their reasons", count(c.unread, "record"))
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		w.say("no post has a column %q", name)
	}
	r, err := corpus.Find(ctx)
	bar.clear()
	return r, inputs, err
}

// pairs prints every pair of posts between two accounts.
func (c *detectCmd) pairs(w *world, r *coordination.Result, a, b string) error {
	var n [2]uint32
	for i, name := range []string{a, b} {
		account, could := r.AccountByName(name)
		switch {
		case could == 0:
			return cannotTell("write the id or the name as the files have it", "there is no account %q in these posts", name)
		case could > 1:
			return cannotTell("write the id as the files have it, or platform/id where two platforms share one", "%q may be any of %d accounts", name, could)
		}
		n[i] = account
	}
	csv, lines := io.Writer(w.out), io.Discard
	if c.JSON {
		csv, lines = lines, csv
	}
	found, err := report.PairsOf(csv, lines, r, n[0], n[1])
	if err == nil && found == 0 {
		w.say("no pair of posts between %s and %s", a, b)
		return answerNo()
	}
	return err
}
