package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/store"
)

// What the families of commands have in common: a record is added, changed,
// listed, shown and removed in the same way, whatever it is. A family says
// only which options its record has.

// fields are the options of one kind of record. fill puts those that were
// given into v and leaves the others as they are.
type fields[T store.Noun] interface {
	fill(d *desk, v *T) error
}

// desk is what fill may need: the transaction, who writes, and the options.
type desk struct {
	*deskFlags
	w  *world
	tx *store.Tx
	by casefile.User
}

// set keeps what was given.
func set[V comparable](dst *V, given V) {
	var none V
	if given != none {
		*dst = given
	}
}

// setBool keeps yes or no, when one of them was given.
func setBool(dst, given *bool) {
	if given != nil {
		*dst = *given
	}
}

// setList keeps a list that was given.
func setList[V any](dst *[]V, given []V) {
	if len(given) > 0 {
		*dst = given
	}
}

// setCase keeps the case that was named.
func (d *desk) setCase(dst *casefile.ID, name caseName) error {
	id, err := name.of(d.tx)
	set(dst, id)
	return err
}

// setPerson keeps the person who was named.
func (d *desk) setPerson(dst *casefile.ID, name personName) error {
	id, err := name.of(d.tx)
	set(dst, id)
	return err
}

// setRef keeps the one kept item that was named.
func (d *desk) setRef(dst *evidence.Ref, item string) error {
	if item == "" {
		return nil
	}
	refs, err := d.refsOf(d.w, []string{item})
	if err == nil {
		*dst = refs[0]
	}
	return err
}

// setRefs keeps the kept items that were named.
func (d *desk) setRefs(dst *[]evidence.Ref, items []string) error {
	refs, err := d.refsOf(d.w, items)
	setList(dst, refs)
	return err
}

// addRow is "arasha NOUN add".
type addRow[T store.Noun, F fields[T]] struct {
	deskFlags
	In     string `placeholder:"FILE" help:"Read records as JSON from FILE; - is standard input. Options fill in what they leave out."`
	Fields F      `embed:""`
}

func (c *addRow[T, F]) Run(ctx context.Context, w *world) error {
	var one T
	values := []func(*T) error{func(*T) error { return nil }}
	if c.In != "" {
		var err error
		if values, err = readRows[T](w, c.In); err != nil {
			return err
		}
	}
	var added []T
	err := c.write(ctx, w, nounOf(one)+" add", func(tx *store.Tx, by casefile.User) error {
		d := &desk{&c.deskFlags, w, tx, by}
		for _, value := range values {
			var v T
			if err := c.Fields.fill(d, &v); err != nil {
				return err
			}
			if err := value(&v); err != nil {
				return err
			}
			if idOf(v) != 0 {
				return wrongUse("Leave \"id\" out; \"load\" brings records in with their numbers.", "a new %s gets its number here", nounOf(v))
			}
			if err := store.Put(tx, &v); err != nil {
				return err
			}
			v, err := store.Get[T](tx, idOf(v)) // as everybody will read it from now on
			if err != nil {
				return err
			}
			added = append(added, v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tellAll(&c.deskFlags, w, added)
}

// changeRow is "arasha NOUN change".
type changeRow[T store.Noun, F fields[T]] struct {
	ID casefile.ID `arg:"" name:"number" help:"The number of the record."`
	deskFlags
	In     string `placeholder:"FILE" help:"Read the fields to change as JSON from FILE; - is standard input. A field that is not there stays."`
	Fields F      `embed:""`
}

func (c *changeRow[T, F]) Run(ctx context.Context, w *world) error {
	var v T
	value := func(*T) error { return nil }
	if c.In != "" {
		values, err := readRows[T](w, c.In)
		if err != nil {
			return err
		}
		if len(values) != 1 {
			return wrongUse("", "%s holds %d records; one is changed at a time", c.In, len(values))
		}
		value = values[0]
	}
	err := c.write(ctx, w, nounOf(v)+" change", func(tx *store.Tx, by casefile.User) (err error) {
		if v, err = store.Get[T](tx, c.ID); err != nil {
			return err
		}
		if err := c.Fields.fill(&desk{&c.deskFlags, w, tx, by}, &v); err != nil {
			return err
		}
		if err := value(&v); err != nil {
			return err
		}
		if idOf(v) != c.ID {
			return wrongUse("", "the number of a record does not change")
		}
		return store.Put(tx, &v)
	})
	if err != nil {
		return err
	}
	return c.tell(w, v)
}

// listRows is "arasha NOUN list".
type listRows[T store.Noun] struct {
	deskFlags
	Case  caseName    `placeholder:"CASE" help:"Only those of one case: its number, 2031-0007, or a printed code."`
	After casefile.ID `placeholder:"N" help:"Only those after number N."`
	Limit int         `placeholder:"N" help:"At most N."`
}

func (c *listRows[T]) Run(ctx context.Context, w *world) error {
	return c.read(ctx, w, func(tx *store.Tx) error {
		of, err := c.Case.of(tx)
		if err != nil {
			return err
		}
		for v, err := range store.Each[T](tx, store.Filter{Case: of, After: c.After, Limit: c.Limit}) {
			if err != nil {
				return err
			}
			if err := c.line(w, v); err != nil {
				return err
			}
		}
		return nil
	})
}

// showRow is "arasha NOUN show".
type showRow[T store.Noun] struct {
	ID casefile.ID `arg:"" name:"number" help:"The number of the record."`
	deskFlags
}

func (c *showRow[T]) Run(ctx context.Context, w *world) error {
	return c.read(ctx, w, func(tx *store.Tx) error {
		v, err := store.Get[T](tx, c.ID)
		if err != nil {
			return err
		}
		if c.JSON {
			return c.tell(w, v)
		}
		return printNoun(w.out, v)
	})
}

// removeRow is "arasha NOUN remove".
type removeRow[T store.Noun] struct {
	ID casefile.ID `arg:"" name:"number" help:"The number of the record."`
	deskFlags
}

func (c *removeRow[T]) Run(ctx context.Context, w *world) error {
	var v T
	err := c.write(ctx, w, nounOf(v)+" remove", func(tx *store.Tx, _ casefile.User) error { return store.Delete[T](tx, c.ID) })
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(w.out).Encode(map[string]any{"removed": c.ID, "noun": nounOf(v)})
	}
	_, err = fmt.Fprintf(w.out, "%s %d removed; the audit says that it was there\n", nounOf(v), c.ID)
	return err
}

// tell says what was stored: "person 7  Aigul Invented".
func (f *deskFlags) tell(w *world, v store.Noun) error {
	if f.JSON {
		return printJSON(w.out, v)
	}
	return f.line(w, v)
}

// tellAll says it of several.
func tellAll[T store.Noun](f *deskFlags, w *world, all []T) error {
	for _, v := range all {
		if err := f.tell(w, v); err != nil {
			return err
		}
	}
	return nil
}

func (f *deskFlags) line(w *world, v store.Noun) error {
	if f.JSON {
		return printJSON(w.out, v)
	}
	_, err := fmt.Fprintln(w.out, rowOf(v))
	return err
}

func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// readRows reads JSON values, one after the other or in a list, each as a
// function that lays what it holds over a record. A field that no record has
// is refused: a misspelt word must not be lost in silence.
func readRows[T store.Noun](w *world, file string) ([]func(*T) error, error) {
	data, err := readInput(w, file)
	if err != nil {
		return nil, err
	}
	var raw []json.RawMessage
	if json.Unmarshal(data, &raw) != nil {
		raw = nil
		d := json.NewDecoder(bytes.NewReader(data))
		for {
			var m json.RawMessage
			err := d.Decode(&m)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, badJSON(file, data, d.InputOffset(), err)
			}
			raw = append(raw, m)
		}
	}
	if len(raw) == 0 {
		return nil, wrongUse("", "%s holds no record", file)
	}
	var out []func(*T) error
	for i, m := range raw {
		apply := func(v *T) error {
			d := json.NewDecoder(bytes.NewReader(m))
			d.DisallowUnknownFields()
			if err := d.Decode(v); err != nil {
				return wrongUse("\"arasha table\" lists the fields.", "%s: record %d: %s", file, i+1, plainJSON(err))
			}
			return nil
		}
		var probe T
		if err := apply(&probe); err != nil {
			return nil, err
		}
		out = append(out, apply)
	}
	return out, nil
}

func idOf(v any) casefile.ID { return casefile.ID(reflect.ValueOf(v).Field(0).Int()) }
