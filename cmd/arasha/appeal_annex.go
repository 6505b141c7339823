package main

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/arasha-org/arasha/appeal"
	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/evidence/vault"
	"github.com/arasha-org/arasha/report"
)

// reportLanguage is the language that "arasha detect --report" writes in: an
// annex goes with the version of the appeal in it, and others refer to that.
const reportLanguage = "en"

// annexes returns what stands behind the findings that a statement of the case
// cites and a person kept: what may be said, the numbers, the method and its
// limits. No account is in it.
func annexes(h *vault.Home, f *casefile.File) ([]appeal.Annex, error) {
	cited := map[evidence.Ref]bool{}
	for _, s := range f.Statements {
		for _, c := range s.Cites {
			cited[c.Ref] = true
		}
	}
	var out []appeal.Annex
	for _, n := range f.Findings {
		if n.Verdict != "kept" || !cited[n.Report] || !h.Vault.Has(n.Report) {
			continue
		}
		cited[n.Report] = false // once, however often it was kept
		r, err := h.Vault.Open(n.Report)
		if err != nil {
			return nil, homeTrouble(err)
		}
		b, err := io.ReadAll(io.LimitReader(r, mostInput))
		r.Close()
		if err != nil {
			return nil, homeTrouble(err)
		}
		var a report.Analysis
		if err := json.Unmarshal(b, &a); err != nil {
			return nil, cannotTell("", "the report of finding %d cannot be read: %v", n.ID, err)
		}
		out = append(out, annexOf(&a, n))
	}
	return out, nil
}

func annexOf(a *report.Analysis, n casefile.FindingNote) appeal.Annex {
	c := a.Collected
	parts := []appeal.AnnexPart{
		{Heading: "What can be said", Text: strings.Join(n.Words, "\n\n")},
		{Heading: "What was compared", Table: [][]string{{"", "number"}, {"posts", strconv.Itoa(c.Posts)}, {"accounts", strconv.Itoa(c.Accounts)},
			{"different texts", strconv.Itoa(c.Texts)}, {"posts without a time", strconv.Itoa(c.Untimed)}}},
	}
	var method []string
	for _, p := range a.Method {
		method = append(method, p.Text)
	}
	parts = append(parts, appeal.AnnexPart{Heading: "Method", Text: strings.Join(method, "\n\n")},
		appeal.AnnexPart{Heading: "What cannot be said", Text: strings.Join(append(append([]string{}, a.Cannot...), a.Limits...), "\n\n")})
	return appeal.Annex{Title: "How the posts were compared", Report: n.Report.String(), Parts: parts}
}
