package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/coordination"
)

// Public returns the edition for everybody: the same numbers, charts and
// steps, and nothing by which a reader could look an account up. Accounts
// keep their labels. A text is quoted only when at least three accounts
// published it word for word; others are described. In what is quoted, and in
// every name and note a person wrote, links, handles, telephone numbers,
// e-mail and postal addresses, long numbers, names of accounts of the corpus
// and slurs are masked.
func (a *Analysis) Public(r *coordination.Result) *Analysis {
	var m masker
	for n := range uint32(r.Accounts) {
		info := r.Account(n)
		m.know(info.ID)
		m.know(info.Name)
	}
	p := a.clone()
	p.Edition = Public
	for i := range p.Collected.Inputs {
		in := &p.Collected.Inputs[i]
		in.Name = ""
		in.Use = m.mask(in.Use)
	}
	for i := range p.Collected.Gaps {
		p.Collected.Gaps[i].Why = m.mask(p.Collected.Gaps[i].Why)
	}
	p.Replay.Command = a.Replay.public // file names may be names
	for i := range p.Collected.Platforms {
		p.Collected.Platforms[i].Name = m.mask(p.Collected.Platforms[i].Name)
	}
	for i := range p.Events {
		e := &p.Events[i]
		e.Text, e.Source = m.mask(e.Text), ""
	}
	if p.Timeline != nil {
		for i := range p.Timeline.Events {
			p.Timeline.Events[i].Name = cut(m.mask(p.Timeline.Events[i].Name), 18)
		}
	}
	for i := range p.Waves {
		w := &p.Waves[i]
		w.Object, w.Posted = "", nil
		w.SetApart = m.mask(w.SetApart)
		m.maskAll(w.Says) // a named background may carry a name
		w.Said.Reference = m.mask(w.Said.Reference)
		if w.Test != nil {
			w.Test.Background = m.mask(w.Test.Background)
		}
		m.maskAll(w.Platforms)
		text := w.Kind == "text"
		w.Quotes = m.quotes(w.Quotes)
		marked(w.Quotes)
		if text {
			w.Message = "a text, described below"
			for _, q := range w.Quotes {
				if q.Text != "" {
					w.Message = "“" + cut(q.Text, 48) + "”"
					break
				}
			}
		}
	}
	for i := range p.Edited {
		e := &p.Edited[i]
		e.Posted = nil
		e.SetApart = m.mask(e.SetApart)
		m.maskAll(e.Platforms)
		e.Leader = m.quotes([]Quote{e.Leader})[0]
		e.Copies = m.quotes(e.Copies)
		markedAgainst(&e.Leader, e.Copies)
	}
	m.maskAll(p.Further)
	m.maskAll(p.Limits)
	m.maskAll(p.Collected.Missing)
	for i := range p.Families {
		f := &p.Families[i]
		if f.Name, f.Why = m.mask(f.Name), m.mask(f.Why); strings.Contains(f.Name, "[") || !f.Listed {
			f.Name = "" // it would name an account; its number stands for it
		}
	}
	for i := range p.Ordinary {
		o := &p.Ordinary[i]
		o.Rule, o.Says = m.mask(o.Rule), m.mask(o.Says)
	}
	for i := range p.Groups {
		p.Groups[i].SetApart = m.mask(p.Groups[i].SetApart)
	}
	if p.Network != nil {
		for i := range p.Network.Rows {
			p.Network.Rows[i].SetApart = m.mask(p.Network.Rows[i].SetApart)
		}
	}
	for i := range p.Narratives {
		n := &p.Narratives[i]
		n.Name = m.mask(n.Name)
		m.maskAll(n.Terms)
		n.Examples = slices.DeleteFunc(m.quotes(n.Examples), func(q Quote) bool { return q.Text == "" })
	}
	for i := range p.Accounts {
		x := &p.Accounts[i]
		x.ID, x.Name, x.Platform, x.Facts = "", "", "", nil
	}
	return p
}

func (m *masker) maskAll(list []string) {
	for i := range list {
		list[i] = m.mask(list[i])
	}
}

// quotes returns the quotes as they may stand in public.
func (m *masker) quotes(list []Quote) []Quote {
	out := make([]Quote, 0, len(list))
	for _, q := range list {
		q.ID, q.URL = "", ""
		if q.Copies < leastAccounts {
			q.Described = fmt.Sprintf("%s, published word for word by %s: described, not quoted.", describe(q.Text), Count(int64(q.Copies), "account"))
			q.Text, q.Marks = "", nil
		} else {
			q.Text = m.mask(q.Text)
			q.Marks = nil
		}
		out = append(out, q)
	}
	return out
}

// clone copies a with everything it points to.
func (a *Analysis) clone() *Analysis {
	b, err := json.Marshal(a)
	if err != nil {
		panic("report: " + err.Error()) // a plain value: cannot fail
	}
	var p Analysis
	if err := json.Unmarshal(b, &p); err != nil {
		panic("report: " + err.Error())
	}
	// What is drawn and not written down in JSON.
	if a.Timeline != nil {
		p.Timeline.Step, p.Timeline.Thick, p.Timeline.ThickWords, p.Timeline.Waves = a.Timeline.Step, a.Timeline.Thick, a.Timeline.ThickWords, a.Timeline.Waves
		for i := range a.Timeline.Events {
			p.Timeline.Events[i].Name = a.Timeline.Events[i].Name
		}
	}
	if a.Network != nil {
		p.Network.Picture = a.Network.Picture
	}
	p.Grids = a.Grids
	return &p
}

// JSON returns the analysis as JSON, indented, ending in a new line.
func (a *Analysis) JSON() ([]byte, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	if err := e.Encode(a); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}
