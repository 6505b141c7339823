package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/post"
	"github.com/arasha-org/arasha/report"
)

// foundJSON is one file of "arasha collect --json".
type foundJSON struct {
	*collect.Found
	First string `json:"first,omitempty"`
	Last  string `json:"last,omitempty"`

	Kept bool   `json:"original_kept"`
	Item *int64 `json:"item,omitempty"` // in the home, when kept

	Sheet *sheetCounts `json:"sheet_of_links,omitempty"`
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

			Checklist *checklistRun `json:"checklist,omitempty"`
		}{Out: c.Out, Accounts: col.Accounts(), Rejected: rejects.n, Checklist: c.checklist}
		if rejects.n > 0 {
			out.Rejects = c.Rejects
		}
		for _, f := range col.Files {
			out.Posts += f.Posts
			j := foundJSON{Found: f}
			if item, kept := c.originals[f.File]; kept {
				j.Kept, j.Item = true, &item
			}
			if f.First.Known() {
				j.First, j.Last = f.First.String(), f.Last.String()
			}
			if l := c.lists[f]; l != nil {
				j.Sheet = countSheet(l)
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
		if item, kept := c.originals[f.File]; kept {
			fmt.Fprintf(w.out, "  original  kept as item %d\n", item)
		} else {
			fmt.Fprintf(w.out, "  note      original not kept: no home was given (\"arasha init\" makes one)\n")
		}
		if l := c.lists[f]; l != nil {
			sheetSummary(w, l)
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
	if k := c.checklist; k != nil {
		fmt.Fprintf(w.out, "checklist: %s: of %s %d filled, %d in part, %d not at all\n", k.Path, count(k.Lines, "line"), k.Filled, k.Part, k.Open)
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

// count prints a number with its noun: "1 post", "2,204 posts".
func count[N int | int64](n N, noun string) string { return report.Count(int64(n), noun) }

func thousands(n int64) string { return report.Thousands(n) }

func clipped(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
