package coordination

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/arasha-org/arasha/coordination/internal/simjoin"
	"github.com/arasha-org/arasha/internal/intern"
	"github.com/arasha-org/arasha/post"
)

// Find analyses posts. See [Corpus.Find].
func Find(posts []post.Post, o Options) (*Result, error) {
	c, err := NewCorpus(o)
	if err != nil {
		return nil, err
	}
	for i := range posts {
		c.Add(&posts[i])
	}
	return c.Find(context.Background())
}

// Find analyses the posts added so far. The corpus takes no more posts
// afterwards. The only error is that of ctx.
func (c *Corpus) Find(ctx context.Context) (*Result, error) {
	c.finish()
	o := c.o
	r := &Result{Options: o, Posts: len(c.times), Accounts: c.accounts.Len(), Texts: len(c.firstOf), TooLong: c.tooLong, c: c}
	c.textTable = intern.Table{} // a large part of the memory, and not needed any more
	x := newTimeline(c, o.Windows)
	r.x = x
	r.Untimed = len(x.order) - x.timed
	if x.timed > 0 {
		r.First = time.UnixMilli(x.at[0]).UTC()
		r.Last = time.UnixMilli(x.at[x.timed-1]).UTC()
	}

	type job struct {
		docs *documents
		k    int
	}
	var jobs []job
	for i, t := range o.Traces {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		o.tell("compare", i, len(o.Traces))
		d := c.documents(t, x)
		for k := range o.Windows {
			jobs = append(jobs, job{d, k})
		}
	}
	r.Views = make([]View, len(jobs))
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	next := make(chan int)
	for range min(o.Procs, len(jobs)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range next {
				r.Views[i] = look(ctx, &o, x, jobs[i].docs, jobs[i].k)
				mu.Lock()
				done++
				o.tell("waves", done, len(jobs))
				mu.Unlock()
			}
		}()
	}
	for i := range jobs {
		next <- i
	}
	close(next)
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.combine()
	return r, nil
}

func (o *Options) tell(stage string, done, total int) {
	if o.Progress != nil {
		o.Progress(stage, done, total)
	}
}

// documents groups the posts by what they share under t.
func (c *Corpus) documents(t Trace, x *timeline) *documents {
	switch t {
	case SameText:
		return textDocuments(c, t, len(c.firstOf), x, func(i uint32) uint32 { return c.text[i] })
	case SimilarText:
		n := c.builder.Len()
		sets := c.builder.Build(c.o.Procs)
		d := textDocuments(c, t, n, x, func(i uint32) uint32 {
			if c.text[i] == none {
				return none
			}
			return c.docOf[c.text[i]]
		})
		d.sets = sets
		d.link(c.join(d, x, c.o.Num, c.o.Den))
		return d
	}
	i := slices.IndexFunc(c.objects, func(o objects) bool { return o.trace == t })
	return objectDocuments(c, &c.objects[i], x)
}

// join finds the similar texts in the largest window; the smaller windows are
// stretches of it.
func (c *Corpus) join(d *documents, x *timeline, num, den uint64) []simjoin.Pair {
	last := len(c.o.Windows) - 1
	o := simjoin.Options{Num: num, Den: den, Containment: c.o.Containment, Procs: c.o.Procs, Window: -1}
	if w := c.o.Windows[last]; w != Unbounded {
		o.Window = w.Milliseconds()
	}
	events := make([]simjoin.Event, 0, len(d.posts))
	for p := range x.order {
		if int(x.from[p]) > last {
			continue
		}
		if doc := d.doc(uint32(p)); doc != none {
			events = append(events, simjoin.Event{Time: x.at[p], Doc: doc})
		}
	}
	pairs, _ := simjoin.Join(d.sets, events, o)
	return pairs
}
