package appeal

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// Options are what the caller may say about a file.
type Options struct {
	// Prefixes are the organisation prefixes of codes to look for;
	// DefaultPrefix when empty.
	Prefixes []string
}

// headerLimit bounds how many lines may stand above the opening formula.
const headerLimit = 400

// read takes a source apart: header, body, requests, addressees, closing.
// Every format ends here.
func (s *source) read(o Options) *Appeal {
	a := &Appeal{File: &s.file}
	s.mendEncoding()
	s.clean()
	s.partWrapped()
	native := len(s.notes) > 0 // the format itself knows its notes
	s.dropFurniture()
	s.unglue()
	s.joinCutLinks()
	s.takeNotes()
	s.mendLinks()
	for i := range s.notes {
		f := &s.notes[i]
		for _, u := range linksIn(f.Text) {
			if !slices.Contains(f.Links, u) {
				f.Links = append(f.Links, u)
			}
		}
	}
	s.takeLinkLists()
	a.Footnotes = s.notes
	a.Warnings = append(a.Warnings, s.warns...)
	a.Unread = append(a.Unread, s.unread...)

	r := &reading{a: a, s: s, o: o, w: wrapOf(s.lines), native: native}
	r.findBody()
	r.header(s.lines[:r.start])
	r.body(s.lines[r.start:])
	r.finish()
	return a
}

// A reading is one run of the structural reader.
type reading struct {
	a *Appeal
	s *source
	o Options
	w wrap

	start     int    // the first line of the body
	opening   bool   // the body begins with the opening formula
	lang      string // of the opening formula
	country   string // named in the opening formula
	update    bool   // the document calls itself an update
	masthead  bool
	label     string // PressRelease or Letter, as labelled
	dateline  string // ISO date of a dateline
	salutes   bool   // begins as a letter does
	otherOrg  bool
	aboveDate *foundDate // a written-out date above the code
	pageDate  *foundDate
	geo       string // a country alone on a line above the code
	inHeader  []Link
	textLinks []Link // links of the body, in order
	native    bool   // the format knows its notes: no bare number is a mark
}

var (
	otherOrgForm = lazyre.New(`(?i)(?:\bUA:?\s*\d{1,3}/\d{2}\b|\bIndex:?\s*[A-Z]{3}\s*\d{2}/\d{3,4}/\d{4}|\bFI\s\d{3}/\d{2}-\d|amnesty international|frontlinedefenders|front line defenders\b.{0,40}\burgent)`)
	// A place, or places joined by a hyphen, before a date.
	datelineForm = lazyre.New(`^([\p{Lu}][\p{L}.'’]+(?:\s[\p{L}.'’]+){0,3}(?:\s?[-–—/,]\s?[\p{Lu}][\p{L}.'’]+(?:\s[\p{Lu}][\p{L}.'’]+){0,2}){0,3})\s*(?:\([^()]{2,30}\)\s*)?[,–—:-]?\s*$`)
)

// findBody finds the line where the header ends: the paragraph of the opening
// formula, else the dateline, salutation or first long paragraph.
func (r *reading) findBody() {
	lines := r.s.lines
	n := min(len(lines), headerLimit)
	var b strings.Builder
	starts := make([]int, n)
	for i := 0; i < n; i++ {
		starts[i] = b.Len()
		b.WriteString(lines[i].text)
		b.WriteByte('\n')
	}
	text := b.String()
	at := -1
	for _, role := range []string{"opening", "opening_update"} {
		for _, f := range formulae()[role] {
			if m := f.in.FindStringIndex(text); m != nil && (at < 0 || m[0] < at && role == "opening") {
				at, r.lang = m[0], f.lang
			}
		}
		if at >= 0 {
			break
		}
	}
	if at >= 0 {
		// The phrase may begin with the sign before it.
		if at < len(text)-1 && text[at] == '\n' {
			at++
		}
		i := 0
		for i+1 < n && starts[i+1] <= at {
			i++
		}
		for i > 0 && !lines[i-1].blank() && !lines[i].para && !r.headerLine(lines[i-1].text) &&
			(r.w.joins(lines[i-1], lines[i], 0) || startsLower(lines[i].text)) {
			i--
		}
		r.start, r.opening = i, true
		return
	}
	for i := 0; i < n; i++ {
		t := lines[i].text
		if kind, _, _, ok := headingOf(t); ok && i > 0 && kind != SectionNews && kind != "notes" {
			r.start = i
			return
		}
		if _, ok := says("salutation", t); ok && len(t) < 120 {
			r.start, r.salutes = i, true
			return
		}
		if _, rest, ok := splitDateline(t); ok && utf8.RuneCountInString(rest) > 20 {
			r.start = i
			return
		}
	}
	for i := 0; i < n; i++ {
		t := lines[i].text
		if about := saysAbout(t); utf8.RuneCountInString(t) > 100 && endsSentence(t) && !about && i > 0 || utf8.RuneCountInString(t) > 400 && !about {
			r.start = i
			return
		}
	}
	r.start = n
	if n > 12 { // a long text without a sign of its own
		r.start = min(n, 3)
	}
}

// headerLine reports whether a line certainly belongs to the header.
func (r *reading) headerLine(t string) bool {
	if _, ok := dateLine(t); ok || t == "" {
		return true
	}
	if len(t) < 120 && (len(FindCodes(t, r.o.Prefixes...)) > 0 || CountryNamed(t) != "") {
		return true
	}
	m, _ := mastheadOf(t)
	return m
}

// splitDateline reads "Paris-Geneva, May 11, 2020. The Observatory …".
func splitDateline(t string) (iso, rest string, ok bool) {
	head := t
	if len(head) > 160 {
		head = strings.ToValidUTF8(head[:160], "")
	}
	ds := findDates(head)
	if len(ds) == 0 || ds[0].numeric {
		return "", "", false
	}
	if !datelineForm.MatchString(datePlace(head[:ds[0].from])) {
		return "", "", false
	}
	rest = strings.TrimLeft(t[ds[0].to:], " .:–—-)(")
	return ds[0].iso, rest, true
}

// datePlace takes the words before a date off the place: "Genève, le".
func datePlace(s string) string {
	s = strings.TrimRight(strings.TrimSpace(s), " ,–—-:(")
	for _, w := range []string{" le", " el", " on", " a"} {
		s = strings.TrimSuffix(s, w)
	}
	return strings.TrimRight(s, " ,–—-:")
}

// formulaCountry reads the country out of the opening formula.
func (r *reading) formulaCountry(text string) {
	for _, f := range formulae()["country"] {
		if f.lang != r.lang && r.lang != "" {
			continue
		}
		if m := f.in.FindStringSubmatch(text); m != nil {
			r.country = trimSeparators(m[1])
			break
		}
	}
	if r.country == "" && r.lang == "tr" {
		if m := turkishLocative.FindStringSubmatch(text); m != nil {
			// The longest country we know that ends there, else the last word.
			words := strings.Fields(m[1])
			r.country = words[len(words)-1]
			for i := range words {
				if w := strings.Join(words[i:], " "); CountryNamed(w) != "" {
					r.country = w
					break
				}
			}
		}
	}
	// "in the Russian Federation where …": keep the longest name we know.
	words := strings.Fields(r.country)
	for n := len(words); n > 0; n-- {
		if w := strings.Join(words[:n], " "); CountryNamed(w) != "" {
			r.country = strings.TrimPrefix(w, "the ")
			return
		}
	}
}

var turkishLocative = lazyre.New(`(\p{Lu}\p{L}+(?:\s\p{Lu}\p{L}+){0,2})['’](?:deki|daki|teki|taki|de|da|te|ta)(?:[^\p{L}]|$)`)
