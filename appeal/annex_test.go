package appeal

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"strings"
	"testing"
)

func annexed(t testing.TB) *Appeal {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 120, 40))); err != nil {
		t.Fatal(err)
	}
	return draftOf(t, sarytau(t), "en", func(o *DraftOptions) {
		o.Annexes = []Annex{{Title: "Annex: how the texts were compared", Report: strings.Repeat("ab", 32), Parts: []AnnexPart{
			{Heading: "Method", Text: "Texts were compared word by word.\n\nNothing was fetched."},
			{Heading: "Figures", Table: [][]string{{"wave", "accounts"}, {"first", "34"}}, Caption: "Table 1"},
			{Heading: "Picture", PNG: b.Bytes(), Alt: "Posts by the hour, with one peak", Caption: "Figure 1"},
		}}}
	}).Appeal
}

// The annex is rendered with the appeal in every format, is under its hash, and
// reads back.
func TestAnnex(t *testing.T) {
	a := annexed(t)
	plain := *a
	plain.Annexes = nil
	if plain.Hash() == a.Hash() {
		t.Error("the annex is not under the hash that people approve")
	}
	if b, _ := plain.Encode(); strings.Contains(string(b), "annexes") {
		t.Error("an appeal without an annex has another form than before")
	}
	comesBack(t, "annexed", a, Form{})
	text, err := a.plainText(Form{})
	if err != nil {
		t.Fatal(err)
	}
	page, err := a.HTML(Form{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Annex: how the texts were compared", "Nothing was fetched.", "first · 34", "Posts by the hour, with one peak", "Figure 1"} {
		if !strings.Contains(string(text), want) || !strings.Contains(string(page), want) {
			t.Errorf("%q is not rendered", want)
		}
	}
	with, err := renderPDF(a, Form{})
	if err != nil {
		t.Fatal(err)
	}
	without, err := renderPDF(&plain, Form{})
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(with, []byte("/Subtype /Image")) + bytes.Count(with, []byte("/Subtype/Image")); n == 0 || len(with) <= len(without) {
		t.Errorf("the picture is not in the PDF (%d pictures)", n)
	}
}

func TestAnnexRefuses(t *testing.T) {
	a := annexed(t)
	a.Annexes[0].Parts[2].Alt = " "
	if err := a.Validate(); err == nil || !strings.Contains(err.Error(), "annexes[0].parts[2].alt") {
		t.Errorf("a figure without words: %v", err)
	}
	a.Annexes[0].Parts[2].PNG, _ = base64.StdEncoding.DecodeString("R0lGODlh")
	if err := a.Validate(); err == nil || !strings.Contains(err.Error(), "not a PNG") {
		t.Errorf("a figure that is no PNG: %v", err)
	}
}
