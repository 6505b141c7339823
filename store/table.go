package store

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/arasha-org/arasha/casefile"
)

// A Noun is a value that has a table: one of those that [Tables] lists.
type Noun interface{ Check() error }

// A Table is the table of one noun.
type Table struct {
	Name string // "persons"
	Noun string // "person"

	typ     reflect.Type
	columns []column
	of      int // index of the column "case", or -1
	number  int // of the search, see Tables
}

// column is one field of a noun.
type column struct {
	name string // as in JSON
	kind kind
	of   string // table that an ID, or each of a list of IDs, refers to
}

type kind int

const (
	kindID     kind = iota // NULL for none
	kindText               // any string type
	kindInt                //
	kindBool               //
	kindTime               // RFC 3339 in UTC, "" for none
	kindParsed             // by MarshalText: Date, Ref
	kindBytes              //
	kindJSON               // everything else; a RawMessage as it is
)

// Tables lists the tables so that a row refers only to rows of the tables
// before it, or of its own. The number stands in the search index, so it never
// changes; what has the highest is listed first.
var Tables = tables(
	table[casefile.User]("users", "user", 21),
	table[casefile.Setting]("settings", "setting", 18),
	table[casefile.Case]("cases", "case", 99),
	table[casefile.PrintedCode]("printed_codes", "printed code", 97),
	table[casefile.Register]("register", "register entry", 30),
	table[casefile.CaseLink]("case_links", "link", 45),
	table[casefile.Person]("persons", "person", 98),
	table[casefile.Role]("roles", "role", 42),
	table[casefile.Act]("acts", "act", 87),
	table[casefile.ContextEvent]("events", "event", 81),
	table[casefile.Inaction]("inactions", "inaction", 60),
	table[casefile.Step]("steps", "step", 57),
	table[casefile.Bill]("bills", "bill", 63),
	table[casefile.Outcome]("outcomes", "outcome", 54),
	table[casefile.Account]("accounts", "account", 78),
	table[casefile.Attribute]("attributes", "attribute", 75),
	table[casefile.Authority]("authorities", "authority", 72),
	table[casefile.Holder]("holders", "holder", 69),
	table[casefile.Channel]("channels", "channel", 66),
	table[casefile.Source]("sources", "source", 39),
	table[casefile.Statement]("statements", "statement", 84),
	table[casefile.Consent]("consents", "consent", 36),
	table[casefile.Decision]("decisions", "decision", 48),
	table[casefile.Hold]("holds", "hold", 33),
	table[casefile.FindingNote]("findings", "finding", 51),
	table[casefile.Document]("documents", "document", 90),
	table[casefile.Approval]("approvals", "approval", 27),
	table[casefile.Acceptance]("acceptances", "acceptance", 24),
)

var byType = make(map[reflect.Type]*Table)

func tables(all ...*Table) []*Table {
	for _, t := range all {
		byType[t.typ] = t
	}
	return all
}

// TableNamed returns the table of a name; nil when there is none.
func TableNamed(name string) *Table {
	for _, t := range Tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

var (
	idType   = reflect.TypeFor[casefile.ID]()
	timeType = reflect.TypeFor[time.Time]()
	rawType  = reflect.TypeFor[json.RawMessage]()
	textType = reflect.TypeFor[encoding.TextMarshaler]()
)

func table[T Noun](name, noun string, number int) *Table {
	t := &Table{Name: name, Noun: noun, number: number, typ: reflect.TypeFor[T](), of: -1}
	for i := range t.typ.NumField() {
		f := t.typ.Field(i)
		n, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		c := column{name: n, of: f.Tag.Get("of")}
		switch {
		case f.Type == idType:
			c.kind = kindID
		case f.Type == timeType:
			c.kind = kindTime
		case f.Type != rawType && f.Type.Implements(textType):
			c.kind = kindParsed
		case f.Type.Kind() == reflect.String:
			c.kind = kindText
		case f.Type.Kind() == reflect.Int || f.Type.Kind() == reflect.Int64:
			c.kind = kindInt
		case f.Type.Kind() == reflect.Bool:
			c.kind = kindBool
		case f.Type == reflect.TypeFor[[]byte]():
			c.kind = kindBytes
		default:
			c.kind = kindJSON
		}
		if n == "case" {
			t.of = i
		}
		t.columns = append(t.columns, c)
	}
	return t
}

// tableOf returns the table of a type. A type without one is a mistake of the
// program.
func tableOf[T Noun]() *Table {
	t := byType[reflect.TypeFor[T]()]
	if t == nil {
		panic(fmt.Sprintf("store: %v has no table", reflect.TypeFor[T]()))
	}
	return t
}

// Columns returns the names of the columns in their order; the first is "id".
func (t *Table) Columns() []string {
	out := make([]string, len(t.columns))
	for i, c := range t.columns {
		out[i] = c.name
	}
	return out
}

// names lists quoted columns from the first on: "case" and "to" are words of
// SQL.
func (t *Table) names(first int) string {
	var b strings.Builder
	for i, c := range t.columns[first:] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(`"` + c.name + `"`)
	}
	return b.String()
}

// caseOf returns the case a row belongs to, 0 when to none.
func (t *Table) caseOf(v reflect.Value) casefile.ID {
	switch {
	case t.typ == reflect.TypeFor[casefile.Case]():
		return casefile.ID(v.Field(0).Int())
	case t.of >= 0:
		return casefile.ID(v.Field(t.of).Int())
	}
	return 0
}

// MaxText is the most bytes of one text of a row.
const MaxText = 4 << 20

// values returns the fields of v as the database takes them. Texts must be
// such as every database and every reader can hold.
func (t *Table) values(v reflect.Value) ([]any, error) {
	out := make([]any, len(t.columns))
	for i, c := range t.columns {
		f := v.Field(i)
		switch c.kind {
		case kindID:
			if f.Int() != 0 {
				out[i] = f.Int()
			}
		case kindText:
			out[i] = f.String()
		case kindInt:
			out[i] = f.Int()
		case kindBool:
			out[i] = f.Bool()
		case kindTime:
			out[i] = timeText(f.Interface().(time.Time))
		case kindParsed:
			b, err := f.Interface().(encoding.TextMarshaler).MarshalText()
			if err != nil {
				return nil, err
			}
			out[i] = string(b)
		case kindBytes:
			out[i] = append([]byte{}, f.Bytes()...)
		case kindJSON:
			b, err := jsonText(f)
			if err != nil {
				return nil, fmt.Errorf("store: %s: %s: %w", t.Noun, c.name, err)
			}
			out[i] = b
		}
		if err := soundTexts(f); err != nil {
			return nil, fmt.Errorf("store: %s: %s %w", t.Noun, c.name, err)
		}
		if s, ok := out[i].(string); ok && len(s) > MaxText {
			return nil, fmt.Errorf("store: %s: %s has %d bytes; at most %d are kept", t.Noun, c.name, len(s), MaxText)
		}
	}
	return out, nil
}

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// jsonText writes a list, struct or pointer in the one way JSON stands in the
// tables.
func jsonText(f reflect.Value) (string, error) {
	switch {
	case f.Type() == rawType && f.Len() == 0:
		return "", nil
	case f.Kind() == reflect.Slice && f.Len() == 0 && f.Type() != rawType:
		return "[]", nil
	case f.Kind() == reflect.Pointer && f.IsNil():
		return "", nil
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(f.Interface()); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// soundTexts refuses text that is not UTF-8, and control characters other than
// tab and line ends: no script needs them, and terminals and PostgreSQL choke
// on them. Marks of direction are text.
func soundTexts(f reflect.Value) error {
	switch f.Kind() {
	case reflect.String:
		s := f.String()
		if !utf8.ValidString(s) {
			return fmt.Errorf("is not text in UTF-8")
		}
		for i := 0; i < len(s); i++ {
			if c := s[i]; c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f {
				return fmt.Errorf("holds the control character U+%04X at byte %d", c, i)
			}
		}
	case reflect.Slice:
		if f.Type() == rawType {
			if !utf8.Valid(f.Bytes()) {
				return fmt.Errorf("is not text in UTF-8")
			}
			return nil
		}
		if f.Type().Elem().Kind() == reflect.Uint8 {
			return nil
		}
		for i := range f.Len() {
			if err := soundTexts(f.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Struct:
		if f.Type() == timeType {
			return nil
		}
		for i := range f.NumField() {
			if err := soundTexts(f.Field(i)); err != nil {
				return err
			}
		}
	case reflect.Pointer:
		if !f.IsNil() {
			return soundTexts(f.Elem())
		}
	}
	return nil
}

// scan puts the columns of a row into v. Empty lists are empty, not nil, so
// that JSON shows [].
func (t *Table) scan(v reflect.Value, row []any) error {
	for i, c := range t.columns {
		if err := c.set(v.Field(i), row[i]); err != nil {
			return fmt.Errorf("store: %s %v: %s: %w: %w", t.Noun, row[0], c.name, ErrDamaged, err)
		}
	}
	return nil
}

func (c *column) set(f reflect.Value, from any) error {
	if b, ok := from.([]byte); ok && c.kind != kindBytes {
		from = string(b)
	}
	switch c.kind {
	case kindID, kindInt:
		n, ok := from.(int64)
		if !ok && from != nil {
			return fmt.Errorf("%T where a number is expected", from)
		}
		f.SetInt(n)
		return nil
	case kindBool:
		switch b := from.(type) {
		case bool:
			f.SetBool(b)
		case int64:
			f.SetBool(b != 0)
		default:
			return fmt.Errorf("%T where yes or no is expected", from)
		}
		return nil
	case kindBytes:
		b, ok := from.([]byte)
		if !ok {
			return fmt.Errorf("%T where bytes are expected", from)
		}
		f.SetBytes(append([]byte{}, b...))
		return nil
	}
	s, ok := from.(string)
	if !ok {
		return fmt.Errorf("%T where text is expected", from)
	}
	switch c.kind {
	case kindText:
		f.SetString(s)
	case kindTime:
		if s == "" {
			f.SetZero()
			return nil
		}
		v, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			return err
		}
		f.Set(reflect.ValueOf(v.UTC()))
	case kindParsed:
		return f.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s))
	case kindJSON:
		switch {
		case f.Type() == rawType:
			f.SetBytes([]byte(s))
		case s == "":
			f.SetZero()
		case s == "[]":
			f.Set(reflect.MakeSlice(f.Type(), 0, 0))
		default:
			return json.Unmarshal([]byte(s), f.Addr().Interface())
		}
	}
	return nil
}

// number writes an ID into a message.
func number(id casefile.ID) string { return strconv.FormatInt(int64(id), 10) }
