package appeal

import (
	"os"
	"path/filepath"
	"testing"
)

func TestDump(t *testing.T) {
	f := os.Getenv("DUMP")
	if f == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(f)
	a, err := Import(filepath.Base(f), data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := a.Encode()
	os.Stdout.Write(b)
}
