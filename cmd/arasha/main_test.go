package main

import (
	"context"
	"os"
	"os/signal"
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
