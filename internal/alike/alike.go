// Package alike knows the letters of one script that are drawn like letters
// of another: what makes a word of two scripts look whole.
package alike

import "sync"

// Letters drawn alike in common fonts, capitals included, from Unicode's
// confusables (unicode.org/Public/security, confusables.txt). The strings run
// in parallel.
const (
	latin    = "aeopcyxijshqwdkABEKMHOPCTYXISJ"
	cyrillic = "аеорсухіјѕһԛԝԁкАВЕКМНОРСТУХІЅЈ"

	greek        = "αορνικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
	greekInLatin = "aopvikABEZHIKMNOPTYX"
)

// Tables returns what stands for a letter among the Cyrillic letters and
// among the Latin ones. A letter that has no double is in neither. The maps
// are shared: read only.
var Tables = sync.OnceValues(func() (toCyrillic, toLatin map[rune]rune) {
	toCyrillic, toLatin = map[rune]rune{}, map[rune]rune{}
	lat, cyr := []rune(latin), []rune(cyrillic)
	for i := range lat {
		toCyrillic[lat[i]] = cyr[i]
		toLatin[cyr[i]] = lat[i]
	}
	gr, gl := []rune(greek), []rune(greekInLatin)
	for i := range gr {
		toLatin[gr[i]] = gl[i]
		if c, ok := toCyrillic[gl[i]]; ok {
			toCyrillic[gr[i]] = c
		}
	}
	return toCyrillic, toLatin
})
