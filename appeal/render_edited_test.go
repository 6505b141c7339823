package appeal

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
)

// gist is what a reader of an appeal would miss: every field of the issue
// without markers, kinds of the unknown and white space.
func gist(a *Appeal) string {
	var b strings.Builder
	add := func(name string, values ...string) {
		for _, v := range values {
			if v = oneLine(v); v != "" {
				b.WriteString(name + ": " + v + "\n")
			}
		}
	}
	add("kind", a.Kind)
	add("code", codeText(a))
	for _, v := range a.Violations {
		add("violation", v.Label)
	}
	add("place", a.Place)
	add("date", a.Date)
	for _, s := range a.Sections {
		add("section", s.Kind+" "+s.Heading+" "+s.Text)
	}
	for _, x := range a.Actions {
		add("action", x.Text)
	}
	for _, d := range a.Addressees {
		add("addressee", d.Name+" "+d.Honorific)
		add("office", d.Office)
		add("phone", d.Phone...)
		add("fax", d.Fax...)
		add("email", d.Email...)
		add("handle", d.Handle...)
	}
	for _, n := range a.Footnotes {
		add("note", strconv.Itoa(n.Number)+" "+n.Text)
		add("link", n.Links...)
	}
	add("sign-off", a.SignOff.Text)
	return b.String()
}

// TestEditedReadsBack edits the rendered file with a tool that knows nothing
// of appeals: the data no longer counts, and the text alone gives the appeal.
func TestEditedReadsBack(t *testing.T) {
	for _, name := range []string{"en-wrapped.json", "ru-full.json", "fr-update.json", "tr-full.json"} {
		a := everyAppeal(t)[name]
		for _, f := range formats {
			b, err := f.render(a, riversForm)
			if err != nil {
				t.Fatalf("%s as %s: %v", name, f.ext, err)
			}
			old, now := "09:20", "10:20"
			for _, x := range a.Actions[0:1] {
				old = strings.Fields(x.Text)[0]
				now = old + "x"
			}
			switch f.ext {
			case "docx":
				b = editZipFirst(t, b, "word/document.xml", old, now)
			case "odt":
				b = editZipFirst(t, b, "content.xml", old, now)
			case "html", "txt", "md":
				b = replaceIn(b, old, now)
			default: // a PDF is not edited; mail is text and HTML
				continue
			}
			back, err := Import("a."+f.ext, b, Options{})
			if err != nil {
				t.Errorf("%s as %s, edited: %v", name, f.ext, err)
				continue
			}
			if back.File.Embedded {
				t.Errorf("%s as %s: read from stale data", name, f.ext)
			}
			want := strings.ReplaceAll(gist(a), "action: "+old, "action: "+now)
			if got := gist(back); got != want {
				t.Errorf("%s as %s, edited:\n%s", name, f.ext, lineDiff(want, got))
			}
		}
	}
}

func lineDiff(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	var b strings.Builder
	in := func(list []string, s string) bool { return containsString(list, s) }
	for _, l := range w {
		if !in(g, l) {
			b.WriteString("- " + l + "\n")
		}
	}
	for _, l := range g {
		if !in(w, l) {
			b.WriteString("+ " + l + "\n")
		}
	}
	return b.String()
}

// replaceIn edits the first request: the last place where its first word
// stands before the data.
func replaceIn(b []byte, old, now string) []byte {
	end := len(b)
	for _, mark := range []string{`<template id="appeal"`, textDataBegin} {
		if i := bytes.Index(b, []byte(mark)); i >= 0 {
			end = min(end, i)
		}
	}
	for _, lead := range []string{"<li><p>", "i. ", "1. ", "1) ", "- ", "• "} {
		if i := bytes.Index(b[:end], []byte(lead+old)); i >= 0 {
			i += len(lead)
			return append(append(append([]byte{}, b[:i]...), now...), b[i+len(old):]...)
		}
	}
	i := bytes.LastIndex(b[:end], []byte(old))
	return append(append(append([]byte{}, b[:i]...), now...), b[i+len(old):]...)
}

func editZipFirst(t *testing.T, b []byte, part, old, now string) []byte {
	t.Helper()
	for _, lead := range []string{`<w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t xml:space="preserve">`, `<w:numId w:val="11"/></w:numPr></w:pPr><w:r><w:t xml:space="preserve">`,
		`<text:list text:style-name="Requests"><text:list-item><text:p text:style-name="Request">`, `<text:list text:style-name="Request1"><text:list-item><text:p text:style-name="Request">`} {
		if strings.Contains(partOf(t, b, part), lead+old) {
			return editZip(t, b, part, lead+old, lead+now)
		}
	}
	t.Fatalf("%s: %q is not there", part, old)
	return nil
}

// TestMergeAccepted: what nobody touched comes through an edited copy whole.
func TestMergeAccepted(t *testing.T) {
	for name, a := range everyAppeal(t) {
		if len(a.Actions) == 0 || a.Actions[0].Text == "" {
			continue
		}
		if strings.HasPrefix(name, "long") || strings.HasPrefix(name, "saryn.ar") || strings.HasPrefix(name, "saryn.kk") {
			continue // languages the importer does not read
		}
		b, err := a.DOCX(riversForm)
		if err != nil {
			t.Fatal(err)
		}
		m, err := ReadMerge(b, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(m.Paragraphs) > 0 || len(m.Lost) > 0 || len(m.Recheck) > 0 {
			t.Errorf("%s, not edited: %+v", name, m.Paragraphs)
		}
		if name == "saryn.en.json" {
			if want, got := gist(a), gist(m.Appeal); got != want {
				t.Errorf("%s, accepted:\n%s", name, lineDiff(want, got))
			}
		}
	}
}
