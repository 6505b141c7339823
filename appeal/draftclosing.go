package appeal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/casefile"
)

// closing writes what follows the text: requests, addressees, place and date,
// who we are.
func (d *drafting) closing() {
	l, _ := LabelsFor(d.o.Language)
	for _, s := range d.section(SectionActions) {
		d.a.Actions = append(d.a.Actions, Action{roman(len(d.a.Actions)+1) + ".", d.request(s)})
	}
	if len(d.a.Actions) > 0 {
		d.a.Sections = append(d.a.Sections, Section{SectionActions, l.Heading(SectionActions), d.fill(d.w.lead)})
	}
	d.addressees()
	if len(d.a.Addressees) > 0 {
		d.a.Sections = append(d.a.Sections, Section{SectionAddresses, l.Heading(SectionAddresses), d.fill(d.w.mission)})
	}
	d.a.ReplyLine = l.Reminder + "."
	if b := d.o.Frame; b != nil {
		d.a.Masthead = b.Masthead
		d.a.ReplyLine, d.a.About = b.ReplyLine, b.About
		d.a.ContactLine, d.a.Contacts = b.ContactLine, slices.Clone(b.Contacts)
		if b.SignOff.Place != "" {
			d.a.SignOff = SignOff{b.SignOff.Place + ", " + d.a.DatePrinted, b.SignOff.Place, d.a.Date}
		}
	}
	d.a.Annexes = slices.Clone(d.o.Annexes)
}

// request writes one request: its own words, or those of its clause.
func (d *drafting) request(s casefile.Statement) string {
	if _, ok := s.In(d.o.Language); ok || s.Clause == "" {
		return d.sentence(s)
	}
	text, ok := d.clause(s.Clause)
	if !ok && len(s.Text) == 0 {
		d.fault(casefile.Fault{Rule: casefile.RuleUncited, Where: fmt.Sprintf("statement %d", s.ID),
			Message: fmt.Sprintf("the request names the clause %q, which the library does not have in %q", s.Clause, d.o.Language), Remedy: "give its words, or another clause"})
		return ""
	}
	if !ok {
		return d.sentence(s)
	}
	d.out.Statements = append(d.out.Statements, s.ID)
	return text
}

// clause fills the slots of a clause: the victims who may be named, the
// country in the form that the words before it need.
func (d *drafting) clause(key string) (string, bool) {
	i := slices.IndexFunc(Clauses(), func(c Clause) bool { return c.Key == key })
	if i < 0 {
		return "", false
	}
	text, ok := Clauses()[i].Texts[d.o.Language]
	if !ok {
		return "", false
	}
	for _, in := range []string{"in {country}", "en {country}", "в {country}"} {
		text = strings.ReplaceAll(text, in, d.o.Country.In)
	}
	return strings.NewReplacer("{persons}", d.victims(), "{country}", d.o.Country.Name).Replace(text), true
}

// victims names the victims of the case, each once, labels where they stand
// for several. Where the clause would need the names in another case, it says
// “the persons named above”.
func (d *drafting) victims() string {
	if d.w.victims != "" {
		return d.w.victims
	}
	var out []string
	for _, r := range d.f.Roles {
		if r.Role != "victim" {
			continue
		}
		if s := d.person(casefile.Slot{Person: r.Person}); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return joinAnd(out, d.w.and)
}

// addressees takes the register as it stood on the day: the holder of each
// office, and the channels that are not known to be dead.
func (d *drafting) addressees() {
	today := casefile.Date{Day: d.a.Date, Precision: casefile.Exact}
	for _, au := range d.f.Authorities {
		x := Addressee{Honorific: au.Honorific, Office: au.OfficeIn(d.o.Language)}
		if h, ok := HolderOn(d.f, au.ID, today); ok {
			x.Name = h.Name
			if h.Title != "" {
				x.Honorific = h.Title
			}
			x.Honorific = titleIn(x.Honorific, d.o.Language)
		} else {
			d.out.Notes = append(d.out.Notes, fmt.Sprintf("authority %d (%s): the register names no holder on %s", au.ID, au.Office, d.a.Date))
		}
		for _, c := range d.f.Channels {
			if c.Authority != au.ID || !c.Bounced.IsZero() {
				continue
			}
			switch c.Kind {
			case "email":
				x.Email = append(x.Email, c.Value)
			case "phone":
				x.Phone = append(x.Phone, c.Value)
			case "fax":
				x.Fax = append(x.Fax, c.Value)
			case "handle":
				x.Handle = append(x.Handle, c.Value)
			case "website":
				x.Website = append(x.Website, c.Value)
			case "address":
				x.Address = join(", ", x.Address, c.Value)
			}
		}
		d.a.Addressees = append(d.a.Addressees, x)
	}
}

// titleIn puts the words of a title into a language: "H.E. Ms." is "S.E. Mme".
func titleIn(title, lang string) string {
	parts := strings.Fields(title)
	for i, p := range parts {
		if t, ok := draftIn[lang].titles[p]; ok {
			parts[i] = t
		}
	}
	return strings.Join(parts, " ")
}

// HolderOn returns who holds an office on a day: the one who came last among
// those whose time does not lie wholly before or after it.
func HolderOn(f *casefile.File, authority casefile.ID, day casefile.Date) (h casefile.Holder, ok bool) {
	for _, x := range f.Holders {
		if x.Authority != authority || day.Compare(x.From) == casefile.Before || day.Compare(x.To) == casefile.After {
			continue
		}
		if !ok || x.From.Compare(h.From) == casefile.After {
			h, ok = x, true
		}
	}
	return h, ok
}
