package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/arasha-org/arasha/internal/sealing"
)

func TestMain(m *testing.M) {
	sealing.Work = 10 // a thousandth of a second instead of one
	if os.Getenv("ARASHA_STORY_HOME") != "" {
		os.Exit(storyChild())
	}
	if os.Getenv("ARASHA_DEMO_OUT") != "" {
		os.Exit(demoChild())
	}
	if os.Getenv("ARASHA_KEYS_HOME") != "" {
		os.Exit(keysChild())
	}
	testscript.Main(m, map[string]func(){"arasha": mainAt})
}

// mainAt is main with the clock of a transcript: ARASHA_TEST_NOW, in RFC 3339.
func mainAt() {
	w := &world{in: os.Stdin, out: os.Stdout, err: os.Stderr}
	if s := os.Getenv("ARASHA_TEST_NOW"); s != "" {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			panic(err)
		}
		w.now = func() time.Time { return at }
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], w))
}

// TestScripts runs every transcript in testdata. They are written to be read:
// a person who does not program can follow what the program promises.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", Cmds: scriptCommands})
}

// TestAnswerNotPrinted: a command whose answer is lost does not end as if it
// had been given.
func TestAnswerNotPrinted(t *testing.T) {
	posts := filepath.Join(t.TempDir(), "posts.csv")
	if err := os.WriteFile(posts, []byte("id,account,time,text\n1,a,2031-04-28T10:00:00Z,one text of five words\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"version"}, {"collect", posts, "--json"}, {"detect", posts}} {
		if args[0] == "collect" {
			args = append(args, "--out", posts+".jsonl")
		}
		var talk strings.Builder
		w := &world{in: strings.NewReader(""), out: full{}, err: &talk}
		if code := run(context.Background(), args, w); code != exitUnknown || !strings.Contains(talk.String(), "no space left") {
			t.Errorf("arasha %s ends with %d: %s", strings.Join(args, " "), code, talk.String())
		}
		if _, ok := w.out.(full); !ok {
			t.Errorf("arasha %s leaves another writer behind", args[0])
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }
