package casefile

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// An Audience is who a rendering is made for. Names follow it.
type Audience string

// The audiences.
const (
	ForPublic     Audience = "public"
	ForGovernment Audience = "government"
	ForUN         Audience = "un"
	ForDesk       Audience = "desk" // inside the house: every name that is not sealed
)

// use is the use that a consent must be given for.
func (a Audience) use() string {
	switch a {
	case ForGovernment:
		return UseGovernment
	case ForUN:
		return UseUN
	}
	return UsePublic
}

// ParseAudience reads an audience.
func ParseAudience(s string) (Audience, error) {
	if !slices.Contains(audiences, s) {
		return "", fmt.Errorf("casefile: the audience is %q; it must be one of %s", clip(s), strings.Join(audiences, ", "))
	}
	return Audience(s), nil
}

// MayName reports whether a person may be named to an audience; why says what
// is missing. versions are the hashes of the language versions that are about
// to go out: a consent to one text is none to another. nil leaves that open,
// for a first draft. Silence is no, for every use apart.
func (f *File) MayName(person ID, to Audience, versions []string, now time.Time) (ok bool, why string) {
	if to == ForDesk {
		return true, ""
	}
	return f.Agreed(person, to.use(), versions, now)
}

// MayTell reports whether a sensitive statement may go to an audience: every
// person named in it agreed to this very statement.
func (f *File) MayTell(s Statement, to Audience, versions []string, now time.Time) (ok bool, why string) {
	if to == ForDesk || len(s.Sensitive) == 0 {
		return true, ""
	}
	if len(s.Persons) == 0 {
		return false, fmt.Sprintf("it tells of %s, and it is not said whom it is about", strings.Join(s.Sensitive, ", "))
	}
	for _, id := range s.Persons {
		if ok, why := f.Agreed(id, fmt.Sprintf("fact:%d", s.ID), versions, now); !ok {
			return false, fmt.Sprintf("it tells of %s: %s", strings.Join(s.Sensitive, ", "), why)
		}
	}
	return true, ""
}

// Agreed reports whether a consent for a use stands: the newest answer is yes,
// it was not withdrawn, its basis can carry it, and a decision in the person's
// place is not due for review. The person's own no is overruled by nobody
// else.
func (f *File) Agreed(person ID, use string, versions []string, now time.Time) (ok bool, why string) {
	p, known := f.Person(person)
	if !known {
		return false, fmt.Sprintf("person %d is not in the case", person)
	}
	who := where("person", person)
	var last *Consent
	own := false // the last word is the person's own no
	for i := range f.Consents {
		c := &f.Consents[i]
		if c.Person != person || c.Use != use {
			continue
		}
		no := c.Answer != "yes" || !c.WithdrawnAt.IsZero()
		if own && c.Basis != BySelf || last != nil && c.lastWord().Compare(last.lastWord()) == Before {
			continue
		}
		last, own = c, no && c.Basis == BySelf
	}
	if last == nil {
		return false, fmt.Sprintf("%s did not answer for the use %q; silence is no", who, use)
	}
	c := *last
	decided := c.Basis == CouldNotBeAsked || c.Basis == AlreadyPublic
	switch {
	case !c.WithdrawnAt.IsZero():
		return false, fmt.Sprintf("%s withdrew the consent for the use %q on %s", who, use, c.WithdrawnAt.UTC().Format(time.DateOnly))
	case c.Answer != "yes":
		return false, fmt.Sprintf("%s said no to the use %q", who, use)
	case c.Check() != nil:
		return false, fmt.Sprintf("consent %d of %s is not complete: %s", c.ID, who, sentence(c.Check()))
	case c.Basis == "organisation" && p.Kind != Organisation:
		return false, fmt.Sprintf("consent %d: an organisation answers for itself, not for %s", c.ID, who)
	case p.Minor && c.Basis != "parent" && c.Basis != "guardian":
		return false, fmt.Sprintf("%s is a child: a parent or guardian must agree", who)
	case decided && due(c.Review, now):
		return false, fmt.Sprintf("the decision in the place of %s was to be looked at again on %s", who, c.Review)
	case c.TextHash != "" && versions != nil && !slices.Contains(versions, c.TextHash):
		return false, fmt.Sprintf("%s agreed to another version of the text", who)
	}
	return true, ""
}

// lastWord is when c was given, or withdrawn.
func (c Consent) lastWord() Date {
	if t := c.WithdrawnAt.UTC(); !t.IsZero() {
		return Date{Day: t.Format(time.DateOnly), Precision: Exact, Time: t.Format("15:04"), Zone: "Z"}
	}
	return c.When
}

// due reports whether a day has wholly passed.
func due(day Date, now time.Time) bool {
	_, to, ok := day.Span()
	return ok && !now.Before(to)
}

// sentence is what a Check says, without the noun and number before it.
func sentence(err error) string {
	_, s, _ := strings.Cut(strings.TrimPrefix(err.Error(), "casefile: "), ": ")
	return s
}
