package main

import (
	"context"
	"strings"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// personCmd is "arasha person": people and organisations.
type personCmd struct {
	Add    personAddCmd                             `cmd:"" help:"Enter a person or an organisation."`
	List   listRows[casefile.Person]                `cmd:"" help:"List people and organisations."`
	Show   showRow[casefile.Person]                 `cmd:"" help:"Show one."`
	Change changeRow[casefile.Person, personFields] `cmd:"" help:"Change what is said about one."`
	Remove removeRow[casefile.Person]               `cmd:"" help:"Remove one that nothing refers to."`
	Role   roleCmd                                  `cmd:"" help:"What a person is in a case."`
}

func (personCmd) Help() string {
	return `A person stands once, whatever the number of cases. Two people may have one name: then they are
named by their numbers.

Example
  arasha person add --name "Aru Invented" --title Ms. --alias "ru:Ару Инвентед" --case 1 --role victim
  arasha person role add --case 2 --person 1 --role context

Exit codes: 0 done, 1 not allowed, 2 not found or not readable, 64 wrong use`
}

type personFields struct {
	Name        string   `help:"The name as the appeal prints it, without the title."`
	Title       string   `help:"Mr., Ms., Dr. …"`
	Kind        string   `placeholder:"WORD" help:"person (when left out) or organisation."`
	Alias       []string `sep:"none" placeholder:"LANG:TEXT" help:"Another spelling, with its language: \"ru:…\". May be repeated."`
	Defender    string   `placeholder:"WORD" help:"A defender of human rights: yes, no or unknown."`
	Sex         string   `help:"As the person says."`
	Born        int      `placeholder:"YEAR" help:"Year of birth."`
	Occupation  string   `help:"In a word or two."`
	Residence   string   `help:"Where the person lives."`
	Affiliation []string `sep:"none" help:"An organisation the person belongs to. May be repeated."`
	Work        string   `help:"The work for human rights, in a sentence."`
	Minor       *bool    `help:"The person is a child; --minor=false when that was a mistake."`
	Private     string   `help:"For the desk only: never printed, never searched."`
}

func (f personFields) fill(d *desk, v *casefile.Person) error {
	if v.Kind == "" {
		v.Kind = casefile.Natural
	}
	set(&v.Name, f.Name)
	set(&v.Title, f.Title)
	set(&v.Kind, f.Kind)
	for _, a := range f.Alias {
		lang, text, ok := strings.Cut(a, ":")
		if !ok || strings.ContainsAny(lang, " .") {
			lang, text = "", a
		}
		v.Aliases = append(v.Aliases, casefile.Alias{Lang: lang, Text: text})
	}
	set(&v.Defender, f.Defender)
	set(&v.Sex, f.Sex)
	set(&v.BirthYear, f.Born)
	set(&v.Occupation, f.Occupation)
	set(&v.Residence, f.Residence)
	setList(&v.Affiliations, f.Affiliation)
	set(&v.Work, f.Work)
	setBool(&v.Minor, f.Minor)
	set(&v.Private, f.Private)
	return nil
}

// personAddCmd is addRow with the role in a case, which is what one wants at
// the telephone.
type personAddCmd struct {
	addRow[casefile.Person, personFields]
	Case caseName `placeholder:"CASE" help:"The case the person belongs to."`
	Role string   `placeholder:"WORD" help:"What the person is in it: victim, alleged-perpetrator, partner, lawyer, relative, witness, context or other."`
}

func (c *personAddCmd) Run(ctx context.Context, w *world) error {
	if (c.Case == "") != (c.Role == "") {
		return wrongUse("For example: --case 1 --role victim.", "--case and --role go together")
	}
	if c.Case == "" {
		return c.addRow.Run(ctx, w)
	}
	if c.In != "" {
		return wrongUse("Enter the people first, then \"arasha person role add\".", "--in brings people in without a case")
	}
	var p casefile.Person
	var r casefile.Role
	err := c.write(ctx, w, "person add", func(tx *store.Tx, by casefile.User) error {
		d := &desk{&c.deskFlags, w, tx, by}
		if err := c.Fields.fill(d, &p); err != nil {
			return err
		}
		if err := store.Put(tx, &p); err != nil {
			return err
		}
		r = casefile.Role{Person: p.ID, Role: c.Role}
		if err := d.setCase(&r.Case, c.Case); err != nil {
			return err
		}
		return store.Put(tx, &r)
	})
	if err != nil {
		return err
	}
	if err := c.tell(w, p); err != nil {
		return err
	}
	return c.tell(w, r)
}

type roleCmd struct {
	Add    addRow[casefile.Role, roleFields] `cmd:"" help:"Say what a person is in a case."`
	List   listRows[casefile.Role]           `cmd:"" help:"List who is what in which case."`
	Remove removeRow[casefile.Role]          `cmd:"" help:"Take it back."`
}

type roleFields struct {
	Case   caseName   `placeholder:"CASE" help:"The case."`
	Person personName `placeholder:"PERSON" help:"The person, by number or name."`
	Role   string     `placeholder:"WORD" help:"victim, alleged-perpetrator, partner, lawyer, relative, witness, context or other."`
	Degree string     `placeholder:"WORD" help:"Of an alleged perpetrator: carried-out, ordered, planned, incited, paid-for, helped, tolerated, failed-to-prevent or unknown."`
	Note   string     `help:"In words."`
}

func (f roleFields) fill(d *desk, v *casefile.Role) error {
	set(&v.Role, f.Role)
	set(&v.Degree, f.Degree)
	set(&v.Note, f.Note)
	if err := d.setPerson(&v.Person, f.Person); err != nil {
		return err
	}
	return d.setCase(&v.Case, f.Case)
}
