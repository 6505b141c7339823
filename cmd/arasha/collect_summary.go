package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/post"
)

// foundJSON is one file of "arasha collect --json".
type foundJSON struct {
	*collect.Found
	First string `json:"first,omitempty"`
	Last  string `json:"last,omitempty"`
}

// summary prints what was found: to people in words, to scripts as one
// object.
func (c *collectCmd) summary(w *world, col *collect.Collection, rejects *rejectsFile) {
	if c.JSON {
		out := struct {
			Out      string      `json:"out"`
			Rejects  string      `json:"rejects,omitempty"`
			Posts    int64       `json:"posts"`
			Accounts int64       `json:"accounts"`
			Rejected int64       `json:"rejected"`
			Files    []foundJSON `json:"files"`
		}{Out: c.Out, Accounts: col.Accounts(), Rejected: rejects.n}
		if rejects.n > 0 {
			out.Rejects = c.Rejects
		}
		for _, f := range col.Files {
			out.Posts += f.Posts
			j := foundJSON{Found: f}
			if f.First.Known() {
				j.First, j.Last = f.First.String(), f.Last.String()
			}
			out.Files = append(out.Files, j)
		}
		e := json.NewEncoder(w.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		e.Encode(out)
		return
	}
	var posts int64
	for _, f := range col.Files {
		posts += f.Posts
		printFound(w, f)
		for _, l := range c.lists {
			if l.File == f.File {
				sheetSummary(w, l)
			}
		}
	}
	if len(col.Files) > 1 {
		fmt.Fprintf(w.out, "all files\n  %s by %s\n", count(posts, "post"), count(col.Accounts(), "account"))
	}
	fmt.Fprintf(w.out, "posts: %s\n", c.Out)
	if c.Back != "" {
		fmt.Fprintf(w.out, "sheet given back: %s\n", c.Back)
	}
	if c.Table != "" {
		fmt.Fprintf(w.out, "list of publications: %s\n", c.Table)
	}
	if rejects.n > 0 {
		fmt.Fprintf(w.out, "rejected records: %s (%d)\n", c.Rejects, rejects.n)
	}
}

func printFound(w *world, f *collect.Found) {
	p := func(format string, args ...any) { fmt.Fprintf(w.out, format+"\n", args...) }
	p("%s", f.File)
	if f.Title != "" {
		p("  form      %s: %s", f.Title, clipped(f.Sign, 300))
	}
	if !f.Ref.IsZero() {
		p("  sha256    %s", f.Ref)
	}
	if f.Error != "" {
		p("  broken    %s", f.Error)
	}
	p("  rows      %s", thousands(f.Rows))
	p("  posts     %s by %s", thousands(f.Posts), count(f.Accounts, "account"))
	if f.First.Known() {
		p("  time      %s to %s (UTC), to the %s", f.First, f.Last, list(f.Precision))
		p("  zone      %s", zones(f.Basis))
	}
	if f.Untimed > 0 {
		p("  no time   %s: kept, and left out of what compares times", count(f.Untimed, "post"))
	}
	if f.Duplicates > 0 {
		p("  twice     %s counted once", count(f.Duplicates, "duplicate record"))
	}
	if f.Altered > 0 {
		p("  altered   %s under a known id with another text: edited or altered, all kept", count(f.Altered, "record"))
	}
	if f.Again > 0 {
		p("  again     %s of a known post with other columns: all kept", count(f.Again, "record"))
	}
	for _, r := range sorted(f.Rejected) {
		p("  rejected  %s: %s", thousands(f.Rejected[r]), r)
	}
	for _, r := range sorted(f.Skipped) {
		p("  left out  %s: %s", thousands(f.Skipped[r]), r)
	}
	for _, n := range f.Notes {
		p("  note      %s", n)
	}
}

func sorted(m map[string]int64) []string { return slices.Sorted(maps.Keys(m)) }

// list prints the precisions: "second", or "second (12), day (3)".
func list(m map[string]int64) string {
	k := sorted(m)
	if len(k) == 1 {
		return k[0]
	}
	for i, x := range k {
		k[i] = fmt.Sprintf("%s (%s)", x, thousands(m[x]))
	}
	return strings.Join(k, ", ")
}

var basisWords = map[string]string{
	post.Unix.String(): "stated (counted from 1970 UTC)", post.Zoned.String(): "stated in the source", post.Claimed.String(): "claimed by the author's program",
	post.Derived.String(): "derived from words", post.Batch.String(): "slot of a crawler", post.Collected.String(): "time of collection only",
	post.ID.String(): "from the platform's id", post.Unstated.String(): "not stated",
}

func zones(m map[string]int64) string {
	k := sorted(m)
	for i, x := range k {
		s, ok := basisWords[x]
		if z, local := strings.CutPrefix(x, "local ("); local {
			s, ok = "assumed: "+strings.TrimSuffix(z, ")"), true
		}
		if !ok {
			s = x
		}
		if len(k) > 1 {
			s += fmt.Sprintf(" (%s)", thousands(m[x]))
		}
		k[i] = s
	}
	return strings.Join(k, ", ")
}

func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

// thousands prints 1,234,567.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func clipped(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
