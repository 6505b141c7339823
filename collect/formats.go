package collect

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
)

// Formats is every form that is read, in the order in which it is looked for:
// the first whose sign is found wins. Forms with a sign of their own stand
// before the tables, and the plain table stands last.
var Formats = formats()

func formats() []Format {
	f := []Format{Posts}
	// Nested exports, one line each, in the order of their signs.
	f = append(f, nested...)
	f = append(f, Links, Workbook)
	for i := range layouts {
		f = append(f, layoutFormat(&layouts[i]))
	}
	return append(f, PlainTable)
}

// FormatNamed finds the format that --format names.
func FormatNamed(name string) (Format, error) {
	var known []string
	for _, f := range Formats {
		if f.Name == name {
			return f, nil
		}
		known = append(known, f.Name)
	}
	return Format{}, fmt.Errorf("format %q is not known; known: %s", name, strings.Join(known, ", "))
}

// detect says which format in is of, and by which sign it was known.
func detect(in *Input) (f Format, sign string, err error) {
	for _, f := range Formats {
		if sign, ok := f.Sniff(in); ok {
			return f, sign, nil
		}
	}
	return Format{}, "", &UnknownError{in.Name, whatItIs(in)}
}

// An UnknownError is an input of no known form.
type UnknownError struct {
	Name string
	Hint string // what it seems to be and what to do, or ""
}

// Error names the file and says what it seems to be.
func (e *UnknownError) Error() string {
	if e.Hint != "" {
		return fmt.Sprintf("%s: %s", e.Name, e.Hint)
	}
	return e.Name + ": the format was not recognised"
}

// whatItIs knows some files people try that cannot be read.
func whatItIs(in *Input) string {
	h := in.Head
	switch {
	case in.Zip != nil && hasMember(in.Zip, "content.xml"):
		return "it is an OpenDocument file: save it as XLSX or CSV"
	case in.Zip != nil:
		return "a zip archive in which no known export was recognised"
	case len(h) == 0:
		return "the file is empty"
	case bytes.HasPrefix(h, []byte{0xd0, 0xcf, 0x11, 0xe0}):
		return "it is an old Office file (.xls): save it as XLSX or CSV"
	case bytes.HasPrefix(h, []byte("%PDF-")):
		return "it is a PDF, not an export of posts"
	case bytes.HasPrefix(h, []byte("SQLite format 3")):
		return "it is a database, not an export of posts"
	case bytes.Contains(h[:min(len(h), 1024)], []byte("<html")) || bytes.Contains(h[:min(len(h), 1024)], []byte("<!DOCTYPE html")):
		return "it is an HTML page: choose JSON when you export"
	}
	return ""
}

func hasMember(z *zip.Reader, name string) bool {
	for _, f := range z.File {
		if MemberName(f) == name {
			return true
		}
	}
	return false
}

// Workbook is the XLSX spreadsheet.
var Workbook = Format{
	Name: "xlsx", Title: "spreadsheet (XLSX)",
	Sniff: func(in *Input) (string, bool) {
		if in.Zip == nil || !hasMember(in.Zip, "[Content_Types].xml") || !hasMember(in.Zip, "xl/workbook.xml") {
			return "", false
		}
		return "zip with [Content_Types].xml and xl/workbook.xml", true
	},
	Read: readTables(nil),
}

// PlainTable is a delimited file that is of no layout.
var PlainTable = Format{
	Name: "table", Title: "table (CSV, TSV, semicolons or bars)",
	Sniff: func(in *Input) (string, bool) {
		if in.Zip != nil {
			return "", false
		}
		p, err := in.peek(&Options{}, nil)
		if err != nil {
			return "", false
		}
		return p.sign, true
	},
	Read: readTables(nil),
}

func layoutFormat(f *layout) Format {
	return Format{
		Name: f.name, Title: f.title,
		Sniff: func(in *Input) (string, bool) {
			if in.Zip != nil {
				return "", false
			}
			p, err := in.peek(&Options{}, nil)
			if err != nil || p.layout != f {
				return "", false
			}
			return f.sign(), true
		},
		Read: readTables(f),
	}
}

func readTables(f *layout) func(*Input, *Options, Sink) error {
	return func(in *Input, o *Options, out Sink) error {
		return tables(in, o, f, out.Note, func(t *Table) error { return readTable(t, o, out) })
	}
}
