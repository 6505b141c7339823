package casefile

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

func TestParseDate(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Date
		out  string // "" for the same as in
	}{
		{"", Date{}, ""},
		{"unknown", Date{Precision: Unknown}, ""},
		{"2031-04-12", Date{Day: "2031-04-12", Precision: Exact}, ""},
		{"2031-04", Date{Day: "2031-04", Precision: DayUnknown}, ""},
		{"2031", Date{Day: "2031", Precision: MonthUnknown}, ""},
		{"2031-04~", Date{Day: "2031-04", Precision: Estimate}, ""},
		{"2031-04-12~ 14:30", Date{Day: "2031-04-12", Precision: Estimate, Time: "14:30"}, ""},
		{"2031-04-12T14:30+05:00", Date{Day: "2031-04-12", Precision: Exact, Time: "14:30", Zone: "+05:00"}, "2031-04-12 14:30 +05:00"},
		{"2031-04-12 14:30 Asia/Almaty", Date{Day: "2031-04-12", Precision: Exact, Time: "14:30", Zone: "Asia/Almaty"}, ""},
	} {
		got, err := ParseDate(c.in)
		if err != nil || got != c.want {
			t.Errorf("ParseDate(%q) = %+v, %v; want %+v", c.in, got, err, c.want)
		}
		want := c.out
		if want == "" {
			want = c.in
		}
		if got.String() != want {
			t.Errorf("ParseDate(%q) prints %q, want %q", c.in, got, want)
		}
	}
	for _, bad := range []string{"2031-02-30", "2031-13", "12.04.2031", "yesterday", "2031-04 14:30", "2031-04-12 25:00", "2031-4-1", "2031-04-12 +05:00"} {
		if d, err := ParseDate(bad); err == nil {
			t.Errorf("ParseDate(%q) = %+v without an error", bad, d)
		}
	}
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want Order
	}{
		{"2031-04-12", "2031-04-13", Before},
		{"2031-04-13", "2031-04-12", After},
		{"2031-04-12", "2031-04-12", Unordered},
		{"2031-04-12", "2031-04", Unordered},
		{"2031-03", "2031-04-01", Before},
		{"2031", "2031-12-31", Unordered},
		{"2030", "2031-01-01", Before},
		{"2031-04-12~", "2031-05-01", Unordered},
		{"2031-04-12~", "2031-05-13", Before},
		{"2031~", "2032-06", Unordered},
		{"unknown", "2031", Unordered},
		{"", "2031", Unordered},
		{"2031-04-12 14:30", "2031-04-12 14:31", Before},
		{"2031-04-12 23:00 +05:00", "2031-04-12 19:00 Z", Before}, // 18:00 UTC
		{"2031-04-12 23:00 +05:00", "2031-04-12 17:00 +00:00", After},
	} {
		a, err := ParseDate(c.a)
		b, err2 := ParseDate(c.b)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if got := a.Compare(b); got != c.want {
			t.Errorf("%q compared with %q = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// Whatever can be parsed prints as itself, in JSON too, and no two dates are
// before each other.
func TestDateRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (Date, bool) {
			d, err := ParseDate(rapid.StringMatching(`(20[0-9]{2}(-(0[1-9]|1[0-2])(-[0-3][0-9])?)?~?( [0-2][0-9]:[0-5][0-9]( ([+-]0[0-9]:[03]0|Z|Asia/Almaty))?)?|unknown)?`).Draw(t, name))
			return d, err == nil
		}
		a, ok := draw("a")
		b, ok2 := draw("b")
		if !ok || !ok2 {
			t.Skip("a day that no calendar has was drawn")
		}
		again, err := ParseDate(a.String())
		if err != nil || again != a {
			t.Fatalf("%q reads as %+v, %v; want %+v", a, again, err, a)
		}
		j, _ := json.Marshal(a)
		var c Date
		if err := json.Unmarshal(j, &c); err != nil || c != a {
			t.Fatalf("%s reads as %+v, %v; want %+v", j, c, err, a)
		}
		if x, y := a.Compare(b), b.Compare(a); x == Before && y != After || x == After && y != Before || x == Unordered && y != Unordered {
			t.Fatalf("%q and %q compare as %d and %d", a, b, x, y)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	f.Add("2031-04-12~ 14:30 +05:00")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err != nil {
			return
		}
		if again, err := ParseDate(d.String()); err != nil || again != d {
			t.Errorf("ParseDate(%q) = %+v, but prints as %q, which reads as %+v, %v", s, d, d, again, err)
		}
	})
}
