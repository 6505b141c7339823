package report

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// every is a claim for every path through the ladder.
func every() []Claim {
	var out []Claim
	for _, n := range []int{1, 2, 3, 5, 11, 21, 1204} {
		for _, t := range append([]coordination.Trace{"column:topic"}, coordination.Traces...) {
			for s := coordination.Step0; s <= MaxWaveStep; s++ {
				for _, closer := range []int{0, 3} {
					out = append(out, Claim{Step: s, Trace: t, Accounts: n, Within: 41 * time.Minute, Precision: post.Second,
						Closer: closer, Compared: 1204, Reference: "Saryn 2030"})
				}
			}
		}
		for s := coordination.Step0; s <= coordination.Step4; s++ {
			if s < coordination.Step2 || n >= coordination.MinMembers {
				out = append(out, Claim{About: AboutGroup, Step: s, Accounts: n, Messages: max(n-1, 1), Within: time.Minute,
					Precision: post.Minute, P: .01, Calibrated: true, Settings: 16})
			}
		}
		out = append(out, Claim{About: AboutGroup, Step: coordination.Step1b, Accounts: n, Messages: 4, Followers: true})
	}
	return out
}

// No path of the ladder accuses, leaves a hole in a sentence, or is silent.
func TestLadderAccusesNobody(t *testing.T) {
	for _, lang := range LadderLanguages {
		l, err := LadderIn(lang)
		if err != nil {
			t.Fatal(err)
		}
		said := append([]string{l.Near()}, l.Cannot()...)
		for _, c := range every() {
			s, err := l.Say(c)
			if err != nil {
				t.Fatalf("%s: Say(%+v): %v", lang, c, err)
			}
			said = append(said, s)
		}
		for s := coordination.Step0; s <= coordination.Step4; s++ {
			said = append(said, l.Rung(s, AboutWave), l.Rung(s, AboutGroup))
		}
		for s := StopOneShot; s <= StopInexact; s++ {
			said = append(said, l.Stop(s))
		}
		for _, s := range said {
			if words := Accused(lang, s); len(words) > 0 {
				t.Errorf("%s: %q says %q", lang, s, words)
			}
			if strings.TrimSpace(s) == "" || strings.Contains(s, "%!") {
				t.Errorf("%s: a sentence has a hole: %q", lang, s)
			}
		}
	}
}

func TestLadderWords(t *testing.T) {
	wave := Claim{Trace: coordination.SameText, Accounts: 19, Within: 41 * time.Minute, Precision: post.Second, Closer: 3, Compared: 1204, Reference: "Saryn 2030"}
	group := Claim{About: AboutGroup, Accounts: 5, Messages: 7, Within: time.Minute, Precision: post.Second, P: .01, Calibrated: true, Settings: 16}
	at := func(c Claim, s coordination.Step) Claim { c.Step = s; return c }
	none := at(wave, coordination.Step2)
	none.Closer = 0
	minute := at(wave, coordination.Step1)
	minute.Within, minute.Precision = 0, post.Minute
	one := Claim{Trace: coordination.Repost, Accounts: 1}
	followers := at(group, coordination.Step1b)
	followers.Followers = true
	for _, c := range []struct {
		lang  string
		claim Claim
		want  string
	}{
		{"en", wave, "The same text was published by 19 accounts."},
		{"en", one, "The same post was republished by 1 account."},
		{"en", at(wave, coordination.Step1), "The same text was published by 19 accounts within 41 min of each other."},
		{"en", minute, "The same text was published by 19 accounts within 60 s of each other."},
		{"en", at(wave, coordination.Step1b), "The same text was published by 19 accounts within 41 min of each other; not independent of each other, as any popular message is."},
		{"en", at(wave, coordination.Step2), "The same text was published by 19 accounts within 41 min of each other; closer together than all but 3 of the 1,204 comparable messages in “Saryn 2030”."},
		{"en", none, "The same text was published by 19 accounts within 41 min of each other; closer together than all of the 1,204 comparable messages in “Saryn 2030”."},
		{"en", at(group, coordination.Step0), "5 accounts published 7 messages in common."},
		{"en", followers, "5 accounts published 7 messages in common within 60 s of each other; fast followers of the same source."},
		{"en", at(group, coordination.Step2), "5 accounts published 7 messages in common within 60 s of each other; they coincide more often than this group's habits explain (weak)."},
		{"en", at(group, coordination.Step3), "5 accounts published 7 messages in common within 60 s of each other; unlikely by chance given the objects' popularity and each account's hours and reaction times (family-wise p < .05, 5 accounts, 7 objects)."},
		{"en", at(group, coordination.Step4), "5 accounts published 7 messages in common within 60 s of each other; unlikely by chance given the objects' popularity and each account's hours and reaction times (family-wise p < .05, 5 accounts, 7 objects), and stable over the grid of 16 settings."},
		{"fr", at(wave, coordination.Step2), "Le même texte a été publié par 19 comptes à moins de 41 min d’intervalle ; plus rapprochés que tous, sauf 3, des 1\u202f204 messages comparables de « Saryn 2030 »."},
		{"es", at(wave, coordination.Step1), "El mismo texto fue publicado por 19 cuentas con menos de 41 min de diferencia."},
		{"ru", one, "Репост одной и той же записи сделан в 1 аккаунте."},
		{"ru", at(wave, coordination.Step1b), "Один и тот же текст опубликован в 19 аккаунтах с разницей не более 41 мин; не независимо друг от друга, как и любое популярное сообщение."},
		{"ru", at(group, coordination.Step3), "В 5 аккаунтах опубликовано 7 общих сообщений с разницей не более 60 с; случайное совпадение маловероятно с учётом популярности объектов, часов активности и времени реакции каждого аккаунта (совокупное p < 0,05, 5 аккаунтов, 7 объектов)."},
		{"kk", at(wave, coordination.Step1), "Бір мәтінді 19 аккаунт жариялады, арасы 41 мин аспайды."},
	} {
		l, err := LadderIn(c.lang)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := l.Say(c.claim); err != nil || got != c.want {
			t.Errorf("Say(%+v) =\n %s, %v\nwant\n %s", c.claim, got, err, c.want)
		}
	}
}

// A step whose numbers are missing cannot be said.
func TestLadderNeedsItsNumbers(t *testing.T) {
	l, _ := LadderIn("en")
	wave := Claim{Step: coordination.Step2, Trace: coordination.Link, Accounts: 8, Closer: 0, Compared: 100, Reference: "x"}
	group := Claim{About: AboutGroup, Step: coordination.Step4, Accounts: 3, Messages: 3, P: .01, Calibrated: true, Settings: 4}
	for _, c := range []Claim{wave, group} {
		if _, err := l.Say(c); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		change func(w, g *Claim) *Claim
		want   string
	}{
		{func(w, g *Claim) *Claim { w.Step = coordination.Step3; return w }, "a wave stops at step 2"},
		{func(w, g *Claim) *Claim { w.Step = coordination.Step4; w.P = 1e-30; return w }, "a wave stops at step 2"},
		{func(w, g *Claim) *Claim { w.Compared = 99; return w }, "at least 100"},
		{func(w, g *Claim) *Claim { w.Reference = ""; return w }, "no named reference"},
		{func(w, g *Claim) *Claim { w.Closer = 100; return w }, "rank outside"},
		{func(w, g *Claim) *Claim { w.Accounts = 0; return w }, "no account"},
		{func(w, g *Claim) *Claim { w.Within = -1; return w }, "times are not known"},
		{func(w, g *Claim) *Claim { g.P = .05; return g }, "not below"},
		{func(w, g *Claim) *Claim { g.P = math.NaN(); return g }, "not below"},
		{func(w, g *Claim) *Claim { g.P = 0; return g }, "not below"},
		{func(w, g *Claim) *Claim { g.Calibrated = false; return g }, "not calibrated"},
		{func(w, g *Claim) *Claim { g.Accounts = 2; return g }, "at least 3"},
		{func(w, g *Claim) *Claim { g.Followers = true; return g }, "stop at step 1b"},
		{func(w, g *Claim) *Claim { g.Settings = 1; return g }, "grid"},
		{func(w, g *Claim) *Claim { g.Messages = 0; return g }, "no message"},
		{func(w, g *Claim) *Claim { g.Step = 9; return g }, "no such step"},
	} {
		w, g := wave, group
		claim := c.change(&w, &g)
		if s, err := l.Say(*claim); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Say(%+v) = %q, %v; want an error with %q", *claim, s, err, c.want)
		}
	}
	if _, err := LadderIn("xx"); err == nil || !strings.Contains(err.Error(), "known: en, fr") {
		t.Errorf("LadderIn(xx): %v", err)
	}
}

func TestAccused(t *testing.T) {
	for _, c := range []struct {
		lang, text string
		want       []string
	}{
		{"en", "Bots, trolls and fake accounts, PAID for it.", []string{"Bots", "trolls", "fake accounts", "PAID"}},
		{"en", "both bottle paidagogy fakery", nil},
		{"ru", "Фейковые аккаунты, боты и тролли; заказная, проплаченная кампания", []string{"Фейковые аккаунты", "боты", "тролли", "заказная", "проплаченная"}},
		{"ru", "работа ботаника, плата", nil},
		{"fr", "De faux comptes et des robots", []string{"faux comptes", "robots"}},
		{"es", "cuentas falsas y troles pagados", []string{"cuentas falsas", "troles", "pagados"}},
		{"kk", "жалған аккаунттар", []string{"жалған аккаунттар"}},
		{"xx", "a bot", []string{"bot"}},
		{"en", "", nil},
	} {
		if got := Accused(c.lang, c.text); !slices.Equal(got, c.want) {
			t.Errorf("Accused(%s, %q) = %q, want %q", c.lang, c.text, got, c.want)
		}
	}
}

// The words for a span never promise more than the times say.
func TestLadderSpan(t *testing.T) {
	l, _ := LadderIn("en")
	for _, c := range []struct {
		d    time.Duration
		p    post.Precision
		want string
	}{
		{0, post.Second, "0 s"}, {1500 * time.Millisecond, post.Millisecond, "2 s"}, {119 * time.Second, post.Second, "119 s"},
		{2 * time.Minute, post.Second, "2 min"}, {121 * time.Second, post.Second, "3 min"}, {time.Minute, post.Minute, "2 min"},
		{3 * time.Hour, post.Second, "3.0 h"}, {0, post.Day, "24.0 h"}, {49 * time.Hour, post.Second, "2.1 days"},
	} {
		if got := l.Span(c.d, c.p); got != c.want {
			t.Errorf("Span(%v, %v) = %q, want %q", c.d, c.p, got, c.want)
		}
	}
	if got, want := l.w.number(1204), "1,204"; got != want {
		t.Errorf("number = %s, want %s", got, want)
	}
}
