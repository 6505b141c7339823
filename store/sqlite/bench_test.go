package sqlite_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/store"
	"github.com/arasha-org/arasha/store/sqlite"
	"github.com/arasha-org/arasha/store/storetest"
)

// factsPerCase is how many facts a case has in the benchmarks.
const factsPerCase = 10

// writer makes invented sentences whose words are as unevenly spread as those
// of people: a few thousand words, the n-th about 1/n as often as the first.
type writer struct {
	r    *rand.Rand
	zipf *rand.Zipf
}

func newWriter(seed uint64) *writer {
	r := rand.New(rand.NewPCG(seed, 1))
	return &writer{r, rand.NewZipf(r, 1.1, 4, 9999)}
}

var syllables = strings.Fields("ka ra sha tem bo li na dur vel ko mi зар ба лы ген ту сар әл өр қа ші no pre ti con de ment ing ação")

// word n is always the same.
func word(n uint64) string {
	r := rand.New(rand.NewPCG(n, 7))
	var b strings.Builder
	for range 2 + r.IntN(3) {
		b.WriteString(syllables[r.IntN(len(syllables))])
	}
	return b.String()
}

var words = func() (out []string) {
	for n := range uint64(10000) {
		out = append(out, word(n))
	}
	return
}()

func (w *writer) sentence() string {
	var b strings.Builder
	for i := range 12 + w.r.IntN(12) {
		if i > 0 {
			b.WriteByte(' ')
		}
		if i == 3 { // a sentence names somebody
			b.WriteString(w.name() + " ")
		}
		b.WriteString(words[w.zipf.Uint64()])
	}
	return b.String() + "."
}

func (w *writer) name() string {
	return capital(words[1000+w.r.IntN(4000)]) + " " + capital(words[5000+w.r.IntN(5000)])
}

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// build fills a home with cases, each with its facts, an act, a person and a
// role, a hundred cases to a transaction.
func build(tb testing.TB, home string, cases int) {
	s, err := sqlite.Open(tb.Context(), home, store.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	defer s.Close()
	w := newWriter(1)
	for done := 0; done < cases; {
		err := s.Write(tb.Context(), storetest.Who, func(tx *store.Tx) error {
			for range min(100, cases-done) {
				if err := w.storeCase(tx, done); err != nil {
					return err
				}
				done++
			}
			return nil
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
}

func (w *writer) storeCase(tx *store.Tx, n int) error {
	c := casefile.Case{Number: fmt.Sprintf("%d-%04d", 2000+n%32, n/32+1), Title: w.sentence(), Country: []string{"XSR", "ABC", "DEF"}[n%3],
		Opened: time.Date(2000+n%32, 1, 1+n%300, 9, 0, 0, 0, time.UTC), Languages: []string{"en"}, Status: casefile.Open, Priority: "normal"}
	if err := store.Put(tx, &c); err != nil {
		return err
	}
	p := casefile.Person{Kind: casefile.Natural, Name: w.name(), Aliases: []casefile.Alias{{Text: w.name(), Lang: "ru"}}, Defender: "yes"}
	if err := store.Put(tx, &p); err != nil {
		return err
	}
	r := casefile.Role{Case: c.ID, Person: p.ID, Role: "victim"}
	if err := store.Put(tx, &r); err != nil {
		return err
	}
	when := casefile.Date{Day: c.Opened.Format(time.DateOnly), Precision: casefile.Exact}
	a := casefile.Act{Case: c.ID, Victims: []casefile.ID{p.ID}, Type: "threats", Place: w.name(), When: when, Status: "free"}
	if err := store.Put(tx, &a); err != nil {
		return err
	}
	for i := range factsPerCase {
		if err := w.storeFact(tx, c.ID, i); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) storeFact(tx *store.Tx, of casefile.ID, order int) error {
	text := w.sentence()
	f := casefile.Statement{Case: of, Kind: casefile.Fact, Section: "description", Order: order, Text: []casefile.Text{{Lang: "en", Text: text}},
		Cites: []casefile.Cite{{Ref: evidence.Of([]byte(text)), Record: int64(order)}}}
	return store.Put(tx, &f)
}

// sizes of the benchmarks, in cases; ARASHA_BENCH_CASES=100000 is the goal of
// docs/benchmarks.md, and takes minutes to build.
func benchHome(b *testing.B) (home string, cases int) {
	b.Helper()
	cases = 1000
	if n, err := strconv.Atoi(os.Getenv("ARASHA_BENCH_CASES")); err == nil {
		cases = n
	}
	dir := os.Getenv("ARASHA_BENCH_DIR") // keeps the database from one run to the next
	if dir == "" {
		dir = b.TempDir()
	}
	home = filepath.Join(dir, fmt.Sprint("cases-", cases))
	if _, err := os.Stat(filepath.Join(home, "built")); err != nil {
		os.RemoveAll(home)
		if err := os.MkdirAll(home, 0o700); err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		build(b, home, cases)
		b.Logf("built %d cases with %d facts in %s", cases, cases*factsPerCase, time.Since(start).Round(time.Millisecond))
		if err := os.WriteFile(filepath.Join(home, "built"), nil, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	if info, err := os.Stat(filepath.Join(home, sqlite.File)); err == nil {
		b.ReportMetric(float64(info.Size())/1e6, "MB")
	}
	return home, cases
}

func BenchmarkOpen(b *testing.B) {
	home, _ := benchHome(b)
	for b.Loop() {
		s, err := sqlite.Open(b.Context(), home, store.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Read(b.Context(), func(tx *store.Tx) error { _, err := store.Get[casefile.Case](tx, 1); return err }); err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}

func BenchmarkRead(b *testing.B) {
	home, cases := benchHome(b)
	s, err := sqlite.Open(b.Context(), home, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	r := rand.New(rand.NewPCG(2, 2))
	for _, one := range []struct {
		name string
		f    func(tx *store.Tx) (int, error)
	}{
		{"ListNewest50", func(tx *store.Tx) (int, error) {
			all, err := store.List[casefile.Case](tx, store.Filter{Order: "-opened", Limit: 50})
			return len(all), err
		}},
		{"ListOpenOfCountry50", func(tx *store.Tx) (int, error) {
			all, err := store.List[casefile.Case](tx, store.Filter{Where: `"country" = ? AND "status" = ?`, Args: []any{"XSR", casefile.Open}, Order: "-opened", Limit: 50})
			return len(all), err
		}},
		{"Count", func(tx *store.Tx) (int, error) { return store.Count[casefile.Statement](tx, store.Filter{}) }},
		{"FactsOfCase", func(tx *store.Tx) (int, error) {
			all, err := store.List[casefile.Statement](tx, store.Filter{Case: casefile.ID(1 + r.IntN(cases)), Order: "order"})
			return len(all), err
		}},
		{"SearchCommonWord", func(tx *store.Tx) (int, error) { return hits(tx, words[0]) }},
		{"SearchRareWord", func(tx *store.Tx) (int, error) { return hits(tx, words[9000+r.IntN(1000)]) }},
		{"SearchName", func(tx *store.Tx) (int, error) { return hits(tx, words[1000+r.IntN(4000)]+"ой") }},
		{"SearchTwoCommon", func(tx *store.Tx) (int, error) { return hits(tx, words[0]+" "+words[1]) }},
		{"SearchThreeMiddling", func(tx *store.Tx) (int, error) {
			return hits(tx, words[100+r.IntN(100)]+" "+words[200+r.IntN(100)]+" "+words[50+r.IntN(50)])
		}},
		{"SearchBeginning2", func(tx *store.Tx) (int, error) { return hits(tx, "ka") }},
		{"SearchBeginning4", func(tx *store.Tx) (int, error) { return hits(tx, words[r.IntN(5000)][:4]) }},
		{"SearchNothing", func(tx *store.Tx) (int, error) { return hits(tx, words[0]+" nowheretobefound") }},
		{"SearchInCase", func(tx *store.Tx) (int, error) {
			h, err := store.Search(tx, words[0], "", casefile.ID(1+r.IntN(cases)), 0)
			return len(h), err
		}},
	} {
		b.Run(one.name, func(b *testing.B) {
			found := 0
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				err := s.Read(b.Context(), func(tx *store.Tx) error {
					n, err := one.f(tx)
					found += n
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			b.ReportMetric(float64(found)/float64(b.N), "rows")
			report(b, took, "")
		})
	}
}

func hits(tx *store.Tx, text string) (int, error) {
	h, err := store.Search(tx, text, "", 0, 0)
	return len(h), err
}

// BenchmarkWrite stores one fact a transaction, brought to the disk each time
// (synchronous FULL), with its audit row and its entry of the search. After
// each write comes the floor of this disk in the same moment: as many bytes as
// a write adds to the WAL, appended to a file beside and brought to the disk,
// and nothing else. Processor time, which other work does not stretch as much,
// is that of the writes alone.
func BenchmarkWrite(b *testing.B) {
	home, cases := benchHome(b)
	s, err := sqlite.Open(b.Context(), home, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	f, err := os.Create(filepath.Join(home, "floor"))
	if err != nil {
		b.Fatal(err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	page := make([]byte, floorBytes)
	w := newWriter(3)
	var took, floor []time.Duration
	var worked time.Duration
	for b.Loop() {
		start, before := time.Now(), processorTime()
		err := s.Write(b.Context(), storetest.Who, func(tx *store.Tx) error {
			return w.storeFact(tx, casefile.ID(1+w.r.IntN(cases)), 99)
		})
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
		worked += processorTime() - before
		start = time.Now()
		if _, err := f.WriteAt(page, int64(len(took)%1000*floorBytes)); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
		floor = append(floor, time.Since(start))
	}
	report(b, took, "")
	report(b, floor, "floor-")
	over := 0
	for _, d := range took {
		if d > 10*time.Millisecond {
			over++
		}
	}
	b.ReportMetric(100*float64(over)/float64(len(took)), "%-over-10ms")
	b.ReportMetric(float64(worked.Microseconds())/1000/float64(len(took)), "cpu-ms")
}

// floorBytes is about what a write adds to the WAL: so many pages of 4 KiB,
// each with its head.
const floorBytes = 20 * (4096 + 24)

// report gives the times that an average hides.
func report(b *testing.B, took []time.Duration, of string) {
	slices.Sort(took)
	ms := func(q float64) float64 {
		return float64(took[int(q*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(ms(0.5), of+"median-ms")
	b.ReportMetric(ms(0.99), of+"p99-ms")
	b.ReportMetric(ms(1), of+"max-ms")
}

// BenchmarkDump writes and reads the dump of one case, and of a desk.
func BenchmarkDump(b *testing.B) {
	home, cases := benchHome(b)
	s, err := sqlite.Open(b.Context(), home, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	dump := func(b *testing.B, o store.DumpOptions) (rows int, text []byte) {
		var out bytes.Buffer
		err := s.Read(b.Context(), func(tx *store.Tx) error {
			r, err := store.Dump(tx, &out, o)
			rows = r.Rows
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		return rows, out.Bytes()
	}
	r := rand.New(rand.NewPCG(5, 5))
	b.Run("Case", func(b *testing.B) {
		for b.Loop() {
			dump(b, store.DumpOptions{Cases: []casefile.ID{casefile.ID(1 + r.IntN(cases))}})
		}
	})
	var rows int
	var text []byte
	b.Run("Desk", func(b *testing.B) {
		for b.Loop() {
			rows, text = dump(b, store.DumpOptions{})
		}
		b.SetBytes(int64(len(text)))
		b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("LoadDesk", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			home := b.TempDir()
			other, err := sqlite.Open(b.Context(), home, store.Options{})
			if err != nil {
				b.Fatal(err)
			}
			err = other.Write(b.Context(), storetest.Who, func(tx *store.Tx) error {
				_, err := store.Load(tx, bytes.NewReader(text), int64(len(text)), store.LoadOptions{})
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
			other.Close()
			os.RemoveAll(home)
		}
		b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
	})
	b.Run("Snapshot", func(b *testing.B) {
		dir := b.TempDir()
		for n := 0; b.Loop(); n++ {
			dest := filepath.Join(dir, strconv.Itoa(n))
			if err := sqlite.Snapshot(b.Context(), home, dest); err != nil {
				b.Fatal(err)
			}
			os.Remove(dest)
		}
	})
}
