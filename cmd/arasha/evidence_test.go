package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestEvidenceScripts runs the transcripts of testdata/evidence. Beside the
// usual words they know
//
//	exits CODE arasha …       the command ends with that code
//	publickey FILE            KEY is the public key that "arasha init" printed to FILE
//	fingerprint FILE          FINGERPRINT is its fingerprint
//	witnesskey FILE           WITNESS is the key that "arasha evidence cosign" printed to FILE
//	change PATH               one bit of the file, or of the first file below the folder, is flipped
func TestEvidenceScripts(t *testing.T) {
	find := func(name, pattern string) func(*testscript.TestScript, bool, []string) {
		re := regexp.MustCompile(pattern)
		return func(ts *testscript.TestScript, neg bool, args []string) {
			m := re.FindStringSubmatch(ts.ReadFile(args[0]))
			if m == nil {
				ts.Fatalf("%s holds no %s", args[0], name)
			}
			ts.Setenv(name, m[1])
		}
	}
	testscript.Run(t, testscript.Params{Dir: "testdata/evidence", Cmds: map[string]func(*testscript.TestScript, bool, []string){
		"exits":       exits,
		"publickey":   find("KEY", `public key +(\S+)`),
		"fingerprint": find("FINGERPRINT", `fingerprint +([0-9a-f ]+)`),
		"witnesskey":  find("WITNESS", `your key for cosigning +(\S+)`),
		"change":      change,
	}})
}

// change flips one bit in the middle of a file.
func change(ts *testscript.TestScript, neg bool, args []string) {
	done := false
	err := filepath.WalkDir(ts.MkAbs(args[0]), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || done {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		done = true
		b[len(b)/2] ^= 4
		os.Chmod(path, 0o600)
		return os.WriteFile(path, b, 0o600)
	})
	ts.Check(err)
}

// exits runs a command that must end with the code named first.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || strconv.Itoa(exit.ExitCode()) != args[0] {
		ts.Fatalf("%s ends with %v, want code %s", strings.Join(args[1:], " "), err, args[0])
	}
}
