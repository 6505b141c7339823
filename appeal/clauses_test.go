package appeal

import (
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/arasha-org/arasha/casefile"
)

// TestTables checks that the embedded tables agree with one another.
func TestTables(t *testing.T) {
	keys := map[string]bool{}
	for _, v := range casefile.Vocabulary() {
		if keys[v.Key] {
			t.Errorf("violation %s stands twice", v.Key)
		}
		keys[v.Key] = true
		if k, ok := ViolationKey(v.Labels["en"]); !ok || k != v.Key {
			t.Errorf("the English label of %s reads as %q", v.Key, k)
		}
	}
	for key := range violationForms() {
		if !keys[key] {
			t.Errorf("violationForms names %s, which the vocabulary does not hold", key)
		}
	}
	slot := regexp.MustCompile(`\{[a-z]+\}`)
	for _, c := range Clauses() {
		en := slot.FindAllString(c.Texts["en"], -1)
		slices.Sort(en)
		for _, l := range clauseLanguages {
			got := slot.FindAllString(c.Texts[l], -1)
			slices.Sort(got)
			if c.Texts[l] == "" || !slices.Equal(got, en) {
				t.Errorf("clause %s in %s: slots %v, English has %v", c.Key, l, got, en)
			}
		}
		if c.Instrument == "*" {
			continue
		}
		for _, a := range c.Articles {
			n, _ := strconv.Atoi(a)
			if ok, known := casefile.Article(c.Instrument, n); !ok || !known {
				t.Errorf("clause %s rests on %s article %s, which is not there", c.Key, c.Instrument, a)
			}
		}
		for _, v := range c.Violations {
			if v != "*" && !keys[v] {
				t.Errorf("clause %s answers %s, which the vocabulary does not hold", c.Key, v)
			}
		}
	}
}

func TestViolationKey(t *testing.T) {
	for label, want := range map[string]string{
		"Smear campaign": "smear_campaign", "SMEAR  CAMPAIGN": "smear_campaign", "Arbitrarydetention": "arbitrary_detention", "Détentions arbitraires": "arbitrary_detention",
		"Клеветническая кампания": "smear_campaign", "Атаки": "attacks", "Домогательство": "harassment", "Adli taciz": "judicial_harassment", "Amenazas de muerte": "death_threats",
		"Actes d’intimidation": "intimidation", "Continuing harassment against KCHR": "", "Detención arbitraria": "arbitrary_detention",
	} {
		if got, _ := ViolationKey(label); got != want {
			t.Errorf("ViolationKey(%q) = %q, want %q", label, got, want)
		}
	}
}
