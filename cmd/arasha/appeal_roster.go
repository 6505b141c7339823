package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

// roster is who may approve, as the log knows it, and what ties them to it. It
// is kept as a setting of the house, with where each approval waits for the
// log.
type roster struct {
	Queued casefile.ID     `json:"queued"`
	Seats  []casefile.Seat `json:"seats"`
	Given  []givenApproval `json:"given"`
	leaf   int64
}

type givenApproval struct {
	Roster   casefile.ID `json:"roster,omitempty"` // where that roster waits for the log
	Document casefile.ID `json:"document"`
	Hash     string      `json:"hash"`
	User     casefile.ID `json:"user"`
	Queued   casefile.ID `json:"queued"`
}

const settingRoster = "roster"

// roster returns the roster of today, logged. A change of those entitled makes
// a new one.
func (f *deskFlags) roster(ctx context.Context, w *world) (roster, error) {
	var r roster
	ready := func(tx *store.Tx) (bool, error) {
		s, err := setting(tx, settingRoster)
		if err != nil || s.Value == "" {
			return false, err
		}
		if err := json.Unmarshal([]byte(s.Value), &r); err != nil {
			return false, fmt.Errorf("the roster: %w", err)
		}
		users, err := entitled(tx)
		if err != nil || !slices.EqualFunc(users, r.Seats, func(u casefile.User, s casefile.Seat) bool { return u.ID == s.User && u.Name == s.Name }) {
			return false, err
		}
		leaf, ok, err := store.Leaf(tx, r.Queued)
		r.leaf = leaf
		if err == nil && !ok {
			err = cannotTell("Any command that can write to the evidence log enters it.", "the roster waits for the evidence log")
		}
		return ok, err
	}
	// A writer that was stopped may have left the roster waiting for the log.
	s, err := f.openWriter(ctx, w)
	if err != nil {
		return r, err
	}
	if err := s.Close(); err != nil {
		return r, err
	}
	var have bool
	if err := f.read(ctx, w, func(tx *store.Tx) (err error) {
		have, err = ready(tx)
		return err
	}); err != nil || have {
		return r, err
	}
	err = f.write(ctx, w, "appeal approve", func(tx *store.Tx, _ casefile.User) error {
		users, err := entitled(tx)
		if err != nil {
			return err
		}
		if len(users) == 0 {
			return &exitError{exitNo, "nobody may approve", "The role \"approve\" and keys are needed: \"arasha user --help\"."}
		}
		file := &casefile.File{Users: users}
		record, seats := file.Roster(tx.Now())
		given := r.Given
		r = roster{Seats: seats, Given: given}
		if r.Queued, err = store.Log(tx, record); err != nil {
			return err
		}
		return r.save(tx)
	})
	if err != nil {
		return r, err
	}
	err = f.read(ctx, w, func(tx *store.Tx) (err error) {
		_, err = ready(tx)
		return err
	})
	return r, err
}

func (r *roster) save(tx *store.Tx) error {
	s, err := setting(tx, settingRoster)
	if err != nil {
		return err
	}
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	s.Value = string(b)
	return store.Put(tx, &s)
}

// remember notes where an approval waits for the log.
func (r *roster) remember(tx *store.Tx, a casefile.Approval, queued casefile.ID) error {
	// The setting as it is by now: the language versions before this one have
	// noted theirs since r was read.
	s, err := setting(tx, settingRoster)
	if err != nil {
		return err
	}
	now := roster{Seats: r.Seats, Queued: r.Queued}
	if err := json.Unmarshal([]byte(s.Value), &now); err != nil {
		return fmt.Errorf("the roster: %w", err)
	}
	now.Given = append(now.Given, givenApproval{r.Queued, a.Document, a.Hash, a.User, queued})
	return now.save(tx)
}

func entitled(tx *store.Tx) ([]casefile.User, error) {
	users, err := store.List[casefile.User](tx, store.Filter{})
	if err != nil {
		return nil, err
	}
	return (&casefile.File{Users: users}).Entitled(), nil
}
