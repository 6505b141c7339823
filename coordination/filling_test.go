package coordination_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// TestFillingTraces: the name that an analysis gives to what was shared finds
// it again in new posts, whatever it is.
func TestFillingTraces(t *testing.T) {
	bearer := func(account string, n int) post.Post {
		return post.Post{ID: fmt.Sprint(account, n), Platform: "twitter", Account: post.Account{ID: account}, Time: post.At(day0.Add(time.Duration(n)*time.Minute), post.Second, post.Unix),
			Text: fmt.Sprintf("Кто платит «Қанату», пусть ответят перед всем народом %d раз", n), Links: []string{fmt.Sprintf("https://WWW.News%d.example/a?utm_source=x", n)}, Hashtags: []string{fmt.Sprint("Один", n), "Два", "три", "Четыре", "пять"},
			RepostOf: fmt.Sprint("77", n), ReplyTo: fmt.Sprint("88", n), Mentions: []string{fmt.Sprint("@Somebody", n)}, Media: []post.Media{{Hash: fmt.Sprint("abc", n)}}, Extra: map[string]string{"place": fmt.Sprint("Square ", n)}}
	}
	for _, trace := range []coordination.Trace{coordination.SameText, coordination.SimilarText, coordination.Link, coordination.LinkRaw, coordination.Domain, coordination.Hashtag,
		coordination.HashtagSeq, coordination.Repost, coordination.Reply, coordination.Mention, coordination.MediaHash, "column:place"} {
		posts := []post.Post{bearer("anna", 1), bearer("bolat", 1)}
		if trace == coordination.SameText || trace == coordination.SimilarText {
			for i := range posts {
				posts[i].RepostOf = "" // the text of a repost is not compared
			}
		}
		r, err := coordination.Find(posts, coordination.Options{Traces: []coordination.Trace{trace}})
		if err != nil {
			t.Fatal(err)
		}
		v := &r.Views[0]
		at := slices.IndexFunc(v.Waves, func(w coordination.Wave) bool { return strings.ContainsAny(r.Object(v, &w), "1") })
		if at < 0 {
			t.Fatalf("%s: nothing shared", trace)
		}
		l := coordination.Wanted{What: coordination.NeedAccounts, Trace: trace, Message: r.Object(v, &v.Waves[at]), Want: 5, Have: 2, AtHand: []string{"anna", "bolat"}}
		times := l
		times.What, times.AtHand = coordination.NeedTimes, []string{"dana1"}
		f, err := coordination.NewFilling([]coordination.Wanted{l, times})
		if err != nil {
			t.Fatalf("%s: %v", trace, err)
		}
		for i, a := range []string{"anna", "dana", "erlan", "erlan", "farid"} {
			p := bearer(a, 1)
			if a == "farid" {
				p = bearer(a, 2) // another message
				p.Text = "ничего общего ни с чем не имеющие слова о погоде"
			}
			if i == 3 {
				p.ID, p.Time.Precision = "late", post.Day
			}
			if trace == coordination.SameText || trace == coordination.SimilarText {
				p.RepostOf = ""
			}
			f.Add(&p)
		}
		got, err := f.Count(t.Context())
		if err != nil || !slices.Equal(got, []int{2, 2}) {
			t.Errorf("%s: %q is found for %v accounts and posts, %v; want 2 and 2", trace, l.Message, got, err)
		}
	}
}

// TestFillingMessages: a background is counted as a reference of the analysis
// counts it, by platform and size.
func TestFillingMessages(t *testing.T) {
	var posts []post.Post
	for m := range 7 {
		for i := range 5 + 2*m { // 5, 7, 9, 11, 13, 15, 17 accounts
			p := by(fmt.Sprint("a", i), fmt.Sprintf("сообщение с номером %d повторяют слово в слово много раз %d%d", m, m, m), day0.Add(time.Duration(60*m+i)*time.Minute))
			if p.Platform = "vk"; m == 0 {
				p.Platform = "telegram"
			}
			posts = append(posts, p)
		}
	}
	line := func(platform, class string) coordination.Wanted {
		return coordination.Wanted{What: coordination.NeedMessages, Platform: platform, Trace: coordination.SameText, Class: class, Want: 200}
	}
	f, err := coordination.NewFilling([]coordination.Wanted{line("vk", coordination.SizeClasses[0]), line("vk", coordination.SizeClasses[1]), line("telegram", coordination.SizeClasses[0]), line("", coordination.SizeClasses[0])})
	if err != nil {
		t.Fatal(err)
	}
	for i := range posts {
		f.Add(&posts[i])
	}
	if got, err := f.Count(t.Context()); err != nil || !slices.Equal(got, []int{4, 2, 1, 5}) {
		t.Errorf("messages %v, %v; want 4 and 2 on vk, 1 on telegram, 5 of that size in all", got, err)
	}
}

func TestFillingRefuses(t *testing.T) {
	for _, c := range []struct {
		l    coordination.Wanted
		want string
	}{
		{coordination.Wanted{What: "money"}, "is nothing that is collected"},
		{coordination.Wanted{What: coordination.NeedPosts}, "without an account"},
		{coordination.Wanted{What: coordination.NeedTimes, Trace: coordination.Link}, "without a message"},
		{coordination.Wanted{What: coordination.NeedAccounts, Message: "x"}, "without a trace"},
		{coordination.Wanted{What: coordination.NeedAccounts, Message: "x", Trace: "smell"}, "smell"},
		{coordination.Wanted{What: coordination.NeedMessages, Trace: coordination.Link, Class: "many"}, "is no size of messages"},
	} {
		if _, err := coordination.NewFilling([]coordination.Wanted{c.l}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("NewFilling(%+v) = %v, want an error with %q", c.l, err, c.want)
		}
	}
	f, err := coordination.NewFilling(nil)
	if err != nil {
		t.Fatal(err)
	}
	f.Add(&post.Post{})
	if got, err := f.Count(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("of no lines %v, %v", got, err)
	}
}
