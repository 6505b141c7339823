package address

import (
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	tests := []struct {
		raw, canonical, platform string
		kind                     Kind
		account, id, when        string
	}{
		// X
		{"https://twitter.com/Somebody/status/1255123456789012480", "https://x.com/i/status/1255123456789012480", "twitter", Post, "somebody", "1255123456789012480", "2020-04-28T13:15:25.821Z"},
		{"http://mobile.twitter.com/Somebody/status/1255123456789012480?s=20&t=abc", "https://x.com/i/status/1255123456789012480", "twitter", Post, "somebody", "1255123456789012480", "2020-04-28T13:15:25.821Z"},
		{"x.com/i/web/status/1255123456789012480/photo/1", "https://x.com/i/status/1255123456789012480", "twitter", Post, "", "1255123456789012480", "2020-04-28T13:15:25.821Z"},
		{"https://fxtwitter.com/a_b/status/1255123456789012480", "https://x.com/i/status/1255123456789012480", "twitter", Post, "a_b", "1255123456789012480", "2020-04-28T13:15:25.821Z"},
		{"https://nitter.example.org/a_b/status/1255123456789012480#m", "https://x.com/i/status/1255123456789012480", "twitter", Post, "a_b", "1255123456789012480", "2020-04-28T13:15:25.821Z"},
		{"https://twitter.com/#!/a_b/status/1255123456789012480", "https://x.com/i/status/1255123456789012480", "twitter", Post, "a_b", "1255123456789012480", "2020-04-28T13:15:25.821Z"},
		{"https://twitter.com/a_b/status/20", "https://x.com/i/status/20", "twitter", Post, "a_b", "20", ""},
		{"https://twitter.com/a_b/status/29700859247", "https://x.com/i/status/29700859247", "twitter", Post, "a_b", "29700859247", "2010-11-04T01:43:01.738Z"},
		{"https://twitter.com/a_b/status/20000000000", "https://x.com/i/status/20000000000", "twitter", Post, "a_b", "20000000000", ""},
		{"https://twitter.com/A_B", "https://x.com/a_b", "twitter", Profile, "a_b", "", ""},
		{"https://twitter.com/a_b/status/12551234…", "https://x.com/a_b/status/12551234%E2%80%A6", "twitter", Other, "", "", ""},
		{"https://twitter.com/search?q=%23word&src=typed_query&f=live", "https://x.com/search?f=live&q=%23word", "twitter", Search, "", "", ""},
		// Telegram
		{"https://t.me/s/Some_Channel/123?single", "https://t.me/some_channel/123", "telegram", Post, "some_channel", "some_channel/123", ""},
		{"telegram.me/some_channel/123", "https://t.me/some_channel/123", "telegram", Post, "some_channel", "some_channel/123", ""},
		{"tg://resolve?domain=some_channel&post=123", "https://t.me/some_channel/123", "telegram", Post, "some_channel", "some_channel/123", ""},
		{"https://some_channel.t.me/123", "https://t.me/some_channel/123", "telegram", Post, "some_channel", "some_channel/123", ""},
		{"https://t.me/some_group/77/123", "https://t.me/some_group/123", "telegram", Post, "some_group", "some_group/123", ""},
		{"https://t.me/some_channel/123?comment=9", "https://t.me/some_channel/123?comment=9", "telegram", Post, "some_channel", "some_channel/123?comment=9", ""},
		{"https://t.me/c/1234567890/55", "https://t.me/c/1234567890/55", "telegram", Post, "1234567890", "1234567890/55", ""},
		{"https://web.telegram.org/a/#-1001234567890_55", "https://t.me/c/1234567890/55", "telegram", Post, "1234567890", "1234567890/55", ""},
		{"https://web.telegram.org/k/#@Some_Channel", "https://t.me/some_channel", "telegram", Channel, "some_channel", "", ""},
		{"t.me/some_channel", "https://t.me/some_channel", "telegram", Channel, "some_channel", "", ""},
		{"https://t.me/joinchat/AAAA_bb", "https://t.me/+AAAA_bb", "telegram", Channel, "", "", ""},
		{"https://t.me/iv?url=https%3A%2F%2Fexample.org%2Fa&rhash=1", "https://example.org/a", "web", Other, "", "", ""},
		// VK
		{"https://vk.com/wall-123_456", "https://vk.com/wall-123_456", "vk", Post, "club123", "-123_456", ""},
		{"https://m.vk.com/wall-123_456?from=feed", "https://vk.com/wall-123_456", "vk", Post, "club123", "-123_456", ""},
		{"https://vk.ru/some.page?w=wall-123_456%2Fall", "https://vk.com/wall-123_456", "vk", Post, "club123", "-123_456", ""},
		{"https://vk.com/feed?w=wall77_456", "https://vk.com/wall77_456", "vk", Post, "id77", "77_456", ""},
		{"https://vk.com/wall-123_456?reply=9&thread=8", "https://vk.com/wall-123_456?reply=9", "vk", Post, "club123", "-123_456_r9", ""},
		{"https://vk.com/wall-123_456_r9", "https://vk.com/wall-123_456?reply=9", "vk", Post, "club123", "-123_456_r9", ""},
		{"https://vkvideo.ru/video-123_456", "https://vk.com/video-123_456", "vk", Post, "club123", "video-123_456", ""},
		{"https://vk.com/away.php?to=https%3A%2F%2Ft.me%2Fsome_channel%2F5&cc_key=", "https://t.me/some_channel/5", "telegram", Post, "some_channel", "some_channel/5", ""},
		{"https://vk.com/public123", "https://vk.com/club123", "vk", Channel, "club123", "", ""},
		{"https://vk.com/Some.Name", "https://vk.com/some.name", "vk", Profile, "some.name", "", ""},
		// Facebook
		{"https://www.facebook.com/some.page/posts/1234567890123?__tn__=-R&fbclid=x", "https://facebook.com/some.page/posts/1234567890123", "facebook", Post, "some.page", "1234567890123", ""},
		{"https://m.facebook.com/story.php?story_fbid=1234567890123&id=55", "https://facebook.com/55/posts/1234567890123", "facebook", Post, "55", "1234567890123", ""},
		{"https://mbasic.facebook.com/permalink.php?story_fbid=1234567890123&id=55&_rdr", "https://facebook.com/55/posts/1234567890123", "facebook", Post, "55", "1234567890123", ""},
		{"https://ru-ru.facebook.com/groups/99/permalink/1234567890123/", "https://facebook.com/groups/99/posts/1234567890123", "facebook", Post, "", "1234567890123", ""},
		{"https://m.facebook.com/groups/99?view=permalink&id=1234567890123", "https://facebook.com/groups/99/posts/1234567890123", "facebook", Post, "", "1234567890123", ""},
		{"https://www.facebook.com/photo.php?fbid=77&set=a.1&type=3", "https://facebook.com/photo.php?fbid=77", "facebook", Post, "", "77", ""},
		{"https://www.facebook.com/some.page/photos/a.1.2.3/77/", "https://facebook.com/photo.php?fbid=77", "facebook", Post, "some.page", "77", ""},
		{"https://www.facebook.com/watch/?v=88", "https://facebook.com/watch?v=88", "facebook", Post, "", "88", ""},
		{"https://www.facebook.com/reel/88", "https://facebook.com/watch?v=88", "facebook", Post, "", "88", ""},
		{"https://www.facebook.com/some.page/posts/pfbid02AbC?comment_id=9", "https://facebook.com/some.page/posts/pfbid02AbC?comment_id=9", "facebook", Post, "some.page", "pfbid02AbC?comment_id=9", ""},
		{"https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Ffbclid%3DIwAR&h=AT", "https://example.org/a", "web", Other, "", "", ""},
		{"https://www.facebook.com/profile.php?id=55&ref=x", "https://facebook.com/profile.php?id=55", "facebook", Profile, "55", "", ""},
		{"https://developers.facebook.com/docs", "https://developers.facebook.com/docs", "web", Other, "", "", ""},
		// Instagram, Threads
		{"https://www.instagram.com/p/B_gwHMlnlSd/?igshid=abc", "https://instagram.com/p/B_gwHMlnlSd", "instagram", Post, "", "B_gwHMlnlSd", "2020-04-28T04:50:11.62Z"},
		{"https://instagram.com/Some.Body/reel/B_gwHMlnlSd", "https://instagram.com/p/B_gwHMlnlSd", "instagram", Post, "some.body", "B_gwHMlnlSd", "2020-04-28T04:50:11.62Z"},
		{"https://www.instagram.com/some.body?hl=ru", "https://instagram.com/some.body", "instagram", Profile, "some.body", "", ""},
		{"https://www.threads.net/@some.body/post/CuXFPIeLLod?xmt=1", "https://threads.com/t/CuXFPIeLLod", "threads", Post, "some.body", "CuXFPIeLLod", "2023-07-06T15:17:53.813Z"},
		// TikTok: 6820776127187651845 >> 32
		{"https://www.tiktok.com/@Some.Body/video/6820776127187651845?is_from_webapp=1&lang=ru", "https://tiktok.com/@_/video/6820776127187651845", "tiktok", Post, "some.body", "6820776127187651845", "2020-04-28T14:54:55Z"},
		{"https://m.tiktok.com/v/6820776127187651845.html", "https://tiktok.com/@_/video/6820776127187651845", "tiktok", Post, "", "6820776127187651845", "2020-04-28T14:54:55Z"},
		{"https://www.tiktok.com/embed/v2/6820776127187651845", "https://tiktok.com/@_/video/6820776127187651845", "tiktok", Post, "", "6820776127187651845", "2020-04-28T14:54:55Z"},
		// YouTube
		{"https://youtu.be/dQw4w9WgXcQ?si=abc&t=10", "https://youtube.com/watch?v=dQw4w9WgXcQ", "youtube", Post, "", "dQw4w9WgXcQ", ""},
		{"https://m.youtube.com/watch?feature=share&v=dQw4w9WgXcQ&list=PL1", "https://youtube.com/watch?v=dQw4w9WgXcQ", "youtube", Post, "", "dQw4w9WgXcQ", ""},
		{"https://www.youtube.com/shorts/dQw4w9WgXcQ", "https://youtube.com/watch?v=dQw4w9WgXcQ", "youtube", Post, "", "dQw4w9WgXcQ", ""},
		{"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=5", "https://youtube.com/watch?v=dQw4w9WgXcQ", "youtube", Post, "", "dQw4w9WgXcQ", ""},
		{"https://www.youtube.com/watch?v=dQw4w9WgXcQ&lc=Ugx1", "https://youtube.com/watch?v=dQw4w9WgXcQ&lc=Ugx1", "youtube", Post, "", "dQw4w9WgXcQ?lc=Ugx1", ""},
		{"https://www.youtube.com/@SomeBody/videos", "https://youtube.com/@somebody", "youtube", Channel, "@somebody", "", ""},
		{"https://www.youtube.com/results?search_query=a+b&sp=x", "https://youtube.com/results?search_query=a+b", "youtube", Search, "", "", ""},
		// OK
		{"https://m.ok.ru/group/53038939046008/topic/151500000000008?x=1", "https://ok.ru/group/53038939046008/topic/151500000000008", "ok", Post, "group/53038939046008", "151500000000008", ""},
		{"https://odnoklassniki.ru/group53038939046008/topic/151500000000008", "https://ok.ru/group/53038939046008/topic/151500000000008", "ok", Post, "group/53038939046008", "151500000000008", ""},
		{"https://ok.ru/profile/570000000001/statuses/151500000000008", "https://ok.ru/profile/570000000001/statuses/151500000000008", "ok", Post, "profile/570000000001", "151500000000008", ""},
		// LinkedIn, Discord, Mastodon, Bluesky, Reddit
		{"https://kz.linkedin.com/posts/somebody_words-activity-7000000000000000000-AbCd?trk=x", "https://linkedin.com/feed/update/urn:li:activity:7000000000000000000", "linkedin", Post, "somebody", "7000000000000000000", "2022-11-20T07:40:53.71Z"},
		{"https://discord.com/channels/175928847299117063/175928847299117063/175928847299117063", "https://discord.com/channels/175928847299117063/175928847299117063/175928847299117063", "discord", Post, "", "175928847299117063", "2016-04-30T11:18:25.796Z"},
		{"https://social.example/@Some_Body/109348294571234567", "https://social.example/@some_body/109348294571234567", "mastodon", Post, "some_body@social.example", "social.example/109348294571234567", "2022-11-15T14:29:21.206Z"},
		{"https://social.example/@some_body/1255123456789012480", "https://social.example/@some_body/1255123456789012480", "web", Other, "", "", ""},
		{"https://bsky.app/profile/some.body.example/post/3juj4lzw4pk2e", "https://bsky.app/profile/some.body.example/post/3juj4lzw4pk2e", "bluesky", Post, "some.body.example", "at://some.body.example/app.bsky.feed.post/3juj4lzw4pk2e", "2023-04-29T12:22:17.907Z"},
		{"at://did:plc:abc/app.bsky.feed.post/3juj4lzw4pk2e", "https://bsky.app/profile/did:plc:abc/post/3juj4lzw4pk2e", "bluesky", Post, "did:plc:abc", "at://did:plc:abc/app.bsky.feed.post/3juj4lzw4pk2e", "2023-04-29T12:22:17.907Z"},
		{"https://old.reddit.com/r/Some/comments/abc123/words_of_it/?context=3", "https://reddit.com/comments/abc123", "reddit", Post, "", "abc123", ""},
		{"https://redd.it/abc123", "https://reddit.com/comments/abc123", "reddit", Post, "", "abc123", ""},
		{"https://some-body.livejournal.com/12345.html?utm_source=x#comments", "https://some-body.livejournal.com/12345.html", "livejournal", Post, "some-body", "some-body/12345", ""},
		// Any site
		{"http://WWW.Example.ORG:80/a/b/?utm_source=x&b=2&a=1&fbclid=y#top", "https://example.org/a/b?a=1&b=2", "web", Other, "", "", ""},
		{"https://m.example.org/", "https://example.org", "web", Other, "", "", ""},
		{"https://m.co.uk/x", "https://m.co.uk/x", "web", Other, "", "", ""},
		{"https://example.org:8080/a", "https://example.org:8080/a", "web", Other, "", "", ""},
		{"https://example.org/%7Ea/%d1%84/ф", "https://example.org/~a/%D1%84/%D1%84", "web", Other, "", "", ""},
		{"https://пример.рф/путь", "https://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C", "web", Other, "", "", ""},
		{"https://example.org/a;jsessionid=ABC?q=1", "https://example.org/a?q=1", "web", Other, "", "", ""},
		{"https://example.org/news?from=telegram&id=5", "https://example.org/news?id=5", "web", Other, "", "", ""},
		{"https://example.org/news?from=20", "https://example.org/news?from=20", "web", Other, "", "", ""},
		{"https://example.org/talk#comment-123", "https://example.org/talk#comment-123", "web", Other, "", "", ""},
		{"https://example.org/a/./b/../c", "https://example.org/a/c", "web", Other, "", "", ""},
		{"https://www.google.com/url?sa=t&q=https://example.org/a&ved=1", "https://example.org/a", "web", Other, "", "", ""},
		{"https://www.google.kz/amp/s/www.example.org/a/amp", "https://example.org/a", "web", Other, "", "", ""},
		{"https://www-example-org.cdn.ampproject.org/v/s/www.example.org/a/amp?amp_js_v=0.1&usqp=x", "https://example.org/a", "web", Other, "", "", ""},
		{"https://www.google.com/search?safe=active&client=ubuntu&sxsrf=ALeKk01:1589183090829&q=Some+Name&stick=H4s", "https://google.com/search?q=Some+Name", "web", Search, "", "", ""},
		{"https://yandex.kz/search/?text=abc&lr=162", "https://yandex.kz/search?text=abc", "web", Search, "", "", ""},
		{"https://example.org/search?q=abc&page=2", "https://example.org/search?page=2&q=abc", "web", Search, "", "", ""},
	}
	for _, tt := range tests {
		a, ok := Parse(tt.raw)
		if !ok {
			t.Errorf("Parse(%q) is no address", tt.raw)
			continue
		}
		when := ""
		if a.Unit != 0 {
			when = a.Time.Format(time.RFC3339Nano)
			if a.Unit == time.Microsecond {
				when = a.Time.Truncate(time.Millisecond).Format(time.RFC3339Nano)
			}
		}
		if a.Canonical != tt.canonical || a.Platform != tt.platform || a.Kind != tt.kind || a.Account != tt.account || a.ID != tt.id || when != tt.when {
			t.Errorf("Parse(%q)\n got %q %s %s account %q id %q time %s\nwant %q %s %s account %q id %q time %s", tt.raw,
				a.Canonical, a.Platform, a.Kind, a.Account, a.ID, when, tt.canonical, tt.platform, tt.kind, tt.account, tt.id, tt.when)
		}
		if again := Canonical(a.Canonical); again != a.Canonical {
			t.Errorf("Canonical(%q) = %q, not itself", a.Canonical, again)
		}
		if b, _ := Parse(a.Canonical); b.ID != a.ID || b.Kind != a.Kind || b.Platform != a.Platform || !b.Time.Equal(a.Time) {
			t.Errorf("Parse(%q) = %s %s %q, but it came from %s %s %q", a.Canonical, b.Platform, b.Kind, b.ID, a.Platform, a.Kind, a.ID)
		}
	}
}

func TestNoAddress(t *testing.T) {
	for _, raw := range []string{"", " ", "-", "n/a", "28.04", "28.04.2020", "file.txt", "somebody@example.org", "@somebody", "https://",
		"https:///", "http://a b/", "ftp://example.org/a", "javascript:alert(1)", "mailto:a@example.org", "https://exa mple.org", "https://..", "удалено",
		"https://example.org:99999999/", "https://a..b/", "https://example.org/" + strings.Repeat("a", maxLength)} {
		if a, ok := Parse(raw); ok {
			t.Errorf("Parse(%.60q) = %q, want no address", raw, a.Canonical)
		}
	}
}

func TestRepaired(t *testing.T) {
	for raw, want := range map[string]string{
		"ttps://example.org/a":           "https://example.org/a",
		"hxxps://example[.]org/a":        "https://example.org/a",
		"https:/example.org/a":           "https://example.org/a",
		"https//example.org/a":           "https://example.org/a",
		"https://https://example.org/a":  "https://example.org/a",
		"https:///example.org/a":         "https://example.org/a",
		"https://http://t.me/some_one/1": "https://t.me/some_one/1",
	} {
		a, ok := Parse(raw)
		if !ok || a.Canonical != want || !a.Repaired {
			t.Errorf("Parse(%q) = %q, repaired %v, want %q, repaired", raw, a.Canonical, a.Repaired, want)
		}
	}
	for raw, want := range map[string]string{
		" <https://example.org/a> ":         "https://example.org/a",
		"«https://example.org/a»":           "https://example.org/a",
		"\u200bhttps://exam\u00adple.org/a": "https://example.org/a",
		"//example.org/a":                   "https://example.org/a",
		"HTTPS://EXAMPLE.ORG/A":             "https://example.org/A",
	} {
		a, ok := Parse(raw)
		if !ok || a.Canonical != want || a.Repaired {
			t.Errorf("Parse(%q) = %q, repaired %v, want %q as it is", raw, a.Canonical, a.Repaired, want)
		}
	}
}

func TestShort(t *testing.T) {
	for _, raw := range []string{"https://t.co/AbC", "bit.ly/AbC", "https://www.facebook.com/share/p/AbC/?mibextid=x", "https://vm.tiktok.com/AbC/",
		"https://www.reddit.com/r/some/s/AbC", "https://fb.watch/AbC"} {
		if a, ok := Parse(raw); !ok || !a.Short || a.ID != "" || a.Unit != 0 {
			t.Errorf("Parse(%q) = %+v, want a short link without an id", raw, a)
		}
	}
}

func TestCopyOf(t *testing.T) {
	a, _ := Parse("https://web.archive.org/web/20200429101112/https://twitter.com/a_b/status/1255123456789012480?s=20")
	if a.CopyOf != "https://x.com/i/status/1255123456789012480" || a.Platform != "archive" || a.ID != "" {
		t.Errorf("archived copy read as %+v", a)
	}
	if a.Canonical != "https://web.archive.org/web/20200429101112/https://twitter.com/a_b/status/1255123456789012480?s=20" {
		t.Errorf("the address of an archived copy became %q", a.Canonical)
	}
}

func TestDomain(t *testing.T) {
	for raw, want := range map[string]string{
		"https://www.news.example.co.uk/a": "example.co.uk",
		"https://a.b.example.kz":           "example.kz",
		"https://some.github.io/x":         "some.github.io",
		"https://192.168.1.5/x":            "192.168.1.5",
		"https://[2001:db8::1]/x":          "[2001:db8::1]",
		"https://gov.uk/x":                 "gov.uk",
		"https://блог.пример.рф":           "xn--e1afmkfd.xn--p1ai",
	} {
		a, _ := Parse(raw)
		if got := a.Domain(); got != want {
			t.Errorf("Domain of %q = %q, want %q", raw, got, want)
		}
	}
}

func TestTracking(t *testing.T) {
	tracking, session := Tracking("https://www.google.com/search?safe=active&sxsrf=ALe:158&q=Some+Name&utm_source=x&gs_lcp=y")
	if len(tracking) != 1 || tracking[0] != "utm_source" || len(session) != 2 || session[0] != "sxsrf" || session[1] != "gs_lcp" {
		t.Errorf("Tracking = %q, %q, want utm_source; sxsrf and gs_lcp", tracking, session)
	}
	tracking, session = Tracking("https://example.org/a;jsessionid=1?fbclid=2&id=3#fbclid=4")
	if len(tracking) != 1 || tracking[0] != "fbclid" || len(session) != 1 || session[0] != "jsessionid" {
		t.Errorf("Tracking = %q, %q, want fbclid; jsessionid", tracking, session)
	}
	if tracking, session = Tracking("https://example.org/a?id=3"); tracking != nil || session != nil {
		t.Errorf("Tracking of a clean address = %q, %q", tracking, session)
	}
}

// seeds are addresses of every form, for the fuzz test and the benchmark.
var seeds = []string{
	"https://twitter.com/Somebody/status/1255123456789012480?s=20", "https://t.me/s/some_channel/123?single", "https://vk.com/feed?w=wall-1_2_r3%2Fall",
	"https://m.facebook.com/story.php?story_fbid=1&id=2&comment_id=3", "https://www.instagram.com/reel/B_gwHMlnlSd/c/17/", "https://youtu.be/dQw4w9WgXcQ?lc=Ug.x",
	"https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%3A%2F%2Fexample.org", "https://www.google.kz/amp/s/example.org/a/amp?x",
	"https://m.ok.ru/dk?st.cmd=altGroupMediaThemeComments&st.groupId=1&st.themeId=2", "https://пример.рф/%d1%84;jsessionid=1?b&a=%zz#!/x",
	"tg://resolve?domain=some_one&post=1", "at://did:plc:x/app.bsky.feed.post/3juj4lzw4pk2e", "https://web.archive.org/web/2020/https://x.com/a?b#c",
	"http://user:pass@EXAMPLE.org.:080/../a//b/%2e%2e/?&=&x=1&&y", "https://example.org\\a\\b", "hxxps://t[.]me/x_yz/1", "https://m.m.www.m.example.org", "_.t.me/1",
	"https://users.livejournal.com/_a_/12.html?thread=3", "https://[::1]:8/a?q=a b+c%20d", "https://yandex.ru/clck/jsredir?url=http://x", "https://x.com/@a/status/1",
	"https://zen.yandex.ru/media/id/a/b-5e9f0c0d0e0f0a0b0c0d0e0f", "https://social.example/@a@b.c/109348294571234567", "https://discord.com/channels/@me/1/2",
}

// FuzzParse: never panics; the canonical form is its own canonical form, and
// stays the same post.
func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		a, ok := Parse(raw)
		c := Canonical(raw)
		if again := Canonical(c); again != c {
			t.Fatalf("Canonical(%q) = %q, whose canonical form is %q", raw, c, again)
		}
		Tracking(raw)
		if !ok {
			return
		}
		if c != a.Canonical {
			t.Fatalf("Canonical(%q) = %q, Parse says %q", raw, c, a.Canonical)
		}
		b, ok := Parse(c)
		if !ok || b.Platform != a.Platform || b.ID != a.ID || b.Kind != a.Kind || b.Host != a.Host || !b.Time.Equal(a.Time) || b.Short != a.Short {
			t.Fatalf("Parse(%q) = %+v\nbut its canonical form is read as %+v", raw, a, b)
		}
		if (a.Kind == Post) != (a.ID != "" || a.Short) {
			t.Fatalf("Parse(%q): kind %s with id %q", raw, a.Kind, a.ID)
		}
		a.Domain()
	})
}

func BenchmarkCanonical(b *testing.B) {
	links := []string{
		"https://twitter.com/Somebody/status/1255123456789012480?s=20", "https://t.co/AbCdEfGhIj", "https://www.example.org/2020/04/28/some-words-of-a-title/?utm_source=twitter&utm_medium=social",
		"https://t.me/some_channel/123", "https://youtu.be/dQw4w9WgXcQ", "https://news.example.kz/article/12345", "https://vk.com/wall-123_456", "http://bit.ly/2abcDEF",
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Canonical(links[i&7])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "links/s")
}

func TestFind(t *testing.T) {
	for text, want := range map[string]string{
		"смотри https://t.me/some_channel/5, и вот: vk.com/wall-1_2.": "https://t.me/some_channel/5 vk.com/wall-1_2",
		"(https://en.wikipedia.org/wiki/A_(b))":                       "https://en.wikipedia.org/wiki/A_(b)",
		"https://a.example/1;https://b.example/2":                     "https://a.example/1 https://b.example/2",
		"https://a.example/1https://b.example/2":                      "https://a.example/1 https://b.example/2",
		"1. https://a.example/1":                                      "https://a.example/1",
		"Пост:https://a.example/1":                                    "https://a.example/1",
		"«www.example.org»":                                           "www.example.org",
		"mail a@example.org or 28.04.2020 10.15 and т.е. file.txt":    "",
		"https://web.archive.org/web/2020/https://a.example/1":        "https://web.archive.org/web/2020/https://a.example/1",
		"t.me/some_channel":                                           "t.me/some_channel",
		"hxxps://example[.]org/a":                                     "hxxps://example[.]org/a",
		"https://l.facebook.com/l.php?u=https://a.example/1 x":        "https://l.facebook.com/l.php?u=https://a.example/1",
		"twitter.com/a_b/status/1255123456789012480 twitter.com/a_b/": "twitter.com/a_b/status/1255123456789012480 twitter.com/a_b/",
		"":             "",
		"İhttp://x.kz": "http://x.kz",
	} {
		if got := strings.Join(Find(text), " "); got != want {
			t.Errorf("Find(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range seeds {
		f.Add("a " + s + ", (" + s + ") «" + s + "»")
	}
	f.Fuzz(func(t *testing.T, text string) {
		rest := text
		for _, raw := range Find(text) {
			i := strings.Index(rest, raw)
			if i < 0 {
				t.Fatalf("Find(%q) holds %q, which does not stand there in this order", text, raw)
			}
			if _, ok := Parse(raw); !ok {
				t.Fatalf("Find(%q) holds %q, which is no address", text, raw)
			}
			rest = rest[i+len(raw):]
		}
	})
}

// TestEveryHost reads odd paths on every host we know: nothing panics, and the
// canonical form is its own.
func TestEveryHost(t *testing.T) {
	words := []string{"", "0", "a", "@", "@a", "-", "+", "wall", "wall-", "wall1_", "s", "c", "1", "123456789012345678", "p", "status", "posts", "watch", "?v=", "?id=1&w=wall",
		"channel", "groups", "video", "feed", "i", "u", "iv?url=https://a.example", "%", "#!/", "index.html", "comments", "read", "user"}
	hosts := []string{"nitter.example.org", "google.kz", "x.cdn.ampproject.org", "some.livejournal.com", "some.t.me", "ru-ru.facebook.com", "social.example"}
	for h := range sites().exact {
		hosts = append(hosts, h)
	}
	for _, h := range hosts {
		for _, a := range words {
			for _, b := range words {
				raw := "https://" + h + "/" + a + "/" + b
				c := Canonical(raw)
				if again := Canonical(c); again != c {
					t.Fatalf("Canonical(%q) = %q, whose canonical form is %q", raw, c, again)
				}
				x, _ := Parse(raw)
				if y, _ := Parse(c); x.ID != y.ID || x.Kind != y.Kind || x.Platform != y.Platform {
					t.Fatalf("Parse(%q) = %+v, its canonical form %+v", raw, x, y)
				}
			}
		}
	}
}
