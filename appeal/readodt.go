package appeal

import (
	"strconv"
	"strings"
)

// readODT reads content.xml with its notes, lists and links.
func readODT(p *parts, content []byte) (*source, error) {
	s := &source{file: FileInfo{Format: "odt", Properties: map[string]string{}}}
	if b, err := p.read("meta.xml"); err != nil {
		return nil, err
	} else if b != nil {
		s.readProperties(b)
	}
	lists := map[string]map[int]docxLevel{}
	hidden := map[string]bool{}
	for _, name := range []string{"styles.xml", "content.xml"} {
		b := content
		if name != "content.xml" {
			var err error
			if b, err = p.read(name); err != nil {
				return nil, err
			}
		}
		readODTStyles(b, lists, hidden)
	}
	o := &odtReader{s: s, lists: lists, hidden: hidden}
	if err := o.read(content); err != nil {
		if len(s.lines) == 0 {
			return nil, cannotRead("ask for the file again", "the ODT file is broken: %v", err)
		}
		s.warn("file-damaged", "", "the text could be read only in part: "+err.Error())
	}
	s.file.TrackedChanges, s.file.Comments = o.tracked, o.remarks
	if o.tracked > 0 {
		s.warn("tracked-changes", "", "the file carries "+strconv.Itoa(o.tracked)+" tracked changes: insertions were kept, deletions left out")
	}
	if o.hiddenSeen {
		s.warn("hidden-text", "", "the file holds hidden text; it was left out")
	}
	if o.remarks > 0 {
		s.warn("comments", "", "the file carries "+strconv.Itoa(o.remarks)+" comments, which were left out")
	}
	return s, nil
}

// readODTStyles reads the list styles (format and signs round the number)
// and which character styles hide their text.
func readODTStyles(b []byte, lists map[string]map[int]docxLevel, hidden map[string]bool) {
	style, named := "", ""
	_ = walk(b, func(name string, attr func(string) string) bool {
		switch name {
		case "style":
			named = attr("style:name")
		case "text-properties":
			if attr("text:display") == "none" && named != "" {
				hidden[named] = true
			}
		case "list-style":
			style = attr("style:name")
			if lists[style] == nil {
				lists[style] = map[int]docxLevel{}
			}
		case "list-level-style-number", "list-level-style-bullet":
			n, err := strconv.Atoi(attr("text:level"))
			if err != nil || style == "" || n > 20 {
				break
			}
			l := docxLevel{start: 1}
			if name == "list-level-style-number" {
				l.format = attr("num-format")
				l.text = attr("num-prefix") + "%" + attr("num-suffix")
				if v, err := strconv.Atoi(attr("start-value")); err == nil && v > 0 && v < 1000 {
					l.start = v
				}
			}
			lists[style][n] = l
		}
		return false
	}, func(string) {}, func(name string) {
		if name == "list-style" {
			style = ""
		}
	})
}

type odtList struct {
	style string
	next  int
}

type odtReader struct {
	s     *source
	lists map[string]map[int]docxLevel

	hidden     map[string]bool
	hiddenSeen bool

	o                officeText
	open             []odtList
	item             string
	level            int
	depth            int // of paragraphs
	note             *Footnote
	outer            *officeText
	outerDepth       int
	tracked, remarks int
}

func (r *odtReader) read(b []byte) error {
	return walk(b, func(name string, attr func(string) string) bool {
		switch name {
		case "changed-region":
			// Deleted text is kept here, out of the text.
			r.tracked++
			return true
		case "annotation":
			r.remarks++
			return true
		case "annotation-end", "sequence-decls", "forms", "script", "scripts", "font-face-decls", "automatic-styles":
			return true
		case "h", "p":
			if r.depth++; r.depth == 1 {
				r.level = 0
				if name == "h" {
					r.level = 1
					if n, err := strconv.Atoi(attr("outline-level")); err == nil && n > 0 && n < 10 {
						r.level = n
					}
				}
			}
		case "list":
			style := attr("style-name")
			if style == "" && len(r.open) > 0 {
				style = r.open[len(r.open)-1].style
			}
			l := odtList{style: style, next: 1}
			if lv, ok := r.lists[style][len(r.open)+1]; ok && lv.start > 0 {
				l.next = lv.start
			}
			r.open = append(r.open, l)
		case "list-item":
			r.item = r.marker(attr("start-value"))
		case "list-header":
			r.item = ""
		case "s":
			n, err := strconv.Atoi(attr("c"))
			if err != nil || n < 1 || n > 100 {
				n = 1
			}
			r.write(strings.Repeat(" ", n))
		case "tab":
			r.write(" ")
		case "line-break":
			r.write("\n")
		case "span":
			if r.hidden[attr("text:style-name")] {
				r.hiddenSeen = true
				return true
			}
		case "hidden-text", "hidden-paragraph":
			r.hiddenSeen = true
			return true
		case "a":
			r.o.closeLink()
			r.o.url, r.o.from = attr("href"), r.o.b.Len()
		case "note":
			if r.note == nil && r.depth > 0 {
				n := len(r.s.notes) + 1
				r.o.b.WriteString(Mark(n))
				r.note = &Footnote{Number: n}
				r.outer, r.outerDepth = &officeText{links: r.o.links, url: r.o.url, from: r.o.from}, r.depth
				r.outer.b.WriteString(r.o.b.String())
				r.o = officeText{}
				r.depth = 0
			}
		case "note-citation":
			return true
		}
		return false
	}, func(t string) {
		if r.depth > 0 {
			r.write(strings.ReplaceAll(t, "\n", " "))
		}
	}, func(name string) {
		switch name {
		case "h", "p":
			if r.depth--; r.depth == 0 {
				r.paragraph()
			}
			r.depth = max(r.depth, 0)
		case "a":
			r.o.closeLink()
		case "list":
			if n := len(r.open); n > 0 {
				r.open = r.open[:n-1]
			}
			r.item = ""
		case "list-item":
			r.item = ""
		case "note":
			if r.note != nil {
				if strings.TrimSpace(r.note.Text) != "" {
					r.note.Text = strings.TrimSpace(r.note.Text)
				}
				r.s.notes = append(r.s.notes, *r.note)
				r.note = nil
				links, url, from := r.outer.links, r.outer.url, r.outer.from
				text := r.outer.b.String()
				r.o = officeText{links: links, url: url, from: from}
				r.o.b.WriteString(text)
				r.depth = r.outerDepth
			}
		}
	})
}

func (r *odtReader) write(t string) {
	if r.depth > 0 {
		r.o.b.WriteString(t)
	}
}

// paragraph ends the open paragraph, of the text or of a note.
func (r *odtReader) paragraph() {
	r.o.closeLink()
	if r.note != nil {
		var links []Link
		for _, t := range r.o.linesKeep(&links) {
			r.note.Text = joinParagraphs(r.note.Text, t)
		}
		for _, l := range links {
			if !containsString(r.note.Links, l.URL) && safeURL(l.URL) {
				r.note.Links = append(r.note.Links, l.URL)
			}
		}
		return
	}
	r.s.lines = append(r.s.lines, r.o.lines(r.level, r.item)...)
	r.item = ""
}

// marker returns the marker of the list item that begins.
func (r *odtReader) marker(start string) string {
	n := len(r.open)
	if n == 0 {
		return "•"
	}
	l := &r.open[n-1]
	if v, err := strconv.Atoi(start); err == nil && v > 0 && v < 1000 {
		l.next = v
	}
	k := l.next
	l.next++
	lv, ok := r.lists[l.style][n]
	if !ok || lv.format == "" {
		return "•"
	}
	return strings.Replace(lv.text, "%", countMark(lv.format, k), 1)
}
