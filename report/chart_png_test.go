package report

import (
	"bytes"
	"image/png"
	"testing"
)

// TestTimelinePNG: every bar with posts can be seen, waves dark on the base.
func TestTimelinePNG(t *testing.T) {
	tl := &Timeline{Bars: []Bar{{0, 100}, {1, 0}, {50, 50}, {0, 0}}}
	b, err := tl.PNG()
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	at := func(bar, up int) any { // the pixel in the middle of a bar, so far above the base
		return m.At(m.Bounds().Dx()*(2*bar+1)/(2*len(tl.Bars)), 319-up)
	}
	for _, c := range []struct {
		bar, up int
		want    any
	}{{0, 0, paperQuiet}, {0, 300, paperQuiet}, {1, 0, paperHarm}, {1, 20, m.At(0, 0)}, {2, 100, paperHarm}, {2, 250, paperQuiet}, {3, 0, m.At(0, 0)}} {
		if got := at(c.bar, c.up); got != c.want {
			t.Errorf("bar %d, %d above the base: %v, want %v", c.bar, c.up, got, c.want)
		}
	}
	if again, _ := tl.PNG(); !bytes.Equal(b, again) {
		t.Error("the same timeline gives other bytes")
	}
	if _, err := (&Timeline{}).PNG(); err != nil {
		t.Errorf("no bars: %v", err)
	}
}
