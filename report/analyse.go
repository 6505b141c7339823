package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// How much an analysis shows. What is left out is counted.
const (
	showWaves      = 12
	showApart      = 4 // waves that a rule sets apart
	showGroups     = 12
	showMembers    = 60 // labels of one group
	showNarratives = 12
	leastAccounts  = 3 // of a wave that is shown, and of a text that is quoted in public
)

// A Study is what an analysis starts from. Only Result is needed; what is nil
// or empty was not asked for, and the analysis says so where it matters.
type Study struct {
	Result  *coordination.Result
	Version string
	Inputs  []AnalysisInput
	Unread  int64                    // records of the files that no post could be made of
	Command string                   // as a person can type it again
	Public  string                   // the same without the names of files, for the public edition
	Lang    func(post uint32) string // what the platform or the user states; nil: nothing stated
	Seed    uint64

	Tests      []Tested                   // group tests, by trace; nil: not run
	Edited     *coordination.EditedCopies // nil: not run
	Narratives *coordination.Narratives   // nil: not run
	Waves      []*coordination.WaveTests  // tests of messages, by trace; nil: not run
	Advice     *coordination.Advice       // what to collect to say more; nil: not asked
	Before     []coordination.Wanted      // the checklist of an earlier run; nil: none was given

	Publishers *coordination.Publishers  // families that count as one; may be nil
	Suggested  []coordination.Suggestion // families that a person should look at
	Described  *coordination.Described   // sourced facts about accounts; may be nil
	Events     *coordination.DatedEvents // fixed before the posts were read; may be nil
	Gaps       []coordination.Gap        // what was not collected, by beginning; nil: nothing stated
	EventsKept string                    // where the file of events is logged; "" when it is not
}

// A builder assembles an analysis section by section.
type builder struct {
	*Study
	r      *coordination.Result
	a      *Analysis
	label  map[uint32]int // account → number of its label
	order  []uint32       // accounts by label
	inWave []bool         // per post: in a wave that is shown
	waveOf []pick         // the waves shown
	bracks []Bracket
	tie    []accountTie // inside and between the groups

	ladder    Ladder
	precision post.Precision // of most times
}

// Analyse makes the analysis of a study. It is a pure function: the same
// study gives the same analysis, whatever the number of processors.
func Analyse(s *Study) *Analysis {
	b := &builder{Study: s, r: s.Result, label: map[uint32]int{}, inWave: make([]bool, s.Result.Posts)}
	b.a = &Analysis{Schema: "arasha-analysis/1", Version: s.Version, Edition: Desk, Zone: "UTC", Events: []Event{}, Waves: []WaveCard{}, Groups: []Group{}, Accounts: []AccountRow{}}
	b.ladder, _ = LadderIn("en") // the language of the other sentences
	b.asked()
	b.collected()
	b.gaps()
	b.precision = precisionOf(b.a.Collected.Precision)
	b.groups()
	b.waves()
	b.edited()
	b.ordinary()
	b.families()
	b.events()
	b.described()
	b.network()
	b.grids()
	b.calibration()
	b.timeline()
	b.languages()
	b.narratives()
	b.says()
	b.method()
	b.limits()
	b.since()
	if b.Advice != nil {
		b.a.Further = append(b.a.Further, b.Advice.Says...)
	}
	b.accounts()
	b.replay()
	return b.a
}

// of returns the label of an account: "account 07", numbered in the order in
// which the report first names them.
func (b *builder) of(account uint32) string {
	n, ok := b.label[account]
	if !ok {
		b.order = append(b.order, account)
		n = len(b.order)
		b.label[account] = n
	}
	return fmt.Sprintf("account %02d", n)
}

var traceWords = map[coordination.Trace]string{coordination.SameText: "the same text", coordination.SimilarText: "similar texts", coordination.Link: "the same link",
	coordination.LinkRaw: "the same address as written", coordination.Domain: "links to the same site", coordination.Hashtag: "the same hashtag",
	coordination.HashtagSeq: "the same hashtags in the same order", coordination.Repost: "reposts of the same post", coordination.Reply: "replies to the same post",
	coordination.Mention: "mentions of the same account", coordination.MediaHash: "the same picture, video or sound"}

func traceInWords(t coordination.Trace) string {
	if s, ok := traceWords[t]; ok {
		return s
	}
	return "the same value of the column “" + strings.TrimPrefix(string(t), "column:") + "”"
}

func (b *builder) asked() {
	f := New(b.r, b.Version, nil)
	b.a.Asked = Asked{Parameters: f.Parameters, Seed: b.Seed}
	for _, t := range b.r.Options.Traces {
		b.a.Asked.Traces = append(b.a.Asked.Traces, traceInWords(t))
	}
}

func (b *builder) collected() {
	r := b.r
	unnamed, stand := r.Unnamed()
	c := &b.a.Collected
	*c = Collected{Inputs: b.Inputs, Posts: r.Posts, Accounts: r.Accounts - stand, Texts: r.Texts, Untimed: r.Untimed, Unnamed: unnamed, Unread: b.Unread, Platforms: []Counted{}}
	if c.Inputs == nil {
		c.Inputs = []AnalysisInput{}
	}
	platforms := map[string]int{}
	precisions := map[post.Precision]int{}
	for i := range uint32(r.Posts) {
		p := r.Post(i)
		if p.Repost {
			c.Reposts++
		}
		platforms[r.Account(p.Account).Platform]++
		precisions[p.Time.Precision]++
	}
	for name, n := range platforms {
		if name == "" {
			name = "not stated"
		}
		c.Platforms = append(c.Platforms, Counted{name, n})
	}
	slices.SortFunc(c.Platforms, func(a, b Counted) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name)) })
	best := post.None
	for _, p := range []post.Precision{post.Millisecond, post.Second, post.Minute, post.Quarter, post.Hour, post.Day, post.Week, post.Month, post.Year} {
		if precisions[p] > precisions[best] || best == post.None && precisions[p] > 0 {
			best = p
		}
	}
	if r.Posts > r.Untimed {
		c.First, c.Last = r.First.Format(time.RFC3339), r.Last.Format(time.RFC3339)
		c.Precision = best.String()
	}
	if b.wholeMinutes() && best < post.Minute && c.Precision != "" {
		c.Precision = post.Minute.String()
		c.Missing = append(c.Missing, "All times fall on full minutes: the source keeps minutes, so two posts may lie up to a minute farther apart than printed.")
	}
	miss := func(n int64, one, many string) {
		if n == 1 {
			c.Missing = append(c.Missing, one)
		} else if n > 1 {
			c.Missing = append(c.Missing, fmt.Sprintf(many, Thousands(n)))
		}
	}
	miss(b.Unread, "One record of the files could not be read as a post and took no part.", "%s records of the files could not be read as posts and took no part.")
	miss(int64(r.Untimed), "One post has no known time of publication; it took part in no window but the unbounded one.", "%s posts have no known time of publication; they took part in no window but the unbounded one.")
	miss(int64(unnamed), "One post names no account.", "%s posts name no account; those of one platform stand as one account and never pair with each other.")
	miss(int64(r.TooLong), "One text of more than 65,535 different words was not compared as similar.", "%s texts of more than 65,535 different words were not compared as similar.")
	for i := range r.Views {
		v := &r.Views[i]
		if v.Trace == r.Options.Traces[0] && v.LeftOut > r.Untimed {
			c.Missing = append(c.Missing, fmt.Sprintf("Within %s, %s took no part: their times are not known that exactly.", windowWords(v.Window), Count(int64(v.LeftOut), "post")))
		}
	}
}

// wholeMinutes reports whether every known time falls on a full minute, which
// among so many posts no clock of seconds does.
func (b *builder) wholeMinutes() bool {
	n := 0
	for i := range uint32(b.r.Posts) {
		if t := b.r.Post(i).Time; dated(t) {
			if t.Millis%60_000 != 0 {
				return false
			}
			n++
		}
	}
	return n >= 20
}

// coarser returns how exactly both times are known.
func (b *builder) coarser(x, y post.Time) post.Precision {
	p := max(x.Precision, y.Precision)
	if b.precision == post.Minute { // also where the source prints seconds that are all zero
		p = max(p, post.Minute)
	}
	return p
}

// cell prints a time of a post no more exactly than it is known.
func (b *builder) cell(t post.Time) string {
	if t.Known() {
		t.Precision = b.coarser(t, t)
	}
	return timeCell(t)
}

// countWaves counts the waves of each trace in its longest bounded window, or
// in the unbounded one where it has no other, and names the traces.
func (b *builder) countWaves() (all int, says []string) {
	for _, t := range b.r.Options.Traces {
		if t == coordination.SameText && slices.Contains(b.r.Options.Traces, coordination.SimilarText) {
			continue
		}
		var widest *coordination.View
		for i := range b.r.Views {
			if v := &b.r.Views[i]; v.Trace == t && (v.Window != coordination.Unbounded || widest == nil) {
				widest = v
			}
		}
		if widest != nil && len(widest.Waves) > 0 {
			all += len(widest.Waves)
			says = append(says, fmt.Sprintf("%s by %s", Count(int64(len(widest.Waves)), "wave"), traceInWords(t)))
		}
	}
	return all, says
}

// windowWords prints a window in words.
func windowWords(w time.Duration) string {
	switch {
	case w == coordination.Unbounded:
		return "any time"
	case w == 0:
		return "the same moment"
	case w%(24*time.Hour) == 0 && w > 48*time.Hour:
		return Count(int64(w/(24*time.Hour)), "day")
	case w%time.Hour == 0:
		return Count(int64(w/time.Hour), "hour")
	case w%time.Minute == 0:
		return Count(int64(w/time.Minute), "minute")
	case w%time.Second != 0:
		return Count(w.Milliseconds(), "millisecond")
	}
	return Count(int64(w/time.Second), "second")
}

// A pick is a wave chosen for the report.
type pick struct {
	v       *coordination.View
	w       *coordination.Wave
	members []uint32
}

// pickWaves chooses the waves of most accounts. Of one message under several
// traces and windows it takes the shortest window that still holds most of
// its accounts, and each post stands in one chosen wave at most once as the
// bulk of it.
func (b *builder) pickWaves() (picks []pick, more int) {
	r := b.r
	type candidate struct {
		v *coordination.View
		w *coordination.Wave
	}
	var all []candidate
	for i := range r.Views {
		v := &r.Views[i]
		if v.Window == coordination.Unbounded && len(r.Options.Windows) > 1 ||
			v.Trace == coordination.SameText && slices.Contains(r.Options.Traces, coordination.SimilarText) {
			continue
		}
		for j := range v.Waves {
			if v.Waves[j].Accounts < leastAccounts && j >= showWaves || j >= 400 {
				break
			}
			all = append(all, candidate{v, &v.Waves[j]})
		}
	}
	// A wave in a window counts for its accounts, less what a longer window
	// needs to gather as many: a factor of two in accounts for each step.
	worth := func(c candidate) int64 {
		n := int64(c.w.Accounts) << 16
		for k := range r.Options.Windows {
			if r.Options.Windows[k] == c.v.Window {
				for range k {
					n = n * 2 / 3
				}
			}
		}
		return n
	}
	slices.SortStableFunc(all, func(x, y candidate) int {
		return cmp.Or(cmp.Compare(worth(y), worth(x)), cmp.Compare(y.w.Accounts, x.w.Accounts))
	})
	taken := map[uint32]bool{}
	shown := map[bool]int{} // by whether a rule sets it apart
	for _, c := range all {
		if shown[false] == showWaves && c.w.Accounts < leastAccounts {
			break
		}
		members := r.Members(c.v, c.w)
		again := 0
		for _, p := range members {
			if taken[p] {
				again++
			}
		}
		if 2*again > len(members) {
			continue
		}
		for _, p := range members {
			taken[p] = true
		}
		apart := explained(b.testOf(c.v, c.w)) != "" || b.oneFamily(b.accountsOf(members)) != ""
		if most := map[bool]int{false: showWaves, true: showApart}[apart]; shown[apart] == most {
			more++
			continue
		}
		shown[apart]++
		picks = append(picks, pick{c.v, c.w, members})
	}
	slices.SortStableFunc(picks, func(x, y pick) int {
		return cmp.Compare(r.Post(x.members[0]).Time.Millis, r.Post(y.members[0]).Time.Millis)
	})
	return picks, more
}

func (b *builder) timeline() {
	r := b.r
	if r.Posts == r.Untimed || !r.Last.After(r.First) {
		return
	}
	if r.Last.Sub(r.First) > 200*365*24*time.Hour {
		b.a.Limits = append(b.a.Limits, "The posts are dated over more than two hundred years, so some dates are wrong; no timeline is drawn.")
		return
	}
	t := &Timeline{}
	span := r.Last.Sub(r.First) + 1
	t.Step = stepFor(span, 96, 0)
	t.From = r.First.UTC().Truncate(t.Step)
	if r.Last.Sub(t.From) >= 96*t.Step {
		t.Step = stepFor(r.Last.Sub(t.From)+1, 96, 0)
		t.From = r.First.UTC().Truncate(t.Step)
	}
	n := int(r.Last.Sub(t.From)/t.Step) + 1
	t.Bars = make([]Bar, n)
	thick := stepFor(time.Duration(n)*t.Step, 36, t.Step)
	t.Thick = max(1, int(thick/t.Step))
	t.StepWords, t.ThickWords = windowWords(t.Step), windowWords(t.Step*time.Duration(t.Thick))
	for i := range uint32(r.Posts) {
		p := r.Post(i)
		if !dated(p.Time) {
			continue
		}
		k := int(p.Time.UTC().Sub(t.From) / t.Step)
		if k < 0 || k >= n {
			continue
		}
		if b.inWave[i] {
			t.Bars[k].Wave++
		} else {
			t.Bars[k].Other++
		}
	}
	prec, _ := post.ParsePrecision(b.a.Collected.Precision)
	t.Uncertain = prec.Span() > t.Step
	t.Waves = b.bracks
	t.Missing = notCollected(b.Gaps, t.From, t.From.Add(time.Duration(n)*t.Step))
	for _, e := range b.a.Events {
		if e.Inside {
			t.Events = append(t.Events, DatedMark{Number: e.Number, At: e.time, Name: cut(e.Text, 18)})
		}
	}
	b.a.Timeline = t
}

// dated reports whether a time says when something was published.
func dated(t post.Time) bool {
	return t.Known() && t.Basis != post.Collected && t.Basis != post.Batch
}

func (b *builder) accounts() {
	row := map[uint32]*AccountRow{}
	for _, n := range b.order {
		info := b.r.Account(n)
		a := AccountRow{Label: b.of(n), Posts: b.r.PostsOf(n), ID: info.ID, Name: otherName(info), Platform: info.Platform}
		for _, f := range b.Described.Facts(n) {
			if k := attributeWords[f.Attribute]; !slices.Contains(a.Kinds, k) {
				a.Kinds = append(a.Kinds, k)
			}
			line := attributeWords[f.Attribute]
			if f.AccordingTo != "" {
				line += ", according to " + f.AccordingTo
			}
			if f.Date.Known() {
				line += ", " + whenWords(timeCell(f.Date), true)
			}
			if f.Ref != "" {
				line += ", item " + f.Ref
			}
			a.Facts = append(a.Facts, line)
		}
		b.a.Accounts = append(b.a.Accounts, a)
	}
	for i, n := range b.order {
		row[n] = &b.a.Accounts[i]
	}
	for _, w := range b.waveOf {
		seen := map[uint32]bool{}
		for _, p := range w.members {
			if a := b.r.Post(p).Account; !seen[a] {
				seen[a] = true
				if row[a] != nil {
					row[a].Waves++
				}
			}
		}
	}
	for i := range b.a.Families {
		for _, l := range b.a.Families[i].Labels {
			for k := range b.a.Accounts {
				if x := &b.a.Accounts[k]; x.Label == l && b.a.Families[i].Applied {
					x.In = append(x.In, fmt.Sprintf("family %d", i+1))
				}
			}
		}
	}
	for i := range b.a.Groups {
		g := &b.a.Groups[i]
		for _, m := range g.members {
			if row[m] != nil {
				row[m].In = append(row[m].In, g.Name)
			}
		}
	}
}
