package report

import (
	"fmt"
	"math"
	"strings"
)

// A LevelPoint is how often redrawn data gave any finding at a level.
type LevelPoint struct {
	Level float64 `json:"level"` // asked for, above 0 to 1
	Found int     `json:"found"` // of all runs
}

// drawCalibration draws the level asked for against the share of redrawn data
// sets in which anything was found: the diagonal is the promise, the band two
// standard errors, the level used stands out.
func drawCalibration(points []LevelPoint, runs int, used float64, width int, says string) string {
	const far = .2
	d := &drawing{width: width, height: width - 20}
	left, bottom, top, right := 44.0, 40.0, 12.0, 14.0
	x := func(v float64) float64 { return left + (float64(d.width)-left-right)*v/far }
	y := func(v float64) float64 {
		return top + (float64(d.height)-bottom-top)*(1-min(v, far)/far)
	}
	var band strings.Builder
	for i := 0; i <= 20; i++ {
		v := float64(i) / 100
		b := v + 2*math.Sqrt(v*(1-v)/float64(max(runs, 1)))
		fmt.Fprintf(&band, "%s%s %s", map[bool]string{true: "M", false: "L"}[i == 0], coord(x(v)), coord(y(b)))
	}
	d.path(band.String()+"L"+coord(x(far))+" "+coord(y(0))+"Z", "c-grid")
	for i := 0; i <= 4; i++ {
		v := float64(i) * .05
		label := "0"
		if i > 0 {
			label = strings.TrimPrefix(fmt.Sprintf("%.2f", v), "0")
		}
		d.text(x(v), float64(d.height)-22, label, "", "middle")
		d.text(left-7, y(v)+4, label, "", "end")
	}
	d.line(x(0), y(0), x(far), y(0), "l-axis")
	d.line(x(0), y(0), x(0), y(far), "l-axis")
	d.line(x(0), y(0), x(far), y(far), "l-dash")
	d.line(x(used), y(0), x(used), y(far), "l-ink")
	for _, p := range points {
		if p.Level > far || runs == 0 {
			continue
		}
		class, r := "c-ink", 3.4
		if math.Abs(p.Level-used) < 1e-9 {
			class, r = "c-harm", 5
		}
		d.circle(x(p.Level), y(float64(p.Found)/float64(runs)), r, class)
	}
	d.text(x(used)+6, y(far)+10, "level used: p = "+strings.TrimPrefix(fmt.Sprint(used), "0"), "t-strong", "start")
	d.text(x(far), float64(d.height)-5, "level asked for", "", "end")
	d.text(x(.118), y(.165), "as promised", "", "end")
	d.text(x(.145), y(.03), "more careful", "", "middle")
	return d.svg(says, "")
}
