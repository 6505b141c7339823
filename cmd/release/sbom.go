package main

import (
	"debug/buildinfo"
	"encoding/json"
	"runtime/debug"
)

// The part of CycloneDX 1.6 that we write (ECMA-424,
// https://cyclonedx.org/docs/1.6/json/). No serial number and no time: the same
// program has the same list.
type sbom struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Version    int         `json:"version"`
	Metadata   metadata    `json:"metadata"`
	Components []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Name       string     `json:"name"`
	Version    string     `json:"version,omitempty"`
	PURL       string     `json:"purl,omitempty"`
	Hashes     []hash     `json:"hashes,omitempty"`
	Properties []property `json:"properties,omitempty"`
}

type hash struct {
	Alg     string `json:"alg"`
	Content string `json:"content"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// modulesOf returns the software bill of materials of a built program: every
// module in it, as the linker wrote them down, and the settings it was built
// with. The hash of a module is that of go.sum, which is over a list of its
// files and so no hash of CycloneDX; it stands as the property go:sum.
func modulesOf(program, name, sum string) ([]byte, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return nil, err
	}
	b := sbom{Format: "CycloneDX", Spec: "1.6", Version: 1}
	b.Metadata.Component = component{Type: "application", Name: name, Hashes: []hash{{"SHA-256", sum}}}
	for _, s := range info.Settings {
		b.Metadata.Component.Properties = append(b.Metadata.Component.Properties, property{"go:build:" + s.Key, s.Value})
	}
	goVersion := info.GoVersion
	b.Components = append(b.Components, component{Type: "library", Name: "std", Version: goVersion, PURL: "pkg:golang/std@" + goVersion})
	for _, m := range info.Deps {
		b.Components = append(b.Components, module(m))
	}
	out, err := json.MarshalIndent(&b, "", "  ")
	return append(out, '\n'), err
}

func module(m *debug.Module) component {
	if m.Replace != nil {
		m = m.Replace
	}
	c := component{Type: "library", Name: m.Path, Version: m.Version, PURL: "pkg:golang/" + m.Path + "@" + m.Version}
	if m.Sum != "" {
		c.Properties = []property{{"go:sum", m.Sum}}
	}
	return c
}
