package pdf

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
)

// An Image is a picture that was read from a PNG file.
type Image struct {
	Width, Height int // pixels
	rgb           []byte
	alpha         []byte // nil: opaque
	png           []byte
}

// maxPixels bounds what a picture may take in memory: 20 million pixels are
// 80 MB.
const maxPixels = 20_000_000

// ReadPNG reads a picture. What else the file says, such as who made it and
// where, is left behind.
func ReadPNG(data []byte) (*Image, error) {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("not a PNG picture: %w", err)
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height {
		return nil, fmt.Errorf("a PNG picture of %d × %d pixels is too large", c.Width, c.Height)
	}
	src, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("the PNG picture is broken: %w", err)
	}
	m := &Image{Width: c.Width, Height: c.Height}
	n := image.NewNRGBA(image.Rect(0, 0, c.Width, c.Height))
	draw.Draw(n, n.Rect, src, src.Bounds().Min, draw.Src)
	opaque := n.Opaque()
	for i := 0; i < len(n.Pix); i += 4 {
		m.rgb = append(m.rgb, n.Pix[i:i+3]...)
		if !opaque {
			m.alpha = append(m.alpha, n.Pix[i+3])
		}
	}
	var w bytes.Buffer
	if err := png.Encode(&w, n); err != nil {
		return nil, errors.New("the PNG picture cannot be written again")
	}
	m.png = w.Bytes()
	return m, nil
}

func (m *Image) dataURL() string {
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(m.png)
}
