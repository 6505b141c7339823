package coordination_test

import (
	"fmt"
	"runtime"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// cntFile reads a file of CNT's own form.
func cntFile(t testing.TB, elem ...string) []coordination.CNTRow {
	var rows []coordination.CNTRow
	for _, f := range readCSV(t, elem...) {
		rows = append(rows, coordination.CNTRow{Message: f[0], User: f[1], Repost: f[3], Reply: f[4],
			Text: f[5], Time: seconds(t, f[6]), URLs: f[7]})
	}
	return rows
}

// russianReposts is the Russian data as CNT was given it.
func russianReposts(t testing.TB, dir string) []coordination.CNTRow {
	var rows []coordination.CNTRow
	for _, r := range russianCoord(t, dir) {
		rows = append(rows, coordination.CNTRow{Message: r.Content, User: r.Account, Repost: r.Object, Time: r.Time})
	}
	return rows
}

func cntTable(edges []coordination.CNTEdge) [][]string {
	var rows [][]string
	for _, e := range edges {
		rows = append(rows, []string{e.User1, e.User2, strconv.Itoa(e.Weight)})
	}
	return rows
}

// TestCNTGolden compares with the output of CNT 1.5.2, row for row.
func TestCNTGolden(t *testing.T) {
	dir := dataDir(t)
	orig := cntFile(t, dir, "ru_orig.input.csv.gz")
	reposts := russianReposts(t, dir)
	for _, c := range []struct {
		name string
		rows []coordination.CNTRow
		o    coordination.CNTOptions
	}{
		{"ru_co_retweet_w10_mew1", reposts, coordination.CNTOptions{Network: coordination.CoRetweet, Window: 10 * time.Second}},
		{"ru_co_retweet_w60_mew1", reposts, coordination.CNTOptions{Network: coordination.CoRetweet, Window: time.Minute}},
		{"ru_orig.co_tweet.w3600.mew1", orig, coordination.CNTOptions{Network: coordination.CoTweet, Window: time.Hour}},
		{"ru_orig.co_link.w3600.mew1", orig, coordination.CNTOptions{Network: coordination.CoLink, Window: time.Hour}},
		{"ru_orig.co_similar_tweet.w60.mew1.thr0_8", orig, coordination.CNTOptions{Network: coordination.CoSimilarTweet, Window: time.Minute, Threshold: .8}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.MinWeight = 1
			got := coordination.CNT(c.rows, c.o)
			if !slices.IsSortedFunc(got, func(a, b coordination.CNTEdge) int {
				return slices.Compare([]string{a.User1, a.User2}, []string{b.User1, b.User2})
			}) {
				t.Error("edges are not in order")
			}
			sameRows(t, cntTable(got), readCSV(t, dir, "golden", "cnt", c.name+".edges.csv.gz"))
		})
	}
}

// TestTheTwoToolsAgree: the same account pairs by both rules, and CNT's greater
// directed weight is CooRTweet's.
func TestTheTwoToolsAgree(t *testing.T) {
	dir := dataDir(t)
	rows := russianCoord(t, dir)
	r := coordination.CooRTweet(rows, coordination.CooRTweetOptions{Window: time.Minute, MinParticipation: 1, Percentile: .5})
	type ends [2]string
	weight := map[ends]int{}
	for _, e := range coordination.CNT(russianReposts(t, dir), coordination.CNTOptions{Network: coordination.CoRetweet, Window: time.Minute, MinWeight: 1, NoLoops: true}) {
		k := ends{min(e.User1, e.User2), max(e.User1, e.User2)}
		weight[k] = max(weight[k], e.Weight)
	}
	if len(r.Edges) != 6206 || len(weight) != 6206 {
		t.Errorf("%d and %d pairs of accounts, want 6206", len(r.Edges), len(weight))
	}
	for _, e := range r.Edges {
		if w := weight[ends{e.From, e.To}]; w != e.Full.Weight {
			t.Errorf("%s – %s: weight %d and %d", e.From, e.To, e.Full.Weight, w)
		}
	}
}

// TestCNTOwnTest is the test that CNT itself has, with its numbers.
func TestCNTOwnTest(t *testing.T) {
	var rows []coordination.CNTRow
	for i, s := range strings.Fields("0,rt0,0 1,rt0,59 2,rt1,60 3,rt1,70 2,rt2,70 3,rt2,131 4,rt3,30 5,rt3,89 4,rt4,40 5,rt4,41 10,rt5,42 10,rt5,52 11,rt6,42 12,rt6,300 0,rt0,1") {
		f := strings.Split(s, ",")
		rows = append(rows, coordination.CNTRow{Message: strconv.Itoa(i), User: f[0], Repost: f[1], Time: seconds(t, f[2])})
	}
	for _, c := range []struct {
		window, min int
		loops       bool
		nodes       int
	}{{1, 1, false, 2}, {1, 1, true, 3}, {1, 2, false, 0}, {1, 2, true, 1}, {60, 1, false, 6}, {60, 1, true, 7}} {
		nodes := map[string]bool{}
		for _, e := range coordination.CNT(rows, coordination.CNTOptions{Network: coordination.CoRetweet,
			Window: time.Duration(c.window) * time.Second, MinWeight: c.min, NoLoops: !c.loops}) {
			nodes[e.User1], nodes[e.User2] = true, true
		}
		if len(nodes) != c.nodes {
			t.Errorf("window %d, weight %d, loops %v: %d nodes, want %d", c.window, c.min, c.loops, len(nodes), c.nodes)
		}
	}
}

// Texts and their tokens as Python 3.11 with regex 2026.11.15 and CNT's own
// functions gave them: see docs/formats/like.md.
func TestCNTTexts(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
		why  string
	}{
		{"'quoted' don't #tag http://t.co/abc1 3,5 50%", "quoted don't # tag http : / t.co abc1 3,5 50 %", true, "the example of the reference"},
		{"привет-мир", "привет - мир", true, "a hyphen is a token"},
		{"hi@y.com you", "hi you", true, "mentions go inside words too"},
		{"ΟΔΟΣ", "οδος", true, "a final Σ becomes ς"},
		{"ΟΔΟΣΑ", "οδοσα", true, "another becomes σ"},
		{"İ", "i\u0307", true, "one letter becomes two characters"},
		{"'elle", "elle", true, "an apostrophe is dropped"},
		{"’elle", "’ elle", false, "no boundary between ’ and a vowel"},
		{"’belle", "’ belle", true, "but one before a consonant"},
		{"👩\u200d👩\u200d👧", "👩\u200d👩\u200d 👧", false, "an emoji of several people is one"},
		{"🇰🇿🇰🇬", "🇰🇿 🇰🇬", true, "two flags"},
		{"🇰x", "🇰 x", false, "half a flag takes what follows"},
		{"日本語テスト", "日 本 語 テスト", true, "ideographs one by one, katakana together"},
		{"10\u202f000", "10 000", true, "a narrow no-break space is in the word, then divides it"},
		{"a\u0301.b", "b a\u0301.b", true, "marks are not skipped in looking behind a dot: b stands alone"},
		{"a.b", "b a.b", false, "without marks a dot inside a word joins"},
	} {
		rows := []coordination.CNTRow{{Message: "1", User: "u", Text: c.a}, {Message: "2", User: "v", Text: c.b}}
		edges := coordination.CNT(rows, coordination.CNTOptions{Network: coordination.CoSimilarTweet, MinWeight: 1, Threshold: 1})
		if got := len(edges) == 2; got != c.same {
			t.Errorf("%q and %q (%s): the same tokens: %v, want %v", c.a, c.b, c.why, got, c.same)
		}
	}
}

// TestCNTOracle compares every network with its rules written plainly.
func TestCNTOracle(t *testing.T) {
	words := strings.Fields("a b c d e f g @x h'i , . а б")
	networks := []coordination.CNTNetwork{coordination.CoTweet, coordination.CoSimilarTweet, coordination.CoLink,
		coordination.CoRetweet, coordination.CoReply, coordination.CoPost}
	rapid.Check(t, func(t *rapid.T) {
		rows := make([]coordination.CNTRow, rapid.IntRange(0, 40).Draw(t, "rows"))
		one := rapid.IntRange(0, 3)
		for i := range rows {
			r := &rows[i]
			r.Message = strconv.Itoa(rapid.IntRange(0, 60).Draw(t, "message"))
			r.User = "u" + strconv.Itoa(rapid.IntRange(0, 5).Draw(t, "user"))
			r.Repost = []string{"", "", "", "p", "q"}[rapid.IntRange(0, 4).Draw(t, "repost")]
			r.Reply = []string{"", "r", "s"}[rapid.IntRange(0, 2).Draw(t, "reply")]
			r.Text = strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 8).Draw(t, "text"), " ")
			r.URLs = []string{"", "v", "w", "v w", "v  w", "w w"}[rapid.IntRange(0, 5).Draw(t, "urls")]
			r.Time = float64(rapid.IntRange(0, 40).Draw(t, "t")) + []float64{0, .1, .5, .7}[one.Draw(t, "fraction")]
		}
		o := coordination.CNTOptions{
			Network:   rapid.SampledFrom(networks).Draw(t, "network"),
			Window:    time.Duration(rapid.IntRange(0, 200).Draw(t, "window")) * time.Second / 10,
			MinWeight: rapid.IntRange(0, 3).Draw(t, "min"),
			Threshold: rapid.SampledFrom([]float64{.01, .3, .5, .6, 2. / 3, .7, .75, .8, .85, .9, .95, 1}).Draw(t, "threshold"),
			NoLoops:   rapid.Bool().Draw(t, "no loops"),
		}
		got := []string{}
		for _, e := range coordination.CNT(rows, o) {
			got = append(got, fmt.Sprint(e.User1, " ", e.User2, " ", e.Weight))
		}
		if d := gocmp.Diff(cntOracle(rows, o), got); d != "" {
			t.Fatalf("%+v (-want +got):\n%s", o, d)
		}
	})
}

// cntOracle compares all messages with all.
func cntOracle(rows []coordination.CNTRow, o coordination.CNTOptions) []string {
	type message struct {
		row   coordination.CNTRow
		url   string
		words map[string]bool
	}
	var list []message
	seen := map[string]bool{}
	for _, r := range rows {
		if o.Network == coordination.CoLink {
			for _, url := range strings.Split(r.URLs, " ") {
				if k := r.Message + " " + url; r.Repost == "" && !seen[k] {
					seen[k] = true
					list = append(list, message{row: r, url: url})
				}
			}
			continue
		}
		if seen[r.Message] {
			continue
		}
		seen[r.Message] = true
		m := message{row: r, words: map[string]bool{}}
		for _, w := range strings.Fields(r.Text) { // of the words above, only mentions vanish
			if w != "@x" {
				m.words[w] = true
			}
		}
		list = append(list, m)
	}
	plain := func(m message) string {
		var w []string
		for _, x := range strings.Fields(m.row.Text) {
			if x != "@x" {
				w = append(w, x)
			}
		}
		return strings.Join(w, " ")
	}
	agree := func(a, b message) bool {
		posts := a.row.Repost == "" && b.row.Repost == ""
		switch o.Network {
		case coordination.CoPost:
			return true
		case coordination.CoRetweet:
			return a.row.Repost == b.row.Repost && a.row.Repost != ""
		case coordination.CoReply:
			return posts && a.row.Reply == b.row.Reply && a.row.Reply != ""
		case coordination.CoTweet:
			return posts && plain(a) == plain(b)
		case coordination.CoLink:
			return a.url == b.url
		}
		both := 0
		for w := range a.words {
			if b.words[w] {
				both++
			}
		}
		if !posts || len(a.words) == 0 || len(b.words) == 0 {
			return false
		}
		return float64(both)/float64(len(a.words)+len(b.words)-both) >= o.Threshold
	}
	window := o.Window.Seconds()
	met := map[[2]string]map[string]bool{}
	for _, a := range list {
		for _, b := range list {
			if a.row.Message == b.row.Message || b.row.Time < a.row.Time-window || b.row.Time > a.row.Time+window || !agree(a, b) {
				continue
			}
			k := [2]string{a.row.User, b.row.User}
			if met[k] == nil {
				met[k] = map[string]bool{}
			}
			met[k][a.row.Message] = true
		}
	}
	out := []string{}
	for k, m := range met {
		if len(m) >= o.MinWeight && !(o.NoLoops && k[0] == k[1]) {
			out = append(out, fmt.Sprint(k[0], " ", k[1], " ", len(m)))
		}
	}
	sort.Strings(out)
	return out
}

// The result must not depend on how many processors there are, nor on the
// order of rows with different message ids.
func TestCNTOrder(t *testing.T) {
	var rows []coordination.CNTRow
	for i := range 5000 {
		rows = append(rows, coordination.CNTRow{Message: strconv.Itoa(i), User: "u" + strconv.Itoa(i*7%13),
			Text: fmt.Sprintf("the news of day %d, read by %d", i%5, i%7), Time: float64(i * i % 10007)})
	}
	o := coordination.CNTOptions{Network: coordination.CoSimilarTweet, Window: 20 * time.Second, MinWeight: 1, Threshold: .7}
	want := coordination.CNT(rows, o)
	if len(want) == 0 {
		t.Fatal("no edges")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(procs)
		slices.Reverse(rows)
		if d := gocmp.Diff(want, coordination.CNT(rows, o)); d != "" {
			t.Errorf("rows turned round, %d processors (-want +got):\n%s", procs, d)
		}
	}
}
