package appeal

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/lazyre"
)

var languageSwitch = lazyre.New(`^(?:(?:en|fr|es|ru|tr|ar|fa|pt|zh|de|it|uk|kk)\b[\s|/,•-]*){1,9}$`)

var dateLabel = lazyre.New(`(?i)(?:^|[\s,;])(?:date|fecha|дата|tarih)\s*:\s*`)

// mastheadOf reports whether a line names the kind of document and the
// organisation and nothing else; update says that it names an update too.
func mastheadOf(t string) (ok, update bool) {
	if len(t) > 200 {
		return false, false
	}
	rest, any := t, false
	for _, role := range []string{"masthead", "organisation", "update"} {
		for _, f := range formulae()[role] {
			if m := f.in.FindStringIndex(" " + rest + " "); m != nil {
				padded := " " + rest + " "
				rest = padded[:m[0]] + " " + padded[m[1]:]
				any = any || role == "masthead"
				update = update || role == "update"
			}
		}
	}
	return any && letters(rest) <= 2, update
}

// labelOf returns [PressRelease] or [Letter] for a line that says so, with or
// without the organisation, else "".
func labelOf(t string) string {
	if is("letter_label", t) {
		return Letter
	}
	if len(t) > 120 {
		return ""
	}
	rest, label := " "+t+" ", false
	for _, role := range []string{"press_label", "organisation"} {
		for _, f := range formulae()[role] {
			if m := f.in.FindStringIndex(rest); m != nil {
				rest = rest[:m[0]] + " " + rest[m[1]:]
				label = label || role == "press_label"
			}
		}
	}
	if label && letters(rest) <= 2 {
		return PressRelease
	}
	return ""
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// header reads the lines above the body.
func (r *reading) header(lines []line) {
	a := r.a
	joinCutDates(lines)
	ci, from, to := r.findOwnCode(lines)
	var pre, post []line
	var before, after string
	switch {
	case ci >= 0:
		pre, post = lines[:ci], lines[ci+1:]
		before, after = lines[ci].text[:from], lines[ci].text[to:]
	default:
		pre = lines
	}
	if r.opening && r.start < len(r.s.lines) {
		ps := paragraphs(r.s.lines[r.start:min(len(r.s.lines), r.start+40)], r.w)
		for _, p := range ps[:min(2, len(ps))] {
			if r.country == "" {
				r.formulaCountry(p.text)
			}
		}
	}
	if r.country != "" && a.Code != nil {
		r.nominative()
	}
	candidates := r.above(pre)
	if r.salutes && !r.opening {
		candidates = r.letterHead(candidates, lines)
	}
	if rest := r.stripMasthead(before); rest != "" {
		candidates = append(candidates, line{text: rest, level: 0})
	}
	if ci < 0 {
		// No code in the text: the lines under the masthead may still be types, country, date.
		if r.masthead {
			r.typesWithoutCode(&candidates)
		}
	} else {
		// A joint appeal prints more codes behind the first.
		for cs := FindCodes(after, r.o.Prefixes...); len(cs) > 0; cs = FindCodes(after, r.o.Prefixes...) {
			between := strings.Trim(after[:cs[0].From], " -–—:|/,;&+")
			if between != "" && !joining[strings.ToLower(between)] {
				break
			}
			after = after[cs[0].To:]
		}
		rest := line{text: strings.TrimSpace(strings.TrimLeft(after, " -–—:|"))}
		r.below(append([]line{rest}, post...))
	}
	r.titleAndSummary(candidates, before)
}

var yearLine = lazyre.New(`^(?:19|20)\d\d\.?$`)

// joinCutDates puts a year that stands on its own line behind its day.
func joinCutDates(lines []line) {
	for i := 0; i+1 < len(lines); i++ {
		a, b := &lines[i], &lines[i+1]
		if b.blank() && a.para && i+2 < len(lines) {
			b = &lines[i+2]
		}
		if len(a.text) < 60 && yearLine.MatchString(b.text) && len(findDates(a.text)) == 0 && len(findDates(a.text+" "+b.text)) == 1 {
			a.text, b.text = a.text+" "+b.text, ""
		}
	}
}

// findOwnCode finds the code of the document among the header lines: the
// line and the bytes in it. A code in an address ("/alert/nic-002-…") counts
// when no other stands in the header.
func (r *reading) findOwnCode(lines []line) (i, from, to int) {
	inURL := -1
	var urlCode Code
	for i, l := range lines {
		found := FindCodes(l.text, r.o.Prefixes...)
		if len(found) == 0 && i+1 < len(lines) && !lines[i+1].blank() && len(FindCodes(lines[i+1].text, r.o.Prefixes...)) == 0 {
			// A code broken over two lines.
			if both := FindCodes(l.text+"\n"+lines[i+1].text, r.o.Prefixes...); len(both) == 1 && both[0].From < len(l.text) && both[0].To > len(l.text) {
				lines[i] = line{text: l.text + " " + lines[i+1].text, page: l.page}
				lines[i+1] = line{page: l.page}
				found = FindCodes(lines[i].text, r.o.Prefixes...)
			}
		}
		if len(found) == 0 {
			continue
		}
		c := found[0]
		if inLink(lines[i].text, c.From) {
			if inURL < 0 {
				inURL, urlCode = i, c.Code
			}
			continue
		}
		if r.quotes(lines[i].text, c) {
			r.cites(c.Code)
			continue
		}
		if c.From > 0 {
			// A headline may carry the code as well: the line that begins
			// with it is the one of the header.
			for j := i + 1; j < len(lines); j++ {
				if d := FindCodes(lines[j].text, r.o.Prefixes...); len(d) == 1 && d[0].From == 0 && d[0].Same(c.Code) {
					lines[i].text = strings.TrimRight(lines[i].text[:c.From], " /-–—|:(") + lines[i].text[c.To:]
					i, c, found = j, d[0], d
					break
				}
			}
		}
		r.a.Code = &c.Code
		for _, d := range found[1:] {
			r.cites(d.Code)
		}
		return i, c.From, c.To
	}
	if inURL >= 0 {
		r.a.Code = &urlCode
		r.a.warn("code-from-address", "code", "the code stands only in the address of the page")
	} else if found := FindCodes(r.s.url, r.o.Prefixes...); len(found) == 1 {
		r.a.Code = &found[0].Code
		r.a.warn("code-from-address", "code", "the code stands only in the address of the page")
	}
	return -1, 0, 0
}

// cites keeps the code of another document, once.
func (r *reading) cites(c Code) {
	if r.a.Code != nil && c.Same(*r.a.Code) {
		return
	}
	for _, have := range r.a.References {
		if have.Same(c) {
			return
		}
	}
	r.a.References = append(r.a.References, c)
}

// quotes reports whether a line cites the code of another document:
// "Re: KAZ …", "(Cf. …)", a code within a sentence.
func (r *reading) quotes(t string, c FoundCode) bool {
	before := strings.TrimSpace(t[:c.From])
	if _, ok := says("subject", t); ok && c.From > 0 && r.salutes {
		return true
	}
	return strings.HasSuffix(before, "(") || strings.HasSuffix(strings.ToLower(before), "cf.") || utf8.RuneCountInString(t) > 300
}

// stripMasthead takes the words of the masthead off what stands before the
// code on its line.
func (r *reading) stripMasthead(before string) string {
	rest := " " + before + " "
	for _, role := range []string{"masthead", "organisation", "update", "site_label"} {
		for _, f := range formulae()[role] {
			if m := f.in.FindStringIndex(rest); m != nil {
				switch role {
				case "masthead":
					r.masthead = true
					if r.a.Masthead == "" {
						r.a.Masthead = oneLine(before[:max(0, min(len(before), m[1]-1))])
					}
				case "update":
					r.update = true
				}
				rest = rest[:m[0]] + " " + rest[m[1]:]
			}
		}
	}
	rest = strings.Trim(oneLine(rest), " -–—:|/")
	if letters(rest) <= 2 {
		return ""
	}
	return rest
}

// above reads the lines before the code and returns those that may be the
// title or a summary.
func (r *reading) above(lines []line) (candidates []line) {
	a := r.a
	for _, l := range lines {
		t := l.text
		if t == "" || languageSwitch.MatchString(t) {
			continue
		}
		r.inHeader = append(r.inHeader, l.links...)
		if otherOrgForm.MatchString(t) {
			r.otherOrg = true
		}
		if ok, update := mastheadOf(t); ok {
			if !is("masthead", t) || a.Masthead == "" {
				if len(t) >= len(a.Masthead) { // the longest says most
					a.Masthead = t
				}
			}
			r.masthead, r.update = true, r.update || update
			continue
		}
		if is("organisation", t) {
			continue
		}
		if is("update", t) {
			r.update = true
			continue
		}
		if is("site_label", t) {
			continue
		}
		if kind := labelOf(t); kind != "" {
			if r.label = kind; a.Masthead == "" && kind == PressRelease {
				a.Masthead = t
			}
			continue
		}
		if d, ok := dateLine(t); ok {
			r.headDate(d, t)
			continue
		}
		if m := dateLabel.FindStringIndex(t); m != nil {
			if ds := findDates(t[m[1]:]); len(ds) > 0 && ds[0].from == 0 {
				r.headDate(ds[0], t[m[1]:][:ds[0].to])
			}
		}
		if otherOrgForm.MatchString(t) && utf8.RuneCountInString(t) < 160 && a.Masthead == "" {
			a.Masthead = t // "UA: 45/12 Index: …"
			continue
		}
		if r.isPlace(t) && l.level == 0 {
			if r.geo == "" {
				r.geo = t
			}
			continue
		}
		if bareURLLine.MatchString(t) {
			if safeURL(t) {
				a.Links = append(a.Links, Link{URL: t})
			}
			continue
		}
		if saysAbout(t) {
			a.About = joinParagraphs(a.About, t)
			continue
		}
		if l.mended {
			continue // as it stood it is in unread
		}
		candidates = append(candidates, l)
	}
	return candidates
}

// saysAbout reports whether a paragraph says who the organisation is: it
// begins with its name or with the year it was created.
func saysAbout(t string) bool {
	if utf8.RuneCountInString(t) < 40 {
		return false
	}
	for _, f := range formulae()["about"] {
		if m := f.in.FindStringIndex(t); m != nil && m[0] < 3 {
			return true
		}
	}
	return false
}

// headDate keeps a date that stands above the code.
func (r *reading) headDate(d foundDate, printed string) {
	a := r.a
	if d.iso == "" {
		a.warn("date-impossible", "date", "%q is no day of the calendar", printed)
		a.DatePrinted = printed
		return
	}
	if d.numeric {
		if r.pageDate == nil {
			r.pageDate = &d
			a.PageDate = d.iso
		}
		return
	}
	if r.aboveDate == nil {
		r.aboveDate = &d
		if a.DatePrinted == "" {
			a.DatePrinted = oneLine(printed)
		}
	}
}

// below reads the lines between the code and the body: types, country, date.
func (r *reading) below(lines []line) {
	a := r.a
	var types []string
	done := false
	for _, l := range lines {
		t := l.text
		if t == "" || languageSwitch.MatchString(t) {
			continue
		}
		r.inHeader = append(r.inHeader, l.links...)
		if ok, update := mastheadOf(t); ok {
			r.masthead, r.update = true, r.update || update
			if a.Masthead == "" {
				a.Masthead = t
			}
			continue
		}
		if c, err := ParseCode(t, r.o.Prefixes...); err == nil {
			r.cites(c) // the code once more, or that of a joint appeal
			continue
		}
		if is("update", t) {
			r.update = true
			continue
		}
		if is("site_label", t) {
			continue
		}
		if bareURLLine.MatchString(t) {
			if safeURL(t) {
				a.Links = append(a.Links, Link{URL: t})
			}
			continue
		}
		rest, printed := t, ""
		if d, ok := dateLine(t); ok {
			rest, printed = "", t
			r.ownDate(d, printed)
		} else if ds := findDates(t); len(ds) > 0 && len(t) < 200 && (ds[len(ds)-1].to >= len(t)-6 || ds[len(ds)-1].iso != "" && strings.Trim(t[ds[len(ds)-1].to:], " .)]") == "") {
			d := ds[len(ds)-1]
			head := trimSeparators(datePlace(t[:d.from]))
			if place, _, _ := r.placeIn(head); place != "" {
				rest = head
				r.ownDate(d, oneLine(t[d.from:]))
			} else if datelineForm.MatchString(head) {
				rest = head
				if a.Place != "" || len(types) > 0 && !r.anyKnown(strings.Split(head, "/")) {
					rest = "" // "Paris-Geneva, 5 March 2001": the town is of the date
				}
				r.ownDate(d, oneLine(t[d.from:]))
			}
		}
		if rest == "" {
			continue
		}
		if place, types2, ok := r.placeIn(rest); ok && a.Place == "" {
			a.Place = place
			if types2 != "" {
				types = append(types, types2)
			}
			done = true
			continue
		}
		if saysAbout(rest) {
			a.About = joinParagraphs(a.About, rest)
			continue
		}
		if utf8.RuneCountInString(rest) > 160 || (done || utf8.RuneCountInString(rest) > 60) && endsSentence(rest) && !strings.HasSuffix(rest, ":") {
			a.addText(SectionSummary, "", rest)
			continue
		}
		if done && !strings.HasPrefix(rest, "/") && len(types) > 0 && a.Date != "" {
			a.Unread = append(a.Unread, rest)
			continue
		}
		types = append(types, rest)
	}
	r.violations(types)
}

// ownDate keeps the date of the document.
func (r *reading) ownDate(d foundDate, printed string) {
	a := r.a
	switch {
	case d.numeric && d.iso != "":
		if r.pageDate == nil {
			r.pageDate, a.PageDate = &d, d.iso
		}
	case d.iso == "":
		a.warn("date-impossible", "date", "%q is no day of the calendar", printed)
		if a.DatePrinted == "" {
			a.DatePrinted = oneLine(printed)
		}
	case a.Date == "":
		a.Date, a.DatePrinted = d.iso, oneLine(printed)
	case a.Date != d.iso:
		a.warn("date-conflict", "date", "the header carries two dates, %q and %q; the first was taken", a.DatePrinted, oneLine(printed))
	}
}

func joinParagraphs(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + "\n\n" + b
}
