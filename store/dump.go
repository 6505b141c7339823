package store

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"
	"slices"
	"time"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
)

// dumpForm is what the first line of a dump says.
const dumpForm = "casefile/1"

// The names in the zip of a dump.
const (
	dumpName  = "casefile.json"
	dumpFiles = "files/"
)

// DumpOptions say what to dump.
type DumpOptions struct {
	Cases []casefile.ID // none: the whole desk
	// Open opens the kept bytes of a Ref; with it the dump is a zip that holds
	// them, without it JSON alone. What is not kept is fs.ErrNotExist, and told
	// in the report; any other error ends the dump.
	Open func(evidence.Ref) (io.ReadCloser, error)
}

// A DumpReport says what is in a dump, and what is not.
type DumpReport struct {
	Rows     int            `json:"rows"`
	Files    int            `json:"files"`
	Missing  []evidence.Ref `json:"missing"`  // cited, but not kept here
	Withheld []evidence.Ref `json:"withheld"` // cited as sealed, and kept in clear: never given out
	Left     []string       `json:"left"`     // what the rows refer to in cases that are not in the dump
}

// ageHeader begins what is encrypted with age (https://age-encryption.org/v1).
var ageHeader = []byte("age-encryption.org/v1")

// Dump writes cases, or the whole desk, as docs/formats/casefile.md says: JSON,
// one row a line, or a zip of it with the cited bytes. The same case gives the
// same bytes, also from another home that loaded it: in the dump of cases the
// rows are counted anew, and users have a name and keys but no rights.
// Sealed sources go as they are, encrypted to their readers; the audit and
// the numbers of the evidence log stay.
func Dump(tx *Tx, w io.Writer, o DumpOptions) (DumpReport, error) {
	d := dump{tx: tx, o: o, refs: make(map[evidence.Ref]bool)}
	d.report.Missing, d.report.Withheld, d.report.Left = []evidence.Ref{}, []evidence.Ref{}, []string{}
	var err error
	if len(o.Cases) > 0 {
		if err = d.choose(); err != nil {
			return d.report, err
		}
	}
	if o.Open == nil {
		err = d.json(w)
	} else {
		err = d.zip(w)
	}
	return d.report, err
}

// dump is one run of Dump.
type dump struct {
	tx     *Tx
	o      DumpOptions
	chosen map[string][]reflect.Value // rows by table, nil for the whole desk
	refs   map[evidence.Ref]bool      // whether sealed
	report DumpReport
}

// choose reads the rows of the cases and what they refer to, and counts them
// anew. A case has thousands of rows at most.
func (d *dump) choose() error {
	d.chosen = make(map[string][]reflect.Value)
	ids := map[string]map[casefile.ID]bool{"cases": {}, "persons": {}, "users": {}}
	for _, id := range d.o.Cases {
		if _, err := Get[casefile.Case](d.tx, id); err != nil {
			return err
		}
		ids["cases"][id] = true
	}
	take := func(t *Table, f Filter) error {
		for v, err := range d.tx.each(t, f) {
			if err != nil {
				return err
			}
			id := casefile.ID(v.Field(0).Int())
			if ids[t.Name] == nil {
				ids[t.Name] = make(map[casefile.ID]bool)
			}
			ids[t.Name][id] = true
			d.chosen[t.Name] = append(d.chosen[t.Name], v)
			t.eachID(v, func(table, _ string, id casefile.ID) casefile.ID {
				if table == "persons" || table == "users" {
					ids[table][id] = true
				}
				return id
			})
		}
		return nil
	}
	sorted := func(table string) []casefile.ID {
		var out []casefile.ID
		for id := range ids[table] {
			out = append(out, id)
		}
		slices.Sort(out)
		return out
	}
	for _, t := range Tables {
		column, owner := t.owner()
		var filters []Filter
		switch {
		case t.Name == "cases" || t.of >= 0:
			for _, id := range sorted("cases") {
				filters = append(filters, Filter{Case: id})
			}
		case owner == "cases" || owner != "" && ids[owner] != nil:
			for _, id := range sorted(owner) {
				filters = append(filters, Filter{Where: `"` + column + `" = ?`, Args: []any{id}})
			}
		}
		for _, f := range filters {
			if err := take(t, f); err != nil {
				return err
			}
		}
	}
	for _, name := range []string{"persons", "users"} {
		t := TableNamed(name)
		for _, id := range sorted(name) {
			v := reflect.New(t.typ).Elem()
			found, err := d.tx.row(t, v, id)
			if err != nil {
				return err
			}
			if !found {
				d.report.Left = append(d.report.Left, fmt.Sprintf("%s %d, who is not there any more", t.Noun, id))
				delete(ids[name], id)
				continue
			}
			if u, ok := v.Addr().Interface().(*casefile.User); ok {
				// A file must not give anybody rights.
				u.Roles, u.Left = []string{}, true
				// The former keys check what they signed; why they changed is
				// the affair of the house.
				for i := range u.Former {
					u.Former[i].Statements = []casefile.KeyStatement{}
				}
			}
			d.chosen[name] = append(d.chosen[name], v)
		}
	}
	d.countAnew()
	return nil
}

// countAnew gives the rows numbers from 1 on, so that a dump does not depend
// on what else the home holds.
func (d *dump) countAnew() {
	fresh := make(map[string]map[casefile.ID]casefile.ID)
	for _, t := range Tables {
		rows := d.chosen[t.Name]
		if t.Name == "users" {
			// Those who load find them among their own users, in any order.
			slices.SortStableFunc(rows, func(a, b reflect.Value) int {
				return compareUsers(a.Interface().(casefile.User), b.Interface().(casefile.User))
			})
		} else {
			slices.SortStableFunc(rows, func(a, b reflect.Value) int { return cmp.Compare(a.Field(0).Int(), b.Field(0).Int()) })
		}
		fresh[t.Name] = make(map[casefile.ID]casefile.ID)
		for i, v := range rows {
			fresh[t.Name][casefile.ID(v.Field(0).Int())] = casefile.ID(i + 1)
		}
	}
	for _, t := range Tables {
		kept := d.chosen[t.Name][:0]
		for _, v := range d.chosen[t.Name] {
			v.Field(0).SetInt(int64(fresh[t.Name][casefile.ID(v.Field(0).Int())]))
			whole := true
			t.eachID(v, func(table, column string, id casefile.ID) casefile.ID {
				n := fresh[table][id]
				if n == 0 {
					d.report.Left = append(d.report.Left, fmt.Sprintf("%s %d: %s: %s %d", t.Noun, v.Field(0).Int(), column, TableNamed(table).Noun, id))
					whole = false
				}
				return n
			})
			// A link to a case that is not here is no link; the others are
			// rows in their own right.
			if whole || t.Name != "case_links" {
				kept = append(kept, v)
			}
		}
		d.chosen[t.Name] = kept
		if t.Name == "case_links" {
			for i, v := range kept {
				v.Field(0).SetInt(int64(i + 1))
			}
		}
	}
}

func compareUsers(a, b casefile.User) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Organisation, b.Organisation), cmp.Compare(a.SignKey, b.SignKey), cmp.Compare(a.Recipient, b.Recipient))
}

// json writes the rows, table by table.
func (d *dump) json(out io.Writer) error {
	w := bufio.NewWriterSize(out, 1<<16)
	scope := "desk"
	if d.chosen != nil {
		scope = "cases"
	}
	fmt.Fprintf(w, "{\"arasha\":%q,\"scope\":%q,\"tables\":[", dumpForm, scope)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	tables := 0
	for _, t := range Tables {
		rows := 0
		one := func(v reflect.Value) error {
			switch {
			case rows == 0 && tables == 0:
				fmt.Fprintf(w, "\n{\"table\":%q,\"rows\":[\n", t.Name)
			case rows == 0:
				fmt.Fprintf(w, ",\n{\"table\":%q,\"rows\":[\n", t.Name)
			default:
				w.WriteByte(',')
			}
			rows++
			eachRef(v, func(r evidence.Ref, sealed bool) { d.refs[r] = d.refs[r] || sealed })
			fillLists(v)
			return e.Encode(v.Interface())
		}
		if d.chosen != nil {
			for _, v := range d.chosen[t.Name] {
				if err := one(v); err != nil {
					return fmt.Errorf("store: dump: %w", err)
				}
			}
		} else {
			for v, err := range d.tx.each(t, Filter{}) {
				if err == nil {
					err = one(v)
				}
				if err != nil {
					return fmt.Errorf("store: dump: %w", err)
				}
			}
		}
		if rows > 0 {
			w.WriteString("]}")
			tables++
		}
		d.report.Rows += rows
	}
	w.WriteString("\n]}\n")
	if err := w.Flush(); err != nil {
		return fmt.Errorf("store: dump: %w", err)
	}
	return nil
}

// fillLists makes nil lists empty, so that every dump writes [].
func fillLists(v reflect.Value) {
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice && f.IsNil() && f.Type() != rawType && f.Type().Elem().Kind() != reflect.Uint8 {
			f.Set(reflect.MakeSlice(f.Type(), 0, 0))
		}
	}
}

// dumpTime is the time of every file in a dump: dumps of the same case are the
// same bytes.
var dumpTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func (d *dump) zip(out io.Writer) error {
	z := zip.NewWriter(out)
	w, err := z.CreateHeader(&zip.FileHeader{Name: dumpName, Method: zip.Deflate, Modified: dumpTime})
	if err != nil {
		return fmt.Errorf("store: dump: %w", err)
	}
	if err := d.json(w); err != nil {
		return err
	}
	var refs []evidence.Ref
	for r := range d.refs {
		refs = append(refs, r)
	}
	slices.SortFunc(refs, func(a, b evidence.Ref) int { return bytes.Compare(a[:], b[:]) })
	for _, r := range refs {
		if err := d.file(z, r); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("store: dump: %w", err)
	}
	return nil
}

// file puts the bytes of one Ref into the zip.
func (d *dump) file(z *zip.Writer, ref evidence.Ref) error {
	f, err := d.o.Open(ref)
	if errors.Is(err, fs.ErrNotExist) {
		d.report.Missing = append(d.report.Missing, ref)
		return nil
	}
	if err != nil {
		return fmt.Errorf("store: dump: %s: %w", ref.Short(), err)
	}
	defer f.Close()
	r := bufio.NewReader(f)
	if d.refs[ref] {
		if b, _ := r.Peek(len(ageHeader)); !bytes.Equal(b, ageHeader) {
			d.report.Withheld = append(d.report.Withheld, ref)
			return nil
		}
	}
	w, err := z.CreateHeader(&zip.FileHeader{Name: dumpFiles + ref.String(), Method: zip.Deflate, Modified: dumpTime})
	if err == nil {
		_, err = io.Copy(w, r)
	}
	if err != nil {
		return fmt.Errorf("store: dump: %s: %w", ref.Short(), err)
	}
	d.report.Files++
	return nil
}
