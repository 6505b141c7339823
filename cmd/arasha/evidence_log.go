package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/internal/disk"
)

type checkpointCmd struct {
	homeFlags
	Out    string `short:"o" type:"path" placeholder:"FILE" help:"Write it to FILE, which must not exist."`
	For    bool   `help:"Write a request to cosign it, for another organisation."`
	Since  int64  `placeholder:"SIZE" help:"With --for: the size that organisation saw last (0: none)."`
	Accept string `type:"existingfile" placeholder:"FILE" help:"Take in the checkpoint that another organisation cosigned."`
	Key    string `placeholder:"KEY" help:"With --accept: that organisation's key for cosigning, got another way than the file."`
	JSON   bool   `help:"Print JSON."`
}

func (checkpointCmd) Help() string {
	return `The newest checkpoint is the signed state of the log: its size and one hash that stands for all of
it. Whoever keeps one can tell later whether anything was changed or taken out. It names nobody.

Example: let a partner be a witness, by exchanging files
  arasha evidence checkpoint --for --out request.txt        (send it to the partner)
  arasha evidence cosign request.txt --out cosigned.txt     (the partner does this)
  arasha evidence checkpoint --accept cosigned.txt --key "partner.example+…"

Exit codes: 0 done, 1 what was cosigned is not ours, 2 could not be done, 64 wrong use`
}

func (c *checkpointCmd) Run(w *world) error {
	if c.Accept != "" && (c.For || c.Out != "") || c.Since != 0 && !c.For || (c.Accept == "") != (c.Key == "") {
		return wrongUse("See \"arasha evidence checkpoint --help\".", "--accept goes with --key, and not with --for or --out; --since goes with --for")
	}
	h, err := c.open(w)
	if err != nil {
		return err
	}
	if c.Accept != "" {
		return c.accept(w, h)
	}
	b := h.Log.Signed()
	if c.For {
		if b, err = h.AskWitness(c.Since); err != nil {
			return homeTrouble(err)
		}
	}
	if c.Out != "" {
		if err := newFileOf(c.Out, 0o644, b); err != nil {
			return err
		}
		w.say("wrote %s: log of %d leaves", filepath.Base(c.Out), h.Log.Head().Size)
		return nil
	}
	if c.JSON {
		p := h.Log.Head()
		return json.NewEncoder(w.out).Encode(map[string]any{"log": p.Origin, "size": p.Size, "root": p.Root, "time": p.Time, "signed": string(b)})
	}
	_, err = w.out.Write(b)
	return err
}

func (c *checkpointCmd) accept(w *world, h *vault.Home) error {
	b, err := firstBytes(c.Accept, 1<<17)
	if err != nil {
		return cannotTell("", "%v", err)
	}
	p, sigs, err := h.Log.AddCosignatures(b, c.Key)
	if errors.Is(err, disk.ErrLocked) {
		return homeTrouble(err)
	}
	if err != nil {
		w.say("arasha: not taken in: %v", homeTrouble(err))
		return answerNo()
	}
	for _, s := range sigs {
		at, _ := evidence.CosignedAt(s)
		fmt.Fprintf(w.out, "%s saw the log of %d leaves on %s\n", s.Name, p.Size, at.Format(time.RFC3339))
	}
	return nil
}

type cosignCmd struct {
	Request string `arg:"" type:"existingfile" help:"The request of the other organisation."`
	homeFlags
	Key       string   `placeholder:"KEY" help:"The public key of its log, got another way than the request. Needed the first time."`
	KeyChange []string `type:"existingfile" placeholder:"FILE" sep:"none" help:"Its signed changes of key since then, oldest first."`
	Out       string   `short:"o" required:"" type:"path" placeholder:"FILE" help:"The cosigned checkpoint to send back."`
}

func (cosignCmd) Help() string {
	return `You act as a witness for another organisation's log: you sign that the state it shows you has grown
from the one it showed you last, without anything changed or taken out. You see hashes, and no
content. The program remembers the state, and never signs two histories.

Exit codes: 0 cosigned, 1 refused: the log does not hold, 2 could not be done, 64 wrong use`
}

func (c *cosignCmd) Run(w *world) error {
	h, err := c.open(w)
	if err != nil {
		return err
	}
	request, err := firstBytes(c.Request, 1<<18)
	if err != nil {
		return cannotTell("", "%v", err)
	}
	var changes []evidence.SignedKeyChange
	for _, path := range c.KeyChange {
		b, err := firstBytes(path, 1<<17)
		if err != nil {
			return cannotTell("", "%v", err)
		}
		k, err := evidence.OpenKeyChange(b)
		if err != nil {
			return cannotTell("", "%s: %v", path, err)
		}
		changes = append(changes, k)
	}
	if err := mustBeNew(c.Out); err != nil {
		return err
	}
	cosigned, p, err := h.Cosign(request, strings.TrimSpace(c.Key), changes...)
	switch {
	case errors.Is(err, vault.ErrNotSeen):
		return wrongUse("Give its public key with --key. Compare it with one you got another way than this request.", "%v", err)
	case errors.Is(err, vault.ErrOtherKey):
		return cannotTell("If that log has a new key, give its signed changes with --key-change, oldest first; after a lost or stolen key also the new --key, got another way.", "%s", plainWords(err))
	case errors.Is(err, evidence.ErrRewritten):
		w.say("arasha: refused: %v\nhint: Keep the request. This log was changed behind your back: tell its people, and those who rely on it.", err)
		return answerNo()
	case err != nil:
		return homeTrouble(err)
	}
	if err := newFileOf(c.Out, 0o644, cosigned); err != nil {
		return err
	}
	key, err := h.WitnessKey()
	if err != nil {
		return homeTrouble(err)
	}
	fmt.Fprintf(w.out, "cosigned %s: %d leaves at %s\nyour key for cosigning  %s\n", p.Origin, p.Size, p.Time.Format(time.RFC3339), key)
	return nil
}

type keyCmd struct {
	Show   keyShowCmd   `cmd:"" default:"withargs" help:"Show the public key, its fingerprint, and the keys before it."`
	Rotate keyChangeCmd `cmd:"" help:"Give the log a new key, as a planned step: the old key hands over."`
	Lost   keyLostCmd   `cmd:"" help:"Give the log a new key because the old one can no longer be used."`
	Stolen keyStolenCmd `cmd:"" help:"Give the log a new key because somebody else may have the old one."`
}

type keyShowCmd struct {
	homeFlags
	JSON bool `help:"Print JSON."`
}

func (c *keyShowCmd) Run(w *world) error {
	h, err := c.open(w)
	if err != nil {
		return err
	}
	return showKey(w, h, c.JSON)
}

func showKey(w *world, h *vault.Home, asJSON bool) error {
	vkey, err := h.Key()
	if err != nil {
		return homeTrouble(err)
	}
	witness, err := h.WitnessKey()
	if err != nil {
		return homeTrouble(err)
	}
	fingerprint, err := evidence.Fingerprint(vkey)
	if err != nil {
		return homeTrouble(err)
	}
	changes, err := h.KeyChanges()
	if err != nil {
		return homeTrouble(err)
	}
	if asJSON {
		all := []evidence.KeyChange{}
		for _, k := range changes {
			all = append(all, k.KeyChange)
		}
		return json.NewEncoder(w.out).Encode(map[string]any{"log": h.Name(), "key": vkey, "fingerprint": fingerprint, "cosigning_key": witness, "changes": all})
	}
	fmt.Fprintf(w.out, "log          %s\npublic key   %s\nfingerprint  %s\nto cosign    %s\n", h.Name(), vkey, fingerprint, witness)
	for i, k := range changes {
		old, _ := evidence.Fingerprint(k.Old)
		fmt.Fprintf(w.out, "before %s: %s (%s at %d leaves, log/key-changes/%04d.txt)\n", k.At.At.Format(time.DateOnly), old, k.Why, k.Size, i+1)
	}
	return nil
}

// keyChangeFlags are what every change of key asks.
type keyChangeFlags struct {
	homeFlags
	Reason     string `help:"Why, in words for everybody: the change is public."`
	NewPassphr string `name:"new-passphrase-file" type:"existingfile" placeholder:"FILE" help:"Protect all keys of the home, the new one too, with the passphrase on the first line of FILE from now on. Without it the passphrase of before stays, or there is none as before."`
}

type (
	keyChangeCmd struct{ keyChangeFlags }
	keyLostCmd   struct{ keyChangeFlags }
	keyStolenCmd struct{ keyChangeFlags }
)

func (c *keyChangeCmd) Run(w *world) error { return c.change(w, evidence.KeyRotated) }
func (c *keyLostCmd) Run(w *world) error   { return c.change(w, evidence.KeyLost) }
func (c *keyStolenCmd) Run(w *world) error { return c.change(w, evidence.KeyCompromised) }

func (f *keyChangeFlags) change(w *world, why string) error {
	h, err := f.open(w)
	if err != nil {
		return err
	}
	passphrase := ""
	if f.NewPassphr != "" {
		other := homeFlags{PassphraseFile: f.NewPassphr}
		if passphrase, err = other.passphrase(w, ""); err != nil {
			return cannotTell("", "%v", err)
		}
		if passphrase == "" {
			return wrongUse("", "the first line of %s is empty", f.NewPassphr)
		}
	}
	if _, err := h.ChangeKey(why, f.Reason, passphrase); err != nil {
		return homeTrouble(err)
	}
	if err := showKey(w, h, false); err != nil {
		return err
	}
	switch why {
	case evidence.KeyRotated:
		w.say("The old key signed this. Readers who trust it will trust the new one.")
	default:
		w.say("Publish the new fingerprint where your readers can find it without you, and send log/key-changes to all who hold a dossier or cosign for you: they cannot follow by themselves.")
	}
	return nil
}
