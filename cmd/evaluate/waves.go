package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// messageTrace is the trace of the chapters on waves: a message is whatever
// the corpus shares, under one name, so that corpora can be compared.
const messageTrace = coordination.Trace("column:message")

// noRules lets nothing be explained away: these chapters measure the tests.
var noRules = &coordination.Rules{}

// corpora are the real posts with their messages.
var corpora = map[string]struct {
	file    string
	columns map[string]string
	keep    string                  // the column that is the message; "": the text
	takes   func(p *post.Post) bool // which posts may bear a message; nil: all
}{
	"russian_coord reposts": {"russian_coord_tweets.input.csv.gz", backgrounds["russian reposts"].columns, "object_id", nil},
	"German URLs":           {"german_elections.input.csv.gz", backgrounds["German URLs"].columns, "url_id", nil},
	"German hashtags":       {"german_elections.input.csv.gz", backgrounds["German URLs"].columns, "hashtag_id", nil},
	"Telegram texts":        {"telegram_ru_news.csv.gz", telegramColumns, "", nil},
	"ira_ru reposts":        {"ira_ru.csv.gz", nil, "", func(p *post.Post) bool { return p.Repost }},
	"ira_ru originals":      {"ira_ru.csv.gz", nil, "", func(p *post.Post) bool { return !p.Repost }},
	"ira_ru_nov15 reposts":  {"ira_ru_nov15.csv.gz", nil, "", func(p *post.Post) bool { return p.Repost }},
	"ira_en reposts":        {"ira_en.csv.gz", nil, "", func(p *post.Post) bool { return p.Repost }},
	"ira_en originals":      {"ira_en.csv.gz", nil, "", func(p *post.Post) bool { return !p.Repost }},
}

var telegramColumns = map[string]string{"account": "account_id", "account_name": "channel", "id": "message_id", "time": "timestamp", "text": "text"}

// corpus returns copies of the posts of a corpus, without texts, each with its
// message in the column of messageTrace.
func (e *env) corpus(name string) ([]post.Post, error) {
	c, ok := corpora[name]
	if !ok {
		return nil, fmt.Errorf("there is no corpus %q", name)
	}
	o := collect.Options{Columns: c.columns}
	if c.keep != "" {
		o.Keep = []string{c.keep}
	}
	posts, err := e.read(c.file, o)
	if err != nil {
		return nil, err
	}
	out := make([]post.Post, len(posts))
	for i := range posts {
		p := &posts[i]
		out[i] = post.Post{ID: p.ID, Platform: p.Platform, Account: p.Account, Time: p.Time}
		if c.takes != nil && !c.takes(p) {
			continue
		}
		m := p.Extra[c.keep]
		if c.keep == "" {
			if m = coordination.Normalise(p.Text, coordination.Options{}); len([]rune(m)) < 20 {
				m = ""
			}
		}
		out[i].Extra = map[string]string{"message": m}
	}
	return out, nil
}

func findMessages(posts []post.Post) (*coordination.Result, error) {
	return coordination.Find(posts, coordination.Options{Traces: []coordination.Trace{messageTrace}, Windows: []time.Duration{time.Minute}, MaxPairs: 1})
}

// ownActivity measures whether the test against own activity keeps its level:
// groups of accounts, each placed at one of its own real moments within 14
// days of a common one, are messages that nobody coordinated.
func ownActivity() chapter {
	type design struct {
		corpus string
		n      int
		flat   bool
		inner  bool // the common moment at least 14 days from either end of the corpus
		proto  string
	}
	var cells []cell
	for _, flat := range []bool{true, false} {
		for _, x := range []struct {
			corpus string
			n      []int
			proto  []string
		}{
			{"Telegram texts", []int{5, 10, 20}, []string{"0", ".010", "0"}},
			{"ira_ru_nov15 reposts", []int{5, 15, 40}, []string{".003–.007", ".003–.007", ".003–.007"}},
			{"ira_en reposts", []int{5, 15, 40}, []string{"", "", ".13 (.05)"}},
		} {
			for i, n := range x.n {
				kind, proto := "calendar", ""
				if flat {
					kind, proto = "flat", x.proto[i]
				}
				cells = append(cells, cell{fmt.Sprintf("%s, n = %d, %s", strings.TrimSuffix(strings.TrimSuffix(x.corpus, " reposts"), " texts"), n, kind),
					design{x.corpus, n, flat, false, proto}})
			}
		}
	}
	cells = append(cells, cell{"ira_en, n = 40, calendar, away from the ends", design{"ira_en reposts", 40, false, true, ""}})
	const groups = 300
	return chapter{
		name: "own-activity", version: coordination.WaveTestVersion, once: true, cells: cells,
		run: func(ctx context.Context, e *env, c cell, seed uint64) (values, error) {
			d := c.arg.(design)
			posts, err := e.corpus(d.corpus)
			if err != nil {
				return nil, err
			}
			placed := placeGroups(posts, d.n, groups, d.inner, rand.New(rand.NewPCG(seed, 0x0A)))
			r, err := findMessages(posts)
			if err != nil {
				return nil, err
			}
			w, err := r.TestWaves(ctx, messageTrace, coordination.WaveOptions{Seed: seed, Rules: noRules, FlatPool: d.flat, Redraws: 199})
			if err != nil {
				return nil, err
			}
			v := values{"placed": float64(placed), "groups": float64(len(w.Tests))}
			both, under := 0.0, 0.0
			byWindow := func(w time.Duration) string { return "by " + coordination.WindowName(w) }
			for _, x := range w.Tests {
				for _, level := range []float64{.05, .01, .001} {
					if x.Own.P <= level {
						v[fmt.Sprint(level)]++
					}
				}
				for _, win := range x.Windows {
					v[byWindow(win.Window)] += one(win.P*float64(len(coordination.WaveWindows)) <= .05) / float64(len(w.Tests))
					if win.K >= 3 {
						both++
						under += one(win.P < win.Redrawn/1.5)
					}
				}
			}
			for _, level := range []float64{.05, .01, .001} {
				v[fmt.Sprint(level)] /= max(v["groups"], 1)
			}
			v["under"] = under / max(both, 1)
			return v, nil
		},
		table: func(r rows) string {
			var body [][]string
			for _, c := range cells {
				row := []string{c.name, "–", "–", "–", "–", "–", "–"}
				if s := r.of(c); len(s) > 0 {
					v := s[0]
					row = []string{c.name, fmt.Sprintf("%.0f", v["groups"]), fmt.Sprintf("%.3f", v["0.05"]), fmt.Sprintf("%.3f", v["0.01"]),
						fmt.Sprintf("%.3f", v["0.001"]), fmt.Sprintf("%.3f / %.3f / %.3f / %.3f", v["by 1m"], v["by 1h"], v["by 24h"], v["by 48h"]), fmt.Sprintf("%.3f", v["under"])}
				}
				body = append(body, append(row, c.arg.(design).proto))
			}
			return table([]string{"corpus, publishers, pool", "groups", "p ≤ .05", "p ≤ .01", "p ≤ .001", "p ≤ .05 by window 1 min / 1 h / 24 h / 48 h", "screen below Monte Carlo / 1.5", "prototype: p ≤ .05 (≤ .001)"}, body)
		},
	}
}

// placeGroups gives n accounts a message in common, again and again: each at
// one of its own posts within 14 days of a common moment, which lies at least
// two days from the ends of the corpus, or 14 when inner. No other post bears a
// message.
func placeGroups(posts []post.Post, n, groups int, inner bool, rng *rand.Rand) (placed int) {
	of := map[string][]int{}
	var names []string
	lo, hi := posts[0].Time.Millis, posts[0].Time.Millis
	for i := range posts {
		posts[i].Extra = nil
		k := posts[i].Account.Key()
		if of[k] == nil {
			names = append(names, k)
		}
		of[k] = append(of[k], i)
		lo, hi = min(lo, posts[i].Time.Millis), max(hi, posts[i].Time.Millis)
	}
	const day = 24 * 60 * 60 * 1000
	edge := int64(2 * day)
	if inner {
		edge = 14 * day
	}
	for g := range groups {
		for range 50 {
			mid := lo + edge + rng.Int64N(max(hi-lo-2*edge, 1))
			var chosen []int
			for _, k := range rng.Perm(len(names)) {
				list := of[names[k]]
				if len(list) < 20 {
					continue
				}
				var near []int
				for _, i := range list {
					if t := posts[i].Time.Millis; posts[i].Extra == nil && t >= mid-14*day && t <= mid+14*day {
						near = append(near, i)
					}
				}
				if len(near) >= 5 {
					chosen = append(chosen, near[rng.IntN(len(near))])
				}
				if len(chosen) == n {
					break
				}
			}
			if len(chosen) == n {
				for _, i := range chosen {
					posts[i].Extra = map[string]string{"message": fmt.Sprint("group ", g)}
				}
				placed++
				break
			}
		}
	}
	return placed
}

// popularity measures how close together messages of real corpora are, how
// many pass the filter of own activity, and how many come closer than all but
// 1 % of ordinary reposts.
func popularity() chapter {
	proto := map[string]string{"russian_coord reposts": "96 % · 0, 0, 0", "German URLs": "90 % · .12, .02, 0", "German hashtags": "57 % · .08, .01, 0",
		"ira_ru reposts": "100 % · .97, .86, .50", "ira_ru originals": "8 of 8 · –, 1, –", "ira_en originals": "95 % · .19, .06, –", "ira_en reposts": "100 % · 0, 0, 0"}
	var cells []cell
	for _, name := range []string{"russian_coord reposts", "German URLs", "German hashtags", "ira_ru reposts", "ira_ru originals", "ira_en reposts", "ira_en originals"} {
		cells = append(cells, cell{name, nil})
	}
	classOf := func(n int) int {
		switch {
		case n < 15:
			return 0
		case n < 50:
			return 1
		}
		return 2
	}
	return chapter{
		name: "popularity", version: coordination.WaveTestVersion, once: true, cells: cells,
		run: func(ctx context.Context, e *env, c cell, seed uint64) (values, error) {
			// The reference is one half of the ordinary reposts by message; of
			// the ordinary reposts the other half is tested.
			ordinary, err := e.corpus("russian_coord reposts")
			if err != nil {
				return nil, err
			}
			half := func(m string) bool { return rand.New(rand.NewPCG(seed, hash(m))).IntN(2) == 0 }
			known := slices.Clone(ordinary)
			for i := range known {
				if m := known[i].Extra["message"]; !half(m) {
					known[i].Extra = nil
				}
			}
			r, err := findMessages(known)
			if err != nil {
				return nil, err
			}
			ref := coordination.NewReference("half of the ordinary reposts", r, nil)
			posts, err := e.corpus(c.name)
			if err != nil {
				return nil, err
			}
			if c.name == "russian_coord reposts" {
				for i := range posts {
					if half(posts[i].Extra["message"]) {
						posts[i].Extra = nil
					}
				}
			}
			if r, err = findMessages(posts); err != nil {
				return nil, err
			}
			w, err := r.TestWaves(ctx, messageTrace, coordination.WaveOptions{Seed: seed, Rules: noRules, Reference: ref})
			if err != nil {
				return nil, err
			}
			v := values{"messages": float64(len(w.Tests)), "posts": float64(r.Posts)}
			for _, x := range w.Tests {
				v["pass"] += one(x.OwnQ <= coordination.TestLevel) / v["messages"]
				v["pool"] += one(x.PoolQ <= coordination.TestLevel) / v["messages"]
				k := classOf(x.Publishers)
				name := func(s string) string { return fmt.Sprintf("%s %d", s, k) }
				v[name("n")]++
				if x.Half < 0 {
					continue
				}
				v[name("60s")] += one(x.Half <= time.Minute)
				v[name("5m")] += one(x.Half <= 5*time.Minute)
				v[name("30m")] += one(x.Half <= 30*time.Minute)
				v[name("12h")] += one(x.Half <= 12*time.Hour)
				v[name("ref")] = float64(x.Popularity.N)
				v[name("step2")] += one(x.Step == coordination.Step2)
			}
			return v, nil
		},
		table: func(r rows) string {
			var body [][]string
			for _, c := range cells {
				s := r.of(c)
				if len(s) == 0 {
					body = append(body, []string{c.name, "–", "–", "–", "–", "–", proto[c.name]})
					continue
				}
				v := s[0]
				row := []string{c.name, fmt.Sprintf("%.0f", v["messages"]), fmt.Sprintf("%.0f %% / %.0f %%", 100*v["pool"], 100*v["pass"])}
				for k := range 3 {
					n := v[fmt.Sprint("n ", k)]
					if n == 0 {
						row = append(row, "–")
						continue
					}
					share := func(s string) string { return fmt.Sprintf("%.2f", v[fmt.Sprint(s, " ", k)]/n) }
					row = append(row, fmt.Sprintf("%.0f: %s / %s / %s / %s; **%s**, N %.0f", n, share("60s"), share("5m"), share("30m"), share("12h"), share("step2"), v[fmt.Sprint("ref ", k)]))
				}
				body = append(body, append(row, proto[c.name]))
			}
			return table([]string{"corpus", "messages n ≥ 5", "pass own activity, with the pool / by history alone", "n 5–14: H ≤ 60 s / 5 min / 30 min / 12 h; **step 2**, N_ref", "n 15–49", "n ≥ 50",
				"prototype: pass · H ≤ 60 s by class"}, body)
		},
	}
}

// hash is FNV-1a.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// bursts plants one-shot bursts into real reposts: n accounts, one message,
// evenly spread at random over so long.
func bursts() chapter {
	sizes := []int{5, 10, 15, 30, 60, 100}
	spreads := []time.Duration{time.Minute, 2 * time.Minute, 10 * time.Minute, time.Hour, 24 * time.Hour, 48 * time.Hour}
	var cells []cell
	for _, s := range spreads {
		cells = append(cells, cell{"spread " + coordination.WindowName(s), s})
	}
	const each = 20
	return chapter{
		name: "bursts", version: coordination.WaveTestVersion, once: true, cells: cells,
		run: func(ctx context.Context, e *env, c cell, seed uint64) (values, error) {
			posts, err := e.corpus("russian_coord reposts")
			if err != nil {
				return nil, err
			}
			r, err := findMessages(posts)
			if err != nil {
				return nil, err
			}
			ref := coordination.NewReference("ordinary reposts", r, nil)
			rng := rand.New(rand.NewPCG(seed, 0xB))
			count := map[string]int{}
			var active []string
			lo, hi := posts[0].Time.Millis, posts[0].Time.Millis
			for i := range posts {
				k := posts[i].Account.Key()
				if count[k]++; count[k] == 20 {
					active = append(active, k)
				}
				lo, hi = min(lo, posts[i].Time.Millis), max(hi, posts[i].Time.Millis)
			}
			spread := c.arg.(time.Duration).Milliseconds()
			for _, n := range sizes {
				for b := range each {
					at := lo + rng.Int64N(hi-lo-spread)
					for _, a := range rng.Perm(len(active))[:n] {
						t := at + rng.Int64N(spread+1)
						posts = append(posts, post.Post{Account: post.Account{ID: active[a]}, Time: post.At(time.UnixMilli(t), post.Second, post.Unix),
							Extra: map[string]string{"message": fmt.Sprintf("planted %d %d", n, b)}})
					}
				}
			}
			if r, err = findMessages(posts); err != nil {
				return nil, err
			}
			w, err := r.TestWaves(ctx, messageTrace, coordination.WaveOptions{Seed: seed, Rules: noRules, Reference: ref})
			if err != nil {
				return nil, err
			}
			v := values{}
			for _, x := range w.Tests {
				var n, b int
				if k, _ := fmt.Sscanf(x.Name, "planted %d %d", &n, &b); k != 2 {
					continue
				}
				v[fmt.Sprintf("own %d", n)] += one(x.Own.P <= 5e-5) / each
				v[fmt.Sprintf("pop %d", n)] += one(x.Popularity.N >= coordination.MinReference && x.Popularity.P <= coordination.PopularityLevel) / each
				v[fmt.Sprintf("step2 %d", n)] += one(x.Step == coordination.Step2) / each
			}
			return v, nil
		},
		table: func(r rows) string {
			head := []string{"own activity p ≤ 5·10⁻⁵ / p_pop ≤ .01 / step 2"}
			for _, n := range sizes {
				head = append(head, fmt.Sprintf("n = %d", n))
			}
			var body [][]string
			for _, c := range cells {
				row := []string{c.name}
				for _, n := range sizes {
					if s := r.of(c); len(s) > 0 {
						v := s[0]
						row = append(row, fmt.Sprintf("%.2f / %.2f / %.2f", v[fmt.Sprint("own ", n)], v[fmt.Sprint("pop ", n)], v[fmt.Sprint("step2 ", n)]))
					} else {
						row = append(row, "–")
					}
				}
				body = append(body, row)
			}
			return table(head, body)
		},
	}
}
