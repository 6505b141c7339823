package store

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
)

var refType = reflect.TypeFor[evidence.Ref]()

// eachID calls f for every ID in v that refers to another row, also those in
// lists and parts, with the table and the column; f returns what is to stand
// there. A 0 takes an ID out of a list. v must be settable.
func (t *Table) eachID(v reflect.Value, f func(table, column string, id casefile.ID) casefile.ID) {
	for i, c := range t.columns {
		if i > 0 {
			eachID(v.Field(i), c.name, c.of, f)
		}
	}
	if u, ok := v.Addr().Interface().(*casefile.Consent); ok {
		// The use "fact:31" holds a number too.
		if n, ok := strings.CutPrefix(u.Use, "fact:"); ok {
			id, err := strconv.ParseInt(n, 10, 64)
			if err == nil && id > 0 {
				u.Use = "fact:" + number(f("statements", "use", casefile.ID(id)))
			}
		}
	}
}

func eachID(v reflect.Value, column, of string, f func(table, column string, id casefile.ID) casefile.ID) {
	switch {
	case v.Type() == idType:
		if of != "" && v.Int() != 0 {
			v.SetInt(int64(f(of, column, casefile.ID(v.Int()))))
		}
	case v.Kind() == reflect.Slice && v.Type().Elem() == idType && of != "":
		out := reflect.MakeSlice(v.Type(), 0, v.Len())
		for i := range v.Len() {
			if id := f(of, column, casefile.ID(v.Index(i).Int())); id != 0 {
				out = reflect.Append(out, reflect.ValueOf(id))
			}
		}
		v.Set(out)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		for i := range v.Len() {
			eachID(v.Index(i), column, "", f)
		}
	case v.Kind() == reflect.Pointer && !v.IsNil():
		eachID(v.Elem(), column, "", f)
	case v.Kind() == reflect.Struct && v.Type() != timeType:
		for i := range v.NumField() {
			if sf := v.Type().Field(i); sf.IsExported() {
				eachID(v.Field(i), column, sf.Tag.Get("of"), f)
			}
		}
	}
}

// eachRef calls f for every Ref in v; sealed says that the bytes are cited as
// sealed.
func eachRef(v reflect.Value, f func(r evidence.Ref, sealed bool)) {
	switch {
	case v.Type() == refType:
		if r := v.Interface().(evidence.Ref); !r.IsZero() {
			f(r, false)
		}
	case v.Type() == reflect.TypeFor[casefile.Cite]():
		if c := v.Interface().(casefile.Cite); !c.Ref.IsZero() {
			f(c.Ref, c.Sealed)
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() != reflect.Uint8:
		for i := range v.Len() {
			eachRef(v.Index(i), f)
		}
	case v.Kind() == reflect.Pointer && !v.IsNil():
		eachRef(v.Elem(), f)
	case v.Kind() == reflect.Struct && v.Type() != timeType:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				eachRef(v.Field(i), f)
			}
		}
	}
}

// owner returns the column that says of which row a row is a part when no
// column "case" does, such as the document of an approval; "" for none.
func (t *Table) owner() (column, table string) {
	if t.of >= 0 {
		return "", ""
	}
	for _, c := range t.columns[1:] {
		if c.kind == kindID {
			return c.name, c.of
		}
	}
	return "", ""
}
