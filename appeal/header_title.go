package appeal

import (
	"strings"
	"unicode/utf8"
)

// violations splits the types line at its slashes. A line break parts two
// labels only when no slash does and the second begins as a label of its own.
func (r *reading) violations(lines []string) {
	joined := ""
	for _, l := range lines {
		l = strings.TrimSpace(l)
		switch {
		case joined == "":
			joined = l
		case strings.HasSuffix(joined, "/") || strings.HasPrefix(l, "/"):
			joined += " " + l
		default:
			last := strings.TrimSpace(joined[strings.LastIndexByte(joined, '/')+1:])
			first, _, _ := strings.Cut(l, "/")
			_, whole := ViolationKey(last + first)
			if !whole && startsUpper(first) && !unfinished(last) {
				joined += " /"
			}
			joined += " " + l
		}
	}
	for _, l := range strings.Split(joined, "/") {
		if label := strings.Trim(oneLine(l), " .,;:–—-|"); label != "" {
			r.a.Violations = append(r.a.Violations, violationOf(label))
		}
	}
}

// unfinished reports whether a label ends in a word that wants another.
func unfinished(s string) bool {
	switch w := strings.ToLower(s[strings.LastIndexByte(s, ' ')+1:]); w {
	case "of", "to", "on", "and", "the", "against", "for", "in", "de", "du", "des", "la", "le", "à", "et", "en", "del", "los", "las", "y", "contra", "contre", "и", "на", "в", "к", "с", "ve":
		return true
	}
	return false
}

func violationOf(label string) Violation {
	v := Violation{Label: label}
	if key, ok := ViolationKey(label); ok {
		v.Key = &key
	}
	return v
}

// typesWithoutCode reads types out of the lines under a masthead when the
// page lost its code: lines that hold a slash or are labels we know.
func (r *reading) typesWithoutCode(candidates *[]line) {
	var left []line
	var types []string
	for _, l := range *candidates {
		known := true
		for _, p := range strings.Split(l.text, "/") {
			if p = strings.TrimSpace(p); p != "" && violationOf(p).Key == nil {
				known = false
			}
		}
		if known {
			types = append(types, l.text)
		} else {
			left = append(left, l)
		}
	}
	*candidates = left
	r.violations(types)
	if r.a.Place == "" {
		r.a.Place = r.geo
	}
}

// titleAndSummary sorts what stands above the code: one title, sentences to
// the summary, the rest unread.
func (r *reading) titleAndSummary(candidates []line, before string) {
	a := r.a
	title := -1
	for i, l := range candidates {
		words := len(strings.Fields(l.text))
		if l.level > 0 && words > 0 {
			title = i
			break
		}
		if title < 0 && words >= 3 && !(endsSentence(l.text) && words > 12) && utf8.RuneCountInString(l.text) < 250 && !strings.Contains(l.text, " > ") {
			title = i
		}
	}
	if title < 0 {
		for i, l := range candidates {
			if utf8.RuneCountInString(l.text) < 120 && letters(l.text) > 1 {
				title = i
				break
			}
		}
	}
	for i, l := range candidates {
		switch t := l.text; {
		case i == title:
			a.Title = t
			if len(a.Violations) == 0 && r.stripMasthead(before) == t {
				// "Amenazas de muerte / Hostigamiento - GTM 003 …"
				if v := violationOf(t); strings.Contains(t, "/") || v.Key != nil {
					r.violations([]string{t})
				}
			}
		case utf8.RuneCountInString(t) > 60 && endsSentence(t) || utf8.RuneCountInString(t) > 140:
			a.addText(SectionSummary, "", t)
		case len(a.Violations) == 0 && r.stripMasthead(before) == t && (strings.Contains(t, "/") || violationOf(t).Key != nil):
			r.violations([]string{t})
		default:
			a.Unread = append(a.Unread, t)
		}
	}
}

// addText appends a paragraph to the last section when it has the kind and
// heading, else opens one.
func (a *Appeal) addText(kind, heading, text string) {
	if n := len(a.Sections); n > 0 && a.Sections[n-1].Kind == kind && a.Sections[n-1].Heading == heading {
		a.Sections[n-1].Text = joinParagraphs(a.Sections[n-1].Text, text)
		return
	}
	a.Sections = append(a.Sections, Section{kind, heading, text})
}
