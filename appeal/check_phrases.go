package appeal

import (
	"regexp/syntax"
	"strings"
	"sync"
	"unicode"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// phrases is a regular expression that knows the pieces of text it cannot
// match without. A check runs a hundred expressions over every sentence, and
// nearly all of them match nothing: looking for the pieces first is many
// times faster, and an expression that is never needed is never compiled.
type phrases struct {
	needles []string // lower case; nil: always try
	re      func() *lazyre.Regexp
}

// newPhrases returns the pattern of expr. The pieces are taken from needle,
// which is expr or a simpler expression that matches wherever expr does.
func newPhrases(expr, needle string) *phrases {
	p := &phrases{re: sync.OnceValue(func() *lazyre.Regexp { return lazyre.New(expr) })}
	if t, err := syntax.Parse(needle, syntax.Perl); err == nil {
		p.needles = needed(t.Simplify())
	}
	return p
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

// may reports whether s can match at all.
func (p *phrases) may(s string) bool {
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

// The methods of regexp.Regexp that the checks use.

func (p *phrases) MatchString(s string) bool { return p.may(s) && p.re().MatchString(s) }

func (p *phrases) FindStringIndex(s string) []int {
	if !p.may(s) {
		return nil
	}
	return p.re().FindStringIndex(s)
}

func (p *phrases) FindStringSubmatch(s string) []string {
	if !p.may(s) {
		return nil
	}
	return p.re().FindStringSubmatch(s)
}

func (p *phrases) FindStringSubmatchIndex(s string) []int {
	if !p.may(s) {
		return nil
	}
	return p.re().FindStringSubmatchIndex(s)
}

func (p *phrases) FindAllStringSubmatchIndex(s string, n int) [][]int {
	if !p.may(s) {
		return nil
	}
	return p.re().FindAllStringSubmatchIndex(s, n)
}

func (p *phrases) FindAllStringIndex(s string, n int) [][]int {
	if !p.may(s) {
		return nil
	}
	return p.re().FindAllStringIndex(s, n)
}

func (p *phrases) ReplaceAllString(s, to string) string {
	if !p.may(s) {
		return s
	}
	return p.re().ReplaceAllString(s, to)
}

func (p *phrases) ReplaceAllStringFunc(s string, to func(string) string) string {
	if !p.may(s) {
		return s
	}
	return p.re().ReplaceAllStringFunc(s, to)
}
