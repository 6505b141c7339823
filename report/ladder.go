package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/internal/wording"
	"github.com/arasha-org/arasha/post"
)

// A Subject is what a finding is about.
type Subject uint8

// The subjects of the ladder. A wave is one message, several accounts, once;
// a group is accounts that keep meeting.
const (
	AboutWave Subject = iota
	AboutGroup
)

// MaxWaveStep is the highest step of a wave, whatever its p: no null model
// tells a campaign from a popular message.
const MaxWaveStep = coordination.Step2

// A Claim is a step of the ladder and the numbers that its words need. The
// words of a step say those of the lower steps too.
type Claim struct {
	About     Subject
	Step      coordination.Step
	Trace     coordination.Trace // what is shared
	Accounts  int
	Messages  int           // group: how many messages its accounts share
	Within    time.Duration // from step 1: of each other
	Precision post.Precision

	// Wave, step 2: of Compared messages of the Reference, all but Closer lie
	// farther apart.
	Closer, Compared int
	Reference        string

	// Group, step 1b, when its accounts always react at once.
	Followers bool

	// Group, step 3: family-wise, with the check on the user's own data printed.
	P          float64
	Calibrated bool

	Settings int // step 4: of the grid over which it is stable
}

// A Ladder is the words of findings in one language. No path of it says an
// accusing word; see [Accused].
type Ladder struct{ w *ladderWords }

// LadderIn returns the ladder in a language: en, fr, es, ru or kk.
func LadderIn(lang string) (Ladder, error) {
	w, ok := ladders[lang]
	if !ok {
		return Ladder{}, fmt.Errorf("report: there is no ladder of words in %q; known: %s", lang, strings.Join(LadderLanguages, ", "))
	}
	return Ladder{w}, nil
}

// LadderLanguages are the languages of the ladder.
var LadderLanguages = []string{"en", "fr", "es", "ru", "kk"}

// Rung returns the words of a step in general, with letters for its numbers.
func (l Ladder) Rung(s coordination.Step, about Subject) string {
	switch {
	case s == coordination.Step2 && about == AboutGroup:
		return l.w.rung2Group
	case int(s) < len(l.w.rungs):
		return l.w.rungs[s]
	}
	return ""
}

// Say returns the sentence that the numbers of c allow. It is an error when a
// number is missing that the step needs, and when a wave is to climb above
// step 2.
func (l Ladder) Say(c Claim) (string, error) {
	if err := c.check(); err != nil {
		return "", err
	}
	w := l.w
	n := w.accounts(c.Accounts)
	var b strings.Builder
	if c.About == AboutGroup {
		fmt.Fprintf(&b, w.group, w.members(c.Accounts), w.messages(c.Messages))
	} else {
		form, ok := w.shared[c.Trace]
		if !ok {
			form = w.shared[""]
		}
		fmt.Fprintf(&b, form, n)
	}
	if c.Step >= coordination.Step1 {
		fmt.Fprintf(&b, w.within, w.span(c.Within, c.Precision))
	}
	switch {
	case c.About == AboutGroup && c.Followers:
		b.WriteString(w.followers)
	case c.Step == coordination.Step1b:
		b.WriteString(w.dependent)
	case c.Step == coordination.Step2 && c.About == AboutGroup:
		b.WriteString(w.weak)
	case c.Step == coordination.Step2 && c.Closer == 0:
		fmt.Fprintf(&b, w.closest, w.number(c.Compared), c.Reference)
	case c.Step == coordination.Step2:
		fmt.Fprintf(&b, w.closer, w.number(c.Closer), w.number(c.Compared), c.Reference)
	case c.Step >= coordination.Step3:
		fmt.Fprintf(&b, w.unlikely, w.counted(c.Accounts, w.bare), w.counted(c.Messages, w.object))
	}
	if c.Step == coordination.Step4 {
		fmt.Fprintf(&b, w.stable, w.number(c.Settings))
	}
	b.WriteString(".")
	return b.String(), nil
}

// check says which number a claim lacks.
func (c *Claim) check() error {
	bad := func(format string, a ...any) error {
		return fmt.Errorf("report: step %s cannot be said: "+format, append([]any{c.Step}, a...)...)
	}
	s := c.Step
	switch {
	case s > coordination.Step4:
		return bad("there is no such step")
	case c.About == AboutWave && s > MaxWaveStep:
		return bad("a wave stops at step %s: no null model tells a campaign from a popular message", MaxWaveStep)
	case c.Accounts < 1:
		return bad("no account")
	case c.About == AboutGroup && c.Messages < 1:
		return bad("no message")
	case s >= coordination.Step1 && c.Within < 0:
		return bad("the times are not known")
	case c.Followers && s != coordination.Step1b:
		return bad("accounts that always react at once stop at step 1b")
	case c.About == AboutWave && s == coordination.Step2 && c.Compared < coordination.MinReference:
		return bad("compared with %d messages, at least %d are needed", c.Compared, coordination.MinReference)
	case c.About == AboutWave && s == coordination.Step2 && (c.Reference == "" || c.Closer < 0 || c.Closer >= c.Compared):
		return bad("no named reference, or a rank outside it")
	case s >= coordination.Step2 && c.About == AboutGroup && c.Accounts < coordination.MinMembers:
		return bad("%d accounts, at least %d are needed", c.Accounts, coordination.MinMembers)
	case s >= coordination.Step3 && !(c.P > 0 && c.P < coordination.TestLevel): // NaN stops here too
		return bad("p = %v is not below %v", c.P, coordination.TestLevel)
	case s >= coordination.Step3 && !c.Calibrated:
		return bad("not calibrated on these posts")
	case s == coordination.Step4 && c.Settings < 2:
		return bad("a grid of %d settings", c.Settings)
	}
	return nil
}

// A Stop is a reason why a finding goes no higher.
type Stop uint8

// The stops.
const (
	StopOneShot       Stop = iota // a wave, at step 2
	StopNoBackground              // fewer than five outsiders in every object
	StopNoReference               // fewer than a hundred comparable messages
	StopSpread                    // a wave over more than twelve hours
	StopFollowers                 // always at once after one source
	StopNotCalibrated             // no calibration on these posts
	StopNoTimes                   // times not known
	StopSpirit                    // texts near this one: no step above 0
	StopNotTrusted                // the words are switched off
	StopNoHistory                 // accounts without other posts
	StopOneMoment                 // all posts bear one time
	StopOwnHours                  // their own hours explain as much
	StopPopular                   // comparable messages come as close
	StopInexact                   // times known to the day or less
	StopLevel                     // calibrated, and the method finds too much on these posts
)

// Stop returns the sentence that says why a finding stops.
func (l Ladder) Stop(s Stop) string {
	if int(s) < len(l.w.stops) {
		return l.w.stops[s]
	}
	return ""
}

// Cannot returns what no finding says, one sentence each.
func (l Ladder) Cannot() []string { return l.w.cannot[:] }

// Near returns the words for texts alike in spirit: "texts near this one".
func (l Ladder) Near() string { return l.w.near }

// Span returns a length of time in words, no more exactly than the times are
// known.
func (l Ladder) Span(d time.Duration, p post.Precision) string { return l.w.span(d, p) }

// Accused finds the words of s that would accuse an account: fake, bot, troll,
// paid and their like in the language. Everything the program prints of its own
// must give none; what a post or a cited source says is theirs, and is left out
// by the caller.
func Accused(lang, s string) []string {
	var out []string
	for s != "" {
		m := wording.Unsaid(lang).FindStringSubmatchIndex(s)
		if m == nil {
			break
		}
		out = append(out, s[m[2]:m[3]])
		s = s[m[3]:] // not m[1]: the next word may share the sign between
	}
	return out
}
