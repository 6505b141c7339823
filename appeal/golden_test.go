package appeal

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the expected results anew")

// TestImportGolden imports the invented appeals of testdata/import and
// compares the whole result. Read the diff as a reader of the appeal would.
func TestImportGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/import/*")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d invented appeals found, %v", len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".json") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Import(filepath.Base(file), data, Options{})
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		got, err := a.Encode()
		if err != nil {
			t.Fatal(err)
		}
		golden := strings.TrimSuffix(file, filepath.Ext(file)) + ".json"
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatalf("%v (write it with -update and read it)", err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s (-want +got):\n%s", file, cmp.Diff(string(want), string(got)))
		}
		roundTrip(t, filepath.Base(file), a)
	}
}
