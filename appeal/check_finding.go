package appeal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/internal/lazyre"
	"github.com/arasha-org/arasha/internal/wording"
)

// Reached is what a kept report of a detection lets an appeal say, in the
// language of the appeal.
type Reached struct {
	Step string   // of the ladder of words (docs/terms.md): "0", "1", "1b", "2", "3" or "4"
	Says []string // the ladder's own sentences at that step
}

// findings reports every statement of the text that stands on a kept finding
// and says more than the ladder of words does at its step: coordination is not
// inauthenticity, and no author climbs higher than the numbers.
func (k *caseChecker) findings() {
	if k.Reached == nil {
		return
	}
	const rule = "finding-wording"
	for _, s := range k.f.Statements {
		notes := k.f.StandsOn(s)
		if len(notes) == 0 {
			continue
		}
		where, told := k.told(s)
		if !told {
			continue
		}
		note, may, known := k.highest(notes)
		if !known {
			k.report(rule, SeverityError, where, fmt.Sprintf("the report of finding %d is not kept here or cannot be read, so the words of statement %d cannot be compared with its step", note.ID, s.ID),
				"load the case with its files, or keep the report again")
			continue
		}
		text := k.words(s)
		free := k.saidBeside(s, may.Step)
		for _, x := range wording.TooStrong(k.a.Language, text, may.Step) {
			if slices.ContainsFunc(free, func(y wording.Strong) bool { return sameWord(x, y) }) {
				continue
			}
			if x.Step != "" && s.Kind == casefile.Assessment && !k.f.FindingsOnly(s) {
				continue // a judgement of several facts together; it may not accuse
			}
			var why string
			switch x.Step {
			case "":
				why = "accuses accounts, which no step of the ladder does, and nothing else that is cited says it"
			case wording.NoStep:
				why = "stands on no step of the ladder, and nothing else that is cited says it"
			default:
				why = "stands on step " + x.Step + " of the ladder, and nothing else that is cited says it"
			}
			k.report(rule, SeverityError, where, fmt.Sprintf("“%s” in statement %d %s; finding %d, which it stands on, reached step %s", x.Words, s.ID, why, note.ID, may.Step),
				"say what the ladder says: “"+nearest(may.Says, text)+"”; or cite who says so in a sentence of its own")
		}
	}
}

// highest returns the finding that lets most be said; known is false, with the
// finding, when the report of one cannot be read.
func (k *caseChecker) highest(notes []casefile.FindingNote) (note casefile.FindingNote, may Reached, known bool) {
	for _, n := range notes {
		r, ok := k.Reached(n.Report)
		if !ok {
			return n, Reached{}, false
		}
		if !known || slices.Index(wording.Steps, r.Step) > slices.Index(wording.Steps, may.Step) {
			note, may, known = n, r, true
		}
	}
	return note, may, known
}

// words are those of a statement in the language of the appeal, an ellipsis
// for each slot: what stands there is no word of the author's.
func (k *caseChecker) words(s casefile.Statement) string {
	text, _ := s.In(k.a.Language)
	return flat(casefile.FillSlots(text, func(s casefile.Slot) string {
		if s.Kind == "cite" || s.Kind == "note" {
			return ""
		}
		return "…"
	}))
}

// saidBeside is what the other grounds of a statement say, too strong for the
// step but theirs.
func (k *caseChecker) saidBeside(s casefile.Statement, step string) []wording.Strong {
	var out []wording.Strong
	for _, x := range k.f.Beside(s) {
		out = append(out, wording.TooStrong(k.a.Language, k.words(x), step)...)
	}
	return out
}

// sameWord reports whether two findings are one word, whatever its ending.
func sameWord(x, y wording.Strong) bool {
	stem := func(s string) string {
		r := []rune(strings.ToLower(s))
		return string(r[:min(len(r), 5)])
	}
	return x.Step == y.Step && stem(x.Words) == stem(y.Words)
}

var figures = lazyre.New(`\d+`)

// nearest is the sentence that shares a number with the text, else the first.
func nearest(sentences []string, text string) string {
	have := figures.FindAllString(text, -1)
	for _, s := range sentences {
		if n := figures.FindString(s); n != "" && slices.Contains(have, n) {
			return s
		}
	}
	if len(sentences) == 0 {
		return ""
	}
	return sentences[0]
}
