package casefile

import (
	"time"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/lazyre"
)

// The words of a [Case] and its numbers.
var (
	caseStates     = []string{"open", "closed"}
	registerStates = []string{Reserved, Used, Void}
	linkKinds      = []string{"same-victim", "same-campaign", "same-perpetrator", "follows", "reprisal-for", "duplicate", "other"}
)

// The states of a [Case].
const (
	Open   = "open"
	Closed = "closed"
)

// A Case is facts, people and requests that belong together. It has an
// internal number from the first call on, and a printed code only when a
// review begins.
type Case struct {
	ID        ID        `json:"id"`
	Number    string    `json:"number"` // internal: year of the first call and running number, "2031-0007"
	Title     string    `json:"title"`
	Country   string    `json:"country"` // ISO 3166-1 alpha-3
	Opened    time.Time `json:"opened,omitzero"`
	Languages []string  `json:"languages"` // BCP 47, the authoritative one first
	Status    string    `json:"status"`    // open, closed
	Priority  string    `json:"priority"`  // a key of the list priority
	Note      string    `json:"note"`      // for the desk only
}

var caseNumber = lazyre.New(`^\d{4}-\d{4,}$`)

// Check returns what is wrong with c.
func (c Case) Check() error {
	return check("case", c.ID,
		is(caseNumber.MatchString(c.Number), "the number %q is not of the form 2031-0007", clip(c.Number)),
		is(c.Title != "", "a title is missing"),
		is(country(c.Country), "the country %q is not three capital letters (ISO 3166-1)", clip(c.Country)),
		is(!c.Opened.IsZero(), "when it was opened is missing"),
		oneOf("the status", c.Status, caseStates),
		maybe("the priority", c.Priority, keys("priority")))
}

// A PrintedCode leads from what a document printed to its case, for ever. A
// misprint and its correction are two codes of one case.
type PrintedCode struct {
	ID      ID     `json:"id"`
	Case    ID     `json:"case" of:"cases"`
	Printed string `json:"printed"` // exactly as printed
	Key     string `json:"key"`     // the form to compare, without the update: appeal.Code.Key
	Update  string `json:"update"`  // "" for a first appeal, else "1", "09"
	Why     string `json:"why"`     // "misprint of …", "register of 2030", …
}

// Check returns what is wrong with p.
func (p PrintedCode) Check() error {
	return check("printed code", p.ID,
		is(p.Case != 0, "it belongs to no case"),
		is(p.Printed != "" && p.Key != "", "the code as printed, and its key, are both needed"))
}

// The states of a [Register] entry. A number is never free again.
const (
	Reserved = "reserved" // given when a review began
	Used     = "used"     // printed on a published document
	Void     = "void"     // will never be printed, with a reason
)

// A Register entry accounts for one pair of numbers of a year: the country's
// and the world's. None is given twice, none is skipped without a reason.
type Register struct {
	ID      ID        `json:"id"`
	Year    int       `json:"year"`
	Country string    `json:"country"`         // ISO 3166-1 alpha-3
	Seq     int       `json:"seq"`             // number in that country and year, from 1
	Serial  int       `json:"serial"`          // number in that year, worldwide, from 1
	Prefix  string    `json:"prefix"`          // of the organisation, "OBS"
	MMYY    string    `json:"mmyy"`            // month and year as printed
	Case    ID        `json:"case" of:"cases"` // 0 for an entry of an imported register without a case here
	State   string    `json:"state"`
	Reason  string    `json:"reason"` // needed when void
	By      string    `json:"by"`
	At      time.Time `json:"at,omitzero"`
}

var mmyy = lazyre.New(`^\d{4}$`)

// Check returns what is wrong with r.
func (r Register) Check() error {
	return check("register entry", r.ID,
		is(r.Year > 0 && r.Year < 10000, "the year %d is not one", r.Year),
		is(country(r.Country), "the country %q is not three capital letters (ISO 3166-1)", clip(r.Country)),
		is(r.Seq > 0 && r.Serial > 0, "the numbers of country (%d) and world (%d) count from 1", r.Seq, r.Serial),
		is(r.Prefix != "", "the prefix of the organisation is missing"),
		is(mmyy.MatchString(r.MMYY), "month and year %q are not four digits", clip(r.MMYY)),
		oneOf("the state", r.State, registerStates),
		is(r.State != Void || r.Reason != "", "a void number needs a reason"))
}

// A CaseLink ties two cases.
type CaseLink struct {
	ID   ID     `json:"id"`
	From ID     `json:"from" of:"cases"`
	To   ID     `json:"to" of:"cases"`
	Kind string `json:"kind"` // same-victim, same-campaign, same-perpetrator, follows, reprisal-for, duplicate, other
	Note string `json:"note"`
}

// Check returns what is wrong with l.
func (l CaseLink) Check() error {
	return check("link of cases", l.ID,
		is(l.From != 0 && l.To != 0 && l.From != l.To, "it needs two different cases"),
		oneOf("the kind", l.Kind, linkKinds))
}

// A FindingNote is a person's verdict on the report of a detection, which is
// kept bytes. A kept one may be cited.
type FindingNote struct {
	ID      ID           `json:"id"`
	Case    ID           `json:"case" of:"cases"`
	Report  evidence.Ref `json:"report"`
	Verdict string       `json:"verdict"` // kept, rejected
	Why     string       `json:"why"`
	By      string       `json:"by"`
	At      time.Time    `json:"at,omitzero"`
	Words   []string     `json:"words"` // what the ladder of words lets the appeal say
}

// Check returns what is wrong with f.
func (f FindingNote) Check() error {
	return check("finding", f.ID,
		is(f.Case != 0, "it belongs to no case"),
		is(!f.Report.IsZero(), "the Ref of the report is missing"),
		oneOf("the verdict", f.Verdict, []string{"kept", "rejected"}),
		is(f.Why != "" && f.By != "" && !f.At.IsZero(), "why, by whom and when are all needed"))
}
