package casefile

import (
	"slices"

	"github.com/arasha-org/arasha/evidence"
)

// Verdict returns the last verdict on a report of a detection; ok is false
// when nobody gave one.
func (f *File) Verdict(report evidence.Ref) (n FindingNote, ok bool) {
	for _, x := range f.Findings {
		if x.Report == report {
			n, ok = x, true
		}
	}
	return n, ok
}

// StandsOn returns the kept findings that a statement cites, and those that
// the statements cite which it rests on, each once.
func (f *File) StandsOn(s Statement) []FindingNote {
	var out []FindingNote
	for _, g := range f.grounds(s) {
		for _, c := range g.Cites {
			if n, ok := f.Verdict(c.Ref); ok && n.Verdict == "kept" && !slices.ContainsFunc(out, func(x FindingNote) bool { return x.ID == n.ID }) {
				out = append(out, n)
			}
		}
	}
	return out
}

// FindingsOnly reports whether nothing but findings stands behind s: every fact,
// allegation and law at the end of what it rests on cites a kept one. Who weighs
// a finding with other facts judges more than its numbers.
func (f *File) FindingsOnly(s Statement) bool {
	for _, g := range f.grounds(s) {
		if g.Kind != Assessment && len(f.StandsOn(g)) == 0 {
			return false
		}
	}
	return true
}

// Beside returns the other statements that stand behind s with a ground of
// their own that is no finding: those it rests on, and those that cite an item
// which it cites too; and s itself where somebody alleges it.
func (f *File) Beside(s Statement) []Statement {
	var own []evidence.Ref
	for _, c := range s.Cites {
		if _, ok := f.Verdict(c.Ref); !ok {
			own = append(own, c.Ref)
		}
	}
	behind := f.grounds(s)
	var out []Statement
	for _, x := range f.Statements {
		said := x.Kind == Fact || x.Kind == Allegation
		if _, ok := f.Ground(x); !ok || !said {
			continue
		}
		rests := x.ID != s.ID && slices.ContainsFunc(behind, func(g Statement) bool { return g.ID == x.ID })
		shares := slices.ContainsFunc(x.Cites, func(c Cite) bool { return slices.Contains(own, c.Ref) })
		if x.ID == s.ID && x.Kind == Allegation && len(own) > 0 || x.ID != s.ID && (rests || shares) && len(f.StandsOn(x)) == 0 {
			out = append(out, x)
		}
	}
	return out
}

// grounds are a statement and all that it rests on, each once.
func (f *File) grounds(s Statement) []Statement {
	out := []Statement{s}
	for i := 0; i < len(out); i++ {
		for _, id := range out[i].Rests {
			if under, ok := f.Statement(id); ok && !slices.ContainsFunc(out, func(x Statement) bool { return x.ID == id }) {
				out = append(out, under)
			}
		}
	}
	return out
}
