package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/tsatest"
	"golang.org/x/mod/sumdb/note"
)

// TestSecondVerifier lets docs/verify_dossier.py, which was written from the
// page of the format alone, judge the dossiers that our verifier judges. Both
// must say the same of good dossiers, of changed ones, and of ones that were
// changed and then sealed anew by somebody who has the key.
func TestSecondVerifier(t *testing.T) {
	python := newPython(t)
	authority, home, dossier := exportForTest(t)
	roots := filepath.Join(authority.Dir, "root.pem")
	whole, err := os.ReadFile(dossier)
	if err != nil {
		t.Fatal(err)
	}

	agree := func(name string, file []byte, want string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "d.zip")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		var talk bytes.Buffer
		args := []string{"verify", path}
		if roots != "" {
			args = append(args, "--roots", roots)
		}
		ours := run(context.Background(), args, &world{in: strings.NewReader(""), out: &talk, err: &talk})
		theirs, said := python.verify(path, roots)
		if (ours == 0) != (theirs == 0) || want == "absent" && (ours != 2 || theirs != 2) {
			t.Errorf("%s: ours says %d (%s), the second verifier %d (%s)", name, ours, talk.String(), theirs, said)
		}
		if want == "good" && ours != 0 || want == "bad" && ours == 0 {
			t.Errorf("%s: our verifier says %d, want %s: %s", name, ours, want, talk.String())
		}
	}
	agree("as exported", whole, "good")

	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		b := bytes.Clone(whole)
		at, bit := r.IntN(len(b)), r.IntN(8)
		b[at] ^= 1 << bit
		agree(fmt.Sprintf("bit %d of byte %d", bit, at), b, "bad")
	}
	agree("cut short", whole[:len(whole)-1], "bad")
	agree("one byte more", append(bytes.Clone(whole), 0), "bad")

	// Somebody who has the key changes a member and seals the dossier again:
	// the manifest, its signature and the zip are right, and the checks below
	// them must find the change.
	members := unzipStored(t, whole)
	sealed := func(m map[string][]byte) []byte { return zipStored(seal(t, home, m)) }
	agree("sealed again unchanged", sealed(members), "good")
	names := slices.Sorted(maps.Keys(members))
	for _, n := range names {
		if n == "dossier.txt" || n == "MANIFEST.sha256" || n == "key.txt" {
			continue // made anew by the sealing
		}
		times := 6
		if strings.HasSuffix(n, ".jsonl") {
			times = 40 // where most of the checks are
		}
		for range times {
			m := maps.Clone(members)
			b := bytes.Clone(m[n])
			if len(b) == 0 {
				b = []byte("x")
			} else {
				b[r.IntN(len(b))] ^= 1 << r.IntN(8)
			}
			m[n] = b
			want := "bad"
			switch {
			case strings.HasSuffix(n, ".html"), strings.HasSuffix(n, ".json"), n == "README.txt":
				want = "" // only described: the sealing is its check
			case strings.HasSuffix(n, ".pem"), strings.HasSuffix(n, ".age"), strings.HasSuffix(n, ".ots"):
				want = "" // opaque here, or in the part that is
			}
			agree("sealed again with a changed "+n, sealed(m), want)
		}
		m := maps.Clone(members)
		delete(m, n)
		agree("sealed again without "+n, sealed(m), "")
	}
	m := maps.Clone(members)
	m["README.txt"] = append(bytes.Clone(m["README.txt"]), '\n')
	agree("zipped again without sealing", zipStored(m), "bad")
	m = maps.Clone(members)
	m["items/../../etc/passwd"] = []byte("x")
	agree("with a name that climbs out", sealed(m), "bad")
	m = maps.Clone(members)
	m["items/"+evidence.Of([]byte("x")).String()] = []byte("x")
	agree("with an item nobody logged", sealed(m), "bad")
	// Who dated it: the reader's root, the enclosed one, another's, nobody's.
	other := tsatest.New(t, tsatest.Trim{ECDSA: true})
	authority.List(77, time.Now().Add(-time.Hour), 1)
	roots = ""
	agree("with the enclosed root", whole, "good")
	for from, want := range map[string]string{filepath.Join(other.Dir, "root.pem"): "bad", filepath.Join(authority.Dir, "root-and-list.pem"): "bad"} {
		m = maps.Clone(members)
		if m["timestamps/roots.pem"], err = os.ReadFile(from); err != nil {
			t.Fatal(err)
		}
		agree("with the enclosed roots of "+filepath.Base(from), sealed(m), want)
		roots = from
		agree("with the reader's "+filepath.Base(from), whole, want)
		roots = ""
	}
	m = maps.Clone(members)
	delete(m, "timestamps/roots.pem")
	agree("with no root at all", sealed(m), "absent")

	for _, swap := range []string{"a", "b"} {
		m := maps.Clone(members)
		lines := bytes.SplitAfter(m["leaves.jsonl"], []byte("\n"))
		lines = lines[:len(lines)-1]
		if swap == "a" {
			lines[0], lines[1] = lines[1], lines[0]
		} else {
			lines = append(lines, lines[len(lines)-1])
		}
		m["leaves.jsonl"] = bytes.Join(lines, nil)
		agree("entries out of order", sealed(m), "bad")
	}
}

// exportForTest makes a home with some items, a dated checkpoint and a later
// one, and exports a dossier.
func exportForTest(t *testing.T) (a *tsatest.Authority, home, dossier string) {
	t.Helper()
	a = tsatest.New(t, tsatest.Trim{ECDSA: true})
	dir := t.TempDir()
	home, dossier = filepath.Join(dir, "home"), filepath.Join(dir, "dossier.zip")
	roots := filepath.Join(a.Dir, "root.pem")
	do := func(args ...string) {
		t.Helper()
		var talk bytes.Buffer
		if code := run(context.Background(), args, &world{in: strings.NewReader(""), out: &talk, err: &talk}); code != 0 {
			t.Fatalf("arasha %s ends with %d: %s", strings.Join(args, " "), code, talk.String())
		}
	}
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	do("init", "--home", home, "--name", "observatory.example/evidence")
	do("evidence", "add", file("page.html", "<html>They are traitors</html>"), file("note.txt", "A call at noon."), "--home", home, "--collector", "A. Invented", "--url", "https://example.org/post/1")
	do("evidence", "timestamp", "--home", home, "--authority", a.HTTP.URL, "--roots", roots)
	do("evidence", "add", file("second.html", "<html>Again</html>"), "--home", home)
	do("evidence", "export", "0", "2", "--home", home, "-o", dossier, "--roots", roots, "--show", "collector")
	return a, home, dossier
}

// A python is one running interpreter of the second verifier, so that 300
// judgements do not start 300 interpreters.
type python struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Reader
}

func newPython(t *testing.T) *python {
	t.Helper()
	tsatest.OpenSSL(t)
	path, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("python3 is needed in CI")
		}
		t.Skip("python3 is not installed")
	}
	const driver = `
import argparse, contextlib, importlib.util, io, sys
sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("second", sys.argv[1])
second = importlib.util.module_from_spec(spec)
spec.loader.exec_module(second)
for line in sys.stdin:
    said = io.StringIO()
    path, roots = line.rstrip("\n").split("\t")
    with contextlib.redirect_stdout(said):
        code = second.verify(path, argparse.Namespace(key=None, roots=roots or None, cosigner=[]))
    print(code, said.getvalue().replace("\n", " "), flush=True)
`
	script := filepath.Join("..", "..", "docs", "verify_dossier.py")
	if _, err := os.Stat(script); err != nil { // so that go test knows what its result depends on
		t.Fatal(err)
	}
	p := &python{t: t}
	c := exec.Command(path, "-c", driver, script)
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); c.Wait() })
	p.in, p.out = in, bufio.NewReader(out)
	return p
}

func (p *python) verify(path, roots string) (code int, said string) {
	p.t.Helper()
	fmt.Fprintf(p.in, "%s\t%s\n", path, roots)
	line, err := p.out.ReadString('\n')
	if err != nil {
		p.t.Fatalf("the second verifier broke down: %v", err)
	}
	number, said, _ := strings.Cut(line, " ")
	if code, err = strconv.Atoi(number); err != nil {
		p.t.Fatalf("the second verifier says %q", line)
	}
	return code, said
}

// seal makes MANIFEST.sha256 and dossier.txt anew with the home's own key.
func seal(t *testing.T, home string, members map[string][]byte) map[string][]byte {
	t.Helper()
	m := maps.Clone(members)
	old := strings.Split(string(m["dossier.txt"]), "\n")
	delete(m, "dossier.txt")
	delete(m, "MANIFEST.sha256")
	var list strings.Builder
	for _, n := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintf(&list, "%s  %s\n", evidence.Of(m[n]), n)
	}
	m["MANIFEST.sha256"] = []byte(list.String())
	text := strings.Join(append(slices.Clone(old[:5]), fmt.Sprintf("members %d", len(m)-1), "manifest "+evidence.Of(m["MANIFEST.sha256"]).String()), "\n") + "\n"
	key, err := os.ReadFile(filepath.Join(home, "keys", "log.key"))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(strings.TrimSpace(string(key)))
	if err != nil {
		t.Fatal(err)
	}
	if m["dossier.txt"], err = note.Sign(&note.Note{Text: text}, signer); err != nil {
		t.Fatal(err)
	}
	return m
}

// unzipStored and zipStored read and write a zip as docs/formats/dossier.md has
// it in section 1, without the code under test.
func unzipStored(t *testing.T, b []byte) map[string][]byte {
	t.Helper()
	m := map[string][]byte{}
	for bytes.HasPrefix(b, []byte("PK\x03\x04")) {
		size, name := int(binary.LittleEndian.Uint32(b[18:])), int(binary.LittleEndian.Uint16(b[26:]))
		m[string(b[30:30+name])] = b[30+name : 30+name+size]
		b = b[30+name+size:]
	}
	return m
}

func zipStored(m map[string][]byte) []byte {
	names := slices.Sorted(maps.Keys(m))
	names = slices.DeleteFunc(names, func(n string) bool { return n == "dossier.txt" || n == "MANIFEST.sha256" })
	names = append([]string{"dossier.txt", "MANIFEST.sha256"}, names...)
	le := binary.LittleEndian
	var b, directory []byte
	for _, n := range names {
		h := []byte{0, 0, 0, 0, 0, 0, 0x21, 0}
		h = le.AppendUint32(h, crc32.ChecksumIEEE(m[n]))
		h = le.AppendUint32(le.AppendUint32(h, uint32(len(m[n]))), uint32(len(m[n])))
		h = le.AppendUint16(le.AppendUint16(h, uint16(len(n))), 0)
		directory = append(append(directory, "PK\x01\x02\x14\x00\x14\x00"...), h...)
		directory = append(le.AppendUint32(append(directory, make([]byte, 10)...), uint32(len(b))), n...)
		b = append(append(append(append(b, "PK\x03\x04\x14\x00"...), h...), n...), m[n]...)
	}
	end := append([]byte("PK\x05\x06"), 0, 0, 0, 0)
	end = le.AppendUint16(le.AppendUint16(end, uint16(len(names))), uint16(len(names)))
	end = le.AppendUint32(le.AppendUint32(end, uint32(len(directory))), uint32(len(b)))
	return slices.Concat(b, directory, end, []byte{0, 0})
}
