package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/post"
)

// sheetOptions are what "arasha collect" gives back of a sheet of links.
type sheetOptions struct {
	Back  string `placeholder:"FILE" help:"Give the sheet of links back, same rows, same order, with columns added (.xlsx, .csv or .tsv)."`
	Table string `placeholder:"FILE" help:"Write the publications of the sheet as a list for an annex (.html or .csv)."`
}

func (o *sheetOptions) asked() bool { return o.Back != "" || o.Table != "" }

// check refuses what cannot be meant before anything is read.
func (o *sheetOptions) check(files []string, format string, others ...string) error {
	if !o.asked() {
		return nil
	}
	for i, f := range []string{o.Back, o.Table} {
		for _, g := range append(others, o.Table)[:len(others)+1-i] {
			if f != "" && g != "" && sameFile(f, g) {
				return wrongUse("name another file", "%s is named for two things", f)
			}
		}
	}
	if len(files) != 1 {
		return wrongUse("run arasha collect once for each sheet", "--back and --table take one sheet of links, not %d files", len(files))
	}
	if format != "" && format != collect.Links.Name {
		return wrongUse("leave --format out", "--back and --table read a sheet of links, not the format %s", format)
	}
	for _, f := range []struct {
		option, name string
		endings      []string
	}{{"--back", o.Back, []string{".xlsx", ".csv", ".tsv"}}, {"--table", o.Table, []string{".html", ".htm", ".csv"}}} {
		if f.name != "" && !slices.Contains(f.endings, strings.ToLower(filepath.Ext(f.name))) {
			return wrongUse("name it one of "+strings.Join(f.endings, ", "), "%s %s: the form is told by the ending of the name", f.option, f.name)
		}
	}
	return nil
}

// write writes what was asked for of l.
func (o *sheetOptions) write(l *collect.Worklist) error {
	var files []*atomicFile
	defer func() {
		for _, f := range files {
			f.abandon()
		}
	}()
	for _, job := range []struct {
		path  string
		write func(io.Writer, *collect.Worklist, string) error
	}{{o.Back, writeBack}, {o.Table, writeList}} {
		if job.path == "" {
			continue
		}
		f, err := newAtomicFile(job.path)
		if err != nil {
			return err
		}
		files = append(files, f)
		if err := job.write(f, l, strings.ToLower(filepath.Ext(job.path))); err != nil {
			return fmt.Errorf("%s: %w", job.path, err)
		}
	}
	for _, f := range files {
		if err := f.commit(); err != nil {
			return err
		}
	}
	return nil
}

// added returns the added cells of row i. A row with several addresses has
// their values one after another, with "; " between.
func added(l *collect.Worklist, i int) []string {
	row := &l.Rows[i]
	cells := make([]string, len(collect.AddedColumns))
	cells[0] = strconv.FormatInt(row.Row, 10)
	if row.Empty {
		cells[11] = "everything: the row is empty"
		return cells
	}
	cells[1] = l.SameAs(i)
	join := func(col int, s string) {
		if s == "" {
			s = "not known"
		}
		if cells[col] != "" {
			s = cells[col] + "; " + s
		}
		cells[col] = s
	}
	missing, remarks := slices.Clone(row.Missing), slices.Clone(row.Remarks)
	for _, n := range row.Entries {
		e := l.Entries[n]
		join(2, e.Platform)
		join(3, e.ID)
		join(4, e.Kind)
		join(5, e.URL)
		when, how, _ := strings.Cut(e.TimeText, ", ")
		join(6, when)
		join(7, how)
		if n == l.Earliest {
			join(8, "this row: "+l.EarliestWords())
			join(9, "it is the earliest")
		} else {
			join(8, l.EarliestWords())
			join(9, l.ApartFromEarliest(n))
		}
		join(10, strings.Join(l.Kept(e), ", "))
		for _, m := range e.Missing {
			if !slices.Contains(missing, m) {
				missing = append(missing, m)
			}
		}
		for _, m := range e.Remarks {
			if !slices.Contains(remarks, m) {
				remarks = append(remarks, m)
			}
		}
	}
	if cells[10] == "not known" {
		cells[10] = "the row only"
	}
	cells[11], cells[12] = strings.Join(missing, "; "), strings.Join(remarks, "; ")
	return cells
}

// safeCell keeps a spreadsheet program from reading a cell of a CSV file as a
// formula (OWASP, CSV injection): such a cell gets an apostrophe before it.
func safeCell(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r\n", s[0]) >= 0 {
		return "'" + s
	}
	return s
}

func safeRow(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = safeCell(c)
	}
	return out
}

// writeBack writes the sheet with the added columns.
func writeBack(dst io.Writer, l *collect.Worklist, ext string) error {
	if ext == ".xlsx" {
		return backToWorkbook(dst, l)
	}
	if len(l.Sheets) > 1 {
		return fmt.Errorf("the workbook has %d sheets of links: give it back as .xlsx", len(l.Sheets))
	}
	shown := shownCells(l)
	w := csv.NewWriter(dst)
	if w.Comma = rune(l.Comma); l.Comma == 0 {
		w.Comma = ','
	}
	if ext == ".tsv" {
		w.Comma = '\t'
	}
	w.Write(safeRow(append(slices.Clone(l.Sheets[0].Header), collect.AddedColumns...)))
	for i := range l.Rows {
		w.Write(safeRow(append(shown(i), added(l, i)...)))
	}
	w.Flush()
	return w.Error()
}

// openOriginal opens the workbook the list was read from, nil when it was none.
func openOriginal(l *collect.Worklist) *excelize.File {
	if l.Comma != 0 || len(l.Sheets) == 0 || l.Sheets[0].Name == "" {
		return nil
	}
	x, err := excelize.OpenFile(l.File)
	if err != nil {
		return nil // packed, or from standard input: its cells are written anew
	}
	return x
}

// shownCells returns the cells of a row as the person saw them: dates of a
// workbook as dates and not as the day numbers that are stored.
func shownCells(l *collect.Worklist) func(i int) []string {
	x := openOriginal(l)
	if x == nil {
		return func(i int) []string { return fitted(l, i) }
	}
	defer x.Close()
	sheets := map[int][][]string{}
	for n, s := range l.Sheets {
		sheets[n], _ = x.GetRows(s.Name)
	}
	return func(i int) []string {
		cells, r := fitted(l, i), &l.Rows[i]
		if rows := sheets[r.Sheet]; int(r.Row) <= len(rows) {
			for c, s := range rows[r.Row-1] {
				if c < len(cells) && isNumber(cells[c]) {
					cells[c] = s
				}
			}
		}
		return cells
	}
}

func isNumber(s string) bool { _, err := strconv.ParseFloat(s, 64); return err == nil }

// fitted returns the cells of row i, as many as the sheet has columns.
func fitted(l *collect.Worklist, i int) []string {
	cells := make([]string, len(l.Sheets[l.Rows[i].Sheet].Header))
	copy(cells, l.Rows[i].Cells)
	return cells
}

// backToWorkbook adds the columns to the original workbook, so that its
// formats stay, or writes a new one.
func backToWorkbook(dst io.Writer, l *collect.Worklist) error {
	x := openOriginal(l)
	fresh := x == nil
	if fresh {
		x = excelize.NewFile()
	}
	defer x.Close()
	bold, err := x.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return err
	}
	for n, s := range l.Sheets {
		if !fresh {
			if err := addToSheet(x, l, n, bold); err != nil {
				return err
			}
			continue
		}
		name := cmp.Or(s.Name, "Links")
		if n == 0 {
			err = x.SetSheetName("Sheet1", name)
		} else {
			_, err = x.NewSheet(name)
		}
		if err == nil {
			err = newSheet(x, name, l, n, bold)
		}
		if err != nil {
			return err
		}
	}
	return x.Write(dst)
}

// widths of the added columns, in characters.
var addedWidths = []float64{6, 10, 11, 24, 9, 44, 24, 26, 30, 16, 30, 44, 44}

// newSheet writes sheet n of l into an empty sheet, row by row. All cells are
// texts; none is a formula.
func newSheet(x *excelize.File, name string, l *collect.Worklist, n, bold int) error {
	s := l.Sheets[n]
	w, err := x.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, width := range addedWidths {
		if err := w.SetColWidth(len(s.Header)+1+i, len(s.Header)+1+i, width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	at := 0
	row := func(style int, cells ...string) error {
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = excelize.Cell{StyleID: style, Value: c}
		}
		at++
		return w.SetRow(fmt.Sprintf("A%d", at), values)
	}
	if err := row(bold, append(slices.Clone(s.Header), collect.AddedColumns...)...); err != nil {
		return err
	}
	for i := range l.Rows {
		if l.Rows[i].Sheet != n {
			continue
		}
		if err := row(0, append(fitted(l, i), added(l, i)...)...); err != nil {
			return err
		}
	}
	return w.Flush()
}

// addToSheet writes the added columns behind what stands in a sheet.
func addToSheet(x *excelize.File, l *collect.Worklist, n, bold int) error {
	s := l.Sheets[n]
	first, shift, heading := len(s.Header)+1, 0, int(s.HeaderRow)
	if !s.Added { // also cells beyond the heading stay
		rows, err := x.GetRows(s.Name)
		if err != nil {
			return err
		}
		for _, r := range rows {
			first = max(first, len(r)+1)
		}
	}
	if heading == 0 {
		if err := x.InsertRows(s.Name, 1, 1); err != nil {
			return err
		}
		shift, heading = 1, 1
	}
	row := func(at, style int, cells []string) error {
		for i, c := range cells {
			name, err := excelize.CoordinatesToCellName(first+i, at)
			if err == nil {
				err = x.SetCellStr(s.Name, name, c)
			}
			if err == nil && style != 0 {
				err = x.SetCellStyle(s.Name, name, name, style)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	if err := row(heading, bold, collect.AddedColumns); err != nil {
		return err
	}
	for i := range l.Rows {
		if r := &l.Rows[i]; r.Sheet == n {
			if err := row(int(r.Row)+shift, 0, added(l, i)); err != nil {
				return err
			}
		}
	}
	for i, width := range addedWidths {
		col, err := excelize.ColumnNumberToName(first + i)
		if err == nil {
			err = x.SetColWidth(s.Name, col, col, width)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sheetCounts is what "arasha collect" says of a sheet of links.
type sheetCounts struct {
	Rows           int    `json:"rows"` // also empty ones
	Publications   int    `json:"publications"`
	Twins          int    `json:"twins"` // rows that name the publication of an earlier row
	WithoutAddress int    `json:"without_address"`
	Empty          int    `json:"empty"`
	TimeFromID     int    `json:"time_from_id"`
	TimeStated     int    `json:"time_stated"`
	TimeNotKnown   int    `json:"time_not_known"`
	Earliest       string `json:"earliest"`
}

func countSheet(l *collect.Worklist) *sheetCounts {
	c := &sheetCounts{Rows: len(l.Rows), Publications: len(l.Entries), Twins: l.Twins(), Earliest: l.EarliestWords()}
	for i := range l.Rows {
		switch r := &l.Rows[i]; {
		case r.Empty:
			c.Empty++
		case len(r.Entries) == 1 && l.Entries[r.Entries[0]].URL == "":
			c.WithoutAddress++
		}
	}
	for _, e := range l.Entries {
		switch {
		case e.Time.Basis == post.ID:
			c.TimeFromID++
		case e.Time.Known():
			c.TimeStated++
		default:
			c.TimeNotKnown++
		}
	}
	return c
}

// sheetSummary says in words what a sheet of links holds.
func sheetSummary(w *world, l *collect.Worklist) {
	c := countSheet(l)
	p := func(format string, args ...any) { fmt.Fprintf(w.out, "  "+format+"\n", args...) }
	p("sheet     %s: %s, %s, %d without a readable address, %d empty", count(int64(c.Rows), "row"),
		count(int64(c.Publications), "publication"), count(int64(c.Twins), "twin"), c.WithoutAddress, c.Empty)
	p("times     %d from the id, %d as stated, %d not known", c.TimeFromID, c.TimeStated, c.TimeNotKnown)
	p("earliest  %s", c.Earliest)
}
