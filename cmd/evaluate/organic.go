package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/arasha-org/arasha/coordination"
)

// organic simulates communities that are no campaign, with and without one
// beside or inside them, and counts who is called what.
func organic() chapter {
	type design struct {
		c      community
		plants string // "", "beside", "inside", "after the source"
	}
	slow, quick := 1200.0, 300.0
	cells := []cell{
		{"shared taste, median 20 min", design{community{median: slow}, "beside"}},
		{"shared taste, median 5 min", design{community{median: quick}, "beside"}},
		{"one time zone", design{community{median: slow, zones: true}, "beside"}},
		{"shared reading hours", design{community{median: slow, hours: true}, "beside"}},
		{"fast followers", design{community{median: slow, fast: true}, "beside"}},
		{"fast followers, one time zone", design{community{median: slow, fast: true, zones: true}, "beside"}},
		{"fast followers, one time zone, no campaign", design{community{median: slow, fast: true, zones: true}, ""}},
		{"quick, shared hours, fast followers, no campaign", design{community{median: quick, fast: true, hours: true}, ""}},
		{"one time zone, campaign of members", design{community{median: slow, zones: true}, "inside"}},
		{"fast followers, campaign right after the source", design{community{median: slow, fast: true}, "after the source"}},
	}
	const k, times = 15, 5
	return chapter{
		name: "organic", version: coordination.TestVersion, cells: cells,
		run: func(ctx context.Context, e *env, c cell, seed uint64) (values, error) {
			d := c.arg.(design)
			real, err := e.background("russian reposts")
			if err != nil {
				return nil, err
			}
			s := relabelled(real, rand.New(rand.NewPCG(seed, 0x0A6A)))
			first := s.accounts()
			_, _, n := s.span()
			s.join(d.c, first, first)
			p := plant{first: first + communitySize, accounts: k, objects: 2 * times, limit: uint32(len(n)), spread: 60}
			switch d.plants {
			case "inside":
				p.first = first
			case "after the source":
				p.atStart = true
			case "":
				p.accounts = 0
			}
			s.plant(p)
			ev, err := s.events()
			if err != nil {
				return nil, err
			}
			g, err := coordination.TestGroups(ctx, ev, coordination.TestOptions{Seed: seed, Procs: 1})
			if err != nil {
				return nil, err
			}
			isPlant := func(a uint32) bool { return a >= p.first && a < p.first+p.accounts }
			count := func(m map[uint32]bool) (plants, organic, others float64) {
				for a := range m {
					switch {
					case isPlant(a):
						plants++
					case a >= first:
						organic++
					default:
						others++
					}
				}
				return
			}
			f := flagged(g)
			v := values{}
			var pl float64
			pl, v["organic strong"], v["others strong"] = count(f.strong)
			v["plants strong"] = pl / k
			pl, v["organic any"], v["others any"] = count(f.passing)
			v["plants any"] = pl / k
			_, v["organic by p"], v["others by p"] = count(f.byP)
			v["followers"] = float64(len(g.Followers))
			return v, nil
		},
		table: func(r rows) string {
			var body [][]string
			for _, c := range cells {
				s := r.of(c)
				recall, strong := "–", "–"
				if c.arg.(design).plants != "" {
					recall, strong = s.mean("plants any"), s.mean("plants strong")
				}
				body = append(body, []string{c.name, fmt.Sprint(len(s)), s.share("organic strong"), s.share("organic any"), s.share("organic by p"),
					s.share("others strong"), s.share("others any"), strong, recall})
			}
			return table([]string{"structure", "seeds", "runs: members strong", "members strong or weak", "members by p alone",
				"background accounts strong", "background strong or weak", "campaign recall, strong", "strong or weak"}, body)
		},
	}
}
