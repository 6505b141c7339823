// Command release builds arasha for every system it is released for, and
// writes beside the programs their list of modules and their checksums:
//
//	go run ./cmd/release -o dist
//
// The bytes depend on the source and the version of Go alone, not on the
// folder, the computer or the day. Nothing is fetched: the modules must be
// there already ("go mod download").
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// targets are the systems of a release.
var targets = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64"}

// maxSize is the largest a program may be.
const maxSize = 60 << 20

func main() {
	out := flag.String("o", "dist", "the folder to write")
	version := flag.String("version", "", "the version the programs tell (default: that of the source)")
	only := flag.String("only", "", "one system alone, such as linux/amd64")
	flag.Parse()
	if err := release(*out, *version, *only); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func release(out, version, only string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	var sums strings.Builder
	list := func(name string) (string, error) {
		sum, err := sumOf(filepath.Join(out, name))
		fmt.Fprintf(&sums, "%s  %s\n", sum, name)
		return sum, err
	}
	for _, target := range targets {
		if only != "" && target != only {
			continue
		}
		goos, goarch, _ := strings.Cut(target, "/")
		name := "arasha-" + goos + "-" + goarch
		if goos == "windows" {
			name += ".exe"
		}
		program := filepath.Join(out, name)
		if err := build(program, goos, goarch, version); err != nil {
			return fmt.Errorf("%s: %w", target, err)
		}
		info, err := os.Stat(program)
		if err != nil {
			return err
		}
		if info.Size() > maxSize {
			return fmt.Errorf("%s has %d bytes; %d are allowed", name, info.Size(), maxSize)
		}
		sum, err := list(name)
		if err != nil {
			return err
		}
		bom, err := modulesOf(program, name, sum)
		if err != nil {
			return err
		}
		if err := os.WriteFile(program+".cdx.json", bom, 0o644); err != nil {
			return err
		}
		if _, err := list(name + ".cdx.json"); err != nil {
			return err
		}
		fmt.Printf("%s  %.1f MB\n", name, float64(info.Size())/1e6)
	}
	if sums.Len() == 0 {
		return fmt.Errorf("%q is none of %v", only, targets)
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

// build makes one program. What a builder's own settings could change in its
// bytes is fixed here.
func build(program, goos, goarch, version string) error {
	link := "-s -w -buildid="
	if version != "" {
		link += " -X main.version=" + version
	}
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-mod=readonly", "-ldflags", link, "-o", program, "./cmd/arasha")
	c.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0", "GOAMD64=v1", "GOARM64=v8.0",
		"GOFLAGS=", "GOEXPERIMENT=", "GOWORK=off", "GOPROXY=off", "GOTOOLCHAIN=local", "GOFIPS140=off")
	c.Stderr = os.Stderr
	return c.Run()
}

func sumOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}
