package main

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestResume: what is kept is not done again, another version is.
func TestResume(t *testing.T) {
	dir := t.TempDir()
	var ran []string
	ch := chapter{name: "x", version: "v1", cells: []cell{{name: "a"}, {name: "b"}},
		run: func(_ context.Context, _ *env, c cell, seed uint64) (values, error) {
			ran = append(ran, c.name+string(rune('0'+seed)))
			return values{"n": float64(seed)}, nil
		}}
	measure := func(seeds int) *results {
		r, err := readResults(dir, "x")
		if err != nil {
			t.Fatal(err)
		}
		if err := ch.measure(context.Background(), nil, r, measuring{first: 1, seeds: seeds, commit: "c0ffee"}); err != nil {
			t.Fatal(err)
		}
		return r
	}
	measure(2)
	r := measure(3)
	if d := cmp.Diff([]string{"a1", "b1", "a2", "b2", "a3", "b3"}, ran); d != "" {
		t.Error(d)
	}
	if s := r.of("v1").of(ch.cells[0]); s.mean("n") != "2.000 ± 0.577" || s.share("n") != "3 of 3 (1.000 ± 0.000)" {
		t.Errorf("%s, %s", s.mean("n"), s.share("n"))
	}
	ch.version, ran = "v2", nil
	if r := measure(1); len(ran) != 2 || len(r.of("v1")["a"]) != 3 || len(r.of("v2")["a"]) != 1 {
		t.Errorf("another version: ran %v", ran)
	}
}

func TestRewrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "doc.md")
	if err := os.WriteFile(file, []byte("# T\n<!-- evaluate:x -->\nold\n<!-- end -->\nrest\n<!-- evaluate:y -->\nkept\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := rewrite(file, map[string]string{"x": "new\n", "y": "no end marker", "z": "no marker"}); err != nil {
		t.Fatal(err)
	}
	b, _ := os.ReadFile(file)
	if d := cmp.Diff("# T\n<!-- evaluate:x -->\nnew\n<!-- end -->\nrest\n<!-- evaluate:y -->\nkept\n", string(b)); d != "" {
		t.Error(d)
	}
}

// TestChapters: names are unique, and a table without results is a table.
func TestChapters(t *testing.T) {
	seen := map[string]bool{}
	for _, ch := range chapters() {
		if seen[ch.name] {
			t.Errorf("two chapters %s", ch.name)
		}
		seen[ch.name] = true
		cells := map[string]bool{}
		for _, c := range ch.cells {
			if cells[c.name] {
				t.Errorf("%s: two cells %s", ch.name, c.name)
			}
			cells[c.name] = true
		}
		if ch.version == "" || len(ch.table(rows{})) < 10 {
			t.Errorf("%s: version %q, table %q", ch.name, ch.version, ch.table(rows{}))
		}
	}
}

func TestRanked(t *testing.T) {
	auc, ap := ranked([]labelled{{3, true}, {2, false}, {1, true}, {0, false}})
	if auc != .75 || math.Abs(ap-5.0/6) > 1e-12 {
		t.Errorf("AUC %v, AP %v; want 0.75, 0.833", auc, ap)
	}
	if auc, _ := ranked([]labelled{{1, true}, {1, false}}); auc != .5 {
		t.Errorf("AUC of a tie %v", auc)
	}
}
