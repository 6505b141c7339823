package arasha_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/arasha-org/arasha"

// plan is the plan of the house: which room may import which of our own
// packages, and, for the libraries, which modules beside the standard
// library. Opening a new door is fine: edit the line in the same change and
// say why in the commit. Every room may use internal/*; a folder below a room
// follows the longest line that names it.
var plan = []struct {
	room    string
	may     []string
	modules []string // nil: any module that earned its place; else only these
}{
	{".", []string{"post", "coordination", "evidence", "casefile", "appeal"}, []string{}},
	{"evidence", nil, []string{"golang.org/x/mod/sumdb"}},
	{"evidence/vault", []string{"evidence"}, nil},
	{"evidence/timestamp", []string{"evidence"}, nil},
	{"evidence/backup", []string{"evidence", "evidence/vault"}, nil},
	{"post", []string{"evidence"}, []string{}},
	{"coordination", []string{"post"}, []string{"golang.org/x/text", "github.com/clipperhouse/uax29/v2", "github.com/kljensen/snowball"}},
	{"report", []string{"coordination", "post", "evidence"}, nil},
	{"collect", []string{"post", "evidence"}, nil},
	{"casefile", []string{"evidence"}, nil},
	{"appeal", []string{"casefile", "evidence"}, nil},
	{"store", []string{"evidence", "casefile"}, nil},
	{"internal", nil, nil},
	{"cmd", []string{"*"}, nil},
}

// TestPlanOfTheHouse fails when a package imports a room it may not know, or
// when a folder stands in no line of the plan.
func TestPlanOfTheHouse(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n == "testdata" || (len(n) > 1 && strings.HasPrefix(n, ".")) || n == "docs" {
				return filepath.SkipDir
			}
			return nil
		}
		// Tests may look further than the code they test.
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		seen++
		dir := path.Dir(filepath.ToSlash(file))
		may, modules, found := lineOf(dir)
		if !found {
			t.Errorf("%s stands in no line of the plan", dir)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, s := range f.Imports {
			p, _ := strconv.Unquote(s.Path.Value)
			switch {
			case p == module || strings.HasPrefix(p, module+"/"):
				own := strings.TrimPrefix(strings.TrimPrefix(p, module), "/")
				if !allowedRoom(dir, own, may) {
					t.Errorf("%s imports %s, which the plan does not allow for %s", file, own, dir)
				}
			case strings.Contains(strings.Split(p, "/")[0], "."):
				if modules != nil && !allowedModule(p, modules) {
					t.Errorf("%s imports %s; %s may use only %v beside the standard library", file, p, dir, modules)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 5 {
		t.Fatalf("only %d Go files seen: the walk is broken", seen)
	}
}

func lineOf(dir string) (may, modules []string, found bool) {
	best := -1
	for _, l := range plan {
		if (dir == l.room || strings.HasPrefix(dir, l.room+"/")) && len(l.room) > best {
			may, modules, found, best = l.may, l.modules, true, len(l.room)
		}
	}
	return may, modules, found
}

// allowedRoom: internal/* is open to all; a folder below a room belongs to it,
// except that the parent of evidence/vault and evidence/timestamp must stay
// light and may not know them.
func allowedRoom(dir, own string, may []string) bool {
	if strings.HasPrefix(own, "internal/") {
		return true
	}
	if strings.HasPrefix(own, dir+"/internal") || strings.HasPrefix(dir, own+"/") || own == dir {
		return true
	}
	for _, m := range may {
		if m == "*" || own == m {
			return true
		}
		if strings.HasPrefix(own, m+"/internal") { // another room's kitchen
			return false
		}
	}
	// Siblings below one room, such as coordination/internal/a and …/b.
	top, _, _ := strings.Cut(dir, "/")
	return strings.HasPrefix(own, top+"/internal/")
}

func allowedModule(p string, modules []string) bool {
	for _, m := range modules {
		if p == m || strings.HasPrefix(p, m+"/") {
			return true
		}
	}
	return false
}
