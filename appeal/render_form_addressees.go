package appeal

import (
	"strings"
)

func (f *form) addressees() {
	for i := range f.a.Addressees {
		f.add(block{kind: bAddressee, to: i})
	}
}

// An addressLine is one line of an addressee.
type addressLine struct {
	label string // "Fax"; "" for office, name and street
	bold  bool
	runs  []Run
	code  bool // a number or address that stays left to right
}

// addressee returns the lines of an addressee: honorific, name and office,
// street, channels.
func (f *form) addressee(i int) []addressLine {
	d := f.a.Addressees[i]
	where := placeOf("addressees", i)
	var ls []addressLine
	line := func(label string, bold bool, s string) {
		if rs := f.runs(where, "", oneLine(s)); len(rs) > 0 {
			ls = append(ls, addressLine{label: label, bold: bold, runs: rs})
		}
	}
	name := strings.TrimSpace(d.Honorific + " " + d.Name)
	title := f.l.Join(name, d.Office)
	if d.Address != "" && title != "" {
		title += "," // what follows is an address, also for whoever reads the lines back
	}
	line("", true, title)
	line("", false, d.Address)
	channel := func(label, value, link string) {
		if value = printable(oneLine(value)); value == "" {
			return
		}
		r := Run{Text: value, URL: link}
		if link != "" && !linkable(link) {
			r.URL = ""
		}
		ls = append(ls, addressLine{label: label, runs: []Run{r}, code: true})
	}
	for _, v := range d.Phone {
		channel(f.l.Phone, v, "")
	}
	for _, v := range d.Fax {
		channel(f.l.Fax, v, "")
	}
	for _, v := range d.Email {
		channel(f.l.Email, v, mailLink(v))
	}
	for _, v := range d.Handle {
		channel(f.l.Handle, v, "")
	}
	for _, v := range d.Website {
		channel(f.l.Website, v, webLink(v))
	}
	if len(d.Phone)+len(d.Fax)+len(d.Email)+len(d.Handle)+len(d.Website) == 0 {
		if d.Address != "" {
			ls = append(ls, addressLine{label: f.l.Post, runs: plainRuns(f.l.NoFaxOrEmail)})
		} else {
			ls = append(ls, addressLine{runs: plainRuns(f.l.NoChannel)})
		}
	}
	line("", false, d.Note)
	return ls
}

func mailLink(v string) string {
	if !emailForm.MatchString(v) || strings.ContainsAny(v, " <>?&\"") {
		return ""
	}
	return "mailto:" + v
}

func webLink(v string) string {
	switch {
	case safeURL(v):
		return v
	case !strings.Contains(v, ":") && strings.Contains(v, "."):
		return "https://" + v
	}
	return ""
}

func (f *form) contact(c Contact) []Run {
	r := Run{Text: printable(oneLine(c.Value))}
	if r.Text == "" {
		return nil
	}
	switch c.Kind {
	case "email":
		r.URL = mailLink(c.Value)
	case "website":
		r.URL = webLink(c.Value)
	}
	if r.URL != "" && !linkable(r.URL) {
		r.URL = ""
	}
	return []Run{r}
}
