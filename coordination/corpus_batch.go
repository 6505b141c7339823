package coordination

import (
	"strings"
	"sync"

	"github.com/arasha-org/arasha/coordination/internal/fold"
	"github.com/arasha-org/arasha/internal/address"
	"github.com/arasha-org/arasha/internal/intern"
)

// A batch is folded on its own goroutine and merged in order.
type batch struct {
	posts []lean
	raw   []rawObject
	// Results of folding.
	hashes []uint64
	folded []folded
	keys   [][2]uint64 // of raw, in order; zero key for "nothing to compare"
	done   chan struct{}
}

type lean struct {
	id, url, text string
	account, name string
	platform      string
	time          int64
	marks         uint16
	skipText      bool
	linksFromText bool
	tagsFromText  bool
	namesFromText bool
}

type folded struct {
	key [2]uint64
	end int32 // hashes end here; they begin where those of the post before end
	ok  bool
}

type rawObject struct {
	post  int32
	trace uint8 // index into Corpus.objects
	value string
}

const batchSize = 1024

var folders = sync.Pool{New: func() any { return new(fold.Folder) }}

// fold computes what can be computed without the other posts.
func (b *batch) fold(c *Corpus) {
	b.fromTexts(c)
	b.keys = make([][2]uint64, len(b.raw))
	for i := range b.raw {
		r := &b.raw[i]
		r.value = objectName(c.objects[r.trace].trace, r.value, b.posts[r.post].platform)
		if r.value != "" {
			b.keys[i] = intern.Key(r.value)
		}
	}
	if !c.texts {
		return
	}
	f := folders.Get().(*fold.Folder)
	defer folders.Put(f)
	f.Rules, f.Gram = c.o.applied(), c.o.Gram
	b.folded = make([]folded, len(b.posts))
	for i := range b.posts {
		l := &b.posts[i]
		if !l.skipText && l.text != "" {
			f.Fold(l.text)
			if f.Words >= c.o.MinWords || f.Runes >= c.o.MinRunes {
				b.hashes = append(b.hashes, f.Hashes...)
				b.folded[i] = folded{key: f.Key, ok: true}
			}
		}
		b.folded[i].end = int32(len(b.hashes))
	}
}

// fromTexts finds links, hashtags and mentions in the texts of posts for which
// the platform listed none.
func (b *batch) fromTexts(c *Corpus) {
	for i := range b.posts {
		l := &b.posts[i]
		if !l.linksFromText && !l.tagsFromText && !l.namesFromText {
			continue
		}
		links, tags, names := inText(l.text)
		for k := range c.objects {
			var values []string
			switch c.objects[k].trace {
			case Link, LinkRaw, Domain:
				if l.linksFromText {
					values = links
				}
			case Hashtag:
				if l.tagsFromText {
					values = tags
				}
			case HashtagSeq:
				if l.tagsFromText && len(tags) >= c.o.MinSequence {
					values = []string{strings.Join(tags, " ")}
				}
			case Mention:
				if l.namesFromText {
					values = names
				}
			}
			for _, v := range values {
				b.raw = append(b.raw, rawObject{int32(i), uint8(k), v})
			}
		}
	}
}

// objectName returns the name under which a value is compared, "" for a value
// that says nothing.
func objectName(t Trace, v, platform string) string {
	switch t {
	case Link:
		return address.Canonical(v)
	case Domain:
		a, _ := address.Parse(v)
		return a.Domain()
	case Hashtag:
		return normal(strings.TrimPrefix(v, "#"))
	case HashtagSeq:
		words := strings.Fields(v)
		for i, w := range words {
			words[i] = normal(strings.TrimPrefix(w, "#"))
		}
		return strings.Join(words, " ")
	case Mention:
		v = strings.ToLower(strings.TrimPrefix(v, "@"))
		fallthrough
	case Repost, Reply:
		if platform != "" {
			return platform + "/" + v
		}
	}
	return v
}

func normal(tag string) string {
	s, _ := fold.Normal(tag, fold.Compat|fold.Case|fold.Yo|fold.ZeroWidth|fold.LookAlikes|fold.Punctuation)
	return strings.ReplaceAll(s, " ", "_")
}
