package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

type appealCheckCmd struct {
	File   string   `arg:"" optional:"" help:"The appeal to check, in any form that import reads; - for standard input."`
	With   string   `help:"The same appeal in another language, to compare." placeholder:"OTHER"`
	JSON   bool     `help:"Print JSON (docs/formats/check.md)."`
	Prefix []string `help:"Organisation prefix of the codes to look for." default:"OBS" placeholder:"OBS"`

	Document casefile.ID `placeholder:"N" help:"Check a document of the case file, with the rules of the case behind it; --home and --as are needed, and the user's own key for the leak of a source."`
	Home     string      `env:"ARASHA_HOME" placeholder:"DIR" help:"The home of the case file."`
	As       string      `env:"ARASHA_AS" placeholder:"USER" help:"Who checks: the name or number of a user."`
	keyFlags
}

func (c *appealCheckCmd) Run(ctx context.Context, w *world) error {
	if (c.File == "") == (c.Document == 0) {
		return wrongUse("For example \"arasha appeal check appeal.docx\", or \"--document 1\".", "what shall be checked, a file or a document?")
	}
	if c.Document != 0 {
		fs, err := c.ofDocument(ctx, w)
		if err != nil {
			return err
		}
		return c.tell(w, fs)
	}
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
	return c.tell(w, appeal.Check(a, o))
}

// ofDocument checks a document of the case file.
func (c *appealCheckCmd) ofDocument(ctx context.Context, w *world) ([]appeal.Finding, error) {
	f := &deskFlags{homeFlags: homeFlags{Home: c.Home}, As: c.As}
	r, err := f.reader(ctx, w, &c.keyFlags, []casefile.ID{c.Document})
	if err != nil {
		return nil, err
	}
	var all []appeal.Finding
	err = f.read(ctx, w, func(tx *store.Tx) error {
		d, err := store.Get[casefile.Document](tx, c.Document)
		if err != nil {
			return err
		}
		file, err := loadCase(tx, d.Case)
		if err != nil {
			return err
		}
		if all, err = r.check(tx, file, d); err != nil {
			return err
		}
		// What somebody accepted is left out.
		blocking := appeal.Blocking(file, d, all)
		all = slices.DeleteFunc(all, func(x appeal.Finding) bool {
			return x.Severity == appeal.SeverityError && !slices.Contains(blocking, x)
		})
		return nil
	})
	return all, err
}

func (c *appealCheckCmd) tell(w *world, fs []appeal.Finding) error {
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
			printFinding(w, f)
			n[f.Severity]++
		}
		fmt.Fprintf(w.out, "%s, %s, %s\n", count(n[appeal.SeverityError], "error"), count(n[appeal.SeverityWarning], "warning"), count(n[appeal.SeverityNote], "note"))
	}
	if appeal.HasErrors(fs) {
		return answerNo()
	}
	return nil
}
