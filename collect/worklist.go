package collect

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/address"
	"github.com/arasha-org/arasha/post"
)

// A Worklist is a sheet of links, read: every row of it, and the publications
// they name. Nothing is fetched, and no row is ever rejected; what a row does
// not say stands in Missing, in words.
type Worklist struct {
	File     string
	Ref      evidence.Ref
	Sheets   []WorkSheet
	Rows     []WorkRow // all rows, also empty ones, in the order of the file
	Entries  []*Entry  // different publications, in the order of their first row
	Earliest int       // the entry with the earliest time, -1 when no time is known
	Notes    []string  // about columns: zones assumed, dates that stay open

	ZoneAssumed bool // times without a zone were taken as UTC without being told so
	Comma       byte // of a delimited file; 0 for lists and workbooks
	byKey       map[string]int
	earliest    string
}

// AddedColumns are the columns that a sheet of links is given back with. A
// sheet that has them already is read without them, and given back with them
// written anew. docs/formats/worklist.md says what they hold.
var AddedColumns = []string{"row", "same as row", "platform", "id", "kind", "clean address", "time", "how the time is known",
	"earliest held", "days apart from the earliest", "what is kept", "what is missing", "remarks"}

// A WorkSheet is one table of the file.
type WorkSheet struct {
	Name      string   // of a sheet in a workbook
	Header    []string // column names as printed, without AddedColumns; "column 1", … when there is no heading
	HeaderRow int64    // 0 when there is no heading
	Added     bool     // AddedColumns stood behind Header
}

// A WorkRow is one row of a sheet of links.
type WorkRow struct {
	Sheet   int      // index into Worklist.Sheets
	Row     int64    // as a spreadsheet program counts rows: the first line of the file is 1
	Record  int64    // as Post.Source.Record
	Cells   []string // as they stand in the file
	Entries []int    // indexes into Worklist.Entries; several when the row has several addresses
	Empty   bool     // nothing stands in the row
	Missing []string // what the row lacks, in words
	Remarks []string // what does not agree, or was put right

	// Kept apart from the post: who found it and what they noted.
	FoundBy, FoundAt, Note, Screenshot string

	stated statedTime
}

// An Entry is one publication, with all rows that name it.
type Entry struct {
	Rows     []int  // indexes into Worklist.Rows, the first first
	Typed    string // the address as it stands in the first row, "" when there is none
	URL      string // clean: tracking removed, one form; "" when Typed cannot be read
	Platform string // from the address; as stated where there is none
	ID       string // the platform's id of the post, "" when the address shows none
	Kind     string // "post", "profile", "channel", "search", "other", "" without an address
	Handle   string // the account as the address shows it
	Account  string // the account as the rows state it
	Time     post.Time
	TimeText string // the time and how it is known, in words
	Text     string
	Lang     string
	Links    []string  // other addresses in the row
	CopyOf   string    // what the address is an archived copy of
	Short    bool      // the address only leads on to another
	Missing  []string  // what is missing, in words
	Remarks  []string  // what does not agree between rows, or with the id
	base     post.Post // what the columns of the first row say
	idTime   post.Time
}

// RowName names a row to people: "17", or "17 of Sheet2" where there are
// several sheets.
func (w *Worklist) RowName(i int) string {
	r := &w.Rows[i]
	s := strconv.FormatInt(r.Row, 10)
	if len(w.Sheets) > 1 {
		s += " of " + w.Sheets[r.Sheet].Name
	}
	return s
}

// SameAs names the other rows with the same publication as row i, "" when
// there are none.
func (w *Worklist) SameAs(i int) string {
	var names []string
	for _, e := range w.Rows[i].Entries {
		for _, j := range w.Entries[e].Rows {
			if j != i {
				names = append(names, w.RowName(j))
			}
		}
	}
	return strings.Join(names, ", ")
}

// Twins is the number of rows that only name what an earlier row names.
func (w *Worklist) Twins() (n int) {
	for i := range w.Rows {
		if w.merged(i) {
			n++
		}
	}
	return n
}

// merged reports whether row i adds no publication of its own.
func (w *Worklist) merged(i int) bool {
	for _, e := range w.Rows[i].Entries {
		if w.Entries[e].Rows[0] == i {
			return false
		}
	}
	return len(w.Rows[i].Entries) > 0
}

// Kept says what is held of an entry, in words.
func (w *Worklist) Kept(e *Entry) []string {
	var k []string
	switch {
	case e.URL != "":
		k = append(k, "address")
	case e.Typed != "":
		k = append(k, "address as typed")
	}
	if e.ID != "" {
		k = append(k, "id")
	}
	if e.Handle != "" || e.Account != "" {
		k = append(k, "account")
	}
	switch {
	case e.Time.Basis == post.ID:
		k = append(k, "time from the id")
	case e.Time.Known():
		k = append(k, "stated "+timeUnit(e.Time.Precision))
	}
	if e.Text != "" {
		k = append(k, "text as typed in")
	}
	for _, i := range e.Rows {
		if s := w.Rows[i].Screenshot; s != "" {
			k = append(k, "name of a screenshot ("+clip(s, 80)+")")
		}
	}
	return k
}

func timeUnit(p post.Precision) string {
	if p >= post.Day {
		return p.String()
	}
	return "time"
}

// Posts returns the publications as posts: one for each entry that has an
// address or a text. Rows that name one publication become one post; the
// others are in its Extra["rows"]. Who found a row is in none of them.
func (w *Worklist) Posts() []post.Post {
	var posts []post.Post
	for _, e := range w.Entries {
		if e.Typed == "" && e.Text == "" {
			continue
		}
		p := e.base
		p.Platform, p.Text, p.Lang, p.URL, p.Time, p.Links = e.Platform, e.Text, e.Lang, e.URL, e.Time, e.Links
		p.Account = post.Account{ID: e.Handle, Name: e.Account}
		p.Source = post.Source{Ref: w.Ref, Record: w.Rows[e.Rows[0]].Record}
		switch {
		case e.URL == "":
			p.URL = e.Typed
		case e.ID != "":
			p.ID = e.ID
		case p.ID == "":
			p.ID = e.URL
		}
		if e.Kind == string(address.Other) && e.Account != "" {
			p.Links = append([]string{e.URL}, p.Links...) // somebody's account published a page: a shared link
		}
		if len(e.Rows) > 1 {
			names := make([]string, len(e.Rows))
			for i, j := range e.Rows {
				names[i] = w.RowName(j)
			}
			extra := map[string]string{"rows": strings.Join(names, ", ")}
			for k, v := range p.Extra {
				extra[k] = v
			}
			p.Extra = extra
		}
		posts = append(posts, p)
	}
	return posts
}

// ApartFromEarliest says how far entry e lies from the earliest one held, in
// words: "0–1 days", "not known". It is "" for the earliest itself.
func (w *Worklist) ApartFromEarliest(e int) string {
	if w.Earliest < 0 {
		return "not known"
	}
	if e == w.Earliest {
		return ""
	}
	least, most, ok := timesApart(w.Entries[w.Earliest].Time, w.Entries[e].Time, w.ZoneAssumed)
	if !ok {
		return "not known"
	}
	return apartWords(least, most)
}

// findEarliest sets Earliest and its words.
func (w *Worklist) findEarliest() {
	defer func() { w.earliest = w.earliestWords() }()
	w.Earliest = -1
	for i, e := range w.Entries {
		if !e.Time.Known() || e.Time.Basis == post.Collected || e.Time.Basis == post.Batch {
			continue
		}
		if w.Earliest < 0 {
			w.Earliest = i
			continue
		}
		a0, a1 := meant(w.Entries[w.Earliest].Time)
		b0, b1 := meant(e.Time)
		if b0.Before(a0) || b0.Equal(a0) && b1.Before(a1) {
			w.Earliest = i
		}
	}
}

// EarliestWords names the earliest publication held, with its rivals where
// what is known of the times leaves it open: "row 12 (2020-04-28), or row 14".
func (w *Worklist) EarliestWords() string { return w.earliest }

func (w *Worklist) earliestWords() string {
	if w.Earliest < 0 {
		return "not known"
	}
	first := w.Entries[w.Earliest]
	s := fmt.Sprintf("row %s (%s)", w.RowName(first.Rows[0]), printed(first.Time))
	_, end := meant(first.Time)
	slack := func(e *Entry) bool {
		return w.ZoneAssumed && (e.Time.Basis == post.Local) != (first.Time.Basis == post.Local)
	}
	var rivals []string
	for i, e := range w.Entries {
		if i == w.Earliest || !e.Time.Known() {
			continue
		}
		from, _ := meant(e.Time)
		if slack(e) {
			from = from.Add(-zoneSlack)
		}
		if from.Before(end) {
			rivals = append(rivals, w.RowName(e.Rows[0]))
		}
	}
	switch n := len(rivals); {
	case n == 1:
		s += ", or row " + rivals[0]
	case n > 5:
		s += fmt.Sprintf(", or one of %d others as early as far as is known", n)
	case n > 1:
		s += ", or one of the rows " + strings.Join(rivals, ", ")
	}
	return s
}

// printed prints a time no more exactly than it is known, with its zone where
// hours are printed.
func printed(t post.Time) string {
	if t.Precision >= post.Day && t.Basis == post.Local {
		if z, err := parseZone(t.Zone); err == nil { // the day as it was written
			u := t.UTC().In(z)
			t = post.Time{Millis: u.UnixMilli() + int64(offset(u))*1000, Precision: t.Precision}
		}
	}
	if t.Precision == post.Millisecond {
		t.Precision = post.Second // people do not compare thousandths
	}
	s := t.String()
	if t.Known() && t.Precision < post.Day {
		s += " UTC"
	}
	return s
}
