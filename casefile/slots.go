package casefile

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/arasha-org/arasha/internal/lazyre"
)

// Texts of statements hold slots, so that one sentence serves every audience:
//
//	{7}                      the name of person 7 with its title, or a label
//	{7|Сарсеновой}           these words, in their grammatical case, or a label
//	{7|Сарсеновой|сотруднице организации}    these words, or those
//	{sources}                the formula of the sources, by rule
//	{cite 2}                 the note of the second citation, here
//	{note 31}                a note with the words of statement 31, here
//	{attribute 4}            who says it about an account, and when
//	{attribute 4|le registre}                the same, with their name in the language
//
// Citations without a slot are noted at the end of the sentence.
var slotForm = lazyre.New(`\{(?:(\d{1,9})(?:\|([^{}|]*))?(?:\|([^{}|]*))?|(sources)|(cite|note|attribute) (\d{1,9})(?:\|([^{}|]*))?)\}`)

// A Slot is one slot of a text.
type Slot struct {
	Person  ID     // 0 for the others
	Words   string // what to print for a person who may be named, or for who says it; "" for the name itself
	Label   string // what to print for one who may not; "" for the label of the rule
	Sources bool
	Kind    string // "cite", "note", "attribute" or ""
	Number  int    // of the citation, from 1; else an ID
}

// FillSlots replaces every slot of text by what fill returns.
func FillSlots(text string, fill func(Slot) string) string {
	return slotForm.ReplaceAllStringFunc(text, func(s string) string {
		m := slotForm.FindStringSubmatch(s)
		slot := Slot{Words: m[2], Label: m[3], Sources: m[4] != "", Kind: m[5]}
		if m[1] != "" {
			n, _ := strconv.ParseInt(m[1], 10, 64)
			slot.Person = ID(n)
		}
		slot.Number, _ = strconv.Atoi(m[6])
		slot.Words += m[7]
		return fill(slot)
	})
}

// CheckSlots reports a brace that belongs to no slot, or a slot that leads
// nowhere in the case. The message names the statement.
func (f *File) CheckSlots(s Statement) error {
	for _, t := range s.Text {
		slots, plain := withoutSlots(t.Text)
		if strings.ContainsAny(plain, "{}") {
			return fmt.Errorf("casefile: statement %d, %s: a brace that is no slot; slots are {7}, {7|words}, {7|words|label}, {sources}, {cite 1}, {note 31}, {attribute 4}", s.ID, t.Lang)
		}
		for _, sl := range slots {
			ok := true
			switch {
			case sl.Person != 0:
				_, ok = f.Person(sl.Person)
			case sl.Kind == "cite":
				ok = sl.Number >= 1 && sl.Number <= len(s.Cites)
			case sl.Kind == "note":
				_, ok = f.Statement(ID(sl.Number))
				ok = ok && ID(sl.Number) != s.ID
			case sl.Kind == "attribute":
				_, ok = find(f.Attributes, func(a Attribute) bool { return a.ID == ID(sl.Number) })
			case sl.Sources:
				ok = len(s.Sources) > 0
			}
			if !ok {
				return fmt.Errorf("casefile: statement %d, %s: the slot %s leads nowhere in the case", s.ID, t.Lang, sl)
			}
		}
	}
	return nil
}

// String returns s as it is written in a text.
func (s Slot) String() string {
	switch {
	case s.Sources:
		return "{sources}"
	case s.Kind != "":
		return fmt.Sprintf("{%s %d}", s.Kind, s.Number)
	}
	return fmt.Sprintf("{%d}", s.Person)
}

// withoutSlots returns the slots of a text and what stands outside of them.
func withoutSlots(text string) (slots []Slot, plain string) {
	plain = FillSlots(text, func(s Slot) string {
		slots = append(slots, s)
		return ""
	})
	return slots, plain
}
