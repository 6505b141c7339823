package main

import (
	"context"
	"fmt"
	"time"

	"github.com/arasha-org/arasha/coordination"
)

// calibration tests data sets in which there is nothing to find: real times
// and accounts, redrawn. One seed is one data set.
func calibration() chapter {
	var cells []cell
	for _, name := range []string{"russian reposts", "German URLs", "German hashtags"} {
		for _, plain := range []bool{false, true} {
			kind := "profiles"
			if plain {
				kind = "plain"
			}
			cells = append(cells, cell{name + ", " + kind, calibrated{name, coordination.TestOptions{Plain: plain}}})
		}
	}
	for _, x := range []calibrated{
		{"russian reposts", coordination.TestOptions{Scratch: true}},
		{"German URLs", coordination.TestOptions{Scratch: true}},
		{"German URLs", coordination.TestOptions{Window: 10 * time.Second}},
		{"German URLs", coordination.TestOptions{Window: time.Hour}},
	} {
		name := x.background + ", profiles, "
		if x.o.Scratch {
			name += "walks from a plain permutation"
		} else {
			name += "window " + coordination.WindowName(x.o.Window)
		}
		cells = append(cells, cell{name, x})
	}
	return chapter{
		name: "calibration", version: coordination.TestVersion, cells: cells,
		run: func(ctx context.Context, e *env, c cell, seed uint64) (values, error) {
			a := c.arg.(calibrated)
			ev, err := e.background(a.background)
			if err != nil {
				return nil, err
			}
			o := a.o
			o.Seed = seed
			k, err := coordination.Calibrate(ctx, ev, o, 1, nil)
			if err != nil {
				return nil, err
			}
			r := k.Runs[0]
			return values{"p": r.P, "any": one(r.P <= .05), "at01": one(r.P <= .01), "strong": float64(r.Strong), "weak": float64(r.Weak)}, nil
		},
		table: func(r rows) string {
			body := [][]string{}
			for _, c := range cells {
				s := r.of(c)
				body = append(body, []string{c.name, fmt.Sprint(len(s)), s.share("any"), s.share("at01"), s.share("strong"), s.share("weak")})
			}
			return table([]string{"background, null and test", "data sets", "any group p ≤ .05", "any p ≤ .01", "strong", "weak"}, body)
		},
	}
}

type calibrated struct {
	background string
	o          coordination.TestOptions
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
