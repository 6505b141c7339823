package main

import (
	"path/filepath"
	"strings"

	"github.com/arasha-org/arasha/appeal"
)

type appealTranslateCmd struct {
	File string `arg:"" help:"The authoritative text."`
	Lang string `required:"" placeholder:"xx" help:"Language to translate into: ar, en, es, fr, kk, ru, tr."`
	Out  string `short:"o" required:"" placeholder:"OUT.md" help:"The file for the translator, a new one."`
}

func (c *appealTranslateCmd) Run(w *world) error {
	if ext := strings.ToLower(filepath.Ext(c.Out)); ext != ".md" && ext != ".markdown" {
		return wrongUse("name it with .md at the end", "%s would not be read as Markdown again", c.Out)
	}
	a, err := readAppeal(w, c.File, appeal.Options{})
	if err != nil {
		return err
	}
	b, err := a.StartTranslation(c.Lang)
	if err != nil {
		return wrongUse("", "%s: %v", c.File, err)
	}
	md, err := b.Markdown()
	if err != nil {
		return cannotTell("", "%s: %v", c.File, err)
	}
	if err := newFileOf(c.Out, 0o644, md); err != nil {
		return err
	}
	w.say("written to %s as a placeholder: translate it, give translator and reader, and set its state to draft or read", c.Out)
	return nil
}
