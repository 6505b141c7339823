package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/arasha-org/arasha/coordination"
)

// A Tested is the group test of one trace with what was made of it.
type Tested struct {
	Test        *coordination.GroupTest
	Events      *coordination.Events
	Calibration *coordination.Calibration // nil: not run
	Grid        []coordination.Cell       // nil: not run
	GridOf      coordination.TestOptions  // of each cell
	Communities *coordination.Communities // of the tested ties; nil: none
}

// groups describes the groups of accounts that keep meeting: those that the
// group test judged, else, where nothing could be tested, those that counts
// alone show.
func (b *builder) groups() {
	tests := 0
	for _, t := range b.Tests {
		if t.Test.Status == coordination.Tested {
			tests++
		}
	}
	for _, t := range b.Tests {
		switch g := t.Test; g.Status {
		case coordination.NoShares:
		case coordination.Tested:
			b.a.GroupsNote = append(b.a.GroupsNote, fmt.Sprintf("%s: %s that coincide within %s on at least %d, judged against %d redrawn data sets.", capital(traceInWords(g.Trace)),
				Count(int64(len(g.Groups)), "set")+" of accounts", windowWords(g.Options.Window), g.Options.MinRepeats, g.Options.Reference))
		default:
			b.a.GroupsNote = append(b.a.GroupsNote, capital(traceInWords(g.Trace))+": "+g.Sentence())
		}
	}
	if tests > 1 {
		b.a.GroupsNote = append(b.a.GroupsNote, fmt.Sprintf("Each p below counts that %d kinds of things were tested.", tests))
	}
	if tests == 0 {
		b.countedGroups()
		return
	}
	type found struct {
		t *Tested
		g *coordination.TestedGroup
	}
	var all []found
	for i := range b.Tests {
		t := &b.Tests[i]
		if t.Test.Status != coordination.Tested {
			continue
		}
		for j := range t.Test.Groups {
			all = append(all, found{t, &t.Test.Groups[j]})
		}
	}
	rank := func(g *coordination.TestedGroup) int {
		return slices.Index([]coordination.Verdict{coordination.Strong, coordination.Weak, coordination.NotPassing}, g.Verdict)
	}
	slices.SortStableFunc(all, func(x, y found) int {
		return cmp.Or(cmp.Compare(rank(x.g), rank(y.g)), cmp.Compare(x.t.p(x.g), y.t.p(y.g)), cmp.Compare(len(y.g.Accounts), len(x.g.Accounts)), cmp.Compare(y.g.K, x.g.K))
	})
	var shown [][]uint32
	for _, f := range all {
		// The same accounts under another trace are the same group again.
		if slices.ContainsFunc(shown, func(m []uint32) bool { return 2*coordination.Common(m, f.g.Accounts) >= min(len(m), len(f.g.Accounts)) }) {
			continue
		}
		shown = append(shown, f.g.Accounts)
		if len(b.a.Groups) == showGroups {
			b.a.GroupsLeft++
			continue
		}
		b.a.Groups = append(b.a.Groups, b.testedGroup(f.t, f.g, tests))
		for _, e := range f.g.Edges {
			b.tie = append(b.tie, accountTie{e.A, e.B, e.K})
		}
	}
}

// places says what the communities of the tested ties add to a group: how
// firm its borders are, and who stands where in what is held.
func (b *builder) places(c *Group, t *Tested, g *coordination.TestedGroup) {
	if t.Communities == nil {
		return
	}
	for i := range t.Communities.List {
		m := &t.Communities.List[i]
		if 2*coordination.Common(m.Accounts, g.Accounts) < len(g.Accounts) {
			continue
		}
		c.Stable = fmt.Sprintf("Borders: %d accounts are one community of the tested ties; two of them stay together in %.0f %% of divisions with other seeds and in %.0f %% of resampled networks.",
			len(m.Accounts), 100*m.Reruns, 100*m.Resampled)
		const most = 3 // of one kind; where many are level, none stands out
		for k := coordination.EarliestHeld; k <= coordination.BetweenGroups; k++ {
			var who []string
			detail := ""
			for _, p := range m.Places {
				if p.Kind != k {
					continue
				}
				who = append(who, b.of(p.Account))
				switch k {
				case coordination.EarliestHeld:
					detail = fmt.Sprintf(" (%d of %d messages)", p.Count, p.Of)
				case coordination.MostRepeated:
					detail = fmt.Sprintf(" (%s after it)", Count(int64(p.Count), "post"))
				}
			}
			if len(who) > 0 && len(who) <= most {
				c.Places = append(c.Places, capital(k.String())+": "+joinAnd(who)+detail+".")
			}
		}
	}
}

// testedGroup describes a group that was tested, as one of so many tests.
func (b *builder) testedGroup(t *Tested, g *coordination.TestedGroup, tests int) Group {
	p := figures(min(1, t.p(g)*float64(tests)))
	c := Group{Name: "Group " + groupLetter(len(b.a.Groups)), Accounts: len(g.Accounts), Edges: len(g.Edges), Messages: g.Objects, Window: coordination.WindowName(t.Test.Options.Window),
		Trace: traceInWords(t.Test.Trace), members: g.Accounts,
		Test: &Numbers{Verdict: string(g.Verdict), Reason: string(g.Reason), T: round(g.T, 2), P: p, Effect: round(g.Effect, 3), Ratio: round(g.Ratio, 2), Observed: g.K, Expected: round(g.Lambda, 2),
			Possible: g.Possible, Objects: g.Objects, NoBackground: g.Objects - g.WithBack, Alpha: g.Alpha, Redraws: t.Test.Options.Reference}}
	c.SetApart, c.Kinds = b.oneFamily(g.Accounts), b.kinds(g.Accounts)
	for _, n := range g.Accounts[:min(len(g.Accounts), showMembers)] {
		c.Labels = append(c.Labels, b.of(n))
	}
	b.places(&c, t, g)
	claim := Claim{About: AboutGroup, Step: coordination.Step1, Trace: t.Test.Trace, Accounts: len(g.Accounts), Messages: g.Objects, Within: t.Test.Options.Window, Precision: b.precision,
		P: p, Calibrated: t.calibrated()}
	var stops []Stop
	reason := g.Reason
	switch {
	case g.Fast:
		claim.Step, claim.Followers = coordination.Step1b, true
		stops = append(stops, StopFollowers)
		c.Test.FastWithin = b.ladder.Span(g.Within, b.precision)
	case g.Verdict == coordination.NotPassing && g.Reason == coordination.NoOutsiders:
		stops = append(stops, StopNoBackground)
	case g.Verdict == coordination.NotPassing:
		claim.Step = coordination.Step1b
	case t.doubted(g):
		claim.Step = coordination.Step1b
		stops = append(stops, StopLevel)
	case p >= coordination.TestLevel: // by calibration, or because several kinds of things were tested
		claim.Step, reason = coordination.Step1b, coordination.ByChance
	case g.Verdict == coordination.Weak:
		claim.Step = coordination.Step2
	case !claim.Calibrated:
		claim.Step = coordination.Step2
		stops = append(stops, StopNotCalibrated)
	default:
		claim.Step = coordination.Step3
		if held, tested := coordination.Holding(t.Grid, g.Accounts, coordination.Strong); tested >= 2 && held == tested {
			claim.Step, claim.Settings = coordination.Step4, tested
		}
	}
	if t.Grid != nil {
		held, tested := coordination.Holding(t.Grid, g.Accounts, g.Verdict)
		c.Grid = fmt.Sprintf("Found again in %d of %d settings that could be tested.", held, tested)
	}
	why := reasonWords[reason]
	b.trusted(&claim, &stops)
	if claim.Step < coordination.Step2 {
		c.Test.Verdict = "" // a word above this step
	}
	c.Step, c.Said = claim.Step.String(), saidOf(claim)
	c.Says = append(c.Says, b.say(claim))
	if why != "" {
		c.Says = append(c.Says, why)
	}
	for _, s := range stops {
		c.Says = append(c.Says, b.ladder.Stop(s))
	}
	return c
}

var reasonWords = map[coordination.Reason]string{
	coordination.ByChance:      "The test does not set it apart from what habit and popularity make.",
	coordination.TooFewMembers: "Fewer than three accounts: two often meet by habit, so a pair is described and not judged.",
	coordination.SmallEffect:   "The effect is too small to be called more than habit.",
}

// trusted holds a claim to the steps that are switched on.
func (b *builder) trusted(c *Claim, stops *[]Stop) {
	top := coordination.TrustedStep
	if c.About == AboutWave {
		top = coordination.TrustedWaveStep
	}
	if c.Step > top {
		c.Step, c.Settings = top, 0
		*stops = append(*stops, StopNotTrusted)
	}
}

// say says a claim in the words of the ladder. A claim whose numbers the
// ladder refuses is a fault of this package.
func (b *builder) say(c Claim) string {
	s, err := b.ladder.Say(c)
	if err != nil {
		panic(err)
	}
	return s
}

// calibrated reports whether the check on redrawn data was run on these posts.
func (t *Tested) calibrated() bool {
	return t.Calibration != nil && len(t.Calibration.Runs) >= leastRuns
}

// p returns the family-wise p of a group: that of the test, or that of the
// check on redrawn data where it was run and is larger.
func (t *Tested) p(g *coordination.TestedGroup) float64 {
	if !t.calibrated() || len(g.Accounts) < coordination.MinMembers {
		return g.P
	}
	return max(g.P, t.Calibration.P(g.T))
}

// doubted reports whether the method finds too much on these posts and the
// group does not stand out even so.
func (t *Tested) doubted(g *coordination.TestedGroup) bool {
	return t.calibrated() && !calibrationOf(t.Calibration).Kept && t.Calibration.P(g.T) > doubtLevel
}

// doubtLevel is what the p among redrawn data sets must come to where the
// method finds too much: docs/evaluation.md, "adjusted".
const doubtLevel = .01

// leastRuns is how many redrawn data sets a calibration needs before it
// carries a word.
const leastRuns = 100

// countedGroups describes the groups that the edges of the shortest window
// make; they were not tested.
func (b *builder) countedGroups() {
	levels := slices.Clone(b.r.Combined)
	if len(levels) == 0 {
		for i := range b.r.Views {
			v := &b.r.Views[i]
			l := coordination.Combined{Window: v.Window, Groups: v.Groups}
			for _, e := range v.Edges {
				l.Edges = append(l.Edges, coordination.CombinedEdge{A: e.A, B: e.B, Messages: e.Messages})
			}
			levels = append(levels, l)
		}
	}
	for _, l := range levels {
		if len(l.Groups) == 0 {
			continue
		}
		b.a.GroupsLeft = max(0, len(l.Groups)-showGroups)
		for i, g := range l.Groups[:min(len(l.Groups), showGroups)] {
			c := Group{Name: "Group " + groupLetter(i), Accounts: len(g.Accounts), Edges: g.Edges, Messages: g.Messages, Window: coordination.WindowName(l.Window), members: g.Accounts}
			c.SetApart, c.Kinds = b.oneFamily(g.Accounts), b.kinds(g.Accounts)
			for _, n := range g.Accounts[:min(len(g.Accounts), showMembers)] {
				c.Labels = append(c.Labels, b.of(n))
			}
			claim := Claim{About: AboutGroup, Accounts: c.Accounts, Messages: b.r.Options.GroupWeight}
			if l.Window != coordination.Unbounded {
				claim.Step, claim.Within, claim.Precision = coordination.Step1, l.Window, b.precision
			}
			c.Step = claim.Step.String()
			c.Says = append(c.Says, fmt.Sprintf("%s connected by pairs that share at least %s.", Count(int64(c.Accounts), "account"), Count(int64(b.r.Options.GroupWeight), "message"))+
				withinSentence(claim.Step, l.Window))
			b.a.Groups = append(b.a.Groups, c)
		}
		for _, e := range l.Edges {
			if int(e.Messages) >= b.r.Options.GroupWeight {
				b.tie = append(b.tie, accountTie{e.A, e.B, int(e.Messages)})
			}
		}
		return
	}
}

func withinSentence(s coordination.Step, w time.Duration) string {
	if s == coordination.Step0 {
		return ""
	}
	return " Two posts count as together within " + windowWords(w) + "."
}

func round(f float64, digits int) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return 0
	}
	p := math.Pow10(digits)
	return math.Round(f*p) / p
}

// groupLetter is A to Z, then AA, AB, …
func groupLetter(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return groupLetter(i/26-1) + string(rune('A'+i%26))
}

// What the columns of a grid may be.
const (
	bySimilarity = "similarity"
	byMessages   = "messages in common"
)
