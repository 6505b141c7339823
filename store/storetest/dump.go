package storetest

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/store"
)

// pages opens the one page that the case cites.
func pages(ref evidence.Ref) (io.ReadCloser, error) {
	if ref == evidence.Of(Page) {
		return io.NopCloser(bytes.NewReader(Page)), nil
	}
	return nil, fs.ErrNotExist
}

func dump(t testing.TB, s *store.Store, o store.DumpOptions) ([]byte, store.DumpReport) {
	t.Helper()
	var b bytes.Buffer
	var r store.DumpReport
	read(t, s, func(tx *store.Tx) (err error) { r, err = store.Dump(tx, &b, o); return err })
	return b.Bytes(), r
}

func load(s *store.Store, t testing.TB, b []byte, o store.LoadOptions) (r store.LoadReport, err error) {
	err = s.Write(t.Context(), Who, func(tx *store.Tx) (err error) {
		r, err = store.Load(tx, bytes.NewReader(b), int64(len(b)), o)
		return err
	})
	return r, err
}

// busy puts other rows into a database first, so that no number is the same.
func busy(t testing.TB, s *store.Store) {
	write(t, s, func(tx *store.Tx) error {
		other := casefile.User{Name: "Zarina", Organisation: "Other", Roles: []string{"write"}}
		aida := casefile.User{Name: "Aida", Organisation: "Qanat", Roles: []string{"write", "approve"}, SignKey: "aida+1+key", Recipient: "age1aida", Former: []casefile.FormerKey{formerKey()}}
		c := newCase(1)
		p := casefile.Person{Kind: casefile.Natural, Name: "Aigul Sarsenova"} // another person of that name
		for _, err := range []error{put(tx, &other, &aida), put(tx, &c), put(tx, &p)} {
			if err != nil {
				return err
			}
		}
		for n := range 3 {
			s := casefile.Statement{Case: c.ID, Kind: casefile.Fact, Order: n, Text: []casefile.Text{{Lang: "en", Text: "something else"}}}
			if err := put(tx, &s); err != nil {
				return err
			}
		}
		return nil
	})
}

// formerUser: a dump of before a user changed their key finds the user who
// changed it, and one that knows another key does not.
func formerUser(t *testing.T, fresh func(t *testing.T) Open) {
	s, other := must(t, fresh(t)), must(t, fresh(t))
	d := Fill(t, s)
	b, _ := dump(t, s, store.DumpOptions{Cases: []casefile.ID{d.Case.ID}, Open: pages})
	changed := casefile.User{Name: "Aida", Organisation: "Qanat", SignKey: "aida+2+key", Recipient: "age1new", Roles: []string{"write"},
		Former: []casefile.FormerKey{formerKey(), {SignKey: "aida+1+key", Recipient: "age1aida", Until: formerKey().Until, Why: casefile.KeyRotated}}}
	stranger := casefile.User{Name: "Aida", Organisation: "Qanat", SignKey: "aida+3+key", Recipient: "age1other"}
	write(t, other, func(tx *store.Tx) error { return put(tx, &stranger, &changed) })
	if _, err := load(other, t, b, store.LoadOptions{}); err != nil {
		t.Fatal(err)
	}
	read(t, other, func(tx *store.Tx) error {
		users, err := store.List[casefile.User](tx, store.Filter{Where: `"name" = 'Aida'`})
		given, err2 := store.List[casefile.Approval](tx, store.Filter{})
		if err != nil || err2 != nil || len(users) != 2 || len(given) == 0 || given[0].User != changed.ID {
			t.Errorf("%d users, approvals %+v, %v, %v", len(users), given, err, err2)
		}
		return nil
	})
}

// A case goes from home to home, and its dump stays the same bytes.
func dumpCase(t *testing.T, fresh func(t *testing.T) Open) {
	s := must(t, fresh(t))
	busy(t, s)
	d := Fill(t, s)
	later := casefile.Statement{Case: d.Case.ID, Kind: casefile.Assessment, Text: []casefile.Text{{Lang: "en", Text: "e"}}}
	write(t, s, func(tx *store.Tx) error {
		if err := put(tx, &later); err != nil {
			return err
		}
		// A statement rests on a later one, and a case is linked with another.
		a := d.Assessment
		a.Rests = append(a.Rests, later.ID)
		l := casefile.CaseLink{From: d.Case.ID, To: 1, Kind: "follows"}
		return errors.Join(put(tx, &a), put(tx, &l))
	})
	o := store.DumpOptions{Cases: []casefile.ID{d.Case.ID}, Open: pages}
	first, report := dump(t, s, o)
	if want := (store.DumpReport{Rows: 26, Files: 1, Missing: []evidence.Ref{}, Withheld: []evidence.Ref{}, Left: []string{"link 1: to: case 1"}}); !cmp.Equal(want, report) {
		t.Errorf("the dump reports (-want +got):\n%s", cmp.Diff(want, report))
	}
	if again, _ := dump(t, s, o); !bytes.Equal(first, again) {
		t.Error("the same case gives another dump")
	}
	for _, home := range []string{"empty", "busy"} {
		other := must(t, fresh(t))
		if home == "busy" {
			busy(t, other)
		}
		kept := map[evidence.Ref][]byte{}
		r, err := load(other, t, first, store.LoadOptions{Keep: func(ref evidence.Ref, r io.Reader) (err error) { kept[ref], err = io.ReadAll(r); return err }})
		if err != nil || r.Rows != 26 || r.Files != 1 || len(r.Cases) != 1 || !bytes.Equal(kept[evidence.Of(Page)], Page) {
			t.Fatalf("loading into a home that is %s: %+v, %v", home, r, err)
		}
		o.Cases = r.Cases
		second, _ := dump(t, other, o)
		if !bytes.Equal(first, second) {
			t.Errorf("home %s: the second dump differs:\n%s", home, cmp.Diff(unzipped(t, first), unzipped(t, second)))
		}
		read(t, other, func(tx *store.Tx) error {
			for u, err := range store.Each[casefile.User](tx, store.Filter{Where: `"name" = 'Aida'`}) {
				if err != nil || (home == "empty") != (u.Left && len(u.Roles) == 0) {
					t.Errorf("home %s: the user comes in as %+v, %v", home, u, err)
				}
			}
			hits, err := store.Search(tx, "publications", "statements", r.Cases[0], 0)
			if len(hits) != 1 || err != nil {
				t.Errorf("home %s: a loaded fact is found %d times, %v", home, len(hits), err)
			}
			return nil
		})
		if _, err := load(other, t, first, store.LoadOptions{}); !errors.Is(err, store.ErrTaken) {
			t.Errorf("home %s: the same case comes in twice: %v", home, err)
		}
		o.Cases = []casefile.ID{d.Case.ID}
	}
	text := unzipped(t, first)
	if strings.Contains(text, "write") || strings.Contains(text, `"approve"`) {
		t.Error("a dump gives rights")
	}
	if !strings.Contains(text, "aida+0+key") || strings.Contains(text, "arasha-user-key/1") {
		t.Error("a dump lacks a former key, or says why it changed")
	}
	if strings.Contains(text, "sealedmark") {
		t.Error("a dump holds a sealed text in clear")
	}
}

func unzipped(t testing.TB, b []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("casefile.json")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What is cited as sealed goes out encrypted or not at all.
func dumpSealed(t *testing.T, fresh func(t *testing.T) Open) {
	s := must(t, fresh(t))
	d := Fill(t, s)
	clear, cipher := []byte("who told us\n"), []byte("age-encryption.org/v1\nciphertext")
	write(t, s, func(tx *store.Tx) error {
		f := d.Fact
		f.Cites = []casefile.Cite{{Ref: evidence.Of(clear), Sealed: true}, {Ref: evidence.Of(cipher), Sealed: true}, {Ref: evidence.Of([]byte("lost"))}}
		return put(tx, &f)
	})
	b, r := dump(t, s, store.DumpOptions{Cases: []casefile.ID{d.Case.ID}, Open: func(ref evidence.Ref) (io.ReadCloser, error) {
		for _, text := range [][]byte{clear, cipher, Page} {
			if ref == evidence.Of(text) {
				return io.NopCloser(bytes.NewReader(text)), nil
			}
		}
		return nil, fs.ErrNotExist
	}})
	if len(r.Withheld) != 1 || r.Withheld[0] != evidence.Of(clear) || len(r.Missing) != 1 || r.Files != 2 {
		t.Errorf("the dump reports %+v", r)
	}
	// What is kept and cannot be read is not told as if it were not there.
	locked := errors.New("the passphrase does not open the key")
	read(t, s, func(tx *store.Tx) error {
		r, err := store.Dump(tx, io.Discard, store.DumpOptions{Cases: []casefile.ID{d.Case.ID}, Open: func(evidence.Ref) (io.ReadCloser, error) { return nil, locked }})
		if !errors.Is(err, locked) {
			t.Errorf("a dump of bytes that cannot be read: %+v, %v; want %v", r, err, locked)
		}
		return nil
	})
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Open("files/" + evidence.Of(clear).String()); err == nil {
		t.Error("a sealed item goes out in clear")
	}
}

func dumpDesk(t *testing.T, fresh func(t *testing.T) Open) {
	s := must(t, fresh(t))
	busy(t, s)
	d := Fill(t, s)
	first, r := dump(t, s, store.DumpOptions{})
	other := must(t, fresh(t))
	got, err := load(other, t, first, store.LoadOptions{})
	if err != nil || got.Rows != r.Rows || len(got.Cases) != 2 {
		t.Fatalf("loading a desk: %+v, %v; the dump has %+v", got, err, r)
	}
	if second, _ := dump(t, other, store.DumpOptions{}); !bytes.Equal(first, second) {
		t.Errorf("the second dump of a desk differs:\n%s", cmp.Diff(string(first), string(second)))
	}
	read(t, other, func(tx *store.Tx) error { same(t, tx, d.User.ID, d.User); return nil })
	if _, err := load(other, t, first, store.LoadOptions{}); err == nil {
		t.Error("a desk comes into a home that has one")
	}
	third, _ := dump(t, s, store.DumpOptions{Cases: []casefile.ID{1, d.Case.ID}})
	if got, err := load(other, t, third, store.LoadOptions{Renumber: true}); !errors.Is(err, store.ErrTaken) {
		t.Errorf("a code of the register comes in twice: %+v, %v", got, err)
	}
	fourth, _ := dump(t, s, store.DumpOptions{Cases: []casefile.ID{1}})
	if got, err := load(other, t, fourth, store.LoadOptions{Renumber: true}); err != nil || len(got.Cases) != 1 {
		t.Errorf("a case of another desk comes in: %+v, %v", got, err)
	}
}

// Every beginning of a dump, and every byte of it changed, is refused or
// loads; nothing is half there afterwards.
func badDumps(t *testing.T, fresh func(t *testing.T) Open) {
	s := must(t, fresh(t))
	d := Fill(t, s)
	good, _ := dump(t, s, store.DumpOptions{Cases: []casefile.ID{d.Case.ID}})
	other := must(t, fresh(t))
	empty := func(what string) {
		t.Helper()
		read(t, other, func(tx *store.Tx) error {
			if n, err := store.Count[casefile.Person](tx, store.Filter{}); n != 0 || err != nil {
				t.Fatalf("%s leaves %d persons, %v", what, n, err)
			}
			return nil
		})
	}
	for n := 0; n < len(good)-1; n += 97 {
		if _, err := load(other, t, good[:n], store.LoadOptions{}); !errors.Is(err, store.ErrBadDump) {
			t.Fatalf("a dump cut off at byte %d of %d: %v, want ErrBadDump", n, len(good), err)
		}
	}
	empty("a dump that is cut off")
	for _, c := range []struct{ old, new, says string }{
		{`"arasha":"casefile/1"`, `"arasha":"casefile/2"`, "this program reads"},
		{`"scope":"cases"`, `"scope":"all"`, "this program reads"},
		{`"table":"roles"`, `"table":"rolls"`, "unknown"},
		{`"table":"roles"`, `"table":"users"`, "not in its place"},
		{`"kind":"organisation"`, `"kind":"ghost"`, "must be one of"},
		{`"role":"victim"`, `"role":"victim","extra":1`, "unknown field"},
		{`"person":1,"role":"victim"`, `"person":77,"role":"victim"`, "person 77 is not in the dump"},
		{`{"id":2,"kind":"organisation"`, `{"id":1,"kind":"organisation"`, "stands twice"},
		{"Айгуль", "Ай\xffгуль", "invalid UTF-8"},
		{"]}\n]}\n", "]}\n]}\n{}", "something follows"},
	} {
		bad := strings.Replace(string(good), c.old, c.new, 1)
		if bad == string(good) {
			t.Errorf("the dump does not hold %s", c.old)
			continue
		}
		_, err := load(other, t, []byte(bad), store.LoadOptions{})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s in place of %s: %v, want %q", c.new, c.old, err, c.says)
		}
		empty(c.new)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"casefile.json", "files/" + evidence.Of(Page).String()} {
		w, _ := z.Create(name)
		w.Write([]byte("something else"))
	}
	z.Close()
	_, err := load(must(t, fresh(t)), t, b.Bytes(), store.LoadOptions{Keep: func(_ evidence.Ref, r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }})
	if !errors.Is(err, store.ErrBadDump) {
		t.Errorf("a file that is not what its name promises: %v", err)
	}
}

// No cell of a CSV runs in a spreadsheet, and every value is there.
func csvTables(t *testing.T, open Open) {
	s := must(t, open)
	d := Fill(t, s)
	formulae := []string{"=1+1", "+1+1", "-cmd|'/c calc'!A1", "@SUM(1)", "\t=1", "=HYPERLINK(\"http://x\")"}
	write(t, s, func(tx *store.Tx) error {
		for _, f := range formulae {
			p := casefile.Person{Kind: casefile.Natural, Name: f}
			if err := put(tx, &p); err != nil {
				return err
			}
		}
		return nil
	})
	read(t, s, func(tx *store.Tx) error {
		for _, table := range store.Tables {
			var b bytes.Buffer
			if err := store.CSV(tx, &b, table.Name, store.Filter{}); err != nil {
				t.Errorf("%s: %v", table.Name, err)
			}
			if head, _, _ := strings.Cut(b.String(), "\n"); head != strings.Join(table.Columns(), ",") {
				t.Errorf("%s begins with %s", table.Name, head)
			}
			if strings.Count(b.String(), "\n") < 2 && table.Name != "case_links" {
				t.Errorf("%s has no row", table.Name)
			}
			if strings.Contains(b.String(), "sealedmark") {
				t.Errorf("%s shows a sealed text", table.Name)
			}
			for _, f := range formulae {
				if f = strings.ReplaceAll(f, `"`, `""`); strings.Contains(b.String(), ","+f) || strings.Contains(b.String(), `,"`+f) {
					t.Errorf("%s: %q would run", table.Name, f)
				}
				if table.Name == "persons" && !strings.Contains(b.String(), "'"+f) {
					t.Errorf("persons: %q is not there", f)
				}
			}
		}
		var b bytes.Buffer
		if err := store.CSV(tx, &b, "acts", store.Filter{Case: d.Case.ID + 1}); err != nil || strings.Count(b.String(), "\n") != 1 {
			t.Errorf("the acts of another case: %s %v", b.String(), err)
		}
		if err := store.CSV(tx, &b, "passwords; DROP", store.Filter{}); err == nil {
			t.Error("a table that is not there is written")
		}
		return nil
	})
}
