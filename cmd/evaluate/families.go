package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// families measures what the rule of constant mirroring takes for one
// publisher: sister channels, page families, and, wrongly or rightly, accounts
// that are run together.
func families() chapter {
	type design struct {
		file    string
		columns map[string]string
		keep    string // the column that stands for the text
		only    string // accounts whose id begins so
		trace   coordination.Trace
		least   int
		note    string
		groups  bool // test groups before and after
	}
	cells := []cell{
		{"Telegram", design{file: "telegram_ru_news.csv.gz", columns: telegramColumns, trace: coordination.SameText, least: 2,
			note: "four families of 3, 16 publishers; 40 texts at ≥ 2 publishers, 2 at ≥ 3, none at ≥ 5; 1 passes"}},
		{"German Facebook URLs", design{file: "german_elections.input.csv.gz", columns: backgrounds["German URLs"].columns, keep: "url_id", only: "fb_",
			trace: coordination.SameText, least: 5, groups: true, note: "22 accounts in 6 groups with profiles, before the rule"}},
		{"ira_ru_nov15 originals", design{file: "ira_ru_nov15.csv.gz", trace: coordination.SameText, least: 5, note: "not run"}},
		{"ira_en originals", design{file: "ira_en.csv.gz", trace: coordination.SameText, least: 5, note: "not run"}},
	}
	return chapter{
		name: "families", version: coordination.WaveTestVersion, once: true, cells: cells,
		run: func(ctx context.Context, e *env, c cell, seed uint64) (values, error) {
			d := c.arg.(design)
			o := collect.Options{Columns: d.columns}
			if d.keep != "" {
				o.Keep = []string{d.keep}
			}
			read, err := e.read(d.file, o)
			if err != nil {
				return nil, err
			}
			var posts []post.Post
			for _, p := range read {
				if !strings.HasPrefix(p.Account.Key(), d.only) {
					continue
				}
				if d.keep != "" {
					p.Text = ""
					if u := p.Extra[d.keep]; u != "" {
						p.Text = "the page with the number " + u
					}
				}
				posts = append(posts, p)
			}
			r, err := coordination.Find(posts, coordination.Options{Traces: []coordination.Trace{d.trace}, Windows: []time.Duration{time.Minute}, Originals: true, MaxPairs: 1})
			if err != nil {
				return nil, err
			}
			suggested := r.SuggestFamilies()
			v := values{"accounts": float64(r.Accounts), "families": float64(len(suggested))}
			for _, s := range suggested {
				v["in families"] += float64(len(s.Accounts))
				v["largest"] = max(v["largest"], float64(len(s.Accounts)))
				v["clear"] += one(s.Clear())
			}
			p := r.Publishers(nil, suggested)
			v["publishers"] = v["accounts"] - v["in families"] + v["families"]
			for _, side := range []struct {
				name string
				p    *coordination.Publishers
			}{{"before", nil}, {"after", p}} {
				w, err := r.TestWaves(ctx, d.trace, coordination.WaveOptions{Seed: seed, MinAccounts: d.least, Rules: noRules, Publishers: side.p})
				if err != nil {
					return nil, err
				}
				for _, x := range w.Tests {
					for _, n := range []int{2, 3, 5} {
						v[fmt.Sprintf("%s ≥ %d", side.name, n)] += one(x.Publishers >= n)
					}
					if len(x.Explained) == 0 && x.OwnQ <= coordination.TestLevel {
						v[side.name+" pass"]++
						v[side.name+" pass ≥ 5"] += one(x.Publishers >= 5)
					}
				}
				if !d.groups {
					continue
				}
				ev, err := r.Events(d.trace, time.Minute)
				if err != nil {
					return nil, err
				}
				if side.p != nil {
					ev = side.p.Merge(ev)
				}
				g, err := coordination.TestGroups(ctx, ev, coordination.TestOptions{Seed: seed})
				if err != nil {
					return nil, err
				}
				for _, x := range g.Groups {
					if x.Verdict != coordination.NotPassing {
						v[side.name+" groups"]++
						v[side.name+" grouped"] += float64(len(x.Accounts))
					}
				}
			}
			return v, nil
		},
		table: func(r rows) string {
			var body [][]string
			for _, c := range cells {
				s := r.of(c)
				note := c.arg.(design).note
				if len(s) == 0 {
					body = append(body, []string{c.name, "–", "–", "–", "–", "–", note})
					continue
				}
				v := s[0]
				pair := func(name string) string { return fmt.Sprintf("%.0f → %.0f", v["before "+name], v["after "+name]) }
				groups := "–"
				if c.arg.(design).groups {
					groups = fmt.Sprintf("%s (%s)", pair("groups"), pair("grouped"))
				}
				body = append(body, []string{c.name, fmt.Sprintf("%.0f → %.0f", v["accounts"], v["publishers"]),
					fmt.Sprintf("%.0f of %.0f accounts, the largest %.0f; %.0f clear", v["families"], v["in families"], v["largest"], v["clear"]),
					fmt.Sprintf("%s / %s / %s", pair("≥ 2"), pair("≥ 3"), pair("≥ 5")), fmt.Sprintf("%s (n ≥ 5: %s)", pair("pass"), pair("pass ≥ 5")), groups, note})
			}
			return table([]string{"corpus", "accounts → publishers", "suggested families", "messages at ≥ 2 / 3 / 5 publishers, before → after", "pass own activity, before → after",
				"groups of the group test (accounts)", "prototype"}, body)
		},
	}
}
