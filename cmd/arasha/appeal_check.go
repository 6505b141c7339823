package main

import (
	"encoding/json"
	"fmt"

	"github.com/arasha-org/arasha/appeal"
)

type appealCheckCmd struct {
	File   string   `arg:"" help:"The appeal to check, in any form that import reads; - for standard input."`
	With   string   `help:"The same appeal in another language, to compare." placeholder:"OTHER"`
	JSON   bool     `help:"Print JSON (docs/formats/check.md)."`
	Prefix []string `help:"Organisation prefix of the codes to look for." default:"OBS" placeholder:"OBS"`
}

func (c *appealCheckCmd) Run(w *world) error {
	if c.File == "-" && c.With == "-" {
		return wrongUse("", "only one of the two appeals can come from standard input")
	}
	a, err := readAppeal(w, c.File, appeal.Options{Prefixes: c.Prefix})
	if err != nil {
		return err
	}
	var o appeal.CheckOptions
	if c.With != "" {
		if o.With, err = readAppeal(w, c.With, appeal.Options{Prefixes: c.Prefix}); err != nil {
			return err
		}
	}
	fs := appeal.Check(a, o)
	if c.JSON {
		e := json.NewEncoder(w.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(map[string]any{"findings": fs}); err != nil {
			return err
		}
	} else {
		n := map[string]int64{}
		for _, f := range fs {
			fmt.Fprintf(w.out, "%-8s %s, %s\n         %s\n         → %s\n", f.Severity, f.Rule, f.Where, f.Message, f.Remedy)
			n[f.Severity]++
		}
		fmt.Fprintf(w.out, "%s, %s, %s\n", count(n[appeal.SeverityError], "error"), count(n[appeal.SeverityWarning], "warning"), count(n[appeal.SeverityNote], "note"))
	}
	if appeal.HasErrors(fs) {
		return answerNo()
	}
	return nil
}
