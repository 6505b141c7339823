package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/report"
	"github.com/arasha-org/arasha/store"
)

// A reader is what somebody who checks may look into: the sealed sources and
// call notes that their key opens, and what is kept.
type reader struct {
	secrets map[casefile.ID]casefile.Secret
	notes   []casefile.CallNote
	links   map[string]bool
	home    *vault.Home
	reports map[evidence.Ref]*report.Analysis // nil for one that cannot be read
}

// reader opens what is sealed in the cases of documents, as the user of --as.
// Where the user is no reader it stays closed, and no key is asked for.
func (f *deskFlags) reader(ctx context.Context, w *world, k *keyFlags, docs []casefile.ID) (*reader, error) {
	var by casefile.User
	var sources []casefile.Source
	var cites []casefile.Cite
	err := f.read(ctx, w, func(tx *store.Tx) (err error) {
		if by, err = f.user(tx); err != nil {
			return err
		}
		for _, id := range docs {
			d, err := store.Get[casefile.Document](tx, id)
			if err != nil {
				return err
			}
			file, err := loadCase(tx, d.Case)
			if err != nil {
				return err
			}
			sources = append(sources, file.Sources...)
			for _, s := range file.Statements {
				cites = append(cites, s.Cites...)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	h, err := f.homeFlags.open(w)
	if err != nil {
		return nil, err
	}
	r := &reader{secrets: map[casefile.ID]casefile.Secret{}, links: map[string]bool{}, home: h, reports: map[evidence.Ref]*report.Analysis{}}
	for s, err := range h.Records() {
		if err != nil {
			return nil, homeTrouble(err)
		}
		if i, ok := s.Value.(*evidence.Item); ok && i.Address != nil {
			r.links[i.Address.Typed], r.links[i.Address.Final] = true, true
		}
	}
	if !slices.ContainsFunc(sources, func(s casefile.Source) bool { return slices.Contains(s.Readers, by.ID) }) {
		return r, nil
	}
	keys, err := k.open(w, f.Home, by)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		if _, ok := r.secrets[s.ID]; ok || len(s.Sealed) == 0 || !slices.Contains(s.Readers, by.ID) {
			continue
		}
		if r.secrets[s.ID], err = casefile.OpenSecret(s.Sealed, keys.Identities()...); err != nil {
			return nil, sealedTrouble(err)
		}
	}
	return r, r.openNotes(h, keys, cites)
}

// openNotes opens the call notes among what is cited as sealed. What is sealed
// and no note of a call, or sealed to others, is left.
func (r *reader) openNotes(h *vault.Home, keys *casefile.UserKeys, cites []casefile.Cite) error {
	seen := map[evidence.Ref]bool{}
	for _, c := range cites {
		if !c.Sealed || seen[c.Ref] || !h.Vault.Has(c.Ref) {
			continue
		}
		seen[c.Ref] = true
		sealed, err := itemBytes(h, c.Ref)
		if err != nil {
			return err
		}
		if n, err := casefile.OpenCallNote(sealed, keys.Identities()...); err == nil {
			r.notes = append(r.notes, n)
		}
	}
	return nil
}

// check applies every rule to a document: those of the text and those of the
// case behind it.
func (r *reader) check(tx *store.Tx, f *casefile.File, d casefile.Document) ([]appeal.Finding, error) {
	a, err := appealOf(d)
	if err != nil {
		return nil, err
	}
	if err := findUnjudged(r.home, f); err != nil {
		return nil, err
	}
	return appeal.Check(a, appeal.CheckOptions{Case: &appeal.CaseContext{File: f, Document: d, Now: tx.Now(), Secrets: r.secrets, Notes: r.notes,
		Kept: func(link string) bool { return r.links[link] }, Reached: func(ref evidence.Ref) (appeal.Reached, bool) { return r.reached(ref, a.Language) }}}), nil
}

// reached is what a kept report allows to be said, in a language; English
// where there is no ladder in it.
func (r *reader) reached(ref evidence.Ref, lang string) (appeal.Reached, bool) {
	a, ok := r.reports[ref]
	if !ok {
		a, _ = keptReport(r.home, ref) // one that cannot be read is told by the rule
		r.reports[ref] = a
	}
	if a == nil {
		return appeal.Reached{}, false
	}
	step, says, err := a.Allows(lang)
	if err != nil {
		step, says, _ = a.Allows("en")
	}
	return appeal.Reached{Step: step.String(), Says: says}, true
}

func printFinding(w *world, f appeal.Finding) {
	fmt.Fprintf(w.out, "%-8s %s, %s\n         %s\n         → %s\n", f.Severity, f.Rule, visible(f.Where), visible(f.Message), visible(f.Remedy))
}
