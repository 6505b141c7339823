package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestDeskScripts runs the transcripts of testdata/desk. ARASHA_TEST_NOW sets
// the clock. Beside the usual words they know
//
//	exits CODE arasha …       the command ends with that code
//	nowhere WORDS FOLDER      no file below the folder holds the words
func TestDeskScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/desk", Cmds: map[string]func(*testscript.TestScript, bool, []string){
		"exits": exits,
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
