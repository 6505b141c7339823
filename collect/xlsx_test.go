package collect

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// workbook makes an XLSX file of rows; edit may add to it.
func workbook(t testing.TB, rows [][]any, edit func(x *excelize.File)) string {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	for i, row := range rows {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := x.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	if edit != nil {
		edit(x)
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWorkbookOfLinks(t *testing.T) {
	day := time.Date(2020, 4, 28, 0, 0, 0, 0, time.UTC)
	in := workbook(t, [][]any{
		{"Список публикаций"},
		{},
		{"№", "Ссылка", "Дата", "Время", "Автор", "Текст", "Кто нашёл"},
		{1, "https://t.me/qala/1", day, 0.4375, "Қала", "Мәтін", "Айгуль"},
		{2, "пост", "28.04.2020", "11:20", "Қала"},
		{3, "=HYPERLINK", day.Add(90 * time.Minute)},
		{},
		{4, "https://t.me/qala/4", "5/2"},
		{5, "https://t.me/qala/5", "", "", "", "", "", "лишнее"},
	}, func(x *excelize.File) {
		x.SetCellHyperLink("Sheet1", "B5", "https://t.me/qala/2", "External")
		x.SetCellFormula("Sheet1", "B6", `HYPERLINK("https://t.me/qala/3","пост")`)
	})
	r := collected(t, "links.xlsx", in, func(c *Collection) { c.Format = "xlsx" }) // not as a worklist
	if r.err != nil || r.found[0].Format != "xlsx" {
		t.Fatalf("form %q, error %v", r.found[0].Format, r.err)
	}
	var got []string
	for _, p := range r.posts {
		got = append(got, fmt.Sprintf("%d %s %s", p.Source.Record, p.URL, p.Time))
	}
	want := []string{
		"1 https://t.me/qala/1 2020-04-28 10:30",
		"2 https://t.me/qala/2 2020-04-28 11:20",
		"3 https://t.me/qala/3 2020-04-28 01:30",
		"5 https://t.me/qala/4 not known",
		"6 https://t.me/qala/5 not known",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if r.posts[0].Account.Name != "Қала" || r.posts[0].Text != "Мәтін" {
		t.Errorf("first post %+v", r.posts[0])
	}
	if !r.said("ambiguous", "line 8: 5/2") || !r.said("beyond the heading", "line 9") || !r.said("day numbers") || !r.said("Кто нашёл", "kept apart") {
		t.Errorf("notes %q", r.found[0].Notes)
	}
	if len(r.rejects) != 0 || r.found[0].Skipped["empty row"] != 1 {
		t.Errorf("rejects %+v, left out %v", r.rejects, r.found[0].Skipped)
	}
}

func TestWorkbookTraps(t *testing.T) {
	in := workbook(t, [][]any{
		{"id", "date", "text"},
		{"", 43949, "раз"},
		{"1253456789012345678", 43949.75, "два"},
		{77, "2020-04-28", "три"},
		{78, 1588068000, "четыре"},
	}, func(x *excelize.File) { x.SetCellDefault("Sheet1", "A2", "1.23456789012345E+17") })
	r := collected(t, "t.xlsx", in)
	if r.err != nil || len(r.posts) != 4 {
		t.Fatalf("%d posts, error %v", len(r.posts), r.err)
	}
	if r.posts[0].ID != "" || !r.said("lost their digits", "1.23456789012345E+17") {
		t.Errorf("id %q, notes %q", r.posts[0].ID, r.found[0].Notes)
	}
	if r.posts[1].ID != "1253456789012345678" || r.posts[2].ID != "77" {
		t.Errorf("ids %q and %q", r.posts[1].ID, r.posts[2].ID)
	}
	if got := strings.Join(r.times(), ", "); got != "2020-04-28, 2020-04-28 18:00, 2020-04-28, 2020-04-28 10:00:00" {
		t.Errorf("times %s", got)
	}
	// The same number with its zeros written out is no better.
	in = workbook(t, [][]any{{"id", "text"}, {int64(123456789012345000), "раз"}}, nil)
	if r := collected(t, "t.xlsx", in); !r.said("zeros after their 15th digit") {
		t.Errorf("notes %q", r.found[0].Notes)
	}
	// Days counted from 1904, as old Macs do: four years and a day more.
	yes := true
	in = workbook(t, [][]any{{"id", "date"}, {1, 43949 - 1462}}, func(x *excelize.File) {
		x.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes})
	})
	if r := collected(t, "t.xlsx", in); r.times()[0] != "2020-04-28" || !r.said("1904") {
		t.Errorf("1904: times %v, notes %q", r.times(), r.found[0].Notes)
	}
}

func TestWorkbookOfSeveralSheets(t *testing.T) {
	in := workbook(t, [][]any{{"url", "text"}, {"https://a.example/1", "раз"}}, func(x *excelize.File) {
		x.NewSheet("Second")
		x.SetSheetRow("Second", "A1", &[]any{"Ссылка", "Текст"})
		x.SetSheetRow("Second", "A2", &[]any{"https://a.example/2", "два"})
		x.NewSheet("Empty")
		x.NewSheet("Sums")
		x.SetSheetRow("Sums", "A1", &[]any{"foo", "bar"})
	})
	r := collected(t, "t.xlsx", in)
	if r.err != nil || !slices.Equal(r.texts(), []string{"раз", "два"}) || r.posts[1].Source.Record != 2 {
		t.Errorf("texts %q, error %v", r.texts(), r.err)
	}
	if !r.said(`"Sums" was not read`) {
		t.Errorf("notes %q", r.found[0].Notes)
	}
	if r := collected(t, "t.zip", zipped(t, "sheet.xlsx", in)); r.err != nil || len(r.posts) != 2 {
		t.Errorf("in a zip: %d posts, error %v", len(r.posts), r.err)
	}
	if r := collected(t, "t.xlsx", in[:len(in)-len(in)/3]); r.err == nil {
		t.Error("a workbook that is cut off gave no error")
	}
}

func TestTablesForCallersThatWriteRowsBack(t *testing.T) {
	in, err := spool(context.Background(), "t.csv", strings.NewReader("url;date;found_by\nhttps://a.example/1;28.04.2020;Айгуль\n;;\nhttps://a.example/2\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var rows []string
	err = tables(in, &Options{}, nil, func(string) {}, func(tb *Table) error {
		who := tb.Column(FieldFoundBy)
		return tb.Rows(func(r *Row) bool {
			rows = append(rows, fmt.Sprintf("%d:%d %s %s %s", r.Number, r.Line, r.Cells[tb.Column(FieldURL)], r.Cells[who], r.Bad))
			return true
		})
	})
	want := []string{"1:2 https://a.example/1 Айгуль ", "2:3   ", "3:4 https://a.example/2  "}
	if err != nil || !slices.Equal(rows, want) {
		t.Errorf("rows %q, error %v, want %q", rows, err, want)
	}
}

func FuzzWorkbook(f *testing.F) {
	f.Add([]byte(workbook(f, [][]any{{"url", "date"}, {"https://a.example/1", 43949.5}}, nil)))
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := spool(context.Background(), "fuzz.xlsx", bytes.NewReader(b))
		if err != nil {
			return
		}
		defer in.Close()
		if in.Zip == nil {
			return
		}
		Workbook.Read(in, &Options{}, &counting{})
	})
}

// TestWorkbookSeconds: a column that holds seconds holds them in full minutes
// too; one of full minutes only is known to the minute.
func TestWorkbookSeconds(t *testing.T) {
	at := time.Date(2020, 4, 28, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		second time.Time
		want   string
	}{
		{at.Add(5 * time.Second), "2020-04-28 10:00:00|2020-04-28 10:00:05|2020-04-29"},
		{at.Add(5 * time.Minute), "2020-04-28 10:00|2020-04-28 10:05|2020-04-29"},
	} {
		in := workbook(t, [][]any{{"id", "author", "time", "text"}, {"1", "a", at, "раз"}, {"2", "b", c.second, "два"}, {"3", "c", at.Add(14 * time.Hour), "три"}}, nil)
		r := collected(t, "posts.xlsx", in)
		var got []string
		for _, p := range r.posts {
			got = append(got, p.Time.String())
		}
		if s := strings.Join(got, "|"); r.err != nil || s != c.want {
			t.Errorf("times %s, error %v; want %s", s, r.err, c.want)
		}
	}
}
