package coordination

import (
	"encoding/binary"
	"slices"
	"strings"
	"sync"

	"github.com/arasha-org/arasha/coordination/internal/fold"
	"github.com/arasha-org/arasha/coordination/internal/simjoin"
	"github.com/arasha-org/arasha/internal/intern"
	"github.com/arasha-org/arasha/post"
)

// A Corpus takes posts one by one and keeps what an analysis needs of them in
// flat arrays. Its methods must be called from one goroutine; it folds texts
// on all processors while posts come in.
type Corpus struct {
	o     Options
	texts bool // a text trace is asked for

	// One entry per post, in input order.
	times  []int64
	marks  []uint16 // precision, basis and flags
	acct   []uint32
	plat   []uint16
	text   []uint32 // number of the normalised text; none when too short or not compared
	record []uint64 // where its strings lie in the arena

	strings  arena
	accounts intern.Table
	acctAt   []uint64 // arena: id and name of each account
	plats    []string

	textTable intern.Table
	touched   uint64
	firstOf   []uint32 // per normalised text: its first post
	docOf     []uint32 // per normalised text: number of its token set; none when it has none
	builder   simjoin.Builder
	tooLong   int // texts of more words than the join takes

	objects []objects // per trace that compares objects

	batch   *batch
	pending chan *batch
	merged  sync.WaitGroup
	slots   chan struct{}
}

// none stands for "no number".
const none = ^uint32(0)

// Flags in Corpus.marks above precision (bits 0–3) and basis (bits 4–7).
const (
	markRepost = 1 << 8
	markShared = 1 << 9 // the text is that of an earlier post, whose number stands in its place
)

// objects are the things that posts share under one trace: links, hashtags, …
type objects struct {
	trace Trace
	table intern.Table
	names []uint64 // arena
	obj   []uint32 // memberships: object obj[i] stands in post[i]
	post  []uint32
}

// NewCorpus returns an empty Corpus, or an error that says which option
// cannot be.
func NewCorpus(o Options) (*Corpus, error) {
	o, err := o.Resolved()
	if err != nil {
		return nil, err
	}
	c := &Corpus{o: o, pending: make(chan *batch, 2*o.Procs), slots: make(chan struct{}, o.Procs)}
	for _, t := range o.Traces {
		if t == SameText || t == SimilarText {
			c.texts = true
		} else {
			c.objects = append(c.objects, objects{trace: t})
		}
	}
	c.batch = &batch{}
	c.merged.Add(1)
	go func() {
		defer c.merged.Done()
		for b := range c.pending {
			<-b.done
			c.merge(b)
		}
	}()
	return c, nil
}

// Add adds a post. The post may be changed afterwards.
func (c *Corpus) Add(p *post.Post) {
	b := c.batch
	l := lean{id: p.ID, url: p.URL, text: p.Text, account: p.Account.Key(), name: p.Account.Name, platform: p.Platform,
		time: p.Time.Millis, marks: uint16(p.Time.Precision) | uint16(p.Time.Basis)<<4}
	if p.Repost || p.RepostOf != "" {
		l.marks |= markRepost
	}
	// A repost of a known post is compared by that post; its text is a copy
	// by nature. Where the original is not known the text is all there is.
	l.skipText = !c.texts || p.RepostOf != "" || c.o.Originals && p.Repost
	at := int32(len(b.posts))
	for i := range c.objects {
		raw := func(v string) {
			if v != "" {
				b.raw = append(b.raw, rawObject{at, uint8(i), v})
			}
		}
		switch t := c.objects[i].trace; t {
		case Link, LinkRaw, Domain:
			for _, v := range p.Links {
				raw(v)
			}
			l.linksFromText = l.linksFromText || len(p.Links) == 0
		case Hashtag:
			for _, v := range p.Hashtags {
				raw(v)
			}
			l.tagsFromText = l.tagsFromText || len(p.Hashtags) == 0
		case HashtagSeq:
			if len(p.Hashtags) >= c.o.MinSequence {
				raw(strings.Join(p.Hashtags, " "))
			}
			l.tagsFromText = l.tagsFromText || len(p.Hashtags) == 0
		case Repost:
			raw(p.RepostOf)
		case Reply:
			raw(p.ReplyTo)
		case Mention:
			for _, v := range p.Mentions {
				raw(v)
			}
			l.namesFromText = l.namesFromText || len(p.Mentions) == 0
		case MediaHash:
			for _, m := range p.Media {
				raw(m.Hash)
			}
		default:
			raw(p.Extra[strings.TrimPrefix(string(t), column)])
		}
	}
	b.posts = append(b.posts, l)
	if len(b.posts) == batchSize {
		c.send()
	}
}

// send hands the current batch to a folding goroutine.
func (c *Corpus) send() {
	b := c.batch
	c.batch = &batch{posts: make([]lean, 0, batchSize)}
	b.done = make(chan struct{})
	c.pending <- b
	c.slots <- struct{}{}
	go func() {
		b.fold(c)
		<-c.slots
		close(b.done)
	}()
}

// finish waits until every post is merged. The corpus takes no more posts.
func (c *Corpus) finish() {
	if c.pending == nil {
		return
	}
	if len(c.batch.posts) > 0 {
		c.send()
	}
	close(c.pending)
	c.merged.Wait()
	c.pending, c.batch = nil, nil
}

// merge numbers what a batch holds. Batches come in input order.
func (c *Corpus) merge(b *batch) {
	base := uint32(len(c.times))
	hashes := int32(0)
	for i := range b.folded {
		c.touched ^= c.textTable.Touch(b.folded[i].key)
	}
	for i := range b.posts {
		l := &b.posts[i]
		c.times = append(c.times, l.time)
		c.marks = append(c.marks, l.marks)
		c.plat = append(c.plat, c.platform(l.platform))
		c.acct = append(c.acct, c.account(l))
		if c.texts {
			c.text = append(c.text, c.number(b, i, hashes))
			hashes = b.folded[i].end
		}
		c.keep(base+uint32(i), l)
	}
	for i := range b.raw {
		r := &b.raw[i]
		if r.value == "" {
			continue
		}
		o := &c.objects[r.trace]
		n, fresh := o.table.Add(b.keys[i])
		if fresh {
			o.names = append(o.names, c.strings.add(r.value))
		}
		o.obj = append(o.obj, n)
		o.post = append(o.post, base+uint32(r.post))
	}
}

// number numbers the normalised text of post i of a batch, whose hashes begin
// at from.
func (c *Corpus) number(b *batch, i int, from int32) uint32 {
	r := &b.folded[i]
	if !r.ok {
		return none
	}
	n, fresh := c.textTable.Add(r.key)
	if fresh {
		c.firstOf = append(c.firstOf, uint32(len(c.record)))
		if slices.Contains(c.o.Traces, SimilarText) {
			doc, ok := c.builder.Add(b.hashes[from:r.end])
			if !ok {
				doc = none
				c.tooLong++
			}
			c.docOf = append(c.docOf, doc)
		}
	}
	return n
}

// keep keeps the strings of post i. A text that the first post of the same
// normalised text has letter for letter is not kept twice.
func (c *Corpus) keep(i uint32, l *lean) {
	if c.texts && c.text[i] != none {
		if first := c.firstOf[c.text[i]]; first != i && len(l.text) > 8 && c.strings.get(c.record[first], 3)[2] == l.text {
			var b [4]byte
			binary.LittleEndian.PutUint32(b[:], first)
			c.marks[i] |= markShared
			c.record = append(c.record, c.strings.add(l.id, l.url, string(b[:])))
			return
		}
	}
	c.record = append(c.record, c.strings.add(l.id, l.url, l.text))
}

// kept returns id, URL and text of post i.
func (c *Corpus) kept(i uint32) [3]string {
	s := c.strings.get(c.record[i], 3)
	if c.marks[i]&markShared != 0 {
		s[2] = c.strings.get(c.record[binary.LittleEndian.Uint32([]byte(s[2]))], 3)[2]
	}
	return s
}

// account numbers the account of a post. Accounts of two platforms are two.
func (c *Corpus) account(l *lean) uint32 {
	key := intern.Key(l.account)
	if l.platform != "" {
		p := intern.Key(l.platform)
		key[0] ^= p[1]
		key[1] += p[0]
	}
	n, fresh := c.accounts.Add(key)
	if fresh {
		c.acctAt = append(c.acctAt, c.strings.add(l.account, l.name, l.platform))
	}
	return n
}

func (c *Corpus) platform(name string) uint16 {
	for i, p := range c.plats {
		if p == name {
			return uint16(i)
		}
	}
	c.plats = append(c.plats, strings.Clone(name))
	return uint16(len(c.plats) - 1)
}

// precision and basis of post i, and whether it is marked as a repost.
func (c *Corpus) precision(i uint32) post.Precision { return post.Precision(c.marks[i] & 15) }
func (c *Corpus) basis(i uint32) post.Basis         { return post.Basis(c.marks[i] >> 4 & 15) }
func (c *Corpus) repost(i uint32) bool              { return c.marks[i]&markRepost != 0 }

// fired returns the rules that changed the text of post i.
func (c *Corpus) fired(i uint32) fold.Rules {
	f := folders.Get().(*fold.Folder)
	defer folders.Put(f)
	f.Rules, f.Gram = c.o.applied(), 0
	f.Fold(c.kept(i)[2])
	return f.Fired
}
