package coordination_test

import (
	"cmp"
	"fmt"
	"math"
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

func seconds(t testing.TB, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// r12 writes a number with 12 digits: R's fwrite errs in the last of its 15.
func r12(x float64) string { return strconv.FormatFloat(x, 'g', 12, 64) }

func russianCoord(t testing.TB, dir string) []coordination.CooRTweetRow {
	var rows []coordination.CooRTweetRow
	for _, f := range readCSV(t, dir, "russian_coord_tweets.input.csv.gz") {
		rows = append(rows, coordination.CooRTweetRow{Object: f[0], Account: f[1], Content: f[2], Time: seconds(t, f[3])})
	}
	return rows
}

// germanFacebookURLs prepares the German file as its golden run did: Facebook
// rows with a link, exact duplicates removed.
func germanFacebookURLs(t testing.TB, dir string) []coordination.CooRTweetRow {
	var rows []coordination.CooRTweetRow
	seen := make(map[coordination.CooRTweetRow]bool)
	for _, f := range readCSV(t, dir, "german_elections.input.csv.gz") {
		if f[2] == "" || !strings.HasPrefix(f[0], "fb_") {
			continue
		}
		r := coordination.CooRTweetRow{Object: "url_" + f[2], Account: f[0], Content: f[1], Time: seconds(t, f[6])}
		if !seen[r] {
			seen[r] = true
			rows = append(rows, r)
		}
	}
	if len(rows) != 15994 {
		t.Fatalf("German Facebook links: %d rows, want 15994", len(rows))
	}
	return rows
}

// TestCooRTweetGolden compares with CooRTweet 2.1.0's own output, row for row.
// Its defective columns are rebuilt here by the defect's rule from our pairs.
func TestCooRTweetGolden(t *testing.T) {
	dir := dataDir(t)
	for _, c := range []struct {
		tag    string
		rows   func(testing.TB, string) []coordination.CooRTweetRow
		window time.Duration
		m      int
		wrong  int // edges with weight ≥ 2 whose symmetry CooRTweet has wrong
	}{
		{"ru_w10_m2", russianCoord, 10 * time.Second, 2, -1},
		{"ru_w60_m2", russianCoord, time.Minute, 2, 6},
		{"ru_w60_m1", russianCoord, time.Minute, 1, -1},
		{"de_fburl_w60_m2", germanFacebookURLs, time.Minute, 2, 2},
	} {
		t.Run(c.tag, func(t *testing.T) {
			rows := c.rows(t, dir)
			r := coordination.CooRTweet(rows, coordination.CooRTweetOptions{Window: c.window, MinParticipation: c.m, Percentile: .5})
			golden := func(table string) [][]string {
				return readCSV(t, dir, "golden", "coortweet", c.tag+"."+table+".csv.gz")
			}
			wantEdges := golden("edges")

			t.Run("groups", func(t *testing.T) {
				var got [][]string
				for _, p := range r.Pairs {
					a, b := rows[p.Older], rows[p.Newer]
					got = append(got, []string{a.Object, a.Content, b.Content, r12(b.Time - a.Time), a.Account, b.Account})
				}
				sameRows(t, got, golden("groups"))
			})

			// What CooRTweet computes with the accounts in order but their
			// contents not: distinct older and newer contents.
			type ends [2]string
			older, newer := map[ends]map[string]bool{}, map[ends]map[string]bool{}
			for _, p := range r.Pairs {
				a, b := rows[p.Older], rows[p.Newer]
				k := ends{min(a.Account, b.Account), max(a.Account, b.Account)}
				if older[k] == nil {
					older[k], newer[k] = map[string]bool{}, map[string]bool{}
				}
				older[k][a.Content], newer[k][b.Content] = true, true
			}
			defect := func(e coordination.CooRTweetEdge) (int, int, float64) {
				o, n := len(older[ends{e.From, e.To}]), len(newer[ends{e.From, e.To}])
				return o, n, float64(min(o, n)) / float64(max(o, n))
			}

			t.Run("edges", func(t *testing.T) {
				var got, want [][]string
				wrong := 0
				for _, e := range r.Edges {
					o, n, s := defect(e)
					if e.Full.Weight >= 2 && s != e.Full.Symmetry() {
						wrong++
					}
					over := "0"
					if e.Full.Over {
						over = "1"
					}
					got = append(got, []string{e.From, e.To, strconv.Itoa(e.Full.Weight), r12(e.Full.MeanGap),
						strconv.Itoa(o), strconv.Itoa(n), r12(s), strings.Join(e.Full.Objects, ","), over})
				}
				for _, w := range wantEdges {
					w = slices.Clone(w)
					w[0], w[1] = min(w[0], w[1]), max(w[0], w[1])
					w[3], w[6] = r12(seconds(t, w[3])), r12(seconds(t, w[6]))
					objects := strings.Split(w[7], ",")
					sort.Strings(objects)
					w[7] = strings.Join(objects, ",")
					want = append(want, w)
				}
				sameRows(t, got, want)
				if c.wrong >= 0 && wrong != c.wrong {
					t.Errorf("CooRTweet's symmetry differs on %d edges with weight ≥ 2, want %d", wrong, c.wrong)
				}
			})

			t.Run("account_stats", func(t *testing.T) {
				// The mean over the account's distinct value pairs.
				values := map[string]map[[2]string][2]float64{}
				for _, e := range r.Edges {
					_, _, s := defect(e)
					for _, a := range []string{e.From, e.To} {
						if values[a] == nil {
							values[a] = map[[2]string][2]float64{}
						}
						values[a][[2]string{r12(e.Full.MeanGap), r12(s)}] = [2]float64{e.Full.MeanGap, s}
					}
				}
				want := map[string][]string{}
				for _, w := range golden("account_stats") {
					want[w[0]] = w
				}
				if len(want) != len(r.Accounts) {
					t.Errorf("%d accounts, want %d", len(r.Accounts), len(want))
				}
				for _, a := range r.Accounts {
					var gap, sym float64
					for _, v := range values[a.Account] {
						gap += v[0]
						sym += v[1]
					}
					n := float64(len(values[a.Account]))
					w := want[a.Account]
					if w == nil || math.Abs(gap/n-seconds(t, w[1])) > 1e-9 || math.Abs(sym/n-seconds(t, w[2])) > 1e-9 || strconv.Itoa(a.Contents) != w[3] {
						t.Errorf("account %s: by the defect's rule %v %v %d, want %v", a.Account, gap/n, sym/n, a.Contents, w)
					}
				}
			})

			t.Run("group_stats", func(t *testing.T) {
				// The distinct ends that igraph happens to call from.
				from := map[string]map[string]bool{}
				for _, w := range wantEdges {
					for o := range strings.SplitSeq(w[7], ",") {
						if from[o] == nil {
							from[o] = map[string]bool{}
						}
						from[o][w[0]] = true
					}
				}
				accounts := map[string]int{}
				for _, o := range r.Objects {
					accounts[o.Object] = o.Accounts
				}
				want := golden("group_stats")
				if len(want) != len(r.Objects) {
					t.Errorf("%d objects, want %d", len(r.Objects), len(want))
				}
				for _, w := range want {
					if n := strconv.Itoa(len(from[w[0]])); n != w[1] || accounts[w[0]] < len(from[w[0]]) {
						t.Errorf("object %s: %s ends called from of %d accounts, want %s", w[0], n, accounts[w[0]], w[1])
					}
				}
			})
		})
	}
}

// sameRows compares tables without regard to the order of rows.
func sameRows(t *testing.T, got, want [][]string) {
	t.Helper()
	if len(got) == 0 {
		t.Error("no rows to compare")
	}
	order := func(rows [][]string) { slices.SortFunc(rows, slices.Compare) }
	order(got)
	order(want)
	if len(got) != len(want) {
		t.Errorf("%d rows, want %d", len(got), len(want))
	}
	bad := 0
	for i := range min(len(got), len(want)) {
		if !slices.Equal(got[i], want[i]) {
			if bad++; bad <= 3 {
				t.Errorf("row %d = %q, want %q", i, got[i], want[i])
			}
		}
	}
}

// A small input whose every number was worked out by hand.
func TestCooRTweetByHand(t *testing.T) {
	rows := []coordination.CooRTweetRow{
		{"o1", "ann", "a1", 100}, // 0
		{"o1", "bob", "b1", 100}, // 1 same second: ann appears first, so hers is older
		{"o1", "cem", "c1", 161}, // 2 one second too late
		{"o2", "bob", "b2", 205}, // 3
		{"o2", "ann", "a2", 200}, // 4
		{"o1", "ann", "a1", 150}, // 5 the same post again
		{"o3", "ann", "o3", 300}, // 6 the object is the content
		{"o3", "bob", "b3", 300}, // 7
		{"o1", "dan", "d1", 100}, // 8 one row only
	}
	r := coordination.CooRTweet(rows, coordination.CooRTweetOptions{Window: time.Minute, MinParticipation: 2, Percentile: .5})
	wantPairs := []coordination.CooRTweetPair{
		{Older: 0, Newer: 1}, {Older: 1, Newer: 5}, {Older: 4, Newer: 3},
	}
	if d := gocmp.Diff(wantPairs, r.Pairs); d != "" {
		t.Errorf("pairs (-want +got):\n%s", d)
	}
	want := []coordination.CooRTweetEdge{{From: "ann", To: "bob", Full: coordination.CooRTweetTie{
		Weight: 3, MeanGap: (0 + 50 + 5) / 3., FromContents: 2, ToContents: 2, Objects: []string{"o1", "o2"}}}}
	if d := gocmp.Diff(want, r.Edges); d != "" {
		t.Errorf("edges (-want +got):\n%s", d)
	}
	if r.Threshold != 3 {
		t.Errorf("threshold = %v, want 3", r.Threshold)
	}
}

// quantile7 is checked through thresholds whose value R printed.
func TestCooRTweetThreshold(t *testing.T) {
	// Weights 1, 2, 3, 4 for four pairs of accounts.
	var rows []coordination.CooRTweetRow
	for w := 1; w <= 4; w++ {
		for i := range w {
			o := fmt.Sprintf("o%d-%d", w, i)
			rows = append(rows, coordination.CooRTweetRow{o, fmt.Sprintf("a%d", w), "a" + o, 0}, coordination.CooRTweetRow{o, fmt.Sprintf("b%d", w), "b" + o, 0})
		}
	}
	// quantile(1:4, p) in R.
	for _, c := range []struct{ p, want float64 }{{0, 1}, {.25, 1.75}, {.5, 2.5}, {.9, 3.7}, {1, 4}} {
		r := coordination.CooRTweet(rows, coordination.CooRTweetOptions{Percentile: c.p})
		over := 0
		for _, e := range r.Edges {
			if e.Full.Over != (float64(e.Full.Weight) > c.want) {
				t.Errorf("percentile %v: edge of weight %d: over = %v", c.p, e.Full.Weight, e.Full.Over)
			}
			over++
		}
		if math.Abs(r.Threshold-c.want) > 1e-12 || over != 4 {
			t.Errorf("percentile %v: threshold %v of %d edges, want %v of 4", c.p, r.Threshold, over, c.want)
		}
	}
}

// TestCooRTweetOracle compares with the rules written down as plainly as they
// can be, on small random inputs full of ties, repeats and loops.
func TestCooRTweetOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := func(label string, kinds string, n int) string {
			return string(kinds[rapid.IntRange(0, len(kinds)-1).Draw(t, label)]) + strconv.Itoa(rapid.IntRange(0, n).Draw(t, label))
		}
		rows := make([]coordination.CooRTweetRow, rapid.IntRange(0, 40).Draw(t, "rows"))
		half := rapid.Bool().Draw(t, "halves")
		for i := range rows {
			at := float64(rapid.IntRange(0, 60).Draw(t, "t"))
			if half {
				at /= 2
			}
			rows[i] = coordination.CooRTweetRow{name("object", "ox", 2), name("account", "a", 6), name("content", "ccx", 12), at}
		}
		o := coordination.CooRTweetOptions{
			Window:           time.Duration(rapid.IntRange(0, 40).Draw(t, "window")) * time.Second / 2,
			MinParticipation: rapid.IntRange(0, 6).Draw(t, "participation"),
			KeepLoops:        rapid.Bool().Draw(t, "loops"),
			Percentile:       rapid.SampledFrom([]float64{0, .3, .5, .9, .95, .99, 1}).Draw(t, "p"),
			FastWindow:       time.Duration(rapid.IntRange(0, 20).Draw(t, "fast")) * time.Second / 2,
		}
		got := coordination.CooRTweet(rows, o)
		want := cooRTweetOracle(rows, o)
		if d := gocmp.Diff(want.groups, groupsOf(rows, got)); d != "" {
			t.Fatalf("groups (-want +got):\n%s", d)
		}
		if d := gocmp.Diff(want.edges, edgesOf(got)); d != "" {
			t.Fatalf("edges (-want +got):\n%s", d)
		}
		if d := gocmp.Diff(want.accounts, accountsOf(got)); d != "" {
			t.Fatalf("accounts (-want +got):\n%s", d)
		}
		if d := gocmp.Diff(want.objects, objectsOf(got)); d != "" {
			t.Fatalf("objects (-want +got):\n%s", d)
		}
	})
}

func groupsOf(rows []coordination.CooRTweetRow, r *coordination.CooRTweetResult) []string {
	out := []string{}
	for _, p := range r.Pairs {
		a, b := rows[p.Older], rows[p.Newer]
		out = append(out, fmt.Sprint(a.Object, a.Content, b.Content, b.Time-a.Time, a.Account, b.Account, p.Fast))
	}
	return out
}

func edgesOf(r *coordination.CooRTweetResult) []string {
	out := []string{}
	for _, e := range r.Edges {
		out = append(out, fmt.Sprint(e.From, e.To, tieString(e.Full), tieString(e.Fast)))
	}
	return out
}

func tieString(t coordination.CooRTweetTie) string {
	return fmt.Sprintf("{%d %.9g %d %d %.9g %q %v}", t.Weight, t.MeanGap, t.FromContents, t.ToContents, t.Symmetry(), t.Objects, t.Over)
}

func accountsOf(r *coordination.CooRTweetResult) []string {
	out := []string{}
	for _, a := range r.Accounts {
		out = append(out, fmt.Sprintf("%s %.9g %.9g %.9g %.9g %d", a.Account, a.MeanGap, a.MeanSymmetry, a.FastMeanGap, a.FastSymmetry, a.Contents))
	}
	return out
}

func objectsOf(r *coordination.CooRTweetResult) []string {
	out := []string{}
	for _, o := range r.Objects {
		out = append(out, fmt.Sprint(o.Object, " ", o.Accounts))
	}
	return out
}

type oracleTables struct{ groups, edges, accounts, objects []string }

// cooRTweetOracle follows the description of CooRTweet step by step, with maps
// and strings and every pair compared.
func cooRTweetOracle(rows []coordination.CooRTweetRow, o coordination.CooRTweetOptions) oracleTables {
	type row = coordination.CooRTweetRow
	type pair struct {
		a, b int // older, newer
		fast bool
	}
	// rowsOfAccountsWith keeps the rows of accounts with ≥ m rows and puts
	// them account by account.
	rowsOfAccountsWith := func(list []int, m int) []int {
		var accounts []string
		by := map[string][]int{}
		for _, i := range list {
			if by[rows[i].Account] == nil {
				accounts = append(accounts, rows[i].Account)
			}
			by[rows[i].Account] = append(by[rows[i].Account], i)
		}
		var out []int
		for _, a := range accounts {
			if len(by[a]) >= m {
				out = append(out, by[a]...)
			}
		}
		return out
	}
	filter := func(input []int, pairs []pair) []pair {
		c := map[string]bool{}
		for _, p := range pairs {
			c[rows[p.a].Content], c[rows[p.b].Content] = true, true
		}
		var list []int
		for _, i := range input {
			if c[rows[i].Content] {
				list = append(list, i)
			}
		}
		keep := map[string]bool{}
		for _, i := range rowsOfAccountsWith(list, o.MinParticipation) {
			keep[rows[i].Content] = true
		}
		var out []pair
		for _, p := range pairs {
			if keep[rows[p.a].Content] || keep[rows[p.b].Content] {
				out = append(out, p)
			}
		}
		return out
	}

	var original []int
	for i := range rows {
		original = append(original, i)
	}
	working := rowsOfAccountsWith(original, o.MinParticipation)
	var pairs []pair
	for x := range working {
		for y := x + 1; y < len(working); y++ {
			a, b := working[x], working[y]
			if rows[a].Object != rows[b].Object || math.Abs(rows[a].Time-rows[b].Time) > o.Window.Seconds() {
				continue
			}
			if !o.KeepLoops && (rows[a].Object == rows[a].Content || rows[a].Object == rows[b].Content ||
				rows[a].Content == rows[b].Content || rows[a].Account == rows[b].Account) {
				continue
			}
			if rows[a].Time > rows[b].Time {
				a, b = b, a
			}
			pairs = append(pairs, pair{a: a, b: b})
		}
	}
	if o.MinParticipation >= 1 {
		pairs = filter(working, pairs)
	}
	if o.FastWindow > 0 {
		var fast []pair
		for _, p := range pairs {
			if rows[p.b].Time-rows[p.a].Time <= o.FastWindow.Seconds() {
				fast = append(fast, p)
			}
		}
		for _, f := range filter(original, fast) {
			for i, p := range pairs {
				if rows[p.a].Content == rows[f.a].Content && rows[p.b].Content == rows[f.b].Content {
					pairs[i].fast = true
				}
			}
		}
	}

	t := oracleTables{[]string{}, []string{}, []string{}, []string{}}
	type groupRow struct {
		key [5]string
		i   [2]int
		s   string
	}
	var groups []groupRow
	for _, p := range pairs {
		a, b := rows[p.a], rows[p.b]
		groups = append(groups, groupRow{[5]string{a.Object, a.Content, b.Content, a.Account, b.Account}, [2]int{p.a, p.b},
			fmt.Sprint(a.Object, a.Content, b.Content, b.Time-a.Time, a.Account, b.Account, p.fast)})
	}
	slices.SortFunc(groups, func(x, y groupRow) int {
		return cmp.Or(slices.Compare(x.key[:], y.key[:]), slices.Compare(x.i[:], y.i[:]))
	})
	for _, g := range groups {
		t.groups = append(t.groups, g.s)
	}

	// Edges, once for all pairs and once for the fast ones.
	type ends [2]string
	tie := func(k ends, fastOnly bool) (tie coordination.CooRTweetTie) {
		from, to, objects := map[string]bool{}, map[string]bool{}, map[string]bool{}
		sum := 0.
		for _, p := range pairs {
			if fastOnly && !p.fast {
				continue
			}
			a, b := rows[p.a], rows[p.b]
			if (ends{min(a.Account, b.Account), max(a.Account, b.Account)}) != k {
				continue
			}
			tie.Weight++
			sum += b.Time - a.Time
			objects[a.Object] = true
			for _, r := range []row{a, b} {
				if r.Account == k[0] {
					from[r.Content] = true
				}
				if r.Account == k[1] {
					to[r.Content] = true
				}
			}
		}
		if tie.Weight == 0 {
			return tie
		}
		tie.MeanGap = sum / float64(tie.Weight)
		tie.FromContents, tie.ToContents = len(from), len(to)
		for o := range objects {
			tie.Objects = append(tie.Objects, o)
		}
		sort.Strings(tie.Objects)
		return tie
	}
	var edges []coordination.CooRTweetEdge
	done := map[ends]bool{}
	for _, p := range pairs {
		k := ends{min(rows[p.a].Account, rows[p.b].Account), max(rows[p.a].Account, rows[p.b].Account)}
		if !done[k] {
			done[k] = true
			edges = append(edges, coordination.CooRTweetEdge{From: k[0], To: k[1], Full: tie(k, false), Fast: tie(k, true)})
		}
	}
	slices.SortFunc(edges, func(a, b coordination.CooRTweetEdge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	over := func(get func(*coordination.CooRTweetEdge) *coordination.CooRTweetTie) {
		var w []float64
		for i := range edges {
			if n := get(&edges[i]).Weight; n > 0 {
				w = append(w, float64(n))
			}
		}
		if len(w) == 0 {
			return
		}
		sort.Float64s(w)
		h := float64(len(w)-1) * o.Percentile
		lo := int(h)
		q := w[lo]
		if lo+1 < len(w) {
			q += (h - float64(lo)) * (w[lo+1] - w[lo])
		}
		for i := range edges {
			t := get(&edges[i])
			t.Over = t.Weight > 0 && float64(t.Weight) > q+1e-9
		}
	}
	over(func(e *coordination.CooRTweetEdge) *coordination.CooRTweetTie { return &e.Full })
	over(func(e *coordination.CooRTweetEdge) *coordination.CooRTweetTie { return &e.Fast })
	t.edges = edgesOf(&coordination.CooRTweetResult{Edges: edges})
	if t.edges == nil {
		t.edges = []string{}
	}

	names := map[string]bool{}
	for _, e := range edges {
		names[e.From], names[e.To] = true, true
	}
	var accounts []coordination.CooRTweetAccount
	for a := range names {
		s := coordination.CooRTweetAccount{Account: a}
		n, fastN := 0., 0.
		for _, e := range edges {
			if e.From != a && e.To != a {
				continue
			}
			n++
			s.MeanGap += e.Full.MeanGap
			s.MeanSymmetry += e.Full.Symmetry()
			if e.Fast.Weight > 0 {
				fastN++
				s.FastMeanGap += e.Fast.MeanGap
				s.FastSymmetry += e.Fast.Symmetry()
			}
		}
		s.MeanGap /= n
		s.MeanSymmetry /= n
		s.FastMeanGap /= fastN
		s.FastSymmetry /= fastN
		contents := map[string]bool{}
		for _, p := range pairs {
			for _, i := range []int{p.a, p.b} {
				if rows[i].Account == a {
					contents[rows[i].Content] = true
				}
			}
		}
		s.Contents = len(contents)
		accounts = append(accounts, s)
	}
	slices.SortFunc(accounts, func(a, b coordination.CooRTweetAccount) int { return cmp.Compare(a.Account, b.Account) })
	t.accounts = accountsOf(&coordination.CooRTweetResult{Accounts: accounts})

	in := map[string]map[string]bool{}
	for _, p := range pairs {
		ob := rows[p.a].Object
		if in[ob] == nil {
			in[ob] = map[string]bool{}
		}
		in[ob][rows[p.a].Account], in[ob][rows[p.b].Account] = true, true
	}
	var objects []coordination.CooRTweetObject
	for ob, a := range in {
		objects = append(objects, coordination.CooRTweetObject{Object: ob, Accounts: len(a)})
	}
	slices.SortFunc(objects, func(a, b coordination.CooRTweetObject) int {
		return cmp.Or(cmp.Compare(b.Accounts, a.Accounts), cmp.Compare(a.Object, b.Object))
	})
	t.objects = objectsOf(&coordination.CooRTweetResult{Objects: objects})
	return t
}
