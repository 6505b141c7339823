package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"filippo.io/age"

	"github.com/arasha-org/arasha/evidence/backup"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/store/sqlite"
)

// backupCmd is "arasha backup": the home as one encrypted file.
type backupCmd struct {
	Home           string   `env:"ARASHA_HOME" placeholder:"DIR" help:"The home made by \"arasha init\"."`
	To             string   `placeholder:"FILE.age" help:"The file to write. It must not exist."`
	Recipient      []string `placeholder:"age1…" sep:"none" help:"Encrypt to the holder of this age key. May be repeated. Without it: to a passphrase."`
	PassphraseFile string   `env:"ARASHA_PASSPHRASE_FILE" placeholder:"FILE" help:"Read the passphrase of the backup from the first line of FILE. Without it: ARASHA_PASSPHRASE, or a prompt."`
	Keys           bool     `help:"Put the secret keys in, too. Then whoever opens the backup can sign in your name."`
}

func (backupCmd) Help() string {
	return `Puts the whole home into one encrypted file: vault, log, records, case files. Others may go on
adding meanwhile; deletions and changes of keys wait. The secret keys are in it only with --keys;
without them keep a copy of keys/ elsewhere, or nobody can read what comes back.

Example
  arasha backup --home evidence --to /media/stick/evidence-2031-05-04.age --recipient age1…

It is an age file with a tar archive in it: "age -d FILE | tar x" opens it without this program.

Exit codes: 0 made, 1 made, but something in the home is not whole, 2 not made, 64 wrong use`
}

func (c *backupCmd) Run(ctx context.Context, w *world) error {
	if c.Home == "" {
		return wrongUse("Give --home DIR or set ARASHA_HOME.", "which home?")
	}
	if c.To == "" {
		return wrongUse("Give --to FILE.age, best on another disk.", "where shall the backup go?")
	}
	if _, err := os.Stat(filepath.Join(c.Home, "home.json")); err != nil {
		return homeTrouble(fmt.Errorf("%s: %w", c.Home, vault.ErrNoHome))
	}
	home, err1 := filepath.Abs(c.Home)
	file, err2 := filepath.Abs(c.To)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if strings.HasPrefix(file, home+string(filepath.Separator)) {
		return wrongUse("It would be lost with the home, and the next backup would hold it.", "the backup may not lie in the home")
	}
	if _, err := os.Lstat(c.To); err == nil {
		return wrongUse("Choose another name: a backup is never written over.", "%s exists already", c.To)
	}
	o := backup.Options{Keys: c.Keys, Tool: "arasha " + version, Now: w.clock(), DatabaseName: sqlite.File,
		Database: func(ctx context.Context, dest string) error { return sqlite.Snapshot(ctx, c.Home, dest) }}
	var err error
	if o.Recipients, err = c.recipients(w); err != nil {
		return err
	}
	m, err := backup.ToFile(ctx, c.To, c.Home, o)
	if err != nil {
		return backupTrouble(err)
	}
	fmt.Fprintf(w.out, "%s\n", tellBackup(m))
	if !c.Keys {
		w.say("The secret keys are not in it. Keep a copy of %s apart: without it what comes back can be read by the other recipients only, or by nobody.", filepath.Join(c.Home, "keys"))
	}
	if len(m.Problems) > 0 {
		for _, p := range m.Problems {
			w.say("  %s", p)
		}
		return &exitError{exitNo, "The backup is made, but the home is not whole.", "\"arasha verify " + c.Home + "\" says more. Keep the backups made before."}
	}
	return nil
}

// recipients are those named, or one of a passphrase that is asked for.
func (c *backupCmd) recipients(w *world) ([]age.Recipient, error) {
	var out []age.Recipient
	for _, s := range c.Recipient {
		rs, err := age.ParseRecipients(strings.NewReader(s))
		if err != nil || len(rs) != 1 {
			return nil, wrongUse("\"age-keygen\" makes one and prints it.", "%q is no age recipient (age1…)", s)
		}
		out = append(out, rs[0])
	}
	if len(out) > 0 {
		return out, nil
	}
	f := homeFlags{PassphraseFile: c.PassphraseFile}
	p, err := f.passphrase(w, "Passphrase for the backup: ")
	if err != nil {
		return nil, cannotTell("", "%v", err)
	}
	if p == "" {
		return nil, wrongUse("Give --recipient, or a passphrase by --passphrase-file, ARASHA_PASSPHRASE or at the prompt.", "a backup is never written unencrypted")
	}
	if c.PassphraseFile == "" && os.Getenv("ARASHA_PASSPHRASE") == "" {
		// Typed once and mistyped, it would open nothing.
		again, err := f.passphrase(w, "The same again: ")
		if err != nil {
			return nil, cannotTell("", "%v", err)
		}
		if again != p {
			return nil, wrongUse("Nothing was written; try again.", "the two passphrases differ")
		}
	}
	r, err := age.NewScryptRecipient(p)
	if err != nil {
		return nil, err
	}
	return []age.Recipient{r}, nil
}

// restoreCmd is "arasha restore": a home back from a backup.
type restoreCmd struct {
	File           string   `arg:"" name:"FILE.age" help:"The backup."`
	To             string   `placeholder:"DIR" help:"The folder to make. It must be absent or empty."`
	Check          bool     `help:"Only read the whole backup and say whether it is good."`
	Identity       []string `placeholder:"FILE" sep:"none" help:"A file with the age key (AGE-SECRET-KEY-…) it was encrypted to. May be repeated. Without it: a passphrase."`
	PassphraseFile string   `env:"ARASHA_PASSPHRASE_FILE" placeholder:"FILE" help:"Read the passphrase of the backup from the first line of FILE. Without it: ARASHA_PASSPHRASE, or a prompt."`
}

func (restoreCmd) Help() string {
	return `Brings a home back from a backup. Everything is written beside the folder and checked first: the
whole home appears, or nothing does. A wrong, cut or altered file is refused.

Example
  arasha restore --check /media/stick/evidence-2031-05-04.age --identity key.txt
  arasha restore /media/stick/evidence-2031-05-04.age --to evidence --identity key.txt

If the old home still exists, do not write to both: two logs of one name look like a forgery.

Exit codes: 0 restored, or good; 1 not good; 2 it could not be read or opened; 64 wrong use`
}

func (c *restoreCmd) Run(w *world) error {
	if c.Check == (c.To != "") {
		return wrongUse("Give --to DIR, or --check.", "restore it, or only check it?")
	}
	if names, err := os.ReadDir(c.To); !c.Check && err == nil && len(names) > 0 {
		return wrongUse("Nothing is ever restored over something.", "%s is not empty", c.To)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return cannotTell("", "%v", err)
	}
	defer f.Close()
	ids, err := c.identities(w)
	if err != nil {
		return err
	}
	var m *backup.Manifest
	if c.Check {
		m, err = backup.Check(f, ids...)
	} else {
		m, err = backup.Restore(f, c.To, ids...)
	}
	if err != nil {
		return backupTrouble(err)
	}
	fmt.Fprintln(w.out, tellBackup(m))
	for _, p := range m.Problems {
		w.say("It was not whole when it was backed up: %s", p)
	}
	if !c.Check {
		w.say("Restored. \"arasha verify %s\" reads all of it.", c.To)
		if !m.Keys {
			w.say("The secret keys were not in the backup: put your copy into %s.", filepath.Join(c.To, "keys"))
		}
	}
	return nil
}

func (c *restoreCmd) identities(w *world) ([]age.Identity, error) {
	var out []age.Identity
	for _, path := range c.Identity {
		b, err := readFile(path)
		if err != nil {
			return nil, err
		}
		ids, err := age.ParseIdentities(strings.NewReader(string(b)))
		if err != nil {
			return nil, cannotTell("It is a text file with a line AGE-SECRET-KEY-….", "%s holds no age key", path)
		}
		out = append(out, ids...)
	}
	if len(out) > 0 {
		return out, nil
	}
	f := homeFlags{PassphraseFile: c.PassphraseFile}
	p, err := f.passphrase(w, "Passphrase of the backup: ")
	if err != nil {
		return nil, cannotTell("", "%v", err)
	}
	if p == "" {
		return nil, wrongUse("Give --identity, or a passphrase by --passphrase-file, ARASHA_PASSPHRASE or at the prompt.", "what opens the backup?")
	}
	id, err := age.NewScryptIdentity(p)
	if err != nil {
		return nil, err
	}
	return []age.Identity{id}, nil
}

func tellBackup(m *backup.Manifest) string {
	keys := "without secret keys"
	if m.Keys {
		keys = "with secret keys"
	}
	return fmt.Sprintf("%s: %d leaves, %d files, %d bytes, %s, made %s", m.Log, m.Leaves, len(m.Members), m.Bytes(), keys, m.Made)
}

// backupTrouble says in one sentence what went wrong and what to do.
func backupTrouble(err error) error {
	text := plainWords(err)
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, backup.ErrDamaged):
		return &exitError{exitNo, text, "Nothing was written. Take another backup; keep this file for whoever looks into it."}
	case errors.Is(err, backup.ErrKey):
		return cannotTell("Nothing was written. Try the other keys and passphrases you keep.", "%s", text)
	case errors.Is(err, disk.ErrLocked):
		return cannotTell("Wait until the other backup, or the deletion, is done and try again. Nothing was written.", "%s", text)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EFBIG):
		return cannotTell("The disk is full. Nothing is left there; make room, or take another disk.", "%s", text)
	}
	return homeTrouble(err)
}
