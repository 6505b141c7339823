package collect

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/arasha-org/arasha/post"
)

// cut reads all rows of s with our reader; bad rows are left out.
func cut(s string, d dialect, buffer int) (rows [][]string, bad int) {
	var r io.Reader = strings.NewReader(s)
	if buffer > 0 {
		r = &slow{r, buffer}
	}
	c := newCSVReader(r, d, mustCharset("utf-8"), true)
	for {
		err := c.next()
		var re *rowError
		switch {
		case errors.As(err, &re):
			bad++
		case err != nil:
			return rows, bad
		default:
			rows = append(rows, append([]string{}, c.cells...))
		}
	}
}

// slow gives n bytes at a time.
type slow struct {
	r io.Reader
	n int
}

func (s *slow) Read(p []byte) (int, error) { return s.r.Read(p[:min(len(p), s.n)]) }

// TestRowsAreThoseOfEncodingCSV holds our reader to the standard library's:
// whatever encoding/csv writes we read the same, however the bytes arrive.
func TestRowsAreThoseOfEncodingCSV(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		comma := rapid.SampledFrom([]rune{',', ';', '\t', '|'}).Draw(t, "comma")
		cell := rapid.StringOfN(rapid.SampledFrom([]rune("ab,;|\t\"\n 'ж🔥\\")), 0, 12, -1)
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 5), 1, 8).Draw(t, "rows")
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma = comma
		w.UseCRLF = rapid.Bool().Draw(t, "crlf")
		w.WriteAll(rows)
		r := csv.NewReader(bytes.NewReader(b.Bytes()))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
		want, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got, bad := cut(b.String(), dialect{comma: byte(comma), eol: '\n', quotes: true}, rapid.IntRange(0, 7).Draw(t, "buffer"))
		// encoding/csv turns \r\n inside quotes into \n; we keep the text as
		// it is.
		for _, row := range got {
			for i := range row {
				row[i] = strings.ReplaceAll(row[i], "\r\n", "\n")
			}
		}
		if bad != 0 || !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is read as %q (%d bad), want %q", b.String(), got, bad, want)
		}
	})
}

// TestValidText holds validText to utf8.Valid.
func TestValidText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.OneOf(rapid.Just("привет мир "), rapid.Just("plain ascii text"), rapid.Just("қаңтар🔥"), rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 4), func(b []byte) string { return string(b) }))
		b := []byte(strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "text"), ""))
		if got, want := validText(b), utf8.Valid(b); got != want {
			t.Fatalf("validText(%q) = %t, want %t", b, got, want)
		}
	})
}

// FuzzTable reads any bytes as a table: it must end, account for every row
// and hand on valid UTF-8.
func FuzzTable(f *testing.F) {
	for _, s := range []string{
		"id,text\n1,a\n", "url;date\nhttps://a.example/1;28.04\n", "\xef\xbb\xbfСсылка\tДата\nhttps://a.example\t5/2\n", "id,text\n1,\"open\n2,b\n",
		"\xff\xfei\x00d\x00,\x00t\x00e\x00x\x00t\x00\n\x001\x00,\x00a\x00\n\x00", "id|text\r1|a\r", "sep=;\nid;text\n1;a\n", "https://a.example/1\nhttps://a.example/2\n",
		"id,timestamp\n1,1588068000\n2,1.5E+9\n", "id,text\n1,\x00\x00\n2,\xff\xfe\n", crowdtangle, "date,time,time_zone,url\n5/2,10:15,UTC+6,x\n13/2/2020,,,\n",
		`id,text` + "\n" + `1,"a \" b"` + "\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := spool(context.Background(), "fuzz.csv", bytes.NewReader(b))
		if err != nil {
			return
		}
		defer in.Close()
		if in.Zip != nil {
			return
		}
		c := &checking{t: t}
		if _, ok := PlainTable.Sniff(in); ok {
			PlainTable.Read(in, &Options{}, c)
		}
	})
}

type checking struct {
	t    *testing.T
	last int64
}

func (c *checking) Post(p *post.Post) error {
	if !utf8.ValidString(p.Text) || !utf8.ValidString(p.ID) || !utf8.ValidString(p.URL) {
		c.t.Fatalf("a post is not UTF-8: %+v", p)
	}
	c.at(p.Source.Record)
	return nil
}

func (c *checking) Reject(r Reject) error {
	if r.Reason == "" || r.Line == 0 {
		c.t.Fatalf("a reject without reason or line: %+v", r)
	}
	c.at(r.Record)
	return nil
}

// at checks that records are numbered upwards.
func (c *checking) at(n int64) {
	if n <= c.last {
		c.t.Fatalf("record %d follows record %d", n, c.last)
	}
	c.last = n
}

func (c *checking) Skip(string) error { return nil }
func (c *checking) Note(string)       {}

func FuzzPosts(f *testing.F) {
	f.Add([]byte("{\"id\":\"1\",\"text\":\"a\"}\n{bad\n\n{\"id\":\"2\"}"))
	f.Add([]byte("\xef\xbb\xbf{}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		in := &Input{Name: "fuzz", Head: b, R: bytes.NewReader(b)}
		Posts.Sniff(in)
		if err := Posts.Read(in, &Options{}, &counting{}); err != nil {
			t.Fatalf("reading stopped: %v", err)
		}
	})
}
