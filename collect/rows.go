package collect

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/arasha-org/arasha/post"
)

// A rowReader makes posts of the rows of one table. It is the one loop every
// table goes through, so it makes nothing for a row but what the post keeps.
type rowReader struct {
	table  *Table
	layout *layout
	o      *Options
	out    Sink
	cells  []string

	id, account, name, accountURL, platform, time, date, clock, zone, text, lang, url, links,
	hashtags, mentions, kind, isRepost, repostOf, replyTo, parent, mediaURL, mediaHash, object int

	keep    []kept
	folded  map[string]int // of the heading, for fix
	stated  *time.Location // the zone the format or the heading fixes
	local   *time.Location
	orders  map[byte]int // of 5/2 by separator: +1 day first, -1 month first, 0 open
	zones   map[string]*time.Location
	seconds map[int]bool // columns of day numbers: whether they hold seconds
	yearBy  string       // what o.Year was taken from, "" when the user said it

	lang0, lang1 string // the last language seen and its code
	long, round  int64  // ids of 16 digits and more, and those ending in zeros after the 15th
	notes        notes
}

type kept struct {
	name string
	col  int
}

func newRowReader(t *Table, o *Options, out Sink) (*rowReader, error) {
	r := &rowReader{table: t, layout: t.layout, o: o, out: out, local: o.Zone, zones: map[string]*time.Location{}}
	if r.layout == nil {
		r.layout = &layout{}
	}
	if r.local == nil {
		r.local = time.UTC
	}
	for f, p := range map[Field]*int{
		FieldID: &r.id, FieldAccount: &r.account, FieldAccountName: &r.name, FieldAccountURL: &r.accountURL, FieldPlatform: &r.platform,
		FieldTime: &r.time, FieldDate: &r.date, FieldClock: &r.clock, FieldZone: &r.zone, FieldText: &r.text, FieldLang: &r.lang,
		FieldURL: &r.url, FieldLinks: &r.links, FieldHashtags: &r.hashtags, FieldMentions: &r.mentions, FieldKind: &r.kind,
		FieldIsRepost: &r.isRepost, FieldRepostOf: &r.repostOf, FieldReplyTo: &r.replyTo, FieldParent: &r.parent, FieldMediaURL: &r.mediaURL,
		FieldMediaHash: &r.mediaHash, FieldObject: &r.object,
	} {
		*p = t.Column(f)
	}
	if r.time < 0 && r.date < 0 { // "time" alone is the whole time
		r.time, r.clock = r.clock, -1
	}
	names := append([]string(nil), r.layout.keep...)
	if names = append(names, o.Keep...); len(names) > 0 {
		for _, n := range names {
			i, ok := findColumn(t.Header, n)
			if !ok {
				return nil, &ColumnError{fmt.Sprintf("there is no column %q to keep", n), t.Header}
			}
			r.keep = append(r.keep, kept{n, i})
		}
	}
	if r.object >= 0 {
		r.keep = append(r.keep, kept{"object", r.object})
	}
	if r.layout.fix != nil {
		r.folded = map[string]int{}
		for i, h := range t.Header {
			if f := fold(h); f != "" {
				if _, ok := r.folded[f]; !ok {
					r.folded[f] = i
				}
			}
		}
	}
	if r.layout.zone != "" {
		z, err := parseZone(r.layout.zone)
		if err != nil {
			return nil, err
		}
		r.stated = z
	}
	for _, c := range []int{r.time, r.clock, r.date} {
		if c >= 0 && r.stated == nil {
			r.stated = headingZone(t.Header[c])
		}
	}
	var unread []string
	for i, f := range t.Fields {
		if f == "" && strings.TrimSpace(t.Header[i]) != "" && !r.isKept(i) && r.layout.name == "" {
			unread = append(unread, clip(t.Header[i], 40))
		}
	}
	if len(unread) > 0 {
		r.notes.add("columns that were not read: "+strings.Join(unread[:min(len(unread), 30)], ", ")+" (--columns and --keep take them)", "")
	}
	if c := t.Column(FieldFoundBy); c >= 0 {
		r.notes.add(fmt.Sprintf("the column %q names who found a row: it was kept apart and is in no post", t.Header[c]), "")
	}
	return r, nil
}

func (r *rowReader) isKept(col int) bool {
	for _, k := range r.keep {
		if k.col == col {
			return true
		}
	}
	return false
}

// headingZone reads the zone a heading states: "datetime_utc", "время (UTC+6)".
func headingZone(h string) *time.Location {
	if strings.HasSuffix(fold(h), "_utc") {
		return time.UTC
	}
	if _, in, ok := strings.Cut(h, "("); ok {
		if z, err := parseZone(strings.TrimSuffix(strings.TrimSpace(in), ")")); err == nil {
			return z
		}
	}
	return nil
}

// column returns the cell under a heading as fold writes it.
func (r *rowReader) column(folded string) string {
	if i, ok := r.folded[folded]; ok {
		return r.cells[i]
	}
	return ""
}

func (r *rowReader) cell(i int) string {
	if i < 0 {
		return ""
	}
	return r.cells[i]
}

// readTable sends the posts of t to out.
func readTable(t *Table, o *Options, out Sink) error {
	r, err := newRowReader(t, o, out)
	if err != nil {
		return err
	}
	var p post.Post
	var stop error
	err = t.Rows(func(row *Row) bool {
		switch {
		case row.Bad != "":
			stop = out.Reject(Reject{Record: row.Number, Line: row.Line, Reason: row.Bad, Raw: row.Raw})
		case row.Raw == nil && row.empty || len(row.Raw) < 256 && blank(row.Cells):
			stop = out.Skip("empty row")
		case row.short && !r.plausible(row):
			stop = out.Reject(Reject{Record: row.Number, Line: row.Line, Reason: "the row has fewer cells than the heading, and those that identify a post are missing", Raw: row.Raw})
		default:
			r.post(row, &p)
			stop = out.Post(&p)
		}
		return stop == nil
	})
	r.summary()
	r.notes.flush(out)
	if stop != nil {
		return stop
	}
	return err
}

// plausible reports whether a row that ends early still has what makes it a
// post: a readable address or time. The second half of a broken line has not.
func (r *rowReader) plausible(row *Row) bool {
	r.cells = row.Cells
	ok := isAddress(r.cell(r.url))
	for _, c := range []int{r.time, r.date} {
		if _, err := parseMoment(r.cell(c), r.table.serials, r.table.base); err == nil {
			ok = true
		}
	}
	if ok {
		r.notes.add("rows are shorter than the heading: the missing cells were taken as empty", fmt.Sprintf("line %d", row.Line))
	}
	return ok
}

// post fills p from row. Slices of p are used again for the next row.
func (r *rowReader) post(row *Row, p *post.Post) {
	r.cells = row.Cells
	*p = post.Post{Links: p.Links[:0], Hashtags: p.Hashtags[:0], Mentions: p.Mentions[:0], Media: p.Media[:0]}
	p.Source.Record = row.Number
	if row.long {
		r.notes.add("rows have cells beyond the heading: they were left out", fmt.Sprintf("line %d", row.Line))
	}
	if row.joined {
		last := r.table.Header[len(r.cells)-1]
		r.notes.add(fmt.Sprintf("rows have more cells than the heading: the rest was taken as text of the last column %q, written without quotes", last), fmt.Sprintf("line %d", row.Line))
	}
	p.ID = r.identity(row, r.id)
	p.Account.ID = r.identity(row, r.account)
	p.Account.Name = strings.TrimSpace(r.cell(r.name))
	if p.Account == (post.Account{}) && r.accountURL >= 0 {
		p.Account.ID = strings.TrimSpace(r.cell(r.accountURL))
	}
	if p.Platform = r.layout.platform; r.platform >= 0 && p.Platform == "" {
		p.Platform = platformName(r.cells[r.platform])
	}
	p.Time = r.when(row)
	p.Text = r.cell(r.text)
	if r.lang >= 0 {
		p.Lang = r.language(r.cells[r.lang])
	}
	p.URL = strings.TrimSpace(r.cell(r.url))
	if r.links >= 0 {
		p.Links = splitLinks(p.Links, present(r.cells[r.links]))
	}
	if r.hashtags >= 0 {
		p.Hashtags = splitTags(p.Hashtags, present(r.cells[r.hashtags]), "#")
	}
	if r.mentions >= 0 {
		p.Mentions = splitTags(p.Mentions, present(r.cells[r.mentions]), "@")
	}
	p.RepostOf = present(r.identity(row, r.repostOf))
	p.ReplyTo = present(r.identity(row, r.replyTo))
	if r.parent >= 0 {
		if id := present(r.identity(row, r.parent)); r.kind >= 0 && isReplyKind(r.cells[r.kind]) {
			p.ReplyTo = id
		} else {
			p.RepostOf = id
		}
	}
	if u, h := r.cell(r.mediaURL), r.cell(r.mediaHash); u != "" || h != "" {
		p.Media = append(p.Media, post.Media{URL: u, Hash: h})
	}
	p.Extra = r.extra()
	if r.layout.fix != nil {
		r.layout.fix(r, p)
	}
	p.Repost = r.isRepublished(p)
}

// present returns s, or "" where a program wrote a word for "nothing", such as
// NaN or -1.
func present(s string) string {
	if len(s) <= 8 && s != "" && (s == "-1" || isMissing(s)) {
		return ""
	}
	return s
}

// isRepublished reads whether the row is a repost: as its own column says, or
// else the column for the kind. The address of an original says it too.
func (r *rowReader) isRepublished(p *post.Post) bool {
	switch {
	case p.RepostOf != "":
		return true
	case r.isRepost >= 0 && r.cells[r.isRepost] != "":
		return isTrue(r.cells[r.isRepost])
	}
	return r.kind >= 0 && isRepostKind(r.cells[r.kind])
}

// extra returns the columns the user asked to keep.
func (r *rowReader) extra() map[string]string {
	if len(r.keep) == 0 {
		return nil
	}
	m := make(map[string]string, len(r.keep))
	for _, k := range r.keep {
		if v := r.cells[k.col]; v != "" {
			m[k.name] = v
		}
	}
	if len(m) == 0 {
		return nil
	}
	return m
}

// identity reads an id. One that a spreadsheet turned into 1.23E+17 has lost
// its digits for good; it is left out and said so.
func (r *rowReader) identity(row *Row, col int) string {
	if col < 0 {
		return ""
	}
	s := r.cells[col]
	if len(s) == 0 {
		return s
	}
	if c := s[0]; c <= ' ' || s[len(s)-1] <= ' ' {
		s = strings.TrimSpace(s)
	}
	if len(s) > 4 && s[0] <= '9' && lostDigits(s) {
		r.notes.add(fmt.Sprintf("ids in the column %q lost their digits when a spreadsheet saved them as numbers and cannot be recovered: take the original file", r.table.Header[col]),
			fmt.Sprintf("line %d: %s", row.Line, s))
		return ""
	}
	if len(s) >= 16 && len(s) <= 20 && isDigitsLong(s) {
		if r.long++; strings.Trim(s[15:], "0") == "" {
			r.round++
		}
	}
	return s
}

// language returns a BCP 47 code for what the source states, "" when it is
// none.
func (r *rowReader) language(s string) string {
	if s != r.lang0 {
		r.lang0, r.lang1 = s, languageCode(s)
	}
	return r.lang1
}

// notes counts what is worth saying, with up to three examples each.
type notes struct {
	m map[string]*noted
}

type noted struct {
	n        int64
	examples []string
}

func (n *notes) add(text, example string) {
	if n.m == nil {
		n.m = map[string]*noted{}
	}
	x := n.m[text]
	if x == nil {
		x = &noted{}
		n.m[text] = x
	}
	if x.n++; example != "" && len(x.examples) < 3 {
		x.examples = append(x.examples, clip(example, 80))
	}
}

func (n *notes) flush(out Sink) {
	var texts []string
	for t, x := range n.m {
		if len(x.examples) > 0 {
			more := ""
			if x.n > int64(len(x.examples)) {
				more = "; …"
			}
			t = fmt.Sprintf("%d × %s (%s%s)", x.n, t, strings.Join(x.examples, "; "), more)
		}
		texts = append(texts, t)
	}
	sort.Strings(texts)
	for _, t := range texts {
		out.Note(t)
	}
	n.m = nil
}
