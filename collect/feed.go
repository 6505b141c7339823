package collect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"

	"github.com/arasha-org/arasha/post"
)

// feed reads RSS, Atom and JSON Feed. A feed is a window on what a site
// published last; it is read whole, up to maxRecord.
var feed = Format{
	Name:  "feed",
	Title: "RSS, Atom or JSON Feed",
	Sniff: func(in *Input) (string, bool) {
		if in.Zip != nil {
			return "", false
		}
		head := headText(in)
		switch e := firstElement(head); e {
		case "rss", "feed", "rdf:RDF":
			return "<" + e, true
		}
		if bytes.Contains(head[:min(len(head), 2048)], []byte("https://jsonfeed.org/version")) ||
			bytes.Contains(head[:min(len(head), 2048)], []byte(`https:\/\/jsonfeed.org\/version`)) {
			return "version of jsonfeed.org", true
		}
		return "", false
	},
	Read: reading(readFeed),
}

// firstElement returns the name of the root element of an XML document.
func firstElement(b []byte) string {
	for {
		b = bytes.TrimLeft(b, " \r\n\t")
		if len(b) < 2 || b[0] != '<' {
			return ""
		}
		end := []byte(">")
		switch {
		case bytes.HasPrefix(b, []byte("<!--")):
			end = []byte("-->")
		case b[1] == '?', b[1] == '!':
		default:
			name := b[1:]
			if i := bytes.IndexAny(name, " \r\n\t/>"); i >= 0 {
				name = name[:i]
			}
			return string(name)
		}
		_, rest, ok := bytes.Cut(b, end)
		if !ok {
			return ""
		}
		b = rest
	}
}

func readFeed(n *nest) error {
	// gofeed undoes the encodings that XML declares; UTF-16 has no need to.
	body, err := io.ReadAll(io.LimitReader(n.in.R, int64(maxRecord)+1))
	broken := err
	if err != nil && !isBroken(err) {
		return err
	}
	if len(body) > maxRecord {
		return fmt.Errorf("the feed is longer than %d bytes", maxRecord)
	}
	parser := gofeed.NewParser()
	parser.KeepOriginalFeed = true
	f, err := parser.Parse(bytes.NewReader(body))
	if err != nil {
		whole, ok := closedFeed(body)
		if ok {
			var err2 error
			if f, err2 = parser.Parse(bytes.NewReader(whole)); err2 != nil {
				f = nil
			}
		}
		if f == nil {
			return fmt.Errorf("%w: it is not a sound feed: %v", ErrBroken, err)
		}
		broken = fmt.Errorf("%w: %v; the %d entries before it were read", ErrBroken, err, len(f.Items))
	}
	original, _ := f.OriginalFeed().(*atom.Feed)
	for k, i := range f.Items {
		if original != nil && k < len(original.Entries) && original.Entries[k].Published == "" {
			i.Published = "" // gofeed fills in the update
		}
		n.begin(nil, 0)
		if err := n.entry(f, i); err != nil {
			return err
		}
	}
	return broken
}

// closedFeed cuts a feed that breaks off after its last whole entry and
// closes what is open.
func closedFeed(b []byte) ([]byte, bool) {
	for _, x := range []struct{ entry, rest string }{
		{"</item>", "</channel></rss>"}, {"</entry>", "</feed>"}, {"</item>", "</rdf:RDF>"},
	} {
		i := bytes.LastIndex(b, []byte(x.entry))
		if i < 0 || bytes.Contains(b[:min(len(b), 4096)], []byte("<rdf:RDF")) != strings.Contains(x.rest, "rdf") {
			continue
		}
		return append(bytes.Clone(b[:i+len(x.entry)]), x.rest...), true
	}
	return nil, false
}

func (n *nest) entry(f *gofeed.Feed, i *gofeed.Item) error {
	clean := func(s string) string {
		c := strings.ToValidUTF8(s, "\uFFFD")
		if c != s {
			n.note("some text is not valid UTF-8; the broken bytes are shown as \uFFFD")
		}
		return c
	}
	p := post.Post{Platform: "web", ID: clean(i.GUID), URL: clean(i.Link), Lang: langOf(clean(f.Language))}
	if p.ID == "" {
		p.ID = p.URL
	}
	if p.URL == "" && (strings.HasPrefix(p.ID, "http://") || strings.HasPrefix(p.ID, "https://")) {
		p.URL = p.ID // a guid is not always an address
	}
	p.Account = post.Account{ID: hostOf(clean(f.Link)), Name: strings.TrimSpace(clean(f.Title))}
	if p.Account.ID == "" {
		p.Account.ID = hostOf(p.URL)
	}
	title, _ := htmlText(clean(i.Title))
	body := clean(i.Content)
	if strings.TrimSpace(body) == "" {
		body = clean(i.Description)
		n.note("some entries hold a description only, which may be less than the full text")
	}
	text, anchors := htmlText(body)
	p.Text = title
	if text != title {
		p.Text = strings.TrimSpace(title + "\n\n" + text)
	}
	for _, a := range anchors {
		if strings.HasPrefix(a.href, "http") {
			p.Links = addOnce(p.Links, a.href)
		}
	}
	links, _, _ := textMarks(text)
	for _, l := range links {
		p.Links = addOnce(p.Links, l)
	}
	for _, e := range i.Enclosures {
		if e != nil && e.URL != "" {
			p.Media = append(p.Media, post.Media{URL: clean(e.URL)})
		}
	}
	printed := strings.TrimSpace(clean(i.Published))
	if printed == "" {
		if printed = strings.TrimSpace(clean(i.Updated)); printed != "" {
			n.note("some entries state only when they were updated; that was taken as their time")
		}
	}
	p.Time = n.when(node{printed})
	if len(n.o.Keep) > 0 || saysNothing(&p) {
		if b, err := json.Marshal(i); err == nil {
			n.cur, _, _ = decode(b)
		}
	}
	return n.post(&p)
}

// hostOf returns the host of an address without www.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
