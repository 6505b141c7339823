package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/arasha-org/arasha/casefile"
)

// What a [Change] did.
const (
	Added   = "added"
	Changed = "changed"
	Removed = "removed"
)

// A Change says that a row was touched, never what it held: what is deleted
// must not live on here.
type Change struct {
	Table  string      `json:"table"`
	ID     casefile.ID `json:"id,omitempty"`
	Case   casefile.ID `json:"case,omitempty"`
	Did    string      `json:"did"`
	Fields []string    `json:"fields,omitempty"` // names of those that changed
	Count  int         `json:"count,omitempty"`  // of further such changes that are not listed one by one
}

// An Audit is one transaction that wrote: who, when, by which command, what.
// Each holds the hash of the one before, so that a row taken out shows.
type Audit struct {
	ID      casefile.ID `json:"id"`
	At      time.Time   `json:"at"`
	Name    string      `json:"name"`
	Command string      `json:"command"`
	Changes []Change    `json:"changes"`
	Chain   string      `json:"chain"` // SHA-256 over the chain of the row before, a line feed, and this row as JSON with an empty chain
}

// mostChanges is how many changes of a transaction are listed one by one.
const mostChanges = 500

// counted is what is still told apart beyond mostChanges.
type counted struct{ table, did string }

// Did notes in the audit what changed no row: that a sealed source was opened,
// a file exported, a document sent. id may be 0.
func (tx *Tx) Did(what, table string, id casefile.ID) {
	tx.did(Change{Table: table, ID: id, Did: what})
}

func (tx *Tx) did(c Change) {
	if len(tx.changes) < mostChanges {
		tx.changes = append(tx.changes, c)
		return
	}
	if tx.counts == nil {
		tx.counts = make(map[counted]int)
	}
	tx.counts[counted{c.Table, c.Did}]++
}

// audit writes the row of the transaction; one that did nothing has none.
func (tx *Tx) audit(who Actor, now time.Time) error {
	if len(tx.changes) == 0 {
		return nil
	}
	a := Audit{At: now.UTC().Truncate(time.Second), Name: who.Name, Command: who.Command, Changes: tx.changes}
	for c, n := range tx.counts {
		a.Changes = append(a.Changes, Change{Table: c.table, Did: c.did, Count: n})
	}
	slices.SortStableFunc(a.Changes[len(tx.changes):], func(x, y Change) int {
		return cmp.Or(cmp.Compare(x.Table, y.Table), cmp.Compare(x.Did, y.Did))
	})
	var last string
	var id int64
	if _, err := tx.one([]any{&id, &last}, `SELECT "id", "chain" FROM audit ORDER BY "id" DESC LIMIT 1`); err != nil {
		return err
	}
	a.ID = casefile.ID(id + 1)
	var err error
	if a.Chain, err = a.chain(last); err != nil {
		return err
	}
	changes, err := json.Marshal(a.Changes)
	if err != nil {
		return fmt.Errorf("store: audit: %w", err)
	}
	_, err = tx.exec(`INSERT INTO audit ("id", "at", "name", "command", "changes", "chain") VALUES (?, ?, ?, ?, ?, ?)`,
		int64(a.ID), timeText(a.At), a.Name, a.Command, string(changes), a.Chain)
	return err
}

func (a Audit) chain(last string) (string, error) {
	a.Chain = ""
	b, err := json.Marshal(a)
	if err != nil {
		return "", fmt.Errorf("store: audit: %w", err)
	}
	sum := sha256.Sum256(append([]byte(last+"\n"), b...))
	return hex.EncodeToString(sum[:]), nil
}

// AuditRows yields the audit in order, each row checked against the one
// before; a break of the chain is ErrDamaged and the walk goes on.
func AuditRows(tx *Tx) iter.Seq2[Audit, error] {
	return func(yield func(Audit, error) bool) {
		rows, err := tx.Query(`SELECT "id", "at", "name", "command", "changes", "chain" FROM audit ORDER BY "id"`)
		if err != nil {
			yield(Audit{}, err)
			return
		}
		defer rows.Close()
		last := ""
		for n := casefile.ID(1); rows.Next(); n++ {
			var a Audit
			var at, changes string
			if err := rows.Scan(&a.ID, &at, &a.Name, &a.Command, &changes, &a.Chain); err != nil {
				yield(a, fmt.Errorf("store: audit: %w", err))
				return
			}
			a.At, err = time.Parse(time.RFC3339, at)
			if err == nil {
				err = json.Unmarshal([]byte(changes), &a.Changes)
			}
			want, _ := a.chain(last)
			if err != nil || want != a.Chain || a.ID != n {
				err = fmt.Errorf("store: row %d of the audit is not the one that followed row %d: %w", a.ID, n-1, ErrDamaged)
				n = a.ID
			}
			if !yield(a, err) {
				return
			}
			last = a.Chain
		}
		if err := rows.Err(); err != nil {
			yield(Audit{}, fmt.Errorf("store: %w", err))
		}
	}
}
