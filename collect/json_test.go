package collect

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/arasha-org/arasha/post"
)

func TestDecodeRepairs(t *testing.T) {
	for _, c := range []struct {
		raw, want string
		repaired  bool
	}{
		{`{"a": "x\x1Fy"}`, "x\x1fy", true},
		{`{"a": "\\x41"}`, `\x41`, false},
		{`{"a": "\\\x41"}`, `\A`, true},
		{`{"a": "два` + "\n" + `ряда"}`, "два\nряда", true},
		{`{"a": "NaN", "b": NaN, "c": -Infinity}`, "NaN", true},
		{`{"a": 1200000000000000123}`, "1200000000000000123", false},
		{`{"a": "\ud83d\ude00"}`, "😀", false},
	} {
		v, repaired, err := decode([]byte(c.raw))
		if err != nil || v.at("a").str() != c.want || repaired != c.repaired {
			t.Errorf("decode(%s) = %q, repaired %v, %v; want %q, %v", c.raw, v.at("a").str(), repaired, err, c.want, c.repaired)
		}
	}
	for _, bad := range []string{``, `{`, `{"a": \x1F}`, `{"a": "\x1"}`, `{} {}`, `{"a" 1}`, `nul`} {
		if _, _, err := decode([]byte(bad)); err == nil {
			t.Errorf("decode(%q) gave no error", bad)
		}
	}
}

func TestUnixTime(t *testing.T) {
	for _, c := range []struct {
		in   string
		ms   int64
		p    post.Precision
		good bool
	}{
		{"1588068000", 1588068000000, post.Second, true},
		{"1588068000.0", 1588068000000, post.Second, true},
		{"1588068000.25", 1588068000250, post.Millisecond, true},
		{"1.588068e9", 1588068000000, post.Second, true},
		{"1588068000123", 1588068000123, post.Millisecond, true},
		{"1588068000123456", 1588068000123, post.Millisecond, true},
		{"1588068000123456789", 1588068000123, post.Millisecond, true},
		{"20200428", 0, 0, false}, {"-5", 0, 0, false}, {"вчера", 0, 0, false}, {"1e300", 0, 0, false}, {"", 0, 0, false}, {"NaN", 0, 0, false},
	} {
		got, ok := unixTime(c.in)
		if ok != c.good || ok && (got.Millis != c.ms || got.Precision != c.p || got.Basis != post.Unix) {
			t.Errorf("unixTime(%q) = %+v, %v; want %d %v, %v", c.in, got, ok, c.ms, c.p, c.good)
		}
	}
}

func TestTextMarks(t *testing.T) {
	text := "Пишите @aya.n. или mail@example.org, #позор#двойной (https://example.org/a_(b)), HTTP://X.example/y?q=1&r#f! #1 #2020год «https://example.org/c» a#нет https://"
	links, tags, mentions := textMarks(text)
	want := [][]string{{"https://example.org/a_(b)", "HTTP://X.example/y?q=1&r#f", "https://example.org/c"}, {"позор", "2020год"}, {"aya.n"}}
	if d := cmp.Diff(want, [][]string{links, tags, mentions}); d != "" {
		t.Errorf("textMarks (-want +got):\n%s", d)
	}
}

// TestWalkerAtEveryCut reads the same documents through readers that return
// few bytes at a time: the records must not depend on it.
func TestWalkerAtEveryCut(t *testing.T) {
	docs := []string{
		`{"a": {"b\"\\": [1, {"c": "}"}], "d": "\\"}, "items": [{"x": "]\\\""}, 5, "\"", [1,[2]], null] , "z": -1.5e3}`,
		"{\"x\": 1}\n{\"x\": \"\\\\\"}\n\n{\"x\": [\"\\\"\"]}",
		`[{"x": 1}, {"items": [{"y": 2}, {"y": "\\\\\\\""}]}]`,
		`{"x": 1}{"x": 2}, {"x": 3}`,
	}
	for _, doc := range docs {
		read := func(r io.Reader) (got []string) {
			n := &nest{in: &Input{Head: []byte(doc)}, o: &Options{}, out: nobody{}, said: map[string]bool{}}
			take := func(raw []byte, line int64, err error) error {
				got = append(got, fmt.Sprintf("%d %s %v", line, raw, err))
				return nil
			}
			if err := n.documents(r, visits{"": take, "items": take}); err != nil {
				t.Errorf("%s: %v", doc, err)
			}
			return got
		}
		want := read(strings.NewReader(doc))
		if len(want) < 3 {
			t.Fatalf("%s: only %q", doc, want)
		}
		for name, r := range map[string]io.Reader{"bytes": iotest.OneByteReader(strings.NewReader(doc)), "halves": iotest.HalfReader(strings.NewReader(doc)), "data with error": iotest.DataErrReader(strings.NewReader(doc))} {
			if d := cmp.Diff(want, read(r)); d != "" {
				t.Errorf("%s by %s (-want +got):\n%s", doc, name, d)
			}
		}
	}
}

func withMaxRecord(t *testing.T, n int) {
	old := maxRecord
	maxRecord = n
	t.Cleanup(func() { maxRecord = old })
}

func TestLongRecordIsRejectedAndReadingGoesOn(t *testing.T) {
	withMaxRecord(t, 2000)
	message := func(id int, text string) string {
		return fmt.Sprintf(`{"id": %d, "type": "message", "date_unixtime": "1709269500", "text": %q}`, id, text)
	}
	long := strings.Repeat("д", 2000)
	r := collected(t, "result.json", chatOf("public_channel", message(1, "раз"), message(2, long), message(3, "три")))
	if got := strings.Join(r.texts(), "|"); got != "раз|три" || r.err != nil || len(r.rejects) != 1 || !strings.Contains(r.rejects[0].Reason, "longer") || r.rejects[0].Record != 2 {
		t.Errorf("in a document: %q, %+v, %v", got, r.rejects, r.err)
	}
	reddit := func(id, text string) string {
		return `{"id": "` + id + `", "created_utc": 1588068000, "subreddit": "t", "title": "` + text + `"}`
	}
	r = collected(t, "r.jsonl", jsonLines(reddit("a", "раз"), reddit("b", long), reddit("c", "три")))
	if got := strings.Join(r.texts(), "|"); got != "раз|три" || r.err != nil || len(r.rejects) != 1 || r.rejects[0].Line != 2 {
		t.Errorf("in lines: %q, %+v, %v", got, r.rejects, r.err)
	}
	r = collected(t, "r.jsonl", jsonLines(reddit("b", strings.Repeat("д", HeadSize)), reddit("a", "раз"), `{"id": "x", "cut`, reddit("c", "три")))
	if got := strings.Join(r.texts(), "|"); got != "раз|три" || r.err != nil || len(r.rejects) != 2 || r.rejects[0].Line != 1 || r.rejects[1].Line != 3 {
		t.Errorf("a first line longer than the head: %q, %d rejects, %v", got, len(r.rejects), r.err)
	}
}

func TestFirstLineBroken(t *testing.T) {
	good := zeeschuimed("threads.net", `{"code": "T", "taken_at": 1588068000, "caption": {"text": "раз"}, "user": {"username": "a"}}`)
	for _, bad := range []string{`{"nav_index": "1:2`, `oops`, `{"a": 1}`, "\x00\x00"} {
		r := collected(t, "a.ndjson", jsonLines(bad, good, good[:40], strings.Replace(good, `"T"`, `"U"`, 1)))
		if len(r.posts) != 2 || len(r.rejects) != 2 || r.rejects[0].Line != 1 || r.rejects[1].Line != 3 || r.err != nil {
			t.Errorf("after %q: %d posts, %d rejects, %v", bad, len(r.posts), len(r.rejects), r.err)
		}
	}
}

func TestNestedEncodings(t *testing.T) {
	export := chatOf("public_channel", `{"id": 1, "type": "message", "date_unixtime": "1709269500", "text": "Қазақ тілі, русский текст и ещё немного слов"}`)
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(export)
	if err != nil {
		t.Fatal(err)
	}
	old, err := charmap.Windows1251.NewEncoder().String(strings.Replace(export, "Қазақ тілі", "Казахский язык", 1))
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]string{"utf-8 with mark": "\xef\xbb\xbf" + export, "utf-16le": wide, "windows-1251": old} {
		r := collected(t, "result.json", s)
		if r.err != nil || len(r.posts) != 1 || !strings.Contains(r.posts[0].Text, "русский текст") {
			t.Errorf("%s: %q, %v", name, r.texts(), r.err)
		}
		if name != "utf-8 with mark" && !r.said(name) {
			t.Errorf("%s is not said: %q", name, r.found[0].Notes)
		}
	}
	r := collected(t, "result.json", strings.Replace(export, "русский", "рус\xff\xfeский", 1))
	if len(r.posts) != 1 || !strings.Contains(r.posts[0].Text, "рус\uFFFD\uFFFDский") || !r.said("not valid UTF-8") {
		t.Errorf("broken bytes: %q, said %q", r.texts(), r.found[0].Notes)
	}
}

func TestTruncatedGzipOfLines(t *testing.T) {
	var plain, packed bytes.Buffer
	for i := range 5000 {
		fmt.Fprintf(&plain, `{"id": "x%d", "created_utc": %d, "subreddit": "t", "title": "текст %d"}`+"\n", i, 1588068000+i, i*7919)
	}
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(plain.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	r := collected(t, "r.jsonl.gz", packed.String()[:packed.Len()/2])
	if r.err == nil || len(r.posts) < 1000 || len(r.posts) >= 5000 || len(r.rejects) > 1 {
		t.Errorf("%d posts, %d rejects, %v", len(r.posts), len(r.rejects), r.err)
	}
}

func TestKeepFieldsOfNested(t *testing.T) {
	r := collected(t, "a.jsonl", jsonLines(`{"id": "a", "created_utc": 1588068000, "subreddit": "t", "title": "х", "score": 5, "meta": {"views": 7, "list": [1]}}`),
		func(c *Collection) { c.Keep = []string{"score", "meta.views", "meta.list", "none"} })
	if d := cmp.Diff(map[string]string{"score": "5", "meta.views": "7", "meta.list": "[1]"}, r.posts[0].Extra); d != "" {
		t.Errorf("kept (-want +got):\n%s", d)
	}
	if !r.said(`"none"`) {
		t.Errorf("that no record has the field is not said: %q", r.found[0].Notes)
	}
}

// endless writes a chat of n messages, without holding it.
type endless struct {
	n, at int
	rest  []byte
}

func (e *endless) Read(p []byte) (int, error) {
	for len(e.rest) == 0 {
		switch {
		case e.at == 0:
			e.rest = []byte(`{"name": "В", "type": "public_channel", "id": 1, "messages": [`)
		case e.at <= e.n:
			e.rest = fmt.Appendf(e.rest[:0], `{"id": %d, "type": "message", "date_unixtime": "%d", "text": "%s"},`, e.at, 1588068000+e.at, strings.Repeat("слово ", 100))
		case e.at == e.n+1:
			e.rest = []byte(`null]}`)
		default:
			return 0, io.EOF
		}
		e.at++
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// watching counts posts and looks now and then how much memory is held.
type watching struct {
	nobody
	posts int
	peak  uint64
}

func (w *watching) Post(*post.Post) error {
	if w.posts++; w.posts%10000 == 0 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		w.peak = max(w.peak, m.HeapAlloc)
	}
	return nil
}

func TestMemoryDoesNotGrowWithTheFile(t *testing.T) {
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	w := &watching{}
	err := telegramDesktop.Read(&Input{R: &endless{n: 30000}}, nil, w) // 36 MB
	if err != nil || w.posts != 30000 {
		t.Fatalf("%d posts, %v", w.posts, err)
	}
	if grown := int64(w.peak) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("%d bytes were held while reading", grown)
	}
}

// nestedSink holds what every reader promises: valid UTF-8, records in order
// and each of them once, posts that can be written and read back.
type nestedSink struct {
	t      *testing.T
	last   int64
	posts  int64
	others int64
}

func (c *nestedSink) Post(p *post.Post) error {
	c.posts++
	if p.Source.Record <= c.last {
		c.t.Errorf("record %d follows %d", p.Source.Record, c.last)
	}
	c.last = p.Source.Record
	b := post.Append(nil, p)
	back, err := post.Parse(b)
	if err != nil {
		c.t.Fatalf("a post cannot be read back: %v\n%s", err, b)
	}
	if !reflect.DeepEqual(normal(*p), normal(back)) {
		c.t.Errorf("a post came back changed:\n%s", cmp.Diff(*p, back))
	}
	return nil
}

// normal takes off the difference between no and an empty list.
func normal(p post.Post) string {
	for _, l := range []*[]string{&p.Links, &p.Hashtags, &p.Mentions} {
		if len(*l) == 0 {
			*l = nil
		}
	}
	s := fmt.Sprintf("%#v", p)
	if !utf8.ValidString(p.Text) {
		s += " (not UTF-8)"
	}
	return s
}

func (c *nestedSink) Reject(r Reject) error {
	c.others++
	if r.Reason == "" {
		c.t.Error("a reject says no reason")
	}
	return nil
}
func (c *nestedSink) Skip(string) error { c.others++; return nil }
func (c *nestedSink) Note(s string) {
	if !utf8.ValidString(s) {
		c.t.Errorf("a note is not UTF-8: %q", s)
	}
}

// memberOf is where the content of a zipped format stands.
var memberOf = map[string]string{
	"x-archive": "data/tweets.js", "facebook-archive": "your_facebook_activity/posts/your_posts_1.json", "instagram-archive": "your_instagram_activity/media/posts_1.json",
}

func FuzzNested(f *testing.F) {
	seeds := map[string][]string{
		"telegram-desktop": {chatOf("public_channel", `{"id": 1, "type": "message", "date_unixtime": "1709269500", "photo": "a.jpg", "text": ["a\x1F", {"type": "link", "text": "https://e.org"}]}`, `{"id": 2, "type": "message", "date_unixtime": "1709269500", "photo": "b.jpg", "text": ""}`),
			`{"left_chats": {"list": [{"messages": [{"id": 3, "type": "message", "text": "a"}], "type": "public_channel", "id": 2}]}}`},
		"telegram-ndjson":   {`{"id": 1, "message": "😀 #a", "date": 1709269500, "_chat": {"id": 1, "username": "v"}, "entities": [{"_": "MessageEntityHashtag", "offset": 3, "length": 2}], "grouped_id": 5, "fwd_from": {"from_id": 5}}`},
		"x-archive":         {`window.YTD.tweets.part0 = [ {"tweet": {"id_str": "1", "full_text": "RT @a: b", "created_at": "Wed Oct 10 20:19:24 +0000 2018"}} ]`},
		"facebook-archive":  {`[{"timestamp": 1588068000, "data": [{"post": "\u00d0\u00b0"}], "attachments": [{"data": [{"media": {"uri": "a"}}]}]}]`},
		"instagram-archive": {`[{"media": [{"uri": "a", "creation_timestamp": 1588068000, "title": "\u00d0\u00b0"}]}, {"string_map_data": {"Comment": {"value": "x"}}}]`},
		"zeeschuimer": {zeeschuimed("x.com", `{"tweet": {"rest_id": "1", "legacy": {"full_text": "RT @a: b", "retweeted_status_result": {"result": {"rest_id": "2", "legacy": {"full_text": "bc"}}}}}}`), zeeschuimed("facebook.com", `{"comet_sections": {"content": {"story": {"post_id": "1", "message": {"text": "a"}}}}}`),
			zeeschuimed("instagram.com", `{"code": "a", "caption": {"text": "b"}}`), zeeschuimed("tiktok.com", `{"id": "1", "desc": "b"}`), zeeschuimed("linkedin.com", `{"updateMetadata": {"urn": "urn:li:activity:6660852384000000001"}, "commentary": {"text": "a"}}`)},
		"twitter-v2":      {`{"data": [{"id": "1", "text": "a", "referenced_tweets": [{"type": "retweeted", "id": "2"}]}], "includes": {"tweets": [{"id": "2", "text": "ab"}]}}`},
		"twitter-v1":      {`{"id_str": "1", "created_at": "Wed Oct 10 20:19:24 +0000 2018", "text": "a", "retweeted_status": {"id_str": "2"}}`},
		"vk":              {`{"response": {"items": [{"id": 1, "owner_id": -2, "date": 1588068000, "text": "[id1|a] #b@c", "copy_history": [{"id": 3, "owner_id": 4}], "thread": {"items": [{"id": 5}]}}], "groups": [{"id": 2, "name": "v"}]}}`},
		"tiktok-research": {`{"data": {"videos": [{"id": 1, "video_description": "a", "hashtag_names": ["b"]}]}}`},
		"yt-dlp":          {`{"id": "a", "title": "b", "upload_date": "20200428", "comments": [{"id": "c", "parent": "root", "text": "d", "timestamp": 1588068000, "_time_text": "2 weeks ago"}]}`, `{"comments": [{"id": "c"}], "id": "a"}`},
		"mastodon-outbox": {`{"orderedItems": [{"type": "Create", "to": "as:Public", "published": "2020-04-28T10:00:00Z", "object": {"id": "1", "content": "<p>a<br>b</p><a href=x>y</a>"}}, {"id": "2", "type": "Announce", "to": "as:Public", "object": "z"}]}`},
		"mastodon-api":    {`{"id": "1", "visibility": "public", "content": "<p>a</p>", "reblog": {"id": "2", "content": "b"}}`},
		"bluesky": {`{"feed": [{"post": {"uri": "at://did:a/app.bsky.feed.post/k", "record": {"text": "aб", "createdAt": "2020-04-28T10:00:00Z", "facets": [{"index": {"byteStart": 1, "byteEnd": 2}, "features": [{"did": "d"}]}]}}, "reason": {"by": {"did": "b"}}}]}`,
			`{"did": "did:a", "time_us": 1588068000123456, "kind": "commit", "commit": {"operation": "create", "collection": "app.bsky.feed.post", "rkey": "k", "record": {"text": "a"}}}`},
		"feed":      {`<rss version="2.0"><channel><title>a</title><item><title>b</title><link>https://e.org</link><pubDate>28 апреля 2020</pubDate><description>&lt;p&gt;c</description></item></channel></rss>`, `{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "content_html": "<b>a"}]}`, `<feed><entry><id>1</id><updated>2020-04-28</updated></entry></feed>`},
		"sitemap":   {`<urlset><url><loc>https://e.org/1</loc><news><title>a</title><publication_date>2020-04-28</publication_date></news></url></urlset>`, "<urlset><url><loc>https://e.org/1</loc><news><title>a</title\xd4\xd4><"},
		"gdelt-gkg": {"20200428101500-T1\t20200428101500\t1\te.org\thttps://e.org" + strings.Repeat("\t", 21) + "\t<PAGE_TITLE>a</PAGE_TITLE>"},
		"reddit":    {`{"kind": "Listing", "data": {"children": [{"data": {"id": "a", "title": "b", "created_utc": 1588068000.0}}]}}`},
	}
	for i, form := range nested {
		if len(seeds[form.Name]) == 0 {
			f.Fatalf("%s has no seed", form.Name)
		}
		for _, s := range seeds[form.Name] {
			f.Add(uint8(i), []byte(s))
			f.Add(uint8(i), []byte(s+"\n"+s+"\n"))
			f.Add(uint8(i), []byte(s[:len(s)*2/3]))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		form := nested[int(which)%len(nested)]
		withMaxRecord(t, 1<<20)
		if m := memberOf[form.Name]; m != "" {
			data = []byte(zipOf(t, "data/account.js", string(data), "profile_information.json", string(data), m, string(data), path.Join(path.Dir(m), "comments/post_comments_1.json"), string(data)))
		}
		in := &Input{Name: "fuzz"}
		if err := in.layers(bytes.NewReader(data), int64(len(data))); err != nil {
			return
		}
		defer in.Close()
		form.Sniff(in)
		if (in.Zip != nil) != (memberOf[form.Name] != "") {
			return
		}
		c := &nestedSink{t: t}
		err := form.Read(in, &Options{Private: which > 127, Keep: []string{"id", "a.b"}}, c)
		if err != nil && !utf8.ValidString(err.Error()) {
			t.Errorf("the error is not UTF-8: %q", err)
		}
	})
}

func FuzzWalker(f *testing.F) {
	for _, s := range []string{`{"items": [1, {"a": "\\\""}]}`, `[[]]`, "{}\n{}", `{"a": [-0.5e+3, true, null, "\u0041\ud83d"], "\u0061": 1, "b": {}}`, `[01]`, `[1.]`, `-`, `[1,]`, "\"\xff\"", "\"a\nb\"", `{"a": "`, `"\\`, `{"a":1}}`, `-`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		w := newWalker(iotest.HalfReader(bytes.NewReader(data)))
		raw, err := w.value()
		if json.Valid(data) {
			if want := bytes.TrimSpace(data); err != nil || !bytes.Equal(bytes.TrimSpace(raw), want) {
				t.Fatalf("value of valid JSON %q is %q, %v", data, raw, err)
			}
			if _, repaired, err := decode(data); repaired || err != nil && !strings.Contains(err.Error(), "depth") {
				t.Fatalf("valid JSON %q: repaired %v, %v", data, repaired, err)
			}
		}
		want, werr := decodeStrict(data)
		quickly, ok := (&quick{keys: map[string]string{}}).parse(data)
		if ok != (werr == nil) || ok && !reflect.DeepEqual(quickly, want.v) {
			t.Fatalf("parse(%q) = %#v, %v; encoding/json says %#v, %v", data, quickly, ok, want.v, werr)
		}
		got := &nestedSink{t: t}
		n := &nest{in: &Input{Head: data}, o: &Options{}, out: got, said: map[string]bool{}}
		take := n.item(func(v node) error { return n.skip("seen") })
		_ = n.documents(bytes.NewReader(data), visits{"": take, "items": take, "a.b": take})
		if n.record != got.others {
			t.Errorf("%d records begun, %d told", n.record, got.others)
		}
	})
}

func BenchmarkNDJSON(b *testing.B) {
	var data bytes.Buffer
	const posts = 20000
	for i := range posts {
		fmt.Fprintf(&data, `{"id": "x%d", "author": "u%d", "author_fullname": "t2_%d", "created_utc": %d, "subreddit": "t", "title": "Фонд получил деньги, см. https://example.org/%d #позор", "selftext": "қазақша мәтін %d", "score": 1, "num_comments": 2, "permalink": "/r/t/comments/x%d/x/", "url": "https://example.org/%d", "edited": false}`+"\n", i, i%97, i%97, 1588068000+i, i, i, i, i)
	}
	b.SetBytes(int64(data.Len()))
	for b.Loop() {
		in := &Input{Name: "b"}
		if err := in.layers(bytes.NewReader(data.Bytes()), int64(data.Len())); err != nil {
			b.Fatal(err)
		}
		if err := reddit.Read(in, &Options{}, nobody{}); err != nil {
			b.Fatal(err)
		}
		in.Close()
	}
	b.ReportMetric(posts*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
}
