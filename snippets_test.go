package arasha_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSnippets fails when a page shows Go code that no example of ours holds:
// what a reader copies from the documents was compiled and run.
func TestSnippets(t *testing.T) {
	var examples []string
	var pages []string
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && file != "." && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case strings.HasSuffix(file, "example_test.go"):
			b, err := os.ReadFile(file)
			examples = append(examples, flat(string(b)))
			return err
		case strings.HasSuffix(file, ".md"):
			pages = append(pages, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, page := range pages {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(string(b), "```go\n")
		for _, p := range parts[1:] {
			code, _, _ := strings.Cut(p, "```")
			found++
			held := false
			for _, e := range examples {
				held = held || strings.Contains(e, flat(code))
			}
			if !held {
				t.Errorf("%s shows code that no example holds:\n%s", page, code)
			}
		}
	}
	if found == 0 {
		t.Error("no page shows any Go: the test tests nothing")
	}
}

// flat takes the indentation out, in which a page and an example differ.
func flat(code string) string {
	lines := strings.Split(code, "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
