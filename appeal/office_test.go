package appeal

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// zipOf packs members in order.
func zipOf(t testing.TB, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(members); i += 2 {
		w, err := z.Create(members[i])
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(members[i+1]))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const wNS = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

func wp(style, num, inner string) string {
	pr := ""
	if style != "" {
		pr += `<w:pStyle w:val="` + style + `"/>`
	}
	if num != "" {
		pr += `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="` + num + `"/></w:numPr>`
	}
	return "<w:p><w:pPr>" + pr + "</w:pPr>" + inner + "</w:p>"
}

func wr(text string) string { return `<w:r><w:t xml:space="preserve">` + text + `</w:t></w:r>` }

func wNote(id int) string { return fmt.Sprintf(`<w:r><w:footnoteReference w:id="%d"/></w:r>`, id) }

// inventedDOCX is an appeal with true headings, lists, notes, a link,
// tracked changes, a comment, hidden text and an author. first is the id of
// the note that is referred to first.
func inventedDOCX(t testing.TB, first int) []byte {
	body := wp("", "", wr("URGENT APPEAL - THE OBSERVATORY")) +
		wp("", "", wr("SRN 003 / 1126 / OBS 141")+`<w:r><w:br/></w:r>`+wr("Smear campaign / Threats")+`<w:r><w:br/></w:r>`+wr("Saryn")) +
		wp("", "", wr("9 November 2026")) +
		wp("", "", wr("The Observatory requests your urgent intervention in the following situation in Saryn.")) +
		wp("Heading1", "", wr("Description of the situation")) +
		wp("", "", wr("The Observatory has been informed about threats against Ms. Nuriya Elkesh, director of the Bureau")+wNote(first)+wr(", who published a ")+
			`<w:hyperlink r:id="rId9">`+wr("statement")+`</w:hyperlink>`+wNote(3-first)+wr(" on ")+
			`<w:del w:id="1" w:author="Somebody Real"><w:r><w:delText>30</w:delText></w:r></w:del><w:ins w:id="2" w:author="Somebody Real">`+wr("31")+`</w:ins>`+
			wr(" October.")+`<w:r><w:rPr><w:vanish/></w:rPr><w:t>SECRET SOURCE</w:t></w:r><w:r><w:commentReference w:id="0"/></w:r>`) +
		wp("Heading1", "", wr("Actions requested")) +
		wp("", "", wr("Please write to the authorities of Saryn asking them to:")) +
		wp("", "1", wr("Close the inquiry;")) + wp("", "1", wr("Put an end to all threats.")) +
		wp("Heading1", "", wr("Addresses")) +
		wp("", "2", wr("H.E. Orman Velk, President of Saryn, Fax: +999 55 010 001; Twitter: @OrmanVelk")) +
		wp("", "2", wr("Mr. Tolan Arv, Minister of Justice, E-mail: ")+`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> HYPERLINK "mailto:kanc@justice.example" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`+wr("kanc@justice.example")+`<w:r><w:fldChar w:fldCharType="end"/></w:r>`) +
		wp("", "", wr("Please also write to the embassy of Saryn in your country.")) +
		wp("", "", wr("***")) + wp("", "", wr("Paris-Geneva, 9 November 2026"))
	return zipOf(t,
		"[Content_Types].xml", `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/><Override PartName="/word/comments.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"/><Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>`,
		"_rels/.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/_rels/document.xml.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/><Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="comments.xml"/><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://boa.example/statement" TargetMode="External"/></Relationships>`,
		"word/styles.xml", `<?xml version="1.0"?><w:styles `+wNS+`><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style></w:styles>`,
		"word/numbering.xml", `<?xml version="1.0"?><w:numbering `+wNS+`><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>`,
		"word/footnotes.xml", `<?xml version="1.0"?><w:footnotes `+wNS+`><w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote><w:footnote w:type="continuationSeparator" w:id="0"><w:p/></w:footnote><w:footnote w:id="`+strconv.Itoa(3-first)+`"><w:p><w:r><w:footnoteRef/></w:r>`+wr(" See https://boa.example/statement?lang=en.")+`</w:p></w:footnote><w:footnote w:id="`+strconv.Itoa(first)+`"><w:p><w:r><w:footnoteRef/></w:r>`+wr(" The Bureau is registered in Velim.")+`</w:p></w:footnote></w:footnotes>`,
		"word/comments.xml", `<?xml version="1.0"?><w:comments `+wNS+`><w:comment w:id="0" w:author="Somebody Real"><w:p>`+wr("sure?")+`</w:p></w:comment></w:comments>`,
		"docProps/core.xml", `<?xml version="1.0"?><cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:creator>Somebody Real</dc:creator></cp:coreProperties>`,
		"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document `+wNS+`><w:body>`+body+`</w:body></w:document>`)
}

// checkInvented checks what every format of the invented appeal must give.
func checkInvented(t *testing.T, name string, a *Appeal) {
	t.Helper()
	text := ""
	for _, s := range a.Sections {
		text += s.Text + "\n"
	}
	if a.Code == nil || a.Code.Key() != "SRN-003-1126-OBS-141" || a.Place != "Saryn" || a.Date != "2026-11-09" || len(a.Violations) != 2 {
		t.Errorf("%s: header %v %q %q %v", name, a.Code, a.Place, a.Date, a.Violations)
	}
	if len(a.Actions) != 2 || a.Actions[0].Marker != "i." || a.Actions[1].Marker != "ii." || a.Actions[0].Text != "Close the inquiry;" {
		t.Errorf("%s: actions %+v", name, a.Actions)
	}
	if len(a.Addressees) != 2 || a.Addressees[0].Name != "Orman Velk" || len(a.Addressees[0].Handle) != 1 || len(a.Addressees[1].Email) != 1 {
		t.Errorf("%s: addressees %+v", name, a.Addressees)
	}
	want := []Footnote{{1, "The Bureau is registered in Velim.", []string{}}, {2, "See https://boa.example/statement?lang=en.", []string{"https://boa.example/statement?lang=en"}}}
	if d := cmp.Diff(want, a.Footnotes, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s: footnotes:\n%s", name, d)
	}
	if !strings.Contains(text, "director of the Bureau[^1], who published a statement[^2] on 31 October.") {
		t.Errorf("%s: the running text is %q", name, text)
	}
	if strings.Contains(text, "SECRET") || strings.Contains(text, "sure?") {
		t.Errorf("%s: hidden text or a comment came through: %q", name, text)
	}
	if len(a.Links) != 1 || a.Links[0] != (Link{"https://boa.example/statement", "statement", "sections[1]"}) {
		t.Errorf("%s: links %+v", name, a.Links)
	}
	if a.SignOff.Place != "Paris-Geneva" || len(a.Unread) != 0 {
		t.Errorf("%s: sign-off %+v, unread %q", name, a.SignOff, a.Unread)
	}
}

func rules(a *Appeal) string {
	var out []string
	for _, w := range a.Warnings {
		out = append(out, w.Rule)
	}
	return strings.Join(out, " ")
}

func TestDOCX(t *testing.T) {
	a, err := Import("a.docx", inventedDOCX(t, 2), Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkInvented(t, "docx", a)
	for _, r := range []string{"tracked-changes", "comments", "hidden-text"} {
		if !strings.Contains(rules(a), r) {
			t.Errorf("no warning %s among %s", r, rules(a))
		}
	}
	if a.File.TrackedChanges != 2 || a.File.Comments != 1 || a.File.Properties["author"] != "Somebody Real" {
		t.Errorf("file: %+v", a.File)
	}
	if j, _ := a.Encode(); bytes.Contains(j, []byte("Somebody Real")) {
		t.Error("the author of the file stands in the JSON")
	}
}

// TestOfficeConversions lets LibreOffice turn the DOCX into ODT and PDF.
func TestOfficeConversions(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("LibreOffice is not there")
		}
		t.Skip("LibreOffice is not there")
	}
	dir := t.TempDir()
	in := filepath.Join(dir, "a.docx")
	if err := os.WriteFile(in, inventedDOCX(t, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"odt", "pdf"} {
		cmd := exec.Command(soffice, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", to, "--outdir", dir, in)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		data, err := os.ReadFile(filepath.Join(dir, "a."+to))
		if err != nil {
			t.Fatal(err)
		}
		a, err := Import("a."+to, data, Options{})
		if err != nil {
			t.Errorf("%s: %v", to, err)
			continue
		}
		if to == "pdf" { // tracked changes are printed as such there
			if len(a.Footnotes) != 2 || len(a.Actions) != 2 || len(a.Addressees) != 2 || a.Code == nil {
				j, _ := a.Encode()
				t.Errorf("pdf: %s", j)
			}
			continue
		}
		checkInvented(t, to, a)
	}
}

func TestHTML(t *testing.T) {
	page := `<!DOCTYPE html><html lang="en"><head><title>x</title><style>p{color:red}</style><script>alert(1)</script></head><body>
<nav><a href="/">Home</a></nav><h1>Threats against Ms. Nuriya Elkesh</h1>
<p><b>URGENT APPEAL - THE OBSERVATORY</b></p><p>SRN 003 / 1126 / OBS 141<br>Smear campaign / Threats<br>Saryn<br>9 November 2026</p>
<p>The Observatory requests your urgent intervention in the following situation in&nbsp;Saryn.</p>
<h2>Description of the situation:</h2>
<p onclick="evil()">The Observatory has been informed about threats against <i>Ms. Nuriya Elkesh</i>, director of the Bureau<sup><a href="#fn1" id="r1">1</a></sup>, who published a <a href="https://boa.example/statement">statement</a><a href="#_ftn2">[2]</a> on 31 October.<span style="display:none">SECRET</span></p>
<h2>Actions requested:</h2><p>Please write to the authorities of Saryn asking them to:</p>
<ol type="i"><li>Close the inquiry;</li><li>Put an end to all threats.</li></ol>
<h2>Addresses:</h2><ul><li>H.E. Orman Velk, President of Saryn, Fax: +999 55 010 001; Twitter: @OrmanVelk</li>
<li>Mr. Tolan Arv, Minister of Justice, E-mail: <a href="mailto:kanc@justice.example">kanc@justice.example</a></li></ul>
<p>Please also write to the embassy of Saryn in your country. <a href="javascript:evil()">now</a></p><hr>
<p>Paris-Geneva, 9 November 2026</p>
<ol class="footnotes"><li id="fn1">The Bureau is registered in Velim. <a href="#r1">↩</a></li><li id="fn2">See <a href="https://boa.example/statement?lang=en">https://boa.example/statement?lang=en</a>.</li></ol>
</body></html>`
	a, err := Import("a.html", []byte(page), Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkInvented(t, "html", a)
	if a.Title != "Threats against Ms. Nuriya Elkesh" || !strings.Contains(rules(a), "hidden-text") || !strings.Contains(rules(a), "link-scheme") {
		t.Errorf("title %q, warnings %s", a.Title, rules(a))
	}
	j, _ := a.Encode()
	for _, bad := range []string{"alert(1)", "evil", "color:red", "SECRET"} {
		if bytes.Contains(bytes.ReplaceAll(j, []byte("javascript:evil"), nil), []byte(bad)) {
			t.Errorf("%q came through", bad)
		}
	}
	// A page that carries its appeal gives exactly that appeal, until it is edited.
	with, err := EmbedInHTML([]byte(page), a)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Import("a.html", with, Options{})
	if err != nil || !b.File.Embedded {
		t.Fatalf("the embedded appeal was not read: %v", err)
	}
	if d := cmp.Diff(a, b, cmpopts.IgnoreFields(Appeal{}, "File")); d != "" {
		t.Errorf("embedded in HTML:\n%s", d)
	}
	edited := bytes.Replace(with, []byte("Close the inquiry"), []byte("Close the case"), 1)
	if b, err = Import("a.html", edited, Options{}); err != nil || b.File.Embedded || b.Actions[0].Text != "Close the case;" {
		t.Errorf("an edited page was read from its stale data: %v", err)
	}
}

func TestPlainMarkdown(t *testing.T) {
	md := `# Threats against Ms. Nuriya Elkesh

**URGENT APPEAL - THE OBSERVATORY**

SRN 003 / 1126 / OBS 141
Smear campaign / Threats
Saryn
9 November 2026

The Observatory requests your urgent intervention in the following situation in Saryn.

## Description of the situation

The Observatory has been informed about threats against *Ms. Nuriya Elkesh*,
director of the Bureau[^1], who published a [statement](https://boa.example/statement)[^2] on 31 October.

## Actions requested

Please write to the authorities of Saryn asking them to:

i. Close the inquiry;
ii. Put an end to all threats.

## Addresses

- H.E. Orman Velk, President of Saryn, Fax: +999 55 010 001; Twitter: @OrmanVelk
- Mr. Tolan Arv, Minister of Justice, E-mail: <mailto:kanc@justice.example>

Please also write to the embassy of Saryn in your country.

***

Paris-Geneva, 9 November 2026

[^1]: The Bureau is registered in Velim.
[^2]: See <https://boa.example/statement?lang=en>.
`
	a, err := Import("a.md", []byte(strings.ReplaceAll(md, "<mailto:kanc@justice.example>", "kanc@justice.example")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkInvented(t, "md", a)
}

// TestEmbeddedInZip reads the data of a DOCX until its text is edited.
func TestEmbeddedInZip(t *testing.T) {
	a, err := Import("a.docx", inventedDOCX(t, 2), Options{})
	if err != nil {
		t.Fatal(err)
	}
	a.Title = "only in the data"
	j, _ := a.Encode()
	doc := `<w:document ` + wNS + `><w:body>` + wp("", "", wr("SRN 003 / 1126 / OBS 141")) + `</w:body></w:document>`
	sum := sha256.Sum256([]byte(doc))
	for _, text := range []string{doc, strings.Replace(doc, "141", "142", 1)} {
		b, err := Import("a.docx", zipOf(t, "word/document.xml", text, EmbeddedName, string(j), EmbeddedSumName, hex.EncodeToString(sum[:])), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if (text == doc) != b.File.Embedded || (text == doc) != (b.Title == "only in the data") {
			t.Errorf("embedded %v, title %q", b.File.Embedded, b.Title)
		}
	}
}
