package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/store"
)

// dumpCmd is "arasha dump": cases as one file.
type dumpCmd struct {
	Case []caseName `arg:"" optional:"" help:"The cases; none: the whole desk."`
	deskFlags
	actorFlags
	Out   string `short:"o" type:"path" required:"" placeholder:"FILE" help:"The file to write, which must not exist: JSON, or with --files a zip. Only its owner can read it."`
	Files bool   `help:"Put the cited bytes in too."`
}

func (dumpCmd) Help() string {
	return `Writes cases as JSON, one record a line; "arasha load" brings them into another home. Sealed sources go
as they are, encrypted to their readers. What a case cites as sealed and is kept in clear is never
given out. That bytes were given out with --files is an act of custody and is logged.

Example
  arasha dump 1 --files --out case.zip
  arasha load case.zip --home other

Exit codes: 0 written, 2 not written, 64 wrong use`
}

func (c *dumpCmd) Run(ctx context.Context, w *world) error {
	var o store.DumpOptions
	var h *vault.Home
	given := map[evidence.Ref]bool{}
	if c.Files {
		var err error
		if h, err = c.homeFlags.open(w); err != nil {
			return err
		}
		open := openKept(h)
		o.Open = func(ref evidence.Ref) (io.ReadCloser, error) {
			given[ref] = true
			return open(ref)
		}
	}
	var r store.DumpReport
	err := newFile(c.Out, 0o600, func(out io.Writer) error {
		return c.read(ctx, w, func(tx *store.Tx) (err error) {
			for _, name := range c.Case {
				id, err := name.of(tx)
				if err != nil {
					return err
				}
				o.Cases = append(o.Cases, id)
			}
			if r, err = store.Dump(tx, out, o); err != nil || h == nil {
				return err
			}
			for _, ref := range append(r.Missing, r.Withheld...) {
				delete(given, ref)
			}
			return c.gaveOut(h, given)
		})
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(w.out, r)
	}
	fmt.Fprintf(w.out, "%s: %s, %s\n", c.Out, count(int64(r.Rows), "record"), count(int64(r.Files), "file"))
	for _, m := range r.Missing {
		w.say("cited, but not kept here: %s", m)
	}
	for _, m := range r.Withheld {
		w.say("cited as sealed and kept in clear, so it stays: %s", m)
	}
	for _, s := range r.Left {
		w.say("left out: %s", s)
	}
	return nil
}

// gaveOut logs, before the file has its name, that the items of these bytes
// leave the house: what was not recorded is not given out.
func (c *dumpCmd) gaveOut(h *vault.Home, given map[evidence.Ref]bool) error {
	var items []vault.Stored
	for s, err := range h.Records() {
		if err != nil {
			return homeTrouble(err)
		}
		if i, ok := s.Value.(*evidence.Item); ok && given[i.Ref] {
			items = append(items, s)
		}
	}
	if len(items) == 0 {
		return nil
	}
	return homeTrouble(h.Did(vault.Act{What: evidence.ActTransfer, Note: "in a dump of the case that cites it", Actor: c.Collector, From: c.From}, items...))
}

// openKept opens kept bytes; what is not kept is fs.ErrNotExist.
func openKept(h *vault.Home) func(evidence.Ref) (io.ReadCloser, error) {
	return func(ref evidence.Ref) (io.ReadCloser, error) {
		r, err := h.Vault.Open(ref)
		if errors.Is(err, vault.ErrAbsent) {
			err = fs.ErrNotExist
		}
		return r, err
	}
}

// loadCmd is "arasha load".
type loadCmd struct {
	File string `arg:"" type:"existingfile" help:"What \"arasha dump\" wrote."`
	deskFlags
	actorFlags
	Renumber bool `help:"Give the cases the next internal numbers here."`
}

func (loadCmd) Help() string {
	return `Brings cases in beside those that are here, all of them or none. Users of the other desk come in
without rights.

Example
  arasha load case.zip --renumber --as "Inna Invented"

Exit codes: 0 loaded, 2 not loaded, 64 wrong use`
}

func (c *loadCmd) Run(ctx context.Context, w *world) error {
	f, err := os.Open(c.File)
	if err != nil {
		return cannotTell("", "%s cannot be read: %v", c.File, plainError(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return cannotTell("", "%s cannot be read: %v", c.File, plainError(err))
	}
	o := store.LoadOptions{Renumber: c.Renumber}
	h, err := c.homeFlags.open(w)
	if err != nil {
		return err
	}
	o.Keep = func(ref evidence.Ref, r io.Reader) error { return c.keep(h, ref, r) }
	var r store.LoadReport
	err = c.write(ctx, w, "load", func(tx *store.Tx, _ casefile.User) (err error) {
		r, err = store.Load(tx, f, info.Size(), o)
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(w.out, r)
	}
	fmt.Fprintf(w.out, "%s, %s\n", count(int64(r.Rows), "record"), count(int64(r.Files), "file"))
	for _, id := range r.Cases {
		fmt.Fprintf(w.out, "case %d\n", id)
	}
	return nil
}

// keep puts the bytes of a file into the home. They are read twice, for their
// hash and for the vault, so they stand in a file of the home meanwhile.
func (c *loadCmd) keep(h *vault.Home, ref evidence.Ref, r io.Reader) error {
	if h.Vault.Has(ref) {
		_, err := io.Copy(io.Discard, r) // the reader checks them
		return err
	}
	p, err := disk.NewPending(h.Dir())
	if err != nil {
		return homeTrouble(err)
	}
	defer p.Discard()
	if _, err := io.Copy(p, r); err != nil {
		return err
	}
	_, err = h.KeepOnce(vault.Found{
		Open: func() (io.ReadCloser, error) { return os.Open(p.Name()) },
		Item: evidence.Item{Name: ref.Short(), What: "file", Note: "came in with a case"}, Collector: c.Collector, From: c.From,
	})
	return homeTrouble(err)
}

// tableCmd is "arasha table": one table as CSV.
type tableCmd struct {
	Name string `arg:"" optional:"" help:"The table; without it, what tables there are and their columns."`
	deskFlags
	Case caseName `placeholder:"CASE" help:"Only what belongs to one case."`
}

func (tableCmd) Help() string {
	return `Prints one table as CSV (RFC 4180). A text that a spreadsheet would run as a formula gets an
apostrophe in front.

Example
  arasha table statements --case 1 > statements.csv

Exit codes: 0 printed, 2 not readable, 64 wrong use`
}

func (c *tableCmd) Run(ctx context.Context, w *world) error {
	if c.JSON {
		return wrongUse("\"arasha dump\" writes every table as JSON.", "a table is printed as CSV")
	}
	if c.Name == "" {
		for _, t := range store.Tables {
			fmt.Fprintf(w.out, "%s: %s\n", t.Name, strings.Join(t.Columns(), ", "))
		}
		return nil
	}
	if store.TableNamed(c.Name) == nil {
		return wrongUse("\"arasha table\" lists them.", "there is no table %q", c.Name)
	}
	return c.read(ctx, w, func(tx *store.Tx) error {
		of, err := c.Case.of(tx)
		if err != nil {
			return err
		}
		return store.CSV(tx, w.out, c.Name, store.Filter{Case: of})
	})
}

// calendarCmd is "arasha calendar": the chronology of a case.
type calendarCmd struct {
	Case caseName `arg:"" help:"The case."`
	deskFlags
	ICal bool `name:"ical" help:"As iCalendar (RFC 5545), for any calendar program."`
}

func (calendarCmd) Help() string {
	return `Prints what happened in order of time. It is for the desk: names stand in it.

Example
  arasha calendar 1
  arasha calendar 1 --ical > case.ics

Exit codes: 0 printed, 2 not found or not readable, 64 wrong use`
}

func (c *calendarCmd) Run(ctx context.Context, w *world) error {
	return c.read(ctx, w, func(tx *store.Tx) error {
		f, err := loadFile(tx, c.Case)
		if err != nil {
			return err
		}
		told := casefile.Told{Case: f.Case, Persons: map[casefile.ID]casefile.Person{}, Acts: f.Acts, Events: f.Events, Inactions: f.Inactions, Steps: f.Steps, Bills: f.Bills, Outcomes: f.Outcomes}
		for _, p := range f.Persons {
			told.Persons[p.ID] = p
		}
		all := casefile.Chronology(told)
		if c.ICal {
			undated, err := casefile.ICal(w.out, f.Case, all, tx.Now())
			if undated > 0 {
				w.say("left out, because nobody can date them: %d", undated)
			}
			return err
		}
		for _, h := range all {
			if c.JSON {
				if err := printJSON(w.out, h); err != nil {
					return err
				}
				continue
			}
			date := h.When.String()
			if !h.Until.IsZero() {
				date += "–" + h.Until.String()
			}
			if date == "" {
				date = "no date"
			}
			fmt.Fprintf(w.out, "%-23s %s %d  %s\n", date, h.Kind, h.ID, clipLine(h.Text))
		}
		return nil
	})
}
