package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/arasha-org/arasha/coordination"
)

// planted puts campaigns into relabelled real reposts and counts how much of
// them the group test finds. K accounts join each of 2S messages with
// probability ½, all within the spread of one random moment.
func planted() chapter {
	type design struct {
		accounts uint32
		times    int
		spread   time.Duration
		o        coordination.TestOptions
		proto    string // recall of the prototype
	}
	var cells []cell
	add := func(name string, d design) { cells = append(cells, cell{name, d}) }
	prototype := map[string]string{"5,5,plain": "1.00", "8,3,plain": ".77", "8,5,plain": ".97", "8,8,plain": "1.00", "15,3,plain": ".85", "15,5,plain": ".98",
		"30,3,plain": ".86", "30,5,plain": "1.00", "5,3,plain": ".50", "8,1,plain": "0", "15,1,plain": ".14",
		"5,5,profiles": ".67", "8,3,profiles": ".83", "8,5,profiles": ".96", "15,3,profiles": ".98", "30,3,profiles": ".89", "30,5,profiles": ".99"}
	for _, kind := range []string{"profiles", "plain"} {
		for _, k := range []uint32{5, 8, 15, 30, 60} {
			for _, s := range []int{1, 3, 5, 8} {
				name := fmt.Sprintf("%d,%d,%s", k, s, kind)
				add(name, design{k, s, time.Minute, coordination.TestOptions{Plain: kind == "plain"}, prototype[name]})
			}
		}
	}
	for _, x := range []struct{ spread, window time.Duration }{{10 * time.Minute, time.Minute}, {10 * time.Minute, 10 * time.Minute},
		{time.Minute, time.Hour}, {time.Hour, time.Hour}} {
		add(fmt.Sprintf("15,5,profiles,spread %s,window %s", coordination.WindowName(x.spread), coordination.WindowName(x.window)),
			design{15, 5, x.spread, coordination.TestOptions{Window: x.window}, ""})
	}
	return chapter{
		name: "planted", version: coordination.TestVersion, cells: cells,
		run: func(ctx context.Context, e *env, c cell, seed uint64) (values, error) {
			d := c.arg.(design)
			real, err := e.background("russian reposts")
			if err != nil {
				return nil, err
			}
			s := relabelled(real, rand.New(rand.NewPCG(seed, 0x1A47)))
			first := s.accounts()
			s.plant(plant{first: first, accounts: d.accounts, objects: 2 * d.times, spread: d.spread.Seconds()})
			ev, err := s.events()
			if err != nil {
				return nil, err
			}
			o := d.o
			o.Seed, o.Procs = seed, 1
			g, err := coordination.TestGroups(ctx, ev, o)
			if err != nil {
				return nil, err
			}
			f := flagged(g)
			of := func(m map[uint32]bool) (yes, no float64) {
				for a := range m {
					if a >= first {
						yes++
					} else {
						no++
					}
				}
				return yes / float64(d.accounts), no
			}
			v := values{}
			v["recall"], v["others"] = of(f.passing)
			v["strong"], v["others strong"] = of(f.strong)
			v["by p"], v["others by p"] = of(f.byP)
			v["edges"], v["false edges"] = edges(g, func(a uint32) bool { return a >= first })
			return v, nil
		},
		table: func(r rows) string {
			var body [][]string
			for _, c := range cells {
				s := r.of(c)
				d := c.arg.(design)
				body = append(body, []string{c.name, fmt.Sprint(len(s)), s.mean("recall"), or(d.proto), s.mean("strong"), s.mean("by p"),
					precision(s, float64(d.accounts)), rate(s, "false edges", "edges")})
			}
			return table([]string{"K, S, null", "seeds", "recall, strong or weak", "prototype", "recall, strong", "recall by p alone", "precision", "false edges"}, body)
		},
	}
}

func or(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// A flags is the accounts a test names.
type flags struct {
	strong, passing map[uint32]bool // passing: strong or weak
	byP             map[uint32]bool // in a component with p ≤ .05, whatever its size and effect
}

func flagged(g *coordination.GroupTest) flags {
	f := flags{map[uint32]bool{}, map[uint32]bool{}, map[uint32]bool{}}
	for _, c := range g.Groups {
		for _, a := range c.Accounts {
			if c.Verdict == coordination.Strong {
				f.strong[a] = true
			}
			if c.Verdict != coordination.NotPassing {
				f.passing[a] = true
			}
			if c.P <= coordination.TestLevel {
				f.byP[a] = true
			}
		}
	}
	return f
}

// edges counts the edges of passing groups, and those not between two planted
// accounts.
func edges(g *coordination.GroupTest, planted func(uint32) bool) (all, wrong float64) {
	seen := map[[2]uint32]bool{}
	for _, c := range g.Groups {
		for _, e := range c.Edges {
			if k := [2]uint32{e.A, e.B}; c.Verdict != coordination.NotPassing && !seen[k] {
				seen[k] = true
				all++
				if !planted(e.A) || !planted(e.B) {
					wrong++
				}
			}
		}
	}
	return all, wrong
}

// precision is the share of planted accounts among those named, over all runs.
func precision(s series, accounts float64) string {
	yes, no := 0.0, 0.0
	for _, v := range s {
		yes += v["recall"] * accounts
		no += v["others"]
	}
	if yes+no == 0 {
		return "–"
	}
	return fmt.Sprintf("%.3f", yes/(yes+no))
}

// rate is a sum as a share of another, over all runs.
func rate(s series, part, whole string) string {
	p, w := 0.0, 0.0
	for _, v := range s {
		p += v[part]
		w += v[whole]
	}
	if w == 0 {
		return "–"
	}
	return fmt.Sprintf("%.3f", p/w)
}
