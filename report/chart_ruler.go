package report

import (
	"fmt"
	"time"
)

// rulers are the lengths a wave is laid on, with their unit and marks.
var rulers = []struct {
	span  time.Duration
	unit  time.Duration
	label string
	marks int
}{
	{5 * time.Minute, time.Minute, "min", 5},
	{time.Hour, time.Minute, "min", 4},
	{24 * time.Hour, time.Hour, "h", 4},
	{48 * time.Hour, time.Hour, "h", 4},
	{8 * 24 * time.Hour, 24 * time.Hour, "days", 4},
	{32 * 24 * time.Hour, 24 * time.Hour, "days", 4},
	{400 * 24 * time.Hour, 24 * time.Hour, "days", 4},
}

// drawRuler draws when each account first published a message: one tick for
// each on a ruler that is always longer than the wave. after are the
// distances from the first post.
func drawRuler(after []time.Duration, width int, says, class string) string {
	longest := time.Duration(0)
	for _, a := range after {
		longest = max(longest, a)
	}
	r := rulers[len(rulers)-1]
	for _, x := range rulers {
		if x.span > longest {
			r = x
			break
		}
	}
	span := max(r.span, longest)
	d := &drawing{width: width, height: 62}
	left, pw := 4.0, float64(width)-22
	x := func(t time.Duration) float64 { return left + pw*float64(t)/float64(span) }
	d.line(left, 34, left+pw, 34, "l-axis")
	for k := range r.marks + 1 {
		t := span * time.Duration(k) / time.Duration(r.marks)
		d.line(x(t), 34, x(t), 39, "l-axis")
		label := fmt.Sprint(int(t / r.unit))
		if k == 0 || k == r.marks || width > 500 {
			label += " " + r.label
		}
		anchor := "middle"
		if k == 0 {
			anchor = "start"
		} else if k == r.marks {
			anchor = "end"
		}
		at := x(t)
		if k == r.marks {
			at = float64(width) - 2
		}
		d.text(at, 53, label, "", anchor)
	}
	for _, a := range after {
		d.path("M"+coord(x(a))+" 32V12", "l-harm")
	}
	return d.svg(says, class)
}
