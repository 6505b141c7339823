package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/report"
	"github.com/arasha-org/arasha/store"
)

// findingCmd is "arasha finding": a person keeps or rejects what the analysis
// found.
type findingCmd struct {
	Keep   findingKeepCmd                 `cmd:"" help:"Keep a report of \"arasha detect\": seal its bytes and make it citable."`
	Reject findingRejectCmd               `cmd:"" help:"Reject one, and say why: the report is kept, and cannot be cited."`
	List   listRows[casefile.FindingNote] `cmd:"" help:"List findings."`
	Show   showRow[casefile.FindingNote]  `cmd:"" help:"Show one with the words it allows."`
}

func (findingCmd) Help() string {
	return `A finding becomes evidence only when a person keeps it. Its bytes are kept like a newspaper page, and
cited by their SHA-256; the words that an appeal may use are those of the ladder in the report.

Example
  arasha detect posts.jsonl --out finding --report report.html
  arasha finding keep report.json --case 1 --why "two of us read the ten largest waves"
  arasha fact add --case 1 --kind fact --text "en:…" --cite SHA-256

Exit codes: 0 done, 2 not readable or not kept, 64 wrong use`
}

// analysisSchema is what a report of a detection calls its own form
// (docs/formats/analysis.md).
const analysisSchema = "arasha-analysis/1"

// findUnjudged fills in which cited items are reports of a detection that
// nobody kept or rejected: cited like any page, their words would be held to
// no step of the ladder.
func findUnjudged(h *vault.Home, f *casefile.File) error {
	f.Unjudged = nil
	seen := map[evidence.Ref]bool{}
	for _, s := range f.Statements {
		for _, c := range s.Cites {
			if _, judged := f.Verdict(c.Ref); judged || seen[c.Ref] || !h.Vault.Has(c.Ref) {
				continue
			}
			seen[c.Ref] = true
			is, err := isReport(h, c.Ref)
			if err != nil {
				return err
			}
			if is {
				f.Unjudged = append(f.Unjudged, c.Ref)
			}
		}
	}
	return nil
}

// isReport reports whether a kept item is the report of a detection: its JSON, or
// its page, which names the same schema as its generator.
func isReport(h *vault.Home, ref evidence.Ref) (bool, error) {
	r, err := h.Vault.Open(ref)
	if err != nil {
		return false, homeTrouble(err)
	}
	defer r.Close()
	b := bufio.NewReader(io.LimitReader(r, mostInput))
	head, err := b.Peek(512)
	if err != nil && err != io.EOF {
		return false, homeTrouble(err)
	}
	if bytes.Contains(head, []byte(`<meta name="generator" content="`+analysisSchema+`">`)) {
		return true, nil
	}
	var a struct {
		Schema string `json:"schema"`
	}
	err = json.NewDecoder(b).Decode(&a)
	return err == nil && a.Schema == analysisSchema, nil
}

type findingFields struct {
	Report string `arg:"" help:"The JSON report that \"arasha detect --report\" writes beside the page."`
	deskFlags
	actorFlags
	Case caseName `required:"" placeholder:"CASE" help:"The case it belongs to."`
	Why  string   `required:"" help:"Why, in words."`
}

type findingKeepCmd struct{ findingFields }
type findingRejectCmd struct{ findingFields }

func (c *findingKeepCmd) Run(ctx context.Context, w *world) error { return c.note(ctx, w, "kept") }
func (c *findingRejectCmd) Run(ctx context.Context, w *world) error {
	return c.note(ctx, w, "rejected")
}

func (c *findingFields) note(ctx context.Context, w *world, verdict string) error {
	file := c.Report
	data, err := readInput(w, file)
	if err != nil {
		return err
	}
	var a report.Analysis
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&a); err != nil || a.Schema != analysisSchema {
		return cannotTell("\"arasha detect --report\" writes one.", "%s is not a report of \"arasha detect\"", file)
	}
	h, err := c.homeFlags.open(w)
	if err != nil {
		return err
	}
	found, err := fileFound(file)
	if err != nil {
		return err
	}
	found.Item.What, found.Collector, found.From = "file", c.Collector, c.From
	kept, err := h.KeepOnce(found)
	if err != nil {
		return homeTrouble(err)
	}
	var v casefile.FindingNote
	err = c.write(ctx, w, "finding "+verdict, func(tx *store.Tx, by casefile.User) error {
		v = casefile.FindingNote{Report: kept.Item.Ref, Verdict: verdict, Why: c.Why, By: by.Name, At: tx.Now()}
		if verdict == "kept" {
			v.Words = a.Says
		}
		d := &desk{&c.deskFlags, w, tx, by}
		if err := d.setCase(&v.Case, c.Case); err != nil {
			return err
		}
		return store.Put(tx, &v)
	})
	if err != nil {
		return err
	}
	if err := c.tell(w, v); err != nil {
		return err
	}
	for _, s := range v.Words {
		w.say("may be said: %s", s)
	}
	return nil
}
