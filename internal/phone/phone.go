// Package phone says whether a printed telephone number can be dialled from
// abroad. What a country allows is a table of a few kilobytes, read when the
// first number is checked; only the plans of the number at hand are compiled.
//
// plans.tsv is taken from the metadata of libphonenumber (Google, Apache
// License 2.0, plans.LICENSE; github.com/google/libphonenumber) by way of the
// npm package libphonenumber-js 1.13.16: calling code, ISO 3166-1 alpha-2
// region, national prefix, possible lengths, and a regular expression that
// every valid national number matches.
package phone

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"github.com/arasha-org/arasha/internal/lazyre"
)

//go:embed plans.tsv
var plansTSV string

type plan struct {
	code, region, prefix string
	lengths              []int
	valid                func() *regexp.Regexp
}

// plans holds the table by calling code.
var plans = sync.OnceValue(func() map[string][]plan {
	m := map[string][]plan{}
	for line := range strings.Lines(plansTSV) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		p := plan{code: f[0], region: f[1], prefix: f[2]}
		for n := range strings.FieldsSeq(f[3]) {
			i, err := strconv.Atoi(n)
			if err != nil {
				panic("phone: plans.tsv: " + err.Error())
			}
			p.lengths = append(p.lengths, i)
		}
		expr := `^(?:` + f[4] + `)$`
		p.valid = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
		m[p.code] = append(m[p.code], p)
	}
	return m
})

var (
	extension = lazyre.New(`(?i)[\s,;]*(?:#|ext(?:ension)?\.?|poste|доб\.?|dahili|int\.?|x)\s*\.?:?\s*\d{1,6}\s*$`)
	trunk     = lazyre.New(`\(\s*0\s*\)`) // +33 (0) 1: the 0 is dialled at home only
)

// Check returns what is odd about a number as printed and what to do, both ""
// for a number that can be dialled. region is the ISO 3166-1 alpha-3 letters
// of the country that a number without a country code belongs to, or "".
func Check(printed, region string) (reason, remedy string) {
	const look = "take the number from the page of the office, digit by digit"
	s := extension.ReplaceAllString(strings.TrimSpace(printed), "")
	if i := strings.IndexFunc(s, func(r rune) bool { return !strings.ContainsRune("+0123456789 ()-./\u00a0\u2009\u202f\u2011\u2013", r) }); i >= 0 {
		return fmt.Sprintf("holds %q, which cannot be dialled", []rune(s[i:])[0]), look
	}
	if strings.Count(s, "(") != strings.Count(s, ")") {
		return "a bracket is open", look
	}
	if strings.Count(s, "+") > 1 || strings.Contains(s, "+") && !strings.HasPrefix(strings.TrimLeft(s, "( "), "+") {
		return "the + does not stand in front", look
	}
	d := digits(trunk.ReplaceAllString(s, ""))
	abroad := strings.Contains(s, "+")
	if !abroad && strings.HasPrefix(d, "00") {
		d, abroad = d[2:], true
	}
	if !abroad {
		return national(d, region)
	}
	ps := plansFor(d)
	if ps == nil {
		return "no country has this calling code", look
	}
	var lengths []int
	n := d[len(ps[0].code):]
	for _, p := range ps {
		if p.valid().MatchString(n) {
			return "", ""
		}
		// The prefix dialled at home often slips in behind the country code.
		if p.prefix != "" && strings.HasPrefix(n, p.prefix) && p.valid().MatchString(n[len(p.prefix):]) {
			return fmt.Sprintf("the %s behind +%s is dialled at home only", p.prefix, p.code), fmt.Sprintf("print +%s %s", p.code, n[len(p.prefix):])
		}
		lengths = append(lengths, p.lengths...)
	}
	slices.Sort(lengths)
	lengths = slices.Compact(lengths)
	if !slices.Contains(lengths, len(n)) {
		return fmt.Sprintf("has %d digits behind +%s, where numbers have %s", len(n), ps[0].code, either(lengths)), look
	}
	best := ""
	for _, p := range ps { // a shorter number of the plan hides in it: one digit too many
		for i := range n {
			if p.valid().MatchString(n[:i]+n[i+1:]) && slices.Contains(p.lengths, len(n)-1) {
				best = fmt.Sprintf("; such numbers have %d digits, this one has %d", len(n)-1, len(n))
			}
		}
	}
	return fmt.Sprintf("no number of +%s has this form%s", ps[0].code, best), look
}

// national judges a number without a country code.
func national(d, region string) (reason, remedy string) {
	reason = "has no country code, so that nobody abroad can dial it"
	if r, err := language.ParseRegion(region); err == nil && region != "" {
		for code, ps := range plans() {
			for _, p := range ps {
				if p.region != r.String() {
					continue
				}
				// Dialled at home with or without its prefix, or with the
				// country code but without the plus.
				for _, n := range []string{strings.TrimPrefix(d, p.prefix), d, strings.TrimPrefix(d, code)} {
					if p.valid().MatchString(n) {
						return reason, fmt.Sprintf("print +%s %s", code, n)
					}
				}
			}
		}
	}
	return reason, "print it with + and the country code"
}

// plansFor returns the plans whose calling code begins d: no code is the
// beginning of another.
func plansFor(d string) []plan {
	for n := 1; n <= 3 && n <= len(d); n++ {
		if ps := plans()[d[:n]]; ps != nil {
			return ps
		}
	}
	return nil
}

func digits(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func either(ns []int) string {
	var w []string
	for _, n := range ns {
		w = append(w, strconv.Itoa(n))
	}
	if len(w) == 1 {
		return w[0]
	}
	return strings.Join(w[:len(w)-1], ", ") + " or " + w[len(w)-1]
}
