package main

import (
	"strings"
	"time"

	"github.com/arasha-org/arasha/casefile"
)

// actCmd is "arasha act": what was done to whom.
type actCmd struct {
	Add    addRow[casefile.Act, actFields]    `cmd:"" help:"Enter an act."`
	List   listRows[casefile.Act]             `cmd:"" help:"List acts."`
	Show   showRow[casefile.Act]              `cmd:"" help:"Show one."`
	Change changeRow[casefile.Act, actFields] `cmd:"" help:"Change what is said about one, such as the status of the victim."`
	Remove removeRow[casefile.Act]            `cmd:"" help:"Remove one."`
}

func (actCmd) Help() string {
	return `An act has a type, a place, a date with its precision, alleged perpetrators, the law that was used,
and the status of the victim at its end. Dates: 2031-04-12, 2031-04, 2031, 2031-04-12 14:30 +05:00,
2031-04~ for an estimate, unknown.

Example
  arasha act add --case 1 --victim "Aru Invented" --type smear_campaign --when 2031-04-28 --until 2031-05-02
  arasha act add --case 1 --victim 4 --type arbitrary_detention --when 2031-04-18 \
    --law "Criminal Code of Sarytau|274.4(2)|Dissemination of knowingly false information" --status held --confirmed now

Exit codes: 0 done, 1 not allowed, 2 not found or not readable, 64 wrong use`
}

type actFields struct {
	Case        caseName      `placeholder:"CASE" help:"The case."`
	Victim      []personName  `placeholder:"PERSON" sep:"none" help:"Who suffered it, by number or name. May be repeated."`
	Type        string        `placeholder:"KEY" help:"A key of the vocabulary of violations."`
	Place       string        `help:"Where."`
	When        casefile.Date `placeholder:"DATE" help:"When, or from when."`
	Until       casefile.Date `placeholder:"DATE" help:"Until when."`
	Perpetrator []string      `sep:"none" placeholder:"WHO|DEGREE|ATTRIBUTION|ACCORDING" help:"An alleged perpetrator in words, or \"person 7\"; then, parted by |, the degree of involvement, what they say about it, and who alleges it. May be repeated."`
	Law         []string      `sep:"none" placeholder:"LAW|ARTICLE|TEXT" help:"A law that was used. May be repeated."`
	Method      string        `help:"How it was done."`
	Status      string        `placeholder:"KEY" help:"Status of the victim at its end."`
	Confirmed   string        `placeholder:"TIME" help:"When the status was last confirmed: now, or 2031-05-11T09:30:00Z."`
	ToWork      string        `help:"What shows that it is about the person's work."`
	Note        string        `help:"For the desk."`
	Ref         []string      `placeholder:"ITEM" help:"What shows it: a SHA-256, or the number of an item."`
}

func (f actFields) fill(d *desk, v *casefile.Act) error {
	if err := d.setCase(&v.Case, f.Case); err != nil {
		return err
	}
	victims, err := idsOf(d.tx, f.Victim)
	if err != nil {
		return err
	}
	setList(&v.Victims, victims)
	set(&v.Type, f.Type)
	set(&v.Place, f.Place)
	set(&v.When, f.When)
	set(&v.Until, f.Until)
	for _, p := range f.Perpetrator {
		parts := parted(p, 4)
		one := casefile.Perpetrator{Text: parts[0], Degree: parts[1], Attribution: parts[2], According: parts[3]}
		if who, ok := strings.CutPrefix(parts[0], "person "); ok {
			one.Text = ""
			if one.Person, err = personName(who).of(d.tx); err != nil {
				return err
			}
		}
		v.Perpetrators = append(v.Perpetrators, one)
	}
	for _, l := range f.Law {
		parts := parted(l, 3)
		v.Law = append(v.Law, casefile.LawUsed{Law: parts[0], Article: parts[1], Text: parts[2]})
	}
	set(&v.Method, f.Method)
	set(&v.Status, f.Status)
	if f.Confirmed != "" {
		if v.ConfirmedAt, err = d.moment("--confirmed", f.Confirmed); err != nil {
			return err
		}
	}
	set(&v.ToWork, f.ToWork)
	set(&v.Note, f.Note)
	return d.setRefs(&v.Refs, f.Ref)
}

// parted parts a value at its bars; what is missing is "".
func parted(s string, n int) []string {
	parts := strings.SplitN(s, "|", n)
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return append(parts, make([]string, n-len(parts))...)
}

// moment reads an instant: "now", or RFC 3339.
func (d *desk) moment(option, s string) (time.Time, error) {
	if s == "now" {
		return d.tx.Now(), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, wrongUse("Write now, or for example 2031-05-11T09:30:00+05:00.", "%s: %q is no instant", option, s)
	}
	return t.UTC(), nil
}

// eventCmd is "arasha event": what happened around the acts, and what the
// authorities and others did or failed to do.
type eventCmd struct {
	Add      addRow[casefile.ContextEvent, eventFields]    `cmd:"" help:"Enter an event of the context: a law, an election, a publication."`
	List     listRows[casefile.ContextEvent]               `cmd:"" help:"List events."`
	Show     showRow[casefile.ContextEvent]                `cmd:"" help:"Show one."`
	Change   changeRow[casefile.ContextEvent, eventFields] `cmd:"" help:"Change one."`
	Remove   removeRow[casefile.ContextEvent]              `cmd:"" help:"Remove one."`
	Inaction inactionCmd                                   `cmd:"" help:"Who should have acted and did not."`
	Step     stepCmd                                       `cmd:"" help:"What was done about the case, and what came of it."`
	Bill     billCmd                                       `cmd:"" help:"Bills with their stages."`
}

func (eventCmd) Help() string {
	return `Example
  arasha event add --case 1 --when 2031-04-08 --text "The lower chamber adopted the draft law."
  arasha event inaction add --case 1 --who "the police of Sarytau" --asked 2031-05-04 --asked-by Qanat --followed "no answer"
  arasha event bill add --case 1 --country XSR --title "On Peaceful Assemblies" --stage "adopted by the lower chamber|2031-04-08" --next 2031-05-20

Exit codes: 0 done, 1 not allowed, 2 not found or not readable, 64 wrong use`
}

type eventFields struct {
	Case caseName      `placeholder:"CASE" help:"The case."`
	When casefile.Date `placeholder:"DATE" help:"When."`
	Text string        `help:"What happened, in a sentence."`
	Ref  []string      `placeholder:"ITEM" help:"What shows it."`
}

func (f eventFields) fill(d *desk, v *casefile.ContextEvent) error {
	if err := d.setCase(&v.Case, f.Case); err != nil {
		return err
	}
	set(&v.When, f.When)
	set(&v.Text, f.Text)
	return d.setRefs(&v.Refs, f.Ref)
}

type inactionCmd struct {
	Add    addRow[casefile.Inaction, inactionFields]    `cmd:"" help:"Enter who should have acted."`
	List   listRows[casefile.Inaction]                  `cmd:"" help:"List them."`
	Change changeRow[casefile.Inaction, inactionFields] `cmd:"" help:"Change one."`
	Remove removeRow[casefile.Inaction]                 `cmd:"" help:"Remove one."`
}

type inactionFields struct {
	Case        caseName      `placeholder:"CASE" help:"The case."`
	Who         string        `help:"Who should have acted."`
	Asked       casefile.Date `placeholder:"DATE" help:"When they were asked."`
	AskedBy     string        `help:"By whom."`
	Followed    string        `help:"What came of it."`
	NoComplaint string        `help:"Why no complaint was made."`
	Ref         []string      `placeholder:"ITEM" help:"What shows it."`
}

func (f inactionFields) fill(d *desk, v *casefile.Inaction) error {
	if err := d.setCase(&v.Case, f.Case); err != nil {
		return err
	}
	set(&v.Who, f.Who)
	set(&v.Asked, f.Asked)
	set(&v.AskedBy, f.AskedBy)
	set(&v.Followed, f.Followed)
	set(&v.NoComplaint, f.NoComplaint)
	return d.setRefs(&v.Refs, f.Ref)
}

type stepCmd struct {
	Add    addRow[casefile.Step, stepFields]    `cmd:"" help:"Enter what was done."`
	List   listRows[casefile.Step]              `cmd:"" help:"List steps."`
	Change changeRow[casefile.Step, stepFields] `cmd:"" help:"Change one, such as its result."`
	Remove removeRow[casefile.Step]             `cmd:"" help:"Remove one."`
}

type stepFields struct {
	Case   caseName      `placeholder:"CASE" help:"The case."`
	When   casefile.Date `placeholder:"DATE" help:"When."`
	What   string        `help:"What was done."`
	Who    string        `help:"By whom."`
	Result string        `help:"What came of it."`
}

func (f stepFields) fill(d *desk, v *casefile.Step) error {
	set(&v.When, f.When)
	set(&v.What, f.What)
	set(&v.By, f.Who)
	set(&v.Result, f.Result)
	return d.setCase(&v.Case, f.Case)
}

type billCmd struct {
	Add    addRow[casefile.Bill, billFields]    `cmd:"" help:"Enter a bill."`
	List   listRows[casefile.Bill]              `cmd:"" help:"List bills."`
	Show   showRow[casefile.Bill]               `cmd:"" help:"Show one with its stages."`
	Change changeRow[casefile.Bill, billFields] `cmd:"" help:"Add a stage, or change what is due next."`
	Remove removeRow[casefile.Bill]             `cmd:"" help:"Remove one."`
}

type billFields struct {
	Case    caseName      `placeholder:"CASE" help:"The case, if it is of one."`
	Title   string        `help:"Its title."`
	Country string        `placeholder:"ISO3" help:"The country, three letters."`
	Stage   []string      `sep:"none" placeholder:"NAME|DATE" help:"A stage it has passed. May be repeated."`
	Next    casefile.Date `placeholder:"DATE" help:"When something is due; a request that this overtakes asks for an update."`
	Note    string        `help:"In words."`
}

func (f billFields) fill(d *desk, v *casefile.Bill) error {
	set(&v.Title, f.Title)
	set(&v.Country, strings.ToUpper(f.Country))
	for _, s := range f.Stage {
		parts := parted(s, 2)
		date, err := casefile.ParseDate(parts[1])
		if err != nil {
			return err
		}
		v.Stages = append(v.Stages, casefile.Stage{Name: parts[0], Date: date})
	}
	set(&v.Next, f.Next)
	set(&v.Note, f.Note)
	return d.setCase(&v.Case, f.Case)
}

// outcomeCmd is "arasha outcome": what changed, for better or worse.
type outcomeCmd struct {
	Add    addRow[casefile.Outcome, outcomeFields]    `cmd:"" help:"Enter what changed."`
	List   listRows[casefile.Outcome]                 `cmd:"" help:"List outcomes."`
	Show   showRow[casefile.Outcome]                  `cmd:"" help:"Show one."`
	Change changeRow[casefile.Outcome, outcomeFields] `cmd:"" help:"Change one."`
	Remove removeRow[casefile.Outcome]                `cmd:"" help:"Remove one."`
}

func (outcomeCmd) Help() string {
	return `What changed for somebody: also for the worse.

Example
  arasha outcome add --case 1 --person 4 --what "released; the charge was dropped" --impact strong-positive --when 2031-06-02

Exit codes: 0 done, 1 not allowed, 2 not found or not readable, 64 wrong use`
}

type outcomeFields struct {
	Case   caseName      `placeholder:"CASE" help:"The case."`
	Person personName    `placeholder:"PERSON" help:"For whom; without it, for the case as a whole."`
	What   string        `help:"What changed."`
	Impact string        `placeholder:"WORD" help:"strong-positive, moderate-positive, minor, none, moderate-negative, strong-negative or unknown."`
	When   casefile.Date `placeholder:"DATE" help:"When."`
	Ref    []string      `placeholder:"ITEM" help:"What shows it."`
}

func (f outcomeFields) fill(d *desk, v *casefile.Outcome) error {
	if err := d.setCase(&v.Case, f.Case); err != nil {
		return err
	}
	if err := d.setPerson(&v.Person, f.Person); err != nil {
		return err
	}
	set(&v.What, f.What)
	set(&v.Impact, f.Impact)
	set(&v.When, f.When)
	return d.setRefs(&v.Refs, f.Ref)
}
