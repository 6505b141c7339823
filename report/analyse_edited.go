package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/arasha-org/arasha/coordination"
)

// How much of a group of edited copies a card shows.
const (
	showEdited = 8 // groups
	showCopies = 3 // texts beside the leader
)

// An EditedCard is texts alike in letter with words changed, left out or put
// in: a leader and the texts like it. It is a count and never goes above
// step 1.
type EditedCard struct {
	Name      string    `json:"name"` // "E1"
	Accounts  int       `json:"accounts"`
	Posts     int       `json:"posts"`
	Reposts   int       `json:"reposts"`
	Texts     int       `json:"texts"` // different ones that are not reposts only
	First     string    `json:"first,omitempty"`
	Last      string    `json:"last,omitempty"`
	Span      string    `json:"span,omitempty"` // in words
	FirstBy   string    `json:"first_by"`       // of the posts collected
	Platforms []string  `json:"platforms"`
	Languages []string  `json:"languages,omitempty"`
	Waves     []string  `json:"waves,omitempty"` // shown, with a post of it
	Leader    Quote     `json:"leader"`
	Copies    []Quote   `json:"copies"` // marked against the leader
	More      string    `json:"more,omitempty"`
	SetApart  string    `json:"set_apart,omitempty"`
	Kinds     []Counted `json:"kinds,omitempty"` // of accounts, by sourced facts
	Step      string    `json:"step"`
	Says      []string  `json:"says"`
	Said      Said      `json:"claim,omitzero"` // as in a WaveCard

	Posted []string `json:"post_ids,omitempty"` // desk only
}

// An editedPick is a group of edited copies with the texts that somebody
// published without reposting.
type editedPick struct {
	g        *coordination.EditedGroup
	texts    []*coordination.EditedText // the leader's not among them
	accounts []uint32                   // that published one of the group's texts themselves
	own      int                        // texts, the leader's among them
	worth    float64                    // accounts of the copies, each counting by the square of the share of words it left as they were
}

// edited makes the cards of edited copies. Reposts of one post are no edited
// copies, whatever a platform cuts off: what only they make is counted.
func (b *builder) edited() {
	e := b.Edited
	if e == nil {
		return
	}
	var picks []editedPick
	for i := range e.List {
		if p := b.ownTexts(&e.List[i]); p.own >= 2 && len(p.accounts) >= leastAccounts {
			picks = append(picks, p)
		}
	}
	// Many accounts with a few words changed come before more accounts whose
	// texts have little more than a pattern in common.
	slices.SortStableFunc(picks, func(x, y editedPick) int { return cmp.Compare(y.worth, x.worth) })
	b.a.EditedNote = append(b.a.EditedNote, fmt.Sprintf("Texts with words changed, left out or put in. Each is held against one leader, the text that most others are like, and not against the next one, so that no chain of small changes "+
		"ties what is not alike; no more than %s lie between a copy and its leader. No probability stands behind a list of copies.", windowWords(e.Options.Window)))
	left := max(0, len(picks)-showEdited)
	b.a.EditedLeft = left
	if n := len(e.List) - len(picks); n > 0 {
		b.a.EditedNote = append(b.a.EditedNote, fmt.Sprintf("Of fewer than %d accounts, or made by reposts alone: %s more.", leastAccounts, Count(int64(n), "list")))
	}
	if len(picks) == 0 {
		b.a.EditedNote = append(b.a.EditedNote, fmt.Sprintf("None of at least %d accounts was found among %s; %s had too few words to compare.", leastAccounts, Count(int64(e.Texts), "different text"), Count(int64(e.Short), "text")))
	}
	waveAt := b.waveAt()
	apart := b.explainedPosts()
	for i, p := range picks[:len(picks)-left] {
		c := b.editedCard(p, waveAt, apart)
		c.Name = fmt.Sprintf("E%d", i+1)
		b.a.Edited = append(b.a.Edited, c)
	}
}

// ownTexts keeps of a group the texts that are not reposts alone.
func (b *builder) ownTexts(g *coordination.EditedGroup) editedPick {
	p := editedPick{g: g}
	mine := func(t *coordination.EditedText) bool {
		found := false
		for _, m := range t.Members {
			if q := b.r.Post(m); !q.Repost {
				p.accounts = append(p.accounts, q.Account)
				found = true
			}
		}
		return found
	}
	if mine(&g.Leader) {
		p.own++
	}
	for i := range g.Copies {
		if mine(&g.Copies[i]) {
			p.own++
			p.texts = append(p.texts, &g.Copies[i])
			p.worth += float64(g.Copies[i].Accounts) * g.Copies[i].Shared * g.Copies[i].Shared
		}
	}
	slices.Sort(p.accounts)
	p.accounts = slices.Compact(p.accounts)
	return p
}

func (b *builder) editedCard(p editedPick, waveAt map[uint32][]int, apart map[uint32]string) EditedCard {
	g := p.g
	first, last := b.r.Post(g.First), b.r.Post(g.Last)
	c := EditedCard{Accounts: g.Accounts, Posts: len(g.Posts), Texts: p.own, First: b.cell(first.Time), Last: b.cell(last.Time), FirstBy: b.of(first.Account), Platforms: []string{}, Languages: b.langsOf(g.Posts)}
	claim := Claim{About: AboutWave, Trace: coordination.SimilarText, Accounts: g.Accounts, Precision: b.coarser(first.Time, last.Time)}
	in, explained := map[int]bool{}, map[string]int{}
	accounts := b.accountsOf(g.Posts)
	for _, m := range g.Posts {
		q := b.r.Post(m)
		if q.Repost {
			c.Reposts++
		}
		if name := b.r.Account(q.Account).Platform; name != "" && !slices.Contains(c.Platforms, name) {
			c.Platforms = append(c.Platforms, name)
		}
		for _, w := range waveAt[m] {
			in[w] = true
		}
		if why := apart[m]; why != "" {
			explained[why]++
		}
		c.Posted = append(c.Posted, postLabel(m, &q))
	}
	slices.Sort(c.Platforms)
	for w := range b.waveOf {
		if in[w] {
			c.Waves = append(c.Waves, b.a.Waves[w].Name)
		}
	}
	c.SetApart, c.Kinds = b.oneFamily(accounts), b.kinds(accounts)
	for _, why := range slices.Sorted(maps.Keys(explained)) {
		if c.SetApart == "" && 2*explained[why] > len(accounts) {
			c.SetApart = why
		}
	}
	c.Leader = b.editedQuote(&g.Leader)
	shown := chosen(p.texts)
	for _, t := range shown {
		q := b.editedQuote(t)
		q.Equal = equalWords(c.Leader.Text, q.Text)
		c.Copies = append(c.Copies, q)
	}
	markedAgainst(&c.Leader, c.Copies)
	if n := len(p.texts) - len(shown); n > 0 {
		c.More = fmt.Sprintf("%s not shown.", Count(int64(n), "other text"))
	}
	var stops []Stop
	if s := span(first.Time, last.Time); s >= 0 && dated(first.Time) && dated(last.Time) {
		claim.Step, claim.Within = coordination.Step1, s
		c.Span = b.ladder.Span(s, claim.Precision)
	} else {
		stops = append(stops, StopNoTimes)
	}
	b.trusted(&claim, &stops)
	c.Step, c.Said = claim.Step.String(), saidOf(claim)
	c.Says = append(c.Says, b.say(claim))
	for _, s := range stops {
		c.Says = append(c.Says, b.ladder.Stop(s))
	}
	return c
}

// editedQuote quotes one text of a group by its earliest post, one that is no
// repost where there is one.
func (b *builder) editedQuote(t *coordination.EditedText) Quote {
	at := t.Post
	if i := slices.IndexFunc(t.Members, func(m uint32) bool { return !b.r.Post(m).Repost }); i >= 0 {
		at = t.Members[i]
	}
	q := b.r.Post(at)
	return Quote{By: b.of(q.Account), At: b.cell(q.Time), Text: q.Text, Copies: b.copies(t.Members, q.Text), Lang: b.lang(at), ID: postLabel(at, &q), URL: q.URL}
}

// chosen are the texts that are shown: that of most accounts, the one most
// like the leader and the one least like it, so that a reader sees how far the
// list reaches; the most alike first.
func chosen(texts []*coordination.EditedText) []*coordination.EditedText {
	if len(texts) <= showCopies {
		return texts
	}
	most := 0
	for i, t := range texts {
		if t.Accounts > texts[most].Accounts {
			most = i
		}
	}
	at := []int{0, most, len(texts) - 1}
	if most == 0 || most == len(texts)-1 {
		at[1] = len(texts) / 2
	}
	slices.Sort(at)
	out := make([]*coordination.EditedText, len(at))
	for k, i := range at {
		out[k] = texts[i]
	}
	return out
}

// markedAgainst marks in each copy what the leader has otherwise. Where one of
// the two is described and not quoted nothing is marked.
func markedAgainst(leader *Quote, copies []Quote) {
	for i := range copies {
		pair := []Quote{{Text: leader.Text}, copies[i]}
		marked(pair)
		copies[i].Marks = pair[1].Marks
	}
}

// waveAt maps posts to the waves shown that hold them.
func (b *builder) waveAt() map[uint32][]int {
	at := map[uint32][]int{}
	for i, p := range b.waveOf {
		for _, m := range p.members {
			at[m] = append(at[m], i)
		}
	}
	return at
}

// explainedPosts maps posts to the sentence of the rule that explains their
// message.
func (b *builder) explainedPosts() map[uint32]string {
	at := map[uint32]string{}
	for _, t := range b.Waves {
		for i := range t.Tests {
			x := &t.Tests[i]
			if len(x.Explained) == 0 {
				continue
			}
			why := fmt.Sprintf("%s, by the rule “%s”.", kindWords[x.Explained[0].Kind], x.Explained[0].Rule)
			for _, p := range x.Posts {
				if at[p] == "" {
					at[p] = why
				}
			}
		}
	}
	return at
}
