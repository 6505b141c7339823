package evidence_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	. "github.com/arasha-org/arasha/evidence"
)

// maker makes dossiers for tests.
type maker struct {
	*testLog
	bytes   map[Ref][]byte
	records []Record
}

func newMaker(t testing.TB) *maker {
	return &maker{testLog: newLog(t), bytes: make(map[Ref][]byte)}
}

// log logs one record and returns its leaf.
func (m *maker) log(t testing.TB, v any) int64 {
	t.Helper()
	r, err := NewRecord(v)
	if err != nil {
		t.Fatal(err)
	}
	l, err := r.Leaf()
	if err != nil {
		t.Fatal(err)
	}
	m.records = append(m.records, r)
	return m.add(t, l.Bytes())[0]
}

// item logs an item of the given bytes, and its custody.
func (m *maker) item(t testing.TB, content string) int64 {
	t.Helper()
	ref := Of([]byte(content))
	m.bytes[ref] = []byte(content)
	n := m.log(t, Item{V: 1, Kind: KindItem, Ref: ref, Size: int64(len(content)), What: "file", Name: "f.txt", Collected: Moment(m.now, "test"), Tool: "test"})
	m.log(t, Event{V: 1, Kind: KindCustody, Leaf: n, Item: ref, Act: ActImport, At: Moment(m.now, ""), Tool: "test"})
	return n
}

// bundle discloses the given leaves.
func (m *maker) bundle(leaves ...int64) *Bundle {
	b := &Bundle{Log: m.Log, Key: m.vkey, Created: m.now, Maker: "test", Open: func(r Ref) (io.ReadCloser, error) {
		c, ok := m.bytes[r]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(bytes.NewReader(c)), nil
	}}
	for _, l := range leaves {
		b.Leaves = append(b.Leaves, Disclosed{Leaf: l, Record: &m.records[l]})
	}
	return b
}

func (m *maker) write(t testing.TB, b *Bundle) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "d.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := b.Write(f, m.signer); err != nil {
		t.Fatal(err)
	}
	out, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// verify returns the verdict on zip bytes, or why they are no dossier.
func verify(b []byte, o VerifyOptions) (*Verdict, error) {
	d, err := ReadDossier(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return Verify(d, o), nil
}

// reasons joins what failed.
func reasons(v *Verdict) string {
	var out []string
	for _, c := range v.Checks {
		if c.State == Fail || c.State == Unknown {
			out = append(out, fmt.Sprintf("%s %s: %s", c.State, c.Name, c.Text))
		}
	}
	return strings.Join(out, "\n")
}

func small(t testing.TB) (*maker, []byte) {
	m := newMaker(t)
	m.item(t, "one")
	n := m.item(t, "two")
	m.item(t, "three")
	return m, m.write(t, m.bundle(n, n+1))
}

func TestDossier(t *testing.T) {
	m, b := small(t)
	v, err := verify(b, VerifyOptions{})
	if err != nil || v.State() != Pass {
		t.Fatalf("a good dossier: %v %v", err, reasons(v))
	}
	if len(v.Items) != 1 || v.Items[0].Ref != Of([]byte("two")) || !v.Items[0].Bytes || v.Items[0].Grade != "C" {
		t.Errorf("items = %+v", v.Items)
	}
	if again := m.write(t, m.bundle(2, 3)); !bytes.Equal(again, b) {
		t.Error("the same bundle gave other bytes")
	}
	fp, _ := Fingerprint(m.vkey)
	_, _, stranger := newSigner(t, "observatory.example/test")
	for key, want := range map[string]State{m.vkey: Pass, fp: Pass, strings.ReplaceAll(strings.ToUpper(fp), " ", ""): Pass, stranger: Fail} {
		v, _ := verify(b, VerifyOptions{Key: key})
		if v.State() != want || v.Required != (want == Pass) {
			t.Errorf("with key %q: %s, required %v; want %s", key, v.State(), v.Required, want)
		}
	}
	// A common reader reads it too.
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err == nil {
			_, err = io.Copy(io.Discard, r)
		}
		if err != nil {
			t.Errorf("archive/zip reads %s: %v", f.Name, err)
		}
	}
}

// TestEveryBitOfADossier flips each bit of a whole dossier, those of the zip
// itself included, one at a time.
func TestEveryBitOfADossier(t *testing.T) {
	_, whole := small(t)
	if len(whole) >= 16<<10 {
		t.Fatalf("the small dossier has %d bytes", len(whole))
	}
	step := 1
	if testing.Short() {
		step = 37
	}
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			b := bytes.Clone(whole)
			for i := w * step; i < len(whole)*8; i += workers * step {
				b[i/8] ^= 1 << (i % 8)
				v, err := verify(b, VerifyOptions{})
				if err == nil && v.State() != Fail {
					t.Errorf("bit %d of byte %d flipped: %s\n%q", i%8, i/8, v.State(), b[max(0, i/8-20):min(len(b), i/8+20)])
				}
				if err != nil && !errors.Is(err, ErrContainer) {
					t.Errorf("bit %d of byte %d flipped: %v, want ErrContainer", i%8, i/8, err)
				}
				b[i/8] ^= 1 << (i % 8)
			}
		})
	}
	wg.Wait()
}

// TestBitsOfALargeDossier flips random bits of a dossier of some megabytes.
func TestBitsOfALargeDossier(t *testing.T) {
	m := newMaker(t)
	random := rand.New(rand.NewPCG(1, 2))
	var shown []int64
	for i := range 40 {
		big := make([]byte, 50_000)
		for j := range big {
			big[j] = byte(random.Uint32())
		}
		n := m.item(t, string(big))
		if i%2 == 0 {
			shown = append(shown, n, n+1)
		}
	}
	whole := m.write(t, m.bundle(shown...))
	if v, err := verify(whole, VerifyOptions{}); err != nil || v.State() != Pass {
		t.Fatalf("%v %v", err, reasons(v))
	}
	for range 150 {
		i := random.IntN(len(whole) * 8)
		whole[i/8] ^= 1 << (i % 8)
		if v, err := verify(whole, VerifyOptions{}); err == nil && v.State() != Fail {
			t.Errorf("bit %d of byte %d flipped: %s", i%8, i/8, v.State())
		}
		whole[i/8] ^= 1 << (i % 8)
	}
}

// TestEveryCut cuts the file at every length, and lets bytes precede or follow.
func TestEveryCut(t *testing.T) {
	_, whole := small(t)
	for n := range len(whole) {
		if _, err := verify(whole[:n], VerifyOptions{}); !errors.Is(err, ErrContainer) {
			t.Fatalf("cut at %d of %d bytes: %v, want ErrContainer", n, len(whole), err)
		}
	}
	for name, b := range map[string][]byte{
		"a byte follows":    append(bytes.Clone(whole), 0),
		"a byte precedes":   append([]byte{0}, whole...),
		"twice":             append(bytes.Clone(whole), whole...),
		"a script in front": append([]byte("#!/bin/sh\n"), whole...),
	} {
		if _, err := verify(b, VerifyOptions{}); !errors.Is(err, ErrContainer) {
			t.Errorf("%s: %v, want ErrContainer", name, err)
		}
	}
}

// rewrite unpacks a dossier, lets change work on the members, and packs it
// again in the canonical way: what somebody does who knows the format but not
// the key. seal also makes the manifest right again.
func rewrite(t testing.TB, b []byte, seal note.Signer, change func(m map[string][]byte)) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	members := make(map[string][]byte)
	for _, f := range z.File {
		r, _ := f.Open()
		members[f.Name], _ = io.ReadAll(r)
	}
	change(members)
	return pack(t, members, seal)
}

// TestTampering makes changes by somebody who can write the format, first
// without the key, then with it: a signature does not make a false record true.
func TestTampering(t *testing.T) {
	m, b := small(t)
	other := m.write(t, m.bundle(0, 1))
	_, otherLog := small(t)
	member := func(b []byte, name string) []byte {
		z, _ := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		r, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		out, _ := io.ReadAll(r)
		return out
	}
	item := "items/" + Of([]byte("two")).String()
	edit := func(name string, old, new string) func(map[string][]byte) {
		return func(f map[string][]byte) {
			if !bytes.Contains(f[name], []byte(old)) {
				t.Fatalf("%s does not hold %q:\n%s", name, old, f[name])
			}
			f[name] = bytes.Replace(f[name], []byte(old), []byte(new), 1)
		}
	}
	for name, c := range map[string]struct {
		change func(map[string][]byte)
		signed string // what is said when the thief has the key
	}{
		"another item's bytes":    {func(f map[string][]byte) { f[item] = []byte("xxx") }, "not those that were logged"},
		"a swapped item":          {func(f map[string][]byte) { delete(f, item); f["items/"+Of([]byte("one")).String()] = []byte("one") }, "belongs to no disclosed item"},
		"a surplus item":          {func(f map[string][]byte) { f["items/"+Of([]byte("one")).String()] = []byte("one") }, "belongs to no disclosed item"},
		"a record edited":         {edit(leavesJSONL, `f.txt`, `g.txt`), "record is not the one that was logged"},
		"a leaf of another kind":  {edit(leavesJSONL, `arasha-leaf/1 item`, `arasha-leaf/1 finding`), "was not logged so"},
		"a leaf renumbered":       {edit(leavesJSONL, `"leaf":2`, `"leaf":1`), "was not logged so"},
		"a proof of another leaf": {func(f map[string][]byte) { f[leavesJSONL] = member(other, leavesJSONL) }, "belongs to no disclosed item"},
		"leaves of another log":   {func(f map[string][]byte) { f[leavesJSONL] = member(otherLog, leavesJSONL) }, "was not logged so"},
		"leaves in the wrong order": {func(f map[string][]byte) {
			l := bytes.SplitAfter(f[leavesJSONL], []byte("\n"))
			f[leavesJSONL] = append(l[1], l[0]...)
		}, "wrong place"},
		"a leaf twice": {func(f map[string][]byte) {
			l := bytes.SplitAfter(f[leavesJSONL], []byte("\n"))
			f[leavesJSONL] = append(l[0], l[0]...)
		}, "wrong place"},
		"a cut line":    {func(f map[string][]byte) { f[leavesJSONL] = bytes.TrimSuffix(f[leavesJSONL], []byte("\n")) }, "cut"},
		"a field twice": {edit(leavesJSONL, `"leaf":2,`, `"leaf":2,"leaf":2,`), "one way"},
		"checkpoint of another log": {func(f map[string][]byte) {
			f["checkpoints/000000000006.txt"] = member(otherLog, "checkpoints/000000000006.txt")
		}, "signature"},
		"the checkpoint left out": {func(f map[string][]byte) { delete(f, "checkpoints/000000000006.txt") }, "none is enclosed"},
		"an older checkpoint replayed": {func(f map[string][]byte) {
			delete(f, "checkpoints/000000000006.txt")
			f["checkpoints/000000000004.txt"], _ = m.CheckpointAt(4)
		}, "is not the one dossier.txt names"},
		"a checkpoint misnamed": {func(f map[string][]byte) {
			f["checkpoints/000000000007.txt"] = f["checkpoints/000000000006.txt"]
			delete(f, "checkpoints/000000000006.txt")
		}, "is of 6 leaves"},
		"a proof of growth out of place": {func(f map[string][]byte) { f["consistency.jsonl"] = []byte(`{"from":1,"to":6,"proof":[]}` + "\n") }, "out of place"},
		"a sealed part of nothing":       {func(f map[string][]byte) { f["sealed/2-collector.age"] = []byte("x") }, "belongs to no sealed part"},
		"the certificate edited":         {edit("certificate.html", "Certificate", "Kertificate"), ""},
		"the certificate left out":       {func(f map[string][]byte) { delete(f, "certificate.html") }, "certificate.html is missing"},
		"the key of a stranger": {func(f map[string][]byte) {
			_, _, k := newSigner(t, "observatory.example/test")
			f["key.txt"] = []byte(k + "\n")
		}, "signature does not hold"},
	} {
		// Without the key: the signed manifest tells, whatever was done.
		v, err := verify(rewrite(t, b, nil, c.change), VerifyOptions{})
		if err == nil && v.State() != Fail {
			t.Errorf("%s, without the key: %s", name, v.State())
		}
		v, err = verify(rewrite(t, b, m.signer, c.change), VerifyOptions{})
		got := fmt.Sprint(err)
		if err == nil {
			got = reasons(v)
		}
		if !strings.Contains(got, c.signed) || c.signed == "" && got != "" {
			t.Errorf("%s, signed anew:\ngot  %s\nwant %s", name, got, c.signed)
		}
	}
}

const leavesJSONL = "leaves.jsonl"

// pack writes members as a dossier's zip, signed anew by signer, or with the
// old signature when signer is nil. It is a second writer of the container,
// written from docs/formats/dossier.md with the help of archive/zip.
func pack(t testing.TB, members map[string][]byte, signer note.Signer) []byte {
	t.Helper()
	var names []string
	for name := range members {
		if name != "dossier.txt" && name != "MANIFEST.sha256" {
			names = append(names, name)
		}
	}
	sortStrings(names)
	if signer != nil {
		var manifest bytes.Buffer
		for _, name := range names {
			fmt.Fprintf(&manifest, "%s  %s\n", Of(members[name]), name)
		}
		members["MANIFEST.sha256"] = manifest.Bytes()
		lines := strings.Split(string(members["dossier.txt"]), "\n")
		lines[5] = fmt.Sprintf("members %d", len(names))
		lines[6] = "manifest " + Of(manifest.Bytes()).String()
		signed, err := note.Sign(&note.Note{Text: strings.Join(lines[:7], "\n") + "\n"}, signer)
		if err != nil {
			t.Fatal(err)
		}
		members["dossier.txt"] = signed
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range append([]string{"dossier.txt", "MANIFEST.sha256"}, names...) {
		h := &zip.FileHeader{Name: name, CRC32: crc32.ChecksumIEEE(members[name]), CompressedSize64: uint64(len(members[name])), UncompressedSize64: uint64(len(members[name])),
			//lint:ignore SA1019 CreateRaw writes this field as it stands
			CreatorVersion: 20, ReaderVersion: 20, ModifiedDate: 0x21}
		w, err := z.CreateRaw(h)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(members[name])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func sortStrings(s []string) {
	for i := range s {
		for j := i; j > 0 && s[j] < s[j-1]; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
}

// TestHostileZips are zips no dossier is: each is refused with its member named.
func TestHostileZips(t *testing.T) {
	_, good := small(t)
	for name, c := range map[string]struct {
		header zip.FileHeader
		body   []byte
		want   string
	}{
		"a bomb":               {zip.FileHeader{Name: "bomb.txt", Method: zip.Deflate}, make([]byte, 8<<20), "would unpack"},
		"compressed":           {zip.FileHeader{Name: "a.txt", Method: zip.Deflate}, []byte("aaaaaaaaaaaaaaaaaaaaaaaaaa"), "compressed"},
		"leads out":            {zip.FileHeader{Name: "../../etc/passwd"}, nil, "leads out"},
		"absolute":             {zip.FileHeader{Name: "/etc/passwd"}, nil, "leads out"},
		"a Windows path":       {zip.FileHeader{Name: `C:\x.txt`}, nil, "leads out"},
		"a link":               {withMode("link", fs.ModeSymlink|0o777), []byte("/etc/passwd"), "link"},
		"a device":             {withMode("dev", fs.ModeDevice|0o600), nil, "device"},
		"a pipe":               {withMode("pipe", fs.ModeNamedPipe|0o600), nil, "device"},
		"a folder":             {zip.FileHeader{Name: "items/"}, nil, "folder"},
		"a name in Cyrillic":   {zip.FileHeader{Name: "items/досье"}, nil, "not allowed"},
		"a name with a return": {zip.FileHeader{Name: "a\rb"}, nil, "not allowed"},
		//lint:ignore SA1019 CreateRaw writes this field as it stands
		"unknown": {zip.FileHeader{Name: "run.exe", ModifiedDate: 0x21, CreatorVersion: 20, ReaderVersion: 20}, nil, "no place in a dossier"},
	} {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		h := c.header
		//lint:ignore SA1019 set above for CreateRaw
		if h.ModifiedDate != 0 {
			w, _ := z.CreateRaw(&h)
			w.Write(c.body)
		} else {
			w, err := z.CreateHeader(&h)
			if err != nil {
				t.Fatal(err)
			}
			w.Write(c.body)
		}
		z.Close()
		if _, err := verify(out.Bytes(), VerifyOptions{}); !errors.Is(err, ErrContainer) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), strings.Trim(fmt.Sprintf("%q", c.header.Name), `"`)) {
			t.Errorf("%s: %v; want the name %q and %q", name, err, c.header.Name, c.want)
		}
	}
	for name, change := range map[string]func(map[string][]byte){
		"names alike but for capitals": func(f map[string][]byte) { f["readme.TXT"] = nil },
		"an unknown member":            func(f map[string][]byte) { f["zzz"] = nil },
	} {
		if _, err := verify(rewrite(t, good, nil, change), VerifyOptions{}); !errors.Is(err, ErrContainer) {
			t.Errorf("%s: %v, want ErrContainer", name, err)
		}
	}
}

func withMode(name string, mode fs.FileMode) zip.FileHeader {
	h := zip.FileHeader{Name: name}
	h.SetMode(mode)
	return h
}

// TestFolder checks an unpacked dossier, and one with something foreign in it.
func TestFolder(t *testing.T) {
	_, b := small(t)
	unpack := func() string {
		dir := t.TempDir()
		z, _ := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err := os.CopyFS(dir, z); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for name, c := range map[string]struct {
		plant func(dir string)
		want  string
	}{
		"whole":            {func(string) {}, ""},
		"a file more":      {func(dir string) { os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o600) }, "no place"},
		"a member missing": {func(dir string) { os.Remove(filepath.Join(dir, "README.txt")) }, "README.txt is missing"},
		"no signature":     {func(dir string) { os.Remove(filepath.Join(dir, "dossier.txt")) }, "dossier.txt is missing"},
		"a member changed": {func(dir string) {
			os.Chmod(filepath.Join(dir, "README.txt"), 0o600)
			os.WriteFile(filepath.Join(dir, "README.txt"), nil, 0o600)
		}, "README.txt has changed"},
		"a link outside": {func(dir string) {
			os.Remove(filepath.Join(dir, "README.txt"))
			os.Symlink("/etc/passwd", filepath.Join(dir, "README.txt"))
		}, "link"},
		"a linked folder":    {func(dir string) { os.Symlink("/etc", filepath.Join(dir, "sealed")) }, "link"},
		"a backup by editor": {func(dir string) { os.WriteFile(filepath.Join(dir, "README.txt~"), nil, 0o600) }, "not allowed"},
	} {
		dir := unpack()
		c.plant(dir)
		d, err := OpenDossier(dir)
		got := ""
		if err != nil {
			got = err.Error()
			if !errors.Is(err, ErrContainer) {
				t.Errorf("%s: %v, want ErrContainer", name, err)
			}
		} else {
			got = reasons(Verify(d, VerifyOptions{}))
			d.Close()
		}
		if !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: %s; want %q", name, got, c.want)
		}
	}
}

// TestSelectiveDisclosure leaves an item out, keeps bytes back, and shows or
// seals the collector: what is not shown is not in the file.
func TestSelectiveDisclosure(t *testing.T) {
	m := newMaker(t)
	salt, who := NewSalt(), "A. Invented"
	sealed := Commit(salt, []byte(who))
	content := "of the second item"
	ref := Of([]byte(content))
	m.bytes[ref] = []byte(content)
	first := m.item(t, "the first item, which stays here")
	second := m.log(t, Item{V: 1, Kind: KindItem, Ref: ref, Size: int64(len(content)), What: "file", Name: "g.txt", Collected: Moment(m.now, "test"), Tool: "test", Sealed: Sealed{Collector: &sealed}})

	b := m.write(t, m.bundle(second))
	if v, err := verify(b, VerifyOptions{}); err != nil || v.State() != Pass || len(v.Items) != 1 {
		t.Fatalf("%v %v", err, reasons(v))
	}
	firstRecord := m.records[first]
	for _, secret := range []string{who, salt.String(), firstRecord.Salt.String(), Of([]byte("the first item, which stays here")).String(), "which stays here"} {
		if bytes.Contains(b, []byte(secret)) {
			t.Errorf("the dossier of the second item holds %q", secret)
		}
	}

	bundle := m.bundle(second)
	bundle.Without = map[Ref]bool{ref: true}
	b = m.write(t, bundle)
	v, err := verify(b, VerifyOptions{})
	if err != nil || v.State() != Pass || v.Items[0].Bytes || bytes.Contains(b, []byte(content)) {
		t.Errorf("bytes kept back: %v %v %+v", err, reasons(v), v.Items)
	}

	bundle = m.bundle(second)
	bundle.Leaves[0].Open = map[string]Opening{"collector": {salt, who}}
	b = m.write(t, bundle)
	if v, err := verify(b, VerifyOptions{}); err != nil || v.State() != Pass || !bytes.Contains(b, []byte(who)) {
		t.Errorf("collector shown: %v %v", err, reasons(v))
	}
	for name, open := range map[string]map[string]Opening{
		"another name":      {"collector": {salt, "B. Invented"}},
		"another salt":      {"collector": {NewSalt(), who}},
		"a part not sealed": {"address": {salt, who}},
		"an unknown part":   {"weather": {salt, who}},
	} {
		bundle.Leaves[0].Open = open
		if v, err := verify(m.write(t, bundle), VerifyOptions{}); err != nil || v.State() != Fail || !strings.Contains(reasons(v), "not the one that was sealed") {
			t.Errorf("%s: %v %v", name, err, reasons(v))
		}
	}
	bundle = m.bundle(second)
	bundle.Sealed = map[string][]byte{fmt.Sprintf("%d-collector", second): []byte("an age file")}
	if v, err := verify(m.write(t, bundle), VerifyOptions{}); err != nil || v.State() != Pass {
		t.Errorf("sealed part enclosed: %v %v", err, reasons(v))
	}
}

// TestDeletionShows discloses the leaf of a deletion without any record.
func TestDeletionShows(t *testing.T) {
	m := newMaker(t)
	n := m.item(t, "to be forgotten")
	d := m.log(t, Event{V: 1, Kind: KindDeletion, Leaf: n, Act: ActDispose, At: Moment(m.now, ""), Tool: "test", Reason: "consent withdrawn", Authority: "the person's letter"})
	b := m.bundle(n)
	b.Leaves = append(b.Leaves, Disclosed{Leaf: d})
	v, err := verify(m.write(t, b), VerifyOptions{})
	if err != nil || v.State() != Pass {
		t.Fatalf("%v %v", err, reasons(v))
	}
	text, _ := json.Marshal(v.Checks)
	if !strings.Contains(string(text), "lawfully deleted") {
		t.Errorf("the deletion is not told: %s", text)
	}
	l, err := m.Log.Leaf(d)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ParseLeaf(l); err != nil || got.Kind != KindDeletion || got.Of != n {
		t.Errorf("the leaf says %+v, %v", got, err)
	}
}

// TestPublication shows a publication with its approvals in a dossier.
func TestPublication(t *testing.T) {
	m := newMaker(t)
	doc := Of([]byte("an appeal"))
	a, b := MemberOf(NewSalt(), "coordinator", "A. Invented"), MemberOf(NewSalt(), "lawyer", "B. Invented")
	at := Moment(epoch, "")
	roster := m.log(t, Roster{1, KindRoster, at, []Entitled{{"coordinator", a}, {"lawyer", b}}})
	yes := m.log(t, Approval{1, KindApproval, doc, roster, a, Approved, at})
	also := m.log(t, Approval{1, KindApproval, doc, roster, b, Approved, at})
	good := m.log(t, Statement{V: 1, Kind: KindPublication, Ref: doc, At: at, Tool: "t", Approvals: []int64{yes, also}})
	bad := m.log(t, Statement{V: 1, Kind: KindPublication, Ref: doc, At: at, Tool: "t", Approvals: []int64{yes}})
	zipped := m.write(t, m.bundle(roster, yes, also, good))
	v, err := verify(zipped, VerifyOptions{})
	if err != nil || v.State() != Pass {
		t.Fatalf("%v %v", err, reasons(v))
	}
	if !strings.Contains(told(v), "two entitled people approved") {
		t.Errorf("not told: %s", told(v))
	}
	if bytes.Contains(zipped, []byte("Invented")) {
		t.Error("the dossier names who approved")
	}
	if v, err := verify(m.write(t, m.bundle(roster, yes, bad)), VerifyOptions{}); err != nil || v.State() != Fail {
		t.Errorf("one approval: %v %s", err, v.State())
	}
	if v, err := verify(m.write(t, m.bundle(good)), VerifyOptions{}); err != nil || v.State() != Pass {
		t.Errorf("approvals not disclosed: %v %s", err, v.State())
	}
	alone := m.log(t, Roster{1, KindRoster, at, []Entitled{{"coordinator", a}}})
	own := m.log(t, Approval{1, KindApproval, doc, alone, a, Approved, at})
	out := m.log(t, Statement{V: 1, Kind: KindPublication, Ref: doc, At: at, Tool: "t", Approvals: []int64{own}})
	v, err = verify(m.write(t, m.bundle(alone, own, out)), VerifyOptions{})
	if err != nil || v.State() != Pass || !strings.Contains(told(v), "the one entitled person approved") {
		t.Errorf("a roster of one: %v %s %s", err, v.State(), told(v))
	}
}

// told is every check in words.
func told(v *Verdict) string {
	b, _ := json.Marshal(v.Checks)
	return string(b)
}

// TestStampsAndWitnesses encloses earlier checkpoints with a timestamp and a
// cosignature.
func TestStampsAndWitnesses(t *testing.T) {
	m := newMaker(t)
	n := m.item(t, "dated")
	c := NewCosigner("witness.example", newPrivateKey(t), epoch.Add(time.Hour))
	cosigned, err := note.Sign(&note.Note{Text: m.Head().Text()}, c)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.AddCosignatures(cosigned, c.Key()); err != nil {
		t.Fatal(err)
	}
	m.item(t, "later")
	bundle := m.bundle(n, n+1)
	bundle.Stamps = map[int64]map[string][]byte{2: {"time.example.tst": []byte("token")}}
	b := m.write(t, bundle)

	date := epoch.Add(2 * time.Hour)
	judge := func(date time.Time, answer error) func(string, []byte, []byte, []byte) (Stamp, error) {
		return func(name string, checkpoint, token, roots []byte) (Stamp, error) {
			want, _ := m.CheckpointAt(2)
			if !bytes.Equal(checkpoint, want) || string(token) != "token" {
				t.Errorf("asked about %q over %q", token, checkpoint)
			}
			return Stamp{Time: date, Words: "by a test"}, answer
		}
	}
	other := NewCosigner("other.example", newPrivateKey(t), epoch)
	for name, c := range map[string]struct {
		o    VerifyOptions
		want State
		say  string
	}{
		"it holds":           {VerifyOptions{Timestamp: judge(date, nil), Witnesses: []string{c.Key()}}, Pass, ""},
		"enclosed witness":   {VerifyOptions{Timestamp: judge(date, nil)}, Pass, ""},
		"no root":            {VerifyOptions{Timestamp: judge(date, ErrNoRoot)}, Unknown, "no root"},
		"nobody can tell":    {VerifyOptions{}, Unknown, "cannot check timestamps"},
		"it does not hold":   {VerifyOptions{Timestamp: judge(date, errors.New("forged"))}, Fail, "forged"},
		"before it was made": {VerifyOptions{Timestamp: judge(epoch.Add(-time.Hour), nil)}, Fail, "claims to be collected"},
		"another witness":    {VerifyOptions{Timestamp: judge(date, nil), Witnesses: []string{other.Key()}}, Fail, "has not signed"},
	} {
		v, err := verify(b, c.o)
		if err != nil || v.State() != c.want || !strings.Contains(reasons(v), c.say) {
			t.Errorf("%s: %v %s %s; want %s %q", name, err, v.State(), reasons(v), c.want, c.say)
		}
		if name == "it holds" && !v.Dated.Equal(date) {
			t.Errorf("dated %s, want %s", v.Dated, date)
		}
	}
}

// TestKeyChanges rotates, loses and has a key stolen.
func TestKeyChanges(t *testing.T) {
	m := newMaker(t)
	oldKey, oldSigner := m.vkey, m.signer
	n := m.item(t, "before the change")
	before := m.write(t, m.bundle(n, n+1))
	head := m.Head()
	newSign, newVerify, newKey := newSigner(t, "observatory.example/test")

	for why, want := range map[string]State{KeyRotated: Pass, KeyLost: Unknown, KeyCompromised: Unknown} {
		change := KeyChange{V: 1, Kind: KindKey, Origin: "observatory.example/test", Why: why, Old: oldKey, New: newKey, Size: head.Size, Root: head.Root, At: Moment(m.now, "")}
		signers := []note.Signer{newSign, oldSigner}
		if why == KeyLost {
			signers = signers[:1]
		}
		signed, err := change.Sign(signers...)
		if err != nil {
			t.Fatal(err)
		}
		after, err := OpenLog(copyDir(t, m.dir), m.key, newVerify)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := after.Append([][]byte{leaf(77)}, Appender{Signer: newSign, Now: m.now}); err != nil {
			t.Fatal(err)
		}
		bundle := m.bundle(n, n+1)
		bundle.Log, bundle.Key, bundle.KeyChanges = after, newKey, [][]byte{signed}
		bundle.Stamps = map[int64]map[string][]byte{2: nil} // an older checkpoint, by the old key
		path := filepath.Join(t.TempDir(), "d.zip")
		f, _ := os.Create(path)
		if err := bundle.Write(f, newSign); err != nil {
			t.Fatal(err)
		}
		f.Close()
		b, _ := os.ReadFile(path)
		for key, want := range map[string]State{"": Pass, newKey: Pass, oldKey: want} {
			if v, err := verify(b, VerifyOptions{Key: key}); err != nil || v.State() != want {
				t.Errorf("%s, with key %.40q: %v %s %s; want %s", why, key, err, v.State(), reasons(v), want)
			}
		}
		// A dossier made before, when the reader knows of the change.
		known := VerifyOptions{Key: oldKey, KeyChanges: [][]byte{signed}}
		if v, err := verify(before, known); err != nil || v.State() != Pass {
			t.Errorf("%s: a dossier of just before: %v %s %s", why, err, v.State(), reasons(v))
		}
		if why == KeyCompromised {
			// What the thief signs later counts for nothing.
			m2 := *m
			m2.Log, _ = OpenLog(copyDir(t, m.dir), m.key)
			thief := &m2
			x := thief.item(t, "planted by the thief")
			forged := thief.write(t, thief.bundle(x))
			if v, _ := verify(forged, VerifyOptions{Key: oldKey}); v.State() != Pass {
				t.Errorf("a reader who does not know of the theft: %s", reasons(v))
			}
			if v, _ := verify(forged, known); v.State() != Fail || !strings.Contains(reasons(v), "stolen") {
				t.Errorf("a reader who knows of the theft: %s %s", v.State(), reasons(v))
			}
		}
	}
	stranger, _, strangerKey := newSigner(t, "observatory.example/test")
	forged, err := KeyChange{V: 1, Kind: KindKey, Origin: "observatory.example/test", Why: KeyRotated, Old: oldKey, New: strangerKey, At: Moment(m.now, "")}.Sign(stranger)
	if err != nil {
		t.Fatal(err)
	}
	c, err := OpenKeyChange(forged)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := Follow(oldKey, strangerKey, []SignedKeyChange{c}); got == Trusted {
		t.Error("a stranger's own word makes his key trusted")
	}
	for i := range len(forged) * 8 {
		b := bytes.Clone(forged)
		b[i/8] ^= 1 << (i % 8)
		if _, err := OpenKeyChange(b); err == nil {
			t.Errorf("bit %d of byte %d of a key change flipped: taken", i%8, i/8)
		}
	}
}
