package casefile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/evidence"
)

// A File is one case with everything that belongs to it, as plain values: what
// the rules of this package and of appeal look at. Lists are in the order of
// the store, by ID, unless a field says otherwise.
type File struct {
	Case        Case           `json:"case"`
	Codes       []PrintedCode  `json:"codes"`
	Register    []Register     `json:"register"` // entries of this case and their neighbours of the year
	Links       []CaseLink     `json:"links"`
	Persons     []Person       `json:"persons"` // of the case
	Roles       []Role         `json:"roles"`
	Acts        []Act          `json:"acts"`
	Events      []ContextEvent `json:"events"`
	Inactions   []Inaction     `json:"inactions"`
	Steps       []Step         `json:"steps"`
	Bills       []Bill         `json:"bills"`
	Outcomes    []Outcome      `json:"outcomes"`
	Accounts    []Account      `json:"accounts"`
	Attributes  []Attribute    `json:"attributes"`
	Authorities []Authority    `json:"authorities"` // to write to, in the order to print
	Holders     []Holder       `json:"holders"`
	Channels    []Channel      `json:"channels"`
	Sources     []Source       `json:"sources"`
	Statements  []Statement    `json:"statements"`
	Consents    []Consent      `json:"consents"`
	Decisions   []Decision     `json:"decisions"`
	Holds       []Hold         `json:"holds"`
	Findings    []FindingNote  `json:"findings"`
	Documents   []Document     `json:"documents"`
	Approvals   []Approval     `json:"approvals"`
	Acceptances []Acceptance   `json:"acceptances"`
	Users       []User         `json:"users"`

	// Unjudged are the cited items that are reports of a detection and that
	// nobody kept as a finding or rejected. Only their bytes show it: who has
	// the kept files at hand fills it in.
	Unjudged []evidence.Ref `json:"-"`
}

// A Fault is one thing that must not stay so. Rule is a stable name of
// docs/formats/check.md, Where the place ("statement 12", "person 7"), Message
// a sentence.
type Fault struct {
	Rule    string `json:"rule"`
	Where   string `json:"where"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

// Error returns the sentence, with the place.
func (f Fault) Error() string { return f.Where + ": " + f.Message }

// The rules that faults come under.
const (
	RuleUncited    = "statement-uncited"
	RuleConsent    = "consent-missing"
	RuleAttributed = "attribution-unsupported"
)

// Person returns a person of f.
func (f *File) Person(id ID) (Person, bool) {
	return find(f.Persons, func(p Person) bool { return p.ID == id })
}

// Statement returns a statement of f.
func (f *File) Statement(id ID) (Statement, bool) {
	return find(f.Statements, func(s Statement) bool { return s.ID == id })
}

// Source returns a source of f.
func (f *File) Source(id ID) (Source, bool) {
	return find(f.Sources, func(s Source) bool { return s.ID == id })
}

// Account returns an account of f.
func (f *File) Account(id ID) (Account, bool) {
	return find(f.Accounts, func(a Account) bool { return a.ID == id })
}

// Document returns a document of f.
func (f *File) Document(id ID) (Document, bool) {
	return find(f.Documents, func(d Document) bool { return d.ID == id })
}

// User returns a user of f.
func (f *File) User(id ID) (User, bool) {
	return find(f.Users, func(u User) bool { return u.ID == id })
}

func find[T any](list []T, is func(T) bool) (v T, ok bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	return v, false
}

// Section returns the statements of one section in their order.
func (f *File) Section(name string) []Statement {
	var out []Statement
	for _, s := range f.Statements {
		if s.Section == name {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b Statement) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// where names a noun by its number.
func where(noun string, id ID) string { return fmt.Sprintf("%s %d", noun, id) }

// said quotes the beginning of a statement, in the first language it has.
func (s Statement) said() string {
	if len(s.Text) == 0 {
		return "without words"
	}
	return "“" + clip(strings.Join(strings.Fields(s.Text[0].Text), " ")) + "”"
}
