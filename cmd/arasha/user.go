package main

import "github.com/arasha-org/arasha/casefile"

// userCmd is "arasha user": who works here, and their keys.
type userCmd struct {
	Add addRow[casefile.User, userFields] `cmd:"" help:"Enter a user."`
	Key userKeyCmd                        `cmd:"" help:"Make or change the keys of a user: to sign approvals and to read what is sealed."`

	Passphrase userPassphraseCmd `cmd:"" help:"Change the passphrase of a user's keys."`

	List   listRows[casefile.User]              `cmd:"" help:"List users."`
	Show   showRow[casefile.User]               `cmd:"" help:"Show one."`
	Change changeRow[casefile.User, userFields] `cmd:"" help:"Change one, such as the roles."`
}

func (userCmd) Help() string {
	return `Whatever is written is written in somebody's name. The first user of a home enters themselves. Keys
are made by the user at their own passphrase; the private halves stay in keys/users of the home,
encrypted under it. Nobody can make them again: whoever forgets the passphrase can sign no more and
read no more of what was sealed to them.

Keys change: "arasha user key rotate" hands over to new ones, "lost" and "stolen" end the old ones. What
was signed before can be checked for ever. docs/guide/keys.md says what to do when.

Example
  arasha user add --name "Inna Invented" --organisation Observatory --role write,approve --as "Inna Invented"
  arasha user key --as "Inna Invented"
  arasha user passphrase --as "Inna Invented"

Exit codes: 0 done, 1 not allowed, 2 not found or not readable, 64 wrong use`
}

type userFields struct {
	Name         string   `help:"The name."`
	Organisation string   `help:"The organisation."`
	Role         []string `placeholder:"WORD" help:"What they do here. Only approve opens a door: it may approve documents. Others, such as write, review or admin, are for the desk to know; who may open a source is said by its readers."`
	Left         *bool    `help:"Works here no more; what they signed stands. --left=false: is back."`
}

func (f userFields) fill(_ *desk, v *casefile.User) error {
	set(&v.Name, f.Name)
	set(&v.Organisation, f.Organisation)
	setList(&v.Roles, f.Role)
	setBool(&v.Left, f.Left)
	return nil
}
