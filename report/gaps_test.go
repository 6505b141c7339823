package report

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/coordination"
)

// TestGaps: what a person states as not collected is drawn, said and counted;
// a silence that nobody states is not.
func TestGaps(t *testing.T) {
	at := func(h, m int) time.Time { return time.Date(2031, 4, 28, h, m, 0, 0, time.UTC) }
	s := studyOf(t, edits()) // from 09:00 on, a post a minute
	tested(t, s)
	silent := Analyse(s)
	s.Gaps = []coordination.Gap{{From: at(0, 0).AddDate(0, 0, -2), To: at(0, 0), Why: "ask @alpha0"}, {From: at(9, 2), To: at(9, 4)}, {From: at(9, 3), To: at(9, 6)}}
	a := Analyse(s)
	if diff := cmp.Diff([]Stretch{{at(9, 2), at(9, 6)}}, a.Timeline.Missing); diff != "" {
		t.Errorf("drawn (-want +got):\n%s", diff)
	}
	if got := a.Collected.Gaps; len(got) != 3 || got[0].Posts != 0 || got[1].Posts != 2 || got[2].Posts != 3 {
		t.Errorf("listed: %+v", got)
	}
	says := strings.Join(a.Limits, "\n")
	for _, want := range []string{"Not collected: 26 Apr 2031 to 27 Apr 2031 (ask @alpha0).", "28 Apr 2031, 09:02 to 28 Apr 2031, 09:04 UTC. 2 posts dated inside it are at hand"} {
		if !strings.Contains(says, want) {
			t.Errorf("the limits do not say %q:\n%s", want, says)
		}
	}
	if silent.Timeline.Missing != nil || strings.Contains(strings.Join(silent.Limits, ""), "Not collected") {
		t.Error("a gap that nobody stated")
	}
	beside := func(a *Analysis) bool {
		return strings.Contains(strings.Join(a.Waves[0].Says, " "), "were not collected")
	}
	if !beside(a) || beside(silent) {
		t.Error("the wave does not say that hours beside it are missing, or says it of none")
	}
	if p := a.Public(s.Result); strings.Contains(p.Collected.Gaps[0].Why+strings.Join(p.Limits, ""), "alpha0") {
		t.Errorf("the public edition names an account: %+v", p.Collected.Gaps)
	}
}
