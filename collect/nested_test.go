package collect

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/post"
)

// show prints what a post says, leaving out what is empty.
func show(p post.Post) string {
	var b strings.Builder
	field := func(name, s string) {
		if s != "" {
			fmt.Fprintf(&b, " %s=%s", name, s)
		}
	}
	fmt.Fprintf(&b, "%d %s %s", p.Source.Record, p.Platform, p.ID)
	field("by", strings.Trim(p.Account.ID+"/"+p.Account.Name, "/"))
	if p.Time.Known() {
		field("at", p.Time.UTC().Format("2006-01-02T15:04:05.999")+"~"+p.Time.Precision.String()+"~"+p.Time.Basis.String())
	}
	field("time-text", p.Time.Text)
	field("text", fmt.Sprintf("%q", p.Text))
	field("lang", p.Lang)
	field("url", p.URL)
	field("links", strings.Join(p.Links, " "))
	field("tags", strings.Join(p.Hashtags, " "))
	field("mentions", strings.Join(p.Mentions, " "))
	if p.Repost {
		field("repost-of", p.RepostOf+"!")
	}
	field("reply-to", p.ReplyTo)
	for _, m := range p.Media {
		field("media", strings.Trim(m.Hash+" "+m.URL, " "))
	}
	return b.String()
}

// nestedCase is one small export and all that must be made of it.
type nestedCase struct {
	name    string
	format  string
	content string
	set     func(*Collection)
	want    []string // show of each post
	skipped map[string]int64
	rejects []string // beginnings of "line: reason"
	notes   []string // words that must be said
	err     string   // words of the error
}

func checkNested(t *testing.T, c nestedCase) {
	t.Helper()
	var set []func(*Collection)
	if c.set != nil {
		set = append(set, c.set)
	}
	r := collected(t, "export", c.content, set...)
	if (r.err != nil) != (c.err != "") || r.err != nil && !strings.Contains(r.err.Error(), c.err) {
		t.Fatalf("error %v, want one with %q", r.err, c.err)
	}
	if got := r.found[0].Format; got != c.format {
		t.Errorf("recognised as %q, want %q", got, c.format)
	}
	var got, rejects []string
	for _, p := range r.posts {
		got = append(got, show(p))
	}
	if d := cmp.Diff(c.want, got); d != "" {
		t.Errorf("posts (-want +got):\n%s", d)
	}
	for i, x := range r.rejects {
		s := fmt.Sprintf("%d: %s", x.Line, x.Reason)
		if i < len(c.rejects) && strings.HasPrefix(s, c.rejects[i]) {
			s = c.rejects[i]
		}
		rejects = append(rejects, s)
		if len(x.Raw) == 0 {
			t.Errorf("reject %q has no raw bytes", s)
		}
	}
	if d := cmp.Diff(c.rejects, rejects); d != "" {
		t.Errorf("rejects (-want +got):\n%s", d)
	}
	want := c.skipped
	if want == nil {
		want = map[string]int64{}
	}
	if d := cmp.Diff(want, r.found[0].Skipped); d != "" {
		t.Errorf("skipped (-want +got):\n%s", d)
	}
	for _, n := range c.notes {
		if !r.said(n) {
			t.Errorf("nothing was said with %q: %q", n, r.found[0].Notes)
		}
	}
	if all := r.found[0].Rows; all != int64(len(r.posts)+len(r.rejects))+sum(r.found[0].Skipped)+r.found[0].Duplicates {
		t.Errorf("%d records, but %d posts, %d rejects, %v skipped: one was lost", all, len(r.posts), len(r.rejects), r.found[0].Skipped)
	}
}

func sum(m map[string]int64) (n int64) {
	for _, x := range m {
		n += x
	}
	return n
}

func runNested(t *testing.T, cases []nestedCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { checkNested(t, c) })
	}
}

// zipOf makes an archive of pairs of name and content.
func zipOf(t testing.TB, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(pairs[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func lines(l ...string) string { return strings.Join(l, "\n") + "\n" }

// upTo returns s up to and with the first at.
func upTo(s, at string) string { return s[:strings.Index(s, at)+len(at)] }

// mojibake writes s as Facebook does: each byte as a letter.
func mojibake(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] < 0x80 {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, `\u00%02x`, s[i])
		}
	}
	return b.String()
}

func TestTelethon(t *testing.T) {
	runNested(t, []nestedCase{
		{
			name: "4CAT with a forward whose origin is known", format: "telegram-ndjson",
			content: lines(
				`{"id": 11, "_type": "Message", "message": "😀 см. example.org #позор @fond", "date": 1709269500, "views": 5, "_chat": {"id": 1500000001, "username": "vesti", "title": "Вести"}, "_sender": {"id": 1500000001, "_type": "Channel", "title": "Вести", "username": "vesti"},
				 "fwd_from": {"from_id": {"_type": "PeerChannel", "channel_id": 42}, "channel_post": 7, "date": 1709260000}, "entities": [{"_type": "MessageEntityUrl", "offset": 7, "length": 11}, {"_type": "MessageEntityHashtag", "offset": 19, "length": 6}, {"_type": "MessageEntityMention", "offset": 26, "length": 5}]}`,
			),
			// The first record spans two lines, so the file is no JSON Lines.
			want: []string{`1 telegram 1500000001/11 by=channel1500000001/vesti at=2024-03-01T05:05:00~second~unix text="😀 см. example.org #позор @fond" url=https://t.me/vesti/11 links=example.org tags=позор mentions=fond repost-of=42/7!`},
		},
		{
			name: "albums, replies, private chats, old forwards", format: "telegram-ndjson",
			content: lines(
				`{"id": 12, "message": "", "date": 1709269500, "grouped_id": 5, "peer_id": {"_type": "PeerChannel", "channel_id": 9}, "_chat": {"id": 9, "username": "v"}, "from_id": null, "media": {"photo": {"id": 1}}}`,
				`{"id": 11, "message": "подпись", "date": 1709269500, "grouped_id": 5, "peer_id": {"_type": "PeerChannel", "channel_id": 9}, "_chat": {"id": 9, "username": "v"}, "media": {"photo": {"id": 2}}}`,
				`{"id": 10, "message": "ответ", "date": "2024-03-01T05:05:00+00:00", "peer_id": {"channel_id": 9}, "_chat": {"id": 9, "username": "v"}, "from_id": {"user_id": 3}, "_sender": {"id": 3, "first_name": "Ая", "phone": "77000000000"}, "reply_to": {"reply_to_msg_id": 8}, "fwd_from": {"from_id": 77, "date": 1709260000}}`,
				`{"id": 1, "message": "тайна", "date": 1709269500, "peer_id": {"user_id": 5}, "_chat": {"id": 5}}`,
				`{"id": 2, "message": "кто знает", "date": 1709269500, "peer_id": {"channel_id": 5}}`,
				`{"id": 3, "_type": "MessageService", "date": 1709269500, "action": {"_type": "MessageActionPinMessage"}, "_chat": {"id": 9, "username": "v"}}`,
				`{"id": 4, "message": "обры`,
			),
			want: []string{
				`1 telegram 9/11 by=channel9/v at=2024-03-01T05:05:00~second~unix text="подпись" url=https://t.me/v/11`,
				`3 telegram 9/10 by=user3/Ая at=2024-03-01T05:05:00~second~zoned text="ответ" url=https://t.me/v/10 repost-of=! reply-to=9/8`,
			},
			skipped: map[string]int64{"further picture of an album": 1, "private chat": 1, "chat not shown to be public": 1, "service message": 1},
			rejects: []string{"7: the line is not valid JSON"},
			notes:   []string{"not held"},
		},
	})
}

func TestXArchive(t *testing.T) {
	account := `window.YTD.account.part0 = [ {"account": {"email": "secret@example.org", "phoneNumber": "+7700", "username": "aisulu", "accountId": "9000000000000000001", "accountDisplayName": "Айсулу"}} ]`
	tweet := `{"tweet": {"id_str": "1200000000000000123", "id": "1200000000000000123", "full_text": "Привет #мир @qoldau https://t.co/x", "created_at": "Wed Oct 10 20:19:24 +0000 2018", "lang": "ru", "in_reply_to_status_id_str": "1200000000000000001",
	 "entities": {"hashtags": [{"text": "мир"}], "urls": [{"url": "https://t.co/x", "expanded_url": "https://example.org/a"}], "user_mentions": [{"screen_name": "qoldau"}]}, "extended_entities": {"media": [{"media_url_https": "https://pbs.example/1.jpg"}]}}}`
	rt := `{"tweet": {"id_str": "1200000000000000124", "full_text": "RT @other: кратко…", "created_at": "Wed Oct 10 20:19:25 +0000 2018", "lang": "und", "entities": {}}}`
	checkNested(t, nestedCase{
		format: "x-archive",
		content: zipOf(t,
			"data/direct-messages.js", `window.YTD.direct_messages.part0 = [ {"dmConversation": {"text": "тайна"}} ]`,
			"data/tweets-part1.js", "window.YTD.tweets.part1 = [ "+rt+" ]",
			"data/tweets.js", "window.YTD.tweets.part0 = [ "+tweet+", {\"tweet\": 5} ]",
			"data/deleted-tweets.js", "window.YTD.deleted_tweets.part0 = [ "+strings.ReplaceAll(rt, "124", "125")+" ]",
			"data/account.js", account),
		want: []string{
			`1 twitter 1200000000000000125 by=9000000000000000001/aisulu at=2018-10-10T20:19:25~second~zoned text="RT @other: кратко…" url=https://x.com/aisulu/status/1200000000000000125 repost-of=!`,
			`2 twitter 1200000000000000124 by=9000000000000000001/aisulu at=2018-10-10T20:19:25~second~zoned text="RT @other: кратко…" url=https://x.com/aisulu/status/1200000000000000124 repost-of=!`,
			`3 twitter 1200000000000000123 by=9000000000000000001/aisulu at=2018-10-10T20:19:24~second~zoned text="Привет #мир @qoldau https://t.co/x" lang=ru url=https://x.com/aisulu/status/1200000000000000123 links=https://example.org/a tags=мир mentions=qoldau reply-to=1200000000000000001 media=https://pbs.example/1.jpg`,
		},
		rejects: []string{"2: it has no id"},
		notes:   []string{"the author deleted"},
	})
}

func TestXArchiveBreaksOff(t *testing.T) {
	whole := zipOf(t, "data/account.js", `window.YTD.account.part0 = [{"account": {"username": "a", "accountId": "1"}}]`,
		"data/tweets.js", `window.YTD.tweets.part0 = [{"tweet": {"id_str": "5", "full_text": "раз", "created_at": "Wed Oct 10 20:19:24 +0000 2018"}}, {"tweet": {"id_str": "6", "full_te`)
	r := collected(t, "a.zip", whole)
	if len(r.posts) != 1 || len(r.rejects) != 1 || r.rejects[0].Member != "data/tweets.js" || r.err == nil || !strings.Contains(r.err.Error(), "data/tweets.js") {
		t.Errorf("a cut member: %d posts, rejects %+v, %v", len(r.posts), r.rejects, r.err)
	}
	r = collected(t, "a.zip", whole[:len(whole)-100]) // the zip's own directory is cut
	if len(r.posts) != 1 || r.err == nil {
		t.Errorf("a cut zip: %d posts, %v", len(r.posts), r.err)
	}
}

func TestTwitterAPI(t *testing.T) {
	full := "Полный текст исходной записи, который в ретвите обрезан #позор https://t.co/z"
	runNested(t, []nestedCase{
		{
			name: "page with a retweet completed from what is included", format: "twitter-v2",
			content: lines(
				`{"data": [{"id": "1200000000000000002", "text": "RT @orig: Полный текст исх…", "author_id": "7", "created_at": "2020-04-28T10:00:00.000Z", "referenced_tweets": [{"type": "retweeted", "id": "1200000000000000001"}], "lang": "ru"}, {"id": "1200000000000000003", "text": "ответ", "author_id": "7", "created_at": "2020-04-28T10:00:01.000Z", "referenced_tweets": [{"type": "replied_to", "id": "1200000000000000001"}], "attachments": {"media_keys": ["3_1"]}}, 17], "includes": {"users": [{"id": "7", "username": "seven"}, {"id": "8", "username": "orig"}], "tweets": [{"id": "1200000000000000001", "author_id": "8", "text": "`+full+`", "entities": {"hashtags": [{"tag": "позор"}], "urls": [{"url": "https://t.co/z", "expanded_url": "https://example.org/z"}], "mentions": [{"username": "m"}]}}], "media": [{"media_key": "3_1", "url": "https://pbs.example/3.jpg"}]}, "meta": {"result_count": 3}, "__twarc": {"version": "2"}}`,
				`{"meta": {"result_count": 0}, "__twarc": {}}`,
			),
			want: []string{
				`1 twitter 1200000000000000002 by=7/seven at=2020-04-28T10:00:00~second~zoned text="RT @orig: ` + full + `" lang=ru url=https://x.com/seven/status/1200000000000000002 links=https://example.org/z tags=позор mentions=orig m repost-of=1200000000000000001!`,
				`2 twitter 1200000000000000003 by=7/seven at=2020-04-28T10:00:01~second~zoned text="ответ" url=https://x.com/seven/status/1200000000000000003 reply-to=1200000000000000001 media=https://pbs.example/3.jpg`,
			},
			rejects: []string{"1: it is not an object"},
			skipped: map[string]int64{"page without posts": 1},
		},
		{
			name: "flattened", format: "twitter-v2",
			content: lines(`{"id": "5", "text": "RT @o: кр…", "author_id": "7", "author": {"id": "7", "username": "seven"}, "created_at": "2020-04-28T10:00:00.000Z", "public_metrics": {"like_count": 1}, "referenced_tweets": [{"type": "retweeted", "id": "4", "text": "кратко", "author": {"id": "8", "username": "o"}}]}`),
			want:    []string{`1 twitter 5 by=7/seven at=2020-04-28T10:00:00~second~zoned text="RT @o: кратко" url=https://x.com/seven/status/5 mentions=o repost-of=4!`},
		},
		{
			name: "a list of pages over many lines", format: "twitter-v2",
			content: "[\n {\"data\": [{\"id\": \"5\", \"text\": \"а\", \"author_id\": \"7\"}],\n \"includes\": {\"users\": [{\"id\": \"7\", \"username\": \"seven\"}]}},\n {\"data\": {\"id\": \"6\", \"text\": \"б\"}, \"includes\": {}}\n]\n",
			want:    []string{`1 twitter 5 by=7/seven text="а" url=https://x.com/seven/status/5`, `2 twitter 6 text="б" url=https://x.com/i/status/6`},
		},
		{
			name: "v1 with a retweet, a long tweet and a lost id", format: "twitter-v1",
			content: lines(
				`{"id": 1200000000000000125, "id_str": "1200000000000000125", "created_at": "Wed Oct 10 20:19:24 +0000 2018", "text": "RT @o: на…", "user": {"id_str": "7", "screen_name": "seven"}, "lang": "in", "entities": {"hashtags": [], "user_mentions": [{"screen_name": "o"}]}, "retweeted_status": {"id_str": "1200000000000000100", "text": "начало…", "extended_tweet": {"full_text": "начало и конец #т", "entities": {"hashtags": [{"text": "т"}], "urls": [], "user_mentions": []}}, "user": {"id_str": "8", "screen_name": "o"}}}`,
				`{"delete": {"status": {"id": 1}}}`,
				`{"id": 1.2e+18, "created_at": "Wed Oct 10 20:19:24 +0000 2018", "text": "потерян"}`,
			),
			want: []string{
				`1 twitter 1200000000000000125 by=7/seven at=2018-10-10T20:19:24~second~zoned text="RT @o: начало и конец #т" lang=id url=https://x.com/seven/status/1200000000000000125 tags=т mentions=o repost-of=1200000000000000100!`,
				`3 twitter  at=2018-10-10T20:19:24~second~zoned text="потерян"`,
			},
			skipped: map[string]int64{"notice of the stream, not a post": 1},
			notes:   []string{"lost their digits"},
		},
	})
}

func TestVK(t *testing.T) {
	runNested(t, []nestedCase{
		{
			name: "wall with a community, a repost and markup", format: "vk",
			content: `{"response": {"count": 3, "items": [
 {"id": 5, "owner_id": -123, "from_id": -123, "date": 1588068000, "post_type": "post", "text": "Смотри [id77|Ая], [https://example.org/x|тут] #позор@vesti и https://example.org/y", "attachments": [{"type": "photo", "photo": {"sizes": [{"width": 100, "url": "https://vk.example/s"}, {"width": 900, "url": "https://vk.example/l"}]}}, {"type": "link", "link": {"url": "https://example.org/z"}}, {"type": "video", "video": {"owner_id": -1, "id": 2}}]},
 {"id": 6, "owner_id": 77, "from_id": 77, "date": 1588068060, "text": "", "copy_history": [{"id": 5, "owner_id": -123, "text": "ближайший"}, {"id": 1, "owner_id": -9, "text": "первый"}]},
 {"id": 7, "owner_id": 77, "date": 1588068060, "text": "реклама", "marked_as_ads": 1}],
 "profiles": [{"id": 77, "first_name": "Ая", "last_name": "Н", "screen_name": "aya", "sex": 1}], "groups": [{"id": 123, "name": "Вести", "screen_name": "vesti"}]}}`,
			want: []string{
				`1 vk -123_5 by=-123/vesti at=2020-04-28T10:00:00~second~unix text="Смотри [id77|Ая], [https://example.org/x|тут] #позор@vesti и https://example.org/y" url=https://vk.com/wall-123_5 links=https://example.org/x https://example.org/y https://example.org/z tags=позор mentions=id77 media=https://vk.example/l media=https://vk.com/video-1_2`,
				`2 vk 77_6 by=77/aya at=2020-04-28T10:01:00~second~unix text="ближайший" url=https://vk.com/wall77_6 repost-of=-123_5!`,
			},
			skipped: map[string]int64{"advertisement": 1},
		},
		{
			name: "comments with answers", format: "vk",
			content: `{"response": {"count": 1, "items": [{"id": 9, "from_id": 3, "post_id": 5, "owner_id": -123, "date": 1588068000, "text": "позор", "thread": {"count": 1, "items": [{"id": 10, "from_id": 4, "post_id": 5, "owner_id": -123, "reply_to_comment": 9, "date": 1588068001, "text": "да"}]}}]}}`,
			want: []string{
				`1 vk -123_9 by=3 at=2020-04-28T10:00:00~second~unix text="позор" url=https://vk.com/wall-123_5?reply=9 reply-to=-123_5`,
				`2 vk -123_10 by=4 at=2020-04-28T10:00:01~second~unix text="да" url=https://vk.com/wall-123_5?reply=10 reply-to=-123_9`,
			},
		},
		{
			name: "items one a line", format: "vk",
			content: lines(`{"4cat_item_type": "post", "id": 1, "owner_id": -2, "from_id": -2, "date": 1588068000, "text": "а", "author_profile": {"id": 2, "name": "Вести"}}`, `{"id": 2, "owner_id": -2, "from_id": -2, "date": 1588068001000, "text": "б"}`),
			want: []string{
				`1 vk -2_1 by=-2/Вести at=2020-04-28T10:00:00~second~unix text="а" url=https://vk.com/wall-2_1`,
				`2 vk -2_2 by=-2 at=2020-04-28T10:00:01~millisecond~unix text="б" url=https://vk.com/wall-2_2`,
			},
		},
	})
}

func TestYTDLP(t *testing.T) {
	video := `"id": "dQ0000000_1", "title": "Разоблачение", "description": "см. https://example.org #позор", "channel": "Канал", "channel_id": "UC1", "uploader": "К", "upload_date": "20200428", "webpage_url": "https://www.youtube.com/watch?v=dQ0000000_1", "extractor": "youtube", "formats": [{"url": "x"}], "tags": ["а"]`
	comments := `"comments": [{"id": "c1", "parent": "root", "text": "позор", "author": "@a", "author_id": "UCa", "timestamp": 1588068000, "_time_text": "2 weeks ago (edited)"},
  {"id": "c2", "parent": "c1", "text": "да", "author": "@b", "author_id": "UCb", "timestamp": 1588068000, "_time_text": "3 hours ago"},
  {"id": "c3", "parent": "c1", "text": "нет", "author_id": "UCc", "timestamp": 1588068000}]`
	want := []string{
		`1 youtube dQ0000000_1 by=UC1/Канал at=2020-04-28T00:00:00~day~local time-text=20200428 text="Разоблачение\nсм. https://example.org #позор" url=https://www.youtube.com/watch?v=dQ0000000_1 links=https://example.org tags=позор`,
		`2 youtube c1 by=UCa/@a at=2020-04-28T10:00:00~week~derived time-text=2 weeks ago (edited) text="позор" url=https://www.youtube.com/watch?v=dQ0000000_1&lc=c1 reply-to=dQ0000000_1`,
		`3 youtube c2 by=UCb/@b at=2020-04-28T10:00:00~hour~derived time-text=3 hours ago text="да" url=https://www.youtube.com/watch?v=dQ0000000_1&lc=c2 reply-to=c1`,
		`4 youtube c3 by=UCc at=2020-04-28T10:00:00~year~derived text="нет" url=https://www.youtube.com/watch?v=dQ0000000_1&lc=c3 reply-to=c1`,
	}
	runNested(t, []nestedCase{
		{name: "video and comments", format: "yt-dlp", content: "{" + video + ",\n" + comments + "}", want: want, notes: []string{"only the day"}},
		{name: "keys sorted", format: "yt-dlp", content: `{"channel_id": "UC1", "webpage_url": "x", ` + comments + ",\n" + video + "}", want: want},
		{name: "breaks off", format: "yt-dlp", content: upTo("{"+video+",\n"+comments, `"c2"`), want: want[:2], err: "breaks off", rejects: []string{"3: the document breaks off"}},
	})
	r := collected(t, "v.info.json", "{"+video+",\n"+comments+"}")
	for _, p := range r.posts[1:] {
		if p.Time.Timed(3600e9) && p.Time.Precision > post.Hour {
			t.Errorf("a comment known to a %v would be compared within an hour", p.Time.Precision)
		}
	}
}

func TestMastodon(t *testing.T) {
	public := `"to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": []`
	content := `{"@context": "https://www.w3.org/ns/activitystreams", "id": "outbox.json", "type": "OrderedCollection", "totalItems": 4, "orderedItems": [
 {"id": "https://m.example/users/aya/statuses/1/activity", "type": "Create", "actor": "https://m.example/users/aya", "published": "2020-04-28T10:00:00Z", ` + public + `,
  "object": {"id": "https://m.example/users/aya/statuses/1", "type": "Note", "summary": "осторожно", "inReplyTo": "https://o.example/1", "published": "2020-04-28T10:00:00Z", "url": "https://m.example/@aya/1",
   "content": "<p>Привет <a href=\"https://m.example/tags/x\" class=\"mention hashtag\" rel=\"tag\">#<span>мир</span></a> &amp; все</p><p><a href=\"https://example.org/long\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">example.org/lo</span><span class=\"invisible\">ng</span></a><br />конец</p>", "contentMap": {"ru": "<p>Привет <a href=\"https://m.example/tags/x\" class=\"mention hashtag\" rel=\"tag\">#<span>мир</span></a> &amp; все</p><p><a href=\"https://example.org/long\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">example.org/lo</span><span class=\"invisible\">ng</span></a><br />конец</p>"},
   "tag": [{"type": "Hashtag", "name": "#мир"}, {"type": "Mention", "name": "@o@o.example"}], "attachment": [{"mediaType": "image/png", "url": "/media/1.png"}]}},
 {"id": "https://m.example/users/aya/statuses/2/activity", "type": "Announce", "actor": "https://m.example/users/aya", "published": "2020-04-28T10:01:00Z", ` + public + `, "object": "https://o.example/notes/5"},
 {"id": "3", "type": "Create", "actor": "https://m.example/users/aya", "published": "2020-04-28T10:02:00Z", "to": ["https://m.example/users/bob"], "object": {"id": "3", "content": "личное"}},
 {"id": "4", "type": "Create", "actor": "https://m.example/users/aya", "to": "as:Public", "object": "https://m.example/4"}]}`
	checkNested(t, nestedCase{
		format: "mastodon-outbox", content: content,
		want: []string{
			`1 mastodon https://m.example/users/aya/statuses/1 by=https://m.example/users/aya/aya@m.example at=2020-04-28T10:00:00~second~zoned text="осторожно\n\nПривет #мир & все\n\nhttps://example.org/long\nконец" lang=ru url=https://m.example/@aya/1 links=https://example.org/long tags=мир mentions=o@o.example reply-to=https://o.example/1 media=/media/1.png`,
			`2 mastodon https://m.example/users/aya/statuses/2/activity by=https://m.example/users/aya/aya@m.example at=2020-04-28T10:01:00~second~zoned text="" repost-of=https://o.example/notes/5!`,
		},
		skipped: map[string]int64{"post that is not public": 1},
		rejects: []string{"8: the object of the activity"},
		notes:   []string{"address of the original only"},
	})
	all := collected(t, "outbox.json", content, private)
	if len(all.posts) != 3 {
		t.Errorf("with private posts %d were read, want 3", len(all.posts))
	}
	checkNested(t, nestedCase{
		format:  "mastodon-api",
		content: lines(`{"id": "9", "uri": "https://m.example/users/aya/statuses/9", "created_at": "2020-04-28T10:00:00.123Z", "visibility": "public", "language": "kk", "content": "<p>сәлем</p>", "account": {"id": "1", "acct": "aya", "url": "https://m.example/@aya"}, "reblog": null}`, `{"id": "10", "created_at": "2020-04-28T10:00:00.000Z", "visibility": "direct", "content": "<p>тайна</p>", "account": {"acct": "aya"}}`),
		want:    []string{`1 mastodon https://m.example/users/aya/statuses/9 by=https://m.example/@aya/aya at=2020-04-28T10:00:00.123~millisecond~zoned text="сәлем" lang=kk url=https://m.example/users/aya/statuses/9`},
		skipped: map[string]int64{"post that is not public": 1},
	})
}

func TestBluesky(t *testing.T) {
	runNested(t, []nestedCase{
		{
			name: "back-dated post, facets by bytes, picture by hash", format: "bluesky",
			content: lines(`{"uri": "at://did:plc:a/app.bsky.feed.post/k1", "cid": "c", "author": {"did": "did:plc:a", "handle": "aya.example"}, "record": {"text": "Привет @bob.example #мир тут", "createdAt": "2015-01-01T00:00:00.000Z", "langs": ["ru"], "reply": {"root": {"uri": "at://r"}, "parent": {"uri": "at://did:plc:b/app.bsky.feed.post/k0"}}, "facets": [{"index": {"byteStart": 13, "byteEnd": 25}, "features": [{"did": "did:plc:b"}]}, {"index": {"byteStart": 26, "byteEnd": 33}, "features": [{"tag": "мир"}]}, {"index": {"byteStart": 34, "byteEnd": 40}, "features": [{"uri": "https://example.org/f"}]}], "embed": {"$type": "app.bsky.embed.images", "images": [{"image": {"ref": {"$link": "bafkpic"}}}]}}, "embed": {"images": [{"fullsize": "https://cdn.example/bafkpic@jpeg"}]}, "indexedAt": "2020-04-28T10:00:00.123Z"}`),
			want:    []string{`1 bluesky at://did:plc:a/app.bsky.feed.post/k1 by=did:plc:a/aya.example at=2020-04-28T10:00:00.123~millisecond~zoned time-text=2015-01-01T00:00:00.000Z text="Привет @bob.example #мир тут" lang=ru url=https://bsky.app/profile/aya.example/post/k1 links=https://example.org/f tags=мир mentions=bob.example reply-to=at://did:plc:b/app.bsky.feed.post/k0 media=bafkpic https://cdn.example/bafkpic@jpeg`},
		},
		{
			name: "feed with a repost", format: "bluesky",
			content: `{"feed": [{"post": {"uri": "at://did:plc:a/app.bsky.feed.post/k1", "author": {"did": "did:plc:a", "handle": "aya.example"}, "record": {"text": "раз", "created_at": "2020-04-28T10:00:00Z"}}}, {"post": {"uri": "at://did:plc:a/app.bsky.feed.post/k1", "author": {"did": "did:plc:a", "handle": "aya.example"}, "record": {"text": "раз", "createdAt": "2020-04-28T10:00:00Z"}, "indexedAt": "2020-04-28T10:00:01Z"}, "reason": {"$type": "app.bsky.feed.defs#reasonRepost", "by": {"did": "did:plc:b", "handle": "bob.example"}, "indexedAt": "2020-04-28T11:00:00Z"}}], "cursor": "x"}`,
			want: []string{
				`1 bluesky at://did:plc:a/app.bsky.feed.post/k1 by=did:plc:a/aya.example at=2020-04-28T10:00:00~second~claimed time-text=2020-04-28T10:00:00Z text="раз" url=https://bsky.app/profile/aya.example/post/k1`,
				`2 bluesky at://did:plc:b/app.bsky.feed.repost/of/did:plc:a/app.bsky.feed.post/k1 by=did:plc:b/bob.example at=2020-04-28T11:00:00~second~zoned text="раз" url=https://bsky.app/profile/aya.example/post/k1 repost-of=at://did:plc:a/app.bsky.feed.post/k1!`,
			},
		},
		{
			name: "jetstream", format: "bluesky",
			content: lines(
				`{"did": "did:plc:a", "time_us": 1588068000123456, "kind": "commit", "commit": {"operation": "create", "collection": "app.bsky.feed.post", "rkey": "k1", "record": {"text": "раз #два", "createdAt": "2020-04-28T09:59:59Z", "embed": {"external": {"uri": "https://example.org/e"}}}}}`,
				`{"did": "did:plc:a", "time_us": 1588068000123456, "kind": "commit", "commit": {"operation": "create", "collection": "app.bsky.feed.repost", "rkey": "k2", "record": {"subject": {"uri": "at://did:plc:z/app.bsky.feed.post/1"}, "createdAt": "2020-04-28T09:59:59Z"}}}`,
				`{"did": "did:plc:a", "time_us": 1588068000123456, "kind": "commit", "commit": {"operation": "create", "collection": "app.bsky.feed.like", "rkey": "k3", "record": {}}}`,
				`{"did": "did:plc:a", "time_us": 1588068000123456, "kind": "commit", "commit": {"operation": "delete", "collection": "app.bsky.feed.post", "rkey": "k1"}}`,
				`{"did": "did:plc:a", "time_us": 1588068000123456, "kind": "identity", "identity": {}}`,
			),
			want: []string{
				`1 bluesky at://did:plc:a/app.bsky.feed.post/k1 by=did:plc:a at=2020-04-28T10:00:00.123~millisecond~unix time-text=2020-04-28T09:59:59Z text="раз #два" url=https://bsky.app/profile/did:plc:a/post/k1 links=https://example.org/e tags=два`,
				`2 bluesky at://did:plc:a/app.bsky.feed.repost/k2 by=did:plc:a at=2020-04-28T10:00:00.123~millisecond~unix time-text=2020-04-28T09:59:59Z text="" repost-of=at://did:plc:z/app.bsky.feed.post/1!`,
			},
			skipped: map[string]int64{"event that is not a post": 2, "deletion": 1},
		},
	})
}
