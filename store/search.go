package store

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/casefile"
)

// An Entry is what the search knows of one row: terms, as wordTerms makes them,
// and never a sealed text.
type Entry struct {
	Table int // number of the table: what has a higher one is listed first
	ID    casefile.ID
	Case  casefile.ID // 0 for none
	Terms []string
}

// A Query asks for the entries that hold every word, in falling order of table
// and ID.
type Query struct {
	Words [][]string  // for each word the terms of which one must be there; a term ending in "*" is a beginning
	Case  casefile.ID // only in one case
	Table int         // only of one table, by number
	Limit int
}

// A Hit is a row that was found.
type Hit struct {
	Table string      `json:"table"`
	Noun  string      `json:"noun"`
	ID    casefile.ID `json:"id"`
	Case  casefile.ID `json:"case"` // 0 for none
	Text  string      `json:"text"` // the words of the row that stand for it
}

// Search finds rows by words in any script: a name is found by its inflected
// and transliterated forms, the last word also by its beginning when whole
// words find less than the limit. Persons and cases come first. A table ("" for all) and a case (0 for all) narrow it. Limit 0 is 50.
func Search(tx *Tx, text, table string, of casefile.ID, limit int) ([]Hit, error) {
	q := Query{Words: queryTerms(text), Case: of, Limit: limit}
	if limit <= 0 {
		q.Limit = 50
	}
	if table != "" {
		t := TableNamed(table)
		if t == nil {
			return nil, fmt.Errorf("store: there is no table %q", table)
		}
		q.Table = t.number
	}
	if len(q.Words) == 0 {
		return []Hit{}, nil
	}
	if err := tx.indexRest(); err != nil {
		return nil, err
	}
	found, err := tx.store.engine.Search(tx.ctx, tx.tx, q)
	if err != nil {
		return nil, err
	}
	// Whole words come first; where they leave room, beginnings.
	if begun, ok := asBeginning(q.Words); ok && len(found) < q.Limit {
		q.Words = begun
		more, err := tx.store.engine.Search(tx.ctx, tx.tx, q)
		if err != nil {
			return nil, err
		}
		whole := found
		for _, m := range more {
			same := func(f Entry) bool { return f.Table == m.Table && f.ID == m.ID }
			if len(found) < q.Limit && !slices.ContainsFunc(whole, same) {
				found = append(found, m)
			}
		}
	}
	out := []Hit{}
	for _, f := range found {
		t := tableNumbered(f.Table)
		if t == nil {
			return nil, fmt.Errorf("store: search: entry of an unknown table %d: %w", f.Table, ErrDamaged)
		}
		v := reflect.New(t.typ).Elem()
		there, err := tx.row(t, v, f.ID)
		if err != nil {
			return nil, err
		}
		if !there {
			continue // the index is behind: never show what is gone
		}
		h := Hit{Table: t.Name, Noun: t.Noun, ID: f.ID, Case: t.caseOf(v)}
		if w := words(v.Interface()); len(w) > 0 {
			h.Text = clipText(w[0].text, 200)
		}
		out = append(out, h)
	}
	return out, nil
}

func tableNumbered(n int) *Table {
	for _, t := range Tables {
		if t.number == n {
			return t
		}
	}
	return nil
}

// mostEntries is how many entries of the search wait for each other: an index
// that is written together is much smaller work.
const mostEntries = 2000

func (tx *Tx) index(t *Table, v reflect.Value) error {
	w := words(v.Interface())
	if len(w) == 0 {
		return nil
	}
	e := Entry{Table: t.number, ID: casefile.ID(v.Field(0).Int()), Case: t.caseOf(v)}
	seen := make(map[string]bool)
	for _, one := range w {
		for _, word := range splitWords(one.text) {
			for _, term := range tx.terms(one.lang, word) {
				if !seen[term] {
					seen[term] = true
					e.Terms = append(e.Terms, term)
				}
			}
		}
	}
	return tx.enter(e)
}

func (tx *Tx) forget(t *Table, id casefile.ID) error {
	return tx.enter(Entry{Table: t.number, ID: id})
}

func (tx *Tx) enter(e Entry) error {
	if tx.entries = append(tx.entries, e); len(tx.entries) < mostEntries {
		return nil
	}
	return tx.indexRest()
}

// indexRest writes the entries that wait.
func (tx *Tx) indexRest() error {
	if len(tx.entries) == 0 {
		return nil
	}
	// In order, and only the last word on each row: what comes out of order
	// makes SQLite write its index to the disk at once.
	all := tx.entries
	tx.entries = nil
	slices.SortStableFunc(all, func(a, b Entry) int { return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.ID, b.ID)) })
	kept := all[:0]
	for i, e := range all {
		if i+1 == len(all) || all[i+1].Table != e.Table || all[i+1].ID != e.ID {
			kept = append(kept, e)
		}
	}
	return tx.store.engine.Index(tx.ctx, tx.tx, kept)
}

// terms is wordTerms that remembers: a few thousand words make most of what
// people write.
func (tx *Tx) terms(lang, word string) []string {
	key := lang + " " + word
	terms, ok := tx.known[key]
	if !ok {
		terms = wordTerms(lang, word)
		if tx.known == nil || len(tx.known) > 1<<16 {
			tx.known = make(map[string][]string)
		}
		if len(word) <= mostWord {
			tx.known[key] = terms
		}
	}
	return terms
}

// text is one text of a row and its language, "" when not told.
type text struct{ lang, text string }

// words returns the texts of a row that the search may know, the one that
// stands for it first. What is sealed or private is not among them, and a
// noun that is not named here is not searched.
func words(v any) []text {
	var out []text
	add := func(lang string, texts ...string) {
		for _, s := range texts {
			if s != "" {
				out = append(out, text{lang, s})
			}
		}
	}
	switch v := v.(type) {
	case casefile.Case:
		add("", v.Title, v.Number, v.Note)
	case casefile.PrintedCode:
		add("", v.Printed, v.Key, v.Why)
	case casefile.Person:
		add("", v.Name)
		for _, a := range v.Aliases {
			add(a.Lang, a.Text)
		}
		add("", v.Occupation, v.Residence, v.Work)
		add("", v.Affiliations...)
	case casefile.Role:
		add("", v.Note)
	case casefile.Act:
		add("", v.Type, v.Place, v.Method, v.ToWork, v.Note)
		for _, p := range v.Perpetrators {
			add("", p.Text, p.According)
		}
		for _, l := range v.Law {
			add("", l.Law, l.Article, l.Text)
		}
	case casefile.ContextEvent:
		add("", v.Text)
	case casefile.Inaction:
		add("", v.Who, v.AskedBy, v.Followed, v.NoComplaint)
	case casefile.Step:
		add("", v.What, v.By, v.Result)
	case casefile.Bill:
		add("", v.Title, v.Note)
	case casefile.Outcome:
		add("", v.What)
	case casefile.Account:
		add("", v.Name, v.Native, v.Platform)
	case casefile.Attribute:
		add("", v.What, v.According, v.Second, v.Answer)
	case casefile.Authority:
		add("", v.Office, v.Note)
	case casefile.Holder:
		add("", v.Name, v.Title)
	case casefile.Channel:
		add("", v.Value)
	case casefile.Statement:
		for _, t := range v.Text {
			add(t.Lang, t.Text)
		}
		add("", v.According)
	case casefile.Decision:
		add("", v.Reason)
	case casefile.FindingNote:
		add("", v.Why)
	case casefile.Document:
		add("", v.Code)
		add(v.Language, jsonWords(v.Appeal)...)
	}
	return out
}

func clipText(s string, most int) string {
	s = strings.Join(strings.Fields(s[:min(len(s), 8*most)]), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
