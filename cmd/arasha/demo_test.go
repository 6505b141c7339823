package main

import (
	"bufio"
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/internal/sealing"
)

// demoChild tells the demonstration: the process that the drill kills.
func demoChild() int {
	return run(context.Background(), []string{"demo", "--out", os.Getenv("ARASHA_DEMO_OUT")}, &world{in: strings.NewReader(""), out: os.Stdout, err: os.Stderr})
}

// TestKillTheDemo kills the demonstration at random moments and starts it
// again, until it is told to its end. The ledger is what it printed: the parts
// of the story that were behind it when it was killed must lie, whole, in the
// folder that the next run put beside. ARASHA_KILLS sets how often.
func TestKillTheDemo(t *testing.T) {
	kills := 5
	if n, err := strconv.Atoi(os.Getenv("ARASHA_KILLS")); err == nil {
		kills = n
	}
	work := sealing.Work
	t.Cleanup(func() { sealing.Work = work })
	s, err := parseStory(storyText)
	if err != nil {
		t.Fatal(err)
	}
	// How many commands lie before each part, and what they leave in the tables.
	before := map[string]int{}
	for i, step := range s.steps {
		if step.Title != "" {
			before[step.Title] = i
		}
	}
	want := reference(t, s)
	random := rand.New(rand.NewPCG(7, 7))
	out := filepath.Join(t.TempDir(), "demo")
	killed, parts := 0, 0
	for killed < kills {
		part, died := demoUntil(t, out, time.Duration(random.IntN(6000))*time.Millisecond, before)
		if !died {
			continue // told before the moment came
		}
		killed++
		state, err := stateOf(filepath.Join(out, "desk"))
		if err != nil {
			t.Fatalf("kill %d, in part %q: %v", killed, part, err)
		}
		if n := before[part]; state.Audit < want[n].Audit {
			t.Fatalf("kill %d, in part %q: %d writes are there, %d were confirmed", killed, part, state.Audit, want[n].Audit)
		} else if n > 0 {
			parts++
		}
	}
	if parts == 0 {
		t.Error("no kill came after the first part: the test tested nothing")
	}
	if _, died := demoUntil(t, out, 0, before); died {
		t.Fatal("the last telling died")
	}
	stopped, err := filepath.Glob(out + ".stopped*")
	if err != nil || len(stopped) < parts || len(stopped) > killed { // a kill in the first milliseconds leaves no folder
		t.Errorf("%d tellings were stopped, %d folders lie beside: %v", killed, len(stopped), err)
	}
	for _, dir := range append(stopped, out) {
		home := filepath.Join(dir, "desk")
		if _, err := os.Stat(filepath.Join(home, "home.json")); err != nil {
			continue // stopped before anything was kept
		}
		var talk strings.Builder
		if code := run(context.Background(), []string{"verify", home}, &world{in: strings.NewReader(""), out: &talk, err: &talk}); code != exitDone {
			t.Errorf("%s is not whole: %s", dir, talk.String())
		}
	}
	t.Logf("killed %d times, %d of them with something confirmed", killed, parts)
}

// demoUntil tells the demonstration and kills it after a time; 0 lets it end.
// It returns the last part it had begun.
func demoUntil(t *testing.T, out string, after time.Duration, parts map[string]int) (part string, died bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ARASHA_DEMO_OUT="+out)
	talk, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if after > 0 {
		timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
		defer timer.Stop()
	}
	var said strings.Builder
	for lines := bufio.NewScanner(talk); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if _, ok := parts[lines.Text()]; ok {
			part = lines.Text()
		}
	}
	if err := cmd.Wait(); err != nil {
		if cmd.ProcessState.ExitCode() != -1 {
			t.Fatalf("the demonstration ends with %v:\n%s", err, said.String())
		}
		return part, true
	}
	return part, false
}

// TestDemoOnBadDisks: a full disk and a read-only one are said in a sentence,
// what was kept stays whole, and with room again the story is told.
func TestDemoOnBadDisks(t *testing.T) {
	mount := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(mount, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=9m", "tmpfs", mount).CombinedOutput(); err != nil {
		t.Skipf("no disk in memory may be mounted here: %s", strings.TrimSpace(string(out)))
	}
	defer exec.Command("umount", "-l", mount).Run()
	remount := func(o string) {
		t.Helper()
		if out, err := exec.Command("mount", "-o", "remount,"+o, mount).CombinedOutput(); err != nil {
			t.Fatalf("remount: %s", out)
		}
	}
	demo := func() (int, string) {
		var talk strings.Builder
		code := run(context.Background(), []string{"demo", "--out", filepath.Join(mount, "demo")}, &world{in: strings.NewReader(""), out: &talk, err: &talk})
		return code, talk.String()
	}
	code, talk := demo()
	if code != exitUnknown || !strings.Contains(talk, "no space left") && !strings.Contains(talk, "disk is full") {
		t.Fatalf("on a full disk: exit %d\n%s", code, talk)
	}
	remount("ro")
	if code, talk := demo(); code != exitUnknown || !strings.Contains(talk, "read-only") {
		t.Errorf("on a read-only disk: exit %d\n%s", code, talk)
	}
	remount("rw,size=200m")
	if code, talk := demo(); code != exitDone || !strings.Contains(talk, "its evidence is whole") {
		t.Errorf("with room again: exit %d\n%s", code, talk)
	}
}

// TestClockJumps: a clock that was set back is not written into the log unseen.
func TestClockJumps(t *testing.T) {
	dir := t.TempDir()
	home, file := filepath.Join(dir, "home"), filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte("a page"), 0o600); err != nil {
		t.Fatal(err)
	}
	at := func(day int, args ...string) (int, string) {
		var talk strings.Builder
		w := &world{in: strings.NewReader(""), out: &talk, err: &talk, now: func() time.Time { return time.Date(2031, 5, day, 0, 0, 0, 0, time.UTC) }}
		return run(context.Background(), append(args, "--home", home), w), talk.String()
	}
	if code, talk := at(10, "init", "--name", "observatory.example/evidence"); code != exitDone {
		t.Fatal(talk)
	}
	if code, talk := at(20, "evidence", "add", file); code != exitDone {
		t.Fatalf("a jump forward: %s", talk)
	}
	if err := os.WriteFile(file, []byte("another page"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, talk := at(12, "evidence", "add", file); code == exitDone || !strings.Contains(talk, "clock") {
		t.Errorf("a clock set back by eight days: exit %d, %s", code, talk)
	}
	if code, talk := at(12, "evidence", "add", file, "--clock-note", "the battery was changed"); code != exitDone {
		t.Errorf("with the reason: exit %d, %s", code, talk)
	}
	if code, talk := at(21, "verify", home); code != exitDone {
		t.Errorf("afterwards: exit %d, %s", code, talk)
	}
}
