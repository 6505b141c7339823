package appeal

import (
	"bytes"
	"testing"
)

// exif is the start of a photograph with one entry in its first directory.
func exif(order string, tag uint16) []byte {
	b := append([]byte("\xff\xd8\xff\xe1\x00\x30Exif\x00\x00"), order...)
	put := func(v uint32, n int) {
		for i := range n {
			shift := 8 * i
			if order == "MM" {
				shift = 8 * (n - 1 - i)
			}
			b = append(b, byte(v>>shift))
		}
	}
	put(42, 2)
	put(8, 4)
	put(1, 2)
	put(uint32(tag), 2)
	return append(b, make([]byte, 14)...)
}

func TestHasGPS(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []byte
		want bool
	}{
		{"little-endian", exif("II", 0x8825), true},
		{"big-endian", exif("MM", 0x8825), true},
		{"a camera that keeps its place to itself", exif("II", 0x0110), false},
		{"second of two", append(exif("II", 0x0110), exif("MM", 0x8825)...), true},
		{"cut short", exif("II", 0x8825)[:24], false},
		{"no picture", []byte("Exif"), false},
		{"a directory far away", bytes.Replace(exif("II", 0x8825), []byte{8, 0, 0, 0}, []byte{255, 255, 255, 255}, 1), false},
	} {
		if got := hasGPS(c.in); got != c.want {
			t.Errorf("%s: hasGPS = %v, want %v", c.name, got, c.want)
		}
	}
}

// A photograph with its place in a DOCX is reported by the check.
func TestPhotographInDOCX(t *testing.T) {
	a, err := Import("a.docx", zipOf(t,
		"word/document.xml", `<w:document `+wNS+`><w:body><w:p><w:r><w:t>ABC 001 / 0431 / OBS 012</w:t></w:r></w:p></w:body></w:document>`,
		"word/media/image1.jpeg", string(exif("II", 0x8825))), Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, f := range Check(a, CheckOptions{}) {
		found = found || f.Rule == "file-metadata"
	}
	if !found {
		t.Errorf("no file-metadata for a photograph with its place; properties %v", a.File.Properties)
	}
}
