package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// sourceCmd is "arasha source": who told us. The name is sealed to readers.
type sourceCmd struct {
	Add    sourceAddCmd                             `cmd:"" help:"Seal a source to its readers."`
	List   listRows[casefile.Source]                `cmd:"" help:"List sources by their labels."`
	Show   showRow[casefile.Source]                 `cmd:"" help:"Show what is known of one without opening it."`
	Open   sourceOpenCmd                            `cmd:"" help:"Open a source, as one of its readers. It is noted who did."`
	Seal   sourceSealCmd                            `cmd:"" help:"Seal a source again: to other readers, or with other words."`
	Change changeRow[casefile.Source, sourceFields] `cmd:"" help:"Change what is not sealed, such as the reliability."`
	Call   sourceCallCmd                            `cmd:"" help:"Keep a signed note of a telephone call as an item, sealed with its source."`
	Note   sourceNoteCmd                            `cmd:"" help:"Open a note of a call, as one of its readers, and say whether its signature holds."`
	Remove removeRow[casefile.Source]               `cmd:"" help:"Remove one that nothing refers to."`
}

func (sourceCmd) Help() string {
	return `The name, the aliases and how to reach a source are sealed to named readers with age; the desk sees
a label. They are read from a file or typed in, never given as an option.

The file that --secret reads is JSON:
  {"name": "…", "aliases": [{"text": "…", "lang": "ru"}],
   "contact": {"channel": "Signal", "hours": "after 20:00", "who": "only Inna", "warning": "telephone seized, do not call"},
   "note": "…"}

Example
  arasha source add --case 1 --label "source A" --secret - --reader "Inna Invented" --reliability high --connection witness
  arasha source open 1 --as "Inna Invented"
  arasha source call 1 --note call.json --as "Inna Invented"
  arasha source note 4 --as "Inna Invented"

Exit codes: 0 done, 1 not a reader, or the signature of a note does not hold, 2 not found or not readable, 64 wrong use`
}

type sourceFields struct {
	Case        caseName `placeholder:"CASE" help:"The case."`
	Label       string   `help:"A word for the desk that gives nothing away."`
	Reliability string   `placeholder:"WORD" help:"high, likely, unsure, unlikely, unreliable or unknown."`
	Connection  string   `placeholder:"KEY" help:"To what happened: victim, witness, same-organisation, relative, lawyer …"`
	Group       string   `help:"Sources of one group count as one."`
	Formula     string   `placeholder:"WORD" help:"How it is printed: reliable-sources (when left out), named, organisation or own-observation."`
	Printed     string   `help:"For named and organisation: the words."`
}

func (f sourceFields) fill(d *desk, v *casefile.Source) error {
	set(&v.Label, f.Label)
	set(&v.Reliability, f.Reliability)
	set(&v.Connection, f.Connection)
	set(&v.Group, f.Group)
	set(&v.Formula, f.Formula)
	set(&v.Printed, f.Printed)
	if v.Formula == "" {
		v.Formula = "reliable-sources"
	}
	return d.setCase(&v.Case, f.Case)
}

// secretFlags say where a secret comes from and who may read it.
type secretFlags struct {
	Secret string   `placeholder:"FILE" help:"Read who the source is as JSON from FILE; - is standard input."`
	Reader []string `sep:"none" placeholder:"USER" help:"Who may open it: users with keys, by name or number. May be repeated; without it, who does this."`
}

func (f *secretFlags) read(w *world) (casefile.Secret, error) {
	var s casefile.Secret
	data, err := readInput(w, f.Secret)
	if err != nil {
		return s, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		// The error of the decoder may hold some of what is to be sealed.
		return casefile.Secret{}, wrongUse("\"arasha source --help\" shows the form.", "%s is not of the form of a sealed source", f.Secret)
	}
	return s, nil
}

// readers resolves who may open it.
func (f *secretFlags) readers(tx *store.Tx, by casefile.User) ([]casefile.User, []casefile.ID, error) {
	var users []casefile.User
	var ids []casefile.ID
	for _, name := range f.Reader {
		u, err := named[casefile.User](tx, name, "name")
		if err != nil {
			return nil, nil, err
		}
		users, ids = append(users, u), append(ids, u.ID)
	}
	if len(users) == 0 {
		users, ids = []casefile.User{by}, []casefile.ID{by.ID}
	}
	for _, u := range users {
		if u.Left {
			return nil, nil, wrongUse("Name with --reader who may open it from now on.", "%s works here no more, so nothing is sealed to them", u.Name)
		}
		if u.Recipient == "" {
			return nil, nil, wrongUse("\"arasha user key\" makes them.", "%s has no keys, so nothing can be sealed to %s", u.Name, u.Name)
		}
	}
	return users, ids, nil
}

// readersHere returns the readers of v but those who work here no more: what is
// sealed anew is not sealed to them.
func readersHere(tx *store.Tx, v casefile.Source) (here []casefile.User, err error) {
	for _, id := range v.Readers {
		u, err := store.Get[casefile.User](tx, id)
		if err != nil {
			return nil, err
		}
		if !u.Left {
			here = append(here, u)
		}
	}
	return here, nil
}

// seal puts the secret into v, for those who may open it.
func (f *secretFlags) seal(tx *store.Tx, by casefile.User, v *casefile.Source, s casefile.Secret) error {
	users, ids, err := f.readers(tx, by)
	if err != nil {
		return err
	}
	v.Sealed, err = casefile.SealSecret(s, users...)
	v.Readers = ids
	return err
}

type sourceAddCmd struct {
	deskFlags
	secretFlags
	Fields sourceFields `embed:""`
}

func (c *sourceAddCmd) Run(ctx context.Context, w *world) error {
	var secret casefile.Secret
	if c.Secret != "" {
		var err error
		if secret, err = c.secretFlags.read(w); err != nil {
			return err
		}
	} else if c.Fields.Formula == "" || c.Fields.Formula == "reliable-sources" {
		return wrongUse("Give --secret FILE; - reads standard input.", "a source that is not named in print is sealed")
	}
	var v casefile.Source
	err := c.write(ctx, w, "source add", func(tx *store.Tx, by casefile.User) error {
		if err := c.Fields.fill(&desk{&c.deskFlags, w, tx, by}, &v); err != nil {
			return err
		}
		if c.Secret != "" {
			if err := c.seal(tx, by, &v, secret); err != nil {
				return err
			}
		}
		return store.Put(tx, &v)
	})
	if err != nil {
		return err
	}
	return c.tell(w, v)
}

// opened opens a source as the user of --as, and notes that it was opened.
// What was not noted is not shown.
func opened(ctx context.Context, w *world, f *deskFlags, k *keyFlags, id casefile.ID, command string) (casefile.Source, casefile.Secret, error) {
	var v casefile.Source
	var by casefile.User
	var secret casefile.Secret
	err := f.read(ctx, w, func(tx *store.Tx) (err error) {
		if by, err = f.user(tx); err == nil {
			v, err = store.Get[casefile.Source](tx, id)
		}
		return err
	})
	if err != nil {
		return v, secret, err
	}
	if len(v.Sealed) == 0 {
		return v, secret, wrongUse("", "source %d holds nothing sealed", id)
	}
	keys, err := k.open(w, f.Home, by)
	if err != nil {
		return v, secret, err
	}
	if secret, err = casefile.OpenSecret(v.Sealed, keys.Identities()...); err != nil {
		return v, secret, sealedTrouble(err)
	}
	err = f.write(ctx, w, command, func(tx *store.Tx, _ casefile.User) error {
		tx.Did("opened", "sources", id)
		return nil
	})
	return v, secret, err
}

func sealedTrouble(err error) error {
	if err == casefile.ErrNotReader {
		return &exitError{exitNo, plainWords(err), ""}
	}
	return deskTrouble(err)
}

type sourceOpenCmd struct {
	ID casefile.ID `arg:"" name:"number" help:"The number of the source."`
	deskFlags
	keyFlags
}

func (c *sourceOpenCmd) Run(ctx context.Context, w *world) error {
	v, s, err := opened(ctx, w, &c.deskFlags, &c.keyFlags, c.ID, "source open")
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(w.out, secretOut(s))
	}
	t := tabwriter.NewWriter(w.out, 0, 0, 2, ' ', 0)
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(t, "%s\t%s\n", name, printable(value))
		}
	}
	row("source", fmt.Sprintf("%d  %s", v.ID, v.Label))
	row("name", s.Name)
	for _, a := range s.Aliases {
		row("alias", strings.TrimSpace(a.Text+"  "+a.Lang))
	}
	row("channel", s.Contact.Channel)
	row("hours", s.Contact.Hours)
	row("who may call", s.Contact.Who)
	row("warning", s.Contact.Warning)
	row("note", s.Note)
	return t.Flush()
}

// secretOut is the form in which a reader gets an opened source: that of
// --secret, which the Secret itself never takes.
func secretOut(s casefile.Secret) any {
	type contact struct {
		Channel string `json:"channel"`
		Hours   string `json:"hours"`
		Who     string `json:"who"`
		Warning string `json:"warning"`
	}
	return struct {
		Name    string           `json:"name"`
		Aliases []casefile.Alias `json:"aliases"`
		Contact contact          `json:"contact"`
		Note    string           `json:"note"`
	}{s.Name, s.Aliases, contact{s.Contact.Channel, s.Contact.Hours, s.Contact.Who, s.Contact.Warning}, s.Note}
}

type sourceSealCmd struct {
	ID casefile.ID `arg:"" name:"number" help:"The number of the source."`
	deskFlags
	keyFlags
	secretFlags
}

func (c *sourceSealCmd) Run(ctx context.Context, w *world) error {
	_, secret, err := opened(ctx, w, &c.deskFlags, &c.keyFlags, c.ID, "source seal")
	if err != nil {
		return err
	}
	if c.Secret != "" {
		if secret, err = c.secretFlags.read(w); err != nil {
			return err
		}
	}
	var v casefile.Source
	err = c.write(ctx, w, "source seal", func(tx *store.Tx, by casefile.User) (err error) {
		if v, err = store.Get[casefile.Source](tx, c.ID); err != nil {
			return err
		}
		if len(c.Reader) == 0 { // the same readers
			here, err := readersHere(tx, v)
			if err != nil {
				return err
			}
			for _, u := range here {
				c.Reader = append(c.Reader, fmt.Sprint(u.ID))
			}
		}
		if err := c.seal(tx, by, &v, secret); err != nil {
			return err
		}
		return store.Put(tx, &v)
	})
	if err != nil {
		return err
	}
	return c.tell(w, v)
}
