package report

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/post"
)

// Said is a [Claim] as the JSON of an analysis holds it, so that its sentence
// can be said in every language of the ladder long after the posts are gone.
type Said struct {
	About      string  `json:"about"` // "wave" or "group"
	Step       string  `json:"step"`
	Trace      string  `json:"trace,omitempty"`
	Accounts   int     `json:"accounts"`
	Messages   int     `json:"messages,omitempty"`
	Within     float64 `json:"within_s"`
	Precision  string  `json:"precision,omitempty"`
	Closer     int     `json:"closer,omitempty"`
	Compared   int     `json:"compared,omitempty"`
	Reference  string  `json:"reference,omitempty"`
	Followers  bool    `json:"followers,omitempty"`
	P          float64 `json:"p,omitempty"`
	Calibrated bool    `json:"calibrated,omitempty"`
	Settings   int     `json:"settings,omitempty"`
}

func saidOf(c Claim) Said {
	s := Said{"wave", c.Step.String(), string(c.Trace), c.Accounts, c.Messages, c.Within.Seconds(), c.Precision.String(),
		c.Closer, c.Compared, c.Reference, c.Followers, c.P, c.Calibrated, c.Settings}
	if c.About == AboutGroup {
		s.About = "group"
	}
	return s
}

func (s Said) claim() Claim {
	c := Claim{Step: stepNamed(s.Step), Trace: coordination.Trace(s.Trace), Accounts: s.Accounts, Messages: s.Messages, Within: time.Duration(math.Round(s.Within*1000)) * time.Millisecond,
		Closer: s.Closer, Compared: s.Compared, Reference: s.Reference, Followers: s.Followers, P: s.P, Calibrated: s.Calibrated, Settings: s.Settings}
	if s.About == "group" {
		c.About = AboutGroup
	}
	c.Precision, _ = post.ParsePrecision(s.Precision) // an unknown one is None: the span is printed as it is
	return c
}

// Allows returns the highest step of the ladder that the analysis stands on,
// and what may be said there, in a language of the ladder: the sentence of each
// finding on that step, the most accounts first. What is set apart says
// nothing. A report without numbered claims, of an older version, gives the
// words of the step in general, with letters for its numbers. It is an error
// when there is no ladder in the language.
func (a *Analysis) Allows(lang string) (coordination.Step, []string, error) {
	l, err := LadderIn(lang)
	if err != nil {
		return 0, nil, err
	}
	reached := coordination.Step0
	for _, r := range a.Ladder {
		if s := stepNamed(r.Step); r.Reached && s > reached {
			reached = s
		}
	}
	var claims []Claim
	for _, w := range a.Waves {
		if w.SetApart == "" && w.Said.Accounts > 0 {
			claims = append(claims, w.Said.claim())
		}
	}
	for _, g := range a.Groups {
		if g.SetApart == "" && g.Said.Accounts > 0 {
			claims = append(claims, g.Said.claim())
		}
	}
	for _, e := range a.Edited {
		if e.SetApart == "" && e.Said.Accounts > 0 {
			claims = append(claims, e.Said.claim())
			reached = max(reached, stepNamed(e.Step)) // the ladder of the page marks waves and groups
		}
	}
	slices.SortStableFunc(claims, func(x, y Claim) int { return y.Accounts - x.Accounts })
	var out []string
	for _, c := range claims {
		if c.Step != reached {
			continue
		}
		if s, err := l.Say(c); err == nil && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if out == nil {
		var words []string
		for s := coordination.Step0; s <= reached; s++ {
			about := AboutWave
			if s > coordination.TrustedWaveStep {
				about = AboutGroup
			}
			if w := l.Rung(s, about); s <= coordination.Step1b || s == reached {
				words = append(words, w)
			}
		}
		out = append(out, strings.Join(words, "; "))
	}
	return reached, out, nil
}
