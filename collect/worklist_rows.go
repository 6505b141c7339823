package collect

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/arasha-org/arasha/internal/address"
	"github.com/arasha-org/arasha/post"
)

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
