package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptCommands are what a transcript can do beside running programs.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	// docx-edit FILE PART OLD NEW does what a word processor does when it
	// saves: in one part of a DOCX, the words of the file OLD become those of
	// the file NEW. Without OLD (-) it adds the part.
	"docx-edit": func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 4 {
			ts.Fatalf("usage: docx-edit FILE PART OLD NEW")
		}
		file, part := ts.MkAbs(args[0]), args[1]
		data, err := os.ReadFile(file)
		ts.Check(err)
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		ts.Check(err)
		now := strings.TrimSuffix(ts.ReadFile(args[3]), "\n")
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		put := func(name, text string) {
			f, err := w.Create(name)
			ts.Check(err)
			_, err = io.WriteString(f, text)
			ts.Check(err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			ts.Check(err)
			text, err := io.ReadAll(r)
			ts.Check(err)
			s := string(text)
			if f.Name == part {
				old := strings.TrimSuffix(ts.ReadFile(args[2]), "\n")
				if strings.Count(s, old) != 1 {
					ts.Fatalf("%s holds the old words %d times:\n%s", part, strings.Count(s, old), s)
				}
				s = strings.Replace(s, old, now, 1)
			}
			put(f.Name, s)
		}
		if args[2] == "-" {
			put(part, now)
		}
		ts.Check(w.Close())
		ts.Check(os.WriteFile(file, b.Bytes(), 0o644))
	},
}
