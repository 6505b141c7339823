package appeal

import (
	"fmt"
	"strconv"
	"strings"
)

// ODT returns a as an OpenDocument text (ODF 1.3) with true headings, lists,
// notes and links. It carries the appeal as data, so that [Import] gives a
// back until somebody edits the document.
func (a *Appeal) ODT(o Form) ([]byte, error) {
	f, err := newForm(a, o)
	if err != nil {
		return nil, err
	}
	d := &odtWriter{form: f, referred: map[int]bool{}}
	content := d.content()
	j, err := a.Encode()
	if err != nil {
		return nil, err
	}
	parts := []zipPart{
		{"mimetype", "application/vnd.oasis.opendocument.text"},
		{"META-INF/manifest.xml", d.manifest()},
		{"content.xml", content},
		{"styles.xml", d.styles()},
		{"meta.xml", d.meta()},
		{EmbeddedName, string(j)},
		{EmbeddedSumName, partsSum([]byte(content))},
	}
	if d.hasLogo() {
		parts = append(parts, zipPart{"Pictures/logo.png", string(d.Letterhead.Logo)})
	}
	return zipParts(parts)
}

const odtNS = ` xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"`

type odtWriter struct {
	*form
	b        strings.Builder
	referred map[int]bool
	lists    strings.Builder // list styles of requests that count in a way of their own
	items    int
}

// para writes one paragraph in a style.
func (d *odtWriter) para(style string, runs func()) {
	d.b.WriteString(`<text:p text:style-name="` + style + `">`)
	runs()
	d.b.WriteString("</text:p>")
}

// words writes text; runs of spaces and line breaks are elements in ODF.
func (d *odtWriter) words(s string) {
	s = strings.ReplaceAll(s, "\t", " ")
	for i, l := range strings.Split(s, "\n") {
		if i > 0 {
			d.b.WriteString("<text:line-break/>")
		}
		for l != "" {
			k := strings.Index(l, "  ")
			if k < 0 {
				d.b.WriteString(xmlText(l))
				break
			}
			n := k + 1
			for n < len(l) && l[n] == ' ' {
				n++
			}
			d.b.WriteString(xmlText(l[:k+1]) + `<text:s text:c="` + strconv.Itoa(n-k-1) + `"/>`)
			l = l[n:]
		}
	}
}

func (d *odtWriter) span(style, s string) {
	d.b.WriteString(`<text:span text:style-name="` + style + `">`)
	d.words(s)
	d.b.WriteString("</text:span>")
}

func (d *odtWriter) runs(rs []Run) {
	for _, r := range rs {
		switch {
		case r.Note > 0:
			d.mark(r.Note)
		case r.URL != "":
			d.b.WriteString(`<text:a xlink:type="simple" xlink:href="` + xmlText(r.URL) + `" text:style-name="Internet_20_link">`)
			d.words(r.Text)
			d.b.WriteString("</text:a>")
		default:
			d.words(r.Text)
		}
	}
}

// mark writes a note where it is first referred to, and a raised number
// where it is referred to again.
func (d *odtWriter) mark(n int) {
	num := strconv.Itoa(n)
	if d.referred[n] {
		d.span("Again", num)
		return
	}
	d.referred[n] = true
	d.b.WriteString(`<text:note text:id="ftn` + num + `" text:note-class="footnote"><text:note-citation text:label="` + num + `">` + num + `</text:note-citation><text:note-body>`)
	for _, rs := range d.note(d.notes[n]) {
		d.para("Footnote", func() { d.runs(rs) })
	}
	d.b.WriteString("</text:note-body></text:note>")
}

func (d *odtWriter) content() string {
	plate := -1
	for i, b := range d.blocks {
		if b.kind >= bCode && b.kind <= bDate {
			plate = i
		}
	}
	first := true
	for i, b := range d.blocks {
		var prev, next block
		prev.kind, next.kind = -1, -1
		if i > 0 {
			prev = d.blocks[i-1]
		}
		if i+1 < len(d.blocks) {
			next = d.blocks[i+1]
		}
		text := func() { d.runs(b.runs) }
		rule := ""
		if b.kind >= bCode && b.kind <= bDate {
			switch {
			case first && i == plate:
				rule = "_both"
			case first:
				rule = "_top"
			case i == plate:
				rule = "_bottom"
			}
			first = false
		}
		switch b.kind {
		case bState:
			d.para("State", text)
		case bKind:
			d.para("Title", text)
		case bTitle:
			d.para("Subtitle", text)
		case bCode:
			d.para("Code"+rule, text)
		case bDone:
			d.para("Violations"+rule, text)
		case bPlace, bDate:
			d.para("Plate"+rule, text)
		case bHeading:
			d.b.WriteString(`<text:h text:style-name="Heading_20_1" text:outline-level="1">`)
			text()
			d.b.WriteString("</text:h>")
		case bAfter:
			d.para("After", text)
		case bPara, bLead, bSign:
			d.para("Text_20_body", text)
		case bItem:
			d.item(b, prev, next)
		case bAddressee:
			if prev.kind != bAddressee {
				d.b.WriteString(`<text:list text:style-name="Points">`)
			}
			d.b.WriteString("<text:list-item>")
			d.para("Addressee", func() { d.addresseeRuns(b.to) })
			d.b.WriteString("</text:list-item>")
			if next.kind != bAddressee {
				d.b.WriteString("</text:list>")
			}
		case bStars:
			d.para("Stars", text)
		case bReminder:
			d.para("Reminder", text)
		case bAbout:
			d.para("Small", text)
		case bContact:
			d.contact(b, prev, next)
		case bLoose:
			d.para("Small", func() {
				if !b.more {
					d.words("[" + b.marker + "] ")
				}
				d.runs(b.runs)
			})
		}
	}
	body := d.b.String()
	d.b.Reset()
	var auto strings.Builder
	for _, s := range []string{"Code", "Violations", "Plate"} {
		for _, side := range []string{"top", "bottom", "both"} {
			border := `fo:border-` + side + `="1pt solid #000000" fo:padding-` + side + `="6pt"`
			if side == "bottom" {
				border += ` fo:margin-bottom="10pt"`
			}
			if side == "both" {
				border = `fo:border-top="1pt solid #000000" fo:border-bottom="1pt solid #000000" fo:padding-top="6pt" fo:padding-bottom="6pt" fo:margin-bottom="10pt"`
			}
			auto.WriteString(`<style:style style:name="` + s + `_` + side + `" style:family="paragraph" style:parent-style-name="` + s + `"><style:paragraph-properties ` + border + ` style:join-border="false"/></style:style>`)
		}
	}
	return xmlHead + `<office:document-content` + odtNS + `><office:automatic-styles>` + auto.String() + d.lists.String() + `</office:automatic-styles><office:body><office:text>` + body + `</office:text></office:body></office:document-content>`
}

// item writes a paragraph of a request within its list.
func (d *odtWriter) item(b, prev, next block) {
	own := d.asksFormat() == ""
	if !b.more {
		if own {
			d.items++
			name := "Request" + strconv.Itoa(d.items)
			// A list of one, whose number is the printed marker: all of it
			// stands before a number that is not shown.
			d.lists.WriteString(`<text:list-style style:name="` + name + `"><text:list-level-style-number text:level="1" style:num-prefix="` + xmlText(b.marker) + `" style:num-format="" text:style-name="Strong">` + odtListRoom("1cm") + `</text:list-level-style-number></text:list-style>`)
			d.b.WriteString(`<text:list text:style-name="` + name + `">`)
		} else if prev.kind != bItem {
			d.b.WriteString(`<text:list text:style-name="Requests">`)
		}
		d.b.WriteString("<text:list-item>")
	}
	d.para("Request", func() { d.runs(b.runs) })
	if next.kind != bItem || !next.more {
		d.b.WriteString("</text:list-item>")
		if own || next.kind != bItem {
			d.b.WriteString("</text:list>")
		}
	}
}

func (d *odtWriter) addresseeRuns(i int) {
	for k, l := range d.addressee(i) {
		if k > 0 {
			d.b.WriteString("<text:line-break/>")
		}
		if l.label != "" {
			d.span("Quiet", l.label+": ")
		}
		switch {
		case l.bold:
			d.b.WriteString(`<text:span text:style-name="Strong">`)
			d.runs(l.runs)
			d.b.WriteString("</text:span>")
		default:
			d.runs(l.runs)
		}
	}
}

func (d *odtWriter) contact(b, prev, next block) {
	if !b.more {
		d.para("Small", func() { d.runs(b.runs) })
		return
	}
	if prev.kind != bContact || !prev.more {
		d.b.WriteString(`<text:list text:style-name="Points">`)
	}
	d.b.WriteString("<text:list-item>")
	d.para("Contact", func() {
		if b.label != "" {
			d.words(b.label + ": ")
		}
		d.runs(b.runs)
	})
	d.b.WriteString("</text:list-item>")
	if next.kind != bContact {
		d.b.WriteString("</text:list>")
	}
}

func (d *odtWriter) manifest() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="application/vnd.oasis.opendocument.text"/>`)
	files := [][2]string{{"content.xml", "text/xml"}, {"styles.xml", "text/xml"}, {"meta.xml", "text/xml"}, {EmbeddedName, "application/json"}, {EmbeddedSumName, "text/plain"}}
	if d.hasLogo() {
		files = append(files, [2]string{"Pictures/logo.png", "image/png"})
	}
	for _, f := range files {
		b.WriteString(`<manifest:file-entry manifest:full-path="` + f[0] + `" manifest:media-type="` + f[1] + `"/>`)
	}
	return b.String() + "</manifest:manifest>"
}

func (d *odtWriter) meta() string {
	return xmlHead + `<office:document-meta` + odtNS + `><office:meta><dc:title>` + xmlText(d.title()) + `</dc:title><dc:subject>` + xmlText(printable(d.violations())) +
		`</dc:subject><meta:initial-creator>` + xmlText(printable(d.Letterhead.Name)) + `</meta:initial-creator><dc:language>` + langTag(d.text) + `</dc:language></office:meta></office:document-meta>`
}

func odtListRoom(room string) string {
	return `<style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" text:list-tab-stop-position="` + room + `" fo:text-indent="-` + room + `" fo:margin-left="` + room + `"/></style:list-level-properties>`
}

// odtStyles are the named paragraph styles: name, parent, properties of the
// paragraph, properties of its words, size in points.
var odtStyles = []struct {
	name, para, text string
	size             float64
}{
	{"Text_20_body", `fo:margin-bottom="6.75pt" fo:line-height="112%" fo:orphans="2" fo:widows="2"`, "", 10},
	{"After", `fo:margin-top="8pt" fo:margin-bottom="6.75pt" fo:line-height="112%"`, "", 10},
	{"State", `fo:margin-bottom="6pt"`, `fo:font-family="'Noto Sans'" fo:font-weight="bold" style:font-weight-complex="bold" fo:color="#5c4000"`, 10},
	{"Title", `fo:margin-top="6pt" fo:margin-bottom="3pt" fo:keep-with-next="always"`, `fo:font-weight="bold" style:font-weight-complex="bold"`, 20},
	{"Subtitle", `fo:margin-bottom="6pt" fo:keep-with-next="always"`, `fo:font-weight="bold" style:font-weight-complex="bold"`, 12},
	{"Code", `fo:margin-top="8pt" fo:margin-bottom="3pt" fo:keep-with-next="always"`, `fo:font-weight="bold" style:font-weight-complex="bold" fo:letter-spacing="0.3pt"`, 14},
	{"Violations", `fo:margin-bottom="3pt" fo:keep-with-next="always"`, `fo:font-weight="bold" style:font-weight-complex="bold" fo:color="#7d1730"`, 11},
	{"Plate", `fo:margin-bottom="3pt" fo:keep-with-next="always"`, "", 10},
	{"Heading_20_1", `fo:margin-top="13.5pt" fo:margin-bottom="4pt" fo:keep-with-next="always"`, `fo:font-family="'Noto Sans'" fo:font-weight="bold" style:font-weight-complex="bold"`, 10.5},
	{"Request", `fo:margin-bottom="4.5pt" fo:line-height="112%" fo:keep-together="always"`, "", 10},
	{"Addressee", `fo:margin-bottom="6pt" fo:keep-together="always"`, `fo:font-family="'Noto Sans'"`, 9},
	{"Stars", `fo:margin-top="9pt" fo:margin-bottom="6.75pt" fo:text-align="center" fo:keep-with-next="always"`, "", 10},
	{"Reminder", `fo:margin-bottom="9pt"`, `fo:font-weight="bold" style:font-weight-complex="bold"`, 10},
	{"Small", `fo:margin-bottom="4pt"`, `fo:font-family="'Noto Sans'"`, 8.5},
	{"Contact", `fo:margin-bottom="0pt"`, `fo:font-family="'Noto Sans'"`, 8.5},
	{"Footnote", `fo:margin-bottom="2pt" fo:margin-left="0.4cm" fo:text-indent="-0.4cm"`, "", 8},
	{"Header", ``, `fo:font-family="'Noto Sans'" fo:color="#333333"`, 7.5},
	{"Header_20_rule", `fo:border-bottom="1pt solid #000000" fo:padding-bottom="4pt"`, `fo:font-family="'Noto Sans'" fo:color="#333333"`, 7.5},
	{"Footer", `fo:border-top="0.5pt solid #000000" fo:padding-top="4pt"`, `fo:font-family="'Noto Sans'" fo:color="#333333"`, 7},
}

func (d *odtWriter) styles() string {
	lang, country := officeLang(d.text)
	// LibreOffice takes "start" for the left side in every direction.
	mode, side := "lr-tb", "left"
	langs := fmt.Sprintf(`fo:language="%s" fo:country="%s"`, lang, country)
	if d.rtl {
		mode, side = "rl-tb", "right"
		langs = fmt.Sprintf(`fo:language="en" fo:country="GB" style:language-complex="%s" style:country-complex="%s"`, lang, country)
	}
	langs = strings.ReplaceAll(langs, `country=""`, `country="none"`)
	size := func(pt float64) string {
		return fmt.Sprintf(`fo:font-size="%gpt" style:font-size-complex="%gpt"`, pt, float64(int(pt*1.18*2+.5))/2)
	}
	var b strings.Builder
	b.WriteString(xmlHead + `<office:document-styles` + odtNS + `><office:styles><style:default-style style:family="paragraph"><style:paragraph-properties style:writing-mode="` + mode + `" fo:text-align="` + side + `"/><style:text-properties fo:font-family="'Noto Serif'" style:font-family-complex="Amiri" ` + size(10) + ` ` + langs + `/></style:default-style><style:style style:name="Standard" style:family="paragraph" style:class="text"/>`)
	for _, s := range odtStyles {
		outline := ""
		if s.name == "Heading_20_1" {
			outline = ` style:default-outline-level="1"`
		}
		fmt.Fprintf(&b, `<style:style style:name="%s" style:display-name="%s" style:family="paragraph" style:parent-style-name="Standard"%s><style:paragraph-properties %s>`, s.name, strings.ReplaceAll(s.name, "_20_", " "), outline, s.para)
		if strings.HasPrefix(s.name, "Header") || s.name == "Footer" {
			b.WriteString(`<style:tab-stops><style:tab-stop style:position="16cm" style:type="right"/></style:tab-stops>`)
		}
		fmt.Fprintf(&b, `</style:paragraph-properties><style:text-properties %s %s/></style:style>`, s.text, size(s.size))
	}
	b.WriteString(`<style:style style:name="Strong" style:family="text"><style:text-properties fo:font-weight="bold" style:font-weight-complex="bold"/></style:style>` +
		`<style:style style:name="Quiet" style:family="text"><style:text-properties fo:color="#48545a"/></style:style>` +
		`<style:style style:name="Again" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>` +
		`<style:style style:name="Name" style:family="text"><style:text-properties fo:font-family="'Noto Serif'" fo:font-weight="bold" style:font-weight-complex="bold" fo:color="#000000" ` + size(13) + `/></style:style>` +
		`<style:style style:name="Footnote_20_anchor" style:display-name="Footnote anchor" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>` +
		`<style:style style:name="Internet_20_link" style:display-name="Internet link" style:family="text"><style:text-properties fo:color="#08414d" style:text-underline-style="solid" style:text-underline-width="auto" style:text-underline-color="font-color"/></style:style>`)
	format := d.asksFormat()
	if format == "" {
		format = "i"
	}
	b.WriteString(`<text:list-style style:name="Requests"><text:list-level-style-number text:level="1" style:num-format="` + format + `" style:num-suffix="." text:style-name="Strong">` + odtListRoom("1cm") + `</text:list-level-style-number></text:list-style>` +
		`<text:list-style style:name="Points"><text:list-level-style-bullet text:level="1" text:bullet-char="•">` + odtListRoom("0.5cm") + `</text:list-level-style-bullet></text:list-style>` +
		`<text:notes-configuration text:note-class="footnote" text:citation-body-style-name="Footnote_20_anchor" text:citation-style-name="Footnote_20_anchor" style:num-format="1" text:start-value="0" text:footnotes-position="page" text:start-numbering-at="document"/></office:styles>` +
		`<office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="210mm" fo:page-height="297mm" fo:margin-top="12mm" fo:margin-bottom="10mm" fo:margin-left="25mm" fo:margin-right="25mm" style:writing-mode="` + mode + `"><style:footnote-sep style:width="0.5pt" style:distance-before-sep="2mm" style:distance-after-sep="1.5mm" style:rel-width="25%" style:color="#000000" style:adjustment="start"/></style:page-layout-properties><style:header-style><style:header-footer-properties fo:margin-bottom="6mm" style:dynamic-spacing="false"/></style:header-style><style:footer-style><style:header-footer-properties fo:margin-top="5mm"/></style:footer-style></style:page-layout></office:automatic-styles>`)
	d.masters(&b)
	b.WriteString(`</office:document-styles>`)
	return b.String()
}

// masters are the first page, with the letterhead, and the later ones.
func (d *odtWriter) masters(b *strings.Builder) {
	h := d.Letterhead
	lines := append([]string{}, h.Address...)
	if h.Line != "" {
		lines = append([]string{h.Line}, lines...)
	}
	head := func(style string, runs func()) string {
		d.para(style, runs)
		s := d.b.String()
		d.b.Reset()
		return s
	}
	var first strings.Builder
	name := "Header"
	if len(lines) == 0 && h.Name != "" {
		name = "Header_20_rule"
	}
	first.WriteString(head(name, func() {
		if d.hasLogo() {
			w, t := pngSize(h.Logo)
			mm := min(12*float64(w)/float64(t), 60)
			fmt.Fprintf(&d.b, `<draw:frame draw:name="logo" text:anchor-type="as-char" svg:width="%.2fmm" svg:height="%.2fmm"><draw:image xlink:href="Pictures/logo.png" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>`, mm, mm*float64(t)/float64(w))
			d.words("  ")
		}
		d.span("Name", printable(h.Name))
	}))
	for i, l := range lines {
		style := "Header"
		if i == len(lines)-1 {
			style = "Header_20_rule"
		}
		first.WriteString(head(style, func() { d.words(printable(l)) }))
	}
	running := head("Header_20_rule", func() {
		d.words(printable(d.l.Join(d.runningTitle(), d.a.Place, d.date())))
		if h.Name != "" {
			d.b.WriteString("<text:tab/>")
			d.words(printable(h.Name))
		}
	})
	foot := head("Footer", func() {
		parts := strings.SplitN(d.l.Page, "%s", 3)
		for i, s := range parts {
			d.words(s)
			if i < len(parts)-1 {
				d.b.WriteString([]string{"<text:page-number text:select-page=\"current\">1</text:page-number>", "<text:page-count>1</text:page-count>"}[i])
			}
		}
		d.b.WriteString("<text:tab/>")
		if w := d.stateWord(); w != "" {
			d.span("Strong", w)
			d.words(" · ")
		}
		if d.a.Code != nil {
			d.span("Strong", printable(d.a.Code.Printed))
		}
	})
	b.WriteString(`<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"><style:header>` + running + `</style:header><style:header-first>` + first.String() +
		`</style:header-first><style:footer>` + foot + `</style:footer><style:footer-first>` + foot + `</style:footer-first></style:master-page></office:master-styles>`)
}
