package appeal

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkCheck measures the second and later checks of one process.
func BenchmarkCheck(b *testing.B) {
	dir := os.Getenv("ARASHA_DATA")
	if dir == "" {
		dir = "../../shared/data"
	}
	data, err := os.ReadFile(filepath.Join(dir, "appeals", "seed-kaz-001-0120-obs-050.en.txt"))
	if err != nil {
		b.Skip("no real data: set ARASHA_DATA to the folder that holds appeals/")
	}
	a, err := Import("seed.txt", data, Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		Check(a, CheckOptions{})
	}
}
