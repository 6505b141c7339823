package appeal

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/arasha-org/arasha/internal/pdf"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// sections returns the running text, the actions and the addressees in the
// order of the appeal.
func (t *pageSetter) sections(space float64) []pdf.Block {
	var bs []pdf.Block
	actions, addresses := len(t.a.Actions) == 0, len(t.a.Addressees) == 0
	for i, s := range t.a.Sections {
		where := placeOf("sections", i)
		switch s.Kind {
		case SectionActions:
			bs = append(bs, t.actions(s, where, space, !actions))
			actions = true
		case SectionAddresses:
			if !actions { // an appeal whose actions stand under no heading
				bs = append(bs, t.actions(Section{}, "", space, true))
				actions = true
			}
			bs = append(bs, t.addresses(s, where, space, !addresses)...)
			addresses = true
		default:
			if b := t.prose(s, where, space); b != nil {
				bs = append(bs, b)
			}
		}
	}
	if !actions {
		bs = append(bs, t.actions(Section{}, "", space, true))
	}
	if !addresses {
		bs = append(bs, t.addresses(Section{}, "", space, true)...)
	}
	return bs
}

// heading is what stands in the margin column beside a section.
func (t *pageSetter) heading(s Section, kind string) pdf.Para {
	h := strings.TrimRight(strings.TrimSpace(s.Heading), " :\u00A0")
	if h == "" {
		h = t.l.Heading(kind)
	}
	size := 8.5
	for _, w := range strings.Fields(h) { // a long word gets smaller type rather than a break
		if n := len([]rune(w)); n > 14 {
			size = min(size, max(6.5, 8.5*14/float64(n)))
		}
	}
	p := t.plain(pdf.SansBold, size, 13.5, black, h)
	if size < 8 {
		p.Lead = 12 * t.lead
	}
	return p
}

// prose is a section of numbered paragraphs; the opening formula and a
// summary carry no numbers.
func (t *pageSetter) prose(s Section, where string, space float64) pdf.Block {
	sec := &pdf.Section{Heading: t.heading(s, s.Kind), Space: space}
	before := ""
	for k, p := range s.Paragraphs() {
		b := &pdf.Text{Para: pdf.Para{Lead: 13.5 * t.lead, Spans: t.running(where, before, p, pdf.Serif, 10)}}
		if k > 0 {
			b.Space = paraUp
		}
		if s.Kind != SectionOpening && s.Kind != SectionSummary {
			t.para++
			n := t.plain(pdf.Sans, 7.5, 13.5, grey3, t.l.Number(strconv.Itoa(t.para)))
			b.Label = &n
		}
		sec.Blocks = append(sec.Blocks, b)
		before += p + "\n\n"
	}
	if len(sec.Blocks) == 0 && s.Heading == "" {
		return nil
	}
	if len(sec.Heading.Spans) == 0 {
		sec.Bare = true
	}
	return sec
}

var romanMarker = lazyre.New(`(?i)^\(?[ivxlc]+[.)]?$`)

// printedMarker returns what stands before the i-th action: its own marker, or our
// roman number where a bullet or nothing was printed.
func printedMarker(m string, i int) string {
	for _, r := range m {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return m
		}
	}
	return roman(i+1) + "."
}

// actions is the heading, the words that lead in and the list of requests.
func (t *pageSetter) actions(s Section, where string, space float64, list bool) pdf.Block {
	sec := &pdf.Section{Heading: t.heading(s, SectionActions), Space: space}
	before := ""
	for k, p := range s.Paragraphs() {
		b := &pdf.Text{Para: pdf.Para{Lead: 13.5 * t.lead, Spans: t.running(where, before, p, pdf.Serif, 10)}, KeepNext: true}
		if k > 0 {
			b.Space = paraUp
		}
		sec.Blocks = append(sec.Blocks, b)
		before += p + "\n\n"
	}
	if !list {
		return sec
	}
	l := &pdf.List{Numbering: "LowerRoman", Gap: 4.5, WholeUpTo: 4}
	if len(sec.Blocks) > 0 {
		l.Space = paraUp
	}
	for i, a := range t.a.Actions {
		m := printedMarker(a.Marker, i)
		if !romanMarker.MatchString(m) {
			l.Numbering = "Decimal"
		}
		it := pdf.Item{Label: t.plain(pdf.SerifBold, 10, 13.5, black, m), Gap: 4.5}
		before := ""
		for _, p := range Paragraphs(a.Text) {
			it.Paras = append(it.Paras, pdf.Para{Lead: 13.5 * t.lead, Spans: t.running(placeOf("actions", i), before, p, pdf.Serif, 10)})
			before += p + "\n\n"
		}
		l.Items = append(l.Items, it)
	}
	sec.Blocks = append(sec.Blocks, l)
	return sec
}

// addresses is the heading, the addressees in two columns and the words
// after them.
func (t *pageSetter) addresses(s Section, where string, space float64, list bool) []pdf.Block {
	sec := &pdf.Section{Heading: t.heading(s, SectionAddresses), Space: space}
	if t.o.Checked != "" {
		u := t.plain(pdf.Sans, 7.5, 10, grey2, fmt.Sprintf(t.l.Checked, t.l.Date(t.o.Checked)))
		u.Balance = true
		sec.Under = &u
	}
	var bs []pdf.Block
	if list {
		t.labelWidth = 13 * pdf.MM
		for _, s := range []string{t.l.Phone, t.l.Fax, t.l.Email, t.l.Handle, t.l.Website, t.l.Post} {
			t.labelWidth = max(t.labelWidth, t.doc.Measure(t.plain(pdf.Sans, 7.5, 11.5, grey2, s))+2*pdf.MM)
		}
		g := &pdf.Grid{Columns: 2, Gap: 5 * pdf.MM, RowGap: 9}
		for i := range t.a.Addressees {
			g.Entries = append(g.Entries, t.addressee(i))
		}
		sec.Blocks = append(sec.Blocks, g)
		bs = append(bs, sec)
	}
	before := ""
	for k, p := range s.Paragraphs() {
		b := &pdf.Text{Para: pdf.Para{Lead: 13.5 * t.lead, Spans: t.running(where, before, p, pdf.Serif, 10)}, Space: lineUp}
		if k > 0 {
			b.Space = paraUp
		}
		if !list {
			sec.Blocks = append(sec.Blocks, b)
		} else {
			bs = append(bs, b)
		}
		before += p + "\n\n"
	}
	if !list {
		bs = append(bs, sec)
	}
	return bs
}

// addressee is one authority: office, name, postal address, channels.
func (t *pageSetter) addressee(i int) []pdf.Row {
	d := t.a.Addressees[i]
	where := placeOf("addressees", i)
	var rows []pdf.Row
	line := func(f pdf.Font, s string) {
		if s = strings.TrimSpace(s); s != "" {
			rows = append(rows, pdf.Row{Para: pdf.Para{Lead: 11.5 * t.lead, Spans: t.running(where, "", s, f, 8.5)}})
		}
	}
	name := strings.TrimSpace(d.Honorific + " " + d.Name)
	if d.Office != "" {
		line(pdf.SansBold, d.Office)
		line(pdf.Sans, name)
	} else {
		line(pdf.SansBold, name)
	}
	line(pdf.Sans, d.Address)
	channel := func(label, value, link string) {
		p := t.plain(pdf.Sans, 7.5, 11.5, grey2, label)
		s := pdf.Span{Text: value, Font: pdf.Sans, Size: 8.5, LTR: true, Link: link, Lang: t.english()}
		rows = append(rows, pdf.Row{Label: &p, LabelWidth: t.labelWidth, Para: pdf.Para{Lead: 11.5 * t.lead, Spans: []pdf.Span{s}}})
	}
	for _, v := range d.Phone {
		channel(t.l.Phone, v, "")
	}
	for _, v := range d.Fax {
		channel(t.l.Fax, v, "")
	}
	for _, v := range d.Email {
		link := ""
		if !strings.ContainsAny(v, " <>") {
			link = "mailto:" + v
		}
		channel(t.l.Email, v, link)
	}
	for _, v := range d.Handle {
		channel(t.l.Handle, v, "")
	}
	for _, v := range d.Website {
		link := v
		if !safeURL(link) {
			link = "https://" + v
		}
		channel(t.l.Website, v, link)
	}
	if len(d.Phone)+len(d.Fax)+len(d.Email)+len(d.Handle)+len(d.Website) == 0 {
		if d.Address != "" {
			p := t.plain(pdf.Sans, 7.5, 11.5, grey2, t.l.Post)
			rows = append(rows, pdf.Row{Label: &p, LabelWidth: t.labelWidth, Para: t.plain(pdf.Sans, 8.5, 11.5, black, t.l.NoFaxOrEmail)})
		} else {
			line(pdf.Sans, t.l.NoChannel)
		}
	}
	line(pdf.Sans, d.Note)
	return rows
}
