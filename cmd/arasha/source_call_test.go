package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/internal/sealing"
)

// TestNoteOfACall: what a reader is told of a note as it was signed, of one
// that was altered after, and of one of before notes were signed.
func TestNoteOfACall(t *testing.T) {
	d := told(t, "arasha evidence add")
	var dana casefile.User
	if err := json.Unmarshal([]byte(d.must(exitDone, "user", "show", "1", "--json")), &dana); err != nil {
		t.Fatal(err)
	}
	to, err := sealing.Recipients(dana.Recipient)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(d.files + "/dana.txt")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(keyFile(d.home, dana))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := casefile.OpenUserKeys(file, strings.TrimSpace(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	n, err := keys.SignCallNote(casefile.CallNote{Source: 3, Who: "source C", When: d.now, Channel: "telephone", Text: "It began on the 28th."}, dana, d.now)
	if err != nil {
		t.Fatal(err)
	}
	type form casefile.CallNote // as it is sealed
	signed, err := json.Marshal(form(n))
	if err != nil {
		t.Fatal(err)
	}
	unsigned := n
	unsigned.Signature, unsigned.Writer = "", 0
	old, _ := json.Marshal(form(unsigned))
	for _, c := range []struct {
		name, note, says string
		code             int
	}{
		{"signed", string(signed), "verified: Dana signed this", exitDone},
		{"altered", strings.Replace(string(signed), "28th", "29th", 1), "NOT VERIFIED: this is not, to the letter, what Dana signed", exitNo},
		{"in the name of another", strings.Replace(string(signed), `"writer":1`, `"writer":2`, 1), "NOT VERIFIED: this is not, to the letter, what Timur signed", exitNo},
		{"of nobody here", strings.Replace(string(signed), `"writer":1`, `"writer":9`, 1), "what user 9 signed", exitNo},
		{"unsigned", string(old), "unsigned: written before notes were signed", exitDone},
	} {
		sealed, err := sealing.Seal([]byte(c.note), to...)
		if err != nil {
			t.Fatal(err)
		}
		path := d.files + "/note.age"
		if err := os.WriteFile(path, sealed, 0o600); err != nil {
			t.Fatal(err)
		}
		item, _, _ := strings.Cut(strings.TrimPrefix(d.must(exitDone, "evidence", "add", path), "kept "), " ")
		out := d.must(c.code, "source", "note", item, d.key("dana"))
		if !strings.Contains(out, c.says) || !strings.Contains(out, "It began on the 2") {
			t.Errorf("%s: want %q in\n%s", c.name, c.says, out)
		}
	}
}
