package appeal

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/arasha-org/arasha/internal/pdf"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// PageOptions are what an appeal does not say itself. The zero value prints
// a page without letterhead.
type PageOptions struct {
	Letterhead Letterhead
	Lang       string    // of the labels; "" for the language of the appeal
	Checked    string    // ISO date on which the addresses were checked, or ""
	CheckCopy  string    // where a reader can check a copy: "threerivers.example/v/041 · b5e1 … 5c1d"
	Created    time.Time // written into the file; the zero time for none
	Producer   string    // "Arasha 0.3"
}

// Pages are an appeal laid out on A4 (docs/formats/appeal-pdf.md).
type Pages struct {
	laid *pdf.Laid
	// Missing are the characters that no font of ours can draw. They stand
	// in the text of the file, on the page a sign stands in their place.
	Missing []rune
}

// Len returns how many pages there are.
func (p *Pages) Len() int { return p.laid.Pages() }

// PDF writes the pages as a tagged PDF that carries the appeal itself as the
// associated file appeal.json. The bytes depend on the appeal and the
// options only.
func (p *Pages) PDF(w io.Writer) error { return p.laid.PDF(w) }

// SVG draws one page, counted from 1, with outlines in place of letters.
func (p *Pages) SVG(w io.Writer, page int) error { return p.laid.SVG(w, page) }

// LayOut lays a out on A4 pages.
func LayOut(a *Appeal, o PageOptions) (*Pages, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	if err := a.MayLeave(); err != nil {
		return nil, err
	}
	data, err := a.Encode()
	if err != nil {
		return nil, err
	}
	lang := a.Language
	l, _ := LabelsFor(lang)
	if !tagForm.MatchString(lang) {
		lang = l.Lang
	}
	t := &pageSetter{a: a, o: o, l: l, lang: lang, rtl: rightToLeft(lang), lead: 1, note: map[int]int{}, seen: map[int]bool{}}
	if t.rtl {
		// Amiri needs room: 1.75 of a size that is itself 1.18 times larger.
		t.lead = 1.75 * 1.18 / 1.35
	}
	for i, f := range a.Footnotes {
		t.note[f.Number] = i + 1
	}
	if len(o.Letterhead.Logo) > 0 {
		if t.logo, err = pdf.ReadPNG(o.Letterhead.Logo); err != nil {
			return nil, fmt.Errorf("logo: %w", err)
		}
	}
	d := &t.doc
	*d = pdf.Doc{Format: pdf.A4, Lang: lang, RTL: t.rtl, Title: t.title(), Author: o.Letterhead.Name,
		Subject: t.violations(), Date: o.Created, Producer: o.Producer, Furniture: t.furniture,
		Files: []pdf.File{{Name: "appeal.json", MIME: "application/json",
			Description: "The appeal as data; docs/formats/appeal.md", Data: data}}}
	if !t.hasLetterhead() {
		d.FirstTop = d.Top
	}
	d.Blocks = t.blocks()
	d.Notes = t.notes()
	laid := d.Layout()
	return &Pages{laid, laid.Missing}, nil
}

// tagForm is the shape of a language tag (BCP 47, RFC 5646, section 2.1).
var tagForm = lazyre.New(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}$`)

// rightToLeft reports whether a language is written from the right.
func rightToLeft(lang string) bool {
	p, rest, _ := strings.Cut(strings.ToLower(lang), "-")
	switch {
	case strings.HasPrefix(rest, "latn"), strings.HasPrefix(rest, "cyrl"):
		return false
	case strings.HasPrefix(rest, "arab"):
		return true
	}
	switch p {
	case "ar", "fa", "ur", "ps", "ckb", "ug", "sd", "he", "yi", "dv":
		return true
	}
	return false
}

// A pageSetter turns the parts of an appeal into blocks of a page.
type pageSetter struct {
	a          *Appeal
	o          PageOptions
	l          *Labels
	lang       string
	rtl        bool
	lead       float64     // times the leading of Latin type
	note       map[int]int // number of a footnote -> its place in the list, from 1
	para       int         // paragraphs numbered so far
	logo       *pdf.Image
	doc        pdf.Doc
	labelWidth float64      // of the channels of addressees
	seen       map[int]bool // notes a mark in the text refers to
	inNote     bool         // marks inside notes do not count
}

const (
	black  pdf.Color = 0x000000
	grey2  pdf.Color = 0x333333
	grey3  pdf.Color = 0x555555
	harm   pdf.Color = 0x7d1730
	paraUp           = 6.75 // between paragraphs
	lineUp           = 13.5 // between sections
)

// plain is a paragraph in one style.
func (t *pageSetter) plain(f pdf.Font, size, lead float64, c pdf.Color, s string) pdf.Para {
	return pdf.Para{Lead: lead * t.lead, Spans: t.spans(pdf.Span{Text: s, Font: f, Size: size, Color: c, LTR: t.latinOnly(s)})}
}

// title names the document in the metadata: code and kind.
func (t *pageSetter) title() string {
	kind := t.kind()
	if t.a.Code != nil && t.a.Code.Printed != kind {
		return t.a.Code.Printed + ": " + kind
	}
	if t.a.Title != "" {
		return strings.TrimPrefix(kind+": "+t.a.Title, ": ")
	}
	return kind
}

func (t *pageSetter) kind() string {
	if k := t.l.Kind(t.a.Kind); k != "" {
		return k
	}
	for _, s := range []string{t.a.Title, t.a.Masthead, t.o.Letterhead.Name} {
		if s != "" {
			return s
		}
	}
	if t.a.Code != nil {
		return t.a.Code.Printed
	}
	return "—"
}

func (t *pageSetter) violations() string {
	var vs []string
	for _, v := range t.a.Violations {
		vs = append(vs, v.Label)
	}
	return strings.Join(vs, " / ")
}

func (t *pageSetter) date() string {
	if t.a.DatePrinted != "" {
		return t.a.DatePrinted
	}
	return t.l.Date(t.a.Date)
}

// blocks returns the whole flow of the document.
func (t *pageSetter) blocks() []pdf.Block {
	var bs []pdf.Block
	a := t.a
	if a.Kind == NewInformation {
		p := t.plain(pdf.SerifBold, 11, 14, black, t.l.News)
		bs = append(bs, &pdf.Text{Para: p, KeepNext: true})
	}
	kind := t.kind()
	h1 := t.plain(pdf.SerifBold, 20, 24, black, kind)
	h1.Role, h1.Balance = "H1", true
	bs = append(bs, &pdf.Text{Para: h1, KeepNext: true})
	if a.Title != "" && a.Title != kind && !strings.EqualFold(oneLine(a.Title), oneLine(t.violations())) {
		p := t.plain(pdf.SerifBold, 11, 14, black, a.Title)
		p.Balance = true
		bs = append(bs, &pdf.Text{Para: p, Space: 4, KeepNext: true})
	}
	space := lineUp
	if rows := t.codeBlock(); len(rows) > 0 {
		x, w := pdf.A4.MarginX, pdf.A4.Width-2*pdf.A4.MarginX
		bs = append(bs, &pdf.Rule{X: x, Width: w, Weight: 1, Space: 9, After: 8, KeepNext: true})
		bs = append(bs, rows...)
		bs = append(bs, &pdf.Rule{X: x, Width: w, Weight: 1, Space: 9})
	}
	bs = append(bs, t.sections(space)...)
	bs = append(bs, t.ending()...)
	return append(bs, t.annexes()...)
}

// codeBlock returns the rows of code, violations, place and date.
func (t *pageSetter) codeBlock() []pdf.Block {
	var rows []pdf.Block
	add := func(label string, p pdf.Para) {
		space := 4.0
		if len(rows) == 0 {
			space = 0
		}
		rows = append(rows, &pdf.Section{Heading: t.plain(pdf.Sans, 7.5, 13.5, grey2, label), Bare: true, Space: space,
			Blocks: []pdf.Block{&pdf.Text{Para: p, Whole: true, KeepNext: true}}})
	}
	if c := t.a.Code; c != nil && c.Printed != "" {
		add(t.l.Code, pdf.Para{Lead: 18 * t.lead, Spans: []pdf.Span{{Text: c.Printed, Font: pdf.SerifBold, Size: 15, Track: .3, LTR: true, Keep: true, Lang: t.english()}}})
	}
	if v := t.violations(); v != "" {
		p := pdf.Para{Lead: 14 * t.lead, Balance: true}
		for i, v := range t.a.Violations { // broken between the parts
			if i > 0 {
				p.Spans = append(p.Spans, pdf.Span{Text: "\u00A0/ ", Font: pdf.SerifBold, Size: 11, Color: harm})
			}
			for _, s := range t.spans(pdf.Span{Text: v.Label, Font: pdf.SerifBold, Size: 11, Color: harm}) {
				s.Keep = s.Keep || len([]rune(v.Label)) < 48
				p.Spans = append(p.Spans, s)
			}
		}
		add(t.l.Done, p)
	}
	if w := t.l.Join(t.a.Place, t.date()); w != "" {
		add(t.l.Where, t.plain(pdf.Serif, 10, 13.5, black, w))
	}
	return rows
}

// english marks an address or a code, in Latin letters, where the document is
// not written in them.
func (t *pageSetter) english() string {
	if t.rtl {
		return "en"
	}
	return ""
}

// ending is the stars, place and date, the reminder, who the organisation
// is, and how to reach it.
func (t *pageSetter) ending() []pdf.Block {
	a := t.a
	var bs []pdf.Block
	add := func(p pdf.Para, space float64, keep bool) {
		if len(p.Spans) > 0 {
			bs = append(bs, &pdf.Text{Para: p, Space: space, KeepNext: keep, Whole: keep})
		}
	}
	reminder := strings.TrimSpace(a.ReplyLine)
	sign := a.SignOff.Text
	if sign == "" {
		sign = t.l.Join(a.SignOff.Place, t.l.Date(a.SignOff.Date))
	}
	if sign != "" || reminder != "" {
		add(t.plain(pdf.Serif, 10, 13.5, black, "*\u2002*\u2002*"), 9, true)
	}
	add(t.plain(pdf.Serif, 10, 13.5, black, sign), paraUp, reminder != "")
	if reminder != "" {
		p := t.plain(pdf.SerifBold, 10, 13.5, black, reminder)
		if a.Code != nil && !strings.Contains(reminder, a.Code.Printed) {
			p = t.plain(pdf.SerifBold, 10, 13.5, black, strings.TrimRight(reminder, " .:;")+": ")
			p.Spans = append(p.Spans, pdf.Span{Text: a.Code.Printed, Font: pdf.SerifBold, Size: 10, LTR: true, Keep: true, Lang: t.english()})
		}
		add(p, paraUp, false)
	}
	space, before := lineUp, ""
	for _, s := range Paragraphs(a.About) {
		add(pdf.Para{Lead: 11.5 * t.lead, Spans: t.running("about", before, s, pdf.Sans, 8.5)}, space, false)
		space, before = paraUp, before+s+"\n\n"
	}
	if p := t.contacts(); len(p.Spans) > 0 {
		add(p, space, false)
	}
	return append(bs, t.unusedNotes()...)
}

// contacts is the line that says how to reach the organisation.
func (t *pageSetter) contacts() pdf.Para {
	p := pdf.Para{Lead: 11.5 * t.lead}
	add := func(s pdf.Span) {
		s.Font, s.Size = pdf.Sans, 8.5
		p.Spans = append(p.Spans, t.spans(s)...)
	}
	if t.a.ContactLine != "" {
		add(pdf.Span{Text: strings.TrimSpace(t.a.ContactLine) + " "})
	}
	last := ""
	for i, c := range t.a.Contacts {
		label := strings.TrimRight(strings.TrimSpace(c.Label), ":")
		switch {
		case i > 0 && label != "" && label == last: // "Tel and fax: … / …"
			add(pdf.Span{Text: " / "})
		default:
			if i > 0 {
				add(pdf.Span{Text: " · "})
			}
			if label != "" {
				add(pdf.Span{Text: label + ":\u00A0", Keep: len(label) < 40})
			}
		}
		last = label
		s := pdf.Span{Text: c.Value, Font: pdf.Sans, Size: 8.5, LTR: true, Lang: t.english()}
		switch {
		case c.Kind == "email" && !strings.ContainsAny(c.Value, " <>"):
			s.Link = "mailto:" + c.Value
		case c.Kind == "website" && safeURL(c.Value):
			s.Link = c.Value
		}
		s.Keep = len(c.Value) < 60
		p.Spans = append(p.Spans, s)
	}
	return p
}

// notes are the footnotes.
func (t *pageSetter) notes() []pdf.Note {
	var ns []pdf.Note
	for i, f := range t.a.Footnotes {
		n := pdf.Note{Label: t.plain(pdf.Sans, 7, 10.5, black, t.l.Number(strconv.Itoa(f.Number)))}
		if t.seen[i+1] {
			n.Paras = t.noteText(i)
		}
		ns = append(ns, n)
	}
	return ns
}

func (t *pageSetter) noteText(i int) []pdf.Para {
	t.inNote = true
	defer func() { t.inNote = false }()
	var ps []pdf.Para
	before := ""
	for _, p := range Paragraphs(t.a.Footnotes[i].Text) {
		spans := t.running(placeOf("footnotes", i), before, p, pdf.Serif, 8)
		ps = append(ps, pdf.Para{Lead: 10.5 * t.lead, Spans: spans})
		before += p + "\n\n"
	}
	if len(ps) == 0 { // a number without a text is still shown
		ps = []pdf.Para{t.plain(pdf.Serif, 8, 10.5, black, "—")}
	}
	return ps
}

// unusedNotes are footnotes that no mark refers to: they stand at the end
// rather than getting lost.
func (t *pageSetter) unusedNotes() []pdf.Block {
	sec := &pdf.Section{Heading: t.plain(pdf.SansBold, 8.5, 13.5, black, t.l.UnusedNotes), Space: lineUp}
	for i, f := range t.a.Footnotes {
		if t.seen[i+1] {
			continue
		}
		n := t.plain(pdf.Sans, 7, 10.5, black, t.l.Number(strconv.Itoa(f.Number)))
		for k, p := range t.noteText(i) {
			b := &pdf.Text{Para: p, Space: 2}
			if k == 0 {
				b.Label = &n
			}
			sec.Blocks = append(sec.Blocks, b)
		}
	}
	if len(sec.Blocks) == 0 {
		return nil
	}
	return []pdf.Block{sec}
}
