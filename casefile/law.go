package casefile

import (
	_ "embed"
	"slices"
	"strconv"
	"sync"

	"github.com/arasha-org/arasha/internal/csvrows"
)

//go:embed data/instruments.csv
var instrumentsCSV string

//go:embed data/ratifications.csv
var ratificationsCSV string

// lawLanguages are the languages of the tables of law, in column order.
var lawLanguages = []string{"en", "fr", "es", "ru"}

// An Instrument is a treaty or declaration that requests may rest on.
type Instrument struct {
	Key          string            // "ICCPR", "HRDDECL" (A/RES/53/144)
	Adopted      string            // ISO date
	Articles     int               // their number: articles run from 1 to it
	NonDerogable []int             // articles no emergency suspends; empty: none named
	Binding      bool              // a treaty, which States ratify
	Names        map[string]string // by language
	Source       string
}

// Instruments returns the table of instruments.
var Instruments = sync.OnceValue(func() []Instrument {
	var all []Instrument
	for _, r := range csvrows.Table(instrumentsCSV) {
		n, err := strconv.Atoi(r[2])
		if err != nil {
			panic("casefile: instruments.csv: " + err.Error())
		}
		in := Instrument{Key: r[0], Adopted: r[1], Articles: n, Binding: r[4] == "yes", Names: map[string]string{}, Source: r[9]}
		for _, a := range csvrows.List(r[3]) {
			n, _ := strconv.Atoi(a)
			in.NonDerogable = append(in.NonDerogable, n)
		}
		for i, l := range lawLanguages {
			in.Names[l] = r[5+i]
		}
		all = append(all, in)
	}
	return all
})

// InstrumentOf returns an instrument by its key.
func InstrumentOf(key string) (Instrument, bool) {
	i := slices.IndexFunc(Instruments(), func(in Instrument) bool { return in.Key == key })
	if i < 0 {
		return Instrument{}, false
	}
	return Instruments()[i], true
}

// Article reports whether an instrument has an article n. known is false for
// an instrument that the table does not hold.
func Article(instrument string, n int) (exists, known bool) {
	in, ok := InstrumentOf(instrument)
	return ok && n >= 1 && n <= in.Articles, ok
}

// A Party says whether a State is bound by an instrument.
type Party int

// The answers of [Ratified].
const (
	NotKnown Party = iota // the table does not say
	Bound
	NotBound
)

// A Ratification is one row of the table of States and instruments.
type Ratification struct {
	State      string // ISO 3166-1 alpha-3
	Instrument string
	Party      Party
	Since      string // date of ratification or accession, ISO
	Until      string // date the State ceased to be a party, or ""
	Source     string // the depositary's table
}

// Ratifications returns the whole table. It holds only what is certain: a
// pair that is not there is not known, never "not ratified".
var Ratifications = sync.OnceValue(func() []Ratification {
	var all []Ratification
	for _, r := range csvrows.Table(ratificationsCSV) {
		x := Ratification{State: r[0], Instrument: r[1], Party: NotBound, Since: r[3], Until: r[4], Source: r[5]}
		if r[2] == "yes" {
			x.Party = Bound
		}
		all = append(all, x)
	}
	return all
})

// Ratified returns what the table knows of a State (alpha-3) and an
// instrument; its Party is NotKnown when the pair is not there.
func Ratified(state, instrument string) Ratification {
	for _, r := range Ratifications() {
		if r.State == state && r.Instrument == instrument {
			return r
		}
	}
	return Ratification{State: state, Instrument: instrument}
}

// On says whether the State was bound on a day (ISO date; "" for today's
// state of the table).
func (r Ratification) On(day string) Party {
	if r.Party != Bound || day == "" {
		if r.Party == Bound && r.Until != "" {
			return NotBound
		}
		return r.Party
	}
	if day < r.Since || r.Until != "" && day >= r.Until {
		return NotBound
	}
	return Bound
}
