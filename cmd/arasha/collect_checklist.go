package main

import (
	"bytes"
	"context"
	"os"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/internal/disk"
	"github.com/arasha-org/arasha/post"
	"github.com/arasha-org/arasha/report"
)

// A checklistRun marks in the checklist of a report what is collected.
type checklistRun struct {
	Path   string `json:"file"`
	Lines  int    `json:"lines"`
	Filled int    `json:"filled"`
	Part   int    `json:"filled_in_part"`
	Open   int    `json:"not_at_all"`

	list    *report.Checklist
	filling *coordination.Filling
}

func openChecklist(path string) (*checklistRun, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, cannotTell("", "%v", err)
	}
	k := &checklistRun{Path: path}
	if k.list, err = report.ReadChecklist(bytes.NewReader(b), path); err != nil {
		return nil, cannotTell(`"arasha detect --report" writes checklists`, "%v", err)
	}
	if k.filling, err = coordination.NewFilling(k.list.Lines); err != nil {
		return nil, cannotTell("", "%s: %v", path, err)
	}
	k.Lines = len(k.list.Lines)
	return k, nil
}

// add counts a post; k may be nil.
func (k *checklistRun) add(p *post.Post) {
	if k != nil {
		k.filling.Add(p)
	}
}

// write puts the marked checklist in the place of the old one.
func (k *checklistRun) write(ctx context.Context) error {
	if k == nil {
		return nil
	}
	counts, err := k.filling.Count(ctx)
	if err != nil {
		return err
	}
	k.Filled, k.Part, k.Open = k.list.Mark(counts)
	var b bytes.Buffer
	if err := k.list.Write(&b); err != nil {
		return err
	}
	if err := disk.Write(k.Path, 0o600, b.Bytes()); err != nil {
		return cannotTell("the posts are written; only the checklist is as it was", "%v", err)
	}
	return nil
}
