package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"github.com/arasha-org/arasha/coordination"
)

// Text prints a finding for a terminal. Its words stay on steps 0 and 1 of
// the ladder: how many accounts published the same thing, and within what
// time.
func Text(w io.Writer, r *coordination.Result) {
	unnamed, stand := r.Unnamed()
	fmt.Fprintf(w, "%s by %s", Count(int64(r.Posts), "post"), Count(int64(r.Accounts-stand), "account"))
	if r.Posts > r.Untimed {
		fmt.Fprintf(w, ", %s to %s UTC", r.First.Format("2006-01-02 15:04"), r.Last.Format("2006-01-02 15:04"))
	}
	fmt.Fprintln(w, ".")
	if r.Untimed > 0 {
		fmt.Fprintf(w, "%s without a known time of publication took part in no window but the unbounded one.\n", Count(int64(r.Untimed), "post"))
	}
	if unnamed > 0 {
		fmt.Fprintf(w, "%s without an account: those of a platform stand as one account without a name and never pair with each other.\n", Count(int64(unnamed), "post"))
	}
	if r.TooLong > 0 {
		fmt.Fprintf(w, "%s of more than 65,535 different words took no part in similar-text.\n", Count(int64(r.TooLong), "text"))
	}
	fmt.Fprintln(w)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "shared\twithin\twaves\tlargest\tpairs of posts\tpairs of accounts\tmeeting again\t")
	for i := range r.Views {
		v := &r.Views[i]
		largest := 0
		if len(v.Waves) > 0 {
			largest = int(v.Waves[0].Accounts)
		}
		again := 0
		for _, e := range v.Edges {
			if e.Messages >= 2 {
				again++
			}
		}
		if len(v.Waves) == 0 && r.Empty(v.Trace) {
			if v.Window == r.Options.Windows[0] {
				fmt.Fprintf(tw, "%s\t\tnothing shared\t\t\t\t\t\n", v.Trace)
			}
			continue
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", v.Trace, coordination.WindowName(v.Window), Thousands(int64(len(v.Waves))),
			Thousands(int64(largest)), Thousands(v.Pairs), Thousands(int64(len(v.Edges))), Thousands(int64(again)))
	}
	tw.Flush()
	for i := range r.Views {
		v := &r.Views[i]
		if v.UnlistedWaves > 0 {
			fmt.Fprintf(w, "%s within %s: %s in %s not listed one by one (see --max-pairs; --pairs ACCOUNT,ACCOUNT lists those of two accounts).\n",
				v.Trace, coordination.WindowName(v.Window), Count(v.Unlisted, "pair"), Count(int64(v.UnlistedWaves), "wave"))
		}
		if v.LeftOut > r.Untimed && (i == 0 || r.Views[i-1].Trace == v.Trace) && v.Trace == r.Options.Traces[0] {
			fmt.Fprintf(w, "within %s: %s took no part; their times are not known that exactly.\n", coordination.WindowName(v.Window), Count(int64(v.LeftOut), "post"))
		}
	}
	textWaves(w, r)
	textGroups(w, r)
	fmt.Fprint(w, "\nThese are counts. Popular messages, newsrooms and petitions leave the same traces; nothing here says why.\n")
}

// textWaves prints the largest waves, each message once, in the shortest
// window in which it is as large as anywhere.
func textWaves(w io.Writer, r *coordination.Result) {
	type top struct {
		v *coordination.View
		w *coordination.Wave
	}
	var tops []top
	for _, t := range r.Options.Traces {
		if t == coordination.SameText && slices.Contains(r.Options.Traces, coordination.SimilarText) {
			continue // every such wave lies inside one of similar texts
		}
		var mine []top
		for i := range r.Views {
			v := &r.Views[i]
			if v.Trace != t || v.Window == coordination.Unbounded && len(r.Options.Windows) > 1 {
				continue
			}
			for j := range v.Waves[:min(len(v.Waves), 50)] {
				mine = append(mine, top{v, &v.Waves[j]})
			}
		}
		slices.SortStableFunc(mine, func(a, b top) int {
			return cmp.Or(cmp.Compare(b.w.Accounts, a.w.Accounts), cmp.Compare(a.v.Window, b.v.Window))
		})
		seen := map[uint32]bool{}
		n := 0
		for _, m := range mine {
			if m.w.Accounts < 3 || n == 5 {
				break
			}
			again := false
			for _, p := range r.Members(m.v, m.w) {
				again = again || seen[p]
				seen[p] = true
			}
			if !again {
				tops = append(tops, m)
				n++
			}
		}
	}
	if len(tops) == 0 {
		return
	}
	words := Ladder{ladders["en"]}
	fmt.Fprintln(w, "\nThe largest waves")
	for _, t := range tops {
		first, last := r.Post(t.w.First), r.Post(t.w.Last)
		precision := max(first.Time.Precision, last.Time.Precision)
		fmt.Fprintf(w, "  %s, %s: %s", t.v.Trace, Count(int64(t.w.Accounts), "account"), Count(int64(t.w.Posts), "post"))
		if t.w.Reposts > 0 {
			fmt.Fprintf(w, " (%s marked as reposts)", Thousands(int64(t.w.Reposts)))
		}
		if s := span(first.Time, last.Time); s >= 0 {
			fmt.Fprintf(w, " within %s", words.Span(s, precision))
		}
		fmt.Fprintf(w, ", from %s", first.Time)
		if t.w.Half >= 0 && t.w.Half < span(first.Time, last.Time) {
			fmt.Fprintf(w, "; half of the accounts within %s", words.Span(t.w.Half, precision))
		}
		fmt.Fprintf(w, "\n    %s\n", cut(r.Object(t.v, t.w), 110))
	}
}

// textGroups prints the groups of the shortest window that has any, and the
// size of the largest in the longer ones: as a window grows, whoever passes
// on the same news meets.
func textGroups(w io.Writer, r *coordination.Result) {
	type level struct {
		window time.Duration
		groups []coordination.Group
	}
	var levels []level
	for _, c := range r.Combined {
		levels = append(levels, level{c.Window, c.Groups})
	}
	if len(r.Combined) == 0 {
		for i := range r.Views {
			levels = append(levels, level{r.Views[i].Window, r.Views[i].Groups})
		}
	}
	shown := false
	for _, l := range levels {
		if len(l.groups) == 0 {
			continue
		}
		if shown {
			fmt.Fprintf(w, "  within %s: %s, the largest of %s\n", coordination.WindowName(l.window), Count(int64(len(l.groups)), "group"), Count(int64(len(l.groups[0].Accounts)), "account"))
			continue
		}
		shown = true
		fmt.Fprintf(w, "\nAccounts that met on at least %d messages within %s\n", r.Options.GroupWeight, coordination.WindowName(l.window))
		for _, g := range l.groups[:min(5, len(l.groups))] {
			var names []string
			for _, a := range g.Accounts[:min(20, len(g.Accounts))] {
				names = append(names, label(r.Account(a)))
			}
			more := ""
			if len(g.Accounts) > 20 {
				more = " …"
			}
			fmt.Fprintf(w, "  group %d: %s, %s of accounts: %s%s\n", g.Number, Count(int64(len(g.Accounts)), "account"), Count(int64(g.Edges), "pair"), strings.Join(names, ", "), more)
		}
		if len(l.groups) > 5 {
			fmt.Fprintf(w, "  and %s\n", Count(int64(len(l.groups)-5), "smaller group"))
		}
	}
}

// cut shortens a text to n characters on one line.
func cut(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// Count prints a number with its noun: "1 post", "2,204 posts".
func Count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Thousands(n) + " " + noun + "s"
}

// Thousands prints 1,234,567.
func Thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
