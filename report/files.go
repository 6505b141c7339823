package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// timeCell prints a time no more exactly than it is known, in the form of ISO
// 8601; "" when it is not known.
func timeCell(t post.Time) string {
	if !t.Known() {
		return ""
	}
	u := t.UTC()
	switch t.Precision {
	case post.Millisecond:
		return u.Format("2006-01-02T15:04:05.000Z")
	case post.Second:
		return u.Format("2006-01-02T15:04:05Z")
	case post.Minute, post.Quarter:
		return u.Format("2006-01-02T15:04Z")
	case post.Hour:
		return u.Format("2006-01-02T15Z")
	case post.Month:
		return u.Format("2006-01")
	case post.Year:
		return u.Format("2006")
	}
	return u.Format("2006-01-02")
}

// otherName is the name of an account, "" where it is its id.
func otherName(a coordination.AccountInfo) string {
	if a.Name == a.ID {
		return ""
	}
	return a.Name
}

// Edges writes every listed edge of every view; "all" is the combined
// network.
func Edges(csv, json io.Writer, r *coordination.Result) error {
	t := newTable(csv, json, "trace", "window", "account_a", "name_a", "platform_a", "account_b", "name_b", "platform_b",
		"messages", "pairs", "timed_pairs", "gap_mean_s", "gap_min_s", "a_first", "b_first", "traces")
	who := func(n uint32) {
		a := r.Account(n)
		t.str(a.ID)
		t.str(otherName(a))
		t.str(a.Platform)
	}
	for i := range r.Views {
		v := &r.Views[i]
		for j := range v.Edges {
			e := &v.Edges[j]
			t.str(string(v.Trace))
			t.str(coordination.WindowName(v.Window))
			who(e.A)
			who(e.B)
			t.num(int64(e.Messages))
			t.num(int64(e.Pairs))
			t.num(int64(e.Timed))
			t.seconds(e.GapMean())
			t.seconds(e.GapMin)
			t.num(int64(e.AFirst))
			t.num(int64(e.BFirst))
			t.list(nil)
		}
	}
	for i := range r.Combined {
		c := &r.Combined[i]
		for j := range c.Edges {
			e := &c.Edges[j]
			t.str("all")
			t.str(coordination.WindowName(c.Window))
			who(e.A)
			who(e.B)
			t.num(int64(e.Messages))
			t.num(int64(e.Pairs))
			t.str("")
			t.seconds(-1)
			t.seconds(e.GapMin)
			t.str("")
			t.str("")
			t.list(traceNames(r.Traces(e)))
		}
	}
	return t.close()
}

func traceNames(traces []coordination.Trace) []string {
	out := make([]string, len(traces))
	for i, t := range traces {
		out[i] = string(t)
	}
	return out
}

// postLabel names a post: its id, or its number in the input where it has
// none.
func postLabel(i uint32, p *coordination.PostInfo) string {
	if p.ID != "" {
		return p.ID
	}
	return "#" + strconv.FormatUint(uint64(i)+1, 10)
}

// Waves writes every wave of every view, the one with most accounts first.
func Waves(csv, json io.Writer, r *coordination.Result) error {
	t := newTable(csv, json, "trace", "window", "wave", "message", "object", "accounts", "posts", "reposts", "texts",
		"first_post", "first_account", "first_time", "last_post", "last_time", "span_s", "half_s", "peak_accounts", "peak_time",
		"pairs", "pairs_not_listed", "platforms", "post_ids")
	var ids []string
	for i := range r.Views {
		v := &r.Views[i]
		for j := range v.Waves {
			w := &v.Waves[j]
			first, last, peak := r.Post(w.First), r.Post(w.Last), r.Post(w.PeakAt)
			t.str(string(v.Trace))
			t.str(coordination.WindowName(v.Window))
			t.num(int64(w.Number))
			t.num(int64(w.Message))
			t.str(r.Object(v, w))
			t.num(int64(w.Accounts))
			t.num(int64(w.Posts))
			t.num(int64(w.Reposts))
			t.num(int64(w.Texts))
			t.str(postLabel(w.First, &first))
			t.str(r.Account(first.Account).ID)
			t.str(timeCell(first.Time))
			t.str(postLabel(w.Last, &last))
			t.str(timeCell(last.Time))
			t.seconds(span(first.Time, last.Time))
			t.seconds(w.Half)
			t.num(int64(w.Peak))
			t.str(timeCell(peak.Time))
			t.num(w.Pairs)
			left := int64(0)
			if !w.Listed {
				left = w.Pairs
			}
			t.num(left)
			t.list(r.Platforms(v, w))
			ids = ids[:0]
			for _, m := range r.Members(v, w) {
				p := r.Post(m)
				ids = append(ids, postLabel(m, &p))
			}
			t.list(ids)
		}
	}
	return t.close()
}

// span returns the distance of two times, -1 when one is not known.
func span(a, b post.Time) time.Duration {
	if !a.Known() || !b.Known() {
		return -1
	}
	return time.Duration(b.Millis-a.Millis) * time.Millisecond
}

// Accounts writes every account with a post in a wave, view by view.
func Accounts(csv, json io.Writer, r *coordination.Result) error {
	t := newTable(csv, json, "trace", "window", "account", "name", "platform", "posts", "posts_in_waves", "waves", "first_in",
		"partners", "messages", "pairs", "gap_mean_s", "gap_min_s")
	for i := range r.Views {
		v := &r.Views[i]
		for _, s := range r.AccountStats(v) {
			a := r.Account(s.Account)
			t.str(string(v.Trace))
			t.str(coordination.WindowName(v.Window))
			t.str(a.ID)
			t.str(otherName(a))
			t.str(a.Platform)
			for _, n := range []int{s.Posts, s.InWaves, s.Waves, s.FirstIn, s.Partners, s.Messages, s.Pairs} {
				t.num(int64(n))
			}
			t.seconds(s.GapMean)
			t.seconds(s.GapMin)
		}
	}
	return t.close()
}

// Groups writes the groups of every view; "all" are those of the combined
// network.
func Groups(csv, json io.Writer, r *coordination.Result) error {
	t := newTable(csv, json, "trace", "window", "group", "accounts", "edges", "messages", "pairs", "members")
	write := func(trace string, w time.Duration, groups []coordination.Group) {
		for _, g := range groups {
			t.str(trace)
			t.str(coordination.WindowName(w))
			t.num(int64(g.Number))
			t.num(int64(len(g.Accounts)))
			t.num(int64(g.Edges))
			t.num(int64(g.Messages))
			t.num(int64(g.Pairs))
			names := make([]string, len(g.Accounts))
			for i, a := range g.Accounts {
				names[i] = r.Account(a).ID
			}
			t.list(names)
		}
	}
	for i := range r.Views {
		write(string(r.Views[i].Trace), r.Views[i].Window, r.Views[i].Groups)
	}
	for _, c := range r.Combined {
		write("all", c.Window, c.Groups)
	}
	return t.close()
}

// Pairs writes every listed pair once, under the smallest window that holds
// it, with both posts as published and the rules under which their texts were
// compared. A pair of the same text does not stand again under similar-text
// when both were asked for. A wave over the bound is one row with its posts and how many
// pairs are not listed.
func Pairs(csv, json io.Writer, r *coordination.Result) error {
	t := newPairTable(csv, json)
	for i := range r.Views {
		v := &r.Views[i]
		again := v.Trace == coordination.SimilarText && slices.Contains(r.Options.Traces, coordination.SameText)
		for p := range r.Pairs(v, true) {
			if again && r.SameText(p.A, p.B) {
				continue
			}
			t.pair(r, v, &p)
		}
		for j := range v.Waves {
			if w := &v.Waves[j]; !w.Listed {
				t.unlisted(r, v, w)
			}
		}
	}
	return t.close()
}

// PairsOf writes every pair between two accounts, also of waves over the
// bound. It returns how many there were.
func PairsOf(csv, json io.Writer, r *coordination.Result, a, b uint32) (int, error) {
	t := newPairTable(csv, json)
	n := 0
	for i := range r.Views {
		v := &r.Views[i]
		for p := range r.PairsOf(v, a, b) {
			t.pair(r, v, &p)
			n++
		}
	}
	return n, t.close()
}

type pairTable struct{ *table }

func newPairTable(csv, json io.Writer) pairTable {
	return pairTable{newTable(csv, json, "trace", "window", "wave", "gap_s", "similarity", "object",
		"post_a", "account_a", "time_a", "precision_a", "url_a", "text_a",
		"post_b", "account_b", "time_b", "precision_b", "url_b", "text_b", "rules", "posts", "note")}
}

func (t pairTable) pair(r *coordination.Result, v *coordination.View, p *coordination.Pair) {
	t.str(string(p.Trace))
	t.str(coordination.WindowName(p.Window))
	t.num(int64(p.Wave))
	t.seconds(p.Gap)
	t.ratio(p.Similarity)
	text := p.Trace == coordination.SameText || p.Trace == coordination.SimilarText
	if text {
		t.str("")
	} else {
		t.str(r.Object(v, &v.Waves[p.Wave-1]))
	}
	a, b := r.Post(p.A), r.Post(p.B)
	for _, side := range []struct {
		i uint32
		p *coordination.PostInfo
	}{{p.A, &a}, {p.B, &b}} {
		t.str(postLabel(side.i, side.p))
		t.str(r.Account(side.p.Account).ID)
		t.str(timeCell(side.p.Time))
		t.str(precision(side.p.Time))
		t.str(side.p.URL)
		t.str(side.p.Text)
	}
	var rules []string
	if text {
		rules = r.Rules(p.A, p.B)
	}
	t.list(rules)
	t.list(nil)
	t.str("")
}

func precision(t post.Time) string {
	if !t.Known() {
		return ""
	}
	return t.Precision.String()
}

func (t pairTable) unlisted(r *coordination.Result, v *coordination.View, w *coordination.Wave) {
	t.str(string(v.Trace))
	t.str(coordination.WindowName(v.Window))
	t.num(int64(w.Number))
	t.seconds(-1)
	t.str("")
	t.str(r.Object(v, w))
	for range 12 {
		t.str("")
	}
	t.list(nil)
	var ids []string
	for _, m := range r.Members(v, w) {
		p := r.Post(m)
		ids = append(ids, postLabel(m, &p))
	}
	t.list(ids)
	t.str(fmt.Sprintf("%d pairs not listed", w.Pairs))
}
