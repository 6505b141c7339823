package store

import (
	"fmt"

	"github.com/arasha-org/arasha/casefile"
)

// NextNumber returns the next internal number of a year: "2031-0007". The
// case must be stored in the same transaction.
func NextNumber(tx *Tx, year int) (string, error) {
	// The numbers of a year sort as text up to 9999, and longer ones are
	// greater: length first.
	var last string
	found, err := tx.one([]any{&last}, `SELECT "number" FROM cases WHERE "number" LIKE ? ORDER BY length("number") DESC, "number" DESC LIMIT 1`,
		fmt.Sprintf("%04d-%%", year))
	if err != nil {
		return "", err
	}
	n := 0
	if found {
		if _, err := fmt.Sscanf(last, "%04d-%d", new(int), &n); err != nil {
			return "", fmt.Errorf("store: the case number %q: %w", last, ErrDamaged)
		}
	}
	return fmt.Sprintf("%04d-%04d", year, n+1), nil
}

// Allocate reserves the next numbers of a year for a case: that of its country
// and that of the world. They are the ones after the highest that the register
// accounts for, imported entries and void ones included, so that no number is
// given twice and none is free again. Because writers take turns, two cases
// never get the same. r carries Year, Country, Prefix, MMYY, Case and By.
func Allocate(tx *Tx, r casefile.Register) (casefile.Register, error) {
	for _, n := range []struct {
		to    *int
		query string
		args  []any
	}{
		{&r.Seq, `SELECT coalesce(max("seq"), 0) FROM register WHERE "year" = ? AND "prefix" = ? AND "country" = ?`, []any{r.Year, r.Prefix, r.Country}},
		{&r.Serial, `SELECT coalesce(max("serial"), 0) FROM register WHERE "year" = ? AND "prefix" = ?`, []any{r.Year, r.Prefix}},
	} {
		if _, err := tx.one([]any{n.to}, n.query, n.args...); err != nil {
			return r, err
		}
		*n.to++
	}
	r.ID, r.State, r.At = 0, casefile.Reserved, tx.Now()
	if r.Case == 0 {
		return r, fmt.Errorf("store: a number is allocated to a case")
	}
	return r, Put(tx, &r)
}

// ImportRegister takes over an existing register, all of it or nothing. An
// entry whose numbers the register accounts for already is ErrTaken, unless it
// is the same entry. Gaps stay visible: [Gaps] lists them.
func ImportRegister(tx *Tx, entries []casefile.Register) (added int, err error) {
	for _, e := range entries {
		e.ID = 0
		same, err := List[casefile.Register](tx, Filter{Where: `"year" = ? AND "prefix" = ? AND ("serial" = ? OR "country" = ? AND "seq" = ?)`,
			Args: []any{e.Year, e.Prefix, e.Serial, e.Country, e.Seq}})
		if err != nil {
			return 0, err
		}
		if len(same) == 1 && same[0].Serial == e.Serial && same[0].Country == e.Country && same[0].Seq == e.Seq {
			continue
		}
		if len(same) > 0 {
			o := same[0]
			return 0, fmt.Errorf("store: register of %d: %s %d / %s %d is not free: entry %d is %s %d / %s %d: %w",
				e.Year, e.Country, e.Seq, e.Prefix, e.Serial, o.ID, o.Country, o.Seq, o.Prefix, o.Serial, ErrTaken)
		}
		if err := Put(tx, &e); err != nil {
			return 0, err
		}
		added++
	}
	return added, nil
}

// A Gap is a run of numbers that the register does not account for.
type Gap struct {
	Country  string // "" for the numbers of the world
	From, To int
}

// Gaps returns what the register of a year does not account for, below its
// highest numbers: the world's first, then by country.
func Gaps(tx *Tx, year int, prefix string) ([]Gap, error) {
	var gaps []Gap
	walk := func(country, column string) error {
		f := Filter{Where: `"year" = ? AND "prefix" = ?`, Args: []any{year, prefix}, Order: column}
		if country != "" {
			f.Where, f.Args = f.Where+` AND "country" = ?`, append(f.Args, country)
		}
		next := 1
		for r, err := range Each[casefile.Register](tx, f) {
			if err != nil {
				return err
			}
			n := r.Serial
			if country != "" {
				n = r.Seq
			}
			if n > next {
				gaps = append(gaps, Gap{country, next, n - 1})
			}
			next = n + 1
		}
		return nil
	}
	if err := walk("", "serial"); err != nil {
		return nil, err
	}
	var countries []string
	rows, err := tx.Query(`SELECT DISTINCT "country" FROM register WHERE "year" = ? AND "prefix" = ? ORDER BY "country"`, year, prefix)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var c string
		if err := rows.Scan(&c); err != nil {
			rows.Close()
			return nil, fmt.Errorf("store: %w", err)
		}
		countries = append(countries, c)
	}
	rows.Close()
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	for _, c := range countries {
		if err := walk(c, "seq"); err != nil {
			return nil, err
		}
	}
	return gaps, nil
}
