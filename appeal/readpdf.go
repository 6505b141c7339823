package appeal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/ledongthuc/pdf"
)

// Bounds for PDF files.
const (
	maxPages   = 3000
	maxPDFTime = 45 * time.Second
	maxRunes   = 20 << 20
)

// AttachmentName is the file that a PDF of ours carries: the appeal as JSON.
const AttachmentName = "appeal.json"

// readPDF reads our own attachment when there is one, else the text: by the
// reader built in, or by pdftotext when that is on the path and the first
// reader could not make words of it.
func readPDF(data []byte) (*source, *Appeal, error) {
	if i := bytes.Index(data[:min(len(data), 1024)], []byte("%PDF-")); i > 0 {
		data = data[i:]
	}
	type result struct {
		s   *source
		a   *Appeal
		err error
	}
	done := make(chan result, 1)
	ctx, cancel := context.WithTimeout(context.Background(), maxPDFTime)
	defer cancel()
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				r.err = fmt.Errorf("%v", p)
			}
			done <- r
		}()
		r.s, r.a, r.err = readPDFPages(ctx, data)
	}()
	var r result
	select {
	case r = <-done:
	case <-ctx.Done():
		r.err = errors.New("reading took too long")
	}
	if r.a != nil {
		return nil, r.a, nil
	}
	if errors.Is(r.err, pdf.ErrInvalidPassword) {
		return nil, nil, cannotRead("save it without a password, for example: qpdf --decrypt --password=… in.pdf out.pdf", "the PDF is locked with a password")
	}
	if r.err == nil && r.s.readable() {
		return r.s, nil, nil
	}
	if s, err := pdftotext(data); err == nil && s.readable() {
		if r.s != nil {
			s.file, s.links = r.s.file, r.s.links
			s.addPageLinks(r.s)
		}
		return s, nil, nil
	}
	switch {
	case r.err == nil && r.s.words() == 0:
		return nil, nil, cannotRead("make it readable with OCR first, for example: ocrmypdf scan.pdf readable.pdf", "the PDF holds pictures of pages and no text: it is a scan")
	case r.err == nil:
		r.s.warn("pdf-text", "", "the PDF does not say well which letters its signs stand for: compare the text with the page")
		return r.s, nil, nil
	case errors.Is(r.err, errEncryptedPDF):
		return nil, nil, cannotRead("save it without a password, for example: qpdf --decrypt in.pdf out.pdf", "the PDF is locked, with a password or in another way, and cannot be read")
	}
	return nil, nil, cannotRead("open it in a viewer and print it to a new PDF, or ask for the file again", "the PDF is broken: %v", r.err)
}

var errEncryptedPDF = errors.New("encrypted")

func readPDFPages(ctx context.Context, data []byte) (*source, *Appeal, error) {
	d, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		if strings.Contains(err.Error(), "encrypt") && !errors.Is(err, pdf.ErrInvalidPassword) {
			err = errEncryptedPDF
		}
		return nil, nil, err
	}
	if a := attached(d); a != nil {
		return nil, a, nil
	}
	s := &source{file: FileInfo{Format: "pdf", Properties: map[string]string{}}}
	s.pdfProperties(d)
	if hasGPS(data) { // JPEG pictures stand in a PDF as they were
		s.file.Properties["gps"] = "the place where a picture was taken"
	}
	n := d.NumPage()
	if n > maxPages {
		s.warn("pages", "", fmt.Sprintf("the PDF has %d pages; only the first %d were read", n, maxPages))
		n = maxPages
	}
	var pages []pdfPage
	runes := 0
	for i := 1; i <= n; i++ {
		if ctx.Err() != nil {
			return nil, nil, errors.New("reading took too long")
		}
		p, err := readPDFPage(ctx, d, i)
		if err != nil {
			s.warn("file-damaged", "page "+strconv.Itoa(i), "this page could be read only in part: "+err.Error())
		}
		for _, l := range p.lines {
			runes += len(l.text)
		}
		if runes > maxRunes {
			s.warn("pages", "", fmt.Sprintf("the PDF holds more text than any appeal; reading stopped at page %d", i))
			break
		}
		pages = append(pages, p)
	}
	s.fromPages(pages)
	return s, nil, nil
}

// attached returns the appeal that a PDF of ours carries.
func attached(d *pdf.Reader) (a *Appeal) {
	defer func() {
		if recover() != nil {
			a = nil
		}
	}()
	root := d.Trailer().Key("Root")
	var specs []pdf.Value
	for i := 0; i < root.Key("AF").Len() && i < 100; i++ {
		specs = append(specs, root.Key("AF").Index(i))
	}
	var names func(v pdf.Value, depth int)
	names = func(v pdf.Value, depth int) {
		for i := 1; i < v.Key("Names").Len() && i < 400; i += 2 {
			specs = append(specs, v.Key("Names").Index(i))
		}
		for i := 0; i < v.Key("Kids").Len() && i < 100 && depth < 8; i++ {
			names(v.Key("Kids").Index(i), depth+1)
		}
	}
	names(root.Key("Names").Key("EmbeddedFiles"), 0)
	for _, f := range specs {
		if f.Key("UF").Text() != AttachmentName && f.Key("F").Text() != AttachmentName {
			continue
		}
		for _, k := range []string{"UF", "F"} {
			if v := f.Key("EF").Key(k); v.Kind() == pdf.Stream {
				r := v.Reader()
				j, err := io.ReadAll(io.LimitReader(r, maxXML))
				r.Close()
				if err != nil {
					continue
				}
				if a, err := Parse(bytes.NewReader(j)); err == nil {
					a.File = &FileInfo{Format: "pdf", Embedded: true, Properties: map[string]string{}}
					return a
				}
			}
		}
	}
	return nil
}

func (s *source) pdfProperties(d *pdf.Reader) {
	defer func() { _ = recover() }()
	info := d.Trailer().Key("Info")
	for key, name := range map[string]string{"Author": "author", "Creator": "creator", "Producer": "producer", "Title": "title", "Subject": "subject", "Keywords": "keywords", "CreationDate": "created", "ModDate": "modified"} {
		if v := oneLine(info.Key(key).Text()); v != "" {
			s.file.Properties[name] = cutText(v, 500)
		}
	}
	if l := d.Trailer().Key("Root").Key("Lang").Text(); l != "" {
		s.lang, _, _ = strings.Cut(strings.ToLower(l), "-")
	}
}

// A pdfPage is the lines of one page in the order they were drawn.
type pdfPage struct {
	lines []pdfLine
	links []pdfLink
}

type pdfLine struct {
	text        string
	y, size     float64
	left, right float64
	links       []Link
}

type pdfLink struct {
	url            string
	x0, y0, x1, y1 float64
	words          strings.Builder
}

func readPDFPage(ctx context.Context, d *pdf.Reader, n int) (p pdfPage, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	page := d.Page(n)
	if page.V.IsNull() {
		return p, nil
	}
	p.links = pageLinks(page)
	glyphs, err := pageGlyphs(ctx, page)
	p.layOut(glyphs)
	return p, err
}

func pageLinks(page pdf.Page) (links []pdfLink) {
	defer func() { _ = recover() }()
	annots := page.V.Key("Annots")
	for i := 0; i < annots.Len() && i < 5000; i++ {
		a := annots.Index(i)
		u := a.Key("A").Key("URI").RawString()
		if a.Key("Subtype").Name() != "Link" || u == "" || len(u) > 4000 {
			continue
		}
		r := a.Key("Rect")
		l := pdfLink{url: strings.ToValidUTF8(u, "�"), x0: r.Index(0).Float64(), y0: r.Index(1).Float64(), x1: r.Index(2).Float64(), y1: r.Index(3).Float64()}
		if l.x0 > l.x1 {
			l.x0, l.x1 = l.x1, l.x0
		}
		if l.y0 > l.y1 {
			l.y0, l.y1 = l.y1, l.y0
		}
		links = append(links, l)
	}
	return links
}

// layOut joins the signs of a page into lines: a sign goes on the line while
// it stands further right at about the same height; a raised small number is
// a footnote mark.
func (p *pdfPage) layOut(gs []glyph) {
	var b strings.Builder
	var cur pdfLine
	var sup strings.Builder // digits of an open raised number
	open := false
	var words []*pdfLink
	endSup := func() {
		if sup.Len() == 0 {
			return
		}
		n := sup.String()
		sup.Reset()
		if strings.TrimSpace(b.String()) == "" || len(n) > 3 {
			b.WriteString(n + " ")
		} else {
			t := strings.TrimRight(b.String(), " ")
			b.Reset()
			b.WriteString(t + "[^" + strings.TrimLeft(n, "0") + "]")
		}
	}
	flush := func() {
		endSup()
		cur.text = strings.TrimSpace(b.String())
		b.Reset()
		if cur.text != "" {
			for _, l := range words {
				if w := oneLine(l.words.String()); w != "" {
					cur.links = append(cur.links, Link{URL: l.url, Text: w})
				}
				l.words.Reset()
			}
			p.lines = append(p.lines, cur)
		}
		words, cur, open = nil, pdfLine{}, false
	}
	for _, t := range gs {
		if t.s == "" {
			continue
		}
		size := t.size
		if open {
			dy := t.y - cur.y
			big := max(cur.size, size)
			switch {
			case dy > 0.7*big || dy < -0.7*big, t.x < cur.right-3*big && t.x < cur.left+0.5*big, t.x < cur.right-6*big:
				flush()
			case size > cur.size*1.2 && dy < 0 && len(strings.TrimSpace(b.String())) <= 3:
				// The line began with a raised number.
				cur.y, cur.size = t.y, size
			}
		}
		if !open {
			cur, open = pdfLine{y: t.y, size: size, left: t.x, right: t.x}, true
		}
		raised := size < 0.85*cur.size && t.y > cur.y+0.12*cur.size
		if raised && strings.Trim(t.s, "0123456789") == "" {
			sup.WriteString(t.s)
			cur.right = t.x + t.w
			continue
		}
		endSup()
		if gap := t.x - cur.right; gap > 0.18*size && b.Len() > 0 && !strings.HasSuffix(b.String(), " ") && t.s != " " {
			b.WriteByte(' ')
		}
		b.WriteString(t.s)
		p.addToLinks(t, &words)
		cur.right = max(cur.right, t.x+t.w)
	}
	flush()
}

// addToLinks adds a sign to the link whose area it stands in.
func (p *pdfPage) addToLinks(t glyph, words *[]*pdfLink) {
	for i := range p.links {
		l := &p.links[i]
		x, y := t.x+t.w/2, t.y+t.size/4
		if x < l.x0 || x > l.x1 || y < l.y0 || y > l.y1 {
			continue
		}
		l.words.WriteString(t.s)
		for _, have := range *words {
			if have == l {
				return
			}
		}
		*words = append(*words, l)
	}
}

// fromPages makes the lines of the source: empty lines where the page leaves
// room, small for the run of smaller letters at the foot.
func (s *source) fromPages(pages []pdfPage) {
	weight := map[float64]int{}
	for _, p := range pages {
		for _, l := range p.lines {
			weight[half(l.size)] += len(l.text)
		}
	}
	body, most := 0.0, 0
	for size, n := range weight {
		if n > most || n == most && size > body {
			body, most = size, n
		}
	}
	seen := map[string]bool{}
	for n, p := range pages {
		lead := p.leading()
		foot := len(p.lines)
		for foot > 0 && half(p.lines[foot-1].size) < body*0.95 {
			foot--
		}
		for i, l := range p.lines {
			if i > 0 {
				if gap := p.lines[i-1].y - l.y; gap > 1.35*max(lead, l.size) || gap < 0 || (i == foot) {
					s.lines = append(s.lines, line{page: n + 1})
				}
			}
			s.lines = append(s.lines, line{text: l.text, page: n + 1, small: i >= foot && half(l.size) < body*0.95, links: l.links})
			for _, k := range l.links {
				seen[k.URL] = true
			}
		}
		for _, k := range p.links {
			if !seen[k.url] {
				s.links = append(s.links, Link{URL: k.url})
				seen[k.url] = true
			}
		}
		s.lines = append(s.lines, line{page: n + 1})
	}
}

func half(x float64) float64 { return float64(int(x*2+0.5)) / 2 }

// leading is the usual distance of two lines of the page.
func (p *pdfPage) leading() float64 {
	count := map[float64]int{}
	for i := 1; i < len(p.lines); i++ {
		if gap := p.lines[i-1].y - p.lines[i].y; gap > 0 && gap < 60 {
			count[half(gap)]++
		}
	}
	best, most := 0.0, 0
	for g, n := range count {
		if n > most || n == most && g < best {
			best, most = g, n
		}
	}
	return best
}

// words counts the words of at least two letters.
func (s *source) words() int {
	n := 0
	for _, l := range s.lines {
		for _, w := range strings.Fields(l.text) {
			if letters(w) >= 2 {
				n++
			}
		}
	}
	return n
}

// readable reports whether the lines look like words of a language: few
// signs that stand for nothing, words of usual length.
func (s *source) readable() bool {
	all, bad, inWords := 0, 0, 0
	for _, l := range s.lines {
		for _, r := range l.text {
			all++
			if r == unicode.ReplacementChar || unicode.Is(unicode.Co, r) || unicode.IsControl(r) && r != '\t' {
				bad++
			}
			if unicode.IsLetter(r) {
				inWords++
			}
		}
	}
	n := s.words()
	return n >= 5 && bad*50 < all && inWords*10 < n*140
}

// pdftotext runs the program of that name when it is on the path.
func pdftotext(data []byte) (*source, error) {
	path, err := exec.LookPath("pdftotext")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), maxPDFTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "-q", "-layout", "-enc", "UTF-8", "-", "-")
	cmd.Stdin = bytes.NewReader(data)
	out := &limitedBuffer{max: maxRunes}
	cmd.Stdout = out
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	s := readText(out.b.Bytes())
	s.file.Format = "pdf"
	s.warn("pdf-text", "", "the text of the PDF was taken with pdftotext")
	return s, nil
}

type limitedBuffer struct {
	b   bytes.Buffer
	max int
}

func (l *limitedBuffer) Write(p []byte) (int, error) {
	if l.b.Len()+len(p) > l.max {
		return 0, ErrTooLarge
	}
	return l.b.Write(p)
}

// addPageLinks keeps the links that another reading of the file found.
func (s *source) addPageLinks(from *source) {
	for _, l := range from.lines {
		s.links = append(s.links, l.links...)
	}
}
