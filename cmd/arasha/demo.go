package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination/synth"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/internal/sealing"
)

type demoCmd struct {
	Out  string `short:"o" default:"arasha-demo" help:"Folder for what the demonstration makes. One made before is replaced; one that was stopped is kept beside it."`
	Seed uint64 `default:"1" help:"Another seed makes another two weeks."`
}

func (demoCmd) Help() string {
	return `Tells the whole story on invented data, with the commands you would use: exports of four platforms are
kept as evidence and compared, a person keeps the finding, a case is written down, an urgent appeal is
drafted in four languages, checked, signed by two people, published, updated and closed, and a dossier
is made that a stranger can check. index.html shows it in pictures.

Exit codes: 0 told, 2 not told, 130 stopped`
}

// The marks in the folder of a demonstration.
const (
	demoMark = "demonstration.txt" // whose folder it is, and whether the story was told
	demoTold = "The story was told to its end.\n"
)

func (c *demoCmd) Run(ctx context.Context, w *world) error {
	began := time.Now()
	w.say("An appeal in an invented country, from the first post to the answer.")
	if err := c.makeRoom(w); err != nil {
		return err
	}
	// The keys of invented people need not withstand anybody.
	defer func(work int) { sealing.Work = work }(sealing.Work)
	sealing.Work = 10

	t, err := c.teller(w)
	if err != nil {
		return err
	}
	if err := t.tellAll(ctx); err != nil {
		if ctx.Err() != nil {
			return &exitError{exitStopped, "stopped; what was done so far lies in " + c.Out, "Run it again: it begins anew, and keeps this one beside it."}
		}
		return cannotTell("", "the story ends early: %v", err)
	}
	if err := c.mark(demoTold); err != nil {
		return cannotTell("", "%v", err)
	}
	if err := t.summary(); err != nil {
		return cannotTell("", "%v", err)
	}
	w.say("\nTold in %.1f s.", time.Since(began).Seconds())
	return nil
}

// makeRoom makes the folder empty. A demonstration that was told is replaced.
// One that was stopped may hold what somebody was told is kept: it is looked
// at and put beside. Anything else is nobody's to remove.
func (c *demoCmd) makeRoom(w *world) error {
	mark, err := os.ReadFile(filepath.Join(c.Out, demoMark))
	switch {
	case err == nil && strings.Contains(string(mark), demoTold):
		old, err := freeName(c.Out + ".old")
		if err == nil {
			err = os.Rename(c.Out, old)
		}
		if err == nil {
			err = os.RemoveAll(old)
		}
		if err != nil {
			return cannotTell("Name another folder with --out.", "the demonstration made before cannot be replaced: %v", err)
		}
	case err == nil:
		stopped, err := freeName(c.Out + ".stopped")
		if err == nil {
			err = os.Rename(c.Out, stopped)
		}
		if err != nil {
			return cannotTell("Name another folder with --out.", "%v", err)
		}
		w.say("The last telling was stopped. What it kept lies in %s (%s); the story begins anew.", stopped, c.state(stopped))
	case !errors.Is(err, fs.ErrNotExist):
		return cannotTell("Name another folder with --out.", "%v", err)
	default:
		names, err := os.ReadDir(c.Out)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return cannotTell("Name another folder with --out.", "%v", err)
		}
		if len(names) > 0 {
			return cannotTell("Name another folder with --out.", "%s holds other things, and they stay", c.Out)
		}
	}
	if err := disk.Mkdir(c.Out, 0o755); err != nil {
		return cannotTell("", "%v", err)
	}
	return c.mark("")
}

func (c *demoCmd) mark(told string) error {
	return disk.Write(filepath.Join(c.Out, demoMark), 0o644,
		[]byte("This folder was made by \"arasha demo\", which may replace it. Everything in it is invented.\n"+told))
}

// freeName returns name, or name-2, name-3, … when that is taken.
func freeName(name string) (string, error) {
	for n := 1; n < 10_000; n++ {
		try := name
		if n > 1 {
			try = fmt.Sprintf("%s-%d", name, n)
		}
		if _, err := os.Lstat(try); errors.Is(err, fs.ErrNotExist) {
			return try, nil
		}
	}
	return "", fmt.Errorf("%s and ten thousand more are taken", name)
}

// state says in words whether the home of a stopped telling is whole.
func (c *demoCmd) state(dir string) string {
	home := filepath.Join(dir, "desk")
	if _, err := os.Stat(filepath.Join(home, "home.json")); err != nil {
		return "nothing had been kept yet"
	}
	var out strings.Builder
	w := &world{in: strings.NewReader(""), out: &out, err: &out}
	if run(context.Background(), []string{"verify", home}, w) == exitDone {
		return "its evidence is whole"
	}
	return "look at it with: arasha verify " + home
}

// teller prepares the story: the exports, the files of the case and the list
// of commands.
func (c *demoCmd) teller(w *world) (*demoTeller, error) {
	s, err := parseStory(storyText)
	if err != nil {
		return nil, err
	}
	files := filepath.Join(c.Out, "files")
	if err := os.MkdirAll(files, 0o700); err != nil {
		return nil, cannotTell("", "%v", err)
	}
	if err := s.writeFiles(files); err != nil {
		return nil, cannotTell("", "%v", err)
	}
	d := synth.NewDemo(c.Seed)
	exports, err := writeDemoExports(filepath.Join(c.Out, "exports"), d.Posts)
	if err != nil {
		return nil, cannotTell("", "%v", err)
	}
	events := filepath.Join(files, "events.csv")
	if err := writeDemoEvents(events, d.Events); err != nil {
		return nil, cannotTell("", "%v", err)
	}
	t := &demoTeller{w: w, out: c.Out, truth: d, story: s, exports: exports, events: events,
		teller: teller{home: filepath.Join(c.Out, "desk"), files: files}}
	t.told = t.enter
	return t, nil
}
