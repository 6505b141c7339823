package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination"
)

var kinds = map[coordination.Trace]string{coordination.SameText: "text", coordination.SimilarText: "text", coordination.Link: "link", coordination.LinkRaw: "link",
	coordination.Domain: "site", coordination.Hashtag: "hashtag", coordination.HashtagSeq: "row of hashtags", coordination.Repost: "reposted post",
	coordination.Reply: "answered post", coordination.Mention: "mentioned account", coordination.MediaHash: "picture, video or sound"}

func kindOf(t coordination.Trace) string {
	if k, ok := kinds[t]; ok {
		return k
	}
	return "value of a column"
}

// waves makes a card of every wave that is shown.
func (b *builder) waves() {
	picks, more := b.pickWaves()
	b.waveOf = picks
	all, _ := b.countWaves()
	b.a.WavesLeft = max(more, all-len(picks))
	for i, p := range picks {
		for _, m := range p.members {
			b.inWave[m] = true
		}
		c := b.card(p)
		c.Name = fmt.Sprintf("W%d", i+1)
		b.a.Waves = append(b.a.Waves, c)
		if !c.from.IsZero() {
			b.bracks = append(b.bracks, Bracket{c.Name, c.from, c.to})
		}
	}
}

// card describes one wave.
func (b *builder) card(p pick) WaveCard {
	r, w := b.r, p.w
	c := WaveCard{Kind: kindOf(p.v.Trace), Trace: string(p.v.Trace), Window: coordination.WindowName(p.v.Window), Accounts: int(w.Accounts), Posts: int(w.Posts),
		Reposts: int(w.Reposts), Texts: int(w.Texts), Platforms: r.Platforms(p.v, w), After: []float64{}, Quotes: []Quote{}, Step: "0"}
	first, last := r.Post(w.First), r.Post(w.Last)
	c.First, c.Last = b.cell(first.Time), b.cell(last.Time)
	c.FirstBy = b.of(first.Account)
	coarse := b.coarser(first.Time, last.Time)
	if s := span(first.Time, last.Time); s >= 0 && dated(first.Time) && dated(last.Time) {
		c.from, c.to = first.Time.UTC(), last.Time.UTC()
		c.Span = b.ladder.Span(s, coarse)
		if w.Half >= 0 && w.Half < s {
			c.Half = b.ladder.Span(w.Half, coarse)
		}
	}
	seen := map[uint32]bool{}
	for _, m := range p.members {
		q := r.Post(m)
		if seen[q.Account] || !dated(q.Time) || !dated(first.Time) {
			continue
		}
		seen[q.Account] = true
		c.After = append(c.After, max(0, float64(q.Time.Millis-first.Time.Millis)/1000))
	}
	c.Languages = b.langsOf(p.members)
	accounts := b.accountsOf(p.members)
	test := b.testOf(p.v, w)
	c.SetApart, c.Kinds = explained(test), b.kinds(accounts)
	if c.SetApart == "" {
		c.SetApart = b.oneFamily(accounts)
	}
	c.Object = r.Object(p.v, w)
	for _, m := range p.members {
		q := r.Post(m)
		c.Posted = append(c.Posted, postLabel(m, &q))
	}
	text := p.v.Trace == coordination.SameText || p.v.Trace == coordination.SimilarText
	b.quotes(&c, p, text)
	c.Message = "one " + c.Kind
	if text && len(c.Quotes) > 0 {
		c.Message = "“" + cut(c.Quotes[0].Text, 48) + "”"
	}
	claim := Claim{About: AboutWave, Trace: p.v.Trace, Accounts: int(w.Accounts), Precision: coarse}
	if p.v.Trace == coordination.SimilarText && w.Texts == 1 {
		claim.Trace = coordination.SameText
	}
	var stops []Stop
	if c.from.IsZero() {
		stops = append(stops, StopNoTimes)
	} else {
		claim.Step, claim.Within = coordination.Step1, c.to.Sub(c.from)
	}
	b.trusted(&claim, &stops)
	c.Step, c.Said = claim.Step.String(), saidOf(claim)
	c.Says = append(c.Says, b.say(claim))
	if c.Half != "" {
		c.Says[0] += " Half of the accounts came within " + c.Half + " of each other."
	}
	for _, s := range stops {
		c.Says = append(c.Says, b.ladder.Stop(s))
	}
	if !c.from.IsZero() && b.touchesGap(c.from, c.to, p.v.Window) {
		c.Says = append(c.Says, "Hours beside or inside this wave were not collected: it may be larger, longer, or begun by somebody else.")
	}
	b.waveTest(&c, test)
	return c
}

// accountsOf returns the accounts of posts, each once, ascending.
func (b *builder) accountsOf(posts []uint32) []uint32 {
	out := make([]uint32, len(posts))
	for i, m := range posts {
		out[i] = b.r.Post(m).Account
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// A variant is one wording in a wave.
type variant struct {
	key      string
	first    uint32
	accounts map[uint32]bool
}

// wordForWord is the text as it would stand in public: two posts with one wording
// are the same word for word, whatever link or handle they carry.
func wordForWord(m *masker, text string) string {
	return strings.Join(strings.Fields(m.mask(text)), " ")
}

// quotes chooses the wordings that are shown: that of most accounts, and the
// one after it.
func (b *builder) quotes(c *WaveCard, p pick, text bool) {
	if !text {
		return
	}
	var m masker
	at := map[string]*variant{}
	var all []*variant
	raw := map[string]string{}
	for _, i := range p.members {
		q := b.r.Post(i)
		if q.Text == "" {
			continue
		}
		key, ok := raw[q.Text]
		if !ok {
			key = wordForWord(&m, q.Text)
			raw[q.Text] = key
		}
		v := at[key]
		if v == nil {
			v = &variant{key: key, first: i, accounts: map[uint32]bool{}}
			at[key] = v
			all = append(all, v)
		}
		v.accounts[q.Account] = true
	}
	slices.SortStableFunc(all, func(x, y *variant) int { return cmp.Compare(len(y.accounts), len(x.accounts)) })
	for _, v := range all[:min(2, len(all))] {
		q := b.r.Post(v.first)
		c.Quotes = append(c.Quotes, Quote{By: b.of(q.Account), At: b.cell(q.Time), Text: q.Text, Copies: len(v.accounts),
			Lang: b.lang(v.first), ID: postLabel(v.first, &q), URL: q.URL})
	}
	if len(all) > 1 {
		c.Equal = equalWords(c.Quotes[0].Text, c.Quotes[1].Text)
		marked(c.Quotes)
		c.Rules = b.r.Rules(all[0].first, all[1].first)
	} else if len(p.members) > 1 {
		c.Rules = b.r.Rules(p.members[0], p.members[len(p.members)-1])
	}
	if n := len(all) - 2; n > 0 {
		c.More = fmt.Sprintf("%s of this message %s not shown.", Count(int64(n), "other wording"), map[bool]string{true: "is", false: "are"}[n == 1])
	}
}

// lang is the language of a post: what is stated, else what the letters tell.
func (b *builder) lang(i uint32) string {
	if b.Lang != nil {
		if l := b.Lang(i); l != "" {
			l, _, _ = strings.Cut(strings.ToLower(l), "-")
			if len(l) == 2 || len(l) == 3 {
				return l
			}
		}
	}
	return letters(b.r.Post(i).Text)
}

// letters tells Kazakh and Russian by letters that only they write; "" for
// everything else.
func letters(s string) string {
	cyr, kk := 0, 0
	for _, r := range s {
		switch r {
		case 'ә', 'ғ', 'қ', 'ң', 'ө', 'ұ', 'ү', 'һ', 'Ә', 'Ғ', 'Қ', 'Ң', 'Ө', 'Ұ', 'Ү', 'Һ':
			kk++
			cyr++
		default:
			if r >= 0x400 && r <= 0x52F {
				cyr++
			}
		}
	}
	switch {
	case cyr < 8:
		return ""
	case kk*25 >= cyr:
		return "kk"
	}
	return "ru"
}

var languageNames = map[string]string{"ru": "Russian", "kk": "Kazakh", "en": "English", "fr": "French", "es": "Spanish", "tr": "Turkish", "uk": "Ukrainian",
	"uz": "Uzbek", "ky": "Kyrgyz", "ar": "Arabic", "de": "German", "be": "Belarusian", "fa": "Persian", "zh": "Chinese", "": "other or not known"}

func languageName(code string) string {
	if n, ok := languageNames[code]; ok {
		return n
	}
	return code
}

// langsOf returns the languages of posts, most first, as names.
func (b *builder) langsOf(posts []uint32) []string {
	n := map[string]int{}
	for _, i := range posts {
		n[b.lang(i)]++
	}
	var out []string
	for l := range n {
		if l != "" {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(x, y string) int { return cmp.Or(cmp.Compare(n[y], n[x]), cmp.Compare(x, y)) })
	for i := range out {
		out[i] = languageName(out[i])
	}
	return out
}

// languages draws the posts of each language on one scale, when there are
// several.
func (b *builder) languages() {
	t := b.a.Timeline
	if t == nil {
		return
	}
	rows := map[string]*LanguageRow{}
	for i := range uint32(b.r.Posts) {
		code := b.lang(i)
		row := rows[code]
		if row == nil {
			row = &LanguageRow{Code: code, Name: languageName(code), Bars: make([]Bar, len(t.Bars))}
			rows[code] = row
		}
		row.Posts++
		p := b.r.Post(i)
		k := -1
		if dated(p.Time) {
			k = int(p.Time.UTC().Sub(t.From) / t.Step)
		}
		in := b.inWave[i]
		if in {
			row.Waves++
		}
		switch {
		case k < 0 || k >= len(t.Bars):
		case in:
			row.Bars[k].Wave++
		default:
			row.Bars[k].Other++
		}
	}
	if len(rows) < 2 {
		return
	}
	var out []LanguageRow
	for _, row := range rows {
		out = append(out, *row)
	}
	slices.SortFunc(out, func(x, y LanguageRow) int {
		if (x.Code == "") != (y.Code == "") {
			return cmp.Compare(y.Code, x.Code) // what is not known comes last
		}
		return cmp.Or(cmp.Compare(y.Posts, x.Posts), cmp.Compare(x.Code, y.Code))
	})
	const most = 6
	for len(out) > most { // the smallest are counted with those not known
		x := out[most-1]
		last := &out[len(out)-1]
		for k := range x.Bars {
			last.Bars[k].Wave += x.Bars[k].Wave
			last.Bars[k].Other += x.Bars[k].Other
		}
		last.Posts, last.Waves = last.Posts+x.Posts, last.Waves+x.Waves
		last.Code, last.Name = "", languageName("")
		out = slices.Delete(out, most-1, most)
	}
	b.a.Languages = out
}

// whenWords prints a time cell as people write it: "2 Nov 2031, 20:58".
func whenWords(cell string, year bool) string {
	for _, f := range [...][2]string{{"2006-01-02T15:04:05.000Z", "2 Jan 2006, 15:04:05"}, {"2006-01-02T15:04:05Z", "2 Jan 2006, 15:04:05"}, {"2006-01-02T15:04Z", "2 Jan 2006, 15:04"},
		{"2006-01-02T15Z", "2 Jan 2006, 15 h"}, {"2006-01-02", "2 Jan 2006"}, {"2006-01", "January 2006"}, {"2006", "2006"}} {
		t, err := time.Parse(f[0], cell)
		if err != nil {
			continue
		}
		out := f[1]
		if !year {
			out = strings.ReplaceAll(out, " 2006,", ",")
		}
		return strings.ReplaceAll(t.Format(out), " Jan", "\u00a0Jan")
	}
	return cell
}
