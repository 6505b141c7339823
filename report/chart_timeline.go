package report

import (
	"fmt"
	"time"
)

// A Timeline is posts in steps of time.
type Timeline struct {
	From  time.Time     `json:"from"` // begin of the first bar, UTC
	Step  time.Duration `json:"-"`
	Bars  []Bar         `json:"bars"`
	Thick int           `json:"-"` // bars drawn as one in the narrow picture
	// StepWords and ThickWords are the steps of the two pictures.
	StepWords  string `json:"step"`
	ThickWords string `json:"-"`
	// Uncertain is set when times are known less exactly than a step.
	Uncertain bool        `json:"uncertain,omitempty"`
	Events    []DatedMark `json:"events,omitempty"`
	Waves     []Bracket   `json:"-"`
	Missing   []Stretch   `json:"not_collected,omitempty"`
}

// A Bar is the posts of one step.
type Bar struct {
	Wave  int `json:"in_waves"`
	Other int `json:"other"`
}

// A DatedMark is a dated event by its number in the list below the chart.
type DatedMark struct {
	Number int       `json:"number"`
	At     time.Time `json:"at"`
	Name   string    `json:"-"` // short, drawn where there is room
}

// A Bracket is the span of a wave.
type Bracket struct {
	Name     string
	From, To time.Time
}

// A Stretch is time in which nothing was collected.
type Stretch struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// timelineSteps are the steps a timeline may have. Each divides the longer
// ones where it can, so that the narrow picture joins whole bars.
var timelineSteps = []time.Duration{time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour,
	12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 96 * time.Hour, 7 * 24 * time.Hour, 14 * 24 * time.Hour, 28 * 24 * time.Hour, 84 * 24 * time.Hour, 336 * 24 * time.Hour}

// stepFor returns the smallest step that cuts span into at most n bars.
func stepFor(span time.Duration, n int, multipleOf time.Duration) time.Duration {
	for _, s := range timelineSteps {
		if s >= multipleOf && (multipleOf == 0 || s%multipleOf == 0) && span <= s*time.Duration(n) {
			return s
		}
	}
	last := timelineSteps[len(timelineSteps)-1]
	return last * (1 + span/(last*time.Duration(n)))
}

// drawTimeline draws t: posts of waves solid on the base, all others pale
// above, events as numbered discs, waves as brackets, what was not collected
// hatched.
func drawTimeline(t *Timeline, width int, id, says, class string) string {
	wide := width > 500
	k := 1
	if !wide {
		k = max(t.Thick, 1)
	}
	bars := joinBars(t.Bars, k)
	if len(bars) == 0 {
		bars = []Bar{{}}
	}
	highest := 0
	for _, b := range bars {
		highest = max(highest, b.Wave+b.Other)
	}
	top, steps := ceiling(max(highest, 1))
	rows, lift := bracketRows(t, width, len(bars)*k)
	d := &drawing{width: width, height: 246}
	if !wide {
		d.height = 228
	}
	plotTop := 26.0
	if len(t.Events) == 0 {
		plotTop = 12
	}
	if rows > 0 {
		plotTop += 21*float64(rows) + 4
	}
	left := max(34, 10+textWidth(Thousands(int64(top))))
	pw, ph := float64(width)-left-6, float64(d.height)-plotTop-30
	span := t.Step * time.Duration(len(bars)*k)
	x := func(at time.Time) float64 {
		f := float64(at.Sub(t.From)) / float64(span)
		return left + pw*min(max(f, 0), 1)
	}
	y := func(v int) float64 { return plotTop + ph*(1-float64(v)/float64(top)) }
	for i := 0; i <= steps; i++ {
		v := top * i / steps
		c := "l-grid"
		if i == 0 {
			c = "l-axis"
		}
		d.line(left, y(v), float64(width)-6, y(v), c)
		d.text(left-6, y(v)+4, Thousands(int64(v)), "", "end")
	}
	for i, m := range ticks(t.From, span, int(pw/62)) {
		at := x(m.at)
		if i > 0 || at > left+1 {
			d.line(at, plotTop, at, plotTop+ph+5, "l-grid")
		}
		if at+textWidth(m.label) < float64(width) {
			d.text(at+3, float64(d.height)-10, m.label, "", "start")
		}
	}
	bw := pw / float64(len(bars))
	gap := min(1, bw*.15)
	for i, b := range bars {
		at := left + float64(i)*bw
		if b.Other > 0 {
			d.rect(at+gap/2, y(b.Wave+b.Other), bw-gap, y(b.Wave)-y(b.Wave+b.Other), "c-quiet")
		}
		if b.Wave > 0 {
			d.rect(at+gap/2, y(b.Wave), bw-gap, y(0)-y(b.Wave), "c-harm")
		}
		if n := b.Wave + b.Other; t.Uncertain && n > 0 {
			d.line(at, y(n), at+bw, y(n), "l-dash")
		}
	}
	if len(t.Missing) > 0 {
		fill := d.hatch(id)
		for _, m := range t.Missing {
			a, b := x(m.From), x(m.To)
			d.tag("rect", "x", coord(a), "y", coord(plotTop), "width", coord(max(b-a, 1)), "height", coord(ph), "fill", fill)
		}
	}
	free := -1.0
	for i, e := range t.Events {
		at := x(e.At)
		d.line(at, 17, at, plotTop+ph, "l-dash")
		d.circle(at, 10, 8.5, "c-ink")
		d.text(at, 14, fmt.Sprint(e.Number), "t-disc", "middle")
		end := at + 16 + 1.08*textWidth(e.Name)
		next := float64(width)
		if i+1 < len(t.Events) {
			next = x(t.Events[i+1].At) - 10
		}
		if wide && e.Name != "" && at > free && end < next {
			d.text(at+13, 14, e.Name, "t-strong", "start")
			free = end
		}
	}
	base := plotTop - 8
	for i, w := range t.Waves {
		a := x(w.From)
		b := max(x(w.To), a+5)
		yy := base - 21*float64(max(lift[i], 0))
		d.path("M"+coord(a)+" "+coord(yy+6)+"V"+coord(yy)+"H"+coord(b)+"V"+coord(yy+6), "l-harm")
		if lift[i] >= 0 {
			half := 1.08*textWidth(w.Name)/2 + 1
			d.text(min(max((a+b)/2, half), float64(width)-half), yy-4, w.Name, "t-harm", "middle")
		}
	}
	return d.svg(says, class)
}

// bracketRows lifts the brackets that would touch their neighbour: the row of
// each, from 0; -1 where no row has room for its name.
func bracketRows(t *Timeline, width, bars int) (rows int, lift []int) {
	const most = 3
	free := [most]float64{-99, -99, -99}
	lift = make([]int, len(t.Waves))
	span := float64(t.Step) * float64(bars)
	for i, w := range t.Waves {
		a := float64(w.From.Sub(t.From)) / span * float64(width-40)
		b := max(float64(w.To.Sub(t.From))/span*float64(width-40), a+5)
		lift[i] = -1
		half := textWidth(w.Name)/2 + 3
		for r := range most {
			if min(a, (a+b)/2-half) > free[r] {
				lift[i] = r
				free[r] = max(b, (a+b)/2+half)
				rows = max(rows, r+1)
				break
			}
		}
	}
	return rows, lift
}

func joinBars(bars []Bar, k int) []Bar {
	if k <= 1 {
		return bars
	}
	out := make([]Bar, (len(bars)+k-1)/k)
	for i, b := range bars {
		out[i/k].Wave += b.Wave
		out[i/k].Other += b.Other
	}
	return out
}

type tick struct {
	at    time.Time
	label string
}

// ticks returns at most n labelled moments on the axis.
func ticks(from time.Time, span time.Duration, n int) []tick {
	const day = 24 * time.Hour
	from = from.UTC()
	var out []tick
	for _, step := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour,
		12 * time.Hour, day, 2 * day, 4 * day, 7 * day, 14 * day} {
		if span > step*time.Duration(n) {
			continue
		}
		at := from.Truncate(step)
		for ; at.Before(from.Add(span)); at = at.Add(step) {
			if at.Before(from) {
				continue
			}
			label := at.Format("2 Jan")
			if step < day && (at.Hour() != 0 || at.Minute() != 0) {
				label = at.Format("15:04")
			}
			out = append(out, tick{at, label})
		}
		return out
	}
	for _, months := range []int{1, 3, 6, 12, 60, 120} {
		if span > time.Duration(months)*28*day*time.Duration(n) && months < 120 {
			continue
		}
		at := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC)
		for ; at.Before(from.Add(span)) && len(out) < 4*n; at = at.AddDate(0, months, 0) {
			if !at.Before(from) {
				label := at.Format("Jan 2006")
				if months >= 12 {
					label = at.Format("2006")
				}
				out = append(out, tick{at, label})
			}
		}
		return out
	}
	return out
}

// drawMultiple draws one of several small timelines on one scale.
func drawMultiple(t *Timeline, bars []Bar, top int, width int, id, says string) string {
	d := &drawing{width: width, height: 92}
	top, _ = ceiling(max(top, 1))
	left, bottom, high := max(24, 8+textWidth(Thousands(int64(top)))), 20.0, 8.0
	pw, ph := float64(width)-left-4, float64(d.height)-bottom-high
	d.line(left, high, float64(width)-4, high, "l-grid")
	d.line(left, high+ph, float64(width)-4, high+ph, "l-axis")
	d.text(left-5, high+8, Thousands(int64(top)), "", "end")
	d.text(left-5, high+ph+4, "0", "", "end")
	bars = joinBars(bars, max(t.Thick, 1))
	bw := pw / float64(max(len(bars), 1))
	gap := min(.8, bw*.15)
	for i, b := range bars {
		y0, y1, y2 := high+ph, high+ph*(1-float64(b.Wave)/float64(top)), high+ph*(1-float64(b.Wave+b.Other)/float64(top))
		if b.Other > 0 {
			d.rect(left+float64(i)*bw+gap/2, y2, bw-gap, y1-y2, "c-quiet")
		}
		if b.Wave > 0 {
			d.rect(left+float64(i)*bw+gap/2, y1, bw-gap, y0-y1, "c-harm")
		}
	}
	span := t.Step * time.Duration(len(bars)*max(t.Thick, 1))
	if len(t.Missing) > 0 && span > 0 {
		fill := d.hatch(id)
		for _, m := range t.Missing {
			a, b := float64(m.From.Sub(t.From))/float64(span), min(float64(m.To.Sub(t.From))/float64(span), 1)
			d.tag("rect", "x", coord(left+pw*a), "y", coord(high), "width", coord(max(pw*(b-a), 1)), "height", coord(ph), "fill", fill)
		}
	}
	for _, m := range ticks(t.From, span, int(pw/62)) {
		at := left + pw*float64(m.at.Sub(t.From))/float64(span)
		if at+textWidth(m.label) < float64(width) {
			d.text(at+1, float64(d.height)-5, m.label, "", "start")
		}
	}
	return d.svg(says, "")
}
