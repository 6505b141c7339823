package csvrows_test

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/arasha-org/arasha/internal/csvrows"
)

// read returns all rows as text and the lines they begin on.
func read(text string) (rows [][]string, lines []int, err error) {
	r := csvrows.NewReader(text)
	for {
		row, line, err := r.Next()
		if row == nil || err != nil {
			return rows, lines, err
		}
		rows = append(rows, slices.Clone(row))
		lines = append(lines, line)
	}
}

func TestNext(t *testing.T) {
	for _, c := range []struct {
		text  string
		want  [][]string
		lines []int
	}{
		{"", nil, nil},
		{"a,b\n1,2\n", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"a,b\r\n1,2", [][]string{{"a", "b"}, {"1", "2"}}, []int{1, 2}},
		{"a\n\n\r\nb\n", [][]string{{"a"}, {"b"}}, []int{1, 4}},
		{",\n,\n", [][]string{{"", ""}, {"", ""}}, []int{1, 2}},
		{"a,\"x,y\"\nb,\"he said \"\"no\"\"\"\r\n", [][]string{{"a", "x,y"}, {"b", `he said "no"`}}, []int{1, 2}},
		{"a,\"1\n2\n3\"\nb,c", [][]string{{"a", "1\n2\n3"}, {"b", "c"}}, []int{1, 4}},
		{"\"\",a\nb 5\" tall,c\n", [][]string{{"", "a"}, {`b 5" tall`, "c"}}, []int{1, 2}},
		{"\"a\",\"\"\r", [][]string{{"a", ""}}, []int{1}},
		{"\"a\"\r\n\"b\"\r\n", [][]string{{"a"}, {"b"}}, []int{1, 2}},
	} {
		rows, lines, err := read(c.text)
		if err != nil || !slices.EqualFunc(rows, c.want, slices.Equal[[]string]) || !slices.Equal(lines, c.lines) {
			t.Errorf("%q: rows %q on lines %v, %v; want %q on %v", c.text, rows, lines, err, c.want, c.lines)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		text, want string
	}{
		{"a,b\n1\n", "line 2: 1 fields where the first row has 2"},
		{"a,b\n\n1,2,3\n", "line 3: 3 fields where the first row has 2"},
		{"a\n\"b\nc\nd", "line 2: a quotation mark is opened and never closed"},
		{"a,b\n\"x\ny\" z,1\n", "line 3: text follows a closing quotation mark; one inside a quoted field is written twice"},
	} {
		_, _, err := read(c.text)
		var e *csvrows.Error
		if !errors.As(err, &e) || err.Error() != c.want {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
}

// FuzzNext: never a panic or an endless loop, and whatever encoding/csv reads
// is read the same, but for CRLF inside quotes, which it turns into LF.
func FuzzNext(f *testing.F) {
	for _, s := range []string{"", "a,b\n1,2\n", "a,\"b\"\"c\nd\",e\r\n", "\"", "a\"b,c", "\"a\"b", ",,\n,,", "\r\n\r\n", "\"a\"\r", "a\r"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, lines, err := read(text)
		if !slices.IsSorted(lines) {
			t.Fatalf("%q: lines %v go back", text, lines)
		}
		r := csv.NewReader(strings.NewReader(text))
		want, theirs := r.ReadAll()
		if theirs != nil && !errors.Is(theirs, io.EOF) || err != nil {
			if theirs == nil && err != nil {
				t.Fatalf("%q: %v, but encoding/csv reads %q", text, err, want)
			}
			return
		}
		for _, row := range got {
			for i := range row {
				row[i] = strings.ReplaceAll(row[i], "\r\n", "\n")
			}
		}
		if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
			t.Fatalf("%q: %q, want %q", text, got, want)
		}
	})
}

func BenchmarkNext(b *testing.B) {
	text := strings.Repeat("85d2d12251a735ce05255061f7f231e2,0fb4232d1b7b37069c13ee17579bd10e,114e22f1b2b648528277b76f0b0224e7,1623881091\n", 10000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r := csvrows.NewReader(text)
		for {
			if row, _, _ := r.Next(); row == nil {
				break
			}
		}
	}
}

func TestTable(t *testing.T) {
	got := csvrows.Table("a,b\n1,\"x;y\"\n2,\n")
	if len(got) != 2 || got[0][0] != "1" || len(csvrows.List(got[0][1])) != 2 || csvrows.List(got[1][1]) != nil {
		t.Errorf("Table = %q", got)
	}
}
