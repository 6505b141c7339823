package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// collectIn runs "arasha collect" in a folder of its own and returns the exit
// code, what was printed, and the names of the files left in the folder.
func collectIn(t *testing.T, ctx context.Context, dir string, stdin io.Reader, args ...string) (code int, out, talk string, files []string) {
	t.Helper()
	var o, e bytes.Buffer
	t.Chdir(dir)
	code = run(ctx, append([]string{"collect"}, args...), &world{in: stdin, out: &o, err: &e})
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range entries {
		files = append(files, f.Name())
	}
	return code, o.String(), e.String(), files
}

func rows(n int) string {
	var b strings.Builder
	b.WriteString("id,timestamp,text\n")
	for i := range n {
		fmt.Fprintf(&b, "p%d,%d,запись %x\n", i, 1588068000+i, i*2654435761)
	}
	return b.String()
}

func TestCollectKeepsWhatStandsBeforeABreak(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, rows(20000))
	z.Close()
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "cut.csv.gz"), b.Bytes()[:b.Len()/2], 0o600)
	code, out, talk, files := collectIn(t, context.Background(), dir, nil, "cut.csv.gz")
	if code != exitUnknown || !strings.Contains(talk, "cut.csv.gz: the file breaks off or is damaged") || !strings.Contains(out, "broken    cut.csv.gz") {
		t.Errorf("code %d, want 2; out\n%s\ntalk\n%s", code, out, talk)
	}
	posts, err := os.ReadFile("posts.jsonl")
	if n := bytes.Count(posts, []byte("\n")); err != nil || n < 5000 {
		t.Errorf("%d posts kept, error %v, files %v", n, err, files)
	}
}

func TestCollectStopped(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "t.csv"), []byte(rows(10)), 0o600)
	os.WriteFile(filepath.Join(dir, "posts.jsonl"), []byte("{\"id\":\"old\"}\n"), 0o600)
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	code, _, talk, files := collectIn(t, stopped, dir, nil, "t.csv", "--out", "posts.jsonl")
	if code != exitStopped || !strings.Contains(talk, "stopped; posts.jsonl was not written") {
		t.Errorf("code %d, want 130; talk %q", code, talk)
	}
	if old, _ := os.ReadFile("posts.jsonl"); string(old) != "{\"id\":\"old\"}\n" || len(files) != 2 {
		t.Errorf("posts.jsonl is now %q; files %v", old, files)
	}
	// A pipe that says nothing is left as well.
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	silent, w := io.Pipe()
	defer w.Close()
	if code, _, _, files := collectIn(t, ctx, t.TempDir(), silent, "-"); code != exitStopped || len(files) != 0 {
		t.Errorf("code %d, files %v; want 130 and none", code, files)
	}
}

func TestCollectRejectsRawBytesThatAreNotText(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "t.csv"), []byte("id,text\n1,слово\n2,\xff,\xfe\n"), 0o600)
	code, _, talk, _ := collectIn(t, context.Background(), dir, nil, "t.csv")
	got, err := os.ReadFile("rejects.jsonl")
	if code != exitDone || err != nil || !strings.Contains(string(got), `"raw_base64":"Miz/LP4="`) || !strings.Contains(string(got), `"line":3`) {
		t.Errorf("code %d, rejects %s, error %v, talk %s", code, got, err, talk)
	}
}

func TestCollectCannotWrite(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "t.csv"), []byte(rows(10)), 0o600)
	code, _, talk, _ := collectIn(t, context.Background(), dir, nil, "t.csv", "--out", "nowhere/posts.jsonl")
	if code != exitUnknown || !strings.Contains(talk, "nowhere/posts.jsonl cannot be written") {
		t.Errorf("code %d, talk %q", code, talk)
	}
}
