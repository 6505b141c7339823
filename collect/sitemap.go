package collect

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	htmlcharset "golang.org/x/net/html/charset"

	"github.com/arasha-org/arasha/post"
)

// sitemap reads the sitemaps of sites (sitemaps.org) with the news extension.
// The date of last change is not the publication and is not taken for it.
var sitemap = Format{
	Name:  "sitemap",
	Title: "sitemap of a site, with news titles",
	Sniff: func(in *Input) (string, bool) {
		if in.Zip != nil {
			return "", false
		}
		switch e := firstElement(headText(in)); e {
		case "urlset", "sitemapindex":
			return "<" + e, true
		}
		return "", false
	},
	Read: reading(readSitemap),
}

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
	News    struct {
		Name     string `xml:"publication>name"`
		Language string `xml:"publication>language"`
		Date     string `xml:"publication_date"`
		Title    string `xml:"title"`
	} `xml:"news"`
}

// A leash bounds what is read of one record, and remembers it.
type leash struct {
	r    io.Reader
	left int
	held []byte
	at   int64 // offset of held
}

// begin forgets what stood before offset, where a record begins.
func (l *leash) begin(offset int64) {
	l.left = maxRecord
	if d := offset - l.at; d > 0 && d <= int64(len(l.held)) {
		l.held, l.at = append(l.held[:0], l.held[d:]...), offset
	}
}

// until returns what was read from begin to offset.
func (l *leash) until(offset int64) []byte {
	if d := offset - l.at; d > 0 && d <= int64(len(l.held)) {
		return l.held[:d]
	}
	return nil
}

func (l *leash) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("%w: a record is longer than %d bytes", ErrBroken, maxRecord)
	}
	n, err := l.r.Read(p[:min(len(p), l.left)])
	l.left -= n
	l.held = append(l.held, p[:n]...)
	return n, err
}

func readSitemap(n *nest) error {
	l := &leash{r: n.in.R, left: maxRecord}
	d := xml.NewDecoder(l)
	d.CharsetReader = htmlcharset.NewReaderLabel
	d.Strict = false
	for {
		from := d.InputOffset()
		l.begin(from)
		t, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return n.brokenXML(err)
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		line, _ := d.InputPos()
		switch start.Name.Local {
		case "url":
			var u sitemapURL
			if err := d.DecodeElement(&u, &start); err != nil {
				return n.brokenXML(err)
			}
			n.begin(l.until(d.InputOffset()), int64(line))
			err = n.sitemapPost(&u)
		case "sitemap":
			if err := d.Skip(); err != nil {
				return n.brokenXML(err)
			}
			n.begin(nil, int64(line))
			n.note("this is an index: the sitemaps it names were not fetched")
			err = n.skip("address of another sitemap")
		}
		if err != nil {
			return err
		}
	}
}

func (n *nest) brokenXML(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("%w: %v; the %d entries before it were read", ErrBroken, err, n.record)
	}
	return err
}

func (n *nest) sitemapPost(u *sitemapURL) error {
	valid := func(s string) string { return strings.ToValidUTF8(strings.TrimSpace(s), "\uFFFD") }
	p := post.Post{Platform: "web", URL: valid(u.Loc), Text: valid(u.News.Title), Lang: langOf(valid(u.News.Language))}
	p.ID = p.URL
	p.Account = post.Account{ID: hostOf(p.URL), Name: valid(u.News.Name)}
	if date := valid(u.News.Date); date != "" {
		p.Time = n.when(node{date})
	} else if u.LastMod != "" {
		n.note("pages without a publication date have no time: their date of last change is not their publication")
	}
	return n.post(&p)
}
