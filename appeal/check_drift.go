package appeal

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/arasha-org/arasha/internal/lazyre"
	"github.com/arasha-org/arasha/internal/names"
)

// checkDrift applies language-drift: what one language of an appeal says and
// the other does not. Both directions are told; places are those of the
// appeal under check, or "with" for what only the other one holds.
func (c *checker) checkDrift() {
	b := c.o.With
	if b == nil {
		return
	}
	other := &checker{a: b}
	other.collect()
	this, that := languageName(c.a.Language), languageName(b.Language)
	if this == that {
		this, that = "this text", "the other text"
	}
	drift := func(severity, where, format string, args ...any) {
		c.report("language-drift", severity, where, fmt.Sprintf(format, args...), "bring both languages into line; the authoritative one decides")
	}

	c.driftCode(b, this, that, drift)
	c.driftActions(b, this, that, drift)

	// Days; lists and half dates of the other side count as well.
	x, y := c.days(), other.days()
	for _, d := range x.missing(other.looseDays(b)) {
		drift(SeverityWarning, x.where[d], "%s stands in %s only", dayInWords(d), this)
	}
	for _, d := range y.missing(c.looseDays(c.a)) {
		drift(SeverityWarning, "with", "%s stands in %s only", dayInWords(d), that)
	}
	// Numbers: articles, ages, counts.
	x, y = c.numbers(false), other.numbers(false)
	for _, n := range x.missing(other.numbers(true)) {
		drift(SeverityWarning, x.where[n], "the number %s stands in %s only", n, this)
	}
	for _, n := range y.missing(c.numbers(true)) {
		drift(SeverityWarning, "with", "the number %s stands in %s only", n, that)
	}
	c.driftNames(other, this, that, drift)
	c.driftNotes(b, this, that, drift)
	c.driftAddressees(b, this, that, drift)
}

func languageName(l string) string {
	switch l {
	case "en":
		return "the English text"
	case "fr":
		return "the French text"
	case "es":
		return "the Spanish text"
	case "ru":
		return "the Russian text"
	case "tr":
		return "the Turkish text"
	case "":
		return "the text"
	}
	return "the text in " + l
}

type driftFunc = func(severity, where, format string, args ...any)

func (c *checker) driftCode(b *Appeal, this, that string, drift driftFunc) {
	switch x, y := c.a.Code, b.Code; {
	case x == nil && y != nil:
		drift(SeverityError, "code", "%s has no code; %s prints %s", this, that, y.Printed)
	case x != nil && y == nil:
		drift(SeverityError, "code", "%s prints %s; %s has no code", this, x.Printed, that)
	case x != nil && y != nil && !x.Same(*y):
		drift(SeverityError, "code", "%s prints %s, %s prints %s", this, x.Printed, that, y.Printed)
	}
	if c.a.Date != "" && b.Date != "" && c.a.Date != b.Date {
		drift(SeverityNote, "date", "%s is dated %s, %s %s", this, dayInWords(c.a.Date), that, dayInWords(b.Date))
	}
}

// driftActions compares the requests. With fewer on one side, the numbers,
// names and lengths that the requests share tell which ones are missing.
func (c *checker) driftActions(b *Appeal, this, that string, drift driftFunc) {
	x, y := c.a.Actions, b.Actions
	switch {
	case len(x) > len(y):
		for _, i := range unmatched(x, y) {
			drift(SeverityError, placeOf("actions", i), "%s has %d requests, %s has %d; the one missing there seems to be %s %s", this, len(x), that, len(y), x[i].Marker, quote(x[i].Text))
		}
	case len(x) < len(y):
		for _, i := range unmatched(y, x) {
			drift(SeverityError, "actions", "%s has %d requests, %s has %d; the one missing here seems to be %s %s", this, len(x), that, len(y), y[i].Marker, quote(y[i].Text))
		}
	}
}

// unmatched aligns two lists of requests in order and returns those of the
// longer one that are left over (Needleman-Wunsch; texts in two languages are
// alike by what does not translate: numbers, names, letters of treaties, and
// by length).
func unmatched(long, short []Action) []int {
	n, m := len(long), len(short)
	if n > 200 || m > 200 { // never a real appeal; say the last ones
		n, m = min(n, 200), min(m, 200)
	}
	best := make([][]float64, n+1)
	for i := range best {
		best[i] = make([]float64, m+1)
	}
	for i := 1; i <= n; i++ {
		for j := 1; j <= m; j++ {
			best[i][j] = max(best[i-1][j-1]+alike(long[i-1].Text, short[j-1].Text), best[i-1][j], best[i][j-1])
		}
	}
	var left []int
	for i, j := n, m; i > 0; {
		switch {
		case j > 0 && best[i][j] == best[i-1][j-1]+alike(long[i-1].Text, short[j-1].Text):
			i, j = i-1, j-1
		case j == 0 || best[i][j] == best[i-1][j]:
			i--
			left = append(left, i)
		default:
			j--
		}
	}
	slices.Reverse(left)
	return left
}

var capitalWord = lazyre.New(`\p{Lu}[\p{L}-]{2,}`)

// alike measures how likely two texts say the same in two languages, up to
// about 4; never below 0, so that a pair is better than none.
func alike(a, b string) float64 {
	la, lb := float64(utf8.RuneCountInString(a)), float64(utf8.RuneCountInString(b))
	score := 0.1
	if la > 0 && lb > 0 {
		score += min(la, lb) / max(la, lb)
	}
	share := func(x, y []string) float64 {
		if len(x) == 0 && len(y) == 0 {
			return 0
		}
		if len(x) == 0 || len(y) == 0 {
			return -0.4 // one cites or counts something, the other does not
		}
		n := 0
		for _, w := range x {
			if slices.Contains(y, w) {
				n++
			}
		}
		return float64(2*n) / float64(len(x)+len(y))
	}
	score += share(number.FindAllString(a, -1), number.FindAllString(b, -1))
	sounds := func(s string) []string {
		var out []string
		for _, w := range capitalWord.FindAllString(s, 50) {
			if k := names.Sounds(caseStem(strings.ToLower(w))); len(k) > 3 {
				out = append(out, k[:min(len(k), 5)])
			}
		}
		return out
	}
	score += share(sounds(a), sounds(b))
	cites := func(s string) []string {
		var out []string
		for _, ct := range citations(s) {
			out = append(out, ct.key)
		}
		return out
	}
	return max(0.01, score+share(cites(a), cites(b)))
}

// marks are things that do not translate, in their order, with the first
// place of each.
type marks struct {
	order []string
	where map[string]string
}

func (m *marks) put(s, where string) {
	if m.where == nil {
		m.where = map[string]string{}
	}
	if _, have := m.where[s]; !have {
		m.where[s] = where
		m.order = append(m.order, s)
	}
}

// missing returns what m holds and o does not.
func (m *marks) missing(o *marks) []string {
	var out []string
	for _, s := range m.order {
		if _, ok := o.where[s]; !ok {
			out = append(out, s)
		}
	}
	return out
}

// compared are the passages that a translation must hold: all but what the
// organisation says of itself.
func (c *checker) compared(f func(p passage, s sentence)) {
	for _, p := range c.texts {
		if p.kind == "about" || p.kind == "title" {
			continue
		}
		for _, s := range p.sents {
			f(p, s)
		}
	}
}

func (c *checker) days() *marks {
	m := &marks{}
	c.compared(func(p passage, s sentence) {
		for _, d := range s.dates {
			if d.iso != "" {
				m.put(d.iso, p.where)
			}
		}
	})
	return m
}

// dayBefore finds the first days of a list: "20 and 25 February 2021".
var dayBefore = lazyRegexp(`(?i)(\d{1,2})(?:st|nd|rd|th|er)?\s*(?:,|and|et|y|e|и|ve|-|–|to|au|al|a|по)\s*(?:le\s+|el\s+)?$`)

// looseDays are the days of a text with those whose month or year stands
// only once for several, or not at all.
func (c *checker) looseDays(a *Appeal) *marks {
	m := c.days()
	c.compared(func(p passage, s sentence) {
		for _, d := range s.dates {
			if d.iso == "" {
				continue
			}
			head := s.text[:d.from]
			for range 8 {
				x := dayBefore().FindStringSubmatchIndex(head)
				if x == nil {
					break
				}
				if iso := d.iso[:8] + pad(head[x[2]:x[3]], 2); isISODate(iso) {
					m.put(iso, p.where)
				}
				head = head[:x[2]]
			}
		}
		for _, x := range dayMonth().FindAllStringSubmatchIndex(s.text, -1) {
			get := func(i int) string {
				if x[2*i] < 0 {
					return ""
				}
				return s.text[x[2*i]:x[2*i+1]]
			}
			month := monthNumber()[strings.ToLower(get(2)+get(3))]
			years := []string{a.Date, a.SignOff.Date}
			for _, d := range s.dates {
				years = append(years, d.iso)
			}
			for _, y := range years {
				if len(y) < 4 {
					continue
				}
				if iso := fmt.Sprintf("%s-%02d-%s", y[:4], month, pad(get(1)+get(4), 2)); isISODate(iso) {
					m.put(iso, p.where)
				}
			}
		}
	})
	return m
}

var numberForm = lazyre.New(`\d+(?:[.,\s\x{00a0}\x{202f}]\d{3})*(?:[.,]\d+)?`)

// numbers returns the numbers of a text that are no dates, codes, notes or
// parts of addresses; thousands are written without separators. With all,
// dates and codes count too.
func (c *checker) numbers(all bool) *marks {
	m := &marks{}
	c.compared(func(p passage, s sentence) {
		t := []byte(s.text)
		blank := func(from, to int) {
			for i := from; i < to; i++ {
				t[i] = 'x'
			}
		}
		for _, d := range s.dates {
			if !all {
				blank(d.from, d.to)
			}
		}
		for _, x := range markForm.FindAllIndex(t, -1) {
			blank(x[0], x[1])
		}
		for _, x := range bareLink.FindAllIndex(t, -1) {
			blank(x[0], x[1])
		}
		for _, f := range FindCodes(string(t)) {
			blank(f.From, f.To)
		}
		if all {
			for _, n := range number.FindAll(t, -1) {
				m.put(string(n), p.where)
			}
		}
		for _, x := range dayMonth().FindAllStringSubmatchIndex(string(t), -1) {
			for _, g := range []int{1, 4} {
				if x[2*g] >= 0 {
					blank(x[2*g], x[2*g+1])
				}
			}
		}
		for _, x := range numberForm.FindAllIndex(t, -1) {
			n := strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return r
				}
				return -1
			}, string(t[x[0]:x[1]]))
			// "COVID-19" and other names keep their number out of it; one
			// digit is as often a word.
			if x[0] > 0 && (t[x[0]-1] == '-' || isLetter(t[x[0]-1])) || len(n) < 2 {
				continue
			}
			m.put(n, p.where)
		}
	})
	return m
}

// driftNames compares the persons, across scripts.
func (c *checker) driftNames(other *checker, this, that string, drift driftFunc) {
	x, y := c.allPersons(), other.allPersons()
	var told []string
	oneWay := func(from, to []placedPerson, toText *checker, here string, ours bool) {
		for _, p := range from {
			if !p.sure || strings.HasPrefix(p.where, "addressees") {
				continue
			}
			f := p.family()
			if utf8.RuneCountInString(f) < 3 || slices.Contains(told, f) {
				continue
			}
			same, near := false, ""
			for _, q := range to {
				for _, w := range q.names {
					switch likeness(f, w) {
					case sameName, spelling2:
						same = true
					case nearName:
						near = w
					}
				}
			}
			same = same || toText.holdsName(f)
			if same {
				continue
			}
			told = append(told, f)
			where := p.where
			if !ours {
				where = "with"
			}
			if near != "" {
				c.report("person-name-variants", SeverityWarning, where, fmt.Sprintf("one person seems to be spelt two ways in the two languages: %s and %s", f, near), "compare both with the spelling the person uses")
				told = append(told, near)
				continue
			}
			drift(SeverityWarning, where, "%s is named in %s only", p.printed, here)
		}
	}
	oneWay(x, y, other, this, true)
	oneWay(y, x, c, that, false)
}

// holdsName reports whether any word in capitals sounds as a name.
func (c *checker) holdsName(name string) bool {
	for _, p := range c.texts {
		for _, w := range capitalWord.FindAllString(p.text, -1) {
			if k := likeness(name, w); k == sameName || k == spelling2 {
				return true
			}
		}
	}
	return false
}

func (c *checker) driftNotes(b *Appeal, this, that string, drift driftFunc) {
	x, y := c.a.Footnotes, b.Footnotes
	if len(x) == len(y) {
		return
	}
	var missing []string
	have := map[int]bool{}
	for _, f := range y {
		have[f.Number] = true
	}
	for _, f := range x {
		if !have[f.Number] {
			missing = append(missing, strconv.Itoa(f.Number))
		}
	}
	what := ""
	if len(missing) > 0 {
		what = "; " + listed(missing) + " is missing there"
	}
	drift(SeverityWarning, "footnotes", "%s has %s, %s has %d%s", this, countOf(len(x), "footnote"), that, len(y), what)
}

// driftAddressees compares the addressees by their channels and names.
func (c *checker) driftAddressees(b *Appeal, this, that string, drift driftFunc) {
	key := func(d Addressee) []string {
		var ks []string
		for _, v := range d.Email {
			ks = append(ks, strings.ToLower(v))
		}
		for _, v := range slices.Concat(d.Phone, d.Fax) {
			ks = append(ks, digits(strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return r
				}
				return -1
			}, v)))
		}
		for _, v := range d.Handle {
			ks = append(ks, strings.ToLower(v))
		}
		sort.Strings(ks)
		return ks
	}
	matches := func(d, e Addressee) bool {
		for _, k := range key(d) {
			if slices.Contains(key(e), k) {
				return true
			}
		}
		p, ok1 := newPerson(d.Name, 0)
		q, ok2 := newPerson(e.Name, 0)
		return ok1 && ok2 && likeness(p.family(), q.family()) >= nearName
	}
	used := map[int]bool{}
	for i, d := range c.a.Addressees {
		j := slices.IndexFunc(b.Addressees, func(e Addressee) bool { return matches(d, e) })
		if j < 0 {
			if key(d) == nil && d.Name == "" && i < len(b.Addressees) { // an office without a channel: by its place
				used[i] = true
				continue
			}
			drift(SeverityWarning, placeOf("addressees", i), "%s is an addressee in %s only", nameOf(d), this)
			continue
		}
		used[j] = true
		kd, ke := key(d), key(b.Addressees[j])
		for _, k := range kd {
			if !slices.Contains(ke, k) {
				drift(SeverityWarning, placeOf("addressees", i), "the channel %s of %s stands in %s only", k, nameOf(d), this)
			}
		}
		for _, k := range ke {
			if !slices.Contains(kd, k) {
				drift(SeverityWarning, placeOf("addressees", i), "the channel %s of %s stands in %s only", k, nameOf(d), that)
			}
		}
	}
	for j, e := range b.Addressees {
		if !used[j] && !slices.ContainsFunc(c.a.Addressees, func(d Addressee) bool { return matches(d, e) }) {
			drift(SeverityWarning, "with", "%s is an addressee in %s only", nameOf(e), that)
		}
	}
}
