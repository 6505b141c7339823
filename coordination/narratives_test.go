package coordination_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
	"github.com/arasha-org/arasha/post"
)

// said are posts an hour apart, each by an account of its own.
func said(texts ...string) []post.Post {
	at := time.Date(2031, 4, 20, 8, 0, 0, 0, time.UTC)
	var out []post.Post
	for i, text := range texts {
		out = append(out, post.Post{ID: fmt.Sprint(i), Platform: "vk", Account: post.Account{ID: fmt.Sprint("u", i)}, Text: text,
			Time: post.At(at.Add(time.Duration(i)*time.Hour), post.Second, post.Unix)})
	}
	return out
}

func narratives(t *testing.T, posts []post.Post, o coordination.NarrativeOptions) (*coordination.Result, *coordination.Narratives) {
	t.Helper()
	r, err := coordination.Find(posts, coordination.Options{Traces: []coordination.Trace{coordination.Link}})
	if err != nil {
		t.Fatal(err)
	}
	n, err := r.Narratives(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r, n
}

// Two claims, each in other words, in two alphabets and in edited copies, and
// texts about nothing of the kind.
var claims = []string{
	"Иностранные гранты оплачивают митинги правозащитников «Қанат» в Сарытау",
	"Правозащитники «Қанат» живут на иностранные гранты и собирают митинги",
	"Pravozashchitniki Qanat sobirayut mitingi na inostrannye granty, eto vse vidyat",
	"За митингами стоят иностранные гранты, которые получают правозащитники",
	"Қаланың мұғалімдері жалақы көтеруді сұрап әкімдікке хат жазды",
	"Мұғалімдер жалақыны көтеру туралы қала әкімдігіне хат жолдады",
	"Qala äkimdigine mūğalimder jalaqy köteru turaly hat jazdy deidi",
	"Вчера гуляли с детьми по набережной и ели мороженое до вечера",
	"The bakery round the corner changed owners and the bread is better",
}

func TestNarratives(t *testing.T) {
	_, n := narratives(t, said(claims...), coordination.NarrativeOptions{})
	var got [][]uint32
	for _, x := range n.List {
		got = append(got, x.Posts)
	}
	if d := cmp.Diff([][]uint32{{0, 1, 2, 3}, {4, 5, 6}}, got); d != "" {
		t.Fatalf("narratives (-want +got):\n%s", d)
	}
	x := n.List[0]
	if x.Number != 1 || x.Accounts != 4 || x.Texts != 4 || x.First != 0 || x.Last != 3 || len(x.Days) != 1 || x.Days[0].Posts != 4 {
		t.Errorf("first narrative: %+v", x)
	}
	if d := cmp.Diff([]coordination.LanguageCount{{Tag: "ru", Posts: 3}, {Tag: "ru-Latn", Posts: 1}}, x.Languages); d != "" {
		t.Errorf("languages (-want +got):\n%s", d)
	}
	all := strings.ToLower(strings.Join(claims, " "))
	for _, w := range x.Terms {
		if !strings.Contains(all, w) {
			t.Errorf("%q is no word of the texts", w)
		}
	}
	if !slices.Contains(x.Terms, "гранты") {
		t.Errorf("terms %v, want гранты among them", x.Terms)
	}
	if n.Texts != len(claims) || n.Alone != 2 {
		t.Errorf("%d texts, %d alone; want %d and 2", n.Texts, n.Alone, len(claims))
	}
}

func TestNarrativesWindow(t *testing.T) {
	posts := said(claims[:4]...)
	for i := range posts {
		posts[i].Time.Millis += int64(i) * 49 * 3600_000
	}
	if _, n := narratives(t, posts, coordination.NarrativeOptions{}); len(n.List) != 0 {
		t.Errorf("texts more than two days apart met: %+v", n.List)
	}
	if _, n := narratives(t, posts, coordination.NarrativeOptions{Window: coordination.Unbounded}); len(n.List) != 1 {
		t.Errorf("without a window: %d narratives, want 1", len(n.List))
	}
	// The same text after a month belongs to what it belonged to.
	posts = said(claims[:4]...)
	again := posts[1]
	again.ID, again.Time.Millis = "again", again.Time.Millis+30*24*3600_000
	if _, n := narratives(t, append(posts, again), coordination.NarrativeOptions{}); len(n.List) != 1 || len(n.List[0].Posts) != 5 || n.List[0].Texts != 4 || len(n.List[0].Days) != 2 {
		t.Errorf("a text that comes again: %+v", n.List)
	}
}

func TestNarrativesStopWords(t *testing.T) {
	_, n := narratives(t, said(claims...), coordination.NarrativeOptions{StopWords: []string{"грант", "иностранный", "митинг", "правозащитники", "Қанат", "собирать"}})
	for _, x := range n.List {
		if slices.Contains(x.Posts, 0) {
			t.Errorf("the words of the first claim say nothing here, yet: %+v", x)
		}
	}
}

// Copies of a sentence are alike in letter; they are counted, and listed
// elsewhere.
func TestNarrativesOneText(t *testing.T) {
	var texts []string
	for i := range 12 {
		texts = append(texts, fmt.Sprintf("Пусть наконец покажут отчёты о деньгах за последние годы слово%d", i))
	}
	_, n := narratives(t, said(texts...), coordination.NarrativeOptions{})
	if len(n.List) != 0 || n.OneText != 1 {
		t.Errorf("%d narratives, %d of one text; want 0 and 1", len(n.List), n.OneText)
	}
}

func TestNarrativesEdges(t *testing.T) {
	same := make([]string, 10_000)
	for i := range same {
		same[i] = claims[0] + strings.Repeat("!", i%7)
	}
	untimed := said(claims...)
	for i := range untimed {
		untimed[i].Time = post.Time{}
	}
	for _, c := range []struct {
		name    string
		posts   []post.Post
		texts   int
		untimed int
	}{
		{"no post", nil, 0, 0},
		{"one", said(claims[0]), 1, 0},
		{"empty", said("", "", "  "), 0, 0},
		{"no words", said("🔥🔥", "http://t.co/a", "!!!"), 0, 0},
		{"ten thousand copies", said(same...), 1, 0},
		{"without times", untimed, len(claims), len(claims)},
		{"other scripts", said("これは長い文章です これは 二つ 三つ 四つ 五つ 六つ", "مرحبا بكم في هذا المكان الجميل جدا", "a b c d e f g", "1 2 3 4 5 6 7"), 4, 0},
		{"bad bytes", said("\xff\xfe один два три четыре пять шесть", "\xff один два три четыре пять шесть"), 1, 0},
	} {
		_, n := narratives(t, c.posts, coordination.NarrativeOptions{})
		if len(n.List) != 0 || n.Texts != c.texts || n.Untimed != c.untimed {
			t.Errorf("%s: %d narratives, %d texts, %d untimed; want 0, %d, %d", c.name, len(n.List), n.Texts, n.Untimed, c.texts, c.untimed)
		}
	}
}

func TestNarrativesDeterministic(t *testing.T) {
	posts := large(3000, 0)
	_, a := narratives(t, posts, coordination.NarrativeOptions{Procs: 1})
	_, b := narratives(t, posts, coordination.NarrativeOptions{Procs: 2})
	if d := cmp.Diff(a.List, b.List); d != "" {
		t.Errorf("one and two goroutines differ:\n%s", d)
	}
	for _, x := range a.List {
		for _, e := range x.Examples {
			if math.IsNaN(e.Cosine) || e.Cosine < 0 || e.Cosine > 1 {
				t.Errorf("cosine %v", e.Cosine)
			}
		}
	}
}

func TestNarrativesRefuse(t *testing.T) {
	r, err := coordination.Find(said(claims...), coordination.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []coordination.NarrativeOptions{{MinCosine: 1.1}, {MinCosine: math.NaN()}, {Resolution: -1}, {Window: -5}, {Neighbours: -1}, {Neighbours: 5000}, {Terms: -3}} {
		if _, err := r.Narratives(context.Background(), o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.Narratives(ctx, coordination.NarrativeOptions{}); err == nil {
		t.Error("a cancelled analysis went on")
	}
}

// The demonstration plants two claims in other words and two alphabets; they
// stand before the talk of every day.
func TestNarrativesOfTheDemonstration(t *testing.T) {
	_, n := narratives(t, synth.NewDemo(1).Posts, coordination.NarrativeOptions{})
	for i, want := range []map[string]int{{"ru": 6, "ru-Latn": 2}, {"kk": 4, "kk-Latn": 3}} {
		got := map[string]int{}
		for _, l := range n.List[i].Languages {
			got[l.Tag] = l.Posts
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("narrative %d, %v (-want +got):\n%s", i+1, n.List[i].Terms, d)
		}
		if n.List[i].Focus < .5 || n.List[i].Focus > 1 {
			t.Errorf("narrative %d has the focus %v", i+1, n.List[i].Focus)
		}
	}
}
