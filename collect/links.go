package collect

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/internal/address"
	"github.com/arasha-org/arasha/post"
)

// Links is the sheet of links: a table or list in which most rows are an
// address and little else. See docs/formats/worklist.md.
var Links = Format{
	Name: "links", Title: "sheet of links",
	Sniff: sniffLinks,
	Read:  readLinks,
}

// maxSheet is the size of a file that is looked at as a sheet of links without
// being told so. What people fill in by hand is far smaller.
const maxSheet = 16 << 20

func sniffLinks(in *Input) (sign string, ok bool) {
	if in.Size > maxSheet {
		return "", false
	}
	if in.Zip != nil {
		if _, ok := Workbook.Sniff(in); !ok {
			return "", false
		}
		stop := errors.New("seen enough")
		err := sheets(in, &Options{anyColumns: true}, nil, func(string) {}, func(t *Table) error {
			var rows [][]string
			t.again(func(r *Row) bool {
				rows = append(rows, append([]string(nil), r.Cells...))
				return len(rows) < 200
			})
			known := t.HeaderLine == 0 || t.Column(FieldURL) >= 0
			if t.layout == nil && known && mostlyLinks(t.Fields, rows) {
				sign = "most rows of the sheet " + t.Sheet + " are an address"
				return stop
			}
			return nil
		})
		return sign, errors.Is(err, stop)
	}
	p, err := in.peek(&Options{}, nil)
	if err == nil && p.layout != nil {
		return "", false
	}
	if err != nil || p.isList() {
		q, err := listOf(in, &Options{}, p)
		if err != nil {
			return "", false
		}
		if linesOfLinks(in, q) {
			return "most lines are an address", true
		}
		return "", false
	}
	fields := guessFields(p.sample, len(p.header))
	if p.hasHeader {
		if fields, err = recognise(p.header, nil, &Options{}); err != nil {
			return "", false
		}
	}
	if p.hasHeader && !slices.Contains(fields, FieldURL) {
		return "", false
	}
	if mostlyLinks(fields, p.sample) {
		return "most rows are an address", true
	}
	return "", false
}

// linesOfLinks looks at the first lines of a list.
func linesOfLinks(in *Input, q *peeked) bool {
	r, err := in.Again()
	if err != nil {
		return false
	}
	defer r.Close()
	t := &Table{Header: []string{""}}
	lines, links, n := 0, 0, 0
	q.rows(r, t, func(string) {}, func(row *Row) bool {
		if n++; row.Bad == "" && !blank(row.Cells) {
			lines++
			found, rest := cutAddresses(row.Cells[0])
			if len(found) > 0 && len([]rune(rest)) < 400 {
				links++
			}
		}
		return n < 300
	})
	return links > 0 && links*2 >= lines
}

// mostlyLinks judges the first rows of a table: most have an address, and few
// of them a text, or the sheet says by whom a row was found. A table with ids,
// or with accounts and times to the second, is an export and no worklist.
func mostlyLinks(fields []Field, rows [][]string) bool {
	col := map[Field]int{}
	for i, f := range fields {
		if _, ok := col[f]; !ok && f != "" {
			col[f] = i
		}
	}
	for _, f := range []Field{FieldID, FieldAccount, FieldObject, FieldRepostOf} {
		if _, ok := col[f]; ok {
			return false
		}
	}
	cell := func(r []string, f Field) string {
		if i, ok := col[f]; ok && i < len(r) {
			return strings.TrimSpace(r[i])
		}
		return ""
	}
	filled, links, texts, logged := 0, 0, 0, 0
	for _, r := range rows {
		if blank(r) {
			continue
		}
		filled++
		found := false
		for i, c := range r {
			if i < len(fields) && fields[i] != FieldURL && fields[i] != "" {
				continue
			}
			found = found || holdsAddress([]string{c})
		}
		if found {
			links++
		}
		if cell(r, FieldText) != "" {
			texts++
		}
		if m, err := parseMoment(cell(r, FieldTime), false, false); err == nil && m.precision <= post.Second && cell(r, FieldAccountName) != "" {
			logged++
		}
	}
	_, byHand := col[FieldFoundBy]
	if _, ok := col[FieldScreenshot]; ok {
		byHand = true
	}
	switch {
	case filled == 0 || links*2 < filled:
		return false
	case logged*2 > filled && !byHand:
		return false
	}
	return byHand || texts*4 < filled*3
}

// holdsAddress reports whether an address stands in one of the cells.
func holdsAddress(cells []string) bool {
	return slices.ContainsFunc(cells, func(c string) bool { return isAddress(c) || len(address.Find(c)) > 0 })
}

func readLinks(in *Input, o *Options, out Sink) error {
	for _, f := range []Field{FieldID, FieldObject, FieldAccount} {
		if o.Columns[string(f)] != "" && o.Worklist == nil { // an analysis of rows, not a worklist
			return readTables(nil)(in, o, out)
		}
	}
	w, err := readWorklist(in, o)
	if errors.Is(err, ErrTooLong) && w.Comma != 0 { // a table for programs, not a sheet somebody keeps
		r, err := in.Again()
		if err != nil {
			return err
		}
		defer r.Close()
		in.R = r
		out.Note(fmt.Sprintf("the table has more than %d rows: it was read as a table and not as a sheet of links", maxSheetRows))
		return readTables(nil)(in, o, out)
	}
	if err != nil && len(w.Entries) == 0 {
		return err
	}
	for _, n := range w.Notes {
		out.Note(n)
	}
	if o.Worklist != nil {
		o.Worklist(w)
	}
	posts := w.Posts()
	for i := range posts {
		if err := out.Post(&posts[i]); err != nil {
			return err
		}
	}
	for i := range w.Rows {
		reason := ""
		switch r := &w.Rows[i]; {
		case r.Empty:
			reason = "empty row"
		case w.merged(i):
			reason = "row that names the publication of an earlier row: merged with it"
		case w.bare(i):
			reason = "row without an address or a text: in the worklist only"
		}
		if reason != "" {
			if err := out.Skip(reason); err != nil {
				return err
			}
		}
	}
	return err
}

// bare reports whether row i gives no post, for want of address and text.
func (w *Worklist) bare(i int) bool {
	for _, e := range w.Rows[i].Entries {
		if x := w.Entries[e]; x.Typed != "" || x.Text != "" {
			return false
		}
	}
	return true
}
