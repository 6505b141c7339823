package report

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/post"
)

func demo(t *testing.T) *coordination.Result {
	t.Helper()
	r, err := coordination.Find(synth.NewDemo(1).Posts, coordination.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestWrite: the same result gives the same bytes, every table parses, CSV and
// JSON Lines agree in their number of rows, and report.json has every hash.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	for _, d := range []string{a, b, a} { // the third replaces the first
		r := demo(t)
		if err := Write(context.Background(), d, r, New(r, "test", nil)); err != nil {
			t.Fatal(err)
		}
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 2 {
		t.Errorf("beside the two findings: %v", entries)
	}
	var f Finding
	raw, err := os.ReadFile(filepath.Join(a, "report.json"))
	if err != nil || json.Unmarshal(raw, &f) != nil {
		t.Fatalf("report.json: %v", err)
	}
	if len(f.Files) != 2*len(Tables)+2 {
		t.Errorf("%d files are named", len(f.Files))
	}
	for _, file := range f.Files {
		x, _ := os.ReadFile(filepath.Join(a, file.Name))
		y, _ := os.ReadFile(filepath.Join(b, file.Name))
		if !bytes.Equal(x, y) || evidence.Of(x) != file.Ref || int64(len(x)) != file.Size {
			t.Errorf("%s: the bytes differ between runs, or from report.json", file.Name)
		}
	}
	for _, name := range Tables {
		x, _ := os.ReadFile(filepath.Join(a, name+".csv"))
		rows, err := csv.NewReader(bytes.NewReader(x)).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Fatalf("%s.csv: %d rows, %v", name, len(rows), err)
		}
		y, _ := os.ReadFile(filepath.Join(a, name+".jsonl"))
		lines := strings.Split(strings.TrimSuffix(string(y), "\n"), "\n")
		if len(lines) != len(rows)-1 {
			t.Errorf("%s: %d rows in CSV, %d in JSON", name, len(rows)-1, len(lines))
		}
		for i, l := range lines {
			var m map[string]any
			if err := json.Unmarshal([]byte(l), &m); err != nil {
				t.Fatalf("%s.jsonl line %d: %v", name, i+1, err)
			}
			for k := range m {
				if !strings.Contains(","+strings.Join(rows[0], ",")+",", ","+k+",") {
					t.Fatalf("%s: JSON has %q, CSV not", name, k)
				}
			}
		}
	}
	for _, name := range []string{"network.graphml", "network.gexf"} {
		x, _ := os.ReadFile(filepath.Join(a, name))
		nodes, edges := countXML(t, x)
		if nodes < 100 || edges < 1000 {
			t.Errorf("%s: %d nodes, %d edges", name, nodes, edges)
		}
	}
}

func countXML(t *testing.T, b []byte) (nodes, edges int) {
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := tok.(xml.StartElement); ok {
			switch e.Name.Local {
			case "node":
				nodes++
			case "edge":
				edges++
			}
		}
	}
}

// TestWriteStopped: a stopped run leaves the finding that was there, and
// nothing beside it. A folder of something else is refused.
func TestWriteStopped(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "finding")
	r := demo(t)
	if err := Write(context.Background(), dir, r, New(r, "one", nil)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Write(ctx, dir, r, New(r, "two", nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped Write returns %v", err)
	}
	raw, _ := os.ReadFile(filepath.Join(dir, "report.json"))
	entries, _ := os.ReadDir(filepath.Dir(dir))
	if !strings.Contains(string(raw), `"version": "one"`) || len(entries) != 1 {
		t.Errorf("after a stopped run: %v", entries)
	}
	other := t.TempDir()
	os.WriteFile(filepath.Join(other, "letters.txt"), []byte("x"), 0o644)
	if err := Write(context.Background(), other, r, New(r, "x", nil)); err == nil {
		t.Error("a folder of other files was replaced")
	}
	if _, err := os.Stat(filepath.Join(other, "letters.txt")); err != nil {
		t.Error(err)
	}
}

// Hostile texts neither run in a spreadsheet nor break a file.
func TestHostileTexts(t *testing.T) {
	texts := []string{"=HYPERLINK(\"http://x\",\"y\") two three four", "@SUM(1+1)*cmd|' /C calc'!A0 b c", "-2+3+cmd|x y z four",
		"line\nbreak, \"quote\" and more words", "tab\tand </script><b>&amp; ]]> \x01 \xff words"}
	var posts []post.Post
	for i, s := range texts {
		for _, a := range []string{"-100", "=A"} {
			posts = append(posts, post.Post{ID: a + string(rune('a'+i)), Account: post.Account{ID: a, Name: "+" + s}, Text: s,
				Time: post.Time{Millis: int64(i) * 1e9, Precision: post.Second}})
		}
	}
	r, err := coordination.Find(posts, coordination.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var c, j, g, x bytes.Buffer
	if err := Pairs(&c, &j, r); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&c).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=@\t\r") || strings.HasPrefix(cell, "-2") {
				t.Errorf("the cell %q runs in a spreadsheet", cell)
			}
			if cell == "'-100" {
				t.Errorf("a negative id was changed")
			}
		}
	}
	for _, l := range strings.Split(strings.TrimSpace(j.String()), "\n") {
		var m map[string]any
		if err := json.Unmarshal([]byte(l), &m); err != nil {
			t.Errorf("%v in %s", err, l)
		}
	}
	if err := errors.Join(GraphML(&g, r), GEXF(&x, r)); err != nil {
		t.Fatal(err)
	}
	countXML(t, g.Bytes())
	countXML(t, x.Bytes())
}

// The terminal's words stay on the first steps of the ladder.
func TestTextAccusesNobody(t *testing.T) {
	var b bytes.Buffer
	Text(&b, demo(t))
	s := strings.ToLower(b.String())
	for _, word := range []string{"bot", "fake", "troll", "paid", "coordinated", "inauthentic", "suspicious"} {
		if strings.Contains(s, word) {
			t.Errorf("the summary says %q", word)
		}
	}
	for _, want := range []string{"5,592 posts", "group 1: 16 accounts", "nothing here says why"} {
		if !strings.Contains(s, want) {
			t.Errorf("the summary lacks %q:\n%s", want, s)
		}
	}
}

// TestWindowWords: a window reads the same where the page has its length and
// where it has its name.
func TestWindowWords(t *testing.T) {
	for _, c := range []struct {
		w    time.Duration
		want string
	}{
		{time.Minute, "1 minute"}, {90 * time.Second, "90 seconds"}, {90 * time.Minute, "90 minutes"}, {time.Hour, "1 hour"}, {48 * time.Hour, "48 hours"},
		{7 * 24 * time.Hour, "7 days"}, {1500 * time.Millisecond, "1,500 milliseconds"}, {0, "the same moment"}, {coordination.Unbounded, "any time"},
	} {
		if got := windowWords(c.w); got != c.want {
			t.Errorf("windowWords(%v) = %q, want %q", c.w, got, c.want)
		}
		if got := windowInWords(coordination.WindowName(c.w)); got != c.want {
			t.Errorf("windowInWords(%q) = %q, want %q", coordination.WindowName(c.w), got, c.want)
		}
	}
}
