package collect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/address"
	"github.com/arasha-org/arasha/post"
)

// peeked is what the head of a delimited file shows.
type peeked struct {
	wide       charset // UTF-16, or the zero charset
	charset    charset
	decided    bool
	dialect    dialect
	skip       int // lines before the heading, such as "sep=;"
	header     []string
	headerLine int64
	hasHeader  bool
	sample     [][]string // rows below the heading
	layout     *layout
	sign       string
	known      int    // columns that were recognised
	foundTime  string // heading of the column taken for the time by its content
}

var errNoTable = errors.New("it is not a table")

// peek looks at in.Head. f insists on a layout.
func (in *Input) peek(o *Options, f *layout) (*peeked, error) {
	if in.peeked != nil && f == nil && len(o.Columns) == 0 && o.Encoding == "" {
		return in.peeked, nil
	}
	p, err := peekHead(in.Head, o, f)
	if err == nil && f == nil && len(o.Columns) == 0 && o.Encoding == "" {
		in.peeked = p
	}
	return p, err
}

func peekHead(head []byte, o *Options, f *layout) (*peeked, error) {
	p := &peeked{charset: mustCharset("utf-8")}
	if c, ok := wideCharset(head); ok && o.Encoding == "" {
		p.wide = c
	}
	if o.Encoding != "" {
		c, err := charsetNamed(o.Encoding)
		if err != nil {
			return nil, err
		}
		if p.charset, p.decided = c, true; c.wide != nil {
			p.wide, p.charset = c, mustCharset("utf-8")
		}
	}
	full := len(head) == HeadSize
	if p.wide.name != "" {
		b, _ := io.ReadAll(p.wide.decodeWide(bytes.NewReader(head[:len(head)&^1])))
		head = b
	}
	head = bytes.TrimPrefix(head, bom)
	if !p.decided {
		p.charset, p.decided = byteCharset(head)
		if !p.decided {
			p.charset = mustCharset("utf-8")
		}
	}
	if binaryBytes(head) {
		return nil, errNoTable
	}
	if c := bytes.TrimLeft(head, " \t\r\n"); len(c) == 0 {
		return nil, fmt.Errorf("%w: it is empty", errNoTable)
	} else if c[0] == '{' || c[0] == '<' || c[0] == '[' && len(c) > 1 && strings.IndexByte(" \t\r\n{[]", c[1]) >= 0 {
		return nil, errNoTable
	}
	p.dialect.eol = '\n'
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		p.dialect.eol = '\r'
	}
	var forced byte
	if len(head) >= 6 && strings.EqualFold(string(head[:4]), "sep=") {
		forced, p.skip = head[4], 1
	}
	if full {
		if i := bytes.LastIndexByte(head, p.dialect.eol); i > 0 {
			head = head[:i+1]
		}
	}
	best := -1
	var chosen peeked
	for _, comma := range []byte{',', ';', '\t', '|'} {
		if forced != 0 && comma != forced {
			continue
		}
		for _, d := range dialects(comma, p.dialect.eol, head) {
			q := *p
			q.dialect = d
			if s := q.try(head, o, f); s > best {
				best, chosen = s, q
			}
		}
	}
	if best < 0 {
		return nil, errNoTable
	}
	return &chosen, nil
}

var bom = []byte("\xef\xbb\xbf")

// dialects are the ways to use quotes that head gives reason to try.
func dialects(comma, eol byte, head []byte) []dialect {
	d := []dialect{{comma: comma, eol: eol, quotes: true}}
	if bytes.Contains(head, []byte(`\"`)) {
		d = append(d, dialect{comma: comma, eol: eol, quotes: true, backslash: true})
	}
	if comma == '\t' && bytes.IndexByte(head, '"') >= 0 {
		d = append(d, dialect{comma: comma, eol: eol})
	}
	return d
}

// binaryBytes reports whether b holds control characters no table has.
func binaryBytes(b []byte) bool {
	n := 0
	for _, x := range b[:min(len(b), 4096)] {
		if x < ' ' && x != '\t' && x != '\n' && x != '\r' && x != 0 {
			n++
		}
	}
	return n*100 > min(len(b), 4096) || bytes.HasPrefix(b, []byte("%PDF-"))
}

// try reads the head in one dialect and returns how well it fits, negative
// for not at all.
func (p *peeked) try(head []byte, o *Options, f *layout) int {
	r := newCSVReader(bytes.NewReader(head), p.dialect, p.charset, p.decided)
	var rows [][]string
	var lines []int64
	bad, seen := 0, 0
	for len(rows) < 200 {
		err := r.next()
		var re *rowError
		if errors.As(err, &re) {
			bad++
			continue
		}
		if err != nil {
			break
		}
		if seen++; seen <= p.skip {
			continue
		}
		rows = append(rows, append([]string(nil), r.cells...))
		lines = append(lines, r.rowLine)
	}
	if len(rows) == 0 {
		return -1
	}
	at, known := heading(rows)
	rows, lines = rows[at:], lines[at:]
	p.header, p.headerLine, p.known = rows[0], lines[0], known
	width := len(rows[0])
	fields, _ := recognise(rows[0], nil, &Options{})
	fit := 0
	for _, row := range rows {
		if len(row) == width {
			fit++
		}
	}
	p.layout = f
	if f == nil {
		p.layout = layoutOf(rows[0])
	}
	p.hasHeader = !looksLikeData(rows[0]) && !(known == 0 && byPlace(rows, o))
	if p.hasHeader {
		p.sample = rows[1:]
	} else {
		p.layout, p.sample, p.known = f, rows, 0
	}
	score := fit * 100 / len(rows)
	score += 200*min(p.known, 12) - bad*20
	if width > 1 {
		score += 50 + min(width, 20)
	}
	switch {
	case p.layout != nil:
		score += 5000
		p.sign = p.layout.sign()
	case p.hasHeader && known > 0 && (width > 1 || fields[0] == FieldURL || fields[0] == FieldText):
		p.sign = "the heading: " + recognised(rows[0], fields)
	case !p.hasHeader:
		p.sign = "rows without a heading"
	case len(o.Columns) > 0:
		p.sign = "the columns you named"
	case width > 1 && len(rows) > 1 && fit*10 >= len(rows)*8:
		p.sign = "rows of equal length"
	default:
		return -1
	}
	return max(score, 0)
}

// heading finds the row of the heading: of the first ten the one in which most
// is recognised, for a title may stand above it.
func heading(rows [][]string) (at, known int) {
	for i, row := range rows[:min(len(rows), 10)] {
		if looksLikeData(row) {
			break
		}
		fields, _ := recognise(row, nil, &Options{})
		n := 0
		for _, x := range fields {
			if x != "" {
				n++
			}
		}
		if layoutOf(row) != nil {
			n += 100
		}
		if n > known && (known == 0 || n > 1) {
			at, known = i, n
		}
	}
	if known == 0 { // an empty line above unknown names
		for at < len(rows)-1 && blank(rows[at]) {
			at++
		}
	}
	return at, known
}

// byPlace reports whether the person named all columns by their place, and
// the first row holds what they say: then there is no heading.
func byPlace(rows [][]string, o *Options) bool {
	for field, name := range o.Columns {
		i, err := strconv.Atoi(name)
		if err != nil || i < 1 || i > len(rows[0]) || slices.Contains(rows[0], name) {
			return false
		}
		switch cell := strings.TrimSpace(rows[0][i-1]); Field(field) {
		case FieldTime, FieldDate, FieldClock:
			if _, err := parseMoment(cell, false, false); err != nil && cell != "" {
				return false
			}
		case FieldURL:
			if cell != "" && !isAddress(cell) {
				return false
			}
		}
	}
	return len(o.Columns) > 0
}

// recognised lists the columns that were understood.
func recognised(header []string, fields []Field) string {
	var s []string
	for i, f := range fields {
		if f != "" {
			s = append(s, fmt.Sprintf("%s = %s", clip(header[i], 40), f))
		}
	}
	return strings.Join(s, ", ")
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// looksLikeData reports whether a first row is no heading: one of its cells
// is an address or a time, or nothing in it reads as a name.
func looksLikeData(cells []string) bool {
	for _, c := range cells {
		if isAddress(c) || len(address.Find(c)) > 0 {
			return true
		}
		if _, ok := columnIndex()[fold(c)]; ok {
			continue
		}
		if m, err := parseMoment(c, false, false); err == nil && m.precision != post.None && (m.precision != post.Year || len(cells) == 1) {
			return true
		}
	}
	return false
}

// isAddress reports whether a cell is a web address, with its scheme or as
// people write it ("www.…", "t.me/…").
func isAddress(s string) bool {
	s = strings.TrimSpace(s)
	if strings.ContainsAny(s, " \t\n") || len(s) < 4 {
		return false
	}
	if _, rest, ok := strings.Cut(s, "://"); ok {
		return rest != ""
	}
	if strings.HasPrefix(s, "www.") {
		return true
	}
	host, _, slash := strings.Cut(s, "/")
	dot := strings.LastIndexByte(host, '.')
	return slash && dot > 0 && !strings.Contains(host, "@") && isTLD(host[dot+1:])
}

func isTLD(s string) bool {
	if n := utf8.RuneCountInString(s); n < 2 || n > 12 {
		return false
	}
	for _, r := range s {
		if r < 'a' || r > 'z' && r < 0x80 {
			return false
		}
	}
	return true
}

// columns settles what the columns mean.
func (p *peeked) columns(o *Options) ([]string, []Field, error) {
	header := p.header
	if !p.hasHeader {
		header = make([]string, len(p.header))
		for i := range header {
			header[i] = fmt.Sprintf("column %d", i+1)
		}
	}
	fields, err := recognise(header, p.layout, o)
	if err != nil {
		return nil, nil, err
	}
	if !p.hasHeader && len(o.Columns) == 0 {
		fields = guessFields(p.sample, len(header))
	}
	if err := enough(header, fields); err != nil && !o.anyColumns {
		return nil, nil, err
	}
	p.findTime(header, fields)
	return header, fields, checkKeep(header, o)
}

// findTime takes a column for the time when no heading named one and one
// column alone is full of whole times. The summary shows it.
func (p *peeked) findTime(header []string, fields []Field) {
	if p.layout != nil || len(p.sample) == 0 {
		return
	}
	found := -1
	for i, f := range fields {
		switch {
		case f == FieldTime || f == FieldDate || f == FieldClock:
			return
		case f != "" || aboutOtherThings(header[i]) || !mostlyTimes(p.sample, i):
			continue
		case found >= 0:
			return // two of them: a person must say
		}
		found = i
	}
	if found >= 0 {
		fields[found], p.foundTime = FieldTime, header[found]
	}
}

// mostlyTimes reports whether four of five cells that hold something hold a
// time with its year.
func mostlyTimes(rows [][]string, col int) bool {
	filled, times := 0, 0
	for _, r := range rows {
		if col >= len(r) || strings.TrimSpace(r[col]) == "" {
			continue
		}
		filled++
		if m, err := parseMoment(r[col], false, false); err == nil && !m.serial && m.precision != post.Year && (m.year != 0 || m.unit != "") {
			times++
		}
	}
	return filled > 0 && times*5 >= filled*4
}

func checkKeep(header []string, o *Options) error {
	for _, k := range o.Keep {
		if _, ok := findColumn(header, k); !ok {
			return &ColumnError{fmt.Sprintf("there is no column %q to keep", k), header}
		}
	}
	return nil
}

// enough refuses a table of which nothing was understood that makes a post.
func enough(header []string, fields []Field) error {
	for _, f := range fields {
		switch f {
		case FieldURL, FieldText, FieldID, FieldTime, FieldDate, FieldLinks, FieldObject, FieldRepostOf:
			return nil
		}
	}
	return &ColumnError{"no column with an address, a text, an id or a time was recognised: name them with --columns url=…,text=…,time=…", header}
}

// guessFields says from the content of the first rows what columns without a
// heading hold. Only what is plain is taken: addresses, times, and the column
// of long texts.
func guessFields(rows [][]string, width int) []Field {
	fields := make([]Field, width)
	used := map[Field]bool{}
	longest, at := 0, -1
	for col := range width {
		filled, urls, times, total := 0, 0, 0, 0
		for _, r := range rows {
			if col >= len(r) || strings.TrimSpace(r[col]) == "" {
				continue
			}
			filled++
			total += utf8.RuneCountInString(r[col])
			if isAddress(r[col]) {
				urls++
			} else if m, err := parseMoment(r[col], false, false); err == nil && (m.year != 0 || m.unit != "" || m.sep != 0 || m.month != 0) {
				times++
			}
		}
		switch {
		case filled == 0:
		case urls*2 > filled && !used[FieldURL]:
			fields[col], used[FieldURL] = FieldURL, true
		case times*2 > filled && !used[FieldTime]:
			fields[col], used[FieldTime] = FieldTime, true
		case urls*2 <= filled && times*2 <= filled && total/filled > longest:
			longest, at = total/filled, col
		}
	}
	if at >= 0 && longest >= 15 {
		fields[at] = FieldText
	}
	return fields
}

func guessed(fields []Field) string {
	var s []string
	for i, f := range fields {
		if f != "" {
			s = append(s, fmt.Sprintf("column %d was read as %s", i+1, f))
		}
	}
	return strings.Join(s, ", ") + " (settle it with --columns)"
}
