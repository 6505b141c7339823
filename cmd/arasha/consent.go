package main

import (
	"context"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// consentCmd is "arasha consent": who agreed to be named, and where.
type consentCmd struct {
	Add      addRow[casefile.Consent, consentFields] `cmd:"" help:"Enter one answer of one person about one use."`
	List     listRows[casefile.Consent]              `cmd:"" help:"List the answers."`
	Show     showRow[casefile.Consent]               `cmd:"" help:"Show one."`
	Withdraw consentWithdrawCmd                      `cmd:"" help:"A person takes the consent back; says where the name still stands."`
}

func (consentCmd) Help() string {
	return `Silence is no. A consent is for one use: public, government, un-record, photograph, or one sensitive
fact (fact:12). Where nobody could be asked, or all is public already, it is a decision, signed by
name, with its risk and the day it is looked at again.

Example
  arasha consent add --case 1 --person "Aru Invented" --use public --answer yes --basis self \
    --given-by "Aru Invented" --when 2031-05-10 --how "by telephone, read back"
  arasha consent add --case 1 --person 5 --use public --answer yes --basis already-public \
    --when 2031-05-10 --risk "low: on every front page" --review 2031-06-10
  arasha consent withdraw 1

Exit codes: 0 done, 1 not allowed, 2 not found or not readable, 64 wrong use`
}

type consentFields struct {
	Case     caseName      `placeholder:"CASE" help:"The case."`
	Person   personName    `placeholder:"PERSON" help:"The person, by number or name."`
	Use      string        `placeholder:"USE" help:"public, government, un-record, photograph or fact:N."`
	Answer   string        `placeholder:"WORD" help:"yes or no."`
	Basis    string        `placeholder:"WORD" help:"self, parent, guardian, family, lawyer, organisation, could-not-be-asked or already-public."`
	GivenBy  string        `help:"Who gave it."`
	When     casefile.Date `placeholder:"DATE" help:"When."`
	How      string        `help:"By telephone, in writing …"`
	TextHash string        `placeholder:"HASH" help:"The version of the text that was read to them; without it, any."`
	Ref      string        `placeholder:"ITEM" help:"What shows it."`
	Risk     string        `help:"Of a decision: what could happen."`
	Review   casefile.Date `placeholder:"DATE" help:"When it is looked at again."`
}

func (f consentFields) fill(d *desk, v *casefile.Consent) error {
	if err := d.setCase(&v.Case, f.Case); err != nil {
		return err
	}
	if err := d.setPerson(&v.Person, f.Person); err != nil {
		return err
	}
	set(&v.Use, f.Use)
	set(&v.Answer, f.Answer)
	set(&v.Basis, f.Basis)
	set(&v.GivenBy, f.GivenBy)
	set(&v.When, f.When)
	set(&v.How, f.How)
	set(&v.TextHash, f.TextHash)
	set(&v.Risk, f.Risk)
	set(&v.Review, f.Review)
	if f.Basis == casefile.CouldNotBeAsked || f.Basis == casefile.AlreadyPublic {
		v.SignedBy = d.by.Name
	}
	return d.setRef(&v.Ref, f.Ref)
}

type consentWithdrawCmd struct {
	ID casefile.ID `arg:"" name:"number" help:"The number of the consent."`
	deskFlags
}

func (c *consentWithdrawCmd) Run(ctx context.Context, w *world) error {
	var v casefile.Consent
	var standing []casefile.Place
	err := c.write(ctx, w, "consent withdraw", func(tx *store.Tx, _ casefile.User) (err error) {
		if v, err = store.Get[casefile.Consent](tx, c.ID); err != nil {
			return err
		}
		if !v.WithdrawnAt.IsZero() {
			return wrongUse("", "consent %d was withdrawn on %s already", c.ID, v.WithdrawnAt.Format("2006-01-02"))
		}
		v.WithdrawnAt = tx.Now()
		if err := store.Put(tx, &v); err != nil {
			return err
		}
		f, err := loadCase(tx, v.Case)
		if err == nil {
			standing = f.Standing(v.Person)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := c.tell(w, v); err != nil {
		return err
	}
	// What must be worked through, published pages first.
	for _, p := range standing {
		w.say("the name stands in %s, %s%s", p.Noun, p.Where, when(p.State != "", " ("+p.State+")"))
	}
	if len(standing) == 0 {
		w.say("the name stands nowhere in the case but in its record")
	}
	return nil
}

// decisionCmd is "arasha decision": to act or not, before any draft.
type decisionCmd struct {
	Add  addRow[casefile.Decision, decisionFields] `cmd:"" help:"Decide; the newest decision holds."`
	List listRows[casefile.Decision]               `cmd:"" help:"List decisions."`
	Show showRow[casefile.Decision]                `cmd:"" help:"Show one."`
}

func (decisionCmd) Help() string {
	return `Visibility is a choice, not a default: open-appeal, closed-letter, un-only, press-release,
quiet-contact or nothing.

Example
  arasha decision add --case 1 --choice open-appeal --reason "those concerned ask for it" \
    --asked "Aru Invented, Qanat" --risk "Aru Invented|new summons|her lawyer is told first" --review 2031-06-01

Exit codes: 0 done, 1 not allowed, 2 not found or not readable, 64 wrong use`
}

type decisionFields struct {
	Case   caseName      `placeholder:"CASE" help:"The case."`
	Choice string        `placeholder:"WORD" help:"open-appeal, closed-letter, un-only, press-release, quiet-contact or nothing."`
	Reason string        `help:"Why."`
	Asked  string        `help:"Who was asked."`
	Risk   []string      `sep:"none" placeholder:"WHO|HOW|LOWERED BY" help:"Who could be harmed, how, and what lowers it. May be repeated."`
	Review casefile.Date `placeholder:"DATE" help:"When it is looked at again."`
}

func (f decisionFields) fill(d *desk, v *casefile.Decision) error {
	set(&v.Choice, f.Choice)
	set(&v.Reason, f.Reason)
	set(&v.Asked, f.Asked)
	for _, r := range f.Risk {
		parts := parted(r, 3)
		v.Risks = append(v.Risks, casefile.Risk{Who: parts[0], How: parts[1], LoweredBy: parts[2]})
	}
	set(&v.Review, f.Review)
	v.By, v.At = d.by.Name, d.tx.Now()
	return d.setCase(&v.Case, f.Case)
}

// holdCmd is "arasha hold": "stop", by those concerned.
type holdCmd struct {
	Add  addRow[casefile.Hold, holdFields] `cmd:"" help:"Hold everything of a case at once."`
	List listRows[casefile.Hold]           `cmd:"" help:"List holds."`
	Lift holdLiftCmd                       `cmd:"" help:"Lift a hold, when they say so."`
}

func (holdCmd) Help() string {
	return `A "do not publish" or "stop" of the person, the family or the lawyer holds everything of the case
at once, whoever is on duty.

Example: the lawyer calls at night
  arasha hold add --case 1 --caller lawyer --name "L. Invented" --kind stop --why "hearing on Monday"
  arasha hold lift 1

Exit codes: 0 done, 1 not allowed, 2 not found or not readable, 64 wrong use`
}

type holdFields struct {
	Case   caseName `placeholder:"CASE" help:"The case."`
	Caller string   `placeholder:"WORD" help:"Who says stop: person, family or lawyer."`
	Name   string   `help:"Their name."`
	Kind   string   `placeholder:"WORD" help:"do-not-publish or stop."`
	Why    string   `help:"In their words."`
}

func (f holdFields) fill(d *desk, v *casefile.Hold) error {
	set(&v.By, f.Caller)
	set(&v.Name, f.Name)
	set(&v.Kind, f.Kind)
	set(&v.Why, f.Why)
	v.Since = d.tx.Now()
	return d.setCase(&v.Case, f.Case)
}

type holdLiftCmd struct {
	ID casefile.ID `arg:"" name:"number" help:"The number of the hold."`
	deskFlags
}

func (c *holdLiftCmd) Run(ctx context.Context, w *world) error {
	var v casefile.Hold
	err := c.write(ctx, w, "hold lift", func(tx *store.Tx, _ casefile.User) (err error) {
		if v, err = store.Get[casefile.Hold](tx, c.ID); err != nil {
			return err
		}
		if !v.Lifted.IsZero() {
			return wrongUse("", "hold %d was lifted already", c.ID)
		}
		v.Lifted = tx.Now()
		return store.Put(tx, &v)
	})
	if err != nil {
		return err
	}
	return c.tell(w, v)
}
