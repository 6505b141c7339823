package casefile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Ground reports whether s stands on what it must: a fact or an allegation on
// an item, an allegation on who alleges it too; a law on a kept copy or on an
// instrument with its article; an assessment on facts; a request on a clause,
// or it is free. A finding that was rejected is no ground, nor is a report of a
// detection before somebody kept it (Unjudged). The fault names the sentence.
func (f *File) Ground(s Statement) (Fault, bool) {
	var message, remedy string
	switch s.Kind {
	case Fact:
		if len(s.Cites) == 0 {
			message, remedy = "is told as a fact and cites nothing", "cite the item that shows it; a telephone call is an item, a signed note"
		}
	case Allegation:
		if len(s.Cites) == 0 {
			message, remedy = "is an allegation and cites nothing", "cite the item it stands in; a telephone call is an item, a signed note"
		} else if len(s.Sources) == 0 && s.According == "" {
			message, remedy = "is an allegation of nobody", "say which source alleges it, sealed or by name"
		}
	case Law:
		if len(s.Cites) == 0 && s.Clause == "" {
			message, remedy = "tells the law and cites nothing", "name the instrument and the article (ICCPR 19), or cite a kept copy of the law"
		} else if s.Clause != "" && !lawExists(s.Clause) {
			message, remedy = fmt.Sprintf("cites %q, which is no article of an instrument in the table", clip(s.Clause)), "write the key of the instrument and its articles, such as ICCPR 19;21"
		}
	case Assessment:
		message = f.rests(s, nil)
		remedy = "name the facts it rests on"
	case Request:
		if s.Clause == "" && len(s.Text) == 0 {
			message, remedy = "asks for nothing", "give a clause of the library, or words of its own"
		}
	}
	for _, c := range s.Cites {
		if n, ok := f.Verdict(c.Ref); ok && n.Verdict == "rejected" && message == "" {
			message, remedy = fmt.Sprintf("cites finding %d, which %s rejected: %s", n.ID, n.By, clip(n.Why)), "take the citation out and give the sentence another ground, or the sentence goes"
		}
		if slices.Contains(f.Unjudged, c.Ref) && message == "" {
			message, remedy = fmt.Sprintf("cites %s, a report of \"arasha detect\" that nobody kept as a finding", c.Ref.Short()), "read it, then \"arasha finding keep\" its JSON with your reason and cite that; or take the citation out"
		}
	}
	if message == "" {
		return Fault{}, true
	}
	return Fault{RuleUncited, where("statement", s.ID), fmt.Sprintf("the sentence %s %s", s.said(), message), remedy}, false
}

// lawExists reads "ICCPR 19;21" and looks up each article.
func lawExists(clause string) bool {
	key, articles, _ := strings.Cut(clause, " ")
	for _, a := range strings.Split(articles, ";") {
		n, err := strconv.Atoi(strings.TrimSpace(a))
		if err != nil {
			return false
		}
		if exists, known := Article(key, n); !exists || !known {
			return false
		}
	}
	return true
}

// rests says what is wrong with the ground of an assessment. It may rest on
// another assessment, as long as the way ends at facts, allegations or law.
func (f *File) rests(s Statement, above []ID) string {
	if len(s.Rests) == 0 {
		return "is an assessment and names no facts it rests on"
	}
	if slices.Contains(above, s.ID) {
		return "is an assessment that rests on itself"
	}
	for _, id := range s.Rests {
		under, ok := f.Statement(id)
		switch {
		case !ok:
			return fmt.Sprintf("is an assessment that rests on statement %d, which is not in the case", id)
		case under.Kind == Request:
			return fmt.Sprintf("is an assessment that rests on statement %d, a request", id)
		case under.Kind == Assessment:
			if m := f.rests(under, append(above, s.ID)); m != "" {
				return fmt.Sprintf("rests on statement %d, which %s", id, m)
			}
		default:
			if _, ok := f.Ground(under); !ok {
				return fmt.Sprintf("is an assessment that rests on statement %d, which lacks its ground", id)
			}
		}
	}
	return ""
}

// Uncited returns a fault for every statement of the case without its ground,
// in order.
func (f *File) Uncited() []Fault {
	var out []Fault
	for _, s := range f.Statements {
		if fault, ok := f.Ground(s); !ok {
			out = append(out, fault)
		}
	}
	return out
}

// Support says how well a statement is supported.
type Support struct {
	Items       int      `json:"items"`       // different kept items it cites
	Sources     int      `json:"sources"`     // different people or bodies who told us
	Independent int      `json:"independent"` // of them, those who do not depend on each other
	Best        string   `json:"best"`        // the best reliability among the independent ones
	Groups      []string `json:"groups"`      // one label for each independent one
}

// reliabilityRank orders the words of HURIDOCS list 42, the best first.
var reliabilityRank = map[string]int{"high": 0, "likely": 1, "unsure": 2, "unknown": 3, "": 3, "unlikely": 4, "unreliable": 5}

// concernedConnections are the connections that stand for the person concerned
// or their own organisation: these count as one source.
var concernedConnections = []string{"victim", "same-organisation"}

// Support counts the sources of s. Sources of one group count as one; the
// person concerned and their own organisation are one group, whatever the
// field says. A statement that is attributed by name to somebody who is no
// source of the case has that one.
func (f *File) Support(s Statement) Support {
	var u Support
	refs := make(map[string]bool)
	for _, c := range s.Cites {
		refs[c.Ref.String()] = true
	}
	u.Items = len(refs)
	best := make(map[string]string)
	seen := make(map[ID]bool)
	for _, id := range s.Sources {
		src, ok := f.Source(id)
		if !ok || seen[id] {
			continue
		}
		seen[id] = true
		u.Sources++
		g := src.group()
		have, known := best[g]
		if !known {
			u.Groups = append(u.Groups, g)
		}
		if !known || reliabilityRank[src.Reliability] < reliabilityRank[have] {
			best[g] = src.Reliability
		}
	}
	if u.Sources == 0 && s.According != "" {
		u.Sources, u.Groups = 1, []string{"as printed"}
	}
	u.Independent = len(u.Groups)
	for _, g := range u.Groups {
		if r := best[g]; u.Best == "" || reliabilityRank[r] < reliabilityRank[u.Best] {
			u.Best = r
		}
	}
	return u
}

// group returns what s counts under. It names nobody.
func (s Source) group() string {
	switch {
	case slices.Contains(concernedConnections, s.Connection):
		return "the person concerned"
	case s.Group != "":
		return s.Group
	}
	return where("source", s.ID)
}
