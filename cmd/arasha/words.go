package main

import "strings"

// steers reports whether a character can move the cursor of a terminal, colour
// it, or turn the direction of what follows.
func steers(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// printable is foreign text as it may go to a terminal: what could steer it is
// seen to have been there.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if steers(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}

// visible is foreign text on one line, without what could steer a terminal.
func visible(s string) string {
	s = strings.Map(func(r rune) rune {
		if steers(r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// plainWords is an error without the names of our packages.
func plainWords(err error) string {
	return strings.NewReplacer("store: ", "", "casefile: ", "", "vault: ", "", "evidence: ", "", "backup: ", "").Replace(err.Error())
}
