package appeal

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed data/skeleton.*.md
var skeletons embed.FS

// SkeletonLanguages are the languages [Skeleton] can write.
var SkeletonLanguages = []string{"en", "fr", "es", "ru"}

// Skeleton returns a commented appeal in our Markdown for a person to fill
// in. Slots stand between ‹ and ›; the closing requests come from the clause
// library.
func Skeleton(lang string) ([]byte, error) {
	b, err := skeletons.ReadFile("data/skeleton." + lang + ".md")
	if err != nil {
		return nil, fmt.Errorf("there is no skeleton in %q; there is one in %s", lang, strings.Join(SkeletonLanguages, ", "))
	}
	slots := map[string]map[string]string{
		"en": {"persons": "‹names›", "country": "‹country›"}, "fr": {"persons": "‹noms›", "country": "‹pays›"},
		"es": {"persons": "‹nombres›", "country": "‹país›"}, "ru": {"persons": "‹имена›", "country": "‹страна›"},
	}[lang]
	var out []string
	n := 2
	for _, c := range Clauses() {
		switch c.Key {
		case "end_harassment", "investigate", "enable", "declaration", "instruments":
			text, _ := c.Text(lang, slots)
			out = append(out, roman(n)+". "+text)
			n++
		}
	}
	return []byte(strings.Replace(string(b), "%ACTIONS%", strings.Join(out, "\n\n"), 1)), nil
}
