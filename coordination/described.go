package coordination

import (
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/post"
)

// An Attribute says what an account is, by a source. It is never computed.
type Attribute string

// The attributes. An account without a sourced fact is Unknown, and stays so.
const (
	Outlet               Attribute = "outlet"
	PublicFigure         Attribute = "public-figure"
	StateFunded          Attribute = "state-funded"
	GovernmentLinked     Attribute = "government-linked"
	SuspectedInauthentic Attribute = "suspected-inauthentic" // somebody named says so
	OrdinaryAccount      Attribute = "ordinary"
	Unknown              Attribute = "unknown" // no fact; never written in a file
)

// Attributes are those that a file may state, in the order of reports.
var Attributes = []Attribute{Outlet, PublicFigure, StateFunded, GovernmentLinked, SuspectedInauthentic, OrdinaryAccount}

// Descriptions are what is known of accounts, each with what shows it: a CSV
// file of the user's with the columns account, attribute, according_to, date
// and ref.
type Descriptions struct{ rows []Description }

// A Description is one sourced fact about an account.
type Description struct {
	Line        int
	Account     string // as written
	Attribute   Attribute
	AccordingTo string    // who says so; may be empty when Ref is given
	Date        post.Time // of what they say; None when not given
	Ref         string    // the kept item that shows it, 64 hexadecimal digits; may be empty when AccordingTo is given
}

// ReadDescriptions reads the file. A row that names neither who says it nor a
// kept item is refused, as is an attribute that is not in Attributes. Errors
// name the file and the line.
func ReadDescriptions(in io.Reader, name string) (*Descriptions, error) {
	d := &Descriptions{}
	err := readUserFile(in, name, []string{"account", "attribute", "according_to", "date", "ref"}, 2, func(line int, c []string) error {
		row := Description{Line: line, Account: c[0], Attribute: Attribute(strings.ToLower(c[1])), AccordingTo: c[2], Ref: c[4]}
		if !slices.Contains(Attributes, row.Attribute) {
			return fmt.Errorf("there is no attribute %q; known: %v; what is not known is left out", c[1], Attributes)
		}
		if row.AccordingTo == "" && row.Ref == "" {
			return fmt.Errorf("%q without a source; say who says so in according_to, or which kept item shows it in ref", row.Attribute)
		}
		if err := checkRef(row.Ref); err != nil {
			return err
		}
		if c[3] != "" {
			t, err := parseDate(c[3], nil)
			if err != nil {
				return err
			}
			row.Date = t
		}
		d.rows = append(d.rows, row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// checkRef refuses what cannot be the SHA-256 of an item.
func checkRef(s string) error {
	if s == "" {
		return nil
	}
	if b, err := hex.DecodeString(s); err != nil || len(b) != 32 {
		return fmt.Errorf("%q is no ref: the 64 hexadecimal digits of a kept item", s)
	}
	return nil
}

// Rows returns the lines in the order of the file.
func (d *Descriptions) Rows() []Description {
	if d == nil {
		return nil
	}
	return slices.Clone(d.rows)
}

// Described are the accounts of a result with the facts about them.
type Described struct {
	Unmatched []Unmatched // lines that mean no account of these posts, or several

	facts map[uint32][]Description
}

// Describe ties the facts to the accounts of r. d may be nil.
func (r *Result) Describe(d *Descriptions) *Described {
	out := &Described{facts: map[uint32][]Description{}}
	if d == nil || len(d.rows) == 0 {
		return out
	}
	n := r.named()
	for _, row := range d.rows {
		if a, could := n.find(row.Account); could == 1 {
			out.facts[a] = append(out.facts[a], row)
		} else {
			out.Unmatched = append(out.Unmatched, Unmatched{row.Line, row.Account, could})
		}
	}
	return out
}

// Facts returns the facts about an account in the order of the file; none for
// an account that is not known. d may be nil.
func (d *Described) Facts(account uint32) []Description {
	if d == nil {
		return nil
	}
	return d.facts[account]
}

// Is reports whether a fact says that an account has an attribute.
func (d *Described) Is(account uint32, a Attribute) bool {
	return slices.ContainsFunc(d.Facts(account), func(f Description) bool { return f.Attribute == a })
}

// An AttributeCount is how many accounts have an attribute.
type AttributeCount struct {
	Attribute Attribute
	Accounts  int
}

// Breakdown counts accounts by attribute, in the order of Attributes, with
// those of which nothing is known last. An account with two attributes counts
// under both, so the counts may add up to more than the accounts. Attributes
// without an account are left out.
func (d *Described) Breakdown(accounts []uint32) []AttributeCount {
	counts := make([]int, len(Attributes)+1)
	for _, a := range accounts {
		known := false
		for i, t := range Attributes {
			if d.Is(a, t) {
				counts[i]++
				known = true
			}
		}
		if !known {
			counts[len(Attributes)]++
		}
	}
	var out []AttributeCount
	for i, n := range counts {
		if n == 0 {
			continue
		}
		t := Unknown
		if i < len(Attributes) {
			t = Attributes[i]
		}
		out = append(out, AttributeCount{t, n})
	}
	return out
}
