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

// keyFlags are the options of every command that needs the keys of the user.
type keyFlags struct {
	KeyPassphraseFile string `env:"ARASHA_KEY_PASSPHRASE_FILE" placeholder:"FILE" help:"Read the passphrase of the user's own keys from the first line of FILE. Without it: ARASHA_KEY_PASSPHRASE, or a prompt."`
}

const keyPassphrase = "ARASHA_KEY_PASSPHRASE"

func (f *keyFlags) passphrase(w *world, prompt string) (string, error) {
	p, err := askSecret(w, f.KeyPassphraseFile, keyPassphrase, prompt)
	if err != nil {
		return "", cannotTell("", "the passphrase cannot be read: %v", plainError(err))
	}
	if p == "" {
		return "", wrongUse("Give it by --key-passphrase-file, ARASHA_KEY_PASSPHRASE or at the prompt. Nothing was written.", "the user's own passphrase is needed")
	}
	return p, nil
}

// keyFile is where the keys of u live. Each pair of keys has a file of its own:
// which one holds is what the table of users says, so that a change is whole
// or not at all, whenever it is stopped.
func keyFile(home string, u casefile.User) string { return keyFileOf(home, u.ID, len(u.Former)) }

// keyFileOf is the file of the keys that came after so many others.
func keyFileOf(home string, user casefile.ID, before int) string {
	name := fmt.Sprintf("%d.age", user)
	if before > 0 {
		name = fmt.Sprintf("%d.%d.age", user, before+1)
	}
	return filepath.Join(home, "keys", "users", name)
}

// open opens the keys of u, which live in the home.
func (f *keyFlags) open(w *world, home string, u casefile.User) (*casefile.UserKeys, error) {
	k, _, err := f.openWith(w, home, u)
	return k, err
}

// openWith also returns the passphrase.
func (f *keyFlags) openWith(w *world, home string, u casefile.User) (*casefile.UserKeys, string, error) {
	b, err := readKeyFile(keyFile(home, u), u)
	if err != nil {
		return nil, "", err
	}
	p, err := f.passphrase(w, "Passphrase of "+u.Name+": ")
	if err != nil {
		return nil, "", err
	}
	k, err := openKeyFile(keyFile(home, u), b, p, u)
	return k, p, err
}

func readKeyFile(path string, u casefile.User) ([]byte, error) {
	b, err := os.ReadFile(path)
	switch {
	case u.SignKey == "": // whatever a making that was stopped left behind
		return nil, wrongUse("\"arasha user key\" makes them.", "%s has no keys in this home", u.Name)
	case errors.Is(err, fs.ErrNotExist):
		return nil, cannotTell("Bring it back from a backup; if there is none, \"arasha user key lost\" ends these keys.", "%s, with the keys of %s, is not there", path, u.Name)
	case err != nil:
		return nil, cannotTell("", "the keys of %s cannot be read: %v", u.Name, plainError(err))
	}
	return b, nil
}

// openKeyFile opens a file that must hold the keys that the table of users
// says.
func openKeyFile(path string, b []byte, passphrase string, u casefile.User) (*casefile.UserKeys, error) {
	k, err := casefile.OpenUserKeys(b, passphrase)
	switch {
	case errors.Is(err, casefile.ErrPassphrase):
		return nil, cannotTell("Nothing was written.", "the passphrase is not that of %s", u.Name)
	case err != nil:
		return nil, deskTrouble(err)
	case !k.Of(u):
		return nil, cannotTell("Somebody may have exchanged the file. Bring the right one back from a backup.", "%s does not hold the keys of %s", path, u.Name)
	}
	return k, nil
}

// writeKeyFile puts a file of keys in its place in one step.
func writeKeyFile(path string, file []byte) error {
	if err := disk.Mkdir(filepath.Dir(path), 0o700); err != nil {
		return cannotTell("", "the keys cannot be written: %v", plainError(err))
	}
	return homeTrouble(disk.Write(path, 0o600, file))
}

// newPassphraseFlags say where a new passphrase comes from.
type newPassphraseFlags struct {
	NewPassphraseFile string `env:"ARASHA_NEW_KEY_PASSPHRASE_FILE" placeholder:"FILE" help:"Read the new passphrase from the first line of FILE. Without it: ARASHA_NEW_KEY_PASSPHRASE, or a prompt."`
}

// askNew asks for a passphrase that nobody can bring back: what is typed is
// typed twice.
func askNew(w *world, file, variable, prompt string) (string, error) {
	p, err := askSecret(w, file, variable, prompt)
	if err == nil && p != "" && file == "" && os.Getenv(variable) == "" {
		var again string
		if again, err = askSecret(w, file, variable, "The same once more: "); err == nil && again != p {
			return "", wrongUse("Nothing was written.", "the two are not the same")
		}
	}
	if err != nil {
		return "", cannotTell("", "the passphrase cannot be read: %v", plainError(err))
	}
	return p, nil
}

type userPassphraseCmd struct {
	deskFlags
	keyFlags
	newPassphraseFlags
}

func (userPassphraseCmd) Help() string {
	return `The old passphrase proves who asks; the file of the keys is then encrypted anew under the new one, in
one step. Nothing else changes: not the keys, not what was signed or sealed. Copies of the file that
were made before, also those in backups, still open with the old passphrase. Where somebody else may
know it, "arasha user key rotate" or "stolen" is the answer.

Example
  arasha user passphrase --as "Inna Invented"

Exit codes: 0 changed, 1 not allowed, 2 wrong passphrase or not readable, 64 wrong use`
}

func (c *userPassphraseCmd) Run(ctx context.Context, w *world) error {
	u, err := c.who(ctx, w)
	if err != nil {
		return err
	}
	keys, err := c.keyFlags.open(w, c.Home, u)
	if err != nil {
		return err
	}
	p, err := askNew(w, c.NewPassphraseFile, "ARASHA_NEW_KEY_PASSPHRASE", "New passphrase of "+u.Name+": ")
	if err != nil {
		return err
	}
	if p == "" {
		return wrongUse("Give it by --new-passphrase-file, ARASHA_NEW_KEY_PASSPHRASE or at the prompt. Nothing was written.", "the new passphrase is needed")
	}
	file, err := keys.File(p)
	if err != nil {
		return wrongUse("Nothing was written.", "%s", plainWords(err))
	}
	// In the turn to write, so that no change of the keys comes between.
	err = c.write(ctx, w, "user passphrase", func(tx *store.Tx, _ casefile.User) error {
		if _, err := sameKeys(tx, u); err != nil {
			return err
		}
		return writeKeyFile(keyFile(c.Home, u), file)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(w.out, u)
	}
	fmt.Fprintf(w.out, "%s\nthe passphrase is changed\n", rowOf(u))
	w.say("Copies of %s that were made before still open with the old passphrase.", keyFile(c.Home, u))
	return nil
}

// sameKeys returns u as the table has them now; the keys must be those that
// were opened.
func sameKeys(tx *store.Tx, u casefile.User) (casefile.User, error) {
	now, err := store.Get[casefile.User](tx, u.ID)
	if err == nil && (now.SignKey != u.SignKey || len(now.Former) != len(u.Former)) {
		err = &exitError{exitNo, "the keys of " + u.Name + " were changed meanwhile", "Nothing was written."}
	}
	return now, err
}
