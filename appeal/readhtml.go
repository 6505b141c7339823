package appeal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// htmlSkip are elements whose text is not for readers of the page.
var htmlSkip = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Svg: true, atom.Math: true, atom.Iframe: true,
	atom.Object: true, atom.Embed: true, atom.Select: true, atom.Textarea: true, atom.Button: true, atom.Nav: true, atom.Audio: true, atom.Video: true, atom.Canvas: true,
}

var htmlBlock = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Li: true, atom.Ul: true, atom.Ol: true,
	atom.Table: true, atom.Tr: true, atom.Blockquote: true, atom.Section: true, atom.Article: true, atom.Header: true, atom.Footer: true, atom.Main: true, atom.Aside: true,
	atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Pre: true, atom.Hr: true, atom.Figure: true, atom.Figcaption: true, atom.Address: true, atom.Form: true,
	atom.Fieldset: true, atom.Center: true, atom.Body: true, atom.Tbody: true, atom.Thead: true, atom.Caption: true, atom.Details: true, atom.Summary: true,
}

var (
	noteID    = lazyre.New(`(?i)^(?:user-content-)?_?(?:fn|ftn|edn|note|footnote|endnote|nb|en|n)[-:_.]?(\d{1,3})$`)
	notesPart = lazyre.New(`(?i)(?:^|[\s-])(?:footnotes?|endnotes?|doc-endnotes|notes)(?:$|[\s-])`)
	hidden    = lazyre.New(`(?i)display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:[a-z;]|$)`)
	justNote  = lazyre.New(`^[\[(]?\s*(\d{1,3})\s*[\])]?$`)
	romanType = lazyre.New(`(?i)list-style(?:-type)?\s*:\s*([a-z-]+)`)
)

// An htmlList is an open ol or ul.
type htmlList struct {
	format string // "1", "i", "a", …; "" for bullets
	next   int
	notes  bool
}

type htmlReader struct {
	s      *source
	b      bytes.Buffer // text of the open line
	level  int
	item   string
	broken bool // the open block holds a line break
	links  []Link
	lists  []htmlList
	notes  int // depth of elements that hold footnotes

	note    *Footnote // the footnote being read
	anchor  *Link     // the open <a>
	anchorP int       // where its words begin in b
	noteRef bool      // the open <a> points into the page
	sup     int       // where an open <sup> begins in b, or -1
	cells   int
	hidden  bool
	title   string
	pre     int  // depth of <pre>
	swallow bool // a bracket was opened before a note number: its other half follows
}

// readHTML reads a web page: blocks become paragraphs, scripts, styles and
// navigation are left out, nothing is fetched.
func readHTML(data []byte) (*source, error) {
	s := &source{file: FileInfo{Format: "html", Properties: map[string]string{}}}
	if a := embeddedInHTML(data); a != nil {
		return nil, &embedded{a}
	}
	h := &htmlReader{s: s, sup: -1}
	z := html.NewTokenizer(strings.NewReader(s.decode(data)))
	z.SetMaxBuf(8 << 20)
	var skip atom.Atom
	var skipName string
	depth := 0
	inTitle := false
	for {
		switch tt := z.Next(); tt {
		case html.ErrorToken:
			h.block()
			if err := z.Err(); !errors.Is(err, io.EOF) {
				s.warn("html-broken", "", "the page could be read only in part: "+err.Error())
			}
			h.done()
			return s, nil
		case html.TextToken:
			switch {
			case depth > 0:
			case inTitle:
				h.title += string(z.Text())
			default:
				h.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if depth > 0 {
				if tt == html.StartTagToken && t.Data == skipName {
					depth++
				}
				continue
			}
			void := t.DataAtom == atom.Br || t.DataAtom == atom.Img || t.DataAtom == atom.Hr || t.DataAtom == atom.Meta || t.DataAtom == atom.Link || t.DataAtom == atom.Input || t.DataAtom == atom.Col || t.DataAtom == atom.Wbr
			if tt == html.StartTagToken && !void && (htmlSkip[t.DataAtom] || isHidden(t) || isForm(t)) {
				skip, skipName, depth = t.DataAtom, t.Data, 1
				h.hidden = h.hidden || !htmlSkip[skip] && !isForm(t)
				continue
			}
			if t.DataAtom == atom.Title && tt == html.StartTagToken {
				inTitle = true
				continue
			}
			h.start(t)
			if tt == html.SelfClosingTagToken && !void && htmlBlock[t.DataAtom] {
				h.end(t.DataAtom)
			}
		case html.EndTagToken:
			t := z.Token()
			switch {
			case depth > 0:
				if t.Data == skipName {
					depth--
				}
			case t.DataAtom == atom.Title:
				inTitle = false
			default:
				h.end(t.DataAtom)
			}
		}
	}
}

// isForm reports whether an element of a page of ours holds words of the form
// and not of the appeal: a letterhead, the label of a row.
func isForm(t html.Token) bool {
	for _, a := range t.Attr {
		if a.Key == "data-form" {
			return true
		}
	}
	return false
}

func isHidden(t html.Token) bool {
	for _, a := range t.Attr {
		if a.Key == "hidden" || a.Key == "aria-hidden" && a.Val == "true" && t.DataAtom != atom.Sup && t.DataAtom != atom.A || a.Key == "style" && hidden.MatchString(a.Val) {
			return true
		}
	}
	return false
}

func attr(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// text adds words of the page; white space is one space, as in a browser.
func (h *htmlReader) text(t string) {
	if t == "" {
		return
	}
	if h.pre > 0 && h.note == nil {
		for i, l := range strings.Split(t, "\n") {
			if i > 0 {
				if len(bytes.TrimSpace(h.b.Bytes())) == 0 {
					h.s.lines = append(h.s.lines, line{})
				}
				h.flush(false)
			}
			h.b.WriteString(strings.TrimRight(l, "\r"))
		}
		h.broken = true
		return
	}
	if h.swallow {
		if trimmed := strings.TrimLeft(t, " \u00a0"); strings.HasPrefix(trimmed, "]") {
			t = trimmed[1:]
		}
		if h.swallow = false; t == "" {
			return
		}
	}
	w := oneLine(t)
	lead := t[0] == ' ' || t[0] == '\n' || t[0] == '\t' || t[0] == '\r'
	last := t[len(t)-1]
	if n := h.b.Len(); lead && n > 0 && h.b.Bytes()[n-1] != ' ' {
		h.b.WriteByte(' ')
	}
	if w == "" {
		return
	}
	h.b.WriteString(w)
	if last == ' ' || last == '\n' || last == '\t' || last == '\r' {
		h.b.WriteByte(' ')
	}
}

// flush ends the open line.
func (h *htmlReader) flush(para bool) {
	t := strings.TrimSpace(h.b.String())
	h.b.Reset()
	h.sup, h.anchor, h.swallow = -1, nil, false
	if h.note != nil {
		t = strings.TrimSpace(strings.TrimRight(t, "↩︎^⤴ "))
		h.note.Text = joinParagraphs(h.note.Text, t)
		for _, l := range h.links {
			if !containsString(h.note.Links, l.URL) {
				h.note.Links = append(h.note.Links, l.URL)
			}
		}
		h.links = nil
		return
	}
	if t == "" {
		return
	}
	h.s.lines = append(h.s.lines, line{text: t, para: para, level: h.level, item: h.item, links: h.links})
	h.links, h.item = nil, ""
}

func containsString(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// block ends the open block.
func (h *htmlReader) block() {
	h.flush(!h.broken)
	h.broken, h.cells = false, 0
	if n := len(h.s.lines); n > 0 && !h.s.lines[n-1].blank() {
		h.s.lines = append(h.s.lines, line{})
	}
}

func (h *htmlReader) start(t html.Token) {
	if htmlBlock[t.DataAtom] {
		h.block()
	}
	if notesPart.MatchString(attr(t, "class")) || notesPart.MatchString(attr(t, "role")) {
		if t.DataAtom == atom.Ol || t.DataAtom == atom.Section || t.DataAtom == atom.Div {
			h.notes = len(h.lists) + 1
		}
	}
	switch t.DataAtom {
	case atom.Html:
		h.s.lang, _, _ = strings.Cut(strings.ToLower(attr(t, "lang")), "-")
	case atom.Link:
		if attr(t, "rel") == "canonical" {
			h.s.url = attr(t, "href")
		}
	case atom.Meta:
		switch {
		case attr(t, "property") == "og:url" && h.s.url == "":
			h.s.url = attr(t, "content")
		case strings.EqualFold(attr(t, "name"), "author"), strings.EqualFold(attr(t, "name"), "generator"):
			h.s.file.Properties[strings.ToLower(attr(t, "name"))] = attr(t, "content")
		}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		h.level = int(t.Data[1] - '0')
	case atom.Br:
		if h.b.Len() > 0 {
			h.broken = true
			h.flush(false)
		}
	case atom.Pre:
		h.pre++
	case atom.Hr:
		h.s.lines = append(h.s.lines, line{text: "***"}, line{})
	case atom.Ol:
		l := htmlList{format: "1", next: 1, notes: h.notes > 0}
		if f := attr(t, "type"); f != "" {
			l.format = f
		}
		if m := romanType.FindStringSubmatch(attr(t, "style")); m != nil {
			l.format = map[string]string{"lower-roman": "i", "upper-roman": "I", "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A"}[m[1]]
			if l.format == "" {
				l.format = "1"
			}
		}
		if n, err := strconv.Atoi(attr(t, "start")); err == nil && n > 0 && n < 1000 {
			l.next = n
		}
		h.lists = append(h.lists, l)
	case atom.Ul:
		h.lists = append(h.lists, htmlList{})
	case atom.Li:
		h.listItem(t)
	case atom.Td, atom.Th:
		if h.cells++; h.cells > 1 && len(bytes.TrimSpace(h.b.Bytes())) > 0 {
			h.b.WriteString(" | ")
		}
	case atom.Sup:
		h.sup = h.b.Len()
	case atom.A:
		h.openLink(t)
	default:
		if c := attr(t, "data-cfemail"); c != "" {
			h.b.WriteString(cloudflareMail(c))
		}
	}
}

func (h *htmlReader) listItem(t html.Token) {
	if len(h.lists) == 0 {
		h.item = "•"
		return
	}
	l := &h.lists[len(h.lists)-1]
	if n, err := strconv.Atoi(attr(t, "value")); err == nil && n > 0 && n < 1000 && l.format != "" {
		l.next = n
	}
	n := l.next
	l.next++
	m := noteID.FindStringSubmatch(attr(t, "id"))
	if m != nil || l.notes || strings.Contains(attr(t, "role"), "doc-endnote") || strings.Contains(attr(t, "role"), "doc-footnote") {
		if m != nil {
			n, _ = strconv.Atoi(m[1])
		}
		h.note = &Footnote{Number: n}
		return
	}
	h.item = "•"
	if l.format != "" {
		h.item = countMark(l.format, n) + "."
	}
}

// countMark writes a number in the style of a list: "1", "i", "I", "a", "A".
func countMark(format string, n int) string {
	switch format {
	case "i", "I":
		r := roman(n)
		if format == "I" {
			r = strings.ToUpper(r)
		}
		return r
	case "a", "A":
		if n >= 1 && n <= 26 {
			return string(rune(format[0]) + rune(n-1))
		}
	case "а": // Cyrillic
		if n >= 1 && n <= 28 {
			return string([]rune("абвгдежзиклмнопрстуфхцчшщэюя")[n-1])
		}
	}
	return strconv.Itoa(n)
}

func roman(n int) string {
	var b strings.Builder
	for _, d := range []struct {
		n int
		s string
	}{{100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for ; n >= d.n && n < 1000; n -= d.n {
			b.WriteString(d.s)
		}
	}
	return b.String()
}

func (h *htmlReader) openLink(t html.Token) {
	href := strings.TrimSpace(attr(t, "href"))
	h.anchor, h.noteRef = nil, false
	h.anchorP = h.b.Len()
	switch {
	case strings.HasPrefix(href, "#"), strings.Contains(attr(t, "role"), "doc-noteref"), strings.Contains(href, "#") && noteID.MatchString(href[strings.Index(href, "#")+1:]):
		h.noteRef = true
		h.anchor = &Link{}
	case strings.Contains(href, "/cdn-cgi/l/email-protection#"):
		h.anchor = &Link{URL: "mailto:" + cloudflareMail(href[strings.Index(href, "#")+1:])}
	case strings.Contains(href, ":"):
		h.anchor = &Link{URL: href}
	}
	if c := attr(t, "data-cfemail"); c != "" {
		h.b.WriteString(cloudflareMail(c))
	}
}

// cloudflareMail undoes the scrambling of e-mail addresses that a common web
// shield applies: hexadecimal, each byte XORed with the first.
func cloudflareMail(c string) string {
	b, err := hex.DecodeString(c)
	if err != nil || len(b) < 2 {
		return ""
	}
	for i := 1; i < len(b); i++ {
		b[i] ^= b[0]
	}
	return strings.ToValidUTF8(string(b[1:]), "")
}

func (h *htmlReader) end(a atom.Atom) {
	switch a {
	case atom.Sup:
		if h.sup >= 0 && h.sup <= h.b.Len() {
			h.markFrom(h.sup)
		}
		h.sup = -1
	case atom.A:
		if h.anchor != nil && h.anchorP <= h.b.Len() {
			words := strings.TrimSpace(string(h.b.Bytes()[h.anchorP:]))
			switch {
			case h.noteRef:
				h.markFrom(h.anchorP)
			case strings.Contains(words, "protected]") && strings.HasPrefix(h.anchor.URL, "mailto:"):
				h.b.Truncate(h.anchorP)
				h.b.WriteString(strings.TrimPrefix(h.anchor.URL, "mailto:"))
			case h.anchor.URL != "" && words != "" && !justNote.MatchString(words):
				h.links = append(h.links, Link{URL: h.anchor.URL, Text: WithoutMarks(words)})
			}
		}
		h.anchor, h.noteRef = nil, false
	case atom.Ol, atom.Ul:
		h.block()
		if n := len(h.lists); n > 0 {
			h.lists = h.lists[:n-1]
			if h.notes == n {
				h.notes = 0
			}
		}
	case atom.Li:
		h.block()
		if h.note != nil {
			if h.note.Text != "" && h.note.Number > 0 {
				h.s.notes = append(h.s.notes, *h.note)
			}
			h.note = nil
		}
		h.item = ""
	case atom.Pre:
		h.block()
		h.pre = max(h.pre-1, 0)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		h.block()
		h.level = 0
	default:
		if htmlBlock[a] {
			h.block()
		}
	}
}

// markFrom turns the number written since byte i into a footnote mark, or,
// at the start of a line, into the number of the note that begins there.
func (h *htmlReader) markFrom(i int) {
	cur := h.b.Bytes()
	m := justNote.FindStringSubmatch(strings.TrimSpace(string(cur[i:])))
	if m == nil {
		return
	}
	n, _ := strconv.Atoi(m[1])
	before := bytes.TrimRight(cur[:i], " ")
	opened := bytes.HasSuffix(before, []byte("["))
	if opened {
		before = bytes.TrimRight(before[:len(before)-1], " ")
	}
	w := string(before[max(0, len(before)-3):]) // "5 m", "CO": a power, not a note
	w = w[strings.LastIndexByte(w, ' ')+1:]
	if n == 0 || w == "m" || w == "km" || w == "cm" || w == "CO" {
		return
	}
	h.swallow = h.swallow || opened
	h.b.Truncate(len(before))
	switch {
	case len(before) == 0 && h.note == nil:
		h.b.WriteString("[" + m[1] + "] ")
	case len(before) == 0:
	default:
		h.b.WriteString(Mark(n))
	}
}

// done closes the page: notes in order, the title when no heading gave one.
func (h *htmlReader) done() {
	s := h.s
	seen := map[int]bool{}
	var notes []Footnote
	for _, f := range s.notes {
		if !seen[f.Number] {
			notes = append(notes, f)
		}
		seen[f.Number] = true
	}
	s.notes = notes
	if h.hidden {
		s.warn("hidden-text", "", "the page holds text that is not shown to readers; it was left out")
	}
	if t := oneLine(h.title); t != "" {
		s.file.Properties["title"] = t
	}
}

// An embedded is what readHTML returns instead of lines when the file
// carries its appeal as data.
type embedded struct{ a *Appeal }

func (*embedded) Error() string { return "the file carries its appeal as data" }

var embeddedTemplate = lazyre.New(`(?s)<template id="appeal" data-sha256="([0-9a-f]{64})">(.*?)</template>`)

// embeddedInHTML returns the appeal that a page of ours carries, when the
// rest of the page is unchanged: data-sha256 is the SHA-256 of the file
// without the template element. A template is
// never shown and never run, and a policy without scripts allows it.
func embeddedInHTML(data []byte) *Appeal {
	m := embeddedTemplate.FindSubmatchIndex(data)
	if m == nil {
		return nil
	}
	h := sha256.New()
	h.Write(data[:m[0]])
	h.Write(data[m[1]:])
	if hex.EncodeToString(h.Sum(nil)) != string(data[m[2]:m[3]]) {
		return nil
	}
	a, err := Parse(bytes.NewReader(data[m[4]:m[5]]))
	if err != nil {
		return nil
	}
	a.File = &FileInfo{Format: "html", Embedded: true}
	return a
}

// EmbedInHTML returns page with the appeal as data before </body>, so that
// [Import] reads it back exactly as long as nobody edits the page.
func EmbedInHTML(page []byte, a *Appeal) ([]byte, error) {
	j, err := a.Encode()
	if err != nil {
		return nil, err
	}
	// Nothing in the data looks like markup, whoever parses it.
	for _, c := range []string{"<", ">", "&"} {
		j = bytes.ReplaceAll(j, []byte(c), fmt.Appendf(nil, `\u%04x`, c[0]))
	}
	i := bytes.LastIndex(page, []byte("</body>"))
	if i < 0 {
		i = len(page)
	}
	sum := sha256.Sum256(page)
	var b bytes.Buffer
	b.Write(page[:i])
	b.WriteString(`<template id="appeal" data-sha256="` + hex.EncodeToString(sum[:]) + `">`)
	b.Write(j)
	b.WriteString(`</template>`)
	b.Write(page[i:])
	return b.Bytes(), nil
}
