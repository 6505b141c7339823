package appeal

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
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
var extraNames = map[string]string{
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

// countryNames maps a lower-case name to alpha-3, for the five languages.
var countryNames = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, l := range languages {
		names := display.Regions(language.Make(l))
		for a := 'A'; a <= 'Z'; a++ {
			for b := 'A'; b <= 'Z'; b++ {
				r, err := language.ParseRegion(string([]rune{a, b}))
				if err != nil || !r.IsCountry() || r.Canonicalize() != r {
					continue
				}
				if n := names.Name(r); n != "" {
					m[nameKey(n)] = r.ISO3()
				}
			}
		}
	}
	for n, iso := range extraNames {
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
