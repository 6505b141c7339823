package coordination

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxUserFile bounds the files that a person keeps by hand.
const maxUserFile = 16 << 20

// handKept reads the whole of such a file.
func handKept(in io.Reader, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxUserFile+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > maxUserFile {
		return nil, fmt.Errorf("%s: longer than %d MB; such a list is kept by hand", name, maxUserFile>>20)
	}
	return data, nil
}

// readUserFile reads a CSV file that a person keeps: a first line with the
// names of the columns, in any order; blank lines and lines that begin with
// "#" are not looked at. The first needed columns must be there. Each row goes
// to f as the cells of columns, trimmed, "" where the file has no such column.
// Errors name the file and the line.
func readUserFile(in io.Reader, name string, columns []string, needed int, f func(line int, cells []string) error) error {
	data, err := handKept(in, name)
	if err != nil {
		return err
	}
	bad := func(line int, format string, a ...any) error {
		return fmt.Errorf("%s: line %d: %w", name, line, fmt.Errorf(format, a...))
	}
	text := strings.TrimPrefix(string(data), "\uFEFF")
	for i, l := range strings.Split(text, "\n") {
		if !utf8.ValidString(l) || strings.ContainsRune(l, 0) {
			return bad(i+1, "not UTF-8; save the file as UTF-8")
		}
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	r.Comment = '#'
	head := "the first line is " + strings.Join(columns, ",")
	var at []int // column → cell, −1
	var width int
	cells := make([]string, len(columns))
	for {
		row, err := r.Read()
		if err == io.EOF {
			if at == nil {
				return bad(1, "the file is empty; %s", head)
			}
			return nil
		}
		var p *csv.ParseError
		if errors.As(err, &p) {
			return bad(p.Line, "%w", p.Err)
		} else if err != nil {
			return bad(1, "%w", err)
		}
		line, _ := r.FieldPos(0)
		if at == nil {
			width = len(row)
			for i := range row {
				row[i] = strings.ToLower(strings.TrimSpace(row[i]))
			}
			for i, c := range columns {
				k := slices.Index(row, c)
				if k >= 0 && slices.Contains(row[k+1:], c) {
					return bad(line, "the column %q stands twice", c)
				}
				if k < 0 && i < needed {
					return bad(line, "no column %q; %s", c, head)
				}
				at = append(at, k)
			}
			continue
		}
		if len(row) > width {
			return bad(line, "%d fields under %d columns; a text with commas stands in quotation marks", len(row), width)
		}
		empty := true
		for i, k := range at {
			cells[i] = ""
			if k >= 0 && k < len(row) {
				cells[i] = strings.TrimSpace(row[k])
			}
			empty = empty && cells[i] == ""
		}
		if empty {
			continue
		}
		for i := range needed {
			if cells[i] == "" {
				return bad(line, "no %s", columns[i])
			}
		}
		if err := f(line, cells); err != nil {
			return bad(line, "%w", err)
		}
	}
}

// named finds the accounts of a result by what a person writes: the account's
// id, "platform/id", or its name, with or without "@".
type named struct {
	exact map[string]uint32   // platform/id
	ids   map[string][]uint32 // id
	names map[string][]uint32 // name, lower case
}

func (r *Result) named() *named {
	n := &named{map[string]uint32{}, map[string][]uint32{}, map[string][]uint32{}}
	for a := range uint32(r.Accounts) {
		i := r.Account(a)
		if i.ID == "" {
			continue
		}
		n.exact[i.Platform+"/"+i.ID] = a
		n.ids[i.ID] = append(n.ids[i.ID], a)
		if i.Name != "" {
			k := strings.ToLower(strings.TrimPrefix(i.Name, "@"))
			n.names[k] = append(n.names[k], a)
		}
	}
	return n
}

// find returns the account that s means, and how many it could mean: only one
// is an answer.
func (n *named) find(s string) (account uint32, could int) {
	if a, ok := n.exact[s]; ok {
		return a, 1
	}
	s = strings.TrimPrefix(s, "@")
	for _, list := range [][]uint32{n.ids[s], n.names[strings.ToLower(s)]} {
		if len(list) > 0 {
			return list[0], len(list)
		}
	}
	return 0, 0
}

// An Unmatched is a line of a file of the user's that names no account of
// these posts, or more than one.
type Unmatched struct {
	Line    int
	Account string
	Could   int // accounts it could mean: 0, or more than one
}
