package coordination_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
	"github.com/arasha-org/arasha/post"
	"github.com/google/go-cmp/cmp"
)

func TestReadFamilies(t *testing.T) {
	const good = "\uFEFF# who is whose\nfamily,account\nSteppe,telegram/a\n\nSteppe,@b\n\"Two, Ltd\",c\n"
	f, err := coordination.ReadFamilies(strings.NewReader(good), "families.csv")
	if err != nil {
		t.Fatal(err)
	}
	want := []coordination.FamilyRow{{3, "Steppe", "telegram/a"}, {5, "Steppe", "@b"}, {6, "Two, Ltd", "c"}}
	if d := cmp.Diff(want, f.Rows()); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
	for _, c := range []struct{ in, want string }{
		{"", "families.csv: line 1: the file is empty"},
		{"family\n", `line 1: no column "account"`},
		{"account,family,account\n", `line 1: the column "account" stands twice`},
		{"family,account\nA,x\nB,x\n", `line 3: "x" is of the family "A" in line 2`},
		{"family,account\nA,x\nA,x\n", `line 3: "x" stands in line 2 already`},
		{"family,account\nA,\n", "line 2: no account"},
		{"family,account\nA,x,y\n", "line 2: 3 fields under 2 columns"},
		{"family,account\n\"A,x\n", "line 2: extraneous or missing"},
		{"family,account\nA,\xff\n", "line 2: not UTF-8"},
		{"family,account\nA,x\x00\n", "line 2: not UTF-8"},
	} {
		if _, err := coordination.ReadFamilies(strings.NewReader(c.in), "families.csv"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ReadFamilies(%q) = %v, want an error with %q", c.in, err, c.want)
		}
	}
}

func FuzzReadFamilies(f *testing.F) {
	f.Add("family,account\nA,x\n")
	f.Add("account,family\n\"x\",\"A\"\"\"\n# no\n")
	f.Fuzz(func(t *testing.T, s string) {
		list, err := coordination.ReadFamilies(strings.NewReader(s), "f")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f: ") {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		for _, r := range list.Rows() {
			if r.Family == "" || r.Account == "" || r.Line < 2 {
				t.Errorf("a row without its parts: %+v", r)
			}
		}
	})
}

// demo is the demonstration analysed once for all tests of this package.
func demo(t testing.TB) (*synth.Demo, *coordination.Result) {
	t.Helper()
	d := synth.NewDemo(1)
	r, err := coordination.Find(d.Posts, coordination.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d, r
}

func ids(r *coordination.Result, accounts []uint32) []string {
	var out []string
	for _, a := range accounts {
		out = append(out, r.Account(a).ID)
	}
	slices.Sort(out)
	return out
}

// The sister outlets of the demonstration are suggested, clearly; the campaign
// and the people who pass on the same news are not.
func TestDemoFamilies(t *testing.T) {
	for seed := range uint64(2) {
		d := synth.NewDemo(seed)
		r, err := coordination.Find(d.Posts, coordination.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := r.SuggestFamilies()
		if len(got) != 1 || !got[0].Clear() || !slices.Equal(ids(r, got[0].Accounts), d.Sisters) {
			for _, s := range got {
				t.Logf("%v: %s", ids(r, s.Accounts), s.Why())
			}
			t.Fatalf("seed %d: %d suggestions, want the sisters alone", seed, len(got))
		}
		if got, want := got[0].Why(), "these accounts published "; !strings.HasPrefix(got, want) || !strings.Contains(got, "names that are alike, link mostly to stepnoy-vestnik.example") {
			t.Errorf("Why() = %q", got)
		}
	}
}

func TestPublishers(t *testing.T) {
	_, r := demo(t)
	list, err := coordination.ReadFamilies(strings.NewReader("family,account\nVestnik,stepnoy_vestnik\nVestnik,telegram/stepnoy_vestnik_24\nGone,nobody_here\n"), "f")
	if err != nil {
		t.Fatal(err)
	}
	p := r.Publishers(list, r.SuggestFamilies())
	if len(p.Families) != 1 || !p.Families[0].Listed || p.Families[0].Name != "Vestnik" {
		t.Fatalf("families %+v, want the listed one alone", p.Families)
	}
	if d := cmp.Diff([]coordination.Unmatched{{Line: 4, Account: "nobody_here"}}, p.Unmatched); d != "" {
		t.Errorf("unmatched (-want +got):\n%s", d)
	}
	f := p.Families[0].Accounts
	if p.Of(f[1]) != f[0] || p.Count(f) != 1 || p.Family(f[1]).Name != "Vestnik" {
		t.Errorf("the family is not one publisher")
	}
	var none *coordination.Publishers
	if none.Of(7) != 7 || none.Family(7) != nil || none.Count([]uint32{1, 2}) != 2 {
		t.Errorf("without publishers everybody stands alone")
	}
}

// One occasion, however many texts, makes no family; nor does one text, however
// often.
func TestMirroringNeedsDays(t *testing.T) {
	make1 := func(days int) *coordination.Result {
		var posts []post.Post
		at := time.Date(2031, 5, 1, 12, 0, 0, 0, time.UTC)
		for n := range 20 {
			for k, a := range []string{"alma", "bereke"} {
				posts = append(posts, post.Post{Account: post.Account{ID: a}, Text: fmt.Sprintf("сообщение номер %d о погоде и дорогах в районе", n),
					Time: post.At(at.AddDate(0, 0, n%days).Add(time.Duration(n*60+k)*time.Second), post.Second, post.Unix)})
			}
		}
		r, err := coordination.Find(posts, coordination.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if s := make1(2).SuggestFamilies(); len(s) != 0 {
		t.Errorf("two days make %d families, want none", len(s))
	}
	s := make1(5).SuggestFamilies()
	if len(s) != 1 || s[0].Clear() {
		t.Fatalf("five days make %d families, want one that is not clear", len(s))
	}
	if m := s[0].Pairs[0]; m.Texts != 20 || m.Of != 20 || m.Days != 5 || m.Gap != time.Second {
		t.Errorf("the pair is %+v", m)
	}
}

// telegram returns the posts of the Telegram corpus.
func telegram(t testing.TB) []post.Post {
	var posts []post.Post
	for _, row := range readCSV(t, dataDir(t), "telegram_ru_news.csv.gz") {
		sec, err := strconv.ParseInt(row[3], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		posts = append(posts, post.Post{ID: row[0], Platform: "telegram", Account: post.Account{ID: row[1], Name: row[2]}, Text: row[6],
			Time: post.At(time.Unix(sec, 0), post.Second, post.Unix)})
	}
	return posts
}

// On real channels the rule finds the four declared families of three.
func TestTelegramFamilies(t *testing.T) {
	r, err := coordination.Find(telegram(t), coordination.Options{Traces: []coordination.Trace{coordination.SameText, coordination.Link}})
	if err != nil {
		t.Fatal(err)
	}
	s := r.SuggestFamilies()
	var sizes []int
	for _, f := range s {
		sizes = append(sizes, len(f.Accounts))
		t.Logf("clear %v: %s", f.Clear(), f.Why())
	}
	if !slices.Equal(sizes, []int{3, 3, 3, 3}) {
		t.Errorf("families of %v, want four of 3", sizes)
	}
	p := r.Publishers(nil, s)
	var all []uint32
	for a := range uint32(r.Accounts) {
		all = append(all, a)
	}
	if r.Accounts != 24 || p.Count(all) != 16 {
		t.Errorf("%d channels are %d publishers, want 24 and 16", r.Accounts, p.Count(all))
	}
}
