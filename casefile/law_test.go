package casefile

import (
	"testing"
	"time"
)

func TestRatifications(t *testing.T) {
	for _, r := range Ratifications() {
		in, ok := InstrumentOf(r.Instrument)
		_, err := time.Parse(time.DateOnly, r.Since)
		if !ok || !country(r.State) || r.Source == "" || (r.Party == Bound) != (err == nil) || r.Since != "" && r.Since < in.Adopted {
			t.Errorf("odd row: %+v", r)
		}
	}
}

func TestRatified(t *testing.T) {
	for _, c := range []struct {
		state, instrument, day string
		want                   Party
	}{
		{"KAZ", "ICCPR", "2020-05-11", Bound}, {"KAZ", "ICCPR", "2004-05-11", NotBound}, {"CHN", "ICCPR", "2020-01-01", NotBound},
		{"RUS", "ECHR", "2014-01-01", Bound}, {"RUS", "ECHR", "2023-01-01", NotBound}, {"RUS", "ECHR", "", NotBound},
		{"KAZ", "ECHR", "2020-01-01", NotBound}, {"AUS", "CAT", "2020-01-01", NotKnown}, {"XSR", "ICCPR", "", NotKnown},
	} {
		if got := Ratified(c.state, c.instrument).On(c.day); got != c.want {
			t.Errorf("Ratified(%s, %s) on %q = %v, want %v", c.state, c.instrument, c.day, got, c.want)
		}
	}
}

// Each type has an English label and, save what the lists of 2001 do not
// know, a HURIDOCS code.
func TestVocabulary(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range Vocabulary() {
		if v.Key == "" || seen[v.Key] || v.Labels["en"] == "" {
			t.Errorf("odd row: %+v", v)
		}
		seen[v.Key] = true
	}
	if l, ok := Label("smear_campaign", "fr"); !ok || l != "Campagne de diffamation" {
		t.Errorf("Label(smear_campaign, fr) = %q, %v", l, ok)
	}
	if _, ok := Label("no such", "fr"); ok {
		t.Error("a type that is not there has a label")
	}
}

// Each list has distinct keys and codes, and a label in every language.
func TestTerms(t *testing.T) {
	for _, list := range []string{"priority", "degree", "attribution", "victim_status", "reliability", "connection", "violation_status", "impact", "response"} {
		if len(allTerms()[list]) < 3 {
			t.Errorf("the list %s has %d terms", list, len(allTerms()[list]))
		}
		seen := map[string]bool{}
		for _, term := range allTerms()[list] {
			if term.Key == "" || seen[term.Key] || term.HURIDOCS != "" && seen[term.HURIDOCS] {
				t.Errorf("%s: odd row %+v", list, term)
			}
			seen[term.Key], seen[term.HURIDOCS] = true, true
			for _, l := range lawLanguages {
				if term.Labels[l] == "" {
					t.Errorf("%s: %s has no label in %s", list, term.Key, l)
				}
			}
		}
	}
}
