package store

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"reflect"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
)

// ErrBadDump says that a file is no dump, or not a whole one.
var ErrBadDump = errors.New("not a dump of case files")

// LoadOptions say how to load.
type LoadOptions struct {
	// Keep keeps the bytes of a file of the dump; they are checked against the
	// Ref while it reads, and an error of the reader must be returned. Without
	// it files are left where they are.
	Keep func(ref evidence.Ref, r io.Reader) error
	// Renumber gives cases the next internal numbers of their year, for files
	// that come from another desk.
	Renumber bool
}

// A LoadReport says what came in.
type LoadReport struct {
	Rows  int           `json:"rows"`
	Files int           `json:"files"`
	Cases []casefile.ID `json:"cases"` // as they are numbered here
}

// Load reads what [Dump] wrote, JSON or zip, all of it or nothing; the bytes of
// files may have been kept when it fails. Cases come in beside what is there,
// counted anew, and a number or code that is taken is refused with ErrTaken.
// A whole desk comes only into an empty database, and keeps its numbers. Users
// are matched by name and keys; those not known here come in without rights.
func Load(tx *Tx, r io.ReaderAt, size int64, o LoadOptions) (LoadReport, error) {
	l := load{tx: tx, o: o, ids: make(map[string]map[casefile.ID]casefile.ID)}
	l.report.Cases = []casefile.ID{}
	head := make([]byte, 4)
	r.ReadAt(head, 0)
	var err error
	if bytes.Equal(head, []byte("PK\x03\x04")) {
		err = l.zip(r, size)
	} else {
		err = l.json(io.NewSectionReader(r, 0, size))
	}
	return l.report, err
}

// load is one run of Load.
type load struct {
	tx     *Tx
	o      LoadOptions
	desk   bool
	ids    map[string]map[casefile.ID]casefile.ID // by table: number in the dump, number here
	report LoadReport
}

func (l *load) zip(r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return fmt.Errorf("store: load: %w: %w", ErrBadDump, err)
	}
	var rows *zip.File
	seen := make(map[string]bool)
	for _, f := range z.File {
		if seen[f.Name] {
			return fmt.Errorf("store: load: %w: %q is in the zip twice", ErrBadDump, f.Name)
		}
		seen[f.Name] = true
		name, isFile := strings.CutPrefix(f.Name, dumpFiles)
		switch {
		case f.Name == dumpName:
			rows = f
		case isFile:
			if err := l.file(f, name); err != nil {
				return err
			}
		default:
			return fmt.Errorf("store: load: %w: the zip holds %q, which no dump does", ErrBadDump, clipText(f.Name, 80))
		}
	}
	if rows == nil {
		return fmt.Errorf("store: load: %w: the zip holds no %s", ErrBadDump, dumpName)
	}
	in, err := rows.Open()
	if err != nil {
		return fmt.Errorf("store: load: %w: %w", ErrBadDump, err)
	}
	defer in.Close()
	return l.json(in)
}

// file keeps the bytes of one file.
func (l *load) file(f *zip.File, name string) error {
	ref, err := evidence.ParseRef(name)
	if err != nil || ref.IsZero() || ref.String() != name {
		return fmt.Errorf("store: load: %w: the file %q is not named by a Ref", ErrBadDump, clipText(name, 80))
	}
	if l.o.Keep == nil {
		return nil
	}
	in, err := f.Open()
	if err != nil {
		return fmt.Errorf("store: load: %w: %w", ErrBadDump, err)
	}
	defer in.Close()
	if err := l.o.Keep(ref, &checked{r: in, h: sha256.New(), want: ref}); err != nil {
		return fmt.Errorf("store: load: file %s: %w", ref.Short(), err)
	}
	l.report.Files++
	return nil
}

// checked is a reader that ends in an error when the bytes are not those of a
// Ref.
type checked struct {
	r    io.Reader
	h    hash.Hash
	want evidence.Ref
}

func (c *checked) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.h.Write(b[:n])
	if err == io.EOF && evidence.Ref(c.h.Sum(nil)) != c.want {
		return n, fmt.Errorf("%w: the bytes are not those that their name promises", ErrBadDump)
	}
	return n, err
}

// json reads the rows while they come.
func (l *load) json(r io.Reader) error {
	// encoding/json would mend what is not UTF-8 without a word.
	d := json.NewDecoder(transform.NewReader(r, encoding.UTF8Validator))
	d.DisallowUnknownFields()
	bad := func(what string, err error) error {
		return fmt.Errorf("store: load: at byte %d: %w: %s: %w", d.InputOffset(), ErrBadDump, what, err)
	}
	var form, scope string
	for _, step := range []struct {
		want any
		to   *string
	}{{json.Delim('{'), nil}, {"arasha", &form}, {"scope", &scope}, {"tables", nil}, {json.Delim('['), nil}} {
		t, err := d.Token()
		if err == nil && t != step.want {
			err = fmt.Errorf("%v where %v is expected", t, step.want)
		}
		if err == nil && step.to != nil {
			err = d.Decode(step.to)
		}
		if err != nil {
			return bad("the beginning", err)
		}
	}
	if form != dumpForm || scope != "desk" && scope != "cases" {
		return fmt.Errorf("store: load: %w: it says %q, %q; this program reads %q", ErrBadDump, clipText(form, 40), clipText(scope, 40), dumpForm)
	}
	if l.desk = scope == "desk"; l.desk {
		if err := l.mustBeEmpty(); err != nil {
			return err
		}
	}
	next := 0 // of Tables: they come in order, and once
	for d.More() {
		t, err := l.table(d, &next)
		if err != nil {
			if t != nil && !errors.Is(err, ErrBadDump) {
				return err
			}
			return bad("a table", err)
		}
	}
	for _, want := range []json.Delim{']', '}'} {
		if t, err := d.Token(); err != nil || t != want {
			return bad("the end", errors.Join(err, errors.New("the file is cut off")))
		}
	}
	if _, err := d.Token(); err != io.EOF {
		return bad("the end", errors.New("something follows it"))
	}
	return nil
}

func (l *load) mustBeEmpty() error {
	for _, t := range Tables {
		var id int64
		if found, err := l.tx.one([]any{&id}, `SELECT "id" FROM `+t.Name+" LIMIT 1"); err != nil {
			return err
		} else if found {
			return fmt.Errorf("store: load: a whole desk comes only into an empty home, and here is a %s already", t.Noun)
		}
	}
	return nil
}

// table reads one table. The error is not ErrBadDump when a row cannot be
// stored.
func (l *load) table(d *json.Decoder, next *int) (*Table, error) {
	var name string
	for _, step := range []any{json.Delim('{'), "table", &name, "rows", json.Delim('[')} {
		if to, ok := step.(*string); ok {
			if err := d.Decode(to); err != nil {
				return nil, err
			}
			continue
		}
		if t, err := d.Token(); err != nil || t != step {
			return nil, errors.Join(err, fmt.Errorf("%v where %v is expected", t, step))
		}
	}
	for *next < len(Tables) && Tables[*next].Name != name {
		*next++
	}
	if *next == len(Tables) {
		return nil, fmt.Errorf("the table %q is unknown, or not in its place", clipText(name, 40))
	}
	t := Tables[*next]
	*next++
	ids := make(map[casefile.ID]casefile.ID)
	l.ids[t.Name] = ids
	var later []selfRef
	for n := 1; d.More(); n++ {
		v := reflect.New(t.typ)
		if err := d.Decode(v.Interface()); err != nil {
			return nil, fmt.Errorf("%s, row %d: %w", name, n, err)
		}
		v = v.Elem()
		old := casefile.ID(v.Field(0).Int())
		if _, twice := ids[old]; old <= 0 || twice {
			return nil, fmt.Errorf("%s, row %d: the number %d is missing or stands twice", name, n, old)
		}
		if err := v.Interface().(Noun).Check(); err != nil {
			return t, fmt.Errorf("store: load: %w", err)
		}
		s, err := l.row(t, v, old)
		if err != nil {
			return t, fmt.Errorf("store: load: %s, row %d: %w", name, n, err)
		}
		if s.v.IsValid() {
			later = append(later, s)
		}
	}
	for _, step := range []json.Delim{']', '}'} {
		if t, err := d.Token(); err != nil || t != step {
			return nil, errors.Join(err, errors.New("the file is cut off"))
		}
	}
	for _, s := range later {
		if err := l.refer(t, s.v); err != nil {
			return t, fmt.Errorf("store: load: %w", err)
		}
		before := reflect.New(t.typ).Elem()
		if _, err := l.tx.row(t, before, s.id); err != nil {
			return t, err
		}
		s.v.Field(0).SetInt(int64(s.id))
		if err := l.tx.update(t, before, s.v); err != nil {
			return t, fmt.Errorf("store: load: %w", err)
		}
	}
	return t, nil
}

// A selfRef is a row that refers to rows of its own table: when it came in,
// those may not have had numbers yet.
type selfRef struct {
	v  reflect.Value
	id casefile.ID
}

// row stores one row. s is set when the row refers to its own table.
func (l *load) row(t *Table, v reflect.Value, old casefile.ID) (s selfRef, err error) {
	if l.desk {
		l.report.Rows++
		if t.Name == "cases" {
			l.report.Cases = append(l.report.Cases, old)
		}
		l.ids[t.Name][old] = old
		return s, l.tx.insert(t, v)
	}
	l.report.Rows++
	switch n := v.Addr().Interface().(type) {
	case *casefile.User:
		id, err := l.user(n)
		l.ids[t.Name][old] = id
		return s, err
	case *casefile.Case:
		if l.o.Renumber {
			if n.Number, err = NextNumber(l.tx, n.Opened.Year()); err != nil {
				return s, err
			}
		}
	case *casefile.Setting:
		return s, errors.New("a dump of cases has no settings")
	}
	whole := reflect.New(t.typ).Elem()
	whole.Set(v)
	self := false
	t.eachID(v, func(table, _ string, id casefile.ID) casefile.ID {
		if table != t.Name {
			return id
		}
		self = true
		return 0
	})
	if err := l.refer(t, v); err != nil {
		return s, err
	}
	v.Field(0).SetInt(0)
	if r, ok := v.Addr().Interface().(*casefile.Register); ok {
		err = l.register(r)
	} else {
		err = l.tx.insert(t, v)
	}
	if err != nil {
		return s, err
	}
	id := casefile.ID(v.Field(0).Int())
	l.ids[t.Name][old] = id
	if t.Name == "cases" {
		l.report.Cases = append(l.report.Cases, id)
	}
	if self {
		s = selfRef{whole, id}
	}
	return s, nil
}

// refer turns the numbers of the dump into those of this database.
func (l *load) refer(t *Table, v reflect.Value) (err error) {
	t.eachID(v, func(table, column string, id casefile.ID) casefile.ID {
		n := l.ids[table][id]
		if n == 0 && err == nil {
			err = fmt.Errorf("%s: %s %d is not in the dump: %w", column, TableNamed(table).Noun, id, ErrDangling)
		}
		return n
	})
	return err
}

// user finds a user of the dump among those here, or adds one without rights.
func (l *load) user(u *casefile.User) (casefile.ID, error) {
	here, err := List[casefile.User](l.tx, Filter{Where: `"name" = ? AND "organisation" = ?`, Args: []any{u.Name, u.Organisation}})
	if err != nil {
		return 0, err
	}
	for _, h := range here {
		if h.Had(u.SignKey, u.Recipient) {
			return h.ID, nil
		}
	}
	u.ID, u.Roles, u.Left = 0, []string{}, true
	err = Put(l.tx, u)
	return u.ID, err
}

// register adds an entry, or gives the one that an imported register accounts
// for to its case.
func (l *load) register(r *casefile.Register) error {
	here, err := List[casefile.Register](l.tx, Filter{Where: `"year" = ? AND "prefix" = ? AND "country" = ? AND "seq" = ? AND "serial" = ?`,
		Args: []any{r.Year, r.Prefix, r.Country, r.Seq, r.Serial}})
	if err != nil {
		return err
	}
	if len(here) == 1 && here[0].Case == 0 {
		r.ID = here[0].ID
		return l.tx.update(TableNamed("register"), reflect.ValueOf(&here[0]).Elem(), reflect.ValueOf(r).Elem())
	}
	return l.tx.insert(TableNamed("register"), reflect.ValueOf(r).Elem())
}
