package appeal

import (
	"strconv"
	"strings"
)

// An editedPara is one paragraph of an edited DOCX, as it stood before its
// tracked changes and as it stands after them. Notes are kept by their id
// until their numbers are known: \x01id\x02.
type editedPara struct {
	before, after string
	changes       []TrackedChange
	comments      []Comment
	heading       bool
}

type editedNote struct {
	editedPara
	number int
	isNew  bool
}

// resolve puts the numbers of notes in place of their ids.
func (p *editedPara) resolve(e *editedReader) {
	for _, s := range []*string{&p.before, &p.after} {
		*s = e.resolve(*s)
	}
	for i := range p.changes {
		p.changes[i].Text = e.resolve(p.changes[i].Text)
	}
	for i := range p.comments {
		p.comments[i].On = e.resolve(p.comments[i].On)
	}
}

func (e *editedReader) resolve(s string) string {
	var b strings.Builder
	for {
		head, rest, ok := strings.Cut(s, "\x01")
		b.WriteString(head)
		if !ok {
			return oneLine(b.String())
		}
		id, tail, _ := strings.Cut(rest, "\x02")
		if n := e.notes[id]; n != nil {
			b.WriteString(Mark(n.number))
		}
		s = tail
	}
}

// An editedReader reads the main part, the notes and the comments of a DOCX
// with its tracked changes (ECMA-376, part 1, 17.13.5).
type editedReader struct {
	paras    []*editedPara
	notes    map[string]*editedNote // "f2", "e1"
	order    []string               // in the order of their first reference
	comments map[string]Comment
	headings map[string]bool // styles of headings
}

func (e *editedReader) numbered(n int) *editedNote {
	for _, x := range e.notes {
		if x.number == n {
			return x
		}
	}
	return nil
}

func (e *editedReader) read(p *parts) error {
	part := func(name string) ([]byte, error) { return p.read(name) }
	styles, err := part("word/styles.xml")
	if err != nil {
		return err
	}
	d := &docxReader{styleLevel: map[string]int{}, styleNum: map[string]string{}}
	_ = d.readStyles(styles)
	e.headings = map[string]bool{}
	for id, n := range d.styleLevel {
		e.headings[id] = n > 0
	}
	comments, err := part("word/comments.xml")
	if err != nil {
		return err
	}
	e.readComments(comments)
	for _, kind := range []string{"footnote", "endnote"} {
		b, err := part("word/" + kind + "s.xml")
		if err != nil {
			return err
		}
		e.readNotes(b, kind)
	}
	doc, err := part("word/document.xml")
	if err != nil {
		return err
	}
	w := &editedWalk{e: e, style: e.headings}
	err = w.walk(doc, func(p *editedPara) { e.add(p) }, nil, nil)
	if err != nil && len(e.paras) == 0 {
		return cannotRead("ask for the file again", "the DOCX file is broken: %v", err)
	}
	// Notes that no mark refers to any more keep their place at the end.
	for _, kind := range []string{"f", "e"} {
		for i := -5; i < 10_000; i++ {
			id := kind + strconv.Itoa(i)
			if e.notes[id] != nil {
				e.refer(id)
			}
		}
	}
	return nil
}

// add keeps a paragraph that holds anything.
func (e *editedReader) add(p *editedPara) {
	if strings.TrimSpace(p.before+p.after) != "" || len(p.changes) > 0 || len(p.comments) > 0 {
		e.paras = append(e.paras, p)
	}
}

func (e *editedReader) refer(id string) {
	for _, have := range e.order {
		if have == id {
			return
		}
	}
	if e.notes[id] == nil {
		e.notes[id] = &editedNote{}
	}
	e.order = append(e.order, id)
}

func (e *editedReader) readComments(b []byte) {
	id := ""
	var c Comment
	w := &editedWalk{e: e}
	_ = w.walk(b, func(p *editedPara) {
		if id != "" {
			c.Text = joinParagraphs(c.Text, oneLine(p.after))
		}
	}, func(name string, attr func(string) string) {
		if name == "comment" {
			id, c = attr("id"), Comment{Author: attr("author"), Date: attr("date")}
		}
	}, func(name string) {
		if name == "comment" {
			e.comments[id] = c
			id = ""
		}
	})
}

func (e *editedReader) readNotes(b []byte, kind string) {
	id := ""
	var n *editedNote
	w := &editedWalk{e: e, notes: true}
	_ = w.walk(b, func(p *editedPara) {
		if n == nil {
			return
		}
		n.before = oneLine(n.before + " " + p.before)
		n.after = oneLine(n.after + " " + p.after)
		n.changes = append(n.changes, p.changes...)
		n.comments = append(n.comments, p.comments...)
	}, func(name string, attr func(string) string) {
		if name == kind {
			if t := attr("type"); t == "" || t == "normal" {
				id, n = kind[:1]+attr("id"), &editedNote{}
			}
		}
	}, func(name string) {
		if name == kind && n != nil {
			e.notes[id] = n
			n = nil
		}
	})
}

// An editedWalk reads the paragraphs of one part.
type editedWalk struct {
	e     *editedReader
	style map[string]bool
	notes bool // inside notes, where references count for nothing

	p             *editedPara
	before, after strings.Builder
	open          []TrackedChange // insertions and deletions that are open
	all           strings.Builder // all words, for what comments stand at
	marked        map[string]int  // open comments -> where they began
	inText, inPPr bool
	nested        int
	field         []bool // open fields: true once their instructions are over
	ownMark       bool
	super         bool
	superAt       [3]int
}

func changeKind(name string) string {
	switch name {
	case "ins":
		return Insertion
	case "del":
		return Deletion
	case "moveFrom":
		return MovedAway
	case "moveTo":
		return MovedHere
	}
	return ""
}

func (w *editedWalk) walk(b []byte, paragraph func(*editedPara), also func(string, func(string) string), alsoEnd func(string)) error {
	w.marked = map[string]int{}
	return walk(b, func(name string, attr func(string) string) bool {
		if also != nil {
			also(name, attr)
		}
		if k := changeKind(name); k != "" {
			c := TrackedChange{Kind: k, Author: attr("author"), Date: attr("date"), Tracked: true}
			if w.inPPr {
				if w.p != nil {
					c.Text = "¶"
					w.p.changes = append(w.p.changes, c)
				}
				return true
			}
			w.open = append(w.open, c)
			return false
		}
		switch name {
		case "Fallback", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tcPrChange", "trPrChange", "numberingChange":
			return true
		case "p":
			if w.nested > 0 || w.p != nil { // a text box: its words belong to the paragraph it hangs on
				w.nested++
				w.write(" ")
				break
			}
			w.p = &editedPara{}
			w.before.Reset()
			w.after.Reset()
			w.all.Reset()
			for id := range w.marked {
				w.marked[id] = 0
			}
		case "pPr":
			w.inPPr = true
		case "pStyle":
			if w.p != nil {
				w.p.heading = w.style[attr("val")]
			}
		case "r":
			w.ownMark, w.super = false, false
			w.superAt = [3]int{w.before.Len(), w.after.Len(), w.all.Len()}
		case "vertAlign":
			w.super = attr("val") == "superscript"
		case "t", "delText":
			w.inText = true
		case "tab":
			w.write(" ")
		case "br", "cr":
			w.write(" ")
		case "noBreakHyphen":
			w.write("-")
		case "fldChar":
			switch n := len(w.field); {
			case attr("fldCharType") == "begin" && n < 100:
				w.field = append(w.field, false)
			case attr("fldCharType") == "separate" && n > 0:
				w.field[n-1] = true
			case attr("fldCharType") == "end" && n > 0:
				w.field = w.field[:n-1]
			}
		case "footnoteReference", "endnoteReference":
			id := name[:1] + attr("id")
			if !w.notes {
				w.e.refer(id)
				w.write("\x01" + id + "\x02")
			}
			w.ownMark = attr("customMarkFollows") == "1" || attr("customMarkFollows") == "true"
		case "footnoteRef", "endnoteRef":
			w.ownMark = true // the number before the note
		case "commentRangeStart":
			w.marked[attr("id")] = w.all.Len()
		case "commentReference":
			w.comment(attr("id"))
		}
		return false
	}, func(t string) {
		if w.inText && !w.ownMark && (len(w.field) == 0 || w.field[len(w.field)-1]) {
			w.write(strings.Map(func(r rune) rune {
				if r == 1 || r == 2 || r == '\n' {
					return ' '
				}
				return r
			}, t))
		}
	}, func(name string) {
		if alsoEnd != nil {
			defer alsoEnd(name)
		}
		if changeKind(name) != "" {
			if n := len(w.open); n > 0 {
				w.close(w.open[n-1])
				w.open = w.open[:n-1]
			}
			return
		}
		switch name {
		case "t", "delText":
			w.inText = false
		case "pPr":
			w.inPPr = false
		case "r":
			w.raised()
		case "p":
			if w.nested > 0 {
				w.nested--
				return
			}
			if w.p == nil {
				return
			}
			for i := range w.open { // a change that goes on in the next paragraph
				w.close(w.open[i])
				w.open[i].Text = ""
			}
			w.p.before, w.p.after = oneLine(w.before.String()), oneLine(w.after.String())
			paragraph(w.p)
			w.p = nil
		}
	})
}

// write adds words where they belong: to the text before, after, or both.
func (w *editedWalk) write(s string) {
	if w.p == nil {
		return
	}
	was, is := true, true
	for i := range w.open {
		switch w.open[i].Kind {
		case Insertion, MovedHere:
			was = false
		case Deletion, MovedAway:
			is = false
		}
	}
	if n := len(w.open); n > 0 {
		w.open[n-1].Text += s
	}
	if was {
		w.before.WriteString(s)
	}
	if is {
		w.after.WriteString(s)
	}
	w.all.WriteString(s)
}

// close keeps a change; neighbours of one hand are one change.
func (w *editedWalk) close(c TrackedChange) {
	if w.p == nil || c.Text == "" {
		return
	}
	if n := len(w.p.changes); n > 0 {
		l := &w.p.changes[n-1]
		if l.Kind == c.Kind && l.Author == c.Author && l.Date == c.Date && l.Text != "¶" && strings.HasSuffix(w.all.String(), l.Text+c.Text) {
			l.Text += c.Text
			return
		}
	}
	w.p.changes = append(w.p.changes, c)
}

func (w *editedWalk) comment(id string) {
	c, ok := w.e.comments[id]
	if !ok || w.p == nil {
		return
	}
	if at, ok := w.marked[id]; ok && at <= w.all.Len() {
		c.On = oneLine(w.all.String()[at:])
	}
	delete(w.marked, id)
	w.p.comments = append(w.p.comments, c)
}

// raised turns a raised number typed by hand, or the second mark of a note,
// into a mark.
func (w *editedWalk) raised() {
	if !w.super || w.ownMark || w.p == nil || w.superAt[2] > w.all.Len() {
		return
	}
	m := justNote.FindStringSubmatch(strings.TrimSpace(w.all.String()[w.superAt[2]:]))
	if m == nil || strings.TrimSpace(w.all.String()[:w.superAt[2]]) == "" {
		return
	}
	for i, b := range []*strings.Builder{&w.before, &w.after, &w.all} {
		if s := b.String(); w.superAt[i] < len(s) {
			b.Reset()
			b.WriteString(s[:w.superAt[i]] + "[^" + m[1] + "]")
		}
	}
}
