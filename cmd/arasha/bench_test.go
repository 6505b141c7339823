package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/internal/intern"
	"github.com/arasha-org/arasha/post"
)

// benchFile is the file of posts named by ARASHA_BENCH, else the
// troll-factory tweets of the data folder.
func benchFile(b *testing.B) string {
	if f := os.Getenv("ARASHA_BENCH"); f != "" {
		return f
	}
	dir := os.Getenv("ARASHA_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	f := filepath.Join(dir, "coordination", "ira_ru.csv.gz")
	if _, err := os.Stat(f); err != nil {
		b.Skip("no data folder (ARASHA_DATA)")
	}
	return f
}

// BenchmarkDetect is the whole command in process: file to edges.
func BenchmarkDetect(b *testing.B) {
	f := benchFile(b)
	for b.Loop() {
		w := &world{in: strings.NewReader(""), out: io.Discard, err: io.Discard}
		if code := run(context.Background(), []string{"detect", f, "--trace", "similar-text", "--window", "48h"}, w); code != exitDone {
			b.Fatal(code)
		}
	}
}

// BenchmarkFloor reads the same file and does the least that any analysis of
// texts must: split into lower-case words and hash them. One goroutine.
func BenchmarkFloor(b *testing.B) {
	f := benchFile(b)
	for b.Loop() {
		var sum uint64
		c := collect.Collection{EveryRecord: true, Post: func(p *post.Post) error {
			for w := range strings.FieldsFuncSeq(strings.ToLower(p.Text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
				sum += intern.Key(w)[0]
			}
			return nil
		}}
		if _, err := c.Read(context.Background(), f); err != nil {
			b.Fatal(err)
		}
		if sum == 0 {
			b.Fatal("nothing was read")
		}
	}
}

// BenchmarkStart is what every command pays before it does anything: the
// built program is run for its version.
func BenchmarkStart(b *testing.B) {
	program := filepath.Join(b.TempDir(), "arasha")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for b.Loop() {
		if err := exec.Command(program, "version").Run(); err != nil {
			b.Fatal(err)
		}
	}
}
