package appeal

import (
	_ "embed"
	"encoding/base64"
	"html"
	"net/http"
	"strconv"
	"strings"

	"github.com/arasha-org/arasha/internal/page"
)

//go:embed data/appeal.css
var htmlStyle string

var styleSource = page.StyleSource(htmlStyle)

// HTML returns a as one web page that stands alone: no script, no request to
// anybody's host, its one style allowed by its hash. It carries the appeal as
// data, so that [Import] gives a back until somebody edits the page.
func (a *Appeal) HTML(o Form) ([]byte, error) {
	f, err := newForm(a, o)
	if err != nil {
		return nil, err
	}
	p := &htmlPage{form: f}
	p.page()
	return EmbedInHTML([]byte(p.b.String()), a)
}

type htmlPage struct {
	*form
	b    strings.Builder
	open string      // what closes the elements that are open
	seen map[int]int // note -> how many marks so far
}

func (p *htmlPage) raw(parts ...string) {
	for _, s := range parts {
		p.b.WriteString(s)
	}
}

func (p *htmlPage) esc(s string) { p.b.WriteString(html.EscapeString(s)) }

// close ends the open elements.
func (p *htmlPage) close() {
	p.raw(p.open)
	p.open = ""
}

func direction(lang string) string {
	if rightToLeft(lang) {
		return "rtl"
	}
	return "ltr"
}

func (p *htmlPage) page() {
	p.seen = map[int]int{}
	p.raw("<!doctype html>\n<html lang=\"")
	p.esc(langTag(p.text))
	p.raw("\" dir=\"", direction(p.text), "\">\n<head>\n<meta charset=\"utf-8\">\n",
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src `, styleSource, `; img-src data:; base-uri 'none'; form-action 'none'">`,
		"\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>")
	p.esc(p.title())
	p.raw("</title>\n<style>", htmlStyle, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\"")
	p.foreign()
	p.raw(">")
	p.esc(p.w.Skip)
	p.raw("</a>\n")
	p.letterhead()
	p.raw("<main id=\"main\">\n")
	p.head2()
	for i, b := range p.blocks {
		p.block(i, b)
	}
	p.close()
	p.footnotes()
	p.raw("</main>\n</body>\n</html>\n")
}

// foreign marks words of the form when the text is in another language.
func (p *htmlPage) foreign() {
	if p.lang != p.text {
		p.raw(` lang="`)
		p.esc(langTag(p.lang))
		p.raw(`" dir="`, direction(p.lang), `"`)
	}
}

// langTag keeps what can be a language tag (BCP 47).
func langTag(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s)
	if s == "" || len(s) > 35 {
		return "und"
	}
	return s
}

// letterhead stands above the text and is no part of it: an edited page is
// read back without it.
func (p *htmlPage) letterhead() {
	h := p.Letterhead
	if h.Name == "" && h.Line == "" && len(h.Address) == 0 && len(h.Logo) == 0 {
		return
	}
	p.raw("<header data-form>")
	if kind := http.DetectContentType(h.Logo); kind == "image/png" {
		p.raw(`<img alt="" src="data:image/png;base64,`, base64.StdEncoding.EncodeToString(h.Logo), `">`)
	}
	p.raw("<div>")
	if h.Name != "" {
		p.raw(`<p class="name" dir="auto">`)
		p.esc(printable(h.Name))
		p.raw("</p>")
	}
	if h.Line != "" {
		p.raw(`<p dir="auto">`)
		p.esc(printable(h.Line))
		p.raw("</p>")
	}
	p.raw("</div>")
	if len(h.Address) > 0 {
		p.raw("<address>")
		for i, l := range h.Address {
			if i > 0 {
				p.raw("<br>")
			}
			p.raw("<bdi>")
			p.esc(printable(l))
			p.raw("</bdi>")
		}
		p.raw("</address>")
	}
	p.raw("</header>\n")
}

// head2 is the title and the plate: code, what was done, where and when.
func (p *htmlPage) head2() {
	rows := map[blockKind]block{}
	for _, b := range p.blocks {
		if b.kind <= bDate {
			rows[b.kind] = b
		}
	}
	p.raw("<div class=\"title\">")
	if s, ok := rows[bState]; ok {
		p.raw(`<p class="state" data-form`)
		p.foreign()
		p.raw(">")
		p.runs(s.runs)
		p.raw("</p>")
	}
	title, ok := rows[bTitle]
	if kind, any := rows[bKind]; any && ok {
		p.raw(`<p class="label">`)
		p.runs(kind.runs)
		p.raw("</p>")
	} else if any {
		title, ok = kind, true
	}
	if ok {
		p.raw("<h1>")
		p.runs(title.runs)
		p.raw("</h1>")
	}
	p.raw("</div>\n")
	where := append([]Run{}, rows[bPlace].runs...)
	dl := false
	row := func(label, class string, print func()) {
		if !dl {
			p.raw("<dl class=\"plate\">\n")
			dl = true
		}
		p.raw("<dt data-form")
		p.foreign()
		p.raw(">")
		p.esc(label)
		p.raw("</dt><dd", class, ">")
		print()
		p.raw("</dd>\n")
	}
	if c, ok := rows[bCode]; ok {
		row(p.l.Code, ` class="code"`, func() { p.raw(`<bdi dir="ltr">`); p.runs(c.runs); p.raw("</bdi>") })
	}
	if v, ok := rows[bDone]; ok {
		row(p.l.Done, ` class="done"`, func() { p.runs(v.runs) })
	}
	if d, ok := rows[bDate]; ok || len(where) > 0 {
		row(p.l.Where, "", func() {
			if len(where) > 0 {
				p.raw("<p>")
				p.runs(where)
				p.raw("</p>")
			}
			if ok {
				p.raw("<p>")
				if isISODate(p.a.Date) {
					p.raw(`<time datetime="`, p.a.Date, `">`)
				}
				p.runs(d.runs)
				if isISODate(p.a.Date) {
					p.raw("</time>")
				}
				p.raw("</p>")
			}
		})
	}
	if dl {
		p.raw("</dl>\n")
	}
}

// block prints one block, opening and closing what stands around it.
func (p *htmlPage) block(i int, b block) {
	next := block{kind: -1}
	if i+1 < len(p.blocks) {
		next = p.blocks[i+1]
	}
	prev := block{kind: -1}
	if i > 0 {
		prev = p.blocks[i-1]
	}
	reading := func() {
		if p.open == "" {
			p.raw("<section class=\"folio\">\n<div class=\"reading\">\n")
			p.open = "</div>\n</section>\n"
		}
	}
	switch b.kind {
	case bHeading:
		p.close()
		p.raw("<section class=\"folio\">\n<div class=\"side\"><h2>")
		p.runs(b.runs)
		p.raw("</h2>")
		if b.section == SectionAddresses && p.Checked != "" {
			p.raw(`<p class="small" data-form`)
			p.foreign()
			p.raw(">")
			p.esc(strings.Replace(p.l.Checked, "%s", p.l.Date(p.Checked), 1))
			p.raw("</p>")
		}
		p.raw("</div>\n<div class=\"reading\">\n")
		p.open = "</div>\n</section>\n"
	case bPara:
		if prev.kind != bPara && prev.kind != bHeading || prev.kind == bPara && prev.section != b.section {
			p.close()
		}
		reading()
		class := ` class="n"`
		if b.section == SectionOpening || b.section == SectionSummary {
			class = ""
		}
		p.raw("<p", class, ">")
		p.runs(b.runs)
		p.raw("</p>\n")
	case bLead, bAfter:
		reading()
		p.raw(map[blockKind]string{bLead: `<p class="lead">`, bAfter: "<p>"}[b.kind])
		p.runs(b.runs)
		p.raw("</p>\n")
	case bItem:
		reading()
		p.item(b, prev, next)
	case bAddressee:
		reading()
		if prev.kind != bAddressee {
			p.raw("<ul class=\"addr\">\n")
		}
		p.raw("<li>")
		for k, l := range p.addressee(b.to) {
			p.addressLine(k, l)
		}
		p.raw("</li>\n")
		if next.kind != bAddressee {
			p.raw("</ul>\n")
		}
	case bStars:
		p.close()
		p.raw("<section class=\"folio end\">\n<hr>\n<div class=\"reading\">\n")
		p.open = "</div>\n</section>\n"
	case bSign, bReminder:
		reading()
		p.raw(map[blockKind]string{bSign: "<p>", bReminder: `<p class="reminder">`}[b.kind])
		p.runs(b.runs)
		if b.kind == bReminder && p.a.Code != nil && !strings.Contains(p.a.ReplyLine, p.a.Code.Printed) {
			p.raw(` <bdi dir="ltr" class="code" data-form>`)
			p.esc(printable(p.a.Code.Printed))
			p.raw("</bdi>")
		}
		p.raw("</p>\n")
	case bAbout:
		reading()
		p.raw(`<p class="small">`)
		p.runs(b.runs)
		p.raw("</p>\n")
	case bContact:
		reading()
		if !b.more {
			p.raw(`<p class="small">`)
			p.runs(b.runs)
			p.raw("</p>\n")
			break
		}
		if prev.kind != bContact || !prev.more {
			p.raw("<ul class=\"small contacts\">\n")
		}
		p.raw("<li>")
		if b.label != "" {
			p.esc(b.label + ": ")
		}
		p.raw(`<bdi>`)
		p.runs(b.runs)
		p.raw("</bdi></li>\n")
		if next.kind != bContact {
			p.raw("</ul>\n")
		}
	case bLoose:
		reading()
		p.raw(`<p class="small">`)
		if !b.more {
			p.raw("<b>", html.EscapeString(b.marker), "</b> ")
		}
		p.runs(b.runs)
		p.raw("</p>\n")
	}
}

// item prints a paragraph of a request within its list.
func (p *htmlPage) item(b, prev, next block) {
	format := p.asksFormat()
	if prev.kind != bItem {
		if format != "" {
			p.raw(`<ol class="asks" type="`, format, "\">\n")
		} else {
			p.raw("<ol class=\"asks own\">\n")
		}
	}
	if !b.more {
		p.raw("<li>")
		if format == "" {
			p.raw(`<span class="mark">`, html.EscapeString(b.marker), "</span> ")
		}
	}
	p.raw("<p>")
	p.runs(b.runs)
	p.raw("</p>")
	if next.kind != bItem || !next.more {
		p.raw("</li>\n")
	}
	if next.kind != bItem {
		p.raw("</ol>\n")
	}
}

func (p *htmlPage) addressLine(k int, l addressLine) {
	if k > 0 {
		p.raw("<br>")
	}
	if l.label != "" {
		p.raw(`<span class="ch">`)
		p.esc(l.label + ": ")
		p.raw("</span>")
	}
	switch {
	case l.bold:
		p.raw("<b>")
		p.runs(l.runs)
		p.raw("</b>")
	case l.code:
		p.raw(`<bdi dir="ltr">`)
		p.runs(l.runs)
		p.raw("</bdi>")
	default:
		p.runs(l.runs)
	}
}

// runs prints words, links and marks. A mark can be jumped to from its note.
func (p *htmlPage) runs(rs []Run) {
	for _, r := range rs {
		switch {
		case r.Note > 0:
			n := strconv.Itoa(r.Note)
			p.seen[r.Note]++
			id := "r" + n
			if k := p.seen[r.Note]; k > 1 {
				id += "-" + strconv.Itoa(k)
			}
			p.raw(`<sup><a role="doc-noteref" href="#fn`, n, `" id="`, id, `" aria-label="`, html.EscapeString(p.w.Note), " ", n, `">`, p.l.Number(n), "</a></sup>")
		case r.URL != "":
			p.raw(`<a rel="noreferrer" href="`)
			p.esc(r.URL)
			p.raw(`">`)
			p.lines(r.Text)
			p.raw("</a>")
		default:
			p.lines(r.Text)
		}
	}
}

// lines prints text whose line breaks are meant.
func (p *htmlPage) lines(s string) {
	for i, l := range strings.Split(s, "\n") {
		if i > 0 {
			p.raw("<br>")
		}
		p.esc(l)
	}
}

func (p *htmlPage) footnotes() {
	notes := p.usedNotes()
	if len(notes) == 0 {
		return
	}
	p.raw("<section class=\"folio notes\" role=\"doc-endnotes\">\n<div class=\"side\" data-form")
	p.foreign()
	p.raw("><h2>")
	p.esc(p.w.Notes)
	p.raw("</h2></div>\n<ol class=\"foot\">\n")
	for _, i := range notes {
		n := strconv.Itoa(p.a.Footnotes[i].Number)
		p.raw(`<li id="fn`, n, `" value="`, n, `">`)
		ps := p.note(i)
		for k, rs := range ps {
			p.raw("<p>")
			p.runs(rs)
			if k == len(ps)-1 {
				p.raw(` <a class="back" role="doc-backlink" href="#r`, n, `" data-form aria-label="`, html.EscapeString(p.w.Back), `">↩</a>`)
			}
			p.raw("</p>")
		}
		p.raw("</li>\n")
	}
	p.raw("</ol>\n</section>\n")
}
