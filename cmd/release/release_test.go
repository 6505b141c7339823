package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestModules reads the list of a real program, the smallest that the modules
// of this house hold: what it was linked with is there, with version and hash,
// and twice the same.
func TestModules(t *testing.T) {
	program := filepath.Join(t.TempDir(), "testscript")
	if out, err := exec.Command("go", "build", "-o", program, "github.com/rogpeppe/go-internal/cmd/testscript").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b, err := modulesOf(program, "test", strings.Repeat("0", 64))
	if err != nil {
		t.Fatal(err)
	}
	again, _ := modulesOf(program, "test", strings.Repeat("0", 64))
	if d := cmp.Diff(string(b), string(again)); d != "" {
		t.Errorf("two lists of one program differ:\n%s", d)
	}
	var got sbom
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if got.Format != "CycloneDX" || got.Spec != "1.6" || len(got.Components) == 0 || got.Components[0].Name != "std" || !strings.HasPrefix(got.Components[0].Version, "go1.") {
		t.Errorf("list %s", b)
	}
	linked := false
	for _, c := range got.Components {
		linked = linked || c.Name == "golang.org/x/tools" && len(c.Properties) == 1 && strings.HasPrefix(c.Properties[0].Value, "h1:")
		if c.PURL != "pkg:golang/"+c.Name+"@"+c.Version {
			t.Errorf("%s: purl %s", c.Name, c.PURL)
		}
	}
	if !linked {
		t.Error("golang.org/x/tools, which it is linked with, is not in the list with its hash")
	}
	if _, err := modulesOf("release_test.go", "x", ""); err == nil {
		t.Error("a text has a list of modules")
	}
}
