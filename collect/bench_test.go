package collect

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"github.com/arasha-org/arasha/post"
)

// likeTrollFactory makes n rows in the columns of the tables people share:
// mostly Russian, some links, emoji and quoted cells.
func likeTrollFactory(n int) []byte {
	rnd := rand.New(rand.NewPCG(1, 2))
	vocabulary := strings.Fields("правозащитники сегодня снова город вечером деньги откуда фонд улица суд новости қала бүгін адам the city news today 🔥 #новости")
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(strings.Split("message_id,account_id,account_category,account_type,timestamp,datetime_utc,language,post_type,is_retweet,text,urls", ","))
	for i := range n {
		var t []string
		for range 6 + rnd.IntN(10) {
			t = append(t, vocabulary[rnd.IntN(len(vocabulary))])
		}
		text, url := strings.Join(t, " "), ""
		if rnd.IntN(3) == 0 {
			url = fmt.Sprintf("https://t.co/%08x", rnd.Uint32())
			text += " " + url
		}
		if rnd.IntN(6) == 0 {
			text = `"` + text + `", сказал он`
		}
		sec := 1443657720 + i*7
		w.Write([]string{fmt.Sprint("m", i), fmt.Sprint("account", rnd.IntN(900)), "NonEnglish", "Russian", fmt.Sprint(sec), "2015-10-01 00:02:00", "Russian", "R", "1", text, url})
	}
	w.Flush()
	return b.Bytes()
}

type counting struct{ posts, rejects int }

func (c *counting) Post(*post.Post) error { c.posts++; return nil }
func (c *counting) Reject(Reject) error   { c.rejects++; return nil }
func (c *counting) Skip(string) error     { return nil }
func (c *counting) Note(string)           {}

// BenchmarkReadCSV reads a table into posts. BenchmarkEncodingCSV is the floor:
// the standard library's rows with ReuseRecord, of which nothing is made.
func BenchmarkReadCSV(b *testing.B) {
	for _, x := range tablesToRead(b) {
		b.Run(x.name, func(b *testing.B) {
			var c counting
			b.SetBytes(int64(len(x.data)))
			b.ReportAllocs()
			for b.Loop() {
				c = counting{}
				in := &Input{Name: x.name, Head: x.data[:min(len(x.data), HeadSize)], R: bytes.NewReader(x.data)}
				if err := PlainTable.Read(in, &Options{}, &c); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(c.posts)*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
		})
	}
}

func BenchmarkEncodingCSV(b *testing.B) {
	for _, x := range tablesToRead(b) {
		b.Run(x.name, func(b *testing.B) {
			rows := 0
			b.SetBytes(int64(len(x.data)))
			for b.Loop() {
				r := csv.NewReader(bytes.NewReader(x.data))
				r.ReuseRecord = true
				for rows = 0; ; rows++ {
					if _, err := r.Read(); err == io.EOF {
						break
					} else if err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
		})
	}
}

type namedTable struct {
	name string
	data []byte
}

func tablesToRead(b *testing.B) []namedTable {
	t := []namedTable{{"Large", likeTrollFactory(200_000)}}
	dir := dataDir()
	f, err := os.Open(filepath.Join(dir, "coordination", "ira_ru.csv.gz"))
	if err != nil {
		return t
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		b.Fatal(err)
	}
	return append(t, namedTable{"ira_ru", data})
}

// dataDir is where the real data lies, if anywhere.
func dataDir() string {
	if d := os.Getenv("ARASHA_DATA"); d != "" {
		return d
	}
	return filepath.Join("..", "..", "shared", "data")
}
