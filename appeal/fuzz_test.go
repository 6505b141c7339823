package appeal

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"unicode/utf8"
)

// One small fuzz target for each reader, so that the whole time goes into
// that reader. The fuzz engine spends up to a minute on making each new input
// smaller and counts nothing meanwhile; tell it not to:
//
//	go test ./appeal -run '^$' -fuzz FuzzHTML -fuzztime 30s -fuzzminimizetime 10x

// fuzzLimit bounds an input: larger ones find nothing that small ones do not.
const fuzzLimit = 8 << 10

// nullable are the keys of the JSON form that may be null.
var nullable = map[string]bool{"code": true, "translation": true, "update": true, "key": true}

var nullKey = regexp.MustCompile(`"(\w+)": null`)

// holds imports data and asserts what holds for every input: no panic,
// the same result twice, valid UTF-8, bounded output, no list that is null,
// no active link, and JSON that reads back.
func holds(t *testing.T, name string, data []byte) {
	t.Helper()
	a, err := Import(name, data, Options{})
	if err != nil {
		if !utf8.ValidString(err.Error()) {
			t.Fatalf("the error is not UTF-8: %q", err)
		}
		return
	}
	holdsJSON(t, a, len(data))
	again, err := Import(name, data, Options{})
	if err != nil {
		t.Fatal("the second import fails:", err)
	}
	one, _ := a.Encode()
	two, _ := again.Encode()
	if !bytes.Equal(one, two) {
		t.Fatalf("two imports differ:\n%s\n%s", one, two)
	}
}

func holdsJSON(t *testing.T, a *Appeal, size int) {
	t.Helper()
	j, err := a.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if len(j) > 64<<10+400*size {
		t.Fatalf("%d bytes of JSON from %d", len(j), size)
	}
	if !utf8.Valid(j) {
		t.Fatalf("not UTF-8: %q", j)
	}
	for _, m := range nullKey.FindAllSubmatch(j, -1) {
		if !nullable[string(m[1])] {
			t.Fatalf("%s is null", m[1])
		}
	}
	back, err := Parse(bytes.NewReader(j))
	if err != nil {
		t.Fatalf("the JSON does not read back: %v\n%s", err, j)
	}
	if k, _ := back.Encode(); !bytes.Equal(j, k) {
		t.Fatalf("the JSON changes when read:\n%s\n%s", j, k)
	}
	for _, l := range a.Links {
		if !safeURL(l.URL) {
			t.Fatalf("an active link came through: %q", l.URL)
		}
	}
}

// seeds adds the invented appeals of testdata/import with an extension.
func seeds(f *testing.F, ext string) {
	files, err := filepath.Glob("testdata/import/*" + ext)
	if err != nil || len(files) == 0 && ext == ".txt" {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(b) < fuzzLimit {
			f.Add(b)
		}
	}
}

func fuzzFile(f *testing.F, name string) {
	f.Setenv("PATH", "") // no pdftotext: only our own code is tried
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) <= fuzzLimit {
			holds(t, name, data)
		}
	})
}

func FuzzText(f *testing.F) {
	seeds(f, ".txt")
	f.Add([]byte("\xff\xfeU\x00R\x00G\x00E\x00N\x00T\x00"))
	f.Add([]byte("\xd1\xf0\xee\xf7\xed\xee\xe5 \xee\xe1\xf0\xe0\xf9\xe5\xed\xe8\xe5"))
	f.Add([]byte("KAZ 001 /\n0120 / OBS 050.1\f2\f1 note [1]\f[1] http://a.example/-\nb"))
	fuzzFile(f, "a.txt")
}

func FuzzHTML(f *testing.F) {
	seeds(f, ".html")
	f.Add([]byte("<ol class=footnotes><li id=fn1>x<sup>1</sup><a href=#r1>1</a></ol><table><td>a<td>b</table>"))
	f.Add([]byte(`<h2>Addresses</h2><ul><li>Mr. A B, <a href="java&#10;script:x">x</a><script>s</script></ul><style>p{}</style>`))
	fuzzFile(f, "a.html")
}

func FuzzMarkdown(f *testing.F) {
	for _, l := range []string{"en", "ru"} {
		b, err := Skeleton(l)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b[:min(len(b), fuzzLimit)])
	}
	f.Add([]byte("---\nkind: letter\nfootnote_links:\n  1: [https://a.example]\n---\n<!-- section: body -->\nx[^1] [a](https://b.example)\n\n[^1]: y\n"))
	f.Add([]byte("# URGENT APPEAL\n\n- a\n  b\n\n1. c\n\n[^1]: d\n> e\n"))
	fuzzFile(f, "a.md")
}

// FuzzDOCX changes the text of a document within a whole archive: changes to
// the bytes of an archive seldom get beyond its checksums.
func FuzzDOCX(f *testing.F) {
	f.Setenv("PATH", "")
	f.Add(wp("Heading1", "", wr("Addresses"))+wp("", "1", wr("a")+wNote(2)), `<w:footnote w:id="2">`+wp("", "", wr("n"))+`</w:footnote>`, `<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>`)
	f.Add(`<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p><w:ins><w:r><w:t>a</w:t></w:r></w:ins><w:del><w:r><w:delText>b</w:delText></w:r></w:del></w:p>`, "", "")
	f.Add(`<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>HYPERLINK "https://a.example"</w:instrText><w:fldChar w:fldCharType="end"/></w:r></w:p>`, "", "")
	f.Fuzz(func(t *testing.T, body, notes, numbers string) {
		if len(body)+len(notes)+len(numbers) > fuzzLimit {
			return
		}
		const ns = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
		holds(t, "a.docx", zipOf(t, "word/document.xml", "<w:document"+ns+"><w:body>"+body+"</w:body></w:document>",
			"word/footnotes.xml", "<w:footnotes"+ns+">"+notes+"</w:footnotes>", "word/numbering.xml", "<w:numbering"+ns+">"+numbers+"</w:numbering>"))
	})
}

func FuzzODT(f *testing.F) {
	f.Setenv("PATH", "")
	f.Add(`<text:h text:outline-level="1">A</text:h><text:p>b<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>n</text:p></text:note-body></text:note></text:p>`)
	f.Add(`<text:list text:style-name="L"><text:list-item text:start-value="9"><text:p>a<text:s text:c="3"/><text:tab/><text:line-break/></text:p></text:list-item></text:list>`)
	f.Add(`<text:p><text:a xlink:href="javascript:x">y</text:a></text:p><text:tracked-changes><text:p>z</text:p></text:tracked-changes>`)
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > fuzzLimit {
			return
		}
		holds(t, "a.odt", zipOf(t, "content.xml", `<office:document-content xmlns:office="o" xmlns:text="t" xmlns:xlink="x"><office:body><office:text>`+body+`</office:text></office:body></office:document-content>`))
	})
}

// FuzzPDF changes the content of a page.
func FuzzPDF(f *testing.F) {
	f.Setenv("PATH", "")
	f.Add("BT /F1 11 Tf 60 700 Td (SRN 003 / 1126 / OBS 141) Tj 0 -14 Td [(a) -300 (b)] TJ T* (c) ' ET")
	f.Add("q 1 0 0 1 0 0 cm /Artifact BMC BT /F1 8 Tf (1) Tj ET EMC Q BT 5 Ts (2) Tj <FEFF0041> Tj ET")
	f.Fuzz(func(t *testing.T, content string) {
		if len(content) <= fuzzLimit {
			holds(t, "a.pdf", simplePDF(t, content))
		}
	})
}

// FuzzPDFFile changes the bytes of a whole file.
func FuzzPDFFile(f *testing.F) {
	f.Add(simplePDF(f, "BT /F1 11 Tf 60 700 Td (SRN 003 / 1126 / OBS 141) Tj ET"))
	f.Add(pdfWith(f, "BT /F1 11 Tf (x) Tj ET", []byte("{}")))
	f.Setenv("PATH", "")
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) <= fuzzLimit && bytes.HasPrefix(data, []byte("%PDF-")) {
			holds(t, "a.pdf", data)
		}
	})
}

// FuzzZip changes the bytes of a whole archive.
func FuzzZip(f *testing.F) {
	f.Add(inventedDOCX(f, 2))
	f.Add(zipOf(f, "content.xml", `<text:p>b</text:p>`, "meta.xml", "<x/>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) <= fuzzLimit && bytes.HasPrefix(data, []byte("PK\x03\x04")) {
			holds(t, "a.docx", data)
		}
	})
}

func FuzzParse(f *testing.F) {
	seeds(f, ".json")
	f.Add([]byte(`{"kind":"letter"}`))
	f.Add([]byte(`{"kind":"letter","violations":null,"addressees":[{"phone":null}],"footnotes":[{"number":1}],"code":{"update":null}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > fuzzLimit {
			return
		}
		a, err := Parse(bytes.NewReader(data))
		if err != nil {
			return
		}
		j, err := a.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(bytes.NewReader(j))
		if err != nil {
			t.Fatalf("%v\n%s", err, j)
		}
		if k, _ := back.Encode(); !bytes.Equal(j, k) {
			t.Fatalf("the JSON changes when read:\n%s\n%s", j, k)
		}
		for _, m := range nullKey.FindAllSubmatch(j, -1) {
			if !nullable[string(m[1])] {
				t.Fatalf("%s is null", m[1])
			}
		}
		a.Markdown() // may refuse, must not panic
	})
}
