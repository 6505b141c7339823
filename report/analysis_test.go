package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"index/suffixarray"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html/atom"

	xhtml "golang.org/x/net/html"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
	"github.com/arasha-org/arasha/internal/page"
	"github.com/arasha-org/arasha/post"
)

// studyOf analyses posts as "arasha detect --report" does, without the parts
// that take files.
func studyOf(t *testing.T, posts []post.Post) *Study {
	t.Helper()
	r, err := coordination.Find(posts, coordination.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &Study{Result: r, Version: "test", Seed: 1, Lang: func(i uint32) string { return posts[i].Lang }}
}

var (
	fontData = regexp.MustCompile(`data:font/woff;base64,[A-Za-z0-9+/=]+`)
	hashes   = regexp.MustCompile(`sha256-[A-Za-z0-9+/=]+`)
)

// hostile are posts whose handles, names, ids and links are everywhere a
// report could take them from.
func hostile() []post.Post {
	var out []post.Post
	names := []string{"Anna_Sarytau", "анна.сары", "o'brien<b>77", "a&b&co", "Степной Вестник 24", "qanat_watch", "ПАТРИОТ-1970", "zh%41nar"}
	at := time.Date(2031, 4, 28, 9, 0, 0, 0, time.UTC)
	for m := range 4 {
		for i, n := range names {
			out = append(out, post.Post{ID: fmt.Sprintf("id-%s-%d", n, m), Platform: "twitter", Account: post.Account{ID: "uid:" + n, Name: n},
				Time: post.At(at.Add(time.Duration(m)*time.Hour+time.Duration(i)*7*time.Second), post.Second, post.Unix), URL: fmt.Sprintf("https://x.example/%s/status/%d", n, 10+m),
				Links: []string{fmt.Sprintf("https://t.example/%s?u=%d", names[m], m)}, Hashtags: []string{"a", "b", "c", "d", "e" + n},
				Text: fmt.Sprintf("Кто платит «Қанату», ответьте %d: спросите @%s и %s, звоните +7 701 234 56 78, пишите %s@post.example, https://t.example/%s?u=%d", m, names[m], names[m+1], names[m], names[m], m)})
		}
	}
	return out
}

// forms are the ways in which a string can stand in a file.
func forms(s string) []string {
	j, _ := json.Marshal(s)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s)
	out := []string{s, html.EscapeString(s), url.PathEscape(s), url.QueryEscape(s), strings.Trim(string(j), `"`), strings.Trim(strings.TrimSpace(b.String()), `"`)}
	var ref strings.Builder
	for _, r := range s {
		fmt.Fprintf(&ref, "&#%d;", r)
	}
	return append(out, ref.String())
}

// TestPublicHoldsNoHandle searches the public files for every handle, name,
// post id and link of the posts, in all forms; the desk files hold them.
func TestPublicHoldsNoHandle(t *testing.T) {
	for name, posts := range map[string][]post.Post{"hostile": hostile(), "demo": synth.NewDemo(1).Posts} {
		s := studyOf(t, posts)
		tested(t, s)
		desk := Analyse(s)
		public := desk.Public(s.Result)
		deskPage, err := desk.HTML()
		if err != nil {
			t.Fatal(err)
		}
		publicPage, err := public.HTML()
		if err != nil {
			t.Fatal(err)
		}
		publicJSON, err := public.JSON()
		if err != nil {
			t.Fatal(err)
		}
		files := map[string]string{"page": strings.ToLower(hashes.ReplaceAllString(fontData.ReplaceAllString(string(publicPage), ""), "")), "JSON": strings.ToLower(string(publicJSON))}
		index := map[string]*suffixarray.Index{}
		for file, text := range files {
			index[file] = suffixarray.New([]byte(text))
		}
		seen := map[string]bool{}
		found := 0
		for i := range posts {
			p := &posts[i]
			for _, secret := range append([]string{p.ID, p.URL, p.Account.ID, p.Account.Name, strings.TrimPrefix(p.Account.ID, "uid:")}, p.Links...) {
				if len(secret) < 3 || seen[secret] {
					continue
				}
				seen[secret] = true
				if found < 8 && strings.Contains(string(deskPage), html.EscapeString(secret)) {
					found++
				}
				for _, form := range slices.Compact(slices.Sorted(slices.Values(forms(secret)))) {
					for file, text := range files {
						if all := index[file].Lookup([]byte(strings.ToLower(form)), 1); len(all) > 0 {
							at := all[0]
							t.Errorf("%s: the public %s holds %q as %q: …%s…", name, file, secret, form, text[max(0, at-60):min(len(text), at+60)])
						}
					}
				}
			}
		}
		if found < 8 {
			t.Errorf("%s: the desk page holds only %d of the names: the search is broken", name, found)
		}
		if len(public.Waves) == 0 {
			t.Errorf("%s: no wave", name)
		}
	}
}

// TestPublicQuotes: a text stands in public only when three accounts published
// it word for word.
func TestPublicQuotes(t *testing.T) {
	at := time.Date(2031, 4, 28, 9, 0, 0, 0, time.UTC)
	var posts []post.Post
	add := func(account, text string) {
		posts = append(posts, post.Post{ID: fmt.Sprint(len(posts)), Platform: "x", Account: post.Account{ID: account}, Text: text,
			Time: post.At(at.Add(time.Duration(len(posts))*time.Second), post.Second, post.Unix)})
	}
	for i := range 3 {
		add(fmt.Sprintf("alpha%d", i), "Кто платит Қанату за границей, пусть ответят перед народом")
	}
	for i := range 2 {
		add(fmt.Sprintf("beta%d", i), "Кто платит Қанату за границей, пусть они ответят перед народом")
	}
	s := studyOf(t, posts)
	a := Analyse(s).Public(s.Result)
	if len(a.Waves) != 1 || len(a.Waves[0].Quotes) != 2 {
		t.Fatalf("waves: %+v", a.Waves)
	}
	q := a.Waves[0].Quotes
	if q[0].Text == "" || q[0].Copies != 3 {
		t.Errorf("the text of three accounts is not quoted: %+v", q[0])
	}
	if q[1].Text != "" || q[1].Described == "" || len(q[1].Marks) > 0 {
		t.Errorf("the text of two accounts is not described: %+v", q[1])
	}
	b, _ := a.HTML()
	if bytes.Contains(b, []byte("пусть они ответят")) {
		t.Error("the page quotes a text of two accounts")
	}
}

// TestPage: the page stands alone: its style is the one its policy allows, no
// script, no style attribute, no address of another host that a browser would
// ask.
func TestPage(t *testing.T) {
	s := studyOf(t, synth.NewDemo(1).Posts)
	a := Analyse(s)
	for _, a := range []*Analysis{a, a.Public(s.Result)} {
		b, err := a.HTML()
		if err != nil {
			t.Fatal(err)
		}
		again, _ := a.HTML()
		if !bytes.Equal(b, again) {
			t.Error("the same analysis gave other bytes")
		}
		if len(b) > 3<<20 {
			t.Errorf("the page weighs %d bytes", len(b))
		}
		doc, err := xhtml.Parse(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		policy, style, h1, imgs := "", "", 0, 0
		for n := range doc.Descendants() {
			if n.Type != xhtml.ElementNode {
				continue
			}
			for _, at := range n.Attr {
				if at.Key == "style" || strings.HasPrefix(at.Key, "on") || at.Key == "src" || at.Key == "href" && !strings.HasPrefix(at.Val, "#") {
					t.Errorf("<%s %s=%q>", n.Data, at.Key, at.Val)
				}
				if at.Key == "http-equiv" {
					policy = n.Attr[len(n.Attr)-1].Val
				}
				if at.Key == "aria-label" && at.Val == "" {
					t.Errorf("<%s> has an empty label", n.Data)
				}
			}
			switch n.DataAtom {
			case atom.Script, atom.Link, atom.Iframe, atom.Object, atom.Form:
				t.Errorf("<%s> stands in the page", n.Data)
			case atom.Style:
				style = n.FirstChild.Data
			case atom.H1:
				h1++
			case atom.Svg:
				imgs++
			}
		}
		if policy != page.Policy(style) {
			t.Errorf("the policy %q does not allow the style", policy)
		}
		if h1 != 1 || imgs < 10 {
			t.Errorf("%d main headings, %d pictures", h1, imgs)
		}
		for _, bad := range []string{"NaN", "Inf", "%!", "<no value>", "ZgotmplZ"} {
			if strings.Contains(fontData.ReplaceAllString(string(b), ""), bad) {
				t.Errorf("the page holds %q", bad)
			}
		}
		js, err := a.JSON()
		if err != nil {
			t.Fatal(err)
		}
		var back Analysis
		if err := json.Unmarshal(js, &back); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDegenerate: whatever is odd about the posts, the report is a page with
// sentences, and no number that is none.
func TestDegenerate(t *testing.T) {
	at := time.Date(2031, 4, 28, 9, 0, 0, 0, time.UTC)
	make := func(n int, f func(i int, p *post.Post)) []post.Post {
		var out []post.Post
		for i := range n {
			p := post.Post{ID: fmt.Sprint("p", i), Platform: "x", Account: post.Account{ID: fmt.Sprint("acc", i)}, Text: "Кто платит Қанату за границей, пусть ответят перед народом",
				Time: post.At(at.Add(time.Duration(i)*time.Minute), post.Second, post.Unix)}
			f(i, &p)
			out = append(out, p)
		}
		return out
	}
	nothing := func(int, *post.Post) {}
	cases := map[string][]post.Post{
		"no post":     nil,
		"one post":    make(1, nothing),
		"one account": make(60, func(i int, p *post.Post) { p.Account.ID = "one" }),
		"one time":    make(60, func(i int, p *post.Post) { p.Time = post.At(at, post.Second, post.Unix) }),
		"no time":     make(60, func(i int, p *post.Post) { p.Time = post.Time{} }),
		"empty texts": make(60, func(i int, p *post.Post) { p.Text = "" }),
		"days only":   make(60, func(i int, p *post.Post) { p.Time.Precision = post.Day }),
		"no account":  make(60, func(i int, p *post.Post) { p.Account = post.Account{} }),
		"sixty posts": make(60, func(i int, p *post.Post) { p.Account.ID = fmt.Sprint("acc", i%31) }),
		"ten thousand": make(10_000, func(i int, p *post.Post) {
			p.Time = post.At(at.Add(time.Duration(i)*time.Second), post.Second, post.Unix)
		}),
		"odd bytes":        make(9, func(i int, p *post.Post) { p.Text = "\xff\x00<b>&\u202e" + p.Text; p.Platform = "\xff" }),
		"a thousand years": make(9, func(i int, p *post.Post) { p.Time = post.At(at.AddDate(i*110, 0, 0), post.Day, post.Unix) }),
	}
	for name, posts := range cases {
		t.Run(name, func(t *testing.T) {
			s := studyOf(t, posts)
			tested(t, s)
			a := Analyse(s)
			for _, a := range []*Analysis{a, a.Public(s.Result)} {
				b, err := a.HTML()
				if err != nil {
					t.Fatal(err)
				}
				if a.Title == "" || len(a.Says) == 0 {
					t.Error("the report says nothing")
				}
				for _, bad := range []string{"NaN", "Inf", "%!", "<no value>", "ZgotmplZ"} {
					if strings.Contains(fontData.ReplaceAllString(string(b), ""), bad) {
						t.Errorf("the page holds %q", bad)
					}
				}
				if _, err := a.JSON(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestAnalysisAccusesNobody: no sentence of the program's own accuses an
// account, in any corpus; quoted texts are theirs and are left out.
func TestAnalysisAccusesNobody(t *testing.T) {
	for name, posts := range map[string][]post.Post{"demo": synth.NewDemo(1).Posts, "hostile": hostile()} {
		s := studyOf(t, posts)
		tested(t, s)
		a := Analyse(s)
		for i := range a.Waves {
			w := &a.Waves[i]
			w.Object, w.Message = "", ""
			w.Quotes = nil
		}
		for i := range a.Narratives {
			n := &a.Narratives[i]
			n.Name, n.Terms, n.Examples = "", nil, nil
		}
		for i := range a.Edited {
			e := &a.Edited[i]
			e.Leader, e.Copies = Quote{}, nil
		}
		b, err := a.HTML()
		if err != nil {
			t.Fatal(err)
		}
		text := html.UnescapeString(regexp.MustCompile(`(?s)<style>.*?</style>|<[^>]*>`).ReplaceAllString(string(b), " "))
		if found := Accused("en", text); found != nil {
			t.Errorf("%s: the page says %q", name, found)
		}
		if len(text) < 3000 {
			t.Errorf("%s: only %d characters were looked at", name, len(text))
		}
	}
}

// tested adds to a study what "arasha detect --report" runs.
func tested(t *testing.T, s *Study) {
	t.Helper()
	ctx := t.Context()
	s.Publishers = s.Result.Publishers(nil, s.Result.SuggestFamilies())
	for _, trace := range []coordination.Trace{coordination.SimilarText, coordination.Link} {
		e, err := s.Result.Events(trace, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		o := coordination.TestOptions{Seed: 1}
		g, err := coordination.TestGroups(ctx, e, o)
		if err != nil {
			t.Fatal(err)
		}
		k := Tested{Test: g, Events: e}
		if g.Status == coordination.Tested {
			cells, windows := coordination.TestOptions{Seed: 1, Expect: 20, Reference: 19}, []time.Duration{time.Minute, 5 * time.Minute}
			k.GridOf = cells
			if trace == coordination.SimilarText {
				k.Grid, err = s.Result.GridSimilar(ctx, time.Minute, cells, windows, nil)
			} else {
				k.Grid, err = coordination.Grid(ctx, e, cells, windows, nil)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		s.Tests = append(s.Tests, k)
		w, err := s.Result.TestWaves(ctx, trace, coordination.WaveOptions{Seed: 1, Publishers: s.Publishers})
		if err != nil {
			t.Fatal(err)
		}
		s.Waves = append(s.Waves, w)
	}
	var err error
	if s.Edited, err = s.Result.EditedCopies(ctx, coordination.EditedOptions{}); err != nil {
		t.Fatal(err)
	}
	if s.Narratives, err = s.Result.Narratives(ctx, coordination.NarrativeOptions{}); err != nil {
		t.Fatal(err)
	}
	s.Advice = s.Result.Advise(s.Waves, s.Tests[0].Test)
}

// TestStepsOfAGroup: how high a strong group climbs without calibration, with
// one that holds, with one that finds too much, and when its p is not small
// enough for all that was tested.
func TestStepsOfAGroup(t *testing.T) {
	runs := func(n, found int, t float64) *coordination.Calibration {
		c := &coordination.Calibration{}
		for i := range n {
			r := coordination.CalibrationRun{Number: i, P: 1, MaxT: 1}
			if i < found {
				r.P, r.MaxT = .02, t
			}
			c.Runs = append(c.Runs, r)
		}
		return c
	}
	whole := studyOf(t, synth.NewDemo(1).Posts)
	tested(t, whole)
	for _, c := range []struct {
		name        string
		p           float64
		calibration *coordination.Calibration
		tests       int
		step        string
		says        string
	}{
		{"no calibration", .005, nil, 1, "2", "Not calibrated on these posts"},
		{"too few runs", .005, runs(99, 0, 0), 1, "2", "Not calibrated on these posts"},
		{"calibrated", .005, runs(100, 5, 9), 1, "3", "unlikely by chance"},
		{"redrawn data sets as striking", .005, runs(100, 6, 40), 1, "1b", "what habit and popularity make"},
		{"finds too much, none as striking", .005, runs(100, 30, 9), 1, "3", "unlikely by chance"},
		{"finds too much, its like too", .005, runs(100, 30, 40), 1, "1b", "finds too much"},
		{"two kinds tested", .03, runs(100, 0, 0), 2, "1b", "what habit and popularity make"},
	} {
		s, one := *whole, whole.Tests[0]
		test := *one.Test
		group := coordination.TestedGroup{Number: 1, Verdict: coordination.Strong, Alpha: 1, Accounts: []uint32{0, 1, 2, 3}, K: 30, Lambda: 4, T: 30, P: c.p,
			Ratio: 7.5, Possible: 40, Effect: .72, Objects: 6, WithBack: 6}
		test.Status, test.Groups = coordination.Tested, []coordination.TestedGroup{group}
		one.Test, one.Calibration, one.Grid = &test, c.calibration, nil
		s.Tests = slices.Repeat([]Tested{one}, c.tests)
		g := Analyse(&s).Groups[0]
		if g.Step != c.step || !strings.Contains(strings.Join(g.Says, " "), c.says) {
			t.Errorf("%s: step %s, want %s with %q: %q", c.name, g.Step, c.step, c.says, g.Says)
		}
		if above := g.Step == "2" || g.Step == "3"; above != (g.Test.Verdict != "") {
			t.Errorf("%s: step %s with verdict %q", c.name, g.Step, g.Test.Verdict)
		}
	}
}
