package coordination

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/arasha-org/arasha/coordination/internal/redraw"
)

// A Calibration says how often the group test finds something where there is
// nothing but habit: data sets are redrawn under the profiles of the user's
// own posts, the profiles of each are estimated anew, and each is tested like
// data. It is a value with a JSON form for the caller to store; Calibrate
// continues it.
//
// It also gives a group a p that allows for the estimation of the profiles:
// see P.
type Calibration struct {
	Version string // CalibrationVersion
	Input   string // SHA-256 of the events, in hexadecimal
	Options TestOptions
	Runs    []CalibrationRun // by number
}

// A CalibrationRun is one redrawn data set, tested.
type CalibrationRun struct {
	Number  int
	P       float64 // the smallest family-wise p; 1 when there is no component of MinMembers
	MaxT    float64 // the largest T of a component of MinMembers, under any of the Alphas; 0 when there is none
	Passing int     // components with P at most TestLevel, whatever their effect
	Strong  int
	Weak    int
}

// CalibrationVersion names the algorithm of calibrations: it changes with that
// of the test, and when a run records more.
const CalibrationVersion = TestVersion + ", calibration 2"

// NotCalibrated is what a report says that has no calibration.
const NotCalibrated = "not calibrated on these posts"

// Calibrate tests redrawn data sets until there are n. Given resume, the
// calibration that a call returned before, it adds the runs that are missing;
// one of other events, options or of another version is refused. Run i
// depends on the events, the options and i alone, so that a calibration made
// in pieces is the same. Progress is told runs.
//
// When ctx is cancelled the runs that are complete are returned with its
// error. Events on which nothing can be tested are an error.
func Calibrate(ctx context.Context, e *Events, o TestOptions, n int, resume *Calibration) (*Calibration, error) {
	o, err := o.resolved()
	if err != nil {
		return nil, err
	}
	g := newStage(e, o.Window.Milliseconds(), o.MinRepeats)
	if s := g.status(); s != Tested {
		return nil, fmt.Errorf("nothing to calibrate: %s", (&GroupTest{Status: s, Options: o, Objects: e.Objects()}).Sentence())
	}
	asked := o
	asked.Progress, asked.Procs = nil, 0
	c := &Calibration{Version: CalibrationVersion, Input: e.sum(), Options: asked}
	if resume != nil {
		if why := c.differs(resume); why != "" {
			return nil, fmt.Errorf("the calibration to continue was made %s", why)
		}
		c.Runs = slices.Clone(resume.Runs)
	}
	done := map[int]bool{}
	for _, r := range c.Runs {
		done[r.Number] = true
	}
	var todo []int
	for i := range n {
		if !done[i] {
			todo = append(todo, i)
		}
	}
	profile, all := g.null(&o)
	var mu sync.Mutex
	err = each(ctx, o.Procs, len(todo), func(i int) error {
		r, err := g.calibrate(ctx, &o, profile, all, todo[i])
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		c.Runs = append(c.Runs, r)
		if o.Progress != nil {
			o.Progress(len(c.Runs), n)
		}
		return nil
	})
	slices.SortFunc(c.Runs, func(a, b CalibrationRun) int { return cmp.Compare(a.Number, b.Number) })
	return c, err
}

// null returns what data sets are drawn with: the profiles of the data, nil for
// none, and all objects.
func (g *stage) null(o *TestOptions) (p *redraw.Profile, all []uint32) {
	if !o.Plain {
		p = g.s.Profile(g.e.acct)
	}
	all = make([]uint32, g.e.Objects())
	for i := range all {
		all[i] = uint32(i)
	}
	return p, all
}

// Redrawn returns data set number i of those that Calibrate tests: the same
// times of the same objects, dealt to the accounts anew as their habits alone
// would have it. Whoever wants to know how often a method finds something
// where there is nothing tries it on these.
func Redrawn(e *Events, o TestOptions, i int) (*Events, error) {
	o, err := o.resolved()
	if err != nil {
		return nil, err
	}
	g := newStage(e, o.Window.Milliseconds(), o.MinRepeats)
	p, all := g.null(&o)
	out := *e
	out.acct, _ = g.drawNull(&o, p, all, i)
	return &out, nil
}

// drawNull draws data set number i from the null: which account stands at which
// slot, and the seed for what follows with it.
func (g *stage) drawNull(o *TestOptions, p *redraw.Profile, all []uint32, i int) (state []uint32, seed uint64) {
	own := rand.New(stream(o.Seed, forNull))
	for range i {
		own.Uint64()
	}
	seed = own.Uint64()
	c := redraw.NewChain(g.s, p, all, g.e.acct, stream(seed, forNull))
	c.Shuffle()
	c.Sweep(burnIn)
	return c.State, seed
}

// calibrate draws data set number i from the null and tests it.
func (g *stage) calibrate(ctx context.Context, o *TestOptions, p *redraw.Profile, all []uint32, i int) (CalibrationRun, error) {
	state, seed := g.drawNull(o, p, all, i)
	inner := *o
	inner.Seed, inner.Procs, inner.Progress = seed, 1, nil
	d, err := g.redraw(ctx, state, &inner, []int{o.MinRepeats})
	if err != nil {
		return CalibrationRun{}, err
	}
	r := CalibrationRun{Number: i, P: 1, MaxT: slices.Max(maxima(d.data, len(d.layers)))}
	pvalue := d.pvalues(0, len(d.layers))
	for _, x := range d.data {
		if len(x.accounts) < MinMembers {
			continue
		}
		v := pvalue(x.layer, x.t)
		r.P = min(r.P, v)
		if v <= TestLevel && x.layer == 0 {
			r.Passing++
		}
	}
	if r.P <= TestLevel {
		r.Passing = max(r.Passing, 1) // it may pass at a smaller alpha only
	}
	for _, v := range g.verdicts(d, state, 0, len(d.layers), true) {
		if v.verdict == Strong {
			r.Strong++
		} else {
			r.Weak++
		}
	}
	return r, nil
}

// differs says in what the other calibration was made otherwise, "" for in
// nothing.
func (c *Calibration) differs(other *Calibration) string {
	a, _ := json.Marshal(c.Options)
	b, _ := json.Marshal(other.Options)
	switch {
	case c.Version != other.Version:
		return fmt.Sprintf("by another version of the test: %s; now it is %s", other.Version, c.Version)
	case c.Input != other.Input:
		return "on other posts"
	case string(a) != string(b):
		return fmt.Sprintf("with other options: %s, now %s", b, a)
	}
	return ""
}

// Of reports whether c was made on these events, with these options and by
// this version: whether a report may cite it.
func (c *Calibration) Of(e *Events, o TestOptions) bool {
	o, err := o.resolved()
	if err != nil {
		return false
	}
	o.Progress, o.Procs = nil, 0
	return (&Calibration{Version: CalibrationVersion, Input: e.sum(), Options: o}).differs(c) == ""
}

// Share returns the share of runs with a component that passes at TestLevel,
// its standard error, and the share of runs with a strong group. All are 0
// when there is no run.
func (c *Calibration) Share() (any, stderr, strong float64) {
	n := float64(len(c.Runs))
	if n == 0 {
		return 0, 0, 0
	}
	for _, r := range c.Runs {
		if r.P <= TestLevel {
			any++
		}
		if r.Strong > 0 {
			strong++
		}
	}
	any /= n
	return any, math.Sqrt(any * (1 - any) / n), strong / n
}

// P returns the p of a group of this T among the redrawn data sets, family-wise:
// the share of them, the data counted in, whose most striking group is as
// striking when its profiles are estimated as those of the data were.
//
// The P of a [TestedGroup] takes the profiles for known. Where accounts have
// few shares they are not: a campaign is taken for habit, and a data set drawn
// from that habit shows groups that its own, newly estimated profiles do not
// explain. This p has the same estimation on both sides (a parametric
// bootstrap of the whole test: Beran, JASA 83, 1988,
// doi:10.1080/01621459.1988.10478649). Who reports takes the larger of both.
// Its least value is 1/(runs+1).
func (c *Calibration) P(t float64) float64 {
	k := 1
	for _, r := range c.Runs {
		if r.MaxT >= t {
			k++
		}
	}
	return float64(k) / float64(len(c.Runs)+1)
}

// sum returns the SHA-256 of the events.
func (e *Events) sum() string {
	h := sha256.New()
	var b [16]byte
	e.Each(func(account, object, _ uint32, at int64) {
		binary.LittleEndian.PutUint32(b[0:], account)
		binary.LittleEndian.PutUint32(b[4:], object)
		binary.LittleEndian.PutUint64(b[8:], uint64(at))
		h.Write(b[:])
	})
	return hex.EncodeToString(h.Sum(nil))
}
