package coordination_test

import (
	"fmt"
	"time"

	"github.com/arasha-org/arasha/coordination"
)

// Three accounts share one link within a minute; two of them share another.
func ExampleCooRTweet() {
	rows := []coordination.CooRTweetRow{
		{Object: "link1", Account: "ann", Content: "a1", Time: 1000},
		{Object: "link1", Account: "bob", Content: "b1", Time: 1030},
		{Object: "link1", Account: "cem", Content: "c1", Time: 1060},
		{Object: "link2", Account: "ann", Content: "a2", Time: 2000},
		{Object: "link2", Account: "bob", Content: "b2", Time: 2005},
	}
	r := coordination.CooRTweet(rows, coordination.CooRTweetOptions{Window: time.Minute, MinParticipation: 2, Percentile: .5})
	for _, e := range r.Edges {
		fmt.Println(e.From, e.To, e.Full.Weight, e.Full.MeanGap, e.Full.Objects, e.Full.Over)
	}
	for _, p := range r.Pairs {
		fmt.Println(rows[p.Older].Content, "then", rows[p.Newer].Content)
	}
	// Output:
	// ann bob 2 17.5 [link1 link2] false
	// a1 then b1
	// a2 then b2
}

// One sentence, copied with a word changed.
func ExampleCNT() {
	rows := []coordination.CNTRow{
		{Message: "1", User: "ann", Text: "The hall of culture is closed, and nobody says why", Time: 1000},
		{Message: "2", User: "bob", Text: "@ann the hall of culture is shut, and nobody says why", Time: 1020},
		{Message: "3", User: "cem", Text: "Nobody says why", Time: 1030},
	}
	for _, e := range coordination.CNT(rows, coordination.CNTOptions{
		Network: coordination.CoSimilarTweet, Window: time.Minute, Threshold: .8, MinWeight: 1,
	}) {
		fmt.Println(e.User1, e.User2, e.Weight)
	}
	// Output:
	// ann bob 1
	// bob ann 1
}
