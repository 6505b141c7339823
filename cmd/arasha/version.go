package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is the version of this source. A release build may set it with
// -ldflags "-X main.version=…".
var version = "0.1.0-dev"

type versionCmd struct {
	JSON bool `help:"Print JSON."`
}

func (c *versionCmd) Run(w *world) error {
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	if c.JSON {
		return json.NewEncoder(w.out).Encode(map[string]string{"version": version, "revision": revision, "go": runtime.Version()})
	}
	fmt.Fprintf(w.out, "arasha %s", version)
	if revision != "" {
		fmt.Fprintf(w.out, " (%.12s)", revision)
	}
	_, err := fmt.Fprintf(w.out, " %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
