package coordination

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

// Families is a list that the user keeps: which accounts openly belong to one
// publisher. It is a CSV file with the columns family and account.
type Families struct{ rows []FamilyRow }

// A FamilyRow is one line of the list.
type FamilyRow struct {
	Line            int
	Family, Account string
}

// ReadFamilies reads the list. An account may stand in one family only. Errors
// name the file and the line.
func ReadFamilies(in io.Reader, name string) (*Families, error) {
	f := &Families{}
	seen := map[string]FamilyRow{}
	err := readUserFile(in, name, []string{"family", "account"}, 2, func(line int, c []string) error {
		row := FamilyRow{line, c[0], c[1]}
		if old, ok := seen[row.Account]; ok {
			if old.Family == row.Family {
				return fmt.Errorf("%q stands in line %d already", row.Account, old.Line)
			}
			return fmt.Errorf("%q is of the family %q in line %d; an account has one publisher", row.Account, old.Family, old.Line)
		}
		seen[row.Account] = row
		f.rows = append(f.rows, row)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Rows returns the lines in the order of the file.
func (f *Families) Rows() []FamilyRow {
	if f == nil {
		return nil
	}
	return slices.Clone(f.rows)
}

// A Family is accounts of one publisher among those of a result.
type Family struct {
	Name     string   // as the user wrote it, or made from the names of its accounts
	Accounts []uint32 // at least two, ascending
	Listed   bool     // by the user; otherwise suggested
	Why      string   // "on the list of publishers", or the grounds of the suggestion
}

// Publishers say which accounts count as one in the tests.
type Publishers struct {
	Families  []Family    // in the order of the list, then suggested ones
	Unmatched []Unmatched // lines of the list that mean no account of these posts, or several

	of map[uint32]uint32 // account → place in Families; nil: everybody stands alone
}

// Publishers applies the list of the user's, which may be nil, and the
// suggestions given. An account that the user lists stays where the user put
// it; a suggestion that touches a listed family joins nothing to it.
func (r *Result) Publishers(list *Families, suggested []Suggestion) *Publishers {
	p := &Publishers{of: map[uint32]uint32{}}
	if rows := list.Rows(); len(rows) > 0 {
		n := r.named()
		at := map[string]int{}
		var found []Family
		for _, row := range rows {
			a, could := n.find(row.Account)
			if could != 1 {
				p.Unmatched = append(p.Unmatched, Unmatched{row.Line, row.Account, could})
				continue
			}
			i, ok := at[row.Family]
			if !ok {
				i = len(found)
				at[row.Family] = i
				found = append(found, Family{Name: row.Family, Listed: true, Why: "on the list of publishers"})
			}
			if !slices.Contains(found[i].Accounts, a) {
				found[i].Accounts = append(found[i].Accounts, a)
			}
		}
		for _, f := range found {
			p.add(f)
		}
	}
	for _, s := range suggested {
		free := slices.DeleteFunc(slices.Clone(s.Accounts), func(a uint32) bool { _, ok := p.of[a]; return ok })
		p.add(Family{Name: s.Name, Accounts: free, Why: s.Why()})
	}
	return p
}

// add adds a family of at least two accounts. An account that two lines put
// into two families by different spellings stays in the first.
func (p *Publishers) add(f Family) {
	f.Accounts = slices.DeleteFunc(f.Accounts, func(a uint32) bool { _, ok := p.of[a]; return ok })
	if len(f.Accounts) < 2 {
		return
	}
	slices.Sort(f.Accounts)
	for _, a := range f.Accounts {
		p.of[a] = uint32(len(p.Families))
	}
	p.Families = append(p.Families, f)
}

// Of returns the account that stands for the publisher of a: the first of its
// family, or a itself. Publishers may be nil.
func (p *Publishers) Of(a uint32) uint32 {
	if p != nil {
		if f, ok := p.of[a]; ok {
			return p.Families[f].Accounts[0]
		}
	}
	return a
}

// Family returns the family of an account, or nil.
func (p *Publishers) Family(a uint32) *Family {
	if p != nil {
		if f, ok := p.of[a]; ok {
			return &p.Families[f]
		}
	}
	return nil
}

// Count returns how many publishers stand behind accounts.
func (p *Publishers) Count(accounts []uint32) int {
	seen := map[uint32]bool{}
	for _, a := range accounts {
		seen[p.Of(a)] = true
	}
	return len(seen)
}

// Merge returns the events with each account replaced by its publisher: of
// several shares of one family the earliest stays.
func (p *Publishers) Merge(e *Events) *Events {
	if p == nil || len(p.Families) == 0 {
		return e
	}
	var rows []share
	e.Each(func(account, object, post uint32, at int64) {
		rows = append(rows, share{object, p.Of(account), post, at})
	})
	m := &Events{Trace: e.Trace, Untimed: e.Untimed, Own: e.Own, r: e.r, names: e.names}
	m.fill(rows)
	return m
}

// byFirst orders lists of accounts by size, then by first account.
func byFirst(a, b []uint32) int { return cmp.Or(len(b)-len(a), cmp.Compare(a[0], b[0])) }
