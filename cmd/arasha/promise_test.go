package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/alecthomas/kong"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/internal/names"
)

// A deskTest is a home in which the story was told.
type deskTest struct {
	t     *testing.T
	home  string
	files string
	now   time.Time
	as    string
	all   []string   // everything that was printed
	ran   [][]string // every command that was run
}

// told tells the story up to the step whose line begins with stop, "" for the
// whole.
func told(t *testing.T, stop string) *deskTest {
	t.Helper()
	d := &deskTest{t: t, home: filepath.Join(t.TempDir(), "home"), files: t.TempDir(), as: "Dana"}
	reached := fmt.Errorf("reached")
	err := tellStory(context.Background(), d.home, d.files, func(s storyStep, out string) error {
		d.now = s.At
		d.all = append(d.all, out)
		d.ran = append(d.ran, s.args)
		if stop != "" && strings.HasPrefix(s.Line, stop) {
			return reached
		}
		return nil
	})
	if err != nil && err != reached {
		t.Fatal(err)
	}
	return d
}

// do runs a command as the user of d.
func (d *deskTest) do(args ...string) (out string, code int) {
	d.t.Helper()
	return d.doWith("", args...)
}

func (d *deskTest) doWith(stdin string, args ...string) (out string, code int) {
	d.ran = append(d.ran, args)
	if takesHome(args) {
		args = append(args, "--home", d.home)
		if !slices.Contains([]string{"evidence", "init", "verify", "doctor", "backup"}, args[0]) && !slices.Contains(args, "--as") {
			args = append(args, "--as", d.as)
		}
	}
	var b bytes.Buffer
	code = run(context.Background(), args, &world{in: strings.NewReader(stdin), out: &b, err: &b, now: func() time.Time { return d.now }})
	d.all = append(d.all, b.String())
	return b.String(), code
}

// must runs a command that has to end with a code.
func (d *deskTest) must(code int, args ...string) string {
	d.t.Helper()
	out, got := d.do(args...)
	if got != code {
		d.t.Fatalf("arasha %s ends with %d, want %d:\n%s", strings.Join(args, " "), got, code, out)
	}
	return out
}

// marks are what is sealed in the story, and nowhere else.
var marks = []string{"Marzhan Kulan", "Маржан Құлан", "marzhan.k", "Rustem Almas", "Рустем Алмас", "Gulmira Tash", "Гульмира Таш",
	"telephone seized on 2 May", "works beside those concerned", "everybody repeats that they defend foreigners"}

// leaks returns where a mark stands in bytes, whatever holds them: the names
// in any script and disguise, the other marks as they are; in the parts of a
// zip and in the text of a PDF.
func leaks(name string, b []byte) []string {
	var out []string
	for _, m := range marks {
		if bytes.Contains(b, []byte(m)) {
			out = append(out, name+" holds "+m)
		}
	}
	// Raw binary is no text: what is encrypted must not be read as words.
	if bytes.IndexByte(b, 0) < 0 {
		for _, s := range whoAreThey().Find(string(b)) {
			if s.Whole {
				out = append(out, fmt.Sprintf("%s names a source: %q", name, b[s.From:s.To]))
			}
		}
	}
	if z, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err == nil {
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				continue
			}
			part, _ := io.ReadAll(r)
			out = append(out, leaks(name+"/"+f.Name, []byte(f.Name))...)
			out = append(out, leaks(name+"/"+f.Name, part)...)
		}
	}
	if bytes.HasPrefix(b, []byte("%PDF")) {
		if a, err := appeal.Import("x.pdf", b, appeal.Options{}); err == nil {
			text, _ := json.Marshal(a)
			out = append(out, leaks(name+" (text)", text)...)
		}
	}
	return out
}

func whoAreThey() *names.Matcher {
	return names.Compile([]string{"Marzhan Kulan", "Rustem Almas", "Gulmira Tash"})
}

// filesBelow returns every file of a folder.
func filesBelow(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		out[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestASealedSourceNeverLeaves is the second promise: a source is planted,
// every command is run, every format rendered and everything exported; then
// every word that was printed and every file that was written is read. What is
// sealed stands in none of them.
func TestASealedSourceNeverLeaves(t *testing.T) {
	d := told(t, "")
	// A reader can open it, so it is there.
	if out, code := d.do("source", "open", "1", "--key-passphrase-file", d.files+"/dana.txt"); code != exitDone || !strings.Contains(out, "Marzhan Kulan") {
		t.Fatalf("the source cannot be opened: %d\n%s", code, out)
	}
	d.all = d.all[:len(d.all)-1]
	d.everyCommand()
	found := []string{}
	for i, s := range d.all {
		found = append(found, leaks(fmt.Sprintf("what command %d printed", i), []byte(s))...)
	}
	for name, b := range filesBelow(t, d.home) {
		found = append(found, leaks(name, b)...)
	}
	for name, b := range filesBelow(t, d.files) {
		found = append(found, leaks(name, b)...)
	}
	if len(found) > 0 {
		t.Errorf("a sealed source left:\n%s", strings.Join(found, "\n"))
	}
}

// TestLeaksAreSeen breaks the second promise in each way that the test above
// must notice.
func TestLeaksAreSeen(t *testing.T) {
	d := told(t, "arasha appeal read 2 3 4")
	for what, broken := range map[string]func() []byte{
		"a note of the case": func() []byte {
			d.must(exitDone, "case", "change", "1", "--note", "told by Маржаном Құлан")
			return []byte(d.must(exitDone, "case", "show", "1"))
		},
		"a table": func() []byte {
			d.must(exitDone, "event", "add", "--case", "1", "--text", "marzhan.k wrote")
			return []byte(d.must(exitDone, "table", "events"))
		},
		"the database": func() []byte {
			d.must(exitDone, "event", "add", "--case", "1", "--text", "Rustem Almas called")
			var all []byte
			for _, b := range filesBelow(t, d.home) {
				all = append(all, b...)
			}
			return all
		},
		"a dump": func() []byte {
			d.must(exitDone, "event", "add", "--case", "1", "--text", "Gulmira Tash knows")
			d.must(exitDone, "dump", "1", "--files", "--out", d.files+"/leak.zip")
			b, _ := os.ReadFile(d.files + "/leak.zip")
			return b
		},
		"a page": func() []byte { return d.rendered("pdf") },
		"a letter": func() []byte {
			return d.rendered("docx")
		},
	} {
		if got := leaks(what, broken()); len(got) == 0 {
			t.Errorf("the name of a source in %s is not seen", what)
		}
	}
}

// rendered is a document that names a source, in one format.
func (d *deskTest) rendered(format string) []byte {
	d.t.Helper()
	file := filepath.Join(d.files, "leak-"+format+".json")
	d.must(exitDone, "appeal", "export", "1", "--out", file)
	b, err := os.ReadFile(file)
	if err != nil {
		d.t.Fatal(err)
	}
	b = bytes.Replace(b, []byte("has been informed by reliable sources"), []byte("has been informed by Marzhan Kulan"), 1)
	if err := os.WriteFile(file, b, 0o600); err != nil {
		d.t.Fatal(err)
	}
	d.must(exitDone, "appeal", "render", file, "--to", format, "--out", strings.TrimSuffix(file, ".json")+"."+format)
	out, err := os.ReadFile(strings.TrimSuffix(file, ".json") + "." + format)
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

// notHere are the commands that touch no case: they have their own transcripts.
var notHere = []string{"demo", "collect", "sheet", "appeal import", "appeal merge", "appeal new", "appeal translate", "evidence cosign", "evidence timestamp", "evidence ots",
	"evidence checkpoint", "evidence key", "evidence delete", "detect", "version", "help", "verify", "find"}

// everyCommand runs every command that there is on the home of the story; one
// that is new and not run here fails the test.
func (d *deskTest) everyCommand() {
	pass := "--key-passphrase-file=" + d.files + "/dana.txt"
	for _, noun := range []string{"person", "act", "event", "account", "authority", "source", "consent", "decision", "outcome", "fact"} {
		d.must(exitDone, noun, "show", "1")
		d.must(exitDone, noun, "show", "1", "--json")
	}
	for _, noun := range []string{"case", "person", "person role", "act", "event", "event inaction", "event step", "event bill", "account", "account attribute", "authority", "authority holder",
		"authority channel", "source", "consent", "decision", "hold", "finding", "outcome", "user", "setting", "code"} {
		for _, how := range [][]string{nil, {"--json"}} {
			d.must(exitDone, append(append(strings.Fields(noun), "list"), how...)...)
		}
	}
	d.must(exitDone, "user", "show", "1", "--json")
	d.must(exitDone, "user", "change", "2", "--role", "review,approve")
	d.must(exitDone, "finding", "show", "1")
	d.must(exitDone, "finding", "reject", d.files+"/report.json", "--case", "1", "--why", "read again")
	d.must(exitDone, "finding", "keep", d.files+"/report.json", "--case", "1", "--why", "and once more: it stands")
	d.must(exitDone, "event", "bill", "show", "1")
	d.must(exitDone, "account", "attribute", "show", "1")
	d.do("account", "due")
	d.do("account", "due", "--json")
	for _, v := range [][]string{{"case"}, {"person"}, {"act"}, {"event"}, {"outcome"}, {"account"}, {"authority"}, {"source"}, {"fact"}, {"event", "inaction"}, {"event", "step"}, {"event", "bill"}, {"account", "attribute"}, {"authority", "holder"}, {"authority", "channel"}} {
		d.do(append(v, "change", "1", "--json")...)
	}
	for _, words := range []string{"Marzhan", "Маржан", "Құлан", "Kulan", "Rustem", "Gulmira", "marzhan.k", "seized"} {
		d.do("search", words)
		d.do("search", words, "--json")
	}
	for _, t := range strings.Split(strings.TrimSpace(d.must(exitDone, "table")), "\n") {
		name, _, _ := strings.Cut(t, ":")
		d.must(exitDone, "table", name)
	}
	for _, i := range []int{0, 3, 4} { // in English and Russian, and an update
		file := fmt.Sprintf("%s/doc-%d.json", d.files, i+1)
		d.must(exitDone, "appeal", "export", fmt.Sprint(i+1), "--out", file)
		for _, format := range []string{"html", "pdf", "docx", "odt", "txt", "md", "eml", "svg", "json"} {
			d.must(exitDone, "appeal", "render", file, "--to", format, "--out", fmt.Sprintf("%s/out-%d.%s", d.files, i+1, format))
		}
		d.do("appeal", "check", file, "--json")
	}
	d.must(exitDone, "appeal", "list", "1")
	d.must(exitDone, "appeal", "list", "1", "--json")
	d.must(exitDone, "fact", "list", "1", "--json")
	d.must(exitDone, "fact", "check", "1", "--json")
	d.must(exitDone, "case", "show", "1", "--json")
	d.must(exitDone, "calendar", "1")
	d.must(exitDone, "calendar", "1", "--ical")
	d.must(exitDone, "dump", "1", "--files", "--out", d.files+"/case.zip")
	d.must(exitDone, "dump", "--out", d.files+"/desk.json")
	d.do("load", d.files+"/case.zip")
	home := d.home
	d.home = d.files + "/other" // a copy elsewhere holds no more than the first
	d.must(exitDone, "init", "--name", "other.example/evidence")
	d.must(exitDone, "load", d.files+"/case.zip")
	d.home = home
	d.must(exitDone, "code", "add", "XSR 001 / 0131 / OBS 001", "--case", "1", "--why", "misprint")
	d.must(exitDone, "code", "find", "XSR 001 / 0131 / OBS 001")
	d.must(exitDone, "code", "register", "--json")
	d.do("code", "gaps", "2031")
	d.must(exitDone, "person", "role", "add", "--case", "1", "--person", "3", "--role", "witness")
	d.doWith("year,country,seq,serial,mmyy\n2030,XSR,1,1,0130\n", "code", "import", "-")
	d.do("code", "void", "2", "--why", "never used")
	d.must(exitDone, "case", "add", "--title", "Another", "--country", "XSR")
	d.must(exitDone, "case", "link", "add", "--from-case", "1", "--to-case", "2", "--kind", "follows")
	d.must(exitDone, "case", "link", "list", "1")
	d.must(exitDone, "case", "link", "remove", "1")
	d.must(exitDone, "hold", "add", "--case", "1", "--caller", "lawyer", "--kind", "stop")
	d.must(exitNo, "appeal", "update", "1")
	d.must(exitDone, "hold", "lift", "1")
	d.must(exitDone, "consent", "withdraw", "5")
	d.do("appeal", "revise", "1", "--country", "en:Sarytau|in Sarytau|of Sarytau")
	d.do("appeal", "accept", "1", "code-date", "--reason", "meant")
	d.do("appeal", "withdraw", "8")
	// Sealing again, and everything that can go wrong with a sealed source.
	d.must(exitDone, "source", "seal", "2", "--reader", "Dana", "--reader", "Timur", pass)
	d.do("source", "open", "1", "--as", "Timur", "--key-passphrase-file", d.files+"/timur.txt")
	d.do("source", "open", "1", "--key-passphrase-file", d.files+"/timur.txt")
	d.do("source", "open", "1")
	d.do("source", "open", "99", pass)
	d.doWith(`{"name":"Marzhan Kulan","wrong":1}`, "source", "add", "--case", "1", "--label", "x", "--secret", "-")
	d.doWith(`{"name":"Marzhan Kulan"`, "source", "add", "--case", "1", "--label", "x", "--secret", "-")
	d.doWith(`{"name":["Marzhan Kulan"]}`, "source", "seal", "1", "--secret", "-", pass)
	d.doWith(`{"who":"Marzhan Kulan","text":3}`, "source", "call", "1", "--note", "-")
	if out := d.must(exitDone, "source", "note", "0", pass); !strings.Contains(out, "everybody repeats") {
		d.t.Errorf("a reader of the note reads\n%s", out)
	}
	d.all = d.all[:len(d.all)-1]
	d.do("source", "note", "0", "--as", "Timur", "--key-passphrase-file", d.files+"/timur.txt")
	d.do("source", "note", "0", "--key-passphrase-file", d.files+"/timur.txt")
	// The keys of a reader change, and what was sealed to them goes on being sealed.
	d.must(exitDone, "user", "passphrase", pass, "--new-passphrase-file", d.files+"/timur.txt")
	d.must(exitDone, "user", "passphrase", "--key-passphrase-file", d.files+"/timur.txt", "--new-passphrase-file", d.files+"/dana.txt")
	d.must(exitDone, "user", "key", "rotate", "--reason", "a test", pass)
	d.must(exitDone, "user", "key", "stolen", "Timur", "--since", "2031-05-01 06:00 +00:00", "--reason", "a test")
	d.must(exitDone, "user", "key", "make", "--as", "Timur", "--key-passphrase-file", d.files+"/timur.txt")
	d.must(exitDone, "user", "key", "lost", "Timur", "--reason", "a test", "--json")
	if out := d.must(exitDone, "source", "open", "1", pass); !strings.Contains(out, "Marzhan Kulan") {
		d.t.Errorf("after a change of the keys a reader reads\n%s", out)
	}
	d.all = d.all[:len(d.all)-1]
	d.do("source", "remove", "1")
	for _, v := range []string{"person", "person role", "act", "event", "event inaction", "event step", "event bill", "outcome", "account", "account attribute", "authority", "authority holder", "authority channel", "fact"} {
		d.do(append(strings.Fields(v), "remove", "1")...)
	}
	d.must(exitDone, "evidence", "list")
	d.must(exitDone, "evidence", "list", "--json")
	for _, n := range []string{"0", "2"} {
		d.must(exitDone, "evidence", "show", n, "--open", "--json")
		d.must(exitDone, "evidence", "show", n, "--out", d.files+"/copy-"+n)
	}
	d.must(exitDone, "evidence", "export", "0", "2", "4", "--out", d.files+"/dossier.zip", "--reason", "a test")
	d.must(exitDone, "doctor")
	d.do("doctor", "--json")
	id, err := age.GenerateX25519Identity()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(d.files+"/age.txt", []byte(id.String()+"\n"), 0o600); err != nil {
		d.t.Fatal(err)
	}
	d.must(exitDone, "backup", "--to", d.files+"/backup.age", "--recipient", id.Recipient().String())
	d.must(exitDone, "restore", d.files+"/backup.age", "--to", d.files+"/restored", "--identity", d.files+"/age.txt")
	d.missing()
}

// missing fails for a command that was never run.
func (d *deskTest) missing() {
	d.t.Helper()
	k, err := kong.New(new(commands), kong.Name("arasha"))
	if err != nil {
		d.t.Fatal(err)
	}
	for _, n := range k.Model.Leaves(false) {
		path := strings.Fields(n.FullPath())[1:]
		words := slices.DeleteFunc(path, func(s string) bool { return strings.HasPrefix(s, "<") || strings.HasPrefix(s, "[") })
		line := strings.Join(words, " ")
		ran := slices.ContainsFunc(d.ran, func(args []string) bool {
			return len(args) >= len(words) && slices.Equal(args[:len(words)], words)
		})
		if !ran && !slices.ContainsFunc(notHere, func(s string) bool { return line == s || strings.HasPrefix(line, s+" ") }) {
			d.t.Errorf("arasha %s is not run by the test of the sealed source", line)
		}
	}
}
