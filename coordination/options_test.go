package coordination_test

import (
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
)

// TestOptionsAreNamed: an option that cannot be is refused by its name.
func TestOptionsAreNamed(t *testing.T) {
	narratives := func(o coordination.NarrativeOptions) error { _, err := o.Resolved(); return err }
	edited := func(o coordination.EditedOptions) error { _, err := o.Resolved(); return err }
	for _, c := range []struct {
		err  error
		want string
	}{
		{narratives(coordination.NarrativeOptions{}), ""}, {edited(coordination.EditedOptions{}), ""},
		{narratives(coordination.NarrativeOptions{Window: time.Microsecond}), "the window 1µs cannot be"},
		{edited(coordination.EditedOptions{Window: -time.Second}), "the window -1s cannot be"},
		{edited(coordination.EditedOptions{MinCosine: 2}), "the least cosine 2 cannot be"},
		{narratives(coordination.NarrativeOptions{Resolution: -1}), "the resolution -1 cannot be"},
		{narratives(coordination.NarrativeOptions{Neighbours: 1001}), "1001 neighbours are too many; 1000 at most"},
		{narratives(coordination.NarrativeOptions{Terms: -1}), "the number of terms cannot be negative: -1"},
	} {
		if c.want == "" && c.err != nil || c.want != "" && (c.err == nil || !strings.Contains(c.err.Error(), c.want)) {
			t.Errorf("%v, want %q", c.err, c.want)
		}
	}
	o, _ := coordination.NarrativeOptions{}.Resolved()
	if o.Neighbours != 10 || o.Terms != 8 || o.Procs < 1 {
		t.Errorf("the defaults are %+v", o)
	}
}
