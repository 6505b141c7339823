package coordination_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var day0 = time.Date(2031, 5, 1, 0, 0, 0, 0, time.UTC)

// by makes a post.
func by(account, text string, at time.Time) post.Post {
	return post.Post{Account: post.Account{ID: account}, Text: text, Time: post.At(at, post.Second, post.Unix)}
}

// everyday gives each account n posts of its own, spread over four weeks.
func everyday(rng *rand.Rand, accounts []string, n int) []post.Post {
	var out []post.Post
	for _, a := range accounts {
		for k := range n {
			at := day0.AddDate(0, 0, rng.IntN(28)).Add(time.Duration(8*3600+rng.IntN(12*3600)) * time.Second)
			out = append(out, by(a, fmt.Sprintf("обычная запись %s номер %d про погоду во дворе", a, k), at))
		}
	}
	return out
}

func accounts(prefix string, n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("%s%d", prefix, i))
	}
	return out
}

func find(t testing.TB, posts []post.Post, traces ...coordination.Trace) *coordination.Result {
	t.Helper()
	if traces == nil {
		traces = []coordination.Trace{coordination.SameText}
	}
	r, err := coordination.Find(posts, coordination.Options{Traces: traces})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func waves(t testing.TB, r *coordination.Result, o coordination.WaveOptions) *coordination.WaveTests {
	t.Helper()
	w, err := r.TestWaves(context.Background(), r.Options.Traces[0], o)
	if err != nil {
		t.Fatal(err)
	}
	sane(t, reflect.ValueOf(w).Elem())
	return w
}

// sane fails on any number that is none, and on any probability outside 0 to 1.
func sane(t testing.TB, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) || f > 1 || f < -1 {
			t.Errorf("a probability is %v", f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if n := v.Type().Field(i).Name; n != "Options" && v.Type().Field(i).IsExported() {
				sane(t, v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			sane(t, v.Index(i))
		}
	}
}

const slogan = "все должны узнать правду о том, что происходит в нашем городе сегодня"

// burst makes one text by all accounts, evenly spread.
func burst(accts []string, text string, at time.Time, spread time.Duration) []post.Post {
	var out []post.Post
	for i, a := range accts {
		out = append(out, by(a, text, at.Add(spread*time.Duration(i)/time.Duration(max(len(accts)-1, 1)))))
	}
	return out
}

// ordinaryNews is 150 ordinary messages of ten accounts, each over some hours.
func ordinaryNews(t testing.TB, seed uint64) *coordination.Reference {
	rng := rand.New(rand.NewPCG(seed, 1))
	accts := accounts("фон", 60)
	posts := everyday(rng, accts, 6)
	for m := range 150 {
		at := day0.AddDate(0, 0, rng.IntN(26)).Add(time.Duration(rng.IntN(86400)) * time.Second)
		for _, i := range rng.Perm(len(accts))[:10] {
			d := time.Duration(float64(2*time.Hour) * math.Exp(1.2*rng.NormFloat64()))
			posts = append(posts, by(accts[i], fmt.Sprintf("новость номер %d о том, что случилось вчера на рынке", m), at.Add(d)))
		}
	}
	r := find(t, posts)
	return coordination.NewReference("May news", r, nil)
}

func TestWaveSteps(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	accts := accounts("житель", 20)
	posts := everyday(rng, accts, 12)
	posts = append(posts, burst(accts, slogan, day0.AddDate(0, 0, 10).Add(15*time.Hour), time.Minute)...)
	posts = append(posts, burst(accts, "совсем другой текст, который расходится медленно, целых двое суток", day0.AddDate(0, 0, 14), 46*time.Hour)...)
	r := find(t, posts)

	w := waves(t, r, coordination.WaveOptions{Seed: 1, Redraws: 199})
	if w.Status != coordination.WavesTested || len(w.Tests) != 2 {
		t.Fatalf("status %q, %d tests: %s", w.Status, len(w.Tests), w.Sentence())
	}
	fast, slow := w.Tests[0], w.Tests[1]
	if fast.Step != coordination.Step1b || fast.Stop != coordination.StopNoRef || fast.OwnQ > 1e-6 || fast.Own.Accounts != 20 || fast.History != fast.Own {
		t.Errorf("the burst: %+v", fast)
	}
	if fast.Half < 28*time.Second || fast.Half > 31*time.Second {
		t.Errorf("half-span %v, want about half a minute", fast.Half)
	}
	if fast.Windows[0].K != 20 || fast.Windows[0].Redrawn != 1./200 || fast.First != fast.Posts[0] || r.Account(fast.Members[0]).ID != "житель0" {
		t.Errorf("windows %+v", fast.Windows)
	}
	if slow.Step != coordination.Step1 || slow.Stop != coordination.StopSpreadOut {
		t.Errorf("the slow message stands on %s (%s), want 1: nothing is claimed from its timing", slow.Step, slow.Stop)
	}
	if v := &r.Views[0]; w.Of(v, &v.Waves[0]) == nil {
		t.Error("a wave does not find its test")
	}

	ref := ordinaryNews(t, 3)
	w = waves(t, r, coordination.WaveOptions{Seed: 1, Reference: ref})
	fast = w.Tests[0]
	if fast.Step != coordination.Step1b || fast.Popularity.Class != "15–49" || fast.Popularity.N != 0 {
		t.Errorf("twenty accounts are compared with messages of ten: %+v", fast.Popularity)
	}
	posts = append(posts, burst(accts[:8], "а это короткая волна, восемь записей, одна за другой", day0.AddDate(0, 0, 20).Add(15*time.Hour), time.Minute)...)
	w = waves(t, find(t, posts), coordination.WaveOptions{Seed: 1, Reference: ref})
	eight := w.Tests[0]
	if eight.Step != coordination.Step2 || eight.Stop != coordination.StopOnce || eight.Popularity.N != 150 || eight.Popularity.Closer != 0 ||
		math.Abs(eight.Popularity.P-1./151) > 1e-12 || eight.Popularity.Reference != "May news" {
		t.Errorf("eight within a minute: step %s (%s), %+v", eight.Step, eight.Stop, eight.Popularity)
	}
	for _, x := range w.Tests {
		if x.Step > coordination.Step2 {
			t.Errorf("a wave on step %s", x.Step)
		}
	}
}

// An ordinary message is not closer than the reference it was drawn from.
func TestReferenceIsFair(t *testing.T) {
	ref := ordinaryNews(t, 3)
	if ref.Messages(coordination.SameText, 0) != 150 {
		t.Fatalf("%d messages in the reference", ref.Messages(coordination.SameText, 0))
	}
	rng := rand.New(rand.NewPCG(9, 9))
	accts := accounts("другой", 60)
	posts := everyday(rng, accts, 6)
	for m := range 200 {
		at := day0.AddDate(0, 0, rng.IntN(26)).Add(time.Duration(rng.IntN(86400)) * time.Second)
		for _, i := range rng.Perm(len(accts))[:10] {
			d := time.Duration(float64(2*time.Hour) * math.Exp(1.2*rng.NormFloat64()))
			posts = append(posts, by(accts[i], fmt.Sprintf("известие номер %d о том, что будет завтра в школе", m), at.Add(d)))
		}
	}
	w := waves(t, find(t, posts), coordination.WaveOptions{Reference: ref})
	up := 0
	for _, x := range w.Tests {
		if x.Step == coordination.Step2 {
			up++
		}
	}
	if up > 6 {
		t.Errorf("%d of 200 ordinary messages reach step 2, want about 2", up)
	}
	// The reference is not compared with itself.
	same := waves(t, find(t, []post.Post{
		by("a", "новость номер 3 о том, что случилось вчера на рынке", day0), by("b", "новость номер 3 о том, что случилось вчера на рынке", day0),
		by("c", "новость номер 3 о том, что случилось вчера на рынке", day0), by("d", "новость номер 3 о том, что случилось вчера на рынке", day0),
		by("e", "новость номер 3 о том, что случилось вчера на рынке", day0.Add(time.Hour))}), coordination.WaveOptions{Reference: ref})
	if n := same.Tests[0].Popularity.N; n != 149 {
		t.Errorf("a message of the reference is compared with %d, want 149", n)
	}
}

func TestNearlyNewAccounts(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	old, fresh := accounts("давний", 40), accounts("новый", 8)
	posts := everyday(rng, old, 12)
	posts = append(posts, burst(append(slices.Clone(fresh), old[:4]...), slogan, day0.AddDate(0, 0, 10).Add(15*time.Hour), time.Minute)...)
	w := waves(t, find(t, posts), coordination.WaveOptions{})
	x := w.Tests[0]
	if x.New != 8 || w.NewAccounts != 8 || w.Accounts != 48 || x.Accounts != 12 {
		t.Errorf("%d of %d new, %d of %d in the corpus", x.New, x.Accounts, w.NewAccounts, w.Accounts)
	}
	want := 1.0 // C(40,4)/C(48,12): all eight new ones among twelve of forty-eight
	for i := range 8 {
		want *= float64(12-i) / float64(48-i)
	}
	if math.Abs(x.NewTail-want) > 1e-12 {
		t.Errorf("tail %v, want %v", x.NewTail, want)
	}
	if !x.Own.Tested || x.Own.Accounts != 12 || !x.History.Tested || x.History.Accounts != 4 || x.OwnQ != x.History.P {
		t.Errorf("own %+v, history %+v, q %v: the history is the p that counts", x.Own, x.History, x.OwnQ)
	}
	posts = append(everyday(rng, old, 12), burst(fresh, slogan, day0.AddDate(0, 0, 10), time.Minute)...)
	x = waves(t, find(t, posts), coordination.WaveOptions{}).Tests[0]
	if x.History.Tested || x.OwnQ != 1 || x.Step != coordination.Step1 || x.Stop != coordination.StopNoHistory {
		t.Errorf("new accounts alone: step %s (%s), %+v", x.Step, x.Stop, x.History)
	}
}

// Messages whose accounts each follow their own hours are not told apart from
// chance more often than the level says.
func TestOwnActivityIsConservative(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	accts := accounts("житель", 40)
	posts := everyday(rng, accts, 25)
	for m := range 200 {
		for _, i := range rng.Perm(len(accts))[:10] {
			p := posts[i*25+rng.IntN(25)]
			p.Text = fmt.Sprintf("одно и то же известие под номером %d для всех", m)
			posts = append(posts, p)
		}
	}
	w := waves(t, find(t, posts), coordination.WaveOptions{})
	low := 0
	for _, x := range w.Tests {
		if x.Own.P <= .05 {
			low++
		}
	}
	if len(w.Tests) != 200 || low > 16 {
		t.Errorf("%d of %d messages have p ≤ .05", low, len(w.Tests))
	}
}

// Whole minutes count as wide as they allow.
func TestMinutePrecision(t *testing.T) {
	var posts []post.Post
	rng := rand.New(rand.NewPCG(2, 2))
	accts := accounts("житель", 10)
	posts = everyday(rng, accts, 12)
	for i := range posts {
		posts[i].Time.Precision = post.Minute
		posts[i].Time.Millis -= posts[i].Time.Millis % 60000
	}
	for _, p := range burst(accts, slogan, day0.AddDate(0, 0, 10), 0) {
		p.Time.Precision = post.Minute
		posts = append(posts, p)
	}
	x := waves(t, find(t, posts), coordination.WaveOptions{}).Tests[0]
	if x.Slack != time.Minute || x.Precision() != post.Minute || x.Half != 0 || len(x.Windows) != 4 {
		t.Errorf("slack %v, half %v, %d windows", x.Slack, x.Half, len(x.Windows))
	}
	for i := range posts {
		posts[i].Time.Precision = post.Day
	}
	x = waves(t, find(t, posts), coordination.WaveOptions{}).Tests[0]
	if x.Slack != 24*time.Hour || len(x.Windows) != 2 || x.Step != coordination.Step1 || x.Stop != coordination.StopInexact {
		t.Errorf("days: slack %v, %d windows, step %s (%s)", x.Slack, len(x.Windows), x.Step, x.Stop)
	}
}

func TestFamiliesLeaveFirst(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	accts := accounts("канал", 6)
	posts := append(everyday(rng, accts, 10), burst(accts, slogan, day0.AddDate(0, 0, 9), time.Minute)...)
	r := find(t, posts)
	list, err := coordination.ReadFamilies(strings.NewReader("family,account\nОдин дом,канал0\nОдин дом,канал1\nОдин дом,канал2\n"), "f")
	if err != nil {
		t.Fatal(err)
	}
	w := waves(t, r, coordination.WaveOptions{Publishers: r.Publishers(list, nil)})
	x := w.Tests[0]
	if w.Status != coordination.WavesSetApart || x.Accounts != 6 || x.Publishers != 4 || len(x.Explained) != 1 || x.Explained[0].Kind != coordination.OnePublisher ||
		x.Step != coordination.Step1 || x.Own.Tested || !strings.Contains(x.Explained[0].Why, "“Один дом”") {
		t.Errorf("status %q, %+v", w.Status, x)
	}
}

// One account, one post, all times equal, empty texts, ten thousand copies, no
// times: a sentence, never a crash or a number that is none.
func TestWaveEdges(t *testing.T) {
	untimed := func(n int) []post.Post {
		out := burst(accounts("a", n), slogan, day0, 0)
		for i := range out {
			out[i].Time = post.Time{}
		}
		return out
	}
	for _, c := range []struct {
		name  string
		posts []post.Post
		want  coordination.WaveStatus
		step  coordination.Step
	}{
		{"nothing", nil, coordination.WavesNone, 0},
		{"one post", burst(accounts("a", 1), slogan, day0, 0), coordination.WavesNone, 0},
		{"one account", append(burst([]string{"a"}, slogan, day0, 0), burst([]string{"a"}, slogan, day0.Add(time.Hour), 0)...), coordination.WavesNone, 0},
		{"two accounts", burst(accounts("a", 2), slogan, day0, time.Minute), coordination.WavesFew, 0},
		{"empty texts", burst(accounts("a", 9), "", day0, time.Minute), coordination.WavesNone, 0},
		{"all times equal", burst(accounts("a", 9), slogan, day0, 0), coordination.WavesAtOnce, coordination.Step1},
		{"no times", untimed(9), coordination.WavesUntimed, coordination.Step0},
		{"half without a time", append(untimed(9), burst(accounts("b", 2), slogan, day0, time.Minute)...), coordination.WavesTested, coordination.Step0},
		{"ten thousand copies", burst(accounts("a", 10000), slogan, day0, time.Hour), coordination.WavesTested, coordination.Step1},
		{"ten thousand at once", burst(accounts("a", 10000), slogan, day0, 0), coordination.WavesAtOnce, coordination.Step1},
		{"sixty posts and nothing else", burst(accounts("a", 31), slogan, day0, 40*time.Minute), coordination.WavesTested, coordination.Step1},
		{"a year between", append(burst(accounts("a", 5), slogan, day0, 0), burst(accounts("b", 5), slogan, day0.AddDate(1, 0, 0), 0)...), coordination.WavesTested, coordination.Step1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := waves(t, find(t, c.posts), coordination.WaveOptions{Redraws: 3})
			if w.Status != c.want || w.Sentence() == "" {
				t.Errorf("status %q, want %q: %s", w.Status, c.want, w.Sentence())
			}
			for _, x := range w.Tests {
				if x.Step != c.step || x.Stop == "" {
					t.Errorf("step %s (%s), want %s", x.Step, x.Stop, c.step)
				}
			}
		})
	}
	r := find(t, nil)
	if _, err := r.TestWaves(context.Background(), coordination.Link, coordination.WaveOptions{}); err == nil || !strings.Contains(err.Error(), "was not analysed") {
		t.Errorf("a trace that was not analysed: %v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	r = find(t, burst(accounts("a", 9), slogan, day0, time.Minute))
	if _, err := r.TestWaves(ctx, coordination.SameText, coordination.WaveOptions{}); err == nil {
		t.Error("a run that was stopped gives a result")
	}
}

// The same posts, options and seed give the same tests on any number of
// processors.
func TestWavesAreDeterministic(t *testing.T) {
	_, r := demo(t)
	var got []*coordination.WaveTests
	for _, procs := range []int{1, 4} {
		w, err := r.TestWaves(context.Background(), coordination.SimilarText, coordination.WaveOptions{Seed: 3, Procs: procs, Redraws: 19})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, w)
	}
	if d := cmp.Diff(got[0].Tests, got[1].Tests, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("one processor and four (-1 +4):\n%s", d)
	}
}

func BenchmarkTestWaves(b *testing.B) {
	_, r := demo(b)
	n := 0
	for b.Loop() {
		w, err := r.TestWaves(context.Background(), coordination.SimilarText, coordination.WaveOptions{})
		if err != nil {
			b.Fatal(err)
		}
		n = len(w.Tests)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/message")
}
