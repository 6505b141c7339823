package appeal

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var updatePages = flag.Bool("update-pages", false, "write the golden files of pages")

// pageFiles are invented appeals: testdata/pages/NAME.json.
var pageFiles = []string{"saryn.en", "saryn.ru", "saryn.kk", "saryn.ar", "long.en"}

var rivers = PageOptions{
	Letterhead: Letterhead{Name: "Three Rivers Observatory", Line: "for the protection of those who defend the rights of others",
		Address: []string{"4 Quay of the Ferrymen, Harbour City", "appeals@threerivers.example · +999 10 010 041"}},
	Checked: "2026-11-06", CheckCopy: "threerivers.example/v/041 · b5e1 … 5c1d",
	Created: time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC),
}

func readPage(t testing.TB, name string) *Appeal {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "pages", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := Parse(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return a
}

// layOut lays out an appeal and writes it. With PDF_OUT set it leaves the
// file in that folder for somebody to look at.
func layOut(t testing.TB, name string, a *Appeal, o PageOptions) (*Pages, []byte) {
	t.Helper()
	p, err := LayOut(a, o)
	if err != nil {
		t.Fatalf("LayOut(%s): %v", name, err)
	}
	var b bytes.Buffer
	if err := p.PDF(&b); err != nil {
		t.Fatalf("PDF(%s): %v", name, err)
	}
	if dir := os.Getenv("PDF_OUT"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return p, b.Bytes()
}

func TestPages(t *testing.T) {
	for _, name := range pageFiles {
		p, _ := layOut(t, name, readPage(t, name), rivers)
		if len(p.Missing) > 0 {
			t.Errorf("%s: no shape for %q", name, p.Missing)
		}
		var b strings.Builder
		for i := range p.Len() {
			b.WriteString(p.laid.Plain(i + 1))
			b.WriteString("----\n")
		}
		goldenPage(t, name+".txt", b.String())
		goldenPage(t, name+".tags", p.laid.Tags())
	}
	var s bytes.Buffer
	p, _ := layOut(t, "saryn.ar", readPage(t, "saryn.ar"), rivers)
	if err := p.SVG(&s, 1); err != nil {
		t.Fatal(err)
	}
	goldenPage(t, "saryn.ar.svg", s.String())
}

func goldenPage(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "pages", name)
	if *updatePages {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs (-want +got); look at the page, then run with -update-pages:\n%s", name, d)
	}
}

// TestPDFRoundTrip: what is imported from our PDF is what was rendered.
func TestPDFRoundTrip(t *testing.T) {
	for _, name := range pageFiles {
		a := readPage(t, name)
		_, b := layOut(t, name, a, rivers)
		got, err := Import(name+".pdf", b, Options{})
		if err != nil {
			t.Errorf("Import(%s.pdf): %v", name, err)
			continue
		}
		want, _ := a.Encode()
		have, _ := got.Encode()
		if d := cmp.Diff(string(want), string(have)); d != "" {
			t.Errorf("%s came back otherwise (-rendered +imported):\n%s", name, d)
		}
	}
}

// Marks are left out as well: pdfinfo does not read the ActualText that says on
// which letter a mark stands.
var whiteSpace = regexp.MustCompile(`[\s\x{00A0}\x{200D}\f\p{Mn}]+`)

// TestTextOfPDF: a reader of the file finds every paragraph, whole and in
// order. The structure is read, as a screen reader does; footnotes and marks
// stand where they are cited.
func TestTextOfPDF(t *testing.T) {
	pdfinfo, err := exec.LookPath("pdfinfo")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pdfinfo is not installed")
		}
		t.Skip("pdfinfo (poppler-utils) is not installed")
	}
	row := regexp.MustCompile(`(?m)^\s*"(.*)"$`)
	for _, name := range pageFiles {
		a := readPage(t, name)
		_, b := layOut(t, name, a, rivers)
		f := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(f, b, 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(pdfinfo, "-struct-text", f).Output()
		if err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		for _, m := range row.FindAllStringSubmatch(string(out), -1) {
			said.WriteString(m[1])
		}
		text := whiteSpace.ReplaceAllString(said.String(), "")
		at := 0
		look := func(what, s string) {
			for _, p := range Paragraphs(s) {
				for _, piece := range markForm.Split(p, -1) { // a mark stands as its number
					piece = whiteSpace.ReplaceAllString(piece, "")
					i := strings.Index(text[at:], piece)
					if i < 0 {
						t.Errorf("%s: %s is not in the text after %d: %q", name, what, at, piece)
						continue
					}
					at += i + len(piece)
				}
			}
		}
		for _, s := range a.Sections {
			look("section "+s.Kind, s.Text)
			if s.Kind == SectionActions {
				for _, x := range a.Actions {
					look("action", x.Text)
				}
			}
		}
		look("about", a.About)
		at = 0
		for _, f := range a.Footnotes {
			at = 0
			look("footnote", f.Text)
		}
	}
}

// TestPDFToText: the plain text of the file, in the order it is written,
// holds every paragraph; one that goes over a page stands in two parts, with
// the notes between them.
func TestPDFToText(t *testing.T) {
	pdftotext, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pdftotext is not installed")
		}
		t.Skip("pdftotext (poppler-utils) is not installed")
	}
	for _, name := range []string{"saryn.en", "saryn.ru", "saryn.kk", "long.en"} {
		a := readPage(t, name)
		_, b := layOut(t, name, a, rivers)
		f := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(f, b, 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(pdftotext, "-raw", f, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		text := whiteSpace.ReplaceAllString(string(out), "")
		at := 0
		for _, s := range a.Sections {
			for _, p := range s.Paragraphs() {
				p = markForm.ReplaceAllStringFunc(p, func(m string) string { return strings.Trim(m, "[^]") })
				p = whiteSpace.ReplaceAllString(p, "")
				n := len(p)
				for n > 0 && !strings.Contains(text[at:], p[:n]) {
					n--
				}
				i := strings.Index(text[at:], p[:n])
				j := strings.Index(text[at+i+n:], p[n:])
				if n < 20 && n < len(p) || j < 0 {
					t.Errorf("%s: not in the text after %d: %q", name, at, p)
					continue
				}
				at += i + n + j + len(p) - n
			}
			if s.Kind == SectionActions {
				for _, x := range a.Actions {
					p := whiteSpace.ReplaceAllString(x.Marker+x.Text, "")
					i := strings.Index(text[at:], p)
					if i < 0 {
						t.Errorf("%s: action %s is not in the text", name, x.Marker)
						continue
					}
					at += i + len(p)
				}
			}
		}
	}
}

// TestPageOfEveryKind lays out what is missing, odd or hostile: nothing is
// lost, nothing fails.
func TestPageOfEveryKind(t *testing.T) {
	hostile := strings.Repeat("слово ", 3000) + "\x00\x1b[31m\u202E evil \uFFFF" + strings.Repeat("x", 4000)
	for name, a := range map[string]*Appeal{
		"empty":          {Kind: Other},
		"letter":         {Kind: Letter, Title: "Re: the arrest of Ms. Elkesh", Language: "fr", Sections: []Section{{Kind: SectionBody, Text: "Madame, Monsieur,\n\nUne ligne\nune autre ligne."}}},
		"press release":  {Kind: PressRelease, Language: "es", Date: "2026-11-09", Sections: []Section{{Kind: SectionBody, Text: "Ginebra-París, 9 de noviembre."}}},
		"no sections":    {Kind: UrgentAppeal, Actions: []Action{{Text: "Close it;"}, {Marker: "•", Text: ""}}, Addressees: []Addressee{{Name: "Mr. Oral"}, {}}},
		"unused note":    {Kind: Other, Sections: []Section{{Kind: SectionBody, Text: "No mark, and one without a note[^9]."}}, Footnotes: []Footnote{{Number: 4, Text: "lost? see [^5]"}, {Number: 5}}},
		"hostile":        {Kind: NewInformation, Place: hostile, Title: hostile, Sections: []Section{{Kind: "x", Heading: hostile, Text: hostile}}, About: hostile},
		"unknown tongue": {Kind: UrgentAppeal, Language: "xx-Zzzz", Sections: []Section{{Kind: SectionOpening, Text: "שלום 你好 مرحبا 🙂"}}},
	} {
		p, b := layOut(t, "odd "+name, a, PageOptions{})
		if p.Len() == 0 || !bytes.HasPrefix(b, []byte("%PDF-1.7")) {
			t.Errorf("%s: %d pages", name, p.Len())
		}
		if name == "unused note" {
			if s := p.laid.Plain(1); !strings.Contains(s, "lost? see") {
				t.Errorf("the note without a mark is gone:\n%s", s)
			}
		}
	}
	if _, err := LayOut(&Appeal{Kind: "nonsense"}, PageOptions{}); err == nil {
		t.Error("an appeal of no known kind was laid out")
	}
	if _, err := LayOut(&Appeal{Kind: Other}, PageOptions{Letterhead: Letterhead{Logo: []byte("GIF")}}); err == nil {
		t.Error("a logo that is not PNG was taken")
	}
}

func TestLogo(t *testing.T) {
	var b bytes.Buffer
	png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 20)))
	o := rivers
	o.Letterhead.Logo = b.Bytes()
	p, _ := layOut(t, "logo", readPage(t, "saryn.en"), o)
	if s := p.laid.Plain(1); !strings.Contains(s, "  20.0   12.0   [image]") {
		t.Errorf("the logo, 12 mm high, does not stand left of the name:\n%.200s", s)
	}
}

// TestSeedPages lays out the one whole real appeal.
func TestSeedPages(t *testing.T) {
	dir := os.Getenv("ARASHA_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	b, err := os.ReadFile(filepath.Join(dir, "appeals", "seed-kaz-001-0120-obs-050.en.txt"))
	if err != nil {
		if os.Getenv("ARASHA_DATA_REQUIRED") == "true" {
			t.Fatal(err)
		}
		t.Skip("no real data: ARASHA_DATA is not set")
	}
	a, err := Import("seed.txt", b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, file := layOut(t, "seed", a, rivers)
	if p.Len() != 4 || len(p.Missing) > 0 {
		t.Errorf("%d pages, missing %q; want 4 pages, nothing missing", p.Len(), p.Missing)
	}
	all := ""
	for i := range p.Len() {
		all += p.laid.Plain(i + 1)
	}
	for _, s := range []string{"KAZ 001 / 0120 / OBS 050", "Postpone the consideration", "vi.", ".embassy@", "Paris-Geneva, May 11, 2020", "Appeals@fidh-omct.org"} {
		if !strings.Contains(all, s) {
			t.Errorf("the pages do not say %q", s)
		}
	}
	got, err := Import("seed.pdf", file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(a.Hash(), got.Hash()); d != "" {
		t.Errorf("the appeal came back otherwise:\n%s", d)
	}
}

func FuzzLayOut(f *testing.F) {
	f.Add("A plain text with a mark[^1] and https://a.example/x?y=z.", "Note.", "en")
	f.Add("نص عربي (TBHRI) 2020 \u2066x\u2069", "حاشية", "ar")
	f.Add("Қазақ\n\nтіл\x00\u202E\uFFFE", "\u0301\u0301\u0301", "kk-Cyrl")
	f.Add(strings.Repeat("w", 3000), strings.Repeat("long note ", 900), "ru")
	f.Fuzz(func(t *testing.T, text, note, lang string) {
		if len(text)+len(note) > 20000 {
			t.Skip()
		}
		a := &Appeal{Kind: UrgentAppeal, Language: lang, Title: text, Place: note, Sections: []Section{{Kind: SectionDescription, Heading: note, Text: text}, {Kind: SectionActions, Text: note}},
			Actions: []Action{{Marker: note, Text: text}}, Addressees: []Addressee{{Name: text, Office: note, Email: []string{text}, Address: note}},
			Footnotes: []Footnote{{Number: 1, Text: note}}, About: text}
		p, err := LayOut(a, PageOptions{Letterhead: Letterhead{Name: text, Address: []string{note}}, CheckCopy: text})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := p.PDF(&b); err != nil {
			t.Fatal(err)
		}
		if err := p.SVG(&b, p.Len()); err != nil {
			t.Fatal(err)
		}
	})
}

// BenchmarkPDF lays out and writes a two-page appeal; b.N counts documents.
func BenchmarkPDF(b *testing.B) {
	a := readPage(b, "saryn.en")
	pages := 0
	for b.Loop() {
		p, err := LayOut(a, rivers)
		if err != nil {
			b.Fatal(err)
		}
		var w bytes.Buffer
		if err := p.PDF(&w); err != nil {
			b.Fatal(err)
		}
		pages += p.Len()
	}
	b.ReportMetric(float64(pages)/b.Elapsed().Seconds(), "pages/s")
}
