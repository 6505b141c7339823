package report

import (
	"fmt"
	"slices"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// families lists which accounts count as one publisher, and which might.
func (b *builder) families() {
	add := func(name, why string, accounts []uint32, listed, applied bool) {
		f := Family{Name: name, Why: why, Listed: listed, Applied: applied}
		for _, n := range accounts {
			f.Labels = append(f.Labels, b.of(n))
		}
		b.a.Families = append(b.a.Families, f)
	}
	if b.Publishers != nil {
		for i := range b.Publishers.Families {
			f := &b.Publishers.Families[i]
			add(f.Name, f.Why, f.Accounts, f.Listed, true)
		}
		b.unmatched("families", b.Publishers.Unmatched)
	}
	for i := range b.Suggested {
		s := &b.Suggested[i]
		add(s.Name, s.Why(), s.Accounts, false, false)
	}
}

// unmatched says which lines of a user's file mean no account.
func (b *builder) unmatched(file string, list []coordination.Unmatched) {
	for _, u := range list {
		why := "names no account of these posts"
		if u.Could > 1 {
			why = fmt.Sprintf("could mean %d accounts", u.Could)
		}
		b.a.Collected.Missing = append(b.a.Collected.Missing, fmt.Sprintf("Line %d of the file of %s %s.", u.Line, file, why))
	}
}

// oneFamily returns the sentence that sets accounts apart that are all of one
// publisher, or "".
func (b *builder) oneFamily(accounts []uint32) string {
	if len(accounts) < 2 || b.Publishers.Count(accounts) > 1 {
		return ""
	}
	for i := range b.Publishers.Families {
		if f := &b.Publishers.Families[i]; slices.Contains(f.Accounts, accounts[0]) {
			return fmt.Sprintf("one publisher, family %d", i+1)
		}
	}
	return ""
}

// kinds counts accounts by what sourced facts say of them; nil when nothing
// is known of any.
func (b *builder) kinds(accounts []uint32) []Counted {
	if b.Described == nil {
		return nil
	}
	var out []Counted
	known := false
	for _, k := range b.Described.Breakdown(accounts) {
		out = append(out, Counted{attributeWords[k.Attribute], k.Accounts})
		known = known || k.Attribute != coordination.Unknown
	}
	if !known {
		return nil
	}
	return out
}

var attributeWords = map[coordination.Attribute]string{coordination.Outlet: "outlet", coordination.PublicFigure: "public figure", coordination.StateFunded: "State-funded",
	coordination.GovernmentLinked: "government-linked", coordination.SuspectedInauthentic: "suspected inauthentic by a cited source", coordination.OrdinaryAccount: "ordinary", coordination.Unknown: "not known"}

// described lists what sources say of the accounts that the report names.
func (b *builder) described() {
	if b.Described == nil {
		return
	}
	b.unmatched("account facts", b.Described.Unmatched)
	grouped := map[uint32]bool{}
	for i := range b.a.Groups {
		for _, m := range b.a.Groups[i].members {
			grouped[m] = true
		}
	}
	rows := map[coordination.Attribute]*KindRow{}
	for n := range uint32(b.r.Accounts) {
		seen := map[coordination.Attribute]bool{}
		for _, f := range b.Described.Facts(n) {
			r := rows[f.Attribute]
			if r == nil {
				r = &KindRow{Kind: attributeWords[f.Attribute]}
				rows[f.Attribute] = r
			}
			r.Sources++
			if !seen[f.Attribute] {
				seen[f.Attribute] = true
				r.Accounts++
				if grouped[n] {
					r.Groups++
				}
			}
		}
	}
	for _, t := range coordination.Attributes {
		if r := rows[t]; r != nil {
			b.a.Kinds = append(b.a.Kinds, *r)
		}
	}
}

// events lists the dated events and the wave that came next. An order is
// stated, never tested for cause.
func (b *builder) events() {
	d := b.Events
	if d == nil {
		return
	}
	around := make([][]coordination.Position, len(b.waveOf))
	for i, p := range b.waveOf {
		around[i] = d.Around(b.r.Post(p.w.First).Time, b.r.Post(p.w.Last).Time)
	}
	for i, e := range d.Events {
		x := Event{Number: i + 1, At: timeCell(e.Time), Text: e.Text, Source: e.Ref, time: e.Time.UTC()}
		x.Inside = b.r.Posts > b.r.Untimed && !x.time.Before(b.r.First) && !x.time.After(b.r.Last)
		best := time.Duration(-1)
		for w := range b.waveOf {
			if around[w] == nil || b.a.Waves[w].SetApart != "" {
				continue
			}
			if p := around[w][i]; p.Order == coordination.Before && (best < 0 || p.Gap < best) {
				best = p.Gap
				x.Next, x.After = b.a.Waves[w].Name, b.ladder.Span(p.Gap, max(e.Time.Precision, post.Minute))
			}
		}
		b.a.Events = append(b.a.Events, x)
	}
	b.a.EventsKept = b.EventsKept
}
