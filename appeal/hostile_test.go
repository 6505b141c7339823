package appeal

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestBadFiles: clear words for files that cannot be read.
func TestBadFiles(t *testing.T) {
	bomb := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, _ := z.Create("word/document.xml")
		io.Copy(w, io.LimitReader(zeros{}, maxXML+10))
		z.Close()
		return b.Bytes()
	}()
	for _, c := range []struct {
		name string
		data []byte
		want string // in the reason or the hint
	}{
		{"a.txt", nil, "empty"},
		{"a.txt", []byte(" \n "), "empty"},
		{"a.pdf", []byte("%PDF-1.7\nnothing more"), "broken"},
		{"a.pdf", []byte("hello"), "broken"},
		{"a.docx", []byte("PK\x03\x04rubbish"), "broken"},
		{"a.docx", zipOf(t, "other.txt", "x"), "not a DOCX or ODT"},
		{"a.docx", []byte("\xd0\xcf\x11\xe0 old word"), "password"},
		{"a.odt", zipOf(t, "content.xml", "x", "META-INF/manifest.xml", "<manifest:encryption-data/>"), "password"},
		{"a.docx", zipOf(t, "word/document.xml", "<w:document><unclosed"), "broken"},
		{"a.docx", bomb, "unpacks to more than"},
		{"a.rtf", []byte(`{\rtf1 x}`), "RTF"},
		{"a.bin", []byte("\x00\x01\x02\x03"), "not a text"},
		{"a.json", []byte(`{"kind":"x"}`), "kind"},
		{"a.json", []byte(`{"kind":"letter","extra":1}`), "extra"},
		{"a.md", []byte("---\nkind: urgent_appeal\nclode: x\n---\n"), "clode"},
		{"a.md", []byte("---\nkind: urgent_appeal\ncode: not a code\n---\n"), "not an appeal code"},
		{"a.md", []byte("---\nkind: urgent_appeal\ndate: 31 May\n---\n"), "date"},
	} {
		_, err := Import(c.name, c.data, Options{})
		var ie *ImportError
		if !errors.As(err, &ie) || !strings.Contains(ie.Reason+ie.Hint, c.want) {
			t.Errorf("%s %.20q: %v, want %q in it", c.name, c.data, err, c.want)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestScan: a PDF of pictures is named as such, with the way out.
func TestScan(t *testing.T) {
	_, err := Import("scan.pdf", simplePDF(t, "0 0 m 100 100 l S"), Options{})
	var ie *ImportError
	if !errors.As(err, &ie) || !strings.Contains(ie.Hint, "OCR") {
		t.Errorf("a scan gave %v", err)
	}
}

// simplePDF is a PDF of one page with the content stream given.
func simplePDF(t testing.TB, content string) []byte { return pdfWith(t, content, nil) }

// pdfWith is simplePDF with an associated file appeal.json.
func pdfWith(t testing.TB, content string, attached []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var at []int
	obj := func(s string) {
		at = append(at, b.Len())
		b.WriteString(strconv.Itoa(len(at)) + " 0 obj\n" + s + "\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n")
	if attached == nil {
		obj("<</Type/Catalog/Pages 2 0 R>>")
	} else {
		obj("<</Type/Catalog/Pages 2 0 R/AF[6 0 R]>>")
	}
	obj("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	obj("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>")
	obj("<</Length " + strconv.Itoa(len(content)) + ">>stream\n" + content + "\nendstream")
	obj("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	if attached != nil {
		obj("<</Type/Filespec/F(appeal.json)/UF(appeal.json)/AFRelationship/Source/EF<</F 7 0 R>>>>")
		obj("<</Type/EmbeddedFile/Subtype/application#2Fjson/Length " + strconv.Itoa(len(attached)) + ">>stream\n" + string(attached) + "\nendstream")
	}
	x := b.Len()
	b.WriteString("xref\n0 " + strconv.Itoa(len(at)+1) + "\n0000000000 65535 f \n")
	for _, o := range at {
		s := strconv.Itoa(o)
		b.WriteString(strings.Repeat("0", 10-len(s)) + s + " 00000 n \n")
	}
	b.WriteString("trailer<</Size " + strconv.Itoa(len(at)+1) + "/Root 1 0 R>>\nstartxref\n" + strconv.Itoa(x) + "\n%%EOF\n")
	return b.Bytes()
}

// TestSimplePDF reads lines, a raised note mark and notes in small print.
func TestSimplePDF(t *testing.T) {
	var b strings.Builder
	y := 800
	put := func(size int, s string) {
		b.WriteString("BT /F1 " + strconv.Itoa(size) + " Tf 60 " + strconv.Itoa(y) + " Td (" + strings.NewReplacer("(", `\(`, ")", `\)`).Replace(s) + ") Tj ET\n")
		y -= 14
	}
	for _, s := range []string{"URGENT APPEAL - THE OBSERVATORY", "SRN 003 / 1126 / OBS 141", "Threats", "Saryn", "9 November 2026"} {
		put(11, s)
	}
	y -= 14
	put(11, "The Observatory requests your urgent intervention in the following situation in Saryn.")
	y -= 14
	put(11, "Description of the situation:")
	y -= 14
	b.WriteString("BT /F1 11 Tf 60 " + strconv.Itoa(y) + " Td (The Observatory has been informed of threats against the Bureau) Tj /F1 7 Tf 4 Ts (1) Tj 0 Ts /F1 11 Tf ( in Velim.) Tj ET\n")
	y = 60
	put(8, "1 The Bureau is registered in Velim.")
	a, err := Import("a.pdf", simplePDF(t, b.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a.Code == nil || a.Place != "Saryn" || len(a.Footnotes) != 1 || a.Footnotes[0].Text != "The Bureau is registered in Velim." ||
		!strings.Contains(a.Sections[1].Text, "the Bureau[^1] in Velim.") {
		j, _ := a.Encode()
		t.Errorf("%s", j)
	}
}

// TestEmbeddedInPDF: a PDF that carries its appeal gives exactly that.
func TestEmbeddedInPDF(t *testing.T) {
	want, err := Import("a.docx", inventedDOCX(t, 2), Options{})
	if err != nil {
		t.Fatal(err)
	}
	j, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	const page = "BT /F1 11 Tf 60 700 Td (SRN 009 / 1126 / OBS 999) Tj ET"
	got, err := Import("a.pdf", pdfWith(t, page, j), Options{})
	if err != nil || !got.File.Embedded {
		t.Fatalf("the attachment was not read: %v", err)
	}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(Appeal{}, "File")); d != "" {
		t.Errorf("embedded in PDF:\n%s", d)
	}
	// A broken attachment is no reason to lose the page.
	if got, err = Import("a.pdf", pdfWith(t, page, []byte("{")), Options{}); err == nil && (got.File.Embedded || got.Code == nil || got.Code.Serial != "999") {
		t.Errorf("a broken attachment: %v", got.Code)
	}
}

// TestLong: a document of 500 pages is read within bounds, and nothing of it
// is lost.
func TestLong(t *testing.T) {
	var b strings.Builder
	b.WriteString("URGENT APPEAL - THE OBSERVATORY\n\nSRN 003 / 1126 / OBS 141\nThreats\nSaryn\n9 November 2026\n\nThe Observatory requests your urgent intervention in the following situation in Saryn.\n\nDescription of the situation:\n\n")
	for i := 0; i < 500*45; i++ {
		b.WriteString("The police of Velim came again on a day of the long year and asked what had been asked before")
		if i%5 == 4 {
			b.WriteString(".\n")
		}
		b.WriteString("\n")
	}
	a, err := Import("long.txt", []byte(b.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(a.Sections[1].Paragraphs()); n != 4500 {
		t.Errorf("%d paragraphs, want 4500", n)
	}
}

func TestMojibake(t *testing.T) {
	utf := "L’Observatoire vous prie d’intervenir de toute urgence à propos de la situation suivante en Orlanie, où des défenseurs ont été arrêtés."
	var twice []rune // UTF-8 read as Windows-1252
	for _, c := range []byte(utf) {
		r := rune(c)
		for k, v := range map[byte]rune{0x80: '€', 0x99: '™'} {
			if c == k {
				r = v
			}
		}
		twice = append(twice, r)
	}
	a, err := Import("a.txt", []byte(string(twice)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(rules(a), "mojibake") || len(a.Sections) == 0 || a.Sections[0].Text != utf || len(a.Unread) != 1 {
		j, _ := a.Encode()
		t.Errorf("%s", j)
	}
	// Windows-1251 without a mark.
	a, err = Import("a.txt", []byte("\xce\xe1\xf1\xe5\xf0\xe2\xe0\xf2\xee\xf0\xe8\xff \xef\xf0\xee\xf1\xe8\xf2 \xe2\xe0\xf8\xe5\xe3\xee \xf1\xf0\xee\xf7\xed\xee\xe3\xee \xe2\xec\xe5\xf8\xe0\xf2\xe5\xeb\xfc\xf1\xf2\xe2\xe0."), Options{})
	if err != nil || !strings.Contains(rules(a), "encoding") || a.Language != "ru" {
		t.Errorf("Windows-1251: %v %+v", err, a)
	}
}

// FuzzImport gives any bytes to the reader of every format: no crash, valid
// JSON that reads back.

// TestHostilePDF: content that would keep a reader busy for ever ends soon.
func TestHostilePDF(t *testing.T) {
	t.Setenv("PATH", "")
	for _, content := range []string{"BT (a) Tj ET <", "BT /F1 11 Tf (a) Tj <41", "< 4 \x00\n", "<z", "<<", "<</A[<41"} {
		if _, err := Import("a.pdf", simplePDF(t, content), Options{}); err == nil {
			t.Errorf("%q: read", content)
		}
	}
}
