package coordination

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/arasha-org/arasha/coordination/internal/fold"
)

// Corrections are what an analyst says of narratives. They hold on to posts
// and texts, never to the numbers of a run, so that they stay true when more
// posts come in.
type Corrections struct {
	rows []Correction
}

// A Correction is one line of the analyst's.
type Correction struct {
	Line      int    `json:"-"`         // in the file, from 1
	Narrative string `json:"narrative"` // the analyst's name for it
	What      string `json:"what"`      // "example", "is" or "not"
	Post      string `json:"post"`      // id, or platform/id; may be empty when Text is given
	Text      string `json:"text"`      // compared as texts are, links and capitals aside; may be empty when Post is given
}

// What a correction says.
const (
	// CorrectionExample: this text is an example. The texts near it get the
	// name, and all texts near examples of one name are one narrative.
	CorrectionExample = "example"
	// CorrectionIs: this text belongs to the narrative, wherever it was.
	CorrectionIs = "is"
	// CorrectionNot: this text does not belong to the narrative, or, where no
	// narrative is named, to any.
	CorrectionNot = "not"
)

// Len returns how many lines there are; a nil Corrections has none.
func (c *Corrections) Len() int {
	if c == nil {
		return 0
	}
	return len(c.rows)
}

// Rows returns the lines in the order of the file.
func (c *Corrections) Rows() []Correction {
	if c == nil {
		return nil
	}
	return slices.Clone(c.rows)
}

// ReadCorrections reads a CSV file with the columns narrative, what, post and
// text in any order, or a JSON array of objects with these keys. Other columns
// are not looked at. Errors name the file and the line.
func ReadCorrections(in io.Reader, name string) (*Corrections, error) {
	data, err := handKept(in, name)
	if err != nil {
		return nil, err
	}
	if b := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\uFEFF")), " \t\r\n"); len(b) > 0 && (b[0] == '[' || b[0] == '{') {
		rows, line, err := correctionsJSON(bytes.TrimPrefix(data, []byte("\uFEFF")))
		if err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", name, line, err)
		}
		return &Corrections{rows}, nil
	}
	var rows []Correction
	err = readUserFile(bytes.NewReader(data), name, []string{"what", "narrative", "post", "text"}, 1, func(line int, f []string) error {
		rows = append(rows, Correction{Line: line, What: f[0], Narrative: f[1], Post: f[2], Text: f[3]})
		return rows[len(rows)-1].check()
	})
	if err != nil {
		return nil, err
	}
	return &Corrections{rows}, nil
}

func correctionsJSON(data []byte) (rows []Correction, line int, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	here := func() int { return 1 + bytes.Count(data[:min(int(d.InputOffset()), len(data))], []byte("\n")) }
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return nil, here(), errors.New("the corrections are a list: [ {\"narrative\": …, \"what\": …, \"post\": …}, … ]")
	}
	for d.More() {
		// The offset stands before the white space and comma of the next one.
		rest := data[d.InputOffset():]
		line := here() + bytes.Count(rest[:len(rest)-len(bytes.TrimLeft(rest, ", \t\r\n"))], []byte("\n"))
		var c Correction
		if err := d.Decode(&c); err != nil {
			return nil, max(line, here()), err
		}
		c.Line = line
		if err := c.check(); err != nil {
			return nil, line, err
		}
		rows = append(rows, c)
	}
	if _, err := d.Token(); err != nil {
		return nil, here(), errors.New("the list does not end")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, here(), errors.New("something follows the list")
	}
	return rows, 0, nil
}

func (c *Correction) check() error {
	switch c.What {
	case CorrectionExample, CorrectionIs, CorrectionNot:
	default:
		return fmt.Errorf("%q is not known; say example, is or not", c.What)
	}
	if c.Narrative == "" && c.What != CorrectionNot {
		return fmt.Errorf("%q needs the name of a narrative", c.What)
	}
	if c.Post == "" && c.Text == "" {
		return errors.New("neither post nor text says which post is meant")
	}
	return nil
}

// resolve returns the texts that each line names. A line that names no post of
// these is kept in Unmatched.
func (s *narrator) resolve(c *Corrections) [][]uint32 {
	if c == nil {
		return nil
	}
	out := make([][]uint32, len(c.rows))
	byID := map[string][]int{}
	for k, row := range c.rows {
		if row.Post != "" {
			byID[row.Post] = append(byID[row.Post], k)
		}
		if row.Text != "" {
			f := fold.Folder{Rules: fold.All}
			f.Fold(row.Text)
			if t, ok := s.b.keys.Find(f.Key); ok && f.Words > 0 {
				out[k] = append(out[k], t)
			}
		}
	}
	if len(byID) > 0 {
		for i, t := range s.b.of {
			if t == none {
				continue
			}
			id, platform := s.r.c.kept(uint32(i))[0], s.r.c.plats[s.r.c.plat[i]]
			for _, k := range byID[id] {
				out[k] = append(out[k], t)
			}
			if platform != "" {
				for _, k := range byID[platform+"/"+id] {
					out[k] = append(out[k], t)
				}
			}
		}
	}
	for k := range out {
		slices.Sort(out[k])
		out[k] = slices.Compact(out[k])
		if len(out[k]) == 0 {
			s.n.Unmatched = append(s.n.Unmatched, c.rows[k])
		}
	}
	return out
}

// correct makes drafts of the parts and puts the analyst's corrections into
// effect.
func (s *narrator) correct(part []uint32, c *Corrections) []draft {
	texts := s.resolve(c)
	// The text's node of most posts decides which part an example names.
	partOf := map[uint32]uint32{}
	for t, n := range s.mainNodes(texts) {
		partOf[t] = part[n]
	}
	parts := slices.Max(append([]uint32{0}, part...)) + 1
	names, index := []string{}, map[string]int{}
	number := func(name string) int {
		i, ok := index[name]
		if !ok {
			i = len(names)
			index[name], names = i, append(names, name)
		}
		return i
	}
	votes := map[uint32][]int{}
	to, out := map[uint32]int{}, map[uint32]map[int]bool{} // text → name; text → names it is not of, -1 for any
	given := map[int]map[uint32]bool{}
	for k, list := range texts {
		row := c.rows[k]
		for _, t := range list {
			switch row.What {
			case CorrectionExample:
				n := number(row.Narrative)
				if p, ok := partOf[t]; ok {
					votes[p] = append(votes[p], n)
				}
				to[t] = n
				if given[n] == nil {
					given[n] = map[uint32]bool{}
				}
				given[n][t] = true
			case CorrectionIs:
				to[t] = number(row.Narrative)
			case CorrectionNot:
				n := -1
				if row.Narrative != "" {
					n = number(row.Narrative)
				}
				if out[t] == nil {
					out[t] = map[int]bool{}
				}
				out[t][n] = true
			}
		}
	}
	nameOf := map[uint32]int{} // part → name
	for p, list := range votes {
		nameOf[p] = mostVoted(list)
	}
	return s.gather(part, parts, names, nameOf, to, out, given)
}

// mostVoted returns the number that stands most often, of those the one that
// stands first.
func mostVoted(list []int) int {
	best, most := -1, 0
	for _, v := range list {
		n := 0
		for _, w := range list {
			if v == w {
				n++
			}
		}
		if n > most {
			best, most = v, n
		}
	}
	return best
}

// mainNodes returns for the texts named their node of most posts.
func (s *narrator) mainNodes(texts [][]uint32) map[uint32]uint32 {
	want := map[uint32]bool{}
	for _, list := range texts {
		for _, t := range list {
			want[t] = true
		}
	}
	out := map[uint32]uint32{}
	if len(want) == 0 {
		return out
	}
	for n, node := range s.b.nodes {
		if old, ok := out[node.Text]; want[node.Text] && (!ok || len(s.b.posts[n]) > len(s.b.posts[old])) {
			out[node.Text] = uint32(n)
		}
	}
	return out
}

// gather puts every post into its draft: first the parts in order, those of
// one name together, then names without a part.
func (s *narrator) gather(part []uint32, parts uint32, names []string, nameOf map[uint32]int, to map[uint32]int, out map[uint32]map[int]bool, given map[int]map[uint32]bool) []draft {
	named := make([]draft, len(names))
	for i, name := range names {
		named[i] = draft{name: name, given: given[i]}
	}
	plain := make([]draft, parts)
	for _, i := range s.r.x.order {
		t, node := s.b.of[i], s.b.node[i]
		if t == none {
			continue
		}
		was := -1 // the name of its part
		if node != none {
			if n, ok := nameOf[part[node]]; ok {
				was = n
			}
		}
		is, moved := to[t]
		switch {
		case !moved && node == none:
			continue
		case !moved:
			is = was
		}
		if out[t][-1] || is >= 0 && out[t][is] {
			continue
		}
		var d *draft
		if is >= 0 {
			d = &named[is]
		} else {
			d = &plain[part[node]]
		}
		d.posts = append(d.posts, i)
		if moved && is != was {
			d.moved++
		}
	}
	all := append(named, plain...)
	all = slices.DeleteFunc(all, func(d draft) bool { return len(d.posts) == 0 })
	return all
}
