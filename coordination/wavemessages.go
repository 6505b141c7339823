package coordination

import (
	"slices"
	"sync"
	"time"
)

// A message is one text or object with its posts.
type message struct {
	WaveTest
	docs  []uint32
	posts []uint32 // places of all timed posts, ascending
	first []uint32 // place of the first post of each publisher, ascending
	chars string   // key of the message for the reference
}

type waver struct {
	r     *Result
	o     *WaveOptions
	d     *documents
	out   *WaveTests
	found []message

	start []uint32 // CSR by account: places of its timed posts, ascending
	own   []uint32
	kin   map[uint32][]uint32 // first account of a family → its accounts
	pool  pool
	lo    int64 // of the corpus
	hi    int64
	once  bool // the corpus has one time only

	listing sync.Once // makes lists
	lists   map[uint32][]listing
}

// activity indexes when each account publishes.
func (w *waver) activity() {
	x := w.r.x
	w.start = make([]uint32, w.r.Accounts+1)
	exact := func(p int) bool { return w.r.c.precision(x.order[p]).Span() <= time.Hour }
	for p := range x.timed {
		if exact(p) {
			w.start[x.acct[p]+1]++
		}
	}
	sum(w.start)
	w.own = make([]uint32, w.start[w.r.Accounts])
	fill := slices.Clone(w.start)
	w.pool.day = map[int64]float64{}
	for h := range w.pool.hour {
		w.pool.hour[h] = 1 // so that no hour is impossible
	}
	first := true
	for p := range x.timed {
		if !exact(p) {
			continue
		}
		a := x.acct[p]
		w.own[fill[a]] = uint32(p)
		fill[a]++
		at := x.at[p]
		w.pool.hour[floorDiv(at, hour)-floorDiv(at, dayMillis)*hours]++
		w.pool.day[floorDiv(at, dayMillis)]++
		if first {
			w.lo, first = at, false
		}
		w.hi = at
	}
	if w.o.FlatPool {
		w.pool.day = nil
	}
	w.once = w.hi <= w.lo
	w.kin = map[uint32][]uint32{}
	if w.o.Publishers != nil {
		for _, f := range w.o.Publishers.Families {
			w.kin[f.Accounts[0]] = f.Accounts
		}
	}
	w.out.Accounts = w.r.Accounts
	for a := range uint32(w.r.Accounts) {
		if w.r.PostsOf(a)-1 < FewPosts {
			w.out.NewAccounts++
		}
	}
}

// messages finds the messages of enough accounts.
func (w *waver) messages() {
	r, x := w.r, w.r.x
	var one [1]uint32
	shared, timed := 0, 0
	for u := range w.d.units() {
		docs := w.d.unit(u, &one)
		n := 0
		for _, doc := range docs {
			n += len(w.d.of(doc))
		}
		if n < 2 {
			continue
		}
		m := message{docs: slices.Clone(docs)}
		var places []uint32
		for _, doc := range docs {
			for _, p := range w.d.of(doc) {
				if w.d.names != nil && r.isObject(x.order[p], w.d.names[doc]) {
					continue
				}
				places = append(places, p)
			}
		}
		slices.Sort(places)
		accounts := map[uint32]bool{}
		publishers := map[uint32]bool{}
		var untimed []uint32
		for _, p := range places {
			a := x.acct[p]
			if !accounts[a] {
				accounts[a] = true
				m.Members = append(m.Members, a)
			}
			b := w.o.Publishers.Of(a)
			if int(p) >= x.timed {
				untimed = append(untimed, p)
				continue
			}
			m.posts = append(m.posts, p)
			if !publishers[b] {
				publishers[b] = true
				m.first = append(m.first, p)
			}
		}
		w.out.Untimed += len(untimed)
		if len(accounts) < 2 {
			continue
		}
		shared++
		if len(m.first) >= 2 {
			timed++
		}
		late := m.first
		for _, p := range untimed { // they count, but say nothing of when
			if b := w.o.Publishers.Of(x.acct[p]); !publishers[b] {
				publishers[b] = true
				late = append(late, p)
			}
		}
		m.Accounts, m.Publishers, m.All = len(accounts), len(publishers), len(places)
		if m.Accounts < w.o.MinAccounts {
			w.out.Below++
			continue
		}
		w.shape(&m, late, places)
		w.found = append(w.found, m)
	}
	switch {
	case shared == 0:
		w.out.Status = WavesNone
	case timed == 0:
		w.out.Status = WavesUntimed
	case len(w.found) == 0:
		w.out.Status = WavesFew
	case w.once:
		w.out.Status = WavesAtOnce
	}
}

// shape fills in what a message is: its posts, times and platforms.
func (w *waver) shape(m *message, first, places []uint32) {
	r, x := w.r, w.r.x
	m.Trace, m.Object = w.out.Trace, m.docs[0]
	m.Posts = make([]uint32, len(first))
	for i, p := range first {
		m.Posts[i] = x.order[p]
	}
	m.First, m.Peak = m.Posts[0], m.Posts[0]
	m.End = m.Posts[max(len(m.first), 1)-1]
	if w.d.names == nil {
		m.Name = r.Post(m.First).Text
		m.chars = textKey(m.Name)
	} else {
		m.Name = r.c.strings.get(w.d.names[m.Object], 1)[0]
		m.chars = m.Name
	}
	for _, p := range places {
		if name := r.c.plats[r.c.plat[x.order[p]]]; name != "" && !slices.Contains(m.Platforms, name) {
			m.Platforms = append(m.Platforms, name)
		}
	}
	m.Half, m.Span = -1, -1
	if class := sizeClass(m.Publishers); class >= 0 {
		m.Popularity.Class = SizeClasses[class]
	}
	m.NewTail, m.OwnQ, m.PoolQ, m.Own.P, m.History.P, m.Popularity.P = 1, 1, 1, 1, 1, 1
	if len(m.first) < 2 {
		return
	}
	at := w.times(m.first)
	m.Span = time.Duration(at[len(at)-1]-at[0]) * time.Millisecond
	// Half of all publishers, also of those whose time is not known.
	if half := max(2, (m.Publishers+1)/2); len(at) >= half {
		best := at[len(at)-1] - at[0]
		for i := half - 1; i < len(at); i++ {
			best = min(best, at[i]-at[i-half+1])
		}
		m.Half = time.Duration(best) * time.Millisecond
	}
	for _, p := range m.first {
		if s := r.c.precision(x.order[p]).Span(); s > time.Second {
			m.Slack = max(m.Slack, s)
		}
	}
	for _, win := range WaveWindows {
		if win < m.Slack {
			continue
		}
		k, from := densest(at, win.Milliseconds())
		m.Windows = append(m.Windows, WindowTest{Window: win, K: k, From: m.Posts[from], P: 1, Redrawn: -1})
		if win == time.Hour {
			m.Peak = m.Posts[from]
		}
	}
}

func (w *waver) times(places []uint32) []int64 {
	at := make([]int64, len(places))
	for i, p := range places {
		at[i] = w.r.x.at[p]
	}
	return at
}
