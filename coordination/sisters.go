package coordination

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/arasha-org/arasha/internal/address"
)

// The rule of constant mirroring, as measured on a corpus of channels
// (docs/evaluation.md): at 5 % sister channels stay apart, at 1 to 2 % they
// meet. The number of days keeps out those who meet on one occasion, however
// often.
const (
	MirrorShare = .02 // of the texts of the one with fewer
	MirrorTexts = 3   // at least
	MirrorDays  = 5   // different days on which they published the same text, at least
)

// A Suggestion is accounts that may be of one publisher, for a person to look
// at. It is no finding: whoever mirrors another account looks like this too.
type Suggestion struct {
	Name     string
	Accounts []uint32 // ascending
	Pairs    []Mirror // that connect them, most texts in common first
}

// A Mirror is two accounts and the grounds on which they may be one publisher.
type Mirror struct {
	A, B  uint32
	Texts int           // original texts both published
	Of    int           // original texts of the one with fewer
	Days  int           // different days of the earlier post of such a text
	Gap   time.Duration // median time between the two; −1 when not known
	Alike bool          // their names are alike
	Site  string        // the site to which most links of both go
}

// Constant reports whether the two publish the same texts again and again.
func (m *Mirror) Constant() bool {
	return m.Texts >= MirrorTexts && float64(m.Texts) >= MirrorShare*float64(m.Of) && m.Days >= MirrorDays
}

// Clear reports whether every pair has constant mirroring and a second ground
// as well: a name or a site. Only such a suggestion is safe to apply before a
// person has seen it.
func (s *Suggestion) Clear() bool {
	for i := range s.Pairs {
		if p := &s.Pairs[i]; !p.Constant() || !p.Alike && p.Site == "" {
			return false
		}
	}
	return len(s.Pairs) > 0
}

// Why says the grounds in one sentence, about the pair with most.
func (s *Suggestion) Why() string {
	if len(s.Pairs) == 0 {
		return ""
	}
	m := &s.Pairs[0]
	var say []string
	if m.Texts > 0 {
		t := fmt.Sprintf("published %d of %d texts in common", m.Texts, m.Of)
		if m.Constant() {
			t += fmt.Sprintf(", on %d different days", m.Days)
		}
		say = append(say, t)
	}
	if m.Alike {
		say = append(say, "have names that are alike")
	}
	if m.Site != "" {
		say = append(say, "link mostly to "+m.Site)
	}
	who := "these accounts "
	if len(s.Accounts) > 2 {
		who = "two of these accounts "
	}
	return who + strings.Join(say, ", ")
}

// maxMirrors bounds the accounts of one text among which pairs are sought: a
// text that more accounts carry is not two publishers' own.
const maxMirrors = 64

// SuggestFamilies returns which accounts may be of one publisher: those that
// mirror each other constantly, and those for which two of three grounds speak
// (texts in common by the rule of 2 %, names alike, links to one site). Texts
// count where a text trace was asked for, links where Link or Domain was;
// reposts count for nothing. Accounts are connected through pairs, so that a
// family of three may have two pairs.
func (r *Result) SuggestFamilies() []Suggestion {
	pairs := r.mirrors()
	parent := map[uint32]uint32{}
	var root func(a uint32) uint32
	root = func(a uint32) uint32 {
		if p, ok := parent[a]; ok && p != a {
			parent[a] = root(p)
			return parent[a]
		}
		parent[a] = a
		return a
	}
	for _, m := range pairs {
		a, b := root(m.A), root(m.B)
		parent[max(a, b)] = min(a, b)
	}
	at := map[uint32]int{}
	var out []Suggestion
	for _, a := range slices.Sorted(maps.Keys(parent)) {
		i, ok := at[root(a)]
		if !ok {
			i = len(out)
			at[root(a)] = i
			out = append(out, Suggestion{})
		}
		out[i].Accounts = append(out[i].Accounts, a)
	}
	for _, m := range pairs {
		s := &out[at[root(m.A)]]
		s.Pairs = append(s.Pairs, m)
	}
	for i := range out {
		out[i].Name = r.familyName(out[i].Accounts)
	}
	slices.SortStableFunc(out, func(a, b Suggestion) int { return byFirst(a.Accounts, b.Accounts) })
	return out
}

// mirrors returns the pairs that may be one publisher.
func (r *Result) mirrors() []Mirror {
	type meeting struct {
		day int64
		gap int64
	}
	met := map[uint64][]meeting{}
	texts := make([]int, r.Accounts)
	r.eachOriginalText(func(list []share) {
		for _, s := range list {
			texts[s.acct]++
		}
		if len(list) > maxMirrors {
			return
		}
		for i, p := range list {
			for _, q := range list[i+1:] {
				gap := int64(-1)
				if p.at >= 0 && q.at >= 0 {
					gap = max(q.at-p.at, p.at-q.at)
				}
				k := edgeKey(min(p.acct, q.acct), max(p.acct, q.acct))
				met[k] = append(met[k], meeting{min(p.at, q.at) / dayMillis, gap})
			}
		}
	})
	names := r.alikeNames()
	sites := r.ownSites()
	for _, m := range []map[string][]uint32{names, sites} {
		for _, list := range m {
			if len(list) > maxMirrors {
				continue
			}
			for i, a := range list {
				for _, b := range list[i+1:] {
					if k := edgeKey(a, b); met[k] == nil {
						met[k] = []meeting{}
					}
				}
			}
		}
	}
	siteOf := map[uint32]string{}
	for site, list := range sites {
		for _, a := range list {
			siteOf[a] = site
		}
	}
	var out []Mirror
	for k, list := range met {
		m := Mirror{A: uint32(k >> 32), B: uint32(k), Texts: len(list), Gap: -1}
		m.Of = min(texts[m.A], texts[m.B])
		days := map[int64]bool{}
		var gaps []int64
		for _, x := range list {
			if x.gap >= 0 {
				days[x.day] = true
				gaps = append(gaps, x.gap)
			}
		}
		m.Days = len(days)
		if len(gaps) > 0 {
			slices.Sort(gaps)
			m.Gap = time.Duration(gaps[len(gaps)/2]) * time.Millisecond
		}
		a, b := r.nameKey(m.A), r.nameKey(m.B)
		m.Alike = a != "" && a == b
		if s := siteOf[m.A]; s != "" && s == siteOf[m.B] {
			m.Site = s
		}
		grounds := 0
		if m.Texts >= MirrorTexts && float64(m.Texts) >= MirrorShare*float64(m.Of) {
			grounds++
		}
		if m.Alike {
			grounds++
		}
		if m.Site != "" {
			grounds++
		}
		if m.Constant() || grounds >= 2 {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b Mirror) int { return cmp.Or(b.Texts-a.Texts, cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	return out
}

const dayMillis = 24 * 60 * 60 * 1000

// eachOriginalText calls f for every normalised text with the first post of
// each account that published it and did not repost it. A time that is not
// known is −1.
func (r *Result) eachOriginalText(f func([]share)) {
	if !r.c.texts {
		return
	}
	var rows []share
	unnamed := map[uint32]bool{}
	for a := range uint32(r.Accounts) {
		if r.Account(a).ID == "" {
			unnamed[a] = true
		}
	}
	for p, i := range r.x.order {
		if t := r.c.text[i]; t != none && !r.c.repost(i) && !unnamed[r.x.acct[p]] {
			s := share{object: t, acct: r.x.acct[p], post: uint32(p), at: -1}
			if p < r.x.timed {
				s.at = r.x.at[p]
			}
			rows = append(rows, s)
		}
	}
	slices.SortFunc(rows, func(a, b share) int {
		return cmp.Or(cmp.Compare(a.object, b.object), cmp.Compare(a.acct, b.acct), cmp.Compare(a.post, b.post))
	})
	rows = slices.CompactFunc(rows, func(a, b share) bool { return a.object == b.object && a.acct == b.acct })
	for i := 0; i < len(rows); {
		j := i + 1
		for j < len(rows) && rows[j].object == rows[i].object {
			j++
		}
		f(rows[i:j])
		i = j
	}
}

// generic are words in the names of outlets that say nothing of whose they are.
var generic = map[string]bool{"news": true, "live": true, "tv": true, "official": true, "online": true, "channel": true, "media": true,
	"info": true, "plus": true, "новости": true, "лайв": true, "тв": true, "официально": true, "онлайн": true, "канал": true, "медиа": true,
	"плюс": true, "жаңалықтар": true, "ресми": true, "ru": true, "kz": true, "en": true, "kk": true, "com": true, "net": true, "org": true}

// nameKey returns what of an account's name says whose it is: its words
// without generic ones and numbers of one or two figures; "" when that is
// fewer than five letters.
func (r *Result) nameKey(a uint32) string {
	i := r.Account(a)
	name := i.Name
	if name == "" {
		name = i.ID
	}
	var b strings.Builder
	letters := 0
	for _, w := range strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		if generic[w] || len(w) <= 2 && strings.IndexFunc(w, func(c rune) bool { return !unicode.IsDigit(c) }) < 0 {
			continue
		}
		b.WriteString(w)
		letters += strings.Count(w, "") - 1
	}
	if letters < 5 {
		return ""
	}
	return b.String()
}

// alikeNames groups accounts whose names are alike.
func (r *Result) alikeNames() map[string][]uint32 {
	m := map[string][]uint32{}
	for a := range uint32(r.Accounts) {
		if k := r.nameKey(a); k != "" && r.Account(a).ID != "" {
			m[k] = append(m[k], a)
		}
	}
	maps.DeleteFunc(m, func(_ string, list []uint32) bool { return len(list) < 2 })
	return m
}

// ownSites groups accounts by the site to which more than half of their links
// go, at least five. Sites on which everybody has pages say nothing and are
// left out, as is a site that is the own of more than eight accounts.
func (r *Result) ownSites() map[string][]uint32 {
	i := slices.IndexFunc(r.c.objects, func(o objects) bool { return o.trace == Link || o.trace == Domain })
	if i < 0 {
		return nil
	}
	o := &r.c.objects[i]
	sites := make([]string, o.table.Len())
	for n := range sites {
		name := r.c.strings.get(o.names[n], 1)[0]
		if o.trace == Link {
			a, _ := address.Parse(name)
			name = a.Domain()
		}
		sites[n] = strings.Clone(name)
	}
	counts := map[uint32]map[string]int{}
	for k, n := range o.obj {
		post := o.post[k]
		if sites[n] == "" || r.c.repost(post) {
			continue
		}
		a := r.c.acct[post]
		if counts[a] == nil {
			counts[a] = map[string]int{}
		}
		counts[a][sites[n]]++
	}
	m := map[string][]uint32{}
	for _, a := range slices.Sorted(maps.Keys(counts)) {
		all, best, site := 0, 0, ""
		for s, n := range counts[a] {
			all += n
			if n > best || n == best && s < site {
				best, site = n, s
			}
		}
		if best >= 5 && 2*best > all && !sharedSites[site] {
			m[site] = append(m[site], a)
		}
	}
	maps.DeleteFunc(m, func(_ string, list []uint32) bool { return len(list) < 2 || len(list) > 8 })
	return m
}

// sharedSites are sites on which everybody may have a page.
var sharedSites = map[string]bool{"t.me": true, "telegram.me": true, "twitter.com": true, "x.com": true, "facebook.com": true, "vk.com": true, "vk.cc": true,
	"youtube.com": true, "youtu.be": true, "instagram.com": true, "tiktok.com": true, "bit.ly": true, "t.co": true, "ok.ru": true, "google.com": true,
	"wikipedia.org": true, "medium.com": true, "livejournal.com": true, "wordpress.com": true, "blogspot.com": true, "change.org": true, "goo.gl": true,
	"clck.ru": true, "tinyurl.com": true, "ow.ly": true, "threads.net": true, "bsky.app": true, "dzen.ru": true, "rutube.ru": true, "github.com": true}

// familyName returns a name for accounts: that of the first with the shortest.
func (r *Result) familyName(accounts []uint32) string {
	best := ""
	for _, a := range accounts {
		i := r.Account(a)
		n := cmp.Or(i.Name, i.ID)
		if best == "" || len([]rune(n)) < len([]rune(best)) {
			best = n
		}
	}
	return strings.Clone(best)
}
