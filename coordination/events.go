package coordination

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Events are the first share of each account and object under one trace: what
// the tests of repetition look at. Only objects of at least two accounts are
// kept. Within an object events stand in order of time.
type Events struct {
	Trace   Trace // "" when made from plain slices
	Untimed int   // shares left out because their time is not known well enough
	Own     int   // shares left out because the object is the post itself

	start   []uint32 // CSR by object: events start[o]:start[o+1]
	acct    []uint32 // compact number of the account
	at      []int64  // milliseconds since 1970
	post    []uint32 // number of the post in the Result, row in the slices
	accts   []uint32 // compact number → number as the caller knows it, ascending
	objects []uint32 // place → number as the caller knows it, ascending

	r     *Result
	names []uint64 // arena, per object as the caller knows it; nil for texts
}

// An event before it is grouped.
type share struct {
	object, acct, post uint32
	at                 int64
}

// NewEvents makes events from three slices of one length: row i says that
// account[i] shared object[i] at atMillis[i] (milliseconds since 1970). Of
// several rows with one account and object the earliest counts, the first of
// those with one time.
func NewEvents(account, object []uint32, atMillis []int64) (*Events, error) {
	if len(account) != len(object) || len(account) != len(atMillis) {
		return nil, fmt.Errorf("coordination: events from %d accounts, %d objects and %d times; want as many of each",
			len(account), len(object), len(atMillis))
	}
	rows := make([]share, len(account))
	for i := range rows {
		rows[i] = share{object[i], account[i], uint32(i), atMillis[i]}
	}
	e := &Events{}
	e.fill(rows)
	return e, nil
}

// Events returns the events of a trace of the analysis. Posts whose time is
// not known well enough for the window are left out and counted, as are posts
// that are the object themselves. Texts connected by similarity are one
// object. It is an error to ask for a trace that was not analysed.
func (r *Result) Events(t Trace, window time.Duration) (*Events, error) {
	i := slices.IndexFunc(r.Views, func(v View) bool { return v.Trace == t })
	if i < 0 {
		return nil, fmt.Errorf("coordination: the trace %q was not analysed; analysed: %v", t, r.Options.Traces)
	}
	return r.eventsOf(r.Views[i].docs, window), nil
}

// eventsSimilar returns the events of similar text at another threshold.
func (r *Result) eventsSimilar(least [2]uint64, window time.Duration) (*Events, error) {
	i := slices.IndexFunc(r.Views, func(v View) bool { return v.Trace == SimilarText })
	if i < 0 {
		return nil, fmt.Errorf("coordination: the trace %q was not analysed; analysed: %v", SimilarText, r.Options.Traces)
	}
	if least[0] == 0 || least[0] > least[1] {
		return nil, fmt.Errorf("a similarity of %d/%d cannot be; above 0, at most 1", least[0], least[1])
	}
	if least[0]*r.Options.Den == r.Options.Num*least[1] {
		return r.eventsOf(r.Views[i].docs, window), nil
	}
	d := *r.Views[i].docs // the same texts, other neighbours
	d.link(r.c.join(&d, r.x, least[0], least[1]))
	return r.eventsOf(&d, window), nil
}

func (r *Result) eventsOf(d *documents, window time.Duration) *Events {
	e := &Events{Trace: d.trace, r: r, names: d.names}
	own := d.trace != SameText && d.trace != SimilarText
	var rows []share
	var one [1]uint32
	for u := range d.units() {
		docs := d.unit(u, &one)
		for _, doc := range docs {
			for _, p := range d.of(doc) {
				post := r.x.order[p]
				if int(p) >= r.x.timed || !r.Post(post).Time.Timed(window) {
					e.Untimed++
					continue
				}
				if own && r.isObject(post, d.names[doc]) {
					e.Own++
					continue
				}
				rows = append(rows, share{docs[0], r.x.acct[p], post, r.x.at[p]})
			}
		}
	}
	e.fill(rows)
	return e
}

// isObject reports whether a post is the object named at.
func (r *Result) isObject(post uint32, at uint64) bool {
	id := r.c.strings.get(r.c.record[post], 1)[0]
	if id == "" {
		return false
	}
	name := r.c.strings.get(at, 1)[0]
	return name == id || name == r.c.plats[r.c.plat[post]]+"/"+id
}

// fill groups the rows.
func (e *Events) fill(rows []share) {
	slices.SortFunc(rows, func(a, b share) int {
		return cmp.Or(cmp.Compare(a.object, b.object), cmp.Compare(a.acct, b.acct), cmp.Compare(a.at, b.at), cmp.Compare(a.post, b.post))
	})
	rows = slices.CompactFunc(rows, func(a, b share) bool { return a.object == b.object && a.acct == b.acct })
	e.start = []uint32{0}
	var kept []share
	for i := 0; i < len(rows); {
		j := i + 1
		for j < len(rows) && rows[j].object == rows[i].object {
			j++
		}
		if j > i+1 {
			slices.SortFunc(rows[i:j], func(a, b share) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.post, b.post)) })
			e.objects = append(e.objects, rows[i].object)
			kept = append(kept, rows[i:j]...)
			e.start = append(e.start, uint32(len(kept)))
		}
		i = j
	}
	for _, s := range kept {
		e.accts = append(e.accts, s.acct)
	}
	slices.Sort(e.accts)
	e.accts = slices.Clone(slices.Compact(e.accts))
	n := len(kept)
	e.acct, e.at, e.post = make([]uint32, n), make([]int64, n), make([]uint32, n)
	for i, s := range kept {
		a, _ := slices.BinarySearch(e.accts, s.acct)
		e.acct[i], e.at[i], e.post[i] = uint32(a), s.at, s.post
	}
}

// Len returns the number of events.
func (e *Events) Len() int { return len(e.acct) }

// Accounts returns the number of accounts.
func (e *Events) Accounts() int { return len(e.accts) }

// Objects returns the number of objects.
func (e *Events) Objects() int { return len(e.objects) }

// Each calls f for every event, object by object, by time within each, with
// the numbers the caller knows.
func (e *Events) Each(f func(account, object, post uint32, atMillis int64)) {
	for o := range e.objects {
		for i := e.start[o]; i < e.start[o+1]; i++ {
			f(e.accts[e.acct[i]], e.objects[o], e.post[i], e.at[i])
		}
	}
}

// Name returns what the posts of an object share: the link, hashtag, … or, for
// texts, the text of the earliest post as published. It is "" for events made
// from plain slices and for an object that is not there.
func (e *Events) Name(object uint32) string {
	o, ok := slices.BinarySearch(e.objects, object)
	if !ok || e.r == nil {
		return ""
	}
	if e.names == nil {
		return e.r.Post(e.post[e.start[o]]).Text
	}
	return e.r.c.strings.get(e.names[object], 1)[0]
}
