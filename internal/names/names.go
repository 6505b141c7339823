// Package names finds a person's name in a text whatever the script, the
// transliteration, the case ending or the disguise: "Сарсеновой",
// "Sarsenova", "Сәрсенованың", "Särsenowa", "САРСЕ-⏎НОВА", "gsarsenova85@…".
//
//	m := names.Compile([]string{"Гульнара Сарсенова", "Gulya"})
//	for _, s := range m.Find(text) { … text[s.From:s.To] … }
//
// Compile once and Find in many texts: a text is read in one pass, about ten
// megabytes a second, whatever the number of names. Key is the other half: one word
// for a search index, so that a query in one script finds the other.
//
// It is made for the question "does this name stand anywhere in here?", where
// a name missed may cost a person dearly and one found in vain costs a look.
// It joins what spellings have in common (Sounds) and allows the endings of
// Russian, Kazakh and their neighbours. It does not know that Sasha is
// Alexander: a short name is an alias, to be given as a name of its own. Of
// Arabic, which leaves vowels out, it compares the consonants, and only of
// whole names.
package names

import (
	"sort"
	"unicode"
	"unicode/utf8"
)

// A Span is one place where a name stands: text[From:To].
type Span struct {
	From, To int
	Name     int  // index into the names given to Compile
	Whole    bool // all words of the name stand together; false: one word of several
}

// Find is Compile(names).Find(text).
func Find(text string, names []string) []Span { return Compile(names).Find(text) }

// A Matcher finds a set of names. It does not change and may be used by
// several goroutines at once.
type Matcher struct {
	roots     map[string][]root
	gate      [1 << 12]bool // by the first three sounds: whether a root begins so
	skeletons map[string][]root
	words     []int // words of each name
	longest   int   // of the roots
}

// A root is what all forms of one word of one name begin with.
type root struct {
	name, word int
	endings    map[string]bool
	weak       bool // too short to count alone
}

// minPart is the least number of letters of a word that counts alone when it
// is one of several words of a name: a shorter one counts with another.
const minPart = 4

// minGlued is the least length of a root that is looked for inside a word of
// an address or a handle.
const minGlued = 5

// Compile prepares names, in any script. A name without letters finds
// nothing.
func Compile(names []string) *Matcher {
	m := &Matcher{roots: map[string][]root{}, skeletons: map[string][]root{}, words: make([]int, len(names))}
	for i, n := range names {
		seen := map[string]bool{}
		for _, w := range split(n) {
			keys := w.keys(n)
			fresh := false
			for _, k := range keys {
				fresh = fresh || !seen[k]
			}
			if !fresh {
				continue
			}
			for _, k := range keys {
				seen[k] = true
				m.add(k, i, m.words[i])
			}
			m.words[i]++
		}
	}
	return m
}

func (m *Matcher) add(key string, name, word int) {
	base, ends, weak := key, endings(), utf8.RuneCountInString(key) < minPart
	for _, e := range nominative {
		if t, ok := cutSuffix(key, e); ok && len(t) >= 4 {
			base = t
			break
		}
	}
	if base == key {
		ends = bareEndings()
	}
	if t, ok := cutSuffix(key, "ia"); ok && len(t) == 3 { // Мария, Марией
		m.put(t, root{name, word, shortIa, weak})
	}
	m.put(base, root{name, word, ends, weak})
	if s := skeleton([]byte(key)); len(s) >= 3 {
		m.skeletons[string(s)] = append(m.skeletons[string(s)], root{name, word, nil, true})
	}
}

func (m *Matcher) put(base string, r root) {
	if base == "" {
		return
	}
	m.roots[base] = append(m.roots[base], r)
	m.longest = max(m.longest, len(base))
	m.gate[gateOf([]byte(base))] = true
	if len(base) < 3 { // a root shorter than the gate opens it for all
		for i := range m.gate {
			m.gate[i] = true
		}
	}
}

func gateOf(b []byte) int {
	h := 0
	for i := 0; i < 3 && i < len(b); i++ {
		h = h*31 + int(b[i])
	}
	return h & (1<<12 - 1)
}

// Find returns where the names stand in text, in order of their places. Two
// spans may overlap when two names share a word.
func (m *Matcher) Find(text string) []Span { return m.find(text, true) }

// find looks behind escapes once.
func (m *Matcher) find(text string, unescape bool) []Span {
	if len(m.roots) == 0 {
		return nil
	}
	var hits []hit
	words := split(text)
	known := map[string][]string{} // the sounds of words seen
	keysOf := func(w word) []string {
		s := text[w.from:w.to]
		k, ok := known[s]
		if !ok {
			k = w.keys(text)
			if len(s) < 64 && len(known) < 1<<16 {
				known[s] = k
			}
		}
		return k
	}
	for i, w := range words {
		for _, k := range keysOf(w) {
			hits = m.match(hits, k, i, i, w)
			if w.arabic {
				hits = m.matchSkeleton(hits, k, i, w)
			}
		}
		// A word cut by the end of a line, or by a hyphen.
		if i+1 < len(words) && words[i+1].broken {
			joined := word{from: w.from, to: words[i+1].to}
			hits = m.match(hits, key(text[w.from:w.to]+text[words[i+1].from:words[i+1].to]), i, i+1, joined)
		}
		// A word spaced out: letter by letter.
		if w.single && (i == 0 || !words[i-1].single) {
			last := i
			for last+1 < len(words) && words[last+1].single {
				last++
			}
			if last-i >= 2 {
				spaced := word{from: w.from, to: words[last].to, glued: true}
				hits = m.match(hits, key(text[spaced.from:spaced.to]), i, last, spaced)
			}
		}
	}
	if unescape {
		for _, c := range escaped(text) {
			for _, s := range m.find(c.plain, false) {
				hits = append(hits, hit{Span: Span{c.from, c.to, s.Name, s.Whole}, first: -1, last: -1})
			}
		}
	}
	return m.gather(text, hits)
}

// A hit is one word of one name found at the words first to last of the text.
type hit struct {
	Span
	first, last int // words of the text
	part        int // word of the name
	weak        bool
}

// match looks for a root that key begins with and an allowed ending after it;
// within a glued word, anywhere.
func (m *Matcher) match(hits []hit, key string, first, last int, w word) []hit {
	starts := 1
	if w.glued && len(key) > minGlued {
		starts = len(key) - minGlued + 1
	}
	b := []byte(key)
	for at := range starts {
		if !m.gate[gateOf(b[at:])] {
			continue
		}
		for n := 1; n <= m.longest && at+n <= len(b); n++ {
			for _, r := range m.roots[string(b[at:at+n])] {
				glued := w.glued && n >= minGlued
				if !glued && (at > 0 || !r.endings[string(b[n:])]) {
					continue
				}
				hits = append(hits, hit{Span{w.from, w.to, r.name, false}, first, last, r.word, r.weak})
			}
		}
	}
	return hits
}

// matchSkeleton compares the consonants of a word in Arabic letters.
func (m *Matcher) matchSkeleton(hits []hit, key string, at int, w word) []hit {
	s := skeleton([]byte(key))
	for _, r := range m.skeletons[string(s)] {
		hits = append(hits, hit{Span{w.from, w.to, r.name, false}, at, at, r.word, r.weak})
	}
	return hits
}

// gather joins the words of one name that stand together (in any order, with
// at most one word between) and drops the weak ones that stand alone.
func (m *Matcher) gather(text string, hits []hit) []Span {
	sort.SliceStable(hits, func(i, j int) bool {
		a, b := hits[i], hits[j]
		if a.Name != b.Name {
			return a.Name < b.Name
		}
		if a.first != b.first {
			return a.first < b.first
		}
		return a.From < b.From
	})
	var out []Span
	for i := 0; i < len(hits); {
		h := hits[i]
		if h.first < 0 {
			out = append(out, h.Span)
			i++
			continue
		}
		s, parts, strong, last := h.Span, map[int]bool{h.part: true}, !h.weak, h.last
		j := i + 1
		for ; j < len(hits) && hits[j].Name == h.Name && hits[j].first-last <= 2; j++ {
			if hits[j].first > last && (parts[hits[j].part] || endsSentence(text[s.To:max(s.To, hits[j].From)])) {
				break // the name again, or another sentence
			}
			parts[hits[j].part] = true
			strong = strong || !hits[j].weak
			last, s.To = max(last, hits[j].last), max(s.To, hits[j].To)
		}
		s.Whole = len(parts) == m.words[h.Name]
		if s.Whole || len(parts) > 1 || strong {
			out = append(out, s)
		}
		i = j
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].From != out[j].From {
			return out[i].From < out[j].From
		}
		return out[i].Name < out[j].Name
	})
	uniq := out[:0]
	for _, s := range out {
		if n := len(uniq); n == 0 || uniq[n-1] != s {
			uniq = append(uniq, s)
		}
	}
	return uniq
}

// endsSentence reports whether a sentence ends in what stands between two
// words. The point of an initial ends none.
func endsSentence(gap string) bool {
	letters := 2 // the word before the gap is no initial
	for _, r := range gap {
		switch {
		case r == '.' || r == '!' || r == '?' || r == ';':
			if letters > 1 {
				return true
			}
		case isWordRune(r):
			letters++
		default:
			letters = 0
		}
	}
	return false
}

// Outside returns the spans that are not explained by others: a single word
// of a name is dropped where the whole of another name stands, so that the
// brother of a source may be named by his own full name.
func Outside(spans, others []Span) []Span {
	var out []Span
	for _, s := range spans {
		explained := false
		for _, o := range others {
			explained = explained || !s.Whole && o.Whole && o.From <= s.From && s.To <= o.To
		}
		if !explained {
			out = append(out, s)
		}
	}
	return out
}

func cutSuffix(s, suffix string) (string, bool) {
	if len(s) > len(suffix) && s[len(s)-len(suffix):] == suffix {
		return s[:len(s)-len(suffix)], true
	}
	return s, false
}

// skeleton keeps the consonants that Arabic letters keep apart, in place.
func skeleton(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for _, c := range b {
		switch c {
		case 'a', 'e', 'i', 'o', 'u', 'v', 'h': // v is written as waw, h often not at all
			continue
		case 'p':
			c = 'b'
		case 'g', 'j', 'c':
			c = 'k'
		}
		if n := len(out); n > 0 && out[n-1] == c {
			continue
		}
		out = append(out, c)
	}
	return out
}

// isWordRune reports letters, digits and marks, and what hides inside words.
func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mn, r) || hidden(r) || r >= 0x1F100 && r <= 0x1F1AD
}

// hidden reports characters that no one sees: soft hyphen, zero-width and
// direction marks, tatweel, tags and variation selectors.
func hidden(r rune) bool {
	return r == 0xAD || r == 0x34F || r == 0x61C || r == 0x180E || r == 0x640 || r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E ||
		r >= 0x2060 && r <= 0x206F || r >= 0xFE00 && r <= 0xFE0F || r == 0xFEFF || r >= 0xE0000 && r <= 0xE0FFF
}
