package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/casefile"
)

// country is what the drafts of the story need to be told.
var country = []string{"--country", "en:Sarytau|in Sarytau|of Sarytau", "--country", "fr:Sarytau|au Sarytau|du Sarytau", "--country", "es:Sarytau|en Sarytau|de Sarytau", "--country", "ru:Сарытау|в Сарытау|Сарытау"}

func (d *deskTest) draft(verb string, args ...string) []string {
	return append(append([]string{"appeal", verb}, args...), country...)
}

// says fails unless out holds every one of the words.
func (d *deskTest) says(out string, words ...string) {
	d.t.Helper()
	for _, w := range words {
		if !strings.Contains(out, w) {
			d.t.Errorf("want %q in:\n%s", w, out)
		}
	}
}

func (d *deskTest) key(who string) string {
	return "--key-passphrase-file=" + d.files + "/" + who + ".txt"
}

// state is the state of a document.
func (d *deskTest) state(document string) string {
	d.t.Helper()
	for _, line := range strings.Split(d.must(exitDone, "appeal", "list", "1", "--json"), "\n") {
		var doc struct {
			ID    int    `json:"id"`
			State string `json:"state"`
		}
		if json.Unmarshal([]byte(line), &doc) == nil && fmt.Sprint(doc.ID) == document {
			return doc.State
		}
	}
	d.t.Fatalf("there is no document %s", document)
	return ""
}

// TestNoStatementWithoutGround is the first promise: a draft is refused, with
// the sentence named, whatever the way by which the ground is missing.
func TestNoStatementWithoutGround(t *testing.T) {
	d := told(t, "arasha decision add")
	for _, c := range []struct {
		kind, text string
		more       []string
	}{
		{"fact", "Nothing shows this.", nil},
		{"allegation", "Somebody says this.", []string{"--source", "1"}},
		{"allegation", "Nobody says this.", []string{"--cite", strings.Repeat("ab", 32)}},
		{"assessment", "It looks like this.", nil},
		{"law", "The law says this.", nil},
	} {
		out := d.must(exitDone, append([]string{"fact", "add", "--case", "1", "--kind", c.kind, "--section", "description", "--text", "en:" + c.text, "--json"}, c.more...)...)
		var fact struct {
			ID int `json:"id"`
		}
		if err := json.Unmarshal([]byte(out), &fact); err != nil {
			t.Fatal(err)
		}
		out = d.must(exitNo, d.draft("draft", "1")...)
		d.says(out, "statement-uncited", fmt.Sprintf("statement %d", fact.ID), c.text, "the draft is refused")
		if n := strings.TrimSpace(d.must(exitDone, "appeal", "list", "1")); n != "" {
			t.Fatalf("a refused draft left a document:\n%s", n)
		}
		d.must(exitDone, "fact", "remove", fmt.Sprint(fact.ID))
	}
	d.must(exitDone, d.draft("draft", "1")...)
	// One that loses its ground after the draft is not published.
	d.must(exitDone, "appeal", "review", "1")
	d.must(exitDone, "appeal", "confirm", "1", "--person", "Aigul Sarsenova")
	d.must(exitDone, "appeal", "approve", "1", d.key("dana"))
	d.must(exitDone, "appeal", "approve", "1", "--as", "Timur", d.key("timur"))
	d.doWith(`{"cites":[]}`, "fact", "change", "12", "--in", "-")
	d.says(d.must(exitNo, "appeal", "publish", "1", d.key("dana")), "statement-uncited, statement 12")
	if s := d.state("1"); s != "approved" {
		t.Errorf("document 1 is %s", s)
	}
}

// TestNothingGoesOutAlone is the third promise: without the approvals that the
// rule asks for nothing is published, whatever is tried.
func TestNothingGoesOutAlone(t *testing.T) {
	d := told(t, "arasha appeal read 2 3 4")
	refused := func(why string) {
		t.Helper()
		d.says(d.must(exitNo, "appeal", "publish", "1", d.key("dana")), why)
		if s := d.state("1"); s == "published" {
			t.Fatal("it was published")
		}
	}
	refused("0 of 2 people approved")
	d.must(exitDone, "appeal", "confirm", "1", "--impossible", "her telephone is off")
	d.must(exitDone, "appeal", "approve", "1", d.key("dana"))
	d.must(exitDone, "appeal", "approve", "1", d.key("dana")) // twice by one person is once
	refused("1 of 2 people approved")
	refused("nobody of Federation approved")

	// Somebody else's key, no key, no role.
	d.says(d.must(exitUnknown, "appeal", "approve", "1", "--as", "Timur", d.key("dana")), "the passphrase is not that of Timur")
	d.must(exitDone, "user", "add", "--name", "Nurlan", "--organisation", "Federation", "--role", "write")
	d.must(exitUsage, "appeal", "approve", "1", "--as", "Nurlan", d.key("dana"))
	if err := os.WriteFile(d.files+"/nurlan.txt", []byte("four words of Nurlan\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.must(exitDone, "user", "key", "--as", "Nurlan", d.key("nurlan"))
	d.says(d.must(exitNo, "appeal", "approve", "1", "--as", "Nurlan", d.key("nurlan")), "may not approve")

	// By telephone, at night: it counts, but waits; it is entered by another.
	d.must(exitUsage, "appeal", "approve", "1", "--by-phone", "Timur")
	d.must(exitDone, "appeal", "approve", "1", "--by-phone", "Timur", "--gave", "Timur himself", "--how", "his own number, called back")
	d.says(d.must(exitDone, "appeal", "list", "1"), "by telephone, to be confirmed by 2031-05-12 08:00 UTC")
	if s := d.state("1"); s != "approved" {
		t.Errorf("document 1 is %s, want approved", s)
	}
	d.now = d.now.Add(25 * time.Hour)
	refused("1 of 2 people approved") // nobody confirmed it within 24 hours

	// A letter of the text changes: every approval falls.
	d.must(exitDone, "appeal", "approve", "1", "--as", "Timur", d.key("timur"))
	d.must(exitDone, "fact", "change", "12", "--text", "en:On 19 April 2031, {3}, a civil society activist, was detained.")
	d.must(exitDone, d.draft("draft", "1", "--lang", "en")...)
	d.says(d.must(exitDone, "appeal", "list", "1"), "counts no more: the text has changed since")
	refused("0 of 2 people approved")

	// Two signatures are not enough while nobody concerned confirmed the text.
	d.must(exitDone, "appeal", "approve", "1", d.key("dana"))
	d.must(exitDone, "appeal", "approve", "1", "--as", "Timur", d.key("timur"))
	refused("has not confirmed the final text")

	// And a hold of those concerned stops everything, approved or not.
	d.must(exitDone, "appeal", "confirm", "1", "--impossible", "her telephone is off")
	d.must(exitDone, "hold", "add", "--case", "1", "--caller", "family", "--kind", "do-not-publish")
	refused("do-not-publish")
	d.must(exitDone, "hold", "lift", "1")
	d.must(exitDone, "appeal", "publish", "1", d.key("dana"))
	d.must(exitNo, "appeal", "publish", "1", d.key("dana"))
}

// TestALeakIsNotPublished: the name of a sealed source in a text stops it, in
// any script; the reader is told the place and not the name, and who cannot
// read the source cannot publish.
func TestALeakIsNotPublished(t *testing.T) {
	d := told(t, "arasha appeal read 2 3 4")
	for _, text := range []string{"as Marzhan Kulan wrote", "by Маржаном Құлан", "see https://mail.example/marzhan.k", "R u s t e m Almas", "Gulmira\u200bTash"} {
		d.must(exitDone, "fact", "change", "12", "--text", "en:On 18 April 2031, {3} was detained, "+text+".")
		d.must(exitDone, d.draft("draft", "1", "--lang", "en")...)
		d.must(exitDone, "appeal", "confirm", "1", "--impossible", "her telephone is off")
		d.must(exitDone, "appeal", "approve", "1", d.key("dana"))
		d.must(exitDone, "appeal", "approve", "1", "--as", "Timur", d.key("timur"))
		out := d.must(exitNo, "appeal", "publish", "1", d.key("dana"))
		d.says(out, "source-leak, sections[1]")
		if l := leaks("the finding", []byte(out)); len(l) > 0 {
			t.Errorf("the finding itself leaks: %v", l)
		}
		d.says(d.must(exitNo, "appeal", "check", "--document", "1", d.key("dana")), "source-leak")
	}
	d.says(d.must(exitNo, "appeal", "publish", "1", "--as", "Timur", d.key("timur")), "not checked: ask a reader")
	d.says(d.must(exitNo, "appeal", "accept", "1", "source-leak", "--reason", "never mind"), "cannot be accepted")
}

// TestThePrintedCodeStays is the sixth promise: a printed code is never
// corrected in silence, leads to its case for ever, and is what updates bear.
func TestThePrintedCodeStays(t *testing.T) {
	d := told(t, "arasha case show 'XSR 001")
	before := d.must(exitDone, "appeal", "export", "1")
	d.must(exitDone, "code", "add", "XSR 001 / 0131 / OBS 001", "--case", "1", "--why", "misprint of 0531 in a newspaper")
	for _, code := range []string{"XSR 001 / 0531 / OBS 001", "XSR 001 / 0131 / OBS 001", "xsr 1/0131/obs 1", "XSR 001 / 0531 / OBS 001.7"} {
		d.says(d.must(exitDone, "code", "find", code), "Smear campaign against Qanat")
	}
	d.says(d.must(exitNo, "code", "void", "1", "--why", "another number is nicer"), "for good")
	if after := d.must(exitDone, "appeal", "export", "1"); after != before {
		t.Error("a published text changed")
	}
	// Neither a draft nor a removal touches what was published, nor does a reader.
	d.says(d.must(exitNo, "appeal", "read", "2", "--translator", "Another", "--as", "Timur"), "it is published; correct it by a revision")
	d.says(d.must(exitNo, d.draft("draft", "1")...), "is published")
	d.must(exitDone, d.draft("update", "1", "--lang", "en")...)
	d.must(exitDone, "appeal", "review", "1")
	d.says(d.must(exitDone, "appeal", "list", "1"), "XSR 001 / 0531 / OBS 001.1")
	d.must(exitDone, d.draft("revise", "1")...)
	d.says(d.must(exitDone, "appeal", "list", "1"), "document 6  case 1  urgent_appeal  en  XSR 001 / 0531 / OBS 001  draft")
	if after := d.must(exitDone, "appeal", "export", "1"); after != before {
		t.Error("a correction changed what was published")
	}
	// A second case takes the next numbers, and none is given twice.
	d.must(exitDone, "code", "register")
	d.must(exitDone, "code", "gaps", "2031")
}

// TestHostileValues: whatever a person types comes back as it was, runs
// nowhere, and moves no cursor.
func TestHostileValues(t *testing.T) {
	d := told(t, "arasha case add")
	for i, name := range []string{
		`Robert'); DROP TABLE persons;--`, `" OR 1=1 --`, `=cmd|'/C calc'!A1`, "+1+1", "@SUM(A1)", "-2+3", "\tTab", "\u202eevil\u202c name",
		"two\nlines", "<script>alert(1)</script>", "100%' \\ _", "NULL", strings.Repeat("Ж", 1<<19), "A\u0301\u0301\u0301", "名前", "عائشة",
	} {
		short := name[:min(len(name), 30)]
		out, code := d.do("person", "add", "--name="+name, "--json")
		if code != exitDone {
			t.Fatalf("%q is refused: %s", short, out[:min(len(out), 300)])
		}
		var p struct {
			ID   int    `json:"id"`
			Name string `json:"name"`
		}
		if err := json.Unmarshal([]byte(out), &p); err != nil || p.Name != name {
			t.Fatalf("%q comes back as %q, %v", short, p.Name[:min(len(p.Name), 30)], err)
		}
		list := d.must(exitDone, "person", "list", "--after", fmt.Sprint(p.ID-1), "--limit", "1")
		if strings.ContainsAny(list, "\x1b\t\u202e") || strings.Count(list, "\n") != 1 {
			t.Errorf("%q moves the cursor: %q", short, list)
		}
		shown := d.must(exitDone, "person", "show", fmt.Sprint(p.ID))
		if strings.ContainsAny(shown, "\x1b\u202e") {
			t.Errorf("%q moves the cursor: %q", short, shown[:min(len(shown), 200)])
		}
		d.do("search", "--", name[:min(len(name), 2000)])
		if i == 2 || i == 3 || i == 4 || i == 5 {
			d.says(d.must(exitDone, "table", "persons"), "'"+name)
		}
	}
	d.must(exitDone, "table", "persons")
	if n := strings.Count(d.must(exitDone, "person", "list"), "\n"); n != 16 {
		t.Errorf("there are %d persons, want 16", n)
	}
	for _, name := range []string{"a\x1b[2Jb", "a\x00b", "bell\a"} {
		d.says(d.must(exitUnknown, "person", "add", "--name", name), "control character")
	}
	// Names of tables, columns and numbers are no way in either.
	d.must(exitUsage, "table", "persons; DROP TABLE persons")
	d.must(exitUsage, "search", "x", "--table", "persons' --")
	d.must(exitUnknown, "case", "show", "1 OR 1=1")
	d.must(exitUsage, "person", "show", "1; DROP")
}

// What was printed is the identity: an update bears the code under which the
// appeal went out, misprints and all, whatever the register has become since.
func TestUpdateBearsThePrintedCode(t *testing.T) {
	f := &casefile.File{Case: casefile.Case{ID: 1}, Register: []casefile.Register{
		{ID: 1, Case: 1, Country: "XSR", Seq: 1, Serial: 12, Prefix: "OBS", MMYY: "0431", State: casefile.Void, Reason: "misread"},
		{ID: 2, Case: 1, Country: "XSR", Seq: 2, Serial: 13, Prefix: "OBS", MMYY: "0531", State: casefile.Used}}}
	update := casefile.Document{Case: 1, Kind: appeal.NewInformation, Update: 2, Audience: "public"}
	for printed, want := range map[string]string{
		"":                         "XSR 002 / 0531 / OBS 013.2",
		"XSR 002 / 0131 / OBS 013": "XSR 002 / 0131 / OBS 013.2",
		"XSR 2/0531/OBS 13":        "XSR 2/0531/OBS 13.2",
	} {
		f.Documents = nil
		if printed != "" {
			f.Documents = []casefile.Document{{ID: 1, Case: 1, Kind: appeal.UrgentAppeal, Audience: "public", State: casefile.StatePublished, Code: printed}}
		}
		if code, err := codeFor(f, update); err != nil || code.Printed != want {
			t.Errorf("published as %q: %v, %v, want %s", printed, code, err, want)
		}
	}
}
