package casefile

import (
	"fmt"
	"slices"
	"strings"
)

// An ID is the number of one noun in its table, counted from 1: "case 12",
// "person 7". 0 is a noun that was not stored yet, or none.
type ID int64

// A rule is a sentence that is said when it does not hold.
type rule struct {
	ok     bool
	format string
	args   []any
}

func is(ok bool, format string, args ...any) rule { return rule{ok, format, args} }

// oneOf says that a word is one of a fixed set.
func oneOf(what, word string, words []string) rule {
	if slices.Contains(words, word) {
		return rule{ok: true}
	}
	return is(false, "%s is %q; it must be one of %s", what, clip(word), strings.Join(words, ", "))
}

// maybe is oneOf where nothing said is an answer too.
func maybe(what, word string, words []string) rule {
	if word == "" {
		return rule{ok: true}
	}
	return oneOf(what, word, words)
}

// sound passes on what the Check of a part says.
func sound(what string, err error) rule {
	if err == nil {
		return rule{ok: true}
	}
	return is(false, "%s: %s", what, strings.TrimPrefix(err.Error(), "casefile: "))
}

// check returns the first rule that does not hold, as an error.
func check(noun string, id ID, rules ...rule) error {
	for _, r := range rules {
		if r.ok {
			continue
		}
		if id != 0 {
			noun = fmt.Sprintf("%s %d", noun, id)
		}
		return fmt.Errorf("casefile: %s: %s", noun, fmt.Sprintf(r.format, r.args...))
	}
	return nil
}

// clip shortens foreign text for a message.
func clip(s string) string {
	if r := []rune(s[:min(len(s), 400)]); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// country reports whether s looks like ISO 3166-1 alpha-3 letters.
func country(s string) bool {
	return len(s) == 3 && strings.IndexFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}
