package appeal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The kinds of document, [Appeal.Kind].
const (
	UrgentAppeal   = "urgent_appeal"   // the first appeal of a case
	NewInformation = "new_information" // an update of an earlier appeal
	PressRelease   = "press_release"   // no code, begins with a dateline
	Letter         = "letter"          // to one authority, open or closed
	Other          = "other"           // anything else, such as another organisation's urgent action
)

// The kinds of section, [Section.Kind]. Actions and Addresses carry the
// heading and the words before and after the list; the items themselves are
// in [Appeal.Actions] and [Appeal.Addressees].
const (
	SectionSummary     = "summary"         // words above the opening formula
	SectionOpening     = "opening"         // "The Observatory … requests your urgent intervention …"
	SectionDescription = "description"     // "Description of the situation"
	SectionNews        = "new_information" // "New information"
	SectionBackground  = "background"      // "Background information", "Rappel des faits"
	SectionActions     = "actions"         // "Actions requested"; Text is the line that leads in
	SectionAddresses   = "addresses"       // "Addresses"; Text is what follows the list
	SectionBody        = "body"            // text under no heading (a press release, a letter)
	SectionOther       = "other"           // a heading the importer does not know
)

// An Appeal is one document in one language. Every list is empty rather than
// absent in JSON; every text is "" when the document does not say. Texts are
// as printed, save for white space, line breaks and footnote marks.
type Appeal struct {
	Kind       string      `json:"kind"`
	Code       *Code       `json:"code"`       // nil when the document prints none
	Violations []Violation `json:"violations"` // in printed order
	Place      string      `json:"place"`      // country line as printed, else the country of the opening formula
	Date       string      `json:"date"`       // of the document, ISO 8601: 2020-05-11; "" when not said
	Language   string      `json:"language"`   // BCP 47: "en", "fr", "es", "ru", "tr"; "" when not known
	Title      string      `json:"title"`
	Sections   []Section   `json:"sections"`
	Actions    []Action    `json:"actions"`
	Addressees []Addressee `json:"addressees"`
	Footnotes  []Footnote  `json:"footnotes"`
	Warnings   []Warning   `json:"warnings"` // what the importer doubted
	Unread     []string    `json:"unread"`   // what it did not understand, word for word

	Masthead    string       `json:"masthead"`     // "URGENT APPEAL - THE OBSERVATORY"
	DatePrinted string       `json:"date_printed"` // "May 11, 2020"
	PageDate    string       `json:"page_date"`    // of the web page that carried it, ISO 8601, or ""
	Links       []Link       `json:"links"`        // links behind words, and those listed apart from the text
	References  []Code       `json:"references"`   // other codes the text cites
	SignOff     SignOff      `json:"sign_off"`
	ReplyLine   string       `json:"reply_line"` // "Kindly inform us of any action undertaken quoting the code …"
	About       string       `json:"about"`      // who the organisation is, the text before its contacts
	ContactLine string       `json:"contact_line"`
	Contacts    []Contact    `json:"contacts"`
	Translation *Translation `json:"translation"`       // nil for a text that is not a translation
	Annexes     []Annex      `json:"annexes,omitempty"` // how a finding was made; absent in most appeals

	// File is what the file said about itself. It is never written out: it
	// may name people.
	File *FileInfo `json:"-"`
}

// A Violation is one phrase of the line that names what was done.
type Violation struct {
	Label string  `json:"label"` // as printed
	Key   *string `json:"key"`   // of the vocabulary, see [Vocabulary]; nil when unmapped
}

// A Section is a heading and its text.
type Section struct {
	Kind    string `json:"kind"`
	Heading string `json:"heading"` // as printed, without the colon; "" for none
	Text    string `json:"text"`    // paragraphs parted by an empty line
}

// Paragraphs returns the paragraphs of s in order.
func (s Section) Paragraphs() []string { return Paragraphs(s.Text) }

// Paragraphs splits a running text at its empty lines.
func Paragraphs(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n\n")
}

// An Action is one request to the authorities.
type Action struct {
	Marker string `json:"marker"` // as printed: "i.", "2)", "•"
	Text   string `json:"text"`
}

// An Addressee is one authority to write to, with its channels as printed.
type Addressee struct {
	Honorific string   `json:"honorific" yaml:"honorific,omitempty"` // "H.E. Ms."
	Name      string   `json:"name" yaml:"name,omitempty"`
	Office    string   `json:"office" yaml:"office,omitempty"`
	Phone     []string `json:"phone" yaml:"phone,omitempty"`
	Fax       []string `json:"fax" yaml:"fax,omitempty"`
	Email     []string `json:"email" yaml:"email,omitempty"`
	Handle    []string `json:"handle" yaml:"handle,omitempty"`   // with "@"
	Address   string   `json:"address" yaml:"address,omitempty"` // postal, "" when none is printed
	Website   []string `json:"website" yaml:"website,omitempty"`
	Note      string   `json:"note" yaml:"note,omitempty"` // what the importer could not place: "Salutation: Excellency"
}

// A Footnote is one note; its text holds its links too, as printed.
type Footnote struct {
	Number int      `json:"number"`
	Text   string   `json:"text"`
	Links  []string `json:"links"`
}

// A Warning is something the importer doubted. Rule is a stable name listed
// in docs/formats/appeal.md.
type Warning struct {
	Rule    string `json:"rule" yaml:"rule"`
	Message string `json:"message" yaml:"message"`
	Where   string `json:"where" yaml:"where"` // "code", "sections[1]", "line 12"
}

// A Link is a link that stands behind words. Where names the text it is in
// ("sections[1]", "actions[0]", "addressees[2]", "footnotes[3]", "about",
// counted from 0); with the same Where and Text, the k-th link belongs to the
// k-th occurrence. A link whose words are not known, such as one listed at
// the foot of a page, has an empty Text and Where.
type Link struct {
	URL   string `json:"url" yaml:"url"`
	Text  string `json:"text" yaml:"text"`
	Where string `json:"where" yaml:"where"`
}

// A SignOff is the line of place and date that ends the document.
type SignOff struct {
	Text  string `json:"text" yaml:"text"`   // as printed
	Place string `json:"place" yaml:"place"` // "Paris-Geneva"
	Date  string `json:"date" yaml:"date"`   // ISO 8601 or ""
}

// A Contact is one way to reach the organisation.
type Contact struct {
	Kind  string `json:"kind" yaml:"kind"`   // "email", "phone", "fax", "handle", "website", "other"
	Label string `json:"label" yaml:"label"` // "Tel and fax OMCT"
	Value string `json:"value" yaml:"value"`
}

// The states of a translation, in their order. Nothing below Read may leave
// the house.
const (
	Placeholder = "placeholder" // text still to be translated
	Translated  = "draft"       // translated, not read
	Read        = "read"        // read by a second person
	Stale       = "stale"       // the source has changed since
)

// A Translation says what a text was translated from and who answers for it.
type Translation struct {
	Of         string `json:"of" yaml:"of"` // the authoritative language: "en"
	Translator string `json:"translator" yaml:"translator"`
	Reader     string `json:"reader" yaml:"reader"`
	State      string `json:"state" yaml:"state"`
	SourceHash string `json:"source_hash" yaml:"source_hash"` // [Appeal.Hash] of the source it was made from
}

// FileInfo is what a file says about itself.
type FileInfo struct {
	Format         string            // "txt", "pdf", "docx", "odt", "html", "md", "json"
	Properties     map[string]string // "author", "last modified by", "producer", …
	TrackedChanges int
	Comments       int
	Embedded       bool // the appeal was read from our own attachment
}

// MarshalJSON writes the form of docs/formats/appeal.md: every key present,
// lists empty rather than null.
func (a Appeal) MarshalJSON() ([]byte, error) {
	type plain Appeal // without methods
	b := plain(a.filled())
	var w bytes.Buffer
	e := json.NewEncoder(&w)
	e.SetEscapeHTML(false)
	if err := e.Encode(b); err != nil {
		return nil, err
	}
	return bytes.TrimRight(w.Bytes(), "\n"), nil
}

// filled returns a copy of a with every nil list replaced by an empty one.
func (a Appeal) filled() Appeal {
	a.Violations = list(a.Violations)
	a.Sections = list(a.Sections)
	a.Actions = list(a.Actions)
	a.Addressees = append([]Addressee{}, a.Addressees...)
	for i := range a.Addressees {
		d := &a.Addressees[i]
		d.Phone, d.Fax, d.Email = list(d.Phone), list(d.Fax), list(d.Email)
		d.Handle, d.Website = list(d.Handle), list(d.Website)
	}
	a.Footnotes = append([]Footnote{}, a.Footnotes...)
	for i := range a.Footnotes {
		a.Footnotes[i].Links = list(a.Footnotes[i].Links)
	}
	a.Warnings = list(a.Warnings)
	a.Unread = list(a.Unread)
	a.Links = list(a.Links)
	a.References = list(a.References)
	a.Contacts = list(a.Contacts)
	return a
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// Encode returns the JSON of a, indented, ending in a newline: the bytes that
// a PDF carries as appeal.json. [Parse] of them gives a back.
func (a *Appeal) Encode() ([]byte, error) {
	var w bytes.Buffer
	e := json.NewEncoder(&w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(a)
	return w.Bytes(), err
}

// Parse reads the JSON form. It is strict: an unknown key, a second value or
// a value that breaks [Appeal.Validate] is an error.
func Parse(r io.Reader) (*Appeal, error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	var a Appeal
	if err := d.Decode(&a); err != nil {
		return nil, fmt.Errorf("not the JSON form of an appeal: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more than one JSON value")
	}
	a = a.filled()
	if err := a.Validate(); err != nil {
		return nil, err
	}
	return &a, nil
}

// Validate reports the first value of a that the JSON form does not allow.
func (a *Appeal) Validate() error {
	switch a.Kind {
	case UrgentAppeal, NewInformation, PressRelease, Letter, Other:
	default:
		return fmt.Errorf("kind %q is not known", a.Kind)
	}
	for what, d := range map[string]string{"date": a.Date, "page_date": a.PageDate, "sign_off.date": a.SignOff.Date} {
		if d != "" && !isISODate(d) {
			return fmt.Errorf("%s %q is not a date as 2020-05-11", what, d)
		}
	}
	seen := map[int]bool{}
	for _, f := range a.Footnotes {
		if f.Number < 1 || seen[f.Number] {
			return fmt.Errorf("footnote number %d stands twice or is not a number from 1", f.Number)
		}
		seen[f.Number] = true
	}
	if t := a.Translation; t != nil {
		switch t.State {
		case Placeholder, Translated, Read, Stale:
		default:
			return fmt.Errorf("translation state %q is not known", t.State)
		}
	}
	return a.checkAnnexes()
}

// Section returns the first section of a kind, or nil.
func (a *Appeal) Section(kind string) *Section {
	for i := range a.Sections {
		if a.Sections[i].Kind == kind {
			return &a.Sections[i]
		}
	}
	return nil
}

// warn adds a warning once.
func (a *Appeal) warn(rule, where, format string, args ...any) {
	w := Warning{Rule: rule, Message: plainText(fmt.Sprintf(format, args...)), Where: where}
	for _, have := range a.Warnings {
		if have == w {
			return
		}
	}
	a.Warnings = append(a.Warnings, w)
}
