package coordination

import (
	"time"
)

// TestVersion names the algorithm of the group test. It changes whenever the
// same events, options and seed may give another result, and is part of the
// key under which calibrations and evaluations are kept.
const TestVersion = "N4/2"

// TestOptions of a group test. The zero value is the documented default.
type TestOptions struct {
	Window     time.Duration // two shares so close coincide; zero: a minute
	Plain      bool          // redraw without profiles: times move freely inside each object
	Expect     int           // redraws for the expectation; zero: 199
	Reference  int           // redraws to compare with; zero: 199
	Scratch    bool          // start every walk from a plain permutation instead of the data: the older form, to compare with
	MinRepeats int           // an edge is two accounts that coincide on so many objects; zero: 2
	Seed       uint64        // of all randomness

	Procs    int                   `json:"-"` // goroutines; zero: one for each processor; no influence on the result
	Progress func(done, total int) `json:"-"` // redraws done, told now and then from one goroutine at a time; may be nil
}

// Floors of effect size, fixed before the evaluation of docs/evaluation.md.
const (
	StrongEffect  = .5  // a strong group has Effect at least so large
	WeakRatio     = 2   // a weak group has Ratio at least so large
	MinMembers    = 3   // both have at least so many accounts
	TestLevel     = .05 // family-wise: both have P at most this
	MinBackground = 5   // an object with fewer accounts outside a group is no background for it
)

// A GroupTest says which groups of accounts coincide more often than their
// habits and the objects' popularity explain (test N4), with p-values that
// hold for all groups of the data set together.
//
// The posts' times are redrawn many times: within each object the times are
// dealt to its accounts anew, under each account's own hours of the day and
// reaction times (or freely, when Plain). Half of the redraws say how often
// accounts are expected to coincide, the other half what the most striking
// group looks like when there is nothing but habit and popularity. The
// distribution is started from the data themselves, so that data and redraws
// can be exchanged (Besag and Clifford, Biometrika 76, 1989,
// doi:10.1093/biomet/76.4.633); Groups compares with the maximum over each
// redraw, over all components and the three Alphas.
type GroupTest struct {
	Trace   Trace       // "" for events that come from plain slices
	Options TestOptions // as used, defaults filled in
	Version string      // TestVersion
	Status  Status      // whether there was anything to test

	Events       int // first shares of an account and an object
	Accounts     int
	Objects      int // with at least two accounts
	Coincidences int // pairs of accounts and an object within the window
	Repeaters    int // accounts with at least two objects: only they can coincide twice
	NoBackground int // objects with fewer than two accounts and MinBackground others
	Crowded      int // objects left out because too many accounts share them within the window
	Untimed      int // shares left out because their time is not known well enough

	Groups    []TestedGroup  // strong ones first, then weak, then those that do not pass
	Followers []Followers    // accounts that always react at once
	Activity  []ActivityPair // pairs that the activity null alone does not explain (N1)
	Compared  int64          // pairs of accounts among which Activity was sought
	MaxT      [][]float64    // per Alphas: the largest T of each reference redraw, ascending
}

// Alphas are the thresholds under which edges make components: all edges, and
// those with P at most .05 or .01.
var Alphas = []float64{1, .05, .01}

// A Verdict says what a group test says of one group.
type Verdict string

// The verdicts.
const (
	Strong     Verdict = "strong"      // P ≤ TestLevel, Effect ≥ StrongEffect, MinMembers accounts
	Weak       Verdict = "weak"        // P ≤ TestLevel, Ratio ≥ WeakRatio, MinMembers accounts
	NotPassing Verdict = "not passing" // see Reason
)

// A Reason says why a group does not pass.
type Reason string

// The reasons, in the order they are looked at.
const (
	PassesAll     Reason = ""              // it does pass
	TooFewMembers Reason = "few accounts"  // fewer than MinMembers: never compared
	ByChance      Reason = "chance"        // P above TestLevel
	NoOutsiders   Reason = "no background" // no object on which it coincides has MinBackground other accounts
	SmallEffect   Reason = "small effect"  // neither Effect nor Ratio is large enough
)

// A TestedGroup is accounts connected by edges, judged as one.
type TestedGroup struct {
	Number   int // from 1, in the order of GroupTest.Groups
	Verdict  Verdict
	Reason   Reason
	Alpha    float64  // its edges have P at most this
	Accounts []uint32 // members, ascending; by number in the Result, or as given
	K        int      // K_G: coincidences of two members on one object
	Lambda   float64  // Λ_G: as many are expected
	T        float64  // −ln Pr[Poisson(Lambda + ¼) ≥ K]
	P        float64  // family-wise: share of data sets with nothing but habit that show a group so striking; 1 for two accounts
	Ratio    float64  // ρ_G = K / Lambda
	Possible int      // M_G: coincidences if all members who share an object coincided
	Effect   float64  // e_G = (K − Lambda) / (Possible − Lambda): share of what was still possible
	Objects  int      // on which at least two members coincide
	WithBack int      // of these, objects with at least MinBackground accounts outside the group
	Inside   int      // number of the weak group that holds this strong one; 0 for none
	Fast     bool     // its members always react within Within of the earliest share: see Followers
	Within   time.Duration
	Edges    []TestedEdge // most coincidences first
}

// A TestedEdge is two accounts of a group that coincide repeatedly.
type TestedEdge struct {
	A, B     uint32
	K        int     // objects on which they coincide
	Shared   int     // objects both share
	Lambda   float64 // expected under the redraws
	P        float64 // Pr[Poisson(Lambda) ≥ K]; of this pair alone, not corrected
	Activity ActivityPair
	LeftOut  LeftOut
	Meetings []Meeting // by time
}

// A Meeting is one object on which two accounts coincide.
type Meeting struct {
	Object   uint32        // see Events.Name
	PostA    uint32        // the post by A: number in the Result, or row in the slices
	PostB    uint32        // the post by B
	Gap      time.Duration // between them, not negative
	Accounts int           // that share the object
	Outside  int           // of these, accounts outside the group
	Since    time.Duration // from the earliest share of the object to the earlier of the two
}

// An ActivityPair says whether two accounts coincide more often than their
// activity explains (N1). As any popular message makes accounts meet, it
// describes and decides nothing.
type ActivityPair struct {
	A, B   uint32
	K      int
	Lambda float64 // P·d_a·d_b / (N(N−1)/2)
	P      float64 // Pr[Poisson(Lambda) ≥ K]
	Q      float64 // after Benjamini and Hochberg over all pairs of accounts
}

// LeftOut is a pair judged by the accounts outside its group alone (N3): how
// often two outsiders coincide on the objects that the pair shares.
type LeftOut struct {
	K       int     // coincidences on objects with a background
	Lambda  float64 // expected
	P       float64 // Pr[Poisson(Lambda) ≥ K]; 1 when K is 0
	Dropped int     // shared objects without MinBackground outsiders
}

// Followers are accounts that always react within Within of the earliest
// share of an object: fast followers of the same source. No statistic of
// timing tells a campaign that always fires right after its source from
// people who have notifications on, so nothing stronger is said of them.
type Followers struct {
	Accounts []uint32
	Objects  int           // on which at least two of them follow
	Shares   int           // their shares after an earlier one
	Within   time.Duration // nine of ten of those shares come within this
}
