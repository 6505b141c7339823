package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/arasha-org/arasha/appeal"
)

type appealRenderCmd struct {
	File    string `arg:"" help:"The appeal: any file that import reads, or its JSON."`
	To      string `required:"" enum:"pdf,svg,html,docx,odt,txt,md,eml,json" help:"The format: pdf, svg (one file a page), html, docx, odt, txt, md, eml, json."`
	Out     string `short:"o" required:"" placeholder:"OUT" help:"The file to write; - for standard output."`
	Lang    string `placeholder:"xx" help:"Language of the labels; the text stays in its own. Default: that of the text."`
	Org     string `placeholder:"FILE" help:"Name, address and logo of the organisation (docs/formats/organisation.md)."`
	Source  string `placeholder:"FILE" help:"The text this one is translated from: says whether it has changed since."`
	Date    string `placeholder:"DATE" help:"Date of the e-mail or of the PDF, 2026-11-09 or 2026-11-09T10:00:00Z. Default: none."`
	Check   bool   `help:"Check it first; what was found goes to standard error, and the file is written all the same."`
	Checked string `placeholder:"DATE" help:"Day on which the addresses were checked, 2026-11-06."`
}

func (c *appealRenderCmd) Run(w *world) error {
	if c.To == "svg" && c.Out == "-" {
		return wrongUse("give a file name with -o", "pages are several files and do not go to standard output")
	}
	created, err := moment(c.Date)
	if err != nil {
		return err
	}
	if c.Checked != "" {
		if _, err := time.Parse(time.DateOnly, c.Checked); err != nil {
			return wrongUse("", "--checked %s is not a day as 2026-11-06", c.Checked)
		}
	}
	a, err := readAppeal(w, c.File, appeal.Options{})
	if err != nil {
		return err
	}
	if err := c.state(w, a); err != nil {
		return err
	}
	if c.Check {
		fs := appeal.Check(a, appeal.CheckOptions{})
		for _, f := range fs {
			w.say("%s: %s, %s: %s", f.Severity, f.Rule, f.Where, visible(f.Message))
		}
		if len(fs) > 0 {
			w.say("%s; remedies: arasha appeal check %s", count(int64(len(fs)), "finding"), c.File)
		}
	}
	form := appeal.Form{Lang: c.Lang, Checked: c.Checked}
	lang := c.Lang
	if lang == "" {
		lang = a.Language
	}
	if _, ok := appeal.LabelsFor(lang); !ok && lang != "" {
		if c.Lang != "" {
			return wrongUse("there are labels in ar, en, es, fr, kk, ru and tr", "there are no labels in %q", c.Lang)
		}
		w.say("there are no labels in %q; English ones were taken", lang)
	}
	if c.Lang != "" && a.Language != "" && c.Lang != a.Language {
		w.say("the text is in %q and stays so; only the labels are in %q", a.Language, c.Lang)
	}
	check := ""
	if c.Org != "" {
		o, err := readOrganisation(c.Org)
		if err != nil {
			return err
		}
		form.Letterhead, check = o.Letterhead(lang), o.Check(lang)
	}
	files, err := c.render(w, a, form, check, created)
	if err != nil {
		return cannotTell("", "%s cannot be rendered: %v", c.File, err)
	}
	for _, f := range files {
		if f.name == "-" {
			if _, err := w.out.Write(f.data); err != nil {
				return err
			}
			continue
		}
		if err := replaceFile(f.name, f.data); err != nil {
			return err
		}
		w.say("written to %s", f.name)
	}
	return nil
}

// state refuses what may not leave the house and marks a stale translation.
func (c *appealRenderCmd) state(w *world, a *appeal.Appeal) error {
	if c.Source != "" {
		src, err := readAppeal(w, c.Source, appeal.Options{})
		if err != nil {
			return err
		}
		if a.Translation == nil {
			return wrongUse("its front matter names no translation", "%s is not a translation", c.File)
		}
		if a.Follow(src) {
			w.say("stale: %s has changed since this translation was made; the word stands on the document", c.Source)
		}
	}
	if err := a.MayLeave(); err != nil {
		w.say("arasha: %s: %v", c.File, err)
		w.say("hint: see \"translation\" in docs/formats/appeal.md")
		return answerNo()
	}
	return nil
}

// An outFile is one file to write; the name "-" is standard output.
type outFile struct {
	name string
	data []byte
}

func (c *appealRenderCmd) render(w *world, a *appeal.Appeal, form appeal.Form, check string, created time.Time) ([]outFile, error) {
	one := func(b []byte, err error) ([]outFile, error) {
		if err != nil {
			return nil, err
		}
		return []outFile{{c.Out, b}}, nil
	}
	switch c.To {
	case "html":
		return one(a.HTML(form))
	case "docx":
		return one(a.DOCX(form))
	case "odt":
		return one(a.ODT(form))
	case "eml":
		return one(a.Email(form, created))
	case "txt":
		return one(a.Text(form))
	case "md":
		return one(a.MarkdownFile(form))
	case "json":
		return one(a.Encode())
	}
	p, err := appeal.LayOut(a, appeal.PageOptions{Letterhead: form.Letterhead, Lang: form.Lang, Checked: form.Checked, CheckCopy: check, Created: created})
	if err != nil {
		return nil, err
	}
	if len(p.Missing) > 0 {
		w.say("no font of ours draws %s; they stand in the text of the file only", signs(p.Missing))
	}
	if c.To == "pdf" {
		var b bytes.Buffer
		err := p.PDF(&b)
		return one(b.Bytes(), err)
	}
	var files []outFile
	ext := filepath.Ext(c.Out)
	for n := 1; n <= p.Len(); n++ {
		var b bytes.Buffer
		if err := p.SVG(&b, n); err != nil {
			return nil, err
		}
		files = append(files, outFile{fmt.Sprintf("%s-%d%s", strings.TrimSuffix(c.Out, ext), n, ext), b.Bytes()})
	}
	return files, nil
}

func signs(rs []rune) string {
	var out []string
	for _, r := range rs {
		out = append(out, fmt.Sprintf("%c (U+%04X)", r, r))
	}
	sort.Strings(out)
	return strings.Join(out, ", ")
}

// moment reads a day or a moment; "" is the zero time.
func moment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(form, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, wrongUse("", "--date %s is not a date as 2026-11-09 or 2026-11-09T10:00:00Z", s)
}

func readOrganisation(file string) (*appeal.Organisation, error) {
	data, err := firstBytes(file, 1<<20)
	if err != nil {
		return nil, cannotTell("", "%s cannot be read: %v", file, plainError(err))
	}
	o, err := appeal.ReadOrganisation(data, func(name string) ([]byte, error) {
		b, err := firstBytes(filepath.Join(filepath.Dir(file), name), appeal.MaxLogo+1)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w", name, plainError(err))
		}
		return b, nil
	})
	if err != nil {
		return nil, cannotTell("see docs/formats/organisation.md", "%s: %v", file, err)
	}
	return o, nil
}
