package appeal

import (
	"slices"
	"strings"
)

// finish settles kind, place, date, language, notes and links.
func (r *reading) finish() {
	a := r.a
	body := ""
	for _, s := range a.Sections {
		body += s.Text + "\n"
	}
	if len(body) > 200_000 {
		body = strings.ToValidUTF8(body[:200_000], "")
	}
	for _, s := range a.Sections {
		if s.Kind == SectionOpening {
			if _, ok := says("opening_update", s.Text); ok {
				r.update = true
			}
		}
	}
	a.Language = r.lang
	if a.Language == "" {
		a.Language = languageOf(a.Title + "\n" + body)
	}
	if a.Language == "" && slices.Contains(languages, r.s.lang) {
		a.Language = r.s.lang
	}
	r.kind(body)
	if a.Place == "" {
		a.Place = r.country
	}
	if a.Place == "" && a.Kind != Other && a.Kind != PressRelease {
		a.Place = r.geo
	}
	r.date()
	if a.Code != nil {
		if a.Kind == UrgentAppeal || a.Kind == NewInformation {
			a.Warnings = append(a.Warnings, a.Code.Check(dayOf(a.Date), a.Kind == NewInformation)...)
		}
	}
	texts := []*string{}
	for i := range a.Sections {
		texts = append(texts, &a.Sections[i].Text)
	}
	for i := range a.Actions {
		texts = append(texts, &a.Actions[i].Text)
	}
	for _, n := range r.s.roundNotes {
		for _, t := range texts {
			if m := roundRef(n).FindStringSubmatchIndex(*t); m != nil {
				*t = (*t)[:m[3]] + Mark(n) + (*t)[m[1]:]
				break
			}
		}
	}
	a.markRefs(texts, r.native)
	for i := range a.Footnotes {
		texts = append(texts, &a.Footnotes[i].Text)
	}
	for _, t := range texts {
		for _, c := range FindCodes(*t, r.o.Prefixes...) {
			r.cites(c.Code)
		}
	}
	r.links()
	if len(a.Sections) == 0 && a.Code == nil {
		a.warn("nothing-read", "", "no part of an appeal was recognised")
	}
	*a = a.filled()
}

// kind says what the document is.
func (r *reading) kind(body string) {
	a := r.a
	head := body
	if len(head) > 4000 {
		head = strings.ToValidUTF8(head[:4000], "")
	}
	switch {
	case a.Code == nil && (r.otherOrg || !r.opening && otherOrgForm.MatchString(head)):
		a.Kind = Other
		a.warn("other-organisation", "", "this reads as the urgent action of another organisation")
	case r.label == Letter && !r.opening, r.salutes && !r.opening:
		a.Kind = Letter
	case r.update && (a.Code != nil || r.opening || r.masthead), a.Code != nil && a.Code.Update != nil:
		a.Kind = NewInformation
	case r.opening, a.Code != nil, r.masthead:
		a.Kind = UrgentAppeal
	case r.label == PressRelease, r.startsWithDateline():
		a.Kind = PressRelease
	default:
		a.Kind = Other
	}
}

func (r *reading) startsWithDateline() bool {
	for _, s := range r.a.Sections {
		if s.Kind != SectionSummary {
			iso, rest, ok := splitDateline(s.Text)
			if ok && rest != "" {
				r.dateline = iso
			}
			return ok && rest != ""
		}
	}
	return false
}

// date settles the date of the document: the line under the code, a
// written-out date above it, the dateline, the sign-off, the page.
func (r *reading) date() {
	a := r.a
	r.startsWithDateline()
	if a.Date == "" && r.aboveDate != nil {
		a.Date = r.aboveDate.iso
	}
	if a.Date == "" && r.dateline != "" {
		a.Date = r.dateline
	}
	if a.SignOff.Date != "" {
		switch {
		case a.Date == "":
			a.Date = a.SignOff.Date
		case a.Date != a.SignOff.Date:
			a.warn("date-conflict", "sign_off", "the header is dated %s and the sign-off %s", a.Date, a.SignOff.Date)
		}
	}
	if a.Date == "" && r.pageDate != nil {
		a.Date = r.pageDate.iso
		a.warn("date-from-page", "date", "the document writes out no date; the date in numbers, read as day, month, year, was taken")
	}
	if a.Date == "" {
		a.warn("date-missing", "date", "the document prints no date")
	}
}

// links gives every link behind words its place.
func (r *reading) links() {
	a := r.a
	type place struct{ where, text string }
	var places []place
	for i, s := range a.Sections {
		places = append(places, place{placeOf("sections", i), s.Text})
	}
	for i, x := range a.Actions {
		places = append(places, place{placeOf("actions", i), x.Text})
	}
	for i, d := range a.Addressees {
		places = append(places, place{placeOf("addressees", i), strings.Join(append([]string{d.Honorific + " " + d.Name, d.Office, d.Address, d.Note}, slices.Concat(d.Email, d.Handle, d.Website, d.Phone, d.Fax)...), ", ")})
	}
	places = append(places, place{"about", a.About}, place{"title", a.Title})
	used := map[string]int{}
	printed := map[string]bool{}
	for _, d := range a.Addressees {
		for _, e := range d.Email {
			printed[strings.ToLower(e)] = true
		}
	}
	for _, c := range a.Contacts {
		printed[strings.ToLower(c.Value)] = true
	}
	put := func(l Link) {
		if !safeURL(l.URL) {
			a.warn("link-scheme", "", "a link of a kind that is not followed was left out: %q", cutText(l.URL, 80))
			return
		}
		if l.Text == l.URL || l.URL == "mailto:"+l.Text {
			return // the words are the address: printed anyway
		}
		if m, ok := strings.CutPrefix(l.URL, "mailto:"); ok && l.Text == "" && printed[strings.ToLower(m)] {
			return
		}
		for _, p := range places {
			if l.Text != "" && strings.Count(p.text, l.Text) > used[p.where+"\x00"+l.Text] {
				used[p.where+"\x00"+l.Text]++
				l.Where = p.where
				break
			}
		}
		a.Links = append(a.Links, l)
	}
	for _, l := range r.inHeader {
		put(l)
	}
	for _, l := range r.textLinks {
		put(l)
	}
	for _, l := range r.s.links {
		put(l)
	}
}
