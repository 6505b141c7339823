package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The story of one appeal, from the first call to its outcome, as commands.
//
//go:embed story.txt
var storyText string

// A story is a list of commands that share a home.
type story struct {
	steps []storyStep
	files map[string]string
}

// A storyStep is one command of a story.
type storyStep struct {
	Title string    // of the part that begins here, or ""
	At    time.Time // the clock
	Line  string    // as written
	args  []string
	stdin string
	keep  *regexp.Regexp // what of its output is kept
	as    string         // under which name
}

// parseStory reads the form that the head of story.txt describes.
func parseStory(text string) (*story, error) {
	s := &story{files: map[string]string{}}
	var title string
	var at time.Time
	var reads *storyStep // the step whose input is being read
	file := ""
	for i, line := range strings.Split(text, "\n") {
		bad := func(format string, args ...any) error {
			return fmt.Errorf("story: line %d: %s", i+1, fmt.Sprintf(format, args...))
		}
		name, isFile := strings.CutPrefix(line, "-- ")
		switch {
		case isFile && strings.HasSuffix(name, " --"):
			file = strings.TrimSuffix(name, " --")
		case file != "":
			s.files[file] += line + "\n"
		case reads != nil:
			if line == "END" {
				reads = nil
				continue
			}
			reads.stdin += line + "\n"
		case line == "":
		case strings.HasPrefix(line, "# "):
			if line[2] >= '0' && line[2] <= '9' {
				title = line[2:]
			}
		case strings.HasPrefix(line, "@ "):
			var err error
			if at, err = time.Parse(time.RFC3339, line[2:]); err != nil {
				return nil, bad("%v", err)
			}
		case strings.HasPrefix(line, "= "):
			as, pattern, _ := strings.Cut(line[2:], " ")
			re, err := regexp.Compile(pattern)
			if err != nil || len(s.steps) == 0 || re.NumSubexp() != 1 {
				return nil, bad("not a name and a pattern with one group")
			}
			s.steps[len(s.steps)-1].as, s.steps[len(s.steps)-1].keep = as, re
		case strings.HasPrefix(line, "arasha "):
			rest, input := strings.CutSuffix(line, " <<END")
			words, err := shellWords(rest)
			if err != nil {
				return nil, bad("%v", err)
			}
			s.steps = append(s.steps, storyStep{Title: title, At: at, Line: rest, args: words[1:]})
			title = ""
			if input {
				reads = &s.steps[len(s.steps)-1]
			}
		default:
			return nil, bad("what is %q?", line)
		}
	}
	return s, nil
}

// shellWords splits a line as a shell does: words in single or double quotes
// are one, with nothing special in them.
func shellWords(line string) ([]string, error) {
	var out []string
	var b strings.Builder
	in, quote := false, rune(0)
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			b.WriteRune(r)
		case r == '\'' || r == '"':
			quote, in = r, true
		case r == ' ':
			if in {
				out = append(out, b.String())
			}
			b.Reset()
			in = false
		default:
			b.WriteRune(r)
			in = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quotation mark is not closed")
	}
	if in {
		out = append(out, b.String())
	}
	return out, nil
}

// writeFiles puts the files of the story into a folder.
func (s *story) writeFiles(dir string) error {
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s.files[name]), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// A teller enters a story into a home, one step after the other, in process.
type teller struct {
	home, files string
	kept        map[string]string                 // what earlier commands printed, by name
	told        func(args []string, stdin string) // called before each command; may be nil
}

// tell runs one step. It returns what the command printed, talk included.
func (t *teller) tell(ctx context.Context, s storyStep) (out string, err error) {
	swap := []string{"$FILES", t.files}
	for _, name := range slices.Sorted(maps.Keys(t.kept)) {
		swap = append(swap, "$"+name, t.kept[name])
	}
	r := strings.NewReplacer(swap...)
	var args []string
	for _, a := range s.args {
		args = append(args, r.Replace(a))
	}
	if takesHome(args) {
		args = append(args, "--home", t.home)
	}
	if t.told != nil {
		t.told(args, s.stdin)
	}
	var b bytes.Buffer
	w := &world{in: strings.NewReader(s.stdin), out: &b, err: &b, now: func() time.Time { return s.At }}
	if code := run(ctx, args, w); code != exitDone {
		return b.String(), fmt.Errorf("%s ends with %d:\n%s", s.Line, code, b.String())
	}
	if s.keep != nil {
		m := s.keep.FindStringSubmatch(b.String())
		if m == nil {
			return b.String(), fmt.Errorf("%s: its output holds no %s:\n%s", s.Line, s.as, b.String())
		}
		if t.kept == nil {
			t.kept = map[string]string{}
		}
		t.kept[s.as] = m[1]
	}
	return b.String(), nil
}

// takesHome reports whether a command works on a home; those that work on
// files alone have no such option.
func takesHome(args []string) bool {
	switch args[0] {
	case "detect", "collect", "restore", "version", "help":
		return false
	case "appeal":
		return !slices.Contains([]string{"render", "import", "new", "merge", "translate"}, args[1])
	}
	return true
}

// tellStory enters the whole story into a new home and calls done after each
// step.
func tellStory(ctx context.Context, home, files string, done func(s storyStep, out string) error) error {
	s, err := parseStory(storyText)
	if err != nil {
		return err
	}
	if err := s.writeFiles(files); err != nil {
		return err
	}
	t := &teller{home: home, files: files}
	for _, step := range s.steps {
		out, err := t.tell(ctx, step)
		if err != nil {
			return err
		}
		if err := done(step, out); err != nil {
			return err
		}
	}
	return nil
}
