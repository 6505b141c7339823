package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/store"
)

type appealPublishCmd struct {
	Document []casefile.ID `arg:"" help:"The documents: every language version that goes out."`
	deskFlags
	keyFlags
	Embargo string `placeholder:"TIME" help:"Not before this instant, with its zone, for all languages together: \"2031-05-12 06:00 +02:00\"."`
}

func (appealPublishCmd) Help() string {
	return `Freezes the text of every language version, keeps its bytes as evidence and logs that it went out, with
the approvals it went out under. Before that everything is asked once more: that nobody holds the
case, that the decision allows it, that everybody named agreed to this text, that the approvals count,
that no rule of the check is broken, and that no name of a sealed source stands anywhere in it. The
last can be asked only with the key of somebody who reads all its sources.

Example
  arasha appeal publish 1 2 3 4 --embargo "2031-05-12 06:00 +02:00" --as "Inna Invented"

Exit codes: 0 published, 1 refused, 2 not readable, 64 wrong use`
}

func (c *appealPublishCmd) Run(ctx context.Context, w *world) error {
	var embargo casefile.Date
	if c.Embargo != "" {
		var err error
		if embargo, err = embargoOf(c.Embargo); err != nil {
			return err
		}
	}
	r, err := c.reader(ctx, w, &c.keyFlags, c.Document)
	if err != nil {
		return err
	}
	// Twice: first without the turn to write, so that the bytes are kept before
	// the transaction says so; then within it, because the case may have moved.
	var docs []casefile.Document
	if err := c.read(ctx, w, func(tx *store.Tx) (err error) {
		docs, err = c.ready(w, tx, r)
		return err
	}); err != nil {
		return err
	}
	h, err := c.homeFlags.open(w)
	if err != nil {
		return err
	}
	for _, d := range docs {
		if err := freeze(h, d); err != nil {
			return err
		}
	}
	err = c.write(ctx, w, "appeal publish", func(tx *store.Tx, by casefile.User) (err error) {
		if docs, err = c.ready(w, tx, r); err != nil {
			return err
		}
		rule, err := approvalRule(tx)
		if err != nil {
			return err
		}
		for i := range docs {
			f, err := loadCase(tx, docs[i].Case)
			if err != nil {
				return err
			}
			if err := oneEmbargo(f, docs[i], embargo, tx.Now()); err != nil {
				return err
			}
			if err := publish(tx, &docs[i], rule, embargo); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tellAll(&c.deskFlags, w, docs)
}

// oneEmbargo reports that another language of a document went out under another
// embargo: all languages come out together.
func oneEmbargo(f *casefile.File, d casefile.Document, embargo casefile.Date, now time.Time) error {
	mine, err := casefile.EmbargoEnds(embargo)
	if err != nil {
		return err
	}
	for _, e := range f.Documents {
		if e.ID == d.ID || e.State != casefile.StatePublished || e.Kind != d.Kind || e.Update != d.Update || e.Audience != d.Audience || (e.RevisionOf == 0) != (d.RevisionOf == 0) {
			continue
		}
		theirs, err := casefile.EmbargoEnds(e.Embargo)
		if err != nil {
			return err
		}
		// One that ended, or a language that follows without one, holds nothing back.
		if !mine.Equal(theirs) && (theirs.After(now) || mine.After(now)) {
			until := "without an embargo"
			if !e.Embargo.IsZero() {
				until = "under embargo until " + e.Embargo.String()
			}
			return &exitError{exitNo, fmt.Sprintf("document %d, the version in %q, went out %s; all languages come out together", e.ID, e.Language, until), "Give the same --embargo, or none once it has ended."}
		}
	}
	return nil
}

// ready asks everything that must hold before a document goes out.
func (c *appealPublishCmd) ready(w *world, tx *store.Tx, r *reader) ([]casefile.Document, error) {
	var docs []casefile.Document
	rule, err := approvalRule(tx)
	if err != nil {
		return nil, err
	}
	for _, id := range c.Document {
		d, err := store.Get[casefile.Document](tx, id)
		if err != nil {
			return nil, err
		}
		f, err := loadCase(tx, d.Case)
		if err != nil {
			return nil, err
		}
		if err := mayPublish(f, d, rule, tx); err != nil {
			return nil, err
		}
		if _, err := together(tx, f, d, rule); err != nil {
			return nil, err
		}
		findings, err := r.check(tx, f, d)
		if err != nil {
			return nil, err
		}
		if open := appeal.Blocking(f, d, findings); len(open) > 0 {
			for _, x := range open {
				printFinding(w, x)
			}
			return nil, &exitError{exitNo, fmt.Sprintf("document %d is not published; in its way: %s", id, count(int64(len(open)), "error")),
				"Mend them, or accept a rule with a reason: \"arasha appeal accept --help\"."}
		}
		docs = append(docs, d)
	}
	return docs, nil
}

// mayPublish is the gates without the check of the text.
func mayPublish(f *casefile.File, d casefile.Document, rule casefile.ApprovalRule, tx *store.Tx) error {
	if err := f.Held(); err != nil {
		return err
	}
	if err := f.MayWrite(d.Kind, casefile.Audience(d.Audience), tx.Now()); err != nil {
		return err
	}
	if d.State == casefile.StatePublished || d.State == casefile.StateWithdrawn {
		return &exitError{exitNo, fmt.Sprintf("document %d is %s already", d.ID, d.State), ""}
	}
	if err := f.Approved(d, rule, tx.Now()).Err(); err != nil {
		return fmt.Errorf("document %d: %w", d.ID, err)
	}
	a, err := appealOf(d)
	if err != nil {
		return err
	}
	if t := a.Translation; t != nil && t.State != appeal.Read {
		return &exitError{exitNo, fmt.Sprintf("document %d, the translation in %q, was not read by a second person", d.ID, d.Language), "\"arasha appeal read\" notes that it was."}
	}
	if d.Code == "" && (d.Kind == appeal.UrgentAppeal || d.Kind == appeal.NewInformation) {
		return &exitError{exitNo, fmt.Sprintf("document %d has no code", d.ID), "\"arasha appeal review\" gives it one."}
	}
	return nil
}

// frozen is the bytes that a hash is over: those that were approved.
func frozen(d casefile.Document) ([]byte, error) {
	a, err := appealOf(d)
	if err != nil {
		return nil, err
	}
	out := a.Canonical()
	if evidence.Of(out).String() != d.Hash {
		return nil, cannotTell("Draft it again.", "document %d is not the text that its hash says", d.ID)
	}
	return out, nil
}

// freeze keeps the bytes of a language version; the same bytes once.
func freeze(h *vault.Home, d casefile.Document) error {
	b, err := frozen(d)
	if err != nil {
		return err
	}
	_, err = h.KeepOnce(vault.Found{
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil },
		Item: evidence.Item{Name: strings.NewReplacer(" ", "", "/", "-").Replace(d.Code) + "." + d.Language + ".json", Media: "application/json", What: "file", Note: d.Code},
	})
	return homeTrouble(err)
}

// publish makes a document what everybody may read: frozen, and logged with
// the approvals it goes out under.
func publish(tx *store.Tx, d *casefile.Document, rule casefile.ApprovalRule, embargo casefile.Date) error {
	ref, err := casefile.RefOfHash(d.Hash)
	if err != nil {
		return err
	}
	f, err := loadCase(tx, d.Case)
	if err != nil {
		return err
	}
	approvals, err := together(tx, f, *d, rule) // before it is published: what counts depends on it
	if err != nil {
		return err
	}
	d.State, d.Frozen, d.Embargo = casefile.StatePublished, ref, embargo
	if err := store.Put(tx, d); err != nil {
		return err
	}
	if f, err = loadCase(tx, d.Case); err != nil {
		return err
	}
	if d.Code != "" {
		if err := spend(tx, f, *d); err != nil {
			return err
		}
	}
	s := &evidence.Statement{V: 1, Kind: evidence.KindPublication, Ref: ref, At: evidence.Moment(tx.Now(), ""), Tool: "arasha " + version, Note: d.Code, Approvals: approvals}
	for _, st := range f.Statements {
		for _, c := range st.Cites {
			if !c.Sealed && !slices.Contains(s.About, c.Ref) {
				s.About = append(s.About, c.Ref)
			}
		}
	}
	_, err = store.Log(tx, s)
	return err
}

// spend marks the number as used and lets the printed code lead to the case.
func spend(tx *store.Tx, f *casefile.File, d casefile.Document) error {
	code, err := appeal.ParseCode(d.Code, prefixOf(f)...)
	if err != nil {
		return fmt.Errorf("the code %q: %w", d.Code, err)
	}
	for _, r := range f.Register {
		if r.Case == f.Case.ID && r.State == casefile.Reserved {
			r.State = casefile.Used
			if err := store.Put(tx, &r); err != nil {
				return err
			}
		}
	}
	if slices.ContainsFunc(f.Codes, func(p casefile.PrintedCode) bool { return p.Printed == d.Code }) {
		return nil
	}
	p := casefile.PrintedCode{Case: f.Case.ID, Printed: d.Code, Key: code.Key(), Why: "published"}
	if code.Update != nil {
		p.Update = *code.Update
	}
	return store.Put(tx, &p)
}

// together returns the leaves of the approvals that a document goes out under:
// those that count, given under one roster and enough by the rule. Each roster
// commits to the people anew, so that a stranger can count two approvals only
// when both name the same one.
func together(tx *store.Tx, f *casefile.File, d casefile.Document, rule casefile.ApprovalRule) ([]int64, error) {
	s, err := setting(tx, settingRoster)
	if err != nil || s.Value == "" {
		return nil, err
	}
	var r roster
	if err := json.Unmarshal([]byte(s.Value), &r); err != nil {
		return nil, fmt.Errorf("the roster: %w", err)
	}
	under := map[casefile.ID][]givenApproval{}
	for _, g := range r.Given {
		if g.Document == d.ID && g.Hash == d.Hash {
			under[g.Roster] = append(under[g.Roster], g)
		}
	}
	rosters := slices.Sorted(maps.Keys(under))
	slices.Reverse(rosters) // the latest first
	for _, id := range rosters {
		part := *f
		part.Approvals = slices.DeleteFunc(slices.Clone(f.Approvals), func(a casefile.Approval) bool {
			return a.Document == d.ID && a.Signature != "" && !slices.ContainsFunc(under[id], func(g givenApproval) bool { return g.User == a.User })
		})
		approved := part.Approved(d, rule, tx.Now())
		if approved.Err() != nil {
			continue
		}
		var out []int64
		for _, g := range under[id] {
			if !slices.ContainsFunc(approved.Given, func(a casefile.Approval) bool { return a.User == g.User }) {
				continue
			}
			leaf, ok, err := store.Leaf(tx, g.Queued)
			if err != nil {
				return nil, err
			}
			if !ok {
				return nil, cannotTell("Any command that can write to the evidence log enters it.", "an approval of document %d waits for the evidence log", d.ID)
			}
			if !slices.Contains(out, leaf) {
				out = append(out, leaf)
			}
		}
		return out, nil
	}
	var again []string
	for _, a := range f.Approved(d, rule, tx.Now()).Given {
		if u, ok := f.User(a.User); ok && a.Signature != "" && !slices.ContainsFunc(under[r.Queued], func(g givenApproval) bool { return g.User == a.User }) {
			again = append(again, u.Name)
		}
	}
	return nil, &exitError{exitNo, fmt.Sprintf("document %d: who may approve has changed between its approvals, and others can check them only when all are given under one list", d.ID),
		"To approve it once more: " + strings.Join(again, ", ") + "."}
}

type appealWithdrawCmd struct {
	Document casefile.ID `arg:"" help:"The document."`
	deskFlags
}

func (appealWithdrawCmd) Help() string {
	return `Takes a document back. A published one stays frozen as evidence and stands on no page any more.

Example
  arasha appeal withdraw 3

Exit codes: 0 withdrawn, 2 not found or not readable, 64 wrong use`
}

func (c *appealWithdrawCmd) Run(ctx context.Context, w *world) error {
	var d casefile.Document
	err := c.write(ctx, w, "appeal withdraw", func(tx *store.Tx, _ casefile.User) (err error) {
		if d, err = store.Get[casefile.Document](tx, c.Document); err != nil {
			return err
		}
		d.State = casefile.StateWithdrawn
		return store.Put(tx, &d)
	})
	if err != nil {
		return err
	}
	return c.tell(w, d)
}

type appealCloseCmd struct {
	Case caseName `arg:"" help:"The case."`
	deskFlags
}

func (appealCloseCmd) Help() string {
	return `Closes a case. What became of it must be known: an outcome stands in it, also when that is "none".

Example
  arasha outcome add --case 1 --what "the bill was withdrawn" --impact moderate-positive --when 2031-06-20
  arasha appeal close 1

Exit codes: 0 closed, 1 nothing is known of what became of it, 2 not readable, 64 wrong use`
}

func (c *appealCloseCmd) Run(ctx context.Context, w *world) error {
	var k casefile.Case
	err := c.write(ctx, w, "appeal close", func(tx *store.Tx, _ casefile.User) error {
		f, err := loadFile(tx, c.Case)
		if err != nil {
			return err
		}
		if len(f.Outcomes) == 0 {
			return &exitError{exitNo, "case " + f.Case.Number + " has no outcome", "\"arasha outcome add\" says what changed, also when that is nothing."}
		}
		for _, d := range f.Documents {
			if d.State != casefile.StatePublished && d.State != casefile.StateWithdrawn {
				return &exitError{exitNo, fmt.Sprintf("document %d is %s", d.ID, d.State), "Publish it or withdraw it first."}
			}
		}
		k = f.Case
		k.Status = casefile.Closed
		return store.Put(tx, &k)
	})
	if err != nil {
		return err
	}
	return c.tell(w, k)
}

type appealListCmd struct {
	Case caseName `arg:"" help:"The case."`
	deskFlags
}

func (appealListCmd) Help() string {
	return `Lists the documents of a case, with what each still lacks, and of those that went out whether
they may stand on a public page now.

Example
  arasha appeal list 1

Exit codes: 0 listed, 2 not found or not readable, 64 wrong use`
}

func (c *appealListCmd) Run(ctx context.Context, w *world) error {
	return c.read(ctx, w, func(tx *store.Tx) error {
		f, err := loadFile(tx, c.Case)
		if err != nil {
			return err
		}
		rule, err := approvalRule(tx)
		if err != nil {
			return err
		}
		for _, d := range f.Documents {
			state := f.Approved(d, rule, tx.Now())
			hidden := "" // why it stands on no public page, in no feed and no index
			if err := f.Public(d, tx.Now()); err != nil {
				hidden = strings.TrimPrefix(plainWords(err), fmt.Sprintf("document %d: ", d.ID))
				hidden = strings.TrimSuffix(strings.TrimSuffix(hidden, ": "+casefile.ErrNotPublic.Error()), ": "+casefile.ErrHeld.Error())
			}
			if c.JSON {
				d.Appeal = nil
				if err := printJSON(w.out, struct {
					casefile.Document
					Approved casefile.Approved `json:"approved"`
					Hidden   string            `json:"not_public"`
				}{d, state, hidden}); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintln(w.out, rowOf(d))
			switch {
			case d.State == casefile.StatePublished && hidden == "":
				fmt.Fprintln(w.out, "  public: everybody may read it")
				continue
			case d.State == casefile.StatePublished:
				fmt.Fprintf(w.out, "  not public: %s\n", hidden)
				continue
			case d.State == casefile.StateWithdrawn:
				continue
			}
			for _, a := range state.Given {
				u, _ := f.User(a.User)
				fmt.Fprintf(w.out, "  approved by %s, %s%s\n", u.Name, u.Organisation, when(a.Phone != nil && a.Signature == "", "; by telephone, to be confirmed by "+a.At.Add(casefile.PhoneTime).Format("2006-01-02 15:04 MST")))
			}
			for _, x := range state.Fallen {
				fmt.Fprintf(w.out, "  approval %d counts no more: %s\n", x.Approval.ID, x.Why)
			}
			for _, m := range state.Missing {
				fmt.Fprintf(w.out, "  missing: %s\n", m)
			}
		}
		return nil
	})
}

type appealExportCmd struct {
	Document casefile.ID `arg:"" help:"The document."`
	deskFlags
	Out string `short:"o" type:"path" placeholder:"FILE" help:"The file to write, which must not exist; without it, standard output."`
}

func (appealExportCmd) Help() string {
	return `Writes the text of a document as JSON: "arasha appeal render" makes pages of it, "arasha appeal import
--json" shows it. Of a published document these are the frozen bytes.

Example
  arasha appeal export 1 --out appeal.json
  arasha appeal render appeal.json --out appeal.pdf

Exit codes: 0 written, 2 not written, 64 wrong use`
}

func (c *appealExportCmd) Run(ctx context.Context, w *world) error {
	var b []byte
	err := c.read(ctx, w, func(tx *store.Tx) error {
		d, err := store.Get[casefile.Document](tx, c.Document)
		if err != nil {
			return err
		}
		b = d.Appeal
		if d.State == casefile.StatePublished {
			b, err = frozen(d)
		}
		return err
	})
	if err != nil {
		return err
	}
	if c.Out == "" {
		_, err := fmt.Fprintf(w.out, "%s\n", b)
		return err
	}
	return newFile(c.Out, 0o600, func(out io.Writer) error {
		_, err := fmt.Fprintf(out, "%s\n", b)
		return err
	})
}
