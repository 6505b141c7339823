package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination"
)

// says writes the title, what can be said, the ladder and what cannot be
// said.
func (b *builder) says() {
	a := b.a
	largest := 0
	for _, w := range a.Waves {
		largest = max(largest, w.Accounts)
	}
	waves := len(a.Waves) + a.WavesLeft
	switch {
	case a.Collected.Posts == 0:
		a.Title = "No posts to compare"
		a.Says = append(a.Says, "The files hold no post that could be read.")
	case waves == 0:
		a.Title = fmt.Sprintf("Nothing shared among %s", Count(int64(a.Collected.Posts), "post"))
		a.Says = append(a.Says, fmt.Sprintf("%s by %s were compared. No two accounts published the same thing in any of the windows asked for.",
			Count(int64(a.Collected.Posts), "post"), Count(int64(a.Collected.Accounts), "account")))
	default:
		a.Title = fmt.Sprintf("The same messages by up to %s", Count(int64(largest), "account"))
		_, says := b.countWaves()
		a.Says = append(a.Says, fmt.Sprintf("%s by %s were compared: %s. The largest shown here was published by %s.", Count(int64(a.Collected.Posts), "post"),
			Count(int64(a.Collected.Accounts), "account"), joinAnd(says), Count(int64(largest), "account")))
	}
	first := true
	for i := range a.Groups {
		if g := &a.Groups[i]; g.SetApart == "" && (g.Test == nil || g.Test.Reason == "") {
			line := g.Name + ": " + g.Says[0]
			if first {
				a.Title = fmt.Sprintf("%s with %s in common", Count(int64(g.Accounts), "account"), Count(int64(g.Messages), "message"))
				first = false
			}
			if g.Test != nil {
				line += fmt.Sprintf(" T\u00a0=\u00a0%.2f, p\u00a0%s, e\u00a0=\u00a0%.2f; %s observed, %.1f expected.", g.Test.T, equals(pValue(g.Test.P)), g.Test.Effect, Count(int64(g.Test.Observed), "coincidence"), g.Test.Expected)
			}
			a.Says = append(a.Says, line)
		}
		if len(a.Says) == 4 {
			break
		}
	}
	reached := coordination.Step0
	for _, w := range a.Waves {
		if s := stepNamed(w.Step); w.SetApart == "" && s > reached {
			reached = s
		}
	}
	for _, g := range a.Groups {
		if s := stepNamed(g.Step); g.SetApart == "" && s >= reached {
			reached = s
		}
	}
	for s := coordination.Step0; s <= coordination.Step4; s++ {
		words := capital(b.ladder.Rung(s, AboutWave))
		if other := b.ladder.Rung(s, AboutGroup); capital(other) != words {
			if words += "; or they " + other; s > coordination.TrustedWaveStep {
				words = "They " + other
			}
		}
		a.Ladder = append(a.Ladder, Rung{Step: s.String(), Words: words, Reached: s == reached, Off: s > coordination.TrustedStep})
	}
	if coordination.TrustedStep < coordination.Step4 {
		a.LadderNote = coordination.TrustedWhy
	}
	a.Cannot = b.ladder.Cannot()
	a.Cannot = append(slices.Clone(a.Cannot), "Acting together is not a fault: petitions, unions, newsrooms and friends leave the same traces.")
}

// equals puts "=" before a number that has no sign of its own.
func equals(p string) string {
	if strings.HasPrefix(p, "<") {
		return p
	}
	return "=\u00a0" + p
}

// stepNamed reads what Step.String prints.
func stepNamed(s string) coordination.Step {
	for x := coordination.Step0; x <= coordination.Step4; x++ {
		if x.String() == s {
			return x
		}
	}
	return coordination.Step0
}

// windowInWords turns what coordination.WindowName printed into words.
func windowInWords(name string) string {
	if w, err := time.ParseDuration(name); err == nil {
		return windowWords(w)
	}
	return windowWords(coordination.Unbounded)
}

func (b *builder) method() {
	o := &b.r.Options
	measure := "the share of words that two texts have in common, of all words of both"
	if o.Containment {
		measure = "the share of words that two texts have in common, of the words of the shorter one"
	}
	var windows []string
	for _, w := range o.Windows {
		windows = append(windows, windowWords(w))
	}
	b.a.Method = append(b.a.Method,
		Paragraph{Title: "What is compared", Text: fmt.Sprintf("Posts are compared by %s, within %s. Before texts are compared, differences that say nothing are levelled by named rules: %s. The original is kept and shown.",
			joinAnd(b.a.Asked.Traces), joinAnd(windows), strings.Join(o.Rules(), ", "))},
		Paragraph{Title: "When texts are alike", Text: fmt.Sprintf("Similarity is %s; from %s on, texts count as similar. The comparison is exact: no pair is missed.", measure, decimal(o.Num, o.Den)),
			Cites: []string{"Jaccard 1901, doi:10.5169/seals-266450"}},
		Paragraph{Title: "Waves", Text: "A wave is one message by several accounts in which every post has a partner by another account within the window. A wave may last longer than the window.",
			Cites: []string{"Giglietto et al. 2020, doi:10.1080/1369118X.2020.1739732"}},
		Paragraph{Title: "Groups", Text: fmt.Sprintf("Two accounts are joined when they published at least %d of the same messages within the window; joined accounts make a group.", o.GroupWeight),
			Cites: []string{"Pacheco et al. 2021, arXiv:2001.05658"}},
	)
	add := func(title, text string, cites ...string) {
		b.a.Method = append(b.a.Method, Paragraph{title, text, cites})
	}
	if b.Waves != nil {
		add("How unusual a message is", fmt.Sprintf("Each message of at least %d publishers is set beside the hours at which its accounts publish anyway; that is a filter, since whatever spreads passes it. "+
			"Then it is ranked among messages of the same kind and size in a background that the user names; with fewer than %d of them nothing is said. q corrects for the number of messages.",
			b.Waves[0].Options.MinAccounts, coordination.MinReference), "Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x")
	}
	if b.Tests != nil {
		o := b.Tests[0].Test.Options
		add("How surely accounts meet again and again", fmt.Sprintf("The times of the posts are redrawn within each message, under each account’s own hours and reaction times: %d data sets say how often accounts are expected to coincide within %s, "+
			"%d others what the most striking group looks like when there is nothing but habit and popularity. p is the share of those in which any group is as striking. e is the share of the coincidences that were still possible and did happen. "+
			"A group needs %d accounts, p of at most %v, and e of at least %v.", o.Expect, windowWords(o.Window), o.Reference, coordination.MinMembers, coordination.TestLevel, coordination.StrongEffect),
			"Besag and Clifford 1989, doi:10.1093/biomet/76.4.633")
		add("How firm a group is", "The tested ties are divided into communities, again with other seeds and on resampled networks.", "Traag et al. 2019, doi:10.1038/s41598-019-41695-z", "Rosvall and Bergstrom 2010, doi:10.1371/journal.pone.0008694")
	}
	if b.Edited != nil {
		o := b.Edited.Options
		add("Edited copies", fmt.Sprintf("Words weigh by how rare they are; texts of at least %d words are alike from a cosine of %.2f with their leader on, or when half of the different words of both are common. The comparison is exact.", o.MinWords, o.MinCosine),
			"Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0")
	}
	if b.Narratives != nil {
		add("Texts near one another", "Words are brought to their stems, also across the Cyrillic and Latin alphabets, and weighed by how rare they are; each text is tied to its nearest within the window, and the ties are divided into lists. These lists carry no probability.",
			"Traag et al. 2019, doi:10.1038/s41598-019-41695-z")
	}
}

func decimal(num, den uint64) string {
	return strings.TrimPrefix(fmt.Sprintf("%.2f", float64(num)/float64(den)), "0")
}

// joinAnd joins with commas and "and".
func joinAnd(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}

func (b *builder) limits() {
	c := &b.a.Collected
	l := &b.a.Limits
	*l = append(*l, c.Missing...)
	*l = append(*l, "Posts deleted before the collection are missing; how many is not known.")
	if len(c.Platforms) == 1 {
		*l = append(*l, fmt.Sprintf("One platform was read (%s); what happened elsewhere is not in these numbers.", c.Platforms[0].Name))
	}
	if c.Precision == "minute" {
		*l = append(*l, "Most times are known to the minute: posts of one minute may lie a minute apart or none.")
	}
	unlisted := 0
	for i := range b.r.Views {
		unlisted += b.r.Views[i].UnlistedWaves
	}
	if unlisted > 0 {
		*l = append(*l, fmt.Sprintf("%s had more pairs than are listed one by one; they are counted exactly and make no ties by themselves.", Count(int64(unlisted), "wave")))
	}
	*l = append(*l, "Openly organised supporters use the same means. Nobody was asked.")
}

func (b *builder) replay() {
	b.a.Replay = Replay{Command: b.Command, public: b.Public, Note: "The same posts, options, files and version give the same bytes of this report, on any machine."}
}
