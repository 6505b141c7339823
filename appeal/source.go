package appeal

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// A source is a file as its format knows it, before anybody asked what its
// lines mean: the model that every reader fills and the one structural
// reader takes apart.
type source struct {
	lines []line
	notes []Footnote // that the format itself knows as notes
	lang  string     // the format's own statement, "fr"
	url   string     // canonical address of the page, if any
	file  FileInfo
	warns []Warning
	links []Link // links whose words are not known

	roundNotes []int // notes that the text refers to as "(1)"

	unread []string
}

// A line is a printed line, or a whole paragraph where the format knows
// paragraphs. An empty text is an empty line.
type line struct {
	text   string
	para   bool   // a whole paragraph: never joined with its neighbours
	level  int    // of a heading, from 1; 0 for text
	item   string // marker of a list item the format knows: "i.", "•"
	page   int    // from 1 where pages are known, else 0
	small  bool   // in the letter size of notes
	links  []Link // words in text that carry a link
	mended bool   // was decoded wrongly and repaired; as it stood it is in unread
}

func (s *source) warn(rule, where, message string) {
	s.warns = append(s.warns, Warning{rule, plainText(message), where})
}

// blank reports whether l holds no text.
func (l line) blank() bool { return l.text == "" }

var (
	cssBlock    = lazyre.New(`(?s)(?:@(?:font-face|media|import|page|charset|keyframes)\b[^{};]{0,200}(?:\{(?:[^{}]|\{[^{}]*\})*\}|;)|(?:^|[\s}])[.#]?[A-Za-z][A-Za-z0-9_.#:, >*-]{0,120}\{\s*(?:[a-zA-Z-]+\s*:[^{}]*|)\})`)
	cssComment  = lazyre.New(`(?s)<!--\s*/\*.*?-->|/\*.*?\*/`)
	htmlTag     = lazyre.New(`(?i)</?(?:p|br|div|span|a|b|i|em|strong|sup|font|table|tr|td|ul|ol|li|h[1-6])(?:\s[^<>]*)?/?>`)
	invisible   = strings.NewReplacer("\u200b", "", "\ufeff", "", "\u2060", "", "\u200c", "", "\u200e", "", "\u200f", "")
	spaces      = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u2007", " ", "\u2002", " ", "\u2003", " ", "\u3000", " ", "\t", " ", "\v", " ")
	manySpaces  = lazyre.New(` {2,}`)
	pageNumber  = lazyre.New(`(?i)^(?:(?:page|página|стр\.?|страница|sayfa|p\.)\s*)?[-–—]?\s*\d{1,3}\s*[-–—]?(?:\s*(?:/|of|sur|de|из)\s*\d{1,3})?$`)
	bareURLLine = lazyre.New(`^(?:https?://|mailto:|tel:|www\.)\S+$`)
)

// noControl drops control signs: in a terminal they could do harm. \x00 is
// our own sign for a soft hyphen at the end of a line.
func noControl(r rune) rune {
	if r != 0 && unicode.IsControl(r) || r >= 0x202a && r <= 0x202e {
		return -1
	}
	return r
}

// clean makes white space plain, drops invisible signs and style sheets that
// were pasted with the text, and says so. It changes no words.
func (s *source) clean() {
	css := 0
	for i := range s.lines {
		l := &s.lines[i]
		t := strings.ReplaceAll(l.text, "\x00", "")
		if strings.Contains(t, "\u00ad") {
			if strings.HasSuffix(t, "\u00ad") {
				// A soft hyphen at the end of a line joins it to the next one.
				t = strings.TrimSuffix(t, "\u00ad") + "\x00"
			}
			t = strings.ReplaceAll(t, "\u00ad", "")
		}
		t = strings.Map(noControl, spaces.Replace(invisible.Replace(t)))
		t = raisedDigits(t)
		if strings.Contains(t, "{") || strings.Contains(t, "/*") {
			n := len(t)
			t = cssComment.ReplaceAllString(t, " ")
			t = cssBlock.ReplaceAllString(t, " ")
			if len(t) < n-4 {
				css += n - len(t)
			} else {
				t = l.text
			}
		}
		l.text = strings.TrimSpace(manySpaces.ReplaceAllString(t, " "))
	}
	if s.cleanLongCSS() || css > 0 {
		s.warn("style-sheet", "", "a style sheet stood in the text and was left out")
	}
}

var (
	cssSelector = lazyre.New(`^[@.#]?[A-Za-z][\w .,#:>*@-]*$`)
	cssOpen     = lazyre.New(`^([^{}]*)\{\s*(?:[a-zA-Z][a-zA-Z0-9-]*\s*:[^{}]*)?$`)
	cssInside   = lazyre.New(`^(?:[a-zA-Z][a-zA-Z0-9-]*\s*:\s*[^{};]*;?\s*)*\}?$`)
	cssMark     = lazyre.New(`^(?:<!--|-->|/\*.*\*/|<!--[^>]*\{[^>]*-->)$`)
)

var raised = lazyre.New(`(^|\p{L}{3}|[.,;:!?)\]»”"'’])([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})`)

var plainDigit = strings.NewReplacer("⁰", "0", "¹", "1", "²", "2", "³", "3", "⁴", "4", "⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9")

// raisedDigits makes raised numbers behind a word, or at the start of a
// line, note numbers in brackets; those of "km²" stay.
func raisedDigits(t string) string {
	if !strings.ContainsAny(t, "⁰¹²³⁴⁵⁶⁷⁸⁹") {
		return t
	}
	return raised.ReplaceAllStringFunc(t, func(m string) string {
		p := raised.FindStringSubmatch(m)
		if p[1] == "" {
			return "[" + plainDigit.Replace(p[2]) + "] "
		}
		return p[1] + "[" + plainDigit.Replace(p[2]) + "]"
	})
}

// cleanLongCSS leaves out style sheets that run over lines: from the line
// that opens a block, with the selector before it, to the one that closes it.
// It reports whether it left out any.
func (s *source) cleanLongCSS() bool {
	var kept []line
	found := false
	for i := 0; i < len(s.lines); i++ {
		t := s.lines[i].text
		if cssMark.MatchString(t) {
			found = true
			continue
		}
		m := cssOpen.FindStringSubmatch(t)
		if m == nil || strings.TrimSpace(m[1]) != "" && !cssSelector.MatchString(strings.TrimSpace(m[1])) {
			kept = append(kept, s.lines[i])
			continue
		}
		j := i + 1
		for j < len(s.lines) && j < i+100 && !strings.Contains(s.lines[j].text, "}") && cssInside.MatchString(s.lines[j].text) {
			j++
		}
		if j >= len(s.lines) || !strings.HasSuffix(s.lines[j].text, "}") || !cssInside.MatchString(s.lines[j].text) {
			kept = append(kept, s.lines[i])
			continue
		}
		found = true
		if n := len(kept); strings.TrimSpace(m[1]) == "" && n > 0 && cssSelector.MatchString(kept[n-1].text) {
			kept = kept[:n-1] // the selector stood on the line above
		}
		i = j
	}
	s.lines = kept
	return found
}

// dropFurniture leaves out what belongs to pages and not to the text: page
// numbers, and head and foot lines that come back on later pages.
func (s *source) dropFurniture() {
	digit := lazyre.New(`\d+`)
	last := 0
	count := map[string]map[int]bool{}
	edge := s.pageEdges()
	for i, l := range s.lines {
		if l.page > last {
			last = l.page
		}
		if edge[i] != "" {
			k := digit.ReplaceAllString(l.text, "0")
			if count[k] == nil {
				count[k] = map[int]bool{}
			}
			count[k][l.page] = true
		}
	}
	seen := map[string]bool{}
	var kept []line
	for i, l := range s.lines {
		k := digit.ReplaceAllString(l.text, "0")
		switch {
		case edge[i] != "" && pageNumber.MatchString(l.text):
			continue
		case edge[i] != "" && len(count[k]) >= 2 && 2*len(count[k]) >= last-1 && len(l.text) < 150 && !bareURLLine.MatchString(l.text):
			if seen[k] || l.page > 1 || edge[i] == "foot" {
				continue
			}
			seen[k] = true // the first page keeps its own
		case l.page > 0 && last > 1 && l.text == strconv.Itoa(l.page) && (s.lines[i-1].blank() || i+1 == len(s.lines) || s.lines[i+1].blank()):
			continue // its number, above the notes of the page
		case last <= 1 && pageNumber.MatchString(l.text) && s.alone(i):
			// Pages without page breaks: a lone number between empty lines.
			s.unread = append(s.unread, l.text)
			continue
		}
		kept = append(kept, l)
	}
	s.lines = kept
}

// pageEdges marks the first two and last two printed lines of every page as
// "head" and "foot".
func (s *source) pageEdges() map[int]string {
	edge := map[int]string{}
	byPage := map[int][]int{}
	for i, l := range s.lines {
		if !l.blank() && l.page > 0 {
			byPage[l.page] = append(byPage[l.page], i)
		}
	}
	for _, is := range byPage {
		for n, i := range is {
			switch {
			case n >= len(is)-2 && n >= 2:
				edge[i] = "foot"
			case n < 2:
				edge[i] = "head"
			}
		}
	}
	return edge
}

func (s *source) alone(i int) bool {
	return (i == 0 || s.lines[i-1].blank()) && (i+1 == len(s.lines) || s.lines[i+1].blank())
}

// takeLinkLists takes lines that are an address and nothing else out of the
// text: converters list the links of a page at its foot.
func (s *source) takeLinkLists() {
	known := map[string]bool{}
	for _, f := range s.notes {
		for _, u := range f.Links {
			known[u] = true
		}
	}
	var kept []line
	for i, l := range s.lines {
		if i >= 12 && bareURLLine.MatchString(l.text) && !l.para && l.item == "" && !s.opensLink(i) {
			if !known[l.text] && safeURL(l.text) {
				known[l.text] = true
				s.links = append(s.links, Link{URL: l.text})
			}
			continue
		}
		kept = append(kept, l)
	}
	s.lines = kept
}

// opensLink reports whether the line before i leads in to an address that
// stands on its own line: "See:", "Website:".
func (s *source) opensLink(i int) bool {
	return i > 0 && !bareURLLine.MatchString(s.lines[i-1].text) && leadsToLink(s.lines[i-1].text)
}
