package collect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/internal/address"
	"github.com/arasha-org/arasha/post"
)

// maxSheetRows bounds the memory of a worklist, which holds all its rows.
const maxSheetRows = 50_000

// ErrTooLong marks a table that is too long for a sheet of links.
var ErrTooLong = fmt.Errorf("it has more than %d rows: too long for a sheet of links", maxSheetRows)

// readWorklist reads a table or a list of addresses, one per line, as a sheet
// of links. It returns what could be read together with the error that ended
// the reading early.
func readWorklist(in *Input, o *Options) (*Worklist, error) {
	w := &Worklist{File: in.Name, Ref: in.Ref, Earliest: -1, ZoneAssumed: o.Zone == nil, byKey: map[string]int{}}
	note := func(s string) {
		if !slices.Contains(w.Notes, s) {
			w.Notes = append(w.Notes, s)
		}
	}
	err := sheetTables(in, o, note, w, func(t *Table, around bool) error {
		return w.table(t, around, o, note)
	})
	for _, e := range w.Entries {
		w.settle(e)
		w.lacks(e)
	}
	w.findEarliest()
	return w, err
}

// sheetTables yields the tables of in, or the lines of a list as a table with
// one column (around is set: other words may stand around the address).
func sheetTables(in *Input, o *Options, note func(string), w *Worklist, yield func(t *Table, around bool) error) error {
	all := *o
	all.anyColumns = true
	if in.Zip != nil {
		return sheets(in, &all, nil, note, func(t *Table) error { return yield(t, false) })
	}
	p, err := in.peek(o, nil)
	if err != nil && !errors.Is(err, errNoTable) {
		return err
	}
	if err == nil && !p.isList() {
		if p.hasHeader && p.known == 0 && !namesColumns(p.header) && len(o.Columns) == 0 {
			p.hasHeader, p.sample = false, append([][]string{p.header}, p.sample...)
			p.header = make([]string, len(p.header))
		}
		in.peeked = p
		w.Comma = p.dialect.comma
		return tables(in, &all, nil, note, func(t *Table) error { return yield(t, false) })
	}
	q, err := listOf(in, o, p)
	if err != nil {
		return err
	}
	in.peeked = q
	defer func() { in.peeked = nil }()
	t := &Table{Header: []string{"address"}, Fields: []Field{FieldURL}, Sign: "addresses, one per line"}
	if q.hasHeader {
		t.Header, t.HeaderLine = q.header, q.headerLine
	}
	q.feed(t, in, note)
	again := t.again
	t.again = func(yield func(*Row) bool) error {
		return again(func(row *Row) bool {
			if row.Bad == "" { // the dates stand beside the addresses
				_, rest := cutAddresses(row.Cells[0])
				row.Cells = []string{rest}
			}
			return yield(row)
		})
	}
	return yield(t, true)
}

// isList reports whether a file is lines rather than a table: one column, or
// lines that a comma in the text cuts in different numbers of cells.
func (p *peeked) isList() bool {
	if len(p.header) == 1 {
		return true
	}
	if p.known > 0 && p.hasHeader || len(p.sample) == 0 {
		return false
	}
	fit := 0
	for _, r := range p.sample {
		if len(r) == len(p.header) {
			fit++
		}
	}
	return fit*10 < len(p.sample)*8
}

// listOf is the way to read in as lines.
func listOf(in *Input, o *Options, p *peeked) (*peeked, error) {
	head := bytes.TrimLeft(bytes.TrimPrefix(in.Head, bom), " \t\r\n")
	if len(head) == 0 {
		return nil, fmt.Errorf("%w: it is empty", errNoTable)
	}
	q := &peeked{charset: mustCharset("utf-8")}
	if p != nil {
		*q = *p
	} else {
		if c, ok := wideCharset(in.Head); ok && o.Encoding == "" {
			q.wide = c
			b, _ := io.ReadAll(c.decodeWide(bytes.NewReader(in.Head[:len(in.Head)&^1])))
			head = b
		}
		if o.Encoding != "" {
			c, err := charsetNamed(o.Encoding)
			if err != nil {
				return nil, err
			}
			if q.charset, q.decided = c, true; c.wide != nil {
				q.wide, q.charset = c, mustCharset("utf-8")
			}
		} else if q.charset, q.decided = byteCharset(head); !q.decided {
			q.charset = mustCharset("utf-8")
		}
		q.dialect.eol = '\n'
		if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
			q.dialect.eol = '\r'
		}
		if binaryBytes(head) || head[0] == '{' || head[0] == '<' && bytes.Contains(head[:min(len(head), 1024)], []byte("</")) {
			return nil, errNoTable
		}
	}
	q.hasHeader = p != nil && p.hasHeader && p.known > 0 && len(p.header) == 1
	if !q.hasHeader {
		q.header, q.headerLine = []string{""}, 0
	}
	q.layout, q.sign = nil, "addresses, one per line"
	q.dialect = dialect{comma: 0x1f, eol: q.dialect.eol} // the unit separator stands in no list
	return q, nil
}

// namesColumns reports whether a first row in which no heading is known can
// still be one: all its cells are filled with short words.
func namesColumns(cells []string) bool {
	for _, c := range cells {
		c = strings.TrimSpace(c)
		if c == "" || len([]rune(c)) > 40 || strings.ContainsAny(c, "@/") {
			return false
		}
	}
	return len(cells) > 1
}

// table reads all rows of t.
func (w *Worklist) table(t *Table, around bool, o *Options, note func(string)) error {
	own := *o
	out := noteSink{note: note}
	width, added := len(t.Header), false
	if n := width - len(AddedColumns); n > 0 && slices.Equal(t.Header[n:], AddedColumns) {
		width, added = n, true
		cut := *t // t itself goes on to read rows of the whole width
		cut.Header, cut.Fields = t.Header[:n], t.Fields[:n]
		again := t.again
		t = &cut
		t.again = func(yield func(*Row) bool) error {
			return again(func(row *Row) bool {
				row.Cells = row.Cells[:min(len(row.Cells), width)]
				return yield(row)
			})
		}
	}
	r, err := newRowReader(t, &own, out)
	if err != nil {
		return err
	}
	sheet := WorkSheet{Name: t.Sheet, Header: slices.Clone(t.Header), HeaderRow: t.HeaderLine, Added: added}
	w.Sheets = append(w.Sheets, sheet)
	reader := &sheetReader{w: w, t: t, r: r, o: &own, year0: o.Year, around: around, sheet: len(w.Sheets) - 1, yearCol: yearColumn(t.Header),
		foundBy: t.Column(FieldFoundBy), foundAt: t.Column(FieldFoundAt), note: t.Column(FieldNote), shot: t.Column(FieldScreenshot)}
	reader.guess()
	label := t.HeaderLine
	err = t.Rows(func(row *Row) bool {
		if t.Sheet == "" { // as a spreadsheet program counts, whatever lines a cell has
			for range min(row.passed, int64(maxSheetRows-len(w.Rows))) {
				label++
				w.Rows = append(w.Rows, WorkRow{Sheet: reader.sheet, Row: label, Cells: make([]string, len(t.Header)), Empty: true})
			}
			label++
		} else {
			label = row.Line
		}
		if len(w.Rows) >= maxSheetRows {
			err = ErrTooLong
			return false
		}
		row.Cells = row.Cells[:min(len(row.Cells), width)]
		reader.row(row, label)
		return true
	})
	if len(w.Rows) >= maxSheetRows {
		err = ErrTooLong
	}
	r.notes.flush(out)
	return err
}

// noteSink takes only what is said about columns.
type noteSink struct{ note func(string) }

func (noteSink) Post(*post.Post) error { return nil }
func (noteSink) Reject(Reject) error   { return nil }
func (noteSink) Skip(string) error     { return nil }
func (n noteSink) Note(s string)       { n.note(s) }

// NoCopy is what is missing of every entry, for nothing is fetched.
const NoCopy = "a copy of the page"

// lacks says what is missing of an entry, after the time was settled.
func (w *Worklist) lacks(e *Entry) {
	var m []string
	switch {
	case e.URL == "":
	case e.Short:
		m = append(m, "the address it leads to: a short link does not show it without being opened")
	case e.CopyOf != "":
		e.Remarks = append(e.Remarks, "an archived copy of "+e.CopyOf)
		if of, ok := address.Parse(e.CopyOf); ok {
			if i, ok := w.byKey[key(of)]; ok {
				e.Remarks = append(e.Remarks, "its original is in row "+w.RowName(w.Entries[i].Rows[0]))
			}
		}
	case e.Kind == string(address.Profile) || e.Kind == string(address.Channel):
		m = append(m, "the post: the address shows an account")
	case e.Kind == string(address.Search):
		m = append(m, "the post: a page of search results is different for every reader")
	}
	if e.Text == "" {
		m = append(m, "text")
	}
	if e.Handle == "" && e.Account == "" {
		m = append(m, "account")
	}
	m = append(m, NoCopy)
	e.Missing = append(m, e.Missing...)
}
