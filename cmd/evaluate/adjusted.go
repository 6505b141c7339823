package main

import (
	"context"
	"fmt"
	"time"

	"github.com/arasha-org/arasha/coordination"
)

// adjustedRuns is how many redrawn data sets calibrate each data set.
const adjustedRuns = 100

// adjusted asks whether the p that a calibration gives keeps its level where
// that of the test alone does not: each data set is one in which there is
// nothing to find, tested and calibrated as a user would. One seed is one data
// set.
func adjusted() chapter {
	cells := []cell{
		{"demonstration, similar texts", calibrated{"demonstration similar-text", coordination.TestOptions{}}},
		{"demonstration, links", calibrated{"demonstration link", coordination.TestOptions{}}},
		{"German URLs, window 10s", calibrated{"German URLs", coordination.TestOptions{Window: 10 * time.Second}}},
		{"German URLs, window 1h", calibrated{"German URLs", coordination.TestOptions{Window: time.Hour}}},
	}
	return chapter{
		name: "adjusted", version: coordination.CalibrationVersion, cells: cells,
		run: func(ctx context.Context, e *env, c cell, seed uint64) (values, error) {
			a := c.arg.(calibrated)
			ev, err := e.background(a.background)
			if err != nil {
				return nil, err
			}
			o := a.o
			o.Seed = seed
			if ev, err = coordination.Redrawn(ev, o, 0); err != nil {
				return nil, err
			}
			t, err := coordination.TestGroups(ctx, ev, o)
			if err != nil {
				return nil, err
			}
			k, err := coordination.Calibrate(ctx, ev, o, adjustedRuns, nil)
			if err != nil {
				return nil, err
			}
			alone, both, named := 1.0, 1.0, 1.0
			for _, g := range t.Groups {
				if len(g.Accounts) >= coordination.MinMembers {
					alone = min(alone, g.P)
					p := max(g.P, k.P(g.T))
					both = min(both, p)
					if g.Verdict != coordination.NotPassing {
						named = min(named, p)
					}
				}
			}
			found, _, _ := k.Share()
			return values{"alone": one(alone <= .05), "both": one(both <= .05), "both01": one(both <= .01), "named": one(named <= .05), "p": both, "inner": found}, nil
		},
		table: func(r rows) string {
			body := [][]string{}
			for _, c := range cells {
				s := r.of(c)
				body = append(body, []string{c.name, fmt.Sprint(len(s)), s.share("alone"), s.share("both"), s.share("both01"), s.share("named"), s.mean("inner")})
			}
			return table([]string{"data, null with profiles", "data sets", "p of the test ≤ .05", "calibrated p ≤ .05", "calibrated p ≤ .01", "strong or weak, calibrated p ≤ .05", "found in their own redrawn data sets"}, body)
		},
	}
}
