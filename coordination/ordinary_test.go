package coordination_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
)

// The petition of the demonstration is openly organised; nothing of the
// campaign is explained away.
func TestDemoOrdinary(t *testing.T) {
	for seed := range uint64(2) {
		d := synth.NewDemo(seed)
		r := find(t, d.Posts, coordination.SimilarText, coordination.SameText, coordination.Link)
		for _, trace := range r.Options.Traces {
			w, err := r.TestWaves(t.Context(), trace, coordination.WaveOptions{Publishers: r.Publishers(nil, r.SuggestFamilies())})
			if err != nil {
				t.Fatal(err)
			}
			petitions, campaign := 0, 0
			for _, x := range w.Tests {
				in := 0
				for _, a := range x.Members {
					if slices.Contains(d.Campaign, r.Account(a).ID) {
						in++
					}
				}
				switch {
				case len(x.Explained) == 0:
					if in > 3 {
						campaign++
					}
				case x.Explained[0].Kind == coordination.OpenlyOrganised && x.Accounts == len(d.Petition):
					petitions++
				default:
					t.Errorf("seed %d, %s: %q is explained by %+v", seed, trace, x.Name, x.Explained)
				}
			}
			if petitions != 1 || campaign < 8 && trace != coordination.SameText {
				t.Errorf("seed %d, %s: %d petitions, %d campaign messages; want 1 and at least 8", seed, trace, petitions, campaign)
			}
		}
	}
}

func TestOrdinaryRules(t *testing.T) {
	facts, err := coordination.ReadDescriptions(strings.NewReader("account,attribute,according_to\na0,outlet,register\na1,outlet,register\na2,outlet,register\n"), "f")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		rule string // "" for none
		n    int    // accounts
	}{
		{"АЛМАТЫ, 3 мая (Reuters) - Погода в городе испортилась к вечеру понедельника", "agency-mark", 5},
		{"ТАСС: погода в городе испортилась к вечеру понедельника", "agency-mark", 5},
		{"Погода в городе испортилась к вечеру понедельника /Казинформ/ https://x.example/1", "agency-mark", 5},
		{"Погода портится, пишет Reuters, и это надолго, говорят жители города", "", 5},
		{"ТАССовский корреспондент опять приехал в наш город без предупреждения", "", 5},
		{"Погода в городе испортилась к вечеру понедельника, и надолго", "carried-by-outlets", 5},
		{"Новый мост через реку открыли в субботу https://gorod.example/news/novyy-most-cherez-reku-otkryli-v-subbotu", "title-and-link", 6},
		{"New bridge over the river opens on Saturday https://town.example/2031/new-bridge-over-the-river-opens-on-saturday.html", "title-and-link", 6},
		{"Новый мост через реку открыли в субботу https://gorod.example/news/12345", "", 6},
		{"Кому выгодно, что мост строят чужие, а не свои, подумайте об этом https://gorod.example/chuzhie-most-stroyat", "", 6},
		{"Читайте новое расписание автобусов. Отправлено через приложение", "share-mark", 6},
		{"Важно для всех https://www.change.org/p/safe-crossing?utm_source=x спасибо вам большое", "petition-link", 6},
		{"Важно для всех https://exchange.org/p/safe-crossing спасибо вам большое друзья", "", 6},
		{"Please sign the petition for a safe crossing near the school", "petition-text", 6},
		{"Қауіпсіз жол үшін петицияға қол қойыңыздар, достар, бөлісіңіздер", "petition-text", 6},
		{"J’ai signé l'appel pour un passage piéton près de l'école", "petition-text", 6},
		{"Мы бастуем с понедельника, приходите на площадь к десяти утра", "union-or-strike", 6},
		{"Сегодня вечером на площади #солидарностьсучителями, приходите все", "solidarity-day", 6},
	} {
		posts := burst(accounts("a", c.n), c.text, day0, time.Hour)
		posts = append(posts, by("z", "запись о чём-то другом, совсем не о том", day0.AddDate(0, 0, 3)))
		r := find(t, posts)
		w := waves(t, r, coordination.WaveOptions{Described: r.Describe(facts)})
		var got []string
		for _, e := range w.Tests[0].Explained {
			got = append(got, e.Rule)
			if e.Why == "" || e.Posts < 1 || e.Posts > e.Of {
				t.Errorf("%q: an explanation without its ground: %+v", c.text, e)
			}
		}
		// Three of five are outlets: carried-by-outlets speaks too.
		if c.n == 5 && c.rule != "carried-by-outlets" {
			got = slices.DeleteFunc(got, func(s string) bool { return s == "carried-by-outlets" })
		}
		if want := strings.Fields(c.rule); !slices.Equal(got, want) {
			t.Errorf("%q is explained by %q, want %q", c.text, got, want)
		}
	}
}

func TestReadRules(t *testing.T) {
	const in = "rule,kind,what,value\n" +
		"yellow-ribbon,openly-organised,hashtag,#ЖёлтаяЛента\n" +
		"yellow-ribbon,openly-organised,link,ribbon.example/join\n" +
		"horoscope,ordinary,phrase,\"гороскоп (на) завтра|.*\"\n" +
		"press office,wire-copy,account,@press\n" +
		"petition-text,off,,\n"
	rules, err := coordination.ReadRules(strings.NewReader(in), "rules.csv")
	if err != nil {
		t.Fatal(err)
	}
	if d := rules.Off(); !slices.Equal(d, []string{"petition-text"}) {
		t.Errorf("switched off: %q", d)
	}
	for _, c := range []struct{ text, rule string }{
		{"Приходите на площадь в субботу, будет музыка #желтаялента", "yellow-ribbon"},
		{"Приходите на площадь в субботу, будет музыка https://www.ribbon.example/join?utm_source=x", "yellow-ribbon"},
		{"Приходите на площадь в субботу, будет музыка https://ribbon.example/joinery", ""},
		{"Это ваш гороскоп (на) завтра .* как обещали на прошлой неделе", "horoscope"},
		{"Это ваш гороскоп на завтра как обещали на прошлой неделе", ""},
		{"Please sign the petition for a safe crossing near the school", ""},
	} {
		w := waves(t, find(t, burst(accounts("a", 5), c.text, day0, time.Hour)), coordination.WaveOptions{Rules: rules})
		got := ""
		if e := w.Tests[0].Explained; len(e) > 0 {
			got = e[0].Rule
		}
		if got != c.rule {
			t.Errorf("%q is explained by %q, want %q", c.text, got, c.rule)
		}
	}
	head := "rule,kind,what,value\n"
	for _, c := range []struct{ in, want string }{
		{head + "x,y,phrase,z\n", `rules.csv: line 2: there is no kind "y"`},
		{head + "x,ordinary,colour,z\n", `line 2: "colour" is not known`},
		{head + "x,ordinary,phrase,\n", "line 2: no value"},
		{head + "x,off,,\n", `line 2: there is no rule "x" to switch off; known: agency-mark`},
		{head + "petition-text,ordinary,phrase,z\n", `line 2: "petition-text" is a built-in rule`},
		{head + "x,ordinary,phrase,z\nx,wire-copy,phrase,z\n", `line 3: the rule "x" is of the kind "ordinary" in line 2`},
		{head + "x,ordinary,link,???\n", `is no site`},
	} {
		if _, err := coordination.ReadRules(strings.NewReader(c.in), "rules.csv"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ReadRules(%q) = %v, want an error with %q", c.in, err, c.want)
		}
	}
}

func FuzzReadRules(f *testing.F) {
	f.Add("rule,kind,what,value\nr,openly-organised,phrase,sign (here) | a~*\nr,openly-organised,link,x.example/a\npetition-text,off,,\n")
	f.Fuzz(func(t *testing.T, s string) {
		rules, err := coordination.ReadRules(strings.NewReader(s), "f")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f: ") {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		posts := burst(accounts("a", 5), fmt.Sprintf("%.200s что-то ещё и ещё", s), day0, time.Hour)
		waves(t, find(t, posts), coordination.WaveOptions{Rules: rules})
	})
}
