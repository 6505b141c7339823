package appeal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// Our Markdown: YAML front matter with everything that is a field, and the
// running text below it. docs/formats/appeal.md describes it for writers.

// frontMatter is the YAML head of our Markdown. The names are those of the
// JSON form, save that code and violations are written as they are printed.
type frontMatter struct {
	Kind        string       `yaml:"kind"`
	Code        string       `yaml:"code,omitempty"`
	Prefix      string       `yaml:"prefix,omitempty"` // of the code, when it is not OBS
	Violations  []string     `yaml:"violations"`
	Place       string       `yaml:"place"`
	Date        string       `yaml:"date"`
	DatePrinted string       `yaml:"date_printed,omitempty"`
	PageDate    string       `yaml:"page_date,omitempty"`
	Language    string       `yaml:"language"`
	Title       string       `yaml:"title"`
	Masthead    string       `yaml:"masthead,omitempty"`
	Addressees  []Addressee  `yaml:"addressees"`
	SignOff     SignOff      `yaml:"sign_off,omitempty"`
	ReplyLine   string       `yaml:"reply_line,omitempty"`
	About       string       `yaml:"about,omitempty"`
	ContactLine string       `yaml:"contact_line,omitempty"`
	Contacts    []Contact    `yaml:"contacts,omitempty"`
	Translation *Translation `yaml:"translation,omitempty"`
	Links       []Link       `yaml:"links,omitempty"`
	References  []string     `yaml:"references,omitempty"`
	NoteLinks   []noteLinks  `yaml:"footnote_links,omitempty"`
	Warnings    []Warning    `yaml:"warnings,omitempty"`
	Unread      []string     `yaml:"unread,omitempty"`
}

// noteLinks are links of a note beside those its text prints.
type noteLinks struct {
	Number int      `yaml:"number"`
	Links  []string `yaml:"links"`
}

var (
	frontStart   = lazyre.New(`^\x{feff}?---[ \t]*\r?\n`)
	frontEnd     = lazyre.New(`(?m)^(?:---|\.\.\.)[ \t]*\r?$`)
	sectionMark  = lazyre.New(`^<!--\s*section:\s*([a-z_]+)\s*-->$`)
	mdComment    = lazyre.New(`(?s)<!--.*?-->`)
	mdHeading    = lazyre.New(`^(#{1,6})\s+(.*?)\s*#*$`)
	mdNote       = lazyre.New(`^\[\^([1-9]\d{0,3})\]:\s*(.*)$`)
	mdLink       = lazyre.New(`\[([^\[\]^][^\[\]]*)\]\((\S+?)(?:\s+"[^"]*")?\)`)
	mdAutoLink   = lazyre.New(`<((?:https?://|mailto:)[^\s<>]+)>`)
	mdStrong     = lazyre.New(`(\*\*|__)([^\s*_](?:.*?[^\s])??)(\*\*|__)`)
	mdEmphasis   = lazyre.New(`(^|[\s(“"«])[*_]([^\s*_](?:[^*_]*[^\s*_])?)[*_]([\s).,;:!?”"»]|$)`)
	mdIndented   = lazyre.New(`^(?: {4}|\t)\s*(\S.*)$`)
	placeholders = lazyre.New(`‹[^‹›\n]{1,80}›`)
)

// readMarkdown reads our Markdown into an appeal, and any other Markdown as a
// source.
func readMarkdown(data []byte) (*source, *Appeal, error) {
	s := &source{file: FileInfo{Format: "md"}}
	text := strings.ReplaceAll(s.decode(data), "\r\n", "\n")
	if m := frontStart.FindStringIndex(text); m != nil {
		if e := frontEnd.FindStringIndex(text[m[1]:]); e != nil {
			front, body := text[m[1]:m[1]+e[0]], text[m[1]+e[1]:]
			var probe map[string]any
			if yaml.Unmarshal([]byte(front), &probe) == nil && (probe["kind"] != nil || probe["language"] != nil || probe["violations"] != nil) {
				a, err := readOwnMarkdown(front, body)
				if err != nil {
					return nil, nil, cannotRead("see docs/formats/appeal.md, or start from: arasha appeal new --lang en -o FILE", "%v", err)
				}
				a.Warnings = append(a.Warnings, s.warns...)
				a.File = &s.file
				return nil, a, nil
			}
			if probe == nil {
				if err := yaml.Unmarshal([]byte(front), &probe); err != nil {
					return nil, nil, cannotRead("check quotes, colons and indentation there", "the part between the --- lines is not YAML: %v", err)
				}
			}
			text = body
			s.warn("front-matter", "", "the file begins with front matter of another program, which was left out")
		}
	}
	s.plainMarkdown(text)
	return s, nil, nil
}

// readOwnMarkdown reads the form that "arasha appeal new" writes.
func readOwnMarkdown(front, body string) (*Appeal, error) {
	var f frontMatter
	d := yaml.NewDecoder(strings.NewReader(front))
	d.KnownFields(true)
	if err := d.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the part between the --- lines: %w", err)
	}
	a := &Appeal{
		Kind: f.Kind, Place: f.Place, Date: f.Date, DatePrinted: f.DatePrinted, PageDate: f.PageDate, Language: f.Language, Title: f.Title, Masthead: f.Masthead,
		Addressees: f.Addressees, SignOff: f.SignOff, ReplyLine: f.ReplyLine, About: strings.TrimRight(f.About, "\n"), ContactLine: f.ContactLine, Contacts: f.Contacts,
		Translation: f.Translation, Warnings: f.Warnings, Unread: f.Unread,
	}
	if a.Kind == "" {
		a.Kind = UrgentAppeal
	}
	prefix := f.Prefix
	if prefix == "" {
		prefix = DefaultPrefix
	}
	if c := strings.TrimSpace(f.Code); c != "" {
		code, err := ParseCode(c, prefix)
		if err != nil {
			return nil, err
		}
		code.Printed = c
		a.Code = &code
	}
	for _, r := range f.References {
		code, err := ParseCode(r, prefix, DefaultPrefix)
		if err != nil {
			return nil, err
		}
		a.References = append(a.References, code)
	}
	for _, v := range f.Violations {
		if v = strings.TrimSpace(v); v != "" {
			a.Violations = append(a.Violations, violationOf(v))
		}
	}
	inline := a.ownBody(body)
	a.Links = f.Links
	for i := range a.Footnotes {
		n := &a.Footnotes[i]
		n.Links = linksIn(n.Text)
		for _, extra := range f.NoteLinks {
			if extra.Number == n.Number {
				for _, u := range extra.Links {
					if !containsString(n.Links, u) {
						n.Links = append(n.Links, u)
					}
				}
			}
		}
	}
	a.placeInline(inline)
	*a = a.filled()
	if err := a.Validate(); err != nil {
		return nil, err
	}
	if a.Code != nil && (a.Kind == UrgentAppeal || a.Kind == NewInformation) {
		for _, w := range a.Code.Check(dayOf(a.Date), a.Kind == NewInformation) {
			a.warn(w.Rule, w.Where, "%s", w.Message)
		}
	}
	a.findPlaceholders()
	return a, nil
}

// placeInline gives links written in the running text their place.
func (a *Appeal) placeInline(inline []Link) {
	r := &reading{a: a, s: &source{}, textLinks: inline}
	r.links()
}

// findPlaceholders warns of slots of the skeleton that nobody filled in.
func (a *Appeal) findPlaceholders() {
	b := *a
	b.Warnings = nil
	j, err := b.Encode()
	if err != nil {
		return
	}
	seen := map[string]bool{}
	for _, m := range placeholders.FindAllString(string(j), -1) {
		if !seen[m] {
			seen[m] = true
			a.warn("placeholder", "", "still to be filled in: %s", m)
		}
	}
}

// ownBody reads the running text of our Markdown and returns the links
// written in it.
func (a *Appeal) ownBody(body string) (links []Link) {
	var lines []string
	// Comments end before the text is read, save the marks of sections.
	body = mdComment.ReplaceAllStringFunc(body, func(c string) string {
		if sectionMark.MatchString(c) {
			return c
		}
		return ""
	})
	lines = strings.Split(body, "\n")
	kind, heading := "", ""
	marked := false // a section mark waits for its heading
	open := false   // a.Sections has the section
	var par []string
	var note *Footnote
	section := func() *Section {
		if !open {
			k := kind
			if k == "" {
				k = SectionBody
				if a.Kind == UrgentAppeal || a.Kind == NewInformation {
					k = SectionOpening
				}
			}
			a.Sections = append(a.Sections, Section{k, heading, ""})
			open = true
		}
		return &a.Sections[len(a.Sections)-1]
	}
	text := func(s string) string {
		t, ls := mdInline(s, false)
		links = append(links, ls...)
		return t
	}
	flush := func() {
		if len(par) == 0 {
			return
		}
		p := strings.Join(par, " ")
		p = strings.ReplaceAll(p, "\x00 ", "\n")
		p = strings.TrimSuffix(p, "\x00")
		par = nil
		s := section()
		s.Text = joinParagraphs(s.Text, text(p))
	}
	blank := false
	for _, raw := range lines {
		l := strings.TrimRight(raw, " \t")
		t := strings.TrimSpace(l)
		indented := mdIndented.FindStringSubmatch(l)
		isAction := a.inActionList(kind)
		switch m := mdHeading.FindStringSubmatch(t); {
		case t == "":
			flush()
			blank = true
			continue
		case sectionMark.MatchString(t):
			flush()
			note = nil
			kind, heading, open, marked = sectionMark.FindStringSubmatch(t)[1], "", false, true
			section()
		case m != nil && !strings.HasPrefix(t, `\`):
			flush()
			note = nil
			h := text(m[2])
			if marked && open && section().Text == "" {
				section().Heading = h
			} else {
				k, _, _, ok := headingOf(h)
				if !ok || k == "notes" {
					k = SectionOther
				}
				kind, heading, open = k, h, false
				section()
			}
			heading, marked = h, false
		case mdNote.MatchString(t):
			flush()
			m := mdNote.FindStringSubmatch(t)
			n := 0
			fmt.Sscan(m[1], &n)
			a.Footnotes = append(a.Footnotes, Footnote{Number: n, Text: text(m[2])})
			note = &a.Footnotes[len(a.Footnotes)-1]
		case note != nil && (indented != nil || !blank):
			if blank {
				note.Text = joinParagraphs(note.Text, text(strings.TrimSpace(l)))
			} else {
				note.Text += " " + text(strings.TrimSpace(l))
			}
		case isAction && indented != nil && len(a.Actions) > 0 && len(par) == 0:
			x := &a.Actions[len(a.Actions)-1]
			if blank {
				x.Text = joinParagraphs(x.Text, text(indented[1]))
			} else {
				x.Text += " " + text(indented[1])
			}
		default:
			note = nil
			if mk, rest, ok := marker(t); ok && isAction && !strings.HasPrefix(t, `\`) {
				flush()
				switch mk {
				case "-": // no marker of its own, unless one follows: "- - text"
					mk = ""
					if m, r, ok := marker(rest); ok && (m == "-" || m == "*") {
						mk, rest = m, r
					}
				case "*":
					mk = "•"
				}
				if rest == "\\" {
					rest = ""
				}
				a.Actions = append(a.Actions, Action{mk, text(rest)})
				blank = false
				continue
			}
			if isAction && !blank && len(a.Actions) > 0 && len(par) == 0 {
				a.Actions[len(a.Actions)-1].Text += " " + text(t) // a wrapped line
				break
			}
			if strings.HasSuffix(t, `\`) && !strings.HasSuffix(t, `\\`) {
				t = strings.TrimSuffix(t, `\`) + "\x00"
			}
			par = append(par, t)
		}
		blank = false
	}
	flush()
	return links
}

func (a *Appeal) inActionList(kind string) bool { return kind == SectionActions }

// mdInline takes links, emphasis and escapes out of a Markdown text.
func mdInline(s string, plain bool) (string, []Link) {
	// "\*" hides a sign from everything below.
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && s[i+1] < 0x80 && strings.IndexByte("\\`*_{}[]()#+-.!<>|~:•", s[i+1]) >= 0 {
			b.WriteRune(0xe000 + rune(s[i+1]))
			i++
			continue
		}
		b.WriteByte(s[i])
	}
	s = b.String()
	var links []Link
	s = mdLink.ReplaceAllStringFunc(s, func(m string) string {
		p := mdLink.FindStringSubmatch(m)
		links = append(links, Link{URL: unhide(p[2]), Text: unhide(p[1])})
		return p[1]
	})
	s = mdAutoLink.ReplaceAllString(s, "$1")
	s = mdStrong.ReplaceAllString(s, "$2")
	if plain {
		s = mdEmphasis.ReplaceAllString(s, "$1$2$3")
	}
	return unhide(s), links
}

func unhide(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0xe000 && r < 0xe080 {
			return r - 0xe000
		}
		return r
	}, s)
}

// plainMarkdown fills the lines from any Markdown.
func (s *source) plainMarkdown(text string) {
	text = mdComment.ReplaceAllString(text, "")
	fence := false
	for _, raw := range strings.Split(text, "\n") {
		t := strings.TrimSpace(raw)
		if strings.HasPrefix(t, "```") || strings.HasPrefix(t, "~~~") {
			fence = !fence
			continue
		}
		for strings.HasPrefix(t, ">") {
			t = strings.TrimSpace(strings.TrimPrefix(t, ">"))
		}
		l := line{}
		if m := mdNote.FindStringSubmatch(t); m != nil {
			n := 0
			fmt.Sscan(m[1], &n)
			x, links := mdInline(m[2], true)
			f := Footnote{Number: n, Text: x}
			for _, k := range links {
				f.Links = append(f.Links, k.URL)
			}
			dup := false
			for _, have := range s.notes {
				dup = dup || have.Number == n
			}
			if !dup {
				s.notes = append(s.notes, f)
				continue
			}
		}
		if m := mdHeading.FindStringSubmatch(t); m != nil && !fence {
			l.level, t = len(m[1]), m[2]
		}
		if mk, rest, ok := marker(t); ok && l.level == 0 {
			l.item, t = mk, rest
			if bullet(mk) {
				l.item = "•"
			}
		}
		l.text, l.links = mdInline(strings.TrimSuffix(t, `\`), true)
		l.text = htmlTag.ReplaceAllString(l.text, "")
		s.lines = append(s.lines, l)
	}
}

// Markdown returns the appeal as our Markdown; [Import] of it gives a back.
func (a *Appeal) Markdown() ([]byte, error) {
	b := a.filled()
	f := frontMatter{
		Kind: b.Kind, Place: b.Place, Date: b.Date, DatePrinted: b.DatePrinted, PageDate: b.PageDate, Language: b.Language, Title: b.Title, Masthead: b.Masthead,
		Addressees: b.Addressees, SignOff: b.SignOff, ReplyLine: b.ReplyLine, About: b.About, ContactLine: b.ContactLine, Contacts: b.Contacts,
		Translation: b.Translation, Links: b.Links, Warnings: b.Warnings, Unread: b.Unread, Violations: []string{},
	}
	if b.Code != nil {
		f.Code = b.Code.Printed
		if p := b.Code.prefix(); p != DefaultPrefix {
			f.Prefix = p
		}
	}
	for _, v := range b.Violations {
		f.Violations = append(f.Violations, v.Label)
	}
	for _, r := range b.References {
		f.References = append(f.References, r.Printed)
	}
	for _, n := range b.Footnotes {
		var extra []string
		in := linksIn(n.Text)
		for _, u := range n.Links {
			if !containsString(in, u) {
				extra = append(extra, u)
			}
		}
		if extra != nil {
			f.NoteLinks = append(f.NoteLinks, noteLinks{n.Number, extra})
		}
	}
	var w bytes.Buffer
	w.WriteString("---\n")
	e := yaml.NewEncoder(&w)
	e.SetIndent(2)
	if err := e.Encode(f); err != nil {
		return nil, err
	}
	w.WriteString("---\n")
	actions := false
	for _, s := range b.Sections {
		fmt.Fprintf(&w, "\n<!-- section: %s -->\n", s.Kind)
		if s.Heading != "" {
			fmt.Fprintf(&w, "## %s\n", mdEscape(s.Heading))
		}
		for _, p := range s.Paragraphs() {
			fmt.Fprintf(&w, "\n%s\n", mdParagraph(p, s.Kind == SectionActions))
		}
		if s.Kind == SectionActions && !actions {
			actions = true
			writeActions(&w, b.Actions)
		}
	}
	if !actions && len(b.Actions) > 0 {
		return nil, errors.New("the appeal has actions but no section of the kind \"actions\" to print them in")
	}
	w.WriteByte('\n')
	for _, n := range b.Footnotes {
		ps := Paragraphs(n.Text)
		if len(ps) == 0 {
			ps = []string{""}
		}
		fmt.Fprintf(&w, "[^%d]: %s\n", n.Number, mdEscape(strings.ReplaceAll(ps[0], "\n", " ")))
		for _, p := range ps[1:] {
			fmt.Fprintf(&w, "\n    %s\n", mdEscape(strings.ReplaceAll(p, "\n", " ")))
		}
	}
	return w.Bytes(), nil
}

func writeActions(w *bytes.Buffer, actions []Action) {
	for _, x := range actions {
		ps := Paragraphs(x.Text)
		if len(ps) == 0 {
			ps = []string{`\`}
		}
		m, first := x.Marker, mdEscape(strings.ReplaceAll(ps[0], "\n", " "))
		switch m {
		case "-", "*": // a sign of Markdown's own
			m = "- " + m
		case "":
			if m = "-"; strings.HasPrefix(first, "- ") || strings.HasPrefix(first, "* ") {
				first = `\` + first
			}
		}
		fmt.Fprintf(w, "\n%s %s\n", m, first)
		for _, p := range ps[1:] {
			fmt.Fprintf(w, "\n    %s\n", mdEscape(strings.ReplaceAll(p, "\n", " ")))
		}
	}
}

var mdSpecial = strings.NewReplacer(`\`, `\\`, `**`, `\*\*`, `__`, `\_\_`, `](`, `]\(`, `<!--`, `<\!--`, `<http`, `\<http`, `<mailto`, `\<mailto`)

func mdEscape(s string) string { return mdSpecial.Replace(s) }

// mdParagraph writes a paragraph so that nothing at the start of its lines
// is taken for a heading, a note or a list.
func mdParagraph(p string, actions bool) string {
	lines := strings.Split(p, "\n")
	for i, l := range lines {
		l = mdEscape(l)
		_, _, item := marker(l)
		if strings.HasPrefix(l, "#") || strings.HasPrefix(l, "<") || mdNote.MatchString(l) || item && actions && l[0] < 0x80 && !startsWithLetter(l) && !isDigit(l[0]) {
			l = `\` + l
		} else if item && actions {
			// "i. …" that is no action: hide its point.
			l = strings.Replace(strings.Replace(l, ".", `\.`, 1), ")", `\)`, 1)
			if _, _, still := marker(l); still {
				l = `\` + l
			}
		}
		if i+1 < len(lines) {
			l += `\`
		}
		lines[i] = l
	}
	return strings.Join(lines, "\n")
}
