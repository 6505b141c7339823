package report

import (
	"math"
	"strconv"
	"strings"
)

// A drawing collects the parts of one SVG picture. Colours are classes of the
// page's style, so that dark, paper and high contrast follow; coordinates are
// printed to one decimal, so that the same data give the same bytes.
type drawing struct {
	b      strings.Builder
	width  int
	height int
}

// coord prints a coordinate: one decimal at most, no trailing zero, no "-0".
func coord(x float64) string {
	x = math.Round(x*10) / 10
	if x == 0 {
		return "0"
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// tag writes an element without content; the rest are names and values.
func (d *drawing) tag(name string, pairs ...string) {
	d.b.WriteString("<" + name)
	for i := 0; i+1 < len(pairs); i += 2 {
		d.b.WriteString(" " + pairs[i] + `="` + escape(pairs[i+1]) + `"`)
	}
	d.b.WriteString("/>")
}

func (d *drawing) line(x1, y1, x2, y2 float64, class string) {
	d.path("M"+coord(x1)+" "+coord(y1)+"L"+coord(x2)+" "+coord(y2), class)
}

func (d *drawing) path(p, class string, more ...string) {
	d.tag("path", append([]string{"d", p, "class", class}, more...)...)
}

func (d *drawing) rect(x, y, w, h float64, class string) {
	d.tag("rect", "x", coord(x), "y", coord(y), "width", coord(w), "height", coord(h), "class", class)
}

func (d *drawing) circle(x, y, r float64, class string) {
	d.tag("circle", "cx", coord(x), "cy", coord(y), "r", coord(r), "class", class)
}

// text writes words; anchor is "start", "middle" or "end".
func (d *drawing) text(x, y float64, s, class, anchor string) {
	d.b.WriteString(`<text x="` + coord(x) + `" y="` + coord(y) + `"`)
	if class != "" {
		d.b.WriteString(` class="` + class + `"`)
	}
	if anchor != "start" {
		d.b.WriteString(` text-anchor="` + anchor + `"`)
	}
	d.b.WriteString(">" + escape(s) + "</text>")
}

// hatch defines the pattern for what is not known and returns its address.
func (d *drawing) hatch(id string) string {
	d.b.WriteString(`<pattern id="` + escape(id) + `" width="5" height="5" patternUnits="userSpaceOnUse"><path d="M0 5L5 0" class="l-axis"/></pattern>`)
	return "url(#" + id + ")"
}

// svg returns the picture. says is the sentence that stands for it where it
// cannot be seen; class is "wide", "narrow" or "".
func (d *drawing) svg(says, class string) string {
	c := ""
	if class != "" {
		c = ` class="` + class + `"`
	}
	w, h := strconv.Itoa(d.width), strconv.Itoa(d.height)
	return "<svg" + c + ` viewBox="0 0 ` + w + " " + h + `" width="` + w + `" height="` + h + `" role="img" aria-label="` +
		escape(says) + `">` + d.b.String() + "</svg>"
}

// ceiling returns the least round number that is at least v, and how many
// steps its scale has.
func ceiling(v int) (top, steps int) {
	for unit := 1; ; unit *= 10 {
		for _, m := range [...][2]int{{1, 1}, {2, 2}, {3, 3}, {4, 2}, {6, 3}, {8, 2}} {
			if unit*m[0] >= v {
				if unit > 1 && m[1] == 1 {
					return unit * m[0], 2
				}
				return unit * m[0], m[1]
			}
		}
	}
}

// textWidth estimates the width of chart text of 12 px.
func textWidth(s string) float64 { return 6.6 * float64(len([]rune(s))) }
