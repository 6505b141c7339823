package casefile

import (
	"github.com/arasha-org/arasha/evidence"
)

var formulae = []string{"reliable-sources", "named", "organisation", "own-observation"}

// A Source is who told us. The table holds what may be known to everybody at
// the desk; who it is and how to reach them is in Sealed, which only its
// readers can open.
type Source struct {
	ID          ID     `json:"id"`
	Case        ID     `json:"case" of:"cases"`
	Label       string `json:"label"`              // a word for the desk that gives nothing away: "source A"
	Sealed      []byte `json:"sealed"`             // a Secret, encrypted with age
	Readers     []ID   `json:"readers" of:"users"` // users it is sealed to
	Reliability string `json:"reliability"`        // a key of the list reliability
	Connection  string `json:"connection"`         // to what happened: a key of the list connection
	Group       string `json:"group"`              // sources of one group count as one: the person concerned and their own organisation
	Formula     string `json:"formula"`            // how it is printed: reliable-sources, named, organisation, own-observation
	Printed     string `json:"printed"`            // for named and organisation: the words
}

// Check returns what is wrong with s.
func (s Source) Check() error {
	return check("source", s.ID,
		is(s.Case != 0, "it belongs to no case"),
		is(s.Label != "", "a label is missing"),
		is(len(s.Sealed) == 0 || len(s.Readers) > 0, "it is sealed and nobody can read it"),
		maybe("the reliability", s.Reliability, keys("reliability")),
		maybe("the connection", s.Connection, keys("connection")),
		oneOf("the formula", s.Formula, formulae),
		is(s.Formula != "named" && s.Formula != "organisation" || s.Printed != "", "the formula %q needs the words to print", s.Formula))
}

// A Secret is the sealed half of a [Source]. It is never stored in clear.
type Secret struct {
	Name    string       `json:"name"`
	Aliases []Alias      `json:"aliases"`
	Contact ContactRules `json:"contact"`
	Note    string       `json:"note"`
}

// ContactRules say how a source may be reached without harming it.
type ContactRules struct {
	Channel string `json:"channel"` // "Signal, number …"
	Hours   string `json:"hours"`
	Who     string `json:"who"`     // may call
	Warning string `json:"warning"` // "telephone seized, do not call"
}

// Check returns what is wrong with s. Its message never repeats the secret.
func (s Secret) Check() error {
	return check("sealed source", 0, is(s.Name != "", "the name is missing"))
}

// The kinds of a [Statement].
const (
	Fact       = "fact"       // shown by an item
	Allegation = "allegation" // of a named or protected source
	Law        = "law"        // what a text of law says
	Assessment = "assessment" // what the desk makes of facts
	Request    = "request"    // to an authority
)

// StatementKinds are the kinds of statements in the order of a document.
var StatementKinds = []string{Fact, Allegation, Law, Assessment, Request}

// A Statement is one sentence with its ground. Facts are statements.
type Statement struct {
	ID        ID       `json:"id"`
	Case      ID       `json:"case" of:"cases"`
	Kind      string   `json:"kind"`
	Section   string   `json:"section"` // of the appeal: description, background, new_information, actions …
	Order     int      `json:"order"`   // in the section; those of one hundred, 200 to 299, are one paragraph
	Text      []Text   `json:"text"`
	Cites     []Cite   `json:"cites"`
	Rests     []ID     `json:"rests" of:"statements"` // of an assessment: the statements it rests on
	Clause    string   `json:"clause"`                // of a request: key of the library, "" when it is free; of a law: "ICCPR 19;21"
	Sources   []ID     `json:"sources" of:"sources"`  // who told us
	Persons   []ID     `json:"persons" of:"persons"`  // named in it
	Sensitive []string `json:"sensitive"`             // what needs a consent of its own: health, children, family …
	According string   `json:"according"`             // attributed to, as printed
}

// A Text is one text in one language.
type Text struct {
	Lang string `json:"lang"`
	Text string `json:"text"`
}

// A Cite points at kept bytes.
type Cite struct {
	Ref    evidence.Ref `json:"ref"`
	Record int64        `json:"record"` // leaf of the item in the evidence log; 0 when not said
	Note   string       `json:"note"`   // "page 2, second paragraph"
	Sealed bool         `json:"sealed"` // a sealed item: only a commitment may be printed
}

// In returns the text of s in a language; ok is false when it has none.
func (s Statement) In(lang string) (text string, ok bool) {
	for _, t := range s.Text {
		if t.Lang == lang {
			return t.Text, true
		}
	}
	return "", false
}

// Check returns what is wrong with the form of s. Whether it has its ground is
// asked before a draft, so that a sentence may be written down first.
func (s Statement) Check() error {
	rules := []rule{
		is(s.Case != 0, "it belongs to no case"),
		oneOf("the kind", s.Kind, StatementKinds),
		is(len(s.Text) > 0 || s.Kind == Request && s.Clause != "", "it says nothing"),
	}
	seen := make(map[string]bool)
	for _, t := range s.Text {
		rules = append(rules, is(t.Lang != "" && t.Text != "", "a text needs a language and words"),
			is(!seen[t.Lang], "there are two texts in %q", t.Lang))
		seen[t.Lang] = true
	}
	for _, c := range s.Cites {
		rules = append(rules, is(!c.Ref.IsZero(), "a citation has no Ref"))
	}
	for _, r := range s.Rests {
		rules = append(rules, is(r != 0 && r != s.ID, "it rests on itself or on nothing"))
	}
	return check("statement", s.ID, rules...)
}
