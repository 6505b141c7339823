package appeal

import (
	"archive/zip"
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// editDOCX renders an appeal and edits one of its parts as a word processor
// would: old and new are XML.
func editDOCX(t testing.TB, a *Appeal, part string, edits ...string) []byte {
	t.Helper()
	b, err := a.DOCX(riversForm)
	if err != nil {
		t.Fatal(err)
	}
	return editZip(t, b, part, edits...)
}

func editZip(t testing.TB, b []byte, part string, edits ...string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var parts []zipPart
	found := false
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		s := string(data)
		if f.Name == part {
			found = true
			for i := 0; i < len(edits); i += 2 {
				if strings.Count(s, edits[i]) != 1 {
					t.Fatalf("%q stands %d times in %s", edits[i], strings.Count(s, edits[i]), part)
				}
				s = strings.Replace(s, edits[i], edits[i+1], 1)
			}
		}
		parts = append(parts, zipPart{f.Name, s})
	}
	if !found { // a new part
		parts = append(parts, zipPart{part, edits[1]})
	}
	out, err := zipParts(parts)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const (
	byLawyer  = ` w:id="901" w:author="Lena Orm" w:date="2026-11-10T09:30:00Z"`
	byPartner = ` w:id="902" w:author="Partner" w:date="2026-11-11T08:00:00Z"`
)

// cut is a run whose words a person deleted with the tracking on.
func cut(text string) string {
	return `<w:del` + byLawyer + `><w:r><w:delText xml:space="preserve">` + text + `</w:delText></w:r></w:del>`
}

func added(text string) string {
	return `<w:ins` + byPartner + `><w:r><w:t xml:space="preserve">` + text + `</w:t></w:r></w:ins>`
}

func said(text string) string { return `<w:r><w:t xml:space="preserve">` + text + `</w:t></w:r>` }

func markRun(n string) string {
	return `<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="` + n + `"/></w:r>`
}

func TestMergeTracked(t *testing.T) {
	a := readPage(t, "saryn.en")
	mark2 := markRun("2")
	tail := said(", which it found contrary to article 21 of the International Covenant on Civil and Political Rights. On 2 November it published a translation of international recommendations on peaceful assembly.")
	_ = tail
	b := editDOCX(t, a, "word/document.xml",
		// The lawyer takes the mark of note 2 away and leaves the statement.
		mark2, `<w:del`+byLawyer+`>`+mark2+`</w:del>`,
		// The partner adds a sentence to another paragraph, and a comment.
		said("On 4 November a caller told a member of staff to “leave the Bureau while you can walk”. On 5 November, at 09:20, city police in Velim summoned Ms. Elkesh as a witness under article 212(2) of the Criminal Code, “dissemination of knowingly false information”."),
		said("On 4 November a caller told a member of staff to “leave the Bureau while you can walk”. ")+
			`<w:commentRangeStart w:id="7"/>`+said("On 5 November, at ")+cut("09:20")+added("10:20")+`<w:commentRangeEnd w:id="7"/><w:r><w:commentReference w:id="7"/></w:r>`+
			said(", city police in Velim summoned Ms. Elkesh as a witness under article 212(2) of the Criminal Code, “dissemination of knowingly false information”."),
	)
	b = editZip(t, b, "word/comments.xml", "", `<w:comments `+docxNS+`><w:comment w:id="7"`+strings.Replace(byLawyer, ` w:id="901"`, "", 1)+` w:initials="LO"><w:p><w:r><w:t>The summons says 09:20.</w:t></w:r></w:p></w:comment></w:comments>`)
	m, err := ReadMerge(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.Base != "embedded" {
		t.Errorf("base %q, want embedded", m.Base)
	}
	if len(m.Lost) != 1 || m.Lost[0].Number != 2 || m.Lost[0].Author != "Lena Orm" || m.Lost[0].Date != "2026-11-10T09:30:00Z" ||
		!strings.HasPrefix(m.Lost[0].Statement, "According to the information received") || !strings.HasPrefix(m.Lost[0].Note, "Statement of 31 October") {
		t.Errorf("lost sources: %+v", m.Lost)
	}
	if len(m.Recheck) != 1 || m.Recheck[0].Number != 4 || !strings.Contains(m.Recheck[0].After, "10:20") {
		t.Errorf("to recheck: %+v", m.Recheck)
	}
	var changes []string
	for _, p := range m.Paragraphs {
		for _, c := range p.Changes {
			if !c.Tracked {
				t.Errorf("untracked change %+v", c)
			}
			changes = append(changes, p.Heading+": "+c.Kind+" "+c.Author+" "+c.Text)
		}
		for _, c := range p.Comments {
			changes = append(changes, "comment "+c.Author+" "+c.Text+" | "+c.On)
		}
	}
	want := `Description of the situation: deletion Lena Orm [^2]
Description of the situation: deletion Lena Orm 09:20
Description of the situation: insertion Partner 10:20
comment Lena Orm The summons says 09:20. | On 5 November, at 09:2010:20`
	if got := strings.Join(changes, "\n"); got != want {
		t.Errorf("changes:\n%s\nwant\n%s", got, want)
	}
	if len(m.Notes) != 4 || m.Notes[0].State != "kept" || stateOf(m, 2) != "unused" {
		t.Errorf("notes: %+v", m.Notes)
	}
	// The accepted text keeps the other notes and citations.
	if n := len(m.Appeal.Footnotes); n != 3 || !strings.Contains(m.Appeal.Sections[1].Text, "10:20") || strings.Contains(m.Appeal.Sections[1].Text, "09:20") {
		t.Errorf("accepted: %d notes, %q", n, m.Appeal.Sections[1].Text)
	}
}

func stateOf(m *Merge, n int) string {
	for _, x := range m.Notes {
		if x.Number == n {
			return x.State
		}
	}
	return "absent"
}

// TestMergeUntracked edits with the tracking off: only the base can tell.
func TestMergeUntracked(t *testing.T) {
	a := readPage(t, "saryn.en")
	for _, tt := range []struct {
		name  string
		edits []string
		part  string
		lost  int // number of the note, 0 for none
		check int
	}{
		{"mark removed", []string{markRun("1"), ""}, "word/document.xml", 1, 0},
		{"words changed beside a mark", []string{"stable over 16 settings", "stable over 61 settings"}, "word/document.xml", 0, 3},
		{"note emptied", []string{"A document seen by the Observatory; not described further, to protect a source.", ""}, "word/footnotes.xml", 4, 0},
		{"nothing", nil, "word/document.xml", 0, 0},
		{"abbreviation kept", []string{"Close the inquiry", "Please close the inquiry"}, "word/document.xml", 0, 0},
	} {
		m, err := ReadMerge(editDOCX(t, a, tt.part, tt.edits...), nil)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		lost, check := 0, 0
		if len(m.Lost) == 1 {
			lost = m.Lost[0].Number
		}
		if len(m.Recheck) == 1 {
			check = m.Recheck[0].Number
		}
		if lost != tt.lost || check != tt.check || len(m.Lost) > 1 || len(m.Recheck) > 1 {
			t.Errorf("%s: lost %+v, recheck %+v; want note %d and %d", tt.name, m.Lost, m.Recheck, tt.lost, tt.check)
		}
		if (len(m.Paragraphs) > 0) != (tt.edits != nil) {
			t.Errorf("%s: %+v", tt.name, m.Paragraphs)
		}
	}
}

// TestMergeTwice: one note shows two statements; one of them loses it.
func TestMergeTwice(t *testing.T) {
	a := readPage(t, "saryn.en")
	a.Sections[1].Text = "On 2 May the Bureau published a statement.[^1] On 3 May the police came to its door.[^1] Nobody was hurt.[^2]"
	a.Footnotes = a.Footnotes[:2]
	again := `<w:hyperlink w:anchor="note1"><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r></w:hyperlink>`
	for _, tt := range []struct {
		name, lost string
		edits      []string
	}{
		{"the second mark", "On 3 May the police came to its door.", []string{again, ""}},
		{"the first mark", "On 2 May the Bureau published a statement.", []string{markRun("1"), ""}},
		{"a mark that moved", "Nobody was hurt.", []string{markRun("2"), "", said(" Nobody was hurt."), markRun("2") + said(" Nobody was hurt.")}},
		{"nothing", "", nil},
	} {
		m, err := ReadMerge(editDOCX(t, a, "word/document.xml", tt.edits...), nil)
		if err != nil {
			t.Fatal(err)
		}
		lost := ""
		for _, l := range m.Lost {
			lost += l.Statement
		}
		if lost != tt.lost {
			t.Errorf("%s: lost %+v, want %q", tt.name, m.Lost, tt.lost)
		}
	}
}

// TestMergeGone: a statement that is deleted with its note lost no source.
func TestMergeGone(t *testing.T) {
	a := readPage(t, "saryn.en")
	b, err := a.DOCX(Form{})
	if err != nil {
		t.Fatal(err)
	}
	z, _ := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	doc, _ := (&parts{z: z}).read("word/document.xml")
	para := regexp.MustCompile(`<w:p><w:pPr><w:pStyle w:val="BodyText"/></w:pPr><w:r><w:t xml:space="preserve">Between 2 and 5.*?</w:p>`).FindString(string(doc))
	if para == "" {
		t.Fatal("the paragraph is not there")
	}
	m, err := ReadMerge(editZip(t, b, "word/document.xml", para, ""), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Lost) != 0 || stateOf(m, 3) != "unused" || len(m.Paragraphs) != 1 || m.Paragraphs[0].Number != 0 {
		t.Errorf("a paragraph removed: lost %+v, %+v", m.Lost, m.Paragraphs)
	}
}

// TestMergeOtherBase: without data and without --base only tracking is known.
func TestMergeOtherBase(t *testing.T) {
	a := readPage(t, "saryn.en")
	b := editDOCX(t, a, "word/document.xml", markRun("1"), `<w:del`+byLawyer+`>`+markRun("1")+`</w:del>`)
	b = editZip(t, b, customPart, customNS, "urn:gone")
	m, err := ReadMerge(b, nil)
	if err != nil || m.Base != "" || len(m.Lost) != 1 || m.Lost[0].Number != 1 {
		t.Errorf("tracked without a base: %v %+v", err, m)
	}
	if m, err = ReadMerge(b, a); err != nil || m.Base != "file" || len(m.Lost) != 1 {
		t.Errorf("with a base given: %v %+v", err, m)
	}
	if _, err := ReadMerge([]byte("no zip"), nil); err == nil {
		t.Error("a text was taken for a DOCX")
	}
}

// office runs LibreOffice over files, name -> bytes, and returns what it made
// of each.
func office(t testing.TB, to string, files map[string][]byte) map[string][]byte {
	t.Helper()
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("LibreOffice is required and not there")
		}
		t.Skip("LibreOffice is not there")
	}
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", to, "--outdir", out}
	for name, data := range files {
		in := filepath.Join(dir, name)
		if err := os.WriteFile(in, data, 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, in)
	}
	if b, err := exec.Command(soffice, args...).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, b)
	}
	ext, _, _ := strings.Cut(to, ":")
	made := map[string][]byte{}
	for name := range files {
		b, err := os.ReadFile(filepath.Join(out, strings.TrimSuffix(name, filepath.Ext(name))+"."+ext))
		if err != nil {
			t.Fatalf("soffice wrote nothing: %v", err)
		}
		made[name] = b
	}
	return made
}

// TestMergeLibreOffice reads a copy that LibreOffice opened and saved.
func TestMergeLibreOffice(t *testing.T) {
	a := readPage(t, "saryn.en")
	b := editDOCX(t, a, "word/document.xml", markRun("2"), `<w:del`+byLawyer+`>`+markRun("2")+`</w:del>`, "Close the inquiry", "Close the whole inquiry")
	saved := office(t, "docx", map[string][]byte{"a.docx": b})["a.docx"]
	for _, base := range []*Appeal{a, nil} {
		m, err := ReadMerge(saved, base)
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Lost) != 1 || m.Lost[0].Number != 2 || m.Lost[0].Author != "Lena Orm" {
			t.Errorf("base %q: lost %+v", m.Base, m.Lost)
		}
		n := 0
		for _, p := range m.Paragraphs {
			n += len(p.Changes)
		}
		if m.Base != "" && n != 2 {
			t.Errorf("base %q: %d changes, want the mark and one word: %+v", m.Base, n, m.Paragraphs)
		}
		t.Logf("base %q", m.Base)
	}
}

// TestMergeDamaged damages a DOCX at random places: no panic, and always an
// error or a text.
func TestMergeDamaged(t *testing.T) {
	a := readPage(t, "saryn.en")
	b, err := a.DOCX(Form{})
	if err != nil {
		t.Fatal(err)
	}
	z, _ := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	doc, _ := (&parts{z: z}).read("word/document.xml")
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		d := bytes.Clone(doc)
		for range 1 + r.IntN(8) {
			i := r.IntN(len(d))
			switch r.IntN(3) {
			case 0:
				d[i] = byte(r.IntN(256))
			case 1:
				d = append(d[:i:i], d[min(len(d), i+r.IntN(500)):]...)
			case 2:
				j := min(len(d), i+r.IntN(2000))
				d = append(d[:j:j], d[i:]...)
			}
			if len(d) == 0 {
				d = []byte("<")
			}
		}
		b, err := zipParts([]zipPart{{"word/document.xml", string(d)}})
		if err != nil {
			t.Fatal(err)
		}
		if m, err := ReadMerge(b, a); err == nil && m.Appeal == nil {
			t.Fatal("neither an error nor a text")
		}
	}
}

func FuzzReadMerge(f *testing.F) {
	a := readPage(f, "saryn.en")
	b, err := a.DOCX(Form{})
	if err != nil {
		f.Fatal(err)
	}
	z, _ := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	doc, _ := (&parts{z: z}).read("word/document.xml")
	f.Add(string(doc[:min(len(doc), 6000)]))
	f.Add(`<w:document ` + docxNS + `><w:body><w:p>` + cut("a") + added("b") + markRun("9") + `<w:p/></w:p></w:body></w:document>`)
	f.Fuzz(func(t *testing.T, doc string) {
		b, err := zipParts([]zipPart{{"word/document.xml", doc}})
		if err != nil {
			t.Skip()
		}
		m, err := ReadMerge(b, a)
		if err == nil && m.Appeal == nil {
			t.Fatal("neither an error nor a text")
		}
	})
}

func partOf(t testing.TB, b []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	p, err := (&parts{z: z}).read(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(p)
}
