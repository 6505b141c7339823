package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// spirit measures how far texts that say the same in other words are found.
// Nobody has labelled any: pairs of texts that share a link and few words
// stand for them, as coordination.md section 8 defines them, and pairs of one
// day for the rest.
func spirit() chapter {
	type corpus struct {
		file    string
		densest int // only so many texts, where they lie densest; 0: all
		before  string
	}
	cells := []cell{
		{"Telegram", corpus{"telegram_ru_news.csv.gz", 0, ".971; .69; .42 / .0092 / 37"}},
		{"ira_ru", corpus{"ira_ru.csv.gz", 0, ".916; .73"}},
		{"ira_ru, densest 30,000 texts", corpus{"ira_ru.csv.gz", 30_000, "– ; – ; .43 / .0028 / 42"}},
		{"ira_en", corpus{"ira_en.csv.gz", 0, ".765; .86"}},
	}
	return chapter{
		name: "spirit", version: coordination.NarrativesVersion, cells: cells,
		run: func(ctx context.Context, e *env, c cell, seed uint64) (values, error) {
			d := c.arg.(corpus)
			posts, err := e.read(d.file, collect.Options{Columns: textColumns})
			if err != nil {
				return nil, err
			}
			texts := saidOnce(posts)
			if d.densest > 0 {
				texts = densest(texts, d.densest)
			}
			return measureSpirit(ctx, texts, seed)
		},
		table: func(r rows) string {
			var body [][]string
			for _, c := range cells {
				s := r.of(c)
				num := func(name string) string {
					if m, _ := s.stats(name); len(s) > 0 {
						return fmt.Sprintf("%.0f", m)
					}
					return "–"
				}
				body = append(body, []string{c.name, num("texts"), num("positives"), s.mean("AUC, same day"), s.mean("AUC, a rare stem shared"),
					s.mean("positives together"), s.mean("same day together"), num("largest"), num("seconds per 100,000"), c.arg.(corpus).before})
			}
			return table([]string{"corpus", "texts", "pairs that share a link", "AUC against pairs of one day", "AUC against pairs of one day that share a rare stem",
				"link pairs in one group", "pairs of one day in one group", "largest group", "seconds per 100,000 texts, one core", "prototype: AUC; AUC; groups"}, body)
		},
	}
}

// The files have these columns; urls only some.
var textColumns = map[string]string{"account": "account_id", "id": "message_id", "time": "timestamp", "text": "text"}

// A text is one that was published once or more, its first post standing for
// it, with all the links it came with.
type text struct {
	post  post.Post
	words map[string]bool
	links map[string]bool
}

var (
	webAddress = regexp.MustCompile(`(?:https?://|t\.me/|www\.)\S+`)
	repostMark = regexp.MustCompile(`^(?:#top\s+)?(?:RT\s+\w+:)?`)
	atName     = regexp.MustCompile(`@\w+`)
)

// saidOnce returns the different texts of at least six words, in order of
// time, links, mentions and marks of reposts taken out.
func saidOnce(posts []post.Post) []text {
	sorted := slices.Clone(posts)
	slices.SortStableFunc(sorted, func(a, b post.Post) int { return int(a.Time.Millis/1000 - b.Time.Millis/1000) })
	seen := map[string]int{}
	var out []text
	for _, p := range sorted {
		bare := atName.ReplaceAllString(webAddress.ReplaceAllString(repostMark.ReplaceAllString(p.Text, ""), " "), " ")
		key := coordination.Normalise(bare, coordination.Options{})
		words := strings.Fields(key)
		if len(words) < 6 {
			continue
		}
		i, ok := seen[key]
		if !ok {
			i = len(out)
			seen[key] = i
			q := p
			q.ID, q.Text, q.Links, q.RepostOf, q.Repost = fmt.Sprint(i), bare, nil, "", false
			t := text{post: q, words: map[string]bool{}, links: map[string]bool{}}
			for _, w := range words {
				t.words[w] = true
			}
			out = append(out, t)
		}
		for _, u := range append(webAddress.FindAllString(p.Text, -1), p.Links...) {
			u = strings.TrimRight(u, ").,]*»\"")
			if !strings.Contains(u, "…") && len([]rune(u)) > 18 && !strings.HasSuffix(u, "_bot") {
				out[i].links[u] = true
			}
		}
	}
	return out
}

// densest returns n texts that follow one another in the shortest time.
func densest(texts []text, n int) []text {
	if len(texts) <= n {
		return texts
	}
	best, span := 0, int64(1<<62)
	for i := 0; i+n <= len(texts); i += 2000 {
		if s := texts[i+n-1].post.Time.Millis - texts[i].post.Time.Millis; s < span {
			best, span = i, s
		}
	}
	return texts[best : best+n]
}

type pair struct{ a, b uint32 }

func jaccard(a, b map[string]bool) float64 {
	both := 0
	for w := range a {
		if b[w] {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

func sharesLink(a, b text) bool {
	for u := range a.links {
		if b.links[u] {
			return true
		}
	}
	return false
}

// linkPairs returns pairs of texts that share a link of two to twenty texts
// within three days and less than three tenths of their words, at most four
// for a link.
func linkPairs(texts []text, rng *rand.Rand) []pair {
	by := map[string][]uint32{}
	for i := range texts {
		for u := range texts[i].links {
			by[u] = append(by[u], uint32(i))
		}
	}
	links := make([]string, 0, len(by))
	for u := range by {
		links = append(links, u)
	}
	sort.Strings(links)
	seen := map[pair]bool{}
	var out []pair
	for _, u := range links {
		list := by[u]
		if len(list) < 2 || len(list) > 20 || texts[list[len(list)-1]].post.Time.Millis-texts[list[0]].post.Time.Millis > (72*time.Hour).Milliseconds() {
			continue
		}
		var own []pair
		for i, a := range list {
			for _, b := range list[i+1:] {
				if jaccard(texts[a].words, texts[b].words) < .3 {
					own = append(own, pair{a, b})
				}
			}
		}
		rng.Shuffle(len(own), func(i, j int) { own[i], own[j] = own[j], own[i] })
		for _, p := range own[:min(len(own), 4)] {
			if !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
		}
	}
	return out
}

func measureSpirit(ctx context.Context, texts []text, seed uint64) (values, error) {
	rng := rand.New(rand.NewPCG(seed, 0x5B171))
	posts := make([]post.Post, len(texts))
	for i := range texts {
		posts[i] = texts[i].post
	}
	r, err := coordination.Find(posts, coordination.Options{Traces: []coordination.Trace{coordination.Link}, Windows: []time.Duration{time.Minute}})
	if err != nil {
		return nil, err
	}
	began := cpuTime()
	n, err := r.Narratives(ctx, coordination.NarrativeOptions{Seed: seed, Procs: 1})
	if err != nil {
		return nil, err
	}
	took := cpuTime() - began

	same := linkPairs(texts, rng)
	byDay := map[int64][]uint32{}
	day := func(i uint32) int64 { return texts[i].post.Time.Millis / 86_400_000 }
	for i := range texts {
		byDay[day(uint32(i))] = append(byDay[day(uint32(i))], uint32(i))
	}
	any := func() pair {
		a := uint32(rng.IntN(len(texts)))
		list := byDay[day(a)]
		return pair{a, list[rng.IntN(len(list))]}
	}
	unlike := func(p pair) bool {
		return p.a != p.b && !sharesLink(texts[p.a], texts[p.b]) && jaccard(texts[p.a].words, texts[p.b].words) < .3
	}
	var other []pair
	for range 5 * len(same) {
		if p := any(); unlike(p) {
			other = append(other, p)
		}
	}
	v := values{"texts": float64(len(texts)), "positives": float64(len(same)), "largest": float64(n.Largest),
		"seconds per 100,000": took.Seconds() / float64(len(texts)) * 1e5}
	score := func(pairs []pair, positive bool) (out []labelled) {
		for _, p := range pairs {
			out = append(out, labelled{n.Cosine(p.a, p.b), positive})
		}
		return
	}
	v["AUC, same day"], _ = ranked(append(score(same, true), score(other, false)...))

	hard, matched := rarePairs(texts, same, day, unlike, rng)
	v["AUC, a rare stem shared"], _ = ranked(append(score(hard, true), score(matched, false)...))

	together := func(pairs []pair) float64 {
		k := 0
		for _, p := range pairs {
			if n.Together(p.a, p.b) {
				k++
			}
		}
		return float64(k) / float64(max(len(pairs), 1))
	}
	var random []pair
	for range 60_000 {
		if p := any(); p.a != p.b && !sharesLink(texts[p.a], texts[p.b]) {
			random = append(random, p)
		}
	}
	v["positives together"], v["same day together"] = together(same), together(random)
	return v, nil
}

// rarePairs returns the positives that share a rare stem, and four times as
// many pairs of one day that share one too and no link.
func rarePairs(texts []text, same []pair, day func(uint32) int64, unlike func(pair) bool, rng *rand.Rand) (hard, matched []pair) {
	stems := make([][]string, len(texts))
	df := map[string]int{}
	for i := range texts {
		list := slices.Compact(slices.Sorted(slices.Values(coordination.Stems(texts[i].post.Text))))
		stems[i] = list
		for _, s := range list {
			df[s]++
		}
	}
	holders := map[string]map[int64][]uint32{}
	for i := range stems {
		stems[i] = slices.DeleteFunc(stems[i], func(s string) bool { return df[s] < 5 || df[s] > max(60, len(texts)/500) || len(s) < 4 })
		for _, s := range stems[i] {
			if holders[s] == nil {
				holders[s] = map[int64][]uint32{}
			}
			holders[s][day(uint32(i))] = append(holders[s][day(uint32(i))], uint32(i))
		}
	}
	for _, p := range same {
		if slices.ContainsFunc(stems[p.a], func(s string) bool { return slices.Contains(stems[p.b], s) }) {
			hard = append(hard, p)
		}
	}
	seen := map[pair]bool{}
	for tries := 0; len(matched) < 4*len(hard) && tries < 200_000; tries++ {
		a := uint32(rng.IntN(len(texts)))
		if len(stems[a]) == 0 {
			continue
		}
		list := holders[stems[a][rng.IntN(len(stems[a]))]][day(a)]
		p := pair{a, list[rng.IntN(len(list))]}
		if p.a < p.b && !seen[p] && unlike(p) {
			seen[p] = true
			matched = append(matched, p)
		}
	}
	return hard, matched
}
