package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// giveBack runs "arasha collect FILE" with --back and --table in a new folder
// and returns what was written.
func giveBack(t *testing.T, name string, content []byte, back, table string, more ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"collect", file, "--out", filepath.Join(dir, "posts.jsonl")}
	if back != "" {
		args = append(args, "--back", filepath.Join(dir, back))
	}
	if table != "" {
		args = append(args, "--table", filepath.Join(dir, table))
	}
	var out, talk bytes.Buffer
	if code := run(context.Background(), append(args, more...), &world{out: &out, err: &talk}); code != exitDone {
		t.Fatalf("arasha %s: exit %d\n%s", strings.Join(args, " "), code, talk.String())
	}
	return dir
}

func read(t *testing.T, parts ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestListIsSafe: a sheet comes from strangers. Nothing in it becomes markup,
// a request or a link of another kind.
func TestListIsSafe(t *testing.T) {
	sheet := "url,text,author,found_by\n" +
		"https://t.me/q/1,<script>alert(1)</script>,\"\"\"><img src=x>\",Марта\n" +
		"javascript:alert(1),x,y,\n" +
		"\"https://a.example/\"\"onclick=x\",x,y,\n" +
		"https://t.me/q/2,\"</style><style>*{}\",,\n"
	page := read(t, giveBack(t, "s.csv", []byte(sheet), "", "list.html"), "list.html")
	for _, bad := range []string{"<script", "<img", `href="javascript`, `"onclick`, "</style><style>", "Марта", "http-equiv=\"refresh\"", "url("} {
		if strings.Contains(page, bad) {
			t.Errorf("the list holds %q", bad)
		}
	}
	for _, href := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(href[1], "https://") {
			t.Errorf("the list links to %q", href[1])
		}
	}
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(page)
	sum := sha256.Sum256([]byte(style[1]))
	want := "sha256-" + strings.ReplaceAll(base64.StdEncoding.EncodeToString(sum[:]), "+", "&#43;")
	if !strings.Contains(page, "style-src '"+want+"'") {
		t.Errorf("the policy does not allow the style by its hash %s", want)
	}
	if !strings.Contains(page, "javascript:alert(1)") {
		t.Error("the address as typed is not shown")
	}
}

// TestWorkbookComesBackWhole: formats, cells beyond the heading, a title above
// it and other sheets stay; the columns stand behind what was there.
func TestWorkbookComesBackWhole(t *testing.T) {
	x := excelize.NewFile()
	style, _ := x.NewStyle(&excelize.Style{NumFmt: 14})
	for i, row := range [][]any{{"Наш список"}, {"Ссылка", "Дата"}, {"https://t.me/q/1", 43949, "лишнее"}, {}, {"https://t.me/s/q/1", "5/2"}} {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		x.SetSheetRow("Sheet1", cell, &row)
	}
	x.SetCellStyle("Sheet1", "B3", "B3", style)
	x.NewSheet("Прочее")
	x.SetCellStr("Прочее", "A1", "сумма")
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	dir := giveBack(t, "s.xlsx", b.Bytes(), "back.xlsx", "")
	y, err := excelize.OpenFile(filepath.Join(dir, "back.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	get := func(cell string) string { v, _ := y.GetCellValue("Sheet1", cell); return v }
	for cell, want := range map[string]string{"A1": "Наш список", "A3": "https://t.me/q/1", "C3": "лишнее", "D2": "row", "D3": "3", "E3": "5", "D4": "4", "E5": "3", "I5": "https://t.me/q/1", "J3": "2020-04-28"} {
		if got := get(cell); got != want {
			t.Errorf("cell %s is %q, want %q", cell, got, want)
		}
	}
	if got := get("B3"); got != "04-28-20" {
		t.Errorf("the date is shown as %q: its format was lost", got)
	}
	if v, _ := y.GetCellValue("Прочее", "A1"); v != "сумма" {
		t.Errorf("the other sheet holds %q", v)
	}
	// As CSV the date is what the person saw, not a day number.
	rows, err := csv.NewReader(strings.NewReader(read(t, giveBack(t, "s.xlsx", b.Bytes(), "back.csv", ""), "back.csv"))).ReadAll()
	if err != nil || len(rows) != 4 || rows[1][1] != "04-28-20" || rows[2][2] != "4" {
		t.Errorf("as CSV: %q, error %v", rows, err)
	}
}

// TestSheetWithoutHeading gets one, and its rows stay in their order.
func TestSheetWithoutHeading(t *testing.T) {
	for name, content := range map[string]string{
		"list.txt": "https://t.me/q/1\n\nhttps://t.me/q/2\n",
		"list.tsv": "https://t.me/q/1\t28.04.2020\n\t\nhttps://t.me/q/2\t29.04.2020\n",
	} {
		dir := giveBack(t, name, []byte(content), "back.xlsx", "")
		x, err := excelize.OpenFile(filepath.Join(dir, "back.xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		rows, _ := x.GetRows("Links")
		x.Close()
		if len(rows) != 4 || rows[1][0] != "https://t.me/q/1" || rows[3][0] != "https://t.me/q/2" {
			t.Errorf("%s came back as %q", name, rows)
		}
	}
	x := excelize.NewFile()
	x.SetCellStr("Sheet1", "A1", "https://t.me/q/1")
	x.SetCellStr("Sheet1", "A2", "https://t.me/q/2")
	var b bytes.Buffer
	x.Write(&b)
	dir := giveBack(t, "s.xlsx", b.Bytes(), "back.xlsx", "")
	y, err := excelize.OpenFile(filepath.Join(dir, "back.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	rows, _ := y.GetRows("Sheet1")
	if len(rows) != 3 || rows[0][1] != "row" || rows[1][0] != "https://t.me/q/1" || rows[1][1] != "1" || rows[2][1] != "2" {
		t.Errorf("a workbook without a heading came back as %q", rows)
	}
}

func TestSafeCell(t *testing.T) {
	for in, want := range map[string]string{"": "", "a": "a", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@a": "'@a", "\tx": "'\tx", "\rx": "'\rx", "a=1": "a=1", "'=1": "'=1"} {
		if got := safeCell(in); got != want {
			t.Errorf("safeCell(%q) = %q, want %q", in, got, want)
		}
	}
}
