package appeal

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/arasha-org/arasha/internal/csvrows"
)

//go:embed data/clauses.csv
var clausesCSV string

// clauseLanguages are the languages of the clause library, in column order.
var clauseLanguages = []string{"en", "fr", "es", "ru"}

// A Clause is one closing request of the library, tied to the instrument and
// articles it rests on. The words are ours; slots such as {persons} and
// {country} are for the writer.
type Clause struct {
	Key        string
	Instrument string   // key of a casefile.Instrument; "*" for all that the State ratified
	Articles   []string // "1", "12"
	Violations []string // keys of the vocabulary it answers; "*" for every appeal
	Texts      map[string]string
}

// Clauses returns the library in the order that the requests stand in.
var Clauses = sync.OnceValue(func() []Clause {
	var all []Clause
	for _, r := range csvrows.Table(clausesCSV) {
		c := Clause{Key: r[0], Instrument: r[1], Articles: csvrows.List(r[2]), Violations: csvrows.List(r[3]), Texts: map[string]string{}}
		for i, l := range clauseLanguages {
			c.Texts[l] = r[4+i]
		}
		all = append(all, c)
	}
	return all
})

// Text returns the words of c in a language with its slots filled in; slots
// without a value stay as they are. ok is false when the library does not
// have the language.
func (c Clause) Text(lang string, slots map[string]string) (text string, ok bool) {
	text, ok = c.Texts[lang]
	for k, v := range slots {
		text = strings.ReplaceAll(text, "{"+k+"}", v)
	}
	return text, ok
}
