package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestGuides runs every "console" block of the guides, in order, in one
// folder per guide, and compares what is printed with what the guide shows.
// A line "…" stands for any lines; "…" inside a line for any characters. A
// guide that names $ARASHA_DATA runs only where that folder is; $GUIDE is the
// folder of small files that the guides use. The one other program that a guide
// may call is sed, where it corrects a file; without it the guide ends there.
func TestGuides(t *testing.T) {
	guides, err := filepath.Glob("../../docs/guide/*.md")
	if err != nil || len(guides) == 0 {
		t.Fatalf("no guides: %v", err)
	}
	ran := 0
	for _, guide := range guides {
		b, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		steps := consoleSteps(string(b))
		if len(steps) == 0 {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(guide), ".md"), func(t *testing.T) {
			if bytes.Contains(b, []byte("$ARASHA_DATA")) {
				t.Setenv("ARASHA_DATA", filepath.Dir(realData(t)))
			}
			files, err := filepath.Abs("../../docs/guide/files")
			if err != nil {
				t.Fatal(err)
			}
			t.Setenv("GUIDE", files)
			pictures := filepath.Join(filepath.Dir(files), "pictures")
			t.Chdir(t.TempDir())
			for _, s := range steps {
				s.run(t)
				ran++
			}
			if filepath.Base(guide) == "real-data.md" {
				comparePictures(t, "ira.html", pictures)
			}
		})
	}
	if ran == 0 {
		t.Log("no guide holds a command that ran here")
	}
}

// A consoleStep is one command of a guide and what it prints there.
type consoleStep struct {
	line int
	tool string // "arasha" or "sed"
	args []string
	code int // "[exit 1]" as the last line of the output
	want string
}

var exitLine = regexp.MustCompile(`^\[exit (\d+)\]$`)

func consoleSteps(guide string) []consoleStep {
	var steps []consoleStep
	in := false
	for i, line := range strings.Split(guide, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			in = line == "```console"
		case !in:
		case strings.HasPrefix(line, "$ arasha "), strings.HasPrefix(line, "$ sed "):
			line, _, _ = strings.Cut(line, "   #")
			tool, words, _ := strings.Cut(strings.TrimPrefix(line, "$ "), " ")
			args, err := shellWords(words)
			if err != nil {
				args = []string{"help", err.Error()} // fails where it runs, with the line
			}
			steps = append(steps, consoleStep{line: i + 1, tool: tool, args: args})
		case len(steps) > 0:
			s := &steps[len(steps)-1]
			if m := exitLine.FindStringSubmatch(line); m != nil {
				s.code = int(m[1][0] - '0')
				continue
			}
			s.want += line + "\n"
		}
	}
	return steps
}

func (s consoleStep) run(t *testing.T) {
	t.Helper()
	var out, talk bytes.Buffer
	args := make([]string, len(s.args))
	for i, a := range s.args {
		args[i] = os.ExpandEnv(a)
	}
	var code int
	if s.tool == "sed" {
		code = runSed(t, args, &out, &talk)
	} else {
		code = run(context.Background(), args, &world{in: strings.NewReader(""), out: &out, err: &talk})
	}
	if code != s.code {
		t.Fatalf("line %d: %s %s: exit %d, the guide says %d\n%s%s", s.line, s.tool, strings.Join(s.args, " "), code, s.code, out.String(), talk.String())
	}
	if want := strings.TrimRight(s.want, "\n"); want != "" && !shows(want, strings.TrimRight(out.String(), "\n")) {
		t.Errorf("line %d: %s %s prints\n%s\nthe guide shows\n%s", s.line, s.tool, strings.Join(s.args, " "), out.String(), s.want)
	}
}

// runSed runs the sed of this machine and gives its exit code.
func runSed(t *testing.T, args []string, out, talk *bytes.Buffer) int {
	t.Helper()
	sed, err := exec.LookPath("sed")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("sed is not on this machine")
		}
		t.Skip("sed is not on this machine: the rest of the guide does not run")
	}
	cmd := exec.Command(sed, args...)
	cmd.Stdout, cmd.Stderr = out, talk
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

// shows reports whether got is want, in which a line "…" stands for any lines
// and "…" for any characters of a line.
func shows(want, got string) bool {
	var re strings.Builder
	re.WriteString(`^`)
	for i, line := range strings.Split(want, "\n") {
		if strings.TrimSpace(line) == "…" {
			re.WriteString(`(?:\n?[^\n]*)*?`)
			continue
		}
		if i > 0 {
			re.WriteString(`\n`)
		}
		parts := strings.Split(strings.TrimRight(line, " "), "…")
		for j, p := range parts {
			if j > 0 {
				re.WriteString(`[^\n]*`)
			}
			re.WriteString(regexp.QuoteMeta(p))
		}
		re.WriteString(` *`)
	}
	re.WriteString(`$`)
	return regexp.MustCompile(re.String()).MatchString(got)
}

func TestShows(t *testing.T) {
	for _, c := range []struct {
		want, got string
		ok        bool
	}{
		{"a\nb", "a\nb", true},
		{"a\nb", "a\nc", false},
		{"a\n…\nd", "a\nb\nc\nd", true},
		{"a\n…\nd", "a\nd", true},
		{"a\n…\nd", "a\nb", false},
		{"…\nd", "x\ny\nd", true},
		{"n … posts", "n 12 posts", true},
		{"n … posts", "n 12 files", false},
		{"1 post", "11 posts", false},
	} {
		if got := shows(c.want, c.got); got != c.ok {
			t.Errorf("shows(%q, %q) = %v, want %v", c.want, c.got, got, c.ok)
		}
	}
}

// TestRealPictures: the pictures made of real posts hold numbers, days and the
// names of waves and groups, and nothing that anybody could be found by.
func TestRealPictures(t *testing.T) {
	pictures, err := filepath.Glob("../../docs/guide/pictures/real-*.svg")
	if err != nil || len(pictures) == 0 {
		t.Fatalf("no pictures: %v", err)
	}
	label := regexp.MustCompile(`^(W\d+|Group [A-Z]|[\d,]+( accounts)?|\d+ [A-Z][a-z]{2})$`)
	for _, name := range pictures {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`<text[^>]*>([^<]*)</text>`).FindAllStringSubmatch(string(b), -1) {
			if !label.MatchString(m[1]) {
				t.Errorf("%s holds the words %q", name, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`aria-label="([^"]*)"`).FindAllStringSubmatch(string(b), -1) {
			if !pictureLabel.MatchString(m[1]) {
				t.Errorf("%s is labelled %q", name, m[1])
			}
		}
		rest := strings.ReplaceAll(string(b), "http://www.w3.org/2000/svg", "")
		if bad := regexp.MustCompile(`[^\x00-\x7f]|@|https?:|<title|<desc|<a |data:`).FindString(rest); bad != "" {
			t.Errorf("%s holds %q", name, bad)
		}
	}
}
