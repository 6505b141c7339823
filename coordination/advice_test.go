package coordination_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

func advise(t *testing.T, r *coordination.Result, o coordination.WaveOptions) *coordination.Advice {
	t.Helper()
	w := waves(t, r, o)
	ev, err := r.Events(r.Options.Traces[0], time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	g, err := coordination.TestGroups(t.Context(), ev, coordination.TestOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return r.Advise([]*coordination.WaveTests{w}, g)
}

// Sixty posts by thirty-one accounts and no background: what stops it, and
// what to collect, in numbers. A second run over what was collected goes
// further.
func TestSixtyPosts(t *testing.T) {
	accts := accounts("a", 31)
	posts := burst(accts, slogan, day0.AddDate(0, 0, 14), 2*time.Minute)
	for i, a := range accts[:29] {
		posts = append(posts, by(a, "что-то своё, ни на что не похожее, номер "+a, day0.AddDate(0, 0, i%28)))
	}
	for i := range posts {
		posts[i].Platform = "twitter"
	}
	r := find(t, posts)
	a := advise(t, r, coordination.WaveOptions{})
	if a.Step != coordination.Step1 || !slices.Equal(a.Stops, []coordination.WaveStop{coordination.StopNoHistory}) {
		t.Errorf("step %s, stops %q", a.Step, a.Stops)
	}
	accountsWanted, missing := 0, 0
	var news *coordination.Need
	for i, n := range a.Needs {
		switch n.What {
		case coordination.NeedPosts:
			accountsWanted++
			missing += n.Missing()
			if n.From.IsZero() || n.To.Sub(n.From) != 28*24*time.Hour {
				t.Errorf("from %v to %v", n.From, n.To)
			}
		case coordination.NeedMessages:
			news = &a.Needs[i]
		}
	}
	if accountsWanted != 31 || missing != 31*20-29 {
		t.Errorf("the posts of %d accounts, %d of them missing", accountsWanted, missing)
	}
	if news == nil || news.Want != 200 || news.Have != 0 || news.Class != "15–49" || news.Platform != "twitter" {
		t.Fatalf("comparable messages: %+v", news)
	}
	if s := strings.Join(a.Says, "\n"); !strings.Contains(s, "of 31 accounts: 591 more posts") || !strings.Contains(s, "200 comparable messages of the same kind from twitter") {
		t.Errorf("says:\n%s", s)
	}

	rng := rand.New(rand.NewPCG(1, 2))
	earlier := everyday(rng, accts, 20)
	for i := range earlier {
		earlier[i].Platform = "twitter"
	}
	r = find(t, append(posts, earlier...))
	a = advise(t, r, coordination.WaveOptions{})
	if a.Step != coordination.Step1b || !slices.Equal(a.Stops, []coordination.WaveStop{coordination.StopNoRef}) {
		t.Errorf("after collecting their posts: step %s, stops %q", a.Step, a.Stops)
	}
	if len(a.Needs) != 1 || a.Needs[0].What != coordination.NeedMessages {
		t.Errorf("still to collect: %+v", a.Needs)
	}
}

func TestAdviceEdges(t *testing.T) {
	untimed := burst(accounts("a", 7), slogan, day0, 0)
	for i := range untimed {
		untimed[i].Time = post.Time{}
	}
	for _, c := range []struct {
		name  string
		posts []post.Post
		want  []coordination.NeedKind // different kinds, in order
	}{
		{"nothing", nil, nil},
		{"one post", burst([]string{"a"}, slogan, day0, 0), nil},
		{"two accounts", burst(accounts("a", 2), slogan, day0, 0), []coordination.NeedKind{coordination.NeedAccounts}},
		{"no times", untimed, []coordination.NeedKind{coordination.NeedPosts, coordination.NeedMessages, coordination.NeedTimes}},
	} {
		var got []coordination.NeedKind
		for _, n := range advise(t, find(t, c.posts), coordination.WaveOptions{}).Needs {
			if !slices.Contains(got, n.What) {
				got = append(got, n.What)
			}
			if n.Missing() < 1 || n.Why == "" {
				t.Errorf("%s: a need that is none: %+v", c.name, n)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: needs %q, want %q", c.name, got, c.want)
		}
	}
}
