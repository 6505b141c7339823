package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// caseCmd is "arasha case": the file that everything else stands in.
type caseCmd struct {
	Add    addRow[casefile.Case, caseFields]    `cmd:"" help:"Open a case; it has a number from the first call."`
	List   listRows[casefile.Case]              `cmd:"" help:"List the cases."`
	Show   caseShowCmd                          `cmd:"" help:"Show a case and what stands in it."`
	Change changeRow[casefile.Case, caseFields] `cmd:"" help:"Change what is said about a case."`
	Link   linkCmd                              `cmd:"" help:"Tie two cases together."`
}

func (caseCmd) Help() string {
	return `A case holds people, acts, sources, facts and decisions. It can be named by its number in the
database (12), its internal number (2031-0007), or any code it was ever printed under.

Example: the telephone rings
  arasha case add --title "Smear campaign against Qanat" --country XSR --lang en,ru --as "Inna Invented"
  arasha person add --name "Aru Invented" --case 1 --role victim
  arasha case show 1

Exit codes: 0 done, 1 not allowed, 2 not found or not readable, 64 wrong use`
}

type caseFields struct {
	Title    string   `help:"What the case is called at the desk."`
	Country  string   `placeholder:"ISO3" help:"The country, three letters."`
	Lang     []string `placeholder:"LANG" help:"Languages of its documents, the authoritative one first."`
	Priority string   `placeholder:"WORD" help:"urgent, high, normal, low or rejected."`
	Note     string   `help:"For the desk only."`
	Status   string   `placeholder:"WORD" help:"open or closed; a case is closed with an outcome by \"arasha appeal close\"."`
}

func (f caseFields) fill(d *desk, v *casefile.Case) error {
	set(&v.Title, f.Title)
	set(&v.Country, strings.ToUpper(f.Country))
	setList(&v.Languages, f.Lang)
	set(&v.Priority, f.Priority)
	set(&v.Note, f.Note)
	set(&v.Status, f.Status)
	if v.ID != 0 {
		return nil
	}
	// A new case: its number runs within the year of the first call.
	now := d.tx.Now()
	if v.Status == "" {
		v.Status = casefile.Open
	}
	v.Opened = now
	var err error
	v.Number, err = store.NextNumber(d.tx, now.Year())
	return err
}

type linkCmd struct {
	Add    addRow[casefile.CaseLink, linkFields] `cmd:"" help:"Tie two cases."`
	List   listLinksCmd                          `cmd:"" help:"List what a case is tied to."`
	Remove removeRow[casefile.CaseLink]          `cmd:"" help:"Untie them."`
}

type linkFields struct {
	FromCase caseName `placeholder:"CASE" help:"The one case."`
	ToCase   caseName `placeholder:"CASE" help:"The other."`
	Kind     string   `placeholder:"WORD" help:"same-victim, same-campaign, same-perpetrator, follows, reprisal-for, duplicate or other."`
	Note     string   `help:"In words."`
}

func (f linkFields) fill(d *desk, v *casefile.CaseLink) error {
	set(&v.Kind, f.Kind)
	set(&v.Note, f.Note)
	if err := d.setCase(&v.From, f.FromCase); err != nil {
		return err
	}
	return d.setCase(&v.To, f.ToCase)
}

type listLinksCmd struct {
	Case caseName `arg:"" help:"The case."`
	deskFlags
}

func (c *listLinksCmd) Run(ctx context.Context, w *world) error {
	return c.read(ctx, w, func(tx *store.Tx) error {
		of, err := c.Case.of(tx)
		if err != nil {
			return err
		}
		links, err := store.List[casefile.CaseLink](tx, store.Filter{Where: `"from" = ? OR "to" = ?`, Args: []any{of, of}})
		for _, l := range links {
			if err := c.line(w, l); err != nil {
				return err
			}
		}
		return err
	})
}

type caseShowCmd struct {
	Case caseName `arg:"" help:"The case: its number, 2031-0007, or a code it was printed under."`
	deskFlags
}

func (c *caseShowCmd) Run(ctx context.Context, w *world) error {
	return c.read(ctx, w, func(tx *store.Tx) error {
		of, err := c.Case.of(tx)
		if err != nil {
			return err
		}
		k, err := store.Get[casefile.Case](tx, of)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(w.out, k)
		}
		if err := printNoun(w.out, k); err != nil {
			return err
		}
		// In the order of the work.
		for _, show := range []func(*deskFlags, *world, *store.Tx, casefile.ID) error{
			showOf[casefile.PrintedCode], showOf[casefile.Hold], showOf[casefile.Decision], showRoles, showOf[casefile.Act], showOf[casefile.ContextEvent],
			showOf[casefile.Inaction], showOf[casefile.Step], showOf[casefile.Bill], showOf[casefile.Source], showOf[casefile.Statement],
			showOf[casefile.Consent], showOf[casefile.FindingNote], showOf[casefile.Document], showOf[casefile.Outcome],
		} {
			if err := show(&c.deskFlags, w, tx, of); err != nil {
				return err
			}
		}
		return nil
	})
}

// showOf prints the records of one kind that a case holds.
func showOf[T store.Noun](_ *deskFlags, w *world, tx *store.Tx, of casefile.ID) error {
	for v, err := range store.Each[T](tx, store.Filter{Case: of}) {
		if err != nil {
			return err
		}
		fmt.Fprintln(w.out, rowOf(v))
	}
	return nil
}

// showRoles prints who is in a case, by name.
func showRoles(f *deskFlags, w *world, tx *store.Tx, of casefile.ID) error {
	roles, err := store.List[casefile.Role](tx, store.Filter{Case: of})
	if err != nil {
		return err
	}
	for _, r := range roles {
		p, err := store.Get[casefile.Person](tx, r.Person)
		if err != nil {
			return err
		}
		fmt.Fprintf(w.out, "person %d  %s  %s\n", p.ID, r.Role, clipLine(p.Name))
	}
	return nil
}
