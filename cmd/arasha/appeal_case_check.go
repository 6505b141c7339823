package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/internal/names"
	"github.com/arasha-org/arasha/store"
)

// secrets opens the sealed sources of the cases of documents, as the user of
// --as. Without keys, or where the user is no reader, they stay closed.
func (f *deskFlags) secrets(ctx context.Context, w *world, k *keyFlags, docs []casefile.ID) (map[casefile.ID]casefile.Secret, error) {
	var by casefile.User
	var sources []casefile.Source
	err := f.read(ctx, w, func(tx *store.Tx) (err error) {
		if by, err = f.user(tx); err != nil {
			return err
		}
		for _, id := range docs {
			d, err := store.Get[casefile.Document](tx, id)
			if err != nil {
				return err
			}
			more, err := store.List[casefile.Source](tx, store.Filter{Case: d.Case})
			if err != nil {
				return err
			}
			sources = append(sources, more...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := map[casefile.ID]casefile.Secret{}
	if !slices.ContainsFunc(sources, func(s casefile.Source) bool { return slices.Contains(s.Readers, by.ID) }) {
		return out, nil
	}
	keys, err := k.open(w, f.Home, by)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		if _, ok := out[s.ID]; ok || len(s.Sealed) == 0 || !slices.Contains(s.Readers, by.ID) {
			continue
		}
		secret, err := casefile.OpenSecret(s.Sealed, keys.Identity())
		if err != nil {
			return nil, sealedTrouble(err)
		}
		out[s.ID] = secret
	}
	return out, nil
}

// checkDocument applies every rule to a document: those of the text and those
// of the case behind it.
func checkDocument(f *casefile.File, d casefile.Document, secrets map[casefile.ID]casefile.Secret, now time.Time) ([]appeal.Finding, error) {
	a, err := appealOf(d)
	if err != nil {
		return nil, err
	}
	out := leakFindings(f, d, secrets)
	faults := append(f.Uncited(), unagreed(f, d, now)...)
	for _, x := range faults {
		out = append(out, appeal.Finding{Rule: x.Rule, Severity: appeal.SeverityError, Where: x.Where, Message: x.Message, Remedy: x.Remedy})
	}
	return append(out, appeal.Check(a, appeal.CheckOptions{})...), nil
}

// unagreed is who stands in a document by name and may not.
func unagreed(f *casefile.File, d casefile.Document, now time.Time) []casefile.Fault {
	var out []casefile.Fault
	for _, p := range f.Persons {
		ok, why := f.MayName(p.ID, casefile.Audience(d.Audience), f.Hashes(d), now)
		if ok {
			continue
		}
		m, others := names.Compile(p.Names()), names.Compile(othersThan(f, p.ID))
		casefile.EachText(d.Appeal, func(where, text string) {
			if len(names.Outside(m.Find(text), others.Find(text))) > 0 {
				out = append(out, casefile.Fault{Rule: casefile.RuleConsent, Where: where, Message: why, Remedy: "ask, or record why that was impossible, or draft it again: a label then stands for the name"})
			}
		})
	}
	return out
}

// othersThan is every name of everybody else in the case, and of those it is
// addressed to.
func othersThan(f *casefile.File, person casefile.ID) []string {
	var out []string
	for _, p := range f.Persons {
		if p.ID != person {
			out = append(out, p.Names()...)
		}
	}
	for _, h := range f.Holders {
		out = append(out, h.Name)
	}
	return out
}

// leakFindings looks for the sealed names in every text of a document. It
// tells the place and never the name, and who cannot read a source is told
// that nobody looked.
func leakFindings(f *casefile.File, d casefile.Document, secrets map[casefile.ID]casefile.Secret) []appeal.Finding {
	leak := appeal.Finding{Rule: "source-leak", Severity: appeal.SeverityError}
	var closed []string
	var sealed []string
	for _, s := range f.Sources {
		secret, ok := secrets[s.ID]
		if len(s.Sealed) > 0 && !ok {
			closed = append(closed, s.Label)
		}
		sealed = append(sealed, secret.Name)
		for _, a := range secret.Aliases {
			sealed = append(sealed, a.Text)
		}
	}
	var out []appeal.Finding
	if len(closed) > 0 {
		leak.Where, leak.Message, leak.Remedy = "document", "not checked: ask a reader of "+strings.Join(closed, ", "), "somebody who reads all the sources publishes"
		out = append(out, leak)
	}
	m, others := names.Compile(sealed), names.Compile(othersThan(f, 0))
	casefile.EachText(d.Appeal, func(where, text string) {
		if spans := m.Find(text); len(names.Outside(spans, others.Find(text))) > 0 {
			leak.Where, leak.Message, leak.Remedy = where, "a name of a sealed source stands here", "take it out; the formula of the sources stands for it"
			out = append(out, leak)
		}
	})
	return out
}

// unaccepted are the errors that nobody accepted with a reason.
func unaccepted(f *casefile.File, d casefile.Document, all []appeal.Finding) []appeal.Finding {
	return slices.DeleteFunc(slices.Clone(all), func(x appeal.Finding) bool { return x.Severity != appeal.SeverityError || accepted(f, d, x) })
}

// accepted reports whether somebody lets a finding pass, with a reason.
func accepted(f *casefile.File, d casefile.Document, x appeal.Finding) bool {
	return !slices.Contains(neverAccepted, x.Rule) && slices.ContainsFunc(f.Acceptances, func(a casefile.Acceptance) bool {
		return a.Document == d.ID && a.Rule == x.Rule && (a.Where == "" || a.Where == x.Where)
	})
}

func printFinding(w *world, f appeal.Finding) {
	fmt.Fprintf(w.out, "%-8s %s, %s\n         %s\n         → %s\n", f.Severity, f.Rule, f.Where, f.Message, f.Remedy)
}
