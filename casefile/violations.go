package casefile

import (
	_ "embed"
	"slices"
	"sync"

	"github.com/arasha-org/arasha/internal/csvrows"
)

// violationLanguages are the languages of the labels, in column order.
var violationLanguages = []string{"en", "fr", "es", "ru", "tr"}

// A ViolationType is one row of our vocabulary of violations.
type ViolationType struct {
	Key            string
	Labels         map[string]string // by language; a language without a label is absent
	Seen           string            // where labels were seen in print; the others are our translation
	HURIDOCS       string            // code of the acts list (mt04), with its term
	ICCPR          []string          // articles usually engaged
	HRDDeclaration []string          // articles of A/RES/53/144
	FrontLine      string            // tag of Front Line Defenders, not verified
}

//go:embed data/violation_types.csv
var violationTypesCSV string

// Vocabulary returns the violation types in the order of the table.
var Vocabulary = sync.OnceValue(func() []ViolationType {
	var all []ViolationType
	for _, r := range csvrows.Table(violationTypesCSV) {
		t := ViolationType{Key: r[0], Labels: map[string]string{}, Seen: r[6], HURIDOCS: r[7],
			ICCPR: csvrows.List(r[8]), HRDDeclaration: csvrows.List(r[9]), FrontLine: r[10]}
		for i, l := range violationLanguages {
			if r[1+i] != "" {
				t.Labels[l] = r[1+i]
			}
		}
		all = append(all, t)
	}
	return all
})

// Label returns the label of a violation type in a language; ok is false
// when the vocabulary has none.
func Label(key, lang string) (label string, ok bool) {
	i := slices.IndexFunc(Vocabulary(), func(t ViolationType) bool { return t.Key == key })
	if i < 0 {
		return "", false
	}
	label, ok = Vocabulary()[i].Labels[lang]
	return label, ok
}
