package appeal

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// A Merge says what an edited copy of an appeal changed, paragraph by
// paragraph, and which statement lost its source on the way.
type Merge struct {
	Base       string          `json:"base"` // what the copy was compared with: "file", "embedded", or "" for its own tracked changes only
	Paragraphs []EditedPara    `json:"paragraphs"`
	Lost       []LostSource    `json:"lost_sources"`
	Recheck    []ChangedSource `json:"recheck"`
	Notes      []EditedNote    `json:"notes"`  // every note of the copy, with what became of it
	Appeal     *Appeal         `json:"appeal"` // the copy with all its changes accepted
}

// An EditedPara is a paragraph that was changed or commented. Marks stand in
// its text as "[^3]", numbered as in the base.
type EditedPara struct {
	Number   int             `json:"number"`  // of the paragraph in the copy, from 1; 0 for one that is gone without a trace
	Heading  string          `json:"heading"` // of its section
	Note     int             `json:"note"`    // the footnote it stands in, or 0
	Before   string          `json:"before"`
	After    string          `json:"after"`
	Changes  []TrackedChange `json:"changes"`
	Comments []Comment       `json:"comments"`
}

// The kinds of change, [TrackedChange.Kind].
const (
	Insertion = "insertion"
	Deletion  = "deletion"
	MovedAway = "moved_away"
	MovedHere = "moved_here"
)

// A TrackedChange is one change. Tracked is false for one that was made with
// the tracking off and shows only against the base.
type TrackedChange struct {
	Kind    string `json:"kind"`
	Text    string `json:"text"` // "¶" stands for the end of a paragraph
	Author  string `json:"author"`
	Date    string `json:"date"` // as in the file, such as 2026-11-09T10:00:00Z
	Tracked bool   `json:"tracked"`
}

// A Comment is a remark in the margin.
type Comment struct {
	Author string `json:"author"`
	Date   string `json:"date"`
	Text   string `json:"text"`
	On     string `json:"on"` // the words it stands at
}

// A LostSource is a statement that still stands, and cites nothing where it
// cited a note before.
type LostSource struct {
	Statement string `json:"statement"` // as it stood, without marks
	Paragraph int    `json:"paragraph"` // where it stands now
	Number    int    `json:"number"`    // of the note in the base
	Note      string `json:"note"`      // the text of the note
	Reason    string `json:"reason"`
	Author    string `json:"author"` // who took the mark away, when that was tracked
	Date      string `json:"date"`
}

// A ChangedSource is a statement that keeps its note but says something else:
// somebody has to see whether the source still carries it.
type ChangedSource struct {
	Before    string `json:"before"`
	After     string `json:"after"`
	Paragraph int    `json:"paragraph"`
	Number    int    `json:"number"`
}

// An EditedNote is one note of the copy.
type EditedNote struct {
	Number int    `json:"number"` // as in the base; a new note comes after them
	Text   string `json:"text"`
	State  string `json:"state"` // "kept", "changed", "new", "unused"
}

// ReadMerge reads an edited DOCX. base is the appeal that was sent out; when
// it is nil, the one that the file carries is taken, and without one only
// what the file itself tracks is known.
func ReadMerge(data []byte, base *Appeal) (*Merge, error) {
	if len(data) > MaxFile {
		return nil, cannotRead("", "the file has %d MB; more than %d MB is not read", len(data)>>20, MaxFile>>20)
	}
	if !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return nil, cannotRead("open it in a word processor and save it as .docx", "only a .docx file carries tracked changes that are read here")
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, cannotRead("ask for the file again", "the file is broken: its archive cannot be opened (%v)", err)
	}
	if len(z.File) > maxMembers {
		return nil, cannotRead("", "the file holds %d parts; more than %d are not read", len(z.File), maxMembers)
	}
	p := &parts{z: z}
	if !p.has("word/document.xml") {
		return nil, cannotRead("open it in a word processor and save it as .docx", "only a .docx file carries tracked changes that are read here")
	}
	m := &Merge{Base: "file", Paragraphs: []EditedPara{}, Lost: []LostSource{}, Recheck: []ChangedSource{}, Notes: []EditedNote{}}
	if base == nil {
		base, _ = p.data()
		m.Base = "embedded"
	}
	if base == nil {
		m.Base = ""
	}
	e := &editedReader{notes: map[string]*editedNote{}, comments: map[string]Comment{}}
	if err := e.read(p); err != nil {
		return nil, err
	}
	if m.Appeal, err = importEdited(p); err != nil {
		return nil, err
	}
	c := &comparison{m: m, e: e, base: base}
	if err := c.run(); err != nil {
		return nil, err
	}
	return m, nil
}

// importEdited reads the text of the copy with its changes accepted, never
// the data that it carries.
func importEdited(p *parts) (*Appeal, error) {
	text, err := p.read("word/document.xml")
	if err != nil {
		return nil, err
	}
	s, err := readDOCX(p, text)
	var ie *ImportError
	if errors.As(err, &ie) {
		return nil, ie
	}
	if err != nil {
		return nil, err
	}
	a := s.read(Options{}).filled()
	return &a, nil
}

// A comparison sets an edited copy against its base.
type comparison struct {
	m    *Merge
	e    *editedReader
	base *Appeal

	old   []string // paragraphs of the base, in the order they were printed
	at    []int    // old paragraph -> edited paragraph, or -1
	of    []int    // edited paragraph -> old paragraph, or -1
	notes map[int]string

	kind    string // the line that names the document
	printed []int  // of each addressee of the base, its paragraph
}

func (c *comparison) run() error {
	c.numberNotes()
	for _, p := range c.e.paras {
		p.resolve(c.e)
	}
	c.notes = map[int]string{}
	if c.base == nil {
		for _, p := range c.e.paras {
			c.old = append(c.old, p.before)
		}
		for i := range c.old {
			c.at, c.of = append(c.at, i), append(c.of, i)
		}
		for _, n := range c.e.notes {
			c.notes[n.number] = n.before
		}
	} else {
		b := *c.base
		b.Translation = nil // a placeholder may be edited, if not rendered
		f, err := newForm(&b, Form{})
		if err != nil {
			return fmt.Errorf("the base: %w", err)
		}
		c.kind = f.kind()
		for _, b := range f.blocks {
			switch t := b.text(Mark); {
			case b.kind == bContact && b.label != "":
				c.old = append(c.old, oneLine(b.label+": "+t))
				continue
			case b.kind == bLoose && !b.more:
				c.old = append(c.old, oneLine("["+b.marker+"] "+t))
				continue
			case b.kind != bAddressee:
				c.old = append(c.old, oneLine(t))
				continue
			}
			c.printed = append(c.printed, len(c.old))
			var s []string
			for _, l := range f.addressee(b.to) {
				t := block{runs: l.runs}.text(Mark)
				if l.label != "" {
					t = l.label + ": " + t
				}
				s = append(s, t)
			}
			c.old = append(c.old, oneLine(strings.Join(s, " ")))
		}
		for i, n := range c.base.Footnotes {
			var s []string
			for _, rs := range f.note(i) {
				s = append(s, block{runs: rs}.text(Mark))
			}
			c.notes[n.Number] = oneLine(strings.Join(s, " "))
		}
		c.align()
	}
	c.paragraphs()
	c.statements()
	c.editedNotes()
	c.keepFromBase()
	return nil
}

// keepFromBase gives the accepted text what nobody touched and a document
// does not print in full: an addressee's street, the masthead, the state of a
// translation.
func (c *comparison) keepFromBase() {
	if c.base == nil {
		return
	}
	a := c.m.Appeal
	a.Translation = c.base.Translation
	if a.Masthead == "" || strings.EqualFold(a.Masthead, c.kind) {
		a.Masthead = c.base.Masthead
	}
	if len(a.Addressees) != len(c.base.Addressees) {
		return
	}
	for i, old := range c.printed {
		if j := c.at[old]; j >= 0 && plainKey(c.old[old]) == plainKey(c.e.paras[j].after) {
			a.Addressees[i] = c.base.Addressees[i]
		}
	}
}

// numberNotes gives every note of the copy the number it has in the base: by
// its text as it stood, then by the nearest text. What is left is new.
func (c *comparison) numberNotes() {
	next := 1
	taken := map[int]bool{}
	if c.base != nil {
		for _, n := range c.base.Footnotes {
			next = max(next, n.Number+1)
		}
		same := map[string]int{}
		for _, b := range c.base.Footnotes {
			if k := plainKey(b.Text); same[k] == 0 {
				same[k] = b.Number
			}
		}
		for _, id := range c.e.order {
			n := c.e.notes[id]
			if b := same[plainKey(n.before)]; b != 0 && !taken[b] {
				n.number, taken[b] = b, true
			}
		}
		for _, id := range c.e.order {
			n := c.e.notes[id]
			best, score := 0, .5
			for _, b := range c.base.Footnotes {
				if n.number != 0 || taken[b.Number] {
					continue
				}
				if s := wordsShared(n.before, b.Text); s >= score {
					best, score = b.Number, s
				}
			}
			if best != 0 {
				n.number, taken[best] = best, true
			}
		}
	}
	for _, id := range c.e.order {
		if n := c.e.notes[id]; n.number == 0 {
			n.number = next
			n.isNew = c.base != nil || n.before == "" && n.after != ""
			next++
		}
	}
}

// paragraphs lists what was changed or commented.
func (c *comparison) paragraphs() {
	heading := ""
	for j, p := range c.e.paras {
		if p.heading {
			heading = p.after
		}
		x := EditedPara{Number: j + 1, Heading: heading, Before: p.before, After: p.after, Changes: p.changes, Comments: p.comments}
		if c.base != nil {
			old := ""
			if i := c.of[j]; i >= 0 {
				old = c.old[i]
			}
			if plainKey(old) != plainKey(p.before) {
				x.Before = old
				x.Changes = append(untracked(old, p.before), x.Changes...)
			}
		}
		c.list(x)
	}
	for i, j := range c.at {
		if j < 0 && plainKey(c.old[i]) != "" {
			c.list(EditedPara{Before: c.old[i], Changes: []TrackedChange{{Kind: Deletion, Text: c.old[i]}}})
		}
	}
	for _, id := range c.e.order {
		n := c.e.notes[id]
		x := EditedPara{Note: n.number, Before: n.before, After: n.after, Changes: n.changes, Comments: n.comments}
		if old, ok := c.notes[n.number]; c.base != nil && ok && plainKey(old) != plainKey(n.before) {
			x.Before = old
			x.Changes = append(untracked(old, n.before), x.Changes...)
		}
		c.list(x)
	}
}

func (c *comparison) list(x EditedPara) {
	if len(x.Changes) == 0 && len(x.Comments) == 0 {
		return
	}
	x.Changes, x.Comments = list(x.Changes), list(x.Comments)
	c.m.Paragraphs = append(c.m.Paragraphs, x)
}

func (c *comparison) editedNotes() {
	used := map[int]bool{}
	for _, p := range c.e.paras {
		for _, n := range Marks(p.after) {
			used[n] = true
		}
	}
	seen := map[int]bool{}
	for _, id := range c.e.order {
		n := c.e.notes[id]
		x := EditedNote{Number: n.number, Text: n.after, State: "kept"}
		switch {
		case !used[n.number]:
			x.State = "unused"
			x.Text = n.before
		case n.isNew:
			x.State = "new"
		case plainKey(c.notes[n.number]) != plainKey(n.after):
			x.State = "changed"
		}
		seen[n.number] = true
		c.m.Notes = append(c.m.Notes, x)
	}
	if c.base != nil {
		for _, n := range c.base.Footnotes {
			if !seen[n.Number] {
				c.m.Notes = append(c.m.Notes, EditedNote{n.Number, c.notes[n.Number], "unused"})
			}
		}
	}
}

// untracked lists the words that differ between two texts, as changes that
// nobody tracked.
func untracked(old, now string) []TrackedChange {
	x, y := strings.Fields(old), strings.Fields(now)
	if len(x)*len(y) > 4_000_000 {
		return []TrackedChange{{Kind: Deletion, Text: old}, {Kind: Insertion, Text: now}}
	}
	rows, cols := len(x)+1, len(y)+1
	same := make([]int32, rows*cols)
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				same[i*cols+j] = same[(i+1)*cols+j+1] + 1
			} else {
				same[i*cols+j] = max(same[(i+1)*cols+j], same[i*cols+j+1])
			}
		}
	}
	var out []TrackedChange
	var del, ins []string
	flush := func() {
		if del != nil {
			out = append(out, TrackedChange{Kind: Deletion, Text: strings.Join(del, " ")})
		}
		if ins != nil {
			out = append(out, TrackedChange{Kind: Insertion, Text: strings.Join(ins, " ")})
		}
		del, ins = nil, nil
	}
	i, j := 0, 0
	for i < len(x) || j < len(y) {
		switch {
		case i < len(x) && j < len(y) && x[i] == y[j]:
			flush()
			i, j = i+1, j+1
		case j == len(y) || i < len(x) && same[(i+1)*cols+j] >= same[i*cols+j+1]:
			del = append(del, x[i])
			i++
		default:
			ins = append(ins, y[j])
			j++
		}
	}
	flush()
	return out
}
