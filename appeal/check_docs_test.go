package appeal

import (
	"os"
	"strings"
	"testing"
)

// TestCheckDocs: the page of findings lists every rule, in the order of Rules.
func TestCheckDocs(t *testing.T) {
	b, err := os.ReadFile("../docs/formats/check.md")
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, r := range checkRules {
		i := strings.Index(string(b), "\n| `"+r.Name+"` | "+r.Severity)
		if i < at {
			t.Errorf("docs/formats/check.md lacks %s (%s), or has it out of order", r.Name, r.Severity)
			continue
		}
		at = i
	}
	if n := strings.Count(string(b), "\n| `"); n != len(checkRules) {
		t.Errorf("docs/formats/check.md lists %d rules, want %d", n, len(checkRules))
	}
}
