package appeal

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

// TestLibreOffice opens our DOCX and ODT in LibreOffice and compares the
// text that it saves with ours, in both directions of writing.
func TestLibreOffice(t *testing.T) {
	files := map[string]map[string][]byte{"docx": {}, "odt": {}}
	appeals := map[string]*Appeal{}
	for _, name := range []string{"saryn.en", "saryn.ar"} {
		a := readPage(t, name)
		docx, err := a.DOCX(riversForm)
		if err != nil {
			t.Fatal(err)
		}
		odt, err := a.ODT(riversForm)
		if err != nil {
			t.Fatal(err)
		}
		file := strings.ReplaceAll(name, ".", "-")
		appeals[file] = a
		files["docx"][file+".docx"], files["odt"][file+".odt"] = docx, odt
	}
	for ext, set := range files {
		// Saved by LibreOffice it still reads as the same appeal.
		for file, b := range office(t, ext, set) {
			a := appeals[strings.TrimSuffix(file, "."+ext)]
			part := map[string]string{"docx": "word/document.xml", "odt": "content.xml"}[ext]
			shows(t, file, html.UnescapeString(xmlTag.ReplaceAllString(partOf(t, b, part), "")), a)
			back, err := Import(file, b, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if back.File.Embedded {
				t.Errorf("%s saved by LibreOffice: read from data, not from its text", file)
			}
			if len(back.Footnotes) != len(a.Footnotes) || codeText(back) != codeText(a) {
				t.Errorf("%s saved by LibreOffice: %d notes, code %q", file, len(back.Footnotes), codeText(back))
				continue
			}
			for i, n := range a.Footnotes {
				if got := back.Footnotes[i]; got.Text != n.Text || len(n.Links) > 0 && strings.Join(got.Links, " ") != strings.Join(n.Links, " ") {
					t.Errorf("%s saved by LibreOffice: note %d = %q %q, want %q %q", file, n.Number, got.Text, got.Links, n.Text, n.Links)
				}
			}
			if a.Language == "en" && (len(back.Actions) != len(a.Actions) || len(back.Addressees) != len(a.Addressees) || back.Actions[1].Marker != "ii.") {
				t.Errorf("%s saved by LibreOffice: %d actions, %d addressees", file, len(back.Actions), len(back.Addressees))
			}
		}
	}
}

// shows checks that LibreOffice kept every word of the text.
func shows(t *testing.T, file, text string, a *Appeal) {
	t.Helper()
	f, err := newForm(a, riversForm)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range f.blocks {
		if x.kind != bAddressee {
			want := noteNumbers.ReplaceAllString(x.text(Mark), "")
			if !strings.Contains(noteFree(text), noteFree(want)) {
				t.Errorf("%s: LibreOffice shows no %q", file, want)
			}
			continue
		}
		for _, l := range f.addressee(x.to) {
			if want := (block{runs: l.runs}).text(Mark); !strings.Contains(noteFree(text), noteFree(want)) {
				t.Errorf("%s: LibreOffice shows no %q", file, want)
			}
		}
	}
}

var xmlTag = regexp.MustCompile(`(?s)<text:note .*?</text:note>|<[^>]*>`) // a note of an ODT stands inside its sentence

var noteNumbers = regexp.MustCompile(`\[\^\d+\]`)

// noteFree drops the figures and signs by which two programs write a mark.
func noteFree(s string) string {
	return regexp.MustCompile(`\[\d+\]|[\d\s\x{200e}\x{200f}]`).ReplaceAllString(s, "")
}

func BenchmarkRender(b *testing.B) {
	a := readPage(b, "saryn.en")
	pages := 1
	if p, err := LayOut(a, PageOptions{}); err == nil {
		pages = p.Len()
	}
	for _, f := range formats {
		b.Run(f.ext, func(b *testing.B) {
			for b.Loop() {
				if _, err := f.render(a, riversForm); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*pages)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}
