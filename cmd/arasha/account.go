package main

import (
	"context"
	"fmt"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// accountCmd is "arasha account": the register of accounts and outlets.
type accountCmd struct {
	Add       addRow[casefile.Account, accountFields]    `cmd:"" help:"Enter an account or an outlet."`
	List      listRows[casefile.Account]                 `cmd:"" help:"List them."`
	Show      showRow[casefile.Account]                  `cmd:"" help:"Show one."`
	Change    changeRow[casefile.Account, accountFields] `cmd:"" help:"Change one."`
	Remove    removeRow[casefile.Account]                `cmd:"" help:"Remove one."`
	Attribute attributeCmd                               `cmd:"" help:"What is said about an account, and by whom."`
	Due       accountDueCmd                              `cmd:"" help:"List private users whose day has passed and who are to be removed; exit code 1 when there are any."`
}

func (accountCmd) Help() string {
	return `Who an account belongs to is a sourced fact, never computed. What is said about it is reported
speech: according to whom, on which day, and what shows that they said it. About a private person it
is printed only with a second, independent source, a chance to answer, and a lawyer's reading. A
private user exists in one case until a day; "due" lists those whose day has passed.

Example
  arasha account add --platform telegram --native vestnik_sarytau --name "Vestnik Sarytau" --kind outlet
  arasha account attribute add --account 1 --what "receives State funds" --according "the budget of 2031" --date 2031-01-15 --ref 4

Exit codes: 0 done, 1 not allowed, 2 not found or not readable, 64 wrong use`
}

type accountFields struct {
	Platform string        `help:"telegram, facebook, web …"`
	Native   string        `placeholder:"ID" help:"The platform's own number or handle."`
	Name     string        `help:"As the platform shows it."`
	Kind     string        `placeholder:"WORD" help:"public, outlet or private-user."`
	Case     caseName      `placeholder:"CASE" help:"Of a private user: the one case it exists in."`
	Until    casefile.Date `placeholder:"DATE" help:"Of a private user: when it is forgotten."`
}

func (f accountFields) fill(d *desk, v *casefile.Account) error {
	set(&v.Platform, f.Platform)
	set(&v.Native, f.Native)
	set(&v.Name, f.Name)
	set(&v.Kind, f.Kind)
	set(&v.Until, f.Until)
	return d.setCase(&v.Case, f.Case)
}

type accountDueCmd struct{ deskFlags }

// Run lists who is to be forgotten. People remove them: an account may be in
// use in an appeal that is being written.
func (c *accountDueCmd) Run(ctx context.Context, w *world) error {
	var due []casefile.Account
	err := c.read(ctx, w, func(tx *store.Tx) error {
		all, err := store.List[casefile.Account](tx, store.Filter{Where: `"kind" = ?`, Args: []any{casefile.PrivateUser}})
		due = (&casefile.File{Accounts: all}).Forgotten(tx.Now())
		return err
	})
	if err != nil {
		return err
	}
	if err := tellAll(&c.deskFlags, w, due); err != nil {
		return err
	}
	if len(due) > 0 {
		w.say("their day has passed: remove what is said about them and then them (\"arasha account remove\")")
		return answerNo()
	}
	if !c.JSON {
		fmt.Fprintln(w.out, "nobody is to be forgotten today")
	}
	return nil
}

type attributeCmd struct {
	Add    addRow[casefile.Attribute, attributeFields]    `cmd:"" help:"Enter what is said about an account."`
	List   listRows[casefile.Attribute]                   `cmd:"" help:"List what is said."`
	Show   showRow[casefile.Attribute]                    `cmd:"" help:"Show one."`
	Change changeRow[casefile.Attribute, attributeFields] `cmd:"" help:"Add the second source, the chance to answer, the lawyer's reading."`
	Remove removeRow[casefile.Attribute]                  `cmd:"" help:"Remove one."`
}

type attributeFields struct {
	Account     casefile.ID   `placeholder:"N" help:"The account."`
	What        string        `help:"What is said."`
	According   string        `help:"According to whom."`
	Date        casefile.Date `placeholder:"DATE" help:"When they said it."`
	Ref         []string      `placeholder:"ITEM" help:"What shows that they said it."`
	Second      string        `help:"The second, independent source."`
	SecondRef   []string      `placeholder:"ITEM" help:"What shows that one."`
	Chance      casefile.Date `placeholder:"DATE" help:"When the person was given a chance to answer."`
	Answer      string        `help:"What came back."`
	LegalReader string        `help:"Who read it as a lawyer."`
	LegalAt     casefile.Date `placeholder:"DATE" help:"When."`
}

func (f attributeFields) fill(d *desk, v *casefile.Attribute) error {
	set(&v.Account, f.Account)
	set(&v.What, f.What)
	set(&v.According, f.According)
	set(&v.Date, f.Date)
	set(&v.Second, f.Second)
	set(&v.ChanceAt, f.Chance)
	set(&v.Answer, f.Answer)
	set(&v.LegalReader, f.LegalReader)
	set(&v.LegalAt, f.LegalAt)
	if err := d.setRefs(&v.Refs, f.Ref); err != nil {
		return err
	}
	return d.setRefs(&v.SecondRefs, f.SecondRef)
}
