package collect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

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

// sheetReader makes entries of the rows of one table.
type sheetReader struct {
	w       *Worklist
	t       *Table
	r       *rowReader
	o       *Options // of r, with the year of the row
	year0   int
	around  bool
	sheet   int
	yearCol int

	foundBy, foundAt, note, shot int
}

// guess takes, where no heading names them, the columns for addresses, times
// and texts by what stands in them.
func (s *sheetReader) guess() {
	r := s.r
	if r.url >= 0 && (r.time >= 0 || r.date >= 0) {
		return
	}
	var rows [][]string
	s.t.again(func(row *Row) bool {
		if row.Bad == "" {
			rows = append(rows, slices.Clone(row.Cells))
		}
		return len(rows) < 1000
	})
	named := r.url >= 0
	for i, f := range guessFields(rows, len(s.t.Header)) {
		if s.t.Fields[i] != "" {
			continue
		}
		var col *int
		switch {
		case f == FieldURL && r.url < 0:
			col = &r.url
		case f == FieldTime && r.time < 0 && r.date < 0:
			col = &r.time
		case f == FieldText && r.text < 0 && !named: // not one of many unknown columns
			col = &r.text
		}
		if col != nil {
			*col = i
			r.notes.add(fmt.Sprintf("the column %q was read as %s, for what stands in it", s.t.Header[i], f), "")
		}
	}
}

// apart reports whether a column is never searched for the address of a post.
func (s *sheetReader) apart(col int) bool {
	switch s.t.Fields[col] {
	case FieldAccountURL, FieldFoundBy, FieldMediaURL, FieldScreenshot, FieldLinks, FieldNote:
		return true
	}
	return false
}

// row makes the entries of one row.
func (s *sheetReader) row(row *Row, label int64) {
	w, r := s.w, s.r
	x := WorkRow{Sheet: s.sheet, Row: label, Record: row.Number, Cells: slices.Clone(row.Cells)}
	at := len(w.Rows)
	if row.Bad != "" {
		s.bad(row, &x, at)
		return
	}
	if x.Empty = blank(row.Cells); x.Empty {
		w.Rows = append(w.Rows, x)
		return
	}
	r.cells = row.Cells
	for col, dst := range map[int]*string{s.foundBy: &x.FoundBy, s.foundAt: &x.FoundAt, s.note: &x.Note, s.shot: &x.Screenshot} {
		if col >= 0 {
			*dst = strings.TrimSpace(r.cell(col))
		}
	}
	s.o.Year = s.year0
	if y, by := r.yearOf(s.yearCol); y != 0 && s.o.Year == 0 {
		s.o.Year, r.yearBy = y, by
	}
	var base post.Post
	r.post(row, &base)
	for _, of := range []*string{&base.RepostOf, &base.ReplyTo} {
		if a, ok := address.Parse(*of); ok && a.ID != "" {
			*of = a.ID
		}
	}
	x.stated = r.statedTime(base.Time)

	found, rest := s.addresses(&x)
	text := strings.TrimSpace(r.cell(r.text))
	if rest != "" && x.stated.text == "" {
		if date, m, other := dateBeside(rest, s.around); date != "" {
			x.stated = statedTime{text: date, time: r.settled(row, r.url, date, m)}
			x.stated.explain(r, r.url)
			rest = other
		}
	}
	if len(found) == 0 || len([]rune(rest)) < 3 {
		rest = ""
	}
	if rest != "" && rest != text {
		x.Remarks = append(x.Remarks, "beside the address stands: "+clip(rest, 120))
		if text == "" && s.around {
			text = rest
		}
	}
	if len(found) > 1 {
		x.Remarks = append(x.Remarks, fmt.Sprintf("%d addresses in one row: what the row states was taken for each", len(found)))
	}
	links := base.Links
	if r.text != r.url {
		for _, l := range address.Find(text) {
			if !slices.Contains(found, l) && !slices.Contains(links, l) {
				links = append(links, l)
			}
		}
	}
	e := Entry{Text: text, Lang: base.Lang, Links: links, Platform: base.Platform, Account: statedAccount(r), base: base}
	if len(found) == 0 {
		s.without(&x, e, at)
		return
	}
	for _, typed := range found {
		y := e
		s.add(&x, at, typed, y)
	}
	w.Rows = append(w.Rows, x)
}

// dateBeside finds the date that stands beside an address: all there is, or,
// in a list, the first or last words of it.
func dateBeside(s string, list bool) (date string, m moment, rest string) {
	day := func(s string) (moment, bool) {
		m, err := parseMoment(s, false, false)
		return m, err == nil && !m.clockOnly && m.precision != post.Year && m.basis != post.Unix && !m.serial
	}
	if m, ok := day(s); ok {
		return s, m, ""
	}
	words := strings.Fields(s)
	if !list {
		return "", moment{}, s
	}
	for n := min(len(words)-1, 6); n > 0; n-- {
		for _, front := range []bool{true, false} {
			some, other := words[:n], words[n:]
			if !front {
				some, other = words[len(words)-n:], words[:len(words)-n]
			}
			text := strings.Trim(strings.Join(some, " "), ",;:()[]–—- ")
			if m, ok := day(text); ok {
				return text, m, strings.Trim(strings.Join(other, " "), ",;:–—- ")
			}
		}
	}
	return "", moment{}, s
}

// statedAccount returns who the row says published.
func statedAccount(r *rowReader) string {
	for _, c := range []int{r.name, r.account} {
		if s := strings.TrimSpace(r.cell(c)); s != "" && !isMissing(s) {
			if a, ok := address.Parse(s); ok && a.Account != "" {
				return a.Account
			}
			return strings.TrimPrefix(s, "@")
		}
	}
	if a, ok := address.Parse(r.cell(r.accountURL)); ok {
		return a.Account
	}
	return ""
}

// addresses finds the addresses of a row: in their column, else in any other;
// rest is what stands beside them in their column.
func (s *sheetReader) addresses(x *WorkRow) (found []string, rest string) {
	cell := s.r.cell(s.r.url)
	if found, rest = cutAddresses(cell); len(found) > 0 {
		return found, rest
	}
	if _, ok := address.Parse(cell); ok { // a bare "example.org"
		return []string{strings.TrimSpace(cell)}, ""
	}
	for i, c := range s.r.cells {
		if i == s.r.url || s.apart(i) {
			continue
		}
		if found, _ := cutAddresses(c); len(found) > 0 {
			if s.r.url >= 0 {
				x.Remarks = append(x.Remarks, fmt.Sprintf("the address stood in the column %q", s.t.Header[i]))
			}
			return found, ""
		}
	}
	return nil, strings.TrimSpace(cell)
}

// cutAddresses parts a cell into its addresses and what stands around them.
// An address given twice counts once.
func cutAddresses(cell string) (found []string, rest string) {
	rest = cell
	for _, raw := range address.Find(cell) {
		i := strings.Index(rest, raw)
		rest = rest[:i] + " " + rest[i+len(raw):]
		if !slices.Contains(found, raw) {
			found = append(found, raw)
		}
	}
	if len(found) == 0 {
		return nil, strings.TrimSpace(cell)
	}
	return found, strings.TrimSpace(strings.TrimFunc(rest, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;|-–—:<>()[]«»\"'•*.", r)
	}))
}

// without makes the entry of a row in which no address can be read.
func (s *sheetReader) without(x *WorkRow, e Entry, at int) {
	typed := strings.TrimSpace(s.r.cell(s.r.url))
	if _, ok := address.Parse(s.r.cell(s.r.accountURL)); ok {
		x.Missing = append(x.Missing, "address of the post: only that of the account is given")
		s.add(x, at, s.r.cell(s.r.accountURL), e)
		s.w.Rows = append(s.w.Rows, *x)
		return
	}
	switch {
	case typed == "" || isMissing(typed):
		x.Missing = append(x.Missing, "address")
	case strings.HasPrefix(typed, "@") && !strings.ContainsAny(typed, " /"):
		x.Missing = append(x.Missing, fmt.Sprintf("address: %q names an account, not its platform", clip(typed, 60)))
		e.Account = strings.TrimPrefix(typed, "@")
	default:
		x.Missing = append(x.Missing, fmt.Sprintf("address: %q cannot be read as one", clip(typed, 80)))
		e.Typed = typed
	}
	e.Rows = []int{at}
	x.Entries = append(x.Entries, len(s.w.Entries))
	s.w.Entries = append(s.w.Entries, &e)
	s.w.Rows = append(s.w.Rows, *x)
}

// bad makes an entry of a row that could not be cut into cells.
func (s *sheetReader) bad(row *Row, x *WorkRow, at int) {
	whole := strings.ToValidUTF8(string(row.Raw), "\ufffd")
	if s.t.Header != nil {
		x.Cells = make([]string, len(s.t.Header))
		x.Cells[max(s.r.url, 0)] = whole
	}
	x.Missing = append(x.Missing, "columns: "+row.Bad+"; only the addresses in it were read")
	found, _ := cutAddresses(whole)
	if len(found) == 0 {
		x.Missing = append(x.Missing, "address")
		x.Entries = []int{len(s.w.Entries)}
		s.w.Entries = append(s.w.Entries, &Entry{Rows: []int{at}, Typed: clip(whole, 200)})
	}
	for _, typed := range found {
		s.add(x, at, typed, Entry{})
	}
	s.w.Rows = append(s.w.Rows, *x)
}

// add joins the row at with the entry of its address, or begins a new one.
func (s *sheetReader) add(x *WorkRow, at int, typed string, e Entry) {
	w := s.w
	a, ok := address.Parse(typed)
	if !ok {
		e.Typed, e.Rows = typed, []int{at}
		x.Entries = append(x.Entries, len(w.Entries))
		w.Entries = append(w.Entries, &e)
		return
	}
	if a.Repaired {
		x.Remarks = append(x.Remarks, fmt.Sprintf("the address was written %q", clip(typed, 120)))
	}
	if e.Platform != "" && a.Platform != "web" && a.Platform != "archive" && e.Platform != a.Platform {
		x.Remarks = append(x.Remarks, fmt.Sprintf("the row says %s, the address is of %s", e.Platform, a.Platform))
	}
	if e.Account != "" && a.Account != "" && sameKind(e.Account, a.Account) && !strings.EqualFold(e.Account, a.Account) {
		x.Remarks = append(x.Remarks, fmt.Sprintf("the row names the account %s, the address shows %s", e.Account, a.Account))
	}
	e.Typed, e.URL, e.Platform, e.ID, e.Kind, e.Handle = typed, a.Canonical, a.Platform, a.ID, string(a.Kind), a.Account
	e.CopyOf, e.Short = a.CopyOf, a.Short
	if a.Unit != 0 {
		e.idTime = post.At(a.Time.Truncate(time.Millisecond), unitPrecision(a.Unit), post.ID)
	}
	key := key(a)
	// A page that two accounts published is a link they share, not one post.
	if a.Kind == address.Other && e.Account != "" {
		key += "\x00" + strings.ToLower(e.Account)
	}
	i, seen := w.byKey[key]
	if !seen {
		i = len(w.Entries)
		w.byKey[key] = i
		e.Rows = []int{at}
		w.Entries = append(w.Entries, &e)
		x.Entries = append(x.Entries, i)
		return
	}
	old := w.Entries[i]
	if slices.Contains(old.Rows, at) { // twice in one row
		return
	}
	x.Entries = append(x.Entries, i)
	old.Rows = append(old.Rows, at)
	name := fmt.Sprint(x.Row)
	switch {
	case old.Text == "":
		old.Text = e.Text
	case e.Text != "" && !sameWords(e.Text, old.Text):
		old.Remarks = append(old.Remarks, "row "+name+" has another text: "+clip(e.Text, 120))
	}
	switch {
	case old.Account == "":
		old.Account = e.Account
	case e.Account != "" && !strings.EqualFold(e.Account, old.Account):
		old.Remarks = append(old.Remarks, "row "+name+" names another account: "+clip(e.Account, 60))
	}
	if old.Handle == "" {
		old.Handle = e.Handle
	}
	if old.Lang == "" {
		old.Lang = e.Lang
	}
	for _, l := range e.Links {
		if !slices.Contains(old.Links, l) {
			old.Links = append(old.Links, l)
		}
	}
	if old.base.Extra == nil {
		old.base.Extra = e.base.Extra
	}
}

// key is the same for all addresses of one publication.
func key(a address.Address) string {
	if a.ID != "" {
		return a.Platform + "\x00" + a.ID
	}
	return a.Canonical
}

func sameWords(a, b string) bool {
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}

// sameKind reports whether two account names can be compared: both are handles
// of plain letters. A display name beside a handle is no contradiction.
func sameKind(stated, shown string) bool {
	for _, r := range stated {
		if r > 0x7f || r == ' ' {
			return false
		}
	}
	return !strings.HasPrefix(shown, "club") && !strings.HasPrefix(shown, "id") && strings.Trim(shown, "0123456789") != "" && !strings.ContainsAny(shown, "/:@")
}

func unitPrecision(u time.Duration) post.Precision {
	if u >= time.Second {
		return post.Second
	}
	return post.Millisecond
}

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
