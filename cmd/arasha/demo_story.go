package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/coordination/synth"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/report"
)

// A demoTeller tells the story of story.txt, with two weeks of posts in the
// place of its sheet of posts, and shows what came of it.
type demoTeller struct {
	teller
	w       *world
	out     string
	truth   *synth.Demo
	story   *story
	exports []string
	events  string

	analysis report.Analysis // the public report, as its JSON has it
	wave     string          // what the report says of the wave that the appeal names
	typed    strings.Builder // every command, as it would be typed
	proof    string          // what verify printed
}

// demoLanguages are those of the appeal, in the order of its documents.
var demoLanguages = []struct{ code, name string }{{"en", "English"}, {"fr", "français"}, {"es", "español"}, {"ru", "русский"}}

func (t *demoTeller) tellAll(ctx context.Context) error {
	published := 0
	for i, step := range t.story.steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if step.Title != "" {
			t.w.say("\n%s", step.Title)
		}
		if step.args[0] == "detect" {
			if err := t.detect(ctx, step); err != nil {
				return err
			}
			continue
		}
		if _, err := t.tell(ctx, step); err != nil {
			return fmt.Errorf("command %d: %w", i+1, err)
		}
		if step.args[0] == "appeal" && step.args[1] == "publish" {
			if err := t.pages(ctx, step, published); err != nil {
				return err
			}
			published++
		}
	}
	if err := t.dossier(ctx); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(t.out, "commands.txt"), []byte(t.typed.String()), 0o644); err != nil {
		return err
	}
	return t.index()
}

// enter writes a command down as a person would type it, with its input.
func (t *demoTeller) enter(args []string, stdin string) {
	t.typed.WriteString("arasha")
	for _, a := range args {
		if a == "" || strings.ContainsAny(a, " \"'{}|$<>*#;&()") {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		t.typed.WriteString(" " + a)
	}
	if stdin != "" {
		t.typed.WriteString(" <<'END'\n" + stdin + "END")
	}
	t.typed.WriteString("\n")
}

// do runs a command at the time of step and shows it.
func (t *demoTeller) do(ctx context.Context, step storyStep, args ...string) (string, error) {
	t.w.say("   arasha %s", strings.Join(args, " "))
	return t.tell(ctx, storyStep{At: step.At, Line: "arasha " + strings.Join(args, " "), args: args})
}

// detect takes the place of the step that compares the posts of the story.
func (t *demoTeller) detect(ctx context.Context, step storyStep) error {
	posts, page := filepath.Join(t.out, "posts.jsonl"), filepath.Join(t.out, "report.html")
	_, err := t.do(ctx, step, slices.Concat([]string{"collect"}, t.exports, []string{"--out", posts, "--home", t.home})...)
	if err != nil {
		return err
	}
	_, err = t.do(ctx, step, "detect", posts, "--out", filepath.Join(t.out, "finding"), "--report", page, "--events", t.events, "--home", t.home)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(filepath.Join(t.out, "report.json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, &t.analysis); err != nil {
		return err
	}
	// The largest wave that names the organisation goes into the appeal.
	var largest *report.WaveCard
	for i := range t.analysis.Waves {
		w := &t.analysis.Waves[i]
		if strings.Contains(strings.ToLower(w.Message), "қанат") || strings.Contains(strings.ToLower(w.Message), "qanat") {
			if largest == nil || w.Accounts > largest.Accounts {
				largest = w
			}
		}
	}
	if largest == nil {
		return fmt.Errorf("the report shows no wave that names Qanat")
	}
	if t.kept == nil {
		t.kept = map[string]string{}
	}
	t.kept["COUNT"] = fmt.Sprint(largest.Accounts)
	t.wave = "One of those that name Qanat: " + largest.Says[0]
	// The next command keeps the report as the story's own would be.
	return disk.Write(filepath.Join(t.files, "report.json"), 0o600, b)
}

// pages writes the published language versions as PDF.
func (t *demoTeller) pages(ctx context.Context, step storyStep, published int) error {
	for i, l := range demoLanguages {
		id, name := fmt.Sprint(published*len(demoLanguages)+i+1), "appeal."+l.code
		if published > 0 {
			name = fmt.Sprintf("update-%d.%s", published, l.code)
		}
		text := filepath.Join(t.files, name+".json")
		if _, err := t.tell(ctx, storyStep{At: step.At, Line: "arasha appeal export", args: []string{"appeal", "export", id, "--out", text}}); err != nil {
			return err
		}
		render := []string{"appeal", "render", text, "--to", "pdf", "--out", filepath.Join(t.out, name+".pdf")}
		t.enter(render, "")
		var said strings.Builder
		if code := run(ctx, render, &world{in: strings.NewReader(""), out: &said, err: &said}); code != exitDone {
			return fmt.Errorf("arasha %s: %s", strings.Join(render, " "), said.String())
		}
	}
	return nil
}

// dossier gives out the exports, the report, the appeal and the proof that two
// entitled people approved it, and checks it as a stranger would.
func (t *demoTeller) dossier(ctx context.Context) error {
	h, err := vault.OpenHome(t.home, vault.HomeOptions{})
	if err != nil {
		return err
	}
	// What to show of the log: the finding and the publications, the approvals
	// they went out under, and the rosters of those.
	records, show := map[int64]any{}, map[int64]bool{}
	frozen := map[evidence.Ref]bool{}
	for r, err := range h.Records() {
		if err != nil {
			return err
		}
		records[r.Leaf] = r.Value
		if s, ok := r.Value.(*evidence.Statement); ok {
			show[r.Leaf], frozen[s.Ref] = true, true
			for _, a := range s.Approvals {
				show[a] = true
			}
		}
	}
	for _, leaf := range slices.Collect(maps.Keys(show)) {
		if a, ok := records[leaf].(*evidence.Approval); ok {
			show[a.Roster] = true
		}
	}
	var items, leaves []string
	for _, leaf := range slices.Sorted(maps.Keys(records)) {
		if i, ok := records[leaf].(*evidence.Item); ok && (i.What == "export" || frozen[i.Ref]) {
			items = append(items, fmt.Sprint(leaf))
		}
		if show[leaf] {
			leaves = append(leaves, "--leaf", fmt.Sprint(leaf))
		}
	}
	key, err := h.Key()
	if err != nil {
		return err
	}
	print, err := evidence.Fingerprint(key)
	if err != nil {
		return err
	}
	last := t.story.steps[len(t.story.steps)-1]
	file := filepath.Join(t.out, "dossier.zip")
	t.w.say("\nA dossier for a stranger")
	export := slices.Concat([]string{"evidence", "export"}, items, leaves, []string{"--no-views", "--reason", "a stranger who does not trust us", "--out", file})
	t.w.say("   arasha evidence export … --out %s", file)
	if _, err := t.tell(ctx, storyStep{At: last.At, Line: "arasha evidence export", args: export}); err != nil {
		return err
	}
	verify := []string{"verify", file, "--key", print}
	t.enter(verify, "")
	t.w.say("   arasha verify %s --key %q", file, print)
	var said strings.Builder
	if code := run(ctx, verify, &world{in: strings.NewReader(""), out: &said, err: &said}); code != exitDone {
		return fmt.Errorf("the dossier does not verify: %s", said.String())
	}
	t.proof = said.String()
	return nil
}
