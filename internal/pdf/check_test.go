package pdf

import (
	"bytes"
	"encoding/xml"
	"flag"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/internal/fonts"
	"github.com/google/go-cmp/cmp"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
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
		t.Errorf("%s differs (-want +got); look at it, then run with -update:\n%s", name, d)
	}
}

// program returns the path of an external program, or skips the test; in CI
// it must be there.
func program(t *testing.T, name string) string {
	t.Helper()
	p, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	return p
}

func para(f Font, size, lead float64, s string) Para {
	return Para{Lead: lead, Spans: []Span{{Text: s, Font: f, Size: size}}}
}

// everything is a document with every kind of block.
func everything(t *testing.T) *Doc {
	d := sample()
	m := image.NewNRGBA(image.Rect(0, 0, 4, 4))
	m.Set(1, 1, color.NRGBA{200, 0, 0, 120})
	var b bytes.Buffer
	png.Encode(&b, m)
	img, err := ReadPNG(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	table := &Table{Space: 9, Columns: []Column{{60 * MM}, {75 * MM}},
		Head: []Para{para(SansBold, 8.5, 11.5, "Account"), para(SansBold, 8.5, 11.5, "What it published")}}
	for range 60 {
		table.Rows = append(table.Rows, []Para{para(SansBold, 8.5, 11.5, "account 07"), para(Sans, 8.5, 11.5, "the same text, word for word, in the course of eighteen minutes, and then nothing")})
	}
	ar := para(Serif, 10, 20, "حسابًا (TBHRI) 2020 في ")
	ar.Spans[0].Lang = "ar"
	label := para(Sans, 7.5, 13.5, "3")
	d.Blocks = append(d.Blocks,
		&Section{Heading: para(SansBold, 8.5, 13.5, "Actions requested"), Space: 13.5, Blocks: []Block{
			&List{Numbering: "LowerRoman", Gap: 4.5, WholeUpTo: 4, Items: []Item{
				{Label: para(SerifBold, 10, 13.5, "i."), Paras: []Para{para(Serif, 10, 13.5, "Close the inquiry;")}},
				{Label: para(SerifBold, 10, 13.5, "ii."), Paras: []Para{para(Serif, 10, 13.5, "Put an end to all forms of harassment.")}}}}}},
		&Grid{Columns: 2, Gap: 5 * MM, RowGap: 9, Entries: [][]Row{
			{{Para: para(SansBold, 8.5, 11.5, "Minister of Justice")}, {Label: &Para{Lead: 11.5, Spans: []Span{{Text: "Fax", Font: Sans, Size: 7.5}}}, LabelWidth: 13 * MM, Para: para(Sans, 8.5, 11.5, "+999 55 010 014")}},
			{{Para: para(SansBold, 8.5, 11.5, "Head of the police")}}}},
		&Text{Para: ar, Label: &label},
		&Figure{Alt: "A line, a picture and a word", Width: 60 * MM, Height: 20 * MM, Space: 9, Draw: func(c *Canvas) {
			c.Line(0, 20, 40, 0x7d1730, .5)
			c.Image(img, 50, 5, 30, 30)
			c.Text(para(Sans, 7, 9, "W1"), 90, 5, 30)
		}},
		&Rule{X: 20 * MM, Width: 170 * MM, Weight: 1, Space: 9},
		table)
	d.Furniture = func(c *Canvas, page, pages int) {
		c.TextLine(para(Sans, 7, 9, "Page of the sample, a line that is too long for the place it has been given by us"), 20*MM, 281*MM, 60*MM)
	}
	d.Date = time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)
	d.Author, d.Subject, d.Keywords, d.Producer = "Three Rivers (test) Observatory", "обзор & <tags>", []string{"a", "b"}, "Arasha"
	d.Files = []File{{Name: "data.json", MIME: "application/json", Description: "data", Data: []byte(`{"a":1}`)}}
	return d
}

func pdfOf(t testing.TB, l *Laid) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := l.PDF(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGoldenPages(t *testing.T) {
	l := everything(t).Layout()
	var b strings.Builder
	for i := range l.Pages() {
		b.WriteString(l.Plain(i + 1))
		b.WriteString("----\n")
	}
	golden(t, "everything.txt", b.String())
	golden(t, "everything.tags", l.Tags())
	var s bytes.Buffer
	if err := sample().Layout().SVG(&s, 1); err != nil {
		t.Fatal(err)
	}
	golden(t, "sample.svg", s.String())
	if err := l.SVG(io.Discard, l.Pages()+1); err == nil {
		t.Error("SVG of a page that is not there gave no error")
	}
}

// TestSameBytes: the file depends on the document alone.
func TestSameBytes(t *testing.T) {
	a, b := pdfOf(t, everything(t).Layout()), pdfOf(t, everything(t).Layout())
	if !bytes.Equal(a, b) {
		t.Error("the same document gave other bytes")
	}
	l := everything(t).Layout()
	if !bytes.Equal(pdfOf(t, l), pdfOf(t, l)) {
		t.Error("writing a laid document twice gave other bytes")
	}
}

// TestStrict lets pdfcpu validate the file strictly and read the attachment.
func TestStrict(t *testing.T) {
	model.ConfigPath = "disable"
	b := pdfOf(t, everything(t).Layout())
	c := model.NewDefaultConfiguration()
	c.ValidationMode = model.ValidationStrict
	if err := api.Validate(bytes.NewReader(b), c); err != nil {
		t.Errorf("pdfcpu: %v", err)
	}
	as, err := api.ExtractAttachmentsRaw(bytes.NewReader(b), "", nil, c)
	if err != nil || len(as) != 1 {
		t.Fatalf("attachments: %v, %v; want one", as, err)
	}
	if got, _ := io.ReadAll(as[0]); string(got) != `{"a":1}` {
		t.Errorf("attachment = %q", got)
	}
}

func TestQPDF(t *testing.T) {
	qpdf := program(t, "qpdf")
	f := filepath.Join(t.TempDir(), "a.pdf")
	os.WriteFile(f, pdfOf(t, everything(t).Layout()), 0o644)
	if out, err := exec.Command(qpdf, "--check", f).CombinedOutput(); err != nil {
		t.Errorf("qpdf --check: %v\n%s", err, out)
	}
}

// TestTableHead: the head of a table stands on every page, but is read once.
func TestTableHead(t *testing.T) {
	l := everything(t).Layout()
	if l.Pages() < 3 {
		t.Fatalf("%d pages: the table does not go over pages", l.Pages())
	}
	for i := 2; i <= l.Pages(); i++ {
		if p := l.Plain(i); !strings.Contains(p, "Account") {
			t.Errorf("page %d has no head of the table:\n%s", i, p)
		}
	}
	if n := strings.Count(l.Tags(), `"Account"`); n != 1 {
		t.Errorf("the head is read %d times, want once", n)
	}
}

// TestSVGWellFormed: the page is an XML document.
func TestSVGWellFormed(t *testing.T) {
	l := everything(t).Layout()
	for i := range l.Pages() {
		var s bytes.Buffer
		if err := l.SVG(&s, i+1); err != nil {
			t.Fatal(err)
		}
		wellFormed(t, s.Bytes())
	}
}

func wellFormed(t testing.TB, b []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("SVG: %v", err)
		}
	}
}

// TestLetters: the fonts hold what looks, section 4, asks for.
func TestLetters(t *testing.T) {
	const want = "abcxyzABCXYZ0123456789çğıİöşüÇĞÖŞÜâîû" + // Turkish
		"ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ" + // Vietnamese
		"абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ" +
		"әғқңөұүһіӘҒҚҢӨҰҮҺІ" + "ўҳӯӣЎҲӮӢ" + "\u0301–—«»“”„№…−×·\u00A0\u2009‘’‚ʻʼ•§°€₸₽†‡\u2011\u2212"
	for _, f := range latin {
		for _, r := range want {
			if !f.has(r) {
				t.Errorf("%s has no %q (%U)", f.name, r, r)
			}
		}
		if !f.has(replacement) {
			t.Errorf("%s has no replacement sign", f.name)
		}
		if f.load().font.Upem() != em {
			t.Errorf("%s has %d units per em", f.name, f.font.Upem())
		}
	}
	for _, f := range []*face{arabicRegular, arabicBold} {
		for _, r := range "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئىةًٌٍَُِّْ٠١٢٣٤٥٦٧٨٩،؛؟«»().:/ پچژگکیےھہڤڭۇۆېە" {
			if !f.has(r) {
				t.Errorf("%s has no %q (%U)", f.name, r, r)
			}
		}
		if f.load().font.Upem() != em {
			t.Errorf("%s has %d units per em", f.name, f.font.Upem())
		}
	}
	if len(fonts.SerifRegular) > 300_000 {
		t.Errorf("Noto Serif has %d bytes: was it cut down?", len(fonts.SerifRegular))
	}
}

// TestFigures: all figures of a font have one width, so that columns align.
func TestFigures(t *testing.T) {
	for _, f := range latin {
		w := f.shape([]rune("0"), false, "en").adv
		for _, r := range "123456789" {
			if got := f.shape([]rune{r}, false, "en").adv; got != w {
				t.Errorf("%s: %q is %v wide, 0 is %v", f.name, r, got, w)
			}
		}
	}
}

// TestMissing: a character we cannot draw is named, kept in the text, and a
// sign stands in its place.
func TestMissing(t *testing.T) {
	d := &Doc{Format: A4, Title: "x", Lang: "en", Blocks: []Block{&Text{Para: words10(Serif, "He said 你好 and 🙂")}}}
	l := d.Layout()
	if want := []rune("你好🙂"); !slices.Equal(l.Missing, want) {
		t.Errorf("Missing = %q, want %q", l.Missing, want)
	}
	if p := l.Plain(1); !strings.Contains(p, "你好 and 🙂") {
		t.Errorf("the text is gone: %s", p)
	}
	pdftotext := program(t, "pdftotext")
	f := filepath.Join(t.TempDir(), "a.pdf")
	os.WriteFile(f, pdfOf(t, l), 0o644)
	out, err := exec.Command(pdftotext, f, "-").Output()
	if err != nil || !strings.Contains(string(out), "He said 你好 and 🙂") {
		t.Errorf("pdftotext: %v %q", err, out)
	}
}

func TestReadPNG(t *testing.T) {
	for _, b := range [][]byte{nil, []byte("GIF89a"), []byte("\x89PNG\r\n\x1a\n")} {
		if _, err := ReadPNG(b); err == nil {
			t.Errorf("ReadPNG(%q) gave no error", b)
		}
	}
}

// TestTogether lays out in several goroutines: faces and shaped words are
// shared by all documents.
func TestTogether(t *testing.T) {
	want := pdfOf(t, everything(t).Layout())
	done := make(chan []byte)
	docs := make([]*Doc, 8)
	for i := range docs {
		docs[i] = everything(t)
	}
	for _, d := range docs {
		go func() {
			l := d.Layout()
			var b, s bytes.Buffer
			if l.PDF(&b) != nil || l.SVG(&s, 1) != nil {
				b.Reset()
			}
			done <- b.Bytes()
		}()
	}
	for range docs {
		if got := <-done; !bytes.Equal(got, want) {
			t.Error("laid out beside others, the document gave other bytes")
		}
	}
}

// TestLineBreaks: where lines may not end.
func TestLineBreaks(t *testing.T) {
	for _, tt := range []struct{ lang, text, joined string }{
		{"en", "about Mr. Velk today", "Mr. Velk"},
		{"en", "by H.E. Kassym in May", "H.E. Kassym"},
		{"en", "under Article 274.4(2) of it", "Article 274.4(2)"},
		{"en", "on 9 November 2026 they", "9 November"},
		{"en", "with p < .05 given", "p < .05"},
		{"en", "Mr. J. Doran spoke", "Mr. J. Doran"},
		{"ru", "пришли в город и сказали", "в город"},
		{"ru", "по ст. 212 кодекса", "ст. 212"},
		{"ru", "бюро — это место", "бюро —"},
		{"fr", "le Congo : encore une", "Congo :"},
		{"fr", "dit « oui » puis", "« oui »"},
		{"es", "el 9 de mayo vino", "9 de mayo"},
	} {
		s := setter{lang: tt.lang}
		p := para(Serif, 10, 13.5, tt.text)
		s.gather(&p)
		s.findLevels()
		s.findBreaks(&p)
		at := strings.Index(tt.text, tt.joined)
		from := len([]rune(tt.text[:at]))
		for i := from + 1; i < from+len([]rune(tt.joined)); i++ {
			if s.brk[i] != noBreak {
				t.Errorf("%s: %q may break before %q", tt.lang, tt.text, string(s.text[i:]))
			}
		}
		if n := len([]rune(tt.text[:at])); n > 0 && tt.lang != "ru" && s.brk[n] == noBreak {
			t.Errorf("%s: %q may not break before %q", tt.lang, tt.text, tt.joined)
		}
	}
}

// TestAddressBreaks: an address longer than a line breaks after a slash or
// before a sign, and no letter of it gets lost.
func TestAddressBreaks(t *testing.T) {
	const u = "https://open-assembly.example/en/statements/2026/10/31/against-the-draft-law?a=1&b=22"
	s := setter{lang: "en"}
	p := para(Serif, 10, 13.5, u)
	all := ""
	ls := s.set(&p, 150)
	for i, l := range ls {
		line := ""
		for _, pc := range l.pieces {
			line += pc.text()
		}
		if i > 0 && !strings.HasSuffix(all, "/") && !strings.ContainsRune(".?&=#_-%@+", rune(line[0])) {
			t.Errorf("broken before %q", line)
		}
		if strings.HasSuffix(line, "-") || strings.HasSuffix(line, "//") && i < len(ls)-1 {
			t.Errorf("line %q", line)
		}
		all += line
	}
	if len(ls) < 2 || all != u {
		t.Errorf("%d lines: %q", len(ls), all)
	}
}

// TestBidi: codes stay in order within Arabic, Arabic within English; the
// places of the words say so.
func TestBidi(t *testing.T) {
	for _, tt := range []struct {
		rtl        bool
		text, want string // words from left to right
	}{
		{true, "رمز KAZ 001 ثم", "ثم|KAZ|001|رمز"},
		{true, "قبل (TBHRI) 2020 بعد", "بعد|2020|)|TBHRI|(|قبل"},
		{false, "say مرحبا 2020 abc", "say|2020|مرحبا|abc"},
		{false, "one مرحبا بكم two", "one|بكم|مرحبا|two"},
	} {
		s := setter{lang: "ar", rtl: tt.rtl}
		p := para(Serif, 10, 20, tt.text)
		l := s.set(&p, 1000)[0]
		ps := slices.Clone(l.pieces)
		slices.SortStableFunc(ps, func(a, b piece) int { return int(100 * (a.x - b.x)) })
		var got []string
		for _, pc := range ps {
			if !pc.space {
				got = append(got, pc.text())
			}
		}
		if g := strings.Join(got, "|"); g != tt.want {
			t.Errorf("%q is drawn as %q, want %q", tt.text, g, tt.want)
		}
	}
}

func TestBookmarks(t *testing.T) {
	model.ConfigPath = "disable"
	bms, err := api.Bookmarks(bytes.NewReader(pdfOf(t, everything(t).Layout())), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range bms {
		got = append(got, b.Title)
		for _, k := range b.Kids {
			got = append(got, "  "+k.Title)
		}
	}
	want := []string{"Urgent appeal", "  Description of the situation", "  Actions requested"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("bookmarks (-want +got):\n%s", d)
	}
}

// TestVeraPDF asks the validator behind the claim of PDF/UA-1. It needs
// Java, so it is never required.
func TestVeraPDF(t *testing.T) {
	vera, err := exec.LookPath("verapdf")
	if err != nil {
		t.Skip("verapdf is not installed")
	}
	f := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(f, pdfOf(t, everything(t).Layout()), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(vera, "--flavour", "ua1", f).CombinedOutput(); err != nil {
		t.Errorf("verapdf: %v\n%s", err, out)
	}
}

func FuzzReadPNG(f *testing.F) {
	var b bytes.Buffer
	png.Encode(&b, image.NewPaletted(image.Rect(0, 0, 3, 2), color.Palette{color.Black, color.Transparent}))
	f.Add(b.Bytes())
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := png.DecodeConfig(bytes.NewReader(data)); err == nil && c.Width*c.Height > 1<<20 {
			t.Skip() // large pictures are bounded by maxPixels; here they only cost time
		}
		m, err := ReadPNG(data)
		if err != nil {
			return
		}
		if len(m.rgb) != 3*m.Width*m.Height || m.alpha != nil && len(m.alpha) != m.Width*m.Height {
			t.Errorf("%d × %d pixels with %d and %d bytes", m.Width, m.Height, len(m.rgb), len(m.alpha))
		}
	})
}
