package page

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/go-text/typesetting/font"

	"github.com/arasha-org/arasha/internal/fonts"
)

// TestCut: the letters asked for keep their outlines and widths, composed
// ones with their parts; the others are empty, and the file is a font.
func TestCut(t *testing.T) {
	used := map[rune]bool{'a': true, 'й': true, 'Қ': true}
	b, err := cut(fonts.SerifRegular, used)
	if err != nil {
		t.Fatal(err)
	}
	whole, _ := font.ParseTTF(bytes.NewReader(fonts.SerifRegular))
	face, err := font.ParseTTF(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range "aйҚbЖ" {
		g, ok := face.NominalGlyph(r)
		if !ok {
			t.Fatalf("%c has no glyph", r)
		}
		if got, want := face.HorizontalAdvance(g), whole.HorizontalAdvance(g); got != want {
			t.Errorf("%c is %v wide, want %v", r, got, want)
		}
		got, _ := face.GlyphData(g).(font.GlyphOutline)
		want, _ := whole.GlyphData(g).(font.GlyphOutline)
		if !used[r] {
			if len(got.Segments) > 0 {
				t.Errorf("%c was not asked for and has an outline", r)
			}
			continue
		}
		if len(got.Segments) == 0 || len(got.Segments) != len(want.Segments) {
			t.Errorf("%c has %d segments, want %d", r, len(got.Segments), len(want.Segments))
		}
	}
}

func must(css string, err error) string {
	if err != nil {
		panic(err)
	}
	return css
}

func TestType(t *testing.T) {
	css, err := Type("Сарытау and Qanat")
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Type("Сарытау and Qanat")
	if css != again {
		t.Error("the same letters gave other bytes")
	}
	if escaped, _ := Type("Сарытау&#39;s"); escaped == "" || escaped != must(Type("Сарытау's")) {
		t.Error("an escaped letter is not in the type")
	}
	if n := strings.Count(css, "@font-face"); n != 4 {
		t.Errorf("%d faces, want 4", n)
	}
	if len(css) > 200_000 {
		t.Errorf("the type weighs %d bytes", len(css))
	}
	_, rest, _ := strings.Cut(css, "base64,")
	b, err := base64.StdEncoding.DecodeString(rest[:strings.IndexByte(rest, ')')])
	if err != nil || string(b[:4]) != "wOFF" || int(binary.BigEndian.Uint32(b[8:])) != len(b) {
		t.Errorf("no WOFF file: %v", err)
	}
}

// TestPolicy: the hash is that of the style's exact bytes (known value of the
// empty text: RFC 6234 test data).
func TestPolicy(t *testing.T) {
	if got := StyleSource(""); got != "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='" {
		t.Error(got)
	}
	if p := Policy("a{}"); !strings.HasPrefix(p, "default-src 'none'; ") || strings.Contains(p, "unsafe") || strings.Contains(p, "script-src") {
		t.Error(p)
	}
}
