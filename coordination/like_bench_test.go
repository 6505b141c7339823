package coordination_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
)

// BenchmarkCooRTweet is the golden run ru_w60_m2 without reading the file:
// CooRTweet itself took 18.8 to 46 s.
func BenchmarkCooRTweet(b *testing.B) {
	rows := russianCoord(b, dataDir(b))
	for _, w := range []time.Duration{10 * time.Second, time.Minute, time.Hour} {
		b.Run(w.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				coordination.CooRTweet(rows, coordination.CooRTweetOptions{Window: w, MinParticipation: 2, Percentile: .5})
			}
			perSecond(b, len(rows))
		})
	}
}

// BenchmarkCNT is similar text on one English day: CNT itself took 23 s for
// the first line.
func BenchmarkCNT(b *testing.B) {
	rows := cntFile(b, dataDir(b), "en_day.input.csv.gz")
	for _, w := range []time.Duration{time.Minute, time.Hour, 24 * time.Hour} {
		b.Run(w.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				coordination.CNT(rows, coordination.CNTOptions{Network: coordination.CoSimilarTweet, Window: w, MinWeight: 1, Threshold: .8})
			}
			perSecond(b, len(rows))
		})
	}
}

// BenchmarkCNTCopies has one text by many accounts within the window, which is
// what a campaign looks like, among other posts.
func BenchmarkCNTCopies(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("сегодня новости город дорога школа вода хлеб работа день ночь the news of a day қала су нан жол бүгін кеше http://t.co/a1 #tag 😀 , . !")
	var rows []coordination.CNTRow
	for i := range 50000 {
		var text []string
		for range 5 + r.IntN(20) {
			text = append(text, words[r.IntN(len(words))]+fmt.Sprint(r.IntN(50)))
		}
		rows = append(rows, coordination.CNTRow{Message: fmt.Sprint(i), User: fmt.Sprint("u", r.IntN(5000)), Text: strings.Join(text, " "), Time: float64(r.IntN(86400))})
	}
	for i := range 1000 {
		rows[r.IntN(len(rows))].Text = fmt.Sprintf("одна и та же новость для всех %d", i%2)
	}
	for b.Loop() {
		coordination.CNT(rows, coordination.CNTOptions{Network: coordination.CoSimilarTweet, Window: time.Hour, MinWeight: 1, Threshold: .8})
	}
	perSecond(b, len(rows))
}

func perSecond(b *testing.B, posts int) {
	b.ReportMetric(float64(posts)*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
}
