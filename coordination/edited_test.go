package coordination_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
	"github.com/arasha-org/arasha/post"
)

func edited(t *testing.T, posts []post.Post, o coordination.EditedOptions) (*coordination.Result, *coordination.EditedCopies) {
	t.Helper()
	r, err := coordination.Find(posts, coordination.Options{Traces: []coordination.Trace{coordination.Link}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := r.EditedCopies(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r, e
}

// background is n posts of a large vocabulary, planted texts among them.
func background(n int, plant ...string) []post.Post {
	var texts []string
	for p := range synth.Large(n, 3) {
		texts = append(texts, strings.Clone(p.Text))
		if len(texts) == n/2 {
			texts = append(texts, plant...)
		}
	}
	posts := said(texts...)
	for i := range posts {
		posts[i].Time.Millis = posts[0].Time.Millis + int64(i)*60_000
	}
	return posts
}

func TestEditedCopies(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	base := strings.Fields("пусть правозащитники наконец покажут людям свои отчёты и скажут откуда взялись эти большие деньги")
	var plant []string
	for range 15 { // a fifth of the words changed
		var w []string
		for _, x := range base {
			switch {
			case rng.IntN(5) > 0:
				w = append(w, x)
			case rng.IntN(2) == 0:
				w = append(w, fmt.Sprint("слово", rng.IntN(1000)))
			}
		}
		plant = append(plant, strings.Join(w, " "))
	}
	r, e := edited(t, background(2000, plant...), coordination.EditedOptions{})
	if len(e.List) == 0 {
		t.Fatal("no group")
	}
	g := e.List[slices.IndexFunc(e.List, func(g coordination.EditedGroup) bool { return g.Leader.Post >= 1000 && g.Leader.Post < 1015 })]
	planted := 0
	for _, i := range g.Posts {
		if i >= 1000 && i < 1015 {
			planted++
		}
	}
	if planted < 14 || planted < len(g.Posts) {
		t.Errorf("%d planted copies of 15 in a group of %d posts; leader %q", planted, len(g.Posts), r.Post(g.Leader.Post).Text)
	}
	last := 1.0
	for _, c := range g.Copies {
		if c.Shared > last || c.Cosine < e.Options.MinCosine && c.Shared < .5 || c.Posts != 1 || c.Accounts != 1 {
			t.Errorf("copy %+v after one sharing %v", c, last)
		}
		last = c.Shared
	}
}

// A chain of small steps is not one group: each copy is held against the
// leader.
func TestEditedCopiesDoNotChain(t *testing.T) {
	words := strings.Fields("альфа бета гамма дельта эпсилон дзета эта тета йота каппа лямбда мю ню кси омикрон пи ро сигма тау ипсилон фи хи пси омега")
	var texts []string
	for i := 0; i+10 <= len(words); i += 2 {
		texts = append(texts, strings.Join(words[i:i+10], " "))
	}
	r, e := edited(t, said(texts...), coordination.EditedOptions{})
	if len(e.List) < 2 {
		t.Errorf("a chain came out as %d groups", len(e.List))
	}
	for _, g := range e.List {
		lead := strings.Fields(r.Post(g.Leader.Post).Text)
		for _, i := range g.Posts {
			common := 0
			for _, w := range strings.Fields(r.Post(i).Text) {
				if slices.Contains(lead, w) {
					common++
				}
			}
			if common < 4 {
				t.Errorf("%q stands beside its leader %q", r.Post(i).Text, r.Post(g.Leader.Post).Text)
			}
		}
	}
}

func TestEditedCopiesEdges(t *testing.T) {
	same := make([]string, 10_000)
	for i := range same {
		same[i] = claims[0]
	}
	one := said(claims[0], claims[0]+" да", claims[0]+" нет")
	for i := range one {
		one[i].Account.ID = "u"
	}
	for _, c := range []struct {
		name  string
		posts []post.Post
		o     coordination.EditedOptions
		want  int
	}{
		{"no post", nil, coordination.EditedOptions{}, 0},
		{"one", said(claims[0]), coordination.EditedOptions{}, 0},
		{"empty", said("", " ", "🔥"), coordination.EditedOptions{}, 0},
		{"ten thousand copies are not edited", said(same...), coordination.EditedOptions{}, 0},
		{"one account", one, coordination.EditedOptions{}, 0},
		{"one account, asked for", one, coordination.EditedOptions{MinAccounts: 1}, 1},
		{"too short", said("раз два три", "раз два четыре"), coordination.EditedOptions{}, 0},
	} {
		if _, e := edited(t, c.posts, c.o); len(e.List) != c.want {
			t.Errorf("%s: %d groups, want %d", c.name, len(e.List), c.want)
		}
	}
	// Four thousand different edits of one text.
	for i := range same {
		same[i] = fmt.Sprintf("%s правка%d", claims[0], i)
	}
	posts := said(same[:4000]...)
	for i := range posts {
		posts[i].Time.Millis = posts[0].Time.Millis + int64(i)
	}
	if _, e := edited(t, posts, coordination.EditedOptions{}); len(e.List) != 1 || len(e.List[0].Posts) != 4000 {
		t.Errorf("four thousand edits came out as %d groups", len(e.List))
	}
	_, a := edited(t, large(2000, 0), coordination.EditedOptions{Procs: 1})
	_, b := edited(t, large(2000, 0), coordination.EditedOptions{Procs: 2})
	a.Options.Procs, b.Options.Procs = 0, 0
	if d := cmp.Diff(a, b); d != "" {
		t.Errorf("one and two goroutines differ:\n%s", d)
	}
}
