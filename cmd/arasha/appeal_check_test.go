package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
)

// TestAppealCheckExit: 1 only when an error is found, 2 when nothing could be
// read.
func TestAppealCheckExit(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		f := filepath.Join(dir, name)
		if err := os.WriteFile(f, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return f
	}
	const notice = "Press release\n\nParis-Geneva, March 18, 2021. The Observatory welcomes the release of Ms. Aizere Sarmanova, a lawyer."
	clean := write("clean.txt", notice)
	odd := write("odd.txt", notice+" Many fake accounts had repeated one text.")
	bad := write("bad.txt", notice+" On June 31, 2020, her office had been closed.")
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{clean}, exitDone}, {[]string{odd}, exitDone}, {[]string{bad}, exitNo}, {[]string{bad, "--json"}, exitNo},
		{[]string{filepath.Join(dir, "nowhere.txt")}, exitUnknown}, {[]string{write("empty.txt", " ")}, exitUnknown},
		{[]string{clean, "--with", filepath.Join(dir, "nowhere.txt")}, exitUnknown},
		{nil, exitUsage}, {[]string{"-", "--with", "-"}, exitUsage},
	} {
		var out, talk bytes.Buffer
		got := run(context.Background(), append([]string{"appeal", "check"}, c.args...), &world{in: &bytes.Buffer{}, out: &out, err: &talk})
		if got != c.want {
			t.Errorf("arasha appeal check %v ends with %d, want %d\n%s%s", c.args, got, c.want, &out, &talk)
		}
	}
}
