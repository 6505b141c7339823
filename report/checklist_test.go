package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/arasha-org/arasha/coordination"
)

const checklist = "mine,what,platform,account,link,trace,message,publishers,want,have,missing,days,why\n" +
	"\"call, then write\",earlier-posts,telegram,'=cmd(),,,,,20,3,17,2031-04-17 to 2031-05-15,hours\n" +
	",comparable-messages,,,,link,,5–14,200,0,200,,\n"

func TestChecklist(t *testing.T) {
	c, err := ReadChecklist(strings.NewReader("\uFEFF"+checklist), "list.csv")
	if err != nil {
		t.Fatal(err)
	}
	day := func(m time.Month, d int) time.Time { return time.Date(2031, m, d, 0, 0, 0, 0, time.UTC) }
	want := []coordination.Wanted{
		{What: coordination.NeedPosts, Platform: "telegram", Account: "=cmd()", Want: 20, Have: 3, From: day(4, 17), To: day(5, 16)},
		{What: coordination.NeedMessages, Trace: coordination.Link, Class: "5–14", Want: 200},
	}
	if d := cmp.Diff(want, c.Lines, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("lines (-want +got):\n%s", d)
	}
	if filled, part, open := c.Mark([]int{4, 0}); filled != 0 || part != 1 || open != 1 {
		t.Errorf("%d filled, %d in part, %d open", filled, part, open)
	}
	var b bytes.Buffer
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	const marked = "mine,what,platform,account,link,trace,message,publishers,want,have,missing,days,why,at_hand,collected\n" +
		"\"call, then write\",earlier-posts,telegram,'=cmd(),,,,,20,3,13,2031-04-17 to 2031-05-15,hours,,4\n" +
		",comparable-messages,,,,link,,5–14,200,0,200,,,,0\n"
	if d := cmp.Diff(marked, b.String()); d != "" {
		t.Errorf("written (-want +got):\n%s", d)
	}
	head, _, _ := strings.Cut(checklist, "\n")
	for _, x := range []struct{ in, want string }{
		{"", "list.csv: line 1: the file is empty"},
		{"what,account\n", `line 1: no column "platform"`},
		{head + "\n,earlier-posts,,a,,,,,many,0,,,\n", `line 2: "many" is no number`},
		{head + "\n,earlier-posts,,a,,,,,20,-1,,,\n", `line 2: "-1" is no number`},
		{head + "\n,earlier-posts,,a,,,,,20,0,,in May,\n", `line 2: "in May" are no days`},
		{head + "\n,earlier-posts,,a,,,,,20,0,,,,,,more\n", "line 2: 16 fields under 15 columns"},
		{head + "\n\xff\n", "line 2: not UTF-8"},
		{head + "\n,\"earlier\n", "list.csv: line 2"},
	} {
		if _, err := ReadChecklist(strings.NewReader(x.in), "list.csv"); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("ReadChecklist(%q) = %v, want an error with %q", x.in, err, x.want)
		}
	}
}

// FuzzChecklist: what is read and written again is read as the same.
func FuzzChecklist(f *testing.F) {
	f.Add(checklist)
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ReadChecklist(strings.NewReader(s), "f")
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := c.Write(&b); err != nil {
			t.Fatal(err)
		}
		again, err := ReadChecklist(bytes.NewReader(b.Bytes()), "f")
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%q", err, b.String())
		}
		if d := cmp.Diff(c.Lines, again.Lines); d != "" {
			t.Errorf("another list (-want +got):\n%s", d)
		}
	})
}
