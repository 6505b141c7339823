package appeal

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// textWidth is where lines of plain text are broken.
const textWidth = 76

// Text returns a as plain text: the lines an appeal has always had, headings
// with a colon, notes at the end. When reading these lines would not give all
// of a back, a block of data follows, which [Import] reads as long as nobody
// edits the text above it.
func (a *Appeal) Text(o Form) ([]byte, error) {
	t, err := a.plainText(o)
	if err != nil {
		return nil, err
	}
	if b, err := Import("a.txt", t, Options{}); err == nil && sameJSON(a, b) {
		return t, nil
	}
	return embedInText(t, a)
}

func sameJSON(a, b *Appeal) bool {
	x, err := a.Encode()
	if err != nil {
		return false
	}
	y, err := b.Encode()
	return err == nil && bytes.Equal(x, y)
}

// plainText is Text without data.
func (a *Appeal) plainText(o Form) ([]byte, error) {
	f, err := newForm(a, o)
	if err != nil {
		return nil, err
	}
	w := &textWriter{form: f}
	for _, s := range append([]string{o.Letterhead.Name, o.Letterhead.Line}, o.Letterhead.Address...) {
		if s = printable(s); s != "" {
			w.b.WriteString(oneLine(s) + "\n")
		}
	}
	for i, b := range f.blocks {
		prev := block{kind: -1}
		if i > 0 {
			prev = f.blocks[i-1]
		}
		w.block(b, prev)
	}
	if notes := f.usedNotes(); len(notes) > 0 {
		w.gap()
		for _, i := range notes {
			mark := "[" + strconv.Itoa(a.Footnotes[i].Number) + "] "
			for k, rs := range f.note(i) {
				if k > 0 {
					w.b.WriteByte('\n')
					mark = "    "
				}
				w.para(mark, rs)
			}
		}
	}
	return []byte(strings.TrimLeft(w.b.String(), "\n")), nil
}

type textWriter struct {
	*form
	b strings.Builder
}

func (w *textWriter) gap() {
	if w.b.Len() > 0 && !strings.HasSuffix(w.b.String(), "\n\n") {
		w.b.WriteByte('\n')
	}
}

func (w *textWriter) block(b, prev block) {
	switch b.kind {
	case bState:
		w.para("", []Run{{Text: strings.ToUpper(b.text(Mark))}})
		return
	case bKind:
		w.gap()
		// The masthead as an appeal has always printed it.
		k := oneLine(printable(w.a.Masthead))
		if k == "" || w.lang != w.text {
			k = strings.ToUpper(b.text(Mark))
		}
		w.para("", []Run{{Text: k}})
	case bCode, bTitle, bDate, bStars, bSign, bReminder, bPara, bLead, bAfter, bAbout:
		w.gap()
		w.para("", b.runs)
	case bDone, bPlace:
		if prev.kind != bCode && prev.kind != bDone {
			w.gap()
		}
		w.para("", b.runs)
	case bHeading:
		w.gap()
		w.para("", append(append([]Run{}, b.runs...), Run{Text: ":"}))
	case bItem:
		w.gap()
		m := b.marker + " "
		if b.more {
			m = strings.Repeat(" ", utf8.RuneCountInString(m))
		}
		w.para(m, b.runs)
	case bAddressee:
		w.gap()
		var rs []Run
		for k, l := range w.addressee(b.to) {
			if k > 0 {
				rs = append(rs, Run{Text: ", "})
			}
			if l.label != "" {
				rs = append(rs, Run{Text: strings.TrimRight(l.label, ".") + ": "})
			}
			rs = append(rs, l.runs...)
		}
		w.para("• ", rs)
	case bContact:
		if !b.more || prev.kind != bContact {
			w.gap()
		}
		if !b.more {
			w.para("", b.runs)
			break
		}
		rs := b.runs
		if b.label != "" {
			rs = append([]Run{{Text: b.label + ": "}}, rs...)
		}
		w.para("• ", rs)
	case bLoose:
		w.gap()
		m := "[" + b.marker + "] "
		if b.more {
			m = "    "
		}
		w.para(m, b.runs)
	}
}

// para writes a paragraph, broken into lines; first stands before its first
// line. Where words carry a link, its address follows between signs.
func (w *textWriter) para(first string, rs []Run) {
	var s strings.Builder
	for _, r := range rs {
		switch {
		case r.Note > 0:
			s.WriteString("[" + strconv.Itoa(r.Note) + "]")
		case r.URL != "" && !printsLink(r):
			s.WriteString(r.Text + " <" + r.URL + ">")
		default:
			s.WriteString(r.Text)
		}
	}
	for i, l := range strings.Split(s.String(), "\n") {
		if i > 0 {
			first = ""
		}
		wrapLine(&w.b, first, "", l)
	}
}

// printsLink reports whether the words of a link are its address.
func printsLink(r Run) bool {
	u := strings.TrimPrefix(strings.TrimPrefix(r.URL, "mailto:"), "https://")
	return r.Text == r.URL || r.Text == u || strings.TrimPrefix(r.Text, "https://") == u
}

// wrapLine breaks one line at its spaces; a long word stays whole.
func wrapLine(b *strings.Builder, first, indent, l string) {
	b.WriteString(first)
	n := utf8.RuneCountInString(first)
	begin := true
	for _, word := range strings.FieldsFunc(l, func(r rune) bool { return r == ' ' || r == '\t' }) {
		k := utf8.RuneCountInString(word)
		switch {
		case begin:
		case n+1+k > textWidth:
			b.WriteString("\n" + indent)
			n = utf8.RuneCountInString(indent)
		default:
			b.WriteByte(' ')
			n++
		}
		begin = false
		b.WriteString(word)
		n += k
	}
	b.WriteByte('\n')
}

// The frame of the data below a plain text (docs/formats/appeal-files.md).
const (
	textDataBegin = "-----BEGIN APPEAL DATA-----"
	textDataEnd   = "-----END APPEAL DATA-----"
)

// embedInText appends a as data: the hash of the text above, then the JSON,
// deflated (RFC 1951) in base64.
func embedInText(text []byte, a *Appeal) ([]byte, error) {
	j, err := a.Encode()
	if err != nil {
		return nil, err
	}
	var z bytes.Buffer
	d, err := flate.NewWriter(&z, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := d.Write(j); err != nil {
		return nil, err
	}
	if err := d.Close(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Write(text)
	b.WriteString("\n" + textDataBegin + "\n" + textSum(text) + "\n")
	for s := base64.StdEncoding.EncodeToString(z.Bytes()); s != ""; {
		n := min(len(s), textWidth)
		b.WriteString(s[:n] + "\n")
		s = s[n:]
	}
	b.WriteString(textDataEnd + "\n")
	return b.Bytes(), nil
}

// textSum is the SHA-256 of a text whose line ends and outer white space do
// not count: mail and editors change them.
func textSum(text []byte) string {
	t := strings.ReplaceAll(string(text), "\r\n", "\n")
	h := sha256.Sum256([]byte(strings.TrimSpace(t)))
	return hex.EncodeToString(h[:])
}

// cutTextData takes the data off a text of ours. a is nil when there is none
// or the text has been edited since.
func cutTextData(data []byte) (text []byte, a *Appeal) {
	i := bytes.LastIndex(data, []byte("\n"+textDataBegin))
	if i < 0 {
		return data, nil
	}
	text = data[:i+1]
	rest := data[i+1+len(textDataBegin):]
	e := bytes.Index(rest, []byte(textDataEnd))
	if e < 0 {
		return data, nil
	}
	tail := rest[e+len(textDataEnd):]
	bare := text // without the comment that holds the data of Markdown
	if t := bytes.TrimRight(text, "\n"); bytes.HasSuffix(t, []byte("\n<!--")) {
		bare = t[:len(t)-len("<!--")]
	}
	fields := strings.Fields(string(rest[:e]))
	if t := string(bytes.TrimSpace(tail)); len(fields) < 2 || t != "" && t != "-->" {
		return append(append([]byte{}, bare...), tail...), nil
	}
	if fields[0] != textSum(text) {
		return bare, nil
	}
	z, err := base64.StdEncoding.DecodeString(strings.Join(fields[1:], ""))
	if err != nil {
		return bare, nil
	}
	j, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(z)), MaxFile+1))
	if err != nil || len(j) > MaxFile {
		return bare, nil
	}
	b, err := Parse(bytes.NewReader(j))
	if err != nil {
		return bare, nil
	}
	b.File = &FileInfo{Format: "txt", Embedded: true}
	return text, b
}

// MarkdownFile returns a as our Markdown for a person to keep or to edit.
// What that form cannot say, such as a violation mapped by hand, follows in a
// comment at its end, which counts as long as nobody edits the file.
func (a *Appeal) MarkdownFile(_ Form) ([]byte, error) {
	if err := a.MayLeave(); err != nil {
		return nil, err
	}
	md, err := a.Markdown()
	if err != nil {
		return nil, err
	}
	if b, err := Import("a.md", md, Options{}); err == nil && sameJSON(a, b) {
		return md, nil
	}
	b, err := embedInText(append(md, "\n<!--"...), a)
	return append(b, "-->\n"...), err
}
