package casefile

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// The errors of the gates. Each is wrapped in a sentence.
var (
	ErrHeld       = errors.New("held")
	ErrNotDecided = errors.New("not decided")
	ErrNotPublic  = errors.New("not public")
)

// Held returns an error for a case that the person, the family or a lawyer
// stopped, or asked not to publish. It holds at once, whoever is on duty.
func (f *File) Held() error {
	for _, h := range f.Holds {
		if h.Lifted.IsZero() {
			return fmt.Errorf("casefile: case %s: “%s” by the %s since %s (hold %d); only they can lift it: %w",
				f.Case.Number, h.Kind, h.By, h.Since.UTC().Format("2006-01-02 15:04 MST"), h.ID, ErrHeld)
		}
	}
	return nil
}

// Stopped is Held for what stays in the house: “do not publish” lets the desk
// go on writing, “stop” does not.
func (f *File) Stopped() error {
	stopped := *f
	stopped.Holds = slices.DeleteFunc(slices.Clone(f.Holds), func(h Hold) bool { return h.Kind != "stop" })
	return stopped.Held()
}

// Decision returns the decision to act that holds: the newest one.
func (f *File) Decision() (Decision, bool) {
	var last Decision
	for _, d := range f.Decisions {
		if last.ID == 0 && last.At.IsZero() || !d.At.Before(last.At) {
			last = d
		}
	}
	return last, len(f.Decisions) > 0
}

// decisionAllows lists, for a choice, which audiences which kinds of document
// may be made for.
var decisionAllows = map[string]map[string][]Audience{
	OpenAppeal: {"urgent_appeal": {ForPublic, ForGovernment, ForUN, ForDesk}, "new_information": {ForPublic, ForGovernment, ForUN, ForDesk},
		"press_release": {ForPublic, ForDesk}, "letter": {ForPublic, ForGovernment, ForUN, ForDesk}, "other": {ForDesk, ForUN}},
	ClosedLetter: {"letter": {ForGovernment, ForDesk}},
	UNOnly:       {"letter": {ForUN, ForDesk}, "other": {ForUN, ForDesk}, "urgent_appeal": {ForUN, ForDesk}, "new_information": {ForUN, ForDesk}},
	PressRelease: {"press_release": {ForPublic, ForDesk}},
	QuietContact: {"other": {ForDesk}},
	Nothing:      {},
}

// MayWrite is the gate before a draft: a decision to act stands, it allows this
// kind of document for this audience, it is not due to be looked at again, and
// nobody stopped the case.
func (f *File) MayWrite(kind string, to Audience, now time.Time) error {
	if err := f.Stopped(); err != nil {
		return err
	}
	d, ok := f.Decision()
	switch {
	case !ok:
		return fmt.Errorf("casefile: case %s: nobody decided to act; decide first what to do, why, and who could be harmed: %w", f.Case.Number, ErrNotDecided)
	case d.Check() != nil:
		return fmt.Errorf("casefile: case %s: decision %d is not complete: %s: %w", f.Case.Number, d.ID, sentence(d.Check()), ErrNotDecided)
	case due(d.Review, now):
		return fmt.Errorf("casefile: case %s: decision %d was to be looked at again on %s: %w", f.Case.Number, d.ID, d.Review, ErrNotDecided)
	case !slices.Contains(decisionAllows[d.Choice][kind], to):
		return fmt.Errorf("casefile: case %s: the decision is “%s”; it allows no %s for the audience “%s”: %w", f.Case.Number, d.Choice, kind, to, ErrNotDecided)
	case d.Choice != Nothing && len(d.Risks) == 0:
		return fmt.Errorf("casefile: case %s: decision %d does not say who could be harmed; name each, how, and what lowers it: %w", f.Case.Number, d.ID, ErrNotDecided)
	}
	return nil
}

// Public returns nil for a document that may stand on a public page, in a feed
// or in an index, at this moment. All three ask here and nowhere else. A closed
// letter never may, whatever its other fields say; a newer decision to go on
// in silence takes what was open off the pages.
func (f *File) Public(d Document, now time.Time) error {
	no := func(format string, args ...any) error {
		return fmt.Errorf("casefile: document %d: %s: %w", d.ID, fmt.Sprintf(format, args...), ErrNotPublic)
	}
	if err := f.Held(); err != nil {
		return err
	}
	dec, ok := f.Decision()
	switch {
	case d.Case != f.Case.ID:
		return no("it belongs to another case")
	case !ok || dec.Choice != OpenAppeal && dec.Choice != PressRelease:
		return no("the decision to act is not one to be public")
	case d.Kind == "letter" && slices.ContainsFunc(f.Decisions, func(d Decision) bool { return d.Choice == ClosedLetter }):
		return no("a closed letter was decided on in this case")
	case d.Audience != string(ForPublic):
		return no("it was made for the audience “%s”", d.Audience)
	case d.State != StatePublished || d.Frozen.IsZero():
		return no("it is “%s”, not published", d.State)
	}
	at, err := EmbargoEnds(d.Embargo)
	switch {
	case err != nil:
		return no("%s", err)
	case now.Before(at):
		return no("it is under embargo until %s", d.Embargo)
	}
	return nil
}

// EmbargoEnds returns the instant at which an embargo ends, the zero time for
// none. A zone whose name this computer does not know is an error, never
// guessed.
func EmbargoEnds(d Date) (time.Time, error) {
	if d.IsZero() {
		return time.Time{}, nil
	}
	if err := d.Check(); err != nil {
		return time.Time{}, err
	}
	if d.Time == "" || d.Zone == "" || d.Precision != Exact {
		return time.Time{}, errors.New("an embargo needs an exact day, a time and a zone")
	}
	if _, err := time.Parse("-07:00", d.Zone); err != nil && d.Zone != "Z" {
		if _, err := time.LoadLocation(d.Zone); err != nil {
			return time.Time{}, fmt.Errorf("the time zone %q is not known here; write it as an offset such as +05:00", clip(d.Zone))
		}
	}
	at, _, _ := d.Span()
	return at, nil
}
