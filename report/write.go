package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/arasha-org/arasha/coordination"
	"github.com/arasha-org/arasha/evidence"
)

// An Input is a file the posts were read from.
type Input struct {
	Name   string       `json:"name"` // without its folder
	Ref    evidence.Ref `json:"sha256"`
	Format string       `json:"format"`
	Posts  int64        `json:"posts"`
}

// A Finding is report.json: what was asked, of what, by which version, and
// what came out in numbers. docs/formats/finding.md describes every field.
type Finding struct {
	Schema     string     `json:"schema"` // "arasha-finding/1"
	Version    string     `json:"version"`
	Inputs     []Input    `json:"inputs"`
	Parameters Parameters `json:"parameters"`
	Posts      int        `json:"posts"`
	Accounts   int        `json:"accounts"`
	Untimed    int        `json:"posts_without_time"`
	Unnamed    int        `json:"posts_without_account"`
	Texts      int        `json:"distinct_texts"`
	TooLong    int        `json:"texts_too_long"`
	First      string     `json:"first,omitempty"`
	Last       string     `json:"last,omitempty"`
	Views      []ViewSum  `json:"views"`
	Files      []File     `json:"files"` // every other file of the finding

	// Mark stands in the names of the tables and networks, as in
	// "waves.desk.csv": beside a report for everybody it says that these files
	// are not. "" leaves the plain names.
	Mark string `json:"-"`
}

// named returns the name of a table or network in the folder.
func (f *Finding) named(base, ext string) string {
	if f.Mark != "" {
		base += "." + f.Mark
	}
	return base + ext
}

// Parameters are the options as used.
type Parameters struct {
	Traces           []coordination.Trace `json:"traces"`
	Windows          []string             `json:"windows"`
	Threshold        string               `json:"threshold"` // as a fraction: "80/100"
	Measure          string               `json:"measure"`   // "jaccard" or "containment"
	Gram             int                  `json:"gram"`      // 0: words
	Rules            []string             `json:"rules"`     // normalisation rules applied, in order
	MinWords         int                  `json:"min_words"`
	MinRunes         int                  `json:"min_characters"`
	MinSequence      int                  `json:"min_sequence"`
	Originals        bool                 `json:"originals_only"`
	MinWeight        int                  `json:"min_weight"`
	GroupWeight      int                  `json:"group_weight"`
	MinParticipation int                  `json:"min_participation"`
	Percentile       float64              `json:"percentile"`
	Directed         bool                 `json:"directed"`
	MaxPairs         int64                `json:"max_pairs"`
}

// ViewSum is one trace in one window, in numbers.
type ViewSum struct {
	Trace         coordination.Trace `json:"trace"`
	Window        string             `json:"window"`
	LeftOut       int                `json:"posts_left_out"`
	Waves         int                `json:"waves"`
	Largest       int                `json:"largest_wave_accounts"`
	Pairs         int64              `json:"pairs"`
	Unlisted      int64              `json:"pairs_not_listed"`
	UnlistedWaves int                `json:"waves_not_listed"`
	Edges         int                `json:"edges"`
	LightEdges    int                `json:"edges_left_out"`
	Groups        int                `json:"groups"`
}

// A File is a file of the finding and its hash, so that a copy can be checked
// with sha256sum.
type File struct {
	Name string       `json:"name"`
	Ref  evidence.Ref `json:"sha256"`
	Size int64        `json:"bytes"`
}

// New returns the finding of r without its files.
func New(r *coordination.Result, version string, inputs []Input) *Finding {
	o := r.Options
	measure := "jaccard"
	if o.Containment {
		measure = "containment"
	}
	unnamed, stand := r.Unnamed()
	f := &Finding{Schema: "arasha-finding/1", Version: version, Inputs: inputs, Posts: r.Posts, Accounts: r.Accounts - stand,
		Untimed: r.Untimed, Unnamed: unnamed, Texts: r.Texts, TooLong: r.TooLong, Views: []ViewSum{}, Files: []File{},
		Parameters: Parameters{Traces: o.Traces, Threshold: fmt.Sprintf("%d/%d", o.Num, o.Den), Measure: measure, Gram: o.Gram,
			Rules: o.Rules(), MinWords: o.MinWords, MinRunes: o.MinRunes, MinSequence: o.MinSequence, Originals: o.Originals,
			MinWeight: o.MinWeight, GroupWeight: o.GroupWeight, MinParticipation: o.MinParticipation, Percentile: o.Percentile,
			Directed: o.Directed, MaxPairs: o.MaxPairs}}
	if r.Posts > r.Untimed {
		f.First, f.Last = r.First.Format(time.RFC3339), r.Last.Format(time.RFC3339)
	}
	for _, w := range o.Windows {
		f.Parameters.Windows = append(f.Parameters.Windows, coordination.WindowName(w))
	}
	for i := range r.Views {
		v := &r.Views[i]
		s := ViewSum{Trace: v.Trace, Window: coordination.WindowName(v.Window), LeftOut: v.LeftOut, Waves: len(v.Waves), Pairs: v.Pairs,
			Unlisted: v.Unlisted, UnlistedWaves: v.UnlistedWaves, Edges: len(v.Edges), LightEdges: v.LightEdges, Groups: len(v.Groups)}
		if len(v.Waves) > 0 {
			s.Largest = int(v.Waves[0].Accounts)
		}
		f.Views = append(f.Views, s)
	}
	return f
}

// Tables names the tables of a finding; each is a .csv and a .jsonl file.
var Tables = []string{"edges", "waves", "accounts", "groups", "pairs"}

// Write writes the finding into dir: the tables, the network and report.json.
// Everything is first written into a folder beside dir, which takes dir's
// place only when it is whole. A dir that exists is replaced when it holds a
// finding, and refused otherwise.
func Write(ctx context.Context, dir string, r *coordination.Result, f *Finding) error {
	if err := replaceable(dir); err != nil {
		return err
	}
	dir = filepath.Clean(dir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".partial-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		return err
	}
	writers := map[string]func(csv, json io.Writer, r *coordination.Result) error{
		"edges": Edges, "waves": Waves, "accounts": Accounts, "groups": Groups, "pairs": Pairs}
	f.Files = f.Files[:0]
	type part struct {
		files []*hashed
		err   error
	}
	parts := make([]part, 0, len(Tables)+2)
	var wg sync.WaitGroup
	begin := func(write func(f []*hashed) error, names ...string) {
		files, err := create(tmp, names...)
		parts = append(parts, part{files, err})
		p := &parts[len(parts)-1]
		if err == nil {
			wg.Add(1)
			go func() {
				defer wg.Done()
				p.err = write(files)
			}()
		}
	}
	for _, name := range Tables {
		begin(func(h []*hashed) error { return writers[name](stoppable{ctx, h[0]}, stoppable{ctx, h[1]}, r) }, f.named(name, ".csv"), f.named(name, ".jsonl"))
	}
	begin(func(h []*hashed) error { return GraphML(stoppable{ctx, h[0]}, r) }, f.named("network", ".graphml"))
	begin(func(h []*hashed) error { return GEXF(stoppable{ctx, h[0]}, r) }, f.named("network", ".gexf"))
	wg.Wait()
	for _, p := range parts {
		if e := f.done(p.files, p.err); err == nil {
			err = e
		}
	}
	if err != nil {
		return err
	}
	sortFiles(f.Files)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(f); err != nil {
		return err
	}
	files, err := create(tmp, "report.json")
	if err != nil {
		return err
	}
	_, err = files[0].Write(b.Bytes())
	kept := f.Files
	err = f.done(files, err)
	f.Files = kept
	if err != nil {
		return err
	}
	return swap(tmp, dir)
}

// stoppable fails writes once ctx is done.
type stoppable struct {
	ctx context.Context
	w   io.Writer
}

func (s stoppable) Write(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.w.Write(b)
}

func create(dir string, names ...string) ([]*hashed, error) {
	var out []*hashed
	for _, n := range names {
		h, err := newHashed(filepath.Join(dir, n))
		if err != nil {
			for _, o := range out {
				o.f.Close()
			}
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}

// done syncs and closes files and notes their hashes.
func (f *Finding) done(files []*hashed, err error) error {
	for _, h := range files {
		if err == nil {
			err = h.f.Sync()
		}
		if cerr := h.f.Close(); err == nil {
			err = cerr
		}
		f.Files = append(f.Files, h.file())
	}
	return err
}

// replaceable reports, as an error, why dir may not be written.
func replaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	var f Finding
	b, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err == nil && json.Unmarshal(b, &f) == nil && f.Schema != "" {
		return nil
	}
	return fmt.Errorf("%s holds other files than a finding; it was left as it is", dir)
}

// swap puts tmp in the place of dir. Between the two renames the old finding
// stands under a name of its own and is put back if the second one fails.
func swap(tmp, dir string) error {
	old := tmp + ".old"
	err := os.Rename(dir, old)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	had := err == nil
	if err := os.Rename(tmp, dir); err != nil {
		if had {
			return errors.Join(err, os.Rename(old, dir))
		}
		return err
	}
	if d, err := os.Open(filepath.Dir(dir)); err == nil {
		d.Sync()
		d.Close()
	}
	if had {
		return os.RemoveAll(old)
	}
	return nil
}
