package appeal

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// writePages lays out an appeal; with PDF_OUT set it leaves the file there
// for somebody to look at.
func writePages(t *testing.T, name string, a *Appeal, o PageOptions) []byte {
	t.Helper()
	p, err := LayOut(a, o)
	if err != nil {
		t.Fatalf("LayOut(%s): %v", name, err)
	}
	var b bytes.Buffer
	if err := p.PDF(&b); err != nil {
		t.Fatalf("PDF(%s): %v", name, err)
	}
	if dir := os.Getenv("PDF_OUT"); dir != "" {
		os.WriteFile(filepath.Join(dir, name+".pdf"), b.Bytes(), 0o644)
		var s bytes.Buffer
		p.SVG(&s, 1)
		os.WriteFile(filepath.Join(dir, name+".svg"), s.Bytes(), 0o644)
	}
	return b.Bytes()
}

func readAppeal(t *testing.T, name string) *Appeal {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "pages", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	a, err := Parse(f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return a
}

var rivers = PageOptions{
	Letterhead: Letterhead{Name: "Three Rivers Observatory", Line: "for the protection of those who defend the rights of others",
		Address: []string{"4 Quay of the Ferrymen, Harbour City", "appeals@threerivers.example · +999 10 010 041"}},
	Checked: "2026-11-06", CheckCopy: "threerivers.example/v/041 · b5e1 … 5c1d",
}

func TestSaryn(t *testing.T) {
	for _, n := range []string{"saryn.kk", "saryn.ru", "saryn.ar"} {
		writePages(t, n, readAppeal(t, n), rivers)
	}
	writePages(t, "saryn.en", readAppeal(t, "saryn.en"), rivers)
}
