package casefile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/arasha-org/arasha/internal/names"
)

// A Place is one place where a person's name stands. It repeats no name.
type Place struct {
	Noun   string `json:"noun"`   // "document 3", "statement 12", "act 2"
	Where  string `json:"where"`  // "sections[1].text", "text en"
	State  string `json:"state"`  // of a document: draft … published, withdrawn; else ""
	Public bool   `json:"public"` // everybody may read it there
}

// Standing returns everywhere the name of a person still stands in the case, in
// any script, spelling or grammatical case: documents first, those that
// everybody reads before the others, then what drafts are made from. It is
// what must be worked through after a withdrawal. A word of a name that others
// share is listed too: a person decides.
func (f *File) Standing(person ID) []Place {
	p, ok := f.Person(person)
	if !ok {
		return nil
	}
	m := names.Compile(p.Names())
	var public, documents, rest []Place
	for _, d := range f.Documents {
		open := d.State == StatePublished && d.Audience == string(ForPublic)
		EachText(d.Appeal, func(at, text string) {
			if len(m.Find(text)) == 0 {
				return
			}
			place := Place{where("document", d.ID), at, d.State, open}
			if open {
				public = append(public, place)
			} else {
				documents = append(documents, place)
			}
		})
	}
	look := func(noun string, id ID, at, text string) {
		if text != "" && len(m.Find(text)) > 0 {
			rest = append(rest, Place{Noun: where(noun, id), Where: at})
		}
	}
	for _, s := range f.Statements {
		for _, t := range s.Text {
			_, plain := withoutSlots(t.Text)
			look("statement", s.ID, "text "+t.Lang, plain)
			if strings.Contains(t.Text, fmt.Sprintf("{%d|", person)) || strings.Contains(t.Text, fmt.Sprintf("{%d}", person)) {
				rest = append(rest, Place{Noun: where("statement", s.ID), Where: "text " + t.Lang + ", in a slot"})
			}
		}
		look("statement", s.ID, "according to", s.According)
	}
	look("case", f.Case.ID, "title", f.Case.Title)
	for _, a := range f.Acts {
		look("act", a.ID, "place", a.Place)
		look("act", a.ID, "method", a.Method)
		look("act", a.ID, "link to the work", a.ToWork)
		for _, q := range a.Perpetrators {
			look("act", a.ID, "alleged perpetrator", q.Text)
		}
	}
	for _, e := range f.Events {
		look("event", e.ID, "text", e.Text)
	}
	for _, i := range f.Inactions {
		look("inaction", i.ID, "asked by", i.AskedBy)
		look("inaction", i.ID, "what followed", i.Followed)
	}
	for _, s := range f.Steps {
		look("step", s.ID, "text", s.What+" "+s.Result)
	}
	for _, o := range f.Outcomes {
		look("outcome", o.ID, "text", o.What)
	}
	return append(append(public, documents...), rest...)
}

// Names returns every form of the name of p.
func (p Person) Names() []string {
	out := []string{p.Name}
	for _, a := range p.Aliases {
		out = append(out, a.Text)
	}
	return out
}

// EachText calls see with every text of a JSON value, keys left out, in the
// order of the document, and where it stands: "sections[1].text".
func EachText(b json.RawMessage, see func(where, text string)) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	walkText(d, "", see)
}

func walkText(d *json.Decoder, at string, see func(where, text string)) {
	t, err := d.Token()
	if err != nil {
		return
	}
	switch v := t.(type) {
	case string:
		see(at, v)
	case json.Delim:
		for i := 0; d.More(); i++ {
			here := fmt.Sprintf("%s[%d]", at, i)
			if v == '{' {
				key, err := d.Token()
				if err != nil {
					return
				}
				if here = fmt.Sprint(key); at != "" {
					here = at + "." + here
				}
			}
			walkText(d, here, see)
		}
		d.Token() // the end of the list or object
	}
}
