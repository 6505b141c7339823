package collect

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/post"
)

const crowdtangle = "\xef\xbb\xbfPage Name,User Name,Facebook Id,Page Category,Page Admin Top Country,Page Description,Page Created,Likes at Posting,Followers at Posting,Post Created,Post Created Date,Post Created Time,Type,Total Interactions,Likes,Comments,Shares,Love,Wow,Haha,Sad,Angry,Care,Video Share Status,Is Video Owner?,Post Views,Total Views,Total Views For All Crossposts,Video Length,URL,Message,Link,Final Link,Image Text,Link Text,Description,Sponsor Id,Sponsor Name,Sponsor Category,\"Overperforming Score (weighted  —  Likes 1x Shares 1x )\"\n" +
	"Қала жаңалықтары,qalanews,1001,MEDIA,KZ,,2015-01-01 00:00:00,\"1,234\",\"5,678\",2020-04-28 10:00:00 EDT,2020-04-28,10:00:00,Link,\"1,234\",1,2,3,0,0,0,0,0,0,,,0,0,0,N/A,https://www.facebook.com/qalanews/posts/555/,Текст записи,https://short.example/x,https://long.example/story,Надпись,Заголовок,Описание,,,,1.5\n" +
	"Екінші бет,ekinshi,1002,MEDIA,KZ,,,0,0,2020-04-28 10:00:00 EST,2020-04-28,10:00:00,Link,0,0,0,0,0,0,0,0,0,0,,,0,0,0,,https://www.facebook.com/ekinshi/posts/556,Репост,https://www.facebook.com/qalanews/posts/555,,,,,,,,2\n" +
	"Үшінші бет,ushinshi,1003,MEDIA,KZ,,,0,0,2020-04-28 10:00:00 ALMT,2020-04-28,10:00:00,Status,0,0,0,0,0,0,0,0,0,0,,,0,0,0,,https://www.facebook.com/ushinshi/posts/557,Белгісіз аймақ,,,,,,,,,2\n"

func TestCrowdTangleFacebook(t *testing.T) {
	r := collected(t, "ct.csv", crowdtangle)
	if r.err != nil || len(r.posts) != 3 || r.found[0].Format != "crowdtangle-facebook" {
		t.Fatalf("%d posts of %s, error %v", len(r.posts), r.found[0].Format, r.err)
	}
	p := r.posts[0]
	got := []string{p.Platform, p.ID, p.Account.ID, p.Account.Name, p.Text, p.URL, strings.Join(p.Links, " "), p.Time.String(), p.Time.Basis.String(), p.RepostOf}
	want := []string{"facebook", "555", "1001", "Қала жаңалықтары", "Текст записи", "https://www.facebook.com/qalanews/posts/555/", "https://long.example/story", "2020-04-28 14:00:00", "zoned", ""}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("first post (-want +got)\n%s", d)
	}
	if p := r.posts[1]; p.Time.String() != "2020-04-28 15:00:00" || p.RepostOf != "555" || p.Links[0] != "https://www.facebook.com/qalanews/posts/555" {
		t.Errorf("second post %+v", p)
	}
	if p := r.posts[2]; p.Time.Known() || p.Time.Text != "2020-04-28 10:00:00 ALMT" || !r.said("zone is not known", "ALMT") {
		t.Errorf("an unknown zone gave %+v, notes %q", p.Time, r.found[0].Notes)
	}
}

func TestLayouts(t *testing.T) {
	for _, x := range []struct {
		format, in string
		want       post.Post
		when       string
	}{
		{"crowdtangle-instagram", "Account,User Name,Followers at Posting,Post Created,Type,Likes,Comments,Views,URL,Link,Photo,Title,Description\n" +
			"Қала,qala_insta,\"1,000\",2020-04-28 06:00:00 PDT,Photo,1,2,N/A,https://www.instagram.com/p/AbC1/,https://l.example/,https://cdn.example/p.jpg,,Сурет туралы\n",
			post.Post{Platform: "instagram", ID: "AbC1", Account: post.Account{Name: "qala_insta"}, Text: "Сурет туралы", URL: "https://www.instagram.com/p/AbC1/",
				Links: []string{"https://l.example/"}, Media: []post.Media{{URL: "https://cdn.example/p.jpg"}}}, "2020-04-28 13:00:00 zoned"},
		{"youtube-comments", "id,replyCount,likeCount,publishedAt,authorName,text,authorChannelId,isReply,isReplyTo\n" +
			`c1,0,0,2022-11-11 05:30:01,Біреу,"Он сказал \"нет\", и ""да""",UC9,0,` + "\n",
			post.Post{Platform: "youtube", ID: "c1", Account: post.Account{ID: "UC9", Name: "Біреу"}, Text: `Он сказал "нет", и "да"`}, "2022-11-11 05:30:01 zoned"},
		{"youtube-videos", "position,channelId,channelTitle,videoId,publishedAt,videoTitle,videoDescription\n" +
			"1,UC1,Арна,v1d,2022-11-11T05:30:01Z,Атауы,Сипаттама\n",
			post.Post{Platform: "youtube", ID: "v1d", Account: post.Account{ID: "UC1", Name: "Арна"}, Text: "Атауы\nСипаттама", URL: "https://www.youtube.com/watch?v=v1d"}, "2022-11-11 05:30:01 zoned"},
		{"meta-content-library", "id,text,creation_time,post_owner.id,post_owner.username,lang\n" +
			"900,Сөз,2023-05-01T10:00:00+00:00,77,qala.page,kk\n",
			post.Post{ID: "900", Text: "Сөз", Account: post.Account{ID: "77", Name: "qala.page"}, Lang: "kk"}, "2023-05-01 10:00:00 zoned"},
		{"media-cloud", "id,indexed_date,language,media_name,media_url,publish_date,title,url\n" +
			"5,2023-05-02 01:02:03.4,ru,Газета,gazeta.example,2023-05-01,Заголовок,https://gazeta.example/1\n",
			post.Post{Platform: "web", ID: "5", Text: "Заголовок", Lang: "ru", Account: post.Account{Name: "Газета"}, URL: "https://gazeta.example/1"}, "2023-05-01 local"},
		{"coordination-network-toolkit", "message_id,user_id,username,repost_id,reply_id,message,timestamp,urls\n" +
			"m1,u1,name1,m0,,RT текст,1443659040.0,http://a.example/1 http://b.example/2\n",
			post.Post{ID: "m1", Account: post.Account{ID: "u1", Name: "name1"}, Text: "RT текст", RepostOf: "m0", Repost: true, Links: []string{"http://a.example/1", "http://b.example/2"}}, "2015-10-01 00:24:00 unix"},
		{"coortweet", "object_id,account_id,content_id,timestamp_share\no1,a1,c1,1623881091\n",
			post.Post{ID: "c1", Account: post.Account{ID: "a1"}, Extra: map[string]string{"object_id": "o1"}}, "2021-06-16 22:04:51 unix"},
		{"4cat", "id,thread_id,author,body,timestamp,unix_timestamp\n10,10,qala,Дене,2020-04-28 16:00:00,1588068000\n",
			post.Post{ID: "10", Account: post.Account{Name: "qala"}, Text: "Дене"}, "2020-04-28 10:00:00 unix"},
		{"4cat", "id,thread_id,author,body,timestamp\n10,10,qala,Дене,2020-04-28 16:00:00\n",
			post.Post{ID: "10", Account: post.Account{Name: "qala"}, Text: "Дене"}, "2020-04-28 16:00:00 local"},
	} {
		r := collected(t, "f.csv", x.in)
		if r.err != nil || len(r.posts) != 1 || r.found[0].Format != x.format {
			t.Errorf("%s: %d posts of %q, error %v", x.format, len(r.posts), r.found[0].Format, r.err)
			continue
		}
		got := r.posts[0]
		if when := got.Time.String() + " " + got.Time.Basis.String(); when != x.when {
			t.Errorf("%s: time %q, want %q", x.format, when, x.when)
		}
		got.Time, got.Source = post.Time{}, post.Source{}
		if d := cmp.Diff(x.want, got); d != "" {
			t.Errorf("%s: (-want +got)\n%s", x.format, d)
		}
	}
}

// TestRealTables reads the tables people study coordination on. The numbers
// are those of data/README.md.
func TestRealTables(t *testing.T) {
	dir := filepath.Join(dataDir(), "coordination")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("ARASHA_DATA_REQUIRED") == "true" {
			t.Fatalf("the real data is required and not there: %v", err)
		}
		t.Skip("no real data: set ARASHA_DATA to its folder")
	}
	for _, x := range []struct {
		file         string
		rows, untime int64
		accounts     int64
		fields       []Field
	}{
		{"ira_ru_nov15.csv.gz", 58203, 0, 788, nil},
		{"telegram_ru_news.csv.gz", 22099, 0, 24, nil},
		{"en_day.input.csv.gz", 11517, 0, 98, nil},
		{"ru_orig.input.csv.gz", 20984, 0, 571, nil},
		{"tg.input.csv.gz", 22099, 0, 24, nil},
		{"russian_coord_tweets.input.csv.gz", 35125, 0, 9509, nil},
		{"german_elections.input.csv.gz", 218971, 0, 58317, nil},
	} {
		r := collectedFiles(t, []string{filepath.Join(dir, x.file)}, func(c *Collection) { c.EveryRecord = true })
		f := r.found[0]
		if r.err != nil || f.Posts != x.rows || len(f.Rejected) != 0 || f.Untimed != x.untime || f.Accounts != x.accounts {
			t.Errorf("%s: %d posts by %d accounts, %d without time, rejected %v, error %v", x.file, f.Posts, f.Accounts, f.Untimed, f.Rejected, r.err)
		}
		switch x.file {
		case "ira_ru_nov15.csv.gz":
			p := r.posts[0]
			if p.ID != "ira918998" || p.Lang != "ru" || len(p.Links) != 2 || !p.Repost {
				t.Errorf("%s: first post %+v", x.file, p)
			}
			reposts := 0
			for _, p := range r.posts {
				if p.Repost {
					reposts++
				}
			}
			if reposts != 54348 {
				t.Errorf("%s: %d reposts, want 54348", x.file, reposts)
			}
		case "russian_coord_tweets.input.csv.gz":
			objects := map[string]bool{}
			for _, p := range r.posts {
				objects[p.Extra["object_id"]] = true
			}
			if objects[""] || len(objects) < 1000 {
				t.Errorf("%s: %d objects", x.file, len(objects))
			}
		case "telegram_ru_news.csv.gz":
			if !slices.ContainsFunc(r.posts, func(p post.Post) bool { return strings.Contains(p.Text, "\n") }) {
				t.Errorf("%s: no text has two lines", x.file)
			}
		}
	}
}
