package appeal

import (
	"strings"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// letterTo begins a label that names the addressee: "Open letter to …".
var letterTo = lazyre.New(`(?i)^(?:open|closed) letter to |^lettre (?:ouverte|fermée) (?:à|au|aux) |^carta (?:abierta|cerrada) (?:al?|a la) |^(?:открытое|закрытое) письмо `)

// letterHead reads what stands above the salutation of a letter: sender,
// date, addressee, subject. It returns what is left for title and summary.
func (r *reading) letterHead(candidates, all []line) (left []line) {
	a := r.a
	var block []string
	named := "" // "Open letter to …"
	flush := func() {
		if len(block) == 0 {
			return
		}
		d := readAddressee(strings.Join(block, ", "))
		if d.Name != "" || d.Office != "" {
			a.Addressees = append(a.Addressees, d)
		}
		block = nil
	}
	wanted := map[string]bool{}
	for _, c := range candidates {
		wanted[c.text] = true
	}
	for _, l := range all {
		t := l.text
		if t == "" {
			flush()
			continue
		}
		if !wanted[t] {
			if is("letter_label", t) && a.Masthead == "" {
				a.Masthead = t
				if m := letterTo.FindStringIndex(t); m != nil {
					named = t[m[1]:]
				}
			}
			continue
		}
		wanted[t] = false
		if _, iso, ok := signOff(t); ok {
			flush()
			r.dateline, a.DatePrinted = iso, t
			continue
		}
		if m := subjectOf(t); m != "" {
			flush()
			a.Title = m
			for _, c := range FindCodes(t, r.o.Prefixes...) {
				r.cites(c.Code)
			}
			continue
		}
		if len(block) > 0 || honorificForm().MatchString(t) && honorificForm().FindString(t) != "" || officeWords.MatchString(firstPart(t)) && len(a.Addressees) == 0 && (len(left) > 0 || a.Masthead != "") {
			block = append(block, t)
			continue
		}
		left = append(left, l)
	}
	flush()
	if named != "" && len(a.Addressees) == 0 {
		block = []string{named}
		flush()
	}
	// The first line is the sender.
	if len(left) > 0 && a.Masthead == "" {
		a.Masthead = left[0].text
		left = left[1:]
	}
	if a.Title != "" {
		for _, l := range left {
			a.Unread = append(a.Unread, l.text)
		}
		left = nil
	}
	return left
}

// subjectOf returns the subject of a "Re: …" line.
func subjectOf(t string) string {
	for _, f := range formulae()["subject"] {
		if m := f.in.FindStringIndex(t); m != nil && m[0] < 2 {
			return strings.TrimSpace(t[max(m[1]-1, 0):])
		}
	}
	return ""
}
