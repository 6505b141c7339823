package main

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
)

type initCmd struct {
	homeFlags
	Name      string   `placeholder:"NAME" help:"The name of the log, for all time; best a web address of yours without https://. Anything else could be confused with somebody else's log."`
	Protect   bool     `help:"Protect the keys with a passphrase, asked for unless it is in a file or ARASHA_PASSPHRASE."`
	Encrypt   bool     `help:"Encrypt kept files on the disk."`
	Recipient []string `placeholder:"age1…" sep:"none" help:"Let the holder of this age key read the records, and encrypted files, too. May be repeated."`
	SealTo    []string `placeholder:"age1…" sep:"none" help:"Seal collectors and addresses to this age key, and not to the home itself. May be repeated."`
}

func (initCmd) Help() string {
	return `Makes the folder that keeps evidence: the files as they came (vault), the signed log of what
happened to them (log), what the log stands for, encrypted (records), and the keys.

Example
  arasha init --home evidence --name observatory.example/evidence --protect

Whoever has keys/ can sign in your name and read the records. Keep a copy of keys/ apart from the
disk: a lost key cannot be made again.

Exit codes: 0 made, 2 could not be made, 64 wrong use`
}

func (c *initCmd) Run(w *world) error {
	if c.Home == "" {
		return wrongUse("Give --home DIR or set ARASHA_HOME.", "where shall the home be?")
	}
	if c.Name == "" {
		var b [6]byte
		rand.Read(b[:])
		c.Name = "arasha-" + hex.EncodeToString(b[:])
	}
	if err := evidence.ValidOrigin(c.Name); err != nil {
		return wrongUse("For example observatory.example/evidence.", "%q cannot name a log: printable ASCII without space and plus is expected", c.Name)
	}
	in := vault.InitOptions{Name: c.Name, Encrypt: c.Encrypt, Recipients: c.Recipient, SealTo: c.SealTo}
	if c.Protect || c.PassphraseFile != "" {
		p, err := c.passphrase(w, "New passphrase for the keys: ")
		if err != nil {
			return cannotTell("", "%v", err)
		}
		if p == "" {
			return wrongUse("Give it by --passphrase-file, ARASHA_PASSPHRASE or at the prompt.", "the passphrase is empty")
		}
		if c.PassphraseFile == "" && os.Getenv("ARASHA_PASSPHRASE") == "" {
			again, err := c.passphrase(w, "The same again: ")
			if err != nil {
				return cannotTell("", "%v", err)
			}
			if again != p {
				return wrongUse("Nothing was made; try again.", "the two passphrases differ")
			}
		}
		in.Passphrase = p
	}
	h, err := vault.Init(c.Home, in, c.options(w))
	if err != nil {
		return homeTrouble(err)
	}
	vkey, err := h.Key()
	if err != nil {
		return homeTrouble(err)
	}
	fingerprint, err := evidence.Fingerprint(vkey)
	if err != nil {
		return homeTrouble(err)
	}
	fmt.Fprintf(w.out, "home         %s\nlog          %s\npublic key   %s\nfingerprint  %s\n", c.Home, c.Name, vkey, fingerprint)
	w.say("Publish the fingerprint where your readers can find it without you.")
	if in.Passphrase == "" {
		w.say("The keys are not protected by a passphrase: whoever copies %s/keys can sign in your name.", c.Home)
	}
	return nil
}
