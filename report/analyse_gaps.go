package report

import (
	"fmt"
	"time"

	"github.com/arasha-org/arasha/coordination"
)

// A Gap is a stretch of time that was not collected, as a person stated it.
type Gap struct {
	From  string `json:"from"` // RFC 3339
	To    string `json:"to"`   // the first instant collected again
	Why   string `json:"why,omitempty"`
	Posts int    `json:"posts"` // dated inside it all the same
}

// gaps says what was not collected. Only what a person states counts: silence
// is no gap.
func (b *builder) gaps() {
	if b.Gaps == nil {
		return
	}
	c := &b.a.Collected
	for _, g := range b.Gaps {
		x := Gap{From: g.From.Format(time.RFC3339), To: g.To.Format(time.RFC3339), Why: g.Why}
		for i := range uint32(b.r.Posts) {
			if t := b.r.Post(i).Time; dated(t) && !t.UTC().Before(g.From) && t.UTC().Before(g.To) {
				x.Posts++
			}
		}
		c.Gaps = append(c.Gaps, x)
		says := "Not collected: " + stretchWords(g.From, g.To)
		if g.Why != "" {
			says += " (" + g.Why + ")"
		}
		if says += "."; x.Posts > 0 {
			says += fmt.Sprintf(" %s dated inside it %s at hand all the same.", Count(int64(x.Posts), "post"), map[bool]string{true: "is", false: "are"}[x.Posts == 1])
		}
		c.Missing = append(c.Missing, says)
	}
}

// stretchWords prints a stretch of time in UTC: in days where it has whole
// ones.
func stretchWords(from, to time.Time) string {
	const day, clock = "2 Jan 2006", "2 Jan 2006, 15:04"
	midnight := func(t time.Time) bool { return t.Equal(t.Truncate(24 * time.Hour)) }
	if !midnight(from) || !midnight(to) {
		return from.Format(clock) + " to " + to.Format(clock) + " UTC"
	}
	last := to.AddDate(0, 0, -1)
	if last.Equal(from) {
		return from.Format(day)
	}
	return from.Format(day) + " to " + last.Format(day)
}

// notCollected returns the gaps as far as they lie between two instants, those
// that touch as one.
func notCollected(gaps []coordination.Gap, from, to time.Time) []Stretch {
	var out []Stretch
	for _, g := range gaps { // by their beginning
		s := Stretch{g.From, g.To}
		if s.From.Before(from) {
			s.From = from
		}
		if s.To.After(to) {
			s.To = to
		}
		if !s.To.After(s.From) {
			continue
		}
		if n := len(out); n > 0 && !s.From.After(out[n-1].To) {
			if s.To.After(out[n-1].To) {
				out[n-1].To = s.To
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// touchesGap reports whether a stretch lies so near to a gap that the next post
// of its wave, in this window, may have been missed.
func (b *builder) touchesGap(from, to time.Time, window time.Duration) bool {
	if window == coordination.Unbounded {
		return false // every gap might hold one; the limits say so
	}
	for _, g := range b.Gaps {
		if g.From.Before(to.Add(window)) && g.To.After(from.Add(-window)) {
			return true
		}
	}
	return false
}
