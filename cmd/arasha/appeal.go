package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/arasha-org/arasha/appeal"
)

type appealCmd struct {
	Import    appealImportCmd    `cmd:"" help:"Read an appeal from a file: text, PDF, DOCX, ODT, HTML, Markdown."`
	Render    appealRenderCmd    `cmd:"" help:"Write an appeal as PDF, HTML, DOCX, ODT, text, Markdown or e-mail."`
	Merge     appealMergeCmd     `cmd:"" help:"Show what an edited DOCX changed, and which statement lost its source."`
	Check     appealCheckCmd     `cmd:"" help:"Say what should not go out like this; exit code 1 when an error is found."`
	Translate appealTranslateCmd `cmd:"" help:"Start a translation that follows its source."`
	New       appealNewCmd       `cmd:"" help:"Write a commented appeal to fill in."`

	Draft    appealDraftCmd    `cmd:"" help:"Write the sentences of a case as an appeal, in its languages."`
	List     appealListCmd     `cmd:"" help:"List the documents of a case, with what each still lacks."`
	Export   appealExportCmd   `cmd:"" help:"Write the text of a document as JSON."`
	Review   appealReviewCmd   `cmd:"" help:"Begin the review: the code is given."`
	Read     appealReadCmd     `cmd:"" help:"Note that a second person has read a translation."`
	Accept   appealAcceptCmd   `cmd:"" help:"Let a rule of the check pass, with a reason and a name."`
	Confirm  appealConfirmCmd  `cmd:"" help:"Note that those concerned confirmed the final text."`
	Approve  appealApproveCmd  `cmd:"" help:"Sign language versions with your own key."`
	Publish  appealPublishCmd  `cmd:"" help:"Freeze, keep and log what goes out."`
	Revise   appealReviseCmd   `cmd:"" help:"Draft a correction of a published document."`
	Update   appealUpdateCmd   `cmd:"" help:"Draft new information under the same code."`
	Withdraw appealWithdrawCmd `cmd:"" help:"Take a document back."`
	Close    appealCloseCmd    `cmd:"" help:"Close a case with its outcome."`
}

type appealImportCmd struct {
	File   string   `arg:"" help:"The file to read; - for standard input, read as text or by its first bytes."`
	JSON   bool     `help:"Print JSON (docs/formats/appeal.md)."`
	Prefix []string `help:"Organisation prefix of the codes to look for." default:"OBS" placeholder:"OBS"`
}

func (c *appealImportCmd) Run(w *world) error {
	a, err := readAppeal(w, c.File, appeal.Options{Prefixes: c.Prefix})
	if err != nil {
		return err
	}
	if c.JSON {
		b, err := a.Encode()
		if err != nil {
			return err
		}
		_, err = w.out.Write(b)
		return err
	}
	printAppeal(w.out, a)
	return nil
}

// readAppeal imports one file and turns what went wrong into words.
func readAppeal(w *world, file string, o appeal.Options) (*appeal.Appeal, error) {
	var data []byte
	var err error
	if file == "-" {
		data, err = io.ReadAll(io.LimitReader(w.in, appeal.MaxFile+1))
	} else {
		data, err = firstBytes(file, appeal.MaxFile+1)
	}
	if err != nil {
		return nil, cannotTell("", "%s cannot be read: %v", file, plainError(err))
	}
	a, err := appeal.Import(filepath.Base(file), data, o)
	var ie *appeal.ImportError
	if errors.As(err, &ie) {
		return nil, cannotTell(ie.Hint, "%s: %s", file, ie.Reason)
	}
	if err != nil {
		return nil, cannotTell("", "%s: %v", file, err)
	}
	return a, nil
}

// printAppeal is the summary for a person.
func printAppeal(w io.Writer, a *appeal.Appeal) {
	row := func(name, format string, args ...any) {
		if s := visible(fmt.Sprintf(format, args...)); s != "" { // the text of a file may hold anything
			fmt.Fprintf(w, "%-12s %s\n", name, s)
		}
	}
	row("kind", "%s", strings.ReplaceAll(a.Kind, "_", " "))
	if a.Code != nil {
		row("code", "%s", a.Code.Printed)
	} else {
		row("code", "none")
	}
	var labels []string
	for _, v := range a.Violations {
		if v.Key == nil {
			labels = append(labels, v.Label+" (not in the vocabulary)")
		} else {
			labels = append(labels, v.Label)
		}
	}
	row("what", "%s", strings.Join(labels, " / "))
	row("where", "%s", a.Place)
	row("date", "%s", a.Date)
	row("language", "%s", a.Language)
	row("title", "%s", a.Title)
	for _, s := range a.Sections {
		name := s.Heading
		if name == "" {
			name = "(" + strings.ReplaceAll(s.Kind, "_", " ") + ")"
		}
		row("section", "%s: %s", name, count(int64(len(strings.Fields(s.Text))), "word"))
	}
	row("actions", "%d", len(a.Actions))
	for _, d := range a.Addressees {
		name := strings.TrimSpace(strings.TrimSpace(d.Honorific+" "+d.Name) + ", " + d.Office)
		var ch []string
		for _, c := range []struct {
			name   string
			values []string
		}{{"phone", d.Phone}, {"fax", d.Fax}, {"e-mail", d.Email}, {"handle", d.Handle}} {
			if len(c.values) > 0 {
				ch = append(ch, c.name+" "+strings.Join(c.values, ", "))
			}
		}
		if ch == nil {
			ch = []string{"no channel"}
		}
		row("addressee", "%s: %s", strings.Trim(name, ", "), strings.Join(ch, "; "))
	}
	row("footnotes", "%d", len(a.Footnotes))
	row("sign-off", "%s", a.SignOff.Text)
	row("contacts", "%d", len(a.Contacts))
	for _, x := range a.Warnings {
		row("warning", "%s: %s", x.Rule, x.Message)
	}
	for _, u := range a.Unread {
		row("not read", "%s", u)
	}
}

type appealNewCmd struct {
	Lang string `help:"Language: en, fr, es or ru." default:"en" enum:"en,fr,es,ru"`
	Out  string `short:"o" help:"The file to write; without it, or with -, standard output." placeholder:"FILE"`
}

func (c *appealNewCmd) Run(w *world) error {
	b, err := appeal.Skeleton(c.Lang)
	if err != nil {
		return wrongUse("", "%v", err)
	}
	if c.Out == "" || c.Out == "-" {
		_, err := w.out.Write(b)
		return err
	}
	if ext := strings.ToLower(filepath.Ext(c.Out)); ext != ".md" && ext != ".markdown" {
		return wrongUse("name it with .md at the end", "%s would not be read as Markdown again", c.Out)
	}
	// A started appeal is never written over.
	if err := newFileOf(c.Out, 0o644, b); err != nil {
		return err
	}
	w.say("written to %s; fill in what stands between ‹ and ›", c.Out)
	return nil
}
