package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/internal/disk"
)

type exportCmd struct {
	Item []string `arg:"" optional:"" help:"The items: numbers, or at least eight digits of their SHA-256."`
	homeFlags
	actorFlags
	Out          string   `short:"o" required:"" type:"path" placeholder:"FILE" help:"The dossier to write, which must not exist."`
	All          bool     `help:"All items."`
	Without      []string `placeholder:"ITEM" sep:"none" help:"Leave this item out. May be repeated."`
	WithoutBytes []string `placeholder:"ITEM" sep:"none" help:"Show the record of this item, but keep its bytes here. May be repeated."`
	NoViews      bool     `help:"Leave out who looked when, and why: views and copies."`
	Leaf         []int64  `placeholder:"N" sep:"none" help:"Show this leaf of the log too: a finding, a roster, an approval, a publication. May be repeated."`
	Show         []string `enum:"collector,address" placeholder:"PART" sep:"none" help:"Show the sealed collector or address in clear. May be repeated."`
	SealTo       []string `placeholder:"age1…" sep:"none" help:"Enclose the sealed collector and address, encrypted to this age key, a court's for example. May be repeated."`
	Roots        []string `type:"existingfile" placeholder:"PEM" sep:"none" help:"Enclose these certificates of timestamp authorities, beside those of authorities.txt in the home."`
	Reason       string   `help:"For whom and why, for the chain of custody; it will stand in the dossier."`
}

func (exportCmd) Help() string {
	return `Writes a dossier: the chosen items, their custody, the proofs that all of it stands in the signed
log, timestamps, a certificate to sign on paper. Anybody can check it offline with "arasha verify",
or by docs/formats/dossier.md without any program of ours. What is not chosen stays unknown; who
collected stays sealed. Giving out is an act of custody and is logged.

Example
  arasha evidence export 12 14 -o dossier.zip --reason "UN Special Rapporteur, letter of 4 May"

Exit codes: 0 written, 2 not written, 64 wrong use`
}

func (c *exportCmd) Run(w *world) error {
	if c.All == (len(c.Item) > 0) {
		return wrongUse("Name them, or give --all.", "which items?")
	}
	if err := mustBeNew(c.Out); err != nil {
		return err
	}
	h, err := c.open(w)
	if err != nil {
		return err
	}
	items, err := c.items(h)
	if err != nil {
		return err
	}
	e := vault.Export{Items: items, Leaves: c.Leaf, NoViews: c.NoViews, Show: c.Show, SealTo: c.SealTo,
		Act: vault.Act{Reason: c.Reason, Actor: c.Collector, From: c.From}}
	for _, which := range c.WithoutBytes {
		s, err := h.Find(which)
		if err != nil {
			return homeTrouble(err)
		}
		e.Without = append(e.Without, s.Leaf)
	}
	if e.Roots, err = c.roots(c.Roots); err != nil {
		return err
	}
	p, err := disk.NewPending(filepath.Dir(c.Out))
	if err != nil {
		return homeTrouble(err)
	}
	defer p.Discard()
	if err := h.Export(p, e); err != nil {
		return homeTrouble(err)
	}
	if err := p.Commit(c.Out, 0o600); err != nil {
		return homeTrouble(err)
	}
	key, err := h.Key()
	if err != nil {
		return homeTrouble(err)
	}
	fingerprint, err := evidence.Fingerprint(key)
	if err != nil {
		return homeTrouble(err)
	}
	fmt.Fprintf(w.out, "wrote %s: %d items, log of %d leaves\nfingerprint  %s\n", filepath.Base(c.Out), len(items), h.Log.Head().Size, fingerprint)
	w.say("Give the fingerprint to the reader by another way than the dossier.")
	return nil
}

// items returns the chosen items.
func (c *exportCmd) items(h *vault.Home) ([]vault.Stored, error) {
	without := make(map[int64]bool)
	for _, which := range c.Without {
		s, err := h.Find(which)
		if err != nil {
			return nil, homeTrouble(err)
		}
		without[s.Leaf] = true
	}
	var items []vault.Stored
	if c.All {
		for s, err := range h.Records() {
			if err != nil {
				return nil, homeTrouble(err)
			}
			if _, ok := s.Value.(*evidence.Item); ok && !without[s.Leaf] {
				items = append(items, s)
			}
		}
	}
	seen := make(map[int64]bool)
	for _, which := range c.Item {
		s, err := h.Find(which)
		if err != nil {
			return nil, homeTrouble(err)
		}
		if !without[s.Leaf] && !seen[s.Leaf] {
			items = append(items, s)
		}
		seen[s.Leaf] = true
	}
	if len(items) == 0 {
		return nil, cannotTell("\"arasha evidence list\" shows what is kept.", "there is nothing to put into a dossier")
	}
	return items, nil
}

// roots joins the certificates of timestamp authorities: those of the files
// named, and those of the home.
func (f *homeFlags) roots(named []string) ([]byte, error) {
	all, err := f.authorities()
	if err != nil {
		return nil, err
	}
	paths := slices.Clone(named)
	for _, a := range all {
		paths = append(paths, a.Trust...)
	}
	var out bytes.Buffer
	for _, p := range paths {
		b, err := readFile(p)
		if err != nil {
			return nil, err
		}
		out.Write(append(bytes.TrimRight(b, "\n"), '\n'))
	}
	return out.Bytes(), nil
}
