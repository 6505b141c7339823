package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/arasha-org/arasha/coordination"
)

// A likeField is a column another tool reads.
type likeField struct {
	name     string // what --columns calls it
	column   string // the tool's own column name, which --columns takes as well
	optional bool   // may be absent unless --columns names it
	unread   bool   // not needed for this question, so it may be absent
}

var cooRTweetFields = []likeField{
	{name: "object", column: "object_id"}, {name: "account", column: "account_id"},
	{name: "post", column: "content_id"}, {name: "time", column: "timestamp_share"},
}

func (c *detectCmd) likeCooRTweet(ctx context.Context, w *world) error {
	err := c.refuse("coortweet", map[string]bool{"--trace": len(c.Trace) > 0, "--threshold": c.Threshold != "",
		"--min-weight": c.MinWeight != nil, "--no-loops": c.NoLoops})
	if err != nil {
		return err
	}
	o := coordination.CooRTweetOptions{MinParticipation: 2, KeepLoops: c.KeepLoops, Percentile: .5}
	if o.Window, err = c.oneWindow("10s"); err != nil {
		return err
	}
	if c.MinParticipation != nil {
		o.MinParticipation = *c.MinParticipation
	}
	if c.Percentile != nil {
		o.Percentile = *c.Percentile
	}
	if !(o.Percentile >= 0 && o.Percentile <= 1) {
		return wrongUse("", "--percentile goes from 0 to 1")
	}
	if c.FastWindow != "" {
		if o.FastWindow, err = parseWindow(c.FastWindow); err != nil {
			return err
		}
		if o.FastWindow <= 0 || o.FastWindow >= o.Window {
			return wrongUse("", "--fast-window must be shorter than --window, and longer than nothing")
		}
	}
	if err := checkColumns(cooRTweetFields, c.likeColumns()); err != nil {
		return err
	}
	out := outputs{}
	edges, groups := out.add(c.Edges), out.add(c.Groups)
	accounts, objects := out.add(c.Accounts), out.add(c.ObjectStats)
	if err := out.check(c.Files); err != nil {
		return err
	}

	var rows []coordination.CooRTweetRow
	empty := 0
	for _, file := range c.Files {
		t, err := openTable(file, cooRTweetFields, c.likeColumns())
		if err != nil {
			return err
		}
		rows = slices.Grow(rows, t.lines)
		for f, err := range t.rows {
			if err != nil {
				return err
			}
			if f[0] == "" {
				empty++
				continue
			}
			at, err := t.seconds(f[3])
			if err != nil {
				return err
			}
			rows = append(rows, coordination.CooRTweetRow{Object: f[0], Account: f[1], Content: f[2], Time: at})
		}
	}
	r, err := orStop(ctx, func() *coordination.CooRTweetResult { return coordination.CooRTweet(rows, o) })
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	wg.Go(func() { writeCooRTweetEdges(edges, r, o) })
	wg.Go(func() { writeCooRTweetGroups(groups, r, rows, o) })
	wg.Go(func() { writeCooRTweetAccounts(accounts, r, o) })
	wg.Go(func() { writeCooRTweetObjects(objects, r) })
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := out.commit(); err != nil {
		return err
	}
	left := ""
	if empty > 0 {
		left = fmt.Sprintf(" (and %d without an object, left out)", empty)
	}
	w.say("%d rows%s: %d pairs of posts, %d pairs of accounts, %d accounts, %d objects",
		len(rows), left, len(r.Pairs), len(r.Edges), len(r.Accounts), len(r.Objects))
	return nil
}

func writeCooRTweetEdges(t *tableWriter, r *coordination.CooRTweetResult, o coordination.CooRTweetOptions) {
	if o.FastWindow == 0 {
		t.header("from,to,weight,avg_time_delta,n_content_id,n_content_id_y,edge_symmetry_score,object_ids,weight_threshold")
		for i := range r.Edges {
			e := &r.Edges[i]
			t.text(e.From)
			t.text(e.To)
			t.int(e.Full.Weight)
			t.number(e.Full.MeanGap)
			t.int(e.Full.FromContents)
			t.int(e.Full.ToContents)
			t.number(e.Full.Symmetry())
			t.text(strings.Join(e.Full.Objects, ","))
			t.flag(e.Full.Over)
			t.end()
		}
		return
	}
	t.header("from,to,weight_full,weight_fast,avg_time_delta_full,avg_time_delta_fast," +
		"n_content_id_full,n_content_id_y_full,n_content_id_fast,n_content_id_y_fast," +
		"edge_symmetry_score_full,edge_symmetry_score_fast,object_ids_full,object_ids_fast," +
		"weight_threshold_full,weight_threshold_fast")
	for i := range r.Edges {
		e := &r.Edges[i]
		full, fast := &e.Full, &e.Fast
		// An edge without fast pairs has empty fast columns, not zeros.
		orEmpty := func(write func()) {
			if fast.Weight > 0 {
				write()
			} else {
				t.text("")
			}
		}
		t.text(e.From)
		t.text(e.To)
		t.int(full.Weight)
		orEmpty(func() { t.int(fast.Weight) })
		t.number(full.MeanGap)
		orEmpty(func() { t.number(fast.MeanGap) })
		t.int(full.FromContents)
		t.int(full.ToContents)
		orEmpty(func() { t.int(fast.FromContents) })
		orEmpty(func() { t.int(fast.ToContents) })
		t.number(full.Symmetry())
		orEmpty(func() { t.number(fast.Symmetry()) })
		t.text(strings.Join(full.Objects, ","))
		t.text(strings.Join(fast.Objects, ","))
		t.flag(full.Over)
		orEmpty(func() { t.flag(fast.Over) })
		t.end()
	}
}

func writeCooRTweetGroups(t *tableWriter, r *coordination.CooRTweetResult, rows []coordination.CooRTweetRow, o coordination.CooRTweetOptions) {
	header := "object_id,content_id,content_id_y,time_delta,account_id,account_id_y"
	if o.FastWindow > 0 {
		header += ",time_window_" + strconv.FormatFloat(o.FastWindow.Seconds(), 'f', -1, 64)
	}
	t.header(header)
	for _, p := range r.Pairs {
		a, b := &rows[p.Older], &rows[p.Newer]
		t.text(a.Object)
		t.text(a.Content)
		t.text(b.Content)
		t.number(b.Time - a.Time)
		t.text(a.Account)
		t.text(b.Account)
		if o.FastWindow > 0 {
			t.flag(p.Fast)
		}
		t.end()
	}
}

func writeCooRTweetAccounts(t *tableWriter, r *coordination.CooRTweetResult, o coordination.CooRTweetOptions) {
	if o.FastWindow == 0 {
		t.header("account_id,avg_time_delta,avg_edge_symmetry_score,unique_shares_count")
	} else {
		t.header("account_id,avg_time_delta_full,avg_time_delta_fast,avg_edge_symmetry_score_full,avg_edge_symmetry_score_fast,unique_shares_count")
	}
	for i := range r.Accounts {
		a := &r.Accounts[i]
		t.text(a.Account)
		t.number(a.MeanGap)
		if o.FastWindow > 0 {
			t.number(a.FastMeanGap)
		}
		t.number(a.MeanSymmetry)
		if o.FastWindow > 0 {
			t.number(a.FastSymmetry)
		}
		t.int(a.Contents)
		t.end()
	}
}

func writeCooRTweetObjects(t *tableWriter, r *coordination.CooRTweetResult) {
	t.header("object_id,num_accounts")
	for _, o := range r.Objects {
		t.text(o.Object)
		t.int(o.Accounts)
		t.end()
	}
}

// oneWindow returns the window, or that of the tool itself when none is given.
func (c *detectCmd) oneWindow(own string) (time.Duration, error) {
	switch len(c.Window) {
	case 0:
		return parseWindow(own)
	case 1:
		return parseWindow(c.Window[0])
	}
	return 0, wrongUse("", "--like takes one window")
}

// orStop computes f, or leaves it to its fate when the person stops the
// program: nothing has been written yet.
func orStop[T any](ctx context.Context, f func() T) (T, error) {
	done := make(chan T, 1)
	go func() { done <- f() }()
	select {
	case v := <-done:
		return v, ctx.Err()
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// The columns of CNT, and which of them each trace reads besides the first
// three.
var (
	cntFields = []likeField{
		{name: "post", column: "message_id"}, {name: "account", column: "user_id"}, {name: "time", column: "timestamp"},
		{name: "repost", column: "repost_id"}, {name: "reply", column: "reply_id"},
		{name: "text", column: "message"}, {name: "link", column: "urls"},
	}
	cntTraces = []struct {
		trace   string
		network coordination.CNTNetwork
		reads   []string
	}{
		{"same-text", coordination.CoTweet, []string{"repost", "text"}},
		{"similar-text", coordination.CoSimilarTweet, []string{"repost", "text"}},
		{"link", coordination.CoLink, []string{"repost", "link"}},
		{"repost", coordination.CoRetweet, []string{"repost"}},
		{"reply", coordination.CoReply, []string{"repost", "reply"}},
		{"post", coordination.CoPost, nil},
	}
)

// maxCNTText is the longest field that CNT reads, in characters: the default of
// Python's csv module.
const maxCNTText = 131072

func (c *detectCmd) likeCNT(ctx context.Context, w *world) error {
	err := c.refuse("cnt", map[string]bool{"--min-participation": c.MinParticipation != nil, "--keep-loops": c.KeepLoops,
		"--percentile": c.Percentile != nil, "--fast-window": c.FastWindow != "",
		"--groups": c.Groups != "", "--accounts": c.Accounts != "", "--object-stats": c.ObjectStats != ""})
	if err != nil {
		return err
	}
	if len(c.Trace) != 1 {
		return wrongUse("such as --trace similar-text", "--like cnt takes one trace")
	}
	o := coordination.CNTOptions{MinWeight: 2, NoLoops: c.NoLoops}
	fields := slices.Clone(cntFields)
	var known []string
	for _, t := range cntTraces {
		known = append(known, t.trace)
		if t.trace != c.Trace[0] {
			continue
		}
		o.Network = t.network
		for i := range fields {
			f := &fields[i]
			f.unread = i >= 3 && !slices.Contains(t.reads, f.name)
			// Only the repost column may be absent: then nothing is a repost.
			f.optional = f.name == "repost" && t.network != coordination.CoRetweet
		}
	}
	if o.Network == "" {
		return wrongUse("the traces are: "+strings.Join(known, ", "), "--like cnt has no trace %q", c.Trace[0])
	}
	if o.Network == coordination.CoSimilarTweet {
		o.Threshold = .8
	}
	if c.Threshold != "" {
		if o.Threshold == 0 {
			return wrongUse("", "--threshold has no meaning with --trace %s", c.Trace[0])
		}
		if o.Threshold, err = strconv.ParseFloat(c.Threshold, 64); err != nil || !(o.Threshold > 0 && o.Threshold <= 1) {
			return wrongUse("", "--threshold must be above 0 and at most 1")
		}
	}
	if o.Window, err = c.oneWindow("1s"); err != nil {
		return err
	}
	if c.MinWeight != nil {
		o.MinWeight = *c.MinWeight
	}
	if err := checkColumns(fields, c.likeColumns()); err != nil {
		return err
	}
	out := outputs{}
	edges := out.add(c.Edges)
	if err := out.check(c.Files); err != nil {
		return err
	}

	var rows []coordination.CNTRow
	for _, file := range c.Files {
		t, err := openTable(file, fields, c.likeColumns())
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(fields, func(f likeField) bool { return f.optional }); i >= 0 && t.at[i] < 0 {
			w.say("%s: no column repost_id: no row is taken for a repost", file)
		}
		rows = slices.Grow(rows, t.lines)
		for f, err := range t.rows {
			if err != nil {
				return err
			}
			at, err := t.seconds(f[2])
			if err != nil {
				return err
			}
			if len(f[5]) > maxCNTText && utf8.RuneCountInString(f[5]) > maxCNTText {
				return cannotTell("CNT stops at such a text too", "%s: line %d: a text of more than %d characters", file, t.line, maxCNTText)
			}
			rows = append(rows, coordination.CNTRow{Message: f[0], User: f[1], Time: at, Repost: f[3], Reply: f[4], Text: f[5], URLs: f[6]})
		}
	}
	found, err := orStop(ctx, func() []coordination.CNTEdge { return coordination.CNT(rows, o) })
	if err != nil {
		return err
	}
	edges.header("user_1,user_2,weight")
	users := make(map[string]bool)
	for _, e := range found {
		edges.text(e.User1)
		edges.text(e.User2)
		edges.int(e.Weight)
		edges.end()
		users[e.User1], users[e.User2] = true, true
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := out.commit(); err != nil {
		return err
	}
	w.say("%d rows: %d directed edges, %d accounts", len(rows), len(found), len(users))
	return nil
}

// refuse says that an option has no meaning for the tool: one of set, or one
// that only the native detection has.
func (c *detectCmd) refuse(tool string, set map[string]bool) error {
	maps.Copy(set, map[string]bool{"--out": c.Out != "", "--json": c.JSON, "--pairs": c.Pairs != "",
		"--containment": c.Containment, "--gram": c.Gram != nil, "--without": len(c.Without) > 0,
		"--min-words": c.MinWords != nil, "--min-characters": c.MinRunes != nil, "--min-sequence": c.MinSequence != nil,
		"--originals": c.Originals, "--group-weight": c.GroupWeight != nil, "--directed": c.Directed, "--max-pairs": c.MaxPairs != nil,
		"--format": c.Format != "", "--keep": len(c.Keep) > 0, "--zone": c.Zone != "", "--day-first": c.DayFirst,
		"--month-first": c.MonthFirst, "--year": c.Year != 0, "--encoding": c.Encoding != "", "--private": c.Private})
	for _, option := range slices.Sorted(maps.Keys(set)) {
		if set[option] {
			return wrongUse("", "%s has no meaning with --like %s", option, tool)
		}
	}
	return nil
}

// likeColumns returns --columns as a map. What is not FIELD=NAME stands under
// itself and is refused by checkColumns.
func (c *detectCmd) likeColumns() map[string]string {
	m := map[string]string{}
	for _, pair := range strings.Split(c.Columns, ",") {
		if pair != "" {
			field, name, _ := strings.Cut(pair, "=")
			m[field] = name
		}
	}
	return m
}
