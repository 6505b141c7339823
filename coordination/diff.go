package coordination

import (
	"strings"

	"github.com/arasha-org/arasha/coordination/internal/fold"
)

// An OpKind says how two texts differ at a place.
type OpKind uint8

// The kinds.
const (
	Same    OpKind = iota // one word, though perhaps written otherwise: A and B are both set
	Changed               // another word: A and B are both set
	Missing               // a word of the first text that the second has not: A is set
	Added                 // a word that only the second text has: B is set
)

// An Op is one word, or a gap, of two texts side by side. Words stand as they
// were published, with the marks that touch them.
type Op struct {
	Kind OpKind
	A, B string
}

// Diff lays two texts side by side, word by word, so that as few words as
// possible differ. Words are the same when they are after normalisation: case,
// marks, ё and look-alike letters aside. What has no letters, such as a link
// or an emoji, is the same when it is written so. Joined by spaces the A of all
// operations are the words of a, and the B those of b.
func Diff(a, b string) []Op {
	d := &differ{a: strings.Fields(a), b: strings.Fields(b)}
	number := map[string]int32{}
	var f fold.Folder
	f.Rules = fold.All
	keys := func(words []string) []int32 {
		out := make([]int32, len(words))
		for i, w := range words {
			key := f.Normal(w)
			if key == "" {
				key = " " + w
			}
			n, ok := number[key]
			if !ok {
				n = int32(len(number))
				number[key] = n
			}
			out[i] = n
		}
		return out
	}
	d.ka, d.kb = keys(d.a), keys(d.b)
	d.walk(0, len(d.a), 0, len(d.b))
	return d.join()
}

// A differ finds a longest common subsequence by halves, in linear space
// (Hirschberg 1975, doi:10.1145/360825.360861).
type differ struct {
	a, b   []string
	ka, kb []int32
	ops    []Op
}

func (d *differ) walk(alo, ahi, blo, bhi int) {
	for alo < ahi && blo < bhi && d.ka[alo] == d.kb[blo] {
		d.ops = append(d.ops, Op{Same, d.a[alo], d.b[blo]})
		alo++
		blo++
	}
	tail := 0
	for alo < ahi && blo < bhi && d.ka[ahi-1] == d.kb[bhi-1] {
		ahi--
		bhi--
		tail++
	}
	switch {
	case alo == ahi || blo == bhi:
		d.rest(alo, ahi, blo, bhi)
	case ahi-alo == 1:
		at := blo
		for at < bhi && d.kb[at] != d.ka[alo] {
			at++
		}
		if at == bhi {
			d.rest(alo, ahi, blo, bhi)
		} else {
			d.rest(alo, alo, blo, at)
			d.ops = append(d.ops, Op{Same, d.a[alo], d.b[at]})
			d.rest(ahi, ahi, at+1, bhi)
		}
	default:
		amid := (alo + ahi) / 2
		bmid := d.split(alo, amid, ahi, blo, bhi)
		d.walk(alo, amid, blo, bmid)
		d.walk(amid, ahi, bmid, bhi)
	}
	for i := range tail {
		d.ops = append(d.ops, Op{Same, d.a[ahi+i], d.b[bhi+i]})
	}
}

// rest lists words that have no partner.
func (d *differ) rest(alo, ahi, blo, bhi int) {
	for _, w := range d.a[alo:ahi] {
		d.ops = append(d.ops, Op{Kind: Missing, A: w})
	}
	for _, w := range d.b[blo:bhi] {
		d.ops = append(d.ops, Op{Kind: Added, B: w})
	}
}

// split returns where a longest common subsequence that divides a at amid
// divides b, the first such place.
func (d *differ) split(alo, amid, ahi, blo, bhi int) int {
	n := bhi - blo
	left, right := make([]int32, n+1), make([]int32, n+1)
	for i := alo; i < amid; i++ {
		was := int32(0)
		for j := range n {
			up := left[j+1]
			if d.ka[i] == d.kb[blo+j] {
				left[j+1] = was + 1
			} else {
				left[j+1] = max(up, left[j])
			}
			was = up
		}
	}
	for i := ahi - 1; i >= amid; i-- {
		was := int32(0)
		for j := n - 1; j >= 0; j-- {
			up := right[j]
			if d.ka[i] == d.kb[blo+j] {
				right[j] = was + 1
			} else {
				right[j] = max(up, right[j+1])
			}
			was = up
		}
	}
	best := 0
	for j := range n + 1 {
		if left[j]+right[j] > left[best]+right[best] {
			best = j
		}
	}
	return blo + best
}

// join pairs words missing with words added at the same place: they were
// changed.
func (d *differ) join() []Op {
	out := d.ops[:0:0]
	for i := 0; i < len(d.ops); {
		if d.ops[i].Kind == Same {
			out = append(out, d.ops[i])
			i++
			continue
		}
		var a, b []string
		for ; i < len(d.ops) && d.ops[i].Kind != Same; i++ {
			if d.ops[i].Kind == Missing {
				a = append(a, d.ops[i].A)
			} else {
				b = append(b, d.ops[i].B)
			}
		}
		for k := range max(len(a), len(b)) {
			switch {
			case k >= len(b):
				out = append(out, Op{Kind: Missing, A: a[k]})
			case k >= len(a):
				out = append(out, Op{Kind: Added, B: b[k]})
			default:
				out = append(out, Op{Changed, a[k], b[k]})
			}
		}
	}
	return out
}
