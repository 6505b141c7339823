package collect

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// sheets yields the tables of an XLSX workbook (ECMA-376). Cells are read as
// they are stored, not as they are shown: a date is a day number, an id has
// all the digits that were kept.
func sheets(in *Input, o *Options, f *layout, note func(string), yield func(*Table) error) error {
	var size uint64
	for _, m := range in.Zip.File {
		r, err := in.OpenMember(m) // refuses what is a bomb by its own word
		if err != nil {
			return err
		}
		r.Close()
		size += m.UncompressedSize64
	}
	in.raw.Seek(0, 0)
	x, err := excelize.OpenReader(in.raw, excelize.Options{RawCellValue: true, UnzipSizeLimit: 4 << 30, UnzipXMLSizeLimit: 16 << 20})
	if err != nil {
		return fmt.Errorf("%w: the workbook cannot be opened (%v)", ErrBroken, err)
	}
	defer x.Close()
	base1904 := false
	if p, err := x.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		base1904 = *p.Date1904
	}
	if base1904 {
		note("the workbook counts its days from 1904")
	}
	read, first := 0, int64(0)
	var trouble error
	for _, name := range x.GetSheetList() {
		s := &sheet{x: x, name: name, first: first, small: size <= maxLinked}
		t, err := s.table(o, f)
		if errors.Is(err, errNoTable) {
			continue
		}
		if err != nil {
			note(fmt.Sprintf("the sheet %q was not read: %v", name, err))
			trouble = err
			continue
		}
		t.serials, t.base = true, base1904
		if t.HeaderLine != 0 {
			note(fmt.Sprintf("sheet %q: %s", name, recognised(t.Header, t.Fields)))
		}
		if s.foundTime != "" {
			note(fmt.Sprintf("the column %q of the sheet %q was taken for the time, by what stands in it (settle it with --columns time=…)", s.foundTime, name))
		}
		if t.HeaderLine == 0 {
			note(fmt.Sprintf("the sheet %q has no heading: %s", name, guessed(t.Fields)))
		}
		read++
		if err := yield(t); err != nil {
			return err
		}
		if s.formulas > 0 {
			note(fmt.Sprintf("%d cells of the sheet %q are formulas without a stored result: open and save the file in a spreadsheet program", s.formulas, name))
		}
		first = s.last
	}
	if read == 0 && trouble != nil {
		return trouble
	}
	if read == 0 {
		return fmt.Errorf("%w: no sheet has a heading or addresses in it", errNoTable)
	}
	return nil
}

// sheet is one sheet of a workbook being read.
type sheet struct {
	x           *excelize.File
	name        string
	first, last int64 // number of the last row before this sheet, and now
	formulas    int64
	urlCols     []int
	foundTime   string
	small       bool // may be held in memory
}

// table looks at the first rows for a heading.
func (s *sheet) table(o *Options, f *layout) (*Table, error) {
	rows, err := s.x.Rows(s.name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var sample [][]string
	var lines []int64
	width := 0
	for line := int64(1); rows.Next() && len(sample) < 50 && line < 1000; line++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		if blank(cells) {
			continue
		}
		sample, lines = append(sample, cells), append(lines, line)
		width = max(width, len(cells))
	}
	if len(sample) == 0 {
		return nil, errNoTable
	}
	at, most := heading(sample)
	p := &peeked{header: sample[at], hasHeader: !looksLikeData(sample[at]), layout: f}
	t := &Table{Sheet: s.name}
	if p.hasHeader {
		t.HeaderLine, p.sample = lines[at], sample[at+1:]
		if f == nil {
			p.layout = layoutOf(p.header)
		}
	} else {
		at, p.sample = 0, sample
		p.header = make([]string, width)
	}
	named := len(o.Columns) > 0 || o.anyColumns && slices.ContainsFunc(sample, holdsAddress)
	if named && most == 0 && p.hasHeader && !namesColumns(p.header) && len(o.Columns) == 0 {
		p.hasHeader, p.sample, p.header, t.HeaderLine = false, sample, make([]string, width), 0
	}
	if most == 0 && p.hasHeader && !named && f == nil {
		return nil, &ColumnError{"no column was recognised: name them with --columns url=…,text=…,time=…", p.header}
	}
	if t.Header, t.Fields, err = p.columns(o); err != nil {
		return nil, err
	}
	t.layout, s.foundTime = p.layout, p.foundTime
	t.Sign = fmt.Sprintf("workbook, sheet %q", s.name)
	for i, x := range t.Fields {
		if x == FieldURL || x == FieldAccountURL {
			s.urlCols = append(s.urlCols, i)
		}
	}
	t.rows = func(yield func(*Row) bool) error { return s.rows(t, true, yield) }
	t.again = func(yield func(*Row) bool) error { return s.rows(t, false, yield) }
	return t, nil
}

func (s *sheet) rows(t *Table, count bool, yield func(*Row) bool) error {
	rows, err := s.x.Rows(s.name)
	if err != nil {
		return err
	}
	defer rows.Close()
	row := &Row{Number: s.first}
	width := len(t.Header)
	buf := make([]string, width)
	for line := int64(1); rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return fmt.Errorf("%w: sheet %q, row %d (%v)", ErrBroken, s.name, line, err)
		}
		if line <= t.HeaderLine {
			continue
		}
		*row = Row{Number: row.Number + 1, Line: line, Cells: buf}
		clear(buf)
		copy(buf, cells)
		row.long = len(cells) > width && !blank(cells[width:])
		if row.empty = blank(cells); !row.empty {
			s.addresses(row, count)
		}
		if count {
			s.last = row.Number
		}
		if !yield(row) {
			return nil
		}
	}
	if err := rows.Error(); err != nil {
		return fmt.Errorf("%w: sheet %q (%v)", ErrBroken, s.name, err)
	}
	return nil
}

// maxLinked is the unpacked size up to which a workbook may be held in memory
// to look up the address behind a word; larger ones are read row by row only.
const maxLinked = 64 << 20

var hyperlink = lazyre.New(`(?i)HYPERLINK\(\s*"([^"]+)"`)

// addresses puts the address in the place of the word that is shown for it:
// of a cell with a link, and of =HYPERLINK("address","word").
func (s *sheet) addresses(row *Row, count bool) {
	if !s.small {
		return
	}
	for _, c := range s.urlCols {
		if isAddress(row.Cells[c]) {
			continue
		}
		name, err := excelize.CoordinatesToCellName(c+1, int(row.Line))
		if err != nil {
			continue
		}
		if ok, target, err := s.x.GetCellHyperLink(s.name, name); err == nil && ok && strings.Contains(target, "://") {
			row.Cells[c] = target
			continue
		}
		formula, err := s.x.GetCellFormula(s.name, name)
		if err != nil || formula == "" {
			continue
		}
		if m := hyperlink.FindStringSubmatch(formula); m != nil {
			row.Cells[c] = m[1]
		} else if row.Cells[c] == "" && count {
			s.formulas++
		}
	}
}
