package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// factCmd is "arasha fact": the sentences of an appeal and what each stands
// on.
type factCmd struct {
	Add    addRow[casefile.Statement, factFields]    `cmd:"" help:"Enter a sentence with its ground."`
	List   factListCmd                               `cmd:"" help:"List the sentences of a case, with how many independent sources each has."`
	Show   showRow[casefile.Statement]               `cmd:"" help:"Show one."`
	Change changeRow[casefile.Statement, factFields] `cmd:"" help:"Change one: add a language, cite one more item."`
	Remove removeRow[casefile.Statement]             `cmd:"" help:"Remove one that nothing rests on."`
	Check  factCheckCmd                              `cmd:"" help:"Which sentences lack their ground; exit code 1 when any does."`
}

func (factCmd) Help() string {
	return `Each sentence has a kind: fact, allegation, law, assessment or request. A fact or an allegation cites
an item; an assessment names the facts it rests on; a request cites a clause or is free. Slots keep a
sentence fit for every audience: {7} is person 7 or a label, {sources} the formula of its sources.

Example
  arasha fact add --case 1 --kind fact --section description --text "en:On April 28, {1} was attacked." --cite 4 --person 1
  arasha fact add --case 1 --kind allegation --section description --text "en:{sources} say …" --cite 7 --sealed 7 --source 1
  arasha fact add --case 1 --kind assessment --section description --text "en:This looks like a reprisal." --rests 1,2
  arasha fact add --case 1 --kind request --section actions --clause end_harassment --text "en:Put an end to …"

Exit codes: 0 done, 1 not grounded or not allowed, 2 not found or not readable, 64 wrong use`
}

type factFields struct {
	Case      caseName      `placeholder:"CASE" help:"The case."`
	Kind      string        `placeholder:"WORD" help:"fact, allegation, law, assessment or request."`
	Section   string        `placeholder:"KEY" help:"Of the appeal: description, background, new_information, actions …"`
	Order     int           `placeholder:"N" help:"Place in the section; without it, the last. Those of one hundred (200 to 299) are one paragraph."`
	Paragraph bool          `help:"Begin a new paragraph."`
	Text      []string      `sep:"none" placeholder:"LANG:TEXT" help:"The sentence in one language. May be repeated."`
	Cite      []string      `placeholder:"ITEM" help:"What shows it: a SHA-256, or the number of an item. May be repeated."`
	CiteNote  []string      `sep:"none" placeholder:"WORDS" help:"What the note of a citation says, in the order of --cite."`
	Sealed    []string      `placeholder:"ITEM" help:"Of those cited, the ones that may not be told: a commitment stands for them."`
	Rests     []casefile.ID `placeholder:"N" help:"Of an assessment: the sentences it rests on."`
	Clause    string        `placeholder:"KEY" help:"Of a request, the clause of the library; of a law, instrument and article: ICCPR 19."`
	Source    []casefile.ID `placeholder:"N" help:"Who told us."`
	Person    []personName  `sep:"none" placeholder:"PERSON" help:"Who is named in it. May be repeated."`
	Sensitive []string      `placeholder:"WORD" help:"What needs a consent of its own: health, children, family …"`
	According string        `help:"To whom it is attributed, as printed."`
}

func (f factFields) fill(d *desk, v *casefile.Statement) error {
	if err := d.setCase(&v.Case, f.Case); err != nil {
		return err
	}
	set(&v.Kind, f.Kind)
	set(&v.Section, f.Section)
	set(&v.Order, f.Order)
	for _, t := range f.Text {
		lang, text, ok := strings.Cut(t, ":")
		if !ok || lang == "" || strings.ContainsAny(lang, " .,") {
			return wrongUse("For example --text \"en:On April 28, …\".", "--text %q does not say its language", clipLine(t))
		}
		setText(v, lang, text)
	}
	if err := f.cites(d, v); err != nil {
		return err
	}
	setList(&v.Rests, f.Rests)
	set(&v.Clause, f.Clause)
	setList(&v.Sources, f.Source)
	persons, err := idsOf(d.tx, f.Person)
	if err != nil {
		return err
	}
	setList(&v.Persons, persons)
	setList(&v.Sensitive, f.Sensitive)
	set(&v.According, f.According)
	if v.ID == 0 && v.Order == 0 && v.Case != 0 {
		last, err := store.List[casefile.Statement](d.tx, store.Filter{Case: v.Case, Where: `"section" = ?`, Args: []any{v.Section}, Order: "-order", Limit: 1})
		if err != nil {
			return err
		}
		v.Order = 1
		if len(last) > 0 {
			v.Order = last[0].Order + 1
			if f.Paragraph {
				v.Order = (last[0].Order/100 + 1) * 100
			}
		}
	}
	return nil
}

// setText replaces the text of one language, or adds it.
func setText(v *casefile.Statement, lang, text string) {
	for i := range v.Text {
		if v.Text[i].Lang == lang {
			v.Text[i].Text = text
			return
		}
	}
	v.Text = append(v.Text, casefile.Text{Lang: lang, Text: text})
}

// cites resolves the items; one that was given by its number in the log keeps
// it, so that the log can be asked for it.
func (f factFields) cites(d *desk, v *casefile.Statement) error {
	if len(f.CiteNote) > len(f.Cite) {
		return wrongUse("", "there are more --cite-note than --cite")
	}
	refs, err := d.refsOf(d.w, f.Cite)
	if err != nil {
		return err
	}
	secret, err := d.refsOf(d.w, f.Sealed)
	if err != nil {
		return err
	}
	for i, r := range refs {
		c := casefile.Cite{Ref: r}
		if n, err := strconv.ParseInt(f.Cite[i], 10, 64); err == nil {
			c.Record = n
		}
		if i < len(f.CiteNote) {
			c.Note = f.CiteNote[i]
		}
		for _, s := range secret {
			c.Sealed = c.Sealed || s == r
		}
		v.Cites = append(v.Cites, c)
	}
	return nil
}

type factListCmd struct {
	Case caseName `arg:"" help:"The case."`
	deskFlags
}

func (c *factListCmd) Run(ctx context.Context, w *world) error {
	return c.read(ctx, w, func(tx *store.Tx) error {
		f, err := loadFile(tx, c.Case)
		if err != nil {
			return err
		}
		for _, s := range f.Statements {
			u := f.Support(s)
			if c.JSON {
				if err := printJSON(w.out, struct {
					casefile.Statement
					Support casefile.Support `json:"support"`
				}{s, u}); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintf(w.out, "%s  [%s, %s, %d independent]\n", rowOf(s), count(u.Items, "item"), count(u.Sources, "source"), u.Independent)
		}
		return nil
	})
}

type factCheckCmd struct {
	Case caseName `arg:"" help:"The case."`
	deskFlags
}

func (c *factCheckCmd) Run(ctx context.Context, w *world) error {
	h, err := c.homeFlags.open(w)
	if err != nil {
		return err
	}
	var faults []casefile.Fault
	err = c.read(ctx, w, func(tx *store.Tx) error {
		f, err := loadFile(tx, c.Case)
		if err != nil {
			return err
		}
		if err := findUnjudged(h, f); err != nil {
			return err
		}
		faults = f.Uncited()
		for _, s := range f.Statements {
			if err := f.CheckSlots(s); err != nil {
				faults = append(faults, casefile.Fault{Rule: "slot", Where: fmt.Sprintf("statement %d", s.ID), Message: plainWords(err)})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.faults(w, faults)
}

// faults prints what must not stay so; any is "no".
func (f *deskFlags) faults(w *world, faults []casefile.Fault) error {
	for _, x := range faults {
		if f.JSON {
			if err := printJSON(w.out, x); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(w.out, "%s, %s\n         %s\n", x.Rule, x.Where, printable(x.Message))
		if x.Remedy != "" {
			fmt.Fprintf(w.out, "         → %s\n", x.Remedy)
		}
	}
	if len(faults) > 0 {
		return answerNo()
	}
	if !f.JSON {
		fmt.Fprintln(w.out, "nothing found")
	}
	return nil
}
