package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// testOf returns the test of the message that a wave is of, or nil.
func (b *builder) testOf(v *coordination.View, w *coordination.Wave) *coordination.WaveTest {
	for _, t := range b.Waves {
		if x := t.Of(v, w); x != nil {
			return x
		}
	}
	return nil
}

var kindWords = map[coordination.RuleKind]string{coordination.WireCopy: "wire copy", coordination.ShareButton: "share button", coordination.OpenlyOrganised: "openly organised",
	coordination.OnePublisher: "one publisher", coordination.OtherOrdinary: "ordinary"}

// explained returns the sentence that sets a message apart, or "".
func explained(t *coordination.WaveTest) string {
	if t == nil || len(t.Explained) == 0 {
		return ""
	}
	e := t.Explained[0]
	return fmt.Sprintf("%s, by the rule “%s”: %s (%d of %d posts looked at).", kindWords[e.Kind], e.Rule, e.Why, e.Posts, e.Of)
}

// waveTest adds what the tests say of the message of a wave to its card.
func (b *builder) waveTest(c *WaveCard, t *coordination.WaveTest) {
	if t == nil {
		return
	}
	p := t.Precision()
	if b.precision == post.Minute {
		p = max(p, post.Minute)
	}
	x := &WaveTest{Accounts: t.Accounts, Publishers: t.Publishers, Q: figures(t.OwnQ), New: t.New, NewTail: figures(t.NewTail), Closer: t.Popularity.Closer, Compared: t.Popularity.N,
		Class: t.Popularity.Class, Background: t.Popularity.Reference, Stop: string(t.Stop)}
	if t.Span >= 0 {
		x.Span = b.ladder.Span(t.Span, p)
	}
	if t.Half >= 0 {
		x.Half = b.ladder.Span(t.Half, p)
	}
	if t.Own.Tested {
		p := figures(t.Own.P)
		x.Own = &p
	}
	if t.History.Tested && t.New > 0 {
		p := figures(t.History.P)
		x.History = &p
	}
	if t.Popularity.N >= coordination.MinReference {
		p := figures(t.Popularity.P)
		x.Popularity = &p
	}
	c.Test = x
	if c.SetApart != "" {
		return
	}
	claim := Claim{About: AboutWave, Step: t.Step, Trace: t.Trace, Accounts: t.Accounts, Within: max(t.Span, 0), Precision: p,
		Closer: t.Popularity.Closer, Compared: t.Popularity.N, Reference: t.Popularity.Reference}
	var stops []Stop
	b.trusted(&claim, &stops)
	if claim.Step >= coordination.Step1b {
		c.Step, c.Said = claim.Step.String(), saidOf(claim)
		c.Says = append(c.Says, "The message as a whole: "+b.say(claim))
	}
	if len(stops) == 0 || t.Step <= claim.Step {
		if s, ok := waveStops[t.Stop]; ok {
			c.Says = append(c.Says, b.ladder.Stop(s))
		}
	}
	for _, s := range stops {
		c.Says = append(c.Says, b.ladder.Stop(s))
	}
}

// figures keeps three significant figures of a p: more would be noise.
func figures(p float64) float64 {
	f, err := strconv.ParseFloat(strconv.FormatFloat(p, 'g', 3, 64), 64)
	if err != nil {
		return p
	}
	return f
}

// waveStops are the words for each reason. What a rule explains is set apart
// and needs none.
var waveStops = map[coordination.WaveStop]Stop{coordination.StopUntimed: StopNoTimes, coordination.StopInexact: StopInexact, coordination.StopSpreadOut: StopSpread,
	coordination.StopOneMoment: StopOneMoment, coordination.StopNoHistory: StopNoHistory, coordination.StopOwnHabits: StopOwnHours, coordination.StopNoRef: StopNoReference,
	coordination.StopPopular: StopPopular, coordination.StopOnce: StopOneShot}

// ordinary counts what each rule explains. What it explains is set apart, not
// deleted.
func (b *builder) ordinary() {
	for _, t := range b.Waves {
		if t.Status != coordination.WavesNone {
			b.a.WavesNote = append(b.a.WavesNote, capital(traceInWords(t.Trace))+": "+t.Sentence())
		}
		for i := range t.Tests {
			x := &t.Tests[i]
			if len(x.Explained) == 0 {
				continue
			}
			e := x.Explained[0]
			k := slices.IndexFunc(b.a.Ordinary, func(o Ordinary) bool { return o.Rule == e.Rule })
			if k < 0 {
				k = len(b.a.Ordinary)
				b.a.Ordinary = append(b.a.Ordinary, Ordinary{Rule: e.Rule, Kind: kindWords[e.Kind], Says: e.Why})
			}
			o := &b.a.Ordinary[k]
			o.Messages++
			o.Posts += x.All
		}
	}
	for i, p := range b.waveOf {
		t := b.testOf(p.v, p.w)
		if t == nil || len(t.Explained) == 0 {
			continue
		}
		for k := range b.a.Ordinary {
			if o := &b.a.Ordinary[k]; o.Rule == t.Explained[0].Rule {
				o.Waves = append(o.Waves, b.a.Waves[i].Name)
			}
		}
	}
	slices.SortFunc(b.a.Ordinary, func(x, y Ordinary) int { return cmp.Or(y.Messages-x.Messages, cmp.Compare(x.Rule, y.Rule)) })
}
