package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/store"
	"github.com/arasha-org/arasha/store/sqlite"
)

// storyChild tells the story from a step on and says, one line a step, what is
// done: the process that the drill kills.
func storyChild() int {
	s, err := parseStory(storyText)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	from, _ := strconv.Atoi(os.Getenv("ARASHA_STORY_FROM"))
	t := &teller{home: os.Getenv("ARASHA_STORY_HOME"), files: os.Getenv("ARASHA_STORY_FILES"), kept: map[string]string{}}
	json.Unmarshal([]byte(os.Getenv("ARASHA_STORY_KEPT")), &t.kept)
	for i, step := range s.steps[from:] {
		if _, err := t.tell(context.Background(), step); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		kept, _ := json.Marshal(t.kept)
		fmt.Printf("done %d %s\n", from+i, kept)
	}
	return 0
}

// state is what can be counted in a home: the rows of each table and of the
// audit, and the Refs of what is kept.
type state struct {
	Rows  map[string]int
	Audit int
	Items map[evidence.Ref]bool
}

// stateOf looks at a home, and reports what is damaged in it.
func stateOf(home string) (state, error) {
	s := state{Rows: map[string]int{}, Items: map[evidence.Ref]bool{}}
	if _, err := os.Stat(filepath.Join(home, "home.json")); errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	h, err := vault.OpenHome(home, vault.HomeOptions{})
	if err != nil {
		return s, err
	}
	for r, err := range h.Records() {
		if err != nil {
			return s, err
		}
		if i, ok := r.Value.(*evidence.Item); ok {
			s.Items[i.Ref] = true
		}
	}
	if _, err := os.Stat(filepath.Join(home, sqlite.File)); errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	ctx := context.Background()
	db, err := sqlite.Open(ctx, home, store.Options{})
	if err != nil {
		return s, err
	}
	defer db.Close()
	err = db.Read(ctx, func(tx *store.Tx) error {
		for _, err := range store.AuditRows(tx) {
			if err != nil {
				return err
			}
			s.Audit++
		}
		for _, t := range store.Tables {
			rows, err := tx.Query("SELECT count(*) FROM " + t.Name)
			if err != nil {
				return err
			}
			var n int
			for rows.Next() {
				err = rows.Scan(&n)
			}
			rows.Close()
			if err != nil {
				return err
			}
			s.Rows[t.Name] = n
		}
		return nil
	})
	if err != nil {
		return s, err
	}
	health, err := sqlite.Check(ctx, home)
	if err == nil && len(health.Wrong) > 0 {
		err = fmt.Errorf("%v", health.Wrong)
	}
	return s, err
}

// reference tells the story undisturbed and returns the state after each step,
// the first one before it.
func reference(t *testing.T, s *story) []state {
	t.Helper()
	home, files := filepath.Join(t.TempDir(), "home"), t.TempDir()
	if err := s.writeFiles(files); err != nil {
		t.Fatal(err)
	}
	out := []state{{}}
	teller := &teller{home: home, files: files}
	for _, step := range s.steps {
		if _, err := teller.tell(context.Background(), step); err != nil {
			t.Fatal(err)
		}
		now, err := stateOf(home)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, now)
	}
	return out
}

// TestKillTheStory kills the process that enters the story at random moments,
// with no warning, and goes on from there. The ledger is kept here: what the
// process confirmed must be there, and what it did not confirm is there as a
// whole or not at all. ARASHA_KILLS sets how often.
func TestKillTheStory(t *testing.T) {
	kills := 12
	if n, err := strconv.Atoi(os.Getenv("ARASHA_KILLS")); err == nil {
		kills = n
	}
	s, err := parseStory(storyText)
	if err != nil {
		t.Fatal(err)
	}
	want := reference(t, s)
	middle := 0
	for killed, round := 0, uint64(0); killed < kills; round++ {
		d := &drill{t: t, s: s, want: want, home: filepath.Join(t.TempDir(), "home"), files: t.TempDir(), random: rand.New(rand.NewPCG(1, round))}
		if err := s.writeFiles(d.files); err != nil {
			t.Fatal(err)
		}
		killed += d.run(kills - killed)
		middle += d.unconfirmed
	}
	t.Logf("killed %d times; %d times a write was on the disk that nobody had been told of", kills, middle)
}

// A drill is one telling of the story with kills.
type drill struct {
	t           *testing.T
	s           *story
	want        []state
	home, files string
	random      *rand.Rand
	next        int // step to begin with
	kept        string
	extra       map[string]int // rows that a step told twice left beyond those of the reference
	audit       int            // rows of the audit beyond the reference
	unconfirmed int            // writes found that were not confirmed
}

// run tells the story to its end, killed up to most times.
func (d *drill) run(most int) (killed int) {
	d.extra = map[string]int{}
	for d.next < len(d.s.steps) {
		died := d.child(killed < most)
		if died {
			killed++
		}
		d.look()
	}
	d.whole()
	return killed
}

// child lets a process tell some steps and kills it in the middle of one.
func (d *drill) child(kill bool) (died bool) {
	d.t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ARASHA_STORY_HOME="+d.home, "ARASHA_STORY_FILES="+d.files, "ARASHA_STORY_FROM="+strconv.Itoa(d.next), "ARASHA_STORY_KEPT="+d.kept)
	out, err := cmd.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	var talk strings.Builder
	cmd.Stderr = &talk
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	// After so many steps, and then so long into the next one: the longest
	// takes a tenth of a second, most a hundredth.
	after, wait := d.random.IntN(25), time.Duration(d.random.ExpFloat64()*float64(8*time.Millisecond))
	lines := bufio.NewScanner(out)
	for n := 0; ; n++ {
		if kill && n == after {
			time.Sleep(wait)
			cmd.Process.Kill()
		}
		if !lines.Scan() {
			break
		}
		var i int
		if _, err := fmt.Sscanf(lines.Text(), "done %d", &i); err != nil || i != d.next {
			d.t.Fatalf("step %d says %q", d.next, lines.Text())
		}
		d.kept = strings.SplitN(lines.Text(), " ", 3)[2]
		d.next++
	}
	err = cmd.Wait()
	if err != nil && !strings.Contains(err.Error(), "killed") {
		d.t.Fatalf("step %d, %s: %v\n%s", d.next, d.s.steps[min(d.next, len(d.s.steps)-1)].Line, err, talk.String())
	}
	return err != nil
}

// look compares the home with the ledger.
func (d *drill) look() {
	d.t.Helper()
	got, err := stateOf(d.home)
	if err != nil {
		d.t.Fatalf("after step %d: %v", d.next, err)
	}
	before := d.want[d.next]
	after := before
	if d.next < len(d.s.steps) {
		after = d.want[d.next+1]
	}
	for ref := range before.Items {
		// What is sealed or signed has other bytes each time: those are counted.
		if !got.Items[ref] && d.stable(ref) {
			d.t.Fatalf("after step %d: item %s was confirmed and is not there", d.next, ref.Short())
		}
	}
	if n := got.Audit - d.audit; n < before.Audit || n > after.Audit {
		d.t.Fatalf("after step %d: %d writes, want %d to %d", d.next, n, before.Audit, after.Audit)
	}
	// One transaction is there with all its rows, or with none.
	rows := map[string]int{}
	for name, n := range got.Rows {
		rows[name] = n - d.extra[name]
	}
	done := got.Audit-d.audit == after.Audit && after.Audit > before.Audit
	if after.Audit-before.Audit <= 1 {
		from := before.Rows
		if done {
			from = after.Rows
		}
		want := map[string]int{} // a table that is just being made has no rows
		for name := range rows {
			want[name] = from[name]
		}
		if diff := cmp.Diff(want, rows); diff != "" {
			d.t.Fatalf("after step %d, %s: half a write (-want +got):\n%s", d.next, d.s.steps[min(d.next, len(d.s.steps)-1)].Line, diff)
		}
	}
	if d.next == len(d.s.steps) {
		return
	}
	step := d.s.steps[d.next]
	kept := step.args[0] == "evidence" && len(got.Items) > 0 && d.has(got, step)
	switch {
	case step.keep != nil:
		// Its output is needed: it is told again, and leaves its rows twice.
		if done {
			for name := range after.Rows {
				d.extra[name] += after.Rows[name] - before.Rows[name]
			}
		}
		d.audit = got.Audit - before.Audit
	case done || kept:
		d.unconfirmed++
		d.next++
	case strings.HasPrefix(step.Line, "arasha appeal approve ") && got.Audit-d.audit > before.Audit:
		// The list of who may approve was made: it is found, not made again.
	default:
		// Of several transactions the first were made; they are made again.
		d.audit = got.Audit - before.Audit
		for name, n := range rows {
			d.extra[name] += n - before.Rows[name]
		}
	}
	if step.args[0] == "init" {
		if _, err := os.Stat(filepath.Join(d.home, "home.json")); err == nil {
			d.next++
		}
	}
}

// stable reports whether an item is a file of the story.
func (d *drill) stable(ref evidence.Ref) bool {
	for _, text := range d.s.files {
		if evidence.Of([]byte(text)) == ref {
			return true
		}
	}
	return false
}

// has reports whether the file of "evidence add" is kept.
func (d *drill) has(got state, step storyStep) bool {
	name := strings.TrimPrefix(step.args[2], "$FILES/")
	return got.Items[evidence.Of([]byte(d.s.files[name]))]
}

// whole looks at the end of a story that was killed again and again.
func (d *drill) whole() {
	d.t.Helper()
	h, err := vault.OpenHome(d.home, vault.HomeOptions{})
	if err != nil {
		d.t.Fatal(err)
	}
	h.Check(func(err error) bool {
		d.t.Errorf("the evidence: %v", err)
		return true
	})
	var out strings.Builder
	w := &world{in: strings.NewReader(""), out: &out, err: &out}
	if code := run(context.Background(), []string{"case", "show", "XSR 001 / 0531 / OBS 001.1", "--home", d.home}, w); code != exitDone || !strings.Contains(out.String(), "closed") {
		d.t.Errorf("the story does not end: %d\n%s", code, out.String())
	}
}

// TestStoryIsRead: what is wrong with a story is said with its line.
func TestStoryIsRead(t *testing.T) {
	for text, want := range map[string]string{
		"rubbish":                          "line 1: what is \"rubbish\"?",
		"\narasha case add --title 'x":     "line 2: a quotation mark is not closed",
		"@ yesterday":                      "line 1: parsing time",
		"= X (":                            "line 1: not a name and a pattern",
		"arasha version\n= X nothing here": "line 2: not a name and a pattern",
	} {
		if _, err := parseStory(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parseStory(%q) = %v, want %q", text, err, want)
		}
	}
}
