package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
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

// An accountTie is a tie between two accounts of the result.
type accountTie struct {
	a, b   uint32
	weight int
}

// network prepares the picture of the groups and their ties.
func (b *builder) network() {
	if len(b.a.Groups) == 0 {
		return
	}
	of, at := map[uint32]int{}, map[uint32]int{}
	shownIn, left := b.drawn(), 0
	pic := &Picture{Seed: b.Seed}
	n := &Network{Picture: pic, Tested: b.a.Groups[0].Test != nil}
	nodes := 0
	for i := range b.a.Groups {
		g := &b.a.Groups[i]
		fresh := 0
		for _, m := range g.members {
			if _, taken := of[m]; taken {
				continue // of an earlier group too
			}
			if of[m] = i; !shownIn[i] {
				left++
				continue
			}
			at[m] = nodes
			nodes++
			fresh++
		}
		kept := g.SetApart == "" && (g.Test == nil || g.Test.Reason == "")
		says := Count(int64(g.Accounts), "account")
		switch {
		case g.SetApart != "":
			says += ", set apart"
		case !kept:
			says += ", not set apart from chance"
		}
		if fresh > 0 {
			pic.Groups = append(pic.Groups, PictureGroup{Name: g.Name, Says: says, Kept: kept, Size: fresh})
		}
		n.Rows = append(n.Rows, NetworkRow{Name: g.Name, Accounts: g.Accounts, SetApart: g.SetApart})
	}
	between := map[[2]int]int{}
	for _, e := range b.tie {
		i, ok := of[e.a]
		j, ok2 := of[e.b]
		if !ok || !ok2 {
			continue
		}
		if shownIn[i] && shownIn[j] {
			pic.Ties = append(pic.Ties, PictureTie{at[e.a], at[e.b], e.weight})
		}
		if i == j {
			n.Rows[i].Inside++
		} else {
			between[[2]int{min(i, j), max(i, j)}]++
		}
	}
	for i := range b.a.Groups {
		for j := i + 1; j < len(b.a.Groups); j++ {
			if k := between[[2]int{i, j}]; k > 0 {
				n.Between = append(n.Between, NetworkTie{b.a.Groups[i].Name, b.a.Groups[j].Name, k})
			}
		}
	}
	n.Left = max(0, b.a.Collected.Accounts-nodes)
	switch {
	case !pic.drawable():
		n.Why = "The groups are too many or too dense to read as a picture; the table has them."
		n.Picture = nil
	case left > 0:
		n.Why = fmt.Sprintf("Groups that are too many or too dense for the picture are in the table only: %s.", Count(int64(left), "account"))
	}
	n.Drawn = n.Picture != nil
	n.Says = Count(int64(len(pic.Groups)), "group")
	for i, g := range pic.Groups {
		if i == 6 {
			n.Says += "; and others"
			break
		}
		n.Says += "; " + g.Name + ", " + g.Says
	}
	b.a.Network = n
}

// drawn says which groups the picture has room for, in their order.
func (b *builder) drawn() []bool {
	of := map[uint32]int{}
	ties := make([]int, len(b.a.Groups))
	for i := range b.a.Groups {
		for _, m := range b.a.Groups[i].members {
			if _, taken := of[m]; !taken {
				of[m] = i
			}
		}
	}
	for _, e := range b.tie {
		if i, ok := of[e.a]; ok && of[e.b] == i {
			ties[i]++
		}
	}
	out := make([]bool, len(b.a.Groups))
	hulls, nodes, all := 0, 0, 0
	for i := range b.a.Groups {
		n := len(b.a.Groups[i].members)
		if hulls == maxHulls || nodes+n > maxNodes || all+ties[i] > maxTies*4/5 { // the rest is for ties between groups
			continue
		}
		out[i] = true
		hulls, nodes, all = hulls+1, nodes+n, all+ties[i]
	}
	return out
}

// What the columns of a grid may be.
const (
	bySimilarity = "similarity"
	byMessages   = "messages in common"
)

// grids show each test under other settings.
func (b *builder) grids() {
	similar := false
	for i := range b.Tests {
		if t := &b.Tests[i]; len(t.Grid) > 0 {
			g := b.grid(t)
			similar = similar || g.Threshold == bySimilarity
			b.a.Grids = append(b.a.Grids, g)
		}
	}
	note := func(s string) { b.a.GridNote = append(b.a.GridNote, s) }
	switch {
	case b.Tests != nil && b.a.Grids == nil:
		note("No grid: nothing could be tested, so there is no finding that could hang on one setting.")
	case b.a.Grids == nil || similar:
	case slices.Contains(b.r.Options.Traces, coordination.SimilarText):
		note("By similar texts nothing could be tested, so no similarity was varied: the thresholds are the messages that two accounts must have in common.")
	default:
		note("Texts were not compared as similar in this run, so no similarity was varied: the thresholds are the messages that two accounts must have in common.")
	}
}

func (b *builder) grid(t *Tested) Grid {
	trace := traceInWords(t.Test.Trace)
	g := Grid{Trace: trace, Threshold: byMessages, Redraws: t.GridOf.Reference, Counts: "Accounts in groups that pass, by " + trace}
	o, used := &b.r.Options, t.Test.Options
	column := func(c *coordination.Cell) string { return fmt.Sprintf("%d or more messages in common", c.MinRepeats) }
	if t.Grid[0].Den > 0 {
		g.Threshold = bySimilarity
		g.Counts += fmt.Sprintf(", with at least %d messages in common", used.MinRepeats)
		column = func(c *coordination.Cell) string { return "similarity " + decimal(c.Num, c.Den) + " or more" }
	}
	most := 0
	for i := range t.Grid {
		c := &t.Grid[i]
		if i == 0 || c.Window != t.Grid[i-1].Window {
			g.Rows = append(g.Rows, GridRow{Window: windowWords(c.Window)})
		}
		if len(g.Rows) == 1 {
			g.Columns = append(g.Columns, column(c))
		}
		row := &g.Rows[len(g.Rows)-1]
		cell := GridCell{Used: c.Window == used.Window && c.MinRepeats == used.MinRepeats && c.Num*o.Den == o.Num*c.Den} // without similarity 0 = 0
		if c.Status != coordination.Tested {
			cell.Why = (&coordination.GroupTest{Status: c.Status, Options: coordination.TestOptions{Window: c.Window, MinRepeats: c.MinRepeats}}).Sentence()
		}
		in := map[uint32]bool{}
		for _, x := range c.Groups {
			for _, a := range x.Accounts {
				in[a] = true
			}
		}
		cell.Accounts = len(in)
		most = max(most, cell.Accounts)
		row.Cells = append(row.Cells, cell)
	}
	for r := range g.Rows {
		for k := range g.Rows[r].Cells {
			if c := &g.Rows[r].Cells[k]; c.Accounts > 0 {
				c.Tone = 1 + 2*c.Accounts/max(most, 1)
			}
		}
	}
	for i := range b.a.Groups {
		if x := &b.a.Groups[i]; x.Trace == trace && x.Grid != "" {
			g.Stable = x.Name + ": " + lowerFirst(x.Grid)
			break
		}
	}
	return g
}

// lowerFirst lets a sentence go on after a colon.
func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// calibration describes the check of the method on the user's own posts.
func (b *builder) calibration() {
	b.a.NoCalibrated = "Not calibrated on these posts: --calibrate 200 redraws them so that nothing is left to find, and counts how often the method still finds something."
	for i := range b.Tests {
		t := &b.Tests[i]
		if t.Calibration == nil || len(t.Calibration.Runs) == 0 || len(b.a.Groups) > 0 && b.a.Groups[0].Trace != traceInWords(t.Test.Trace) && b.a.Calibration != nil {
			continue
		}
		if b.a.Calibration != nil && (len(b.a.Groups) == 0 || b.a.Groups[0].Trace != traceInWords(t.Test.Trace)) {
			continue
		}
		c := calibrationOf(t.Calibration)
		c.Trace, c.Seed = traceInWords(t.Test.Trace), t.Calibration.Options.Seed
		b.a.Calibration, b.a.NoCalibrated = c, ""
	}
}

func calibrationOf(k *coordination.Calibration) *Calibration {
	n := len(k.Runs)
	c := &Calibration{Runs: n, Level: coordination.TestLevel}
	strong, weak := 0, 0
	for _, r := range k.Runs {
		if r.P <= c.Level {
			c.Found++
		}
		if r.Strong > 0 {
			strong++
		} else if r.Weak > 0 {
			weak++
		}
	}
	for i := 1; i <= 20; i++ {
		p := LevelPoint{Level: float64(i) / 100}
		for _, r := range k.Runs {
			if r.P <= p.Level+1e-12 {
				p.Found++
			}
		}
		c.Points = append(c.Points, p)
	}
	c.Allowed = int(float64(n)*c.Level + 2*math.Sqrt(float64(n)*c.Level*(1-c.Level)))
	c.Kept = n > 0 && c.Found <= c.Allowed
	c.Says = append(c.Says, fmt.Sprintf("At the level used, %d of %s showed something; at most %d were allowed.", c.Found, Count(int64(n), "redrawn data set"), c.Allowed),
		fmt.Sprintf("In %d of them a group would have been named at step 3, in %d a weak one at step 2.", strong, weak))
	if !c.Kept {
		c.Says = append(c.Says, "The method finds too much on these posts: what accounts did together is partly taken for their habit. So no group is named by its own p here, only one so striking that at most one in a hundred redrawn data sets shows its like.")
	} else if n < leastRuns {
		c.Says = append(c.Says, fmt.Sprintf("Fewer than %d redrawn data sets carry no word of the ladder.", leastRuns))
	}
	return c
}

// precisionOf returns how exactly most times are known.
func precisionOf(name string) post.Precision {
	p, err := post.ParsePrecision(name)
	if err != nil {
		return post.None
	}
	return p
}
