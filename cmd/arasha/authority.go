package main

import (
	"strings"

	"github.com/arasha-org/arasha/casefile"
)

// authorityCmd is "arasha authority": the dated register of whom to write to.
type authorityCmd struct {
	Add     addRow[casefile.Authority, authorityFields]    `cmd:"" help:"Enter an office."`
	List    listRows[casefile.Authority]                   `cmd:"" help:"List offices."`
	Show    showRow[casefile.Authority]                    `cmd:"" help:"Show one."`
	Change  changeRow[casefile.Authority, authorityFields] `cmd:"" help:"Change one."`
	Remove  removeRow[casefile.Authority]                  `cmd:"" help:"Remove one."`
	Holder  holderCmd                                      `cmd:"" help:"Who holds an office, from and to."`
	Channel channelCmd                                     `cmd:"" help:"How an office is reached, with the proof and the day it was checked."`
}

func (authorityCmd) Help() string {
	return `An office stays; who holds it and how it is reached change, and each has its date.

Example
  arasha authority add --country XSR --office "Minister of Justice" --honorific H.E. --salutation "en:Excellency"
  arasha authority holder add --authority 1 --name "Orman Velk" --title Mr. --start 2030-02-01
  arasha authority channel add --authority 1 --kind email --value justice@gov.example --proof 7 --checked 2031-05-02

Exit codes: 0 done, 1 not allowed, 2 not found or not readable, 64 wrong use`
}

type authorityFields struct {
	Country    string   `placeholder:"ISO3" help:"The country, three letters."`
	Office     string   `help:"The office as printed."`
	OfficeIn   []string `sep:"none" placeholder:"LANG:TEXT" help:"The office in another language. May be repeated."`
	Honorific  string   `help:"H.E. …"`
	Salutation []string `sep:"none" placeholder:"LANG:TEXT" help:"How a letter begins, per language. May be repeated."`
	Note       string   `help:"In words."`
}

func (f authorityFields) fill(d *desk, v *casefile.Authority) error {
	set(&v.Country, strings.ToUpper(f.Country))
	set(&v.Office, f.Office)
	for _, s := range f.OfficeIn {
		lang, text, _ := strings.Cut(s, ":")
		v.Offices = append(v.Offices, casefile.Text{Lang: lang, Text: text})
	}
	set(&v.Honorific, f.Honorific)
	for _, s := range f.Salutation {
		lang, text, _ := strings.Cut(s, ":")
		v.Salutations = append(v.Salutations, casefile.Salutation{Lang: lang, Text: text})
	}
	set(&v.Note, f.Note)
	return nil
}

type holderCmd struct {
	Add    addRow[casefile.Holder, holderFields]    `cmd:"" help:"Enter who holds an office."`
	List   listRows[casefile.Holder]                `cmd:"" help:"List holders."`
	Change changeRow[casefile.Holder, holderFields] `cmd:"" help:"Change one, such as the end."`
	Remove removeRow[casefile.Holder]               `cmd:"" help:"Remove one."`
}

type holderFields struct {
	Authority casefile.ID   `placeholder:"N" help:"The office."`
	Name      string        `help:"The name."`
	Title     string        `help:"Mr., Ms. …"`
	Start     casefile.Date `placeholder:"DATE" help:"From when."`
	End       casefile.Date `placeholder:"DATE" help:"Until when."`
}

func (f holderFields) fill(d *desk, v *casefile.Holder) error {
	set(&v.Authority, f.Authority)
	set(&v.Name, f.Name)
	set(&v.Title, f.Title)
	set(&v.From, f.Start)
	set(&v.To, f.End)
	return nil
}

type channelCmd struct {
	Add    addRow[casefile.Channel, channelFields]    `cmd:"" help:"Enter a way to reach an office."`
	List   listRows[casefile.Channel]                 `cmd:"" help:"List them."`
	Change changeRow[casefile.Channel, channelFields] `cmd:"" help:"Change one: checked again, or bounced."`
	Remove removeRow[casefile.Channel]                `cmd:"" help:"Remove one."`
}

type channelFields struct {
	Authority casefile.ID   `placeholder:"N" help:"The office."`
	Kind      string        `placeholder:"WORD" help:"email, phone, fax, handle, address, website or other."`
	Value     string        `help:"The number or address."`
	Proof     string        `placeholder:"ITEM" help:"The kept page that says so."`
	Checked   casefile.Date `placeholder:"DATE" help:"When that was looked at."`
	Bounced   casefile.Date `placeholder:"DATE" help:"When something came back undelivered."`
}

func (f channelFields) fill(d *desk, v *casefile.Channel) error {
	set(&v.Authority, f.Authority)
	set(&v.Kind, f.Kind)
	set(&v.Value, f.Value)
	set(&v.Checked, f.Checked)
	set(&v.Bounced, f.Bounced)
	return d.setRef(&v.Proof, f.Proof)
}
