package report

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/csvrows"
)

// A table is written as CSV and as JSON Lines at the same time, row by row.
// The buffers keep the first error; close returns it.
type table struct {
	columns []string
	csv     *bufio.Writer
	json    *bufio.Writer
	at      int // column of the next cell
	empty   bool
	buf     []byte
}

func newTable(csv, json io.Writer, columns ...string) *table {
	t := &table{columns: columns, csv: bufio.NewWriterSize(csv, 1<<16), json: bufio.NewWriterSize(json, 1<<16)}
	t.csv.WriteString(strings.Join(columns, ",") + "\n")
	return t
}

func (t *table) close() error {
	if t.at != 0 {
		panic("report: a row is short of cells")
	}
	if err := t.csv.Flush(); err != nil {
		return err
	}
	return t.json.Flush()
}

// cell begins the next cell; JSON leaves empty ones out.
func (t *table) cell(empty bool) {
	if t.at > 0 {
		t.csv.WriteByte(',')
	} else {
		t.json.WriteByte('{')
		t.empty = true
	}
	if !empty {
		if !t.empty {
			t.json.WriteByte(',')
		}
		t.empty = false
		t.json.WriteByte('"')
		t.json.WriteString(t.columns[t.at])
		t.json.WriteString(`":`)
	}
	t.at++
}

func (t *table) end() {
	if t.at == len(t.columns) {
		t.csv.WriteByte('\n')
		t.json.WriteString("}\n")
		t.at = 0
	}
}

// str writes a string. In CSV a text that a spreadsheet would take for a
// formula gets an apostrophe in front; JSON has it unchanged.
func (t *table) str(s string) {
	t.cell(s == "")
	writeCSV(t.csv, s)
	if s != "" {
		t.buf = appendJSON(t.buf[:0], s)
		t.json.Write(t.buf)
	}
	t.end()
}

// num writes a whole number.
func (t *table) num(n int64) {
	t.cell(false)
	t.buf = strconv.AppendInt(t.buf[:0], n, 10)
	t.csv.Write(t.buf)
	t.json.Write(t.buf)
	t.end()
}

// ratio writes a number with up to four decimals.
func (t *table) ratio(f float64) {
	t.cell(false)
	t.buf = strconv.AppendFloat(t.buf[:0], math.Round(f*1e4)/1e4, 'f', -1, 64)
	t.csv.Write(t.buf)
	t.json.Write(t.buf)
	t.end()
}

// seconds writes a duration in seconds, to the millisecond; nothing for a
// negative one, which stands for "not known".
func (t *table) seconds(d time.Duration) {
	t.cell(d < 0)
	if d >= 0 {
		t.buf = appendSeconds(t.buf[:0], d)
		t.csv.Write(t.buf)
		t.json.Write(t.buf)
	}
	t.end()
}

func appendSeconds(b []byte, d time.Duration) []byte {
	return strconv.AppendFloat(b, float64(d.Round(time.Millisecond).Milliseconds())/1000, 'f', -1, 64)
}

// list writes strings: joined by spaces in CSV, an array in JSON.
func (t *table) list(items []string) {
	t.cell(len(items) == 0)
	writeCSV(t.csv, strings.Join(items, " "))
	if len(items) > 0 {
		t.buf = append(t.buf[:0], '[')
		for i, s := range items {
			if i > 0 {
				t.buf = append(t.buf, ',')
			}
			t.buf = appendJSON(t.buf, s)
		}
		t.json.Write(append(t.buf, ']'))
	}
	t.end()
}

// writeCSV writes one field after RFC 4180.
func writeCSV(w *bufio.Writer, s string) {
	if s == "" {
		return
	}
	guard := csvrows.Formula(s)
	if !guard && !strings.ContainsAny(s, ",\"\n\r") && s[0] != ' ' {
		w.WriteString(s)
		return
	}
	w.WriteByte('"')
	if guard {
		w.WriteByte('\'')
	}
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			break
		}
		w.WriteString(s[:i+1])
		w.WriteByte('"')
		s = s[i+1:]
	}
	w.WriteString(s)
	w.WriteByte('"')
}

const hex = "0123456789abcdef"

// appendJSON appends s as a JSON string.
func appendJSON(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		b = append(b, s[start:i]...)
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c >= utf8.RuneSelf:
			b = append(b, `\ufffd`...)
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i += size
		start = i
	}
	return append(append(b, s[start:]...), '"')
}
