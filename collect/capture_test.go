package collect

import (
	"fmt"
	"strings"
	"testing"
)

// captured wraps an item as the browser extension does.
func zeeschuimed(platform, data string) string {
	return strings.ReplaceAll(fmt.Sprintf(`{"nav_index": "1:2:3", "item_id": "item-1", "timestamp_collected": 1588154400500, "source_platform": %q, "source_platform_url": "https://%s/x", "source_url": "https://%s/y", "user_agent": "UA", "data": %s}`, platform, platform, platform, data), "\n", " ")
}

func TestZeeschuimerX(t *testing.T) {
	user := `"core": {"user_results": {"result": {"rest_id": "7", "core": {"screen_name": "seven", "name": "Семь"}}}}`
	older := `"core": {"user_results": {"result": {"rest_id": "8", "legacy": {"screen_name": "eight"}}}}`
	runNested(t, []nestedCase{{
		name: "GraphQL and before it", format: "zeeschuimer",
		content: lines(
			zeeschuimed("twitter.com", `{"rest_id": "1200000000000000101", `+user+`, "legacy": {"full_text": "ответ #т", "created_at": "Tue Apr 28 10:00:00 +0000 2020", "conversation_id_str": "1200000000000000100", "user_id_str": "7", "lang": "ru", "entities": {"hashtags": [{"text": "т"}]}}, "quoted_status_result": {"result": {"__typename": "TweetTombstone"}}}`),
			zeeschuimed("x.com", `{"tweet": {"rest_id": "1200000000000000102", `+user+`, "legacy": {"full_text": "RT @eight: кр…", "created_at": "Tue Apr 28 10:00:01 +0000 2020", "conversation_id_str": "1200000000000000102", "retweeted_status_result": {"result": {"tweet": {"rest_id": "1200000000000000099", `+older+`, "legacy": {"full_text": "кратко", "entities": {"urls": [{"expanded_url": "https://example.org/r"}]}}}}}}}}`),
			zeeschuimed("twitter.com", `{"rest_id": "1200000000000000103", "legacy": {"full_text": "без автора", "created_at": "Tue Apr 28 10:00:02 +0000 2020", "user_id_str": "9", "extended_entities": {"media": [{"media_url_https": "https://pbs.example/9.jpg", "expanded_url": "https://x.com/nine/status/1200000000000000103/photo/1"}]}}}`),
			zeeschuimed("twitter.com", `{"type": "adaptive", "id": "1200000000000000104", "user": {"id_str": "7", "screen_name": "seven"}, "legacy": {"full_text": "старое", "created_at": "Tue Apr 28 10:00:03 +0000 2020", "id_str": "1200000000000000104"}}`),
			zeeschuimed("twitter.com", `{"rest_id": "1200000000000000105", `+user+`, "legacy": {"full_text": "длинное на…", "created_at": "Tue Apr 28 10:00:04 +0000 2020"}, "note_tweet": {"note_tweet_results": {"result": {"text": "длинное начало и конец", "entity_set": {"hashtags": [{"text": "д"}]}}}}}`),
			zeeschuimed("twitter.com", `{"__typename": "TweetTombstone", "tombstone": {}}`),
			zeeschuimed("9gag.com", `{"id": "x"}`),
			zeeschuimed("twitter.com", `null`),
			`{"rest_id": "1200000000000000106", `+user+`, "legacy": {"full_text": "из 4CAT", "created_at": "Tue Apr 28 10:00:05 +0000 2020"}, "__import_meta": {"source_platform": "twitter.com", "timestamp_collected": 1588154400500, "item_id": "1200000000000000106"}}`,
		),
		want: []string{
			`1 twitter 1200000000000000101 by=7/seven at=2020-04-28T10:00:00~second~zoned text="ответ #т" lang=ru url=https://x.com/seven/status/1200000000000000101 tags=т reply-to=1200000000000000100`,
			`2 twitter 1200000000000000102 by=7/seven at=2020-04-28T10:00:01~second~zoned text="RT @eight: кратко" url=https://x.com/seven/status/1200000000000000102 links=https://example.org/r mentions=eight repost-of=1200000000000000099!`,
			`3 twitter 1200000000000000103 by=9/nine at=2020-04-28T10:00:02~second~zoned text="без автора" url=https://x.com/nine/status/1200000000000000103 media=https://pbs.example/9.jpg`,
			`4 twitter 1200000000000000104 by=7/seven at=2020-04-28T10:00:03~second~zoned text="старое" url=https://x.com/seven/status/1200000000000000104`,
			`5 twitter 1200000000000000105 by=7/seven at=2020-04-28T10:00:04~second~zoned text="длинное начало и конец" url=https://x.com/seven/status/1200000000000000105 tags=д`,
			`9 twitter 1200000000000000106 by=7/seven at=2020-04-28T10:00:05~second~zoned text="из 4CAT" url=https://x.com/seven/status/1200000000000000106`,
		},
		skipped: map[string]int64{"post withheld by the platform": 1},
		rejects: []string{"7: captures of 9gag.com cannot be read yet", "8: it holds no item of twitter.com"},
	}})
}

func TestZeeschuimerMeta(t *testing.T) {
	facebook := `{"comet_sections": {"content": {"story": {"post_id": "55", "wwwURL": "https://www.facebook.com/vesti/posts/55", "actors": [{"name": "Вести", "id": "100", "url": "https://www.facebook.com/vesti"}],
	 "message": {"text": "позор #т", "ranges": [{"entity": {"__typename": "ExternalUrl", "url": "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Ff&h=1"}}]}, "attached_story": {"post_id": "44", "message": {"text": "исходное"}}}},
	 "context_layout": {"story": {"comet_sections": {"metadata": [{"__typename": "Other", "story": {}}, {"__typename": "CometFeedStoryMinimizedTimestampStrategy", "story": {"creation_time": 1588068000, "url": "https://www.facebook.com/groups/x/permalink/55"}}]}}}}}`
	runNested(t, []nestedCase{{
		name: "Facebook", format: "zeeschuimer", content: lines(zeeschuimed("facebook.com", facebook)),
		want: []string{`1 facebook 55 by=100/Вести at=2020-04-28T10:00:00~second~unix text="позор #т" url=https://www.facebook.com/vesti/posts/55 links=https://example.org/f tags=т repost-of=44!`},
	}, {
		name: "Instagram in three shapes and an advertisement", format: "zeeschuimer",
		content: lines(
			zeeschuimed("instagram.com", `{"__typename": "XDTPolarisMedia", "code": "Aa", "user": {"id": "1", "username": "aya"}, "caption": {"text": "сетка @bob"}, "display_uri": "https://cdn.example/1.jpg"}`),
			zeeschuimed("instagram.com", `{"shortcode": "Bb", "taken_at_timestamp": 1588068000, "edge_media_to_caption": {"edges": [{"node": {"text": "граф"}}]}, "owner": {"id": "2", "username": "bob"}, "edge_sidecar_to_children": {"edges": [{"node": {"display_url": "https://cdn.example/2.jpg"}}, {"node": {"video_url": "https://cdn.example/3.mp4"}}]}}`),
			zeeschuimed("instagram.com", `{"code": "Cc", "taken_at": 1588068001, "caption": {"text": "список #т"}, "user": {"pk": "3", "username": "cai"}, "carousel_media": [{"image_versions2": {"candidates": [{"url": "https://cdn.example/4.jpg"}]}}]}`),
			zeeschuimed("instagram.com", `{"code": "Dd", "product_type": "ad", "taken_at": 1588068001, "user": {"username": "shop"}}`),
		),
		want: []string{
			`1 instagram Aa by=1/aya at=2020-04-29T10:00:00.5~millisecond~collected text="сетка @bob" url=https://www.instagram.com/p/Aa mentions=bob media=https://cdn.example/1.jpg`,
			`2 instagram Bb by=2/bob at=2020-04-28T10:00:00~second~unix text="граф" url=https://www.instagram.com/p/Bb media=https://cdn.example/2.jpg media=https://cdn.example/3.mp4`,
			`3 instagram Cc by=3/cai at=2020-04-28T10:00:01~second~unix text="список #т" url=https://www.instagram.com/p/Cc tags=т media=https://cdn.example/4.jpg`,
		},
		skipped: map[string]int64{"advertisement": 1},
		notes:   []string{"only when they were collected"},
	}, {
		name: "Threads, LinkedIn, Truth Social", format: "zeeschuimer",
		content: lines(
			zeeschuimed("threads.net", `{"code": "Tt", "taken_at": 1588068000, "caption": {"text": "нить"}, "user": {"pk": "4", "username": "dan"}, "text_post_app_info": {"link_preview_attachment": {"url": "https://l.threads.com/?u=https%3A%2F%2Fexample.org%2Ft&e=1"}}}`),
			zeeschuimed("linkedin.com", `{"updateMetadata": {"urn": "urn:li:activity:6660852384000000001"}, "actor": {"name": {"text": "Ая Н."}, "navigationContext": {"actionTarget": "https://www.linkedin.com/in/aya?x=1"}}, "commentary": {"text": {"text": "работа #дело"}}}`),
			zeeschuimed("truthsocial.com", `{"id": "1", "created_at": "2020-04-28T10:00:00.000Z", "content": "<p>правда</p>", "url": "https://truthsocial.com/@e/1", "account": {"id": "9", "acct": "e"}, "visibility": "public"}`),
		),
		want: []string{
			`1 threads Tt by=4/dan at=2020-04-28T10:00:00~second~unix text="нить" url=https://www.threads.com/@dan/post/Tt links=https://example.org/t`,
			`2 linkedin 6660852384000000001 by=aya/Ая Н. at=` + linkedInTime(6660852384000000001) + `~millisecond~id text="работа #дело" url=https://www.linkedin.com/feed/update/urn:li:activity:6660852384000000001 tags=дело`,
			`3 truthsocial 1 by=9/e at=2020-04-28T10:00:00~second~zoned text="правда" url=https://truthsocial.com/@e/1`,
		},
	}})
}

func linkedInTime(id int64) string {
	return timeOf(id >> 22)
}

func TestZeeschuimerTikTok(t *testing.T) {
	runNested(t, []nestedCase{{
		name: "videos, comments, an advertisement", format: "zeeschuimer",
		content: lines(
			zeeschuimed("tiktok.com", `{"id": "6800000000000000001", "desc": "видео #т", "createTime": 1588068000, "author": {"id": "1", "uniqueId": "aya", "nickname": "Ая"}, "textExtra": [{"hashtagName": "т"}, {"userUniqueId": "bob"}], "duetInfo": {"duetFromId": "0"}, "video": {"downloadAddr": "https://v.example/?x-expires=1"}}`),
			zeeschuimed("tiktok.com", `{"id": "6800000000000000002", "desc": "дуэт", "createTime": "1588068001", "author": "bob", "nickname": "Боб", "duetInfo": {"duetFromId": "6800000000000000001"}, "challenges": [{"title": "вызов"}]}`),
			zeeschuimed("tiktok.com", `{"id": "6800000000000000003", "desc": "купи", "isAd": true}`),
			zeeschuimed("tiktok-comments", `{"cid": "7", "aweme_id": "6800000000000000001", "reply_id": "0", "text": "позор", "create_time": 1588068002, "user": {"uid": "5", "unique_id": "cai"}, "comment_language": "ru", "share_info": {"url": "https://t.example/7"}}`),
			zeeschuimed("tiktok-comments", `{"cid": "8", "aweme_id": "6800000000000000001", "reply_id": "7", "text": "да", "create_time": 1588068003, "user": {"uid": "6", "unique_id": "dan"}}`),
		),
		want: []string{
			`1 tiktok 6800000000000000001 by=1/aya at=2020-04-28T10:00:00~second~unix text="видео #т" url=https://www.tiktok.com/@aya/video/6800000000000000001 tags=т mentions=bob media=https://v.example/?x-expires=1`,
			`2 tiktok 6800000000000000002 by=bob at=2020-04-28T10:00:01~second~unix text="дуэт" url=https://www.tiktok.com/@bob/video/6800000000000000002 tags=вызов reply-to=6800000000000000001`,
			`4 tiktok 7 by=5/cai at=2020-04-28T10:00:02~second~unix text="позор" lang=ru url=https://t.example/7 reply-to=6800000000000000001`,
			`5 tiktok 8 by=6/dan at=2020-04-28T10:00:03~second~unix text="да" reply-to=7`,
		},
		skipped: map[string]int64{"advertisement": 1},
	}, {
		name: "Research API", format: "tiktok-research",
		content: `{"data": {"videos": [{"id": 6800000000000000123, "video_description": "видео #т", "create_time": 1588068000, "region_code": "XX", "username": "aya", "hashtag_names": ["т", "д"]}], "cursor": 1, "has_more": false, "search_id": "1"}, "error": {"code": "ok"}}`,
		want:    []string{`1 tiktok 6800000000000000123 by=aya at=2020-04-28T10:00:00~second~unix text="видео #т" url=https://www.tiktok.com/@aya/video/6800000000000000123 tags=т д`},
	}})
}
