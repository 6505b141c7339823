package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/store"
	"github.com/arasha-org/arasha/store/sqlite"
)

// deskFlags are the options of every command over the case files.
type deskFlags struct {
	homeFlags
	As   string `env:"ARASHA_AS" placeholder:"USER" help:"Who does this: the name or number of a user."`
	JSON bool   `help:"Print JSON, one record a line."`
}

// read runs do on one whole state of the case files.
func (f *deskFlags) read(ctx context.Context, w *world, do func(*store.Tx) error) error {
	s, err := f.openStore(ctx, w, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	return deskTrouble(s.Read(ctx, do))
}

// write runs do and keeps what it does, all or nothing, in the name of the
// user of --as. What it says is said after it is stored.
func (f *deskFlags) write(ctx context.Context, w *world, command string, do func(tx *store.Tx, by casefile.User) error) error {
	s, err := f.openWriter(ctx, w)
	if err != nil {
		return err
	}
	defer s.Close()
	var by casefile.User
	err = s.Read(ctx, func(tx *store.Tx) (err error) {
		by, err = f.user(tx)
		return err
	})
	if err != nil {
		return deskTrouble(err)
	}
	err = s.Write(ctx, store.Actor{Name: by.Name, Command: command}, func(tx *store.Tx) error { return do(tx, by) })
	if errors.Is(err, store.ErrLogWaits) {
		w.say("Stored; its entry in the evidence log waits for the next command that can write there (%v).", plainWords(err))
		return nil
	}
	return deskTrouble(err)
}

// openWriter opens the database with the evidence log behind it, and so enters
// what an earlier writer left waiting for the log.
func (f *deskFlags) openWriter(ctx context.Context, w *world) (*store.Store, error) {
	return f.openStore(ctx, w, func(records ...evidence.Record) ([]int64, error) {
		h, err := f.homeFlags.open(w)
		if err != nil {
			return nil, err
		}
		return h.LogRecords(records...)
	})
}

func (f *deskFlags) openStore(ctx context.Context, w *world, log func(...evidence.Record) ([]int64, error)) (*store.Store, error) {
	if f.Home == "" {
		return nil, wrongUse("Give --home DIR or set ARASHA_HOME; \"arasha init\" makes a home.", "which home?")
	}
	// The database is made in a home, never beside one.
	if _, err := os.Stat(f.Home + "/home.json"); errors.Is(err, fs.ErrNotExist) {
		return nil, homeTrouble(fmt.Errorf("%s: %w", f.Home, vault.ErrNoHome))
	}
	s, err := sqlite.Open(ctx, f.Home, store.Options{Log: log, Now: w.now})
	return s, deskTrouble(err)
}

// user returns who --as names. The first user of a home is made by nobody
// else: until there is one, any name will do.
func (f *deskFlags) user(tx *store.Tx) (casefile.User, error) {
	if f.As == "" {
		return casefile.User{}, wrongUse("Give --as USER or set ARASHA_AS; \"arasha user list\" shows who there is.", "who does this?")
	}
	n, err := store.Count[casefile.User](tx, store.Filter{})
	if err != nil {
		return casefile.User{}, err
	}
	if n == 0 {
		return casefile.User{Name: f.As}, nil
	}
	u, err := named[casefile.User](tx, f.As, "name")
	if err == nil && u.Left {
		err = wrongUse("", "%s works here no more", u.Name)
	}
	return u, err
}

// who is the user of --as, who must exist.
func (f *deskFlags) who(ctx context.Context, w *world) (u casefile.User, err error) {
	err = f.read(ctx, w, func(tx *store.Tx) (err error) {
		u, err = f.user(tx)
		return err
	})
	if err == nil && u.ID == 0 {
		err = wrongUse("\"arasha user add\" comes first.", "there is no user yet")
	}
	return u, err
}

// named returns the noun that a word means: its number, or what stands in
// one of the columns. Two that fit are told and none is chosen.
func named[T store.Noun](tx *store.Tx, word string, columns ...string) (T, error) {
	var none T
	if n, err := strconv.ParseInt(word, 10, 64); err == nil {
		return store.Get[T](tx, casefile.ID(n))
	}
	f := store.Filter{Limit: 9}
	for _, c := range columns {
		if f.Where != "" {
			f.Where += " OR "
		}
		f.Where += `"` + c + `" = ?`
		f.Args = append(f.Args, word)
	}
	all, err := store.List[T](tx, f)
	switch {
	case err != nil:
		return none, err
	case len(all) == 1:
		return all[0], nil
	case len(all) == 0:
		return none, cannotTell("", "there is no %s %q", nounOf(none), word)
	}
	var ids []string
	for _, v := range all {
		ids = append(ids, fmt.Sprint(idOf(v)))
	}
	return none, wrongUse("Say which one by its number.", "%q is %d of them: %s %s", word, len(all), nounOf(none), strings.Join(ids, ", "))
}

// A caseName names a case: by its number in the database, its internal number
// 2031-0007, or a code it was printed under.
type caseName string

// of returns the number of the case; 0 for the empty name.
func (c caseName) of(tx *store.Tx) (casefile.ID, error) {
	if c == "" {
		return 0, nil
	}
	if strings.IndexFunc(string(c), unicode.IsLetter) < 0 { // no code is without letters
		k, err := named[casefile.Case](tx, string(c), "number")
		return k.ID, err
	}
	known, err := prefixes(tx)
	if err != nil {
		return 0, err
	}
	if code, err := appeal.ParseCode(string(c), known...); err == nil {
		p, err := store.List[casefile.PrintedCode](tx, store.Filter{Where: `"key" = ?`, Args: []any{code.Key()}, Limit: 1})
		if err != nil {
			return 0, err
		}
		if len(p) > 0 {
			return p[0].Case, nil
		}
	}
	return 0, cannotTell("Give its number, 2031-0007, or a code it was printed under.", "there is no case %q", printable(string(c)))
}

// prefixes are the organisation prefixes that codes here bear: the usual one,
// those of the register, and those of codes printed elsewhere.
func prefixes(tx *store.Tx) ([]string, error) {
	rows, err := tx.Query(`SELECT DISTINCT "prefix" FROM register UNION SELECT DISTINCT "key" FROM printed_codes`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []string{appeal.DefaultPrefix}
	for rows.Next() {
		var p string
		if err := rows.Scan(&p); err != nil {
			return nil, err
		}
		if parts := strings.Split(p, "-"); len(parts) == 5 { // a key: COUNTRY-SEQ-DATE-PREFIX-SERIAL
			p = parts[3]
		}
		if p != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out, rows.Err()
}

// A personName names a person by number or by the name as printed.
type personName string

func (p personName) of(tx *store.Tx) (casefile.ID, error) {
	if p == "" {
		return 0, nil
	}
	v, err := named[casefile.Person](tx, string(p), "name")
	return v.ID, err
}

// idsOf resolves names one by one.
func idsOf[N interface {
	of(*store.Tx) (casefile.ID, error)
}](tx *store.Tx, names []N) ([]casefile.ID, error) {
	var out []casefile.ID
	for _, n := range names {
		id, err := n.of(tx)
		if err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, nil
}

// refsOf turns what a person types into Refs: a SHA-256, or the number of an
// item of this home. The vault is opened only when a number needs it.
func (f *deskFlags) refsOf(w *world, words []string) ([]evidence.Ref, error) {
	var out []evidence.Ref
	var h *vault.Home
	for _, word := range words {
		if r, err := evidence.ParseRef(word); err == nil {
			out = append(out, r)
			continue
		}
		if h == nil {
			var err error
			if h, err = f.homeFlags.open(w); err != nil {
				return nil, err
			}
		}
		s, err := h.Find(word)
		if err != nil {
			return nil, homeTrouble(err)
		}
		out = append(out, s.Value.(*evidence.Item).Ref)
	}
	return out, nil
}

// deskTrouble says in one sentence what is wrong with the case files and what
// to do.
func deskTrouble(err error) error {
	var e *exitError
	var refused *appeal.Refused
	if err == nil || errors.As(err, &e) || errors.As(err, &refused) || errors.Is(err, context.Canceled) {
		return err
	}
	for _, gate := range []error{casefile.ErrHeld, casefile.ErrNotDecided, casefile.ErrNotApproved, casefile.ErrNotPublic} {
		if errors.Is(err, gate) {
			return &exitError{exitNo, plainWords(err), "Nothing was written."}
		}
	}
	hint := ""
	switch {
	case errors.Is(err, store.ErrLocked):
		hint = "Wait until the other command is done and try again. Nothing was written."
	case errors.Is(err, store.ErrFinal):
		return &exitError{exitNo, plainWords(err), "What was published or printed stays as it is; correct it by a new one that can be seen."}
	case errors.Is(err, store.ErrDangling):
		hint = "Look at the numbers given: one of them is not there, or the record is still in use. Nothing was written."
	case errors.Is(err, store.ErrNewer):
		hint = "Nothing was touched."
	case errors.Is(err, store.ErrFull):
		hint = "Nothing that was confirmed before is lost; make room and try again."
	case errors.Is(err, store.ErrReadOnly):
		hint = "Nothing that was confirmed before is lost."
	case strings.HasPrefix(err.Error(), "casefile: "):
		return wrongUse("Nothing was written.", "%s", plainWords(err))
	}
	return cannotTell(hint, "%s", plainWords(err))
}
