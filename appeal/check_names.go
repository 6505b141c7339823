package appeal

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/names"
)

// A person is a name as it stands in a text.
type person struct {
	printed string   // "Orman Velk"
	names   []string // its parts in printed order
	from    int
}

// key is the name in a form that spellings of one name share.
func (p person) key() string { return strings.Join(p.names, " ") }

// family is the last part: the family name in the languages we read.
func (p person) family() string { return p.names[len(p.names)-1] }

// personForm finds a name behind an honorific or an office.
var personForm = lazyRegexp(`(?:^|[\s(«“"'’\[-])` +
	`((?:Mr|Mrs|Ms|Miss|Dr|Prof|Messrs|Mses|Mss|Me|M|MM|Mme|Mmes|Mlle|Sr|Sra|Srs|Sras|Dra|Sres|Sn|Av)\.?|H\.E\.|S\.E\.|[Гг]-н[ау]?|[Гг]-ном|[Гг]-ж[аеуио]й?|[Гг]оспод\p{L}+|[Гг]оспож\p{L}+|Monsieur|Madame|Maître|Señora?|Don|Doña|Bay|Bayan|Sayın|[Ll]awyer|[Jj]ournalist|[Bb]logger|[Aa]ctivist|[Pp]resident|[Pp]résidente?|[Pp]residenta?e?|[Пп]резидент\p{L}*|[Mm]inister|[Mm]inistre|[Mm]inistr[oa]|[Мм]инистр\p{L}*)` +
	`(?:\s+(?:H\.E\.|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Dra\.?|Me\.?|M\.|Mme\.?))*\s+` +
	`(` + namePattern + `)`)

// A name: two to five words that begin in capitals, with the small words
// that names hold; or one such word.
const namePattern = `\p{Lu}[\p{L}'’ʼ-]*\.?(?:\s+(?:(?:de|del|de la|da|dos|van|von|der|bin|bint|ibn|al|el|ben|ould|oğlu|kyzy|uulu)\s+)?\p{Lu}[\p{L}'’ʼ-]*\.?){0,4}`

// bareName finds two capital words in a row that no honorific leads.
var bareName = lazyRegexp(`\p{Lu}[\p{L}'’ʼ-]+(?:\s+\p{Lu}[\p{L}'’ʼ-]+)+`)

// findPersons returns the persons that a text names with an honorific or an
// office, each place once.
func findPersons(text string) []person {
	var out []person
	plain := WithoutMarks(text)
	for at := 0; at < len(plain); {
		m := personForm().FindStringSubmatchIndex(plain[at:])
		if m == nil {
			break
		}
		if p, ok := newPerson(plain[at+m[4]:at+m[5]], at+m[4]); ok {
			dup := false
			for _, q := range out {
				dup = dup || q.key() == p.key()
			}
			if !dup {
				out = append(out, p)
			}
		}
		at += m[5]
	}
	return out
}

func newPerson(printed string, from int) (person, bool) {
	printed = strings.TrimRight(strings.TrimSpace(printed), ".,")
	for _, poss := range []string{"'s", "’s"} {
		printed = strings.TrimSuffix(printed, poss)
	}
	var names []string
	for _, w := range strings.Fields(printed) {
		w = strings.Trim(w, ".,'’")
		if utf8.RuneCountInString(w) > 1 && startsUpper(w) {
			if i := strings.IndexAny(w, "'’"); i > 2 { // Yılmaz'ın
				w = w[:i]
			}
			names = append(names, w)
		}
	}
	if len(names) == 0 {
		return person{}, false
	}
	return person{printed, names, from}, true
}

// allPersons returns the persons of the whole appeal in its order, with those
// that stand without an honorific but share a name with another.
func (c *checker) allPersons() []placedPerson {
	var out []placedPerson
	for _, p := range c.texts {
		if p.kind == "about" {
			continue
		}
		for _, s := range p.sents {
			found := findPersons(s.text)
			for _, x := range found {
				out = append(out, placedPerson{x, p.where, true})
			}
			plain := WithoutMarks(s.text)
			for _, m := range bareName().FindAllStringIndex(plain, -1) {
				if x, ok := newPerson(plain[m[0]:m[1]], m[0]); ok && len(x.names) >= 2 && len(x.names) <= 4 {
					out = append(out, placedPerson{x, p.where, false})
				}
			}
		}
	}
	for i, d := range c.a.Addressees {
		if x, ok := newPerson(d.Name, 0); ok {
			out = append(out, placedPerson{x, placeOf("addressees", i), true})
		}
	}
	return out
}

type placedPerson struct {
	person
	where string
	sure  bool // an honorific, an office or an address says it is a person
}

// maxVariants bounds the findings on a list of hundreds of names.
const maxVariants = 10

// checkNames applies person-name-variants: one person spelt two ways, also
// in two scripts.
func (c *checker) checkNames() {
	all := c.allPersons()
	// Bare names count only when they hold a name that is like one of a
	// person we are sure of.
	type spelling struct {
		printed, where string
	}
	first := map[string]spelling{} // printed family name -> first seen
	var order []placedPerson
	for _, p := range all {
		if _, seen := first[p.family()+"\x00"+given(p.person)]; seen {
			continue
		}
		first[p.family()+"\x00"+given(p.person)] = spelling{p.printed, p.where}
		order = append(order, p)
	}
	reported := map[string]bool{}
	for i, p := range order {
		for _, q := range order[:i] {
			if !p.sure && !q.sure || len(reported) >= maxVariants {
				continue
			}
			x, y, ok := variant(q.person, p.person)
			if !ok || reported[x+"\x00"+y] || reported[y+"\x00"+x] {
				continue
			}
			reported[x+"\x00"+y] = true
			c.report("person-name-variants", SeverityWarning, p.where, fmt.Sprintf("one person seems to be spelt two ways: %s (%s) and %s", x, q.where, y),
				"take the spelling the person uses, and use it throughout")
		}
	}
}

func given(p person) string {
	if len(p.names) < 2 {
		return ""
	}
	return p.names[0]
}

// variant reports whether two names are spellings of one name, and which
// parts differ. Equal spellings, other persons of one family and forms that
// grammar makes are no variants.
func variant(p, q person) (x, y string, ok bool) {
	pf, qf := p.family(), q.family()
	pg, qg := given(p), given(q)
	// The words that must be the same name: family names always, given names
	// where both have one.
	switch {
	case pg != "" && qg != "":
		a, b := likeness(pg, qg), likeness(pf, qf)
		if a >= sameName && b == spelling2 {
			return pf, qf, true
		}
		if a == spelling2 && b >= sameName {
			return pg, qg, true
		}
		if a == nearName && b >= sameName {
			// Two members of a family may have names as near as that.
			if utf8.RuneCountInString(pg) < 6 || genderPair(pg, qg) {
				return "", "", false
			}
			return pg, qg, true
		}
		if a >= sameName && b == nearName && !genderPair(pf, qf) {
			return pf, qf, true
		}
	default:
		if likeness(pf, qf) == spelling2 && utf8.RuneCountInString(pf) >= 5 && utf8.RuneCountInString(qf) >= 5 {
			return pf, qf, true
		}
	}
	return "", "", false
}

// How alike two names are.
const (
	otherName = iota
	nearName  // one letter apart
	sameName  // printed alike, or as grammar bends it, or in another script
	spelling2 // the same sounds in other letters of one script
)

func likeness(a, b string) int {
	if a == b {
		return sameName
	}
	ca, cb := isCyrillic(a), isCyrillic(b)
	ka, kb := names.Sounds(a), names.Sounds(b)
	if ca && cb {
		sa, sb := caseStem(strings.ToLower(a)), caseStem(strings.ToLower(b))
		if sa == sb || strings.HasPrefix(sa, sb) && len(sa)-len(sb) <= 4 || strings.HasPrefix(sb, sa) && len(sb)-len(sa) <= 4 {
			return sameName
		}
		ka, kb = names.Sounds(sa), names.Sounds(sb)
	} else if ca != cb {
		// Cyrillic names bend, Latin ones keep the ending of the nominative.
		cyr, latin := a, kb
		if cb {
			cyr, latin = b, ka
		}
		whole, stem := names.Sounds(cyr), names.Sounds(caseStem(strings.ToLower(cyr)))
		end, cut := strings.CutPrefix(latin, stem)
		if whole == latin || cut && (len(end) <= 2 || end == "aia") && strings.Trim(end, "aio") == "" {
			return sameName
		}
		if len(latin) >= 5 && (distance(whole, latin) <= 1 || len(stem) >= 5 && (distance(stem, latin) <= 1 || distance(stem, strings.TrimRight(latin, "ai")) <= 1)) {
			return nearName
		}
		return otherName
	}
	if strings.EqualFold(a, b) {
		return sameName
	}
	if ka == kb {
		return spelling2
	}
	if len(ka) >= 5 && len(kb) >= 5 && distance(ka, kb) == 1 {
		return nearName
	}
	return otherName
}

// genderPair reports forms of one family name for a woman and a man.
func genderPair(a, b string) bool {
	x, y := strings.ToLower(a), strings.ToLower(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	return y == x+"a" || y == x+"а" || strings.HasSuffix(x, "y") && y == strings.TrimSuffix(x, "y")+"aya" || strings.HasSuffix(x, "i") && y == strings.TrimSuffix(x, "i")+"a" ||
		strings.HasSuffix(x, "ий") && y == strings.TrimSuffix(x, "ий")+"ая" || y == x+"s"
}

func isCyrillic(s string) bool {
	for _, r := range s {
		if unicode.Is(unicode.Cyrillic, r) {
			return true
		}
	}
	return false
}

// caseStem takes the endings of Russian cases off a name.
func caseStem(s string) string {
	for _, e := range []string{"ого", "его", "ому", "ему", "ыми", "ими", "ой", "ей", "ою", "ую", "юю", "ом", "ем", "ым", "им", "ая", "яя", "ий", "ый", "ами", "ях", "ах", "а", "я", "у", "ю", "е", "ы", "и", "ь", "й"} {
		if t, ok := strings.CutSuffix(s, e); ok && utf8.RuneCountInString(t) >= 3 {
			return t
		}
	}
	return s
}

// distance is the number of letters to change, add or drop (Levenshtein),
// exact up to 2.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > 2 || len(y)-len(x) > 2 {
		return 3
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		prev := row[0]
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			prev, row[j+1] = row[j+1], min(prev+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
