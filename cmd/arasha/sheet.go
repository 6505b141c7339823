package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"html/template"
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
	switch strings.ToLower(filepath.Ext(o.Back)) {
	case "", ".xlsx", ".csv", ".tsv":
		if o.Back == "" || filepath.Ext(o.Back) != "" {
			break
		}
		fallthrough
	default:
		return wrongUse("name it .xlsx, .csv or .tsv", "--back %s: the form is told by the ending of the name", o.Back)
	}
	switch strings.ToLower(filepath.Ext(o.Table)) {
	case "", ".html", ".htm", ".csv":
		if o.Table == "" || filepath.Ext(o.Table) != "" {
			break
		}
		fallthrough
	default:
		return wrongUse("name it .html or .csv", "--table %s: the form is told by the ending of the name", o.Table)
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

// addedColumns are the columns that --back adds; docs/formats/worklist.md.
var addedColumns = []string{"row", "same as row", "platform", "id", "kind", "clean address", "time", "how the time is known",
	"earliest held", "days apart from the earliest", "what is kept", "what is missing", "remarks"}

// added returns the added cells of row i. A row with several addresses has
// their values one after another, with "; " between.
func added(l *collect.Worklist, i int) []string {
	row := &l.Rows[i]
	cells := make([]string, len(addedColumns))
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
	w.Write(safeRow(append(slices.Clone(l.Sheets[0].Header), addedColumns...)))
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
		b := bookSheet{x: x, name: s.Name, bold: bold}
		if fresh {
			if b.name == "" {
				b.name = "Links"
			}
			if n == 0 {
				x.SetSheetName("Sheet1", b.name)
			} else if _, err := x.NewSheet(b.name); err != nil {
				return err
			}
		}
		b.write(l, n, fresh)
		if b.err != nil {
			return b.err
		}
	}
	return x.Write(dst)
}

// bookSheet writes one sheet; err is the first that happened.
type bookSheet struct {
	x    *excelize.File
	name string
	bold int
	err  error
}

func (b *bookSheet) write(l *collect.Worklist, n int, fresh bool) {
	s := l.Sheets[n]
	first, shift, heading := len(s.Header)+1, int64(0), s.HeaderRow
	if !fresh {
		rows, err := b.x.GetRows(b.name)
		if err != nil {
			b.err = err
			return
		}
		for _, r := range rows { // also cells beyond the heading stay
			first = max(first, len(r)+1)
		}
		if heading == 0 {
			b.err = b.x.InsertRows(b.name, 1, 1)
			shift, heading = 1, 1
		}
	} else {
		if heading == 0 {
			shift = 1
		}
		heading = 1
		shift += 1 - max(s.HeaderRow, 1)
		b.row(1, 1, s.Header, b.bold)
		b.do(b.x.SetPanes(b.name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	}
	b.row(int(heading), first, addedColumns, b.bold)
	for i := range l.Rows {
		r := &l.Rows[i]
		if r.Sheet != n || b.err != nil {
			continue
		}
		at := int(r.Row + shift)
		if fresh {
			b.row(at, 1, fitted(l, i), 0)
		}
		b.row(at, first, added(l, i), 0)
	}
	for i, width := range []float64{6, 10, 11, 24, 9, 44, 24, 26, 30, 16, 30, 44, 44} {
		col, err := excelize.ColumnNumberToName(first + i)
		if b.do(err) {
			b.do(b.x.SetColWidth(b.name, col, col, width))
		}
	}
}

// row writes cells as texts, never as formulas.
func (b *bookSheet) row(row, first int, cells []string, style int) {
	for i, c := range cells {
		if c == "" || b.err != nil {
			continue
		}
		name, err := excelize.CoordinatesToCellName(first+i, row)
		if !b.do(err) {
			return
		}
		b.do(b.x.SetCellStr(b.name, name, c))
		if style != 0 {
			b.do(b.x.SetCellStyle(b.name, name, name, style))
		}
	}
}

func (b *bookSheet) do(err error) bool {
	if b.err == nil {
		b.err = err
	}
	return b.err == nil
}

//go:embed sheet/list.html
var listHTML string

//go:embed sheet/list.css
var listCSS string

var listTemplate = template.Must(template.New("list").Parse(listHTML))

// listPage is the list of publications for an annex. Who found a row is not
// in it, nor the name of the file, which may name a person.
type listPage struct {
	StyleHash string
	Style     template.CSS
	Summary   string
	Basis     string
	Order     string
	Lines     []listLine
}

type listLine struct {
	N                                    int
	When, How, Apart                     string
	Account, Platform, Href, Address, ID string
	Text, Lang, Rows                     string
	Missing, Remarks                     []string
}

// writeList writes the publications, the earliest first, those without a time
// at the end in the order of the sheet.
func writeList(dst io.Writer, l *collect.Worklist, ext string) error {
	page := listOf(l)
	if ext == ".csv" {
		w := csv.NewWriter(dst)
		w.Write([]string{"no", "published", "how the time is known", "apart from the earliest", "platform", "account", "address", "id", "text", "rows of the sheet", "what is missing", "remarks"})
		for _, x := range page.Lines {
			when := x.When
			if when == "" {
				when = "not known"
			}
			w.Write(safeRow([]string{strconv.Itoa(x.N), when, x.How, x.Apart, x.Platform, x.Account, x.Address, x.ID, x.Text, strings.TrimPrefix(strings.TrimPrefix(x.Rows, "rows "), "row "), strings.Join(x.Missing, "; "), strings.Join(x.Remarks, "; ")}))
		}
		w.Flush()
		return w.Error()
	}
	var b bytes.Buffer
	if err := listTemplate.Execute(&b, page); err != nil {
		return err
	}
	_, err := dst.Write(b.Bytes())
	return err
}

func listOf(l *collect.Worklist) *listPage {
	sum := sha256.Sum256([]byte(listCSS))
	page := &listPage{Style: template.CSS(listCSS), StyleHash: "sha256-" + base64.StdEncoding.EncodeToString(sum[:])}
	order := make([]int, 0, len(l.Entries))
	known := 0
	for i, e := range l.Entries {
		order = append(order, i)
		if e.Time.Known() {
			known++
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := l.Entries[a].Time, l.Entries[b].Time
		switch {
		case x.Known() && y.Known():
			return int(min(max(x.Millis-y.Millis, -1), 1))
		case x.Known():
			return -1
		case y.Known():
			return 1
		}
		return 0
	})
	for _, i := range order {
		page.Lines = append(page.Lines, lineOf(l, i, len(page.Lines)+1))
	}
	rows := 0
	for i := range l.Rows {
		if !l.Rows[i].Empty {
			rows++
		}
	}
	page.Summary = fmt.Sprintf("%s, named by %s of a sheet of links. The earliest held: %s.", count(int64(len(l.Entries)), "publication"), count(int64(rows), "row"), earliestLine(l))
	if l.ZoneAssumed {
		page.Basis = "Times are in UTC. A time stated without a zone was taken as UTC. "
	} else {
		page.Basis = "Times are in UTC. "
	}
	page.Basis += fmt.Sprintf("Nothing was opened to make this list, and no copy of a page is held. SHA-256 of the sheet: %s.", l.Ref)
	page.Order = fmt.Sprintf("%d with a time, the earliest first; then %d without, in the order of the sheet", known, len(order)-known)
	return page
}

func earliestLine(l *collect.Worklist) string {
	if l.Earliest < 0 {
		return "not known, for no time is"
	}
	return l.EarliestWords()
}

// maxListText is how much of a text a list prints.
const maxListText = 600

func lineOf(l *collect.Worklist, i, n int) listLine {
	e := l.Entries[i]
	x := listLine{N: n, Platform: platformTitle(e.Platform), Account: e.Account, Address: e.URL, ID: e.ID, Lang: e.Lang, Remarks: e.Remarks}
	for _, m := range e.Missing {
		if m != collect.NoCopy { // said once, above the list
			x.Missing = append(x.Missing, m)
		}
	}
	if e.Time.Known() {
		x.When, x.How, _ = strings.Cut(e.TimeText, ", ")
		if i == l.Earliest {
			x.Apart = "the earliest held"
		} else if x.Apart = l.ApartFromEarliest(i); x.Apart == "not known" {
			x.Apart = ""
		} else {
			x.Apart += " from the earliest"
		}
	}
	if x.Account == "" {
		x.Account = e.Handle
	}
	if x.Href = e.URL; e.URL == "" {
		x.Address = e.Typed
	}
	if x.Text = clipped(e.Text, maxListText); x.Text != e.Text {
		x.Text += " (cut)"
	}
	var rows []string
	for _, r := range e.Rows {
		rows = append(rows, l.RowName(r))
		x.Remarks = append(x.Remarks[:len(x.Remarks):len(x.Remarks)], l.Rows[r].Remarks...)
		for _, m := range l.Rows[r].Missing {
			if !slices.Contains(x.Missing, m) {
				x.Missing = append(x.Missing, m)
			}
		}
	}
	x.Rows = "row " + rows[0]
	if len(rows) > 1 {
		x.Rows = "rows " + strings.Join(rows, ", ")
	}
	return x
}

var platformTitles = map[string]string{"twitter": "X (Twitter)", "telegram": "Telegram", "vk": "VK", "facebook": "Facebook", "instagram": "Instagram", "tiktok": "TikTok",
	"youtube": "YouTube", "ok": "OK (Odnoklassniki)", "threads": "Threads", "reddit": "Reddit", "linkedin": "LinkedIn", "discord": "Discord", "mastodon": "Mastodon",
	"bluesky": "Bluesky", "livejournal": "LiveJournal", "rutube": "Rutube", "dzen": "Dzen", "vimeo": "Vimeo", "dailymotion": "Dailymotion", "archive": "archived copy", "web": "web page"}

func platformTitle(p string) string {
	if t, ok := platformTitles[p]; ok {
		return t
	}
	return p
}

// sheetSummary says in words what a sheet of links holds.
func sheetSummary(w *world, l *collect.Worklist) {
	p := func(format string, args ...any) { fmt.Fprintf(w.out, "  "+format+"\n", args...) }
	empty, bare := 0, 0
	for i := range l.Rows {
		switch r := &l.Rows[i]; {
		case r.Empty:
			empty++
		case len(r.Entries) == 1 && l.Entries[r.Entries[0]].URL == "":
			bare++
		}
	}
	byID, stated, open := 0, 0, 0
	for _, e := range l.Entries {
		switch {
		case e.Time.Basis == post.ID:
			byID++
		case e.Time.Known():
			stated++
		default:
			open++
		}
	}
	p("sheet     %s: %s, %s, %d without a readable address, %d empty", count(int64(len(l.Rows)), "row"),
		count(int64(len(l.Entries)), "publication"), count(int64(l.Twins()), "twin"), bare, empty)
	p("times     %d from the id, %d as stated, %d not known", byID, stated, open)
	p("earliest  %s", l.EarliestWords())
}
