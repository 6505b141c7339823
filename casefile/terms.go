package casefile

import (
	_ "embed"
	"slices"
	"sync"

	"github.com/arasha-org/arasha/internal/csvrows"
)

//go:embed data/terms.csv
var termsCSV string

// A term is one answer of a fixed set. The labels are ours; the code is the
// one of the HURIDOCS Micro-thesauri, "" for an addition of ours.
type term struct {
	Key      string
	HURIDOCS string            // levels of two digits, without the zeros that fill it up
	Labels   map[string]string // by language: en, fr, es, ru
}

// allTerms are the answers of each list, in order. The lists, with their
// number in HURIDOCS: priority (46), degree of involvement (18), attribution
// (28), victim_status (25), reliability (42), connection of a source (19),
// violation_status (41), impact (44), response (27).
var allTerms = sync.OnceValue(func() map[string][]term {
	all := make(map[string][]term)
	for _, r := range csvrows.Table(termsCSV) {
		t := term{Key: r[1], HURIDOCS: r[2], Labels: make(map[string]string)}
		for i, l := range lawLanguages {
			t.Labels[l] = r[3+i]
		}
		all[r[0]] = append(all[r[0]], t)
	}
	return all
})

// keys returns the words of a list.
func keys(list string) []string { return allKeys()[list] }

var allKeys = sync.OnceValue(func() map[string][]string {
	all := make(map[string][]string)
	for list, terms := range allTerms() {
		for _, t := range terms {
			all[list] = append(all[list], t.Key)
		}
	}
	return all
})

// violation says that a type is one of the vocabulary.
func violation(key string) rule {
	return is(slices.ContainsFunc(Vocabulary(), func(v ViolationType) bool { return v.Key == key }),
		"the type of violation %q is not in the vocabulary", clip(key))
}
