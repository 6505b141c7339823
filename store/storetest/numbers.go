package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/store"
)

func numbers(t *testing.T, open Open) {
	s := must(t, open)
	for _, c := range []struct {
		year int
		want string
	}{{2031, "2031-0001"}, {2031, "2031-0002"}, {2032, "2032-0001"}, {2031, "2031-0003"}} {
		write(t, s, func(tx *store.Tx) error {
			n, err := store.NextNumber(tx, c.year)
			if err != nil || n != c.want {
				t.Errorf("the next number of %d is %q, %v; want %q", c.year, n, err, c.want)
			}
			v := newCase(1)
			v.Number = n
			return store.Put(tx, &v)
		})
	}
	write(t, s, func(tx *store.Tx) error {
		v := newCase(1)
		v.Number = "2031-12345"
		if err := store.Put(tx, &v); err != nil {
			return err
		}
		if n, err := store.NextNumber(tx, 2031); n != "2031-12346" || err != nil {
			t.Errorf("the number after %s is %q, %v", v.Number, n, err)
		}
		return nil
	})
}

// Many at once, of two openings, and none gets the number of another.
func allocate(t *testing.T, open Open) {
	const cases, each = 4, 8
	s := must(t, open)
	write(t, s, func(tx *store.Tx) error {
		for n := range cases {
			c := newCase(n + 1)
			if err := store.Put(tx, &c); err != nil {
				return err
			}
		}
		return nil
	})
	var wait sync.WaitGroup
	for n := range cases {
		s := must(t, open)
		wait.Go(func() {
			for range each {
				err := s.Write(t.Context(), Who, func(tx *store.Tx) error {
					_, err := store.Allocate(tx, casefile.Register{Year: 2031, Country: []string{"XSR", "ABC"}[n%2], Prefix: "OBS", MMYY: "0431", Case: casefile.ID(n + 1), By: "Aida"})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	read(t, s, func(tx *store.Tx) error {
		all, err := store.List[casefile.Register](tx, store.Filter{})
		if err != nil {
			return err
		}
		seq := map[string][]int{}
		var serial []int
		for _, r := range all {
			seq[r.Country] = append(seq[r.Country], r.Seq)
			serial = append(serial, r.Serial)
		}
		for what, got := range map[string][]int{"the world": serial, "XSR": seq["XSR"], "ABC": seq["ABC"]} {
			slices.Sort(got)
			want := cases * each
			if what != "the world" {
				want /= 2
			}
			for i := range want {
				if i >= len(got) || got[i] != i+1 {
					t.Errorf("%s: numbers %v, want 1 to %d", what, got, want)
					break
				}
			}
		}
		gaps, err := store.Gaps(tx, 2031, "OBS")
		if len(gaps) > 0 || err != nil {
			t.Errorf("gaps %v, %v", gaps, err)
		}
		return nil
	})
	if err := s.Write(t.Context(), Who, func(tx *store.Tx) error {
		_, err := store.Allocate(tx, casefile.Register{Year: 2031, Country: "XSR", Prefix: "OBS", MMYY: "0431"})
		return err
	}); err == nil {
		t.Error("a number is given to no case")
	}
}

func register(t *testing.T, open Open) {
	s := must(t, open)
	old := []casefile.Register{
		{Year: 2031, Country: "XSR", Seq: 1, Serial: 3, Prefix: "OBS", MMYY: "0131", State: casefile.Used},
		{Year: 2031, Country: "ABC", Seq: 1, Serial: 1, Prefix: "OBS", MMYY: "0131", State: casefile.Used},
		{Year: 2031, Country: "XSR", Seq: 4, Serial: 7, Prefix: "OBS", MMYY: "0231", State: casefile.Void, Reason: "sent as a letter"},
	}
	for i, want := range []int{3, 0} {
		write(t, s, func(tx *store.Tx) error {
			n, err := store.ImportRegister(tx, old)
			if n != want || err != nil {
				t.Errorf("import %d adds %d, %v; want %d", i+1, n, err, want)
			}
			return err
		})
	}
	err := s.Write(t.Context(), Who, func(tx *store.Tx) error {
		_, err := store.ImportRegister(tx, []casefile.Register{
			{Year: 2031, Country: "ABC", Seq: 2, Serial: 2, Prefix: "OBS", MMYY: "0331", State: casefile.Used},
			{Year: 2031, Country: "ABC", Seq: 3, Serial: 7, Prefix: "OBS", MMYY: "0331", State: casefile.Used},
		})
		return err
	})
	if !errors.Is(err, store.ErrTaken) || !strings.Contains(err.Error(), "XSR 4 / OBS 7") {
		t.Errorf("a register that clashes: %v, want ErrTaken naming the entry", err)
	}
	write(t, s, func(tx *store.Tx) error {
		c := newCase(1)
		if err := store.Put(tx, &c); err != nil {
			return err
		}
		r, err := store.Allocate(tx, casefile.Register{Year: 2031, Country: "XSR", Prefix: "OBS", MMYY: "0431", Case: c.ID, By: "Aida"})
		if err != nil || r.Seq != 5 || r.Serial != 8 || r.State != casefile.Reserved {
			t.Errorf("after the imported register comes %+v, %v; want XSR 5 / OBS 8", r, err)
		}
		other, err := store.Allocate(tx, casefile.Register{Year: 2031, Country: "XSR", Prefix: "XYZ", MMYY: "0431", Case: c.ID, By: "Aida"})
		if err != nil || other.Seq != 1 || other.Serial != 1 {
			t.Errorf("another organisation's register begins with %+v, %v", other, err)
		}
		return nil
	})
	read(t, s, func(tx *store.Tx) error {
		gaps, err := store.Gaps(tx, 2031, "OBS")
		want := []store.Gap{{From: 2, To: 2}, {From: 4, To: 6}, {Country: "XSR", From: 2, To: 3}}
		if d := cmp.Diff(want, gaps); d != "" || err != nil {
			t.Errorf("gaps, %v (-want +got):\n%s", err, d)
		}
		return nil
	})
}

// oddTexts are texts that people and attackers type.
func oddTexts(t *testing.T, open Open) {
	s := must(t, open)
	good := []string{
		strings.Repeat("Сарсенова ", 1<<20/19),
		"\u200fمحمد\u200e \u202eevil", "O'Brien", `x'); DROP TABLE persons; --`, `" OR ""="`, "=HYPERLINK(\"http://x\")",
		"two\nlines\tand a tab", "Ж\u0301", "name\u200bwith\u200bzero\u200bwidth", "?", "$1", "%s", "NULL", " ", "🦅",
	}
	for _, name := range good {
		p := casefile.Person{Kind: casefile.Natural, Name: name, Aliases: []casefile.Alias{{Text: name}}}
		write(t, s, func(tx *store.Tx) error { return store.Put(tx, &p) })
		read(t, s, func(tx *store.Tx) error {
			got, err := store.Get[casefile.Person](tx, p.ID)
			if err != nil || got.Name != name || got.Aliases[0].Text != name {
				t.Errorf("the name %.40q comes back as %.40q, %v", name, got.Name, err)
			}
			all, err := store.List[casefile.Person](tx, store.Filter{Where: `"name" = ?`, Args: []any{name}})
			if err != nil || len(all) != 1 || all[0].ID != p.ID {
				t.Errorf("the name %.40q finds %d persons, %v", name, len(all), err)
			}
			_, err = store.Search(tx, name, "", 0, 0)
			if err != nil {
				t.Errorf("a search for %.40q: %v", name, err)
			}
			return nil
		})
	}
	for _, name := range []string{"nul\x00l", "\x1b[31mred", "bell\a", "\xff\xfe", strings.Repeat("x", store.MaxText+1)} {
		for _, p := range []casefile.Person{{Kind: casefile.Natural, Name: name}, {Kind: casefile.Natural, Name: "n", Aliases: []casefile.Alias{{Text: name}}}} {
			err := s.Write(t.Context(), Who, func(tx *store.Tx) error { return store.Put(tx, &p) })
			if err == nil || len(err.Error()) > 300 {
				t.Errorf("the name %.20q is stored: %.300v", name, err)
			}
		}
	}
	// Two people may have one name.
	write(t, s, func(tx *store.Tx) error {
		a, b := casefile.Person{Kind: casefile.Natural, Name: "Aigul S."}, casefile.Person{Kind: casefile.Natural, Name: "Aigul S."}
		if err := put(tx, &a, &b); err != nil {
			return err
		}
		if a.ID == b.ID {
			t.Error("two people of one name are one")
		}
		return nil
	})
	// Dates that nobody knows.
	write(t, s, func(tx *store.Tx) error {
		c := newCase(1)
		if err := store.Put(tx, &c); err != nil {
			return err
		}
		for _, d := range []string{"", "unknown", "2031", "2031-04", "2031-04-12~"} {
			when, err := casefile.ParseDate(d)
			if err != nil {
				return err
			}
			e := casefile.ContextEvent{Case: c.ID, Text: "t", When: when}
			if err := store.Put(tx, &e); err != nil {
				return err
			}
			if got, err := store.Get[casefile.ContextEvent](tx, e.ID); err != nil || got.When != when {
				t.Errorf("the date %q comes back as %q, %v", d, got.When, err)
			}
		}
		return nil
	})
}

func search(t *testing.T, open Open) {
	s := must(t, open)
	d := Fill(t, s)
	find := func(text, table string, of casefile.ID) []string {
		t.Helper()
		var out []string
		read(t, s, func(tx *store.Tx) error {
			hits, err := store.Search(tx, text, table, of, 0)
			for _, h := range hits {
				out = append(out, fmt.Sprint(h.Noun, " ", h.ID))
			}
			return err
		})
		return out
	}
	// The name stands in a text in another script and case than in the query.
	told := casefile.Statement{Case: d.Case.ID, Kind: casefile.Fact, Text: []casefile.Text{{Lang: "ru", Text: "По словам Айгуль Сарсеновой, звонили ночью."}}}
	step := casefile.Step{Case: d.Case.ID, What: "Сәрсенованың адвокатына қоңырау", By: "Aida"}
	write(t, s, func(tx *store.Tx) error { return errors.Join(put(tx, &told), put(tx, &step)) })
	for _, query := range []string{"Сарсеновой", "Sarsenova", "Сәрсенова", "sarsenowa"} {
		got := find(query, "", 0)
		for _, want := range []string{fmt.Sprint("person ", d.Person.ID), fmt.Sprint("statement ", told.ID), fmt.Sprint("step ", step.ID)} {
			if !slices.Contains(got, want) {
				t.Errorf("%q finds %v, want %s among them", query, got, want)
			}
		}
	}
	person, fact := fmt.Sprint("person ", d.Person.ID), fmt.Sprint("statement ", d.Fact.ID)
	for _, c := range []struct {
		text string
		want string
	}{
		{"Sarsenova", person}, {"sarsen", person}, {"SARSENOVA aigul", person}, {"Сарсенова", person},
		{"publications", fact}, {"publication", fact}, {"публикация", fact}, {"ПУБЛИКАЦИЙ", fact}, {"échecs", fact}, {"echec", fact},
		{`" OR (`, ""}, {"Sarsenova nobody", ""}, {"", ""},
	} {
		got := find(c.text, "", 0)
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%q finds %v, want %q", c.text, got, c.want)
		}
	}
	if got := find("Sarsenova", "statements", 0); slices.Contains(got, person) {
		t.Errorf("a search in statements finds %v", got)
	}
	if got := find("publications", "", d.Case.ID+1); len(got) > 0 {
		t.Errorf("a search in another case finds %v", got)
	}
	if got := find("publications", "", d.Case.ID); !slices.Contains(got, fact) {
		t.Errorf("a search in the case finds %v", got)
	}
	for _, secret := range []string{"privatemark", "sealedmark"} {
		if got := find(secret, "", 0); len(got) > 0 {
			t.Errorf("a private or sealed text is found: %q is in %v", secret, got)
		}
	}
	// A changed row is found by its new words only, a deleted one not at all.
	write(t, s, func(tx *store.Tx) error {
		x := d.Event
		x.Text = "an earthquake"
		return store.Put(tx, &x)
	})
	if got := find("curfew", "events", 0); len(got) > 0 {
		t.Errorf("an old text still finds %v", got)
	}
	write(t, s, func(tx *store.Tx) error { return store.Delete[casefile.ContextEvent](tx, d.Event.ID) })
	if got := find("earthquake", "", 0); len(got) > 0 {
		t.Errorf("a deleted row is found: %v", got)
	}
}
