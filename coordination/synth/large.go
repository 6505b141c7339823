package synth

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/arasha-org/arasha/post"
)

func exp(x float64) float64 { return math.Exp(x) }

// Large yields n posts in order of time with the skew that corpora have:
// accounts whose activity follows a power law, a Zipf vocabulary, one post in
// four a copy of a recent one, one in twelve an edited copy, and links and
// hashtags of which a few are everywhere. The time between posts is such that
// a million posts span four months. The post is reused between yields.
func Large(n int, seed uint64) iter.Seq[*post.Post] {
	return func(yield func(*post.Post) bool) {
		rng := rand.New(rand.NewPCG(seed, 0x1A46E))
		words := rand.NewZipf(rng, 1.05, 20, 2_000_000)
		accounts := rand.NewZipf(rng, 1.2, 60, uint64(max(n/40, 100)))
		links := rand.NewZipf(rng, 1.2, 30, uint64(max(n/10, 100)))
		tags := rand.NewZipf(rng, 1.3, 10, uint64(max(n/200, 50)))
		const memory = 4096
		var recent [memory]string
		at := Start.UnixMilli()
		var b strings.Builder
		var p post.Post
		for i := range n {
			at += int64(rng.ExpFloat64() * 10_000)
			p = post.Post{ID: fmt.Sprint(1_000_000_000 + i), Platform: "twitter", Lang: "ru",
				Time: post.At(time.UnixMilli(at/1000*1000), post.Second, post.Unix), Links: p.Links[:0], Hashtags: p.Hashtags[:0]}
			p.Account.ID = "u" + fmt.Sprint(accounts.Uint64())
			switch r := rng.IntN(12); {
			case i >= memory && r < 3: // near in time more often than far
				p.Text = recent[(i-1-int(float64(memory)*math.Pow(rng.Float64(), 3)))%memory]
			case i >= memory && r == 3:
				p.Text = recent[(i-1-rng.IntN(64))%memory] + " " + word(words.Uint64())
			default:
				b.Reset()
				for k := range 6 + rng.IntN(16) {
					if k > 0 {
						b.WriteByte(' ')
					}
					b.WriteString(word(words.Uint64()))
				}
				p.Text = b.String()
			}
			recent[i%memory] = p.Text
			if rng.IntN(3) == 0 {
				l := links.Uint64()
				p.Links = append(p.Links, fmt.Sprintf("https://site%d.example/%d", l%997, l))
			}
			for range rng.IntN(3) {
				p.Hashtags = append(p.Hashtags, "t"+fmt.Sprint(tags.Uint64()))
			}
			if !yield(&p) {
				return
			}
		}
	}
}

const syllables = "ка ра ми то се ла но ве ду ша пи ги бо жа ру ля ни со те ко "

// word spells a number in syllables, short for frequent words.
func word(n uint64) string {
	var b [64]byte
	w := b[:0]
	for {
		s := n % 20
		w = append(w, syllables[s*5:s*5+4]...)
		if n /= 20; n == 0 {
			return string(w)
		}
	}
}
