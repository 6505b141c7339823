package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// userKeyCmd is "arasha user key": the life of a user's own keys.
type userKeyCmd struct {
	Make   userKeyMakeCmd   `cmd:"" default:"withargs" help:"Make the keys of a user who has none."`
	Rotate userKeyRotateCmd `cmd:"" help:"Give a user new keys, as a planned step: the old ones hand over."`
	Lost   userKeyLostCmd   `cmd:"" help:"End the keys of a user that nobody can use any more."`
	Stolen userKeyStolenCmd `cmd:"" help:"End the keys of a user that somebody else may use: what they sign from a moment on counts for nothing."`
}

func (userKeyCmd) Help() string {
	return `Every change is in the audit, and in the evidence log without a name. The public halves of former keys
stay, so that what was signed with them can be checked for ever.

Example
  arasha user key --as "Inna Invented"
  arasha user key rotate --reason "every two years" --as "Inna Invented"
  arasha user key stolen "Inna Invented" --since "2031-05-12 06:00 +02:00" --reason "a bag was taken" --as Boris

Exit codes: 0 done, 1 not allowed, 2 not found or not readable, 64 wrong use`
}

type userKeyMakeCmd struct {
	deskFlags
	keyFlags
	OldPassphraseFile string `placeholder:"FILE" help:"After lost or stolen keys: read their passphrase from the first line of FILE, to go on reading what was sealed to them."`
}

func (c *userKeyMakeCmd) Run(ctx context.Context, w *world) error {
	// The passphrase and the key come before the turn to write: scrypt takes a
	// second, and nobody shall wait for it.
	u, err := c.who(ctx, w)
	if err != nil {
		return err
	}
	if u.SignKey != "" {
		return &exitError{exitNo, u.Name + " has keys already", "\"arasha user key rotate\" changes them; \"lost\" and \"stolen\" end them."}
	}
	old, err := c.old(w, u)
	if err != nil {
		return err
	}
	p, err := askNew(w, c.KeyPassphraseFile, keyPassphrase, "New passphrase of "+u.Name+": ")
	if err == nil && p == "" {
		_, err = c.keyFlags.passphrase(w, "")
	}
	if err != nil {
		return err
	}
	file, with, err := casefile.NewUserKeys(u, old, p)
	if err != nil {
		return wrongUse("Nothing was made.", "%s", plainWords(err))
	}
	var r resealed
	err = c.write(ctx, w, "user key", func(tx *store.Tx, _ casefile.User) error {
		now, err := sameKeys(tx, u)
		if err != nil {
			return err
		}
		now.SignKey, now.Recipient = with.SignKey, with.Recipient
		u = now
		// The file first: a public half without its private one would take
		// sealed things that nobody can open.
		if err := writeKeyFile(keyFile(c.Home, u), file); err != nil {
			return err
		}
		if err := store.Put(tx, &u); err != nil {
			return err
		}
		r, err = sealAgain(tx, u, old)
		return err
	})
	if err != nil {
		return err
	}
	if old != nil {
		dropFormer(w, c.Home, u, old)
	}
	return c.tellKeys(w, u, r)
}

// old opens the keys that u had before, when their passphrase is given.
func (c *userKeyMakeCmd) old(w *world, u casefile.User) (*casefile.UserKeys, error) {
	switch n := len(u.Former); {
	case c.OldPassphraseFile == "":
		return nil, nil
	case n == 0:
		return nil, wrongUse("", "%s had no keys before", u.Name)
	default:
		before := casefile.User{ID: u.ID, Name: u.Name, SignKey: u.Former[n-1].SignKey, Recipient: u.Former[n-1].Recipient}
		path := keyFileOf(c.Home, u.ID, n-1)
		b, err := readKeyFile(path, before)
		if err != nil {
			return nil, err
		}
		p, err := askSecret(w, c.OldPassphraseFile, "", "")
		if err != nil {
			return nil, cannotTell("", "the passphrase cannot be read: %v", plainError(err))
		}
		return openKeyFile(path, b, p, before)
	}
}

// tellKeys says which keys a user has now, and what became of what was sealed
// to those before.
func (f *deskFlags) tellKeys(w *world, u casefile.User, r resealed) error {
	if f.JSON {
		return printJSON(w.out, u)
	}
	fmt.Fprintf(w.out, "%s\nsigns with   %s\nsealed to    %s\n", rowOf(u), u.SignKey, u.Recipient)
	for _, s := range r.again {
		fmt.Fprintf(w.out, "sealed again  %s\n", rowOf(s))
	}
	for _, s := range r.left {
		fmt.Fprintf(w.out, "NOT sealed again  %s\n", rowOf(s))
	}
	if len(r.left) > 0 {
		w.say("What is not sealed again cannot be opened with these keys. A reader who can open it seals it again: \"arasha source seal\".")
	}
	w.say("Keep a copy of %s apart from the disk; without it and its passphrase nothing sealed to %s can be read.", keyFile(f.Home, u), u.Name)
	return nil
}

// resealed is what became of the sources that a user reads.
type resealed struct {
	again []casefile.Source
	left  []casefile.Source // that the old keys did not open
}

// sealAgain seals the sources that u reads to the keys of u as they are now,
// and those of the other readers. What the old keys do not open, or all of it
// when there are none, is left as it is. Notes of calls are evidence and never
// rewritten: the file of the new keys opens them.
func sealAgain(tx *store.Tx, u casefile.User, old *casefile.UserKeys) (r resealed, err error) {
	if len(u.Former) == 0 {
		return r, nil // nothing was ever sealed to u
	}
	all, err := sealedTo(tx, u)
	if err != nil {
		return r, err
	}
	for _, s := range all {
		var secret casefile.Secret
		err := casefile.ErrNotReader
		if old != nil {
			secret, err = casefile.OpenSecret(s.Sealed, old.Identities()...)
		}
		if err != nil { // that of another, or damaged: said, and left
			r.left = append(r.left, s)
			continue
		}
		var to []casefile.User
		here, err := readersHere(tx, s)
		if err != nil {
			return r, err
		}
		for _, reader := range here {
			if reader.Recipient != "" { // one whose keys ended waits for new ones
				to = append(to, reader)
			}
		}
		if s.Sealed, err = casefile.SealSecret(secret, to...); err != nil {
			return r, err
		}
		if err := store.Put(tx, &s); err != nil {
			return r, err
		}
		r.again = append(r.again, s)
	}
	return r, nil
}

// sealedTo returns the sealed sources that u is a reader of.
func sealedTo(tx *store.Tx, u casefile.User) (out []casefile.Source, err error) {
	for s, err := range store.Each[casefile.Source](tx, store.Filter{}) {
		if err != nil {
			return nil, err
		}
		if len(s.Sealed) > 0 && slices.Contains(s.Readers, u.ID) {
			out = append(out, s)
		}
	}
	return out, nil
}

// dropFormer removes the files of former keys that the new file of keys opens
// as well as old did: nobody shall sign with them any more. One that was never
// opened stays, should its passphrase be found.
func dropFormer(w *world, home string, u casefile.User, old *casefile.UserKeys) {
	for n, k := range u.Former {
		if !old.Opens(k.Recipient) {
			continue
		}
		if err := os.Remove(keyFileOf(home, u.ID, n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.say("The file of former keys cannot be removed: %v", plainError(err))
		}
	}
}

// changeFlags are the options of every change of keys.
type changeFlags struct {
	deskFlags
	Reason string `required:"" help:"Why, in words for the desk."`
}

type userKeyRotateCmd struct {
	changeFlags
	keyFlags
	NewPassphraseFile string `placeholder:"FILE" help:"Protect the new keys with the passphrase on the first line of FILE. Without it: with that of the old ones."`
}

func (userKeyRotateCmd) Help() string {
	return `The old key signs that the new one follows, and the statement is logged. Sources that the user reads are
sealed again, to the new key; notes of calls, which are evidence, stay as they are and are opened by
the new file of keys. Approvals and notes that the old key signed hold; it signs nothing new.

Example
  arasha user key rotate --reason "every two years" --as "Inna Invented"

Exit codes: 0 changed, 1 not allowed, 2 wrong passphrase or not readable, 64 wrong use`
}

func (c *userKeyRotateCmd) Run(ctx context.Context, w *world) error {
	u, err := c.who(ctx, w)
	if err != nil {
		return err
	}
	old, p, err := c.keyFlags.openWith(w, c.Home, u)
	if err != nil {
		return err
	}
	if c.NewPassphraseFile != "" {
		if p, err = askSecret(w, c.NewPassphraseFile, "", ""); err != nil {
			return cannotTell("", "the passphrase cannot be read: %v", plainError(err))
		}
	}
	file, next, err := casefile.NewUserKeys(u, old, p)
	if err != nil {
		return wrongUse("Nothing was made.", "%s", plainWords(err))
	}
	keys, err := casefile.OpenUserKeys(file, p)
	if err != nil {
		return deskTrouble(err)
	}
	var r resealed
	err = c.write(ctx, w, "user key rotate", func(tx *store.Tx, by casefile.User) error {
		now, err := sameKeys(tx, u)
		if err != nil {
			return err
		}
		if u, err = changeKeys(tx, now, casefile.KeyChange{Why: casefile.KeyRotated, Reason: c.Reason, By: by.Name}, next, old, keys); err != nil {
			return err
		}
		// The file of the new keys first, beside that of the old ones: whichever
		// the table of users names after a crash is there.
		if err := writeKeyFile(keyFile(c.Home, u), file); err != nil {
			return err
		}
		r, err = sealAgain(tx, u, old)
		return err
	})
	if err != nil {
		return err
	}
	dropFormer(w, c.Home, u, old)
	return c.tellKeys(w, u, r)
}

// changeKeys stores and logs a change of the keys of u.
func changeKeys(tx *store.Tx, u casefile.User, k casefile.KeyChange, next casefile.User, signers ...*casefile.UserKeys) (casefile.User, error) {
	k.At = tx.Now()
	now, record, err := u.ChangeKey(k, next, signers...)
	if err != nil {
		return u, err
	}
	if _, err := store.Log(tx, record); err != nil {
		return u, err
	}
	return now, store.Put(tx, &now)
}

type userKeyLostCmd struct {
	User string `arg:"" help:"Whose keys: a name or number."`
	changeFlags
}

func (userKeyLostCmd) Help() string {
	return `Ends keys whose file or passphrase is lost. What they signed holds. The user makes new ones by "arasha
user key"; a source that was sealed to the old ones is sealed again by one of its other readers.

Example
  arasha user key lost Boris --reason "the passphrase is forgotten" --as "Inna Invented"

Exit codes: 0 ended, 2 not found or not readable, 64 wrong use`
}

func (c *userKeyLostCmd) Run(ctx context.Context, w *world) error {
	return c.end(ctx, w, c.User, casefile.KeyChange{Why: casefile.KeyLost, Reason: c.Reason})
}

type userKeyStolenCmd struct {
	User  string `arg:"" help:"Whose keys: a name or number."`
	Since string `required:"" placeholder:"TIME" help:"From when on they are not to be trusted, with the zone: \"2031-05-12 06:00 +02:00\". When in doubt, earlier."`
	changeFlags
}

func (userKeyStolenCmd) Help() string {
	return `Ends keys that somebody else may have: anybody at the desk says so, at once, also for a colleague who
cannot. Whatever the keys signed from that moment on counts for nothing. Of what is dated earlier, a
published document and a note that was in the log by then hold; an approval that still waits falls,
because a thief writes what date they like. Whoever has the file and its passphrase can read what was
sealed to it: think about the people named there first.

Example
  arasha user key stolen "Inna Invented" --since "2031-05-12 06:00 +02:00" --reason "a bag was taken at the border" --as Boris

Exit codes: 0 ended, 2 not found or not readable, 64 wrong use`
}

func (c *userKeyStolenCmd) Run(ctx context.Context, w *world) error {
	at, err := momentOf("--since", c.Since)
	if err != nil {
		return err
	}
	return c.end(ctx, w, c.User, casefile.KeyChange{Why: casefile.KeyStolen, Since: at, Reason: c.Reason})
}

// momentOf reads an instant with its zone.
func momentOf(what, s string) (time.Time, error) {
	d, err := casefile.ParseDate(s)
	if err == nil && (d.Time == "" || d.Zone == "" || d.Precision != casefile.Exact) {
		err = errors.New("an exact day, a time and a zone are needed")
	}
	if err == nil {
		_, err = casefile.EmbargoEnds(d) // that this computer knows the zone
	}
	if err != nil {
		return time.Time{}, wrongUse("For example \"2031-05-12 06:00 +02:00\".", "%s: %s", what, plainWords(err))
	}
	at, _, _ := d.Span()
	return at, nil
}

// end ends the keys of somebody, and says what follows from it.
func (c *changeFlags) end(ctx context.Context, w *world, user string, k casefile.KeyChange) error {
	var u casefile.User
	var fallen []casefile.Document
	var lines []string
	err := c.write(ctx, w, "user key "+k.Why, func(tx *store.Tx, by casefile.User) (err error) {
		if u, err = named[casefile.User](tx, user, "name"); err != nil {
			return err
		}
		k.By = by.Name
		if u, err = changeKeys(tx, u, k, casefile.User{}); err != nil {
			return err
		}
		if fallen, err = unsettle(tx, u); err != nil {
			return err
		}
		lines, err = stillOpen(tx, u)
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(w.out, u)
	}
	fmt.Fprintf(w.out, "%s\nthe keys are %s: %s\n", rowOf(u), k.Why, clipLine(k.Reason))
	for _, d := range fallen {
		fmt.Fprintf(w.out, "in review again  %s\n", rowOf(d))
	}
	for _, line := range lines {
		fmt.Fprintln(w.out, line)
	}
	w.say("%s makes new keys by \"arasha user key\".", u.Name)
	return nil
}

// unsettle takes back to review what was approved and lacks an approval now.
func unsettle(tx *store.Tx, u casefile.User) (out []casefile.Document, err error) {
	rule, err := approvalRule(tx)
	if err != nil {
		return nil, err
	}
	docs, err := store.List[casefile.Document](tx, store.Filter{Where: `"state" = ? AND "id" IN (SELECT "document" FROM approvals WHERE "user" = ?)`, Args: []any{casefile.StateApproved, u.ID}})
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		f, err := loadCase(tx, d.Case)
		if err != nil {
			return nil, err
		}
		if f.Approved(d, rule, tx.Now()).Err() == nil {
			continue
		}
		d.State = casefile.StateReview
		if err := store.Put(tx, &d); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// stillOpen says of each source that u could read who else may.
func stillOpen(tx *store.Tx, u casefile.User) (lines []string, err error) {
	all, err := sealedTo(tx, u)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		var who []string
		for _, id := range s.Readers {
			r, err := store.Get[casefile.User](tx, id)
			if err != nil {
				return nil, err
			}
			if r.SignKey != "" && !r.Left {
				who = append(who, r.Name)
			}
		}
		if len(who) == 0 {
			who = []string{"none"}
		}
		lines = append(lines, fmt.Sprintf("sealed to these keys  %s; other readers with keys: %s", rowOf(s), strings.Join(who, ", ")))
	}
	return lines, nil
}
