package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// Of each base text so many copies are planted, and so many bases in one run.
const editedCopies, editedBases = 15, 8

// edited plants copies with edited words among real texts, all at one moment,
// so that nothing but the words keeps them from the rest, and counts which stay
// together; and it looks for chains where nothing is planted.
func edited() chapter {
	type design struct {
		file     string
		min, max int     // words of a base
		edits    float64 // chance of a word to be edited; 0: nothing is planted
		before   string
	}
	var cells []cell
	for _, c := range []struct {
		name     string
		file     string
		min, max int
		before   [3]string
	}{
		{"ira_ru, 8–14 words", "ira_ru.csv.gz", 8, 14, [3]string{"1 / 1", ".98 / .95", ".90 / .91"}},
		{"ira_ru, 15–30 words", "ira_ru.csv.gz", 15, 30, [3]string{"1 / 1", ".98 / .99", ".97 / .86"}},
		{"Telegram, 31–80 words", "telegram_ru_news.csv.gz", 31, 80, [3]string{"1 / –", "1 / –", ".97 / –"}},
	} {
		for i, e := range []float64{.2, .3, .4} {
			cells = append(cells, cell{fmt.Sprintf("%s, %.0f %% edited", c.name, 100*e), design{c.file, c.min, c.max, e, c.before[i]}})
		}
	}
	cells = append(cells, cell{"Telegram, nothing planted", design{file: "telegram_ru_news.csv.gz", before: "74 of 20,769 texts at cosine ≥ .2"}})
	return chapter{
		name: "edited", version: coordination.EditedVersion, cells: cells,
		run: func(ctx context.Context, e *env, c cell, seed uint64) (values, error) {
			d := c.arg.(design)
			posts, err := e.read(d.file, collect.Options{Columns: textColumns})
			if err != nil {
				return nil, err
			}
			texts := saidOnce(posts)
			if d.edits == 0 {
				return chains(ctx, texts)
			}
			texts = texts[:min(len(texts), 20_000)]
			return plantEdited(ctx, texts, d.min, d.max, d.edits, rand.New(rand.NewPCG(seed, 0xED17)))
		},
		table: func(r rows) string {
			var body [][]string
			for _, c := range cells {
				s := r.of(c)
				kept, others := s.mean("kept"), s.mean("others")
				if c.arg.(design).edits == 0 {
					kept, others = "–", "–"
				}
				largest := "–"
				if m, _ := s.stats("largest"); m > 0 {
					largest = fmt.Sprintf("%.2f %%", 100*m)
				}
				body = append(body, []string{c.name, fmt.Sprint(len(s)), kept, others, largest, c.arg.(design).before})
			}
			return table([]string{"texts", "runs of 8", "copies in one group, of 15", "other texts in that group", "largest group, of all texts", "prototype: linked / one centre"}, body)
		},
	}
}

// plantEdited puts edited copies of several texts among the others and returns
// how many of each stay in one group, and how many other texts come into it.
func plantEdited(ctx context.Context, texts []text, least, most int, edits float64, rng *rand.Rand) (values, error) {
	var vocabulary []string
	words := make([][]string, len(texts))
	var bases []int
	for i := range texts {
		key := coordination.Normalise(texts[i].post.Text, coordination.Options{})
		words[i] = strings.Fields(key)
		vocabulary = append(vocabulary, words[i]...)
		if n := len(words[i]); n >= least && n <= most {
			bases = append(bases, i)
		}
	}
	at := post.At(time.Date(2031, 4, 20, 12, 0, 0, 0, time.UTC), post.Second, post.Unix)
	posts := make([]post.Post, 0, len(texts)+editedBases*editedCopies)
	for i := range texts {
		posts = append(posts, post.Post{ID: fmt.Sprint(i), Account: post.Account{ID: fmt.Sprint("t", i)}, Text: texts[i].post.Text, Time: at})
	}
	base := make([]int, editedBases)
	for b := range base {
		base[b] = bases[rng.IntN(len(bases))]
		for k := range editedCopies {
			posts = append(posts, post.Post{ID: fmt.Sprint("e", b, "-", k), Account: post.Account{ID: fmt.Sprint("e", b, "-", k)}, Time: at,
				Text: strings.Join(edit(words[base[b]], vocabulary, edits, rng), " ")})
		}
	}
	r, err := coordination.Find(posts, coordination.Options{Traces: []coordination.Trace{coordination.Link}, Windows: []time.Duration{time.Minute}})
	if err != nil {
		return nil, err
	}
	found, err := r.EditedCopies(ctx, coordination.EditedOptions{Procs: 1, MinWords: 2})
	if err != nil {
		return nil, err
	}
	v := values{}
	for b := range base {
		best, others := 1, 0
		for _, g := range found.List {
			in, out := 0, 0
			for _, i := range g.Posts {
				switch k := int(i) - len(texts) - b*editedCopies; {
				case k >= 0 && k < editedCopies:
					in++
				case int(i) != base[b]:
					out++
				}
			}
			if in > best {
				best, others = in, out
			}
		}
		v["kept"] += float64(best) / editedCopies / editedBases
		v["others"] += float64(others) / editedBases
	}
	return v, nil
}

// edit changes each word with the given chance: six in ten are replaced by a
// word of the corpus, two dropped, and after two one is put in.
func edit(words, vocabulary []string, chance float64, rng *rand.Rand) []string {
	var out []string
	for _, w := range words {
		other := vocabulary[rng.IntN(len(vocabulary))]
		switch u := rng.Float64(); {
		case rng.Float64() >= chance:
			out = append(out, w)
		case u < .6:
			out = append(out, other)
		case u >= .8:
			out = append(out, w, other)
		}
	}
	if len(out) < 2 {
		return words
	}
	return out
}

// chains returns the share of the texts that the largest group holds.
func chains(ctx context.Context, texts []text) (values, error) {
	posts := make([]post.Post, len(texts))
	for i := range texts {
		posts[i] = texts[i].post
	}
	r, err := coordination.Find(posts, coordination.Options{Traces: []coordination.Trace{coordination.Link}, Windows: []time.Duration{time.Minute}})
	if err != nil {
		return nil, err
	}
	found, err := r.EditedCopies(ctx, coordination.EditedOptions{Procs: 1, MinAccounts: 1})
	if err != nil {
		return nil, err
	}
	largest := 0
	for _, g := range found.List {
		largest = max(largest, len(g.Copies)+1)
	}
	return values{"largest": float64(largest) / float64(len(texts)), "groups": float64(len(found.List))}, nil
}
