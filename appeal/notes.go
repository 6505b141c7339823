package appeal

import (
	"strconv"
	"strings"
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
