package collect

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/post"
)

// chatOf writes a single-chat export with messages.
func chatOf(kind string, messages ...string) string {
	return fmt.Sprintf(`{
 "name": "Вести Тумании",
 "type": %q,
 "id": 1500000001,
 "messages": [
  %s
 ]
}`, kind, strings.Join(messages, ",\n  "))
}

func private(c *Collection) { c.Private = true }

func TestTelegramDesktop(t *testing.T) {
	r := collected(t, "result.json", chatOf("public_channel",
		`{"id": 1, "type": "service", "date": "2024-03-01T10:00:00", "date_unixtime": "1709269200", "actor": "Вести", "actor_id": "channel1500000001", "action": "create_channel", "text": ""}`,
		`{"id": 2, "type": "message", "date": "2024-03-01T10:05:00", "date_unixtime": "1709269500", "from": "Вести Тумании", "from_id": "channel1500000001",
		  "text": ["Читайте ", {"type": "link", "text": "https://example.org/a"}, " и ", {"type": "text_link", "text": "тут", "href": "https://example.org/b"}, " ", {"type": "hashtag", "text": "#позор"}, " ", {"type": "mention", "text": "@fond_qoldau"}, {"type": "phone", "text": " +7 700 000 00 00"}],
		  "text_entities": [{"type": "plain", "text": "Читайте "}]}`,
		`{"id": 3, "type": "message", "date": "2024-03-01T10:06:00", "date_unixtime": "1709269560", "from": null, "from_id": "user77", "text": "x\x1Fy \\x41", "reply_to_message_id": 2}`,
		`{"id": 4, "type": "unsupported"}`,
		`{"id": 5, "type": "message", "date": "2024-03-01T10:07:00", "date_unixtime": "1709269620", "from": "Вести Тумании", "from_id": "channel1500000001", "forwarded_from": null, "reply_to_message_id": 9, "reply_to_peer_id": "channel42",
		  "file": "(File not included. Change data exporting settings to download.)", "media_type": "video_file", "text": "переслано #раз https://example.org/c."}`,
	))
	want := []post.Post{
		{ID: "1500000001/2", Platform: "telegram", Account: post.Account{ID: "channel1500000001", Name: "Вести Тумании"},
			Time: post.Time{Millis: 1709269500000, Precision: post.Second, Basis: post.Unix},
			Text: "Читайте https://example.org/a и тут #позор @fond_qoldau +7 700 000 00 00", Links: []string{"https://example.org/a", "https://example.org/b"},
			Hashtags: []string{"позор"}, Mentions: []string{"fond_qoldau"}, Source: post.Source{Record: 2}},
		{ID: "1500000001/3", Platform: "telegram", Account: post.Account{ID: "user77"}, Text: "x\x1fy \\x41", ReplyTo: "1500000001/2",
			Time: post.Time{Millis: 1709269560000, Precision: post.Second, Basis: post.Unix}, Source: post.Source{Record: 3}},
		{ID: "1500000001/5", Platform: "telegram", Account: post.Account{ID: "channel1500000001", Name: "Вести Тумании"}, Text: "переслано #раз https://example.org/c.",
			Links: []string{"https://example.org/c"}, Hashtags: []string{"раз"}, Repost: true, ReplyTo: "42/9",
			Time: post.Time{Millis: 1709269620000, Precision: post.Second, Basis: post.Unix}, Source: post.Source{Record: 5}},
	}
	checkPosts(t, r, want)
	if got := r.found[0].Skipped; got["service message"] != 1 || got["message the exporter did not support"] != 1 {
		t.Errorf("skipped %v, want a service message and an unsupported one", got)
	}
	if !r.said("not in the export") {
		t.Errorf("nothing was said of the file that is not held: %q", r.found[0].Notes)
	}
}

// checkPosts compares all but the Ref, which is that of a temporary file.
func checkPosts(t *testing.T, r result, want []post.Post) {
	t.Helper()
	if r.err != nil {
		t.Fatalf("reading failed: %v", r.err)
	}
	got := slices.Clone(r.posts)
	for i := range got {
		if got[i].Source.Ref.IsZero() {
			t.Errorf("post %d has no Ref of its file", i)
		}
		got[i].Source.Ref = post.Source{}.Ref
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("posts (-want +got):\n%s\nrejected: %v", d, r.found[0].Rejected)
	}
}

func TestTelegramWholeAccount(t *testing.T) {
	export := `{"about": "Here is the data you requested.",
 "personal_information": {"user_id": 1, "first_name": "А", "phone_number": "+77000000000"},
 "contacts": {"about": "", "list": [{"first_name": "Тайный", "phone_number": "+77001112233"}]},
 "sessions": {"list": [{"last_ip": "192.0.2.1"}]},
 "chats": {"about": "", "list": [
  {"name": "Друг", "type": "personal_chat", "id": 5, "messages": [{"id": 1, "type": "message", "date_unixtime": "1709269500", "from": "Друг", "from_id": "user5", "text": "секрет"}]},
  {"type": "saved_messages", "id": 1, "messages": [{"id": 2, "type": "message", "date_unixtime": "1709269500", "text": "заметка"}]},
  {"name": "Вести", "type": "public_supergroup", "id": 7, "messages": [{"id": 3, "type": "message", "date_unixtime": "1709269500", "from": "Б", "from_id": "user8", "text": "раз"}]}]},
 "left_chats": {"about": "", "list": [
  {"name": "Бывший", "type": "public_channel", "id": 9, "messages": [{"id": 4, "type": "message", "date_unixtime": "1709269500", "text": "два"}]}]}
}`
	r := collected(t, "export.json", export)
	if got, want := strings.Join(r.texts(), "|"), "раз|два"; got != want || r.err != nil {
		t.Fatalf("texts %q, %v; want %q", got, r.err, want)
	}
	if r.posts[1].ID != "9/4" || r.posts[1].Account != (post.Account{ID: "channel9", Name: "Бывший"}) {
		t.Errorf("a post of a left channel is %+v", r.posts[1])
	}
	if r.found[0].Skipped["private chat"] != 2 {
		t.Errorf("skipped %v, want 2 of private chats", r.found[0].Skipped)
	}
	all := collected(t, "export.json", export, private)
	if got, want := strings.Join(all.texts(), "|"), "секрет|заметка|раз|два"; got != want {
		t.Errorf("with private chats: texts %q, want %q", got, want)
	}
}

func TestTelegramKeysInAnyOrder(t *testing.T) {
	m := `[{"id": 3, "type": "message", "date_unixtime": "1709269500", "from_id": "user8", "text": "раз"}]`
	r := collected(t, "a.json", `{"id": 7, "messages": `+m+`, "name": "Вести", "type": "public_channel"}`)
	if len(r.posts) != 1 || r.posts[0].ID != "7/3" {
		t.Errorf("sorted keys: %+v, %v", r.posts, r.found[0].Skipped)
	}
	r = collected(t, "a.json", `{"chats": {"list": [{"id": 7, "messages": `+m+`, "name": "Вести", "type": "public_channel"}, {"id": 8, "messages": `+m+`, "name": "Кто", "type": "private_group"}]}}`)
	if len(r.posts) != 1 || r.posts[0].ID != "7/3" || r.found[0].Skipped["private chat"] != 1 {
		t.Errorf("sorted keys of an account: %+v, %v", r.posts, r.found[0].Skipped)
	}
}

func TestTelegramAlbum(t *testing.T) {
	part := func(id int, sec int, from, text, photo string) string {
		return fmt.Sprintf(`{"id": %d, "type": "message", "date_unixtime": "170926950%d", "from": "F", "from_id": %q, "photo": %q, "text": %q}`, id, sec, from, photo, text)
	}
	r := collected(t, "result.json", chatOf("public_supergroup",
		part(1, 0, "user1", "подпись", "photos/1.jpg"), part(2, 0, "user1", "", "photos/2.jpg"), part(3, 0, "user1", "", "photos/3.jpg"),
		part(4, 0, "user2", "", "photos/4.jpg"),
		part(5, 1, "user2", "", "photos/5.jpg"), part(6, 1, "user2", "позже", "photos/6.jpg"), part(7, 1, "user2", "другой", "photos/7.jpg"),
		`{"id": 8, "type": "message", "date_unixtime": "1709269501", "from_id": "user2", "text": ""}`))
	var got []string
	for _, p := range r.posts {
		got = append(got, fmt.Sprintf("%d %s %q %d", p.Source.Record, p.ID, p.Text, len(p.Media)))
	}
	want := []string{`1 1500000001/1 "подпись" 3`, `4 1500000001/4 "" 1`, `5 1500000001/5 "позже" 2`, `7 1500000001/7 "другой" 1`, `8 1500000001/8 "" 0`}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("albums (-want +got):\n%s", d)
	}
	if r.found[0].Skipped["further picture of an album"] != 3 {
		t.Errorf("skipped %v", r.found[0].Skipped)
	}
}

func TestTelegramLocalTime(t *testing.T) {
	old := chatOf("public_channel", `{"id": 1, "type": "message", "date": "2019-03-01T10:05:00", "from": "В", "from_id": 4300000001, "text": "старое"}`)
	r := collected(t, "result.json", old, zone(t, "Asia/Almaty"))
	want := post.Time{Millis: 1551413100000, Precision: post.Second, Basis: post.Local, Zone: "Asia/Almaty", Text: "2019-03-01T10:05:00"}
	if len(r.posts) != 1 || r.posts[0].Time != want || r.posts[0].Account.ID != "4300000001" {
		t.Errorf("got %+v, want the time %+v", r.posts, want)
	}
	if !r.said("Asia/Almaty") {
		t.Errorf("the zone assumed is not said: %q", r.found[0].Notes)
	}
}

func TestTelegramBreaksOff(t *testing.T) {
	whole := chatOf("public_channel",
		`{"id": 1, "type": "message", "date_unixtime": "1709269500", "text": "раз"}`,
		`{"id": 2, "type": "message", "date_unixtime": "1709269501", "text": "два"}`,
		`{"id": 3, "type": "message", "date_unixtime": "1709269502", "text": "три"}`)
	r := collected(t, "result.json", whole[:strings.Index(whole, "три")])
	if got := strings.Join(r.texts(), "|"); got != "раз|два" {
		t.Errorf("before the break: %q", got)
	}
	if r.err == nil || !strings.Contains(r.err.Error(), "line 8") || !strings.Contains(r.err.Error(), "2 records before it") {
		t.Errorf("the error is %v, want the line of the break and what was read", r.err)
	}
	if len(r.rejects) != 1 || !strings.HasPrefix(string(r.rejects[0].Raw), `{"id": 3`) || r.rejects[0].Record != 3 {
		t.Errorf("rejected %+v, want the cut record", r.rejects)
	}
}

func TestTelegramBadMessageLosesOne(t *testing.T) {
	r := collected(t, "result.json", chatOf("public_channel",
		`{"id": 1, "type": "message", "date_unixtime": "1709269500", "text": "раз"}`,
		`{"id": 2, "type": "message", "date_unixtime": 17,, "text": "два"}`,
		`"не сообщение"`,
		`{"type": "message", "date_unixtime": "1709269500", "text": "без номера"}`,
		`{"id": 3, "type": "message", "date_unixtime": "вчера", "text": {"odd": 1}}`))
	if len(r.posts) != 2 || len(r.rejects) != 3 || r.err != nil {
		t.Fatalf("%d posts, %d rejects, %v; want 2 and 3", len(r.posts), len(r.rejects), r.err)
	}
	if r.rejects[0].Line != 7 || r.rejects[0].Record != 2 {
		t.Errorf("the first reject is at line %d, record %d; want 7 and 2", r.rejects[0].Line, r.rejects[0].Record)
	}
	if p := r.posts[1]; p.Time.Known() || p.Time.Text != "вчера" {
		t.Errorf("an unreadable time became %+v", p.Time)
	}
}
