package appeal

import (
	"errors"
	"fmt"
)

// StartTranslation returns a copy of a for a translator to fill in: in
// another language, in the state [Placeholder], tied to a by its hash. a is
// the authoritative text, never a translation itself.
func (a *Appeal) StartTranslation(lang string) (*Appeal, error) {
	switch {
	case a.Translation != nil:
		return nil, errors.New("this text is a translation itself; start from the authoritative one")
	case a.Language == "":
		return nil, errors.New("the appeal does not say in which language it is")
	case lang == a.Language:
		return nil, fmt.Errorf("the appeal is in %q already", lang)
	}
	l, ok := LabelsFor(lang)
	if !ok {
		return nil, fmt.Errorf("there are no labels in %q", lang)
	}
	b := a.filled()
	b.Sections = append([]Section{}, a.Sections...)
	for i := range b.Sections {
		if h := l.Heading(b.Sections[i].Kind); h != "" && b.Sections[i].Heading != "" {
			b.Sections[i].Heading = h
		}
	}
	b.Language = lang
	b.Translation = &Translation{Of: a.Language, State: Placeholder, SourceHash: a.Hash()}
	return &b, nil
}

// Follow compares a translation with its source and reports whether it has
// gone stale: the source says something else than when the translation was
// made. A stale translation gets that state; a placeholder stays one. A text
// that is no translation is never stale.
func (a *Appeal) Follow(source *Appeal) (stale bool) {
	t := a.Translation
	if t == nil || t.SourceHash == source.Hash() {
		return false
	}
	if t.State != Placeholder {
		t.State = Stale
	}
	return true
}
