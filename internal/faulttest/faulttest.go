// Package faulttest plants faults for tests: it runs the program of a test
// again and kills it, lets no file of it grow, and gives it a small disk.
package faulttest

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Kills is how often a test kills its program: what ARASHA_KILLS says, else a
// few. "make faults" asks for hundreds.
func Kills(few int) int {
	if n, err := strconv.Atoi(os.Getenv("ARASHA_KILLS")); err == nil {
		return n
	}
	return few
}

// Run runs the program of this test again, with more in its environment, and
// calls line with each line it prints. After killAfter, counted from the first
// line, however slow the start, it is killed as kill -9 does; 0 lets it end.
// talk is what it wrote to standard error; the code of a killed one is -1.
func Run(t testing.TB, killAfter time.Duration, line func(string), env ...string) (talk string, code int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), env...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var timer *time.Timer
	for s := bufio.NewScanner(out); s.Scan(); {
		line(s.Text())
		if timer == nil && killAfter > 0 {
			timer = time.AfterFunc(killAfter, func() { cmd.Process.Kill() })
			defer timer.Stop()
		}
	}
	cmd.Wait()
	return stderr.String(), cmd.ProcessState.ExitCode()
}

// Disk mounts a disk in memory of a size ("2m") for this test, and mounts it
// anew with other options ("ro", "size=64m"). Only root may mount: elsewhere
// the test is skipped.
func Disk(t testing.TB, size string) (dir string, remount func(options string)) {
	t.Helper()
	dir = t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "mode=700,size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no disk in memory may be mounted here: %s", strings.TrimSpace(string(out)))
	}
	t.Cleanup(func() { exec.Command("umount", "-l", dir).Run() })
	return dir, func(options string) {
		t.Helper()
		if out, err := exec.Command("mount", "-o", "remount,"+options, dir).CombinedOutput(); err != nil {
			t.Fatalf("remount: %s", out)
		}
	}
}
