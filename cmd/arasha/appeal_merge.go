package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/arasha-org/arasha/appeal"
)

type appealMergeCmd struct {
	File string `arg:"" help:"The edited .docx."`
	Base string `placeholder:"FILE" help:"What was sent out; default: the appeal that the .docx carries."`
	JSON bool   `help:"Print JSON (docs/formats/appeal-files.md)."`
	Out  string `short:"o" placeholder:"OUT.md" help:"Write the text with all changes accepted, as Markdown."`
}

func (c *appealMergeCmd) Run(w *world) error {
	var base *appeal.Appeal
	if c.Base != "" {
		var err error
		if base, err = readAppeal(w, c.Base, appeal.Options{}); err != nil {
			return err
		}
	}
	data, err := firstBytes(c.File, appeal.MaxFile+1)
	if err != nil {
		return cannotTell("", "%s cannot be read: %v", c.File, plainError(err))
	}
	m, err := appeal.ReadMerge(data, base)
	var ie *appeal.ImportError
	if errors.As(err, &ie) {
		return cannotTell(ie.Hint, "%s: %s", c.File, ie.Reason)
	}
	if err != nil {
		return cannotTell("", "%s: %v", c.File, err)
	}
	if c.Out != "" {
		md, err := m.Appeal.Markdown()
		if err != nil {
			return cannotTell("", "%s cannot be written as Markdown: %v", c.File, err)
		}
		if err := replaceFile(c.Out, md); err != nil {
			return err
		}
		w.say("written to %s, with all changes accepted", c.Out)
	}
	if c.JSON {
		e := json.NewEncoder(w.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(m)
	}
	printMerge(w.out, m)
	return nil
}

// printMerge is the report for a person: lost sources first.
func printMerge(w io.Writer, m *appeal.Merge) {
	switch {
	case len(m.Lost) > 0:
		fmt.Fprintf(w, "%s lost a source:\n", count(int64(len(m.Lost)), "statement"))
		for _, l := range m.Lost {
			who := by(l.Author, l.Date)
			if who != "" {
				who = " (deleted" + who + ")"
			}
			fmt.Fprintf(w, "  paragraph %d: %s\n    %s%s; note %d was: %s\n", l.Paragraph, visible(l.Statement), l.Reason, who, l.Number, visible(l.Note))
		}
	default:
		fmt.Fprintln(w, "every statement kept its sources")
	}
	if len(m.Recheck) > 0 {
		fmt.Fprintf(w, "\n%s changed beside a source; see whether the note still carries it:\n", count(int64(len(m.Recheck)), "statement"))
		for _, r := range m.Recheck {
			fmt.Fprintf(w, "  paragraph %d, note %d\n    was: %s\n    now: %s\n", r.Paragraph, r.Number, visible(r.Before), visible(r.After))
		}
	}
	if len(m.Paragraphs) == 0 {
		fmt.Fprintln(w, "\nnothing was changed or commented")
	}
	for _, p := range m.Paragraphs {
		where := fmt.Sprintf("paragraph %d", p.Number)
		switch {
		case p.Note > 0:
			where = fmt.Sprintf("note %d", p.Note)
		case p.Number == 0:
			where = "a paragraph that is gone"
		case p.Heading != "" && p.Heading != p.After:
			where += " (" + visible(p.Heading) + ")"
		}
		fmt.Fprintf(w, "\n%s\n", where)
		for _, ch := range p.Changes {
			kind := strings.ReplaceAll(ch.Kind, "_", " ")
			if !ch.Tracked {
				kind += ", not tracked"
			}
			fmt.Fprintf(w, "  %s%s: %s\n", kind, by(ch.Author, ch.Date), visible(ch.Text))
		}
		for _, c := range p.Comments {
			fmt.Fprintf(w, "  comment%s: %s\n", by(c.Author, c.Date), visible(c.Text))
			if c.On != "" {
				fmt.Fprintf(w, "    on: %s\n", visible(c.On))
			}
		}
	}
	fmt.Fprintln(w)
	for _, n := range m.Notes {
		if n.State != "kept" {
			fmt.Fprintf(w, "note %d is %s: %s\n", n.Number, n.State, visible(n.Text))
		}
	}
	kept := 0
	for _, n := range m.Notes {
		if n.State == "kept" {
			kept++
		}
	}
	fmt.Fprintf(w, "%d of %s kept as they were\n", kept, count(int64(len(m.Notes)), "note"))
	switch m.Base {
	case "":
		fmt.Fprintln(w, "compared with nothing: changes made with the tracking off are not known (give --base)")
	case "embedded":
		fmt.Fprintln(w, "compared with the appeal that the file carries")
	}
}

func by(author, date string) string {
	switch {
	case author == "" && date == "":
		return ""
	case date == "":
		return " by " + visible(author)
	case author == "":
		return " on " + visible(date)
	}
	return " by " + visible(author) + ", " + visible(date)
}
