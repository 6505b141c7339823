package appeal

import (
	"strings"
	"unicode"
)

// align finds for each paragraph of the base the one it became. Equal texts
// hold the lists together; what lies between them is matched by likeness.
func (c *comparison) align() {
	n, m := len(c.old), len(c.e.paras)
	c.at, c.of = make([]int, n), make([]int, m)
	for i := range c.at {
		c.at[i] = -1
	}
	for j := range c.of {
		c.of[j] = -1
	}
	where := map[string][]int{}
	for j, p := range c.e.paras {
		where[plainKey(p.before)] = append(where[plainKey(p.before)], j)
	}
	last, i0 := -1, 0
	gap := func(i1, j1 int) { c.alignGap(i0, i1, last+1, j1) }
	for i, t := range c.old {
		k := plainKey(t)
		if k == "" {
			continue
		}
		for _, j := range where[k] {
			if j > last && j-last < 400 {
				gap(i, j)
				c.at[i], c.of[j] = j, i
				last, i0 = j, i+1
				break
			}
		}
	}
	gap(n, m)
}

func (c *comparison) alignGap(i0, i1, j0, j1 int) {
	if i1 <= i0 || j1 <= j0 || (i1-i0)*(j1-j0) > 40_000 {
		return
	}
	// best[i][j]: the highest sum of likeness of old[i:] and edited[j:].
	rows, cols := i1-i0+1, j1-j0+1
	best := make([]float64, rows*cols)
	like := make([]float64, rows*cols)
	for i := rows - 2; i >= 0; i-- {
		for j := cols - 2; j >= 0; j-- {
			p := c.e.paras[j0+j]
			s := max(wordsShared(c.old[i0+i], p.before), wordsShared(c.old[i0+i], p.after))
			if s < .4 {
				s = 0
			}
			like[i*cols+j] = s
			b := max(best[(i+1)*cols+j], best[i*cols+j+1])
			if s > 0 {
				b = max(b, s+best[(i+1)*cols+j+1])
			}
			best[i*cols+j] = b
		}
	}
	for i, j := 0, 0; i < rows-1 && j < cols-1; {
		switch s := like[i*cols+j]; {
		case s > 0 && best[i*cols+j] == s+best[(i+1)*cols+j+1]:
			c.at[i0+i], c.of[j0+j] = j0+j, i0+i
			i, j = i+1, j+1
		case best[i*cols+j] == best[(i+1)*cols+j]:
			i++
		default:
			j++
		}
	}
}

// plainKey is a text as far as two copies of it must agree: white space and
// the lines of an address do not count.
func plainKey(s string) string { return strings.Join(strings.Fields(s), " ") }

// wordsOf returns the words of a text, lower case, without marks.
func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(WithoutMarks(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// wordsShared is the share of words two texts have in common (Dice), 0 to 1.
func wordsShared(a, b string) float64 {
	if plainKey(a) == plainKey(b) {
		return 1
	}
	x, y := wordsOf(a), wordsOf(b)
	if len(x)+len(y) == 0 {
		return 0
	}
	return 2 * float64(common(x, y)) / float64(len(x)+len(y))
}

// share is how much of the words of s stand in text, 0 to 1.
func share(s, text string) float64 {
	x := wordsOf(s)
	if len(x) == 0 {
		return 0
	}
	return float64(common(x, wordsOf(text))) / float64(len(x))
}

func common(x, y []string) int {
	have := map[string]int{}
	for _, w := range x {
		have[w]++
	}
	n := 0
	for _, w := range y {
		if have[w] > 0 {
			have[w]--
			n++
		}
	}
	return n
}
