package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var updatePictures = flag.Bool("update-pictures", false, "write the pictures of docs/guide/real-data.md anew")

// realPictures are the wide drawings of a report that the guide on real data
// shows, by what their label begins with.
var realPictures = []struct{ file, label string }{
	{"real-timeline.svg", `[\d,]+ posts from `},
	{"real-network.svg", `\d+ groups?[;"]`},
}

// pictureStyle is the part of internal/page's style that the drawings use,
// with the light colours of tokens.css, so that a drawing shows when it stands
// alone.
const pictureStyle = `<style>
text { font: 400 12px/1 "Noto Sans", system-ui, "DejaVu Sans", sans-serif; fill: #48545a; }
.t-strong, .t-harm { font-weight: 700; paint-order: stroke; stroke: #fff; stroke-width: 4px; }
.t-strong { fill: #1a2226; } .t-harm { fill: #96203a; }
.c-harm { fill: #96203a; } .c-quiet { fill: #aeb8bb; }
.l-grid { stroke: #e1e6e7; fill: none; } .l-axis { stroke: #78858b; fill: none; } .l-harm { stroke: #96203a; stroke-width: 2; fill: none; }
.edge { stroke: #5f6b71; stroke-opacity: .5; fill: none; }
.hull { fill: #f6e6e9; stroke: #96203a; stroke-width: 1.25; } .hull.other { fill: none; stroke: #5f6b71; stroke-dasharray: 5 4; }
.node { fill: #96203a; stroke: #fff; stroke-width: 1.5; } .node.other { fill: #fff; stroke: #48545a; }
</style><rect width="100%" height="100%" fill="#fff"/>`

// comparePictures takes the drawings out of a public report and holds that
// those in folder are the same, byte for byte.
func comparePictures(t *testing.T, report, folder string) {
	t.Helper()
	page, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range realPictures {
		m := regexp.MustCompile(`(?s)<svg class="wide"( [^>]*aria-label="` + p.label + `[^>]*>)(.*?</svg>)`).FindSubmatch(page)
		if m == nil {
			t.Errorf("%s: no drawing for %s", report, p.file)
			continue
		}
		got := `<svg xmlns="http://www.w3.org/2000/svg"` + string(m[1]) + pictureStyle + string(m[2]) + "\n"
		file := filepath.Join(folder, p.file)
		if *updatePictures {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(file); err != nil || string(want) != got {
			t.Errorf("%s is not what the report draws now (%v): go test -run TestGuides/real-data -update-pictures, and look at it", p.file, err)
		}
	}
}

// pictureLabel is all that the label of a picture of real data may say: counts,
// dates, and names that we gave.
var pictureLabel = regexp.MustCompile(`^(?:[\d,]+ posts from \d+ [A-Z][a-z]+ \d{4} to \d+ [A-Z][a-z]+ \d{4}, in steps of \d+ hours; \d+ dated events and \d+ waves are marked\. The tables below give the same numbers\.` +
	`|\d+ groups?(?:; Group [A-Z], \d+ accounts(?:, not set apart from chance)?)+)$`)
