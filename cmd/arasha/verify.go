package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/timestamp"
	"github.com/arasha-org/arasha/evidence/timestamp/ots"
	"github.com/arasha-org/arasha/evidence/vault"
)

type verifyCmd struct {
	Path string `arg:"" type:"path" help:"A dossier (zip or unpacked), a home, a signed checkpoint, or a file that may be in the home."`
	homeFlags
	Require   *string  `name:"key" placeholder:"KEY" help:"Require this signer: a public key, its fingerprint, or a file that holds one of them."`
	KeyChange []string `type:"existingfile" placeholder:"FILE" sep:"none" help:"A signed change of the key that you got another way. May be repeated."`
	Witness   []string `placeholder:"KEY" sep:"none" help:"Require this cosigner. May be repeated."`
	Roots     []string `type:"existingfile" placeholder:"PEM" sep:"none" help:"Trust these roots of timestamp authorities. Without it, those in the dossier are used, and named. May be repeated."`
	Headers   string   `type:"existingfile" placeholder:"FILE" help:"Block headers for OpenTimestamps proofs."`
	JSON      bool     `help:"Print JSON."`

	Key string `kong:"-"` // what Require means, empty when no key is required
}

func (verifyCmd) Help() string {
	return `Checks everything, offline, and names the reason of each failure.

Example
  arasha verify dossier.zip --key "1f2e3d4c …"

Without --key a good dossier agrees with itself under the key it encloses; whether that key is the
organisation's you can tell only by comparing its fingerprint with one you got another way.

Exit codes: 0 good, 1 not good, 2 something it needs is absent, 64 wrong use`
}

func (c *verifyCmd) Run(w *world) error {
	if err := c.readKey(); err != nil {
		return err
	}
	info, err := os.Stat(c.Path)
	if err != nil {
		return cannotTell("", "%v", err)
	}
	if info.IsDir() {
		if _, err := os.Stat(filepath.Join(c.Path, "home.json")); err == nil {
			return c.home(w)
		}
		if _, err := os.Stat(filepath.Join(c.Path, "log", "checkpoints")); err == nil {
			return cannotTell("Bring it back from a backup: it is one line, {\"v\":1,\"name\":…,\"encrypt\":…}.", "this looks like a home, but home.json is missing from it")
		}
		return c.dossier(w)
	}
	if !info.Mode().IsRegular() {
		return cannotTell("", "%s is neither a file nor a folder", c.Path)
	}
	head, err := firstBytes(c.Path, 1<<16)
	if err != nil {
		return cannotTell("", "%v", err)
	}
	switch {
	case looksLikeDossier(head) || strings.EqualFold(filepath.Ext(c.Path), ".zip"):
		if c.Home != "" && !bytes.Contains(head, []byte("dossier.txt")) {
			return c.file(w) // a zip that is itself an item
		}
		return c.dossier(w)
	case looksLikeCheckpoint(head):
		return c.checkpoint(w, head)
	}
	return c.file(w)
}

// readKey takes --key from a file when there is one of that name.
func (c *verifyCmd) readKey() error {
	for _, k := range c.Witness {
		if _, err := evidence.NewCosignVerifier(k); err != nil {
			return wrongUse("\"arasha evidence key\" of the witness prints it as the key to cosign.", "--witness: %v", err)
		}
	}
	if c.Require == nil {
		return nil
	}
	// An empty variable in a script must not turn a required key into none.
	c.Key = *c.Require
	if b, err := firstBytes(c.Key, 4096); err == nil {
		c.Key = strings.TrimSpace(string(b))
	}
	if _, err := evidence.Fingerprint(c.Key); err == nil {
		return nil
	}
	digits := strings.Join(strings.Fields(c.Key), "")
	if len(digits) == 64 && strings.Trim(strings.ToLower(digits), "0123456789abcdef") == "" {
		return nil
	}
	return wrongUse("\"arasha init\" and \"arasha verify\" print both forms.", "--key is neither a public key (name+hash+base64) nor a fingerprint (64 hexadecimal digits)")
}

func looksLikeDossier(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

func looksLikeCheckpoint(head []byte) bool {
	text, _, ok := strings.Cut(string(head), "\n\n")
	if !ok {
		return false
	}
	_, err := evidence.ParseCheckpoint(text + "\n")
	return err == nil
}

// dossier checks a dossier.
func (c *verifyCmd) dossier(w *world) error {
	o := evidence.VerifyOptions{Key: c.Key, Witnesses: c.Witness}
	for _, path := range c.KeyChange {
		b, err := firstBytes(path, 1<<17)
		if err != nil {
			return cannotTell("", "%v", err)
		}
		o.KeyChanges = append(o.KeyChanges, b)
	}
	var err error
	if o.Timestamp, err = c.timestamps("the enclosed root"); err != nil {
		return err
	}
	d, err := evidence.OpenDossier(c.Path)
	if errors.Is(err, evidence.ErrContainer) {
		return c.tell(w, &evidence.Verdict{Checks: []evidence.Check{{Name: "container", State: evidence.Fail, Text: plainWords(err)}}})
	}
	if err != nil {
		return homeTrouble(err)
	}
	defer d.Close()
	return c.tell(w, evidence.Verify(d, o))
}

func (c *verifyCmd) tell(w *world, v *evidence.Verdict) error {
	if c.JSON {
		e := json.NewEncoder(w.out)
		e.SetIndent("", "  ")
		if err := e.Encode(struct {
			Result evidence.State `json:"result"`
			*evidence.Verdict
		}{v.State(), v}); err != nil {
			return err
		}
	} else {
		for _, k := range v.Checks {
			fmt.Fprintf(w.out, "%-8s %s: %s\n", strings.ToUpper(string(k.State)), k.Name, printable(k.Text))
		}
	}
	switch v.State() {
	case evidence.Fail:
		if !c.JSON {
			fmt.Fprintln(w.out, "This dossier does not hold. Do not rely on any part of it; ask its maker for a new copy and keep this one.")
		}
		return answerNo()
	case evidence.Unknown:
		if !c.JSON {
			fmt.Fprintln(w.out, "Nothing speaks against this dossier, but what is named above could not be told.")
		}
		return &exitError{code: exitUnknown}
	}
	if !c.JSON {
		if v.Required {
			fmt.Fprintf(w.out, "This dossier holds, signed by %s.\n", v.Origin)
		} else {
			fmt.Fprintf(w.out, "This dossier agrees with itself, under the enclosed key of %s.\nfingerprint  %s\nCompare this with one you got another way.\n", v.Origin, v.Fingerprint)
		}
	}
	return nil
}

// timestamps returns the check of one timestamp. standIn says whose the roots
// at hand are when none are brought with --roots.
func (c *verifyCmd) timestamps(standIn string) (func(name string, checkpoint, token, enclosed []byte) (evidence.Stamp, error), error) {
	var brought timestamp.Options
	for _, path := range c.Roots {
		b, err := readFile(path)
		if err != nil {
			return nil, err
		}
		if err := brought.Trust(b); err != nil {
			return nil, cannotTell("A file of roots is PEM.", "%s: %v", path, err)
		}
	}
	headers, err := readHeaders(c.Headers)
	if err != nil {
		return nil, err
	}
	return func(name string, checkpoint, token, enclosed []byte) (evidence.Stamp, error) {
		if strings.HasSuffix(name, ".ots") {
			return checkOTS(checkpoint, token, headers)
		}
		o, whose := brought, "a root you trust"
		if len(c.Roots) == 0 {
			whose = standIn
			if len(enclosed) > 0 {
				if err := o.Trust(enclosed); err != nil {
					return evidence.Stamp{}, err
				}
			}
		}
		p, err := timestamp.Verify(checkpoint, token, o)
		if len(o.Roots) == 0 && errors.Is(err, timestamp.ErrUntrusted) {
			return evidence.Stamp{}, fmt.Errorf("%w: give it with --roots", evidence.ErrNoRoot)
		}
		if err != nil {
			return evidence.Stamp{}, err
		}
		root := sha256.Sum256(p.Chain[len(p.Chain)-1].Raw)
		words := fmt.Sprintf("says %s, under %s %s (SHA-256 %x)", p.Authority, whose, p.Root, root)
		for _, u := range p.Unchecked {
			words += "; not checked whether revoked: " + u
		}
		return evidence.Stamp{Time: p.Time, Words: words}, nil
	}, nil
}

func checkOTS(checkpoint, proof []byte, headers []ots.Header) (evidence.Stamp, error) {
	p, err := ots.Parse(proof)
	if err != nil {
		return evidence.Stamp{}, err
	}
	h, err := p.Check(sha256.Sum256(checkpoint), headers)
	switch {
	case errors.Is(err, ots.ErrNoHeader):
		return evidence.Stamp{Words: "it leads to a block of the Bitcoin chain; to use it, bring the block's header with --headers"}, nil
	case errors.Is(err, ots.ErrPending):
		return evidence.Stamp{Words: "it is a calendar's promise, in no block yet, and dates nothing"}, nil
	case err != nil:
		return evidence.Stamp{}, err
	}
	return evidence.Stamp{Time: h.Time(), Words: fmt.Sprintf("block %d, %s: compare the block's hash with one you got another way", h.Height, h.Hash())}, nil
}

// home checks a whole home: log, records, kept bytes.
func (c *verifyCmd) home(w *world) error {
	c.Home = c.Path
	v := &evidence.Verdict{}
	h, err := c.open(w)
	if err != nil {
		// A damaged log is an answer; an absent passphrase is none.
		var e *exitError
		if errors.As(err, &e) && e.code == exitUnknown && c.damaged(w) {
			if c.JSON {
				v.Checks = append(v.Checks, evidence.Check{Name: "home", State: evidence.Fail, Text: e.msg})
				return c.tellHome(w, v)
			}
			w.say("arasha: %s\nhint: %s", e.msg, cmp.Or(e.hint, "Do not write to this home. Copy it as it is, and compare it with a backup and with what witnesses signed."))
			return answerNo()
		}
		return err
	}
	vkey, err := h.Key()
	if err != nil {
		return homeTrouble(err)
	}
	v.Origin, v.Key, v.Size = h.Name(), vkey, h.Log.Head().Size
	v.Fingerprint, _ = evidence.Fingerprint(vkey)
	add := func(name string, s evidence.State, text string) {
		v.Checks = append(v.Checks, evidence.Check{Name: name, State: s, Text: text})
	}
	if c.Key != "" {
		if c.Key == vkey || strings.Join(strings.Fields(strings.ToLower(c.Key)), "") == strings.ReplaceAll(v.Fingerprint, " ", "") {
			v.Required = true
			add("signer", evidence.Pass, "the log is signed by the key you require")
		} else {
			add("signer", evidence.Fail, "the log is signed by the key "+v.Fingerprint+", not by the one you require")
		}
	}
	h.Check(func(err error) bool {
		s := evidence.Fail
		if errors.Is(err, vault.ErrPassphrase) || errors.Is(err, vault.ErrSealed) {
			s = evidence.Unknown
		}
		if errors.Is(err, vault.ErrInterrupted) {
			s = evidence.Remark
		}
		add("home", s, plainWords(err))
		return len(v.Checks) < 100
	})
	if err := c.stamps(h, add); err != nil {
		return err
	}
	if v.State() == evidence.Pass {
		add("home", evidence.Pass, fmt.Sprintf("log of %d leaves, its records and all kept bytes are whole", v.Size))
	}
	return c.tellHome(w, v)
}

// stamps checks what authorities said about the checkpoints of a home, by the
// roots of --roots, or those that authorities.txt names.
func (c *verifyCmd) stamps(h *vault.Home, add func(name string, s evidence.State, text string)) error {
	sizes, err := h.StampedSizes(vault.Token, vault.ChainProof)
	if err != nil || len(sizes) == 0 {
		return homeTrouble(err)
	}
	check, err := c.timestamps("a root that authorities.txt names,")
	if err != nil {
		return err
	}
	enclosed, err := c.roots(nil)
	if err != nil {
		return err
	}
	for _, size := range sizes {
		signed, err := h.Log.CheckpointAt(size)
		if err != nil {
			continue // told by Check
		}
		tokens, err := h.Stamps(size)
		if err != nil {
			return homeTrouble(err)
		}
		for _, name := range slices.Sorted(maps.Keys(tokens)) {
			file := "log/checkpoints/" + evidence.CheckpointName(size) + "." + name
			s, err := check(file, signed, tokens[name], enclosed)
			switch {
			case errors.Is(err, evidence.ErrNoRoot):
				add("timestamps", evidence.Remark, fmt.Sprintf("%s: not checked: %v", file, err))
			case err != nil:
				add("timestamps", evidence.Fail, fmt.Sprintf("%s: %v", file, err))
			case s.Time.IsZero():
				add("timestamps", evidence.Remark, file+": "+s.Words)
			default:
				add("timestamps", evidence.Pass, fmt.Sprintf("%d leaves existed on %s: %s", size, s.Time.Format(time.RFC3339), s.Words))
			}
		}
	}
	return nil
}

// damaged reports whether the home in c.Home cannot be opened because its log
// or bytes were changed.
func (c *verifyCmd) damaged(w *world) bool {
	_, err := vault.OpenHome(c.Home, c.options(w))
	for _, bad := range []error{evidence.ErrTruncated, evidence.ErrReplayed, evidence.ErrRewritten, vault.ErrChanged} {
		if errors.Is(err, bad) {
			return true
		}
	}
	var unsigned *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	return errors.As(err, &unsigned) || errors.As(err, &invalid) || err != nil && strings.Contains(err.Error(), "evidence: log: checkpoint")
}

func (c *verifyCmd) tellHome(w *world, v *evidence.Verdict) error {
	if c.JSON {
		if err := c.tell(w, v); err != nil {
			return err
		}
		return nil
	}
	for _, k := range v.Checks {
		fmt.Fprintf(w.out, "%-8s %s: %s\n", strings.ToUpper(string(k.State)), k.Name, printable(k.Text))
	}
	fmt.Fprintf(w.out, "fingerprint  %s\n", v.Fingerprint)
	switch v.State() {
	case evidence.Fail:
		w.say("hint: Do not write to this home. Copy it as it is, and compare it with a backup and with what witnesses signed.")
		return answerNo()
	case evidence.Unknown:
		return &exitError{code: exitUnknown}
	}
	return nil
}

// checkpoint checks one signed checkpoint by --key, and against the home's log
// when a home is given.
func (c *verifyCmd) checkpoint(w *world, signed []byte) error {
	var keys []note.Verifier
	var h *vault.Home
	if c.Home != "" {
		var err error
		if h, err = c.open(w); err != nil {
			return err
		}
		// A state of before a change of key is signed by the key of then.
		if keys, err = h.Verifiers(); err != nil {
			return homeTrouble(err)
		}
	}
	if c.Key != "" {
		v, err := note.NewVerifier(c.Key)
		if err != nil {
			return cannotTell("A fingerprint is not enough to check a signature.", "give the whole public key of the log (name+hash+base64)")
		}
		keys = []note.Verifier{v}
	}
	if len(keys) == 0 {
		return cannotTell("Give the public key of the log with --key, or the home with --home.", "a checkpoint shows nothing without a key")
	}
	p, _, err := evidence.OpenCheckpoint(signed, keys...)
	if err != nil || p.Origin != keys[0].Name() {
		fmt.Fprintln(w.out, "The signature does not hold by this key.")
		return answerNo()
	}
	fmt.Fprintf(w.out, "signed by %s: %d leaves at %s\n", p.Origin, p.Size, p.Time.Format(time.RFC3339))
	if h == nil {
		return nil
	}
	if p.Size > h.Log.Head().Size {
		fmt.Fprintf(w.out, "The log of the home has only %d leaves: it was cut short or an older one was put back.\n", h.Log.Head().Size)
		return answerNo()
	}
	proof, err := h.Log.ProveGrowth(p.Size, h.Log.Head().Size)
	if err == nil {
		err = evidence.CheckGrowth(proof, p, h.Log.Head())
	}
	if err != nil {
		fmt.Fprintln(w.out, "The log of the home did not grow from this checkpoint: one of them was rewritten.")
		return answerNo()
	}
	fmt.Fprintf(w.out, "The log of the home, now %d leaves, grew from it.\n", h.Log.Head().Size)
	return nil
}

// file looks a file up in the home.
func (c *verifyCmd) file(w *world) error {
	f, err := os.Open(c.Path)
	if err != nil {
		return cannotTell("", "%v", err)
	}
	defer f.Close()
	ref, size, err := evidence.OfReader(f)
	if err != nil {
		return cannotTell("", "%v", err)
	}
	if c.Home == "" {
		return cannotTell("Give the dossier it belongs to, or the home it may be kept in with --home.", "%s is no dossier; its SHA-256 is %s", filepath.Base(c.Path), ref)
	}
	h, err := c.open(w)
	if err != nil {
		return err
	}
	s, err := h.Find(ref.String())
	if errors.Is(err, vault.ErrAbsent) {
		fmt.Fprintf(w.out, "%s is not kept in this home: %s, %d bytes\n", filepath.Base(c.Path), ref, size)
		return answerNo()
	}
	if err != nil {
		return homeTrouble(err)
	}
	i := s.Value.(*evidence.Item)
	fmt.Fprintf(w.out, "%s is item %d, bit for bit: collected %s, %s\n", filepath.Base(c.Path), s.Leaf, i.Collected.At.Format(time.RFC3339), ref)
	return nil
}
