package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
)

// PDF writes the document as a tagged PDF 1.7 file. The same document gives
// the same bytes.
func (l *Laid) PDF(out io.Writer) error {
	w := &writer{laid: l, doc: l.doc, fonts: map[*face]*fontUse{}, kids: map[*elem][]kid{}, images: map[*Image]int{}}
	b, err := w.file()
	if err != nil {
		return err
	}
	_, err = out.Write(b)
	return err
}

// A writer holds the objects of one file. Object numbers are handed out
// first and filled later, so that objects may name one another.
type writer struct {
	laid    *Laid
	doc     *Doc
	objects [][]byte // by number - 1

	fonts   map[*face]*fontUse
	order   []*face
	fontNo  map[*face]int
	images  map[*Image]int
	imageOf []*Image

	kids       map[*elem][]kid // in reading order
	parents    [][]*elem       // by page: the element of each MCID
	annots     []annot
	associated string // entry of the Document element
	pageNo     []int  // object numbers
}

type annot struct {
	link
	page int
	no   int // object number
}

func (w *writer) reserve() int {
	w.objects = append(w.objects, nil)
	return len(w.objects)
}

func (w *writer) set(no int, format string, args ...any) {
	w.objects[no-1] = fmt.Appendf(nil, format, args...)
}

func (w *writer) put(format string, args ...any) int {
	no := w.reserve()
	w.set(no, format, args...)
	return no
}

// zippers are kept, as each takes a megabyte. Level 5 makes files as small as
// the default to within one per cent, in less time.
var zippers = sync.Pool{New: func() any {
	z, _ := zlib.NewWriterLevel(io.Discard, 5)
	return z
}}

// stream adds a compressed stream; dict is what else its dictionary holds.
func (w *writer) stream(dict string, data []byte) int {
	no := w.reserve()
	var z bytes.Buffer
	zip := zippers.Get().(*zlib.Writer)
	zip.Reset(&z)
	zip.Write(data)
	zip.Close()
	zippers.Put(zip)
	var b bytes.Buffer
	b.Grow(z.Len() + 100)
	fmt.Fprintf(&b, "<<%s/Filter/FlateDecode/Length %d>>\nstream\n", dict, z.Len())
	b.Write(z.Bytes())
	b.WriteString("\nendstream")
	w.objects[no-1] = b.Bytes()
	return no
}

func (w *writer) file() ([]byte, error) {
	catalog, info, pagesNo := w.reserve(), w.reserve(), w.reserve()
	for range w.laid.pages {
		w.pageNo = append(w.pageNo, w.reserve())
	}
	w.grow(w.laid.root)
	contents := make([]int, len(w.laid.pages))
	for i, p := range w.laid.pages {
		contents[i] = w.stream("", w.content(i, p))
	}
	if err := w.writeFonts(); err != nil {
		return nil, err
	}
	resources := w.resources()
	var kids strings.Builder
	for i := range w.laid.pages {
		var as strings.Builder
		for k := range w.annots {
			if w.annots[k].page == i {
				fmt.Fprintf(&as, "%d 0 R ", w.annots[k].no)
			}
		}
		annots := ""
		if as.Len() > 0 {
			annots = "/Annots[" + as.String() + "]"
		}
		w.set(w.pageNo[i], "<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources %d 0 R/Contents %d 0 R/StructParents %d/Tabs/S%s>>",
			pagesNo, num(w.doc.Width), num(w.doc.Height), resources, contents[i], i, annots)
		fmt.Fprintf(&kids, "%d 0 R ", w.pageNo[i])
	}
	w.set(pagesNo, "<</Type/Pages/Count %d/Kids[%s]>>", len(w.laid.pages), kids.String())
	w.writeAnnots()
	more := w.outlines() + w.attachments()
	tree := w.writeTree()
	meta := w.metadata()
	direction := ""
	if w.doc.RTL {
		direction = "/Direction/R2L"
	}
	w.set(catalog, "<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>/Lang%s/Metadata %d 0 R/ViewerPreferences<</DisplayDocTitle true%s>>%s>>",
		pagesNo, tree, text(w.doc.Lang), meta, direction, more)
	w.info(info)

	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	at := make([]int, len(w.objects))
	for i, o := range w.objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n", i+1)
		b.Write(o)
		b.WriteString("\nendobj\n")
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	sum := sha256.Sum256(b.Bytes())
	id := hex.EncodeToString(sum[:16])
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, catalog, info, id, id, xref)
	return b.Bytes(), nil
}

func num(v float64) string { return string(appendNumber(nil, v)) }

// text writes a text string (ISO 32000-1, 7.9.2.2).
func text(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' || s[i] == '(' || s[i] == ')' || s[i] == '\\' {
			plain = false
			break
		}
	}
	if plain {
		return "(" + s + ")"
	}
	return "<" + utf16Hex(s) + ">"
}

func utf16Hex(s string) string {
	b := []byte("FEFF")
	for _, v := range utf16.Encode([]rune(strings.ToValidUTF8(s, string(replacement)))) {
		b = fmt.Appendf(b, "%04X", v)
	}
	return string(b)
}

// uri writes the address of a link as an ASCII string (7.11.5 and 12.6.4.7).
func uri(s string) string {
	var b strings.Builder
	b.WriteByte('(')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '(' || c == ')' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c <= ' ' || c >= 0x7F:
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte(')')
	return b.String()
}

func date(t time.Time) string { return t.UTC().Format("D:20060102150405") + "+00'00'" }

func (w *writer) info(no int) {
	var b strings.Builder
	for _, f := range []struct{ key, value string }{
		{"Title", w.doc.Title}, {"Author", w.doc.Author}, {"Subject", w.doc.Subject},
		{"Keywords", strings.Join(w.doc.Keywords, ", ")}, {"Producer", w.doc.Producer},
	} {
		if f.value != "" {
			b.WriteString("/" + f.key + text(xmlClean(f.value)))
		}
	}
	if !w.doc.Date.IsZero() {
		b.WriteString("/CreationDate" + text(date(w.doc.Date)) + "/ModDate" + text(date(w.doc.Date)))
	}
	w.set(no, "<<%s>>", b.String())
}

// xmlClean leaves out what XML may not hold.
func xmlClean(s string) string {
	return strings.Map(func(r rune) rune {
		if r = cleanRune(r); r == '\n' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, string(replacement)))
}

func (w *writer) metadata() int {
	esc := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
	e := func(s string) string { return esc.Replace(xmlClean(s)) }
	d := w.doc
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n" +
		"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n<rdf:Description rdf:about=\"\"" +
		" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"" +
		" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n<dc:format>application/pdf</dc:format>\n")
	fmt.Fprintf(&b, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>\n", e(d.Title))
	if d.Author != "" {
		fmt.Fprintf(&b, "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>\n", e(d.Author))
	}
	if d.Subject != "" {
		fmt.Fprintf(&b, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:description>\n", e(d.Subject))
	}
	if d.Lang != "" {
		fmt.Fprintf(&b, "<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>\n", e(d.Lang))
	}
	if len(d.Keywords) > 0 {
		fmt.Fprintf(&b, "<pdf:Keywords>%s</pdf:Keywords>\n", e(strings.Join(d.Keywords, ", ")))
	}
	if d.Producer != "" {
		fmt.Fprintf(&b, "<pdf:Producer>%s</pdf:Producer>\n", e(d.Producer))
	}
	if !d.Date.IsZero() {
		s := d.Date.UTC().Format("2006-01-02T15:04:05Z")
		fmt.Fprintf(&b, "<xmp:CreateDate>%s</xmp:CreateDate>\n<xmp:ModifyDate>%s</xmp:ModifyDate>\n", s, s)
	}
	b.WriteString("<pdfuaid:part>1</pdfuaid:part>\n") // PDF/UA-1: docs/formats/appeal-pdf.md says what agrees
	b.WriteString("</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>")
	no := w.reserve()
	w.set(no, "<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%s\nendstream", b.Len(), b.String())
	return no
}

// attachments adds the files of the document and returns what the catalog
// says about them. They are associated (ISO 32000-2, 14.13.5) with the
// Document element: an AF entry of the catalog and the AFRelationship of a
// file belong to PDF 2.0, and strict validators refuse them in a PDF 1.7,
// which PDF/UA-1 asks for.
func (w *writer) attachments() string {
	if len(w.doc.Files) == 0 {
		return ""
	}
	var names, af strings.Builder
	for _, f := range w.doc.Files {
		params := fmt.Sprintf("/Size %d", len(f.Data))
		if !w.doc.Date.IsZero() {
			params += "/ModDate" + text(date(w.doc.Date))
		}
		data := w.stream("/Type/EmbeddedFile/Subtype/"+name(f.MIME)+"/Params<<"+params+">>", f.Data)
		no := w.put("<</Type/Filespec/F%s/UF%s/Desc%s/EF<</F %d 0 R/UF %d 0 R>>>>", text(f.Name), text(f.Name), text(f.Description), data, data)
		fmt.Fprintf(&names, "%s %d 0 R ", text(f.Name), no)
		fmt.Fprintf(&af, "%d 0 R ", no)
	}
	w.associated = "/AF[" + af.String() + "]"
	return "/Names<</EmbeddedFiles<</Names[" + names.String() + "]>>>>"
}

// name writes a name object without its slash (ISO 32000-1, 7.3.5).
func name(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7F || strings.IndexByte("#/()<>[]{}%", c) >= 0 {
			fmt.Fprintf(&b, "#%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// outlines adds the bookmarks: headings of the second level below the first.
func (w *writer) outlines() string {
	type item struct {
		no, page int
		head     head
		kids     []*item
	}
	root := &item{}
	var chapter *item
	for i, p := range w.laid.pages {
		for _, h := range p.heads {
			it := &item{no: w.reserve(), page: i, head: h}
			if h.level > 1 && chapter != nil {
				chapter.kids = append(chapter.kids, it)
			} else {
				root.kids = append(root.kids, it)
				if h.level == 1 {
					chapter = it
				}
			}
		}
	}
	if len(root.kids) == 0 {
		return ""
	}
	root.no = w.reserve()
	var write func(parent *item) int
	write = func(parent *item) (count int) {
		for i, it := range parent.kids {
			var b strings.Builder
			if i > 0 {
				fmt.Fprintf(&b, "/Prev %d 0 R", parent.kids[i-1].no)
			}
			if i < len(parent.kids)-1 {
				fmt.Fprintf(&b, "/Next %d 0 R", parent.kids[i+1].no)
			}
			n := write(it)
			if n > 0 {
				fmt.Fprintf(&b, "/First %d 0 R/Last %d 0 R/Count %d", it.kids[0].no, it.kids[len(it.kids)-1].no, n)
			}
			count += 1 + n
			w.set(it.no, "<</Title%s/Parent %d 0 R/Dest[%d 0 R/XYZ 0 %s null]%s>>", text(xmlClean(it.head.title)), parent.no,
				w.pageNo[it.page], num(w.doc.Height-it.head.y+8), b.String())
		}
		return count
	}
	n := write(root)
	w.set(root.no, "<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>", root.kids[0].no, root.kids[len(root.kids)-1].no, n)
	return fmt.Sprintf("/Outlines %d 0 R/PageMode/UseNone", root.no)
}

func (w *writer) resources() int {
	var b strings.Builder
	b.WriteString("<</Font<<")
	for i, f := range w.order {
		fmt.Fprintf(&b, "/F%d %d 0 R", i, w.fontNo[f])
	}
	b.WriteString(">>")
	if len(w.imageOf) > 0 {
		b.WriteString("/XObject<<")
		for i, m := range w.imageOf {
			mask := ""
			if m.alpha != nil {
				no := w.stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8", m.Width, m.Height), m.alpha)
				mask = fmt.Sprintf("/SMask %d 0 R", no)
			}
			no := w.stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8%s", m.Width, m.Height, mask), m.rgb)
			fmt.Fprintf(&b, "/I%d %d 0 R", i, no)
		}
		b.WriteString(">>")
	}
	b.WriteString(">>")
	return w.put("%s", b.String())
}

func (w *writer) writeFonts() error {
	w.fontNo = map[*face]int{}
	for _, f := range w.order {
		u := w.fonts[f]
		data, err := u.file()
		if err != nil {
			return err
		}
		t, err := f.tables()
		if err != nil {
			return err
		}
		h := sha256.New()
		for _, g := range u.gids {
			fmt.Fprintf(h, "%d ", g)
		}
		sum := h.Sum(nil)
		tag := make([]byte, 6)
		for i := range tag {
			tag[i] = 'A' + sum[i]%26
		}
		ps := string(tag) + "+" + f.name
		file := w.stream(fmt.Sprintf("/Length1 %d", len(data)), data)
		uni := w.stream("", u.toUnicode())
		box := func(at int) int { return int(int16(uint16(t.head[at])<<8 | uint16(t.head[at+1]))) }
		italic, stem := 0, 80
		if f == latin[SerifItalic] {
			italic = -12
		}
		if strings.HasSuffix(f.name, "Bold") {
			stem = 140
		}
		asc, desc := int(int16(uint16(t.hhea[4])<<8|uint16(t.hhea[5]))), int(int16(uint16(t.hhea[6])<<8|uint16(t.hhea[7])))
		d := w.put("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle %d/Ascent %d/Descent %d/CapHeight 714/StemV %d/FontFile2 %d 0 R>>",
			ps, box(36), box(38), box(40), box(42), italic, asc, desc, stem, file)
		var widths strings.Builder
		for _, a := range u.adv {
			widths.WriteString(strconv.Itoa(int(a)) + " ")
		}
		cid := w.put("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/DW 0/W[0[%s]]/CIDToGIDMap/Identity>>",
			ps, d, widths.String())
		w.fontNo[f] = w.put("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", ps, cid, uni)
	}
	return nil
}
