package appeal

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// Bounds for DOCX and ODT, which are zip archives of XML.
const (
	maxMembers = 10_000
	maxXML     = 48 << 20 // of one member, unpacked
)

// The members of a DOCX or ODT of ours that make its import exact.
const (
	// EmbeddedName is the appeal as JSON.
	EmbeddedName = "arasha/appeal.json"
	// EmbeddedSumName holds the SHA-256, in hexadecimal, of the members with
	// the text (word/document.xml and word/footnotes.xml, or content.xml): an
	// edited document is read as a document, not from its stale data.
	EmbeddedSumName = "arasha/appeal.sha256"
)

// readZip tells DOCX from ODT and reads it.
func readZip(data []byte) (*source, *Appeal, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, cannotRead("ask for the file again", "the file is broken: its archive cannot be opened (%v)", err)
	}
	if len(z.File) > maxMembers {
		return nil, nil, cannotRead("", "the file holds %d parts; more than %d are not read", len(z.File), maxMembers)
	}
	p := &parts{z: z}
	var s *source
	var text []byte
	switch {
	case p.has("word/document.xml"):
		if text, err = p.read("word/document.xml"); err != nil {
			return nil, nil, err
		}
		s, err = readDOCX(p, text)
	case p.has("content.xml"):
		if m, _ := p.read("META-INF/manifest.xml"); bytes.Contains(m, []byte("encryption-data")) {
			return nil, nil, cannotRead("save it without a password", "the ODT file is locked with a password")
		}
		if text, err = p.read("content.xml"); err != nil {
			return nil, nil, err
		}
		s, err = readODT(p, text)
	case p.has("EncryptedPackage"):
		return nil, nil, cannotRead("save it without a password", "the file is locked with a password")
	default:
		return nil, nil, cannotRead("unpack it and import the document in it", "this is an archive, not a DOCX or ODT document")
	}
	if err != nil {
		return nil, nil, err
	}
	s.pictures(p)
	if a := p.embedded(text); a != nil {
		a.File = &s.file
		a.File.Embedded = true
		return nil, a, nil
	}
	return s, nil, nil
}

// parts reads members of an archive within bounds.
type parts struct{ z *zip.Reader }

func (p *parts) has(name string) bool {
	for _, f := range p.z.File {
		if f.Name == name {
			return true
		}
	}
	return false
}

// read returns a member, unpacked. A member that is not there is nil.
func (p *parts) read(name string) ([]byte, error) {
	for _, f := range p.z.File {
		if f.Name != name {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, cannotRead("ask for the file again", "the file is broken: %s cannot be opened (%v)", name, err)
		}
		defer r.Close()
		b, err := io.ReadAll(io.LimitReader(r, maxXML+1))
		if len(b) > maxXML {
			return nil, cannotRead("", "%s unpacks to more than %d MB, which no appeal needs; it is not read", name, maxXML>>20)
		}
		if err != nil {
			return nil, cannotRead("ask for the file again", "the file is broken: %s cannot be unpacked (%v)", name, err)
		}
		return b, nil
	}
	return nil, nil
}

// embedded returns the appeal that the file carries as data, when its text
// has not been edited since: the text is the main part and, in a DOCX, the
// notes beside it.
func (p *parts) embedded(text []byte) *Appeal {
	a, sum := p.data()
	if a == nil {
		return nil
	}
	notes, err := p.read("word/footnotes.xml")
	if err != nil || sum != partsSum(text, notes) {
		return nil
	}
	return a
}

// data returns the appeal that the file carries and the sum of the text it
// was written for, edited or not; nil when it carries none that can be read.
func (p *parts) data() (a *Appeal, sum string) {
	j, err := p.read(EmbeddedName)
	if err != nil {
		return nil, ""
	}
	if j != nil {
		b, err := p.read(EmbeddedSumName)
		if err != nil {
			return nil, ""
		}
		sum = strings.TrimSpace(string(b))
	}
	// A word processor may have renumbered the custom parts of a DOCX.
	for n := 1; j == nil && n <= 9; n++ {
		b, err := p.read("customXml/item" + strconv.Itoa(n) + ".xml")
		if err != nil {
			return nil, ""
		}
		if bytes.Contains(b, []byte(customNS)) {
			j, sum = customData(b)
		}
	}
	if j == nil {
		return nil, ""
	}
	if a, err = Parse(bytes.NewReader(j)); err != nil {
		return nil, ""
	}
	return a, sum
}

// customData reads the custom XML part of a DOCX of ours.
func customData(b []byte) (j []byte, sum string) {
	in := false
	var text strings.Builder
	err := walk(b, func(name string, attr func(string) string) bool {
		if name == "appeal" && attr("xmlns") == customNS {
			in, sum = true, attr("sha256")
		}
		return false
	}, func(t string) {
		if in {
			text.WriteString(t)
		}
	}, func(string) {})
	if err != nil || !in {
		return nil, ""
	}
	return []byte(text.String()), sum
}

// walk calls start, text and end for the elements of an XML member; names
// are without their namespace. start may say to skip the element.
func walk(data []byte, start func(name string, attr func(string) string) (skip bool), text func(string), end func(name string)) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for depth := 0; ; {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > 2000 {
				return errors.New("elements are nested too deeply")
			}
			skip := start(t.Name.Local, func(name string) string {
				space, local, ok := strings.Cut(name, ":")
				if !ok {
					space, local = "", name
				}
				for _, a := range t.Attr {
					if a.Name.Local == local && (space == "" || a.Name.Space == space) {
						return a.Value
					}
				}
				return ""
			})
			if skip {
				for n := 1; n > 0; {
					t, err := d.RawToken()
					if err != nil {
						return err
					}
					switch t.(type) {
					case xml.StartElement:
						n++
					case xml.EndElement:
						n--
					}
				}
				depth--
			}
		case xml.EndElement:
			depth--
			end(t.Name.Local)
		case xml.CharData:
			text(string(t))
		}
	}
}

// readProperties keeps what a document says about itself: author and the
// like, from docProps/core.xml, docProps/app.xml or meta.xml.
func (s *source) readProperties(data []byte) {
	names := map[string]string{"creator": "author", "initial-creator": "author", "lastModifiedBy": "last modified by", "title": "title", "subject": "subject",
		"description": "description", "keywords": "keywords", "Company": "company", "Manager": "manager", "Application": "producer", "generator": "producer",
		"created": "created", "modified": "modified", "creation-date": "created", "date": "modified", "printed-by": "printed by", "Template": "template"}
	cur := ""
	_ = walk(data, func(name string, _ func(string) string) bool { cur = names[name]; return false },
		func(t string) {
			if t = oneLine(t); cur != "" && t != "" && s.file.Properties[cur] == "" {
				s.file.Properties[cur] = t
			}
		}, func(string) { cur = "" })
}

// officeText builds the lines of a DOCX or ODT paragraph.
type officeText struct {
	b     strings.Builder
	links []Link
	from  int // where the words of the open link begin
	url   string
}

// closeLink ends the open link.
func (o *officeText) closeLink() {
	if o.url == "" || o.from > o.b.Len() {
		o.url = ""
		return
	}
	if words := strings.TrimSpace(WithoutMarks(o.b.String()[o.from:])); words != "" {
		o.links = append(o.links, Link{URL: o.url, Text: words})
	}
	o.url = ""
}

// lines returns what was written, cut at line breaks: one paragraph, or the
// lines of one.
func (o *officeText) lines(level int, item string) []line {
	t := o.b.String()
	var out []line
	parts := strings.Split(t, "\n")
	for i, p := range parts {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		l := line{text: p, para: len(parts) == 1, level: level}
		if i == 0 {
			l.item, l.links = item, o.links
		}
		out = append(out, l)
	}
	o.b.Reset()
	o.links = nil
	return append(out, line{})
}
