package collect

import (
	"strings"
	"testing"
)

func TestFeeds(t *testing.T) {
	rss := `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Вести</title><link>https://www.vesti.example/</link><language>ru-RU</language>
<item><title>Фонд &amp; деньги</title><link>https://vesti.example/1</link><guid isPermaLink="false">vesti-1</guid><pubDate>Tue, 28 Apr 2020 16:00:00 +0600</pubDate><description>кратко</description><content:encoded><![CDATA[<p>Полный <a href="https://example.org/l">текст</a></p><script>x()</script>]]></content:encoded><enclosure url="https://vesti.example/1.jpg" type="image/jpeg" length="1"/></item>
<item><title>Вторая</title><link>https://vesti.example/2</link><pubDate>28 апреля 2020, 10:01</pubDate><description>два</description></item>
<item><title>Третья</title><link>https://vesti.example/3</link><pubDate>Tue, 28 Apr 2020 16:00:00 XYZ</pubDate></item>
<item><title>Четвёртая</title><link>https://vesti.example/4</link><pubDate>Tue, 28 Apr 2020 06:00:00 EDT</pubDate></item>
</channel></rss>`
	want := []string{
		`1 web vesti-1 by=vesti.example/Вести at=2020-04-28T10:00:00~second~zoned text="Фонд & деньги\n\nПолный текст" lang=ru-RU url=https://vesti.example/1 links=https://example.org/l media=https://vesti.example/1.jpg`,
		`2 web https://vesti.example/2 by=vesti.example/Вести at=2020-04-28T10:01:00~minute~local time-text=28 апреля 2020, 10:01 text="Вторая\n\nдва" lang=ru-RU url=https://vesti.example/2`,
		`3 web https://vesti.example/3 by=vesti.example/Вести time-text=Tue, 28 Apr 2020 16:00:00 XYZ text="Третья" lang=ru-RU url=https://vesti.example/3`,
		`4 web https://vesti.example/4 by=vesti.example/Вести at=2020-04-28T10:00:00~second~zoned text="Четвёртая" lang=ru-RU url=https://vesti.example/4`,
	}
	runNested(t, []nestedCase{
		{name: "RSS", format: "feed", content: rss, want: want, notes: []string{"state no zone", "cannot be read"}},
		{name: "RSS that breaks off", format: "feed", content: upTo(rss, "<title>Третья"), want: want[:2], err: "2 entries before it"},
		{
			name: "Atom", format: "feed",
			content: `<feed xmlns="http://www.w3.org/2005/Atom"><title>Блог</title><link href="https://blog.example/"/><entry><id>tag:1</id><title>Раз</title><link href="https://blog.example/1"/><updated>2020-04-28T10:00:00Z</updated><content type="html">&lt;p&gt;текст&lt;/p&gt;</content></entry></feed>`,
			want:    []string{`1 web tag:1 by=blog.example/Блог at=2020-04-28T10:00:00~second~zoned text="Раз\n\nтекст" url=https://blog.example/1`},
			notes:   []string{"only when they were updated"},
		},
		{
			name: "JSON Feed", format: "feed",
			content: `{"version": "https://jsonfeed.org/version/1.1", "title": "Блог", "home_page_url": "https://blog.example/", "items": [{"id": "7", "url": "https://blog.example/7", "title": "Раз", "content_text": "текст", "date_published": "2020-04-28T16:00:00+06:00"}]}`,
			want:    []string{`1 web 7 by=blog.example/Блог at=2020-04-28T10:00:00~second~zoned text="Раз\n\nтекст" url=https://blog.example/7`},
		},
		{name: "not sound at all", format: "feed", content: `<rss version="2.0"><channel><title>x`, err: "not a sound feed"},
		{
			name: "news sitemap", format: "sitemap",
			content: `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://vesti.example/1</loc><lastmod>2024-01-01</lastmod><news:news><news:publication><news:name>Вести</news:name><news:language>ru</news:language></news:publication><news:publication_date>2020-04-28</news:publication_date><news:title>Позор</news:title></news:news></url>
<url><loc>https://vesti.example/2</loc><lastmod>2020-04-28T10:00:00Z</lastmod></url><url></url></urlset>`,
			want: []string{
				`1 web https://vesti.example/1 by=vesti.example/Вести at=2020-04-28T00:00:00~day~local time-text=2020-04-28 text="Позор" lang=ru url=https://vesti.example/1`,
				`2 web https://vesti.example/2 by=vesti.example text="" url=https://vesti.example/2`,
			},
			rejects: []string{"3: it has no id"},
			notes:   []string{"last change"},
		},
		{name: "sitemap that breaks off", format: "sitemap", content: `<urlset><url><loc>https://vesti.example/1</loc></url><url><loc>https`, want: []string{`1 web https://vesti.example/1 by=vesti.example text="" url=https://vesti.example/1`}, err: "1 entries before it"},
		{name: "sitemap index", format: "sitemap", content: `<sitemapindex><sitemap><loc>https://vesti.example/a.xml</loc></sitemap></sitemapindex>`, skipped: map[string]int64{"address of another sitemap": 1}},
	})
}

func TestGDELT(t *testing.T) {
	row := func(id, date, title string, columns int) string {
		c := make([]string, columns)
		c[0], c[1], c[2], c[3], c[4] = id, date, "1", "vesti.example", "https://vesti.example/1"
		if columns == 27 {
			c[18], c[25], c[26] = "https://vesti.example/1.jpg", "srclc:rus;eng:Moses", "<PAGE_TITLE>"+title+"</PAGE_TITLE>"
		}
		return strings.Join(c, "\t")
	}
	checkNested(t, nestedCase{
		format:  "gdelt-gkg",
		content: lines(row("20200428101500-T1", "20200428101500", "Фонд &amp; позор", 27), row("20200428101500-2", "0", "bad \xff", 27), row("20200428101500-3", "20200428101500", "", 20)),
		want: []string{
			`1 web 20200428101500-T1 by=vesti.example/vesti.example at=2020-04-28T10:15:00~quarter~batch text="Фонд & позор" lang=ru url=https://vesti.example/1 media=https://vesti.example/1.jpg`,
			"2 web 20200428101500-2 by=vesti.example/vesti.example time-text=0 text=\"bad \uFFFD\" lang=ru url=https://vesti.example/1 media=https://vesti.example/1.jpg",
		},
		rejects: []string{"3: it has 20 columns"},
		notes:   []string{"slots of the crawler", "no date", "not valid UTF-8"},
	})
}

func TestReddit(t *testing.T) {
	checkNested(t, nestedCase{
		format: "reddit",
		content: lines(
			`{"id": "abc", "author": "aya", "author_fullname": "t2_1", "created_utc": 1588068000, "title": "Позор", "selftext": "текст", "subreddit": "tumania", "permalink": "/r/tumania/comments/abc/x/", "is_self": true, "url": "https://www.reddit.com/r/tumania/comments/abc/x/"}`,
			`{"id": "abd", "author": "[deleted]", "created_utc": "1588068001.0", "title": "Ссылка", "selftext": "[removed]", "subreddit": "tumania", "permalink": "/r/tumania/comments/abd/x/", "url": "https://example.org/l", "crosspost_parent": "t3_abc"}`,
			`{"id": "c1", "author": "bob", "created_utc": 1588068002, "body": "да", "subreddit": "tumania", "link_id": "t3_abc", "parent_id": "t1_c0", "permalink": "/r/tumania/comments/abc/x/c1/"}`,
		),
		want: []string{
			`1 reddit t3_abc by=t2_1/aya at=2020-04-28T10:00:00~second~unix text="Позор\n\nтекст" url=https://www.reddit.com/r/tumania/comments/abc/x/`,
			`2 reddit t3_abd at=2020-04-28T10:00:01~second~unix text="Ссылка" url=https://www.reddit.com/r/tumania/comments/abd/x/ links=https://example.org/l repost-of=t3_abc!`,
			`3 reddit t1_c1 by=bob at=2020-04-28T10:00:02~second~unix text="да" url=https://www.reddit.com/r/tumania/comments/abc/x/c1/ reply-to=t1_c0`,
		},
		notes: []string{"deleted or removed"},
	})
}
