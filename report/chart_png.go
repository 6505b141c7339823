package report

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

// The colours of a figure on paper: posts of a wave, all others, the axis. In
// grey the first stays dark and the second pale.
var (
	paperHarm  = color.RGBA{0x7d, 0x17, 0x30, 0xff}
	paperQuiet = color.RGBA{0xb4, 0xb4, 0xb4, 0xff}
	paperAxis  = color.RGBA{0x66, 0x66, 0x66, 0xff}
)

// PNG returns the bars of the timeline as a picture for paper, without words:
// its caption and its text for those who do not see it stand beside it. Posts
// of a shown wave are dark and stand on the base, all others pale above them.
func (t *Timeline) PNG() ([]byte, error) {
	const width, height, base = 1350, 330, 320
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	fill := func(x0, y0, x1, y1 int, c color.Color) {
		draw.Draw(m, image.Rect(x0, y0, x1, y1), image.NewUniform(c), image.Point{}, draw.Src)
	}
	most := 1
	for _, b := range t.Bars {
		most = max(most, b.Wave+b.Other)
	}
	for i, b := range t.Bars {
		x0, x1 := width*i/len(t.Bars), width*(i+1)/len(t.Bars)
		if x1-x0 > 2 {
			x1 -= max(1, (x1-x0)/8)
		}
		x1 = max(x1, x0+1)
		wave := (base - 10) * b.Wave / most
		if b.Wave > 0 {
			wave = max(wave, 2)
		}
		all := max((base-10)*(b.Wave+b.Other)/most, wave)
		fill(x0, base-all, x1, base-wave, paperQuiet)
		fill(x0, base-wave, x1, base, paperHarm)
	}
	fill(0, base, width, base+2, paperAxis)
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, m)
	return b.Bytes(), err
}
