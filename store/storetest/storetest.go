// Package storetest is the one suite that every store passes.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/store"
)

// An Open opens one and the same new database each time it is called.
type Open func(store.Options) (*store.Store, error)

// Who is the actor of the tests.
var Who = store.Actor{Name: "Aida", Command: "test"}

// Now is the time of the tests.
var Now = time.Date(2031, 4, 20, 9, 0, 0, 0, time.UTC)

// Test runs the suite. fresh makes a new, empty database.
func Test(t *testing.T, fresh func(t *testing.T) Open) {
	for _, one := range []struct {
		name string
		f    func(t *testing.T, open Open)
	}{
		{"RoundTrip", roundTrip}, {"AllOrNothing", allOrNothing}, {"Filters", filters}, {"Refusals", refusals},
		{"OddTexts", oddTexts}, {"Final", final}, {"Audit", audit}, {"Log", logQueue}, {"Numbers", numbers},
		{"Allocate", allocate}, {"Register", register}, {"Search", search}, {"Isolation", isolation}, {"CSV", csvTables},
	} {
		t.Run(one.name, func(t *testing.T) { one.f(t, fresh(t)) })
	}
	for _, one := range []struct {
		name string
		f    func(t *testing.T, fresh func(t *testing.T) Open)
	}{
		{"DumpCase", dumpCase}, {"FormerUser", formerUser}, {"DumpSealed", dumpSealed}, {"DumpDesk", dumpDesk}, {"BadDumps", badDumps},
	} {
		t.Run(one.name, func(t *testing.T) { one.f(t, fresh) })
	}
}

func must(t testing.TB, open Open) *store.Store {
	t.Helper()
	s, err := open(store.Options{Now: func() time.Time { return Now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func write(t testing.TB, s *store.Store, f func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), Who, f); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, s *store.Store, f func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Read(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// puts stores nouns in order.
func put[T store.Noun](tx *store.Tx, all ...*T) error {
	for _, v := range all {
		if err := store.Put(tx, v); err != nil {
			return err
		}
	}
	return nil
}

func newCase(n int) casefile.Case {
	return casefile.Case{Number: fmt.Sprintf("2031-%04d", n), Title: fmt.Sprintf("case %d", n), Country: "XSR",
		Opened: Now, Languages: []string{"en", "ru"}, Status: casefile.Open, Priority: "urgent"}
}

// same compares one stored noun with what was put.
func same[T store.Noun](t *testing.T, tx *store.Tx, id casefile.ID, want T) {
	t.Helper()
	got, err := store.Get[T](tx, id)
	if err != nil {
		t.Error(err)
	} else if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%T came back changed (-put +got):\n%s", want, d)
	}
}

func roundTrip(t *testing.T, open Open) {
	d := Fill(t, must(t, open))
	s := must(t, open) // another opening sees it all
	read(t, s, func(tx *store.Tx) error {
		same(t, tx, d.User.ID, d.User)
		same(t, tx, d.Case.ID, d.Case)
		same(t, tx, d.Code.ID, d.Code)
		same(t, tx, d.Person.ID, d.Person)
		same(t, tx, d.Organisation.ID, d.Organisation)
		same(t, tx, d.Role.ID, d.Role)
		same(t, tx, d.Act.ID, d.Act)
		same(t, tx, d.Event.ID, d.Event)
		same(t, tx, d.Inaction.ID, d.Inaction)
		same(t, tx, d.Step.ID, d.Step)
		same(t, tx, d.Bill.ID, d.Bill)
		same(t, tx, d.Outcome.ID, d.Outcome)
		same(t, tx, d.Account.ID, d.Account)
		same(t, tx, d.Attribute.ID, d.Attribute)
		same(t, tx, d.Authority.ID, d.Authority)
		same(t, tx, d.Holder.ID, d.Holder)
		same(t, tx, d.Channel.ID, d.Channel)
		same(t, tx, d.Source.ID, d.Source)
		same(t, tx, d.Fact.ID, d.Fact)
		same(t, tx, d.Assessment.ID, d.Assessment)
		same(t, tx, d.Consent.ID, d.Consent)
		same(t, tx, d.Decision.ID, d.Decision)
		same(t, tx, d.Hold.ID, d.Hold)
		same(t, tx, d.Finding.ID, d.Finding)
		same(t, tx, d.Document.ID, d.Document)
		same(t, tx, d.Approval.ID, d.Approval)
		same(t, tx, d.Acceptance.ID, d.Acceptance)
		same(t, tx, d.Setting.ID, d.Setting)
		return nil
	})
}

func allOrNothing(t *testing.T, open Open) {
	s := must(t, open)
	stop := errors.New("stop")
	err := s.Write(t.Context(), Who, func(tx *store.Tx) error {
		c := newCase(1)
		if err := store.Put(tx, &c); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Errorf("Write returns %v, want the function's own error", err)
	}
	func() {
		defer func() { recover() }()
		s.Write(t.Context(), Who, func(tx *store.Tx) error {
			c := newCase(2)
			store.Put(tx, &c)
			panic("in the middle")
		})
	}()
	read(t, s, func(tx *store.Tx) error {
		if n, err := store.Count[casefile.Case](tx, store.Filter{}); n != 0 || err != nil {
			t.Errorf("%d cases, %v after two writes that failed", n, err)
		}
		for a, err := range store.AuditRows(tx) {
			t.Errorf("the audit holds %+v, %v of a write that failed", a, err)
		}
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Write(ctx, Who, func(*store.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled Write returns %v", err)
	}
	if err := s.Write(t.Context(), store.Actor{}, func(*store.Tx) error { return nil }); err == nil {
		t.Error("nobody may write without a name")
	}
	write(t, s, func(tx *store.Tx) error { c := newCase(3); return store.Put(tx, &c) })
}

func filters(t *testing.T, open Open) {
	s := must(t, open)
	write(t, s, func(tx *store.Tx) error {
		for n := range 5 {
			c := newCase(5 - n)
			if err := store.Put(tx, &c); err != nil {
				return err
			}
			for k := range n {
				e := casefile.ContextEvent{Case: c.ID, Text: fmt.Sprint("event ", k), When: casefile.Date{Day: fmt.Sprint(2031 - k), Precision: casefile.MonthUnknown}}
				if err := store.Put(tx, &e); err != nil {
					return err
				}
			}
		}
		return nil
	})
	read(t, s, func(tx *store.Tx) error {
		for _, c := range []struct {
			f    store.Filter
			want []casefile.ID
		}{
			{store.Filter{}, []casefile.ID{1, 2, 3, 4, 5}},
			{store.Filter{Order: "number"}, []casefile.ID{5, 4, 3, 2, 1}},
			{store.Filter{Order: "-id", Limit: 2}, []casefile.ID{5, 4}},
			{store.Filter{After: 3}, []casefile.ID{4, 5}},
			{store.Filter{Case: 2}, []casefile.ID{2}},
			{store.Filter{Where: `"number" < ? OR "number" = ?`, Args: []any{"2031-0003", "2031-0005"}, After: 1}, []casefile.ID{4, 5}},
			{store.Filter{Where: `"title" = ?`, Args: []any{`x" OR 1=1 --`}}, nil},
		} {
			all, err := store.List[casefile.Case](tx, c.f)
			if err != nil {
				t.Errorf("%+v: %v", c.f, err)
			}
			var got []casefile.ID
			for _, v := range all {
				got = append(got, v.ID)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%+v (-want +got):\n%s", c.f, d)
			}
			if c.f.Limit == 0 {
				if n, err := store.Count[casefile.Case](tx, c.f); n != len(c.want) || err != nil {
					t.Errorf("%+v counts %d, %v", c.f, n, err)
				}
			}
		}
		events, err := store.List[casefile.ContextEvent](tx, store.Filter{Case: 4, Order: "when"})
		if err != nil || len(events) != 3 || events[0].Text != "event 2" {
			t.Errorf("events of a case in order of time: %+v, %v", events, err)
		}
		if _, err := store.List[casefile.Case](tx, store.Filter{Order: `id" DESC; DROP TABLE cases; --`}); err == nil {
			t.Error("an order that is no column is taken")
		}
		if _, err := store.List[casefile.User](tx, store.Filter{Case: 1}); err == nil {
			t.Error("users of a case are listed")
		}
		return nil
	})
}

func refusals(t *testing.T, open Open) {
	s := must(t, open)
	c, role := newCase(1), casefile.Role{Case: 1, Person: 99, Role: "victim"}
	write(t, s, func(tx *store.Tx) error { return store.Put(tx, &c) })
	for _, r := range []struct {
		name string
		f    func(tx *store.Tx) error
		want error
		says string
	}{
		{"two cases of one number", func(tx *store.Tx) error { d := newCase(1); return store.Put(tx, &d) }, store.ErrTaken, "case: another row of cases has the same number: taken already"},
		{"a role of nobody", func(tx *store.Tx) error { return store.Put(tx, &role) }, store.ErrDangling, "role: it refers to something that is not there"},
		{"a change of what is not there", func(tx *store.Tx) error { d := newCase(7); d.ID = 7; return store.Put(tx, &d) }, store.ErrNotFound, "there is no case 7"},
		{"a look at what is not there", func(tx *store.Tx) error { _, err := store.Get[casefile.Act](tx, 3); return err }, store.ErrNotFound, "there is no act 3"},
		{"a deletion of what is referred to", func(tx *store.Tx) error {
			e := casefile.ContextEvent{Case: c.ID, Text: "t"}
			if err := store.Put(tx, &e); err != nil {
				return err
			}
			return store.Delete[casefile.Case](tx, c.ID)
		}, store.ErrDangling, "something refers to it"},
	} {
		err := s.Write(t.Context(), Who, r.f)
		if !errors.Is(err, r.want) || !strings.Contains(err.Error(), r.says) || strings.Contains(err.Error(), "constraint") {
			t.Errorf("%s: %v, want %q", r.name, err, r.says)
		}
	}
	if err := s.Write(t.Context(), Who, func(tx *store.Tx) error { return store.Put(tx, &casefile.Case{}) }); err == nil {
		t.Error("what Check refuses is stored")
	}
	if err := s.Read(t.Context(), func(tx *store.Tx) error { d := newCase(9); return store.Put(tx, &d) }); err == nil {
		t.Error("a transaction that reads has written")
	}
	write(t, s, func(tx *store.Tx) error { return store.Delete[casefile.Case](tx, c.ID) })
	write(t, s, func(tx *store.Tx) error {
		d := newCase(1)
		if err := store.Put(tx, &d); err != nil {
			return err
		}
		if d.ID == c.ID {
			t.Errorf("the number %d of a deleted case is given again", d.ID)
		}
		return nil
	})
}

func final(t *testing.T, open Open) {
	s := must(t, open)
	d := Fill(t, s)
	for _, r := range []struct {
		name string
		f    func(tx *store.Tx) error
	}{
		{"a published text is changed", func(tx *store.Tx) error { x := d.Document; x.Code = "other"; return store.Put(tx, &x) }},
		{"a published text is a draft again", func(tx *store.Tx) error { x := d.Document; x.State = casefile.StateDraft; return store.Put(tx, &x) }},
		{"a published text is deleted", func(tx *store.Tx) error { return store.Delete[casefile.Document](tx, d.Document.ID) }},
		{"a printed code is deleted", func(tx *store.Tx) error { return store.Delete[casefile.PrintedCode](tx, d.Code.ID) }},
		{"a printed code leads elsewhere", func(tx *store.Tx) error {
			c := newCase(50)
			if err := store.Put(tx, &c); err != nil {
				return err
			}
			x := d.Code
			x.Case = c.ID
			return store.Put(tx, &x)
		}},
		{"a number is free again", func(tx *store.Tx) error { return store.Delete[casefile.Register](tx, d.Register.ID) }},
		{"a number changes", func(tx *store.Tx) error { x := d.Register; x.Seq++; return store.Put(tx, &x) }},
	} {
		if err := s.Write(t.Context(), Who, r.f); !errors.Is(err, store.ErrFinal) {
			t.Errorf("%s: %v, want ErrFinal", r.name, err)
		}
	}
	write(t, s, func(tx *store.Tx) error {
		x, r := d.Document, d.Register
		x.State = casefile.StateWithdrawn
		r.State = casefile.Used
		if err := store.Put(tx, &x); err != nil {
			return err
		}
		return store.Put(tx, &r)
	})
	if err := s.Write(t.Context(), Who, func(tx *store.Tx) error {
		x := d.Register
		x.State, x.Reason = casefile.Void, "r"
		return store.Put(tx, &x)
	}); !errors.Is(err, store.ErrFinal) {
		t.Errorf("a used number becomes void: %v", err)
	}
}

func audit(t *testing.T, open Open) {
	s := must(t, open)
	write(t, s, func(tx *store.Tx) error { c := newCase(1); return store.Put(tx, &c) })
	write(t, s, func(tx *store.Tx) error { return nil }) // did nothing: no row
	write(t, s, func(tx *store.Tx) error {
		c, err := store.Get[casefile.Case](tx, 1)
		if err != nil {
			return err
		}
		c.Title, c.Priority = "another", "low"
		if err := store.Put(tx, &c); err != nil {
			return err
		}
		tx.Did("opened", "sources", 7)
		return nil
	})
	write(t, s, func(tx *store.Tx) error {
		for n := range 1200 {
			e := casefile.ContextEvent{Case: 1, Text: fmt.Sprint(n)}
			if err := store.Put(tx, &e); err != nil {
				return err
			}
		}
		return nil
	})
	want := []store.Audit{
		{ID: 1, At: Now, Name: "Aida", Command: "test", Changes: []store.Change{{Table: "cases", ID: 1, Case: 1, Did: store.Added}}},
		{ID: 2, At: Now, Name: "Aida", Command: "test", Changes: []store.Change{
			{Table: "cases", ID: 1, Case: 1, Did: store.Changed, Fields: []string{"title", "priority"}}, {Table: "sources", ID: 7, Did: "opened"}}},
	}
	read(t, s, func(tx *store.Tx) error {
		var got []store.Audit
		for a, err := range store.AuditRows(tx) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, a)
		}
		if len(got) != 3 {
			t.Fatalf("%d rows in the audit, want 3", len(got))
		}
		if d := cmp.Diff(want, got[:2], cmpopts.IgnoreFields(store.Audit{}, "Chain")); d != "" {
			t.Errorf("the audit (-want +got):\n%s", d)
		}
		all := got[2].Changes
		if last := all[len(all)-1]; len(all) != 501 || last.Count != 700 || last.Table != "events" {
			t.Errorf("1200 changes are %d entries, the last %+v", len(all), last)
		}
		return nil
	})
}

func logQueue(t *testing.T, open Open) {
	logged := map[string]int64{} // by leaf
	var broken error
	options := store.Options{Now: func() time.Time { return Now }, Log: func(records ...evidence.Record) ([]int64, error) {
		if broken != nil {
			return nil, broken
		}
		var out []int64
		for _, r := range records {
			leaf, err := r.Leaf()
			if err != nil {
				return nil, err
			}
			n, ok := logged[string(leaf.Bytes())]
			if !ok {
				n = int64(len(logged))
				logged[string(leaf.Bytes())] = n
			}
			out = append(out, n)
		}
		return out, nil
	}}
	reopen := func() *store.Store {
		s, err := open(options)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	s := reopen()
	publication := func(text string) *evidence.Statement {
		return &evidence.Statement{V: 1, Kind: evidence.KindPublication, Ref: evidence.Of([]byte(text)), At: evidence.Moment(Now, ""), Tool: "test"}
	}
	var first, second casefile.ID
	write(t, s, func(tx *store.Tx) (err error) { first, err = store.Log(tx, publication("a")); return err })
	broken = errors.New("no key")
	err := s.Write(t.Context(), Who, func(tx *store.Tx) (err error) {
		c := newCase(1)
		if err := store.Put(tx, &c); err != nil {
			return err
		}
		second, err = store.Log(tx, publication("b"))
		return err
	})
	if !errors.Is(err, store.ErrLogWaits) || !errors.Is(err, broken) {
		t.Errorf("Write returns %v, want ErrLogWaits and why", err)
	}
	if err := s.Write(t.Context(), Who, func(tx *store.Tx) error { _, err := store.Log(tx, &evidence.Statement{}); return err }); err == nil {
		t.Error("a record that cannot be logged is queued")
	}
	check := func(s *store.Store, id casefile.ID, want int64) {
		t.Helper()
		read(t, s, func(tx *store.Tx) error {
			n, ok, err := store.Leaf(tx, id)
			if err != nil || ok != (want >= 0) || ok && n != want {
				t.Errorf("record %d is leaf %d, %v, %v; want %d", id, n, ok, err, want)
			}
			return nil
		})
	}
	check(s, first, 0)
	check(s, second, -1)
	read(t, s, func(tx *store.Tx) error {
		if n, since, err := store.Waiting(tx); n != 1 || !since.Equal(Now) || err != nil {
			t.Errorf("%d wait since %v, %v; want 1", n, since, err)
		}
		if _, err := store.Get[casefile.Case](tx, 1); err != nil {
			t.Errorf("the case of a write whose leaf waits: %v", err)
		}
		return nil
	})
	s.Close()
	broken = nil
	s = reopen() // logs what waits
	check(s, second, 1)
	if err := s.LogWaiting(t.Context()); err != nil || len(logged) != 2 {
		t.Errorf("%d leaves, %v after logging again; want 2", len(logged), err)
	}
}

func isolation(t *testing.T, open Open) {
	s := must(t, open)
	write(t, s, func(tx *store.Tx) error { c := newCase(1); return store.Put(tx, &c) })
	read(t, s, func(before *store.Tx) error {
		n, err := store.Count[casefile.Case](before, store.Filter{})
		if n != 1 || err != nil {
			t.Fatal(n, err)
		}
		write(t, s, func(tx *store.Tx) error { c := newCase(2); return store.Put(tx, &c) })
		if n, err := store.Count[casefile.Case](before, store.Filter{}); n != 1 || err != nil {
			t.Errorf("a reader sees %d cases, %v while a writer adds the second", n, err)
		}
		return nil
	})
}
