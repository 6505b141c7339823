package report

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/internal/csvrows"
)

// A Checklist is a file of what to collect, as [Needs] writes it and people
// keep it: columns and lines of their own stay where they are.
type Checklist struct {
	Lines []coordination.Wanted

	head []string
	rows [][]string
}

// maxChecklist bounds the file: it has a line for each account.
const maxChecklist = 64 << 20

// ReadChecklist reads a checklist. Errors name the file and the line.
func ReadChecklist(in io.Reader, name string) (*Checklist, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxChecklist+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > maxChecklist {
		return nil, fmt.Errorf("%s: longer than %d MB: no checklist", name, maxChecklist>>20)
	}
	bad := func(line int, format string, a ...any) error {
		return fmt.Errorf("%s: line %d: %w", name, line, fmt.Errorf(format, a...))
	}
	if i := slices.IndexFunc(bytes.Split(data, []byte("\n")), func(l []byte) bool { return !utf8.Valid(l) }); i >= 0 {
		return nil, bad(i+1, "not UTF-8; save the file as UTF-8")
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF"))))
	r.FieldsPerRecord = -1
	c := &Checklist{}
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if p := new(csv.ParseError); errors.As(err, &p) {
			return nil, bad(p.Line, "%w", p.Err)
		} else if err != nil {
			return nil, bad(1, "%w", err)
		}
		line, _ := r.FieldPos(0)
		if c.head == nil {
			for _, column := range NeedColumns[:len(NeedColumns)-2] { // the last two came later
				if !slices.Contains(row, column) {
					return nil, bad(line, "no column %q; a checklist begins %s", column, strings.Join(NeedColumns, ","))
				}
			}
			c.head = row
			for _, column := range NeedColumns {
				if !slices.Contains(c.head, column) {
					c.head = append(c.head, column)
				}
			}
			continue
		}
		if len(row) > len(c.head) {
			return nil, bad(line, "%d fields under %d columns", len(row), len(c.head))
		}
		for len(row) < len(c.head) {
			row = append(row, "")
		}
		l, err := c.line(row)
		if err != nil {
			return nil, bad(line, "%w", err)
		}
		c.rows, c.Lines = append(c.rows, row), append(c.Lines, l)
	}
	if c.head == nil {
		return nil, bad(1, "the file is empty; a checklist begins %s", strings.Join(NeedColumns, ","))
	}
	return c, nil
}

// cell returns a field as it was before it was made safe for a spreadsheet.
func (c *Checklist) cell(row []string, column string) string {
	s := row[slices.Index(c.head, column)]
	if rest, ok := strings.CutPrefix(s, "'"); ok && csvrows.Formula(rest) {
		return rest
	}
	return s
}

func (c *Checklist) line(row []string) (l coordination.Wanted, err error) {
	l = coordination.Wanted{What: coordination.NeedKind(c.cell(row, "what")), Platform: c.cell(row, "platform"), Account: c.cell(row, "account"), Trace: coordination.Trace(c.cell(row, "trace")),
		Message: c.cell(row, "message"), Class: c.cell(row, "publishers"), AtHand: strings.Fields(c.cell(row, "at_hand"))}
	for _, n := range []struct {
		column string
		to     *int
	}{{"want", &l.Want}, {"have", &l.Have}} {
		if *n.to, err = strconv.Atoi(c.cell(row, n.column)); err != nil || *n.to < 0 {
			return l, fmt.Errorf("%q is no number of things under %q", c.cell(row, n.column), n.column)
		}
	}
	if s := c.cell(row, "days"); s != "" {
		a, b, _ := strings.Cut(s, " to ")
		from, err1 := time.Parse(time.DateOnly, a)
		to, err2 := time.Parse(time.DateOnly, b)
		if err1 != nil || err2 != nil || to.Before(from) {
			return l, fmt.Errorf("%q are no days; write 2031-04-17 to 2031-05-15", s)
		}
		l.From, l.To = from, to.AddDate(0, 0, 1)
	}
	return l, nil
}

// Mark writes down how many were collected for each line, and what is missing
// then. It returns how many lines are filled, how many in part, and how many
// not at all.
func (c *Checklist) Mark(collected []int) (filled, part, open int) {
	for i, n := range collected {
		l := &c.Lines[i]
		missing := max(l.Want-l.Have-n, 0)
		c.rows[i][slices.Index(c.head, "collected")] = strconv.Itoa(n)
		c.rows[i][slices.Index(c.head, "missing")] = strconv.Itoa(missing)
		switch {
		case missing == 0:
			filled++
		case n > 0:
			part++
		default:
			open++
		}
	}
	return filled, part, open
}

// Write writes the checklist, every cell as it was read but those that were
// marked.
func (c *Checklist) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, row := range append([][]string{c.head}, c.rows...) {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			writeCSV(b, cell)
		}
		b.WriteByte('\n')
	}
	return b.Flush()
}

// A ChecklistState is what became of the checklist of an earlier run.
type ChecklistState struct {
	Lines int `json:"lines"`
	Gone  int `json:"no_longer_asked"`
	Part  int `json:"filled_in_part"`
	Open  int `json:"as_before"`
}

// since compares the checklist of an earlier run with what is wanted now: a
// line that this run does not ask for again has served.
func (b *builder) since() {
	if b.Before == nil || b.Advice == nil {
		return
	}
	type key struct {
		what              coordination.NeedKind
		platform, account string
		trace             coordination.Trace
		message, class    string
	}
	now := map[key]int{}
	for i := range b.Advice.Needs {
		n := &b.Advice.Needs[i]
		k := key{n.What, n.Platform, "", n.Trace, n.Message, n.Class}
		if n.What == coordination.NeedPosts {
			k.account = b.r.Account(n.Account).ID
		}
		now[k] = n.Have
	}
	s := &ChecklistState{Lines: len(b.Before)}
	for _, l := range b.Before {
		switch have, ok := now[key{l.What, l.Platform, l.Account, l.Trace, l.Message, l.Class}]; {
		case !ok:
			s.Gone++
		case have > l.Have:
			s.Part++
		default:
			s.Open++
		}
	}
	b.a.Checklist = s
	says := fmt.Sprintf("Of %s of the checklist of an earlier run, %s no longer asked for, %s filled in part and %s as before.", Count(int64(s.Lines), "line"), isAre(s.Gone), isAre(s.Part), stand(s.Open))
	if len(b.Advice.Needs) == 0 {
		says += " Nothing more is asked for."
	}
	b.a.Further = append(b.a.Further, says)
}

func isAre(n int) string {
	if n == 1 {
		return "1 is"
	}
	return Thousands(int64(n)) + " are"
}

func stand(n int) string {
	if n == 1 {
		return "1 stands"
	}
	return Thousands(int64(n)) + " stand"
}
