package casefile

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func told() Told {
	d := func(s string) Date { v, _ := ParseDate(s); return v }
	return Told{
		Case:      Case{Number: "2031-0007", Title: "Qanat"},
		Persons:   map[ID]Person{1: {Name: "Айгуль Сарсенова"}},
		Acts:      []Act{{ID: 1, Type: "threats", Victims: []ID{1, 2}, Place: "Altynqala", When: d("2031-04-12 14:30 +05:00")}, {ID: 2, Type: "harassment", When: d("2031-04"), Until: d("2031-06-02")}},
		Events:    []ContextEvent{{ID: 1, When: d("2031-03-15"), Text: "a curfew; with, commas\nand \\ lines"}, {ID: 2, When: d("unknown"), Text: "nobody knows when"}},
		Inactions: []Inaction{{ID: 1, Who: "the police", AskedBy: "Qanat", Asked: d("2031-04-14"), Followed: "nothing"}},
		Steps:     []Step{{ID: 1, When: d("2031-04-15 09:00"), By: "Aida", What: "a call"}},
		Bills:     []Bill{{ID: 1, Title: "On assemblies", Stages: []Stage{{"first reading", d("2031-04-08")}}, Next: d("2031-05~")}},
		Outcomes:  []Outcome{{ID: 1, Person: 1, What: strings.Repeat("свобода ", 30), When: d("2032")}},
	}
}

func TestChronology(t *testing.T) {
	var got []string
	for _, h := range Chronology(told()) {
		got = append(got, h.When.String()+" "+h.Kind+" "+strings.SplitN(h.Text, ";", 2)[0])
	}
	want := []string{
		"2030 x",
		"2031-03-15 event a curfew",
		"2031-04 act Harassment",
		"2031-04-08 bill On assemblies: first reading",
		"2031-04-12 14:30 +05:00 act Threats: Айгуль Сарсенова, person 2 (Altynqala)",
		"2031-04-14 inaction the police was asked by Qanat",
		"2031-04-15 09:00 step Aida: a call",
	}
	// An estimated month may be off by a year, so it stands by its first moment.
	want[0] = "2031-05~ bill On assemblies: next date"
	if len(got) != 9 || strings.Join(got[:7], "\n") != strings.Join(want, "\n") || !strings.HasPrefix(got[8], "unknown") {
		t.Errorf("Chronology:\n%s\nwant it to begin with\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestICal(t *testing.T) {
	var b strings.Builder
	c := told()
	undated, err := ICal(&b, c.Case, Chronology(c), now)
	if err != nil || undated != 1 {
		t.Errorf("ICal leaves out %d, %v; want 1", undated, err)
	}
	out := b.String()
	for _, line := range strings.SplitAfter(out, "\r\n") {
		if len(line) > 77 || !utf8.ValidString(line) || line != "" && !strings.HasSuffix(line, "\r\n") {
			t.Errorf("the line %q is too long, cut inside a character or ends wrongly", line)
		}
	}
	unfolded := strings.ReplaceAll(out, "\r\n ", "")
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:",
		"UID:act-1-0.2031-0007@arasha\r\nDTSTAMP:20310420T090000Z\r\nDTSTART:20310412T093000Z\r\nSUMMARY:Threats: Айгуль Сарсенова\\, person 2 (Altynqala)\r\n",
		"DTSTART;VALUE=DATE:20310315\r\nDTEND;VALUE=DATE:20310316\r\nSUMMARY:a curfew\\; with\\, commas\\nand \\\\ lines\r\n",
		"DTSTART;VALUE=DATE:20310401\r\nDTEND;VALUE=DATE:20310603\r\nSUMMARY:Harassment [2031-04\\, day unknown]\r\n",
		"DTSTART:20310415T090000\r\n",
		"DTSTART;VALUE=DATE:20320101\r\nDTEND;VALUE=DATE:20330101\r\n",
		strings.Repeat("свобода ", 30),
		"END:VEVENT\r\nEND:VCALENDAR\r\n",
	} {
		if !strings.Contains(unfolded, want) {
			t.Errorf("the calendar does not hold %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "nobody knows") {
		t.Error("what nobody can date has a date")
	}
}
