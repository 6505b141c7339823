package evidence

import (
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
	"time"
)

const readme = `This is a dossier of evidence made by Arasha.

To read it     open certificate.html in any browser. It asks nothing of any network.
               The kept files are in items/, under their SHA-256; their names are in the certificate.

To check it    arasha verify DOSSIER
               or, without that program, by the page "The dossier, version 1", which says every byte.
               In an unpacked dossier, "sha256sum -c MANIFEST.sha256" checks the files alone.

To rely on it  compare the fingerprint of the key with one you got another way: by telephone,
               from print, from the organisation's own page. A key inside a dossier shows only that
               the dossier agrees with itself.
`

// A description is what the documents of a dossier are made from.
type description struct {
	Origin, Root, Created, Fingerprint, Key, Maker string
	Size, Dated                                    int64
	Items                                          []shownItem
	Custody                                        map[int64][]*Event
}

type shownItem struct {
	Leaf     int64
	Item     *Item
	Enclosed bool
	Opened   map[string]Opening
	Grade    Grade
}

// dataPackage writes the Frictionless Data Package descriptor.
func (d description) dataPackage(w io.Writer) error {
	type resource struct {
		Name  string `json:"name"`
		Title string `json:"title,omitempty"`
		Path  string `json:"path"`
		Media string `json:"mediatype,omitempty"`
		Bytes int64  `json:"bytes,omitempty"`
		Hash  string `json:"hash,omitempty"`
	}
	all := []resource{{Name: "leaves", Title: "Entries of the log with their proofs", Path: leavesName, Media: "application/jsonl"}}
	seen := make(map[Ref]bool)
	for _, i := range d.Items {
		if i.Enclosed && !seen[i.Item.Ref] {
			seen[i.Item.Ref] = true
			all = append(all, resource{fmt.Sprintf("item-%d", i.Leaf), i.Item.Name, "items/" + i.Item.Ref.String(), i.Item.Media, i.Item.Size, "sha256:" + i.Item.Ref.String()})
		}
	}
	return writeJSON(w, map[string]any{
		"profile": "data-package", "name": "dossier", "title": "Evidence from the log " + d.Origin, "created": d.Created, "resources": all,
	})
}

// crate writes the RO-Crate 1.1 metadata: one CreateAction for each item.
func (d description) crate(w io.Writer) error {
	type object map[string]any
	id := func(s string) object { return object{"@id": s} }
	graph := []object{
		{"@id": crateName, "@type": "CreativeWork", "conformsTo": id("https://w3id.org/ro/crate/1.1"), "about": id("./")},
	}
	parts := []object{id(leavesName), id(certificateName)}
	rest := []object{
		{"@id": leavesName, "@type": "File", "name": "Entries of the log with their proofs", "encodingFormat": "application/jsonl"},
		{"@id": certificateName, "@type": "File", "name": "Certificate", "encodingFormat": "text/html"},
		{"@id": "#tool", "@type": "SoftwareApplication", "name": d.Maker},
	}
	seen := make(map[Ref]bool)
	for _, i := range d.Items {
		file := "items/" + i.Item.Ref.String()
		if i.Enclosed && !seen[i.Item.Ref] {
			seen[i.Item.Ref] = true
			parts = append(parts, id(file))
			o := object{"@id": file, "@type": "File", "name": i.Item.Name, "contentSize": fmt.Sprint(i.Item.Size), "sha256": i.Item.Ref.String()}
			if i.Item.Media != "" {
				o["encodingFormat"] = i.Item.Media
			}
			rest = append(rest, o)
		}
		action := object{"@id": fmt.Sprintf("#leaf-%d", i.Leaf), "@type": "CreateAction", "endTime": i.Item.Collected.At.Format(time.RFC3339), "instrument": id("#tool"),
			"description": "Entered in the log as leaf " + fmt.Sprint(i.Leaf) + " by " + i.Item.Tool}
		if i.Enclosed {
			action["result"] = id(file)
		}
		if a := i.Item.Address; a != nil && a.Typed != "" {
			action["object"] = a.Typed
		}
		rest = append(rest, action)
	}
	graph = append(graph, object{"@id": "./", "@type": "Dataset", "name": "Evidence from the log " + d.Origin, "datePublished": d.Created,
		"description": "Chosen items with their custody and the proofs that they stand in the signed log.", "license": "All rights reserved by those who hold them.", "hasPart": parts})
	return writeJSON(w, object{"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": append(graph, rest...)})
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// certificate writes the page that a person signs and a notary can read. It
// asks nothing of any network and holds no script.
func (d description) certificate(w io.Writer) error { return certificateTemplate().Execute(w, d) }

// Events returns the custody of an item.
func (d description) Events(leaf int64) []*Event { return d.Custody[leaf] }

var certificateTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"when": func(t Time) string { return t.At.Format("2006-01-02 15:04:05 UTC") },
		"join": func(s []string) string { return strings.Join(s, "; ") },
	}).Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Certificate: evidence from the log {{.Origin}}</title>
<style>
body { font: 11pt/1.45 Georgia, "Noto Serif", serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem } h3 { font-size: 1rem; margin: 1.5rem 0 .3rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .15rem .6rem .15rem 0 } th { font-weight: normal; color: #444; width: 11rem }
code { font: .85em/1.4 "Noto Sans Mono", Consolas, monospace; overflow-wrap: anywhere }
section.item { border-top: 1px solid #999; break-inside: avoid } .sign td { height: 2.2rem; border-bottom: 1px solid #111 }
@page { size: A4; margin: 20mm }
</style>
</head>
<body>
<h1>Certificate of electronic evidence</h1>
<table>
<tr><th>Log</th><td>{{.Origin}}</td></tr>
<tr><th>Dossier made</th><td>{{.Created}}, by {{.Maker}}</td></tr>
<tr><th>State of the log</th><td>{{.Size}} entries, root <code>{{.Root}}</code></td></tr>
<tr><th>Fingerprint of the key</th><td><code>{{.Fingerprint}}</code></td></tr>
<tr><th>Items</th><td>{{len .Items}}</td></tr>
</table>

<h2>What is certified</h2>
<p>1. Each item below was kept as it came, as a sequence of bytes, and is identified by its SHA-256. Whoever computes the SHA-256 of the enclosed file and finds the
same digits holds the same bytes.</p>
<p>2. When it was kept, the item was entered in a log in which no entry can be changed or taken out afterwards without breaking the proofs enclosed with this certificate. Its custody since is
entered in the same log.</p>
<p>3. The times below are those of the clock named with them.{{if .Dated}} Outside authorities have dated a state of the log that holds the first {{.Dated}} entries; their tokens are enclosed.{{else}} No outside
authority has dated this log as far as this dossier shows.{{end}}</p>
<p>4. Persons and network addresses are sealed where it says so: what was recorded cannot be changed, and can be opened to a court.</p>
<p>The certificate says that the bytes are what was collected. It does not say that what they tell is true.</p>

<h2>How this can be checked</h2>
<p>Without the maker's help: with the program Arasha (<code>arasha verify</code>), or by anybody who follows the public description of the format, with common tools. First compare the fingerprint
above with one received another way.</p>

<h2>The items</h2>
{{- range .Items}}
<section class="item">
<h3>Item {{.Leaf}}{{with .Item.Name}}: <bdi>{{.}}</bdi>{{end}}</h3>
<table>
{{- if .Item.Ref.IsZero}}
<tr><th>Bytes</th><td>none kept, only the address</td></tr>
{{- else}}
<tr><th>SHA-256</th><td><code>{{.Item.Ref}}</code></td></tr>
<tr><th>Size</th><td>{{.Item.Size}} bytes{{if not .Enclosed}}; the bytes are not enclosed{{end}}</td></tr>
{{- end}}
<tr><th>Kind</th><td>{{.Item.What}}{{with .Item.Media}}, {{.}}{{end}}</td></tr>
{{- with .Item.Address}}
<tr><th>Address</th><td><bdi>{{.Typed}}</bdi>{{with .Final}}<br>after redirects: <bdi>{{.}}</bdi>{{end}}{{with .Native}}<br>platform's number: <bdi>{{.}}</bdi>{{end}}</td></tr>
{{- end}}
<tr><th>Collected</th><td>{{when .Item.Collected}}{{with .Item.Collected.Clock}}, by {{.}}{{end}}</td></tr>
<tr><th>With</th><td>{{.Item.Tool}}</td></tr>
{{- if not .Item.Parent.IsZero}}
<tr><th>Taken from</th><td><code>{{.Item.Parent}}</code>{{with .Item.Changes}}<br>changes: {{join .}}{{end}}</td></tr>
{{- end}}
<tr><th>Collected by</th><td>{{with .Opened}}{{with index . "collector"}}{{if .Value}}{{.Value}}{{else}}sealed{{end}}{{end}}{{else}}{{if .Item.Sealed.Collector}}sealed{{else}}not recorded{{end}}{{end}}</td></tr>
{{- with .Item.Context}}
<tr><th>Context</th><td>{{.}}</td></tr>
{{- end}}
{{- with .Item.Note}}
<tr><th>Note</th><td>{{.}}</td></tr>
{{- end}}
<tr><th>Grade</th><td>{{.Grade.Letter}}: {{.Grade.Meaning}}</td></tr>
<tr><th>Present</th><td>{{join .Grade.Present}}</td></tr>
<tr><th>Missing</th><td>{{join .Grade.Missing}}</td></tr>
{{- range $.Events .Leaf}}
<tr><th>{{when .At}}</th><td>{{.Act}}{{with .Role}}, as {{.}}{{end}}{{with .Reason}}: {{.}}{{end}}{{with .Authority}} ({{.}}){{end}}{{with .Note}}; {{.}}{{end}}</td></tr>
{{- end}}
</table>
</section>
{{- end}}

<h2>Declaration</h2>
<p>I have charge of the log named above, or I am qualified to describe how it is kept. To the best of my knowledge the items listed were kept by the process described here, as part of our regular work, and the enclosed files are
exact copies of them.</p>
<table class="sign">
<tr><th>Name</th><td></td></tr>
<tr><th>Capacity</th><td></td></tr>
<tr><th>Place and date</th><td></td></tr>
<tr><th>Signature</th><td></td></tr>
<tr><th>Notary or witness</th><td></td></tr>
</table>
</body>
</html>
`))
})
