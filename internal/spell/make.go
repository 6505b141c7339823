//go:build ignore

// Make writes NAME.zst and NAME.aff from Hunspell dictionaries:
//
//	go run make.go en /path/dictionary-en /path/dictionary-en-gb
//	go run make.go ru /path/dictionary-ru
//
// Folders are those of the npm packages dictionary-*, with index.dic,
// index.aff and license. Words that begin in a capital are left out: the
// reader never asks for them. Words of several folders are merged, with the
// flags of all of them, so that both British and American spelling is known;
// their affix rules must be the same.
package main

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
)

func main() {
	name, folders := os.Args[1], os.Args[2:]
	words := map[string]map[rune]bool{}
	var aff []byte
	for _, f := range folders {
		rules := read(filepath.Join(f, "index.aff"))
		if aff != nil && !bytes.Equal(aff, rules) {
			log.Fatalf("the affix rules of %s differ", f)
		}
		aff = rules
		lines := strings.Split(string(read(filepath.Join(f, "index.dic"))), "\n")
		for _, l := range lines[1:] {
			w, flags, _ := strings.Cut(strings.TrimSpace(l), "/")
			r, _ := utf8.DecodeRuneInString(w)
			if !unicode.IsLower(r) || strings.ContainsAny(w, "0123456789. ") {
				continue
			}
			if words[w] == nil {
				words[w] = map[rune]bool{}
			}
			for _, f := range flags {
				words[w][f] = true
			}
		}
	}
	var sorted []string
	for w := range words {
		sorted = append(sorted, w)
	}
	sort.Strings(sorted)
	var out bytes.Buffer
	for _, w := range sorted {
		var flags []string
		for f := range words[w] {
			flags = append(flags, string(f))
		}
		sort.Strings(flags)
		fmt.Fprintf(&out, "%s\t%s\n", w, strings.Join(flags, ""))
	}
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		log.Fatal(err)
	}
	write(name+".zst", e.EncodeAll(out.Bytes(), nil))
	var kept bytes.Buffer
	for _, l := range strings.Split(string(aff), "\n") {
		if f := strings.Fields(l); len(f) > 2 && (f[0] == "SFX" || f[0] == "PFX" || f[0] == "REP") {
			fmt.Fprintln(&kept, strings.Join(f, " "))
		}
	}
	write(name+".aff", kept.Bytes())
	write(name+".LICENSE", read(filepath.Join(folders[0], "license")))
}

func read(file string) []byte {
	b, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	return b
}

func write(file string, b []byte) {
	if err := os.WriteFile(file, b, 0o644); err != nil {
		log.Fatal(err)
	}
}
