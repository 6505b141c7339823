package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/internal/disk"
)

// A line of docs/evaluation/<chapter>.jsonl.
type result struct {
	Cell    string  `json:"cell"`
	Seed    uint64  `json:"seed"`
	Version string  `json:"version"`
	Commit  string  `json:"commit,omitempty"` // the source measured, when stated
	Seconds float64 `json:"seconds"`
	Values  values  `json:"values"`
}

// results of one chapter: what is kept on disk.
type results struct {
	file string
	rows []result
}

func readResults(dir, chapter string) (*results, error) {
	r := &results{file: filepath.Join(dir, chapter+".jsonl")}
	f, err := os.Open(r.file)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for n := 1; s.Scan(); n++ {
		var x result
		if err := json.Unmarshal(s.Bytes(), &x); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", r.file, n, err)
		}
		r.rows = append(r.rows, x)
	}
	return r, s.Err()
}

// has reports whether a run is there.
func (r *results) has(cell string, seed uint64, version string) bool {
	for _, x := range r.rows {
		if x.Cell == cell && x.Seed == seed && x.Version == version {
			return true
		}
	}
	return false
}

// add appends a run to the file.
func (r *results) add(x result) error {
	b, err := json.Marshal(x)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(r.file), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(r.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(b, '\n')); err != nil {
		f.Close()
		return err
	}
	r.rows = append(r.rows, x)
	return f.Close()
}

// of returns the runs of a version, by cell, in order of their seeds.
func (r *results) of(version string) rows {
	sorted := slices.Clone(r.rows)
	slices.SortStableFunc(sorted, func(a, b result) int { return cmp.Compare(a.Seed, b.Seed) })
	out := rows{}
	for _, x := range sorted {
		if x.Version == version {
			out[x.Cell] = append(out[x.Cell], x.Values)
		}
	}
	return out
}

const endMarker = "<!-- end -->"

// between puts text between the markers of a chapter in a document. A
// document without them is left as it is.
func between(doc, chapter, text string) string {
	marker := "<!-- evaluate:" + chapter + " -->"
	before, rest, ok := strings.Cut(doc, marker)
	if !ok {
		return doc
	}
	_, after, ok := strings.Cut(rest, endMarker)
	if !ok {
		return doc
	}
	return before + marker + "\n" + strings.TrimRight(text, "\n") + "\n" + endMarker + after
}

// rewrite writes the tables into a document.
func rewrite(file string, tables map[string]string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	doc := string(b)
	for name, text := range tables {
		doc = between(doc, name, text)
	}
	if doc == string(b) {
		return nil
	}
	return disk.Write(file, 0o644, []byte(doc))
}
