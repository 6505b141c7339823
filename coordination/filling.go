package coordination

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/post"
)

// A Wanted is a line of the checklist as it was written down: a [Need] with
// its account by name, so that it is understood without the posts it was made
// from.
type Wanted struct {
	What     NeedKind
	Platform string
	Account  string
	Trace    Trace
	Message  string
	Class    string
	Want     int
	Have     int
	From, To time.Time // both zero: any time; To is the first instant after
	AtHand   []string  // as [Need.AtHand]
}

// A Filling counts how much of a checklist new posts fill. What was at hand
// when the checklist was made, and is found again, is not counted. Messages are
// compared with the default options of an analysis.
type Filling struct {
	lines    []Wanted
	byName   map[string][]int   // account → lines with NeedPosts
	shared   *Corpus            // for lines that name a message; nil: there are none
	grounds  map[string]*Corpus // platform → posts, for NeedMessages
	posts    int
	count    []int
	platform map[string][]int // platform → lines with NeedMessages
}

// NewFilling returns a Filling of these lines. It fails on a line that cannot
// be counted, naming it.
func NewFilling(lines []Wanted) (*Filling, error) {
	f := &Filling{lines: lines, byName: map[string][]int{}, grounds: map[string]*Corpus{}, platform: map[string][]int{}, count: make([]int, len(lines))}
	var traces []Trace               // of messages
	ordinary := map[string]Options{} // of backgrounds, by platform
	for i := range lines {
		l := &lines[i]
		switch l.What {
		case NeedPosts:
			if l.Account == "" {
				return nil, fmt.Errorf("%s without an account", l.What)
			}
			f.byName[l.Account] = append(f.byName[l.Account], i)
			continue
		case NeedMessages:
			if !slices.Contains(SizeClasses, l.Class) {
				return nil, fmt.Errorf("%q is no size of messages; known: %s", l.Class, strings.Join(SizeClasses, ", "))
			}
			o := ordinary[l.Platform]
			if !slices.Contains(o.Traces, l.Trace) {
				o.Traces = append(o.Traces, l.Trace)
			}
			ordinary[l.Platform] = o
			f.platform[l.Platform] = append(f.platform[l.Platform], i)
		case NeedOutsiders, NeedTimes, NeedAccounts:
			if l.Message == "" {
				return nil, fmt.Errorf("%s without a message", l.What)
			}
			if !slices.Contains(traces, l.Trace) {
				traces = append(traces, l.Trace)
			}
		default:
			return nil, fmt.Errorf("%q is nothing that is collected; known: %s, %s, %s, %s, %s", l.What, NeedPosts, NeedMessages, NeedOutsiders, NeedTimes, NeedAccounts)
		}
		if l.Trace == "" {
			return nil, fmt.Errorf("%s without a trace", l.What)
		}
	}
	var err error
	if traces != nil {
		if f.shared, err = NewCorpus(Options{Traces: traces, Windows: []time.Duration{Unbounded}}); err != nil {
			return nil, err
		}
	}
	for name, o := range ordinary {
		if f.grounds[name], err = NewCorpus(o); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Add adds a post that was collected. The post may be changed afterwards.
func (f *Filling) Add(p *post.Post) {
	for _, i := range f.byName[p.Account.Key()] {
		l := &f.lines[i]
		if l.Platform != "" && l.Platform != p.Platform || p.ID != "" && slices.Contains(l.AtHand, p.ID) {
			continue
		}
		if !l.From.IsZero() {
			if at := p.Time.UTC(); !p.Time.Timed(48*time.Hour) || at.Before(l.From) || !at.Before(l.To) {
				continue
			}
		}
		f.count[i]++
	}
	f.posts++
	if f.shared != nil {
		f.shared.Add(p)
	}
	for name, c := range f.grounds {
		if name == "" || name == p.Platform {
			c.Add(p)
		}
	}
}

// Count returns how many posts, accounts or messages were found for each line.
// Nothing may be added afterwards. It fails when ctx ends.
func (f *Filling) Count(ctx context.Context) ([]int, error) {
	if f.shared != nil {
		if err := f.countShared(ctx); err != nil {
			return nil, err
		}
	}
	for name, c := range f.grounds {
		r, err := c.Find(ctx)
		if err != nil {
			return nil, err
		}
		var clear []Suggestion
		for _, s := range r.SuggestFamilies() {
			if s.Clear() {
				clear = append(clear, s)
			}
		}
		ref := NewReference(name, r, r.Publishers(nil, clear))
		for _, i := range f.platform[name] {
			f.count[i] = ref.Messages(f.lines[i].Trace, slices.Index(SizeClasses, f.lines[i].Class))
		}
	}
	return f.count, nil
}

// countShared puts the message of each line after the posts, as a post of
// nobody, and counts what shares it.
func (f *Filling) countShared(ctx context.Context) error {
	probe := map[uint32]int{} // post → line
	for i := range f.lines {
		if l := &f.lines[i]; l.Message != "" {
			probe[uint32(f.posts+len(probe))] = i
			p := bearing(l.Trace, l.Message)
			p.Account.ID = fmt.Sprint("\x00", i) // for accounts of their own
			f.shared.Add(p)
		}
	}
	r, err := f.shared.Find(ctx)
	if err != nil {
		return err
	}
	for i := range r.Views {
		v := &r.Views[i]
		for j := range v.Waves {
			members := r.Members(v, &v.Waves[j])
			real := slices.DeleteFunc(slices.Clone(members), func(m uint32) bool { return int(m) >= f.posts })
			for _, m := range members {
				if n, ok := probe[m]; ok && f.lines[n].Trace == v.Trace {
					f.count[n] = f.sharing(r, &f.lines[n], real)
				}
			}
		}
	}
	return nil
}

// sharing counts, of posts that share the message of a line, what the line
// wants: accounts, or posts whose times are known.
func (f *Filling) sharing(r *Result, l *Wanted, posts []uint32) int {
	n := 0
	seen := map[uint32]bool{}
	for _, m := range posts {
		p := r.Post(m)
		a := r.Account(p.Account)
		switch {
		case a.ID == "":
		case l.What == NeedTimes:
			if p.Time.Timed(time.Hour) && (p.ID == "" || !slices.Contains(l.AtHand, p.ID)) {
				n++
			}
		case !seen[p.Account] && !slices.Contains(l.AtHand, a.ID):
			seen[p.Account] = true
			n++
		}
	}
	return n
}

// bearing returns a post that bears a message as [Result.Object] names it.
func bearing(t Trace, message string) *post.Post {
	p := &post.Post{}
	switch t {
	case SameText, SimilarText:
		p.Text = message
	case Link, LinkRaw:
		p.Links = []string{message}
	case Domain:
		p.Links = []string{"https://" + message + "/"}
	case Hashtag:
		p.Hashtags = []string{message}
	case HashtagSeq:
		p.Hashtags = strings.Fields(message)
	case Repost:
		p.RepostOf = message
	case Reply:
		p.ReplyTo = message
	case Mention:
		p.Mentions = []string{message}
	case MediaHash:
		p.Media = []post.Media{{Hash: message}}
	default:
		p.Extra = map[string]string{strings.TrimPrefix(string(t), column): message}
	}
	return p
}
