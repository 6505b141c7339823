package casefile

import (
	"github.com/arasha-org/arasha/evidence"
)

// The kinds of an [Account].
const (
	PublicAccount = "public"       // of a public figure or body
	Outlet        = "outlet"       // of a medium
	PrivateUser   = "private-user" // of anybody else: exists only inside its case
)

// An Account is who published, as a platform names it; never a statement about
// a person.
type Account struct {
	ID       ID     `json:"id"`
	Platform string `json:"platform"`
	Native   string `json:"native"` // the platform's own number or handle
	Name     string `json:"name"`
	Kind     string `json:"kind"`            // public, outlet, private-user
	Case     ID     `json:"case" of:"cases"` // of a private user: the one case it exists in
	Until    Date   `json:"until"`           // of a private user: when it is forgotten
}

// Check returns what is wrong with a.
func (a Account) Check() error {
	return check("account", a.ID,
		is(a.Platform != "" && (a.Native != "" || a.Name != ""), "a platform, and a number or name on it, are needed"),
		oneOf("the kind", a.Kind, []string{PublicAccount, Outlet, PrivateUser}),
		is(a.Kind != PrivateUser || a.Case != 0, "a private user exists only inside a case"),
		is(a.Kind != PrivateUser || a.Until.Day != "", "a private user needs a date on which it is forgotten"),
		sound("until", a.Until.Check()))
}

// An Attribute is reported speech about an account: "according to X, on that
// day, this is …". It is never computed.
type Attribute struct {
	ID          ID             `json:"id"`
	Account     ID             `json:"account" of:"accounts"`
	What        string         `json:"what"`      // "receives State funds"
	According   string         `json:"according"` // to whom
	Date        Date           `json:"date"`      // of their saying so
	Refs        []evidence.Ref `json:"refs"`
	Second      string         `json:"second"` // the second, independent source
	SecondRefs  []evidence.Ref `json:"second_refs"`
	ChanceAt    Date           `json:"chance_at"`    // when the person was given a chance to answer
	Answer      string         `json:"answer"`       // what came back
	LegalReader string         `json:"legal_reader"` // who read it as a lawyer
	LegalAt     Date           `json:"legal_at"`
}

// Check returns what is wrong with a.
func (a Attribute) Check() error {
	return check("attribute", a.ID,
		is(a.Account != 0, "it is about no account"),
		is(a.What != "" && a.According != "", "what is said, and according to whom, are both needed"),
		is(!a.Date.IsZero(), "when it was said is missing"),
		is(len(a.Refs) > 0, "it cites nothing"),
		sound("date", a.Date.Check()), sound("the chance to answer", a.ChanceAt.Check()), sound("the legal read", a.LegalAt.Check()))
}
