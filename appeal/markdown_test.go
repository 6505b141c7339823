package appeal

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// roundTrip writes a as our Markdown and as JSON and reads both back.
func roundTrip(t *testing.T, name string, a *Appeal) {
	t.Helper()
	md, err := a.Markdown()
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	back, err := Import("a.md", md, Options{})
	if err != nil {
		t.Errorf("%s: the Markdown does not read back: %v\n%s", name, err, md)
		return
	}
	if d := cmp.Diff(a, back, cmpopts.IgnoreFields(Appeal{}, "File"), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s: Markdown round trip (-before +after):\n%s", name, d)
	}
	j, err := a.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err = Import("a.json", j, Options{})
	if err != nil {
		t.Errorf("%s: the JSON does not read back: %v", name, err)
		return
	}
	if d := cmp.Diff(a, back, cmpopts.IgnoreFields(Appeal{}, "File")); d != "" {
		t.Errorf("%s: JSON round trip (-before +after):\n%s", name, d)
	}
}

func TestRoundTripReal(t *testing.T) {
	dir := realData(t)
	files, _ := filepath.Glob(filepath.Join(dir, "samples", "*.txt"))
	files = append(files, filepath.Join(dir, "seed-kaz-001-0120-obs-050.en.txt"))
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Import(filepath.Base(f), data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, filepath.Base(f), a)
	}
}

// TestRoundTripHard round-trips texts that look like Markdown.
func TestRoundTripHard(t *testing.T) {
	u := "2"
	a := (&Appeal{
		Kind: NewInformation, Code: &Code{Printed: "XSR 003/1126/TRO 041.2", Country: "XSR", Seq: "003", Date: "1126", Prefix: "TRO", Serial: "041", Update: &u},
		Violations: []Violation{violationOf("Harassment"), violationOf("Something: new")}, Place: "Saryn", Date: "2026-11-30", Language: "en", Title: "A: \"title\" # with signs",
		Sections: []Section{
			{SectionOpening, "", "# no heading\n\n[^1]: no note\n\n<!-- no comment -->\n\nback\\slash and **stars** and [a](b) and <https://x.example>\nsecond line"},
			{SectionActions, "Actions requested", "Please write:\n\ni. not an action\n\n- nor this"},
			{SectionOther, "Odd heading", ""},
			{SectionOther, "Odd heading", "again"},
		},
		Actions:    []Action{{"i.", "Stop it;"}, {"ii.", "One.\n\nTwo."}, {"•", "Three"}, {"", "Four"}},
		Addressees: []Addressee{{Name: "Orman Velk", Phone: []string{"+999 1"}, Note: "a: b"}},
		Footnotes:  []Footnote{{1, "See https://x.example/a_b__c.", []string{"https://x.example/a_b__c"}}, {2, "First.\n\nSecond.", []string{"https://y.example/"}}},
		Unread:     []string{"- odd: line"},
		Links:      []Link{{"https://z.example/", "not", "sections[1]"}},
	}).filled()
	a.Warnings = append(a.Warnings, a.Code.Check(dayOf(a.Date), true)...)
	roundTrip(t, "hard", &a)
}
