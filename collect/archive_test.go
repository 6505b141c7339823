package collect

import (
	"strings"
	"testing"
	"time"
)

func timeOf(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999") }

func TestRepairMojibake(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"\u00d0\u009f\u00d1\u0080\u00d0\u00b8", "При"},
		{"café", "café"},
		{"plain", "plain"},
		{"Привет", "Привет"},
		{"\u00f0\u009f\u0098\u0080", "😀"},
		{"Ã©", "é"},
		{"", ""},
	} {
		if got := repairMojibake(c.in); got != c.want {
			t.Errorf("repairMojibake(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// ids replaces the ids made for records without one by "ID".
func idsMade(t *testing.T, posts []string) []string {
	t.Helper()
	for i, s := range posts {
		f := strings.SplitN(s, " ", 4)
		if !strings.HasPrefix(f[2], "made:") || len(f[2]) != len("made:")+24 {
			t.Errorf("post %q has no made id", s)
		}
		f[2] = "ID"
		posts[i] = strings.Join(f, " ")
	}
	return posts
}

func TestFacebookArchive(t *testing.T) {
	profile := `{"profile_v2": {"name": {"full_name": "` + mojibake("Ая Нурова") + `"}, "emails": {"emails": ["secret@example.org"]}, "phone_numbers": [{"phone_number": "+7700"}], "username": "aya.nurova", "profile_uri": "https://www.facebook.com/aya.nurova"}}`
	posts := `[{"timestamp": 1588068000, "title": "` + mojibake("Ая Нурова") + ` shared a link.", "data": [{"post": "` + mojibake("Позор #т") + `"}, {"update_timestamp": 1588068009}], "attachments": [{"data": [{"external_context": {"url": "https://example.org/a", "name": "x"}}, {"media": {"uri": "photos/1.jpg", "creation_timestamp": 1588067000, "description": "d"}}]}]},
 {"timestamp": 1588068001, "attachments": [{"data": [{"media": {"uri": "photos/2.jpg", "description": "caf\u00c3\u00a9"}}]}]},
 {"timestamp": 1588068002, "title": "x updated his status."}]`
	comments := `{"comments_v2": [{"timestamp": 1588068003, "title": "t", "data": [{"comment": {"timestamp": 1588068003, "comment": "` + mojibake("Стыдно") + `", "author": "` + mojibake("Ая Нурова") + `"}}]}]}`
	r := collected(t, "facebook.zip", zipOf(t,
		"your_facebook_activity/messages/inbox/x/message_1.json", `{"participants": [], "messages": [{"content": "secret"}]}`,
		"your_facebook_activity/comments_and_reactions/comments.json", comments,
		"your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json", posts,
		"personal_information/profile_information/profile_information.json", profile))
	want := []string{
		`1 facebook ID by=aya.nurova/Ая Нурова at=2020-04-28T10:00:03~second~unix text="Стыдно"`,
		`2 facebook ID by=aya.nurova/Ая Нурова at=2020-04-28T10:00:00~second~unix text="Позор #т" links=https://example.org/a tags=т media=photos/1.jpg`,
		`3 facebook ID by=aya.nurova/Ая Нурова at=2020-04-28T10:00:01~second~unix text="café" media=photos/2.jpg`,
	}
	checkArchive(t, r, "facebook-archive", want)
	if r.found[0].Skipped["activity without text, link or picture"] != 1 {
		t.Errorf("skipped %v", r.found[0].Skipped)
	}
}

func checkArchive(t *testing.T, r result, format string, want []string) {
	t.Helper()
	if r.err != nil || r.found[0].Format != format {
		t.Fatalf("format %q, %v; want %q", r.found[0].Format, r.err, format)
	}
	var got []string
	for _, p := range r.posts {
		got = append(got, show(p))
	}
	got = idsMade(t, got)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !r.said("ids were made") {
		t.Errorf("that ids were made is not said: %q", r.found[0].Notes)
	}
}

func TestInstagramArchive(t *testing.T) {
	archive := zipOf(t,
		"instagram-aya/personal_information/personal_information/personal_information.json", `{"profile_user": [{"string_map_data": {"Email": {"value": "secret@example.org"}, "Username": {"value": "aya"}, "Phone Number": {"value": "+7700"}}}]}`,
		"instagram-aya/your_instagram_activity/media/posts_1.json", `[{"media": [{"uri": "media/1.jpg", "creation_timestamp": 1588068000, "title": "`+mojibake("Площадь #т")+`"}]},
  {"title": "`+mojibake("Две")+`", "creation_timestamp": 1588068001, "media": [{"uri": "media/2.jpg", "creation_timestamp": 1588068000, "title": ""}, {"uri": "media/3.jpg", "creation_timestamp": 1588068000, "title": ""}]}]`,
		"instagram-aya/your_instagram_activity/comments/post_comments_1.json", `[{"media_list_data": [{"uri": ""}], "string_map_data": {"`+mojibake("Комментарий")+`": {"value": "`+mojibake("да, это так")+`"}, "Media Owner": {"value": "somebody_with_a_long_name"}, "`+mojibake("Время")+`": {"timestamp": 1588068002}}}]`,
		"instagram-aya/your_instagram_activity/messages/inbox/x/message_1.json", `{"messages": [{"content": "secret"}]}`)
	r := collected(t, "instagram.zip", archive)
	checkArchive(t, r, "instagram-archive", []string{
		`1 instagram ID by=aya at=2020-04-28T10:00:02~second~unix text="да, это так"`,
		`2 instagram ID by=aya at=2020-04-28T10:00:00~second~unix text="Площадь #т" tags=т media=media/1.jpg`,
		`3 instagram ID by=aya at=2020-04-28T10:00:01~second~unix text="Две" media=media/2.jpg media=media/3.jpg`,
	})
	again := collected(t, "instagram.zip", archive)
	for i := range r.posts {
		if r.posts[i].ID != again.posts[i].ID {
			t.Errorf("post %d has the id %s, and %s when read again", i, r.posts[i].ID, again.posts[i].ID)
		}
	}
	if all := strings.Join(r.texts(), "|"); strings.Contains(all, "secret") {
		t.Errorf("private parts were read: %q", all)
	}
}

func TestArchiveInHTML(t *testing.T) {
	r := collected(t, "facebook.zip", zipOf(t, "your_facebook_activity/posts/your_posts_1.html", "<html></html>"))
	if len(r.posts) != 0 || !r.said("choose JSON") {
		t.Errorf("%d posts, said %q; want a word on JSON", len(r.posts), r.found[0].Notes)
	}
}
