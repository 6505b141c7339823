package ots_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/evidence/timestamp/ots"
	"github.com/arasha-org/arasha/internal/tsatest"
)

var digest = sha256.Sum256([]byte("a checkpoint"))

// attestation writes one as the file has it, after its 00.
func attestation(tag string, payload []byte) []byte {
	b, _ := hex.DecodeString(tag)
	return append(append(b, byte(len(payload))), payload...)
}

func stamp(t *testing.T, calendars ...string) *ots.Proof {
	t.Helper()
	p, err := ots.Stamp(context.Background(), http.DefaultClient, digest, calendars, rand.Reader)
	if err != nil {
		t.Fatalf("Stamp = %v", err)
	}
	return p
}

// TestFromPromiseToBlock is the whole life of a proof.
func TestFromPromiseToBlock(t *testing.T) {
	ctx := context.Background()
	c, d := tsatest.NewCalendar(t), tsatest.NewCalendar(t)
	p := stamp(t, c.URL, d.URL)
	all := p.Attestations()
	if len(all) != 2 || all[0].Kind != ots.Pending || all[0].URI != c.URL || all[1].URI != d.URL {
		t.Fatalf("attestations = %+v, want two promises", all)
	}
	if _, err := p.Check(digest, nil); !errors.Is(err, ots.ErrPending) {
		t.Errorf("Check of promises = %v, want %v", err, ots.ErrPending)
	}
	if _, err := p.Upgrade(ctx, http.DefaultClient, []string{c.URL + "/", d.URL}); !errors.Is(err, ots.ErrNotYet) {
		t.Errorf("Upgrade before a block = %v, want %v", err, ots.ErrNotYet)
	}
	c.Height = 7
	asked := d.Asked
	if kept, err := p.Upgrade(ctx, http.DefaultClient, []string{c.URL}); kept != 1 || err == nil || !strings.Contains(err.Error(), "not named") {
		t.Errorf("Upgrade with one calendar named = %d, %v", kept, err)
	}
	if d.Asked != asked {
		t.Error("Upgrade asked a calendar that stands only in the proof")
	}
	if kept, err := p.Upgrade(ctx, http.DefaultClient, []string{c.URL}); kept != 0 {
		t.Errorf("Upgrade again = %d, %v: nothing is left to keep", kept, err)
	}
	p = reread(t, p)
	if _, err := p.Check(digest, nil); !errors.Is(err, ots.ErrNoHeader) || !strings.Contains(err.Error(), "block 7") {
		t.Errorf("Check without a header = %v, want %v and the block's height", err, ots.ErrNoHeader)
	}
	headers, err := ots.ReadHeaders(strings.NewReader(c.HeaderLine()))
	if err != nil {
		t.Fatal(err)
	}
	h, err := p.Check(digest, headers)
	if err != nil || h.Height != 7 || !h.Time().Equal(time.Unix(1_700_000_000, 0)) {
		t.Errorf("Check = %+v, %v", h, err)
	}
	if _, err := p.Check(sha256.Sum256(nil), headers); !errors.Is(err, ots.ErrDigest) {
		t.Errorf("Check of other bytes = %v, want %v", err, ots.ErrDigest)
	}
	headers[0].Raw[40] ^= 1
	if _, err := p.Check(digest, headers); !errors.Is(err, ots.ErrBlock) {
		t.Errorf("Check with another block = %v, want %v", err, ots.ErrBlock)
	}
}

func reread(t *testing.T, p *ots.Proof) *ots.Proof {
	t.Helper()
	q, err := ots.Parse(p.Bytes())
	if err != nil {
		t.Fatalf("Parse of our own proof = %v", err)
	}
	if !bytes.Equal(q.Bytes(), p.Bytes()) {
		t.Fatal("a proof changes when it is read and written")
	}
	return q
}

// TestFlippedProof: a changed proof cannot be read, leads elsewhere, or has
// lost its block; it never confirms.
func TestFlippedProof(t *testing.T) {
	c := tsatest.NewCalendar(t)
	c.Height = 7
	p := stamp(t, c.URL)
	if kept, err := p.Upgrade(context.Background(), http.DefaultClient, []string{c.URL}); kept != 1 {
		t.Fatal(err)
	}
	headers, err := ots.ReadHeaders(strings.NewReader(c.HeaderLine()))
	if err != nil {
		t.Fatal(err)
	}
	good := p.Bytes()
	promise := bytes.Index(good, []byte(c.URL)) - 11 // the promise beside the block carries nothing
	harmless := 0
	for i := range good {
		for bit := range 8 {
			b := bytes.Clone(good)
			b[i] ^= 1 << bit
			q, err := ots.Parse(b)
			if err != nil {
				continue
			}
			if _, err := q.Check(digest, headers); err == nil {
				harmless++
				if i < promise || i >= promise+11+len(c.URL) {
					t.Errorf("bit %d of byte %d changed: the proof still confirms", bit, i)
				}
			}
		}
		if _, err := ots.Parse(good[:i]); err == nil {
			t.Errorf("a proof cut to %d bytes is read", i)
		}
	}
	t.Logf("%d of %d changed bits lie in the promise", harmless, 8*len(good))
}

func TestParseRefuses(t *testing.T) {
	c := tsatest.NewCalendar(t)
	good := stamp(t, c.URL).Bytes()
	head := good[:31+1+1+32]
	for name, tail := range map[string][]byte{
		"nothing":            {},
		"unknown operation":  {0x42, 0x00},
		"an empty append":    {0xf0, 0, 0x08},
		"a huge append":      {0xf0, 0xff, 0xff, 0xff, 0xff, 0x0f},
		"endless number":     bytes.Repeat([]byte{0xf0, 0xff}, 40),
		"too deep":           bytes.Repeat([]byte{0x08}, 400),
		"growing values":     bytes.Repeat([]byte{0xf3}, 20),
		"a trap for eyes":    append([]byte{0x00}, attestation("83dfe30d2ef90c8e", append([]byte{8}, "\x1b[2Jhttp"...))...),
		"rest in attestion":  append([]byte{0x00}, attestation("0588960d73d71901", []byte{1, 1})...),
		"bytes after":        append(append([]byte{0x00}, attestation("0588960d73d71901", []byte{1})...), 0),
		"long way to say 1":  append([]byte{0x00}, attestation("0588960d73d71901", []byte{0x81, 0})...),
		"a promise too long": append([]byte{0x00, 0x83, 0xdf, 0xe3, 0x0d, 0x2e, 0xf9, 0x0c, 0x8e}, append([]byte{0xea, 7, 0xe8, 7}, bytes.Repeat([]byte{'a'}, 1100)...)...),
	} {
		if _, err := ots.Parse(append(bytes.Clone(head), tail...)); !errors.Is(err, ots.ErrMalformed) {
			t.Errorf("%s: Parse = %v, want %v", name, err, ots.ErrMalformed)
		}
	}
	if _, err := ots.Parse(make([]byte, ots.MaxSize+1)); !errors.Is(err, ots.ErrMalformed) {
		t.Errorf("a file too large: Parse = %v", err)
	}
}

func TestCalendarFaults(t *testing.T) {
	good := tsatest.NewCalendar(t)
	for name, answer := range map[string]http.HandlerFunc{
		"an error":   func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", 500) },
		"a web page": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") },
		"nothing":    func(http.ResponseWriter, *http.Request) {},
		"a flood":    func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 1<<20)) },
	} {
		s := httptest.NewServer(answer)
		if p, err := ots.Stamp(context.Background(), s.Client(), digest, []string{s.URL}, rand.Reader); p != nil || err == nil {
			t.Errorf("%s: Stamp = %v, %v, want no proof and an error", name, p, err)
		}
		p, err := ots.Stamp(context.Background(), s.Client(), digest, []string{s.URL, good.URL}, rand.Reader)
		if p == nil || err == nil || len(p.Attestations()) != 1 {
			t.Errorf("%s and a good one: Stamp = %v, %v, want a proof and an error", name, p, err)
		}
		s.Close()
	}
	for _, address := range []string{"", "ftp://a.example", "https://a.example/?q=1", "https://u:p@a.example"} {
		if _, err := ots.Stamp(context.Background(), http.DefaultClient, digest, []string{address}, rand.Reader); err == nil {
			t.Errorf("Stamp(%q) gave no error", address)
		}
	}
}

// TestHeaders reads the header of the first Bitcoin block, which everybody knows.
func TestHeaders(t *testing.T) {
	const genesis = "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c"
	const hash = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
	h, err := ots.ReadHeaders(strings.NewReader("0 " + genesis + " " + hash))
	if err != nil || len(h) != 1 || h[0].Hash() != hash || h[0].Time().Format(time.RFC3339) != "2009-01-03T18:15:05Z" {
		t.Errorf("the first block is read as %v, %v", h, err)
	}
	for _, bad := range []string{"x " + genesis, "0 " + genesis[2:], "0", "0 " + genesis + " " + strings.Repeat("0", 64), "-1 " + genesis, "0 " + strings.Repeat("z", 160)} {
		if _, err := ots.ReadHeaders(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("ReadHeaders(%.20q…) = %v, want an error that names the line", bad, err)
		}
	}
}

// TestPythonAgrees lets the OpenTimestamps library read our proofs, and reads
// one that the library made.
func TestPythonAgrees(t *testing.T) {
	python := "python3"
	out, err := exec.Command(python, "-c", "import opentimestamps").CombinedOutput()
	if err != nil { // another Python may stand before the system's, which has the package
		python = "/usr/bin/python3"
		out, err = exec.Command(python, "-c", "import opentimestamps").CombinedOutput()
	}
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("python3-opentimestamps is needed in CI: %v %s", err, out)
		}
		t.Skip("python3-opentimestamps is not installed")
	}
	c, d := tsatest.NewCalendar(t), tsatest.NewCalendar(t)
	c.Height = 7
	p := stamp(t, c.URL, d.URL)
	if kept, err := p.Upgrade(context.Background(), http.DefaultClient, []string{c.URL}); kept != 1 {
		t.Fatal(err)
	}
	const read = `
import sys
from opentimestamps.core.timestamp import DetachedTimestampFile
from opentimestamps.core.serialize import *
from opentimestamps.core.notary import *
data = sys.stdin.buffer.read()
f = DetachedTimestampFile.deserialize(BytesDeserializationContext(data))
print(f.file_digest.hex())
for value, a in f.timestamp.all_attestations():
    print("bitcoin %d %s" % (a.height, value.hex()) if isinstance(a, BitcoinBlockHeaderAttestation) else "pending %s %s" % (a.uri, value.hex()))
`
	cmd := exec.Command(python, "-c", read)
	cmd.Stdin = bytes.NewReader(p.Bytes())
	out, err = cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("python3-opentimestamps: %v\n%s", err, out)
	}
	want := []string{hex.EncodeToString(digest[:])}
	for _, a := range p.Attestations() {
		if a.Kind == ots.Bitcoin {
			want = append(want, "bitcoin 7 "+hex.EncodeToString(a.Value))
		} else {
			want = append(want, "pending "+a.URI+" "+hex.EncodeToString(a.Value))
		}
	}
	got := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(got) != len(want) || got[0] != want[0] {
		t.Fatalf("python reads\n%s\nwant\n%s", out, strings.Join(want, "\n"))
	}
	for _, line := range want {
		if !strings.Contains(string(out), line) {
			t.Errorf("python does not see %q in\n%s", line, out)
		}
	}

	const write = `
import sys
from opentimestamps.core.timestamp import *
from opentimestamps.core.op import *
from opentimestamps.core.serialize import *
from opentimestamps.core.notary import *
t = Timestamp(bytes.fromhex(sys.argv[1]))
a = t.ops.add(OpPrepend(b"left")).ops.add(OpSHA256())
a.attestations.add(PendingAttestation("https://calendar.example"))
a.attestations.add(UnknownAttestation(b"12345678", b"payload"))
a.ops.add(OpAppend(b"right")).ops.add(OpHexlify()).ops.add(OpReverse()).ops.add(OpSHA1()).attestations.add(BitcoinBlockHeaderAttestation(700123))
t.ops.add(OpSHA256()).attestations.add(PendingAttestation("https://other.example"))
ctx = BytesSerializationContext()
DetachedTimestampFile(OpSHA256(), t).serialize(ctx)
sys.stdout.buffer.write(ctx.getbytes())
for value, x in t.all_attestations():
    if isinstance(x, BitcoinBlockHeaderAttestation): sys.stderr.write(value.hex())
`
	cmd = exec.Command(python, "-W", "ignore", "-c", write, hex.EncodeToString(digest[:]))
	var value bytes.Buffer
	cmd.Stderr = &value
	file, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3-opentimestamps: %v\n%s", err, value.String())
	}
	q, err := ots.Parse(file)
	if err != nil {
		t.Fatalf("Parse of a proof by python = %v", err)
	}
	if !bytes.Equal(q.Bytes(), file) {
		t.Error("a proof by python changes when it is read and written")
	}
	all := q.Attestations()
	if len(all) != 4 {
		t.Fatalf("%d attestations in the proof by python, want 4", len(all))
	}
	for _, a := range all {
		if a.Kind == ots.Bitcoin && (a.Height != 700123 || hex.EncodeToString(a.Value) != value.String()) {
			t.Errorf("block %d with %x, python says 700123 with %s", a.Height, a.Value, value.String())
		}
	}
}

func FuzzParse(f *testing.F) {
	b, err := os.ReadFile("testdata/promise.ots")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ots.Parse(b)
		if err != nil {
			return
		}
		if !bytes.Equal(p.Bytes(), b) {
			t.Error("a proof changes when it is read and written")
		}
		p.Check(p.Digest, nil)
	})
}

func FuzzReadHeaders(f *testing.F) {
	f.Add("1 " + strings.Repeat("00", 80))
	f.Add("# nothing\n\n")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ots.ReadHeaders(strings.NewReader(s))
		if err == nil {
			for _, h := range h {
				h.Hash()
			}
		}
	})
}
