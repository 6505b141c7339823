package main

import (
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"

	"github.com/arasha-org/arasha/collect"
	"github.com/arasha-org/arasha/evidence"
)

// rejectsFile is opened at the first rejected record; docs/formats/rejects.md.
type rejectsFile struct {
	path string
	file *atomicFile
	n    int64
}

type rejectLine struct {
	File   string       `json:"file"`
	Ref    evidence.Ref `json:"ref,omitzero"`
	Member string       `json:"member,omitempty"`
	Record int64        `json:"record,omitempty"`
	Line   int64        `json:"line,omitempty"`
	Reason string       `json:"reason"`
	Raw    string       `json:"raw,omitempty"`
	Base64 string       `json:"raw_base64,omitempty"`
	Cut    bool         `json:"raw_cut,omitempty"`
}

// maxRejectRaw is how much of a record a line of rejects holds.
const maxRejectRaw = 64 << 10

func (r *rejectsFile) add(file string, ref evidence.Ref, x collect.Reject) error {
	if r.file == nil {
		f, err := newAtomicFile(r.path)
		if err != nil {
			return err
		}
		r.file = f
	}
	r.n++
	l := rejectLine{File: file, Ref: ref, Member: x.Member, Record: x.Record, Line: x.Line, Reason: x.Reason}
	raw := x.Raw
	if len(raw) >= maxRejectRaw {
		raw, l.Cut = raw[:maxRejectRaw], true
		for i := 0; i < 3 && !utf8.Valid(raw); i++ { // not inside a letter
			raw = raw[:len(raw)-1]
		}
	}
	if utf8.Valid(raw) {
		l.Raw = string(raw)
	} else {
		l.Base64 = base64.StdEncoding.EncodeToString(raw)
	}
	e := json.NewEncoder(r.file)
	e.SetEscapeHTML(false)
	return e.Encode(l)
}

func (r *rejectsFile) commit() error {
	if r.file == nil {
		return nil
	}
	return r.file.commit()
}

func (r *rejectsFile) abandon() { r.file.abandon() }
