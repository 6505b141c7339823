package pdf

// A plan says what stands on a page: slabs from ≤ i < to, and lines of notes.
type plan struct {
	from, to int
	notes    []part
}

// A part is the lines from ≤ i < to of a note.
type part struct{ note, from, to int }

// A breaker breaks the flow into pages.
//
// It takes as many slabs as fit together with their notes in full, back to
// the last place where a break is allowed. A note is broken only when the
// page would otherwise stay too empty: then two lines of it at least stay
// with its mark and two at least follow on the next page.
type breaker struct {
	l     *layouter
	slabs []slab
	carry []part // what is left of the notes of the page before
}

// A page that is fuller than this is closed rather than filled with the
// beginning of a long note.
const fullEnough = .75

func (b *breaker) pages() []plan {
	var plans []plan
	for at := 0; at < len(b.slabs) || len(b.carry) > 0 || len(plans) == 0; {
		top := b.l.doc.Top
		if len(plans) == 0 {
			top = b.l.doc.FirstTop
		}
		p := b.next(at, b.l.doc.Bottom-top)
		plans = append(plans, p)
		at = p.to
	}
	return plans
}

// next plans one page of a height, beginning with slab at.
func (b *breaker) next(at int, height float64) plan {
	n := len(b.slabs)
	carry := b.carry
	b.carry = nil
	if len(carry) > 0 {
		if fit, rest := b.split(carry, height); len(rest) > 0 { // nothing else has room
			b.carry = rest
			return plan{at, at, fit}
		}
	}
	whole, broken, forced := -1, -1, -1
	fill := 0.0 // of the page that ends at whole
	text, marks := 0.0, []int(nil)
	for k := at; k < n; k++ {
		s := &b.slabs[k]
		if k > at {
			text += s.space
		} else if s.repeat != nil {
			text += s.repeat.h
		}
		text += s.h
		marks = append(marks, s.notes...)
		if text > height+.01 {
			break
		}
		legal := k+1 == n || !b.slabs[k+1].glue
		notes := b.withMarks(carry, marks)
		used := text + b.notesRoom(notes)
		switch {
		case used <= height+.01:
			forced = k + 1
			if legal {
				whole, fill = k+1, used/height
			}
		case legal && broken < 0 && k+1 > whole && b.startsFit(notes, height-text):
			broken = k + 1
		}
		if used > height && b.minimalRoom(notes) > height-text {
			break
		}
	}
	end := whole
	switch {
	case whole == n:
	case broken > 0 && (whole < 0 || fill < fullEnough):
		end = broken
	case whole < 0 && len(carry) > 0:
		end = at // only what was left of the notes; the text begins on a new page
	case whole < 0 && forced > 0:
		end = forced
	case whole < 0:
		end = at + 1
	}
	p := plan{from: at, to: end}
	marks, text = nil, 0
	for k := at; k < end; k++ {
		if k > at {
			text += b.slabs[k].space
		} else if b.slabs[k].repeat != nil {
			text += b.slabs[k].repeat.h
		}
		text += b.slabs[k].h
		marks = append(marks, b.slabs[k].notes...)
	}
	p.notes, b.carry = b.split(b.withMarks(carry, marks), height-text-noteAbove)
	return p
}

func (b *breaker) withMarks(carry []part, marks []int) []part {
	out := append([]part(nil), carry...)
	for _, m := range marks {
		out = append(out, part{m, 0, len(b.l.note(m).lines)})
	}
	return out
}

// notesHeight returns the height of the notes with the line above them.
func (l *layouter) notesHeight(ps []part) float64 {
	if len(ps) == 0 {
		return 0
	}
	h := noteRuleHeight + float64(len(ps)-1)*noteGap
	for _, p := range ps {
		for _, nl := range l.note(p.note).lines[p.from:p.to] {
			h += nl.para.Lead
		}
	}
	return h
}

func (b *breaker) notesRoom(ps []part) float64 {
	if len(ps) == 0 {
		return 0
	}
	return b.l.notesHeight(ps) + noteAbove
}

// shortest returns the notes with the last one cut to its first two lines,
// if it is long enough to be broken.
func (b *breaker) shortest(ps []part) []part {
	out := append([]part(nil), ps...)
	if k := len(out) - 1; k >= 0 && out[k].to-out[k].from >= 4 {
		out[k].to = out[k].from + 2
	}
	return out
}

func (b *breaker) startsFit(ps []part, room float64) bool {
	return len(ps) > 0 && b.minimalRoom(ps) <= room+.01
}

func (b *breaker) minimalRoom(ps []part) float64 { return b.notesRoom(b.shortest(ps)) }

// split fits notes into a height. What does not fit goes to the next page;
// no part of a broken note has less than two lines, unless nothing else is
// possible.
func (b *breaker) split(ps []part, height float64) (fit, rest []part) {
	for k, p := range ps {
		if b.l.notesHeight(append(fit[:len(fit):len(fit)], p)) <= height+.01 {
			fit = append(fit, p)
			continue
		}
		cut := p
		for cut.to = p.to - 1; cut.to > p.from; cut.to-- {
			if b.l.notesHeight(append(fit[:len(fit):len(fit)], cut)) <= height+.01 {
				break
			}
		}
		if p.to-cut.to == 1 && cut.to-p.from > 2 {
			cut.to-- // no single line on the next page
		}
		if n := cut.to - p.from; n >= 2 && p.to-cut.to >= 2 || n >= 1 && len(fit) == 0 {
			fit = append(fit, cut)
			p.from = cut.to
		} else if len(fit) == 0 { // no room for a single line: take it all the same
			p.from++
			fit = append(fit, part{p.note, p.from - 1, p.from})
		}
		if p.from < p.to {
			rest = append(rest, p)
		}
		return fit, append(rest, ps[k+1:]...)
	}
	return fit, nil
}
