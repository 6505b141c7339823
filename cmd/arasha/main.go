// Command arasha is the case desk of a human-rights observatory.
//
// Each command is one file in this folder: its options, its run, and a
// transcript in testdata that is also its test. This file only wires them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// The exit codes of every command, printed by "arasha help".
const (
	exitDone    = 0   // done, or the answer is yes
	exitNo      = 1   // the answer is no
	exitUnknown = 2   // could not be told or read
	exitUsage   = 64  // wrong use
	exitStopped = 130 // stopped by the person
)

// commands is every command, in the order of the work.
type commands struct {
	Demo     demoCmd     `cmd:"" help:"Show the main job on invented data."`
	Init     initCmd     `cmd:"" help:"Make the home that keeps evidence, and its keys."`
	Collect  collectCmd  `cmd:"" help:"Bring posts in from exports and sheets of links."`
	Detect   detectCmd   `cmd:"" help:"Show who published the same thing together."`
	Evidence evidenceCmd `cmd:"" help:"Keep evidence, and show it unchanged."`
	Verify   verifyCmd   `cmd:"" help:"Check a dossier, a home or a file, offline."`
	Appeal   appealCmd   `cmd:"" help:"Read, check, write and print urgent appeals."`

	User      userCmd      `cmd:"" help:"Who works here, and their keys."`
	Setting   settingCmd   `cmd:"" help:"The rules of the house."`
	Case      caseCmd      `cmd:"" help:"The case file: what everything else stands in."`
	Person    personCmd    `cmd:"" help:"People and organisations."`
	Act       actCmd       `cmd:"" help:"What was done to whom."`
	Event     eventCmd     `cmd:"" help:"What happened around it; inaction, steps, bills."`
	Account   accountCmd   `cmd:"" help:"Accounts and outlets, and what is said about them."`
	Authority authorityCmd `cmd:"" help:"Whom to write to, and how."`
	Source    sourceCmd    `cmd:"" help:"Who told us, sealed to readers."`
	Finding   findingCmd   `cmd:"" help:"Keep or reject what the analysis found."`
	Fact      factCmd      `cmd:"" help:"The sentences, and what each stands on."`
	Consent   consentCmd   `cmd:"" help:"Who agreed to be named, and where."`
	Decision  decisionCmd  `cmd:"" help:"To act or not."`
	Hold      holdCmd      `cmd:"" help:"Stop, by those concerned."`
	Code      codeCmd      `cmd:"" help:"Printed codes and their register."`
	Outcome   outcomeCmd   `cmd:"" help:"What changed, for better or worse."`
	Search    searchCmd    `cmd:"" help:"Find anything, in every script."`
	Calendar  calendarCmd  `cmd:"" help:"The chronology of a case."`
	Table     tableCmd     `cmd:"" help:"One table as CSV."`
	Dump      dumpCmd      `cmd:"" help:"Write cases as one file."`
	Load      loadCmd      `cmd:"" help:"Bring them in again."`

	Doctor  doctorCmd  `cmd:"" help:"Say whether everything is in order, and what to do."`
	Backup  backupCmd  `cmd:"" help:"Put the home into one encrypted file."`
	Restore restoreCmd `cmd:"" help:"Bring a home back from a backup."`

	Version versionCmd `cmd:"" help:"Print the version."`
	Help    helpCmd    `cmd:"" help:"Print this help, or that of one command."`
}

// world is what a command may touch: where results, talk and input go.
// Results go to out, talk to err.
type world struct {
	in       io.Reader
	out, err io.Writer
	now      func() time.Time // nil: this computer's clock
}

// clock tells the time.
func (w *world) clock() time.Time {
	if w.now != nil {
		return w.now()
	}
	return time.Now()
}

// say writes one line of talk.
func (w *world) say(format string, args ...any) { fmt.Fprintf(w.err, format+"\n", args...) }

// An exitError ends the program with a code of the table above.
type exitError struct {
	code int
	msg  string // one calm sentence, "" when all has been said
	hint string // what to do next, or ""
}

func (e *exitError) Error() string { return e.msg }

// wrongUse reports a combination of options that cannot be meant.
func wrongUse(hint, format string, args ...any) error {
	return &exitError{exitUsage, fmt.Sprintf(format, args...), hint}
}

// cannotTell reports input that could not be read or a question without answer.
func cannotTell(hint, format string, args ...any) error {
	return &exitError{exitUnknown, fmt.Sprintf(format, args...), hint}
}

// answerNo ends with "the answer is no", which has been printed already.
func answerNo() error { return &exitError{code: exitNo} }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], &world{in: os.Stdin, out: os.Stdout, err: os.Stderr}))
}

// run is main without the process, so that tests can call it.
func run(ctx context.Context, args []string, w *world) int {
	if len(args) == 0 {
		io.WriteString(w.err, usage())
		return exitUsage
	}
	if args[0] == "--help" || args[0] == "-h" {
		args[0] = "help"
	}
	if args[0] == "--version" {
		args[0] = "version"
	}
	asked := false
	k, err := kong.New(only(args[0]), kong.Name("arasha"), kong.Description(tagline), kong.Writers(w.out, w.err),
		kong.Exit(func(int) { asked = true }), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(w))
	if err != nil {
		panic(err) // the struct tags above are wrong: every test sees it
	}
	kctx, err := k.Parse(args)
	if asked { // --help has been printed
		return exitDone
	}
	if err != nil {
		w.say("arasha: %v", err)
		if len(k.Model.Children) == 1 {
			w.say("hint: see \"arasha %s --help\"", args[0])
		} else {
			w.say("hint: see \"arasha help\"")
		}
		return exitUsage
	}
	// Printing goes on when a line cannot be written; the exit code tells.
	said := &firstError{Writer: w.out}
	w.out = said
	defer func() { w.out = said.Writer }()
	err = kctx.Run()
	if err == nil && said.err != nil {
		err = cannotTell("", "the answer was not printed whole: %v", said.err)
	}
	return w.finish(err)
}

// firstError remembers the first error of a writer.
type firstError struct {
	io.Writer
	err error
}

func (f *firstError) Write(b []byte) (int, error) {
	n, err := f.Writer.Write(b)
	if f.err == nil {
		f.err = err
	}
	return n, err
}

// finish says what went wrong and returns the exit code.
func (w *world) finish(err error) int {
	var e *exitError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &e):
		if e.msg != "" {
			w.say("arasha: %s", e.msg)
		}
		if e.hint != "" {
			w.say("hint: %s", e.hint)
		}
		return e.code
	case errors.Is(err, context.Canceled):
		w.say("arasha: stopped")
		return exitStopped
	}
	w.say("arasha: %v", err)
	return exitUnknown
}

// only returns commands with nothing but the named one in it, or the whole when
// there is none of that name. Building the parser of all commands took longer
// than many a command takes.
func only(name string) any {
	all := reflect.TypeFor[commands]()
	for i := range all.NumField() {
		f := all.Field(i)
		if own, ok := f.Tag.Lookup("name"); own == name || !ok && strings.ToLower(f.Name) == name {
			return reflect.New(reflect.StructOf([]reflect.StructField{f})).Interface()
		}
	}
	return new(commands)
}
