package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestDeskScripts runs the transcripts of testdata/desk. ARASHA_TEST_NOW sets
// the clock.
func TestDeskScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/desk", Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits}})
}
