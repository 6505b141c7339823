package casefile

import "github.com/arasha-org/arasha/evidence"

// An Authority is an office one can write to. Who holds it is a [Holder], how
// to reach it a [Channel]; both have dates.
type Authority struct {
	ID          ID           `json:"id"`
	Country     string       `json:"country"`
	Office      string       `json:"office"`    // "Minister of Justice"
	Offices     []Text       `json:"offices"`   // the same in other languages
	Honorific   string       `json:"honorific"` // "H.E."
	Salutations []Salutation `json:"salutations"`
	Note        string       `json:"note"`
}

// A Salutation opens a letter in one language.
type Salutation struct {
	Lang string `json:"lang"`
	Text string `json:"text"`
}

// OfficeIn returns the office in a language, else as it is registered.
func (a Authority) OfficeIn(lang string) string {
	for _, t := range a.Offices {
		if t.Lang == lang {
			return t.Text
		}
	}
	return a.Office
}

// Check returns what is wrong with a.
func (a Authority) Check() error {
	rules := []rule{
		is(country(a.Country), "the country %q is not three capital letters (ISO 3166-1)", clip(a.Country)),
		is(a.Office != "", "the office is missing"),
	}
	for _, s := range a.Salutations {
		rules = append(rules, is(s.Lang != "" && s.Text != "", "a salutation needs a language and a text"))
	}
	return check("authority", a.ID, rules...)
}

// A Holder is who holds an office, from and to.
type Holder struct {
	ID        ID     `json:"id"`
	Authority ID     `json:"authority" of:"authorities"`
	Name      string `json:"name"`
	Title     string `json:"title"` // "H.E. Ms."
	From      Date   `json:"from"`
	To        Date   `json:"to"` // zero: still
}

// Check returns what is wrong with h.
func (h Holder) Check() error {
	return check("holder", h.ID,
		is(h.Authority != 0, "the office is missing"),
		is(h.Name != "", "a name is missing"),
		sound("from", h.From.Check()), sound("to", h.To.Check()),
		is(h.From.Compare(h.To) != After, "it ends (%s) before it begins (%s)", h.To, h.From))
}

var channelKinds = []string{"email", "phone", "fax", "handle", "address", "website", "other"}

// A Channel is one way to reach an office, with the proof that it is theirs.
type Channel struct {
	ID        ID           `json:"id"`
	Authority ID           `json:"authority" of:"authorities"`
	Kind      string       `json:"kind"` // email, phone, fax, handle, address, website, other
	Value     string       `json:"value"`
	Proof     evidence.Ref `json:"proof"` // the kept page that says so
	Checked   Date         `json:"checked"`
	Bounced   Date         `json:"bounced"` // zero: never
}

// Check returns what is wrong with c.
func (c Channel) Check() error {
	return check("channel", c.ID,
		is(c.Authority != 0, "the office is missing"),
		oneOf("the kind", c.Kind, channelKinds),
		is(c.Value != "", "the number or address is missing"),
		sound("checked", c.Checked.Check()), sound("bounced", c.Bounced.Check()))
}
