package report

import (
	"encoding/xml"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/name.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update writes it anew):\n%s", name, cmp.Diff(strings.Split(string(want), "<"), strings.Split(got, "<")))
	}
}

func sampleTimeline(days int) *Timeline {
	rng := rand.New(rand.NewPCG(3, 4))
	from := time.Date(2031, 4, 20, 0, 0, 0, 0, time.UTC)
	t := &Timeline{From: from, Step: 2 * time.Hour, Thick: 3}
	for i := range days * 12 {
		b := Bar{Other: rng.IntN(20)}
		if i%31 == 7 {
			b.Wave = 14
		}
		t.Bars = append(t.Bars, b)
	}
	t.Events = []DatedMark{{1, from.Add(30 * time.Hour), "Statement"}, {2, from.Add(100 * time.Hour), "Second reading"}}
	t.Waves = []Bracket{{"W1", from.Add(50 * time.Hour), from.Add(51 * time.Hour)}, {"W2", from.Add(53 * time.Hour), from.Add(53*time.Hour + time.Minute)}, {"W3", from.Add(140 * time.Hour), from.Add(160 * time.Hour)}}
	t.Missing = []Stretch{{from.Add(170 * time.Hour), from.Add(178 * time.Hour)}}
	return t
}

func samplePicture() *Picture {
	rng := rand.New(rand.NewPCG(5, 6))
	p := &Picture{Seed: 1, Groups: []PictureGroup{{"Group A", "16 accounts", true, 16}, {"Group B", "7 accounts", true, 7}, {"Set apart 1", "2 accounts, one publisher", false, 2}}}
	for i := range 16 {
		for j := range i {
			if rng.IntN(3) == 0 {
				p.Ties = append(p.Ties, PictureTie{j, i, 2 + rng.IntN(5)})
			}
		}
	}
	p.Ties = append(p.Ties, PictureTie{16, 17, 2}, PictureTie{18, 17, 2}, PictureTie{3, 19, 2}, PictureTie{23, 24, 90})
	return p
}

func sampleCharts() map[string]string {
	tl := sampleTimeline(8)
	var after []time.Duration
	rng := rand.New(rand.NewPCG(7, 8))
	for range 19 {
		after = append(after, time.Duration(rng.IntN(41*60))*time.Second)
	}
	var points []LevelPoint
	for i := 1; i <= 20; i++ {
		points = append(points, LevelPoint{float64(i) / 100, i * 2 * 78 / 100})
	}
	return map[string]string{
		"chart_timeline_wide.svg":   drawTimeline(tl, 760, "h1", "Posts over eight days", "wide"),
		"chart_timeline_narrow.svg": drawTimeline(tl, 336, "h2", "Posts over eight days", "narrow"),
		"chart_network_wide.svg":    drawNetwork(samplePicture(), 760, "Three groups", "wide"),
		"chart_network_narrow.svg":  drawNetwork(samplePicture(), 336, "Three groups", "narrow"),
		"chart_ruler_wide.svg":      drawRuler(after, 560, "19 accounts within 41 minutes", "wide"),
		"chart_ruler_narrow.svg":    drawRuler(after, 320, "19 accounts within 41 minutes", "narrow"),
		"chart_calibration.svg":     drawCalibration(points, 200, .05, 340, "200 redrawn data sets"),
		"chart_multiple.svg":        drawMultiple(tl, tl.Bars, 200, 240, "hatch", "Russian"),
	}
}

// TestCharts holds the pictures to their bytes: the same data give the same
// picture on every machine.
func TestCharts(t *testing.T) {
	for name, svg := range sampleCharts() {
		golden(t, name, svg+"\n")
	}
}

var (
	decimals = regexp.MustCompile(`\d\.\d\d`)
	colours  = regexp.MustCompile(`#[0-9a-fA-F]{3}|rgb|style=`)
)

// wellFormed reports what is wrong with a picture.
func wellFormed(svg string) string {
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		_, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err.Error()
		}
	}
	plain := regexp.MustCompile(`aria-label="[^"]*"|<text[^>]*>[^<]*</text>`).ReplaceAllString(svg, "")
	switch {
	case strings.Contains(plain, "NaN") || strings.Contains(plain, "Inf"):
		return "a coordinate is no number"
	case decimals.MatchString(plain):
		return "a coordinate has more than one decimal: " + decimals.FindString(plain)
	case colours.MatchString(plain):
		return "a colour or style stands in the picture: " + colours.FindString(plain)
	case !strings.Contains(svg, `role="img" aria-label="`):
		return "the picture says nothing to who cannot see it"
	}
	return ""
}

func TestChartsAreWellFormed(t *testing.T) {
	for name, svg := range sampleCharts() {
		if bad := wellFormed(svg); bad != "" {
			t.Errorf("%s: %s", name, bad)
		}
	}
}

// TestChartsTakeAnything: whatever the data, a picture is well formed and no
// coordinate is NaN.
func TestChartsTakeAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.SampledFrom([]int{240, 336, 560, 760, 1000}).Draw(t, "width")
		from := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "from"), 0).UTC()
		tl := &Timeline{From: from, Step: rapid.SampledFrom(timelineSteps).Draw(t, "step"), Thick: rapid.IntRange(0, 7).Draw(t, "thick")}
		for range rapid.IntRange(0, 120).Draw(t, "bars") {
			tl.Bars = append(tl.Bars, Bar{rapid.IntRange(0, 1e6).Draw(t, "wave"), rapid.IntRange(0, 50).Draw(t, "other")})
		}
		for i := range rapid.IntRange(0, 12).Draw(t, "waves") {
			a := from.Add(time.Duration(rapid.Int64Range(-1e6, 1e7).Draw(t, "begin")) * time.Second)
			tl.Waves = append(tl.Waves, Bracket{"W" + Thousands(int64(i)), a, a.Add(time.Duration(rapid.Int64Range(0, 1e6).Draw(t, "long")) * time.Second)})
			tl.Events = append(tl.Events, DatedMark{i + 1, a, rapid.String().Draw(t, "name")})
			tl.Missing = append(tl.Missing, Stretch{a, a})
		}
		p := &Picture{Seed: rapid.Uint64().Draw(t, "seed")}
		n := 0
		for range rapid.IntRange(0, maxHulls).Draw(t, "groups") {
			g := PictureGroup{rapid.String().Draw(t, "name"), "n", rapid.Bool().Draw(t, "kept"), rapid.IntRange(1, 60).Draw(t, "size")}
			p.Groups = append(p.Groups, g)
			n += g.Size
		}
		for range rapid.IntRange(0, 40).Draw(t, "ties") {
			if n > 1 {
				p.Ties = append(p.Ties, PictureTie{rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b"), rapid.IntRange(0, 99).Draw(t, "w")})
			}
		}
		var after []time.Duration
		for range rapid.IntRange(0, 30).Draw(t, "ticks") {
			after = append(after, time.Duration(rapid.Int64Range(0, 1e9).Draw(t, "after"))*time.Second)
		}
		for _, svg := range []string{drawTimeline(tl, width, "h", "s", ""), drawMultiple(tl, tl.Bars, 10, width, "m", "s"), drawNetwork(p, width, "s", ""),
			drawRuler(after, width, "s", ""), drawCalibration(nil, 0, .05, width, "s")} {
			if bad := wellFormed(svg); bad != "" {
				t.Fatalf("%s\n%s", bad, svg)
			}
		}
	})
}
