package appeal

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var formats = []struct {
	ext    string
	render func(*Appeal, Form) ([]byte, error)
}{
	{"html", (*Appeal).HTML},
	{"docx", (*Appeal).DOCX},
	{"odt", (*Appeal).ODT},
	{"eml", func(a *Appeal, o Form) ([]byte, error) { return a.Email(o, time.Time{}) }},
	{"pdf", renderPDF},
	{"txt", (*Appeal).Text},
	{"md", (*Appeal).MarkdownFile},
}

// everyAppeal returns every invented appeal of testdata.
func everyAppeal(t testing.TB) map[string]*Appeal {
	t.Helper()
	as := map[string]*Appeal{}
	for _, dir := range []string{"import", "pages"} {
		files, err := filepath.Glob(filepath.Join("testdata", dir, "*.json"))
		if err != nil || len(files) < 5 {
			t.Fatalf("%d appeals in %s, %v", len(files), dir, err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			a, err := Parse(bytes.NewReader(data))
			if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			as[filepath.Base(f)] = a
		}
	}
	return as
}

var riversForm = Form{Letterhead: rivers.Letterhead, Checked: "2026-11-06"}

// TestRenderRoundTrip renders every appeal in every format and reads it back:
// nothing may be lost.
func TestRenderRoundTrip(t *testing.T) {
	for name, a := range everyAppeal(t) {
		for _, o := range []Form{{}, riversForm} {
			comesBack(t, name, a, o)
		}
	}
}

// TestPrintedCodeIsRendered is the sixth promise on paper: a code that is odd,
// or a misprint, stands in every format as it was printed.
func TestPrintedCodeIsRendered(t *testing.T) {
	for name, a := range everyAppeal(t) {
		if a.Code == nil || a.Kind != UrgentAppeal || a.Language != "en" {
			continue
		}
		for _, printed := range []string{"XSR 1/0131/OBS 50", "XSR-001-1350-OBS-050", "XSR 001 / 0131 / OBS 050"} {
			code, err := ParseCode(printed)
			if err != nil {
				t.Fatal(err)
			}
			odd := *a
			odd.Code = &code
			for _, f := range formats {
				b, err := f.render(&odd, Form{})
				if err != nil {
					t.Fatal(err)
				}
				if usual := code.String(); usual != printed && bytes.Contains(b, []byte(usual)) {
					t.Errorf("%s as %s: %q is printed as %q", name, f.ext, printed, usual)
				}
				back, err := Import("a."+f.ext, b, Options{})
				if err != nil || back.Code == nil || back.Code.Printed != printed {
					t.Errorf("%s as %s: the code %q comes back as %+v, %v", name, f.ext, printed, back.Code, err)
				}
			}
		}
		return // one is enough: the code is written in one place of each format
	}
	t.Fatal("no appeal with a code")
}

func comesBack(t *testing.T, name string, a *Appeal, o Form) {
	t.Helper()
	for _, f := range formats {
		b, err := f.render(a, o)
		if err != nil {
			t.Errorf("%s as %s: %v", name, f.ext, err)
			continue
		}
		back, err := Import("a."+f.ext, b, Options{})
		if err != nil {
			t.Errorf("%s as %s does not read back: %v", name, f.ext, err)
			continue
		}
		if d := cmp.Diff(a, back, cmpopts.IgnoreFields(Appeal{}, "File"), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s as %s (-before +after):\n%s", name, f.ext, d)
		}
		if dir := os.Getenv("RENDER_OUT"); dir != "" && o.Letterhead.Name != "" {
			os.WriteFile(filepath.Join(dir, strings.TrimSuffix(name, ".json")+"."+f.ext), b, 0o644)
		}
	}
}

func TestRenderRoundTripReal(t *testing.T) {
	dir := realData(t)
	files, _ := filepath.Glob(filepath.Join(dir, "samples", "*.txt"))
	for _, f := range append(files, filepath.Join(dir, "seed-kaz-001-0120-obs-050.en.txt")) {
		comesBack(t, filepath.Base(f), importFile(t, f), Form{})
	}
}

func renderPDF(a *Appeal, o Form) ([]byte, error) {
	p, err := LayOut(a, PageOptions{Letterhead: o.Letterhead, Checked: o.Checked})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = p.PDF(&b)
	return b.Bytes(), err
}
