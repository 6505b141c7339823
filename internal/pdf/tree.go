package pdf

// An elem is an element of the structure tree (ISO 32000-1, 14.7). Blocks
// are hung into the tree when they are laid out; the elements inside a
// paragraph when their first letter is written, so that text, links and
// marks keep their order.
type elem struct {
	role, lang, alt, id string
	attr                string     // an attribute dictionary
	box                 [4]float64 // of a figure: left, top, width, height
	parent              *elem
	kids                []kid
	inlines             map[*Span]*elem // of the whole tree
	loose               bool            // hung in when its first letter is written
	link                *elem
}

// A kid is an element, or content of a page, or an annotation.
type kid struct {
	el   *elem
	page int
	mcid int
	objr int // number of an annotation; 0: content
}

func (e *elem) child(role string) *elem {
	c := &elem{role: role, parent: e, inlines: e.inlines}
	e.kids = append(e.kids, kid{el: c})
	return c
}

// linkChild returns the one link inside e, around all it says.
func (e *elem) linkChild() *elem {
	if e.link == nil {
		e.link = &elem{role: "Link", parent: e, loose: true}
	}
	return e.link
}

// inline returns the element for the words of a span: e itself when they are
// ordinary words.
func (e *elem) inline(s *Span, d *Doc) *elem {
	foreign := s.Lang != "" && s.Lang != d.Lang
	if s.Link == "" && s.Note == 0 && !foreign {
		return e
	}
	if c := e.inlines[s]; c != nil {
		return c
	}
	c := &elem{role: "Span", parent: e, loose: true}
	switch {
	case s.Note > 0:
		c.role = "Reference"
		c = &elem{role: "Link", parent: c, loose: true}
		c.parent.loose = true
	case s.Link != "":
		c.role = "Link"
	}
	if foreign {
		c.lang = s.Lang
	}
	if e.inlines != nil {
		e.inlines[s] = c
	}
	return c
}
