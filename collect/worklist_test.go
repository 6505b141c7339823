package collect

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/arasha-org/arasha/post"
)

// worklist reads content as a sheet of links.
func worklist(t *testing.T, name, content string, edit ...func(*Options)) *Worklist {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := open(context.Background(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	o := &Options{}
	for _, e := range edit {
		e(o)
	}
	w, err := readWorklist(in, o)
	if err != nil {
		t.Fatalf("readWorklist(%s): %v", name, err)
	}
	return w
}

// lines prints a worklist in short, one row a line.
func rowLines(w *Worklist) (out []string) {
	for i, r := range w.Rows {
		s := fmt.Sprintf("%d", r.Row)
		for _, n := range r.Entries {
			e := w.Entries[n]
			s += fmt.Sprintf(" | %s %s %s", e.Platform, e.ID, e.TimeText)
		}
		if same := w.SameAs(i); same != "" {
			s += " | same as " + same
		}
		if len(r.Missing) > 0 {
			s += " | missing " + strings.Join(r.Missing, ", ")
		}
		out = append(out, s)
	}
	return out
}

func TestWorklistNoRowIsLost(t *testing.T) {
	w := worklist(t, "s.csv", `Ссылка,Дата,Текст,Кто нашёл
https://t.me/q/1?single,2020-04-28,Сөз,Марта

t.me/s/Q/1,28.04.2020,,Данияр
"https://t.me/q/2, https://vk.com/wall-1_2",29.04.2020,,
,2020-04-30,https://vk.com/wall-1_3,
не помню где,,,
,,,
hxxps://t[.]me/q/9,,,
"смотри: https://t.me/q/7 (пост)",,,
раз,два,три,четыре,пять,https://t.me/q/8
@somebody,,,
`)
	want := []string{
		"2 | telegram q/1 2020-04-28, day stated | same as 4",
		"3",
		"4 | telegram q/1 2020-04-28, day stated | same as 2",
		"5 | telegram q/2 2020-04-29, day stated as \"29.04.2020\" | vk -1_2 2020-04-29, day stated as \"29.04.2020\"",
		"6 | vk -1_3 2020-04-30, day stated",
		"7 |   not known | missing address: \"не помню где\" cannot be read as one",
		"8",
		"9 | telegram q/9 not known",
		"10 | telegram q/7 not known",
		"11 | telegram q/8 not known | missing columns: the row has 6 cells where the heading has 4; only the addresses in it were read",
		"12 |   not known | missing address: \"@somebody\" names an account, not its platform",
	}
	if diff := cmp.Diff(want, rowLines(w)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if r := w.Rows[4].Remarks; len(r) != 1 || !strings.Contains(r[0], `stood in the column "Текст"`) {
		t.Errorf("remarks of row 6: %q", r)
	}
	if w.Rows[0].FoundBy != "Марта" || strings.Contains(fmt.Sprint(w.Posts()), "Марта") {
		t.Errorf("found by %q; it must stand in no post", w.Rows[0].FoundBy)
	}
	if w.Twins() != 1 {
		t.Errorf("%d twins, want 1", w.Twins())
	}
}

// TestWorklistRowsOfManyLines: a cell of several lines, in the heading or below
// it, is one row, however the file ends its lines.
func TestWorklistRowsOfManyLines(t *testing.T) {
	for _, eol := range []string{"\n", "\r\n", "\r"} {
		in := strings.ReplaceAll("url,\"date\n(UTC)\",text\nhttps://t.me/q/1,2031-04-28,\"a\n\nb\"\n\nhttps://t.me/q/2,2031-04-29,c\n", "\n", eol)
		want := []string{
			"2 | telegram q/1 2031-04-28, day stated",
			"3",
			"4 | telegram q/2 2031-04-29, day stated",
		}
		if diff := cmp.Diff(want, rowLines(worklist(t, "s.csv", in))); diff != "" {
			t.Errorf("rows with lines ended by %q (-want +got):\n%s", eol, diff)
		}
	}
}

func TestWorklistOfLines(t *testing.T) {
	w := worklist(t, "list.txt", "Ссылки от 28 апреля, всё важно:\r\n1) https://t.me/q/1\r\n\r\n28.04.2020 - https://x.com/a/status/1255059175633850368, вот\r\nhttps://t.me/q/2 https://t.me/q/1\r\n13.05.2020 vk.com/wall-1_2\r\n05.04.2020 vk.com/wall-1_3\r\n")
	want := []string{
		"1 |   not known | missing address: \"Ссылки от 28 апреля, всё важно:\" cannot be read as one",
		"2 | telegram q/1 not known | same as 5",
		"3",
		"4 | twitter 1255059175633850368 2020-04-28 09:00:00 UTC, from the id",
		"5 | telegram q/2 not known | telegram q/1 not known | same as 2",
		"6 | vk -1_2 2020-05-13, day stated as \"13.05.2020\"",
		"7 | vk -1_3 2020-04-05, day stated as \"05.04.2020\"", // day first, as row 6 shows
	}
	if diff := cmp.Diff(want, rowLines(w)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// TestDatesInAList: the date stands before or behind the address, with words.
func TestDatesInAList(t *testing.T) {
	w := worklist(t, "list.txt", "28.04 https://t.me/q/1\n5/2 https://t.me/q/2 – пост\nhttps://t.me/q/3 (13.04)\n2020-04-28 10:15 https://t.me/q/4 вот\nнаписали 28 апреля https://t.me/q/5 вчера\n", func(o *Options) { o.Year = 2020 })
	want := []string{
		"1 | telegram q/1 2020-04-28, day stated as \"28.04\"",
		"2 | telegram q/2 not known",
		"3 | telegram q/3 2020-04-13, day stated as \"13.04\"",
		"4 | telegram q/4 2020-04-28 10:15 UTC, stated without a zone (UTC was assumed)",
		"5 | telegram q/5 not known",
	}
	if diff := cmp.Diff(want, rowLines(w)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if m := strings.Join(w.Entries[1].Missing, "; "); !strings.Contains(m, `"5/2" is ambiguous (5 February or 2 May)`) {
		t.Errorf("of 5/2 it is said: %s", m)
	}
	if w.Entries[3].Text != "вот" {
		t.Errorf("text beside the date: %q", w.Entries[3].Text)
	}
}

// TestUnknownHeadings: who asks for the sheet back need not name its columns.
func TestUnknownHeadings(t *testing.T) {
	w := worklist(t, "s.csv", "Где,Когда,Что\nt.me/q/1,28.04.2020,\nhttps://t.me/q/2,29.04.2020,слова довольно длинные\n")
	if e := w.Entries[1]; e.ID != "q/2" || e.Time.String() != "2020-04-29" || e.Text != "слова довольно длинные" {
		t.Errorf("read as %+v, notes %q", e, w.Notes)
	}
}

func TestLongTablesAreNoSheets(t *testing.T) {
	r := collected(t, "t.csv", "url,date\n"+strings.Repeat("https://t.me/q/1,28.04.2020\n", maxSheetRows+1))
	if r.err != nil || len(r.posts) == 0 || !r.said("more than", "not as a sheet of links") {
		t.Errorf("%d posts, error %v, notes %q", len(r.posts), r.err, r.found[0].Notes)
	}
}

func TestWorklistTimes(t *testing.T) {
	const x = "https://x.com/a/status/1255059175633850368" // 2020-04-28 09:00 UTC
	tests := []struct {
		about, rows string
		time        string // of the first entry
		says        string // stands in Missing or Remarks
		quiet       bool   // nothing stands in Remarks
		edit        func(*Options)
	}{
		{about: "the id fixes the year", rows: "url,date\n" + x + ",28.04\n", time: "2020-04-28 09:00:00 UTC, from the id", quiet: true},
		{about: "the id settles the order", rows: "url,date\nhttps://x.com/a/status/1252000000000000000,20/4\n", time: "2020-04-19 22:23:55 UTC, from the id", quiet: true},
		{about: "a day that the id denies", rows: "url,date\n" + x + ",01.05.2020\n", time: "2020-04-28 09:00:00 UTC, from the id", says: `row 2 states "01.05.2020", but the id says 2020-04-28 09:00:00 UTC`},
		{about: "no reading of 5/2 fits the id", rows: "url,date\n" + x + ",5/2\n", time: "2020-04-28 09:00:00 UTC, from the id", says: `states "5/2", but the id says`},
		{about: "a word is no date", rows: "url,date\n" + x + ",вчера\n", time: "2020-04-28 09:00:00 UTC, from the id", says: `"вчера", which is no date`},
		{about: "no year", rows: "url,date\nt.me/q/1,28.04\n", time: "not known", says: `time: "28.04" has no year`},
		{about: "the year you give", rows: "url,date\nt.me/q/1,28.04\n", time: `2020-04-28, day stated as "28.04"`, edit: func(o *Options) { o.Year = 2020 }},
		{about: "the year of a column", rows: "url,date,год\nt.me/q/1,28.04,2020\n", time: `2020-04-28, day stated as "28.04"`},
		{about: "the year of the heading", rows: "url,Дата (2020)\nt.me/q/1,28.04\n", time: `2020-04-28, day stated as "28.04"`},
		{about: "ambiguous", rows: "url,date\nt.me/q/1,5/2/2020\nt.me/q/2,28.04.2020\n", time: "not known", says: `"5/2/2020" is ambiguous (5 February or 2 May)`},
		{about: "ambiguous, and no year", rows: "url,date\nt.me/q/1,5/2\n", time: "not known", says: `"5/2" is ambiguous (5 February or 2 May) and has no year`},
		{about: "month first", rows: "url,date\nt.me/q/1,5/2/2020\n", time: `2020-05-02, day stated as "5/2/2020"`, edit: func(o *Options) { o.DayFirst = -1 }},
		{about: "twins that differ", rows: "url,date\nt.me/q/1,2020-04-28\nt.me/q/1,2020-04-29\n", time: "2020-04-28, day stated", says: `row 3 states "2020-04-29", another row 2020-04-28`},
		{about: "twins that differ without a year", rows: "url,date\nt.me/q/1,28.04\nt.me/q/1,29.04\n", time: "not known", says: `row 3 states "29.04", another row "28.04"`},
		{about: "a twin knows it more exactly", rows: "url,date\nt.me/q/1,2020-04-28\nt.me/q/1,2020-04-28 10:15\n", time: "2020-04-28 10:15 UTC, stated without a zone (UTC was assumed)", quiet: true},
		{about: "a zone", rows: "url,date\nt.me/q/1,2020-04-28 10:15\n", time: "2020-04-28 04:15 UTC, stated in the zone Asia/Almaty", edit: func(o *Options) { o.Zone, _ = time.LoadLocation("Asia/Almaty") }},
		{about: "a day keeps its day in any zone", rows: "url,date\nt.me/q/1,2020-04-28\n", time: "2020-04-28, day stated", edit: func(o *Options) { o.Zone, _ = time.LoadLocation("Asia/Almaty") }},
	}
	for _, tt := range tests {
		edit := tt.edit
		if edit == nil {
			edit = func(*Options) {}
		}
		w := worklist(t, "s.csv", tt.rows, edit)
		e := w.Entries[0]
		if e.TimeText != tt.time {
			t.Errorf("%s: time %q, want %q", tt.about, e.TimeText, tt.time)
		}
		if said := strings.Join(append(e.Missing, e.Remarks...), "\n"); !strings.Contains(said, tt.says) {
			t.Errorf("%s: says %q, want %q in it", tt.about, said, tt.says)
		}
		if tt.quiet && len(e.Remarks) > 0 {
			t.Errorf("%s: remarks %q, want none", tt.about, e.Remarks)
		}
	}
}

func TestApart(t *testing.T) {
	day := func(s string) post.Time {
		d, _ := time.Parse("2006-01-02", s)
		return post.Time{Millis: d.UnixMilli(), Precision: post.Day, Basis: post.Local, Zone: "UTC"}
	}
	at := func(s string) post.Time {
		d, _ := time.Parse("2006-01-02 15:04:05", s)
		return post.At(d, post.Second, post.ID)
	}
	month := day("2020-02-01")
	month.Precision = post.Month
	tests := []struct {
		a, b    post.Time
		assumed bool
		words   string
	}{
		{day("2020-04-28"), day("2020-04-28"), true, "0–1 days"},
		{day("2020-04-28"), day("2020-04-29"), true, "0–2 days"},
		{day("2020-04-30"), day("2020-04-28"), true, "1–3 days"},
		{day("2020-04-28"), day("2020-05-01"), true, "2–4 days"},
		{at("2020-04-28 10:00:00"), at("2020-04-28 10:00:30"), false, "30 seconds"},
		{at("2020-04-28 10:00:00"), at("2020-04-28 10:00:00"), false, "0 seconds"},
		{at("2020-04-28 10:00:00"), at("2020-04-29 12:00:00"), false, "26 hours"},
		{at("2020-04-28 10:00:00"), day("2020-04-28"), false, "0–1 days"},
		{at("2020-04-28 10:00:00"), day("2020-04-28"), true, "0–2 days"}, // the day's zone is not known
		{month, day("2020-03-01"), true, "0–30 days"},
	}
	for _, tt := range tests {
		for range 2 {
			least, most, ok := timesApart(tt.a, tt.b, tt.assumed)
			if got := apartWords(least, most); !ok || got != tt.words {
				t.Errorf("%s and %s are %q apart, want %q", tt.a, tt.b, got, tt.words)
			}
			tt.a, tt.b = tt.b, tt.a
		}
	}
	for _, unknown := range []post.Time{{}, {Millis: 1, Precision: post.Second, Basis: post.Collected}} {
		if _, _, ok := timesApart(unknown, day("2020-04-28"), false); ok {
			t.Errorf("a distance was told from %+v", unknown)
		}
	}
}

// TestSharedPages: two accounts that publish one page are two acts, and the
// page is a link of each.
func TestSharedPages(t *testing.T) {
	w := worklist(t, "s.csv", "url,account,date\nhttps://news.example/a,one,28.04.2020\nhttp://www.news.example/a/?utm_source=x,two,28.04.2020\nhttps://news.example/a,one,28.04.2020\n")
	posts := w.Posts()
	if len(posts) != 2 || posts[0].Account.Name != "one" || posts[1].Account.Name != "two" || posts[1].Links[0] != "https://news.example/a" {
		t.Errorf("posts %+v, want one for each account, with the page as its link", posts)
	}
	if posts[0].Extra["rows"] != "2, 4" {
		t.Errorf("rows of the first %q, want 2, 4", posts[0].Extra["rows"])
	}
}

func TestLinksAreRecognised(t *testing.T) {
	few := strings.Repeat("https://t.me/q/1,28.04,\n", 3) + "https://t.me/q/2,28.04,слово\n"
	tests := []struct{ name, content, form string }{
		{"s.csv", "url,date,text\n" + few, "links"},
		{"s.csv", "Где,Когда,Что\n" + few, "table"}, // and refused: headings nobody knows must be named
		{"s.tsv", strings.ReplaceAll("сілтеме,күні,мәтін\n"+few, ",", "\t"), "links"},
		{"s.txt", "https://t.me/q/1\nhttps://t.me/q/2\n", "links"},
		{"s.txt", "Список:\n1. https://t.me/q/1\n2. https://t.me/q/2, и ещё\n", "links"},
		{"s.csv", few, "links"},
		{"s.csv", "url,date,text\n" + strings.Repeat("https://t.me/q/1,28.04,слово\n", 5), "table"},
		{"s.csv", "url,date,text,found_by\n" + strings.Repeat("https://t.me/q/1,28.04,слово,Марта\n", 5), "links"},
		{"s.csv", "id,url\n1,https://t.me/q/1\n", "table"},
		{"s.csv", "url,account,timestamp\n" + strings.Repeat("https://a.example/1,u1,1588068000\n", 5), "table"}, // a log of shares
	}
	for _, tt := range tests {
		r := collected(t, tt.name, tt.content)
		if got := r.found[0].Format; got != tt.form {
			t.Errorf("%q is read as %q (%v), want %q", tt.content, got, r.err, tt.form)
		}
	}
}

func TestWorkbookWorklist(t *testing.T) {
	in := workbook(t, [][]any{
		{"Ссылка", "Дата", "Скриншот"},
		{"https://t.me/q/1", time.Date(2020, 4, 28, 0, 0, 0, 0, time.UTC), "a.png"},
		{},
		{"пост", "28.04"},
		{"https://t.me/q/1", "5/2"},
	}, func(x *excelize.File) { x.SetCellHyperLink("Sheet1", "A4", "https://t.me/q/2", "External") })
	w := worklist(t, "s.xlsx", in)
	want := []string{
		"2 | telegram q/1 2020-04-28, day stated | same as 5",
		"3",
		"4 | telegram q/2 not known",
		"5 | telegram q/1 2020-04-28, day stated | same as 2",
	}
	if diff := cmp.Diff(want, rowLines(w)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if k := strings.Join(w.Kept(w.Entries[0]), ", "); !strings.Contains(k, "name of a screenshot (a.png)") {
		t.Errorf("kept: %s", k)
	}
}

// TestWorklistEncodings: what a spreadsheet program saves in Cyrillic.
func TestWorklistEncodings(t *testing.T) {
	utf16 := []byte{0xff, 0xfe}
	for _, r := range "Ссылка\tДата\r\nhttps://t.me/q/1\t28.04.2020\r\n" {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	for name, content := range map[string]string{
		"utf16.csv": string(utf16), "bom.csv": "\ufeffСсылка;Дата\r\nhttps://t.me/q/1;28.04.2020\r\n",
		"cp1251.csv": "\xd1\xf1\xfb\xeb\xea\xe0;\xc4\xe0\xf2\xe0\r\nhttps://t.me/q/1;28.04.2020\r\n", "sep.csv": "sep=;\nСсылка;Дата\nhttps://t.me/q/1;28.04.2020\n",
	} {
		w := worklist(t, name, content)
		if len(w.Entries) != 1 || w.Entries[0].ID != "q/1" || w.Entries[0].Time.String() != "2020-04-28" {
			t.Errorf("%s: %q", name, rowLines(w))
		}
	}
}

// FuzzWorklist: whatever the file, every line that is not empty is a row, and
// every row is an entry or empty.
func FuzzWorklist(f *testing.F) {
	f.Add([]byte("url,date\nhttps://t.me/q/1,28.04\n\n\"a\nb\",5/2\n"))
	f.Add([]byte("https://t.me/q/1\nhttps://x.com/a/status/1255059175633850368 28.04\n"))
	f.Add([]byte("Ссылка;Дата;Автор\nhttps://vk.com/wall-1_2;29.04.2020;@a\nt.me/a/1;1588068000;b\n;;\n"))
	f.Add([]byte("sep=;\nurl;text\n'https://t.me/q/1';=1+1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := spool(context.Background(), "fuzz", bytes.NewReader(b))
		if err != nil {
			return
		}
		defer in.Close()
		sniffLinks(in)
		w, err := readWorklist(in, &Options{Year: 2020})
		if err != nil {
			return
		}
		last := int64(0)
		for i, r := range w.Rows {
			if r.Empty == (len(r.Entries) > 0) {
				t.Fatalf("row %d: empty %v, %d entries", r.Row, r.Empty, len(r.Entries))
			}
			if r.Row <= last {
				t.Fatalf("row %d stands behind row %d", r.Row, last)
			}
			last = r.Row
			w.SameAs(i)
		}
		named := 0
		for i, e := range w.Entries {
			named += len(e.Rows)
			if e.TimeText == "" || len(e.Missing) == 0 {
				t.Fatalf("entry %+v says nothing of its time or of what is missing", e)
			}
			w.ApartFromEarliest(i)
		}
		if len(w.Rows) > 0 && named == 0 {
			for _, r := range w.Rows {
				if !r.Empty {
					t.Fatalf("row %d is in no entry", r.Row)
				}
			}
		}
		w.Posts()
		w.EarliestWords()
	})
}
