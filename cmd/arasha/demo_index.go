package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/coordination/synth"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/internal/lazyre"
	"github.com/arasha-org/arasha/post"
)

// narrowFigure finds the small pictures of a report.
var narrowFigure = lazyre.New(`(?s)<svg[^>]* class="narrow[^"]*"[^>]*>.*?</svg>`)

// index writes index.html.
func (t *demoTeller) index() error {
	p := &demoPage{Posts: t.posts(), Open: "Who wrote the first text:", Source: "Source A"}
	a := &t.analysis
	p.Title = fmt.Sprintf("%s say the same thing about one organisation. What happens next.", capital(inWords(len(t.truth.Campaign))+" accounts"))
	p.Read = fmt.Sprintf("%s by %s, read from %d exports of four platforms.", count(int64(a.Collected.Posts), "post"), count(int64(a.Collected.Accounts), "account"), len(t.exports))
	for _, e := range t.exports {
		b, err := os.ReadFile(e)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(filepath.Join(t.out, "exports"), e)
		p.Kept = append(p.Kept, demoRef{filepath.ToSlash(name), refWords(b)})
	}
	html, err := os.ReadFile(filepath.Join(t.out, "report.html"))
	if err != nil {
		return err
	}
	for _, svg := range narrowFigure.FindAll(html, -1) {
		switch {
		case p.Timeline == "" && bytes.Contains(svg, []byte("in steps of")):
			p.Timeline = shown(svg)
		case p.Network == "" && bytes.Contains(svg, []byte(`class="hull`)):
			p.Network = shown(svg)
		}
	}
	if p.Timeline == "" || p.Network == "" {
		return fmt.Errorf("the report shows no timeline or no network")
	}
	p.Waves = a.Says[0] + " " + t.wave
	for _, g := range a.Groups {
		if len(g.Says) > 0 && len(p.Groups) < 600 {
			p.Groups += g.Name + ": " + g.Says[0] + " "
			if g.SetApart != "" {
				p.Groups += "Set apart: " + g.SetApart + " "
			}
		}
	}
	p.Verdict = "The report cannot know who is behind the accounts, and says so. Dana keeps it, by name and with a reason; only then can the case cite it."

	text, err := t.appeal("appeal.en")
	if err != nil {
		return err
	}
	p.Code = text.Code.String()
	for _, s := range text.Sections {
		if s.Kind == appeal.SectionDescription {
			p.Fact = factWith(appeal.WithoutMarks(s.Text), t.kept["COUNT"]+" accounts")
		}
	}
	p.Case = fmt.Sprintf("%s, %s and %s stand in the appeal, each with its ground.", count(int64(len(text.Footnotes)), "note"), count(int64(len(text.Actions)), "request"), count(int64(len(text.Addressees)), "addressee"))
	pages, err := appeal.LayOut(text, appeal.PageOptions{})
	if err != nil {
		return err
	}
	for i := range min(2, pages.Len()) {
		var b bytes.Buffer
		if err := pages.SVG(&b, i+1); err != nil {
			return err
		}
		_, svg, _ := strings.Cut(b.String(), "<svg")
		p.Pages = append(p.Pages, template.HTML("<svg"+svg))
	}
	p.Signed = "One person of each organisation signs it with a key of their own, and the person attacked has heard the final text."
	for _, l := range demoLanguages {
		p.Documents = append(p.Documents, demoLink{"appeal." + l.code + ".pdf", l.name, l.code})
	}
	p.Documents = append(p.Documents, demoLink{"update-1.en.pdf", "the update three weeks later", "en"})
	approved := 0
	for _, line := range strings.Split(t.proof, "\n") {
		f := strings.Fields(line)
		switch {
		case len(f) < 3 || f[0] != "PASS":
		case f[1] == "approvals:":
			approved++
		default:
			p.Proof = append(p.Proof, demoLine{strings.TrimSuffix(f[1], ":"), strings.Join(f[2:], " ")})
		}
	}
	p.Proof = append(p.Proof, demoLine{"approvals", fmt.Sprintf("two entitled people approved each of the %d texts that went out", approved)})
	p.Check = "arasha verify dossier.zip"
	b, err := p.render()
	if err != nil {
		return err
	}
	return disk.Write(filepath.Join(t.out, "index.html"), 0o644, b)
}

// shown takes away what hides the small picture on a wide screen.
func shown(svg []byte) template.HTML {
	return template.HTML(bytes.Replace(svg, []byte(` class="narrow"`), nil, 1))
}

// appeal reads a language version as it was published.
func (t *demoTeller) appeal(name string) (*appeal.Appeal, error) {
	b, err := os.ReadFile(filepath.Join(t.files, name+".json"))
	if err != nil {
		return nil, err
	}
	var a appeal.Appeal
	return &a, json.Unmarshal(b, &a)
}

// factWith returns the sentence of a text that holds words.
func factWith(text, words string) string {
	for _, s := range strings.SplitAfter(strings.ReplaceAll(text, "\n\n", " "), ". ") {
		if strings.Contains(s, words) {
			return strings.TrimSpace(s)
		}
	}
	return ""
}

// posts picks three posts of the first planted wave: a text, a copy of it
// that differs, its words marked, and one in another language.
func (t *demoTeller) posts() []demoPost {
	wave := t.truth.Waves[0]
	var first *post.Post
	out := make([]demoPost, 0, 3)
	show := func(p *post.Post, words template.HTML) {
		out = append(out, demoPost{p.Time.UTC().Format("15:04"), p.Lang, words})
	}
	for i := range t.truth.Posts {
		p := &t.truth.Posts[i]
		at := p.Time.UTC()
		if at.Before(wave.From) || at.After(wave.From.Add(wave.For)) || !strings.Contains(p.Text, "анат") || strings.ContainsAny(p.Text, "🔥❗#") {
			continue
		}
		switch {
		case first == nil && p.Lang == "ru":
			first = p
			show(p, template.HTML(template.HTMLEscapeString(p.Text)))
		case first != nil && len(out) == 1 && p.Lang == "ru" && p.Text != first.Text:
			if words, alike := markedWords(first.Text, p.Text); alike {
				show(p, words)
			}
		case len(out) == 2 && p.Lang == "kk":
			show(p, template.HTML(template.HTMLEscapeString(p.Text)))
		}
		if len(out) == 3 {
			break
		}
	}
	return out
}

// markedWords returns b with the words marked in which it differs from a, and
// whether most words are the same.
func markedWords(a, b string) (template.HTML, bool) {
	var out strings.Builder
	same, other := 0, 0
	for _, o := range coordination.Diff(a, b) {
		switch {
		case o.A == o.B || o.Kind == coordination.Same:
			same++
			out.WriteString(template.HTMLEscapeString(o.B) + " ")
		case o.B == "":
			other++
			out.WriteString(`<mark class="gap"></mark> `)
		default:
			other++
			out.WriteString("<mark>" + template.HTMLEscapeString(o.B) + "</mark> ")
		}
	}
	return template.HTML(out.String()), same > 3*other && other > 0
}

// writeDemoEvents writes the dated events as the analyst would have fixed them.
func writeDemoEvents(file string, events []synth.Event) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"date", "text", "ref"})
	for _, e := range events {
		w.Write([]string{e.At.UTC().Format("2006-01-02 15:04 +00:00"), e.Text, ""})
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o600)
}

// summary says where everything is.
func (t *demoTeller) summary() error {
	lines, err := t.planted()
	if err != nil {
		return err
	}
	fmt.Fprintln(t.w.out, "\nWhat was planted, and where it came out")
	for _, line := range lines {
		fmt.Fprintf(t.w.out, "  %s\n", line)
	}
	fmt.Fprintln(t.w.out, "\nLook at")
	for _, f := range []struct{ name, what string }{{"index.html", "the story in pictures"}, {"report.html", "the report"}, {"appeal.en.pdf", "the appeal, also .fr .es .ru"},
		{"dossier.zip", "what a stranger can check: arasha verify " + filepath.Join(t.out, "dossier.zip")}, {"commands.txt", "every command, as it was typed"},
		{"desk", "the home: arasha case show 1 --home " + filepath.Join(t.out, "desk")}} {
		fmt.Fprintf(t.w.out, "  %-30s %s\n", filepath.Join(t.out, f.name), f.what)
	}
	return nil
}

// planted compares the groups of the finding, within a minute, with the truth.
func (t *demoTeller) planted() ([]string, error) {
	f, err := os.Open(filepath.Join(t.out, "finding", "groups.desk.csv"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	where := func(ids []string) string {
		for _, row := range rows[1:] {
			if row[0] != string(coordination.SimilarText) || row[1] != "1m" {
				continue
			}
			in, others := 0, 0
			for _, a := range strings.Fields(row[7]) {
				if slices.ContainsFunc(ids, func(id string) bool { return a == id || a == fmt.Sprint(demoNumber(id)) }) {
					in++
				} else {
					others++
				}
			}
			if in > 0 {
				s := fmt.Sprintf("%d of them are group %s (within a minute)", in, row[2])
				if others > 0 {
					s += fmt.Sprintf(", with %s besides", count(int64(others), "other account"))
				}
				return s
			}
		}
		return "in no group within a minute"
	}
	sisters := []string{demoChannel(0), demoChannel(1)}
	return []string{
		fmt.Sprintf("the smear campaign, %d accounts, eight texts in two waves: %s", len(t.truth.Campaign), where(t.truth.Campaign)),
		fmt.Sprintf("two sister outlets that mirror each other: %s; the report sets them apart as one publisher", where(sisters)),
		fmt.Sprintf("a petition, one text by %d people: %s; the report sets it apart as openly organised", len(t.truth.Petition), where(t.truth.Petition)),
	}, nil
}

var small = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
	"seventeen", "eighteen", "nineteen", "twenty"}

func inWords(n int) string {
	if n < len(small) {
		return small[n]
	}
	return fmt.Sprint(n)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// refWords prints a Ref as people compare it.
func refWords(b []byte) string {
	s := evidence.Of(b).String()
	return s[:4] + " " + s[4:8] + " " + s[8:12] + " " + s[12:16] + " … " + s[60:]
}
