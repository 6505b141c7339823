package disk

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	for _, want := range []string{"one", "two", ""} {
		if err := Write(path, 0o640, []byte(want)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("after Write(%q) the file holds %q, %v", want, got, err)
		}
	}
	if err := Write(filepath.Join(path, "b"), 0o640, nil); err == nil {
		t.Error("Write below a file succeeded")
	}
	if names, err := os.ReadDir(filepath.Dir(path)); err != nil || len(names) != 1 {
		t.Errorf("left in the folder: %v, %v", names, err)
	}
}

func TestWriteOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	for _, c := range []struct {
		b  string
		ok bool
	}{{"one", true}, {"one", true}, {"two", false}} {
		if err := WriteOnce(path, 0o444, []byte(c.b)); (err == nil) != c.ok {
			t.Errorf("WriteOnce(%q): %v", c.b, err)
		}
	}
	if got, _ := os.ReadFile(path); string(got) != "one" {
		t.Errorf("the file holds %q, want what was written first", got)
	}
}

func TestPendingIsNotSeen(t *testing.T) {
	dir := t.TempDir()
	p, err := NewPending(dir)
	if err != nil {
		t.Fatal(err)
	}
	p.WriteString("half")
	p.Discard()
	p.Discard()
	if names, _ := os.ReadDir(dir); len(names) != 0 {
		t.Errorf("a discarded file is left: %v", names)
	}
}

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(path); !errors.Is(err, ErrLocked) {
		t.Errorf("a second Lock: %v, want ErrLocked", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	again, err := Lock(path)
	if err != nil {
		t.Fatalf("Lock after unlock: %v", err)
	}
	again()
}
