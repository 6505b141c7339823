package pdf

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// flowOf lays out a document as far as its plan of pages.
func flowOf(d *Doc) (*layouter, []plan) {
	l := &layouter{doc: d, set: setter{lang: d.Lang, rtl: d.RTL}, root: &elem{role: "Document"},
		notes: map[int]*noteBox{}, inline: map[*Span]*elem{}, x: d.TextX, w: d.TextWidth}
	l.root.inlines = l.inline
	for _, b := range d.Blocks {
		b.lay(l, l.root)
	}
	b := breaker{l: l, slabs: l.slabs}
	return l, b.pages()
}

func anyDoc(t *rapid.T) *Doc {
	d := &Doc{Format: A4, Lang: "en"}
	word := rapid.SampledFrom(strings.Fields("the observatory asks authorities to end every act of harassment қазақстан справедливость article 19 Mr. Velk https://a.example/very/long/path?x=1"))
	text := func(maxWords int) string {
		n := rapid.IntRange(1, maxWords).Draw(t, "words")
		w := make([]string, n)
		for i := range w {
			w[i] = word.Draw(t, "word")
		}
		return strings.Join(w, " ")
	}
	para := func(maxWords, maxNotes int) Para {
		p := Para{Lead: 13.5, Spans: []Span{{Text: text(maxWords), Size: 10}}}
		for range rapid.IntRange(0, maxNotes).Draw(t, "notes") {
			note := Note{Label: small(fmt.Sprint(len(d.Notes) + 1)), Paras: []Para{small(text(rapid.SampledFrom([]int{20, 220, 400}).Draw(t, "length")))}}
			d.Notes = append(d.Notes, note)
			p.Spans = append(p.Spans, Span{Text: fmt.Sprint(len(d.Notes)), Font: Sans, Size: 6.5, Rise: 4, Note: len(d.Notes)},
				Span{Text: " " + text(maxWords), Size: 10})
		}
		return p
	}
	for range rapid.IntRange(1, 14).Draw(t, "sections") {
		s := &Section{Heading: Para{Lead: 13.5, Spans: []Span{{Text: text(12), Font: SansBold, Size: 8.5}}}, Space: 13.5}
		for range rapid.IntRange(0, 4).Draw(t, "paragraphs") {
			s.Blocks = append(s.Blocks, &Text{Para: para(160, 2), Space: 6.75})
		}
		if rapid.Bool().Draw(t, "list") {
			l := &List{Numbering: "LowerRoman", Gap: 4.5, WholeUpTo: 4, Space: 6.75}
			for range rapid.IntRange(1, 8).Draw(t, "items") {
				l.Items = append(l.Items, Item{Label: small("i."), Paras: []Para{para(60, 1)}})
			}
			s.Blocks = append(s.Blocks, l)
		}
		d.Blocks = append(d.Blocks, s)
	}
	return d
}

// fitsTogether reports whether the strips around k that may not be parted
// fit on one page with their notes, the last of which may be broken.
func fitsTogether(l *layouter, k int) bool {
	from, to := k, k+1
	for from > 0 && l.slabs[from].glue {
		from--
	}
	for to < len(l.slabs) && l.slabs[to].glue {
		to++
	}
	b := breaker{l: l, slabs: l.slabs}
	h := 0.0
	var marks []int
	for i := from; i < to; i++ {
		h += l.slabs[i].h + l.slabs[i].space
		marks = append(marks, l.slabs[i].notes...)
	}
	return h+b.minimalRoom(b.withMarks(nil, marks)) <= l.doc.Bottom-l.doc.Top
}

// TestPages checks what the page breaker promises, on documents made up at
// random: nothing lost, notes begin on the page of their mark, no widows and
// orphans, nothing below the last line, no note broken into single lines.
func TestPages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDoc(t)
		l, plans := flowOf(d)
		at := 0
		shown := map[int]int{} // lines of notes
		for i, p := range plans {
			if p.from != at {
				t.Fatalf("page %d begins with strip %d, want %d", i+1, p.from, at)
			}
			at = p.to
			top := d.Top
			if i == 0 {
				top = d.FirstTop
			}
			h := 0.0
			var marks []int
			for k := p.from; k < p.to; k++ {
				if k > p.from {
					h += l.slabs[k].space
				}
				h += l.slabs[k].h
				marks = append(marks, l.slabs[k].notes...)
			}
			if len(p.notes) > 0 {
				h += l.notesHeight(p.notes)
			}
			if h > d.Bottom-top+.1 {
				t.Errorf("page %d is %.1f points high, of %.1f", i+1, h, d.Bottom-top)
			}
			for _, m := range marks {
				if !slices.ContainsFunc(p.notes, func(n part) bool { return n.note == m && n.from == 0 && n.to > 0 }) {
					t.Errorf("note %d does not begin on page %d, where its mark is", m, i+1)
				}
			}
			for _, n := range p.notes {
				if n.from != shown[n.note] {
					t.Errorf("page %d: note %d goes on at line %d, want %d", i+1, n.note, n.from, shown[n.note])
				}
				shown[n.note] = n.to
				all := len(l.note(n.note).lines)
				if (n.from > 0 || n.to < all) && n.to-n.from < 2 {
					t.Errorf("page %d: a single line of note %d", i+1, n.note)
				}
			}
			if p.to < len(l.slabs) && p.to > p.from && l.slabs[p.to].glue && fitsTogether(l, p.to) {
				t.Errorf("page %d ends where no break is allowed (strip %d)", i+1, p.to)
			}
		}
		if at != len(l.slabs) {
			t.Errorf("the pages hold %d strips of %d", at, len(l.slabs))
		}
		for n := range d.Notes {
			if got, want := shown[n+1], len(l.note(n+1).lines); got != want {
				t.Errorf("note %d: %d lines of %d shown", n+1, got, want)
			}
		}
	})
}

// TestHopeless lays out what fits on no page: it comes out whole all the
// same.
func TestHopeless(t *testing.T) {
	var p Para
	p.Lead = 13.5
	d := &Doc{Format: A4, Lang: "en"}
	for i := range 90 {
		d.Notes = append(d.Notes, Note{Label: small(fmt.Sprint(i + 1)), Paras: []Para{small(strings.Repeat("word ", 60))}})
		p.Spans = append(p.Spans, Span{Text: "1", Size: 2, Note: i + 1})
	}
	long := Row{Para: words10(Sans, strings.Repeat("an address without an end ", 900))}
	d.Blocks = []Block{&Text{Para: p}, &Grid{Columns: 2, Entries: [][]Row{{long}, {long}}},
		&Table{Columns: []Column{{200}, {150}}, Head: []Para{small("a"), small("b")}, Rows: [][]Para{{long.Para, small("x")}, {small("y"), small("z")}}},
		&Text{Para: words10(Serif, strings.Repeat("x", 5000)), Whole: true}}
	l, plans := flowOf(d)
	shown := 0
	for _, pl := range plans {
		for _, n := range pl.notes {
			shown += n.to - n.from
		}
	}
	want := 0
	for i := range d.Notes {
		want += len(l.note(i + 1).lines)
	}
	if shown != want || plans[len(plans)-1].to != len(l.slabs) {
		t.Errorf("%d lines of notes of %d, %d strips of %d", shown, want, plans[len(plans)-1].to, len(l.slabs))
	}
	if len(plans) > 60 {
		t.Errorf("%d pages", len(plans))
	}
}
