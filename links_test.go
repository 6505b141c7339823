package arasha_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var (
	linkForm    = regexp.MustCompile(`\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)?)(?:\s+"[^"]*")?\)`)
	headingForm = regexp.MustCompile(`^#{1,6}\s+(.*?)\s*#*\s*$`)
	idForm      = regexp.MustCompile(`(?:id|name)="([^"]+)"`)
	codeSpan    = regexp.MustCompile("`[^`]*`")
)

// TestLinks fails when a page of the documents links to a file or a heading
// that is not there. Addresses on the web are not asked.
func TestLinks(t *testing.T) {
	pages := map[string]page{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && (name == "testdata" || name == "dist" || len(name) > 1 && name[0] == '.') {
			return filepath.SkipDir
		}
		if filepath.Ext(file) != ".md" || d.IsDir() {
			return nil
		}
		b, err := os.ReadFile(file)
		pages[filepath.ToSlash(file)] = readPage(string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for name, p := range pages {
		for _, l := range p.links {
			if strings.Contains(l.to, "://") || strings.HasPrefix(l.to, "mailto:") {
				continue
			}
			links++
			file, anchor, _ := strings.Cut(l.to, "#")
			target := name
			if file != "" {
				target = path.Join(path.Dir(name), file)
			}
			if _, err := os.Stat(filepath.FromSlash(target)); err != nil {
				t.Errorf("%s:%d: %s: there is no such file", name, l.line, l.to)
			} else if to, ok := pages[target]; anchor != "" && ok && !to.anchors[anchor] {
				t.Errorf("%s:%d: %s: %s has no such heading", name, l.line, l.to, target)
			}
		}
	}
	if len(pages) < 20 || links < 50 {
		t.Errorf("%d pages and %d links seen: the walk is broken", len(pages), links)
	}
}

type page struct {
	links   []link
	anchors map[string]bool
}

type link struct {
	to   string
	line int
}

// readPage finds the links and the anchors of a page, those in code left out.
func readPage(text string) page {
	p := page{anchors: map[string]bool{}}
	fenced := false
	for i, line := range strings.Split(text, "\n") {
		if t := strings.TrimSpace(line); strings.HasPrefix(t, "```") || strings.HasPrefix(t, "~~~") {
			fenced = !fenced
			continue
		}
		if fenced || strings.HasPrefix(line, "    ") && !strings.HasPrefix(strings.TrimSpace(line), "- ") {
			continue
		}
		if m := headingForm.FindStringSubmatch(line); m != nil {
			a := anchorOf(m[1])
			for n := 1; p.anchors[a]; n++ { // the second heading of a name
				a = anchorOf(m[1]) + "-" + string(rune('0'+n))
			}
			p.anchors[a] = true
		}
		for _, m := range idForm.FindAllStringSubmatch(line, -1) {
			p.anchors[m[1]] = true
		}
		for _, m := range linkForm.FindAllStringSubmatch(codeSpan.ReplaceAllString(line, "``"), -1) {
			p.links = append(p.links, link{m[1], i + 1})
		}
	}
	return p
}

// anchorOf is the anchor that forges make of a heading: lower case, spaces as
// hyphens, and nothing but letters, digits, hyphens and underscores.
func anchorOf(heading string) string {
	heading = linkText.ReplaceAllString(heading, "$1")
	var b strings.Builder
	for _, r := range strings.ToLower(heading) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			b.WriteRune(r)
		}
	}
	return b.String()
}

var linkText = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)

func TestAnchorOf(t *testing.T) {
	for heading, want := range map[string]string{
		"Checking a release":             "checking-a-release",
		"`log/` and `records/0.age`":     "log-and-records0age",
		"What *is* a [Ref](terms.md#r)?": "what-is-a-ref",
		"Уровень 1":                      "уровень-1",
	} {
		if got := anchorOf(heading); got != want {
			t.Errorf("anchorOf(%q) = %q, want %q", heading, got, want)
		}
	}
	p := readPage("# A\n## B b\n## B b\n[x](y.md#z) `[no](no.md)`\n```\n[no](no.md)\n```\n")
	if len(p.links) != 1 || p.links[0] != (link{"y.md#z", 4}) || !p.anchors["b-b"] || !p.anchors["b-b-1"] {
		t.Errorf("readPage = %+v", p)
	}
}
