// Package wording finds words and phrases in texts of several languages: the
// patterns, and the one list of words that accuse an account.
package wording

import (
	"regexp/syntax"
	"strings"
	"sync"
	"unicode"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// Phrases is a regular expression that knows the pieces of text it cannot
// match without. A check runs a hundred expressions over every sentence, and
// nearly all of them match nothing: looking for the pieces first is many
// times faster, and an expression that is never needed is never compiled.
type Phrases struct {
	needles []string // lower case; nil: always try
	re      func() *lazyre.Regexp
}

// New returns the pattern of expr. The pieces are taken from needle,
// which is expr or a simpler expression that matches wherever expr does.
func New(expr, needle string) *Phrases {
	p := &Phrases{re: sync.OnceValue(func() *lazyre.Regexp { return lazyre.New(expr) })}
	if t, err := syntax.Parse(needle, syntax.Perl); err == nil {
		p.needles = needed(t.Simplify())
	}
	return p
}

// Words returns a pattern that finds any of the alternatives as whole words,
// in any case and any of our scripts; see [Pattern] for their form. The words
// stand in the first group.
func Words(alternatives string) *Phrases {
	expr := `(?i)(?:^|[^\p{L}\p{N}])(` + Pattern(alternatives) + `)(?:$|[^\p{L}\p{N}])`
	return New(expr, expr)
}

// needed returns pieces of which every match of t holds one, or nil.
func needed(t *syntax.Regexp) []string {
	switch t.Op {
	case syntax.OpLiteral:
		var b strings.Builder
		for _, r := range t.Rune {
			// Letters that fold to signs outside their script end the piece.
			b.WriteRune(unicode.ToLower(r))
		}
		if b.Len() < 2 {
			return nil
		}
		return []string{b.String()}
	case syntax.OpCapture, syntax.OpPlus:
		return needed(t.Sub[0])
	case syntax.OpRepeat:
		if t.Min > 0 {
			return needed(t.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, s := range t.Sub {
			if n := needed(s); n != nil && (best == nil || shortest(n) > shortest(best)) {
				best = n
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, s := range t.Sub {
			n := needed(s)
			if n == nil {
				return nil
			}
			all = append(all, n...)
		}
		return all
	}
	return nil
}

func shortest(list []string) int {
	n := 1 << 30
	for _, s := range list {
		n = min(n, len(s))
	}
	return n
}

// May reports whether s can match at all.
func (p *Phrases) May(s string) bool {
	if p.needles == nil {
		return true
	}
	s = strings.ToLower(s)
	for _, n := range p.needles {
		if strings.Contains(s, n) {
			return true
		}
	}
	return false
}

// Regexp returns the expression itself.
func (p *Phrases) Regexp() *lazyre.Regexp { return p.re() }

// The methods of regexp.Regexp that the checks use.

func (p *Phrases) MatchString(s string) bool { return p.May(s) && p.re().MatchString(s) }

func (p *Phrases) FindStringIndex(s string) []int {
	if !p.May(s) {
		return nil
	}
	return p.re().FindStringIndex(s)
}

func (p *Phrases) FindStringSubmatch(s string) []string {
	if !p.May(s) {
		return nil
	}
	return p.re().FindStringSubmatch(s)
}

func (p *Phrases) FindStringSubmatchIndex(s string) []int {
	if !p.May(s) {
		return nil
	}
	return p.re().FindStringSubmatchIndex(s)
}

func (p *Phrases) FindAllStringSubmatchIndex(s string, n int) [][]int {
	if !p.May(s) {
		return nil
	}
	return p.re().FindAllStringSubmatchIndex(s, n)
}

func (p *Phrases) FindAllStringIndex(s string, n int) [][]int {
	if !p.May(s) {
		return nil
	}
	return p.re().FindAllStringIndex(s, n)
}

func (p *Phrases) ReplaceAllString(s, to string) string {
	if !p.May(s) {
		return s
	}
	return p.re().ReplaceAllString(s, to)
}

func (p *Phrases) ReplaceAllStringFunc(s string, to func(string) string) string {
	if !p.May(s) {
		return s
	}
	return p.re().ReplaceAllStringFunc(s, to)
}

// Pattern turns alternatives, parted by lines or "|", into a regular
// expression without case. "~" ends a stem: "владел~" finds "владельцы"; a
// space is any white space or a hyphen.
func Pattern(alternatives string) string {
	var alts []string
	for _, a := range Split(alternatives) {
		a = strings.Join(strings.Fields(a), `[\s-]+`)
		if a == "" {
			continue
		}
		a = strings.ReplaceAll(a, "~", `[\p{L}]*`)
		a = strings.ReplaceAll(a, "'", `['’]`)
		alts = append(alts, a)
	}
	return strings.Join(alts, "|")
}

// Split parts a list at "|" and at line ends, not inside groups.
func Split(list string) []string {
	var out []string
	depth, from := 0, 0
	for i := range len(list) {
		switch list[i] {
		case '(':
			depth++
		case ')':
			depth--
		case '|', '\n':
			if depth == 0 {
				out = append(out, list[from:i])
				from = i + 1
			}
		}
	}
	return append(out, list[from:])
}
