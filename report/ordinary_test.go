package report

import (
	"testing"

	"github.com/arasha-org/arasha/coordination"
)

// TestEveryStopHasWords: a message that goes no higher is told why in the
// words of the ladder, in every language.
func TestEveryStopHasWords(t *testing.T) {
	for _, stop := range []coordination.WaveStop{coordination.StopUntimed, coordination.StopInexact, coordination.StopSpreadOut, coordination.StopOneMoment,
		coordination.StopNoHistory, coordination.StopOwnHabits, coordination.StopNoRef, coordination.StopPopular, coordination.StopOnce} {
		s, ok := waveStops[stop]
		if !ok {
			t.Errorf("nothing is said of %q", stop)
		}
		for _, lang := range LadderLanguages {
			l, _ := LadderIn(lang)
			if l.Stop(s) == "" {
				t.Errorf("%s: no words for %q", lang, stop)
			}
		}
	}
}
