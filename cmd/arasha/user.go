package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/store"
)

// userCmd is "arasha user": who works here, and their keys.
type userCmd struct {
	Add    addRow[casefile.User, userFields]    `cmd:"" help:"Enter a user."`
	Key    userKeyCmd                           `cmd:"" help:"Make the keys of a user: to sign approvals and to read what is sealed."`
	List   listRows[casefile.User]              `cmd:"" help:"List users."`
	Show   showRow[casefile.User]               `cmd:"" help:"Show one."`
	Change changeRow[casefile.User, userFields] `cmd:"" help:"Change one, such as the roles."`
}

func (userCmd) Help() string {
	return `Whatever is written is written in somebody's name. The first user of a home enters themselves. Keys
are made by the user at their own passphrase; the private halves stay in keys/users of the home,
encrypted under it. Nobody can make them again: whoever forgets the passphrase can sign no more and
read no more of what was sealed to them.

Example
  arasha user add --name "Inna Invented" --organisation Observatory --role write,approve --as "Inna Invented"
  arasha user key --as "Inna Invented"

Exit codes: 0 done, 1 not allowed, 2 not found or not readable, 64 wrong use`
}

type userFields struct {
	Name         string   `help:"The name."`
	Organisation string   `help:"The organisation."`
	Role         []string `placeholder:"WORD" help:"What they may do: write, review, approve, read-sources, admin."`
	Left         bool     `help:"Works here no more; what they signed stands."`
}

func (f userFields) fill(_ *desk, v *casefile.User) error {
	set(&v.Name, f.Name)
	set(&v.Organisation, f.Organisation)
	setList(&v.Roles, f.Role)
	set(&v.Left, f.Left)
	return nil
}

// keyFlags are the options of every command that needs the keys of the user.
type keyFlags struct {
	KeyPassphraseFile string `env:"ARASHA_KEY_PASSPHRASE_FILE" placeholder:"FILE" help:"Read the passphrase of the user's own keys from the first line of FILE. Without it: ARASHA_KEY_PASSPHRASE, or a prompt."`
}

func (f *keyFlags) passphrase(w *world, prompt string) (string, error) {
	p, err := askSecret(w, f.KeyPassphraseFile, "ARASHA_KEY_PASSPHRASE", prompt)
	if err != nil {
		return "", cannotTell("", "the passphrase cannot be read: %v", plainError(err))
	}
	if p == "" {
		return "", wrongUse("Give it by --key-passphrase-file, ARASHA_KEY_PASSPHRASE or at the prompt. Nothing was written.", "the user's own passphrase is needed")
	}
	return p, nil
}

func keyFile(home string, u casefile.User) string {
	return filepath.Join(home, "keys", "users", fmt.Sprintf("%d.age", u.ID))
}

// open opens the keys of u, which live in the home.
func (f *keyFlags) open(w *world, home string, u casefile.User) (*casefile.UserKeys, error) {
	b, err := os.ReadFile(keyFile(home, u))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, wrongUse("\"arasha user key\" makes them.", "%s has no keys in this home", u.Name)
	}
	if err != nil {
		return nil, cannotTell("", "the keys of %s cannot be read: %v", u.Name, plainError(err))
	}
	p, err := f.passphrase(w, "Passphrase of "+u.Name+": ")
	if err != nil {
		return nil, err
	}
	k, err := casefile.OpenUserKeys(b, p)
	switch {
	case errors.Is(err, casefile.ErrPassphrase):
		return nil, cannotTell("Nothing was written.", "the passphrase is not that of %s", u.Name)
	case err != nil:
		return nil, deskTrouble(err)
	case !k.Of(u):
		return nil, cannotTell("Somebody may have exchanged the file. Bring the right one back from a backup.", "%s does not hold the keys of %s", keyFile(home, u), u.Name)
	}
	return k, nil
}

type userKeyCmd struct {
	deskFlags
	keyFlags
}

func (c *userKeyCmd) Run(ctx context.Context, w *world) error {
	// The passphrase and the key come before the turn to write: scrypt takes a
	// second, and nobody shall wait for it.
	var u casefile.User
	if err := c.read(ctx, w, func(tx *store.Tx) (err error) {
		u, err = c.user(tx)
		return err
	}); err != nil {
		return err
	}
	if u.ID == 0 {
		return wrongUse("\"arasha user add\" comes first.", "there is no user yet")
	}
	if u.SignKey != "" {
		return &exitError{exitNo, u.Name + " has keys already", "What was signed and sealed with them would be lost."}
	}
	p, err := c.keyFlags.passphrase(w, "New passphrase of "+u.Name+": ")
	if err != nil {
		return err
	}
	file, with, err := casefile.NewUserKeys(u, nil, p)
	if err != nil {
		return wrongUse("Nothing was made.", "%s", plainWords(err))
	}
	err = c.write(ctx, w, "user key", func(tx *store.Tx, _ casefile.User) error {
		now, err := store.Get[casefile.User](tx, u.ID)
		if err != nil {
			return err
		}
		if now.SignKey != "" {
			return &exitError{exitNo, u.Name + " has keys already", ""}
		}
		// The file first: a public half without its private one would take
		// sealed things that nobody can open.
		if err := disk.Mkdir(filepath.Dir(keyFile(c.Home, u)), 0o700); err != nil {
			return cannotTell("", "the keys cannot be written: %v", plainError(err))
		}
		if err := disk.Write(keyFile(c.Home, u), 0o600, file); err != nil {
			return homeTrouble(err)
		}
		now.SignKey, now.Recipient = with.SignKey, with.Recipient
		u = now
		return store.Put(tx, &now)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(w.out, u)
	}
	fmt.Fprintf(w.out, "%s\nsigns with   %s\nsealed to    %s\n", rowOf(u), u.SignKey, u.Recipient)
	w.say("Keep a copy of %s apart from the disk; without it and its passphrase nothing sealed to %s can be read.", keyFile(c.Home, u), u.Name)
	return nil
}
