package post_test

import (
	"bytes"
	"testing"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/post"
)

func like(n int) post.Post {
	return post.Post{ID: "m1253456789", Account: post.Account{ID: "account77", Name: "Қала"}, Lang: "ru",
		Time: post.Time{Millis: 1588068000000 + int64(n)*1000, Precision: post.Second, Basis: post.Unix},
		Text: "Откуда деньги у фонда? «Бұл не?» сказал он \"вчера\" 🔥\nhttps://t.example/abcd", Links: []string{"https://t.example/abcd"},
		Source: post.Source{Ref: evidence.Of(nil), Record: int64(n)}}
}

func BenchmarkAppend(b *testing.B) {
	p := like(1)
	var line []byte
	b.ReportAllocs()
	for b.Loop() {
		line = post.Append(line[:0], &p)
	}
	b.SetBytes(int64(len(line)))
}

func BenchmarkLines(b *testing.B) {
	var file []byte
	const n = 10_000
	for i := range n {
		p := like(i)
		file = post.Append(file, &p)
	}
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range post.Lines(bytes.NewReader(file)) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "posts/s")
}
