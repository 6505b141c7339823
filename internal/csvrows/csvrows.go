// Package csvrows reads comma-separated rows from memory, fast: fields are
// parts of the text, not copies of it.
//
// The form is RFC 4180 with two liberties that Python's csv module and R's
// fread take as well: a quotation mark inside a field that does not begin with
// one stands for itself, and lines may end in LF or CRLF. A line with nothing
// on it is no row. Whatever else is odd is an error that names the line.
package csvrows

import (
	"fmt"
	"strings"
)

// An Error is a place where the text is no CSV.
type Error struct {
	Line int // counted from 1
	Msg  string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Msg) }

// A Reader reads rows. Its fields stay valid after the next row.
type Reader struct {
	rest string
	line int // of the beginning of rest
	want int // fields in a row, 0 before the first
	row  []string
}

// NewReader returns a Reader of text.
func NewReader(text string) *Reader { return &Reader{rest: text, line: 1} }

// Next returns the next row and the line it begins on. The slice, not its
// fields, is used again. It returns a nil row at the end of the text, and an
// *Error when a quotation mark is not closed or stands where it cannot, or when
// the row has more or fewer fields than the first.
func (r *Reader) Next() (row []string, line int, err error) {
	for len(r.rest) > 0 {
		line = r.line
		row = r.row[:0]
		end := strings.IndexByte(r.rest, '\n')
		text, next := r.rest, ""
		if end >= 0 {
			text, next = r.rest[:end], r.rest[end+1:]
		}
		if strings.IndexByte(text, '"') < 0 {
			r.rest = next
			r.line++
			text = strings.TrimSuffix(text, "\r")
			if text == "" {
				continue
			}
			for {
				i := strings.IndexByte(text, ',')
				if i < 0 {
					break
				}
				row = append(row, text[:i])
				text = text[i+1:]
			}
			row = append(row, text)
		} else if row, err = r.quoted(row); err != nil {
			return nil, line, err
		}
		r.row = row
		if r.want == 0 {
			r.want = len(row)
		}
		if len(row) != r.want {
			return nil, line, &Error{line, fmt.Sprintf("%d fields where the first row has %d", len(row), r.want)}
		}
		return row, line, nil
	}
	return nil, r.line, nil
}

// quoted reads a row that has a quotation mark on its first line.
func (r *Reader) quoted(row []string) ([]string, error) {
	for {
		var field string
		if strings.HasPrefix(r.rest, `"`) {
			opened := r.line
			r.rest = r.rest[1:]
			doubled := false
			n := 0
			for {
				i := strings.IndexByte(r.rest[n:], '"')
				if i < 0 {
					return nil, &Error{opened, "a quotation mark is opened and never closed"}
				}
				n += i
				if !strings.HasPrefix(r.rest[n+1:], `"`) {
					break
				}
				doubled = true
				n += 2
			}
			field = r.rest[:n]
			r.line += strings.Count(field, "\n")
			r.rest = r.rest[n+1:]
			if doubled {
				field = strings.ReplaceAll(field, `""`, `"`)
			}
		} else {
			n := strings.IndexAny(r.rest, ",\n")
			if n < 0 {
				n = len(r.rest)
			}
			field = r.rest[:n]
			if end := r.rest[n:]; end == "" || end[0] == '\n' {
				field = strings.TrimSuffix(field, "\r")
				n -= len(r.rest[:n]) - len(field)
			}
			r.rest = r.rest[n:]
		}
		row = append(row, field)
		switch {
		case strings.HasPrefix(r.rest, ","):
			r.rest = r.rest[1:]
		case r.rest == "" || r.rest == "\r":
			r.rest = ""
			r.line++
			return row, nil
		case strings.HasPrefix(r.rest, "\n"), strings.HasPrefix(r.rest, "\r\n"):
			r.rest = r.rest[strings.IndexByte(r.rest, '\n')+1:]
			r.line++
			return row, nil
		default:
			return nil, &Error{r.line, "text follows a closing quotation mark; one inside a quoted field is written twice"}
		}
	}
}

// Table returns the rows of a table embedded in the program, without its head;
// each may be kept. A table that is no CSV is a mistake of the program.
func Table(text string) [][]string {
	var all [][]string
	for r := NewReader(text); ; {
		row, _, err := r.Next()
		if err != nil {
			panic("csvrows: an embedded table is broken: " + err.Error())
		}
		if row == nil {
			return all[1:]
		}
		all = append(all, append([]string(nil), row...))
	}
}

// List splits a cell of such a table at its semicolons; nil for an empty one.
func List(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, ";")
}

// Formula reports whether a spreadsheet would run s. Negative ids and numbers
// are let through.
func Formula(s string) bool {
	if s == "" {
		return false
	}
	switch s[0] {
	case '=', '@', '\t', '\r':
		return true
	case '+', '-':
		return strings.Trim(s[1:], "0123456789._") != ""
	}
	return false
}
