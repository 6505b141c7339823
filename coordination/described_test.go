package coordination_test

import (
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
	"github.com/google/go-cmp/cmp"
)

const anyRef = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

func TestReadDescriptions(t *testing.T) {
	in := "account,attribute,according_to,date,ref\n" +
		"telegram/stepnoy_vestnik,outlet,its own page,2031-02,\n" +
		"@stepnoy_vestnik_24,state-funded,,2031," + anyRef + "\n" +
		"stepnoy_vestnik_24,outlet,register of media,,\n" +
		"somebody_else,ordinary,a colleague,,\n"
	d, err := coordination.ReadDescriptions(strings.NewReader(in), "accounts.csv")
	if err != nil {
		t.Fatal(err)
	}
	demo, r := demo(t)
	got := r.Describe(d)
	if d := cmp.Diff([]coordination.Unmatched{{Line: 5, Account: "somebody_else"}}, got.Unmatched); d != "" {
		t.Errorf("unmatched (-want +got):\n%s", d)
	}
	var all, sisters []uint32
	for a := range uint32(r.Accounts) {
		if id := r.Account(a).ID; id == demo.Sisters[0] || id == demo.Sisters[1] {
			sisters = append(sisters, a)
		}
		all = append(all, a)
	}
	want := []coordination.AttributeCount{{coordination.Outlet, 2}, {coordination.StateFunded, 1}}
	if d := cmp.Diff(want, got.Breakdown(sisters)); d != "" {
		t.Errorf("breakdown (-want +got):\n%s", d)
	}
	if b := got.Breakdown(all); b[len(b)-1] != (coordination.AttributeCount{Attribute: coordination.Unknown, Accounts: r.Accounts - 2}) {
		t.Errorf("unknown stays unknown: %+v", b)
	}
	if f := got.Facts(sisters[1]); len(f) != 2 || f[0].Date.String() != "2031" || f[0].Ref != anyRef {
		t.Errorf("facts %+v", f)
	}
	var none *coordination.Described
	if b := none.Breakdown(sisters); len(b) != 1 || b[0].Accounts != 2 {
		t.Errorf("without facts: %+v", b)
	}

	head := "account,attribute,according_to,date,ref\n"
	for _, c := range []struct{ in, want string }{
		{head + "a,outlet,,,\n", "accounts.csv: line 2: \"outlet\" without a source"},
		{head + "a,outlet,x,,\nb,robot,x,,\n", `line 3: there is no attribute "robot"`},
		{head + "a,unknown,x,,\n", `line 2: there is no attribute "unknown"`},
		{head + "a,outlet,,,12ab\n", `line 2: "12ab" is no ref`},
		{head + "a,outlet,x,yesterday,\n", `line 2: "yesterday" is no date`},
		{head + ",outlet,x,,\n", "line 2: no account"},
	} {
		if _, err := coordination.ReadDescriptions(strings.NewReader(c.in), "accounts.csv"); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ReadDescriptions(%q) = %v, want an error with %q", c.in, err, c.want)
		}
	}
}

func TestDatedEvents(t *testing.T) {
	in := "ref,date,text\n" +
		",2031-04-23 10:00 +05:00,\"Qanat publishes, at last\"\n" +
		anyRef + ",2031-04-20T08:30:00Z,a hearing\n" +
		",2031-04-28,a vote\n,2031-05,holidays\n"
	d, err := coordination.ReadDatedEvents(strings.NewReader(in), "events.csv", nil)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := coordination.ReadDatedEvents(strings.NewReader(in+" "), "events.csv", nil)
	if len(d.SHA256) != 64 || again == nil || again.SHA256 == d.SHA256 {
		t.Errorf("the hash does not follow the bytes")
	}
	if len(d.Events) != 4 || d.Events[0].Text != "a hearing" || d.Events[1].Time.UTC().Hour() != 5 {
		t.Fatalf("events %+v", d.Events)
	}
	second := func(s string) post.Time {
		at, err := time.Parse("2006-01-02 15:04:05", s)
		if err != nil {
			t.Fatal(err)
		}
		return post.At(at, post.Second, post.Unix)
	}
	got := d.Around(second("2031-04-28 09:04:00"), second("2031-04-28 09:54:00"))
	want := []coordination.Position{
		{0, coordination.Before, 8*24*time.Hour + 34*time.Minute - time.Second},
		{1, coordination.Before, 5*24*time.Hour + 4*time.Hour + 3*time.Minute},
		{2, coordination.NotKnown, 0}, // the day of the wave: nobody knows which came first
		{3, coordination.After, 48*time.Hour + 4*time.Hour + 6*time.Minute - 4*time.Hour - time.Second - 4*time.Hour},
	}
	want[3].Gap = time.Date(2031, 4, 30, 10, 0, 0, 0, time.UTC).Sub(time.Date(2031, 4, 28, 9, 54, 1, 0, time.UTC))
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("places (-want +got):\n%s", d)
	}
	during := d.Around(second("2031-04-20 08:00:00"), second("2031-04-20 09:00:00"))[0]
	if during.Order != coordination.During {
		t.Errorf("an event inside a wave stands %q", during.Order)
	}
	if d.Around(post.Time{}, second("2031-04-20 09:00:00")) != nil {
		t.Error("a wave without a time has events around it")
	}
	zone := time.FixedZone("+05:00", 5*3600)
	local, err := coordination.ReadDatedEvents(strings.NewReader("date,text\n2031-04-28 14:30,x\n2031-04-29,y\n"), "e", zone)
	if err != nil {
		t.Fatal(err)
	}
	if p := local.Around(second("2031-04-28 19:30:00"), second("2031-04-28 19:40:00")); p[1].Order != coordination.NotKnown || p[0].Order != coordination.Before {
		t.Errorf("in a named zone the day begins at 19:00 UTC: %+v", p)
	}
	march, err := coordination.ReadDatedEvents(strings.NewReader("date,text\n2031-03,x\n"), "e", zone)
	if err != nil {
		t.Fatal(err)
	}
	if p := march.Around(second("2031-03-30 09:00:00"), second("2031-03-30 09:30:00")); p[0].Order != coordination.NotKnown {
		t.Errorf("a wave of 30 March stands to an event of March as %q", p[0].Order)
	}
	for _, c := range []struct{ in, want string }{
		{"date,text\n2031-04-23 10:00,x\n", `events.csv: line 2: "2031-04-23 10:00" has no zone`},
		{"date,text\n23.04.2031,x\n", "line 2: \"23.04.2031\" is no date"},
		{"date,text\n2031-02-30,x\n", "is no date"},
		{"date,text\n2031,\n", "line 2: no text"},
		{"date,text,ref\n2031,x,zz\n", `line 2: "zz" is no ref`},
		{"date\n", `no column "text"`},
	} {
		if _, err := coordination.ReadDatedEvents(strings.NewReader(c.in), "events.csv", nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ReadDatedEvents(%q) = %v, want an error with %q", c.in, err, c.want)
		}
	}
}

func TestGaps(t *testing.T) {
	in := "from,to,why\n2031-04-29,2031-04-30,the disk was full\n2031-04-23 10:00 +05:00,2031-04-23 12:30 +05:00,\n# a note\n2031-05,2031-05,holidays\n"
	got, err := coordination.ReadGaps(strings.NewReader(in), "gaps.csv", nil)
	if err != nil {
		t.Fatal(err)
	}
	day := func(m time.Month, d, h, min int) time.Time { return time.Date(2031, m, d, h, min, 0, 0, time.UTC) }
	want := []coordination.Gap{{3, day(4, 23, 5, 0), day(4, 23, 7, 30), ""}, {2, day(4, 29, 0, 0), day(5, 1, 0, 0), "the disk was full"}, {5, day(5, 1, 0, 0), day(6, 1, 0, 0), "holidays"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	local, err := coordination.ReadGaps(strings.NewReader("from,to\n2031-04-29,2031-04-30 06:00\n"), "gaps.csv", time.FixedZone("", 5*3600))
	if err != nil || !local[0].From.Equal(day(4, 28, 19, 0)) || !local[0].To.Equal(day(4, 30, 1, 0)) {
		t.Errorf("in a zone: %+v, %v", local, err)
	}
	for _, c := range []struct{ in, want string }{
		{"from,to\n2031-04-29,2031-04-28\n", "gaps.csv: line 2: the gap ends (2031-04-28) before it begins"},
		{"from,to\n2031-04-29 10:00,2031-04-30\n", "has no zone"},
		{"from,to\n2031-04-29,\n", "line 2: no to"},
		{"from,to\nyesterday,2031-04-28\n", "is no date"},
		{"from,why\n", `no column "to"`},
	} {
		if _, err := coordination.ReadGaps(strings.NewReader(c.in), "gaps.csv", nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("ReadGaps(%q) = %v, want an error with %q", c.in, err, c.want)
		}
	}
}

func FuzzUserFiles(f *testing.F) {
	f.Add("date,text,ref\n2031-04-23 10:00 +05:00,x,\n")
	f.Add("account,attribute,according_to,date,ref\na,outlet,b,2031,\n")
	f.Add("from,to,why\n2031-04-28,2031-04-29,the disk was full\n")
	f.Add("rule,kind,what,value\nr,openly-organised,phrase,sign here\nx,off,,\n")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := coordination.ReadDatedEvents(strings.NewReader(s), "f", time.UTC); err == nil {
			for _, e := range d.Events {
				if !e.Time.Known() || e.Text == "" {
					t.Errorf("an event without its parts: %+v", e)
				}
			}
			d.Around(post.At(time.Unix(0, 0), post.Second, post.Unix), post.At(time.Unix(9, 0), post.Second, post.Unix))
		}
		if gaps, err := coordination.ReadGaps(strings.NewReader(s), "f", time.UTC); err == nil {
			for _, g := range gaps {
				if !g.To.After(g.From) {
					t.Errorf("a gap of no length: %+v", g)
				}
			}
		}
		if d, err := coordination.ReadDescriptions(strings.NewReader(s), "f"); err == nil {
			for _, r := range d.Rows() {
				if r.Account == "" || r.AccordingTo == "" && r.Ref == "" {
					t.Errorf("a fact without its source: %+v", r)
				}
			}
		}
	})
}
