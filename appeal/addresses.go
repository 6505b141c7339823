package appeal

import (
	"strings"
	"unicode/utf8"
)

// addresses reads addressees from paragraph i on and returns the first
// paragraph that is none.
func (r *reading) addresses(lines []line, ps []paragraph, i int) int {
	a := r.a
	end := i
	bullets := false
	for ; end < len(ps); end++ {
		p := ps[end]
		if stars.MatchString(p.text) || r.endsAddresses(p) {
			break
		}
		bullets = bullets || p.item != ""
		if end > i {
			r.textLinks = append(r.textLinks, p.links...)
		}
	}
	if end == i {
		return end
	}
	var raw []string
	if bullets {
		last := "" // the printed line before
		for k, p := range ps[i:end] {
			if last = ""; k > 0 {
				last = lines[p.from-1].text
			}
			switch {
			case p.item != "":
				raw = append(raw, r.fields(p, lines))
			case len(raw) == 0:
				sec := r.section(SectionAddresses)
				sec.Text = joinParagraphs(sec.Text, p.text)
			default:
				raw[len(raw)-1] = joinField(raw[len(raw)-1], p.text, last == "" || r.fullLine(line{text: last}))
			}
		}
	} else {
		raw = r.unbulleted(lines[ps[i].from:ps[end-1].to])
	}
	for _, t := range raw {
		d := readAddressee(mend(t, nil))
		if d.Name == "" && d.Office == "" && d.Honorific == "" {
			a.Unread = append(a.Unread, t)
			continue
		}
		if d.Note != "" {
			a.warn("addressee-note", placeOf("addressees", len(a.Addressees)), "not understood in the addressee %s: %q", nameOf(d), d.Note)
		}
		a.Addressees = append(a.Addressees, d)
	}
	return end
}

// fields returns the text of an addressee whose printed lines may be one
// field each: a line that ends well before the margin ends a field.
func (r *reading) fields(p paragraph, lines []line) string {
	if p.to-p.from < 2 || p.to > len(lines) {
		return p.text
	}
	text := ""
	full := false
	for _, l := range lines[p.from:p.to] {
		t := l.text
		if t == "" {
			continue
		}
		if text == "" {
			if _, rest, ok := marker(t); ok {
				t = rest
			}
			text = t
		} else {
			text = joinField(text, t, full)
		}
		full = r.fullLine(l)
	}
	return text
}

// fullLine reports whether a line may go on because it reaches the margin.
func (r *reading) fullLine(l line) bool {
	return r.w.width > 0 && utf8.RuneCountInString(l.text) >= r.w.width*2/3
}

// joinField puts the next line of an addressee behind its text: as a field
// of its own, unless the line before was full or breaks off.
func joinField(text, t string, full bool) string {
	if text == "" || t == "" || full || strings.ContainsAny(text[len(text)-1:], ",;:-@/") || !startsUpper(t) && !isDigit(t[0]) || endsInNumber(text) {
		return joinText(text, t)
	}
	return text + ", " + t
}

// endsInNumber reports whether a text ends in a telephone number, which the
// next line may go on.
func endsInNumber(text string) bool {
	last := text[strings.LastIndexByte(text, ' ')+1:]
	return isDigit(last[len(last)-1]) && phoneForm.MatchString(text[max(0, len(text)-20):])
}

func nameOf(d Addressee) string {
	if d.Name != "" {
		return d.Name
	}
	return d.Office
}

// endsAddresses reports whether a paragraph comes after the addressees.
func (r *reading) endsAddresses(p paragraph) bool {
	if p.item != "" && !strings.HasSuffix(p.text, ":") {
		return false
	}
	for _, role := range []string{"mission", "reply", "contact"} {
		if _, ok := says(role, p.text); ok {
			return true
		}
	}
	if saysAbout(p.text) {
		return true
	}
	if _, _, ok := signOff(p.text); ok {
		return true
	}
	_, _, _, ok := headingOf(p.text)
	return ok
}

// unbulleted parts addressees that carry no bullets: a new one begins with a
// title or an office once the one before has a channel, or after an empty
// line.
func (r *reading) unbulleted(lines []line) []string {
	var raw []string
	var cur string
	channels := false
	empty := true
	any := false // some line names a channel
	for _, l := range lines {
		any = any || channelForm().MatchString(l.text) || emailForm.MatchString(l.text)
	}
	flush := func() {
		if cur != "" {
			raw = append(raw, cur)
		}
		cur, channels = "", false
	}
	for _, l := range lines {
		t := l.text
		if t == "" {
			empty = true
			continue
		}
		label := channelForm().FindStringIndex(t)
		isChannel := label != nil && label[0] == 0 || emailForm.FindStringIndex(t) != nil && emailForm.FindStringIndex(t)[0] == 0 || strings.HasPrefix(t, "+") || strings.HasPrefix(t, "@")
		heads := honorificForm().MatchString(t) || officeWords.MatchString(firstPart(t)) || looksLikeName(firstPart(t))
		if cur != "" && !isChannel && heads && (channels || empty && (channelForm().MatchString(t) || l.para && (!any || honorificForm().MatchString(t) && honorificForm().MatchString(cur)))) {
			flush()
		}
		switch {
		case cur == "":
			cur = t
		case isChannel:
			cur += "; " + t
		case strings.HasSuffix(cur, ",") || strings.HasSuffix(cur, ";") || strings.HasSuffix(cur, ":") || channels || startsLower(t):
			cur = joinText(cur, t)
		default:
			cur += ", " + t
		}
		channels = channels || channelForm().MatchString(t) || emailForm.MatchString(t)
		empty = l.para
	}
	flush()
	return raw
}
