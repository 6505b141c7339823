package synth

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/post"
)

func TestDemo(t *testing.T) {
	d := NewDemo(1)
	if d := cmp.Diff(d, NewDemo(1)); d != "" {
		t.Fatalf("one seed, two corpora:\n%s", d)
	}
	if cmp.Equal(d.Posts, NewDemo(2).Posts) {
		t.Error("two seeds, one corpus")
	}
	if n := len(d.Campaign); n < 12 || n > 20 {
		t.Errorf("%d campaigners", n)
	}
	langs := map[string]int{}
	takers := map[string]map[string]bool{}
	ids := map[string]bool{}
	for i, p := range d.Posts {
		langs[p.Lang]++
		if i > 0 && p.Time.Millis < d.Posts[i-1].Time.Millis {
			t.Fatal("posts are not in order of time")
		}
		if ids[p.Platform+p.ID] {
			t.Fatalf("id %s twice", p.ID)
		}
		ids[p.Platform+p.ID] = true
		for _, l := range p.Links {
			if takers[l] == nil {
				takers[l] = map[string]bool{}
			}
			takers[l][p.Account.ID] = true
		}
	}
	for _, l := range []string{"ru", "kk", "en"} {
		if langs[l] < 300 {
			t.Errorf("%d posts in %s", langs[l], l)
		}
	}
	background := 0
	for l, who := range takers {
		inside := 0
		for a := range who {
			if slices.Contains(d.Campaign, a) {
				inside++
			}
		}
		planted := slices.ContainsFunc(smear, func(s struct{ lang, text, link string }) bool { return s.link == l })
		switch {
		case planted && (inside < 8 || len(who)-inside < 5):
			t.Errorf("%s: %d campaigners, %d bystanders; want at least 8 and 5", l, inside, len(who)-inside)
		case !planted && inside > 0:
			t.Errorf("%s: an ordinary link with campaigners", l)
		case !planted && len(who) >= 5 && len(who) < 15:
			background++
		}
	}
	if background < 100 {
		t.Errorf("%d ordinary messages of 5 to 14 accounts, want 100 for a background", background)
	}
}

func TestLarge(t *testing.T) {
	sum := func() (h uint64, last post.Post) {
		for p := range Large(20000, 7) {
			for _, c := range fmt.Sprint(p.Account.ID, p.Text, p.Time.Millis, p.Links) {
				h = h*31 + uint64(c)
			}
			last = *p
		}
		return
	}
	a, last := sum()
	b, _ := sum()
	if a != b {
		t.Error("one seed, two corpora")
	}
	if last.ID != "1000019999" || last.Text == "" {
		t.Errorf("last post %+v", last)
	}
}
