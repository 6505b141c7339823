package collect

import (
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An anchor is a link of an HTML text.
type anchor struct{ href, class, text string }

// htmlText returns the text of an HTML fragment, with a newline where a block
// or <br> ends, and its links in order.
func htmlText(s string) (string, []anchor) {
	if !strings.ContainsAny(s, "<&") {
		return strings.TrimSpace(s), nil
	}
	var b strings.Builder
	var anchors []anchor
	open, from := -1, 0 // the anchor we are in and where its text begins
	hidden := 0         // depth inside script and style
	z := html.NewTokenizer(strings.NewReader(s))
	z.SetMaxBuf(maxRecord)
	for {
		t := z.Next()
		switch t {
		case html.ErrorToken:
			if z.Err() != io.EOF { // one token over the bound: keep what was read
				b.WriteString(" …")
			}
			return strings.TrimSpace(manyLines(b.String())), anchors
		case html.TextToken:
			if hidden == 0 {
				b.Write(z.Text())
			}
			continue
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
		default:
			continue
		}
		name, more := z.TagName()
		switch tag := atom.Lookup(name); tag {
		case atom.A:
			if open >= 0 {
				anchors[open].text = b.String()[from:]
				open = -1
			}
			if t != html.StartTagToken {
				break
			}
			var a anchor
			for more {
				var k, v []byte
				k, v, more = z.TagAttr()
				switch string(k) {
				case "href":
					a.href = string(v)
				case "class":
					a.class = string(v)
				}
			}
			anchors = append(anchors, a)
			open, from = len(anchors)-1, b.Len()
		case atom.Script, atom.Style:
			if t == html.StartTagToken {
				hidden++
			} else if hidden > 0 {
				hidden--
			}
		case atom.Br:
			b.WriteByte('\n')
		case atom.P, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.H4, atom.Tr, atom.Figure, atom.Figcaption, atom.Pre:
			if t == html.EndTagToken || b.Len() > 0 {
				b.WriteByte('\n')
			}
		}
	}
}

// manyLines leaves no more than one empty line in a row and no blanks at the
// ends of lines.
func manyLines(s string) string {
	lines := strings.Split(s, "\n")
	out := lines[:0]
	for _, l := range lines {
		l = strings.TrimSpace(strings.ReplaceAll(l, "\u00a0", " "))
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}
