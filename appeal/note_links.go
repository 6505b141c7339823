package appeal

import (
	"strings"

	"github.com/arasha-org/arasha/internal/lazyre"
)

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
