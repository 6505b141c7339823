package coordination

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/arasha-org/arasha/coordination/internal/fold"
	"github.com/arasha-org/arasha/post"
)

// drawPosts makes a small corpus with copies, near-copies, shared links and
// tags, repeated posts, and times of every precision or none.
func drawPosts(t *rapid.T) []post.Post {
	n := rapid.IntRange(0, 40).Draw(t, "n")
	words := []string{"zakon", "sobraniya", "protest", "ploshchad", "vybory", "gorod", "novosti", "segodnya", "митинг", "дорога"}
	var texts []string
	var out []post.Post
	for i := range n {
		var text string
		if len(texts) > 0 && rapid.IntRange(0, 3).Draw(t, "copy") > 0 {
			text = rapid.SampledFrom(texts).Draw(t, "of")
			if rapid.Bool().Draw(t, "edit") {
				text += " " + rapid.SampledFrom(words).Draw(t, "more")
			}
		} else {
			for range rapid.IntRange(0, 7).Draw(t, "len") {
				text += " " + rapid.SampledFrom(words).Draw(t, "w")
			}
		}
		texts = append(texts, text)
		p := post.Post{ID: fmt.Sprint("p", i), Platform: rapid.SampledFrom([]string{"x", "vk"}).Draw(t, "platform"), Text: text,
			Account: post.Account{ID: fmt.Sprint("a", rapid.IntRange(0, 6).Draw(t, "account"))}}
		p.Time = post.Time{Millis: int64(rapid.IntRange(0, 40).Draw(t, "at")) * 60_000, Basis: post.Unix,
			Precision: rapid.SampledFrom([]post.Precision{post.Second, post.Second, post.Second, post.Minute, post.Day, post.None}).Draw(t, "precision")}
		if p.Time.Precision == post.None {
			p.Time = post.Time{}
		}
		for range rapid.IntRange(0, 2).Draw(t, "links") {
			p.Links = append(p.Links, fmt.Sprint("https://example.org/", rapid.IntRange(0, 5).Draw(t, "link")))
		}
		out = append(out, p)
	}
	return out
}

type key struct {
	trace Trace
	w     time.Duration
}

// oracle compares every two posts, said as plainly as the definition.
func oracle(posts []post.Post, o Options) map[key]map[[2]int]bool {
	o, _ = o.Resolved()
	set := func(p *post.Post) map[string]bool {
		f := map[string]bool{}
		s, _ := fold.Normal(p.Text, fold.All)
		runes := 0
		all := fields(s)
		for _, w := range all {
			f[w] = true
			runes += len([]rune(w))
		}
		if len(all) < o.MinWords && runes < o.MinRunes {
			return nil
		}
		return f
	}
	together := func(t Trace, a, b *post.Post) bool {
		switch t {
		case SameText:
			x, _ := fold.Normal(a.Text, fold.All)
			y, _ := fold.Normal(b.Text, fold.All)
			return set(a) != nil && set(b) != nil && x == y
		case SimilarText:
			x, y := set(a), set(b)
			if x == nil || y == nil {
				return false
			}
			common := 0
			for w := range x {
				if y[w] {
					common++
				}
			}
			return uint64(common)*o.Den >= o.Num*uint64(len(x)+len(y)-common)
		case LinkRaw:
			for _, l := range a.Links {
				if slices.Contains(b.Links, l) {
					return true
				}
			}
		}
		return false
	}
	out := map[key]map[[2]int]bool{}
	for _, t := range o.Traces {
		for _, w := range o.Windows {
			m := map[[2]int]bool{}
			for i := range posts {
				for j := range i {
					a, b := &posts[j], &posts[i]
					if a.Account == b.Account && a.Platform == b.Platform {
						continue
					}
					d := time.Duration(max(a.Time.Millis-b.Time.Millis, b.Time.Millis-a.Time.Millis)) * time.Millisecond
					if w != Unbounded && (!a.Time.Timed(w) || !b.Time.Timed(w) || d > w) {
						continue
					}
					if together(t, a, b) {
						m[[2]int{j, i}] = true
					}
				}
			}
			out[key{t, w}] = m
		}
	}
	return out
}

func fields(s string) []string {
	var out []string
	w := ""
	for _, r := range s + " " {
		if r == ' ' {
			if w != "" {
				out = append(out, w)
			}
			w = ""
			continue
		}
		w += string(r)
	}
	return out
}

var drawnWindows = []time.Duration{0, time.Minute, 5 * time.Minute, 24 * time.Hour, Unbounded}

// TestFindEqualsOracle: the pairs, their counts, the edges' weights and the
// waves are those of comparing every two posts.
func TestFindEqualsOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		posts := drawPosts(t)
		o := Options{Traces: []Trace{SameText, SimilarText, LinkRaw}, Windows: drawnWindows, Num: uint64(rapid.SampledFrom([]int{50, 66, 80, 100}).Draw(t, "p")), Den: 100,
			Procs: rapid.IntRange(1, 2).Draw(t, "procs"), Directed: rapid.Bool().Draw(t, "directed")}
		want := oracle(posts, o)
		r, err := Find(posts, o)
		if err != nil {
			t.Fatal(err)
		}
		for i := range r.Views {
			checkView(t, r, &r.Views[i], posts, want[key{r.Views[i].Trace, r.Views[i].Window}])
		}
		// Every pair comes once over the windows.
		for _, tr := range o.Traces {
			seen := map[[2]uint32]bool{}
			for i := range r.Views {
				if r.Views[i].Trace != tr {
					continue
				}
				for p := range r.Pairs(&r.Views[i], true) {
					if tr != LinkRaw && seen[[2]uint32{p.A, p.B}] {
						t.Fatalf("%s: pair %v comes twice", tr, p)
					}
					seen[[2]uint32{p.A, p.B}] = true
				}
			}
			if n := len(want[key{tr, Unbounded}]); len(seen) != n {
				t.Fatalf("%s: %d fresh pairs over all windows, want %d", tr, len(seen), n)
			}
		}
	})
}

func checkView(t *rapid.T, r *Result, v *View, posts []post.Post, want map[[2]int]bool) {
	got := map[[2]int]int{}
	for p := range r.Pairs(v, false) {
		got[[2]int{int(min(p.A, p.B)), int(max(p.A, p.B))}]++
	}
	for p := range want {
		if got[p] == 0 {
			t.Fatalf("%s %s: pair %v is missing", v.Trace, WindowName(v.Window), p)
		}
	}
	total := 0
	for p, n := range got {
		if !want[p] {
			t.Fatalf("%s %s: pair %v is invented", v.Trace, WindowName(v.Window), p)
		}
		total += n
	}
	if int(v.Pairs) != total {
		t.Fatalf("%s %s: View.Pairs = %d, want %d", v.Trace, WindowName(v.Window), v.Pairs, total)
	}
	if v.Trace != LinkRaw && total != len(want) {
		t.Fatalf("%s %s: %d pairs, want %d", v.Trace, WindowName(v.Window), total, len(want))
	}
	sum, members := 0, map[uint32]int{}
	for i := range v.Edges {
		sum += int(v.Edges[i].Pairs)
	}
	for i := range v.Waves {
		w := &v.Waves[i]
		if w.Pairs < 1 || w.Accounts < 2 || w.Peak < 2 || w.Peak > w.Accounts || w.Posts < w.Accounts {
			t.Fatalf("%s %s: a wave with %+v", v.Trace, WindowName(v.Window), *w)
		}
		for _, m := range r.Members(v, w) {
			members[m]++
		}
	}
	if r.Options.Directed {
		for p := range r.Pairs(v, false) {
			if p.Gap <= 0 {
				total++ // a tie counts both ways
			}
		}
	}
	if sum != total {
		t.Fatalf("%s %s: the edges hold %d pairs, want %d", v.Trace, WindowName(v.Window), sum, total)
	}
	paired := map[uint32]bool{}
	for p := range want {
		paired[uint32(p[0])], paired[uint32(p[1])] = true, true
	}
	for m, n := range members {
		if !paired[m] || v.Trace != LinkRaw && n > 1 {
			t.Fatalf("%s %s: post %d stands in %d waves, paired %v", v.Trace, WindowName(v.Window), m, n, paired[m])
		}
	}
	if len(members) != len(paired) {
		t.Fatalf("%s %s: %d posts in waves, %d have a partner", v.Trace, WindowName(v.Window), len(members), len(paired))
	}
	// Two posts of one pair lie in one wave; PairsOf finds the pairs of each edge.
	for i := range v.Edges {
		e := &v.Edges[i]
		n := 0
		for range r.PairsOf(v, e.A, e.B) {
			n++
		}
		if !r.Options.Directed && n != int(e.Pairs) {
			t.Fatalf("%s %s: PairsOf(%d,%d) yields %d, the edge has %d", v.Trace, WindowName(v.Window), e.A, e.B, n, e.Pairs)
		}
	}
}

// TestFindBound: with a small bound the listed edges keep their exact numbers
// and what is not listed is counted.
func TestFindBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		posts := drawPosts(t)
		o := Options{Traces: []Trace{SameText, SimilarText}, Windows: drawnWindows}
		full, _ := Find(posts, o)
		o.MaxPairs = int64(rapid.IntRange(1, 6).Draw(t, "max"))
		o.Directed = false
		cut, _ := Find(posts, o)
		for i := range full.Views {
			a, b := &full.Views[i], &cut.Views[i]
			if a.Pairs != b.Pairs || len(a.Waves) != len(b.Waves) {
				t.Fatalf("the bound changes the count: %d pairs, %d", a.Pairs, b.Pairs)
			}
			edges := map[[2]uint32]Edge{}
			for _, e := range a.Edges {
				edges[[2]uint32{e.A, e.B}] = e
			}
			for _, e := range b.Edges {
				if d := cmp.Diff(edges[[2]uint32{e.A, e.B}], e); d != "" {
					t.Fatalf("%s %s: a listed edge is not exact:\n%s", a.Trace, WindowName(a.Window), d)
				}
			}
			listed := int64(0)
			for range cut.Pairs(b, false) {
				listed++
			}
			if listed+b.Unlisted != b.Pairs {
				t.Fatalf("%d listed + %d not listed ≠ %d pairs", listed, b.Unlisted, b.Pairs)
			}
		}
	})
}

// The result depends on neither the number of processors nor, but for names,
// on the order of posts with equal times.
func TestFindIsStable(t *testing.T) {
	posts := chatter(5000, 3)
	o := Options{Traces: Traces, Procs: 1}
	one, _ := Find(posts, o)
	o.Procs = 4
	four, _ := Find(posts, o)
	for i := range one.Views {
		a, b := &one.Views[i], &four.Views[i]
		if d := cmp.Diff(a.Edges, b.Edges); d != "" {
			t.Fatalf("%s: edges depend on Procs:\n%s", a.Trace, d)
		}
		if d := cmp.Diff(a.Waves, b.Waves, cmp.AllowUnexported(Wave{})); d != "" {
			t.Fatalf("%s: waves depend on Procs:\n%s", a.Trace, d)
		}
	}
	shuffled := slices.Clone(posts)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	mixed, _ := Find(shuffled, o)
	for i := range one.Views {
		a, b := &one.Views[i], &mixed.Views[i]
		if a.Pairs != b.Pairs || len(a.Waves) != len(b.Waves) || len(a.Edges) != len(b.Edges) {
			t.Errorf("%s %s: order of input matters: %d/%d/%d, %d/%d/%d", a.Trace, WindowName(a.Window),
				a.Pairs, len(a.Waves), len(a.Edges), b.Pairs, len(b.Waves), len(b.Edges))
		}
	}
}

// chatter is n posts of 200 accounts, a fifth of them copies of a recent one.
func chatter(n int, seed uint64) []post.Post {
	rng := rand.New(rand.NewPCG(seed, 5))
	zipf := rand.NewZipf(rng, 1.05, 6, 30000)
	out := make([]post.Post, n)
	for i := range out {
		p := &out[i]
		*p = post.Post{ID: fmt.Sprint(i), Platform: "x", Account: post.Account{ID: fmt.Sprint("u", rng.IntN(200))},
			Time: post.Time{Millis: int64(i)*9000 + 1.6e12, Precision: post.Second, Basis: post.Unix}}
		if i > 50 && rng.IntN(5) == 0 {
			q := out[i-1-rng.IntN(50)]
			p.Text, p.Links, p.Hashtags = q.Text, q.Links, q.Hashtags
			if rng.IntN(2) == 0 {
				p.Text += fmt.Sprintf(" слово%d", rng.IntN(9))
			}
			continue
		}
		for range 5 + rng.IntN(12) {
			p.Text += fmt.Sprintf("слово%d ", zipf.Uint64())
		}
		if rng.IntN(3) == 0 {
			p.Links = []string{fmt.Sprintf("https://news%d.example/%d", rng.IntN(9), rng.IntN(300))}
		}
		for range rng.IntN(7) {
			p.Hashtags = append(p.Hashtags, fmt.Sprint("тег", rng.IntN(5)))
		}
	}
	return out
}

func TestTenThousandCopies(t *testing.T) {
	var posts []post.Post
	for i := range 10000 {
		posts = append(posts, post.Post{ID: fmt.Sprint(i), Platform: "x", Account: post.Account{ID: fmt.Sprint("u", i%5000)},
			Text: "одна и та же фраза слово в слово", Time: post.Time{Millis: int64(i) * 300, Precision: post.Second, Basis: post.Unix}})
	}
	r, err := Find(posts, Options{Traces: []Trace{SameText, SimilarText}, Windows: []time.Duration{time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Views {
		v := &r.Views[i]
		// All pairs less the 5,000 of one account with itself.
		if want := int64(10000*9999/2 - 5000); v.Pairs != want || v.Unlisted != want || len(v.Edges) != 0 || len(v.Waves) != 1 || v.Waves[0].Posts != 10000 {
			t.Errorf("%s: %d pairs, %d not listed, %d edges, %d waves; want %d pairs in one wave that is not listed", v.Trace, v.Pairs, v.Unlisted, len(v.Edges), len(v.Waves), want)
		}
		n := 0
		a, _ := r.AccountByName("u7")
		b, _ := r.AccountByName("u8")
		for range r.PairsOf(v, a, b) {
			n++
		}
		if n != 4 {
			t.Errorf("%s: PairsOf two accounts with two copies each yields %d, want 4", v.Trace, n)
		}
	}
}

// Odd input gives an answer, not a crash.
func TestFindOddInput(t *testing.T) {
	one := post.Post{ID: "1", Account: post.Account{ID: "a"}, Text: "четыре слова тут есть", Time: post.Time{Millis: 1, Precision: post.Second}}
	two := one
	two.ID, two.Account.ID = "2", "b"
	empty := post.Post{}
	for name, posts := range map[string][]post.Post{
		"none": nil, "one": {one}, "the same time": {one, two, one, two}, "empty posts": {empty, empty, empty},
	} {
		r, err := Find(posts, Options{Traces: append(slices.Clone(Traces), "column:x"), Windows: append(slices.Clone(DefaultWindows), Unbounded)})
		if err != nil || r.Posts != len(posts) {
			t.Errorf("%s: %v, %d posts", name, err, r.Posts)
		}
	}
	for _, o := range []Options{{Traces: []Trace{"txt"}}, {Traces: []Trace{"column:"}}, {Windows: []time.Duration{-5}}, {Num: 3, Den: 2},
		{Without: []string{"x"}}, {Percentile: 1}, {MinWeight: -1}, {MaxPairs: -1}} {
		if _, err := Find(nil, o); err == nil {
			t.Errorf("Find accepts %+v", o)
		}
	}
}

// TestAccountByName: an id comes before a name, and what means two accounts
// means none.
func TestAccountByName(t *testing.T) {
	r, err := Find([]post.Post{
		{Platform: "x", ID: "1", Account: post.Account{ID: "7", Name: "Anna"}}, {Platform: "vk", ID: "2", Account: post.Account{ID: "7", Name: "Bolat"}},
		{Platform: "x", ID: "3", Account: post.Account{ID: "anna", Name: "Dana"}}, {Platform: "vk", ID: "4", Account: post.Account{ID: "9", Name: "dana"}},
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		id   string
		want int
	}{
		{"x/7", "x/7", 1}, {"vk/7", "vk/7", 1}, {"7", "", 2}, {"anna", "x/anna", 1}, {"Anna", "x/7", 1}, {"@bolat", "vk/7", 1}, {"Dana", "", 2}, {"nobody", "", 0},
	} {
		a, could := r.AccountByName(c.name)
		if could != c.want || could == 1 && r.Account(a).Platform+"/"+r.Account(a).ID != c.id {
			t.Errorf("%q may mean %d accounts, %+v; want %d, %s", c.name, could, r.Account(a), c.want, c.id)
		}
	}
}
