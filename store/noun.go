package store

import (
	"fmt"
	"iter"
	"reflect"
	"strings"

	"github.com/arasha-org/arasha/casefile"
)

// Get returns the noun of an ID, or ErrNotFound.
func Get[T Noun](tx *Tx, id casefile.ID) (T, error) {
	var v T
	t := tableOf[T]()
	found, err := tx.row(t, reflect.ValueOf(&v).Elem(), id)
	if err == nil && !found {
		err = notFound(t, id)
	}
	return v, err
}

func notFound(t *Table, id casefile.ID) error {
	return fmt.Errorf("store: there is no %s %d: %w", t.Noun, id, ErrNotFound)
}

// row reads one row into v.
func (tx *Tx) row(t *Table, v reflect.Value, id casefile.ID) (found bool, err error) {
	cells, dest := t.cells()
	found, err = tx.one(dest, "SELECT "+t.names(0)+" FROM "+t.Name+` WHERE "id" = ?`, int64(id))
	if err == nil && found {
		err = t.scan(v, cells)
	}
	return found, err
}

func (t *Table) cells() (cells, dest []any) {
	cells, dest = make([]any, len(t.columns)), make([]any, len(t.columns))
	for i := range cells {
		dest[i] = &cells[i]
	}
	return cells, dest
}

// A Filter chooses rows. The zero Filter chooses all, in order of ID.
type Filter struct {
	Case  casefile.ID // only those of one case
	After casefile.ID // only those with a greater ID
	Where string      // a condition in SQL, with a question mark for each of Args; columns in double quotes
	Args  []any
	Order string // a column to order by, with a "-" in front for falling order; then by ID
	Limit int    // at most so many; 0: all
}

func (f Filter) sql(t *Table) (string, []any, error) {
	var where []string
	var args []any
	if f.Case != 0 {
		of := "case"
		if t.Name == "cases" {
			of = "id"
		} else if t.of < 0 {
			return "", nil, fmt.Errorf("store: a %s belongs to no case", t.Noun)
		}
		where, args = append(where, `"`+of+`" = ?`), append(args, int64(f.Case))
	}
	if f.After != 0 {
		where, args = append(where, `"id" > ?`), append(args, int64(f.After))
	}
	if f.Where != "" {
		where = append(where, "("+f.Where+")")
		for _, a := range f.Args {
			args = append(args, argument(a))
		}
	}
	q := ""
	if len(where) > 0 {
		q = " WHERE " + strings.Join(where, " AND ")
	}
	order, falls := strings.CutPrefix(f.Order, "-")
	way := ""
	if falls {
		way = " DESC"
	}
	switch {
	case order == "" || order == "id":
		q += ` ORDER BY "id"` + way
	case t.has(order):
		q += ` ORDER BY "` + order + `"` + way + `, "id"` + way
	default:
		return "", nil, fmt.Errorf("store: a %s has no column %q to order by", t.Noun, order)
	}
	if f.Limit > 0 {
		q, args = q+" LIMIT ?", append(args, f.Limit)
	}
	return q, args, nil
}

// argument turns a value of a noun's field into one the database takes.
func argument(a any) any {
	switch a := a.(type) {
	case casefile.ID:
		return int64(a)
	case fmt.Stringer:
		return a.String()
	}
	return a
}

func (t *Table) has(name string) bool {
	for _, c := range t.columns {
		if c.name == name {
			return true
		}
	}
	return false
}

// List returns the nouns a filter chooses.
func List[T Noun](tx *Tx, f Filter) ([]T, error) {
	out := []T{}
	for v, err := range Each[T](tx, f) {
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// Each yields the nouns a filter chooses, one at a time. The transaction can
// do nothing else until the loop ends.
func Each[T Noun](tx *Tx, f Filter) iter.Seq2[T, error] {
	t := tableOf[T]()
	return func(yield func(T, error) bool) {
		for v, err := range tx.each(t, f) {
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			if !yield(v.Interface().(T), nil) {
				return
			}
		}
	}
}

// each yields rows as values of the table's type; the same value again and
// again.
func (tx *Tx) each(t *Table, f Filter) iter.Seq2[reflect.Value, error] {
	return func(yield func(reflect.Value, error) bool) {
		q, args, err := f.sql(t)
		if err != nil {
			yield(reflect.Value{}, err)
			return
		}
		rows, err := tx.Query("SELECT "+t.names(0)+" FROM "+t.Name+q, args...)
		if err != nil {
			yield(reflect.Value{}, err)
			return
		}
		defer rows.Close()
		cells, dest := t.cells()
		for rows.Next() {
			v := reflect.New(t.typ).Elem()
			err := rows.Scan(dest...)
			if err == nil {
				err = t.scan(v, cells)
			} else {
				err = fmt.Errorf("store: %w", err)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(reflect.Value{}, fmt.Errorf("store: %w", err))
		}
	}
}

// Count returns how many rows a filter chooses; its order and limit do not
// count.
func Count[T Noun](tx *Tx, f Filter) (int, error) {
	t := tableOf[T]()
	f.Order, f.Limit = "", 0
	q, args, err := f.sql(t)
	if err != nil {
		return 0, err
	}
	q = strings.TrimSuffix(q, ` ORDER BY "id"`)
	n := 0
	_, err = tx.one([]any{&n}, "SELECT count(*) FROM "+t.Name+q, args...)
	return n, err
}

// Put stores v: a new row when its ID is 0, which is then set, else the new
// form of the row of that ID, which must exist. What Check refuses is not
// stored, and neither is a change of what is final.
func Put[T Noun](tx *Tx, v *T) error {
	t := tableOf[T]()
	if err := (*v).Check(); err != nil {
		return err
	}
	now := reflect.ValueOf(v).Elem()
	id := casefile.ID(now.Field(0).Int())
	if id == 0 {
		return tx.insert(t, now)
	}
	var old T
	before := reflect.ValueOf(&old).Elem()
	found, err := tx.row(t, before, id)
	if err != nil {
		return err
	}
	if !found {
		return notFound(t, id)
	}
	if a, ok := any(*v).(interface{ After(T) error }); ok {
		if err := a.After(old); err != nil {
			return fmt.Errorf("%w: %w", err, ErrFinal)
		}
	}
	return tx.update(t, before, now)
}

// insert adds a row and sets its ID; a row that has one keeps it, as a load
// needs it.
func (tx *Tx) insert(t *Table, v reflect.Value) error {
	first := 1
	if v.Field(0).Int() != 0 {
		first = 0
	}
	vals, err := t.values(v)
	if err != nil {
		return err
	}
	marks := strings.Repeat(", ?", len(vals)-first)[2:]
	var id int64
	if _, err := tx.one([]any{&id}, "INSERT INTO "+t.Name+" ("+t.names(first)+") VALUES ("+marks+`) RETURNING "id"`, vals[first:]...); err != nil {
		return fmt.Errorf("%s: %w", t.Noun, err)
	}
	v.Field(0).SetInt(id)
	tx.did(Change{Table: t.Name, ID: casefile.ID(id), Case: t.caseOf(v), Did: Added})
	return tx.index(t, v)
}

func (tx *Tx) update(t *Table, before, now reflect.Value) error {
	old, err := t.values(before)
	if err != nil {
		return err
	}
	vals, err := t.values(now)
	if err != nil {
		return err
	}
	id := casefile.ID(now.Field(0).Int())
	var set, fields []string
	var args []any
	for i, c := range t.columns {
		if !reflect.DeepEqual(old[i], vals[i]) {
			set, fields, args = append(set, `"`+c.name+`" = ?`), append(fields, c.name), append(args, vals[i])
		}
	}
	if len(set) == 0 {
		return nil
	}
	n, err := tx.exec("UPDATE "+t.Name+" SET "+strings.Join(set, ", ")+` WHERE "id" = ?`, append(args, int64(id))...)
	if err != nil {
		return fmt.Errorf("%s %d: %w", t.Noun, id, err)
	}
	if n != 1 {
		return notFound(t, id)
	}
	tx.did(Change{Table: t.Name, ID: id, Case: t.caseOf(now), Did: Changed, Fields: fields})
	return tx.index(t, now)
}

// Delete removes a row, as a withdrawn consent, a court or the end of a
// retention asks for. The audit says that it was there. A row that others
// refer to, and what is final, stays.
func Delete[T Noun](tx *Tx, id casefile.ID) error {
	t := tableOf[T]()
	v, err := Get[T](tx, id)
	if err != nil {
		return err
	}
	if k, ok := any(v).(interface{ Stays() error }); ok {
		if err := k.Stays(); err != nil {
			return fmt.Errorf("%w: %w", err, ErrFinal)
		}
	}
	if _, err := tx.exec("DELETE FROM "+t.Name+` WHERE "id" = ?`, int64(id)); err != nil {
		return fmt.Errorf("%s %d: %w", t.Noun, id, err)
	}
	tx.did(Change{Table: t.Name, ID: id, Case: t.caseOf(reflect.ValueOf(v)), Did: Removed})
	return tx.forget(t, id)
}
