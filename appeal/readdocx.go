package appeal

import (
	"strconv"
	"strings"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// docxLevel is one level of a DOCX list.
type docxLevel struct {
	format, text string
	start        int
}

type docxReader struct {
	s          *source
	rels       map[string]string // of the main part "rId1", of notes "frId1"
	part       string            // "", "f" or "e": which part is read
	styleLevel map[string]int    // style id -> heading level
	styleNum   map[string]string // style id -> list
	nums       map[string]map[string]docxLevel
	counts     map[string]int
	noteTexts  map[string]Footnote // "f3", "e1"
	noteOrder  []string

	o                officeText
	inText           bool
	level            int
	numID, lvl       string
	super, vanish    bool
	ownMark          bool
	superFrom        int
	field            []string // instructions of open fields
	hiddenSeen       bool
	tracked, remarks int
}

// readDOCX reads word/document.xml with its notes, lists and links.
func readDOCX(p *parts, doc []byte) (*source, error) {
	s := &source{file: FileInfo{Format: "docx", Properties: map[string]string{}}}
	d := &docxReader{s: s, rels: map[string]string{}, styleLevel: map[string]int{}, styleNum: map[string]string{}, nums: map[string]map[string]docxLevel{},
		counts: map[string]int{}, noteTexts: map[string]Footnote{}}
	for _, part := range []struct {
		name string
		read func([]byte) error
	}{
		{"word/_rels/document.xml.rels", d.readRels}, {"word/styles.xml", d.readStyles}, {"word/numbering.xml", d.readNumbering},
		// The links of a part have names of their own (ECMA-376, part 2, 8.5).
		{"word/_rels/footnotes.xml.rels", func(b []byte) error { return d.readPartRels(b, "f") }},
		{"word/_rels/endnotes.xml.rels", func(b []byte) error { return d.readPartRels(b, "e") }},
		{"word/footnotes.xml", func(b []byte) error { return d.readNotes(b, "f") }},
		{"word/endnotes.xml", func(b []byte) error { return d.readNotes(b, "e") }},
		{"word/comments.xml", d.readComments},
		{"docProps/core.xml", func(b []byte) error { s.readProperties(b); return nil }},
		{"docProps/app.xml", func(b []byte) error { s.readProperties(b); return nil }},
	} {
		b, err := p.read(part.name)
		if err != nil {
			return nil, err
		}
		if b != nil {
			if err := part.read(b); err != nil {
				s.warn("file-damaged", "", part.name+" could be read only in part: "+err.Error())
			}
		}
	}
	if err := d.readBody(doc, func() { s.lines = append(s.lines, d.o.lines(d.level, d.marker())...) }); err != nil {
		if len(s.lines) == 0 {
			return nil, cannotRead("ask for the file again", "the DOCX file is broken: %v", err)
		}
		s.warn("file-damaged", "", "the text could be read only in part: "+err.Error())
	}
	for i, id := range d.noteOrder {
		f := d.noteTexts[id]
		f.Number = i + 1
		s.notes = append(s.notes, f)
	}
	d.finish()
	return s, nil
}

func (d *docxReader) finish() {
	s := d.s
	s.file.TrackedChanges, s.file.Comments = d.tracked, d.remarks
	if d.tracked > 0 {
		s.warn("tracked-changes", "", "the file carries "+strconv.Itoa(d.tracked)+" tracked changes: insertions were kept, deletions left out")
	}
	if d.remarks > 0 {
		s.warn("comments", "", "the file carries "+strconv.Itoa(d.remarks)+" comments, which were left out")
	}
	if d.hiddenSeen {
		s.warn("hidden-text", "", "the file holds hidden text; it was left out")
	}
}

func (d *docxReader) readRels(b []byte) error { return d.readPartRels(b, "") }

func (d *docxReader) readPartRels(b []byte, part string) error {
	return walk(b, func(name string, attr func(string) string) bool {
		if name == "Relationship" && strings.HasSuffix(attr("Type"), "/hyperlink") {
			d.rels[part+attr("Id")] = attr("Target")
		}
		return false
	}, func(string) {}, func(string) {})
}

var headingStyle = lazyre.New(`(?i)^(?:heading|titre|título|заголовок|başlık|überschrift)\s*(\d)$`)

func (d *docxReader) readStyles(b []byte) error {
	id := ""
	return walk(b, func(name string, attr func(string) string) bool {
		switch name {
		case "style":
			id = attr("styleId")
		case "name":
			if m := headingStyle.FindStringSubmatch(attr("val")); m != nil {
				d.styleLevel[id] = int(m[1][0] - '0')
			} else if strings.EqualFold(attr("val"), "title") {
				d.styleLevel[id] = 1
			}
		case "outlineLvl":
			if n, err := strconv.Atoi(attr("val")); err == nil && n < 9 {
				d.styleLevel[id] = n + 1
			}
		case "numId":
			d.styleNum[id] = attr("val")
		}
		return false
	}, func(string) {}, func(string) {})
}

func (d *docxReader) readNumbering(b []byte) error {
	abstract := map[string]map[string]docxLevel{}
	cur, lvl, num := "", "", ""
	return walk(b, func(name string, attr func(string) string) bool {
		switch name {
		case "abstractNum":
			cur = attr("abstractNumId")
			abstract[cur] = map[string]docxLevel{}
		case "lvl":
			lvl = attr("ilvl")
			if abstract[cur] != nil {
				abstract[cur][lvl] = docxLevel{format: "decimal", text: "%1.", start: 1}
			}
		case "numFmt", "lvlText", "start":
			l, ok := abstract[cur][lvl]
			if !ok {
				break
			}
			switch name {
			case "numFmt":
				l.format = attr("val")
			case "lvlText":
				l.text = attr("val")
			case "start":
				if n, err := strconv.Atoi(attr("val")); err == nil && n >= 0 && n < 1000 {
					l.start = n
				}
			}
			abstract[cur][lvl] = l
		case "num":
			num = attr("numId")
		case "abstractNumId":
			if num != "" {
				d.nums[num] = abstract[attr("val")]
			}
		}
		return false
	}, func(string) {}, func(string) {})
}

func (d *docxReader) readComments(b []byte) error {
	return walk(b, func(name string, _ func(string) string) bool {
		if name == "comment" {
			d.remarks++
		}
		return false
	}, func(string) {}, func(string) {})
}

// readNotes reads footnotes.xml or endnotes.xml; the special notes that draw
// separators are no notes.
func (d *docxReader) readNotes(b []byte, kind string) error {
	id, text := "", ""
	var links []Link
	n := &docxReader{s: d.s, rels: d.rels, part: kind, styleLevel: map[string]int{}, noteTexts: map[string]Footnote{}}
	err := n.readBodyFunc(b, func() {
		for _, l := range n.o.linesKeep(&links) {
			text = joinParagraphs(text, l)
		}
	}, func(name string, attr func(string) string) {
		if name == "footnote" || name == "endnote" {
			id, text, links = attr("id"), "", nil
			if t := attr("type"); t != "" && t != "normal" {
				id = ""
			}
		}
	}, func(name string) {
		if (name == "footnote" || name == "endnote") && id != "" {
			f := Footnote{Text: strings.TrimSpace(text)}
			for _, l := range links {
				if !containsString(f.Links, l.URL) && safeURL(l.URL) {
					f.Links = append(f.Links, l.URL)
				}
			}
			d.noteTexts[kind+id] = f
		}
	})
	d.tracked += n.tracked
	d.hiddenSeen = d.hiddenSeen || n.hiddenSeen
	return err
}

// linesKeep is lines for a note: texts only, links apart.
func (o *officeText) linesKeep(links *[]Link) []string {
	*links = append(*links, o.links...)
	var out []string
	for _, l := range o.lines(0, "") {
		if l.text != "" {
			out = append(out, l.text)
		}
	}
	return out
}

func (d *docxReader) readBody(b []byte, paragraph func()) error {
	return d.readBodyFunc(b, paragraph, func(string, func(string) string) {}, func(string) {})
}

// readBodyFunc walks the body of a document or of its notes.
func (d *docxReader) readBodyFunc(b []byte, paragraph func(), also func(string, func(string) string), alsoEnd func(string)) error {
	return walk(b, func(name string, attr func(string) string) bool {
		also(name, attr)
		switch name {
		case "Fallback", "del", "moveFrom", "instrText", "delInstrText", "delText":
			switch name {
			case "del", "moveFrom":
				d.tracked++
			case "instrText":
				d.inText = true
				return false
			}
			return true
		case "ins", "moveTo", "rPrChange", "pPrChange":
			d.tracked++
			return strings.HasSuffix(name, "Change")
		case "p":
			d.level, d.numID, d.lvl = 0, "", "0"
		case "pStyle":
			d.level = d.styleLevel[attr("val")]
			if n := d.styleNum[attr("val")]; n != "" && d.level == 0 {
				d.numID = n
			}
		case "outlineLvl":
			if n, err := strconv.Atoi(attr("val")); err == nil && n < 9 {
				d.level = n + 1
			}
		case "numId":
			d.numID = attr("val")
		case "ilvl":
			d.lvl = attr("val")
		case "r":
			d.super, d.vanish, d.ownMark = false, false, false
			d.superFrom = d.o.b.Len()
		case "vertAlign":
			d.super = attr("val") == "superscript"
		case "vanish":
			d.vanish = attr("val") != "0" && attr("val") != "false"
		case "t":
			d.inText = true
		case "tab":
			d.o.b.WriteByte(' ')
		case "br", "cr":
			if attr("type") != "page" {
				d.o.b.WriteByte('\n')
			} else {
				d.o.b.WriteByte(' ')
			}
		case "noBreakHyphen":
			d.o.b.WriteByte('-')
		case "footnoteReference", "endnoteReference":
			d.o.b.WriteString(Mark(d.noteNumber(name[:1] + attr("id"))))
			// The number that a person chose follows as text.
			d.ownMark = attr("customMarkFollows") == "1" || attr("customMarkFollows") == "true"
		case "hyperlink":
			d.o.closeLink()
			d.o.url, d.o.from = d.rels[d.part+attr("id")], d.o.b.Len()
		case "fldChar":
			d.fieldChar(attr("fldCharType"))
		case "fldSimple":
			d.o.closeLink()
			d.o.url, d.o.from = fieldLink(attr("instr")), d.o.b.Len()
		}
		return false
	}, func(t string) {
		if !d.inText || d.ownMark {
			return
		}
		if n := len(d.field); n > 0 && d.field[n-1] != "\x00" {
			d.field[n-1] += t
			return
		}
		if d.vanish {
			d.hiddenSeen = d.hiddenSeen || strings.TrimSpace(t) != ""
			return
		}
		d.o.b.WriteString(strings.ReplaceAll(t, "\n", " "))
	}, func(name string) {
		alsoEnd(name)
		switch name {
		case "t", "instrText":
			d.inText = false
		case "r":
			d.superscript()
		case "hyperlink", "fldSimple":
			d.o.closeLink()
		case "p":
			d.o.closeLink()
			paragraph()
		}
	})
}

// superscript turns a raised number at the end of the text into a mark: a
// reference typed by hand.
func (d *docxReader) superscript() {
	t := d.o.b.String()
	if !d.super || d.superFrom > len(t) {
		return
	}
	m := justNote.FindStringSubmatch(strings.TrimSpace(t[d.superFrom:]))
	before := strings.TrimSpace(t[:d.superFrom])
	if m == nil || before == "" || strings.HasSuffix(before, " m") || strings.HasSuffix(before, " km") {
		return
	}
	n, _ := strconv.Atoi(m[1])
	if n == 0 {
		return
	}
	d.o.b.Reset()
	d.o.b.WriteString(t[:d.superFrom] + Mark(n))
}

// noteNumber numbers notes in the order they are referred to, as the reader
// of the document sees them.
func (d *docxReader) noteNumber(id string) int {
	for i, have := range d.noteOrder {
		if have == id {
			return i + 1
		}
	}
	if _, ok := d.noteTexts[id]; !ok {
		d.noteTexts[id] = Footnote{}
		d.s.warn("footnote-missing", "", "the file refers to a note that it does not hold")
	}
	d.noteOrder = append(d.noteOrder, id)
	return len(d.noteOrder)
}

func (d *docxReader) fieldChar(kind string) {
	n := len(d.field)
	switch {
	case kind == "begin" && n < 100:
		d.field = append(d.field, "")
	case kind == "separate" && n > 0:
		if u := fieldLink(d.field[n-1]); u != "" {
			d.o.closeLink()
			d.o.url, d.o.from = u, d.o.b.Len()
		}
		d.field[n-1] = "\x00" // what follows is the shown text
	case kind == "end" && n > 0:
		d.o.closeLink()
		d.field = d.field[:n-1]
	}
}

var hyperlinkField = lazyre.New(`^\s*HYPERLINK\s+"([^"]+)"`)

func fieldLink(instruction string) string {
	if m := hyperlinkField.FindStringSubmatch(instruction); m != nil {
		return m[1]
	}
	return ""
}

// marker returns the list marker of the open paragraph, counted as a word
// processor shows it.
func (d *docxReader) marker() string {
	if d.numID == "" || d.numID == "0" || strings.TrimSpace(d.o.b.String()) == "" {
		return ""
	}
	l, ok := d.nums[d.numID][d.lvl]
	if !ok {
		l = docxLevel{format: "bullet"}
	}
	key := d.numID + "/" + d.lvl
	n, counted := d.counts[key]
	if !counted {
		n = l.start
	}
	d.counts[key] = n + 1
	if lvl, err := strconv.Atoi(d.lvl); err == nil { // deeper levels start again
		for i := lvl + 1; i < 9; i++ {
			delete(d.counts, d.numID+"/"+strconv.Itoa(i))
		}
	}
	format, ok := map[string]string{"decimal": "1", "lowerRoman": "i", "upperRoman": "I", "lowerLetter": "a", "upperLetter": "A", "russianLower": "а", "decimalZero": "1"}[l.format]
	if !ok {
		return "•"
	}
	lvl, _ := strconv.Atoi(d.lvl)
	text := strings.ReplaceAll(l.text, "%"+strconv.Itoa(lvl+1), countMark(format, n))
	text = lazyre.New(`%\d\.?`).ReplaceAllString(text, "")
	if text == "" || len(text) > 20 {
		return countMark(format, n) + "."
	}
	return text
}
