// Package store keeps the nouns of the desk on a disk: every change in one
// transaction, with who made it and by which command, and every leaf for the
// evidence log waiting beside it until it is logged.
//
// Promise: when [Store.Write] returns without error, what was written is on
// the disk and survives a power cut; when it returns an error other than
// [ErrLogWaits], nothing of it is there. One process writes at a time; readers
// see the last whole state and are never refused.
//
//	err := s.Write(ctx, store.Actor{Name: "Aida", Command: "person add"}, func(tx *store.Tx) error {
//		p := casefile.Person{Kind: casefile.Natural, Name: "Aigul Sarsenova"}
//		if err := store.Put(tx, &p); err != nil {
//			return err
//		}
//		return store.Put(tx, &casefile.Role{Case: 12, Person: p.ID, Role: "victim"})
//	})
//	acts, err := store.List[casefile.Act](tx, store.Filter{Case: 12, Order: "when"})
//
// Each noun has one table with one column for each field, named as in JSON;
// lists are JSON text ([Tables] lists them; docs/formats/casefile.md shows
// them). The SQL here is what SQLite and PostgreSQL have in common; what they
// do differently is behind [Engine]. store/sqlite opens the database of a
// home.
package store
