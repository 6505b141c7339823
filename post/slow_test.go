package post

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// slowAppend is the obvious way to write a line, kept as the oracle of
// Append.
func slowAppend(dst []byte, p *Post) ([]byte, error) {
	l := line{ID: p.ID, Platform: p.Platform, Text: p.Text, Lang: p.Lang, URL: p.URL, Links: p.Links,
		Hashtags: p.Hashtags, Mentions: p.Mentions, RepostOf: p.RepostOf, Repost: p.Repost, ReplyTo: p.ReplyTo, Extra: p.Extra}
	if p.Account != (Account{}) {
		l.Account = &lineAccount{p.Account.ID, p.Account.Name}
	}
	if t := p.Time; t != (Time{}) {
		l.Time = &lineTime{Precision: t.Precision.String(), Basis: t.Basis.String(), Zone: t.Zone, Text: t.Text}
		if t.Known() {
			l.Time.At = t.UTC().Format(lineLayout)
		}
	}
	for _, m := range p.Media {
		l.Media = append(l.Media, lineMedia(m))
	}
	if p.Source != (Source{}) {
		l.Source = &lineSource{p.Source.Ref, p.Source.Record}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(l); err != nil {
		return dst, err
	}
	return append(dst, b.Bytes()...), nil
}

// TestFastAndSlowAgree holds the two ways to write and to read a line to each
// other, also on strings that are not UTF-8.
func TestFastAndSlowAgree(t *testing.T) {
	text := rapid.OneOf(rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 12), func(b []byte) string { return string(b) }),
		rapid.StringOfN(rapid.SampledFrom([]rune("ab\"\\<&\u2028\u2029\x00\x1f\x7f\b\f\n\r\t\ufeff\ufffd🔥ё")), 0, 12, -1))
	rapid.Check(t, func(t *rapid.T) {
		s := func() string { return text.Draw(t, "s") }
		p := Post{ID: s(), Platform: s(), Account: Account{s(), s()}, Text: s(), Lang: s(), URL: s(), RepostOf: s(), Repost: rapid.Bool().Draw(t, "repost"), ReplyTo: s()}
		if rapid.Bool().Draw(t, "more") {
			p.Links, p.Hashtags, p.Mentions = []string{s()}, []string{s(), s()}, []string{s()}
			p.Media, p.Extra = []Media{{s(), s()}, {}}, map[string]string{s(): s(), s(): s()}
			p.Time = Time{rapid.Int64Range(-62135596800000, 253402300799999).Draw(t, "ms"), Precision(rapid.IntRange(0, 9).Draw(t, "precision")), Basis(rapid.IntRange(0, 8).Draw(t, "basis")), s(), s()}
			p.Source.Record = rapid.Int64Min(0).Draw(t, "record")
			copy(p.Source.Ref[:], s())
		}
		want, err := slowAppend(nil, &p)
		if err != nil {
			t.Fatal(err)
		}
		got := Append(nil, &p)
		if !bytes.Equal(got, want) {
			t.Fatalf("written\n%s\nwant\n%s", got, want)
		}
		fastAgrees(t, bytes.TrimSuffix(got, []byte("\n")))
	})
}

// fastAgrees fails when parseLine takes a line that parse reads otherwise.
func fastAgrees(t interface{ Fatalf(string, ...any) }, line []byte) {
	fast, ok := parseLine(line)
	if !ok {
		return
	}
	slow, err := parse(line)
	if err != nil || !reflect.DeepEqual(fast, slow) {
		t.Fatalf("%s is read as\n%+v, the slow way as\n%+v, %v", line, fast, slow, err)
	}
}

func TestFastWayIsTaken(t *testing.T) {
	p := Post{ID: "1", Account: Account{"2", "Қала"}, Time: Time{Millis: 1588068000123, Precision: Millisecond, Basis: Unix}, Text: "раз \"два\"\nтри", Links: []string{"https://t.example/"},
		Media: []Media{{URL: "x"}}, Extra: map[string]string{"a": "b"}, Source: Source{Record: 7}}
	line := Append(nil, &p)
	got, ok := parseLine(bytes.TrimSuffix(line, []byte("\n")))
	if !ok || !reflect.DeepEqual(got, p) {
		t.Errorf("%s is read as %+v, %t", line, got, ok)
	}
}

func FuzzFastAgrees(f *testing.F) {
	f.Add([]byte(`{"id":"1","account":{"id":"2"},"time":{"at":"2020-04-28T10:00:00.000Z","precision":"second","basis":"unix"},"text":"a\\nb","links":["x"],"source":{"record":7}}`))
	f.Add([]byte(`{"repost":true,"media":[{"hash":"x"},{}],"extra":{"a":"b"}}`))
	f.Fuzz(func(t *testing.T, b []byte) { fastAgrees(t, b) })
}
