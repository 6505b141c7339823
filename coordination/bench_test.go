package coordination_test

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/internal/fold"
	"github.com/arasha-org/arasha/coordination/synth"
	"github.com/arasha-org/arasha/post"
)

// ira reads columns of the troll-factory files.
func ira(b testing.TB, names ...string) []post.Post {
	dir := dataDir(b)
	var out []post.Post
	for _, n := range names {
		f, err := os.Open(filepath.Join(dir, n+".csv.gz"))
		if err != nil {
			b.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			b.Fatal(err)
		}
		r := csv.NewReader(z)
		head, _ := r.Read()
		col := func(name string) int { return slices.Index(head, name) }
		id, acct, at, text, re := col("message_id"), col("account_id"), col("timestamp"), col("text"), col("is_retweet")
		for {
			row, err := r.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			sec, _ := strconv.ParseInt(row[at], 10, 64)
			out = append(out, post.Post{ID: row[id], Account: post.Account{ID: row[acct]}, Text: row[text], Repost: row[re] == "1",
				Time: post.Time{Millis: sec * 1000, Precision: post.Minute, Basis: post.Unix}})
		}
		f.Close()
	}
	return out
}

var similar48 = coordination.Options{Traces: []coordination.Trace{coordination.SimilarText}, Windows: []time.Duration{48 * time.Hour}}

// BenchmarkFind is prepare + join + edges on posts in memory.
func BenchmarkFind(b *testing.B) {
	run := func(name string, posts func(testing.TB) []post.Post, o coordination.Options) {
		b.Run(name, func(b *testing.B) {
			p := posts(b)
			var pairs int64
			for b.Loop() {
				r, err := coordination.Find(p, o)
				if err != nil {
					b.Fatal(err)
				}
				pairs = 0
				for i := range r.Views {
					pairs += r.Views[i].Pairs
				}
			}
			b.ReportMetric(float64(len(p))*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
			b.ReportMetric(float64(pairs), "pairs")
		})
	}
	for _, n := range []int{60, 1000, 50000} {
		posts := func(testing.TB) []post.Post { return large(n, 0) }
		run(fmt.Sprintf("synthetic=%d/everything", n), posts, coordination.Options{})
	}
	run("ira=355k/similar-48h", func(b testing.TB) []post.Post { return ira(b, "ira_ru", "ira_en") }, similar48)
	run("ira=355k/everything", func(b testing.TB) []post.Post { return ira(b, "ira_ru", "ira_en") }, coordination.Options{})
}

// BenchmarkFold is the floor: tokenising and hashing alone, one goroutine.
func BenchmarkFold(b *testing.B) {
	p := ira(b, "ira_ru", "ira_en")
	f := fold.Folder{Rules: fold.All}
	for b.Loop() {
		for i := range p {
			f.Fold(p[i].Text)
		}
	}
	b.ReportMetric(float64(len(p))*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
}

// BenchmarkCopies shows what ten thousand copies of one text add.
func BenchmarkCopies(b *testing.B) {
	for _, copies := range []int{0, 10000} {
		b.Run(fmt.Sprintf("posts=100k/copies=%d", copies), func(b *testing.B) {
			p := large(100000, copies)
			o := coordination.Options{Traces: []coordination.Trace{coordination.SameText, coordination.SimilarText}, Windows: []time.Duration{time.Hour, 48 * time.Hour}}
			for b.Loop() {
				if _, err := coordination.Find(p, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// large is n synthetic posts with copies of one text within an hour put in.
func large(n, copies int) []post.Post {
	var out []post.Post
	for p := range synth.Large(n, 1) {
		q := *p
		q.Links, q.Hashtags = slices.Clone(p.Links), slices.Clone(p.Hashtags)
		out = append(out, q)
		if len(out) == n/2 {
			for c := range copies {
				out = append(out, post.Post{ID: fmt.Sprint("c", c), Platform: "twitter", Account: post.Account{ID: fmt.Sprint("copy", c%(copies/2))},
					Text: "одна и та же фраза слово в слово во многих местах", Time: post.Time{Millis: q.Time.Millis + int64(c)*3600_000/int64(copies), Precision: post.Second, Basis: post.Unix}})
			}
		}
	}
	return out
}

// BenchmarkEditedCopies groups all texts of a corpus around leaders.
func BenchmarkEditedCopies(b *testing.B) {
	for _, name := range []string{"ira_ru", "ira_en"} {
		b.Run(name, func(b *testing.B) {
			r, err := coordination.Find(ira(b, name), coordination.Options{Traces: []coordination.Trace{coordination.Link}})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := r.EditedCopies(b.Context(), coordination.EditedOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
