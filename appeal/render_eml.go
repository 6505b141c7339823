package appeal

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
)

// Email returns a as a message (RFC 5322) for a mail program to open: plain
// text and HTML of the same words. It has no sender and no recipient, which a
// person gives it; X-Unsent lets mail programs open it as a draft. date is
// its Date; the zero time for none. The HTML part carries the appeal as data.
func (a *Appeal) Email(o Form, date time.Time) ([]byte, error) {
	text, err := a.plainText(o)
	if err != nil {
		return nil, err
	}
	page, err := a.HTML(o)
	if err != nil {
		return nil, err
	}
	f, err := newForm(a, o)
	if err != nil {
		return nil, err
	}
	subject := f.title()
	if a.Title != "" && !strings.Contains(subject, a.Title) {
		subject += ": " + oneLine(printable(a.Title))
	}
	var b bytes.Buffer
	head := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	if !date.IsZero() {
		head("Date", date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	}
	head("Subject", foldWords(mime.QEncoding.Encode("utf-8", subject)))
	if l := langTag(f.text); l != "und" {
		head("Content-Language", l)
	}
	head("X-Unsent", "1")
	head("MIME-Version", "1.0")
	// The same appeal gives the same bytes: the boundary comes from the text.
	// "=_" never stands in quoted-printable (RFC 2045, 6.7).
	sum := sha256.Sum256(append(append([]byte{}, text...), page...))
	boundary := "=_" + hex.EncodeToString(sum[:12])
	head("Content-Type", `multipart/alternative; boundary="`+boundary+`"`)
	b.WriteString("\r\n")
	m := multipart.NewWriter(&b)
	if err := m.SetBoundary(boundary); err != nil {
		return nil, err
	}
	for _, p := range []struct {
		kind string
		data []byte
	}{{"text/plain", text}, {"text/html", page}} {
		w, err := m.CreatePart(textproto.MIMEHeader{"Content-Type": {p.kind + "; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"}})
		if err != nil {
			return nil, err
		}
		q := quotedprintable.NewWriter(w)
		if _, err := q.Write(p.data); err != nil {
			return nil, err
		}
		if err := q.Close(); err != nil {
			return nil, err
		}
	}
	if err := m.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// foldWords folds a long header at its spaces (RFC 5322, 2.2.3).
func foldWords(s string) string {
	var b strings.Builder
	n := len("Subject: ")
	for i, w := range strings.Split(s, " ") {
		switch {
		case i == 0:
		case n+1+len(w) > 76:
			b.WriteString("\r\n ")
			n = 1
		default:
			b.WriteByte(' ')
			n++
		}
		b.WriteString(w)
		n += len(w)
	}
	return b.String()
}

// maxMailParts bounds the parts of a message that are looked at.
const maxMailParts = 100

// readEmail reads the appeal in a message: from its HTML part, which carries
// ours as data, else from its text. Who sent it to whom is not read.
func readEmail(data []byte) (*source, *Appeal, error) {
	msg, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return nil, nil, cannotRead("ask for the file again", "the message is broken: %v", err)
	}
	r := &mailReader{}
	r.part(textproto.MIMEHeader(msg.Header), msg.Body, 0)
	if r.page != nil {
		s, err := readHTML(r.page)
		if e, ok := err.(*embedded); ok {
			e.a.File.Format = "eml"
			return nil, e.a, nil
		}
		if err == nil && r.text == nil {
			s.file.Format = "eml"
			return s, nil, nil
		}
	}
	if r.text == nil {
		return nil, nil, cannotRead("save the attachment and import it", "the message holds no text")
	}
	text, a := cutTextData(r.text)
	if a != nil {
		a.File.Format = "eml"
		return nil, a, nil
	}
	s := readText(text)
	s.file.Format = "eml"
	return s, nil, nil
}

type mailReader struct {
	text, page []byte // the first of each
	parts      int
}

func (r *mailReader) part(h textproto.MIMEHeader, body io.Reader, depth int) {
	if r.parts++; r.parts > maxMailParts || depth > 10 {
		return
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") && params["boundary"] != "" {
		m := multipart.NewReader(body, params["boundary"])
		for {
			p, err := m.NextRawPart()
			if err != nil {
				return
			}
			r.part(p.Header, p, depth+1)
			if r.parts > maxMailParts {
				return
			}
		}
	}
	if strings.HasPrefix(strings.ToLower(h.Get("Content-Disposition")), "attachment") || kind != "text/plain" && kind != "text/html" {
		return
	}
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Transfer-Encoding"))) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	b, _ := io.ReadAll(io.LimitReader(body, MaxFile)) // a broken end loses no more than itself
	if len(bytes.TrimSpace(b)) == 0 {
		return
	}
	if kind == "text/html" && r.page == nil {
		// Lines of mail end in CRLF; the page was written with LF.
		r.page = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	}
	if kind == "text/plain" && r.text == nil {
		r.text = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	}
}
