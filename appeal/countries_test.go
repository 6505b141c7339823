package appeal

import (
	"bytes"
	"encoding/csv"
	"os"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// TestCountries: countries.csv is what the tables of CLDR say, each name of one
// country only.
func TestCountries(t *testing.T) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(append([]string{"iso"}, languages...))
	of := map[string]string{}
	for a := 'A'; a <= 'Z'; a++ {
		for z := 'A'; z <= 'Z'; z++ {
			r, err := language.ParseRegion(string([]rune{a, z}))
			if err != nil || !r.IsCountry() || r.Canonicalize() != r {
				continue
			}
			row := []string{r.ISO3()}
			for _, l := range languages {
				name := display.Regions(language.Make(l)).Name(r)
				row = append(row, name)
				if other := of[nameKey(name)]; name != "" && other != "" && other != r.ISO3() {
					t.Errorf("%q is %s and %s", name, other, r.ISO3())
				}
				of[nameKey(name)] = r.ISO3()
			}
			if row[1] != "" {
				w.Write(row)
			}
		}
	}
	w.Flush()
	if *update {
		if err := os.WriteFile("countries.csv", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if b.String() != countriesCSV {
		t.Error("countries.csv is not what golang.org/x/text says; write it anew with -update")
	}
}
