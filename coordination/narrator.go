package coordination

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/arasha-org/arasha/coordination/internal/fold"
	"github.com/arasha-org/arasha/internal/intern"
)

// A narrator describes groups of posts.
type narrator struct {
	r *Result
	b *bags
	o *NarrativeOptions
	n *Narratives
	d reader
}

// A draft is a narrative before it is described.
type draft struct {
	name  string
	posts []uint32        // by place in the timeline
	given map[uint32]bool // texts that the analyst named as examples
	moved int
}

// describe fills the list.
func (s *narrator) describe(drafts []draft) {
	for _, d := range drafts {
		texts := s.textsOf(d.posts)
		if d.name == "" {
			s.n.Largest = max(s.n.Largest, len(texts))
		}
		if d.name == "" && len(texts) == 1 {
			s.n.Alone++
			continue
		}
		centre := s.centre(texts)
		slices.SortStableFunc(texts, func(a, b nearText) int { return cmp.Compare(b.cosine, a.cosine) })
		wordings := s.wordings(texts)
		if d.name == "" && len(wordings) < 2 {
			s.n.OneText++
			continue
		}
		if d.name == "" && len(texts) < s.o.MinTexts {
			continue
		}
		s.n.List = append(s.n.List, Narrative{Name: d.name, Posts: d.posts, Texts: len(texts), Wordings: len(wordings), Corrected: d.moved,
			First: d.posts[0], Last: d.posts[len(d.posts)-1], Accounts: s.accounts(d.posts), Languages: s.b.languagesOf(d.posts), Days: s.days(d.posts),
			Terms: s.termsOf(texts, centre), Focus: s.focus(texts, centre), Examples: s.examples(texts, wordings, d.given)})
	}
	slices.SortStableFunc(s.n.List, func(a, b Narrative) int {
		if (a.Name != "") != (b.Name != "") {
			if a.Name != "" {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.rank(), a.rank()), b.Accounts-a.Accounts, len(b.Posts)-len(a.Posts), cmp.Compare(s.r.Post(a.First).Time.Millis, s.r.Post(b.First).Time.Millis))
	})
	for i := range s.n.List {
		s.n.List[i].Number = i + 1
	}
}

func (n *Narrative) rank() float64 { return float64(min(n.Wordings, n.Accounts)) * n.Focus }

// focus is the weighted mean, over the defining words, of the share of the
// texts with that word which the narrative holds.
func (s *narrator) focus(texts []nearText, centre map[uint32]float64) float64 {
	own := map[uint32]int{}
	for _, t := range texts {
		ranks, _ := s.b.vectors.Of(t.text)
		for _, r := range ranks {
			own[r]++
		}
	}
	sum, total := 0.0, 0.0
	for _, t := range s.heaviest(centre) {
		sum += float64(t.weight * float64(own[t.rank]) / float64(s.b.vectors.DF(t.rank)))
		total += t.weight
	}
	if total == 0 {
		return 0
	}
	return sum / total
}

// A nearText is a text of a narrative with its cosine to the centre.
type nearText struct {
	text, post uint32 // its first post in the narrative
	cosine     float64
	words      []uint64 // different words, hashed, ascending
}

func (s *narrator) textsOf(posts []uint32) []nearText {
	seen := map[uint32]bool{}
	var out []nearText
	for _, i := range posts {
		if t := s.b.of[i]; !seen[t] {
			seen[t] = true
			s.d.read(s.r.c.kept(i)[2], fold.All)
			words := make([]uint64, len(s.d.words))
			for k, w := range s.d.words {
				words[k] = intern.Key(w)[0]
			}
			slices.Sort(words)
			out = append(out, nearText{text: t, post: i, words: slices.Compact(words)})
		}
	}
	return out
}

// centre returns the mean direction of the texts, every text counting once,
// and sets their cosines to it.
func (s *narrator) centre(texts []nearText) map[uint32]float64 {
	centre := map[uint32]float64{}
	for _, t := range texts {
		ranks, weights := s.b.vectors.Of(t.text)
		for k, r := range ranks {
			centre[r] += float64(weights[k])
		}
	}
	sum := 0.0
	ranks := make([]uint32, 0, len(centre))
	for r := range centre {
		ranks = append(ranks, r)
	}
	slices.Sort(ranks) // sums must not depend on the order of a map
	for _, r := range ranks {
		sum += centre[r] * centre[r]
	}
	length := math.Sqrt(sum)
	for i := range texts {
		ranks, weights := s.b.vectors.Of(texts[i].text)
		dot := 0.0
		for k, r := range ranks {
			dot += float64(weights[k]) * centre[r]
		}
		if length > 0 {
			texts[i].cosine = min(dot/length, 1)
		}
	}
	return centre
}

// wordings returns the texts that are no edited copies of one nearer to the
// centre.
func (s *narrator) wordings(texts []nearText) []nearText {
	var out []nearText
	for _, t := range texts {
		if !slices.ContainsFunc(out, func(l nearText) bool { return jaccard(l.words, t.words) >= sharedWords }) {
			out = append(out, t)
		}
	}
	return out
}

// examples are those the analyst gave, then those nearest the centre.
func (s *narrator) examples(texts, wordings []nearText, given map[uint32]bool) []Example {
	var out []Example
	for _, t := range texts {
		if given[t.text] {
			out = append(out, Example{t.post, t.cosine, true})
		}
	}
	for _, t := range wordings {
		if len(out) < s.o.Examples && !given[t.text] {
			out = append(out, Example{t.post, t.cosine, false})
		}
	}
	return out
}

// A term is a word with its weight in a centre.
type term struct {
	rank   uint32
	weight float64
}

// heaviest returns the defining words.
func (s *narrator) heaviest(centre map[uint32]float64) []term {
	var terms []term
	for r, w := range centre {
		terms = append(terms, term{r, w})
	}
	slices.SortFunc(terms, func(a, b term) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.rank, b.rank)) })
	return terms[:min(len(terms), s.o.Terms)]
}

// termsOf returns the heaviest words of the centre as they are most often
// written in the texts nearest to it.
func (s *narrator) termsOf(texts []nearText, centre map[uint32]float64) []string {
	terms := s.heaviest(centre)
	forms := map[uint32]map[string]int{}
	for _, t := range terms {
		forms[t.rank] = map[string]int{}
	}
	for _, t := range texts[:min(len(texts), 50)] {
		s.d.read(s.r.c.kept(t.post)[2], bagRules)
		for _, w := range s.d.words {
			key := s.d.stems.Key(w, s.b.lang[t.text])
			if key == "" {
				continue
			}
			if r, ok := s.b.vectors.Rank(intern.Key(key)[0]); ok && forms[r] != nil {
				forms[r][w]++
			}
		}
	}
	var out []string
	for _, t := range terms {
		best, times := "", 0
		for w, n := range forms[t.rank] {
			if n > times || n == times && (len(w) < len(best) || len(w) == len(best) && w < best) {
				best, times = w, n
			}
		}
		if best != "" {
			out = append(out, best)
		}
	}
	return out
}

func (s *narrator) accounts(posts []uint32) int {
	seen := map[uint32]bool{}
	for _, i := range posts {
		seen[s.r.c.acct[i]] = true
	}
	return len(seen)
}

// days counts posts and accounts by day, for posts whose day is known.
func (s *narrator) days(posts []uint32) []DayCount {
	var out []DayCount
	seen := map[uint32]bool{}
	for _, i := range posts {
		t := s.r.Post(i).Time
		if !t.Timed(24 * time.Hour) {
			continue
		}
		day := t.UTC().Truncate(24 * time.Hour)
		if len(out) == 0 || !out[len(out)-1].Day.Equal(day) {
			out = append(out, DayCount{Day: day})
			clear(seen)
		}
		d := &out[len(out)-1]
		d.Posts++
		if a := s.r.c.acct[i]; !seen[a] {
			seen[a] = true
			d.Accounts++
		}
	}
	return out
}
