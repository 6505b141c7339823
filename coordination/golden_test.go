package coordination_test

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
)

// dataDir returns the folder with the real data, or skips the test.
func dataDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("ARASHA_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	dir = filepath.Join(dir, "coordination")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("ARASHA_DATA_REQUIRED") == "true" {
			t.Fatalf("the real data is required: %v", err)
		}
		t.Skip("the real data is not here: set ARASHA_DATA")
	}
	return dir
}

// readCSV returns the rows of a gzipped CSV file, without the header.
func readCSV(t testing.TB, elem ...string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}
