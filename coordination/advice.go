package coordination

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// What to collect, in numbers.
const (
	EarlierPosts       = 20  // posts of an account beside the message, so that its hours are known
	ComparableMessages = 200 // ordinary messages of the same kind and size: twice MinReference
)

// A NeedKind is a kind of thing to collect.
type NeedKind string

// The kinds.
const (
	NeedPosts     NeedKind = "earlier-posts"       // other posts of one account
	NeedMessages  NeedKind = "comparable-messages" // ordinary messages, for a background
	NeedOutsiders NeedKind = "other-accounts"      // others who shared one message
	NeedTimes     NeedKind = "exact-times"         // when the posts of one message were published
	NeedAccounts  NeedKind = "more-accounts"       // further accounts that published one message
)

// A Need is one line of the checklist.
type Need struct {
	What     NeedKind
	Account  uint32    // for NeedPosts; meaningless otherwise
	Platform string    // of the account, or "" for any
	Trace    Trace     // of the message or messages
	Message  string    // the link, hashtag, … or text; "" for NeedPosts and NeedMessages
	Class    string    // for NeedMessages: the size class, in publishers
	Want     int       // in all
	Have     int       // in this run
	From, To time.Time // published between; zero: any time
	AtHand   []string  // ids of the posts, for messages of accounts, that Have counts; those without are left out
	Why      string    // one sentence
}

// Missing returns how many are still to be collected.
func (n *Need) Missing() int { return max(n.Want-n.Have, 0) }

// Advice is what an analysis says about itself: which step its waves reached,
// why they go no higher, and what to collect to go further. It is a checklist
// that collecting fills, and a second run over more posts counts it anew.
type Advice struct {
	Step  Step       // the highest that a message reached that no rule explains
	Stops []WaveStop // why those on that step go no higher, most frequent first
	Needs []Need     // accounts first, then messages
	Says  []string   // the same in sentences
}

// Advise looks at the tests of one analysis. groups may be nil.
func (r *Result) Advise(waves []*WaveTests, groups *GroupTest) *Advice {
	a := &Advice{}
	stops := map[WaveStop]int{}
	poor := map[uint32]*Need{} // accounts with too few posts
	want := map[string]*Need{} // messages, by what is wanted
	add := func(n Need) {
		k := fmt.Sprint(n.What, "\x00", n.Trace, "\x00", n.Message, "\x00", n.Class, "\x00", n.Platform)
		if want[k] == nil {
			want[k] = &n
		}
	}
	for _, w := range waves {
		if w.Status == WavesFew {
			n := 0
			for i := range r.Views {
				if v := &r.Views[i]; v.Trace == w.Trace && v.Window == r.Options.Windows[len(r.Options.Windows)-1] {
					for k := range v.Waves {
						if n++; n <= maxAdvised {
							add(Need{What: NeedAccounts, Trace: w.Trace, Message: r.Object(v, &v.Waves[k]), Want: w.Options.MinAccounts,
								Have: int(v.Waves[k].Accounts), AtHand: r.accountsHeld(r.Members(v, &v.Waves[k])), Why: "a message of fewer publishers is not tested"})
						}
					}
				}
			}
		}
		for i := range w.Tests {
			t := &w.Tests[i]
			if len(t.Explained) > 0 {
				continue
			}
			if t.Step > a.Step {
				a.Step = t.Step
				clear(stops)
			}
			if t.Step == a.Step {
				stops[t.Stop]++
			}
			r.adviseWave(t, poor, add)
		}
	}
	for s := range stops {
		a.Stops = append(a.Stops, s)
	}
	slices.SortFunc(a.Stops, func(x, y WaveStop) int { return cmp.Or(stops[y]-stops[x], cmp.Compare(x, y)) })
	if groups != nil && groups.Status == NoneBackdrop {
		for i := range r.Views {
			v := &r.Views[i]
			if v.Trace != groups.Trace || v.Window != r.Options.Windows[len(r.Options.Windows)-1] {
				continue
			}
			for k := range v.Waves[:min(len(v.Waves), maxAdvised)] {
				w := &v.Waves[k]
				add(Need{What: NeedOutsiders, Trace: v.Trace, Message: r.Object(v, w), Want: 2 + MinBackground, Have: int(w.Accounts), AtHand: r.accountsHeld(r.Members(v, w)),
					Why: "without others who shared it, nothing can be said of those who share it again and again"})
			}
		}
	}
	if len(poor) > 0 {
		for i := range uint32(r.Posts) {
			if p := r.Post(i); poor[p.Account] != nil && p.ID != "" {
				poor[p.Account].AtHand = append(poor[p.Account].AtHand, p.ID)
			}
		}
	}
	for _, n := range poor {
		a.Needs = append(a.Needs, *n)
	}
	slices.SortFunc(a.Needs, func(x, y Need) int { return cmp.Compare(x.Account, y.Account) })
	var rest []Need
	for _, n := range want {
		rest = append(rest, *n)
	}
	slices.SortFunc(rest, func(x, y Need) int {
		return cmp.Or(cmp.Compare(x.What, y.What), cmp.Compare(x.Trace, y.Trace), cmp.Compare(x.Class, y.Class), cmp.Compare(x.Platform, y.Platform), y.Have-x.Have, cmp.Compare(x.Message, y.Message))
	})
	a.Needs = append(a.Needs, rest...)
	a.Says = a.sentences()
	return a
}

// accountsHeld returns the ids of the accounts of posts, each once.
func (r *Result) accountsHeld(posts []uint32) []string {
	var out []string
	for _, m := range posts {
		if id := r.Account(r.Post(m).Account).ID; id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// maxAdvised bounds how many messages of one kind are listed one by one.
const maxAdvised = 20

// adviseWave says what would let one message be judged further.
func (r *Result) adviseWave(t *WaveTest, poor map[uint32]*Need, add func(Need)) {
	switch t.Stop {
	case StopUntimed, StopInexact:
		timed := 0
		var ids []string
		for _, m := range t.Posts {
			if p := r.Post(m); p.Time.Timed(time.Hour) {
				timed++
				if p.ID != "" {
					ids = append(ids, p.ID)
				}
			}
		}
		add(Need{What: NeedTimes, Trace: t.Trace, Message: t.Name, Want: len(t.Posts), Have: timed, AtHand: ids, Why: "without times nothing is said of how close together they are"})
	case StopSpreadOut, StopExplained, StopOnce:
		return
	}
	mid := r.Post(t.Peak).Time.UTC()
	for _, account := range t.Members {
		other := r.PostsOf(account) - 1
		if other >= FewPosts || r.Account(account).ID == "" {
			continue
		}
		if poor[account] == nil {
			n := &Need{What: NeedPosts, Account: account, Platform: r.Account(account).Platform, Want: EarlierPosts,
				Why: "an account's own hours are known from its other posts"}
			poor[account] = n
			n.Have = other
			if !mid.IsZero() {
				n.From, n.To = mid.AddDate(0, 0, -14), mid.AddDate(0, 0, 14)
			}
		} else if n := poor[account]; !mid.IsZero() && !n.From.IsZero() { // several messages: a span that serves all
			n.From, n.To = minTime(n.From, mid.AddDate(0, 0, -14)), maxTime(n.To, mid.AddDate(0, 0, 14))
		}
	}
	if t.Popularity.N < MinReference && t.Popularity.Class != "" {
		platform := ""
		if len(t.Platforms) == 1 {
			platform = t.Platforms[0]
		}
		add(Need{What: NeedMessages, Platform: platform, Trace: t.Trace, Class: t.Popularity.Class, Want: ComparableMessages, Have: t.Popularity.N,
			Why: "how unusual a message is can be said only beside ordinary ones of its kind and size, published by other accounts at another time"})
	}
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func maxTime(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// sentences says the needs in words, one sentence a kind.
func (a *Advice) sentences() []string {
	var out []string
	accounts, posts := 0, 0
	var first []Need
	for _, n := range a.Needs {
		switch n.What {
		case NeedPosts:
			accounts++
			posts += n.Missing()
		default:
			first = append(first, n)
		}
	}
	count := func(n int, noun string) string {
		if n == 1 {
			return "1 " + noun
		}
		return fmt.Sprintf("%d %ss", n, noun)
	}
	if accounts > 0 {
		out = append(out, fmt.Sprintf("Collect the earlier and later posts of %s: %s, up to %d each.", count(accounts, "account"), count(posts, "more post"), EarlierPosts))
	}
	counted := map[NeedKind]int{}
	for _, n := range first {
		if n.What != NeedMessages {
			counted[n.What]++
			continue
		}
		where := "of the same kind"
		if n.Platform != "" {
			where += " from " + n.Platform
		}
		out = append(out, fmt.Sprintf("Collect %d comparable messages %s (%s, by %s publishers each) as a background: %d are at hand.", n.Want, where, n.Trace, n.Class, n.Have))
	}
	if n := counted[NeedOutsiders]; n > 0 {
		out = append(out, fmt.Sprintf("Collect who else shared %s: at least %d other accounts each.", count(n, "message"), MinBackground))
	}
	if n := counted[NeedTimes]; n > 0 {
		out = append(out, fmt.Sprintf("Find out when %s published.", map[bool]string{true: "1 message was", false: fmt.Sprintf("%d messages were", n)}[n == 1]))
	}
	if n := counted[NeedAccounts]; n > 0 {
		out = append(out, fmt.Sprintf("Look for further accounts that published %s.", count(n, "message")))
	}
	return out
}
