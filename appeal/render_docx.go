package appeal

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// DOCX returns a as an Office Open XML document (ECMA-376) with true
// headings, lists, footnotes and links. It carries the appeal as a custom XML
// part: [Import] gives a back until somebody edits the document, and a word
// processor keeps the part, so that an edited copy can be compared with what
// was sent ([Merge]).
func (a *Appeal) DOCX(o Form) ([]byte, error) {
	f, err := newForm(a, o)
	if err != nil {
		return nil, err
	}
	d := &docxWriter{form: f, links: map[string]string{}, noteLinks: map[string]string{}, referred: map[int]bool{}}
	d.natural = d.naturalNotes()
	body := d.document()
	notes := d.footnotes()
	j, err := a.Encode()
	if err != nil {
		return nil, err
	}
	custom := `<appeal xmlns="` + customNS + `" sha256="` + partsSum([]byte(body), []byte(notes)) + `">` + xmlText(string(j)) + `</appeal>`
	parts := []zipPart{
		{"[Content_Types].xml", d.contentTypes()},
		{"_rels/.rels", rels(
			rel{"rId1", "officeDocument", "word/document.xml", false},
			rel{"rId2", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml", false})},
		{"docProps/core.xml", d.core()},
		{"word/document.xml", body},
		{"word/_rels/document.xml.rels", d.documentRels()},
		{"word/footnotes.xml", notes},
		{"word/_rels/footnotes.xml.rels", linkRels(d.noteLinks)},
		{"word/styles.xml", d.styles()},
		{"word/numbering.xml", d.numbering()},
		{"word/settings.xml", d.settings()},
		{"word/fontTable.xml", docxFonts},
		{"word/header1.xml", d.firstHeader()},
		{"word/header2.xml", d.runningHeader()},
		{"word/footer1.xml", d.footer()},
		{customPart, xmlHead + custom},
		{"customXml/itemProps1.xml", xmlHead + `<ds:datastoreItem ds:itemID="{6D2B0C5E-8D1B-4B56-9C0E-41A5A0B6A501}" xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs><ds:schemaRef ds:uri="` + customNS + `"/></ds:schemaRefs></ds:datastoreItem>`},
		{"customXml/_rels/item1.xml.rels", rels(rel{"rId1", "customXmlProps", "itemProps1.xml", false})},
	}
	if d.hasLogo() {
		parts = append(parts, zipPart{"word/media/logo.png", string(d.Letterhead.Logo)},
			zipPart{"word/_rels/header1.xml.rels", rels(rel{"rId1", "image", "media/logo.png", false})})
	}
	return zipParts(parts)
}

const (
	xmlHead    = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	customNS   = "urn:arasha:appeal:1"
	customPart = "customXml/item1.xml"
	docxNS     = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	relTypes   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

type zipPart struct{ name, data string }

// zipParts packs parts in their order; the same parts give the same bytes.
func zipParts(parts []zipPart) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		h := &zip.FileHeader{Name: p.name, Method: zip.Deflate}
		if p.name == "mimetype" { // ODF 1.3, part 2, 3.3: first and stored
			h.Method = zip.Store
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(p.data)); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// partsSum is the SHA-256 of parts, one after the other.
func partsSum(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// xmlText escapes text for XML; signs that XML cannot hold become U+FFFD.
func xmlText(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}

type rel struct {
	id, kind, target string
	external         bool
}

func rels(rs ...rel) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for _, r := range rs {
		kind := r.kind
		if !strings.Contains(kind, ":") {
			kind = relTypes + kind
		}
		b.WriteString(`<Relationship Id="` + r.id + `" Type="` + kind + `" Target="` + xmlText(r.target) + `"`)
		if r.external {
			b.WriteString(` TargetMode="External"`)
		}
		b.WriteString("/>")
	}
	b.WriteString("</Relationships>")
	return b.String()
}

// linkRels are the relationships of the links of one part.
func linkRels(links map[string]string) string {
	rs := make([]rel, len(links))
	for u, id := range links {
		n, _ := strconv.Atoi(strings.TrimPrefix(id, "rLink"))
		rs[n-1] = rel{id, "hyperlink", u, true}
	}
	return rels(rs...)
}

type docxWriter struct {
	*form
	b         strings.Builder
	links     map[string]string // address -> relationship, in the document
	noteLinks map[string]string // the same in the notes
	inNotes   bool
	natural   bool         // the notes are numbered as a word processor counts them
	referred  map[int]bool // notes that have their reference already
	items     int          // requests so far
}

// hasLogo reports whether there is a mark to draw.
func (f *form) hasLogo() bool {
	return http.DetectContentType(f.Letterhead.Logo) == "image/png"
}

// naturalNotes reports whether the first marks of the notes come as 1, 2, 3 …
func (d *docxWriter) naturalNotes() bool {
	next, seen := 1, map[int]bool{}
	for _, b := range d.blocks {
		for _, r := range b.runs {
			if r.Note > 0 && !seen[r.Note] {
				if seen[r.Note] = true; r.Note != next {
					return false
				}
				next++
			}
		}
	}
	return true
}

// para writes one paragraph in a style; props are further paragraph
// properties in the order of the schema (after pStyle).
func (d *docxWriter) para(style, props string, runs func()) {
	d.b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/>` + props + `</w:pPr>`)
	runs()
	d.b.WriteString("</w:p>")
}

// run writes words. Their direction is that of the text, unless ltr says that
// they are a code or a number.
func (d *docxWriter) run(s, props string, ltr bool) {
	if s == "" {
		return
	}
	if d.rtl && !ltr {
		props += "<w:rtl/>"
	}
	if props != "" {
		props = "<w:rPr>" + props + "</w:rPr>"
	}
	for i, l := range strings.Split(s, "\n") {
		br := ""
		if i > 0 {
			br = "<w:br/>"
		}
		d.b.WriteString("<w:r>" + props + br + `<w:t xml:space="preserve">` + xmlText(strings.ReplaceAll(l, "\t", " ")) + "</w:t></w:r>")
	}
}

func (d *docxWriter) runs(rs []Run, props string, ltr bool) {
	for _, r := range rs {
		switch {
		case r.Note > 0:
			d.mark(r.Note)
		case r.URL != "":
			links := d.links
			if d.inNotes {
				links = d.noteLinks
			}
			id, ok := links[r.URL]
			if !ok {
				id = "rLink" + strconv.Itoa(len(links)+1)
				links[r.URL] = id
			}
			d.b.WriteString(`<w:hyperlink r:id="` + id + `">`)
			d.run(r.Text, `<w:rStyle w:val="Hyperlink"/>`+props, ltr || !hasRTL(r.Text))
			d.b.WriteString("</w:hyperlink>")
		default:
			d.run(r.Text, props, ltr)
		}
	}
}

func hasRTL(s string) bool {
	for _, r := range s {
		if r >= 0x590 && r <= 0x8ff || r >= 0xfb1d && r <= 0xfeff {
			return true
		}
	}
	return false
}

// mark writes the reference of a note. A second reference to one note is a
// raised number that jumps to it: a word processor allows one reference only.
func (d *docxWriter) mark(n int) {
	id := strconv.Itoa(d.notes[n] + 1)
	num := strconv.Itoa(n)
	switch {
	case d.referred[n]:
		d.b.WriteString(`<w:hyperlink w:anchor="note` + id + `"><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>` + num + `</w:t></w:r></w:hyperlink>`)
		return
	case d.natural:
		d.b.WriteString(`<w:bookmarkStart w:id="` + id + `" w:name="note` + id + `"/><w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="` + id + `"/></w:r><w:bookmarkEnd w:id="` + id + `"/>`)
	default:
		d.b.WriteString(`<w:bookmarkStart w:id="` + id + `" w:name="note` + id + `"/><w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:customMarkFollows="1" w:id="` + id + `"/><w:t>` + num + `</w:t></w:r><w:bookmarkEnd w:id="` + id + `"/>`)
	}
	d.referred[n] = true
}

func (d *docxWriter) document() string {
	d.b.WriteString(xmlHead + `<w:document` + docxNS + `><w:body>`)
	plate := -1 // the last row of the plate, which gets the lower rule
	for i, b := range d.blocks {
		if b.kind >= bCode && b.kind <= bDate {
			plate = i
		}
	}
	first := true
	for i, b := range d.blocks {
		text := func() { d.runs(b.runs, "", false) }
		border := ""
		if b.kind >= bCode && b.kind <= bDate {
			if first {
				border += `<w:top w:val="single" w:sz="8" w:space="6" w:color="auto"/>`
			}
			if i == plate {
				border += `<w:bottom w:val="single" w:sz="8" w:space="6" w:color="auto"/>`
			}
			if border != "" {
				border = "<w:pBdr>" + border + "</w:pBdr>"
				if i == plate {
					border += `<w:spacing w:after="200"/>`
				}
			}
			first = false
		}
		switch b.kind {
		case bState:
			d.para("State", "", text)
		case bKind:
			d.para("Title", "", text)
		case bTitle:
			d.para("Subtitle", "", text)
		case bCode:
			d.para("Code", border, func() { d.runs(b.runs, "", true) })
		case bDone:
			d.para("Violations", border, text)
		case bPlace, bDate:
			d.para("Plate", border, text)
		case bHeading:
			d.para("Heading1", "", text)
		case bPara, bSign:
			d.para("BodyText", "", text)
		case bAfter:
			d.para("BodyText", `<w:spacing w:before="160" w:after="135" w:line="264" w:lineRule="auto"/>`, text)
		case bLead:
			d.para("BodyText", "<w:keepNext/>", text)
		case bItem:
			if b.more {
				d.para("Request", "", text)
				break
			}
			d.items++
			num := 1
			if d.asksFormat() == "" {
				num = 10 + d.items
			}
			d.para("Request", `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="`+strconv.Itoa(num)+`"/></w:numPr>`, text)
		case bAddressee:
			d.para("Addressee", `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>`, func() { d.addresseeRuns(b.to) })
		case bStars:
			d.para("Stars", "", text)
		case bReminder:
			d.para("Reminder", "", text)
		case bAbout:
			d.para("Small", "", text)
		case bContact:
			if !b.more {
				d.para("Small", "<w:keepNext/>", text)
				break
			}
			d.para("Contact", `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>`, func() {
				if b.label != "" {
					d.run(b.label+": ", "", false)
				}
				d.runs(b.runs, "", !hasRTL(b.text(Mark)))
			})
		case bLoose:
			d.para("Small", "", func() {
				if !b.more {
					d.run("["+b.marker+"] ", "", false)
				}
				d.runs(b.runs, "", false)
			})
		}
	}
	bidi := ""
	if d.rtl {
		bidi = "<w:bidi/>"
	}
	d.b.WriteString(`<w:sectPr><w:headerReference w:type="first" r:id="rHead1"/><w:headerReference w:type="default" r:id="rHead2"/>` +
		`<w:footerReference w:type="first" r:id="rFoot1"/><w:footerReference w:type="default" r:id="rFoot1"/>` +
		`<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1361" w:right="1418" w:bottom="1134" w:left="1418" w:header="680" w:footer="567" w:gutter="0"/>` +
		`<w:titlePg/>` + bidi + `</w:sectPr></w:body></w:document>`)
	s := d.b.String()
	d.b.Reset()
	return s
}

// addresseeRuns writes one addressee: its lines parted by line breaks.
func (d *docxWriter) addresseeRuns(i int) {
	for k, l := range d.addressee(i) {
		if k > 0 {
			d.b.WriteString("<w:r><w:br/></w:r>")
		}
		props := ""
		if l.bold {
			props = "<w:b/><w:bCs/>"
		}
		if l.label != "" {
			d.run(l.label+": ", `<w:color w:val="48545A"/>`, false)
		}
		d.runs(l.runs, props, l.code)
	}
}

func (d *docxWriter) footnotes() string {
	d.inNotes = true
	d.b.WriteString(xmlHead + `<w:footnotes` + docxNS + `>` +
		`<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>` +
		`<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>`)
	for _, i := range d.usedNotes() {
		d.b.WriteString(`<w:footnote w:id="` + strconv.Itoa(i+1) + `">`)
		for k, rs := range d.note(i) {
			d.para("FootnoteText", "", func() {
				if k == 0 {
					d.b.WriteString(`<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>`)
					if d.natural {
						d.b.WriteString(`<w:footnoteRef/></w:r>`)
					} else {
						d.b.WriteString(`<w:t>` + strconv.Itoa(d.a.Footnotes[i].Number) + `</w:t></w:r>`)
					}
					d.run(" ", "", false)
				}
				d.runs(rs, "", false)
			})
		}
		d.b.WriteString("</w:footnote>")
	}
	d.b.WriteString("</w:footnotes>")
	s := d.b.String()
	d.b.Reset()
	d.inNotes = false
	return s
}

func (d *docxWriter) contentTypes() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`)
	if d.hasLogo() {
		b.WriteString(`<Default Extension="png" ContentType="image/png"/>`)
	}
	for _, p := range [][2]string{{"document", "document.main"}, {"styles", "styles"}, {"numbering", "numbering"}, {"footnotes", "footnotes"}, {"settings", "settings"},
		{"fontTable", "fontTable"}, {"header1", "header"}, {"header2", "header"}, {"footer1", "footer"}} {
		fmt.Fprintf(&b, `<Override PartName="/word/%s.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.%s+xml"/>`, p[0], p[1])
	}
	b.WriteString(`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/customXml/itemProps1.xml" ContentType="application/vnd.openxmlformats-officedocument.customXmlProperties+xml"/></Types>`)
	return b.String()
}

func (d *docxWriter) core() string {
	return xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` + xmlText(d.title()) +
		`</dc:title><dc:subject>` + xmlText(printable(d.violations())) + `</dc:subject><dc:creator>` + xmlText(printable(d.Letterhead.Name)) + `</dc:creator><dc:language>` + langTag(d.text) + `</dc:language></cp:coreProperties>`
}

func (d *docxWriter) documentRels() string {
	rs := []rel{{"rStyles", "styles", "styles.xml", false}, {"rNum", "numbering", "numbering.xml", false}, {"rNotes", "footnotes", "footnotes.xml", false},
		{"rSet", "settings", "settings.xml", false}, {"rFonts", "fontTable", "fontTable.xml", false}, {"rHead1", "header", "header1.xml", false}, {"rHead2", "header", "header2.xml", false},
		{"rFoot1", "footer", "footer1.xml", false}, {"rCustom", "customXml", "../" + customPart, false}}
	links := make([]rel, len(d.links))
	for u, id := range d.links {
		n, _ := strconv.Atoi(strings.TrimPrefix(id, "rLink"))
		links[n-1] = rel{id, "hyperlink", u, true}
	}
	return rels(append(rs, links...)...)
}

// officeLang is a language with its usual country, which word processors
// want for spelling.
func officeLang(lang string) (language, country string) {
	tag := langTag(lang)
	language, country, _ = strings.Cut(tag, "-")
	if len(country) != 2 {
		country = map[string]string{"en": "GB", "fr": "FR", "es": "ES", "ru": "RU", "tr": "TR", "kk": "KZ", "ar": "SA", "fa": "IR"}[language]
	}
	return language, country
}
