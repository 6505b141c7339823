package main

import (
	"slices"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// loadFile returns a case with everything that belongs to it, as the rules
// want it.
func loadFile(tx *store.Tx, name caseName) (*casefile.File, error) {
	id, err := name.of(tx)
	if err != nil {
		return nil, err
	}
	return loadCase(tx, id)
}

func loadCase(tx *store.Tx, id casefile.ID) (*casefile.File, error) {
	f := new(casefile.File)
	var err error
	if f.Case, err = store.Get[casefile.Case](tx, id); err != nil {
		return nil, err
	}
	of := store.Filter{Case: id}
	for _, load := range []func() error{
		into(tx, of, &f.Codes), into(tx, of, &f.Roles), into(tx, of, &f.Acts), into(tx, of, &f.Events), into(tx, of, &f.Inactions), into(tx, of, &f.Steps),
		into(tx, of, &f.Bills), into(tx, of, &f.Outcomes), into(tx, of, &f.Sources), into(tx, of, &f.Statements), into(tx, of, &f.Consents),
		into(tx, of, &f.Decisions), into(tx, of, &f.Holds), into(tx, of, &f.Findings), into(tx, of, &f.Documents),
		into(tx, store.Filter{Where: `"from" = ? OR "to" = ?`, Args: []any{id, id}}, &f.Links),
		into(tx, store.Filter{Where: `"case" IS NULL OR "case" = ?`, Args: []any{id}}, &f.Accounts),
		into(tx, store.Filter{Where: `"country" = ?`, Args: []any{f.Case.Country}}, &f.Authorities),
		into(tx, store.Filter{Where: `"document" IN (SELECT "id" FROM documents WHERE "case" = ?)`, Args: []any{id}}, &f.Approvals),
		into(tx, store.Filter{Where: `"document" IN (SELECT "id" FROM documents WHERE "case" = ?)`, Args: []any{id}}, &f.Acceptances),
		into(tx, store.Filter{Where: `"year" IN (SELECT "year" FROM register WHERE "case" = ?)`, Args: []any{id}}, &f.Register),
		into(tx, store.Filter{}, &f.Users),
	} {
		if err := load(); err != nil {
			return nil, err
		}
	}
	if f.Persons, err = personsOf(tx, f); err != nil {
		return nil, err
	}
	for _, a := range f.Accounts {
		more, err := store.List[casefile.Attribute](tx, store.Filter{Where: `"account" = ?`, Args: []any{a.ID}})
		if err != nil {
			return nil, err
		}
		f.Attributes = append(f.Attributes, more...)
	}
	for _, a := range f.Authorities {
		by := store.Filter{Where: `"authority" = ?`, Args: []any{a.ID}}
		holders, err := store.List[casefile.Holder](tx, by)
		if err != nil {
			return nil, err
		}
		channels, err := store.List[casefile.Channel](tx, by)
		if err != nil {
			return nil, err
		}
		f.Holders, f.Channels = append(f.Holders, holders...), append(f.Channels, channels...)
	}
	return f, nil
}

func into[T store.Noun](tx *store.Tx, f store.Filter, to *[]T) func() error {
	return func() (err error) {
		*to, err = store.List[T](tx, f)
		return err
	}
}

// personsOf returns everybody the case speaks of.
func personsOf(tx *store.Tx, f *casefile.File) ([]casefile.Person, error) {
	var ids []casefile.ID
	for _, r := range f.Roles {
		ids = append(ids, r.Person)
	}
	for _, a := range f.Acts {
		ids = append(ids, a.Victims...)
		for _, p := range a.Perpetrators {
			ids = append(ids, p.Person)
		}
	}
	for _, s := range f.Statements {
		ids = append(ids, s.Persons...)
	}
	for _, c := range f.Consents {
		ids = append(ids, c.Person)
	}
	for _, o := range f.Outcomes {
		ids = append(ids, o.Person)
	}
	slices.Sort(ids)
	out := []casefile.Person{}
	for _, id := range slices.Compact(ids) {
		if id == 0 {
			continue
		}
		p, err := store.Get[casefile.Person](tx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}
