package storetest

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/arasha-org/arasha/casefile"
	"github.com/arasha-org/arasha/evidence"
	"github.com/arasha-org/arasha/store"
)

// Desk is one row of each table, as it was put: an invented case in an
// invented country. "privatemark" stands only in what the desk keeps for
// itself, "sealedmark" only in what is sealed.
type Desk struct {
	User                 casefile.User
	Setting              casefile.Setting
	Case                 casefile.Case
	Code                 casefile.PrintedCode
	Register             casefile.Register
	Person, Organisation casefile.Person
	Role                 casefile.Role
	Act                  casefile.Act
	Event                casefile.ContextEvent
	Inaction             casefile.Inaction
	Step                 casefile.Step
	Bill                 casefile.Bill
	Outcome              casefile.Outcome
	Account              casefile.Account
	Attribute            casefile.Attribute
	Authority            casefile.Authority
	Holder               casefile.Holder
	Channel              casefile.Channel
	Source               casefile.Source
	Fact, Assessment     casefile.Statement
	Consent              casefile.Consent
	Decision             casefile.Decision
	Hold                 casefile.Hold
	Finding              casefile.FindingNote
	Document             casefile.Document
	Approval             casefile.Approval
	Acceptance           casefile.Acceptance
}

// Page is the bytes that the case cites.
var Page = []byte("a page of Sarytau's gazette\n")

func day(s string) casefile.Date {
	d, err := casefile.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// formerKey is the key that Aida had before.
func formerKey(said ...casefile.KeyStatement) casefile.FormerKey {
	at := time.Date(2030, 5, 1, 9, 0, 0, 0, time.UTC)
	return casefile.FormerKey{SignKey: "aida+0+key", Recipient: "age1old", Until: at, Why: casefile.KeyStolen, Since: at.Add(-time.Hour), Statements: append([]casefile.KeyStatement{}, said...)}
}

// Fill puts one row into each table.
func Fill(t testing.TB, s *store.Store) Desk {
	t.Helper()
	ref := evidence.Of(Page)
	var d Desk
	err := s.Write(t.Context(), Who, func(tx *store.Tx) error {
		d.User = casefile.User{Name: "Aida", Organisation: "Qanat", Roles: []string{"write", "approve"}, SignKey: "aida+1+key", Recipient: "age1aida",
			Former: []casefile.FormerKey{formerKey(casefile.KeyStatement{Text: "arasha-user-key/1\nreason privatemark\n"})}}
		d.Setting = casefile.Setting{Key: "languages", Value: `["en","ru"]`}
		d.Case = newCase(7)
		d.Case.Title = "Smear campaign against Qanat"
		if err := put(tx, &d.User); err != nil {
			return err
		}
		if err := put(tx, &d.Setting); err != nil {
			return err
		}
		if err := put(tx, &d.Case); err != nil {
			return err
		}
		of := d.Case.ID
		d.Code = casefile.PrintedCode{Case: of, Printed: "XSR 001 / 0131 / OBS 012", Key: "XSR-001-0131-OBS-012", Why: "misprint of 0431"}
		if err := put(tx, &d.Code); err != nil {
			return err
		}
		var err error
		d.Register, err = store.Allocate(tx, casefile.Register{Year: 2031, Country: "XSR", Prefix: "OBS", MMYY: "0431", Case: of, By: "Aida"})
		if err != nil {
			return err
		}
		d.Person = casefile.Person{Kind: casefile.Natural, Name: "Aigul Sarsenova", Title: "Ms.", Defender: "yes", BirthYear: 1990, Occupation: "lawyer",
			Aliases: []casefile.Alias{{Text: "Айгуль Сарсенова", Lang: "ru", Why: "own spelling"}, {Text: "Әйгүл Сәрсенова", Lang: "kk"}}, Private: "privatemark: two children"}
		d.Organisation = casefile.Person{Kind: casefile.Organisation, Name: "Qanat", Defender: "yes"}
		if err := put(tx, &d.Person, &d.Organisation); err != nil {
			return err
		}
		who := d.Person.ID
		d.Role = casefile.Role{Case: of, Person: who, Role: "victim"}
		d.Act = casefile.Act{Case: of, Victims: []casefile.ID{who, d.Organisation.ID}, Type: "smear_campaign", Place: "Altynqala", When: day("2031-04-12 14:30 +05:00"), Until: day("2031-04"),
			Perpetrators: []casefile.Perpetrator{{Text: "owners of a network of channels", Degree: "ordered", According: "the weekly Samal"}},
			Law:          []casefile.LawUsed{{Law: "Criminal Code", Article: "274.4(2)", Text: "knowingly false information"}},
			Status:       "free", ConfirmedAt: Now, ToWork: "after the statement on the bill", Refs: []evidence.Ref{ref}}
		d.Event = casefile.ContextEvent{Case: of, When: day("2031-03-15"), Text: "a curfew was declared", Refs: []evidence.Ref{ref}}
		d.Inaction = casefile.Inaction{Case: of, Who: "the police of Altynqala", Asked: day("2031-04-14"), AskedBy: "Qanat", Followed: "nothing"}
		d.Step = casefile.Step{Case: of, When: day("2031-04-15"), What: "call with the lawyer", By: "Aida", Result: "agreed"}
		d.Bill = casefile.Bill{Case: of, Title: "On assemblies", Country: "XSR", Stages: []casefile.Stage{{Name: "first reading", Date: day("2031-04-08")}}, Next: day("2031-05")}
		d.Outcome = casefile.Outcome{Case: of, Person: who, What: "the channels were closed", Impact: "moderate-positive", When: day("2031-06~")}
		d.Account = casefile.Account{Platform: "telegram", Native: "1007", Name: "Truth of Sarytau", Kind: casefile.PrivateUser, Case: of, Until: day("2033-04")}
		for _, err := range []error{put(tx, &d.Role), put(tx, &d.Act), put(tx, &d.Event), put(tx, &d.Inaction), put(tx, &d.Step), put(tx, &d.Bill), put(tx, &d.Outcome), put(tx, &d.Account)} {
			if err != nil {
				return err
			}
		}
		d.Attribute = casefile.Attribute{Account: d.Account.ID, What: "receives State funds", According: "the weekly Samal", Date: day("2031-04-16"), Refs: []evidence.Ref{ref}}
		d.Authority = casefile.Authority{Country: "XSR", Office: "Minister of Justice", Honorific: "H.E.", Salutations: []casefile.Salutation{{Lang: "en", Text: "Your Excellency"}}}
		if err := put(tx, &d.Authority); err != nil {
			return err
		}
		d.Holder = casefile.Holder{Authority: d.Authority.ID, Name: "Daniyar Invented", Title: "Mr.", From: day("2030")}
		d.Channel = casefile.Channel{Authority: d.Authority.ID, Kind: "email", Value: "office@justice.example", Proof: ref, Checked: day("2031-04-01")}
		d.Source = casefile.Source{Case: of, Label: "source A", Sealed: []byte("age-encryption.org/v1\n\x00\xffsealedmark"), Readers: []casefile.ID{d.User.ID}, Reliability: "high", Connection: "lawyer", Group: "Qanat", Formula: "reliable-sources"}
		if err := put(tx, &d.Source); err != nil {
			return err
		}
		d.Fact = casefile.Statement{Case: of, Kind: casefile.Fact, Section: "description", Order: 1,
			Text:  []casefile.Text{{Lang: "en", Text: "Several dozens of publications appeared."}, {Lang: "ru", Text: "Появились десятки публикаций."}, {Lang: "fr", Text: "Après des échecs répétés, des dizaines de publications ont paru."}},
			Cites: []casefile.Cite{{Ref: ref, Record: 4, Note: "page 2"}}, Sources: []casefile.ID{d.Source.ID}, Persons: []casefile.ID{who}, Sensitive: []string{"health"}}
		if err := put(tx, &d.Fact); err != nil {
			return err
		}
		d.Assessment = casefile.Statement{Case: of, Kind: casefile.Assessment, Section: "description", Order: 2, Text: []casefile.Text{{Lang: "en", Text: "This appears to be a reprisal."}}, Rests: []casefile.ID{d.Fact.ID}}
		d.Consent = casefile.Consent{Case: of, Person: who, Use: "fact:" + d.factNumber(), Answer: "yes", Basis: casefile.BySelf, GivenBy: "Aigul Sarsenova", How: "by telephone", When: day("2031-04-13"), Ref: ref}
		d.Decision = casefile.Decision{Case: of, Choice: casefile.OpenAppeal, Reason: "she asks for it", Risks: []casefile.Risk{{Who: "her family", How: "threats", LoweredBy: "no names"}}, Asked: "Ms. Sarsenova", By: "Aida", At: Now, Review: day("2031-05-13")}
		d.Hold = casefile.Hold{Case: of, By: "family", Kind: "do-not-publish", Since: Now, Lifted: Now.AddDate(0, 0, 1)}
		d.Finding = casefile.FindingNote{Case: of, Report: ref, Verdict: "kept", Why: "checked by hand", By: "Aida", At: Now, Words: []string{"the same text was published by 40 accounts"}}
		d.Document = casefile.Document{Case: of, Kind: "urgent_appeal", Code: "XSR 001 / 0431 / OBS 001", Language: "en", Appeal: json.RawMessage(`{"kind":"urgent_appeal","title":"Smear campaign","sections":[{"kind":"description","text":"A text of <this> & that"}]}`),
			Hash: "h", State: casefile.StatePublished, Frozen: ref, Embargo: day("2031-04-20 09:00 Z"), Audience: "public"}
		for _, err := range []error{put(tx, &d.Attribute), put(tx, &d.Holder), put(tx, &d.Channel), put(tx, &d.Assessment), put(tx, &d.Consent), put(tx, &d.Decision), put(tx, &d.Hold), put(tx, &d.Finding), put(tx, &d.Document)} {
			if err != nil {
				return err
			}
		}
		d.Approval = casefile.Approval{Document: d.Document.ID, Hash: "h", User: d.User.ID, Organisation: "Qanat", At: Now,
			Phone: &casefile.PhoneGiven{GaveIt: "Aida", EnteredBy: d.User.ID, How: "call at 2 a.m.", ConfirmedAt: Now}}
		d.Acceptance = casefile.Acceptance{Document: d.Document.ID, Rule: "code-odd", Where: "code", Reason: "as printed", By: "Aida", At: Now}
		if err := put(tx, &d.Approval); err != nil {
			return err
		}
		return put(tx, &d.Acceptance)
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *Desk) factNumber() string {
	b, _ := json.Marshal(d.Fact.ID)
	return string(b)
}
