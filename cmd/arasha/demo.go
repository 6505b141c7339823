package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
	"github.com/arasha-org/arasha/post"
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
	if err := os.MkdirAll(exports, 0o755); err != nil {
		return cannotTell("", "%v", err)
	}
	channels, table := filepath.Join(exports, "result.json"), filepath.Join(exports, "posts.csv")
	if err := writeDemoChannels(channels, d.Posts); err != nil {
		return cannotTell("", "%v", err)
	}
	if err := writeDemoTable(table, d.Posts); err != nil {
		return cannotTell("", "%v", err)
	}
	posts := filepath.Join(c.Out, "posts.jsonl")
	w.say("\n1. Bring the exports in")
	w.say("   arasha collect %s %s --out %s", channels, table, posts)
	quiet := *w
	quiet.out = new(bytes.Buffer)
	collect := &collectCmd{File: []string{channels, table}, Out: posts}
	if err := collect.Run(ctx, &quiet); err != nil {
		return err
	}
	finding := filepath.Join(c.Out, "finding")
	w.say("\n2. Compare them")
	w.say("   arasha detect %s --out %s", posts, finding)
	detect := &detectCmd{Files: []string{posts}, Out: finding}
	o, err := detect.options()
	if err != nil {
		return err
	}
	r, inputs, err := detect.analyse(ctx, &quiet, o, nil)
	if err != nil {
		return err
	}
	if err := report.Write(ctx, finding, r, report.New(r, version, inputs)); err != nil {
		return cannotTell("", "the finding was not written: %v", err)
	}
	fmt.Fprintln(w.out)
	report.Text(w.out, r)
	fmt.Fprintln(w.out, "\nWhat was planted, and where it came out")
	for _, line := range planted(d, r) {
		fmt.Fprintf(w.out, "  %s\n", line)
	}
	fmt.Fprintf(w.out, "\nLook at\n  %s\n  %s\n  %s\n", filepath.Join(finding, "waves.csv"), filepath.Join(finding, "pairs.csv"), filepath.Join(finding, "network.gexf"))
	w.say("\nDone in %.1f s.", time.Since(began).Seconds())
	return nil
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

// writeDemoChannels writes the posts on Telegram as the desktop program
// exports an account: only the two outlets' channels.
func writeDemoChannels(name string, posts []post.Post) error {
	type message struct {
		ID       int64  `json:"id"`
		Type     string `json:"type"`
		Date     string `json:"date"`
		DateUnix string `json:"date_unixtime"`
		From     string `json:"from"`
		FromID   string `json:"from_id"`
		Text     []any  `json:"text"`
	}
	type chat struct {
		Name     string    `json:"name"`
		Type     string    `json:"type"`
		ID       int64     `json:"id"`
		Messages []message `json:"messages"`
	}
	var chats []*chat
	for i := range posts {
		p := &posts[i]
		if p.Platform != "telegram" {
			continue
		}
		at := slices.IndexFunc(chats, func(c *chat) bool { return c.Name == p.Account.Name })
		if at < 0 {
			at = len(chats)
			chats = append(chats, &chat{Name: p.Account.Name, Type: "public_channel", ID: 1700000001 + int64(at)})
		}
		c := chats[at]
		text := []any{p.Text + " ", map[string]string{"type": "link", "text": p.Links[0]}}
		c.Messages = append(c.Messages, message{ID: int64(len(c.Messages) + 1), Type: "message", Date: p.Time.UTC().Format("2006-01-02T15:04:05"),
			DateUnix: strconv.FormatInt(p.Time.Millis/1000, 10), From: p.Account.Name, FromID: "channel" + strconv.FormatInt(c.ID, 10), Text: text})
	}
	b, err := json.MarshalIndent(map[string]any{"about": "An invented export.", "chats": map[string]any{"about": "", "list": chats}}, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, b, 0o644)
}

// writeDemoTable writes the other posts as a researcher's table.
func writeDemoTable(name string, posts []post.Post) error {
	var b bytes.Buffer
	t := csv.NewWriter(&b)
	t.Write([]string{"platform", "post_id", "account", "time", "text", "links", "language"})
	for i := range posts {
		p := &posts[i]
		if p.Platform != "telegram" {
			t.Write([]string{p.Platform, p.ID, p.Account.ID, p.Time.UTC().Format(time.RFC3339), p.Text, strings.Join(p.Links, " "), p.Lang})
		}
	}
	t.Flush()
	if err := t.Error(); err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o644)
}
