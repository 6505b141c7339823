package collect

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/post"
)

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

func zstded(s string) string {
	e, _ := zstd.NewWriter(nil)
	return string(e.EncodeAll([]byte(s), nil))
}

// zipped makes an archive of name, content pairs.
func zipped(t testing.TB, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, pairs[i+1])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// manyRows is a table too varied to be packed small.
func manyRows(n int) string {
	var b strings.Builder
	b.WriteString("id,timestamp,text\n")
	for i := range n {
		fmt.Fprintf(&b, "p%d,%d,запись %x %x\n", i, 1588068000+i, i*2654435761, i*i*40503)
	}
	return b.String()
}

func TestPackedFiles(t *testing.T) {
	table := manyRows(50)
	for _, x := range []struct{ name, content string }{
		{"t.csv", table}, {"t.csv.gz", gzipped(table)}, {"t.csv.zst", zstded(table)},
		{"two.csv.gz", gzipped(table[:100]) + gzipped(table[100:])},
		{"t.zip", zipped(t, "folder/", "", "folder/t.csv", table, "__MACOSX/._t.csv", "x")},
		{"gz.zip", zipped(t, "t.csv.gz", gzipped(table))},
		{"zip.zip", zipped(t, "inner.zip", zipped(t, "t.csv", table))},
		{"misnamed.bin", gzipped(table)},
	} {
		r := collected(t, x.name, x.content)
		if r.err != nil || len(r.posts) != 50 {
			t.Errorf("%s: %d posts, error %v", x.name, len(r.posts), r.err)
			continue
		}
		if want := evidence.Of([]byte(x.content)); r.found[0].Ref != want || r.posts[49].Source.Ref != want {
			t.Errorf("%s: the Ref is %v, want that of the file on disk", x.name, r.posts[49].Source.Ref)
		}
	}
}

func TestZipOfSeveralFiles(t *testing.T) {
	r := collected(t, "mixed.zip", zipped(t, "a.csv", "id,text\n1,раз\n2,два\n,,,\n3\n", "readme.txt", "nothing to see here", "../../b.csv", "id,text\n3,три\n4,x,y,z\n"))
	if r.err != nil || !slices.Equal(r.texts(), []string{"раз", "два", "три"}) {
		t.Fatalf("texts %q, error %v", r.texts(), r.err)
	}
	if got := r.posts[2].Source.Record; got != 5 {
		t.Errorf("records count on across members: got %d, want 5", got)
	}
	last := r.rejects[len(r.rejects)-1]
	if last.Member != "b.csv" || last.Line != 3 || last.Record != 6 {
		t.Errorf("reject %+v, want member b.csv, line 3, record 6", last)
	}
	if !r.said("1 members were passed over", "readme.txt") {
		t.Errorf("notes %q", r.found[0].Notes)
	}
	if r := collected(t, "none.zip", zipped(t, "readme.txt", "nothing to see here")); r.err == nil || !strings.Contains(r.err.Error(), "no member was recognised") {
		t.Errorf("error %v", r.err)
	}
}

// What stands before a break is kept, the broken row is shown, and the break
// is an error.
func TestBrokenFiles(t *testing.T) {
	table := manyRows(20000)
	gz, zst := gzipped(table), zstded(table)
	z := zipped(t, "one.csv", manyRows(10), "two.csv", strings.ReplaceAll(table, "\np", "\nq"))
	for _, x := range []struct {
		name, content string
		least         int
	}{
		{"cut.csv.gz", gz[:len(gz)/2], 5000},
		{"cut.csv.zst", zst[:len(zst)*3/4], 1000},
		{"damaged.csv.gz", gz[:len(gz)-8] + "????" + gz[len(gz)-4:], 19000},
		{"cut.zip", z[:len(z)/2], 5000},
		{"nodirectory.zip", z[:len(z)-200], 10010},
	} {
		r := collected(t, x.name, x.content)
		if !errors.Is(r.err, ErrBroken) || !strings.Contains(r.err.Error(), x.name) {
			t.Errorf("%s: error %v, want one that says it is broken and where", x.name, r.err)
		}
		if len(r.posts) < x.least || r.found[0].Error == "" {
			t.Errorf("%s: %d posts before the break, want at least %d", x.name, len(r.posts), x.least)
		}
		for i, p := range r.posts[max(0, len(r.posts)-3):] {
			if !strings.HasPrefix(p.Text, "запись ") || p.Time.Precision != post.Second {
				t.Errorf("%s: post %d from the end is damaged: %+v", x.name, i, p)
			}
		}
	}
	r := collected(t, "cut.csv.gz", gz[:len(gz)/2])
	if n := len(r.rejects); n > 1 || n == 1 && !strings.Contains(r.rejects[0].Reason, "breaks off") {
		t.Errorf("rejects %+v", r.rejects)
	}
	for _, x := range []string{"PK\x03\x04", "PK\x03\x04" + strings.Repeat("\x00", 100), "\x1f\x8b", "\x1f\x8b\x08\x00", "\x28\xb5\x2f\xfd"} {
		if r := collected(t, "stub", x); r.err == nil {
			t.Errorf("%q was read without an error", x)
		}
	}
}

func TestBombsAreRefused(t *testing.T) {
	defer func(f, r int64, e int) { freeExpanded, maxRatio, maxEntries = f, r, e }(freeExpanded, maxRatio, maxEntries)
	freeExpanded, maxRatio = 1<<20, 100
	zeros := "id,text\n" + strings.Repeat("1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 200_000)
	for _, x := range []struct{ name, content string }{
		{"bomb.csv.gz", gzipped(zeros)}, {"bomb.csv.zst", zstded(zeros)}, {"bomb.zip", zipped(t, "a.csv", "id,text\n1,a\n", "inside.csv", zeros)},
	} {
		r := collected(t, x.name, x.content)
		if !errors.Is(r.err, ErrBomb) || !strings.Contains(r.err.Error(), x.name) {
			t.Errorf("%s: error %v, want it refused by name", x.name, r.err)
		}
	}
	maxEntries = 3
	r := collected(t, "many.zip", zipped(t, "a", "x", "b", "x", "c", "x", "d", "x"))
	if r.err == nil || !strings.Contains(r.err.Error(), "4 members") {
		t.Errorf("too many members gave %v", r.err)
	}
}

// A member that lies about its size in the directory is stopped while it is
// read.
func TestZipThatLies(t *testing.T) {
	defer func(f, r int64) { freeExpanded, maxRatio = f, r }(freeExpanded, maxRatio)
	freeExpanded, maxRatio = 1<<10, 10
	z := []byte(zipped(t, "a.csv", "id,text\n"+strings.Repeat("1,aaaaaaaaaaaaaaaaaaaaaaa\n", 10_000)))
	i := bytes.LastIndex(z, []byte("PK\x01\x02"))
	copy(z[i+24:], []byte{100, 0, 0, 0}) // uncompressed size
	r := collected(t, "lies.zip", string(z))
	if r.err == nil {
		t.Errorf("%d posts and no error", len(r.posts))
	}
}

func TestMemberNamesAreCleaned(t *testing.T) {
	for in, want := range map[string]string{
		"../../etc/passwd": "etc/passwd", "/abs/x": "abs/x", `..\win\x`: "win/x", "a/./b//c": "a/b/c", "bad\nname\x1b[31m": "bad_name_[31m", "ok/data.json": "ok/data.json",
	} {
		if got := MemberName(&zip.File{FileHeader: zip.FileHeader{Name: in}}); got != want {
			t.Errorf("MemberName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestStandardInput(t *testing.T) {
	c := &Collection{Stdin: strings.NewReader(gzipped(manyRows(3))), Post: func(*post.Post) error { return nil }}
	f, err := c.Read(context.Background(), "-")
	if err != nil || f.Posts != 3 || f.Ref.IsZero() {
		t.Errorf("%+v, error %v", f, err)
	}
	in, err := spool(context.Background(), "x", strings.NewReader("a,b\n"))
	if err != nil {
		t.Fatal(err)
	}
	name := in.closers[0].(tempFile).Name()
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Errorf("the spooled file is still there: %v", err)
	}
	if _, err := open(context.Background(), t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("a folder gave %v", err)
	}
}

func TestStopAndProgress(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv.gz")
	os.WriteFile(path, []byte(gzipped(manyRows(20000))), 0o600)
	ctx, cancel := context.WithCancel(context.Background())
	n, last := 0, int64(-1)
	c := &Collection{
		Post: func(*post.Post) error {
			if n++; n == 5000 {
				cancel()
			}
			return nil
		},
		Progress: func(_ string, done, size int64) {
			if done < last || done > size {
				t.Errorf("progress went from %d to %d of %d", last, done, size)
			}
			last = done
		},
	}
	if _, err := c.Read(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if n > 7000 {
		t.Errorf("%d posts came after the stop", n-5000)
	}
	if last < 0 {
		t.Error("no progress was told")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte(gzipped("id,text\n1,a\n")))
	f.Add([]byte(zstded("id,text\n1,a\n")))
	z := zipped(f, "a.csv", "id,text\n1,a\n", "b.csv", "id,text\n2,b\n")
	f.Add([]byte(z))
	f.Add([]byte(z[:len(z)-30]))
	f.Add([]byte("id,text\n1,a\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := spool(context.Background(), "fuzz", bytes.NewReader(b))
		if err != nil {
			return
		}
		defer in.Close()
		c := &Collection{Post: func(*post.Post) error { return nil }}
		s := &sink{ctx: context.Background(), c: c, found: newFound("fuzz"), in: in}
		c.begin()
		c.input(in, s, 0)
	})
}
