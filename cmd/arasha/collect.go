package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	_ "time/tzdata" // zones by name where the system has none (Windows, bare containers)

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/post"
)

type collectCmd struct {
	File      []string `arg:"" help:"Exports, tables, workbooks, archives; - for standard input."`
	Out       string   `short:"o" placeholder:"posts.jsonl" help:"Where the posts go (JSON Lines)."`
	Checklist string   `placeholder:"FILE.csv" help:"What a report asked for (report.collect.desk.csv): writes into it how much of each line these posts fill."`
	Rejects   string   `help:"Where records go that cannot be read; default: beside --out, only when there are any."`
	readingOptions
	sheetOptions
	homeFlags
	actorFlags
	Strict bool `help:"Stop at the first record that cannot be read, and write nothing."`
	JSON   bool `help:"Print the summary as JSON."`

	checklist *checklistRun                        // nil: none was given
	originals map[string]int64                     // items in the home, by file
	lists     map[*collect.Found]*collect.Worklist // sheets of links that were read
}

// readingOptions are the options of every command that reads posts.
type readingOptions struct {
	Format     string   `help:"Insist on a format instead of recognising it."`
	Columns    string   `placeholder:"FIELD=COLUMN,…" help:"What columns of a table mean."`
	Keep       []string `placeholder:"COLUMN,…" help:"Columns to carry along in the posts."`
	Zone       string   `placeholder:"ZONE" help:"Zone of times that state none, such as Asia/Almaty (default: UTC, said in the summary)."`
	DayFirst   bool     `xor:"order" help:"Read 5/2 as 5 February."`
	MonthFirst bool     `xor:"order" help:"Read 5/2 as May 2."`
	Year       int      `placeholder:"YEAR" help:"Year of dates that print none, such as 28.04."`
	Encoding   string   `help:"Encoding of a table, such as windows-1251, instead of recognising it."`
	Private    bool     `help:"Let private chats and groups in."`
}

// collection returns a Collection that reads as the options say.
func (o *readingOptions) collection(w *world) (*collect.Collection, error) {
	c := &collect.Collection{Format: o.Format, Stdin: w.in}
	c.Keep, c.Encoding, c.Private, c.Year = o.Keep, o.Encoding, o.Private, o.Year
	var err error
	if c.Columns, err = collect.ParseColumns(o.Columns); err != nil {
		return nil, wrongUse("--columns url=Ссылка,date=Дата", "--columns: %v", err)
	}
	if o.Format != "" {
		if _, err := collect.FormatNamed(o.Format); err != nil {
			return nil, wrongUse("", "--format: %v", err)
		}
	}
	if o.Encoding != "" {
		if err := collect.KnownEncoding(o.Encoding); err != nil {
			return nil, wrongUse("", "--encoding: %v", err)
		}
	}
	if o.Zone != "" {
		if c.Zone, err = collect.ParseZone(o.Zone); err != nil {
			return nil, wrongUse("", "--zone: %v", err)
		}
	}
	if o.Year != 0 && (o.Year < 1900 || o.Year > 2199) {
		return nil, wrongUse("", "--year: %d is not a year posts are from", o.Year)
	}
	if o.DayFirst {
		c.DayFirst = 1
	}
	if o.MonthFirst {
		c.DayFirst = -1
	}
	return c, nil
}

// errStrict carries the first rejected record out of the reading.
type errStrict struct {
	file string
	r    collect.Reject
}

func (e *errStrict) Error() string { return e.r.Reason }

func (c *collectCmd) Run(ctx context.Context, w *world) error {
	chosen := c.Out != ""
	if !chosen {
		c.Out = "posts.jsonl"
	}
	if c.Rejects == "" {
		c.Rejects = filepath.Join(filepath.Dir(c.Out), "rejects.jsonl")
		if base := filepath.Base(c.Out); base != "posts.jsonl" {
			c.Rejects = strings.TrimSuffix(c.Out, ".jsonl") + ".rejects.jsonl"
		}
	}
	for _, out := range []string{c.Out, c.Rejects, c.Back, c.Table, c.Checklist} {
		if out == "-" {
			return wrongUse("--out posts.jsonl", "a run that is stopped leaves nothing half-written: what is written goes to files and not to standard output")
		}
	}
	if sameFile(c.Out, c.Rejects) {
		return wrongUse("name another file with --rejects", "posts and rejected records cannot go to the same file %s", c.Out)
	}
	for _, out := range []string{c.Out, c.Rejects, c.Back, c.Table} {
		if c.Checklist != "" && out != "" && sameFile(c.Checklist, out) {
			return wrongUse("name another file with --out or --rejects", "%s is the checklist: nothing else is written over it", c.Checklist)
		}
	}
	for _, f := range c.File {
		for _, out := range []string{c.Out, c.Rejects, c.Back, c.Table, c.Checklist} {
			if out != "" && sameFile(f, out) {
				return wrongUse("name another file with --out or --rejects", "%s is to be read: it is not written over", f)
			}
		}
	}
	if err := c.sheetOptions.check(c.File, c.Format, c.Out, c.Rejects); err != nil {
		return err
	}
	col, err := c.collection(w)
	if err != nil {
		return err
	}
	c.lists = map[*collect.Found]*collect.Worklist{}
	col.Worklist = func(l *collect.Worklist) { c.lists[col.Files[len(col.Files)-1]] = l }
	if c.sheetOptions.asked() {
		col.Format = collect.Links.Name
	}
	if _, err := os.Lstat(c.Out); err == nil && !chosen {
		return wrongUse("--out "+c.Out+" replaces it, --out NAME.jsonl keeps both", "%s is there already, and nobody chose that name", c.Out)
	}
	if c.Checklist != "" {
		if c.checklist, err = openChecklist(c.Checklist); err != nil {
			return err
		}
	}
	posts, err := newAtomicFile(c.Out)
	if err != nil {
		return cannotTell("", "%v", err)
	}
	defer posts.abandon()
	rejects := &rejectsFile{path: c.Rejects}
	defer rejects.abandon()

	var line []byte
	written := 0
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	col.Post = func(p *post.Post) error {
		// What is kept of every post is a number to know it by. Of many posts
		// that is flat and soon looked through: the memory stays near what is
		// in use.
		if written++; written == 1<<20 {
			debug.SetGCPercent(15)
		}
		line = post.Append(line[:0], p)
		if len(line) > post.MaxLine {
			f := col.Files[len(col.Files)-1]
			f.Posts--
			f.Rejected["too long to be a line of posts"]++
			return col.Reject(f.File, collect.Reject{Record: p.Source.Record,
				Reason: fmt.Sprintf("as a line of posts it would be %d bytes long, more than %d", len(line), post.MaxLine)})
		}
		c.checklist.add(p)
		_, err := posts.Write(line)
		return err
	}
	col.Reject = func(file string, r collect.Reject) error {
		if c.Strict {
			return &errStrict{file, r}
		}
		return rejects.add(file, col.Files[len(col.Files)-1].Ref, r)
	}
	var h *vault.Home
	if c.Home != "" {
		if h, err = c.homeFlags.open(w); err != nil {
			return err
		}
	}
	bar := newBar(w.err)
	if bar != nil {
		col.Progress = bar.show
	}
	failed, unknown := 0, false
	for _, f := range c.File {
		_, err := col.Read(ctx, f)
		bar.clear()
		var strict *errStrict
		var column *collect.ColumnError
		switch {
		case err == nil:
			continue
		case ctx.Err() != nil:
			return &exitError{exitStopped, "stopped; " + c.Out + " was not written", ""}
		case errors.As(err, &strict):
			where := ""
			if strict.r.Line > 0 {
				where = fmt.Sprintf(", line %d", strict.r.Line)
			} else if strict.r.Record > 0 {
				where = fmt.Sprintf(", record %d", strict.r.Record)
			}
			return cannotTell("without --strict such records go to a rejects file and the rest is read",
				"%s%s: %s; nothing was written, as --strict asks", strict.file, where, strict.r.Reason)
		case errors.Is(err, errWrite):
			return cannotTell("", "%v", err)
		case errors.As(err, &column) && len(c.File) == 1:
			w.say("arasha: %v", err)
			return &exitError{code: exitUnknown}
		}
		w.say("arasha: %v", err)
		failed++
		unknown = unknown || errors.As(err, new(*collect.UnknownError))
	}
	total := int64(0)
	for _, f := range col.Files {
		total += f.Posts
	}
	if failed == len(c.File) && total == 0 && rejects.n == 0 {
		return &exitError{code: exitUnknown, hint: "no post was read; nothing was written" + c.unknownHint(unknown)}
	}
	if c.sheetOptions.asked() {
		l := c.lists[col.Files[0]]
		if l == nil {
			return cannotTell("leave --back and --table out", "%s was not read as a sheet of links", c.File[0])
		}
		if err := c.sheetOptions.write(l); err != nil {
			return cannotTell("", "%v", err)
		}
	}
	// The originals first: no post cites bytes that are not kept.
	if err := c.keepOriginals(w, h, col); err != nil {
		return err
	}
	if err := errors.Join(rejects.commit(), posts.commit()); err != nil {
		return cannotTell("", "%v", err)
	}
	if err := c.checklist.write(ctx); err != nil {
		return err
	}
	c.summary(w, col, rejects)
	if failed > 0 {
		return &exitError{code: exitUnknown}
	}
	return nil
}

// keepOriginals puts the files that were read into the home.
func (c *collectCmd) keepOriginals(w *world, h *vault.Home, col *collect.Collection) error {
	c.originals = make(map[string]int64)
	for _, f := range col.Files {
		if h == nil || f.Posts == 0 && f.Error != "" {
			continue
		}
		if f.File == "-" {
			w.say("note: what came by standard input is not kept; put it into a file to keep it")
			continue
		}
		kept, err := keepOriginal(h, f.File, c.actorFlags)
		if err != nil {
			return err
		}
		if kept.Item.Ref != f.Ref && f.Error == "" {
			return cannotTell("Nobody may write to it meanwhile; try again.", "%s changed while it was read: nothing was written", f.File)
		}
		c.originals[f.File] = kept.Leaf
	}
	return nil
}

// unknownHint says what to do about a file of no known form.
func (c *collectCmd) unknownHint(unknown bool) string {
	if !unknown || c.Format != "" {
		return ""
	}
	var names []string
	for _, f := range collect.Formats {
		names = append(names, f.Name)
	}
	return "; if it is one of these, say so with --format: " + strings.Join(names, ", ")
}

// sameFile reports whether a and b name one file, which need not exist yet.
func sameFile(a, b string) bool {
	if a == "-" || b == "-" {
		return false
	}
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	if err1 == nil && err2 == nil {
		return os.SameFile(x, y)
	}
	p, err1 := filepath.Abs(a)
	q, err2 := filepath.Abs(b)
	return err1 == nil && err2 == nil && p == q
}

// errWrite marks a failure of our own output, as a full disk.
var errWrite = errors.New("cannot be written")

// An atomicFile stands under its name only when all of it is on disk.
type atomicFile struct {
	path string
	p    *disk.Pending
	w    *bufio.Writer
}

func newAtomicFile(path string) (*atomicFile, error) {
	p, err := disk.NewPending(filepath.Dir(path))
	if err != nil {
		return nil, notWritten(path, err)
	}
	return &atomicFile{path, p, bufio.NewWriterSize(p, 1<<18)}, nil
}

func notWritten(path string, err error) error { return fmt.Errorf("%s %w: %v", path, errWrite, err) }

func (a *atomicFile) Write(b []byte) (int, error) {
	n, err := a.w.Write(b)
	if err != nil {
		err = notWritten(a.path, err)
	}
	return n, err
}

// commit puts the file in its place.
func (a *atomicFile) commit() error {
	defer a.p.Discard()
	err := a.w.Flush()
	if err == nil {
		err = a.p.Commit(a.path, 0o644)
	}
	if err != nil {
		return notWritten(a.path, err)
	}
	return nil
}

// abandon removes what was not committed.
func (a *atomicFile) abandon() {
	if a != nil {
		a.p.Discard()
	}
}
