package appeal

import (
	"os"
	"path/filepath"
	"testing"
)

func BenchmarkImport(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("testdata", "import", "en-wrapped.txt"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Import("a.txt", data, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
