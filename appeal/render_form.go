package appeal

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
)

// A Form is what stands around an appeal when it is rendered: who sends it
// and in which language its labels are. The zero value prints the labels of
// the appeal's language and no letterhead.
type Form struct {
	Letterhead Letterhead
	Lang       string // of the labels; "" for the language of the appeal
	Checked    string // ISO date on which the addresses were checked, or ""
}

// ErrPlaceholder is returned for a translation that nobody has made yet.
var ErrPlaceholder = errors.New("this translation is a placeholder: its text is not translated, so it stays in the house")

// ErrUnread is returned for a translation whose state says it was read, but
// which names no reader, or the translator as the reader.
var ErrUnread = errors.New("this translation says it was read, but names no second person as its reader")

// MayLeave returns nil for an appeal that may be rendered: every text in its
// own language, and every translation that somebody made. A draft or a stale
// translation is rendered with that word on it.
func (a *Appeal) MayLeave() error {
	t := a.Translation
	switch {
	case t == nil:
		return nil
	case t.State == Placeholder:
		return ErrPlaceholder
	case t.State == Read && (strings.TrimSpace(t.Reader) == "" || strings.EqualFold(strings.TrimSpace(t.Reader), strings.TrimSpace(t.Translator))):
		return ErrUnread
	}
	return nil
}

// A form is an appeal taken apart into the blocks that every flowing format
// prints in the same order with the same words.
type form struct {
	Form
	a      *Appeal
	l      *Labels
	w      words
	lang   string // of the labels
	text   string // of the text itself; "" when not known
	rtl    bool
	used   map[int]bool // notes that a mark in the text refers to
	notes  map[int]int  // number of a note -> its place in the list
	blocks []block
}

type blockKind int

const (
	bState     blockKind = iota // "Draft translation"
	bKind                       // "Urgent appeal"
	bTitle                      // the headline
	bCode                       // the rows of the plate
	bDone                       //
	bPlace                      //
	bDate                       //
	bHeading                    // of a section
	bPara                       // a paragraph of a section
	bLead                       // words that lead in to the requests
	bItem                       // a request; more is set on its second paragraph
	bAddressee                  //
	bAfter                      // words after the addressees
	bStars                      // * * *
	bSign                       // place and date
	bReminder                   // quote the code
	bAbout                      // who we are
	bContact                    // how to reach us
	bLoose                      // a note that no mark refers to
)

// A block is one paragraph of the rendered appeal.
type block struct {
	kind    blockKind
	section string // kind of section, for bHeading and bPara
	marker  string // of a request; number of a loose note
	label   string // of a row of the plate
	more    bool   // a further paragraph of the same request or note
	runs    []Run
	to      int // index of the addressee
}

// text returns the words of a block; marks are written by mark.
func (b block) text(mark func(int) string) string {
	var s strings.Builder
	for _, r := range b.runs {
		if r.Note > 0 {
			s.WriteString(mark(r.Note))
		} else {
			s.WriteString(r.Text)
		}
	}
	return s.String()
}

// newForm takes a apart. It fails for what may not leave the house.
func newForm(a *Appeal, o Form) (*form, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
	if err := a.MayLeave(); err != nil {
		return nil, err
	}
	lang := o.Lang
	if lang == "" {
		lang = a.Language
	}
	l, known := LabelsFor(lang)
	if !known || lang == "" {
		lang = l.Lang
	}
	f := &form{Form: o, a: a, l: l, w: wordsFor(lang), lang: lang, text: a.Language, used: map[int]bool{}, notes: map[int]int{}}
	if f.text == "" {
		f.text = lang
	}
	f.rtl = rightToLeft(f.text)
	for i, n := range a.Footnotes {
		f.notes[n.Number] = i
	}
	f.head()
	f.sections()
	f.ending()
	f.annexes()
	return f, nil
}

// add appends a block, unless it is empty.
func (f *form) add(b block) {
	if len(b.runs) == 0 && b.kind != bAddressee {
		return
	}
	f.blocks = append(f.blocks, b)
}

func plainRuns(s string) []Run {
	if s = printable(s); strings.TrimSpace(s) == "" {
		return nil
	}
	return []Run{{Text: s}}
}

// running cuts a text into blocks, one a paragraph.
func (f *form) running(where, text string, b block) {
	before := ""
	for _, p := range Paragraphs(text) {
		b.runs = f.runs(where, before, p)
		f.add(b)
		b.more = true
		before += p + "\n\n"
	}
}

// runs are the runs of one paragraph, in signs that can be printed. A mark of
// a note that is not there stays text.
func (f *form) runs(where, before, text string) []Run {
	var out []Run
	for _, r := range f.a.Runs(where, before, text) {
		if r.Note > 0 {
			if _, ok := f.notes[r.Note]; ok && !strings.HasPrefix(where, "footnotes") {
				f.used[r.Note] = true
				out = append(out, r)
				continue
			}
			r = Run{Text: Mark(r.Note)}
		}
		if r.URL != "" && !linkable(r.URL) {
			r.URL = ""
		}
		if r.Text = printable(r.Text); r.Text != "" {
			out = append(out, r)
		}
	}
	return out
}

// linkable reports whether an address may stand behind words: a scheme that
// only shows something, and no sign that an address cannot hold.
func linkable(u string) bool {
	return safeURL(u) && u == printable(u) && !strings.ContainsAny(u, "\n\t<>\"` ")
}

// printable drops what no paper shows and what could steer a terminal or turn
// the direction of a line: control signs, overrides of direction, and signs
// that XML cannot hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfffe, r == 0xffff:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

func (f *form) head() {
	a := f.a
	if t := a.Translation; t != nil {
		switch t.State {
		case Translated:
			f.add(block{kind: bState, runs: plainRuns(f.l.Draft)})
		case Stale:
			f.add(block{kind: bState, runs: plainRuns(f.l.Stale)})
		}
	}
	f.add(block{kind: bKind, runs: plainRuns(f.kind())})
	f.add(block{kind: bTitle, runs: plainRuns(a.Title)})
	if a.Code != nil {
		f.add(block{kind: bCode, label: f.l.Code, runs: plainRuns(a.Code.Printed)})
	}
	f.add(block{kind: bDone, label: f.l.Done, runs: plainRuns(f.violations())})
	f.add(block{kind: bPlace, label: f.l.Where, runs: plainRuns(a.Place)})
	f.add(block{kind: bDate, runs: plainRuns(f.date())})
}

// kind is the line that names the document: the label of its kind, else its
// masthead as printed.
func (f *form) kind() string {
	k := f.l.Kind(f.a.Kind)
	if f.a.Kind == NewInformation {
		k += " – " + f.l.News
	}
	if k == "" {
		k = f.a.Masthead
	}
	return k
}

func (f *form) violations() string {
	var vs []string
	for _, v := range f.a.Violations {
		vs = append(vs, v.Label)
	}
	return strings.Join(vs, " / ")
}

func (f *form) date() string {
	if f.a.DatePrinted != "" {
		return f.a.DatePrinted
	}
	if f.a.Date == "" {
		return ""
	}
	return f.l.Date(f.a.Date)
}

// title names the document where a format wants one line: code and kind.
func (f *form) title() string {
	k := f.l.Kind(f.a.Kind)
	if k == "" {
		k = f.a.Title
	}
	s := k
	switch {
	case f.a.Code != nil && k != "":
		s = f.a.Code.Printed + ": " + k
	case f.a.Code != nil:
		s = f.a.Code.Printed
	case f.a.Title != "" && f.a.Title != k:
		s = k + ": " + f.a.Title
	}
	if s == "" {
		s = f.l.Letter
	}
	return oneLine(printable(s))
}

func (f *form) heading(kind, printed string) {
	h := strings.TrimRight(strings.TrimSpace(printed), " :\u00a0")
	if h == "" {
		h = f.l.Heading(kind)
	}
	f.add(block{kind: bHeading, section: kind, runs: plainRuns(h)})
}

func (f *form) sections() {
	a := f.a
	actions, addresses := len(a.Actions) == 0, len(a.Addressees) == 0
	for i, s := range a.Sections {
		where := placeOf("sections", i)
		switch s.Kind {
		case SectionActions:
			f.heading(s.Kind, s.Heading)
			f.running(where, s.Text, block{kind: bLead, section: s.Kind})
			if !actions {
				f.actions()
				actions = true
			}
		case SectionAddresses:
			if !actions {
				f.heading(SectionActions, "")
				f.actions()
				actions = true
			}
			f.heading(s.Kind, s.Heading)
			if !addresses {
				f.addressees()
				addresses = true
			}
			f.running(where, s.Text, block{kind: bAfter, section: s.Kind})
		default:
			if s.Text != "" || s.Heading != "" {
				f.heading(s.Kind, s.Heading)
			}
			f.running(where, s.Text, block{kind: bPara, section: s.Kind})
		}
	}
	if !actions {
		f.heading(SectionActions, "")
		f.actions()
	}
	if !addresses {
		f.heading(SectionAddresses, "")
		f.addressees()
	}
}

func (f *form) actions() {
	for i, x := range f.a.Actions {
		n := len(f.blocks)
		b := block{kind: bItem, marker: printable(printedMarker(x.Marker, i))}
		f.running(placeOf("actions", i), x.Text, b)
		if len(f.blocks) == n { // a request without words keeps its number
			b.runs = []Run{{Text: "—"}}
			f.add(b)
		}
	}
}

func (f *form) ending() {
	a := f.a
	reminder := strings.TrimSpace(a.ReplyLine)
	sign := a.SignOff.Text
	if sign == "" {
		d := ""
		if a.SignOff.Date != "" {
			d = f.l.Date(a.SignOff.Date)
		}
		sign = f.l.Join(a.SignOff.Place, d)
	}
	if sign != "" || reminder != "" {
		f.add(block{kind: bStars, runs: []Run{{Text: "***"}}})
	}
	f.add(block{kind: bSign, runs: plainRuns(sign)})
	f.add(block{kind: bReminder, runs: plainRuns(reminder)})
	f.running("about", a.About, block{kind: bAbout})
	f.add(block{kind: bContact, runs: plainRuns(a.ContactLine)})
	for _, c := range a.Contacts {
		f.add(block{kind: bContact, label: strings.TrimRight(printable(oneLine(c.Label)), " :\u00a0"), more: true, runs: f.contact(c)})
	}
	// Notes that no mark refers to stand at the end rather than getting lost.
	first := true
	for i, n := range a.Footnotes {
		if f.used[n.Number] {
			continue
		}
		if first {
			f.add(block{kind: bHeading, section: "notes", runs: plainRuns(f.l.UnusedNotes)})
			first = false
		}
		b := block{kind: bLoose, marker: strconv.Itoa(n.Number)}
		for _, p := range f.note(i) {
			b.runs = p
			f.add(b)
			b.more = true
		}
	}
}

// note returns the paragraphs of the i-th note, one at least. Links that its
// text does not print follow it.
func (f *form) note(i int) [][]Run {
	n := f.a.Footnotes[i]
	where := placeOf("footnotes", i)
	var ps [][]Run
	before := ""
	shown := map[string]bool{}
	for _, p := range Paragraphs(n.Text) {
		rs := f.runs(where, before, p)
		for _, r := range rs {
			shown[r.URL] = true
		}
		ps = append(ps, rs)
		before += p + "\n\n"
	}
	if len(ps) == 0 {
		ps = [][]Run{{{Text: "—"}}}
	}
	for _, u := range n.Links {
		if !shown[u] && linkable(u) {
			ps[len(ps)-1] = append(ps[len(ps)-1], Run{Text: " "}, Run{Text: u, URL: u})
			shown[u] = true
		}
	}
	return ps
}

// usedNotes returns the indexes of the notes that marks refer to, in the
// order of the list.
func (f *form) usedNotes() []int {
	var is []int
	for i, n := range f.a.Footnotes {
		if f.used[n.Number] {
			is = append(is, i)
		}
	}
	return is
}

// words are the few words that the flowing formats need beside [Labels].
type words struct {
	Skip, Notes, Note, Back string
}

var formWords = map[string]words{
	"en": {"Go to the text", "Notes", "note", "Back to the text"},
	"fr": {"Aller au texte", "Notes", "note", "Retour au texte"},
	"es": {"Ir al texto", "Notas", "nota", "Volver al texto"},
	"ru": {"К тексту", "Примечания", "примечание", "Назад к тексту"},
	"kk": {"Мәтінге өту", "Ескертпелер", "ескертпе", "Мәтінге оралу"},
	"tr": {"Metne geç", "Notlar", "not", "Metne dön"},
	"ar": {"إلى النص", "الحواشي", "حاشية", "عودة إلى النص"},
}

func wordsFor(lang string) words {
	p, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if w, ok := formWords[p]; ok {
		return w
	}
	return formWords["en"]
}

// asksFormat returns the type of an HTML or office list that counts as the
// printed markers do: "i", "1", "a"; "" when they count in a way of their own.
func (f *form) asksFormat() string {
	for _, format := range []string{"i", "1", "a"} {
		n, ok := 0, true
		for _, b := range f.blocks {
			if b.kind == bItem && !b.more {
				n++
				ok = ok && b.marker == countMark(format, n)+"."
			}
		}
		if ok {
			return format
		}
	}
	return ""
}

// stateWord is the word on a translation that is not ready, or "".
func (f *form) stateWord() string {
	for _, b := range f.blocks {
		if b.kind == bState {
			return b.text(Mark)
		}
	}
	return ""
}
