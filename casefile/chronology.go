package casefile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Happening is one line of the chronology of a case. It is for the desk:
// names stand in it whatever was agreed to.
type Happening struct {
	When  Date   `json:"when"`
	Until Date   `json:"until"`
	Kind  string `json:"kind"` // act, event, inaction, step, bill, outcome
	ID    ID     `json:"id"`   // of the noun
	Part  int    `json:"part"` // of a bill: which stage, from 1
	Text  string `json:"text"`
}

// Told is what a chronology is made of: the nouns of one case.
type Told struct {
	Case      Case
	Persons   map[ID]Person // those that the acts name
	Acts      []Act
	Events    []ContextEvent
	Inactions []Inaction
	Steps     []Step
	Bills     []Bill
	Outcomes  []Outcome
}

// Chronology returns what happened in order of time. What overlaps stands by
// its first possible moment; what nobody can date stands at the end.
func Chronology(t Told) []Happening {
	var out []Happening
	add := func(h Happening) { out = append(out, h) }
	name := func(id ID) string {
		if p, ok := t.Persons[id]; ok {
			return p.Name
		}
		return fmt.Sprintf("person %d", id)
	}
	for _, a := range t.Acts {
		what, ok := Label(a.Type, "en")
		if !ok {
			what = a.Type
		}
		var victims []string
		for _, v := range a.Victims {
			victims = append(victims, name(v))
		}
		if len(victims) > 0 {
			what += ": " + strings.Join(victims, ", ")
		}
		if a.Place != "" {
			what += " (" + a.Place + ")"
		}
		add(Happening{When: a.When, Until: a.Until, Kind: "act", ID: a.ID, Text: what})
	}
	for _, e := range t.Events {
		add(Happening{When: e.When, Kind: "event", ID: e.ID, Text: e.Text})
	}
	for _, i := range t.Inactions {
		text := i.Who + " was asked"
		if i.AskedBy != "" {
			text += " by " + i.AskedBy
		}
		if i.NoComplaint != "" {
			text = "No complaint to " + i.Who + ": " + i.NoComplaint
		} else if i.Followed != "" {
			text += "; what followed: " + i.Followed
		}
		add(Happening{When: i.Asked, Kind: "inaction", ID: i.ID, Text: text})
	}
	for _, s := range t.Steps {
		text := s.By + ": " + s.What
		if s.Result != "" {
			text += "; result: " + s.Result
		}
		add(Happening{When: s.When, Kind: "step", ID: s.ID, Text: text})
	}
	for _, b := range t.Bills {
		for n, s := range b.Stages {
			add(Happening{When: s.Date, Kind: "bill", ID: b.ID, Part: n + 1, Text: b.Title + ": " + s.Name})
		}
		if !b.Next.IsZero() {
			add(Happening{When: b.Next, Kind: "bill", ID: b.ID, Part: len(b.Stages) + 1, Text: b.Title + ": next date"})
		}
	}
	for _, o := range t.Outcomes {
		text := "Outcome: " + o.What
		if o.Person != 0 {
			text += " (" + name(o.Person) + ")"
		}
		add(Happening{When: o.When, Kind: "outcome", ID: o.ID, Text: text})
	}
	slices.SortStableFunc(out, func(a, b Happening) int {
		from, to, ok := a.When.Span()
		from2, to2, ok2 := b.When.Span()
		if ok != ok2 {
			if ok {
				return -1
			}
			return 1
		}
		return cmp.Or(from.Compare(from2), to.Compare(to2))
	})
	return out
}
