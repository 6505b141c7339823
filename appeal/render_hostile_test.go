package appeal

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// poison stands in every field of a hostile appeal.
var poison = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `javascript:alert(1)`, `</template><script>alert(2)</script>`, `</style><script>x</script>`,
	`=cmd|'/c calc'!A1`, `{ DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc" }`, `<w:fldSimple w:instr="DDE x"/>`, `]]><text:script>x</text:script>`, "\x1b[2J\x07\x00\u202eevil\u2066", `--><script>x</script>`, "\r\nBcc: all@evil.example\r\n\r\n<b>",
	`https://x.example/"onmouseover="alert(1)`, `data:text/html,<script>alert(1)</script>`, `[a](javascript:alert(1))`, "&#106;avascript:x", "\xff\xfe\ufffe\uffff",
}

func hostileAppeal(p string) *Appeal {
	u := p
	return &Appeal{
		Kind: UrgentAppeal, Code: &Code{Printed: p, Country: p, Seq: p, Date: p, Prefix: p, Serial: p, Update: &u}, Violations: []Violation{{p, &u}}, Place: p, Language: "en" + p,
		Title: p, Masthead: p, DatePrinted: p,
		Sections: []Section{{SectionOpening, p, p + "[^1]"}, {SectionActions, p, p}, {SectionAddresses, p, p}, {SectionOther, p, p}},
		Actions:  []Action{{p, p + " [^1]"}, {p + "x", "y"}}, Footnotes: []Footnote{{1, p, []string{p, "javascript:x"}}, {2, p, nil}},
		Addressees: []Addressee{{p, p, p, []string{p}, []string{p}, []string{p, "a@b.example" + p}, []string{p}, p, []string{p, "x.example/" + p}, p}},
		Links:      []Link{{"javascript:alert(1)", p, "sections[0]"}, {p, p, "sections[1]"}, {"https://x.example/" + p, p, "actions[0]"}},
		SignOff:    SignOff{Text: p}, ReplyLine: p, About: p, ContactLine: p, Contacts: []Contact{{"email", p, p}, {"website", p, p}},
		Warnings: []Warning{{p, p, p}}, Unread: []string{p},
	}
}

// TestHostile renders hostile words in every field; nothing of them may
// become active in any format.
func TestHostile(t *testing.T) {
	for _, p := range append(poison, strings.Join(poison, " ")) {
		renderHostile(t, p)
	}
}

func renderHostile(t *testing.T, p string) {
	t.Helper()
	a := hostileAppeal(p)
	o := Form{Letterhead: Letterhead{Name: p, Line: p, Address: []string{p}, Logo: []byte(p)}}
	for _, f := range formats {
		b, err := f.render(a, o)
		if err != nil {
			if f.ext == "md" || f.ext == "pdf" { // Markdown cannot say everything, and says so; a broken logo is an error on a page
				continue
			}
			t.Errorf("%q as %s: %v", p, f.ext, err)
			continue
		}
		if back, err := Import("a."+f.ext, b, Options{}); err != nil {
			t.Errorf("%q as %s does not read back: %v", p, f.ext, err)
		} else if back.File == nil {
			t.Errorf("%q as %s: no word on the file", p, f.ext)
		}
		switch f.ext {
		case "html":
			harmlessHTML(t, p, b)
		case "docx", "odt":
			harmlessXML(t, p, f.ext, b)
		case "txt":
			harmlessText(t, p, string(b))
		case "eml":
			harmlessMail(t, p, b)
		}
	}
}

func harmlessHTML(t *testing.T, p string, page []byte) {
	t.Helper()
	styles := 0
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if styles != 1 {
				t.Errorf("%q: %d style elements, want 1", p, styles)
			}
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			k := z.Token()
			switch k.Data {
			case "script", "iframe", "object", "embed", "form", "input", "svg", "link", "base", "img", "text:script", "w:fldsimple":
				t.Errorf("%q became <%s> in HTML", p, k.Data)
			case "style":
				styles++
			}
			for _, x := range k.Attr {
				switch {
				case strings.HasPrefix(x.Key, "on") || x.Key == "style" || x.Key == "srcdoc":
					t.Errorf("%q became %s=%q in HTML", p, x.Key, x.Val)
				case (x.Key == "href" || x.Key == "src") && !strings.HasPrefix(x.Val, "#") && !safeURL(x.Val):
					t.Errorf("%q became %s=%q in HTML", p, x.Key, x.Val)
				}
			}
		}
	}
}

func harmlessText(t *testing.T, p, text string) {
	t.Helper()
	for _, r := range text {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			t.Errorf("%q: U+%04X in plain text", p, r)
			return
		}
	}
}

func harmlessMail(t *testing.T, p string, b []byte) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(b))
	if err != nil {
		t.Errorf("%q: %v", p, err)
		return
	}
	for name := range m.Header {
		switch name {
		case "Subject", "Content-Language", "X-Unsent", "Mime-Version", "Content-Type":
		default:
			t.Errorf("%q became the header %s", p, name)
		}
	}
}

var (
	docxElements = regexp.MustCompile(`^(?:document|body|p|pPr|pStyle|r|rPr|t|br|tab|hyperlink|numPr|ilvl|numId|pBdr|top|bottom|spacing|keepNext|bidi|rtl|b|bCs|color|rStyle|rFonts|sz|szCs|vertAlign|bookmarkStart|bookmarkEnd|footnoteReference|footnoteRef|footnotes|footnote|separator|continuationSeparator|sectPr|headerReference|footerReference|pgSz|pgMar|titlePg|hdr|ftr|fldSimple)$`)
	odtElements  = regexp.MustCompile(`^(?:document-content|automatic-styles|body|text|p|h|span|a|s|line-break|tab|note|note-citation|note-body|list|list-item|style|paragraph-properties|list-style|list-level-style-number|list-level-properties|list-level-label-alignment)$`)
)

func harmlessXML(t *testing.T, p, ext string, b []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".xml") && !strings.HasSuffix(f.Name, ".rels") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(r)
		for {
			k, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Errorf("%q: %s is no XML: %v", p, f.Name, err)
				break
			}
			s, ok := k.(xml.StartElement)
			if !ok {
				continue
			}
			known := docxElements
			if ext == "odt" {
				known = odtElements
			}
			switch f.Name {
			case "word/document.xml", "word/footnotes.xml", "word/header1.xml", "word/header2.xml", "word/footer1.xml", "content.xml":
				if !known.MatchString(s.Name.Local) {
					t.Errorf("%q became <%s> in %s", p, s.Name.Local, f.Name)
				}
			}
			for _, x := range s.Attr {
				switch {
				case x.Name.Local == "instr" && x.Value != " PAGE " && x.Value != " NUMPAGES ":
					t.Errorf("%q became the field %q", p, x.Value)
				case x.Name.Local == "href" && !safeURL(x.Value) && x.Value != "Pictures/logo.png":
					t.Errorf("%q became the link %q", p, x.Value)
				case s.Name.Local == "Relationship" && x.Name.Local == "TargetMode" && !safeURL(attrOf(s, "Target")):
					t.Errorf("%q became the link %q", p, attrOf(s, "Target"))
				}
			}
		}
		r.Close()
	}
}

func attrOf(s xml.StartElement, name string) string {
	for _, x := range s.Attr {
		if x.Name.Local == name {
			return x.Value
		}
	}
	return ""
}

func FuzzRender(f *testing.F) {
	for _, p := range poison {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p string) {
		if len(p) > 2000 {
			t.Skip()
		}
		renderHostile(t, p)
	})
}

// TestEmailHead: no sender, no recipient, and a Date only when one is given.
func TestEmailHead(t *testing.T) {
	a := readPage(t, "saryn.ru")
	at := time.Date(2026, 11, 9, 10, 0, 0, 0, time.UTC)
	for _, date := range []time.Time{{}, at} {
		b, err := a.Email(riversForm, date)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.ReadMessage(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || subject != "XSR 003 / 1126 / OBS 041: Срочное обращение" {
			t.Errorf("subject %q, %v", subject, err)
		}
		for _, h := range []string{"From", "To", "Cc", "Bcc", "Sender", "Reply-To", "Message-Id"} {
			if v := m.Header.Get(h); v != "" {
				t.Errorf("%s: %s was invented", h, v)
			}
		}
		got, err := m.Header.Date()
		if (err == nil) != !date.IsZero() || err == nil && !got.Equal(at) {
			t.Errorf("Date %v, %v; want %v", got, err, date)
		}
		for i, l := range bytes.Split(b, []byte("\r\n")) {
			if len(l) > 998 || bytes.ContainsAny(l, "\n\r") {
				t.Errorf("line %d is no line of mail: %.80q", i, l)
			}
		}
	}
}
