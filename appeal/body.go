package appeal

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// The parts of a document in their order; the reader never goes back.
const (
	inText = iota
	inActions
	inAddresses
	inClosing
	inContacts
)

// body reads the paragraphs from the opening formula to the end.
func (r *reading) body(lines []line) {
	a := r.a
	joinCutSignOff(lines)
	ps := paragraphs(lines, r.w)
	part := inText
	kind, heading := SectionBody, ""
	if r.opening {
		kind = SectionOpening
	}
	numbered := false // the requests carry markers
	for i := 0; i < len(ps); i++ {
		p := ps[i]
		t := p.text
		r.textLinks = append(r.textLinks, p.links...)
		if stars.MatchString(t) {
			if part >= inActions || i > len(ps)/2 {
				part = inClosing
			}
			continue
		}
		if cutNote.MatchString(t) {
			a.Unread = append(a.Unread, t)
			continue
		}
		if k, h, rest, ok := r.heading(p); ok && part != inContacts {
			switch k {
			case SectionActions:
				part = inActions
				a.Sections = append(a.Sections, Section{SectionActions, h, ""})
				numbered = false
			case SectionAddresses:
				part = inAddresses
				a.Sections = append(a.Sections, Section{SectionAddresses, h, ""})
				if rest != "" {
					ps[i].text = rest
					i = r.addresses(lines, ps, i) - 1
					continue
				}
				i = r.addresses(lines, ps, i+1) - 1
				continue
			case "notes":
				a.Unread = append(a.Unread, t)
			default:
				if part >= inClosing {
					a.Unread = append(a.Unread, t)
					continue
				}
				part = inText
				kind, heading = k, h
				a.Sections = append(a.Sections, Section{k, h, ""})
			}
			if rest != "" && k != "notes" {
				a.Sections[len(a.Sections)-1].Text = rest
			}
			continue
		}
		if part == inContacts {
			if r.closing(p, &part) {
				continue
			}
			if !r.contact(p) {
				a.Unread = append(a.Unread, withItem(p))
			}
			continue
		}
		if (part >= inActions || i >= len(ps)*2/3) && r.closing(p, &part) {
			continue
		}
		if _, ok := says("mission", t); ok && (part == inActions || part == inAddresses) && p.item == "" {
			part = inAddresses
			r.section(SectionAddresses).Text = joinParagraphs(r.section(SectionAddresses).Text, t)
			continue
		}
		if part == inText && r.salutes && !r.opening && strings.HasSuffix(t, ":") && i+1 < len(ps) && ps[i+1].item != "" {
			part = inActions // a letter asks without a heading
			a.Sections = append(a.Sections, Section{SectionActions, "", t})
			continue
		}
		if lead, ok := says("actions_lead", t); ok && part == inText && (lead == r.lang || r.lang == "") && (i+1 < len(ps) && ps[i+1].item != "" || strings.HasSuffix(t, ":")) {
			part = inActions
			a.Sections = append(a.Sections, Section{SectionActions, "", t})
			continue
		}
		switch part {
		case inText:
			if kind == SectionOpening && len(a.Sections) > 0 && a.Sections[len(a.Sections)-1].Kind == SectionOpening {
				// What follows the opening formula under no heading.
				kind, heading = SectionDescription, ""
			}
			a.addText(kind, heading, withItem(p))
		case inActions:
			numbered = r.action(p, numbered)
		case inClosing:
			if _, ours := leads("organisation", t); a.About == "" && ours && a.ContactLine == "" && utf8.RuneCountInString(t) > 60 {
				a.About = t
			} else if a.About != "" && !strings.Contains(t, "@") && a.ContactLine == "" {
				if endsSentence(a.About) {
					a.About = joinParagraphs(a.About, withItem(p))
				} else {
					a.About = joinText(a.About, withItem(p))
				}
			} else {
				a.Unread = append(a.Unread, withItem(p))
			}
		default:
			a.Unread = append(a.Unread, withItem(p))
		}
	}
}

// cutNote is a remark of whoever kept the text: "[cut]".
var cutNote = lazyre.New(`^\[[\p{L}\s….]{1,40}\]$`)

func withItem(p paragraph) string {
	if p.item == "" {
		return p.text
	}
	return p.item + " " + p.text
}

// heading reads a paragraph that is a heading: one we know, one the format
// marks, or a short line that ends in a colon.
func (r *reading) heading(p paragraph) (kind, heading, rest string, ok bool) {
	if p.item != "" && p.level == 0 {
		return "", "", "", false
	}
	kind, heading, rest, ok = headingOf(p.text)
	if ok && kind == SectionActions && rest != "" {
		return kind, heading, rest, true
	}
	if ok && (rest == "" || kind != SectionAddresses || p.level == 0) {
		return kind, heading, rest, true
	}
	if _, lead := says("actions_lead", p.text); lead {
		return "", "", "", false
	}
	if _, contact := says("contact", p.text); contact {
		return "", "", "", false
	}
	if p.level > 0 {
		return SectionOther, trimHeading(p.text), "", true
	}
	words := len(strings.Fields(p.text))
	if strings.HasSuffix(p.text, ":") && words <= 5 && startsUpper(p.text) && !strings.ContainsAny(p.text, ",;@") && r.opening {
		return SectionOther, trimHeading(p.text), "", true
	}
	return "", "", "", false
}

// section returns the section of a kind, opening it when missing.
func (r *reading) section(kind string) *Section {
	if s := r.a.Section(kind); s != nil {
		return s
	}
	r.a.Sections = append(r.a.Sections, Section{kind, "", ""})
	return &r.a.Sections[len(r.a.Sections)-1]
}

// action reads a paragraph under "Actions requested".
func (r *reading) action(p paragraph, numbered bool) bool {
	a := r.a
	sec := &a.Sections[len(a.Sections)-1]
	switch {
	case p.item != "":
		a.Actions = append(a.Actions, splitInline(p.item, p.text)...)
		return true
	case numbered && !endsSentence(a.Actions[len(a.Actions)-1].Text) && startsLower(p.text):
		last := &a.Actions[len(a.Actions)-1]
		last.Text = joinText(last.Text, p.text)
	case numbered && r.salutes && !r.opening:
		a.addText(SectionBody, "", p.text) // a letter goes on
	case numbered:
		sec.Text = joinParagraphs(sec.Text, p.text)
	case sec.Text == "" && (strings.HasSuffix(p.text, ":") || leadsIn(p.text)), isLead(p.text):
		sec.Text = joinParagraphs(sec.Text, p.text)
	default:
		a.Actions = append(a.Actions, Action{"", p.text})
	}
	return numbered
}

// splitInline parts items that run on in one line: "i. Release him; ii. Stop".
func splitInline(mark, text string) []Action {
	var all []Action
	for {
		next := nextMarker(mark)
		i := -1
		if next != "" {
			for _, end := range []string{"; ", "; and ", ". ", ", "} {
				if k := strings.Index(text, end+next+" "); k > 0 && (i < 0 || k < i) {
					i = k
				}
			}
		}
		if i < 0 {
			return append(all, Action{mark, text})
		}
		k := i + strings.Index(text[i:], " "+next+" ")
		all = append(all, Action{mark, text[:k]})
		mark, text = next, strings.TrimSpace(text[k+len(next)+2:])
	}
}

// nextMarker returns the marker after a counted one: "ii." after "i.", ""
// after a bullet.
func nextMarker(mark string) string {
	word := strings.Trim(mark, "().")
	i := strings.Index(mark, word)
	if word == "" || i < 0 || word == mark {
		return ""
	}
	next := ""
	if n, err := strconv.Atoi(word); err == nil {
		next = strconv.Itoa(n + 1)
	} else if k := slices.Index(romans, word); k >= 0 && k+1 < len(romans) {
		next = romans[k+1]
	} else if len(word) == 1 && word[0] >= 'a' && word[0] < 'h' {
		next = string(word[0] + 1)
	}
	if next == "" {
		return ""
	}
	return mark[:i] + next + mark[i+len(word):]
}

var romans = []string{"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"}

// leadsIn reports whether a text asks to write and then breaks off.
func leadsIn(t string) bool {
	_, ok := says("actions_lead", t)
	return ok && !endsSentence(t)
}

func isLead(t string) bool {
	_, ok := says("actions_lead", t)
	return ok && strings.HasSuffix(t, ":")
}

// signOff reads "Paris-Geneva, May 11, 2020" as a line of its own.
func signOff(t string) (place, iso string, ok bool) {
	t = strings.TrimRight(t, " .")
	if utf8.RuneCountInString(t) > 90 {
		return "", "", false
	}
	ds := findDates(t)
	if len(ds) != 1 || strings.Trim(t[ds[0].to:], " .)г") != "" {
		return "", "", false
	}
	head := datePlace(t[:ds[0].from])
	if !datelineForm.MatchString(head) {
		return "", "", false
	}
	return head, ds[0].iso, true
}

// joinCutSignOff puts the date of a sign-off behind its towns when it stands
// on the next line: "Paris - Geneva", "May 11, 2020".
func joinCutSignOff(lines []line) {
	for i := 0; i+1 < len(lines); i++ {
		a, b := &lines[i], &lines[i+1]
		if len(a.text) > 60 || !strings.ContainsAny(a.text, "-–,") || !datelineForm.MatchString(a.text) {
			continue
		}
		if _, ok := dateLine(b.text); ok {
			a.text, b.text = strings.TrimRight(a.text, " ,")+", "+b.text, ""
		}
	}
}

// closing reads what stands after the requests: sign-off, reply line, who
// the organisation is, the line before its contacts.
func (r *reading) closing(p paragraph, part *int) bool {
	a := r.a
	t := p.text
	if p.item != "" && *part != inContacts {
		return false
	}
	if place, iso, ok := signOff(t); ok && a.SignOff.Text == "" {
		a.SignOff = SignOff{Text: t, Place: place, Date: iso}
		*part = inClosing
		return true
	}
	if _, ok := says("reply", t); ok && utf8.RuneCountInString(t) < 400 {
		a.ReplyLine = joinParagraphs(a.ReplyLine, t)
		*part = inClosing
		return true
	}
	if _, ok := says("contact", t); ok && utf8.RuneCountInString(t) < 250 {
		*part = inContacts
		// The contacts may stand on the same line.
		if i := strings.IndexAny(t, ":"); i > 0 && (emailForm.MatchString(t[i:]) || phoneForm.MatchString(t[i:])) {
			a.ContactLine = strings.TrimSpace(t[:i+1])
			r.contact(paragraph{text: t[i+1:]})
		} else if emailForm.MatchString(t) {
			r.contact(p)
		} else {
			a.ContactLine = t
		}
		return true
	}
	if saysAbout(t) && *part != inText {
		a.About = joinParagraphs(a.About, t)
		*part = inClosing
		return true
	}
	if found := FindCodes(t, r.o.Prefixes...); len(found) == 1 && *part != inText && utf8.RuneCountInString(t) < len(found[0].Printed)+12 && a.Code != nil && found[0].Same(*a.Code) {
		return true // the code once more, at the foot
	}
	return false
}

var (
	faxWord   = lazyre.New(`(?i)fax|télécopie|факс|faks`)
	phoneWord = lazyre.New(`(?i)\b(?:tel|tél|phone|teléf|telefon|mobile)|тел`)
)

// contact reads one line of the organisation's contacts.
func (r *reading) contact(p paragraph) bool {
	a := r.a
	t := p.text
	at := len(t)
	for _, re := range []*lazyre.Regexp{emailForm, webForm, phoneForm, handleForm} {
		if m := re.FindStringIndex(t); m != nil {
			at = min(at, m[0])
		}
	}
	if at == len(t) {
		return false
	}
	label := strings.TrimRight(strings.TrimSpace(t[:at]), " :-–+")
	value := t[at:]
	n := len(a.Contacts)
	for _, m := range emailForm.FindAllString(value, -1) {
		a.Contacts = append(a.Contacts, Contact{"email", label, strings.TrimRight(m, ".")})
	}
	rest := emailForm.ReplaceAllString(value, " ; ")
	for _, m := range webForm.FindAllString(rest, -1) {
		a.Contacts = append(a.Contacts, Contact{"website", label, m[:linkEnd(m)]})
	}
	rest = webForm.ReplaceAllString(rest, " ; ")
	for _, m := range handleForm.FindAllStringSubmatch(rest, -1) {
		a.Contacts = append(a.Contacts, Contact{"handle", label, m[1]})
	}
	for i, v := range splitPhones(rest) {
		kind := "phone"
		if faxWord.MatchString(label) && (i > 0 || !phoneWord.MatchString(label)) {
			kind = "fax"
		}
		a.Contacts = append(a.Contacts, Contact{kind, label, v})
	}
	return len(a.Contacts) > n
}

func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
