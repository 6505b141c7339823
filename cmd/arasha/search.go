package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/arasha-org/arasha/store"
)

// searchCmd is "arasha search".
type searchCmd struct {
	Words []string `arg:"" help:"What to look for, in any script."`
	deskFlags
	Case  caseName `placeholder:"CASE" help:"Only in one case."`
	Table string   `placeholder:"NAME" help:"Only in one table, such as persons or statements."`
	Limit int      `default:"50" placeholder:"N" help:"At most N."`
}

func (searchCmd) Help() string {
	return `Finds records that hold every word: a name in any of its forms and scripts, another word by its
beginning. Sealed sources and what is private are in no index.

Example
  arasha search Sarsenova

Exit codes: 0 found, 1 nothing found, 2 could not be told, 64 wrong use`
}

func (c *searchCmd) Run(ctx context.Context, w *world) error {
	var hits []store.Hit
	err := c.read(ctx, w, func(tx *store.Tx) error {
		of, err := c.Case.of(tx)
		if err != nil {
			return err
		}
		if c.Table != "" && store.TableNamed(c.Table) == nil {
			return wrongUse("\"arasha table\" lists them.", "there is no table %q", c.Table)
		}
		hits, err = store.Search(tx, strings.Join(c.Words, " "), c.Table, of, c.Limit)
		return err
	})
	if err != nil {
		return err
	}
	for _, h := range hits {
		if c.JSON {
			if err := printJSON(w.out, h); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintln(w.out, strings.Join(nonEmpty(fmt.Sprintf("%s %d", h.Noun, h.ID), inCase(h.Case), clipLine(h.Text)), "  "))
	}
	if len(hits) == 0 {
		w.say("nothing found")
		return answerNo()
	}
	return nil
}
