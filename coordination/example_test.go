package coordination_test

import (
	"context"
	"fmt"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// saying is a post on an invented network, so many seconds into the day.
func saying(account string, second int64, text string) post.Post {
	return post.Post{Platform: "qalqan", Account: post.Account{ID: account}, Text: text,
		Time: post.Time{Millis: 1935136800000 + 1000*second, Precision: post.Second, Basis: post.Unix}}
}

// Posts in, waves out: one sentence, three accounts, links and case aside.
func ExampleFind() {
	posts := []post.Post{
		saying("anna", 0, "Who pays for the Lantern society? https://news.example/1"),
		saying("bolat", 20, "WHO pays for the Lantern society?! https://news.example/2"),
		saying("cem", 55, "@dana who pays for the lantern society"),
		saying("dana", 60, "Rain again, and the bridge is closed until Monday"),
	}
	r, err := coordination.Find(posts, coordination.Options{
		Traces: []coordination.Trace{coordination.SameText}, Windows: []time.Duration{time.Minute},
	})
	if err != nil {
		panic(err)
	}
	for i := range r.Views {
		v := &r.Views[i]
		for j := range v.Waves {
			w := &v.Waves[j]
			fmt.Printf("%d accounts within %v: %s\n", w.Accounts, coordination.WindowName(v.Window), r.Post(w.First).Text)
		}
		for p := range r.Pairs(v, false) {
			a, b := r.Post(p.A), r.Post(p.B)
			fmt.Println(r.Account(a.Account).ID, "then", r.Account(b.Account).ID, "after", p.Gap)
		}
	}
	// Output:
	// 3 accounts within 1m: Who pays for the Lantern society? https://news.example/1
	// anna then bolat after 20s
	// anna then cem after 55s
	// bolat then cem after 35s
}

// Posts that come one by one, and a text with a word changed.
func ExampleCorpus() {
	c, err := coordination.NewCorpus(coordination.Options{
		Traces: []coordination.Trace{coordination.SimilarText}, Windows: []time.Duration{time.Hour, 48 * time.Hour}, Num: 3, Den: 4,
	})
	if err != nil {
		panic(err)
	}
	for _, p := range []post.Post{
		saying("anna", 0, "the hall of culture is closed, and nobody says why"),
		saying("bolat", 90, "the hall of culture is shut, and nobody says why"),
		saying("cem", 90000, "The hall of culture is closed and nobody says why!"),
	} {
		c.Add(&p)
	}
	r, err := c.Find(context.Background())
	if err != nil {
		panic(err)
	}
	for i := range r.Views {
		v := &r.Views[i]
		for _, e := range v.Edges {
			fmt.Println(coordination.WindowName(v.Window), r.Account(e.A).ID, r.Account(e.B).ID, e.Messages, e.Pairs)
		}
	}
	// Output:
	// 1h anna bolat 1 1
	// 48h anna bolat 1 1
	// 48h anna cem 1 1
	// 48h bolat cem 1 1
}
