package appeal

import (
	_ "embed"
	"encoding/csv"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// isCountry reports whether three letters are an ISO 3166-1 code.
func isCountry(alpha3 string) bool {
	r, err := language.ParseRegion(alpha3)
	return err == nil && r.IsCountry() && r.ISO3() == alpha3
}

// languages are those the importer reads, in the order it tries them.
var languages = []string{"en", "fr", "es", "ru", "tr"}

// extraNames are names of countries that the display tables do not print
// this way, as appeals print them.
var extraNames = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"russian federation": "RUS", "the russian federation": "RUS", "chechnya": "RUS", "fédération de russie": "RUS", "federación de rusia": "RUS",
		"российская федерация": "RUS", "rusya federasyonu": "RUS",
		"democratic republic of congo": "COD", "democratic republic of the congo": "COD", "république démocratique du congo": "COD",
		"république démocratique du congo (rdc)": "COD", "república democrática del congo": "COD", "rdc": "COD", "drc": "COD", "rdcongo": "COD",
		"демократическая республика конго": "COD", "congo": "COG", "republic of congo": "COG",
		"islamic republic of iran": "IRN", "iran": "IRN", "syria": "SYR", "syrie": "SYR", "siria": "SYR", "сирия": "SYR",
		"turkey": "TUR", "türkiye": "TUR", "turquie": "TUR", "belarus": "BLR", "bélarus": "BLR", "biélorussie": "BLR", "белоруссия": "BLR",
		"western sahara": "ESH", "sahara occidental": "ESH", "burma": "MMR", "birmanie": "MMR", "myanmar": "MMR", "birmania": "MMR",
		"south korea": "KOR", "republic of korea": "KOR", "north korea": "PRK", "ivory coast": "CIV", "côte d'ivoire": "CIV", "côte d’ivoire": "CIV",
		"czech republic": "CZE", "macedonia": "MKD", "swaziland": "SWZ", "cape verde": "CPV", "palestine": "PSE", "occupied palestinian territory": "PSE",
		"occupied palestinian territories": "PSE", "israel / occupied palestinian territory": "ISR", "vietnam": "VNM", "viet nam": "VNM", "laos": "LAO", "lao pdr": "LAO",
		"moldova": "MDA", "republic of moldova": "MDA", "молдавия": "MDA", "kyrgyzstan": "KGZ", "kyrgyz republic": "KGZ", "kirghizistan": "KGZ", "кыргызстан": "KGZ", "киргизия": "KGZ",
		"kazakhstan": "KAZ", "republic of kazakhstan": "KAZ", "kazajistán": "KAZ", "kazajstán": "KAZ", "казахстан": "KAZ", "республика казахстан": "KAZ",
		"hong kong": "HKG", "usa": "USA", "united states of america": "USA", "uk": "GBR", "serbia and montenegro": "SRB", "yugoslavia": "SRB", "kosovo": "XKX",
		"bosnia-herzegovina": "BIH", "timor leste": "TLS", "east timor": "TLS", "the gambia": "GMB", "gambia": "GMB", "philippines": "PHL", "the philippines": "PHL",
	}
})

// countriesCSV holds the names of the countries in the five languages, from
// the tables of CLDR in golang.org/x/text/language/display; a test compares
// them. That package itself costs every command half a millisecond at its
// start.
//
//go:embed countries.csv
var countriesCSV string

// countries are the names by alpha-3 and language.
var countries = sync.OnceValue(func() map[string]map[string]string {
	rows, err := csv.NewReader(strings.NewReader(countriesCSV)).ReadAll()
	if err != nil {
		panic("appeal: countries.csv: " + err.Error())
	}
	m := map[string]map[string]string{}
	for _, row := range rows[1:] {
		m[row[0]] = map[string]string{}
		for i, l := range languages {
			m[row[0]][l] = row[i+1]
		}
	}
	return m
})

// countryNames maps a lower-case name to alpha-3, for the five languages.
var countryNames = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for iso, names := range countries() {
		for _, n := range names {
			m[nameKey(n)] = iso
		}
	}
	for n, iso := range extraNames() {
		m[nameKey(n)] = iso
	}
	return m
})

// nameKey makes two spellings of a country name one.
func nameKey(s string) string {
	s = strings.ToLower(oneLine(strings.NewReplacer("’", "'", "-", " ", "–", " ").Replace(s)))
	for _, before := range []string{"the ", "la ", "le ", "les ", "l'", "el ", "republic of ", "kingdom of ", "republique du ", "république du ", "république de la ", "république de ", "république d'",
		"royaume du ", "royaume de ", "república de ", "república del ", "reino de ", "республика ", "республики ", "республике ", "республику ", "королевство ", "королевства ", "королевстве ", "the "} {
		s = strings.TrimPrefix(s, before)
	}
	return strings.Trim(s, " .,:")
}

// CountryNamed returns the ISO 3166-1 alpha-3 letters of a country name in
// one of the five languages, "" when the name is not known.
func CountryNamed(name string) string { return countryNames()[nameKey(name)] }

// placeIn reads a line that is a country, or ends in one after the types.
func (r *reading) placeIn(t string) (place, types string, ok bool) {
	t = strings.TrimSpace(strings.Trim(t, " .,;–—-"))
	if t == "" || utf8.RuneCountInString(t) > 120 {
		return "", "", false
	}
	if r.isPlace(t) {
		return t, "", true
	}
	// "Release - Kazakhstan": a dash may part the types from the country.
	for _, dash := range []string{" - ", " – ", " — "} {
		if i := strings.LastIndex(t, dash); i > 0 && r.isPlace(strings.TrimSpace(t[i+len(dash):])) && !r.isPlace(strings.TrimSpace(t[:i])) {
			return strings.TrimSpace(t[i+len(dash):]), strings.TrimSpace(t[:i]), true
		}
	}
	// "Maroc / Sahara Occidental", "Harassment / Kazakhstan": the segments
	// from the end that are places.
	segs := strings.Split(t, "/")
	n := len(segs)
	for n > 0 && (strings.TrimSpace(segs[n-1]) == "" || r.isPlace(strings.TrimSpace(segs[n-1]))) {
		n--
	}
	place = strings.TrimSpace(strings.Join(segs[n:], "/"))
	if n == len(segs) && n > 1 && r.isPlace(strings.TrimSpace(segs[0])) && !r.anyKnown(segs) {
		return t, "", true // a region that no table names: "Maroc / Sahara"
	}
	if strings.Trim(place, "/ ") == "" {
		return "", "", false
	}
	if n == 0 {
		return strings.Trim(place, " /"), "", true
	}
	if n == 1 && r.isPlace(firstPart(strings.TrimSpace(segs[0]))) {
		return t, "", true
	}
	return strings.Trim(place, " /"), strings.Join(segs[:n], "/"), true
}

// anyKnown reports whether one of the labels is of the vocabulary.
func (r *reading) anyKnown(labels []string) bool {
	for _, l := range labels {
		if _, ok := ViolationKey(l); ok {
			return true
		}
	}
	return false
}

func firstPart(s string) string {
	p, _, _ := strings.Cut(s, ",")
	return strings.TrimSpace(p)
}

// isPlace reports whether t is a country: one we know, or the one that the
// opening formula names.
func (r *reading) isPlace(t string) bool {
	if t == "" {
		return false
	}
	if CountryNamed(t) != "" {
		return true
	}
	if p, _, cut := strings.Cut(t, "("); cut && CountryNamed(p) != "" {
		return true
	}
	if r.country == "" {
		return false
	}
	a, b := nameKey(t), nameKey(r.country)
	return a == b || len([]rune(a)) >= 4 && stem(a) == stem(b)
}

// stem takes the case ending off a name, roughly: Сарыни and Сарынь agree.
func stem(s string) string {
	rs := []rune(s)
	if n := len(rs); n > 5 {
		return string(rs[:n-1])
	}
	return s
}

// nominative replaces an inflected country name ("Казахстане") by the name
// itself, which the code tells.
func (r *reading) nominative() {
	if CountryNamed(r.country) != "" {
		return
	}
	iso := r.a.Code.ISO()
	if !isCountry(iso) || r.lang == "" {
		return
	}
	name := countries()[iso][r.lang]
	a, b := []rune(nameKey(name)), []rune(nameKey(r.country))
	same := 0
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	if same >= 4 && same >= len(a)-2 {
		r.country = name
	}
}
