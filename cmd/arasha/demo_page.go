package main

import (
	"bytes"
	_ "embed"
	"html/template"

	"github.com/arasha-org/arasha/internal/lazyre"
	"github.com/arasha-org/arasha/internal/page"
)

//go:embed demo_page.html
var demoPageHTML string

//go:embed demo_page.css
var demoPageCSS string

// A demoPage is the story of the demonstration in pictures: index.html.
type demoPage struct {
	Title    string
	Posts    []demoPost
	Read     string // how many posts, of which exports
	Kept     []demoRef
	Timeline template.HTML // SVG of package report
	Waves    string
	Network  template.HTML // SVG of package report
	Groups   string
	Verdict  string // who kept the finding, and why

	Fact, Source, Open, Case string

	Pages     []template.HTML // the first pages of the appeal, SVG of package appeal
	Signed    string
	Code      string
	Documents []demoLink

	Proof []demoLine
	Check string // the command that checks the dossier

	Style  template.CSS
	Policy string
}

type demoPost struct {
	Time, Lang string
	Words      template.HTML
}

type demoRef struct{ What, Ref string }

type demoLink struct{ Href, Text, Lang string }

type demoLine struct{ What, Says string }

var tags = lazyre.New(`<[^>]*>`)

// render returns the page as one file that needs nothing else but the files
// it links to.
func (p *demoPage) render() ([]byte, error) {
	t, err := template.New("demo").Parse(demoPageHTML)
	if err != nil {
		return nil, err
	}
	// Twice: the first time for the letters it uses.
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return nil, err
	}
	faces, err := page.Type(tags.ReplaceAllString(b.String(), " "))
	if err != nil {
		return nil, err
	}
	style := faces + page.Tokens + page.Document + demoPageCSS
	p.Style, p.Policy = template.CSS(style), page.Policy(style)
	b.Reset()
	if err := t.Execute(&b, p); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
