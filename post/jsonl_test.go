package post_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/post"
)

// drawPost makes any Post that can be: valid UTF-8, times in the years 1 to
// 9999, empty slices as nil.
func drawPost(t *rapid.T) post.Post {
	text := rapid.StringOfN(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("\"\\<>&\u2028\u0000\x1f\ufeff\ufffd🔥ё"))), 0, 20, -1)
	list := func(name string) []string {
		if l := rapid.SliceOfN(text, 0, 3).Draw(t, name); len(l) > 0 {
			return l
		}
		return nil
	}
	p := post.Post{
		ID: text.Draw(t, "id"), Platform: text.Draw(t, "platform"), Account: post.Account{ID: text.Draw(t, "account"), Name: text.Draw(t, "name")},
		Text: text.Draw(t, "text"), Lang: text.Draw(t, "lang"), URL: text.Draw(t, "url"), Links: list("links"), Hashtags: list("hashtags"), Mentions: list("mentions"),
		RepostOf: text.Draw(t, "repost of"), Repost: rapid.Bool().Draw(t, "repost"), ReplyTo: text.Draw(t, "reply to"),
	}
	for range rapid.IntRange(0, 2).Draw(t, "media") {
		p.Media = append(p.Media, post.Media{Hash: text.Draw(t, "hash"), URL: text.Draw(t, "media url")})
	}
	if n := rapid.IntRange(0, 3).Draw(t, "extra"); n > 0 {
		p.Extra = map[string]string{}
		for range n {
			p.Extra[text.Draw(t, "key")] = text.Draw(t, "value")
		}
	}
	p.Time = post.Time{Precision: post.Precision(rapid.IntRange(0, int(post.Year)).Draw(t, "precision")), Basis: post.Basis(rapid.IntRange(0, int(post.ID)).Draw(t, "basis")),
		Zone: text.Draw(t, "zone"), Text: text.Draw(t, "printed")}
	if p.Time.Known() {
		p.Time.Millis = rapid.Int64Range(-62135596800000, 253402300799999).Draw(t, "millis")
	}
	if rapid.Bool().Draw(t, "source") {
		p.Source = post.Source{Ref: evidence.Of([]byte(text.Draw(t, "bytes"))), Record: rapid.Int64Range(0, 1<<62).Draw(t, "record")}
	}
	return p
}

// TestRoundTrip holds Append and Parse to being inverses, and the bytes to
// depending on the post alone.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawPost(t)
		line := post.Append(nil, &want)
		if strings.Count(string(line), "\n") != 1 || line[len(line)-1] != '\n' {
			t.Fatalf("%q is not one line", line)
		}
		got, err := post.Parse(line)
		if err != nil {
			t.Fatalf("Parse(%s): %v", line, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%s came back changed (-want +got)\n%s", line, d)
		}
		if again := post.Append(nil, &got); string(again) != string(line) {
			t.Fatalf("written again it is %s, not %s", again, line)
		}
	})
}

func TestStreamRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Custom(drawPost), 0, 5).Draw(t, "posts")
		var file []byte
		for i := range want {
			file = post.Append(file, &want[i])
		}
		var got []post.Post
		for p, err := range post.Lines(strings.NewReader(string(file))) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, p)
		}
		if d := cmp.Diff(want, got); d != "" && len(want)+len(got) > 0 {
			t.Fatalf("(-want +got)\n%s", d)
		}
	})
}

func TestParseRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, x := range []struct{ line, want string }{
		{`{"id":"1","likes":3}`, `not a line of posts: unknown field "likes"`},
		{`{"id":1}`, `not a line of posts: a number does not belong under the key "id"`},
		{`{"account":"anna"}`, `a string does not belong under the key "account"`},
		{"{\"text\":\"\xff\"}", "not valid UTF-8"},
		{`{"id":"1"} {"id":"2"}`, "follows"},
		{`{"id":"1"`, "not a line of posts"},
		{`[]`, "not a line of posts: it is a JSON array and not an object"},
		{`{"time":{"at":"2020-04-28T10:00:00.000Z","precision":"fortnight","basis":"unix"}}`, "fortnight"},
		{`{"time":{"at":"2020-04-28T10:00:00.000Z","precision":"second","basis":"hearsay"}}`, "hearsay"},
		{`{"time":{"at":"28.04.2020","precision":"second","basis":"unix"}}`, "28.04.2020"},
		{`{"time":{"at":"2020-04-28T10:00:00.000Z","precision":"none","basis":"unix"}}`, "no precision"},
		{`{"source":{"ref":"abc"}}`, "64 hexadecimal"},
	} {
		if _, err := post.Parse([]byte(x.line)); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("Parse(%s) gives %v, want an error with %q", x.line, err, x.want)
		}
	}
}

func TestLinesGoOnAfterABadLine(t *testing.T) {
	long := `{"text":"` + strings.Repeat("x", post.MaxLine) + `"}`
	in := "\xef\xbb\xbf{\"id\":\"1\"}\r\nbad\n\n" + long + "\n{\"id\":\"2\"}"
	var got []string
	for p, err := range post.Lines(strings.NewReader(in)) {
		var le *post.LineError
		if errors.As(err, &le) {
			got = append(got, fmt.Sprintf("line %d, %t", le.Line, len(le.Raw) <= 64<<10))
		} else {
			got = append(got, p.ID)
		}
	}
	if want := []string{"1", "line 2, true", "line 4, true", "2"}; !cmp.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"id":"1","platform":"vk","account":{"id":"-1","name":"q"},"time":{"at":"2020-04-28T10:00:00.000Z","precision":"second","basis":"unix"},"text":"a"}`))
	f.Add([]byte(`{"extra":{"b":"1","a":""},"media":[{}],"links":[]}`))
	f.Add([]byte(`{"time":{"at":"","precision":"none","basis":"unstated","text":"5/2"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := post.Parse(b)
		if err != nil {
			return
		}
		line := post.Append(nil, &p)
		q, err := post.Parse(line)
		if err != nil {
			t.Fatalf("%s cannot be read: %v", line, err)
		}
		again := post.Append(nil, &q)
		if string(again) != string(line) {
			t.Fatalf("%s became %s", line, again)
		}
	})
}
