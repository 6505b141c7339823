package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

type appealReviewCmd struct {
	Case caseName `arg:"" help:"The case."`
	deskFlags
	Prefix string `default:"OBS" placeholder:"OBS" help:"Organisation prefix of the code."`
}

func (appealReviewCmd) Help() string {
	return `Begins the review of the drafts of a case: the numbers of country and world are taken from the
register, in one transaction, and the code stands in every language from now on.

Example
  arasha appeal review 1

Exit codes: 0 begun, 1 held or nothing to review, 2 not readable, 64 wrong use`
}

func (c *appealReviewCmd) Run(ctx context.Context, w *world) error {
	var docs []casefile.Document
	err := c.write(ctx, w, "appeal review", func(tx *store.Tx, by casefile.User) error {
		docs = nil
		f, err := loadFile(tx, c.Case)
		if err != nil {
			return err
		}
		if err := f.Stopped(); err != nil {
			return err
		}
		for _, d := range f.Documents {
			if d.State != casefile.StateDraft {
				continue
			}
			if err := c.review(tx, f, by, &d); err != nil {
				return err
			}
			docs = append(docs, d)
		}
		if len(docs) == 0 {
			return &exitError{exitNo, "there is no draft to review", "\"arasha appeal draft\" comes first."}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tellAll(&c.deskFlags, w, docs)
}

// review gives a draft its code, if its kind bears one, and lets the review
// begin.
func (c *appealReviewCmd) review(tx *store.Tx, f *casefile.File, by casefile.User, d *casefile.Document) error {
	if d.Kind == appeal.UrgentAppeal && !slices.ContainsFunc(f.Register, func(r casefile.Register) bool {
		return r.Case == f.Case.ID && r.State != casefile.Void
	}) && firstPublished(f, "", casefile.Audience(d.Audience)) == nil {
		now := tx.Now()
		r, err := store.Allocate(tx, casefile.Register{Year: now.Year(), Country: f.Case.Country, Prefix: c.Prefix, MMYY: now.Format("0106"), Case: f.Case.ID, By: by.Name})
		if err != nil {
			return err
		}
		f.Register = append(f.Register, r)
	}
	if d.Kind == appeal.UrgentAppeal || d.Kind == appeal.NewInformation {
		code, err := codeFor(f, *d)
		if err != nil {
			return err
		}
		a, err := appealOf(*d)
		if err != nil {
			return err
		}
		a.Code = code
		if code != nil {
			d.Code = code.Printed
		}
		if err := setAppeal(d, a); err != nil {
			return err
		}
	}
	d.State = casefile.StateReview
	return store.Put(tx, d)
}

type appealReadCmd struct {
	Document []casefile.ID `arg:"" help:"The translations."`
	deskFlags
	Translator string `help:"Who translated it, when the document does not name them yet."`
}

func (appealReadCmd) Help() string {
	return `A translation leaves the house only after a second person has read it against its source.

Example
  arasha appeal read 2 3 --translator "A. Translator" --as "Inna Invented"

Exit codes: 0 noted, 1 not a text in its language yet, or published, 2 not readable, 64 wrong use`
}

func (c *appealReadCmd) Run(ctx context.Context, w *world) error {
	var docs []casefile.Document
	err := c.write(ctx, w, "appeal read", func(tx *store.Tx, by casefile.User) error {
		docs = nil
		for _, id := range c.Document {
			d, err := store.Get[casefile.Document](tx, id)
			if err != nil {
				return err
			}
			a, err := appealOf(d)
			if err != nil {
				return err
			}
			if a.Translation == nil {
				return wrongUse("", "document %d is no translation", id)
			}
			translator := cmp.Or(c.Translator, a.Translation.Translator)
			switch {
			case a.Translation.State == appeal.Placeholder:
				return &exitError{exitNo, fmt.Sprintf("document %d still holds text in another language", id), "Give the sentences their words in it and draft it again."}
			case translator == by.Name:
				return wrongUse("", "who translated it cannot be the second person")
			}
			f, err := loadCase(tx, d.Case)
			if err != nil {
				return err
			}
			for _, v := range f.Versions(d) {
				if v.Language == a.Translation.Of {
					a.Translation.SourceHash = v.Hash
				}
			}
			a.Translation.Translator, a.Translation.Reader, a.Translation.State = translator, by.Name, appeal.Read
			if err := setAppeal(&d, a); err != nil {
				return err
			}
			if err := store.Put(tx, &d); err != nil {
				return err
			}
			docs = append(docs, d)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tellAll(&c.deskFlags, w, docs)
}

type appealApproveCmd struct {
	Document []casefile.ID `arg:"" help:"The documents, one for each language version."`
	deskFlags
	keyFlags
	ByPhone string `placeholder:"USER" help:"USER gives it by telephone, and whoever does this enters it; USER confirms it within 24 hours by the same command."`
	Gave    string `help:"Of a call: who gave it, in words."`
	How     string `help:"Of a call: how it was given, on which number."`
}

func (appealApproveCmd) Help() string {
	return `Signs, with the key of the user, the text of each language version as it stands. The approval falls
when a letter of the text changes. At night one approval may be given by telephone; it is open until
the approver confirms it with their own key.

Example
  arasha appeal approve 1 2 3 4 --as "Inna Invented"
  arasha appeal approve 1 --by-phone Boris --gave "Boris himself" --how "on his own number, called back" --as "Inna Invented"

Exit codes: 0 approved, 1 not entitled, 2 not readable, 64 wrong use`
}

func (c *appealApproveCmd) Run(ctx context.Context, w *world) error {
	if c.ByPhone != "" && (c.Gave == "" || c.How == "") {
		return wrongUse("Give --gave and --how.", "who gave it, and how, are both needed for a call")
	}
	by, err := c.who(ctx, w)
	if err != nil {
		return err
	}
	var keys *casefile.UserKeys
	if c.ByPhone == "" {
		if keys, err = c.keyFlags.open(w, c.Home, by); err != nil {
			return err
		}
	}
	r, err := c.roster(ctx, w)
	if err != nil {
		return err
	}
	var given []casefile.Approval
	err = c.write(ctx, w, "appeal approve", func(tx *store.Tx, by casefile.User) error {
		given = nil
		for _, id := range c.Document {
			a, err := c.approve(tx, by, keys, r, id)
			if err != nil {
				return err
			}
			given = append(given, a)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tellAll(&c.deskFlags, w, given)
}

// approve stores one approval, signs it when keys are given, and lets it be
// logged.
func (c *appealApproveCmd) approve(tx *store.Tx, by casefile.User, keys *casefile.UserKeys, r roster, id casefile.ID) (casefile.Approval, error) {
	var none casefile.Approval
	d, err := store.Get[casefile.Document](tx, id)
	if err != nil {
		return none, err
	}
	f, err := loadCase(tx, d.Case)
	if err != nil {
		return none, err
	}
	if err := f.Held(); err != nil {
		return none, err
	}
	if d.State != casefile.StateReview && d.State != casefile.StateApproved {
		return none, &exitError{exitNo, fmt.Sprintf("document %d is %q; what is approved is what is in review", id, d.State), "\"arasha appeal review\" begins it."}
	}
	now := tx.Now()
	a := casefile.Approval{Document: id, Hash: d.Hash, User: by.ID, Organisation: by.Organisation, At: now}
	if c.ByPhone != "" {
		u, err := named[casefile.User](tx, c.ByPhone, "name")
		if err != nil {
			return none, err
		}
		if u.ID == by.ID {
			return none, wrongUse("A colleague enters it, or "+u.Name+" signs.", "who gives an approval by telephone cannot enter it as well")
		}
		a.User, a.Organisation = u.ID, u.Organisation
		a.Phone = &casefile.PhoneGiven{GaveIt: c.Gave, EnteredBy: by.ID, How: c.How}
	}
	for _, old := range f.Approvals { // one by telephone that waits for this signature; after 24 hours it has fallen, and the signature stands for itself
		if keys != nil && old.Document == id && old.User == by.ID && old.Hash == d.Hash && old.Phone != nil && old.Signature == "" && now.Sub(old.At) <= casefile.PhoneTime {
			a = old
			a.Phone.ConfirmedAt = now
		}
	}
	if !slices.ContainsFunc(f.Entitled(), func(u casefile.User) bool { return u.ID == a.User }) {
		return none, &exitError{exitNo, fmt.Sprintf("user %d may not approve", a.User), "The role \"approve\" and keys are needed: \"arasha user --help\"."}
	}
	if keys != nil {
		if a.Signature, err = keys.Sign(d, d.Hash, a.SignedAt()); err != nil {
			return none, err
		}
		record, err := casefile.ApprovalRecord(a, r.leaf, r.Seats)
		if err != nil {
			return none, err
		}
		queued, err := store.Log(tx, record)
		if err != nil {
			return none, err
		}
		if err := r.remember(tx, a, queued); err != nil {
			return none, err
		}
	}
	if err := store.Put(tx, &a); err != nil {
		return none, err
	}
	return a, settle(tx, &d)
}

// settle lets a document be approved once nothing is missing.
func settle(tx *store.Tx, d *casefile.Document) error {
	f, err := loadCase(tx, d.Case)
	if err != nil {
		return err
	}
	rule, err := approvalRule(tx)
	if err != nil {
		return err
	}
	for _, v := range f.Versions(*d) {
		if v.State == casefile.StateReview && f.Approved(v, rule, tx.Now()).Err() == nil {
			v.State = casefile.StateApproved
			if err := store.Put(tx, &v); err != nil {
				return err
			}
		}
	}
	return nil
}

func approvalRule(tx *store.Tx) (casefile.ApprovalRule, error) {
	s, err := setting(tx, casefile.SettingApproval)
	if err != nil {
		return casefile.ApprovalRule{}, err
	}
	return casefile.ParseApprovalRule(s.Value)
}

type appealConfirmCmd struct {
	Document casefile.ID `arg:"" help:"The document, in the language in which the text was read."`
	deskFlags
	Person     string `help:"Who confirmed the final text: the person concerned, or a local partner."`
	Impossible string `placeholder:"WHY" help:"Why nobody could confirm it."`
}

func (appealConfirmCmd) Help() string {
	return `Notes that the person concerned or a local partner confirmed the final text, or why that was
impossible. It falls when a letter of the text changes.

Example
  arasha appeal confirm 2 --person "Aru Invented, by telephone, read to her whole"

Exit codes: 0 noted, 2 not readable, 64 wrong use`
}

func (c *appealConfirmCmd) Run(ctx context.Context, w *world) error {
	if (c.Person == "") == (c.Impossible == "") {
		return wrongUse("", "give --person or --impossible, one of them")
	}
	var a casefile.Approval
	err := c.write(ctx, w, "appeal confirm", func(tx *store.Tx, by casefile.User) error {
		d, err := store.Get[casefile.Document](tx, c.Document)
		if err != nil {
			return err
		}
		a = casefile.Approval{Document: d.ID, Hash: d.Hash, User: by.ID, At: tx.Now(), Person: c.Person, Impossible: c.Impossible}
		if err := store.Put(tx, &a); err != nil {
			return err
		}
		return settle(tx, &d)
	})
	if err != nil {
		return err
	}
	return c.tell(w, a)
}

type appealAcceptCmd struct {
	Document casefile.ID `arg:"" help:"The document."`
	Rule     string      `arg:"" help:"The rule of the check."`
	deskFlags
	Where  string `placeholder:"PLACE" help:"Only there; without it, wherever the rule speaks."`
	Reason string `required:"" help:"Why it may go out like this."`
}

func (appealAcceptCmd) Help() string {
	return `Lets a rule of the check pass for one document, with a reason and a name. A leak of a source and a
missing consent cannot be accepted.

Example
  arasha appeal accept 1 code-date --reason "misprint of the register, kept on purpose"

Exit codes: 0 accepted, 1 cannot be accepted, 2 not readable, 64 wrong use`
}

func (c *appealAcceptCmd) Run(ctx context.Context, w *world) error {
	if slices.Contains(appeal.NeverAccepted, c.Rule) {
		return &exitError{exitNo, fmt.Sprintf("the rule %q protects people and cannot be accepted", c.Rule), ""}
	}
	var v casefile.Acceptance
	err := c.write(ctx, w, "appeal accept", func(tx *store.Tx, by casefile.User) error {
		v = casefile.Acceptance{Document: c.Document, Rule: c.Rule, Where: c.Where, Reason: c.Reason, By: by.Name, At: tx.Now()}
		return store.Put(tx, &v)
	})
	if err != nil {
		return err
	}
	return c.tell(w, v)
}

// embargoOf reads the embargo of a publication.
func embargoOf(s string) (casefile.Date, error) {
	d, err := casefile.ParseDate(s)
	if err == nil {
		_, err = casefile.EmbargoEnds(d)
	}
	if err != nil {
		return d, wrongUse("For example \"2031-05-12 06:00 +02:00\".", "the embargo: %s", plainWords(err))
	}
	return d, nil
}
