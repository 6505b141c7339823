package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/store"
)

// draftFlags are what a draft needs beside the case.
type draftFlags struct {
	Lang     []string `placeholder:"LANG" help:"Languages: en, fr, es, ru. Without it, those of the case."`
	Audience string   `default:"public" placeholder:"WORD" help:"public, government, un or desk; names follow it."`
	Country  []string `sep:"none" placeholder:"LANG:NAME|IN|OF" help:"The country in a language, where the table has no words for it: \"fr:Sarytau|au Sarytau|du Sarytau\". May be repeated."`
	Sender   []string `sep:"none" placeholder:"LANG:TEXT" help:"Who writes, in a language. May be repeated."`
	Frame    []string `sep:"none" placeholder:"LANG:FILE" help:"An appeal whose masthead, contacts and closing words are taken. May be repeated."`
}

type appealDraftCmd struct {
	Case caseName `arg:"" help:"The case."`
	deskFlags
	draftFlags
	Kind string `placeholder:"WORD" help:"urgent_appeal (when left out), press_release, letter or other."`
}

func (appealDraftCmd) Help() string {
	return `Writes the sentences of a case as an appeal, one document for each language. It is refused, with the
sentence named, when one lacks its ground, when somebody is named who did not agree, or when nobody
decided to act. A draft that is there is written anew; approvals of it fall when a letter changes.

Example
  arasha appeal draft 1 --lang en,ru --as "Inna Invented"
  arasha appeal show 1

Exit codes: 0 drafted, 1 refused, 2 not readable, 64 wrong use`
}

func (c *appealDraftCmd) Run(ctx context.Context, w *world) error {
	return c.draft(ctx, w, &c.draftFlags, c.Case, c.Kind, false, 0)
}

type appealUpdateCmd struct {
	Case caseName `arg:"" help:"The case."`
	deskFlags
	draftFlags
}

func (appealUpdateCmd) Help() string {
	return `Drafts the new information of a case: it carries the code that was printed, with the next number
behind it, and recalls what was published. Its sentences stand in the sections new_information and
background, or new_information.1 and so on for one update alone.

Example
  arasha fact add --case 1 --kind fact --section new_information --text "en:On 2 June …" --cite 31
  arasha appeal update 1

Exit codes: 0 drafted, 1 refused, 2 not readable, 64 wrong use`
}

func (c *appealUpdateCmd) Run(ctx context.Context, w *world) error {
	return c.draft(ctx, w, &c.draftFlags, c.Case, appeal.NewInformation, true, 0)
}

type appealReviseCmd struct {
	Document casefile.ID `arg:"" help:"The published document."`
	deskFlags
	draftFlags
}

func (appealReviseCmd) Help() string {
	return `Drafts a correction of a published document. The published one stays as it is, frozen; the correction
is a document of its own that names it, and goes the same way: review, approval, publication.

Example
  arasha fact change 7 --text "en:On 19 April …"
  arasha appeal revise 1

Exit codes: 0 drafted, 1 refused, 2 not readable, 64 wrong use`
}

func (c *appealReviseCmd) Run(ctx context.Context, w *world) error {
	return c.draft(ctx, w, &c.draftFlags, "", "", false, c.Document)
}

// draft writes a document for each language, in one transaction.
func (f *deskFlags) draft(ctx context.Context, w *world, o *draftFlags, name caseName, kind string, update bool, revision casefile.ID) error {
	to, err := casefile.ParseAudience(o.Audience)
	if err != nil {
		return deskTrouble(err)
	}
	h, err := f.homeFlags.open(w)
	if err != nil {
		return err
	}
	cited, err := shelf(h)
	if err != nil {
		return err
	}
	var docs []casefile.Document
	var talk []string
	err = f.write(ctx, w, "appeal draft", func(tx *store.Tx, _ casefile.User) error {
		docs, talk = nil, nil
		var corrects casefile.Document
		if revision != 0 {
			var err error
			if corrects, err = store.Get[casefile.Document](tx, revision); err != nil {
				return err
			}
			if corrects.State != casefile.StatePublished {
				return wrongUse("Draft it again.", "document %d is not published, so nothing is to be corrected", revision)
			}
			name, kind, to = caseName(fmt.Sprint(corrects.Case)), corrects.Kind, casefile.Audience(corrects.Audience)
			o.Lang = []string{corrects.Language}
		}
		file, err := loadFile(tx, name)
		if err != nil {
			return err
		}
		if err := findUnjudged(h, file); err != nil {
			return err
		}
		if len(o.Lang) == 0 {
			o.Lang = file.Case.Languages
		}
		if len(o.Lang) == 0 {
			return wrongUse("For example --lang en.", "in which language?")
		}
		base := casefile.Document{Case: file.Case.ID, Kind: kind, Audience: string(to), State: casefile.StateDraft, RevisionOf: revision, Update: corrects.Update}
		if base.Kind == "" {
			base.Kind = appeal.UrgentAppeal
		}
		if update {
			if base.Update, err = nextUpdate(file, to); err != nil {
				return err
			}
		}
		for _, lang := range o.Lang {
			doc := base
			doc.Language = lang
			var own []appeal.Annex
			if doc.Update == 0 {
				if own, err = annexes(h, file, lang); err != nil {
					return err
				}
			}
			said, err := f.draftOne(tx, file, o, cited, own, &doc)
			if err != nil {
				return err
			}
			docs = append(docs, doc)
			talk = append(talk, said...)
		}
		return nil
	})
	var refused *appeal.Refused
	if errors.As(err, &refused) {
		f.faults(w, refused.Faults)
		return &exitError{exitNo, "the draft is refused", "Nothing was written."}
	}
	if err != nil {
		return err
	}
	for _, d := range docs {
		if err := f.tell(w, d); err != nil {
			return err
		}
	}
	for _, s := range talk {
		w.say("%s", s)
	}
	return nil
}

// draftOne drafts one language version and stores it.
func (f *deskFlags) draftOne(tx *store.Tx, file *casefile.File, flags *draftFlags, cited func(casefile.Cite) (appeal.Cited, bool), behind []appeal.Annex, doc *casefile.Document) (talk []string, err error) {
	o, err := flags.options(doc.Language)
	if err != nil {
		return nil, err
	}
	o.Audience, o.Kind, o.Update, o.Now, o.Cited, o.Annexes = casefile.Audience(doc.Audience), doc.Kind, doc.Update, tx.Now(), cited, behind
	if f := firstPublished(file, doc.Language, o.Audience); f != nil {
		doc.UpdateOf = f.ID
		if doc.Update == 0 {
			doc.UpdateOf = 0
		}
	}
	if o.Code, err = codeFor(file, *doc); err != nil {
		return nil, err
	}
	d, err := appeal.Draft(file, o)
	if err != nil {
		return nil, err
	}
	if o.Code != nil {
		doc.Code = o.Code.Printed
	}
	if err := setAppeal(doc, d.Appeal); err != nil {
		return nil, err
	}
	// One that is being worked on is written anew.
	for _, old := range file.Documents {
		if old.Kind == doc.Kind && old.Update == doc.Update && old.Language == doc.Language && old.Audience == doc.Audience && old.RevisionOf == doc.RevisionOf &&
			slices.Contains([]string{casefile.StateDraft, casefile.StateReview, casefile.StateApproved}, old.State) {
			doc.ID, doc.State = old.ID, old.State
			if old.State == casefile.StateApproved && old.Hash != doc.Hash {
				doc.State = casefile.StateReview
			}
			if o.Code == nil && old.Code != "" {
				doc.State = casefile.StateDraft // its number was made void: a review allocates the next
			}
		}
	}
	if doc.Update == 0 && doc.RevisionOf == 0 && doc.ID == 0 && doc.Kind == appeal.UrgentAppeal && firstPublished(file, doc.Language, o.Audience) != nil {
		return nil, &exitError{exitNo, fmt.Sprintf("the appeal in %q is published", doc.Language), "\"arasha appeal update\" adds new information, \"arasha appeal revise\" corrects."}
	}
	if err := store.Put(tx, doc); err != nil {
		return nil, err
	}
	for _, n := range d.Notes {
		talk = append(talk, fmt.Sprintf("%s: %s", doc.Language, n))
	}
	for _, p := range d.Withheld {
		talk = append(talk, fmt.Sprintf("%s: a label stands for person %d", doc.Language, p))
	}
	for _, s := range d.Untold {
		talk = append(talk, fmt.Sprintf("%s: statement %d has no words in this language", doc.Language, s))
	}
	return talk, nil
}

// options reads what was given for one language.
func (o *draftFlags) options(lang string) (appeal.DraftOptions, error) {
	out := appeal.DraftOptions{Language: lang}
	for _, c := range o.Country {
		l, words, _ := strings.Cut(c, ":")
		if l == lang {
			parts := parted(words, 3)
			out.Country = appeal.CountryWords{Name: parts[0], In: parts[1], Of: parts[2]}
		}
	}
	for _, s := range o.Sender {
		if l, text, _ := strings.Cut(s, ":"); l == lang {
			out.Sender = text
		}
	}
	for _, s := range o.Frame {
		if l, file, _ := strings.Cut(s, ":"); l == lang {
			a, err := readAppeal(&world{}, file, appeal.Options{})
			if err != nil {
				return out, err
			}
			out.Frame = a
		}
	}
	return out, nil
}

// setAppeal puts a text into a document, with its hash.
func setAppeal(doc *casefile.Document, a *appeal.Appeal) error {
	b, err := json.Marshal(a)
	if err != nil {
		return err
	}
	doc.Appeal, doc.Hash = b, a.Hash()
	return nil
}

// appealOf reads the text of a document.
func appealOf(doc casefile.Document) (*appeal.Appeal, error) {
	a, err := appeal.Parse(bytes.NewReader(doc.Appeal))
	if err != nil {
		return nil, cannotTell("", "document %d holds no appeal: %v", doc.ID, err)
	}
	return a, nil
}

// firstPublished is the first appeal of a case as it went out.
func firstPublished(f *casefile.File, lang string, to casefile.Audience) *casefile.Document {
	for i := range f.Documents {
		d := &f.Documents[i]
		if d.State == casefile.StatePublished && d.Update == 0 && d.Kind == appeal.UrgentAppeal && d.Audience == string(to) && (lang == "" || d.Language == lang) {
			return d
		}
	}
	return nil
}

// nextUpdate is the number of the next update: one that is being worked on
// keeps its own.
func nextUpdate(f *casefile.File, to casefile.Audience) (int, error) {
	if firstPublished(f, "", to) == nil {
		return 0, &exitError{exitNo, "nothing is published yet, so there is nothing to update", "\"arasha appeal draft\" comes first."}
	}
	last, open := 0, 0
	for _, d := range f.Documents {
		if d.Audience != string(to) || d.Kind != appeal.NewInformation || d.State == casefile.StateWithdrawn {
			continue
		}
		if d.State == casefile.StatePublished {
			last = max(last, d.Update)
		} else {
			open = max(open, d.Update)
		}
	}
	if open > last {
		return open, nil
	}
	return last + 1, nil
}

// codeFor is the code that a document bears: that of the register for a first
// appeal once review has begun, the printed one with its number for an update.
func codeFor(f *casefile.File, doc casefile.Document) (*appeal.Code, error) {
	printed := ""
	for _, r := range f.Register {
		if r.Case == f.Case.ID && r.State != casefile.Void {
			printed = printedCode(r)
		}
	}
	if p := firstPublished(f, "", casefile.Audience(doc.Audience)); p != nil && p.Code != "" {
		printed = p.Code // as it was printed, whatever the register says
	}
	if printed == "" {
		return nil, nil
	}
	if doc.Update > 0 {
		printed += "." + strconv.Itoa(doc.Update)
	}
	code, err := appeal.ParseCode(printed, prefixOf(f)...)
	if err != nil {
		return nil, fmt.Errorf("the code %q: %w", printed, err)
	}
	return &code, nil
}

func prefixOf(f *casefile.File) []string {
	out := []string{appeal.DefaultPrefix}
	for _, r := range f.Register {
		if !slices.Contains(out, r.Prefix) {
			out = append(out, r.Prefix)
		}
	}
	return out
}

// printedCode is a register entry as it is printed: "XSR 001 / 0531 / OBS 050".
func printedCode(r casefile.Register) string {
	return fmt.Sprintf("%s %03d / %s / %s %03d", r.Country, r.Seq, r.MMYY, r.Prefix, r.Serial)
}

// shelf is what the evidence room knows of the items: read once, whatever the
// number of sentences.
func shelf(h *vault.Home) (func(casefile.Cite) (appeal.Cited, bool), error) {
	known := map[evidence.Ref]appeal.Cited{}
	for s, err := range h.Records() {
		if err != nil {
			return nil, homeTrouble(err)
		}
		i, ok := s.Value.(*evidence.Item)
		if !ok {
			continue
		}
		if _, ok := known[i.Ref]; ok {
			continue
		}
		c := appeal.Cited{Title: i.Note}
		if i.Address != nil {
			c.Link = i.Address.Typed
		}
		if i.What == "note" {
			leaf, err := s.Record.Leaf()
			if err != nil {
				return nil, homeTrouble(err)
			}
			c = appeal.Cited{Sealed: true, Commitment: &leaf.Commitment}
		}
		known[i.Ref] = c
	}
	return func(c casefile.Cite) (appeal.Cited, bool) {
		k, ok := known[c.Ref]
		return k, ok
	}, nil
}
