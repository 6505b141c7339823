package coordination_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/coordination"
)

// cliques are groups of six accounts, numbered from 100, each tied to all of
// its group by w messages; account 100 is tied to the second group too.
func cliques(groups int, w float64) []coordination.Tie {
	var ties []coordination.Tie
	for g := range uint32(groups) {
		for i := range uint32(6) {
			for j := range i {
				ties = append(ties, coordination.Tie{A: 100 + 6*g + i, B: 100 + 6*g + j, Weight: w})
			}
		}
	}
	for j := range uint32(4) {
		ties = append(ties, coordination.Tie{A: 100, B: 106 + j, Weight: w})
	}
	return ties
}

func communities(t *testing.T, ties []coordination.Tie, o coordination.CommunityOptions) *coordination.Communities {
	t.Helper()
	c, err := coordination.FindCommunities(context.Background(), ties, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCommunities(t *testing.T) {
	ties := append(cliques(4, 5), coordination.Tie{A: 7, B: 8, Weight: 3})
	for _, o := range []coordination.CommunityOptions{{}, {Potts: true, Resolution: 2}} {
		c := communities(t, ties, o)
		if c.Accounts != 26 || len(c.List) != 4 || c.Small != 1 {
			t.Fatalf("%d accounts, %d groups, %d small; want 26, 4, 1", c.Accounts, len(c.List), c.Small)
		}
		for _, m := range c.List {
			if len(m.Accounts) != 6 || m.Ties != 15 || m.Weight != 75 {
				t.Errorf("group %+v", m)
			}
			if m.Reruns != 1 || m.Resampled < .9 || m.Resampled > 1 {
				t.Errorf("group %d: stability %v and %v", m.Number, m.Reruns, m.Resampled)
			}
		}
		m := c.List[0]
		want := []coordination.Place{{Kind: coordination.BetweenGroups, Account: 100, Spread: 1 - (25.*25+20*20)/(45*45), Other: 2}}
		if d := cmp.Diff(want, m.Places); m.Accounts[0] == 100 && d != "" {
			t.Errorf("places (-want +got):\n%s", d)
		}
		// Neither the order of the ties nor the goroutines change anything.
		shuffled := slices.Clone(ties)
		rand.New(rand.NewPCG(1, 1)).Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
			shuffled[i].A, shuffled[i].B = shuffled[i].B, shuffled[i].A
		})
		o.Procs = 1
		again := communities(t, shuffled, o)
		again.Options.Procs = c.Options.Procs
		if d := cmp.Diff(c, again); d != "" {
			t.Errorf("another order, another division:\n%s", d)
		}
	}
}

// Groups that are only noise are said to be unstable.
func TestCommunitiesOfNoise(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	var ties []coordination.Tie
	for range 400 {
		if a, b := rng.Uint32N(100), rng.Uint32N(100); a != b {
			ties = append(ties, coordination.Tie{A: a, B: b, Weight: 1})
		}
	}
	for _, m := range communities(t, ties, coordination.CommunityOptions{}).List {
		if m.Resampled > .7 {
			t.Errorf("a group of noise, %d accounts, is stable: %v", len(m.Accounts), m.Resampled)
		}
	}
}

func TestCommunitiesEdges(t *testing.T) {
	if c := communities(t, nil, coordination.CommunityOptions{}); len(c.List) != 0 || c.Accounts != 0 || math.IsNaN(c.Quality) {
		t.Errorf("no ties: %+v", c)
	}
	if c := communities(t, []coordination.Tie{{A: 1, B: 2, Weight: 1e6}}, coordination.CommunityOptions{MinAccounts: 2}); len(c.List) != 1 || c.List[0].Resampled != 1 {
		t.Errorf("one tie: %+v", c)
	}
	for _, w := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if _, err := coordination.FindCommunities(context.Background(), []coordination.Tie{{A: 1, B: 2, Weight: w}}, coordination.CommunityOptions{}); err == nil {
			t.Errorf("the weight %v was taken", w)
		}
	}
	if _, err := coordination.FindCommunities(context.Background(), nil, coordination.CommunityOptions{Resolution: -1}); err == nil {
		t.Error("a negative resolution was taken")
	}
}

func TestPlaces(t *testing.T) {
	// Three accounts and an outsider; u0 publishes first twice, u1 once but is
	// repeated more often.
	posts := said("первое сообщение для всех", "первое сообщение для всех", "второе сообщение для всех", "второе сообщение для всех",
		"третье сообщение для всех", "третье сообщение для всех", "третье сообщение для всех", "третье сообщение для всех", "третье сообщение для всех")
	for i, a := range []string{"u0", "u2", "u0", "u1", "u1", "u0", "u2", "u2", "u2"} {
		posts[i].Account.ID = a
	}
	r, err := coordination.Find(posts, coordination.Options{Traces: []coordination.Trace{coordination.SameText}, Windows: []time.Duration{48 * time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	var ties []coordination.Tie
	for _, e := range r.Views[0].Edges {
		ties = append(ties, coordination.Tie{A: e.A, B: e.B, Weight: float64(e.Messages)})
	}
	c := communities(t, ties, coordination.CommunityOptions{})
	if len(c.List) != 1 {
		t.Fatalf("%d groups", len(c.List))
	}
	c.PlacesIn(r, &r.Views[0])
	var got []string
	for _, p := range c.List[0].Places {
		if !strings.HasSuffix(p.Kind.String(), coordination.OfThePosts) {
			t.Errorf("%q does not say of what", p.Kind)
		}
		got = append(got, r.Account(p.Account).ID+" "+p.Kind.String())
		if p.Kind == coordination.EarliestHeld && (p.Count != 2 || p.Of != 3) || p.Kind == coordination.MostRepeated && (p.Count != 4 || p.Of != 1) {
			t.Errorf("%+v", p)
		}
	}
	if d := cmp.Diff([]string{"u0 earliest held of the posts collected", "u1 most repeated of the posts collected"}, got); d != "" {
		t.Errorf("places (-want +got):\n%s", d)
	}
}
