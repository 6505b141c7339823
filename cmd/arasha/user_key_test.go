package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/internal/faulttest"
)

// keysChild changes the passphrase of a user, then their keys, and so on, and
// says what is done: the process that TestKillTheKeys kills.
func keysChild() int {
	home, at := os.Getenv("ARASHA_KEYS_HOME"), os.Getenv("ARASHA_KEYS_AT")
	now, _ := strconv.Atoi(at)
	pass := func(n int) string { return filepath.Join(filepath.Dir(home), fmt.Sprintf("pass%d.txt", n%2)) }
	fmt.Println("begins")
	for {
		for _, args := range [][]string{
			{"user", "passphrase", "--key-passphrase-file", pass(now), "--new-passphrase-file", pass(now + 1)},
			{"user", "key", "rotate", "--reason", "a test", "--key-passphrase-file", pass(now + 1)},
		} {
			if code := run(context.Background(), append(args, "--home", home, "--as", "Inna"), &world{in: strings.NewReader(""), out: io.Discard, err: os.Stderr}); code != exitDone {
				return 1
			}
			fmt.Println(args[1])
		}
		now++
	}
}

// TestKillTheKeys kills a process that changes a passphrase and keys, at random
// moments. Whenever that is, one of the two passphrases opens the keys that the
// table of users names, and they read what was sealed before the first change.
func TestKillTheKeys(t *testing.T) {
	dir := t.TempDir()
	home := filepath.Join(dir, "home")
	for name, text := range map[string]string{"pass0.txt": "four invented words here", "pass1.txt": "four words that are new", "source.json": `{"name": "Marzhan Invented"}`,
		"call.json": `{"who": "the source", "when": "2031-05-03T18:00:00Z", "channel": "Signal", "text": "They knocked at five."}`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do := func(args ...string) string {
		t.Helper()
		var out strings.Builder
		args = append(args, "--home", home)
		if args[0] != "init" && args[0] != "doctor" {
			args = append(args, "--as", "Inna")
		}
		if code := run(context.Background(), args, &world{in: strings.NewReader(""), out: &out, err: &out}); code != exitDone {
			t.Fatalf("arasha %s ends with %d:\n%s", strings.Join(args, " "), code, out.String())
		}
		return out.String()
	}
	key := "--key-passphrase-file=" + dir + "/pass"
	do("init", "--name", "observatory.example/evidence")
	do("user", "add", "--name", "Inna", "--organisation", "Observatory")
	do("user", "key", key+"0.txt")
	do("case", "add", "--title", "x", "--country", "XSR")
	do("source", "add", "--case", "1", "--label", "source A", "--secret", dir+"/source.json")
	do("source", "call", "1", "--note", dir+"/call.json", key+"0.txt")

	random := rand.New(rand.NewPCG(1, 2))
	kills, now, changes := faulttest.Kills(12), 0, 0
	for range kills {
		passphrases, rotated := 0, 0
		talk, code := faulttest.Run(t, time.Millisecond+time.Duration(random.Float64()*float64(150*time.Millisecond)), func(line string) {
			switch line {
			case "passphrase":
				passphrases++
			case "key":
				rotated++
			}
		}, "ARASHA_KEYS_HOME="+home, "ARASHA_KEYS_AT="+strconv.Itoa(now))
		if code != -1 {
			t.Fatalf("it was not killed: %d\n%s", code, talk)
		}
		var u casefile.User
		if err := json.Unmarshal([]byte(do("user", "show", "1", "--json")), &u); err != nil {
			t.Fatal(err)
		}
		if n := len(u.Former) - changes; n < rotated || n > rotated+1 {
			t.Fatalf("%d changes of the keys were confirmed, %d are there", rotated, n)
		}
		file, err := os.ReadFile(keyFile(home, u))
		if err != nil {
			t.Fatal(err)
		}
		opened := -1
		for i, p := range []string{"four invented words here", "four words that are new"} {
			if k, err := casefile.OpenUserKeys(file, p); err == nil && k.Of(u) {
				opened = i
			}
		}
		// The passphrase is the one that was confirmed last, or the next one
		// where the change was on its way.
		was := (now + passphrases) % 2
		if opened < 0 || opened != was && rotated != passphrases {
			t.Fatalf("after %d changes of the passphrase and %d of the keys the file opens with %d", passphrases, rotated, opened)
		}
		now, changes = opened, len(u.Former)
		with := fmt.Sprintf("%s%d.txt", key, now)
		if out := do("source", "open", "1", with); !strings.Contains(out, "Marzhan Invented") {
			t.Errorf("the source is not read:\n%s", out)
		}
		if out := do("source", "note", "0", with); !strings.Contains(out, "verified: Inna signed this") || !strings.Contains(out, "They knocked at five.") {
			t.Errorf("the note is not read:\n%s", out)
		}
	}
	if do("doctor"); changes == 0 {
		t.Error("no change of the keys got through")
	}
	t.Logf("killed %d times, %d changes of the keys", kills, changes)
}

// TestApprovalsAndTheKey: an approval outlives the key it was signed with, and
// falls where a thief could have given it.
func TestApprovalsAndTheKey(t *testing.T) {
	d := told(t, "arasha appeal read 2 3 4")
	d.must(exitDone, "appeal", "confirm", "1", "--impossible", "her telephone is off")
	d.must(exitDone, "appeal", "approve", "1", d.key("dana"))
	d.must(exitDone, "appeal", "approve", "1", "--as", "Timur", d.key("timur"))
	d.now = d.now.Add(time.Hour)
	d.must(exitDone, "user", "key", "rotate", "--reason", "every two years", "--as", "Timur", d.key("timur"))
	if s := d.state("1"); s != "approved" {
		t.Errorf("after a change of the key document 1 is %s", s)
	}
	since := d.now.Add(-time.Minute).UTC().Format("2006-01-02 15:04") + " +00:00"
	out := d.must(exitDone, "user", "key", "stolen", "Timur", "--since", since, "--reason", "a bag was taken")
	d.says(out, "the keys are stolen", "in review again  document 1")
	d.says(d.must(exitDone, "appeal", "list", "1"), "counts no more: the key of Timur that signed it was declared stolen")
	d.says(d.must(exitNo, "appeal", "publish", "1", d.key("dana")), "1 of ")
	if s := d.state("1"); s != "review" {
		t.Errorf("after the theft document 1 is %s", s)
	}
	d.must(exitUsage, "appeal", "approve", "1", "--as", "Timur", d.key("timur"))
	d.now = d.now.Add(time.Hour)
	d.must(exitDone, "user", "key", "--as", "Timur", d.key("timur"))
	d.must(exitDone, "appeal", "approve", "1", "--as", "Timur", d.key("timur"))
	d.must(exitDone, "appeal", "publish", "1", d.key("dana"))
}
