package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/coordination"
)

// ira compares accounts of the Internet Research Agency with Telegram news
// channels, by the same text within a minute. Topic, year and platform differ,
// so the figures flatter.
func ira() chapter {
	cells := []cell{
		{"ira_ru_nov15, everything", false},
		{"ira_ru_nov15, originals only", true},
	}
	return chapter{
		name: "ira", version: coordination.TestVersion, once: true, cells: cells,
		run: func(ctx context.Context, e *env, c cell, seed uint64) (values, error) {
			v := values{}
			var scores [2][]labelled // coincidences; the group test's T
			for _, side := range []struct {
				file     string
				columns  map[string]string
				positive bool
			}{
				{"ira_ru_nov15.csv.gz", nil, true},
				{"telegram_ru_news.csv.gz", map[string]string{"account": "account_id", "id": "message_id", "time": "timestamp", "text": "text"}, false},
			} {
				posts, err := e.read(side.file, collect.Options{Columns: side.columns})
				if err != nil {
					return nil, err
				}
				r, err := coordination.Find(posts, coordination.Options{Traces: []coordination.Trace{coordination.SameText},
					Windows: []time.Duration{time.Minute}, Originals: c.arg.(bool)})
				if err != nil {
					return nil, err
				}
				ev, err := r.Events(coordination.SameText, time.Minute)
				if err != nil {
					return nil, err
				}
				g, err := coordination.TestGroups(ctx, ev, coordination.TestOptions{Seed: seed})
				if err != nil {
					return nil, err
				}
				name := "tg "
				if side.positive {
					name = "ira "
				}
				meets := coincidences(ev, time.Minute)
				t := map[uint32]float64{}
				for _, x := range g.Groups {
					for _, a := range x.Accounts {
						t[a] = max(t[a], x.T)
					}
					if x.Verdict != coordination.NotPassing {
						v[name+string(x.Verdict)]++
						v[name+string(x.Verdict)+" accounts"] += float64(len(x.Accounts))
					}
				}
				v[name+"accounts"] = float64(r.Accounts)
				v[name+"activity pairs"] = float64(len(g.Activity))
				v[name+"no background"] = one(g.Status == coordination.NoneBackdrop)
				for a := range uint32(r.Accounts) {
					scores[0] = append(scores[0], labelled{meets[a], side.positive})
					scores[1] = append(scores[1], labelled{t[a], side.positive})
				}
			}
			v["coincidences AUC"], v["coincidences AP"] = ranked(scores[0])
			v["T AUC"], v["T AP"] = ranked(scores[1])
			return v, nil
		},
		table: func(r rows) string {
			var body [][]string
			for _, c := range cells {
				s := r.of(c)
				if len(s) == 0 {
					body = append(body, []string{c.name, "–", "–", "–", "–", "–"})
					continue
				}
				v := s[0]
				body = append(body, []string{c.name, fmt.Sprintf("%.0f / %.0f", v["ira accounts"], v["tg accounts"]),
					fmt.Sprintf("%.3f, %.3f", v["coincidences AUC"], v["coincidences AP"]), fmt.Sprintf("%.3f, %.3f", v["T AUC"], v["T AP"]),
					fmt.Sprintf("%.0f (%.0f) / %.0f (%.0f)", v["ira strong"], v["ira strong accounts"], v["ira weak"], v["ira weak accounts"]),
					fmt.Sprintf("%.0f / %.0f", v["ira activity pairs"], v["tg activity pairs"])})
			}
			return table([]string{"posts", "accounts IRA / Telegram", "number of coincidences: AUC, average precision", "T of the group: AUC, AP",
				"IRA groups strong / weak (accounts)", "N1 pairs IRA / Telegram"}, body)
		},
	}
}

// coincidences counts, for each account, the objects on which it coincides
// with another.
func coincidences(e *coordination.Events, w time.Duration) map[uint32]float64 {
	out := map[uint32]float64{}
	var object uint32
	var accts []uint32
	var times []int64
	flush := func() {
		for i := range accts {
			if i > 0 && times[i]-times[i-1] <= w.Milliseconds() || i+1 < len(accts) && times[i+1]-times[i] <= w.Milliseconds() {
				out[accts[i]]++
			}
		}
		accts, times = accts[:0], times[:0]
	}
	e.Each(func(a, o, _ uint32, at int64) {
		if o != object {
			flush()
			object = o
		}
		accts, times = append(accts, a), append(times, at)
	})
	flush()
	return out
}

// A labelled is a score and whether it is of the kind sought.
type labelled struct {
	score float64
	yes   bool
}

// ranked returns the area under the ROC curve, ties counted half, and the
// average precision, ties counted by their mean order.
func ranked(list []labelled) (auc, ap float64) {
	slices.SortFunc(list, func(a, b labelled) int { return cmp.Compare(b.score, a.score) })
	var yes, no, sum float64
	for _, l := range list {
		if l.yes {
			yes++
		} else {
			no++
		}
	}
	if yes == 0 || no == 0 {
		return 0, 0
	}
	tp, fp := 0.0, 0.0
	for i := 0; i < len(list); {
		j := i
		y, n := 0.0, 0.0
		for ; j < len(list) && list[j].score == list[i].score; j++ {
			if list[j].yes {
				y++
			} else {
				n++
			}
		}
		sum += y * (no - fp - n/2)
		tp, fp = tp+y, fp+n
		ap += y / yes * tp / (tp + fp)
		i = j
	}
	return sum / yes / no, ap
}
