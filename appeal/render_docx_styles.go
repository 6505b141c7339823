package appeal

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// docxFonts names what may stand in for a font that a machine lacks.
const docxFonts = xmlHead + `<w:fonts` + docxNS + `>` +
	`<w:font w:name="Noto Serif"><w:altName w:val="Georgia"/><w:family w:val="roman"/></w:font>` +
	`<w:font w:name="Noto Sans"><w:altName w:val="Segoe UI"/><w:family w:val="swiss"/></w:font>` +
	`<w:font w:name="Amiri"><w:altName w:val="Traditional Arabic"/><w:family w:val="roman"/></w:font></w:fonts>`

// docxStyle is one paragraph style: its name in Word, properties of the
// paragraph and of its words.
type docxStyle struct{ id, name, next, para, run string }

var docxStyles = []docxStyle{
	{"BodyText", "Body Text", "BodyText", `<w:spacing w:after="135" w:line="264" w:lineRule="auto"/>`, ""},
	{"State", "State", "", `<w:spacing w:before="120" w:after="120"/>`, `<w:rFonts w:ascii="Noto Sans" w:hAnsi="Noto Sans"/><w:b/><w:bCs/><w:color w:val="5C4000"/>`},
	{"Title", "Title", "BodyText", `<w:keepNext/><w:spacing w:before="120" w:after="60"/><w:outlineLvl w:val="9"/>`, `<w:b/><w:bCs/>%40`},
	{"Subtitle", "Subtitle", "BodyText", `<w:keepNext/><w:spacing w:after="120"/>`, `<w:b/><w:bCs/>%24`},
	{"Code", "Code", "Plate", `<w:keepNext/><w:spacing w:before="160" w:after="60"/>`, `<w:b/><w:bCs/><w:spacing w:val="6"/>%28`},
	{"Violations", "Violations", "Plate", `<w:keepNext/><w:spacing w:after="60"/>`, `<w:b/><w:bCs/><w:color w:val="7D1730"/>%22`},
	{"Plate", "Plate", "BodyText", `<w:keepNext/><w:spacing w:after="60"/>`, ""},
	{"Heading1", "heading 1", "BodyText", `<w:keepNext/><w:keepLines/><w:spacing w:before="270" w:after="80"/><w:outlineLvl w:val="0"/>`, `<w:rFonts w:ascii="Noto Sans" w:hAnsi="Noto Sans"/><w:b/><w:bCs/>%21`},
	{"Request", "Request", "Request", `<w:keepLines/><w:spacing w:after="90" w:line="264" w:lineRule="auto"/><w:ind w:left="567" w:hanging="567"/>`, ""},
	{"Addressee", "Addressee", "Addressee", `<w:keepLines/><w:spacing w:after="120"/><w:ind w:left="284" w:hanging="284"/>`, `<w:rFonts w:ascii="Noto Sans" w:hAnsi="Noto Sans"/>%18`},
	{"Stars", "Stars", "BodyText", `<w:keepNext/><w:spacing w:before="200" w:after="135"/><w:jc w:val="center"/>`, ""},
	{"Reminder", "Reminder", "BodyText", `<w:spacing w:before="60" w:after="200"/>`, `<w:b/><w:bCs/>`},
	{"Small", "Small", "Small", `<w:spacing w:after="80"/>`, `<w:rFonts w:ascii="Noto Sans" w:hAnsi="Noto Sans"/>%17`},
	{"Contact", "Contact", "Contact", `<w:spacing w:after="0"/>`, `<w:rFonts w:ascii="Noto Sans" w:hAnsi="Noto Sans"/>%17`},
	{"FootnoteText", "footnote text", "", `<w:spacing w:after="40"/>`, `%16`},
	{"Header", "header", "", `<w:tabs><w:tab w:val="right" w:pos="9070"/></w:tabs>`, `<w:rFonts w:ascii="Noto Sans" w:hAnsi="Noto Sans"/><w:color w:val="333333"/>%15`},
	{"Footer", "footer", "", `<w:tabs><w:tab w:val="right" w:pos="9070"/></w:tabs>`, `<w:rFonts w:ascii="Noto Sans" w:hAnsi="Noto Sans"/><w:color w:val="333333"/>%14`},
}

func (d *docxWriter) styles() string {
	var b strings.Builder
	lang, country := officeLang(d.text)
	tag := strings.TrimSuffix(lang+"-"+country, "-")
	langs := `<w:lang w:val="` + tag + `"/>`
	if d.rtl {
		langs = `<w:lang w:val="en-GB" w:bidi="` + tag + `"/>`
	}
	bidi := ""
	if d.rtl {
		bidi = "<w:bidi/>"
	}
	b.WriteString(xmlHead + `<w:styles` + docxNS + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Noto Serif" w:hAnsi="Noto Serif" w:eastAsia="Noto Serif" w:cs="Amiri"/>` +
		docxSize(20) + langs + `</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr>` + bidi + `</w:pPr></w:style>` +
		`<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>`)
	for _, s := range docxStyles {
		run, size, sized := strings.Cut(s.run, "%")
		if sized {
			n, _ := strconv.Atoi(size)
			run += docxSize(n)
		}
		next := ""
		if s.next != "" {
			next = `<w:next w:val="` + s.next + `"/>`
		}
		fmt.Fprintf(&b, `<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/>%s<w:qFormat/><w:pPr>%s</w:pPr><w:rPr>%s</w:rPr></w:style>`, s.id, s.name, next, s.para, run)
	}
	b.WriteString(`<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>` +
		`<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="08414D"/><w:u w:val="single"/></w:rPr></w:style></w:styles>`)
	return b.String()
}

// docxSize is a letter size in half points; Arabic letters are small on their
// body and get 1.18 of it.
func docxSize(half int) string {
	return `<w:sz w:val="` + strconv.Itoa(half) + `"/><w:szCs w:val="` + strconv.Itoa((half*118+50)/100) + `"/>`
}

// numbering holds the list of requests (1), bullets (2), and, when the
// requests count in a way of their own, one list a request (11 …).
func (d *docxWriter) numbering() string {
	var b, nums strings.Builder
	b.WriteString(xmlHead + `<w:numbering` + docxNS + `>`)
	list := func(id int, format, text, bold string, left, hanging int) {
		fmt.Fprintf(&b, `<w:abstractNum w:abstractNumId="%d"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="%s"/><w:lvlText w:val="%s"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="%d" w:hanging="%d"/></w:pPr><w:rPr>%s</w:rPr></w:lvl></w:abstractNum>`,
			id, format, xmlText(text), left, hanging, bold)
		fmt.Fprintf(&nums, `<w:num w:numId="%d"><w:abstractNumId w:val="%d"/></w:num>`, id, id)
	}
	format := map[string]string{"i": "lowerRoman", "1": "decimal", "a": "lowerLetter", "": "lowerRoman"}[d.asksFormat()]
	list(1, format, "%1.", "<w:b/><w:bCs/>", 567, 567)
	list(2, "bullet", "•", "", 284, 284)
	if d.asksFormat() == "" {
		n := 10
		for _, x := range d.blocks {
			if x.kind == bItem && !x.more {
				n++
				list(n, "decimal", strings.ReplaceAll(x.marker, "%", ""), "<w:b/><w:bCs/>", 567, 567)
			}
		}
	}
	return b.String() + nums.String() + "</w:numbering>"
}

func (d *docxWriter) settings() string {
	return xmlHead + `<w:settings` + docxNS + `><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`
}

// firstHeader is the letterhead. It is no part of the text: an edited
// document is read back without it.
func (d *docxWriter) firstHeader() string {
	d.b.WriteString(xmlHead + `<w:hdr` + docxNS + ` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">`)
	h := d.Letterhead
	d.para("Header", "", func() {
		if d.hasLogo() {
			d.logo()
		}
		d.run(printable(h.Name), `<w:rFonts w:ascii="Noto Serif" w:hAnsi="Noto Serif"/><w:b/><w:bCs/><w:color w:val="000000"/>`+docxSize(26), !hasRTL(h.Name))
	})
	rule := `<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="4" w:color="auto"/></w:pBdr>`
	lines := append([]string{}, h.Address...)
	if h.Line != "" {
		lines = append([]string{h.Line}, lines...)
	}
	for i, l := range lines {
		props := ""
		if i == len(lines)-1 {
			props = rule
		}
		d.para("Header", props, func() { d.run(printable(l), "", !hasRTL(l)) })
	}
	d.b.WriteString("</w:hdr>")
	s := d.b.String()
	d.b.Reset()
	return s
}

// logo draws the mark 12 mm high at most, in the line of the name.
func (d *docxWriter) logo() {
	w, h := pngSize(d.Letterhead.Logo)
	const high = 12 * 36000 // EMU in a millimetre
	wide := high * w / h
	if wide > 60*36000 {
		wide = 60 * 36000
	}
	tall := wide * h / w
	fmt.Fprintf(&d.b, `<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="114300"><wp:extent cx="%d" cy="%d"/><wp:docPr id="1" name="logo" descr=""/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="logo"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`, wide, tall, wide, tall)
	d.run("  ", "", false)
}

// pngSize returns the pixels of a PNG (RFC 2083, 4.1.1); 1 and 1 when its
// head is broken.
func pngSize(b []byte) (w, h int) {
	if len(b) < 24 {
		return 1, 1
	}
	w, h = int(binary.BigEndian.Uint32(b[16:])), int(binary.BigEndian.Uint32(b[20:]))
	if w < 1 || h < 1 || w > 1<<16 || h > 1<<16 {
		return 1, 1
	}
	return w, h
}

// runningHeader names the document from page 2 on.
func (d *docxWriter) runningHeader() string {
	d.b.WriteString(xmlHead + `<w:hdr` + docxNS + `>`)
	d.para("Header", `<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="3" w:color="auto"/></w:pBdr>`, func() {
		d.run(printable(d.l.Join(d.runningTitle(), d.a.Place, d.date())), "", false)
		if d.Letterhead.Name != "" {
			d.b.WriteString("<w:r><w:tab/></w:r>")
			d.run(printable(d.Letterhead.Name), "", !hasRTL(d.Letterhead.Name))
		}
	})
	d.b.WriteString("</w:hdr>")
	s := d.b.String()
	d.b.Reset()
	return s
}

// runningTitle is what the head of later pages calls the document.
func (f *form) runningTitle() string {
	if k := f.l.Kind(f.a.Kind); k != "" {
		return k
	}
	return f.a.Title
}

// footer holds the page and the code.
func (d *docxWriter) footer() string {
	d.b.WriteString(xmlHead + `<w:ftr` + docxNS + `>`)
	d.para("Footer", `<w:pBdr><w:top w:val="single" w:sz="4" w:space="4" w:color="auto"/></w:pBdr>`, func() {
		parts := strings.SplitN(d.l.Page, "%s", 3)
		for i, s := range parts {
			d.run(s, "", false)
			if i < len(parts)-1 {
				field := []string{"PAGE", "NUMPAGES"}[i]
				d.b.WriteString(`<w:fldSimple w:instr=" ` + field + ` "><w:r><w:t>1</w:t></w:r></w:fldSimple>`)
			}
		}
		d.b.WriteString("<w:r><w:tab/></w:r>")
		if w := d.stateWord(); w != "" {
			d.run(w+" · ", "<w:b/><w:bCs/>", false)
		}
		if d.a.Code != nil {
			d.run(printable(d.a.Code.Printed), "<w:b/><w:bCs/>", true)
		}
	})
	d.b.WriteString("</w:ftr>")
	s := d.b.String()
	d.b.Reset()
	return s
}
