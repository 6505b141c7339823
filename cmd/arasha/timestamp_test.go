package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/internal/tsatest"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestTimestampScripts runs the transcripts that need an authority or a
// calendar; both stand on loopback, at $AUTHORITY and $CALENDAR.
func TestTimestampScripts(t *testing.T) {
	a := tsatest.New(t, tsatest.Trim{ECDSA: true})
	other := tsatest.New(t, tsatest.Trim{ECDSA: true})
	expired := tsatest.New(t, tsatest.Trim{ECDSA: true, NotBefore: -48 * time.Hour, NotAfter: -24 * time.Hour})
	a.List(77, time.Now().Add(-time.Hour), 1) // writes root-and-list.pem
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "timestamp"),
		Setup: func(env *testscript.Env) error {
			c := tsatest.NewCalendar(t)
			env.Values["calendar"] = c
			env.Setenv("AUTHORITY", a.HTTP.URL)
			env.Setenv("EXPIRED", expired.HTTP.URL)
			env.Setenv("CALENDAR", c.URL)
			for name, from := range map[string]string{
				"root.pem": filepath.Join(a.Dir, "root.pem"), "other.pem": filepath.Join(other.Dir, "root.pem"),
				"expired.pem": filepath.Join(expired.Dir, "root.pem"), "root-and-list.pem": filepath.Join(a.Dir, "root-and-list.pem"),
			} {
				b, err := os.ReadFile(from)
				if err != nil {
					return err
				}
				if err := os.WriteFile(filepath.Join(env.WorkDir, name), b, 0o600); err != nil {
					return err
				}
			}
			return os.WriteFile(filepath.Join(env.WorkDir, "home-authorities.txt"), []byte("# whom we ask\n"+a.HTTP.URL+" roots/root.pem\n"), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// token puts the path of the only token under a folder into $TOKEN.
			"token": func(ts *testscript.TestScript, _ bool, args []string) {
				found, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*.tst"))
				if err != nil || len(found) != 1 {
					ts.Fatalf("%d tokens in %s, want 1 (%v)", len(found), args[0], err)
				}
				ts.Setenv("TOKEN", found[0])
			},
			// exits runs a command that must end with the code named first.
			"exits": func(ts *testscript.TestScript, _ bool, args []string) {
				err := ts.Exec(args[1], args[2:]...)
				var exit *exec.ExitError
				if !errors.As(err, &exit) || strconv.Itoa(exit.ExitCode()) != args[0] {
					ts.Fatalf("%s ends with %v, want code %s", strings.Join(args[1:], " "), err, args[0])
				}
			},
			// mine lets the calendar's block be found.
			"mine": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Value("calendar").(*tsatest.Calendar).Height = 7
			},
			// headers writes the header of that block into a file.
			"headers": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.Value("calendar").(*tsatest.Calendar).HeaderLine()), 0o600))
			},
			// flip changes one bit in the middle of a file.
			"flip": func(ts *testscript.TestScript, _ bool, args []string) {
				b := []byte(ts.ReadFile(args[0]))
				b[strings.Index(string(b), "Test Authority")] ^= 1
				ts.Check(os.WriteFile(ts.MkAbs(args[1]), b, 0o600))
			},
		},
	})
}
