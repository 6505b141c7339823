package evidence_test

import (
	"slices"
	"testing"

	. "github.com/arasha-org/arasha/evidence"
)

// TestGrade builds an item up from a mere address to a whole capture, and
// takes one thing away at a time.
func TestGrade(t *testing.T) {
	ref := Of([]byte("x"))
	whole := func() Item {
		c := Commitment{1}
		i := someItem()
		i.Address = &Address{Typed: "https://example.org/post/1", Final: "https://example.org/post/1", Native: "1"}
		i.HTTP = &Exchange{Method: "GET", Status: 200, Request: ref, Response: ref}
		i.Rendered = []Rendering{{FullPage, ref}, {DOM, ref}}
		i.Content = &Content{Verdict: "holds"}
		i.Metadata = []Field{{"og:title", "…"}}
		i.Context = "the first of forty"
		i.Report = ref
		i.Sealed = Sealed{Collector: &c, Address: &c}
		return i
	}
	for _, c := range []struct {
		name    string
		change  func(*Item)
		dated   bool
		want    string
		missing string
	}{
		{"whole", func(*Item) {}, true, "A", ""},
		{"not dated", func(*Item) {}, false, "B", "an outside authority's date"},
		{"no full page", func(i *Item) { i.Rendered = i.Rendered[1:] }, true, "B", "a picture of the full page with date and time"},
		{"no document", func(i *Item) { i.Rendered = i.Rendered[:1] }, true, "B", "the page's document as the browser had it"},
		{"not checked", func(i *Item) { i.Content = nil }, true, "B", "a check that the capture holds what it was made for"},
		{"no source", func(i *Item) { i.HTTP = nil }, true, "C", "the source as the server sent it"},
		{"no address", func(i *Item) { i.Address = nil }, true, "C", "the address it was found at"},
		{"a wall", func(i *Item) { i.Content.Verdict = "wall" }, true, "H", ""},
		{"no bytes", func(i *Item) { i.Ref = Ref{} }, true, "X", "the bytes themselves"},
		{"no collector", func(i *Item) { i.Sealed.Collector = nil }, true, "A", "who collected it"},
	} {
		i := whole()
		c.change(&i)
		g := GradeOf(&i, c.dated)
		if g.Letter != c.want || g.Meaning == "" {
			t.Errorf("%s: grade %s (%s), want %s", c.name, g.Letter, g.Meaning, c.want)
		}
		if c.missing != "" && !slices.Contains(g.Missing, c.missing) {
			t.Errorf("%s: missing is %q, want %q in it", c.name, g.Missing, c.missing)
		}
		if c.name == "whole" && len(g.Missing) > 0 {
			t.Errorf("a whole capture misses %q", g.Missing)
		}
	}
	// A file somebody sent: C, and nearly everything is missing, in words.
	i := someItem()
	if g := GradeOf(&i, false); g.Letter != "C" || len(g.Missing) < 8 {
		t.Errorf("a file by mail: %+v", g)
	}
}
