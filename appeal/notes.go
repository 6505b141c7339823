package appeal

import (
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// Footnotes in a text without footnotes: a note is a line that begins with
// the next number, to which the text before it refers; it ends at an empty
// line, at a list of links, or with its page.

// noteStart reads "1  TBHRI is …", "[2] See …", "3. See …", "[^4]: See …",
// "5See: …" (superscript lost).
var noteStart = lazyre.New(`^(?:\[\^?(\d{1,3})\]:?\s*|\((\d{1,3})\)\s+|(\d{1,3})([.)]?)\s+|(\d{1,3}))(\S.*)$`)

type startOfNote struct {
	number int
	style  byte // '[' bracketed, '(' in round brackets, '.' with a point, ' ' plain, 'g' glued
	text   string
}

func readNoteStart(s string) (startOfNote, bool) {
	m := noteStart.FindStringSubmatch(s)
	if m == nil {
		return startOfNote{}, false
	}
	n := startOfNote{text: m[6], style: ' '}
	num := m[3]
	switch {
	case m[1] != "":
		num, n.style = m[1], '['
	case m[2] != "":
		num, n.style = m[2], '('
	case m[4] != "":
		n.style = '.'
	case m[5] != "":
		num, n.style = m[5], 'g'
		if r, _ := utf8.DecodeRuneInString(n.text); !unicode.IsUpper(r) && !strings.HasPrefix(n.text, "http") {
			return n, false
		}
	}
	n.number, _ = strconv.Atoi(num)
	return n, n.number > 0
}

// takeNotes moves the footnotes printed in the flow of lines to s.notes.
func (s *source) takeNotes() {
	next := 1
	for _, f := range s.notes {
		next = max(next, f.Number+1)
	}
	formatKnows := next > 1
	var kept, above []line
	var cur *Footnote
	inNotes, inActions := false, false
	bracketed := map[int]bool{} // notes that begin with "[n]"
	for _, l := range s.lines {
		if strings.HasPrefix(l.text, "[") {
			if n, ok := readNoteStart(l.text); ok {
				bracketed[n.number] = true
			}
		}
	}
	done := func() {
		if cur != nil {
			cur.Text = strings.TrimSpace(cur.Text)
			s.notes = append(s.notes, *cur)
			cur = nil
		}
	}
	for i := 0; i < len(s.lines); i++ {
		l := s.lines[i]
		if i > 0 && l.page != s.lines[i-1].page && !l.small {
			done()
		}
		if l.blank() {
			if cur != nil && !s.noteGoesOn(cur, i, next) {
				done()
			}
			if cur == nil {
				kept = append(kept, l)
			}
			continue
		}
		if kind, _, rest, ok := headingOf(l.text); ok && rest == "" {
			if done(); kind == "notes" && s.noteFollows(i, next) {
				inNotes, inActions = true, false
				continue
			}
			inNotes, inActions = false, kind == SectionActions
		}
		if n, ok := readNoteStart(l.text); ok && l.item == "" && n.number >= next && n.number <= next+3 && !(formatKnows && n.style != '[') {
			first := i == 0 || s.lines[i-1].blank() || stars.MatchString(s.lines[i-1].text) || s.lines[i-1].page != l.page || cur != nil || l.para || l.small || s.lines[i-1].para
			var good bool
			switch {
			case l.small || inNotes:
				good = true
			case n.style == '[':
				good = first && (refersTo(above, n.number, true) || !inActions && refersTo(above, n.number, false))
			case n.style == '(':
				if good = first && !inActions && refersRound(above, n.number); good {
					s.roundNotes = append(s.roundNotes, n.number)
				}
			case n.style != '[' && bracketed[n.number]:
				good = false // "1. On 10 May …" is of a list, the note is "[1] …"
			case n.style == '.' && inActions, n.style == '.' && actionAbove(above):
				good = false
			default:
				good = first && (refersTo(above, n.number, false) || s.nextNoteInBlock(i, next) && n.style != '.') && !isDateStart(l.text)
			}
			if !good && !first && !inActions && n.style != '.' && n.style != '(' && refersTo(above, n.number, false) && !isDateStart(l.text) && endsSentence(s.lines[i-1].text) {
				good = true // no empty line between the text and its notes
			}
			if n.number > next && !(first && n.style != '.' && refersTo(above, n.number, n.style == '[')) {
				good = false // a note may be missing, but then the text must refer to this one
			}
			if good {
				done()
				// A note cut by the page goes on above the next one.
				if len(s.notes) > 0 && !endsSentence(s.notes[len(s.notes)-1].Text) {
					kept = s.giveBackToNote(kept, i)
				}
				cur = &Footnote{Number: n.number, Text: n.text}
				next = n.number + 1
				continue
			}
		}
		switch {
		case cur != nil && (bareURLLine.MatchString(l.text) && !leadsToLink(cur.Text) || l.para && !l.small):
			done()
			kept, above = append(kept, l), append(above, l)
		case cur != nil:
			cur.Text = joinText(cur.Text, l.text)
		case l.small && len(s.notes) > 0 && !endsSentence(s.notes[len(s.notes)-1].Text):
			f := &s.notes[len(s.notes)-1]
			f.Text = joinText(f.Text, l.text)
		default:
			kept, above = append(kept, l), append(above, l)
		}
	}
	done()
	s.lines = kept
}

// noteGoesOn reports whether the note goes on after the empty line i: the
// next line is the next note, or the rest of an address cut by the line.
func (s *source) noteGoesOn(cur *Footnote, i, next int) bool {
	for j := i; j < len(s.lines) && j < i+4; j++ {
		l := s.lines[j]
		if l.blank() {
			continue
		}
		if n, ok := readNoteStart(l.text); ok && n.number == next {
			return true
		}
		return openEnd(cur.Text) && continuesLink(l.text) || l.small && !endsSentence(cur.Text)
	}
	return false
}

// openEnd reports whether a text ends within a web address that a line break
// may have cut.
func openEnd(s string) bool {
	s = strings.TrimSpace(s)
	w := s[strings.LastIndexByte(s, ' ')+1:]
	if !strings.Contains(w, "://") && !strings.HasPrefix(w, "www.") {
		return false
	}
	return strings.ContainsAny(w[len(w)-1:], "-/=&?_%#+.") || len(w) > 60
}

// continuesLink reports whether a line begins with the rest of a web address
// and not with a word.
func continuesLink(s string) bool {
	w, _, _ := strings.Cut(s, " ")
	if w == "" || strings.Contains(w, "://") {
		return false
	}
	r, _ := utf8.DecodeRuneInString(w)
	if r >= utf8.RuneSelf || unicode.IsUpper(r) && !strings.ContainsAny(w, "/=&") {
		return false
	}
	return strings.ContainsAny(w, "/=&?_%#") || strings.Contains(strings.Trim(w, ".,;"), ".") || strings.Count(w, "-") > 1
}

// leadsToLink reports whether a text wants the address on the next line:
// "See", "Voir :", or an address that is cut.
func leadsToLink(s string) bool {
	s = strings.TrimSpace(s)
	if strings.HasSuffix(s, ":") || openEnd(s) {
		return true
	}
	last := s[strings.LastIndexByte(s, ' ')+1:]
	return s != "" && !endsSentence(s) && !strings.Contains(last, "://") && !strings.HasPrefix(last, "www.") && !strings.Contains(last, "@")
}

// nextNoteInBlock reports whether the note after this one begins before the
// next empty line, or right after it.
func (s *source) nextNoteInBlock(i, next int) bool {
	for j := i + 1; j < len(s.lines) && j < i+40; j++ {
		if s.lines[j].blank() {
			if j+1 >= len(s.lines) || s.lines[j+1].blank() {
				return false
			}
			continue
		}
		if n, ok := readNoteStart(s.lines[j].text); ok && n.number == next+1 {
			return true
		}
	}
	return false
}

func (s *source) noteFollows(i, next int) bool {
	for j := i + 1; j < len(s.lines) && j < i+4; j++ {
		if n, ok := readNoteStart(s.lines[j].text); ok && n.number == next {
			return true
		}
	}
	return false
}

// giveBackToNote moves the lines just above line i, up to the empty line,
// to the note they finish.
func (s *source) giveBackToNote(kept []line, i int) []line {
	n := len(kept)
	for n > 0 && !kept[n-1].blank() && !kept[n-1].para && kept[n-1].page == s.lines[i].page {
		n--
	}
	if n == len(kept) || n > 0 && len(kept)-n > 8 {
		return kept
	}
	f := &s.notes[len(s.notes)-1]
	for _, l := range kept[n:] {
		f.Text = joinText(f.Text, l.text)
	}
	return kept[:n]
}

func actionAbove(above []line) bool {
	for i := len(above) - 1; i >= 0 && i >= len(above)-3; i-- {
		if _, ok := says("actions_lead", above[i].text); ok {
			return true
		}
	}
	return false
}

var dateStart = lazyre.New(`^\d{1,2}(?:st|nd|rd|th|er|º)?\s+(?:de\s+)?(\p{L}+)`)

// isDateStart reports whether a line that begins with a number begins with a
// date: "1 May 2020".
func isDateStart(s string) bool {
	m := dateStart.FindStringSubmatch(s)
	return m != nil && monthNumber()[strings.ToLower(m[1])] > 0
}

var refForms sync.Map // n -> *lazyre.Regexp

// refForm finds what may be the reference to note n: "[n]", "[^n]", or the
// bare number behind a letter, a bracket, a quote or a full stop.
func refForm(n string) *lazyre.Regexp {
	if re, ok := refForms.Load(n); ok {
		return re.(*lazyre.Regexp)
	}
	re := lazyre.New(`\[\^?` + n + `\]|(?:\p{L}|[)\]»”"’'%]|[^\d\s][.,;:!?])(` + n + `)(?:$|[\s.,;:!?)\]»”"–—-])`)
	if len(n) < 3 {
		refForms.Store(n, re)
	}
	return re
}

// roundRef finds the reference "(n)" right behind a word: "Okan(1)". With a
// space before it the number may as well count something.
func roundRef(n int) *lazyre.Regexp {
	return lazyre.New(`([\p{L}»”"’'.,;)])\(` + strconv.Itoa(n) + `\)`)
}

func refersRound(lines []line, n int) bool {
	re := roundRef(n)
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.Contains(lines[i].text, "(") && re.MatchString(lines[i].text) {
			return true
		}
	}
	return false
}

// refersTo reports whether the lines refer to note n, by brackets only when
// strict.
func refersTo(lines []line, n int, strict bool) bool {
	re := refForm(strconv.Itoa(n))
	for i := len(lines) - 1; i >= 0; i-- {
		t := lines[i].text
		if !strings.Contains(t, strconv.Itoa(n)) {
			continue
		}
		for _, m := range re.FindAllStringSubmatchIndex(t, -1) {
			if m[2] < 0 || !strict && !notARef(t, m[2]) {
				return true
			}
		}
	}
	return false
}

// notARef reports whether the number at byte i of t belongs to the word it
// stands behind: COVID-19, G20, p.7, art.5, H1N1, "January10".
func notARef(t string, i int) bool {
	w := t[strings.LastIndexAny(t[:i], " \t(/")+1 : i]
	bare := strings.Trim(w, "()[]“”\"’'.,;:!?»«")
	if bare == "" {
		return false
	}
	if monthNumber()[strings.ToLower(bare)] > 0 {
		return true
	}
	switch strings.ToLower(bare) {
	case "art", "p", "pp", "no", "n", "nº", "n°", "vol", "para", "par", "ch", "sec", "v", "g", "h", "b", "u", "ст", "п", "ч", "стр", "md", "т", "covid", "tel", "fax", "page", "article", "articles":
		return true
	}
	letters, upper := 0, 0
	for _, r := range bare {
		if unicode.IsLetter(r) {
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	// "G20", "T4": short capitals carry numbers of their own.
	return letters <= 2 && upper == letters && bare == w
}

// markRefs turns printed references into marks "[^n]". The notes that exist
// are looked for in order, each after the one before; a bracketed number is
// a reference even when its note is missing.
func (a *Appeal) markRefs(texts []*string, exact bool) {
	have := map[int]bool{}
	top := 0
	for _, f := range a.Footnotes {
		have[f.Number] = true
		top = max(top, f.Number)
	}
	bracket := lazyre.New(`[ \t]?\[(\d{1,3})\]`)
	marked := map[int]bool{}
	for _, t := range texts {
		*t = bracket.ReplaceAllStringFunc(*t, func(m string) string {
			n, _ := strconv.Atoi(bracket.FindStringSubmatch(m)[1])
			if n == 0 || n > 400 {
				return m
			}
			return Mark(n)
		})
		for _, n := range Marks(*t) {
			marked[n] = true
		}
	}
	if exact {
		a.missingNotes(marked, have)
		return
	}
	at, from := 0, 0
	for n := 1; n <= top || n <= 99 && top == 0; n++ {
		if marked[n] {
			// Go on behind the mark.
			for k := at; k < len(texts); k++ {
				if i := strings.Index(*texts[k], Mark(n)); i >= 0 && (k > at || i >= from) {
					at, from = k, i+len(Mark(n))
					break
				}
			}
			continue
		}
		if top > 0 && !have[n] {
			continue
		}
		num := strconv.Itoa(n)
		re := refForm(num)
		k, i := findRef(texts, re, num, at, from, top == 0)
		if k < 0 {
			if top == 0 {
				break
			}
			continue
		}
		t := texts[k]
		*t = (*t)[:i] + Mark(n) + (*t)[i+len(num):]
		at, from = k, i+len(Mark(n))
		marked[n] = true
	}
	a.missingNotes(marked, have)
}

// missingNotes says which notes the text refers to and nobody printed.
func (a *Appeal) missingNotes(marked, have map[int]bool) {
	var missing []string
	for n := 1; n <= 400; n++ {
		if marked[n] && !have[n] {
			missing = append(missing, strconv.Itoa(n))
		}
	}
	if len(missing) > 0 {
		a.warn("footnote-missing", "", "the text refers to notes that the document does not print: %s", strings.Join(missing, ", "))
	}
}

// findRef returns the first bare reference after a position. lone asks for
// more certainty, because there is no note to go with it: a word of four
// small letters at least, with no space before the number.
func findRef(texts []*string, re *lazyre.Regexp, num string, at, from int, lone bool) (int, int) {
	for k := at; k < len(texts); k++ {
		t := *texts[k]
		if !strings.Contains(t, num) {
			continue
		}
		for _, m := range re.FindAllStringSubmatchIndex(t, -1) {
			if m[2] < 0 || k == at && m[2] < from || notARef(t, m[2]) || inLink(t, m[2]) {
				continue
			}
			if lone && !loneRef.MatchString(t[:m[2]]) {
				continue
			}
			return k, m[2]
		}
	}
	return -1, 0
}

var loneRef = lazyre.New(`\p{Ll}{4,}[)”"»]?[.,]?$`)

// inLink reports whether byte i of t lies in a web or e-mail address.
func inLink(t string, i int) bool {
	for _, m := range bareLink.FindAllStringIndex(t, -1) {
		if m[0] <= i && i < m[1] {
			return true
		}
	}
	return false
}

// linksIn returns the addresses printed in a text, without repeats.
func linksIn(text string) []string {
	links := []string{}
	seen := map[string]bool{}
	for _, m := range bareLink.FindAllString(text, -1) {
		m = m[:linkEnd(m)]
		if m == "" || seen[m] {
			continue
		}
		if !strings.Contains(m, "://") && !strings.HasPrefix(m, "www.") {
			m = "mailto:" + m
		}
		if !seen[m] {
			links = append(links, m)
		}
		seen[m] = true
	}
	return links
}

// mendLinks joins addresses that a line break cut in two, when the file
// itself lists the whole address, or the rest cannot be a word.
func (s *source) mendLinks() {
	listed := map[string]bool{}
	for _, l := range s.lines {
		if bareURLLine.MatchString(l.text) {
			listed[l.text] = true
		}
		for _, k := range l.links {
			listed[k.URL] = true
		}
	}
	for i := range s.notes {
		s.notes[i].Text = mend(s.notes[i].Text, listed)
	}
}

// joinCutLinks puts together web addresses that were cut over lines: the
// line ends in an address, and the next begins with what can only be the
// rest of one.
func (s *source) joinCutLinks() {
	width := wrapOf(s.lines).width
	for i := 0; i < len(s.lines); i++ {
		for {
			a := &s.lines[i]
			head := a.text[strings.LastIndexByte(a.text, ' ')+1:]
			if a.para || !strings.Contains(head, "://") && !strings.HasPrefix(head, "www.") {
				break
			}
			j := i + 1
			for j < len(s.lines) && j < i+4 && s.lines[j].blank() {
				j++
			}
			if j >= len(s.lines) || s.lines[j].para || s.lines[j].blank() || s.lines[j].item != "" {
				break
			}
			b := &s.lines[j]
			tail, rest, more := strings.Cut(b.text, " ")
			empty := j > i+1
			full := width > 0 && len(a.text) >= width*9/10
			cut := head != "" && strings.ContainsAny(head[len(head)-1:], "-/=&?_%#+")
			var ok bool
			switch {
			case strings.Contains(tail, "://") || tail == "" || strings.HasPrefix(tail, "www.") || strings.Contains(tail, "@"):
			case more: // the tail of an address, then words
				ok = (cut || full && !empty) && continuesLink(tail) && !(empty && s.lines[j].page == a.page && !cut)
			case empty:
				ok = cut && continuesLink(tail)
			case cut:
				ok = !endsSentence(tail) || continuesLink(tail) || startsLower(tail)
			default:
				ok = full && (continuesLink(tail) || strings.ContainsAny(tail, "0123456789-_") && len(tail) > 5)
			}
			if !ok {
				break
			}
			a.text += tail
			a.links = append(a.links, b.links...)
			if more {
				b.text = rest
				break
			}
			s.lines = append(s.lines[:i+1], s.lines[j+1:]...)
		}
	}
}

var cutLink = lazyre.New(`((?:https?://|www\.)\S+) (\S+)`)

func mend(text string, listed map[string]bool) string {
	if !strings.Contains(text, "://") && !strings.Contains(text, "www.") {
		return text
	}
	for from := 0; ; {
		m := cutLink.FindStringSubmatchIndex(text[from:])
		if m == nil {
			return text
		}
		for i := range m {
			m[i] += from
		}
		head, tail := text[m[2]:m[3]], text[m[4]:m[5]]
		whole := head + tail
		sure := listed[whole[:linkEnd(whole)]]
		if !sure && !listed[head] {
			sure = openEnd(head) && continuesLink(tail)
			for u := range listed {
				sure = sure || strings.HasPrefix(u, whole)
			}
		}
		if sure {
			text = text[:m[3]] + text[m[4]:]
			from = m[0]
		} else {
			from = m[3]
		}
	}
}
