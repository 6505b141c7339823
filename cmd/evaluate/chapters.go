package main

import (
	"context"
	"fmt"
	"math"
	"strings"
)

// A chapter is one part of the protocol.
type chapter struct {
	name    string
	version string // of what is measured
	once    bool   // one seed is all there is
	cells   []cell
	run     func(ctx context.Context, e *env, c cell, seed uint64) (values, error)
	table   func(rows rows) string // Markdown; cells come in the order of cells
}

// A cell is one row of a chapter's table: what is varied, by name.
type cell struct {
	name string // unique in the chapter; part of the key of its results
	arg  any    // for the chapter's own use
}

// values are what one run measured.
type values map[string]float64

// chapters in the order of docs/evaluation.md.
func chapters() []chapter {
	return []chapter{calibration(), adjusted(), planted(), organic(), ira(), ownActivity(), popularity(), bursts(), families(), spirit(), edited()}
}

// rows are the results of one chapter, by cell.
type rows map[string][]values

// of returns the runs of a cell.
func (r rows) of(c cell) series { return r[c.name] }

// A series is the runs of one cell.
type series []values

// mean of a value over the runs, as "0.83 ± 0.04": with its standard error.
func (s series) mean(name string) string {
	m, se := s.stats(name)
	if len(s) == 0 {
		return "–"
	}
	return fmt.Sprintf("%.3f ± %.3f", m, se)
}

// share of the runs in which a value is above 0, with its standard error.
func (s series) share(name string) string {
	if len(s) == 0 {
		return "–"
	}
	k := 0.0
	for _, v := range s {
		if v[name] > 0 {
			k++
		}
	}
	n := float64(len(s))
	p := k / n
	return fmt.Sprintf("%.0f of %.0f (%.3f ± %.3f)", k, n, p, math.Sqrt(p*(1-p)/n))
}

func (s series) stats(name string) (mean, stderr float64) {
	n := float64(len(s))
	if n == 0 {
		return 0, 0
	}
	for _, v := range s {
		mean += v[name] / n
	}
	for _, v := range s {
		stderr += (v[name] - mean) * (v[name] - mean)
	}
	if n > 1 {
		stderr = math.Sqrt(stderr / (n - 1) / n)
	}
	return mean, stderr
}

// table writes rows of cells as Markdown.
func table(head []string, body [][]string) string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(head)
	rule := make([]string, len(head))
	for i := range rule {
		rule[i] = "---"
	}
	b.WriteString("|" + strings.Join(rule, "|") + "|\n")
	for _, r := range body {
		line(r)
	}
	return b.String()
}
