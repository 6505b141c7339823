package appeal

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRuns(t *testing.T) {
	a := &Appeal{Links: []Link{
		{"https://a.example/1", "statement", "sections[0]"},
		{"https://a.example/2", "statement", "sections[0]"},
		{"javascript:evil()", "click", "sections[0]"},
	}}
	const first = "A statement[^1] (https://b.example/x)."
	const second = "Another statement, click, mail a@b.example or www.c.example/d?e=f."
	for _, c := range []struct {
		before, text string
		want         []Run
	}{
		{"", first, []Run{{Text: "A "}, {Text: "statement", URL: "https://a.example/1"}, {Note: 1}, {Text: " ("}, {Text: "https://b.example/x", URL: "https://b.example/x"}, {Text: ")."}}},
		{first + "\n\n", second, []Run{{Text: "Another "}, {Text: "statement", URL: "https://a.example/2"}, {Text: ", click, mail "}, {Text: "a@b.example", URL: "mailto:a@b.example"},
			{Text: " or "}, {Text: "www.c.example/d?e=f", URL: "https://www.c.example/d?e=f"}, {Text: "."}}},
	} {
		got := a.Runs("sections[0]", c.before, c.text)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("Runs(%q):\n%s", c.text, d)
		}
	}
}

func TestHash(t *testing.T) {
	a := (&Appeal{Kind: UrgentAppeal, Sections: []Section{{SectionBody, "", "x"}}}).filled()
	h := a.Hash()
	a.Warnings = append(a.Warnings, Warning{"r", "m", "w"})
	a.Translation = &Translation{Of: "en", State: Translated}
	if a.Hash() != h {
		t.Error("a warning or the state of a translation changes the hash")
	}
	a.Sections[0].Text = "y"
	if a.Hash() == h {
		t.Error("a changed text keeps the hash")
	}
}
