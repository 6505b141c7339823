package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/coordination"
)

// marked lays the two quotes of a wave side by side and marks what differs.
func marked(list []Quote) {
	for i := range list {
		list[i].Marks = nil
	}
	if len(list) != 2 || list[0].Text == "" || list[1].Text == "" || list[0].Text == list[1].Text {
		return
	}
	var a, b []Mark
	add := func(to *[]Mark, text string, only bool) {
		if n := len(*to); n > 0 {
			last := &(*to)[n-1]
			if !last.Gap && last.Only == only {
				last.Text += " " + text
				return
			}
			if !last.Gap {
				last.Text += " " // between words of two kinds
			} else {
				text = " " + text
			}
		}
		*to = append(*to, Mark{Text: text, Only: only})
	}
	gap := func(to *[]Mark) {
		if n := len(*to); n > 0 && (*to)[n-1].Gap {
			return
		} else if n > 0 {
			(*to)[n-1].Text += " "
		}
		*to = append(*to, Mark{Gap: true})
	}
	for _, op := range coordination.Diff(list[0].Text, list[1].Text) {
		switch op.Kind {
		case coordination.Same:
			add(&a, op.A, false)
			add(&b, op.B, false)
		case coordination.Changed:
			add(&a, op.A, true)
			add(&b, op.B, true)
		case coordination.Missing:
			add(&a, op.A, true)
			gap(&b)
		case coordination.Added:
			gap(&a)
			add(&b, op.B, true)
		}
	}
	list[0].Marks, list[1].Marks = a, b
}

// equalWords says how much of two texts is the same, word by word.
func equalWords(a, b string) string {
	same, all := 0, 0
	for _, op := range coordination.Diff(a, b) {
		all++
		if op.Kind == coordination.Same {
			same++
		}
	}
	if all == 0 {
		return ""
	}
	return fmt.Sprintf("Equal words: %d of %d.", same, all)
}

// nameTerms is how many of its words name a narrative that nobody named.
const nameTerms = 3

// narratives lists texts near one another. They stand apart from everything
// that is alike in letter, and are never added to it.
func (b *builder) narratives() {
	n := b.Narratives
	if n == nil {
		return
	}
	b.a.NarrativesNote = append(b.a.NarrativesNote, fmt.Sprintf("Lists of %s: they share words and were published within %s of the next one. %s More than half of the texts that say the same stay outside such a list.",
		b.ladder.Near(), windowWords(n.Options.Window), b.ladder.Stop(StopSpirit)))
	if len(n.List) == 0 {
		b.a.NarrativesNote = append(b.a.NarrativesNote, fmt.Sprintf("None was found among %s; %s had too few words to compare.", Count(int64(n.Texts), "different text"), Count(int64(n.Short), "text")))
	}
	for _, c := range n.Unmatched {
		b.a.NarrativesNote = append(b.a.NarrativesNote, fmt.Sprintf("Line %d of the corrections fits no post.", c.Line))
	}
	letter := b.sameLetter()
	waveAt := b.waveAt()
	// What the analyst named first, then what the waves shown belong to.
	order := make([]int, len(n.List))
	touches := make([]int, len(n.List))
	for i := range n.List {
		order[i] = i
		for _, p := range n.List[i].Posts {
			touches[i] += len(waveAt[p])
		}
	}
	slices.SortStableFunc(order, func(x, y int) int {
		if named := n.List[x].Name != ""; named != (n.List[y].Name != "") {
			return map[bool]int{true: -1, false: 1}[named]
		}
		return cmp.Compare(touches[y], touches[x])
	})
	for k, i := range order {
		if k == showNarratives {
			b.a.NarrativesLeft = len(n.List) - showNarratives
			break
		}
		x := &n.List[i]
		c := NarrativeCard{Name: x.Name, Named: x.Name != "", Terms: x.Terms, Texts: x.Texts, Posts: len(x.Posts), Accounts: x.Accounts}
		if !c.Named {
			c.Name = "“" + strings.Join(c.Terms[:min(nameTerms, len(c.Terms))], ", ") + "”"
		}
		first, last := b.r.Post(x.First), b.r.Post(x.Last)
		c.First, c.Last = b.cell(first.Time), b.cell(last.Time)
		for _, l := range x.Languages {
			if l.Tag != "und" {
				c.Languages = append(c.Languages, languageName(l.Tag))
			}
		}
		in := map[int]bool{}
		for _, p := range x.Posts {
			if letter[p] {
				c.Letter++
			} else {
				c.Spirit++
			}
			for _, w := range waveAt[p] {
				in[w] = true
			}
		}
		for w := range b.waveOf {
			if in[w] {
				c.Waves = append(c.Waves, b.a.Waves[w].Name)
			}
		}
		for _, e := range x.Examples[:min(len(x.Examples), 2)] {
			q := b.r.Post(e.Post)
			c.Examples = append(c.Examples, Quote{By: b.of(q.Account), At: b.cell(q.Time), Text: q.Text, Copies: b.copies(x.Posts, q.Text), Lang: b.lang(e.Post), ID: postLabel(e.Post, &q), URL: q.URL})
		}
		b.a.Narratives = append(b.a.Narratives, c)
	}
}

// copies counts the accounts that published a text word for word.
func (b *builder) copies(posts []uint32, text string) int {
	var m masker
	key := wordForWord(&m, text)
	accounts := map[uint32]bool{}
	for _, p := range posts {
		if q := b.r.Post(p); q.Text == text || wordForWord(&m, q.Text) == key {
			accounts[q.Account] = true
		}
	}
	return len(accounts)
}

// sameLetter marks the posts whose text another account published too, the
// same or similar.
func (b *builder) sameLetter() []bool {
	out := make([]bool, b.r.Posts)
	widest := b.r.Options.Windows[len(b.r.Options.Windows)-1]
	for i := range b.r.Views {
		v := &b.r.Views[i]
		if (v.Trace != coordination.SameText && v.Trace != coordination.SimilarText) || v.Window != widest {
			continue
		}
		for j := range v.Waves {
			for _, m := range b.r.Members(v, &v.Waves[j]) {
				out[m] = true
			}
		}
	}
	return out
}
