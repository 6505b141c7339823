package appeal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/names"
)

// DraftOptions says which document is drafted, for whom. Language, Audience
// and Now are needed.
type DraftOptions struct {
	Language string
	Audience casefile.Audience
	Kind     string    // "" for UrgentAppeal, or NewInformation with an Update
	Update   int       // 0 for the first appeal, 1 for ".1"
	Now      time.Time // the date of the document, and of the register of authorities
	Code     *Code     // nil before the review

	Country CountryWords // the zero value takes the table's, by the country of the case
	Sender  string       // "The Observatory …, a partnership of …"; "" for the name alone
	Frame   *Appeal      // a document in the language whose masthead, place of issue, closing words and contacts are taken; nil for ours
	Annexes []Annex

	// Cited tells what the evidence room knows of a kept item; ok is false
	// for one it does not have. nil knows nothing.
	Cited func(casefile.Cite) (c Cited, ok bool)
	// Versions are the hashes that consents to a text are compared with; nil
	// at a first draft.
	Versions []string
}

// Cited is what a note says about a kept item.
type Cited struct {
	Title      string
	Link       string               // where the public can see it; "" for none
	Sealed     bool                 // nothing of it is printed but the commitment
	Commitment *evidence.Commitment // of its leaf in the evidence log
}

// Drafted is an appeal made from a case, with what a person must know of how it
// was made.
type Drafted struct {
	Appeal     *Appeal
	Statements []casefile.ID // that went in, in order
	Withheld   []casefile.ID // persons for whom a label stands
	Untold     []casefile.ID // statements without words in the language: the authoritative ones stand in their place
	Notes      []string      // sentences for the writer
}

// Refused is the error of a draft that breaks a rule. Each fault names its
// sentence or person.
type Refused struct{ Faults []casefile.Fault }

// Error lists the faults, one on a line.
func (r *Refused) Error() string {
	var lines []string
	for _, f := range r.Faults {
		lines = append(lines, f.Error())
	}
	return "appeal: the draft is refused:\n" + strings.Join(lines, "\n")
}

// Draft writes the appeal of a case in one language for one audience. It is
// refused, with the sentence named, when a statement lacks its ground
// (casefile.File.Ground), when a sensitive fact lacks its consent, or when a
// person is named outside a slot without having agreed; and when nobody decided
// to act or the case is stopped. Who did not agree to be named is a label.
// Nothing of a sealed item is printed but a commitment.
func Draft(f *casefile.File, o DraftOptions) (*Drafted, error) {
	if o.Kind == "" {
		o.Kind = UrgentAppeal
		if o.Update > 0 {
			o.Kind = NewInformation
		}
	}
	w, ok := draftIn[o.Language]
	switch {
	case !ok:
		return nil, fmt.Errorf("appeal: there are no words for a draft in %q; there are in %s", o.Language, strings.Join(DraftLanguages, ", "))
	case (o.Kind == NewInformation) != (o.Update > 0):
		return nil, fmt.Errorf("appeal: an update is new information and has a number from 1; this is “%s” with the number %d", o.Kind, o.Update)
	}
	if err := f.MayWrite(o.Kind, o.Audience, o.Now); err != nil {
		return nil, err
	}
	if o.Country == (CountryWords{}) {
		if o.Country, ok = CountryWordsFor(f.Case.Country, o.Language); !ok {
			return nil, fmt.Errorf("appeal: the table has no name in %q for %s; give the words for it", o.Language, f.Case.Country)
		}
	}
	d := &drafting{f: f, o: o, w: w, a: new(Appeal), out: new(Drafted)}
	d.head()
	d.body()
	d.closing()
	if len(d.faults) > 0 {
		return nil, &Refused{d.faults}
	}
	a := d.a.filled()
	d.out.Appeal = &a
	slices.Sort(d.out.Withheld)
	d.out.Withheld = slices.Compact(d.out.Withheld)
	return d.out, nil
}

// A drafting is one draft while it is made.
type drafting struct {
	f      *casefile.File
	o      DraftOptions
	w      draftWords
	a      *Appeal
	out    *Drafted
	faults []casefile.Fault
}

func (d *drafting) fault(f casefile.Fault) {
	if !slices.Contains(d.faults, f) {
		d.faults = append(d.faults, f)
	}
}

// head writes what stands before the text.
func (d *drafting) head() {
	a, o := d.a, d.o
	l, _ := LabelsFor(o.Language)
	a.Kind, a.Language, a.Code = o.Kind, o.Language, o.Code
	a.Date = o.Now.Format(time.DateOnly)
	a.DatePrinted = l.Date(a.Date)
	a.Place = o.Country.Name
	a.Masthead = d.w.masthead
	for _, act := range d.f.Acts {
		label, ok := casefile.Label(act.Type, o.Language)
		if !ok {
			label, _ = casefile.Label(act.Type, "en")
		}
		v := Violation{Label: label, Key: &act.Type}
		if !slices.ContainsFunc(a.Violations, func(x Violation) bool { return *x.Key == *v.Key }) {
			a.Violations = append(a.Violations, v)
		}
	}
	a.Title = d.paragraphs("title")
	if lang := d.authoritative(); lang != o.Language {
		a.Translation = &Translation{Of: lang, State: Translated}
	}
}

// authoritative is the language of the case that the others are made from.
func (d *drafting) authoritative() string {
	if len(d.f.Case.Languages) > 0 {
		return d.f.Case.Languages[0]
	}
	return d.o.Language
}

// bodySections are the sections of the text, in order. Those of an update come
// first in it; the description belongs to the first appeal.
func (d *drafting) bodySections() []string {
	if d.o.Update > 0 {
		return []string{SectionSummary, SectionOpening, SectionNews, SectionBackground}
	}
	return []string{SectionSummary, SectionOpening, SectionDescription, SectionBackground, SectionOther}
}

func (d *drafting) body() {
	l, _ := LabelsFor(d.o.Language)
	for _, kind := range d.bodySections() {
		text := d.paragraphs(kind)
		switch {
		case kind == SectionOpening && text == "":
			text = d.opening()
		case kind == SectionBackground && d.o.Update > 0:
			text = join("\n\n", d.recall(), text)
		}
		if text != "" {
			d.a.Sections = append(d.a.Sections, Section{kind, l.Heading(kind), text})
		}
	}
}

// join puts sep between the texts that are not empty.
func join(sep string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), sep)
}

func (d *drafting) fill(s string) string {
	sender := d.o.Sender
	if sender == "" {
		sender = d.w.sender
	}
	return strings.NewReplacer("{sender}", sender, "{in}", d.o.Country.In, "{of}", d.o.Country.Of, "{country}", d.o.Country.Name).Replace(s)
}

func (d *drafting) opening() string {
	if d.o.Update > 0 {
		return d.fill(d.w.openingUpdate)
	}
	return d.fill(d.w.opening)
}

// recall names what was published before, with code and date.
func (d *drafting) recall() string {
	l, _ := LabelsFor(d.o.Language)
	var before []string
	seen := make(map[string]bool)
	for _, doc := range d.f.Documents {
		if doc.State != casefile.StatePublished || doc.Update >= d.o.Update || doc.Audience != string(d.o.Audience) || doc.Code == "" || seen[doc.Code] {
			continue
		}
		seen[doc.Code] = true
		date := ""
		if old, err := Parse(strings.NewReader(string(doc.Appeal))); err == nil {
			date = l.Date(old.Date)
			d.a.References = append(d.a.References, deref(old.Code)...)
		}
		before = append(before, strings.NewReplacer("{code}", doc.Code, "{date}", date).Replace(d.w.recalled))
	}
	if len(before) == 0 {
		d.out.Notes = append(d.out.Notes, "nothing published is recalled: the case has no earlier document for this audience")
		return ""
	}
	return strings.Replace(d.w.recall, "{before}", strings.Join(before, "; "), 1)
}

func deref(c *Code) []Code {
	if c == nil {
		return nil
	}
	return []Code{*c}
}

// section returns the statements of a section: those of this update's own
// ("new_information.2") where there are any.
func (d *drafting) section(kind string) []casefile.Statement {
	if d.o.Update > 0 {
		if own := d.f.Section(kind + "." + strconv.Itoa(d.o.Update)); len(own) > 0 {
			return own
		}
	}
	return d.f.Section(kind)
}

// paragraphs writes the statements of a section. Those whose order is of one
// hundred (200 to 299) stand in one paragraph.
func (d *drafting) paragraphs(kind string) string {
	var out strings.Builder
	last := 0
	for i, s := range d.section(kind) {
		switch {
		case i == 0:
		case s.Order/100 != last/100:
			out.WriteString("\n\n")
		default:
			out.WriteString(" ")
		}
		last = s.Order
		out.WriteString(d.sentence(s))
	}
	return out.String()
}

// sentence writes one statement, with its notes.
func (d *drafting) sentence(s casefile.Statement) string {
	d.out.Statements = append(d.out.Statements, s.ID)
	if fault, ok := d.f.Ground(s); !ok {
		d.fault(fault)
	}
	place := "statement " + strconv.Itoa(int(s.ID))
	d.checkSlots(s)
	if ok, why := d.f.MayTell(s, d.o.Audience, d.o.Versions, d.o.Now); !ok {
		d.fault(casefile.Fault{Rule: casefile.RuleConsent, Where: place, Message: "the sentence " + quote(first(s)) + ": " + why, Remedy: "ask for this very fact, or leave it out"})
	}
	text := d.words(s)
	d.strangers(s, text)
	placed := make(map[int]bool)
	opens := strings.HasPrefix(text, "{")
	text = casefile.FillSlots(text, func(slot casefile.Slot) string { return d.slot(s, slot, placed) })
	if r := []rune(text); opens && len(r) > 0 {
		text = string(unicode.ToUpper(r[0])) + string(r[1:]) // a label may begin the sentence
	}
	if s.Kind != casefile.Request {
		var rest []casefile.Cite
		for i, c := range s.Cites {
			if !placed[i+1] {
				rest = append(rest, c)
			}
		}
		if len(rest) > 0 {
			text += d.note("", rest)
		}
	}
	return text
}

func (d *drafting) checkSlots(s casefile.Statement) {
	if err := d.f.CheckSlots(s); err != nil {
		d.fault(casefile.Fault{Rule: casefile.RuleUncited, Where: "statement " + strconv.Itoa(int(s.ID)), Message: strings.TrimPrefix(err.Error(), "casefile: "), Remedy: "mend the slot"})
	}
}

// words returns what a statement says in the language of the draft, else in the
// first that it has, and tells that.
func (d *drafting) words(s casefile.Statement) string {
	text, ok := s.In(d.o.Language)
	if ok {
		return text
	}
	d.out.Untold = append(d.out.Untold, s.ID)
	if d.a.Translation != nil {
		d.a.Translation.State = Placeholder
	} else {
		d.out.Notes = append(d.out.Notes, fmt.Sprintf("statement %d has no words in %s", s.ID, d.o.Language))
	}
	return first(s)
}

// first returns the first words a statement has.
func first(s casefile.Statement) string {
	if len(s.Text) == 0 {
		return ""
	}
	return s.Text[0].Text
}

// slot returns what is printed for one slot of a statement.
func (d *drafting) slot(s casefile.Statement, slot casefile.Slot, placed map[int]bool) string {
	switch {
	case slot.Person != 0:
		return d.person(slot)
	case slot.Sources:
		return SourceFormula(d.f, s, d.o.Language)
	case slot.Kind == "cite":
		if slot.Number < 1 || slot.Number > len(s.Cites) {
			return ""
		}
		placed[slot.Number] = true
		return d.note("", s.Cites[slot.Number-1:slot.Number])
	case slot.Kind == "note":
		n, ok := d.f.Statement(casefile.ID(slot.Number))
		if !ok || n.ID == s.ID || slices.Contains(d.out.Statements, n.ID) {
			return ""
		}
		return d.noteOf(n)
	case slot.Kind == "attribute":
		return d.attribute(s, slot, placed)
	}
	return ""
}

// person prints a name, or the label that stands for it.
func (d *drafting) person(slot casefile.Slot) string {
	p, ok := d.f.Person(slot.Person)
	if !ok {
		return ""
	}
	if may, _ := d.f.MayName(p.ID, d.o.Audience, d.o.Versions, d.o.Now); !may {
		d.out.Withheld = append(d.out.Withheld, p.ID)
		if slot.Label != "" {
			return slot.Label
		}
		return LabelFor(d.f, p.ID, d.o.Language)
	}
	if slot.Words != "" {
		return slot.Words
	}
	return PrintedName(p, d.o.Language)
}

// PrintedName returns the name of a person as a language prints it: the alias
// in that language where there is one, after the title.
func PrintedName(p casefile.Person, lang string) string {
	name := p.Name
	for _, a := range p.Aliases {
		if l, _, _ := strings.Cut(a.Lang, "-"); l == lang {
			name = a.Text
			break
		}
	}
	title := titleIn(p.Title, lang)
	if lang == "es" && title != "" && p.Kind == casefile.Natural { // in running text the title takes an article
		article := "el "
		if strings.HasSuffix(title, "a.") {
			article = "la "
		}
		title = article + title
	}
	return strings.TrimSpace(title + " " + name)
}

// strangers refuses a name that stands in the words themselves, outside of a
// slot, of somebody who may not be named.
func (d *drafting) strangers(s casefile.Statement, text string) {
	plain := casefile.FillSlots(text, func(sl casefile.Slot) string {
		if sl.Label != "" {
			return " " + sl.Label + " " // a label must not name either
		}
		return " "
	})
	for _, p := range d.f.Persons {
		may, why := d.f.MayName(p.ID, d.o.Audience, d.o.Versions, d.o.Now)
		if may || !unexplained(plain, p, d.f, d.o) {
			continue
		}
		d.fault(casefile.Fault{Rule: casefile.RuleConsent, Where: fmt.Sprintf("statement %d", s.ID),
			Message: fmt.Sprintf("the sentence names person %d in its own words: %s", p.ID, why), Remedy: fmt.Sprintf("write {%d} or {%d|the name in its case}, so that a label can stand for it", p.ID, p.ID)})
	}
}

// unexplained reports whether the name of a person stands in a text, other than
// as a word in the whole name of somebody who may be named.
func unexplained(text string, p casefile.Person, f *casefile.File, o DraftOptions) bool {
	spans := names.Find(text, p.Names())
	if len(spans) == 0 {
		return false
	}
	var others []string
	for _, q := range f.Persons {
		if may, _ := f.MayName(q.ID, o.Audience, o.Versions, o.Now); may && q.ID != p.ID {
			others = append(others, q.Names()...)
		}
	}
	return len(names.Outside(spans, names.Find(text, others))) > 0
}

// noteOf puts a statement into a note, its citations after it.
func (d *drafting) noteOf(n casefile.Statement) string {
	if fault, ok := d.f.Ground(n); !ok {
		d.fault(fault)
	}
	d.out.Statements = append(d.out.Statements, n.ID)
	d.checkSlots(n)
	text := d.words(n)
	if ok, why := d.f.MayTell(n, d.o.Audience, d.o.Versions, d.o.Now); !ok {
		d.fault(casefile.Fault{Rule: casefile.RuleConsent, Where: fmt.Sprintf("statement %d", n.ID), Message: "the sentence " + quote(text) + ": " + why, Remedy: "ask for this very fact, or leave it out"})
	}
	d.strangers(n, text)
	text = casefile.FillSlots(text, func(sl casefile.Slot) string {
		if sl.Person != 0 {
			return d.person(sl)
		}
		if sl.Sources {
			return SourceFormula(d.f, n, d.o.Language)
		}
		if sl.Kind != "cite" { // what it cites stands at its end
			d.fault(casefile.Fault{Rule: casefile.RuleUncited, Where: fmt.Sprintf("statement %d", n.ID), Message: fmt.Sprintf("the sentence %s stands in a note, which has no notes of its own for %s", quote(text), sl), Remedy: "write it in the sentence that the note belongs to"})
		}
		return ""
	})
	return d.note(text, n.Cites)
}

// attribute prints who says it and when, with what shows it in a note. The
// words of the sentence say what.
func (d *drafting) attribute(s casefile.Statement, slot casefile.Slot, placed map[int]bool) string {
	i := slices.IndexFunc(d.f.Attributes, func(a casefile.Attribute) bool { return a.ID == casefile.ID(slot.Number) })
	if i < 0 {
		return ""
	}
	a := d.f.Attributes[i]
	if fault, ok := d.f.Printable(a); !ok {
		d.fault(fault)
		return ""
	}
	l, _ := LabelsFor(d.o.Language)
	who := a.According
	if a.Second != "" {
		who = joinAnd([]string{a.According, a.Second}, d.w.and)
	}
	if slot.Words != "" {
		who = slot.Words
	}
	var cites []casefile.Cite
	for _, r := range append(slices.Clone(a.Refs), a.SecondRefs...) {
		c := casefile.Cite{Ref: r}
		for j, x := range s.Cites {
			if x.Ref == r {
				c, placed[j+1] = x, true // one note is enough
			}
		}
		cites = append(cites, c)
	}
	return strings.NewReplacer("{who}", who, "{date}", l.Date(a.Date.Day)).Replace(d.w.after) + d.note("", cites)
}

// note writes a note and returns its mark. Citations follow the text: public
// ones with link and Ref of the kept copy; of sealed ones together, that the
// Observatory has seen them.
func (d *drafting) note(text string, cites []casefile.Cite) string {
	var open, commitments []string
	var links []string
	sealed := false
	for _, c := range cites {
		item, known := Cited{}, false
		if d.o.Cited != nil {
			item, known = d.o.Cited(c)
		}
		if c.Sealed || item.Sealed {
			sealed = true
			if item.Commitment != nil {
				commitments = append(commitments, item.Commitment.String())
			}
			continue
		}
		if !known {
			d.out.Notes = append(d.out.Notes, "no item is kept under "+c.Ref.Short())
		}
		s := d.w.see + join(", ", item.Title, item.Link)
		if item.Title == "" && item.Link == "" {
			s = ""
		}
		if item.Link != "" {
			links = append(links, item.Link)
		}
		open = append(open, join(", ", s, c.Note)+" ("+d.w.kept+c.Ref.Short()+")")
	}
	parts := []string{text, strings.TrimSpace(strings.Join(open, "; "))}
	switch {
	case len(commitments) > 0:
		parts = append(parts, d.w.committed+strings.Join(commitments, ", "))
	case sealed:
		parts = append(parts, d.w.seen)
	}
	n := len(d.a.Footnotes) + 1
	d.a.Footnotes = append(d.a.Footnotes, Footnote{n, join(" ", parts...), links})
	return Mark(n)
}
