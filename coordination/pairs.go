package coordination

import (
	"iter"
	"time"
)

// Pairs yields the pairs of the listed waves of a view, wave by wave. With
// fresh set, pairs that fall into a smaller window of the analysis too are
// left out, so that over all views of a trace every pair comes once.
func (r *Result) Pairs(v *View, fresh bool) iter.Seq[Pair] {
	return func(yield func(Pair) bool) {
		l := r.looker(v)
		for i := range v.Waves {
			w := &v.Waves[i]
			if !w.Listed {
				continue
			}
			stopped := false
			l.eachPair(v, w, func(p, q uint32) {
				if stopped || fresh && r.smallest(p, q) < v.k {
					return
				}
				stopped = !yield(r.pair(l, v, w, p, q))
			})
			if stopped {
				return
			}
		}
	}
}

// PairsOf yields every pair between two accounts in a view, also of waves
// that are not listed.
func (r *Result) PairsOf(v *View, a, b uint32) iter.Seq[Pair] {
	return func(yield func(Pair) bool) {
		l := r.looker(v)
		for i := range v.Waves {
			w := &v.Waves[i]
			var ofA, ofB []uint32
			for _, p := range v.posts[w.lo:w.hi] {
				switch r.x.acct[p] {
				case a:
					ofA = append(ofA, p)
				case b:
					ofB = append(ofB, p)
				}
			}
			if len(ofA) == 0 || len(ofB) == 0 {
				continue
			}
			stopped := false
			l.between(l.runs(w, v.posts[w.lo:w.hi]), ofA, ofB, func(p, q uint32) {
				stopped = stopped || !yield(r.pair(l, v, w, p, q))
			})
			if stopped {
				return
			}
		}
	}
}

func (r *Result) looker(v *View) *looker {
	return &looker{o: &r.Options, x: r.x, d: v.docs, k: v.k, w: reach(v.Window)}
}

// smallest returns the first window of the analysis that holds the pair.
func (r *Result) smallest(p, q uint32) int {
	k := int(max(r.x.from[p], r.x.from[q]))
	for k < len(r.Options.Windows)-1 && !r.x.near(p, q, reach(r.Options.Windows[k])) {
		k++
	}
	return k
}

func (r *Result) pair(l *looker, v *View, w *Wave, p, q uint32) Pair {
	out := Pair{Trace: v.Trace, Window: v.Window, Wave: int(w.Number), A: r.x.order[p], B: r.x.order[q], Gap: -1, Similarity: 1}
	if g := r.x.gap(p, q); g >= 0 {
		out.Gap = time.Duration(g) * time.Millisecond
	}
	if v.Trace == SimilarText {
		out.Similarity = v.docs.similarity(v.docs.doc(p), v.docs.doc(q), l.o)
	}
	return out
}

// AccountByName returns the account that a person means by its id, by
// "platform/id" or by its name, with or without "@", and how many accounts
// they could mean: only one is an answer.
func (r *Result) AccountByName(name string) (account uint32, could int) {
	return r.named().find(name)
}
