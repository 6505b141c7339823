package coordination_test

import (
	"slices"
	"testing"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
)

// TestDemoCampaign: the planted accounts of the demonstration come out as one
// strong group, nine of ten of them, and nobody else passes: no ordinary
// account, no signer, not the sister outlets, whose messages have no
// background.
func TestDemoCampaign(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		d := synth.NewDemo(seed)
		r, err := coordination.Find(d.Posts, coordination.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, trace := range []coordination.Trace{coordination.Link, coordination.SimilarText} {
			e, err := r.Events(trace, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			g := test(t, e, coordination.TestOptions{Seed: 1})
			strong := members(g, coordination.Strong)
			for _, a := range slices.Concat(strong, members(g, coordination.Weak)) {
				if id := r.Account(a).ID; !slices.Contains(d.Campaign, id) {
					t.Errorf("seed %d, %s: %s passes", seed, trace, id)
				}
			}
			if 10*len(strong) < 9*len(d.Campaign) || g.Groups[0].Fast || len(g.Followers) > 0 {
				t.Errorf("seed %d, %s: %d of %d are strong: %+v", seed, trace, len(strong), len(d.Campaign), g.Groups)
			}
			for _, edge := range g.Groups[0].Edges {
				for _, m := range edge.Meetings {
					pa, pb := r.Post(m.PostA), r.Post(m.PostB)
					if pa.Account != edge.A || pb.Account != edge.B || e.Name(m.Object) == "" {
						t.Fatalf("a meeting of %d and %d names the posts of %d and %d", edge.A, edge.B, pa.Account, pb.Account)
					}
				}
			}
		}
	}
}
