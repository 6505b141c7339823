package timestamp_test

import (
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/arasha-org/arasha/evidence/timestamp"
	"github.com/arasha-org/arasha/internal/tsatest"
)

// TestGuide does what docs/guide/timestamps.md tells a reader to do to have an
// authority of his own, and believes a token of it.
func TestGuide(t *testing.T) {
	tsatest.OpenSSL(t)
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "guide", "timestamps.md"))
	must(t, err)
	_, chapter, _ := strings.Cut(string(guide), "## An authority of your own")
	config := regexp.MustCompile("(?s)```ini\n(.*?)```").FindStringSubmatch(chapter)
	commands := regexp.MustCompile(`(?m)^    ((?:openssl|echo) .*)$`).FindAllStringSubmatch(chapter, -1)
	if len(config) != 2 || len(commands) != 4 {
		t.Fatalf("the guide has %d configurations and %d commands, want 1 and 4", len(config)-1, len(commands))
	}
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "tsa.cnf"), []byte(config[1]), 0o600))
	q, err := timestamp.NewRequest(checkpoint, rand.Reader)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "query"), q.DER, 0o600))
	commands = append(commands, []string{"", "openssl ts -reply -config tsa.cnf -queryfile query -out reply"})
	for _, c := range commands {
		run := exec.Command("sh", "-c", c[1])
		run.Dir = dir
		if out, err := run.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", c[1], err, out)
		}
	}
	reply, err := os.ReadFile(filepath.Join(dir, "reply"))
	must(t, err)
	token, err := q.Accept(reply)
	must(t, err)
	root, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	must(t, err)
	certs, _, err := timestamp.ReadPEM(root)
	must(t, err)
	if p, err := timestamp.Verify(checkpoint, token.DER, timestamp.Options{Roots: certs}); err != nil || p.Root != "CN=Practice Root" {
		t.Errorf("Verify = %v, %v", p, err)
	}
}
