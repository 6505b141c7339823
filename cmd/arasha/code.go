package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// codeCmd is "arasha code": the printed codes and their register.
type codeCmd struct {
	Add      codeAddCmd                     `cmd:"" help:"Let one more printed code lead to a case, such as a misprint."`
	List     listRows[casefile.PrintedCode] `cmd:"" help:"List printed codes."`
	Find     codeFindCmd                    `cmd:"" help:"Which case a code leads to."`
	Register listRows[casefile.Register]    `cmd:"" help:"List the register: every number, used, reserved or void."`
	Void     codeVoidCmd                    `cmd:"" help:"Make a number void, with a reason."`
	Gaps     codeGapsCmd                    `cmd:"" help:"Which numbers of a year nobody accounts for; exit code 1 when there are any."`
	Import   codeImportCmd                  `cmd:"" help:"Take over an existing register (CSV), and continue it."`
}

func (codeCmd) Help() string {
	return `Numbers are given when review begins ("arasha appeal review"), never by hand, and none twice. A code
that was printed leads to its case for ever, misprints too.

Example
  arasha code import register-2030.csv
  arasha code add --case 1 "XSR 001 / 0131 / OBS 050" --why "misprint of 0531"
  arasha code find "xsr 1/0131/obs 50"

Exit codes: 0 done or found, 1 not found, not allowed or gaps, 2 not readable, 64 wrong use`
}

type codeAddCmd struct {
	Code string `arg:"" help:"The code exactly as printed."`
	deskFlags
	Case   caseName `required:"" placeholder:"CASE" help:"The case it leads to."`
	Why    string   `help:"Why: misprint of …, register of 2030 …"`
	Prefix []string `default:"OBS" placeholder:"OBS" help:"Organisation prefix of the codes to look for."`
}

func (c *codeAddCmd) Run(ctx context.Context, w *world) error {
	code, err := appeal.ParseCode(c.Code, c.Prefix...)
	if err != nil {
		return wrongUse("", "%q cannot be read as a code: %v", c.Code, err)
	}
	var v casefile.PrintedCode
	err = c.write(ctx, w, "code add", func(tx *store.Tx, _ casefile.User) error {
		of, err := c.Case.of(tx)
		if err != nil {
			return err
		}
		v = casefile.PrintedCode{Case: of, Printed: c.Code, Key: code.Key(), Why: c.Why}
		if code.Update != nil {
			v.Update = *code.Update
		}
		return store.Put(tx, &v)
	})
	if err != nil {
		return err
	}
	return c.tell(w, v)
}

type codeFindCmd struct {
	Code string `arg:"" help:"The code, in any spelling."`
	deskFlags
}

func (c *codeFindCmd) Run(ctx context.Context, w *world) error {
	return c.read(ctx, w, func(tx *store.Tx) error {
		id, err := caseName(c.Code).of(tx)
		var e *exitError
		if errors.Is(err, store.ErrNotFound) || errors.As(err, &e) {
			w.say("no case was printed under %s", printable(c.Code))
			return answerNo()
		}
		if err != nil {
			return err
		}
		k, err := store.Get[casefile.Case](tx, id)
		if err != nil {
			return err
		}
		return c.line(w, k)
	})
}

type codeVoidCmd struct {
	ID casefile.ID `arg:"" name:"number" help:"The number of the register entry (\"arasha code register\")."`
	deskFlags
	Why string `required:"" help:"Why it will never be printed."`
}

func (c *codeVoidCmd) Run(ctx context.Context, w *world) error {
	var r casefile.Register
	err := c.write(ctx, w, "code void", func(tx *store.Tx, by casefile.User) (err error) {
		if r, err = store.Get[casefile.Register](tx, c.ID); err != nil {
			return err
		}
		r.State, r.Reason, r.By, r.At = casefile.Void, c.Why, by.Name, tx.Now()
		return store.Put(tx, &r)
	})
	if err != nil {
		return err
	}
	return c.tell(w, r)
}

type codeGapsCmd struct {
	Year int `arg:"" help:"The year."`
	deskFlags
	Prefix string `default:"OBS" placeholder:"OBS" help:"Organisation prefix."`
}

func (c *codeGapsCmd) Run(ctx context.Context, w *world) error {
	return c.read(ctx, w, func(tx *store.Tx) error {
		gaps, err := store.Gaps(tx, c.Year, c.Prefix)
		if err != nil {
			return err
		}
		for _, g := range gaps {
			where := g.Country
			if where == "" {
				where = c.Prefix
			}
			if c.JSON {
				if err := printJSON(w.out, map[string]any{"of": where, "from": g.From, "to": g.To}); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintf(w.out, "%s  %d–%d\n", where, g.From, g.To)
		}
		if len(gaps) > 0 {
			return answerNo()
		}
		if !c.JSON {
			fmt.Fprintln(w.out, "every number is accounted for")
		}
		return nil
	})
}

type codeImportCmd struct {
	File string `arg:"" help:"CSV with the columns year, country, seq, serial, prefix, mmyy, state, reason; - is standard input."`
	deskFlags
}

func (c *codeImportCmd) Run(ctx context.Context, w *world) error {
	data, err := readInput(w, c.File)
	if err != nil {
		return err
	}
	entries, err := readRegister(c.File, data)
	if err != nil {
		return err
	}
	added := 0
	err = c.write(ctx, w, "code import", func(tx *store.Tx, by casefile.User) (err error) {
		for i := range entries {
			entries[i].By, entries[i].At = by.Name, tx.Now()
		}
		added, err = store.ImportRegister(tx, entries)
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(w.out, map[string]int{"added": added, "known": len(entries) - added})
	}
	_, err = fmt.Fprintf(w.out, "%d added, %d known already\n", added, len(entries)-added)
	return err
}

// readRegister reads an existing register. Each line is refused by its number
// when it cannot be read: no number is guessed.
func readRegister(file string, data []byte) ([]casefile.Register, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.TrimLeadingSpace = true
	head, err := r.Read()
	if err != nil {
		return nil, cannotTell("", "%s: %v", file, err)
	}
	at := map[string]int{}
	for i, h := range head {
		at[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))] = i
	}
	for _, need := range []string{"year", "country", "seq", "serial", "mmyy"} {
		if _, ok := at[need]; !ok {
			return nil, wrongUse("The first line names the columns: year, country, seq, serial, prefix, mmyy, state, reason.", "%s: there is no column %q", file, need)
		}
	}
	var out []casefile.Register
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, cannotTell("", "%s: %v", file, err)
		}
		line, _ := r.FieldPos(0)
		cell := func(name string) string {
			if i, ok := at[name]; ok {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		e := casefile.Register{Country: strings.ToUpper(cell("country")), Prefix: cell("prefix"), MMYY: cell("mmyy"), State: cell("state"), Reason: cell("reason")}
		if e.Prefix == "" {
			e.Prefix = appeal.DefaultPrefix
		}
		if e.State == "" {
			e.State = casefile.Used
		}
		for _, n := range []struct {
			name string
			to   *int
		}{{"year", &e.Year}, {"seq", &e.Seq}, {"serial", &e.Serial}} {
			if *n.to, err = strconv.Atoi(cell(n.name)); err != nil {
				return nil, wrongUse("Nothing was taken over.", "%s: line %d: %s is %q, not a number", file, line, n.name, cell(n.name))
			}
		}
		if err := e.Check(); err != nil {
			return nil, wrongUse("Nothing was taken over.", "%s: line %d: %s", file, line, plainWords(err))
		}
		out = append(out, e)
	}
}
