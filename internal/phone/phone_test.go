package phone

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct{ printed, region, reason, remedy string }{
		{"+7 71 72 74 56 31", "", "", ""},
		{"(+32) 2 374 50 91", "", "", ""},
		{"+ 33 (0) 1 43 55 25 18", "", "", ""},
		{"+41 22 788 66 00 ext. 12", "", "", ""},
		{"0041 22 788 66 00", "", "", ""},
		{"+1 (202) 456-1111", "", "", ""},
		{"+996 312 66 00 00", "", "", ""},
		{"(+32) 2 237 49 562", "", "no number of +32 has this form; such numbers have 8 digits, this one has 9", "take the number"},
		{"+41 22 788 66", "", "has 7 digits behind +41, where numbers have 9 or 12", "take"},
		{"+33 01 43 55 25 18", "", "dialled at home only", "print +33 143552518"},
		{"8 (7172) 74-56-31", "KAZ", "has no country code", "print +7 7172745631"},
		{"01 43 55 25 18", "FRA", "has no country code", "print +33 143552518"},
		{"01 43 55 25 18", "", "has no country code", "print it with +"},
		{"+999 12 34 56", "", "no country has this calling code", "take"},
		{"41+ 22 788 66 00", "", "does not stand in front", "take"},
		{"+41 (22 788 66 00", "", "a bracket is open", "take"},
		{"+41 22 7BB 66 00", "", "cannot be dialled", "take"},
		{"", "", "has no country code", "print"},
	} {
		reason, remedy := Check(c.printed, c.region)
		if (c.reason == "") != (reason == "") || !strings.Contains(reason, c.reason) || !strings.HasPrefix(remedy, c.remedy) {
			t.Errorf("Check(%q, %q) = %q, %q, want %q, %q", c.printed, c.region, reason, remedy, c.reason, c.remedy)
		}
	}
}

// TestPlansCompile reads every expression of the table.
func TestPlansCompile(t *testing.T) {
	n := 0
	for code, ps := range plans() {
		for _, p := range ps {
			p.valid()
			n++
			for i := 1; i < len(code); i++ {
				if plans()[code[:i]] != nil {
					t.Errorf("calling code %s begins with another, %s", code, code[:i])
				}
			}
		}
	}
	if n < 240 {
		t.Errorf("the table holds %d plans, want those of the world", n)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("+41 22 788 66 00", "CHE")
	f.Add("8 (7172) 74-56-31", "KAZ")
	f.Fuzz(func(t *testing.T, s, region string) {
		r1, m1 := Check(s, region)
		if r2, m2 := Check(s, region); r1 != r2 || m1 != m2 {
			t.Errorf("Check(%q) answers %q, then %q", s, r1, r2)
		}
		if (r1 == "") != (m1 == "") {
			t.Errorf("Check(%q) = %q, %q: a reason and a remedy go together", s, r1, m1)
		}
	})
}
