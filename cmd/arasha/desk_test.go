package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestDeskScripts runs the transcripts of testdata/desk. ARASHA_TEST_NOW sets
// the clock. Beside the usual words they know
//
//	exits CODE arasha …       the command ends with that code
//	nowhere WORDS FOLDER      no file below the folder holds the words
//	story LINE                story.txt is told up to and with the step that begins with LINE: its
//	                          home is "home", its files are in "files", the clock is the story's
func TestDeskScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/desk", Cmds: map[string]func(*testscript.TestScript, bool, []string){
		"exits": exits,
		"story": func(ts *testscript.TestScript, neg bool, args []string) {
			if neg || len(args) != 1 {
				ts.Fatalf("usage: story LINE")
			}
			home, files, reached := ts.MkAbs("home"), ts.MkAbs("files"), errors.New("reached")
			ts.Check(os.MkdirAll(files, 0o700))
			err := tellStory(context.Background(), home, files, func(s storyStep, _ string) error {
				ts.Setenv("ARASHA_TEST_NOW", s.At.Format(time.RFC3339))
				if strings.HasPrefix(s.Line, args[0]) {
					return reached
				}
				return nil
			})
			if err != reached {
				ts.Fatalf("the story did not come to %q: %v", args[0], err)
			}
			ts.Setenv("ARASHA_HOME", home)
		},
		"nowhere": func(ts *testscript.TestScript, neg bool, args []string) {
			seen, holds := 0, ""
			ts.Check(filepath.WalkDir(ts.MkAbs(args[1]), func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				seen++
				b, err := os.ReadFile(path)
				if bytes.Contains(b, []byte(args[0])) {
					holds = path
				}
				return err
			}))
			if neg || seen == 0 || holds != "" {
				ts.Fatalf("%d files below %s; %s holds %q", seen, args[1], holds, args[0])
			}
		},
	}})
}
