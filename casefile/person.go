package casefile

// The kinds of a [Person].
const (
	Natural      = "person"
	Organisation = "organisation"
)

var (
	personKinds = []string{Natural, Organisation}
	yesNo       = []string{"yes", "no", "unknown"}
	roles       = []string{"victim", "alleged-perpetrator", "partner", "lawyer", "relative", "witness", "context", "other"}
)

// A Person is a natural person or an organisation. Two persons may have one
// name: the ID tells them apart.
type Person struct {
	ID           ID       `json:"id"`
	Kind         string   `json:"kind"` // person, organisation
	Name         string   `json:"name"` // as the appeal prints it, without the title
	Title        string   `json:"title"`
	Aliases      []Alias  `json:"aliases"`
	Defender     string   `json:"defender"` // of human rights: yes, no, unknown
	Sex          string   `json:"sex"`      // as the person says; "" when not told
	BirthYear    int      `json:"birth_year"`
	Occupation   string   `json:"occupation"`
	Residence    string   `json:"residence"`
	Affiliations []string `json:"affiliations"`
	Work         string   `json:"work"` // for human rights, in a sentence
	Minor        bool     `json:"minor"`
	Private      string   `json:"private"` // for the desk only: never printed, never indexed
}

// An Alias is another form of a name.
type Alias struct {
	Text string `json:"text"`
	Lang string `json:"lang"` // BCP 47 with script where needed: "ru", "kk-Latn"
	Why  string `json:"why"`  // "passport", "own spelling", "misspelt in the press", …
}

// Check returns what is wrong with p.
func (p Person) Check() error {
	rules := []rule{
		oneOf("the kind", p.Kind, personKinds),
		is(p.Name != "", "a name is missing"),
		maybe("defender", p.Defender, yesNo),
		is(p.BirthYear == 0 || p.BirthYear > 1800 && p.BirthYear < 3000, "the year of birth %d is not one", p.BirthYear),
		is(p.Kind == Natural || !p.Minor && p.BirthYear == 0, "an organisation has no age"),
	}
	for _, a := range p.Aliases {
		rules = append(rules, is(a.Text != "", "an alias is empty"))
	}
	return check("person", p.ID, rules...)
}

// A Role says what a person is in a case. Third persons named as context have
// one too, so that their consent is asked.
type Role struct {
	ID     ID     `json:"id"`
	Case   ID     `json:"case" of:"cases"`
	Person ID     `json:"person" of:"persons"`
	Role   string `json:"role"`   // victim, alleged-perpetrator, partner, lawyer, relative, witness, context, other
	Degree string `json:"degree"` // of an alleged perpetrator: a key of the list degree
	Note   string `json:"note"`
}

// Check returns what is wrong with r.
func (r Role) Check() error {
	return check("role", r.ID,
		is(r.Case != 0 && r.Person != 0, "it needs a case and a person"),
		oneOf("the role", r.Role, roles),
		maybe("the degree", r.Degree, keys("degree")))
}
