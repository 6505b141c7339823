package casefile

import (
	"time"

	"github.com/arasha-org/arasha/evidence"
)

// An Act is one thing done to somebody.
type Act struct {
	ID           ID             `json:"id"`
	Case         ID             `json:"case" of:"cases"`
	Victims      []ID           `json:"victims" of:"persons"` // persons
	Type         string         `json:"type"`                 // key of the vocabulary of violations
	Place        string         `json:"place"`
	When         Date           `json:"when"`
	Until        Date           `json:"until"` // zero when it ended at once, or is not told
	Perpetrators []Perpetrator  `json:"perpetrators"`
	Law          []LawUsed      `json:"law"`
	Method       string         `json:"method"`
	Status       string         `json:"status"`                // of the victim at the end: a key of the list victim_status
	ConfirmedAt  time.Time      `json:"confirmed_at,omitzero"` // when Status was last confirmed
	ToWork       string         `json:"to_work"`               // what shows that it is about the person's work
	Note         string         `json:"note"`
	Refs         []evidence.Ref `json:"refs"`
}

// A Perpetrator is one who is alleged to have done an act: a person of the
// case file, or a text where nobody is known by name.
type Perpetrator struct {
	Person      ID     `json:"person" of:"persons"`
	Text        string `json:"text"`        // "men in plain clothes"
	Degree      string `json:"degree"`      // of involvement: a key of the list degree
	Attribution string `json:"attribution"` // what they say about it: a key of the list attribution
	According   string `json:"according"`   // who alleges it, as it may be printed
}

// LawUsed is a law that was used against the victim.
type LawUsed struct {
	Law     string `json:"law"`
	Article string `json:"article"` // as printed: "274.4(2)"
	Text    string `json:"text"`    // what it punishes, in its words
}

// Check returns what is wrong with a.
func (a Act) Check() error {
	rules := []rule{
		is(a.Case != 0, "it belongs to no case"),
		violation(a.Type),
		maybe("the status of the victim", a.Status, keys("victim_status")),
		sound("when", a.When.Check()),
		sound("until", a.Until.Check()),
		is(a.When.Compare(a.Until) != After, "it ends (%s) before it begins (%s)", a.Until, a.When),
	}
	for _, v := range a.Victims {
		rules = append(rules, is(v != 0, "a victim is nobody"))
	}
	for _, p := range a.Perpetrators {
		rules = append(rules,
			is(p.Person != 0 || p.Text != "", "an alleged perpetrator is neither a person nor a text"),
			maybe("the degree of involvement", p.Degree, keys("degree")),
			maybe("what they say about it", p.Attribution, keys("attribution")))
	}
	for _, l := range a.Law {
		rules = append(rules, is(l.Law != "" || l.Article != "", "a law used has no name"))
	}
	return check("act", a.ID, rules...)
}

// A ContextEvent is something that happened around the acts: a law adopted, an
// election, a publication.
type ContextEvent struct {
	ID   ID             `json:"id"`
	Case ID             `json:"case" of:"cases"`
	When Date           `json:"when"`
	Text string         `json:"text"`
	Refs []evidence.Ref `json:"refs"`
}

// Check returns what is wrong with e.
func (e ContextEvent) Check() error {
	return check("event", e.ID, is(e.Case != 0, "it belongs to no case"), is(e.Text != "", "what happened is missing"), sound("when", e.When.Check()))
}

// An Inaction says who should have acted and did not, or why nobody
// complained.
type Inaction struct {
	ID          ID             `json:"id"`
	Case        ID             `json:"case" of:"cases"`
	Who         string         `json:"who"` // should have acted
	Asked       Date           `json:"asked"`
	AskedBy     string         `json:"asked_by"`
	Followed    string         `json:"followed"`     // what came of it
	NoComplaint string         `json:"no_complaint"` // why no complaint was made
	Refs        []evidence.Ref `json:"refs"`
}

// Check returns what is wrong with i.
func (i Inaction) Check() error {
	return check("inaction", i.ID,
		is(i.Case != 0, "it belongs to no case"),
		is(i.Who != "", "who should have acted is missing"),
		sound("asked", i.Asked.Check()),
		is(!i.Asked.IsZero() || i.NoComplaint != "", "either somebody was asked, or it is said why no complaint was made"))
}

// A Step is something the desk or others did about the case.
type Step struct {
	ID     ID     `json:"id"`
	Case   ID     `json:"case" of:"cases"`
	When   Date   `json:"when"`
	What   string `json:"what"`
	By     string `json:"by"`
	Result string `json:"result"`
}

// Check returns what is wrong with s.
func (s Step) Check() error {
	return check("step", s.ID, is(s.Case != 0, "it belongs to no case"), is(s.What != "" && s.By != "", "what was done and by whom are both needed"), sound("when", s.When.Check()))
}

// A Bill is a draft law with its way through parliament. A request about a
// stage that is past has been overtaken by events.
type Bill struct {
	ID      ID      `json:"id"`
	Case    ID      `json:"case" of:"cases"` // 0: not of one case
	Title   string  `json:"title"`
	Country string  `json:"country"`
	Stages  []Stage `json:"stages"` // in order
	Next    Date    `json:"next"`   // when something is due
	Note    string  `json:"note"`
}

// A Stage is one step of a [Bill].
type Stage struct {
	Name string `json:"name"`
	Date Date   `json:"date"`
}

// Check returns what is wrong with b.
func (b Bill) Check() error {
	rules := []rule{
		is(b.Title != "", "a title is missing"),
		is(country(b.Country), "the country %q is not three capital letters (ISO 3166-1)", clip(b.Country)),
		sound("the next date", b.Next.Check()),
	}
	for _, s := range b.Stages {
		rules = append(rules, is(s.Name != "", "a stage has no name"), sound("stage "+s.Name, s.Date.Check()))
	}
	return check("bill", b.ID, rules...)
}

// An Outcome is what changed for somebody, for better or worse.
type Outcome struct {
	ID     ID             `json:"id"`
	Case   ID             `json:"case" of:"cases"`
	Person ID             `json:"person" of:"persons"` // 0: the case as a whole
	What   string         `json:"what"`
	Impact string         `json:"impact"` // a key of the list impact, which has negative ones too
	When   Date           `json:"when"`
	Refs   []evidence.Ref `json:"refs"`
}

// Check returns what is wrong with o.
func (o Outcome) Check() error {
	return check("outcome", o.ID,
		is(o.Case != 0, "it belongs to no case"),
		is(o.What != "", "what changed is missing"),
		oneOf("the impact", o.Impact, keys("impact")),
		sound("when", o.When.Check()))
}
