package appeal

import (
	"strings"
	"unicode"
)

// statements finds those that lost a source or changed beside it.
func (c *comparison) statements() {
	for i, t := range c.old {
		for _, s := range statementsIn(t) {
			for _, n := range Marks(s) {
				c.statement(i, s, n)
			}
		}
	}
}

// statement looks where a sentence with a note went.
func (c *comparison) statement(i int, s string, n int) {
	words := WithoutMarks(s)
	j := c.at[i]
	if j < 0 || share(words, c.e.paras[j].after) < .6 {
		// Not in its place: moved whole, or gone.
		j = -1
		for k, p := range c.e.paras {
			if share(words, p.after) >= .85 {
				j = k
				break
			}
		}
		if j < 0 {
			return // the statement is gone, and its note with it
		}
	}
	p := c.e.paras[j]
	lost := LostSource{Statement: strings.TrimSpace(oneLine(words)), Paragraph: j + 1, Number: n, Note: c.notes[n]}
	now, best := "", 0.0
	for _, x := range statementsIn(p.after) {
		// The words of the statement first; of two that hold them, the shorter.
		if k := share(words, x) + wordsShared(words, x)/100; k > best {
			now, best = x, k
		}
	}
	if !strings.Contains(now, Mark(n)) {
		lost.Reason = "its footnote mark is gone"
		if strings.Contains(p.after, Mark(n)) {
			lost.Reason = "its footnote mark stands at another statement of the paragraph"
		}
		for _, ch := range p.changes {
			if (ch.Kind == Deletion || ch.Kind == MovedAway) && strings.Contains(ch.Text, Mark(n)) {
				lost.Author, lost.Date = ch.Author, ch.Date
			}
		}
		c.m.Lost = append(c.m.Lost, lost)
		return
	}
	if note := c.e.numbered(n); note != nil && strings.TrimSpace(note.after) == "" {
		lost.Reason = "its footnote is empty"
		c.m.Lost = append(c.m.Lost, lost)
		return
	}
	if plainKey(WithoutMarks(now)) != plainKey(words) {
		c.m.Recheck = append(c.m.Recheck, ChangedSource{Before: lost.Statement, After: strings.TrimSpace(oneLine(WithoutMarks(now))), Paragraph: j + 1, Number: n})
	}
}

// statementsIn cuts a paragraph at the ends of its sentences; marks and closing
// quotes stay with the sentence before them.
func statementsIn(t string) []string {
	var out []string
	rs := []rune(t)
	from := 0
	for i := 0; i < len(rs); i++ {
		if rs[i] != '.' && rs[i] != '!' && rs[i] != '?' && rs[i] != '…' && rs[i] != '؟' || shortens(rs[from:i]) {
			continue
		}
		end := i + 1
		for end < len(rs) {
			if strings.ContainsRune("”\"»’)].!?", rs[end]) {
				end++
				continue
			}
			if m := markForm.FindStringIndex(string(rs[end:min(end+7, len(rs))])); m != nil && m[0] == 0 {
				end += m[1]
				continue
			}
			break
		}
		if end < len(rs) {
			next := end
			for next < len(rs) && unicode.IsSpace(rs[next]) {
				next++
			}
			if next == end || next < len(rs) && unicode.IsLower(rs[next]) {
				i = end - 1
				continue
			}
		}
		out = append(out, string(rs[from:end]))
		from, i = end, end-1
	}
	if s := string(rs[from:]); strings.TrimSpace(s) != "" {
		out = append(out, s)
	}
	return out
}

// shortens reports whether a point after s shortens a word: "Ms", "H.E",
// "Art", a single letter.
func shortens(s []rune) bool {
	i := len(s)
	for i > 0 && (unicode.IsLetter(s[i-1]) || s[i-1] == '.') {
		i--
	}
	w := string(s[i:])
	switch strings.ToLower(w) {
	case "mr", "mrs", "ms", "dr", "prof", "art", "no", "cf", "e.g", "i.e", "etc", "vs", "st", "mme", "sr", "sra", "г", "ст", "им", "т.е", "т.д":
		return true
	}
	return len([]rune(w)) == 1 && unicode.IsUpper(s[i]) || strings.Contains(w, ".")
}
